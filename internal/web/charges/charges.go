// Package charges is the page of what a customer owes besides its invoices: late
// interest and indemnities, invoice by invoice, and what is done about them.
package charges

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of charges.
type Pages struct{ DB *db.DB }

// view is all that the page shows.
type view struct {
	customer.Customer
	today    cal.Date
	account  charge.Account // as of its Day
	missing  string         // the rate that is not known, in French; the account is then empty
	contract charge.Contract
	notices  []charge.Received
	issued   []charge.Issued
	people   map[string]string // names
	may      bool
	manages  bool
	form     string // the form that was refused, to be shown open
	wrong    visit.Problems
	wrote    url.Values // what stood in it
}

// ahead is how far in the future an account can be looked at, in months.
const ahead = 12

// Customer shows what a customer owes besides its invoices, on the day that the
// address asks for or today.
func (p *Pages) Customer(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	text := r.URL.Query().Get("jour")
	if text == "" {
		return p.show(w, r, http.StatusOK, v.Today, "", nil)
	}
	day, err := cal.Parse(text)
	if err != nil || day > v.Today.AddMonths(ahead) || day < v.Today.AddMonths(-ahead*10) {
		wrong := visit.Problems{"jour": ui.Sentence("ce jour ne se lit pas, ou il est à plus d’un an d’aujourd’hui")}
		return p.show(w, r, http.StatusUnprocessableEntity, v.Today, "jour", wrong)
	}
	return p.show(w, r, http.StatusOK, day, "", nil)
}

func (p *Pages) show(
	w http.ResponseWriter, r *http.Request, status int, day cal.Date, form string, wrong visit.Problems,
) error {
	v := visit.From(r.Context())
	page := view{
		today: v.Today, may: v.May(creditor.Work), manages: v.May(creditor.Manage), form: form, wrong: wrong,
		wrote: r.PostForm,
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope, r.PathValue("id"), day)
	})
	if err != nil {
		return err
	}
	f := v.Frame("Clients", "Customers", ui.SectionCustomers)
	f.Title = page.Name
	if wrong != nil {
		f.Notice = wrong.Notice(f, shown...)
	}
	return visit.Show(w, r, status, customerPage(f, page))
}

// shown are the fields that say below themselves what is wrong with them.
var shown = []string{
	"jour", "until", "amount", "reason", "rate", "imputation", "basis", "compound_on", "received", "note", "on",
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string, day cal.Date) error {
	id, err := agreement.Customer(ctx, tx, s, ref)
	if err != nil {
		return err
	}
	if page.Customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return err
	}
	page.account, err = charge.Of(ctx, tx, s, id, day)
	if missing, ok := errors.AsType[*fr.MissingRateError](err); ok {
		page.missing, page.account = ui.Sentence(missing.Error()), charge.Account{Day: day}
	} else if err != nil {
		return err
	}
	if page.contract, err = charge.FindContract(ctx, tx, s, id); err != nil {
		return err
	}
	if page.notices, err = charge.Notices(ctx, tx, s, id); err != nil {
		return err
	}
	if page.issued, err = charge.Statements(ctx, tx, s, id); err != nil {
		return err
	}
	members, err := user.Members(ctx, tx, s)
	page.people = map[string]string{}
	for _, m := range members {
		page.people[m.ID] = m.Name
	}
	return err
}

// Statement gives a file of a statement that was issued, as it was: its identifier
// with .pdf or .xlsx.
func (p *Pages) Statement(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	id, ending, _ := strings.Cut(r.PathValue("fichier"), ".")
	var i charge.Issued
	var name string
	var content []byte
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if i, err = charge.FindStatement(r.Context(), tx, v.Scope, id); err != nil {
			return agreement.Missing(err, "décompte")
		}
		sum, known := map[string]string{"pdf": i.PDF, "xlsx": i.XLSX}[ending]
		if !known || i.Customer != r.PathValue("id") {
			return fault.NotFound("décompte")
		}
		c, err := customer.Find(r.Context(), tx, v.Scope, i.Customer)
		if err != nil {
			return err
		}
		name = fileName(c, i, ending)
		content, err = ledger.FileContent(r.Context(), tx, v.Scope, sum)
		return err
	})
	if err != nil {
		return err
	}
	visit.Attach(w, name, mediaTypes[ending])
	_, _ = w.Write(content) // the browser has gone: nobody is left to tell
	return nil
}

var mediaTypes = map[string]string{
	"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
