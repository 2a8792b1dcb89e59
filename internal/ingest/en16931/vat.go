package en16931

import (
	"fmt"
	"slices"

	"github.com/govalues/decimal"
)

func (c *check) lines() {
	if c.level < Basic || c.inv.Syntax == ZUGFeRD1 {
		return
	}
	c.need("BR-16", len(c.inv.Lines) > 0, Place{}, "la facture n’a pas de ligne (BG-25)")
	for i, l := range c.inv.Lines {
		name := fmt.Sprintf("la ligne %d", i+1)
		if !l.ID.Empty() {
			name = "la ligne «\u00a0" + l.ID.Value + "\u00a0»"
		}
		c.need("BR-21", !l.ID.Empty(), l.Place, name+" n’a pas d’identifiant (BT-126)")
		if l.Detail() {
			c.line(l, name)
		}
	}
}

func (c *check) line(l Line, name string) {
	c.need(c.code("BR-22"), l.Quantity.Present, l.Place, name+" n’a pas de quantité (BT-129)")
	if l.Quantity.Present {
		c.need(c.code("BR-23"), l.Unit.Present, l.Quantity.Place, name+" n’a pas d’unité de quantité (BT-130)")
	}
	c.need("BR-24", l.Net.Present, l.Place, name+" n’a pas de montant net (BT-131)")
	c.need("BR-25", !l.Name.Empty(), l.Place, name+" n’a pas de désignation (BT-153)")
	c.need(c.code("BR-26"), l.Price.Present, l.Place, name+" n’a pas de prix net (BT-146)")
	c.need(c.code("BR-CO-04"), l.Category.Present, l.Place, name+" n’a pas de catégorie de TVA (BT-151)")
	if l.Price.OK && l.Price.Value.IsNeg() && !c.bothWays() {
		c.refuse("BR-27", l.Price.Place, name+" a un prix net (BT-146) négatif\u00a0: "+l.Price.Raw)
	}
	if l.GrossPrice.OK && l.GrossPrice.Value.IsNeg() && !c.bothWays() {
		c.refuse("BR-28", l.GrossPrice.Place, name+" a un prix brut (BT-148) négatif\u00a0: "+l.GrossPrice.Raw)
	}
}

// bothWays tells a French invoice of a contract in which each side bills the
// other: its prices may be negative (BT-23 = B9, S9 or M9).
func (c *check) bothWays() bool {
	switch c.inv.Process.Value {
	case "B9", "S9", "M9":
		return c.extended()
	}
	return false
}

func (c *check) charges() {
	for _, x := range c.inv.Charges {
		what, amount, category, reason := "une remise (BG-20)", "BR-31", "BR-32", "BR-33"
		if x.IsCharge {
			what, amount, category, reason = "un frais (BG-21)", "BR-36", "BR-37", "BR-38"
		}
		c.need(amount, x.Amount.Present, x.Place, what+" n’a pas de montant")
		if c.inv.Syntax == ZUGFeRD1 {
			continue
		}
		c.need(category, x.Category.Present, x.Place, what+" n’a pas de catégorie de TVA")
		if !x.HasReason {
			c.warn(reason, x.Place, what+" n’a pas de motif")
		}
	}
}

func (c *check) breakdown() {
	if c.level < BasicWL {
		return
	}
	c.need("BR-CO-18", len(c.inv.Breakdown) > 0, c.inv.Totals.Place, "la ventilation de la TVA (BG-23) manque")
	for _, t := range c.inv.Breakdown {
		c.need("BR-45", t.Basis.Present, t.Place, "une ligne de la ventilation de TVA n’a pas de base (BT-116)")
		c.need("BR-46", t.Amount.Present, t.Place, "une ligne de la ventilation de TVA n’a pas de montant (BT-117)")
		c.need("BR-47", t.Category.Present, t.Place, "une ligne de la ventilation de TVA n’a pas de catégorie (BT-118)")
		c.need("BR-48", t.Rate.Present || t.Category.Value == "O", t.Place, "une ligne de la ventilation de TVA n’a pas de taux (BT-119)")
		if t.Category.Present && families[t.Category.Value] == "" && t.Category.Value != "B" {
			c.refuse("BR-CL-17", t.Category.Place,
				"la catégorie de TVA «\u00a0"+t.Category.Value+"\u00a0» n’existe pas")
		}
		c.taxOfLine(t)
	}
}

