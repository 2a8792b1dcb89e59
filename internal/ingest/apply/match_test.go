package apply_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/money"
)

// keyed is a row of a ledger: it has a name in its file and settles others.
func keyed(d ingest.Document, key string, settles ...ingest.Settlement) ingest.Document {
	d.Key, d.Settles, d.Preceding = key, settles, ""
	return d
}

func settles(key string, cents int64, on string) ingest.Settlement {
	return ingest.Settlement{Key: key, Amount: eur(cents), On: day(on)}
}

// lettered is a document that a ledger shows lettered, and so settled.
func lettered(d ingest.Document, code string) ingest.Document {
	d.Lettering, d.Open = code, eur(0)
	return d
}

func TestWhichDocumentARowSpeaksOf(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		files [][]any
		want  []string // counts of each import
		open  map[string]int64
	}{
		{
			"an invoice in three due dates is three items, and stays so",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F1", "09-01", "11-01", 10_00), invoice("C1", "F1", "09-01", "12-01", 10_00)},
				{invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F1", "09-01", "11-01", 10_00), invoice("C1", "F1", "09-01", "12-01", 10_00)},
				{left(invoice("C1", "F1", "09-01", "11-01", 10_00), 4_00)},
			},
			[]string{"+3 ~0 =0 customers 1", "+0 ~0 =3", "+0 ~1 =0 settled 1"},
			map[string]int64{"C1 F1": 24_00},
		}, {
			"a due date that is none of several is refused rather than owed again",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F1", "09-01", "11-01", 10_00)},
				{invoice("C1", "F1", "09-01", "10-15", 12_00)},
			},
			[]string{"+2 ~0 =0 customers 1", "+0 ~0 =0 rejected 1"},
			map[string]int64{"C1 F1": 20_00},
		}, {
			"the same row twice is one invoice and a refused row",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F1", "09-01", "10-01", 12_00)},
			},
			[]string{"+1 ~0 =0 rejected 2 customers 1"},
			map[string]int64{"C1 F1": 10_00},
		}, {
			"two customers may use one number",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C2", "F1", "09-01", "10-01", 20_00)},
			},
			[]string{"+2 ~0 =0 customers 2"},
			map[string]int64{"C1 F1": 10_00, "C2 F1": 20_00},
		}, {
			"one reference names many payments",
			[][]any{
				{payment("C1", "VIR", "11-02", 10_00, ""), payment("C1", "VIR", "11-03", 10_00, ""), payment("C1", "VIR", "11-03", 12_00, "")},
				{payment("C1", "VIR", "11-02", 10_00, ""), payment("C1", "VIR", "11-09", 10_00, "")},
			},
			[]string{"+3 ~0 =0 customers 1", "+1 ~0 =1"},
			map[string]int64{"C1 VIR": -42_00},
		}, {
			"a payment over several rows goes on until it is used up, and two that are alike are two",
			[][]any{
				{
					invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F2", "09-01", "10-01", 15_00), invoice("C1", "F3", "09-01", "10-01", 25_00),
					payment("C1", "R1", "11-02", 25_00, "F1"), payment("C1", "R1", "11-02", 25_00, "F2"), payment("C1", "R1", "11-02", 25_00, "F3"),
				}, {
					payment("C1", "R1", "11-02", 25_00, "F1"), payment("C1", "R1", "11-02", 25_00, "F2"), payment("C1", "R1", "11-02", 25_00, "F3"),
				},
			},
			[]string{"+5 ~1 =0 allocated 3 customers 1", "+0 ~0 =3"},
			map[string]int64{},
		}, {
			"payments without a number are known by day and invoice",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), payment("C1", "", "11-02", 4_00, "F1"), payment("C1", "", "11-03", 5_00, "F1")},
				{payment("C1", "", "11-02", 4_00, "F1"), payment("C1", "", "11-03", 5_00, "F1")},
			},
			[]string{"+3 ~0 =0 allocated 2 customers 1", "+0 ~0 =2"},
			map[string]int64{"C1 F1": 1_00},
		}, {
			"a payment without a customer is whose the invoice is, wherever it comes",
			[][]any{
				{payment("", "R1", "11-02", 4_00, "F1"), payment("", "R2", "11-02", 4_00, "F9"), invoice("C1", "F1", "09-01", "10-01", 10_00)},
				{payment("", "R1", "11-02", 4_00, "F1")},
			},
			[]string{"+2 ~0 =0 rejected 1 allocated 1 customers 1", "+0 ~0 =1"},
			map[string]int64{"C1 F1": 6_00},
		}, {
			"a payment may come before its invoice, in the file or in another import",
			[][]any{
				{payment("C1", "R1", "11-02", 4_00, "F1"), payment("C1", "R2", "11-02", 3_00, "F2"), invoice("C1", "F1", "09-01", "10-01", 10_00)},
				{invoice("C1", "F2", "09-01", "10-01", 10_00), payment("C1", "R2", "11-02", 3_00, "F2")},
			},
			[]string{"+3 ~0 =0 allocated 1 customers 1", "+1 ~1 =0 allocated 1"},
			map[string]int64{"C1 F1": 6_00, "C1 F2": 7_00},
		}, {
			"one payment of several invoices named together",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-05", 10_00), invoice("C1", "F2", "09-01", "10-01", 10_00), payment("C1", "R1", "11-02", 15_00, "F1, F2")},
			},
			[]string{"+3 ~0 =0 allocated 2 customers 1"},
			map[string]int64{"C1 F1": 5_00}, // the oldest due date first
		}, {
			"a credit note goes where all of it fits",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), creditNote("C1", "A1", "09-05", 4_00, "F1"), creditNote("C1", "A2", "09-06", 7_00, "F1")},
			},
			[]string{"+3 ~0 =0 allocated 1 customers 1"},
			map[string]int64{"C1 F1": 6_00, "C1 A2": -7_00},
		}, {
			"what settles what, as an accounting file tells",
			[][]any{
				{
					keyed(invoice("C1", "F1", "09-01", "", 10_00), "1"), keyed(payment("C1", "BQ", "10-02", 6_00, ""), "2", settles("1", 6_00, "10-05")),
					keyed(payment("C1", "BQ", "10-02", 6_00, ""), "3", settles("4", 6_00, "10-06")), keyed(invoice("C1", "F1", "09-01", "", 20_00), "4"),
				}, {
					keyed(invoice("C1", "F1", "09-01", "", 10_00), "1"), keyed(payment("C1", "BQ", "10-02", 6_00, ""), "2", settles("1", 6_00, "10-05")),
					keyed(payment("C1", "BQ", "10-02", 6_00, ""), "3", settles("4", 6_00, "10-06")), keyed(invoice("C1", "F1", "09-01", "", 20_00), "4"),
					keyed(payment("C1", "BQ", "11-02", 14_00, ""), "5", settles("4", 14_00, "11-05")),
				},
			},
			[]string{"+4 ~0 =0 allocated 2 customers 1", "+1 ~0 =4 allocated 1"},
			map[string]int64{"C1 F1": 4_00},
		}, {
			"lettering that balances settles, lettering that does not proves nothing",
			[][]any{
				{
					lettered(invoice("C1", "F1", "09-01", "10-01", 10_00), "A"), lettered(invoice("C1", "F2", "09-01", "10-01", 5_00), "A"),
					lettered(payment("C1", "P1", "10-05", 15_00, ""), "A"),
					lettered(invoice("C1", "F3", "09-01", "10-01", 10_00), "B"), lettered(payment("C1", "P2", "10-05", 8_00, ""), "B"),
				},
			},
			[]string{"+5 ~0 =0 allocated 2 customers 1"},
			map[string]int64{},
		}, {
			"what a list shows as paid is noted, and gives way to the payment itself",
			[][]any{
				{left(invoice("C1", "F1", "09-01", "10-01", 10_00), 0), left(invoice("C1", "F2", "09-01", "10-01", 10_00), 4_00)},
				{payment("C1", "P1", "09-28", 10_00, "F1"), payment("C1", "P2", "09-28", 7_00, "F2")},
			},
			[]string{"+2 ~0 =0 customers 1", "+2 ~0 =0 allocated 2"},
			map[string]int64{"C1 F2": 3_00},
		}, {
			"what is paid and its payment in one import",
			[][]any{
				{left(invoice("C1", "F1", "09-01", "10-01", 10_00), 0), payment("C1", "P1", "09-28", 10_00, "F1")},
			},
			[]string{"+2 ~0 =0 allocated 1 customers 1"},
			map[string]int64{},
		}, {
			"nothing is owed of an amount of nothing",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 0), invoice("C1", "F2", "09-01", "10-01", 10_00)},
				{invoice("C1", "F2", "09-01", "10-01", 0)}, // cancelled since
			},
			[]string{"+1 ~0 =0 skipped 1 customers 1", "+0 ~1 =0"},
			map[string]int64{},
		}, {
			"an amount does not fall below what was paid, but below what was only noted",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), payment("C1", "P1", "10-05", 6_00, "F1"), left(invoice("C1", "F2", "09-01", "10-01", 10_00), 4_00)},
				{invoice("C1", "F1", "09-01", "10-01", 5_00), invoice("C1", "F2", "09-01", "10-01", 5_00)},
			},
			[]string{"+3 ~0 =0 allocated 1 customers 1", "+0 ~1 =0 rejected 1"},
			map[string]int64{"C1 F1": 4_00},
		}, {
			"the books know of more money than the file",
			[][]any{
				{invoice("C1", "F1", "09-01", "10-01", 10_00), payment("C1", "P1", "10-05", 6_00, "F1")},
				{left(invoice("C1", "F1", "09-01", "10-01", 10_00), 10_00)},
			},
			[]string{"+2 ~0 =0 allocated 1 customers 1", "+0 ~0 =1"},
			map[string]int64{"C1 F1": 4_00},
		},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				b := shopOf(t, d, fmt.Sprintf("crd_%d", i))
				var done []apply.Report
				dumps := [][]string{b.dump()}
				for i, docs := range c.files {
					rep := b.take(b.o, file("f.csv", docs...))
					b.expect(rep, c.want[i])
					done, dumps = append(done, rep), append(dumps, b.dump())
				}
				if open := b.open(today); !maps.Equal(open, c.open) {
					t.Errorf("open: got %v, want %v", open, c.open)
				}
				for i, rep := range slices.Backward(done) {
					b.undo(rep)
					b.same("undoing", dumps[i])
				}
			})
		}
	})
}

