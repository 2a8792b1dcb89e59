package fr

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/money"
)

// Answer is what is known of a fact.
type Answer string

// The answers; a fact that nobody has told is Unknown and is asked for.
const (
	Unknown Answer = ""
	Yes     Answer = "yes"
	No      Answer = "no"
)

// Answers reads a fact that is surely known.
func Answers(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

// not is the answer to the opposite question.
func (a Answer) not() Answer {
	switch a {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// RouteDebtor is who owes, as the ways to be paid tell debtors apart.
type RouteDebtor string

// The debtors. A company that is commercial by its form is a trader (C. com.
// L210-1); a liberal profession, a civil company, a farm is a professional that is
// none.
const (
	DebtorUnknown RouteDebtor = ""
	Trader        RouteDebtor = "trader"
	Professional  RouteDebtor = "professional"
	Association   RouteDebtor = "association"
	Individual    RouteDebtor = "consumer"
	PublicDebtor  RouteDebtor = "public"
)

// RouteDebtors are all that a form offers.
func RouteDebtors() []RouteDebtor {
	return []RouteDebtor{DebtorUnknown, Trader, Professional, Association, Individual, PublicDebtor}
}

// In is the debtor in words.
func (d RouteDebtor) In(l i18n.Lang) string { return debtorWords[d].In(l) }

var debtorWords = map[RouteDebtor]i18n.Words{
	DebtorUnknown: {FR: "à préciser", EN: "to be told"},
	Trader:        {FR: "commerçant ou société commerciale", EN: "trader or commercial company"},
	Professional: {
		FR: "professionnel non commerçant (libéral, SCI, agricole)",
		EN: "professional, not a trader (liberal, civil company, farm)",
	},
	Association:  {FR: "association", EN: "association"},
	Individual:   {FR: "particulier", EN: "consumer"},
	PublicDebtor: {FR: "personne publique", EN: "public body"},
}

// Instrument is a title of payment that came back unpaid.
type Instrument string

// The instruments that open ways of their own.
const (
	NoInstrument Instrument = ""
	Cheque       Instrument = "cheque"
	Bill         Instrument = "bill" // accepted bill of exchange, promissory note
)

// RouteFacts is what is known of a claim when one asks which ways are open.
type RouteFacts struct {
	On          cal.Date
	Debtor      RouteDebtor
	Creditor    Answer       // is the creditor a trader
	Amount      money.Amount // principal and interest
	Disputed    money.Amount // of it; no more than the amount
	Invoiced    Answer
	Certain     Answer // certain, liquid and due
	Insolvent   Answer // a collective procedure is open
	StruckOff   Answer // no longer in the register
	Represented Answer // an ad hoc representative was named for a company that is struck off
	Expires     cal.Date
	Country     string // of the debtor, ISO 3166-1; empty is France
	PostalCode  string // of the debtor
	Instrument  Instrument
	Noticed     Answer // a formal notice was sent
	Attempted   Answer // conciliation, mediation or participatory procedure tried (CPC 750-1)
}

// RouteKey names a way.
type RouteKey string

// The ways, in the order in which they are listed: from the most amicable
// to the most contentious. The order says nothing about which to take.
const (
	RouteInterrupt     RouteKey = "interrupt"
	RouteLawyer        RouteKey = "lawyer"
	RouteDeclaration   RouteKey = "declaration"
	RouteAgency        RouteKey = "agency"
	RouteConciliation  RouteKey = "conciliation"
	RouteSmallClaims   RouteKey = "small_claims"
	RouteUncontested   RouteKey = "uncontested"
	RouteCheque        RouteKey = "cheque"
	RoutePaymentOrder  RouteKey = "payment_order"
	RouteProvision     RouteKey = "provision"
	RouteWrit          RouteKey = "writ"
	RouteEuropeanOrder RouteKey = "european_order"
	RouteEuropeanSmall RouteKey = "european_small_claims"
	RoutePublic        RouteKey = "public"
)

// Condition is one thing that a way needs, and whether it is there.
type Condition struct {
	Text   i18n.Words
	Met    Answer
	Source string
}

// Delay is a time that counts on a way.
type Delay struct {
	Text   i18n.Words
	Time   i18n.Words
	Source string
}

// Fit sums up the conditions of a way. It is no advice: a person decides.
type Fit string

// The fits.
const (
	AllMet  Fit = "met"     // every condition listed is met by the facts told
	ToCheck Fit = "unknown" // none is missing, some are not known
	Missing Fit = "not_met" // one at least is not met
)

// In is the fit in words, which are no verdict.
func (f Fit) In(l i18n.Lang) string {
	return map[Fit]i18n.Words{
		AllMet: {
			FR: "conditions listées remplies d’après les faits connus",
			EN: "listed conditions met on the facts known",
		},
		ToCheck: {FR: "des conditions restent à vérifier", EN: "some conditions are to be checked"},
		Missing: {FR: "une condition au moins n’est pas remplie", EN: "one condition at least is not met"},
	}[f].In(l)
}

// Route is a way to be paid: what it needs, what it takes, why.
type Route struct {
	Key        RouteKey
	Title      i18n.Words
	About      i18n.Words
	For        money.Amount // the part of the claim that it would be used for
	Fit        Fit
	Court      i18n.Words // none where no court is seized
	Lawyer     i18n.Words // whether one must be instructed
	Interrupts i18n.Words // what it does to limitation
	Forms      []string   // Cerfa numbers
	Conditions []Condition
	Delays     []Delay
	Costs      []Cost
	Reasons    []law.Finding
}

// Asks are the conditions of which nothing is known.
func (r Route) Asks() (list []Condition) {
	for _, c := range r.Conditions {
		if c.Met == Unknown {
			list = append(list, c)
		}
	}
	return list
}

// Routes are the ways to be paid for a claim, all of them, each with its conditions
// met and not met: what comes first, then ways of equal standing. With a collective
// procedure open there is one way, to declare the claim (C. com. L622-21, L622-24).
func (l *Law) Routes(f RouteFacts) ([]Route, error) {
	f = f.tidy()
	q := &routing{law: l, facts: f}
	if f.Insolvent == Yes {
		q.declaration()
		return q.list, q.err
	}
	for _, add := range []func(){
		q.interrupt, q.struckOff, q.agency, q.conciliation, q.smallClaims, q.uncontested, q.cheque, q.paymentOrder,
		q.provision, q.writ, q.europeanOrder, q.europeanSmall, q.public,
	} {
		add()
	}
	return q.list, q.err
}

func (f RouteFacts) tidy() RouteFacts {
	if f.Country == "" {
		f.Country = "FR"
	}
	if f.Disputed.Currency == "" {
		f.Disputed = money.Zero(f.Amount.Currency)
	}
	if f.Disputed.Currency != f.Amount.Currency || f.Amount.Less(f.Disputed) {
		f.Disputed = f.Amount
	}
	return f
}

// undisputed is the part that nobody contests.
func (f RouteFacts) undisputed() money.Amount { return f.Amount.Sub(f.Disputed) }

// abroad tells whether the debtor lives in another Member State that both European
// regulations bind: all but Denmark.
func (f RouteFacts) abroad() bool { return slices.Contains(memberStates, f.Country) }

var memberStates = []string{
	"AT", "BE", "BG", "CY", "CZ", "DE", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
	"NL", "PL",
	"PT", "RO", "SE", "SI", "SK",
}

// alertMonths is how long before limitation an interrupting act comes first.
const alertMonths = 3

func (f RouteFacts) barred() Answer {
	if f.Expires == 0 {
		return Unknown
	}
	return Answers(f.Expires < f.On)
}

// near tells whether limitation is so near that an interrupting act comes first.
func (f RouteFacts) near() Answer {
	if f.Expires == 0 {
		return Unknown
	}
	return Answers(f.Expires < f.On.AddMonths(alertMonths))
}

// commercial tells whether debtor and creditor are traders both.
func (f RouteFacts) commercial() Answer {
	switch {
	case f.Debtor != Trader && f.Debtor != DebtorUnknown, f.Creditor == No:
		return No
	case f.Debtor == Trader && f.Creditor == Yes:
		return Yes
	}
	return Unknown
}

// routing gathers the ways of one claim.
type routing struct {
	law   *Law
	facts RouteFacts
	list  []Route
	err   error
}

// keep adds a way and sums up its conditions.
func (q *routing) keep(r Route) {
	r.Fit = AllMet
	for _, c := range r.Conditions {
		switch {
		case c.Met == No:
			r.Fit = Missing
		case c.Met == Unknown && r.Fit == AllMet:
			r.Fit = ToCheck
		}
	}
	q.list = append(q.list, r)
}

func (r *Route) need(met Answer, source, fr, en string) {
	r.Conditions = append(r.Conditions, Condition{Text: i18n.Words{FR: fr, EN: en}, Met: met, Source: source})
}

func (r *Route) because(code, source, fr, en string) {
	r.Reasons = append(r.Reasons, law.Finding{
		Code: code, Severity: law.Remark, Source: source, Text: i18n.Words{FR: fr, EN: en},
	})
}

func (r *Route) warn(code, source, fr, en string) {
	r.Reasons = append(r.Reasons, law.Finding{
		Code: code, Severity: law.Doubt, Source: source, Text: i18n.Words{FR: fr, EN: en},
	})
}

// delay adds a time that a parameter holds.
func (q *routing) delay(r *Route, key, source, fr, en string) {
	for unit, noun := range map[string]i18n.Noun{"months": monthNoun, "days": dayNoun} {
		if p, err := q.law.parameter(key, unit, q.facts.On); err == nil {
			n := int(p.number())
			r.Delays = append(r.Delays, Delay{
				Text: i18n.Words{FR: fr, EN: en}, Source: source,
				Time: i18n.Words{FR: noun.Count(i18n.FR, n), EN: noun.Count(i18n.EN, n)},
			})
			return
		}
	}
	r.Delays = append(r.Delays, Delay{
		Text: i18n.Words{FR: fr, EN: en}, Source: source,
		Time: i18n.Words{FR: "non connu à cette date", EN: "not known on that day"},
	})
}

var (
	monthNoun = i18n.Noun{One: i18n.Words{FR: "mois", EN: "month"}, Many: i18n.Words{FR: "mois", EN: "months"}}
	dayNoun   = i18n.Noun{One: i18n.Words{FR: "jour", EN: "day"}, Many: i18n.Words{FR: "jours", EN: "days"}}
)

func (q *routing) fail(err error) {
	if q.err == nil {
		q.err = err
	}
}

// cap is a ceiling in euros.
func (q *routing) cap(key string) money.Amount {
	p, err := q.law.parameter(key, "cents", q.facts.On)
	if err != nil {
		q.fail(err)
		return money.Zero("EUR")
	}
	return money.New(p.number(), "EUR")
}

// within tells whether an amount is no more than a ceiling in euros; of another
// currency nobody can tell without a rate.
func within(a, ceiling money.Amount) Answer {
	if a.Currency != ceiling.Currency {
		return Unknown
	}
	return Answers(!ceiling.Less(a))
}

// answer is a yes or a no that a parameter holds.
func (q *routing) answer(key string) Answer {
	p, err := q.law.parameter(key, "answer", q.facts.On)
	switch {
	case err != nil || p.value == "unknown":
		return Unknown
	case p.value == "yes":
		return Yes
	}
	return No
}
