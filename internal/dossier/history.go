package dossier

import (
	"strings"

	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// events are what was done and said, from every room.
func (b *builder) events() (list []event) {
	for _, part := range []func() []event{b.payments, b.messages, b.formal, b.agreements, b.contestations, b.statuses} {
		list = append(list, part()...)
	}
	return list
}

// payments are what came in on the claims.
func (b *builder) payments() (list []event) {
	claimed := map[string]bool{}
	for _, c := range b.facts.Claims {
		claimed[c.ID] = true
	}
	for _, a := range b.links {
		if !claimed[a.Invoice] || a.On > b.Day {
			continue
		}
		what := "Règlement"
		if b.kindOf(a.Credit) == ledger.CreditNote {
			what = "Avoir"
		}
		if a.Reverses != "" {
			what = "Annulation de lettrage"
		}
		list = append(list, event{a.On, what + " de " + i18n.FR.Amount(a.Amount) + " sur la facture " +
			b.number(a.Invoice) + "."})
	}
	return list
}

func (b *builder) messages() (list []event) {
	for _, m := range b.sent {
		text := dunning.StepTitle(m.Step, i18n.FR) + " (" + dunning.Channel(m.Channel).In(i18n.FR) + ")"
		if len(m.To) > 0 {
			text += " à " + strings.Join(m.To, ", ")
		}
		list = append(list, event{b.day(m.SentAt), text + " : " + m.Subject + "."})
	}
	return list
}

func (b *builder) agreements() (list []event) {
	for _, c := range b.calls {
		list = append(list, event{c.On, "Appel : " + c.Outcome.In(i18n.FR) + "."})
	}
	for _, p := range b.promises {
		list = append(list, event{p.Made, "Promesse de régler " + sum(p.Amount, "les factures") + " pour le " +
			p.For.Long("fr") + " : " +
			p.State(b.Day, promiseGrace).In(i18n.FR) + "."})
	}
	for _, p := range b.plans {
		list = append(list, event{p.Made, "Échéancier de " + i18n.FR.Amount(p.Total()) + " : " + p.Progress(b.Day).State.In(i18n.FR) + "."})
	}
	for _, r := range b.replies {
		list = append(list, event{r.On, "Le débiteur " + r.Kind.In(i18n.FR) + said(r.Note) + "."})
	}
	return list
}

// sum is an amount, or other where all is meant.
func sum(a money.Amount, other string) string {
	if a.IsZero() {
		return other
	}
	return i18n.FR.Amount(a)
}

func said(note string) string {
	if note == "" {
		return ""
	}
	return " : « " + note + " »"
}

func (b *builder) contestations() (list []event) {
	for _, d := range b.disputes {
		list = append(list, event{d.Opened, "Litige sur la facture " + b.number(d.Invoice) + " : " + d.Reason.In(i18n.FR) + said(d.Note) + "."})
		if !d.Closed.IsZero() {
			list = append(list, event{d.Closed, "Litige clos sur la facture " + b.number(d.Invoice) + " : " + d.Outcome.In(i18n.FR) + said(d.Closing) + "."})
		}
	}
	return list
}
