package cfonb

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
	"acquit/internal/money"
	_ "acquit/internal/propertytest"
)

var drivers = []ingest.Driver{Driver}

// put writes fields at their places, from 1, into a record of 120 characters.
func put(fields map[int]string) string {
	line := []rune(strings.Repeat(" ", width))
	for at, text := range fields {
		copy(line[at-1:], []rune(text))
	}
	return string(line)
}

func balance(code, day, amount string) string {
	return put(map[int]string{1: code, 3: "30004", 12: "00031", 17: "EUR2", 22: "00012345678", 35: day, 91: amount})
}

func movement(code, reject, label, amount string) string {
	return put(map[int]string{
		1: "04", 3: "30004", 8: "A123", 12: "00031", 17: "EUR2", 22: "00012345678", 33: code, 35: "301126", 41: reject,
		43: "011226", 49: label, 82: "0000042", 91: amount, 105: "REFCLIENT",
	})
}

func complement(qualifier, text string) string {
	return put(map[int]string{
		1: "05", 3: "30004", 8: "A123", 12: "00031", 17: "EUR2", 22: "00012345678", 33: "05", 35: "301126", 46: qualifier, 49: text,
	})
}

func statement() []string {
	return []string{
		balance("01", "271126", "0000000010000}"),
		movement("05", "", "VIR SEPA RECU", "0000000024500{"),
		complement("NPY", "IMPRIMERIE DELVAUX"), complement("IPY", "552100554                          SIREN"),
		complement("NPO", "GROUPE DELVAUX"), complement("LCC", strings.Repeat("x", 60)+"FACTURE F2"), complement("LC2", "026-0871 été"),
		complement("LCS", "RF18539007547034"), complement("RCN", fmt.Sprintf("%-35sSALA", "NOTPROVIDED")),
		complement("REF", "BQ-77"), complement("MMO", "USD2"+"00000000270000"), complement("FEE", "EUR2"+"00000000001250"),
		complement("ZZZ", "on ne sait"), complement("LIB", "MERCI"),
		movement("08", "20", "PRELEVEMENT IMPAYE", "0000000004800}"), complement("RUM", "RUM-7"),
		movement("01", "", "CHEQUE", "0000000000123J"),
		balance("07", "301126", "0000000009576I"),
	}
}

func TestEveryQualifierHasItsPlace(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "releve.txt", strings.Join(statement(), "\r\n")+"\r\n")
	if len(r.Rejected) > 0 || len(r.Entries) != 3 {
		t.Fatalf("%d entries, %v", len(r.Entries), r.Rejected)
	}
	e, back, cheque := *r.Entries[0], r.Entries[1], r.Entries[2]
	s := e.Statement
	e.Statement, e.Raw = nil, ""
	want := bank.Entry{
		On: r.Entries[0].On, Value: r.Entries[0].Value, Amount: money.New(245000, "EUR"), Status: bank.IsBooked, Means: bank.Transfer,
		Code: "05", Label: "VIR SEPA RECU",
		Texts: []string{
			"VIR SEPA RECU", "SALA", "ZZZ on ne sait", "MERCI",
			strings.Repeat("x", 60) + "FACTURE F2026-0871 été",
		},
		Structured: []string{"REFCLIENT", "RF18539007547034"}, BankRef: "BQ-77",
		Party: bank.Party{Name: "IMPRIMERIE DELVAUX", ID: "552100554"}, Ultimate: bank.Party{Name: "GROUPE DELVAUX"},
		Fees: money.New(1250, "EUR"), Original: money.New(270000, "USD"), Line: 2,
	}
	if diff := cmp.Diff(want, e); diff != "" || e.On.String() != "2026-11-30" || e.Value.String() != "2026-12-01" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if back.Amount.String() != "-480.00 EUR" || back.Return == nil || *back.Return != (bank.Return{Code: "20", Text: "provision insuffisante"}) ||
		back.Mandate != "RUM-7" || back.Means != bank.Debit {
		t.Errorf("returned debit %+v", back)
	}
	if cheque.Amount.String() != "-12.31 EUR" || cheque.Means != bank.Cheque || !slices.Contains(cheque.Texts, "chèque 0000042") {
		t.Errorf("cheque %+v", cheque)
	}
	if s.Account.Number != "30004 00031 00012345678" || s.Opening.Amount.String() != "-1000.00 EUR" || s.Closing.Amount.String() != "957.69 EUR" {
		t.Errorf("statement %+v", s)
	}
	if len(r.File.Controls) != 1 || !r.File.Controls[0].Holds() {
		t.Errorf("the balances add up, but %+v", r.File.Controls)
	}
	if got := strings.Count(r.Entries[0].Raw, "\n"); got != 12 || !strings.HasPrefix(r.Entries[0].Raw, "0430004A123") {
		t.Errorf("%d complements in the raw text", got)
	}
}

