package dunning

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

func euros(cents int64) money.Amount { return money.New(cents, money.EUR) }

// owing is a business that owes items.
func owing(items ...Item) Account {
	return Account{Customer: Customer{ID: "c", Code: "C1", Kind: Business}, Items: items, CreditUse: CreditNet}
}

func item(id string, age int, cents int64) Item {
	return Item{ID: id, Number: strings.ToUpper(id), Issued: today.Add(-age - 30), Due: today.Add(-age), Amount: euros(cents), Open: euros(cents)}
}

// codes are the reasons' codes, in order.
func codes(reasons []Reason) []Code {
	var all []Code
	for _, r := range reasons {
		all = append(all, r.Code)
	}
	return all
}

const plain = `name: Plain
min_gap: 2d
minimum: 15.00
promise_grace: 2d
steps:
  - {id: rappel, at: J-5, channels: [email]}
  - {id: r1, at: J+5, channels: [email], then: {channel: sms, after: 2d, unless: reacted}}
  - {id: r2, at: J+15, channels: [email, letter]}
  - {id: med, at: J+30, channels: [registered]}
  - {id: dossier, at: J+50, channels: [dossier]}
`

// TestSilenceNamesItsReason goes through what keeps an account silent.
func TestSilenceNamesItsReason(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	late := item("f1", 6, 50000)
	for _, test := range []struct {
		name   string
		change func(*Account)
		want   []Code
	}{
		{"all paid", func(a *Account) { a.Items[0].Open = euros(0) }, []Code{NothingOpen}},
		{"insolvent", func(a *Account) { a.Customer.Insolvent = true }, []Code{Insolvent}},
		{"customer on hold", func(a *Account) { a.Holds = []Hold{{From: today, Until: today, Reason: "x"}} }, []Code{CustomerHeld}},
		{"item on hold", func(a *Account) { a.Holds = []Hold{{Item: "f1", From: today}} }, []Code{Held}},
		{"both on hold", func(a *Account) {
			a.Items = append(a.Items, item("f2", 9, 90000))
			a.Holds = []Hold{{Item: "f1", From: today}, {Item: "f2", From: today, Reason: "x"}}
		}, []Code{AllAside, Held, Held}},
		{"to allocate", func(a *Account) { a.Credits = []Credit{{Open: euros(50000)}} }, []Code{ToAllocate}},
		{"credits held", func(a *Account) { a.Credits, a.CreditUse = []Credit{{Open: euros(1)}}, CreditHold }, []Code{CreditsHeld}},
		{"credits cover what is late", func(a *Account) {
			a.Credits, a.Items = []Credit{{Open: euros(50000)}}, append(a.Items, item("f2", -40, 90000))
		}, []Code{Covered}},
		{"payment on its way", func(a *Account) { a.InFlight = []InFlight{{Amount: euros(50000), Until: today}} }, []Code{Covered}},
		{"below the minimum", func(a *Account) { a.Items[0].Open = euros(1499) }, []Code{BelowMinimum}},
		{"not late yet", func(a *Account) { a.Items[0].Due = today.Add(20) }, []Code{NothingLate}},
		{"late, but its step is to come", func(a *Account) { a.Items[0].Due = today.Add(-3) }, []Code{NotYet}},
		{"too soon", func(a *Account) { a.Contacts = []Contact{{On: today.Add(-1)}} }, []Code{TooSoon}},
		{"no step left", func(a *Account) {
			a.Items[0].Due, a.Items[0].Position = today.Add(-90), Position{Step: "dossier", On: today.Add(-20), Dismissed: true}
		}, []Code{NoStepLeft}},
		{"handed over", func(a *Account) {
			a.Items[0].Due, a.Items[0].Position = today.Add(-90), Position{Step: "dossier", On: today.Add(-20)}
		}, []Code{HandedOver}},
		{"handed over and recalled", func(a *Account) {
			a.Items[0].Due, a.Items[0].Position = today.Add(-90), Position{Step: "dossier", On: today.Add(-20)}
			a.Items[0].Recalled = today.Add(-20)
		}, []Code{NoStepLeft}},
		{"recalled, then handed over again", func(a *Account) {
			a.Items[0].Due, a.Items[0].Position = today.Add(-90), Position{Step: "dossier", On: today.Add(-20)}
			a.Items[0].Recalled = today.Add(-21)
		}, []Code{HandedOver}},
		{"waiting", func(a *Account) {
			a.Pending = []Pending{{ID: "r", Step: "r1", On: today.Add(-1), Items: []string{"f1"}}}
		}, []Code{Awaiting}},
		{"insolvent, and supplied nobody knows when", func(a *Account) {
			a.Customer.Insolvent, a.Items[0].Supply = true, SupplyUndated
		}, []Code{Insolvent, Undated}},
		{"insolvent, and only what is not late came after the judgment", func(a *Account) {
			a.Customer.Insolvent, a.Items = true, append(a.Items, item("f2", -40, 90000))
			a.Items[1].Supply = SuppliedAfter
		}, []Code{NothingLate}},
		{"a consumer's barred claim", func(a *Account) { a.Customer.Kind, a.Items[0].Barred = Consumer, today }, []Code{Barred}},
		{"refused as an electronic invoice", func(a *Account) {
			a.Items[0].Stopped, a.Items[0].StopOn = "210", today.Add(-1)
		}, []Code{StatusStops}},
		{"to mend", func(a *Account) { a.Items[0].Mend = []string{"email"} }, []Code{ToMend}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := owing(late)
			test.change(&a)
			d := Decide(a, s, calendar, today)
			if diff := cmp.Diff(test.want, codes(d.Reasons)); diff != "" || len(d.Reminders) > 0 {
				t.Errorf("%d reminders, reasons:\n%s", len(d.Reminders), diff)
			}
		})
	}
	if d := Decide(owing(late), nil, calendar, today); len(d.Reasons) != 1 || d.Reasons[0].Code != NoScenario {
		t.Errorf("without a scenario: %+v", d)
	}
	sunday := cal.Must("2026-03-22")
	if d := Decide(owing(late), s, calendar, sunday); d.Reasons[0].Code != ClosedDay || d.Next != (Next{"r1", sunday.Add(1)}) {
		t.Errorf("on a Sunday: %+v", d)
	}
}

