package customers

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// excuses reads what there is to apologise for, and the words that would leave.
func (p *Pages) excuses(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	if page.excuse, err = reminder.ExcuseFor(ctx, tx, s, page.ID); err != nil || !page.excuse.Due() {
		return err
	}
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	page.zone = setting.TimeZone.In(v)
	words, err := p.Desk.Apology(ctx, tx, s, page.ID)
	if err != nil && fault.KindOf(err) == fault.KindInternal {
		return err
	}
	if err == nil {
		page.apology = &words
	}
	return nil
}

// crossedWords say which message crossed with which payment.
func crossedWords(f ui.Frame, page view) string {
	c := page.excuse.Crossings[0]
	numbers := make([]string, 0, len(page.excuse.Crossings))
	for _, one := range page.excuse.Crossings {
		numbers = append(numbers, one.Number)
	}
	slices.Sort(numbers)
	return f.Sayf(
		"Notre relance du %s est partie alors que le règlement du %s était déjà à la banque : %s.",
		"Our reminder of %s left when the payment of %s was already at the bank: %s.",
		f.Lang.Date(cal.Of(c.SentAt.In(page.zone))), f.Lang.Date(c.PaidOn), strings.Join(slices.Compact(numbers), ", "),
	)
}

// Apologise queues the apology that the page offers.
func (p *Pages) Apologise(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var id string
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		c, err := customer.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		id = c.ID
		return p.Desk.Apologise(r.Context(), tx, v.Scope, c.ID)
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, "", wrong)
	}
	if err != nil {
		return err
	}
	v.Done(w, "Le message d’excuses part.", "The apology is leaving.")
	return visit.Go(w, r, "/clients/"+id)
}
