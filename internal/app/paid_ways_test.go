package app_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/inflight"
	"acquit/internal/ingest/apply"
	"acquit/internal/money"
)

// invoice issues the invoices of a day, which the accounting tool exports at once,
// and decides when and how each will be paid.
func (st *street) invoice() {
	var rows []string
	for _, p := range st.payers {
		if !st.work.IsOpen(st.today) || st.rand.IntN(9) > 0 {
			continue
		}
		b := &bill{
			number: fmt.Sprintf("F%06d", 240_101+3*len(st.bills)), customer: p.code, issued: st.today, due: st.today.Add(30),
			total: int64(80_00 + st.rand.IntN(400_000)),
		}
		if st.rand.IntN(6) == 0 {
			b.total = 120_00 // a subscription: many have the same
		}
		st.bills, st.by[b.number] = append(st.bills, b), b
		rows = append(rows, strings.Join([]string{
			b.number, p.code, p.name, b.issued.Numeric(), b.due.Numeric(), comma(b.total),
		}, ";"))
		late := []int{-6, -1, 0, 3, 8, 12, 20, 33, 47, 60}[st.rand.IntN(10)]
		st.on(st.workday(b.due.Add(late)), dawn, func() { st.settle(p, b) })
	}
	if rows != nil {
		head := "Facture;Code client;Client;Date;Échéance;Montant TTC\n"
		st.take("factures.csv", "compta", apply.Delta, []byte(head+strings.Join(rows, "\n")+"\n"))
	}
}

func comma(minor int64) string {
	return strings.Replace(money.New(minor, money.EUR).Decimal(), ".", ",", 1)
}

func (st *street) workday(d cal.Date) cal.Date { return st.work.NextOpen(max(d, st.today)) }

// settle pays an invoice, with whatever else of the customer is due where it pays
// several at once, by a way of its own.
func (st *street) settle(p *payer, b *bill) {
	if len(b.paid) > 0 {
		return // with another one, before
	}
	ways := []struct {
		name string
		pay  func(*payer, *bill)
	}{
		{"transfer", st.byTransfer},
		{"transfer", st.byTransfer},
		{"transfer", st.byTransfer},
		{"damaged reference", st.byDamaged},
		{"no reference", st.byName},
		{"several at once", st.byGroup},
		{"in two parts", st.byParts},
		{"third party", st.byOther},
		{"third party, amount only", st.byStranger},
		{"accounting file", st.byBooks},
		{"list of open items", st.byStock},
		{"announced", st.byWord},
		{"payment sent (211)", st.byStatus},
		{"pending", st.byPending},
		{"direct debit", st.byDebit},
		{"cheque among others", st.byCheque},
	}
	w := ways[st.rand.IntN(len(ways))]
	st.told[w.name]++
	st.way = w.name
	w.pay(p, b)
}

// owe makes coins of what a payment is for.
func (st *street) owe(bills ...*bill) (coins []*coin, sum int64) {
	for _, b := range bills {
		left := b.total
		for _, c := range b.paid {
			if !c.gone {
				left -= c.amount
			}
		}
		c := &coin{amount: left, way: st.way, dated: true}
		b.paid = append(b.paid, c)
		coins, sum = append(coins, c), sum+left
	}
	return coins, sum
}

// move is a transfer of a customer for some invoices, booked today.
func (st *street) move(p *payer, text string, bills ...*bill) *transfer {
	coins, sum := st.owe(bills...)
	m := &transfer{
		Ref: fmt.Sprintf("T%07d", len(st.moves)+1), Booked: st.today, Minor: sum, Name: p.name, IBAN: p.iban, Text: text,
		Code: "PMNT/RCDT/ESCT", coins: coins, bills: bills,
	}
	for _, c := range coins {
		c.booked = m.Booked
	}
	st.moves[m.Ref] = m
	return m
}

// some moment of the day or of the next ones.
func (st *street) later(most int) (cal.Date, int) {
	return st.today.Add(st.rand.IntN(most + 1)), st.rand.IntN(moments)
}

// state lets the bank's statement with a movement come in, at a moment of today
// or of the next two days, sometimes twice; the accounting tool often follows.
func (st *street) state(m *transfer) {
	day, at := st.later(2)
	if at == dawn && day == st.today {
		at = decided // dawn is now
	}
	st.on(day, at, func() {
		st.bring(m)
		if st.rand.IntN(5) == 0 {
			st.on(st.today.Add(3), evening, func() { st.bring(m) })
		}
	})
	if st.rand.IntN(3) == 0 {
		st.on(day.Add(4+st.rand.IntN(5)), evening, func() { st.inBooksToo(m) })
	}
}

