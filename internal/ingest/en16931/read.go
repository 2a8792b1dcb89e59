package en16931

import (
	"strings"

	"acquit/internal/ingest/xmltree"
)

// ReadText is the term at a path below n; absent when there is none. An element
// that is given twice with different values is against every schema.
func (inv *Invoice) ReadText(n *xmltree.Node, path, scheme string) Text {
	all := n.All(path)
	if len(all) == 0 {
		return Text{}
	}
	first := all[0]
	for _, other := range all[1:] {
		if other.Text != first.Text {
			inv.Forbid(at(other), "l’élément «\u00a0"+other.Name+"\u00a0» est donné deux fois, avec des valeurs différentes")
		}
	}
	return newText(first, scheme)
}

func newText(n *xmltree.Node, scheme string) Text {
	t := Text{Value: strings.Join(strings.Fields(n.Text), " "), Present: true, Place: at(n)}
	if scheme != "" {
		t.Scheme = n.Get(scheme)
	}
	return t
}

// ReadTexts are all the terms at a path below n.
func ReadTexts(n *xmltree.Node, path, scheme string) []Text {
	var list []Text
	for _, c := range n.All(path) {
		list = append(list, newText(c, scheme))
	}
	return list
}

// ReadNumber is the amount, quantity or rate at a path below n.
func (inv *Invoice) ReadNumber(n *xmltree.Node, path string) Number {
	all := n.All(path)
	if len(all) == 0 {
		return Number{}
	}
	num := inv.number(all[0])
	for _, other := range all[1:] {
		if other.Text != all[0].Text {
			inv.Forbid(at(other), "l’élément «\u00a0"+other.Name+"\u00a0» est donné deux fois, avec des valeurs différentes")
		}
	}
	return num
}

// ReadNumbers are all the numbers at a path below n.
func (inv *Invoice) ReadNumbers(n *xmltree.Node, path string) []Number {
	var list []Number
	for _, c := range n.All(path) {
		list = append(list, inv.number(c))
	}
	return list
}

func (inv *Invoice) number(n *xmltree.Node) Number {
	num := NewNumber(n.Text, n.Get("currencyID"), at(n))
	if num.OK {
		return num
	}
	why := "«\u00a0" + n.Text + "\u00a0» n’est pas un nombre décimal (xs:decimal) dans l’élément «\u00a0" + n.Name + "\u00a0»"
	if strings.Contains(n.Text, ",") {
		why += "\u00a0: le séparateur décimal est le point, pas la virgule"
	}
	inv.Forbid(num.Place, why)
	return num
}

// Forbid notes what the schema of the syntax does not allow.
func (inv *Invoice) Forbid(at Place, text string) {
	inv.Faults = append(inv.Faults, Finding{
		Rule: "XSD", Severity: Refuse, Text: text, Place: at,
		Mend: "le document ne suit pas le schéma de sa syntaxe\u00a0: à corriger dans le logiciel de facturation",
	})
}

// At is the place of an element; the zero Place of none.
func At(n *xmltree.Node) Place { return at(n) }

func at(n *xmltree.Node) Place {
	if n == nil {
		return Place{}
	}
	return Place{Line: n.Line, Column: n.Column}
}

// CheckSpaces forbids elements of namespaces that the syntax does not know, of
// which only those of its own standards body matter: « known » ends with what
// the syntax uses, « family » is how such namespaces begin.
func (inv *Invoice) CheckSpaces(n *xmltree.Node, family string, known map[string]bool) bool {
	if strings.HasPrefix(n.Space, family) && !known[n.Space] {
		inv.Forbid(at(n), "l’élément «\u00a0"+n.Name+"\u00a0» est dans l’espace de noms inattendu «\u00a0"+n.Space+"\u00a0»")
		return false
	}
	for _, c := range n.Children {
		if !inv.CheckSpaces(c, family, known) {
			return false
		}
	}
	return true
}

// JoinLines are the lines of an address that are not empty, one below the other.
func JoinLines(lines ...string) string {
	var kept []string
	for _, l := range lines {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}
