package match

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// candidate is a customer whose money an entry may be.
type candidate struct {
	customer int32
	payer    weight // what is known of who paid says for it
	known    bool   // something does
	code     string // of the reason
	found    string
	refs     weight // what the best reference says for it
	sum      weight // what all say
	amount   weight // what the amount says
}

// speaks tells whether anything speaks for a candidate, and weight how much.
func (c *candidate) speaks() bool   { return c.known && c.payer > 0 || c.refs > 0 || c.amount > 0 }
func (c *candidate) weight() weight { return c.payer + c.refs + c.amount }

// Codes of the reasons that the payer gives.
const (
	codeMandate    = "payer_mandate"
	codeIBAN       = "payer_iban"
	codeMemory     = "payer_memory"
	codeName       = "payer_name"
	codeNameLike   = "payer_name_like"
	codeBehalf     = "payer_on_behalf"
	codeNameInText = "payer_name_in_text"
	codeSIREN      = "payer_siren"
	codeCode       = "payer_code"
	codeGroup      = "payer_group"
	codeGroupName  = "payer_group_name"
	codeOther      = "payer_other" // the payer is somebody else
)

// Limits of the candidates.
const (
	maxCandidates = 48
	maxAtAmount   = 64   // items of exactly the entry's amount that are looked at
	maxPublic     = 1024 // the same, where only those of public bodies count
	fewEnough     = 40   // customers of whom all are candidates
	thirdParty    = -130 // one payment in twenty comes from somebody else
	inGroup       = -70
	maxGroup      = 40
)

// candidateOf is the candidate for a customer, a new one if need be.
func (r *reader) candidateOf(c int32) *candidate {
	at, ok := r.at[c]
	if !ok {
		at = len(r.candidates)
		r.at[c] = at
		r.candidates = append(r.candidates, candidate{customer: c})
	}
	return &r.candidates[at]
}

// speaks notes that something known of the payer speaks for a customer.
func (r *reader) speaks(c int32, w weight, code, found string) {
	x := r.candidateOf(c)
	if !x.known {
		x.known, x.payer, x.code, x.found = true, w, code, found
		return
	}
	if w > x.payer {
		w, x.payer, x.code, x.found = x.payer, w, code, found
	}
	x.payer = min(x.payer+max(0, w)/4, max(x.payer, r.ix.known+50))
}

// whoPaid gathers the candidates.
func (r *reader) whoPaid() {
	r.byMandate()
	r.byMemory()
	if r.namesPayer = r.namesPayer || r.treasury.is; !r.treasury.is {
		r.byName(r.e.Payer.Name, codeName)
	}
	r.byName(r.e.Ultimate.Name, codeBehalf)
	if r.e.Payer.Name == "" {
		for _, s := range r.e.Texts {
			r.byName(afterFrom(s), codeNameLike)
		}
	}
	r.byGroupName()
	r.byText()
	r.byGroup()
	for i := range r.hits {
		x := r.candidateOf(r.ix.items[r.hits[i].item].customer)
		x.refs = max(x.refs, r.hits[i].weight)
		x.sum += r.hits[i].weight
	}
	r.byAmount()
	if r.few {
		for c := range r.ix.customers {
			r.candidateOf(int32(c))
		}
	}
	for i := range r.candidates {
		if x := &r.candidates[i]; !x.known && r.namesPayer {
			x.payer, x.code, x.found = r.otherPayer(x.customer)
			if w := r.townSays(x.customer); w > 0 {
				x.payer, x.code, x.found = x.payer+w, codeTown, r.ix.customers[x.customer].place.city
			}
		}
	}
	slices.SortFunc(r.candidates, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(b.payer+b.refs+b.amount, a.payer+a.refs+a.amount), cmp.Compare(a.customer, b.customer))
	})
}

// byMandate knows who is debited.
func (r *reader) byMandate() {
	for _, m := range []string{r.e.Mandate} {
		key := compacted(m)
		if key == "" {
			continue
		}
		for _, c := range r.ix.byCustomer.find(nil, hashOf(ofMandate, key), 8) {
			r.namesPayer = true
			r.speaks(c, r.ix.known+20, codeMandate, m)
		}
	}
}

