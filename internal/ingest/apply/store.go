package apply

import (
	"context"
	"encoding/json"
	"iter"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// eachParty streams all customers, with the fingerprint of what the source said.
func eachParty(ctx context.Context, tx *db.Tx, s creditor.Scope, source string) iter.Seq2[party, error] {
	return db.Each(ctx, tx, func(r db.Row) (p party, err error) {
		err = r.Scan(&p.id, &p.code, &p.name, &p.siren, &p.siret, &p.vat, &p.terms, &p.country, &p.kind, &p.print)
		return p, err
	}, `
		SELECT c.id, c.code, c.name, c.siren, c.siret, c.vat_id, c.terms, c.country, c.kind, COALESCE(k.fingerprint, 0)
		FROM customer c
		LEFT JOIN customer_source k ON k.creditor_id = c.creditor_id AND k.customer_id = c.id AND k.source = $2
		WHERE c.creditor_id = $1`, s.Creditor, source)
}

// sayings adds what the source has said of the customers.
func sayings(
	ctx context.Context, tx *db.Tx, s creditor.Scope, source string, ids []string, cards map[string]*card,
) error {
	type saying struct {
		customer, text, by string
		print              int64
	}
	for some := range slices.Chunk(ids, inOne) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		w.And("source = ?", source)
		db.In(&w, "customer_id", some)
		list, err := db.All(ctx, tx, func(r db.Row) (k saying, err error) {
			return k, r.Scan(&k.customer, &k.text, &k.print, &k.by)
		}, `
			SELECT customer_id, said, fingerprint, import_id
			FROM customer_source`+w.SQL(), w.Args...)
		if err != nil {
			return err
		}
		for _, k := range list {
			c := cards[k.customer]
			if c == nil {
				continue
			}
			if err := json.Unmarshal([]byte(k.text), &c.said); err != nil {
				return err
			}
			c.stored, c.fingerprint, c.by = k.text, k.print, k.by
		}
	}
	return nil
}

// inOne is how many values one IN takes: a statement of either engine holds them
// easily.
const inOne = 500

func storeSayings(ctx context.Context, tx *db.Tx, key []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Load(ctx, db.Load{
		Table:   "customer_source",
		Columns: []string{"creditor_id", "customer_id", "source", "said", "fingerprint", "import_id"},
		Key:     key,
		Update:  []string{"said", "fingerprint", "import_id"},
		Rows:    slices.Values(rows),
	})
	return err
}

// invoicesNumbered are the invoices of the numbers, whoever's they are.
func invoicesNumbered(ctx context.Context, tx *db.Tx, s creditor.Scope, numbers []string) ([]ledger.Document, error) {
	var ids []string
	for some := range slices.Chunk(numbers, inOne) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "number", some)
		w.And("kind = 'invoice'")
		found, err := db.All(ctx, tx, db.Value[string], `
			SELECT id
			FROM document`+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		ids = append(ids, found...)
	}
	return ledger.WithIDs(ctx, tx, s, ids)
}

// copiesOf are the sums of the files kept with the documents.
func copiesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) (map[attached]bool, error) {
	all := map[attached]bool{}
	for some := range slices.Chunk(documents, inOne) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "document_id", some)
		list, err := db.All(ctx, tx, func(r db.Row) (a attached, err error) {
			return a, r.Scan(&a.document, &a.sha256)
		}, `
			SELECT document_id, sha256
			FROM document_file`+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			all[a] = true
		}
	}
	return all, nil
}

// storedRejection is a rejected row and its file.
type storedRejection struct {
	file string
	Rejection
}

func storeRejected(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, list []storedRejection) error {
	if len(list) == 0 {
		return nil
	}
	rows := make([][]any, 0, len(list))
	for _, r := range list {
		cells, err := json.Marshal(append([]string{}, r.Cells...))
		if err != nil {
			return err
		}
		rows = append(rows, []any{
			s.Creditor, imported, tx.NewID("rej"), r.file, r.Line, r.Column, r.Reason, r.Mend, string(cells),
		})
	}
	_, err := tx.Load(ctx, db.Load{
		Table:   "rejected_row",
		Columns: []string{"creditor_id", "import_id", "id", "file", "line", "col", "reason", "mend", "cells"},
		Rows:    slices.Values(rows),
	})
	return err
}