// What an electronic invoice asks for was so when it was made: it is never read
// as what is left today, and it completes what another file brought.
func TestElectronicInvoices(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		e := invoice("", "F1", "09-01", "10-01", 120_00)
		e.Customer = ingest.Customer{Name: "Imprimerie Delvaux SARL", SIREN: "552 100 554", Code: "anything"}
		e.Paid, e.Payable = eur(20_00), eur(100_02) // rounded by two cents
		e.Net, e.Order = eur(100_00), "BC7"
		e.Electronic = &ingest.Electronic{
			TypeCode: "380", Seller: ingest.Party{Name: "Atelier Test", SIREN: "732829320", VATID: "FR44732829320", Country: "FR"},
			VAT:        []ingest.VATLine{{Category: "S", Rate: 2000, Basis: eur(100_00), Tax: eur(20_00)}},
			Attachment: &ingest.Attachment{Name: "F1.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.7 F1")},
		}
		rep := b.take(b.o, file("F1.pdf", e))
		b.expect(rep, "+1 ~0 =0 customers 1")
		b.expectOpen(today, map[string]int64{"552100554 F1": 100_02})
		b.expect(b.take(b.o, file("F1.pdf", e)), "+0 ~0 =1")
		b.expect(b.take(b.o, file("paye.csv", payment("552100554", "P1", "10-05", 100_02, "F1"))), "+1 ~0 =0 allocated 1")
		b.expect(b.take(b.o, file("F1.pdf", e)), "+0 ~0 =1")
		b.expectOpen(today, map[string]int64{})

		list := invoice("D042", "F2", "09-02", "10-02", 60_00)
		list.Customer.SIREN, list.Customer.Name = "552100554", "DELVAUX"
		before := b.dump()
		coded := b.take(b.o, file("liste.csv", list)) // the code of the accounts takes the place of ours
		b.expect(coded, "+1 ~0 =0 mended 1")
		b.expectOpen(today, map[string]int64{"D042 F2": 60_00})
		e.Number, e.Total, e.Paid, e.Payable, e.Order = "F2", eur(61_00), money.Amount{}, eur(61_00), "BC8"
		e.Due = day("10-02")
		fill := b.take(b.o, file("F2.pdf", e))
		b.expect(fill, "+0 ~1 =0")
		b.expectOpen(today, map[string]int64{"D042 F2": 60_00})
		if w := fill.Files[0].Warnings; len(w) != 1 || w[0].Code != "amount_differs" {
			t.Errorf("the other amount is not told: %s", notes(fill))
		}
		b.undo(fill)
		b.undo(coded)
		b.same("undoing the code", before)

		foreign := b.with(func(o *apply.Options) { o.Drivers = []ingest.Driver{ownedBy("552081317")} })
		b.expect(b.take(foreign, file("F9.pdf", e)), "+0 ~0 =0 rejected 1") // one that we received
	})
}

