package calls

import (
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/customer"
	"acquit/internal/promise"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
)

func subtitle(f ui.Frame, page view) string {
	if page.Reminder.ID == "" {
		return f.Say("Un appel de votre initiative.", "A call of your own.")
	}
	return attemptWords(f, page)
}

func attemptWords(f ui.Frame, page view) string {
	return f.Sayf("Essai %d, au plus %d.", "Attempt %d, at most %d.", page.Attempt, max(page.Attempts, page.Attempt))
}

// id is the identifier of a field of an outcome's form.
func id(o call.Outcome, name string) string { return string(o) + "-" + name }

// said is what was written in a field of the form that came back, or its first
// value.
func (page view) said(o call.Outcome, name, first string) string {
	if page.outcome != o || page.form == nil {
		return first
	}
	return page.form.Get(name)
}

// ticked tells whether an invoice is meant: all that are claimed, to begin with.
func (page view) ticked(o call.Outcome, invoice string) bool {
	if page.outcome != o || page.form == nil {
		return true
	}
	return slices.Contains(page.form["facture"], invoice)
}

func personName(c customer.Contact) string {
	return strings.Join(strings.Fields(c.Civility+" "+c.FirstName+" "+c.LastName), " ")
}

func firstPerson(page view) string {
	if len(page.Contacts) > 0 {
		return personName(page.Contacts[0])
	}
	return ""
}

func firstNumber(page view) string {
	if len(page.Contacts) > 0 {
		return page.Contacts[0].Phone
	}
	return page.Customer.Phone
}

// telephone is a link that dials.
func telephone(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.ReplaceAll(number, "(0)", ""))
	return "tel:" + digits
}

func limitWords(f ui.Frame, l agreement.Limits) string {
	return f.Sayf("Vos limites : %d mensualités, %d mois.", "Your limits: %d instalments, %d months.",
		l.Count, l.Months)
}

func ageClass(age int) string {
	if age > 0 {
		return "late"
	}
	return "muted"
}

func ageWords(f ui.Frame, i call.Invoice) string {
	due := f.Sayf("échue le %s", "due on %s", f.Lang.Date(i.Due))
	if i.Age > 0 {
		return due + ", " + f.Count(i.Age, "jour de retard", "jours de retard", "day late", "days late")
	}
	return f.Sayf("à échéance le %s", "due on %s", f.Lang.Date(i.Due))
}

type line struct{ title, text, class string }

// agreedLines are what was promised, kept or not, agreed, announced and contested.
func agreedLines(f ui.Frame, page view) (list []line) {
	for _, p := range page.Promises[:min(len(page.Promises), 6)] {
		state, class := p.State(page.today, 0), ""
		switch state {
		case promise.Kept:
			class = "paid"
		case promise.Broken, promise.Partly:
			class = "late"
		}
		list = append(list, line{
			f.Say("Promesse ", "Promise ") + state.In(f.Lang),
			f.Sayf("pour le %s", "for %s", f.Lang.Date(p.For)) + noted(p.Note), class,
		})
	}
	for _, p := range page.Plans {
		list = append(list, line{
			f.Say("Échéancier ", "Plan ") + p.Progress(page.today).State.In(f.Lang),
			f.Count(len(p.Instalments), "échéance", "échéances", "instalment", "instalments") + ", " +
				f.Lang.Amount(p.Total()), "",
		})
	}
	for _, p := range page.Payments {
		list = append(list, line{
			f.Say("Règlement annoncé", "Payment announced"), f.Lang.Amount(p.Amount) + ", " + p.Source.In(f.Lang) + noted(p.Note), "",
		})
	}
	for _, d := range page.Disputes {
		amount := f.Say("toute la facture", "all of the invoice")
		if !d.Amount.IsZero() {
			amount = f.Lang.Amount(d.Amount)
		}
		list = append(list, line{
			f.Say("Litige", "Dispute"), d.Reason.In(f.Lang) + ", " + amount + noted(d.Note), "due",
		})
	}
	return list
}

func noted(note string) string {
	if note == "" {
		return ""
	}
	return " · " + note
}

func sentWords(f ui.Frame, m reminder.Message) string {
	return f.Channel(m.Channel) + ", " + f.Lang.Date(cal.Of(m.SentAt.In(f.Zone)))
}
