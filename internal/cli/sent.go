package cli

import (
	"context"
	"fmt"
	"io"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// sent is what letting messages leave came to.
type sent struct {
	reminder.Tally
	Queued int `json:"queued"` // those that wait for their hour, their turn or another try

	from, until setting.TimeOfDay // between which messages leave
}

func (s *sent) wentWrong() bool { return s != nil && s.Failed+s.Uncertain > 0 }

// send lets what is queued leave, and counts what stays.
func (p *Program) send(ctx context.Context, b *Books, s creditor.Scope) (*sent, error) {
	bar := p.progress()
	defer bar.end()
	bar.tell("%s", p.say("envoi…", "sending…"))
	tally, err := b.Desk.Send(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &sent{Tally: tally}
	return out, b.DB.Read(ctx, func(tx *db.Tx) error {
		counts, err := reminder.CountMessages(ctx, tx, s)
		if err != nil {
			return err
		}
		values, err := creditor.Settings(ctx, tx, s)
		out.Queued = counts[reminder.Queued]
		out.from, out.until = setting.SendFrom.In(values), setting.SendUntil.In(values)
		return err
	})
}

// tellSent tells what left and what did not.
func (p *Program) tellSent(w io.Writer, s sent) {
	p.counts(w, []counted{
		{s.Sent, messagesSent, ""},
		{s.Ready, messagesReady, reminder.Ready},
		{s.Retried, messagesRetried, reminder.Queued},
		{s.Failed, messagesRefused, reminder.MessageFailed},
		{s.Uncertain, messagesUncertain, reminder.MessageUncertain},
		{s.Held, messagesHeld, reminder.Held},
		{s.Superseded, messagesCancelled, reminder.Cancelled},
	})
	switch waits := s.Queued - s.Retried; {
	case waits > 0:
		fmt.Fprintf(w, p.say("  %s (acquit outbox list --state queued) : les envois se font les jours ouvrés, de %s à %s\n",
			"  %s (acquit outbox list --state queued): messages leave on working days, from %s to %s\n"),
			messagesQueued.Count(p.lang, waits), s.from, s.until)
	case s.Tally == (reminder.Tally{}):
		fmt.Fprintln(w, p.say("  Aucun message à envoyer maintenant.", "  No message to send now."))
	}
}

// counted is how many of something there are, and the state in which the outbox
// shows them, if it does.
type counted struct {
	n     int
	what  i18n.Noun
	state reminder.MessageState
}

// counts tells those of which there are any.
func (p *Program) counts(w io.Writer, list []counted) {
	for _, c := range list {
		if c.n == 0 {
			continue
		}
		fmt.Fprintf(w, "  %s", c.what.Count(p.lang, c.n))
		if c.state != "" {
			fmt.Fprintf(w, " (acquit outbox list --state %s)", c.state)
		}
		fmt.Fprintln(w)
	}
}