// ownedBy reads as lines do, of a file that says whose it is.
func ownedBy(siren string) ingest.Driver {
	d := lines
	open := d.Open
	d.Open = func(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
		f, err := open(ctx, src, h)
		f.Understood.SIREN = siren
		return f, err
	}
	return d
}

func TestTermsGiveTheDueDatesThatFilesLeaveOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		of := func(f *ingest.Document, terms string) ingest.Document { f.Terms = terms; return *f }
		f1, f2, f3 := invoice("C1", "F1", "09-10", "", 10_00), invoice("C1", "F2", "09-10", "", 10_00), invoice("C2", "F3", "09-10", "", 10_00)
		b.take(b.o, file("f.csv", f1, of(&f2, "45 jours fin de mois"), of(&f3, "selon accord")))
		b.expectDues(map[string]string{"F1": "", "F2": "2026-10-31", "F3": ""})
		b.expectFindings(map[string]string{"F1": apply.DueMissing, "F3": apply.DueMissing})
		client := ingest.Document{Kind: ingest.Customers, Customer: ingest.Customer{Code: "C1", Terms: "30 jours nets"}}
		before := b.dump()
		rep := b.take(b.o, file("clients.csv", client))
		b.expect(rep, "+0 ~1 =0 dated 1 mended 1")
		b.expectDues(map[string]string{"F1": "2026-10-10", "F2": "2026-10-31", "F3": ""})
		b.expectFindings(map[string]string{"F3": apply.DueMissing})
		b.undo(rep)
		b.same("undoing the terms", before)
		usual := b.with(func(o *apply.Options) { o.Terms, o.Method = "45 jours fin de mois", cal.MethodB })
		b.expect(b.take(usual, file("f.csv", f1, f2, f3)), "+0 ~2 =1")
		b.expectDues(map[string]string{"F1": "2026-11-14", "F2": "2026-10-31", "F3": "2026-11-14"})
	})
}
