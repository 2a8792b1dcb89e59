package apply

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/law"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/statute"
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

	rehearsal *bank.Rehearsal      // of a dry run: the bank entries that would have come in
	routed    map[ingest.Kind]bool // went to other desks than the books
	listed    bool                 // something is of the books

	sources []ingest.Source
	sums    []string // SHA-256 of each
	digest  string   // of all of them together
	resumed bool
	peeking bool

	banked     bool                    // the bank has brought money into the books
	claims     map[string][]cash.Claim // of a dry run, by document
	usedClaims map[cash.Claim]bool     // that rows of this run have answered to

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

	statuses []*ingest.Lifecycle // of electronic invoices, taken once all invoices are known

	source     int    // its place among the sources
	within     string // its place in an archive
	desks      map[ingest.Kind]desk
	statements []*bank.Statement        // of a bank's file, as far as it is read
	sums       map[[2]money.Amount]bool // stated and counted, of statements that do not add up
}

func (f *fileRun) keyPrint(key string) uint64 {
	p := newFingerprint()
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
	r, err := newRun(ctx, d, s, o, sources)
	if err != nil {
		return rep, err
	}
	if o.DryRun {
		r.books.shadow, r.rehearsal = newShadow(), bank.NewRehearsal()
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

func newRun(ctx context.Context, d *db.DB, s creditor.Scope, o Options, sources []ingest.Source) (r *run, err error) {
	r = &run{
		d: d, scope: s, o: o, law: o.Law, sources: sources, met: map[uint64]place{}, keys: map[uint64]string{},
		credits: map[ledger.Kind]bool{}, told: map[string]bool{}, cells: map[string]bool{},
		copies: map[string]refusedCopy{}, claims: map[string][]cash.Claim{}, usedClaims: map[cash.Claim]bool{},
		routed: map[ingest.Kind]bool{}, books: &books{scope: s, source: o.Source},
	}
	if r.law == nil {
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			r.law, err = statute.Load(ctx, tx, s)
			return err
		})
		if err != nil {
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
		if r.banked, err = cash.HasMoney(ctx, tx, r.scope); err != nil {
			return err
		}
		r.dir, err = loadDirectory(ctx, tx, r.scope, r.o.Source)
		if err != nil {
			return err
		}
		r.dir.newID = func() string { return r.d.NewID("cus") }
		return nil
	})
}

// end applies what waited for the whole of the files.
func (r *run) end(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		r.flush, r.endLate, r.endPending, r.endChecks, r.attachCopies, r.endCredits, r.endStock,
		r.endBalances, r.endStatuses,
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
