package apply_test

import (
	"fmt"
	"testing"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
)

// BenchmarkBankEntries is a year of a large account, a hundred thousand entries in one
// CAMT file of a statement for each day.
func BenchmarkBankEntries(b *testing.B) {
	const days, each = 250, 400
	var all []string
	balance := int64(1_000_000_00)
	for d := range days {
		on := today.Add(d - days)
		list := make([]string, each)
		for i := range list {
			cents := int64(10_00 + (d*each+i)*37%500_000)
			list[i] = fmt.Sprintf("%d.%02d Société d’Équipement n° %d", cents/100, cents%100, i)
		}
		all = append(all, statementOf(on.String(), balance, list...))
		for i := range list {
			balance += int64(10_00 + (d*each+i)*37%500_000)
		}
	}
	src := camtFile("an.xml", all...)
	for _, engine := range []struct {
		name string
		open func(testing.TB, *dbtest.Clock) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				books := counter(b, engine.open(b, dbtest.NewClock()))
				b.StartTimer()
				rep, err := books.try(books.o, src)
				if err != nil || rep.Files[0].Added != days*each {
					b.Fatal(counts(rep), err)
				}
			}
			b.ReportMetric(float64(days*each)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
