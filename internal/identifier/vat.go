package identifier

import (
	"regexp"
	"strings"
)

// vatForms are the numbers of the Member States and Northern Ireland after their
// prefix, as VIES takes them.
var vatForms = map[string]*regexp.Regexp{
	"AT": regexp.MustCompile(`^U\d{8}$`),
	"BE": regexp.MustCompile(`^[01]\d{9}$`),
	"BG": regexp.MustCompile(`^\d{9,10}$`),
	"CY": regexp.MustCompile(`^\d{8}[A-Z]$`),
	"CZ": regexp.MustCompile(`^\d{8,10}$`),
	"DE": regexp.MustCompile(`^[1-9]\d{8}$`),
	"DK": regexp.MustCompile(`^\d{8}$`),
	"EE": regexp.MustCompile(`^\d{9}$`),
	"EL": regexp.MustCompile(`^\d{9}$`),
	"ES": regexp.MustCompile(`^([A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$`),
	"FI": regexp.MustCompile(`^\d{8}$`),
	"FR": regexp.MustCompile(`^[0-9A-Z]{2}\d{9}$`),
	"HR": regexp.MustCompile(`^\d{11}$`),
	"HU": regexp.MustCompile(`^\d{8}$`),
	"IE": regexp.MustCompile(`^(\d[A-Z0-9+*]\d{5}[A-Z]|\d{7}[A-Z]{2})$`),
	"IT": regexp.MustCompile(`^\d{11}$`),
	"LT": regexp.MustCompile(`^(\d{9}|\d{12})$`),
	"LU": regexp.MustCompile(`^\d{8}$`),
	"LV": regexp.MustCompile(`^\d{11}$`),
	"MT": regexp.MustCompile(`^\d{8}$`),
	"NL": regexp.MustCompile(`^\d{9}B\d{2}$`),
	"PL": regexp.MustCompile(`^\d{10}$`),
	"PT": regexp.MustCompile(`^\d{9}$`),
	"RO": regexp.MustCompile(`^\d{2,10}$`),
	"SE": regexp.MustCompile(`^\d{10}\d{2}$`),
	"SI": regexp.MustCompile(`^\d{8}$`),
	"SK": regexp.MustCompile(`^\d{10}$`),
	"XI": regexp.MustCompile(`^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$`),
}

// HasVATSystem tells whether an ISO 3166-1 alpha-2 country is of the VAT system that
// VAT knows: the European Union and Northern Ireland.
func HasVATSystem(country string) bool {
	if country == "GR" {
		return true
	}
	_, ok := vatForms[country]
	return ok && country != "EL"
}

// VAT checks a VAT number of the European Union with its country. The French key
// must be right; a failing checksum of another country only makes a number
// suspicious, and so does a French number whose SIREN fails Luhn.
func VAT(s string) Result {
	v := compact(s)
	if strings.HasPrefix(v, "GR") {
		v = "EL" + v[2:] // the ISO code in place of the one of the VAT system
	}
	if len(v) < 4 {
		return say(v, Wrong, "un numéro de TVA commence par le code du pays",
			"a VAT number starts with its country’s code")
	}
	country, rest := v[:2], v[2:]
	form, ok := vatForms[country]
	switch {
	case !ok:
		return say(v, Wrong, "«\u00a0"+country+"\u00a0» n’est pas un pays de l’Union européenne",
			"“"+country+"” is not a country of the European Union")
	case !form.MatchString(rest):
		return say(v, Wrong, "ce n’est pas la forme d’un numéro de TVA de ce pays ("+country+")",
			"this is not the form of a VAT number of that country ("+country+")")
	case country == "FR":
		return frenchVAT(v)
	}
	switch vatKey(country, rest) {
	case keyUnknown:
		return say(v, Unchecked, "la forme est bonne, la clé n’est pas vérifiée",
			"the form is right, the check digits were not verified")
	case keyWrong:
		return say(v, Suspicious, "la clé de ce numéro de TVA est fausse\u00a0: à vérifier",
			"this VAT number fails its check: please verify")
	}
	return valid(v)
}

func frenchVAT(v string) Result {
	key, siren := v[2:4], v[4:]
	switch {
	case !allDigits(key):
		return say(v, Unchecked, "clé en lettres\u00a0: elle n’est pas vérifiée",
			"a key with letters, not verified")
	case v != FrenchVAT(siren):
		return say(v, Wrong, "la clé de ce numéro de TVA est fausse\u00a0: "+FrenchVAT(siren)[:4]+" attendu",
			"the key of this VAT number is wrong: "+FrenchVAT(siren)[:4]+" expected")
	case !luhn(siren) && !strings.HasPrefix(siren, "000"): // Monaco's start with 000
		return say(v, Suspicious, "le SIREN de ce numéro de TVA est douteux (Luhn)\u00a0: à vérifier",
			"the SIREN of this VAT number fails its check (Luhn): please verify")
	}
	return valid(v)
}
