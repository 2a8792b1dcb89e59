package xmltree

import (
	"errors"
	"strings"
	"testing"

	"acquit/internal/fault"
)

func TestElementsKnowWhereTheyStand(t *testing.T) {
	t.Parallel()
	root, err := Parse([]byte("<?xml version=\"1.0\"?>\n<a xmlns=\"urn:x\">\n  <b id=\" 7 \">un <!-- deux --> trois</b>\n  <b><c>é</c></b>\n</a>"))
	if err != nil {
		t.Fatal(err)
	}
	b := root.All("b")
	if len(b) != 2 || b[0].Text != "un  trois" || b[0].Get("id") != "7" || b[0].Line != 3 || b[0].Column != 3 || b[0].Space != "urn:x" {
		t.Errorf("got %+v", b)
	}
	if root.Value("b/c") != "é" || root.At("b/d") != nil || root.Value("x/y") != "" {
		t.Errorf("got %q", root.Value("b/c"))
	}
}

// Each of these would harm a reader that believes what it is given.
func TestHostileDocumentsAreRefusedInFrench(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, reason string }{
		"billion laughs":  {`<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`, "DOCTYPE"},
		"external entity": {`<!DOCTYPE l SYSTEM "file:///etc/passwd"><l/>`, "DOCTYPE"},
		"unknown entity":  {`<l>&b;</l>`, "entité"},
		"deep":            {strings.Repeat("<a>", 100_000), "niveaux"},
		"wide":            {"<a>" + strings.Repeat("<b/>", MaxNodes+1), "éléments"},
		"two roots":       {"<a/><b/>", "racines"},
		"text outside":    {"<a/>tail", "hors"},
		"nothing":         {"", "élément"},
		"cut":             {"<a><b>1", "tronqué"},
		"crossed":         {"<a><b></a></b>", "mal formé"},
		"zero byte":       {"<a>\x00</a>", "interdit"},
		"lying UTF-16":    {`<?xml version="1.0" encoding="UTF-16"?><a/>`, "mensongère"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(c.text))
			f, ok := errors.AsType[*fault.Invalid](err)
			if !ok || !strings.Contains(f.Message, c.reason) {
				t.Errorf("got %v, want a reason with %q", err, c.reason)
			}
		})
	}
}

func TestDeclaredEncodingsAreRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"latin1":  "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>",
		"latin9":  "<?xml version='1.0' encoding='iso-8859-15'?><a>\xE9</a>",
		"windows": "<?xml version='1.0' encoding='windows-1252'?><a>\xE9</a>",
		"mark":    "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><a>é</a>",
		"UTF-16":  "\xFF\xFE<\x00a\x00>\x00\xE9\x00<\x00/\x00a\x00>\x00",
	} {
		root, err := Parse([]byte(text))
		if err != nil || root.Text != "é" {
			t.Errorf("%s: got %+v, %v", name, root, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><a b="c">d<e/></a>`))
	f.Add([]byte("\xFF\xFE<\x00a\x00/\x00>\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		root, err := Parse(b)
		if err == nil && (root == nil || root.Name == "") {
			t.Fatal("a document without a root")
		}
		if _, ok := errors.AsType[*fault.Invalid](err); err != nil && !ok {
			t.Fatalf("not said for a person: %v", err)
		}
	})
}
