package yamldoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"acquit/internal/fault"
)

// Node is one value of a document. The zero Node stands for one that is missing
// or could not be read: asking it for anything gives nothing, silently, because
// its fault is already recorded.
type Node struct {
	d *Doc
	n ast.Node
}

// Missing tells whether there is nothing to read.
func (n Node) Missing() bool { return n.n == nil }

// Place is where the value begins, counted from 1.
func (n Node) Place() (line, column int) {
	if n.n == nil {
		return 1, 1
	}
	at := n.n
	if m, ok := at.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		at = m.Values[0].Key // a block mapping's own token is its first colon
	}
	p := at.GetToken().Position
	return p.Line, max(p.Column, 1)
}

// Wrong records a fault at the value: what is wrong, and how to mend it (may be
// empty).
func (n Node) Wrong(mend, format string, args ...any) {
	if n.d == nil {
		return
	}
	line, column := n.Place()
	n.d.add(line, column, fmt.Sprintf(format, args...), mend)
}

// Refuse records err as a fault at the value, keeping the words of a
// *fault.Invalid.
func (n Node) Refuse(err error) {
	for _, f := range Faults(err) {
		n.Wrong(f.Mend, "%s", f.Message)
		return
	}
	n.Wrong("", "%s", err.Error())
}

// Adopt records the faults of another document, which the value names, at their
// own places.
func (n Node) Adopt(err error) {
	for _, f := range Faults(err) {
		if n.d != nil && len(n.d.faults) < maxFaults {
			n.d.faults = append(n.d.faults, f)
		}
	}
}

// kind is the value's kind in French, for messages.
func (n Node) kind() string {
	switch n.n.Type() {
	case ast.MappingType, ast.MappingValueType:
		return "un groupe de clés"
	case ast.SequenceType:
		return "une liste"
	case ast.NullType:
		return "rien"
	case ast.BoolType:
		return "oui ou non"
	case ast.IntegerType, ast.FloatType:
		return "un nombre"
	}
	return "un texte"
}

// supported refuses anchors, aliases, tags and merges: a policy says what it
// says where it stands, and an alias can blow a document up.
func (n Node) supported() bool {
	switch n.n.Type() {
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType, ast.DirectiveType:
		n.Wrong("écrivez la valeur elle-même", "les ancres, renvois et étiquettes YAML ne sont pas admis")
		return false
	}
	return true
}

// IsMap tells whether the value is a group of keys.
func (n Node) IsMap() bool {
	return n.n != nil && (n.n.Type() == ast.MappingType || n.n.Type() == ast.MappingValueType)
}

// IsList tells whether the value is a list.
func (n Node) IsList() bool { return n.n != nil && n.n.Type() == ast.SequenceType }

// Map is a group of keys.
type Map struct {
	Node
	fields map[string]Node
	keys   map[string]Node
}

// Map reads a group of keys, of which only known ones may occur, each once.
func (n Node) Map(known ...string) Map {
	m := Map{Node: n, fields: map[string]Node{}, keys: map[string]Node{}}
	if n.n == nil || !n.supported() {
		return m
	}
	var pairs []*ast.MappingValueNode
	switch v := n.n.(type) {
	case *ast.MappingNode:
		pairs = v.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{v}
	default:
		n.Wrong("clés possibles : "+strings.Join(known, ", "), "un groupe de clés est attendu, et non %s", n.kind())
		return Map{} // of which no key is missed
	}
	for _, p := range pairs {
		m.take(p, known)
	}
	return m
}

// take adds one key and its value.
func (m Map) take(p *ast.MappingValueNode, known []string) {
	key := Node{d: m.d, n: p.Key}
	if !key.supported() {
		return
	}
	name := p.Key.GetToken().Value
	switch {
	case name != "" && strings.Trim(name, "0123456789") == "":
		key.Wrong("un nombre s’écrit avec un point : 1234.50", "clé inconnue : « %s »", name)
	case !slices.Contains(known, name):
		key.Wrong(choices(name, known), "clé inconnue : « %s »", name)
	case m.keys[name].n != nil:
		line, _ := m.keys[name].Place()
		key.Wrong(fmt.Sprintf("elle est déjà à la ligne %d", line), "la clé « %s » est donnée deux fois", name)
	default:
		m.keys[name] = key
		if value := (Node{d: m.d, n: p.Value}); value.n != nil && value.supported() {
			m.fields[name] = value
		}
	}
}

// Has tells whether key is given.
func (m Map) Has(key string) bool { return m.keys[key].n != nil }

