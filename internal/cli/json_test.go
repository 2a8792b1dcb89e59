package cli_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/app"
)

// desk runs commands in this process, on books of their own.
type desk struct {
	t   *testing.T
	dir string
}

// run gives what a command says and its exit status.
func (d desk) run(args ...string) (out, errs string, status int) {
	d.t.Helper()
	env := map[string]string{"ACQUIT_DB": "sqlite:" + filepath.Join(d.dir, "acquit.db")}
	now := func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }
	var o, e bytes.Buffer
	p := app.Program(func(name string) string { return env[name] }, strings.NewReader(""), &o, &e, now, "1.0")
	status = p.Run(d.t.Context(), append([]string{"acquit"}, args...))
	return o.String(), e.String(), status
}

func (d desk) write(name, content string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

const someCustomers = `Code;Nom;E-mail
C1;Imprimerie Delvaux;compta@delvaux.example
C2;Garage Martin;martin@garage.example
C3;Boulangerie Noé;
`

const someInvoices = `Facture;Code client;Client;Date;Échéance;Montant TTC;Reste dû
F1;C1;Imprimerie Delvaux;08/10/2026;07/11/2026;1 000,00;1 000,00
F2;C1;Imprimerie Delvaux;20/11/2026;20/12/2026;300,00;300,00
F3;C2;Garage Martin;10/11/2026;10/12/2026;120,00;120,00
F4;C3;Boulangerie Noé;10/10/2026;31/02/2026;75,00;75,00
`

const someEntries = `Date;Libellé;Débit;Crédit
20/11/2026;VIR SEPA RECU IMPRIMERIE DELVAUX FACTURE F1;;1 000,00
23/11/2026;VIR SEPA RECU GARAGE MARTIN ACOMPTE;;50,00
`

const someTest = `scenario: standard.yaml
customers: [{code: C1, name: Imprimerie Delvaux, kind: business}]
invoices:  [{number: F1, customer: C1, issued: 2026-10-08, due: 2026-11-07, amount: 450.00}]
approve: all
from: 2026-11-12
until: 2026-11-12
expect:
  - {on: 2026-11-12, step: relance-1, customer: C1, invoices: [F1], amount: 450.00}
`

// objects are what each command prints with --json, in the order in which they
// are asked for.
func objects(t *testing.T) map[string]any {
	d := desk{t, t.TempDir()}
	clients, invoices := d.write("clients.csv", someCustomers), d.write("factures.csv", someInvoices)
	test := d.write("one.test.yaml", someTest)
	seen := map[string]any{}
	for _, c := range []struct {
		name   string // the verb, as the file of shapes names it
		status int
		args   []string
	}{
		{"init", 0, []string{"init", "--name", "Dupont", "--user", "claire@dupont.example"}},
		{"inspect", 1, []string{"inspect", clients, invoices}},
		{"import --dry-run", 1, []string{"import", clients, invoices, "--dry-run"}},
		{"import", 1, []string{"import", clients, invoices}},
		{"import --list", 0, []string{"import", "--list"}},
		{"lint", 0, []string{"lint"}},
		{"match", 0, []string{"match"}},
		{"preview", 0, []string{"preview"}},
		{"explain", 0, []string{"explain", "C1"}},
		{"dispute list", 0, []string{"dispute", "list"}},
		{"run", 0, []string{"run"}},
		{"today", 0, []string{"today"}},
		{"show", 0, []string{"show", "C1"}},
		{"approve", 1, []string{"approve", "all"}},
		{"outbox list", 0, []string{"outbox", "list"}},
		{"post list", 0, []string{"post", "list"}},
		{"scenario list", 0, []string{"scenario", "list"}},
		{"scenario test", 0, []string{"scenario", "test", test}},
		{"scenario diff", 0, []string{"scenario", "diff", "Standard", "standard.yaml"}},
		{"scenario replay", 0, []string{"scenario", "replay"}},
		{"aging", 0, []string{"aging"}},
		{"dso", 0, []string{"dso"}},
		{"statement", 0, []string{"statement", "C1"}},
		{"reconcile", 0, []string{"reconcile"}},
		{"due", 0, []string{"due", "--terms", "60 jours", "--issued", "2026-11-23"}},
		{"interest", 0, []string{
			"interest", "--amount", "1000", "--due", "2026-03-31", "--rate", "5", "--pay", "2026-05-31:500", "--on", "2026-07-31",
		}},
		{"limitation", 0, []string{
			"limitation", "--kind", "business", "--from", "2022-01-10", "--event", "2026-01-10:payment",
		}},
		{"clock list", 0, []string{"clock", "list"}},
		{"insolvency list", 0, []string{"insolvency", "list"}},
		{"verify", 0, []string{"verify"}},
		{"dossier score", 0, []string{"dossier", "score", "C1"}},
		{"dossier add", 0, []string{"dossier", "add", "C1", d.write("bon.pdf", "%PDF-1.7 bon"), "--kind", "order", "--invoice", "F1"}},
		{"dossier make", 0, []string{"dossier", "C1", "--out", filepath.Join(d.dir, "c1.zip")}},
		{"dossier list", 0, []string{"dossier", "list", "C1"}},
		{"verify DOSSIER.zip", 0, []string{"verify", filepath.Join(d.dir, "c1.zip")}},
		{"doctor", 1, []string{"doctor", "--offline"}},
		{"setting list", 0, []string{"setting", "list"}},
		{"user list", 0, []string{"user", "list"}},
		{"charges show", 0, []string{"charges", "show", "C1"}},
		{"route", 0, []string{"route", "C1"}},
		{"handover prepare", 0, []string{"handover", "prepare", "C1"}},
		{"handover list", 0, []string{"handover", "list"}},
		{"law list", 0, []string{"law", "list"}},
		{"mandate show", 0, []string{"mandate", "show"}},
		{"mandate held", 0, []string{"mandate", "held"}},
		{"company show", 0, []string{"company", "show"}},
		{"lifecycle list", 0, []string{"lifecycle", "list"}},
		{"lifecycle due", 0, []string{"lifecycle", "due"}},
		{"lifecycle send", 0, []string{"lifecycle", "send"}},
		{"bank import", 0, []string{"bank", "import", d.write("banque.csv", someEntries), "--account", "FR7630006000011234567890189"}},
		{"bank list", 0, []string{"bank", "list"}},
		{"bank accounts", 0, []string{"bank", "accounts"}},
		{"bank advice", 0, []string{"bank", "advice", d.write("avis.csv", "Facture;Montant\nF1;1,00\nF2;2,00\n")}},
	} {
		out, errs, status := d.run(append(c.args, "--json")...)
		if status != c.status || errs != "" {
			t.Fatalf("acquit %s: status %d, want %d; %s%s", strings.Join(c.args, " "), status, c.status, errs, out)
		}
		in := json.NewDecoder(strings.NewReader(out))
		in.UseNumber()
		var v any
		if err := in.Decode(&v); err != nil {
			t.Fatalf("%s: %v\n%s", c.name, err, out)
		}
		if in.More() {
			t.Errorf("%s: more than one object", c.name)
		}
		seen[c.name] = v
	}
	return seen
}

// required are the keys that other programs rely on: at least these are there,
// with these kinds of values. A list that holds nothing in the books of the test
// says nothing about its members.
var required = map[string]string{
	"inspect":            `{"files":[{"file":"text","format":"text","documents":[{"kind":"text","number":"text","customer":"text","issued":"day","due":"day","currency":"text","total":"amount","payable":"amount"}],"rejected":[{"line":"number","column":"number","reason":"text"}]}]}`,
	"import":             `{"import":"text","files":[{"file":"text","format":"text","added":"number","changed":"number","unchanged":"number","settled":"number","rejected":[{"line":"number","column":"number","reason":"text"}]}]}`,
	"bank list":          `{"entries":[{"entry":"text","on":"day","amount":"amount","label":"text","state":"text","allocations":[],"confidence":"any","reasons":[],"proposals":[]}]}`,
	"bank accounts":      `{"accounts":[{"account":"text","currency":"text","entries":"number","to":"day","gaps":[]}]}`,
	"preview":            `{"on":"day","reminders":[{"customer":"text","step":"text","channels":["text"],"tone":"text","invoices":["text"],"amount":"amount","currency":"text","state":"text","reasons":[{"code":"text","text":"text"}]}],"silent":[{"customer":"text","reasons":[{"code":"text","text":"text"}]}]}`,
	"run":                `{"on":"day","reminders":[{"customer":"text","step":"text","channels":["text"],"tone":"text","invoices":["text"],"amount":"amount","currency":"text","state":"text","reasons":[{"code":"text","text":"text"}]}],"silent":[{"customer":"text","reasons":[{"code":"text","text":"text"}]}]}`,
	"explain":            `{"on":"day","customer":"text","leader":"text","next":{"on":"day","step":"text"},"reasons":[{"code":"text","text":"text"}],"invoices":[{"number":"text","age":"number","open":"amount","position":"null","reasons":[{"code":"text","text":"text"}]}]}`,
	"scenario test":      `{"files":[{"file":"text","passed":"yes or no","sent":[{"on":"day","step":"text","customer":"text","invoices":["text"],"amount":"amount"}],"diff":"text"}]}`,
	"aging":              `{"on":"day","groups":[{"currency":"text","buckets":[{"name":"text","from":"null, number","to":"null, number"}],"customers":[{"customer":"text","total":"amount","amounts":["amount"]}],"total":"amount","amounts":["amount"]}]}`,
	"dso":                `{"on":"day","currency":"text","simple":"number","countback":"number","best_possible":"number","average_days_delinquent":"number","collection_effectiveness":"any"}`,
	"due":                `{"due":"day","rule":"text"}`,
	"interest":           `{"segments":[{"from":"day","to":"day","days":"number","principal":"amount","rate":"amount","base":"number","interest":"amount"}],"interest":"amount","interest_due":"amount","principal_due":"amount","indemnity":"amount","findings":[{"code":"text","text":"text"}]}`,
	"limitation":         `{"expires":"day","rule":"text","findings":[{"code":"text","text":"text"}]}`,
	"verify":             `{"journal":{"entries":"number","intact":"yes or no","broken_at":"null"},"balances":{"checked":"number","wrong":[]},"files":{"checked":"number","wrong":[]}}`,
	"dossier score":      `{"on":"day","dossiers":[{"customer":"text","percent":"number","points":[{"point":"text","state":"text","weight":"number","earned":"number"}]}]}`,
	"dossier make":       `{"file":"text","on":"day","sha256":"text","customers":[{"customer":"text","percent":"number"}]}`,
	"verify DOSSIER.zip": `{"journal":{"entries":"number","intact":"yes or no","broken_at":"null"},"files":{"checked":"number","wrong":[]},"problems":[]}`,
	"statement":          `{"on":"day","customer":"text","lines":[{"number":"text","due":"day","open":"amount","currency":"text"}]}`,
	"scenario replay":    `{"from":"day","until":"day","days":[{"on":"day","step":"text","reminders":"number","amount":"amount","currency":"text"}]}`,
	"doctor":             `{"checks":[{"name":"text","state":"text","text":"text"}]}`,
}

func TestJSON(t *testing.T) {
	t.Parallel()
	all := objects(t)
	t.Run("has the keys that other programs rely on", func(t *testing.T) { hasKeys(t, all) })
	t.Run("loses no key by oversight", func(t *testing.T) { keepsShapes(t, all) })
}

func hasKeys(t *testing.T, all map[string]any) {
	for name, text := range required {
		var want any
		if err := json.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(name, err)
		}
		missing(t, name, want, shapeOf(all[name]))
	}
}

