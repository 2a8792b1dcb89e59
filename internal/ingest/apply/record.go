package apply

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// State is what has become of an import.
type State string

// The states. An import that is running though nobody runs it was cut short:
// the same files take it up again.
const (
	Running State = "running"
	Done    State = "done"
	Stopped State = "stopped"
	Undone  State = "undone"
)

// Record is an import as the books remember it.
type Record struct {
	ID      string
	Source  string
	Mode    Mode
	State   State
	Files   []FileReport // without their rejected rows: see Rejects
	Note    string       // why it stopped
	By      string
	On      cal.Date
	Started time.Time
	Ended   time.Time
	Undone  time.Time
}

const selectRecord = `
	SELECT id, source, mode, state, files, note, made_by, on_day, started_at, ended_at, undone_at
	FROM import`

func scanRecord(r db.Row) (c Record, err error) {
	var files string
	err = r.Scan(&c.ID, &c.Source, &c.Mode, &c.State, &files, &c.Note, &c.By, &c.On, db.Instant(&c.Started),
		db.Instant(&c.Ended), db.Instant(&c.Undone))
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(files), &c.Files)
}

// Imports lists the imports of a creditor, the latest first.
func Imports(ctx context.Context, tx *db.Tx, s creditor.Scope, after string, limit int) ([]Record, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	if after != "" {
		w.And("id < ?", after)
	}
	return db.All(ctx, tx, scanRecord, selectRecord+w.SQL()+`
		ORDER BY id DESC
		LIMIT `+w.Arg(max(1, min(limit, maxFindings))), w.Args...)
}

