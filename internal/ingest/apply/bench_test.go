package apply_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/ingest/table"
)

// BenchmarkImport is a million open invoices of two hundred thousand customers,
// as a table, into empty books: in the order of the customers, as a list of open
// items is printed, and in the order of their dates, as a journal is. The third
// time nothing has changed. ACQUIT_BENCH_ROWS asks for another number.
func BenchmarkImport(b *testing.B) {
	rows := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_ROWS")); err == nil {
		rows = n
	}
	for _, engine := range []struct {
		name string
		open func(testing.TB, *dbtest.Clock) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		for _, order := range []struct {
			name   string
			byDate bool
		}{{"by_customer", false}, {"by_date", true}} {
			src := ingest.FromBytes("factures.csv", aJournal(rows, order.byDate))
			b.Run(engine.name+"/"+order.name, func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					books := newShop(b, engine.open(b, dbtest.NewClock()))
					b.StartTimer()
					importRows(b, books, src, "+%d ~0 =0 customers %d", rows, rows/5)
				}
				b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

// BenchmarkImportAgain is the same list once more, as a stock: nothing changes.
func BenchmarkImportAgain(b *testing.B) {
	rows := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("ACQUIT_BENCH_ROWS")); err == nil {
		rows = n
	}
	src := ingest.FromBytes("factures.csv", aJournal(rows, false))
	for _, engine := range []struct {
		name string
		open func(testing.TB, *dbtest.Clock) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			books := newShop(b, engine.open(b, dbtest.NewClock()))
			importRows(b, books, src, "+%d ~0 =0 customers %d", rows, rows/5)
			books.o.Mode = apply.Stock
			for b.Loop() {
				importRows(b, books, src, "+0 ~0 =%d", rows)
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func importRows(b *testing.B, books *shop, src ingest.Source, want string, args ...any) {
	b.Helper()
	o := books.o
	o.Drivers = []ingest.Driver{table.Driver}
	rep, err := apply.Run(b.Context(), books.d, books.s, o, src)
	if err != nil {
		b.Fatal(err)
	}
	if got := counts(rep); got != fmt.Sprintf(want, args...) {
		b.Fatalf("%s\n%s", got, notes(rep))
	}
}

// aJournal is a list of open invoices, five to a customer.
func aJournal(rows int, byDate bool) []byte {
	var out bytes.Buffer
	out.WriteString("Numéro;Code client;Nom du client;E-mail;Date;Échéance;Montant TTC;Reste dû;Devise;Commande\r\n")
	chance := rand.New(rand.NewPCG(1, 1))
	order := chance.Perm(rows)
	for i := range rows {
		at := i
		if byDate {
			at = order[i]
		}
		c, amount := at/5, 10_00+chance.IntN(90_000_00)
		issued := today.Add(-(rows - i) * 90 / rows)
		fmt.Fprintf(&out, "F2026-%07d;C%06d;Société d’Équipement n° %d;compta@client%d.example;%s;%s;%d,%02d;%d,%02d;EUR;BC-%d\r\n",
			i, c, c, c, issued.Time().Format("02/01/2006"), issued.Add(30+at%15).Time().Format("02/01/2006"),
			amount/100, amount%100, amount/100, amount%100, i)
	}
	return out.Bytes()
}
