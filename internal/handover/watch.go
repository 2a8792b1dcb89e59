package handover

import (
	"context"
	"encoding/json"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// Proposal is a customer whose case seems ripe.
type Proposal struct {
	Customer string
	First    cal.Date // when the first signal was seen
	Seen     cal.Date
	Signals  []Signal
	Overdue  money.Amount
	Asked    bool
	Until    cal.Date // set aside until the end of that day
	Reason   string
}

// Watch is shown the accounts of the daily run: it keeps the list of proposals, asks a
// person once about each, and asks for receipts to be declared.
func Watch(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) (reminder.Observer, error) {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return nil, err
	}
	owed, err := owedToAll(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	busy, err := inHand(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	if err := askToDeclare(ctx, tx, s, day); err != nil {
		return nil, err
	}
	if err := forgetSettled(ctx, tx, s); err != nil {
		return nil, err
	}
	w := watcher{rules: rulesOf(values), owed: owed, busy: busy, day: day}
	return w.look, nil
}

type watcher struct {
	rules Rules
	owed  map[money.Currency]Stake
	busy  map[string]bool // customers whose claims are prepared or handed over
	day   cal.Date
}

// look keeps the proposals of one page of accounts.
func (w watcher) look(ctx context.Context, tx *db.Tx, s creditor.Scope, page []reminder.Decided) error {
	if len(page) == 0 {
		return nil
	}
	known, err := proposalsBetween(ctx, tx, s, page[0].Account.Customer.ID, page[len(page)-1].Account.Customer.ID)
	if err != nil {
		return err
	}
	for _, one := range page {
		if err := w.one(ctx, tx, s, one, known); err != nil {
			return err
		}
	}
	return nil
}

func (w watcher) one(
	ctx context.Context, tx *db.Tx, s creditor.Scope, one reminder.Decided, known map[string]Proposal,
) error {
	id := one.Account.Customer.ID
	c := Case{Account: one.Account.Account, Day: w.day, Owed: w.owed}
	if err := c.clock(ctx, tx, s, w.rules); err != nil {
		return err
	}
	signals := w.rules.Signals(c)
	p, was := known[id]
	if len(signals) == 0 || w.busy[id] {
		if !was || p.Until >= w.day {
			return nil
		}
		if w.busy[id] {
			return deleteProposal(ctx, tx, s, id)
		}
		return forget(ctx, tx, s, id)
	}
	if !was {
		p = Proposal{Customer: id, First: w.day}
	}
	p.Seen, p.Signals, p.Overdue = w.day, signals, c.Overdue()
	if !p.Asked && p.Until < w.day {
		if err := w.ask(ctx, tx, s, one, p); err != nil {
			return err
		}
		p.Asked = true
	}
	return keepProposal(ctx, tx, s, p)
}

// forget ends a proposal for which nothing speaks any more, and what was asked about it.
func forget(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) error {
	if err := deleteProposal(ctx, tx, s, customer); err != nil {
		return err
	}
	return finishTasks(ctx, tx, s, customer, task.GoFurther, "plus rien ne l’appelle")
}

// forgetSettled forgets the proposals of those who owe nothing: the run reads their
// accounts no more.
func forgetSettled(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	list, err := db.All(ctx, tx, db.Value[string], `
		SELECT g.customer_id
		FROM legal_signal g
		WHERE g.creditor_id = $1 AND NOT EXISTS (
			SELECT 1
			FROM document d
			WHERE d.creditor_id = g.creditor_id AND d.customer_id = g.customer_id AND d.kind = 'invoice'
			  AND d.open_amount > 0)
		ORDER BY g.customer_id`, s.Creditor)
	if err != nil {
		return err
	}
	for _, customer := range list {
		if err := forget(ctx, tx, s, customer); err != nil {
			return err
		}
	}
	return nil
}

// ask makes the one task of a proposal.
func (w watcher) ask(ctx context.Context, tx *db.Tx, s creditor.Scope, one reminder.Decided, p Proposal) error {
	var detail strings.Builder
	for i, sig := range p.Signals {
		if i > 0 {
			detail.WriteString(" ; ")
		}
		detail.WriteString(sig.Text("fr"))
	}
	return task.Add(ctx, tx, s, &task.Task{
		Customer: p.Customer, Kind: task.GoFurther, Key: "further/" + p.Customer, Due: w.day,
		Owner: one.Account.Collector, Title: "Décider de la suite pour " + one.Account.Customer.Name,
		Detail: detail.String(),
	})
}

// Dismiss sets a proposal aside until the end of a day, for a reason. It needs Work.
func Dismiss(ctx context.Context, tx *db.Tx, s creditor.Scope, ref, why string, until, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	why, err := agreement.Reason("reason", why)
	if err != nil {
		return err
	}
	if err := agreement.Ahead("until", until, today); err != nil {
		return err
	}
	who, err := agreement.Customer(ctx, tx, s, ref)
	if err != nil {
		return err
	}
	set, err := setAside(ctx, tx, s, who, why, until)
	if err != nil {
		return err
	}
	if !set {
		return fault.Conflictf("ce client n’est pas proposé au contentieux")
	}
	if err := finishTasks(ctx, tx, s, who, task.GoFurther, why); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "signal.dismissed", "customer/"+who, map[string]any{"until": until, "reason": why})
}

// askToDeclare asks once for each hand-over on which money came in that the partner does
// not know of.
func askToDeclare(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date) error {
	list, err := All(ctx, tx, s, Filter{States: []State{Handed}, Limit: maxPage})
	if err != nil || len(list) == 0 {
		return err
	}
	names, err := customer.ByID(ctx, tx, s, customersOf(list))
	if err != nil {
		return err
	}
	for _, h := range list {
		received, err := Receipts(ctx, tx, s, h)
		if err != nil {
			return err
		}
		due := ToDeclare(received)
		if len(due) == 0 {
			continue
		}
		err = task.Add(ctx, tx, s, &task.Task{
			Customer: h.Customer, Kind: task.DeclareReceipt, Key: "declare/" + h.ID, Due: day,
			Title:  "Déclarer " + Sum(due, h.Currency).Format("fr") + " reçus de " + names[h.Customer].Name,
			Detail: "confié le " + h.HandedOn.Short("fr") + " : l’intermédiaire doit savoir ce qui a été payé",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func customersOf(list []Handover) []string {
	ids := make([]string, len(list))
	for i, h := range list {
		ids[i] = h.Customer
	}
	return ids
}

func scanProposal(r db.Row) (p Proposal, err error) {
	var signals string
	var amount int64
	var c money.Currency
	if err := r.Scan(&p.Customer, &p.First, &p.Seen, &signals, &c, &amount, &p.Asked, &p.Until, &p.Reason); err != nil {
		return p, err
	}
	p.Overdue = money.New(amount, c)
	return p, json.Unmarshal([]byte(signals), &p.Signals)
}

const selectProposal = `
	SELECT customer_id, first_on, seen_on, signals, currency, amount, asked, until_on, reason
	FROM legal_signal`

// Proposals are the customers whose cases seem ripe on a day and were not set aside, the
// largest first; those with nothing late any more are left out.
func Proposals(ctx context.Context, tx *db.Tx, s creditor.Scope, day cal.Date, limit int) ([]Proposal, error) {
	return db.All(ctx, tx, scanProposal, selectProposal+`
		WHERE creditor_id = $1 AND (until_on IS NULL OR until_on < $2)
		  AND EXISTS (
			SELECT 1 FROM document d
			WHERE d.creditor_id = legal_signal.creditor_id AND d.customer_id = legal_signal.customer_id
			  AND d.kind = 'invoice' AND d.open_amount > 0 AND d.due_on < $2)
		  AND NOT EXISTS (
			SELECT 1 FROM handover h
			WHERE h.creditor_id = legal_signal.creditor_id AND h.customer_id = legal_signal.customer_id
			  AND h.state IN ('prepared', 'handed'))
		ORDER BY amount DESC, customer_id
		LIMIT $3`, s.Creditor, day, max(1, min(limit, maxPage)))
}

func proposalsBetween(ctx context.Context, tx *db.Tx, s creditor.Scope, from, to string) (map[string]Proposal, error) {
	list, err := db.All(ctx, tx, scanProposal, selectProposal+`
		WHERE creditor_id = $1 AND customer_id >= $2 AND customer_id <= $3
		ORDER BY customer_id`, s.Creditor, from, to)
	found := make(map[string]Proposal, len(list))
	for _, p := range list {
		found[p.Customer] = p
	}
	return found, err
}

func keepProposal(ctx context.Context, tx *db.Tx, s creditor.Scope, p Proposal) error {
	signals, err := json.Marshal(p.Signals)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO legal_signal (creditor_id, customer_id, first_on, seen_on, signals, currency, amount, asked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (creditor_id, customer_id) DO UPDATE
		SET seen_on = excluded.seen_on, signals = excluded.signals, currency = excluded.currency,
		amount = excluded.amount,
			asked = excluded.asked`,
		s.Creditor, p.Customer, p.First, p.Seen, string(signals), string(p.Overdue.Currency), p.Overdue.Minor, p.Asked)
	return err
}

func deleteProposal(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM legal_signal
		WHERE creditor_id = $1 AND customer_id = $2`, s.Creditor, customer)
	return err
}

func setAside(ctx context.Context, tx *db.Tx, s creditor.Scope, customer, why string, until cal.Date) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE legal_signal
		SET until_on = $3, reason = $4, set_by = $5
		WHERE creditor_id = $1 AND customer_id = $2`, s.Creditor, customer, until, why, s.Actor)
	return n > 0, err
}

// owedToAll is what is open on invoices, by currency.
func owedToAll(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[money.Currency]Stake, error) {
	owed := map[money.Currency]Stake{}
	_, err := db.All(ctx, tx, func(r db.Row) (struct{}, error) {
		var c money.Currency
		var all Stake
		err := r.Scan(&c, &all.Minor, &all.Customers)
		owed[c] = all
		return struct{}{}, err
	}, `
		SELECT currency, CAST(sum(open_amount) AS BIGINT), count(DISTINCT customer_id)
		FROM document
		WHERE creditor_id = $1 AND kind = 'invoice' AND open_amount <> 0
		GROUP BY currency`, s.Creditor)
	return owed, err
}

// inHand are the customers with claims prepared or handed over.
func inHand(ctx context.Context, tx *db.Tx, s creditor.Scope) (map[string]bool, error) {
	rows, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT customer_id
		FROM handover
		WHERE creditor_id = $1 AND state IN ('prepared', 'handed')`, s.Creditor)
	busy := make(map[string]bool, len(rows))
	for _, id := range rows {
		busy[id] = true
	}
	return busy, err
}
