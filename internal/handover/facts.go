package handover

import (
	"context"
	"encoding/json"
	"regexp"

	"acquit/internal/account"
	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
	"acquit/internal/limitation"
	"acquit/internal/money"
)

// Told is what a person says of a case that the books do not: each replaces what was
// read from them, and is empty where nothing was said.
type Told struct {
	Debtor      fr.RouteDebtor `json:"debtor,omitempty"`
	Creditor    fr.Answer      `json:"creditor,omitempty"` // is it a trader
	Certain     fr.Answer      `json:"certain,omitempty"`
	StruckOff   fr.Answer      `json:"struck_off,omitempty"`
	Represented fr.Answer      `json:"represented,omitempty"`
	Instrument  fr.Instrument  `json:"instrument,omitempty"`
	Noticed     fr.Answer      `json:"noticed,omitempty"`
	Attempted   fr.Answer      `json:"attempted,omitempty"`
}

func (t Told) check() error {
	if !known(t.Debtor, fr.RouteDebtors()) {
		return fault.Invalidf("debtor", "« %s » n’est pas une sorte de débiteur", t.Debtor)
	}
	for field, a := range map[string]fr.Answer{
		"creditor": t.Creditor, "certain": t.Certain, "struck_off": t.StruckOff, "represented": t.Represented,
		"noticed": t.Noticed, "attempted": t.Attempted,
	} {
		if !known(a, []fr.Answer{fr.Unknown, fr.Yes, fr.No}) {
			return fault.Invalidf(field, "« %s » : oui (yes), non (no) ou rien", a)
		}
	}
	if !known(t.Instrument, []fr.Instrument{fr.NoInstrument, fr.Cheque, fr.Bill}) {
		return fault.Invalidf("instrument", "« %s » : cheque, bill ou rien", t.Instrument)
	}
	return nil
}

// Tells records what a person knows of a customer's case. It needs Work.
func Tells(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string, t Told, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return err
	}
	who, err := agreement.Customer(ctx, tx, s, ref)
	if err != nil {
		return err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO legal_fact (creditor_id, customer_id, facts, told_on, told_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, customer_id) DO UPDATE
		SET facts = excluded.facts, told_on = excluded.told_on, told_by = excluded.told_by`,
		s.Creditor, who, string(body), today, s.Actor)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "facts.told", "customer/"+who, t)
}

// ToldOf is what people have told of a customer’s case so far.
func ToldOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (t Told, err error) {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT facts
		FROM legal_fact
		WHERE creditor_id = $1 AND customer_id = $2`, s.Creditor, customer)
	if err != nil || len(list) == 0 {
		return t, err
	}
	return t, json.Unmarshal([]byte(list[0]), &t)
}

// Study is a customer's case: the facts as the books and people tell them, where they
// were guessed, and the ways that they open.
type Study struct {
	Customer customer.Customer
	Day      cal.Date
	Told     Told
	Facts    fr.RouteFacts
	Guessed  bool // that the debtor is a trader, from its name
	Invoices []Item
	Disputed map[string]money.Amount // what is contested, by document
	Ways     []fr.Route
}

// Of studies a customer's case as of a day, on what is overdue in the currency that most
// of it is in. It needs Read.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, law *fr.Law, ref string, day cal.Date) (Study, error) {
	who, err := agreement.Customer(ctx, tx, s, ref)
	if err != nil {
		return Study{}, err
	}
	told, err := ToldOf(ctx, tx, s, who)
	if err != nil {
		return Study{}, err
	}
	return With(ctx, tx, s, law, who, told, day)
}

// With is Of with what is told this once in the place of what is kept.
func With(
	ctx context.Context, tx *db.Tx, s creditor.Scope, law *fr.Law, ref string, told Told, day cal.Date,
) (Study, error) {
	st := Study{Day: day, Told: told}
	if err := s.Need(creditor.Read); err != nil {
		return st, err
	}
	if err := told.check(); err != nil {
		return st, err
	}
	a, err := account.One(ctx, tx, s, account.Query{Day: day, Idle: true}, ref)
	if err != nil {
		return st, err
	}
	if st.Customer, err = customer.Find(ctx, tx, s, a.Customer.ID); err != nil {
		return st, err
	}
	if err := st.claims(ctx, tx, s, a); err != nil {
		return st, err
	}
	if err := st.read(ctx, tx, s, a); err != nil {
		return st, err
	}
	st.say()
	st.Ways, err = law.Routes(st.Facts)
	return st, err
}

