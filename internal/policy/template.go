package policy

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/journal"
	"acquit/internal/message"
)

// Templates are the creditor's own, which stand before the shipped ones of the
// same name, tone and language.
func Templates(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]message.Document, error) {
	sources, err := db.All(ctx, tx, db.Value[string], `
		SELECT content
		FROM template
		WHERE creditor_id = $1
		ORDER BY name, tone, language`, s.Creditor)
	if err != nil {
		return nil, err
	}
	list := make([]message.Document, 0, len(sources))
	for _, source := range sources {
		d, err := message.Read("", source)
		if err != nil {
			continue // an older program took it: the shipped one speaks instead
		}
		list = append(list, d)
	}
	return list, nil
}

// SaveTemplate stores a template of the creditor's own, once it passes every
// check that rendering relies on.
func SaveTemplate(ctx context.Context, tx *db.Tx, s creditor.Scope, source string) (message.Document, error) {
	if err := s.Need(creditor.Manage); err != nil {
		return message.Document{}, err
	}
	if err := message.Check(source); err != nil {
		return message.Document{}, err
	}
	d, err := message.Read("", source)
	if err != nil {
		return d, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO template (creditor_id, name, tone, language, content, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (creditor_id, name, tone, language) DO UPDATE
		SET content = excluded.content, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		s.Creditor, d.Name, string(d.Tone), d.Language, source, tx.Now, s.Actor)
	if err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, s, "template.saved", "template/"+d.Name,
		map[string]any{"name": d.Name, "tone": d.Tone, "language": d.Language})
}

// RemoveTemplate gives the shipped template its place back.
func RemoveTemplate(ctx context.Context, tx *db.Tx, s creditor.Scope, name, tone, language string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM template
		WHERE creditor_id = $1 AND name = $2 AND tone = $3 AND language = $4`, s.Creditor, name, tone, language)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "template.removed", "template/"+name, map[string]any{"tone": tone, "language": language})
}
