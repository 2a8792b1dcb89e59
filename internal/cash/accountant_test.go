package cash_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/ledger"
	"acquit/internal/match"
	_ "acquit/internal/propertytest"
)

// account is what is true of one customer, and what the program was told of it.
type account struct {
	*world
	rt       *rapid.T
	today    cal.Date
	listed   cal.Date // the day of the last list
	invoices []ingest.Document
	credits  []ingest.Document
	moves    []*move
	untold   []*move
	given    int64    // written off
	lists    []string // imports of lists
	log      []string
}

// move is money that came in for an invoice or, negative, went back.
type move struct {
	entry   string
	invoice int // -1: for nothing, or a refund
	on      cal.Date
	amount  int64
	back    *move // what took it back
	of      *move // what it takes back
	refund  string
}

func (a *account) id(i int) string {
	var id string
	a.write(func(ctx context.Context, tx *db.Tx) error {
		list, err := ledger.ByNumber(ctx, tx, a.s, a.invoices[i].Number)
		for _, d := range list {
			if d.Kind == ledger.Invoice && d.Nature == ledger.Ordinary {
				id = d.ID
			}
		}
		return err
	})
	return id
}

// left is what the accounting tool shows as left of an invoice on a day: it knows
// of all money of that day.
func (a *account) left(i int, day cal.Date) int64 {
	left := a.invoices[i].Total.Minor
	for _, m := range a.moves {
		if m.invoice == i && m.on <= day {
			left -= m.amount
		}
	}
	for _, c := range a.credits {
		if c.Preceding == a.invoices[i].Number && c.Issued <= day {
			left -= c.Total.Minor
		}
	}
	return left
}

// owed is what the customer owes in truth.
func (a *account) owed(returns bool) int64 {
	owed := -a.given
	for _, f := range a.invoices {
		owed += f.Total.Minor
	}
	for _, c := range a.credits {
		owed -= c.Total.Minor
	}
	for _, m := range a.moves {
		if m.amount > 0 || returns {
			owed -= m.amount
		}
	}
	return owed
}

