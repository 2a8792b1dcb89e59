// Package registry is the interface of a public register in which companies'
// judgments are announced. What an announcement means for a customer is for the
// insolvency room; the registers are drivers below.
package registry

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// Announcement is what a register says of a company on a day, as it says it.
type Announcement struct {
	ID        string   `json:"id"`        // the register's own: A202601765232
	SIRENs    []string `json:"sirens"`    // nine digits each, whatever they are worth
	Published cal.Date `json:"published"` // the zero Date when it is not said
	Type      string   `json:"type"`      // annonce, rectificatif, annulation
	Family    string   `json:"family"`    // collective, radiation…
	Court     string   `json:"court"`
	Debtor    string   `json:"debtor"` // for reading, never for matching
	City      string   `json:"city"`
	Judgment  Judgment `json:"judgment"`
	Previous  string   `json:"previous,omitempty"` // the announcement that it corrects or annuls, in words
	URL       string   `json:"url,omitempty"`
}

// Judgment is what a court has decided.
type Judgment struct {
	Family string   `json:"family"` // Jugement d'ouverture
	Nature string   `json:"nature"` // Jugement d'ouverture de liquidation judiciaire
	On     cal.Date `json:"on"`     // the zero Date when it is not said
	Text   string   `json:"text,omitempty"`
}

// Title is the announcement in the register's own words.
func (a Announcement) Title() string {
	for _, s := range []string{a.Judgment.Nature, a.Judgment.Family, a.Family} {
		if s != "" {
			return s
		}
	}
	return a.ID
}

// Rejected is a record of a file that could not be read.
type Rejected struct {
	Record int // from 1
	Reason string
}

// Source looks companies up.
type Source interface {
	// Announcements are those of a SIREN, in no order.
	Announcements(ctx context.Context, siren string) ([]Announcement, error)
}

// Driver is a register as it describes itself.
type Driver struct {
	Name  string // in the database: "bodacc"
	Title i18n.Words
	// Read reads a file of records as the register hands them out.
	Read func(content []byte) ([]Announcement, []Rejected, error)
	// Open looks up live, with a creditor's settings.
	Open func(v setting.Values) (Source, error)
}
