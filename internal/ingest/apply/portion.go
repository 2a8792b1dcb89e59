package apply

import (
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/cash"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// plan reads what the rows need of the books and plans them: first what is said
// of customers, then the invoices, then what settles them, and last what the file
// says is left, so that a payment in the file is not noted a second time.
func (r *run) plan(ctx context.Context, tx *db.Tx, rows []row) (*plan, error) {
	p := r.newPlan(tx)
	list := make([]*work, 0, len(rows))
	for i := range rows {
		list = append(list, &work{row: &rows[i]})
	}
	if err := p.loadCards(ctx, tx, list); err != nil {
		return nil, err
	}
	p.hearAll(list)
	if err := p.loadNamed(ctx, tx, list); err != nil {
		return nil, err
	}
	if err := p.loadDocuments(ctx, tx, list); err != nil {
		return nil, err
	}
	if err := p.loadCopies(ctx, tx, list); err != nil {
		return nil, err
	}
	p.documents(list)
	for _, w := range list {
		switch {
		case w.dropped:
		case w.rest().fileName != "":
			p.attachNamed(w)
		case w.entry != nil:
			p.adjust(w)
			p.date(w)
			p.attach(w)
		}
	}
	for _, w := range list {
		p.outcome(w)
	}
	p.inspect(list)
	return p, nil
}

func (r *run) newPlan(tx *db.Tx) *plan {
	return &plan{
		run: r, newID: tx.NewID, byID: map[string]*entry{}, byKey: map[docKey][]*entry{},
		links: map[string][]*ledger.Link{}, cards: map[string]*cardPlan{}, met: map[uint64]place{},
		keys: map[uint64]string{}, tally: map[*fileRun]*tally{}, named: map[string][]*entry{},
		lint: map[string][]finding{}, money: map[string][]*bankMoney{}, used: map[cash.Claim]bool{},
		spare: map[string][]*entry{},
	}
}

// loadCards gets the customers of whom something is said, or who are to be made.
func (p *plan) loadCards(ctx context.Context, tx *db.Tx, list []*work) error {
	ask := map[string]*work{}
	for _, w := range list {
		switch {
		case w.party == nil || w.told == nil && w.party.stored:
		case w.party.stored:
			ask[w.party.id] = w
		case p.cards[w.party.id] == nil:
			c := &card{Customer: customer.Customer{ID: w.party.id, Code: w.party.code, Import: p.run.id}}
			p.cards[w.party.id] = p.planCard(c, w)
			p.cards[w.party.id].isNew = true
		}
	}
	if len(ask) == 0 {
		return nil
	}
	found, err := p.run.books.cards(ctx, tx, slices.Sorted(maps.Keys(ask)))
	if err != nil {
		return err
	}
	for id, c := range found {
		p.cards[id] = p.planCard(c, ask[id])
	}
	return nil
}

func (p *plan) planCard(c *card, w *work) *cardPlan {
	plan := &cardPlan{
		card: c, party: w.party, heard: w.party.heard, newID: p.newID, importID: p.run.id, oldBy: c.by,
		oldOf: c.fingerprint,
		warn: func(code, text, name string) {
			t := p.of(w.file)
			t.notices = append(t.notices, notice{code, text, name, w.line})
		},
	}
	if c.by != "" {
		plan.old = c.stored
	}
	return plan
}

// hearAll hears what the rows say of their customers; a row that is about one
// and no document counts by it.
func (p *plan) hearAll(list []*work) {
	for _, w := range list {
		c := p.cards[w.partyID()]
		if c == nil || w.told == nil {
			continue
		}
		changed := c.hear(w.told)
		if w.aboutCustomer() {
			w.added, w.changed = c.isNew && !c.counted, changed
			c.counted = true
		}
	}
	for _, c := range p.cards {
		if c.Name == "" {
			c.Name = c.Code // as the books call one without a name
		}
		c.party.learn(&c.Customer)
		switch {
		case c.isNew:
			p.report.customers.Added++
		case c.before != nil || c.tagged:
			p.report.customers.Changed++
		}
		p.report.customers.Contacts += len(c.added)
	}
}

func (r *row) partyID() string {
	if r.party == nil {
		return ""
	}
	return r.party.id
}

// aboutCustomer tells a row of a list of customers.
func (r *row) aboutCustomer() bool { return r.kind == "" && r.rest().fileName == "" }

// loadNamed finds whose the documents are that only name an invoice: payments
// without a customer, and copies.
func (p *plan) loadNamed(ctx context.Context, tx *db.Tx, list []*work) error {
	var numbers []string
	for _, w := range list {
		if w.party == nil {
			numbers = append(numbers, w.candidates()...)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	slices.Sort(numbers)
	found, err := p.run.books.invoicesNumbered(ctx, tx, slices.Compact(numbers))
	if err != nil {
		return err
	}
	for _, d := range inOrder(found) {
		p.named[d.Number] = append(p.named[d.Number], p.loaded(d))
	}
	for _, w := range list {
		if w.party == nil {
			p.claim(w)
		}
	}
	return nil
}

// candidates are the numbers of the invoice that a row without a customer may mean.
func (r *row) candidates() []string {
	if r.rest().fileName != "" {
		return numbersInName(r.more.fileName)
	}
	return numbersOf(r.rest().preceding)
}

// claim gives a payment to the customer of the invoice that it names.
func (p *plan) claim(w *work) {
	if w.rest().fileName != "" {
		return
	}
	var owner string
	for _, n := range w.candidates() {
		for _, e := range p.named[n] {
			if owner != "" && owner != e.Customer {
				p.reject(w, "plusieurs clients ont une facture "+n, "ajoutez le client sur la ligne")
				return
			}
			owner = e.Customer
		}
	}
	if w.party = p.run.dir.withID(owner); w.party == nil {
		p.reject(w, "la facture "+w.rest().preceding+" n’est pas connue et la ligne ne dit pas de quel client il s’agit",
			"ajoutez le client sur la ligne, ou importez d’abord la facture")
	}
}

func (p *plan) loaded(d ledger.Document) *entry {
	if e := p.byID[d.ID]; e != nil {
		return e
	}
	e := &entry{Document: d}
	p.know(e)
	return e
}

// loadDocuments gets the documents that the rows may mean, those that they
// settle, and their allocations where the plan may need them.
func (p *plan) loadDocuments(ctx context.Context, tx *db.Tx, list []*work) error {
	asked := map[ledger.Identity]bool{}
	ids := map[string]bool{}
	for _, w := range list {
		if w.party == nil || w.kind == "" || w.dropped {
			continue
		}
		p.askFor(asked, w.row, w.kind, w.number)
		if m := w.rest(); w.kind != ledger.Invoice && m.preceding != "" {
			for _, n := range numbersOf(m.preceding) {
				p.askFor(asked, w.row, ledger.Invoice, n)
			}
		}
		for _, s := range w.rest().settles {
			if id := p.run.keys[w.file.keyPrint(s.Key)]; id != "" {
				ids[id] = true
			}
		}
	}
	if err := p.load(ctx, tx, slices.Collect(maps.Keys(asked)), slices.Collect(maps.Keys(ids))); err != nil {
		return err
	}
	if err := p.loadLinks(ctx, tx, list); err != nil {
		return err
	}
	if err := p.loadMoney(ctx, tx, p.moneyCustomers(list)); err != nil {
		return err
	}
	return p.loadFree(ctx, tx, p.settledCustomers(list))
}

// askFor asks for a document that the books may have: one of a customer that
// they knew before, or one that this run has met.
func (p *plan) askFor(asked map[ledger.Identity]bool, r *row, kind ledger.Kind, number string) {
	_, met := p.run.met[printOfDocument(r.party.id, kind, number, "")]
	if r.party.old || met {
		asked[ledger.Identity{Customer: r.party.id, Number: number}] = true
	}
}

func (p *plan) load(ctx context.Context, tx *db.Tx, identities []ledger.Identity, ids []string) error {
	found, err := p.run.books.documents(ctx, tx, identities)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		more, err := p.run.books.withIDs(ctx, tx, ids)
		if err != nil {
			return err
		}
		found = append(found, more...)
	}
	for _, d := range inOrder(found) {
		p.loaded(d)
	}
	return nil
}

// inOrder sorts documents by when they were made: what is settled first among
// those that a row may mean must not depend on how the database finds them.
func inOrder(list []ledger.Document) []ledger.Document {
	slices.SortFunc(list, func(a, b ledger.Document) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// loadLinks gets allocations where the plan may look at them: of credits that
// are to settle something, and of documents that may have to be opened again.
func (p *plan) loadLinks(ctx context.Context, tx *db.Tx, list []*work) error {
	need := map[string]bool{}
	for _, w := range list {
		if w.party == nil || w.dropped {
			continue
		}
		left, _, told := w.asked(p.run.o.Mode)
		for _, e := range p.byKey[docKey{w.party.id, w.kind, w.number}] {
			settledByBank := p.run.banked && told && left < e.Open.Minor
			moves := w.wantsSettling() || told && left > e.Open.Minor ||
				w.known&hasTotal != 0 && w.total < e.Amount.Minor
			if settledByBank || moves && e.Amount != e.Open {
				need[e.ID] = true
			}
		}
		if w.kind == ledger.Invoice && w.rest().lettering != "" {
			p.needUsed(need, p.byKey[docKey{w.party.id, w.kind, w.number}]...)
		}
		for _, n := range numbersOf(w.rest().preceding) {
			p.needUsed(need, p.byKey[docKey{w.party.id, ledger.Invoice, n}]...)
		}
		for _, s := range w.rest().settles {
			p.needUsed(need, p.byID[p.run.keys[w.file.keyPrint(s.Key)]])
		}
	}
	return p.link(ctx, tx, slices.Sorted(maps.Keys(need)))
}

func (p *plan) needUsed(need map[string]bool, list ...*entry) {
	for _, e := range list {
		if e != nil && e.Amount != e.Open {
			need[e.ID] = true
		}
	}
}

func (p *plan) link(ctx context.Context, tx *db.Tx, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := p.run.books.links(ctx, tx, ids)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	for i := range found {
		l := &found[i]
		for _, id := range [...]string{l.Credit, l.Invoice} {
			if wanted[id] {
				p.links[id] = append(p.links[id], l)
			}
		}
	}
	return nil
}

// wantsSettling tells whether a credit says what it is for.
func (r *row) wantsSettling() bool {
	m := r.rest()
	return r.kind != ledger.Invoice && (m.preceding != "" || m.settles != nil || m.lettering != "")
}

// documents plans the invoices, those first that the books have as the row has
// them, so that no other row is taken for a correction of it; then the credits one
// by one with what each settles: a payment that a file spreads over rows is used
// up row by row.
func (p *plan) documents(list []*work) {
	var others []*work
	for _, w := range list {
		switch {
		case w.kind != ledger.Invoice || w.party == nil || w.dropped:
		case p.isThere(w):
			p.document(w)
		default:
			others = append(others, w)
		}
	}
	for _, w := range others {
		p.document(w)
	}
	credits := map[string]*work{}
	for _, w := range list {
		if w.kind == "" || w.kind == ledger.Invoice || w.party == nil || w.dropped {
			continue
		}
		p.document(w)
		if w.entry == nil || w.dropped {
			continue
		}
		credits[w.entry.ID] = w
		for _, q := range p.requests(w) {
			p.ask(q, w)
		}
	}
	for _, q := range p.lettered(list) {
		p.ask(q, credits[q.credit])
	}
}

// ask settles, or keeps the request for the end of the run.
func (p *plan) ask(q request, w *work) {
	before := len(p.batch.Allocations)
	if !p.settle(&q) {
		p.pending = append(p.pending, q)
	}
	if w != nil && len(p.batch.Allocations) > before {
		w.changed = true
	}
}
