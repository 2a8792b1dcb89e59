package lifecycle

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/ingest"
)

// element is one of a message that we write. Those without text and children are
// left out, so that what is not known is not written.
type element struct {
	name, attr, value, text string
	children                []element
}

func el(name string, children ...element) element { return element{name: name, children: children} }

func txt(name, text string) element { return element{name: name, text: text} }

func with(name, attr, value, text string) element {
	return element{name: name, attr: attr, value: value, text: text}
}

func (e element) empty() bool {
	for _, c := range e.children {
		if !c.empty() {
			return false
		}
	}
	return e.text == ""
}

func (e element) write(b *bytes.Buffer, depth int) {
	if e.empty() {
		return
	}
	indent := strings.Repeat("  ", depth)
	fmt.Fprintf(b, "%s<%s", indent, e.name)
	if e.attr != "" && e.value != "" {
		fmt.Fprintf(b, ` %s="`, e.attr)
		_ = xml.EscapeText(b, []byte(e.value)) // a buffer takes all
		b.WriteString(`"`)
	}
	b.WriteString(">")
	if e.text != "" {
		_ = xml.EscapeText(b, []byte(e.text))
		fmt.Fprintf(b, "</%s>\n", e.name)
		return
	}
	b.WriteString("\n")
	for _, c := range e.children {
		c.write(b, depth+1)
	}
	fmt.Fprintf(b, "%s</%s>\n", indent, e.name)
}

const rootOpen = `<rsm:CrossDomainAcknowledgementAndResponse
  xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
`

// profile of messages between platforms (BR-FR-CDV-02): ours tells the state what
// it must know (XP Z12-012).
const profile = "urn.cpro.gouv.fr:1p0:CDV:invoice"

// document writes a status that we set as a message: the elements and their order
// are those of the D22B schema, as in the examples of XP Z12-012, annex B.
func document(l *ingest.Lifecycle) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + rootOpen)
	for _, e := range []element{
		el("rsm:ExchangedDocumentContext",
			el("ram:BusinessProcessSpecifiedDocumentContextParameter", txt("ram:ID", "REGULATED")),
			el("ram:GuidelineSpecifiedDocumentContextParameter", txt("ram:ID", profile))),
		el("rsm:ExchangedDocument",
			txt("ram:ID", l.Message.ID), txt("ram:Name", l.Label), second("ram:IssueDateTime", l.Message.Made),
			el("ram:SenderTradeParty", txt("ram:RoleCode", ingest.RolePlatform)),
			actorElement("ram:IssuerTradeParty", l.Issuer),
			actorElement("ram:RecipientTradeParty", l.Buyer)),
		el("rsm:AcknowledgementDocument",
			el("ram:MultipleReferencesIndicator", txt("udt:Indicator", "false")),
			txt("ram:TypeCode", l.Phase), second("ram:IssueDateTime", l.At), reference(l)),
	} {
		e.write(&b, 1)
	}
	b.WriteString("</rsm:CrossDomainAcknowledgementAndResponse>\n")
	return b.Bytes()
}

func reference(l *ingest.Lifecycle) element {
	ref := el("ram:ReferenceReferencedDocument",
		txt("ram:IssuerAssignedID", l.Number), txt("ram:StatusCode", l.Short), txt("ram:TypeCode", l.Type),
		second("ram:ReceiptDateTime", l.Received),
		el("ram:FormattedIssueDateTime", with("qdt:DateTimeString", "format", "102", compact(l.Issued))),
		txt("ram:ProcessConditionCode", l.Code), txt("ram:ProcessCondition", l.Label),
		el("ram:IssuerTradeParty", with("ram:GlobalID", "schemeID", l.Seller.Scheme, l.Seller.ID)))
	for i, d := range l.Details {
		status := el("ram:SpecifiedDocumentStatus",
			txt("ram:ReasonCode", d.Reason), txt("ram:Reason", d.ReasonText),
			txt("ram:SequenceNumeric", fmt.Sprint(i+1)), el("ram:IncludedNote", txt("ram:Content", d.Note)))
		for _, f := range d.Figures {
			status.children = append(status.children, figureElement(f))
		}
		ref.children = append(ref.children, status)
	}
	return ref
}

func figureElement(f ingest.Figure) element {
	e := el("ram:SpecifiedDocumentCharacteristic",
		txt("ram:TypeCode", f.Type),
		with("ram:ValueAmount", "currencyID", string(f.Amount.Currency), f.Amount.Decimal()))
	if !f.On.IsZero() {
		e.children = append(e.children,
			el("ram:ValueDateTime", with("udt:DateTimeString", "format", "102", compact(f.On))))
	}
	if f.Percent != nil {
		e.children = append(e.children, txt("ram:ValuePercent", fmt.Sprintf("%d.%02d", *f.Percent/100, *f.Percent%100)))
	}
	return e
}

func actorElement(name string, a ingest.Actor) element {
	scheme, address, _ := strings.Cut(a.Endpoint, ":")
	return el(name,
		with("ram:GlobalID", "schemeID", a.Scheme, a.ID), txt("ram:Name", a.Name), txt("ram:RoleCode", a.Role),
		el("ram:URIUniversalCommunication", with("ram:URIID", "schemeID", scheme, address)))
}

// second is a moment in format 204 of UNTDID 2379.
func second(name string, m ingest.Moment) element {
	digits := strings.NewReplacer("-", "", "T", "", ":", "").Replace(string(m))
	return el(name, with("udt:DateTimeString", "format", "204", digits))
}

// compact is a day in format 102.
func compact(d cal.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
