package dossier

import (
	"context"
	"path"
	"slices"
	"strings"

	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
)

// writeDocuments writes the files of the invoices claimed and of the credit notes
// set against them, as they were imported.
func (b *builder) writeDocuments(ctx context.Context, tx *db.Tx) error {
	if err := b.writeCopies(ctx, tx, "03-factures", "facture", b.facts.Claims); err != nil {
		return err
	}
	return b.writeCopies(ctx, tx, "04-avoirs", "avoir", b.facts.Credits)
}

func (b *builder) writeCopies(ctx context.Context, tx *db.Tx, folder, what string, list []Claim) error {
	n := 0
	for _, c := range list {
		for _, f := range b.copiesOf(c.ID) {
			content, err := b.file(ctx, tx, f.SHA256, f.Name)
			if err != nil {
				return err
			}
			name := folder + "/" + safe(c.Number) + strings.ToLower(path.Ext(plainName(f.Name)))
			if err := b.bytes(ManifestFile{Path: name, What: what + " " + c.Number, ID: c.ID, Name: f.Name, On: c.Issued}, content); err != nil {
				return err
			}
			n++
		}
	}
	missing := lacking(list, func(c Claim) bool { return c.Copied })
	switch {
	case len(list) == 0:
		b.remark(folder, "rien : aucun %s n’est concerné", what)
	case len(missing) > 0:
		b.remark(folder, "%d fichier(s) ; sans fichier importé : %s", n, named(missing))
	default:
		b.remark(folder, "%d fichier(s), tels qu’ils ont été importés", n)
	}
	return nil
}

func (b *builder) copiesOf(document string) []ledger.Copy {
	return slices.DeleteFunc(slices.Clone(b.copies), func(c ledger.Copy) bool { return c.Document != document })
}

// writeEvidence writes the pieces that people brought.
func (b *builder) writeEvidence(ctx context.Context, tx *db.Tx) error {
	counts := map[string]int{}
	for _, e := range b.evidence {
		if e.Withdrawn() {
			continue
		}
		content, err := b.file(ctx, tx, e.SHA256, e.Name)
		if err != nil {
			return err
		}
		folder := e.Kind.facts().folder
		counts[folder]++
		if err := b.bytes(ManifestFile{
			Path: folder + "/" + b.pieceName(e), What: e.Kind.In(i18n.FR), ID: e.ID, Name: e.Name, On: e.On,
		}, content); err != nil {
			return err
		}
	}
	seen := map[string]bool{"03-factures": true, "11-accords-et-echanges": true, "13-mise-en-demeure": true}
	for _, k := range kinds {
		if seen[k.folder] {
			continue
		}
		seen[k.folder] = true
		if counts[k.folder] > 0 {
			b.remark(k.folder, "%d pièce(s) déposée(s)", counts[k.folder])
		} else {
			b.remark(k.folder, "rien n’a été déposé")
		}
	}
	return nil
}

// pieceName is the day, what it is about and the name that a piece came with; its
// ending is that of its bytes.
func (b *builder) pieceName(e Evidence) string {
	parts := []string{e.On.String()}
	parts = append(parts, b.numbers(e.Documents)[:min(len(e.Documents), 2)]...)
	parts = append(parts, strings.TrimSuffix(e.Name, path.Ext(e.Name)))
	name := safe(strings.Join(parts, "-"))
	return name[:min(len(name), maxPart-5)] + endings[e.MediaType]
}
