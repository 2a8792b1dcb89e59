package apply

import (
	"context"
	"slices"

	"acquit/internal/db"
	"acquit/internal/ingest"
)

// desk takes documents of one kind of one file where they belong, when that is not
// the books of money: entries of a bank, statuses of electronic invoices. It keeps
// them until there are enough for a transaction or the file ends, and reports what
// became of them as rows of the file.
type desk interface {
	take(d *ingest.Document)
	full() bool
	// flush deals with what was taken; end says that the file has no more.
	flush(ctx context.Context, end bool) error
}

// desks are the kinds of documents that go elsewhere, and where.
var desks = map[ingest.Kind]func(*fileRun) desk{
	ingest.Entry:  newEntryDesk,
	ingest.Status: func(f *fileRun) desk { return statusDesk{f} },
}

// deskOf is where a kind of document goes; nil for the books.
func (f *fileRun) deskOf(kind ingest.Kind) desk {
	made := desks[kind]
	if made == nil {
		return nil
	}
	if f.desks == nil {
		f.desks = map[ingest.Kind]desk{}
	}
	if f.desks[kind] == nil {
		f.desks[kind] = made(f)
	}
	return f.desks[kind]
}

// route gives a document to its desk, or tells that it is one of the books.
func (f *fileRun) route(ctx context.Context, d *ingest.Document) (elsewhere bool, err error) {
	at := f.deskOf(d.Kind)
	if at == nil {
		f.run.listed = true
		return false, nil
	}
	f.run.routed[d.Kind] = true
	for _, n := range d.Warnings {
		f.notices.add(n.Code, n.Text, n.Line, d.Number)
	}
	at.take(d)
	if at.full() {
		return true, at.flush(ctx, false)
	}
	return true, nil
}

// endDesks ends the desks of a file.
func (f *fileRun) endDesks(ctx context.Context) error {
	kinds := make([]ingest.Kind, 0, len(f.desks))
	for kind := range f.desks {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		if err := f.desks[kind].flush(ctx, true); err != nil {
			return err
		}
	}
	f.desks = nil
	return nil
}

// within runs what a desk does: in a transaction that keeps it, with the rows
// refused so far, or in a dry run in one that only reads.
func (r *run) within(ctx context.Context, plan, write func(*db.Tx) error) error {
	if r.books.shadow != nil {
		return r.d.Read(ctx, plan)
	}
	err := r.d.Write(ctx, func(tx *db.Tx) error {
		if err := plan(tx); err != nil {
			return err
		}
		if err := write(tx); err != nil {
			return err
		}
		return r.saveRejected(ctx, tx)
	})
	if err == nil {
		r.saved()
	}
	return err
}

// saved forgets the rejections that are written.
func (r *run) saved() {
	for _, f := range r.files {
		f.unsaved = nil
	}
}
