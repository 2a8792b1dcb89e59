package demo

import (
	"time"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
)

// Behaviour is how a customer pays.
type Behaviour string

// The behaviours.
const (
	Early     Behaviour = "early"     // some days before the due date
	Punctual  Behaviour = "punctual"  // on the day, give or take
	Habitual  Behaviour = "habitual"  // about eight days late, always
	MonthEnd  Behaviour = "month_end" // with the transfers of the end of the month
	Seasonal  Behaviour = "seasonal"  // late in August and December, on time otherwise
	Slow      Behaviour = "slow"      // weeks late, at times months
	Partial   Behaviour = "partial"   // in two parts, a month apart
	Stopped   Behaviour = "stopped"   // paid until some day, nothing since
	Insolvent Behaviour = "insolvent" // nothing since the judgment
)

// longest is the most days after the due date at which a behaviour still pays:
// what is open was issued since then.
var longest = map[Behaviour]int{
	Early: 0, Punctual: 3, Habitual: 12, MonthEnd: 31, Seasonal: 40, Slow: 150, Partial: 45, Stopped: 5, Insolvent: 20,
}

// delay is the days between the due date and the payment, drawn for one invoice.
func (b Behaviour) delay(d chance.Draw, due cal.Date) int {
	switch b {
	case Early:
		return -d.Between(1, 9)
	case Punctual:
		return d.Between(-1, 2)
	case MonthEnd:
		return due.EndOfMonth().Sub(due)
	case Seasonal:
		if _, m, _ := due.Date(); m == time.August || m == time.December {
			return d.Between(18, 38)
		}
		return d.Between(0, 4)
	case Slow:
		if d.Percent(12) {
			return d.Between(70, 148)
		}
		return d.Between(14, 62)
	case Partial:
		return d.Between(0, 12) // the first part; the second follows a month later
	default: // Habitual, and the others while they still paid
		return 8 + d.Between(-2, 3)
	}
}

// Story is what is remarkable about a customer, and Plain for most.
type Story string

// The stories. Each stands for a situation that a credit controller meets.
const (
	Plain              Story = "plain"
	Dormant            Story = "dormant"             // nothing open any more
	PromiseRunning     Story = "promise_running"     // promised for a coming day
	PromiseKept        Story = "promise_kept"        // promised, and paid
	PromiseBroken      Story = "promise_broken"      // promised, and not paid
	PlanRunning        Story = "plan_running"        // pays by instalments
	PlanBroken         Story = "plan_broken"         // missed an instalment
	DisputeWhole       Story = "dispute_whole"       // contests an invoice
	DisputePart        Story = "dispute_part"        // contests a part of one
	HoldCustomer       Story = "hold_customer"       // left alone for now
	HoldInvoice        Story = "hold_invoice"        // one invoice left alone for now
	PaymentInFlight    Story = "payment_in_flight"   // announced, not yet in the bank
	UnallocatedPayment Story = "unallocated_payment" // money that no invoice has taken
	UnallocatedCredit  Story = "unallocated_credit"  // a credit note that no invoice has taken
	Overpaid           Story = "overpaid"            // we owe them
	MissingEmail       Story = "missing_email"       // nobody to write to
	BouncedEmail       Story = "bounced_email"       // the payer's address refuses
	MissingDue         Story = "missing_due"         // an invoice without a due date
	LongTerms          Story = "long_terms"          // beyond what the law allows
	SmallBalance       Story = "small_balance"       // too little to write about
	PartialPayer       Story = "partial_payer"
	StoppedPaying      Story = "stopped_paying"
	InCourt            Story = "in_court" // a collective procedure is open
	SwissFrancs        Story = "swiss_francs"
	Dollars            Story = "dollars"
	Pounds             Story = "pounds"
	TwoCurrencies      Story = "two_currencies" // invoiced in euros and in dollars
	English            Story = "english"        // abroad, in euros, written to in English
)

// plot is how a story shapes an account.
type plot struct {
	story     Story
	count     int       // of the customers of a block
	behaviour Behaviour // empty when any will do
	late      []int     // at least so many days late: one open invoice each
	business  bool      // neither consumer nor public
	country   string
	facts     func(*builder)
}

// block is the number of customers in which each story comes as often as its
// count says, so that a few hundred show everything.
const block = 200

// plots add up to a block.
var plots = []plot{
	{story: Plain, count: 142},
	{story: Dormant, count: 6},
	{story: PromiseRunning, count: 3, behaviour: Slow, late: []int{26}, facts: (*builder).promiseRunning},
	{story: PromiseKept, count: 2, behaviour: Slow, facts: (*builder).promiseKept},
	{story: PromiseBroken, count: 3, behaviour: Slow, late: []int{38}, facts: (*builder).promiseBroken},
	{story: PlanRunning, count: 2, behaviour: Slow, late: []int{95, 70}, facts: (*builder).planRunning},
	{story: PlanBroken, count: 2, behaviour: Slow, late: []int{110, 80}, facts: (*builder).planBroken},
	{story: DisputeWhole, count: 3, behaviour: Habitual, late: []int{31}, facts: (*builder).disputeWhole},
	{story: DisputePart, count: 3, behaviour: Habitual, late: []int{24}, facts: (*builder).disputePart},
	{story: HoldCustomer, count: 2, behaviour: Habitual, late: []int{17}, facts: (*builder).holdCustomer},
	{story: HoldInvoice, count: 2, behaviour: Habitual, late: []int{19}, facts: (*builder).holdInvoice},
	{story: PaymentInFlight, count: 3, behaviour: Habitual, late: []int{12}, facts: (*builder).inFlight},
	{story: UnallocatedPayment, count: 3, behaviour: Habitual, late: []int{9}, facts: (*builder).unallocatedPayment},
	{story: UnallocatedCredit, count: 2, late: []int{6}, facts: (*builder).unallocatedCredit},
	{story: Overpaid, count: 1, late: []int{3}, facts: (*builder).overpaid},
	{story: MissingEmail, count: 3, behaviour: Habitual, late: []int{14}},
	{story: BouncedEmail, count: 1, behaviour: Slow, late: []int{21}},
	{story: MissingDue, count: 2, business: true, facts: (*builder).missingDue},
	{story: LongTerms, count: 1, business: true},
	{story: SmallBalance, count: 2, late: []int{33}},
	{story: PartialPayer, count: 3, behaviour: Partial, late: []int{18}},
	{story: StoppedPaying, count: 2, behaviour: Stopped, late: []int{62}},
	{story: InCourt, count: 2, behaviour: Insolvent, late: []int{45}, business: true},
	{story: SwissFrancs, count: 1, business: true, country: "CH"},
	{story: Dollars, count: 1, business: true, country: "US"},
	{story: Pounds, count: 1, business: true, country: "GB"},
	{story: TwoCurrencies, count: 1, business: true, country: "US"},
	{story: English, count: 1, business: true, country: "BE"},
}

// plainBehaviours are those of customers about whom nothing is remarkable:
// about half of French companies pay on time.
var plainBehaviours = []chance.Share[Behaviour]{
	chance.Of(6, Early),
	chance.Of(44, Punctual),
	chance.Of(22, Habitual),
	chance.Of(15, MonthEnd),
	chance.Of(5, Seasonal),
	chance.Of(8, Slow),
}
