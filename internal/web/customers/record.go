package customers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/i18n"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// form is one form about a customer, in the transaction that stores what it says.
type form struct {
	*http.Request
	tx    *db.Tx
	scope creditor.Scope
	today cal.Date
	who   customer.Customer
	lang  i18n.Lang

	detail *string // what was recorded, in a few words
}

// tell keeps what was recorded, for the notice.
func (f form) tell(parts ...string) {
	*f.detail = strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// until is a day in words, for the notice.
func (f form) until(d cal.Date) string {
	if d.IsZero() {
		return ""
	}
	return i18n.Words{FR: "pour le ", EN: "for "}.In(f.lang) + f.lang.Date(d)
}

// about are an amount and the invoices that it is about, for the notice.
func (f form) about(a money.Amount, list []ledger.Document) string {
	numbers := make([]string, len(list))
	for i, d := range list {
		numbers[i] = d.Number
	}
	words := strings.Join(numbers, ", ")
	if a.IsZero() {
		return words
	}
	return f.lang.Amount(a) + " (" + words + ")"
}

// recorders are the forms of a customer's page, by the last part of their
// address.
func recorders() map[string]func(form, context.Context) error {
	return map[string]func(form, context.Context) error{
		"promesse": form.addPromise, "promesse-fin": form.endPromise,
		"litige": form.addDispute, "litige-fin": form.endDispute,
		"suspension": form.addHold, "suspension-fin": form.endHold,
		"reglement": form.addPayment, "reglement-fin": form.endPayment,
		"echeancier": form.addPlan, "echeancier-fin": form.endPlan,
		"contact": form.saveContact, "contact-fin": form.endContact,
		"affecter": form.allocate,
		"reponse":  form.addReaction, "fiche": form.saveCard,
		"caution": form.addGuarantor, "caution-levee": form.endGuarantor,
	}
}

// Record stores what a form says, and shows the page again with what is wrong.
func (p *Pages) Record(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	name := r.PathValue("form")
	record, ok := recorders()[name]
	if !ok {
		return fault.NotFound("formulaire")
	}
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	var id, words string
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		c, err := customer.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		id = c.ID
		f := form{Request: r, tx: tx, scope: v.Scope, today: v.Today, who: c, lang: v.Lang, detail: &words}
		err = record(f, r.Context())
		words = recordedWords(ui.Frame{Lang: v.Lang}, name, c.Name, words)
		return err
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, name, wrong)
	}
	if err != nil {
		return err
	}
	visit.Tell(w, ui.Notice{Text: words})
	return visit.Go(w, r, "/clients/"+id)
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

