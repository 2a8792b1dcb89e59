package apply

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// change is what stood before an import changed it, and what it put there.
type change struct {
	entity string // document, customer, contact or said
	id     string
	before any
	after  any
}

// write writes a plan.
func (p *plan) write(ctx context.Context, tx *db.Tx) error {
	for _, step := range []func(context.Context, *db.Tx) error{
		p.writeCustomers, p.writeContacts, p.writeDocuments, p.writeClaims, p.writeElectronic, p.writeSayings,
		p.writeFindings, p.writeCopies, p.writeChanges, p.writeRejected,
	} {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) ordered() []*cardPlan {
	list := make([]*cardPlan, 0, len(p.cards))
	for _, id := range slices.Sorted(maps.Keys(p.cards)) {
		list = append(list, p.cards[id])
	}
	return list
}

// customerState is what an import may change of a customer, as it is kept.
type customerState struct {
	Fields map[string]string `json:"fields,omitempty"`
	Tags   []string          `json:"tags,omitempty"`
	Tagged bool              `json:"tagged,omitempty"`
}

func (p *plan) writeCustomers(ctx context.Context, tx *db.Tx) error {
	var added []*customer.Customer
	for _, c := range p.ordered() {
		switch {
		case c.isNew:
			added = append(added, &c.Customer)
		case c.before != nil || c.tagged:
			if err := customer.Update(ctx, tx, p.run.scope, c.Customer); err != nil {
				return err
			}
			p.changeOf("customer", c.ID, c.Import, customerState{c.before, c.tags, c.tagged}, c.after())
		}
	}
	if len(added) == 0 {
		return nil
	}
	return customer.Add(ctx, tx, p.run.scope, added)
}

func (p *cardPlan) after() customerState {
	s := customerState{Tagged: p.tagged}
	if p.tagged {
		s.Tags = p.Tags
	}
	for name := range p.before {
		if s.Fields == nil {
			s.Fields = map[string]string{}
		}
		s.Fields[name] = fieldNamed(name).get(&p.Customer)
	}
	return s
}

// changeOf keeps a change, unless this import brought the thing itself: undoing
// it then takes the whole away.
func (p *plan) changeOf(entity, id, by string, before, after any) {
	if by != p.run.id {
		p.changes = append(p.changes, change{entity, id, before, after})
	}
}

func (p *plan) writeContacts(ctx context.Context, tx *db.Tx) error {
	var added []*customer.Contact
	for _, c := range p.ordered() {
		added = append(added, c.added...)
		for _, k := range c.contacts {
			old, changed := c.changed[k.ID]
			if !changed {
				continue
			}
			if err := customer.UpdateContact(ctx, tx, p.run.scope, k); err != nil {
				return err
			}
			p.changeOf("contact", k.ID, k.Import, contactState(old), contactState(k))
		}
	}
	if len(added) == 0 {
		return nil
	}
	return customer.AddContacts(ctx, tx, p.run.scope, added)
}

func contactState(c customer.Contact) map[string]string {
	return map[string]string{
		"civility": c.Civility, "first_name": c.FirstName, "last_name": c.LastName, "email": c.Email, "phone": c.Phone,
	}
}

// documentState is what an import may change of a document, as it is kept.
type documentState struct {
	Issued    cal.Date     `json:"issued"`
	Due       cal.Date     `json:"due"`
	Amount    money.Amount `json:"amount"`
	Net       money.Amount `json:"net"`
	Order     string       `json:"order,omitempty"`
	Contract  string       `json:"contract,omitempty"`
	Preceding string       `json:"preceding,omitempty"`
	Terms     string       `json:"terms,omitempty"`
	Label     string       `json:"label,omitempty"`
	Brought   int64        `json:"brought"`
}

func stateOf(d *ledger.Document) documentState {
	return documentState{
		Issued: d.Issued, Due: d.Due, Amount: d.Amount, Net: d.Net, Order: d.Order, Contract: d.Contract,
		Preceding: d.Preceding, Terms: d.Terms, Label: d.Label, Brought: d.Brought,
	}
}

func (s *documentState) restore(d *ledger.Document) {
	d.Issued, d.Due, d.Amount, d.Net, d.Order, d.Contract = s.Issued, s.Due, s.Amount, s.Net, s.Order, s.Contract
	d.Preceding, d.Terms, d.Label, d.Brought = s.Preceding, s.Terms, s.Label, s.Brought
}

// writeDocuments raises amounts before anything is set against them, and lowers
// them after what they were set against has been freed.
func (p *plan) writeDocuments(ctx context.Context, tx *db.Tx) error {
	if err := p.writeChanged(ctx, tx, func(e *entry) bool { return e.before.Amount.Less(e.Amount) }); err != nil {
		return err
	}
	if err := ledger.Enter(ctx, tx, p.run.scope, p.batch); err != nil {
		return err
	}
	return p.writeChanged(ctx, tx, func(e *entry) bool { return !e.before.Amount.Less(e.Amount) })
}

func (p *plan) writeChanged(ctx context.Context, tx *db.Tx, which func(*entry) bool) error {
	for _, e := range p.touched {
		if e.before == nil || !which(e) {
			continue
		}
		if e.before.Issued < e.Issued {
			if err := p.writeFollowing(ctx, tx, e); err != nil {
				return err
			}
		}
		if err := ledger.Change(ctx, tx, p.run.scope, e.Document); err != nil {
			return err
		}
		p.changeOf("document", e.ID, e.Import, stateOf(e.before), stateOf(&e.Document))
	}
	return nil
}

// writeFollowing keeps the days of the allocations that follow a later day of
// issue.
func (p *plan) writeFollowing(ctx context.Context, tx *db.Tx, e *entry) error {
	before, err := ledger.MadeBefore(ctx, tx, p.run.scope, e.ID, e.Issued)
	for _, a := range before {
		p.changeOf("allocation", a.ID, a.Import, a.On, e.Issued)
	}
	return err
}

// sayingState is what a source had said of a customer, as it is kept.
type sayingState struct {
	Source string `json:"source"`
	Said   string `json:"said,omitempty"`
	Print  int64  `json:"print,omitempty"`
	By     string `json:"by,omitempty"`
}

func (p *plan) writeSayings(ctx context.Context, tx *db.Tx) error {
	var fresh, rows [][]any
	for _, c := range p.ordered() {
		if !c.retold {
			continue
		}
		text, err := c.said.json()
		if err != nil {
			return err
		}
		row := []any{p.run.scope.Creditor, c.ID, p.run.o.Source, text, c.fingerprint, p.run.id}
		if c.isNew {
			fresh = append(fresh, row)
			continue
		}
		rows = append(rows, row)
		if c.Import != p.run.id && c.oldBy != p.run.id {
			source := p.run.o.Source
			p.changes = append(p.changes, change{
				"said", c.ID,
				sayingState{source, c.old, c.oldOf, c.oldBy},
				sayingState{source, text, c.fingerprint, p.run.id},
			})
		}
	}
	if err := storeSayings(ctx, tx, nil, fresh); err != nil {
		return err
	}
	return storeSayings(ctx, tx, []string{"creditor_id", "customer_id", "source"}, rows)
}

func (p *plan) writeChanges(ctx context.Context, tx *db.Tx) error {
	if len(p.changes) == 0 {
		return nil
	}
	var failed error
	_, err := tx.Load(ctx, db.Load{
		Table:   "import_change",
		Columns: []string{"creditor_id", "import_id", "id", "entity", "entity_id", "before", "after"},
		Rows: func(yield func([]any) bool) {
			for _, c := range p.changes {
				before, err := json.Marshal(c.before)
				if err != nil {
					failed = err
					return
				}
				after, err := json.Marshal(c.after)
				if err != nil {
					failed = err
					return
				}
				if !yield([]any{
					p.run.scope.Creditor, p.run.id, tx.NewID("chg"), c.entity, c.id, string(before), string(after),
				}) {
					return
				}
			}
		},
	})
	if failed != nil {
		return failed
	}
	return err
}

func (p *plan) writeRejected(ctx context.Context, tx *db.Tx) error {
	var list []storedRejection
	for f, t := range p.tally {
		for _, r := range t.rejected {
			list = append(list, storedRejection{f.name, r})
		}
	}
	return storeRejected(ctx, tx, p.run.scope, p.run.id, list)
}
