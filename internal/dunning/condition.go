package dunning

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
	"github.com/govalues/decimal"

	"acquit/internal/cal"
	"acquit/internal/dunning/yamldoc"
)

// Condition is an expression that says when a step or a scenario applies,
// checked by type when it was read.
type Condition struct {
	source  string
	program *vm.Program
	timed   bool // its answer may change from one day to the next by itself

	machines sync.Pool // of *vm.VM: their stacks are worth keeping
}

// String is the condition as it was written.
func (c *Condition) String() string {
	if c == nil {
		return ""
	}
	return c.source
}

// holds answers the condition on f. A nil Condition always holds.
func (c *Condition) holds(f *facts) (bool, error) {
	if c == nil {
		return true, nil
	}
	machine, ok := c.machines.Get().(*vm.VM)
	if !ok {
		machine = &vm.VM{}
	}
	v, err := machine.Run(c.program, f)
	c.machines.Put(machine)
	if err != nil {
		return false, fmt.Errorf("« %s » : %w", c.source, why(err))
	}
	yes, _ := v.(bool)
	return yes, nil
}

// why is the cause of an evaluation's failure without the library's excerpt.
func why(err error) error {
	if f, ok := errors.AsType[*file.Error](err); ok {
		if f.Prev != nil {
			return f.Prev
		}
		return errors.New(f.Message)
	}
	return err
}

const (
	maxDays      = 3650 // ten years: no step, deadline or shift of a date is longer
	maxCondition = 2000 // characters; a rule that long is several rules
)

// readCondition checks the expression at n and compiles it; its faults are
// recorded at their place. A scenario's own condition has no step to read.
func readCondition(n yamldoc.Node, ofStep bool) *Condition {
	source, ok := n.Text()
	if !ok {
		return nil
	}
	if strings.TrimSpace(source) == "" || len(source) > maxCondition {
		n.Wrong("", "une condition a de 1 à %d caractères", maxCondition)
		return nil
	}
	tree, err := parser.Parse(source)
	if err != nil {
		refuse(n, err)
		return nil
	}
	names := &nameCheck{node: n, ofStep: ofStep}
	ast.Walk(&tree.Node, names)
	if names.faults > 0 {
		return nil
	}
	literals := &literalPatch{source: []rune(source), node: n}
	program, err := expr.Compile(source, append(language(), expr.Patch(literals))...)
	switch {
	case literals.faults > 0:
		return nil
	case err != nil:
		refuse(n, err)
		return nil
	}
	return &Condition{source: source, program: program, timed: names.timed}
}

// builtins are the functions of the library that make sense on our facts.
var builtins = []string{"len", "all", "any", "none", "one", "count", "lower", "upper", "trim"}

// language is what a condition may say.
func language() []expr.Option {
	options := []expr.Option{expr.Env(&facts{}), expr.AsBool(), expr.WarnOnAny(), expr.DisableAllBuiltins()}
	for _, b := range builtins {
		options = append(options, expr.EnableBuiltin(b))
	}
	for operator, overloads := range operators {
		var names []string
		for _, o := range overloads {
			names = append(names, o.name)
			options = append(options, expr.Function(o.name, o.run, o.types...))
		}
		options = append(options, expr.Operator(operator, names...))
	}
	return options
}

// refuse records an error of the library at its place in the file, in French.
func refuse(n yamldoc.Node, err error) {
	if f, ok := errors.AsType[*file.Error](err); ok {
		message, mend := inFrench(f.Message)
		n.WrongAt(f.From, mend, "%s", message)
		return
	}
	message, mend := inFrench(err.Error())
	n.Wrong(mend, "%s", message)
}

// complaint is one message of the library and ours for it; $1… are its parts.
type complaint struct {
	english      *regexp.Regexp
	french, mend string
}

