package ubl

import (
	"strings"

	"acquit/internal/ingest/en16931"
	"acquit/internal/ingest/xmltree"
)

// reader fills an invoice from the tree.
type reader struct{ inv *en16931.Invoice }

func (r reader) invoice(root *xmltree.Node) {
	inv := r.inv
	inv.Profile = inv.ReadText(root, "CustomizationID", "")
	inv.Process = inv.ReadText(root, "ProfileID", "")
	inv.Number = inv.ReadText(root, "ID", "")
	inv.Issued = r.day(root, "IssueDate")
	inv.Type = inv.ReadText(root, "InvoiceTypeCode", "")
	if inv.Credit {
		inv.Type = inv.ReadText(root, "CreditNoteTypeCode", "")
	}
	inv.Currency = inv.ReadText(root, "DocumentCurrencyCode", "")
	inv.TaxCurrency = inv.ReadText(root, "TaxCurrencyCode", "")
	inv.TaxPoint = r.day(root, "TaxPointDate")
	for _, n := range root.All("Note") {
		inv.Notes = append(inv.Notes, note(n.Text))
	}
	r.references(root)
	r.parties(root)
	r.delivery(root)
	r.payment(root)
	r.charges(root)
	r.breakdown(root)
	r.totals(root.At("LegalMonetaryTotal"))
	for _, n := range append(root.All("InvoiceLine"), root.All("CreditNoteLine")...) {
		inv.Lines = append(inv.Lines, r.line(n))
	}
}

// note splits « #PMT#text », by which UBL gives a note its subject (BT-21).
func note(text string) en16931.Note {
	if rest, ok := strings.CutPrefix(text, "#"); ok {
		if subject, body, ok := strings.Cut(rest, "#"); ok && len(subject) == 3 {
			return en16931.Note{Subject: subject, Text: strings.TrimSpace(body)}
		}
	}
	return en16931.Note{Text: text}
}

func (r reader) references(root *xmltree.Node) {
	inv := r.inv
	inv.BuyerRef = root.Value("BuyerReference")
	inv.Order = root.Value("OrderReference/ID")
	inv.Contract = root.Value("ContractDocumentReference/ID")
	inv.Despatch = root.Value("DespatchDocumentReference/ID")
	for _, n := range root.All("BillingReference/InvoiceDocumentReference") {
		inv.Preceding = append(inv.Preceding, r.reference(n))
	}
	for _, n := range root.All("BillingReference/CreditNoteDocumentReference") {
		inv.Preceding = append(inv.Preceding, r.reference(n))
	}
	for _, d := range root.All("AdditionalDocumentReference") {
		if file := d.At("Attachment/EmbeddedDocumentBinaryObject"); file != nil {
			inv.Embedded = append(inv.Embedded, en16931.Embedded{
				Name: file.Get("filename"), MediaType: file.Get("mimeCode"),
				Purpose: d.Value("DocumentDescription"), Base64: file.Text,
			})
		}
	}
}

func (r reader) reference(n *xmltree.Node) en16931.Reference {
	return en16931.Reference{
		Number: r.inv.ReadText(n, "ID", ""), Date: r.day(n, "IssueDate"), Place: en16931.At(n),
	}
}

func (r reader) parties(root *xmltree.Node) {
	r.inv.Seller = r.party(root.At("AccountingSupplierParty/Party"))
	r.inv.Buyer = r.party(root.At("AccountingCustomerParty/Party"))
	r.inv.Payee = r.party(root.At("PayeeParty"))
	r.inv.TaxRepresentative = r.party(root.At("TaxRepresentativeParty"))
}

func (r reader) delivery(root *xmltree.Node) {
	inv := r.inv
	inv.Delivered = r.day(root, "Delivery/ActualDeliveryDate")
	if a := root.At("Delivery/DeliveryLocation/Address"); a != nil {
		inv.HasDelivery = true
		inv.DeliverTo = inv.ReadText(a, "Country/IdentificationCode", "")
	}
	if p := root.At("InvoicePeriod"); p != nil {
		inv.HasPeriod = p.At("StartDate") != nil || p.At("EndDate") != nil || p.At("DescriptionCode") == nil
		inv.PeriodStart, inv.PeriodEnd = r.day(p, "StartDate"), r.day(p, "EndDate")
		inv.TaxPointRef = inv.ReadText(p, "DescriptionCode", "")
	}
}

