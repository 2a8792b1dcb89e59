package table

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/identifier"
	"acquit/internal/money"
)

// preamble is what the lines above the movements of an account say of it.
type preamble struct {
	account          bank.Account
	currency         money.Currency
	from, to         cal.Date
	opening, closing *bank.Balance
	day              cal.Date // of the file
}

const dayPattern = `(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2})`

var (
	accountLine = regexp.MustCompile(`\b(?:compte|account|konto|kontonummer|livret)\b[^0-9]{0,60}?[ :]([0-9][0-9a-z]{3,}(?: [0-9]+[0-9a-z]*)*)`)
	ibanLine    = regexp.MustCompile(`\b[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{1,4}){3,9}`)
	bicLine     = regexp.MustCompile(`\b(?:bic|swift)\b[ :]*([a-z]{6}[a-z0-9]{2}(?:[a-z0-9]{3})?)\b`)
	balanceLine = regexp.MustCompile(`\b(?:solde|soldes|balance|saldo|kontostand)\b`)
	openingLine = regexp.MustCompile(`\b(?:ancien|initial|precedent|debut|depart|opening|anfangs\w*|start|report|reporte)\b`)
	periodLine  = regexp.MustCompile(`(?:\bdu|entre le|\bfrom|\bvon|periode)[ :]*` + dayPattern + ` *(?:au|et le|to|bis|-|a) *` + dayPattern)
	moneyLine   = regexp.MustCompile(`[-+]? ?\d[\d '.]*[.,]\d{2}\b-?`)
	unitLine    = regexp.MustCompile(`\b(?:devise|currency|wahrung|monnaie|tenu en|solde|en)\b[^a-z]*\b(eur|euros?|usd|gbp|chf|cad)\b`)
	holderLine  = regexp.MustCompile(`(?i)\b(?:titulaire|account holder|kontoinhaber|nom du titulaire)(?: du compte)?[ :;]+(.{2,80})`)
	anyDay      = regexp.MustCompile(dayPattern)
)

// plainLine is a line in small letters without accents, with its signs.
func plainLine(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case r >= 0x300 && r < 0x370: // the accents
		case r == '\u00a0' || r == '\u202f' || r == ';' || r == '\t':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(b.String())), " ")
}

// line takes what a line says; it tells whether it said anything of an account.
func (w *preamble) line(cells []string) bool {
	text := lineText(cells)
	if text == "" || len(text) > 400 {
		return false
	}
	plain := plainLine(text)
	said := w.accountOf(plain)
	if m := holderLine.FindStringSubmatch(text); m != nil {
		w.account.Name, said = strings.TrimSpace(m[1]), true
		w.account.Owner = w.account.Name
	}
	if m := periodLine.FindStringSubmatch(plain); m != nil {
		from, err1 := cal.ParseHuman(m[1], cal.DayFirst)
		to, err2 := cal.ParseHuman(m[2], cal.DayFirst)
		if err1 == nil && err2 == nil && from <= to {
			w.from, w.to, said = from, to, true
		}
	}
	if m := unitLine.FindStringSubmatch(plain); m != nil {
		w.currency, said = currencyNamed(m[1]), true
	}
	for _, c := range cells { // beside the account: « Compte;FR76…;GBP »
		if c = clean(c); said && len(c) == 3 && money.Currency(c).Valid() {
			w.currency = money.Currency(c)
		}
	}
	if balanceLine.MatchString(plain) && !strings.Contains(plain, "francs") {
		return w.balanceOf(plain) || said
	}
	if m := anyDay.FindString(plain); m != "" && strings.HasPrefix(plain, "date") {
		if d, err := cal.ParseHuman(m, cal.DayFirst); err == nil {
			w.day, said = d, true
		}
	}
	return said
}

