package freshness

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/setting"
)

// Retired is a source that is used no more: its age keeps nothing back. What it
// tells later counts again.
type Retired struct {
	Source
	At     time.Time
	By     string
	Reason string
}

// holds tells whether a source is retired by it, and has not spoken since.
func (g Retired) holds(one Source) bool {
	return g.Kind == one.Kind && g.Name == one.Name && !one.Until.After(g.At)
}

// retirements are when sources were said to be used no more.
func retirements(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Retired, error) {
	return db.All(ctx, tx, func(r db.Row) (one Retired, err error) {
		return one, r.Scan(&one.Kind, &one.Name, db.Instant(&one.At), &one.By)
	}, `
		SELECT kind, name, retired_at, retired_by
		FROM source_retired
		WHERE creditor_id = $1
		ORDER BY retired_at DESC, kind, name`, s.Creditor)
}

// Gone are the sources that are retired and have not spoken since, the last
// retired first.
func Gone(ctx context.Context, tx *db.Tx, s creditor.Scope, v setting.Values) ([]Retired, error) {
	list, err := all(ctx, tx, s, v)
	if err != nil {
		return nil, err
	}
	found, err := retirements(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	var gone []Retired
	for _, g := range found {
		i := slices.IndexFunc(list, g.holds)
		if i < 0 {
			continue
		}
		g.Source = list[i]
		if g.Reason, err = reasonOf(ctx, tx, s, g.Source); err != nil {
			return nil, err
		}
		gone = append(gone, g)
	}
	return gone, nil
}

// note is what the journal keeps of a source's end and of its return.
type note struct {
	Kind   Kind   `json:"kind"`
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`
}

func (s Source) subject() string { return "source/" + string(s.Kind) + "/" + s.Name }

// reasonOf is why a source was retired last, as the journal has it.
func reasonOf(ctx context.Context, tx *db.Tx, s creditor.Scope, one Source) (string, error) {
	list, err := journal.About(ctx, tx, s, one.subject(), 1)
	if err != nil || len(list) == 0 {
		return "", err
	}
	var n note
	return n.Reason, json.Unmarshal([]byte(list[0].Body), &n)
}

// Retire says, for a reason, that a source is used no more: its age keeps nothing
// back until it speaks again. The last one of the books cannot be retired, since
// then nothing would tell of payments. It needs Manage.
func Retire(
	ctx context.Context, tx *db.Tx, s creditor.Scope, v setting.Values, kind Kind, name, reason string,
) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	list, err := Of(ctx, tx, s, v)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(one Source) bool { return one.Kind == kind && one.Name == name })
	if at < 0 {
		return fault.NotFound("source %s", name)
	}
	others := slices.ContainsFunc(list, func(one Source) bool { return one.Kind == kind && one.Name != name })
	if kind == Books && !others {
		return fault.Conflictf("c’est la seule source des comptes : il en faut une autre avant de l’abandonner")
	}
	if err := retire(ctx, tx, s, kind, name); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "source.retired", list[at].subject(), note{kind, name, reason})
}

func retire(ctx context.Context, tx *db.Tx, s creditor.Scope, kind Kind, name string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO source_retired (creditor_id, kind, name, retired_at, retired_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, kind, name) DO UPDATE
		SET retired_at = excluded.retired_at, retired_by = excluded.retired_by`,
		s.Creditor, string(kind), name, tx.Now, s.Actor)
	return err
}

// TakeBack says that a retired source is used again: from now on its age counts as
// that of any other. It needs Manage.
func TakeBack(ctx context.Context, tx *db.Tx, s creditor.Scope, kind Kind, name string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		DELETE FROM source_retired
		WHERE creditor_id = $1 AND kind = $2 AND name = $3`, s.Creditor, string(kind), name)
	if err == nil && n == 0 {
		err = fault.NotFound("source abandonnée %s", name)
	}
	if err != nil {
		return err
	}
	one := Source{Kind: kind, Name: name}
	return journal.Write(ctx, tx, s, "source.taken_back", one.subject(), note{Kind: kind, Name: name})
}
