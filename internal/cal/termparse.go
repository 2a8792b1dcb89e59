package cal

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"acquit/internal/fault"
)

// What a term may say at most; more is a mistake of the text, not a term.
const (
	maxTermText   = 200 // bytes: a sentence, not a page of conditions
	maxTermDays   = 720
	maxTermMonths = 24
)

// ParseTerm reads a term of payment in the words people use, French or English:
// "30 jours nets", "à 30 jours", "45 j FDM le 10", "fin de mois + 45 jours",
// "60 jours date de facture", "2 mois", "30 jours fin de décade", "comptant", "à
// réception", "net 30", "60 days", "due on receipt". A word that it does not
// know is an error: half of a term would be a wrong due date.
func ParseTerm(s string) (Term, error) {
	if len(s) > maxTermText {
		return Term{}, fault.Invalidf("terms", "conditions de paiement trop longues\u00a0: «\u00a0%.40s…\u00a0»", s)
	}
	p := termParser{text: s, lengthAt: -1, eomAt: -1}
	if err := p.scan(); err != nil {
		return Term{}, err
	}
	for p.at = 0; p.at < len(p.marks); p.at++ {
		if err := p.step(); err != nil {
			return Term{}, err
		}
	}
	return p.finish()
}

// mark is a word or phrase by its meaning.
type mark struct {
	kind markKind
	n    int // of a number
	text string
}

type markKind int

const (
	filler markKind = iota
	number
	day
	month
	week
	net
	eom
	decade
	next // the following month
	issue
	receipt
	delivery
	cash
	since // counted from what comes next
	plus  // first what was said, then what comes next
	equals
	the
	ordinal
	methodA
	methodB
)

// termParser reads marks from left to right and remembers where the length and
// the end of month stood, since their order is what tells method B.
type termParser struct {
	text     string
	marks    []mark
	at       int
	term     Term
	lengthAt int
	eomAt    int
	monthAt  int // where thirty days were said to be a month
	order    EOM // what a word between them says
	method   Method
	said     bool // something that makes a term was said
}

func (p *termParser) wrong(why string) error {
	return &fault.Invalid{
		Field:   "terms",
		Message: "conditions de paiement «\u00a0" + p.text + "\u00a0»\u00a0: " + why,
		Mend:    "par exemple\u00a0: 30 jours nets, 45 jours fin de mois, 30 jours fin de mois le 10, comptant",
	}
}

// scan turns the text into marks, the longest known phrase first.
func (p *termParser) scan() error {
	words := termTokens(p.text)
	for len(words) > 0 {
		n := min(longestPhrase, len(words))
		for n > 0 {
			if kind, ok := termPhrases[strings.Join(words[:n], " ")]; ok {
				p.marks = append(p.marks, mark{kind: kind, text: words[0]})
				break
			}
			n--
		}
		if n == 0 {
			v, err := strconv.Atoi(words[0])
			if err != nil {
				return p.wrong("«\u00a0" + words[0] + "\u00a0» n’est pas compris")
			}
			p.marks = append(p.marks, mark{kind: number, n: v, text: words[0]})
			n = 1
		}
		words = words[n:]
	}
	p.marks = slices.DeleteFunc(p.marks, func(m mark) bool { return m.kind == filler })
	return nil
}

// kind is that of the mark i places further on; filler beyond the ends.
func (p *termParser) kind(i int) markKind {
	if j := p.at + i; j >= 0 && j < len(p.marks) {
		return p.marks[j].kind
	}
	return filler
}

func (p *termParser) step() error {
	switch m := p.marks[p.at]; m.kind {
	case number:
		return p.number(m.n)
	case eom:
		return p.endOfMonth()
	case decade:
		p.term.Decade, p.said = true, true
	case next:
		return p.nextMonth()
	case issue, receipt, delivery:
		return p.base(map[markKind]Base{issue: FromIssue, receipt: FromReceipt, delivery: FromDelivery}[m.kind])
	case cash:
		p.said = true
	case methodA:
		p.method = MethodA
	case methodB:
		p.method = MethodB
	case day, month, week: // "J+30"
		if m.kind != day || p.kind(1) != plus || p.kind(2) != number {
			return p.wrong("«\u00a0" + m.text + "\u00a0» vient sans nombre")
		}
	case equals, ordinal:
		return p.wrong("«\u00a0" + m.text + "\u00a0» n’est pas compris")
	case filler, net, since, plus, the: // they count for their neighbours
	}
	return nil
}

