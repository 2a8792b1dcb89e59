package en16931

import (
	"fmt"

	"github.com/govalues/decimal"
)

var (
	one  = decimal.MustParse("1")
	cent = decimal.MustParse("0.01")
	half = decimal.MustParse("0.005")
)

// plus is a + b; maxAmount keeps the sum of any invoice far within the nineteen
// digits at which it could fail.
func plus(a, b decimal.Decimal) decimal.Decimal {
	v, err := a.Add(b)
	if err != nil {
		return decimal.Decimal{}
	}
	return v
}

func minus(a, b decimal.Decimal) decimal.Decimal { return plus(a, b.Neg()) }

func times(a, b decimal.Decimal) decimal.Decimal {
	v, err := a.Mul(b)
	if err != nil {
		return decimal.Decimal{}
	}
	return v
}

// round2 rounds to two decimals as XPath does: a half goes towards +∞.
func round2(d decimal.Decimal) decimal.Decimal { return plus(d, half).Floor(2) }

// within tells whether a and b differ by at most n cents.
func within(a, b decimal.Decimal, n int) bool {
	tolerance := times(cent, decimal.MustNew(int64(n), 0))
	return minus(a, b).CmpAbs(tolerance) <= 0
}

// near tells whether a and b differ by less than one, the tolerance of most
// VAT rules.
func near(a, b decimal.Decimal) bool { return minus(a, b).CmpAbs(one) < 0 }

// same holds a stated amount to a computed one: exactly, or in the extended
// profiles within a cent for each of the n amounts that it was made of.
func (c *check) same(rule string, stated Number, computed decimal.Decimal, n int, what string) {
	if !stated.OK {
		return
	}
	ok := stated.Value.Equal(round2(computed))
	if c.extended() && n > 0 {
		ok = within(stated.Value, computed, n)
	}
	if !ok {
		c.refuse(c.code(rule), stated.Place, fmt.Sprintf("%s\u00a0: %s est écrit, %s est attendu",
			what, stated.Raw, round2(computed).Pad(2)))
	}
}

func (c *check) totals() {
	t := c.inv.Totals
	if c.level >= BasicWL {
		c.need("BR-12", t.Lines.Present, t.Place, "la somme des lignes (BT-106) manque")
	}
	c.need("BR-13", t.Basis.Present, t.Place, "le total hors taxe (BT-109) manque")
	c.need("BR-14", t.Grand.Present, t.Place, "le total TTC (BT-112) manque")
	if c.inv.Syntax != ZUGFeRD1 {
		c.need("BR-15", t.Payable.Present, t.Place, "le montant à payer (BT-115) manque")
	}
	c.decimals()
	if c.level >= Basic {
		c.sumOfLines()
	}
	if c.level >= BasicWL {
		if c.inv.Syntax != ZUGFeRD1 { // it wrote allowances as negative charges
			c.sumOfCharges()
		}
		c.basis()
		c.payable()
	}
	c.tax()
}

func (c *check) sumOfLines() {
	sum, n := decimal.Decimal{}, 0
	for _, l := range c.inv.Lines {
		if l.Net.OK && l.Detail() {
			sum, n = plus(sum, l.Net.Value), n+1
		}
	}
	if t := c.inv.Totals.Lines; t.OK && minus(t.Value, sum).CmpAbs(half) <= 0 {
		return // the official rule adds up binary fractions: half a cent falls on either side
	}
	c.same("BR-CO-10", c.inv.Totals.Lines, sum, n, "la somme des lignes (BT-106) n’est pas celle des montants de ligne (BT-131)")
}

func (c *check) sumOfCharges() {
	var allowances, charges decimal.Decimal
	less, more := 0, 0
	for _, x := range c.inv.Charges {
		switch {
		case !x.Amount.OK:
		case x.IsCharge:
			charges, more = plus(charges, x.Amount.Value), more+1
		default:
			allowances, less = plus(allowances, x.Amount.Value), less+1
		}
	}
	t := c.inv.Totals
	if t.Allowances.Present {
		c.same("BR-CO-11", t.Allowances, allowances, less, "le total des remises (BT-107) n’est pas leur somme (BT-92)")
	} else if less > 0 && c.inv.Syntax == CII {
		c.refuse(c.code("BR-CO-11"), t.Place, "il y a des remises (BG-20) mais pas leur total (BT-107)")
	}
	if t.Charges.Present {
		c.same("BR-CO-12", t.Charges, charges, more, "le total des frais (BT-108) n’est pas leur somme (BT-99)")
	} else if more > 0 && c.inv.Syntax == CII {
		c.refuse(c.code("BR-CO-12"), t.Place, "il y a des frais (BG-21) mais pas leur total (BT-108)")
	}
}

