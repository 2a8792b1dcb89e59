// Package fec reads the « fichier des écritures comptables » (LPF art. A47 A-1)
// and makes of the customer accounts what the books need: invoices, credit
// notes, payments, what is set against what by the lettering, and the balance
// of the accounts to hold the result against.
//
// It reads the accounts 411 (customers), 413 (bills), 416 (doubtful) and 4191
// (advances received); 418 (not yet billed) is left aside. Only the lines of
// these accounts are kept in memory.
package fec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/ingest/charset"
	"acquit/internal/ingest/delimited"
)

const law = "LPF art. A47 A-1"

// Driver reads accounting files.
var Driver = ingest.Driver{
	Format: ingest.FEC,
	Title:  "Fichier des écritures comptables (FEC)",
	Sniff:  sniff,
	Open:   open,
}

// columns are the eighteen of the law, in its order. Montant and Sens may stand
// in the place of Debit and Credit.
var columns = []string{
	"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
	"PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate",
	"Montantdevise", "Idevise",
}

// dueNames are those of the columns that some programs add.
var dueNames = []string{"dateecheance", "echeance", "echeancedate", "dateech", "datecheance", "duedate"}

// separators: the law has the tab and the bar; the others are met.
var separators = []string{"\t", "|", ";", ","}

// enough of the columns make a file an accounting file; with fewer it is one
// that lacks some, and is told so.
const (
	enough = 10
	few    = 6
)

func sniff(s ingest.Sample) ingest.Confidence {
	_, known := bestSeparator(s.Text)
	switch {
	case known >= enough:
		return ingest.Certain
	case known >= few:
		return ingest.Likely + 10
	}
	return ingest.No
}

// bestSeparator finds the one that makes the most sense of the first line.
func bestSeparator(text string) (sep string, known int) {
	first := strings.TrimLeft(text, "\ufeff\r\n \t")
	if i := strings.IndexAny(first, "\r\n"); i >= 0 {
		first = first[:i]
	}
	for _, sp := range separators {
		n := 0
		for name := range strings.SplitSeq(first, sp) {
			if slices.ContainsFunc(columns, func(c string) bool { return plain(c) == plain(name) }) {
				n++
			}
		}
		if n > known {
			sep, known = sp, n
		}
	}
	return sep, known
}

// plain is a column's name as it is compared.
func plain(name string) string {
	return strings.ToLower(strings.Trim(strings.NewReplacer("_", "", " ", "", `"`, "").Replace(name), "\ufeff\r\n\t"))
}

func open(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	enc, err := encoding(src, h)
	if err != nil {
		return nil, err
	}
	text, err := decoded(io.NewSectionReader(src.Content, 0, min(src.Size, ingest.SampleSize)), enc)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(text)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	sep, _ := bestSeparator(string(head))
	end := byte('\n')
	if !strings.Contains(string(head), "\n") && strings.Contains(string(head), "\r") {
		end = '\r'
	}
	f := &ingest.File{Name: src.Name, Format: ingest.FEC}
	f.Understood = ingest.Understood{
		What: "comptabilité", Encoding: string(enc.Encoding), Separator: sep, Decimal: ",", DateOrder: "ymd", HeaderLine: 1,
	}
	f.Understood.SIREN, f.Understood.Closing = nameOf(src.Name)
	r := &file{File: f, base: h.Base()}
	lines := func() (*delimited.Reader, error) {
		in, err := decoded(src.Reader(), enc)
		if err != nil {
			return nil, err
		}
		return delimited.NewReader(in, sep, end), nil
	}
	in, err := lines()
	if err != nil {
		return nil, err
	}
	if f.Err = r.header(in); f.Err == nil {
		f.Stream = r.stream(ctx, lines)
	}
	return f, nil
}

func encoding(src ingest.Source, h ingest.Hints) (charset.Detected, error) {
	d, err := charset.Detect(src.Content, src.Size)
	if err != nil || h.Encoding == "" {
		return d, err
	}
	e, err := charset.Lookup(h.Encoding)
	if e != d.Encoding {
		d = charset.Detected{Encoding: e}
	}
	return d, err
}

func decoded(r io.Reader, d charset.Detected) (io.Reader, error) { return charset.NewReader(r, d) }

// fileName is SIRENFECAAAAMMJJ, with the last day of the year.
var fileName = regexp.MustCompile(`(\d{9})FEC(\d{4})(\d{2})(\d{2})`)

func nameOf(name string) (siren string, closing cal.Date) {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return "", 0
	}
	closing, err := cal.Parse(m[2] + "-" + m[3] + "-" + m[4])
	if err != nil {
		return m[1], 0
	}
	return m[1], closing
}

// header finds the columns. Those without which nothing can be read are
// demanded by name; the others, and their order, are remarked on.
func (r *file) header(in *delimited.Reader) error {
	row, err := in.Next()
	if err != nil || row.Err != nil {
		return &ingest.Rejected{Line: 1, Column: 1, Rule: law, Reason: "la ligne des noms de colonnes manque"}
	}
	r.at = map[string]int{}
	for i, name := range row.Cells {
		r.Header = append(r.Header, strings.TrimSpace(name))
		if _, twice := r.at[plain(name)]; !twice {
			r.at[plain(name)] = i
		}
	}
	r.Understood.HeaderLine = row.Line
	r.places()
	r.signed = r.index("Montant") >= 0 && r.index("Sens") >= 0
	refused, remarked := r.missing()
	if len(refused) > 0 {
		return refused
	}
	if len(remarked) > 0 {
		r.Warn("colonnes", "il manque des colonnes obligatoires ("+law+")\u00a0: "+strings.Join(remarked, ", "))
	}
	if len(remarked) == 0 && !r.inOrder() {
		r.Warn("colonnes", "les colonnes ne sont pas dans l’ordre de l’"+law[4:])
	}
	r.show()
	return nil
}

