package dunning

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// YAML is the scenario as a document that ParseScenario reads back to the same
// scenario, one step a line. Comments of the file it came from are not in it.
func (s *Scenario) YAML() []byte {
	var b strings.Builder
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	if s.Name != "" {
		line("name", quote(s.Name))
	}
	line("entry", string(s.Entry))
	line("grouping", string(s.Grouping))
	line("min_gap", inDays(s.MinGap))
	line("minimum", s.Minimum.String())
	line("promise_grace", inDays(s.PromiseGrace))
	if s.Applies != nil {
		line("applies", quote(s.Applies.source))
	}
	b.WriteString("steps:\n")
	for i := range s.Steps {
		fmt.Fprintf(&b, "  - {%s}\n", strings.Join(s.Steps[i].pairs(), ", "))
	}
	return []byte(b.String())
}

// pairs are the step's keys and values, those that say something.
func (s *Step) pairs() []string {
	p := []string{
		"id: " + quote(s.ID), "at: " + strings.ReplaceAll(s.Offset(), "−", "-"),
		"channels: " + list(s.Channels), "tone: " + string(s.Tone),
	}
	add := func(given bool, key, value string) {
		if given {
			p = append(p, key+": "+value)
		}
	}
	add(s.When != nil, "when", quote(s.When.String()))
	add(s.Template != "", "template", quote(s.Template))
	add(s.Script != "", "script", quote(s.Script))
	add(len(s.Attach) > 0, "attach", list(s.Attach))
	add(s.Approve, "approve", "always")
	add(s.Deadline > 0, "deadline", inDays(s.Deadline))
	add(s.AnyDay, "any_day", "true")
	if f := s.Then; f != nil {
		then := "channel: " + string(f.Channel) + ", after: " + inDays(f.After)
		if f.UnlessReacted {
			then += ", unless: reacted"
		}
		add(true, "then", "{"+then+"}")
	}
	return p
}

func inDays(n int) string { return strconv.Itoa(n) + "d" }

func list[S ~string](all []S) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = string(w)
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// quote is s as a YAML text, in quotes wherever it could be read as anything else
// or ends a flow mapping.
func quote(s string) string {
	if plainWord.MatchString(s) && !reserved[strings.ToLower(s)] {
		return s
	}
	b, err := yaml.MarshalWithOptions(s, yaml.JSON())
	if err != nil { // a text always marshals
		return strconv.Quote(s)
	}
	return strings.TrimSpace(string(b))
}

// plainWord is a text that no reader takes for a number, a date or a sign.
var plainWord = regexp.MustCompile(`^\pL[\pL\pN-]*$`)

// reserved are the words that YAML reads as something else than a text.
var reserved = map[string]bool{
	"true": true, "false": true, "null": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true,
}
