package apply_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

// drawRow draws a row of a world so small that rows keep meeting each other. Each
// file of an import has documents of its own, since two that contradict each other
// are applied one after the other, every time.
func drawRow(t *rapid.T, own string) any {
	draw := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	cents := rapid.Map(rapid.Int64Range(0, 6), func(n int64) int64 { return n * 10_00 })
	amount, c := cents.Draw(t, "amount"), draw("customer", "C1", "C1", "C2", "C3")
	var d ingest.Document
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1, 2:
		pays := draw("pays", "", "A1", "B1", "A1, B2", "A9")
		if c == "C3" && pays != "" {
			c = "" // whoever's the invoice is
		}
		d = payment(c, draw("reference", own+"P", own+"VIR", ""), draw("on", "09-01", "09-15", "10-01", "11-20"), amount, pays)
	case 3:
		d = creditNote(c, draw("number", own+"V1", own+"V2"), draw("on", "09-01", "09-15"), amount, draw("corrects", "", "A1", "B2"))
	case 4:
		return drawClient(t, c, draw)
	case 5:
		return "!" + own + draw("rejected", "1", "2")
	default:
		d = invoice(c, own+draw("number", "1", "1", "2", "3"), draw("issued", "09-01", "09-15"), draw("due", "", "10-15", "11-15", "12-15"), amount)
		d.Label, d.Lettering = draw("label", "", "x", "y"), draw("lettering", "", "", "", "A")
		if paid := draw("paid", "", "", "09-10", "10-20"); paid != "" {
			d.PaidOn = day(paid)
		}
	}
	if d.Lettering != "" {
		d.Open = eur(0)
	} else if rapid.Bool().Draw(t, "told") {
		d.Open = eur(min(amount, cents.Draw(t, "left")))
	}
	return d
}

func drawClient(t *rapid.T, code string, draw func(string, ...string) string) any {
	return client(code, func(i *ingest.Customer) {
		i.City = draw("city", "", "Lille", "Lyon")
		i.Terms = draw("terms", "", "30 jours", "45 jours fin de mois")
		i.Contact.Email = draw("email", "", "a@c.example", "b@c.example")
		i.Tags = rapid.SampledFrom([][]string{nil, {"nord"}, {"nord", "vip"}}).Draw(t, "tags")
	})
}

// entries draws a ledger, whose rows have names and settle each other. What was
// entered stays as it is from one export to the next.
func entries(t *rapid.T, own string) (rows []any) {
	for i := range rapid.IntRange(2, 8).Draw(t, "entries") {
		amount, key := int64(i%4+1)*10_00, fmt.Sprint(i)
		if i%2 == 0 {
			rows = append(rows, keyed(invoice("C1", fmt.Sprint(own, i/2%2+1), "09-01", "", amount), key))
			continue
		}
		of := rapid.IntRange(0, 9).Draw(t, "settles")
		rows = append(rows, keyed(payment("C1", own+"BQ", "10-01", amount, ""), key,
			settles(fmt.Sprint(of), rapid.Int64Range(1, 4).Draw(t, "some")*10_00, "10-05")))
	}
	return rows
}

// A dry run says what the run does; the same rows again, in whatever order, from
// a file of another name and on another day, change nothing; and undoing imports
// from the last to the first leaves the books as they were: whatever the files
// hold and wherever the seams fall.
func TestImportsAreForetoldRepeatableAndUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			b := shopOf(t, d, fmt.Sprintf("crd_%d", round))
			dumps := [][]string{b.dump()}
			var done []apply.Report
			for i := range rapid.IntRange(1, 3).Draw(rt, "imports") {
				var files []ingest.Source
				var rows [][]any
				for f := range rapid.IntRange(1, 2).Draw(rt, "files") {
					rows = append(rows, drawRows(rt, f))
					files = append(files, file(fmt.Sprintf("%d-%d.csv", i, f), rows[f]...))
				}
				o := b.o.InPortions(rapid.IntRange(1, 5).Draw(rt, "portion"))
				o.Force, o.On = true, today.Add(3*i)
				o.Source = rapid.SampledFrom([]string{"", "", "", "autre"}).Draw(rt, "source")
				if rapid.Bool().Draw(rt, "stock") {
					o.Mode = apply.Stock
				}
				rep := b.foretold(rt, o, files)
				after := b.dump()
				b.nothingNew(rt, o, files, after)
				if !contradicted(rep, rows) {
					b.nothingNewShuffled(rt, o, rows)
				}
				done, dumps = append(done, rep), append(dumps, after)
			}
			for i, rep := range slices.Backward(done) {
				if _, err := apply.Undo(t.Context(), d, b.s, rep.Import); err != nil {
					rt.Fatal(err)
				}
				b.check()
				if diff := cmp.Diff(dumps[i], b.dump()); diff != "" {
					rt.Fatalf("undoing import %d:\n%s", i, diff)
				}
			}
			if t.Failed() {
				rt.FailNow()
			}
		})
	})
}

