package apply

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Mapping is what a person said of how to read a file, as it is remembered for
// the files of the source that have the same columns.
type Mapping struct {
	Columns    map[ingest.Field]string `json:"columns,omitempty"`
	Decimal    string                  `json:"decimal,omitempty"`
	DateOrder  string                  `json:"date_order,omitempty"`
	HeaderLine int                     `json:"header_line,omitempty"`
	Currency   money.Currency          `json:"currency,omitempty"`
	Kind       ingest.Kind             `json:"kind,omitempty"`
}

func mappingOf(h ingest.Hints) Mapping {
	m := Mapping{
		Columns: h.Mapping, DateOrder: h.DateOrder, HeaderLine: h.HeaderLine, Currency: h.Currency, Kind: h.Kind,
	}
	if h.Decimal != 0 {
		m.Decimal = string(h.Decimal)
	}
	return m
}

// into completes hints by what is remembered.
func (m *Mapping) into(h ingest.Hints) ingest.Hints {
	h.Mapping = m.Columns
	if h.Decimal == 0 && m.Decimal != "" {
		h.Decimal = []rune(m.Decimal)[0]
	}
	if h.DateOrder == "" {
		h.DateOrder = m.DateOrder
	}
	if h.HeaderLine == 0 {
		h.HeaderLine = m.HeaderLine
	}
	if h.Currency == "" {
		h.Currency = m.Currency
	}
	if h.Kind == "" {
		h.Kind = m.Kind
	}
	return h
}

// headerPrint names the columns of a table, whatever is in it.
func headerPrint(names []string) string {
	h := sha256.New()
	for _, n := range names {
		h.Write([]byte(strings.ToLower(strings.TrimSpace(n)) + "\x1f"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Recall is what is remembered of the files of a source with those columns, or
// fault.ErrNotFound.
func Recall(ctx context.Context, tx *db.Tx, s creditor.Scope, source string, header []string) (m Mapping, err error) {
	text, err := db.One(ctx, tx, db.Value[string], `
		SELECT content
		FROM column_mapping
		WHERE creditor_id = $1 AND source = $2 AND header = $3`, s.Creditor, source, headerPrint(header))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(text), &m)
}

// Remember keeps how to read the files of a source with those columns.
func Remember(ctx context.Context, tx *db.Tx, s creditor.Scope, source string, header []string, m Mapping) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO column_mapping (creditor_id, source, header, content, changed_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (creditor_id, source, header) DO UPDATE
		SET content = excluded.content, changed_at = excluded.changed_at`,
		s.Creditor, source, headerPrint(header), string(text), tx.Now)
	return err
}

// drivers are the caller's, each of which reads a table as it is remembered for
// the source, and leaves PDFs that are no invoices for a second turn.
func (r *run) drivers(source int) []ingest.Driver {
	list := make([]ingest.Driver, len(r.o.Drivers))
	for i, d := range r.o.Drivers {
		list[i] = d
		list[i].Open = func(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
			return r.openWith(ctx, d, src, h, source)
		}
	}
	return list
}

func (r *run) openWith(
	ctx context.Context, d ingest.Driver, src ingest.Source, h ingest.Hints, source int,
) (*ingest.File, error) {
	f, err := d.Open(ctx, src, h)
	if h.Mapping == nil {
		m, found, failed := r.recall(ctx, headersOf(f, err))
		if failed != nil {
			return nil, failed
		}
		if found {
			f, err = d.Open(ctx, src, m.into(h))
		}
	}
	refusal := err
	if err == nil && f != nil {
		refusal = f.Err
	}
	if refusal == nil || r.peeking || !isPDF(src) || fault.KindOf(refusal) != fault.KindInvalid {
		return f, err
	}
	r.copies[src.Name] = refusedCopy{source, refusal}
	return &ingest.File{Name: src.Name, Format: d.Format, Stream: func(func(*ingest.Document, error) bool) {}}, nil
}

// recall is what is remembered of the first of the headers that is known.
func (r *run) recall(ctx context.Context, headers [][]string) (m Mapping, found bool, err error) {
	if len(headers) == 0 {
		return m, false, nil
	}
	err = r.d.Read(ctx, func(tx *db.Tx) error {
		for _, header := range headers {
			if m, err = Recall(ctx, tx, r.scope, r.o.Source, header); !errors.Is(err, fault.ErrNotFound) {
				found = err == nil
				return err
			}
		}
		return nil
	})
	return m, found, err
}

// headersOf are what the names of the columns of a table may be: those that were
// understood or, where none were, each of the rows that it begins with.
func headersOf(f *ingest.File, err error) (list [][]string) {
	if f != nil && err == nil {
		if f.Err == nil && f.Header != nil {
			return [][]string{f.Header}
		}
		err = f.Err
	}
	var ask *ingest.Ask
	if !errors.As(err, &ask) {
		return nil
	}
	names := make([]string, len(ask.Columns))
	for i, c := range ask.Columns {
		names[i] = cmp.Or(c.Name, "Colonne "+strconv.Itoa(c.Index)) // as a table without names calls them
		for row, cell := range c.Samples {
			for len(list) <= row {
				list = append(list, make([]string, len(ask.Columns)))
			}
			list[row][i] = cell
		}
	}
	return append([][]string{names}, list...)
}
