package match

import "slices"

// ranges weighs the items whose serial stands between two numbers: « F101 à F105 ».
func (r *reader) ranges(own []int32, hits []hit) {
	for _, t := range r.texts() {
		for i := range t.atoms {
			last, upTo, said := t.rangeAt(i)
			if said == noRange || said == byDash && t.isListed(i, last) {
				continue
			}
			from := atoi(t.of(i))
			ends := said == byWord && r.hasSerial(own, from) && r.hasSerial(own, upTo)
			if upTo <= from || upTo-from > maxSpan && !ends {
				continue
			}
			for k, at := range own {
				n := r.takeApart(&r.ix.items[at])
				better := hits[k].weight >= leastRange && hits[k].code != codeTypo
				if v := atoi(n.serial); v >= from && v <= upTo && len(n.serial) > 0 && !better {
					from, to := t.atoms[i].from, t.atoms[last].to
					hits[k] = t.hit(at, leastRange, codeRange, from, to)
				}
			}
		}
	}
}

// isListed tells whether a dash joins the numbers of a list: before the first of
// two, or behind the last, stands another.
func (t *text) isListed(first, last int) bool {
	if _, _, said := t.rangeAt(last); said == byDash {
		return true
	}
	for i := max(0, first-maxRun); i < first; i++ {
		if end, _, said := t.rangeAt(i); said == byDash && end == first {
			return true
		}
	}
	return false
}

// hasSerial tells whether one of a customer's items has a serial: a range between
// two of them names all between, however many others have numbers there.
func (r *reader) hasSerial(own []int32, serial int) bool {
	return slices.ContainsFunc(own, func(at int32) bool {
		n := r.takeApart(&r.ix.items[at])
		return len(n.serial) > 0 && atoi(n.serial) == serial
	})
}

// joint is how a text says that two numbers are the ends of a range.
type joint uint8

const (
	noRange joint = iota
	byDash        // which may as well stand between the numbers of a list
	byWord
)

// rangeAt tells whether digits at i begin a range, where it ends and its last
// number: a shorter end takes the beginning of the first, « 2101-05 ».
func (t *text) rangeAt(i int) (last, upTo int, said joint) {
	if !t.atoms[i].digits || t.atoms[i].noise > aYear || len(t.of(i)) > 9 {
		return 0, 0, noRange
	}
	j := i + 1
	if j < len(t.atoms) && string(t.gap(i)) == "-" {
		said = byDash
	}
	for j < len(t.atoms) && !t.atoms[j].digits && j < i+4 {
		if rangeWords[string(t.of(j))] {
			said = byWord
		} else if len(t.of(j)) > 4 {
			return 0, 0, noRange
		}
		j++
	}
	if j+1 < len(t.atoms) && t.atoms[j].digits && t.atoms[j].noise == aYear && t.beside(j, j+1) {
		j++ // the year of the second number
	}
	if said == noRange || j >= len(t.atoms) || !t.atoms[j].digits || len(t.of(j)) > len(t.of(i)) {
		return 0, 0, noRange
	}
	first, end := t.of(i), t.of(j)
	full := append(slices.Clone(first[:len(first)-len(end)]), end...)
	return j, atoi(full), said
}

var rangeWords = setOf("A", "AU", "TO", "JUSQUA", "JUSQU")
