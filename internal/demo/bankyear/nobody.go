package bankyear

import (
	"fmt"
	"strconv"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
	"acquit/internal/money"
)

// business is money that concerns no customer, in and out.
type business struct {
	who    Payer
	means  bank.Means
	label  string
	text   string
	name   string
	lo, hi int // euros; below zero for what leaves
}

var daily = []chance.Share[business]{
	chance.Of(38, business{
		Supplier, bank.Transfer, "VIR SEPA EMIS", "FACT #", "GROSSISTE PAPETERIE DU NORD", -4200, -40,
	}),
	chance.Of(14, business{Supplier, bank.Debit, "PRLV SEPA", "CONTRAT #", "TELECOM DES FLANDRES", -420, -15}),
	chance.Of(7, business{Supplier, bank.Debit, "PRLV SEPA", "ABT #", "ELECTRICITE REGIONALE", -900, -60}),
	chance.Of(10, business{Supplier, bank.Card, "CB", "FACTURE CARTE #", "STATION DE LA PLAINE", -140, -12}),
	chance.Of(4, business{TheBank, bank.Fee, "COMMISSION", "COMMISSION D INTERVENTION", "", -40, -4}),
	chance.Of(4, business{Supplier, bank.Cheque, "CHEQUE EMIS", "CHEQUE #", "", -900, -30}),
	chance.Of(5, business{
		SupplierCame, bank.Transfer, "VIR SEPA RECU", "AVOIR #", "GROSSISTE PAPETERIE DU NORD", 20, 800,
	}),
	chance.Of(4, business{
		OurselvesCame, bank.Transfer, "VIR SEPA RECU", "VIREMENT INTERNE TRESORERIE", "VERLINDE BUREAUTIQUE SAS",
		2000, 30000,
	}),
	chance.Of(4, business{
		Ourselves, bank.Transfer, "VIR SEPA EMIS", "VIREMENT INTERNE PLACEMENT", "VERLINDE BUREAUTIQUE SAS",
		-30000, -2000,
	}),
	chance.Of(2, business{
		StateCame, bank.Transfer, "VIR SEPA RECU", "REMBOURSEMENT CREDIT TVA #", "DGFIP IMPOT", 500, 9000,
	}),
	chance.Of(3, business{
		InsurerCame, bank.Transfer, "VIR SEPA RECU", "SINISTRE # INDEMNITE", "ASSURANCES DU BEFFROI", 80, 2500,
	}),
	chance.Of(2, business{TheBank, bank.Fee, "INTERETS CREDITEURS", "INTERETS CREDITEURS", "", 2, 60}),
	chance.Of(3, business{
		State, bank.Transfer, "VIR SEPA EMIS", "COTISATION #", "CAISSE DE RETRAITE DES BUREAUX", -1500, -90,
	}),
}

// monthlyBusiness comes on its day of each month.
var monthlyBusiness = map[int]business{
	1:  {Supplier, bank.Debit, "PRLV SEPA", "LOYER #", "SCI DES TISSERANDS", -3200, -3200},
	5:  {Lender, bank.Debit, "PRLV SEPA", "ECHEANCE PRET #", "CREDIT DES FLANDRES", -2150, -2150},
	15: {State, bank.Debit, "PRLV SEPA", "URSSAF COTISATIONS #", "URSSAF NORD PAS DE CALAIS", -9800, -6100},
	24: {State, bank.Debit, "PRLV SEPA", "TVA CA3 #", "DGFIP IMPOT", -21000, -3000},
	28: {Salaries, bank.Transfer, "VIR SEPA EMIS", "SALAIRES #", "SALAIRES PERSONNEL", -24500, -22100},
	30: {TheBank, bank.Fee, "FRAIS TENUE DE COMPTE", "FRAIS TENUE DE COMPTE", "", -48, -48},
}

// others are so many in a hundred of the customers' entries: what a dealer
// with few suppliers and many customers sees on its account.
const othersPercent = 8

// nobody adds the day's money that concerns no customer.
func (d *day) nobody(c *cal.Calendar) {
	n := len(d.list) * othersPercent
	count := n / 100
	if d.IntN(100) < n%100 {
		count++
	}
	for range count {
		d.business(chance.Weighted(d.Draw, daily), d.on)
	}
	for date := range 31 {
		b, ok := monthlyBusiness[date+1]
		y, m, _ := d.on.Date()
		if ok && c.NextOpen(min(cal.On(y, m, 1).Add(date), d.on.EndOfMonth())) == d.on {
			d.business(b, d.on)
		}
	}
}

func (d *day) business(b business, on cal.Date) {
	cents := int64(d.IntN(100))
	if b.lo == b.hi {
		cents = 0
	}
	e := bank.Entry{
		Amount: money.New(int64(d.Between(b.lo, b.hi))*100+cents, money.EUR), Status: bank.IsBooked, Means: b.means,
		Label: b.label,
	}
	number := strconv.Itoa(10_000 + d.IntN(900_000))
	text := strings.ReplaceAll(b.text, "#", number)
	e.Texts = compact(text)
	if b.name != "" {
		key := seat("nobody", b.name)
		e.Party = bank.Party{Name: b.name, IBAN: demo.FrenchIBAN(30_950, 900, 10_000_000+key%80_000_000)}
		if b.means == bank.Transfer || b.means == bank.Debit {
			e.EndToEnd = fmt.Sprintf("E%d%05d", on.Year(), d.IntN(100_000))
		}
	}
	d.list = append(d.list, arrival{entry: e, truth: Truth{Named: Silent, Paid: Whole, Payer: b.who, Nobody: true}})
}