// The codes of operations and the reasons of rejects (CFONB), of which the list for
// cheques gives the same figures another meaning.
func TestTheOperationTellsHowMoneyMovedAndWhetherItWentBack(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]struct {
		means  bank.Means
		reject string
		back   string // "-" for no return
	}{
		"02": {bank.Cheque, "", "-"}, "03": {bank.Cheque, "60", "CHQ60 impayé pour le tout"}, "05": {bank.Transfer, "", "-"},
		"10": {bank.Debit, "20", "20 provision insuffisante"}, "12": {bank.Transfer, "", " "}, "18": {bank.Transfer, "", "-"},
		"30": {bank.Card, "", "-"}, "33": {bank.Bill, "70", "70 tirage contesté"}, "35": {bank.Bill, "", "-"},
		"38": {bank.Card, "", " "}, "62": {bank.Fee, "", "-"}, "91": {bank.Other, "", "-"}, "A1": {bank.Debit, "", "-"},
		"A3": {bank.Debit, "", " "}, "B1": {bank.Debit, "", "-"}, "B3": {bank.Debit, "80", "80 contestation du débiteur"},
	} {
		lines := []string{
			balance("01", "271126", "0000000000000{"), movement(code, want.reject, "OPERATION", "0000000000100{"),
			balance("07", "301126", "0000000000100{"),
		}
		r := banktest.Text(t, drivers, code, strings.Join(lines, "\n"))
		if len(r.Entries) != 1 || len(r.Rejected) > 0 {
			t.Fatalf("%s: %v", code, r.Rejected)
		}
		e, back := r.Entries[0], "-"
		if e.Return != nil {
			back = e.Return.Code + " " + e.Return.Text
		}
		if e.Means != want.means || back != want.back {
			t.Errorf("%s: %s, %q, want %s, %q", code, e.Means, back, want.means, want.back)
		}
	}
}

func TestRecordsAreReadWithOrWithoutEndsOfLinesInAnyEncoding(t *testing.T) {
	t.Parallel()
	text := strings.Join(statement(), "\n")
	want := banktest.Text(t, drivers, "a", text).Entries
	latin, err := charmap.ISO8859_1.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	host, err := charmap.CodePage037.NewEncoder().String(strings.Join(statement(), "\u0085"))
	if err != nil {
		t.Fatal(err)
	}
	var trimmed []string
	for _, line := range statement() {
		trimmed = append(trimmed, strings.TrimRight(line, " "))
	}
	for name, content := range map[string]string{
		"without ends of lines": strings.Join(statement(), ""), "old Macintosh": strings.ReplaceAll(text, "\n", "\r"), "latin-1": latin, "EBCDIC": host,
		"trimmed": strings.Join(trimmed, "\n"), "blank lines": "\n" + strings.ReplaceAll(text, "\n", "\n\n") + "\n\x1a",
		"French braces": strings.NewReplacer("{", "é", "}", "è").Replace(text), "a mark": "\ufeff" + text,
		"wider lines": strings.ReplaceAll(text, "\n", "      \n"),
	} {
		r := banktest.Text(t, drivers, name, content)
		if len(r.Rejected) > 0 || len(r.Entries) != len(want) {
			t.Errorf("%s: %d entries, %v", name, len(r.Entries), r.Rejected)
			continue
		}
		for i, e := range r.Entries {
			if e.Amount != want[i].Amount || !slices.Equal(e.Texts, want[i].Texts) || e.Party != want[i].Party {
				t.Errorf("%s: entry %d is %+v", name, i, e)
			}
		}
	}
}

func TestAmountsCarryTheirSignInTheLastCharacter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]money.Currency{"EUR", "JPY", "TND"}).Draw(t, "currency")
		a := money.New(rapid.Int64Range(-money.MaxMinor+1, money.MaxMinor-1).Draw(t, "minor"), c)
		digits := fmt.Sprintf("%014d", a.Abs().Minor)
		signs := plus
		if a.Sign() < 0 {
			signs = minus
		}
		text := digits[:13] + string(signs[digits[13]-'0'])
		got, err := signed(text, c.Decimals(), c)
		if err != nil || got != a {
			t.Fatalf("%s is %v, %v, want %v", text, got, err, a)
		}
	})
}

