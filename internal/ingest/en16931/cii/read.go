package cii

import (
	"acquit/internal/ingest/en16931"
	"acquit/internal/ingest/xmltree"
)

// reader fills an invoice from the tree.
type reader struct{ inv *en16931.Invoice }

func (r reader) invoice(root *xmltree.Node) {
	inv := r.inv
	ctx := root.At("ExchangedDocumentContext")
	inv.Test = ctx.Value("TestIndicator/Indicator") == "true"
	inv.Profile = inv.ReadText(ctx, "GuidelineSpecifiedDocumentContextParameter/ID", "")
	inv.Process = inv.ReadText(ctx, "BusinessProcessSpecifiedDocumentContextParameter/ID", "")

	doc := root.At("ExchangedDocument")
	inv.Number = inv.ReadText(doc, "ID", "")
	inv.Type = inv.ReadText(doc, "TypeCode", "")
	inv.Issued = r.day(doc, "IssueDateTime/DateTimeString")
	for _, n := range doc.All("IncludedNote") {
		inv.Notes = append(inv.Notes, en16931.Note{Subject: n.Value("SubjectCode"), Text: n.Value("Content")})
	}

	tx := root.At("SupplyChainTradeTransaction")
	r.agreement(tx.At("ApplicableHeaderTradeAgreement"))
	r.delivery(tx.At("ApplicableHeaderTradeDelivery"))
	r.settlement(tx.At("ApplicableHeaderTradeSettlement"))
	for _, n := range tx.All("IncludedSupplyChainTradeLineItem") {
		inv.Lines = append(inv.Lines, r.line(n))
	}
}

func (r reader) agreement(n *xmltree.Node) {
	inv := r.inv
	inv.BuyerRef = n.Value("BuyerReference")
	inv.Seller = r.party(n.At("SellerTradeParty"))
	inv.Buyer = r.party(n.At("BuyerTradeParty"))
	inv.TaxRepresentative = r.party(n.At("SellerTaxRepresentativeTradeParty"))
	inv.Order = n.Value("BuyerOrderReferencedDocument/IssuerAssignedID")
	inv.Contract = n.Value("ContractReferencedDocument/IssuerAssignedID")
	for _, d := range n.All("AdditionalReferencedDocument") {
		if file := d.At("AttachmentBinaryObject"); file != nil {
			inv.Embedded = append(inv.Embedded, en16931.Embedded{
				Name: file.Get("filename"), MediaType: file.Get("mimeCode"),
				Purpose: d.Value("Name"), Base64: file.Text,
			})
		}
	}
}

