package today

import (
	"context"
	"net/http"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// letter is one reminder as the right-hand side shows it.
type letter struct {
	reminder.Reminder
	customer customer.Customer
	preview  reminder.Preview
	problem  string // why there is no message yet, in French
	points   []fr.NoticePoint
	asked    asked
	next     string // the reminder to look at afterwards
	day      cal.Date
	may      bool // the person may decide about it
	outlook  reminder.Outlook
	mend     string // the page where what keeps it back is mended
}

// hasWords tells whether the reminder is a message and not only a call.
func (l letter) hasWords() bool { return l.Template != "" || l.Edited != nil }

// open reads a reminder, its customer and its message. A message that cannot be
// written yet says why; the page is there all the same.
func (p *Pages) open(
	ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, id string, a asked,
) (*letter, error) {
	r, err := reminder.Find(ctx, tx, s, id)
	if err != nil {
		return nil, err
	}
	l := &letter{Reminder: r, asked: a, day: day}
	need := creditor.Work
	if r.Formal {
		need = creditor.Manage
	}
	l.may = s.Rights.Allows(need) && (r.State == reminder.Proposed || r.State == reminder.Failed)
	if l.customer, err = customer.Find(ctx, tx, s, r.Customer); err != nil {
		return nil, err
	}
	if l.may {
		if err := p.foresee(ctx, tx, s, l); err != nil {
			return nil, err
		}
	}
	if !l.hasWords() {
		return l, nil
	}
	l.preview, err = p.Desk.Preview(ctx, tx, s, r)
	if err != nil && fault.KindOf(err) == fault.KindInternal {
		return nil, err
	}
	if err == nil && l.Registered() && l.may {
		if l.points, err = p.Desk.NoticePoints(ctx, tx, s, r); err != nil {
			return nil, err
		}
	}
	switch {
	case slices.ContainsFunc(l.points, fr.NoticePoint.Blocked):
		l.problem = ui.Sentence("la mise en demeure n’est pas complète : voir le contrôle sous la lettre")
	case err != nil:
		l.problem = ui.Sentence(err.Error())
	case l.preview.Problem != "":
		l.problem = ui.Sentence(l.preview.Problem)
	case l.preview.Post != "":
	case l.preview.To == "" && slices.Contains(r.Channels, dunning.Email):
		l.problem = ui.Sentence("aucune adresse électronique valable chez ce client : ajoutez-lui un contact avec la sienne")
	case l.preview.From == "" && slices.Contains(r.Channels, dunning.Email):
		l.problem = ui.Sentence("l’adresse d’envoi n’est pas réglée : Réglages, Messagerie")
	}
	return l, nil
}

// Letter shows one reminder: as a part of the page to a script, else the whole
// page with it chosen.
func (p *Pages) Letter(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	a := askedOf(r)
	a.chosen = r.PathValue("id")
	if !visit.Partial(r) {
		return visit.Go(w, r, "/?relance="+a.chosen+"&mode="+a.mode)
	}
	var l *letter
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		l, err = p.open(r.Context(), tx, v.Scope, v.Today, a.chosen, a)
		return err
	})
	if err != nil {
		return err
	}
	l.next = r.URL.Query().Get("suivant")
	return visit.Show(w, r, http.StatusOK, letterPanel(v.Frame("Aujourd’hui", "Today", ui.SectionToday), *l))
}

// Exact shows the HTML of a message that has not left, as mail programs will.
func (p *Pages) Exact(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var preview reminder.Preview
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		m, err := reminder.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		preview, err = p.Desk.Preview(r.Context(), tx, v.Scope, m)
		return err
	})
	if err != nil {
		return err
	}
	visit.Mail(w, []byte(preview.HTML))
	return nil
}
