package setting

import (
	"fmt"
	"strings"

	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Field is a setting as a form shows it in one language.
type Field struct {
	Definition
	Value   string // as a person would write it; Hidden for a secret that is set
	IsSet   bool   // the creditor has chosen it; otherwise it is the default
	Problem string // what is wrong with what was written, in French; mostly empty
}

// Form are the fields of the settings in r, with the values in v.
func (r Registry) Form(v Values, lang i18n.Lang) []Field {
	fields := make([]Field, len(r))
	for i, d := range r {
		fields[i] = Field{Definition: d, Value: d.Show(v.Text(d), lang), IsSet: v.IsSet(d)}
	}
	return fields
}

// Show is a stored value as a person of that language would write it.
func (d Definition) Show(stored string, lang i18n.Lang) string {
	switch d.Kind {
	case KindSecret:
		return hide(stored)
	case KindAmount:
		if a, err := money.Parse(stored, money.EUR); err == nil {
			return a.Number(string(lang))
		}
	}
	return stored
}

// Say is a stored value in words: yes or no, the label of a choice, the amount
// with its currency.
func (d Definition) Say(stored string, lang i18n.Lang) string {
	switch d.Kind {
	case KindBool:
		if stored == "true" {
			return say("oui", "yes").In(lang)
		}
		return say("non", "no").In(lang)
	case KindList:
		return strings.ReplaceAll(stored, "\n", ", ")
	case KindAmount:
		return d.Show(stored, lang) + "\u00a0€"
	case KindChoice:
		for _, c := range d.Choices {
			if c.Value == stored {
				return c.Label.In(lang)
			}
		}
	}
	return d.Show(stored, lang)
}

// Title is the heading of a group.
func (g Group) Title() i18n.Words {
	switch g {
	case GroupDunning:
		return say("Relances", "Reminders")
	case GroupSending:
		return say("Envois", "Sending")
	case GroupMail:
		return say("Messagerie", "E-mail")
	case GroupPost:
		return say("Courrier", "Post")
	case GroupBooks:
		return say("Balance âgée", "Aged balance")
	case GroupImport:
		return say("Imports", "Imports")
	case GroupLegal:
		return say("Contentieux", "Legal")
	case GroupDossier:
		return say("Dossiers", "Dossiers")
	case GroupCharges:
		return say("Pénalités", "Late charges")
	case GroupCalls:
		return say("Appels et négociation", "Calls and negotiation")
	case GroupLimitation:
		return say("Prescription", "Limitation")
	case GroupCash:
		return say("Encaissements", "Cash application")
	case GroupEinvoice:
		return say("Factures électroniques", "Electronic invoices")
	}
	return say(string(g), string(g))
}

// Manual is the page of the guide about the settings, in French, as Markdown.
func (r Registry) Manual() string {
	var b strings.Builder
	b.WriteString(`# Les réglages

Chaque société a les siens. Ils se changent à l’écran, sous « Réglages », ou en ligne de commande ; tout changement
entre au journal. Cette page est écrite par le programme : ce qu’il sait régler est ici, et rien d’autre.
`)
	for _, g := range r.Groups() {
		fmt.Fprintf(&b, "\n## %s\n\n| Réglage | Nom | Au départ | Ce qu’il fait |\n|---|---|---|---|\n", g.Title().FR)
		for _, d := range r.In(g) {
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", d.Label.FR, d.Name, d.start(), d.about())
		}
	}
	return b.String()
}

func (d Definition) start() string {
	start := d.Say(d.Default, i18n.FR)
	if start == "" {
		return "vide"
	}
	if d.Unit.FR != "" {
		start += "\u00a0" + d.Unit.FR
	}
	return start
}

// about is the help with the choices and whoever may change the setting.
func (d Definition) about() string {
	sentences := []string{}
	if d.Help.FR != "" {
		sentences = append(sentences, d.Help.FR)
	}
	if d.Kind == KindChoice {
		sentences = append(sentences, "Choix\u00a0: "+d.choices()+".")
	}
	switch d.Right {
	case RightWork:
		sentences = append(sentences, "Toute personne qui traite les relances peut le changer.")
	case RightHost:
		sentences = append(sentences, "En ligne de commande seulement.")
	}
	return strings.Join(sentences, " ")
}

func (d Definition) choices() string {
	said := make([]string, len(d.Choices))
	for i, c := range d.Choices {
		said[i] = fmt.Sprintf("`%s` (%s)", c.Value, c.Label.FR)
	}
	return strings.Join(said, ", ")
}
