package fec

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"acquit/internal/ingest"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

const header = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\n"

// at writes a line: journal, entry, date, account, customer, piece, label, debit, credit, letter.
func at(journal, entry, date, account, customer, piece, label, debit, credit, letter string) string {
	name, lettered := "", ""
	if customer != "" {
		name = "Client " + customer
	}
	if letter != "" {
		lettered = "20261120"
	}
	return strings.Join([]string{
		journal, "", entry, date, account, "Compte " + account, customer, name, piece, date, label, debit, credit, letter, lettered, date, "", "",
	}, "\t") + "\n"
}

func sales(entry, date, customer, piece, amount, letter string) string {
	return at("VE", entry, date, "411000", customer, piece, "Facture "+piece, amount, "0,00", letter) +
		at("VE", entry, date, "706000", "", piece, "", "0,00", amount, "")
}

func received(entry, date, customer, piece, amount, letter string) string {
	return at("BQ", entry, date, "512000", "", piece, "", amount, "0,00", "") +
		at("BQ", entry, date, "411000", customer, piece, "Virement", "0,00", amount, letter)
}

func outcome(t testing.TB, name string, content []byte) (*ingest.File, []string) {
	t.Helper()
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes(name, content), ingest.Hints{})
	keys := map[string]string{}
	var lines []string
	for d, err := range f.Documents(t.Context()) {
		if r, ok := errors.AsType[*ingest.Rejected](err); ok {
			lines = append(lines, strings.ReplaceAll(fmt.Sprintf("%d:%d refusé : %s", r.Line, r.Column, r.Reason),
				"\u00a0", " "))
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		keys[d.Key] = d.Number
		lines = append(lines, show(d, keys))
	}
	return f, lines
}

func show(d *ingest.Document, keys map[string]string) string {
	kind := string(d.Kind)
	if d.Nature != "" {
		kind += "/" + string(d.Nature)
	}
	s := fmt.Sprintf("%s %s %s %s total %s reste %s", kind, d.Customer.Code, d.Number, d.Issued,
		d.Total.Decimal(), d.Open.Decimal())
	if !d.Due.IsZero() {
		s += " échéance " + d.Due.String()
	}
	if d.Partial {
		s += " partiel"
	}
	for _, x := range d.Settles {
		s += fmt.Sprintf(" → %s %s le %s", keys[x.Key], x.Amount.Decimal(), x.On)
	}
	return s
}