// taxOfLine is BR-CO-17, with its official tolerance of one; the extended
// profiles have put the rules « -09 » in its place.
func (c *check) taxOfLine(t Tax) {
	if !t.Amount.OK || !t.Basis.OK || c.extended() {
		return
	}
	zero := !t.Rate.OK || t.Rate.Value.Round(0).IsZero()
	expected := round2(times(t.Basis.Value.Abs(), times(t.Rate.Value, cent)))
	gap := minus(t.Amount.Value.Abs(), expected).CmpAbs(one)
	ok := gap < 0 || gap == 0 && c.inv.Syntax == CII
	if zero {
		ok = t.Amount.Value.Round(0).IsZero()
	}
	if !ok {
		c.refuse("BR-CO-17", t.Amount.Place, fmt.Sprintf(
			"la TVA (BT-117) n’est pas la base (BT-116) multipliée par le taux\u00a0: %s est écrit, %s est attendu", t.Amount.Raw, expected.Pad(2),
		))
	}
}

// families are the VAT categories and the letters of their rules.
var families = map[string]string{
	"S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "AF", "M": "AG",
}

// categories are the rules BR-S-01 to BR-O-14, one family for each category.
func (c *check) categories() {
	if c.level < BasicWL {
		return
	}
	for _, category := range []string{"S", "Z", "E", "AE", "K", "G", "O", "L", "M"} {
		f := family{check: c, category: category, prefix: "BR-" + families[category] + "-"}
		f.gather()
		f.counted()
		f.identified()
		f.rates()
		f.breakdown()
	}
	c.mixed()
}

// family is what an invoice has in one VAT category.
type family struct {
	*check
	category string
	prefix   string
	lines    []Line
	charges  []Charge
	taxes    []Tax
}

func (f *family) gather() {
	for _, l := range f.inv.Lines {
		if l.Category.Value == f.category {
			f.lines = append(f.lines, l)
		}
	}
	for _, x := range f.inv.Charges {
		if x.Category.Value == f.category {
			f.charges = append(f.charges, x)
		}
	}
	for _, t := range f.inv.Breakdown {
		if t.Category.Value == f.category {
			f.taxes = append(f.taxes, t)
		}
	}
}

// byRate tells the categories whose breakdown has a line for each rate.
func (f *family) byRate() bool { return f.category == "S" || f.category == "L" || f.category == "M" }

// counted is -01: what is billed in a category has its line in the breakdown,
// and but one where there is no rate to tell two apart.
func (f *family) counted() {
	used := len(f.lines)+len(f.charges) > 0
	n := len(f.taxes)
	var ok bool
	switch {
	case f.byRate() || f.extended():
		ok = !used || n > 0
	case f.category == "O" && f.inv.Syntax == CII:
		ok = n == 0 || n == 1 && (used || f.level < Basic)
	case f.inv.Syntax == UBL:
		ok = !used && n == 0 || n == 1
	default:
		ok = !used && n == 0 || n == 1 && (used || f.level < Basic)
	}
	if !ok {
		f.refuse(f.prefix+"01", f.inv.Totals.Place, fmt.Sprintf(
			"la catégorie de TVA «\u00a0%s\u00a0» est facturée sans ligne unique dans la ventilation (BG-23)\u00a0: il y en a %d", f.category, n,
		))
	}
}

