package lifecycle

import (
	"acquit/internal/dispute"
	"acquit/internal/i18n"
)

// The statuses of the life of an electronic invoice that we act on (XP Z12-012,
// annex A; DGFiP external specifications, table 8).
const (
	Deposited     = "200" // Déposée
	Issued        = "201"
	Received      = "202"
	MadeAvailable = "203"
	TakenCharge   = "204"
	Approved      = "205"
	PartApproved  = "206"
	Disputed      = "207"
	Suspended     = "208"
	Completed     = "209"
	Refused       = "210"
	PaymentSent   = "211"
	Collected     = "212"
	Rejected      = "213"
	Stamped       = "214"
	Cancelled     = "220"
	RoutingError  = "221"
	DirectPayment = "224"
	Factored      = "225"
	FactoredQuiet = "226" // confidential: never told to the buyer
	NewAccount    = "227"
	Unfactored    = "228"
	Irreceivable  = "501"
)

// codeInfo is what is known of a code.
type codeInfo struct {
	words     i18n.Words
	mandatory bool // for the tax administration
	final     bool // nothing the buyer or the platforms do follows it
}

var codes = map[string]codeInfo{
	Deposited:     {i18n.Words{FR: "Déposée", EN: "Deposited"}, true, false},
	Issued:        {i18n.Words{FR: "Émise par la plateforme", EN: "Issued by the platform"}, false, false},
	Received:      {i18n.Words{FR: "Reçue par la plateforme", EN: "Received by the platform"}, false, false},
	MadeAvailable: {i18n.Words{FR: "Mise à disposition", EN: "Made available"}, false, false},
	TakenCharge:   {i18n.Words{FR: "Prise en charge", EN: "Taken in charge"}, false, false},
	Approved:      {i18n.Words{FR: "Approuvée", EN: "Approved"}, false, false},
	PartApproved:  {i18n.Words{FR: "Approuvée partiellement", EN: "Partly approved"}, false, false},
	Disputed:      {i18n.Words{FR: "En litige", EN: "Disputed"}, false, false},
	Suspended:     {i18n.Words{FR: "Suspendue", EN: "Suspended"}, false, false},
	Completed:     {i18n.Words{FR: "Complétée", EN: "Completed"}, false, false},
	Refused:       {i18n.Words{FR: "Refusée", EN: "Refused"}, true, true},
	PaymentSent:   {i18n.Words{FR: "Paiement transmis", EN: "Payment sent"}, false, false},
	Collected:     {i18n.Words{FR: "Encaissée", EN: "Collected"}, true, false},
	Rejected:      {i18n.Words{FR: "Rejetée", EN: "Rejected"}, true, true},
	Stamped:       {i18n.Words{FR: "Visée", EN: "Stamped"}, false, false},
	Cancelled:     {i18n.Words{FR: "Annulée", EN: "Cancelled"}, false, true},
	RoutingError:  {i18n.Words{FR: "Erreur de routage", EN: "Routing error"}, false, false},
	DirectPayment: {i18n.Words{FR: "Demande de paiement direct", EN: "Direct payment asked for"}, false, false},
	Factored:      {i18n.Words{FR: "Affacturée", EN: "Factored"}, false, false},
	FactoredQuiet: {i18n.Words{FR: "Affacturée (confidentiel)", EN: "Factored (confidential)"}, false, false},
	NewAccount:    {i18n.Words{FR: "Changement de compte à payer", EN: "Other account to pay to"}, false, false},
	Unfactored:    {i18n.Words{FR: "Non affacturée", EN: "No longer factored"}, false, false},
	Irreceivable:  {i18n.Words{FR: "Irrecevable", EN: "Could not be received"}, false, true},
}

// known tells a status that Acquit knows: what any other says has no effect.
func known(code string) bool {
	_, ok := codes[code]
	return ok
}

// CodeIn is a status in words; a code that we do not know is shown as it came,
// with the words of its message.
func CodeIn(code, told string, l i18n.Lang) string {
	if info, ok := codes[code]; ok {
		return info.words.In(l)
	}
	if told != "" {
		return told
	}
	return i18n.Words{FR: "statut inconnu", EN: "unknown status"}.In(l)
}