// byMemory knows payers of before, by IBAN and by name: each counts by how often
// it paid for that customer among all those it paid for.
func (r *reader) byMemory() {
	r.remember(ibanKey(r.e.Payer.IBAN), codeIBAN, r.e.Payer.IBAN, 10)
	r.remember(ibanKey(r.e.Ultimate.IBAN), codeIBAN, r.e.Ultimate.IBAN, 10)
	r.remember(nameKey(r.e.Payer.Name), codeMemory, r.e.Payer.Name, -10)
	r.remember(nameKey(r.e.Ultimate.Name), codeMemory, r.e.Ultimate.Name, -10)
}

func (r *reader) remember(key, code, found string, bonus weight) {
	if key == "" {
		return
	}
	all := r.ix.paidFor(key)
	total := int32(0)
	for _, m := range all {
		total += m.times
	}
	r.several = r.several || len(all) > 1
	if r.treasury.is {
		r.paidBefore = max(r.paidBefore, int(total))
		total += newBodies
	}
	for _, m := range all {
		r.namesPayer = true
		share := lograrityOf(int(total)) - lograrityOf(int(m.times))
		if is, known := r.treasury.isOf(r.ix.customers[m.customer].place); known && !is && key[0] == '=' {
			share -= otherPlace // an account that several accountants share
		}
		r.speaks(m.customer, r.ix.known-share+bonus, code, found)
	}
}

// byName compares who is said to have paid with the names of customers.
func (r *reader) byName(name, code string) {
	if strings.TrimSpace(name) == "" || len(name) > maxText {
		return
	}
	r.namesPayer = true
	cut := isCut(len(name))
	r.words = nameWords(r.words[:0], name, cut)
	like := cmp.Or(map[string]string{codeName: codeNameLike}[code], code)
	joined := strings.Join(r.words, "")
	same := r.ofPlace(r.ix.byCustomer.find(nil, hashOf(ofName, joined), 200))
	for _, c := range same {
		w := max(r.ix.known-lograrity(len(same)), 60) - 5
		if !r.isCalled(c, "", joined) {
			w -= withTown
		}
		if w > 0 && (r.isCalled(c, "", joined) || r.isCalled(c, r.ix.customers[c].place.city, joined)) {
			r.speaks(c, w, code, r.ix.customers[c].name)
		}
	}
	if len(same) > 0 && len(r.words) > 1 {
		return // whoever else has such a name has it less
	}
	for _, c := range r.namesakes(r.words, false) {
		if w := r.ix.likeness(r.words, c, false, cut) - 15; w >= leastName && !slices.Contains(same, c) {
			r.speaks(c, w, like, r.ix.customers[c].name)
		}
	}
}

// withTown is how much more seldom a payer's name ends with its town.
const withTown = 80

// isCalled tells whether the words of a customer's name, with its town or without,
// are these.
func (r *reader) isCalled(c int32, town, joined string) bool {
	r.other = nameWords(r.other[:0], r.ix.customers[c].name+" "+town, false)
	return strings.Join(r.other, "") == joined
}

// afterFrom is what follows « DE » at the beginning of a text: who paid, as banks
// write it where the format has no place of its own.
func afterFrom(s string) string {
	for _, mark := range []string{"DE ", "DE: ", "/DE ", "EMETTEUR ", "DONNEUR D'ORDRE ", "DO "} {
		if len(s) > len(mark) && strings.EqualFold(s[:len(mark)], mark) {
			return s[len(mark):]
		}
	}
	return ""
}

// isCut tells whether a name has a length at which banks cut names off.
func isCut(length int) bool {
	switch length {
	case 18, 22, 24, 26, 27, 28, 30, 31, 32, 35, 70:
		return true
	}
	return false
}

// namesakes are the customers that share the rarest words with a name, the
// likeliest first.
func (r *reader) namesakes(words []string, whole bool) []int32 {
	x := &r.ix.names
	r.seeds = r.seeds[:0]
	for at, w := range words {
		var buf [maxAlternates]int32
		alternates := buf[:0]
		if id, ok := x.id[w]; whole && ok {
			alternates = append(alternates, id)
		} else if !whole {
			alternates = x.alternates(alternates, w)
		}
		for _, id := range alternates {
			r.seeds = append(r.seeds, seed{id, x.same(w, id, at == len(words)-1)})
		}
	}
	slices.SortFunc(r.seeds, func(a, b seed) int {
		return cmp.Or(cmp.Compare(len(x.customersOf(a.word)), len(x.customersOf(b.word))), cmp.Compare(a.word, b.word))
	})
	touched := r.touched[:0]
	for k, s := range r.seeds {
		of := x.customersOf(s.word)
		worth := int32(max(s.worth, 1))
		found := k == 0 || len(touched)+len(of) <= maxSeeds
		for _, c := range of {
			if r.sum[c] > 0 {
				r.sum[c] += worth
			} else if found {
				touched = append(touched, c)
				r.sum[c] = worth
			}
		}
	}
	r.touched = touched
	inPlace := r.ofPlace(touched)
	best := topBy(inPlace, r.sum, maxNamed)
	if !whole && !r.isNamed() && !r.hasAccount() {
		best = r.withAmount(best, inPlace)
	}
	for _, c := range touched {
		r.sum[c] = 0
	}
	return best
}

