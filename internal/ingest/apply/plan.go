package apply

import (
	"cmp"
	"fmt"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// entry is a document while a portion is planned.
type entry struct {
	ledger.Document
	owner   *party // where a row told it
	isNew   bool
	before  *ledger.Document // as it stood, when the plan changes it
	touched bool             // it stood in the books and is not as it was
	recheck bool             // its findings are looked for again
}

// docKey names documents within the plan; several parts share one.
type docKey struct {
	customer string
	kind     ledger.Kind
	number   string
}

// work is a row on its way through the plan.
type work struct {
	*row
	entry   *entry
	added   bool
	changed bool
	dropped bool // rejected or left out: it is counted already
	goesOn  bool // a further row of a document that the file has named before
	banked  bool // the bank had brought what it tells of
}

// plan is what becomes of a portion: nothing of it is written while it is made,
// so that it can be made again when the books have moved meanwhile.
type plan struct {
	run   *run
	newID func(prefix string) string

	byID  map[string]*entry
	byKey map[docKey][]*entry
	links map[string][]*ledger.Link // by each of their documents
	has   map[attached]bool
	named map[string][]*entry // invoices by number, for rows that do not tell whose they are

	batch   ledger.Batch
	linked  []*ledger.Link // of the batch's allocations
	touched []*entry       // of the books, changed or moved
	cards   map[string]*cardPlan
	fresh   []*entry // invoices added, for their findings
	lint    map[string][]finding
	recheck []string // documents whose findings are looked for anew
	copies  []copyOf

	money  map[string][]*bankMoney // what the bank has brought, by customer
	claims []cash.Claim            // rows that tell of it for the first time
	used   map[cash.Claim]bool
	spare  map[string][]*entry // credits that nothing has taken yet, by customer

	electronic []*work // electronic invoices, for what only they tell
	met        map[uint64]place
	keys       map[uint64]string
	pending    []request
	changes    []change
	tally      map[*fileRun]*tally
	report     counts
}

// counts are what the report says of the whole import.
type counts struct {
	customers Customers
	allocated int
	dated     int
	balances  int
}

// tally is what a portion adds to the report of a file.
type tally struct {
	added, changed, unchanged, settled, reopened, skipped int
	rejected                                              []Rejection
	skips                                                 []skip
	notices                                               []notice
}

type skip struct {
	reason string
	line   int32
}

type notice struct {
	code, text, name string
	line             int32
}

// place is where a run met a document, or a row that it refused, and what the row
// says of it.
type place struct {
	file  uint32
	line  int32
	whole bool  // without a due date: it speaks of the number as a whole
	told  bool  // what is left is told
	left  int64 // so much
}

func (p *plan) of(f *fileRun) *tally {
	t := p.tally[f]
	if t == nil {
		t = &tally{}
		p.tally[f] = t
	}
	return t
}

func (p *plan) reject(w *work, reason, mend string) {
	w.dropped = true
	t := p.of(w.file)
	t.rejected = append(t.rejected, Rejection{
		Line: int(w.line), Column: max(w.rest().column, 1), Reason: reason, Mend: mend, Cells: fillCells(w.row),
	})
}

func (p *plan) skip(w *work, reason string) {
	w.dropped = true
	t := p.of(w.file)
	t.skipped++
	t.skips = append(t.skips, skip{reason, w.line})
}

func (p *plan) warn(r *row, code, text string) {
	t := p.of(r.file)
	t.notices = append(t.notices, notice{code, text, r.number, r.line})
}

// metAt is where the run met the document before.
func (p *plan) metAt(d *ledger.Document) (place, bool) {
	key := printOfDocument(d.Customer, d.Kind, d.Number, d.Part)
	if at, ok := p.met[key]; ok {
		return at, true
	}
	at, ok := p.run.met[key]
	return at, ok
}

// meet remembers where the file names a document, refused as the row may be:
// no other row of the file is about it.
func (p *plan) meet(w *work) {
	e := w.entry
	if !w.goesOn {
		p.met[printOfDocument(e.Customer, e.Kind, e.Number, e.Part)] = w.place()
	}
	if key := w.rest().key; key != "" {
		p.keys[w.file.keyPrint(key)] = e.ID
	}
}

func printOfDocument(customer string, kind ledger.Kind, number, part string) uint64 {
	f := newFingerprint()
	f.text(customer)
	f.text(string(kind))
	f.text(number)
	f.text(part)
	return uint64(f)
}

// document adds or changes the document of a row.
func (p *plan) document(w *work) {
	if w.amount() < 0 {
		p.reject(w, "le montant est négatif", "")
		return
	}
	if w.amount() == 0 && w.rest().key != "" {
		p.skip(w, "montant nul") // an entry corrects none
		return
	}
	e, part, ok := p.match(w)
	switch {
	case !ok:
	case e != nil:
		w.entry, e.owner = e, w.party
		switch {
		case w.banked: // the bank's word stands
		case w.goesOn:
			p.goOn(w)
		default:
			p.update(w)
		}
		p.meet(w)
		if w.dropped && w.kind != ledger.Payment && (w.rest().key != "" || e.Due != w.due) {
			p.markAs(w.printOfAll(), w) // nor is any other row about the number, which this one took for itself
		}
	case w.amount() == 0:
		p.skip(w, "montant nul")
		if len(p.byKey[docKey{w.party.id, w.kind, w.number}]) == 0 {
			p.markAs(w.printOfAll(), w) // nothing is owed of the number
		}
	default:
		p.add(w, part)
		p.meet(w)
	}
	p.mark(w)
	if w.entry != nil && !w.dropped && w.rest().electronic != nil {
		p.electronic = append(p.electronic, w)
	}
}

// add enters a new document.
func (p *plan) add(w *work, part string) {
	m, c := w.rest(), w.currency
	d := ledger.Document{
		ID: p.newID(prefixes[w.kind]), Customer: w.party.id, Kind: w.kind, Nature: w.nature,
		Number: w.number, Part: part,
		Issued: w.issued, Due: w.dueOf(), Amount: money.New(w.amount(), c), Open: money.New(w.amount(), c),
		Order: m.order, Contract: m.contract, Preceding: m.preceding, Terms: w.terms, Label: cmp.Or(w.label, m.method),
		Source: p.run.o.Source, Import: p.run.id, Brought: w.fingerprint(),
	}
	if w.known&hasNet != 0 {
		d.Net = money.New(w.net, c)
	}
	w.entry, w.added = p.enter(d), true
	w.entry.owner = w.party
	if w.kind == ledger.Invoice {
		p.fresh = append(p.fresh, w.entry)
	}
}

var prefixes = map[ledger.Kind]string{ledger.Invoice: "inv", ledger.CreditNote: "crn", ledger.Payment: "pay"}

func (p *plan) enter(d ledger.Document) *entry {
	e := &entry{Document: d, isNew: true}
	p.batch.Documents = append(p.batch.Documents, &e.Document)
	p.know(e)
	return e
}

func (p *plan) know(e *entry) {
	p.byID[e.ID] = e
	key := docKey{e.Customer, e.Kind, e.Number}
	p.byKey[key] = append(p.byKey[key], e)
}

// dueOf is the day that the file gives, else that of the terms of the document,
// of the customer or of the creditor, else no day.
func (r *row) dueOf() cal.Date {
	if r.due != 0 || r.kind != ledger.Invoice || r.undated {
		return r.due
	}
	var terms string
	if r.party != nil {
		terms = r.party.terms
	}
	return r.file.run.check.due(r.issued, r.terms, terms, r.file.run.o.Terms)
}

// update takes over what the source says anew of a document. What an electronic
// invoice or another source says completes it and changes nothing.
func (p *plan) update(w *work) {
	e, m := w.entry, w.rest()
	if e.Amount.Currency != w.currency {
		p.reject(w, fmt.Sprintf("cette pièce est en %s dans les livres et en %s dans le fichier", e.Amount.Currency, w.currency), "")
		return
	}
	brings := w.fingerprint()
	if e.Brought == brings {
		return
	}
	next := e.Document
	said := statement{
		issued: w.issued, due: w.due, terms: w.terms, label: w.label,
		order: m.order, contract: m.contract, preceding: m.preceding,
	}
	if w.undated {
		said.issued = 0
	}
	if w.known&hasNet != 0 {
		said.net = money.New(w.net, w.currency)
	}
	if foreign := m.electronic != nil || e.Source != p.run.o.Source; foreign {
		p.contradictions(w)
		said.fill(&next)
	} else {
		said.replace(&next)
		switch {
		case w.known&hasTotal != 0:
			next.Amount.Minor = w.amount()
		case w.open > next.Amount.Minor:
			next.Amount.Minor = w.open
		}
		next.Brought = brings
	}
	if w.kind == ledger.Payment {
		next.Preceding = namesToo(e.Preceding, m.preceding)
	}
	p.change(w, next)
}

// goOn adds what a further row of a payment names to what it names: so the row
// finds its payment again the next time.
func (p *plan) goOn(w *work) {
	next := w.entry.Document
	next.Preceding = namesToo(next.Preceding, w.rest().preceding)
	p.change(w, next)
}

// date gives an invoice that is open the due date that follows from the terms
// known by now.
func (p *plan) date(w *work) {
	e := w.entry
	if e.Kind != ledger.Invoice || e.Due != 0 || e.Open.IsZero() {
		return
	}
	next := e.Document
	next.Due = w.dueOf()
	p.change(w, next)
}

// change puts a document's new state in the place of the old.
func (p *plan) change(w *work, next ledger.Document) {
	e := w.entry
	if same(&e.Document, &next) {
		return
	}
	allocated := e.Amount.Minor - e.Open.Minor
	if next.Amount.Minor < allocated {
		allocated -= min(p.noted(e), allocated-next.Amount.Minor)
	}
	if next.Amount.Minor < allocated {
		p.reject(w, fmt.Sprintf("le nouveau montant, %s, est inférieur à ce qui est déjà affecté, %s", next.Amount.Format("fr"),
			money.New(allocated, next.Amount.Currency).Format("fr")), "défaites d’abord les affectations en trop")
		return
	}
	p.free(w.row, e, e.Amount.Minor-e.Open.Minor-allocated, p.run.o.On)
	if e.before == nil && !e.isNew {
		before := e.Document
		e.before = &before
		p.touch(e)
	}
	next.Open.Minor = next.Amount.Minor - allocated
	e.Document = next
	e.recheck = e.Kind == ledger.Invoice
	w.changed = true
}

// touch remembers a document of the books that will not be as it was.
func (p *plan) touch(e *entry) {
	if !e.isNew && !e.touched {
		e.touched = true
		p.touched = append(p.touched, e)
	}
}

// contradictions tells where another source says something else.
func (p *plan) contradictions(w *work) {
	e := w.entry
	if w.known&hasTotal != 0 && w.amount() != e.Amount.Minor {
		p.warn(w.row, "amount_differs", "le montant n’est pas celui des livres\u00a0: il n’est pas repris")
	}
	if w.due != 0 && e.Due != 0 && w.due != e.Due {
		p.warn(w.row, "due_differs", "l’échéance n’est pas celle des livres\u00a0: elle n’est pas reprise")
	}
}

// statement is what a row says of a document besides its amount.
type statement struct {
	issued, due                              cal.Date
	net                                      money.Amount
	terms, label, order, contract, preceding string
}

// replace takes over all that is said; what is not said stays.
func (s *statement) replace(d *ledger.Document) {
	day := func(to *cal.Date, v cal.Date) {
		if v != 0 {
			*to = v
		}
	}
	text := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	day(&d.Issued, s.issued)
	day(&d.Due, s.due)
	if s.net.Currency != "" {
		d.Net = s.net
	}
	text(&d.Terms, s.terms)
	text(&d.Label, s.label)
	text(&d.Order, s.order)
	text(&d.Contract, s.contract)
	text(&d.Preceding, s.preceding)
}

// fill takes over what the books do not know.
func (s *statement) fill(d *ledger.Document) {
	if d.Due == 0 {
		d.Due = s.due
	}
	if d.Net.Currency == "" {
		d.Net = s.net
	}
	d.Terms, d.Label, d.Order = cmp.Or(d.Terms, s.terms), cmp.Or(d.Label, s.label), cmp.Or(d.Order, s.order)
	d.Contract, d.Preceding = cmp.Or(d.Contract, s.contract), cmp.Or(d.Preceding, s.preceding)
}

// same tells whether an import would have nothing to write.
func same(a, b *ledger.Document) bool {
	x, y := *a, *b
	x.Brought, y.Brought = 0, 0
	return x == y
}

// outcome counts a row once all has been planned.
func (p *plan) outcome(w *work) {
	t := p.of(w.file)
	switch {
	case w.dropped:
	case w.added:
		t.added++
	case w.changed:
		t.changed++
	default:
		t.unchanged++
	}
}