func TestDecimalsAreThoseOfTheRecord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text     string
		decimals int
		currency money.Currency
		want     string
	}{
		{"0000000001904}", 2, "EUR", "-190.40 EUR"},
		{"0000000001904}", 3, "EUR", "-19.04 EUR"},
		{"0000000001904A", 0, "JPY", "19041 JPY"},
		{"0000000001904A", 0, "EUR", "19041.00 EUR"},
		{"         1904A", 3, "TND", "19.041 TND"},
		{"00000000019041", 2, "EUR", "190.41 EUR"},
		{"0000000001904A", 3, "EUR", ""},
		{"00000000019-4A", 2, "EUR", ""},
		{"              ", 2, "EUR", ""},
		{"0000000001904Z", 2, "EUR", ""},
	} {
		got, err := signed(c.text, c.decimals, c.currency)
		if c.want == "" && err == nil || c.want != "" && got.String() != c.want {
			t.Errorf("%s with %d decimals: %v, %v; want %q", c.text, c.decimals, got, err, c.want)
		}
	}
}

// The counts and sums were taken from the raw files by other means: awk over
// columns 91 to 104 of the records 04.
func TestRealFilesGiveTheirCountsAndSums(t *testing.T) {
	t.Parallel()
	early := "l’ancien solde (01) manque avant ce mouvement"
	cut := "le nouveau solde (07) de ce relevé manque"
	orphan := "ce complément (05) ne suit pas de mouvement (04)"
	alone := "ce nouveau solde (07) n’a pas d’ancien solde (01) avant lui"
	for path, want := range map[string]struct {
		entries  int
		minor    int64
		sheets   int
		rejected []string
	}{
		"cfonb-pennylane/spec/files/example.txt":                              {6, 2668, 2, nil},
		"cfonb-pennylane/spec/files/end_of_statement_without_beginning.txt":   {1, -1070, 1, []string{alone}},
		"cfonb-pennylane/spec/files/invalid_date.txt":                         {1, -1070, 1, []string{"«\u00a0CART\u00a0» n’est pas une date", alone}},
		"cfonb-pennylane/spec/files/new_statement_without_previous_ended.txt": {2, -1860, 2, []string{cut}},
		"cfonb-pennylane/spec/files/operation.txt":                            {1, -3221, 1, []string{early, cut}},
		"cfonb-pennylane/spec/files/operation_already_defined.txt":            {2, -6442, 1, []string{early, cut}},
		"cfonb-pennylane/spec/files/operation_detail_without_operation.txt":   {1, -1070, 1, []string{orphan}},
		"cfonb-pennylane/spec/files/operation_out_of_statement.txt":           {2, -4291, 2, []string{early, cut}},
		"cfonb-pennylane/spec/files/operation_unstarted.txt":                  {0, 0, 0, []string{orphan, orphan, orphan, orphan}},
		"cfonb-silarhi/tests/fixtures/complex-test.txt":                       {5, -521090, 8, nil},
		"cfonb-silarhi/tests/fixtures/non-strict-test.txt":                    {5, -521090, 8, nil},
		"cfonb-silarhi/tests/fixtures/simple-test.txt":                        {0, 0, 1, nil},
		"cfonb-silarhi/tests/fixtures/test-unused-parts.txt":                  {0, 0, 8, nil},
	} {
		folder, file, _ := strings.Cut(path, "/")
		r := banktest.Disk(t, drivers, filepath.Join(banktest.Corpus(t, folder), file))
		if len(r.Entries) != want.entries || banktest.Sums(r.Entries)["EUR"].Minor != want.minor || len(r.File.Statements) != want.sheets {
			t.Errorf("%s: %d entries of %v in %d statements, want %+v", path, len(r.Entries), banktest.Sums(r.Entries),
				len(r.File.Statements), want)
		}
		if !slices.EqualFunc(r.Rejected, want.rejected, func(x *ingest.Rejected, s string) bool { return strings.HasPrefix(x.Reason, s) }) {
			t.Errorf("%s: %v, want %q", path, r.Rejected, want.rejected)
		}
	}
}