// TestOnlyWhatWasSuppliedAfterTheJudgmentIsChased: the rest of an insolvent customer's
// invoices is left aside, each with its reason (C. com. L622-7 and L622-17); a
// business is asked for a claim that a judge may find barred.
func TestOnlyWhatWasSuppliedAfterTheJudgmentIsChased(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	a := owing(item("f1", 6, 50000), item("f2", 30, 70000), item("f3", 6, 90000))
	a.Customer.Insolvent = true
	a.Items[0].Supply, a.Items[2].Supply = SuppliedAfter, SupplyUndated
	d := Decide(a, s, calendar, today)
	if len(d.Reminders) != 1 || len(d.Reminders[0].Claims) != 1 || d.Reminders[0].Claims[0].Item != "f1" {
		t.Fatalf("decided %+v", d)
	}
	want := map[string]Code{"f1": Claimed, "f2": Frozen, "f3": Undated}
	for _, i := range d.Items {
		if got := codes(i.Reasons); !slices.Contains(got, want[i.Item]) {
			t.Errorf("%s: %v, want %s among them", i.Item, got, want[i.Item])
		}
	}
	b := owing(item("f1", 6, 50000))
	b.Items[0].Barred = today
	if d := Decide(b, s, calendar, today); len(d.Reminders) != 1 {
		t.Errorf("a business is not asked for what may be barred: %+v", d)
	}
	b.Customer.Kind, b.Items[0].Barred = Consumer, today.Add(1)
	if d := Decide(b, s, calendar, today); len(d.Reminders) != 1 {
		t.Errorf("a consumer is not asked on the last day: %+v", d)
	}
}

