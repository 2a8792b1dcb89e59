package customers

import (
	"context"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/ledger"
	"acquit/internal/paper"
	"acquit/internal/reaction"
	"acquit/internal/reminder"
	"acquit/internal/task"
	"acquit/internal/web/ui"
)

// event is one thing that happened with a customer.
type event struct {
	on    cal.Date
	at    time.Time // orders those of one day
	tone  string    // its colour: a tone of voice, paid, late, or nothing
	title string
	text  string
	quote string
	link  string

	receipt string // the payment of which a receipt can be given
}

// past is what the timeline is made of besides the agreements.
type past struct {
	reminders []reminder.Reminder
	messages  map[string][]reminder.Message // by reminder
	reactions []reaction.Reaction
	documents []ledger.Document // credits: what came in
	calls     []call.Call
}

// history reads what was said and what came in.
func (p *Pages) history(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	h := &page.past
	if h.reminders, err = reminder.OfCustomer(ctx, tx, s, page.ID, maxEvents); err != nil {
		return err
	}
	messages, err := reminder.Messages(ctx, tx, s, reminder.MessageFilter{Customer: page.ID, Limit: maxEvents})
	if err != nil {
		return err
	}
	h.messages = map[string][]reminder.Message{}
	for _, m := range messages {
		h.messages[m.Reminder] = append(h.messages[m.Reminder], m)
	}
	if h.calls, err = call.List(ctx, tx, s, page.ID); err != nil {
		return err
	}
	if h.reactions, err = reaction.List(ctx, tx, s, page.ID, maxEvents); err != nil {
		return err
	}
	all, err := ledger.OfCustomers(ctx, tx, s, true, page.ID)
	for _, d := range all {
		if d.Kind.Credit() {
			h.documents = append(h.documents, d)
		}
	}
	return err
}

// timeline is what happened, newest first.
func (page view) timeline(f ui.Frame) []event {
	var list []event
	for _, r := range page.past.reminders {
		list = append(list, page.reminded(f, r))
	}
	for _, m := range page.past.messages[""] {
		list = append(list, courtesy(f, m))
	}
	for _, c := range page.past.calls {
		list = append(list, called(f, c))
	}
	for _, r := range page.past.reactions {
		list = append(list, event{on: r.On, at: r.CreatedAt, title: r.Kind.In(f.Lang), quote: r.Note})
	}
	for _, d := range page.past.documents {
		e := event{
			on: d.Issued, at: d.CreatedAt, tone: "paid", title: f.Say("Règlement reçu", "Payment received"),
			text: f.Lang.Amount(d.Amount), link: "/pieces/" + d.ID,
		}
		if d.Kind == ledger.CreditNote {
			e.title = f.Sayf("Avoir %s", "Credit note %s", d.Number)
		} else if paper.CanReceipt(d) {
			e.receipt = d.ID
		}
		list = append(list, e)
	}
	list = append(list, page.agreed(f)...)
	slices.SortStableFunc(list, func(a, b event) int {
		if a.on != b.on {
			return int(b.on) - int(a.on)
		}
		return b.at.Compare(a.at)
	})
	return list[:min(len(list), maxEvents)]
}

// reminded is a reminder with what became of it.
func (page view) reminded(f ui.Frame, r reminder.Reminder) event {
	e := event{
		on: r.On, at: r.ProposedAt, title: dunning.StepTitle(r.Step, f.Lang), text: becameWords(f, r.State),
	}
	switch r.State {
	case reminder.Sent:
		e.tone, e.on = string(r.Tone), r.DoneOn
		if len(page.past.messages[r.ID]) == 0 {
			e.text = f.Say("tâche confiée à une personne", "given to a person")
		}
	case reminder.Failed, reminder.Uncertain:
		e.tone = "late"
	case reminder.Proposed:
		e.link = "/?relance=" + r.ID
	}
	e.text += ", " + f.Lang.Amount(r.Amount) + ", " + channels(f, r.Channels)
	e.quote = ui.French(r.Note)
	for _, m := range page.past.messages[r.ID] {
		if e.link == "" {
			e.link = "/envois/" + m.ID
		}
		if e.quote == "" {
			e.quote = m.Subject
		}
		if !m.SentAt.IsZero() {
			e.at = m.SentAt
		}
	}
	return e
}

