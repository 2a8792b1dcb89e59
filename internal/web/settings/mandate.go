package settings

import (
	"context"
	"net/http"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/mandate"
	"acquit/internal/sheet"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

const pathMandate = "/reglages/mandat"

// remittancesShown bounds the list of what was paid over; its file has more.
const (
	remittancesShown = 50
	remittancesKept  = 10_000
)

// mandateView is what the page of the mandate shows.
type mandateView struct {
	today     cal.Date
	mandate   mandate.Mandate
	on        bool
	held      []mandate.Held
	past      []mandate.Remittance
	customers map[string]customer.Customer
	may, work bool
	form      mandateForm
	ticked    map[string]bool // payments of a remittance that was refused
	onDay     string
	reference string
}

// mandateForm is the form as it is written: days may be unreadable.
type mandateForm struct {
	mandate.Mandate
	declared, agreed string
}

func written(m mandate.Mandate) mandateForm {
	f := mandateForm{Mandate: m}
	if m.Voice == "" {
		f.Voice = mandate.Off
	}
	if !m.Declared.IsZero() {
		f.declared = m.Declared.String()
	}
	if !m.Agreed.IsZero() {
		f.agreed = m.Agreed.String()
	}
	return f
}

func (p *Pages) mandateView(r *http.Request) (page mandateView, err error) {
	v := visit.From(r.Context())
	page = mandateView{today: v.Today, may: v.May(creditor.Manage), work: v.May(creditor.Work), onDay: v.Today.String()}
	err = p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
		if page.mandate, page.on, err = mandate.Find(ctx, tx, s); err != nil {
			return err
		}
		if page.held, err = mandate.ToRemit(ctx, tx, s); err != nil {
			return err
		}
		if page.past, err = mandate.Remittances(ctx, tx, s, remittancesShown); err != nil {
			return err
		}
		ids := make([]string, len(page.held))
		for i, h := range page.held {
			ids[i] = h.Customer
		}
		page.customers, err = customer.ByID(ctx, tx, s, ids)
		return err
	})
	page.form = written(page.mandate)
	return page, err
}

// Mandate shows who collects, what that lacks, and what is to be paid over.
func (p *Pages) Mandate(w http.ResponseWriter, r *http.Request) error {
	page, err := p.mandateView(r)
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, mandatePage(frameOf(r), page, nil))
}

// PostMandate stores it.
func (p *Pages) PostMandate(w http.ResponseWriter, r *http.Request) error {
	said := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	form := mandateForm{Mandate: mandate.Mandate{
		Voice: mandate.Voice(said("voice")), Name: said("name"), Address: said("address"), Insurance: said("insurance"),
		IBAN: said("iban"), BIC: said("bic"), Fees: said("fees"), Terms: said("terms"),
	}, declared: said("declared"), agreed: said("agreed")}
	err := form.days()
	if err == nil {
		err = p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
			m := form.Mandate
			return mandate.Save(ctx, tx, s, &m, visit.From(r.Context()).Today)
		})
	}
	return p.answerMandate(w, r, err, func(page *mandateView) { page.form = form })
}

// answerMandate ends a form of the page: back to it, with what was written where it
// is refused.
func (p *Pages) answerMandate(w http.ResponseWriter, r *http.Request, err error, keep func(*mandateView)) error {
	wrong := visit.ProblemsOf(err)
	if wrong == nil {
		return p.saved(w, r, err, pathMandate)
	}
	page, err := p.mandateView(r)
	if err != nil {
		return err
	}
	keep(&page)
	f := frameOf(r)
	f.Notice = wrong.Notice(f, "voice", "name", "address", "insurance", "iban", "bic", "declared", "agreed",
		"fees", "terms", "on", "reference")
	return visit.Show(w, r, http.StatusUnprocessableEntity, mandatePage(f, page, wrong))
}

