package customers

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/identifier"
	"acquit/internal/inflight"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
	"acquit/internal/web/visit"
)

// recorder stores what one form says about a customer.
type recorder func(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, r *http.Request, c customer.Customer) error

// recorders are the forms of a customer's page, by the last part of their
// address.
func recorders() map[string]recorder {
	return map[string]recorder{
		"promesse": addPromise, "litige": addDispute, "suspension": addHold, "reglement": addPayment,
		"echeancier": addPlan, "reponse": addReaction, "contact": saveContact, "contact-fin": endContact, "fiche": saveCard,
		"promesse-fin": endPromise, "litige-fin": endDispute, "suspension-fin": endHold, "echeancier-fin": endPlan,
		"reglement-fin": endPayment,
	}
}

// Record stores what a form says, and shows the page again with what is wrong.
func (p *Pages) Record(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	form := r.PathValue("form")
	record, ok := recorders()[form]
	if !ok {
		return fault.NotFound("formulaire")
	}
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	var id string
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		c, err := customer.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		id = c.ID
		return record(r.Context(), tx, v.Scope, v.Today, r, c)
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, "/clients/"+id)
}

// day reads the day in a field; an empty one is no day.
func day(r *http.Request, field string) (cal.Date, error) {
	text := r.PostFormValue(field)
	if text == "" {
		return 0, nil
	}
	d, err := cal.Parse(text)
	if err != nil {
		return 0, fault.Invalidf(field, "ce jour ne se lit pas")
	}
	return d, nil
}

// sum reads the amount in a field, in the currency of the invoices; an empty one
// is zero, which is all of it.
func sum(r *http.Request, field string, of []ledger.Document) (money.Amount, error) {
	c := money.EUR
	if len(of) > 0 {
		c = of[0].Amount.Currency
	}
	text := strings.TrimSpace(r.PostFormValue(field))
	if text == "" {
		return money.Zero(c), nil
	}
	a, err := money.ParseHuman(text, c, money.Hints{Decimal: ','})
	if err != nil {
		return a, fault.Invalidf(field, "ce montant ne se lit pas : « %s »", text)
	}
	return a, nil
}

// ticked are the open invoices that were ticked; without any, those that are
// overdue.
func ticked(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) ([]ledger.Document, error) {
	open, err := ledger.OfCustomers(ctx, tx, s, false, c.ID)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range r.PostForm["facture"] {
		wanted[id] = true
	}
	var list []ledger.Document
	for _, d := range open {
		late := !d.Due.IsZero() && d.Due < today
		if d.Kind == ledger.Invoice && (wanted[d.ID] || len(wanted) == 0 && late) {
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		return nil, fault.Invalidf("facture", "cochez les factures dont il s’agit : aucune n’est échue")
	}
	return list, nil
}

func ids(list []ledger.Document) []string {
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = d.ID
	}
	return names
}

func addPromise(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) error {
	invoices, err := ticked(ctx, tx, s, today, r, c)
	if err != nil {
		return err
	}
	until, err := day(r, "promesse-jour")
	if err != nil {
		return err
	}
	amount, err := sum(r, "promesse-montant", invoices)
	if err != nil {
		return err
	}
	return promise.Add(ctx, tx, s, &promise.Promise{
		Customer: c.ID, Invoices: ids(invoices), Made: today, For: until, Amount: amount, Note: r.PostFormValue("promesse-note"),
	}, promise.DefaultLimit)
}

func addDispute(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) error {
	invoices, err := ticked(ctx, tx, s, today, r, c)
	if err != nil {
		return err
	}
	if len(invoices) != 1 {
		return fault.Invalidf("facture", "un litige porte sur une facture : cochez-la, elle seule")
	}
	deadline, err := day(r, "litige-jour")
	if err != nil {
		return err
	}
	amount, err := sum(r, "litige-montant", invoices)
	if err != nil {
		return err
	}
	return dispute.Add(ctx, tx, s, &dispute.Dispute{
		Customer: c.ID, Invoice: invoices[0].ID, Amount: amount, Reason: dispute.Reason(r.PostFormValue("litige-motif")),
		Note: r.PostFormValue("litige-note"), Owner: r.PostFormValue("litige-suivi"), Deadline: deadline, Opened: today,
	})
}

func addHold(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) error {
	until, err := day(r, "suspension-jour")
	if err != nil {
		return err
	}
	items := r.PostForm["facture"]
	if len(items) == 0 {
		items = []string{""}
	}
	for _, item := range items {
		h := &hold.Hold{Customer: c.ID, Invoice: item, From: today, Until: until, Reason: r.PostFormValue("suspension-motif")}
		if err := hold.Add(ctx, tx, s, h, today); err != nil {
			return err
		}
	}
	return nil
}

func addPayment(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) error {
	invoices, err := ticked(ctx, tx, s, today, r, c)
	if err != nil {
		return err
	}
	until, err := day(r, "reglement-jour")
	if err != nil {
		return err
	}
	amount, err := sum(r, "reglement-montant", invoices)
	if err != nil {
		return err
	}
	return inflight.Add(ctx, tx, s, &inflight.Payment{
		Customer: c.ID, Invoices: ids(invoices), Amount: amount, On: today, Until: until,
		Source: inflight.Source(r.PostFormValue("reglement-moyen")), Note: r.PostFormValue("reglement-note"),
	})
}

// planGrace is how many days after an instalment's date the form lets pass.
const planGrace = 3

