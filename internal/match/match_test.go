package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/match"
	"acquit/internal/money"
)

var today = cal.Must("2026-11-22")

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

// ledger is what an index is made of.
type ledger struct {
	rules     match.Rules
	items     []match.Item
	customers []match.Customer
	memories  []match.Memory
	refused   []match.Refused
}

func (l *ledger) index() *match.Index {
	return match.NewIndex(l.rules, slices.Values(l.items), slices.Values(l.customers), slices.Values(l.memories),
		slices.Values(l.refused))
}

// invoice adds an open invoice, due thirty days after its issue; what changes it
// comes behind.
func (l *ledger) invoice(customer, number, issued string, open int64, change ...func(*match.Item)) {
	day := cal.Must(issued)
	i := match.Item{
		ID: "doc-" + number, Customer: customer, Kind: match.Invoice, Number: number, Issued: day, Due: day.Add(30),
		Amount: eur(open), Open: eur(open),
	}
	for _, f := range change {
		f(&i)
	}
	l.items = append(l.items, i)
}

func due(day string) func(*match.Item)      { return func(i *match.Item) { i.Due = cal.Must(day) } }
func as(k match.Kind) func(*match.Item)     { return func(i *match.Item) { i.Kind = k } }
func correcting(n string) func(*match.Item) { return func(i *match.Item) { i.Preceding = n } }

// company is a creditor with a few hundred customers, each with some invoices in
// the numbering F2026-00001; the customers that tests speak of come first.
func company() *ledger {
	l := &ledger{rules: match.Rules{Tolerance: eur(500), Fees: eur(3000), Grace: 3}}
	l.customers = []match.Customer{
		{ID: "delvaux", Code: "C0001", Name: "Imprimerie Delvaux SARL", SIREN: "732829320"},
		{ID: "morel", Code: "C0002", Name: "S.A.S. Menuiserie Morel & Fils", Group: "G1"},
		{ID: "holding", Code: "C0003", Name: "Financière Ardoise", Group: "G1"},
		{ID: "hoarau", Code: "C0004", Name: "Établissements Hoarau Frères"},
		{ID: "mairie", Code: "C0005", Name: "Commune de Saint-Amand-les-Eaux"},
	}
	trades := []string{"Garage", "Boulangerie", "Plomberie", "Transports", "Pharmacie", "Couverture"}
	people := []string{"Vasseur", "Lambert", "Nguyen", "Carlier", "Dubreuil", "Petitjean", "Okonkwo", "Rousselin"}
	for i := range 300 {
		name := fmt.Sprintf("%s %s %c%c", trades[i%6], people[i/6%8], 'A'+i/48, 'A'+i%26)
		l.customers = append(l.customers, match.Customer{
			ID: fmt.Sprintf("x%03d", i), Code: fmt.Sprintf("C1%03d", i), Name: name,
		})
		for k := range 3 {
			n := 1000 + 3*i + k
			l.invoice(fmt.Sprintf("x%03d", i), fmt.Sprintf("F2026-%05d", n), "2026-10-05", int64(10_000+n*37+k*1111))
		}
	}
	return l
}

// entry is a transfer with its free texts.
func entry(minor int64, payer string, texts ...string) match.Entry {
	return match.Entry{
		ID: "ent", On: today, Amount: eur(minor), Means: "transfer", Texts: texts, Payer: match.Party{Name: payer},
	}
}

// told is an explanation in one line: its lines, adjustments and remainder.
func told(x match.Explanation) string {
	var s []string
	for _, l := range x.Lines {
		s = append(s, fmt.Sprintf("%s %s", strings.TrimPrefix(l.Item, "doc-"), l.Amount.Decimal()))
	}
	for _, a := range x.Adjustments {
		s = append(s, fmt.Sprintf("%s %s", a.Kind, a.Amount.Decimal()))
	}
	if !x.Remainder.IsZero() {
		s = append(s, fmt.Sprintf("%s keeps %s", x.Customer, x.Remainder.Decimal()))
	}
	return strings.Join(s, ", ")
}

func first(a match.Answer) match.Explanation {
	if len(a.Explanations) == 0 {
		return match.Explanation{}
	}
	return a.Explanations[0]
}

// sure tells whether an answer could be applied without a person.
func sure(a match.Answer) bool { return a.Unique && first(a).Confidence >= 9900 }

// want fails unless the first explanation is the one told.
func want(t *testing.T, a match.Answer, told_ string) {
	t.Helper()
	if got := told(first(a)); got != told_ {
		t.Errorf("got %q, want %q; of\n%s", got, told_, all(a))
	}
}

func all(a match.Answer) string {
	var b strings.Builder
	for _, x := range a.Explanations {
		fmt.Fprintf(&b, "  %5d %s:", x.Confidence, told(x))
		for _, r := range x.Reasons {
			fmt.Fprintf(&b, " %s;", r.Text(i18n.EN))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// among tells whether one of the first n explanations is the one told.
func among(a match.Answer, n int, want string) bool {
	return slices.ContainsFunc(a.Explanations[:min(n, len(a.Explanations))], func(x match.Explanation) bool {
		return told(x) == want
	})
}

func hasReason(x match.Explanation, code string) bool {
	return slices.ContainsFunc(x.Reasons, func(r match.Reason) bool { return r.Code == code })
}
