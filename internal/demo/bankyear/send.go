package bankyear

import (
	"fmt"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
)

// send turns a remittance into pieces: its entry, and what comes of it later.
func (a *account) send(p *paying) {
	s := a.compose(p)
	a.add(s)
	if p.paid == Whole && s.pool == "" && a.IntN(1000) < 6 {
		a.again(s)
	}
	a.mayReturn(s, p)
}

// compose is the piece that a remittance is.
func (a *account) compose(p *paying) piece {
	s := piece{on: p.on, means: a.means, entry: bank.Entry{Amount: p.amount, Means: a.means, Status: bank.IsBooked}}
	s.truth = Truth{Paid: p.paid, Payer: Self, Lines: p.lines, Over: p.over}
	switch a.means {
	case bank.Debit:
		a.debit(&s, p)
	case bank.Cheque:
		s.pool, s.on = "cheque", deposit(a.world.Calendar(), p.on)
		s.truth.Named, s.truth.Payer, s.truth.Unknowable = Nameless, NoPayer, true
	case bank.Bill:
		a.bill(&s, p)
	case bank.Card:
		s.pool = "card"
		s.truth.Named, s.truth.Payer, s.truth.Unknowable = Nameless, NoPayer, true
	default:
		a.transfer(&s, p)
	}
	return s
}

func (a *account) add(s piece) {
	s.index, s.nth = a.index, len(a.pieces)+1
	a.pieces = append(a.pieces, s)
}

// deposit is the next day on which cheques are taken to the bank: Tuesdays and
// Fridays.
func deposit(c *cal.Calendar, on cal.Date) cal.Date {
	for on.Weekday() != 2 && on.Weekday() != 5 {
		on++
	}
	return c.NextOpen(on)
}

// debit is our own direct debit: it carries our reference and the mandate.
func (a *account) debit(s *piece, p *paying) {
	s.pool = "debit"
	s.truth.Named = ByMandate
	e := &s.entry
	e.Party = bank.Party{Name: a.name, IBAN: a.accounts[0]}
	e.EndToEnd, e.Mandate = p.numbers()[0], a.mandate
	e.Texts = compact(cut(strings.Join(p.numbers(), " "), 140))
}

// bill is a bill of exchange (LCR) that we presented: it comes with the numbers
// that we put on it.
func (a *account) bill(s *piece, p *paying) {
	s.truth.Named = Exact
	if len(p.debts) > 1 {
		s.truth.Named = Several
	}
	s.entry.Party = bank.Party{Name: a.name}
	var texts []string
	texts, s.truth.Named = a.carry("LCR ECH "+p.on.Numeric()+" "+strings.Join(p.numbers(), " "),
		s.truth.Named, p.numbers())
	s.entry.Texts = texts
}

// transfer is a payment that the customer, or somebody in its place, sent.
func (a *account) transfer(s *piece, p *paying) {
	e := &s.entry
	a.party(s)
	words, named := a.label(p.remittance)
	if named == Silent || named == OwnReference || named == ByCode {
		a.oldestFirst(p)
		s.truth.Lines = p.lines
	}
	texts, named := a.carry(words, named, p.numbers())
	e.Texts, s.truth.Named = texts, named
	e.EndToEnd = "NOTPROVIDED"
	switch n := a.IntN(100); {
	case n < 45:
		e.EndToEnd = fmt.Sprintf("%d-%d", p.on.Year(), 100_000+a.IntN(900_000))
	case n < 50 && named == Exact:
		e.EndToEnd, e.Texts = p.numbers()[0], nil
	case n < 56 && named == Exact && !a.byHand:
		e.Structured, e.Texts = p.numbers(), nil
	}
	s.truth.Unknowable = a.unknowable(s, p)
	a.nameless(s)
}

// party is who pays: mostly the customer itself.
func (a *account) party(s *piece) {
	e, t := &s.entry, &s.truth
	iban := a.accounts[0]
	if len(a.accounts) > 1 && a.Percent(25) {
		iban, t.Payer = a.accounts[1], OtherAccount
	}
	e.Party = bank.Party{Name: a.name, IBAN: iban}
	switch {
	case a.proxy == TradeName:
		t.Payer = TradeName
	case a.proxy != "" && a.Percent(often[a.proxy]):
		t.Payer = a.proxy
		e.Party = a.other(a.proxy)
		if a.Percent(40) {
			e.Ultimate = bank.Party{Name: a.name}
		}
	case a.IntN(1000) < 3:
		t.Payer, e.Party = Insurer, a.other(Insurer)
	case a.IntN(1000) < 7:
		t.Payer, e.Party = Stranger, a.other(Stranger)
	}
	if !a.told {
		e.Party.IBAN = ""
	}
	s.pool = a.pool(t.Payer)
}

