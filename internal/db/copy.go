package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/fault"
)

// Tables are all of ours, each after those it refers to. The queue's own are
// not among them: its jobs are asked for again from what the books say.
var Tables = []string{
	"creditor", "bank_account", "closure", "setting", "person", "membership", "web_session", "login_failure",
	"customer", "contact", "customer_source", "document", "allocation", "ledger_balance", "file", "document_file",
	"finding", "import", "import_change", "rejected_row", "column_mapping", "promise", "dispute", "hold", "plan",
	"agreement_item", "payer", "instalment", "in_flight", "reaction", "scenario", "scenario_version", "template",
	"run", "reminder", "reminder_claim", "position", "message", "delivery", "task", "journal", "journal_end",
	"evidence", "evidence_item", "dossier",
	"post_batch", "post_item", "post_track", "returned_letter",
	"limitation_rule", "limitation_event", "procedure_step", "insolvency", "announcement", "register_check",
	"guarantor", "signature",
	"notice", "notice_item", "notice_event", "notice_consent",
	"statute_figure", "charge_terms", "charge_notice", "charge_entry", "charge_number", "charge_statement",
	"partner", "handover", "handover_item", "handover_note", "handover_declaration", "handover_remittance", "write_off",
	"legal_signal", "legal_fact",
	"call", "call_result", "mandate", "remittance", "remittance_item",
	"bank_source", "bank_statement", "bank_entry", "bank_record",
	"advice", "advice_line", "advice_refused",
	"source_retired",
	"cash_entry", "cash_suspect", "cash_application", "cash_part", "cash_refused", "cash_memory",
	"cash_claim", "cash_run", "electronic_invoice", "electronic_vat", "lifecycle_message", "lifecycle_status",
	"lifecycle_effect", "lifecycle_collected", "lifecycle_cursor",
}

// portion is how many rows one transaction of a copy writes: short enough that
// a copy that is stopped has not been for nothing.
const portion = 5000

// Copy carries everything from one database into another that holds nothing
// yet, whatever the engines: a move to PostgreSQL, a backup into a file, and a
// backup read again are all this. It reads one state of the source.
func Copy(ctx context.Context, from, to *DB, progress func(table string, rows int64)) (err error) {
	defer fault.Wrap(&err, "copy")
	if err := to.empty(ctx); err != nil {
		return err
	}
	return from.Read(ctx, func(src *Tx) error {
		for _, table := range Tables {
			n, err := copyTable(ctx, src, to, table)
			if err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			progress(table, n)
		}
		return nil
	})
}

func (d *DB) empty(ctx context.Context) error {
	return d.Read(ctx, func(tx *Tx) error {
		n, err := One(ctx, tx, Value[int64], `SELECT count(*) FROM creditor`)
		if err == nil && n > 0 {
			return &fault.Conflict{Message: "la base de destination contient déjà des sociétés : en donner une vide"}
		}
		return err
	})
}

// column is a column's name and how its values travel.
type column struct {
	name string
	kind string // date, timestamp, boolean, bigint, bytea or text
}

func copyTable(ctx context.Context, src *Tx, to *DB, table string) (int64, error) {
	columns, err := src.session.columns(ctx, table)
	if err != nil {
		return 0, err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	var rows [][]any
	var total int64
	flush := func() error {
		err := to.Write(ctx, func(tx *Tx) error {
			n, err := tx.Load(ctx, Load{Table: table, Columns: names, Rows: func(yield func([]any) bool) {
				for _, r := range rows {
					if !yield(r) {
						return
					}
				}
			}})
			total += n
			return err
		})
		rows = rows[:0]
		return err
	}
	scan := func(r Row) ([]any, error) { return scanRow(r, columns) }
	for row, err := range Each(ctx, src, scan, "SELECT "+strings.Join(names, ", ")+" FROM "+table) {
		if err != nil {
			return total, err
		}
		if rows = append(rows, row); len(rows) == portion {
			if err := flush(); err != nil {
				return total, err
			}
		}
	}
	return total, flush()
}

// scanRow reads a row into values that either engine writes as it keeps them.
func scanRow(r Row, columns []column) ([]any, error) {
	dest := make([]any, len(columns))
	for i, c := range columns {
		switch c.kind {
		case "date":
			dest[i] = new(cal.Date)
		case "timestamp":
			dest[i] = Instant(new(time.Time))
		case "boolean":
			dest[i] = new(sql.Null[bool])
		case "bigint":
			dest[i] = new(sql.Null[int64])
		case "bytea":
			dest[i] = new([]byte)
		default:
			dest[i] = new(sql.Null[string])
		}
	}
	if err := r.Scan(dest...); err != nil {
		return nil, err
	}
	row := make([]any, len(dest))
	for i, d := range dest {
		row[i] = settle(d)
	}
	return row, nil
}

func settle(dest any) any {
	switch v := dest.(type) {
	case *cal.Date:
		return *v
	case *instant:
		return time.Time(*v)
	case *sql.Null[bool]:
		return orNil(*v)
	case *sql.Null[int64]:
		return orNil(*v)
	case *sql.Null[string]:
		return orNil(*v)
	case *[]byte:
		return *v
	}
	panic(fmt.Sprintf("db: %T", dest))
}

func orNil[T any](n sql.Null[T]) any {
	if !n.Valid {
		return nil
	}
	return n.V
}

func readColumns(ctx context.Context, s session, query, table string) ([]column, error) {
	r, err := s.query(ctx, query, []any{table})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var list []column
	for r.Next() {
		var c column
		if err := r.Scan(&c.name, &c.kind); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, r.Err()
}

// Columns are a table's columns in order, each with its kind: "amount bigint".
func Columns(ctx context.Context, tx *Tx, table string) ([]string, error) {
	list, err := tx.session.columns(ctx, table)
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.name + " " + c.kind
	}
	return names, err
}
