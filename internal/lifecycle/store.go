package lifecycle

import (
	"context"
	"encoding/json"
	"iter"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

const selectStatus = `
	SELECT t.id, t.message_id, m.way = 'out', m.state, t.code, t.on_day, t.number, t.issued_on, t.said, t.customer_id,
		t.document_id, t.waits, t.problem, t.created_at
	FROM lifecycle_status t
	JOIN lifecycle_message m ON m.creditor_id = t.creditor_id AND m.id = t.message_id`

func scanStatus(r db.Row) (s Status, err error) {
	var said string
	err = r.Scan(&s.ID, &s.Message, &s.Own, &s.State, &s.Code, &s.On, &s.Number, &s.Issued, &said,
		&s.Customer, &s.Document, &s.Waits, &s.Problem, db.Instant(&s.TakenAt))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(said), &s.Said)
}

// insertStatus stores a status and tells whether it was new.
func insertStatus(ctx context.Context, tx *db.Tx, s creditor.Scope, st *Status) (bool, error) {
	said, err := json.Marshal(st.Said)
	if err != nil {
		return false, err
	}
	same, err := identity(&st.Said)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO lifecycle_status (creditor_id, id, message_id, identity, code, told_at, on_day, number, issued_on,
			said, customer_id, document_id, waits, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (creditor_id, identity) DO NOTHING`,
		s.Creditor, st.ID, st.Message, same, st.Code, string(st.Said.At), st.On, st.Number, st.Issued, string(said),
		st.Customer, st.Document, string(st.Waits), tx.Now)
	return n > 0, err
}

// isKnown tells whether that was told already.
func isKnown(ctx context.Context, tx *db.Tx, s creditor.Scope, l *ingest.Lifecycle) (bool, error) {
	same, err := identity(l)
	if err != nil {
		return false, err
	}
	return db.One(ctx, tx, db.Value[bool], `
		SELECT EXISTS (
			SELECT 1
			FROM lifecycle_status
			WHERE creditor_id = $1 AND identity = $2)`, s.Creditor, same)
}

func place(ctx context.Context, tx *db.Tx, s creditor.Scope, st Status) error {
	_, err := tx.Exec(ctx, `
		UPDATE lifecycle_status
		SET customer_id = $3, document_id = $4, waits = $5
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, st.ID, st.Customer, st.Document, string(st.Waits))
	return err
}

func setProblem(ctx context.Context, tx *db.Tx, s creditor.Scope, id, problem string) error {
	_, err := tx.Exec(ctx, `
		UPDATE lifecycle_status
		SET problem = $3
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id, problem)
	return err
}

// Find is the status of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Status, error) {
	st, err := db.One(ctx, tx, scanStatus, selectStatus+`
		WHERE t.creditor_id = $1 AND t.id = $2`, s.Creditor, id)
	return st, agreement.Missing(err, "statut %s", id)
}

// Of are the statuses of some documents, ours that have not left included, oldest
// first.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, documents ...string) ([]Status, error) {
	list := []Status{}
	for ids := range slices.Chunk(documents, 500) {
		var w db.Where
		w.And("t.creditor_id = ?", s.Creditor)
		db.In(&w, "t.document_id", ids)
		found, err := db.All(ctx, tx, scanStatus, selectStatus+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	slices.SortFunc(list, before)
	return list, nil
}

// OfCustomer are the statuses of a customer's documents, oldest first.
func OfCustomer(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Status, error) {
	list, err := db.All(ctx, tx, scanStatus, selectStatus+`
		WHERE t.creditor_id = $1 AND t.customer_id = $2 AND t.document_id <> ''`, s.Creditor, customer)
	slices.SortFunc(list, before)
	return list, err
}

// Filter says which statuses a list shows.
type Filter struct {
	Code    string
	Waiting bool // those that have no invoice yet
	Problem bool
	Own     bool // those that we set
	From    cal.Date
	Until   cal.Date
	Search  string // a number, or its beginning
	After   Status // the last of the page before: On and ID
	Limit   int
}

const maxPage = 1000

// List are statuses, the newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Status, error) {
	var w db.Where
	w.And("t.creditor_id = ?", s.Creditor)
	if f.Code != "" {
		w.And("t.code = ?", f.Code)
	}
	if f.Waiting {
		w.And("t.document_id = '' AND t.waits <> 'aside'")
	}
	if f.Problem {
		w.And("t.problem <> ''")
	}
	if f.Own {
		w.And("m.way = 'out'")
	}
	if !f.From.IsZero() {
		w.And("t.on_day >= ?", f.From)
	}
	if !f.Until.IsZero() {
		w.And("t.on_day <= ?", f.Until)
	}
	if f.Search != "" {
		w.And(`t.number LIKE ? ESCAPE '\'`, db.LikeEscape(f.Search)+"%")
	}
	if f.After.ID != "" {
		w.And("(t.on_day, t.id) < (?, ?)", f.After.On, f.After.ID)
	}
	return db.All(ctx, tx, scanStatus, selectStatus+w.SQL()+`
		ORDER BY t.on_day DESC, t.id DESC
		LIMIT `+w.Arg(max(1, min(f.Limit, maxPage))), w.Args...)
}

