package handover

import (
	"slices"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Signal is one reason to think that a case is ripe for a partner or a court. It
// proposes; a person decides.
type Signal struct {
	Code  SignalCode   `json:"code"`
	Count int          `json:"count,omitempty"` // steps, days, promises, hundredths
	On    cal.Date     `json:"on,omitzero"`
	Money money.Amount `json:"amount,omitzero"`
	Item  string       `json:"invoice,omitempty"` // number
}

// SignalCode names a signal.
type SignalCode string

// The signals.
const (
	Silent          SignalCode = "silent"           // Count: messages in a row without a reaction; On: the last
	LongLate        SignalCode = "long_late"        // Count: days of the oldest; Item
	StayingDispute  SignalCode = "staying_dispute"  // Count: days; Item
	BrokenPromises  SignalCode = "broken_promises"  // Count
	Weighty         SignalCode = "weighty"          // Count: hundredths of all that is owed; Money
	LimitationNears SignalCode = "limitation_nears" // On: the last day to sue; Count: days left; Item
)

// Text is a signal in words.
func (s Signal) Text(l i18n.Lang) string {
	w := map[SignalCode]i18n.Words{
		Silent: {FR: "%d messages de suite sans réponse", EN: "%d messages in a row without an answer"},
		LongLate: {
			FR: "la plus ancienne facture (%[2]s) a %[1]d jours de retard", EN: "the oldest invoice (%[2]s) is %[1]d days late",
		},
		StayingDispute:  {FR: "litige ouvert depuis %d jours (%s)", EN: "dispute open for %d days (%s)"},
		BrokenPromises:  {FR: "%d promesses non tenues", EN: "%d broken promises"},
		Weighty:         {FR: "%d\u202f%% de l’encours de la société", EN: "%d%% of all that is owed"},
		LimitationNears: {FR: "%[2]s se prescrit dans %[1]d jours", EN: "%[2]s is barred in %[1]d days"},
	}[s.Code]
	switch s.Code {
	case LongLate, StayingDispute, LimitationNears:
		return w.Format(l, s.Count, s.Item)
	}
	return w.Format(l, s.Count)
}

// Rules are the thresholds; zero silences a signal.
type Rules struct {
	Steps, Late, Dispute, Promises, Weight, Limitation int
	Minimum                                            money.Amount
}

func rulesOf(v setting.Values) Rules {
	return Rules{
		Steps: setting.SignalSteps.In(v), Late: setting.SignalLate.In(v), Dispute: setting.SignalDispute.In(v),
		Promises: setting.SignalPromises.In(v), Weight: setting.SignalWeight.In(v),
		Limitation: setting.SignalLimitation.In(v), Minimum: setting.SignalMinimum.In(v),
	}
}

// Case is what signals are read from: an account, what is owed to the creditor in all,
// and the invoice that is barred first, where that is known.
type Case struct {
	Account dunning.Account
	Day     cal.Date
	Owed    map[money.Currency]Stake
	Expires cal.Date
	Barred  string // the number of the invoice that Expires is of
}

// Stake is all that is owed to the creditor in a currency, and by how many customers.
type Stake struct {
	Minor     int64
	Customers int
}

// enough is how many customers must owe for the weight of one to say something: a
// company with one customer has all its money there, and knows it.
const enough = 10

// Overdue is what is late in the currency that most of it is in.
func (c Case) Overdue() money.Amount {
	sums := map[money.Currency]int64{}
	var best money.Currency
	for _, i := range c.Account.Items {
		if i.Due.IsZero() || i.Due >= c.Day {
			continue
		}
		cur := i.Open.Currency
		sums[cur] += i.Open.Minor
		if best == "" || sums[cur] > sums[best] || sums[cur] == sums[best] && cur < best {
			best = cur
		}
	}
	return money.New(sums[best], best)
}

// told tells whether a message reached the customer on an earlier day: before that,
// reminding is what comes next, whatever the figures say.
func (c Case) told() bool {
	return slices.ContainsFunc(c.Account.Contacts, func(x dunning.Contact) bool { return x.Spoke() && x.On < c.Day })
}

// Signals are the reasons that a case gives, in a fixed order. A customer in a
// collective procedure gives none, for its claims are declared; nor does one that
// nobody has reminded yet.
func (r Rules) Signals(c Case) []Signal {
	late := c.Overdue()
	if c.Account.Customer.Insolvent || late.Sign() <= 0 {
		return nil
	}
	if !c.told() {
		return nil
	}
	if late.Currency == r.Minimum.Currency && late.Less(r.Minimum) {
		return nil
	}
	var list []Signal
	for _, look := range []func(Case) (Signal, bool){r.silent, r.late, r.dispute, r.promises, r.weight, r.limitation} {
		if s, ok := look(c); ok {
			list = append(list, s)
		}
	}
	return list
}

// silent counts the last messages that nobody answered, each step once.
func (r Rules) silent(c Case) (Signal, bool) {
	s := Signal{Code: Silent}
	steps := map[string]bool{}
	for _, said := range slices.Backward(c.Account.Contacts) {
		if said.Reacted {
			break
		}
		if !said.Spoke() || steps[said.Step+"/"+said.On.String()] {
			continue
		}
		steps[said.Step+"/"+said.On.String()] = true
		s.Count++
		s.On = max(s.On, said.On)
	}
	return s, r.Steps > 0 && s.Count >= r.Steps
}

func (r Rules) late(c Case) (Signal, bool) {
	s := Signal{Code: LongLate}
	for _, i := range c.Account.Items {
		if age := c.Day.Sub(i.Due); !i.Due.IsZero() && age > s.Count {
			s.Count, s.Item = age, i.Number
		}
	}
	return s, r.Late > 0 && s.Count > r.Late
}

func (r Rules) dispute(c Case) (Signal, bool) {
	s := Signal{Code: StayingDispute}
	for _, d := range c.Account.Disputes {
		if age := c.Day.Sub(d.Opened); age > s.Count {
			s.Count, s.Item = age, numberOf(c.Account, d.Item)
		}
	}
	return s, r.Dispute > 0 && s.Count > r.Dispute
}

func numberOf(a dunning.Account, item string) string {
	for _, i := range a.Items {
		if i.ID == item {
			return i.Number
		}
	}
	return ""
}

func (r Rules) promises(c Case) (Signal, bool) {
	n := c.Account.Customer.BrokenPromises
	return Signal{Code: BrokenPromises, Count: n}, r.Promises > 0 && n >= r.Promises
}

// weight compares what is late with all that is owed in its currency, in hundredths.
func (r Rules) weight(c Case) (Signal, bool) {
	late := c.Overdue()
	all := c.Owed[late.Currency]
	if r.Weight == 0 || all.Minor <= 0 || all.Customers < enough {
		return Signal{}, false
	}
	share := int(late.Minor * 100 / all.Minor)
	return Signal{Code: Weighty, Count: share, Money: late}, share >= r.Weight
}

func (r Rules) limitation(c Case) (Signal, bool) {
	left := c.Expires.Sub(c.Day)
	return Signal{Code: LimitationNears, Count: left, On: c.Expires, Item: c.Barred},
		r.Limitation > 0 && !c.Expires.IsZero() && left >= 0 && left < r.Limitation
}
