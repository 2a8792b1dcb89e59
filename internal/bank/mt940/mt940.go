// Package mt940 reads the customer statements of SWIFT (MT940) and the interim
// reports (MT942), alone or in their envelope, in the dialects of German, Dutch,
// Swiss and French banks.
package mt940

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Driver reads MT940 and MT942 statements.
var Driver = ingest.Driver{
	Format: ingest.MT940,
	Title:  "Relevé bancaire MT940 ou MT942 (SWIFT)",
	Sniff:  sniff,
	Open:   open,
}

// Every statement has a reference, a balance that it opens with or, in an interim
// report, a floor limit, or at least a movement, and an account or, where that was
// lost, a number.
var (
	tag20 = regexp.MustCompile(`(?m)^(.*\{4:)?\s*:20:`)
	tag25 = regexp.MustCompile(`(?m)^:(25P?|28C?):`)
	tag60 = regexp.MustCompile(`(?m)^:(60[FM]|34F|61):`)
)

func sniff(s ingest.Sample) ingest.Confidence {
	text := strings.NewReplacer("\r", "\n", signedEnd, "\n").Replace(s.Text)
	if tag20.MatchString(text) && tag25.MatchString(text) && tag60.MatchString(text) {
		return ingest.Certain
	}
	return ingest.No
}

func open(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	text, enc, err := ingest.Decoded(src, h)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.MT940}
	f.Understood = ingest.Understood{
		What: "relevé bancaire", Encoding: string(enc.Encoding), Decimal: ",", DateOrder: "ymd",
	}
	f.Stream = func(yield func(*ingest.Document, error) bool) {
		in, err := text()
		if err != nil {
			yield(nil, err)
			return
		}
		r := &reader{File: f, yield: yield, base: h.Base()}
		r.read(ctx, in)
	}
	return f, nil
}

// maxLine bounds a line, and maxField the lines of one field: the standard has
// six of 65 characters, banks write more.
const (
	maxLine  = 64 << 10
	maxField = 1000
)

// tagForm is the beginning of a field. Only the fields of these messages are
// taken for one: a text may well begin with « :10:15 ».
var tagForm = regexp.MustCompile(`^:(13[CD]?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65F?|86|90[CD]|NS):`)

// reader is one reading of a file.
type reader struct {
	*ingest.File
	base  money.Currency
	yield func(*ingest.Document, error) bool
	ended bool

	field field
	sheet *ingest.Sheet
	state state
	entry *movement
}

// field is one field with the lines that go on with it.
type field struct {
	tag   string
	lines []string
	line  int
}

// state is what is known of the message that is open.
type state struct {
	counted [2]totals // debits and credits, as added up
}

// totals are a number of entries and what they add up to.
type totals struct {
	entries int
	minor   int64
}

func (r *reader) read(ctx context.Context, in io.Reader) {
	ahead := bufio.NewReader(in)
	head, _ := ahead.Peek(len(signedEnd) + 1) // less in a file that holds nothing
	lines := bufio.NewScanner(ahead)
	lines.Buffer(nil, maxLine)
	lines.Split(splitLines(bytes.HasPrefix(head, []byte(signedEnd+":"))))
	n := 0
	for ; !r.ended && lines.Scan(); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			r.yield(nil, ctx.Err())
			return
		}
		r.line(lines.Text(), n+1)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		r.refuse(n+1, &fault.Invalid{Message: "une ligne est trop longue pour un relevé MT940"}, "")
	case err != nil:
		r.yield(nil, err)
		return
	}
	r.endField()
	r.close()
	if len(r.Statements) == 0 {
		r.refuse(1, &fault.Invalid{Message: "ce fichier MT940 ne contient aucun relevé"}, "")
	}
}

// signedEnd is the end of a line in what came through the German home banking
// (FinTS, HKKAZ): the field 20 begins with it, and all lines are in one.
const signedEnd = "@@"

// splitLines ends a line at a line feed, a carriage return, or both, and at the
// sign where the file is written with it.
func splitLines(signed bool) bufio.SplitFunc {
	return func(data []byte, atEOF bool) (int, []byte, error) {
		i := bytes.IndexAny(data, "\r\n")
		if j := bytes.Index(data, []byte(signedEnd)); signed && j >= 0 && (i < 0 || j < i) {
			return j + len(signedEnd), data[:j], nil
		}
		switch {
		case i < 0 && atEOF && len(data) > 0:
			return len(data), data, nil
		case i < 0, data[i] == '\r' && i+1 == len(data) && !atEOF:
			return 0, nil, nil
		case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
			return i + 2, data[:i], nil
		}
		return i + 1, data[:i], nil
	}
}

// line takes one line: the beginning of a field, the end of a message, or what
// goes on with the field before.
func (r *reader) line(text string, n int) {
	text = strings.Trim(text, "\x00\x01\x03\x1a\ufeff")
	if i := strings.Index(text, "{4:"); i >= 0 && (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "-}")) {
		r.endField()
		r.close()
		text = text[i+len("{4:"):]
	}
	bare := strings.TrimSpace(text)
	switch m := tagForm.FindStringSubmatch(text); {
	case m != nil:
		r.endField()
		r.field = field{tag: m[1], lines: []string{text[len(m[0]):]}, line: n}
	case bare == "-" || strings.HasPrefix(bare, "-}"):
		r.endField()
		r.close()
	case r.field.tag != "" && len(r.field.lines) < maxField:
		r.field.lines = append(r.field.lines, text)
	}
}

