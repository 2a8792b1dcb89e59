// Package statute is the law's figures as a creditor holds them: those that come
// with the program, and over them those that a person has replaced or added, with
// their source. Nothing that was in use is forgotten.
package statute

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
)

// Change is a figure that a creditor has replaced or added.
type Change struct {
	ID string
	fr.Figure
	Checked bool // a person has read it in the official text
	Note    string
	By      string
	At      time.Time
}

// shipped is the law with the figures of the program, which never change.
var shipped = sync.OnceValues(fr.New)

// Load is French law with the creditor's figures. It needs Read.
func Load(ctx context.Context, tx *db.Tx, s creditor.Scope) (*fr.Law, error) {
	law, err := shipped()
	if err != nil {
		return nil, err
	}
	changes, err := Changes(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	return law.With(figures(changes)...)
}

func figures(changes []Change) []fr.Figure {
	list := make([]fr.Figure, len(changes))
	for i, c := range changes {
		list[i] = c.Figure
	}
	return list
}

// Changes are all figures that the creditor has ever replaced or added, oldest
// first. It needs Read.
func Changes(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Change, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return list(ctx, tx, s)
}

// Set replaces or adds a figure; without a value it takes back the creditor's own
// of that key and first day. It needs Manage.
func Set(ctx context.Context, tx *db.Tx, s creditor.Scope, c *Change) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "statute"); err != nil {
		return err
	}
	law, err := shipped()
	if err != nil {
		return err
	}
	if err := c.tidy(law); err != nil {
		return err
	}
	before, err := c.before(ctx, tx, s, law)
	if err != nil {
		return err
	}
	c.ID, c.By, c.At = tx.NewID("fig"), s.Actor, tx.Now
	if c.Read == 0 { // taken back: no source was read
		c.Read = cal.Of(c.At)
	}
	if err := insert(ctx, tx, s, *c); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "statute.figure_set", "creditor/"+s.Creditor, note{
		Key: c.Key, Value: c.Value, Unit: c.Unit, From: c.From, To: c.To, Source: c.Source, Read: c.Read,
		Verified: c.Checked, Note: c.Note, Before: before,
	})
}

// note is what the journal keeps of a change.
type note struct {
	Key      string   `json:"key"`
	Value    string   `json:"value"` // none takes back
	Unit     string   `json:"unit"`
	From     cal.Date `json:"from,omitzero"`
	To       cal.Date `json:"to,omitzero"`
	Source   string   `json:"source,omitempty"`
	Read     cal.Date `json:"read_on,omitzero"`
	Verified bool     `json:"verified"`
	Note     string   `json:"note,omitempty"`
	Before   string   `json:"before,omitempty"` // the value that held on the first day
}

// The most that a source or a note may say.
const (
	maxSource = 300
	maxNote   = 1000
)

func (c *Change) tidy(law *fr.Law) (err error) {
	c.Source, c.Note, c.Value = strings.TrimSpace(c.Source), strings.TrimSpace(c.Note), strings.TrimSpace(c.Value)
	c.Confidence = confidence(c.Checked)
	switch {
	case utf8.RuneCountInString(c.Source) > maxSource || utf8.RuneCountInString(c.Note) > maxNote:
		return fault.Invalidf("source", "la source tient en %d caractères, la remarque en %d", maxSource, maxNote)
	case c.Value != "" && c.Source == "":
		return fault.Invalidf("source", "il manque la source\u00a0: l’arrêté, la décision, l’article")
	case c.Value != "" && c.Read == 0:
		return fault.Invalidf("read", "il manque le jour où la source a été lue")
	}
	c.Figure, err = law.Check(c.Figure)
	return err
}

// confidence is how sure a figure is that a person has entered: read in the
// official text, or taken from one source.
func confidence(checked bool) string {
	if checked {
		return "A"
	}
	return "C"
}

// before is the value that a change replaces. One that changes nothing, or takes
// back what is not there, is a conflict.
func (c *Change) before(ctx context.Context, tx *db.Tx, s creditor.Scope, law *fr.Law) (string, error) {
	changes, err := list(ctx, tx, s)
	if err != nil {
		return "", err
	}
	own := ""
	for _, f := range inForce(changes) {
		if f.Key == c.Key && f.From == c.From {
			own = f.Value
			if f.Value == c.Value && f.To == c.To && f.Fact == c.Fact {
				return "", fault.Conflictf("ce chiffre est déjà enregistré ainsi")
			}
		}
	}
	if own != "" {
		return own, nil
	}
	if c.Value == "" {
		return "", fault.Conflictf("ce chiffre est celui d’Acquit\u00a0: rien à rétablir")
	}
	for _, f := range law.Figures() {
		if f.Key == c.Key && f.From <= c.From && (f.To == 0 || c.From <= f.To) {
			return f.Value, nil
		}
	}
	return "", nil
}
