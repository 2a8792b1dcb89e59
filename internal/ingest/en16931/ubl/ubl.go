// Package ubl reads the Universal Business Language 2.1: invoices and credit
// notes, with the conventions of Peppol and of the French profiles.
package ubl

import (
	"context"
	"encoding/xml"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/ingest/en16931"
	"acquit/internal/ingest/xmltree"
)

const (
	family     = "urn:oasis:names:specification:ubl:schema:xsd:"
	invoice    = family + "Invoice-2"
	creditNote = family + "CreditNote-2"
)

var known = map[string]bool{
	invoice: true, creditNote: true,
	family + "CommonAggregateComponents-2":    true,
	family + "CommonBasicComponents-2":        true,
	family + "CommonExtensionComponents-2":    true,
	family + "CommonSignatureComponents-2":    true,
	family + "SignatureAggregateComponents-2": true,
	family + "SignatureBasicComponents-2":     true,
	family + "QualifiedDataTypes-2":           true,
	family + "UnqualifiedDataTypes-2":         true,
}

// Driver reads UBL invoices and credit notes.
var Driver = ingest.Driver{
	Format: ingest.UBL,
	Title:  "Facture électronique UBL (Peppol, France, XRechnung)",
	Sniff:  sniff,
	Open:   open,
}

func sniff(s ingest.Sample) ingest.Confidence {
	if !en16931.LooksXML(s) {
		return ingest.No
	}
	if root, ok := xmltree.Root(s.Head); ok && Recognises(root) {
		return ingest.Certain
	}
	return ingest.No
}

// Recognises tells whether a root element is that of a document of this family, or
// of the envelope in which Peppol carries them (SBDH).
func Recognises(root xml.Name) bool {
	return strings.HasPrefix(root.Space, family) || root.Local == envelope && root.Space == envelopeSpace
}

const (
	envelope      = "StandardBusinessDocument"
	envelopeSpace = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
)

// unwrap takes a document out of its envelope.
func unwrap(root *xmltree.Node) *xmltree.Node {
	if root.Name != envelope {
		return root
	}
	for _, c := range root.Children {
		if strings.HasPrefix(c.Space, family) {
			return c
		}
	}
	return root
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
	return en16931.NewFile(src.Name, ingest.UBL, inv), nil
}

// Parse reads an invoice or a credit note. An error is a *fault.Invalid or
// *ingest.Rejected: the document is broken or is no invoice. What its schema
// forbids is in Faults.
func Parse(b []byte) (*en16931.Invoice, error) {
	root, err := xmltree.Parse(b)
	if err != nil {
		return nil, err
	}
	root = unwrap(root)
	inv := &en16931.Invoice{Syntax: en16931.UBL}
	switch {
	case root.Name == "Invoice" && root.Space == invoice:
	case root.Name == "CreditNote" && root.Space == creditNote:
		inv.Credit = true
	case root.Name == "Invoice" || root.Name == "CreditNote":
		return nil, &ingest.Rejected{
			Line: root.Line, Column: root.Column, Rule: "XSD",
			Reason: "l’élément «\u00a0" + root.Name + "\u00a0» est dans l’espace de noms inattendu «\u00a0" + root.Space + "\u00a0»",
			Mend:   "l’espace de noms attendu est «\u00a0" + family + root.Name + "-2\u00a0»",
		}
	default:
		return nil, &ingest.Rejected{
			Line: root.Line, Column: root.Column,
			Reason: "ce document UBL «\u00a0" + root.Name + "\u00a0» n’est pas une facture",
		}
	}
	if inv.CheckSpaces(root, family, known) {
		reader{inv}.invoice(root)
	}
	return inv, nil
}
