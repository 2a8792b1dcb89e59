// Package facturx reads Factur-X and ZUGFeRD: a PDF/A-3 that carries its
// invoice as XML. The container is held to Factur-X 1.0.07 and ISO 19005-3, the
// invoice to EN 16931.
//
// What makes the pair of picture and data unsure refuses: no XML or one under
// another name, no declared relationship, no or contradicting metadata, no /AF,
// no PDF/A. A relationship other than the recommended one only warns, since the
// specification itself has changed its mind about it.
package facturx

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"strings"
	"time"

	"acquit/internal/ingest"
	"acquit/internal/ingest/en16931"
	"acquit/internal/ingest/en16931/cii"
	"acquit/internal/ingest/en16931/ubl"
	"acquit/internal/ingest/xmltree"
)

const (
	// MaxPDF bounds a PDF: an invoice with a hundred scanned pages stays below.
	MaxPDF = 64 << 20
	// patience is for a PDF made to be slow; an honest one takes milliseconds.
	patience = 20 * time.Second
	// specification and pdfa are the rules as people know them.
	specification = "Factur-X 1.0.07"
	pdfa          = "ISO 19005-3"
)

// Driver reads PDF invoices.
var Driver = ingest.Driver{
	Format: ingest.FacturX,
	Title:  "Facture Factur-X ou ZUGFeRD (PDF)",
	Sniff:  sniff,
	Open:   open,
}

// sniff allows for the rubbish that some mail gateways put before the header.
func sniff(s ingest.Sample) ingest.Confidence {
	if bytes.Contains(s.Head[:min(len(s.Head), 1024)], []byte("%PDF-")) {
		return ingest.Certain
	}
	return ingest.No
}

// names are the attachments that may be the invoice, the best first.
var names = []string{"factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml"}

func open(ctx context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
	content, err := src.Bytes(MaxPDF)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var c *container
	err = ingest.Guard("ce PDF", func() (err error) {
		c, err = read(ctx, content)
		return err
	})
	if err != nil {
		return nil, unreadable(err)
	}
	file, findings, err := c.invoice()
	if err != nil {
		return nil, err
	}
	if file.unread {
		return nil, &ingest.Rejected{
			Reason: "le fichier joint «\u00a0" + file.name + "\u00a0» est abîmé ou démesuré\u00a0: il ne peut pas être lu",
			Mend:   "générez à nouveau la facture",
		}
	}
	inv, err := parse(file.content)
	if err != nil {
		return nil, inside(file.name, err)
	}
	findings = append(findings, c.check(file, inv)...)
	f := en16931.NewFile(src.Name, ingest.FacturX, inv, findings...)
	if f.Err == nil {
		attach(f, ingest.Attachment{Name: base(src.Name), MediaType: "application/pdf", Content: content})
	}
	return f, nil
}

// attach keeps the PDF itself with the invoice.
func attach(f *ingest.File, a ingest.Attachment) {
	stream := f.Stream
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		stream(func(d *ingest.Document, err error) bool {
			if d != nil {
				d.Electronic.Attachment = &a
			}
			return yield(d, err)
		})
	}
}

func base(name string) string { return name[strings.LastIndexAny(name, `/\`)+1:] }

func unreadable(err error) error {
	if _, ok := errors.AsType[*ingest.Rejected](err); ok {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &ingest.Rejected{Reason: "ce PDF est trop long à lire\u00a0: il est refusé"}
	}
	return &ingest.Rejected{
		Reason: "ce PDF est tronqué ou abîmé\u00a0: il ne peut pas être lu",
		Mend:   "récupérez le fichier entier",
	}
}

// invoice picks the attachment that is the invoice.
func (c *container) invoice() (*attachment, []en16931.Finding, error) {
	for _, name := range names {
		if a := c.named(func(n string) bool { return n == name }); a != nil {
			return a, nil, nil
		}
	}
	for _, name := range names {
		if a := c.named(func(n string) bool { return strings.EqualFold(n, name) }); a != nil {
			return a, []en16931.Finding{{
				Rule: specification,
				Text: "le XML est joint sous le nom «\u00a0" + a.name + "\u00a0» au lieu de «\u00a0" + name + "\u00a0»",
			}}, nil
		}
	}
	for i := range c.attachments {
		a := &c.attachments[i]
		if root, ok := xmltree.Root(a.content); ok && isInvoice(root) {
			return nil, nil, &ingest.Rejected{
				Rule:   specification,
				Reason: "le XML de la facture est joint sous le nom «\u00a0" + a.name + "\u00a0»\u00a0: le nom imposé est factur-x.xml",
				Mend:   "générez à nouveau la facture, ou importez ce XML seul",
			}
		}
	}
	return nil, nil, &ingest.Rejected{
		Rule:   specification,
		Reason: "ce PDF ne porte aucun XML de facture\u00a0: ce n’est pas une facture électronique, seulement son image",
		Mend:   "demandez le Factur-X au logiciel de facturation, ou importez la facture depuis un tableau",
	}
}

func isInvoice(root xml.Name) bool { return cii.Recognises(root) || ubl.Recognises(root) }

func (c *container) named(is func(string) bool) *attachment {
	for i := range c.attachments {
		if is(c.attachments[i].name) {
			return &c.attachments[i]
		}
	}
	return nil
}

func parse(b []byte) (*en16931.Invoice, error) {
	if root, ok := xmltree.Root(b); ok && ubl.Recognises(root) {
		return ubl.Parse(b)
	}
	return cii.Parse(b)
}

// inside says that line and column are those of the XML within.
func inside(name string, err error) error {
	err = en16931.Broken(err)
	if r, ok := errors.AsType[*ingest.Rejected](err); ok {
		r.Reason = "dans «\u00a0" + name + "\u00a0»\u00a0: " + r.Reason
	}
	return err
}
