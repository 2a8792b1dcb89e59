package bank_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

// fact is a movement as it happened.
type fact struct {
	on     cal.Date
	amount int64
	payer  string
	ref    string
}

// cut is a statement of some facts in a row, as a format tells them.
type cut struct {
	format   string
	from, to int // of the facts
	first    cal.Date
	last     cal.Date
	before   int64 // the balance
	nth      int
}

// formats: what each tells of a movement besides its day and amount.
var formats = []string{"camt", "mt940", "cfonb120", "ofx", "csv"}

var firstDay = cal.Must("2026-01-01")

// drawFacts are movements in their order, few amounts among them so that many meet.
func drawFacts(t *rapid.T, signs []int64) []fact {
	payers := []string{"DUPONT SARL", "MARTIN ET FILS", "BOULANGERIE LEROY", "GARAGE PETIT"}
	n := rapid.IntRange(1, 40).Draw(t, "facts")
	days := make([]int, n)
	for i := range days {
		days[i] = rapid.IntRange(0, 12).Draw(t, "day")
	}
	slices.Sort(days)
	list := make([]fact, n)
	for i := range list {
		list[i] = fact{
			on:     firstDay.Add(days[i]),
			amount: rapid.SampledFrom([]int64{4990, 12000, 30000}).Draw(t, "amount") * rapid.SampledFrom(signs).Draw(t, "sign"),
			payer:  rapid.SampledFrom(payers).Draw(t, "payer"),
			ref:    fmt.Sprintf("AB%06d", i+1),
		}
	}
	return list
}

// drawCut is a statement of facts in a row. Where a day may be cut, it is only in
// formats that tell balances.
func drawCut(t *rapid.T, facts []fact, withinDays bool, nth int) cut {
	c := cut{format: rapid.SampledFrom(formats).Draw(t, "format"), nth: nth}
	a := rapid.IntRange(0, len(facts)-1).Draw(t, "from")
	b := rapid.IntRange(0, len(facts)-1).Draw(t, "to")
	c.from, c.to = min(a, b), max(a, b)+1
	if !withinDays || c.format == "ofx" || c.format == "csv" {
		for c.from > 0 && facts[c.from-1].on == facts[c.from].on {
			c.from--
		}
		for c.to < len(facts) && facts[c.to].on == facts[c.to-1].on {
			c.to++
		}
	}
	c.first, c.last = facts[c.from].on, facts[c.to-1].on
	for _, f := range facts[:c.from] {
		c.before += f.amount
	}
	return c
}

// statement is what the bank writes.
func (c cut) statement(facts []fact) (*bank.Statement, []*bank.Entry) {
	eur := func(n int64) money.Amount { return money.New(n, money.EUR) }
	st := &bank.Statement{
		Kind: bank.Booked, Number: fmt.Sprint(c.nth), From: c.first, To: c.last, Currency: money.EUR, Nth: 1, Line: 1,
		Account: map[string]bank.Account{
			"camt": {IBAN: "FR76 3000 6000 0112 3456 7890 189"}, "mt940": {Number: "30006000011234567890189"},
			"cfonb120": {Number: "30006 00001 12345678901"}, "ofx": {Number: "300060000112345678901"},
			"csv": {Number: "12345678901"},
		}[c.format],
	}
	var list []*bank.Entry
	sum := c.before
	for i, f := range facts[c.from:c.to] {
		e := &bank.Entry{
			Statement: st, On: f.on, Amount: eur(f.amount), Status: bank.IsBooked, Line: i + 1,
			Raw: fmt.Sprintf("%s %d %s %s", c.format, f.amount, f.payer, f.ref),
		}
		sum += f.amount
		switch c.format {
		case "camt":
			e.Label, e.BankRef, e.Party.Name, e.EndToEnd = "VIREMENT DE "+f.payer, f.ref, f.payer, "E2E"+f.ref
		case "mt940":
			e.Label, e.BankRef = "VIR RECU "+f.payer, f.ref
		case "cfonb120":
			e.Label = ("VIR " + f.payer)[:10]
		case "ofx":
			e.Label, e.BankRef = strings.ToLower(f.payer), "fit"+f.ref
		case "csv":
			e.Label = "Virement reçu de " + f.payer
		}
		list = append(list, e)
	}
	if c.format != "ofx" && c.format != "csv" {
		st.Opening, st.Closing = &bank.Balance{On: c.first, Amount: eur(c.before)}, &bank.Balance{On: c.last, Amount: eur(sum)}
	}
	return st, list
}

