package advice

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// column is a column of a table with its place; tables that stand beside each
// other are counted from the left.
type column struct {
	meaning
	cell
	table int
}

// headingsAt are the columns that a row names, or a row and the one below it
// together, and of how many rows that is; none where no table begins.
func headingsAt(p page, i int) (columns []column, rows int) {
	one, ok := columnsOf(p[i].cells)
	if i+1 < len(p) && !holdsFigures(p[i+1]) && !holdsFigures(p[i]) {
		two, both := columnsOf(stacked(p[i].cells, p[i+1].cells))
		below, _ := columnsOf(p[i+1].cells)
		if both && known(two) > max(known(one), known(below)) {
			return two, 2
		}
	}
	if !ok {
		return nil, 0
	}
	return one, 1
}

func holdsFigures(r row) bool { return strings.ContainsAny(r.text(), "0123456789") }

// known is how sure the roles of the columns are, in all.
func known(columns []column) (sum int) {
	best := map[role]int{}
	for _, c := range columns {
		best[c.role] = max(best[c.role], c.score)
	}
	for _, score := range best {
		sum += score
	}
	return sum
}

// stacked joins names that stand above each other: « Montant » and « réglé ».
func stacked(above, below []cell) []cell {
	list := slices.Clone(above)
	for _, b := range below {
		i := slices.IndexFunc(list, func(a cell) bool { return a.apart(b) == 0 })
		if i < 0 {
			list = append(list, b)
			continue
		}
		list[i] = cell{list[i].text + " " + b.text, min(list[i].from, b.from), max(list[i].to, b.to)}
	}
	slices.SortStableFunc(list, func(a, b cell) int { return cmp.Compare(a.from, b.from) })
	return list
}

// columnsOf are the columns that cells name, those without a meaning among them:
// what stands below one of these is nobody else's. Ok where they name a number
// and an amount at least.
func columnsOf(cells []cell) (list []column, ok bool) {
	period := repeats(cells)
	for i, c := range cells {
		m := meaning{}
		if len(c.text) <= 60 {
			m = heading(c.text)
		}
		list = append(list, column{m, c, i / period})
	}
	for table := range list[len(list)-1].table + 1 {
		ok = likeliest(list, table) || ok
	}
	if !ok {
		return nil, false
	}
	return list, true
}

// repeats is after how many cells their texts come again from the first on: two
// tables stand beside each other.
func repeats(cells []cell) int {
	n := len(cells)
	for k := 2; k <= n/2; k++ {
		same := n%k == 0
		for i := k; same && i < n; i++ {
			same = plain(cells[i].text) == plain(cells[i-k].text)
		}
		if same {
			return k
		}
	}
	return max(n, 1)
}

// likeliest keeps of several columns of one role the likelier ones, and tells
// whether the table has a number and an amount. What is less surely the amount
// paid is the amount before deductions.
func likeliest(list []column, table int) bool {
	best := map[role]int{}
	for _, c := range list {
		if c.table == table && c.role != roleNone {
			best[c.role] = max(best[c.role], c.score)
		}
	}
	for i := range list {
		c := &list[i]
		if c.table != table || c.role == roleNone || c.score == best[c.role] {
			continue
		}
		if _, gross := best[roleGross]; c.role == roleAmount && !gross {
			c.role = roleGross
		} else {
			c.meaning = meaning{}
		}
	}
	_, number := best[roleNumber]
	_, amount := best[roleAmount]
	_, gross := best[roleGross]
	_, credit := best[roleCredit]
	return number && (amount || gross || credit)
}

// tableRow reads a row below the names of a table: a line of each of the tables
// that stand beside each other.
func (r *reader) tableRow(row row) bool {
	cells := make([][]placed, r.columns[len(r.columns)-1].table+1)
	for _, c := range r.apart(row.cells) {
		if col, ok := r.under(c); ok {
			cells[col.table] = append(cells[col.table], placed{col, c.text})
		}
	}
	found := false
	for _, list := range cells {
		found = r.tableLine(row.line, list) || found
	}
	return found
}

// placed is the text of a cell in its column.
type placed struct {
	column
	is string
}

