package bankyear_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"acquit/internal/app"
	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/bankfile"
	"acquit/internal/demo/bankyear"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

var on = cal.Must("2026-11-23")

func small(t *testing.T, seed uint64) *bankyear.Year {
	t.Helper()
	w, err := demo.Generate(demo.Options{Customers: 400, Invoices: 2000, Seed: seed, On: on})
	if err != nil {
		t.Fatal(err)
	}
	y, err := bankyear.New(w, bankyear.Options{Months: 7})
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// carries tells what a format cannot say.
type carries struct {
	account bool // the payer's account number
	mandate bool
	ends    bool // the end-to-end reference, in its place
	name    int  // characters of the payer's name
	label   int  // characters of the bank's own line
	text    int  // characters of what the payer wrote
	returns bool // that money goes back, and why
	days    bool // both balances
	value   bool // the day of value
	months  bool // only a table of some rows is recognised: not that of a day
}

var formats = map[bankfile.Format]carries{
	bankfile.CAMT:     {account: true, mandate: true, ends: true, name: 70, label: 140, text: 140, returns: true, days: true, value: true},
	bankfile.CFONB120: {mandate: true, ends: true, name: 70, label: 31, text: 140, returns: true, days: true, value: true},
	bankfile.MT940:    {name: 70, label: 60, text: 140, days: true, value: true},
	bankfile.OFX:      {label: 140, text: 140},
	bankfile.CSV:      {label: 140, text: 140, value: true, months: true},
}

// What is written in each format is read back by the program's own drivers:
// every entry once or twice, with its day, its amount and what the format
// carries; statements that add up and go on from one to the next.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	for format, can := range formats {
		for _, daily := range []bool{false, true} {
			if daily && can.months {
				continue
			}
			name := string(format)
			if daily {
				name += " daily"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				y := small(t, 5)
				dir := t.TempDir()
				w, err := y.WriteFiles(t.Context(), dir, bankyear.FileOptions{Format: format, Daily: daily}, nil)
				if err != nil {
					t.Fatal(err)
				}
				readBack(t, y, dir, w, can)
			})
		}
	}
}

func readBack(t *testing.T, y *bankyear.Year, dir string, w bankyear.Written, can carries) {
	t.Helper()
	got := map[string]*bank.Entry{}
	balances := map[string]money.Amount{}
	for _, name := range w.Files {
		if name == bankyear.TruthFile(dir) {
			continue
		}
		r := banktest.Disk(t, app.Formats(), filepath.Join(dir, name))
		warned := slices.ContainsFunc(r.File.Warnings, func(w ingest.Warning) bool { return w.Code != "dates" && w.Code != "vide" })
		if len(r.Rejected) > 0 || warned {
			t.Fatalf("%s: refused %v, warned %+v", name, r.Rejected, r.File.Warnings)
		}
		for _, e := range r.Entries {
			got[e.BankRef] = e
		}
		if can.days && !strings.Contains(name, "avis") && !strings.Contains(name, "-bis") {
			goesOn(t, name, r.File.Statements, balances)
		}
	}
	n := 0
	for m := range y.Movements() {
		n++
		compare(t, m, got[m.Truth.Ref], can)
	}
	if n != w.Entries {
		t.Errorf("%d entries, %d counted", n, w.Entries)
	}
}

// goesOn checks that a statement opens with what the one before closed.
func goesOn(t *testing.T, name string, list []*bank.Statement, balances map[string]money.Amount) {
	t.Helper()
	for _, s := range list {
		before, known := balances[s.Account.Key()]
		if s.Opening == nil || s.Closing == nil || known && s.Opening.Amount != before {
			t.Errorf("%s opens with %+v after %s", name, s.Opening, before)
			continue
		}
		balances[s.Account.Key()] = s.Closing.Amount
	}
}