func (r reader) payment(root *xmltree.Node) {
	inv := r.inv
	for _, n := range append(root.All("DueDate"), root.All("PaymentMeans/PaymentDueDate")...) {
		inv.Due = append(inv.Due, r.dayOf(n))
	}
	if terms := en16931.ReadTexts(root, "PaymentTerms/Note", ""); len(terms) > 0 {
		inv.Terms = terms[0]
	}
	for _, m := range root.All("PaymentMeans") {
		inv.HasPayment = true
		if inv.PaymentCode.Empty() {
			inv.PaymentCode = inv.ReadText(m, "PaymentMeansCode", "")
		}
		if inv.IBAN == "" {
			inv.IBAN = m.Value("PayeeFinancialAccount/ID")
		}
		if inv.Remittance == "" {
			inv.Remittance = m.Value("PaymentID")
		}
	}
}

func (r reader) charges(root *xmltree.Node) {
	for _, c := range root.All("AllowanceCharge") {
		indicator := c.Value("ChargeIndicator")
		r.inv.Charges = append(r.inv.Charges, en16931.Charge{
			IsCharge:  indicator == "true" || indicator == "1",
			Amount:    r.inv.ReadNumber(c, "Amount"),
			Base:      r.inv.ReadNumber(c, "BaseAmount"),
			Category:  r.inv.ReadText(c, "TaxCategory/ID", ""),
			Rate:      r.inv.ReadNumber(c, "TaxCategory/Percent"),
			HasReason: c.At("AllowanceChargeReason") != nil || c.At("AllowanceChargeReasonCode") != nil,
			Place:     en16931.At(c),
		})
	}
}

func (r reader) breakdown(root *xmltree.Node) {
	inv := r.inv
	inv.Totals.Tax = inv.ReadNumbers(root, "TaxTotal/TaxAmount")
	for _, t := range r.taxTotal(root).All("TaxSubtotal") {
		scheme := inv.ReadText(t, "TaxCategory/TaxScheme/ID", "")
		inv.Breakdown = append(inv.Breakdown, en16931.Tax{
			Type:       scheme,
			Basis:      inv.ReadNumber(t, "TaxableAmount"),
			Amount:     inv.ReadNumber(t, "TaxAmount"),
			Category:   inv.ReadText(t, "TaxCategory/ID", ""),
			Rate:       inv.ReadNumber(t, "TaxCategory/Percent"),
			Reason:     t.Value("TaxCategory/TaxExemptionReason"),
			ReasonCode: t.Value("TaxCategory/TaxExemptionReasonCode"),
			Place:      en16931.At(t),
		})
	}
}

