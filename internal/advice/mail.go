package advice

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails in the encodings of before
	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"acquit/internal/fault"
)

const (
	maxParts = 100 // of a mail
	maxDepth = 5   // mails within mails
)

var (
	mailHead = regexp.MustCompile(`(?i)^(?:From [^\n]*\r?\n)?(?:[A-Z][A-Z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2}`)
	htmlHead = regexp.MustCompile(`(?i)^<(?:!doctype html|html|head|body|table|div|p|meta)\b`)
	// A mail that answers quotes ours below: what it says is above.
	quoted = regexp.MustCompile(`(?im)^(?:>.*|-{2,} ?(?:message d.origine|original message|urspr.ngliche nachricht) ?-{2,}.*` +
		`|le .{5,120} a [ée]crit ?:.*|on .{5,120} wrote ?:.*|am .{5,120} schrieb.*:.*|_{10,})$`)
)

// letter is what a mail holds.
type letter struct {
	from     string
	texts    []string // plain
	pages    []string // HTML
	attached []attached
	parts    int
	depth    int // mails that it lies in
}

type attached struct {
	name    string
	content []byte
}

// readMail reads a mail: what is attached says the most, then the table of its
// page, then its text, without the mail that it answers.
func readMail(content []byte, depth int) (Advice, error) {
	l := &letter{depth: depth}
	if err := l.read(bytes.NewReader(content), depth); err != nil {
		return Advice{}, &fault.Invalid{Message: "ce mail est abîmé\u00a0: il ne peut pas être lu", Mend: "enregistrez-le à nouveau en .eml"}
	}
	return l.advice()
}

// advice is what the mail says of a payment.
func (l *letter) advice() (Advice, error) {
	a, ok := l.best()
	if !ok {
		return a, nothing()
	}
	if a.Payer == "" && !strings.Contains(l.from, "@") {
		a.Payer = cut(oneLine(l.from))
	}
	return a, nil
}

func (l *letter) best() (Advice, bool) {
	var from [3][]Advice // the surest first
	for _, f := range l.attached {
		if a, err := read(f.content, l.depth+1); err == nil {
			from[0] = append(from[0], a)
		}
	}
	for _, page := range l.pages {
		from[1] = append(from[1], understand(htmlPage(page)))
	}
	for _, text := range l.texts {
		from[2] = append(from[2], understand(textPage(quoted.Split(text, 2)[0])))
	}
	best, ok := richest(from[:])
	if n := len(from[0]); n > 1 {
		best.warn("plusieurs", fmt.Sprintf("ce mail porte %d avis\u00a0: seul le plus long est lu, joignez les autres un à un", n), 0)
	}
	if !ok { // a forwarded mail stands behind its mark
		for _, text := range l.texts {
			from[2] = append(from[2], understand(textPage(text)))
		}
		best, ok = richest(from[:])
	}
	return best, ok
}

// richest is the advice with the most lines of the first kind that has any,
// completed by what the others say of the payment.
func richest(from [][]Advice) (best Advice, ok bool) {
	for _, list := range from {
		for _, a := range list {
			if len(a.Lines) > len(best.Lines) && !ok {
				best = a
			}
		}
		ok = len(best.Lines) > 0
	}
	for _, a := range slices.Concat(from...) {
		merge(&best, a)
	}
	return best, ok
}

// merge completes an advice by what another part of the mail says of the payment.
func merge(a *Advice, by Advice) {
	if a.PaidOn == 0 {
		a.PaidOn = by.PaidOn
	}
	if a.Reference == "" {
		a.Reference = by.Reference
	}
	if a.Payer == "" {
		a.Payer = by.Payer
	}
}

func (l *letter) read(in io.Reader, depth int) error {
	r, err := mail.CreateReader(in)
	if err != nil && (r == nil || !message.IsUnknownCharset(err)) {
		return err
	}
	if from, err := r.Header.AddressList("From"); err == nil && len(from) > 0 && l.from == "" {
		l.from = from[0].Name
	}
	for l.parts < maxParts {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && (p == nil || !message.IsUnknownCharset(err)) {
			if l.parts > 0 {
				return nil // what is cut off does not hide what was there
			}
			return err
		}
		l.parts++
		if err := l.part(p, depth); err != nil {
			return err
		}
	}
	return nil
}

