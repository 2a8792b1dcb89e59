// Package customers is the pages about who owes: the list, and one customer with
// what is open, what was said, what is agreed, and why nothing happens.
package customers

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/law"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages about customers.
type Pages struct {
	DB   *db.DB
	Desk *reminder.Desk
	Law  law.Country // what looks at invoices again when a person has mended a customer
}

const pageRows = 50

// asked is what the address of the list asks for.
type asked struct {
	search, kind, tag, collector string
	after                        customer.Customer
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	return asked{
		search: strings.TrimSpace(q.Get("q")), kind: q.Get("type"), tag: q.Get("etiquette"), collector: q.Get("suivi"),
		after: customer.Customer{Name: q.Get("nom"), ID: q.Get("apres")},
	}
}

func (a asked) query(change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": a.search, "type": a.kind, "etiquette": a.tag, "suivi": a.collector} {
		if value != "" {
			q.Set(name, value)
		}
	}
	change(q)
	if len(q) == 0 {
		return "/clients"
	}
	return "/clients?" + q.Encode()
}

func (a asked) filtered() bool { return a.search+a.kind+a.tag+a.collector != "" }

// line is a customer in the list with what is open, one amount a currency.
type line struct {
	customer.Customer
	open, late []money.Amount
	invoices   int
}

// listView is what the list shows.
type listView struct {
	asked   asked
	lines   []line
	found   []ledger.Document // documents whose number was searched for
	owners  map[string]customer.Customer
	members []user.Member
	next    string
}

// List shows the customers by name.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := listView{asked: askedOf(r)}
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

func (page *listView) gather(ctx context.Context, tx *db.Tx, v *visit.Visit) error {
	a := page.asked
	list, err := customer.List(ctx, tx, v.Scope, customer.Filter{
		Search: a.search, Kind: customer.Kind(a.kind), Tag: a.tag, Collector: a.collector, After: a.after, Limit: pageRows + 1,
	})
	if err != nil {
		return err
	}
	if len(list) > pageRows {
		list = list[:pageRows]
		last := list[pageRows-1]
		page.next = a.query(func(q url.Values) { q.Set("nom", last.Name); q.Set("apres", last.ID) })
	}
	if page.members, err = user.Members(ctx, tx, v.Scope); err != nil {
		return err
	}
	if page.lines, err = withOpen(ctx, tx, v, list); err != nil || a.search == "" {
		return err
	}
	if page.found, err = ledger.ByNumber(ctx, tx, v.Scope, a.search); err != nil {
		return err
	}
	ids := make([]string, len(page.found))
	for i, d := range page.found {
		ids[i] = d.Customer
	}
	page.owners, err = customer.ByID(ctx, tx, v.Scope, ids)
	return err
}

// withOpen adds up what is open of the customers of one page.
func withOpen(ctx context.Context, tx *db.Tx, v *visit.Visit, list []customer.Customer) ([]line, error) {
	if len(list) == 0 {
		return nil, nil
	}
	lines, at := make([]line, len(list)), map[string]int{}
	ids := make([]string, len(list))
	for i, c := range list {
		lines[i].Customer, at[c.ID], ids[i] = c, i, c.ID
	}
	open, err := ledger.OfCustomers(ctx, tx, v.Scope, false, ids...)
	if err != nil {
		return nil, err
	}
	for _, d := range open {
		l := &lines[at[d.Customer]]
		l.open = addTo(l.open, d.Signed())
		if d.Kind == ledger.Invoice {
			l.invoices++
			if !d.Due.IsZero() && d.Due < v.Today {
				l.late = addTo(l.late, d.Open)
			}
		}
	}
	return lines, nil
}

// addTo adds a to the sum of its currency.
func addTo(sums []money.Amount, a money.Amount) []money.Amount {
	for i := range sums {
		if sums[i].Currency == a.Currency {
			sums[i] = sums[i].Add(a)
			return sums
		}
	}
	return append(sums, a)
}

// amounts are sums in words, one a currency.
func amounts(f ui.Frame, sums []money.Amount) string {
	words := make([]string, len(sums))
	for i, a := range sums {
		words[i] = f.Lang.Amount(a)
	}
	return strings.Join(words, " + ")
}

func kindWords(f ui.Frame, k customer.Kind) string {
	switch k {
	case customer.Consumer:
		return f.Say("particulier", "consumer")
	case customer.Public:
		return f.Say("acheteur public", "public buyer")
	}
	return f.Say("professionnel", "business")
}

func nameOf(members []user.Member, id string) string {
	for _, m := range members {
		if m.ID == id {
			return m.Name
		}
	}
	return ""
}

// scopeOf is the scope of the one who asks.
func scopeOf(r *http.Request) creditor.Scope { return visit.From(r.Context()).Scope }
