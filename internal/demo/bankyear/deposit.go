package bankyear

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// day is what comes to the bank on one day.
type day struct {
	chance.Draw
	on   cal.Date
	list []arrival
}

// arrival is an entry of the bank and the pieces that it is made of.
type arrival struct {
	entry  bank.Entry
	truth  Truth
	pieces []piece
	batch  int // from 1: details of one sum have the same
}

// largest is how many pieces one sum holds at most.
var largest = map[string]int{"cheque": 14, "card": 25, "debit": 200}

// gather makes the day's entries of its pieces, in an order that tells nothing
// of the customers'.
func gather(seed uint64, on cal.Date, pieces []piece) *day {
	d := &day{Draw: chance.New(seed, forDay, int(on)), on: on}
	slices.SortFunc(pieces, func(x, y piece) int {
		return cmp.Or(cmp.Compare(x.index, y.index), cmp.Compare(x.nth, y.nth))
	})
	d.Shuffle(len(pieces), func(i, j int) { pieces[i], pieces[j] = pieces[j], pieces[i] })
	pools, order := map[string][]piece{}, []string{}
	for _, p := range pieces {
		if p.pool == "" || p.truth.Paid == GoesBack {
			d.list = append(d.list, arrival{entry: p.entry, truth: p.truth, pieces: []piece{p}})
			continue
		}
		key := p.pool + "/" + string(p.entry.Amount.Currency)
		if pools[key] == nil {
			order = append(order, key)
		}
		pools[key] = append(pools[key], p)
	}
	for _, key := range order {
		d.pooled(pools[key])
	}
	return d
}

// pooled makes one or more sums of the pieces of one pool.
func (d *day) pooled(list []piece) {
	pool := list[0].pool
	for len(list) > 0 {
		n := len(list)
		if most := largest[pool]; most > 0 {
			n = min(n, d.Between(1, most))
		}
		some := list[:n]
		list = list[n:]
		switch pool {
		case "cheque":
			d.cheques(some)
		case "card":
			d.cards(some)
		case "debit":
			d.debits(some)
		default:
			d.together(some)
		}
	}
}

// sum is one entry of several pieces.
func sum(pieces []piece) arrival {
	a := arrival{entry: pieces[0].entry, truth: pieces[0].truth, pieces: pieces}
	a.truth.Lines = nil
	a.entry.Amount = money.Zero(a.entry.Amount.Currency)
	a.truth.Over = nil
	for _, p := range pieces {
		a.entry.Amount = a.entry.Amount.Add(p.entry.Amount)
		a.truth.Lines = append(a.truth.Lines, p.truth.Lines...)
		a.truth.Over = append(a.truth.Over, p.truth.Over...)
		a.truth.Unknowable = a.truth.Unknowable || p.truth.Unknowable
	}
	if len(pieces) > 1 {
		a.truth.Paid = Pooled
	}
	return a
}

// cheques are a deposit: one sum, without a name.
func (d *day) cheques(pieces []piece) {
	a := sum(pieces)
	a.entry.Label = fmt.Sprintf("REMISE CHEQUES N %07d %d CHQ", 1_000_000+d.IntN(8_000_000), len(pieces))
	d.list = append(d.list, a)
}

// cards are a day's collection: the acquirer keeps its commission, six in a
// thousand, and says how much.
func (d *day) cards(pieces []piece) {
	a := sum(pieces)
	gross := a.entry.Amount
	fee := money.BasisPoints(60).Of(gross)
	var most *Line // of the invoices: a credit note pays no commission
	for k := range a.truth.Lines {
		if l := &a.truth.Lines[k]; !l.Credit && (most == nil || most.Amount.Less(l.Amount)) {
			most = l
		}
	}
	if most != nil && fee.Less(most.Amount) {
		most.Amount, most.Short, most.Why = most.Amount.Sub(fee), fee, Charged
		a.entry.Amount = gross.Sub(fee)
		a.entry.Fees = fee
	}
	a.entry.Label = fmt.Sprintf("REMISE CB DU %s CONTRAT 4417302 BRUT %s COM %s",
		d.on.Add(-1).Numeric()[:5], decimal(gross), decimal(fee))
	d.list = append(d.list, a)
}

func decimal(a money.Amount) string { return strings.Replace(a.Decimal(), ".", ",", 1) }

// debits are a batch that the bank details; one alone is no batch.
func (d *day) debits(pieces []piece) {
	if len(pieces) == 1 {
		d.list = append(d.list, arrival{entry: pieces[0].entry, truth: pieces[0].truth, pieces: pieces})
		return
	}
	batch := 1
	for _, a := range d.list {
		batch = max(batch, a.batch+1)
	}
	for _, p := range pieces {
		d.list = append(d.list, arrival{entry: p.entry, truth: p.truth, pieces: []piece{p}, batch: batch})
	}
}

// together is one transfer for several customers, with all that was said of
// each as far as a label goes.
func (d *day) together(pieces []piece) {
	a := sum(pieces)
	a.entry.Texts, a.entry.Structured = nil, nil
	a.entry.Ultimate = bank.Party{}
	silent := 0
	for _, p := range pieces {
		text := strings.Join(p.entry.Texts, " ")
		if text == "" && len(p.entry.Structured) == 0 {
			text = p.entry.EndToEnd
		}
		a.entry.Texts = append(a.entry.Texts, text)
		a.entry.Structured = append(a.entry.Structured, p.entry.Structured...)
		if n := p.truth.Named; n == Silent || n == OwnReference {
			silent++
		}
	}
	const limit = 140
	all := strings.Join(a.entry.Texts, " ")
	a.entry.Texts = compact(cut(all, limit))
	if len(pieces) > 1 {
		a.truth.Named = Several
		if silent > 0 || len(all) > limit {
			a.truth.Named, a.truth.Unknowable = Cut, true
		}
	}
	d.list = append(d.list, a)
}
