package cash

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// credited is what the journal keeps of a credit set against invoices by hand or
// by the rule.
type credited struct {
	Credit     string       `json:"credit"` // number
	Invoice    string       `json:"invoice"`
	Allocation string       `json:"allocation,omitempty"`
	Amount     money.Amount `json:"amount"`
	Reason     string       `json:"reason,omitempty"`
}

// ApplyCredit sets an unallocated credit, a credit note or earlier money, against
// invoices of its customer. It needs Work.
func ApplyCredit(ctx context.Context, tx *db.Tx, s creditor.Scope, credit string, lines []match.Line) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	c, err := ledger.Find(ctx, tx, s, credit)
	if err != nil {
		return agreement.Missing(err, "avoir ou encaissement %.60s", credit)
	}
	if len(lines) == 0 {
		return fault.Invalidf("invoices", "il manque la facture")
	}
	for _, l := range lines {
		if err := applyCredit(ctx, tx, s, c, l); err != nil {
			return err
		}
	}
	return usedIdle(ctx, tx, s)
}

func applyCredit(ctx context.Context, tx *db.Tx, s creditor.Scope, c ledger.Document, l match.Line) error {
	i, err := ledger.Find(ctx, tx, s, l.Item)
	if err != nil {
		return agreement.Missing(err, "facture %.60s", l.Item)
	}
	a := ledger.Allocation{Credit: c.ID, Invoice: i.ID, Amount: l.Amount, Reason: "affectation d’un crédit"}
	if err := ledger.Allocate(ctx, tx, s, &a); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "credit.applied", "customer/"+c.Customer, credited{
		Credit: c.Number, Invoice: i.Number, Allocation: a.ID, Amount: a.Amount,
	})
}

// UndoCredit undoes an allocation that was made by hand or by the rule of credits;
// the rule does not set the two against each other again. What an entry has set is
// undone with the entry. It needs Work.
func UndoCredit(ctx context.Context, tx *db.Tx, s creditor.Scope, allocation, reason string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	found, err := ledger.Allocations(ctx, tx, s, []string{allocation})
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.NotFound("affectation %.60s", allocation)
	}
	a := found[0]
	by, err := SetBy(ctx, tx, s, found)
	if err != nil {
		return err
	}
	if by[a.ID] != "" {
		return fault.Conflictf("cette affectation vient d’une opération bancaire\u00a0: défaire l’opération")
	}
	if err := ledger.Reverse(ctx, tx, s, a.ID, 0, reason); err != nil {
		return err
	}
	docs, err := ledger.WithIDs(ctx, tx, s, []string{a.Credit, a.Invoice})
	if err != nil {
		return err
	}
	n := credited{Allocation: a.ID, Amount: a.Amount, Reason: reason}
	for _, d := range docs {
		if d.ID == a.Credit {
			n.Credit = d.Number
		} else {
			n.Invoice = d.Number
		}
	}
	return journal.Write(ctx, tx, s, "credit.undone", "customer/"+a.Customer, n)
}

// SetBy tells of each allocation which entry set it, where one did: between two
// documents that were there, or as a line of what was made of the entry. What a
// person or the rule took of its rest later is theirs.
func SetBy(ctx context.Context, tx *db.Tx, s creditor.Scope, list []ledger.Allocation) (map[string]string, error) {
	var all []string
	for _, a := range list {
		all = append(all, a.ID, a.Credit)
	}
	behind, err := Behind(ctx, tx, s, all)
	if err != nil {
		return nil, err
	}
	entries, err := Lines(ctx, tx, s, slices.Collect(maps.Values(behind)))
	if err != nil {
		return nil, err
	}
	by := map[string]string{}
	for _, a := range list {
		by[a.ID] = behind[a.ID]
		for _, l := range entries {
			if l.Entry.ID == behind[a.Credit] && l.Application != nil && l.Application.sets(a.Invoice) {
				by[a.ID] = l.Entry.ID
			}
		}
	}
	return by, nil
}

// sets tells whether an application has a line of a document.
func (a *Application) sets(document string) bool {
	return slices.ContainsFunc(a.Explanation.Lines, func(l match.Line) bool { return l.Item == document })
}

