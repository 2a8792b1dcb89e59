package web_test

import (
	"archive/zip"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/web/webtest"
)

// Ateliers Morvan: 7 300 € due 14 August and 11 660 € due 2 October, looked at on
// 23 November 2026 at 12.40 %: 101 days make 250.48 €, 52 days 205.98 €.
func TestChargesInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	id := idOf(t, s, "C006")
	b.Go("/clients/" + id)
	b.Press(`.tabs a[href$="/penalites"]`)
	page := "/clients/" + id + "/penalites"
	b.Go(page)
	b.Click("details.more summary")
	says(t, b, "F2026-0512", "250,48", "205,98", "456,46", "BCE 2026-S2 + 10 points", "101 j", "40,00", "Conventions de calcul")
	b.Press(`form[action$="/reclamer"] .btn.primary`)
	says(t, b, "sont réclamées", "Réclamé le", "Comptabiliser ce qui est réclamé")
	b.Press(`form[action$="/comptabiliser"] .btn`)
	says(t, b, "ND2026-0001", "536,46")
	b.Press(`form[action$="/decompte"] .btn`)
	says(t, b, "Version 1", "SHA-256 PDF")
	fits(t, b, page)
	b.Width(1440)
	b.Go(page)
	b.Shot("penalites")
	b.Go("/reglages/droit?chiffre=ecb_rate&semestre=2027-S1")
	says(t, b, "2027-S1", "pas encore connu", "Taux de refinancement de la BCE", "À vérifier", "40,00")
	fits(t, b, "/reglages/droit", "/reglages/droit?chiffre=fixed_indemnity", "/reglages/penalites")
}

// says complains of each text that the page does not say, whatever its case.
func says(t *testing.T, b *webtest.Browser, words ...string) {
	t.Helper()
	text := b.Text()
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			t.Errorf("the page does not say %q:\n%s", w, text)
		}
	}
}

// Forms refuse in words, in the form itself, and keep what was written; nobody
// withdraws or downloads by another customer's page.
func TestTheFormsOfCharges(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	c := signIn(t, s)
	page := s.URL + "/clients/" + idOf(t, s, "C006") + "/penalites"
	other := s.URL + "/clients/" + idOf(t, s, "C001") + "/penalites"
	for _, x := range []struct {
		form  string
		pairs []string
		code  int
		says  string
	}{
		{"reclamer", []string{"until", "2027-02-01"}, 422, "jusqu’à aujourd’hui"},
		{"reclamer", []string{"until", "demain"}, 422, "ne se lit pas"},
		{"decompte", []string{"until", "2027-02-01"}, 422, "aujourd’hui au plus tard"},
		{"abandonner", nil, 422, "manque la raison"},
		{"abandonner", []string{"amount", "5,00", "reason", "geste"}, 422, "une seule facture"},
		{"comptabiliser", nil, 422, "rien de réclamé"},
		{"contrat", []string{"rate", "douze"}, 422, "n’est pas un taux"},
		{"contrat", []string{"imputation", "neither"}, 422, "interest_first"},
		{"mise-en-demeure", []string{"received", "2027-02-01"}, 422, "n’est pas à venir"},
		{"retirer", []string{"id", "chg_none", "reason", "erreur"}, 404, ""},
		{"rien", nil, 404, ""},
		{"contrat", []string{"rate", "10"}, 303, "Taux du contrat"},
		{"reclamer", []string{"what", "indemnity"}, 303, "Indemnité forfaitaire"},
		{"decompte", nil, 303, "Version 1"},
	} {
		a := post(t, c, page+"/"+x.form, x.pairs...)
		body := a.body
		if a.status == http.StatusSeeOther {
			body = get(t, c, page).body
		}
		if a.status != x.code || !strings.Contains(strings.ToLower(body), strings.ToLower(x.says)) {
			t.Errorf("%s %v: %d, want %d saying %q", x.form, x.pairs, a.status, x.code, x.says)
		}
	}
	body := get(t, c, page).body
	file := between(t, body, page[len(s.URL):]+"/", ".pdf")
	if a := get(t, c, page+"/"+file+".pdf"); !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the statement: %d %.60s", a.status, a.body)
	}
	table := get(t, c, page+"/"+file+".xlsx").body
	if _, err := zip.NewReader(strings.NewReader(table), int64(len(table))); err != nil {
		t.Errorf("the table of the statement does not open: %v", err)
	}
	for _, path := range []string{other + "/" + file + ".pdf", page + "/" + file + ".exe", page + "/none.pdf"} {
		if a := get(t, c, path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	entry := between(t, body, `for="r-`, `">Motif</label>`)
	if a := post(t, c, other+"/retirer", "id", entry, "reason", "erreur"); a.status != http.StatusNotFound {
		t.Errorf("another customer’s page withdraws: %d", a.status)
	}
	if a := post(t, c, page+"/retirer", "id", entry, "reason", ""); a.status != 422 || !strings.Contains(a.body, "manque la raison") {
		t.Errorf("withdrawn without a reason: %d", a.status)
	}
	if a := get(t, c, page+"?jour=2027-01-15"); a.status != http.StatusOK || strings.Contains(a.body, "Un taux n’est pas connu") {
		t.Errorf("a contract’s rate needs no published one: %d", a.status)
	}
	if a := get(t, c, other+"?jour=2027-01-15"); !strings.Contains(a.body, "2027-S1") || !strings.Contains(a.body, "/reglages/droit") {
		t.Errorf("a missing rate is not named with where to add it: %d", a.status)
	}
}

// A semester that is missing is added once with its source, counts from then on,
// and can be taken back; what was entered stays to be seen.
func TestTheLawOfACompany(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	c := signIn(t, s)
	page := s.URL + "/reglages/droit"
	rate := []string{"key", "ecb_rate", "semester", "2027-S1", "value", "2,65", "source", "BCE, 17 décembre 2026", "read", "2026-11-16"}
	for _, x := range []struct {
		pairs []string
		code  int
		says  string
	}{
		{[]string{"key", "ecb_rate", "semester", "2027", "value", "2,65", "source", "BCE", "read", "2026-11-16"}, 422, "de la forme 2027-S1"},
		{[]string{"key", "ecb_rate", "semester", "2027-S1", "value", "", "source", "BCE", "read", "2026-11-16"}, 422, "manque la valeur"},
		{[]string{"key", "ecb_rate", "semester", "2027-S1", "value", "2,65", "read", "2026-11-16"}, 422, "manque la source"},
		{[]string{"key", "ecb_rate", "semester", "2027-S1", "value", "2,65", "source", "BCE", "read", "2031-01-01"}, 422, "à venir"},
		{[]string{"key", "nothing", "value", "1", "source", "BCE", "read", "2026-11-16"}, 404, ""},
		{rate, 303, "BCE, 17 décembre 2026"},
		{rate, 422, "déjà enregistré"},
		{[]string{"key", "ecb_rate", "from", "2027-01-01", "restore", "1"}, 303, "rétabli"},
		{[]string{"key", "ecb_rate", "from", "2027-01-01", "restore", "1"}, 422, "rien à rétablir"},
	} {
		a := post(t, c, page, x.pairs...)
		body := a.body
		if a.status == http.StatusSeeOther {
			body = get(t, c, page).body
		}
		if a.status != x.code || !strings.Contains(body, x.says) {
			t.Errorf("%v: %d, want %d saying %q", x.pairs, a.status, x.code, x.says)
		}
	}
}
