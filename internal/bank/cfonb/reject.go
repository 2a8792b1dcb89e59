package cfonb

import "acquit/internal/bank"

// back says why a payment went back; nil where the field is blank.
func back(code string) *bank.Return {
	if code == "" || code == "00" {
		return nil
	}
	return &bank.Return{Code: code, Text: reasons[code]}
}

// reasons are the French words of the reject codes of the interbank exchanges
// (CFONB, motifs de rejet), for direct debits, transfers and bills alike.
var reasons = map[string]string{
	"01": "Endos erroné", "02": "Échéance hors limite", "03": "Date incohérente", "04": "Réclamation partielle",
	"05": "Réclamation totale", "06": "Non-retour d’acceptation", "11": "Annulation bancaire",
	"12": "Coordonnées bancaires inexploitables", "13": "Créance non identifiable", "14": "Compte clôturé",
	"16": "Destinataire non reconnu", "18": "Émetteur non reconnu", "19": "Créance cédée à une autre banque",
	"20": "Provision insuffisante", "31": "Pas d’autorisation", "32": "Décision judiciaire",
	"34": "Opposition sur compte", "35": "Titulaire décédé", "39": "Ne paie que LCR acceptée ou BOR",
	"52": "Code opération incorrect", "54": "Adresse invalide", "57": "Format invalide", "58": "Sur ordre du client",
	"59": "Raison non communiquée", "60": "Code banque incorrect", "61": "Heure limite dépassée",
	"62": "Motif réglementaire", "63": "Service spécifique", "64": "Doublon", "65": "Retour à la demande de l’émetteur",
	"66": "Donnée de mandat incorrecte", "70": "Tirage contesté", "71": "Reçu à tort ou déjà réglé",
	"72": "Code acceptation erroné", "73": "Montant contesté", "74": "Date d’échéance contestée",
	"75": "Demande de prorogation", "76": "Réclamation tardive", "80": "Contestation du débiteur",
	"88": "Banque hors échanges", "90": "Paiement partiel du tiré", "99": "Opération non admise",
}
