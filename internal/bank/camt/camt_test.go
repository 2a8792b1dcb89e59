package camt

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
)

func sample(tb testing.TB) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/releve.xml")
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// short is what a test compares of an entry.
type short struct {
	Amount, Means, Code, Label, Party, Account, EndToEnd, Mandate, Ref, Batch string
	Part                                                                      int
}

func shorts(entries []*bank.Entry) []short {
	var list []short
	for _, e := range entries {
		list = append(list, short{
			e.Amount.String(), string(e.Means), e.Code, e.Label, e.Party.Name, e.Party.IBAN, e.EndToEnd, e.Mandate, e.BankRef,
			e.Batch, e.Part,
		})
	}
	return list
}

func TestAStatementIsReadEntryByEntry(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "relevé.dat", sample(t))
	want := []short{
		{
			Amount: "2450.00 EUR", Means: "transfer", Code: "PMNT/RCDT/ESCT", Label: "FACTURE F2026-0871",
			Party: "IMPRIMERIE DELVAUX", Account: "FR1420041010050500013M02606", Ref: "B1",
		},
		{Amount: "100.00 EUR", Means: "debit", Code: "PMNT/IDDT/ESDD", Label: "ALPHA", Party: "ALPHA", EndToEnd: "P1", Mandate: "RUM1", Batch: "REMISE9", Part: 1},
		{Amount: "250.00 EUR", Means: "debit", Code: "PMNT/IDDT/ESDD", Label: "BETA", Party: "BETA", EndToEnd: "P2", Batch: "REMISE9", Part: 2},
		{Amount: "-50.00 EUR", Means: "debit", Code: "PMNT/IDDT/ESDD", Label: "GAMMA", Party: "GAMMA", EndToEnd: "P3", Batch: "REMISE9", Part: 3},
		{Amount: "-2.50 EUR", Means: "fee", Code: "PMNT/IDDT/ESDD", Label: "frais retenus par la banque", Batch: "REMISE9", Part: 4},
		{Amount: "-480.00 EUR", Means: "debit", Code: "PMNT/IDDT/UPDD", Label: "GARAGE MARTIN", Party: "GARAGE MARTIN", Account: "X-42", EndToEnd: "P0", Mandate: "RUM7", Ref: "B3"},
		{Amount: "2050.00 EUR", Means: "transfer", Code: "05", Label: "VIR INTL", Party: "FIRST BANK", Ref: "B4"},
		{Amount: "75.00 EUR", Means: "other"},
	}
	if diff := cmp.Diff(want, shorts(r.Entries)); diff != "" || len(r.Rejected) > 0 {
		t.Fatalf("%v (-want +got):\n%s", r.Rejected, diff)
	}
	one, back, foreign := r.Entries[0], r.Entries[5], r.Entries[6]
	if diff := cmp.Diff([]string{"FACTURE F2026-0871", "merci & <Ntry>", "F2026-0871 payé 2450.00 EUR"}, one.Texts); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"RF18539007547034", "F2026-0871"}, one.Structured); diff != "" {
		t.Errorf("structured (-want +got):\n%s", diff)
	}
	if one.Party.ID != "552100554" || one.Party.BIC != "PSSTFRPPXXX" || one.Ultimate.Name != "Groupe Delvaux" || one.Value.String() != "2026-11-30" {
		t.Errorf("party %+v on behalf of %+v", one.Party, one.Ultimate)
	}
	if back.Return == nil || *back.Return != (bank.Return{Code: "AM04", Text: "PROVISION INSUFFISANTE"}) || !back.Reversal {
		t.Errorf("return %+v", back.Return)
	}
	if foreign.Original.String() != "2400.00 USD" || foreign.Fees.String() != "12.00 EUR" || r.Entries[7].Status != bank.IsPending {
		t.Errorf("original %v, fees %v", foreign.Original, foreign.Fees)
	}
	s := one.Statement
	if s.Number != "231" || s.Account.Key() != "FR7630004000031234567890143" || s.Opening.Amount.String() != "-1000.00 EUR" ||
		s.Closing.Amount.String() != "3317.50 EUR" || s.To.String() != "2026-11-30" || s.Kind != bank.Booked {
		t.Errorf("statement %+v", s)
	}
	if len(r.File.Controls) != 1 || !r.File.Controls[0].Holds() {
		t.Errorf("the balances add up, but %+v", r.File.Controls)
	}
	for _, e := range r.Entries {
		if !strings.HasPrefix(e.Raw, "<Ntry>") || !strings.HasSuffix(e.Raw, "</Ntry>") {
			t.Errorf("raw of %s: %q", e.Label, e.Raw)
		}
	}
	lines := strings.Split(sample(t), "\n")
	for i, e := range []*bank.Entry{one, r.Entries[1], r.Entries[2], back, foreign} {
		mark := []string{"2450.00", "RUM1", "P2", "480.00", "2050.00"}[i]
		if !strings.Contains(lines[e.Line-1], mark) {
			t.Errorf("line %d of entry %d does not hold %s", e.Line, i, mark)
		}
	}
}

