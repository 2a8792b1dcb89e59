package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"acquit/internal/match"
)

// writings are how payers and banks write the number F2026-00123 of an invoice.
// What is true of it must be found by itself; what is loose, with the payer.
var writings = []struct {
	label string
	loose bool // the payer must be known too
}{
	{"F2026-00123", false},
	{"f2026-00123", false},
	{"VIR SEPA RECU F2026-00123", false},
	{"VIREMENT FACTURE F2026-00123", false},
	{"FACT F2026 00123", false},
	{"FACT F 2026 00123", false},
	{"FACTURE N° F2026-00123 DU 05/10/2026", false},
	{"FACTURE NO F2026/00123", false},
	{"REGLT FACT. F-2026-00123", false},
	{"F2026.00123 MERCI", false},
	{"F202600123", false},
	{"RGLT FACT F202600123 CLIENT 4471", false},
	{"2026-00123", false},
	{"2026/00123", false},
	{"202600123", false},
	{"FACTURE 2026 00123", false},
	{"FACTURE 2026 00 123", false},
	{"FACTURE 20 26 00 123", false},
	{"FACT 2026-123", true},
	{"FACT 2026123", true},
	{"FACT 26-00123", true},
	{"FACT 2600123", true},
	{"FACT 26-123", true},
	{"FACTURE 00123", true},
	{"FACT 123", true},
	{"N°123", true},
	{"FACT 0123", true},
	{"00123/2026", true},
	{"FACTURE 123-2026", true},
	{"F2O26-OO123", false},
	{"F2026-OO123", false},
	{"F2026-00I23", false},
	{"F2026-0O123", false},
	{"F2026-00132", true}, // two digits exchanged: the number of nobody's
	{"F2026-0123", true},  // a zero forgotten
	{"F2026-000123", true},
	{"F2026-00124X", true},
	{"F2026-0012", true}, // cut off
	{"VIR SEPA DE IMPRIMERIE DELVAUX F2026-001", true},
	{"VIREMENT EN VOTRE FAVEUR F2026-", true},
	{"FACT2026-00123", false},
	{"FACTF2026-00123", false},
	{"INV F2026-00123 / PO 77812", false},
	{"REF:F2026-00123;CLT:C0001", false},
	{"/INV/F2026-00123/", false},
	{"+F2026-00123+", false},
	{"PAIEMENT F2026-00123 LE 20/11/2026 1200,00 EUR", false},
	{"2026-00-123", false},
	{"F2026 - 00123", false},
	{"F2026_00123", false},
	{"F2026:00123", false},
	{"FACTURE:2026 00123", false},
	{"F2026-00123F2026-00123", false},
	{"REGLEMENT F2026-00123 TEL 03 20 12 34 56", false},
	{"59800 LILLE F2026-00123", false},
	{"VIREMENT 20261120 F2026-00123", false},
}

// payers wrap a label as banks do: in full, in the capitals of CFONB 120, cut into
// its lines of 31 characters, as one label with the payer's name.
var wraps = []struct {
	name string
	wrap func(label string) []string
}{
	{"alone", func(s string) []string { return []string{s} }},
	{"capitals", func(s string) []string { return []string{"VIR SEPA RECU", strings.ToUpper(s)} }},
	{"behind the name", func(s string) []string { return []string{"VIR IMPRIMERIE DELVAUX", s} }},
	{"lines of 31", func(s string) []string { return lines("VIR SEPA RECU /MOTIF "+s, 31) }},
	{"lines of 35", func(s string) []string { return lines("VIREMENT DE IMPRIMERIE DELVAUX "+s, 35) }},
	{"in a memo", func(s string) []string { return []string{"IMPRIMERIE DELVAUX / " + s} }},
}

func lines(s string, width int) (out []string) {
	for len(s) > width {
		out = append(out, s[:width])
		s = s[width:]
	}
	return append(out, s)
}