// TestProposalSaysItAll looks at one rich proposal from end to end.
func TestProposalSaysItAll(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	a := owing(item("f2", 9, 30000), item("f1", 16, 50000), item("f3", -8, 70000), item("f4", 20, 1000), item("f5", 12, 2000))
	a.Contacts = []Contact{{On: today.Add(-11), Step: "r1", Channel: "email", Items: []string{"f1"}}}
	a.Credits = []Credit{{Number: "A1", On: today.Add(-20), Open: euros(4000)}}
	a.Disputes = []Dispute{{Item: "f1", Amount: euros(10000), Reason: "prix"}, {Item: "f4"}}
	a.Promises = []Promise{{ID: "p1", Items: []string{"f5"}, Made: today.Add(-9), For: today.Add(-3)}}
	d := Decide(a, s, calendar, today)
	if len(d.Reminders) != 1 {
		t.Fatalf("decided %+v", d)
	}
	p := d.Reminders[0]
	want := Proposal{
		Step: *s.Step("r2"), Channels: []Channel{Email, Letter}, Leader: "f1", On: today,
		Claims: []Claim{
			{Item: "f1", Number: "F1", Issued: today.Add(-46), Due: today.Add(-16), Amount: euros(40000), Open: euros(50000), Age: 16},
			{Item: "f5", Number: "F5", Issued: today.Add(-42), Due: today.Add(-12), Amount: euros(2000), Open: euros(2000), Age: 12},
			{Item: "f2", Number: "F2", Issued: today.Add(-39), Due: today.Add(-9), Amount: euros(30000), Open: euros(30000), Age: 9},
		},
		Coming: []Claim{{Item: "f3", Number: "F3", Issued: today.Add(-22), Due: today.Add(8), Amount: euros(70000), Open: euros(70000), Age: -8}},
		Amount: euros(68000), Credits: euros(4000), Broken: []string{"p1"},
		Reasons: []Reason{
			{Code: StepDue, Step: "r2", Invoice: "F1", Days: 16, On: today.Add(-1)},
			{Code: CaughtUp, On: today.Add(-1), Days: 1},
			{Code: LastSent, Step: "r1", On: today.Add(-11)},
			{Code: PartDisputed, Invoice: "F1", Amount: euros(10000), Note: "prix"},
			{Code: CreditsNetted, Amount: euros(4000)},
			{Code: ComingApart, Count: 1, Amount: euros(70000)},
			{Code: LeftAside, Count: 1},
			{Code: PromiseBroken, On: today.Add(-3), Amount: euros(2000)},
		},
	}
	if diff := cmp.Diff(want, p, cmp.AllowUnexported(Condition{})); diff != "" {
		t.Error(diff)
	}
	places := map[string]Code{}
	for _, v := range d.Items {
		places[v.Item] = v.Reasons[0].Code
	}
	if diff := cmp.Diff(map[string]Code{"f1": Claimed, "f2": Claimed, "f5": Claimed, "f3": Coming, "f4": Disputed}, places); diff != "" {
		t.Error(diff)
	}
}

// TestBrokenPromiseIsMentionedOnce: the first message after it says so, not those
// that follow.
func TestBrokenPromiseIsMentionedOnce(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	a := owing(item("f1", 16, 50000))
	a.Promises = []Promise{{ID: "p1", Items: []string{"f1"}, Made: today.Add(-9), For: today.Add(-3)}}
	first := Decide(a, s, calendar, today)
	a = Left(a, &first.Reminders[0], "", today)
	var later []Proposal
	for _, p := range Simulate(a, s, calendar, today.Add(1), today.Add(40)) {
		later = append(later, p)
		if len(p.Broken) > 0 {
			t.Errorf("%s mentions the promise again", p.Step.ID)
		}
	}
	if len(first.Reminders[0].Broken) != 1 || len(later) < 2 {
		t.Errorf("first %+v, then %d", first.Reminders, len(later))
	}
}

