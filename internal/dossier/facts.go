package dossier

import (
	"context"
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/i18n"
	"acquit/internal/insolvency"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/notice"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// Query is whose dossier is wanted, as of which day, for which way.
type Query struct {
	Customer string // identifier
	Day      cal.Date
	Route    Route
}

// books is what the rooms say of a customer, read once for all sections.
type books struct {
	Query
	creditor creditor.Creditor
	customer customer.Customer
	contacts []customer.Contact
	ledger   []ledger.Document // all, by issue
	open     map[string]ledger.OpenOn
	links    []ledger.Allocation
	copies   []ledger.Copy
	claimed  map[string]bool // by a reminder that left
	evidence []Evidence
	promises []promise.View
	plans    []plan.View
	disputes []dispute.Dispute
	replies  []reaction.Reaction
	notices  []notice.Notice
	calls    []call.Call
	lives    []lifecycle.Status // of electronic invoices, oldest first
	checked  time.Time          // a register of insolvencies answered
	register string
	zone     *time.Location
	agent    bool
	scope    creditor.Scope
	charges  []charge.Line
	terms    charge.Terms
	unstated i18n.Words // why there is no statement of interest

	ownMessages map[string]bool // messages of statuses that tell of nobody else
}

// shownReplies bounds the replies that are read: more than a customer ever sends.
const shownReplies = 1000

// Complete is how complete a customer's dossier is. It needs Read.
func Complete(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query) (Completeness, error) {
	if err := s.Need(creditor.Read); err != nil {
		return Completeness{}, err
	}
	b, err := read(ctx, tx, s, q)
	if err != nil {
		return Completeness{}, err
	}
	return Score(b.facts()), nil
}

func read(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query) (b books, err error) {
	b.Query, b.scope = q, s
	for _, part := range []func(context.Context, *db.Tx, creditor.Scope) error{
		b.readParties, b.readLedger, b.readAgreements, b.readLives,
	} {
		if err := part(ctx, tx, s); err != nil {
			return b, err
		}
	}
	if b.claimed, err = reminder.Claimed(ctx, tx, s, q.Customer); err != nil {
		return b, err
	}
	if b.notices, err = notice.List(ctx, tx, s, q.Customer); err != nil {
		return b, err
	}
	if b.calls, err = call.List(ctx, tx, s, q.Customer); err != nil {
		return b, err
	}
	if b.checked, b.register, err = insolvency.CheckedAt(ctx, tx, s, q.Customer); err != nil {
		return b, err
	}
	if err := b.readCharges(ctx, tx); err != nil {
		return b, err
	}
	b.evidence, err = EvidenceOf(ctx, tx, s, q.Customer)
	return b, err
}

func (b *books) readParties(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if b.customer, err = customer.Find(ctx, tx, s, b.Customer); err != nil {
		return err
	}
	if b.contacts, err = customer.Contacts(ctx, tx, s, b.Customer); err != nil {
		return err
	}
	if b.creditor, err = creditor.Find(ctx, tx, s); err != nil {
		return err
	}
	values, err := creditor.Settings(ctx, tx, s)
	if err != nil {
		return err
	}
	b.zone = setting.TimeZone.In(values)
	b.agent = setting.Signatory.In(values) == setting.SignedByAgent
	return nil
}

func (b *books) readLedger(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if b.ledger, err = ledger.OfCustomers(ctx, tx, s, true, b.Customer); err != nil {
		return err
	}
	open, err := ledger.OpenOf(ctx, tx, s, b.Customer, b.Day)
	if err != nil {
		return err
	}
	b.open = map[string]ledger.OpenOn{}
	for _, o := range open {
		b.open[o.ID] = o
	}
	if b.links, err = ledger.AllocationsOf(ctx, tx, s, b.Customer); err != nil {
		return err
	}
	b.copies, err = ledger.CopiesOf(ctx, tx, s, b.Customer)
	return err
}

func (b *books) readAgreements(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if b.promises, err = promise.List(ctx, tx, s, b.Day, b.Customer); err != nil {
		return err
	}
	if b.plans, err = plan.List(ctx, tx, s, b.Day, b.Customer); err != nil {
		return err
	}
	if b.disputes, err = dispute.List(ctx, tx, s, b.Customer); err != nil {
		return err
	}
	b.replies, err = reaction.List(ctx, tx, s, b.Customer, shownReplies)
	return err
}

// facts are what the score depends on.
func (b *books) facts() Facts {
	f := Facts{
		Day: b.Day, Kind: b.customer.Kind, Country: b.customer.Country, Route: b.Route, Agent: b.agent,
		Statement: b.unstated, Evidence: b.evidence, Exchanges: len(b.promises) + len(b.plans) + len(b.disputes) +
			len(b.replies),
	}
	if !b.checked.IsZero() {
		f.Checked = cal.Of(b.checked.In(b.zone))
	}
	for _, d := range b.claims() {
		f.Claims = append(f.Claims, b.claim(d))
	}
	for _, d := range b.credits(f.Claims) {
		f.Credits = append(f.Credits, b.claim(d))
	}
	f.Refused = slices.ContainsFunc(b.ledger, func(d ledger.Document) bool {
		return d.Nature == ledger.Refund && d.Kind == ledger.Invoice
	})
	return f
}

// claims are the invoices that are overdue on the day; where none is, those that
// are open, for a dossier prepared early.
func (b *books) claims() []ledger.Document {
	var late, open []ledger.Document
	for _, d := range b.ledger {
		o, ok := b.open[d.ID]
		if !ok || d.Kind != ledger.Invoice || !principal(d) {
			continue
		}
		d.Open = o.On
		open = append(open, d)
		if !d.Due.IsZero() && d.Due < b.Day {
			late = append(late, d)
		}
	}
	if len(late) > 0 {
		return late
	}
	return open
}

// principal tells an invoice of goods or services from charges booked for its
// being late, which are claimed with the statement.
func principal(d ledger.Document) bool { return d.Nature != ledger.Charge }

// credits are the credit notes that were set against the claims.
func (b *books) credits(claims []Claim) []ledger.Document {
	set := map[string]bool{}
	for _, a := range b.links {
		if slices.ContainsFunc(claims, func(c Claim) bool { return c.ID == a.Invoice }) {
			set[a.Credit] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(b.ledger), func(d ledger.Document) bool {
		return d.Kind != ledger.CreditNote || d.Nature != ledger.Ordinary || !set[d.ID]
	})
}

func (b *books) claim(d ledger.Document) Claim {
	sent, proof := b.noticed(d.ID)
	return Claim{
		ID: d.ID, Number: d.Number, Issued: d.Issued, Due: d.Due, Amount: d.Amount, Open: d.Open,
		Copied:   slices.ContainsFunc(b.copies, func(c ledger.Copy) bool { return c.Document == d.ID }),
		Reminded: b.claimed[d.ID], Noticed: sent, Proved: proof, Logged: b.logged(d.ID),
	}
}
