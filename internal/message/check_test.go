package message

import (
	"errors"
	"strings"
	"testing"

	"acquit/internal/fault"
)

const head = "template: essai\ntone: neutral\nlanguage: fr\nsubject: Facture {{invoice.number}}\n---\n"

func TestAWrongTemplateIsToldWhereWhatAndHow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body         string
		line, column int
		message      string
		mend         string
	}{
		"mistyped":            {"Bonjour {{creditor.nmae}}", 6, 11, "creditor.nmae", "creditor.name"},
		"unknown":             {"ok\n{{password}}", 7, 3, "password", ""},
		"mistyped function":   {`{{plurl invoices "a" "b"}}`, 6, 9, "plurl", "plural"},
		"may be empty":        {"Avant le {{deadline}}.", 6, 12, "deadline", "{{if deadline}}"},
		"unguarded in else":   {"{{if deadline}}x{{else}}{{deadline}}{{end}}", 6, 27, "deadline", "{{if deadline}}"},
		"no longer guarded":   {"{{if deadline}}x{{end}}{{deadline}}", 6, 26, "deadline", "{{if deadline}}"},
		"or is no guard":      {"{{if or deadline credits}}{{deadline}}{{end}}", 6, 29, "deadline", ""},
		"field of maybe":      {"{{broken.for}}", 6, 3, "broken.for", "{{if broken}}"},
		"list printed":        {"{{invoices}}", 6, 3, "invoices", "range"},
		"record printed":      {"{{creditor}}", 6, 3, "creditor", ""},
		"condition printed":   {"{{not coming}}", 6, 3, "{{not coming}}", ""},
		"field outside range": {"{{.number}}", 6, 3, ".number", "invoice.number"},
		"field of other list": {"{{range earlier}}{{.numbr}}{{end}}", 6, 20, ".numbr", "on, title"},
		"mistyped in range":   {"{{range invoices}}{{.numbr}}{{end}}", 6, 21, ".numbr", "number"},
		"range of text":       {"{{range total}}x{{end}}", 6, 9, "range", "invoices"},
		"range of number":     {"{{range 1000000}}x{{end}}", 6, 9, "range", "invoices"},
		"range in range":      {"{{range invoices}}{{range coming}}x{{end}}{{end}}", 6, 27, "répétition", ""},
		"block in range":      {"{{range invoices}}{{signature}}{{end}}", 6, 21, "répète", ""},
		"block as argument":   {"{{strong signature}}", 6, 10, "signature", "strong total"},
		"wrong argument":      {`{{plural total "a" "b"}}`, 6, 10, "total", "plural invoices"},
		"too few":             {`{{plural invoices "a"}}`, 6, 3, "plural", ""},
		"function bare":       {"{{if plural}}x{{end}}", 6, 6, "plural", ""},
		"variable":            {"{{$x := total}}{{$x}}", 6, 3, "$", ""},
		"dollar":              {"{{$.total}}", 6, 4, "$", ""},
		"dot":                 {"{{.}}", 6, 3, "", ""},
		"pipe":                {"{{total | strong}}", 6, 3, "|", "strong total"},
		"builtin":             {"{{printf \"%d\" 3}}", 6, 10, "printf", ""},
		"call":                {"{{call total}}", 6, 8, "call", "seule"},
		"js":                  {"{{js total}}", 6, 6, "js", ""},
		"template":            {"a\n {{template \"x\"}}", 7, 2, "template", ""},
		"define":              {"{{define \"x\"}}{{end}}", 6, 1, "define", ""},
		"block":               {"{{- block \"x\" .}}{{end}}", 6, 1, "block", ""},
		"with":                {"{{with total}}{{.}}{{end}}", 6, 1, "with", ""},
		"break":               {"{{range invoices}}{{break}}{{end}}", 6, 19, "break", ""},
		"unclosed action":     {"é {{total", 6, 3, "accolades", "}}"},
		"unclosed if":         {"a {{if coming}} b", 6, 3, "fermé", "{{end}}"},
		"unclosed inner if":   {"{{if coming}}\n{{if total}}{{end}}", 6, 1, "fermé", "{{end}}"},
		"stray end":           {"a\nb {{end}}", 7, 3, "{{end}}", ""},
		"stray else":          {"{{else}}", 6, 1, "{{else}}", ""},
		"unclosed quote":      {`{{plural invoices "a}}`, 6, 1, "guillemet", ""},
		"empty":               {"a {{}}", 6, 3, "manque", ""},
		"parenthesis":         {"{{if (not coming}}x{{end}}", 6, 1, "parenthèse", ""},
		"too many blocks":     {strings.Repeat("{{payment}}\n", maxBlocks+1), 6 + maxBlocks, 3, "12", ""},
		"invisible":           {"a\nbc\x02", 7, 3, "U+0002", ""},
		"right to left":       {"\u202eabc", 6, 1, "U+202E", ""},
		"nothing":             {"  \n ", 6, 1, "vide", ""},
	} {
		err := Check(head + c.body)
		f, ok := errors.AsType[*fault.Invalid](err)
		if !ok {
			t.Errorf("%s: %q passed: %v", name, c.body, err)
			continue
		}
		if f.Line != c.line || f.Column != c.column {
			t.Errorf("%s: at %d:%d, want %d:%d (%v)", name, f.Line, f.Column, c.line, c.column, err)
		}
		if !strings.Contains(f.Message, c.message) || !strings.Contains(f.Mend, c.mend) {
			t.Errorf("%s: %q (%q), want %q (%q)", name, f.Message, f.Mend, c.message, c.mend)
		}
	}
}

