// Package identifier checks the numbers that name companies, accounts and
// people: SIREN and SIRET, VAT numbers, IBAN and BIC, creditor references, e-mail
// addresses. It tells what cannot be right from what only looks wrong, since real
// numbers exist that break their own checksum: the first is refused, the second
// shown.
package identifier

import (
	"strings"
	"unicode"

	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// Verdict is how far a number can be trusted.
type Verdict string

// The verdicts, from the best. Only Wrong is a reason to refuse.
const (
	Valid      Verdict = "valid"      // its form and its checksum are right
	Unchecked  Verdict = "unchecked"  // its form is right; there is no checksum to go by
	Suspicious Verdict = "suspicious" // its form is right, its checksum is not: warn
	Wrong      Verdict = "wrong"      // it cannot be such a number
)

// Result is a number as it is to be kept, and what is thought of it.
type Result struct {
	Value   string // without spaces, dots and the like, in capitals
	Verdict Verdict
	Why     i18n.Words // empty when it is valid
}

// OK tells whether the number may be kept, with a warning or not.
func (r Result) OK() bool { return r.Verdict != Wrong }

// Err is a fault about field when the number is wrong, else nil.
func (r Result) Err(field string) error {
	if r.OK() {
		return nil
	}
	return fault.Invalidf(field, "%s", r.Why.FR)
}

func valid(value string) Result { return Result{Value: value, Verdict: Valid} }

func say(value string, v Verdict, fr, en string) Result {
	return Result{Value: value, Verdict: v, Why: i18n.Words{FR: fr, EN: en}}
}

// compact is s in capitals without the spaces, dots, dashes, slashes and
// invisible characters that people put into numbers.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), strings.ContainsRune(".-_/–‑", r):
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func alphanumeric(s string) bool {
	return s != "" && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// luhn tells whether the digits of s pass the check of ISO/IEC 7812.
func luhn(s string) bool { return luhnSum(s)%10 == 0 }

func luhnSum(s string) int {
	sum := 0
	for i := range len(s) {
		n := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum
}

// mod97 is the remainder of ISO/IEC 7064 MOD 97-10: letters count from 10.
func mod97(s string) int {
	rest := 0
	for _, r := range s {
		if r >= 'A' {
			rest = (rest*100 + int(r-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(r-'0')) % 97
		}
	}
	return rest
}