// taxTotal is the one in the invoice's currency; another gives the VAT in the
// currency of the accounts (BT-111).
func (r reader) taxTotal(root *xmltree.Node) *xmltree.Node {
	all := root.All("TaxTotal")
	for _, t := range all {
		if t.At("TaxAmount").Get("currencyID") == r.inv.Currency.Value {
			return t
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return nil
}

func (r reader) totals(n *xmltree.Node) {
	if n == nil {
		return
	}
	r.inv.Totals = en16931.Totals{
		Present:    true,
		Place:      en16931.At(n),
		Tax:        r.inv.Totals.Tax,
		Lines:      r.inv.ReadNumber(n, "LineExtensionAmount"),
		Allowances: r.inv.ReadNumber(n, "AllowanceTotalAmount"),
		Charges:    r.inv.ReadNumber(n, "ChargeTotalAmount"),
		Basis:      r.inv.ReadNumber(n, "TaxExclusiveAmount"),
		Grand:      r.inv.ReadNumber(n, "TaxInclusiveAmount"),
		Prepaid:    r.inv.ReadNumber(n, "PrepaidAmount"),
		Rounding:   r.inv.ReadNumber(n, "PayableRoundingAmount"),
		Payable:    r.inv.ReadNumber(n, "PayableAmount"),
	}
}

func (r reader) line(n *xmltree.Node) en16931.Line {
	inv := r.inv
	quantity := "InvoicedQuantity"
	if inv.Credit {
		quantity = "CreditedQuantity"
	}
	l := en16931.Line{
		Place:      en16931.At(n),
		ID:         inv.ReadText(n, "ID", ""),
		Kind:       n.Value("LineStatusReasonCode"),
		Name:       inv.ReadText(n, "Item/Name", ""),
		Quantity:   inv.ReadNumber(n, quantity),
		Net:        inv.ReadNumber(n, "LineExtensionAmount"),
		Price:      inv.ReadNumber(n, "Price/PriceAmount"),
		GrossPrice: inv.ReadNumber(n, "Price/AllowanceCharge/BaseAmount"),
		Category:   inv.ReadText(n, "Item/ClassifiedTaxCategory/ID", ""),
		Rate:       inv.ReadNumber(n, "Item/ClassifiedTaxCategory/Percent"),
	}
	if q := n.At(quantity); q != nil {
		l.Unit = en16931.Text{Value: q.Get("unitCode"), Present: q.Get("unitCode") != "", Place: en16931.At(q)}
	}
	for _, d := range n.All("BillingReference/InvoiceDocumentReference") {
		l.References = append(l.References, r.reference(d))
	}
	return l
}

func (r reader) party(n *xmltree.Node) en16931.Party {
	if n == nil {
		return en16931.Party{}
	}
	inv := r.inv
	p := en16931.Party{
		Present:     true,
		Place:       en16931.At(n),
		ID:          en16931.ReadTexts(n, "PartyIdentification/ID", "schemeID"),
		LegalID:     inv.ReadText(n, "PartyLegalEntity/CompanyID", "schemeID"),
		Name:        inv.ReadText(n, "PartyLegalEntity/RegistrationName", ""),
		TradingName: n.Value("PartyName/Name"),
		Endpoint:    inv.ReadText(n, "EndpointID", "schemeID"),
		Contact:     n.Value("Contact/Name"),
		Phone:       n.Value("Contact/Telephone"),
		Email:       n.Value("Contact/ElectronicMail"),
	}
	if p.Name.Empty() && n.Name != "Party" { // payees and representatives have no legal entity
		p.Name = inv.ReadText(n, "PartyName/Name", "")
	}
	for _, scheme := range n.All("PartyTaxScheme") {
		for _, id := range en16931.ReadTexts(scheme, "CompanyID", "") {
			if strings.EqualFold(scheme.Value("TaxScheme/ID"), "VAT") {
				p.VAT = append(p.VAT, id)
			} else {
				p.TaxID = append(p.TaxID, id)
			}
		}
	}
	if a := n.At("PostalAddress"); a != nil {
		p.HasAddress = true
		p.Street = en16931.JoinLines(a.Value("StreetName"), a.Value("AdditionalStreetName"),
			a.Value("AddressLine/Line"))
		p.PostalCode, p.City = a.Value("PostalZone"), a.Value("CityName")
		p.Country = inv.ReadText(a, "Country/IdentificationCode", "")
	}
	return p
}

func (r reader) day(n *xmltree.Node, path string) en16931.Day {
	if d := n.At(path); d != nil {
		return r.dayOf(d)
	}
	return en16931.Day{}
}

func (r reader) dayOf(n *xmltree.Node) en16931.Day {
	day := en16931.NewDay(n.Text, true, en16931.At(n))
	if !day.OK {
		r.inv.Forbid(day.Place, "«\u00a0"+n.Text+"\u00a0» n’est pas une date (xs:date) dans l’élément «\u00a0"+n.Name+"\u00a0»")
	}
	return day
}
