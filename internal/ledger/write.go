package ledger

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// Add stores new documents, each wholly open; it fills their identifiers,
// creation and open amounts. A number that its customer has already is a
// duplicate (db.IsDuplicate).
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Document) error {
	for _, d := range list {
		if err := d.check(); err != nil {
			return err
		}
		if d.ID == "" {
			d.ID = tx.NewID(prefix[d.Kind])
		}
		d.Open, d.CreatedAt = d.Amount, tx.Now
	}
	return insert(ctx, tx, s, list)
}

var prefix = map[Kind]string{Invoice: "inv", CreditNote: "crn", Payment: "pay"}

func (d *Document) check() error {
	switch {
	case !d.Kind.Valid():
		return fault.Invalidf("kind", "« %s » n’est pas une sorte de document", d.Kind)
	case d.Number == "":
		return fault.Invalidf("number", "numéro manquant")
	case d.Customer == "":
		return fault.Invalidf("customer", "client manquant")
	case d.Issued.IsZero():
		return fault.Invalidf("issued", "date manquante")
	case d.Amount.Sign() < 0:
		return fault.Invalidf("amount", "montant négatif : c’est un avoir ou un encaissement")
	case d.Amount.Currency == "":
		return fault.Invalidf("currency", "devise manquante")
	}
	return nil
}

// Allocate sets part of a credit against an invoice. It fills the allocation's
// identifier, customer, author and creation, and dates it no earlier than both
// documents and the last reversal of theirs: before, one of them was not there, or
// still taken, and a balance of that day would count only one side or too much.
// More than what is open on either side, two currencies or two customers are
// refused.
func Allocate(ctx context.Context, tx *db.Tx, s creditor.Scope, a *Allocation) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	credit, err := Find(ctx, tx, s, a.Credit)
	if err != nil {
		return err
	}
	if err := tx.Lock(ctx, "customer/"+credit.Customer); err != nil {
		return err
	}
	if credit, err = Find(ctx, tx, s, a.Credit); err != nil { // as it is under the lock
		return err
	}
	invoice, err := Find(ctx, tx, s, a.Invoice)
	if err != nil {
		return err
	}
	if err := fits(credit, invoice, *a); err != nil {
		return err
	}
	a.Customer = invoice.Customer
	freed, err := lastReversal(ctx, tx, s, credit.ID, invoice.ID)
	if err != nil {
		return err
	}
	a.On = max(a.On, credit.Issued, invoice.Issued, freed)
	return record(ctx, tx, s, a)
}

// lastReversal is the day on which what a credit or an invoice was set against
// last became free again; no day where nothing was undone. Each side is asked for
// alone: asked for together, the engine walks all days back from the last.
func lastReversal(ctx context.Context, tx *db.Tx, s creditor.Scope, credit, invoice string) (cal.Date, error) {
	return db.One(ctx, tx, db.Value[cal.Date], `
		SELECT max(made_on)
		FROM (
			SELECT made_on FROM allocation WHERE creditor_id = $1 AND credit_id = $2 AND reverses IS NOT NULL
			UNION ALL
			SELECT made_on FROM allocation WHERE creditor_id = $1 AND invoice_id = $3 AND reverses IS NOT NULL
		) AS undone`,
		s.Creditor, credit, invoice)
}

func fits(credit, invoice Document, a Allocation) error {
	switch {
	case !credit.Kind.Credit() || invoice.Kind != Invoice:
		return fault.Invalidf("credit", "un lettrage va d’un encaissement ou d’un avoir vers une facture")
	case credit.Customer != invoice.Customer:
		return fault.Invalidf("invoice", "%s et %s ne sont pas du même client", credit.Number, invoice.Number)
	case credit.Amount.Currency != invoice.Amount.Currency || a.Amount.Currency != invoice.Amount.Currency:
		return fault.Invalidf("currency", "%s et %s ne sont pas dans la même devise", credit.Number, invoice.Number)
	case a.Amount.Sign() <= 0:
		return fault.Invalidf("amount", "le montant affecté doit être positif")
	case credit.Open.Less(a.Amount):
		return fault.Conflictf("il ne reste que %s à affecter sur %s", credit.Open.Decimal(), credit.Number)
	case invoice.Open.Less(a.Amount):
		return fault.Conflictf("il ne reste que %s à payer sur %s", invoice.Open.Decimal(), invoice.Number)
	}
	return nil
}

