package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/reminder"
)

func (p *Program) approve() *cli.Command {
	return &cli.Command{
		Name: "approve", Usage: p.say("approuver des relances et les laisser partir", "approve reminders and let them leave"),
		ArgsUsage: p.say("all | RELANCE… | CLIENT…", "all | REMINDER… | CUSTOMER…"),
		Description: p.say("« all » approuve tout ce qui attend, hors étapes formelles (recommandé, dossier) : celles-là se désignent, ou se demandent avec --formal. Chaque message est vérifié une dernière fois avant de partir.",
			"“all” approves all that waits but formal steps (registered letter, dossier): those are named, or asked for with --formal. Each message is checked once more before it leaves."),
		UsageText: "acquit approve all\nacquit approve all --step relance-1\nacquit approve C0042 --no-send",
		Flags: []cli.Flag{
			p.text("step", p.say("cette étape seulement", "this step only")),
			p.flag("formal", p.say("les étapes formelles aussi", "formal steps too")),
			p.flag("dry-run", p.say("dire ce qui partirait et ce qui serait retenu, sans rien approuver", "say what would leave and what would be held, approving nothing")),
			p.flag("no-send", p.say("ne pas envoyer maintenant", "do not send now")),
		},
		Action: p.doApprove,
	}
}

// approvals are what came of approving many reminders.
type approvals struct {
	done   int
	formal int // left alone: nobody asked for formal steps
	failed []refusal
	held   []waitsJSON // approved or not, they wait
	all    []reminder.Outlook
}

// leaving counts those that nothing keeps back.
func (a approvals) leaving() int { return len(a.all) - len(reminder.Kept(a.all)) }

type refusal struct {
	reminder reminder.Reminder
	code     string // of the customer
	err      error
}

type refusalJSON struct {
	Reminder string  `json:"reminder"`
	Customer string  `json:"customer"`
	Error    failure `json:"error"`
}

func (a approvals) json(p *Program) []refusalJSON {
	list := []refusalJSON{}
	for _, f := range a.failed {
		list = append(list, refusalJSON{f.reminder.ID, f.code, p.failures(f.err)[0]})
	}
	return list
}

// approvable says which of the waiting reminders are meant.
type approvable struct {
	step   string
	formal bool
	dry    bool // only say what would become of them
}

func (p *Program) doApprove(ctx context.Context, c *cli.Command) error {
	refs, err := p.arguments(c)
	if err != nil {
		return err
	}
	which := approvable{c.String("step"), c.Bool("formal"), c.Bool("dry-run")}
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		var done approvals
		if len(refs) == 1 && refs[0] == "all" {
			done, err = p.approveWaiting(ctx, b, s, 0, which)
		} else {
			done, err = p.approveNamed(ctx, b, s, refs, which)
		}
		if err != nil {
			return err
		}
		var left *sent
		if !c.Bool("no-send") && !which.dry {
			if left, err = p.send(ctx, b, s); err != nil {
				return err
			}
		}
		err = p.answer(map[string]any{
			"approved": done.done, "formal_left": done.formal, "failed": done.json(p),
			"sent": left, "held": done.held, "leaving": done.leaving(),
		}, func(w io.Writer) {
			p.tellForecast(w, done, which.dry)
			p.tellApprovals(w, done)
			p.tellHeld(w, done.held)
			if left != nil {
				p.tellSent(w, *left)
			}
		})
		if err == nil && (len(done.failed) > 0 || left.wentWrong()) {
			return errSilent
		}
		return err
	})
}

// shownRefusals bounds the customers named beside one reason.
const shownRefusals = 8

// tellApprovals tells what could not be approved, reason by reason, or was not.
func (p *Program) tellApprovals(w io.Writer, a approvals) {
	var reasons []string
	byReason := map[string][]string{}
	for _, f := range a.failed {
		why := p.words(f.err)
		if byReason[why] == nil {
			reasons = append(reasons, why)
		}
		byReason[why] = append(byReason[why], f.code)
	}
	for _, why := range reasons {
		codes := byReason[why]
		rest := ""
		if len(codes) > shownRefusals {
			codes, rest = codes[:shownRefusals], "…"
		}
		fmt.Fprintf(w, p.say("  %s : %s (%s%s)\n", "  %s: %s (%s%s)\n"),
			remindersRefused.Count(p.lang, len(byReason[why])), why,
			strings.Join(codes, " "), rest)
	}
	if a.formal > 0 {
		fmt.Fprintf(w, p.say("  %s : --formal, ou les désigner\n", "  %s: --formal, or name them\n"),
			formalLeft.Count(p.lang, a.formal))
	}
}

