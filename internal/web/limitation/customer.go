package limitation

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/i18n"
	"acquit/internal/insolvency"
	"acquit/internal/law/fr"
	"acquit/internal/letter"
	"acquit/internal/limitation"
	"acquit/internal/statute"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// view is all that a customer's page shows.
type view struct {
	customer.Customer
	today     cal.Date
	clocks    []limitation.Clock
	noted     []limitation.Event
	steps     []limitation.Step
	kinds     []fr.LimitationKind
	of        *insolvency.Case // the procedure, if there is one
	deadlines []insolvency.Deadline
	claimed   insolvency.Claimed
	undecided string // why the claim cannot be worked out, in French
	known     []insolvency.Known
	evidence  []dossier.Evidence
	may       bool
	manages   bool
	registers bool       // there is a register to look into
	form      string     // the form that was refused, to be shown open
	wrote     url.Values // what stood in it
}

func (page view) path(form string) string { return "/clients/" + page.ID + "/prescription/" + form }

// said is what stood in a field of the form that was refused, else other.
func (page view) said(field, other string) string {
	if v, ok := page.wrote[field]; ok && len(v) > 0 {
		return v[0]
	}
	return other
}

// Customer shows a customer's clocks, what is noted of them and the collective
// procedure.
func (p *Pages) Customer(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, "", nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, form string, wrong visit.Problems) error {
	v := visit.From(r.Context())
	page := view{
		today: v.Today, may: v.May(creditor.Work), manages: v.May(creditor.Manage), form: form, wrote: r.PostForm,
		registers: len(p.Registries) > 0,
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope, r.PathValue("id"))
	})
	if err != nil {
		return err
	}
	f := v.Frame("Clients", "Customers", ui.SectionCustomers)
	f.Title = page.Name
	if wrong != nil {
		f.Notice = wrong.Notice(f)
	}
	return visit.Show(w, r, status, customerPage(f, page))
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string) error {
	id, err := agreement.Customer(ctx, tx, s, ref)
	if err != nil {
		return err
	}
	if page.Customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return err
	}
	law, err := statute.Load(ctx, tx, s)
	if err != nil {
		return err
	}
	page.kinds = law.LimitationKinds()
	if page.clocks, err = limitation.Of(ctx, tx, s, id, page.today); err != nil {
		return err
	}
	if page.noted, err = limitation.Noted(ctx, tx, s, id); err != nil {
		return err
	}
	if page.steps, err = limitation.Begun(ctx, tx, s, id); err != nil {
		return err
	}
	if page.known, err = insolvency.Announcements(ctx, tx, s, id); err != nil {
		return err
	}
	if page.evidence, err = dossier.EvidenceOf(ctx, tx, s, id); err != nil {
		return err
	}
	page.evidence = slices.DeleteFunc(page.evidence, dossier.Evidence.Withdrawn)
	return page.procedure(ctx, tx, s, law)
}

func (page *view) procedure(ctx context.Context, tx *db.Tx, s creditor.Scope, law *fr.Law) (err error) {
	if page.of, err = insolvency.Of(ctx, tx, s, page.ID); err != nil || page.of == nil || page.of.ID == "" {
		return err
	}
	if page.deadlines, err = page.of.Deadlines(law, page.today); err != nil {
		return err
	}
	claimed, err := insolvency.Amounts(ctx, tx, s, *page.of)
	if err != nil { // a rate that is missing: said on the page, which shows all else
		page.undecided = ui.Sentence(err.Error())
		return nil
	}
	page.claimed = claimed
	return nil
}

// Declaration is the declaration of claim as a PDF: declaration.pdf, or
// declaration-en.pdf for who reads English.
func (p *Pages) Declaration(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	lang := i18n.FR
	if r.PathValue("fichier") == "declaration-en.pdf" {
		lang = i18n.EN
	}
	var l letter.Letter
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		id, err := agreement.Customer(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		c, err := insolvency.Of(r.Context(), tx, v.Scope, id)
		if err != nil {
			return err
		}
		if c == nil {
			c = &insolvency.Case{}
		}
		l, err = insolvency.Letter(r.Context(), tx, v.Scope, c.ID, lang, v.Today)
		return err
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, "", wrong)
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := letter.Write(&b, l); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="declaration-de-creance.pdf"`)
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	_, err = w.Write(b.Bytes())
	return err
}