func (a *account) pick(what string, ok func(*move) bool) *move {
	var list []*move
	for _, m := range a.moves {
		if ok(m) {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return rapid.SampledFrom(list).Draw(a.rt, what)
}

func (a *account) pay() {
	i := rapid.IntRange(0, len(a.invoices)-1).Draw(a.rt, "invoice")
	amount := a.left(i, a.today)
	switch rapid.IntRange(0, 5).Draw(a.rt, "how") {
	case 0:
		amount /= 2
	case 1:
		amount, i = 33_00, -1 // for nothing that is open
	}
	if amount > 0 {
		m := &move{invoice: i, on: a.today, amount: amount}
		a.moves, a.untold = append(a.moves, m), append(a.untold, m)
	}
}

// tell imports what the bank has, the oldest first.
func (a *account) tell() {
	if len(a.untold) == 0 {
		return
	}
	m := a.untold[0]
	a.untold = a.untold[1:]
	label := "VIREMENT"
	if m.invoice >= 0 && rapid.Bool().Draw(a.rt, "named") {
		label += " " + a.invoices[m.invoice].Number
	}
	m.entry = a.entry(bank.Entry{On: m.on, Amount: eur(m.amount), Label: label, Means: bank.Debit})
}

// settle does with an entry what is true of it.
func (a *account) settle(m *move) {
	if m.entry == "" || a.line(m.entry).State != cash.Open && a.line(m.entry).State != cash.Aside {
		return
	}
	x := match.Explanation{Customer: a.debtor(), Remainder: eur(m.amount)}
	if m.invoice >= 0 && m.amount > 0 {
		id := a.id(m.invoice)
		if some := min(m.amount, a.open(id)); some > 0 {
			x.Lines = []match.Line{{Item: id, Customer: x.Customer, Amount: eur(some)}}
			x.Remainder = eur(m.amount - some)
		}
	}
	a.write(func(ctx context.Context, tx *db.Tx) error {
		switch {
		case m.of != nil:
			return cash.Return(ctx, tx, a.s, m.entry, m.of.entry, "")
		case m.refund != "":
			return refund(ctx, tx, a.manager(), m.entry, m.refund)
		}
		return cash.Apply(ctx, tx, a.s, m.entry, x)
	})
}

func (a *account) stands(m *move) bool {
	return m.entry != "" && slices.Contains([]cash.State{cash.Auto, cash.Applied, cash.Linked}, a.line(m.entry).State)
}

// list imports what the accounting tool has open on a day.
func (a *account) list(day cal.Date) {
	if day < a.listed {
		return
	}
	a.listed = day
	var rows []ingest.Document
	for i, f := range a.invoices {
		if f.Open = eur(a.left(i, day)); f.Open.Minor > 0 {
			rows = append(rows, f)
		}
	}
	a.lists = append(a.lists, a.take(apply.Stock, day, rows...).Import)
}

// unlist undoes the import of a list, whatever is tied to it; where something was
// built on it since, that must go first.
func (a *account) unlist() {
	if len(a.lists) == 0 {
		return
	}
	i := rapid.IntRange(0, len(a.lists)-1).Draw(a.rt, "undone list")
	_, err := apply.Undo(a.t.Context(), a.d, a.manager(), a.lists[i])
	switch {
	case err == nil:
		a.lists = slices.Delete(a.lists, i, i+1)
	case fault.KindOf(err) != fault.KindConflict:
		a.rt.Fatal(err)
	}
}

func (a *account) back() {
	m := a.pick("returned", func(m *move) bool { return m.amount > 0 && m.back == nil && m.invoice >= 0 && a.stands(m) })
	if m == nil {
		return
	}
	b := &move{invoice: m.invoice, on: a.today, amount: -m.amount, of: m}
	m.back = b
	a.moves = append(a.moves, b)
	b.entry = a.entry(bank.Entry{On: b.on, Amount: eur(b.amount), Label: "REJET", Means: bank.Debit})
	a.settle(b)
}

func (a *account) refund() {
	var free []ledger.Document
	c := a.debtor()
	a.write(func(ctx context.Context, tx *db.Tx) (err error) {
		free, err = ledger.FreeCredits(ctx, tx, a.s, []string{c})
		return err
	})
	if len(free) == 0 {
		return
	}
	m := &move{invoice: -1, on: a.today, amount: -free[0].Open.Minor, refund: free[0].ID}
	a.moves = append(a.moves, m)
	m.entry = a.entry(bank.Entry{On: m.on, Amount: eur(m.amount), Label: "VIR REMBOURSEMENT", Means: bank.Transfer})
	a.settle(m)
}

// undo takes back what was done with an entry; what stands on it must go first.
func (a *account) undo() {
	m := a.pick("undone", func(m *move) bool {
		return m.refund == "" && (a.stands(m) || m.of != nil && a.line(m.entry).State == cash.Returned)
	})
	if m == nil {
		return
	}
	err := a.try(func(ctx context.Context, tx *db.Tx) error { return cash.Undo(ctx, tx, a.manager(), m.entry, "erreur") })
	if err != nil && fault.KindOf(err) != fault.KindConflict {
		a.rt.Fatal(err)
	}
}

func (a *account) giveUp() {
	i := rapid.IntRange(0, len(a.invoices)-1).Draw(a.rt, "given up")
	if a.open(a.id(i)) < 5_00 {
		return
	}
	a.given += 1_00
	id := a.id(i)
	a.write(func(ctx context.Context, tx *db.Tx) error {
		return cash.WriteOff(ctx, tx, a.manager(), id, eur(1_00), "petit reste")
	})
}

func (a *account) credit() {
	i := rapid.IntRange(0, len(a.invoices)-1).Draw(a.rt, "credited")
	if a.left(i, a.today) < 30_00 || a.open(a.id(i)) < 10_00 {
		return
	}
	c := paidBlind(ingest.CreditNote, fmt.Sprintf("A%d", len(a.credits)+1), "11-01", 10_00)
	c.Issued, c.Preceding = a.today, a.invoices[i].Number
	a.credits = append(a.credits, c)
	a.take(apply.Delta, a.today, c)
}

// bystander is another creditor of the same database with the same customer, invoices,
// bank account and payments: one that is applied, one tied to a list's word, one open.
func bystander(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := newWorldNamed(t, d, "Voisin")
	f, g, h := billed("F2026-00701", 111_17), billed("F2026-00702", 222_17), billed("F2026-00703", 333_17)
	w.take(apply.Delta, on("10-02"), f, g, h)
	w.entry(bank.Entry{On: on("11-02"), Amount: eur(111_17), Label: "VIREMENT F2026-00701", Means: bank.Transfer})
	w.run()
	w.take(apply.Stock, on("11-04"), h)
	w.entry(bank.Entry{On: on("11-03"), Amount: eur(222_17), Label: "VIREMENT F2026-00702", Means: bank.Transfer})
	w.entry(bank.Entry{On: on("11-05"), Amount: eur(17_00), Label: "VIREMENT", Means: bank.Transfer})
	w.run()
	if q := w.rows(); !slices.Contains(q, "state auto 1") || !slices.Contains(q, "state linked 1") || !slices.Contains(q, "state open 1") {
		t.Fatalf("not the bystander that was meant: %v", q)
	}
	return w
}

// rows are what stands in the books of a creditor, in words.
func (w *world) rows() (list []string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		for _, query := range []string{
			`SELECT 'document ' || id || ' ' || CAST(open_amount AS TEXT) AS line FROM document WHERE creditor_id = $1`,
			`SELECT 'allocation ' || id || ' ' || CAST(amount AS TEXT) AS line FROM allocation WHERE creditor_id = $1`,
			`SELECT 'entry ' || entry_id || ' ' || state || ' ' || customer_id AS line FROM cash_entry WHERE creditor_id = $1`,
			`SELECT 'state ' || state || ' ' || CAST(count(*) AS TEXT) AS line FROM cash_entry WHERE creditor_id = $1 GROUP BY state`,
			`SELECT 'application ' || id AS line FROM cash_application WHERE creditor_id = $1 AND undone_at IS NULL`,
			`SELECT 'part ' || thing_id || ' ' || CAST(amount AS TEXT) AS line FROM cash_part WHERE creditor_id = $1`,
			`SELECT 'refused ' || item_id AS line FROM cash_refused WHERE creditor_id = $1`,
			`SELECT 'journal ' || CAST(count(*) AS TEXT) AS line FROM journal WHERE creditor_id = $1`,
		} {
			some, err := db.All(ctx, tx, db.Value[string], query+` ORDER BY line`, w.s.Creditor)
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return nil
	})
	return list
}

// Whatever an accountant does, in whatever order: the books add up at every moment,
// no money counts twice, and once all is told and done they say what is true.
func TestTheBooksAreRightWhateverIsDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n, other := 0, bystander(t, d)
		stood := other.rows()
		defer func() {
			if now := other.rows(); !slices.Equal(stood, now) {
				t.Errorf("the books of another creditor moved: %v, were %v", now, stood)
			}
		}()
		rapid.Check(t, func(rt *rapid.T) {
			n++
			a := &account{world: newWorldNamed(t, d, fmt.Sprintf("Atelier %d", n)), rt: rt, today: on("11-01")}
			for i := range rapid.IntRange(1, 3).Draw(rt, "invoices") {
				a.invoices = append(a.invoices, billed(fmt.Sprintf("F2026-%05d", 701+i), int64(i+1)*111_00+17))
			}
			a.take(apply.Delta, on("10-02"), a.invoices...)
			c := a.debtor()
			for range rapid.IntRange(1, 14).Draw(rt, "steps") {
				what := rapid.SampledFrom([]string{
					"pay", "pay", "tell", "tell", "run", "settle", "settle", "undo", "back", "list", "old list", "undo list", "refund", "give up",
					"credit",
				}).Draw(rt, "next")
				a.step(what)
				a.log = append(a.log, what)
				a.sound()
				if got := a.balance(c); got < a.owed(false) {
					rt.Fatalf("after %v: balance %d below %d, money counts twice: %s", a.log, got, a.owed(false), a.books(c))
				}
				a.today = a.today.Add(1)
			}
			for len(a.untold) > 0 {
				a.tell()
			}
			a.run()
			for _, m := range a.moves {
				a.settle(m)
			}
			a.run()
			a.sound()
			if got := a.balance(c); got != a.owed(true) {
				rt.Fatalf("after %v: balance %d, want %d: %s", a.log, got, a.owed(true), a.books(c))
			}
			a.verifyJournal()
			if t.Failed() {
				rt.FailNow()
			}
		})
	})
}

func (a *account) step(what string) {
	switch what {
	case "pay":
		a.pay()
	case "tell":
		a.tell()
	case "run":
		a.run()
	case "settle":
		if m := a.pick("settled", func(m *move) bool { return m.entry != "" && m.amount > 0 }); m != nil {
			a.settle(m)
		}
	case "undo":
		a.undo()
	case "back":
		a.back()
	case "list":
		a.list(a.today)
	case "old list":
		a.list(a.today.Add(-3))
	case "undo list":
		a.unlist()
	case "refund":
		a.refund()
	case "give up":
		a.giveUp()
	case "credit":
		a.credit()
	}
}
