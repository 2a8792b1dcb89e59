package ingest

import (
	"slices"
	"strings"
)

// Journal is what an accounting journal holds.
type Journal int

// The journals that matter for what is owed.
const (
	OtherJournal Journal = iota
	SalesJournal
	BankJournal
	OpeningJournal
)

// JournalOf guesses what a journal holds from its code (VE, BQ, AN…) and its
// name, as French programs give them.
func JournalOf(code, name string) Journal {
	words := strings.Fields(strings.ToLower(strings.NewReplacer(
		"à", "a", "é", "e", "è", "e", "-", " ", "_", " ", "'", " ", "’", " ",
	).Replace(name)))
	has := func(list ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case has("nouveau", "nouveaux", "ouverture", "opening", "anouveau", "anouveaux"):
		return OpeningJournal
	case has("vente", "ventes", "facturation", "sales", "clients", "factures"):
		return SalesJournal
	case has("banque", "banques", "caisse", "bank", "tresorerie", "encaissements", "reglements", "ccp", "especes",
		"cheques", "virements"):
		return BankJournal
	}
	letters := strings.TrimRight(strings.ToUpper(strings.TrimSpace(code)), "0123456789 ")
	switch letters {
	case "AN", "RAN", "ANO", "OUV", "A-N", "ANX":
		return OpeningJournal
	case "VE", "VT", "VTE", "VEN", "VENTE", "VENTES", "FAC", "FACT", "FA", "V", "VTES", "SAL", "SAJ", "INV":
		return SalesJournal
	case "BQ", "BQE", "BAN", "BNP", "BN", "CA", "CAI", "CE", "CM", "SG", "LCL", "BP", "CIC", "TR", "BANK", "BNK",
		"CAISSE", "CSH", "BQUE", "ENC", "RGT", "CHQ":
		return BankJournal
	}
	return OtherJournal
}
