package dossier

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/reminder"
)

// Request is which dossiers are wanted in one archive, and for whom.
type Request struct {
	Customers []string // identifiers
	Day       cal.Date
	Route     Route
	Recipient string // an agency, a commissaire de justice, a court; may be empty
}

// maxCustomers bounds one archive: what a portfolio handed to an agency holds.
const maxCustomers = 500

// builder is a customer's dossier on its way into an archive.
type builder struct {
	*archive
	books
	facts    Facts
	complete Completeness
	sent     []reminder.Written // without their bytes
	remarks  []remark
	absent   []remark
	pieces   map[string]int // how many people brought, by folder
}

// remark is a part of the dossier as the reader is told of it.
type remark struct{ folder, text string }

// remark tells the reader what a part holds, or that it holds nothing.
func (b *builder) remark(folder, format string, args ...any) {
	b.remarks = append(b.remarks, remark{folder, French(fmt.Sprintf(format, args...))})
}

// nothing tells the reader that a part is not there, and why.
func (b *builder) nothing(folder, why string) {
	b.absent = append(b.absent, remark{folder, French(why)})
}

// some is a number of things, in words.
func some(n int, one, many string) string {
	return strconv.Itoa(n) + " " + i18n.Plural(i18n.FR, n, one, many)
}

// instant is a time, or nothing where there is none.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// section writes one part of a dossier.
type section func(*builder, context.Context, *db.Tx) error

// sections are all parts, in the order in which they are written: what tells of
// the others comes last.
var sections = []section{
	(*builder).writeParties, (*builder).writeDocuments, (*builder).writeEvidence, (*builder).writeLives,
	(*builder).writeMessages, (*builder).writeNotices, (*builder).writeAgreements, (*builder).writeInterest,
	(*builder).writeLimitation, (*builder).writeInsolvency,
	(*builder).writeLedger, (*builder).writeJournal, (*builder).writeClaims,
	(*builder).writeSummary,
}

// Write writes the archive of a request. It reads one state of the books and
// changes nothing: the same books give the same bytes at the same instant. It
// needs Work, because what it gives away is personal.
func Write(ctx context.Context, tx *db.Tx, s creditor.Scope, o Request, w io.Writer) (m Made, err error) {
	if err := o.check(s); err != nil {
		return m, err
	}
	us, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return m, err
	}
	a := newArchive(w, tx.Now, Manifest{
		On: o.Day, Recipient: o.Recipient, Creditor: ManifestParty{ID: us.ID, Name: us.Name, SIREN: us.SIREN},
	})
	var told []*builder
	for _, id := range o.Customers {
		b := &builder{archive: a}
		if err := b.write(ctx, tx, s, Query{Customer: id, Day: o.Day, Route: o.Route},
			len(o.Customers) > 1); err != nil {
			return m, err
		}
		told = append(told, b)
	}
	a.prefix = ""
	if err := a.bytes(ManifestFile{Path: readmeName, What: "mode d’emploi"}, readme(a, told)); err != nil {
		return m, err
	}
	if err := a.close(); err != nil {
		return m, err
	}
	return made(a, o), nil
}

func (o Request) check(s creditor.Scope) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if n := len(o.Customers); n == 0 || n > maxCustomers {
		return &fault.Invalid{
			Field: "client", Message: fmt.Sprintf("de un à %d clients par archive", maxCustomers),
			Mend: "préparer plusieurs archives",
		}
	}
	if len([]rune(o.Recipient)) > maxRecipient {
		return fault.Invalidf("destinataire", "le destinataire tient en %d caractères", maxRecipient)
	}
	return nil
}

const maxRecipient = 200

// write writes one customer's dossier, in a folder of its own where there are
// several.
func (b *builder) write(ctx context.Context, tx *db.Tx, s creditor.Scope, q Query, several bool) (err error) {
	if b.books, err = read(ctx, tx, s, q); err != nil {
		return err
	}
	b.facts = b.books.facts()
	b.complete = Score(b.facts)
	folder := ""
	b.prefix = ""
	if several {
		folder = b.unique(safe(b.customer.Code))
		b.prefix = folder + "/"
	}
	b.manifest.Customers = append(b.manifest.Customers, ManifestParty{
		ID: b.customer.ID, Code: b.customer.Code, Name: b.customer.Name, SIREN: b.customer.SIREN, Folder: folder,
		Percent: &b.complete.Percent,
	})
	for _, write := range sections {
		if err := write(b, ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// day is an instant as the creditor's calendar shows it.
func (b *builder) day(t time.Time) cal.Date {
	if t.IsZero() {
		return 0
	}
	return cal.Of(t.In(b.zone))
}

// numbers are the numbers of documents, in the order of their identifiers.
func (b *builder) numbers(ids []string) (list []string) {
	for _, id := range ids {
		list = append(list, b.number(id))
	}
	return list
}

func (b *builder) number(id string) string {
	for _, d := range b.ledger {
		if d.ID == id {
			return d.Number
		}
	}
	return id
}

// file are the bytes of a file that is kept, checked against their fingerprint: a
// dossier never passes on what has been altered.
func (b *builder) file(ctx context.Context, tx *db.Tx, sum, name string) ([]byte, error) {
	content, err := ledger.FileContent(ctx, tx, b.scope, sum)
	if err == nil && Fingerprint(content) != sum {
		err = fault.Conflictf("« %s » a été altéré dans la base : acquit verify dit quoi", name)
	}
	return content, err
}
