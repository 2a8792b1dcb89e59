package bank

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/money"
	"acquit/internal/sheet"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// pageRows is how many entries a page lists.
const pageRows = 50

// asked is what the address of the list of entries asks for.
type asked struct {
	account     string
	search      string
	way         string // "entrees", "sorties" or both
	state       cash.State
	from, to    cal.Date
	least, most string // amounts, as written
	imported    string
	order       cash.Order
	rising      bool
	after       cash.Place
}

// orders are what the list is sorted by, as the address says it.
var orders = map[string]cash.Order{"montant": cash.ByAmount, "tiers": cash.ByPayer, "etat": cash.ByState}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		account: q.Get("compte"), search: strings.TrimSpace(q.Get("q")), way: q.Get("sens"), imported: q.Get("import"),
		least: strings.TrimSpace(q.Get("min")), most: strings.TrimSpace(q.Get("max")), order: orders[q.Get("tri")],
		rising: q.Get("ordre") == "croissant", after: cash.PlaceOf(q.Get("apres")),
	}
	if st := cash.State(q.Get("etat")); slices.Contains(cash.States(), st) {
		a.state = st
	}
	a.from, _ = cal.Parse(q.Get("du")) // what is no day does not filter
	a.to, _ = cal.Parse(q.Get("au"))
	return a
}

// query is the address of what is asked, from its beginning, with something else.
func (a asked) query(path string, change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"compte": a.account, "q": a.search, "sens": a.way, "etat": string(a.state), "du": a.from.String(),
		"au": a.to.String(), "min": a.least, "max": a.most, "import": a.imported, "tri": a.orderWord(),
		"ordre": a.risingWord(),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	change(q)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (a asked) orderWord() string {
	for word, o := range orders {
		if o == a.order {
			return word
		}
	}
	return ""
}

func (a asked) risingWord() string {
	if a.rising {
		return "croissant"
	}
	return ""
}

// sorted is the address of the list by a column: the other way round where it is
// the one already, else as people look for it first.
func (a asked) sorted(o cash.Order) string {
	a.rising = a.order == o && !a.rising || a.order != o && o == cash.ByPayer
	a.order = o
	return a.query("/banque/ecritures", same)
}

// direction is which way the list is sorted, for its heads.
func (a asked) direction() string {
	if a.rising {
		return "ascending"
	}
	return "descending"
}

// same changes nothing of an address.
func same(url.Values) {}

func (a asked) filtered() bool {
	a.after, a.order, a.rising = cash.Place{}, "", false
	return a != asked{}
}

// narrowed tells whether one of the fields that are folded away filters.
func (a asked) narrowed() bool {
	return a.way != "" || a.least != "" || a.most != "" || !a.from.IsZero() || !a.to.IsZero()
}

// wrong is what cannot be read of what is asked, by the name of its field.
func (a asked) wrong() (field string) {
	for _, x := range [][2]string{{"min", a.least}, {"max", a.most}} {
		if _, ok := minorOf(x[1]); !ok {
			return x[0]
		}
	}
	return ""
}

// minorOf reads an amount that a list is narrowed by; what is none does not.
func minorOf(text string) (minor int64, ok bool) {
	if text == "" {
		return 0, true
	}
	a, err := money.ParseHuman(text, money.EUR, money.Hints{Decimal: ','})
	return a.Abs().Minor, err == nil
}

func (a asked) filter() cash.Filter {
	f := cash.Filter{
		Account: a.account, Text: a.search, From: a.from, To: a.to, In: a.way == "entrees", Out: a.way == "sorties",
		Import: a.imported, Order: a.order, Rising: a.rising, After: a.after, Counts: true,
	}
	f.Least, _ = minorOf(a.least)
	f.Most, _ = minorOf(a.most)
	if a.state != "" {
		f.States = []cash.State{a.state}
	}
	return f
}

// entriesView is what the list of entries shows.
type entriesView struct {
	asked    asked
	list     []cash.Line
	accounts []bank.Source
	next     string
}

// first is the address of the first page, where this is another.
func (page entriesView) first() string {
	if page.asked.after.ID == "" {
		return ""
	}
	return page.asked.query("/banque/ecritures", same)
}

// file is the address of the list as a file of that name.
func (page entriesView) file(name string) string {
	return page.asked.query("/banque/fichier/"+name, same)
}

// Entries lists the entries of all accounts, the newest first or as a column sorts.
func (p *Pages) Entries(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := entriesView{asked: askedOf(r)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.accounts, err = bank.Newest(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		return page.turn(r.Context(), tx, v.Scope)
	})
	if err != nil {
		return err
	}
	f := v.Frame("Écritures de banque", "Bank entries", ui.SectionBank)
	return visit.Show(w, r, http.StatusOK, entriesPage(f, page))
}

func (page *entriesView) turn(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	f := page.asked.filter()
	f.Limit = pageRows + 1
	if page.list, err = cash.List(ctx, tx, s, f); err != nil {
		return err
	}
	if len(page.list) > pageRows {
		page.list = page.list[:pageRows]
		last := page.list[pageRows-1].Place(f.Order)
		page.next = page.asked.query("/banque/ecritures", func(q url.Values) { q.Set("apres", last.String()) })
	}
	return nil
}

// File is the entries as a table to keep.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v, a := visit.From(r.Context()), askedOf(r)
	f := v.Frame("Écritures de banque", "Bank entries", ui.SectionBank)
	return p.DB.Read(r.Context(), func(tx *db.Tx) error {
		accounts, err := bank.Newest(r.Context(), tx, v.Scope)
		if err != nil {
			return err
		}
		t := sheetHead(f)
		all, err := visit.Every(func(last cash.Line) ([]cash.Line, error) {
			q := a.filter()
			q.After = last.Place(q.Order)
			return cash.List(r.Context(), tx, v.Scope, q)
		})
		if err != nil {
			return err
		}
		for _, l := range all {
			e := l.Entry
			t.Rows = append(t.Rows, []any{
				e.On, e.Value, accountName(accounts, e.Source), f.Means(e.Means, e.Amount.Sign() > 0),
				e.Party.Name, e.Party.IBAN, strings.Join(e.Texts, " · "), e.EndToEnd, e.BankRef,
				string(e.Amount.Currency), e.Amount, l.State.In(f.Lang),
			})
		}
		return visit.File(w, r.PathValue("fichier"), f.Say("ecritures-de-banque", "bank-entries"), v.Lang, t)
	})
}

func sheetHead(f ui.Frame) sheet.Sheet {
	return sheet.Sheet{
		Name: f.Say("Écritures", "Entries"),
		Columns: []string{
			f.Say("Date", "Day"), f.Say("Valeur", "Value day"), f.Say("Compte", "Account"), f.Say("Moyen", "Means"),
			f.Say("Tiers", "Other side"), f.Say("Compte du tiers", "Their account"), f.Say("Libellé", "Label"),
			f.Say("Référence de bout en bout", "End-to-end reference"),
			f.Say("Référence de la banque", "Bank reference"), f.Say("Devise", "Currency"), f.Say("Montant", "Amount"),
			f.Say("État", "State"),
		},
	}
}
