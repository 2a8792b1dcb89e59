package customers

import (
	"context"
	"net/http"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/letter"
	"acquit/internal/paper"
	"acquit/internal/report"
	"acquit/internal/web/visit"
)

// Statement is what a customer owes as a file, on any day: .csv, .xlsx, or a letter in .pdf.
func (p *Pages) Statement(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	on := v.Today
	if text := r.URL.Query().Get("date"); text != "" {
		var err error
		if on, err = cal.Parse(text); err != nil {
			return fault.Invalidf("date", "ce jour ne se lit pas")
		}
	}
	if r.PathValue("fichier") == "releve.pdf" {
		return p.letter(w, r, "releve-"+on.String(), func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Statement(ctx, tx, v.Scope, r.PathValue("id"), on)
		})
	}
	var st report.Statement
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		st, err = report.StatementOn(r.Context(), tx, v.Scope, r.PathValue("id"), on)
		return err
	})
	if err != nil {
		return err
	}
	name := "releve-" + st.Customer.Code + "-" + on.String()
	return visit.File(w, r.PathValue("fichier"), name, v.Lang, st.Sheet(v.Lang))
}
