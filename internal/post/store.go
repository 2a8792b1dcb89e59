package post

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/reminder"
)

// maxBatch bounds a batch: one person puts no more letters into envelopes in a
// day, and the PDF is made in one go.
const maxBatch = 500

// onPaper are the messages of paper in some states, oldest first.
func onPaper(
	ctx context.Context, tx *db.Tx, s creditor.Scope, states ...reminder.MessageState,
) ([]reminder.Message, error) {
	list, err := reminder.Messages(ctx, tx, s, reminder.MessageFilter{
		States: states, Channels: []string{"letter", "registered"}, Limit: maxBatch,
	})
	if err != nil {
		return nil, err
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, nil
}

// batchOf is the batch in whose pile each letter lies.
func batchOf(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (map[string]string, error) {
	in := map[string]string{}
	if len(ids) == 0 {
		return in, nil
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	w.And("back_at IS NULL")
	db.In(&w, "message_id", ids)
	for r, err := range db.Each(ctx, tx, func(r db.Row) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) }, `
		SELECT message_id, batch_id
		FROM post_item`+w.SQL(), w.Args...) {
		if err != nil {
			return nil, err
		}
		in[r[0]] = r[1]
	}
	return in, nil
}

func insertBatch(ctx context.Context, tx *db.Tx, s creditor.Scope, b Batch) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO post_batch (creditor_id, id, on_day, made_at, made_by, duplex, sha256, pages)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Creditor, b.ID, b.On, b.MadeAt, b.MadeBy, b.Duplex, b.SHA256, b.Pages)
	if err != nil {
		return err
	}
	_, err = tx.Load(ctx, db.Load{
		Table:   "post_item",
		Columns: []string{"creditor_id", "batch_id", "message_id", "rank", "pages"},
		Rows: func(yield func([]any) bool) {
			for _, i := range b.Items {
				if !yield([]any{s.Creditor, b.ID, i.ID, i.Rank, i.Pages}) {
					return
				}
			}
		},
	})
	return err
}

const selectBatch = `
	SELECT id, on_day, made_at, made_by, duplex, sha256, pages
	FROM post_batch`

func scanBatch(r db.Row) (b Batch, err error) {
	return b, r.Scan(&b.ID, &b.On, db.Instant(&b.MadeAt), &b.MadeBy, &b.Duplex, &b.SHA256, &b.Pages)
}

// Batches are the last batches without their letters, newest first.
func Batches(ctx context.Context, tx *db.Tx, s creditor.Scope, limit int) ([]Batch, error) {
	return db.All(ctx, tx, scanBatch, selectBatch+`
		WHERE creditor_id = $1
		ORDER BY id DESC
		LIMIT $2`, s.Creditor, limit)
}

// pileOf are the letters of a batch as they are stored.
func pileOf(ctx context.Context, tx *db.Tx, s creditor.Scope, b Batch) ([]Item, error) {
	items, err := db.All(ctx, tx, func(r db.Row) (i Item, err error) {
		err = r.Scan(&i.ID, &i.Rank, &i.Pages, &i.Tracking, db.Instant(&i.BackAt))
		i.Batch, i.sheets = b.ID, sheetsOf(i.Pages, b.Duplex)
		return i, err
	}, `
		SELECT message_id, rank, pages, tracking, back_at
		FROM post_item
		WHERE creditor_id = $1 AND batch_id = $2
		ORDER BY rank`, s.Creditor, b.ID)
	return items, err
}

func putBack(ctx context.Context, tx *db.Tx, s creditor.Scope, batch, message string) (int64, error) {
	return tx.Exec(ctx, `
		UPDATE post_item
		SET back_at = $4
		WHERE creditor_id = $1 AND batch_id = $2 AND message_id = $3
		AND back_at IS NULL`, s.Creditor, batch, message, tx.Now)
}

func track(ctx context.Context, tx *db.Tx, s creditor.Scope, batch, message, number string) error {
	_, err := tx.Exec(ctx, `
		UPDATE post_item
		SET tracking = $4
		WHERE creditor_id = $1 AND batch_id = $2 AND message_id = $3`, s.Creditor, batch, message, number)
	return err
}

// Track is what a provider said last of a letter.
type Track struct {
	Message  string
	Provider string
	State    TrackState
	Detail   string
	Reason   customer.ReturnReason // of one that came back
	On       cal.Date              // of that state
}

func putTrack(ctx context.Context, tx *db.Tx, s creditor.Scope, t Track) error {
	var at any
	if !t.On.IsZero() {
		at = t.On.Time()
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO post_track (creditor_id, message_id, provider, state, detail, at, checked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (creditor_id, message_id) DO UPDATE
		SET state = excluded.state, detail = excluded.detail, at = excluded.at, checked_at = excluded.checked_at`,
		s.Creditor, t.Message, t.Provider, string(t.State), t.Detail, at, tx.Now)
	return err
}

func scanTrack(r db.Row) (t Track, err error) {
	return t, r.Scan(&t.Message, &t.Provider, &t.State, &t.Detail)
}

// Tracks are what providers said of letters, by message.
func Tracks(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (map[string]Track, error) {
	list := map[string]Track{}
	if len(ids) == 0 {
		return list, nil
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "message_id", ids)
	for t, err := range db.Each(ctx, tx, scanTrack, `
		SELECT message_id, provider, state, detail
		FROM post_track`+w.SQL(), w.Args...) {
		if err != nil {
			return nil, err
		}
		list[t.Message] = t
	}
	return list, nil
}