func (f *mandateForm) days() error {
	for _, x := range []struct {
		name, text string
		day        *cal.Date
	}{{"declared", f.declared, &f.Declared}, {"agreed", f.agreed, &f.Agreed}} {
		if x.text == "" {
			continue
		}
		d, err := cal.Parse(x.text)
		if err != nil {
			return fault.Invalidf(x.name, "ce jour ne se lit pas")
		}
		*x.day = d
	}
	return nil
}

// PostRemittance records that payments were paid over.
func (p *Pages) PostRemittance(w http.ResponseWriter, r *http.Request) error {
	_ = r.PostFormValue("on") // reads the form
	payments, day, reference := r.PostForm["reglement"], r.PostFormValue("on"), r.PostFormValue("reference")
	on, err := cal.Parse(day)
	if err != nil {
		err = fault.Invalidf("on", "ce jour ne se lit pas")
	} else {
		err = p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
			x := mandate.Remittance{On: on, Payments: payments, Reference: reference}
			return mandate.Remit(ctx, tx, s, &x, visit.From(r.Context()).Today)
		})
	}
	return p.answerMandate(w, r, err, func(page *mandateView) {
		page.onDay, page.reference, page.ticked = day, reference, map[string]bool{}
		for _, id := range payments {
			page.ticked[id] = true
		}
	})
}

func (page mandateView) isTicked(h mandate.Held) bool {
	return page.ticked == nil || page.ticked[h.Payment]
}

// MandateFile is what is to be paid over, or was, as CSV or XLSX.
func (p *Pages) MandateFile(w http.ResponseWriter, r *http.Request) error {
	v, f, name := visit.From(r.Context()), frameOf(r), r.PathValue("fichier")
	stem, _, _ := strings.Cut(name, ".")
	var t sheet.Sheet
	switch stem {
	case "a-reverser":
		page, err := p.mandateView(r)
		if err != nil {
			return err
		}
		t = heldSheet(f, page)
	case "reversements":
		var past []mandate.Remittance
		err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
			past, err = mandate.Remittances(ctx, tx, s, remittancesKept)
			return err
		})
		if err != nil {
			return err
		}
		t = pastSheet(f, past)
	default:
		return fault.NotFound("fichier %s", name)
	}
	return visit.File(w, name, stem+"-"+v.Today.String(), v.Lang, t)
}

func heldSheet(f ui.Frame, page mandateView) sheet.Sheet {
	t := sheet.Sheet{
		Name: f.Say("À reverser", "To pay over"),
		Columns: []string{
			f.Say("Client", "Customer"), f.Say("Règlement", "Payment"), f.Say("Encaissé le", "Received on"),
			f.Say("À reverser au plus tard le", "To be paid over by"), f.Say("Montant", "Amount"),
			f.Say("Devise", "Currency"),
		},
	}
	for _, h := range page.held {
		t.Rows = append(t.Rows, []any{
			page.customers[h.Customer].Name, h.Number, h.On, h.Deadline(), h.Amount, string(h.Amount.Currency),
		})
	}
	return t
}

func pastSheet(f ui.Frame, past []mandate.Remittance) sheet.Sheet {
	t := sheet.Sheet{
		Name: f.Say("Reversements", "Remittances"),
		Columns: []string{
			f.Say("Reversé le", "Paid over on"), f.Say("Référence", "Reference"), f.Say("Règlements", "Payments"),
			f.Say("Montant", "Amount"), f.Say("Devise", "Currency"),
		},
	}
	for _, x := range past {
		t.Rows = append(t.Rows, []any{x.On, x.Reference, len(x.Payments), x.Amount, string(x.Amount.Currency)})
	}
	return t
}

func voiceWords(f ui.Frame, v mandate.Voice) string {
	switch v {
	case mandate.Collector:
		return f.Say("pour un créancier, sous le nom de qui recouvre", "for a creditor, under the collector’s name")
	case mandate.Creditor:
		return f.Say("pour un créancier, sous le nom du créancier", "for a creditor, under the creditor’s name")
	}
	return f.Say("pour elle-même : aucun mandat", "for itself: no mandate")
}
