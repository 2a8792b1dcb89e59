// Package stage plays a synthetic world into an empty database: its books as
// they stood some weeks ago, then day by day what came in and what was sent,
// so that the demonstration opens on a company with a past.
package stage

import (
	"context"
	"slices"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/demo"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
	"acquit/internal/user"
)

// Stage is a world being played.
type Stage struct {
	Desk  *reminder.Desk
	World *demo.World
	Set   func(cal.Date) // puts the clock at the morning of a day

	scope  creditor.Scope
	people []string // by index in Company.People
	days   map[cal.Date][]event
	docs   map[string]string         // identifiers by kind and number
	owners map[string]string         // customers' identifiers by code
	ways   map[string]demo.Behaviour // how customers pay, by code

	last       cal.Date // of the play
	strange    cal.Date // on which the bank brings what nobody expects
	known      map[string]*known
	money      map[cal.Date][]remittance  // of the play, that comes by the bank
	sent       map[*bank.Entry]remittance // by the bank: what each entry is
	returnable []*bank.Entry              // payments that may come back
	till       map[money.Currency]money.Amount
	paid       map[string]bool // invoices of which the customer's money is at the bank: it pays them no more
}

// entered is how many customers one transaction enters, and maxTasks how many
// tasks people do on one day.
const (
	entered  = 50
	maxTasks = 500
)

// event is something that happens on its day, before that day's run.
type event func(ctx context.Context, tx *db.Tx) error