// endField takes in the field whose lines have ended.
func (r *reader) endField() {
	f := r.field
	r.field = field{}
	for len(f.lines) > 1 && strings.TrimSpace(f.lines[len(f.lines)-1]) == "" {
		f.lines = f.lines[:len(f.lines)-1]
	}
	if r.entry != nil && (f.tag == "86" || f.tag == "NS" || f.tag == "25" && numberedForm.MatchString(f.lines[0])) {
		r.entry.inform(f) // a 25 that reads as an 86 was misnamed
		return
	}
	if f.tag != "" {
		r.flush()
	}
	switch f.tag {
	case "20":
		r.close()
		r.begin(f.line)
	case "25", "25P":
		r.statement(f).Account = account(f.lines)
	case "28", "28C":
		r.statement(f).Number = strings.TrimSpace(f.lines[0])
	case "60F", "60M":
		r.opening(f)
	case "62F", "62M":
		r.closing(f)
	case "34F":
		r.floor(f)
	case "61":
		r.movement(f)
	case "90C", "90D":
		r.total(f)
	case "86", "NS":
		r.informed(f)
		r.Skip("information sur le relevé entier", f.line)
	}
}

// ownIBAN is how Nordic banks give the IBAN beside a number of their own.
var ownIBAN = regexp.MustCompile(`(?i)\bIBAN(?: no\.?| nr\.?)? ?: ?([A-Z]{2}\d{2}[A-Z0-9]{11,30})\b`)

// informed takes the account out of what is said of the whole statement.
func (r *reader) informed(f field) {
	m := ownIBAN.FindStringSubmatch(f.lines[0])
	if m == nil || r.sheet == nil || r.sheet.Account.IBAN != "" || !bank.IsIBAN(m[1]) {
		return
	}
	r.sheet.Account.IBAN = strings.ToUpper(m[1])
}

func (r *reader) begin(line int) {
	r.sheet = r.Begin(&bank.Statement{Kind: bank.Booked, Line: line})
	r.state = state{}
}

// statement is the one that is open; a file cut at its beginning has a field
// before any reference.
func (r *reader) statement(f field) *bank.Statement {
	if r.sheet == nil {
		r.begin(f.line)
	}
	return r.sheet.Statement
}

// close ends the statement that is open.
func (r *reader) close() {
	r.flush()
	if r.sheet == nil {
		return
	}
	s := r.sheet
	if s.Closing == nil && s.Kind == bank.Booked {
		r.refuse(s.Line, &fault.Invalid{
			Message: "le solde final (:62F:) de ce relevé manque\u00a0: ses mouvements sont repris, mais rien " +
				"ne dit qu’ils y sont tous",
			Mend: "demandez à nouveau le relevé à la banque",
		}, "")
	}
	r.Finish(s)
	r.sheet = nil
}

// balanceForm is the mark, the day, the currency and the amount of a balance.
var balanceForm = regexp.MustCompile(`^\s*([CD])(\d{6})([A-Z]{3})\s*([\d.,]+)`)

func (r *reader) balance(f field) *bank.Balance {
	m := balanceForm.FindStringSubmatch(f.lines[0])
	if m == nil {
		r.wrong(f, &fault.Invalid{
			Message: "«\u00a0" + f.lines[0] + "\u00a0» n’est pas un solde de la forme C261130EUR1234,56",
		})
		return nil
	}
	on, err := day(m[2])
	if err != nil {
		r.wrong(f, err)
		return nil
	}
	c, err := money.ParseCurrency(m[3])
	if err != nil {
		r.wrong(f, err)
		return nil
	}
	a, err := amount(m[4], c)
	if err != nil {
		r.wrong(f, err)
		return nil
	}
	if m[1] == "D" {
		a = a.Neg()
	}
	return &bank.Balance{On: on, Amount: a}
}

// opening reads the balance that a statement begins with. A second one without
// a reference before it begins another statement of the account.
func (r *reader) opening(f field) {
	if s := r.statement(f); s.Opening != nil {
		account, number := s.Account, s.Number
		r.close()
		r.begin(f.line)
		r.sheet.Account, r.sheet.Number = account, number
	}
	if b := r.balance(f); b != nil {
		r.sheet.Opening, r.sheet.Currency = b, b.Amount.Currency
	}
}

func (r *reader) closing(f field) {
	s := r.statement(f)
	if b := r.balance(f); b != nil {
		s.Closing = b
		if s.Currency == "" {
			s.Currency = b.Amount.Currency
		}
		return
	}
	s.Closing = nil
}

// floor is the field that only an interim report has: the amount from which
// entries are told, and the currency.
func (r *reader) floor(f field) {
	s := r.statement(f)
	s.Kind = bank.Interim
	if len(f.lines[0]) >= 3 && s.Currency == "" {
		if c, err := money.ParseCurrency(f.lines[0][:3]); err == nil {
			s.Currency = c
		}
	}
}

// totalForm is the number of entries, which may be missing where there are none,
// the currency and what they add up to.
var totalForm = regexp.MustCompile(`^\s*(\d{0,5})([A-Z]{3})([\d.,]+)`)

// total holds what an interim report states against what was read.
func (r *reader) total(f field) {
	m := totalForm.FindStringSubmatch(f.lines[0])
	if m == nil || r.sheet == nil {
		return
	}
	stated, err := amount(m[3], money.Currency(m[2]))
	if err != nil {
		r.wrong(f, err)
		return
	}
	side, label := 0, "total des débits"
	if f.tag == "90C" {
		side, label = 1, "total des crédits"
	}
	r.Check(ingest.Control{
		Label: label, Stated: stated, Computed: money.New(r.state.counted[side].minor, stated.Currency), Line: f.line,
	})
}

func (r *reader) wrong(f field, err error) {
	r.refuse(f.line, err, ":"+f.tag+":"+strings.Join(f.lines, "\n"))
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
