// Package ofx reads bank and card statements in the form of Open Financial
// Exchange: version 1 (SGML, whose elements are not closed) and version 2 (XML),
// as banks and money programs write them.
package ofx

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Driver reads OFX statements.
var Driver = ingest.Driver{
	Format: ingest.OFX,
	Title:  "Relevé bancaire OFX",
	Sniff:  sniff,
	Open:   open,
}

// begins is the header of version 1, or the root of both with what may stand
// before it.
var begins = regexp.MustCompile(`(?is)^\s*(OFXHEADER\s*[:=]|((<\?[^>]*>|<!--.*?-->|<![^>]*>)\s*)*<OFX[\s>])`)

func sniff(s ingest.Sample) ingest.Confidence {
	if begins.MatchString(strings.TrimLeft(s.Text, "\ufeff")) {
		return ingest.Certain
	}
	return ingest.No
}

func open(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	text, enc, err := ingest.Decoded(src, h)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.OFX}
	f.Understood = ingest.Understood{What: "relevé bancaire", Encoding: string(enc.Encoding), DateOrder: "ymd"}
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		in, err := text()
		if err != nil {
			yield(nil, err)
			return
		}
		r := &reader{File: f, yield: yield, in: newScanner(in), base: h.Base()}
		r.read(ctx)
	}
	return f, nil
}

// groups are the aggregates of which the reading takes notice; all other tags
// hold a value or nothing.
var groups = []string{
	"OFX", "STATUS", "STMTRS", "CCSTMTRS", "INVSTMTRS", "ACCTINFORS", "BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST",
	"BANKTRANLISTP", "STMTTRN", "STMTTRNP", "PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY", "LEDGERBAL",
	"AVAILBAL", "INVBANKTRAN", "BALLIST", "BAL",
}

// reader is one reading of a file.
type reader struct {
	*ingest.File
	in    *scanner
	base  money.Currency
	yield func(*ingest.Document, error) bool
	ended bool

	stack  []string // the aggregates that are open
	name   string   // the tag whose value may follow
	values map[string]string
	line   int // of the transaction that is open
	sheet  *ingest.Sheet
	seen   map[string]int // aggregates, and the line of the first of each
	spoken bool           // a refusal of the whole was given
}

func (r *reader) read(ctx context.Context) {
	r.seen, r.values = map[string]int{}, map[string]string{}
	for n := 0; !r.ended; n++ {
		t, err := r.in.next()
		if errors.Is(err, io.EOF) {
			r.value(words(t.text))
			r.end()
			return
		}
		if err == nil && n%4096 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			r.yield(nil, err)
			return
		}
		r.token(t)
	}
}

func (r *reader) token(t token) {
	r.value(t.text)
	switch {
	case t.end && slices.Contains(r.stack, t.name):
		for slices.Contains(r.stack, t.name) {
			r.close()
		}
	case t.end:
		r.name = ""
	case slices.Contains(groups, t.name):
		r.open(t)
	default:
		r.name = t.name
	}
}

// value takes what stands behind a tag.
func (r *reader) value(text string) {
	name := r.name
	r.name = ""
	if text == "" || name == "" {
		return
	}
	if len(r.stack) > 0 && !r.inTransaction() {
		name = r.stack[len(r.stack)-1] + "/" + name
	} else if top := r.top(); r.inTransaction() && top != "STMTTRN" && top != "STMTTRNP" {
		name = top + "/" + name
	}
	r.values[name] = text
	r.header(name)
}

func (r *reader) top() string {
	if len(r.stack) == 0 {
		return ""
	}
	return r.stack[len(r.stack)-1]
}

func (r *reader) inTransaction() bool { return r.line > 0 }

// open begins an aggregate.
func (r *reader) open(t token) {
	if (t.name == "STMTTRN" || t.name == "STMTTRNP") && r.inTransaction() { // the one before is not closed
		for r.inTransaction() {
			r.close()
		}
	}
	if _, twice := r.seen[t.name]; !twice {
		r.seen[t.name] = t.line
	}
	r.stack = append(r.stack, t.name)
	switch t.name {
	case "STMTRS", "CCSTMTRS":
		r.Finish(r.sheet)
		clear(r.values)
		r.sheet = r.Begin(&bank.Statement{Kind: bank.Booked, Line: t.line})
	case "INVSTMTRS":
		r.Finish(r.sheet)
		r.sheet = nil
	case "STMTTRN", "STMTTRNP":
		if r.sheet != nil {
			clear(r.values)
			r.line = t.line
			r.in.start(t.name)
		}
	case "STATUS":
		clear(r.values)
	}
}

// close ends the aggregate that was opened last.
func (r *reader) close() {
	name := r.top()
	r.stack = r.stack[:len(r.stack)-1]
	switch name {
	case "STMTRS", "CCSTMTRS":
		r.Finish(r.sheet)
		r.sheet = nil
	case "STMTTRN", "STMTTRNP":
		if r.inTransaction() {
			r.transaction(r.in.stop(), name == "STMTTRNP")
			r.line = 0
		}
	case "LEDGERBAL":
		r.balance()
	case "STATUS":
		r.status()
	}
}