// identified is -02 to -04: who bills VAT, or bills none for a reason, has an
// identifier that tells it.
func (f *family) identified() {
	seller, rep, buyer := f.inv.Seller, f.inv.TaxRepresentative, f.inv.Buyer
	anyID := len(seller.VAT)+len(seller.TaxID)+len(rep.VAT) > 0
	vatID := len(seller.VAT)+len(rep.VAT) > 0
	ok, what := anyID, "le vendeur n’a pas de numéro de TVA (BT-31, BT-32 ou BT-63)"
	switch f.category {
	case "AE":
		ok, what = anyID && (len(buyer.VAT) > 0 || buyer.LegalID.Present), what+", ou l’acheteur pas d’identifiant (BT-48 ou BT-47)"
	case "K":
		ok, what = vatID && len(buyer.VAT) > 0, "le vendeur ou l’acheteur n’a pas de numéro de TVA (BT-31, BT-48)"
	case "G":
		ok, what = vatID, "le vendeur n’a pas de numéro de TVA (BT-31 ou BT-63)"
	case "O":
		ok, what = !vatID, "hors du champ de la TVA, le vendeur ne porte pas de numéro de TVA (BT-31)"
	}
	if ok {
		return
	}
	if len(f.lines) > 0 {
		f.refuse(f.prefix+"02", f.lines[0].Category.Place, what)
	}
	for i, rule := range []string{"03", "04"} { // allowances, charges
		at := slices.IndexFunc(f.charges, func(x Charge) bool { return x.IsCharge == (i == 1) })
		if at >= 0 {
			f.refuse(f.prefix+rule, f.charges[at].Place, what)
		}
	}
}

// rates is -05 to -07.
func (f *family) rates() {
	for _, l := range f.lines {
		if l.Detail() {
			f.rate("05", l.Rate, l.Place, "une ligne")
		}
	}
	for _, x := range f.charges {
		rule, what := "06", "une remise"
		if x.IsCharge {
			rule, what = "07", "un frais"
		}
		f.rate(rule, x.Rate, x.Place, what)
	}
}

func (f *family) rate(rule string, r Number, at Place, what string) {
	ok, want := r.OK && r.Value.IsZero(), "nul"
	switch f.category {
	case "S", "L":
		ok, want = r.OK && r.Value.IsPos(), "positif"
	case "M":
		ok, want = r.OK && !r.Value.IsNeg(), "positif ou nul"
	case "O":
		ok, want = !r.Present, "absent"
	}
	if !ok {
		f.refuse(f.prefix+rule, at, fmt.Sprintf("le taux de TVA d’%s de catégorie «\u00a0%s\u00a0» doit être %s", what, f.category, want))
	}
}

// breakdown is -08 to -10, and what intra-community supplies need (BR-IC-11, -12).
func (f *family) breakdown() {
	for _, t := range f.taxes {
		if f.level >= Basic {
			f.base(t)
		}
		f.amount(t)
		reasoned := t.Reason != "" || t.ReasonCode != ""
		switch f.category {
		case "S", "L", "M", "Z":
			if reasoned {
				f.refuse(f.prefix+"10", t.Place, "la catégorie de TVA «\u00a0"+f.category+"\u00a0» ne porte pas de motif d’exonération")
			}
		default:
			f.need(f.prefix+"10", reasoned, t.Place,
				"la catégorie de TVA «\u00a0"+f.category+"\u00a0» doit porter un motif d’exonération (BT-120) ou son code (BT-121)")
		}
		if f.category == "K" {
			f.need("BR-IC-11", f.inv.Delivered.Present || f.inv.HasPeriod, t.Place,
				"une livraison intracommunautaire a une date de livraison (BT-72) ou une période (BG-14)")
			f.need("BR-IC-12", !f.inv.DeliverTo.Empty(), t.Place,
				"une livraison intracommunautaire a un pays de livraison (BT-80)")
		}
	}
}