// bare takes the number of an account that stands without a word, and the days of
// the period beside it.
func (w *preamble) bare(cells []string) {
	var days []cal.Date
	for _, c := range cells {
		c = clean(c)
		if number := accountNumber(c); w.account.Key() == "" && digitsOf(number) >= 9 && len(number) <= 23 &&
			isDigits(number[:9]) {
			w.account.Number = number
		}
		if anyDay.FindString(c) == c && c != "" {
			if d, err := cal.ParseHuman(c, cal.DayFirst); err == nil {
				days = append(days, d)
			}
		}
	}
	if len(days) == 2 && days[0] <= days[1] && w.account.Number != "" {
		w.from, w.to = days[0], days[1]
	}
}

// corner takes the balance that BNP Paribas and Société Générale put without a word
// at the end of their first line, behind its day: « …;22/11/2026;;1 500,00 ».
func (w *preamble) corner(cells []string) bool {
	if w.closing != nil || len(cells) == 0 || !isSum(strings.TrimSuffix(clean(cells[len(cells)-1]), " EUR")) {
		return false
	}
	on, sums := cal.Date(0), 0
	var sum money.Amount
	for _, c := range cells {
		c = strings.TrimSuffix(clean(c), " EUR")
		switch {
		case c != "" && anyDay.FindString(c) == c:
			on, _ = cal.ParseHuman(c, cal.DayFirst) // a day that does not exist is none
		case isSum(c):
			sums++
			// One that cannot be read has no currency.
			sum, _ = money.ParseHuman(c, money.EUR, money.Hints{Decimal: ','})
		}
	}
	if sums != 1 || on == 0 || !stated(sum) {
		return false
	}
	w.closing = &bank.Balance{On: on, Amount: sum}
	return true
}

func currencyNamed(word string) money.Currency {
	if strings.HasPrefix(word, "eur") {
		return money.EUR
	}
	return money.Currency(strings.ToUpper(word))
}

// accountOf finds the account's numbers.
func (w *preamble) accountOf(plain string) bool {
	said := false
	for _, found := range ibanLine.FindAllString(plain, -1) {
		for s := strings.ToUpper(found); s != ""; s = s[:max(strings.LastIndexByte(s, ' '), 0)] {
			if r := identifier.IBAN(s); r.OK() {
				w.account.IBAN, said = r.Value, true
				break
			}
		}
	}
	if m := bicLine.FindStringSubmatch(plain); m != nil {
		w.account.BIC, said = strings.ToUpper(m[1]), true
	}
	if m := accountLine.FindStringSubmatch(anyDay.ReplaceAllString(plain, " ")); m != nil &&
		!balanceLine.MatchString(plain) {
		if number := strings.ToUpper(strings.ReplaceAll(m[1], " ", "")); digitsOf(number) >= 7 {
			w.account.Number, said = number, true
		}
	}
	return said
}

// balanceOf reads « Solde au 22/11/2026 : 1 234,56 € ».
func (w *preamble) balanceOf(plain string) bool {
	on := cal.Date(0)
	if found := anyDay.FindString(plain); found != "" {
		on, _ = cal.ParseHuman(found, cal.DayFirst) // a day that does not exist is none
	}
	found := moneyLine.FindAllString(anyDay.ReplaceAllString(plain, "|"), -1)
	if len(found) == 0 { // « Solde au;02/09/2026 », and the balance on a line of its own
		w.day = max(w.day, on)
		return on != 0
	}
	c := w.currency
	if c == "" {
		c = money.EUR
	}
	a, err := money.ParseHuman(found[0], c, money.Hints{Decimal: ','})
	if err != nil {
		return false
	}
	if strings.Contains(plain, "debiteur") && a.Sign() > 0 {
		a = a.Neg()
	}
	if on == 0 {
		on = w.day
	}
	w.state(bank.Balance{On: on, Amount: a}, openingLine.MatchString(plain))
	return true
}

// state takes a balance. Of two that are not told apart by their words, the one of
// the earlier day is where the account begins.
func (w *preamble) state(b bank.Balance, opening bool) {
	switch before := w.closing; {
	case opening:
		w.opening = &b
	case before == nil || before.On == 0 || b.On == 0 || w.opening != nil:
		w.closing = &b
	case before.On <= b.On:
		w.opening, w.closing = before, &b
	default:
		w.opening = &b
	}
}