func TestCustomerAccountsBecomeInvoicesAndPayments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"settled, open, unlettered": {
			sales("1", "20261001", "C1", "F1", "120,00", "A") + received("2", "20261015", "C1", "BQ1", "120,00", "A") +
				sales("3", "20261005", "C2", "F2", "50,00", "") + received("4", "20261016", "C2", "", "20,00", ""),
			[]string{
				"invoice C1 F1 2026-10-01 total 120.00 reste 0.00",
				"payment C1 BQ1 2026-10-15 total 120.00 reste 0.00 → F1 120.00 le 2026-11-20",
				"invoice C2 F2 2026-10-05 total 50.00 reste 50.00",
				"payment C2 4 2026-10-16 total 20.00 reste 20.00",
			},
		},
		"lettering that does not balance": { // FIL-06
			sales("1", "20261001", "C1", "F1", "1000,00", "B") + received("2", "20261015", "C1", "BQ1", "400,00", "B"),
			[]string{
				"invoice C1 F1 2026-10-01 total 1000.00 reste 600.00 partiel",
				"payment C1 BQ1 2026-10-15 total 400.00 reste 0.00 → F1 400.00 le 2026-11-20",
			},
		},
		"opening without a piece": { // FIL-08
			at("AN", "AN1", "20260101", "411000", "C1", "", "A nouveaux", "3500,00", "0,00", "") + at("AN", "AN1",
				"20260101", "110000", "", "", "", "0,00", "3500,00", ""),
			[]string{"invoice/opening C1 AN1 2026-01-01 total 3500.00 reste 3500.00"},
		},
		"the same letter on two customers": {
			sales("1", "20261001", "C1", "F1", "10,00", "A") + sales("2", "20261001", "C2", "F2", "10,00",
				"A") + received("3", "20261002", "C2", "B", "10,00", "A"),
			[]string{
				"invoice C1 F1 2026-10-01 total 10.00 reste 10.00 partiel",
				"invoice C2 F2 2026-10-01 total 10.00 reste 0.00",
				"payment C2 B 2026-10-02 total 10.00 reste 0.00 → F2 10.00 le 2026-11-20",
			},
		},
		"one payment for two invoices, equal amounts first": {
			sales("1", "20261001", "C1", "F1", "100,00", "A") + sales("2", "20261002", "C1", "F2", "50,00", "A") +
				received("3", "20261003", "C1", "B1", "50,00", "A") + received("4", "20261004", "C1", "B2",
				"100,00", "A"),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 0.00", "invoice C1 F2 2026-10-02 total 50.00 reste 0.00",
				"payment C1 B1 2026-10-03 total 50.00 reste 0.00 → F2 50.00 le 2026-11-20",
				"payment C1 B2 2026-10-04 total 100.00 reste 0.00 → F1 100.00 le 2026-11-20",
			},
		},
		"credit note": {
			sales("1", "20261001", "C1", "F1", "100,00", "A") +
				at("VE", "2", "20261002", "411000", "C1", "AV1", "Avoir", "0,00", "30,00", "A") + at("VE", "2",
				"20261002", "706000", "", "AV1", "", "30,00", "0,00", ""),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 70.00 partiel",
				"credit_note C1 AV1 2026-10-02 total 30.00 reste 0.00 → F1 30.00 le 2026-11-20",
			},
		},
		"a debit that came back": {
			sales("1", "20261001", "C1", "F1", "100,00", "A") + received("2", "20261005", "C1", "PR1", "100,00", "A") +
				at("BQ", "3", "20261009", "411000", "C1", "REJ1", "Rejet", "100,00", "0,00", "A") + at("BQ", "3",
				"20261009", "512000", "", "REJ1", "", "0,00", "100,00", ""),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 100.00 partiel",
				"invoice/refund C1 REJ1 2026-10-09 total 100.00 reste 0.00",
				"payment C1 PR1 2026-10-05 total 100.00 reste 0.00 → REJ1 100.00 le 2026-11-20",
			},
		},
		"a doubtful debt": {
			sales("1", "20261001", "C1", "F1", "100,00", "A") +
				at("OD", "2", "20261101", "411000", "C1", "OD1", "Douteux", "0,00", "100,00", "A") + at("OD", "2",
				"20261101", "416000", "C1", "OD1", "Douteux", "100,00", "0,00", "B") +
				at("BQ", "3", "20261102", "512000", "", "B1", "", "40,00", "0,00", "") + at("BQ", "3", "20261102",
				"416000", "C1", "B1", "Acompte", "0,00", "40,00", "B"),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 60.00 partiel",
				"payment C1 B1 2026-11-02 total 40.00 reste 0.00 → F1 40.00 le 2026-11-20",
			},
		},
		"a bill of exchange, paid": {
			sales("1", "20261001", "C1", "F1", "100,00", "A") +
				at("OD", "2", "20261010", "411000", "C1", "LCR1", "LCR", "0,00", "100,00", "A") + at("OD", "2",
				"20261010", "413000", "C1", "LCR1", "LCR", "100,00", "0,00", "AA") +
				at("BQ", "3", "20261130", "512000", "", "B1", "", "100,00", "0,00", "") + at("BQ", "3",
				"20261130", "413000", "C1", "B1", "Remise", "0,00", "100,00", "AA"),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 0.00",
				"payment C1 B1 2026-11-30 total 100.00 reste 0.00 → F1 100.00 le 2026-11-20",
			},
		},
		"an advance used on its invoice": {
			at("BQ", "1", "20260901", "512000", "", "AC1", "", "30,00", "0,00", "") + at("BQ", "1", "20260901",
				"419100", "C1", "AC1", "Acompte", "0,00", "30,00", "") +
				at("VE", "2", "20261001", "411000", "C1", "F1", "Facture", "70,00", "0,00", "") + at("VE", "2",
				"20261001", "419100", "C1", "F1", "Reprise", "30,00", "0,00", "") +
				at("VE", "2", "20261001", "706000", "", "F1", "", "0,00", "100,00", ""),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 70.00",
				"payment/advance C1 AC1 2026-09-01 total 30.00 reste 0.00 → F1 30.00 le 2026-10-01",
			},
		},
		"a loss": {
			sales("1", "20261001", "C1", "F1", "100,00", "A") +
				at("OD", "2", "20261101", "654000", "", "P1", "", "100,00", "0,00", "") + at("OD", "2",
				"20261101", "411000", "C1", "P1", "Perte", "0,00", "100,00", "A"),
			[]string{
				"invoice C1 F1 2026-10-01 total 100.00 reste 0.00",
				"credit_note/write_off C1 P1 2026-11-01 total 100.00 reste 0.00 → F1 100.00 le 2026-11-20",
			},
		},
		"without auxiliary accounts, 418 left aside": {
			at("VE", "1", "20261001", "411DUPONT", "", "F1", "Facture", "10,00", "0,00", "") + at("VE", "1",
				"20261001", "706000", "", "F1", "", "0,00", "10,00", "") +
				at("OD", "2", "20261231", "418100", "C9", "FAE", "A établir", "99,00", "0,00", "") + at("OD", "2",
				"20261231", "706000", "", "FAE", "", "0,00", "99,00", ""),
			[]string{"invoice 411DUPONT F1 2026-10-01 total 10.00 reste 10.00"},
		},
		"one piece in two entries": {
			sales("1", "20261001", "C1", "F1", "10,00", "") + sales("2", "20261002", "C1", "F1", "20,00", ""),
			[]string{"invoice C1 F1 2026-10-01 total 10.00 reste 10.00", "invoice C1 F1/2 2026-10-02 total 20.00 reste 20.00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := outcome(t, "732829320FEC20261231.txt", []byte(header+c.text))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, k := range f.Controls {
				if !k.Holds() {
					t.Errorf("control: %+v", k)
				}
			}
			if f.Understood.SIREN != "732829320" || f.Understood.Closing.String() != "2026-12-31" {
				t.Errorf("understood %+v", f.Understood)
			}
		})
	}
}

