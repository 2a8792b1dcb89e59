package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/web/webtest"
)

// idOf is the identifier of a customer of Books.
func idOf(t *testing.T, s *webtest.Site, code string) (id string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.FindByCode(ctx, tx, s.Scope, code)
		id = c.ID
		return err
	})
	return id
}

func TestACustomerInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	fits(t, b, "/clients", "/clients?q=introuvable")
	b.Go("/clients?q=delvaux")
	b.Press("td a.name")
	page := "/clients/" + idOf(t, s, "C001")
	if got := b.Path(); got != page {
		t.Fatalf("after choosing a customer: at %s, want %s", got, page)
	}
	b.Keys("p")
	b.WaitFor(`document.activeElement.name === "promesse-jour"`)
	if left := webtest.Eval[float64](b, `document.activeElement.closest("details > *").getBoundingClientRect().left`); left < 200 {
		t.Errorf("the form of a promise opens at %v, over the menu or out of the window", left)
	}
	b.Fill("promesse-montant", "2 450,00")
	b.Fill("promesse-note", "vu avec Mme Vidal")
	b.Press(`button[formaction$="/promesse"]`)
	if text := b.Text(); !strings.Contains(text, "Promesse notée : Imprimerie Delvaux, 2 450,00 €") || !strings.Contains(text, "vu avec Mme Vidal") {
		t.Errorf("a promise: the page says\n%s", text)
	}
	b.Click(`summary[data-key="l"]`)
	b.Press(`button[formaction$="/litige"]`)
	if text := b.Text(); !strings.Contains(text, "Un litige porte sur une facture") {
		t.Errorf("a dispute about several invoices: the page says\n%s", text)
	}
	fits(t, b, page)
	b.Dark(true)
	fits(t, b, page+"?dark")
}

func TestTheFormsOfACustomer(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	c := signIn(t, s)
	page := s.URL + "/clients/" + idOf(t, s, "C002")
	invoice := between(t, get(t, c, page).body, `name="facture" value="`, `" aria-label="Cocher F2026-0790"`)
	for _, x := range []struct {
		form   string
		fields []string
		status int
		says   string // on the page that follows, or on the form that is refused
	}{
		{"litige", []string{"facture", invoice, "litige-motif", "price", "litige-montant", "300,00", "litige-note", "remise"}, 303, "300,00"},
		{"litige", []string{"facture", invoice, "litige-motif", "price", "litige-montant", "beaucoup"}, 422, "ne se lit pas"},
		{"promesse", []string{"promesse-jour", "2020-01-01"}, 422, "pro"},
		{"promesse", []string{"promesse-jour", "2026-12-01", "promesse-note", "promis"}, 303, "promis"},
		{"echeancier", []string{"echeancier-nombre", "3", "echeancier-jour", "2026-12-15"}, 422, "promesse"},
		{"suspension", []string{"suspension-motif", ""}, 422, "motif"},
		{"suspension", []string{"suspension-jour", "2026-12-05", "suspension-motif", "décision de la direction"}, 303, "décision de la direction"},
		{"reponse", []string{"reponse-note", "rappellera lundi"}, 303, "rappellera lundi"},
		{"contact", []string{"contact-role", "manager", "contact-nom", "Sénéchal", "contact-email", "pas une adresse"}, 422, "adresse"},
		{"contact", []string{"contact-role", "manager", "contact-nom", "Sénéchal", "contact-email", "dg@senechal.example"}, 303, "dg@senechal.example"},
		{"fiche", []string{"fiche-conditions", "un jour ou l’autre"}, 422, "conditions"},
		{"fiche", []string{"fiche-conditions", "45 jours fin de mois", "fiche-langue", "en", "fiche-etiquettes", "Grand-Compte"}, 303, "grand-compte"},
		{"caution", []string{"caution-nom", "Paul Sénéchal"}, 422, "l’adresse de la caution"},
		{"caution", []string{"caution-nom", "Paul Sénéchal", "caution-ville", "Lille", "caution-plafond", "20 000"}, 303, "Paul Sénéchal"},
		{"n-existe-pas", nil, 404, "n’existe pas"},
	} {
		a := post(t, c, page+"/"+x.form, x.fields...)
		body := a.body
		if a.status == http.StatusSeeOther {
			body = get(t, c, page).body
		}
		if a.status != x.status || !strings.Contains(body, x.says) {
			t.Errorf("%s %q: got %d without %q, want %d", x.form, x.fields, a.status, x.says, x.status)
		}
	}
	if a := get(t, c, page+"/releve.csv"); a.status != http.StatusOK || !strings.Contains(a.body, "F2026-0790") {
		t.Errorf("the statement: got %d\n%s", a.status, a.body)
	}
	notice := "/clients/" + between(t, get(t, c, page).body, `href="/clients/`, `">Informer`)
	for _, letter := range []string{page + "/releve.pdf", s.URL + notice, s.URL + strings.Replace(notice, "caution/", "caution-annuelle/", 1)} {
		if a := get(t, c, letter); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") {
			t.Errorf("%s: got %d\n%.200s", letter, a.status, a.body)
		}
	}
	if a := get(t, c, page+"/lettres/quittance/doc_nobody"); a.status != http.StatusNotFound {
		t.Errorf("the receipt of nothing: got %d", a.status)
	}
	if a := get(t, c, page+"/releve.exe"); a.status != http.StatusNotFound {
		t.Errorf("a file that does not exist: got %d", a.status)
	}
	if a := get(t, c, s.URL+"/clients?q=F2026-0790"); a.status != http.StatusSeeOther || !strings.Contains(a.location, "#"+invoice) {
		t.Errorf("searching an invoice: got %d to %q", a.status, a.location)
	}
	if a := get(t, c, s.URL+"/clients/cus_nobody"); a.status != http.StatusNotFound {
		t.Errorf("nobody: got %d", a.status)
	}
}

func TestTheListOfCustomersSortsAndIsKept(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	c := signIn(t, s)
	for _, x := range []struct{ order, first, then string }{
		{"", "Ateliers Morvan", "Cabinet Ferrand"},
		{"ouvert", "Groupe Sénéchal", "Ateliers Morvan"},
		{"echu", "Groupe Sénéchal", "Ateliers Morvan"},
		{"anciennete", "Ateliers Morvan", "Groupe Sénéchal"},
	} {
		page := get(t, c, s.URL+"/clients?type=business&tri="+x.order).body
		file := get(t, c, s.URL+"/fichiers/clients/clients.csv?type=business&tri="+x.order).body
		for where, text := range map[string]string{"the page": page, "the file": file} {
			first, then := strings.Index(text, x.first), strings.Index(text, x.then)
			if first < 0 || then < first || strings.Contains(text, "Odile Renard") {
				t.Errorf("sorted by %q, %s does not begin with %s, %s, or shows who was filtered out", x.order, where, x.first, x.then)
			}
		}
		if !strings.Contains(page, `<option value="`+x.order+`" selected>`) {
			t.Errorf("sorted by %q, the form forgets the order", x.order)
		}
	}
	file := get(t, c, s.URL+"/fichiers/clients/clients.csv").body
	if !strings.Contains(file, ";EUR;3;6130,00;3890,00;07/11/2026") {
		t.Errorf("the file does not say what Imprimerie Delvaux owes:\n%s", file)
	}
	if a := get(t, c, s.URL+"/fichiers/clients/clients.xlsx"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "PK") {
		t.Errorf("the workbook: got %d", a.status)
	}
	if a := get(t, c, s.URL+"/clients?tri=echu&rang=beaucoup&nom=x&apres=y"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a place made up: got %d", a.status)
	}
}
