package en16931

import (
	"strconv"
	"strings"

	"github.com/govalues/decimal"
	"golang.org/x/text/language"

	"acquit/internal/identifier"
	"acquit/internal/money"
)

// maxAmount bounds what an invoice may speak of, so that sums stay exact: a
// hundred thousand billion, a thousand times what the books take.
var maxAmount = decimal.MustParse("100000000000000")

// Check holds an invoice to the official rules: the model of EN 16931
// (validation artefacts 1.3.16), with the tolerances that Factur-X EXTENDED and
// EXTENDED-CTC-FR put in their place, and the French rules BR-FR (V1.4.0) where
// they bear.
//
// What a published rule calls fatal is a refusal here when it touches what is
// owed, by whom, to whom and when. Rules on routing, mandatory wordings and
// references are warnings: they can be mended without changing the claim, and
// most invoices made before the reform break them.
//
// What the schema forbids comes first and alone: on such a document the rules
// would point at something else.
func Check(inv *Invoice) []Finding {
	if len(inv.Faults) > 0 {
		return inv.Faults
	}
	c := &check{inv: inv, level: inv.Level()}
	if c.level == UnknownProfile {
		rule := "Factur-X 1.0.07"
		if inv.Syntax == UBL {
			rule = "EN 16931 BT-24"
		}
		c.refuse(rule, inv.Profile.Place, "le profil «\u00a0"+inv.Profile.Value+"\u00a0» n’existe pas\u00a0: "+
			"Factur-X et XP Z12-012 en donnent la liste fermée")
		return c.found
	}
	if c.level == NoProfile {
		c.refuse("BR-01", inv.Profile.Place, "l’identifiant du profil (BT-24) manque\u00a0: on ne sait pas quelles règles appliquer")
		c.level = Standard
	}
	if c.tooLarge() {
		return c.found
	}
	c.identity()
	c.parties()
	c.dates()
	c.lines()
	c.charges()
	c.totals()
	if inv.Syntax != ZUGFeRD1 { // its BASIC has neither categories nor reasons
		c.breakdown()
		c.categories()
	}
	if inv.French() {
		c.french()
	}
	c.advice()
	return c.found
}

// check gathers the findings on one invoice.
type check struct {
	inv   *Invoice
	level Level
	found []Finding
}

func (c *check) refuse(rule string, at Place, text string) {
	c.found = append(c.found, Finding{Rule: rule, Severity: Refuse, Text: text, Place: at})
}

func (c *check) warn(rule string, at Place, text string) {
	c.found = append(c.found, Finding{Rule: rule, Severity: Warn, Text: text, Place: at})
}

// need refuses an invoice that lacks a mandatory term.
func (c *check) need(rule string, present bool, at Place, what string) {
	if !present {
		c.refuse(rule, at, what)
	}
}

// extended tells whether the tolerances of the extended profiles apply.
func (c *check) extended() bool { return c.level == Extended && c.inv.Syntax != ZUGFeRD1 }

// code is the name of a rule that the extended profiles have replaced by one
// of their own: BR-CO-10, BR-FXEXT-CO-10 or BR-FREXT-CO-10.
func (c *check) code(rule string) string {
	if !c.extended() {
		return rule
	}
	rest := strings.TrimPrefix(rule, "BR-")
	if strings.Contains(c.inv.Profile.Value, "ctc-fr") {
		return "BR-FREXT-" + rest
	}
	return "BR-FXEXT-" + rest
}

func (c *check) tooLarge() bool {
	t := c.inv.Totals
	all := append([]Number{t.Lines, t.Allowances, t.Charges, t.Basis, t.Grand, t.Prepaid, t.Rounding, t.Payable},
		t.Tax...)
	for _, l := range c.inv.Lines {
		all = append(all, l.Net)
	}
	for _, x := range c.inv.Charges {
		all = append(all, x.Amount)
	}
	for _, x := range c.inv.Breakdown {
		all = append(all, x.Basis, x.Amount)
	}
	for _, n := range all {
		if n.OK && n.Value.CmpAbs(maxAmount) > 0 {
			c.refuse("BR-FR-DEC-01", n.Place, "le montant "+n.Raw+" est démesuré")
			return true
		}
	}
	return false
}