func TestEveryLawfulAndUsualFormIsReadAlike(t *testing.T) {
	t.Parallel()
	text := header + at("VE", "1", "20261001", "411000", "Noël", "F1", "Été", "1234,56", "0,00", "") + at("VE",
		"1", "20261001", "706000", "", "F1", "", "0,00", "1234,56", "")
	want := []string{"invoice Noël F1 2026-10-01 total 1234.56 reste 1234.56"}
	signed := strings.NewReplacer("Debit\tCredit", "Montant\tSens", "1234,56\t0,00", "1234,56\tD",
		"0,00\t1234,56", "1234,56\tC").Replace(text)
	plus := strings.NewReplacer("\tD\t", "\t+1\t", "\tC\t", "\t-1\t").Replace(signed)
	quoted := `"` + strings.NewReplacer("\t", `";"`, "\n", "\"\n\"").Replace(text)
	cp1252, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	latin9, err := charmap.ISO8859_15.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"tabs": []byte(text), "bars": []byte(strings.ReplaceAll(text, "\t", "|")),
		"semicolons": []byte(strings.ReplaceAll(text, "\t", ";")),
		"CRLF":       []byte(strings.ReplaceAll(text, "\n", "\r\n")), "CR": []byte(strings.ReplaceAll(text, "\n",
			"\r")), "mark": []byte("\ufeff" + text),
		"Windows-1252": cp1252, "ISO 8859-15": latin9, "Montant and Sens": []byte(signed), "+1 and -1": []byte(plus),
		"quotes": []byte(strings.TrimSuffix(quoted, `"`)), "points": []byte(strings.NewReplacer("4,5", "4.5",
			"0,0", "0.0").Replace(text)),
		"dates with dashes": []byte(strings.ReplaceAll(text, "20261001", "2026-10-01")),
		"capitals":          []byte(strings.ToUpper(header) + text[len(header):]),
		"blank lines":       []byte("\n" + strings.ReplaceAll(text, "\n", "\n\n")),
	} {
		if f, got := outcome(t, "fec.txt", b); cmp.Diff(want, got) != "" {
			t.Errorf("%s: got %q, %v", name, got, f.Warnings)
		}
	}
}