// covered are the facts that some statement tells.
func covered(facts []fact, cuts []cut) []string {
	var list []string
	for i, f := range facts {
		if slices.ContainsFunc(cuts, func(c cut) bool { return c.from <= i && i < c.to }) {
			list = append(list, fmt.Sprint(f.on, f.amount))
		}
	}
	slices.Sort(list)
	return list
}

func kept(list []bank.Kept) []string {
	var found []string
	for _, k := range list {
		if k.Counts {
			found = append(found, fmt.Sprint(k.On, k.Amount.Minor))
		}
	}
	slices.Sort(found)
	return found
}

// taking is statements being taken in.
type taking struct {
	books *agreementtest.Books
	play  *bank.Rehearsal // nil: for good
	n     int
}

func (k *taking) take(format string, st *bank.Statement, list []*bank.Entry) bank.Taken {
	k.n++
	return k.again(k.n, format, st, list)
}

func (k *taking) again(n int, format string, st *bank.Statement, list []*bank.Entry) (done bank.Taken) {
	o := bank.Origin{Import: fmt.Sprintf("imp_%03d", n), File: "f", SHA256: fmt.Sprint(n), Format: format}
	if k.play == nil {
		k.books.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			done, err = bank.Take(ctx, tx, k.books.Scope, o, []*bank.Statement{st}, list)
			return err
		})
		return done
	}
	t := bank.NewTaker(k.books.Scope, o, k.play)
	k.books.Read(func(ctx context.Context, tx *db.Tx) error {
		p, err := t.Plan(ctx, tx, []*bank.Statement{st}, list, true)
		if err == nil {
			t.Keep(p)
			done = p.Taken
		}
		return err
	})
	return done
}

func (k *taking) kept() (list []bank.Kept) {
	if k.play != nil {
		return k.play.Movements()
	}
	k.books.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = bank.List(ctx, tx, k.books.Scope, bank.Filter{All: true, Pending: true})
		return err
	})
	return list
}

// Any statements, in any order, overlapping, in any formats, the same ones again:
// each movement that one of them tells is there once.
func TestEveryMovementIsThereOnceWhateverTellsOfIt(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		withinDays bool
		signs      []int64
	}{
		"whole days":  {false, []int64{1, 1, -1}},
		"within days": {true, []int64{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			books := agreementtest.New(t, dbtest.SQLite(t, dbtest.NewClock()))
			rapid.Check(t, func(t *rapid.T) {
				k := &taking{books: books, play: bank.NewRehearsal()}
				facts := drawFacts(t, way.signs)
				var cuts []cut
				for i := range rapid.IntRange(1, 8).Draw(t, "statements") {
					c := drawCut(t, facts, way.withinDays, i)
					cuts = append(cuts, c)
					st, list := c.statement(facts)
					k.take(c.format, st, list)
					if diff := cmp.Diff(covered(facts, cuts), kept(k.kept())); diff != "" {
						t.Fatalf("after %+v (-happened +kept):\n%s", c, diff)
					}
				}
				for i, c := range cuts {
					st, list := c.statement(facts)
					if done := k.again(i+1, c.format, st, list); done.Added+done.Completed != 0 || done.Known != len(list) {
						t.Fatalf("the same file again: %+v", done)
					}
					st, list = c.statement(facts)
					if done := k.take(c.format, st, list); done.Added != 0 {
						t.Fatalf("the same in another file: %+v", done)
					}
				}
			})
		})
	}
}
