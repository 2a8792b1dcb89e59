package statute

import (
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
	"acquit/internal/money"
)

// Show is the value of a figure as people read it: 2,40 %, 40,00 €, 3 mois.
func Show(f fr.Figure, l i18n.Lang) string {
	if n, err := strconv.ParseInt(f.Value, 10, 64); err == nil {
		return showNumber(n, f.Unit, l)
	}
	if d, err := cal.Parse(f.Value); err == nil && f.Unit == "date" {
		return l.LongDate(d)
	}
	switch f.Value {
	case "true", "yes":
		return i18n.Words{FR: "oui", EN: "yes"}.In(l)
	case "false", "no":
		return i18n.Words{FR: "non", EN: "no"}.In(l)
	case "unknown":
		return i18n.Words{FR: "inconnu", EN: "unknown"}.In(l)
	}
	return f.Value
}

func showNumber(n int64, unit string, l i18n.Lang) string {
	switch unit {
	case "bp":
		return money.BasisPoints(n).Format(string(l))
	case "cents":
		return l.Amount(money.New(n, money.EUR))
	case "days":
		return i18n.Noun{
			One: i18n.Words{FR: "jour", EN: "day"}, Many: i18n.Words{FR: "jours", EN: "days"},
		}.Count(l, int(n))
	case "months":
		return i18n.Noun{
			One: i18n.Words{FR: "mois", EN: "month"}, Many: i18n.Words{FR: "mois", EN: "months"},
		}.Count(l, int(n))
	}
	return strconv.FormatInt(n, 10) + " ×"
}

// Read is what a person wrote, as a value of that unit: « 2,65 % » is 265.
func Read(text, unit string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", fault.Invalidf("value", "il manque la valeur")
	}
	switch unit {
	case "bp":
		return readRate(text)
	case "cents":
		a, err := money.ParseHuman(text, money.EUR, money.Hints{})
		if err != nil || a.Sign() < 0 {
			return "", fault.Invalidf("value", "«\u00a0%.40s\u00a0» n’est pas un montant de la forme 40,00", text)
		}
		return strconv.FormatInt(a.Minor, 10), nil
	case "bool", "answer":
		return readAnswer(text, unit)
	case "date":
		d, err := cal.Parse(text)
		if err != nil {
			return "", fault.Invalidf("value", "ce jour ne se lit pas (AAAA-MM-JJ)")
		}
		return d.String(), nil
	}
	digits, _, _ := strings.Cut(text, " ")
	if n, err := strconv.ParseInt(digits, 10, 32); err != nil || n < 0 {
		return "", fault.Invalidf("value", "«\u00a0%.40s\u00a0» n’est pas un nombre entier", text)
	}
	return digits, nil
}

// hundredth is a basis point in the unit of rates.
const hundredth = 100

func readRate(text string) (string, error) {
	rate, err := money.ParseRate(text)
	if err != nil || rate%hundredth != 0 {
		return "", fault.Invalidf("value", "«\u00a0%.40s\u00a0» n’est pas un taux à deux décimales, de la forme 2,65", text)
	}
	return strconv.FormatInt(int64(rate)/hundredth, 10), nil
}

// answers are what people write for yes and no.
var answers = map[string]bool{"oui": true, "yes": true, "true": true, "non": false, "no": false, "false": false}

func readAnswer(text, unit string) (string, error) {
	yes, known := answers[strings.ToLower(text)]
	switch {
	case unit == "bool" && known:
		return strconv.FormatBool(yes), nil
	case unit == "answer" && known && yes:
		return "yes", nil
	case unit == "answer" && known:
		return "no", nil
	case unit == "answer":
		return "unknown", nil
	}
	return "", fault.Invalidf("value", "oui ou non")
}