// bring imports the statement of a movement: from here on it can be known.
func (st *street) bring(m *transfer) {
	st.files++
	st.take(fmt.Sprintf("releve-%05d.xml", st.files), "banque", apply.Delta, camt(st.files, st.today, []*transfer{m}))
	for _, c := range m.coins {
		c.known = c.known || !m.nobodyKnows
	}
}

// inBooksToo is the accounting tool's own row for what the bank told before.
func (st *street) inBooksToo(m *transfer) {
	for i, b := range m.bills {
		if !m.coins[i].gone && m.coins[i].known {
			st.row(b, m.coins[i], m.Booked)
		}
	}
}

// row imports a payment as the accounting tool exports it.
func (st *street) row(b *bill, c *coin, on cal.Date) {
	head := "N° pièce;Code client;Date de règlement;Mode de règlement;Montant;Facture réglée\n"
	text := fmt.Sprintf("R%s-%d;%s;%s;virement;%s;%s\n", b.number[1:], slices.Index(b.paid, c), b.customer, on.Numeric(),
		comma(c.amount), b.number)
	st.take("reglements.csv", "compta", apply.Delta, []byte(head+text))
	c.known, st.inBooks[c] = true, true
}

func (st *street) byTransfer(p *payer, b *bill) {
	st.state(st.move(p, "REGLEMENT FACTURE "+b.number, b))
}

func (st *street) byDamaged(p *payer, b *bill) {
	st.state(st.move(p, "VIR "+spoil(st.rand, b.number)+" MERCI", b))
}
func (st *street) byName(p *payer, b *bill) { st.state(st.move(p, "VIREMENT", st.oldestAlike(b))) }

// oldestAlike is the oldest unpaid invoice of the same customer and amount: what a
// payment that names none is for (C. civ. art. 1342-10).
func (st *street) oldestAlike(b *bill) *bill {
	for _, x := range st.bills {
		if x.customer == b.customer && x.total == b.total && len(x.paid) == 0 {
			return x
		}
	}
	return b
}

func (st *street) unpaid(p *payer) (list []*bill) {
	for _, x := range st.bills {
		if x.customer == p.code && len(x.paid) == 0 && x.due <= st.today.Add(10) {
			list = append(list, x)
		}
	}
	return list
}

func (st *street) byGroup(p *payer, b *bill) {
	all := st.unpaid(p)
	if !slices.Contains(all, b) {
		all = append(all, b)
	}
	all = all[:min(len(all), 4)]
	var numbers []string
	for _, x := range all {
		numbers = append(numbers, x.number)
	}
	st.state(st.move(p, "FACTURES "+strings.Join(numbers, " "), all...))
}

func (st *street) byParts(p *payer, b *bill) {
	m := st.move(p, "ACOMPTE "+b.number, b)
	part := m.Minor / 3
	m.Minor, m.coins[0].amount = part, part
	st.state(m)
	st.on(st.workday(st.today.Add(12)), dawn, func() { st.state(st.move(p, "SOLDE "+b.number, b)) })
}

func (st *street) byOther(_ *payer, b *bill) {
	other := &payer{name: "HOLDING DES QUAIS", iban: frenchIBAN("300040080123456789012")}
	st.state(st.move(other, "POUR COMPTE FACT "+b.number, b))
}

// byStranger pays with nothing but the amount.
func (st *street) byStranger(_ *payer, b *bill) {
	m := st.move(&payer{name: "M JEAN PETIT"}, "VIREMENT", b)
	st.state(m)
}

func (st *street) byBooks(_ *payer, b *bill) {
	coins, _ := st.owe(b)
	coins[0].booked = st.today
	day, at := st.later(3)
	on := st.today
	st.on(day, max(at, decided), func() { st.row(b, coins[0], on) })
}