func (c *check) identity() {
	inv := c.inv
	c.need("BR-02", !inv.Number.Empty(), inv.Number.Place, "le numéro de facture (BT-1) manque")
	c.need("BR-04", !inv.Type.Empty(), inv.Type.Place, "le type de document (BT-3) manque")
	if !inv.Type.Empty() && !typeCodes[inv.Type.Value] {
		c.refuse("BR-CL-01", inv.Type.Place, "le type de document (BT-3) «\u00a0"+inv.Type.Value+"\u00a0» n’existe pas")
	}
	if inv.Type.Value == proforma {
		c.refuse("BT-3", inv.Type.Place, "une facture proforma (325) n’est pas une créance\u00a0: elle n’est pas reprise")
	}
	switch _, err := money.ParseCurrency(inv.Currency.Value); {
	case inv.Currency.Empty():
		c.refuse("BR-05", inv.Currency.Place, "la devise de la facture (BT-5) manque")
	case err != nil:
		c.refuse("BR-CL-04", inv.Currency.Place,
			"la devise (BT-5) «\u00a0"+inv.Currency.Value+"\u00a0» n’existe pas (ISO 4217)")
	}
	if tax := inv.TaxCurrency; !tax.Empty() && c.level >= BasicWL {
		alike := inv.Syntax != UBL && tax.Value == inv.Currency.Value
		c.need("BR-53", len(inv.taxIn(tax.Value)) > 0 && !alike, tax.Place,
			"la devise de comptabilité de la TVA (BT-6) demande le total de TVA dans cette devise (BT-111)")
	}
	for _, ref := range inv.Preceding {
		c.need("BR-55", !ref.Number.Empty(), ref.Place, "une facture antérieure est citée sans son numéro (BT-25)")
	}
	if inv.Test {
		c.warn("TEST", Place{}, "le document dit de lui-même qu’il est un essai (TestIndicator)")
	}
}

// taxIn are the tax totals in a currency.
func (inv *Invoice) taxIn(currency string) []Number {
	var found []Number
	for _, n := range inv.Totals.Tax {
		if n.Currency == currency {
			found = append(found, n)
		}
	}
	return found
}

func (c *check) parties() {
	s, b := c.inv.Seller, c.inv.Buyer
	c.need("BR-06", !s.Name.Empty(), s.Place, "le nom du vendeur (BT-27) manque")
	c.need("BR-07", !b.Name.Empty(), b.Place, "le nom de l’acheteur (BT-44) manque")
	if c.inv.Syntax == ZUGFeRD1 {
		return
	}
	c.need("BR-08", s.HasAddress, s.Place, "l’adresse du vendeur (BG-5) manque")
	c.need("BR-09", !s.Country.Empty(), s.Place, "le pays du vendeur (BT-40) manque")
	if c.level >= BasicWL {
		c.need("BR-10", b.HasAddress, b.Place, "l’adresse de l’acheteur (BG-8) manque")
		c.need("BR-11", !b.Country.Empty(), b.Place, "le pays de l’acheteur (BT-55) manque")
	}
	named := len(s.ID) > 0 || s.LegalID.Present || len(s.VAT) > 0 || c.inv.Syntax == UBL && len(s.TaxID) > 0
	c.need("BR-CO-26", named, s.Place, "le vendeur n’a aucun identifiant (BT-29, BT-30 ou BT-31)")
	for _, p := range []Party{s, b} {
		if !p.Country.Empty() && !isCountry(p.Country.Value) {
			c.refuse("BR-CL-14", p.Country.Place, "le pays «\u00a0"+p.Country.Value+"\u00a0» n’existe pas (ISO 3166-1)")
		}
	}
	for _, p := range []Party{s, b, c.inv.TaxRepresentative} {
		for _, id := range p.VAT {
			if !isCountry(prefix(id.Value)) {
				c.refuse("BR-CO-09", id.Place, "le numéro de TVA «\u00a0"+id.Value+"\u00a0» ne commence pas par le code d’un pays")
			}
		}
	}
}

func prefix(id string) string { return id[:min(2, len(id))] }

// isCountry knows ISO 3166-1, and what VAT adds: EL for Greece, XI for Northern
// Ireland, 1A for Kosovo.
func isCountry(code string) bool {
	switch code {
	case "EL", "XI", "1A":
		return true
	}
	if len(code) != 2 || strings.ToUpper(code) != code {
		return false
	}
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry()
}

func (c *check) dates() {
	inv := c.inv
	issued := inv.Issued.Present && inv.Issued.Raw != ""
	if inv.Syntax == CII {
		issued = issued && inv.Issued.Format == "102"
	}
	c.need("BR-03", issued, inv.Issued.Place, "la date de facture (BT-2) manque")
	days := []struct {
		term string
		day  Day
	}{
		{"BT-2", inv.Issued},
		{"BT-7", inv.TaxPoint},
		{"BT-72", inv.Delivered},
		{"BT-73", inv.PeriodStart},
		{"BT-74", inv.PeriodEnd},
	}
	for i, d := range days {
		c.day(d.term, d.day, i == 0)
	}
	for _, d := range inv.Due {
		c.day("BT-9", d, true)
	}
	for _, ref := range inv.Preceding {
		c.day("BT-26", ref.Date, false)
	}
	if inv.PeriodStart.OK && inv.PeriodEnd.OK && inv.PeriodEnd.Date < inv.PeriodStart.Date {
		c.refuse("BR-29", inv.PeriodEnd.Place, "la période de facturation finit avant de commencer")
	}
	if inv.HasPeriod && !inv.PeriodStart.Present && !inv.PeriodEnd.Present {
		c.refuse("BR-CO-19", inv.PeriodStart.Place, "la période de facturation (BG-14) n’a ni début ni fin")
	}
	if inv.TaxPoint.Present && inv.TaxPointRef.Present {
		c.refuse("BR-CO-03", inv.TaxPoint.Place, "la date d’exigibilité de la TVA (BT-7) et son code (BT-8) s’excluent")
	}
	due := len(inv.Due) > 0 || inv.Terms.Present
	if p := inv.Totals.Payable; c.level >= BasicWL && inv.Syntax != ZUGFeRD1 && !inv.Credit && p.OK && p.Value.IsPos() {
		c.need("BR-CO-25", due, p.Place, "un montant est à payer sans échéance (BT-9) ni conditions de paiement (BT-20)")
	}
}

