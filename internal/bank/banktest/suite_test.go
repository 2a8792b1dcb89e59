package banktest_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/app"
	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
	_ "acquit/internal/propertytest"
)

// movement is one entry, written below in every format.
type movement struct {
	cents int64
	day   int // of November 2026
	name  string
	text  string
	ref   string
}

func (m movement) abs() int64 { return max(m.cents, -m.cents) }

// writer writes a statement in one format.
type writer struct {
	format ingest.Format
	write  func(opening int64, list []movement) string
	blind  bool // the format has no opening balance
}

const iban = "FR7630004000310001234567843"

var writers = []writer{
	{ingest.CAMT, writeCAMT, false}, {ingest.MT940, writeMT940, false}, {ingest.CFONB120, writeCFONB, false}, {ingest.OFX, writeOFX, true},
}

func total(opening int64, list []movement) int64 {
	for _, m := range list {
		opening += m.cents
	}
	return opening
}

func decimal(cents int64, sign string) string {
	return fmt.Sprintf("%d%s%02d", cents/100, sign, cents%100)
}

func side(cents int64, plus, minus string) string {
	if cents < 0 {
		return minus
	}
	return plus
}

func absolute(n int64) int64 { return max(n, -n) }

func writeCAMT(opening int64, list []movement) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>` + iban + `</IBAN></Id><Ccy>EUR</Ccy></Acct>` + "\n")
	for _, bal := range []struct {
		code string
		n    int64
	}{{"OPBD", opening}, {"CLBD", total(opening, list)}} {
		fmt.Fprintf(&b, `<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>2026-11-30</Dt></Dt></Bal>`+"\n",
			bal.code, decimal(absolute(bal.n), "."), side(bal.n, "CRDT", "DBIT"))
	}
	for _, m := range list {
		who := side(m.cents, "Dbtr", "Cdtr")
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-%02d</Dt></BookgDt><AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><%s><Nm>%s</Nm></%s></RltdPties><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`+"\n",
			decimal(m.abs(), "."), side(m.cents, "CRDT", "DBIT"), m.day, m.ref, who, m.name, who, m.text)
	}
	return b.String() + "</Stmt></BkToCstmrStmt></Document>\n"
}

func writeMT940(opening int64, list []movement) string {
	var b strings.Builder
	fmt.Fprintf(&b, ":20:S1\r\n:25:%s\r\n:28C:1/1\r\n:60F:%s261101EUR%s\r\n", iban, side(opening, "C", "D"), decimal(absolute(opening), ","))
	for _, m := range list {
		fmt.Fprintf(&b, ":61:2611%02d11%02d%s%sNTRFNONREF//%s\r\n:86:/BENM//NAME/%s/REMI/%s\r\n", m.day, m.day, side(m.cents, "C", "D"), decimal(m.abs(), ","), m.ref, m.name, m.text)
	}
	end := total(opening, list)
	fmt.Fprintf(&b, ":62F:%s261130EUR%s\r\n-\r\n", side(end, "C", "D"), decimal(absolute(end), ","))
	return b.String()
}

func writeCFONB(opening int64, list []movement) string {
	amount := func(n int64) string {
		digits := fmt.Sprintf("%014d", absolute(n))
		return digits[:13] + string(side(n, "{ABCDEFGHI", "}JKLMNOPQR")[digits[13]-'0'])
	}
	record := func(code, day, label, amount string) string {
		return fmt.Sprintf("%s30004    00031EUR2 00012345678  %s        %-32s          %s%16s\n", code, day, label, amount, "")
	}
	more := func(qualifier, text string) string {
		return fmt.Sprintf("0530004    00031EUR2 0001234567805301126     %s%-70s  \n", qualifier, text)
	}
	b := record("01", "011126", "", amount(opening))
	for _, m := range list {
		r := record("04", fmt.Sprintf("%02d1126", m.day), m.text, amount(m.cents))
		b += r[:32] + "05" + r[34:] + more(side(m.cents, "NPY", "NBE"), m.name) + more("REF", m.ref)
	}
	return b + record("07", "301126", "", amount(total(opening, list)))
}

