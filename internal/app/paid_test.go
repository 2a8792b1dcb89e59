package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"acquit/internal/app"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/message"
	"acquit/internal/money"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// TestNobodyWhoHasPaidIsReminded plays a thousand days of a company whose
// customers pay by every way at any moment: before the run, between the run and
// the sending, while the messages leave, in the evening. No message may ask for
// what was paid when anything in the books could tell. Those that crossed with
// money that nothing told of yet are counted, and the program must count the same.
//
// Another company is played with ACQUIT_FAULT_SEED=7, for as long as
// ACQUIT_FAULT_DAYS=300 says; the two that every run plays do not change.
func TestNobodyWhoHasPaidIsReminded(t *testing.T) {
	t.Parallel()
	days := 1000
	if testing.Short() {
		days = 100
	}
	clock := dbtest.NewClock()
	newStreet(t, dbtest.SQLite(t, clock), clock, uint64(asked(t, "ACQUIT_FAULT_SEED", 1))).live(asked(t, "ACQUIT_FAULT_DAYS", days))
}

// asked is the number that a variable of the environment asks for.
func asked(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s: a number from 1 on is asked for", name, text)
	}
	return n
}

// The same on the other engine, for as long as it takes to meet every way to pay.
func TestNobodyWhoHasPaidIsRemindedOnPostgres(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	newStreet(t, dbtest.Postgres(t, clock), clock, 2).live(120)
}

// Moments of a day at which something can come in.
const (
	dawn    = iota
	decided // after the run, before anything leaves
	leaving // after a message left, before the next
	evening
	moments
)

// street is a company, its customers, and what is true of them.
type street struct {
	*testing.T
	db     *db.DB
	clock  *dbtest.Clock
	desk   *reminder.Desk
	s      creditor.Scope
	rand   *rand.Rand
	work   *cal.Calendar
	today  cal.Date
	payers []*payer
	bills  []*bill
	by     map[string]*bill // number
	coming map[cal.Date]*[moments][]func()
	moves  map[string]*transfer // by reference
	files  int

	way     string         // to pay that is being gone
	told    map[string]int // ways to pay that were met
	sent    int
	held    int
	crossed map[string][]*coin // messages that left for money that nothing told of
	inBooks map[*coin]bool     // what the accounting tool was told
}

func newStreet(t *testing.T, d *db.DB, clock *dbtest.Clock, seed uint64) *street {
	t.Helper()
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	st := &street{
		T: t, db: d, clock: clock, rand: rand.New(rand.NewPCG(seed, seed)), work: cal.NewCalendar(cal.Metropole),
		today: cal.Must("2024-01-08"), payers: payers(), by: map[string]*bill{}, moves: map[string]*transfer{},
		coming: map[cal.Date]*[moments][]func(){}, told: map[string]int{}, crossed: map[string][]*coin{},
		inBooks: map[*coin]bool{},
	}
	st.desk = &reminder.Desk{
		DB: d, Library: library, Shelf: &policy.Shelf{}, Log: slog.New(slog.DiscardHandler),
		Ways: func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			return map[string]channel.Channel{"email": st}, nil
		},
	}
	st.at(6, 0)
	st.write(st.found)
	return st
}

func (st *street) found(ctx context.Context, tx *db.Tx) error {
	c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: "Atelier Dupont"}, "test", journal.Write)
	if err != nil {
		return err
	}
	st.s = creditor.Scope{Creditor: c.ID, Actor: "usr_sophie", Rights: creditor.Manage}
	if err := policy.Install(ctx, tx, st.s); err != nil {
		return err
	}
	if _, err := creditor.AddAccount(ctx, tx, st.s, creditor.Account{Holder: "Atelier Dupont", IBAN: ourIBAN}, journal.Write); err != nil {
		return err
	}
	_, err = setting.All().Set(ctx, tx, setting.Box{}, st.s.Creditor, st.s.Actor, map[string]string{
		"mail_from_address": "compta@dupont.example", "stale_days": "0", "bank_stale_days": "0", "approve_all": "false",
		"auto_ceiling": "1000000.00",
	})
	if err != nil {
		return err
	}
	for i, p := range st.payers {
		c := &customer.Customer{Code: p.code, Name: p.name, Email: fmt.Sprintf("compta@client%d.example", i)}
		if err := customer.Add(ctx, tx, st.s, []*customer.Customer{c}); err != nil {
			return err
		}
		p.id = c.ID
	}
	return nil
}

