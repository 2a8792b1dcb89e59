package customers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"acquit/internal/account"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/inflight"
	"acquit/internal/ingest/apply"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/limitation"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/plan"
	"acquit/internal/policy"
	"acquit/internal/promise"
	"acquit/internal/reminder"
	"acquit/internal/task"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Limits of one customer's page: the rest is on the pages that list them all.
const (
	maxEvents   = 80
	maxFindings = 20
	maxTasks    = 20
)

// view is all that a customer's page shows.
type view struct {
	customer.Customer
	day       cal.Date
	open      []ledger.OpenOn
	documents map[string]ledger.Document // open ones by identifier
	balance   []money.Amount
	late      []money.Amount
	credits   []money.Amount
	decided   reminder.Decided
	undecided string // why nothing could be decided, in French
	items     map[string]dunning.ItemView
	contacts  []customer.Contact
	promises  []promise.View
	disputes  []dispute.Dispute
	holds     []hold.Hold
	plans     []plan.View
	payments  []inflight.Payment
	guarantor []paper.Guarantor
	tasks     []task.Task
	findings  []apply.Finding
	past      past
	limit     limitation.Clock // of the claim whose time ends first, where that is within a year
	events    []event
	excuse    reminder.Excuse   // for reminders that crossed with a payment
	apology   *reminder.Preview // its words; nil where they cannot be written
	zone      *time.Location
	members   []user.Member
	scenarios []policy.Scenario
	told      map[string]lifecycle.Status // the newest of each electronic invoice
	money     []cash.Line                 // of the bank, its own or perhaps its own
	doubts    reminder.Doubts
	sent      []bank.Kept // money that left, for somebody who may pay back
	may       bool
	manage    bool
	form      string     // the form that was refused, to be shown open
	wrote     url.Values // what stood in it
}

// Customer shows one customer.
func (p *Pages) Customer(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, "", nil)
}

// show shows the page, with a form that was refused where there is one.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, form string, wrong visit.Problems) error {
	v := visit.From(r.Context())
	page := view{day: v.Today, may: v.May(creditor.Work), form: form, wrote: r.PostForm}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return p.gather(r.Context(), tx, v.Scope, r.PathValue("id"), &page)
	})
	if err != nil {
		return err
	}
	f := v.Frame("Clients", "Customers", ui.SectionCustomers)
	f.Title = page.Name
	if wrong != nil {
		f.Notice = wrong.Notice(f)
	}
	page.events = page.timeline(f)
	return visit.Show(w, r, status, customerPage(f, page))
}

func (p *Pages) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, page *view) (err error) {
	page.Customer, err = customer.Find(ctx, tx, s, id)
	if errors.Is(err, fault.ErrNotFound) { // links may name a customer by code
		page.Customer, err = customer.FindByCode(ctx, tx, s, id)
	}
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context, *db.Tx, creditor.Scope, *view) error{
		books, agreements, p.decide, people, p.history, received, lives, p.excuses,
	} {
		if err := part(ctx, tx, s, page); err != nil {
			return err
		}
	}
	return nil
}

// books reads what is open and adds it up, one sum a currency.
func books(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	if page.open, err = ledger.OpenOf(ctx, tx, s, page.ID, page.day); err != nil {
		return err
	}
	page.documents = map[string]ledger.Document{}
	for _, d := range page.open {
		page.documents[d.ID] = d.Document
		if d.Kind.Credit() {
			page.balance = addTo(page.balance, d.On.Neg())
			page.credits = addTo(page.credits, d.On)
			continue
		}
		page.balance = addTo(page.balance, d.On)
		if !d.Due.IsZero() && d.Due < page.day {
			page.late = addTo(page.late, d.On)
		}
	}
	page.findings, err = apply.Findings(ctx, tx, s, apply.FindingFilter{Customer: page.ID, Limit: maxFindings})
	return err
}

// lives reads the newest status of each electronic invoice.
func lives(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) error {
	list, err := lifecycle.OfCustomer(ctx, tx, s, page.ID)
	page.told = map[string]lifecycle.Status{}
	for _, st := range list {
		page.told[st.Document] = st
	}
	return err
}

func agreements(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	if page.promises, err = promise.List(ctx, tx, s, page.day, page.ID); err != nil {
		return err
	}
	if page.disputes, err = dispute.List(ctx, tx, s, page.ID); err != nil {
		return err
	}
	if page.holds, err = hold.List(ctx, tx, s, page.ID); err != nil {
		return err
	}
	if page.plans, err = plan.List(ctx, tx, s, page.day, page.ID); err != nil {
		return err
	}
	if page.payments, err = inflight.List(ctx, tx, s, page.ID); err != nil {
		return err
	}
	if page.guarantor, err = paper.Guarantors(ctx, tx, s, page.ID); err != nil {
		return err
	}
	if page.tasks, err = task.List(ctx, tx, s, page.ID, maxTasks); err != nil {
		return err
	}
	clocks, err := limitation.Of(ctx, tx, s, page.ID, page.day)
	if i := slices.IndexFunc(clocks, func(c limitation.Clock) bool { return !c.Halted }); i >= 0 &&
		clocks[i].Safe < page.day.AddMonths(12) {
		page.limit = clocks[i]
	}
	return err
}

// decide asks what would be said today, and why, or why nothing: the very call
// of the daily run. A scenario or data that cannot be read say so.
func (p *Pages) decide(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	page.items = map[string]dunning.ItemView{}
	page.decided, err = p.Desk.DecideOne(ctx, tx, s, account.Query{Day: page.day, Idle: true}, page.ID)
	if err != nil && fault.KindOf(err) == fault.KindInternal {
		return err
	}
	if err != nil {
		page.undecided = ui.Sentence(err.Error())
		return nil
	}
	for _, i := range page.decided.Decision.Items {
		page.items[i.Item] = i
	}
	if page.spoken() {
		page.doubts, err = reminder.DoubtsAbout(ctx, tx, s, page.ID)
	}
	return err
}

// spoken tells whether something is to be said to the customer, or waits for a
// person's approval.
func (page *view) spoken() bool {
	return len(page.decided.Decision.Reminders)+len(page.decided.Account.Pending) > 0
}

func people(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	if page.contacts, err = customer.Contacts(ctx, tx, s, page.ID); err != nil {
		return err
	}
	if page.members, err = user.Members(ctx, tx, s); err != nil {
		return err
	}
	page.scenarios, err = policy.List(ctx, tx, s)
	return err
}

// itemWords are why an open invoice is claimed or is not, in short.
func itemWords(f ui.Frame, page view, id string) []string {
	var words []string
	for _, r := range page.items[id].Reasons {
		switch r.Code {
		case dunning.Late, dunning.NotDue, dunning.Leads: // the tag beside the number says so
		default:
			words = append(words, r.Text(f.Lang))
		}
	}
	return words
}

// numbers are the invoices of an agreement as people know them.
func (page view) numbers(ids []string) []string {
	var list []string
	for _, id := range ids {
		if d, ok := page.documents[id]; ok {
			list = append(list, d.Number)
		}
	}
	return list
}
