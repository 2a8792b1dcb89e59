package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/match"
	"acquit/internal/money"
)

func (p *Program) match() *cli.Command {
	family := p.family("match", "rapprocher les opérations bancaires des factures", "match bank entries with invoices",
		p.matchRun(), p.matchProposals(), p.matchApply(), p.matchReturn(), p.matchLink(), p.matchAside(), p.matchBack(),
		p.matchUndo(), p.matchDiscount(), p.matchWriteOff(), p.matchReclaim())
	family.Flags, family.UsageText = p.matchFlags(), "acquit match --dry-run"
	family.Action = p.doMatch
	return family
}

func (p *Program) matchFlags() []cli.Flag {
	return []cli.Flag{p.flag("dry-run", p.say("montrer ce qui serait affecté, sans rien changer", "show what would be allocated, changing nothing"))}
}

func (p *Program) matchRun() *cli.Command {
	return &cli.Command{
		Name: "run", Usage: p.say("affecter ce qui est sûr, proposer le reste", "allocate what is certain, propose the rest"),
		Description: p.say("Chaque import le fait déjà. Ce qui est unique et plus sûr que le réglage cash_confidence est affecté ; le reste attend une personne, avec ses raisons. « acquit match » fait de même.",
			"Each import does it already. What is unique and more certain than the setting cash_confidence is allocated; the rest waits for a person, with its reasons. “acquit match” does the same."),
		UsageText: "acquit match run --dry-run", Flags: p.matchFlags(), Action: p.doMatch,
	}
}

// matchedJSON is an entry with what was made of it.
type matchedJSON struct {
	Entry       string           `json:"entry"`
	On          cal.Date         `json:"on"`
	Amount      string           `json:"amount"`
	Currency    money.Currency   `json:"currency"`
	Label       string           `json:"label"`
	State       cash.State       `json:"state"`
	Customer    string           `json:"customer"`
	Reason      string           `json:"reason"`
	Allocations []allocationJSON `json:"allocations"`
	Confidence  *string          `json:"confidence"` // in percent; null where nothing speaks for anything
	Reasons     []whyJSON        `json:"reasons"`
	Proposals   []proposalJSON   `json:"proposals"`
	Suspects    []string         `json:"suspects"`
	By          string           `json:"by"` // who made it what it is; empty while nobody has
	At          *string          `json:"at"`
	Past        []pastJSON       `json:"past"` // what was made of it and undone
}

// pastJSON is what was made of an entry and undone.
type pastJSON struct {
	Kind     cash.ApplicationKind `json:"kind"`
	By       string               `json:"by"`
	At       *string              `json:"at"`
	UndoneBy string               `json:"undone_by"`
	UndoneAt *string              `json:"undone_at"`
	Reason   string               `json:"reason"`
}

// history tells who did what with an entry, and when.
func (p *Program) history(n cash.Names, l cash.Line, m *matchedJSON) {
	switch {
	case l.Application != nil:
		m.By, m.At = n.Who(l.Application.By, p.lang), instantJSON(l.Application.At)
	case l.State == cash.Aside:
		m.By, m.At = n.Who(l.ChangedBy, p.lang), instantJSON(l.ChangedAt)
	}
	m.Past = []pastJSON{}
	for _, a := range l.Past {
		m.Past = append(m.Past, pastJSON{
			a.Kind, n.Who(a.By, p.lang), instantJSON(a.At), n.Who(a.UndoneBy, p.lang),
			instantJSON(a.UndoneAt), a.Undone,
		})
	}
}

type allocationJSON struct {
	Invoice  string `json:"invoice"`
	Customer string `json:"customer"`
	Amount   string `json:"amount"`
	Nature   string `json:"nature,omitempty"` // of what no money came for
}

type proposalJSON struct {
	Customer    string           `json:"customer"`
	Confidence  string           `json:"confidence"`
	Lines       []allocationJSON `json:"lines"`
	Adjustments []adjustmentJSON `json:"adjustments"`
	Remainder   string           `json:"remainder"`
	Reasons     []whyJSON        `json:"reasons"`
}

// whyJSON is what speaks for or against an explanation.
type whyJSON struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

type adjustmentJSON struct {
	Invoice string               `json:"invoice"`
	Kind    match.AdjustmentKind `json:"kind"`
	Amount  string               `json:"amount"`
}

