package advice

import (
	"regexp"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// token is an amount, a day, or a word of a text, in its place.
type token struct {
	text   string
	amount money.Amount // of an amount
	day    cal.Date     // of a day
	start  int
}

func (t token) isAmount() bool { return ingest.Known(t.amount) }
func (t token) isDay() bool    { return t.day != 0 }
func (t token) isWord() bool   { return !t.isAmount() && !t.isDay() }

var (
	dayInText = regexp.MustCompile(`(?i)\b(?:\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d{2}|20\d{2}-\d{2}-\d{2}` +
		`|\d{1,2}(?:er)?\.? (?:janvier|janv\.?|f[ée]vrier|f[ée]v\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|ao[ûu]t|septembre|sept\.?` +
		`|octobre|oct\.?|novembre|nov\.?|d[ée]cembre|d[ée]c\.?|january|february|march|april|may|june|july|august|september|october` +
		`|november|december|jan|feb|mar|apr|jun|jul|aug|sep|dec|januar|februar|m[äa]rz|juni|juli|oktober|dezember) 20\d{2})\b`)
	// An amount has decimals, or a currency beside it.
	amountInText = regexp.MustCompile(`(?i)(?:(?:EUR|USD|GBP|CHF|€|\$|£) ?)?[-−–+(]? ?` +
		`(?:\d{1,3}(?:[ .,']\d{3})+|\d+)[.,]\d{2}(?: ?\)|-)?(?: ?(?:EUR|USD|GBP|CHF|euros?\b|€|\$|£))?` +
		`|[-−–(]?(?:\d{1,3}(?:[ .']\d{3})+|\d+)\)? ?(?:(?:EUR|USD|GBP|CHF|euros?)\b|€)`)
	wordInText = regexp.MustCompile(`[^\s;:,()«»"]+`)
)

// style is how a page writes its amounts and days.
type style struct {
	decimal  rune
	order    cal.Order
	currency money.Currency
}

var (
	decimals  = regexp.MustCompile(`\d([.,])\d{2}(?:\D|$)`)
	slashDays = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/\d{2,4}\b`)
	codes     = regexp.MustCompile(`\b(EUR|USD|GBP|CHF|CAD)\b|[€£]`)
)

// styleOf looks at the whole page.
func styleOf(p page) style {
	s := style{decimal: ',', order: cal.DayFirst, currency: money.EUR}
	dots, currencies := 0, map[money.Currency]int{}
	for _, r := range p {
		text := r.text()
		for _, m := range decimals.FindAllStringSubmatch(text, -1) {
			if m[1] == "." {
				dots++
			} else {
				dots--
			}
		}
		for _, m := range slashDays.FindAllStringSubmatch(text, -1) {
			if len(m[2]) == 2 && m[2] > "12" && m[1] <= "12" {
				s.order = cal.MonthFirst
			}
		}
		for _, code := range codes.FindAllString(text, -1) {
			currencies[currencyOf(code)]++
		}
	}
	if dots > 0 {
		s.decimal = '.'
	}
	for _, c := range []money.Currency{"USD", "GBP", "CHF", "CAD"} {
		if currencies[c] > currencies[s.currency] {
			s.currency = c
		}
	}
	return s
}

func currencyOf(sign string) money.Currency {
	switch sign {
	case "€":
		return money.EUR
	case "£":
		return "GBP"
	case "$":
		return "USD"
	}
	return money.Currency(strings.ToUpper(sign))
}

// amount reads an amount by the page's style.
func (s style) amount(text string) (money.Amount, bool) {
	text = strings.NewReplacer("−", "-", "–", "-", "\u00a0", " ", "\u202f", " ").Replace(oneLine(text))
	a, err := money.ParseHuman(text, "", money.Hints{Decimal: s.decimal, Default: s.currency})
	return a, err == nil
}

// day reads a day by the page's style.
func (s style) day(text string) (cal.Date, bool) {
	d, err := cal.ParseHuman(text, s.order)
	return d, err == nil && d.Time().Year() >= 1990 && d.Time().Year() < 2100
}

// tokens cuts a text into days, amounts and words, in their order.
func (s style) tokens(text string) []token {
	var list []token
	rest := []byte(text)
	blank := func(at []int) {
		for i := at[0]; i < at[1]; i++ {
			rest[i] = ' '
		}
	}
	for _, at := range dayInText.FindAllStringIndex(text, -1) {
		if d, ok := s.day(text[at[0]:at[1]]); ok {
			list = append(list, token{text: text[at[0]:at[1]], day: d, start: at[0]})
			blank(at)
		}
	}
	for from := 0; from < len(rest); {
		at := amountInText.FindIndex(rest[from:])
		if at == nil {
			break
		}
		at[0], at[1] = at[0]+from, at[1]+from
		t, ok := s.amountAt(text, rest, at)
		if !ok { // it may begin within: « F-501 600,00 »
			from = at[0] + 1 + max(0, strings.IndexByte(text[at[0]+1:at[1]], ' '))
			continue
		}
		list = append(list, t)
		from = at[1]
		blank(at)
	}
	for _, at := range wordInText.FindAllIndex(rest, -1) {
		if word := strings.Trim(text[at[0]:at[1]], ".-–*•'’"); word != "" {
			list = append(list, token{text: word, start: at[0]})
		}
	}
	slices.SortStableFunc(list, func(a, b token) int { return a.start - b.start })
	return list
}

// amountAt is the amount at a place of a text, with « CR » behind it where that
// stands there.
func (s style) amountAt(text string, rest []byte, at []int) (token, bool) {
	for at[0] < at[1] && text[at[0]] == ' ' {
		at[0]++
	}
	if !alone(rest, at) {
		return token{}, false
	}
	found := strings.TrimSpace(text[at[0]:at[1]])
	if strings.HasPrefix(found, "(") && !strings.HasSuffix(found, ")") { // « (120,00 €) » is a remark
		found, at[0] = found[1:], at[0]+1
	}
	a, err := s.amount(found)
	mark := creditBehind.FindIndex(rest[at[1]:])
	if mark != nil {
		a, at[1] = a.Abs().Neg(), at[1]+mark[1]
	}
	return token{text: found, amount: a, start: at[0]}, err
}

var creditBehind = regexp.MustCompile(`^ ?(?:CR|Cr)\b`)

// alone tells an amount that is no part of a longer number.
func alone(text []byte, at []int) bool {
	part := func(i int) bool {
		if i < 0 || i >= len(text) {
			return false
		}
		b := text[i]
		return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b == '/' || b == '_' || b == '%'
	}
	before := at[0] - 1
	if text[at[0]] == '-' && before >= 0 && (text[before] == '-' || part(before)) {
		return false
	}
	after := at[1]
	return !part(before) && !part(after) &&
		(after >= len(text)-1 || text[after] != '.' && text[after] != ',' || !part(after+1))
}

var (
	isIBAN  = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$`)
	isPhone = regexp.MustCompile(`^(?:\+[0-9]{2,3}|0[1-9])[0-9. ]{7,}$`)
)

// numberLike tells a word that may be the number of a document: it has two digits
// at least, and is no account and no telephone.
func numberLike(w string) bool {
	digits := 0
	for _, r := range w {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 2 && len(w) >= 3 && len(w) <= 40 && !strings.ContainsAny(w, "@%€") && !isIBAN.MatchString(w) &&
		!isPhone.MatchString(w)
}
