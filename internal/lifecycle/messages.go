package lifecycle

import (
	"context"
	"errors"
	"slices"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

const selectMessage = `
	SELECT id, way = 'out', ref, name, sha256, origin, import_id, flow, state, tries, try_at, detail, made_by,
		created_at, changed_at
	FROM lifecycle_message`

func scanMessage(r db.Row) (m Message, err error) {
	err = r.Scan(&m.ID, &m.Out, &m.Ref, &m.Name, &m.SHA256, &m.Origin, &m.Import, &m.Flow, &m.State, &m.Tries,
		db.Instant(&m.TryAt), &m.Detail, &m.By, db.Instant(&m.Made), db.Instant(&m.Changed))
	return m, err
}

// xmlType is what a message is kept as.
const xmlType = "application/xml"

// keepMessage stores a message with its bytes, once; it gives the one that is
// kept.
func keepMessage(ctx context.Context, tx *db.Tx, s creditor.Scope, m Message, raw []byte) (Message, error) {
	f := ledger.File{Name: m.Name, MediaType: xmlType, Content: raw}
	if err := ledger.KeepFile(ctx, tx, s, &f); err != nil {
		return m, err
	}
	if m.ID == "" {
		m.ID = tx.NewID("lcm")
	}
	m.SHA256, m.By, m.Made, m.Changed = f.SHA256, s.Actor, tx.Now, tx.Now
	way := "in"
	if m.Out {
		way = "out"
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO lifecycle_message (creditor_id, id, way, ref, name, sha256, origin, import_id, flow, state, made_by,
			created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
		ON CONFLICT (creditor_id, way, sha256) DO NOTHING`,
		s.Creditor, m.ID, way, m.Ref, m.Name, m.SHA256, m.Origin, m.Import, m.Flow, string(m.State), m.By, tx.Now)
	if err != nil || n > 0 {
		return m, err
	}
	return db.One(ctx, tx, scanMessage, selectMessage+`
		WHERE creditor_id = $1 AND way = $2 AND sha256 = $3`, s.Creditor, way, m.SHA256)
}

// FindMessage is the message of that identifier.
func FindMessage(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Message, error) {
	m, err := db.One(ctx, tx, scanMessage, selectMessage+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return m, agreement.Missing(err, "message %s", id)
}

// Raw are the bytes of a message, as they came or left.
func Raw(ctx context.Context, tx *db.Tx, s creditor.Scope, m Message) ([]byte, error) {
	return ledger.FileContent(ctx, tx, s, m.SHA256)
}

// Going are the messages on their way out in some states, oldest first.
func Going(ctx context.Context, tx *db.Tx, s creditor.Scope, states ...State) ([]Message, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	w.And("way = 'out'")
	var names []string
	for _, st := range states {
		names = append(names, string(st))
	}
	db.In(&w, "state", names)
	return db.All(ctx, tx, scanMessage, selectMessage+w.SQL()+`
		ORDER BY id
		LIMIT `+w.Arg(maxPage), w.Args...)
}

// knownFlow tells whether what a platform calls so was taken already.
func knownFlow(ctx context.Context, tx *db.Tx, s creditor.Scope, platform, flow string) (bool, error) {
	return db.One(ctx, tx, db.Value[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM lifecycle_message
			WHERE creditor_id = $1 AND way = 'in' AND origin = $2 AND flow = $3)`, s.Creditor, platform, flow)
}

// move changes the state of a message from one that it must be in.
func move(ctx context.Context, tx *db.Tx, s creditor.Scope, m Message, from State) error {
	n, err := tx.Exec(ctx, `
		UPDATE lifecycle_message
		SET state = $4, flow = $5, tries = $6, try_at = $7, detail = $8, origin = $9, changed_at = $10
		WHERE creditor_id = $1 AND id = $2 AND state = $3`,
		s.Creditor, m.ID, string(from), string(m.State), m.Flow, m.Tries, m.TryAt, cut(m.Detail, maxNote),
		m.Origin, tx.Now)
	if err == nil && n == 0 {
		return fault.Conflictf("ce message a changé entre-temps")
	}
	return err
}

// Cursor is how far a platform was read, and when.
type Cursor struct {
	Platform string
	Position string
	Checked  time.Time
	Problem  string
}

func scanCursor(r db.Row) (c Cursor, err error) {
	err = r.Scan(&c.Platform, &c.Position, db.Instant(&c.Checked), &c.Problem)
	return c, err
}

// Cursors are those of a creditor.
func Cursors(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Cursor, error) {
	return db.All(ctx, tx, scanCursor, `
		SELECT platform, position, checked_at, problem
		FROM lifecycle_cursor
		WHERE creditor_id = $1
		ORDER BY platform`, s.Creditor)
}

func position(ctx context.Context, tx *db.Tx, s creditor.Scope, platform string) (string, error) {
	p, err := db.One(ctx, tx, db.Value[string], `
		SELECT position
		FROM lifecycle_cursor
		WHERE creditor_id = $1 AND platform = $2`, s.Creditor, platform)
	if errors.Is(err, fault.ErrNotFound) {
		return "", nil
	}
	return p, err
}

func advance(ctx context.Context, tx *db.Tx, s creditor.Scope, c Cursor) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lifecycle_cursor (creditor_id, platform, position, checked_at, problem)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, platform) DO UPDATE
		SET position = excluded.position, checked_at = excluded.checked_at, problem = excluded.problem`,
		s.Creditor, c.Platform, c.Position, tx.Now, cut(c.Problem, maxNote))
	return err
}

// toldBy are the statuses that only the messages of an import told.
func toldBy(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) ([]Status, error) {
	return db.All(ctx, tx, scanStatus, selectStatus+`
		WHERE t.creditor_id = $1 AND m.import_id = $2 AND m.way = 'in'
		ORDER BY t.id`, s.Creditor, imported)
}

func deleteToldBy(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string) error {
	for _, query := range []string{
		`
		DELETE FROM file
		WHERE creditor_id = $1
		  AND sha256 IN (
			SELECT sha256 FROM lifecycle_message WHERE creditor_id = $1 AND import_id = $2 AND way = 'in')
		  AND sha256 NOT IN (SELECT sha256 FROM document_file WHERE creditor_id = $1)
		  AND sha256 NOT IN (SELECT sha256 FROM evidence WHERE creditor_id = $1)`, `
		DELETE FROM lifecycle_status
		WHERE creditor_id = $1 AND message_id IN (
			SELECT id FROM lifecycle_message WHERE creditor_id = $1 AND import_id = $2 AND way = 'in')`, `
		DELETE FROM lifecycle_message
		WHERE creditor_id = $1 AND import_id = $2 AND way = 'in'`,
	} {
		if _, err := tx.Exec(ctx, query, s.Creditor, imported); err != nil {
			return err
		}
	}
	return nil
}

// letGo forgets what is kept beside documents that go away, and the electronic
// forms that an import told of those that stay.
func letGo(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, documents []string) error {
	stay, err := db.All(ctx, tx, db.Value[string], `
		SELECT document_id
		FROM electronic_invoice
		WHERE creditor_id = $1 AND import_id = $2`, s.Creditor, imported)
	if err != nil {
		return err
	}
	if err := Forget(ctx, tx, s, append(stay, documents...)); err != nil {
		return err
	}
	for ids := range slices.Chunk(documents, 500) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "document_id", ids)
		for _, query := range []string{
			`UPDATE lifecycle_status SET customer_id = '', document_id = '', waits = 'unknown', problem = ''`,
			`DELETE FROM lifecycle_effect`,
		} {
			if _, err := tx.Exec(ctx, query+w.SQL(), w.Args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// receiptsDue are the receipts of electronic invoices that were never declared, by
// invoice: payments that came in, and what was undone of them. Credit notes,
// discounts, what is given up and what an import only noted are no money.
func receiptsDue(ctx context.Context, tx *db.Tx, s creditor.Scope, document string) (map[string][]receipt, error) {
	type row struct {
		receipt
		document string
	}
	var w db.Where
	w.And("e.creditor_id = ?", s.Creditor)
	if document != "" {
		w.And("e.document_id = ?", document)
	}
	all := map[string][]receipt{}
	for x, err := range db.Each(ctx, tx, func(r db.Row) (x row, err error) {
		err = r.Scan(&x.Allocation, &x.document, db.Text(&x.Reverses), &x.Amount.Minor, &x.On)
		return x, err
	}, `
		SELECT a.id, a.invoice_id, a.reverses, a.amount,
		CASE WHEN a.reverses IS NULL THEN c.issued_on ELSE a.made_on END
		FROM electronic_invoice e
		JOIN document d ON d.creditor_id = e.creditor_id AND d.id = e.document_id AND d.kind = 'invoice'
		JOIN allocation a ON a.creditor_id = e.creditor_id AND a.invoice_id = e.document_id
		JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id AND c.kind = 'payment'
			AND c.nature IN ('', 'opening', 'advance')
		LEFT JOIN lifecycle_collected k ON k.creditor_id = a.creditor_id AND k.allocation_id = a.id`+w.SQL()+`
		  AND k.allocation_id IS NULL
		ORDER BY a.invoice_id, a.created_at, a.id`, w.Args...) {
		if err != nil {
			return nil, err
		}
		all[x.document] = append(all[x.document], x.receipt)
	}
	return all, nil
}

// declaredOf is what was declared of an invoice.
func declaredOf(ctx context.Context, tx *db.Tx, s creditor.Scope, d ledger.Document) (declared, error) {
	return db.All(ctx, tx, func(r db.Row) (x share, err error) {
		x.Amount.Currency = d.Amount.Currency
		return x, r.Scan(&x.Allocation, &x.Rate, &x.Amount.Minor)
	}, `
		SELECT allocation_id, rate, amount
		FROM lifecycle_collected
		WHERE creditor_id = $1 AND document_id = $2 AND amount <> 0
		ORDER BY allocation_id, rate`, s.Creditor, d.ID)
}

// creditedOf is what was taken off an invoice by other means than money.
func creditedOf(ctx context.Context, tx *db.Tx, s creditor.Scope, d ledger.Document) (money.Amount, error) {
	n, err := db.One(ctx, tx, db.Value[int64], `
		SELECT CAST(COALESCE(sum(a.amount), 0) AS BIGINT)
		FROM allocation a
		JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
		WHERE a.creditor_id = $1 AND a.invoice_id = $2 AND (c.kind <> 'payment'
		OR c.nature NOT IN ('', 'opening', 'advance'))`,
		s.Creditor, d.ID)
	return money.New(n, d.Amount.Currency), err
}

func insertCollected(ctx context.Context, tx *db.Tx, s creditor.Scope, document, message string, x share) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lifecycle_collected (creditor_id, allocation_id, rate, document_id, message_id, amount)
		VALUES ($1, $2, $3, $4, $5, $6)`, s.Creditor, x.Allocation, x.Rate, document, message, x.Amount.Minor)
	return err
}

