package identifier

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ibanLengths are the lengths of the SWIFT registry by country.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
	"BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
	"ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
	"HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
	"LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
	"MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
	"PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
	"SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
	"YE": 30,
}

var (
	ibanForm = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$`)
	ribForm  = regexp.MustCompile(`^\d{10}[A-Z0-9]{11}\d{2}$`)
	bicForm  = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	rfForm   = regexp.MustCompile(`^RF\d{2}[A-Z0-9]{1,21}$`)
)

// IBAN checks an account number (ISO 13616): its country's length, its check
// digits and, for France and Monaco, the key of the RIB inside it.
func IBAN(s string) Result {
	v := compact(s)
	if !ibanForm.MatchString(v) {
		return say(v, Wrong, "un IBAN commence par deux lettres et deux chiffres",
			"an IBAN starts with two letters and two digits")
	}
	country := v[:2]
	want, known := ibanLengths[country]
	switch {
	case known && len(v) != want:
		return say(v, Wrong,
			fmt.Sprintf("un IBAN de ce pays (%s) a %d caractères, celui-ci %d", country, want, len(v)),
			fmt.Sprintf("an IBAN of that country (%s) has %d characters, this one %d", country, want, len(v)))
	case mod97(v[4:]+v[:4]) != 1:
		return say(v, Wrong, "la clé de cet IBAN est fausse", "this IBAN fails its check")
	case !known:
		return say(v, Suspicious, "ce pays ("+country+") n’a pas d’IBAN connu",
			"that country ("+country+") is not known to use IBANs")
	case (country == "FR" || country == "MC") && !ribKey(v[4:]):
		return say(v, Suspicious, "la clé RIB de cet IBAN est fausse\u00a0: à vérifier",
			"the RIB key within this IBAN is wrong: please verify")
	}
	return valid(v)
}

// ribKey tells whether the last two digits of a RIB are 97 − (89 × bank + 15 ×
// branch + 3 × account) mod 97; in the account, A and J count 1, B, K and S 2…
func ribKey(rib string) bool {
	if !ribForm.MatchString(rib) {
		return false
	}
	account := strings.Map(func(r rune) rune {
		switch {
		case r >= 'S':
			return r - 'S' + '2'
		case r >= 'J':
			return r - 'J' + '1'
		case r >= 'A':
			return r - 'A' + '1'
		}
		return r
	}, rib[10:21])
	n, err := strconv.Atoi(account)
	if err != nil {
		return false
	}
	return 97-(89*number(rib[:5])+15*number(rib[5:10])+3*(n%97))%97 == number(rib[21:])
}

// GroupIBAN shows an IBAN in groups of four, with no-break spaces.
func GroupIBAN(s string) string {
	v := compact(s)
	var b strings.Builder
	for i, r := range v {
		if i > 0 && i%4 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// MaskIBAN shows the first four and the last three characters of an IBAN, enough
// to recognise one's own account; a text too short for that is hidden whole.
func MaskIBAN(s string) string {
	v := compact(s)
	const first, last, least = 4, 3, 15 // no IBAN is shorter
	if len(v) < least || !alphanumeric(v) {
		return strings.Repeat("•", len([]rune(v)))
	}
	return v[:first] + "\u00a0••••\u00a0••••\u00a0" + v[len(v)-last:]
}

// BIC checks the form of a bank's code (ISO 9362): eight or eleven characters.
func BIC(s string) Result {
	v := compact(s)
	if !bicForm.MatchString(v) {
		return say(v, Wrong, "un BIC a 8 ou 11 caractères, dont 6 lettres d’abord",
			"a BIC has 8 or 11 characters, the first 6 letters")
	}
	return say(v, Unchecked, "la forme est bonne, un BIC n’a pas de clé",
		"the form is right, a BIC has no check digits")
}

// Reference checks a creditor reference (ISO 11649) such as RF18539007547034.
func Reference(s string) Result {
	v := compact(s)
	switch {
	case !rfForm.MatchString(v):
		return say(v, Wrong, "une référence de créancier est RF, deux chiffres et 21 caractères au plus",
			"a creditor reference is RF, two digits and at most 21 characters")
	case mod97(v[4:]+v[:4]) != 1:
		return say(v, Wrong, "la clé de cette référence est fausse", "this reference fails its check")
	}
	return valid(v)
}