func (l *letter) part(p *mail.Part, depth int) error {
	content, err := io.ReadAll(io.LimitReader(p.Body, maxFile))
	if err != nil {
		return nil //nolint:nilerr // a part that is cut off says nothing
	}
	header, ok := p.Header.(interface {
		ContentType() (string, map[string]string, error)
	})
	if !ok {
		return nil
	}
	kind, params, _ := header.ContentType() // a type that cannot be read is one that we do not know
	name := params["name"]
	if h, is := p.Header.(*mail.AttachmentHeader); is {
		if given, err := h.Filename(); err == nil && given != "" {
			name = given
		}
		if kind == "message/rfc822" && depth < maxDepth {
			return l.read(bytes.NewReader(content), depth+1)
		}
		l.attach(attached{name, content})
		return nil
	}
	switch kind {
	case "text/plain", "":
		l.texts = append(l.texts, string(content))
	case "text/html":
		l.pages = append(l.pages, string(content))
	case "message/rfc822":
		if depth < maxDepth {
			return l.read(bytes.NewReader(content), depth+1)
		}
	default:
		if !strings.HasPrefix(kind, "image/") {
			l.attach(attached{name, content})
		}
	}
	return nil
}

// attach keeps an attachment; a winmail.dat is opened.
func (l *letter) attach(a attached) {
	if bytes.HasPrefix(a.content, []byte(tnefSign)) {
		l.winmail(a.content)
		return
	}
	l.attached = append(l.attached, a)
}

// htmlPage reads the rows of tables and the lines of the rest; what a mail quotes
// is left out.
func htmlPage(text string) page {
	b := &htmlReader{}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(maxFile)
	for len(b.page) < maxRows {
		switch z.Next() {
		case html.ErrorToken:
			b.endRow()
			return b.page
		case html.TextToken:
			if b.hidden == 0 {
				b.text.WriteString(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			b.open(t)
		case html.EndTagToken:
			t := z.Token()
			b.close(t.DataAtom)
		}
	}
	return b.page
}

type htmlReader struct {
	page   page
	text   strings.Builder
	cells  []string
	inRow  bool
	line   int
	hidden int // within what is not shown, or is quoted
}

var (
	unseenTags = []atom.Atom{atom.Script, atom.Style, atom.Head, atom.Title, atom.Blockquote}
	blockTags  = []atom.Atom{
		atom.P, atom.Div, atom.Br, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.Table, atom.Pre, atom.Hr,
	}
)

func (b *htmlReader) open(t html.Token) {
	switch {
	case slices.Contains(unseenTags, t.DataAtom):
		if t.Type == html.StartTagToken {
			b.hidden++
		}
	case t.DataAtom == atom.Tr:
		b.endRow()
		b.inRow = true
	case (t.DataAtom == atom.Td || t.DataAtom == atom.Th) && b.inRow:
		b.endCell()
	case slices.Contains(blockTags, t.DataAtom):
		b.blocked()
	}
}

func (b *htmlReader) close(a atom.Atom) {
	switch {
	case slices.Contains(unseenTags, a):
		b.hidden = max(0, b.hidden-1)
	case a == atom.Tr || a == atom.Table:
		b.endRow()
	case (a == atom.Td || a == atom.Th) && b.inRow:
		b.cells = append(b.cells, b.text.String())
		b.text.Reset()
	case slices.Contains(blockTags, a):
		b.blocked()
	}
}

// blocked ends a line; within a cell it is a space.
func (b *htmlReader) blocked() {
	if b.inRow {
		b.text.WriteByte(' ')
		return
	}
	b.endRow()
}

// endCell closes a cell whose end the page leaves out.
func (b *htmlReader) endCell() {
	if oneLine(b.text.String()) != "" {
		b.cells = append(b.cells, b.text.String())
	}
	b.text.Reset()
}

func (b *htmlReader) endRow() {
	b.line++
	if b.inRow {
		b.endCell()
		if cells := cellsOf(b.cells); len(cells) > 0 {
			b.page = append(b.page, row{b.line, cells})
		}
	} else if cells := cellsOf([]string{b.text.String()}); len(cells) > 0 {
		b.page = append(b.page, row{b.line, cells})
	}
	b.text.Reset()
	b.cells, b.inRow = nil, false
}
