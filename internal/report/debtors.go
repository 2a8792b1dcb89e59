package report

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

// Debtor is a customer with what is open on its account, one entry a currency.
type Debtor struct {
	customer.Customer
	Owed []Owed
}

// Owed is what a customer owes in one currency: what is open, credits taken
// off; what of its invoices is past due; and the earliest of their due dates.
type Owed struct {
	Open, Late money.Amount
	Oldest     cal.Date
	Invoices   int
}

// Order is how customers are listed.
type Order string

// The orders. Those by amount put the largest first, in the currency of most
// open items: amounts of several currencies cannot be compared.
const (
	ByName   Order = "name"
	ByOpen   Order = "open"
	ByLate   Order = "late"
	ByOldest Order = "oldest"
)

// neverDue stands last: nothing open is ever due.
const neverDue = "9999-12-31"

// Place is where a customer stands in a list: what comes after it is the next
// page. Rank is empty where names alone order.
type Place struct{ Rank, Name, ID string }

// DebtorsQuery says which customers are listed, in which order.
type DebtorsQuery struct {
	customer.Filter
	Order Order
	Day   cal.Date // what is late is late on that day
	After Place    // the last of the page before
	Limit int      // 0 for all: an export
}

// Debtors lists customers with what they owe, and where the last of them stands
// if there are more.
func Debtors(ctx context.Context, tx *db.Tx, s creditor.Scope, q DebtorsQuery) (list []Debtor, next Place, err error) {
	places, err := ranked(ctx, tx, s, q)
	if err != nil {
		return nil, next, err
	}
	if q.Limit > 0 && len(places) > q.Limit {
		places = places[:q.Limit]
		next = places[q.Limit-1]
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	who, err := customer.ByID(ctx, tx, s, ids)
	if err != nil {
		return nil, next, err
	}
	owed, err := owedBy(ctx, tx, s, q.Day, ids)
	for _, id := range ids {
		list = append(list, Debtor{Customer: who[id], Owed: owed[id]})
	}
	return list, next, err
}

// DebtorsSheet is the list as a table, one row a customer and currency.
func DebtorsSheet(list []Debtor, day cal.Date, follows func(id string) string, l i18n.Lang) sheet.Sheet {
	words := func(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(l) }
	t := sheet.Sheet{
		Name:  words("Clients", "Customers"),
		Notes: []string{words("Clients au ", "Customers on ") + day.Long(string(l))},
		Columns: []string{
			"Code", words("Client", "Customer"), words("Type", "Kind"), "SIREN", words("Ville", "City"),
			words("E-mail", "E-mail"), words("Téléphone", "Telephone"), words("Étiquettes", "Tags"),
			words("Suivi par", "Followed by"), words("Devise", "Currency"), words("Factures ouvertes", "Open invoices"),
			words("Ouvert", "Open"), words("Échu", "Overdue"), words("Plus ancienne échéance", "Oldest due date"),
		},
	}
	for _, d := range list {
		who := d.cells(follows(d.Collector), l)
		if len(d.Owed) == 0 {
			t.Rows = append(t.Rows, append(who, nil, nil, nil, nil, nil))
		}
		for _, o := range d.Owed {
			owes := []any{string(o.Open.Currency), o.Invoices, o.Open, o.Late, o.Oldest}
			t.Rows = append(t.Rows, slices.Concat(who, owes))
		}
	}
	return t
}

func (d Debtor) cells(follows string, l i18n.Lang) []any {
	return []any{
		d.Code, d.Name, d.Kind.In(l), d.SIREN, d.City, d.Email, d.Phone, strings.Join(d.Tags, ", "), follows,
	}
}
