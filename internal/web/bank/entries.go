package bank

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/sheet"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// pageRows is how many entries a page lists.
const pageRows = 50

// asked is what the address of the list of entries asks for.
type asked struct {
	account  string
	search   string
	way      string // "entrees", "sorties" or both
	from, to cal.Date
	imported string
	after    bank.Place
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		account: q.Get("compte"), search: strings.TrimSpace(q.Get("q")), way: q.Get("sens"), imported: q.Get("import"),
	}
	a.from, _ = cal.Parse(q.Get("du")) // what is no day does not filter
	a.to, _ = cal.Parse(q.Get("au"))
	if day, id, ok := strings.Cut(q.Get("apres"), ","); ok {
		if on, err := cal.Parse(day); err == nil {
			a.after = bank.Place{On: on, ID: id}
		}
	}
	return a
}

// query is the address of what is asked, from its beginning, with something else.
func (a asked) query(path string, change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"compte": a.account, "q": a.search, "sens": a.way, "du": a.from.String(), "au": a.to.String(), "import": a.imported,
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

// same changes nothing of an address.
func same(url.Values) {}

func (a asked) filtered() bool {
	a.after = bank.Place{}
	return a != asked{}
}

func (a asked) filter() bank.Filter {
	return bank.Filter{
		Account: a.account, Text: a.search, From: a.from, To: a.to, In: a.way == "entrees", Out: a.way == "sorties",
		Import: a.imported, After: a.after, Pending: true,
	}
}

// entriesView is what the list of entries shows.
type entriesView struct {
	asked    asked
	list     []bank.Kept
	states   map[string]cash.State
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

// Entries lists the entries of all accounts, the newest first.
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
	if page.list, err = bank.List(ctx, tx, s, f); err != nil {
		return err
	}
	if len(page.list) > pageRows {
		page.list = page.list[:pageRows]
		last := page.list[pageRows-1]
		page.next = page.asked.query("/banque/ecritures", func(q url.Values) { q.Set("apres", last.On.String()+","+last.ID) })
	}
	page.states, err = statesOf(ctx, tx, s, page.list)
	return err
}

// statesOf are what was made of entries, by identifier.
func statesOf(ctx context.Context, tx *db.Tx, s creditor.Scope, list []bank.Kept) (map[string]cash.State, error) {
	states := map[string]cash.State{}
	if len(list) == 0 {
		return states, nil
	}
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	lines, err := cash.List(ctx, tx, s, cash.Filter{Entries: ids})
	for _, l := range lines {
		states[l.Entry.ID] = l.State
	}
	return states, err
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
		all, err := visit.Every(func(last bank.Kept) ([]bank.Kept, error) {
			q := a.filter()
			q.After = bank.Place{On: last.On, ID: last.ID}
			return bank.List(r.Context(), tx, v.Scope, q)
		})
		if err != nil {
			return err
		}
		for _, e := range all {
			t.Rows = append(t.Rows, []any{
				e.On, e.Value, accountName(accounts, e.Source), f.Means(e.Means, e.Amount.Sign() > 0), e.Party.Name, e.Party.IBAN,
				strings.Join(e.Texts, " · "), e.EndToEnd, e.BankRef, string(e.Amount.Currency), e.Amount,
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
			f.Say("Référence de bout en bout", "End-to-end reference"), f.Say("Référence de la banque", "Bank reference"),
			f.Say("Devise", "Currency"), f.Say("Montant", "Amount"),
		},
	}
}
