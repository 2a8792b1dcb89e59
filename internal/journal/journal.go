// Package journal is the append-only, hash-chained record of all that was
// decided, sent and received.
package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

// Entry is one line of the journal.
type Entry struct {
	Seq      int64
	At       time.Time
	Actor    string
	Action   string // "reminder.approved"
	Subject  string // "customer/cus_…"
	Body     string // JSON
	Previous string // hash of the entry before; empty for the first
	Hash     string
}

// Write adds an entry in the transaction of what it records. Body becomes JSON.
func Write(ctx context.Context, tx *db.Tx, s creditor.Scope, action, subject string, body any) (err error) {
	defer fault.Wrap(&err, "journal %s", action)
	return WriteAll(ctx, tx, s, []Note{{Action: action, Subject: subject, Body: body}})
}

// Note is an entry to be written.
type Note struct {
	Action  string
	Subject string
	Body    any
}

// WriteAll adds entries in order, with one look at the end of the chain.
func WriteAll(ctx context.Context, tx *db.Tx, s creditor.Scope, notes []Note) error {
	if len(notes) == 0 {
		return nil
	}
	if err := tx.Lock(ctx, "journal/"+s.Creditor); err != nil {
		return err
	}
	last, err := end(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, n := range notes {
		body, err := json.Marshal(n.Body)
		if err != nil {
			return err
		}
		e := Entry{
			Seq: last.Seq + 1, At: tx.Now, Actor: s.Actor, Action: n.Action, Subject: n.Subject,
			Body: string(body), Previous: last.Hash,
		}
		e.Hash = e.sum(s.Creditor)
		if err := insert(ctx, tx, s, e); err != nil {
			return err
		}
		last = e
	}
	return setEnd(ctx, tx, s, last)
}

// sum is the SHA-256 over the previous hash and the entry's own fields, each
// preceded by its length so that no two entries read the same.
func (e Entry) sum(creditor string) string {
	h := sha256.New()
	for _, f := range []string{
		e.Previous, creditor, fmt.Sprint(e.Seq), e.At.UTC().Format(time.RFC3339Nano),
		e.Actor, e.Action, e.Subject, e.Body,
	} {
		fmt.Fprintf(h, "%d:%s\n", len(f), f)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Check is what Verify found.
type Check struct {
	Entries  int64
	Intact   bool
	BrokenAt int64 // the first entry that does not fit or is missing; 0 when all do
}

// Verify recomputes the whole chain of a creditor, up to where it is known to
// end: entries that were taken off the end show like those of the middle.
func Verify(ctx context.Context, tx *db.Tx, s creditor.Scope) (Check, error) {
	c := Check{Intact: true}
	previous := ""
	for e, err := range db.Each(ctx, tx, scanEntry, selectEntry+`
		WHERE creditor_id = $1
		ORDER BY seq`, s.Creditor) {
		if err != nil {
			return c, err
		}
		c.Entries++
		if c.Intact && (e.Seq != c.Entries || e.Previous != previous || e.Hash != e.sum(s.Creditor)) {
			c.Intact, c.BrokenAt = false, e.Seq
		}
		previous = e.Hash
	}
	last, err := end(ctx, tx, s)
	if c.Intact && (last.Seq != c.Entries || last.Hash != previous) {
		c.Intact, c.BrokenAt = false, min(last.Seq, c.Entries)+1
	}
	return c, err
}

// About gives the entries on a subject, newest first, at most limit.
func About(ctx context.Context, tx *db.Tx, s creditor.Scope, subject string, limit int) ([]Entry, error) {
	return db.All(ctx, tx, scanEntry, selectEntry+`
		WHERE creditor_id = $1 AND subject = $2
		ORDER BY seq DESC
		LIMIT $3`, s.Creditor, subject, limit)
}
