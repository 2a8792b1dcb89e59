package match

// littleWords tell nothing of who somebody is: legal forms, civilities, articles.
var littleWords = setOf(
	"SA", "SAS", "SASU", "SARL", "SARLU", "EURL", "EARL", "EI", "EIRL", "SNC", "SCI", "SCP", "SCM", "SCEA", "SCOP",
	"SCIC", "SCA", "SEM", "SPL", "SEL", "SELARL", "SELAS", "SELURL", "GIE", "GAEC", "GMBH", "LTD", "LIMITED", "BV",
	"NV", "SPRL", "SRL", "SPA", "AG", "INC", "LLC", "PLC", "UG", "KG", "OHG", "AB", "OY", "AS", "SL", "LDA",
	"STE", "SOC", "SOCIETE", "SOCIETES", "ETS", "ETABLISSEMENT", "ETABLISSEMENTS", "ENTREPRISE", "ENTREPRISES",
	"ENT", "CIE", "COMPAGNIE", "ASSOCIATION", "ASSOC", "ASSO",
	"M", "MR", "MME", "MLLE", "MONSIEUR", "MADAME", "MADEMOISELLE", "OU", "DR", "ME", "MAITRE",
	"ET", "DE", "DU", "DES", "LA", "LE", "LES", "L", "D", "AU", "AUX", "EN", "A", "THE", "AND", "OF", "UND", "ND",
)

// bankWords are what banks and payers put around a name or a reference.
var bankWords = setOf(
	"VIR", "VIRT", "VIREMENT", "VIREMENTS", "SEPA", "RECU", "RECUS", "INST", "INSTANTANE", "EMIS", "FAVEUR", "PRLV",
	"PRELEVEMENT", "CHQ", "CHEQUE", "CHEQUES", "REMISE", "REM", "CB", "CARTE", "TIP", "LCR", "BOR", "EFFET", "EFFETS",
	"FACT", "FACTURE", "FACTURES", "FAC", "FACTS", "FCT", "FA", "FT", "FV", "INV", "INVOICE", "INVOICES", "AVOIR",
	"AVOIRS", "REF", "REFERENCE", "REFERENCES", "NUM", "NUMERO", "NO", "N", "NR", "NOS", "VOS", "NOTRE", "VOTRE",
	"MOTIF", "LIB", "LIBELLE", "POUR", "PAR", "COMPTE", "PCC", "PC", "DO", "ORDRE", "DONNEUR", "BENEF", "BENEFICIAIRE",
	"EUR", "EUROS", "EURO", "TTC", "HT", "TVA", "REGLEMENT", "REGLEMENTS", "REGLT", "RGLT", "REGL", "REG",
	"PAIEMENT", "PAIEMENTS", "PAYMENT", "PMT", "PAYT", "SOLDE", "SOLDES", "ACOMPTE", "ACPTE", "PARTIEL", "TOTAL",
	"DATE", "DU", "AU", "MOIS", "JANVIER", "FEVRIER", "MARS", "AVRIL", "MAI", "JUIN", "JUILLET", "AOUT", "SEPTEMBRE",
	"OCTOBRE", "NOVEMBRE", "DECEMBRE", "ECHEANCE", "ECH", "CLIENT", "CLT", "CODE", "CDE", "CMD", "COMMANDE", "CONTRAT",
	"NOTPROVIDED", "NONE", "NONREF", "ID", "IBAN", "BIC", "RIB", "RUM", "ICS", "E2E", "EREF", "SVWZ", "MREF", "KREF",
	"TRANSFERT", "TRANSFER", "CREDIT", "DEBIT", "CPTE", "AGENCE", "BANQUE", "MERCI", "SUITE", "SELON", "RELANCE",
	"REMBOURSEMENT", "REMB", "ESCOMPTE", "DEDUIT", "MOINS", "FRAIS", "WEB", "INTERNET", "NDF", "DIVERS",
)

// discountWords say that a discount was taken off.
var discountWords = setOf("ESCOMPTE", "ESCPTE", "ESCPT", "SKONTO", "DISCOUNT")

// keywords announce a document's number.
var keywords = setOf(
	"F", "FA", "FAC", "FACT", "FACTS", "FACTURE", "FACTURES", "FCT", "FV", "FT", "INV", "INVOICE", "INVOICES", "REF",
	"N", "NO", "NR", "NUM", "NUMERO", "AVOIR", "AVOIRS", "AV", "REFERENCE", "DOC",
)

// aliases are usual abbreviations that are not the beginning of their word.
var aliases = map[string]string{
	"ST": "SAINT", "TRVX": "TRAVAUX", "TVX": "TRAVAUX", "CTRE": "CENTRE", "INTL": "INTERNATIONAL", "FRES": "FRERES",
	"FRS": "FRERES", "BATI": "BATIMENT", "CHX": "CHARPENTES", "MGE": "MENAGE", "SCES": "SERVICES", "SVCES": "SERVICES",
	"GPE": "GROUPE", "GRP": "GROUPE", "MTRX": "MATERIAUX", "MATX": "MATERIAUX", "PHIE": "PHARMACIE",
	"BLGIE":  "BOULANGERIE",
	"INDRIE": "INDUSTRIE", "STES": "SAINTES", "BD": "BOULEVARD", "HTL": "HOTEL", "RTE": "ROUTE",
}

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}
