package cash

import (
	"context"
	"encoding/json"
	"slices"

	"acquit/internal/db"
	"acquit/internal/ledger"
)

// writeAll writes decisions about entries that are still open.
func (r *run) writeAll(ctx context.Context, tx *db.Tx, list []*decision) error {
	if err := lock(ctx, tx, r.s); err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.line.Entry.ID
	}
	states, err := statesOf(ctx, tx, r.s, ids)
	if err != nil {
		return err
	}
	still := slices.DeleteFunc(slices.Clone(list), func(d *decision) bool { return states[d.line.Entry.ID] != Open })
	for _, code := range []Code{Fee, Own, Outgoing} {
		if err := r.writeAside(ctx, tx, still, code); err != nil {
			return err
		}
	}
	if err := r.writeApplied(ctx, tx, of(still, Auto, Linked)); err != nil {
		return err
	}
	return r.writeOpen(ctx, tx, of(still, Open), true)
}

func of(list []*decision, states ...State) []*decision {
	return slices.DeleteFunc(slices.Clone(list), func(d *decision) bool { return !slices.Contains(states, d.state) })
}

func (r *run) writeAside(ctx context.Context, tx *db.Tx, list []*decision, code Code) error {
	var lines []Line
	for _, d := range of(list, Aside) {
		if d.code == code {
			lines = append(lines, d.line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return aside(ctx, tx, r.rule, lines, code, code.In("fr"))
}

// writeApplied allocates what is certain and ties what is in the books.
func (r *run) writeApplied(ctx context.Context, tx *db.Tx, list []*decision) error {
	if len(list) == 0 {
		return nil
	}
	var all []string
	for _, d := range list {
		all = append(all, ids(d.x)...)
		all = append(all, d.tie.documents()...)
	}
	b, err := load(ctx, tx, r.rule, all)
	if err != nil {
		return err
	}
	var applied, tied []*booking
	for _, d := range list {
		if d.state == Linked {
			tied = append(tied, b.link(d.line.Entry, d.tie, d.x))
			continue
		}
		k, err := b.plan(d.line.Entry, d.x, b.those(d.tie.documents())...)
		if err != nil {
			return err
		}
		applied = append(applied, k)
	}
	if err := write(ctx, tx, r.rule, Linked, tied); err != nil {
		return err
	}
	return write(ctx, tx, r.rule, Auto, applied)
}

func (b *books) those(ids []string) (list []*ledger.Document) {
	for _, id := range ids {
		if d := b.docs[id]; d != nil {
			list = append(list, d)
		}
	}
	return list
}

// writeOpen stores what was found of entries that are left for a person, where
// it is not what stood there.
func (r *run) writeOpen(ctx context.Context, tx *db.Tx, list []*decision, examined bool) error {
	var rows []row
	var ids []string
	var suspects [][]any
	for _, d := range list {
		text, err := d.text()
		if err != nil {
			return err
		}
		if examined && d.unchanged(text) {
			continue
		}
		w := row{
			entry: d.line.Entry.ID, on: d.line.Entry.On, state: Open, code: d.line.Code,
			answer: text, examined: examined,
		}
		if len(d.answer.Explanations) > 0 {
			w.confidence = int64(d.answer.Explanations[0].Confidence)
		}
		rows, ids = append(rows, w), append(ids, w.entry)
		for i, c := range d.answer.Suspects {
			suspects = append(suspects, []any{r.s.Creditor, c, w.entry, int64(i + 1)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := putRows(ctx, tx, r.rule, rows); err != nil {
		return err
	}
	if err := dropSuspects(ctx, tx, r.s, ids); err != nil {
		return err
	}
	return loadSuspects(ctx, tx, suspects)
}

func loadSuspects(ctx context.Context, tx *db.Tx, rows [][]any) error {
	_, err := tx.Load(ctx, db.Load{
		Table: "cash_suspect", Columns: []string{"creditor_id", "customer_id", "entry_id", "rank"},
		Rows: func(yield func([]any) bool) {
			for _, row := range rows {
				if !yield(row) {
					return
				}
			}
		},
	})
	return err
}

// text is an answer as it is kept.
func (d *decision) text() (string, error) {
	b, err := json.Marshal(answer{Proposals: d.answer.Explanations, Unique: d.answer.Unique})
	return string(b), err
}

// unchanged tells whether a run found before what this one found.
func (d *decision) unchanged(text string) bool {
	was, err := json.Marshal(answer{Proposals: d.line.Proposals, Unique: d.line.Unique})
	return err == nil && !d.line.Examined.IsZero() && string(was) == text &&
		slices.Equal(d.line.Suspects, d.answer.Suspects)
}

// adopt makes the rows of the entries that came or changed since the last run, and
// drops those of entries that are no money any more: details took a batch's
// place, an import was undone.
func (r *run) adopt(ctx context.Context) error {
	for {
		more := false
		err := r.d.Write(ctx, func(tx *db.Tx) (err error) {
			if err := lock(ctx, tx, r.s); err != nil {
				return err
			}
			more, err = adoptSome(ctx, tx, r.s)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

// many entries are worth counting anew what the tables hold.
const many = 1000

// filled are the tables that a run fills.
var filled = []string{"document", "allocation", "cash_entry", "cash_suspect", "cash_application", "cash_part"}

// finish notes that the run has come to its end.
func (r *run) finish(ctx context.Context) error {
	if r.rep.Auto+r.rep.Linked >= many {
		if err := r.d.Analyze(ctx, filled...); err != nil {
			return err
		}
	}
	return r.d.Write(ctx, func(tx *db.Tx) error {
		if err := usedIdle(ctx, tx, r.s); err != nil {
			return err
		}
		content, err := json.Marshal(r.rep)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE cash_run
			SET ended_at = $2, content = $3
			WHERE creditor_id = $1`, r.s.Creditor, tx.Now, string(content))
		return err
	})
}
