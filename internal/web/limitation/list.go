// Package limitation shows the time left to sue, and collective procedures: over all
// customers, and for one with what is noted of it.
package limitation

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/insolvency"
	"acquit/internal/law/fr"
	"acquit/internal/limitation"
	"acquit/internal/registry"
	"acquit/internal/sheet"
	"acquit/internal/statute"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages about limitation.
type Pages struct {
	DB         *db.DB
	Registries []registry.Driver
}

// pageRows is how many clocks a page of the list shows.
const pageRows = 50

// asked is what the address of the list asks for.
type asked struct {
	within int // months
	barred bool
	kind   string
	debtor string
	sort   string // montant, client; by the end otherwise
	from   int    // the first row
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{kind: q.Get("sorte"), debtor: q.Get("debiteur"), sort: q.Get("tri"), within: 12}
	switch q.Get("fin") {
	case "6":
		a.within = 6
	case "passee":
		a.within, a.barred = 0, true
	case "toutes":
		a.within = 0
	}
	a.from, _ = strconv.Atoi(q.Get("de")) // what is no number is the beginning
	a.from = max(0, a.from)
	return a
}

func (a asked) end() string {
	switch {
	case a.barred:
		return "passee"
	case a.within == 0:
		return "toutes"
	case a.within == 6:
		return "6"
	}
	return ""
}

func (a asked) query(path string, change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{"fin": a.end(), "sorte": a.kind, "debiteur": a.debtor, "tri": a.sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	change(q)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func same(url.Values) {}

// listView is all that the list shows.
type listView struct {
	asked     asked
	today     cal.Date
	clocks    []limitation.Clock // of the page
	count     int
	kinds     []fr.LimitationKind
	cases     []insolvency.Case
	customers map[string]customer.Customer
	deadlines map[string]insolvency.Deadline // the next of each case
	unknown   bool                           // some claims are of no sort that anybody said
	first     string
	next      string
}

// List shows the clocks that end first, and the procedures that go on.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := listView{asked: askedOf(r), today: v.Today}
	all, err := p.clocks(r, v, &page)
	if err != nil {
		return err
	}
	page.count = len(all)
	from := min(page.asked.from, len(all))
	to := min(from+pageRows, len(all))
	page.clocks = all[from:to]
	if from > 0 {
		page.first = page.asked.query("/prescription", same)
	}
	if to < len(all) {
		page.next = page.asked.query("/prescription", func(q url.Values) { q.Set("de", strconv.Itoa(to)) })
	}
	f := v.Frame("Prescription", "Limitation", ui.SectionLimitation)
	return visit.Show(w, r, http.StatusOK, listPage(f, page))
}

func (p *Pages) clocks(r *http.Request, v *visit.Visit, page *listView) (all []limitation.Clock, err error) {
	a := page.asked
	err = p.DB.Read(r.Context(), func(tx *db.Tx) error {
		law, err := statute.Load(r.Context(), tx, v.Scope)
		if err != nil {
			return err
		}
		page.kinds = law.LimitationKinds()
		all, err = limitation.List(r.Context(), tx, v.Scope, limitation.Soonest{
			Within: a.within, Barred: a.barred, Kind: a.kind, Debtor: a.debtor,
		}, v.Today)
		if err != nil {
			return err
		}
		if page.cases, err = insolvency.Going(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		var ids []string
		page.deadlines = map[string]insolvency.Deadline{}
		for _, c := range page.cases {
			ids = append(ids, c.Customer)
			list, err := c.Deadlines(law, v.Today)
			if err != nil {
				return err
			}
			if i := slices.IndexFunc(list, func(d insolvency.Deadline) bool { return !d.Done }); i >= 0 {
				page.deadlines[c.ID] = list[i]
			}
		}
		page.customers, err = customer.ByID(r.Context(), tx, v.Scope, ids)
		return err
	})
	page.unknown = slices.ContainsFunc(all, limitation.Clock.Hypothesis)
	a.order(all)
	return all, err
}

func (a asked) order(all []limitation.Clock) {
	switch a.sort {
	case "montant":
		slices.SortStableFunc(all, func(x, y limitation.Clock) int {
			return cmp.Or(cmp.Compare(x.Open.Currency, y.Open.Currency), cmp.Compare(y.Open.Minor, x.Open.Minor))
		})
	case "client":
		slices.SortStableFunc(all, func(x, y limitation.Clock) int { return cmp.Compare(x.Name, y.Name) })
	}
}

// File is the list as CSV or XLSX, all of what is asked for.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := listView{asked: askedOf(r), today: v.Today}
	all, err := p.clocks(r, v, &page)
	if err != nil {
		return err
	}
	f := v.Frame("Prescription", "Limitation", ui.SectionLimitation)
	return visit.File(w, r.PathValue("fichier"), "prescription-"+v.Today.String(), v.Lang, sheetOf(f, all, v.Today))
}

func sheetOf(f ui.Frame, all []limitation.Clock, today cal.Date) sheet.Sheet {
	t := sheet.Sheet{
		Name:  f.Title,
		Notes: []string{f.Sayf("Temps restant pour agir, au %s", "Time left to sue, on %s", f.Lang.LongDate(today))},
		Columns: []string{
			f.Say("Code client", "Customer code"), f.Say("Client", "Customer"), f.Say("Facture", "Invoice"),
			f.Say("Émise", "Issued"), f.Say("Compté du", "Counted from"), f.Say("Fin sûre", "Safe end"),
			f.Say("Fin possible", "Possible end"), f.Say("Jours restants", "Days left"), f.Say("Délai", "Period"),
			f.Say("Interrompue par une procédure", "Halted by a procedure"), f.Say("Reste dû", "Left"),
			f.Say("Devise", "Currency"),
		},
	}
	for _, c := range all {
		t.Rows = append(t.Rows, []any{
			c.Code, c.Name, c.Number, c.Issued, c.From, c.Safe, c.Possible, c.Left(today), c.Kind.Rule(f.Lang),
			halted(f, c), c.Open, string(c.Open.Currency),
		})
	}
	return t
}

func halted(f ui.Frame, c limitation.Clock) string {
	if c.Halted {
		return f.Say("oui", "yes")
	}
	return f.Say("non", "no")
}

// leftWords are the days left as people read them.
func leftWords(f ui.Frame, c limitation.Clock, today cal.Date) string {
	left := c.Left(today)
	switch {
	case c.Halted:
		return f.Say("suspendue : procédure en cours", "stands still: a procedure goes on")
	case left < 1 && c.Hypothesis():
		return f.Say("un an passé", "a year over")
	case left < 1:
		return f.Say("prescrite", "barred")
	case left == 1:
		return f.Say("dernier jour", "last day")
	case left <= 92:
		return f.Sayf("%d jours", "%d days", left)
	}
	months := 0
	for today.AddMonths(months+1) <= c.Safe {
		months++
	}
	return f.Count(months, "mois", "mois", "month", "months")
}

// urgency is how a clock is coloured: late when it is over, due when it is near.
func urgency(c limitation.Clock, today cal.Date) string {
	switch {
	case c.Halted:
		return ""
	case c.Left(today) < 1 && !c.Hypothesis():
		return "late"
	case c.Safe <= today.AddMonths(3):
		return "due"
	}
	return ""
}
