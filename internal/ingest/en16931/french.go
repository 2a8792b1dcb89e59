package en16931

import (
	"regexp"
	"strings"

	"acquit/internal/cal"
)

// strictSince is the day from which what French invoices must carry is asked of
// them: XP Z12-012 V1.4.0 applies to those issued from 1 September 2026. An
// older one lacked nothing.
var strictSince = cal.On(2026, 9, 1)

// french are the rules BR-FR of the FNFE-MPE (V1.4.0) for a seller in France.
// Those on dates and amounts refuse; those on mandatory wordings, routing and
// references warn.
func (c *check) french() {
	c.frenchDates()
	c.frenchAmounts()
	c.paidMode()
	c.references()
	if c.inv.Issued.OK && c.inv.Issued.Date >= strictSince && c.level >= BasicWL {
		c.mentions()
		c.routing()
	}
	if t := c.inv.Type; !t.Empty() && typeCodes[t.Value] && !frenchTypes[t.Value] {
		c.warn("BR-FR-04_BT-3", t.Place,
			"le type de document (BT-3) «\u00a0"+t.Value+"\u00a0» n’est pas admis en France")
	}
}

var (
	frenchTypes = set("380 389 393 501 386 500 384 471 472 473 261 262 381 396 502 503")
	frenchModes = set("B1 S1 M1 B2 S2 M2 S3 B4 S4 M4 S5 S6 B7 S7 B8 S8 M8 B9 S9 M9")
	advances    = set("386 500 503")
	credits     = set("261 381 396 502 503")
	corrections = set("384 471 472 473")
	paidModes   = set("B2 S2 M2")
)

// frenchDates is BR-FR-CO-07: nothing is due before it is billed, but advances
// and invoices already paid.
func (c *check) frenchDates() {
	inv := c.inv
	if !inv.Issued.OK || advances[inv.Type.Value] || paidModes[inv.Process.Value] {
		return
	}
	for _, d := range inv.Due {
		if d.OK && d.Date < inv.Issued.Date {
			c.refuse("BR-FR-CO-07_BT-9", d.Place,
				"l’échéance (BT-9) du "+french(d.Date)+" est antérieure à la date de facture (BT-2), le "+french(inv.Issued.Date))
			return
		}
	}
}

func french(d cal.Date) string { return d.Time().Format("02/01/2006") }

var (
	amountForm = regexp.MustCompile(`^-?\d{1,19}(\.\d{1,2})?$`)
	priceForm  = regexp.MustCompile(`^\d{1,19}(\.\d{1,6})?$`)
)

// frenchAmounts is BR-FR-DEC-01 and BR-FR-DEC-03: how amounts and prices are
// written.
func (c *check) frenchAmounts() {
	t := c.inv.Totals
	c.form("BT-106", t.Lines)
	c.form("BT-107", t.Allowances)
	c.form("BT-108", t.Charges)
	c.form("BT-109", t.Basis)
	for _, n := range t.Tax {
		c.form("BT-110", n)
	}
	c.form("BT-112", t.Grand)
	c.form("BT-113", t.Prepaid)
	c.form("BT-114", t.Rounding)
	c.form("BT-115", t.Payable)
	for _, x := range c.inv.Charges {
		c.form("BT-92_BT-99", x.Amount)
		c.form("BT-93_BT-100", x.Base)
	}
	for _, x := range c.inv.Breakdown {
		c.form("BT-116", x.Basis)
		c.form("BT-117", x.Amount)
	}
	for _, l := range c.inv.Lines {
		c.form("BT-131", l.Net)
		p := l.Price
		written := p.Raw
		if c.bothWays() {
			written = strings.TrimPrefix(written, "-")
		}
		if p.Present && !priceForm.MatchString(written) {
			c.refuse("BR-FR-DEC-03_BT-146", p.Place, "le prix (BT-146) «\u00a0"+p.Raw+"\u00a0» doit être positif, avec six décimales au plus")
		}
	}
}

func (c *check) form(term string, n Number) {
	if n.Present && !amountForm.MatchString(n.Raw) {
		c.refuse("BR-FR-DEC-01_"+term, n.Place,
			"le montant ("+term+") «\u00a0"+n.Raw+"\u00a0» doit avoir deux décimales au plus, séparées par un point")
	}
}

