package table

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
)

// meaning is what the type of a row says.
type meaning struct {
	kind    ingest.Kind // empty when it says nothing
	opening bool
	skip    string // why such rows are left out; empty for the others
}

// maxWords bounds the types and statuses that are remembered: a file has a few.
const maxWords = 256

// wordOf reads a type: « Facture », « Avoir », « Règlement », "Credit memo"…
func (m *mapper) wordOf(s string) meaning {
	if s == "" {
		return meaning{}
	}
	if w, ok := m.words[s]; ok {
		return w
	}
	w := meaningOf(plainName(s))
	if len(m.words) < maxWords {
		m.words[strings.Clone(s)] = w
	}
	return w
}

func meaningOf(plain string) meaning {
	words := strings.Fields(plain)
	has := func(list ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case has("devis", "quote", "quotation", "estimate", "proforma", "proformas") || strings.Contains(plain,
		"pro forma"):
		return meaning{skip: "devis ou proforma"}
	case has("commande", "livraison") && has("bon", "commande") || has("order") && has("sales", "purchase"):
		return meaning{skip: "bon de commande ou de livraison"}
	case has("brouillon", "draft"):
		return meaning{skip: "brouillon"}
	case has("avoir", "avoirs", "credit", "creditnote", "refund", "rembours", "remboursement", "gutschrift") &&
		!has("virement") ||
		slices.Contains(creditCodes, plain):
		return meaning{kind: ingest.CreditNote}
	case has("acompte", "acomptes") && has("recu", "recus", "verse", "verses", "encaisse", "received"):
		return meaning{kind: ingest.Payment}
	case has(paymentWords...) || slices.Contains(paymentCodes, plain):
		return meaning{kind: ingest.Payment}
	case has("nouveau", "nouveaux", "ouverture", "opening") || slices.Contains([]string{"an", "ran", "a n"}, plain):
		return meaning{opening: true}
	case has("facture", "factures", "invoice", "fact", "vente", "acompte", "situation", "rechnung", "solde") ||
		slices.Contains(invoiceCodes, plain):
		return meaning{kind: ingest.Invoice}
	}
	return meaning{}
}

// The codes of types in Sage, EBP, SAP (RV, DR, DG, DZ), Sage 50 (SI, SC, SR),
// Dynamics, Odoo and others, as plain names.
var (
	creditCodes = []string{
		"av", "avo", "avc", "avr", "nc", "cn", "a", "crn", "ndc", "out refund", "rinv", "dg", "sc", "cm",
		"scn", "accreccredit",
	}
	paymentCodes = []string{
		"r", "p", "bq", "pmt", "pay", "rg", "rgl", "rglts", "reg", "enc", "dz", "sr", "rc", "rec", "bnk", "csh",
		"sa",
	}
	invoiceCodes = []string{
		"f", "fa", "fac", "fc", "fv", "inv", "ve", "vt", "out invoice", "fact client", "rv", "dr", "si", "in",
		"accrec", "factu", "fcl",
	}
)

// paymentWords speak of money received, in types and labels.
var paymentWords = []string{
	"reglement", "reglements", "rgt", "rglt", "rglmt", "paiement", "paiements", "payment", "encaissement",
	"virement", "virements", "vir", "vrt",
	"cheque", "cheques", "chq", "prelevement", "prelevements", "prlv", "prel", "lcr", "cb", "carte", "especes",
	"deposit", "receipt", "transfer",
	"effet", "traite", "remise", "avance",
}

// state is what the status of a row says.
type state int

const (
	stateNone state = iota
	stateDraft
	stateCancelled
	statePaid
)

// stateOf reads a status. A word that speaks of money still due says nothing
// that the amounts do not: only paid, draft and cancelled count.
func (m *mapper) stateOf(s string) state {
	if s == "" {
		return stateNone
	}
	if known, ok := m.states[s]; ok {
		return known
	}
	st := stateNone
	switch plain := undated(plainName(s)); {
	case slices.Contains([]string{"brouillon", "draft", "provisoire", "en cours de saisie", "a valider"}, plain):
		st = stateDraft
	case slices.Contains([]string{
		"annulee", "annule", "annulees", "cancelled", "canceled", "void", "voided", "supprimee", "abandonnee",
		"cancel", "deleted",
	}, plain):
		st = stateCancelled
	case slices.Contains([]string{
		"payee", "paye", "reglee", "regle", "soldee", "solde", "acquittee", "encaissee", "paid", "settled",
		"closed", "paid in full",
		"lettree", "lettre", "totalement payee", "entierement payee", "payee en totalite", "cloturee",
		"fully paid", "in payment", "oui",
	}, plain):
		st = statePaid
	}
	if len(m.states) < maxWords {
		m.states[strings.Clone(s)] = st
	}
	return st
}

// undated is a status without the day that some programs put behind it: « Payée le
// 12/11/2026 ».
func undated(plain string) string {
	for _, before := range []string{" le ", " on "} {
		if status, day, ok := strings.Cut(plain, before); ok && strings.Trim(day, "0123456789 ") == "" {
			return status
		}
	}
	return plain
}

// stateOfRow is what the columns of its status say together: one tells whether it
// is paid, another may tell that it is a draft.
func (m *mapper) stateOfRow(c []string) state {
	s := m.stateOf(cell(c, m.status))
	for _, i := range m.statuses {
		if other := m.stateOf(cell(c, i)); other == stateDraft || other == stateCancelled {
			return other
		}
	}
	return s
}

// alsoStatus are the columns called a status that are not the one that is read.
func (p *plan) alsoStatus() []int {
	var list []int
	for _, c := range p.columns {
		means := dictionary().meanings(c.name)
		if len(means) > 0 && means[0].field == ingest.FieldStatus && means[0].score >= exact-5 &&
			!slices.Contains(p.taken(), c.index) {
			list = append(list, c.index)
		}
	}
	return list
}
