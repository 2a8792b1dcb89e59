package account_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/inflight"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/payer"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
)

var (
	eur   = agreementtest.EUR
	today = cal.Must("2026-11-22")
)

// spoken is a reminder as the store keeps it.
type spoken struct {
	id, customer, step, state string
	on                        cal.Date
	followUp                  bool
	claims, coming            []string
}

// speak stores a reminder and, when it is done, the positions it leaves.
func speak(b *agreementtest.Books, r spoken) {
	b.T.Helper()
	type item struct{ Item string }
	var details struct {
		Claims []item `json:"claims"`
		Coming []item `json:"coming,omitempty"`
	}
	for _, id := range r.claims {
		details.Claims = append(details.Claims, item{id})
	}
	for _, id := range r.coming {
		details.Coming = append(details.Coming, item{id})
	}
	text, err := json.Marshal(details)
	if err != nil {
		b.T.Fatal(err)
	}
	done := r.on
	if r.state != "sent" && r.state != "dismissed" {
		done = 0
	}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO reminder (creditor_id, id, run_id, customer_id, scenario_id, scenario, version, step, step_at,
				follow_up, tone, formal, channels, approve, state, on_day, leader_id, currency, amount, claims, max_age,
				details, proposed_at, done_on)
			VALUES ($1, $2, 'run_1', $3, 'scn_1', 'Standard', 1, $4, 5, $5, 'neutral', FALSE, 'email', FALSE, $6, $7, '',
				'EUR', 5000, 1, 5, $8, $9, $10)`,
			b.Scope.Creditor, r.id, r.customer, r.step, r.followUp, r.state, r.on, string(text), tx.Now, done)
		if err != nil {
			return err
		}
		for _, id := range r.claims {
			if err := claim(ctx, tx, b, r, id, done); err != nil {
				return err
			}
		}
		return nil
	})
}

func claim(ctx context.Context, tx *db.Tx, b *agreementtest.Books, r spoken, document string, done cal.Date) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO reminder_claim (creditor_id, reminder_id, document_id, amount)
		VALUES ($1, $2, $3, 1)`, b.Scope.Creditor, r.id, document)
	if err != nil || done.IsZero() || r.followUp {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO position (creditor_id, customer_id, document_id, step, on_day, dismissed, reminder_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (creditor_id, customer_id, document_id) DO UPDATE
		SET step = excluded.step, on_day = excluded.on_day, dismissed = excluded.dismissed,
			reminder_id = excluded.reminder_id`,
		b.Scope.Creditor, r.customer, document, r.step, done, r.state == "dismissed", r.id)
	return err
}

func one(b *agreementtest.Books, q account.Query, ref string) *account.Account {
	b.T.Helper()
	var a *account.Account
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.One(ctx, tx, b.Scope, q, ref)
		return err
	})
	return a
}

// anyOrder compares accounts: the order of their slices means nothing.
var anyOrder = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.SortSlices(func(a, b dunning.Item) bool { return a.ID < b.ID }),
	cmpopts.SortSlices(func(a, b dunning.Credit) bool { return a.ID < b.ID }),
	cmpopts.SortSlices(func(a, b dunning.Contact) bool {
		return a.On < b.On || a.On == b.On && strings.Join(a.Items, ",")+a.Step < strings.Join(b.Items, ",")+b.Step
	}),
}

func TestAnAccountHoldsAllThatADecisionSees(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := &customer.Customer{
			Code: "C1", Name: "Imprimerie Delvaux", Kind: customer.Public, Tags: []string{"sud", "grand-compte"}, Country: "BE",
			Language: "en", Since: today.Add(-900), InsolventOn: today.Add(1), Scenario: "Doux", Collector: "per_anne",
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return customer.Add(ctx, tx, b.Scope, []*customer.Customer{c})
		})
		id, other := c.ID, b.Customer("C2")
		f1 := b.Invoice(id, "F1", today.Add(-20), eur(100_00))
		f2 := b.Invoice(id, "F2", today.Add(10), eur(50_00))
		f3 := b.Invoice(id, "F3", today.Add(-40), eur(70_00))
		f4 := b.Invoice(id, "F4", today.Add(-50), eur(80_00))
		f5 := b.Document(ledger.Document{
			Customer: id, Kind: ledger.Invoice, Number: "F5", Issued: today, Amount: money.New(9_00, "USD"), Order: "BC-7",
		})
		b.Pay(b.Invoice(id, "settled", today, eur(5_00)), today, 5_00)
		b.Invoice(other, "F1", today, eur(1_00))
		credit := b.Document(ledger.Document{
			Customer: id, Kind: ledger.CreditNote, Number: "A1", Issued: today.Add(-3), Amount: eur(7_00),
		})
		var (
			pr = &promise.Promise{Invoices: []string{f1.ID}, Made: today.Add(-2), For: today.Add(5), Amount: eur(60_00)}
			pl = &plan.Plan{Invoices: []string{f3.ID}, Made: today.Add(-1), Grace: 3, Instalments: plan.Monthly(eur(70_00), 2, today)}
			di = &dispute.Dispute{Invoice: f4.ID, Amount: eur(20_00), Reason: dispute.Quality, Opened: today.Add(-1)}
			ho = &hold.Hold{Customer: "C1", From: today, Until: today.Add(1), Reason: "direction"}
			fl = &inflight.Payment{Invoices: []string{f4.ID}, Amount: eur(30_00), On: today.Add(-1), Until: today.Add(1)}
		)
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return promise.Add(ctx, tx, b.Scope, pr, 3)
		})
		b.Write(func(ctx context.Context, tx *db.Tx) error { return plan.Add(ctx, tx, b.Scope, pl) })
		b.Write(func(ctx context.Context, tx *db.Tx) error { return dispute.Add(ctx, tx, b.Scope, di) })
		b.Write(func(ctx context.Context, tx *db.Tx) error { return hold.Add(ctx, tx, b.Scope, ho, today) })
		b.Write(func(ctx context.Context, tx *db.Tx) error { return inflight.Add(ctx, tx, b.Scope, fl) })
		b.Pay(f1, today.Add(-1), 25_00)
		speak(b, spoken{id: "rem_1", customer: id, step: "relance-1", state: "sent", on: today.Add(-9), claims: []string{f1.ID}, coming: []string{f2.ID}})
		speak(b, spoken{id: "rem_2", customer: id, step: "relance-2", state: "dismissed", on: today.Add(-2), claims: []string{f1.ID}})
		speak(b, spoken{id: "rem_3", customer: id, step: "relance-2", state: "proposed", on: today, claims: []string{f3.ID, f4.ID}})
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO finding (creditor_id, document_id, customer_id, code, blocking)
				VALUES ($1, $2, $3, 'no_email', TRUE), ($1, $2, $3, 'odd_terms', FALSE)`, b.Scope.Creditor, f2.ID, id)
			return err
		})
		behaviour := payer.Behaviour{Overdue: 50, Disputed: true}
		want := &account.Account{Scenario: "Doux", Collector: "per_anne", Behaviour: behaviour, Account: dunning.Account{
			Customer: dunning.Customer{
				ID: id, Code: "C1", Name: "Imprimerie Delvaux", Kind: dunning.Public, Language: "en", Country: "BE",
				Tags: []string{"grand-compte", "sud"}, Since: today.Add(-900),
				Score: 59, Grade: "B",
			},
			Items: []dunning.Item{
				{
					ID: f1.ID, Number: "F1", Issued: f1.Issued, Due: f1.Due, Amount: eur(100_00), Open: eur(75_00),
					Position: dunning.Position{Step: "relance-2", On: today.Add(-2), Dismissed: true},
				},
				{ID: f2.ID, Number: "F2", Issued: f2.Issued, Due: f2.Due, Amount: eur(50_00), Open: eur(50_00), Mend: []string{"no_email"}},
				{ID: f3.ID, Number: "F3", Issued: f3.Issued, Due: f3.Due, Amount: eur(70_00), Open: eur(70_00)},
				{ID: f4.ID, Number: "F4", Issued: f4.Issued, Due: f4.Due, Amount: eur(80_00), Open: eur(80_00)},
				{ID: f5.ID, Number: "F5", Issued: today, Amount: money.New(9_00, "USD"), Open: money.New(9_00, "USD"), Order: "BC-7"},
			},
			Credits:  []dunning.Credit{{ID: credit.ID, Number: "A1", On: today.Add(-3), Open: eur(7_00)}},
			InFlight: []dunning.InFlight{{ID: fl.ID, Invoices: []string{f4.ID}, Amount: eur(30_00), On: fl.On, Until: fl.Until}},
			Holds:    []dunning.Hold{{ID: ho.ID, From: today, Until: today.Add(1), Reason: "direction"}},
			Promises: []dunning.Promise{{
				ID: pr.ID, Items: []string{f1.ID}, Made: pr.Made, For: pr.For, Amount: eur(60_00), Paid: eur(25_00),
			}},
			Disputes: []dunning.Dispute{{ID: di.ID, Item: f4.ID, Amount: eur(20_00), Opened: di.Opened, Reason: "quality"}},
			Plans: []dunning.Plan{{
				ID: pl.ID, Items: []string{f3.ID}, Made: pl.Made, Grace: 3, Paid: eur(0), Instalments: []dunning.Instalment{
					{Due: today, Amount: eur(35_00)}, {Due: cal.Must("2026-12-22"), Amount: eur(35_00)},
				},
			}},
			Contacts: []dunning.Contact{{
				On: today.Add(-9), Step: "relance-1", Scenario: "Standard", Channel: "email", Items: []string{f1.ID},
				Mentions: []string{f2.ID}, Reacted: true, // the payment
			}},
			Pending: []dunning.Pending{{
				ID: "rem_3", Step: "relance-2", On: today, Items: []string{f3.ID, f4.ID}, Amount: eur(50_00),
				Scenario: "scn_1",
			}},
			CreditUse: dunning.CreditNet,
		}}
		got := one(b, account.Query{Day: today}, "C1")
		if diff := cmp.Diff(want, got, anyOrder, cmpopts.IgnoreUnexported(account.Account{})); diff != "" {
			t.Error(diff)
		}
		if a := one(b, account.Query{Day: today.Add(2)}, id); !a.Customer.Insolvent || len(a.Holds) != 0 || len(a.InFlight) != 0 {
			t.Errorf("two days later: insolvent %v, %d holds, %d payments on their way", a.Customer.Insolvent, len(a.Holds), len(a.InFlight))
		}
		err := b.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := account.One(ctx, tx, b.Scope, account.Query{Day: today}, "C9")
			return err
		})
		if fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("an unknown customer: got %v", err)
		}
	})
}

func TestContactsTellWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c1, c2 := b.Customer("C1"), b.Customer("C2")
		old := b.Invoice(c1, "F1", today.Add(-300), eur(100_00))
		late := b.Invoice(c1, "F2", today.Add(-40), eur(100_00))
		far := b.Invoice(c2, "F3", today.Add(-40), eur(100_00))
		speak(b, spoken{id: "rem_1", customer: c1, step: "r1", state: "sent", on: today.Add(-280), claims: []string{old.ID}})
		speak(b, spoken{id: "rem_2", customer: c1, step: "r2", state: "dismissed", on: today.Add(-270), claims: []string{old.ID}})
		speak(b, spoken{id: "rem_3", customer: c1, step: "r1", state: "sent", on: today.Add(-30), claims: []string{late.ID}})
		speak(b, spoken{id: "rem_4", customer: c1, step: "r1", state: "dismissed", on: today.Add(-28), claims: []string{late.ID}, followUp: true})
		speak(b, spoken{id: "rem_5", customer: c1, step: "r2", state: "sent", on: today.Add(-10), claims: []string{late.ID}})
		speak(b, spoken{id: "rem_6", customer: c2, step: "r1", state: "sent", on: today.Add(-20), claims: []string{far.ID}})
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return reaction.Add(ctx, tx, b.Scope, &reaction.Reaction{Customer: c1, On: today.Add(-15), Kind: reaction.Replied})
		})
		want := []dunning.Contact{
			{On: today.Add(-280), Step: "r1", Scenario: "Standard", Channel: "email", Items: []string{old.ID}, Reacted: true},
			{On: today.Add(-30), Step: "r1", Scenario: "Standard", Channel: "email", Items: []string{late.ID}, Followed: true, Reacted: true},
			{On: today.Add(-10), Step: "r2", Scenario: "Standard", Channel: "email", Items: []string{late.ID}},
		}
		if diff := cmp.Diff(want, one(b, account.Query{Day: today}, c1).Contacts, anyOrder); diff != "" {
			t.Error(diff)
		}
		if a := one(b, account.Query{Day: today}, c2); len(a.Contacts) != 1 || a.Contacts[0].Reacted {
			t.Errorf("nobody reacted there: %+v", a.Contacts)
		}
	})
}

