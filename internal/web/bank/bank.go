// Package bank is the pages of what banks say: accounts and how new their word
// is, statements and whether they follow one another, entries as they came.
package bank

import (
	"net/http"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages under /banque.
type Pages struct{ DB *db.DB }

// front is what the first page shows.
type front struct {
	today    cal.Date
	accounts []bank.Source
	may      bool
}

// Front shows the accounts, where to drop statements, and the last of them.
func (p *Pages) Front(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := front{today: v.Today, may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		page.accounts, err = bank.Newest(r.Context(), tx, v.Scope)
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, frontPage(v.Frame("Banque", "Bank", ui.SectionBank), page))
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
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, "/banque")
}
