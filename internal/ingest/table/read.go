package table

import (
	"context"
	"errors"
	"iter"

	"acquit/internal/fault"
	"acquit/internal/ingest"
)

// Read understands a sheet and makes f read it: rows gives all of them from the
// start, each time it is called. What cannot be understood is f's error.
func Read(ctx context.Context, f *ingest.File, s *Sheet, rows func() iter.Seq2[Row, error],
	h ingest.Hints,
) *ingest.File {
	p, err := understand(s, h)
	if err != nil {
		if a, ok := errors.AsType[*ingest.Ask](err); ok {
			a.File = f.Name
		}
		f.Err = mendable(err, f.Name)
		return f
	}
	f.Warnings = append(f.Warnings, p.warnings...)
	f.Understood.What = string(p.what)
	f.Understood.Sheet = s.Name
	f.Understood.HeaderLine = p.headerLine()
	f.Understood.Columns = p.shownColumns()
	f.Understood.Decimal = string(p.shown.decimal)
	f.Understood.DateOrder = p.shown.order
	for _, c := range p.columns {
		f.Header = append(f.Header, c.name)
	}
	f.Stream = p.stream(ctx, f, rows, h)
	return f
}

// Fit is how well a sheet can be read: the number of columns that are
// understood, 0 when it cannot. A workbook's best sheet is the one to read.
func Fit(s *Sheet, h ingest.Hints) int {
	p, err := understand(s, h)
	if err != nil {
		return 0
	}
	return len(p.at)
}

// mendable says a fault of the hints as one of the file.
func mendable(err error, name string) error {
	if _, ok := errors.AsType[*ingest.Ask](err); ok {
		return err
	}
	if x, ok := errors.AsType[*ingest.Rejected](err); ok {
		x.File = name
		return x
	}
	if x, ok := errors.AsType[*fault.Invalid](err); ok {
		return &ingest.Rejected{File: name, Line: x.Line, Column: x.Column, Reason: x.Message, Mend: x.Mend}
	}
	return err
}

func (p *plan) stream(
	ctx context.Context, f *ingest.File, rows func() iter.Seq2[Row, error], h ingest.Hints,
) iter.Seq2[*ingest.Document, error] {
	return func(yield func(*ingest.Document, error) bool) {
		m := p.reader(f, h)
		first := 0
		if p.header >= 0 {
			first = p.sheet.Head[p.header].Line + 1
		}
		for row, err := range rows() {
			if err != nil {
				yield(nil, err)
				return
			}
			if row.Line < first {
				continue
			}
			if d, rej := m.row(row); !give(yield, d, rej) {
				return
			}
			if row.Line%1024 == 0 && ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
		}
		if d, rej := m.ended(); !give(yield, d, rej) {
			return
		}
		m.close()
		if f.Read+f.Refused+len(f.Skipped) == 0 {
			f.Warn("vide", "le tableau n’a aucune ligne sous ses noms de colonnes")
		}
	}
}

// reader turns rows into documents: row may keep one back until the next, ended
// gives it, and close holds the whole against what the file states.
type reader interface {
	row(row Row) (*ingest.Document, *ingest.Rejected)
	ended() (*ingest.Document, *ingest.Rejected)
	close()
}

func (p *plan) reader(f *ingest.File, h ingest.Hints) reader {
	if p.what == movements {
		return newTeller(p, f, h)
	}
	return newMapper(p, f, h)
}

func (m *mapper) close() { m.control.end(m.file) }

// give hands on what came of a row, if anything; it is false when the loop is to end.
func give(yield func(*ingest.Document, error) bool, d *ingest.Document, rej *ingest.Rejected) bool {
	switch {
	case rej != nil:
		return yield(nil, rej)
	case d != nil:
		return yield(d, nil)
	}
	return true
}