func addPlan(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) error {
	invoices, err := ticked(ctx, tx, s, today, r, c)
	if err != nil {
		return err
	}
	first, err := day(r, "echeancier-jour")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PostFormValue("echeancier-nombre"))
	if err != nil {
		return fault.Invalidf("echeancier-nombre", "combien d’échéances ?")
	}
	drafted, instalments, err := plan.Draft(ctx, tx, s, c.ID, ids(invoices), n, first)
	if err != nil {
		return err
	}
	return plan.Add(ctx, tx, s, &plan.Plan{
		Customer: c.ID, Invoices: ids(drafted), Made: today, Grace: planGrace, Instalments: instalments,
		Note: r.PostFormValue("echeancier-note"),
	})
}

func addReaction(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, c customer.Customer) error {
	return reaction.Add(ctx, tx, s, &reaction.Reaction{
		Customer: c.ID, On: today, Kind: reaction.Replied, Note: r.PostFormValue("reponse-note"),
	})
}

func endPromise(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, _ customer.Customer) error {
	return promise.Withdraw(ctx, tx, s, r.PostFormValue("id"), today, r.PostFormValue("motif"))
}

func endDispute(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, _ customer.Customer) error {
	return dispute.Close(ctx, tx, s, r.PostFormValue("id"), today, dispute.Outcome(r.PostFormValue("issue")), r.PostFormValue("motif"))
}

func endHold(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, _ customer.Customer) error {
	return hold.End(ctx, tx, s, r.PostFormValue("id"), today)
}

func endPlan(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, _ customer.Customer) error {
	return plan.End(ctx, tx, s, r.PostFormValue("id"), today, plan.State(r.PostFormValue("issue")), r.PostFormValue("motif"))
}

func endPayment(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date, r *http.Request, _ customer.Customer) error {
	return inflight.End(ctx, tx, s, r.PostFormValue("id"), today, inflight.Outcome(r.PostFormValue("issue")), r.PostFormValue("motif"))
}

// saveContact adds a contact, or changes the one whose identifier comes along.
func saveContact(ctx context.Context, tx *db.Tx, s creditor.Scope, _ cal.Date, r *http.Request, c customer.Customer) error {
	x := customer.Contact{
		Customer: c.ID, Role: customer.Role(r.PostFormValue("contact-role")), Civility: r.PostFormValue("contact-civilite"),
		FirstName: strings.TrimSpace(r.PostFormValue("contact-prenom")), LastName: strings.TrimSpace(r.PostFormValue("contact-nom")),
		Email: strings.TrimSpace(r.PostFormValue("contact-email")), Phone: strings.TrimSpace(r.PostFormValue("contact-telephone")),
	}
	if x.Email+x.Phone == "" {
		return fault.Invalidf("contact-email", "il faut une adresse ou un téléphone")
	}
	if x.Email != "" {
		checked := identifier.Email(x.Email)
		if err := checked.Err("contact-email"); err != nil {
			return err
		}
		x.Email = checked.Value
	}
	id := r.PostFormValue("contact-id")
	if id == "" {
		if err := customer.AddContacts(ctx, tx, s, []*customer.Contact{&x}); err != nil {
			return err
		}
		return journal.Write(ctx, tx, s, "contact.added", "customer/"+c.ID, x)
	}
	known, err := contactOf(ctx, tx, s, c, id)
	if err != nil {
		return err
	}
	x.ID, x.Import, x.EndedAt = known.ID, known.Import, known.EndedAt
	if x.Email == known.Email {
		x.BouncedAt = known.BouncedAt
	}
	if err := customer.UpdateContact(ctx, tx, s, x); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "contact.changed", "customer/"+c.ID, map[string]customer.Contact{"before": known, "after": x})
}

func contactOf(ctx context.Context, tx *db.Tx, s creditor.Scope, c customer.Customer, id string) (customer.Contact, error) {
	contacts, err := customer.Contacts(ctx, tx, s, c.ID)
	if err != nil {
		return customer.Contact{}, err
	}
	for _, x := range contacts {
		if x.ID == id {
			return x, nil
		}
	}
	return customer.Contact{}, fault.NotFound("contact")
}

// endContact says that somebody is no longer there.
func endContact(ctx context.Context, tx *db.Tx, s creditor.Scope, _ cal.Date, r *http.Request, c customer.Customer) error {
	x, err := contactOf(ctx, tx, s, c, r.PostFormValue("id"))
	if err != nil {
		return err
	}
	x.EndedAt = tx.Now
	if err := customer.UpdateContact(ctx, tx, s, x); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "contact.ended", "customer/"+c.ID, map[string]string{"contact": x.ID})
}

// saveCard changes what a person decides about a customer.
func saveCard(ctx context.Context, tx *db.Tx, s creditor.Scope, _ cal.Date, r *http.Request, c customer.Customer) (err error) {
	before := c
	c.Collector, c.Scenario = r.PostFormValue("fiche-suivi"), r.PostFormValue("fiche-scenario")
	c.Language, c.Terms, c.Note = r.PostFormValue("fiche-langue"), r.PostFormValue("fiche-conditions"), r.PostFormValue("fiche-note")
	c.Tags = nil
	for _, tag := range strings.FieldsFunc(r.PostFormValue("fiche-etiquettes"), func(r rune) bool { return r == ',' || r == ' ' }) {
		c.Tags = append(c.Tags, strings.ToLower(tag))
	}
	if c.InsolventOn, err = day(r, "fiche-procedure"); err != nil {
		return err
	}
	if c.Terms != "" {
		if _, err := cal.ParseTerm(c.Terms); err != nil {
			return fault.Invalidf("fiche-conditions", "ces conditions ne se lisent pas : écrivez par exemple « 30 jours fin de mois »")
		}
	}
	if err := customer.Update(ctx, tx, s, c); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "customer.changed", "customer/"+c.ID, map[string]customer.Customer{"before": before, "after": c})
}
