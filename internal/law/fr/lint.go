package fr

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/identifier"
	"acquit/internal/law"
	"acquit/internal/money"
)

// smallInvoice is the amount without VAT up to which the seller's VAT number may be
// left out, in cents (CGI ann. II art. 242 nonies A, II).
const smallInvoice = 150_00

// The types of document and billing modes that electronic invoicing admits in
// France (XP Z12-012).
var (
	typeCodes = []string{
		"380", "389", "393", "501", "386", "500", "384", "471", "472", "473", "261", "262", "381", "396",
		"502", "503",
	}
	processes = []string{
		"B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4", "S5", "S6", "B7", "S7", "B8", "S8", "M8",
		"B9", "S9", "M9",
	}
	prepaidTypes     = []string{"386", "500", "503"} // asked for before anything is delivered
	prepaidProcesses = []string{"B2", "S2", "M2"}    // paid before the invoice
)

// LintInvoice looks for what an invoice between professionals must say (C. com.
// L441-9, CGI ann. II art. 242 nonies A) and does not, for numbers that are wrong,
// and for figures that contradict each other. What a document does not carry is
// missing only when the document is complete; a foreign seller is held to nothing
// but the figures.
func (l *Law) LintInvoice(i law.Invoice) []law.Finding {
	lint := linter{Invoice: i}
	lint.dates()
	lint.figures()
	if french(i.Seller.Country) {
		lint.numbers()
		lint.mentions(l)
		lint.codes()
	}
	return lint.found
}

// french tells whether French law governs what a party of that country must say;
// one that is not told is taken for French.
func french(country string) bool {
	return slices.Contains([]string{"", "FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM"}, country)
}

type linter struct {
	law.Invoice
	found []law.Finding
}

func (i *linter) add(code string, s law.Severity, source, fr, en string) {
	text := i18n.Words{FR: fr, EN: en}
	i.found = append(i.found, law.Finding{Code: code, Severity: s, Source: source, Text: text})
}

// missing adds a violation when what the law asks for is not there.
func (i *linter) missing(gone bool, code, source, fr, en string) {
	if gone {
		i.add(code, law.Violation, source, fr, en)
	}
}

func (i *linter) dates() {
	prepaid := slices.Contains(prepaidTypes, i.TypeCode) || slices.Contains(prepaidProcesses, i.Process)
	if i.Issued != 0 && i.Due != 0 && i.Due < i.Issued && !prepaid {
		i.add("due_before_issued", law.Violation, "C. com. art. L441-9 I",
			"l’échéance du "+i.Due.Long("fr")+" précède la facture du "+i.Issued.Long("fr"),
			"due on "+i.Due.Long("en")+", before the invoice of "+i.Issued.Long("en"))
	}
	asks := !i.CreditNote && !prepaid
	i.missing(asks && i.Due == 0 && i.Terms == "", "due_missing", "C. com. art. L441-9 I",
		"la date d’échéance manque", "the due date is missing")
	i.missing(i.Issued == 0, "issued_missing", "CGI ann. II art. 242 nonies A, I-6°",
		"la date d’émission manque", "the date of issue is missing")
	i.missing(i.Number == "", "number_missing", "CGI ann. II art. 242 nonies A, I-7°", "le numéro manque",
		"the number is missing")
}

func (i *linter) figures() {
	if known(i.Net, i.Tax, i.Total) && i.Net.Minor+i.Tax.Minor != i.Total.Minor {
		i.add("totals_differ", law.Violation, "CGI ann. II art. 242 nonies A, I-11°",
			"le hors taxes et la TVA ne font pas le total", "the net amount and the VAT do not make the total")
	}
	if slices.Contains(prepaidProcesses, i.Process) && known(i.Payable) && !i.Payable.IsZero() {
		i.add("prepaid_payable", law.Violation, "XP Z12-012, BR-FR-CO-09",
			"facture déjà payée (mode "+i.Process+") qui demande encore "+i.Payable.Format("fr"),
			"an invoice already paid (mode "+i.Process+") that still asks for "+i.Payable.Format("en"))
	}
}

// known tells whether all amounts are there and of one currency.
func known(amounts ...money.Amount) bool {
	for _, a := range amounts {
		if a.Currency == "" || a.Currency != amounts[0].Currency {
			return false
		}
	}
	return true
}

// numbers checks the identifiers that are there. Those of a foreign customer are
// not French, and only the European Union's VAT numbers have a form to check.
func (i *linter) numbers() {
	seller, buyer := i18n.Words{FR: "vendeur", EN: "the seller"}, i18n.Words{FR: "client", EN: "the customer"}
	i.party("seller", seller, i.Seller)
	if !french(i.Buyer.Country) {
		i.Buyer.SIREN, i.Buyer.SIRET = "", ""
	}
	i.party("buyer", buyer, i.Buyer)
}

func (i *linter) party(code string, who i18n.Words, p law.Party) {
	if p.SIREN != "" {
		i.number(code+"_siren", "SIREN", who, identifier.SIREN(p.SIREN))
	}
	if p.SIRET != "" {
		i.number(code+"_siret", "SIRET", who, identifier.SIRETOf(p.SIRET, p.SIREN))
	}
	if p.VATID != "" && (french(p.Country) || identifier.HasVATSystem(p.Country)) {
		i.number(code+"_vat", "TVA", who, identifier.VAT(p.VATID))
	}
}

func (i *linter) number(code, name string, who i18n.Words, r identifier.Result) {
	severity := law.Violation
	switch r.Verdict {
	case identifier.Valid, identifier.Unchecked:
		return
	case identifier.Suspicious:
		severity = law.Doubt
	}
	i.add(code, severity, "CGI ann. II art. 242 nonies A", name+" du "+who.FR+"\u00a0: "+r.Why.FR,
		name+" of "+who.EN+": "+r.Why.EN)
}

