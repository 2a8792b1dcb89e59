package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/fault"
	"acquit/internal/money"
)

func write(t *testing.T, o Options) (string, Summary, *World) {
	t.Helper()
	w, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "export")
	s, err := w.WriteCSV(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s, w
}

// contents are the files of a folder by their names.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// read gives the rows of a file by header.
func read(t *testing.T, content []byte) []map[string]string {
	t.Helper()
	body, ok := bytes.CutPrefix(content, []byte("\ufeff"))
	if !ok {
		t.Fatal("the file does not begin with the mark of UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma = ';'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]map[string]string, 0, len(records))
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, h := range records[0] {
			row[h] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func parse(t *testing.T, row map[string]string, column string) money.Amount {
	t.Helper()
	a, err := money.Parse(strings.ReplaceAll(row[column], ",", "."), money.Currency(row["Devise"]))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	o := Options{Customers: 250, Invoices: 700, Seed: 7, On: monday, History: 6}
	first, _, _ := write(t, o)
	second, _, _ := write(t, o)
	if diff := cmp.Diff(contents(t, first), contents(t, second)); diff != "" {
		t.Errorf("the same options gave other files: %s", diff)
	}
	o.Seed++
	third, _, _ := write(t, o)
	if bytes.Equal(contents(t, first)["factures.csv"], contents(t, third)["factures.csv"]) {
		t.Error("another seed gave the same invoices")
	}
}

func TestTheFilesAddUpToTheBalances(t *testing.T) {
	t.Parallel()
	dir, summary, w := write(t, Options{Customers: 400, Invoices: 1000, Seed: 11, On: monday, History: 12})
	files := contents(t, dir)
	if got := slices.Sorted(maps.Keys(files)); !cmp.Equal(got, slices.Sorted(slices.Values(summary.Files))) {
		t.Errorf("wrote %v, told %v", got, summary.Files)
	}
	want, got, settled := map[money.Currency]int64{}, map[money.Currency]int64{}, map[money.Currency]int64{}
	for c := range w.Customers() {
		for currency, a := range c.Balance() {
			want[currency] += a.Minor
		}
	}
	open := read(t, files["factures.csv"])
	for _, row := range open {
		got[money.Currency(row["Devise"])] += parse(t, row, "Restant dû").Minor
	}
	payments := read(t, files["reglements.csv"])
	for _, row := range payments {
		got[money.Currency(row["Devise"])] -= parse(t, row, "Montant").Minor
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the files of what is open (-the balances, +theirs):\n%s", diff)
	}
	for _, row := range read(t, files["historique-factures.csv"]) {
		if row["Type"] == "Facture" { // a credit note stands among the settlements
			settled[money.Currency(row["Devise"])] += parse(t, row, "Montant TTC").Minor
		}
	}
	for _, row := range read(t, files["historique-reglements.csv"]) {
		settled[money.Currency(row["Devise"])] -= parse(t, row, "Montant").Minor
	}
	for _, row := range open {
		if row["Type"] == "Avoir" { // not allocated, so no settlement
			settled[money.Currency(row["Devise"])] += parse(t, row, "Restant dû").Minor
		}
	}
	if diff := cmp.Diff(want, settled); diff != "" {
		t.Errorf("the files of the history (-the balances, +theirs):\n%s", diff)
	}
	if len(open) != summary.Invoices+summary.CreditNotes || len(payments) != summary.Payments ||
		summary.Invoices != 1000 || summary.CreditNotes == 0 || summary.Payments == 0 {
		t.Errorf("%d open items, %d payments; told %+v", len(open), len(payments), summary)
	}
	if got := len(read(t, files["clients.csv"])); got != 400 || summary.Customers != 400 {
		t.Errorf("%d customers in the file, %d told, want 400", got, summary.Customers)
	}
	for _, a := range summary.Open {
		if want[a.Currency] != a.Minor {
			t.Errorf("told %s, the balances are %d", a, want[a.Currency])
		}
	}
}

func TestNothingOfOthersIsOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mine := filepath.Join(dir, "factures.csv")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := Generate(Options{Customers: 3, Invoices: 3, On: monday})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteCSV(t.Context(), dir, nil); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("got %v, want a conflict", err)
	}
	if diff := cmp.Diff(map[string][]byte{"factures.csv": []byte("mine")}, contents(t, dir)); diff != "" {
		t.Errorf("the folder changed: %s", diff)
	}
}

func TestACancelledExportLeavesNoFiles(t *testing.T) {
	t.Parallel()
	w, err := Generate(Options{Customers: 5000, Invoices: 5000, On: monday})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	_, err = w.WriteCSV(ctx, dir, func(int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancellation", err)
	}
	if left := contents(t, dir); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	const customers = 20_000
	for b.Loop() {
		w, err := Generate(Options{Customers: customers, Invoices: 5 * customers, Seed: 1, On: monday})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.WriteCSV(b.Context(), filepath.Join(b.TempDir(), "x"), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*5*customers)/b.Elapsed().Seconds(), "invoices/s")
}