func compare(t *testing.T, m bankyear.Movement, got *bank.Entry, can carries) {
	t.Helper()
	want := m.Entry
	if got == nil {
		t.Errorf("%s is not read", want.BankRef)
		return
	}
	if got.On != want.On || can.value && got.Value != want.Value || got.Amount != want.Amount {
		t.Errorf("%s of %s on %s is read as %s on %s", want.BankRef, want.Amount, want.On, got.Amount, got.On)
	}
	if can.account && got.Party.IBAN != want.Party.IBAN || can.mandate && got.Mandate != want.Mandate ||
		can.ends && got.EndToEnd != reference(want.EndToEnd) || can.returns && (got.Return != nil) != (want.Return != nil) {
		t.Errorf("%s: %+v is read as %+v", want.BankRef, want, got)
	}
	if name := norm(want.Party.Name); can.name > 0 && name != "" && norm(got.Party.Name) != name[:min(can.name, len(name))] {
		t.Errorf("%s: the payer %q is read as %q", want.BankRef, want.Party.Name, got.Party.Name)
	}
	all := norm(strings.Join(append(append(slices.Clone(got.Texts), got.Structured...), got.EndToEnd), " "))
	for _, text := range append(slices.Clone(want.Texts), want.Structured...) {
		limit := can.text
		if text == want.Label {
			limit = can.label
		}
		if text = demo.Unaccented(text); !strings.Contains(all, norm(text[:min(limit, len(text))])) {
			t.Errorf("%s: %q is read as %q", want.BankRef, want.Texts, got.Texts)
		}
	}
}

func reference(s string) string {
	if s == "NOTPROVIDED" {
		return ""
	}
	return s
}

// norm is a text of which formats keep at least this.
func norm(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(demo.Unaccented(s)))
}

// A truth file has a row for each document, and its rows add up to the entries.
func TestTheTruthFileAddsUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w, err := small(t, 6).WriteFiles(t.Context(), dir, bankyear.FileOptions{Format: bankfile.CAMT}, nil)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, bankyear.TruthFile(dir)))
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sums, amounts, nobody := map[string]int64{}, map[string]int64{}, map[string]bool{}
	for _, row := range rows[1:] {
		if row[6] == "batch" {
			continue
		}
		amounts[row[0]] = minor(t, row[3])
		sums[row[0]] += minor(t, row[10]) + minor(t, row[13])
		nobody[row[0]] = row[15] == "oui"
	}
	if len(amounts) != w.Entries {
		t.Errorf("%d entries of %d have their truth", len(amounts), w.Entries)
	}
	for _, ref := range slices.Sorted(maps.Keys(amounts)) {
		if !nobody[ref] && sums[ref] != amounts[ref] && amounts[ref] > 0 {
			t.Errorf("%s: %d is said to pay %d", ref, amounts[ref], sums[ref])
		}
	}
}

func minor(t *testing.T, cell string) int64 {
	t.Helper()
	if cell == "" {
		return 0
	}
	a, err := money.ParseHuman(cell, money.EUR, money.Hints{Decimal: ','})
	if err != nil {
		t.Fatal(err)
	}
	return a.Minor
}

// The same numbers give the same bytes; a folder that has files is left alone.
func TestTheSameBytes(t *testing.T) {
	t.Parallel()
	a, b := t.TempDir(), t.TempDir()
	var w bankyear.Written
	for _, dir := range []string{a, b} {
		var err error
		if w, err = small(t, 9).WriteFiles(t.Context(), dir, bankyear.FileOptions{Format: bankfile.CSV}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range w.Files {
		x, errX := os.ReadFile(filepath.Join(a, name))
		y, errY := os.ReadFile(filepath.Join(b, name))
		if errX != nil || errY != nil || !bytes.Equal(x, y) {
			t.Errorf("%s differs: %v %v", name, errX, errY)
		}
	}
	if _, err := small(t, 9).WriteFiles(t.Context(), a, bankyear.FileOptions{Format: bankfile.CSV}, nil); err == nil {
		t.Error("written over")
	}
	if _, err := os.Stat(filepath.Join(a, w.Files[1])); err != nil {
		t.Errorf("a refused export removed files of before: %v", err)
	}
}
