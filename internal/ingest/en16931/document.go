package en16931

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// LooksXML tells what may be an XML document from what cannot.
func LooksXML(s ingest.Sample) bool {
	return strings.HasPrefix(strings.TrimLeft(s.Text, " \t\r\n\ufeff"), "<")
}

// Broken is the error of a document that could not even be read, as a refusal
// that names its rule.
func Broken(err error) error {
	if _, ok := errors.AsType[*ingest.Rejected](err); ok {
		return err
	}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		return &ingest.Rejected{Line: f.Line, Column: f.Column, Rule: f.Field, Reason: f.Message, Mend: f.Mend}
	}
	return err
}

// NewFile is the file of one invoice: the document, or why it is refused.
func NewFile(name string, format ingest.Format, inv *Invoice, more ...Finding) *ingest.File {
	f := &ingest.File{Name: name, Format: format, Understood: ingest.Understood{
		What: "facture électronique", Profile: ProfileName(inv.Profile.Value), SIREN: inv.Seller.SIREN(),
	}}
	findings := append(Check(inv), more...)
	var refused ingest.Rejections
	for _, x := range findings {
		if x.Severity == Refuse {
			refused = append(refused, &ingest.Rejected{
				File: name, Line: x.Line, Column: x.Column, Rule: x.Rule, Reason: x.Text, Mend: x.Mend,
			})
		}
	}
	if len(refused) > 0 {
		f.Err = refused
		return f
	}
	doc, err := inv.Document()
	if err != nil {
		f.Err = err
		return f
	}
	for _, x := range findings {
		doc.Warnings = append(doc.Warnings, ingest.Warning{Code: x.Rule, Text: x.Text, Line: x.Line, Column: x.Column})
	}
	f.Stream = func(yield func(*ingest.Document, error) bool) { yield(doc, nil) }
	return f
}

// Document is the invoice as the books see it: a negative invoice is a credit
// note. It is for an invoice that Check does not refuse.
func (inv *Invoice) Document() (*ingest.Document, error) {
	currency, err := money.ParseCurrency(inv.Currency.Value)
	if err != nil {
		return nil, err
	}
	a := amounts{currency: currency}
	d := &ingest.Document{
		Kind: ingest.Invoice, Number: inv.Number.Value, Customer: inv.Buyer.customer(),
		Issued: inv.Issued.Date, Due: inv.due(), Currency: currency,
		Total: a.of(inv.Totals.Grand), Net: a.of(inv.Totals.Basis), Paid: a.of(inv.Totals.Prepaid),
		Payable: a.of(inv.Totals.Payable),
		Order:   inv.Order, Contract: inv.Contract, Terms: inv.Terms.Value,
	}
	if tax := inv.taxIn(inv.Currency.Value); len(tax) == 1 {
		d.Tax = a.of(tax[0])
	}
	if len(inv.Preceding) > 0 {
		d.Preceding = inv.Preceding[0].Number.Value
	}
	d.Electronic = inv.electronic(&a)
	if inv.Credit || creditCodes[inv.Type.Value] {
		d.Kind = ingest.CreditNote
	}
	inv.turn(d)
	return d, a.err
}

// turn makes the amounts of a negative document positive.
func (inv *Invoice) turn(d *ingest.Document) {
	if d.Total.Sign() >= 0 {
		return
	}
	if d.Kind == ingest.CreditNote {
		d.Warn("AVOIR-NEGATIF", "l’avoir est écrit avec des montants négatifs\u00a0: il est lu comme un avoir de la même somme")
	}
	d.Kind = ingest.CreditNote
	for _, a := range []*money.Amount{&d.Total, &d.Net, &d.Tax, &d.Paid, &d.Payable, &d.Electronic.Rounding} {
		*a = a.Neg()
	}
	for i := range d.Electronic.VAT {
		v := &d.Electronic.VAT[i]
		v.Basis, v.Tax = v.Basis.Neg(), v.Tax.Neg()
	}
}

// due is the last of the due dates: nobody is asked for the whole before it.
func (inv *Invoice) due() cal.Date {
	var last cal.Date
	for _, d := range inv.Due {
		if d.OK && d.Date > last {
			last = d.Date
		}
	}
	return last
}