// TestInstalmentsSpeakOfTheirShare: a running plan asks for the instalment, and
// says which; broken, the message says so.
func TestInstalmentsSpeakOfTheirShare(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	a := owing(item("f1", 40, 30000), item("f2", 35, 50000))
	a.Contacts = []Contact{{On: today.Add(-25), Step: "r2", Items: []string{"f1", "f2"}}}
	a.Plans = []Plan{{
		ID: "p", Items: []string{"f1", "f2"}, Made: today.Add(-20), Grace: 7, Paid: euros(10000),
		Instalments: []Instalment{{today.Add(-10), euros(10000)}, {today.Add(-5), euros(40000)}, {today.Add(25), euros(30000)}},
	}}
	d := Decide(a, s, calendar, today)
	if len(d.Reminders) != 1 || d.Reminders[0].Step.ID != "r1" || d.Reminders[0].Amount != euros(40000) || len(d.Reminders[0].Claims) != 2 {
		t.Fatalf("the instalment is claimed as %+v", d.Reminders)
	}
	d = Decide(a, s, calendar, today.Add(7))
	if len(d.Reminders) != 1 || d.Reminders[0].Step.ID != "med" || d.Reminders[0].Amount != euros(80000) || len(d.Reminders[0].Broken) != 1 {
		t.Errorf("the broken plan goes on as %+v", d)
	}
}

// TestPositionOfAStepThatIsGone: where a scenario has changed, an invoice goes on
// from the age at which it was last spoken of.
func TestPositionOfAStepThatIsGone(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	i := item("f1", 32, 50000)
	i.Position = Position{Step: "relance-amicale", On: i.Due.Add(16)}
	d := Decide(owing(i), s, calendar, today)
	if len(d.Reminders) != 1 || d.Reminders[0].Step.ID != "med" {
		t.Errorf("after a step that is gone: %+v", d)
	}
}

// TestEntryByAgeIsNeverFormal: not even where another scenario has reminded of the
// invoice before.
func TestEntryByAgeIsNeverFormal(t *testing.T) {
	t.Parallel()
	a := owing(item("f1", 90, 50000))
	a.Contacts = []Contact{{On: today.Add(-40), Step: "autre", Scenario: "Autre", Channel: "email", Items: []string{"f1"}}}
	d := Decide(a, parse(t, "entry: by_age\n"+plain), calendar, today)
	if len(d.Reminders) != 1 || d.Reminders[0].Step.ID != "r2" {
		t.Errorf("taken up by %+v", d.Reminders)
	}
}

