package table

import (
	"bytes"
	"fmt"
	"testing"

	"acquit/internal/ingest"
)

// aLedger is a list of open invoices as a French program exports it.
func aLedger(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("Numéro;Code client;Nom du client;Date;Échéance;Montant TTC;Reste dû;Devise;Commande\r\n")
	for i := range rows {
		fmt.Fprintf(&b, "F2026-%06d;C%05d;Société d’Équipement n° %d;%02d/%02d/2026;%02d/%02d/2027;%d,%02d;%d,%02d;EUR;BC-%d\r\n",
			i, i/5, i/5, i%28+1, i%12+1, i%28+1, i%12+1, i%90000+10, i%100, i%90000+10, i%100, i)
	}
	return b.Bytes()
}

func BenchmarkMillionRows(b *testing.B) {
	const rows = 1_000_000
	src := ingest.FromBytes("factures.csv", aLedger(rows))
	b.SetBytes(src.Size)
	b.ReportAllocs()
	for b.Loop() {
		f := ingest.Open(b.Context(), []ingest.Driver{Driver}, src, ingest.Hints{})
		n := 0
		for _, err := range f.Documents(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatalf("%d rows of %d", n, rows)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
