package dossier

import (
	"slices"

	"acquit/internal/i18n"
)

// Kind is what a piece of evidence is.
type Kind string

// The kinds, in the order of the checklist.
const (
	Contract       Kind = "contract"
	Framework      Kind = "framework"
	Quote          Kind = "quote"
	Order          Kind = "order"
	Terms          Kind = "terms"
	InvoiceCopy    Kind = "invoice"
	Delivery       Kind = "delivery"
	EInvoiceLog    Kind = "einvoice_log"
	Notice         Kind = "notice"
	NoticeProof    Kind = "notice_proof"
	Exchange       Kind = "exchange"
	Acknowledgment Kind = "acknowledgment"
	CompanyExtract Kind = "kbis"
	DebtorExtract  Kind = "registry"
	BODACC         Kind = "bodacc"
	Unpaid         Kind = "unpaid"
	Power          Kind = "power"
	Other          Kind = "other"
)

// kindFacts is what is known of a kind.
type kindFacts struct {
	kind   Kind
	folder string // of the archive
	own    bool   // the creditor's own: it serves every dossier
	words  i18n.Words
}

var kinds = []kindFacts{
	{Contract, "05-contrats", false, i18n.Words{FR: "contrat", EN: "contract"}},
	{Framework, "05-contrats", false, i18n.Words{FR: "contrat-cadre", EN: "framework agreement"}},
	{Quote, "05-contrats", false, i18n.Words{FR: "devis signé", EN: "signed quote"}},
	{Order, "06-commandes", false, i18n.Words{FR: "bon de commande", EN: "purchase order"}},
	{Terms, "08-conditions-de-vente", false, i18n.Words{
		FR: "conditions de vente avec preuve d’acceptation", EN: "terms of sale with proof of acceptance",
	}},
	{InvoiceCopy, "03-factures", false, i18n.Words{
		FR: "copie de facture ou d’avoir",
		EN: "copy of an invoice or credit note",
	}},
	{Delivery, "07-livraisons", false, i18n.Words{
		FR: "bon de livraison, PV, relevé d’heures ou CMR", EN: "delivery note, acceptance, time sheet or CMR",
	}},
	{EInvoiceLog, einvoiceFolder, false, i18n.Words{
		FR: "statuts de la facture électronique", EN: "statuses of the electronic invoice",
	}},
	{Notice, "13-mise-en-demeure", false, i18n.Words{FR: "mise en demeure", EN: "formal notice"}},
	{NoticeProof, "13-mise-en-demeure", false, i18n.Words{
		FR: "preuve de dépôt ou avis de réception", EN: "proof of deposit or of receipt",
	}},
	{Exchange, "11-accords-et-echanges", false, i18n.Words{
		FR: "échange, courriel, lettre",
		EN: "exchange, e-mail, letter",
	}},
	{Acknowledgment, "11-accords-et-echanges", false, i18n.Words{
		FR: "reconnaissance de dette", EN: "acknowledgment of debt",
	}},
	{CompanyExtract, "17-identite", true, i18n.Words{FR: "K-bis du créancier", EN: "company extract of the creditor"}},
	{DebtorExtract, "17-identite", false, i18n.Words{
		FR: "extrait K-bis, RNE ou Sirene du débiteur", EN: "register extract of the debtor",
	}},
	{BODACC, "17-identite", false, i18n.Words{FR: "contrôle BODACC du jour", EN: "BODACC check of the day"}},
	{Unpaid, "19-impayes", false, i18n.Words{
		FR: "chèque, effet ou prélèvement impayé", EN: "unpaid cheque, bill or debit",
	}},
	{Power, "20-pouvoir", true, i18n.Words{FR: "pouvoir du signataire", EN: "power of the signatory"}},
	{Other, "21-autres-pieces", false, i18n.Words{FR: "autre pièce", EN: "other piece"}},
}

// Kinds are all kinds, in the order of the checklist.
func Kinds() []Kind {
	list := make([]Kind, len(kinds))
	for i, f := range kinds {
		list[i] = f.kind
	}
	return list
}

// In is the kind in words.
func (k Kind) In(l i18n.Lang) string { return k.facts().words.In(l) }

// Own tells whether such a piece is the creditor's own and serves every dossier.
func (k Kind) Own() bool { return k.facts().own }

func (k Kind) known() bool { return k.rank() >= 0 }

func (k Kind) rank() int {
	return slices.IndexFunc(kinds, func(f kindFacts) bool { return f.kind == k })
}

func (k Kind) facts() kindFacts {
	if i := k.rank(); i >= 0 {
		return kinds[i]
	}
	return kindFacts{kind: k, folder: "21-autres-pieces"}
}
