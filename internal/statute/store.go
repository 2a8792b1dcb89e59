package statute

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
)

func scanChange(r db.Row) (c Change, err error) {
	err = r.Scan(&c.ID, &c.Key, &c.Value, &c.From, &c.To, &c.Source, &c.Read, &c.Checked, &c.Note, &c.By,
		db.Instant(&c.At))
	c.Confidence = confidence(c.Checked)
	return c, err
}

func list(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Change, error) {
	all, err := db.All(ctx, tx, scanChange, `
		SELECT id, key, value, from_on, until_on, source, read_on, verified, note, made_by, created_at
		FROM statute_figure
		WHERE creditor_id = $1
		ORDER BY seq`, s.Creditor)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	law, err := shipped()
	for i, c := range all {
		if err == nil {
			all[i].Unit, err = law.UnitOf(c.Key)
		}
	}
	return all, err
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, c Change) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO statute_figure
			(creditor_id, id, seq, key, value, from_on, until_on, source, read_on, verified, note, made_by, created_at)
		VALUES ($1, $2, (SELECT count(*) + 1 FROM statute_figure
		WHERE creditor_id = $1), $3, $4, $5, $6, $7, $8, $9, $10,
			$11, $12)`,
		s.Creditor, c.ID, c.Key, c.Value, c.From, c.To, c.Source, c.Read, c.Checked, c.Note, c.By, c.At)
	return err
}
