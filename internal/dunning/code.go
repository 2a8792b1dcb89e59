package dunning

// Why nothing is proposed for an account.
const (
	NoScenario      Code = "no_scenario"      // none of the creditor's applies; Note: why not the chosen one
	ConditionFailed Code = "condition_failed" // Note: the condition and the cause
	NothingOpen     Code = "nothing_open"
	Insolvent       Code = "insolvent"      // nobody in a collective procedure is reminded
	CustomerHeld    Code = "customer_held"  // Until (none: without end), Note
	ToAllocate      Code = "to_allocate"    // Amount: credits, Limit: net balance, zero or less
	CreditsHeld     Code = "credits_held"   // Amount: credits to allocate first
	Covered         Code = "covered"        // Amount: credits and payments on their way, Limit: what would be claimed
	BelowMinimum    Code = "below_minimum"  // Amount, Limit
	ClosedDay       Code = "closed_day"     // On, Until: the next open day
	TooSoon         Code = "too_soon"       // On: the last contact, Until: the first day possible, Days
	Awaiting        Code = "awaiting"       // Step, On: a reminder waits already
	NotYet          Code = "not_yet"        // Step, On, Invoice: the leader's next step
	NoStepLeft      Code = "no_step_left"   // Invoice: the scenario has nothing more to say of it
	NothingLate     Code = "nothing_late"   // Count: items, none of them late
	AllAside        Code = "all_aside"      // Count: each item has its own reason
	OtherCurrency   Code = "other_currency" // Note: the currency that waits its turn
)

// Why something is proposed, or how.
const (
	StepDue        Code = "step_due"         // Step, Invoice, Days: age, On: the step's own day
	BeforeDue      Code = "before_due"       // Step, Invoice, Days: before the due date, On
	FollowsUp      Code = "follows_up"       // Step, On: when it left, Days
	MovedToOpenDay Code = "moved_open_day"   // On: the step's own day, Until: the open day
	CaughtUp       Code = "caught_up"        // On: the day it was planned, Days: late
	Spaced         Code = "spaced"           // Step: the one that left late, On: when
	EnteredByAge   Code = "entered_by_age"   // Step, Days
	LastSent       Code = "last_sent"        // Step, On
	LastDismissed  Code = "last_dismissed"   // Step, On
	FirstContact   Code = "first_contact"    // Invoice
	PassedOver     Code = "passed_over"      // Step, Note: its condition does not hold
	PromiseBroken  Code = "promise_broken"   // On: the promised day, Amount: promised
	PromisePartly  Code = "promise_partly"   // On, Amount: received, Limit: promised
	PlanBroken     Code = "plan_broken"      // On: the missed instalment, Amount
	InstalmentDue  Code = "instalment_due"   // On, Amount
	CreditsNetted  Code = "credits_netted"   // Amount
	InFlightNetted Code = "in_flight_netted" // Amount
	ComingApart    Code = "coming_apart"     // Count, Amount
	LeftAside      Code = "left_aside"       // Count: items with a reason of their own
	NeedsApproval  Code = "needs_approval"   // Step
)

// Why an item is claimed, or is not.
const (
	Claimed      Code = "claimed"   // Step, Amount
	Coming       Code = "coming"    // On: due, Amount: mentioned as not yet due
	Leads        Code = "leads"     // the oldest eligible invoice sets the step
	Grouped      Code = "grouped"   // Invoice: the leader, whose step will claim it too
	Late         Code = "late"      // Days
	NotDue       Code = "not_due"   // Days
	NextStep     Code = "next_step" // Step, On
	NoDueDate    Code = "no_due_date"
	ToMend       Code = "to_mend"       // Note: codes
	Barred       Code = "barred"        // On: since when; a consumer is not asked for it
	Frozen       Code = "frozen"        // supplied before the judgment: declared, not chased
	Undated      Code = "undated"       // invoiced after the judgment, supplied nobody knows when
	StatusStops  Code = "status_stops"  // On, Note: the status of its electronic form: "210"…
	Disputed     Code = "disputed"      // Amount, Note: reason; nothing is left to claim
	PartDisputed Code = "part_disputed" // Amount, Note; the rest goes on
	Held         Code = "held"          // Until, Note
	Promised     Code = "promised"      // On, Until: the last day of grace
	InPlan       Code = "in_plan"       // On: the next instalment, Amount: of this item, perhaps none
	InFlightItem Code = "in_flight"     // Amount, Until
	NotReminded  Code = "not_reminded"  // a formal step claims only what was reminded before
	FormalFirst  Code = "formal_first"  // Step: needs an earlier reminder that was sent
	HandedOver   Code = "handed_over"   // Step, On: its dossier has left
	StepGone     Code = "step_gone"     // Step: no longer in the scenario; its age then counts
)

// Why a reminder that waits no longer holds.
const (
	OtherScenario Code = "other_scenario" // Note: the scenario that the customer follows now
	Settled       Code = "settled"        // Invoice: nothing is left open of it
	Lapsed        Code = "lapsed"         // Step, Invoice: the due date has passed
	AlreadyDone   Code = "already_done"   // Step
	AmountChanged Code = "amount_changed" // Amount: now, Limit: as proposed
	Overspoken    Code = "overspoken"     // Step: a step after the due date speaks today
	HasReacted    Code = "has_reacted"    // Step
)
