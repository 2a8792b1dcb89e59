package bank

import (
	"strings"

	"acquit/internal/i18n"
)

// ChequeReason stands before a reason of the French list for cheques, whose two
// figures mean something else in the list for debits, transfers and bills.
const ChequeReason = "CHQ"

// ReasonWords say why a payment went back, from its code: of ISO 20022
// (ExternalReturnReason1Code, those that SEPA uses) or of CFONB 120 (two figures,
// motifs de rejet, behind ChequeReason those of cheques). An unknown code has no
// words.
func ReasonWords(code string) i18n.Words {
	code = strings.ToUpper(strings.TrimSpace(code))
	if w, ok := reasons[code]; ok {
		return w
	}
	return reasons[cfonbReasons[code]]
}

// Words are the reason of a return: those of its code, else those of the bank.
func (r Return) Words() i18n.Words {
	if w := ReasonWords(r.Code); w.FR != "" {
		return w
	}
	return i18n.Words{FR: r.Text, EN: r.Text}
}

// reasons are by code; those in small letters are of CFONB alone.
var reasons = map[string]i18n.Words{
	"AC01": {FR: "numéro de compte inexact", EN: "wrong account number"},
	"AC02": {FR: "numéro de compte du débiteur inexact", EN: "wrong account number of the debtor"},
	"AC03": {FR: "numéro de compte du bénéficiaire inexact", EN: "wrong account number of the payee"},
	"AC04": {FR: "compte clôturé", EN: "account closed"},
	"AC06": {FR: "compte bloqué", EN: "account blocked"},
	"AC07": {FR: "compte du bénéficiaire clôturé", EN: "payee’s account closed"},
	"AC13": {
		FR: "le compte est celui d’un consommateur, le prélèvement interentreprises n’y est pas possible",
		EN: "the account is a consumer’s: no B2B direct debit on it",
	},
	"AG01": {FR: "opération interdite sur ce compte", EN: "not allowed on this account"},
	"AG02": {FR: "code d’opération inexact", EN: "wrong operation code"},
	"AM01": {FR: "montant nul", EN: "zero amount"},
	"AM02": {FR: "montant non admis", EN: "amount not allowed"},
	"AM03": {FR: "devise non admise", EN: "currency not allowed"},
	"AM04": {FR: "provision insuffisante", EN: "insufficient funds"},
	"AM05": {FR: "opération en double", EN: "duplicate"},
	"AM09": {FR: "montant contesté", EN: "wrong amount"},
	"ARDT": {FR: "virement déjà retourné", EN: "transfer returned already"},
	"BE04": {FR: "adresse du créancier manquante", EN: "creditor’s address missing"},
	"BE05": {FR: "identifiant du créancier inconnu", EN: "creditor identifier unknown"},
	"CNOR": {FR: "banque du créancier non inscrite", EN: "creditor’s bank not registered"},
	"CURR": {FR: "devise inexacte", EN: "wrong currency"},
	"CUST": {FR: "à la demande du client", EN: "requested by the customer"},
	"DNOR": {FR: "banque du débiteur non inscrite", EN: "debtor’s bank not registered"},
	"DT01": {FR: "date inexacte", EN: "wrong date"},
	"DUPL": {FR: "paiement en double", EN: "duplicate payment"},
	"ED05": {FR: "échec du règlement entre banques", EN: "settlement between banks failed"},
	"FF01": {FR: "format inexact", EN: "wrong format"},
	"FF05": {FR: "type de prélèvement inexact", EN: "wrong kind of direct debit"},
	"FOCR": {FR: "à la suite d’une demande d’annulation", EN: "following a request to cancel"},
	"FR01": {FR: "fraude", EN: "fraud"},
	"FRAD": {FR: "fraude", EN: "fraud"},
	"MD01": {FR: "pas de mandat valable", EN: "no valid mandate"},
	"MD02": {FR: "données du mandat manquantes ou inexactes", EN: "mandate data missing or wrong"},
	"MD05": {FR: "prélèvement indu", EN: "collection not due"},
	"MD06": {FR: "remboursement demandé par le débiteur", EN: "refund asked for by the debtor"},
	"MD07": {FR: "débiteur décédé", EN: "debtor deceased"},
	"MS02": {FR: "refus du débiteur, sans motif", EN: "refused by the debtor, no reason given"},
	"MS03": {FR: "motif non précisé par la banque", EN: "no reason given by the bank"},
	"NOAS": {FR: "pas de réponse du client", EN: "no answer from the customer"},
	"NOOR": {FR: "opération d’origine introuvable", EN: "original payment not found"},
	"RC01": {FR: "BIC inexact", EN: "wrong BIC"},
	"RR01": {FR: "compte ou identifiant du débiteur manquant", EN: "debtor’s account or identifier missing"},
	"RR02": {FR: "nom ou adresse du débiteur manquant", EN: "debtor’s name or address missing"},
	"RR03": {FR: "nom ou adresse du créancier manquant", EN: "creditor’s name or address missing"},
	"RR04": {FR: "raison réglementaire", EN: "regulatory reason"},
	"SL01": {FR: "service demandé par le débiteur à sa banque", EN: "specific service asked of the debtor’s bank"},
	"SL11": {FR: "créancier absent de la liste blanche du débiteur", EN: "creditor not on the debtor’s white list"},
	"SL12": {FR: "créancier sur la liste noire du débiteur", EN: "creditor on the debtor’s black list"},
	"SL13": {FR: "nombre de prélèvements dépassé", EN: "number of direct debits exceeded"},
	"SL14": {FR: "montant maximal dépassé", EN: "maximum amount exceeded"},
	"TECH": {FR: "incident technique", EN: "technical problem"},
	"TM01": {FR: "reçu trop tard", EN: "received too late"},
	"UPAY": {FR: "paiement indu", EN: "undue payment"},

	"endorsed":   {FR: "endos erroné", EN: "wrong endorsement"},
	"due":        {FR: "échéance hors limite", EN: "due date out of bounds"},
	"partial":    {FR: "réclamation partielle", EN: "partial claim"},
	"whole":      {FR: "réclamation totale", EN: "whole claim"},
	"acceptance": {FR: "non-retour d’acceptation", EN: "acceptance not returned"},
	"cancelled":  {FR: "annulation bancaire", EN: "cancelled by the bank"},
	"unknown":    {FR: "créance non identifiable", EN: "claim cannot be identified"},
	"sender":     {FR: "émetteur non reconnu", EN: "sender unknown"},
	"assigned":   {FR: "créance cédée à une autre banque", EN: "claim assigned to another bank"},
	"court":      {FR: "décision judiciaire", EN: "court decision"},
	"stopped":    {FR: "opposition sur compte", EN: "stop on the account"},
	"accepted":   {FR: "ne paie que LCR acceptée ou BOR", EN: "pays only accepted bills of exchange"},
	"address":    {FR: "adresse invalide", EN: "invalid address"},
	"drawing":    {FR: "tirage contesté", EN: "drawing disputed"},
	"settled":    {FR: "reçu à tort ou déjà réglé", EN: "received wrongly or paid already"},
	"code":       {FR: "code acceptation erroné", EN: "wrong acceptance code"},
	"date":       {FR: "date d’échéance contestée", EN: "due date disputed"},
	"extension":  {FR: "demande de prorogation", EN: "extension asked for"},
	"late":       {FR: "réclamation tardive", EN: "late claim"},
	"contested":  {FR: "contestation du débiteur", EN: "disputed by the debtor"},
	"outside":    {FR: "banque hors échanges", EN: "bank outside of the exchanges"},
	"part":       {FR: "paiement partiel du tiré", EN: "partial payment by the drawee"},
	"refused":    {FR: "opération non admise", EN: "operation not admitted"},
	"back":       {FR: "retour à la demande de l’émetteur", EN: "returned at the sender’s request"},
	"payer":      {FR: "destinataire non reconnu", EN: "payer unknown"},

	"lost":      {FR: "chèque perdu", EN: "cheque lost"},
	"stolen":    {FR: "chèque volé", EN: "cheque stolen"},
	"misused":   {FR: "utilisation frauduleuse", EN: "fraudulent use"},
	"barred":    {FR: "chèque prescrit", EN: "cheque out of date"},
	"mention":   {FR: "mention obligatoire absente", EN: "required wording missing"},
	"signature": {FR: "signature non conforme", EN: "signature differs"},
	"signers":   {FR: "signature insuffisante", EN: "a signature is missing"},
	"falsified": {FR: "chèque falsifié", EN: "cheque altered"},
	"forged":    {FR: "faux chèque", EN: "forged cheque"},
	"endorse":   {FR: "endos absent ou irrégulier", EN: "endorsement missing or irregular"},
	"seized":    {FR: "saisie", EN: "attachment"},
	"notice":    {FR: "avis à tiers détenteur", EN: "attachment by the tax office"},
	"joint":     {FR: "compte collectif dénoncé", EN: "joint account ended"},
	"unpaid":    {FR: "impayé pour le tout", EN: "wholly unpaid"},
	"partly":    {FR: "impayé pour partie", EN: "partly unpaid"},
}

