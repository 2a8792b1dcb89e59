// Package xmltree reads a small XML document into a tree that knows where each
// of its elements stands. It believes nothing: depth, number and size are
// bounded, there are no document types and so no entities of the author's own,
// and an encoding that is not the one declared is an error.
package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"acquit/internal/fault"
	"acquit/internal/ingest/charset"
)

// What a document may hold: an invoice of ten thousand lines with a scanned
// attachment stays below.
const (
	MaxSize  = 64 << 20 // bytes
	MaxDepth = 64
	MaxNodes = 1_000_000
)

// Node is an element. Text is its own character data, without that of its
// children, trimmed.
type Node struct {
	Space    string // its namespace
	Name     string // its local name
	Attr     []xml.Attr
	Text     string
	Children []*Node
	Line     int
	Column   int
	text     []byte // what Text is made of, until the element ends
}

// Get is the value of an attribute by its local name.
func (n *Node) Get(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// All are the elements at a path of local names below n: "Party/Name".
func (n *Node) All(path string) []*Node {
	if n == nil {
		return nil
	}
	first, rest, more := strings.Cut(path, "/")
	var found []*Node
	for _, c := range n.Children {
		if c.Name != first {
			continue
		}
		if more {
			found = append(found, c.All(rest)...)
		} else {
			found = append(found, c)
		}
	}
	return found
}

// At is the first element at a path of local names below n, or nil.
func (n *Node) At(path string) *Node {
	if n == nil {
		return nil
	}
	first, rest, more := strings.Cut(path, "/")
	for _, c := range n.Children {
		if c.Name != first {
			continue
		}
		if !more {
			return c
		}
		if found := c.At(rest); found != nil {
			return found
		}
	}
	return nil
}

// Value is the text at a path below n, or nothing.
func (n *Node) Value(path string) string {
	if at := n.At(path); at != nil {
		return at.Text
	}
	return ""
}

// Parse reads a document. Its errors are *fault.Invalid with line and column,
// and in Field the rule: "W3C XML 1.0" and its section.
func Parse(b []byte) (*Node, error) {
	if len(b) > MaxSize {
		return nil, invalid("", 0, 0, fmt.Sprintf("le document XML fait plus de %d Mo", MaxSize>>20), "")
	}
	text, err := decode(b)
	if err != nil {
		return nil, err
	}
	p := parser{dec: xml.NewDecoder(bytes.NewReader(text)), text: text, mend: "générez-le à nouveau dans le logiciel de facturation"}
	p.pos = p.dec.InputPos
	p.dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // already UTF-8
	return p.document()
}

// Root is the name of the outermost element of what may be a document, from
// its first bytes alone.
func Root(head []byte) (name xml.Name, ok bool) {
	text, err := decode(head)
	if err != nil {
		text = bytes.ToValidUTF8(head, []byte("?"))
	}
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		t, err := dec.Token()
		if err != nil {
			return xml.Name{}, false
		}
		if s, is := t.(xml.StartElement); is {
			return s.Name, true
		}
	}
}

type parser struct {
	dec   *xml.Decoder
	pos   func() (line, col int) // of the decoder in the whole document
	text  []byte
	mend  string // of what is not well formed
	nodes int
	stack []*Node
	root  *Node
}

func (p *parser) document() (*Node, error) {
	for {
		line, col := p.pos()
		t, err := p.dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.broken(err)
		}
		if err := p.token(t, line, col); err != nil {
			return nil, err
		}
	}
	if p.root == nil {
		return nil, invalid(wellFormed, 1, 1, "le document XML n’a pas d’élément", "")
	}
	return p.root, nil
}

func (p *parser) token(t xml.Token, line, col int) error {
	switch t := t.(type) {
	case xml.StartElement:
		return p.start(t, line, col)
	case xml.EndElement:
		top := p.stack[len(p.stack)-1]
		top.Text, top.text = string(bytes.TrimSpace(top.text)), nil
		p.stack = p.stack[:len(p.stack)-1]
	case xml.CharData:
		if len(p.stack) > 0 {
			top := p.stack[len(p.stack)-1]
			top.text = append(top.text, t...)
		} else if len(bytes.TrimSpace(t)) > 0 {
			return invalid(wellFormed, line, col, "il y a du texte hors de l’élément racine", "")
		}
	case xml.Directive:
		if bytes.HasPrefix(bytes.TrimSpace(t), []byte("DOCTYPE")) {
			return doctype(line, col)
		}
	}
	return nil
}

func (p *parser) start(t xml.StartElement, line, col int) error {
	if p.nodes++; p.nodes > MaxNodes {
		return invalid("", line, col, fmt.Sprintf("le document XML a plus de %d éléments", MaxNodes), "")
	}
	if len(p.stack) >= MaxDepth {
		return tooDeep(line, col)
	}
	n := &Node{Space: t.Name.Space, Name: t.Name.Local, Attr: t.Attr, Line: line, Column: col}
	switch {
	case len(p.stack) > 0:
		top := p.stack[len(p.stack)-1]
		top.Children = append(top.Children, n)
	case p.root != nil:
		return invalid(wellFormed, line, col, "il y a deux éléments racines", "")
	default:
		p.root = n
	}
	p.stack = append(p.stack, n)
	return nil
}

