package rehearsal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/dunning/yamldoc"
	"acquit/internal/i18n"
)

// diff tells what was expected and did not go out (−), and what went out and was
// not expected (+), among what agrees; it is empty when all agrees. Within a day
// the order of customers means nothing.
func (t *Test) diff(b *book) string {
	expect, sent := slices.Clone(t.expect), slices.Clone(b.sent)
	slices.SortStableFunc(expect, func(x, y expected) int { return order(x.Sent, y.Sent) })
	slices.SortStableFunc(sent, order)
	var out strings.Builder
	agree := true
	for _, p := range align(expect, sent) {
		switch {
		case p.sent == nil:
			agree = false
			fmt.Fprintf(&out, "- %s\n", p.expected.line(p.expected))
			out.WriteString(b.why(p.expected.On, p.expected.Customer))
		case p.expected == nil:
			agree = false
			fmt.Fprintf(&out, "+ %s\n", p.sent.line(nil))
		default:
			fmt.Fprintf(&out, "  %s\n", p.sent.line(nil))
		}
	}
	if agree {
		return ""
	}
	return out.String()
}

func order(x, y Sent) int {
	return cmp.Or(cmp.Compare(x.On, y.On), cmp.Compare(x.Customer, y.Customer),
		slices.Compare(slices.Sorted(slices.Values(x.Invoices)), slices.Sorted(slices.Values(y.Invoices))),
		cmp.Compare(x.Step, y.Step))
}

// line is one reminder on a line; of what is expected, what is compared.
func (s *Sent) line(e *expected) string {
	parts := []string{s.On.String(), s.Customer, s.Step}
	if e == nil || !e.anyInvoices {
		parts = append(parts, "["+strings.Join(s.Invoices, ", ")+"]")
	}
	if e == nil || !e.anyAmount {
		parts = append(parts, s.Amount, s.Currency)
	}
	if e == nil || !e.anyChannel {
		parts = append(parts, "("+strings.Join(s.Channels, ", ")+")")
	}
	return strings.Join(parts, " ")
}

// why is what kept a customer's reminder from going out on a day, indented; nothing
// when another one went out.
func (b *book) why(on cal.Date, customer string) string {
	var all []string
	for _, r := range b.silence[silence{on, customer}] {
		if text := r.Text(i18n.FR); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	for _, task := range b.tasks {
		if task.On == on && task.Customer == customer {
			all = append(all, yamldoc.Typeset("L’étape « "+task.Step+" » est confiée à une personne ce jour-là"))
		}
	}
	switch {
	case on < b.t.from || on > b.t.until:
		all = append(all, "Ce jour n’est pas entre from et until")
	case slices.Contains(b.off, on):
		all = append(all, "Le programme ne tournait pas ce jour-là")
	}
	var out strings.Builder
	for _, line := range all {
		out.WriteString("    " + line + "\n")
	}
	return out.String()
}

// pair is what agrees, or one side alone.
type pair struct {
	expected *expected
	sent     *Sent
}

// align pairs the two lists so that as much as possible agrees, keeping the order
// (longest common subsequence).
func align(expect []expected, sent []Sent) []pair {
	best := make([][]int, len(expect)+1)
	for i := range best {
		best[i] = make([]int, len(sent)+1)
	}
	for i := len(expect) - 1; i >= 0; i-- {
		for j := len(sent) - 1; j >= 0; j-- {
			if expect[i].agrees(&sent[j]) {
				best[i][j] = best[i+1][j+1] + 1
			} else {
				best[i][j] = max(best[i+1][j], best[i][j+1])
			}
		}
	}
	var all []pair
	i, j := 0, 0
	for i < len(expect) || j < len(sent) {
		switch {
		case i < len(expect) && j < len(sent) && expect[i].agrees(&sent[j]):
			all = append(all, pair{&expect[i], &sent[j]})
			i, j = i+1, j+1
		case j == len(sent) || i < len(expect) && best[i+1][j] >= best[i][j+1]:
			all = append(all, pair{expected: &expect[i]})
			i++
		default:
			all = append(all, pair{sent: &sent[j]})
			j++
		}
	}
	return all
}

// agrees tells whether what went out is what was expected.
func (e *expected) agrees(s *Sent) bool {
	same := func(a, b []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
	}
	return e.On == s.On && e.Step == s.Step && e.Customer == s.Customer &&
		(e.anyInvoices || same(e.Invoices, s.Invoices)) &&
		(e.anyAmount || e.Amount == s.Amount) &&
		(e.anyCurrency || e.Currency == s.Currency) &&
		(e.anyChannel || slices.Equal(e.Channels, s.Channels))
}
