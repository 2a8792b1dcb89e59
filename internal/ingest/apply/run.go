package apply

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

const (
	// windowRows are put in the order of their customers before they are written:
	// the indexes by customer are then filled page by page instead of all over,
	// which halves the time on SQLite. So many rows take some 40 MB.
	windowRows = 1 << 17
	// windowBytes of PDF copies end a window early.
	windowBytes = 32 << 20
	// portionRows are written in one transaction: a fifth of a second, for which
	// other writers wait, and enough to make the sync at its end cheap.
	portionRows = 4000
	// portionBytes of PDF copies end a portion early.
	portionBytes = 8 << 20
	// batchRows go from the reading goroutine to the writing one at once.
	batchRows = 500
	// lateRows without a customer may wait for the end of the run.
	lateRows = 250_000
	// attempts to write a portion that met somebody else's change.
	attempts = 3
)

// run is one import at work.
type run struct {
	d     *db.DB
	scope creditor.Scope
	o     Options
	law   law.Country
	siren string // of the creditor
	id    string
	books *books
	dir   *directory
	files []*fileRun
	met   map[uint64]place // documents that the run has met
	keys  map[uint64]string
	check *checker

	sources []ingest.Source
	sums    []string // SHA-256 of each
	digest  string   // of all of them together
	resumed bool
	peeking bool

	window      []row
	windowBytes int
	late        []row
	pending     []request
	balances    []ledger.Balance
	credits     map[ledger.Kind]bool // kinds other than invoices that the files hold
	told        map[string]bool      // customers of whom it learnt what their invoices are checked with
	cells       map[string]bool      // of rejected rows: their documents are in the file all the same
	blind       bool                 // something was rejected of which not even the cells are known
	counts      counts
	notices     notices
	copies      map[string]refusedCopy // PDFs that are no invoices, for a second turn
	done        int
	counted     int // rows done when the database last counted what it holds
}

// fileRun is a file at work.
type fileRun struct {
	run     *run
	index   uint32
	name    string
	report  *FileReport
	notices notices
	unsaved []Rejection // not written yet
	rows    int
}

func (f *fileRun) keyPrint(key string) uint64 {
	p := newPrint()
	p.number(int64(f.index))
	p.text(key)
	return uint64(p)
}

func (r *run) currency(c money.Currency) money.Currency {
	if c == "" {
		return r.o.Hints.Base()
	}
	return c
}

// Run applies files to the books of a scope and tells what it did. What a person
// can mend in a file is in the report; an error is what stopped the import as a
// whole: a *Stop when Force would let it go on. What was applied until then
// stays, and the same files given again go on from there.
func Run(ctx context.Context, d *db.DB, s creditor.Scope, o Options, sources ...ingest.Source) (rep Report, err error) {
	defer fault.Wrap(&err, "import")
	if err := s.Need(creditor.Work); err != nil {
		return rep, err
	}
	o.complete(cal.Of(d.Now()))
	r, err := newRun(d, s, o, sources)
	if err != nil {
		return rep, err
	}
	if o.DryRun {
		r.books.shadow = newShadow()
		return r.report(r.apply(ctx))
	}
	release, ok, err := d.Exclusive(ctx, "import/"+s.Creditor)
	if err != nil {
		return rep, err
	}
	if !ok {
		return rep, fault.Conflictf("un autre import est en cours dans cette société\u00a0: attendez qu’il finisse")
	}
	defer release()
	return r.recorded(ctx)
}

func newRun(d *db.DB, s creditor.Scope, o Options, sources []ingest.Source) (r *run, err error) {
	r = &run{
		d: d, scope: s, o: o, law: o.Law, sources: sources, met: map[uint64]place{}, keys: map[uint64]string{},
		credits: map[ledger.Kind]bool{}, told: map[string]bool{}, cells: map[string]bool{}, copies: map[string]refusedCopy{},
		books: &books{scope: s, source: o.Source},
	}
	if r.law == nil {
		if r.law, err = fr.New(); err != nil {
			return nil, err
		}
	}
	r.check = newChecker(r.law, o.Method)
	r.sums, r.digest, err = sums(sources)
	return r, err
}

// apply reads and applies all sources.
func (r *run) apply(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.guard(ctx, r.sources); err != nil {
		return err
	}
	if err := r.read(ctx); err != nil {
		return err
	}
	return r.end(ctx)
}