// reasonInfo is a coded reason (MDT-113; schematron BR-FR-CDV-CL-09), in words
// and as a category of our disputes (Other where it is none).
type reasonInfo struct {
	words    i18n.Words
	category dispute.Reason
}

var reasons = map[string]reasonInfo{
	"AUTRE":            {i18n.Words{FR: "autre motif", EN: "another reason"}, dispute.Other},
	"COORD_BANC_ERR":   {i18n.Words{FR: "coordonnées bancaires erronées", EN: "wrong bank details"}, dispute.Terms},
	"TX_TVA_ERR":       {i18n.Words{FR: "taux de TVA erroné", EN: "wrong VAT rate"}, dispute.Price},
	"MONTANTTOTAL_ERR": {i18n.Words{FR: "montant total erroné", EN: "wrong total"}, dispute.Price},
	"CALCUL_ERR":       {i18n.Words{FR: "erreur de calcul", EN: "wrong sum"}, dispute.Price},
	"NON_CONFORME":     {i18n.Words{FR: "facture non conforme", EN: "invoice not as the law asks"}, dispute.Admin},
	"DOUBLON":          {i18n.Words{FR: "facture reçue deux fois", EN: "invoice received twice"}, dispute.Duplicate},
	"DEST_INC":         {i18n.Words{FR: "destinataire inconnu", EN: "unknown addressee"}, dispute.Admin},
	"DEST_ERR":         {i18n.Words{FR: "destinataire erroné", EN: "wrong addressee"}, dispute.Admin},
	"TRANSAC_INC":      {i18n.Words{FR: "transaction inconnue", EN: "unknown transaction"}, dispute.NoDebt},
	"EMMET_INC":        {i18n.Words{FR: "émetteur inconnu", EN: "unknown sender"}, dispute.NoDebt},
	"CONTRAT_TERM":     {i18n.Words{FR: "contrat terminé", EN: "contract ended"}, dispute.NoDebt},
	"DOUBLE_FACT": {
		i18n.Words{FR: "données de facturation en double", EN: "invoice data sent twice"}, dispute.Duplicate,
	},
	"CMD_ERR": {
		i18n.Words{FR: "numéro de commande erroné ou absent", EN: "order number wrong or missing"}, dispute.Admin,
	},
	"ADR_ERR":          {i18n.Words{FR: "adresse erronée", EN: "wrong address"}, dispute.Admin},
	"SIRET_ERR":        {i18n.Words{FR: "SIRET erroné", EN: "wrong SIRET"}, dispute.Admin},
	"CODE_ROUTAGE_ERR": {i18n.Words{FR: "code de routage erroné", EN: "wrong routing code"}, dispute.Admin},
	"REF_CT_ABSENT": {
		i18n.Words{FR: "référence du contrat absente", EN: "contract reference missing"}, dispute.Admin,
	},
	"REF_ERR": {i18n.Words{FR: "référence erronée", EN: "wrong reference"}, dispute.Admin},
	"PU_ERR":  {i18n.Words{FR: "prix unitaire erroné", EN: "wrong unit price"}, dispute.Price},
	"REM_ERR": {i18n.Words{FR: "remise erronée", EN: "wrong discount"}, dispute.Price},
	"QTE_ERR": {i18n.Words{FR: "quantité erronée", EN: "wrong quantity"}, dispute.Quantity},
	"ART_ERR": {i18n.Words{FR: "article erroné", EN: "wrong article"}, dispute.Delivery},
	"MODPAI_ERR": {
		i18n.Words{FR: "mode ou délai de paiement erroné", EN: "wrong means or term of payment"}, dispute.Terms,
	},
	"QUALITE_ERR": {i18n.Words{FR: "défaut de qualité", EN: "bad quality"}, dispute.Quality},
	"LIVR_INCOMP": {i18n.Words{FR: "livraison incomplète", EN: "incomplete delivery"}, dispute.Delivery},
	"JUSTIF_ABS": {
		i18n.Words{FR: "pièce justificative absente", EN: "supporting document missing"}, dispute.Admin,
	},
	"NON_TRANSMISE": {
		i18n.Words{FR: "l’acheteur n’a pas de plateforme active", EN: "the buyer has no active platform"},
		dispute.Other,
	},
	"ROUTAGE_ERR": {i18n.Words{FR: "erreur de routage", EN: "routing error"}, dispute.Other},
	"REJ_SEMAN":   {i18n.Words{FR: "rejet sémantique", EN: "rejected: meaning"}, dispute.Other},
	"REJ_UNI":     {i18n.Words{FR: "rejet : facture déjà reçue", EN: "rejected: not unique"}, dispute.Duplicate},
	"REJ_COH":     {i18n.Words{FR: "rejet : données incohérentes", EN: "rejected: inconsistent"}, dispute.Other},
	"REJ_ADR":     {i18n.Words{FR: "rejet : adressage", EN: "rejected: addressing"}, dispute.Other},
	"REJ_CONT_B2G": {
		i18n.Words{FR: "rejet : contrôles du secteur public", EN: "rejected: checks of the public sector"},
		dispute.Other,
	},
	"REJ_REF_PJ": {
		i18n.Words{FR: "rejet : référence d’une pièce jointe", EN: "rejected: reference of an attachment"},
		dispute.Other,
	},
	"REJ_ASS_PJ":    {i18n.Words{FR: "rejet : pièce jointe sans facture", EN: "rejected: attachment without its invoice"}, dispute.Other},
	"IRR_VIDE_F":    {i18n.Words{FR: "fichier vide", EN: "empty file"}, dispute.Other},
	"IRR_TYPE_F":    {i18n.Words{FR: "type de fichier refusé", EN: "file type not accepted"}, dispute.Other},
	"IRR_SYNTAX":    {i18n.Words{FR: "fichier mal formé", EN: "malformed file"}, dispute.Other},
	"IRR_TAILLE_PJ": {i18n.Words{FR: "pièce jointe trop grande", EN: "attachment too large"}, dispute.Other},
	"IRR_NOM_PJ": {
		i18n.Words{FR: "nom d’une pièce jointe refusé", EN: "name of an attachment not accepted"}, dispute.Other,
	},
	"IRR_VID_PJ":       {i18n.Words{FR: "pièce jointe vide", EN: "empty attachment"}, dispute.Other},
	"IRR_EXT_DOC":      {i18n.Words{FR: "extension refusée", EN: "extension not accepted"}, dispute.Other},
	"IRR_TAILLE_F":     {i18n.Words{FR: "fichier trop grand", EN: "file too large"}, dispute.Other},
	"IRR_ANTIVIRUS":    {i18n.Words{FR: "refusé par l’antivirus", EN: "refused by the virus scanner"}, dispute.Other},
	"IRR_NOM_F":        {i18n.Words{FR: "nom de fichier refusé", EN: "file name not accepted"}, dispute.Other},
	"RETRAIT_MAN_SERV": {i18n.Words{FR: "mandat de service retiré", EN: "mandate withdrawn"}, dispute.Admin},
	"ST_CT_NON_DECLAR": {i18n.Words{FR: "sous-traitant non déclaré", EN: "subcontractor not declared"}, dispute.Admin},
	"SUPPR_COMP_AVOIR": {
		i18n.Words{FR: "supprimée, compensée par un avoir", EN: "removed, made up by a credit note"}, dispute.Other,
	},
	"TRANSF_PMNT_REGIE": {i18n.Words{FR: "payée par une régie", EN: "paid by an imprest office"}, dispute.Other},
	"CONTACT_ACHTR":     {i18n.Words{FR: "contacter l’acheteur", EN: "contact the buyer"}, dispute.Other},
}

// ReasonIn is a coded reason in words; one that we do not know is the code.
func ReasonIn(code string, l i18n.Lang) string {
	if info, ok := reasons[code]; ok {
		return info.words.In(l)
	}
	return code
}

// categoryOf is the category of the first reason that has one.
func categoryOf(list []string) dispute.Reason {
	for _, code := range list {
		if c := reasons[code].category; c != "" && c != dispute.Other {
			return c
		}
	}
	return dispute.Other
}