func TestNumbersAreFoundAsPeopleWriteThem(t *testing.T) {
	l := company()
	l.invoice("delvaux", "F2026-00123", "2026-10-05", 120_000)
	l.invoice("delvaux", "F2026-00188", "2026-10-12", 120_000)
	ix := l.index()
	for _, w := range writings {
		for _, wrap := range wraps {
			t.Run(w.label+" "+wrap.name, func(t *testing.T) {
				payer := ""
				if w.loose {
					payer = "IMPRIMERIE DELVAUX"
				}
				want(t, ix.Explain(entry(120_000, payer, wrap.wrap(w.label)...)), "F2026-00123 1200.00")
			})
		}
	}
}

// Other creditors number otherwise: the scheme is learnt from the items.
func TestNumberingIsLearntFromTheItems(t *testing.T) {
	for _, c := range []struct {
		number, issued string
		labels         []string
	}{
		{"FA-26-0871", "2026-09-03", []string{
			"FA-26-0871", "FA 26 0871", "FA260871", "260871", "FACT 871", "FACT 26/871", "FACT 0871",
		}},
		{"2026/11/0045", "2026-11-02", []string{"2026/11/0045", "2026 11 0045", "2026110045", "FACT 11/0045", "FACT 0045"}},
		{"VT26110045", "2026-11-02", []string{"VT26110045", "VT 26 11 0045", "26110045", "FACT VT26110045"}},
		{"100234", "2026-11-02", []string{"100234", "FACT 100234", "FACTURE N 100 234", "FACT.100234"}},
		{"00045678", "2026-11-02", []string{"00045678", "45678", "FACT 45678", "FACTURE 00045678"}},
		{"INV-2026-A-0042", "2026-11-02", []string{"INV-2026-A-0042", "2026 A 0042", "INV 2026 0042", "FACT 2026-0042"}},
		{"F00123/26", "2026-11-02", []string{"F00123/26", "F00123", "FACT 00123", "F 00123 26"}},
		{"SIT-7741-B", "2026-11-02", []string{"SIT-7741-B", "SIT 7741 B", "SIT7741B", "SITUATION 7741"}},
		{"2026-FA-00912", "2026-11-02", []string{"2026-FA-00912", "2026 00912", "2026FA00912", "FA 00912"}},
		{"F26/00077", "2026-11-02", []string{"F26/00077", "F2600077", "26 00077", "FACT 77"}},
	} {
		l := company()
		l.items = nil
		for k := range 40 { // others of the same scheme
			other := c.number[:len(c.number)-2] + fmt.Sprintf("%02d", (k*2+13)%90+10)
			if other != c.number {
				l.invoice(fmt.Sprintf("x%03d", k), other, c.issued, int64(33_000+k*7717))
			}
		}
		l.invoice("delvaux", c.number, c.issued, 84_360)
		ix := l.index()
		for _, label := range c.labels {
			t.Run(label, func(t *testing.T) {
				a := ix.Explain(entry(84_360, "IMPRIMERIE DELVAUX", label))
				want(t, a, c.number+" 843.60")
				if !slices.ContainsFunc(first(a).Reasons, func(r match.Reason) bool {
					return strings.HasPrefix(r.Code, "reference")
				}) {
					t.Errorf("no reference was found in it:\n%s", all(a))
				}
			})
		}
	}
}