// mentions are what a complete invoice must carry.
func (i *linter) mentions(l *Law) {
	if !i.Complete {
		return
	}
	const tax = "CGI ann. II art. 242 nonies A"
	i.missing(i.Seller.SIREN == "" && i.Seller.SIRET == "", "seller_siren_missing", "C. com. art. R123-237",
		"le SIREN du vendeur manque", "the seller’s SIREN is missing")
	large := known(i.Net) && i.Net.Abs().Minor > smallInvoice || !known(i.Net)
	i.missing(i.Seller.VATID == "" && large && known(i.Tax) && !i.Tax.IsZero(), "seller_vat_missing", tax+", I-2°",
		"le numéro de TVA du vendeur manque", "the seller’s VAT number is missing")
	i.missing(i.Buyer.Name == "", "buyer_name_missing", "C. com. art. L441-9 I", "le nom du client manque",
		"the customer’s name is missing")
	unexplained := slices.ContainsFunc(i.VAT, func(v law.VATLine) bool { return v.Rate == 0 && v.Reason == "" })
	i.missing(unexplained, "exemption_missing", tax+", I-12°", "le motif de l’exonération de TVA manque",
		"the reason for charging no VAT is missing")
	i.missing(i.CreditNote && i.Preceding == "", "preceding_missing", "CGI art. 289 I-5",
		"l’avoir ne dit pas quelle facture il corrige", "the credit note does not say which invoice it corrects")
	if i.Debtor != law.Consumer {
		i.buyerSIREN(l)
		i.payment()
	}
}

// buyerSIREN is due on the invoices of large companies, then of all, from the day
// that each must send them electronically (décret 2022-1299).
func (i *linter) buyerSIREN(l *Law) {
	if !french(i.Buyer.Country) || i.Buyer.SIREN != "" || i.Buyer.SIRET != "" || i.Issued == 0 {
		return
	}
	severity := law.Doubt // the seller may be small
	switch {
	case i.Issued >= l.day("einvoice_issue_sme"):
		severity = law.Violation
	case i.Issued < l.day("einvoice_issue_large"):
		return
	}
	i.add("buyer_siren_missing", severity, "décret n° 2022-1299", "le SIREN du client manque",
		"the customer’s SIREN is missing")
}

// payment are the mentions about paying late or early, which a credit note does
// without. A note is known by its subject, or else by its words.
func (i *linter) payment() {
	if i.CreditNote {
		return
	}
	for _, m := range []struct{ code, subject, source, fr, en string }{
		{
			"penalty_missing", "PMD", "C. com. art. L441-9 I", "le taux des pénalités de retard manque",
			"the rate of late penalties is missing",
		},
		{
			"indemnity_missing", "PMT", "C. com. art. L441-9 I et D441-5", "l’indemnité forfaitaire de 40 € manque",
			"the fixed indemnity of 40 € is missing",
		},
		{
			"discount_missing", "AAB", "C. com. art. L441-9 I", "les conditions d’escompte, ou leur absence, manquent",
			"the terms of discount, or that there is none, are missing",
		},
	} {
		count := 0
		for _, note := range i.Notes {
			if note.Subject == m.subject {
				count++
			}
		}
		switch {
		case count > 1:
			i.add("note_repeated", law.Violation, "XP Z12-012, BR-FR-06",
				"la note «\u00a0"+m.subject+"\u00a0» figure "+i18n.FR.Int(count)+" fois",
				"the note “"+m.subject+"” stands "+i18n.EN.Int(count)+" times")
		case count == 0 && !i.says(m.subject):
			i.add(m.code, law.Violation, m.source, m.fr, m.en)
		}
	}
}

// noteWords tell, in small letters, which mention a note without subject makes.
var noteWords = map[string][]string{
	"PMD": {"pénalité", "penalite", "intérêts de retard", "late payment", "penalt"},
	"PMT": {
		"indemnité forfaitaire", "indemnite forfaitaire", "frais de recouvrement", "40 €", "40€",
		"40 eur", "40,00",
	},
	"AAB": {"escompte", "discount"},
}

func (i *linter) says(subject string) bool {
	texts := []string{i.Terms}
	for _, n := range i.Notes {
		texts = append(texts, n.Text)
	}
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
	all := plain.Replace(strings.ToLower(strings.Join(texts, "\n")))
	return slices.ContainsFunc(noteWords[subject], func(w string) bool { return strings.Contains(all, w) })
}

// codes are what French platforms refuse since 1 September 2026.
func (i *linter) codes() {
	const source = "XP Z12-012"
	if i.TypeCode != "" && !slices.Contains(typeCodes, i.TypeCode) {
		i.add("type_code", law.Doubt, source, "type de document non admis en France\u00a0: "+i.TypeCode,
			"a type of document not admitted in France: "+i.TypeCode)
	}
	ours := len(i.Process) == 2 && strings.Contains("BSM", i.Process[:1]) // others are of other countries' profiles
	if ours && !slices.Contains(processes, i.Process) {
		i.add("process_code", law.Doubt, source, "mode de facturation non admis\u00a0: "+i.Process,
			"a billing mode not admitted: "+i.Process)
	}
}

// day is the date of a parameter; the far future when it has none.
func (l *Law) day(key string) cal.Date {
	for _, p := range l.parameters[key] {
		if d, err := cal.Parse(p.value); err == nil {
			return d
		}
	}
	return cal.On(9999, 12, 31)
}