// entryOfThings is the entry whose application made or used one of the things;
// empty where none did.
func entryOfThings(ctx context.Context, tx *db.Tx, s creditor.Scope, ids ...string) (string, error) {
	var w db.Where
	w.And("p.creditor_id = ?", s.Creditor)
	db.In(&w, "p.thing_id", ids)
	w.And("a.undone_at IS NULL")
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT a.entry_id
		FROM cash_part p
		JOIN cash_application a ON a.creditor_id = p.creditor_id AND a.id = p.application_id`+w.SQL()+`
		ORDER BY a.entry_id
		LIMIT 1`, w.Args...)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// owed is what a customer has open: credit notes, and invoices by due date.
type owed struct{ credits, invoices []ledger.Document }

// applyCredits sets credit notes against invoices as the creditor's rule says.
func (r *run) applyCredits(ctx context.Context) error {
	rule := setting.CashCredits.In(r.values)
	if rule == "never" || !setting.CashAutomatic.In(r.values) {
		return nil
	}
	var list []owed
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = owing(ctx, tx, r.s)
		return err
	})
	if err != nil {
		return err
	}
	for _, o := range list {
		for _, c := range o.credits {
			err := r.d.Write(ctx, func(tx *db.Tx) error { return r.applyOne(ctx, tx, c, o.invoices, rule == "oldest") })
			if err != nil && !contested(err) {
				return err
			}
		}
	}
	return nil
}

// owing are the customers who have both a credit note and an invoice open.
func owing(ctx context.Context, tx *db.Tx, s creditor.Scope) (list []owed, err error) {
	customers, err := ledger.WithOpenCreditNotes(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	docs, err := ledger.OfCustomers(ctx, tx, s, false, customers...)
	if err != nil {
		return nil, err
	}
	of := map[string]*owed{}
	for _, id := range customers {
		of[id] = &owed{}
	}
	for _, d := range docs {
		switch o := of[d.Customer]; {
		case d.Kind == ledger.CreditNote && d.Nature == ledger.Ordinary:
			o.credits = append(o.credits, d)
		case d.Kind == ledger.Invoice && (d.Nature == ledger.Ordinary || d.Nature == ledger.Opening):
			o.invoices = append(o.invoices, d)
		}
	}
	for _, id := range customers {
		if len(of[id].invoices) > 0 {
			list = append(list, *of[id])
		}
	}
	return list, nil
}

// applyOne sets a credit note against the invoices that it names, where all of it
// fits: what is left of it may have been paid back. By the rule of the oldest,
// what it names nothing for goes to the oldest invoices. What a person undid is
// left alone.
func (r *run) applyOne(
	ctx context.Context, tx *db.Tx, c ledger.Document, invoices []ledger.Document, oldest bool,
) error {
	c, err := ledger.Find(ctx, tx, r.rule, c.ID)
	if err != nil || c.Open.IsZero() {
		return err
	}
	undone, err := undoneWith(ctx, tx, r.rule, c.ID)
	if err != nil {
		return err
	}
	var named, rest []ledger.Document
	room := money.Zero(c.Amount.Currency)
	for _, i := range invoices {
		if i, err = ledger.Find(ctx, tx, r.rule, i.ID); err != nil {
			return err
		}
		switch {
		case undone[i.ID] || i.Open.Currency != c.Open.Currency || i.Open.IsZero():
		case slices.Contains(numbersIn(c.Preceding), i.Number):
			named, room = append(named, i), room.Add(i.Open)
		default:
			rest = append(rest, i)
		}
	}
	if !room.Less(c.Open) {
		return r.spreadCredit(ctx, tx, c, named)
	}
	if !oldest || len(named) > 0 {
		return nil
	}
	slices.SortStableFunc(rest, func(a, b ledger.Document) int {
		return cmp.Or(cmp.Compare(max(a.Due, a.Issued), max(b.Due, b.Issued)), strings.Compare(a.Number, b.Number))
	})
	return r.spreadCredit(ctx, tx, c, rest)
}

func (r *run) spreadCredit(ctx context.Context, tx *db.Tx, c ledger.Document, invoices []ledger.Document) error {
	left := c.Open
	for _, i := range invoices {
		some := money.Min(left, i.Open)
		if some.Sign() <= 0 {
			break
		}
		if err := applyCredit(ctx, tx, r.rule, c, match.Line{Item: i.ID, Amount: some}); err != nil {
			return err
		}
		left = left.Sub(some)
	}
	if left != c.Open {
		r.rep.Credits++
	}
	return nil
}

// undoneWith are the invoices against which a credit was once set and no longer is.
func undoneWith(ctx context.Context, tx *db.Tx, s creditor.Scope, credit string) (map[string]bool, error) {
	links, err := ledger.Links(ctx, tx, s, []string{credit})
	undone := map[string]bool{}
	for _, l := range links {
		if l.Reverses != "" {
			undone[l.Invoice] = true
		}
	}
	return undone, err
}

// numbersIn are the numbers that a cell names: itself, or several.
func numbersIn(cell string) []string {
	list := []string{cell}
	for s := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ',' || r == ';' }) {
		list = append(list, strings.TrimSpace(s))
	}
	return list
}
