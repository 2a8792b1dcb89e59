package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/founding"
	"acquit/internal/user"
	"acquit/internal/web"
	"acquit/internal/web/webtest"
)

// answer is what a test looks at.
type answer struct {
	status   int
	header   http.Header
	location string
	body     string
}

func send(t *testing.T, c *http.Client, method, address string, form url.Values, change func(*http.Request)) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if change != nil {
		change(r)
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, res.Header.Get("Location"), string(body)}
}

func get(t *testing.T, c *http.Client, address string) answer {
	t.Helper()
	return send(t, c, http.MethodGet, address, nil, nil)
}

func post(t *testing.T, c *http.Client, address string, pairs ...string) answer {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return send(t, c, http.MethodPost, address, form, nil)
}

func signIn(t *testing.T, s *webtest.Site) *http.Client {
	t.Helper()
	c := s.Client(t)
	a := post(t, c, s.URL+"/connexion", "email", "sophie@dupont.example", "password", webtest.Password)
	if a.status != http.StatusSeeOther || a.location != "/" {
		t.Fatalf("signing in: got %d to %q", a.status, a.location)
	}
	return c
}

func TestStrangersAreSentToTheDoorAndBack(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := s.Client(t)
	for path, want := range map[string]string{
		"/":                        "/connexion",
		"/reglages/societe?x=1":    "/connexion?retour=%2Freglages%2Fsociete%3Fx%3D1",
		"/moi":                     "/connexion?retour=%2Fmoi",
		"/reglages/n-existe-pas/x": "",
	} {
		a := get(t, c, s.URL+path)
		if a.location != want {
			t.Errorf("%s: sent to %q, want %q", path, a.location, want)
		}
	}
	a := post(t, c, s.URL+"/connexion", "email", "sophie@dupont.example", "password", webtest.Password,
		"retour", "/reglages/banque?a=b")
	if a.location != "/reglages/banque?a=b" {
		t.Errorf("after signing in: sent to %q", a.location)
	}
	for _, outside := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "evil"} {
		a := post(t, s.Client(t), s.URL+"/connexion", "email", "sophie@dupont.example", "password", webtest.Password,
			"retour", outside)
		if a.location != "/" {
			t.Errorf("%s: sent to %q, want the front page", outside, a.location)
		}
	}
}

func TestEveryAnswerCarriesItsGuards(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := s.Client(t)
	for _, path := range []string{"/connexion", "/nowhere", "/static/inter-5.3.0-latin.woff2", "/healthz"} {
		h := get(t, c, s.URL+path).header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q, want %q in it", path, name, h.Get(name), want)
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: the policy lets inline code run", path)
		}
	}
}

func TestSessionCookiesAreKeptFromScriptsAndPlainHTTP(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, func(d *web.Deps) { d.Proxied = true }).Found(t)
	form := url.Values{"email": {"sophie@dupont.example"}, "password": {webtest.Password}}
	for proto, secure := range map[string]bool{"https": true, "http": false} {
		a := send(t, s.Client(t), http.MethodPost, s.URL+"/connexion", form, func(r *http.Request) {
			r.Header.Set("X-Forwarded-Proto", proto)
		})
		cookie := a.header.Get("Set-Cookie")
		if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") ||
			strings.Contains(cookie, "Secure") != secure {
			t.Errorf("over %s the cookie is %q", proto, cookie)
		}
	}
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := signIn(t, s)
	for _, head := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		a := send(t, c, http.MethodPost, s.URL+"/sortie", nil, func(r *http.Request) { r.Header.Set(head[0], head[1]) })
		if a.status != http.StatusForbidden {
			t.Errorf("%s: %s is answered %d, want 403", head[0], head[1], a.status)
		}
	}
	if a := get(t, c, s.URL+"/moi"); a.status != http.StatusOK {
		t.Errorf("still signed in: got %d", a.status)
	}
}