// Play plays from a day up to the last, on which the run is made and nothing
// approved: its reminders wait. It gives the creditor's scope and the person
// who looks at it.
func (g *Stage) Play(
	ctx context.Context, from, to cal.Date, progress func(day cal.Date),
) (creditor.Scope, string, error) {
	g.docs, g.owners, g.days = map[string]string{}, map[string]string{}, map[cal.Date][]event{}
	g.ways = map[string]demo.Behaviour{}
	g.known, g.money, g.sent = map[string]*known{}, map[cal.Date][]remittance{}, map[*bank.Entry]remittance{}
	g.till, g.paid = map[money.Currency]money.Amount{}, map[string]bool{}
	g.last, g.strange = to, g.World.Calendar().PrevOpen(to-1)
	g.Set(from)
	if err := g.Desk.DB.Write(ctx, g.found(ctx)); err != nil {
		return g.scope, "", err
	}
	all := slices.Collect(g.World.Customers())
	for i, c := range all {
		g.meet(i, c)
	}
	for some := range slices.Chunk(all, entered) {
		err := g.Desk.DB.Write(ctx, func(tx *db.Tx) error {
			for _, c := range some {
				if err := g.enter(ctx, tx, c, from); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return g.scope, "", err
		}
	}
	for day := from; day <= to; day++ {
		progress(day)
		if err := g.day(ctx, day, day == to); err != nil {
			return g.scope, "", err
		}
	}
	return g.scope, g.people[0], nil
}

// day plays one day: what happens, what it tells of who pays how, then the run,
// then what people approve.
func (g *Stage) day(ctx context.Context, day cal.Date, last bool) error {
	g.Set(day)
	err := g.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		for _, e := range g.days[day] {
			if err := e(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := g.receive(ctx, day, g.money[day]); err != nil {
		return err
	}
	if err := g.settle(ctx, day); err != nil {
		return err
	}
	var open bool
	err = g.Desk.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := creditor.Calendar(ctx, tx, g.scope)
		open = err == nil && c.IsOpen(day)
		return err
	})
	if err != nil || !open {
		return err
	}
	if err := g.work(ctx, day); err != nil {
		return err
	}
	if err := g.post(ctx, day); err != nil {
		return err
	}
	if err := g.Desk.BringUp(ctx, g.scope, day); err != nil {
		return err
	}
	if _, err := g.Desk.Run(ctx, g.scope, day); err != nil || last {
		return err
	}
	return g.approve(ctx, day)
}

// A call or a letter is done some days after it was asked for, and one call in
// four reaches nobody.
const (
	taskDays  = 4
	unreached = 4
)

// work does the tasks that have waited for some days.
func (g *Stage) work(ctx context.Context, day cal.Date) error {
	return g.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := task.Open(ctx, tx, g.scope, task.Filter{Until: day.Add(-taskDays), Limit: maxTasks})
		if err != nil {
			return err
		}
		for i, t := range list {
			outcome := task.Done
			if t.Kind == task.Call && i%unreached == 0 {
				outcome = task.Unreached
			}
			if err := reminder.FinishTask(ctx, tx, g.scope, t.ID, outcome, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// postDays is how long a letter lies before somebody goes to the post office.
const postDays = 2

// post takes letters to the post office, but those of the last days.
func (g *Stage) post(ctx context.Context, day cal.Date) error {
	return g.Desk.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := reminder.Messages(ctx, tx, g.scope, reminder.MessageFilter{
			States: []reminder.MessageState{reminder.Ready}, Limit: 500,
		})
		if err != nil {
			return err
		}
		var ids []string
		for _, m := range list {
			if cal.Of(m.CreatedAt).Add(postDays) <= day {
				ids = append(ids, m.ID)
			}
		}
		return reminder.Posted(ctx, tx, g.scope, ids, day)
	})
}

// approve lets a day's reminders leave, as a busy person would: all but the
// formal ones, which wait for a calmer moment.
func (g *Stage) approve(ctx context.Context, day cal.Date) error {
	var ids []string
	f := reminder.Filter{Today: day, Limit: 500}
	for {
		var page []reminder.Row
		err := g.Desk.DB.Read(ctx, func(tx *db.Tx) (err error) {
			page, err = reminder.Page(ctx, tx, g.scope, f)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range page {
			if !r.Formal {
				ids = append(ids, r.ID)
			}
		}
		if len(page) < f.Limit {
			break
		}
		f.After = &page[len(page)-1].Reminder
	}
	if _, err := g.Desk.ApproveAll(ctx, g.scope, ids, nil); err != nil {
		return err
	}
	_, err := g.Desk.Send(ctx, g.scope)
	return err
}

// found makes the creditor, its people and its scenarios.
func (g *Stage) found(ctx context.Context) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		c := g.World.Company
		made, err := creditor.Create(ctx, tx, creditor.Creditor{
			Name: c.Name, LegalForm: c.LegalForm, Capital: c.Capital, SIREN: c.SIREN, SIRET: c.SIRET, VATID: c.VATID,
			Register: c.Register, Street: c.Street, PostalCode: c.PostalCode, City: c.City, Country: c.Country,
			Email: c.Email, Phone: c.Phone, Website: c.Website,
		}, creditor.ActorSystem, journal.Write)
		if err != nil {
			return err
		}
		g.scope = creditor.System(made.ID)
		bank := creditor.Account{Holder: c.Bank.Holder, IBAN: c.Bank.IBAN, BIC: c.Bank.BIC, Currency: "EUR"}
		if _, err := creditor.AddAccount(ctx, tx, g.scope, bank, journal.Write); err != nil {
			return err
		}
		for i, p := range c.People {
			if err := g.hire(ctx, tx, p, i == 0); err != nil {
				return err
			}
		}
		g.scope.Actor = g.people[0]
		_, err = setting.All().Set(ctx, tx, setting.Box{}, made.ID, creditor.ActorSystem, map[string]string{
			"mail_from_name": c.Name, "mail_from_address": c.Email,
			"stale_days": "0", // nobody imports into a demonstration
		})
		if err != nil {
			return err
		}
		return policy.Install(ctx, tx, g.scope)
	}
}

func (g *Stage) hire(ctx context.Context, tx *db.Tx, p demo.Person, first bool) error {
	made, err := user.Add(ctx, tx, user.Person{
		Email: p.Email, Name: p.FirstName + " " + p.LastName, Phone: p.Phone, Language: "fr",
	})
	if err != nil {
		return err
	}
	rights := creditor.Work
	if first {
		rights = creditor.Manage
	}
	g.people = append(g.people, made.ID)
	return user.Join(ctx, tx, g.scope, made.ID, user.Membership{Rights: rights, Sender: p.Email})
}

// enter adds a customer with what is known of it on the first day, and keeps
// the rest for its day.
func (g *Stage) enter(ctx context.Context, tx *db.Tx, c *demo.Customer, from cal.Date) error {
	owner := &customer.Customer{
		Code: c.Code, Name: c.Name, Kind: customer.Kind(c.Kind), SIREN: c.SIREN, SIRET: c.SIRET, VATID: c.VATID,
		Street: c.Street, PostalCode: c.PostalCode, City: c.City, Country: c.Country, Language: c.Language,
		Tags: slices.Clone(c.Tags), Terms: c.Terms, Email: c.Email, Phone: c.Phone, Since: c.Since,
		InsolventOn: c.InsolventOn,
	}
	if c.Collector >= 0 && c.Collector < len(g.people) {
		owner.Collector = g.people[c.Collector]
	}
	if err := customer.Add(ctx, tx, g.scope, []*customer.Customer{owner}); err != nil {
		return err
	}
	g.owners[c.Code], g.ways[c.Code] = owner.ID, c.Behaviour
	var people []*customer.Contact
	for _, p := range c.Contacts {
		contact := &customer.Contact{
			Customer: owner.ID, Role: customer.Role(p.Role), Civility: p.Civility, FirstName: p.FirstName,
			LastName: p.LastName, Email: p.Email, Phone: p.Phone,
		}
		if !p.BouncedOn.IsZero() {
			contact.BouncedAt = p.BouncedOn.Time()
		}
		people = append(people, contact)
	}
	if err := customer.AddContacts(ctx, tx, g.scope, people); err != nil {
		return err
	}
	if err := g.past(ctx, tx, c, from); err != nil {
		return err
	}
	var said []event
	g.agreements(c, func(on cal.Date, e event) {
		if on > from {
			g.days[on] = append(g.days[on], e)
			return
		}
		said = append(said, e)
	})
	for _, e := range said {
		if err := e(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (g *Stage) id(kind ledger.Kind, number string) string { return g.docs[string(kind)+"/"+number] }
