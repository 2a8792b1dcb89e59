package match

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// weight is evidence in hundredths of a ban: a hundred make one explanation ten
// times as likely as it was.
type weight int

// hit is a reference found in a text.
type hit struct {
	item   int32
	weight weight
	code   string // of its reason
	found  string
	from   int // where it stands in the text
	to     int
	shared bool // it may as well be another's
}

// hit is a reference to an item between two places of a text.
func (t *text) hit(item int32, w weight, code string, from, to int) hit {
	return hit{item: item, weight: w, code: code, found: string(t.folded[from:to]), from: from, to: to}
}

// overlaps tells whether two references are read from the same characters: then
// one of them is none. A range names what lies between.
func (h *hit) overlaps(o *hit) bool {
	return h.from < o.to && o.from < h.to && h.code != codeRange && o.code != codeRange
}

// apart appends to dst the hits that do not overlap, the best ones first.
func apart(dst, hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.weight, a.weight) })
	for i := range hits {
		if !slices.ContainsFunc(dst, func(o hit) bool { return o.overlaps(&hits[i]) }) {
			dst = append(dst, hits[i])
		}
	}
	return dst
}

// Codes of the reasons that references give.
const (
	codeReference = "reference"         // the number as it is
	codeDamaged   = "reference_damaged" // its digits, written otherwise
	codeShort     = "reference_short"   // its serial alone
	codeTypo      = "reference_typo"    // one error away
	codeCut       = "reference_cut"     // cut off at the end of a line
	codeRange     = "reference_range"   // between two numbers
	codeOrder     = "reference_order"   // the purchase order or the contract
	codeOwn       = "reference_own"     // our own identifier
	codeStructure = "reference_structured"
)

// Limits of the search for references.
const (
	maxSame     = 48 // items that share one form of their numbers
	leastGlobal = 200
	leastOwn    = 60
	maxWeight   = 950 // of one reference
	maxSpan     = 200 // numbers of a range
	leastRange  = 250 // what it is worth to stand in a range
)

// find gives the references of the whole index in t: what is found must be worth
// something by itself.
func (r *reader) find(t *text) {
	var buf [2 * maxSame]int32
	for i := range t.runs {
		run := &t.runs[i]
		digits := unpad(run.digits)
		if len(digits) < 3 && !r.few {
			continue
		}
		for _, at := range r.ix.byItem.find(buf[:0], hashOf(ofDigits, digits), maxSame) {
			it := &r.ix.items[at]
			if it.currency != r.currency {
				continue
			}
			n := r.takeApart(it)
			if h := r.weigh(t, run, at, &n); h.weight >= leastGlobal {
				r.hits = append(r.hits, h)
			}
		}
		if len(digits) >= 5 {
			r.findOrder(digits, t, run.first, run.last)
		}
	}
}

// findWords looks up what stands between spaces: numbers made of letters, purchase
// orders, contracts, customers' codes, our own identifiers.
func (r *reader) findWords(t *text) {
	var buf [64]byte
	var found [2 * maxSame]int32
	for i := range t.atoms {
		key := buf[:0]
		digits := false
		for j := i; j < len(t.atoms) && j < i+maxRun; j++ {
			if j > i && len(t.gap(j-1)) > maxGap || len(key)+len(t.of(j)) > len(buf) {
				break
			}
			key = append(key, t.of(j)...)
			digits = digits || t.atoms[j].digits
			if !digits || len(key) < 3 || t.beside(i-1, i) || j+1 < len(t.atoms) && len(t.gap(j)) == 0 {
				continue
			}
			written := string(t.folded[t.atoms[i].from:t.atoms[j].to])
			for _, at := range r.ix.byItem.find(found[:0], hashOf(ofCompact, key), maxSame) {
				if r.ix.items[at].currency == r.currency && compacted(r.ix.items[at].number) == string(key) {
					w := min(90*weight(len(key)), maxWeight)
					r.hits = append(r.hits, t.hit(at, w, codeReference, t.atoms[i].from, t.atoms[j].to))
				}
			}
			if len(key) >= 4 {
				r.findOrder(string(key), t, i, j)
			}
			r.findCode(key, written, j == i && !codeWords[string(t.before(i))])
		}
	}
}

