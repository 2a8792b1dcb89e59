package apply

import (
	"context"
	"slices"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/statute"
)

// obstacle is something that may have been built on an import: how many there
// are, and what to say of them.
type obstacle struct {
	query string
	say   string // with their number
}

// What is brought by the import, in queries.
const (
	itsDocuments = `(SELECT id FROM document WHERE creditor_id = $1 AND import_id = $2)`
	itsCustomers = `(SELECT id FROM customer WHERE creditor_id = $1 AND import_id = $2)`
)

var obstacles = []obstacle{
	{
		`SELECT count(DISTINCT r.id)
		FROM reminder r
		JOIN reminder_claim c ON c.creditor_id = r.creditor_id AND c.reminder_id = r.id
		WHERE r.creditor_id = $1 AND r.state IN ('sending', 'sent', 'uncertain') AND c.document_id IN ` + itsDocuments,
		"%d relance(s) sont parties au sujet de ses factures",
	},
	{
		`SELECT count(*)
		FROM allocation
		WHERE creditor_id = $1 AND import_id <> $2
		  AND (credit_id IN ` + itsDocuments + ` OR invoice_id IN ` + itsDocuments + `)`,
		"%d affectation(s) ont été faites depuis sur ses pièces",
	},
	{
		`SELECT count(*)
		FROM (
			SELECT d.id
			FROM (
				SELECT invoice_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND import_id = $2
				UNION ALL
				SELECT credit_id AS doc_id, amount
				FROM allocation
				WHERE creditor_id = $1 AND import_id = $2
			) sides
			JOIN document d ON d.creditor_id = $1 AND d.id = sides.doc_id AND d.import_id <> $2
			WHERE d.id NOT IN (
				SELECT entity_id
				FROM import_change
				WHERE creditor_id = $1 AND import_id = $2 AND entity = 'document')
			GROUP BY d.id, d.open_amount, d.amount
			HAVING d.open_amount + sum(sides.amount) < 0 OR d.open_amount + sum(sides.amount) > d.amount
		) bent`,
		"%d pièce(s) qu’il avait rouvertes ou réglées l’ont été autrement depuis",
	},
	{
		`SELECT count(*) FROM agreement_item WHERE creditor_id = $1 AND document_id IN ` + itsDocuments,
		"%d promesse(s), échéancier(s) ou règlement(s) annoncé(s) portent sur ses factures",
	},
	{
		`SELECT count(*) FROM dispute WHERE creditor_id = $1 AND (document_id IN ` + itsDocuments + ` OR customer_id IN ` + itsCustomers + `)`,
		"%d litige(s) portent sur ses factures",
	},
	{
		`SELECT count(*) FROM hold WHERE creditor_id = $1 AND (document_id IN ` + itsDocuments + ` OR customer_id IN ` + itsCustomers + `)`,
		"%d suspension(s) portent sur ses factures ou ses clients",
	},
	{
		`SELECT count(*) FROM in_flight WHERE creditor_id = $1 AND customer_id IN ` + itsCustomers,
		"%d règlement(s) sont annoncés par ses clients",
	},
	{
		`SELECT count(*) FROM task WHERE creditor_id = $1 AND customer_id IN ` + itsCustomers,
		"%d tâche(s) concernent ses clients",
	},
	{
		`SELECT count(*)
		FROM evidence
		WHERE creditor_id = $1 AND (customer_id IN ` + itsCustomers + ` OR id IN (
			SELECT evidence_id
			FROM evidence_item
			WHERE creditor_id = $1 AND document_id IN ` + itsDocuments + `))`,
		"%d justificatif(s) ont été versés aux dossiers de ses clients ou de ses factures",
	},
	{
		`SELECT count(*) FROM dossier WHERE creditor_id = $1 AND customer_id IN ` + itsCustomers,
		"%d dossier(s) ont été remis sur ses clients",
	},
	{
		`SELECT count(*) FROM message WHERE creditor_id = $1 AND state IN ('sending', 'sent', 'uncertain') AND customer_id IN ` + itsCustomers,
		"%d message(s) sont partis à ses clients",
	},
	{
		`SELECT count(*) FROM document WHERE creditor_id = $1 AND import_id <> $2 AND customer_id IN ` + itsCustomers,
		"%d pièce(s) venues depuis sont de ses clients\u00a0: défaites d’abord leur import",
	},
	{
		`SELECT count(*) FROM contact WHERE creditor_id = $1 AND import_id <> $2 AND customer_id IN ` + itsCustomers,
		"%d contact(s) ont été ajoutés depuis à ses clients",
	},
	{
		`SELECT count(*)
		FROM import_change c
		JOIN import i ON i.creditor_id = c.creditor_id AND i.id = c.import_id AND i.state <> 'undone'
		WHERE c.creditor_id = $1 AND c.import_id > $2 AND c.entity <> 'said'
		  AND (c.entity_id IN ` + itsDocuments + ` OR c.entity_id IN ` + itsCustomers + `)`,
		"%d pièce(s) ou client(s) qu’il a apportés ont été modifiés par un import plus récent",
	},
}