// prepare loads what the whole run needs.
func (r *run) prepare(ctx context.Context) error {
	return r.d.Read(ctx, func(tx *db.Tx) error {
		c, err := creditor.Find(ctx, tx, r.scope)
		if err != nil {
			return err
		}
		r.siren = digits(c.SIREN)
		r.dir, err = loadDirectory(ctx, tx, r.scope, r.o.Source)
		if err != nil {
			return err
		}
		r.dir.newID = func() string { return r.d.NewID("cus") }
		return nil
	})
}

// batch is what the reading goroutine hands over.
type batch struct {
	file   *ingest.File
	source int
	docs   []*ingest.Document
	errs   []error
	end    bool // of the file
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
	send := func(b batch) bool {
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
			for d, err := range f.Documents(ctx) {
				if err != nil {
					b.errs = append(b.errs, err)
				} else {
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
	f := &fileRun{run: r, index: uint32(len(r.files) + 1), name: b.file.Name}
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
		f.reject(Rejection{Line: 1, Column: 1, Reason: fmt.Sprintf("ce fichier est celui de l’entreprise %s, pas le vôtre (%s)", owner, r.siren),
			Mend: "choisissez la bonne société, ou corrigez son SIREN dans les réglages"}, len(b.docs))
		b.docs = nil
	}
	for _, d := range b.docs {
		f.rows++
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
		r.closeFile(f, b.file)
	}
	if len(r.window) >= r.o.window || r.windowBytes >= windowBytes || len(r.late) >= lateRows {
		return r.flush(ctx)
	}
	return nil
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
		f.notices.add(w.Code, w.Text, w.Line, "")
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

// flush applies the window, customer by customer.
func (r *run) flush(ctx context.Context) error {
	rows := r.window
	r.window, r.windowBytes = nil, 0
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.partyID(), b.partyID()) })
	if err := r.applyRows(ctx, rows); err != nil || len(r.late) < lateRows {
		return err
	}
	return r.endLate(ctx)
}

func (r *run) applyRows(ctx context.Context, rows []row) error {
	for len(rows) > 0 {
		n := r.portionOf(rows)
		if err := r.portion(ctx, rows[:n]); err != nil {
			return err
		}
		r.done += n
		if err := r.analyze(ctx); err != nil {
			return err
		}
		r.o.Progress(Progress{File: rows[n-1].file.name, Rows: r.rows(), Done: r.done})
		rows = rows[n:]
	}
	return nil
}

// filled are the tables that an import fills.
var filled = []string{"customer", "customer_source", "contact", "document", "allocation", "finding"}

// growth is by how much the tables have grown when their rows are counted anew.
const growth = 4

// analyze lets the database count what it holds as the run fills it, so that the
// next look-ups are planned for what is there.
func (r *run) analyze(ctx context.Context) error {
	if r.books.shadow != nil || r.done < growth*r.counted || r.done < r.o.portion {
		return nil
	}
	r.counted = r.done
	return r.d.Analyze(ctx, filled...)
}

func (r *run) rows() (n int) {
	for _, f := range r.files {
		n += f.rows
	}
	return n
}

// portionOf is how many rows one transaction takes: all of a customer's where
// that is possible, so that what settles what is seen at once.
func (r *run) portionOf(rows []row) int {
	size := 0
	for i := range rows {
		if e := rows[i].rest().electronic; e != nil && e.Attachment != nil {
			size += len(e.Attachment.Content)
		}
		full := i+1 >= r.o.portion || size >= portionBytes
		if i+1 == len(rows) || full && (rows[i+1].party != rows[i].party || i+1 >= 2*r.o.portion || size >= 2*portionBytes) {
			return i + 1
		}
	}
	return len(rows)
}

// portion plans rows and writes them in one transaction, or keeps them in the
// shadow. What changed in between is looked at again.
func (r *run) portion(ctx context.Context, rows []row) error {
	return r.transact(ctx, rows, func(tx *db.Tx) (*plan, error) { return r.plan(ctx, tx, rows) })
}

func (r *run) transact(ctx context.Context, rows []row, make func(*db.Tx) (*plan, error)) error {
	for attempt := 1; ; attempt++ {
		p, err := r.once(ctx, make)
		if err == nil {
			return r.keep(p)
		}
		met := db.IsDuplicate(err) || fault.KindOf(err) == fault.KindConflict
		if !met || attempt == attempts || ctx.Err() != nil {
			return err
		}
		if err := r.lookAgain(ctx, rows); err != nil {
			return err
		}
	}
}

