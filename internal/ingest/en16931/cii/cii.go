// Package cii reads the UN/CEFACT Cross Industry Invoice: Factur-X and ZUGFeRD
// in all their profiles, XRechnung, the French profiles, and ZUGFeRD 1.0 of
// 2014.
package cii

import (
	"context"
	"encoding/xml"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/ingest/en16931"
	"acquit/internal/ingest/xmltree"
)

const (
	family   = "urn:un:unece:uncefact:data:standard:"
	space    = family + "CrossIndustryInvoice:100"
	zugferd1 = "urn:ferd:CrossIndustryDocument:invoice:1p0"
)

var known = map[string]bool{
	space: true,
	family + "ReusableAggregateBusinessInformationEntity:100": true,
	family + "QualifiedDataType:100":                          true,
	family + "UnqualifiedDataType:100":                        true,
}

var known1 = map[string]bool{
	zugferd1: true,
	family + "ReusableAggregateBusinessInformationEntity:12": true,
	family + "QualifiedDataType:12":                          true,
	family + "UnqualifiedDataType:15":                        true,
}

// Driver reads CII invoices that are alone in a file.
var Driver = ingest.Driver{
	Format: ingest.CII,
	Title:  "Facture électronique CII (Factur-X, ZUGFeRD et XRechnung en XML)",
	Sniff:  sniff,
	Open:   open,
}

func sniff(s ingest.Sample) ingest.Confidence {
	if !en16931.LooksXML(s) {
		return ingest.No
	}
	root, ok := xmltree.Root(s.Head)
	if ok && Recognises(root) {
		return ingest.Certain
	}
	return ingest.No
}

// Recognises tells whether a root element is that of a document of this family:
// an invoice, or another that is refused by its name.
func Recognises(root xml.Name) bool {
	switch root.Local {
	case "CrossIndustryInvoice", "CrossIndustryDocument":
		return true
	case "CrossDomainAcknowledgementAndResponse": // a status, not a trade document
		return false
	}
	return strings.HasPrefix(root.Space, "urn:un:unece:uncefact:data:")
}

// other says what a document of the family is that is no invoice.
func other(root *xmltree.Node) string {
	switch {
	case strings.HasPrefix(root.Name, "SCRDMCCBDACIO"), strings.HasPrefix(root.Name, "CrossIndustryOrder"):
		return "ce document (Order-X) est une commande, pas une facture"
	case strings.Contains(root.Name, "Despatch"), strings.HasPrefix(root.Name, "SCRDMCCBDACIDA"):
		return "ce document est un avis d’expédition, pas une facture"
	}
	return "ce document XML «\u00a0" + root.Name + "\u00a0» n’est pas une facture"
}

func open(_ context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
	b, err := src.Bytes(xmltree.MaxSize)
	if err != nil {
		return nil, err
	}
	inv, err := Parse(b)
	if err != nil {
		return nil, en16931.Broken(err)
	}
	return en16931.NewFile(src.Name, ingest.CII, inv), nil
}

// Parse reads an invoice. An error is a *fault.Invalid or *ingest.Rejected: the
// document is broken or is no invoice. What its schema forbids is in Faults.
func Parse(b []byte) (*en16931.Invoice, error) {
	root, err := xmltree.Parse(b)
	if err != nil {
		return nil, err
	}
	inv := &en16931.Invoice{Syntax: en16931.CII}
	switch {
	case root.Name == "CrossIndustryInvoice" && root.Space == space:
		inv.CheckSpaces(root, family, known)
	case root.Name == "CrossIndustryDocument" && root.Space == zugferd1:
		inv.Syntax = en16931.ZUGFeRD1
		inv.CheckSpaces(root, family, known1)
		modernise(root, "")
	case root.Name != "CrossIndustryInvoice" && root.Name != "CrossIndustryDocument":
		return nil, &ingest.Rejected{Line: root.Line, Column: root.Column, Reason: other(root)}
	default:
		return nil, &ingest.Rejected{
			Line: root.Line, Column: root.Column, Rule: "XSD",
			Reason: "l’élément «\u00a0" + root.Name + "\u00a0» est dans l’espace de noms inattendu «\u00a0" + root.Space + "\u00a0»",
			Mend:   "l’espace de noms attendu est «\u00a0" + space + "\u00a0»",
		}
	}
	if len(inv.Faults) > 0 {
		return inv, nil
	}
	reader{inv}.invoice(root)
	return inv, nil
}

// renamed are the elements whose name changed after ZUGFeRD 1.0.
var renamed = map[string]string{
	"SpecifiedExchangedDocumentContext":    "ExchangedDocumentContext",
	"HeaderExchangedDocument":              "ExchangedDocument",
	"SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
	"ApplicableSupplyChainTradeAgreement":  "ApplicableHeaderTradeAgreement",
	"ApplicableSupplyChainTradeDelivery":   "ApplicableHeaderTradeDelivery",
	"ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
	"SpecifiedSupplyChainTradeAgreement":   "SpecifiedLineTradeAgreement",
	"SpecifiedSupplyChainTradeDelivery":    "SpecifiedLineTradeDelivery",
	"SpecifiedSupplyChainTradeSettlement":  "SpecifiedLineTradeSettlement",
	"ApplicablePercent":                    "RateApplicablePercent",
}

// modernise gives a ZUGFeRD 1.0 document the names of today.
func modernise(n *xmltree.Node, parent string) {
	if now := renamed[n.Name]; now != "" {
		n.Name = now
	}
	switch {
	case n.Name == "SpecifiedTradeSettlementMonetarySummation" && parent == "SpecifiedLineTradeSettlement":
		n.Name = "SpecifiedTradeSettlementLineMonetarySummation"
	case n.Name == "SpecifiedTradeSettlementMonetarySummation":
		n.Name = "SpecifiedTradeSettlementHeaderMonetarySummation"
	case n.Name == "ID" && strings.HasSuffix(parent, "ReferencedDocument"):
		n.Name = "IssuerAssignedID"
	}
	for _, c := range n.Children {
		modernise(c, n.Name)
	}
}
