package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/ingest"
	_ "acquit/internal/propertytest"
)

// moves are what an account moved by, in cents, oldest first, and what the bank took
// off beside each.
type moves struct {
	cents, fees []int64
	opening     int64
}

func drawMoves(t *rapid.T, fees bool) moves {
	m := moves{opening: rapid.Int64Range(-5_000_00, 50_000_00).Draw(t, "opening")}
	for range rapid.IntRange(1, 12).Draw(t, "n") {
		c := rapid.Int64Range(1, 9_000_00).Draw(t, "cents")
		if rapid.Bool().Draw(t, "leaves") {
			c = -c
		}
		m.cents = append(m.cents, c)
		fee := int64(0)
		if fees {
			fee = rapid.Int64Range(0, 3_00).Draw(t, "fee")
		}
		m.fees = append(m.fees, fee)
	}
	return m
}

func french(c int64) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d,%02d", sign, c/100, c%100)
}

func unsignedFrench(c int64) string { return french(max(c, -c)) }

// layouts are the ways in which banks tell the direction of money; each writes the
// names of its columns and the cells of a row.
var layouts = map[string]struct {
	head string
	row  func(int64) string
}{
	"signed": {"Montant", french},
	"a letter behind": {"Montant", func(c int64) string {
		return unsignedFrench(c) + map[bool]string{true: " D", false: " C"}[c < 0]
	}},
	"a column of sides": {"Montant;Sens", func(c int64) string {
		return unsignedFrench(c) + map[bool]string{true: ";Débit", false: ";Crédit"}[c < 0]
	}},
	"two columns": {"Débit;Crédit", func(c int64) string {
		if c < 0 {
			return unsignedFrench(c) + ";"
		}
		return ";" + french(c)
	}},
	"two columns, debits with a minus": {"Débit;Crédit", func(c int64) string {
		if c < 0 {
			return french(c) + ";"
		}
		return ";" + french(c)
	}},
	"a minus behind": {"Montant", func(c int64) string {
		return unsignedFrench(c) + map[bool]string{true: "-"}[c < 0]
	}},
	"parentheses": {"Montant", func(c int64) string {
		if c < 0 {
			return "(" + unsignedFrench(c) + ")"
		}
		return french(c)
	}},
}

// Whatever the layout, the order, the balance and the names of columns, the entries
// are those that were written, or a person is asked; balances that are told add up.
func TestAnExportIsReadAsItWasWrittenWhateverItsLayout(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range layouts {
			if !yield(n) {
				return
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		layout := layouts[rapid.SampledFrom(names).Draw(t, "layout")]
		balance, newest := rapid.Bool().Draw(t, "balance"), rapid.Bool().Draw(t, "newest first")
		fees := balance && layout.head == "Montant" && rapid.Bool().Draw(t, "fees")
		m := drawMoves(t, fees)
		head := "Date opération;Libellé;" + layout.head
		var rows []string
		at := m.opening
		for i, c := range m.cents {
			label := "VIR SEPA RECU MARTEL"
			if c < 0 {
				label = "PRLV SEPA TELNET"
			}
			row := fmt.Sprintf("%d/11/2026;%s;%s", 13+i, label, layout.row(c))
			at += c - m.fees[i]
			if fees {
				row += ";" + french(m.fees[i])
			}
			if balance {
				row += ";" + french(at)
			}
			rows = append(rows, row+"\n")
		}
		if fees {
			head += ";Frais"
		}
		if balance {
			head += ";Solde"
		}
		if newest {
			slices.Reverse(rows)
		}
		checkExport(t, head+"\n"+strings.Join(rows, ""), m, newest)
	})
}

func checkExport(t *rapid.T, text string, m moves, newest bool) {
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", []byte(text)), ingest.Hints{Kind: ingest.Entry})
	var got []int64
	sum := int64(0)
	for d, err := range f.Documents(t.Context()) {
		if _, asked := errors.AsType[*ingest.Ask](err); asked {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		got = append(got, d.Entry.Amount.Minor)
		sum += d.Entry.Amount.Minor
	}
	if newest {
		slices.Reverse(got)
	}
	beside, within := make([]int64, len(m.cents)), m.cents
	for i, c := range m.cents {
		beside[i] = c - m.fees[i]
	}
	s := f.Statements[0]
	told := s.Opening != nil && s.Closing != nil
	// Only a balance that goes on shows where fees went, and not that of the oldest row.
	shown := told && slices.ContainsFunc(m.fees[1:], func(fee int64) bool { return fee != 0 })
	if !slices.Equal(got, beside) && (shown || !slices.Equal(got, within)) {
		t.Fatalf("read %v, written %v less %v\n%s", got, m.cents, m.fees, text)
	}
	if told && s.Closing.Amount.Minor-s.Opening.Amount.Minor != sum {
		t.Fatalf("%s to %s, but the entries are %d\n%s", s.Opening.Amount, s.Closing.Amount, sum, text)
	}
}
