package message

import (
	"fmt"
	"slices"
	"strings"
	"text/template/parse"
	"unicode/utf8"

	"acquit/internal/fault"
)

// Check tells whether a template may be used, with the line, the column, what
// is wrong and how to mend it (a fault.Invalid). A template that passes can
// be rendered from any facts, and leaves no hole in its sentences.
func Check(source string) error {
	doc, err := Read("", source)
	if err != nil {
		return err
	}
	_, err = Compile(doc)
	return err
}

// checker walks the tree of one text against the catalogue. It refuses all
// that is not declared there, and ties each variable to the facts.
type checker struct {
	text     string
	at       place
	subject  bool // a subject has no blocks
	language string
	guards   []string // what {{if}} has shown not to be empty here
	blocks   int      // tables and signatures so far
	items    []Entry  // the fields of the list that {{range}} goes through
}

// parseText parses and checks text, which begins at the given place.
func parseText(text, language string, at place, subject bool) (*parse.Tree, error) {
	c := &checker{text: text, at: at, subject: subject, language: language}
	if err := c.forbidden(); err != nil {
		return nil, err
	}
	tree, err := parseTree(text)
	if err != nil {
		return nil, c.syntax(err)
	}
	return tree, c.list(tree.Root)
}

func parseTree(text string) (*parse.Tree, error) {
	tree := parse.New("message")
	tree.Mode = parse.SkipFuncCheck
	return tree.Parse(text, "{{", "}}", map[string]*parse.Tree{})
}

// place of a byte of the text, in the document.
func (c *checker) place(at int) place {
	before := c.text[:min(max(at, 0), len(c.text))]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	if line == 0 {
		return place{c.at.line, c.at.column + column}
	}
	return place{c.at.line + line, column + 1}
}

func (c *checker) wrong(at int, message, mend string) error {
	p := c.place(at)
	return &fault.Invalid{Line: p.line, Column: p.column, Message: message, Mend: mend}
}

func (c *checker) list(list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for _, n := range list.Nodes {
		if err := c.node(n); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) node(n parse.Node) error {
	switch n := n.(type) {
	case *parse.TextNode:
		n.Text = []byte(typeset(string(n.Text), c.language))
		return nil
	case *parse.ActionNode:
		return c.print(n)
	case *parse.IfNode:
		return c.branch(n)
	case *parse.RangeNode:
		return c.loop(n)
	}
	return c.wrong(
		int(n.Position()), "cette instruction n’est pas admise dans un modèle", "utilisez if, else, range et end",
	)
}

// print checks {{name}}: what it gives must be readable.
func (c *checker) print(n *parse.ActionNode) error {
	written := n.Pipe.String()
	kind, err := c.pipe(n.Pipe, false)
	if err != nil {
		return err
	}
	switch kind {
	case Text, Count:
		return nil
	case Block:
		if c.subject {
			return c.wrong(int(n.Position()), "un objet ne contient ni tableau ni signature", "")
		}
		if c.blocks++; c.blocks > maxBlocks {
			return c.wrong(
				int(n.Position()), fmt.Sprintf("le modèle a plus de %d tableaux ou signatures", maxBlocks), "",
			)
		}
		if c.items != nil {
			return c.wrong(
				int(n.Position()), "un tableau ou une signature ne se répète pas", "placez-le hors de {{range}}",
			)
		}
		return nil
	}
	return c.wrong(int(n.Position()), fmt.Sprintf("{{%s}} ne s’écrit pas tel quel", written),
		"c’est une liste ou une condition : ouvrez-la par {{range}} ou {{if}}")
}

func (c *checker) branch(n *parse.IfNode) error {
	shown, hidden := c.implied(n.Pipe)
	if _, err := c.pipe(n.Pipe, true); err != nil {
		return err
	}
	if err := c.under(shown, n.List); err != nil {
		return err
	}
	return c.under(hidden, n.ElseList)
}

// under checks a branch where some names are known not to be empty.
func (c *checker) under(guards []string, list *parse.ListNode) error {
	before := len(c.guards)
	c.guards = append(c.guards, guards...)
	defer func() { c.guards = c.guards[:before] }()
	return c.list(list)
}

func (c *checker) loop(n *parse.RangeNode) error {
	if c.items != nil {
		return c.wrong(
			int(n.Position()), "une répétition ne peut pas en contenir une autre", "fermez la première par {{end}}",
		)
	}
	name, _ := c.only(n.Pipe)
	kind, err := c.pipe(n.Pipe, true)
	if err != nil {
		return err
	}
	if kind != List || itemFields[name] == nil {
		return c.wrong(int(n.Pipe.Position()), "{{range}} ne parcourt que les listes",
			"écrivez {{range invoices}}, {{range coming}} ou {{range earlier}}")
	}
	c.items = itemFields[name]
	err = c.under([]string{name}, n.List)
	c.items = nil
	if err != nil {
		return err
	}
	return c.list(n.ElseList)
}

// only is the variable that a pipeline consists of, as path, if it is just one.
func (c *checker) only(p *parse.PipeNode) (string, bool) {
	if p == nil || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return "", false
	}
	return named(p.Cmds[0].Args[0])
}