// release lets the allocations that a message told of be declared anew.
func release(ctx context.Context, tx *db.Tx, s creditor.Scope, message string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM lifecycle_collected
		WHERE creditor_id = $1 AND message_id = $2`, s.Creditor, message)
	return err
}

// keepUnread keeps a message that could not be read, or not wholly, with the
// reason.
func keepUnread(ctx context.Context, tx *db.Tx, s creditor.Scope, m Message, raw []byte) error {
	kept, err := keepMessage(ctx, tx, s, m, raw)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE lifecycle_message
		SET detail = $3, changed_at = $4
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, kept.ID, cut(m.Detail, maxNote), tx.Now)
	return err
}

// Unread are the messages that came and could not be read, or not wholly, the
// newest first.
func Unread(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) ([]Message, error) {
	return db.All(ctx, tx, scanMessage, selectMessage+`
		WHERE creditor_id = $1 AND way = 'in' AND detail <> ''
		ORDER BY id DESC
		LIMIT $2`, s.Creditor, max(1, min(limit, maxPage)))
}

// toldIn are the invoices that a message of ours is about.
func toldIn(ctx context.Context, tx *db.Tx, s creditor.Scope, message string) (map[string]group, error) {
	all := map[string]group{}
	for g, err := range db.Each(ctx, tx, func(r db.Row) (g group, err error) {
		return g, r.Scan(&g.document, &g.customer, &g.number, &g.kind)
	}, `
		SELECT d.id, d.customer_id, d.number, d.kind
		FROM lifecycle_status t
		JOIN document d ON d.creditor_id = t.creditor_id AND d.id = t.document_id
		WHERE t.creditor_id = $1 AND t.message_id = $2`, s.Creditor, message) {
		if err != nil {
			return nil, err
		}
		all[g.document] = g
	}
	return all, nil
}
