package bankyear

import (
	"fmt"
	"hash/fnv"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
)

// What is drawn for one payer, each from a source of its own; the numbers go on
// where those of package demo end.
const (
	forPayer chance.Purpose = iota + 64
	forYear
	forDay
	forSample
)

// payer is a customer as the bank knows it: its accounts, its name there, and
// its habits.
type payer struct {
	chance.Draw
	*demo.Customer
	index    int
	means    bank.Means
	name     string   // as its bank writes it
	accounts []string // one, or two
	told     bool     // its account number comes with its transfers
	habit    Named
	style    style
	run      run
	apart    bool // one transfer for each invoice
	channel  channel
	byHand   bool  // types its references; others have a program for it
	proxy    Payer // who pays in its place, always or at times
	mandate  string
}

// run is when a customer makes its transfers.
type run int

const (
	anyDay run = iota
	thursdays
	decades // the 10th, the 20th, the last day
	monthly // the last day of the month
)

// channel is how much of a label the payer's bank lets through.
type channel struct {
	limit int // characters in all
	line  int // after which it breaks, into the middle of words; 0 for never
}

var (
	runs = []chance.Share[run]{
		chance.Of(50, anyDay), chance.Of(18, thursdays), chance.Of(17, decades), chance.Of(15, monthly),
	}
	// SEPA carries 140 characters (EPC115-06, AT-05); the screens of some banks
	// give 35 or the 31 of a label of CFONB 120, and some print 140 as lines of 35.
	channels = []chance.Share[channel]{
		chance.Of(76, channel{140, 0}), chance.Of(9, channel{140, 35}), chance.Of(9, channel{35, 0}),
		chance.Of(6, channel{31, 0}),
	}
	businessMeans = []chance.Share[bank.Means]{
		chance.Of(80, bank.Transfer), chance.Of(9, bank.Debit), chance.Of(7, bank.Cheque), chance.Of(3, bank.Bill),
		chance.Of(1, bank.Card),
	}
	consumerMeans = []chance.Share[bank.Means]{
		chance.Of(36, bank.Card), chance.Of(34, bank.Transfer), chance.Of(24, bank.Cheque), chance.Of(6, bank.Debit),
	}
	businessHabits = []chance.Share[Named]{
		chance.Of(54, Exact), chance.Of(9, Bare), chance.Of(11, Respaced), chance.Of(3, ByOrder),
		chance.Of(3, OwnReference), chance.Of(3, ByCode), chance.Of(4, ByPeriod), chance.Of(13, Silent),
	}
	consumerHabits = []chance.Share[Named]{
		chance.Of(38, Exact), chance.Of(13, Bare), chance.Of(9, Respaced), chance.Of(5, ByCode), chance.Of(35, Silent),
	}
	publicHabits = []chance.Share[Named]{
		chance.Of(55, Exact), chance.Of(15, Respaced), chance.Of(12, ByOrder), chance.Of(18, OwnReference),
	}
)

// Mandate is the mandate of direct debit of the customer of a place, if it pays
// by direct debit.
func (y *Year) Mandate(c *demo.Customer, index int) string {
	if p := newPayer(y.World.Options.Seed, index, c); p.means == bank.Debit {
		return p.mandate
	}
	return ""
}

// newPayer draws the payer that a customer is.
func newPayer(seed uint64, index int, c *demo.Customer) *payer {
	p := &payer{Draw: chance.New(seed, forPayer, index), Customer: c, index: index}
	means, habits := businessMeans, businessHabits
	switch c.Kind {
	case demo.Consumer:
		means, habits = consumerMeans, consumerHabits
	case demo.Public:
		means, habits, p.proxy = []chance.Share[bank.Means]{chance.Of(1, bank.Transfer)}, publicHabits, Treasury
	}
	p.means, p.habit = chance.Weighted(p.Draw, means), chance.Weighted(p.Draw, habits)
	p.style, p.byHand = chance.Weighted(p.Draw, styles), p.Percent(45)
	p.run, p.apart, p.channel = chance.Weighted(p.Draw, runs), p.Percent(30), chance.Weighted(p.Draw, channels)
	p.told = p.Percent(78)
	if c.Kind == demo.Consumer {
		p.run, p.byHand = anyDay, true
	}
	if c.Country != "FR" {
		p.means = bank.Transfer
	}
	p.draftAccounts(index)
	p.draftName()
	if c.Kind == demo.Business && c.Country == "FR" {
		p.draftBusiness()
	}
	p.mandate = "RUM" + c.Code
	return p
}

