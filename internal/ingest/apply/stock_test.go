package apply_test

import (
	"errors"
	"fmt"
	"testing"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
)

func TestWhatIsNoLongerInAFullListIsSettledAndReopens(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		f1, f2, f3 := invoice("C1", "F1", "09-01", "10-01", 100_00), invoice("C1", "F2", "09-02", "10-02", 200_00), invoice("C2", "F3", "09-03", "10-03", 300_00)
		a1 := creditNote("C2", "A1", "09-10", 30_00, "")
		r1 := b.take(b.stockOn("11-01"), file("l.csv", f1, f2, f3, a1))
		b.expect(r1, "+4 ~0 =0 customers 2")

		dumped := b.dump()
		r2 := b.take(b.stockOn("11-08"), file("l.csv", left(f1, 60_00), f3))
		b.expect(r2, "+0 ~1 =1 settled 3") // part of F1, F2, and the credit note that was used
		b.expectOpen(day("11-08"), map[string]int64{"C1 F1": 60_00, "C2 F3": 300_00})

		afterSecond := b.dump()
		r3 := b.take(b.stockOn("11-15"), file("l.csv", left(f1, 90_00), left(f2, 50_00), f3, a1))
		b.expect(r3, "+0 ~3 =1 reopened 3")
		b.expectOpen(day("11-15"), map[string]int64{"C1 F1": 90_00, "C1 F2": 50_00, "C2 F3": 300_00, "C2 A1": -30_00})
		b.expectOpen(day("11-14"), map[string]int64{"C1 F1": 60_00, "C2 F3": 300_00})
		b.expectOpen(day("11-07"), map[string]int64{"C1 F1": 100_00, "C1 F2": 200_00, "C2 F3": 300_00, "C2 A1": -30_00})
		b.expect(b.take(b.stockOn("11-15"), file("l.csv", left(f1, 90_00), left(f2, 50_00), f3, a1)), "+0 ~0 =4")

		b.undo(r3)
		b.same("undoing what reopened", afterSecond)
		b.undo(r2)
		b.same("undoing what settled", dumped)
	})
}

// A full list speaks of its own source; others stay as they are unless told.
func TestAFullListSpeaksOfItsSource(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		other := b.with(func(o *apply.Options) { o.Source = "autre" })
		b.take(other, file("autre.csv", invoice("C1", "X1", "09-01", "10-01", 10_00)))
		b.take(b.stock(), file("l.csv", invoice("C1", "F1", "09-01", "10-01", 100_00)))
		list := file("l.csv", invoice("C1", "F2", "09-02", "10-02", 200_00))
		b.expect(b.take(b.stock(), list), "+1 ~0 =0 settled 1")
		b.expectOpen(today, map[string]int64{"C1 X1": 10_00, "C1 F2": 200_00})
		b.expect(b.take(b.with(func(o *apply.Options) { o.Mode, o.AllSources = apply.Stock, true }), list), "+0 ~0 =1 settled 1")
		b.expectOpen(today, map[string]int64{"C1 F2": 200_00})
	})
}

func TestAListThatIsCutIsStoppedBeforeAnythingChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		var all []any
		for i := range 40 {
			total := int64(10_00)
			if i == 39 {
				total = 1000_00
			}
			all = append(all, invoice("C1", fmt.Sprintf("F%d", i), "09-01", "10-01", total))
		}
		b.take(b.stock(), file("l.csv", all...))
		before := b.dump()
		for _, c := range []struct {
			name string
			file ingest.Source
			stop bool
		}{
			{"nothing at all", file("l.csv"), true},
			{"12 of 40 items, 120 of 1390 euros: 30 % is not more than 30 %", file("l.csv", all[12:]...), false},
			{"13 of 40 items", file("l.csv", all[13:]...), true},
			{"10 items with most of the money", file("l.csv", all[:30]...), true},
			{"9 items, though with most of the money", file("l.csv", all[:31]...), false},
			{"the same list with new customer codes", file("l.csv", recoded(all)...), true},
		} {
			o := b.stock()
			o.DryRun = true
			would, errDry := b.try(o, c.file)
			if stopped := errDry != nil; stopped != c.stop || (would.Stopped != nil) != c.stop {
				t.Errorf("%s: %v", c.name, errDry)
			}
			if !c.stop {
				continue
			}
			rep, err := b.try(b.stock(), c.file)
			if stop, ok := errors.AsType[*apply.Stop](err); !ok || rep.Stopped == nil || stop.Open != 40 || fault.KindOf(err) != fault.KindConflict {
				t.Errorf("%s: not stopped: %v", c.name, err)
			}
			b.same(c.name, before)
		}
		rep := b.take(b.with(func(o *apply.Options) { o.Mode, o.Force = apply.Stock, true }), file("l.csv"))
		b.expect(rep, "+0 ~0 =0 settled 40")
	})
}

func recoded(list []any) (out []any) {
	for _, d := range list {
		doc := d.(ingest.Document)
		doc.Customer.Code = "N" + doc.Customer.Code
		out = append(out, doc)
	}
	return out
}

func TestAnOlderListDoesNotOverwriteANewerOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		b.take(b.stockOn("11-15"), file("l.csv", invoice("C1", "F1", "09-01", "10-01", 100_00)))
		old := file("l.csv", invoice("C1", "F0", "09-01", "10-01", 100_00))
		if _, err := b.try(b.stockOn("11-14"), old); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("got %v", err)
		}
	})
}

// A row that could not be read is in the list all the same.
func TestARejectedRowIsNotMissingFromTheList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		f1, f2, f3 := invoice("C1", "F1", "09-01", "10-01", 100_00), invoice("C1", "F2", "09-02", "10-02", 200_00), invoice("C2", "F3", "09-03", "10-03", 300_00)
		b.take(b.stock(), file("l.csv", f1, f2, f3))
		b.expect(b.take(b.stock(), file("l.csv", f1, "!F2")), "+0 ~0 =1 settled 1 rejected 1") // its cell is the number
		b.expectOpen(today, map[string]int64{"C1 F1": 100_00, "C1 F2": 200_00})
		negative := f2
		negative.Total = eur(-1)
		b.expect(b.take(b.stock(), file("l.csv", f1, negative)), "+0 ~0 =1 rejected 1")
		rep := b.take(b.stock(), file("l.csv", f1), ingest.FromBytes("abîmé.bin", nil))
		b.expectOpen(today, map[string]int64{"C1 F1": 100_00, "C1 F2": 200_00})
		if len(rep.Warnings) != 1 || rep.Warnings[0].Code != "stock_unsure" {
			t.Errorf("nothing said of the unreadable file: %s", notes(rep))
		}
	})
}
