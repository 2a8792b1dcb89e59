package bank_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/bank"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
)

// What went back is tied to what it takes back, in whatever order the two come.
func TestWhatWentBackIsTiedToWhatItTakesBack(t *testing.T) {
	t.Parallel()
	martin, petit := bank.Party{Name: "MARTIN SA"}, bank.Party{Name: "GARAGE PETIT"}
	cases := []struct {
		name     string
		paid, on string // of the payment and of its return
		payment  bank.Entry
		back     bank.Entry
		cents    int64
		tied     bool
	}{
		{
			"by the reference", "2026-01-05", "2026-01-09",
			bank.Entry{Label: "PRLV", EndToEnd: "E2E-1", Party: martin},
			bank.Entry{Label: "REJET", EndToEnd: "E2E-1", Return: &bank.Return{Code: "AM04"}},
			-100_00, true,
		},
		{
			"by the mandate, thirteen months later", "2026-01-05", "2027-02-05",
			bank.Entry{Label: "PRLV", Mandate: "RUM-7", Party: martin},
			bank.Entry{Label: "REJET", Mandate: "RUM-7", Return: &bank.Return{Code: "MD01"}},
			-100_00, true,
		},
		{
			"too late", "2026-01-05", "2027-02-06",
			bank.Entry{Label: "PRLV", Mandate: "RUM-7", Party: martin},
			bank.Entry{Label: "REJET", Mandate: "RUM-7", Return: &bank.Return{Code: "MD01"}},
			-100_00, false,
		},
		{
			"by the party", "2026-01-05", "2026-01-07",
			bank.Entry{Label: "VIR", Party: martin},
			bank.Entry{Label: "RETOUR", Party: martin, Return: &bank.Return{}},
			-100_00, true,
		},
		{
			"another party", "2026-01-05", "2026-01-07",
			bank.Entry{Label: "VIR", Party: martin},
			bank.Entry{Label: "RETOUR", Party: petit, Return: &bank.Return{}},
			-100_00, false,
		},
		{
			"another amount", "2026-01-05", "2026-01-07",
			bank.Entry{Label: "VIR", EndToEnd: "E2E-1"},
			bank.Entry{Label: "RETOUR", EndToEnd: "E2E-1", Return: &bank.Return{}},
			-99_00, false,
		},
		{
			"a cheque by its number", "2026-01-05", "2026-01-20",
			bank.Entry{Label: "REMISE CHEQUE 0012345", Means: bank.Cheque},
			bank.Entry{Label: "CHEQUE IMPAYE 0012345", Means: bank.Cheque, Return: &bank.Return{Code: "20"}},
			-100_00, true,
		},
		{
			"a reversal of the bank", "2026-01-05", "2026-01-06",
			bank.Entry{Label: "VIR", BankRef: "BANK-77"},
			bank.Entry{Label: "EXTOURNE", BankRef: "BANK-77", Reversal: true},
			-100_00, true,
		},
		{
			"no return at all", "2026-01-05", "2026-01-07",
			bank.Entry{Label: "VIR", Party: martin},
			bank.Entry{Label: "ACHAT", Party: martin},
			-100_00, false,
		},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		n := 0
		for _, c := range cases {
			for _, backwards := range []bool{false, true} {
				n++
				both := []*told{
					tell("camt", bank.Booked, c.paid, c.paid).add(c.paid, 100_00, c.payment),
					tell("camt", bank.Booked, c.on, c.on).add(c.on, c.cents, c.back),
				}
				if backwards {
					slices.Reverse(both)
				}
				for _, s := range both {
					s.Account = bank.Account{Number: "COMPTE" + string(rune('A'+n))}
					k.tell(s)
				}
				var tied []bool
				k.books.Read(func(ctx context.Context, tx *db.Tx) error {
					list, err := bank.List(ctx, tx, k.books.Scope, bank.Filter{Account: both[0].Account.Number})
					for _, e := range list {
						tied = append(tied, e.Undoes != "" && e.Undoes == list[len(list)-1].ID || e.UndoneBy != "" && e.UndoneBy == list[0].ID)
					}
					return err
				})
				if diff := cmp.Diff([]bool{c.tied, c.tied}, tied); diff != "" {
					t.Errorf("%s, backwards %v:\n%s", c.name, backwards, diff)
				}
			}
		}
	})
}

func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"AM04": "provision insuffisante", "20": "provision insuffisante", "md06": "remboursement demandé par le débiteur",
		"34": "opposition sur compte", "ZZ99": "",
	} {
		if got := bank.ReasonWords(code); got.FR != want || (got.EN == "") != (want == "") {
			t.Errorf("%s: %+v", code, got)
		}
	}
	if got := (bank.Return{Code: "ZZ99", Text: "Divers"}).Words().FR; got != "Divers" {
		t.Errorf("the bank’s own words: %q", got)
	}
}
