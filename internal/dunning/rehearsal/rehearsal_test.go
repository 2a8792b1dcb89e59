package rehearsal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/dunning/yamldoc"
)

// beside opens the files of testdata.
func beside(path string) ([]byte, error) { return os.ReadFile(filepath.Join("testdata", path)) }

// TestConventions runs the files of testdata: each names the rule it is about.
func TestConventions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("no scenario tests found: %v", err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if name == "echelle.yaml" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Check(name, src, beside)
			if err != nil || !r.Passed {
				t.Errorf("%s\n%s", err, r.Diff)
			}
		})
	}
}

// small is a test of one invoice with the given events and expectations.
func small(events, expect string) string {
	return `scenario: echelle.yaml
customers: [{code: C1}]
invoices: [{number: F1, due: 2026-03-02, amount: 500.00}]
events: [` + events + `]
from: 2026-03-03
until: 2026-03-20
expect: [` + expect + `]
`
}

// TestDiffShowsWhatIsMissingAndWhatIsTooMuch: and why nothing went out on the day
// it was expected.
func TestDiffShowsWhatIsMissingAndWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	r, err := Check("t.yaml", []byte(small("{on: 2026-03-04, hold: C1, until: 2026-03-11, reason: direction}",
		"{on: 2026-03-09, step: relance-1, invoices: [F1], amount: 500.00}")), beside)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"- 2026-03-09 C1 relance-1 [F1] 500.00 EUR",
		"    Client suspendu jusqu’au 11 mars 2026 inclus\u00a0: direction",
		"+ 2026-03-12 C1 relance-1 [F1] 500.00 EUR (email)",
		"",
	}, "\n")
	if diff := cmp.Diff(want, r.Diff); diff != "" || r.Passed {
		t.Errorf("passed: %v\n%s", r.Passed, diff)
	}
	got, err := json.Marshal(r.Sent)
	if err != nil {
		t.Fatal(err)
	}
	const object = `[{"on":"2026-03-12","step":"relance-1","customer":"C1","invoices":["F1"],"amount":"500.00","currency":"EUR","channels":["email"],"follow_up":false}]`
	if diff := cmp.Diff(object, string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestDiffSaysWhy: whatever kept the reminder from going out on the day.
func TestDiffSaysWhy(t *testing.T) {
	t.Parallel()
	const call = `scenario: {steps: [{id: appel, at: J+5, channels: [call]}, {id: relance-1, at: J+9, channels: [email]}]}
customers: [{code: C1}]
invoices: [{number: F1, due: 2026-03-02, amount: 500.00}]
from: 2026-03-03
until: 2026-03-10
expect: [{on: 2026-03-09, step: relance-1}]
`
	expect := "{on: 2026-03-09, step: relance-1}"
	for src, want := range map[string]string{
		small("{on: 2026-03-04, dispute: F1, reason: prix}", expect):             "Facture F1 en litige pour 500,00\u00a0€ (prix)\u00a0: rien d’autre à en réclamer",
		small("{on: 2026-03-09, down_until: 2026-03-10}", expect):                "Le programme ne tournait pas ce jour-là",
		small("", "{on: 2026-03-29, step: relance-1}"):                           "Ce jour n’est pas entre from et until",
		strings.Replace(small("", expect), "until:", "approve: none\nuntil:", 1): "L’étape «\u00a0Première relance\u00a0», proposée le 9 mars 2026, attend déjà une décision",
		call: "L’étape «\u00a0appel\u00a0» est confiée à une personne ce jour-là",
	} {
		r, err := Check("t.yaml", []byte(src), beside)
		if err != nil || !strings.Contains(r.Diff, "\n    "+want+"\n") {
			t.Errorf("%v: nothing says %q:\n%s", err, want, r.Diff)
		}
	}
}

// TestExpectationsAreCompared: each of them fails when it says something else.
func TestExpectationsAreCompared(t *testing.T) {
	t.Parallel()
	for expect, want := range map[string]bool{
		"{on: 2026-03-09, step: relance-1, invoices: [F1], amount: 500.00}, {on: 2026-03-17, step: relance-2}": true,
		"{on: 2026-03-17, step: relance-2, channel: email}, {on: 2026-03-09, step: relance-1, currency: EUR}":  true,
		"{on: 2026-03-09, step: relance-1}":                                                    false, // relance-2 went out too
		"{on: 2026-03-09, step: relance-1, amount: 500.01}, {on: 2026-03-17, step: relance-2}": false,
		"{on: 2026-03-09, step: relance-1, invoices: []}, {on: 2026-03-17, step: relance-2}":   false,
		"{on: 2026-03-09, step: relance-1, channel: sms}, {on: 2026-03-17, step: relance-2}":   false,
		"{on: 2026-03-09, step: relance-1, currency: USD}, {on: 2026-03-17, step: relance-2}":  false,
		"{on: 2026-03-10, step: relance-1}, {on: 2026-03-17, step: relance-2}":                 false,
		"{on: 2026-03-09, step: relance-2}, {on: 2026-03-17, step: relance-2}":                 false,
		"": false,
	} {
		r, err := Check("t.yaml", []byte(small("", expect)), beside)
		if err != nil || r.Passed != want {
			t.Errorf("%s: passed %v (%v)\n%s", expect, r.Passed, err, r.Diff)
		}
	}
}

// TestWrongTestsAreToldWhere: with line and column, all at once.
func TestWrongTestsAreToldWhere(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		strings.Replace(small("", ""), "echelle.yaml", "absent.yaml", 1):            "1:11",
		strings.Replace(small("", ""), "expect", "expects", 1):                      "1:1 7:1",
		strings.Replace(small("", ""), "code: C1", "code: C1, kind: firm", 1):       "2:30",
		strings.Replace(small("", ""), "amount: 500.00", "amount: 500,00, x: 1", 1): "3:54 3:58",
		strings.Replace(small("", ""), "2026-03-20", "2026-02-20", 1):               "6:8",
		small("{on: 2026-03-04, pay: F2, amount: 1.00}", ""):                        "4:32",
		small("{on: 2026-03-04, pay: F1, amount: 1.005}", ""):                       "4:44",
		small("{on: 2026-03-04, pay: F1, amount: -1.00}", ""):                       "4:44",
		small("{on: 2026-03-04, amount: 1.00}", ""):                                 "4:10",
		small("{on: 2026-03-04, pay: F1, resolve: F1, amount: 1.00}", ""):           "4:10",
		small("{on: 2026-03-04, resolve: F1, amount: 1.00}", ""):                    "4:40",
		small("{on: 2026-03-04, dismiss: relance-9, reason: x}", ""):                "4:36",
		small("{on: 2026-03-04, dismiss: relance-1}", ""):                           "4:10",
		small("{on: 2026-02-30, reply: C1}", ""):                                    "4:15",
		small("{on: 2026-03-04, hold: C1, until: 2026-03-03}", ""):                  "4:44",
		small("{on: 2026-03-04, promise: [F1], for: 2026-03-03}", ""):               "4:47",
		small("{on: 2026-03-04, down_until: 2026-03-03}", ""):                       "4:39",
		small("{on: 2026-03-04, promise: [], for: 2026-03-09}", ""):                 "4:36",
		small("{on: 2026-03-04, plan: [F1], instalments: []}", ""):                  "4:52",
		small("", "{on: 2026-03-09, step: relance-9, invoices: [F9]}"):              "7:33 7:55",
	} {
		_, err := Check("t.yaml", []byte(src), beside)
		var places []string
		for _, f := range yamldoc.Faults(err) {
			places = append(places, strings.Join(strings.Split(strings.TrimPrefix(f.Error(), "t.yaml:"), " ")[:1], ""))
		}
		if got := strings.Join(places, " "); got != want {
			t.Errorf("faults at %s, not at %s: %v", got, want, err)
		}
	}
}