func TestWhatGoesWrongIsSaidWithItsStatus(t *testing.T) {
	t.Parallel()
	fail := errors.New("the disk is on fire")
	s := webtest.NewSite(t, func(d *web.Deps) {
		d.TestSend = func(_ context.Context, _ creditor.Scope, to string) error {
			switch to {
			case "panic@x.example":
				panic("boom")
			case "denied@x.example":
				return fault.Deniedf("le serveur refuse")
			}
			return fail
		}
	}).Found(t)
	c := signIn(t, s)
	for _, x := range []struct {
		name   string
		answer answer
		status int
		says   string
	}{
		{"no such page", get(t, c, s.URL+"/rien"), 404, "n’existe pas"},
		{"no such account", post(t, c, s.URL+"/reglages/banque/fin", "id", "bac_x"), 404, "n’existe pas"},
		{"a broken form", post(t, c, s.URL+"/reglages/societe", "name", ""), 422, "Il manque le nom"},
		{"a refusal outside", post(t, c, s.URL+"/reglages/courriel/essai", "to", "denied@x.example"), 422, "Le serveur refuse"},
		{"our own mistake", post(t, c, s.URL+"/reglages/courriel/essai", "to", "x@x.example"), 500, "sous la référence"},
		{"a panic", post(t, c, s.URL+"/reglages/courriel/essai", "to", "panic@x.example"), 500, "sous la référence"},
		{"too much", post(t, c, s.URL+"/moi", "name", strings.Repeat("x", 2<<20)), 413, "volumineux"},
	} {
		if x.answer.status != x.status || !strings.Contains(x.answer.body, x.says) {
			t.Errorf("%s: got %d without %q, want %d:\n%.600s", x.name, x.answer.status, x.says, x.status, x.answer.body)
		}
		if strings.Contains(x.answer.body, "on fire") || strings.Contains(x.answer.body, "boom") {
			t.Errorf("%s: the page tells strangers what broke inside", x.name)
		}
	}
	log := s.Logged()
	for _, said := range []string{"the disk is on fire", "boom", "reference="} {
		if !strings.Contains(log, said) {
			t.Errorf("the log does not say %q:\n%s", said, log)
		}
	}
}

func TestRightsHoldOnThePagesToo(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	s.Second(t, "Ateliers Morvan") // where Sophie may only look
	c := signIn(t, s)
	if a := get(t, c, s.URL+"/reglages/societe"); a.location != "/societe" {
		t.Fatalf("with two companies: sent to %q, want to choose", a.location)
	}
	choose := get(t, c, s.URL+"/societe").body
	id := between(t, choose, `value="`, `">Ateliers Morvan`)
	if a := post(t, c, s.URL+"/societe", "societe", "crd_somebody_else"); a.status != http.StatusNotFound {
		t.Errorf("another's company: got %d, want 404", a.status)
	}
	if a := post(t, c, s.URL+"/societe", "societe", id); a.status != http.StatusSeeOther {
		t.Fatalf("choosing: got %d", a.status)
	}
	if a := get(t, c, s.URL+"/reglages/societe"); a.status != http.StatusOK || strings.Contains(a.body, "Enregistrer") {
		t.Errorf("looking on: got %d, with a button to save: %v", a.status, strings.Contains(a.body, "Enregistrer"))
	}
	for path, form := range map[string][]string{
		"/reglages/societe":        {"name", "Morvan"},
		"/reglages/banque":         {"holder", "Moi", "iban", "FR7630006000011234567890189"},
		"/reglages/relances":       {"approve_all", "false"},
		"/reglages/balance":        {"aging_buckets", "10"},
		"/reglages/membres":        {"email", "moi@x.example", "rights", "manage"},
		"/reglages/courriel/essai": {"to", "moi@x.example"},
	} {
		if a := post(t, c, s.URL+path, form...); a.status != http.StatusForbidden {
			t.Errorf("%s by somebody who may only look: got %d, want 403", path, a.status)
		}
	}
}

// between is what stands between the last before in front of after, and after.
func between(t *testing.T, s, before, after string) string {
	t.Helper()
	end := strings.Index(s, after)
	if end < 0 {
		t.Fatalf("no %q in\n%s", after, s)
	}
	return s[strings.LastIndex(s[:end], before)+len(before) : end]
}

