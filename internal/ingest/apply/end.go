package apply

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/db"
	"acquit/internal/ledger"
)

// endPending sets credits against invoices that came later in the files.
func (r *run) endPending(ctx context.Context) error {
	all := r.pending
	r.pending = nil
	for some := range slices.Chunk(all, r.o.portion) {
		err := r.transact(ctx, nil, func(tx *db.Tx) (*plan, error) { return r.planPending(ctx, tx, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) planPending(ctx context.Context, tx *db.Tx, list []request) (*plan, error) {
	p := r.newPlan(tx)
	ids, asked := map[string]bool{}, map[ledger.Identity]bool{}
	for _, q := range list {
		ids[q.credit] = true
		if q.byID {
			ids[q.invoice] = true
		}
		if id := r.keys[q.file.keyPrint(q.key)]; q.key != "" && id != "" {
			ids[id] = true
		}
		asked[ledger.Identity{Customer: q.customer, Number: q.invoice}] = true
	}
	if err := p.load(ctx, tx, slices.Collect(maps.Keys(asked)), slices.Collect(maps.Keys(ids))); err != nil {
		return nil, err
	}
	need := map[string]bool{}
	for _, e := range p.byID {
		p.needUsed(need, e)
	}
	if err := p.link(ctx, tx, slices.Sorted(maps.Keys(need))); err != nil {
		return nil, err
	}
	for _, q := range list {
		if p.settle(&q) || q.found {
			continue
		}
		what := q.invoice
		if e := p.byID[q.credit]; e != nil && what != "" {
			row := &row{file: q.file, line: q.line, number: e.Number}
			p.warn(row, "invoice_unknown", "la facture citée n’est pas dans les livres\u00a0: la somme reste à affecter")
		}
	}
	p.inspect(nil)
	return p, nil
}

// checkedFields are what the checks of an invoice know of its customer.
var checkedFields = []string{"terms", "kind", "siren", "siret", "vat_id", "country"}

// endChecks looks again at the open invoices of customers of whom the run has
// learnt something that matters to them: due dates that were missing follow from
// terms.
func (r *run) endChecks(ctx context.Context) error {
	ids := slices.Sorted(maps.Keys(r.told))
	for some := range slices.Chunk(ids, min(inOne, r.o.portion)) {
		err := r.transact(ctx, nil, func(tx *db.Tx) (*plan, error) {
			p := r.newPlan(tx)
			found, err := r.books.openInvoices(ctx, tx, some)
			if err != nil {
				return nil, err
			}
			for _, d := range found {
				p.lookAt(p.loaded(d))
			}
			p.inspect(nil)
			return p, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lookAt has an invoice inspected, with its due date if that is known now.
func (p *plan) lookAt(e *entry) {
	e.recheck = true
	p.touch(e)
	owner := p.run.dir.withID(e.Customer)
	if e.Due != 0 || owner == nil {
		return
	}
	if due := p.run.check.due(e.Issued, e.Terms, owner.terms, p.run.o.Terms); due != 0 {
		before := e.Document
		e.before, e.Due = &before, due
		p.report.dated++
	}
}

// endBalances takes note of what the general ledger states.
func (r *run) endBalances(ctx context.Context) error {
	r.counts.balances = len(r.balances)
	if r.books.shadow != nil || len(r.balances) == 0 {
		return r.sameBalances(ctx)
	}
	if err := r.sameBalances(ctx); err != nil {
		return err
	}
	for some := range slices.Chunk(r.balances, r.o.portion) {
		for i := range some {
			some[i].Import = r.id
		}
		err := r.d.Write(ctx, func(tx *db.Tx) error { return ledger.StateBalances(ctx, tx, r.scope, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

// sameBalances forgets balances that the books state already: the same file
// given again changes nothing.
func (r *run) sameBalances(ctx context.Context) error {
	if len(r.balances) == 0 {
		return nil
	}
	return r.d.Read(ctx, func(tx *db.Tx) error {
		stated, err := statedBalances(ctx, tx, r.scope, r.balances[0].On)
		if err != nil {
			return err
		}
		for _, b := range r.balances {
			if !stated[stateOfBalance(b)] {
				return nil
			}
		}
		if len(stated) == len(r.balances) {
			r.balances, r.counts.balances = nil, 0
		}
		return nil
	})
}
