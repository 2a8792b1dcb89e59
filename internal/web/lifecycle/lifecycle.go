// Package lifecycle is the pages about the life of electronic invoices: the
// statuses that came and those that we owe, what waits and what went wrong.
package lifecycle

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/lifecycle"
	"acquit/internal/setting"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of electronic invoices.
type Pages struct {
	DB        *db.DB
	Box       setting.Box
	Platforms []lifecycle.Driver
	Formats   []ingest.Driver
	Log       *slog.Logger
}

const (
	path      = "/factures-electroniques"
	pageRows  = 50
	shownBits = 100 // of each of the smaller lists
)

// asked is what the address of the page asks for.
type asked struct {
	code    string
	problem bool
	own     bool
	search  string
	after   lifecycle.Status
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		code: q.Get("statut"), problem: q.Get("anomalies") != "", own: q.Get("envoyes") != "", search: q.Get("numero"),
	}
	if on, err := cal.Parse(q.Get("jour")); err == nil {
		a.after = lifecycle.Status{On: on, ID: q.Get("apres")}
	}
	return a
}

func (a asked) filter() lifecycle.Filter {
	return lifecycle.Filter{
		Code: a.code, Problem: a.problem, Own: a.own, Search: a.search, After: a.after, Limit: pageRows + 1,
	}
}

// query is the address of the list with one thing changed; its pages begin anew.
func (a asked) query(change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{"statut": a.code, "numero": a.search} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"anomalies": a.problem, "envoyes": a.own} {
		if on {
			q.Set(name, "1")
		}
	}
	change(q)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func same(url.Values) {}

// all tells whether the list shows everything.
func (a asked) all() bool { return a.code == "" && !a.problem && !a.own && a.search == "" }

// view is what the front page shows.
type view struct {
	asked     asked
	statuses  []lifecycle.Status
	next      string
	waiting   []lifecycle.Status
	due       []lifecycle.Declaration
	problems  []lifecycle.Problem
	going     []lifecycle.Message
	unread    []lifecycle.Message
	cursors   []lifecycle.Cursor
	customers map[string]customer.Customer
	platform  bool
	may       bool
}

func (page view) first() string {
	if page.asked.after.ID == "" {
		return ""
	}
	return page.asked.query(same)
}

// ready is how many messages a press of the button writes or sends.
func (page view) ready() int {
	n := len(page.due)
	for _, m := range page.going {
		if m.State == lifecycle.Ready {
			n++
		}
	}
	return n
}

// List shows what came, what is owed and what went wrong.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{asked: askedOf(r), may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return p.gather(r.Context(), tx, v.Scope, &page) })
	if err != nil {
		return err
	}
	f := v.Frame("Factures électroniques", "Electronic invoices", ui.SectionEinvoice)
	return visit.Show(w, r, http.StatusOK, listPage(f, page))
}

func (p *Pages) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) error {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	page.platform = setting.LifecycleWay.In(values) != setting.LifecycleByHand
	if page.statuses, err = lifecycle.List(ctx, tx, s, page.asked.filter()); err != nil {
		return err
	}
	if len(page.statuses) > pageRows {
		page.statuses = page.statuses[:pageRows]
		last := page.statuses[pageRows-1]
		page.next = page.asked.query(func(q url.Values) {
			q.Set("jour", last.On.String())
			q.Set("apres", last.ID)
		})
	}
	if page.waiting, err = lifecycle.List(ctx, tx, s, lifecycle.Filter{Waiting: true, Limit: shownBits}); err != nil {
		return err
	}
	if page.due, page.problems, err = lifecycle.Due(ctx, tx, s); err != nil {
		return err
	}
	states := []lifecycle.State{lifecycle.Ready, lifecycle.Sending, lifecycle.Uncertain, lifecycle.Denied}
	if page.going, err = lifecycle.Going(ctx, tx, s, states...); err != nil {
		return err
	}
	if page.unread, err = lifecycle.Unread(ctx, tx, s, shownBits); err != nil {
		return err
	}
	if page.cursors, err = lifecycle.Cursors(ctx, tx, s); err != nil {
		return err
	}
	return page.names(ctx, tx, s)
}

func (page *view) names(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	var ids []string
	for _, x := range page.statuses {
		ids = append(ids, x.Customer)
	}
	for _, x := range page.due {
		ids = append(ids, x.Customer)
	}
	for _, x := range page.problems {
		ids = append(ids, x.Customer)
	}
	page.customers, err = customer.ByID(ctx, tx, s, ids)
	return err
}

// life is what the page of an invoice shows.
type life struct {
	lifecycle.Life
	customer customer.Customer
	may      bool
	wrote    string // of a form that was refused
}

// Life shows what happened to one invoice.
func (p *Pages) Life(w http.ResponseWriter, r *http.Request) error {
	return p.life(w, r, http.StatusOK, "", nil)
}

func (p *Pages) life(w http.ResponseWriter, r *http.Request, status int, wrote string, why error) error {
	v := visit.From(r.Context())
	page := life{may: v.May(creditor.Work), wrote: wrote}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.Life, err = lifecycle.LifeOf(r.Context(), tx, v.Scope, r.PathValue("facture")); err != nil {
			return err
		}
		page.customer, err = customer.Find(r.Context(), tx, v.Scope, page.Customer)
		return err
	})
	if err != nil {
		return err
	}
	f := v.Frame("Facture "+page.Number, "Invoice "+page.Number, ui.SectionEinvoice)
	if why != nil {
		f.Notice = visit.ProblemsOf(why).Notice(f)
	}
	return visit.Show(w, r, status, lifePage(f, page))
}

// Raw gives a message as it came or leaves.
func (p *Pages) Raw(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var m lifecycle.Message
	var raw []byte
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if m, err = lifecycle.FindMessage(r.Context(), tx, v.Scope, r.PathValue("message")); err != nil {
			return err
		}
		raw, err = lifecycle.Raw(r.Context(), tx, v.Scope, m)
		return err
	})
	if err != nil {
		return err
	}
	name := m.Name
	if name == "" {
		name = m.ID + ".xml"
	}
	visit.Attach(w, name, "application/xml")
	_, err = w.Write(raw)
	return err
}
