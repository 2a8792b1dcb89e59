package dossier

import (
	"context"
	"fmt"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/lifecycle"
	"acquit/internal/sheet"
)

// readLives reads what platforms and the buyer said of the invoices by the day: a
// sale to a factor in confidence (226) is for nobody else.
func (b *books) readLives(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if b.lives, err = lifecycle.OfCustomer(ctx, tx, s, b.Customer); err != nil {
		return err
	}
	b.lives = slices.DeleteFunc(b.lives, func(l lifecycle.Status) bool {
		return !l.Open() || !l.Counts() || l.On > b.Day
	})
	b.ownMessages, err = lifecycle.OnlyAbout(ctx, tx, s, b.Customer)
	return err
}

// logged tells whether statuses of an invoice are kept: they prove that it was
// deposited, received and what the buyer said of it.
func (b *books) logged(document string) bool {
	return slices.ContainsFunc(b.lives, func(l lifecycle.Status) bool { return l.Document == document })
}

// statusJSON is a status, as programs read it.
type statusJSON struct {
	Invoice string   `json:"invoice"`
	Code    string   `json:"code"`
	Status  string   `json:"status"`
	At      string   `json:"at"`
	By      string   `json:"by"`
	Reasons []string `json:"reasons"`
	SHA256  string   `json:"sha256,omitempty"` // of the message
	File    string   `json:"file,omitempty"`
}

const einvoiceFolder = "18-facture-electronique"

// writeLives writes the statuses of the claims with the messages that told them,
// byte for byte; one that tells of others' invoices too is not shown to anybody.
func (b *builder) writeLives(ctx context.Context, tx *db.Tx) error {
	list, written := []statusJSON{}, map[string]ManifestFile{}
	t := sheet.Sheet{Columns: []string{"Facture", "Statut", "Libellé", "Posé le", "Par", "Motif", "SHA-256", "Fichier"}}
	for _, l := range b.lives {
		if !slices.ContainsFunc(b.facts.Claims, func(c Claim) bool { return c.ID == l.Document }) {
			continue
		}
		f, err := b.message(ctx, tx, l, written)
		if err != nil {
			return err
		}
		by := l.Said.Issuer.Name
		if l.Own {
			by = b.creditor.Name
		}
		list = append(list, statusJSON{
			l.Number, l.Code, l.In(i18n.FR), string(l.Said.At), by, full(l.Said.Reasons()), f.SHA256, f.Path,
		})
		t.Rows = append(t.Rows, []any{
			l.Number, l.Code, l.In(i18n.FR), string(l.Said.At), by, l.Why(i18n.FR), f.SHA256, f.Path,
		})
	}
	if len(list) == 0 {
		if b.pieces[einvoiceFolder] == 0 {
			b.nothing(einvoiceFolder, "rien n’a été déposé")
		}
		return nil
	}
	b.remark(einvoiceFolder, "%s de factures électroniques, avec leurs messages", some(len(list), "statut", "statuts"))
	file := ManifestFile{Path: einvoiceFolder + "/statuts.json", What: "statuts des factures électroniques"}
	if err := b.json(file, list); err != nil {
		return err
	}
	return b.csv(einvoiceFolder+"/statuts.csv", "statuts des factures électroniques", t)
}

// message writes the message of a status once, and gives its file; none where it
// tells of others too.
func (b *builder) message(
	ctx context.Context, tx *db.Tx, l lifecycle.Status, written map[string]ManifestFile,
) (ManifestFile, error) {
	if f, ok := written[l.Message]; ok || !b.ownMessages[l.Message] {
		return f, nil
	}
	m, err := lifecycle.FindMessage(ctx, tx, b.scope, l.Message)
	if err != nil {
		return ManifestFile{}, err
	}
	raw, err := b.file(ctx, tx, m.SHA256, m.Name)
	if err != nil {
		return ManifestFile{}, err
	}
	f := ManifestFile{
		Path: fmt.Sprintf("%s/%s-%s-%s-%d.xml", einvoiceFolder, l.On, safe(l.Number), safe(l.Code), len(written)+1),
		What: "statut " + l.Code + " de la facture " + l.Number, ID: l.Message, On: l.On,
	}
	if err := b.bytes(f, raw); err != nil {
		return f, err
	}
	f = b.manifest.Files[len(b.manifest.Files)-1]
	f.Path = f.Path[len(b.prefix):]
	written[l.Message] = f
	return f, nil
}

// statuses are what platforms and the buyer said of the claims.
func (b *builder) statuses() (list []event) {
	for _, l := range b.lives {
		if !slices.ContainsFunc(b.facts.Claims, func(c Claim) bool { return c.ID == l.Document }) {
			continue
		}
		text := "Facture " + l.Number + "\u00a0: statut «\u00a0" + l.In(i18n.FR) + "\u00a0» (" + l.Code + ")"
		if why := l.Why(i18n.FR); why != "" {
			text += ", " + why
		}
		list = append(list, event{l.On, text + "."})
	}
	return list
}