// often is how many in a hundred payments somebody else makes.
var often = map[Payer]int{GroupCompany: 70, ManagersOwn: 35, Factor: 85, Treasury: 100}

// other is who pays in the customer's place.
func (a *account) other(who Payer) bank.Party {
	party := func(name string, key int) bank.Party {
		return bank.Party{Name: name, IBAN: demo.FrenchIBAN(30_905+key%40, 700+key%90, 60_000_000+key%30_000_000)}
	}
	switch who {
	case GroupCompany:
		key := seat("group", a.Group)
		head := []string{"HOLDING", "GROUPE", "FINANCIERE", "SERVICES PARTAGES"}[key%4]
		return party(fmt.Sprintf("%s %s", head, initials(a.Group)), key)
	case ManagersOwn:
		m := a.Contacts[len(a.Contacts)-1]
		title := map[string]string{"Madame": "MME ", "Monsieur": "M "}[m.Civility]
		return party(title+demo.Upper(m.LastName)+" "+demo.Upper(m.FirstName), seat("manager", a.Code))
	case Factor:
		n := seat("factor", a.Code) % len(factors)
		return party(factors[n], n)
	case Treasury:
		return party(a.treasury(), seat(a.treasury()))
	case Insurer:
		n := a.IntN(len(insurers))
		return party(insurers[n], 100+n)
	}
	return party(chance.Pick(a.Draw, strangers)+" "+demo.Upper(chance.Pick(a.Draw, strangeNames)), a.IntN(30_000_000))
}

var (
	factors      = []string{"NORD FACTOR", "AFFACTURAGE DE L OUEST", "CREDIT FOURNISSEURS SA", "REVERSO FINANCE"}
	insurers     = []string{"MUTUELLE DES ARTISANS", "ASSURANCES DU BEFFROI", "PREVOYANCE DU LITTORAL"}
	strangers    = []string{"SCI", "SARL", "M", "MME", "ASSOCIATION", "SAS", "ETS"}
	strangeNames = []string{
		"Brunel", "Cazenave", "Dumoulin", "Esteban", "Fontaine", "Gaillard", "Hubert", "Imbert", "Joly", "Kaufmann",
		"Lambert", "Mercier",
	}
)

// initials make a group's name of its number: nobody would guess its members.
func initials(group string) string {
	key := seat("name", group)
	letters := "BCDFGLMNPRSTV"
	return string([]byte{
		letters[key%13], "AEIO"[key/13%4], letters[key/52%13], "AEIO"[key/676%4], letters[key/2704%13],
	})
}

// treasury is the accountant of a public body: of its town or of its department.
func (a *account) treasury() string {
	switch seat("treasury", a.City) % 3 {
	case 0:
		return "SGC " + demo.Upper(a.City)
	case 1:
		return "TRESORERIE " + demo.Upper(a.City)
	}
	return "DRFIP " + a.PostalCode[:2]
}

// pool tells which payments of a day somebody makes as one sum: a quarter of
// the treasuries', and those of a third of the groups.
func (a *account) pool(who Payer) string {
	switch {
	case who == Treasury && seat("pools", a.treasury())%4 == 0:
		return "treasury " + a.treasury()
	case who == GroupCompany && seat("pools", a.Group)%3 == 0:
		return "group " + a.Group
	}
	return ""
}

// unknowable tells whether nobody could say from the statement what is paid: who
// pays is not known and nothing is said, or the customer is known, it has other
// invoices, and neither a number nor the amount tells which.
func (a *account) unknowable(s *piece, p *paying) bool {
	named := s.truth.Named
	silent := named == Silent || named == OwnReference
	if silent && s.entry.Ultimate.Name == "" && a.vague(s.truth.Payer) {
		first := !a.seen[s.entry.Party.IBAN] || s.entry.Party.IBAN == ""
		a.seen[s.entry.Party.IBAN] = true
		if first {
			return true
		}
	}
	if !silent && named != ByCode {
		return false
	}
	switch s.truth.Paid {
	case Part, TwoParts, WrongAmount, TooLate, LessFees:
		return a.others(p) > 0
	}
	return false
}

// vague tells whether the payer's name is not enough to know the customer by: it
// is another's, or only a piece of it that many share.
func (a *account) vague(who Payer) bool {
	if who != Self && who != OtherAccount {
		return true
	}
	for word := range strings.FieldsSeq(demo.Upper(a.Name)) {
		if !strings.Contains(demo.Upper(a.name), word) {
			return true
		}
	}
	return false
}