func (st *street) write(fn func(context.Context, *db.Tx) error) {
	st.Helper()
	if err := st.db.Write(st.Context(), func(tx *db.Tx) error { return fn(st.Context(), tx) }); err != nil {
		st.Fatalf("%s: %v", st.today, err)
	}
}

// at sets the clock to an hour of today in Paris.
func (st *street) at(hour, minute int) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		st.Fatal(err)
	}
	y, m, d := st.today.Date()
	st.clock.Set(time.Date(y, m, d, hour, minute, 0, 0, zone))
}

// live plays days, and then looks at the whole.
func (st *street) live(days int) {
	for n := range days {
		st.day()
		if n%50 == 49 {
			st.tidy()
			st.write(st.compare)
		}
		st.today = st.today.Add(1)
	}
	st.judge(days)
}

func (st *street) day() {
	st.at(6, 0)
	st.invoice()
	st.happen(dawn)
	if st.work.IsOpen(st.today) {
		st.at(8, 0)
		if _, err := st.desk.Run(st.Context(), st.s, st.today); err != nil {
			st.Fatal(err)
		}
		st.at(8, 30)
		st.happen(decided)
		st.at(9, 0)
		tally, err := st.desk.Send(st.Context(), st.s)
		if err != nil {
			st.Fatal(err)
		}
		st.held += tally.Held
	}
	st.at(18, 0)
	st.happen(decided) // on a day on which nothing is decided
	st.happen(leaving) // what came while messages would have left, had there been more of them
	st.happen(evening)
	if st.today.Weekday() == time.Friday {
		st.tidy()
	}
}

// on plans something for a moment of a day.
func (st *street) on(day cal.Date, moment int, do func()) {
	if st.coming[day] == nil {
		st.coming[day] = &[moments][]func(){}
	}
	st.coming[day][moment] = append(st.coming[day][moment], do)
}

// happen lets what is planned for a moment of today come in.
func (st *street) happen(moment int) {
	for st.next(moment) {
	}
}

func (st *street) next(moment int) bool {
	plan := st.coming[st.today]
	if plan == nil || len(plan[moment]) == 0 {
		return false
	}
	do := plan[moment][0]
	plan[moment] = plan[moment][1:]
	do()
	return true
}

// take brings a file in as any import does, and lets its money be matched.
func (st *street) take(name, source string, mode apply.Mode, content []byte) {
	st.Helper()
	o := apply.Options{Drivers: app.Formats(), Source: source, Mode: mode, Vanish: 100, On: st.today}
	rep, err := apply.Run(st.Context(), st.db, st.s, o, ingest.FromBytes(name, content))
	if err != nil {
		st.Fatalf("%s: %s: %v", st.today, name, err)
	}
	for _, f := range rep.Files {
		if f.Refused > 0 {
			st.Fatalf("%s: %s: %+v\n%s", st.today, name, f.Rejected, content)
		}
	}
	if _, err := cash.Run(st.Context(), st.db, st.s, cash.Options{}); err != nil {
		st.Fatalf("%s: %s: %v", st.today, name, err)
	}
}

// The channel: what leaves is looked at, and more may come in before the next.

func (st *street) Compose(d channel.Draft) (channel.Message, error) {
	return channel.Message{
		ID: d.ID, From: d.From.Address, To: []string{d.To[0].Address}, MessageID: d.ID + "@test", Raw: []byte(d.Subject + "\n" + d.Text),
	}, nil
}

func (st *street) Open(context.Context) (channel.Session, error) { return st, nil }
func (st *street) Close() error                                  { return nil }