func TestALinkFromOneCompanyDoesNotOpenAnother(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := signIn(t, s)
	a := post(t, c, s.URL+"/reglages/membres", "email", "paul@dupont.example", "name", "Paul", "rights", "work")
	if !strings.Contains(a.body, "/mot-de-passe/per_") {
		t.Fatalf("somebody new gets a link: got %d\n%s", a.status, a.body)
	}
	link := "/mot-de-passe/per_" + between(t, a.body, "/mot-de-passe/per_", "</code>")

	var paul user.Person
	s.Write(t, func(ctx context.Context, tx *db.Tx) (err error) {
		paul, err = user.ByEmail(ctx, tx, "paul@dupont.example")
		return err
	})
	s.JoinElsewhere(t, paul)
	if a := post(t, c, s.URL+"/reglages/membres/lien", "id", paul.ID); a.status != http.StatusForbidden {
		t.Errorf("a link for somebody with a place elsewhere: got %d, want 403", a.status)
	}
	guest := s.Client(t)
	if a := post(t, guest, s.URL+link, "password", "court"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a short password: got %d, want 422", a.status)
	}
	if a := post(t, guest, s.URL+link, "password", "encore quatre autres mots"); a.location != "/" {
		t.Errorf("choosing a password: got %d to %q", a.status, a.location)
	}
	if a := get(t, s.Client(t), s.URL+link); a.status != http.StatusForbidden {
		t.Errorf("a link that has served: got %d, want 403", a.status)
	}
	if a := post(t, c, s.URL+"/reglages/membres/lien", "id", s.Scope.Actor); a.status != http.StatusForbidden {
		t.Errorf("a link for somebody with a password: got %d, want 403", a.status)
	}
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	here, there := signIn(t, s), signIn(t, s)
	a := post(t, here, s.URL+"/moi/mot-de-passe", "old", webtest.Password, "password", "encore quatre autres mots")
	if a.location != "/moi" {
		t.Fatalf("changing: got %d to %q\n%s", a.status, a.location, a.body)
	}
	if a := get(t, here, s.URL+"/moi"); a.status != http.StatusOK {
		t.Errorf("this session: got %d, want it to last", a.status)
	}
	if a := get(t, there, s.URL+"/moi"); a.status != http.StatusSeeOther {
		t.Errorf("the other session: got %d, want it to be over", a.status)
	}
}

func TestTheFirstPageNeedsItsTokenAndServesOnce(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil)
	c := s.Client(t)
	form := []string{
		"company", "Atelier Dupont", "email", "sophie@dupont.example", "password", webtest.Password, "name", "Sophie",
	}
	if a := get(t, c, s.URL+"/connexion"); a.location != "/bienvenue" {
		t.Errorf("where there is nobody: sent to %q", a.location)
	}
	for _, token := range []string{"", "wrong"} {
		if a := get(t, c, s.URL+"/bienvenue?jeton="+token); a.status != http.StatusForbidden {
			t.Errorf("token %q: got %d, want 403", token, a.status)
		}
		if a := post(t, c, s.URL+"/bienvenue", append(form, "jeton", token)...); a.status != http.StatusForbidden {
			t.Errorf("form with token %q: got %d, want 403", token, a.status)
		}
	}
	token := []string{"jeton", webtest.SetupToken}
	if a := post(t, c, s.URL+"/bienvenue", append([]string{"company", "", "email", "x"}, token...)...); a.status != 422 {
		t.Errorf("an empty form: got %d, want 422", a.status)
	}
	if a := post(t, c, s.URL+"/bienvenue", append(form, token...)...); a.location != "/" {
		t.Fatalf("beginning: got %d to %q\n%s", a.status, a.location, a.body)
	}
	if a := get(t, c, s.URL+"/reglages/societe"); !strings.Contains(a.body, `value="Atelier Dupont"`) {
		t.Errorf("after it: got %d without the company", a.status)
	}
	if a := post(t, s.Client(t), s.URL+"/bienvenue", append(form, token...)...); a.status != 422 {
		t.Errorf("beginning twice: got %d, want 422", a.status)
	}
}