// oldestFirst sets a payment that names no invoice against the oldest of those
// that are equal to what it pays (C. civ. art. 1342-10): the payer said nothing
// else. What it meant to pay takes the other's place.
func (a *account) oldestFirst(p *paying) {
	if p.paid != Whole && p.paid != Together {
		return
	}
	for k, d := range p.debts {
		for _, o := range a.debts {
			same := o.open == p.lines[k].Amount && d.open.IsZero() && o != d
			if !same || o.Due > d.Due || o.Due == d.Due && o.Number > d.Number || o.Due.IsZero() {
				continue
			}
			o.open, d.open, o.on, d.on = d.open, o.open, d.on, o.on
			p.debts[k], p.lines[k].Number = o, o.Number
			d = o
		}
	}
}

// others counts what else the customer has open.
func (a *account) others(p *paying) (n int) {
	for _, d := range a.debts {
		if d != p.debts[0] && d.open.Sign() > 0 && d.open.Currency == p.amount.Currency {
			n++
		}
	}
	return n
}

// nameless leaves the payer out where its bank or ours does not tell: mostly
// the name is then in the text.
func (a *account) nameless(s *piece) {
	if a.IntN(1000) >= 12 || s.truth.Payer != Self {
		return
	}
	e := &s.entry
	if a.Percent(70) {
		e.Texts = append([]string{"DE " + e.Party.Name}, e.Texts...)
	} else {
		s.truth.Payer = NoPayer
		s.truth.Unknowable = s.truth.Unknowable || s.truth.Named == Silent || s.truth.Named == OwnReference
	}
	e.Party, e.Ultimate = bank.Party{}, bank.Party{}
}

// again pays a second time what was paid before.
func (a *account) again(s piece) {
	s.on = a.world.Calendar().NextOpen(s.on.Add(a.Between(1, 20)))
	s.truth.Paid = Twice
	s.truth.Lines, s.truth.Over = nil, []Over{{a.Code, s.entry.Amount}}
	a.add(s)
}

// mayReturn draws whether money goes back, and what comes then.
func (a *account) mayReturn(s piece, p *paying) {
	back, ok := chance.Weighted(a.Draw, returns[s.means]), a.IntN(1000) < returned[s.means]
	if !ok {
		return
	}
	origin := len(a.pieces)
	r := piece{
		on: a.world.Calendar().NextOpen(s.on.Add(a.Between(2, 7))), means: s.means, takesBack: origin,
		entry: s.entry, truth: Truth{Named: s.truth.Named, Paid: GoesBack, Payer: s.truth.Payer},
	}
	for _, l := range s.truth.Lines {
		l.Short, l.Why = l.Short.Sub(l.Short), ""
		r.truth.Lines = append(r.truth.Lines, l)
	}
	a.pieces[origin-1].goesBack = true
	r.entry.Amount = s.entry.Amount.Neg()
	r.entry.Return = &bank.Return{Code: back.code, Text: back.text}
	r.entry.Texts = append(compact(back.text), s.entry.Texts...)
	a.add(r)
	for k, d := range p.debts {
		d.open = d.open.Add(p.lines[k].Amount)
		d.on, d.begun = 0, true
		if a.Percent(65) {
			d.on = a.world.Calendar().NextOpen(r.on.Add(a.Between(5, 30)))
		}
	}
}

// returned is how many in a thousand payments go back.
var returned = map[bank.Means]int{bank.Debit: 24, bank.Cheque: 8, bank.Card: 4, bank.Bill: 15}

type reason struct{ code, text string }

var returns = map[bank.Means][]chance.Share[reason]{
	bank.Debit: {
		chance.Of(52, reason{"AM04", "PROVISION INSUFFISANTE"}), chance.Of(16, reason{"MD06", "CONTESTATION DEBITEUR"}),
		chance.Of(12, reason{"MS03", "RAISON NON COMMUNIQUEE"}), chance.Of(8, reason{"AC04", "COMPTE CLOS"}),
		chance.Of(7, reason{"MD01", "PAS DE MANDAT VALIDE"}), chance.Of(5, reason{"AC06", "COMPTE BLOQUE"}),
	},
	bank.Cheque: {
		chance.Of(8, reason{"AM04", "CHEQUE IMPAYE SANS PROVISION"}), chance.Of(2, reason{"MS03", "CHEQUE IMPAYE"}),
	},
	bank.Card: {chance.Of(1, reason{"MD06", "IMPAYE CB CONTESTATION PORTEUR"})},
	bank.Bill: {
		chance.Of(3, reason{"AM04", "LCR IMPAYEE PROVISION INSUFFISANTE"}), chance.Of(1, reason{"MS03", "LCR IMPAYEE"}),
	},
	bank.Transfer: {chance.Of(1, reason{})},
}
