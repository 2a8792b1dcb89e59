package match

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// names finds customers by the words of their names.
type names struct {
	id       map[string]int32
	words    []string
	start    []int32 // of each word's customers in list
	list     []int32
	ofStart  []int32 // of each customer's words in ofWords
	ofWords  []int32
	sorted   []int32 // words in the order of the alphabet
	deletes  table   // words by what they are without one letter
	rareness []weight
}

// Limits of the search for a name.
const (
	maxNameWords   = 8
	maxSeeds       = 12_000 // customers of the rarest words of a name
	maxAlternates  = 24     // words that one may be a damaged or an abbreviated form of
	maxNamed       = 40     // customers that one name is compared with
	shortestFuzzy  = 5      // letters of a word that may have a typing error
	shortestPrefix = 3      // letters that may be the beginning of a word
)

// nameWords cuts a name into its words, legal forms and little words left out,
// initials with points brought together: "S.A.R.L. Dupont & Fils" is DUPONT FILS.
// The last word of a name that was cut off may be any.
func nameWords(dst []string, name string, cut bool) []string {
	var all [2 * maxNameWords]string
	n := 0
	initials := ""
	flush := func(w string) {
		if w != "" && n < len(all) {
			all[n] = w
			n++
		}
	}
	for w := range strings.FieldsFuncSeq(string(fold(nil, name)), func(r rune) bool { return !isAlnum(byte(r)) }) {
		if len(w) == 1 {
			initials += w
			continue
		}
		flush(initials)
		initials = ""
		flush(w)
	}
	flush(initials)
	from := len(dst)
	for i, w := range all[:n] {
		end := cut && i == n-1 && i > 1 // the beginning of a longer word
		if w = cmp.Or(aliases[w], w); (!littleWords[w] || end) && len(dst)-from < maxNameWords &&
			!slices.Contains(dst[from:], w) {
			dst = append(dst, w)
		}
	}
	if len(dst) == from {
		dst = append(dst, all[:min(n, maxNameWords)]...)
	}
	return dst
}

// indexNames makes the words of names findable, whole, damaged or cut short.
func (ix *Index) indexNames(keys *tableBuilder) {
	x := &ix.names
	x.id = map[string]int32{}
	x.ofStart = make([]int32, 1, len(ix.customers)+1)
	var words []string
	for i := range ix.customers {
		c := &ix.customers[i]
		words = nameWords(words[:0], c.name, false)
		if len(words) > 0 {
			keys.add(hashOf(ofName, strings.Join(words, "")), int32(i))
			town := nameWords(nil, c.name+" "+c.place.city, false)
			if len(town) > len(words) {
				keys.add(hashOf(ofName, strings.Join(town, "")), int32(i))
			}
		}
		from := len(x.ofWords)
		for _, w := range words {
			if id := x.word(w); !slices.Contains(x.ofWords[from:], id) {
				x.ofWords = append(x.ofWords, id)
			}
		}
		x.ofStart = append(x.ofStart, int32(len(x.ofWords)))
		ix.indexCustomer(keys, c, int32(i))
	}
	x.post(len(ix.customers))
	x.indexDamaged()
}

// indexCustomer makes a customer findable by what is not its name.
func (ix *Index) indexCustomer(keys *tableBuilder, c *customer, at int32) {
	if key := compacted(c.code); len(key) >= 3 {
		keys.add(hashOf(ofCode, key), at)
	}
	if siren := digitsOf(c.siren); len(siren) >= 9 {
		keys.add(hashOf(ofSIREN, siren[:9]), at)
	}
	if c.group != "" {
		keys.add(hashOf(ofGroup, c.group), at)
		keys.add(hashOf(ofGroupName, compacted(c.group)), at)
	}
	for _, e := range c.expected {
		keys.add(hashInt(ofExpected, e.Amount.Minor), at)
	}
}

// word is the place of a word, a new one if need be.
func (x *names) word(w string) int32 {
	id, ok := x.id[w]
	if !ok {
		w = strings.Clone(w)
		id = int32(len(x.words))
		x.id[w] = id
		x.words = append(x.words, w)
	}
	return id
}

// post lists the customers of each word and how rare it is.
func (x *names) post(customers int) {
	x.start = make([]int32, len(x.words)+1)
	for _, w := range x.ofWords {
		x.start[w+1]++
	}
	for i := range x.words {
		x.start[i+1] += x.start[i]
	}
	next := slices.Clone(x.start)
	x.list = make([]int32, len(x.ofWords))
	for c := range customers {
		for _, w := range x.ofWords[x.ofStart[c]:x.ofStart[c+1]] {
			x.list[next[w]] = int32(c)
			next[w]++
		}
	}
	x.rareness = make([]weight, len(x.words))
	n := float64(max(customers, fewCustomers))
	for w := range x.words {
		x.rareness[w] = weight(100 * math.Log10(n/float64(x.start[w+1]-x.start[w])))
	}
}