func TestAWrongHeadIsToldWhereWhatAndHow(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                                   "« --- »",
		"template: x\n":                      "« --- »",
		"tome: neutral\n---\nx":              "« tone »",
		"template: Relance 1\n---\nx":        "relance-1",
		"template: x\ntone: fir\n---\nx":     "« firm »",
		"template: x\ntemplate: y\n---\nx":   "deux fois",
		"template: x\ntone: firm\n---\nx":    "« language: »",
		strings.Repeat("x", maxSource+1):     "64 ko",
		strings.Replace(head, "fr", "de", 1): "fr, en",
		strings.Replace(head, "{{invoice.number}}", "{{signature}}", 1) + "x": "objet",
		strings.Replace(head, "{{invoice.number}}", "{{nmber}}", 1) + "x":     "number",
	} {
		err := Check(source)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", source, err, want)
		}
	}
}

func TestWhatAnAuthorMayWrite(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"guarded":         "{{if deadline}}avant le {{deadline}}{{end}}",
		"guarded by not":  "{{if not deadline}}x{{else}}{{deadline}}{{end}}",
		"guarded by and":  "{{if and deadline (not coming)}}{{deadline}}{{end}}",
		"else if":         "{{if broken}}{{broken.for}}{{else if deadline}}{{deadline}}{{else}}x{{end}}",
		"trimmed":         "a\n{{- if coming -}}\n{{table.coming}}\n{{- end}}",
		"compared":        `{{if and (ge invoice.days 30) (eq customer.kind "public")}}{{count invoices}}{{end}}`,
		"counted":         `{{if gt (count invoices) 3}}{{spell invoices}}{{end}}`,
		"optional inside": "{{range invoices}}{{if .order}}{{.order}}{{end}}{{.number}}{{end}}",
		"nested call":     `{{strong (plural invoices "a" "b")}}`,
		"comment":         "{{/* pour moi */}}x",
		"outer in range":  "{{range invoices}}{{creditor.name}}{{else}}x{{end}}",
		"windows lines":   "a\r\n{{total}}\r\n",
	} {
		if err := Check(head + body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGuillemetsAndDoubleSignsGetTheirSpaces(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Pourquoi ? Parce que : « oui » !": "Pourquoi\u202f? Parce que\u00a0: «\u00a0oui\u00a0»\u202f!",
		"l'oubli d'hier ; n° 12":           "l’oubli d’hier\u202f; n°\u00a012",
		"https://a.example, 10:30, 40 €":   "https://a.example, 10:30, 40\u00a0€",
		"L. 441-10 et L.441-10":            "L.\u00a0441-10 et L.\u00a0441-10",
	} {
		if got := typeset(in, "fr"); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
	if got := typeset("Why ? It's : so", "en"); got != "Why ? It’s : so" {
		t.Errorf("English got French spaces: %q", got)
	}
}

// FuzzCheck: what passes the checks can be rendered, with all facts and with
// hardly any; nothing makes them crash or run on.
func FuzzCheck(f *testing.F) {
	lib := library(f)
	for _, v := range lib.List() {
		f.Add(v.Subject, v.Body)
	}
	f.Add("{{numbers invoices}}", "{{if and deadline (gt (count coming) 0)}}{{deadline}}{{end}}")
	f.Add("x", "{{range earlier}}- {{.on}}\n{{end}}")
	f.Add("x", `{{plural 3 "a" "b"}}{{eq invoices coming}}{{lt 1 2}}`)
	f.Add("x", "{{if eq broken interest}}{{dates earlier}}{{end}}")
	full := Example("fr", Business)
	f.Fuzz(func(t *testing.T, subject, body string) {
		tmpl, err := Compile(Document{
			Name: "essai", Tone: Neutral, Language: "fr", Audiences: audiences, Subject: subject, Body: body,
		})
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("not for a person: %v", err)
			}
			return
		}
		for _, facts := range []Facts{full, full.bare()} {
			if _, err := tmpl.Render(facts); err != nil {
				t.Fatalf("%q passed its checks: %v", body, err)
			}
		}
	})
}
