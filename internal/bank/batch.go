package bank

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

// A batch is told as one total, or by its details, or both, in statements that come
// in any order. It is money once: the details stand for the total when they add up
// to it, unless something in the books already stands on the total.

// settleBatches looks at the batches whose details, or whose total, entries may be.
func (b *book) settleBatches(source string, list []*incoming) {
	refs := map[string]bool{}
	for _, n := range list {
		if n.Part > 0 {
			refs[n.Batch] = true
			continue
		}
		refs[n.BankRef] = true
		for _, ref := range b.batchDays[daily{source, n.Amount.Currency, n.On}] {
			refs[ref] = true
		}
	}
	delete(refs, "")
	for _, ref := range slices.Sorted(maps.Keys(refs)) {
		b.settleBatch(source, ref)
	}
}

// settleBatch ties the details of a batch to its total.
func (b *book) settleBatch(source, ref string) {
	parts := slices.DeleteFunc(slices.Clone(b.batches[batch{source, ref}]), func(m *movement) bool {
		return m.known.Part == 0
	})
	if len(parts) == 0 {
		return
	}
	var sum int64
	used := false
	for _, m := range parts {
		sum += m.known.Amount.Minor
		used = used || m.used
	}
	total := b.totalOf(source, ref, parts, sum)
	if total == nil {
		return
	}
	whole := sum == total.known.Amount.Minor
	total.tie(total.whole, (whole || used) && !total.used)
	for _, m := range parts {
		m.tie(total.id, false)
		m.count(total.detailed)
	}
	total.count(!total.detailed)
}

// totalOf finds the movement that is the total of details: the one they were tied
// to before, the one with the reference of the batch, or one of that day and
// amount that is told by no statement that tells the details.
func (b *book) totalOf(source, ref string, parts []*movement, sum int64) *movement {
	for _, p := range parts {
		if p.whole != "" {
			return b.movements[p.whole]
		}
	}
	first := &parts[0].known
	for _, m := range b.refs[batch{source, ref}] {
		if m.mayTotal(first) && distance(m.known.On, first.On) <= strays {
			return m
		}
	}
	k := bucketOf(source, first)
	k.amount = sum
	for _, m := range b.buckets[k] {
		if m.mayTotal(first) && !sharedStatement(m, parts) {
			return m
		}
	}
	return nil
}

// mayTotal tells whether a movement can be the total of a batch with that detail.
func (m *movement) mayTotal(e *Entry) bool {
	return m.known.Part == 0 && m.whole == "" && !m.detailed && m.known.Status == e.Status &&
		m.known.Amount.Currency == e.Amount.Currency && m.known.Amount.Sign() == e.Amount.Sign()
}

// sharedStatement tells whether a statement has both the movement and one of the
// details: then it is not their total.
func sharedStatement(m *movement, parts []*movement) bool {
	return slices.ContainsFunc(parts, func(p *movement) bool {
		return slices.ContainsFunc(p.records, func(r record) bool { return m.sightedBy(r.statement) })
	})
}

func (m *movement) tie(whole string, detailed bool) {
	m.changed = m.changed || m.whole != whole || m.detailed != detailed
	m.whole, m.detailed = whole, detailed
}

func (m *movement) count(counts bool) {
	m.changed = m.changed || m.counts != counts
	m.counts = counts
}

// settleAgain looks anew at the batch of a total or a detail on which nothing stands
// any more.
func settleAgain(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	b := newBook()
	where := `
		WHERE creditor_id = $1 AND (
			id = $2 OR whole_id = $2 OR id IN (
				SELECT whole_id
				FROM bank_entry
				WHERE creditor_id = $1 AND id = $2)
			OR whole_id <> '' AND whole_id IN (
				SELECT whole_id
				FROM bank_entry
				WHERE creditor_id = $1 AND id = $2))`
	if err := b.loadWhere(ctx, tx, s, where, s.Creditor, id); err != nil {
		return err
	}
	for at := range b.batches {
		b.settleBatch(at.source, at.ref)
	}
	if m := b.movements[id]; m != nil && m.detailed && len(b.movements) == 1 {
		m.tie(m.whole, false) // its details are gone
		m.count(true)
	}
	return writer{ctx: ctx, tx: tx, scope: s, book: b}.learnt()
}
