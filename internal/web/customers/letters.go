package customers

import (
	"context"
	"net/http"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/web/visit"
)

// Letter is a document about a customer, as a PDF to keep: the agreement of a
// plan, the receipt of a payment, the notice to a guarantor.
func (p *Pages) Letter(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	kind, ref := r.PathValue("lettre"), r.PathValue("ref")
	writers := map[string]func(context.Context, *db.Tx) (letter.Letter, error){
		"echeancier": func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Agreement(ctx, tx, v.Scope, ref, v.Today,
				paper.Terms{Acceleration: r.URL.Query().Has("decheance")})
		},
		"quittance": func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Receipt(ctx, tx, v.Scope, ref, v.Today)
		},
		"caution": func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Inform(ctx, tx, v.Scope, ref, paper.Default, nil, v.Today)
		},
		"caution-annuelle": func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Inform(ctx, tx, v.Scope, ref, paper.Yearly, nil, v.Today)
		},
	}
	write, ok := writers[kind]
	if !ok {
		return fault.NotFound("lettre %s", kind)
	}
	return p.letter(w, r, kind+"-"+v.Today.String(), write)
}

// letter answers with a letter as a file.
func (p *Pages) letter(
	w http.ResponseWriter, r *http.Request, name string, write func(context.Context, *db.Tx) (letter.Letter, error),
) error {
	var l letter.Letter
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		l, err = write(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	pdf, err := letter.PDF(l)
	if err != nil {
		return err
	}
	visit.Attach(w, name+".pdf", "application/pdf")
	_, _ = w.Write(pdf) // the browser has gone: nobody is left to tell
	return nil
}

// addGuarantor records who answers for the customer.
func (f form) addGuarantor(ctx context.Context) (err error) {
	g := paper.Guarantor{
		Customer: f.who.ID, Name: f.said("caution-nom"), Person: f.said("caution-societe") == "",
		Street: f.said("caution-rue"), PostalCode: f.said("caution-code-postal"), City: f.said("caution-ville"),
		Language: f.who.Language,
	}
	if g.Name == "" {
		return fault.Invalidf("caution-nom", "il manque le nom de la caution")
	}
	if g.City == "" {
		return fault.Invalidf("caution-ville", "il manque l’adresse de la caution : c’est par lettre qu’on l’informe")
	}
	if g.SignedOn, err = f.day("caution-signee"); err != nil {
		return err
	}
	if g.EndsOn, err = f.day("caution-fin"); err != nil {
		return err
	}
	if g.Ceiling, err = f.sum("caution-plafond", nil); err != nil {
		return err
	}
	if g.Ceiling.IsZero() {
		g.Ceiling = money.Zero(money.EUR)
	}
	return paper.AddGuarantor(ctx, f.tx, f.scope, &g)
}

func (f form) endGuarantor(ctx context.Context) error {
	if err := f.scope.Need(creditor.Manage); err != nil {
		return err
	}
	return paper.EndGuarantor(ctx, f.tx, f.scope, f.said("id"), f.today, f.said("motif"))
}