func TestAnyEncodingAndAnyNamespaceReadTheSame(t *testing.T) {
	t.Parallel()
	text := strings.Replace(sample(t), "merci &", "réglé € &", 1)
	want := shorts(banktest.Text(t, drivers, "a", text).Entries)
	plain := strings.NewReplacer("€", "EUR", "’", "'").Replace(text)
	latin, err := charmap.ISO8859_15.NewEncoder().String(strings.Replace(plain, `"UTF-8"`, `"ISO-8859-15"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	lying, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(text, `"UTF-8"`, `"UTF-16"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	prefixed := strings.NewReplacer("</", "</n:", "<?", "<?", "<!", "<!", "<Ntry> dans", "<Ntry> dans").Replace(text)
	prefixed = prefix(prefixed)
	for name, content := range map[string]string{
		"ISO 8859-15": latin, "Windows-1252 that says UTF-8": lying, "UTF-16": wide, "with a mark": "\ufeff" + text,
		"prefixes": prefixed, "one line": strings.ReplaceAll(text, "\n", " "), "another space": strings.Replace(text, "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "urn:banque:releve", 1),
		"an envelope": strings.Replace(strings.Replace(text, "<Document", "<BizMsg><AppHdr/><Document", 1), "</Document>", "</Document></BizMsg>", 1),
	} {
		r := banktest.Text(t, drivers, name, content)
		if diff := cmp.Diff(want, shorts(r.Entries)); diff != "" || len(r.Rejected) > 0 {
			t.Errorf("%s: %v %v (-want +got):\n%s", name, r.File.Err, r.Rejected, diff)
		}
		if lied := slices.ContainsFunc(r.File.Warnings, func(w ingest.Warning) bool { return w.Code == "encodage" }); lied != strings.Contains(name, "says") {
			t.Errorf("%s: warned of the encoding: %v", name, lied)
		}
	}
}

// prefix puts the start tags into a namespace with a name.
func prefix(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteByte(text[i])
		if text[i] == '<' && i+1 < len(text) && text[i+1] >= 'A' && text[i+1] <= 'Z' {
			b.WriteString("n:")
		}
	}
	return b.String()
}

func TestABrokenEntryIsRefusedAloneAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, new string
		line     int
		reason   string
		left     int
	}{
		"no direction":             {"<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK", "<Sts><Cd>BOOK", 9, "le sens «\u00a0\u00a0» n’est ni CRDT ni DBIT", 7},
		"an amount in words":       {"2050.00", "beaucoup", 27, "«\u00a0beaucoup\u00a0» n’est pas un montant de la forme 1234.50", 7},
		"a currency that is none":  {`"EUR">480.00`, `"EU">480.00`, 22, "«\u00a0EU\u00a0» n’est pas le code d’une monnaie (ISO 4217)", 7},
		"more decimals than cents": {"480.00", "480.00125", 22, "«\u00a0480,00125\u00a0» a plus de 2 décimales", 7},
		"a day that is none":       {"<DtTm>2026-11-30T", "<DtTm>2026-13-30T", 15, "«\u00a02026-13-30\u00a0» n’est pas une date de la forme 2026-11-22", 4},
		"an ampersand": {
			"GARAGE MARTIN", "GARAGE & MARTIN", 25,
			"le document XML est mal formé\u00a0: une esperluette «\u00a0&\u00a0» n’y est pas écrite «\u00a0&amp;\u00a0», ou une entité n’est pas définie", 7,
		},
		"an entry without end": {
			"<AddtlNtryInf>VIR INTL</AddtlNtryInf></Ntry>", "", 27,
			"l’élément «\u00a0Ntry\u00a0» n’est pas fermé\u00a0: il en manque la fin", 7,
		},
		"the last entry without end": {
			"<Dt>2026-12-01</Dt></BookgDt></Ntry>", "<Dt>2026-12-01</Dt></BookgDt>", 30,
			"l’élément «\u00a0Ntry\u00a0» n’est pas fermé\u00a0: il en manque la fin", 7,
		},
	} {
		r := banktest.Text(t, drivers, name, strings.Replace(sample(t), c.old, c.new, 1))
		if len(r.Rejected) != 1 || r.Rejected[0].Line != c.line || r.Rejected[0].Reason != c.reason || len(r.Entries) != c.left {
			t.Errorf("%s: %d entries left and %v, want %d and line %d: %s", name, len(r.Entries), r.Rejected, c.left, c.line, c.reason)
		}
	}
}

func TestATruncatedFileSaysSoAndKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	text := sample(t)
	whole := banktest.Text(t, drivers, "a", text)
	for cut := len(text) - 2; cut > 700; cut -= 97 {
		r := banktest.Text(t, drivers, "a", strings.ToValidUTF8(text[:cut], ""))
		if len(r.Rejected) == 0 {
			t.Fatalf("cut at %d: nothing is said", cut)
		}
		if len(r.Entries) > len(whole.Entries) || !slices.Equal(shorts(whole.Entries)[:len(r.Entries)], shorts(r.Entries)) {
			t.Fatalf("cut at %d: other entries than those of the whole: %+v", cut, shorts(r.Entries))
		}
	}
}

func TestPaymentsThatDoNotAddUpAreOneEntry(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "a", strings.Replace(sample(t), `"EUR">250.00`, `"EUR">251.00`, 1))
	i := slices.IndexFunc(r.Entries, func(e *bank.Entry) bool { return e.Amount.String() == "297.50 EUR" })
	if len(r.Entries) != 5 || i < 0 {
		t.Fatalf("got %+v", shorts(r.Entries))
	}
	for _, name := range []string{"ALPHA", "BETA", "GAMMA"} {
		if !slices.Contains(r.Entries[i].Texts, name) {
			t.Errorf("%s is not among %q", name, r.Entries[i].Texts)
		}
	}
	if r.Entries[i].Party.Name != "" {
		t.Errorf("%s alone did not pay", r.Entries[i].Party.Name)
	}
}

func TestZippedStatementsAreRead(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"1.xml", "2.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(sample(t))); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for f := range ingest.Files(t.Context(), drivers, ingest.FromBytes("camt.zip", b.Bytes()), ingest.Hints{}) {
		for _, err := range f.Documents(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	if n != 16 {
		t.Errorf("%d entries, want 16", n)
	}
}

// Large writes a statement of n entries in as many lines.
func large(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id><Acct><Id><IBAN>FR7630004000031234567890143</IBAN></Id><Ccy>EUR</Ccy></Acct>` + "\n")
	for i := range n {
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%d.%02d</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-30</Dt></BookgDt><AcctSvcrRef>R%d</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E%d</EndToEndId></Refs><RltdPties><Dbtr><Nm>CLIENT %d</Nm></Dbtr></RltdPties><RmtInf><Ustrd>FACTURE F%d</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`+"\n", i, i%100, i, i, i, i)
	}
	b.WriteString("</Stmt></BkToCstmrStmt></Document>")
	return b.Bytes()
}

