// Package post is the pages about letters: what waits to be posted, the piles
// that were printed, and what a provider says of those that it posts.
package post

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/post"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/sheet"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of letters.
type Pages struct {
	DB   *db.DB
	Desk *reminder.Desk
}

const (
	shownBatches = 10
	shownLetters = 50
)

// view is what the front page shows.
type view struct {
	loose     []post.Waiting // in no pile
	piles     []post.Batch
	sent      []reminder.Message
	tracks    map[string]post.Track
	customers map[string]customer.Customer
	provider  bool
	may       bool
}

// waiting is how many letters of the page may leave.
func (page view) waiting() (n int) {
	for _, w := range page.loose {
		if w.Why == "" {
			n++
		}
	}
	return n
}

// List shows what waits to be posted.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return p.gather(r.Context(), tx, v.Scope, &page) })
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, listPage(v.Frame("Courrier", "Post", ui.SectionPost), page))
}

func (p *Pages) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) error {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	page.provider = setting.PostWay.In(values) != setting.PostPrint
	all, err := post.List(ctx, tx, s, p.Desk)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Batch == "" {
			page.loose = append(page.loose, one)
		}
	}
	last, err := post.Batches(ctx, tx, s, shownBatches)
	if err != nil {
		return err
	}
	for _, b := range last {
		full, err := post.Find(ctx, tx, s, p.Desk, b.ID)
		if err != nil {
			return err
		}
		page.piles = append(page.piles, full)
	}
	return page.posted(ctx, tx, s)
}

// posted reads the letters that left last, and what is known of them.
func (page *view) posted(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	page.sent, err = reminder.Messages(ctx, tx, s, reminder.MessageFilter{
		States:   []reminder.MessageState{reminder.MessageSent, reminder.MessageUncertain},
		Channels: []string{"letter", "registered"}, Limit: shownLetters,
	})
	if err != nil {
		return err
	}
	ids, who := make([]string, len(page.sent)), make([]string, len(page.sent))
	for i, m := range page.sent {
		ids[i], who[i] = m.ID, m.Customer
	}
	if page.tracks, err = post.Tracks(ctx, tx, s, ids); err != nil {
		return err
	}
	page.customers, err = customer.ByID(ctx, tx, s, who)
	return err
}

// Print makes the day's pile.
func (p *Pages) Print(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var m post.Made
	err := p.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		m, err = post.Print(r.Context(), tx, v.Scope, p.Desk)
		return err
	})
	if err != nil {
		return err
	}
	if len(m.Items) == 0 {
		v.Warn(w, "Aucune lettre ne peut partir : %d écartée(s) au dernier contrôle.",
			"No letter may leave: %d taken out by the last check.", len(m.Out))
		return visit.Go(w, r, "/courrier")
	}
	if len(m.Out) > 0 {
		v.Warn(w, "%d lettre(s) écartée(s) au dernier contrôle : la boîte d’envoi dit pourquoi.",
			"%d letter(s) taken out by the last check: the outbox says why.", len(m.Out))
	}
	return visit.Go(w, r, "/courrier/"+m.ID)
}

// pile is what the page of a batch shows.
type pile struct {
	post.Batch
	today cal.Date
	may   bool
	wrote url.Values // of a form that was refused
}

// number is the registered number of a letter, as it was last written.
func (p pile) number(i post.Item) string {
	if n := p.wrote.Get("numero-" + i.ID); n != "" {
		return n
	}
	return i.Tracking
}

// day is the day of the deposit, as it was last written.
func (p pile) day() string {
	if d := p.wrote.Get("jour"); d != "" {
		return d
	}
	return p.today.String()
}

// ticked tells whether a letter is chosen: all that may leave, unless somebody chose.
func (p pile) ticked(i post.Item) bool {
	if len(p.wrote) > 0 {
		return slices.Contains(p.wrote["lettre"], i.ID)
	}
	return !i.Withdraw()
}

// out are the letters that must come out of the pile.
func (p pile) out() (list []post.Item) {
	for _, i := range p.Items {
		if i.Withdraw() {
			list = append(list, i)
		}
	}
	return list
}

// Pile shows a batch with its picking list.
func (p *Pages) Pile(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, nil)
}

// show shows a pile, with what was written in a form that was refused.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, wrong visit.Problems) error {
	v := visit.From(r.Context())
	one := pile{today: v.Today, may: v.May(creditor.Work), wrote: r.PostForm}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		one.Batch, err = post.Find(r.Context(), tx, v.Scope, p.Desk, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	f := v.Frame("Courrier", "Post", ui.SectionPost)
	f.Title = title(f, one.Batch)
	if wrong != nil {
		f.Notice = wrong.Notice(f)
	}
	return visit.Show(w, r, status, pilePage(f, one))
}

// File gives the letters of a batch as one PDF, or its picking list.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var b post.Batch
	var pdf []byte
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if b, err = post.Find(r.Context(), tx, v.Scope, p.Desk, r.PathValue("id")); err != nil {
			return err
		}
		pdf, err = post.PDF(r.Context(), tx, v.Scope, b)
		return err
	})
	if err != nil {
		return err
	}
	name := "courrier-" + b.On.String()
	if r.PathValue("fichier") == "lettres.pdf" {
		visit.Attach(w, name+".pdf", "application/pdf")
		_, _ = w.Write(pdf) // the browser has gone: nobody is left to tell
		return nil
	}
	return visit.File(w, r.PathValue("fichier"), name, v.Lang, picking(v.Frame("Courrier", "Post", ui.SectionPost), b))
}