func writeOFX(opening int64, list []movement) string {
	var b strings.Builder
	b.WriteString("OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>30004<BRANCHID>00031<ACCTID>00012345678</BANKACCTFROM><BANKTRANLIST><DTSTART>20261101<DTEND>20261130\n")
	for _, m := range list {
		fmt.Fprintf(&b, "<STMTTRN><TRNTYPE>XFER<DTPOSTED>202611%02d<TRNAMT>%s%s<FITID>%s<PAYEE><NAME>%s</PAYEE><MEMO>%s</STMTTRN>\n", m.day, side(m.cents, "", "-"), decimal(m.abs(), "."), m.ref, m.name, m.text)
	}
	end := total(opening, list)
	fmt.Fprintf(&b, "</BANKTRANLIST><LEDGERBAL><BALAMT>%s%s<DTASOF>20261130</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n", side(end, "", "-"), decimal(absolute(end), "."))
	return b.String()
}

// movements draws what any bank may write.
func movements(t *rapid.T) (opening int64, list []movement) {
	n := rapid.IntRange(0, 6).Draw(t, "entries")
	for i := range n {
		list = append(list, movement{
			cents: rapid.Int64Range(1, 1_000_000_00).Draw(t, "cents") * rapid.SampledFrom([]int64{1, -1}).Draw(t, "sign"),
			day:   rapid.IntRange(2, 29).Draw(t, "day"), name: rapid.SampledFrom([]string{"DELVAUX", "MARTIN ET FILS", "ZZ TOP"}).Draw(t, "name"),
			text: fmt.Sprintf("FACTURE F2026-%04d", rapid.IntRange(0, 9999).Draw(t, "number")), ref: fmt.Sprintf("BQ%d", i+1),
		})
	}
	return rapid.Int64Range(-1_000_000_00, 1_000_000_00).Draw(t, "opening"), list
}

func TestTheSameEntriesAreReadFromEveryFormat(t *testing.T) {
	t.Parallel()
	drivers := app.Formats()
	rapid.Check(t, func(rt *rapid.T) {
		opening, list := movements(rt)
		for _, w := range writers {
			content := w.write(opening, list)
			r := banktest.Text(t, drivers, "relevé.dat", content)
			if r.File.Format != w.format || len(r.Rejected) > 0 || len(r.Entries) != len(list) || len(r.File.Statements) != 1 {
				rt.Fatalf("%s: read as %s, %d entries, %v", w.format, r.File.Format, len(r.Entries), r.Rejected)
			}
			same(rt, w, content, list, r.Entries)
			s := r.File.Statements[0]
			if s.Closing.Amount.Minor != total(opening, list) || !w.blind && s.Opening.Amount.Minor != opening {
				rt.Fatalf("%s: balances %v and %v", w.format, s.Opening, s.Closing)
			}
			if !w.blind && (len(r.File.Controls) != 1 || !r.File.Controls[0].Holds()) {
				rt.Fatalf("%s: %+v", w.format, r.File.Controls)
			}
		}
	})
}

// same holds what was read against what was written, and the raw text and the
// line against the file.
func same(rt *rapid.T, w writer, content string, list []movement, entries []*bank.Entry) {
	lines := strings.Split(strings.ReplaceAll(content, "\r\n", "\n"), "\n")
	for i, e := range entries {
		m := list[i]
		if e.Amount.Minor != m.cents || e.Amount.Currency != "EUR" || e.On.String() != fmt.Sprintf("2026-11-%02d", m.day) ||
			e.Party.Name != m.name || e.BankRef != m.ref || !slices.Contains(e.Texts, m.text) || e.Status != bank.IsBooked {
			rt.Fatalf("%s: %+v, want %+v", w.format, e, m)
		}
		first, _, _ := strings.Cut(e.Raw, "\n")
		if !strings.HasPrefix(lines[e.Line-1], first) || !strings.Contains(e.Raw, m.text) {
			rt.Fatalf("%s: line %d is %q, raw %q", w.format, e.Line, lines[e.Line-1], e.Raw)
		}
	}
}

