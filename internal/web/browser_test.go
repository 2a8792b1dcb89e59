package web_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"acquit/internal/web/webtest"
)

// fits opens each path on a desk and on a telephone: nothing is wider than the
// window, and the browser has nothing to complain of.
func fits(t *testing.T, b *webtest.Browser, paths ...string) {
	t.Helper()
	for _, width := range []int64{1440, 380} {
		b.Width(width)
		for _, path := range paths {
			b.Go(path)
			name := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(path), "-")
			if name == "" {
				name = "front"
			}
			if width < 400 {
				name += "-380"
			}
			b.Shot(name)
			if wide := b.Overflow(); len(wide) > 0 {
				t.Errorf("%s is wider than %d pixels: %s", path, width, strings.Join(wide, ", "))
			}
		}
	}
	b.Width(1440)
	if said := b.Console(); len(said) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(said, "\n"))
	}
}

func TestSigningInInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	b := s.Open(t, "/reglages/banque")
	fits(t, b, "/connexion")
	b.Go("/reglages/banque")
	try := func(password string) {
		t.Helper()
		b.Fill("email", "sophie@dupont.example")
		b.Fill("password", password)
		b.Press("main button.primary")
	}
	for range 5 {
		try("pas le bon")
		if !strings.Contains(b.Text(), "incorrect") {
			t.Fatalf("a wrong password: the page says\n%s", b.Text())
		}
	}
	try(webtest.Password)
	if !strings.Contains(b.Text(), "attendez une minute") {
		t.Errorf("after five wrong ones: the page says\n%s", b.Text())
	}
	b.Shot("lockout")
	s.Clock.Set(s.Clock.Now().Add(time.Minute))
	try(webtest.Password)
	if got, want := b.Path(), "/reglages/banque"; got != want {
		t.Errorf("after the wait: at %s, want %s", got, want)
	}
	b.Press(`aside form[action="/langue"] button`)
	if !strings.Contains(b.Text(), "Where your customers pay") || b.Path() != "/reglages/banque" {
		t.Errorf("in English, at %s:\n%s", b.Path(), b.Text())
	}
	b.Press(`aside form[action="/sortie"] button`)
	if got, want := b.Path(), "/connexion"; got != want {
		t.Errorf("after signing out: at %s, want %s", got, want)
	}
}

func TestSettingACompanyUpInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil)
	b := s.Open(t, "/bienvenue?jeton="+webtest.SetupToken)
	fits(t, b, "/bienvenue?jeton="+webtest.SetupToken)
	b.Fill("company", "Atelier Dupont")
	b.Fill("siret", "732 829 320 00074")
	b.Fill("name", "Sophie Martin")
	b.Fill("email", "sophie@dupont.example")
	b.Fill("password", webtest.Password)
	b.Press("main button.primary")

	b.Go("/reglages/banque")
	b.Fill("holder", "Atelier Dupont")
	b.Fill("iban", "FR76 3000 6000 0112 3456 7890 188")
	b.Press("main .form button.primary")
	if !strings.Contains(b.Text(), "Rien n’est enregistré") {
		t.Errorf("a wrong IBAN: the page says\n%s", b.Text())
	}
	b.Shot("wrong-iban")
	b.Fill("iban", "FR76 3000 6000 0112 3456 7890 189")
	b.Press("main .form button.primary")
	if !strings.Contains(b.Text(), "C’est enregistré") {
		t.Errorf("the right IBAN: the page says\n%s", b.Text())
	}

	b.Go("/reglages/relances")
	b.Click(`input[name="approve_all"][type="checkbox"]`)
	b.Fill("auto_ceiling", "2 500")
	b.Press("main .form button.primary")
	ticked := webtest.Eval[bool](b, `document.querySelector('[name="approve_all"]').checked`)
	ceiling := webtest.Eval[string](b, `document.querySelector('[name="auto_ceiling"]').value`)
	if want := "2\u202f500,00"; ticked || ceiling != want {
		t.Errorf("stored: approve_all %v, auto_ceiling %q, want false and %q", ticked, ceiling, want)
	}
	b.Go("/reglages/courriel")
	b.Fill("smtp_host", "http://mail")
	b.Fill("smtp_password", "secret")
	b.Press("main .form button.primary")
	if !strings.Contains(b.Text(), "sans http://") {
		t.Errorf("a wrong server: the page says\n%s", b.Text())
	}
	b.Fill("smtp_host", "smtp.dupont.example")
	b.Fill("smtp_password", "secret")
	b.Press("main .form button.primary")
	b.Press(`form[action$="/essai"] button`)
	if !strings.Contains(b.Text(), "est parti vers sophie@dupont.example") {
		t.Errorf("a test message: the page says\n%s", b.Text())
	}
	fits(t, b, "/reglages/societe", "/reglages/banque", "/reglages/calendrier", "/reglages/relances",
		"/reglages/envois", "/reglages/courriel", "/reglages/balance", "/reglages/imports", "/reglages/membres", "/moi", "/rien")
	b.Dark(true)
	fits(t, b, "/reglages/courriel?dark")
}

func TestThePolicyLeavesNothingToComplainOf(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	b := s.Open(t, "/connexion")
	webtest.Eval[bool](b, `(() => {
		const i = document.createElement("img"); i.src = "https://elsewhere.example/x.png"; document.body.append(i);
		return true;
	})()`)
	b.WaitFor(`document.images.length > 0 && document.images[0].complete`)
	seen := func() bool {
		return slices.ContainsFunc(b.Console(), func(m string) bool { return strings.Contains(m, "Content Security Policy") })
	}
	deadline := time.Now().Add(10 * time.Second)
	for !seen() && time.Now().Before(deadline) {
		webtest.Eval[bool](b, `true`) // the message comes over the same wire
	}
	if !seen() {
		t.Errorf("a picture from elsewhere was not refused aloud, so the other tests would not notice: %q", b.Console())
	}
}
