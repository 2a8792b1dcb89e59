package cash

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/sheet"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// file is the address of the list as a file of that name.
func (page view) file(name string) string {
	a := page.asked
	a.after = ""
	_, query, _ := strings.Cut(a.list(same), "?")
	if query == "" {
		return "/encaissements/fichier/" + url.PathEscape(name)
	}
	return "/encaissements/fichier/" + url.PathEscape(name) + "?" + query
}

// File is the entries with what was made of them as a table to keep.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v, a := visit.From(r.Context()), askedOf(r)
	f := v.Frame("Encaissements", "Payments", ui.SectionCash)
	return p.DB.Read(r.Context(), func(tx *db.Tx) error {
		lines, err := visit.Every(func(last cash.Line) ([]cash.Line, error) {
			q := a.filter()
			q.After = last.Place(q.Order)
			return cash.List(r.Context(), tx, v.Scope, q)
		})
		if err != nil {
			return err
		}
		t := sheetHead(f)
		names, err := customersOf(r, tx, v.Scope, lines)
		if err != nil {
			return err
		}
		for _, l := range lines {
			t.Rows = append(t.Rows, cells(f, l, names)...)
		}
		return visit.File(w, r.PathValue("fichier"), f.Say("encaissements", "payments"), v.Lang, t)
	})
}

func sheetHead(f ui.Frame) sheet.Sheet {
	return sheet.Sheet{
		Name: f.Say("Encaissements", "Payments"),
		Columns: []string{
			f.Say("Date", "Day"), f.Say("Payeur", "Payer"), f.Say("Libellé", "Label"), f.Say("Devise", "Currency"),
			f.Say("Montant", "Amount"), f.Say("État", "State"), f.Say("Code client", "Customer code"),
			f.Say("Client", "Customer"), f.Say("Pièce", "Document"), f.Say("Affecté", "Applied"),
			f.Say("Motif", "Reason"),
		},
	}
}

// cells are the rows of an entry: one for each document that it settles, or one
// alone.
func cells(f ui.Frame, l cash.Line, names map[string]customer.Customer) (rows [][]any) {
	e := l.Entry
	head := []any{
		e.On, ui.Payer(e.Entry), strings.Join(e.Texts, " · "), string(e.Amount.Currency), e.Amount,
		badgeWords(f, l.State),
	}
	for _, a := range l.Allocations {
		c := names[a.Customer]
		rows = append(rows, append(slices.Clip(head), c.Code, c.Name, a.Number, a.Amount, ""))
	}
	if len(rows) == 0 {
		c := names[l.Customer]
		rows = append(rows, append(slices.Clip(head), c.Code, c.Name, "", nil, l.Reason))
	}
	return rows
}

func customersOf(
	r *http.Request, tx *db.Tx, s creditor.Scope, lines []cash.Line,
) (map[string]customer.Customer, error) {
	var ids []string
	for _, l := range lines {
		ids = append(ids, l.Customer)
		for _, a := range l.Allocations {
			ids = append(ids, a.Customer)
		}
	}
	return customer.ByID(r.Context(), tx, s, ids)
}
