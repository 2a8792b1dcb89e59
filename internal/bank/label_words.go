package bank

import (
	"regexp"
	"strings"

	"acquit/internal/identifier"
)

// The words of banks are in capitals without accents; a label is read so too.

// knownMeans are the words that tell how money moved, wherever they stand among
// the bank's own words.
var knownMeans = func() map[string]Means {
	m := map[string]Means{}
	for means, words := range map[Means]string{
		Transfer: "VIR VIRT VRT VRMT VIREMENT VIREMENTS VIRINST TRANSFERT TRANSFER SCT UEBERWEISUNG UBERWEISUNG GUTSCHRIFT SEPAGUTSCHRIFT WIRE OVERBOEKING",
		Debit:    "PRLV PRLVT PRLVS PREL PRELEV PRELEVEMENT PRELEVEMENTS PRELVT SDD LASTSCHRIFT RUECKLASTSCHRIFT RUCKLASTSCHRIFT TIP INCASSO TELEREGLEMENT",
		Cheque:   "CHQ CHQS CHEQUE CHEQUES REMCHQ CHECK SCHECK",
		Card:     "CB CARTE CARTES REMCB TELECOLLECTE TPE CARD KARTE KARTENZAHLUNG VISA MASTERCARD",
		Bill:     "LCR BOR EFFET EFFETS TRAITE TRAITES BILLET",
		Cash:     "ESPECES ESP RETRAIT DAB GAB NUMERAIRE",
		Fee: "FRAIS COM COMM COMS COMMISSION COMMISSIONS COTIS COTISATION COTISATIONS AGIOS INTERETS INTS INTDEB FEE FEES " +
			"CHARGES GEBUHR GEBUHREN GEBUEHR GEBUEHREN ENTGELT ENTGELTE ABSCHLUSS ARRETE FACTURATION",
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = means
		}
	}
	return m
}()

// meansOf reads the word at the front; a few need the next one.
func meansOf(words []word) (Means, bool) {
	w, next := words[0].text, ""
	if len(words) > 1 {
		next = words[1].text
	}
	switch {
	case w == "F" && (strings.HasPrefix(next, "COTIS") || next == "COM" || next == "TENUE"),
		w == "TENUE" && (next == "DE" || next == "COMPTE"), w == "ARR" && next == "COMPTE":
		return Fee, true
	case w == "FACTURE" && next == "CARTE", w == "AVOIR" && next == "CARTE":
		return Card, true
	case w == "DIRECT" && next == "DEBIT", w == "SEPA" && next == "DEBIT":
		return Debit, true
	case w == "FACTURE":
		return "", false
	case w == "VERSEMENT" || w == "VERST":
		return cmpMeans(knownMeans[next], Cash), true
	}
	m, ok := knownMeans[w]
	return m, ok
}

func cmpMeans(m, otherwise Means) Means {
	if m == "" {
		return otherwise
	}
	return m
}

var (
	// goesBack are the words of a payment that went back.
	goesBack = set("REJET REJETE REJETEE REJETES REJ IMPAYE IMPAYEE IMPAYES IMPAYEES RETOUR RETOURNE RETOURNEE RTN RET " +
		"CHARGEBACK CONTESTATION UNPAID RETURN RETURNED REJECT REJECTED RUECKLASTSCHRIFT RUCKLASTSCHRIFT RUECKGABE")
	// undone are the words of an entry that the bank takes back.
	undone = set("ANNULATION ANNUL ANN EXTOURNE CONTREPASSATION CONTREPASSE CONTREPASSEE REGULARISATION REGUL STORNO REVERSAL")
	// around stand before or between the bank's words.
	around = set("REMISE REM REMISES PAIEMENT PAIEMENTS PAYMENT ENCAISSEMENT ENCAISST ACHAT CREDIT DEBIT AVIS DE D DES DU L SUR SEPA " +
		"TRTP EMISSION RECEPTION ECHEANCE ECHU ESCOMPTE NO N NUM NR BANCAIRE BANCAIRES PSC SANS CONTACT ORDRE")
	// manner follow the word of the means.
	manner = set("SEPA INST INSTANTANE INSTANTANEE RE RECU RECUS RECUE REC EMIS EMISE EUROPEEN EUROPEENS EUR WEB INTERNET PERM PERMANENT " +
		"EN VOTRE FAVEUR TIERS CPTE COMPTE LOGITEL TRESORERIE B2B CORE IP INTERBANCAIRE ENTRANT ORDINAIRE PONCTUEL FRST RCUR " +
		"INSTANT INCOMING FROM VON EINGANG SEPA00 IMM IMMEDIAT")
	// sometimes are of the bank where another of its words follows, and may else
	// begin a name.
	sometimes = set("INTERNATIONAL ETRANGER NATIONAL COMMERCIAL EXTERNE DOMESTIQUE INTERNE")
	// purposes begin what the payer wrote.
	purposes = set("FACT FACTS FACTURE FACTURES FAC FCT FRE INV INVOICE INVOICES RGT RGLT REGLT REGLEMENT RGLEMENT PAIEMENT PAIEMT PAYMENT " +
		"PMT PAYT SOLDE ACOMPTE ACPTE LOYER LOYERS COMMANDE CDE DEVIS AVOIR REF REFERENCE DOSSIER ECHEANCE ECHEANCES MENSUALITE NOTE " +
		"HONORAIRES SITUATION RECHNUNG RG RE RNR KDNR VOTRE VOS VOTR MOTIF NUM NO NR N LIEU FACTURATION VIREMENT CLIENT CONTRAT")
)

