package cash

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// state is which entries the list shows, as in the address.
type state string

// The states of the list.
const (
	toTreat state = ""        // wait for a person
	auto    state = "auto"    // applied by the program
	aside   state = "de-cote" // set aside, or no customer's
	treated state = "traites" // applied by a person
	all     state = "tout"
)

// states are the states in the order of their links.
var states = []state{toTreat, auto, treated, aside, all}

// tab is a part of the right-hand side.
type tab string

// The tabs.
const (
	proposed tab = ""         // what the program thinks
	invoices tab = "factures" // what is open, to pick from
	chosen   tab = "choisies" // what was picked, with its amounts
)

// asked is what the address of the page asks for.
type asked struct {
	state    state
	search   string
	whose    string // a customer's: known to be, or perhaps
	account  string
	after    string // where the page before ended
	entry    string // the chosen one
	done     string // the one that was just dealt with, to be taken back at once
	tab      tab
	customer string // whose documents the tab of invoices shows
	find     string // what is looked for among all
	picks    []picked
}

// picked is a document that was picked for the entry, with what stands in its
// fields.
type picked struct {
	item   string
	amount string // as written; empty for what fits
	rest   string // what becomes of what is left of it: an adjustment, or nothing
}

func askedOf(r *http.Request) asked { return askedIn(r.URL.Query()) }

func askedIn(q url.Values) asked {
	a := asked{
		state: state(q.Get("etat")), whose: q.Get("pour"), search: strings.TrimSpace(q.Get("q")),
		account: q.Get("compte"), after: q.Get("apres"), entry: q.Get("entree"), done: q.Get("fait"),
		tab: tab(q.Get("volet")), customer: q.Get("client"), find: strings.TrimSpace(q.Get("cherche")),
		picks: picksOf(q),
	}
	if !slices.Contains(states, a.state) {
		a.state = toTreat
	}
	if a.tab != invoices && a.tab != chosen {
		a.tab = proposed
	}
	return a
}

// maxPicks bounds how many documents one entry is set against by hand.
const maxPicks = 400

// picksOf reads the documents that a form or an address picks; one that "sans"
// names is taken out again.
func picksOf(q url.Values) (list []picked) {
	for _, item := range q["piece"] {
		known := slices.ContainsFunc(list, func(p picked) bool { return p.item == item })
		if item == "" || known || slices.Contains(q["sans"], item) || len(list) == maxPicks {
			continue
		}
		list = append(list, picked{item, strings.TrimSpace(q.Get("montant-" + item)), q.Get("reste-" + item)})
	}
	return list
}

func (a asked) filtered() bool { return a.search != "" || a.account != "" || a.whose != "" }

// list is the address of the list as it is filtered.
func (a asked) list(change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"etat": string(a.state), "q": a.search, "pour": a.whose, "compte": a.account, "apres": a.after,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	change(q)
	if len(q) == 0 {
		return "/encaissements"
	}
	return "/encaissements?" + q.Encode()
}

// same changes nothing of an address.
func same(url.Values) {}

// start is the address of the first page of the list.
func (a asked) start() string {
	a.after = ""
	return a.list(same)
}

// in is the address of the list in another state.
func (a asked) in(s state) string {
	a.state = s
	return a.start()
}

// on is the address of the page with that entry chosen.
func (a asked) on(entry string) string {
	return a.list(func(q url.Values) { q.Set("entree", entry) })
}

// turn is the address of the chosen entry at a tab, with what was picked.
func (a asked) turn(t tab, change func(url.Values)) string {
	return a.list(func(q url.Values) {
		q.Set("entree", a.entry)
		if t != proposed {
			q.Set("volet", string(t))
		}
		if a.customer != "" {
			q.Set("client", a.customer)
		}
		for _, p := range a.picks {
			q.Add("piece", p.item)
			if p.amount != "" {
				q.Set("montant-"+p.item, p.amount)
			}
			if p.rest != "" {
				q.Set("reste-"+p.item, p.rest)
			}
		}
		change(q)
	})
}

// has tells whether a document was picked.
func (a asked) has(item string) bool {
	return slices.ContainsFunc(a.picks, func(p picked) bool { return p.item == item })
}

// of is the address of the tab of invoices for a customer.
func (a asked) of(customer string) string {
	a.customer = customer
	return a.turn(invoices, same)
}
