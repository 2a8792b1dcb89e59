package dunning

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/dunning/yamldoc"
	"acquit/internal/fault"
	"acquit/internal/money"
)

func TestShippedScenariosSayWhatTheyMean(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("scenarios")
	if err != nil || len(files) != len(ShippedFiles()) {
		t.Fatalf("%d files for %d names (%v)", len(files), len(ShippedFiles()), err)
	}
	for _, name := range ShippedFiles() {
		src, _ := ShippedFile(name)
		s, err := ParseScenario(name, src)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Remarks {
			t.Errorf("%v", r)
		}
		last := s.Steps[len(s.Steps)-1]
		if s.Name == "" || !last.Formal() || !last.NeedsApproval() {
			t.Errorf("%s ends with %s, which nobody approves", s.Name, last.ID)
		}
	}
	standard, _ := ShippedFile("standard.yaml")
	s, err := ParseScenario("", standard)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"J−5 rappel", "J+2 appel", "J+5 relance-1", "J+15 relance-2", "J+30 relance-3", "J+40 mise-en-demeure", "J+60 dossier"}
	var got []string
	for i := range s.Steps {
		got = append(got, s.Steps[i].Offset()+" "+s.Steps[i].ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	then := s.Step("relance-2").Then
	if s.MinGap != 4 || s.PromiseGrace != 2 || s.minimum(money.EUR) != money.New(1500, money.EUR) ||
		s.minimum("JPY") != money.New(15, "JPY") || *then != (Follow{SMS, 2, true}) {
		t.Errorf("read as %+v", s)
	}
}

func TestScenarioSurvivesItsOwnYAML(t *testing.T) {
	t.Parallel()
	for _, s := range policies(t) {
		again := parse(t, string(s.YAML()))
		if diff := cmp.Diff(string(s.YAML()), string(again.YAML())); diff != "" || s.Hash() != again.Hash() {
			t.Errorf("%s reads back as another:\n%s", s.Name, diff)
		}
	}
	a, b := parse(t, "name: A # one\nsteps: [{id: x, at: J+1, channels: [email]}]"), parse(t, "steps:\n- channels: [email]\n  at: J+1\n  id: x\nname: A\n")
	c := parse(t, "name: A\nsteps: [{id: x, at: J+2, channels: [email]}]")
	if a.Hash() != b.Hash() || a.Hash() == c.Hash() {
		t.Error("the hash follows the layout, not what is said")
	}
}

// TestWrongScenariosAreToldWhere: each fault with its line, its column and words
// that help; the place is that of the wrong word itself.
func TestWrongScenariosAreToldWhere(t *testing.T) {
	t.Parallel()
	step := "steps: [{id: a, at: J+5, channels: [email], template: x}]\n"
	for _, test := range []struct {
		name, yaml   string
		line, column int
		says         string
	}{
		{"unknown key", "nme: A\n" + step, 1, 1, "vouliez-vous dire « name »"},
		{"unknown key of a step", "steps: [{id: a, at: J+5, channels: [email], template: x, canal: sms}]", 1, 58, "clé inconnue : « canal »"},
		{"key given twice", "entry: by_age\nentry: sequential\n" + step, 2, 1, "elle est déjà à la ligne 1"},
		{"unknown value", step + "entry: later\n", 2, 8, "sequential, by_age"},
		{"number without unit", step + "min_gap: 4\n", 2, 10, "écrivez 4d"},
		{"comma in an amount", step + "minimum: 15,00\n", 2, 10, "écrivez 15.00"},
		{"negative amount", step + "minimum: -1\n", 2, 10, "n’est pas un montant"},
		{"step without a day", "steps:\n  - id: a\n    channels: [email]\n", 2, 5, "il manque la clé « at »"},
		{"day in English", "steps: [{id: a, at: D+5, channels: [email]}]", 1, 21, "écrivez J-5, J ou J+15"},
		{"unknown channel", "steps: [{id: a, at: J+5, channels: [emial]}]", 1, 37, "« email »"},
		{"channel outside a list", "steps: [{id: a, at: J+5, channels: email}]", 1, 36, "écrivez [email]"},
		{"no channel", "steps: [{id: a, at: J+5, channels: []}]", 1, 36, "un canal au moins"},
		{"unknown tone", "steps: [{id: a, at: J+5, channels: [email], tone: angry}]", 1, 51, "courteous, neutral, firm, formal"},
		{"two steps of one name", "steps:\n - {id: a, at: J+5, channels: [email]}\n - {id: a, at: J+6, channels: [email]}", 3, 4, "existe déjà"},
		{"steps out of order", "steps:\n - {id: a, at: J+5, channels: [email]}\n - {id: b, at: J+4, channels: [email]}", 3, 4, "rangez"},
		{"formal before the due date", "steps: [{id: a, at: J, channels: [registered]}]", 1, 34, "après l’échéance"},
		{"formal follow-up", "steps: [{id: a, at: J+5, channels: [email], then: {channel: dossier, after: 2d}}]", 1, 61, "valeur inconnue"},
		{"approve by halves", "steps: [{id: a, at: J+5, channels: [email], approve: sometimes}]", 1, 54, "always"},
		{"nothing after a key", "name:\n" + step, 1, 1, "pas de valeur"},
		{"no steps", "name: A\nsteps: []\n", 2, 8, "de 1 à 100 étapes"},
		{"not a mapping", "- a\n", 1, 1, "un groupe de clés"},
		{"an alias", "steps: *x\n", 1, 8, "ancres"},
		{"a bracket left open", "steps: [{id: a\n", 1, 9, ""},
		{"unknown name in a condition", step + "applies: custmer.kind == \"business\"\n", 2, 10, "vouliez-vous dire « customer »"},
		{"unknown field", step + "applies: customer.knd == \"business\"\n", 2, 19, "« kind »"},
		{"unknown kind", step + "applies: customer.kind == \"busines\"\n", 2, 27, "ne vaut jamais « busines »"},
		{"unknown kind in a list", step + "applies: customer.kind in [\"public\", \"privé\"]\n", 2, 38, "« privé »"},
		{"amount beside a text", "steps: [{id: a, at: J+5, channels: [email], when: due > \"2000\"}]", 1, 55, "ne va pas entre un montant et un texte"},
		{"not a question", step + "applies: age\n", 2, 10, "oui ou non"},
		{"not a day", step + "applies: customer.since < \"2020-02-30\"\n", 2, 27, "n’est pas une date"},
		{"one sign for two", step + "applies: customer.kind = \"public\"\n", 2, 24, "écrivez =="},
		{"a step where there is none", step + "applies: step.at > 3\n", 2, 10, "« step » n’existe pas ici"},
		{"a condition folded over lines", step + "applies: >\n  age > 3 and\n  monnaie == \"EUR\"\n", 4, 3, "nom inconnu : « monnaie »"},
		{"a condition cut short", step + "applies: 'age >'\n", 2, 15, "s’arrête trop tôt"},
		{"after accents", "name: éàü\n" + step + "applies: customer.name == \"é\" and montant > 3\n", 3, 35, "« montant »"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseScenario("p.yaml", []byte(test.yaml))
			faults := yamldoc.Faults(err)
			if len(faults) == 0 || fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("accepted, or refused as %v", err)
			}
			f := faults[0]
			if f.Line != test.line || f.Column != test.column || f.File != "p.yaml" {
				t.Errorf("at %s:%d:%d, not %d:%d: %v", f.File, f.Line, f.Column, test.line, test.column, err)
			}
			text := strings.ReplaceAll(f.Message+" ("+f.Mend+")", "\u00a0", " ")
			if !strings.Contains(strings.ReplaceAll(text, "\u202f", " "), test.says) {
				t.Errorf("says %q, not %q", text, test.says)
			}
		})
	}
}