func codes(b *agreementtest.Books, q account.Query) []string {
	b.T.Helper()
	list := []string{}
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		for a, err := range account.Each(ctx, tx, b.Scope, q) {
			if err != nil {
				return err
			}
			list = append(list, a.Customer.Code)
		}
		return nil
	})
	return list
}

func TestEveryCustomerComesOnceInOrderWhateverTheShards(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		var list []*customer.Customer
		for i := range 4_001 { // three pages
			list = append(list, &customer.Customer{Code: fmt.Sprintf("C%04d", i)})
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error { return customer.Add(ctx, tx, b.Scope, list) })
		var docs []*ledger.Document
		want := []string{}
		for i, c := range list {
			if i%3 == 2 { // nothing is open of the others
				docs = append(docs, &ledger.Document{
					Customer: c.ID, Kind: ledger.Invoice, Number: c.Code, Issued: today, Due: today, Amount: eur(1),
				})
				want = append(want, c.Code)
			}
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error { return ledger.Add(ctx, tx, b.Scope, docs) })
		speak(b, spoken{id: "rem_1", customer: list[4_000].ID, step: "r1", state: "proposed", on: today})
		want = append(want, list[4_000].Code) // paid since: its reminder is to be taken back
		if diff := cmp.Diff(want, codes(b, account.Query{Day: today})); diff != "" {
			t.Errorf("all at once: %s", diff)
		}
		resumed := codes(b, account.Query{Day: today, After: list[2_500].ID, Idle: true})
		if len(resumed) != 1_500 || resumed[0] != "C2501" {
			t.Errorf("taken up after C2500: %d customers from %s", len(resumed), resumed[0])
		}
	})
}