// matched are lines as JSON carries them, with the codes and numbers that people know.
func (p *Program) matched(ctx context.Context, tx *db.Tx, s creditor.Scope, list []cash.Line) ([]matchedJSON, error) {
	n, err := cash.NamesOf(ctx, tx, s, list)
	if err != nil {
		return nil, err
	}
	all := make([]matchedJSON, len(list))
	for i, l := range list {
		all[i] = p.matchedLine(n, l)
	}
	return all, nil
}

func (p *Program) matchedLine(n cash.Names, l cash.Line) matchedJSON {
	m := matchedJSON{
		Entry: l.Entry.ID, On: l.Entry.On, Amount: l.Entry.Amount.Decimal(), Currency: l.Entry.Amount.Currency,
		Label: l.Entry.Label, State: l.State, Customer: n.Customers[l.Customer].Code, Reason: l.Reason,
		Allocations: []allocationJSON{}, Reasons: []whyJSON{}, Proposals: []proposalJSON{}, Suspects: []string{},
	}
	p.history(n, l, &m)
	for _, a := range l.Allocations {
		m.Allocations = append(m.Allocations, allocationJSON{
			a.Number, n.Customers[a.Customer].Code, a.Amount.Decimal(), string(a.Nature),
		})
	}
	for _, x := range l.Proposals {
		m.Proposals = append(m.Proposals, p.proposal(n, x))
	}
	for _, c := range l.Suspects {
		m.Suspects = append(m.Suspects, n.Customers[c].Code)
	}
	switch {
	case l.Application != nil && l.Application.Explanation.Confidence > 0:
		x := p.proposal(n, l.Application.Explanation)
		m.Confidence, m.Reasons = &x.Confidence, x.Reasons
		if len(l.Allocations) == 0 && l.State == cash.Auto { // of a rehearsal: nothing is in the books
			m.Allocations, m.Customer = x.Lines, x.Customer
		}
	case len(m.Proposals) > 0:
		m.Confidence, m.Reasons = &m.Proposals[0].Confidence, m.Proposals[0].Reasons
	}
	return m
}

func (p *Program) proposal(n cash.Names, x match.Explanation) proposalJSON {
	v := proposalJSON{
		Customer: n.Customers[x.Customer].Code, Confidence: cash.Percent(x.Confidence), Lines: []allocationJSON{},
		Adjustments: []adjustmentJSON{}, Remainder: x.Remainder.Decimal(), Reasons: []whyJSON{},
	}
	for _, l := range x.Lines {
		v.Lines = append(v.Lines, allocationJSON{
			Invoice: n.Documents[l.Item].Number, Customer: n.Customers[l.Customer].Code, Amount: l.Amount.Decimal(),
		})
	}
	for _, a := range x.Adjustments {
		v.Adjustments = append(v.Adjustments, adjustmentJSON{n.Documents[a.Item].Number, a.Kind, a.Amount.Decimal()})
	}
	for _, r := range x.Reasons {
		v.Reasons = append(v.Reasons, whyJSON{r.Code, r.Text(p.lang)})
	}
	return v
}

// entriesJSON is the answer of bank list and of match.
type entriesJSON struct {
	Entries []matchedJSON `json:"entries"`
}

type matchRunJSON struct {
	cash.Report
	Entries []matchedJSON `json:"entries"`
}

func (p *Program) doMatch(ctx context.Context, c *cli.Command) error {
	if err := p.none(c); err != nil {
		return err
	}
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		bar := p.progress()
		rep, err := cash.Run(ctx, b.DB, s, cash.Options{DryRun: c.Bool("dry-run"), Progress: func(n int) {
			bar.tell(p.say("%d opérations…", "%d entries…"), n)
		}})
		bar.end()
		if err != nil {
			return err
		}
		answer := matchRunJSON{Report: rep, Entries: []matchedJSON{}}
		if err := b.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if !c.Bool("dry-run") {
				if rep.Lines, err = cash.Lines(ctx, tx, s, rep.Entries); err != nil {
					return err
				}
			}
			answer.Entries, err = p.matched(ctx, tx, s, rep.Lines)
			return err
		}); err != nil {
			return err
		}
		return p.answer(answer, func(w io.Writer) { p.tellMatch(w, answer) })
	})
}

