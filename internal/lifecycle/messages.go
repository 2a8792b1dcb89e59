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
)

const selectMessage = `
	SELECT id, way = 'out', ref, name, sha256, origin, import_id, flow, state, tries, try_at, detail, made_by, created_at,
		changed_at
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
	m.ID, m.SHA256, m.By, m.Made, m.Changed = tx.NewID("lcm"), f.SHA256, s.Actor, tx.Now, tx.Now
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
		s.Creditor, m.ID, string(from), string(m.State), m.Flow, m.Tries, m.TryAt, cut(m.Detail, maxNote), m.Origin, tx.Now)
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
	for _, query := range []string{`
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
