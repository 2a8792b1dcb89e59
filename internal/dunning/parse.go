package dunning

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"acquit/internal/dunning/yamldoc"
)

const (
	maxSteps = 100           // a policy of more steps is no policy
	maxText  = 200           // characters of a name
	maxUnits = 1_000_000_000 // a minimum above a billion is a slip of the pen
	idForm   = "lettres, chiffres, tirets et points, sans espace, 64 au plus"
)

var identifier = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,63}$`)

// ParseScenario reads a scenario's YAML. file names where it came from, for
// messages, and may be empty. The error joins every *fault.Invalid found, each
// with its line and column; yamldoc.Faults lists them.
func ParseScenario(file string, src []byte) (*Scenario, error) {
	doc := yamldoc.Parse(file, src)
	s := ReadScenario(doc.Root())
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// ReadScenario reads a scenario that stands within a larger document. Its faults
// are recorded there; the scenario is usable only if there are none.
func ReadScenario(n yamldoc.Node) *Scenario {
	m := n.Map("name", "entry", "grouping", "min_gap", "minimum", "promise_grace", "applies", "steps")
	s := &Scenario{Name: readName(m.Get("name")), Entry: Sequential, Grouping: ByCustomer}
	if word, ok := m.Get("entry").Word(string(Sequential), string(ByAge)); ok {
		s.Entry = Entry(word)
	}
	if word, ok := m.Get("grouping").Word(string(ByCustomer), string(ByInvoice)); ok {
		s.Grouping = Grouping(word)
	}
	s.MinGap, _ = yamldoc.Read(m.Get("min_gap"), ParseDays)
	s.Minimum, _ = yamldoc.Read(m.Get("minimum"), parseUnits)
	s.PromiseGrace, _ = yamldoc.Read(m.Get("promise_grace"), ParseDays)
	if m.Has("applies") {
		s.Applies = readCondition(m.Get("applies"), false)
	}
	s.readSteps(m.Need("steps"))
	s.remark(m)
	return s
}

func readName(n yamldoc.Node) string {
	name, ok := n.Text()
	if name = strings.TrimSpace(name); ok && (name == "" || len(name) > maxText) {
		n.Wrong("", "le nom a de 1 à %d caractères", maxText)
	}
	return name
}

func (s *Scenario) readSteps(list yamldoc.Node) {
	nodes := list.List()
	if list.IsList() && (len(nodes) == 0 || len(nodes) > maxSteps) {
		list.Wrong("", "un scénario a de 1 à %d étapes", maxSteps)
		return
	}
	for _, n := range nodes {
		if step, ok := readStep(n); ok {
			s.order(n, step)
			s.Steps = append(s.Steps, step)
		}
	}
}

// order checks a step against those before it.
func (s *Scenario) order(n yamldoc.Node, step Step) {
	if s.index(step.ID) >= 0 {
		n.Wrong("chaque étape a son identifiant", "l’étape « %s » existe déjà", step.ID)
	}
	if len(s.Steps) == 0 {
		return
	}
	if last := &s.Steps[len(s.Steps)-1]; step.At < last.At {
		n.Wrong("rangez les étapes par date", "l’étape « %s » (%s) vient avant « %s » (%s)",
			step.ID, step.Offset(), last.ID, last.Offset())
	}
}

func readStep(n yamldoc.Node) (Step, bool) {
	m := n.Map("id", "at", "channels", "tone", "template", "script", "when", "attach", "approve", "deadline",
		"any_day", "then")
	if !n.IsMap() {
		return Step{}, false
	}
	var s Step
	id, named := yamldoc.Read(m.Need("id"), parseID)
	at, dated := yamldoc.Read(m.Need("at"), ParseOffset)
	s.ID, s.At = id, at
	s.readChannels(m)
	s.Template, _ = yamldoc.Read(m.Get("template"), parseID)
	s.Script, _ = yamldoc.Read(m.Get("script"), parseID)
	if m.Has("when") {
		s.When = readCondition(m.Get("when"), true)
	}
	for _, a := range m.Get("attach").Words(string(AttachInvoices), string(AttachStatement), string(AttachInterest)) {
		s.Attach = append(s.Attach, Attachment(a))
	}
	_, s.Approve = m.Get("approve").Word("always")
	s.Deadline, _ = yamldoc.Read(m.Get("deadline"), ParseDays)
	s.AnyDay = m.Get("any_day").Bool()
	s.Then = readFollow(m.Get("then"))
	return s, named && dated
}

func (s *Step) readChannels(m yamldoc.Map) {
	list := m.Need("channels")
	for _, c := range list.Words(channelNames()...) {
		s.Channels = append(s.Channels, Channel(c))
	}
	if list.IsList() && len(list.List()) == 0 {
		list.Wrong("au choix : "+strings.Join(channelNames(), ", "), "une étape parle par un canal au moins")
	}
	if s.Formal() && s.At <= 0 {
		list.Wrong("une facture qui échoit aujourd’hui n’est pas en retard",
			"une étape formelle (registered, dossier) vient après l’échéance")
	}
	s.Tone = Neutral
	if s.Formal() {
		s.Tone = FormalTone
	}
	if word, ok := m.Get("tone").Word(toneNames()...); ok {
		s.Tone = Tone(word)
	}
}

func channelNames() []string {
	var all []string
	for _, c := range Channels() {
		all = append(all, string(c))
	}
	return all
}

func readFollow(n yamldoc.Node) *Follow {
	if n.Missing() {
		return nil
	}
	m := n.Map("channel", "after", "unless")
	f := &Follow{}
	informal := slices.DeleteFunc(channelNames(), func(c string) bool { return Channel(c).Formal() })
	if word, ok := m.Need("channel").Word(informal...); ok {
		f.Channel = Channel(word)
	}
	f.After, _ = yamldoc.Read(m.Need("after"), ParseDays)
	if m.Has("after") && f.After == 0 {
		m.Get("after").Wrong("écrivez 2d", "la suite vient un jour au moins après l’étape")
	}
	_, f.UnlessReacted = m.Get("unless").Word("reacted")
	return f
}

// remark notes what is allowed but probably not meant.
func (s *Scenario) remark(m yamldoc.Map) {
	if s.Name == "" && !m.Has("name") {
		s.Remarks = append(s.Remarks, m.Remark("ajoutez name: …", "le scénario n’a pas de nom"))
	}
	for i := range s.Steps {
		step := &s.Steps[i]
		if step.Formal() && !slices.ContainsFunc(s.Steps[:i], func(e Step) bool { return !e.Formal() }) {
			s.Remarks = append(s.Remarks, m.Remark("ajoutez une relance avant elle",
				"l’étape formelle « %s » n’aura jamais lieu : rien ne relance avant elle", step.ID))
		}
		if next := i + 1; next < len(s.Steps) && step.Deadline > s.Steps[next].At-step.At {
			s.Remarks = append(s.Remarks, m.Remark("raccourcissez le délai ou éloignez l’étape suivante",
				"le délai de %d jours de « %s » court encore quand vient « %s »", step.Deadline, step.ID, s.Steps[next].ID))
		}
		if step.Template == "" && slices.ContainsFunc(step.Channels, Channel.written) {
			s.Remarks = append(s.Remarks, m.Remark("ajoutez template: …", "l’étape « %s » écrit sans modèle", step.ID))
		}
	}
}

// written tells whether what leaves on c is a text of ours.
func (c Channel) written() bool { return c == Email || c == SMS || c == Letter || c == Registered }

func parseID(s string) (string, error) {
	if !identifier.MatchString(s) {
		return "", yamldoc.Invalid(idForm, "« %s » n’est pas un identifiant", s)
	}
	return s, nil
}

// offset is J, J+5, J-5, with a hyphen or a minus sign.
var offset = regexp.MustCompile(`^J(?:([+\-−])(\d{1,4}))?$`)

// ParseOffset reads the day of a step: J+15 is 15 days after the due date, J-5
// five days before it, J the due date itself.
func ParseOffset(s string) (int, error) {
	m := offset.FindStringSubmatch(s)
	if m == nil {
		return 0, yamldoc.Invalid("écrivez J-5, J ou J+15", "« %s » n’est pas un jour autour de l’échéance", s)
	}
	n, _ := strconv.Atoi(m[2]) // four digits at most; none is J itself
	if n > maxDays {
		return 0, yamldoc.Invalid("", "« %s » est à plus de dix ans de l’échéance", s)
	}
	if m[1] == "-" || m[1] == "−" {
		return -n, nil
	}
	return n, nil
}

var days = regexp.MustCompile(`^(\d{1,4})[dj]$`)

// ParseDays reads a number of days: 4d, or 4j as a French hand writes it.
func ParseDays(s string) (int, error) {
	m := days.FindStringSubmatch(s)
	if m == nil {
		return 0, yamldoc.Invalid("écrivez 4d ou 4j", "« %s » n’est pas un nombre de jours", s)
	}
	n, _ := strconv.Atoi(m[1]) // four digits at most
	if n > maxDays {
		return 0, yamldoc.Invalid("", "« %s » dépasse dix ans", s)
	}
	return n, nil
}

var plainNumber = regexp.MustCompile(`^\d{1,10}(\.\d{1,4})?$`)

// parseUnits reads an amount in no particular currency: 15 or 15.00.
func parseUnits(s string) (decimal.Decimal, error) {
	if !plainNumber.MatchString(s) {
		return decimal.Decimal{}, yamldoc.Invalid("écrivez 15.00, avec un point et sans monnaie",
			"« %s » n’est pas un montant", s)
	}
	d, err := decimal.Parse(s)
	if err != nil || d.Cmp(decimal.MustNew(maxUnits, 0)) > 0 {
		return decimal.Decimal{}, yamldoc.Invalid("", "« %s » est trop grand pour un minimum", s)
	}
	return d, nil
}
