package bankyear

import (
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/chance"
)

// style is how a payer words a reference.
type style struct {
	before string // "FACT "
	join   string // between two numbers
	sep    string // in the number, when it is respaced: the year and the serial apart
	serial bool   // gives the serial number alone, when it leaves the prefix out
	tail   tail
}

// tail is what a payer adds behind.
type tail int

const (
	nothing tail = iota
	date         // "DU 07/11/2026"
	ours         // the creditor's name
	theirs       // its own name
	code         // the code under which the creditor knows it
	thanks
)

var styles = crossed(
	[]string{
		"", "", "FACT ", "FACTURE ", "FACTURE N ", "FAC ", "REGLEMENT FACTURE ", "RGLT FACT ", "PAIEMENT ",
		"VOTRE FACTURE ", "VIRT FACT ", "REF ", "REGLT FAC NO ", "F/ ", "INV ",
	},
	[]string{" ", ", ", " ", "+", " + ", "/", " ET ", ";", "-"},
	[]string{"", " ", "/", ".", "_", "", " - "},
	[]tail{nothing, nothing, nothing, nothing, date, ours, theirs, code, thanks, nothing},
)

// crossed are all styles of which each part comes as often as it stands in its
// list.
func crossed(before, join, sep []string, tails []tail) (list []chance.Share[style]) {
	n := len(before) * len(join) * len(sep) * len(tails)
	const step = 1009 // prime to all of the lengths: spreads the parts over each other
	for i := range n {
		k := i * step
		list = append(list, chance.Of(1, style{
			before[k%len(before)], join[k/3%len(join)], sep[k/7%len(sep)], k/11%2 == 0, tails[k/13%len(tails)],
		}))
	}
	return list
}

// reference is what the payer types of one number, as its habit goes.
func (p *payer) reference(number string, how Named) string {
	cut := strings.IndexByte(number, '-')
	if cut < 5 {
		return number
	}
	prefix, year, serial := number[:cut-4], number[cut-4:cut], number[cut+1:]
	switch how {
	case Bare:
		if p.style.serial {
			return serial
		}
		return year + "-" + serial
	case Respaced:
		s := prefix + year + p.style.sep + serial
		if p.style.sep == "/" || p.style.sep == "." {
			s = prefix + " " + year + p.style.sep + serial
		}
		return s
	}
	return number
}

// label is what the payer types for what it pays, and how that names it.
func (p *payer) label(r *remittance) (string, Named) {
	how := p.habit
	if p.Percent(8) { // nobody keeps to a habit for good
		how = chance.Weighted(p.Draw, businessHabits)
	}
	switch how {
	case Exact, Bare, Respaced:
		return p.numbered(r, how)
	case ByOrder:
		if orders := r.orders(); len(orders) > 0 && orders[0] != "" {
			return "CDE " + strings.Join(orders, " "), how
		}
		return p.numbered(r, Exact)
	case ByPeriod:
		if month, ok := r.month(p); ok {
			return p.period(month), how
		}
		return p.numbered(r, Exact)
	case ByCode:
		return chance.Pick(p.Draw, []string{"CLIENT ", "COMPTE ", "REF CLIENT ", "NOTRE COMPTE "}) + p.Code, how
	case OwnReference:
		return fmt.Sprintf(chance.Pick(p.Draw, []string{"FRN 401VERLI %d", "PIECE %d", "OP %d FOURNISSEURS", "LOT %d"}),
			10_000+p.IntN(900_000)), how
	}
	return chance.Pick(p.Draw, silences), Silent
}

var silences = []string{
	"VIREMENT", "REGLEMENT", "", "REGLEMENT FOURNISSEUR", "VERLINDE BUREAUTIQUE", "SOLDE", "PAIEMENT", "REGLT",
	"VIREMENT DE FONDS", "FACTURES", "SUIVANT RELEVE", "COPIEUR", "FOURNITURES",
}

// period words the month of what is paid.
func (p *payer) period(month cal.Date) string {
	_, m, _ := month.Date()
	name := demo.Upper(cal.MonthName(m, "fr"))
	switch p.IntN(3) {
	case 0:
		return "FACTURES " + name
	case 1:
		return fmt.Sprintf("FACT %02d/%d", int(m), month.Year())
	}
	return fmt.Sprintf("VOS FACTURES DE %s %d", name, month.Year())
}