// findOrder looks up a purchase order or a contract: it names an item when it has
// one only, and its customer in any case.
func (r *reader) findOrder(key string, t *text, first, last int) {
	from, to := t.atoms[first].from, t.atoms[last].to
	var buf [2 * maxSame]int32
	most := maxSame
	if r.treasury.is {
		most = maxPublic
	}
	at := r.ix.byItem.find(buf[:0], hashOf(ofOrder, key), most)
	if r.treasury.is {
		at = slices.DeleteFunc(at, func(i int32) bool { return !r.isPublic(i) })
	}
	for _, i := range at {
		it := &r.ix.items[i]
		x := &r.ix.extras[max(it.extra, 0)]
		if it.extra < 0 || it.currency != r.currency || !orderIs(x.order, key) && !orderIs(x.contract, key) {
			continue
		}
		w := min(85*weight(len(key)), 600) - lograrity(len(at))
		r.hits = append(r.hits, t.hit(i, w, codeOrder, from, to))
	}
}

func orderIs(order, key string) bool {
	c := compacted(order)
	return c != "" && (c == key || digitsOf(c) == key)
}

// lograrity is a hundred times the logarithm of n, without floats.
func lograrity(n int) weight {
	w := weight(0)
	for ; n >= 10; n /= 10 {
		w += 100
	}
	return w + [...]weight{0, 0, 30, 48, 60, 70, 78, 85, 90, 95}[n]
}

// worth is what the digits of a number written in a form are worth as evidence:
// a digit of the serial that agrees by chance agrees one time in ten, years agree
// more often, and the rarer forms are written less.
func (n *number) worth(f form) weight {
	serial := len(unpad(n.serial))
	if n.serial == nil {
		return 100*weight(len(unpad(n.digits))) - 30
	}
	zeros := 45 * weight(min(len(n.serial)-serial, 3))
	own, other := 100*weight(serial), 70*weight(len(n.other))
	year := weight(0)
	if n.year != 0 {
		year = 130
	}
	switch f {
	case whole:
		return own + zeros + year + other - 30
	case unpadded:
		return own + year + other - 80
	case shortYear:
		return own + zeros/2 + min(year, 100) + other - 90
	case serialFirst:
		return own + zeros + year - 110
	case tail:
		return own + zeros + other - 80
	case padded:
		return own + zeros - 60
	}
	if zeros == 0 {
		return own - 60
	}
	return own - 90
}

// weigh says what it is worth that a run of digits is the number of an item.
func (r *reader) weigh(t *text, run *run, at int32, n *number) hit {
	digits := unpad(run.digits)
	best, as := weight(-1), whole
	n.forms(r.buf[:0], func(f form, own []byte) {
		if string(unpad(own)) != digits || f != bare && f != padded && len(own) > len(run.digits) && own[0] == '0' {
			return
		}
		if f == padded && len(own) != len(run.digits) {
			return
		}
		if w := n.worth(f); w > best {
			best, as = w, f
		}
	})
	if best < 0 {
		return hit{}
	}
	w, exact := r.around(t, run, n, as)
	h := t.hit(at, min(best+w, maxWeight), codeDamaged, t.atoms[run.first].from, t.atoms[run.last].to)
	h.found = t.written(run, n)
	switch {
	case exact:
		h.code = codeReference
	case as == bare || as == padded || as == tail:
		h.code = codeShort
	}
	return h
}

// written is the run as the text has it, with the letters that belong to it.
func (t *text) written(run *run, n *number) string {
	first := run.first
	if len(n.prefix) > 0 && first > 0 && len(t.gap(first-1)) <= 1 && bytes.Equal(t.of(first-1), n.prefix) {
		first--
	}
	return string(t.folded[t.atoms[first].from:t.atoms[run.last].to])
}

