package cash

import (
	"context"
	"maps"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

// tie is the documents of the books that are the money of an entry, and how much
// of it each is.
type tie struct {
	customer string
	parts    []part
	free     bool // one payment that no invoice has taken yet
	named    bool // the entry names what it was set against
}

func (t *tie) documents() []string {
	if t == nil {
		return nil
	}
	return things(t.parts, roleLink)
}

// How far apart in days the same money may be in the accounting files and at the
// bank: what was entered by hand, and what a list showed to be settled later.
const (
	nearby    = 10
	notedLate = 60
)

// link plans the tie of an entry to documents that are there.
func (b *books) link(e bank.Kept, t *tie, x match.Explanation) *booking {
	x.Customer = t.customer
	k := &booking{
		entry: e, customers: []string{t.customer}, parts: t.parts, numbers: map[string]string{},
		app: Application{ID: b.newID("app"), Entry: e.ID, Kind: LinkKind, Explanation: x, By: b.actor},
	}
	for id, d := range b.docs {
		k.numbers[id] = d.Number
		if d.Customer != t.customer && slices.Contains(t.documents(), id) && !slices.Contains(k.customers, d.Customer) {
			k.customers = append(k.customers, d.Customer)
		}
	}
	return k
}

// Link says that an entry is money which the books have already, by those
// documents: payments for what came in, refunds for what left. It needs Work.
func Link(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string, documents ...string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	l, err := forWork(ctx, tx, s, entry, Open, Aside)
	if err != nil {
		return err
	}
	b, err := load(ctx, tx, s, slices.Clone(documents))
	if err != nil {
		return err
	}
	taken, err := linkedOf(ctx, tx, s, documents)
	if err != nil {
		return err
	}
	t, left := &tie{}, l.Entry.Amount.Abs()
	for _, id := range documents {
		d := b.docs[id]
		if d == nil {
			return fault.NotFound("pièce %.60s", id)
		}
		if err := mayLink(l.Entry, *d); err != nil {
			return err
		}
		some := money.Min(left, d.Amount.Sub(money.New(taken[id], d.Amount.Currency)))
		if some.Sign() <= 0 {
			return fault.Conflictf("%s est déjà l’argent d’une autre opération", d.Number)
		}
		t.parts, left = append(t.parts, part{id, roleLink, some.Minor}), left.Sub(some)
		if t.customer == "" {
			t.customer = d.Customer
		}
	}
	if left.Sign() > 0 {
		return fault.Invalidf("documents", "il manque %s pour faire le montant de l’opération", left.Format("fr"))
	}
	return write(ctx, tx, s, Linked, []*booking{b.link(l.Entry, t, match.Explanation{})})
}

func mayLink(e bank.Kept, d ledger.Document) error {
	refund := d.Kind == ledger.Invoice && d.Nature == ledger.Refund
	switch {
	case d.Amount.Currency != e.Amount.Currency:
		return fault.Invalidf("currency", "%s n’est pas en %s", d.Number, e.Amount.Currency)
	case d.Source == Source:
		return fault.Invalidf("documents", "%s vient déjà de la banque", d.Number)
	case e.Amount.Sign() > 0 && d.Kind != ledger.Payment, e.Amount.Sign() < 0 && !refund:
		return fault.Invalidf("documents", "%s n’est pas un mouvement d’argent de ce sens", d.Number)
	}
	return nil
}

// linkedOf is how much of documents entries are tied to.
func linkedOf(ctx context.Context, tx *db.Tx, s creditor.Scope, documents []string) (map[string]int64, error) {
	taken := map[string]int64{}
	type sum struct {
		id    string
		minor int64
	}
	for some := range slices.Chunk(documents, 500) {
		var w db.Where
		w.And("p.creditor_id = ?", s.Creditor)
		db.In(&w, "p.thing_id", some)
		w.And("p.kind = 'link'")
		w.And("a.undone_at IS NULL")
		list, err := db.All(ctx, tx, func(r db.Row) (v sum, err error) { return v, r.Scan(&v.id, &v.minor) }, `
			SELECT p.thing_id, CAST(sum(p.amount) AS BIGINT)
			FROM cash_part p
			JOIN cash_application a ON a.creditor_id = p.creditor_id AND a.id = p.application_id`+w.SQL()+`
			GROUP BY p.thing_id`, w.Args...)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			taken[v.id] += v.minor
		}
	}
	return taken, nil
}