// named is the name of a variable as written: creditor.name, or .number inside
// a range.
func named(n parse.Node) (string, bool) {
	switch n := n.(type) {
	case *parse.IdentifierNode:
		return n.Ident, true
	case *parse.ChainNode:
		if base, ok := n.Node.(*parse.IdentifierNode); ok {
			return base.Ident + "." + strings.Join(n.Field, "."), true
		}
	case *parse.FieldNode:
		return "." + strings.Join(n.Ident, "."), true
	}
	return "", false
}

// implied is which names a condition shows not to be empty when it holds, and
// which when it does not.
func (c *checker) implied(p *parse.PipeNode) (holds, fails []string) {
	if p == nil || len(p.Cmds) != 1 {
		return nil, nil
	}
	return c.impliedBy(p.Cmds[0].Args)
}

func (c *checker) impliedBy(args []parse.Node) (holds, fails []string) {
	if len(args) == 1 {
		if inner, ok := args[0].(*parse.PipeNode); ok {
			return c.implied(inner)
		}
		if name, ok := named(args[0]); ok {
			return []string{name}, nil
		}
		return nil, nil
	}
	name, _ := named(args[0])
	for _, a := range args[1:] {
		h, f := c.impliedBy([]parse.Node{a})
		switch name {
		case "and":
			holds = append(holds, h...)
		case "or":
			fails = append(fails, f...)
		case "not":
			holds, fails = f, h
		}
	}
	return holds, fails
}

// pipe checks what stands between two braces and gives its kind; asked tells
// that it is only asked whether it is empty.
func (c *checker) pipe(p *parse.PipeNode, asked bool) (Kind, error) {
	if len(p.Decl) > 0 {
		return "", c.wrong(
			int(p.Position()), "les variables en $ ne sont pas admises", "écrivez directement le nom de la donnée",
		)
	}
	if len(p.Cmds) != 1 {
		return "", c.wrong(
			int(p.Position()), "le signe | n’est pas admis", "écrivez la fonction d’abord : {{strong total}}",
		)
	}
	args := p.Cmds[0].Args
	if name, ok := named(args[0]); ok {
		if f, ok := lookupFunction(name); ok {
			return f.result, c.call(f, args)
		}
	}
	if len(args) > 1 {
		return "", c.wrong(int(args[1].Position()), fmt.Sprintf(
			"« %s » n’est pas une fonction : rien ne peut la suivre", args[0],
		),
			suggest(args[0].String(), functionNames(), "écrivez-la seule entre ses accolades"))
	}
	return c.value(&args[0], asked)
}

// call checks the arguments of a function.
func (c *checker) call(f function, args []parse.Node) error {
	want, repeats := strings.CutSuffix(f.args, "+")
	given := args[1:]
	if len(given) < len(want) || len(given) > len(want) && !repeats {
		return c.wrong(int(args[0].Position()), fmt.Sprintf("il manque ou il y a trop de mots après « %s »", f.name),
			"écrivez par exemple {{"+f.usage+"}}")
	}
	for i := range given {
		kind, err := c.value(&given[i], f.tolerant)
		if err != nil {
			return err
		}
		if letter := want[min(i, len(want)-1)]; !accepts(letter, kind) {
			return c.wrong(int(given[i].Position()), fmt.Sprintf(
				"« %s » ne convient pas à cette place de « %s »", given[i], f.name,
			),
				"écrivez par exemple {{"+f.usage+"}}")
		}
	}
	return nil
}