// day checks one date. The European model looks only at the form, the French
// rules at the calendar too; for a date that the claim stands on, so do we.
func (c *check) day(term string, d Day, vital bool) {
	if !d.Present || d.Raw == "" || d.OK && d.Formed && (!c.inv.French() || yearFits(d)) {
		return
	}
	text := "la date (" + term + ") «\u00a0" + d.Raw + "\u00a0» n’est pas une date AAAAMMJJ qui existe, entre 2000 et 2099"
	if c.inv.French() {
		c.refuse("BR-FR-03_"+term, d.Place, text)
	}
	switch {
	case !vital && c.inv.Syntax == ZUGFeRD1:
		c.warn(term, d.Place, text)
	case !d.Formed && c.inv.Syntax != UBL:
		c.refuse("CII-DT-097", d.Place, "la date ("+term+") «\u00a0"+d.Raw+"\u00a0» n’est pas de la forme AAAAMMJJ que son format 102 annonce")
	case !d.OK && !c.inv.French() && vital:
		c.refuse(term, d.Place, "la date ("+term+") «\u00a0"+d.Raw+"\u00a0» n’existe pas au calendrier")
	}
}

func yearFits(d Day) bool { y := d.Date.Year(); return y >= 2000 && y <= 2099 }

// advice is what no rule forbids but what a careful reader says.
func (c *check) advice() {
	inv := c.inv
	if c.level == Minimum && len(inv.Lines) > 0 {
		c.warn("PROFIL", inv.Profile.Place, "le document déclare le profil MINIMUM mais porte des lignes, que ce profil n’a pas")
	}
	if c.level == BasicWL && len(inv.Lines) > 0 {
		c.warn("PROFIL", inv.Profile.Place, "le document déclare le profil BASIC WL mais porte des lignes, que ce profil n’a pas")
	}
	for _, p := range []Party{inv.Seller, inv.Buyer} {
		for _, id := range p.VAT {
			written := strings.ReplaceAll(id.Value, " ", "")
			if right, ok := frenchVAT(written); ok && right != written {
				c.warn("TVA-CLE", id.Place,
					"la clé du numéro de TVA "+written+" est fausse\u00a0: celui du SIREN "+written[4:]+" est "+right)
			}
		}
	}
	last := inv.due()
	for _, d := range inv.Due {
		if d.OK && d.Date != last {
			c.warn("ECHEANCES", d.Place, "le document a plusieurs échéances\u00a0: la dernière, le "+french(last)+", est retenue")
			break
		}
	}
	if inv.Issued.OK && last != 0 && last < inv.Issued.Date {
		c.warn("BT-9", inv.Due[0].Place, "l’échéance (BT-9) du "+french(last)+" est antérieure à la date de facture (BT-2)")
	}
}

// frenchVAT is the number that the SIREN within a French VAT number must make.
// It is not ok for another number, or one with a key of the newer kind, letters.
func frenchVAT(id string) (right string, ok bool) {
	if len(id) != 13 || !strings.HasPrefix(id, "FR") {
		return "", false
	}
	if _, err := strconv.Atoi(id[2:4]); err != nil {
		return "", false
	}
	right = identifier.FrenchVAT(id[4:])
	return right, right != ""
}

// typeCodes are the documents of UNTDID 1001 that EN 16931 takes for invoices
// (BR-CL-01); those that are true in creditCodes take away.
var typeCodes = set(`71 80 81 82 83 84 102 130 202 203 204 211 218 219 261 262 295 296 308 325 326 331 336 380 381 382
	383 384 385 386 387 388 389 390 393 394 395 396 420 425 426 456 457 458 471 472 473 500 501 502 503 527 532 553
	575 623 633 751 780 817 870 875 876 877 935`)

// proforma is the one of them that nobody owes.
const proforma = "325"

var creditCodes = set("81 83 261 262 296 308 381 396 420 458 502 503 532")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
