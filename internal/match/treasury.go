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
	ownTown     = 300  // of the town or the département that the accountant names
	otherTown   = -100 // of another
)

// place is where a public body is.
type place struct{ department, city string }

func placeOf(text *arena, c Customer) place {
	if !c.Public {
		return place{}
	}
	return place{text.keep(departmentOf(c.Postcode)), text.keep(townOf(c.City))}
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
	is   bool
	rest string // of its name: a town, or the number of a département
}

// treasuries are words of the names under which public accountants pay.
var treasuries = []string{"DRFIP", "DDFIP", "DGFIP", "DSFIP", "TRESORERIE", "SGC", "PAIERIE", "TRESOFIP"}

func treasuryOf(name string) treasury {
	folded := townOf(name)
	if _, rest, ok := strings.Cut(folded, "TRESOR PUBLIC"); ok {
		return treasury{true, strings.TrimSpace(rest)}
	}
	words := strings.Fields(folded)
	at := slices.IndexFunc(words, func(w string) bool { return slices.Contains(treasuries, w) })
	if at < 0 {
		return treasury{}
	}
	return treasury{true, strings.Join(words[at+1:], " ")}
}

// says is what it says for a customer that this accountant paid.
func (t treasury) says(c *customer) weight {
	number := isNumber(t.rest)
	switch {
	case !c.public:
		return 2 * thirdParty
	case t.rest == "" || c.place == place{}:
		return publicMoney
	case t.rest == c.place.city || number && strings.TrimLeft(t.rest, "0") == strings.TrimLeft(c.place.department, "0"):
		return publicMoney + ownTown
	}
	return publicMoney + otherTown
}

func isNumber(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// otherPayer is what it says for a customer that somebody else paid.
func (r *reader) otherPayer(customer int32) (w weight, code, found string) {
	if !r.treasury.is {
		return thirdParty, codeOther, r.e.Payer.Name
	}
	c := &r.ix.customers[customer]
	if w = r.treasury.says(c); !c.public {
		return w, codeOther, r.e.Payer.Name
	}
	return w, codeTreasury, r.e.Payer.Name
}

// hasWord tells whether a word is of the accountant's name: the town in it is no
// customer's name.
func (t treasury) hasWord(w string) bool {
	return t.is && (slices.Contains(treasuries, w) || slices.Contains(strings.Fields(t.rest), w))
}
