package limitation

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/fault"
	"acquit/internal/insolvency"
	"acquit/internal/law/fr"
	"acquit/internal/limitation"
	"acquit/internal/setting"
	"acquit/internal/web/visit"
)

// form is one form about a customer, in the transaction that stores what it says.
type form struct {
	*http.Request
	tx    *db.Tx
	scope creditor.Scope
	today cal.Date
	who   string // the customer's identifier
}

// recorders are the forms of the page, by the last part of their address.
func recorders() map[string]func(form, context.Context) error {
	return map[string]func(form, context.Context) error{
		"evenement": form.addEvent, "retrait": form.withdraw, "regle": form.setRule, "prestation": form.setPerformed,
		"etape": form.begin, "procedure": form.saveCase, "declaration": form.posted, "contestation": form.objected,
		"fin": form.end,
	}
}

// Record stores what a form says, and shows the page again with what is wrong.
func (p *Pages) Record(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	name := r.PathValue("form")
	if name == "registre" {
		return p.lookUp(w, r)
	}
	record, ok := recorders()[name]
	if !ok {
		return fault.NotFound("formulaire")
	}
	var id string
	err := p.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if id, err = agreement.Customer(r.Context(), tx, v.Scope, r.PathValue("id")); err != nil {
			return err
		}
		return record(form{Request: r, tx: tx, scope: v.Scope, today: v.Today, who: id}, r.Context())
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, name, wrong)
	}
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, "/clients/"+id+"/prescription")
}

// lookUp asks the registers about the customer, with no transaction open.
func (p *Pages) lookUp(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	var who customer.Customer
	var values setting.Values
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		id, err := agreement.Customer(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		if values, err = setting.Load(r.Context(), tx, v.Scope.Creditor); err != nil {
			return err
		}
		who, err = customer.Find(r.Context(), tx, v.Scope, id)
		return err
	})
	if err != nil {
		return err
	}
	found := 0
	for _, d := range p.Registries {
		source, err := d.Open(values)
		if err != nil {
			return err
		}
		taken, err := insolvency.Check(r.Context(), p.DB, v.Scope, d.Name, source, insolvency.Look(who), v.Today)
		if wrong := visit.ProblemsOf(err); wrong != nil {
			return p.show(w, r, http.StatusUnprocessableEntity, "registre", wrong)
		}
		if fault.KindOf(err) == fault.KindUnavailable {
			v.Warn(w, "Le registre ne répond pas : réessayez plus tard.", "The register does not answer: try again later.")
			return visit.Go(w, r, "/clients/"+who.ID+"/prescription")
		}
		if err != nil {
			return err
		}
		for _, t := range taken {
			if t.New {
				found++
			}
		}
	}
	v.Done(w, "Registre consulté : %d annonce(s) nouvelle(s).", "Register looked up: %d new announcement(s).", found)
	return visit.Go(w, r, "/clients/"+who.ID+"/prescription")
}

// said is what stands in a field, without spaces around it.
func (f form) said(field string) string { return strings.TrimSpace(f.PostFormValue(field)) }

// day reads the day in a field; an empty one is no day.
func (f form) day(field string) (cal.Date, error) {
	text := f.said(field)
	if text == "" {
		return 0, nil
	}
	d, err := cal.Parse(text)
	if err != nil {
		return 0, fault.Invalidf(field, "ce jour ne se lit pas")
	}
	return d, nil
}

func (f form) addEvent(ctx context.Context) error {
	on, err := f.day("jour")
	if err != nil {
		return err
	}
	e := &limitation.Event{
		Customer: f.who, Invoice: f.said("facture"), On: on, Type: fr.EventType(f.said("type")),
		Certainty: limitation.Certainty(f.said("certitude")), Note: f.said("note"),
	}
	if id := f.said("piece"); id != "" {
		piece, err := dossier.FindEvidence(ctx, f.tx, f.scope, f.who, id)
		if err != nil {
			return err
		}
		e.Proof, e.ProofName = piece.SHA256, piece.Name
	}
	return limitation.Add(ctx, f.tx, f.scope, e, f.today)
}

func (f form) withdraw(ctx context.Context) error {
	noted, err := limitation.Noted(ctx, f.tx, f.scope, f.who)
	if err != nil {
		return err
	}
	id := f.said("id")
	if !slices.ContainsFunc(noted, func(e limitation.Event) bool { return e.ID == id }) {
		return fault.NotFound("événement")
	}
	return limitation.Withdraw(ctx, f.tx, f.scope, id, f.said("motif"))
}