func (inv *Invoice) electronic(a *amounts) *ingest.Electronic {
	e := &ingest.Electronic{
		Profile: inv.Profile.Value, Process: inv.Process.Value, TypeCode: inv.Type.Value,
		Seller: inv.Seller.party(), Buyer: inv.Buyer.party(), Endpoint: inv.Buyer.customer().Endpoint,
		TaxPoint: inv.TaxPointRef.Value,
		IBAN:     strings.ReplaceAll(inv.IBAN, " ", ""), Remittance: inv.Remittance,
		BuyerRef: inv.BuyerRef, Despatch: inv.Despatch, Rounding: a.of(inv.Totals.Rounding),
		Attachment: inv.readable(),
	}
	for _, t := range inv.Breakdown {
		percent, hundredths, _ := t.Rate.Value.Int64(2) // a rate that does not fit is shown as none
		e.VAT = append(e.VAT, ingest.VATLine{
			Category: t.Category.Value, Rate: int(percent*100 + hundredths), Basis: a.of(t.Basis),
			Tax: a.of(t.Amount), Reason: t.Reason,
		})
	}
	for _, n := range inv.Notes {
		e.Notes = append(e.Notes, ingest.Note{Subject: n.Subject, Text: n.Text})
	}
	return e
}

func (p *Party) party() ingest.Party {
	return ingest.Party{
		Name: p.Name.Value, SIREN: p.SIREN(), SIRET: p.SIRET(), VATID: p.vatID(), Country: p.Country.Value,
	}
}

// readable is the PDF carried within, the one marked LISIBLE first (BR-FR-18).
func (inv *Invoice) readable() *ingest.Attachment {
	best := -1
	for i, e := range inv.Embedded {
		if e.MediaType == "application/pdf" && (best < 0 || e.Purpose == "LISIBLE") {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	e := inv.Embedded[best]
	content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(e.Base64), ""))
	if err != nil {
		return nil // the invoice does not depend on its copy
	}
	return &ingest.Attachment{Name: e.Name, MediaType: e.MediaType, Content: content}
}

func (p Party) customer() ingest.Customer {
	c := ingest.Customer{
		Name: p.Name.Value, SIREN: p.SIREN(), SIRET: p.SIRET(), VATID: p.vatID(),
		Street: p.Street, PostalCode: p.PostalCode, City: p.City, Country: p.Country.Value,
	}
	if c.Name == "" {
		c.Name = p.TradingName
	}
	if i := slices.IndexFunc(p.ID, func(t Text) bool { return t.Scheme == "" && t.Value != "" }); i >= 0 {
		c.Code = p.ID[i].Value
	}
	if !p.Endpoint.Empty() {
		c.Endpoint = strings.TrimPrefix(p.Endpoint.Scheme+":"+p.Endpoint.Value, ":")
	}
	c.Contact = ingest.Contact{LastName: p.Contact, Email: p.Email, Phone: p.Phone}
	if strings.HasPrefix(c.SIREN, "1") || strings.HasPrefix(c.SIREN, "2") {
		c.Kind = "public" // in the SIRENE register these begin the numbers of the State and of local authorities
	}
	return c
}

// scheme is the identifier of a scheme: 0002 for a SIREN, 0009 for a SIRET.
func (p Party) scheme(scheme string) string {
	for _, id := range append([]Text{p.LegalID}, p.ID...) {
		if id.Scheme == scheme && id.Value != "" {
			return strings.ReplaceAll(id.Value, " ", "")
		}
	}
	return ""
}

// SIREN is the party's, wherever it was written.
func (p Party) SIREN() string {
	if id := p.scheme("0002"); len(id) == 9 || len(id) == 14 {
		return id[:9]
	}
	if id := p.SIRET(); id != "" {
		return id[:9]
	}
	return ""
}

// SIRET is the party's, wherever it was written.
func (p Party) SIRET() string {
	for _, scheme := range []string{"0009", "0002"} {
		if id := p.scheme(scheme); len(id) == 14 {
			return id
		}
	}
	return ""
}

func (p Party) vatID() string {
	if len(p.VAT) == 0 {
		return ""
	}
	return strings.ReplaceAll(p.VAT[0].Value, " ", "")
}

// amounts converts numbers to money and keeps the first failure.
type amounts struct {
	currency money.Currency
	err      error
}

// of is n as money; what is not there has no currency.
func (a *amounts) of(n Number) money.Amount {
	if !n.OK {
		return money.Amount{}
	}
	m, err := money.Parse(n.Value.String(), a.currency)
	if err != nil && a.err == nil {
		a.err = &ingest.Rejected{
			Line: n.Line, Column: n.Column, Rule: "BR-DEC",
			Reason: "«\u00a0" + n.Raw + "\u00a0»\u00a0: " + err.Error(),
		}
	}
	return m
}
