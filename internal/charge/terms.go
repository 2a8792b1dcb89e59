package charge

import (
	"context"
	"errors"
	"strings"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
	"acquit/internal/money"
	"acquit/internal/notice"
	"acquit/internal/setting"
)

// Contract is what one customer's contract says of late payment; what it leaves
// empty is as the creditor's terms of sale say.
type Contract struct {
	Rate       string        `json:"rate,omitempty"` // in percent
	Imputation fr.Imputation `json:"imputation,omitempty"`
	Basis      fr.Basis      `json:"basis,omitempty"`
	CompoundOn cal.Date      `json:"compound_on,omitzero"` // interest of whole years from this day on bears interest
}

// Received is a formal notice that reached a customer, recorded by hand.
type Received struct {
	ID   string
	On   cal.Date
	Note string
	By   string
	At   time.Time
}

// termsOf are the terms of a customer: its contract's, else the creditor's.
func termsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, c customer.Customer) (Terms, error) {
	t := Terms{Debtor: debtors[c.Kind], Insolvent: c.InsolventOn}
	values, err := creditor.Settings(ctx, tx, s)
	if err != nil {
		return t, err
	}
	t.OwedTo = fr.AnyOther
	if setting.ChargeOwedTo.In(values) == string(fr.PrivatePerson) {
		t.OwedTo = fr.PrivatePerson
	}
	own, err := FindContract(ctx, tx, s, c.ID)
	if err != nil {
		return t, err
	}
	rate := own.Rate
	if rate == "" {
		rate = setting.ChargeRate.In(values)
	}
	if rate != "" {
		r, err := money.ParseRate(rate)
		if err != nil {
			return t, err
		}
		t.Rate = &r
	}
	t.Imputation, t.Basis, t.CompoundOn = own.Imputation, own.Basis, own.CompoundOn
	if t.Imputation == "" {
		t.Imputation = fr.Imputation(setting.ChargeImputation.In(values))
	}
	if t.Basis == "" {
		t.Basis = fr.Basis(setting.ChargeBasis.In(values))
	}
	t.Compound = setting.ChargeCompound.In(values) && t.CompoundOn == 0
	notices, err := Notices(ctx, tx, s, c.ID)
	for _, n := range notices {
		t.Notices = append(t.Notices, n.On)
	}
	if err != nil {
		return t, err
	}
	t.Served, err = notice.Served(ctx, tx, s, c.ID)
	return t, err
}

// FindContract is what a customer's contract says; nothing when none was entered.
func FindContract(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (Contract, error) {
	c, err := findContract(ctx, tx, s, customer)
	if errors.Is(err, fault.ErrNotFound) {
		return Contract{}, nil
	}
	return c, err
}

// SetContract records what a customer's contract says. It needs Manage.
func SetContract(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, c Contract) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	before, err := FindContract(ctx, tx, s, id)
	if err != nil || before == c {
		return err
	}
	if err := putContract(ctx, tx, s, id, c); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "charge.contract", "customer/"+id, map[string]Contract{
		"before": before, "after": c,
	})
}

func (c *Contract) check() error {
	c.Rate = strings.TrimSpace(c.Rate)
	if c.Rate != "" {
		r, err := money.ParseRate(c.Rate)
		if err != nil {
			return fault.Invalidf("rate", "«\u00a0%.20s\u00a0» n’est pas un taux de la forme 12,40", c.Rate)
		}
		c.Rate = r.Percent()
	}
	switch {
	case c.Imputation != "" && c.Imputation != fr.InterestFirst && c.Imputation != fr.PrincipalFirst:
		return fault.Invalidf("imputation", "interest_first ou principal_first")
	case c.Basis != "" && c.Basis != fr.Fixed365 && c.Basis != fr.Actual:
		return fault.Invalidf("basis", "365 ou act")
	}
	return nil
}

// Receive records by hand that a formal notice reached a customer: a consumer owes
// interest from then on (C. civ. 1231-6). It needs Manage.
func Receive(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, r *Received, today cal.Date) (err error) {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if r.Note, err = agreement.Note("note", r.Note); err != nil {
		return err
	}
	if r.On.IsZero() || r.On > today {
		return fault.Invalidf("received", "le jour de réception d’une mise en demeure est connu et n’est pas à venir")
	}
	r.ID, r.By, r.At = tx.NewID("rcv"), s.Actor, tx.Now
	if err := insertNotice(ctx, tx, s, id, *r); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "charge.notice_received", "customer/"+id, map[string]any{
		"on": r.On, "note": r.Note,
	})
}
