package apply_test

import (
	"archive/zip"
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/ledger"
)

// pdfs reads PDFs as facturx does: one that is no electronic invoice is refused.
var pdfs = ingest.Driver{
	Format: ingest.FacturX,
	Sniff: func(s ingest.Sample) ingest.Confidence {
		if bytes.HasPrefix(s.Head, []byte("%PDF-")) {
			return ingest.Certain
		}
		return ingest.No
	},
	Open: func(context.Context, ingest.Source, ingest.Hints) (*ingest.File, error) {
		return nil, &ingest.Rejected{Reason: "ce PDF ne porte aucun XML de facture"}
	},
}

func archive(t *testing.T, names ...string) ingest.Source {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, n := range names {
		f, err := w.Create(n)
		if err == nil {
			_, err = f.Write([]byte("%PDF-1.7 " + n))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return ingest.FromBytes("copies.zip", out.Bytes())
}

// PDFs named after invoices are kept with them, wherever they come in the import.
func TestCopiesFindTheirInvoice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		o := b.with(func(o *apply.Options) { o.Drivers = []ingest.Driver{pdfs, lines} })
		list := file("f.csv", invoice("C1", "F2026-0871", "09-01", "10-01", 10_00), invoice("C1", "2026/12", "09-01", "10-01", 10_00),
			invoice("C1", "F100", "09-01", "10-01", 10_00), invoice("C2", "F100", "09-01", "10-01", 10_00))
		names := []string{"F2026-0871.pdf", "Facture 2026-12 Delvaux.pdf", "F100.pdf", "conditions générales.pdf"}
		empty := b.dump()
		rep := b.take(o, archive(t, names...), list)
		b.expect(rep, "+4 ~2 =0 rejected 2 customers 2")
		var kept []string
		b.read(func(ctx context.Context, tx *db.Tx) error {
			docs, err := ledger.Named(ctx, tx, b.s, "F2026-0871", "2026/12")
			for _, doc := range docs {
				files, err := ledger.Files(ctx, tx, b.s, doc.ID)
				if err != nil {
					return err
				}
				for _, f := range files {
					kept = append(kept, doc.Number+" "+f.Name+" "+string(f.Content))
				}
			}
			return err
		})
		slices.Sort(kept)
		want := []string{
			"2026/12 Facture 2026-12 Delvaux.pdf %PDF-1.7 Facture 2026-12 Delvaux.pdf",
			"F2026-0871 F2026-0871.pdf %PDF-1.7 F2026-0871.pdf",
		}
		if diff := cmp.Diff(want, kept); diff != "" {
			t.Error(diff)
		}
		said := notes(rep)
		for _, w := range []string{"plusieurs factures portent le numéro F100", "aucun XML de facture, et aucune facture"} {
			if !strings.Contains(said, w) {
				t.Errorf("%q is not said:\n%s", w, said)
			}
		}
		b.expect(b.take(o, archive(t, names...), list), "+0 ~0 =6 rejected 2")
		b.undo(rep)
		b.same("undoing", empty)
	})
}

// What a person said of columns is remembered for the files of the source that
// have the same columns, and what is said anew takes its place.
func TestAMappingIsRememberedPerSource(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		columns := []ingest.Column{{Index: 1, Name: "Truc"}, {Index: 2, Name: "Machin"}}
		asks := lines
		asks.Open = func(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
			if h.Mapping[ingest.FieldNumber] == "" {
				return nil, &ingest.Ask{File: src.Name, HeaderLine: 1, Columns: columns, Reason: "quelle colonne est laquelle ?"}
			}
			f, err := lines.Open(ctx, src, h)
			f.Header = []string{"Truc", "Machin"}
			f.Understood.What = h.Mapping[ingest.FieldNumber] + h.DateOrder
			return f, err
		}
		o := b.with(func(o *apply.Options) { o.Drivers = []ingest.Driver{asks} })
		src := file("f.csv", invoice("C1", "F100", "09-01", "10-01", 10_00))
		asked := b.take(o, src)
		b.expect(asked, "+0 ~0 =0 rejected 1")
		if a := asked.Files[0].Asked; a == nil || len(a.Columns) != 2 {
			t.Fatalf("nothing is asked: %+v", a)
		}
		told := o
		told.Hints = ingest.Hints{Mapping: map[ingest.Field]string{ingest.FieldNumber: "Truc"}, DateOrder: "mdy"}
		b.expect(b.take(told, src), "+1 ~0 =0 customers 1")
		again := b.take(o, src)
		b.expect(again, "+0 ~0 =1")
		if what := again.Files[0].Understood.What; what != "Trucmdy" {
			t.Errorf("read as %q", what)
		}
		other := o
		other.Source = "autre"
		b.expect(b.take(other, src), "+0 ~0 =0 rejected 1")
	})
}

func TestBalancesOfTheGeneralLedgerAreStatedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		books := lines
		books.Open = func(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
			f, err := lines.Open(ctx, src, h)
			stream := f.Stream
			f.Understood.Closing = day("10-31")
			f.Stream = func(yield func(*ingest.Document, error) bool) {
				stream(yield)
				f.Balances = []ingest.Balance{{Account: "411", Amount: eur(70_00)}, {Account: "411", Customer: "C1", Amount: eur(70_00)}}
			}
			return f, err
		}
		o := b.with(func(o *apply.Options) { o.Drivers = []ingest.Driver{books} })
		src := file("fec.txt", invoice("C1", "F100", "09-01", "10-01", 100_00))
		empty := b.dump()
		rep := b.take(o, src)
		b.expect(rep, "+1 ~0 =0 customers 1 balances 2")
		b.expect(b.take(o, src), "+0 ~0 =1")
		b.read(func(ctx context.Context, tx *db.Tx) error {
			c, ok, err := ledger.Compare(ctx, tx, b.s, "EUR")
			if !ok || c.On != day("10-31") || c.Stated != eur(70_00) || c.Ours != eur(100_00) || len(c.Differences) != 2 {
				t.Errorf("comparison: %+v", c)
			}
			return err
		})
		b.undo(rep)
		b.same("undoing", empty)
	})
}
