// Package camt reads what banks write in ISO 20022: statements (camt.053),
// reports of the day (camt.052) and notifications (camt.054), of all versions
// from .001.01 on, by the local names of their elements. It reads one entry at a
// time, so that a year of a large account needs no more memory than a day, and
// one that is broken is refused alone.
package camt

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
)

// Driver reads CAMT statements.
var Driver = ingest.Driver{
	Format: ingest.CAMT,
	Title:  "Relevé bancaire CAMT (ISO 20022)",
	Sniff:  sniff,
	Open:   open,
}

// message is the element of the three messages, whatever their envelope, their
// namespace and their version (the first ones name it: BkToCstmrStmtV01).
var message = regexp.MustCompile(`<(?:[\w.-]+:)?BkToCstmr(Stmt|AcctRpt|DbtCdtNtfctn)(?:V\d+)?[\s>/]`)

func sniff(s ingest.Sample) ingest.Confidence {
	if strings.HasPrefix(strings.TrimLeft(s.Text, " \t\r\n\ufeff"), "<") && message.MatchString(s.Text) {
		return ingest.Certain
	}
	return ingest.No
}

func open(ctx context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
	text, enc, lied, err := xmltree.Decoded(src.Content, src.Size)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.CAMT}
	f.Understood = ingest.Understood{What: "relevé bancaire", Encoding: string(enc.Encoding), Decimal: "."}
	if lied {
		f.Warn("encodage", "le fichier n’est pas dans l’encodage qu’il déclare\u00a0: il a été lu en "+
			string(enc.Encoding))
	}
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		in, err := text()
		if err != nil {
			yield(nil, err)
			return
		}
		r := &reader{File: f, yield: yield, in: xmltree.NewStream(in, pieces...)}
		r.read(ctx)
	}
	return f, nil
}

// pieces are the children of a statement that are read one at a time.
var pieces = []string{
	"GrpHdr", "Id", "ElctrncSeqNb", "LglSeqNb", "CreDtTm", "FrToDt", "Acct", "RltdAcct", "Bal", "TxsSummry", "Ntry",
}

// kinds are the elements that hold the entries, and what each is worth.
var kinds = map[string]bank.StatementKind{
	"Stmt": bank.Booked, "Rpt": bank.Interim, "Ntfctn": bank.Details,
}

// reader is one reading of a file.
type reader struct {
	*ingest.File
	in         *xmltree.Stream
	yield      func(*ingest.Document, error) bool
	sheet      *ingest.Sheet // the statement that is open
	head       header
	totals     totals
	statements int
	ended      bool // the loop over the documents is left
}

func (r *reader) read(ctx context.Context) {
	for !r.ended {
		e, err := r.in.Next()
		switch {
		case errors.Is(err, io.EOF):
			r.end()
			return
		case err != nil:
			r.close()
			r.stop(err)
			return
		case ctx.Err() != nil:
			r.yield(nil, ctx.Err())
			return
		}
		r.event(e)
	}
}

// stop ends the reading where the machine fails or what surrounds the entries is
// broken.
func (r *reader) stop(err error) {
	if _, ok := errors.AsType[*fault.Invalid](err); ok {
		r.refuse(err, nil)
		return
	}
	r.yield(nil, err)
}

func (r *reader) event(e xmltree.Event) {
	switch {
	case e.Piece != nil && r.sheet != nil:
		r.piece(e.Piece)
	case kinds[e.Start] != "":
		r.close()
		r.statements++
		r.head, r.totals = header{}, totals{}
		r.sheet = r.Begin(&bank.Statement{Kind: kinds[e.Start], Line: e.Line})
	case kinds[e.End] != "":
		r.close()
	}
}

// close ends the statement that is open.
func (r *reader) close() {
	if r.sheet == nil {
		return
	}
	r.head.complete(r.sheet.Statement)
	r.totals.check(r.File, r.sheet.Statement)
	r.Finish(r.sheet)
	r.sheet = nil
}

func (r *reader) end() {
	r.close()
	if r.statements == 0 {
		r.refuse(&fault.Invalid{
			Line: 1, Column: 1, Message: "ce message CAMT ne contient aucun relevé",
			Mend: "demandez à nouveau le relevé à la banque",
		}, nil)
	}
}

func (r *reader) piece(p *xmltree.Piece) {
	if p.Name == "Ntry" {
		r.entry(p)
		return
	}
	n, err := p.Parse()
	if err != nil {
		r.refuse(err, p.Raw)
		return
	}
	if n.Name == "TxsSummry" {
		r.totals.read(n)
		return
	}
	if err := r.head.read(n, r.sheet.Statement); err != nil {
		r.refuse(err, p.Raw)
	}
}

// maxShown bounds what is shown of a refused element.
const maxShown = 4096

// refuse rejects an element alone; it says where and why.
func (r *reader) refuse(err error, raw []byte) {
	rej := &ingest.Rejected{Reason: err.Error()}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		rej.Line, rej.Column, rej.Reason, rej.Mend = f.Line, f.Column, f.Message, f.Mend
	}
	if raw != nil {
		rej.Cells = []string{strings.ToValidUTF8(string(raw[:min(len(raw), maxShown)]), "\ufffd")}
	}
	r.give(nil, rej)
}

func (r *reader) give(d *ingest.Document, err error) {
	if !r.ended && !r.yield(d, err) {
		r.ended = true
	}
}
