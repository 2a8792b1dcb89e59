package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/mandate"
	"acquit/internal/money"
	"acquit/internal/web/webtest"
)

// Whoever collects for another says who it is, reads what is missing, and pays over
// what came in.
func TestTheMandateInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	client := signIn(t, s)
	page := s.URL + "/reglages/mandat"
	for _, c := range []struct {
		pairs []string
		code  int
		says  string
	}{
		{[]string{"voice", "autre"}, 422, "corriger"},
		{[]string{"voice", "collector", "name", "Recouvrement Martin", "iban", "FR76 3000 6000 0112 3456 7890 188"}, 422, "Recouvrement Martin"},
		{[]string{"voice", "collector", "name", "Recouvrement Martin", "declared", "hier"}, 422, "ne se lit pas"},
		{[]string{"voice", "collector", "name", "Recouvrement Martin", "declared", "2099-01-01"}, 422, "à venir"},
		{[]string{"voice", "collector", "name", "Recouvrement Martin", "iban", "FR76 3000 6000 0112 3456 7890 189"}, 303, "CPCE R124-2"},
	} {
		a := post(t, client, page, c.pairs...)
		body := a.body
		if a.status == http.StatusSeeOther {
			body = get(t, client, page).body
		}
		if a.status != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%v: %d, want %d saying %q", c.pairs, a.status, c.code, c.says)
		}
	}
	id := idOf(t, s, "C001")
	paid := &ledger.Document{
		Customer: id, Kind: ledger.Payment, Number: "VIR-77", Amount: money.New(450_00, money.EUR),
	}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		m, _, err := mandate.Find(ctx, tx, s.Scope)
		if err != nil {
			return err
		}
		paid.Issued, paid.Due = m.Since, m.Since
		return ledger.Add(ctx, tx, s.Scope, []*ledger.Document{paid})
	})
	b := s.Open(t, "/")
	b.SignIn()
	fits(t, b, "/reglages/mandat")
	b.Width(1440)
	b.Go("/reglages/mandat")
	for _, words := range []string{"Rien ne part tant qu’il manque", "déclaration au procureur (CPCE R124-2)", "VIR-77"} {
		if text := b.Text(); !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
	b.Shot("mandat")
	b.Width(380)
	b.Shot("mandat-380")
	for name, words := range map[string]string{"a-reverser.csv": "VIR-77", "reversements.csv": "Référence"} {
		if a := get(t, client, page+"/fichier/"+name); a.status != http.StatusOK || !strings.Contains(a.body, words) {
			t.Errorf("%s: %d %.80s", name, a.status, a.body)
		}
	}
	if a := get(t, client, page+"/fichier/autre.csv"); a.status != http.StatusNotFound {
		t.Errorf("another file: %d", a.status)
	}
	if a := post(t, client, page+"/reversement", "on", paid.Issued.Add(400).String(), "reglement", paid.ID, "reference", "VIR 12"); a.status != 422 || !strings.Contains(a.body, "VIR 12") {
		t.Errorf("paid over in a year: %d", a.status)
	}
	b.Fill("reference", "VIR 2026-12")
	b.Press(`form[action$="/reversement"] button`)
	if text := b.Text(); !strings.Contains(text, "tout ce qui a été encaissé") || !strings.Contains(text, "VIR 2026-12") {
		t.Errorf("paid over, the page says\n%s", text)
	}
	fits(t, b, "/reglages/mandat")
	if a := get(t, client, s.URL+"/clients/"+id+"/lettres/quittance/"+paid.ID); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the receipt: %d", a.status)
	}
}
