package apply_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
)

// someRow draws a row of a world so small that rows keep meeting each other.
// Each file of an import has documents of its own, since two that contradict each
// other are applied one after the other, every time.
func someRow(file int) func(*rapid.T) any {
	return func(t *rapid.T) any { return drawRow(t, string(rune('A'+file))) }
}

func drawRow(t *rapid.T, own string) any {
	customers := rapid.SampledFrom([]string{"C1", "C2", "C3"})
	numbers := rapid.SampledFrom([]string{own + "1", own + "2", own + "3", own + "4"})
	days := rapid.SampledFrom([]string{"09-01", "09-15", "10-01"})
	cents := rapid.Int64Range(0, 6)
	amount := cents.Draw(t, "amount") * 10_00
	c := customers.Draw(t, "customer")
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1:
		return payment(c, rapid.SampledFrom([]string{own + "P", own + "VIR", ""}).Draw(t, "reference"), days.Draw(t, "on"), amount,
			rapid.SampledFrom([]string{"", "A1", "B1", "A1, B2", "A9"}).Draw(t, "pays"))
	case 2:
		d := creditNote(c, rapid.SampledFrom([]string{own + "V1", own + "V2"}).Draw(t, "number"), days.Draw(t, "on"), amount,
			rapid.SampledFrom([]string{"", "A1", "B2"}).Draw(t, "corrects"))
		if rapid.Bool().Draw(t, "told") {
			d.Open = eur(min(amount, cents.Draw(t, "left")*10_00))
		}
		return d
	case 3:
		return client(c, func(i *ingest.Customer) {
			i.City = rapid.SampledFrom([]string{"", "Lille", "Lyon"}).Draw(t, "city")
			i.Terms = rapid.SampledFrom([]string{"", "30 jours", "45 jours fin de mois"}).Draw(t, "terms")
			i.Contact.Email = rapid.SampledFrom([]string{"", "a@c.example", "b@c.example"}).Draw(t, "email")
			i.Tags = rapid.SampledFrom([][]string{nil, {"nord"}, {"nord", "vip"}}).Draw(t, "tags")
		})
	case 4:
		return "!" + numbers.Draw(t, "rejected")
	}
	d := invoice(c, numbers.Draw(t, "number"), days.Draw(t, "issued"),
		rapid.SampledFrom([]string{"", "10-15", "11-15", "12-15"}).Draw(t, "due"), amount)
	d.Label = rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "label")
	d.Lettering = rapid.SampledFrom([]string{"", "", "", "A"}).Draw(t, "lettering")
	if d.Lettering != "" {
		d.Open = eur(0)
	} else if rapid.Bool().Draw(t, "told") {
		d.Open = eur(cents.Draw(t, "left") * 10_00)
	}
	return d
}

// A dry run says what the run does, the same files twice are the same as once,
// and undoing imports from the last to the first leaves the books as they were:
// whatever the files hold and wherever the seams fall.
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
				for f := range rapid.IntRange(1, 2).Draw(rt, "files") {
					rows := rapid.SliceOfN(rapid.Custom(someRow(f)), 1, 8).Draw(rt, "rows")
					files = append(files, file(fmt.Sprintf("%d-%d.csv", i, f), rows...))
				}
				o := b.o.InPortions(rapid.IntRange(1, 5).Draw(rt, "portion"))
				o.Force, o.On = true, today.Add(i)
				if rapid.Bool().Draw(rt, "stock") {
					o.Mode = apply.Stock
				}
				rep := b.foretold(rt, o, files)
				after := b.dump()
				b.nothingNew(rt, o, files, after)
				done, dumps = append(done, rep), append(dumps, after)
			}
			for i := len(done) - 1; i >= 0; i-- {
				if _, err := apply.Undo(t.Context(), d, b.s, done[i].Import); err != nil {
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
