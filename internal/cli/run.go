package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/urfave/cli/v3"

	"acquit/internal/account"
	"acquit/internal/creditor"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
)

func (p *Program) run() *cli.Command {
	return &cli.Command{
		Name: "run", Usage: p.say("le passage du jour : décider, approuver ce que les règles approuvent, envoyer", "the daily run: decide, approve what rules approve, send"),
		Description: p.say("Ce qui attend une personne reste à approuver : « acquit today », puis « acquit approve ». Recommencer le même jour ne propose rien de plus. Sortie 1 si quelque chose n’est pas parti comme prévu.",
			"What waits for a person remains to be approved: “acquit today”, then “acquit approve”. Running again on the same day proposes nothing more. Exit status 1 if anything did not leave as it should."),
		UsageText: "acquit run\nacquit run --approve-all --json",
		Flags: []cli.Flag{
			p.onFlag(),
			p.flag("approve-all", p.say("approuver aussi tout ce qui attend, hors étapes formelles", "also approve all that waits, but formal steps")),
			p.flag("no-send", p.say("ne rien envoyer", "send nothing")),
		},
		Action: p.doRun,
	}
}

// ran is what a run came to.
type ran struct {
	reminder.Report
	approved approvals
	sent     *reminder.Tally // nil when nothing was to be sent
}

func (p *Program) doRun(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		day, _, err := p.dayIn(ctx, c, b, s)
		if err != nil {
			return err
		}
		var done ran
		if done.Report, err = b.Desk.Run(ctx, s, day); err != nil {
			return err
		}
		if c.Bool("approve-all") {
			if done.approved, err = p.approveWaiting(ctx, b, s, day, approvable{}); err != nil {
				return err
			}
		}
		if !c.Bool("no-send") {
			tally, err := p.send(ctx, b, s)
			if err != nil {
				return err
			}
			done.sent = &tally
		}
		if p.json {
			err = p.runJSON(ctx, b, s, done)
		} else {
			p.tellRun(p.Out, done)
		}
		if err == nil && done.wentWrong() {
			return errSilent
		}
		return err
	})
}

func (d ran) wentWrong() bool {
	return len(d.Problems) > 0 || len(d.approved.failed) > 0 || wentWrong(d.sent)
}

func wentWrong(t *reminder.Tally) bool { return t != nil && t.Failed+t.Uncertain > 0 }

// send lets what is queued leave.
func (p *Program) send(ctx context.Context, b *Books, s creditor.Scope) (reminder.Tally, error) {
	bar := p.progress()
	defer bar.end()
	bar.tell("%s", p.say("envoi…", "sending…"))
	return b.Desk.Send(ctx, s)
}

// runJSON writes what the run proposed, as it stands now, and to whom nothing
// was said.
func (p *Program) runJSON(ctx context.Context, b *Books, s creditor.Scope, done ran) error {
	d, err := p.newDay(b, s, done.On, false)
	if err != nil {
		return err
	}
	defer d.quiet.remove()
	spoken := map[string]bool{}
	err = d.stored(ctx, reminder.Which{Run: done.Run}, func(m reminder.Reminder) bool {
		spoken[m.Customer] = true
		return true
	})
	if err != nil {
		return err
	}
	err = d.decide(ctx, account.Query{Day: done.On}, func(one reminder.Decided) error {
		if spoken[one.Account.Customer.ID] {
			return nil
		}
		return d.silent(one)
	})
	if err != nil {
		return err
	}
	d.wrong = done.Problems
	return d.end(map[string]any{
		"run": done.Run, "accounts": done.Accounts, "proposed": done.Proposed,
		"approved":   done.Approved + done.approved.done,
		"superseded": done.Superseded, "postponed": done.Postponed, "sent": done.sent, "failed": done.approved.json(p),
	})
}

func (p *Program) tellRun(w io.Writer, d ran) {
	fmt.Fprintf(w, p.say("Passage du %s : %s, %s", "Run of %s: %s, %s"),
		p.lang.LongDate(d.On), accountsRead.Count(p.lang, d.Accounts), remindersProposed.Count(p.lang, d.Proposed))
	for _, c := range slices.Sorted(maps.Keys(d.Amounts)) {
		fmt.Fprintf(w, ", %s", p.lang.Amount(d.Amounts[c]))
	}
	fmt.Fprintln(w, ".")
	p.counts(w, []counted{
		{d.Approved + d.approved.done, remindersApproved, ""},
		{d.Superseded, remindersOvertaken, ""},
		{d.Postponed, remindersLeft, ""},
	})
	p.tellApprovals(w, d.approved)
	if d.sent != nil {
		p.tellTally(w, *d.sent)
	}
	for _, one := range d.Problems {
		fmt.Fprintf(w, p.say("À corriger : %s : %s\n", "To mend: %s: %s\n"), one.Code, one.Message)
	}
	if left := d.Proposed - d.Approved - d.approved.done; left > 0 {
		fmt.Fprintln(w, p.say("À approuver : acquit today les montre, acquit approve all les approuve.", "To approve: acquit today shows them, acquit approve all approves them."))
	}
}

// tellTally tells what left and what did not.
func (p *Program) tellTally(w io.Writer, t reminder.Tally) {
	p.counts(w, []counted{
		{t.Sent, messagesSent, ""},
		{t.Retried, messagesRetried, reminder.Queued},
		{t.Failed, messagesRefused, reminder.MessageFailed},
		{t.Uncertain, messagesUncertain, reminder.MessageUncertain},
		{t.Held, messagesHeld, reminder.Held},
		{t.Superseded, messagesCancelled, reminder.Cancelled},
	})
	if t == (reminder.Tally{}) {
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
