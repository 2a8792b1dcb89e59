package table

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// control adds up the amounts of the rows, to hold them against the totals that
// the file states.
type control struct {
	base    money.Currency
	all     [3]int64 // since the beginning: total or debit, open or credit, paid
	part    [3]int64 // since the last line of a total
	mixed   bool     // another currency came by: nothing can be added up
	pending []ingest.Control
}

// addends are the columns whose totals are checked.
func (m *mapper) addends() [3]*sums {
	if m.debit.at >= 0 {
		return [3]*sums{&m.debit, &m.credit, &m.paid}
	}
	return [3]*sums{&m.total, &m.open, &m.paid}
}

func (k *control) add(m *mapper, c []string, v values) {
	k.pending = nil // a line of a total that rows follow was no grand total
	if v.signed.Currency != k.base {
		k.mixed = true
	}
	written := [3]money.Amount{v.signed, v.open, v.paid}
	for i, s := range m.addends() {
		if s.at < 0 {
			continue
		}
		a := written[i]
		if m.debit.at >= 0 || m.side >= 0 {
			var err error
			if a, err = s.read(cell(c, s.at), k.base, k.base); err != nil {
				continue
			}
		}
		k.all[i] += a.Minor
		k.part[i] += a.Minor
	}
}

// compare holds a line of a total against what was read. The verdict waits: only
// a line that no row follows is the grand total, and one that adds up what came
// since the last total is a part.
func (k *control) compare(m *mapper, line int, c []string) {
	k.pending = nil
	for i, s := range m.addends() {
		text := cell(c, s.at)
		if s.at < 0 || text == "" || k.mixed {
			continue
		}
		stated, err := s.read(text, k.base, k.base)
		if err != nil {
			continue
		}
		check := ingest.Control{
			Label:    "total de la colonne «\u00a0" + m.names[s.at] + "\u00a0»",
			Stated:   stated,
			Computed: money.New(k.all[i], k.base), Line: line,
		}
		if stated.Minor == k.all[i] || stated.Minor != k.part[i] {
			k.pending = append(k.pending, check)
		}
	}
	k.part = [3]int64{}
}

// end reports the grand total.
func (k *control) end(f *ingest.File) {
	for _, c := range k.pending {
		f.Check(c)
	}
}

// isTotal recognises a line that adds up others: « Total », « Sous-total client
// 411DUPO », or one without any word whose amounts are the sums so far.
func (m *mapper) isTotal(c []string) bool {
	number := cell(c, m.number)
	if number != "" && !strings.ContainsRune("tTsScCrRgGnNpP", rune(number[0])) {
		return false
	}
	first, at := "", -1
	for i, s := range c {
		if s = clean(s); s != "" {
			first, at = plainName(s), i
			break
		}
	}
	if slices.Contains(totalWords, first) || starred(c) {
		return true
	}
	for _, d := range []int{m.issued.at, m.due.at, m.paidOn.at} {
		if cell(c, d) != "" && d != at {
			return false // what has a date is no total, whatever its customer is called
		}
	}
	if m.what == customers {
		return false
	}
	for _, w := range totalWords {
		if strings.HasPrefix(first, w+" ") && number == "" || strings.HasPrefix(plainName(number), w+" ") {
			return true
		}
	}
	return number == "" && m.wordless(c)
}

// starred tells the lines of totals of SAP's lists, which begin with as many
// stars as their level.
func starred(c []string) bool {
	for _, s := range c {
		if s = clean(s); s != "" {
			return strings.Trim(s, "*") == ""
		}
	}
	return false
}

// wordless tells a line that has nothing but amounts which are the sums so far.
func (m *mapper) wordless(c []string) bool {
	agree := 0
	for i, s := range c {
		if s = clean(s); s == "" {
			continue
		}
		j := slices.IndexFunc(m.addendsAt(), func(at int) bool { return at == i })
		if j < 0 {
			return false
		}
		a, err := m.addends()[j].read(s, m.base, m.base)
		if err != nil || a.Minor != m.control.all[j] && a.Minor != m.control.part[j] {
			return false
		}
		agree++
	}
	return agree > 0
}

func (m *mapper) addendsAt() []int {
	var at []int
	for _, s := range m.addends() {
		at = append(at, s.at)
	}
	return at
}

var totalWords = []string{
	"total", "totaux", "total general", "sous total", "sous totaux", "grand total", "totals", "subtotal",
	"sub total", "cumul", "report",
	"a reporter", "solde total", "total des factures", "somme", "sum", "s total", "total client", "total tiers",
	"total compte", "percentage of total", "pourcentage du total", "nombre de factures", "nombre de pieces",
	"nb factures", "nombre de lignes", "number of invoices", "count",
}
