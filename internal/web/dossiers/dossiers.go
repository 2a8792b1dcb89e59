// Package dossiers is the page of a customer's dossier: how complete it is, its
// pieces, and the archives that were made of it.
package dossiers

import (
	"context"
	"net/http"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/ledger"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of dossiers.
type Pages struct {
	DB  *db.DB
	Dir string // where archives lie while they are made
}

// shownHandouts is how many past archives the page lists.
const shownHandouts = 50

// view is what the page shows.
type view struct {
	customer.Customer
	day      cal.Date
	may      bool
	route    dossier.Route
	complete dossier.Completeness
	evidence []dossier.Evidence
	handouts []dossier.Handout
	open     []ledger.Document // invoices, to say what a piece is about
	numbers  map[string]string // of all documents
	people   map[string]string // names
	kind     dossier.Kind      // chosen in the form
	problems visit.Problems
	said     map[string]string
}

// Dossier shows a customer's dossier.
func (p *Pages) Dossier(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) show(
	w http.ResponseWriter, r *http.Request, status int, problems visit.Problems, said map[string]string,
) error {
	v := visit.From(r.Context())
	page := view{
		day: v.Today, may: v.May(creditor.Work), problems: problems, said: said,
		route: routeOf(r.URL.Query().Get("voie")), kind: dossier.Kind(r.URL.Query().Get("genre")),
	}
	if k := said["genre"]; k != "" {
		page.kind = dossier.Kind(k)
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope,
			r.PathValue("id"))
	})
	if err != nil {
		return err
	}
	f := v.Frame(page.Name, page.Name, ui.SectionCustomers)
	if len(problems) > 0 {
		f.Notice = problems.Notice(f, "fichier", "genre", "jour", "note", "facture")
	}
	return visit.Show(w, r, status, dossierPage(f, page))
}

func routeOf(text string) dossier.Route {
	switch r := dossier.Route(text); r {
	case dossier.Agency, dossier.Summons:
		return r
	}
	return dossier.AnyRoute
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (err error) {
	if page.Customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return err
	}
	q := dossier.Query{Customer: id, Day: page.day, Route: page.route}
	if page.complete, err = dossier.Complete(ctx, tx, s, q); err != nil {
		return err
	}
	if page.evidence, err = dossier.EvidenceOf(ctx, tx, s, id); err != nil {
		return err
	}
	if page.handouts, err = dossier.Handouts(ctx, tx, s, id, shownHandouts); err != nil {
		return err
	}
	if err := page.gatherDocuments(ctx, tx, s); err != nil {
		return err
	}
	page.people, err = peopleOf(ctx, tx, s)
	return err
}

func (page *view) gatherDocuments(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	all, err := ledger.OfCustomers(ctx, tx, s, true, page.ID)
	page.numbers = map[string]string{}
	for _, d := range all {
		page.numbers[d.ID] = d.Number
		if d.Kind == ledger.Invoice && !d.Open.IsZero() || d.Kind == ledger.CreditNote {
			page.open = append(page.open, d)
		}
	}
	return err
}

func peopleOf(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[string]string, error) {
	members, err := user.Members(ctx, tx, s)
	names := map[string]string{}
	for _, m := range members {
		names[m.ID] = m.Name
	}
	return names, err
}

// Piece answers with the bytes of a piece, to be kept and never opened by itself.
func (p *Pages) Piece(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var e dossier.Evidence
	var content []byte
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if e, err = dossier.FindEvidence(r.Context(), tx, v.Scope, r.PathValue("id"),
			r.PathValue("piece")); err != nil {
			return err
		}
		content, err = e.Content(r.Context(), tx, v.Scope)
		return err
	})
	if err != nil {
		return err
	}
	visit.Bytes(w, e.FileName(), content)
	return nil
}