// Find is the import of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Record, error) {
	return db.One(ctx, tx, scanRecord, selectRecord+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// Rejects streams the rejected rows of an import, by file and line.
func Rejects(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) iter.Seq2[ingest.Rejected, error] {
	return db.Each(ctx, tx, func(r db.Row) (one ingest.Rejected, err error) {
		var cells string
		if err := r.Scan(&one.File, &one.Line, &one.Column, &one.Reason, &one.Mend, &cells); err != nil {
			return one, err
		}
		return one, json.Unmarshal([]byte(cells), &one.Cells)
	}, `
		SELECT file, line, col, reason, mend, cells
		FROM rejected_row
		WHERE creditor_id = $1 AND import_id = $2
		ORDER BY file, line, id`, s.Creditor, imported)
}

// recorded runs an import under a record of its own: a new one, or that of the
// same files cut short before.
func (r *run) recorded(ctx context.Context) (Report, error) {
	if err := r.begin(ctx); err != nil {
		return Report{}, err
	}
	failed := r.apply(ctx)
	// What has happened is written down even when the caller gave up meanwhile.
	if err := r.finish(context.WithoutCancel(ctx), failed); err != nil {
		return Report{}, errors.Join(failed, err)
	}
	return r.report(failed)
}

func (r *run) begin(ctx context.Context) error {
	return r.d.Write(ctx, func(tx *db.Tx) error {
		id, err := db.One(ctx, tx, db.Value[string], `
			SELECT id
			FROM import
			WHERE creditor_id = $1 AND source = $2 AND mode = $3 AND digest = $4 AND state IN ('running', 'stopped')
			ORDER BY id DESC
			LIMIT 1`, r.scope.Creditor, r.o.Source, string(r.o.Mode), r.digest)
		switch {
		case err == nil:
			r.id, r.resumed = id, true
			_, err = tx.Exec(ctx, `
				UPDATE import
				SET state = 'running', note = '', on_day = $3, made_by = $4, started_at = $5, ended_at = NULL
				WHERE creditor_id = $1 AND id = $2`, r.scope.Creditor, r.id, r.o.On, r.scope.Actor, tx.Now)
		case errors.Is(err, fault.ErrNotFound):
			r.id = tx.NewID("imp")
			_, err = tx.Exec(ctx, `
				INSERT INTO import (creditor_id, id, source, mode, state, digest, files, made_by, on_day, started_at)
				VALUES ($1, $2, $3, $4, 'running', $5, '[]', $6, $7, $8)`,
				r.scope.Creditor, r.id, r.o.Source, string(r.o.Mode), r.digest, r.scope.Actor, r.o.On, tx.Now)
		}
		if err != nil {
			return err
		}
		return journal.Write(ctx, tx, r.scope, "import.started", "import/"+r.id, r.started())
	})
}

// started is what the journal says of the beginning.
func (r *run) started() any {
	type file struct {
		Name   string `json:"name"`
		SHA256 string `json:"sha256"`
		Size   int64  `json:"size"`
	}
	var files []file
	for i, src := range r.sources {
		files = append(files, file{src.Name, r.sums[i], src.Size})
	}
	return map[string]any{"source": r.o.Source, "mode": r.o.Mode, "on": r.o.On, "files": files, "resumed": r.resumed}
}

// finish writes down how the import ended.
func (r *run) finish(ctx context.Context, failed error) error {
	state, action, note := Done, "import.finished", ""
	if failed != nil {
		state, action, note = Stopped, "import.stopped", failed.Error()
	}
	rep, _ := r.report(nil)
	short := make([]FileReport, len(rep.Files))
	for i, f := range rep.Files {
		short[i] = *f
		short[i].Rejected, short[i].Asked = []Rejection{}, nil
	}
	files, err := json.Marshal(short)
	if err != nil {
		return err
	}
	return r.d.Write(ctx, func(tx *db.Tx) error {
		if err := r.saveRejected(ctx, tx); err != nil {
			return err
		}
		if failed == nil {
			if err := r.rememberMappings(ctx, tx); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `
			UPDATE import
			SET state = $3, note = $4, files = $5, ended_at = $6, about = $7
			WHERE creditor_id = $1 AND id = $2`,
			r.scope.Creditor, r.id, string(state), note, string(files), tx.Now, about(rep.Files)); err != nil {
			return err
		}
		t := rep.Totals()
		return journal.Write(ctx, tx, r.scope, action, "import/"+r.id, map[string]any{
			"added": t.Added, "changed": t.Changed, "unchanged": t.Unchanged, "settled": t.Settled,
			"reopened": t.Reopened, "rejected": t.Refused, "skipped": t.Skipped, "customers": rep.Customers,
			"allocated": rep.Allocated, "balances": rep.Balances, "note": note,
		})
	})
}

// about is what an import tells of, for the age of its source: files of a bank, or
// statuses of invoices, say nothing of what is owed.
func about(files []*FileReport) string {
	kinds := map[string]bool{}
	for _, f := range files {
		switch {
		case len(f.Accounts) > 0 || slices.Contains(bankFormats, f.Format):
			kinds["bank"] = true
		case f.Format == ingest.CDAR:
			kinds["status"] = true
		default:
			return "books"
		}
	}
	switch {
	case kinds["bank"]:
		return "bank"
	case kinds["status"]:
		return "status"
	}
	return "books"
}

// bankFormats are those that hold nothing but movements of accounts.
var bankFormats = []ingest.Format{ingest.CAMT, ingest.MT940, ingest.CFONB120, ingest.CFONB240, ingest.OFX}

// rememberMappings keeps what a person said of columns, for the next file of the
// source.
func (r *run) rememberMappings(ctx context.Context, tx *db.Tx) error {
	if r.o.Hints.Mapping == nil {
		return nil
	}
	for _, f := range r.files {
		if f.report.Header == nil || f.report.Asked != nil {
			continue
		}
		if err := Remember(ctx, tx, r.scope, r.o.Source, f.report.Header, mappingOf(r.o.Hints)); err != nil {
			return err
		}
	}
	return nil
}

// saveRejected writes the rejections that no portion has written.
func (r *run) saveRejected(ctx context.Context, tx *db.Tx) error {
	var list []storedRejection
	for _, f := range r.files {
		for _, one := range f.unsaved {
			list = append(list, storedRejection{f.name, one})
		}
	}
	return storeRejected(ctx, tx, r.scope, r.id, list)
}

// report is what the run has done so far; a Stop is told in it too.
func (r *run) report(failed error) (Report, error) {
	rep := Report{
		Import: r.id, DryRun: r.o.DryRun, Resumed: r.resumed, Source: r.o.Source, Mode: r.o.Mode, On: r.o.On,
		Files: []*FileReport{}, Customers: r.counts.customers, Allocated: r.counts.allocated, Dated: r.counts.dated,
		Balances: r.counts.balances, Warnings: append([]Notice{}, r.notices.list...),
	}
	for _, f := range r.files {
		f.report.Warnings = append([]Notice{}, f.notices.list...)
		rep.Files = append(rep.Files, f.report)
	}
	if stop, ok := errors.AsType[*Stop](failed); ok {
		rep.Stopped = stop
	}
	return rep, failed
}

// balanceKey is what one stated balance says.
type balanceKey struct{ account, customer, currency string }

type stateKey struct {
	balanceKey
	amount int64
}

func stateOfBalance(b ledger.Balance) stateKey {
	return stateKey{balanceKey{b.Account, b.Customer, string(b.Amount.Currency)}, b.Amount.Minor}
}

// statedBalances are those of the last import that stated any for the day.
func statedBalances(ctx context.Context, tx *db.Tx, s creditor.Scope, on cal.Date) (map[stateKey]bool, error) {
	all := map[stateKey]bool{}
	for k, err := range db.Each(ctx, tx, func(r db.Row) (k stateKey, err error) {
		return k, r.Scan(&k.account, &k.customer, &k.currency, &k.amount)
	}, `
		SELECT account, customer, currency, amount
		FROM ledger_balance
		WHERE creditor_id = $1 AND on_day = $2
		  AND import_id = (
			SELECT max(import_id)
			FROM ledger_balance
			WHERE creditor_id = $1 AND on_day = $2)`, s.Creditor, on) {
		if err != nil {
			return nil, err
		}
		all[k] = true
	}
	return all, nil
}
