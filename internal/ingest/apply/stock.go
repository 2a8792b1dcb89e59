package apply

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// fewItems is how many items must vanish at least before their share is looked
// at: of a handful, two thirds may well be paid in a day.
const fewItems = 10

// Stop is why a stock file was not applied. It is an error that Force overrides.
type Stop struct {
	Reason  string       `json:"reason"`
	Mend    string       `json:"mend"`
	Open    int          `json:"open"`    // items of the source
	Missing int          `json:"missing"` // that the file does not have
	Amounts []StopAmount `json:"amounts"`
}

// StopAmount is the same in money, for one currency.
type StopAmount struct {
	Open    money.Amount `json:"open"`
	Missing money.Amount `json:"missing"`
}

// Error gives the reason and how to go on.
func (s *Stop) Error() string { return s.Reason + " (" + s.Mend + ")" }

// Unwrap makes it a conflict.
func (s *Stop) Unwrap() error { return &fault.Conflict{Message: s.Error()} }

// openItem is an open invoice of the source, waiting to be met in the files.
type openItem struct {
	due      cal.Date
	amount   int64
	open     int64
	currency money.Currency
}

// guard reads the files once without applying them, when it is a full list and
// the books hold open invoices of its source: so a cut or wrong file is stopped
// before anything has changed.
func (r *run) guard(ctx context.Context, sources []ingest.Source) error {
	if r.o.Mode != Stock || r.o.Force {
		return nil
	}
	if err := r.newest(ctx); err != nil {
		return err
	}
	items, err := r.openItems(ctx)
	if err != nil || len(items) == 0 {
		return err
	}
	before := share(items)
	rows, err := r.peek(ctx, sources, items)
	if err != nil || rows == 0 && len(r.routed) > 0 {
		return err
	}
	return before.judge(share(items), rows, r.o.Vanish)
}

// newest refuses a list older than the last one: what was paid in between would
// come up again.
func (r *run) newest(ctx context.Context) error {
	var last cal.Date
	err := r.d.Read(ctx, func(tx *db.Tx) (err error) {
		last, err = lastStock(ctx, tx, r.scope, r.o.Source)
		return err
	})
	if err != nil || last <= r.o.On {
		return err
	}
	return &Stop{
		Reason: fmt.Sprintf("cette liste est du %s et la dernière reprise du %s", r.o.On.Long("fr"), last.Long("fr")),
		Mend:   "donnez une liste plus récente, ou forcez la reprise", Amounts: []StopAmount{},
	}
}

func (r *run) openItems(ctx context.Context) (map[uint64][]openItem, error) {
	items := map[uint64][]openItem{}
	err := r.d.Read(ctx, func(tx *db.Tx) error {
		return r.books.openOfSource(ctx, tx, r.o.AllSources, func(d *ledger.Document) error {
			if d.Kind == ledger.Invoice {
				key := printOfDocument(d.Customer, d.Kind, d.Number, "")
				items[key] = append(items[key], openItem{d.Due, d.Amount.Minor, d.Open.Minor, d.Amount.Currency})
			}
			return nil
		})
	})
	return items, err
}

// peek takes away the items that the files have, and tells how many rows of
// documents there are.
func (r *run) peek(ctx context.Context, sources []ingest.Source, items map[uint64][]openItem) (rows int, err error) {
	r.peeking = true
	defer func() { r.peeking = false }()
	for i, src := range sources {
		for f := range ingest.Files(ctx, r.drivers(i), src, r.o.Hints) {
			for d, err := range f.Documents(ctx) {
				switch {
				case err == nil && d.Kind == ingest.Invoice:
					rows++
					r.tick(items, d)
				case err == nil:
					if desks[d.Kind] != nil {
						r.routed[d.Kind] = true
					}
				case fault.KindOf(err) != fault.KindInvalid:
					return rows, err
				default:
					rows++ // the reading itself will say what is wrong with it
				}
			}
		}
	}
	return rows, ctx.Err()
}

func (r *run) tick(items map[uint64][]openItem, d *ingest.Document) {
	p := r.dir.find(&d.Customer, d.Electronic != nil)
	if p == nil {
		return
	}
	key := printOfDocument(p.id, ledger.Invoice, strings.TrimSpace(d.Number), "")
	list := items[key]
	at := slices.IndexFunc(list, func(i openItem) bool { return i.due == d.Due || i.amount == d.Total.Minor })
	switch {
	case len(list) <= 1:
		delete(items, key)
	case at >= 0:
		items[key] = slices.Delete(list, at, at+1)
	}
}

// shares are how many items there are and what is open on them.
type shares struct {
	count int
	open  map[money.Currency]int64
}

func share(items map[uint64][]openItem) shares {
	s := shares{open: map[money.Currency]int64{}}
	for _, list := range items {
		for _, i := range list {
			s.count++
			s.open[i.currency] += i.open
		}
	}
	return s
}

// judge stops a file that holds nothing, or of which more than a share is missing.
func (all shares) judge(missing shares, rows, percent int) error {
	if rows == 0 && missing.count > 0 {
		return all.stop(missing, "ce fichier ne contient aucune facture")
	}
	if missing.count < fewItems {
		return nil
	}
	over := beyond(int64(missing.count), int64(all.count), percent)
	for c, open := range all.open {
		over = over || beyond(missing.open[c], open, percent)
	}
	if !over {
		return nil
	}
	return all.stop(missing, fmt.Sprintf("ce fichier ferait disparaître %d des %d factures ouvertes", missing.count, all.count))
}

