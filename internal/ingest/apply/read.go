package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// batch is what the reading goroutine hands over.
type batch struct {
	file   *ingest.File
	source int
	docs   []*ingest.Document
	errs   []error
	end    bool // of the file
	told   []toldSoFar
}

// toldSoFar is a bank's statement as far as it is read: the reading goroutine goes on
// with its own.
type toldSoFar struct {
	to  *bank.Statement // what the entries point at
	now bank.Statement
}

// statements hands over the statements of a file with its entries.
type statements struct {
	file *ingest.File
	ours map[*bank.Statement]*bank.Statement
	sent int
}

// entry points an entry at our copy of its statement.
func (s *statements) entry(e *bank.Entry) {
	if e != nil && e.Statement != nil {
		e.Statement = s.copyOf(e.Statement)
	}
}

func (s *statements) copyOf(st *bank.Statement) *bank.Statement {
	c := s.ours[st]
	if c == nil {
		c = &bank.Statement{}
		s.ours[st] = c
	}
	return c
}

// since are the statements that have changed since the last time: the one that was
// being read, and those after it.
func (s *statements) since(end bool) (list []toldSoFar) {
	if end {
		s.sent = 0 // several may have been read side by side
	}
	for i := max(0, s.sent-1); i < len(s.file.Statements); i++ {
		now := *s.file.Statements[i]
		now.Nth, now.Opening, now.Closing = i+1, copied(now.Opening), copied(now.Closing)
		list = append(list, toldSoFar{s.copyOf(s.file.Statements[i]), now})
	}
	s.sent = len(s.file.Statements)
	return list
}

func copied(b *bank.Balance) *bank.Balance {
	if b == nil {
		return nil
	}
	c := *b
	return &c
}

// read lets one goroutine understand the files while this one applies them.
func (r *run) read(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan batch, 4)
	go func() {
		defer close(batches)
		r.readAll(ctx, batches)
	}()
	at := map[*ingest.File]*fileRun{}
	for b := range batches {
		f := at[b.file]
		if f == nil {
			f = r.open(b)
			at[b.file] = f
		}
		if err := r.take(ctx, f, b); err != nil {
			stop()
			for range batches { // let the reader see that it is to stop
			}
			return err
		}
		if b.end {
			delete(at, b.file)
		}
	}
	return ctx.Err()
}