// tableLine reads one line of a table.
func (r *reader) tableLine(at int, cells []placed) bool {
	line := Line{Row: at}
	currency := r.currency
	for _, c := range cells {
		if code := codes.FindString(strings.ToUpper(c.is)); c.role == roleCurrency && code != "" {
			currency = currencyOf(code)
		}
	}
	named, credit, payment := false, false, false
	var debit, creditSide money.Amount
	for _, c := range cells {
		amount, isAmount := r.cellAmount(c.is, currency)
		switch c.role {
		case roleNumber:
			says := speaksOfDocument(c.is)
			if n := numberIn(c.is); n != "" && (line.Number == "" || says && !named) {
				line.Number, named = n, says
			}
			credit = credit || isCredit(c.is)
			payment = payment || !says && speaksOfPaying(r.tokens(c.is))
		case roleDay:
			line.On, _ = r.day(c.is)
		case roleType:
			credit = credit || isCredit(c.is)
			payment = payment || speaksOfPaying(r.tokens(c.is))
		}
		if isAmount {
			line.take(c.role, amount)
			switch c.role {
			case roleDebit:
				debit = amount
			case roleCredit:
				creditSide = amount
			}
		}
	}
	r.sided(&line, debit, creditSide)
	if line.Number == "" || !ingest.Known(line.Amount) && !ingest.Known(line.Gross) {
		return false
	}
	r.settle(&line, currency)
	if payment && !credit && !named { // the payment itself, in an account of supplier
		r.state(line.Amount.Abs(), rankPaid)
		return true
	}
	r.add(line, credit)
	return true
}

func (l *Line) take(role role, amount money.Amount) {
	switch role {
	case roleGross:
		l.Gross = amount
	case roleDiscount:
		l.Discount = amount.Abs()
	case roleAmount:
		l.Amount = amount
	}
}

// speaksOfDocument tells « FACT F2026-100 » from a number alone.
func speaksOfDocument(text string) bool {
	words := strings.Fields(plain(text))
	return isCredit(text) || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(invoiceWords, w) })
}

// under is the column that a cell stands in. Texts stand below their name, from
// the left; figures end below it or on its right, before the next name begins.
func (r *reader) under(c cell) (column, bool) {
	best := -1
	if c.from == c.to { // cells of a sheet
		best = slices.IndexFunc(r.columns, func(col column) bool { return col.from == c.from })
		if best < 0 {
			return column{}, false
		}
		return r.columns[best], true
	}
	_, figures := r.cellAmount(c.text, r.currency)
	if _, day := r.day(c.text); figures || day {
		for i, col := range r.columns {
			if col.from <= c.to {
				best = i
			}
		}
	} else {
		near := 0.0
		for i, col := range r.columns {
			if d := c.apart(col.cell); best < 0 || d < near {
				best, near = i, d
			}
		}
	}
	if best < 0 {
		return column{}, false
	}
	return r.columns[best], true
}

// apart cuts cells that reach into several columns, where a tight layout leaves
// no more than a space between a day and an amount.
func (r *reader) apart(cells []cell) []cell {
	var list []cell
	for _, c := range cells {
		tokens := r.tokens(c.text)
		below := 0
		for _, col := range r.columns {
			if c.apart(col.cell) == 0 {
				below++
			}
		}
		figures := slices.ContainsFunc(tokens, func(t token) bool { return !t.isWord() })
		if c.from == c.to || below < 2 || len(tokens) < 2 || !figures {
			list = append(list, c)
			continue
		}
		width := (c.to - c.from) / float64(len(c.text))
		for _, t := range tokens {
			from := c.from + width*float64(t.start)
			list = append(list, cell{t.text, from, from + width*float64(len(t.text))})
		}
	}
	return list
}

var creditSuffix = regexp.MustCompile(`(?i)^([-0-9., '\x{a0}\x{202f}€EURUSGBPCHF]*[0-9]) ?(CR|DR|DB|DT)\.?$`)

// creditMark takes « CR » off an amount, and tells whether it was there; « DR » is
// taken off too.
func creditMark(text string) (amount string, credit bool) {
	m := creditSuffix.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return text, false
	}
	return m[1], strings.EqualFold(m[2], "CR")
}