func TestDueDatesOfAnExtraColumnCutAnInvoice(t *testing.T) {
	t.Parallel()
	text := strings.TrimSuffix(header, "\n") + "\tDateEcheance\n" +
		strings.TrimSuffix(at("VE", "1", "20261001", "411000", "C1", "F1", "", "60,00", "0,00", ""),
			"\n") + "\t20261031\n" +
		strings.TrimSuffix(at("VE", "1", "20261001", "411000", "C1", "F1", "", "40,00", "0,00", ""),
			"\n") + "\t20261130\n" +
		strings.TrimSuffix(at("VE", "1", "20261001", "706000", "", "F1", "", "0,00", "100,00", ""), "\n") + "\t\n"
	_, got := outcome(t, "fec.txt", []byte(text))
	want := []string{
		"invoice C1 F1 2026-10-01 total 60.00 reste 60.00 échéance 2026-10-31",
		"invoice C1 F1 2026-10-01 total 40.00 reste 40.00 échéance 2026-11-30",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMissingColumnsAreNamed(t *testing.T) {
	t.Parallel()
	f, got := outcome(t, "fec.txt", []byte(strings.NewReplacer("EcritureDate\t", "", "\tCredit",
		"").Replace(header)+"x\n"))
	want := []string{"1:4 refusé : la colonne « EcritureDate » manque", "1:13 refusé : la colonne « Credit » manque"}
	if diff := cmp.Diff(want, got); diff != "" || f.Format != ingest.FEC {
		t.Errorf("%s: %s", f.Format, diff)
	}
	f, _ = outcome(t, "fec.txt", []byte(strings.Replace(header, "\tValidDate", "", 1)))
	if len(f.Warnings) == 0 || !strings.Contains(f.Warnings[0].Text, "ValidDate") {
		t.Errorf("got %v", f.Warnings)
	}
}

func TestBadLinesAreNamedAndShowInTheControls(t *testing.T) {
	t.Parallel()
	f, got := outcome(t, "fec.txt", []byte(header+
		sales("1", "20261001", "C1", "F1", "100,00", "")+
		at("VE", "2", "20261332", "411000", "C1", "F2", "", "10,00", "0,00", "")+
		at("VE", "3", "20261001", "411000", "C1", "F3", "", "dix", "0,00", "")))
	if len(got) != 3 || !strings.HasPrefix(got[0], "4:4 refusé : colonne « EcritureDate »") ||
		!strings.HasPrefix(got[1], "5:12 refusé : colonne « Debit »") {
		t.Errorf("got %q", got)
	}
	if len(f.Controls) != 2 || f.Controls[0].Holds() || f.Controls[1].Holds() || len(f.Warnings) != 2 {
		t.Errorf("controls %+v, warnings %v", f.Controls, f.Warnings)
	}
}

func TestLedgerWithoutCustomersIsSaidToHaveNone(t *testing.T) {
	t.Parallel()
	f, got := outcome(t, "fec.txt", []byte(header+at("OD", "1", "20261001", "606000", "", "", "", "1,00", "0,00", "")+at("OD", "1", "20261001", "401000", "", "", "", "0,00", "1,00", "")))
	if len(got) != 0 || len(f.Warnings) != 1 || f.Warnings[0].Code != "vide" {
		t.Errorf("got %q, %v", got, f.Warnings)
	}
}

func TestBalancesAreThoseOfTheLedger(t *testing.T) {
	t.Parallel()
	f, _ := outcome(t, "fec.txt", []byte(header+sales("1", "20261001", "C1", "F1", "100,00", "A")+received("2",
		"20261002", "C1", "B", "100,00", "A")+
		sales("3", "20261001", "C2", "F2", "50,00", "")+
		at("BQ", "4", "20260901", "512000", "", "AC", "", "30,00", "0,00", "")+at("BQ", "4", "20260901", "419100",
		"C2", "AC", "", "0,00", "30,00", "")))
	euros := func(minor int64) money.Amount { return money.New(minor, money.EUR) }
	want := []ingest.Balance{
		{Account: "411", Amount: euros(5000)},
		{Account: "4191", Amount: euros(-3000)},
		{Account: "411", Customer: "C2", Amount: euros(5000)},
		{Account: "4191", Customer: "C2", Amount: euros(-3000)},
	}
	if diff := cmp.Diff(want, f.Balances); diff != "" {
		t.Error(diff)
	}
}

// Whatever the lettering, what stays open is the balance of the accounts, and
// nothing is settled by more than it is.
func TestWhatStaysOpenIsAlwaysTheBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var b bytes.Buffer
		b.WriteString(header)
		accounts := rapid.SampledFrom([]string{"411000", "413000", "416000", "419100"})
		letters := rapid.SampledFrom([]string{"", "", "A", "B", "c"})
		for i := range rapid.IntRange(1, 25).Draw(rt, "entries") {
			amount := fmt.Sprintf("%d,00", rapid.IntRange(1, 4).Draw(rt, "amount")*10)
			entry, date := fmt.Sprint(i), fmt.Sprintf("202610%02d", i+1)
			customer := rapid.SampledFrom([]string{"C1", "C2"}).Draw(rt, "customer")
			journal := rapid.SampledFrom([]string{"VE", "BQ", "OD", "AN"}).Draw(rt, "journal")
			other := rapid.SampledFrom([]string{"706000", "512000", "654000", "416000", "411000"}).Draw(rt, "other")
			debit, credit := amount, "0,00"
			if rapid.Bool().Draw(rt, "side") {
				debit, credit = credit, debit
			}
			b.WriteString(at(journal, entry, date, accounts.Draw(rt, "account"), customer,
				rapid.SampledFrom([]string{"P1", "P2", ""}).Draw(rt, "piece"), "", debit, credit, letters.Draw(rt,
					"letter")))
			b.WriteString(at(journal, entry, date, other, customer, "", "", credit, debit, letters.Draw(rt, "letter2")))
		}
		f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("fec.txt", b.Bytes()), ingest.Hints{})
		left := map[string]money.Amount{}
		seen := map[string]bool{}
		for d, err := range f.Documents(t.Context()) {
			if err != nil {
				rt.Fatal(err)
			}
			name := fmt.Sprint(d.Customer.Code, d.Kind, d.Number, d.Due, d.PaidOn)
			if seen[name] {
				rt.Fatalf("two documents are called %s", name)
			}
			seen[name] = true
			left[d.Key] = d.Total
			for _, s := range d.Settles {
				left[d.Key] = left[d.Key].Sub(s.Amount)
				left[s.Key] = left[s.Key].Sub(s.Amount)
			}
			if left[d.Key] != d.Open && d.Kind != ingest.Invoice {
				rt.Fatalf("%s: %s left, said %s", name, left[d.Key], d.Open)
			}
		}
		for _, amount := range left {
			if amount.Sign() < 0 {
				rt.Fatalf("settled by more than it is: %v in\n%s", left, b.String())
			}
		}
		for _, k := range f.Controls {
			if !k.Holds() {
				rt.Fatalf("%+v\n%s", k, b.String())
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var buf bytes.Buffer
	buf.WriteString(header)
	const entries = 100_000
	for i := range entries {
		buf.WriteString(sales(fmt.Sprint(i), "20261001", fmt.Sprintf("C%d", i%20000), fmt.Sprintf("F%d", i),
			"100,00", fmt.Sprintf("L%d", i)))
		buf.WriteString(received(fmt.Sprint("B", i), "20261101", fmt.Sprintf("C%d", i%20000), fmt.Sprintf("V%d",
			i), "100,00", fmt.Sprintf("L%d", i)))
	}
	b.SetBytes(int64(buf.Len()))
	b.ReportAllocs()
	for b.Loop() {
		f := ingest.Open(b.Context(), []ingest.Driver{Driver}, ingest.FromBytes("fec.txt", buf.Bytes()), ingest.Hints{})
		for _, err := range f.Documents(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
		}
		if f.Read != 2*entries {
			b.Fatalf("%d documents", f.Read)
		}
	}
	b.ReportMetric(4*entries*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(header + sales("1", "20261001", "C1", "F1", "120,00", "A") + received("2", "20261015", "C1",
		"BQ1", "120,00", "A")))
	f.Add([]byte(strings.ReplaceAll(strings.Replace(header, "Debit\tCredit", "Montant\tSens", 1), "\t",
		"|") + "AN||1|20260101|411|||||||5|D|||||\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("fec.txt", b), ingest.Hints{})
		for d, err := range file.Documents(t.Context()) {
			if err != nil {
				if r, ok := errors.AsType[*ingest.Rejected](err); !ok || r.Reason == "" {
					t.Fatalf("not said for a person: %v", err)
				}
				continue
			}
			if d.Number == "" && d.Customer.Code == "" || d.Total.Sign() <= 0 || d.Open.Sign() < 0 ||
				d.Total.Less(d.Open) {
				t.Fatalf("%+v", d)
			}
		}
	})
}