// byStock settles an invoice by leaving it out of the accounting tool's list of
// what is open: the list has all that this tool has not been told is paid.
func (st *street) byStock(_ *payer, b *bill) {
	coins, _ := st.owe(b)
	coins[0].booked, coins[0].dated = st.today, false
	day, at := st.later(3)
	st.on(day, max(at, decided), func() {
		coins[0].known, st.inBooks[coins[0]] = true, true
		var rows []string
		for _, x := range st.bills {
			left := x.total
			for _, c := range x.paid {
				if st.inBooks[c] && !c.gone {
					left -= c.amount
				}
			}
			if left > 0 {
				rows = append(rows, fmt.Sprintf("%s;%s;%s;%s;%s;%s", x.number, x.customer, x.issued.Numeric(), x.due.Numeric(),
					comma(x.total), comma(left)))
			}
		}
		if len(rows) > 0 {
			head := "Facture;Code client;Date;Échéance;Montant TTC;Reste dû\n"
			st.take("encours.csv", "compta", apply.Stock, []byte(head+strings.Join(rows, "\n")+"\n"))
		}
	})
}

// byWord is announced first, by the customer or its bank, and comes in later.
func (st *street) byWord(p *payer, b *bill) {
	m := st.move(p, "FACT "+b.number, b)
	at := decided + st.rand.IntN(moments-1)
	m.Booked = st.workday(st.today.Add(2))
	m.coins[0].booked = m.Booked
	st.on(st.today, at, func() {
		st.write(func(ctx context.Context, tx *db.Tx) error {
			return inflight.Add(ctx, tx, st.s, &inflight.Payment{
				Invoices: []string{b.number}, On: st.today, Until: st.today.Add(10), Source: inflight.Transfer,
			})
		})
		m.coins[0].known = true
	})
	st.on(m.Booked, evening, func() { st.bring(m) })
}

// byStatus is said to be sent by the buyer's platform, and comes in later.
func (st *street) byStatus(p *payer, b *bill) {
	m := st.move(p, "FACT "+b.number, b)
	m.Booked = st.workday(st.today.Add(2))
	m.coins[0].booked = m.Booked
	st.on(st.today, decided+st.rand.IntN(moments-1), func() {
		st.take("statut-"+b.number+".xml", "plateforme", apply.Delta, paymentSent(b, st.today))
		m.coins[0].known = true
	})
	st.on(m.Booked, evening, func() { st.bring(m) })
}

// byPending is seen on the account before it is booked.
func (st *street) byPending(p *payer, b *bill) {
	m := st.move(p, "PAIEMENT CARTE "+b.number, b)
	early := *m
	early.Pending = true
	m.Booked = st.workday(st.today.Add(1))
	m.coins[0].booked = m.Booked
	early.Booked = m.Booked
	st.on(st.today, decided+st.rand.IntN(moments-1), func() { st.bring(&early) })
	st.on(m.Booked.Add(1), dawn, func() { st.bring(m) })
}

// byDebit is collected, and goes back in one case of four.
func (st *street) byDebit(p *payer, b *bill) {
	m := st.move(p, "PRELEVEMENT "+b.number, b)
	m.Code, m.EndToEnd = "PMNT/IDDT/ESDD", "E2E-"+b.number
	st.state(m)
	if st.rand.IntN(4) > 0 {
		return
	}
	st.told["direct debit returned"]++
	back := &transfer{
		Ref: fmt.Sprintf("T%07d", len(st.moves)+1), Booked: st.workday(st.today.Add(5)), Minor: -m.Minor, Name: p.name,
		IBAN: p.iban, EndToEnd: m.EndToEnd, Text: "REJET " + b.number, Code: "PMNT/IDDT/UPDD", Reason: "AM04",
	}
	st.moves[back.Ref] = back
	st.on(back.Booked, evening, func() {
		st.bring(back)
		m.coins[0].gone = true
		st.on(st.workday(st.today.Add(9)), dawn, func() { st.state(st.move(p, "FACTURE "+b.number, b)) })
	})
}

// byCheque is one amount for cheques of several customers: nothing tells whose.
func (st *street) byCheque(_ *payer, b *bill) {
	all := []*bill{b}
	for _, p := range st.payers {
		if more := st.unpaid(p); p.code != b.customer && len(more) > 0 && len(all) < 3 {
			all = append(all, more[0])
		}
	}
	slices.SortFunc(all, func(a, b *bill) int { return cmp.Compare(a.number, b.number) })
	m := st.move(&payer{}, "REMISE DE CHEQUES", all...)
	m.Code, m.nobodyKnows = "PMNT/RCHQ/CCHQ", len(all) > 1
	st.state(m)
}
