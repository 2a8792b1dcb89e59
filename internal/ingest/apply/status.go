package apply

import (
	"context"
	"errors"
	"slices"
	"strings"

	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
)

// errOnlyLooked ends the transaction of a dry run.
var errOnlyLooked = errors.New("dry run")

// statusDesk keeps the statuses of a file until all invoices of the run are known.
type statusDesk struct{ file *fileRun }

func (k statusDesk) take(d *ingest.Document)           { k.file.statuses = append(k.file.statuses, d.Lifecycle) }
func (k statusDesk) full() bool                        { return false }
func (k statusDesk) flush(context.Context, bool) error { return nil }

// endStatuses takes the statuses of electronic invoices once all invoices of the
// files are in the books, and those that waited for these.
func (r *run) endStatuses(ctx context.Context) error {
	for _, f := range r.files {
		for some := range slices.Chunk(f.statuses, r.o.portion) {
			if err := r.takeStatuses(ctx, f, some); err != nil {
				return err
			}
		}
		f.statuses = nil
	}
	if r.books.shadow != nil {
		return nil
	}
	return r.d.Write(ctx, func(tx *db.Tx) error {
		_, err := lifecycle.Link(ctx, tx, r.scope)
		return err
	})
}

// takeStatuses takes some in one transaction. A dry run does so too, and takes it
// back.
func (r *run) takeStatuses(ctx context.Context, f *fileRun, some []*ingest.Lifecycle) error {
	var t lifecycle.Tally
	err := r.d.Write(ctx, func(tx *db.Tx) (err error) {
		o := lifecycle.Origin{Source: r.o.Source, Import: r.id, Name: baseName(f.name)}
		if t, err = lifecycle.Take(ctx, tx, r.scope, o, some); err == nil && r.books.shadow != nil {
			err = errOnlyLooked
		}
		return err
	})
	if err != nil && !errors.Is(err, errOnlyLooked) {
		return err
	}
	f.report.Added += t.Added
	f.report.Unchanged += t.Known
	for _, x := range t.Refused {
		f.reject(Rejection{Line: x.Line, Column: x.Column, Reason: x.Text(), Mend: x.Mend}, 1)
	}
	for _, l := range t.Strange {
		text := lifecycle.Status{Code: l.Code}.Strange(i18n.FR) + ". Demandez à la plateforme ce qu’il veut dire"
		f.notices.add("status_unknown", text, max(l.Line, 1), l.Number)
	}
	if t.Waiting > 0 {
		f.notices.add("status_waits", "la facture de ce statut n’est pas dans les livres\u00a0: il l’attend", 0, "")
	}
	return nil
}

// writeElectronic keeps what only electronic invoices tell: the breakdown of VAT
// and what the messages of their life ask for.
func (p *plan) writeElectronic(ctx context.Context, tx *db.Tx) error {
	latest := map[string]lifecycle.Electronic{}
	for _, w := range p.electronic {
		if w.kind == ledger.Invoice || w.kind == ledger.CreditNote {
			latest[w.entry.ID] = electronicOf(w, p.run.id)
		}
	}
	list := make([]lifecycle.Electronic, 0, len(latest))
	for _, w := range p.electronic {
		if e, ok := latest[w.entry.ID]; ok {
			list = append(list, e)
			delete(latest, w.entry.ID)
		}
	}
	return lifecycle.Keep(ctx, tx, p.run.scope, list)
}

func electronicOf(w *work, imported string) lifecycle.Electronic {
	e := w.rest().electronic
	k := lifecycle.Electronic{
		Document: w.entry.ID, Import: imported, Process: e.Process, Type: e.TypeCode, Debits: onDebits(e),
		Seller: e.Seller.SIREN, Buyer: e.Buyer.SIREN, Name: e.Buyer.Name, Endpoint: e.Endpoint,
	}
	for _, v := range e.VAT {
		k.VAT = append(k.VAT, lifecycle.Rate{Category: v.Category, Rate: v.Rate, Basis: v.Basis, Tax: v.Tax})
	}
	return k
}

// onDebits tells whether VAT is due when the invoice is made: its code says so
// (BT-8: 5 in CII, 3 in UBL), or the words that the law asks for (CGI annex II,
// art. 242 nonies A, 11° bis).
func onDebits(e *ingest.Electronic) bool {
	if e.TaxPoint == "5" || e.TaxPoint == "3" {
		return true
	}
	return slices.ContainsFunc(e.Notes, func(n ingest.Note) bool {
		text := strings.ToLower(strings.ReplaceAll(n.Text, "’", "'"))
		return strings.Contains(text, "d'après les débits") || strings.Contains(text, "sur les débits") ||
			strings.Contains(text, "option pour les débits")
	})
}

// dropStatuses takes back the statuses that the import told, lets those of its
// invoices wait again, and forgets what its electronic invoices told.
func (v *undo) dropStatuses(ctx context.Context) error {
	own, err := db.All(ctx, v.tx, db.Value[string], `
		SELECT id
		FROM document
		WHERE creditor_id = $1 AND import_id = $2`, v.scope.Creditor, v.id)
	if err != nil {
		return err
	}
	return lifecycle.Drop(ctx, v.tx, v.scope, v.id, own)
}
