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
			if err := b.bytes(ManifestFile{
				Path: name, What: what + " " + c.Number, ID: c.ID, Name: f.Name,
				On: c.Issued,
			}, content); err != nil {
				return err
			}
			n++
		}
	}
	missing := lacking(list, func(c Claim) bool { return c.Copied })
	switch {
	case len(list) == 0:
		b.nothing(folder, "sans objet")
	case len(missing) > 0:
		b.remark(folder, "%s ; sans fichier importé : %s", some(n, "fichier", "fichiers"), named(missing))
	default:
		b.remark(folder, "%s, comme à l’import", some(n, "fichier", "fichiers"))
	}
	return nil
}

func (b *builder) copiesOf(document string) []ledger.Copy {
	return slices.DeleteFunc(slices.Clone(b.copies), func(c ledger.Copy) bool { return c.Document != document })
}

// writeEvidence writes the pieces that people brought.
func (b *builder) writeEvidence(ctx context.Context, tx *db.Tx) error {
	b.pieces = map[string]int{}
	for _, e := range b.evidence {
		if e.Withdrawn() {
			continue
		}
		content, err := b.file(ctx, tx, e.SHA256, e.Name)
		if err != nil {
			return err
		}
		folder := e.Kind.facts().folder
		b.pieces[folder]++
		if err := b.bytes(ManifestFile{
			Path: folder + "/" + b.pieceName(e), What: e.Kind.In(i18n.FR), ID: e.ID, Name: e.Name, On: e.On,
		}, content); err != nil {
			return err
		}
	}
	b.tellPieces()
	return nil
}

// shared are folders that hold more than pieces: their own part tells of them.
var shared = []string{"03-factures", agreementsFolder, noticeFolder, einvoiceFolder}

func (b *builder) tellPieces() {
	told := map[string]bool{}
	for _, k := range kinds {
		n := b.pieces[k.folder]
		switch {
		case told[k.folder]:
		case n > 0:
			b.remark(k.folder, "%s", some(n, "pièce déposée", "pièces déposées"))
		case !slices.Contains(shared, k.folder):
			b.nothing(k.folder, "rien n’a été déposé")
		}
		told[k.folder] = true
	}
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