// TestWaitingRemindersAreOvertaken goes through the events that overtake one.
func TestWaitingRemindersAreOvertaken(t *testing.T) {
	t.Parallel()
	s := parse(t, plain)
	for _, test := range []struct {
		name   string
		change func(*Account)
		want   Code // none: it still holds
	}{
		{"nothing happened", func(a *Account) {}, ""},
		{"more is late now", func(a *Account) { a.Items = append(a.Items, item("f9", 1, 100)) }, ""},
		{"paid", func(a *Account) { a.Items[0].Open = euros(0) }, NothingOpen},
		{"paid, another is open", func(a *Account) { a.Items = []Item{item("f9", 1, 100)} }, Settled},
		{"paid in part", func(a *Account) { a.Items[0].Open = euros(40000) }, AmountChanged},
		{"money to allocate", func(a *Account) { a.Credits = []Credit{{Open: euros(10000)}} }, AmountChanged},
		{"covered", func(a *Account) { a.InFlight = []InFlight{{Amount: euros(50000)}} }, Covered},
		{"promised", func(a *Account) { a.Promises = []Promise{{Items: []string{"f1"}, Made: today, For: today}} }, Promised},
		{"disputed", func(a *Account) { a.Disputes = []Dispute{{Item: "f1"}} }, Disputed},
		{"held", func(a *Account) { a.Holds = []Hold{{Item: "f1", From: today}} }, Held},
		{"customer held", func(a *Account) { a.Holds = []Hold{{From: today}} }, CustomerHeld},
		{"done", func(a *Account) { a.Contacts = []Contact{{On: today, Step: "r1", Items: []string{"f1"}}} }, AlreadyDone},
		{"step gone", func(a *Account) { a.Pending[0].Step = "r0" }, StepGone},
		{"before the due date, which has passed", func(a *Account) { a.Pending[0].Step = "rappel" }, Lapsed},
		{"before the due date, and another speaks", func(a *Account) {
			a.Items = append(a.Items, item("f2", -3, 20000))
			a.Pending[0] = Pending{ID: "r", Step: "rappel", On: today.Add(-1), Items: []string{"f2"}, Amount: euros(20000)}
		}, Overspoken},
		{"follow-up of a customer who has reacted", func(a *Account) {
			a.Contacts = []Contact{{On: today.Add(-2), Step: "r1", Items: []string{"f1"}, Reacted: true}}
			a.Pending[0].FollowUp = true
		}, HasReacted},
		{"follow-up that still holds", func(a *Account) {
			a.Contacts = []Contact{{On: today.Add(-2), Step: "r1", Items: []string{"f1"}}}
			a.Pending[0].FollowUp = true
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := owing(item("f1", 6, 50000))
			a.Pending = []Pending{{ID: "r", Step: "r1", On: today.Add(-1), Items: []string{"f1"}, Amount: euros(50000)}}
			test.change(&a)
			over := Overtaken(a, s, calendar, today)
			switch {
			case test.want == "" && len(over) > 0:
				t.Errorf("overtaken by %+v", over[0].Reason)
			case test.want != "" && (len(over) != 1 || over[0].Reason.Code != test.want || over[0].Reason.Text(i18n.FR) == ""):
				t.Errorf("overtaken by %+v, not by %s", over, test.want)
			}
		})
	}
}

// TestPreviewIsTheRun: what Simulate foresees is what the days then bring.
func TestPreviewIsTheRun(t *testing.T) {
	t.Parallel()
	for _, s := range policies(t) {
		a := owing(item("f1", 3, 400000), item("f2", -4, 30000), item("f3", -30, 12000))
		a.Customer.Tags = []string{"grand-compte"}
		var foreseen, lived []string
		for _, p := range Simulate(a, s, calendar, today, today.Add(200)) {
			foreseen = append(foreseen, p.On.String()+" "+p.Step.ID+" "+p.Amount.String())
		}
		for day := today; day <= today.Add(200); day++ {
			d := Decide(a, s, calendar, day)
			for i := range d.Reminders {
				p := &d.Reminders[i]
				lived = append(lived, p.On.String()+" "+p.Step.ID+" "+p.Amount.String())
				a = Left(a, p, s.Name, day)
			}
		}
		if diff := cmp.Diff(foreseen, lived); diff != "" || len(lived) < 4 {
			t.Errorf("%s: %d reminders\n%s", s.Name, len(lived), diff)
		}
	}
}

// TestChoiceOfScenario: the first that applies is taken.
func TestChoiceOfScenario(t *testing.T) {
	t.Parallel()
	shipped := policies(t)[:len(ShippedFiles())]
	for want, c := range map[string]Customer{
		"Secteur public": {Kind: Public},
		"Particulier":    {Kind: Consumer, Tags: []string{"grand-compte"}},
		"Grand compte":   {Kind: Business, Tags: []string{"grand-compte"}, BrokenPromises: 4},
		"Mauvais payeur": {Kind: Business, BrokenPromises: 2},
		"Client fidèle":  {Kind: Business, Grade: "A", Since: today.Add(-1500)},
		"Standard":       {Kind: Business, Grade: "A"},
		"Indépendant":    {Kind: "other"},
	} {
		a := owing(item("f1", 3, 400000))
		a.Customer = c
		if got, why := Choose(a, shipped, today); got == nil || got.Name != want {
			t.Errorf("%+v has %+v (%+v), not %s", c, got, why, want)
		}
	}
	if s, why := Choose(owing(), shipped[:1], today); s != nil || why.Code != NoScenario {
		t.Errorf("chosen %+v, %+v", s, why)
	}
}