// around is what the surroundings of a run say for a number, and whether the
// number stands there as it is.
func (r *reader) around(t *text, run *run, n *number, f form) (weight, bool) {
	w := -against[run.noise]
	if run.noise == aYear && f == whole {
		w = 0
	}
	before := t.before(run.first)
	exact := f == whole && !run.repaired && !run.letters
	switch {
	case len(n.prefix) > 0 && bytes.Equal(before, n.prefix):
		w += 100
	case len(n.prefix) > 0 && len(before) > 0 && bytes.HasSuffix(before, n.prefix) && len(t.gap(run.first-1)) == 0:
		w += 60
	case len(before) > 0 && r.ix.prefixes[string(before)] && len(t.gap(run.first-1)) <= 1 && !keywords[string(before)]:
		w -= 200
		exact = false
	case keywords[string(before)]:
		w += 60
		exact = exact && len(n.prefix) == 0
	case otherwise[string(before)] || len(before) > 0 && len(t.gap(run.first-1)) == 0:
		w -= 130
		exact = false
	default:
		exact = exact && len(n.prefix) == 0
	}
	if len(n.suffix) > 0 {
		if bytes.Equal(t.behind(run.last), n.suffix) {
			w += 80
		} else {
			w -= 80
			exact = false
		}
	}
	if t.atoms[run.first].from >= r.endToEnd && !exact {
		w -= 300 // payers' programs number their transfers
	}
	if run.repaired {
		w -= 40
	}
	if run.letters {
		w -= 70
	}
	if run.inside {
		w -= 100
		exact = false
	}
	if extra := run.last - run.first + 1 - n.groups; extra > 0 {
		w -= 25 * weight(extra)
		exact = false
	}
	if (f == bare || f == padded) && n.year != 0 {
		w += t.yearBefore(run.first, n.year)
	}
	return w, exact
}

// otherwise announce numbers that are no documents of ours.
var otherwise = setOf(
	"CDE", "CMD", "COMMANDE", "BC", "PO", "CLT", "CLIENT", "CODE", "COMPTE", "CPTE", "CONTRAT", "LOT", "OP",
	"MANDAT", "PIECE", "BORDEREAU", "BL", "FRN", "CHQ", "CHEQUE", "DOSSIER", "TEL", "SIRET", "SIREN", "RIB", "ID",
)

// before is the letters before an atom, « n° » and its like left out.
func (t *text) before(i int) []byte {
	if i == 0 || t.atoms[i-1].digits || len(t.gap(i-1)) > maxGap || t.atoms[i-1].line != t.atoms[i].line {
		return nil
	}
	if i > 1 && ordinals[string(t.of(i-1))] && !t.atoms[i-2].digits && len(t.gap(i-2)) <= 2 {
		return t.of(i - 2)
	}
	return t.of(i - 1)
}

// behind is the letters that stand behind an atom.
func (t *text) behind(i int) []byte {
	if i+1 >= len(t.atoms) || t.atoms[i+1].digits || len(t.gap(i)) > 1 {
		return nil
	}
	return t.of(i + 1)
}

var ordinals = setOf("N", "NO", "NR", "NUM", "NUMERO")

// yearBefore speaks against a serial behind another year than its own.
func (t *text) yearBefore(i, year int) weight {
	if i == 0 || !t.atoms[i-1].digits || len(t.gap(i-1)) > 1 || t.atoms[i-1].noise != aYear {
		return 0
	}
	if atoi(t.of(i-1)) != year {
		return -200
	}
	return 50
}

// findOwn gives the references to the items of one customer, which may be more
// damaged: the customer is known, and has few. The weight of each is at its place.
func (r *reader) findOwn(own []int32) []hit {
	hits := r.own[:0]
	for _, at := range own {
		best := hit{item: at}
		for _, h := range r.global(at) {
			if h.weight > best.weight {
				best = h
			}
		}
		for _, t := range r.texts() {
			if len(own) <= maxOwn {
				r.asWritten(t, at, &best)
			}
		}
		hits = append(hits, best)
	}
	plain := r.ofSet[:0]
	for _, h := range hits {
		if h.weight > 0 {
			plain = append(plain, h)
		}
	}
	r.ofSet = plain
	for k := range hits {
		for _, t := range r.texts() {
			if len(own) <= maxOwn && hits[k].weight < leastNamed {
				r.damaged(t, hits[k].item, plain, &hits[k])
			}
		}
	}
	shareCut(hits)
	r.ranges(own, hits)
	r.own = hits
	return hits
}

// shareCut weighs numbers that were cut off by how many items begin with what is
// left of them.
func shareCut(hits []hit) {
	begin := map[int]int{} // how many, by where what is left of them stands
	for _, h := range hits {
		if h.code == codeCut {
			begin[h.from]++
		}
	}
	for k := range hits {
		if n := begin[hits[k].from]; hits[k].code == codeCut && n > 1 {
			hits[k].weight = max(hits[k].weight-lograrityOf(n), 1)
			hits[k].shared = true
		}
	}
}