func (c *check) basis() {
	t := c.inv.Totals
	if !t.Lines.OK {
		return
	}
	computed := plus(minus(t.Lines.Value, t.Allowances.Value), t.Charges.Value)
	c.same("BR-CO-13", t.Basis, computed, len(c.inv.Lines)+len(c.inv.Charges),
		"le total hors taxe (BT-109) n’est pas la somme des lignes, moins les remises, plus les frais")
}

func (c *check) payable() {
	t := c.inv.Totals
	if !t.Grand.OK {
		return
	}
	computed := plus(minus(t.Grand.Value, t.Prepaid.Value), t.Rounding.Value)
	c.same("BR-CO-16", t.Payable, computed, 0,
		"le montant à payer (BT-115) n’est pas le total TTC, moins ce qui est déjà payé (BT-113), plus l’arrondi (BT-114)")
}

// tax holds the totals of VAT to the breakdown (BR-CO-14) and to the total with
// VAT (BR-CO-15).
func (c *check) tax() {
	inv, t := c.inv, c.inv.Totals
	if inv.Currency.Empty() {
		return
	}
	stated := inv.taxIn(inv.Currency.Value)
	if len(inv.Breakdown) > 0 && c.level >= BasicWL {
		sum := decimal.Decimal{}
		for _, x := range inv.Breakdown {
			sum = plus(sum, x.Amount.Value)
		}
		for _, n := range stated {
			c.exact("BR-CO-14", n, sum, "le total de TVA (BT-110) n’est pas la somme de sa ventilation (BT-117)")
		}
	}
	if !t.Grand.OK || !t.Basis.OK {
		return
	}
	noTax := t.Grand.Value.Equal(t.Basis.Value) && inv.Syntax != UBL
	switch {
	case noTax:
	case len(stated) != 1:
		c.refuse(c.code("BR-CO-15"), t.Place, fmt.Sprintf(
			"il faut un seul total de TVA (BT-110) en %s pour passer du hors taxe au TTC, il y en a %d", inv.Currency.Value, len(stated),
		))
	default:
		n := len(inv.Lines) + len(inv.Charges)
		c.same("BR-CO-15", t.Grand, plus(t.Basis.Value, stated[0].Value), n,
			"le total TTC (BT-112) n’est pas le total hors taxe (BT-109) plus la TVA (BT-110)")
	}
}

// exact is same without the tolerance of the extended profiles.
func (c *check) exact(rule string, stated Number, computed decimal.Decimal, what string) {
	if stated.OK && !stated.Value.Equal(round2(computed)) {
		c.refuse(rule, stated.Place, fmt.Sprintf("%s\u00a0: %s est écrit, %s est attendu", what, stated.Raw,
			round2(computed).Pad(2)))
	}
}

// decimals: amounts have at most two, as written.
func (c *check) decimals() {
	t := c.inv.Totals
	type amount struct {
		rule, term string
		Number
	}
	all := []amount{
		{"BR-DEC-09", "BT-106", t.Lines},
		{"BR-DEC-10", "BT-107", t.Allowances},
		{"BR-DEC-11", "BT-108", t.Charges},
		{"BR-DEC-12", "BT-109", t.Basis},
		{"BR-DEC-14", "BT-112", t.Grand},
		{"BR-DEC-16", "BT-113", t.Prepaid},
		{"BR-DEC-17", "BT-114", t.Rounding},
		{"BR-DEC-18", "BT-115", t.Payable},
	}
	for _, x := range c.inv.Charges {
		if x.IsCharge {
			all = append(all, amount{"BR-DEC-05", "BT-99", x.Amount}, amount{"BR-DEC-06", "BT-100", x.Base})
		} else {
			all = append(all, amount{"BR-DEC-01", "BT-92", x.Amount}, amount{"BR-DEC-02", "BT-93", x.Base})
		}
	}
	for _, x := range c.inv.Breakdown {
		all = append(all, amount{"BR-DEC-19", "BT-116", x.Basis}, amount{"BR-DEC-20", "BT-117", x.Amount})
	}
	for _, l := range c.inv.Lines {
		all = append(all, amount{"BR-DEC-23", "BT-131", l.Net})
	}
	for _, a := range all {
		if a.Decimals() > 2 {
			c.refuse(a.rule, a.Place, "le montant ("+a.term+") «\u00a0"+a.Raw+"\u00a0» a plus de deux décimales")
		}
	}
	for _, n := range t.Tax {
		if n.OK && !n.Value.Equal(round2(n.Value)) {
			c.refuse(c.taxDecimals(n), n.Place, "le total de TVA «\u00a0"+n.Raw+"\u00a0» a plus de deux décimales")
		}
	}
}

func (c *check) taxDecimals(n Number) string {
	if n.Currency == c.inv.Currency.Value || n.Currency == "" {
		return "BR-DEC-13"
	}
	return "BR-DEC-15"
}
