package cash

import (
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// paying is a proposal of a customer: amounts set against invoices of 100 €.
func paying(n int, who string, cents int64, numbers ...string) proposal {
	x := proposal{n: n, who: customer.Customer{Name: who}, Explanation: match.Explanation{Customer: who, Remainder: money.Zero(money.EUR)}}
	for i, number := range numbers {
		l := match.Line{Item: number, Customer: who, Amount: money.New(cents, money.EUR)}
		x.Lines = append(x.Lines, l)
		x.lines = append(x.lines, proposedLine{Line: l, document: ledger.Document{
			Number: number, Open: money.New(100_00, money.EUR), Due: cal.Must("2026-10-01").Add(i + len(number)),
		}})
	}
	return x
}

func settling(x proposal, k match.AdjustmentKind, cents int64) proposal {
	x.Adjustments = append(x.Adjustments, match.Adjustment{Item: x.lines[0].Item, Kind: k, Amount: money.New(cents, money.EUR)})
	return x
}

// What tells a proposal from the first is said in one sentence.
func TestAProposalSaysInWhatItDiffersFromTheFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		first, x proposal
		want     string
	}{
		{"the first", paying(1, "A", 100_00, "F1"), paying(1, "A", 100_00, "F1"), ""},
		{"another invoice of the same day", paying(1, "A", 100_00, "F1"), paying(2, "A", 100_00, "F2"), "F2 au lieu de F1."},
		{
			"another invoice of another day", paying(1, "A", 100_00, "F1"), paying(2, "A", 100_00, "F22"),
			"F22 (échéance 4 oct. 2026) au lieu de F1 (échéance 3 oct. 2026).",
		},
		{"one more", paying(1, "A", 100_00, "F1"), paying(2, "A", 100_00, "F1", "F2"), "Avec en plus F2 (échéance 4 oct. 2026)."},
		{"one less", paying(1, "A", 100_00, "F1", "F2"), paying(2, "A", 100_00, "F1"), "Sans F2 (échéance 4 oct. 2026)."},
		{
			"a part", paying(1, "A", 100_00, "F1"), paying(2, "A", 98_00, "F1"), "La même pièce, mais 2,00 € restent dus sur F1.",
		},
		{
			"charges of the bank, not a difference", settling(paying(1, "A", 100_00, "F1"), match.Difference, 40),
			settling(paying(2, "A", 100_00, "F1"), match.BankFees, 40), "La même pièce, mais 0,40 € en frais bancaires.",
		},
		{
			"another customer, and a part", paying(1, "A", 100_00, "F1"), paying(2, "B", 98_00, "F2"),
			"Un autre client, B : F2 au lieu de F1 ; 2,00 € restent dus sur F2.",
		},
		{"nothing", paying(1, "A", 100_00, "F1"), paying(2, "A", 0), "Aucune facture : tout reste en acompte."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := differs(ui.Frame{Lang: i18n.FR}, c.first, c.x)
			if got = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(got); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
