package paper_test

import (
	"strings"
	"testing"

	"acquit/internal/message"
	"acquit/internal/money"
	"acquit/internal/paper"
)

func TestAPaymentCodeIsThatOfTheGuidelines(t *testing.T) {
	t.Parallel()
	transfer := message.Transfer{
		Holder: "Atelier Dupont", IBAN: "FR76 3000 6000 0112 3456 7890 189", BIC: "AGRIFRPP", Amount: money.New(245000, money.EUR),
		Reference: "F2026-0871",
	}
	want := "BCD\n002\n1\nSCT\nAGRIFRPP\nAtelier Dupont\nFR7630006000011234567890189\nEUR2450.00\n\n\nF2026-0871"
	if got := paper.Code(transfer); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	transfer.Amount = money.Zero(money.EUR)
	if got := paper.Code(transfer); !strings.Contains(got, "\nFR7630006000011234567890189\n\n\n\nF2026") {
		t.Errorf("without an amount: got %q, want the payer to type it", got)
	}
	for name, change := range map[string]func(*message.Transfer){
		"no account": func(p *message.Transfer) { p.IBAN = "" },
		"dollars":    func(p *message.Transfer) { p.Amount = money.New(100, "USD") },
		"a credit":   func(p *message.Transfer) { p.Amount = money.New(-100, money.EUR) },
		"a billion":  func(p *message.Transfer) { p.Amount = money.New(100_000_000_000, money.EUR) },
		"a long reference": func(p *message.Transfer) {
			p.Reference = strings.Repeat("é", 400)
			p.Holder = strings.Repeat("é", 400)
		},
	} {
		changed := transfer
		change(&changed)
		if got := paper.Code(changed); got != "" {
			t.Errorf("%s: got %q, want no code", name, got)
		}
	}
}
