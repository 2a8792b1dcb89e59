package table

import (
	"slices"
	"strings"
	"unicode"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// wholeBuckets are the ranges of ages that have no figures.
var wholeBuckets = setOfNames(`
	non echu, non echus, echu, a echoir, current, not due, not yet due, courant, older, plus ancien, plus anciens,
	anterieur, at date, non exigible`)

// bucketWords stand beside the figures of a range: « plus de 90 jours ».
var bucketWords = setOf(`j jours jour days day d a de plus over to et and or more past due moins mois months month
	retard la echu echus depuis entre au dela`)

func setOfNames(list string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		set[strings.Join(strings.Fields(name), " ")] = true
	}
	return set
}

// bucket tells the columns of an aged balance: "Non échu", "0-30 j", "> 90".
func bucket(name string) bool {
	plain := plainName(name)
	if wholeBuckets[plain] {
		return true
	}
	digits := 0
	for w := range strings.FieldsSeq(plain) {
		switch {
		case w[0] >= '0' && w[0] <= '9':
			digits++
		case !bucketWords[w]:
			return false
		}
	}
	return digits >= 1 && digits <= 2 && len(plain) <= 28
}

// bucketLine tells the name of a range on a line of its own, above the pieces of
// that age.
func bucketLine(cells []string) bool {
	only := ""
	for _, c := range cells {
		if c = clean(c); c == "" {
			continue
		}
		if only != "" {
			return false
		}
		only = c
	}
	dash := strings.IndexAny(only, "-–")
	return bucket(only) && (strings.ContainsFunc(only, unicode.IsLetter) || strings.ContainsAny(only, "<>+") ||
		dash > 0 && dash < len(only)-1)
}

// aged finds the ranges of an aged balance that names its invoices and nothing
// else of what is due: each amount stands below its age.
func (p *plan) aged() {
	if p.any(ingest.FieldTotal, ingest.FieldOpen, ingest.FieldDebit, ingest.FieldNet) || !p.has(ingest.FieldNumber) {
		return
	}
	var at []int
	for _, c := range p.columns {
		if bucket(c.name) && !slices.Contains(p.taken(), c.index) {
			at = append(at, c.index)
		}
	}
	if len(at) >= 2 {
		p.buckets = at
	}
}

// taken are the columns that have a field.
func (p *plan) taken() []int {
	list := make([]int, 0, len(p.at))
	for _, i := range p.at {
		list = append(list, i)
	}
	return list
}

// bucketSum is what the ranges of a row add up to; nothing when all are empty.
func (m *mapper) bucketSum(c []string, must, currency money.Currency) (sum money.Amount, at int, err error) {
	for _, i := range m.buckets {
		text := cell(c, i)
		if text == "" {
			continue
		}
		a, err := m.open.read(text, must, currency)
		if err != nil {
			return sum, i, err
		}
		if !sameCurrency(sum, a) {
			return sum, i, errCurrencies
		}
		if !ingest.Known(sum) {
			sum = money.Zero(a.Currency)
		}
		sum = sum.Add(a)
	}
	return sum, 0, nil
}
