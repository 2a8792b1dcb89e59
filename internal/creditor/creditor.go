package creditor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/identifier"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Creditor is who is owed, as its letters and invoices name it.
type Creditor struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	LegalForm  string `json:"legal_form"` // "SARL"
	Capital    string `json:"capital"`    // as its papers write it: "10 000 €"
	SIREN      string `json:"siren"`
	SIRET      string `json:"siret"`
	VATID      string `json:"vat_id"`
	Register   string `json:"register"` // "RCS Lille"
	Street     string `json:"street"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2
	Email      string `json:"email"`
	Phone      string `json:"phone"`
	Website    string `json:"website"`

	CreatedAt time.Time `json:"-"`
}

// Account is a bank account to which customers pay.
type Account struct {
	ID        string         `json:"id"`
	Holder    string         `json:"holder"`
	IBAN      string         `json:"iban"` // without spaces
	BIC       string         `json:"bic"`
	Currency  money.Currency `json:"currency"`
	CreatedAt time.Time      `json:"-"`
	EndedAt   time.Time      `json:"-"` // the zero time while it is used
}

// Closure is a run of days on which the creditor does not work.
type Closure struct {
	ID    string     `json:"id"`
	Days  cal.Period `json:"days"`
	Label string     `json:"label"`
}

// Record writes what was done into the journal: journal.Write, given by the
// caller because the journal stands on this room.
type Record func(ctx context.Context, tx *db.Tx, s Scope, action, subject string, body any) error

// Create makes a creditor and the scope of its first actor. Only its name is
// required.
func Create(ctx context.Context, tx *db.Tx, c Creditor, actor string, record Record) (Creditor, error) {
	if err := c.tidy(); err != nil {
		return Creditor{}, err
	}
	c.ID, c.CreatedAt = tx.NewID("crd"), tx.Now
	if err := insert(ctx, tx, c); err != nil {
		return Creditor{}, err
	}
	s := Scope{Creditor: c.ID, Actor: actor, Rights: Manage}
	return c, record(ctx, tx, s, "creditor.created", "creditor/"+c.ID, c)
}

// Update stores the identity of the scope's creditor. It needs Manage.
func Update(ctx context.Context, tx *db.Tx, s Scope, c Creditor, record Record) error {
	if err := s.Need(Manage); err != nil {
		return err
	}
	if err := c.tidy(); err != nil {
		return err
	}
	before, err := Find(ctx, tx, s)
	if err != nil {
		return err
	}
	c.ID, c.CreatedAt = before.ID, before.CreatedAt
	if c == before {
		return nil
	}
	if err := update(ctx, tx, s, c); err != nil {
		return err
	}
	return record(ctx, tx, s, "creditor.changed", "creditor/"+c.ID, map[string]Creditor{"before": before, "after": c})
}

// AddAccount adds a bank account. It needs Manage: whoever changes where money
// goes is written down.
func AddAccount(ctx context.Context, tx *db.Tx, s Scope, a Account, record Record) (Account, error) {
	if err := s.Need(Manage); err != nil {
		return Account{}, err
	}
	if err := a.tidy(); err != nil {
		return Account{}, err
	}
	current, err := Accounts(ctx, tx, s)
	if err != nil {
		return Account{}, err
	}
	for _, c := range current {
		if c.IBAN == a.IBAN && c.Currency == a.Currency {
			return Account{}, fault.Conflictf("ce compte bancaire est déjà enregistré")
		}
	}
	a.ID, a.CreatedAt = tx.NewID("bac"), tx.Now
	if err := insertAccount(ctx, tx, s, a); err != nil {
		return Account{}, err
	}
	return a, record(ctx, tx, s, "creditor.account_added", "creditor/"+s.Creditor, a)
}

// EndAccount takes a bank account out of use. Messages already written keep it.
func EndAccount(ctx context.Context, tx *db.Tx, s Scope, id string, record Record) error {
	if err := s.Need(Manage); err != nil {
		return err
	}
	if err := endAccount(ctx, tx, s, id); err != nil {
		return err
	}
	return record(ctx, tx, s, "creditor.account_ended", "creditor/"+s.Creditor, map[string]string{"id": id})
}

// AddClosure adds days on which nothing leaves. It needs Manage.
func AddClosure(ctx context.Context, tx *db.Tx, s Scope, c Closure, record Record) (Closure, error) {
	if err := s.Need(Manage); err != nil {
		return Closure{}, err
	}
	if _, err := cal.ParsePeriod(c.Days.String()); c.Days.From.IsZero() || err != nil {
		return Closure{}, &fault.Invalid{
			Field: "until", Message: "la fermeture doit finir après avoir commencé", Mend: "deux dates, cinq ans au plus",
		}
	}
	var err error
	if c.Label, err = short("label", c.Label); err != nil {
		return Closure{}, err
	}
	c.ID = tx.NewID("clo")
	if err := insertClosure(ctx, tx, s, c); err != nil {
		return Closure{}, err
	}
	return c, record(ctx, tx, s, "creditor.closure_added", "creditor/"+s.Creditor, c)
}

// RemoveClosure makes the days of a closure working days again. It needs Manage.
func RemoveClosure(ctx context.Context, tx *db.Tx, s Scope, id string, record Record) error {
	if err := s.Need(Manage); err != nil {
		return err
	}
	if err := deleteClosure(ctx, tx, s, id); err != nil {
		return err
	}
	return record(ctx, tx, s, "creditor.closure_removed", "creditor/"+s.Creditor, map[string]string{"id": id})
}

// Settings is all that the scope's creditor has decided. It needs Read.
func Settings(ctx context.Context, tx *db.Tx, s Scope) (setting.Values, error) {
	if err := s.Need(Read); err != nil {
		return setting.Values{}, err
	}
	return setting.Load(ctx, tx, s.Creditor)
}

// Configure changes settings as a person wishes them, by name and as written,
// and tells those that took another value. Every setting says which right it
// needs; those of the machine are changed on its command line only.
func Configure(
	ctx context.Context, tx *db.Tx, s Scope, known setting.Registry, box setting.Box,
	wishes map[string]string, record Record,
) ([]setting.Change, error) {
	for _, d := range known {
		if _, ok := wishes[d.Name]; !ok {
			continue
		}
		if err := s.mayChange(d); err != nil {
			return nil, err
		}
	}
	changes, err := known.Set(ctx, tx, box, s.Creditor, s.Actor, wishes)
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	return changes, record(ctx, tx, s, "settings.changed", "creditor/"+s.Creditor, changes)
}

func (s Scope) mayChange(d setting.Definition) error {
	if d.Right != setting.RightHost {
		return s.Need(Rights(d.Right))
	}
	if s.Actor != ActorCLI && s.Actor != ActorSystem {
		return fault.Deniedf("« %s » ne se règle que sur la machine d’Acquit : acquit setting %s …", d.Label.FR, d.Name)
	}
	return s.Need(Manage)
}

// maxText bounds every text of an identity: what an address window or a line of
// a letter can hold, generously.
const maxText = 200

// short is s without spaces around it, or an error when it is too long for
// field or is not one line.
func short(field, s string) (string, error) {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > maxText || strings.ContainsAny(s, "\r\n\x00") {
		return "", &fault.Invalid{
			Field: field, Message: fmt.Sprintf("ce texte doit tenir sur une ligne de %d caractères", maxText),
		}
	}
	return s, nil
}

// tidy brings an identity into the form in which it is kept, or joins all that
// is wrong with it.
func (c *Creditor) tidy() error {
	var problems []error
	for _, f := range c.texts() {
		s, err := short(f.name, *f.text)
		*f.text = s
		problems = append(problems, err)
	}
	if c.Country == "" {
		c.Country = "FR"
	}
	c.Country = strings.ToUpper(c.Country)
	if c.Name == "" {
		problems = append(problems, fault.Invalidf("name", "il manque le nom de la société"))
	}
	return errors.Join(append(problems, c.tidyNumbers())...)
}

// tidyNumbers checks the numbers that are given. A SIREN follows from its SIRET.
func (c *Creditor) tidyNumbers() error {
	if c.SIREN == "" && identifier.SIRET(c.SIRET).OK() {
		c.SIREN = identifier.SIRET(c.SIRET).Value[:sirenDigits]
	}
	return errors.Join(
		keep("siren", &c.SIREN, identifier.SIREN),
		keep("siret", &c.SIRET, func(s string) identifier.Result { return identifier.SIRETOf(s, c.SIREN) }),
		keep("vat_id", &c.VATID, identifier.VAT),
		keep("email", &c.Email, identifier.Email),
	)
}

const sirenDigits = 9

// keep puts a number into its kept form, unless it is empty or wrong.
func keep(field string, text *string, check func(string) identifier.Result) error {
	if *text == "" {
		return nil
	}
	r := check(*text)
	if err := r.Err(field); err != nil {
		return err
	}
	*text = r.Value
	return nil
}

type namedText struct {
	name string
	text *string
}

func (c *Creditor) texts() []namedText {
	return []namedText{
		{"name", &c.Name},
		{"legal_form", &c.LegalForm},
		{"capital", &c.Capital},
		{"siren", &c.SIREN},
		{"siret", &c.SIRET},
		{"vat_id", &c.VATID},
		{"register", &c.Register},
		{"street", &c.Street},
		{"postal_code", &c.PostalCode},
		{"city", &c.City},
		{"country", &c.Country},
		{"email", &c.Email},
		{"phone", &c.Phone},
		{"website", &c.Website},
	}
}

// tidy brings an account into the form in which it is kept.
func (a *Account) tidy() error {
	holder, err := short("holder", a.Holder)
	a.Holder = holder
	if a.Holder == "" && err == nil {
		err = fault.Invalidf("holder", "il manque le titulaire du compte")
	}
	if a.Currency == "" {
		a.Currency = money.EUR
	}
	currency := func() (e error) {
		a.Currency, e = money.ParseCurrency(string(a.Currency))
		return e
	}
	if strings.TrimSpace(a.IBAN) == "" {
		err = errors.Join(err, fault.Invalidf("iban", "il manque l’IBAN"))
	}
	a.BIC = strings.TrimSpace(a.BIC)
	return errors.Join(err, currency(), keep("iban", &a.IBAN, identifier.IBAN), keep("bic", &a.BIC, identifier.BIC))
}