func TestAChangedBalanceIsSaid(t *testing.T) {
	t.Parallel()
	list := []movement{{12345, 5, "A", "F1", "B1"}, {-500, 6, "B", "F2", "B2"}}
	for _, w := range writers {
		if w.blind {
			continue
		}
		whole, short := w.write(1000, list), w.write(1000, list[:1])
		// The closing balance of all entries over the first of them alone.
		lines := strings.SplitAfter(whole, "\n")
		at := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "B2") || strings.Contains(l, "-500") })
		if at < 0 || short == whole {
			t.Fatalf("%s: the second entry is on no line of its own", w.format)
		}
		var kept []string
		for _, l := range lines {
			if second := strings.Contains(l, "F2") || strings.Contains(l, "B2") || w.format == ingest.CFONB120 && strings.Contains(l, "NBEB"); !second {
				kept = append(kept, l)
			}
		}
		r := banktest.Text(t, app.Formats(), "x", strings.Join(kept, ""))
		if len(r.File.Controls) != 1 || r.File.Controls[0].Holds() || !slices.ContainsFunc(r.File.Warnings, func(x ingest.Warning) bool { return x.Code == "control" }) {
			t.Errorf("%s: an entry is missing and nothing is said: %+v %v", w.format, r.File.Controls, r.Rejected)
		}
	}
}

// sure are the drivers certain of a sample.
func sure(content []byte) []ingest.Format {
	sample := sampleOf(ingest.FromBytes("x", content))
	var list []ingest.Format
	for _, d := range app.Formats() {
		if d.Sniff(sample) == ingest.Certain {
			list = append(list, d.Format)
		}
	}
	return list
}

// sampleOf is what drivers see of a file.
func sampleOf(src ingest.Source) ingest.Sample {
	var seen ingest.Sample
	spy := ingest.Driver{Sniff: func(s ingest.Sample) ingest.Confidence {
		seen = s
		return ingest.No
	}}
	ingest.Open(context.Background(), []ingest.Driver{spy}, src, ingest.Hints{})
	return seen
}

func TestNeverAreTwoDriversCertainOfOneFile(t *testing.T) {
	t.Parallel()
	list := []movement{{12345, 5, "A", "F1", "B1"}}
	for _, w := range writers {
		if got := sure([]byte(w.write(1000, list))); !slices.Equal(got, []ingest.Format{w.format}) {
			t.Errorf("%s: certain are %v", w.format, got)
		}
	}
	err := filepath.WalkDir(filepath.Dir(corpus(t)), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".json") || strings.Contains(path, "LICENSE") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want := map[string]ingest.Format{
			"camt-genkgo": ingest.CAMT, "mt940-jejik": ingest.MT940, "cfonb-pennylane": ingest.CFONB120, "cfonb-silarhi": ingest.CFONB120,
			"ofx-ofxparse": ingest.OFX,
		}[strings.Split(strings.TrimPrefix(path, filepath.Dir(corpus(t))+"/"), "/")[0]]
		if strings.Contains(path, "cfonb.240") {
			want = ingest.CFONB240
		}
		if got := sure(b); !slices.Equal(got, []ingest.Format{want}) {
			t.Errorf("%s: certain are %v, want %s", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func corpus(t *testing.T) string { return banktest.Corpus(t, "camt-genkgo") }

// Whatever is cut off or spoilt, what is left is read or refused in words, and a
// second reading of the same file gives the same.
func TestHostileAndTruncatedFilesAreRefusedInWords(t *testing.T) {
	t.Parallel()
	drivers := app.Formats()
	rapid.Check(t, func(rt *rapid.T) {
		opening, list := movements(rt)
		w := rapid.SampledFrom(writers).Draw(rt, "format")
		content := []byte(w.write(opening, list))
		for range rapid.IntRange(0, 5).Draw(rt, "spoilt") {
			content[rapid.IntRange(0, len(content)-1).Draw(rt, "at")] = rapid.Byte().Draw(rt, "byte")
		}
		content = content[:rapid.IntRange(0, len(content)).Draw(rt, "cut")]
		f := ingest.Open(t.Context(), drivers, ingest.FromBytes("x", content), ingest.Hints{})
		var first []string
		for turn := range 2 {
			var told []string
			for d, err := range f.Documents(t.Context()) {
				if err != nil {
					told = append(told, err.Error())
				} else if d.Entry != nil {
					told = append(told, d.Entry.Raw+d.Entry.Amount.String())
				}
			}
			if turn == 1 && !slices.Equal(first, told) {
				rt.Fatalf("a second reading gives %q, the first gave %q", told, first)
			}
			first = told
		}
	})
}