// TestEveryCodeHasItsWords reads the codes from the source, so that none is
// forgotten, and their figures in both languages.
func TestEveryCodeHasItsWords(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(f, func(node ast.Node) bool {
		v, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		code := Code(strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`))
		n++
		full := Reason{Code: code, Invoice: "F-1", Step: "relance-1", On: today, Until: today.Add(9), Amount: euros(123456), Limit: euros(1500), Days: 3, Count: 2, Note: "mot"}
		for _, l := range []i18n.Lang{i18n.FR, i18n.EN} {
			for _, r := range []Reason{full, {Code: code, Days: 1, Count: 1}} {
				text := r.Text(l)
				if text == string(code) || strings.ContainsAny(text, "{}[]|#") || text == "" {
					t.Errorf("%s in %s: %q", code, l, text)
				}
			}
		}
		if fr := full.Text(i18n.FR); strings.Contains(fr, " :") || strings.Contains(fr, "« ") || strings.Contains(fr, "'") {
			t.Errorf("%s: %q is not set as French is", code, fr)
		}
		return true
	})
	if n != len(sentences) {
		t.Errorf("%d codes, %d sentences", n, len(sentences))
	}
	for _, test := range []struct {
		r          Reason
		french, en string
	}{
		{Reason{Code: StepDue, Step: "relance-2", Invoice: "F-1", Days: 1}, "Étape «\u00a0Deuxième relance\u00a0»\u00a0: la facture F-1 a 1 jour de retard", "Step “Second reminder”: invoice F-1 is 1 day late"},
		{Reason{Code: CustomerHeld}, "Client suspendu", "Customer on hold"},
		{Reason{Code: CustomerHeld, Until: cal.Must("2026-12-01"), Note: "direction"}, "Client suspendu jusqu’au 1er décembre 2026 inclus\u00a0: direction", "Customer on hold until 1 December 2026 inclusive: direction"},
		{Reason{Code: BelowMinimum, Amount: euros(1499), Limit: euros(1500)}, "14,99\u00a0€ à réclamer, moins que le minimum de 15,00\u00a0€", "€14.99 to claim, less than the minimum of €15.00"},
	} {
		if got := strings.ReplaceAll(test.r.Text(i18n.FR), "\u202f€", "\u00a0€"); got != test.french {
			t.Errorf("%q, not %q", got, test.french)
		}
		if got := test.r.Text(i18n.EN); got != test.en {
			t.Errorf("%q, not %q", got, test.en)
		}
	}
}

// TestWhatKeepsAnInvoiceFromBeingChasedIsSaidInWords: and what has no due date has
// no age.
func TestWhatKeepsAnInvoiceFromBeingChasedIsSaidInWords(t *testing.T) {
	t.Parallel()
	i := item("f1", 6, 50000)
	i.Due, i.Mend = 0, []string{"due_missing"}
	d := Decide(owing(i), parse(t, plain), calendar, today)
	if v := d.Items[0]; v.Age != 0 || !v.Due.IsZero() {
		t.Errorf("due on %s, %d days old", v.Due, v.Age)
	}
	for l, want := range map[i18n.Lang]string{
		i18n.FR: "À corriger avant de relancer la facture " + i.Number + "\u00a0: l’échéance n’est pas connue",
		i18n.EN: "To mend before invoice " + i.Number + " is chased: the due date is not known",
	} {
		if got := d.Reasons[0].Text(l); got != want {
			t.Errorf("said: %s", got)
		}
	}
}