// picking is the list by which letters are put into envelopes.
func picking(f ui.Frame, b post.Batch) sheet.Sheet {
	t := sheet.Sheet{
		Name:  f.Say("Courrier", "Post"),
		Notes: []string{title(f, b), "SHA-256 " + b.SHA256},
		Columns: []string{
			f.Say("Rang", "Rank"), f.Say("Code client", "Customer code"), f.Say("Client", "Customer"),
			f.Say("Lieu", "Place"), "Pages", f.Say("Feuilles", "Sheets"), f.Say("Enveloppe", "Envelope"),
			f.Say("Grammes, environ", "Grams, about"), f.Say("Tranche jusqu’à (g)", "Step up to (g)"),
			f.Say("Recommandé", "Registered"), f.Say("Numéro", "Number"), f.Say("État", "State"),
			f.Say("À retirer", "Take out"),
		},
	}
	for _, i := range b.Items {
		registered := ""
		if i.Registered() {
			registered = f.Say("oui", "yes")
		}
		t.Rows = append(t.Rows, []any{
			i.Rank, i.Code, i.Name, i.Place, i.Pages, i.Sheets(), string(i.Envelope()), i.Grams(), i.Step(), registered,
			i.Tracking, itemState(f, i), i.Why,
		})
	}
	return t
}

// Decide records what a person did with letters of a pile.
func (p *Pages) Decide(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := r.ParseForm(); err != nil {
		return fault.Invalidf("form", "le formulaire ne se lit pas")
	}
	id, letters := r.PathValue("id"), r.PostForm["lettre"]
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		switch r.PostFormValue("action") {
		case "postees":
			return p.deposit(r, tx, v, id, letters)
		case "retirer":
			return post.Back(r.Context(), tx, v.Scope, id, letters)
		case "pas-postee":
			return reminder.Unposted(r.Context(), tx, v.Scope, r.PostFormValue("une"))
		}
		return fault.Invalidf("action", "action inconnue")
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, "/courrier/"+id)
}

func (p *Pages) deposit(r *http.Request, tx *db.Tx, v *visit.Visit, id string, letters []string) error {
	on, err := cal.Parse(r.PostFormValue("jour"))
	if err != nil {
		return &fault.Invalid{Field: "jour", Message: "le jour du dépôt manque", Mend: "le jour où les lettres ont été remises à La Poste"}
	}
	d := post.Deposit{Batch: id, Letters: letters, On: on, Tracking: map[string]string{}}
	for _, l := range letters {
		d.Tracking[l] = r.PostFormValue("numero-" + l)
	}
	return post.Post(r.Context(), tx, v.Scope, p.Desk, d)
}

// CameBack records that a letter came back.
func (p *Pages) CameBack(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return post.CameBack(r.Context(), tx, v.Scope, r.PathValue("lettre"), customer.ReturnReason(r.PostFormValue("motif")), v.Today)
	})
	if err != nil {
		return err
	}
	v.Done(w, "Le retour est noté.", "The return is noted.")
	return visit.Go(w, r, "/courrier")
}

func title(f ui.Frame, b post.Batch) string {
	return f.Sayf("Courrier du %s", "Post of %s", f.Lang.Date(b.On))
}

func itemState(f ui.Frame, i post.Item) string {
	switch {
	case !i.BackAt.IsZero():
		return f.Say("retirée de la pile", "taken out")
	case i.Withdraw():
		return f.Say("à retirer", "to take out")
	}
	return f.Words(reminder.MessageStateWords[i.State])
}

func itemTag(i post.Item) string {
	switch {
	case i.Withdraw():
		return "late"
	case i.State == reminder.MessageSent:
		return "paid"
	case i.Waits():
		return "due"
	}
	return ""
}

func grams(f ui.Frame, i post.Item) string {
	if i.Step() == 0 {
		return f.Sayf("%d g : trop lourde", "%d g: too heavy", i.Grams())
	}
	return f.Sayf("env. %d g, tranche %d g", "about %d g, step %d g", i.Grams(), i.Step())
}

func pileState(f ui.Frame, b post.Batch) string {
	waits := b.Count(post.Item.Waits)
	if waits == 0 {
		return f.Say("tout est posté", "all posted")
	}
	return f.Sayf("%d à poster", "%d to post", waits)
}

func count(n int) string { return strconv.Itoa(n) }

// today tells whether a letter was said to be posted on this day.
func today(f ui.Frame, i post.Item, day cal.Date) bool { return cal.Of(f.Local(i.NextAt)) == day }

func written(f ui.Frame, m reminder.Message) string { return f.Lang.Date(cal.Of(f.Local(m.CreatedAt))) }

func left(f ui.Frame, m reminder.Message) string {
	if m.SentAt.IsZero() {
		return "—"
	}
	return f.Lang.Date(cal.Of(f.Local(m.SentAt)))
}
