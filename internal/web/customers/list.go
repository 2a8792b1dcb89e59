// Package customers is the pages about who owes: the list, and one customer with
// what is open, what was said, what is agreed, and why nothing happens.
package customers

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/report"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages about customers.
type Pages struct {
	DB   *db.DB
	Desk *reminder.Desk
}

const pageRows = 50

// asked is what the address of the list asks for.
type asked struct {
	customer.Filter
	order string // as in the address: one of orders, or by name
	after report.Place
}

// orders are the orders of the list by their words in the address.
var orders = map[string]report.Order{
	"": report.ByName, "ouvert": report.ByOpen, "echu": report.ByLate, "anciennete": report.ByOldest,
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		Filter: customer.Filter{
			Search: strings.TrimSpace(q.Get("q")), Kind: customer.Kind(q.Get("type")), Tag: q.Get("etiquette"),
			Collector: q.Get("suivi"),
		},
		order: q.Get("tri"),
		after: report.Place{Rank: q.Get("rang"), Name: q.Get("nom"), ID: q.Get("apres")},
	}
	if orders[a.order] == "" {
		a.order = ""
	}
	return a
}

// query is the address of what is asked, from its beginning, with something else.
func (a asked) query(path string, change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"q": a.Search, "type": string(a.Kind), "etiquette": a.Tag, "suivi": a.Collector, "tri": a.order,
	} {
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

// same changes nothing of an address.
func same(url.Values) {}

// sorted is the address of the list in that order.
func (a asked) sorted(order string) string {
	a.order = order
	return a.query("/clients", same)
}

func (a asked) filtered() bool { return a.Filter != customer.Filter{} }

// debtors is what the list asks of the books.
func (a asked) debtors(day cal.Date) report.DebtorsQuery {
	return report.DebtorsQuery{Filter: a.Filter, Order: orders[a.order], Day: day, After: a.after}
}

// listView is what the list shows.
type listView struct {
	asked   asked
	today   cal.Date
	lines   []report.Debtor
	found   []ledger.Document // documents whose number was searched for
	owners  map[string]customer.Customer
	members []user.Member
	next    string
}

// first is the address of the first page, where this is another.
func (page listView) first() string {
	if page.asked.after.ID == "" {
		return ""
	}
	return page.asked.query("/clients", same)
}

// List shows the customers, by name or by what they owe.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := listView{asked: askedOf(r), today: v.Today}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v) })
	if err != nil {
		return err
	}
	if len(page.found) == 1 && len(page.lines) == 0 {
		return visit.Go(w, r, "/clients/"+page.found[0].Customer+"#"+page.found[0].ID)
	}
	f := v.Frame("Clients", "Customers", ui.SectionCustomers)
	return visit.Show(w, r, http.StatusOK, listPage(f, page))
}

func (page *listView) gather(ctx context.Context, tx *db.Tx, v *visit.Visit) (err error) {
	if page.members, err = user.Members(ctx, tx, v.Scope); err != nil {
		return err
	}
	if err := page.turn(ctx, tx, v.Scope); err != nil || page.asked.Search == "" {
		return err
	}
	if page.found, err = ledger.ByNumber(ctx, tx, v.Scope, page.asked.Search); err != nil {
		return err
	}
	ids := make([]string, len(page.found))
	for i, d := range page.found {
		ids[i] = d.Customer
	}
	page.owners, err = customer.ByID(ctx, tx, v.Scope, ids)
	return err
}

// turn reads the page that is asked for and says where the next one begins.
func (page *listView) turn(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	q := page.asked.debtors(page.today)
	q.Limit = pageRows
	list, next, err := report.Debtors(ctx, tx, s, q)
	page.lines = list
	if next.ID == "" {
		return err
	}
	page.next = page.asked.query("/clients", func(q url.Values) {
		q.Set("nom", next.Name)
		q.Set("apres", next.ID)
		if next.Rank != "" {
			q.Set("rang", next.Rank)
		}
	})
	return err
}

// ListFile is the list as CSV or XLSX, with all its rows.
func (p *Pages) ListFile(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	q := askedOf(r).debtors(v.Today)
	q.After = report.Place{}
	var list []report.Debtor
	var members []user.Member
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if members, err = user.Members(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		list, _, err = report.Debtors(r.Context(), tx, v.Scope, q)
		return err
	})
	if err != nil {
		return err
	}
	follows := func(id string) string { return nameOf(members, id) }
	table := report.DebtorsSheet(list, v.Today, follows, v.Lang)
	return visit.File(w, r.PathValue("fichier"), "clients-"+v.Today.String(), v.Lang, table)
}

func orderWords(f ui.Frame, order string) string {
	switch orders[order] {
	case report.ByOpen:
		return f.Say("Le plus ouvert d’abord", "Most open first")
	case report.ByLate:
		return f.Say("Le plus échu d’abord", "Most overdue first")
	case report.ByOldest:
		return f.Say("Le plus ancien d’abord", "Oldest first")
	}
	return f.Say("Par nom", "By name")
}

// openOf and lateOf are what a customer owes in words, one amount a currency.
func openOf(f ui.Frame, owed []report.Owed) string {
	return sums(f, owed, func(o report.Owed) money.Amount { return o.Open })
}

func lateOf(f ui.Frame, owed []report.Owed) string {
	return sums(f, owed, func(o report.Owed) money.Amount { return o.Late })
}

func sums(f ui.Frame, owed []report.Owed, of func(report.Owed) money.Amount) string {
	var words []string
	for _, o := range owed {
		if a := of(o); !a.IsZero() {
			words = append(words, f.Lang.Amount(a))
		}
	}
	return strings.Join(words, " + ")
}

// oldest is the earliest due date of what a customer owes.
func oldest(owed []report.Owed) (day cal.Date) {
	for _, o := range owed {
		if !o.Oldest.IsZero() && (day.IsZero() || o.Oldest < day) {
			day = o.Oldest
		}
	}
	return day
}

func nameOf(members []user.Member, id string) string {
	for _, m := range members {
		if m.ID == id {
			return m.Name
		}
	}
	return ""
}