// unsaid are the words that programs put where nothing was said.
var unsaid = map[string]bool{
	"NOTPROVIDED": true, "NOT PROVIDED": true, "NON COMMUNIQUE": true, "NON COMMUNIQUEE": true, "NONREF": true,
	"NEANT": true, "NON RENSEIGNE": true, "NONRENSEIGNE": true, "-": true, "N/A": true, "NA": true, "SANS": true,
	"SANS REFERENCE": true, "AUCUN": true, "NOREF": true, "": true,
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// returnCodes are the reasons of ISO 20022 (ExternalReturnReason1Code) that SEPA
// uses, as a label may give them.
var returnCodes = set("AC01 AC02 AC03 AC04 AC06 AC07 AC13 AC14 AG01 AG02 AG03 AG07 AM01 AM02 AM03 AM04 AM05 AM06 AM07 AM09 AM10 ARDT " +
	"BE01 BE04 BE05 BE06 BE07 BE08 CNOR CURR CUST CUTA DNOR DT01 DUPL ED01 ED03 ED05 ERIN FF01 FF03 FF05 FF07 FOCR FR01 FRAD FRTR " +
	"MD01 MD02 MD05 MD06 MD07 MS02 MS03 NARR NOAS NOOR PY01 RC01 RC07 RF01 RR01 RR02 RR03 RR04 RUTA SL01 SL02 SL11 SL12 SL13 SL14 " +
	"SVNR TM01 TRAC UPAY TECH XD19 XT13")

// returnWords are the reasons in the words of French banks.
var returnWords = []string{
	"PROVISION INSUFFISANTE", "INSUFFISANCE DE PROVISION", "INSUFFISANCE PROVISION", "SANS PROVISION",
	"DEFAUT DE PROVISION", "DEFAUT PROVISION", "OPPOSITION SUR COMPTE", "OPPOSITION DU DEBITEUR", "OPPOSITION DEBITEUR",
	"OPPOSITION", "COMPTE CLOTURE", "COMPTE SOLDE", "COMPTE CLOS", "COMPTE BLOQUE", "DESACCORD DU DEBITEUR",
	"CONTESTATION DU DEBITEUR", "CONTESTATION DEBITEUR", "OPERATION CONTESTEE", "OPERATION NON AUTORISEE",
	"PAS D'ORDRE DE PAYER", "PAS D ORDRE DE PAYER", "ABSENCE DE MANDAT",
	"MANDAT INEXISTANT", "MANDAT INVALIDE", "ABSENCE D'AUTORISATION", "TITULAIRE DECEDE", "DEMANDE DE PROROGATION",
	"COORDONNEES BANCAIRES INEXPLOITABLES", "COORDONNEES INEXPLOITABLES", "IBAN INVALIDE", "REFUS DU DEBITEUR",
	"TIRAGE CONTESTE", "TIRE INCONNU", "EFFET RECLAME TARDIVEMENT", "SIGNATURE NON CONFORME", "CHEQUE PERDU",
	"CHEQUE VOLE", "MONTANT CONTESTE", "DOUBLON", "OPERATION REGLEMENTAIRE", "RAISON REGLEMENTAIRE",
}

var (
	creditorReference = regexp.MustCompile(`\bRF[0-9]{2}(?: ?[A-Z0-9]){1,21}`)
	belgianReference  = regexp.MustCompile(`[+*]{3}[0-9]{3}/[0-9]{4}/[0-9]{5}[+*]{3}`)
)

// structured finds references with check digits: RF (ISO 11649) and the Belgian
// structured communication.
func structured(t text) []string {
	folded := string(t.folded)
	list := belgianReference.FindAllString(folded, -1)
	for _, found := range creditorReference.FindAllString(folded, -1) {
		// Words may follow without a sign: the reference is as long as its check allows.
		for s := found; s != ""; s = s[:max(strings.LastIndexByte(s, ' '), 0)] {
			if r := identifier.Reference(s); r.OK() {
				list = append(list, r.Value)
				break
			}
		}
	}
	return list
}