// waitingFor are the statuses that wait and whose number an invoice has now.
func waitingFor(ctx context.Context, tx *db.Tx, s creditor.Scope, after string, limit int) ([]Status, error) {
	return db.All(ctx, tx, scanStatus, selectStatus+`
		WHERE t.creditor_id = $1 AND t.document_id = '' AND t.waits <> 'aside' AND t.id > $2
		  AND EXISTS (SELECT 1 FROM document d WHERE d.creditor_id = t.creditor_id AND d.number = t.number)
		ORDER BY t.id
		LIMIT $3`, s.Creditor, after, limit)
}

// made is an effect as it is kept.
type made struct {
	Effect
	Customer string
	Subject  string
	Ended    cal.Date
}

func scanMade(r db.Row) (m made, err error) {
	err = r.Scan(&m.Status, &m.Kind, &m.Document, &m.Customer, &m.Subject, &m.Code, &m.On, &m.Ended, &m.Note)
	return m, err
}

const selectEffect = `
	SELECT status_id, kind, document_id, customer_id, subject_id, code, on_day, ended_on, note
	FROM lifecycle_effect`

func effectsOn(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) ([]made, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	db.In(&w, "document_id", documents)
	return db.All(ctx, tx, scanMade, selectEffect+w.SQL()+`
		ORDER BY created_at, status_id, kind`, w.Args...)
}

// storeEffect writes an effect down; one that was ended or came to nothing before
// stands again.
func storeEffect(ctx context.Context, tx *db.Tx, s creditor.Scope, m made) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lifecycle_effect (creditor_id, status_id, kind, document_id, customer_id, subject_id, code, on_day,
			note, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (creditor_id, status_id, kind, document_id) DO UPDATE
		SET subject_id = excluded.subject_id, ended_on = NULL, note = excluded.note`,
		s.Creditor, m.Status, string(m.Kind), m.Document, m.Customer, m.Subject, m.Code, m.On, m.Note, tx.Now)
	return err
}

func endEffect(ctx context.Context, tx *db.Tx, s creditor.Scope, m made, on cal.Date) error {
	_, err := tx.Exec(ctx, `
		UPDATE lifecycle_effect
		SET ended_on = $5
		WHERE creditor_id = $1 AND status_id = $2 AND kind = $3 AND document_id = $4`,
		s.Creditor, m.Status, string(m.Kind), m.Document, on)
	return err
}

// Stopped is an invoice that is not chased because of what its electronic form
// has come to.
type Stopped struct {
	Document string
	Customer string
	Code     string // Refused, Rejected, Cancelled, Irreceivable or Factored
	On       cal.Date
}

// StoppedBetween streams the invoices that are stopped on a day, by customer.
func StoppedBetween(ctx context.Context, tx *db.Tx, s creditor.Scope, span agreement.Span) iter.Seq2[Stopped, error] {
	return db.Each(ctx, tx, func(r db.Row) (x Stopped, err error) {
		err = r.Scan(&x.Document, &x.Customer, &x.Code, &x.On)
		return x, err
	}, `
		SELECT document_id, customer_id, code, on_day
		FROM lifecycle_effect
		WHERE creditor_id = $1 AND kind = 'stop' AND customer_id >= $3 AND customer_id <= $4 AND on_day <= $2
		  AND (ended_on IS NULL OR ended_on > $2)
		ORDER BY customer_id, document_id, on_day`, s.Creditor, span.Day, span.From, span.To)
}

// nothingDone are the invoices on which an effect came to nothing because they
// were settled, and something is open again.
func nothingDone(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT e.document_id
		FROM lifecycle_effect e
		JOIN document d ON d.creditor_id = e.creditor_id AND d.id = e.document_id
		WHERE e.creditor_id = $1 AND e.subject_id = '' AND e.kind IN ('dispute', 'hold') AND e.ended_on IS NULL
		AND e.note = 'facture soldée'
		  AND d.open_amount <> 0
		ORDER BY e.document_id`, s.Creditor)
}