// obstacles refuses when something has been built on the import since.
func (v *undo) obstacles(ctx context.Context) error {
	for _, o := range obstacles {
		n, err := db.One(ctx, v.tx, db.Value[int64], o.query, v.scope.Creditor, v.id)
		if err != nil {
			return err
		}
		if n > 0 {
			v.refuse(o.say, n)
		}
	}
	n, err := bank.Standing(ctx, v.tx, v.scope, v.id)
	if n > 0 {
		v.refuse("%d opération(s) de ses relevés sont affectées\u00a0: annulez d’abord leur affectation", n)
	}
	return err
}

// removeEntries takes back what the import said of bank entries.
func (v *undo) removeEntries(ctx context.Context) (err error) {
	v.Entries, err = bank.Untake(ctx, v.tx, v.scope, v.id)
	return err
}

// supersede ends the reminders that wait to speak of what goes away.
func (v *undo) supersede(ctx context.Context) error {
	n, err := v.tx.Exec(ctx, `
		UPDATE reminder
		SET state = 'superseded', note = 'import défait'
		WHERE creditor_id = $1 AND state IN ('proposed', 'approved', 'failed')
		  AND id IN (
			SELECT reminder_id
			FROM reminder_claim
			WHERE creditor_id = $1 AND document_id IN `+itsDocuments+`)`,
		v.scope.Creditor, v.id)
	v.Reminders = n
	if err != nil {
		return err
	}
	_, err = v.tx.Exec(ctx, `
		DELETE FROM position
		WHERE creditor_id = $1 AND document_id IN `+itsDocuments, v.scope.Creditor, v.id)
	return err
}

// removeRest takes away what the import put beside documents that stay: what an
// electronic invoice told of them, and copies.
func (v *undo) removeRest(ctx context.Context) error {
	for _, query := range []string{
		`
		DELETE FROM finding
		WHERE creditor_id = $1 AND import_id = $2 AND lasting`, `
		DELETE FROM document_file
		WHERE creditor_id = $1 AND import_id = $2`,
	} {
		if _, err := v.tx.Exec(ctx, query, v.scope.Creditor, v.id); err != nil {
			return err
		}
	}
	return nil
}

// rememberFiles notes which copies the import brought, while it can be told.
func (v *undo) rememberFiles(ctx context.Context) (err error) {
	v.files, err = db.All(ctx, v.tx, db.Value[string], `
		SELECT sha256
		FROM document_file
		WHERE creditor_id = $1 AND import_id = $2
		UNION
		SELECT sha256
		FROM bank_statement
		WHERE creditor_id = $1 AND import_id = $2`, v.scope.Creditor, v.id)
	return err
}

// removeFiles takes away the copies that the import brought, but for those that
// came again since with another import or that a person brought to a dossier. What
// else is kept, the scan of a receipt or a signature, was never an import's.
func (v *undo) removeFiles(ctx context.Context) error {
	for sums := range slices.Chunk(v.files, 500) {
		var w db.Where
		w.And("creditor_id = ?", v.scope.Creditor)
		db.In(&w, "sha256", sums)
		if _, err := v.tx.Exec(ctx, `
			DELETE FROM file`+w.SQL()+`
			  AND NOT EXISTS (
				SELECT 1
				FROM document_file d
				WHERE d.creditor_id = file.creditor_id AND d.sha256 = file.sha256)
			  AND NOT EXISTS (
				SELECT 1
				FROM bank_statement b
				WHERE b.creditor_id = file.creditor_id AND b.sha256 = file.sha256)
			  AND NOT EXISTS (
				SELECT 1
				FROM evidence e
				WHERE e.creditor_id = file.creditor_id AND e.sha256 = file.sha256)`, w.Args...); err != nil {
			return err
		}
	}
	return nil
}

// removeCustomers takes away the customers and contacts that the import brought.
func (v *undo) removeCustomers(ctx context.Context) (err error) {
	for _, query := range []string{
		`
		DELETE FROM contact
		WHERE creditor_id = $1 AND (import_id = $2 OR customer_id IN ` + itsCustomers + `)`, `
		DELETE FROM customer_source
		WHERE creditor_id = $1 AND customer_id IN ` + itsCustomers, `
		DELETE FROM payer
		WHERE creditor_id = $1 AND customer_id IN ` + itsCustomers, `
		DELETE FROM customer
		WHERE creditor_id = $1 AND import_id = $2`,
	} {
		if v.Customers, err = v.tx.Exec(ctx, query, v.scope.Creditor, v.id); err != nil {
			return err
		}
	}
	return nil
}

// relook looks again at the invoices whose customer or own data were put back.
func (v *undo) relook(ctx context.Context) error {
	l, err := statute.Load(ctx, v.tx, v.scope)
	if err != nil {
		return err
	}
	if err := clearFindings(ctx, v.tx, v.scope, v.changed); err != nil {
		return err
	}
	look := newChecker(l, cal.MethodA)
	ids := make([]string, 0, len(v.touched))
	for id := range v.touched {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, inOne) {
		owners, err := customer.ByID(ctx, v.tx, v.scope, some)
		if err != nil {
			return err
		}
		docs, err := ledger.OfCustomers(ctx, v.tx, v.scope, false, some...)
		if err != nil {
			return err
		}
		if err := look.store(ctx, v.tx, v.scope, docs, owners); err != nil {
			return err
		}
	}
	return nil
}