// withAmount adds to the likeliest customers of a name those of whom an item of the
// very amount is open: fifty may share a name that the bank cut off.
func (r *reader) withAmount(best, touched []int32) []int32 {
	for _, c := range touched {
		if len(best) < 2*maxNamed && r.owes(c) && !slices.Contains(best, c) {
			best = append(best, c)
		}
	}
	return best
}

// hasAccount tells whether who paid is known by a mandate or by an account from
// which it paid for one customer before.
func (r *reader) hasAccount() bool {
	return slices.ContainsFunc(r.candidates, func(c candidate) bool {
		return c.known && c.payer >= r.ix.known-20 && (c.code == codeMandate || c.code == codeIBAN)
	})
}

// isNamed tells whether the text surely names an item of exactly the amount.
func (r *reader) isNamed() bool {
	return slices.ContainsFunc(r.hits, func(h hit) bool {
		return h.weight >= leastOfSeveral && r.ix.items[h.item].open == r.amount
	})
}

// owes tells whether an item of exactly the amount is open of a customer.
func (r *reader) owes(customer int32) bool {
	c := &r.ix.customers[customer]
	for at := c.first; at < c.last && at < c.first+maxSingles; at++ {
		if it := &r.ix.items[at]; it.open == r.amount && it.currency == r.currency && it.signed() > 0 {
			return true
		}
	}
	return false
}

// seed is a known word that a name may hold.
type seed struct {
	word  int32
	worth weight
}

// topBy is the n of list with the highest sums, in order.
func topBy(list, sum []int32, n int) []int32 {
	var counts [1024]int32
	bucket := func(c int32) int { return int(min(sum[c]/4, int32(len(counts)-1))) }
	for _, c := range list {
		counts[bucket(c)]++
	}
	floor, kept := len(counts)-1, 0
	for ; floor > 0 && kept+int(counts[floor]) <= n; floor-- {
		kept += int(counts[floor])
	}
	top := make([]int32, 0, n)
	for _, c := range list {
		if b := bucket(c); b > floor || b == floor && len(top) < 4*n {
			top = append(top, c)
		}
	}
	slices.SortFunc(top, func(a, b int32) int { return cmp.Or(cmp.Compare(sum[b], sum[a]), cmp.Compare(a, b)) })
	return top[:min(len(top), n)]
}

// byText looks for names, SIREN and customers' codes in the free text.
func (r *reader) byText() {
	t := &r.text
	words := r.words[:0]
	for i, a := range t.atoms {
		w := t.of(i)
		if a.digits || len(w) < 3 || bankWords[string(w)] || littleWords[string(w)] || len(words) >= 3*maxNameWords {
			continue
		}
		if s := string(w); !slices.Contains(words, s) && !r.treasury.hasWord(s) {
			words = append(words, s)
		}
	}
	r.words = words
	if r.isSure() && !bytes.Contains(t.folded, []byte("COMPTE")) && !bytes.Contains(t.folded, []byte("PCC")) {
		words = nil // « pour le compte de » alone names another than who is known to pay
	}
	for _, c := range r.namesakes(words, true) {
		least := min(leastInText, r.ix.known/2)
		if w := r.ix.likeness(words, c, true, false) - 30; w >= least {
			r.speaks(c, w, codeNameInText, r.ix.customers[c].name)
		}
	}
	for i := range t.runs {
		if d := t.runs[i].digits; len(d) == 9 || len(d) == 14 || len(d) == 11 {
			r.bySIREN(d)
		}
	}
}

// isSure tells whether who paid is known by a mandate, an account or a whole name.
func (r *reader) isSure() bool {
	return slices.ContainsFunc(r.candidates, func(c candidate) bool { return c.known && c.payer >= r.ix.known-100 })
}

// leastInText is the least that a name in a free text must be worth.
const leastInText = 200