// number is a length, a day of the month, or the "30 jours = 1 mois" of
// accounting tools.
func (p *termParser) number(n int) error {
	unit := p.kind(1)
	switch {
	case n == 30 && unit == day && p.kind(2) == equals && p.kind(3) == number && p.kind(4) == month:
		if p.marks[p.at+3].n != 1 {
			return p.wrong("30 jours ne font pas " + p.marks[p.at+3].text + " mois")
		}
		p.term.MonthOf30, p.monthAt = true, p.at
		p.at += 4
		return nil
	case unit == day && p.kind(-1) == plus && p.pastEndOfMonth() && n <= 28:
		p.at++
		return p.fixed(n) // "30 jours fin de mois + 10 jours" is the 10th
	case unit == day || unit == month || unit == week:
		p.at++
		return p.length(n, unit)
	case p.kind(-1) == the || unit == ordinal || unit == next,
		p.kind(-1) == number && p.term.Fixed != [3]int{}: // "les 10 et 25"
		if unit == ordinal {
			p.at++
		}
		return p.fixed(n)
	case p.pastEndOfMonth():
		return p.fixed(n) // "45 FDM 10"
	}
	return p.length(n, day)
}

// pastEndOfMonth tells whether a length and then an end of month were said.
func (p *termParser) pastEndOfMonth() bool {
	return p.eomAt >= 0 && p.lengthAt >= 0 && p.lengthAt < p.eomAt
}

func (p *termParser) length(n int, unit markKind) error {
	if unit == week {
		n, unit = min(n, maxTermDays)*7, day
	}
	switch {
	case unit == month && p.term.Months == 0 && n <= maxTermMonths:
		p.term.Months = n
	case unit == day && p.term.Days == 0 && n <= maxTermDays:
		p.term.Days = n
	case n > maxTermDays || unit == month && n > maxTermMonths:
		return p.wrong("le délai dépasse deux ans")
	default:
		return p.wrong("il y a deux délais")
	}
	if p.lengthAt < 0 {
		p.lengthAt = p.at
	}
	p.said = true
	return nil
}

func (p *termParser) fixed(n int) error {
	if n < 1 || n > 31 {
		return p.wrong("aucun mois n’a de jour " + strconv.Itoa(n))
	}
	for i, have := range p.term.Fixed {
		if have == n {
			return nil
		}
		if have == 0 {
			p.term.Fixed[i] = n
			p.said = true
			return nil
		}
	}
	return p.wrong("il y a plus de trois jours du mois")
}

func (p *termParser) endOfMonth() error {
	if p.eomAt >= 0 {
		return p.wrong("il y a deux fins de mois")
	}
	p.eomAt, p.said = p.at, true
	switch before := p.kind(-1); {
	case p.lengthAt < 0: // the length may come after, or never
	case before == since || before == next:
		p.order = EOMBefore
	case before == plus:
		p.order = EOMAfter
	}
	return nil
}

// nextMonth is "fin du mois suivant" or "le 10 du mois suivant"; before a base or
// an end of month, "suivant" only means from there.
func (p *termParser) nextMonth() error {
	switch p.kind(1) {
	case issue, receipt, delivery, eom:
		return nil
	}
	switch {
	case p.kind(-1) == eom && p.lengthAt < 0:
		p.term.Months, p.lengthAt, p.order = 1, p.at, EOMAfter
	case p.kind(-1) == eom:
		return p.wrong("«\u00a0mois suivant\u00a0» s’ajoute à un délai")
	case p.term.Fixed == [3]int{}:
		return p.wrong("«\u00a0suivant\u00a0» n’est pas compris")
	case p.eomAt < 0:
		p.eomAt, p.order = p.at, EOMAfter
	}
	return nil
}

func (p *termParser) base(b Base) error {
	if p.term.Base != "" && p.term.Base != b {
		return p.wrong("il y a deux points de départ")
	}
	p.term.Base, p.said = b, true
	return nil
}

// finish settles what depends on the whole text.
func (p *termParser) finish() (Term, error) {
	t := p.term
	if t.MonthOf30 && p.lengthAt < 0 {
		t.Days, p.lengthAt, p.said = 30, p.monthAt, true
	}
	if !p.said {
		return Term{}, p.wrong("aucun délai n’y est dit")
	}
	if t.Base == "" {
		t.Base = FromIssue
	}
	switch {
	case p.eomAt < 0:
	case t.Days == 0 && t.Months == 0:
		t.EOM = EOMUnsaid
	case p.order != "":
		t.EOM = p.order
	case p.eomAt < p.lengthAt:
		t.EOM = EOMBefore
	default:
		t.EOM = EOMUnsaid
	}
	slices.SortFunc(t.Fixed[:], byDayZeroLast)
	if p.method != "" {
		t = t.WithMethod(p.method)
	}
	return t, nil
}

