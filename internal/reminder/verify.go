package reminder

import (
	"context"
	"encoding/json"
	"slices"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// VerifyMessages recomputes the fingerprint of every message that was written,
// and compares those of what left with the journal's. It gives how many messages
// it looked at and the identifiers of those that have changed since, or are gone.
func VerifyMessages(ctx context.Context, tx *db.Tx, s creditor.Scope) (checked int64, wrong []string, err error) {
	type stored struct {
		sum     string
		message channel.Message
	}
	for m, err := range db.Each(ctx, tx, func(r db.Row) (m stored, err error) {
		return m, r.Scan(&m.message.ID, &m.sum, &m.message.Raw)
	}, `
		SELECT id, sha256, raw
		FROM message
		WHERE creditor_id = $1
		ORDER BY id`, s.Creditor) {
		if err != nil {
			return checked, wrong, err
		}
		checked++
		if m.message.Fingerprint() != m.sum {
			wrong = append(wrong, m.message.ID)
		}
	}
	unlike, err := unlikeJournal(ctx, tx, s)
	for _, id := range unlike {
		if !slices.Contains(wrong, id) {
			wrong = append(wrong, id)
		}
	}
	return checked, wrong, err
}

// departure is what the journal says of a message that left.
type departure struct {
	seq     int64
	Message string `json:"message"`
	SHA256  string `json:"sha256"`
}

// unlikeJournal are the messages that left with other bytes than those that are
// kept now, by the journal, some entries at a time.
func unlikeJournal(ctx context.Context, tx *db.Tx, s creditor.Scope) (wrong []string, err error) {
	var after int64
	for {
		page, err := db.All(ctx, tx, scanDeparture, `
			SELECT seq, body
			FROM journal
			WHERE creditor_id = $1 AND seq > $2 AND action = 'message.sent'
			ORDER BY seq
			LIMIT 500`, s.Creditor, after)
		if err != nil || len(page) == 0 {
			return wrong, err
		}
		kept, err := fingerprints(ctx, tx, s, page)
		if err != nil {
			return wrong, err
		}
		for _, d := range page {
			if kept[d.Message] != d.SHA256 {
				wrong = append(wrong, d.Message)
			}
		}
		after = page[len(page)-1].seq
	}
}

func scanDeparture(r db.Row) (d departure, err error) {
	var body string
	if err := r.Scan(&d.seq, &body); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(body), &d)
}

func fingerprints(ctx context.Context, tx *db.Tx, s creditor.Scope, page []departure) (map[string]string, error) {
	ids := make([]string, len(page))
	for i, d := range page {
		ids[i] = d.Message
	}
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "id", ids)
	kept := map[string]string{}
	for m, err := range db.Each(ctx, tx, func(r db.Row) (m [2]string, err error) { return m, r.Scan(&m[0], &m[1]) }, `
		SELECT id, sha256
		FROM message`+w.SQL(), w.Args...) {
		if err != nil {
			return nil, err
		}
		kept[m[0]] = m[1]
	}
	return kept, nil
}
