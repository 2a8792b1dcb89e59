package handover

import (
	"context"
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

// Split is an amount with tax cut into its net part and its VAT, in exact cents. Known
// is false where the books do not say what the invoice was without tax.
type Split struct {
	Net, VAT money.Amount
	Rate     string // in percent, "20"; empty where the invoice has several or an unusual one
	Known    bool
}

// rates are those of French VAT, in tenths of a percent.
var rates = []struct {
	tenths int64
	name   string
}{{200, "20"}, {100, "10"}, {85, "8,5"}, {55, "5,5"}, {21, "2,1"}, {0, "0"}}

// SplitVAT cuts a part of an invoice as the whole of it is cut: a payment on account
// bears on net and tax alike. The parts add up to the amount.
func SplitVAT(d ledger.Document, part money.Amount) Split {
	if d.Net.Currency != d.Amount.Currency || d.Amount.Sign() <= 0 || d.Amount.Less(d.Net) || d.Net.Sign() < 0 {
		return Split{}
	}
	shares, err := part.SplitBy(d.Net.Minor, d.Amount.Minor-d.Net.Minor)
	if err != nil { // weights that are not negative and not both zero
		return Split{}
	}
	return Split{Net: shares[0], VAT: shares[1], Rate: rateOf(d), Known: true}
}

// rateOf is the one rate that gives the invoice's tax, to a cent.
func rateOf(d ledger.Document) string {
	tax := d.Amount.Minor - d.Net.Minor
	for _, r := range rates {
		if exact := d.Net.Minor * r.tenths; abs(exact-tax*1000) <= 1000 {
			return r.name
		}
	}
	return ""
}

func abs(n int64) int64 { return max(n, -n) }

// VATDeadline is the last day to recover the VAT of a claim that became irrecoverable on
// a day: the end of the second year after (CGI ann. II art. 208, from memory).
func VATDeadline(event cal.Date) cal.Date {
	y, _, _ := event.Date()
	return cal.Must(fmt.Sprintf("%04d-12-31", y+2))
}

// Mention is what the duplicate of an invoice must bear for its VAT to be recovered (CGI
// 272-1).
func Mention(s Split) string {
	if !s.Known {
		return "ventilation HT et TVA inconnue : la reprendre de la facture"
	}
	return "Facture demeurée impayée pour la somme de " + s.Net.Format("fr") + " (prix net) et pour la somme de " +
		s.VAT.Format("fr") + " (TVA correspondante) qui ne peut faire l’objet d’une déduction (article 272 du CGI)"
}

// LossSheet is the losses of a period for the accountant: what was given up, net and tax
// as far as known, what made it irrecoverable, until when the VAT may be recovered, and
// the mention for the duplicate.
func LossSheet(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date, l i18n.Lang) (sheet.Sheet, error) {
	losses, err := Losses(ctx, tx, s, LossFilter{States: []LossState{LossDone, LossReversed}, Limit: maxLosses})
	if err != nil {
		return sheet.Sheet{}, err
	}
	t := lossTable(from, to, l)
	for _, x := range losses {
		if x.DecidedOn < from || x.DecidedOn > to {
			continue
		}
		c, err := customer.Find(ctx, tx, s, x.Customer)
		if err != nil {
			return t, err
		}
		d, err := ledger.Find(ctx, tx, s, x.Document)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, x.cells(c, d, l))
	}
	return t, nil
}

// maxLosses bounds an export: more are exported in parts.
const maxLosses = 50_000

func lossTable(from, to cal.Date, l i18n.Lang) sheet.Sheet {
	say := func(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(l) }
	return sheet.Sheet{
		Name: say("Pertes", "Losses"),
		Notes: []string{
			say("Passages en perte du ", "Written off from ") + l.LongDate(from) + say(" au ", " to ") + l.LongDate(to),
			say("La TVA ne se récupère que si elle a été acquittée\u00a0: livraisons de biens, ou prestations taxées sur les débits "+
				"(CGI art. 272-1)", "VAT is recovered only if it was paid: goods, or services taxed on invoicing (CGI 272-1)"),
			say("Délai\u00a0: 31 décembre de la deuxième année suivant l’événement (CGI ann. II art. 208\u00a0: à vérifier)",
				"Deadline: 31 December of the second year after the event (CGI annex II 208: to be verified)"),
		},
		Columns: []string{
			say("Passé en perte le", "Written off on"), say("Code client", "Customer code"),
			say("Client", "Customer"), "SIREN", say("Facture", "Invoice"), say("Émise le", "Issued on"),
			say("Perte TTC", "Loss with tax"), say("Perte HT (654)", "Loss without tax (654)"),
			say("TVA (44571)", "VAT (44571)"), say("Taux", "Rate"), say("Événement", "Event"),
			say("Date de l’événement", "Day of the event"), say("TVA récupérable jusqu’au", "VAT recoverable until"),
			say("Mention du duplicata", "Mention on the duplicate"), say("Annulé le", "Reversed on"),
			say("Motif", "Reason"),
		},
	}
}

func (l Loss) cells(c customer.Customer, d ledger.Document, lang i18n.Lang) []any {
	split := SplitVAT(d, l.Amount)
	say := func(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(lang) }
	var net, vat any = say("inconnu", "unknown"), say("inconnue", "unknown")
	rate := say("inconnu", "unknown")
	if split.Known {
		net, vat, rate = split.Net, split.VAT, say("plusieurs taux\u00a0: voir la facture",
			"several rates: see the invoice")
		if split.Rate != "" {
			rate = split.Rate + "\u202f%"
		}
	}
	var until any = say("non récupérable à ce titre", "not recoverable on this ground")
	mention := ""
	if l.Event.RecoversVAT() {
		until, mention = VATDeadline(l.EventOn), Mention(split)
	}
	var reversed any
	if !l.ReversedOn.IsZero() {
		reversed = l.ReversedOn
	}
	return []any{
		l.DecidedOn, c.Code, c.Name, c.SIREN, l.Number, d.Issued, l.Amount, net, vat, rate, l.Event.In(lang),
		l.EventOn, until, mention, reversed, l.Reason,
	}
}
