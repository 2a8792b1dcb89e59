package setting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"acquit/internal/db"
	"acquit/internal/fault"
)

// Values are what one creditor has decided, as it is kept.
type Values struct {
	creditor string
	stored   map[string]string
}

// Text is the stored form of a setting, or its default. A secret comes with its
// owner on the line before.
func (v Values) Text(d Definition) string {
	s, ok := v.stored[d.Name]
	switch {
	case !ok || s == "" && d.Kind == KindSecret:
		return d.Default
	case d.Kind == KindSecret:
		return owner(v.creditor, d.Name) + "\n" + s
	}
	return s
}

// IsSet tells whether the creditor has said something about a setting.
func (v Values) IsSet(d Definition) bool { _, ok := v.stored[d.Name]; return ok }

// with is v after wishes were granted.
func (v Values) with(wished map[string]string) Values {
	stored := maps.Clone(v.stored)
	maps.Copy(stored, wished)
	return Values{creditor: v.creditor, stored: stored}
}

func owner(creditor, name string) string { return creditor + "/" + name }

type row struct{ name, value string }

func scanRow(r db.Row) (s row, err error) {
	err = r.Scan(&s.name, &s.value)
	return s, err
}

// Load reads all that a creditor has decided. A value that this program cannot
// read is a fault.Invalid that names the setting.
func Load(ctx context.Context, tx *db.Tx, creditor string) (v Values, err error) {
	defer fault.Wrap(&err, "settings of %s", creditor)
	rows, err := db.All(ctx, tx, scanRow, `
		SELECT name, value
		FROM setting
		WHERE creditor_id = $1
		ORDER BY name`, creditor)
	if err != nil {
		return Values{}, err
	}
	v = Values{creditor: creditor, stored: make(map[string]string, len(rows))}
	for _, r := range rows {
		v.stored[r.name] = r.value
	}
	return v, v.check(All())
}

// check finds the first setting whose stored form is not readable.
func (v Values) check(known Registry) error {
	for _, d := range known {
		s, ok := v.stored[d.Name]
		if !ok || d.Kind == KindSecret {
			continue
		}
		if _, err := d.Store(s); err != nil {
			return fmt.Errorf("réglage « %s » : %w", d.Name, err)
		}
	}
	return nil
}

// Read is one setting of a creditor, without the others.
func Read[T any](ctx context.Context, tx *db.Tx, creditor string, k Key[T]) (value T, err error) {
	defer fault.Wrap(&err, "setting %s of %s", k.Name, creditor)
	v := Values{creditor: creditor, stored: map[string]string{}}
	s, err := db.One(ctx, tx, db.Value[string], `
		SELECT value
		FROM setting
		WHERE creditor_id = $1 AND name = $2`, creditor, k.Name)
	switch {
	case err == nil:
		v.stored[k.Name] = s
	case !errors.Is(err, fault.ErrNotFound):
		return value, err
	}
	return k.parse(v.Text(k.Definition))
}

// Change is a setting that took another value; secrets show as Hidden.
type Change struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Forget is the wish that a secret be none, where an empty wish leaves it.
const Forget = "\x00"

// Set takes a person's wishes, by name and as written, and stores those that
// differ from what stands. Nothing is stored when a wish is wrong: the error
// then joins a fault.Invalid for each. It asks for no right; creditor.Configure
// does.
func (r Registry) Set(
	ctx context.Context, tx *db.Tx, box Box, creditor, actor string, wishes map[string]string,
) ([]Change, error) {
	v, err := Load(ctx, tx, creditor)
	if err != nil && fault.KindOf(err) != fault.KindInvalid { // a bad value is mended by writing a good one
		return nil, err
	}
	wished, err := r.read(wishes)
	if err != nil {
		return nil, err
	}
	if err := v.with(wished).together(); err != nil {
		return nil, err
	}
	var changes []Change
	for _, d := range r {
		text, ok := wished[d.Name]
		if !ok || d.Kind != KindSecret && text == v.Text(d) {
			continue
		}
		stored := text
		if d.Kind == KindSecret {
			if stored, err = box.seal(owner(creditor, d.Name), text); err != nil {
				return nil, err
			}
		}
		if err := put(ctx, tx, creditor, actor, d.Name, stored); err != nil {
			return nil, err
		}
		changes = append(changes, d.change(v, text))
	}
	return changes, nil
}

func (d Definition) change(v Values, after string) Change {
	c := Change{Name: d.Name, Before: v.Text(d), After: after}
	if d.Kind == KindSecret {
		c.Before, c.After = hide(c.Before), hide(c.After)
	}
	return c
}

func hide(s string) string {
	if s == "" {
		return ""
	}
	return Hidden
}

// read checks all wishes; what is left empty goes back to its default, a secret
// left empty stays.
func (r Registry) read(wishes map[string]string) (map[string]string, error) {
	var problems []error
	wished := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(wishes)) {
		text := wishes[name]
		d, err := r.Find(name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if text == "" && d.Kind == KindSecret {
			continue
		}
		stored, err := d.wish(text)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		wished[name] = stored
	}
	return wished, errors.Join(problems...)
}

func (d Definition) wish(text string) (string, error) {
	if text == Forget || text == "" && d.emptyIsDefault() {
		return d.Default, nil
	}
	return d.Store(text)
}

func (d Definition) emptyIsDefault() bool {
	return slices.Contains([]Kind{KindInt, KindTime, KindAmount, KindChoice}, d.Kind)
}

func put(ctx context.Context, tx *db.Tx, creditor, actor, name, stored string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO setting (creditor_id, name, value, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, name) DO UPDATE
		SET value = EXCLUDED.value, changed_at = EXCLUDED.changed_at, changed_by = EXCLUDED.changed_by`,
		creditor, name, stored, tx.Now, actor)
	return err
}