// header takes what a statement tells of itself.
func (r *reader) header(name string) {
	if r.sheet == nil || r.inTransaction() {
		return
	}
	s, v := r.sheet.Statement, r.values
	switch name {
	case "STMTRS/CURDEF", "CCSTMTRS/CURDEF":
		if c, err := money.ParseCurrency(v[name]); err == nil {
			s.Currency = c
		} else {
			r.refuse(r.in.line, err, "")
		}
	case "BANKACCTFROM/BANKID", "BANKACCTFROM/BRANCHID", "BANKACCTFROM/ACCTID", "BANKACCTFROM/ACCTKEY":
		s.Account = account(v, "BANKACCTFROM")
	case "CCACCTFROM/ACCTID", "CCACCTFROM/ACCTKEY":
		s.Account = account(v, "CCACCTFROM")
	case "BANKTRANLIST/DTSTART":
		s.From, _ = day(v[name]) // a bound that cannot be read is left open
	case "BANKTRANLIST/DTEND":
		s.To, _ = day(v[name])
	}
}

// account reads a number in the parts that a country has: in France the bank,
// the branch, the account and its key.
func account(v map[string]string, group string) bank.Account {
	id := v[group+"/ACCTID"]
	if bank.IsIBAN(id) {
		return bank.Account{IBAN: strings.ToUpper(strings.ReplaceAll(id, " ", ""))}
	}
	parts := []string{v[group+"/BANKID"], v[group+"/BRANCHID"], id, v[group+"/ACCTKEY"]}
	return bank.Account{Number: words(strings.Join(parts, " "))}
}

// balance reads the closing balance. OFX has no opening one.
func (r *reader) balance() {
	text := r.values["LEDGERBAL/BALAMT"]
	if r.sheet == nil || text == "" {
		return
	}
	a, err := amount(text, r.currency())
	if err != nil {
		r.refuse(r.in.line, err, "")
		return
	}
	on, err := day(r.values["LEDGERBAL/DTASOF"])
	if err != nil {
		on = r.sheet.To
	}
	r.sheet.Closing = &bank.Balance{On: on, Amount: a}
}

func (r *reader) currency() money.Currency {
	if r.sheet.Currency != "" {
		return r.sheet.Currency
	}
	return r.base
}

// status says what the bank refused.
func (r *reader) status() {
	code, severity := r.values["STATUS/CODE"], strings.ToUpper(r.values["STATUS/SEVERITY"])
	if severity != "ERROR" {
		return
	}
	message := "la banque a répondu par l’erreur " + code
	if m := r.values["STATUS/MESSAGE"]; m != "" {
		message += ", «\u00a0" + m + "\u00a0»"
	}
	r.spoken = true
	r.refuse(r.in.line, &fault.Invalid{Message: message, Mend: "demandez à nouveau le relevé"}, "")
}

// end says what is missing, and why a file that has no statement is none.
func (r *reader) end() {
	open := slices.Clone(r.stack)
	if r.inTransaction() {
		r.refuse(r.line, &fault.Invalid{
			Message: "le mouvement est coupé par la fin du fichier", Mend: "récupérez le fichier entier",
		}, r.in.stop())
		r.line = 0
	}
	for len(r.stack) > 0 {
		r.close()
	}
	r.Finish(r.sheet)
	bankless := r.seen["STMTRS"] == 0 && r.seen["CCSTMTRS"] == 0
	switch {
	case r.seen["INVSTMTRS"] > 0:
		r.refuse(r.seen["INVSTMTRS"], &fault.Invalid{
			Message: "un relevé de titres n’est pas repris\u00a0: il ne dit pas ce que les clients paient",
			Mend:    "exportez le relevé du compte courant",
		}, "")
	case slices.Contains(open, "OFX"):
		r.refuse(r.in.line, &fault.Invalid{
			Message: "le fichier est tronqué\u00a0: sa fin manque", Mend: "récupérez le fichier entier",
		}, "")
	case bankless && r.spoken:
	case r.seen["ACCTINFORS"] > 0 && bankless:
		r.refuse(r.seen["ACCTINFORS"], &fault.Invalid{
			Message: "ce fichier OFX est une liste de comptes, sans aucun relevé",
		}, "")
	case bankless:
		r.refuse(1, &fault.Invalid{
			Message: "ce fichier OFX ne contient aucun relevé de compte ni de carte",
			Mend:    "exportez les opérations d’un compte",
		}, "")
	}
}

func (r *reader) refuse(line int, err error, raw string) {
	x := &ingest.Rejected{Line: line, Column: 1, Reason: err.Error()}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		x.Reason, x.Mend = f.Message, f.Mend
	}
	if raw != "" {
		x.Cells = []string{raw}
	}
	r.give(nil, x)
}

func (r *reader) give(d *ingest.Document, err error) {
	if !r.ended && !r.yield(d, err) {
		r.ended = true
	}
}
