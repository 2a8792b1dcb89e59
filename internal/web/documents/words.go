package documents

import (
	"strings"

	"acquit/internal/ledger"
	"acquit/internal/report"
	"acquit/internal/web/ui"
)

// title is what a document is, and its number.
func title(f ui.Frame, d ledger.Document) string {
	return ui.Capital(report.KindWords(d.Kind, f.Lang)) + " " + d.Number
}

// sentence is whose a document is, and of when.
func sentence(f ui.Frame, page view) string {
	words := []string{page.customer.Name, f.Sayf("du %s", "of %s", f.Lang.Date(page.Issued))}
	if page.Order != "" {
		words = append(words, f.Sayf("commande %s", "order %s", page.Order))
	}
	if page.Terms != "" {
		words = append(words, page.Terms)
	}
	return strings.Join(words, " · ")
}

// natureWords is what an amount was, that no plain payment or credit note is.
func natureWords(f ui.Frame, d ledger.Document) string {
	switch d.Nature {
	case ledger.Discount:
		return f.Say("escompte", "early-payment discount")
	case ledger.BankFees:
		return f.Say("frais bancaires retenus", "bank charges taken off")
	case ledger.Small:
		return f.Say("écart de règlement", "small difference")
	case ledger.WriteOff:
		return f.Say("abandon", "given up")
	case ledger.Refund:
		return f.Say("remboursement", "paid back")
	case ledger.Correction:
		return f.Say("annulation", "cancellation")
	case ledger.Advance:
		return f.Say("acompte", "advance")
	}
	return report.KindWords(d.Kind, f.Lang)
}

// lateWords is how far past its due date an invoice is.
func lateWords(f ui.Frame, page view) string {
	if page.Kind != ledger.Invoice || page.Open.Sign() <= 0 || page.Due.IsZero() || page.Due >= page.today {
		return ""
	}
	return f.Count(page.today.Sub(page.Due), "jour de retard", "jours de retard", "day late", "days late")
}

// actedWords says what was done with an invoice, of how much, and what is left of it.
func actedWords(f ui.Frame, act string, before, after ledger.Document) string {
	what := map[string][2]string{
		"abandon":  {"Abandonné", "Given up"},
		"escompte": {"Escompte accordé", "Discount granted"},
		takeBack:   {"Repris", "Taken back"},
		setFree:    {"Désaffecté", "Freed"},
	}[act]
	change := before.Open.Sub(after.Open)
	if change.Sign() < 0 {
		change = change.Neg()
	}
	words := f.Sayf("%s : %s de %s. ", "%s: %s of %s. ", f.Say(what[0], what[1]), f.Lang.Amount(change), after.Number)
	if after.Open.IsZero() {
		return words + f.Say("Elle est soldée.", "It is settled.")
	}
	return words + f.Sayf("Il reste %s à payer.", "%s is left to pay.", f.Lang.Amount(after.Open))
}