func TestSeveralNumbersInOneLabel(t *testing.T) {
	l := company()
	for k, open := range []int64{31_240, 118_999, 45_677, 9_950, 77_123} {
		l.invoice("delvaux", fmt.Sprintf("F2026-0%d", 2101+k), "2026-10-05", open)
	}
	l.invoice("delvaux", "F2026-02140", "2026-10-06", 54_321)
	three := "F2026-02101 312.40, F2026-02102 1189.99, F2026-02103 456.77"
	five := three + ", F2026-02104 99.50, F2026-02105 771.23"
	ix := l.index()
	for _, c := range []struct {
		label string
		minor int64
		want  string
	}{
		{"F2026-02101 F2026-02102 F2026-02103", 195_916, three},
		{"FACT F2026-02101, 02102 ET 02103", 195_916, three},
		{"2101/2102/2103", 195_916, three},
		{"FACT 2101-2103", 195_916, three},
		{"F2101 A F2103", 195_916, three},
		{"FACTURES F2026-02101 A F2026-02103", 195_916, three},
		{"FACT 2101 AU 2103", 195_916, three},
		{"FACT 2101+2102+2103", 195_916, three},
		{"2026-02101;2026-02102;2026-02103", 195_916, three},
		{"F2026-02101 À F2026-02105", 282_989, five},
		{"FACT 2101-05", 282_989, five},
		{"F2026-02101 F2026-02102 F2026-02103 F2026-02104 F2026-0", 282_989, five}, // cut off
		{"FACT F2026-02101 F2026-02140", 85_561, "F2026-02101 312.40, F2026-02140 543.21"},
	} {
		t.Run(c.label, func(t *testing.T) {
			want(t, ix.Explain(entry(c.minor, "IMPRIMERIE DELVAUX", c.label)), c.want)
		})
	}
}

// Digits that are something else do not lead to an invoice that they resemble.
func TestOtherNumbersDoNotMislead(t *testing.T) {
	l := company()
	for _, n := range []string{"20261120", "59800", "120000", "0320123456", "201126", "2026", "7612345678"} {
		l.invoice("x001", n, "2026-10-05", 33_300)
	}
	l.invoice("delvaux", "F2026-09001", "2026-10-05", 120_000)
	ix := l.index()
	for _, label := range []string{
		"VIREMENT DU 20/11/2026", "VIREMENT 20261120", "DELVAUX 59800 LILLE", "1200,00 EUR", "TEL 03 20 12 34 56",
		"TEL 0320123456", "LE 20 11 26", "REF BANQUE 0098812345671", "FR76 1234 5678 9012 3456 7890 123", "ANNEE 2026",
		"1 200,00", "ECH 201126",
	} {
		t.Run(label, func(t *testing.T) {
			want(t, ix.Explain(entry(120_000, "IMPRIMERIE DELVAUX", label)), "F2026-09001 1200.00")
			a := ix.Explain(entry(77_777, "SOMEBODY ELSE", label))
			if sure(a) || first(a).Confidence > 9000 {
				t.Errorf("%s is taken for a reference:\n%s", label, all(a))
			}
		})
	}
}

func TestStructuredReferencesAndOurOwn(t *testing.T) {
	l := company()
	l.invoice("delvaux", "F2026-00123", "2026-10-05", 120_000)
	l.invoice("delvaux", "F2026-00188", "2026-10-12", 120_000)
	l.invoice("hoarau", "7741", "2026-10-12", 33_333, func(i *match.Item) {
		i.Order, i.Contract = "BC-26-8056", "CTR/2024/18"
	})
	ix := l.index()
	for name, e := range map[string]match.Entry{
		"ISO 11649":    {Structured: []string{"RF45 F202 6001 23"}},
		"number":       {Structured: []string{"F2026-00123"}},
		"end to end":   {EndToEnd: "F2026-00123"},
		"our own":      {EndToEnd: "doc-F2026-00123"},
		"in mandate's": {EndToEnd: "F202600123", Means: "debit"},
	} {
		t.Run(name, func(t *testing.T) {
			e.ID, e.On, e.Amount = "ent", today, eur(120_000)
			want(t, ix.Explain(e), "F2026-00123 1200.00")
		})
	}
	for _, label := range []string{"BC-26-8056", "CDE BC 26 8056", "COMMANDE 268056", "CONTRAT CTR/2024/18"} {
		t.Run(label, func(t *testing.T) {
			a := ix.Explain(entry(33_333, "", label))
			want(t, a, "7741 333.33")
			if !hasReason(first(a), "reference_order") {
				t.Errorf("the order is not told:\n%s", all(a))
			}
		})
	}
	belgian := match.Entry{ID: "ent", On: today, Amount: eur(33_333), Structured: []string{"+++000/0007/74178+++"}}
	want(t, ix.Explain(belgian), "7741 333.33")
}
