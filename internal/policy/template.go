package policy

import (
	"context"
	"slices"
	"strings"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/message"
)

// Template is a message template of the creditor's own. It stands before the
// shipped one of its name, tone, language and audience.
type Template struct {
	message.Document

	Source    string // as it was written
	By        string
	ChangedAt time.Time
	Err       error // why it can no longer be read, if it cannot
}

// OwnTemplates are the creditor's own, by name, tone, language and audience, for
// a list beside message.Library.List.
func OwnTemplates(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Template, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanTemplate, `
		SELECT name, tone, language, audience, content, changed_at, changed_by
		FROM template
		WHERE creditor_id = $1
		ORDER BY name, tone, language, audience`, s.Creditor)
}

func scanTemplate(r db.Row) (t Template, err error) {
	var name, tone, language, audience string
	err = r.Scan(&name, &tone, &language, &audience, &t.Source, db.Instant(&t.ChangedAt), &t.By)
	if err != nil {
		return t, err
	}
	t.Document, t.Err = message.Read("", t.Source)
	if t.Err != nil {
		t.Document = unreadable(name, tone, language, audience)
	}
	return t, nil
}

// unreadable takes the place of a template that an older program stored and this
// one cannot read: its check fails, so that its messages wait for a person and
// no other words are put in their place.
func unreadable(name, tone, language, audience string) message.Document {
	d := message.Document{Name: name, Tone: message.Tone(tone), Language: language, Body: "{{unreadable}}"}
	for a := range strings.SplitSeq(audience, ",") {
		d.Audiences = append(d.Audiences, message.Audience(a))
	}
	return d
}

// Templates are the creditor's own, for message.Library.With.
func Templates(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]message.Document, error) {
	own, err := OwnTemplates(ctx, tx, s)
	list := make([]message.Document, len(own))
	for i, t := range own {
		list[i] = t.Document
	}
	return list, err
}

// SaveTemplate stores a template of the creditor's own, once it passes every
// check that rendering relies on; the error has line and column. It needs Manage.
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
		INSERT INTO template (creditor_id, name, tone, language, audience, content, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (creditor_id, name, tone, language, audience) DO UPDATE
		SET content = excluded.content, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		s.Creditor, d.Name, string(d.Tone), d.Language, audienceOf(d), source, tx.Now, s.Actor)
	if err != nil {
		return d, err
	}
	return d, journal.Write(ctx, tx, s, "template.saved", "template/"+d.Name, noteOf(d))
}

// RemoveTemplate gives the shipped template of a document's name, tone, language
// and audience its place back. It needs Manage.
func RemoveTemplate(ctx context.Context, tx *db.Tx, s creditor.Scope, d message.Document) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		DELETE FROM template
		WHERE creditor_id = $1 AND name = $2 AND tone = $3 AND language = $4 AND audience = $5`,
		s.Creditor, d.Name, string(d.Tone), d.Language, audienceOf(d))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.NotFound("modèle « %.60s » (%s, %s)", d.Name, d.Tone, d.Language)
	}
	return journal.Write(ctx, tx, s, "template.removed", "template/"+d.Name, noteOf(d))
}

// audienceOf is the audiences as stored, the same for the same ones whatever
// their order.
func audienceOf(d message.Document) string {
	names := make([]string, len(d.Audiences))
	for i, a := range d.Audiences {
		names[i] = string(a)
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

func noteOf(d message.Document) map[string]any {
	return map[string]any{"name": d.Name, "tone": d.Tone, "language": d.Language, "audience": audienceOf(d)}
}