func byDayZeroLast(a, b int) int {
	switch {
	case a == 0:
		return 32 - b
	case b == 0:
		return a - 32
	}
	return a - b
}

// termTokens are the words and numbers of s in small letters, without accents or
// punctuation.
func termTokens(s string) []string {
	var b strings.Builder
	var last rune
	for _, r := range norm.NFD.String(strings.ToLower(otherWords.Replace(strings.ToLower(s)))) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r == '.' && unicode.IsLetter(last): // "j.", "F.D.M."
			continue
		case r == '+' || r == '=':
			b.WriteString(" " + string(r) + " ")
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			b.WriteByte(' ')
		default:
			if unicode.IsDigit(r) != unicode.IsDigit(last) {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
		}
		last = r
	}
	return strings.Fields(b.String())
}

// otherWords are written out before words are looked up.
var otherWords = strings.NewReplacer(
	"jfdm", "j fdm", "jfm", "j fm",
	"end of next month", "end of month next month", "end of the next month", "end of month next month",
	"end of following month", "end of month next month", "end of the following month", "end of month next month",
	"quarante-cinq", "45", "quarante cinq", "45", "quatre-vingt-dix", "90", "soixante-quinze", "75",
	"quatre vingt dix", "90", "soixante quinze", "75",
	"soixante", "60", "trente", "30", "quinze", "15", "huitaine", "8 jours", "quinzaine", "15 jours",
	"forty-five", "45", "thirty", "30", "sixty", "60", "ninety", "90", "fifteen", "15",
)

// longestPhrase is the number of words of the longest of termPhrases.
const longestPhrase = 7

// termVocabulary are the phrases of terms without accents, by what they mean.
var termVocabulary = map[markKind]string{
	day:   "j|jr|jrs|jour|jours|d|day|days",
	month: "mois|month|months",
	week:  "semaine|semaines|week|weeks",
	net:   "net|nets|nette|n",
	eom: "fin de mois|fin du mois|fin mois|de fin de mois|fin de mois civil|fdm|fm|eom|end of month|" +
		"end of the month|month end|la fin du mois|fin de ce mois|fin du mois civil",
	decade: "fin de decade|fin decade|la fin de la decade|fin de la decade|fdd|end of ten day period|" +
		"end of the ten day period",
	next: "suivant|mois suivant|du mois suivant|mois prochain|du mois prochain|next month|of next month|" +
		"following month|of the following month|of following month",
	issue: "facture|factures|facturation|emission|date de facture|date facture|date de facturation|df|issue|" +
		"date de la facture|date d emission|date d emission de la facture|date d emission de facture|" +
		"emission de la facture|emission de facture|invoice|invoice date|date of invoice|date of issue",
	receipt: "reception|reception facture|reception de facture|reception de la facture|date de reception|" +
		"date de reception de la facture|date de reception de facture|receipt|receipt of invoice|" +
		"receipt of the invoice|invoice receipt|reception de votre facture|reception de notre facture",
	delivery: "livraison|date de livraison|reception des marchandises|reception de la marchandise|delivery|" +
		"receipt of goods|receipt of the goods|prestation|execution de la prestation|fin de prestation|" +
		"date of delivery|delivery date|la livraison",
	cash:    "comptant|cash|immediat|immediate|immediatement|immediately|vue|sight",
	since:   "apres|a compter de|a compter du|a partir de|a partir du|compter|after|from|following",
	plus:    "+|puis|then",
	equals:  "=",
	the:     "le|les|on the",
	ordinal: "er|th|st|nd|rd|e|eme",
	methodA: "methode a|method a",
	methodB: "methode b|method b",
	filler: "a|au|aux|de|du|des|la|l|et|and|en|sous|dans|un|delai|of|the|on|upon|in|within|at|by|to|be|paid|" +
		"payable|payables|paiement|payment|payments|reglement|regler|due|echeance|terms|term|terme|" +
		"conditions|condition|par|virement|cheque|lcr|bor|traite|prelevement|carte|cb|bancaire|sepa|bank|" +
		"transfer|calendaire|calendaires|calendar|date|votre|notre|our|maximum|max",
}

// termPhrases are the same, by phrase.
var termPhrases = phrases(termVocabulary)

func phrases(byKind map[markKind]string) map[string]markKind {
	all := make(map[string]markKind)
	for kind, list := range byKind {
		for phrase := range strings.SplitSeq(list, "|") {
			all[phrase] = kind
		}
	}
	return all
}
