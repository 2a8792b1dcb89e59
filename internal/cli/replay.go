package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/urfave/cli/v3"

	"acquit/internal/account"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/dunning"
	"acquit/internal/money"
	"acquit/internal/policy"
)

// replayDays is how far a replay looks ahead unless told otherwise: every step
// of a usual scenario but the last comes within a month.
const replayDays = 30

// chooser is the scenario that an account would follow, or nil.
type chooser func(a *account.Account, day cal.Date) *dunning.Scenario

// replayed is what would leave, by day, step and currency.
type replayed map[replayKey]replaySum

type replayKey struct {
	on       cal.Date
	step     string
	currency money.Currency
}

type replaySum struct {
	count  int
	amount money.Amount
}

type replayJSON struct {
	From      cal.Date        `json:"from"`
	Until     cal.Date        `json:"until"`
	Scenario  *string         `json:"scenario"` // null is the company's own
	Customers int             `json:"customers"`
	Reminders int             `json:"reminders"`
	Days      []replayDayJSON `json:"days"`
}

type replayDayJSON struct {
	On        cal.Date       `json:"on"`
	Step      string         `json:"step"`
	Reminders int            `json:"reminders"`
	Amount    string         `json:"amount"`
	Currency  money.Currency `json:"currency"`

	amount money.Amount
}

func (p *Program) doScenarioReplay(ctx context.Context, c *cli.Command) error {
	if c.Args().Len() > 1 {
		_, err := p.argument(c)
		return err
	}
	out := replayJSON{Days: []replayDayJSON{}}
	var other *dunning.Scenario
	if ref := c.Args().First(); ref != "" {
		src, err := p.source(ctx, c, ref)
		if err != nil {
			return err
		}
		if other, err = dunning.ParseScenario(src.Name, []byte(src.Document)); err != nil {
			return err
		}
		out.Scenario = &other.Name
	}
	sums := replayed{}
	err := p.read(ctx, c, func(r room) (err error) {
		if out.From, err = p.dayOr(c, "from", r.today); err != nil {
			return err
		}
		if out.Until, err = p.dayOr(c, "until", out.From.Add(replayDays)); err != nil {
			return err
		}
		out.Customers, err = p.replay(ctx, r, out.From, out.Until, other, sums)
		return err
	})
	if err != nil {
		return err
	}
	out.fill(sums)
	return p.answer(out, func(w io.Writer) { p.tellReplay(w, out) })
}

// replay simulates every account and adds up what would leave.
func (p *Program) replay(ctx context.Context, r room, from, until cal.Date, other *dunning.Scenario,
	sums replayed,
) (spoken int, err error) {
	choose, err := choosing(ctx, r, other)
	if err != nil {
		return 0, err
	}
	calendar, err := creditor.Calendar(ctx, r.tx, r.scope)
	if err != nil {
		return 0, err
	}
	bar, seen := p.progress(), 0
	defer bar.end()
	for a, err := range account.Each(ctx, r.tx, r.scope, account.Query{Day: from, Past: from < r.today}) {
		if err != nil {
			return spoken, err
		}
		seen++
		bar.tell("%s…", accounts.Count(p.lang, seen))
		list := dunning.Simulate(a.Account, choose(a, from), calendar, from, until)
		if len(list) > 0 {
			spoken++
		}
		for _, one := range list {
			sums.add(one)
		}
	}
	return spoken, nil
}

// choosing is the scenario of the command, where it applies, or the company's.
func choosing(ctx context.Context, r room, other *dunning.Scenario) (chooser, error) {
	if other != nil {
		return func(a *account.Account, day cal.Date) *dunning.Scenario {
			s, _ := dunning.Choose(a.Account, []*dunning.Scenario{other}, day)
			return s
		}, nil
	}
	var shelf policy.Shelf
	set, err := shelf.Load(ctx, r.tx, r.scope)
	return func(a *account.Account, day cal.Date) *dunning.Scenario {
		chosen, _ := set.Choose(&a.Account, a.Scenario, day)
		if chosen == nil {
			return nil
		}
		return chosen.Policy
	}, err
}

func (sums replayed) add(one dunning.Proposal) {
	key := replayKey{one.On, one.Step.ID, one.Amount.Currency}
	s := sums[key]
	s.count++
	s.amount = s.amount.Add(one.Amount)
	sums[key] = s
}

func (out *replayJSON) fill(sums replayed) {
	keys := slices.SortedFunc(maps.Keys(sums), func(a, b replayKey) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.step, b.step), cmp.Compare(a.currency, b.currency))
	})
	for _, k := range keys {
		s := sums[k]
		out.Reminders += s.count
		out.Days = append(out.Days, replayDayJSON{k.on, k.step, s.count, s.amount.Decimal(), k.currency, s.amount})
	}
}

func (p *Program) tellReplay(w io.Writer, r replayJSON) {
	t := p.table(w)
	for _, d := range r.Days {
		t.row(d.On, d.Step, reminders.Count(p.lang, d.Reminders), d.amount)
	}
	t.end()
	fmt.Fprintf(w, p.say("%s à %s, du %s au %s. Rien n’est envoyé.\n", "%s to %s, from %s to %s. Nothing is sent.\n"),
		reminders.Count(p.lang, r.Reminders), customers.Count(p.lang, r.Customers), p.lang.Date(r.From),
		p.lang.Date(r.Until))
}
