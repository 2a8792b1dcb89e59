package dossier

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/limitation"
	"acquit/internal/sheet"
)

const limitationFolder = "14-prescription"

// clockJSON is the time left to sue for an invoice, as programs read it.
type clockJSON struct {
	Invoice  string          `json:"invoice"`
	Kind     string          `json:"kind"`
	From     cal.Date        `json:"from"`
	Assumed  bool            `json:"from_is_assumed"`
	Safe     cal.Date        `json:"safe_until"`
	Possible cal.Date        `json:"possible_until"`
	Halted   bool            `json:"halted"`
	Events   []clockFactJSON `json:"events"`
}

type clockFactJSON struct {
	On     cal.Date `json:"on"`
	What   string   `json:"what"`
	Counts bool     `json:"counts"`
	SHA256 string   `json:"sha256,omitempty"`
}

// writeLimitation writes the clock of each open invoice, and the proofs of what
// moved it.
func (b *builder) writeLimitation(ctx context.Context, tx *db.Tx) error {
	clocks, err := limitation.Of(ctx, tx, b.scope, b.Customer, b.Day)
	if err != nil {
		return err
	}
	if len(clocks) == 0 {
		b.nothing(limitationFolder, "aucune facture ouverte")
		return nil
	}
	list, t := []clockJSON{}, sheet.Sheet{Columns: []string{
		"Facture", "Reste dû", "Devise", "Prescription", "Depuis", "Dernier jour sûr", "Dernier jour possible",
		"Interruptions et suspensions",
	}}
	for _, c := range clocks {
		one := clockOf(c)
		list = append(list, one)
		var events []string
		for _, e := range one.Events {
			if e.Counts {
				events = append(events, e.On.Numeric()+" "+e.What)
			}
		}
		t.Rows = append(t.Rows, []any{
			c.Number, c.Open, string(c.Open.Currency), one.Kind, c.From, c.Safe, c.Possible, strings.Join(events,
				" ; "),
		})
	}
	if err := b.clockProofs(ctx, tx, clocks); err != nil {
		return err
	}
	b.remark(limitationFolder, "dernier jour pour agir, facture par facture ; le premier : %s", soonest(clocks).Long("fr"))
	if err := b.json(ManifestFile{Path: limitationFolder + "/prescription.json", What: "prescription"},
		list); err != nil {
		return err
	}
	return b.csv(limitationFolder+"/prescription.csv", "prescription", t)
}

func clockOf(c limitation.Clock) clockJSON {
	one := clockJSON{
		Invoice: c.Number, Kind: c.Kind.Label.FR, From: c.From, Assumed: c.Assumed, Safe: c.Safe, Possible: c.Possible,
		Halted: c.Halted, Events: []clockFactJSON{},
	}
	for _, e := range c.Told {
		one.Events = append(one.Events, clockFactJSON{e.On, e.In(i18n.FR), e.Counts, e.Proof})
	}
	return one
}

// clockProofs writes each proof once, however many invoices it is about.
func (b *builder) clockProofs(ctx context.Context, tx *db.Tx, clocks []limitation.Clock) error {
	done := map[string]bool{"": true}
	for _, c := range clocks {
		for _, e := range c.Told {
			if done[e.Proof] {
				continue
			}
			done[e.Proof] = true
			err := b.proof(ctx, tx, limitationFolder+"/"+e.On.String()+"-"+string(e.Type), e.In(i18n.FR), e.ID,
				e.ProofName, e.Proof, e.On)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func soonest(clocks []limitation.Clock) cal.Date {
	first := clocks[0].Safe
	for _, c := range clocks {
		first = min(first, c.Safe)
	}
	return first
}
