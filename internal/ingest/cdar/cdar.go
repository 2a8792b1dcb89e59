// Package cdar reads the messages of the life of electronic invoices:
// CrossDomainAcknowledgementAndResponse of UN/CEFACT D22B, as XP Z12-012
// (annex B) uses it. Codes that we do not know are kept as they are: the lists
// of the standard and of the tax administration differ, and grow.
package cdar

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
)

// Driver reads the statuses of one message, or of several invoices at once.
var Driver = ingest.Driver{
	Format: ingest.CDAR,
	Title:  "Statuts de factures électroniques (CDAR)",
	Sniff:  sniff,
	Open:   open,
}

const (
	rootName = "CrossDomainAcknowledgementAndResponse"
	space    = "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
)

// maxSize is far above a message about thousands of invoices.
const maxSize = 16 << 20

// maxStatuses of one message: what a platform sends of a day is below.
const maxStatuses = 20_000

func sniff(s ingest.Sample) ingest.Confidence {
	if !strings.HasPrefix(strings.TrimLeft(s.Text, " \t\r\n\ufeff"), "<") {
		return ingest.No
	}
	if root, ok := xmltree.Root(s.Head); ok && root.Local == rootName {
		return ingest.Certain
	}
	return ingest.No
}

func open(_ context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
	raw, err := src.Bytes(maxSize)
	if err != nil {
		return nil, err
	}
	list, refused, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.CDAR}
	f.Understood = ingest.Understood{What: "statuts de factures électroniques"}
	if len(list) > 0 {
		f.Understood.Profile = list[0].Message.Profile
	}
	if len(list) == 0 {
		f.Err = refused
		return f, nil
	}
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		for _, r := range refused {
			if !yield(nil, r) {
				return
			}
		}
		for _, l := range list {
			if !yield(document(l), nil) {
				return
			}
		}
	}
	return f, nil
}

// document is a status as any reader of files sees it.
func document(l *ingest.Lifecycle) *ingest.Document {
	return &ingest.Document{
		Kind: ingest.Status, Number: l.Number, Issued: l.Issued, Label: strings.TrimSpace(l.Code + " " + l.Label),
		Customer: ingest.Customer{Name: l.Buyer.Name, SIREN: l.Buyer.SIREN(), Endpoint: l.Buyer.Endpoint},
		Status:   l.Code, Lifecycle: l, Line: l.Line, Column: l.Column,
	}
}

// Parse reads a message: its statuses, and the references that cannot be read,
// while the others can. Where nothing can, the error says why.
func Parse(raw []byte) ([]*ingest.Lifecycle, ingest.Rejections, error) {
	root, err := xmltree.Parse(raw)
	if err != nil {
		return nil, nil, broken(err)
	}
	switch {
	case root.Name != rootName:
		return nil, nil, &ingest.Rejected{
			Line: root.Line, Column: root.Column,
			Reason: "ce document XML «\u00a0" + root.Name + "\u00a0» n’est pas un message de statut",
			Mend:   "un statut de facture électronique est un " + rootName,
		}
	case root.Space != space:
		return nil, nil, &ingest.Rejected{
			Line: root.Line, Column: root.Column, Rule: "XSD",
			Reason: "l’élément «\u00a0" + root.Name + "\u00a0» est dans l’espace de noms inattendu «\u00a0" + root.Space + "\u00a0»",
			Mend:   "l’espace de noms attendu est «\u00a0" + space + "\u00a0»",
		}
	}
	r := reader{message: &ingest.LifecycleMessage{Raw: raw}}
	r.read(root)
	if len(r.list) == 0 && len(r.refused) == 0 {
		r.refuse(root, "BR-FR-CDV-10", "ce message ne parle d’aucune facture", "demander à la plateforme le message entier")
	}
	return r.list, r.refused, nil
}

// broken is the error of a document that is no XML as a refusal with its place,
// in the words that suit a platform's message.
func broken(err error) error {
	f, ok := errors.AsType[*fault.Invalid](err)
	if !ok {
		return err
	}
	return &ingest.Rejected{
		Line: max(f.Line, 1), Column: max(f.Column, 1), Rule: f.Field, Reason: f.Message,
		Mend: "récupérer de nouveau le message auprès de la plateforme",
	}
}

// refuse notes why a reference, or the message, cannot be read.
func (r *reader) refuse(at *xmltree.Node, rule, reason, mend string) {
	r.refused = append(r.refused, &ingest.Rejected{
		Line: at.Line, Column: at.Column, Rule: rule, Reason: reason, Mend: mend,
	})
}

// tooMany tells that a message has more statuses than one has.
func (r *reader) tooMany(at *xmltree.Node) bool {
	if len(r.list) < maxStatuses {
		return false
	}
	r.list = nil
	r.refuse(at, "", fmt.Sprintf("ce message a plus de %d statuts", maxStatuses), "le découper")
	return true
}