// moneyOf are the movements of money that the accounting files brought, by what
// they come to, with what no entry is tied to yet.
type moneyOf struct {
	byAmount map[money.Amount][]*moved
	noted    map[string][]*moved // what a list showed to be settled, by invoice
	all      map[string]*moved
	ix       *match.Index // of the invoices of these
}

// moved is a payment, or a refund, that a file brought.
type moved struct {
	ledger.Document
	left    int64
	numbers []string // of the invoices that it was set against
}

// bookedMoney reads the movements between two days.
func (n *snapshot) bookedMoney(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to cal.Date) (*moneyOf, error) {
	m := &moneyOf{byAmount: map[money.Amount][]*moved{}, noted: map[string][]*moved{}, all: map[string]*moved{}}
	docs, err := ledger.MoneyBetween(ctx, tx, s, from.Add(-nearby), to.Add(notedLate), Source)
	if err != nil || len(docs) == 0 {
		return m, err
	}
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	taken, err := linkedOf(ctx, tx, s, ids)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		v := &moved{Document: d, left: d.Amount.Minor - taken[d.ID]}
		if v.left <= 0 {
			continue
		}
		m.all[d.ID] = v
		signed := d.Amount
		if d.Kind == ledger.Invoice {
			signed = signed.Neg()
		}
		if d.Nature != ledger.Noted {
			m.byAmount[signed] = append(m.byAmount[signed], v)
		}
	}
	return m, n.against(ctx, tx, s, m)
}

// against finds what the movements were set against, and makes the index of what
// lists showed to be settled.
func (n *snapshot) against(ctx context.Context, tx *db.Tx, s creditor.Scope, m *moneyOf) error {
	links, err := ledger.Links(ctx, tx, s, slices.Sorted(maps.Keys(m.all)))
	if err != nil {
		return err
	}
	live := map[string]bool{}
	for _, id := range standing(links) {
		live[id] = true
	}
	var invoices []string
	for _, l := range links {
		if live[l.ID] {
			invoices = append(invoices, l.Invoice)
		}
	}
	slices.Sort(invoices)
	found, err := ledger.WithIDs(ctx, tx, s, slices.Compact(invoices))
	if err != nil {
		return err
	}
	docs := map[string]ledger.Document{}
	for _, d := range found {
		docs[d.ID] = d
	}
	for _, l := range links {
		v := m.all[l.Credit]
		if !live[l.ID] || v == nil {
			continue
		}
		if docs[l.Invoice].Nature == ledger.Noted { // that much of what a list showed has given way
			v.left -= l.Amount.Minor
			continue
		}
		v.numbers = append(v.numbers, docs[l.Invoice].Number)
		if v.Nature == ledger.Noted {
			m.noted[l.Invoice] = append(m.noted[l.Invoice], v)
		}
	}
	n.indexNoted(m, docs)
	return nil
}

// indexNoted makes the index in which what a list showed to be settled is open.
func (n *snapshot) indexNoted(m *moneyOf, docs map[string]ledger.Document) {
	if len(m.noted) == 0 {
		return
	}
	var items []match.Item
	for _, id := range slices.Sorted(maps.Keys(m.noted)) {
		d := docs[id]
		d.Open = money.Zero(d.Amount.Currency)
		for _, v := range m.noted[id] {
			d.Open.Minor += v.left
		}
		if i, ok := n.item(d); ok {
			items = append(items, i)
		}
	}
	m.ix = match.NewIndex(match.Rules{}, each(items), each(n.people), each(n.known), each([]match.Refused(nil)))
}

