// Package en16931 is the invoice of the European standard EN 16931, whatever
// syntax carried it: its terms by their BT numbers, the official rules that it
// must keep, and what it becomes for the books.
package en16931

import (
	"strings"

	"github.com/govalues/decimal"

	"acquit/internal/cal"
)

// Syntax is how an invoice was written.
type Syntax string

// The syntaxes. ZUGFeRD1 is the predecessor of 2014, read for old archives.
const (
	CII      Syntax = "cii"
	UBL      Syntax = "ubl"
	ZUGFeRD1 Syntax = "zugferd1"
)

// Place is where something stands in the file, from 1.
type Place struct{ Line, Column int }

// Text is a term that is a text or a code. Present tells an empty element from
// one that is not there.
type Text struct {
	Value   string
	Present bool
	Scheme  string // its scheme identifier, list or currency
	Place
}

// Empty tells whether there is no text, present or not.
func (t Text) Empty() bool { return t.Value == "" }

// Number is a term that is an amount, a quantity or a percentage. Raw is as
// written; OK tells whether it is a decimal number (XSD: xs:decimal).
type Number struct {
	Raw      string
	Present  bool
	OK       bool
	Value    decimal.Decimal
	Currency string
	Place
}

// Decimals is the number of digits written after the point.
func (n Number) Decimals() int {
	_, after, _ := strings.Cut(n.Raw, ".")
	return len(after)
}

// Day is a term that is a date. Present without OK is a date that is none;
// Formed tells that at least its form was right.
type Day struct {
	Raw     string
	Format  string // of CII: 102 is AAAAMMJJ
	Present bool
	Formed  bool
	OK      bool
	Date    cal.Date
	Place
}

// Party is a seller, buyer, payee or tax representative.
type Party struct {
	Present     bool
	ID          []Text // BT-29, BT-46: private identifiers, SIRET as scheme 0009
	LegalID     Text   // BT-30, BT-47: SIREN as scheme 0002
	Name        Text   // BT-27, BT-44
	TradingName string
	VAT         []Text // BT-31, BT-48
	TaxID       []Text // BT-32: a local tax registration
	Endpoint    Text   // BT-34, BT-49
	HasAddress  bool
	Street      string
	PostalCode  string
	City        string
	Country     Text
	Contact     string
	Phone       string
	Email       string
	Place
}

// Charge is an allowance or charge of the document (BG-20, BG-21), or the
// logistics fee of Factur-X EXTENDED (BT-X-272).
type Charge struct {
	IsCharge  bool
	Logistics bool
	Amount    Number
	Base      Number
	Category  Text
	Rate      Number
	HasReason bool
	Place
}

// Tax is one line of the VAT breakdown (BG-23).
type Tax struct {
	Type       Text
	Basis      Number // BT-116
	Amount     Number // BT-117
	Category   Text   // BT-118
	Rate       Number // BT-119
	Reason     string // BT-120
	ReasonCode string // BT-121
	Place
}

// Line is an invoice line (BG-25). Kind is empty or DETAIL for a real one;
// GROUP and INFORMATION lines of the extended profiles add up nothing.
type Line struct {
	ID         Text
	Kind       string
	Name       Text
	Quantity   Number
	Unit       Text
	Net        Number // BT-131
	Price      Number // BT-146
	GrossPrice Number // BT-148
	Category   Text   // BT-151
	Rate       Number // BT-152
	References []Reference
	Place
}

// Detail tells whether the line counts.
func (l Line) Detail() bool { return l.Kind == "" || l.Kind == "DETAIL" }

// Reference names another document, such as the preceding invoice (BG-3).
type Reference struct {
	Number Text
	Date   Day
	Place
}

// Note is a text with its subject code (BG-1).
type Note struct {
	Subject string
	Text    string
}

