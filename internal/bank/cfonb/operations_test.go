package cfonb

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
)

var both = []ingest.Driver{Driver, Operations}

// put240 writes fields at their places, from 1, into a record of 240 characters.
func put240(fields map[int]string) string {
	line := []rune(strings.Repeat(" ", operations.width))
	for at, text := range fields {
		copy(line[at-1:], []rune(text))
	}
	return string(line)
}

func head240(code, number, amount string) string {
	return put240(map[int]string{
		1: code + number, 9: "81", 11: "301126", 17: "E", 22: "300040003100012345678", 43: "FOURNITURES DU NORD", 229: amount,
	})
}

func reject(number, op, name, label, code, amount string) string {
	at := 153
	if op == "61" {
		at = 139
	}
	return put240(map[int]string{
		1: "34" + number, 9: op, 11: "301126", 17: "E", 22: "300040003100012345678", 43: "FOURNITURES DU NORD", 67: "123456",
		78: "100960001000000000042", 99: name, 123: "R00042", at: label, 227: code, 229: amount,
	})
}

func list240() []string {
	return []string{
		head240("31", "000001", ""),
		reject("000002", "81", "GARAGE MARTEL", "FACTURE F2026-0871", "20", "000000048000"),
		reject("000003", "61", "IMPRIMERIE DELVAUX", "F2026-0900", "74", "000000120050"),
		head240("39", "000004", "000000168050"),
	}
}

func TestWhatWentBackIsReadFromItsOwnList(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"lines": strings.Join(list240(), "\n"), "DOS": strings.Join(list240(), "\r\n") + "\r\n", "no ends of lines": strings.Join(list240(), ""),
		"a mark": "\ufeff" + strings.Join(list240(), "\n"),
	} {
		r := banktest.Text(t, both, name, content)
		if len(r.Rejected) > 0 || len(r.Entries) != 2 || len(r.File.Controls) != 1 || !r.File.Controls[0].Holds() {
			t.Fatalf("%s: %d entries, %v, %+v", name, len(r.Entries), r.Rejected, r.File.Controls)
		}
		debit, bill := r.Entries[0], r.Entries[1]
		if debit.Amount.String() != "-480.00 EUR" || debit.On.String() != "2026-11-30" || debit.Means != bank.Debit ||
			debit.Label != "prélèvement impayé FACTURE F2026-0871" || *debit.Return != (bank.Return{Code: "20", Text: "provision insuffisante"}) ||
			debit.Party != (bank.Party{Name: "GARAGE MARTEL", IBAN: "10096 00010 00000000042"}) || !slices.Equal(debit.Structured, []string{"R00042"}) {
			t.Errorf("%s: debit %+v", name, debit)
		}
		if bill.Amount.String() != "-1200.50 EUR" || bill.Means != bank.Bill || bill.Return.Code != "74" || bill.Label != "LCR impayée F2026-0900" {
			t.Errorf("%s: bill %+v", name, bill)
		}
		if debit.Batch == "" || debit.Batch == bill.Batch || debit.Part != 1 || bill.Part != 1 { // the statement may have one movement of each kind
			t.Errorf("%s: %q %d, %q %d", name, debit.Batch, debit.Part, bill.Batch, bill.Part)
		}
		if s := debit.Statement; s.Kind != bank.Details || s.Account.Number != "30004 00031 00012345678" || s.Account.Name != "FOURNITURES DU NORD" {
			t.Errorf("%s: list %+v", name, s)
		}
	}
}

func TestAListOfWhatWentBackIsRefusedWhereItCannotBeTrusted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func([]string) []string
		reason  string
		entries int
		checked bool
	}{
		"an operation without a side": {func(l []string) []string { l[1] = l[1][:8] + "20" + l[1][10:]; return l }, "code «\u00a020\u00a0»", 1, false},
		"securities":                  {func(l []string) []string { l[1] = l[1][:8] + "MV000100012345678 DIVI" + l[1][30:]; return l }, "code «\u00a0MV\u00a0»", 1, false},
		"no total":                    {func(l []string) []string { return l[:3] }, "le total (39)", 2, false},
		"no header":                   {func(l []string) []string { return append(l, l[1]) }, "l’en-tête (31) manque", 2, true},
		"no day":                      {func(l []string) []string { l[1] = l[1][:10] + "993026" + l[1][16:]; return l }, "n’est pas une date", 1, false},
		"no amount":                   {func(l []string) []string { l[1] = l[1][:228] + "0000000480{0"; return l }, "n’est pas un montant", 1, false},
		"shifted":                     {func(l []string) []string { l[1] = l[1][:60] + " " + l[1][60:]; return l }, "240 caractères", 1, false},
		"short":                       {func(l []string) []string { l[1] = l[1][:200]; return l }, "n’est pas un montant", 1, false},
	} {
		r := banktest.Text(t, both, name, strings.Join(c.change(list240()), "\n"))
		if len(r.Rejected) != 1 || !strings.Contains(r.Rejected[0].Reason, c.reason) || len(r.Entries) != c.entries ||
			(len(r.File.Controls) > 0) != c.checked {
			t.Errorf("%s: %d entries, %v, %+v", name, len(r.Entries), r.Rejected, r.File.Controls)
		}
	}
	lied := list240()
	lied[3] = head240("39", "000004", "000000168051")
	if r := banktest.Text(t, both, "lied", strings.Join(lied, "\n")); len(r.File.Controls) != 1 || r.File.Controls[0].Holds() {
		t.Errorf("a total that is wrong: %+v", r.File.Controls)
	}
}

// The real list is of transfers received: which way they went, it does not say.
func TestTheRealListIsRefusedLineByLine(t *testing.T) {
	t.Parallel()
	r := banktest.Disk(t, both, filepath.Join(banktest.Corpus(t, "cfonb-silarhi"), "tests/fixtures/cfonb.240-complex-test.txt"))
	lines := 0
	for _, x := range r.Rejected {
		if !strings.HasPrefix(x.Cells[0], "34") || !strings.Contains(x.Reason, "code «\u00a020\u00a0»") {
			t.Errorf("refused %+v", x)
		}
		lines++
	}
	if lines == 0 || len(r.Entries) > 0 || r.File.Format != ingest.CFONB240 {
		t.Errorf("%d lines refused, %d entries, %s", lines, len(r.Entries), r.File.Format)
	}
}

func FuzzOperations(f *testing.F) {
	f.Add([]byte(strings.Join(list240(), "\n")))
	f.Add([]byte(strings.Join(list240(), "")))
	f.Fuzz(func(t *testing.T, b []byte) {
		first := banktest.File(t, both, ingest.FromBytes("f", b))
		again := banktest.File(t, both, ingest.FromBytes("f", b))
		if len(first.Entries) != len(again.Entries) || len(first.Rejected) != len(again.Rejected) {
			t.Fatal("a second reading differs")
		}
	})
}
