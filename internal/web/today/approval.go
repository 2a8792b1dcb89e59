package today

import (
	"context"
	"errors"
	"net/http"

	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

func noun(fr, frs, en, ens string) i18n.Noun {
	return i18n.Noun{One: i18n.Words{FR: fr, EN: en}, Many: i18n.Words{FR: frs, EN: ens}}
}

var (
	approvedNoun  = noun("relance approuvée", "relances approuvées", "reminder approved", "reminders approved")
	dismissedNoun = noun("relance écartée", "relances écartées", "reminder dismissed", "reminders dismissed")
	postponedNoun = noun("relance reportée", "relances reportées", "reminder postponed", "reminders postponed")
	refusedNoun   = noun("n’a pas pu l’être", "n’ont pas pu l’être", "could not be", "could not be")
)

// outlook is what would become of some reminders, by identifier.
func (p *Pages) outlook(
	ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string,
) (map[string]reminder.Outlook, error) {
	list, err := p.Desk.Foresee(ctx, tx, s, ids...)
	by := make(map[string]reminder.Outlook, len(list))
	for _, o := range list {
		by[o.Reminder] = o
	}
	return by, err
}

// foresee adds to a letter what keeps it back, and where that is mended: the entry
// that could be its money, else the account.
func (p *Pages) foresee(ctx context.Context, tx *db.Tx, s creditor.Scope, l *letter) error {
	list, err := p.Desk.Foresee(ctx, tx, s, l.ID)
	if err != nil {
		return err
	}
	l.outlook, l.mend = list[0], "/clients/"+l.Customer
	if l.outlook.Code != reminder.DoubtPayment {
		return nil
	}
	doubts, err := reminder.DoubtsAbout(ctx, tx, s, l.Customer)
	l.mend = doubts.Page(l.Customer)
	return err
}

// outlooks is what would become, or becomes, of many reminders.
func (p *Pages) outlooks(ctx context.Context, ids []string) (list []reminder.Outlook, err error) {
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = p.Desk.Foresee(ctx, tx, visit.From(ctx).Scope, ids...)
		return err
	})
	return list, err
}

// question is what a person is told before she approves many reminders of which
// some would be kept back.
type question struct {
	all   []reminder.Outlook
	leave []string // the identifiers of those that can leave
	wait  []string // of those that are held: they leave once the doubt is lifted
	kept  []keptRow
	back  string
}

// keptRow is a reminder that would not leave.
type keptRow struct {
	reminder.Outlook
	reminder reminder.Reminder
	customer customer.Customer
}

// ask shows which of some reminders would be kept back and why; it tells false
// where all can leave, and then shows nothing.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request, ids []string) (bool, error) {
	v := visit.From(r.Context())
	page := question{back: back(r)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.all, err = p.Desk.Foresee(r.Context(), tx, v.Scope, ids...); err != nil {
			return err
		}
		return page.fill(r.Context(), tx, v.Scope)
	})
	if err != nil || len(page.kept) == 0 {
		return false, err
	}
	return true, visit.Show(w, r, http.StatusOK, questionPage(v.Frame("Approuver", "Approve", ui.SectionToday), page))
}

func (q *question) fill(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	kept := reminder.Kept(q.all)
	customers := make([]string, len(kept))
	for i, o := range kept {
		customers[i] = o.Customer
	}
	who, err := customer.ByID(ctx, tx, s, customers)
	if err != nil {
		return err
	}
	for _, o := range q.all {
		switch {
		case o.Leaves():
			q.leave = append(q.leave, o.Reminder)
			continue
		case !o.Gone():
			q.wait = append(q.wait, o.Reminder)
		}
		r, err := reminder.Find(ctx, tx, s, o.Reminder)
		if err != nil {
			return err
		}
		q.kept = append(q.kept, keptRow{o, r, who[o.Customer]})
	}
	return nil
}

// toldNames is how many of those that failed, or that are kept back, are named.
const toldNames = 6

// told is what became of many reminders.
type told struct {
	done   int
	failed []reminder.Outcome
	after  []reminder.Outlook // of those that were approved
}

// tell says how many were decided, how many of them are kept back for now, and of
// some that were not decided, why.
func (p *Pages) tell(w http.ResponseWriter, r *http.Request, t told, noun i18n.Noun) error {
	v := visit.From(r.Context())
	n := ui.Notice{Text: noun.Count(v.Lang, t.done)}
	kept := reminder.Kept(t.after)
	if len(kept) > 0 {
		n.Kind = "warn"
		n.Text += ui.Frame{Lang: v.Lang}.Say("\u00a0: ", ": ") + reminder.Forecast(t.after, v.Lang)
	}
	n.Text += "."
	if len(t.failed) > 0 {
		n.Kind = "warn"
		n.Text += " " + refusedNoun.Count(v.Lang, len(t.failed)) + "."
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		for _, x := range t.failed[:min(len(t.failed), toldNames)] {
			if err := p.name(r.Context(), tx, &n, x.Reminder, x.Err.Error()); err != nil {
				return err
			}
		}
		for _, o := range kept[:min(len(kept), toldNames)] {
			if err := p.name(r.Context(), tx, &n, o.Reminder, o.Until(v.Lang)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	visit.Tell(w, n)
	return visit.Go(w, r, back(r))
}

// name adds a line about one reminder to what is told.
func (p *Pages) name(ctx context.Context, tx *db.Tx, n *ui.Notice, id, words string) error {
	name, err := customerOf(ctx, tx, visit.From(ctx).Scope, id)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	n.Lines = append(n.Lines, ui.Sentence(name+"\u00a0: "+words))
	return nil
}