func doctype(line, col int) error {
	return invalid(wellFormed, line, col,
		"le document porte une déclaration DOCTYPE, qui peut cacher des entités\u00a0: elle est refusée",
		"ces documents n’en ont pas besoin\u00a0: retirez-la")
}

func tooDeep(line, col int) error {
	return invalid("", line, col, fmt.Sprintf("les éléments s’emboîtent sur plus de %d niveaux", MaxDepth), "")
}

const (
	wellFormed = "W3C XML 1.0"
	encodings  = "W3C XML 1.0 §4.3.3"
	escaping   = "W3C XML 1.0 §2.4"
)

// broken says in French what the decoder found.
func (p *parser) broken(err error) error {
	line, col := p.pos()
	rule, reason, mend := wellFormed, "le document XML est mal formé", p.mend
	syntax, ok := errors.AsType[*xml.SyntaxError](err)
	if !ok {
		return invalid(rule, line, col, reason, mend)
	}
	switch msg := syntax.Msg; {
	case strings.Contains(msg, "unexpected EOF"):
		reason, mend = p.cut(), "récupérez le fichier entier"
	case strings.Contains(msg, "invalid character entity"):
		rule, reason = escaping,
			"le document XML est mal formé\u00a0: une esperluette «\u00a0&\u00a0» n’y est pas écrite «\u00a0&amp;\u00a0», ou une entité n’est pas définie"
	case strings.Contains(msg, "invalid UTF-8"):
		rule, reason = encodings, "le document XML n’est pas dans l’encodage qu’il déclare (UTF-8)"
	case strings.Contains(msg, "illegal character code"):
		reason = "le document XML contient un caractère interdit"
	case strings.Contains(msg, "closed by"), strings.Contains(msg, "unexpected end element"):
		reason = "le document XML est mal formé\u00a0: une balise est fermée par une autre"
	case strings.Contains(msg, "expected"):
		rule, reason = escaping,
			"le document XML est mal formé\u00a0: un chevron «\u00a0<\u00a0» n’y est pas écrit «\u00a0&lt;\u00a0», ou une balise est incomplète"
	}
	return invalid(rule, line, col, reason, mend)
}

func (p *parser) cut() string {
	reason := "le document XML est tronqué\u00a0: il s’arrête "
	if len(p.stack) == 0 {
		return reason + "avant son premier élément"
	}
	return reason + "au milieu de l’élément «\u00a0" + p.stack[len(p.stack)-1].Name + "\u00a0»"
}

func invalid(rule string, line, col int, message, mend string) error {
	return &fault.Invalid{Field: rule, Line: line, Column: col, Message: message, Mend: mend}
}

var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:\-]+)["']`)

// decode makes the document UTF-8 and holds it to the encoding that it
// declares: a wrong one would corrupt names in silence.
func decode(b []byte) ([]byte, error) {
	d := charset.DetectBytes(b[:min(len(b), 4096)])
	switch d.Encoding {
	case charset.UTF16LE, charset.UTF16BE:
		return convert(b, d)
	}
	if d.BOM > 0 {
		b = b[d.BOM:]
	}
	declared := "UTF-8"
	if m := declaration.FindSubmatch(b[:min(len(b), 1024)]); m != nil {
		declared = string(m[1])
	}
	e, err := charset.Lookup(declared)
	if err != nil {
		return nil, invalid(encodings, 1, 1, "le document XML déclare un encodage inconnu, «\u00a0"+declared+"\u00a0»", "enregistrez-le en UTF-8")
	}
	if e == charset.UTF8 {
		return b, firstBad(b, declared)
	}
	if e == charset.UTF16LE || e == charset.UTF16BE || utf8.Valid(b) && hasHigh(b) {
		return nil, invalid(encodings, 1, 1,
			"le document XML déclare l’encodage "+declared+" alors que ses octets n’en sont pas\u00a0: la déclaration est mensongère",
			"s’il est en UTF-8, déclarez encoding=\"UTF-8\"")
	}
	return convert(b, charset.Detected{Encoding: e})
}

// firstBad finds the first byte of a declared UTF-8 that is none.
func firstBad(b []byte, declared string) error {
	if utf8.Valid(b) {
		return nil
	}
	at := 0
	for at < len(b) {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	line := 1 + bytes.Count(b[:at], []byte("\n"))
	col := at - bytes.LastIndexByte(b[:at], '\n')
	return invalid(encodings, line, col,
		"le document XML déclare l’encodage "+declared+" mais contient des octets qui n’en sont pas\u00a0: la déclaration est mensongère",
		"enregistrez-le vraiment en UTF-8, ou déclarez l’encodage réel")
}

func convert(b []byte, d charset.Detected) ([]byte, error) {
	r, err := charset.NewReader(bytes.NewReader(b), d)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func hasHigh(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return true
		}
	}
	return false
}
