package lifecycle

import (
	"strings"

	"acquit/internal/i18n"
)

// noteOf is what a dispute, a hold or an announced payment says of the status
// behind it.
func noteOf(s Status) string {
	text := "Facture électronique\u00a0: statut " + s.Code + " «\u00a0" + s.In(i18n.FR) + "\u00a0» du " +
		s.On.Short("fr")
	if why := s.Why(i18n.FR); why != "" {
		text += "\n" + why
	}
	return cut(text, maxNote)
}

// maxNote leaves room below what a note of an agreement may hold.
const maxNote = 1500

func cut(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// taskOf is what a person has to do because of a status.
func taskOf(s *Status, number string) Effect {
	titles := map[string]string{
		Deposited:     "Facture %s\u00a0: l’acheteur n’a pas de plateforme, l’envoyer par un autre moyen",
		Suspended:     "Facture %s suspendue\u00a0: fournir la pièce qui manque",
		Refused:       "Facture %s refusée\u00a0: passer un avoir interne, puis la refaire",
		Rejected:      "Facture %s rejetée\u00a0: la corriger et l’émettre de nouveau",
		Cancelled:     "Facture %s annulée\u00a0: attendre ou prendre la rectificative",
		Irreceivable:  "Facture %s irrecevable\u00a0: corriger le fichier et le déposer de nouveau",
		DirectPayment: "Facture %s\u00a0: paiement direct demandé, changer le payeur",
		NewAccount:    "Facture %s\u00a0: nouveau compte à payer, à vérifier à deux",
	}
	more := map[string]string{
		Suspended: "Une fois la pièce donnée, envoyer «\u00a0Complétée\u00a0» (209)\u00a0: la relance reprend.",
		Refused: "Le refus met fin à la facture (aucun statut obligatoire ne peut suivre)\u00a0: l’avoir reste dans vos comptes et ne passe " +
			"pas par la plateforme. La relance est arrêtée.",
		Rejected:  "L’acheteur n’a pas reçu cette facture\u00a0: la relance est arrêtée.",
		Cancelled: "La relance est arrêtée\u00a0; la rectificative sera relancée à son tour.",
		NewAccount: "Vérifier ce changement auprès de l’acheteur et de votre banque par un numéro que vous connaissez déjà, jamais par celui du " +
			"message\u00a0; une seconde personne confirme. Un changement de compte que vous n’avez pas demandé est une fraude.",
		DirectPayment: "Le maître d’ouvrage paie lui-même le sous-traitant\u00a0: reprendre la facture sur son compte, ou la suspendre.",
	}
	var detail strings.Builder
	detail.WriteString(noteOf(*s))
	for _, f := range s.Said.Figures("CBB") {
		detail.WriteString("\nCoordonnées du message\u00a0: " + strings.TrimSpace(f.Name+" "+f.Value))
	}
	if text := more[s.Code]; text != "" {
		detail.WriteString("\n" + text)
	}
	return Effect{
		Kind: Work, Title: cut(strings.ReplaceAll(titles[s.Code], "%s", number), 190), Note: cut(detail.String(), 1900),
	}
}
