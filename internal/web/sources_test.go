package web_test

import (
	"net/http"
	"strings"
	"testing"

	"acquit/internal/web/webtest"
)

// A source that is too old is told where it keeps messages back, given up for a
// reason, and taken back.
func TestASourceIsGivenUpAndTakenBack(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	s.Statement(t, webtest.Paid("2026-11-10", 50000, "CAFE DES HALLES", "AVANCE"))
	c := signIn(t, s)
	page := func(path string) string {
		t.Helper()
		a := get(t, c, s.URL+path)
		if a.status != http.StatusOK {
			t.Fatalf("%s: got %d\n%s", path, a.status, s.Logged())
		}
		return a.body
	}
	for _, path := range []string{"/", "/banque"} {
		if !strings.Contains(page(path), `href="/reglages/sources"`) || !strings.Contains(page(path), "rien ne part") && path != "/" {
			t.Errorf("%s does not lead to the sources", path)
		}
	}
	f := formWith(t, page("/reglages/sources"), "acte", "abandonner")
	f.action = "/reglages/sources"
	f.fields.Set("reason", " ")
	if a := send(t, c, http.MethodPost, s.URL+f.action, f.fields, nil); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(a.body, "Il manque la raison") {
		t.Errorf("given up without a reason: got %d\n%.800s", a.status, a.body)
	}
	f.fields.Set("reason", "Compte clôturé en octobre")
	body := sent(t, c, s, f).body
	if !strings.Contains(body, "Compte clôturé en octobre") || !strings.Contains(body, "Sophie") {
		t.Errorf("the page does not say why and by whom:\n%.2000s", body)
	}
	if strings.Contains(page("/"), `href="/reglages/sources"`) {
		t.Error("today still waits for it")
	}
	sent(t, c, s, formWith(t, page("/reglages/sources"), "acte", "reprendre"))
	if !strings.Contains(page("/"), `href="/reglages/sources"`) {
		t.Error("taken back, and today does not tell of it")
	}
}