// What a day saw when it was today must be read again later: the same account,
// but for what waited then.
func TestAPastDayIsReadAsItWas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		h := &history{Books: b, rand: rand.New(rand.NewPCG(3, 9))}
		for i := range 3 {
			h.customers = append(h.customers, b.Customer(fmt.Sprintf("C%d", i)))
		}
		read := func(q account.Query) map[string]*account.Account {
			all := map[string]*account.Account{}
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for a, err := range account.Each(ctx, tx, b.Scope, q) {
					if err != nil {
						return err
					}
					all[a.Customer.Code] = a
				}
				return nil
			})
			return all
		}
		seen := map[cal.Date]map[string]*account.Account{}
		for day := today; day < today.Add(90); day = day.Add(1) {
			h.live(day)
			if err := payer.Refresh(t.Context(), d, b.Scope, day); err != nil {
				t.Fatal(err)
			}
			seen[day] = read(account.Query{Day: day})
		}
		if h.facts < 100 {
			t.Fatalf("only %d facts: the test shows nothing", h.facts)
		}
		for day, want := range seen {
			got := read(account.Query{Day: day, Past: true})
			if diff := cmp.Diff(want, got, anyOrder, cmpopts.IgnoreUnexported(account.Account{})); diff != "" {
				t.Fatalf("%s is read differently later (-then +now):\n%s", day, diff)
			}
		}
	})
}

// history is books in which something happens every day.
type history struct {
	*agreementtest.Books

	rand      *rand.Rand
	customers []string
	invoices  []ledger.Document
	made      []ledger.Allocation
	holds     []string
	disputes  []string
	promises  []string
	facts     int
}

// try counts what happens; that some of it is refused is part of life.
func (h *history) try(fn func(context.Context, *db.Tx) error) bool {
	h.T.Helper()
	err := h.Try(fn)
	switch k := fault.KindOf(err); {
	case err == nil:
		h.facts++
	case k != fault.KindConflict && k != fault.KindInvalid:
		h.T.Fatal(err)
	}
	return err == nil
}

func (h *history) any(list []string) string { return list[h.rand.IntN(len(list))] }

