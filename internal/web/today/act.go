package today

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// back is where a decision leads: the list as it was, with the next reminder.
func back(r *http.Request) string {
	return visit.Local(r.PostFormValue("retour"))
}

// after is the page after a decision about a reminder.
func after(a asked, next string) string {
	return a.query(func(q url.Values) {
		if next != "" {
			q.Set("relance", next)
		}
	})
}

// again is the page with the reminder that could not be decided.
func again(r *http.Request, mode string) string {
	u, err := url.Parse(back(r))
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Set("relance", r.PathValue("id"))
	if mode != "" {
		q.Set("mode", mode)
	}
	return "/?" + q.Encode()
}

// decided ends a decision: onward when it was taken, else back to the reminder
// with what stands in the way.
func (p *Pages) decided(w http.ResponseWriter, r *http.Request, err error, fr, en string, args ...any) error {
	v := visit.From(r.Context())
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindConflict, fault.KindDenied, fault.KindUnavailable:
		visit.Tell(w, ui.Notice{Kind: "wrong", Text: ui.Sentence(err.Error())})
		return visit.Go(w, r, again(r, ""))
	}
	if err != nil {
		return err
	}
	v.Done(w, fr, en, args...)
	return visit.Go(w, r, back(r))
}

// customerOf is the name of a reminder's customer.
func customerOf(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (string, error) {
	r, err := reminder.Find(ctx, tx, s, id)
	if err != nil {
		return "", err
	}
	c, err := customer.Find(ctx, tx, s, r.Customer)
	return c.Name, err
}

// act runs a decision about one reminder in a transaction and tells whom it
// concerns.
func (p *Pages) act(r *http.Request, do func(tx *db.Tx, s creditor.Scope, id string) error) (name string, err error) {
	s := visit.From(r.Context()).Scope
	err = p.DB.Write(r.Context(), func(tx *db.Tx) error {
		if name, err = customerOf(r.Context(), tx, s, r.PathValue("id")); err != nil {
			return err
		}
		return do(tx, s, r.PathValue("id"))
	})
	return name, err
}

// last is the value of a field that a suggestion below it may have overruled.
func last(r *http.Request, name string) string {
	values := r.PostForm[name]
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// Approve lets a reminder leave.
func (p *Pages) Approve(w http.ResponseWriter, r *http.Request) error {
	name, err := p.act(r, func(tx *db.Tx, s creditor.Scope, id string) error {
		return p.Desk.Approve(r.Context(), tx, s, id)
	})
	if err != nil {
		return p.decided(w, r, err, "", "")
	}
	all, err := p.outlooks(r.Context(), []string{r.PathValue("id")})
	if err != nil {
		return err
	}
	v := visit.From(r.Context())
	n := ui.Notice{Text: ui.Frame{Lang: v.Lang}.Sayf("Relance approuvée : %s.", "Reminder approved: %s.", name)}
	if kept := reminder.Kept(all); len(kept) > 0 {
		n.Kind, n.Lines = "warn", []string{ui.Sentence(kept[0].Until(v.Lang))}
	}
	visit.Tell(w, n)
	return visit.Go(w, r, back(r))
}

// Dismiss sets a reminder aside with a reason.
func (p *Pages) Dismiss(w http.ResponseWriter, r *http.Request) error {
	name, err := p.act(r, func(tx *db.Tx, s creditor.Scope, id string) error {
		return reminder.Dismiss(r.Context(), tx, s, id, last(r, "motif"))
	})
	return p.decided(w, r, err, "Relance écartée : %s.", "Reminder dismissed: %s.", name)
}

// Postpone keeps a reminder for a later day.
func (p *Pages) Postpone(w http.ResponseWriter, r *http.Request) error {
	until, err := cal.Parse(last(r, "jour"))
	if err != nil {
		return p.decided(w, r, fault.Invalidf("jour", "ce jour ne se lit pas"), "", "")
	}
	name, err := p.act(r, func(tx *db.Tx, s creditor.Scope, id string) error {
		return reminder.Postpone(r.Context(), tx, s, id, until)
	})
	day := visit.From(r.Context()).Lang.Date(until)
	return p.decided(w, r, err, "Relance reportée au %[2]s : %[1]s.", "Reminder postponed to %[2]s: %[1]s.", name, day)
}

// Edit changes the words of one message. Words that cannot be used come back
// with what is wrong with them.
func (p *Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	words := reminder.Words{Subject: r.PostFormValue("sujet"), Body: r.PostFormValue("texte")}
	if r.PostFormValue("modele") != "" {
		words = reminder.Words{}
	}
	_, err := p.act(r, func(tx *db.Tx, s creditor.Scope, id string) error {
		return p.Desk.Edit(r.Context(), tx, s, id, words)
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.editAgain(w, r, words, err)
	}
	if err != nil {
		return p.decided(w, r, err, "", "")
	}
	v.Done(w, "Le message est modifié.", "The message is changed.")
	return visit.Go(w, r, again(r, ""))
}

func (p *Pages) editAgain(w http.ResponseWriter, r *http.Request, words reminder.Words, wrong error) error {
	v := visit.From(r.Context())
	u, err := url.Parse(back(r))
	if err != nil {
		return fault.Invalidf("retour", "cette adresse ne se lit pas")
	}
	r.URL.RawQuery = u.RawQuery
	page := view{asked: askedOf(r), day: v.Today, may: true}
	page.asked.chosen, page.asked.mode = r.PathValue("id"), "modifier"
	if err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return p.gather(r.Context(), tx, v, &page) }); err != nil {
		return err
	}
	if page.chosen == nil {
		return fault.NotFound("relance")
	}
	page.chosen.preview.Words = words
	f := v.Frame("Aujourd’hui", "Today", ui.SectionToday)
	f.Notice = &ui.Notice{Kind: "wrong", Text: ui.Sentence(wrong.Error())}
	return visit.Show(w, r, http.StatusUnprocessableEntity, dayPage(f, page))
}

// Several decides about all reminders that were ticked.
func (p *Pages) Several(w http.ResponseWriter, r *http.Request) error {
	ids := r.PostForm["id"]
	if len(ids) == 0 {
		visit.From(r.Context()).Warn(w, "Aucune relance n’est cochée.", "No reminder is ticked.")
		return visit.Go(w, r, back(r))
	}
	if len(ids) > batchSize {
		return fault.Invalidf("id", "au plus %d relances à la fois", batchSize)
	}
	switch r.PostFormValue("action") {
	case "approuver":
		return p.approveAll(w, r, ids)
	case "ecarter":
		return p.each(w, r, ids, dismissedNoun,
			func(tx *db.Tx, s creditor.Scope, id string) error {
				return reminder.Dismiss(r.Context(), tx, s, id, r.PostFormValue("motif"))
			})
	case "reporter":
		until, err := cal.Parse(r.PostFormValue("jour"))
		if err != nil {
			return fault.Invalidf("jour", "ce jour ne se lit pas")
		}
		return p.each(w, r, ids, postponedNoun,
			func(tx *db.Tx, s creditor.Scope, id string) error {
				return reminder.Postpone(r.Context(), tx, s, id, until)
			})
	}
	return fault.Invalidf("action", "action inconnue")
}

// Step approves the reminders of one step, as many as one request takes, in the
// order in which they are shown.
func (p *Pages) Step(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var ids []string
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		groups, err := reminder.Groups(r.Context(), tx, v.Scope, v.Today)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(groups, func(g reminder.Group) bool { return groupKey(g) == r.PostFormValue("etape") })
		if i < 0 {
			return fault.Conflictf("plus aucune relance de cette étape n’attend")
		}
		g := groups[i]
		if g.Formal {
			return fault.Deniedf("une mise en demeure ou un dossier se valide un par un")
		}
		rows, err := reminder.Page(r.Context(), tx, v.Scope, reminder.Filter{
			Today: v.Today, After: before(g), Limit: batchSize,
		})
		for _, row := range sameGroup(rows, g) {
			ids = append(ids, row.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.approveAll(w, r, ids)
}

// approveAll approves many reminders to the end, even if the browser leaves. Where
// some would be kept back, it shows which and why, and asks first.
func (p *Pages) approveAll(w http.ResponseWriter, r *http.Request, ids []string) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	if r.PostFormValue("sur") == "" {
		if asked, err := p.ask(w, r, ids); asked || err != nil {
			return err
		}
	}
	failed, err := p.Desk.ApproveAll(context.WithoutCancel(r.Context()), v.Scope, ids, nil)
	if err != nil {
		return err
	}
	done := slices.DeleteFunc(ids, func(id string) bool {
		return slices.ContainsFunc(failed, func(o reminder.Outcome) bool { return o.Reminder == id })
	})
	all, err := p.outlooks(r.Context(), done)
	if err != nil {
		return err
	}
	return p.tell(w, r, told{len(done), failed, all}, approvedNoun)
}

func (p *Pages) each(
	w http.ResponseWriter, r *http.Request, ids []string, noun i18n.Noun,
	do func(tx *db.Tx, s creditor.Scope, id string) error,
) error {
	var failed []reminder.Outcome
	ctx := context.WithoutCancel(r.Context())
	for _, id := range ids {
		err := p.DB.Write(ctx, func(tx *db.Tx) error { return do(tx, visit.From(r.Context()).Scope, id) })
		if err != nil && fault.KindOf(err) == fault.KindInternal {
			return err
		}
		if err != nil {
			failed = append(failed, reminder.Outcome{Reminder: id, Err: err})
		}
	}
	return p.tell(w, r, told{done: len(ids) - len(failed), failed: failed}, noun)
}

// groupKey names a group in a form.
func groupKey(g reminder.Group) string {
	return g.Step + "|" + string(g.Tone) + "|" + string(g.Currency) + "|" + offset(g.StepAt)
}

// RunNow decides for everybody now, without waiting for the hour. It goes on to
// the end even if the browser leaves.
func (p *Pages) RunNow(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	report, err := p.Desk.Run(context.WithoutCancel(r.Context()), v.Scope, v.Today)
	if err != nil {
		return err
	}
	f := ui.Frame{Lang: v.Lang}
	v.Done(w, "%s lus, %s.", "%s read, %s.",
		f.Count(report.Accounts, "compte", "comptes", "account", "accounts"),
		f.Count(report.Proposed, "nouvelle relance", "nouvelles relances", "new reminder", "new reminders"))
	return visit.Go(w, r, "/")
}