// cfonbReasons are the reject codes of the French interbank exchanges (CFONB,
// « Liste interbancaire des codes motif de rejet »). The brochure is for banks
// alone: the codes were held against those that OCA’s Odoo modules for France and
// Axelor’s list.
var cfonbReasons = map[string]string{
	"01": "endorsed", "02": "due", "03": "DT01", "04": "partial", "05": "whole", "06": "acceptance",
	"11": "cancelled", "12": "AC01", "13": "unknown", "14": "AC04", "16": "payer", "18": "sender", "19": "assigned",
	"20": "AM04", "31": "MD01", "32": "court", "34": "stopped", "35": "MD07", "39": "accepted", "52": "AG02",
	"54": "address", "57": "FF01", "58": "CUST", "59": "MS03", "60": "RC01", "61": "TM01", "62": "RR04", "63": "SL01",
	"64": "AM05", "65": "back", "66": "MD02", "70": "drawing", "71": "settled",
	"72": "code", "73": "AM09", "74": "date", "75": "extension", "76": "late", "80": "contested",
	"88": "outside", "90": "part", "99": "refused",

	"CHQ10": "lost", "CHQ11": "stolen", "CHQ12": "misused", "CHQ13": "court", "CHQ20": "barred", "CHQ30": "mention",
	"CHQ31": "signature", "CHQ32": "signers", "CHQ33": "falsified", "CHQ34": "forged", "CHQ35": "endorse",
	"CHQ40": "court", "CHQ41": "seized", "CHQ42": "notice", "CHQ43": "MD07", "CHQ44": "joint", "CHQ60": "unpaid",
	"CHQ61": "partly", "CHQ62": "AC04",
}