// indexDamaged sorts the words and notes them without each of their letters.
func (x *names) indexDamaged() {
	x.sorted = make([]int32, len(x.words))
	var keys tableBuilder
	var buf []byte
	for i, w := range x.words {
		x.sorted[i] = int32(i)
		if len(w) < shortestFuzzy || len(w) > 24 {
			continue
		}
		keys.add(hashOf(ofDelete, w), int32(i))
		for cut := range len(w) {
			buf = append(append(buf[:0], w[:cut]...), w[cut+1:]...)
			keys.addNew(hashOf(ofDelete, buf), int32(i))
		}
	}
	slices.SortFunc(x.sorted, func(a, b int32) int { return cmp.Compare(x.words[a], x.words[b]) })
	x.deletes = keys.build()
}

// customersOf are those whose names hold a word.
func (x *names) customersOf(word int32) []int32 { return x.list[x.start[word]:x.start[word+1]] }

// alternates are the known words that w may stand for: itself, or those that it
// is one error away from, or the beginning of.
func (x *names) alternates(dst []int32, w string) []int32 {
	if id, ok := x.id[w]; ok {
		return append(dst, id)
	}
	dst = x.nearby(dst, w)
	if len(w) < shortestPrefix {
		return dst
	}
	at, _ := slices.BinarySearchFunc(x.sorted, w, func(i int32, w string) int { return cmp.Compare(x.words[i], w) })
	for ; at < len(x.sorted) && len(dst) < maxAlternates && strings.HasPrefix(x.words[x.sorted[at]], w); at++ {
		if !slices.Contains(dst, x.sorted[at]) {
			dst = append(dst, x.sorted[at])
		}
	}
	return dst
}

// nearby are the words one typing error away.
func (x *names) nearby(dst []int32, w string) []int32 {
	if len(w) < shortestFuzzy-1 || len(w) > 25 {
		return dst
	}
	var found [2 * maxAlternates]int32
	ids := x.deletes.find(found[:0], hashOf(ofDelete, w), maxAlternates)
	var buf [32]byte
	for cut := range len(w) {
		without := append(append(buf[:0], w[:cut]...), w[cut+1:]...)
		ids = x.deletes.find(ids, hashOf(ofDelete, without), maxAlternates)
	}
	for _, id := range ids {
		if len(dst) < maxAlternates && oneEdit(x.words[id], w) && !slices.Contains(dst, id) {
			dst = append(dst, id)
		}
	}
	return dst
}

// oneEdit tells whether one letter more, less or other, or two neighbours
// exchanged, make b of a.
func oneEdit[T, U string | []byte](a T, b U) bool {
	if len(a)-len(b) > 1 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && j < len(b)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	restA, restB := len(a)-i-j, len(b)-i-j
	if restA <= 1 && restB <= 1 {
		return true
	}
	return restA == 2 && restB == 2 && a[i] == b[i+1] && a[i+1] == b[i]
}

// likeness is what it says for a customer that a payer writes these words as a
// name. A text holds other words too, so that those it has more tell nothing,
// and those it lacks tell more. truncated names may lack words.
func (ix *Index) likeness(words []string, c int32, within, truncated bool) weight {
	x := &ix.names
	own := x.ofWords[x.ofStart[c]:x.ofStart[c+1]]
	var used [2 * maxNameWords]bool
	total, matched, missed := weight(0), 0, 0
	for at, w := range words {
		best, of := weight(0), -1
		for i, id := range own {
			if v := x.same(w, id, at == len(words)-1 && truncated); !used[i] && v > best {
				best, of = v, i
			}
		}
		if of < 0 {
			missed++
			continue
		}
		used[of] = true
		matched++
		total += best
	}
	lacking := len(own) - matched
	total = min(total, ix.known)
	switch {
	case within:
		return total - 60*weight(lacking) - 30
	case truncated:
		return total - 40*weight(min(missed, 3)) - 15*weight(min(lacking, 3))
	}
	return total - 40*weight(min(missed, 3)) - 30*weight(min(lacking, 3)) - 100*weight(min(missed, lacking, 2))
}

// same is what it says that a payer writes w for a word.
func (x *names) same(w string, id int32, last bool) weight {
	word, rare := x.words[id], x.rareness[id]
	switch {
	case w == word:
		return max(rare, 5)
	case last && strings.HasPrefix(word, w):
		return max(min(rare-20, 70*weight(len(w))), 5)
	case len(w) >= shortestPrefix && strings.HasPrefix(word, w):
		return max(min(rare-40, 60*weight(len(w))), 5)
	case len(w) >= shortestFuzzy && len(word) >= shortestFuzzy && oneEdit(word, w):
		return max(rare-80, 5)
	case len(w) >= 9 && len(word) >= 9 && levenshtein.ComputeDistance(w, word) <= 2:
		return max(rare-130, 5)
	case len(w) == 1 && w[0] == word[0]:
		return 30
	}
	return 0
}