// record stores an allocation and moves both open amounts with it.
func record(ctx context.Context, tx *db.Tx, s creditor.Scope, a *Allocation) error {
	a.ID, a.By, a.CreatedAt = tx.NewID("alo"), s.Actor, tx.Now
	if err := insertAllocations(ctx, tx, s, []*Allocation{a}); err != nil {
		return err
	}
	for _, doc := range []string{a.Credit, a.Invoice} {
		if _, err := tx.Exec(ctx, `
			UPDATE document
			SET open_amount = open_amount - $3
			WHERE creditor_id = $1 AND id = $2`, s.Creditor, doc, a.Amount.Minor); err != nil {
			return err
		}
	}
	return nil
}

// Reverse undoes an allocation on a day by one of the opposite amount; on the day
// of the allocation where that is later, since what was not yet done cannot be
// undone.
func Reverse(ctx context.Context, tx *db.Tx, s creditor.Scope, allocation string, on cal.Date, reason string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	a, err := db.One(ctx, tx, scanAllocation, selectAllocation+`
		WHERE a.creditor_id = $1 AND a.id = $2`, s.Creditor, allocation)
	if err != nil {
		return err
	}
	if a.Reverses != "" {
		return fault.Invalidf("allocation", "une contre-passation ne se contre-passe pas : refaire le lettrage")
	}
	if err := tx.Lock(ctx, "customer/"+a.Customer); err != nil {
		return err
	}
	undo := a
	undo.Amount, undo.Reverses, undo.On, undo.Reason, undo.Import = a.Amount.Neg(), a.ID, max(on, a.On), reason, ""
	err = record(ctx, tx, s, &undo)
	if db.IsDuplicate(err) {
		return fault.Conflictf("ce lettrage a déjà été annulé")
	}
	return err
}

// Change replaces what an import may correct on a document: its dates, amount,
// references and label. The amount may not fall below what is allocated, and
// allocations follow a day of issue that moves past them.
func Change(ctx context.Context, tx *db.Tx, s creditor.Scope, d Document) error {
	if err := d.check(); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		UPDATE document
		SET issued_on = $3, due_on = $4, open_amount = open_amount + $5 - amount, amount = $5, net_amount = $6,
			order_ref = $7, contract_ref = $8, preceding = $9, terms = $10, label = $11, brought = $12
		WHERE creditor_id = $1 AND id = $2 AND currency = $13 AND open_amount + $5 - amount >= 0`,
		s.Creditor, d.ID, d.Issued, d.Due, d.Amount.Minor, net(d), d.Order, d.Contract, d.Preceding, d.Terms, d.Label,
		d.Brought, string(d.Amount.Currency))
	if err != nil {
		return err
	}
	if n == 1 {
		_, err := tx.Exec(ctx, `
			UPDATE allocation
			SET made_on = $3
			WHERE creditor_id = $1 AND (credit_id = $2 OR invoice_id = $2) AND made_on < $3`,
			s.Creditor, d.ID, d.Issued)
		return err
	}
	old, err := Find(ctx, tx, s, d.ID)
	if err != nil {
		return err
	}
	if old.Amount.Currency != d.Amount.Currency {
		return fault.Conflictf("%s : la devise d’un document ne change pas", old.Number)
	}
	return fault.Conflictf("%s : le nouveau montant est inférieur à ce qui est déjà affecté", old.Number)
}

// MadeBefore are the allocations of a document that are dated before a day: those
// that Change moves with its day of issue.
func MadeBefore(ctx context.Context, tx *db.Tx, s creditor.Scope, document string, day cal.Date) ([]Allocation, error) {
	return db.All(ctx, tx, scanAllocation, selectAllocation+`
		WHERE a.creditor_id = $1 AND (a.credit_id = $2 OR a.invoice_id = $2) AND a.made_on < $3
		ORDER BY a.id`, s.Creditor, document, day)
}

// Redate gives an allocation back the day that it had before Change moved it.
func Redate(ctx context.Context, tx *db.Tx, s creditor.Scope, allocation string, on cal.Date) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		UPDATE allocation
		SET made_on = $3
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, allocation, on)
	return err
}
