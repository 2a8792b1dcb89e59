package match

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
)

// reader is what one call of Explain works with; readers are kept and used again.
type reader struct {
	ix         *Index
	e          Entry
	on         cal.Date
	amount     int64
	currency   uint8
	few        bool     // customers: all of them are candidates
	namesPayer bool     // something tells who paid
	treasury   treasury // who paid, where it is a public accountant
	paidBefore int      // how often it paid before
	payerTown  string   // the payer's name folded, which may end with a town
	chance     weight
	work       int
	best       weight // of the hypotheses so far

	text, fixed text // as written, and with letters read as digits
	repaired    bool
	hits, own   []hit
	candidates  []candidate
	at          map[int32]int
	hypotheses  []hypothesis
	atAmount    []int32
	touched     []int32
	sum         []int32 // of each customer; all zero between uses
	words       []string
	all         []int32
	share       []weight
	days        []neighbours
	opens, owed []int64
	picked      []int32
	ofSet       []hit
	months      []month
	places      map[int64]int
	seeds       []seed
	several     bool // the payer has paid for several customers
	discounted  bool // the payer says that a discount was taken off
	cutOff      bool // the list of what is named of the customer under consideration
	endToEnd    int  // where the end-to-end reference begins in the text
	first       int32
	seen        map[uint64][]int
	other       []string
	buf         [4 * maxNumber]byte
	folded      [4 * maxNumber]byte
}

// maxWork bounds the comparisons of numbers with runs for one entry.
const maxWork = 60_000

func newReader(ix *Index) *reader {
	return &reader{
		ix: ix, at: map[int32]int{}, seen: map[uint64][]int{}, places: map[int64]int{},
		sum: make([]int32, len(ix.customers)), few: len(ix.customers) <= fewEnough,
	}
}

// begin reads an entry.
func (r *reader) begin(e Entry) bool {
	r.e, r.on, r.amount, r.work = e, e.On, e.Amount.Minor, maxWork
	r.namesPayer, r.several, r.best, r.paidBefore = false, false, worst, 0
	r.payerTown = townOf(e.Payer.Name)
	r.treasury = r.ix.treasuryOf(e.Payer.Name)
	r.hits, r.candidates, r.hypotheses = r.hits[:0], r.candidates[:0], r.hypotheses[:0]
	clear(r.at)
	at := slices.Index(r.ix.currencies, e.Amount.Currency)
	if at < 0 || e.Amount.Minor <= 0 {
		return false
	}
	r.currency = uint8(at)
	texts := slices.Concat(e.Texts, e.Structured)
	texts = append(texts, inReferences(e.Structured)...)
	for _, a := range e.Advice {
		texts = append(texts, a.Number)
	}
	texts = append(distinct(texts), e.EndToEnd)
	r.text.read(distinct(texts), r.on, r.amount)
	r.endToEnd = len(r.text.folded)
	if len(distinct(texts)) == len(texts) {
		r.endToEnd -= len(e.EndToEnd) + 1
	}
	r.repaired = r.fixed.repair(&r.text, r.ix.prefixes, r.on, r.amount)
	r.chance = r.chanceOf(r.amount)
	r.discounted = r.text.says(discountWords)
	r.months = r.text.months(r.months[:0], r.on)
	return true
}

// worst is less than any score.
const worst = -100_000

// distinct are the texts that are not empty, each once.
func distinct(texts []string) []string {
	var out []string
	for _, s := range texts {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (r *reader) texts() []*text {
	if r.repaired {
		return []*text{&r.text, &r.fixed}
	}
	return []*text{&r.text}
}

func (r *reader) takeApart(it *item) number {
	return takeApart(fold(r.folded[:0], it.number), it.issued)
}

// references finds what the texts name, the best of each item.
func (r *reader) references() {
	for _, t := range r.texts() {
		r.find(t)
	}
	r.findWords(&r.text)
	if id := r.e.EndToEnd; id != "" {
		if i := r.ix.itemOf(id); i >= 0 {
			r.hits = append(r.hits, hit{item: i, weight: maxWeight, code: codeOwn, found: id})
		}
	}
	slices.SortFunc(r.hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(b.weight, a.weight), cmp.Compare(a.code, b.code))
	})
	r.hits = slices.CompactFunc(r.hits, func(a, b hit) bool { return a.item == b.item })
}

// chanceOf is the logarithm of how often an amount comes by chance: as often as
// among the open items, round ones more often than others.
func (r *reader) chanceOf(minor int64) weight {
	w := weight(-480)
	switch {
	case minor%100_000 == 0:
		w = -220
	case minor%10_000 == 0:
		w = -270
	case minor%1000 == 0:
		w = -340
	case minor%100 == 0:
		w = -410
	}
	if n := r.ix.byItem.count(r.ix.amountKey(minor, r.currency)); n > 1 {
		w = max(w, lograrity(n)-lograrity(max(len(r.ix.items), 1000)))
	}
	return min(w, -100)
}

// inReferences are the numbers inside structured references: what follows the
// check digits of ISO 11649, the first ten digits of a Belgian communication.
func inReferences(structured []string) []string {
	var out []string
	for _, s := range structured {
		c := compacted(s)
		if len(c) > 5 && c[0] == 'R' && c[1] == 'F' && isDigit(c[2]) && isDigit(c[3]) {
			out = append(out, c[4:])
		}
		if d := digitsOf(c); len(d) == 12 && len(c) == 12 && belgian(d) {
			out = append(out, unpad(d[:10]))
		}
	}
	return out
}

// belgian tells whether the last two of twelve digits check the ten before
// (modulo 97, 97 for 0).
func belgian(d string) bool {
	rest := 0
	for _, c := range d[:10] {
		rest = (rest*10 + int(c-'0')) % 97
	}
	if rest == 0 {
		rest = 97
	}
	return int(d[10]-'0')*10+int(d[11]-'0') == rest
}