func (st *street) Send(ctx context.Context, m channel.Message) channel.Receipt {
	st.check(ctx, m.ID)
	st.clock.Set(st.clock.Now().Add(time.Minute))
	if st.rand.IntN(2) == 0 {
		st.next(leaving)
	}
	return channel.Receipt{Outcome: channel.Sent, Code: "250"}
}

// check holds a message that leaves against the truth.
func (st *street) check(ctx context.Context, id string) {
	var r reminder.Reminder
	err := st.db.Read(ctx, func(tx *db.Tx) error {
		m, err := reminder.FindMessage(ctx, tx, st.s, id)
		if err != nil {
			return err
		}
		r, err = reminder.Find(ctx, tx, st.s, m.Reminder)
		return err
	})
	if err != nil {
		st.Fatalf("%s: %s: %v", st.today, id, err)
	}
	st.sent++
	asked, owed := -r.Credits.Minor, int64(0)
	for _, c := range r.Details.Claims {
		b := st.by[c.Number]
		asked += c.Amount.Minor
		owed += b.left()
		if b.left() <= 0 {
			st.Errorf("%s: %s (%s) asks for %s, which is paid and known: %s", st.today, r.Step, b.customer, c.Number, story(b))
		}
		if list := b.unseen(st.today); list != nil {
			st.crossed[id] = append(st.crossed[id], list...)
		}
	}
	if asked > owed {
		st.Errorf("%s: %s asks for %d where %d is owed as far as is known: %s", st.today, r.Step, asked, owed, story(st.by[r.Details.Claims[0].Number]))
	}
}

func (st *street) storyOf(c *coin) string {
	return story(st.bills[slices.IndexFunc(st.bills, func(b *bill) bool { return slices.Contains(b.paid, c) })])
}

func story(b *bill) string {
	var all []string
	for _, c := range b.paid {
		all = append(all, fmt.Sprintf("%d on %s by %s, known: %v, went back: %v", c.amount, c.booked, c.way, c.known, c.gone))
	}
	return fmt.Sprintf("%s of %d due %s: %s", b.number, b.total, b.due, strings.Join(all, "; "))
}

// tidy is the person's Friday: she explains what no rule could.
func (st *street) tidy() {
	var open []cash.Line
	st.write(func(ctx context.Context, tx *db.Tx) (err error) {
		open, err = cash.List(ctx, tx, st.s, cash.Filter{States: []cash.State{cash.Open}, Rising: true})
		return err
	})
	for _, l := range open {
		if m := st.moves[l.Entry.BankRef]; m != nil && m.Minor > 0 && l.Entry.Status == bank.IsBooked {
			st.explain(l.Entry.ID, m)
		}
	}
}

// explain applies an entry as it was meant, or says that the accounting file has
// brought the same money before.
func (st *street) explain(entry string, m *transfer) {
	st.write(func(ctx context.Context, tx *db.Tx) error {
		if known, err := st.inBooksBefore(ctx, tx, m); err != nil || known != "" {
			if err == nil {
				err = cash.Link(ctx, tx, st.s, entry, known)
			}
			return err
		}
		x := match.Explanation{Remainder: money.Zero(money.EUR)}
		for i, b := range m.bills {
			d, err := st.document(ctx, tx, b)
			if err != nil {
				return err
			}
			x.Customer = d.Customer
			x.Lines = append(x.Lines, match.Line{Item: d.ID, Customer: d.Customer, Amount: money.New(m.coins[i].amount, money.EUR)})
		}
		return cash.Apply(ctx, tx, st.s, entry, x)
	})
	for _, c := range m.coins {
		c.known = true
	}
}

func (st *street) document(ctx context.Context, tx *db.Tx, b *bill) (ledger.Document, error) {
	docs, err := ledger.ByNumber(ctx, tx, st.s, b.number)
	if err != nil {
		return ledger.Document{}, err
	}
	return docs[slices.IndexFunc(docs, func(d ledger.Document) bool { return d.Kind == ledger.Invoice })], nil
}

