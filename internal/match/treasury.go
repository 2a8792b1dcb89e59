package match

import (
	"slices"
	"strings"
)

// Local bodies and hospitals do not hold their money: their public accountant pays
// for them, for those of its own place, and for nobody else (décret 2012-1246,
// art. 18).

const codeTreasury = "payer_treasury"

// What a public accountant's name says for a customer that nothing else names.
const (
	publicMoney = -20  // a public body: one customer in twelve or so
	otherPlace  = -500 // of another town or département than the accountant names
)

// place is where a customer is; the département is kept of public bodies only.
type place struct{ department, city string }

func placeOf(text *arena, c Customer) place {
	p := place{city: text.keepOnce(townOf(c.City))}
	if c.Public {
		p.department = text.keepOnce(departmentOf(c.Postcode))
	}
	return p
}

// departmentOf is the number of the département of a postcode; that of Corsica is
// 20 in both.
func departmentOf(postcode string) string {
	switch {
	case len(postcode) != 5:
		return ""
	case strings.HasPrefix(postcode, "97"):
		return postcode[:3]
	}
	return postcode[:2]
}

// townOf is a town's name as banks write it.
func townOf(city string) string {
	words := strings.FieldsFunc(string(fold(nil, city)), func(r rune) bool { return !isAlnum(byte(r)) })
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "CEDEX" }), " ")
}

// treasury is a public accountant as its name tells it.
type treasury struct {
	is    bool
	words []string
	place string // in its name: a town, or the number of a département, of which bodies are customers
}

// treasuries are words of the names under which public accountants pay.
var treasuries = []string{"DRFIP", "DDFIP", "DGFIP", "DSFIP", "TRESORERIE", "SGC", "PAIERIE", "TRESOFIP"}

func (ix *Index) treasuryOf(name string) treasury {
	words := strings.Fields(strings.Replace(townOf(name), "TRESOR PUBLIC", "TRESORERIE", 1))
	at := slices.IndexFunc(words, func(w string) bool { return slices.Contains(treasuries, w) })
	if at < 0 {
		return treasury{}
	}
	return treasury{is: true, words: words, place: ix.placeIn(words[at+1:])}
}

// placeIn is the place of public bodies with which an accountant's name ends:
// « municipale de Lens », « 059 ».
func (ix *Index) placeIn(words []string) string {
	for k := range words {
		key := placeKey(strings.Join(words[k:], " "))
		if len(ix.publicIn[key]) > 0 {
			return key
		}
	}
	return ""
}

// placeKey is a town, or the number of a département without the zeros before it.
func placeKey(s string) string { return strings.TrimLeft(s, "0") }

// isOf tells whether an accountant names the place where a public body is; known
// tells whether it names any.
func (t treasury) isOf(p place) (is, known bool) {
	if t.place == "" || p == (place{}) {
		return false, false
	}
	return t.place == p.city || t.place == placeKey(p.department), true
}

// ofPlace are those of some customers who are bodies of the accountant's own place,
// or all where none is.
func (r *reader) ofPlace(list []int32) []int32 {
	if r.treasury.place == "" {
		return list
	}
	var own []int32
	for _, c := range list {
		if r.isNearBody(c) {
			own = append(own, c)
		}
	}
	if len(own) == 0 {
		return list
	}
	return own
}

// bodies are the public bodies of the accountant's own place.
func (r *reader) bodies() []int32 {
	if r.treasury.place == "" {
		return nil
	}
	return r.ix.publicIn[r.treasury.place]
}

// indexPlaces lists the public bodies of each town and each département.
func (ix *Index) indexPlaces() {
	ix.publicIn = map[string][]int32{}
	for i := range ix.customers {
		c := &ix.customers[i]
		for _, key := range []string{c.place.city, placeKey(c.place.department)} {
			if c.public && key != "" {
				ix.publicIn[key] = append(ix.publicIn[key], int32(i))
			}
		}
	}
}

// says is what an accountant's name says for a customer for which it never paid
// before: one of those of its place, and the less the more often it paid for others.
func (r *reader) says(c *customer) weight {
	if !c.public {
		return 2 * thirdParty
	}
	is, known := r.treasury.isOf(c.place)
	switch {
	case !known:
		return publicMoney
	case !is:
		return publicMoney + otherPlace
	}
	another := lograrityOf(newBodies) - lograrityOf(r.paidBefore+newBodies)
	return max(r.ix.known-lograrityOf(len(r.bodies()))+another, publicMoney)
}

// newBodies is how much payments for bodies that an accountant never paid for
// before count beside those it was seen to make.
const newBodies = 2

// isPublic tells whether an item is a public body's.
func (r *reader) isPublic(i int32) bool { return r.ix.customers[r.ix.items[i].customer].public }

// byPlace finds the bodies of the accountant's place whose open items come to the
// amount, however many others have such.
func (r *reader) byPlace() {
	if r.isNamed() {
		return
	}
	told := r.isTold()
	for _, c := range r.bodies() {
		w := weight(0)
		if !told {
			w = r.reach(c)
		} else if r.owes(c) {
			w = r.worthOf(anItem)
		}
		if w > 0 {
			r.candidateOf(c).amount = w
		}
	}
}

// otherPayer is what it says for a customer that somebody else paid.
func (r *reader) otherPayer(customer int32) (w weight, code, found string) {
	if !r.treasury.is {
		return thirdParty, codeOther, r.e.Payer.Name
	}
	c := &r.ix.customers[customer]
	if w = r.says(c); !c.public {
		return w, codeOther, r.e.Payer.Name
	}
	return w, codeTreasury, r.e.Payer.Name
}

// hasWord tells whether a word is of the accountant's name: the town in it is no
// customer's name.
func (t treasury) hasWord(w string) bool { return slices.Contains(t.words, w) }