// Totals are the document's (BG-22).
type Totals struct {
	Lines      Number   // BT-106
	Allowances Number   // BT-107
	Charges    Number   // BT-108
	Basis      Number   // BT-109
	Tax        []Number // BT-110 and BT-111, each with its currency
	Grand      Number   // BT-112
	Prepaid    Number   // BT-113
	Rounding   Number   // BT-114
	Payable    Number   // BT-115
	Present    bool
	Place
}

// Embedded is a supporting document carried within (BG-24).
type Embedded struct {
	Name      string
	Purpose   string // BT-123: LISIBLE, RIB…
	MediaType string
	Base64    string
}

// Invoice is an invoice or a credit note.
type Invoice struct {
	Syntax  Syntax
	Credit  bool // a UBL CreditNote
	Test    bool // says of itself that it is a test
	Profile Text // BT-24
	Process Text // BT-23

	Number      Text // BT-1
	Issued      Day  // BT-2
	Type        Text // BT-3
	Currency    Text // BT-5
	TaxCurrency Text // BT-6
	TaxPoint    Day  // BT-7
	TaxPointRef Text // BT-8
	Due         []Day
	Terms       Text   // BT-20
	BuyerRef    string // BT-10
	Contract    string // BT-12
	Order       string // BT-13
	Despatch    string // BT-16
	Preceding   []Reference
	Notes       []Note

	Seller, Buyer, Payee, TaxRepresentative Party

	Delivered   Day // BT-72
	DeliverTo   Text
	HasDelivery bool
	PeriodStart Day // BT-73
	PeriodEnd   Day // BT-74
	HasPeriod   bool
	PaymentCode Text   // BT-81
	HasPayment  bool   // there are payment instructions at all
	IBAN        string // BT-84
	Remittance  string // BT-83
	Charges     []Charge
	Breakdown   []Tax
	Lines       []Line
	Totals      Totals
	Embedded    []Embedded
	Faults      []Finding // what the schema forbids, found while reading
}

// Severity is what a finding does to the import.
type Severity int

// The severities. A refusal is an official rule of the kind « fatal » that
// makes the claim itself unsure: its amounts, dates, parties or identity.
const (
	Warn Severity = iota
	Refuse
)

// Finding is a rule that an invoice breaks.
type Finding struct {
	Rule     string // as published: BR-CO-15, BR-FR-CO-07_BT-9…
	Severity Severity
	Text     string // in French
	Mend     string // in French; may be empty
	Place
}

// decimalForm is xs:decimal, after whitespace is collapsed.
func decimalForm(s string) bool {
	s = strings.TrimLeft(s, "+-")
	digits, point := 0, 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			point++
		default:
			return false
		}
	}
	return digits > 0 && point <= 1
}

// NewNumber reads xs:decimal.
func NewNumber(raw, currency string, at Place) Number {
	n := Number{Raw: raw, Present: true, Currency: currency, Place: at}
	if !decimalForm(raw) || strings.LastIndexAny(raw, "+-") > 0 {
		return n
	}
	v, err := decimal.Parse(raw)
	n.Value, n.OK = v, err == nil
	return n
}

// NewDay reads AAAAMMJJ, or with dashes AAAA-MM-JJ (UBL), a time or zone after
// it left aside.
func NewDay(raw string, dashes bool, at Place) Day {
	d := Day{Raw: raw, Present: true, Place: at}
	text := raw
	if dashes {
		if len(text) > 10 && strings.ContainsRune("Z+-T", rune(text[10])) {
			text = text[:10]
		}
		if len(text) != 10 || text[4] != '-' || text[7] != '-' {
			return d
		}
		text = text[:4] + text[5:7] + text[8:]
	}
	if len(text) != 8 || strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return d
	}
	month, day := text[4:6], text[6:]
	d.Formed = month >= "01" && month <= "12" && day >= "01" && day <= "31"
	date, err := cal.Parse(text[:4] + "-" + month + "-" + day)
	d.Date, d.OK = date, err == nil
	return d
}