// readAll understands the sources one after the other; it ends when ctx does.
func (r *run) readAll(ctx context.Context, out chan<- batch) {
	var st statements
	send := func(b batch) bool {
		b.told = st.since(b.end)
		select {
		case out <- b:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for i, src := range r.sources {
		for f := range ingest.Files(ctx, r.drivers(i), src, r.o.Hints) {
			b := batch{file: f, source: i}
			st = statements{file: f, ours: map[*bank.Statement]*bank.Statement{}}
			for d, err := range f.Documents(ctx) {
				if err != nil {
					b.errs = append(b.errs, err)
				} else {
					st.entry(d.Entry)
					b.docs = append(b.docs, d)
				}
				if len(b.docs)+len(b.errs) >= batchRows || d != nil && d.Electronic != nil {
					if !send(b) {
						return
					}
					b = batch{file: f, source: i}
				}
			}
			b.end = true
			if !send(b) {
				return
			}
		}
	}
}

func (r *run) open(b batch) *fileRun {
	f := &fileRun{run: r, index: uint32(len(r.files) + 1), name: b.file.Name, source: b.source}
	f.within, _ = strings.CutPrefix(b.file.Name, r.sources[b.source].Name)
	f.report = &FileReport{
		File: b.file.Name, Format: b.file.Format, Rejected: []Rejection{}, Skips: []ingest.Skip{}, Warnings: []Notice{},
		SHA256: r.sums[b.source], Understood: b.file.Understood, Header: b.file.Header,
	}
	if errors.As(b.file.Err, &f.report.Asked) && f.report.Header == nil {
		for _, c := range f.report.Asked.Columns {
			f.report.Header = append(f.report.Header, c.Name)
		}
	}
	r.files = append(r.files, f)
	return f
}

// take makes rows of what was read and applies a window when it is full.
func (r *run) take(ctx context.Context, f *fileRun, b batch) error {
	for _, err := range b.errs {
		if err := f.refuse(err); err != nil {
			return err
		}
	}
	if owner := digits(b.file.Understood.SIREN); b.docs != nil && r.siren != "" && len(owner) == 9 && owner != r.siren {
		f.reject(Rejection{
			Line: 1, Column: 1,
			Reason: fmt.Sprintf("ce fichier est celui de l’entreprise %s, pas le vôtre (%s)", owner, r.siren),
			Mend:   "choisissez la bonne société, ou corrigez son SIREN dans les réglages",
		}, len(b.docs))
		b.docs = nil
	}
	f.hear(b.told)
	for _, d := range b.docs {
		f.rows++
		if elsewhere, err := f.route(ctx, d); err != nil {
			return err
		} else if elsewhere {
			continue
		}
		row, err := r.resolve(f, d)
		if err != nil {
			f.reject(*err, 1)
			continue
		}
		if row.party == nil {
			r.late = append(r.late, row)
			continue
		}
		r.window = append(r.window, row)
		if e := d.Electronic; e != nil && e.Attachment != nil {
			r.windowBytes += len(e.Attachment.Content)
		}
	}
	if b.end {
		if err := f.endDesks(ctx); err != nil {
			return err
		}
		r.closeFile(f, b.file)
	}
	if len(r.window) >= r.o.window || r.windowBytes >= windowBytes || len(r.late) >= lateRows {
		return r.flush(ctx)
	}
	return nil
}

// hear takes note of statements; one without entries has a desk all the same.
func (f *fileRun) hear(told []toldSoFar) {
	for _, s := range told {
		*s.to = s.now
		if s.to.Account.Key() == "" {
			s.to.Account.Number = f.run.o.Hints.Account
		}
		if s.now.Nth > len(f.statements) {
			f.statements = append(f.statements, s.to)
			f.deskOf(ingest.Entry)
			f.run.routed[ingest.Entry] = true
		}
	}
}

// refuse counts what the file gave instead of a document. It fails for what is
// not the file's fault.
func (f *fileRun) refuse(err error) error {
	var one *ingest.Rejected
	var invalid *fault.Invalid
	switch {
	case errors.As(err, &one):
		f.reject(Rejection{Line: one.Line, Column: one.Column, Reason: one.Text(), Mend: one.Mend, Cells: one.Cells}, 1)
	case errors.As(err, &invalid):
		f.reject(Rejection{Line: invalid.Line, Column: invalid.Column, Reason: invalid.Message, Mend: invalid.Mend}, 1)
	default:
		return err
	}
	return nil
}

// reject counts a rejection that stands for some rows; it is written with the
// next portion.
func (f *fileRun) reject(one Rejection, rows int) {
	f.list(one, rows)
	f.unsaved = append(f.unsaved, one)
}

func (f *fileRun) list(one Rejection, rows int) {
	f.report.Refused += rows
	if len(f.report.Rejected) < maxListed {
		f.report.Rejected = append(f.report.Rejected, one)
	}
	if r := f.run; r.o.Mode == Stock {
		r.blind = r.blind || len(one.Cells) == 0 || len(r.cells) > maxCells
		for _, c := range one.Cells {
			r.cells[strings.TrimSpace(c)] = true
		}
	}
}

// maxCells bounds what is remembered of rejected rows; beyond, a list is too
// broken to tell what is missing from it.
const maxCells = 1_000_000

// resolve makes a row of a document and finds its customer.
func (r *run) resolve(f *fileRun, d *ingest.Document) (row, *Rejection) {
	c := &d.Customer
	c.Code = strings.TrimSpace(c.Code)
	w := newRow(f, d)
	w.number = strings.TrimSpace(w.number)
	wrong := func(reason, mend string) (row, *Rejection) {
		return row{}, &Rejection{Line: d.Line, Column: max(d.Column, 1), Reason: reason, Mend: mend}
	}
	for _, n := range d.Warnings {
		f.notices.add(n.Code, n.Text, n.Line, d.Number)
	}
	if w.rest().fileName != "" {
		return w, nil
	}
	if w.kind != "" {
		if w.kind != ledger.Invoice {
			r.credits[w.kind] = true
		}
		if w.number == "" && w.kind != ledger.Payment {
			return wrong("le numéro manque", "complétez-le, ou retirez la ligne")
		}
		if w.known&(hasTotal|hasOpen) == 0 {
			return wrong("le montant manque", "complétez-le, ou retirez la ligne")
		}
	}
	if d.Electronic != nil && (c.SIREN != "" || c.SIRET != "" || c.VATID != "") {
		c.Code = "" // what another calls its customer, perhaps (BT-46)
	}
	if w.party = r.dir.find(c, d.Electronic != nil); w.party == nil {
		w.party = r.dir.make(c)
	}
	if w.party == nil {
		if w.kind == ledger.Payment && w.rest().preceding != "" {
			w.numberless()
			return w, nil
		}
		return wrong("la ligne ne dit pas de quel client il s’agit", "complétez le code, le nom ou le SIREN du client")
	}
	if c.Code != "" && c.Code != w.party.code && d.Electronic == nil {
		r.dir.recode(w.party, c.Code)
		w.party.last = 0
	}
	if w.told = r.dir.tell(w.party, c, w.kind == ""); w.told != nil {
		w.told.fills = d.Electronic != nil
	}
	w.numberless()
	return w, nil
}

// numberless names a payment that has no reference by its day and what it pays.
func (r *row) numberless() {
	if r.number == "" && r.kind == ledger.Payment {
		r.number = strings.TrimSuffix("Encaissement "+r.issued.String()+" "+r.rest().preceding, " ")
	}
}

// closeFile takes over what is known at the end of a file.
func (r *run) closeFile(f *fileRun, file *ingest.File) {
	for _, w := range file.Warnings {
		if !f.isToldOf(w, file.Controls) {
			f.notices.add(w.Code, w.Text, w.Line, "")
		}
	}
	for _, s := range file.Skipped {
		f.report.Skipped += s.Count
		f.report.Skips = append(f.report.Skips, s)
	}
	f.report.Understood = file.Understood
	on := file.Understood.Closing
	if on == 0 {
		on = r.o.On
	}
	for _, b := range file.Balances {
		r.balances = append(r.balances, ledger.Balance{
			On: on, Account: b.Account, Customer: b.Customer, Amount: b.Amount, Import: r.id,
		})
	}
}

// isToldOf tells whether a warning is of a total that the account of the bank tells
// of already, with what to ask the bank for.
func (f *fileRun) isToldOf(w ingest.Warning, controls []ingest.Control) bool {
	return slices.ContainsFunc(controls, func(c ingest.Control) bool {
		return w.Code == ingest.ControlWarning && c.Line == w.Line && !c.Holds() &&
			f.sums[[2]money.Amount{c.Stated, c.Computed}]
	})
}