func (f form) setRule(ctx context.Context) error {
	months := 0
	if text := f.said("mois"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fault.Invalidf("mois", "une durée convenue est un nombre de mois")
		}
		months = n
	}
	return limitation.SetRule(ctx, f.tx, f.scope, &limitation.Rule{
		Customer: f.who, Kind: f.said("sorte"), Months: months, Note: f.said("note"),
	}, f.today)
}

// setPerformed dates what an invoice is for, and keeps what else was said of it.
func (f form) setPerformed(ctx context.Context) error {
	on, err := f.day("jour")
	if err != nil {
		return err
	}
	clocks, err := limitation.Of(ctx, f.tx, f.scope, f.who, f.today)
	if err != nil {
		return err
	}
	for _, c := range clocks {
		if c.ID == f.said("facture") {
			rule := c.Own
			rule.Subject, rule.Customer, rule.Performed = c.ID, f.who, on
			return limitation.SetRule(ctx, f.tx, f.scope, &rule, f.today)
		}
	}
	return fault.Invalidf("facture", "quelle facture ouverte ?")
}

func (f form) begin(ctx context.Context) error {
	on, err := f.day("jour")
	if err != nil {
		return err
	}
	return limitation.Begin(ctx, f.tx, f.scope, &limitation.Step{
		Customer: f.who, Step: fr.Step(f.said("etape")), Seat: fr.Seat(f.said("lieu")), Started: on,
		Note: f.said("note"),
	}, f.today)
}

// saveCase records a procedure, or completes the one that goes on.
func (f form) saveCase(ctx context.Context) error {
	judgment, err := f.day("jugement")
	if err != nil {
		return err
	}
	published, err := f.day("publication")
	if err != nil {
		return err
	}
	c := insolvency.Case{
		Customer: f.who, Kind: insolvency.Kind(f.said("genre")), Judgment: judgment, Published: published, Court: f.said("tribunal"),
		Office: insolvency.Office{
			Name: f.said("mandataire"), Street: f.said("rue"), PostalCode: f.said("code"), City: f.said("ville"),
			Email: f.said("courriel"),
		},
		Securities: f.said("suretes"), Retention: f.said("reserve") != "", Far: f.said("loin") != "",
		Note: f.said("note"),
	}
	going, err := f.going(ctx)
	if err != nil {
		return err
	}
	if going == nil {
		return insolvency.Record(ctx, f.tx, f.scope, &c, f.today)
	}
	c.ID = going.ID
	return insolvency.Amend(ctx, f.tx, f.scope, c, f.today)
}

// going is the procedure that goes on, or nil.
func (f form) going(ctx context.Context) (*insolvency.Case, error) {
	list, err := insolvency.List(ctx, f.tx, f.scope, f.who)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, insolvency.Case.Open); i >= 0 {
		return &list[i], nil
	}
	return nil, nil
}

// mustGo is the procedure that goes on, and an error when none does.
func (f form) mustGo(ctx context.Context) (insolvency.Case, error) {
	c, err := f.going(ctx)
	if err == nil && c == nil {
		err = fault.Conflictf("aucune procédure n’est en cours pour ce client")
	}
	if err != nil {
		return insolvency.Case{}, err
	}
	return *c, nil
}

func (f form) posted(ctx context.Context) error {
	c, err := f.mustGo(ctx)
	if err != nil {
		return err
	}
	on, err := f.day("jour")
	if err != nil {
		return err
	}
	return insolvency.Posted(ctx, f.tx, f.scope, c.ID, on, f.said("suivi"), f.today)
}

func (f form) objected(ctx context.Context) error {
	c, err := f.mustGo(ctx)
	if err != nil {
		return err
	}
	on, err := f.day("jour")
	if err != nil {
		return err
	}
	return insolvency.Objected(ctx, f.tx, f.scope, c.ID, on, f.today)
}

func (f form) end(ctx context.Context) error {
	c, err := f.mustGo(ctx)
	if err != nil {
		return err
	}
	on, err := f.day("jour")
	if err != nil {
		return err
	}
	return insolvency.End(ctx, f.tx, f.scope, c.ID, insolvency.Ending(f.said("issue")), on, f.said("motif"), f.today)
}