// maxOwn bounds the items of a customer that are compared with each run.
const maxOwn = 300

// global are the hits of find on an item.
func (r *reader) global(at int32) []hit {
	from, _ := slices.BinarySearchFunc(r.hits, at, func(h hit, at int32) int { return cmp.Compare(h.item, at) })
	to := from
	for to < len(r.hits) && r.hits[to].item == at {
		to++
	}
	return r.hits[from:to]
}

// comesNear looks for the number of an item in a text, written anyhow.
func (r *reader) comesNear(t *text, at int32) hit {
	best := hit{item: at}
	r.asWritten(t, at, &best)
	if best.weight < leastNamed {
		r.damaged(t, at, nil, &best)
	}
	return best
}

// asWritten looks for the number of an item among the runs of a text, in one of the
// forms in which numbers are written.
func (r *reader) asWritten(t *text, at int32, best *hit) {
	n := r.takeApart(&r.ix.items[at])
	serial := unpad(n.serial)
	for i := range t.runs {
		run := &t.runs[i]
		if r.work--; r.work < 0 {
			return
		}
		if len(run.digits) < len(serial) || !endsAlike(run.digits, &n) {
			continue
		}
		if h := r.weigh(t, run, at, &n); h.weight >= leastOwn && h.weight > best.weight {
			*best = h
		}
	}
}

// damaged looks for the number of an item with one error, cut off, or by its last
// digits alone, among the runs of a text that are not better read as another's.
func (r *reader) damaged(t *text, at int32, others []hit, best *hit) {
	n := r.takeApart(&r.ix.items[at])
	for i := range t.runs {
		run := &t.runs[i]
		if r.work--; r.work < 0 {
			return
		}
		if len(run.digits) < 3 || run.noise >= anAccount {
			continue
		}
		h := r.nearly(t, run, at, &n)
		better := func(o hit) bool {
			return o.item != at && o.weight > h.weight && (o.overlaps(&h) || strings.Contains(o.found, h.found))
		}
		if h.weight >= leastOwn && h.weight > best.weight && !slices.ContainsFunc(others, better) {
			*best = h
		}
	}
}

// endsAlike tells whether digits end as one of the forms of a number does: with
// its serial or its year.
func endsAlike(digits string, n *number) bool {
	last := digits[len(digits)-1]
	if len(n.digits) == 0 {
		return false
	}
	return last == n.digits[len(n.digits)-1] || len(n.serial) > 0 && last == n.serial[len(n.serial)-1] ||
		n.year != 0 && last == byte('0'+n.year%10)
}

// nearly weighs a run that is one error away from a number, its beginning or its
// end.
func (r *reader) nearly(t *text, run *run, at int32, n *number) hit {
	h := hit{item: at, from: t.atoms[run.first].from, to: t.atoms[run.last].to}
	serial := unpad(n.serial)
	digits := run.digits
	switch {
	case run.end && len(digits) >= 5 && len(digits) < len(n.digits) && bytes.HasPrefix(n.digits, []byte(digits)):
		lost := len(n.digits) - len(digits)
		h.weight, h.code = n.worth(whole)-100*weight(lost)-60, codeCut
	case run.end && len(digits) >= 3 && len(digits) < len(serial) && bytes.HasPrefix(serial, []byte(digits)):
		lost := len(serial) - len(digits)
		h.weight, h.code = n.worth(bare)-100*weight(lost)-60, codeCut
	case len(n.digits) >= 5 && oneEdit(n.digits, digits):
		h.weight, h.code = n.worth(whole)-300, codeTypo
	case len(serial) >= 4 && oneEdit(serial, unpad(digits)) || len(n.serial) >= 5 && oneEdit(n.serial, digits):
		h.weight, h.code = n.worth(bare)-280, codeTypo
	case len(digits) >= 3 && len(digits) < len(serial) && bytes.HasSuffix(serial, []byte(digits)):
		h.weight, h.code = 100*weight(len(digits))-150, codeShort
	default:
		return hit{}
	}
	w, _ := r.around(t, run, n, whole)
	h.weight = min(h.weight+w, 600)
	h.found = t.written(run, n)
	return h
}
