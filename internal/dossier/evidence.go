// Package dossier is the file that a collection agency, a commissaire de justice
// or a court receives: the evidence that people bring, what is still missing, and
// the archive that can be checked without us.
package dossier

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// Evidence is a piece that a person brought to prove a claim.
type Evidence struct {
	ID        string
	Customer  string // identifier; empty where the piece is the creditor's own
	Kind      Kind
	SHA256    string
	Name      string
	MediaType string
	Size      int64
	On        cal.Date // the day that the paper bears
	Note      string
	Documents []string // identifiers of what it is about, AddEvidence takes numbers too; none is all
	By        string
	CreatedAt time.Time

	WithdrawnAt  time.Time // the zero time while it counts
	WithdrawnBy  string
	WithdrawnWhy string
}

// Withdrawn tells whether a person took the piece back.
func (e Evidence) Withdrawn() bool { return !e.WithdrawnAt.IsZero() }

// about tells whether the piece speaks of a document.
func (e Evidence) about(document string) bool {
	return len(e.Documents) == 0 || slices.Contains(e.Documents, document)
}

// The bounds of what people bring for one customer.
const (
	maxNote     = 500
	maxEvidence = 1000 // a piece an invoice, and then some
)

// evidenceNote is what the journal says of a piece.
type evidenceNote struct {
	Evidence  string   `json:"evidence"`
	Kind      Kind     `json:"kind"`
	SHA256    string   `json:"sha256"`
	Name      string   `json:"name"`
	On        cal.Date `json:"on,omitzero"`
	Documents []string `json:"documents,omitempty"` // numbers
	Reason    string   `json:"reason,omitempty"`
}

// AddEvidence keeps a piece for a customer's dossier; one of a kind that is the
// creditor's own goes into all. It fills in what the bytes say. It needs Work.
func AddEvidence(ctx context.Context, tx *db.Tx, s creditor.Scope, e *Evidence, content []byte, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	who, err := customer.Find(ctx, tx, s, e.Customer)
	if err != nil {
		return err
	}
	if err := e.check(content, today); err != nil {
		return err
	}
	numbers, err := e.resolve(ctx, tx, s)
	if err != nil {
		return err
	}
	if e.Kind.Own() {
		e.Customer = ""
	}
	if err := e.room(ctx, tx, s, content); err != nil {
		return err
	}
	f := ledger.File{Name: e.Name, MediaType: e.MediaType, Content: content}
	if err := ledger.KeepFile(ctx, tx, s, &f); err != nil {
		return err
	}
	e.ID, e.SHA256, e.Size, e.By, e.CreatedAt = tx.NewID("evd"), f.SHA256, int64(len(content)), s.Actor, tx.Now
	if err := insertEvidence(ctx, tx, s, *e); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "evidence.added", "customer/"+who.ID, evidenceNote{
		Evidence: e.ID, Kind: e.Kind, SHA256: e.SHA256, Name: e.Name, On: e.On, Documents: numbers,
	})
}

func (e *Evidence) check(content []byte, today cal.Date) (err error) {
	if !e.Kind.known() {
		return fault.Invalidf("genre", "quel genre de pièce est-ce ? « %s » n’en est pas un", e.Kind)
	}
	if e.On.IsZero() {
		e.On = today
	}
	if e.On > today {
		return fault.Invalidf("jour", "une pièce ne peut pas être datée d’un jour à venir")
	}
	e.Note = strings.TrimSpace(e.Note)
	if utf8.RuneCountInString(e.Note) > maxNote {
		return fault.Invalidf("note", "la remarque tient en %d caractères", maxNote)
	}
	e.Name = plainName(e.Name)
	e.MediaType, err = media(content, e.Name)
	return err
}

// resolve turns the numbers of documents into identifiers of the customer's own.
func (e *Evidence) resolve(ctx context.Context, tx *db.Tx, s creditor.Scope) (numbers []string, err error) {
	if len(e.Documents) == 0 {
		return nil, nil
	}
	found, err := ledger.Named(ctx, tx, s, e.Documents...)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, ref := range e.Documents {
		before := len(ids)
		for _, d := range found {
			if (d.ID == ref || d.Number == ref) && d.Customer == e.Customer && !slices.Contains(ids, d.ID) {
				ids, numbers = append(ids, d.ID), append(numbers, d.Number)
			}
		}
		if len(ids) == before {
			return nil, fault.Invalidf("facture", "« %s » n’est pas une pièce comptable de ce client", ref)
		}
	}
	slices.Sort(ids)
	e.Documents = ids
	return numbers, nil
}

// room refuses what is there already, and more than anybody reads.
func (e *Evidence) room(ctx context.Context, tx *db.Tx, s creditor.Scope, content []byte) error {
	if err := tx.Lock(ctx, "evidence/"+s.Creditor); err != nil {
		return err
	}
	list, err := EvidenceOf(ctx, tx, s, e.Customer)
	if err != nil {
		return err
	}
	if len(list) >= maxEvidence {
		return fault.Conflictf("ce dossier a déjà %d pièces", maxEvidence)
	}
	sum := Fingerprint(content)
	for _, other := range list {
		if other.SHA256 == sum && other.Kind == e.Kind && !other.Withdrawn() && slices.Equal(other.Documents,
			e.Documents) {
			return fault.Conflictf("cette pièce est déjà au dossier, sous le nom « %s »", other.Name)
		}
	}
	return nil
}

// Withdraw takes a piece out of the dossiers to come. It stays kept, with the
// reason. It needs Work.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, customerID, id, why string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	if why == "" || utf8.RuneCountInString(why) > maxNote {
		return fault.Invalidf("motif", "dites en quelques mots pourquoi la pièce est retirée")
	}
	e, err := FindEvidence(ctx, tx, s, customerID, id)
	if err != nil {
		return err
	}
	done, err := withdraw(ctx, tx, s, id, why)
	if err != nil {
		return err
	}
	if !done {
		return fault.Conflictf("cette pièce est déjà retirée")
	}
	return journal.Write(ctx, tx, s, "evidence.withdrawn", "customer/"+customerID, evidenceNote{
		Evidence: id, Kind: e.Kind, SHA256: e.SHA256, Name: e.Name, Reason: why,
	})
}

// FindEvidence is a piece of a customer's dossier.
func FindEvidence(ctx context.Context, tx *db.Tx, s creditor.Scope, customerID, id string) (Evidence, error) {
	list, err := EvidenceOf(ctx, tx, s, customerID)
	if err != nil {
		return Evidence{}, err
	}
	for _, e := range list {
		if e.ID == id {
			return e, nil
		}
	}
	return Evidence{}, fault.NotFound("pièce « %s »", id)
}

// Content are the bytes of a piece, checked against its fingerprint.
func (e Evidence) Content(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]byte, error) {
	content, err := ledger.FileContent(ctx, tx, s, e.SHA256)
	if err != nil {
		return nil, fmt.Errorf("evidence %s: %w", e.ID, err)
	}
	if Fingerprint(content) != e.SHA256 {
		return nil, fault.Conflictf("la pièce « %s » a été altérée depuis son dépôt", e.Name)
	}
	return content, nil
}

// FileName is the name under which a piece is kept on another machine: the one it
// came with, ending as its bytes ask.
func (e Evidence) FileName() string {
	return strings.TrimSuffix(e.Name, path.Ext(e.Name)) + endings[e.MediaType]
}
