package advice

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// An advice whose entry went, with its import that was undone, waits again.
const selectKept = `
	SELECT a.id, a.sha256, a.name, a.payer, a.reference, a.paid_on, a.currency, a.total, coalesce(e.id, ''),
		coalesce(e.currency, ''), coalesce(e.amount, 0), a.attached_by, a.made_by, a.created_at, a.withdrawn_why
	FROM advice a
	LEFT JOIN bank_entry e ON e.creditor_id = a.creditor_id AND e.id = a.entry_id`

func scanKept(r db.Row) (k Kept, err error) {
	err = r.Scan(&k.ID, &k.SHA256, &k.Name, &k.Payer, &k.Reference, &k.PaidOn, &k.Total.Currency,
		&k.Total.Minor, &k.Entry,
		&k.received.Currency, &k.received.Minor, &k.AttachedBy, &k.By, db.Instant(&k.CreatedAt), &k.Withdrawn)
	return k, err
}

// withLines fills the lines of advices, and what does not agree.
func withLines(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Kept) ([]Kept, error) {
	if len(list) == 0 {
		return list, nil
	}
	at, ids := map[string]int{}, make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = i, list[i].ID
	}
	for part := range slices.Chunk(ids, maxIn) {
		w := &db.Where{}
		w.And("l.creditor_id = ?", s.Creditor)
		db.In(w, "l.advice_id", part)
		for row, err := range db.Each(ctx, tx, scanLine, `
			SELECT l.advice_id, l.number, l.on_day, l.currency, l.amount, l.gross, l.discount, l.line
			FROM advice_line l`+w.SQL()+`
			ORDER BY l.advice_id, l.seq`, w.Args...) {
			if err != nil {
				return nil, err
			}
			k := &list[at[row.advice]]
			k.Lines = append(k.Lines, row.Line)
		}
	}
	for i := range list {
		list[i].check()
	}
	return list, nil
}

// maxIn bounds the identifiers of one query.
const maxIn = 500

type lineRow struct {
	advice string
	Line
}

func scanLine(r db.Row) (l lineRow, err error) {
	var currency money.Currency
	var gross, discount int64
	err = r.Scan(&l.advice, &l.Number, &l.On, &currency, &l.Amount.Minor, &gross, &discount, &l.Row)
	l.Amount.Currency = currency
	if discount != 0 {
		l.Gross, l.Discount = money.New(gross, currency), money.New(discount, currency)
	}
	return l, err
}

// Find is the advice of that identifier, a withdrawn one too.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Kept, error) {
	if err := s.Need(creditor.Read); err != nil {
		return Kept{}, err
	}
	list, err := some(ctx, tx, s, "a.id = ?", id)
	if err != nil {
		return Kept{}, err
	}
	if len(list) == 0 {
		return Kept{}, fault.NotFound("avis de règlement %s", id)
	}
	return list[0], nil
}

// Waiting are the advices whose entry of the bank has not come, the oldest first.
func Waiting(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Kept, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return some(ctx, tx, s, "a.withdrawn_at IS NULL AND e.id IS NULL")
}

// Of are the advices attached to entries, by entry.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, entries ...string) (map[string][]Kept, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	found := map[string][]Kept{}
	for part := range slices.Chunk(entries, maxIn) {
		w := &db.Where{}
		w.And("a.creditor_id = ? AND a.withdrawn_at IS NULL", s.Creditor)
		db.In(w, "a.entry_id", part)
		list, err := db.All(ctx, tx, scanKept, selectKept+w.SQL()+`
			ORDER BY a.created_at, a.id`, w.Args...)
		if err != nil {
			return nil, err
		}
		if list, err = withLines(ctx, tx, s, list); err != nil {
			return nil, err
		}
		for _, k := range list {
			if k.Entry != "" {
				found[k.Entry] = append(found[k.Entry], k)
			}
		}
	}
	return found, nil
}

func some(ctx context.Context, tx *db.Tx, s creditor.Scope, condition string, args ...any) ([]Kept, error) {
	w := &db.Where{}
	w.And("a.creditor_id = ?", s.Creditor)
	w.And(condition, args...)
	list, err := db.All(ctx, tx, scanKept, selectKept+w.SQL()+`
		ORDER BY a.created_at, a.id`, w.Args...)
	if err != nil {
		return nil, err
	}
	return withLines(ctx, tx, s, list)
}