// Get is the value of key, or the zero Node. A key without a value is a fault.
func (m Map) Get(key string) Node {
	v := m.fields[key]
	if v.n != nil && v.n.Type() == ast.NullType {
		m.keys[key].Wrong("donnez-en une ou retirez la clé", "la clé « %s » n’a pas de valeur", key)
		return Node{}
	}
	return v
}

// Need is Get for a key that must be given.
func (m Map) Need(key string) Node {
	m.Must(key)
	return m.Get(key)
}

// Must records a fault where key is not given.
func (m Map) Must(key string) {
	if m.n != nil && !m.Has(key) {
		m.Wrong("", "il manque la clé « %s »", key)
	}
}

// Key is the key itself, as a place for faults.
func (m Map) Key(key string) Node { return m.keys[key] }

// List is the entries of a list; anything else is a fault, and a single value
// is told how to become a list.
func (n Node) List() []Node {
	if n.n == nil || !n.supported() {
		return nil
	}
	s, ok := n.n.(*ast.SequenceNode)
	if !ok {
		mend := ""
		if text, ok := n.scalar(); ok {
			mend = "écrivez [" + text + "]"
		}
		n.Wrong(mend, "une liste est attendue, et non %s", n.kind())
		return nil
	}
	all := make([]Node, 0, len(s.Values))
	for _, v := range s.Values {
		if e := (Node{d: n.d, n: v}); e.n != nil && e.supported() {
			all = append(all, e)
		}
	}
	return all
}

// Entries is the list at key, which may be left empty: all its entries may be
// commented out.
func (m Map) Entries(key string) []Node {
	if v := m.fields[key]; v.n != nil && v.n.Type() == ast.NullType {
		return nil
	}
	return m.Get(key).List()
}

// scalar is the text of a single value as written, without quotes.
func (n Node) scalar() (string, bool) {
	switch v := n.n.(type) {
	case *ast.LiteralNode:
		return strings.TrimRight(v.Value.Value, "\n"), true
	case *ast.StringNode:
		return v.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.n.GetToken().Value, true
	}
	return "", false
}

// Text is a single value as it was written: what is a number, a date or a word
// is for the caller to say. Nothing else than a single value is accepted.
func (n Node) Text() (string, bool) {
	if n.n == nil || !n.supported() {
		return "", false
	}
	s, ok := n.scalar()
	if !ok {
		n.Wrong("", "un texte est attendu, et non %s", n.kind())
	}
	return s, ok
}

// Word is one of the known words.
func (n Node) Word(known ...string) (string, bool) {
	s, ok := n.Text()
	if !ok {
		return "", false
	}
	if !slices.Contains(known, s) {
		n.Wrong(choices(s, known), "valeur inconnue : « %s »", s)
		return "", false
	}
	return s, true
}

// Words is a list of known words, each once.
func (n Node) Words(known ...string) []string {
	var all []string
	for _, e := range n.List() {
		s, ok := e.Word(known...)
		switch {
		case !ok:
		case slices.Contains(all, s):
			e.Wrong("", "« %s » est donné deux fois", s)
		default:
			all = append(all, s)
		}
	}
	return all
}

// Bool is true or false.
func (n Node) Bool() bool {
	s, ok := n.Text()
	if !ok {
		return false
	}
	if n.n.Type() != ast.BoolType {
		n.Wrong("écrivez true ou false", "« %s » n’est ni vrai ni faux", s)
	}
	return strings.EqualFold(s, "true")
}

// Read parses the text of n with read; its error becomes a fault at n.
func Read[T any](n Node, read func(string) (T, error)) (v T, ok bool) {
	s, ok := n.Text()
	if !ok {
		return v, false
	}
	v, err := read(s)
	if err != nil {
		n.Refuse(err)
		return v, false
	}
	return v, true
}

// choices proposes the nearest known word, or lists them all.
func choices(s string, known []string) string {
	if near := Nearest(s, known); near != "" {
		return "vouliez-vous dire « " + near + " » ?"
	}
	return "au choix : " + strings.Join(known, ", ")
}

// Invalid builds a fault for a reader given to Read.
func Invalid(mend, format string, args ...any) error {
	return &fault.Invalid{Message: fmt.Sprintf(format, args...), Mend: mend}
}

// Remark is a fault that is not recorded: something allowed at the value's place
// that was probably not meant.
func (n Node) Remark(mend, format string, args ...any) *fault.Invalid {
	line, column := n.Place()
	f := &fault.Invalid{Line: line, Column: column, Message: Typeset(fmt.Sprintf(format, args...)), Mend: Typeset(mend)}
	if n.d != nil {
		f.File, f.Excerpt = n.d.file, n.d.excerpt(line)
	}
	return f
}