// inBooksBefore is the payment by which the accounting file has told of a movement
// for one invoice; empty where it has not.
func (st *street) inBooksBefore(ctx context.Context, tx *db.Tx, m *transfer) (string, error) {
	if len(m.bills) != 1 || !st.inBooks[m.coins[0]] {
		return "", nil
	}
	d, err := st.document(ctx, tx, m.bills[0])
	if err != nil {
		return "", err
	}
	all, err := ledger.AllocationsOf(ctx, tx, st.s, d.Customer)
	for _, a := range all {
		if a.Invoice == d.ID && a.Amount.Minor == m.coins[0].amount {
			return a.Credit, err
		}
	}
	return "", err
}

func (st *street) judge(days int) {
	st.tidy()
	var care reminder.Care
	var found []reminder.Crossing
	st.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if care, err = reminder.CareBetween(ctx, tx, st.s, cal.Must("2024-01-01"), st.today); err != nil {
			return err
		}
		found, err = reminder.CrossingsBetween(ctx, tx, st.s, cal.Must("2024-01-01"), st.today)
		return err
	})
	st.Logf("%d days: %d invoices, %d messages sent, %d times held for a doubt, %d crossed with a payment that nothing told of (%d found by the program)",
		days, len(st.bills), st.sent, st.held, len(st.crossed), care.Crossed)
	st.Logf("ways to pay: %v", st.told)
	st.sameCrossings(found)
	if st.sent < days/4 {
		st.Errorf("only %d messages in %d days: a gate that lets nothing through proves nothing", st.sent, days)
	}
	if care.Sent != st.sent {
		st.Errorf("the program counts %d messages sent, the wire %d", care.Sent, st.sent)
	}
	st.write(st.compare)
	st.write(func(ctx context.Context, tx *db.Tx) error {
		_, wrong, err := ledger.Verify(ctx, tx, st.s)
		if len(wrong) > 0 {
			st.Errorf("balances: %+v", wrong)
		}
		return err
	})
}

// sameCrossings holds what the program found to have crossed against the truth.
func (st *street) sameCrossings(found []reminder.Crossing) {
	seen := map[string]bool{}
	for _, x := range found {
		seen[x.Message] = true
		if _, ok := st.crossed[x.Message]; !ok {
			st.Errorf("%s did not cross with what was paid on %s and known on %s: %s", x.Message, x.PaidOn, x.KnownAt, story(st.by[x.Number]))
		}
	}
	for id, list := range st.crossed {
		if seen[id] {
			continue
		}
		// Of what a list leaves out nothing tells the day, and what went back paid nothing.
		if slices.ContainsFunc(list, func(c *coin) bool { return c.dated && !c.gone }) {
			st.Errorf("%s crossed with a payment, and the program does not say so: %s", id, st.storyOf(list[0]))
			continue
		}
		st.Logf("%s crossed, and nothing tells on which day: %s", id, st.storyOf(list[0]))
	}
}

// compare holds the books against the truth: what is open on each invoice is what
// is owed, and no money is left over, however often it was told of.
func (st *street) compare(ctx context.Context, tx *db.Tx) error {
	recent := st.today.Add(-80) // by then what is paid has come in, by whatever way
	for _, p := range st.payers {
		docs, err := ledger.OfCustomers(ctx, tx, st.s, true, p.id)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if d.Kind != ledger.Invoice && d.Open.Sign() != 0 && d.Issued < recent {
				st.Errorf("%s: %s: %s %s of %s has %s left over", st.today, p.code, d.Kind, d.Number, d.Issued, d.Open.Decimal())
			}
			if b := st.by[d.Number]; b != nil && d.Kind == ledger.Invoice && b.due < recent && d.Open.Minor != b.left() {
				st.Errorf("%s: %s has %d open, %d is owed: %s", st.today, d.Number, d.Open.Minor, b.left(), story(b))
			}
		}
	}
	return nil
}
