// Package cash is the page on which payments meet what they pay: on the left the
// entries of the bank that wait for a person, on the right one of them with what
// it could pay, what is picked for it, or what was made of it.
package cash

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages under /encaissements.
type Pages struct{ DB *db.DB }

// pageRows is how many entries a page lists; countLimit is as far as they are
// counted: counting on would cost every page.
const (
	pageRows   = 50
	countLimit = 1000
)

// List shows the entries in a state, and one of them.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{asked: askedOf(r), today: v.Today, may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v) })
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, listPage(v.Frame("Encaissements", "Payments", ui.SectionCash), page))
}

func (page *view) gather(ctx context.Context, tx *db.Tx, v *visit.Visit) (err error) {
	if err := page.tell(ctx, tx, v.Scope); err != nil {
		return err
	}
	if page.accounts, err = bank.Newest(ctx, tx, v.Scope); err != nil {
		return err
	}
	if page.asked.whose != "" {
		c, err := customer.Find(ctx, tx, v.Scope, page.asked.whose)
		if err != nil {
			return err
		}
		page.whose = c.Name
	}
	lines, err := page.turn(ctx, tx, v.Scope)
	if err != nil {
		return err
	}
	if err := page.justNow(ctx, tx, v.Scope); err != nil {
		return err
	}
	id := page.asked.entry
	if id == "" {
		if len(lines) == 0 {
			return nil
		}
		id = lines[0].Entry.ID
	}
	page.chosen, err = open(ctx, tx, v, page.asked, id)
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	if page.chosen != nil {
		page.chosen.next = page.neighbour(id)
	}
	return err
}

// turn reads the page that is asked for.
func (page *view) turn(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]cash.Line, error) {
	f := page.asked.filter()
	f.Limit = pageRows + 1
	lines, err := cash.List(ctx, tx, s, f)
	if err == nil && len(lines) == 0 && f.After.ID != "" { // the last page is done: back to what is left
		page.asked.after, f.After = "", cash.Place{}
		lines, err = cash.List(ctx, tx, s, f)
	}
	if err != nil {
		return nil, err
	}
	if len(lines) > pageRows {
		page.beyond = lines[pageRows].Entry.ID
		lines = lines[:pageRows]
		last := lines[pageRows-1].Place(f.Order)
		page.next = page.asked.list(func(q url.Values) { q.Set("apres", last.String()) })
	}
	page.rows, err = rowsOf(ctx, tx, s, lines)
	return lines, err
}

// filter is what the address asks of the entries.
func (a asked) filter() cash.Filter {
	f := cash.Filter{Customer: a.whose, Account: a.account, Text: a.search, After: cash.PlaceOf(a.after)}
	switch a.state {
	case toTreat:
		f.States = []cash.State{cash.Open}
	case auto:
		f.States = []cash.State{cash.Auto}
	case treated:
		f.States = []cash.State{cash.Applied, cash.Linked, cash.Returned}
	case aside:
		f.States = []cash.State{cash.Aside}
	}
	return f
}

// rowsOf are entries as the list shows them.
func rowsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, lines []cash.Line) ([]row, error) {
	var items, who []string
	for _, l := range lines {
		who = append(who, l.Customer)
		for _, x := range l.Proposals {
			who = append(who, x.Customer)
			for _, one := range x.Lines {
				items = append(items, one.Item)
			}
		}
	}
	names, err := customer.ByID(ctx, tx, s, who)
	if err != nil {
		return nil, err
	}
	documents, err := documentsOf(ctx, tx, s, items)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(lines))
	for i, l := range lines {
		rows[i] = rowOf(l)
		l.Proposals = standing(l.Proposals, documents)
		rows[i].hint = hintOf(l, names, documents)
		if len(l.Proposals) > 0 {
			rows[i].sure = l.Proposals[0].Confidence
		}
	}
	return rows, nil
}

func rowOf(l cash.Line) row {
	e := l.Entry
	return row{
		id: e.ID, on: e.On, amount: e.Amount, who: ui.Payer(e.Entry), wording: ui.Wording(e.Entry), means: e.Means,
		state: l.State,
	}
}

// hintOf is whose money is thought, or known, to be in an entry, and for what.
func hintOf(l cash.Line, names map[string]customer.Customer, documents map[string]ledger.Document) string {
	switch {
	case l.State == cash.Aside || l.State == cash.Returned && l.Reason != "":
		return l.Reason
	case l.State != cash.Open:
		return short(names[l.Customer].Name, l.Numbers())
	case len(l.Proposals) == 0:
		return ""
	}
	var numbers []string
	for _, x := range l.Proposals[0].Lines {
		if number := documents[x.Item].Number; !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return short(names[l.Proposals[0].Customer].Name, numbers)
}

// short is a name and a few numbers.
func short(name string, numbers []string) string {
	const few = 3
	if len(numbers) > few {
		numbers = append(numbers[:few:few], "…")
	}
	if len(numbers) == 0 {
		return "→ " + name
	}
	return "→ " + name + ", " + strings.Join(numbers, ", ")
}

func documentsOf(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (map[string]ledger.Document, error) {
	list, err := ledger.WithIDs(ctx, tx, s, ids)
	byID := make(map[string]ledger.Document, len(list))
	for _, d := range list {
		byID[d.ID] = d
	}
	return byID, err
}

// tell counts what waits and what was done.
func (page *view) tell(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	var err error
	if page.waiting, err = cash.Waiting(ctx, tx, s); err != nil {
		return err
	}
	page.open, err = cash.Count(ctx, tx, s, cash.Open, countLimit)
	return err
}

// justNow reads the entry that was dealt with a moment ago.
func (page *view) justNow(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if page.asked.done == "" {
		return nil
	}
	l, err := cash.Find(ctx, tx, s, page.asked.done)
	if errors.Is(err, fault.ErrNotFound) || err == nil && l.State == cash.Open {
		return nil
	}
	if err != nil {
		return err
	}
	rows, err := rowsOf(ctx, tx, s, []cash.Line{l})
	if err == nil {
		page.just = &rows[0]
	}
	return err
}

// neighbour is the entry to look at after id: the next in the list, on this page
// or the following, or the one before at its end.
func (page view) neighbour(id string) string {
	i := slices.IndexFunc(page.rows, func(r row) bool { return r.id == id })
	switch {
	case i < 0 && len(page.rows) > 0:
		return page.rows[0].id
	case i+1 < len(page.rows):
		return page.rows[i+1].id
	case page.beyond != "":
		return page.beyond
	case i > 0:
		return page.rows[i-1].id
	}
	return ""
}

// context is what a part of the page needs to know of the page.
func (page view) context(id string) string {
	_, query, _ := strings.Cut(page.asked.list(func(q url.Values) { q.Set("suivant", page.neighbour(id)) }), "?")
	return query
}

// first is the address of the first page, where this is another.
func (page view) first() string {
	if page.asked.after == "" {
		return ""
	}
	return page.asked.start()
}

// Entry shows one entry: as a part of the page to a script, else the whole page
// with it chosen.
func (p *Pages) Entry(w http.ResponseWriter, r *http.Request) error {
	v, a := visit.From(r.Context()), askedOf(r)
	if !visit.Partial(r) {
		return visit.Go(w, r, a.on(r.PathValue("id")))
	}
	a.entry = r.PathValue("id")
	var one *panel
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		one, err = open(r.Context(), tx, v, a, a.entry)
		return err
	})
	if err != nil {
		return err
	}
	one.next = r.URL.Query().Get("suivant")
	return visit.Show(w, r, http.StatusOK, panelPart(v.Frame("Encaissements", "Payments", ui.SectionCash), *one))
}