// missing tells which part of a wanted shape is not there.
func missing(t *testing.T, at string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is %v, want an object", at, got)
			return
		}
		for key, v := range w {
			if _, ok := g[key]; !ok {
				t.Errorf("%s has no %q", at, key)
				continue
			}
			missing(t, at+"."+key, v, g[key])
		}
	case []any:
		g, ok := got.([]any)
		if !ok {
			t.Errorf("%s is %v, want a list", at, got)
			return
		}
		if len(w) > 0 && len(g) > 0 {
			missing(t, at+"[]", w[0], g[0])
		} else if len(w) > 0 {
			t.Errorf("%s holds nothing: the test would not see what is in it", at)
		}
	default:
		if want != "any" && got != want {
			t.Errorf("%s is %v, want %v", at, got, want)
		}
	}
}

var updateShapes = flag.Bool("update-shapes", false, "write the shapes of --json anew")

// keepsShapes holds every key of every object against a file, which
// go test ./internal/cli -update-shapes writes anew.
func keepsShapes(t *testing.T, all map[string]any) {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "acquit %s --json\n", name)
		draw(&b, "  ", shapeOf(all[name]))
		b.WriteByte('\n')
	}
	const golden = "testdata/shapes.golden"
	if *updateShapes {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

var (
	aDay     = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	anAmount = regexp.MustCompile(`^-?\d+\.\d\d$`)
)

// shapeOf is a value with kinds in the place of texts and numbers. The members
// of a list are one shape together.
func shapeOf(v any) any {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "yes or no"
	case json.Number:
		return "number"
	case string:
		switch {
		case aDay.MatchString(v):
			return "day"
		case anAmount.MatchString(v):
			return "amount"
		}
		return "text"
	case []any:
		var one any
		for _, member := range v {
			one = together(one, shapeOf(member))
		}
		if one == nil {
			return []any{}
		}
		return []any{one}
	case map[string]any:
		m := map[string]any{}
		for key, member := range v {
			m[key] = shapeOf(member)
		}
		return m
	}
	return fmt.Sprintf("%T", v)
}

// together is the shape of what has either one.
func together(a, b any) any {
	if a == nil {
		return b
	}
	x, isMap := a.(map[string]any)
	y, both := b.(map[string]any)
	if isMap && both {
		for key, v := range y {
			x[key] = together(x[key], v)
		}
		return x
	}
	p, isList := a.([]any)
	q, both := b.([]any)
	if isList && both {
		switch {
		case len(p) == 0:
			return q
		case len(q) == 0:
			return p
		}
		return []any{together(p[0], q[0])}
	}
	kinds := map[string]bool{}
	for _, v := range []any{a, b} {
		for kind := range strings.SplitSeq(fmt.Sprint(v), ", ") {
			kinds[kind] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")
}

func draw(b *strings.Builder, indent string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch member := v[key].(type) {
			case map[string]any:
				fmt.Fprintf(b, "%s%s\n", indent, key)
				draw(b, indent+"  ", member)
			case []any:
				fmt.Fprintf(b, "%s%s []\n", indent, key)
				if len(member) > 0 {
					draw(b, indent+"  ", member[0])
				}
			default:
				fmt.Fprintf(b, "%s%s: %v\n", indent, key, member)
			}
		}
	default:
		fmt.Fprintf(b, "%s%v\n", indent, v)
	}
}