func BenchmarkHundredThousandEntries(b *testing.B) {
	content := large(100_000)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		f := ingest.Open(b.Context(), drivers, ingest.FromBytes("a.xml", content), ingest.Hints{})
		n := 0
		for _, err := range f.Documents(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 100_000 {
			b.Fatalf("%d entries", n)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func TestAMovementWithoutADayIsOfTheLastDayOfItsStatement(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "a", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.14"><BkToCstmrStmt><Stmt><Id>S</Id>`+
		`<Acct><Id><IBAN>FR7630004000031234567890143</IBAN></Id></Acct><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>`+
		`<Amt Ccy="EUR">15</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-30</Dt></Dt></Bal><Ntry><Amt Ccy="EUR">15</Amt>`+
		`<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry></Stmt></BkToCstmrStmt></Document>`)
	if len(r.Rejected) > 0 || len(r.Entries) != 1 || r.Entries[0].On.String() != "2026-11-30" {
		t.Errorf("%v, %+v", r.Rejected, r.Entries)
	}
}

// What a statement says that its entries add up to is held against them, and a
// balance without a direction is one all the same.
func TestTheTotalsOfAStatementAreHeldAgainstItsEntries(t *testing.T) {
	t.Parallel()
	entry := func(amount, side string) string {
		return `<Ntry><Amt Ccy="EUR">` + amount + `</Amt><CdtDbtInd>` + side + `</CdtDbtInd></Ntry>`
	}
	statement := func(credits, debits, entries string) string {
		return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><Othr><Id>LT60</Id></Othr></Id>` +
			`<Ccy>EUR</Ccy></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">-20</Amt><Dt><Dt>2026-11-29</Dt></Dt></Bal>` +
			`<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10.5</Amt><Dt><Dt>2026-11-30</Dt></Dt></Bal>` +
			`<TxsSummry><TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>` + credits + `</Sum></TtlCdtNtries><TtlDbtNtries><Sum>` + debits +
			`</Sum></TtlDbtNtries></TxsSummry>` + entries + `</Stmt></BkToCstmrStmt></Document>`
	}
	whole := entry("30", "CRDT") + entry("10.50", "CRDT") + entry("10", "DBIT")
	for name, c := range map[string]struct {
		text, broken string
		controls     int
	}{
		"as stated":         {statement("40.5", "10.00", whole), "", 3},
		"an entry is gone":  {statement("40.5", "10.00", entry("30", "CRDT")+entry("10", "DBIT")), "total des crédits", 3},
		"nothing is stated": {statement("0", "0", whole), "", 1},
		"one is refused":    {statement("40.5", "10.00", whole+entry("x", "CRDT")), "", 1},
	} {
		r := banktest.Text(t, drivers, name, c.text)
		if s := r.File.Statements[0]; s.Opening == nil || s.Opening.Amount.String() != "-20.00 EUR" || s.Closing.Amount.String() != "10.50 EUR" {
			t.Errorf("%s: balances %+v", name, s)
		}
		if len(r.File.Controls) != c.controls {
			t.Errorf("%s: %+v", name, r.File.Controls)
		}
		for _, k := range r.File.Controls {
			if strings.HasPrefix(k.Label, "total") && k.Holds() == (k.Label == c.broken) {
				t.Errorf("%s: %+v", name, k)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sample(f)))
	f.Add(large(3))
	f.Add([]byte(`<Document><BkToCstmrStmt><Stmt><Ntry><Ntry/></Stmt>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		first := banktest.File(t, drivers, ingest.FromBytes("f", b))
		again := banktest.File(t, drivers, ingest.FromBytes("f", b))
		if cmp.Diff(shorts(first.Entries), shorts(again.Entries)) != "" || len(first.Rejected) != len(again.Rejected) {
			t.Fatal("a second reading differs")
		}
	})
}
