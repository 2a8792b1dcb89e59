// Package notices is the pages of formal notices: which have left, what became of
// them, and until when the debtor has time.
package notices

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/notice"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of formal notices.
type Pages struct{ DB *db.DB }

// list is what the page of all notices shows.
type list struct {
	today     cal.Date
	state     notice.State // none: all that are on their way or served
	notices   []notice.Notice
	customers map[string]customer.Customer
}

// live are the states that a person still has to do with.
var live = []notice.State{
	notice.Approved, notice.Deposited, notice.Presented, notice.Received, notice.Refused, notice.Unclaimed,
	notice.Returned,
}

// List shows the notices, by deadline.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := list{today: v.Today, customers: map[string]customer.Customer{}}
	states := live
	if s := notice.State(r.URL.Query().Get("etat")); slices.Contains(notice.States(), s) {
		page.state, states = s, []notice.State{s}
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.notices, err = notice.Page(r.Context(), tx, v.Scope, notice.Filter{States: states}); err != nil {
			return err
		}
		for _, n := range page.notices {
			if page.customers[n.Customer], err = customer.Find(r.Context(), tx, v.Scope, n.Customer); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	f := v.Frame("Mises en demeure", "Formal notices", ui.SectionLegal)
	return visit.Show(w, r, http.StatusOK, listPage(f, page))
}

// one is what the page of a notice shows.
type one struct {
	notice.Notice
	today    cal.Date
	customer customer.Customer
	invoices []ledger.Document
	names    map[string]string // of persons
	work     bool
	manage   bool
	problems visit.Problems
	wrote    map[string]string
}

// said is a value of the form as it was written.
func (page one) said(name string) string { return page.wrote[name] }

// Notice shows one.
func (p *Pages) Notice(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) show(
	w http.ResponseWriter, r *http.Request, status int, wrong visit.Problems, wrote map[string]string,
) error {
	v := visit.From(r.Context())
	page := one{
		today: v.Today, work: v.May(creditor.Work), manage: v.May(creditor.Manage), problems: wrong, wrote: wrote,
		names: map[string]string{},
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope, r.PathValue("id"))
	})
	if err != nil {
		return err
	}
	f := v.Frame("Mise en demeure", "Formal notice", ui.SectionLegal)
	if wrong != nil {
		f.Notice = wrong.Notice(f, "kind", "on", "tracking", "file", "note", "why")
	}
	return visit.Show(w, r, status, noticePage(f, page))
}

func (page *one) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (err error) {
	if page.Notice, err = notice.Find(ctx, tx, s, id); err != nil {
		return err
	}
	if page.customer, err = customer.Find(ctx, tx, s, page.Customer); err != nil {
		return err
	}
	for _, id := range page.Invoices {
		d, err := ledger.Find(ctx, tx, s, id)
		if err != nil {
			return err
		}
		page.invoices = append(page.invoices, d)
	}
	members, err := user.Members(ctx, tx, s)
	for _, m := range members {
		page.names[m.ID] = m.Name
	}
	return err
}

// maxMemory is what a form keeps in memory; a scan beyond lies in a file.
const maxMemory = 1 << 20

// Record writes down what became of a notice, or takes an event back.
func (p *Pages) Record(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := r.ParseMultipartForm(maxMemory); err != nil {
		return &fault.Invalid{
			Field: "file", Message: "le formulaire n’a pas pu être lu", Mend: "déposer un fichier de moins de 10 Mo",
		}
	}
	id := r.PathValue("id")
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		if event := r.PostFormValue("retirer"); event != "" {
			return notice.Withdraw(r.Context(), tx, v.Scope, id, event, r.PostFormValue("motif"))
		}
		report, err := reportOf(r)
		if err != nil {
			return err
		}
		return notice.Record(r.Context(), tx, v.Scope, id, report)
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		wrote := map[string]string{}
		for _, name := range []string{"etat", "jour", "numero", "note"} {
			wrote[name] = r.PostFormValue(name)
		}
		return p.show(w, r, http.StatusUnprocessableEntity, wrong, wrote)
	}
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Recorded.")
	return visit.Go(w, r, "/mises-en-demeure/"+id)
}

func reportOf(r *http.Request) (x notice.Report, err error) {
	x = notice.Report{
		Kind: notice.State(r.PostFormValue("etat")), Note: r.PostFormValue("note"), Tracking: r.PostFormValue("numero"),
	}
	if day := r.PostFormValue("jour"); day != "" {
		if x.On, err = cal.Parse(day); err != nil {
			return x, &fault.Invalid{
				Field: "on", Message: "«\u00a0" + day + "\u00a0» n’est pas un jour", Mend: "l’écrire AAAA-MM-JJ",
			}
		}
	}
	file, head, err := r.FormFile("scan")
	if err != nil {
		return x, nil // none was chosen
	}
	defer file.Close() // read only
	content, err := io.ReadAll(file)
	if err != nil {
		return x, err
	}
	x.File = &ledger.File{Name: head.Filename, MediaType: http.DetectContentType(content), Content: content}
	return x, nil
}

// Proof gives the scan of an event, for the browser to keep.
func (p *Pages) Proof(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var content []byte
	var name string
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		n, err := notice.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(n.Events, func(e notice.Event) bool {
			return e.ID == r.PathValue("preuve") && e.SHA256 != ""
		})
		if i < 0 {
			return fault.NotFound("preuve %s", r.PathValue("preuve"))
		}
		name = n.Events[i].FileName
		content, err = ledger.FileContent(r.Context(), tx, v.Scope, n.Events[i].SHA256)
		return err
	})
	if err != nil {
		return err
	}
	visit.Attach(w, name, "application/octet-stream")
	_, _ = w.Write(content) // the browser has gone: nobody is left to tell
	return nil
}

// left is « encore 8 jours » until a deadline.
func left(f ui.Frame, n notice.Notice, today cal.Date) string {
	switch days := n.Deadline.Sub(today); {
	case n.State == notice.Returned || n.State == notice.Cancelled:
		return ""
	case days < 0:
		return f.Say("délai passé", "time is up")
	case days == 0:
		return f.Say("dernier jour", "last day")
	case days == 1:
		return f.Say("encore 1 jour", "1 day left")
	default:
		return f.Sayf("encore %d jours", "%d days left", days)
	}
}

func numbers(list []ledger.Document) string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = d.Number
	}
	return strings.Join(out, ", ")
}