var complaints = []complaint{
	{
		regexp.MustCompile(`^unexpected token EOF`),
		"la condition s’arrête trop tôt",
		"il manque une valeur après l’opérateur",
	},
	{
		regexp.MustCompile(`^unexpected token Operator\("="\)`),
		"« = » ne compare pas",
		"écrivez ==",
	},
	{
		regexp.MustCompile(`^unexpected token \w+\("?([^"]*)"?\)`),
		"« $1 » n’est pas à sa place dans la condition",
		"",
	},
	{
		regexp.MustCompile(`^literal not terminated`),
		"il manque le guillemet fermant du texte",
		"",
	},
	{
		regexp.MustCompile(`^unrecognized character: U\+\w+ (.*)`),
		"caractère inattendu : $1",
		"comparez avec ==, !=, <, <=, >, >=",
	},
	{
		regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (\S+) and (\S+)\)`),
		"« $1 » ne va pas entre $2 et $3",
		"",
	},
	{
		regexp.MustCompile(`^invalid operation: (\S+) \(mismatched type (\S+)\)`),
		"« $1 » ne s’applique pas à $2",
		"",
	},
	{
		regexp.MustCompile(`^expected bool, but got (\S+)`),
		"la condition doit répondre par oui ou non, et non donner $1",
		"comparez : « due >= 2000 »",
	},
	{
		regexp.MustCompile(`^cannot use (\S+) as type (\S+) in array`),
		"$1 cherché dans une liste qui n’en contient pas",
		"",
	},
	{
		regexp.MustCompile(`^builtin (\w+) takes only array \(got (\S+)\)`),
		"« $1 » demande une liste, et non $2",
		"",
	},
	{
		regexp.MustCompile(`^type (\S+) has no (?:field|method) (\S+)`),
		"$1 n’a pas de « $2 »",
		"",
	},
	{
		regexp.MustCompile(`^error parsing regexp`),
		"le motif de matches est mal écrit",
		"voyez ses parenthèses et ses crochets",
	},
	{
		regexp.MustCompile(`^(?:bad number|integer literal|float literal|invalid \w+ literal)`),
		"ce nombre est mal écrit ou trop grand",
		"écrivez 2000 ou 1999.99",
	},
}

// typeNames are the types as people call them.
var typeNames = strings.NewReplacer(
	"interface {}", "une valeur", "[]string", "une liste de textes", "dunning.amount", "un montant",
	"dunning.date", "une date", "string", "un texte", "int", "un nombre entier", "bool", "oui ou non",
	"float64", "un nombre à virgule", "nil", "rien",
	"dunning.customerFacts", "customer", "dunning.invoiceFacts", "invoice", "dunning.stepFacts", "step",
)

func inFrench(message string) (text, mend string) {
	for _, c := range complaints {
		m := c.english.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		text = c.french
		for i, part := range m[1:] {
			place := "$" + strconv.Itoa(i+1)
			if !strings.Contains(c.french, "« "+place+" »") { // what is quoted is the person's own word
				part = typeNames.Replace(part)
			}
			text = strings.ReplaceAll(text, place, part)
		}
		return text, c.mend
	}
	first, _, _ := strings.Cut(message, "\n")
	return "la condition n’est pas comprise : « " + first + " »", ""
}

// vocabulary is what may be read: the fields of each group, and "" for the top.
var vocabulary = words(reflect.TypeFor[facts]())

func words(t reflect.Type) map[string][]string {
	all := map[string][]string{}
	for f := range t.Fields() {
		name := f.Tag.Get("expr")
		all[""] = append(all[""], name)
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[amount]() && f.Type != reflect.TypeFor[date]() {
			all[name] = words(f.Type)[""]
		}
	}
	return all
}

// constants are the fields whose values are a closed list: comparing them with
// anything else is a slip of the pen.
var constants = map[string][]string{
	"customer.kind": {Business, Consumer, Public},
	"step.tone":     toneNames(),
}

func toneNames() []string {
	var all []string
	for _, t := range Tones() {
		all = append(all, string(t))
	}
	return all
}

// nameCheck finds names and words that do not exist, all of them, before the
// library stops at the first.
type nameCheck struct {
	node   yamldoc.Node
	ofStep bool
	faults int
	timed  bool
}

func (v *nameCheck) wrong(n ast.Node, mend, format string, args ...any) {
	v.faults++
	v.node.WrongAt(n.Location().From, mend, format, args...)
}

// Visit looks at one node of the expression.
func (v *nameCheck) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		v.identifier(n)
	case *ast.MemberNode:
		v.member(n)
	case *ast.BuiltinNode:
		if !slices.Contains(builtins, n.Name) {
			v.wrong(n, "au choix : "+strings.Join(builtins, ", "), "fonction inconnue : « %s »", n.Name)
		}
	case *ast.CallNode:
		v.wrong(n, "au choix : "+strings.Join(builtins, ", "), "cette fonction n’existe pas")
	case *ast.BinaryNode:
		v.binary(n)
	case *ast.VariableDeclaratorNode, *ast.SequenceNode, *ast.MapNode, *ast.SliceNode, *ast.NilNode,
		*ast.ConditionalNode:
		v.wrong(n, "une condition compare des valeurs et les relie par and, or, not", "cette écriture n’est pas admise ici")
	}
}

func (v *nameCheck) identifier(n *ast.IdentifierNode) {
	switch {
	case n.Value == "step" && !v.ofStep:
		v.wrong(n, "", "« step » n’existe pas ici : applies choisit le scénario, non une étape")
	case !slices.Contains(vocabulary[""], n.Value):
		v.wrong(n, suggestion(n.Value, vocabulary[""]), "nom inconnu : « %s »", n.Value)
	case n.Value == "day" || n.Value == "age":
		v.timed = true
	}
}

func (v *nameCheck) member(n *ast.MemberNode) {
	group, ok := n.Node.(*ast.IdentifierNode)
	field, named := n.Property.(*ast.StringNode)
	if !ok || !named {
		return
	}
	known := vocabulary[group.Value]
	if known != nil && !slices.Contains(known, field.Value) {
		v.wrong(n, suggestion(field.Value, known), "« %s » n’a pas de « %s »", group.Value, field.Value)
	}
	if group.Value == "invoice" && field.Value == "age" {
		v.timed = true
	}
}

// suggestion is the nearest name, or all of them.
func suggestion(s string, known []string) string {
	if near := yamldoc.Nearest(s, known); near != "" {
		return "vouliez-vous dire « " + near + " » ?"
	}
	return "au choix : " + strings.Join(known, ", ")
}

func (v *nameCheck) binary(n *ast.BinaryNode) {
	switch n.Operator {
	case "/", "%", "**", "^":
		v.wrong(n, "multipliez plutôt : due * 0.5", "« %s » ne donnerait pas toujours un résultat exact", n.Operator)
	case "..":
		v.wrong(n, "écrivez age >= 10 and age <= 20", "un intervalle n’est pas admis ici")
	case "==", "!=", "in":
		v.constant(n.Left, n.Right)
		v.constant(n.Right, n.Left)
	}
}

// constant checks the texts that a field of a closed list is compared with.
func (v *nameCheck) constant(field, with ast.Node) {
	m, ok := field.(*ast.MemberNode)
	if !ok {
		return
	}
	known := constants[m.String()]
	if known == nil {
		return
	}
	texts := []ast.Node{with}
	if list, ok := with.(*ast.ArrayNode); ok {
		texts = list.Nodes
	}
	for _, t := range texts {
		if s, ok := t.(*ast.StringNode); ok && !slices.Contains(known, s.Value) {
			v.wrong(s, suggestion(s.Value, known), "%s ne vaut jamais « %s »", m.String(), s.Value)
		}
	}
}

// literalPatch turns numbers with decimals into exact amounts, texts beside
// dates into dates, and −x into 0 − x, which amounts know.
type literalPatch struct {
	source  []rune
	node    yamldoc.Node
	faults  int
	patched bool
}

// Reset begins a new walk.
func (p *literalPatch) Reset() { p.patched = false }

// ShouldRepeat tells whether the last walk changed anything: the type of what
// holds it may be known only now.
func (p *literalPatch) ShouldRepeat() bool { return p.patched }

// Visit patches one node.
func (p *literalPatch) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.FloatNode:
		p.float(node, n)
	case *ast.UnaryNode:
		if n.Operator == "-" && n.Node.Type() == reflect.TypeFor[amount]() {
			ast.Patch(node, &ast.BinaryNode{Operator: "-", Left: &ast.IntegerNode{}, Right: n.Node})
			p.patched = true
		}
	case *ast.BinaryNode:
		p.date(&n.Left, n.Right)
		p.date(&n.Right, n.Left)
	}
}

// float reads the number again from the source: the parser has made a float.
func (p *literalPatch) float(node *ast.Node, n *ast.FloatNode) {
	at := n.Location()
	text := strings.ReplaceAll(string(p.source[at.From:min(at.To, len(p.source))]), "_", "")
	d, err := decimal.Parse(text)
	if err != nil {
		p.wrong(n, "« %s » n’est pas un nombre exact", text)
		return
	}
	ast.Patch(node, &ast.ConstantNode{Value: amount{d}})
	(*node).SetType(reflect.TypeFor[amount]())
	p.patched = true
}

// date makes a date of the text at node when its other side is one.
func (p *literalPatch) date(node *ast.Node, other ast.Node) {
	text, ok := (*node).(*ast.StringNode)
	if !ok || other.Type() != reflect.TypeFor[date]() {
		return
	}
	d, err := cal.Parse(text.Value)
	if err != nil {
		p.wrong(text, "« %s » n’est pas une date de la forme 2026-11-22", text.Value)
		return
	}
	ast.Patch(node, &ast.ConstantNode{Value: date{d}})
	(*node).SetType(reflect.TypeFor[date]())
	p.patched = true
}

func (p *literalPatch) wrong(n ast.Node, format string, args ...any) {
	if p.faults++; p.faults == 1 { // the walk is repeated, the fault is not
		p.node.WrongAt(n.Location().From, "", format, args...)
	}
}
