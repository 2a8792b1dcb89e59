package visit_test

import (
	"net/url"
	"strings"
	"testing"

	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// FuzzLocal: wherever a link from outside wants to lead, it stays in this site.
func FuzzLocal(f *testing.F) {
	for _, s := range []string{
		"/", "/clients?q=a", "//evil.example", `/\evil.example`, "https://evil.example", "/\t/evil.example", "javascript:x", "",
		"/%2f/evil.example", "/..//evil.example",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := visit.Local(path)
		if got != "/" && got != path {
			t.Errorf("%q became %q", path, got)
		}
		// Browsers drop tabs and line breaks, and read a backslash as a slash.
		seen := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(got)
		base, _ := url.Parse("https://acquit.example/page")
		to, err := url.Parse(seen)
		if err != nil {
			return // a browser that cannot read it stays where it is
		}
		if at := base.ResolveReference(to); at.Host != "acquit.example" || at.Scheme != "https" {
			t.Errorf("%q leads to %s", path, at)
		}
	})
}

func TestFrenchSentences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"il manque l’IBAN":              "Il manque l’IBAN.",
		"écrire : « oui » ou « non » !": "Écrire\u00a0: «\u00a0oui\u00a0» ou «\u00a0non\u00a0»\u202f!",
		"12 % de 30 €":                  "12\u202f% de 30\u00a0€.",
		"":                              "",
		"à suivre…":                     "À suivre…",
	} {
		if got := ui.Sentence(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