func (h *history) live(day cal.Date) {
	r := h.rand
	c := h.any(h.customers)
	h.invoices = append(h.invoices, h.Invoice(c, fmt.Sprintf("F%d", day), day.Add(30+r.IntN(9)), eur(1+r.Int64N(900_00))))
	inv := h.invoices[r.IntN(len(h.invoices))]
	switch r.IntN(8) {
	case 0, 1:
		p := h.Document(ledger.Document{
			Customer: inv.Customer, Kind: ledger.Payment, Number: fmt.Sprintf("P%d", day), Issued: day, Amount: eur(1 + r.Int64N(900_00)),
		})
		if inv.Issued > day { // what is set against it counts from its day only
			return
		}
		a := ledger.Allocation{Credit: p.ID, Invoice: inv.ID, On: day, Amount: eur(1 + r.Int64N(p.Amount.Minor))}
		if h.try(func(ctx context.Context, tx *db.Tx) error { return ledger.Allocate(ctx, tx, h.Scope, &a) }) {
			h.made = append(h.made, a)
		}
	case 2:
		if len(h.made) > 0 {
			a := h.made[r.IntN(len(h.made))]
			h.try(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Reverse(ctx, tx, h.Scope, a.ID, day, "rejet")
			})
		}
	case 3:
		p := promise.Promise{Invoices: []string{inv.ID}, Made: day, For: day.Add(r.IntN(9))}
		if h.try(func(ctx context.Context, tx *db.Tx) error { return promise.Add(ctx, tx, h.Scope, &p, 9) }) {
			h.promises = append(h.promises, p.ID)
		}
	case 4:
		p := plan.Plan{Invoices: []string{inv.ID}, Made: day, Instalments: plan.Monthly(inv.Open, 3, day.Add(5))}
		h.try(func(ctx context.Context, tx *db.Tx) error { return plan.Add(ctx, tx, h.Scope, &p) })
	case 5:
		x := dispute.Dispute{Invoice: inv.ID, Opened: day, Reason: dispute.Price}
		if h.try(func(ctx context.Context, tx *db.Tx) error { return dispute.Add(ctx, tx, h.Scope, &x) }) {
			h.disputes = append(h.disputes, x.ID)
		}
	case 6:
		x := hold.Hold{Customer: inv.Customer, Until: day.Add(r.IntN(20)), Reason: "essai"}
		if h.try(func(ctx context.Context, tx *db.Tx) error { return hold.Add(ctx, tx, h.Scope, &x, day) }) {
			h.holds = append(h.holds, x.ID)
		}
	case 7:
		x := inflight.Payment{Customer: inv.Customer, Amount: eur(5_00), On: day, Until: day.Add(r.IntN(9))}
		h.try(func(ctx context.Context, tx *db.Tx) error { return inflight.Add(ctx, tx, h.Scope, &x) })
	}
	h.end(day)
	h.speak(day)
}

// end closes something that stands.
func (h *history) end(day cal.Date) {
	if len(h.disputes) > 0 && h.rand.IntN(4) == 0 {
		id := h.any(h.disputes)
		h.try(func(ctx context.Context, tx *db.Tx) error {
			return dispute.Close(ctx, tx, h.Scope, id, day, dispute.Resolved, "")
		})
	}
	if len(h.holds) > 0 && h.rand.IntN(4) == 0 {
		id := h.any(h.holds)
		h.try(func(ctx context.Context, tx *db.Tx) error { return hold.End(ctx, tx, h.Scope, id, day) })
	}
	if len(h.promises) > 0 && h.rand.IntN(6) == 0 {
		id := h.any(h.promises)
		h.try(func(ctx context.Context, tx *db.Tx) error {
			return promise.Withdraw(ctx, tx, h.Scope, id, day, "essai")
		})
	}
	h.Write(func(ctx context.Context, tx *db.Tx) error { return promise.Settle(ctx, tx, h.Scope, day, 1) })
	h.Write(func(ctx context.Context, tx *db.Tx) error { return plan.Settle(ctx, tx, h.Scope, day) })
}

// speak sends, dismisses or follows up a reminder on some invoices.
func (h *history) speak(day cal.Date) {
	c := h.any(h.customers)
	var claims, coming []string
	for _, i := range h.invoices {
		if i.Customer == c && h.rand.IntN(2) == 0 {
			claims = append(claims, i.ID)
		} else if i.Customer == c {
			coming = append(coming, i.ID)
		}
	}
	if len(claims) == 0 {
		return
	}
	h.facts++
	speak(h.Books, spoken{
		id: fmt.Sprintf("rem_%d", day), customer: c, step: h.any([]string{"r1", "r2", "r3"}),
		state: h.any([]string{"sent", "sent", "dismissed"}), on: day, followUp: h.rand.IntN(4) == 0,
		claims: claims, coming: coming,
	})
	if h.rand.IntN(3) == 0 {
		h.try(func(ctx context.Context, tx *db.Tx) error {
			return reaction.Add(ctx, tx, h.Scope, &reaction.Reaction{Customer: c, On: day, Kind: reaction.Portal})
		})
	}
}
