package yamldoc

import (
	"strings"
	"testing"
	"time"
)

// TestHostileDocumentsAreRefusedSoon: what is made to blow a parser up ends with a
// fault, and soon.
func TestHostileDocumentsAreRefusedSoon(t *testing.T) {
	t.Parallel()
	indented := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}
	for name, src := range map[string]string{
		"brackets":    strings.Repeat("[", 1<<19),
		"braces":      strings.Repeat("{a: ", 1<<17),
		"dashes":      strings.Repeat("- ", 1<<18),
		"questions":   strings.Repeat("? ", 1<<18),
		"indentation": indented(900),
		"anchors":     "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
		"too long":    strings.Repeat("a: b\n", 1<<19),
		"not text":    "a: \xff\xfe",
		"quotes":      strings.Repeat("\"", 1<<16),
		"colons":      strings.Repeat(": ", 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			d := Parse("h.yaml", []byte(src))
			if d.Root().Map("a", "b").Get("a").Text(); d.Err() == nil {
				t.Error("accepted")
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("refused after %s", took)
			}
		})
	}
}

func TestPlacesInsideTexts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, src    string
		at           int
		line, column int
	}{
		{"plain", "a: bc de", 3, 1, 7},
		{"double quotes", `a: "bc de"`, 3, 1, 8},
		{"an escaped quote", `a: "b\"c d"`, 4, 1, 10},
		{"single quotes", "a: 'bc de'", 0, 1, 5},
		{"a doubled quote", "a: 'b''c d'", 4, 1, 10},
		{"plain over lines", "a: bc\n  de", 3, 2, 3},
		{"folded", "a: >-\n  bc\n  de\n", 3, 3, 3},
		{"literal", "a: |\n    bc\n    de\n", 3, 3, 5},
		{"in a flow mapping", "a: bc\nb: {c: [d], a: ef g}", 0, 1, 4},
		{"after accents", "a: éà bc", 3, 1, 7},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := Parse("", []byte(test.src))
			d.Root().Map("a", "b").Get("a").WrongAt(test.at, "", "here")
			faults := Faults(d.Err())
			if len(faults) != 1 || faults[0].Line != test.line || faults[0].Column != test.column {
				t.Errorf("character %d is told to be elsewhere than at %d:%d: %v", test.at, test.line, test.column, d.Err())
			}
		})
	}
}

func TestNearestWord(t *testing.T) {
	t.Parallel()
	known := []string{"email", "call", "sms", "letter", "registered", "dossier", "task"}
	for s, want := range map[string]string{
		"emial": "email", "Email": "email", "mail": "email", "registred": "registered", "cal": "call", "fax": "", "": "", "x": "", "courrier": "",
	} {
		if got := Nearest(s, known); got != want {
			t.Errorf("%q is taken for %q, not %q", s, got, want)
		}
	}
}