// beyond tells whether part is more than percent of whole; sums of a ledger are
// far from where a hundredfold would overflow.
func beyond(part, whole int64, percent int) bool { return part*100 > whole*int64(percent) }

func (all shares) stop(missing shares, reason string) *Stop {
	s := &Stop{Open: all.count, Missing: missing.count, Amounts: []StopAmount{}}
	var parts []string
	for _, c := range slices.Sorted(maps.Keys(all.open)) {
		a := StopAmount{Open: money.New(all.open[c], c), Missing: money.New(missing.open[c], c)}
		s.Amounts = append(s.Amounts, a)
		parts = append(parts, a.Missing.Format("fr")+" sur "+a.Open.Format("fr"))
	}
	s.Reason = reason + ", soit " + strings.Join(parts, " et ") + "\u00a0: il paraît incomplet"
	s.Mend = "vérifiez l’export\u00a0; s’il est juste, forcez la reprise"
	return s
}

// endStock settles what the full list does not have any more.
func (r *run) endStock(ctx context.Context) error {
	if r.o.Mode != Stock || len(r.files) == 0 {
		return nil
	}
	if len(r.routed) > 0 && !r.listed {
		return nil // a bank's statement is no list of what is open
	}
	if r.blind && !r.o.Force {
		r.notices.add("stock_unsure", "des lignes ou des fichiers n’ont pas pu être lus\u00a0: "+
			"rien n’est soldé parce qu’il manque à la liste", 0, "")
		return nil
	}
	gone, err := r.vanished(ctx)
	if err != nil {
		return err
	}
	for ids := range slices.Chunk(gone, r.o.portion) {
		err := r.transact(ctx, nil, func(tx *db.Tx) (*plan, error) { return r.settleGone(ctx, tx, ids) })
		if err != nil {
			return err
		}
	}
	return nil
}

// vanished are the open documents of the source that the run has not met, by
// customer, invoices first, in an order that does not hang on how they are found.
// Of credits only those count of which the files tell: those that came in a full
// list, or of a kind that these files hold.
func (r *run) vanished(ctx context.Context) (ids []string, err error) {
	var gone []ledger.Document
	err = r.d.Read(ctx, func(tx *db.Tx) error {
		stocks, err := stockImports(ctx, tx, r.scope)
		if err != nil {
			return err
		}
		return r.books.openOfSource(ctx, tx, r.o.AllSources, func(d *ledger.Document) error {
			_, met := r.met[printOfDocument(d.Customer, d.Kind, d.Number, d.Part)]
			told := d.Kind == ledger.Invoice || r.credits[d.Kind] || stocks[d.Import]
			if !met && told && d.Nature != ledger.Noted && !r.cells[d.Number] {
				gone = append(gone, ledger.Document{
					ID: d.ID, Customer: d.Customer, Kind: d.Kind, Number: d.Number, Part: d.Part, Due: d.Due,
				})
			}
			return nil
		})
	})
	slices.SortFunc(gone, func(a, b ledger.Document) int {
		return cmp.Or(strings.Compare(a.Customer, b.Customer), cmp.Compare(order(a), order(b)), a.Due.Sub(b.Due),
			strings.Compare(a.Number, b.Number), strings.Compare(a.Part, b.Part), strings.Compare(a.ID, b.ID))
	})
	for _, d := range gone {
		ids = append(ids, d.ID)
	}
	return ids, err
}

func order(d ledger.Document) int {
	if d.Kind == ledger.Invoice {
		return 0
	}
	return 1
}

func (r *run) settleGone(ctx context.Context, tx *db.Tx, ids []string) (*plan, error) {
	p := r.newPlan(tx)
	if err := p.load(ctx, tx, nil, ids); err != nil {
		return nil, err
	}
	gone, who := []*entry{}, map[string]bool{}
	for _, id := range ids {
		if e := p.byID[id]; e != nil && e.Open.Minor > 0 {
			gone, who[e.Customer] = append(gone, e), true
		}
	}
	if err := p.link(ctx, tx, ids); err != nil {
		return nil, err
	}
	if err := p.loadFree(ctx, tx, who); err != nil {
		return nil, err
	}
	// Where one credit is the very amount of an invoice, no other takes it first; and
	// invoices take the credits before these are said to be used.
	slices.SortStableFunc(gone, func(a, b *entry) int { return cmp.Compare(p.turn(a), p.turn(b)) })
	f := r.files[0]
	why := fmt.Sprintf("absent de %s du %s", baseName(f.name), r.o.On.Time().Format("02/01/2006"))
	for _, e := range gone {
		if amount := p.settles(&row{file: f}, e, 0); amount > 0 {
			p.note(e, amount, max(r.o.On, e.Issued), why)
			p.of(f).settled++
		}
	}
	return p, nil
}

func (p *plan) turn(e *entry) int {
	switch {
	case e.Kind != ledger.Invoice:
		return 2
	case p.exact(e):
		return 0
	}
	return 1
}

// lastStock is the day of the last full list of the source.
func lastStock(ctx context.Context, tx *db.Tx, s creditor.Scope, source string) (cal.Date, error) {
	return db.One(ctx, tx, db.Value[cal.Date], `
		SELECT max(on_day)
		FROM import
		WHERE creditor_id = $1 AND source = $2 AND mode = 'stock' AND state = 'done'`, s.Creditor, source)
}

// stockImports are the imports of full lists.
func stockImports(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[string]bool, error) {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT id
		FROM import
		WHERE creditor_id = $1 AND mode = 'stock'`, s.Creditor)
	all := map[string]bool{}
	for _, id := range list {
		all[id] = true
	}
	return all, err
}