func TestTheFirstPageOfBooksBegunByTheCommandLineAsksOnlyWho(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		_, err := founding.Found(ctx, tx, founding.Plan{Creditor: creditor.Creditor{Name: "Atelier Dupont"}}, creditor.ActorCLI)
		return err
	})
	c := s.Client(t)
	form := []string{"jeton", webtest.SetupToken, "email", "sophie@dupont.example", "name", "Sophie", "password"}
	for what, a := range map[string]answer{
		"the page":             get(t, c, s.URL+"/bienvenue?jeton="+webtest.SetupToken),
		"a password too short": post(t, c, s.URL+"/bienvenue", append(form, "court")...),
	} {
		if !strings.Contains(a.body, "Atelier Dupont") || strings.Contains(a.body, `name="company"`) {
			t.Errorf("%s asks for another company than Atelier Dupont", what)
		}
	}
	if a := post(t, c, s.URL+"/bienvenue", append(form, webtest.Password)...); a.location != "/" {
		t.Fatalf("entering: got %d to %q\n%s", a.status, a.location, a.body)
	}
	if a := get(t, c, s.URL+"/reglages/societe"); !strings.Contains(a.body, `value="Atelier Dupont"`) {
		t.Errorf("after it: got %d without the company", a.status)
	}
}

func TestTheGuestOfTheDemonstrationNeedsNoPassword(t *testing.T) {
	t.Parallel()
	guest := ""
	s := webtest.NewSite(t, nil).Found(t)
	guest = s.Scope.Actor
	moved := 0
	handler, err := web.New(s.With(func(d *web.Deps) {
		d.Guest = guest
		d.Forward = func(_ context.Context, days int) error { moved += days; return nil }
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(handler.Close)
	open := httptest.NewServer(handler)
	t.Cleanup(open.Close)
	if a := get(t, s.Client(t), open.URL+"/reglages/societe"); a.status != http.StatusOK {
		t.Errorf("got %d, want the page", a.status)
	}
	if a := post(t, s.Client(t), open.URL+"/horloge", "jours", "7"); a.location != "/" || moved != 7 {
		t.Errorf("moving the clock: got %d, moved by %d days", a.status, moved)
	}
	if a := post(t, signIn(t, s), s.URL+"/horloge", "jours", "7"); a.status != http.StatusNotFound {
		t.Errorf("moving the clock outside of the demonstration: got %d, want 404", a.status)
	}
	if a := get(t, s.Client(t), open.URL+"/moi"); a.status != http.StatusForbidden {
		t.Errorf("the account of the guest: got %d, want 403", a.status)
	}
}

func TestMeasuresAreShownToThisMachineOrForAToken(t *testing.T) {
	t.Parallel()
	ask := func(token, from, authorization, forwarded string) int {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = from
		r.Header.Set("Authorization", authorization)
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		web.Metrics(prometheus.NewRegistry(), token).ServeHTTP(w, r)
		return w.Code
	}
	for _, c := range []struct {
		token, from, authorization, forwarded string
		want                                  int
	}{
		{"", "127.0.0.1:1", "", "", 200},
		{"", "[::1]:1", "", "", 200},
		{"", "192.0.2.1:1", "", "", 403},
		{"", "127.0.0.1:1", "", "192.0.2.1", 403},
		{"t", "127.0.0.1:1", "", "", 403},
		{"t", "192.0.2.1:1", "Bearer t", "", 200},
		{"t", "192.0.2.1:1", "Bearer u", "", 403},
		{"", "192.0.2.1:1", "Bearer ", "", 403},
	} {
		if got := ask(c.token, c.from, c.authorization, c.forwarded); got != c.want {
			t.Errorf("%+v: got %d", c, got)
		}
	}
}

func TestHealthSaysWhetherTheDatabaseAnswers(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil)
	if a := get(t, s.Client(t), s.URL+"/healthz"); a.status != http.StatusOK {
		t.Errorf("got %d, want 200", a.status)
	}
	s.DB.Close()
	if a := get(t, s.Client(t), s.URL+"/healthz"); a.status != http.StatusServiceUnavailable {
		t.Errorf("without a database: got %d, want 503", a.status)
	}
}