func TestABrokenMovementIsRefusedWithItsComplements(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, reason string }{
		"amount":   {"0000000024500{", "00000000245,0{", "n’est pas un montant"},
		"day":      {"301126", "311126", "n’est pas une date"},
		"no day":   {"301126", "      ", "la date comptable manque"},
		"currency": {"EUR2", "EXR2", "n’est pas le code d’une monnaie"},
		"record":   {"04", "03", "ce n’est pas un enregistrement CFONB 120"},
	} {
		lines := statement()
		lines[1] = strings.Replace(lines[1], c.old, c.new, 1)
		r := banktest.Text(t, drivers, name, strings.Join(lines, "\n"))
		if len(r.Rejected) == 0 || r.Rejected[0].Line != 2 && r.Rejected[0].Line != 1 {
			t.Errorf("%s: %v", name, r.Rejected)
			continue
		}
		if !slices.ContainsFunc(r.Rejected, func(x *ingest.Rejected) bool { return strings.Contains(x.Reason, c.reason) && x.Line == 2 }) {
			t.Errorf("%s: %v, want %s", name, r.Rejected, c.reason)
		}
		if got := banktest.Sums(r.Entries)["EUR"]; len(r.Entries) != 2 || got.Minor != -49231 {
			t.Errorf("%s: %d entries of %v are left", name, len(r.Entries), got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(strings.Join(statement(), "\n")))
	f.Add([]byte(strings.Join(statement(), "")))
	f.Add([]byte("0415589916200000EUR2 98765432100B1160519  160519VIR"))
	f.Fuzz(func(t *testing.T, b []byte) {
		first := banktest.File(t, drivers, ingest.FromBytes("f", b))
		again := banktest.File(t, drivers, ingest.FromBytes("f", b))
		if len(first.Entries) != len(again.Entries) || len(first.Rejected) != len(again.Rejected) {
			t.Fatal("a second reading differs")
		}
	})
}

// Traits of files that banks and the programs between them were seen to write.
func TestFilesOfBanksThatStrayFromTheStandard(t *testing.T) {
	t.Parallel()
	blank := func(line string) string { return line[:16] + "    " + line[20:] }
	whole := []string{
		balance("01", "271126", "0000000010000{"), movement("18", "", "VIR RECU ÉTÉ & CIE", "0000000000123D"),
		complement("LIB", "FACTURE 7"), balance("07", "301126", "0000000010123D"),
	}
	for name, lines := range map[string][]string{
		"balances without currency": {blank(whole[0]), whole[1], whole[2], blank(whole[3])},
		"places counted in bytes":   {whole[0], strings.Replace(whole[1], "CIE  ", "CIE", 1), whole[2], whole[3]},
		"wrapped":                   {whole[0][:80], whole[0][80:], whole[1][:88], whole[1][88:], whole[2], whole[3][:60], whole[3][60:]},
	} {
		for _, end := range []string{"\n", "\r\n"} {
			r := banktest.Text(t, drivers, name, strings.Join(lines, end)+end)
			if len(r.Rejected) > 0 || len(r.Entries) != 1 || len(r.File.Controls) != 1 || !r.File.Controls[0].Holds() {
				t.Fatalf("%s: %d entries, %v, %+v", name, len(r.Entries), r.Rejected, r.File.Controls)
			}
			if e := r.Entries[0]; e.Amount.String() != "12.34 EUR" || !strings.HasPrefix(e.Label, "VIR RECU ÉTÉ") || len(e.Texts) < 2 || e.Texts[1] != "FACTURE 7" {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

func TestARecordWhosePlacesHaveShiftedIsNotReadAsAnotherAmount(t *testing.T) {
	t.Parallel()
	lines := statement()
	lines[1] = lines[1][:60] + " " + lines[1][60:] // a sign too many: 2,450.00 would be 245.00
	lines[1] += "9"
	for _, end := range []string{"\n", ""} {
		r := banktest.Text(t, drivers, "shifted", strings.Join(lines, end))
		for _, e := range r.Entries {
			if e.Label == "VIR SEPA RECU" {
				t.Errorf("read as %s", e.Amount)
			}
		}
		if len(r.Rejected) == 0 || !strings.Contains(r.Rejected[0].Reason, "il en faut 120") {
			t.Errorf("refused: %v", r.Rejected)
		}
	}
}

func TestTheReasonOfAReturnStandsInItsComplementToo(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "ret", strings.Join([]string{
		balance("01", "271126", "0000000010000{"),
		movement("B3", "", "PRLV SEPA REJETE", "0000000000100}"), complement("RET", "MD0628REMBOURSEMENT DEMANDE"),
		movement("B3", "", "PRLV SEPA REJETE", "0000000000100}"), complement("RET", "AM04"), complement("CBE", "FR7630004000310001234567843"),
		movement("18", "", "VIR RECU", "0000000000200{"), complement("RET", "on ne sait"),
		balance("07", "301126", "0000000010000{"),
	}, "\n"))
	if len(r.Entries) != 3 || len(r.Rejected) > 0 {
		t.Fatalf("%d entries, %v", len(r.Entries), r.Rejected)
	}
	for n, want := range []string{"MD06", "AM04"} {
		if back := r.Entries[n].Return; back == nil || back.Code != want || back.Text == "" {
			t.Errorf("return %d: %+v", n, back)
		}
	}
	if back := r.Entries[2].Return; back == nil || *back != (bank.Return{Text: "on ne sait"}) {
		t.Errorf("a reason without code: %+v", back)
	}
	if r.Entries[1].Party.IBAN != "FR7630004000310001234567843" {
		t.Errorf("account of the payee: %+v", r.Entries[1].Party)
	}
}