// Keep stores what the electronic forms of documents tell; what is kept of one
// already is replaced.
func Keep(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Electronic) error {
	if len(list) == 0 {
		return nil
	}
	var invoices, rates [][]any
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.Document
		invoices = append(invoices, []any{
			s.Creditor, e.Document, e.Import, e.Process, e.Type, e.Debits, e.Seller, e.Buyer, e.Name,
			e.Endpoint, tx.Now,
		})
		for n, r := range e.VAT {
			rates = append(rates, []any{s.Creditor, e.Document, n, r.Category, r.Rate, r.Basis.Minor, r.Tax.Minor})
		}
	}
	if err := Forget(ctx, tx, s, ids); err != nil {
		return err
	}
	if _, err := tx.Load(ctx, db.Load{
		Table: "electronic_invoice",
		Columns: []string{
			"creditor_id", "document_id", "import_id", "process", "type_code", "debits", "seller", "buyer",
			"buyer_name", "endpoint", "created_at",
		},
		Rows: slices.Values(invoices),
	}); err != nil {
		return err
	}
	_, err := tx.Load(ctx, db.Load{
		Table:   "electronic_vat",
		Columns: []string{"creditor_id", "document_id", "position", "category", "rate", "basis", "tax"},
		Rows:    slices.Values(rates),
	})
	return err
}

// Forget takes away what is kept of the electronic forms of documents.
func Forget(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) error {
	for ids := range slices.Chunk(documents, 500) {
		for _, table := range []string{"electronic_vat", "electronic_invoice"} {
			var w db.Where
			w.And("creditor_id = ?", s.Creditor)
			db.In(&w, "document_id", ids)
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+w.SQL(), w.Args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// ElectronicOf is what is kept of the electronic forms of documents, by document.
func ElectronicOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, documents []ledger.Document,
) (map[string]Electronic, error) {
	all := map[string]Electronic{}
	currency := map[string]money.Currency{}
	var ids []string
	for _, d := range documents {
		ids = append(ids, d.ID)
		currency[d.ID] = d.Amount.Currency
	}
	for some := range slices.Chunk(ids, 500) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "document_id", some)
		for e, err := range db.Each(ctx, tx, func(r db.Row) (e Electronic, err error) {
			err = r.Scan(&e.Document, &e.Import, &e.Process, &e.Type, &e.Debits, &e.Seller, &e.Buyer,
				&e.Name, &e.Endpoint)
			return e, err
		}, `
			SELECT document_id, import_id, process, type_code, debits, seller, buyer, buyer_name, endpoint
			FROM electronic_invoice`+w.SQL(), w.Args...) {
			if err != nil {
				return nil, err
			}
			all[e.Document] = e
		}
		if err := rates(ctx, tx, w, currency, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func rates(
	ctx context.Context, tx *db.Tx, w db.Where, currency map[string]money.Currency, all map[string]Electronic,
) error {
	var document string
	for x, err := range db.Each(ctx, tx, func(r db.Row) (x Rate, err error) {
		err = r.Scan(&document, &x.Category, &x.Rate, &x.Basis.Minor, &x.Tax.Minor)
		return x, err
	}, `
		SELECT document_id, category, rate, basis, tax
		FROM electronic_vat`+w.SQL()+`
		ORDER BY document_id, position`, w.Args...) {
		if err != nil {
			return err
		}
		x.Basis.Currency, x.Tax.Currency = currency[document], currency[document]
		e := all[document]
		e.VAT = append(e.VAT, x)
		all[document] = e
	}
	return nil
}

// OnlyAbout are the messages that tell of one customer's invoices and of nothing
// that is not for others (226): what may be shown outside.
func OnlyAbout(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) (map[string]bool, error) {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT t.message_id
		FROM lifecycle_status t
		WHERE t.creditor_id = $1 AND t.customer_id = $2 AND NOT EXISTS (
			SELECT 1
			FROM lifecycle_status o
			WHERE o.creditor_id = t.creditor_id AND o.message_id = t.message_id AND (o.customer_id <> $2
			OR o.code = '226'))`,
		s.Creditor, customer)
	all := make(map[string]bool, len(list))
	for _, id := range list {
		all[id] = true
	}
	return all, err
}