func insert(ctx context.Context, tx *db.Tx, s creditor.Scope, k Kept) error {
	paid, _ := k.Paid()
	_, err := tx.Exec(ctx, `
		INSERT INTO advice (creditor_id, id, sha256, name, payer, reference, paid_on, currency, total, paid_currency,
			paid, entry_id, attached_by, attached_at, made_by, created_at, withdrawn_by, withdrawn_why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', NULL, $12, $13, '', '')`,
		s.Creditor, k.ID, k.SHA256, k.Name, k.Payer, k.Reference, nullDay(k.PaidOn), string(k.Total.Currency),
		k.Total.Minor, string(paid.Currency), paid.Minor, k.By, k.CreatedAt)
	if err != nil {
		return err
	}
	_, err = tx.Load(ctx, db.Load{
		Table: "advice_line",
		Columns: []string{
			"creditor_id", "advice_id", "seq", "number", "on_day", "currency", "amount", "gross", "discount", "line",
		},
		Rows: func(yield func([]any) bool) {
			for i, l := range k.Lines {
				if !yield([]any{
					s.Creditor, k.ID, i + 1, l.Number, nullDay(l.On), string(l.Amount.Currency), l.Amount.Minor,
					l.Gross.Minor, l.Discount.Minor, l.Row,
				}) {
					return
				}
			}
		},
	})
	return err
}

func nullDay(d cal.Date) any {
	if d == 0 {
		return nil
	}
	return d
}

func setEntry(ctx context.Context, tx *db.Tx, s creditor.Scope, id, entry string) error {
	var at any
	by := ""
	if entry != "" {
		at, by = tx.Now, s.Actor
	}
	_, err := tx.Exec(ctx, `
		UPDATE advice
		SET entry_id = $3, attached_by = $4, attached_at = $5
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id, entry, by, at)
	return err
}

func withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	_, err := tx.Exec(ctx, `
		UPDATE advice
		SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_why = $5, entry_id = '', attached_by = '',
		attached_at = NULL
		WHERE creditor_id = $1 AND id = $2 AND withdrawn_at IS NULL`, s.Creditor, id, tx.Now, s.Actor, why)
	return err
}

// refuse notes that a person took an advice off an entry.
func refuse(ctx context.Context, tx *db.Tx, s creditor.Scope, id, entry string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO advice_refused (creditor_id, advice_id, entry_id)
		VALUES ($1, $2, $3)
		ON CONFLICT (creditor_id, advice_id, entry_id) DO NOTHING`, s.Creditor, id, entry)
	return err
}

// refusedBy are the entries that a person took an advice off.
func refusedBy(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT entry_id
		FROM advice_refused
		WHERE creditor_id = $1 AND advice_id = $2
		ORDER BY entry_id`, s.Creditor, id)
}

// sameFile is the advice that those bytes are already; not found where there is
// none.
func sameFile(ctx context.Context, tx *db.Tx, s creditor.Scope, sum string) (Kept, bool, error) {
	list, err := some(ctx, tx, s, "a.sha256 = ? AND a.withdrawn_at IS NULL", sum)
	if err != nil || len(list) == 0 {
		return Kept{}, false, err
	}
	return list[0], true, nil
}

// mediaType is that of an advice's bytes.
func mediaType(content []byte) string {
	const office = "application/vnd.openxmlformats-officedocument."
	switch kindOf(content) {
	case kindPDF:
		return "application/pdf"
	case kindPackage:
		if bytes.Contains(content, []byte("word/document.xml")) {
			return office + "wordprocessingml.document"
		}
		return office + "spreadsheetml.sheet"
	case kindMail:
		return "message/rfc822"
	case kindCompound:
		return "application/vnd.ms-outlook"
	case kindWinmail:
		return "application/vnd.ms-tnef"
	case kindHTML:
		return "text/html"
	case kindXML:
		return "application/xml"
	}
	return "text/plain"
}

// baseName is a file's name without its folders, as it may be shown.
func baseName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return cut(oneLine(name))
}

// entriesOf are the entries of an amount between two days that no advice is
// attached to.
func entriesOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, paid money.Amount, from, to cal.Date,
) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT e.id
		FROM bank_entry e
		JOIN bank_source b ON b.creditor_id = e.creditor_id AND b.id = e.source_id
		LEFT JOIN advice a ON a.creditor_id = e.creditor_id AND a.entry_id = e.id AND a.withdrawn_at IS NULL
		WHERE e.creditor_id = $1 AND e.amount = $2 AND e.currency = $3 AND e.on_day >= $4 AND e.on_day <= $5
		AND a.id IS NULL
		ORDER BY e.on_day DESC, e.id DESC
		LIMIT $6`, s.Creditor, paid.Minor, string(paid.Currency), from, to, maxIn)
}
