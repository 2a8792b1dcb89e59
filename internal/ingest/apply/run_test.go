package apply_test

import (
	"testing"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
)

func TestAnImportIsReadTwiceAndUndone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		first := file("factures.csv",
			invoice("C1", "F1", "09-01", "10-01", 100_00),
			left(invoice("C1", "F2", "10-01", "10-31", 200_00), 150_00),
			invoice("C2", "F3", "10-05", "", 300_00),
			creditNote("C2", "A1", "10-06", 50_00, "F3"),
			payment("C1", "P1", "10-20", 60_00, "F1"),
		)
		empty := b.dump()
		rep := b.take(b.o, first)
		b.expect(rep, "+5 ~0 =0 allocated 2 customers 2")
		b.expectOpen(today, map[string]int64{"C1 F1": 40_00, "C1 F2": 150_00, "C2 F3": 250_00})
		b.expectOpen(day("10-05"), map[string]int64{"C1 F1": 100_00, "C1 F2": 200_00, "C2 F3": 300_00})
		again := b.take(b.o, first)
		b.expect(again, "+0 ~0 =5")

		changed := file("factures.csv",
			invoice("C1", "F1", "09-01", "10-15", 120_00),
			left(invoice("C1", "F2", "10-01", "10-31", 200_00), 0),
		)
		before := b.dump()
		second := b.take(b.o, changed)
		b.expect(second, "+0 ~2 =0 settled 1")
		b.expectOpen(today, map[string]int64{"C1 F1": 60_00, "C2 F3": 250_00})
		b.undo(second)
		b.same("undoing the second", before)
		b.undo(again)
		b.undo(rep)
		b.same("undoing the first", empty)
	})
}