// twin is the movement that the accounting files brought which is an entry's
// money: of its amount, within days of it, of a customer whom the entry points to.
func (r *run) twin(e bank.Kept, a match.Answer) *tie {
	var best []*moved
	far := nearby + 1
	for _, v := range r.money.byAmount[e.Amount] {
		days := e.On.Sub(v.Issued)
		days = max(days, -days)
		if v.left != v.Amount.Minor || days > nearby || days > far || !r.points(e, a, v) {
			continue
		}
		if days < far {
			best, far = nil, days
		}
		best = append(best, v)
	}
	if len(best) == 0 || slices.ContainsFunc(best, func(v *moved) bool { return v.Customer != best[0].Customer }) {
		return nil
	}
	v := best[0]
	for _, o := range best { // of two that are alike, the one that the entry names
		if names(e, o.numbers) {
			v = o
		}
	}
	return &tie{
		customer: v.Customer, parts: []part{{v.ID, roleLink, v.Amount.Minor}}, free: v.Open == v.Amount,
		named: names(e, v.numbers),
	}
}

// points tells whether an entry points to the customer of a movement: by an
// account or a name that has paid for that customer alone, by the customer's own
// name, by what the movement was set against, or by what matching found.
func (r *run) points(e bank.Kept, a match.Answer, v *moved) bool {
	for _, key := range keys(e.Entry) {
		if of := r.snapshot.memory[key]; len(of) == 1 && of[0] == v.Customer {
			return true
		}
	}
	const half = 5000
	if len(a.Explanations) > 0 && a.Explanations[0].Customer == v.Customer && a.Explanations[0].Confidence >= half {
		return true
	}
	name := squeeze(r.snapshot.names[v.Customer])
	return len(name) >= shortest && strings.Contains(words(e), name) || names(e, v.numbers)
}

// words are all that an entry says, squeezed.
func words(e bank.Kept) string {
	parts := []string{e.Party.Name, e.Ultimate.Name, e.Label}
	parts = slices.Concat(parts, e.Texts, e.Structured, []string{e.EndToEnd})
	return squeeze(strings.Join(parts, "|"))
}

// names tells whether an entry names one of the numbers.
func names(e bank.Kept, numbers []string) bool {
	text := words(e)
	return slices.ContainsFunc(numbers, func(n string) bool {
		n = squeeze(n)
		return len(n) >= shortest && strings.ContainsAny(n, "0123456789") && strings.Contains(text, n)
	})
}

// settled is what a list showed to be settled that is an entry's money: the whole
// of it, named as surely as what the rule allocates, within the days that a list
// may be late.
func (r *run) settled(e bank.Kept) (*tie, match.Explanation) {
	var none match.Explanation
	if r.money.ix == nil {
		return nil, none
	}
	a := r.money.ix.Explain(entryOf(e))
	if len(a.Explanations) == 0 || !a.Unique || a.Explanations[0].Confidence < r.least {
		return nil, none
	}
	x := a.Explanations[0]
	if len(x.Lines) == 0 || len(x.Adjustments) > 0 || !x.Remainder.IsZero() {
		return nil, none
	}
	t := &tie{customer: x.Lines[0].Customer, named: true}
	for _, l := range x.Lines {
		left := l.Amount.Minor
		for _, v := range r.money.noted[l.Item] {
			if some := min(left, v.left); some > 0 && v.Issued >= e.On.Add(-1) && v.Issued <= e.On.Add(notedLate) {
				t.parts, left = append(t.parts, part{v.ID, roleLink, some}), left-some
			}
		}
		if left != 0 || l.Amount.Sign() <= 0 {
			return nil, none
		}
	}
	return t, x
}

// use takes what an entry is tied to off what the next may be.
func (m *moneyOf) use(t *tie, x match.Explanation) {
	for _, p := range t.parts {
		if v := m.all[p.thing]; v != nil {
			v.left -= p.amount
		}
	}
	if m.ix != nil && len(x.Lines) > 0 {
		m.ix.Take(x)
	}
}
