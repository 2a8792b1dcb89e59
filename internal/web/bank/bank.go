// Package bank is the pages of what banks say: accounts and how new their word
// is, statements and whether they follow one another, entries as they came.
package bank

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/freshness"
	"acquit/internal/setting"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages under /banque.
type Pages struct{ DB *db.DB }

// shown is how many statements the first page lists, and a page of statements.
const (
	shown          = 8
	statementsRows = 50
)

// front is what the first page shows.
type front struct {
	today    cal.Date
	accounts []bank.Source
	gaps     []bank.Gap
	last     []bank.Listed
	stale    map[string]bool // accounts whose age keeps messages back
	retired  map[string]bool // accounts that are waited for no more
	may      bool
}

// balances are the balances that the statements of an account stated last, one a
// currency.
func (page front) balances(source string) []bank.Balance {
	var list []bank.Balance
	for _, st := range page.last {
		if st.Source != source || st.Closing == nil || st.Kind != bank.Booked {
			continue
		}
		i := slices.IndexFunc(list, func(b bank.Balance) bool { return b.Amount.Currency == st.Currency })
		switch {
		case i < 0:
			list = append(list, *st.Closing)
		case list[i].On < st.Closing.On:
			list[i] = *st.Closing
		}
	}
	return list
}

// Front shows the accounts, where to drop statements, and the last of them.
func (p *Pages) Front(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := front{today: v.Today, may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v.Scope) })
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, frontPage(v.Frame("Banque", "Bank", ui.SectionBank), page))
}

func (page *front) gather(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if page.accounts, err = bank.Newest(ctx, tx, s); err != nil {
		return err
	}
	if page.gaps, err = bank.Chain(ctx, tx, s, ""); err != nil {
		return err
	}
	if err := page.ages(ctx, tx, s); err != nil {
		return err
	}
	page.last, err = bank.Statements(ctx, tx, s, "", "", statementsRows)
	return err
}

// ages tells which accounts are too old for messages to leave by themselves, and
// which are waited for no more.
func (page *front) ages(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	used, err := freshness.Of(ctx, tx, s, values)
	if err != nil {
		return err
	}
	gone, err := freshness.Gone(ctx, tx, s, values)
	page.stale, page.retired = map[string]bool{}, map[string]bool{}
	for _, one := range used {
		page.stale[one.Name] = one.Kind == freshness.Bank && one.Stale(tx.Now)
	}
	for _, g := range gone {
		page.retired[g.Name] = g.Kind == freshness.Bank
	}
	return err
}

// statementsView is what the list of statements shows.
type statementsView struct {
	account  string
	list     []bank.Listed
	accounts []bank.Source
	first    string
	next     string
}

// Statements lists the statements, the last taken in first.
func (p *Pages) Statements(w http.ResponseWriter, r *http.Request) error {
	v, q := visit.From(r.Context()), r.URL.Query()
	page := statementsView{account: q.Get("compte")}
	address := func(before string) string {
		return "/banque/releves?" + url.Values{"compte": {page.account}, "apres": {before}}.Encode()
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.accounts, err = bank.Newest(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		page.list, err = bank.Statements(r.Context(), tx, v.Scope, page.account, q.Get("apres"), statementsRows+1)
		return err
	})
	if err != nil {
		return err
	}
	if len(page.list) > statementsRows {
		page.list = page.list[:statementsRows]
		page.next = address(page.list[statementsRows-1].ID)
	}
	if q.Get("apres") != "" {
		page.first = address("")
	}
	f := v.Frame("Relevés de banque", "Bank statements", ui.SectionBank)
	return visit.Show(w, r, http.StatusOK, statementsPage(f, page))
}

// Name gives an account the name that people call it.
func (p *Pages) Name(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return bank.NameSource(r.Context(), tx, v.Scope, r.PathValue("id"), r.PostFormValue("nom"))
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		visit.Tell(w, *wrong.Notice(v.Frame("", "", "")))
		return visit.Go(w, r, "/banque")
	}
	if err != nil {
		return err
	}
	v.Done(w, "Ce compte s’appelle désormais « %s ».", "This account is called “%s” from now on.", strings.TrimSpace(r.PostFormValue("nom")))
	return visit.Go(w, r, "/banque")
}