// claims adds up what is overdue and what of it is contested.
func (st *Study) claims(ctx context.Context, tx *db.Tx, s creditor.Scope, a *account.Account) error {
	late := Case{Account: a.Account, Day: st.Day}.Overdue()
	if late.Currency == "" {
		late = money.Zero(money.EUR)
	}
	st.Facts.Amount, st.Facts.Disputed = money.Zero(late.Currency), money.Zero(late.Currency)
	documents, err := overdueDocuments(ctx, tx, s, a, st.Day, late.Currency)
	if err != nil {
		return err
	}
	if st.Invoices, st.Disputed, err = claims(ctx, tx, s, a.Customer.ID, documents, st.Day); err != nil {
		return err
	}
	for _, i := range st.Invoices {
		st.Facts.Amount = st.Facts.Amount.Add(i.Principal).Add(i.Interest)
		if sum, ok := st.Disputed[i.Document]; ok {
			st.Facts.Disputed = st.Facts.Disputed.Add(sum)
		}
	}
	return nil
}

// Owed is all that is overdue with its charges, what is contested of it included.
func (st Study) Owed() Sums {
	return Handover{Currency: st.Facts.Amount.Currency, Items: st.Invoices}.Sums()
}

// read fills the facts that the books tell.
func (st *Study) read(ctx context.Context, tx *db.Tx, s creditor.Scope, a *account.Account) error {
	f := &st.Facts
	f.On, f.Country, f.PostalCode = st.Day, st.Customer.Country, st.Customer.PostalCode
	f.Invoiced = fr.Answers(len(st.Invoices) > 0)
	f.Certain = f.Invoiced // invoiced and overdue; what is contested is told apart
	f.Insolvent = fr.Answers(a.Customer.Insolvent)
	who, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return err
	}
	if commercial.MatchString(who.LegalForm) {
		f.Creditor = fr.Yes
	}
	f.Debtor, st.Guessed = debtorOf(st.Customer)
	clocks, err := limitation.Of(ctx, tx, s, a.Customer.ID, st.Day)
	if err != nil {
		return err
	}
	for _, k := range clocks {
		if k.Halted || k.Hypothesis() {
			continue
		}
		if f.Expires.IsZero() || k.Safe < f.Expires {
			f.Expires = k.Safe
		}
	}
	f.Noticed, err = noticed(ctx, tx, s, a.Customer.ID, st.Invoices, st.Day)
	return err
}

// commercial are the forms of companies that are traders by their form (C. com. L210-1).
var commercial = regexp.MustCompile(`(?i)(^|[^\pL])(SARL|EURL|SAS|SASU|SA|SNC|SCS|SCA|SELARL|SELAS)($|[^\pL])`)

// civil are names of companies that are no traders, though professionals.
var civil = regexp.MustCompile(`(?i)(^|[^\pL])(SCI|SCP|SCM|GAEC|EARL|SCEA|SELARL|SELAS|SELAFA)($|[^\pL])`)

// debtorOf is what a debtor is, as far as the books tell; guessed from the form in its
// name where they do not.
func debtorOf(c customer.Customer) (d fr.RouteDebtor, guessed bool) {
	switch {
	case c.Kind == customer.Consumer:
		return fr.Individual, false
	case c.Kind == customer.Public:
		return fr.PublicDebtor, false
	case civil.MatchString(c.Name):
		return fr.Professional, true
	case commercial.MatchString(c.Name):
		return fr.Trader, true
	}
	return fr.DebtorUnknown, false
}

// say puts what a person told in the place of what was read.
func (st *Study) say() {
	t, f := st.Told, &st.Facts
	if t.Debtor != fr.DebtorUnknown {
		f.Debtor, st.Guessed = t.Debtor, false
	}
	for _, p := range []struct {
		told fr.Answer
		fact *fr.Answer
	}{
		{t.Creditor, &f.Creditor},
		{t.Certain, &f.Certain},
		{t.StruckOff, &f.StruckOff},
		{t.Represented, &f.Represented},
		{t.Noticed, &f.Noticed},
		{t.Attempted, &f.Attempted},
	} {
		if p.told != fr.Unknown {
			*p.fact = p.told
		}
	}
	if t.Instrument != fr.NoInstrument {
		f.Instrument = t.Instrument
	}
}