// numbered gives the numbers of what is paid, damaged now and then when they
// are typed by hand.
func (p *payer) numbered(r *remittance, how Named) (string, Named) {
	words, named := []string{}, how
	if how == Exact && r.ranged && p.Percent(40) {
		n := r.numbers()
		return fmt.Sprintf("%s%s A %s", p.style.before, n[0], n[len(n)-1]), Range
	}
	for _, n := range r.numbers() {
		words = append(words, p.reference(n, how))
	}
	if len(words) > 1 {
		named = Several
	}
	if p.byHand {
		k := p.IntN(len(words))
		switch n := p.IntN(1000); {
		case n < 35:
			words[k], named = p.mistype(words[k]), Mistyped
		case n < 50:
			words[k], named = p.swap(words[k]), Swapped
		}
	}
	var s strings.Builder
	s.WriteString(p.style.before + strings.Join(words, p.style.join))
	for _, c := range r.credits {
		if p.Percent(60) {
			s.WriteString(" AVOIR " + c.Number)
		}
	}
	return s.String() + p.tail(r), named
}

func (p *payer) tail(r *remittance) string {
	switch p.style.tail {
	case date:
		return " DU " + r.debts[0].Issued.Numeric()
	case ours:
		return " VERLINDE BUREAUTIQUE"
	case theirs:
		return " " + p.name
	case code:
		return " CLT " + p.Code
	case thanks:
		return " MERCI"
	}
	return ""
}

// digits are where a text has its digits; the year of a number is not where
// people err.
func digits(s string) (at []int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			at = append(at, i)
		}
	}
	return at[len(at)*4/10:]
}

// neighbours are the keys beside a digit, on the row of digits and on the pad.
var neighbours = [10]string{"91", "24", "135", "26", "157", "2468", "359", "48", "579", "860"}

// mistype has one digit wrong, missing or twice.
func (p *payer) mistype(s string) string {
	at := chance.Pick(p.Draw, digits(s))
	switch p.IntN(4) {
	case 0:
		return s[:at] + s[at+1:]
	case 1:
		return s[:at+1] + s[at:]
	}
	beside := neighbours[s[at]-'0']
	return s[:at] + string(beside[p.IntN(len(beside))]) + s[at+1:]
}

// swap puts two digits in each other's place.
func (p *payer) swap(s string) string {
	all := digits(s)
	var unlike []int
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1]+1 && s[all[i]] != s[all[i-1]] {
			unlike = append(unlike, all[i-1])
		}
	}
	if len(unlike) == 0 {
		return p.mistype(s)
	}
	at := chance.Pick(p.Draw, unlike)
	return s[:at] + string(s[at+1]) + string(s[at]) + s[at+2:]
}

// carry is a label as it arrives: cut at the limit of the payer's bank, broken
// into its lines. It tells whether a number was lost or broken.
func (p *payer) carry(s string, named Named, numbers []string) ([]string, Named) {
	whole := s
	s = cut(s, p.channel.limit)
	readable := named == Exact || named == Bare || named == Respaced || named == Several || named == Range
	if readable && s != whole && !p.keeps(s, numbers) {
		named = Cut
	}
	if p.channel.line == 0 || len(s) <= p.channel.line {
		return compact(s), named
	}
	var lines []string
	for len(s) > p.channel.line {
		if readable && named != Cut && isDigit(s[p.channel.line-1]) && isDigit(s[p.channel.line]) {
			named = Split
		}
		lines, s = append(lines, s[:p.channel.line]), s[p.channel.line:]
	}
	return append(lines, s), named
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// keeps tells whether the end of the last number is still there.
func (p *payer) keeps(s string, numbers []string) bool {
	if len(numbers) == 0 {
		return true
	}
	last := numbers[len(numbers)-1]
	return strings.Contains(s, last[strings.IndexByte(last, '-')+1:])
}

func compact(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// months are the invoices' months, each once.
func months(debts []*debt) (list []cal.Date) {
	for _, d := range debts {
		if m := d.Issued.EndOfMonth(); !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}
