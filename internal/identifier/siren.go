package identifier

import (
	"fmt"
	"strconv"
	"strings"
)

// laPoste is the SIREN whose establishments do not follow Luhn: the digits of
// their SIRET add up to a multiple of five.
const laPoste = "356000000"

// SIREN checks the nine digits of a French company. One that fails the Luhn
// check is suspicious, not wrong: INSEE has given out a few.
func SIREN(s string) Result {
	v := compact(s)
	switch {
	case len(v) == 14 && allDigits(v):
		return say(v, Wrong, "14 chiffres\u00a0: c’est un SIRET, le SIREN en est les 9 premiers",
			"14 digits: this is a SIRET, the SIREN is its first 9")
	case len(v) != 9 || !allDigits(v) || v == "000000000":
		return say(v, Wrong, "un SIREN a 9 chiffres", "a SIREN has 9 digits")
	case !luhn(v):
		return say(v, Suspicious, "la clé de ce SIREN est fausse (Luhn)\u00a0: à vérifier",
			"this SIREN fails its check (Luhn): please verify")
	}
	return valid(v)
}

// SIRET checks the fourteen digits of a French establishment: its SIREN and five
// digits. Those of La Poste have a rule of their own.
func SIRET(s string) Result {
	v := compact(s)
	switch {
	case len(v) != 14 || !allDigits(v) || strings.HasPrefix(v, "000000000"):
		return say(v, Wrong, "un SIRET a 14 chiffres", "a SIRET has 14 digits")
	case luhn(v), strings.HasPrefix(v, laPoste) && digitSum(v)%5 == 0:
		return valid(v)
	}
	return say(v, Suspicious, "la clé de ce SIRET est fausse (Luhn)\u00a0: à vérifier",
		"this SIRET fails its check (Luhn): please verify")
}

// SIRETOf checks a SIRET that is given beside a SIREN: it starts with it.
func SIRETOf(siret, siren string) Result {
	r := SIRET(siret)
	if want := compact(siren); r.OK() && want != "" && !strings.HasPrefix(r.Value, want) {
		return say(r.Value, Wrong, "ce SIRET ne commence pas par le SIREN "+want,
			"this SIRET does not start with SIREN "+want)
	}
	return r
}

// FrenchVAT is the VAT number of a SIREN: FR, the key (12 + 3 × SIREN mod 97) mod
// 97 and the SIREN. It is empty for what is not a SIREN.
func FrenchVAT(siren string) string {
	v := compact(siren)
	n, err := strconv.Atoi(v)
	if err != nil || len(v) != 9 {
		return ""
	}
	return fmt.Sprintf("FR%02d%s", (12+3*(n%97))%97, v)
}

func digitSum(s string) int {
	sum := 0
	for i := range len(s) {
		sum += int(s[i] - '0')
	}
	return sum
}
