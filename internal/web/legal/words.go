package legal

import (
	"net/url"
	"strings"

	"acquit/internal/handover"
	"acquit/internal/law/fr"
	"acquit/internal/web/ui"
)

func partnerName(f ui.Frame, page one) string {
	if page.partner.Name == "" {
		return f.Say("pour personne encore", "for nobody yet")
	}
	return page.partner.Name
}

func receiptState(f ui.Frame, r handover.Receipt) string {
	switch {
	case r.Remitted:
		return f.Say("reversé par lui", "remitted by it")
	case r.Declared.IsZero():
		return f.Say("à déclarer", "to declare")
	}
	return f.Sayf("déclaré le %s", "declared on %s", f.Lang.Date(r.Declared))
}

// mailTo opens the reader's own mail program on the declaration.
func mailTo(page one) string {
	q := url.Values{}
	q.Set("subject", "Sommes reçues sur le dossier "+page.customer.Name)
	var body strings.Builder
	body.WriteString("Bonjour,\n\nSur le dossier " + page.customer.Name + " (convention " + page.Mandate +
		"), nous avons reçu directement :\n")
	for _, r := range handover.ToDeclare(page.received) {
		body.WriteString("- " + r.On.Numeric() + " : " + r.Amount.Format("fr") + " sur la facture " + r.Invoice + "\n")
	}
	q.Set("body", body.String()+"\nReste dû en principal : "+page.Sums().Open.Format("fr"))
	u := url.URL{Scheme: "mailto", Opaque: page.partner.Email, RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return u.String()
}

func metWords(f ui.Frame, a fr.Answer) string {
	switch a {
	case fr.Yes:
		return f.Say("Rempli :", "Met:")
	case fr.No:
		return f.Say("Non rempli :", "Not met:")
	}
	return f.Say("À vérifier :", "To check:")
}

func answerWords(f ui.Frame, a fr.Answer) string {
	switch a {
	case fr.Yes:
		return f.Say("oui", "yes")
	case fr.No:
		return f.Say("non", "no")
	}
	return f.Say("d’après les livres, ou inconnu", "as the books say, or unknown")
}

func costWords(f ui.Frame, c fr.Cost) string {
	note := f.Words(c.Note)
	switch {
	case !c.Known:
		return note
	case c.Low == c.High:
		return f.Lang.Amount(c.Low) + suffix(note)
	}
	return f.Sayf("de %s à %s", "from %s to %s", f.Lang.Amount(c.Low), f.Lang.Amount(c.High)) + suffix(note)
}

func suffix(note string) string {
	if note == "" {
		return ""
	}
	return ", " + note
}