// draftBusiness draws who pays in a company's place.
func (p *payer) draftBusiness() {
	switch n := p.IntN(1000); {
	case p.Group != "":
		p.proxy = GroupCompany
	case n < 15:
		p.proxy = ManagersOwn
	case n < 27:
		p.proxy = Factor
	}
}

// banks are invented codes of banks, as those of the creditor's own.
var banks = []int{30_901, 30_902, 30_905, 30_910, 30_917, 30_921, 30_933, 30_940, 30_948, 30_956}

func (p *payer) draftAccounts(index int) {
	n := 1
	if p.Percent(12) {
		n = 2
	}
	for k := range n {
		p.accounts = append(p.accounts, accountNumber(p.Country, chance.Pick(p.Draw, banks), 20_000_000+index*2+k))
	}
}

// accountNumber is an account in a country; one that has no IBAN gives its own.
func accountNumber(country string, bank, number int) string {
	switch country {
	case "BE":
		body := fmt.Sprintf("%03d%07d", 500+bank%100, number%10_000_000)
		key := ((500+bank%100)*10_000_000 + number%10_000_000) % 97
		if key == 0 {
			key = 97
		}
		return demo.IBAN("BE", fmt.Sprintf("%s%02d", body, key))
	case "CH":
		return demo.IBAN("CH", fmt.Sprintf("%05d%012d", 80_000+bank%1000, number))
	case "GB":
		return demo.IBAN("GB", fmt.Sprintf("VRLN%06d%08d", 400_000+bank%1000, number))
	case "US":
		return fmt.Sprintf("%010d", number)
	}
	return demo.FrenchIBAN(bank, 100+number%800, number)
}

// draftName is the customer's name as its bank writes it.
func (p *payer) draftName() {
	upper := demo.Upper(p.Name)
	form := demo.Upper(p.LegalForm)
	if p.Kind == demo.Consumer {
		p.draftPerson(upper)
		return
	}
	switch n := p.IntN(100); {
	case n < 42:
		p.name = upper
	case n < 60:
		p.name = strings.TrimSpace(form + " " + upper)
	case n < 74:
		p.name = strings.TrimSpace(upper + " " + form)
	case n < 82:
		p.name = p.Name // as it writes itself, accents and all
	case n < 89:
		p.name = cut(strings.TrimSpace(form+" "+upper), 24)
	case n < 92:
		p.name = shortened(upper)
	case n < 96:
		p.name = upper + " " + demo.Upper(p.City)
	default:
		p.name, p.proxy = p.trade(), TradeName
	}
}

func (p *payer) draftPerson(upper string) {
	first, last, _ := strings.Cut(upper, " ")
	switch n := p.IntN(10); {
	case n < 4:
		p.name = upper
	case n < 7:
		p.name = last + " " + first
	case n < 8:
		p.name = "M OU MME " + last + " " + first
	case n < 9:
		p.name = "MME " + last
	default:
		p.name = p.Name
	}
}

// trade is a shop's name that has nothing of the company's.
func (p *payer) trade() string {
	signs := []string{
		"L ATELIER", "LE COMPTOIR", "MAISON BLEUE", "CHEZ NOUS", "AU BON COIN", "ESPACE PRO", "LE 14", "NOVA",
		"OPALE", "HORIZON",
	}
	return chance.Pick(p.Draw, signs) + " " + demo.Upper(p.City)
}

// shortened is what room for few letters makes of a name: the trade in four
// letters, the rest whole.
func shortened(name string) string {
	trade, rest, ok := strings.Cut(name, " ")
	if !ok || len(trade) < 6 {
		return "ETS " + name
	}
	return trade[:4] + " " + rest
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.TrimSpace(s[:n])
}

// align moves a day to the payer's next day of transfers.
func (p *payer) align(c *cal.Calendar, on cal.Date) cal.Date {
	on = c.NextOpen(on)
	switch p.run {
	case thursdays:
		for on.Weekday() != 4 {
			on++
		}
		return c.NextOpen(on)
	case decades:
		for _, day := range []int{10, 20} {
			y, m, d := on.Date()
			if d <= day {
				return c.NextOpen(cal.On(y, m, day))
			}
		}
		return c.NextOpen(on.EndOfMonth())
	case monthly:
		return c.NextOpen(on.EndOfMonth())
	}
	return on
}

// seat is a whole number that only the words determine.
func seat(words ...string) int {
	h := fnv.New32a()
	for _, w := range words {
		h.Write([]byte(w))
	}
	return int(h.Sum32())
}