// sum reads the amount in a field, in the currency of the invoices; an empty one
// is zero, which is all of it.
func (f form) sum(field string, of []ledger.Document) (money.Amount, error) {
	c := money.EUR
	if len(of) > 0 {
		c = of[0].Amount.Currency
	}
	text := f.said(field)
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
func (f form) ticked(ctx context.Context) ([]ledger.Document, error) {
	open, err := ledger.OfCustomers(ctx, f.tx, f.scope, false, f.who.ID)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, id := range f.PostForm["facture"] {
		wanted[id] = true
	}
	var list []ledger.Document
	for _, d := range open {
		late := !d.Due.IsZero() && d.Due < f.today
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

func (f form) addPromise(ctx context.Context) error {
	invoices, err := f.ticked(ctx)
	if err != nil {
		return err
	}
	until, err := f.day("promesse-jour")
	if err != nil {
		return err
	}
	amount, err := f.sum("promesse-montant", invoices)
	if err != nil {
		return err
	}
	x := &promise.Promise{
		Customer: f.who.ID, Invoices: ids(invoices), Made: f.today, For: until, Amount: amount,
		Note: f.said("promesse-note"),
	}
	err = promise.Add(ctx, f.tx, f.scope, x, promise.DefaultLimit)
	f.tell(f.about(x.Amount, invoices), f.until(until))
	return err
}

func (f form) addDispute(ctx context.Context) error {
	invoices, err := f.ticked(ctx)
	if err != nil {
		return err
	}
	if len(invoices) != 1 {
		return fault.Invalidf("facture", "un litige porte sur une facture : cochez-la, elle seule")
	}
	deadline, err := f.day("litige-jour")
	if err != nil {
		return err
	}
	amount, err := f.sum("litige-montant", invoices)
	if err != nil {
		return err
	}
	x := &dispute.Dispute{
		Customer: f.who.ID, Invoice: invoices[0].ID, Amount: amount, Reason: dispute.Reason(f.said("litige-motif")),
		Note: f.said("litige-note"), Owner: f.said("litige-suivi"), Deadline: deadline, Opened: f.today,
	}
	err = dispute.Add(ctx, f.tx, f.scope, x)
	f.tell(f.about(x.Amount, invoices), x.Reason.In(f.lang))
	return err
}

func (f form) addHold(ctx context.Context) error {
	until, err := f.day("suspension-jour")
	if err != nil {
		return err
	}
	items := f.PostForm["facture"]
	if len(items) == 0 {
		items = []string{""}
	}
	for _, item := range items {
		h := &hold.Hold{
			Customer: f.who.ID, Invoice: item, From: f.today, Until: until, Reason: f.said("suspension-motif"),
		}
		if err := hold.Add(ctx, f.tx, f.scope, h, f.today); err != nil {
			return err
		}
	}
	if !until.IsZero() {
		f.tell(i18n.Words{FR: "jusqu’au ", EN: "until "}.In(f.lang)+f.lang.Date(until), f.said("suspension-motif"))
		return nil
	}
	f.tell(f.said("suspension-motif"))
	return nil
}

func (f form) addPayment(ctx context.Context) error {
	invoices, err := f.ticked(ctx)
	if err != nil {
		return err
	}
	until, err := f.day("reglement-jour")
	if err != nil {
		return err
	}
	amount, err := f.sum("reglement-montant", invoices)
	if err != nil {
		return err
	}
	x := &inflight.Payment{
		Customer: f.who.ID, Invoices: ids(invoices), Amount: amount, On: f.today, Until: until,
		Source: inflight.Source(f.said("reglement-moyen")), Note: f.said("reglement-note"),
	}
	err = inflight.Add(ctx, f.tx, f.scope, x)
	f.tell(f.about(x.Amount, invoices), x.Source.In(f.lang), f.until(x.Until))
	return err
}

// planGrace is how many days after an instalment's date the form lets pass.
const planGrace = 3

func (f form) addPlan(ctx context.Context) error {
	invoices, err := f.ticked(ctx)
	if err != nil {
		return err
	}
	first, err := f.day("echeancier-jour")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(f.said("echeancier-nombre"))
	if err != nil {
		return fault.Invalidf("echeancier-nombre", "combien d’échéances ?")
	}
	drafted, instalments, err := plan.Draft(ctx, f.tx, f.scope, f.who.ID, ids(invoices), n, first)
	if err != nil {
		return err
	}
	return plan.Add(ctx, f.tx, f.scope, &plan.Plan{
		Customer: f.who.ID, Invoices: ids(drafted), Made: f.today, Grace: planGrace, Instalments: instalments,
		Note: f.said("echeancier-note"),
	})
}

func (f form) addReaction(ctx context.Context) error {
	return reaction.Add(ctx, f.tx, f.scope, &reaction.Reaction{
		Customer: f.who.ID, On: f.today, Kind: reaction.Replied, Note: f.said("reponse-note"),
	})
}

func (f form) endPromise(ctx context.Context) error {
	return promise.Withdraw(ctx, f.tx, f.scope, f.said("id"), f.today, f.said("motif"))
}

func (f form) endDispute(ctx context.Context) error {
	return dispute.Close(ctx, f.tx, f.scope, f.said("id"), f.today, dispute.Outcome(f.said("issue")), f.said("motif"))
}

func (f form) endHold(ctx context.Context) error {
	return hold.End(ctx, f.tx, f.scope, f.said("id"), f.today)
}

func (f form) endPlan(ctx context.Context) error {
	return plan.End(ctx, f.tx, f.scope, f.said("id"), f.today, plan.State(f.said("issue")), f.said("motif"))
}

func (f form) endPayment(ctx context.Context) error {
	return inflight.End(ctx, f.tx, f.scope, f.said("id"), f.today, inflight.Outcome(f.said("issue")), f.said("motif"))
}