func (p *Program) tellMatch(w io.Writer, a matchRunJSON) {
	p.tellMatched(w, a.Report)
	if a.Credits > 0 {
		credits := noun("avoir affecté", "avoirs affectés", "credit note allocated", "credit notes allocated")
		fmt.Fprintln(w, credits.Count(p.lang, a.Credits))
	}
	p.tellEntries(w, a.Entries)
	for _, k := range a.Skipped {
		fmt.Fprintf(w, p.say("laissée de côté : %s, %s : %s\n", "left alone: %s, %s: %s\n"), k.Entry,
			p.lang.Amount(k.Amount), k.Reason)
	}
}

// tellMatched says what a run came to, where there was anything to look at.
func (p *Program) tellMatched(w io.Writer, r cash.Report) {
	if r.Examined+r.Returned == 0 {
		return
	}
	n := p.lang.Int
	fmt.Fprintf(w, p.say("Rapprochement : opérations examinées %s, affectées %s, déjà en compte %s, hors clients %s, rejets %s, à voir %s\n",
		"Matching: %s entries examined, %s allocated, %s already in the books, %s set aside, %s returns, %s left for a person\n"),
		n(r.Examined), n(r.Auto), n(r.Linked), n(r.Aside), n(r.Returned), n(r.Open))
}

// tellEntries writes entries, one a line.
func (p *Program) tellEntries(w io.Writer, list []matchedJSON) {
	if len(list) == 0 {
		return
	}
	t := p.table(w)
	for _, m := range list[:min(len(list), shown)] {
		amount, _ := money.Parse(m.Amount, m.Currency)
		t.row(m.On, amount, m.State.In(p.lang), m.Customer, p.made(m), m.Label, m.Entry)
	}
	t.end()
}

// made is what was made of an entry, or could be, in one cell.
func (p *Program) made(m matchedJSON) string {
	var list []string
	for _, a := range m.Allocations {
		if !slices.Contains(list, a.Invoice) {
			list = append(list, a.Invoice)
		}
	}
	if len(list) == 0 && len(m.Proposals) > 0 {
		for _, l := range m.Proposals[0].Lines {
			list = append(list, l.Invoice)
		}
		return "? " + strings.Join(append(few(list), p.share(m.Proposals[0].Confidence)), " ")
	}
	if len(list) == 0 {
		return m.Reason
	}
	return strings.Join(few(list), " ")
}

// few are the numbers that a line has room for, each once, and how many more there
// are: --json and match proposals have them all.
func few(numbers []string) (list []string) {
	const most = 4
	for _, n := range numbers {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	if more := len(list) - most; more > 0 {
		return append(list[:most:most], "+"+strconv.Itoa(more))
	}
	return list
}

// share is a percentage as JSON carries it, for people: 99,99 %.
func (p *Program) share(percent string) string {
	whole, decimals, _ := strings.Cut(percent, ".")
	if decimals = strings.TrimRight(decimals, "0"); decimals != "" {
		whole += p.say(",", ".") + decimals
	}
	return whole + p.say("\u00a0%", "%")
}

// sum is an amount as JSON carries it, for people.
func (p *Program) sum(decimal string, c money.Currency) string {
	a, err := money.Parse(decimal, c)
	if err != nil {
		return decimal
	}
	return a.Format(string(p.lang))
}

// moment is an instant as JSON carries it, for people, in the company's time.
func (p *Program) moment(instant string, zone *time.Location) string {
	t, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return instant
	}
	t = t.In(zone)
	return p.lang.Date(cal.Of(t)) + t.Format(" 15:04")
}

// tellHistory writes who did what with an entry, and when.
func (p *Program) tellHistory(w io.Writer, m matchedJSON, zone *time.Location) {
	if m.At != nil {
		fmt.Fprintf(w, p.say("fait le %s par %s\n", "done on %s by %s\n"), p.moment(*m.At, zone), m.By)
	}
	for _, a := range m.Past {
		fmt.Fprintf(w, p.say("fait le %s par %s, défait le %s par %s : %s\n", "done on %s by %s, undone on %s by %s: %s\n"),
			p.moment(*a.At, zone), a.By, p.moment(*a.UndoneAt, zone), a.UndoneBy, a.Reason)
	}
}
