package dossier

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/insolvency"
)

const insolvencyFolder = "22-procedure-collective"

// caseJSON is a collective procedure, as programs read it.
type caseJSON struct {
	Kind      string   `json:"kind"`
	Judgment  cal.Date `json:"judgment"`
	Published cal.Date `json:"published,omitzero"`
	Court     string   `json:"court"`
	Office    string   `json:"office"`
	Declared  cal.Date `json:"declared,omitzero"`
	Tracking  string   `json:"tracking"`
	Ended     cal.Date `json:"ended,omitzero"`
	EndedAs   string   `json:"ended_as"`
}

// writeInsolvency writes the collective procedures that are known and what the
// register announced, with the day on which it was last asked.
func (b *builder) writeInsolvency(ctx context.Context, tx *db.Tx) error {
	cases, err := insolvency.List(ctx, tx, b.scope, b.Customer)
	if err != nil {
		return err
	}
	known, err := insolvency.Announcements(ctx, tx, b.scope, b.Customer)
	if err != nil {
		return err
	}
	if len(cases)+len(known) == 0 && b.checked.IsZero() {
		b.nothing(insolvencyFolder, "aucune procédure connue")
		return nil
	}
	list := []caseJSON{}
	for _, c := range cases {
		list = append(list, caseJSON{
			c.Kind.In(i18n.FR), c.Judgment, c.Published, c.Court, c.Office.Name, c.Declared, c.Tracking, c.Ended,
			c.EndedAs.In(i18n.FR),
		})
	}
	switch {
	case len(cases) > 0:
		b.remark(insolvencyFolder, "%s connue", some(len(cases), "procédure", "procédures"))
	default:
		b.remark(insolvencyFolder, "aucune procédure ; registre consulté le %s", b.day(b.checked).Long("fr"))
	}
	return b.json(ManifestFile{Path: insolvencyFolder + "/procedures.json", What: "procédures collectives"}, struct {
		Register      string             `json:"register"`
		CheckedAt     any                `json:"checked_at"`
		Cases         []caseJSON         `json:"cases"`
		Announcements []insolvency.Known `json:"announcements"`
	}{b.register, instant(b.checked), list, known})
}