func drawRows(rt *rapid.T, file int) []any {
	own := string(rune('A' + file))
	switch rapid.IntRange(0, 7).Draw(rt, "form") {
	case 0, 1:
		return entries(rt, own)
	case 2:
		d := invoice("C1", own+rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "number"), "09-01",
			rapid.SampledFrom([]string{"", "10-15", "11-15"}).Draw(rt, "due"), rapid.Int64Range(1, 6).Draw(rt, "amount")*10_00)
		d.Electronic = &ingest.Electronic{TypeCode: "380"}
		return []any{d}
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) any { return drawRow(t, own) }), 1, 12).Draw(rt, "rows")
}

func (b *shop) foretold(rt *rapid.T, o apply.Options, files []ingest.Source) apply.Report {
	dry := o
	dry.DryRun = true
	would, err := b.try(dry, files...)
	if err != nil {
		rt.Fatal(err)
	}
	rep, err := b.try(o, files...)
	if err != nil {
		rt.Fatal(err)
	}
	would.Import, would.DryRun = rep.Import, false
	if diff := cmp.Diff(would, rep); diff != "" {
		rt.Fatalf("the dry run (-) promised something else than the run (+):\n%s", diff)
	}
	for _, f := range rep.Files {
		if f.Rows() != countLines(files, f.File) {
			rt.Fatalf("%s: %d rows accounted for, %d in the file\n%s", f.File, f.Rows(), countLines(files, f.File), notes(rep))
		}
	}
	return rep
}

func countLines(files []ingest.Source, name string) (n int) {
	for _, f := range files {
		if f.Name == name {
			for range streamLines(mustRead(f)) {
				n++
			}
		}
	}
	return n
}

func mustRead(f ingest.Source) []byte {
	content, err := f.Bytes(1 << 20)
	if err != nil {
		panic(err)
	}
	return content
}

func (b *shop) nothingNew(rt *rapid.T, o apply.Options, files []ingest.Source, want []string) {
	again, err := b.try(o, files...)
	if err != nil {
		rt.Fatal(err)
	}
	if diff := cmp.Diff(want, b.dump()); diff != "" {
		rt.Fatalf("the same files again changed the books: %s\n%s", counts(again), diff)
	}
	if n := again.Totals(); n.Added+n.Changed+n.Settled+n.Reopened+again.Allocated+again.Customers.Changed > 0 {
		rt.Fatalf("the same files again: %s", counts(again))
	}
}

// nothingNewShuffled gives the same rows in another order, from files of other
// names and on another day. Of rows that contradict each other the first counts,
// so there must be none; a ledger keeps its order; and of customers only what they
// owe is looked at.
func (b *shop) nothingNewShuffled(rt *rapid.T, o apply.Options, rows [][]any) {
	before, whole := b.money(), b.dump()
	var files []ingest.Source
	for i, list := range rows {
		if d, ok := list[0].(ingest.Document); !ok || d.Key == "" {
			list = rapid.Permutation(list).Draw(rt, "order")
		}
		files = append(files, file(fmt.Sprintf("autre-%d.csv", i), list...))
	}
	o.On = o.On.Add(1)
	dry := o
	dry.DryRun = true
	if would, err := b.try(dry, files...); err != nil || contradicted(would, rows) {
		return
	}
	again, err := b.try(o, files...)
	if err != nil {
		rt.Fatal(err)
	}
	defer func() {
		if _, err := apply.Undo(b.t.Context(), b.d, b.s, again.Import); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(whole, b.dump()); diff != "" {
			rt.Fatalf("undoing the same rows in another order:\n%s", diff)
		}
	}()
	if diff := cmp.Diff(before, b.money()); diff != "" {
		rt.Fatalf("the same rows in another order changed the books: %s\n%s", counts(again), diff)
	}
	if n := again.Totals(); n.Added+n.Settled+n.Reopened+again.Allocated > 0 {
		rt.Fatalf("the same rows in another order: %s", counts(again))
	}
}