// courtesy is a message that belongs to no reminder.
func courtesy(f ui.Frame, m reminder.Message) event {
	e := event{
		on: cal.Of(m.CreatedAt), at: m.CreatedAt, title: f.Say("Message d’excuses", "Apology"), quote: m.Subject,
		text: reminder.MessageStateWords[m.State].In(f.Lang), link: "/envois/" + m.ID,
	}
	if !m.SentAt.IsZero() {
		e.on, e.at = cal.Of(m.SentAt), m.SentAt
	}
	return e
}

// called is a call with what came of it.
func called(f ui.Frame, c call.Call) event {
	e := event{
		on: c.On, at: c.CreatedAt, title: f.Say("Appel", "Call"), text: c.Outcome.In(f.Lang), quote: c.Note,
		link: "/appels/fait/" + c.ID,
	}
	if c.Person != "" {
		e.text += ", " + c.Person
	}
	return e
}

func channels(f ui.Frame, list []dunning.Channel) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = f.Channel(string(c))
	}
	return strings.Join(words, " + ")
}

// agreed are the agreements and disagreements as they were made.
func (page view) agreed(f ui.Frame) []event {
	var list []event
	for _, x := range page.promises {
		list = append(list, event{
			on: x.Made, at: x.CreatedAt, title: f.Say("Promesse", "Promise"), quote: x.Note,
			text: f.Sayf("pour le %s, %s", "for %s, %s", f.Lang.Date(x.For), x.State(page.day, 0).In(f.Lang)),
		})
	}
	for _, x := range page.disputes {
		list = append(list, event{
			on: x.Opened, at: x.CreatedAt, title: f.Say("Litige", "Dispute"), quote: x.Note,
			text: x.Reason.In(f.Lang) + ", " + strings.Join(page.numbers([]string{x.Invoice}), ", "),
		})
	}
	for _, x := range page.holds {
		list = append(list, event{
			on: x.From, at: x.CreatedAt, title: f.Say("Suspension", "Hold"), text: until(f, x.Until), quote: x.Reason,
		})
	}
	for _, x := range page.plans {
		list = append(list, event{
			on: x.Made, at: x.CreatedAt, title: f.Say("Échéancier", "Plan"), quote: x.Note,
			text: f.Count(len(x.Instalments), "échéance", "échéances", "instalment", "instalments") + ", " +
				f.Lang.Amount(x.Total()),
		})
	}
	for _, x := range page.payments {
		list = append(list, event{
			on: x.On, at: x.CreatedAt, title: f.Say("Règlement annoncé", "Payment announced"),
			text: f.Lang.Amount(x.Amount) + ", " + x.Source.In(f.Lang), quote: x.Note,
		})
	}
	for _, x := range page.tasks {
		if !x.DoneAt.IsZero() && x.Kind != task.Call { // which tell of themselves
			list = append(list, event{
				on: cal.Of(x.DoneAt), at: x.DoneAt, title: x.Title, text: x.Outcome.In(f.Lang), quote: x.Note,
			})
		}
	}
	return list
}

func until(f ui.Frame, day cal.Date) string {
	if day.IsZero() {
		return f.Say("sans terme", "without end")
	}
	return f.Sayf("jusqu’au %s compris", "until %s included", f.Lang.Date(day))
}

// becameWords are what became of a step, whatever the gender of its name.
func becameWords(f ui.Frame, s reminder.State) string {
	switch s {
	case reminder.Sent:
		return f.Say("message envoyé", "sent")
	case reminder.Failed:
		return f.Say("envoi refusé", "refused")
	case reminder.Approved:
		return f.Say("en file d’envoi", "queued")
	case reminder.Dismissed:
		return f.Say("relance écartée", "dismissed")
	case reminder.Superseded:
		return f.Say("relance dépassée", "superseded")
	}
	return f.Words(reminder.StateWords[s])
}