// TestTasksAreComparedTogether: a test that names no call leaves them apart; one
// that names a call must name all.
func TestTasksAreComparedTogether(t *testing.T) {
	t.Parallel()
	const ledger = `scenario: {steps: [{id: a, at: J+5, channels: [call]}, {id: b, at: J+8, channels: [task]}]}
customers: [{code: C1}]
invoices: [{number: F1, due: 2026-03-02, amount: 500.00}]
from: 2026-03-03
until: 2026-03-20
expect: `
	for expect, want := range map[string]bool{
		"[]":                          true,
		"[{on: 2026-03-09, step: a}]": false, // b came too
		"[{on: 2026-03-09, step: a}, {on: 2026-03-10, step: b}]": true,
		"[{on: 2026-03-10, step: a}, {on: 2026-03-10, step: b}]": false,
	} {
		r, err := Check("t.yaml", []byte(ledger+expect), beside)
		if err != nil || r.Passed != want || (len(r.Tasks) == 2) != (expect == "[]") {
			t.Errorf("%s: passed %v (%v)\n%s", expect, r.Passed, err, r.Diff)
		}
	}
}

// TestScenarioFaultsAreToldAtTheirOwnPlace: of the file that the test names, with
// the line as it stands.
func TestScenarioFaultsAreToldAtTheirOwnPlace(t *testing.T) {
	t.Parallel()
	open := func(string) ([]byte, error) {
		return []byte("name: X\nsteps:\n  - {id: r, at: J+5, channels: [email], tome: firm}\n"), nil
	}
	_, err := Check("t.yaml", []byte(small("", "{on: 2026-03-09, step: r, amount: x}")), open)
	var got []string
	for _, f := range yamldoc.Faults(err) {
		got = append(got, f.Error()+"\n"+f.Pointed())
	}
	want := []string{
		"t.yaml:1:11 : le scénario «\u00a0echelle.yaml\u00a0» est fautif\nscenario: echelle.yaml\n          ^",
		"t.yaml:7:44 : «\u00a0x\u00a0» n’est pas un montant de la forme 1234.50\n" +
			"expect: [{on: 2026-03-09, step: r, amount: x}]\n                                           ^",
		"echelle.yaml:3:41 : clé inconnue\u00a0: «\u00a0tome\u00a0» (vouliez-vous dire «\u00a0tone\u00a0»\u202f?)\n" +
			"  - {id: r, at: J+5, channels: [email], tome: firm}\n                                        ^",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestShippedScenariosAreKnownByTheirFile: a test may name one without having it.
func TestShippedScenariosAreKnownByTheirFile(t *testing.T) {
	t.Parallel()
	src := strings.Replace(small("", "{on: 2026-03-06, step: relance-1, invoices: [F1]}, {on: 2026-03-16, step: relance-2}"), "echelle.yaml", "independant.yaml", 1)
	if r, err := Check("t.yaml", []byte(src), beside); err != nil || !r.Passed {
		t.Errorf("%v\n%s", err, r.Diff)
	}
	elsewhere := strings.Replace(src, "independant.yaml", "ailleurs/independant.yaml", 1)
	if _, err := Check("t.yaml", []byte(elsewhere), beside); err == nil {
		t.Error("a shipped scenario stands in for a file that is not there")
	}
}

func FuzzCheck(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		src, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		test, err := Parse("f.yaml", src, beside)
		if err != nil {
			if len(yamldoc.Faults(err)) == 0 {
				t.Fatalf("refused without a place: %v", err)
			}
			return
		}
		test.until = min(test.until, test.from.Add(60)) // the days are alike
		if r := test.Run(); r.Passed != (r.Diff == "") {
			t.Fatalf("passed: %v, diff: %q", r.Passed, r.Diff)
		}
	})
}