// contradicted tells whether rows were refused besides those that none can read,
// or say nothing and something of one number, or of one payment that this much
// and that much is left.
func contradicted(r apply.Report, files [][]any) bool {
	refused := r.Totals().Refused
	rows, nothing, left := map[string]int{}, map[string]bool{}, map[string]money.Amount{}
	for _, row := range slices.Concat(files...) {
		d, readable := row.(ingest.Document)
		if !readable {
			refused--
			continue
		}
		of := d.Customer.Code + "/" + d.Number
		rows[of]++
		nothing[of] = nothing[of] || d.Total.IsZero() && d.Kind == ingest.Invoice
		payment := fmt.Sprint(of, d.Kind, d.Issued, d.Total)
		if said, ok := left[payment]; ok && d.Kind == ingest.Payment && said != d.Open {
			return true
		}
		left[payment] = d.Open
	}
	for of := range nothing {
		if nothing[of] && rows[of] > 1 {
			return true
		}
	}
	return refused > 0
}

// money is what the books hold of documents and what settles them.
func (b *shop) money() []string {
	return slices.DeleteFunc(b.dump(), func(s string) bool {
		return !strings.HasPrefix(s, "document ") && !strings.HasPrefix(s, "allocation ")
	})
}

// An import that is cut short at any portion and started again ends as one that
// went through.
func TestACutImportIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	var rows []any
	for i := range 40 {
		c := fmt.Sprintf("C%02d", i/3)
		rows = append(rows, left(invoice(c, fmt.Sprintf("F%d", i), "09-01", "10-01", 100_00), int64(i%3)*50_00))
		rows = append(rows, payment(c, fmt.Sprintf("P%d", i), "09-20", 50_00, fmt.Sprintf("F%d", i+1)))
	}
	stock := []any{rows[0], rows[2], rows[40]}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		whole := shopOf(t, d, "crd_whole")
		o := whole.o.InPortions(7)
		whole.take(o, file("f.csv", rows...))
		o.Mode, o.Force = apply.Stock, true
		whole.take(o, file("stock.csv", stock...))
		want := whole.dump()
		for cut := range 14 {
			b := shopOf(t, d, fmt.Sprintf("crd_%d", cut))
			b.cut(b.o.InPortions(7), cut, cut%2 == 0, file("f.csv", rows...))
			b.cut(o, cut, cut%2 == 1, file("stock.csv", stock...))
			b.same(fmt.Sprintf("a cut after %d portions", cut), want)
		}
	})
}

// cut imports files, stops after some portions, as a person does or as a power
// cut does, and imports them again.
func (b *shop) cut(o apply.Options, after int, killed bool, files ...ingest.Source) {
	b.t.Helper()
	ctx, stop := context.WithCancel(b.t.Context())
	defer stop()
	n := 0
	o.Progress = func(apply.Progress) {
		if n++; n > after {
			stop()
		}
	}
	first, err := apply.Run(ctx, b.d, b.s, o, files...)
	b.check()
	if err != nil && !errors.Is(err, context.Canceled) {
		b.t.Fatal(err)
	}
	if err != nil && killed {
		b.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE import SET state = 'running', ended_at = NULL WHERE creditor_id = $1 AND id = $2`, b.s.Creditor, first.Import)
			return err
		})
	}
	o.Progress = nil
	again, errAgain := apply.Run(b.t.Context(), b.d, b.s, o, files...)
	b.check()
	if errAgain != nil {
		b.t.Fatal(errAgain)
	}
	if cutShort := err != nil; again.Resumed != cutShort || cutShort && again.Import != first.Import {
		b.t.Errorf("cut %v, taken up again %v, as %s after %s", cutShort, again.Resumed, again.Import, first.Import)
	}
}