// places looks each column up once.
func (r *file) places() {
	c := &r.col
	for name, at := range map[string]*int{
		"JournalCode": &c.journal, "JournalLib": &c.journalName, "EcritureNum": &c.number,
		"EcritureDate": &c.date, "CompteNum": &c.account,
		"CompteLib": &c.accountName, "CompAuxNum": &c.code, "CompAuxLib": &c.name, "PieceRef": &c.piece,
		"PieceDate":   &c.issued,
		"EcritureLib": &c.label, "Debit": &c.debit, "Credit": &c.credit, "Montant": &c.amount, "Sens": &c.side,
		"EcritureLet": &c.letter,
		"DateLet":     &c.lettered,
	} {
		*at = r.index(name)
	}
	c.due = -1
	for _, name := range dueNames {
		if i, ok := r.at[name]; ok && c.due < 0 {
			c.due = i
		}
	}
}

// index is the column of a name, −1 where there is none.
func (r *file) index(name string) int {
	if i, ok := r.at[plain(name)]; ok {
		return i
	}
	return -1
}

// names are the columns that this file should have: one of the two lawful sets.
func (r *file) names() []string {
	list := slices.Clone(columns)
	if r.signed {
		list[11], list[12] = "Montant", "Sens"
	}
	return list
}

// missing sorts the missing columns into those that stop the reading and the rest.
func (r *file) missing() (refused ingest.Rejections, remarked []string) {
	vital := []string{"JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "Debit", "Credit"}
	for i, name := range r.names() {
		switch {
		case r.index(name) >= 0:
		case slices.Contains(vital, name):
			refused = append(refused, &ingest.Rejected{
				Line: r.Understood.HeaderLine, Column: i + 1, Rule: law,
				Reason: "la colonne «\u00a0" + name + "\u00a0» manque",
				Mend:   "exportez le FEC complet, avec ses dix-huit colonnes",
			})
		default:
			remarked = append(remarked, name)
		}
	}
	return refused, remarked
}

func (r *file) inOrder() bool {
	for i, name := range r.names() {
		if r.index(name) != i {
			return false
		}
	}
	return true
}

// show says what the columns were taken for.
func (r *file) show() {
	fields := map[string]ingest.Field{
		"PieceRef": ingest.FieldNumber, "PieceDate": ingest.FieldIssued, "CompAuxNum": ingest.FieldCustomerCode,
		"CompAuxLib": ingest.FieldCustomerName,
		"CompteNum":  ingest.FieldAccount, "Debit": ingest.FieldDebit, "Credit": ingest.FieldCredit,
		"Sens":    ingest.FieldSide,
		"Montant": ingest.FieldTotal, "EcritureLib": ingest.FieldLabel, "EcritureLet": ingest.FieldLettering,
		"JournalCode": ingest.FieldJournal,
	}
	for i, name := range r.Header {
		c := ingest.Column{Index: i + 1, Name: name}
		for column, field := range fields {
			if plain(column) == plain(name) {
				c.Field = field
			}
		}
		if i == r.col.due {
			c.Field = ingest.FieldDue
		}
		r.Understood.Columns = append(r.Understood.Columns, c)
	}
}

// stream reads all lines, then gives the documents customer by customer.
func (r *file) stream(ctx context.Context, lines func() (*delimited.Reader, error)) iter.Seq2[*ingest.Document, error] {
	return func(yield func(*ingest.Document, error) bool) {
		in, err := lines()
		if err != nil {
			yield(nil, err)
			return
		}
		r.reset()
		if !r.read(ctx, in, yield) {
			return
		}
		if len(r.lines) == 0 {
			r.Warn("vide", "aucune écriture de compte client (411, 413, 416 ou 4191) n’est dans ce fichier")
		}
		r.controls()
		r.settle()
		for _, d := range r.documents() {
			if !yield(d, nil) || ctx.Err() != nil {
				return
			}
		}
		r.compare()
	}
}

// read takes in all lines; it is false when the loop is to end.
func (r *file) read(ctx context.Context, in *delimited.Reader, yield func(*ingest.Document, error) bool) bool {
	in.Width = len(r.Header)
	for n := 0; ; n++ {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			return true
		}
		if err == nil && n%4096 == 0 {
			err = ctx.Err()
		}
		if err != nil {
			yield(nil, err)
			return false
		}
		if row.Line <= r.Understood.HeaderLine {
			continue
		}
		if rej := r.line(row); rej != nil && !yield(nil, rej) {
			return false
		}
		if len(r.lines) > maxLines {
			yield(nil, &ingest.Rejected{
				Line: row.Line, Reason: fmt.Sprintf("le fichier a plus de %d écritures de clients", maxLines), Mend: "découpez-le par exercice",
			})
			return false
		}
	}
}