func (r reader) delivery(n *xmltree.Node) {
	inv := r.inv
	inv.Delivered = r.day(n, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString")
	inv.Despatch = n.Value("DespatchAdviceReferencedDocument/IssuerAssignedID")
	if address := n.At("ShipToTradeParty/PostalTradeAddress"); address != nil {
		inv.HasDelivery = true
		inv.DeliverTo = inv.ReadText(address, "CountryID", "")
	}
}

func (r reader) settlement(n *xmltree.Node) {
	inv := r.inv
	inv.Currency = inv.ReadText(n, "InvoiceCurrencyCode", "")
	inv.TaxCurrency = inv.ReadText(n, "TaxCurrencyCode", "")
	inv.Remittance = n.Value("PaymentReference")
	inv.Payee = r.party(n.At("PayeeTradeParty"))
	for _, t := range n.All("SpecifiedTradePaymentTerms") {
		if due := r.day(t, "DueDateDateTime/DateTimeString"); due.Present {
			inv.Due = append(inv.Due, due)
		}
		if text := inv.ReadText(t, "Description", ""); inv.Terms.Empty() {
			inv.Terms = text
		}
	}
	for _, m := range n.All("SpecifiedTradeSettlementPaymentMeans") {
		inv.HasPayment = true
		if inv.PaymentCode.Empty() {
			inv.PaymentCode = inv.ReadText(m, "TypeCode", "")
		}
		if iban := m.Value("PayeePartyCreditorFinancialAccount/IBANID"); inv.IBAN == "" {
			inv.IBAN = iban
		}
	}
	if p := n.At("BillingSpecifiedPeriod"); p != nil {
		inv.HasPeriod = true
		inv.PeriodStart = r.day(p, "StartDateTime/DateTimeString")
		inv.PeriodEnd = r.day(p, "EndDateTime/DateTimeString")
	}
	for _, d := range n.All("InvoiceReferencedDocument") {
		inv.Preceding = append(inv.Preceding, r.reference(d))
	}
	r.charges(n)
	r.breakdown(n)
	r.totals(n.At("SpecifiedTradeSettlementHeaderMonetarySummation"))
}

func (r reader) reference(n *xmltree.Node) en16931.Reference {
	return en16931.Reference{
		Number: r.inv.ReadText(n, "IssuerAssignedID", ""),
		Date:   r.day(n, "FormattedIssueDateTime/DateTimeString"),
		Place:  en16931.At(n),
	}
}

func (r reader) charges(n *xmltree.Node) {
	for _, c := range n.All("SpecifiedTradeAllowanceCharge") {
		r.inv.Charges = append(r.inv.Charges, en16931.Charge{
			IsCharge:  isTrue(c.Value("ChargeIndicator/Indicator")),
			Amount:    r.inv.ReadNumber(c, "ActualAmount"),
			Base:      r.inv.ReadNumber(c, "BasisAmount"),
			Category:  r.inv.ReadText(c, "CategoryTradeTax/CategoryCode", ""),
			Rate:      r.inv.ReadNumber(c, "CategoryTradeTax/RateApplicablePercent"),
			HasReason: c.At("Reason") != nil || c.At("ReasonCode") != nil,
			Place:     en16931.At(c),
		})
	}
	for _, c := range n.All("SpecifiedLogisticsServiceCharge") {
		r.inv.Charges = append(r.inv.Charges, en16931.Charge{
			IsCharge: true, Logistics: true, HasReason: true,
			Amount:   r.inv.ReadNumber(c, "AppliedAmount"),
			Category: r.inv.ReadText(c, "AppliedTradeTax/CategoryCode", ""),
			Rate:     r.inv.ReadNumber(c, "AppliedTradeTax/RateApplicablePercent"),
			Place:    en16931.At(c),
		})
	}
}

func isTrue(s string) bool { return s == "true" || s == "1" }

func (r reader) breakdown(n *xmltree.Node) {
	inv := r.inv
	for _, t := range n.All("ApplicableTradeTax") {
		inv.Breakdown = append(inv.Breakdown, en16931.Tax{
			Type:       inv.ReadText(t, "TypeCode", ""),
			Amount:     inv.ReadNumber(t, "CalculatedAmount"),
			Basis:      inv.ReadNumber(t, "BasisAmount"),
			Category:   inv.ReadText(t, "CategoryCode", ""),
			Rate:       inv.ReadNumber(t, "RateApplicablePercent"),
			Reason:     t.Value("ExemptionReason"),
			ReasonCode: t.Value("ExemptionReasonCode"),
			Place:      en16931.At(t),
		})
		if day := r.day(t, "TaxPointDate/DateString"); day.Present {
			inv.TaxPoint = day
		}
		if code := inv.ReadText(t, "DueDateTypeCode", ""); code.Present {
			inv.TaxPointRef = code
		}
	}
}

func (r reader) totals(n *xmltree.Node) {
	if n == nil {
		return
	}
	r.inv.Totals = en16931.Totals{
		Present:    true,
		Place:      en16931.At(n),
		Lines:      r.inv.ReadNumber(n, "LineTotalAmount"),
		Allowances: r.inv.ReadNumber(n, "AllowanceTotalAmount"),
		Charges:    r.inv.ReadNumber(n, "ChargeTotalAmount"),
		Basis:      r.inv.ReadNumber(n, "TaxBasisTotalAmount"),
		Tax:        r.inv.ReadNumbers(n, "TaxTotalAmount"),
		Grand:      r.inv.ReadNumber(n, "GrandTotalAmount"),
		Prepaid:    r.inv.ReadNumber(n, "TotalPrepaidAmount"),
		Rounding:   r.inv.ReadNumber(n, "RoundingAmount"),
		Payable:    r.inv.ReadNumber(n, "DuePayableAmount"),
	}
}

func (r reader) line(n *xmltree.Node) en16931.Line {
	inv := r.inv
	agreement, settlement := n.At("SpecifiedLineTradeAgreement"), n.At("SpecifiedLineTradeSettlement")
	l := en16931.Line{
		Place:      en16931.At(n),
		ID:         inv.ReadText(n, "AssociatedDocumentLineDocument/LineID", ""),
		Kind:       n.Value("AssociatedDocumentLineDocument/LineStatusReasonCode"),
		Name:       inv.ReadText(n, "SpecifiedTradeProduct/Name", ""),
		Quantity:   inv.ReadNumber(n, "SpecifiedLineTradeDelivery/BilledQuantity"),
		Price:      inv.ReadNumber(agreement, "NetPriceProductTradePrice/ChargeAmount"),
		GrossPrice: inv.ReadNumber(agreement, "GrossPriceProductTradePrice/ChargeAmount"),
		Net:        inv.ReadNumber(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"),
	}
	if q := n.At("SpecifiedLineTradeDelivery/BilledQuantity"); q != nil {
		l.Unit = en16931.Text{Value: q.Get("unitCode"), Present: q.Get("unitCode") != "", Place: en16931.At(q)}
	}
	if tax := settlement.At("ApplicableTradeTax"); tax != nil {
		l.Category = inv.ReadText(tax, "CategoryCode", "")
		l.Rate = inv.ReadNumber(tax, "RateApplicablePercent")
	}
	for _, d := range settlement.All("InvoiceReferencedDocument") {
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
		ID:          append(en16931.ReadTexts(n, "ID", "schemeID"), en16931.ReadTexts(n, "GlobalID", "schemeID")...),
		LegalID:     inv.ReadText(n, "SpecifiedLegalOrganization/ID", "schemeID"),
		Name:        inv.ReadText(n, "Name", ""),
		TradingName: n.Value("SpecifiedLegalOrganization/TradingBusinessName"),
		Endpoint:    inv.ReadText(n, "URIUniversalCommunication/URIID", "schemeID"),
	}
	for _, id := range en16931.ReadTexts(n, "SpecifiedTaxRegistration/ID", "schemeID") {
		if id.Scheme == "VA" {
			p.VAT = append(p.VAT, id)
		} else {
			p.TaxID = append(p.TaxID, id)
		}
	}
	if a := n.At("PostalTradeAddress"); a != nil {
		p.HasAddress = true
		p.Street = en16931.JoinLines(a.Value("LineOne"), a.Value("LineTwo"), a.Value("LineThree"))
		p.PostalCode, p.City = a.Value("PostcodeCode"), a.Value("CityName")
		p.Country = inv.ReadText(a, "CountryID", "")
	}
	if c := n.At("DefinedTradeContact"); c != nil {
		p.Contact = first(c.Value("PersonName"), c.Value("DepartmentName"))
		p.Phone = c.Value("TelephoneUniversalCommunication/CompleteNumber")
		p.Email = c.Value("EmailURIUniversalCommunication/URIID")
	}
	return p
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// day reads a date. Format 102 is AAAAMMJJ, the only one of EN 16931; a date
// that names no format is read alike.
func (r reader) day(n *xmltree.Node, path string) en16931.Day {
	d := n.At(path)
	if d == nil {
		return en16931.Day{}
	}
	day := en16931.NewDay(d.Text, false, en16931.At(d))
	day.Format = d.Get("format")
	if day.Format != "" && day.Format != "102" {
		r.inv.Forbid(day.Place, "le format de date «\u00a0"+day.Format+"\u00a0» n’est pas celui des factures, 102 (AAAAMMJJ)")
	}
	return day
}
