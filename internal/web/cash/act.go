package cash

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/match"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Act does with an entry what a person says, and goes on to the next.
func (p *Pages) Act(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return act(r.Context(), tx, v, r.PathValue("id"), r.PostForm)
	})
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindConflict, fault.KindDenied:
		visit.Tell(w, ui.Notice{Kind: "wrong", Text: ui.Sentence(err.Error())})
		return visit.Go(w, r, again(r))
	}
	if err != nil {
		return err
	}
	return visit.Go(w, r, visit.Local(r.PostFormValue("retour")))
}

// again is the page with the entry that could not be dealt with, as it was.
func again(r *http.Request) string {
	back, err := url.Parse(visit.Local(r.PostFormValue("retour")))
	if err != nil {
		return "/encaissements"
	}
	a := askedIn(back.Query())
	a.entry = r.PathValue("id")
	if r.PostFormValue("action") != "affecter" {
		return a.on(a.entry)
	}
	a.picks, a.customer = picksOf(r.PostForm), r.PostFormValue("client")
	return a.turn(chosen, same)
}

func act(ctx context.Context, tx *db.Tx, v *visit.Visit, id string, form url.Values) error {
	s := v.Scope
	said := strings.TrimSpace(last(form["motif"]))
	switch form.Get("action") {
	case "accepter":
		return accept(ctx, tx, s, id, form)
	case "affecter":
		return apply(ctx, tx, v, id, form)
	case "client":
		return cash.CustomerOnly(ctx, tx, s, id, form.Get("client"))
	case "rejet":
		return cash.Return(ctx, tx, s, id, form.Get("origine"), form.Get("client"))
	case "detacher":
		return takeOff(ctx, tx, s, form.Get("avis"))
	case "ecarter":
		return cash.SetAside(ctx, tx, s, id, said)
	case "reprendre":
		return cash.TakeBack(ctx, tx, s, id)
	case "annuler":
		return cash.Undo(ctx, tx, s, id, said)
	}
	return fault.Invalidf("action", "cette action n’existe pas")
}

// last is the value of a field that a suggestion below it may have overruled.
func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// accept applies the proposal that was shown: as it stands among those of now,
// with its reasons.
func accept(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, form url.Values) error {
	l, err := cash.Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	x, err := explainedIn(form, l.Entry.Amount)
	if err != nil {
		return err
	}
	for _, known := range l.Proposals {
		if alike(known, x) {
			return cash.Apply(ctx, tx, s, id, known)
		}
	}
	return fault.Conflictf("cette proposition n’est plus d’actualité : regardez celles d’à présent")
}

// alike tells whether two explanations do the same.
func alike(a, b match.Explanation) bool {
	if a.Customer != b.Customer || len(a.Lines) != len(b.Lines) || len(a.Adjustments) != len(b.Adjustments) {
		return false
	}
	for i := range a.Lines {
		if a.Lines[i] != b.Lines[i] {
			return false
		}
	}
	for i := range a.Adjustments {
		if a.Adjustments[i] != b.Adjustments[i] {
			return false
		}
	}
	return true
}

// apply sets the entry against what was picked by hand.
func apply(ctx context.Context, tx *db.Tx, v *visit.Visit, id string, form url.Values) error {
	a := asked{entry: id, tab: chosen, customer: form.Get("client"), picks: picksOf(form)}
	p, err := open(ctx, tx, v, a, id)
	if err != nil {
		return err
	}
	if len(p.picks) < len(a.picks) {
		return fault.Conflictf("une pièce choisie n’est plus ouverte")
	}
	if len(p.picks) == 0 && !p.out() {
		return cash.CustomerOnly(ctx, tx, v.Scope, id, p.customer.ID)
	}
	x, err := p.explanation()
	if err != nil {
		return err
	}
	return cash.Apply(ctx, tx, v.Scope, id, x)
}

// explanation is what was picked by hand as an explanation. What is left of a
// document is settled by the adjustment that was chosen for it.
func (p *panel) explanation() (x match.Explanation, err error) {
	x.Customer = p.customer.ID
	for _, one := range p.picks {
		if one.wrong != "" {
			return x, fault.Invalidf("montant", "%s : %s", one.Number, one.wrong)
		}
		line := match.Line{Item: one.ID, Customer: one.Customer, Amount: one.amount}
		if one.Kind.Credit() {
			line.Amount = one.amount.Neg()
		}
		if rest := one.Open.Sub(one.amount); one.rest != "" && rest.Sign() > 0 && !one.Kind.Credit() {
			line.Amount = one.Open
			x.Adjustments = append(x.Adjustments, match.Adjustment{
				Item: one.ID, Kind: match.AdjustmentKind(one.rest), Amount: rest,
			})
		}
		if line.Amount.IsZero() {
			continue
		}
		if x.Lines = append(x.Lines, line); x.Customer == "" {
			x.Customer = one.Customer
		}
	}
	if x.Remainder = p.left; p.left.Sign() < 0 {
		return x, fault.Invalidf("montant", "vous avez choisi %s de trop", p.left.Neg().Format("fr"))
	}
	return x, nil
}

// Run looks again at all that waits.
func (p *Pages) Run(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	report, err := cash.Run(context.WithoutCancel(r.Context()), p.DB, v.Scope, cash.Options{})
	if err != nil {
		return err
	}
	v.Done(w, "%s regardés : %s affectés automatiquement, %s à rapprocher.",
		"%s looked at: %s applied automatically, %s to be matched.",
		v.Lang.Int(report.Examined), v.Lang.Int(report.Auto), v.Lang.Int(report.Open))
	return visit.Go(w, r, visit.Local(r.PostFormValue("retour")))
}
