package match

import (
	"bytes"
	"slices"
)

// isCutOff tells whether the bank cut off the list of which the named items are
// the beginning: behind the last of them its line ends with a separator, with the
// beginning of another number, or where banks cut lines.
func (r *reader) isCutOff(named []int32) bool {
	last := hit{}
	for _, i := range named {
		if x := r.ownHit(i); x.to > last.to {
			last = x
		}
	}
	t := &r.text
	if last.to == 0 || last.to > r.endToEnd {
		return false
	}
	end := last.to + slices.Index(t.folded[last.to:], '\n')
	begin := 1 + bytes.LastIndexByte(t.folded[:last.to], '\n')
	rest := t.folded[last.to:end]
	if len(rest) == 0 {
		return isLineCut(end - begin)
	}
	return r.beginsNumber(rest)
}

// isLineCut tells whether a line has a length at which formats end theirs: 27 of
// MT940 structured, 31 of CFONB, 35 and 70 of EDIFACT, 140 of ISO 20022.
func isLineCut(length int) bool {
	switch length {
	case 27, 31, 32, 35, 70, 139, 140:
		return true
	}
	return false
}

// longestRest is how much of a number may be left at the end of a line that was
// cut off.
const longestRest = 16

// joins are words between the numbers of a list, whole or cut off.
var joins = setOf("E", "ET")

// beginsNumber tells whether the end of a line is a separator, or the beginning of
// one more number.
func (r *reader) beginsNumber(rest []byte) bool {
	if len(rest) > longestRest {
		return false
	}
	for i := 0; i < len(rest); {
		j := i
		for j < len(rest) && isLetter(rest[j]) {
			j++
		}
		if word := string(rest[i:j]); word != "" && !joins[word] && !keywords[word] && !r.ix.prefixes[word] {
			return false
		}
		i = max(j, i+1)
	}
	return true
}

// goOn proposes that a list that was cut off went on with the next items that are
// owed, or with any one of them, less what discounts and banks take off; pool is
// what may have followed.
func (r *reader) goOn(c *candidate, b *books, pool []int32, after int) {
	prior := priorOf(len(b.named), len(b.owed)) - 160 - lograrity(max(len(b.owed)-after, 1))
	next := slices.Clone(b.named)
	for _, i := range b.owed[after:] {
		if slices.Contains(b.named, i) {
			continue
		}
		next = append(next, i)
		r.payNearly(c, set{slices.Clone(next), prior, codeSum, exactly})
		if len(next) > len(b.named)+1 {
			r.payNearly(c, set{append(slices.Clone(b.named), i), prior - 60, codeSum, exactly})
		}
	}
	for _, of := range []func(*reader, int32) int64{(*reader).lessDiscount, (*reader).lessTaken} {
		target := r.amount
		for _, i := range b.named {
			target -= of(r, i)
		}
		follows := func(extra []int32) weight { return r.priorWith(b, extra, true) }
		for _, extra := range r.solve(pool, target, 1, of, follows) {
			r.payNearly(c, set{slices.Concat(b.named, extra.items), extra.prior, codeSum, exactly})
		}
	}
}

// payNearly proposes a set of which little is missing, or what discounts take off.
func (r *reader) payNearly(c *candidate, s set) {
	slices.Sort(s.items)
	short := -r.amount
	for _, i := range s.items {
		short += r.ix.items[i].signed()
	}
	late := r.lateDiscount(s.items)
	if short >= 0 && (short <= r.small() || late > 0 && near(short, late, int64(len(s.items)))) {
		s.loose = closely
	}
	r.pay(c, s)
}