// approveWaiting approves what waits on a day, today when it is the zero Date.
func (p *Program) approveWaiting(ctx context.Context, b *Books, s creditor.Scope, day cal.Date,
	which approvable,
) (a approvals, err error) {
	var list []reminder.Row
	f := reminder.Filter{Today: day, Step: which.step, Limit: shown}
	err = b.DB.Read(ctx, func(tx *db.Tx) error {
		if f.Today.IsZero() {
			if f.Today, err = reminder.Today(ctx, tx, s); err != nil {
				return err
			}
		}
		list, err = waiting(ctx, tx, s, f)
		return err
	})
	if err != nil {
		return a, err
	}
	kept := list[:0]
	for _, r := range list {
		if r.Formal && !which.formal {
			a.formal++
			continue
		}
		kept = append(kept, r)
	}
	return a, p.approveList(ctx, b, s, kept, &a, which.dry)
}

// waiting are all reminders of a filter, page after page.
func waiting(ctx context.Context, tx *db.Tx, s creditor.Scope, f reminder.Filter) (all []reminder.Row, err error) {
	for {
		page, err := reminder.Page(ctx, tx, s, f)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all = append(all, page...)
		last := page[len(page)-1].Reminder
		f.After = &last
	}
}

// approveNamed approves reminders named by their identifier or by their
// customer's code: whoever names a formal step means it.
func (p *Program) approveNamed(ctx context.Context, b *Books, s creditor.Scope, refs []string,
	which approvable,
) (a approvals, err error) {
	var list []reminder.Row
	err = b.DB.Read(ctx, func(tx *db.Tx) error {
		for _, ref := range refs {
			found, err := p.named(ctx, room{Books: b, tx: tx, scope: s}, ref)
			if err != nil {
				return err
			}
			for _, r := range found {
				if which.step == "" || r.Step == which.step {
					list = append(list, r)
				}
			}
		}
		return nil
	})
	if err != nil {
		return a, err
	}
	return a, p.approveList(ctx, b, s, list, &a, which.dry)
}

func (p *Program) approveList(ctx context.Context, b *Books, s creditor.Scope, list []reminder.Row,
	a *approvals, dry bool,
) error {
	err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		a.all, a.held, err = p.foreseen(ctx, b.Desk, tx, s, list)
		return err
	})
	if err != nil || dry {
		return err
	}
	ids, byID := make([]string, len(list)), map[string]reminder.Row{}
	for i, r := range list {
		ids[i], byID[r.ID] = r.ID, r
	}
	bar := p.progress()
	defer bar.end()
	failed, err := b.Desk.ApproveAll(ctx, s, ids, func(done int) {
		bar.tell(p.say("%d sur %d approuvées…", "%d of %d approved…"), done, len(ids))
	})
	for _, f := range failed {
		a.failed = append(a.failed, refusal{byID[f.Reminder].Reminder, byID[f.Reminder].CustomerCode, f.Err})
	}
	a.done += len(ids) - len(failed)
	refused := func(id string) bool {
		return slices.ContainsFunc(failed, func(f reminder.Outcome) bool { return f.Reminder == id })
	}
	a.all = slices.DeleteFunc(a.all, func(o reminder.Outlook) bool { return refused(o.Reminder) })
	a.held = slices.DeleteFunc(a.held, func(h waitsJSON) bool { return refused(h.Reminder) })
	return err
}

// tellForecast says how many were approved, or would be, and how many of them leave.
func (p *Program) tellForecast(w io.Writer, a approvals, dry bool) {
	words := remindersApproved.Count(p.lang, a.done)
	if dry {
		words = remindersWaiting.Count(p.lang, len(a.all))
	}
	if len(a.held) > 0 || dry {
		words += p.say("\u00a0: ", ": ") + reminder.Forecast(a.all, p.lang)
	}
	fmt.Fprintln(w, words+".")
}

// named are the reminders of an identifier, or those of a customer that wait
// for a person.
func (p *Program) named(ctx context.Context, r room, ref string) ([]reminder.Row, error) {
	m, err := reminder.Find(ctx, r.tx, r.scope, ref)
	if err == nil {
		who, err := p.customer(ctx, r, m.Customer)
		return []reminder.Row{{Reminder: m, CustomerCode: who.Code, CustomerName: who.Name}}, err
	}
	if !errors.Is(err, fault.ErrNotFound) {
		return nil, err
	}
	who, err := p.customer(ctx, r, ref)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, fault.NotFound(p.say("ni relance ni client « %s »", "neither reminder nor customer “%s”"), ref)
	}
	if err != nil {
		return nil, err
	}
	list, err := reminder.List(ctx, r.tx, r.scope, reminder.Which{
		Customer: who.ID, States: []reminder.State{reminder.Proposed, reminder.Failed}, Limit: shown,
	})
	if err == nil && len(list) == 0 {
		err = fault.NotFound(p.say("relance en attente pour « %s »", "waiting reminder for “%s”"), ref)
	}
	var rows []reminder.Row
	for _, m := range list {
		rows = append(rows, reminder.Row{Reminder: m, CustomerCode: who.Code, CustomerName: who.Name})
	}
	return rows, err
}