// paidMode is BR-FR-CO-09: an invoice that says it is paid asks for nothing.
func (c *check) paidMode() {
	t := c.inv.Totals
	if !paidModes[c.inv.Process.Value] {
		return
	}
	if t.Grand.OK && !t.Prepaid.Value.Equal(t.Grand.Value) {
		c.refuse("BR-FR-CO-09_BT-23-1", t.Place, "la facture se dit déjà payée (BT-23 = "+c.inv.Process.Value+
			") mais ce qui est payé (BT-113) n’est pas le total TTC (BT-112)")
	}
	if t.Payable.OK && !t.Payable.Value.IsZero() {
		c.refuse("BR-FR-CO-09_BT-23-2", t.Payable.Place, "la facture se dit déjà payée (BT-23 = "+c.inv.Process.Value+
			") mais demande encore "+t.Payable.Raw)
	}
	if len(c.inv.Due) == 0 {
		c.warn("BR-FR-CO-09_BT-23-3", c.inv.Process.Place, "la facture se dit déjà payée sans dire quand (BT-9)")
	}
}

// references are BR-FR-CO-04 and -05: a correction names the one invoice that
// it corrects, a credit note at least one, with its date.
func (c *check) references() {
	n, dated := len(c.inv.Preceding), 0
	for _, ref := range c.inv.Preceding {
		if !ref.Number.Empty() && ref.Date.Present {
			dated++
		}
	}
	t := c.inv.Type
	switch {
	case corrections[t.Value] && n != 1:
		c.warn("BR-FR-CO-04_BT-4", t.Place, "une facture rectificative cite une et une seule facture antérieure (BG-3)")
	case credits[t.Value] && dated == 0 && !c.linesRefer():
		c.warn("BR-FR-CO-05_BT-3", t.Place, "un avoir cite la facture qu’il corrige, avec sa date (BT-25 et BT-26)")
	}
}

func (c *check) linesRefer() bool {
	for _, l := range c.inv.Lines {
		if l.Detail() && len(l.References) == 0 {
			return false
		}
	}
	return len(c.inv.Lines) > 0
}

// mentions are BR-FR-05 and -06: each of the three wordings once.
func (c *check) mentions() {
	count := map[string]int{}
	for _, n := range c.inv.Notes {
		count[n.Subject]++
	}
	for _, m := range []struct{ subject, what string }{
		{"PMT", "l’indemnité forfaitaire de 40 €"},
		{"PMD", "les pénalités de retard"},
		{"AAB", "l’escompte ou son absence"},
	} {
		switch n := count[m.subject]; {
		case n == 0:
			c.warn("BR-FR-05_BT-22_"+m.subject, Place{}, "la mention sur "+m.what+" (note "+m.subject+") manque")
		case n > 1:
			c.warn("BR-FR-06_BT-21_"+m.subject, Place{},
				"la mention sur "+m.what+" (note "+m.subject+") est donnée plusieurs fois")
		}
	}
}

// routing are BR-FR-08 to -13: the billing mode and who is who on the platforms.
func (c *check) routing() {
	inv := c.inv
	if !frenchModes[inv.Process.Value] {
		c.warn("BR-FR-08_BT-23", inv.Process.Place,
			"le cadre de facturation (BT-23) «\u00a0"+inv.Process.Value+"\u00a0» manque ou n’est pas admis")
	}
	if inv.Seller.SIREN() == "" {
		c.warn("BR-FR-10_BT-30", inv.Seller.Place, "le SIREN du vendeur (BT-30) manque")
	}
	for _, p := range []struct {
		rule string
		Party
	}{{"BR-FR-09_BT-29", inv.Seller}, {"BR-FR-09_BT-46", inv.Buyer}} {
		if siret := p.scheme("0009"); siret != "" && (len(siret) != 14 || !strings.HasPrefix(siret, p.SIREN())) {
			c.warn(p.rule, p.Place, "le SIRET "+siret+" n’est pas celui du SIREN "+p.SIREN())
		}
	}
	if inv.Buyer.Endpoint.Empty() {
		c.warn("BR-FR-12_BT-49", inv.Buyer.Place, "l’adresse électronique de l’acheteur (BT-49) manque")
	}
	if inv.Seller.Endpoint.Empty() {
		c.warn("BR-FR-13_BT-34", inv.Seller.Place, "l’adresse électronique du vendeur (BT-34) manque")
	}
}