// bySIREN knows a customer by the nine digits of its SIREN, alone, in a SIRET or
// behind the two of a VAT number.
func (r *reader) bySIREN(d string) {
	siren := d[:9]
	if len(d) == 11 {
		siren = d[2:]
	}
	of := r.ix.byCustomer.find(nil, hashOf(ofSIREN, siren), 50)
	for _, c := range of {
		if strings.HasPrefix(digitsOf(r.ix.customers[c].siren), siren) {
			r.speaks(c, r.ix.known-lograrity(len(of))-20, codeSIREN, siren)
		}
	}
}

// codeWords announce a customer's code.
var codeWords = setOf("CLIENT", "CLT", "CODE", "COMPTE", "CPTE")

// findCode knows a customer by its code. Digits alone, that no word announces as a
// code, say little.
func (r *reader) findCode(key []byte, written string, single bool) {
	of := r.ix.byCustomer.find(nil, hashOf(ofCode, key), 8)
	for _, c := range of {
		if compacted(r.ix.customers[c].code) != string(key) {
			continue
		}
		w := min(80*weight(len(key)), r.ix.known-20)
		if single && len(digitsOf(string(key))) == len(key) {
			w -= 150
		}
		r.speaks(c, w, codeCode, written)
	}
}

// shortestGroup is how many letters a group's name has at least, to be known in a
// payer's.
const shortestGroup = 4

// byGroupName knows a group by its name in the payer's: « FINANCIERE DELVAUX » pays
// for any of the group delvaux.
func (r *reader) byGroupName() {
	for _, w := range nameWords(nil, r.e.Payer.Name, false) {
		if len(w) < shortestGroup || bankWords[w] {
			continue
		}
		of := r.ix.byCustomer.find(nil, hashOf(ofGroupName, w), maxGroup)
		for _, c := range of {
			if group := r.ix.customers[c].group; compacted(group) == w {
				r.namesPayer = true
				r.speaks(c, r.ix.known-lograrity(len(of))-60, codeGroupName, group)
			}
		}
	}
}

// byGroup lets companies of a group pay for each other.
func (r *reader) byGroup() {
	for _, x := range slices.Clone(r.candidates) {
		group := r.ix.customers[x.customer].group
		if group == "" || !x.known || x.code == codeGroup || x.payer < r.ix.known-200 {
			continue
		}
		for _, c := range r.ix.byCustomer.find(nil, hashOf(ofGroup, group), maxGroup) {
			if c != x.customer && r.ix.customers[c].group == group {
				r.speaks(c, x.payer+inGroup, codeGroup, r.ix.customers[x.customer].name)
			}
		}
	}
}

// byAmount finds the customers of which exactly this amount is open: an item,
// several, or announced.
func (r *reader) byAmount() {
	most := maxAtAmount
	if r.treasury.is {
		most = maxPublic
		r.byPlace()
	}
	r.atAmount = r.ix.openAt(r.atAmount[:0], r.amount, r.currency, most)
	if r.treasury.is {
		r.atAmount = slices.DeleteFunc(r.atAmount, func(i int32) bool { return !r.isPublic(i) })
	}
	for _, i := range r.atAmount {
		if it := &r.ix.items[i]; it.signed() > 0 {
			r.candidateOf(it.customer).amount = r.worthOf(anItem)
		}
	}
	key := r.ix.sumKey(r.amount, r.currency)
	sums := r.ix.byCustomer.find(nil, key, most)
	sums = append(sums, r.ix.moved[key]...)
	if r.treasury.is {
		sums = slices.DeleteFunc(sums, func(c int32) bool { return !r.ix.customers[c].public })
	}
	for _, c := range sums {
		if x := r.candidateOf(c); x.amount == 0 {
			x.amount = r.worthOf(aSum)
		}
	}
	r.byOwnAmount()
	r.byTown()
	r.byNearNumber()
	expected := hashInt(ofExpected, r.amount)
	for _, c := range r.ix.byCustomer.find(nil, expected, maxAtAmount) {
		x := r.candidateOf(c)
		x.amount = max(x.amount, 100)
	}
	for _, i := range r.ix.byItem.find(nil, expected, maxAtAmount) {
		x := r.candidateOf(r.ix.items[i].customer)
		x.amount = max(x.amount, 100)
	}
}

// What it is worth, for being looked at, that an amount is open of a customer.
const (
	anItem = 120 // of one item
	aSum   = 40  // of several
)

// worthOf is more for who is paid for by an accountant that pays for hundreds: there
// the amount tells more than who was paid for before.
func (r *reader) worthOf(w weight) weight {
	if r.treasury.is {
		return w + 280
	}
	return w
}