func accepts(letter byte, k Kind) bool {
	switch letter {
	case 't':
		return k == Text
	case 'c':
		return k == Count
	case 'l':
		return k == List
	case 'n':
		return k == List || k == Count
	}
	return k != Block
}

// value checks one operand, gives its kind, and puts in its place the node
// that reads the facts.
func (c *checker) value(n *parse.Node, asked bool) (Kind, error) {
	switch v := (*n).(type) {
	case *parse.StringNode:
		v.Text = typeset(v.Text, c.language)
		return Text, nil
	case *parse.NumberNode:
		if v.IsInt {
			return Count, nil
		}
	case *parse.PipeNode:
		return c.pipe(v, asked)
	case *parse.FieldNode:
		return c.field(v, asked)
	case *parse.IdentifierNode, *parse.ChainNode:
		return c.variable(n, asked)
	}
	return "", c.wrong(int((*n).Position()), fmt.Sprintf("« %s » n’est pas admis dans un modèle", *n),
		"utilisez les données et les fonctions du catalogue")
}

func (c *checker) variable(n *parse.Node, asked bool) (Kind, error) {
	at := start(*n)
	name, ok := named(*n)
	if !ok {
		return "", c.wrong(at, fmt.Sprintf("« %s » n’est pas admis dans un modèle", *n), "")
	}
	if f, ok := lookupFunction(name); ok {
		return "", c.wrong(at, fmt.Sprintf("la fonction « %s » se met entre parenthèses", name),
			"écrivez ("+f.usage+")")
	}
	e, ok := lookup(catalogue, name)
	if !ok {
		return "", c.wrong(at, fmt.Sprintf("« %s » n’existe pas", name),
			suggest(name, append(variableNames(), functionNames()...), "voyez la liste des données disponibles"))
	}
	if err := c.mayBeEmpty(e, name, at, asked); err != nil {
		return "", err
	}
	*n = &parse.VariableNode{
		NodeType: parse.NodeVariable, Pos: (*n).Position(),
		Ident: append([]string{"$"}, strings.Split(name, ".")...),
	}
	return e.Kind, nil
}

// start is where an operand begins; the parser keeps where its dots are.
func start(n parse.Node) int {
	if chain, ok := n.(*parse.ChainNode); ok {
		return start(chain.Node)
	}
	return int(n.Position())
}

func (c *checker) field(n *parse.FieldNode, asked bool) (Kind, error) {
	name := strings.Join(n.Ident, ".")
	if c.items == nil {
		return "", c.wrong(int(n.Position()), fmt.Sprintf("« .%s » ne s’emploie qu’à l’intérieur de {{range}}", name),
			suggest(name, variableNames(), "écrivez le nom sans point devant"))
	}
	e, ok := lookup(c.items, name)
	if !ok {
		return "", c.wrong(int(n.Position()), fmt.Sprintf("« .%s » n’existe pas dans cette liste", name),
			suggest(name, entryNames(c.items), "les données possibles sont : "+strings.Join(entryNames(c.items), ", ")))
	}
	return e.Kind, c.mayBeEmpty(e, "."+name, int(n.Position()), asked)
}

// mayBeEmpty refuses to print what may be missing where no {{if}} has asked.
func (c *checker) mayBeEmpty(e Entry, name string, at int, asked bool) error {
	base, _, _ := strings.Cut(name, ".")
	if owner, ok := lookup(catalogue, base); ok && base != name && owner.Optional && !c.known(base) {
		return c.wrong(at, fmt.Sprintf("« %s » n’est connu que s’il y a « %s »", name, base),
			fmt.Sprintf("entourez la phrase de {{if %s}} et {{end}}", base))
	}
	if e.Optional && !asked && !c.known(name) {
		return c.wrong(at, fmt.Sprintf("« %s » peut être vide", name),
			fmt.Sprintf("entourez la phrase de {{if %s}} et {{end}}", name))
	}
	return nil
}

func (c *checker) known(name string) bool { return slices.Contains(c.guards, name) }

func entryNames(entries []Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Name
	}
	return out
}

func variableNames() []string { return entryNames(catalogue) }

func functionNames() []string {
	out := make([]string, len(functions))
	for i, f := range functions {
		out[i] = f.name
	}
	return out
}
