package apply

import (
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
)

// flush applies the window, customer by customer.
func (r *run) flush(ctx context.Context) error {
	rows := r.window
	r.window, r.windowBytes = nil, 0
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.partyID(), b.partyID()) })
	if err := r.applyRows(ctx, rows); err != nil || len(r.late) < lateRows {
		return err
	}
	return r.endLate(ctx)
}

func (r *run) applyRows(ctx context.Context, rows []row) error {
	for len(rows) > 0 {
		n := r.portionOf(rows)
		if err := r.portion(ctx, rows[:n]); err != nil {
			return err
		}
		r.done += n
		if err := r.analyze(ctx); err != nil {
			return err
		}
		r.o.Progress(Progress{File: rows[n-1].file.name, Rows: r.rows(), Done: r.done})
		rows = rows[n:]
	}
	return nil
}

// filled are the tables that an import fills.
var filled = []string{
	"customer", "customer_source", "contact", "document", "allocation", "finding",
	"bank_statement", "bank_entry", "bank_record",
}

// growth is by how much the tables have grown when their rows are counted anew.
const growth = 4

// analyze lets the database count what it holds as the run fills it, so that the
// next look-ups are planned for what is there.
func (r *run) analyze(ctx context.Context) error {
	if r.books.shadow != nil || r.done < growth*r.counted || r.done < r.o.portion {
		return nil
	}
	r.counted = r.done
	return r.d.Analyze(ctx, filled...)
}

func (r *run) rows() (n int) {
	for _, f := range r.files {
		n += f.rows
	}
	return n
}

// portionOf is how many rows one transaction takes: all of a customer's where
// that is possible, so that what settles what is seen at once.
func (r *run) portionOf(rows []row) int {
	size := 0
	for i := range rows {
		if e := rows[i].rest().electronic; e != nil && e.Attachment != nil {
			size += len(e.Attachment.Content)
		}
		n := i + 1
		full := n >= r.o.portion || size >= portionBytes
		bursting := n >= 2*r.o.portion || size >= 2*portionBytes
		if n == len(rows) || bursting || full && rows[n].party != rows[i].party {
			return n
		}
	}
	return len(rows)
}

// portion plans rows and writes them in one transaction, or keeps them in the
// shadow. What changed in between is looked at again.
func (r *run) portion(ctx context.Context, rows []row) error {
	return r.transact(ctx, rows, func(tx *db.Tx) (*plan, error) { return r.plan(ctx, tx, rows) })
}

func (r *run) transact(ctx context.Context, rows []row, draft func(*db.Tx) (*plan, error)) error {
	for attempt := 1; ; attempt++ {
		p, err := r.once(ctx, draft)
		if err == nil {
			return r.keep(p)
		}
		met := db.IsDuplicate(err) || fault.KindOf(err) == fault.KindConflict
		if !met || attempt == attempts || ctx.Err() != nil {
			return err
		}
		if err := r.lookAgain(ctx, rows); err != nil {
			return err
		}
	}
}

func (r *run) once(ctx context.Context, draft func(*db.Tx) (*plan, error)) (p *plan, err error) {
	if r.books.shadow != nil {
		err = r.d.Read(ctx, func(tx *db.Tx) error {
			p, err = draft(tx)
			return err
		})
		return p, err
	}
	err = r.d.Write(ctx, func(tx *db.Tx) error {
		if p, err = draft(tx); err != nil {
			return err
		}
		if err := p.write(ctx, tx); err != nil {
			return err
		}
		return r.saveRejected(ctx, tx)
	})
	return p, err
}

// lookAgain finds the customers that somebody else has made meanwhile.
func (r *run) lookAgain(ctx context.Context, rows []row) error {
	codes := map[string]*party{}
	for i := range rows {
		if p := rows[i].party; p != nil {
			p.old = true // from now on its documents are looked up
			if !p.stored {
				codes[p.code] = p
			}
		}
	}
	if len(codes) == 0 {
		return nil
	}
	list := make([]string, 0, len(codes))
	for code := range codes {
		list = append(list, code)
	}
	return r.d.Read(ctx, func(tx *db.Tx) error {
		found, err := customer.ByCode(ctx, tx, r.scope, list)
		for code, c := range found {
			p := codes[code]
			p.id, p.stored = c.ID, true
		}
		return err
	})
}

// keep takes over what a plan that was written says.
func (r *run) keep(p *plan) error {
	if r.books.shadow != nil {
		if err := r.books.shadow.absorb(p); err != nil {
			return err
		}
	}
	maps.Copy(r.met, p.met)
	r.keepClaims(p)
	maps.Copy(r.keys, p.keys)
	r.saved()
	for _, c := range p.cards {
		c.party.stored, c.party.waiting, c.party.heard = true, false, c.heard
		for _, name := range checkedFields {
			if _, changed := c.before[name]; changed {
				r.told[c.party.id] = true
			}
		}
	}
	r.pending = append(r.pending, p.pending...)
	r.counts.allocated += p.report.allocated
	r.counts.dated += p.report.dated
	r.counts.customers.Added += p.report.customers.Added
	r.counts.customers.Changed += p.report.customers.Changed
	r.counts.customers.Contacts += p.report.customers.Contacts
	for f, t := range p.tally {
		f.add(t)
	}
	return nil
}

// add takes over what a portion adds to a file's report.
func (f *fileRun) add(t *tally) {
	rep := f.report
	rep.Added += t.added
	rep.Changed += t.changed
	rep.Unchanged += t.unchanged
	rep.Settled += t.settled
	rep.Reopened += t.reopened
	rep.Skipped += t.skipped
	for _, one := range t.rejected {
		f.list(one, 1)
	}
	for _, s := range t.skips {
		f.skip(s)
	}
	for _, n := range t.notices {
		f.notices.add(n.code, n.text, int(n.line), n.name)
	}
}

func (f *fileRun) skip(s skip) {
	for i := range f.report.Skips {
		if f.report.Skips[i].Reason == s.reason {
			f.report.Skips[i].Count++
			return
		}
	}
	f.report.Skips = append(f.report.Skips, ingest.Skip{Reason: s.reason, Count: 1, Line: int(s.line)})
}