// base is -08: the base of a category, and of its rate, is what was billed in it.
func (f *family) base(t Tax) {
	if !t.Basis.OK {
		return
	}
	sum, n := f.billed(t)
	exact := f.byRate() && f.inv.Syntax == CII || f.category == "O"
	ok := near(t.Basis.Value, round2(sum))
	switch {
	case f.extended():
		ok = within(t.Basis.Value, sum, n)
	case exact:
		ok = t.Basis.Value.Equal(round2(sum))
	}
	if !ok {
		f.refuse(f.code(f.prefix+"08"), t.Basis.Place, fmt.Sprintf(
			"la base de TVA (BT-116) en catégorie «\u00a0%s\u00a0» au taux %s n’est pas la somme de ce qui y est facturé\u00a0: %s est écrit, %s est attendu",
			f.category, t.Rate.Raw, t.Basis.Raw, round2(sum).Pad(2),
		))
	}
}

// billed adds up the lines and charges that belong to a line of the breakdown.
func (f *family) billed(t Tax) (sum decimal.Decimal, n int) {
	here := func(rate Number) bool {
		return !f.byRate() || rate.OK && t.Rate.OK && rate.Value.Equal(t.Rate.Value)
	}
	for _, l := range f.lines {
		if l.Net.OK && here(l.Rate) && (l.Detail() || !f.extended()) {
			sum, n = plus(sum, l.Net.Value), n+1
		}
	}
	for _, x := range f.charges {
		if !x.Amount.OK || !here(x.Rate) {
			continue
		}
		n++
		if x.IsCharge {
			sum = plus(sum, x.Amount.Value)
		} else {
			sum = minus(sum, x.Amount.Value)
		}
	}
	return sum, n
}

// amount is -09.
func (f *family) amount(t Tax) {
	if !t.Amount.OK {
		return
	}
	switch f.category {
	case "L", "M": // the same as BR-CO-17
	case "S":
		expected := times(t.Basis.Value.Abs(), times(t.Rate.Value, cent))
		if t.Basis.OK && t.Rate.OK && !near(t.Amount.Value.Abs(), expected) {
			f.refuse(f.code(f.prefix+"09"), t.Amount.Place, fmt.Sprintf(
				"la TVA (BT-117) au taux %s n’est pas celle de sa base\u00a0: %s est écrit, %s est attendu",
				t.Rate.Raw, t.Amount.Raw, round2(expected).Pad(2),
			))
		}
	default:
		if !t.Amount.Value.IsZero() {
			f.refuse(f.prefix+"09", t.Amount.Place,
				"la catégorie de TVA «\u00a0"+f.category+"\u00a0» ne porte pas de TVA, "+t.Amount.Raw+" est écrit")
		}
	}
}

// mixed: what is out of the scope of VAT stands alone (BR-O-11 to -14), and
// Italian split payment is Italian (BR-B-01, -02).
func (c *check) mixed() {
	outside, others, split, standard := false, false, false, false
	for _, t := range c.inv.Breakdown {
		outside = outside || t.Category.Value == "O"
		others = others || t.Category.Value != "O"
		split = split || t.Category.Value == "B"
		standard = standard || t.Category.Value == "S"
	}
	if outside && others {
		c.refuse("BR-O-11", c.inv.Totals.Place, "ce qui est hors du champ de la TVA («\u00a0O\u00a0») ne se mêle pas à d’autres catégories")
	}
	italian := c.inv.Seller.Country.Value == "IT" && c.inv.Buyer.Country.Value == "IT"
	if split && !italian {
		c.refuse("BR-B-01", c.inv.Totals.Place, "la TVA scindée («\u00a0B\u00a0») ne vaut qu’entre Italiens")
	}
	if split && standard {
		c.refuse("BR-B-02", c.inv.Totals.Place, "la TVA scindée («\u00a0B\u00a0») ne se mêle pas au taux normal")
	}
}