// TestRemarksTellWhatIsProbablyNotMeant: allowed, but told.
func TestRemarksTellWhatIsProbablyNotMeant(t *testing.T) {
	t.Parallel()
	s := parse(t, "steps:\n"+
		"  - {id: notice, at: J+5, channels: [registered], template: x, deadline: 8d}\n"+
		"  - {id: mail, at: J+10, channels: [email]}\n")
	var got []string
	for _, r := range s.Remarks {
		got = append(got, strings.ReplaceAll(r.Message, "\u00a0", " "))
	}
	want := []string{
		"le scénario n’a pas de nom",
		"l’étape formelle « notice » n’aura jamais lieu : rien ne relance avant elle",
		"le délai de 8 jours de « notice » court encore quand vient « mail »",
		"l’étape « mail » écrit sans modèle",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ParseScenario("", []byte("entry: x\nmin_gap: y\nsteps:\n  - {id: a, at: z, channels: [w], when: montant > nombre}\n"))
	if n := len(yamldoc.Faults(err)); n != 6 {
		t.Errorf("%d faults told of 6:\n%v", n, err)
	}
}

func TestDaysAreWrittenInSeveralWays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"J": 0, "J+0": 0, "J+15": 15, "J-5": -5, "J−5": -5} {
		if got, err := ParseOffset(text); err != nil || got != want {
			t.Errorf("%s is %d (%v), not %d", text, got, err, want)
		}
	}
	for text, want := range map[string]int{"4d": 4, "4j": 4, "0d": 0} {
		if got, err := ParseDays(text); err != nil || got != want {
			t.Errorf("%s is %d (%v), not %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "j+5", "J +5", "J+5d", "J+99999", "4 d", "-4d", "4w", "4000d"} {
		if _, err := ParseOffset(text); err == nil {
			t.Errorf("%q is accepted as a day", text)
		}
		if _, err := ParseDays(text); err == nil {
			t.Errorf("%q is accepted as a number of days", text)
		}
	}
}

func TestConditionsCompareExactly(t *testing.T) {
	t.Parallel()
	f := &facts{
		Due: units(money.New(200000, money.EUR)), Balance: units(money.New(300010, money.EUR)), Age: 12, Day: date{cal.Must("2026-11-20")},
		Invoice: invoiceFacts{Due: date{cal.Must("2026-11-08")}, Amount: units(money.New(12345, "TND")), Currency: "EUR"},
		Customer: customerFacts{
			Kind: Business, Tags: []string{"grand-compte", "export"}, Country: "FR", Since: date{cal.Must("2019-01-01")},
			Score: 61, AverageDelay: -3,
		},
		Step: stepFacts{ID: "relance-2", At: 15, Tone: "firm", Channels: []string{"email"}},
	}
	for text, want := range map[string]bool{
		`due >= 2000`:                                     true,
		`due > 2000`:                                      false,
		`due == 2000.00`:                                  true,
		`due >= 2000.01`:                                  false,
		`due >= 1999.99`:                                  true,
		`balance == 3000.1`:                               true,
		`balance - due == 1000.10`:                        true,
		`due * 1.5 <= balance`:                            true,
		`due * 1.50005 == balance`:                        true,
		`due * 0.1 + due * 0.2 == due * 0.3`:              true, // false with floats
		`-due < -1999.99 and 2000 <= due`:                 true,
		`invoice.amount == 12.345`:                        true, // three decimals in Tunisia
		`invoice.amount > 12.34 and age >= 12`:            true,
		`customer.since < "2020-01-01"`:                   true,
		`"2020-01-01" > customer.since`:                   true,
		`day == "2026-11-20" and day - invoice.due == 12`: true,
		`invoice.due + 30 >= "2026-12-09"`:                false,
		`invoice.issued < day or invoice.issued >= day`:   false, // not known: neither before nor after
		`customer.kind == "business" and not ("grand-compte" in customer.tags)`: false,
		`customer.kind in ["business", "public"] && "export" in customer.tags`:  true,
		`any(customer.tags, # startsWith "grand")`:                              true,
		`len(customer.tags) == 2 and customer.country != "DE"`:                  true,
		`customer.average_delay < 0 and customer.score >= 60.5`:                 true,
		`step.at >= 15 and step.tone == "firm" and "email" in step.channels`:    true,
	} {
		doc := yamldoc.Parse("", []byte("when: |\n  "+text+"\n"))
		c := readCondition(doc.Root().Map("when").Get("when"), true)
		if err := doc.Err(); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := c.holds(f); err != nil || got != want {
			t.Errorf("%s is %v (%v)", text, got, err)
		}
	}
}

// TestConditionThatFailsStopsItsOwnCustomer: nobody is reminded on the strength of
// an answer that could not be had, and the reason says which condition.
func TestConditionThatFailsStopsItsOwnCustomer(t *testing.T) {
	t.Parallel()
	s := parse(t, "name: S\nsteps: [{id: a, at: J+5, channels: [email], when: 'customer.tags[3] == \"x\"'}]")
	a := owing(Item{ID: "i", Number: "F1", Due: today.Add(-10), Open: money.New(100, money.EUR)})
	d := Decide(a, s, calendar, today)
	if len(d.Reminders) > 0 || len(d.Reasons) != 1 || d.Reasons[0].Code != ConditionFailed || !strings.Contains(d.Reasons[0].Note, "customer.tags[3]") {
		t.Errorf("decided %+v", d)
	}
	s = parse(t, "name: S\napplies: day - customer.since > 30\nsteps: [{id: a, at: J+5, channels: [email]}]")
	always := parse(t, "name: T\nsteps: [{id: a, at: J+5, channels: [email]}]")
	if got, why := Choose(a, []*Scenario{s, always}, today); got != nil || why.Code != ConditionFailed {
		t.Errorf("chosen %v, %+v", got, why)
	}
}

func FuzzParseScenario(f *testing.F) {
	for _, name := range ShippedFiles() {
		src, _ := ShippedFile(name)
		f.Add(src)
	}
	f.Add([]byte("steps:\n- {id: a, at: J−5, channels: [sms], when: 'due > 1.50 and day < \"2026-01-01\"', then: {channel: sms, after: 2j}}\n"))
	f.Add([]byte("a: [&x *x, !!t {<<: *y}]\n? b\n: |\n  c\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := ParseScenario("f.yaml", src)
		if err != nil {
			for _, f := range yamldoc.Faults(err) {
				if f.Line < 1 || f.Column < 1 || f.Message == "" {
					t.Fatalf("a fault without its place: %+v", f)
				}
			}
			return
		}
		again, err := ParseScenario("", s.YAML())
		if err != nil || again.Hash() != s.Hash() {
			t.Fatalf("what was read does not read back: %v\n%s", err, s.YAML())
		}
		a := owing(Item{ID: "i", Number: "F", Due: today.Add(-40), Open: money.New(100000, money.EUR)})
		if d := Decide(a, s, calendar, today); len(d.Reminders)+len(d.Reasons) == 0 {
			t.Fatal("silent without a reason")
		}
	})
}