func (r *run) once(ctx context.Context, make func(*db.Tx) (*plan, error)) (p *plan, err error) {
	if r.books.shadow != nil {
		err = r.d.Read(ctx, func(tx *db.Tx) error {
			p, err = make(tx)
			return err
		})
		return p, err
	}
	err = r.d.Write(ctx, func(tx *db.Tx) error {
		if p, err = make(tx); err != nil {
			return err
		}
		if err := p.write(ctx, tx); err != nil {
			return err
		}
		return r.saveRejected(ctx, tx)
	})
	return p, err
}

// lookAgain finds the customers that somebody else has made meanwhile.
func (r *run) lookAgain(ctx context.Context, rows []row) error {
	codes := map[string]*party{}
	for i := range rows {
		if p := rows[i].party; p != nil {
			p.old = true // from now on its documents are looked up
			if !p.stored {
				codes[p.code] = p
			}
		}
	}
	if len(codes) == 0 {
		return nil
	}
	list := make([]string, 0, len(codes))
	for code := range codes {
		list = append(list, code)
	}
	return r.d.Read(ctx, func(tx *db.Tx) error {
		found, err := customer.ByCode(ctx, tx, r.scope, list)
		for code, c := range found {
			p := codes[code]
			p.id, p.stored = c.ID, true
		}
		return err
	})
}

// keep takes over what a plan that was written says.
func (r *run) keep(p *plan) error {
	if r.books.shadow != nil {
		if err := r.books.shadow.absorb(p); err != nil {
			return err
		}
	}
	maps.Copy(r.met, p.met)
	maps.Copy(r.keys, p.keys)
	for _, f := range r.files {
		f.unsaved = nil // written with the plan
	}
	for _, c := range p.cards {
		c.party.stored, c.party.waiting, c.party.heard = true, false, c.heard
		for _, name := range checkedFields {
			if _, changed := c.before[name]; changed {
				r.told[c.party.id] = true
			}
		}
	}
	r.pending = append(r.pending, p.pending...)
	r.counts.allocated += p.report.allocated
	r.counts.dated += p.report.dated
	r.counts.customers.Added += p.report.customers.Added
	r.counts.customers.Changed += p.report.customers.Changed
	r.counts.customers.Contacts += p.report.customers.Contacts
	for f, t := range p.tally {
		f.add(t)
	}
	return nil
}

// add takes over what a portion adds to a file's report.
func (f *fileRun) add(t *tally) {
	rep := f.report
	rep.Added += t.added
	rep.Changed += t.changed
	rep.Unchanged += t.unchanged
	rep.Settled += t.settled
	rep.Reopened += t.reopened
	rep.Skipped += t.skipped
	for _, one := range t.rejected {
		f.list(one, 1)
	}
	for _, s := range t.skips {
		f.skip(s)
	}
	for _, n := range t.notices {
		f.notices.add(n.code, n.text, int(n.line), n.name)
	}
}

func (f *fileRun) skip(s skip) {
	for i := range f.report.Skips {
		if f.report.Skips[i].Reason == s.reason {
			f.report.Skips[i].Count++
			return
		}
	}
	f.report.Skips = append(f.report.Skips, ingest.Skip{Reason: s.reason, Count: 1, Line: int(s.line)})
}

// end applies what waited for the whole of the files.
func (r *run) end(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		r.flush, r.endLate, r.endPending, r.endChecks, r.attachCopies, r.endStock, r.endBalances,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// endLate applies the payments that only name an invoice, now that all invoices
// are known.
func (r *run) endLate(ctx context.Context) error {
	rows := r.late
	r.late = nil
	return r.applyRows(ctx, rows)
}

// sums are the SHA-256 of each source and of all of them together.
func sums(sources []ingest.Source) (each []string, digest string, err error) {
	all := sha256.New()
	for _, src := range sources {
		h := sha256.New()
		if _, err := io.Copy(h, src.Reader()); err != nil {
			return nil, "", err
		}
		sum := h.Sum(nil)
		each = append(each, hex.EncodeToString(sum))
		all.Write(binary.BigEndian.AppendUint64(sum, uint64(src.Size)))
	}
	return each, hex.EncodeToString(all.Sum(nil)), nil
}
