package bank

import (
	"slices"
	"strings"

	"acquit/internal/identifier"
)

// MeansOfISO is how money moved by the bank transaction code of ISO 20022:
// domain, family and sub-family (external code set BankTransaction).
func MeansOfISO(domain, family, sub string) Means {
	switch {
	case slices.Contains([]string{"CHRG", "COMM", "COMI", "COMT", "FEES", "INTR", "TAXE", "LBCA"}, sub):
		return Fee
	case domain != "PMNT":
		return Other
	case family == "CNTR" && slices.Contains([]string{"CHKD", "FCDP"}, sub):
		return Cheque
	}
	switch family {
	case "RCDT", "ICDT", "RRCT", "IRCT":
		return Transfer
	case "RDDT", "IDDT":
		return Debit
	case "RCHQ", "ICHQ", "LBOX":
		return Cheque
	case "CCRD", "MCRD":
		return Card
	case "DRFT":
		return Bill
	case "CNTR":
		return Cash
	}
	return Other
}

// ReturnOfISO tells whether the sub-family says that a payment went back: the
// return of a transfer, of a direct debit, of a cheque, of a card payment.
func ReturnOfISO(sub string) bool {
	return slices.Contains([]string{
		"RRTN", "XRTN", "RPCR", "UPDD", "PRDD", "UPCQ", "XPCQ", "UPCT", "UDFT", "RCDD",
	}, sub)
}

// noReference are what payers' and banks' programs write where a reference is
// demanded and there is none.
var noReference = []string{
	"NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE", "NOT AVAILABLE", "NONREF", "NONE", "NOREF", "NOPURPOSE", "UNKNOWN",
	"NEANT", "N/A", "NON FOURNI", "NONFOURNI",
}

// Reference is a reference as given, or nothing where it only fills a place.
func Reference(s string) string {
	s = strings.TrimSpace(s)
	if slices.Contains(noReference, strings.ToUpper(s)) || strings.Trim(s, "0-.*/ ") == "" {
		return ""
	}
	return s
}

// IsIBAN tells whether a number is an IBAN, spaces and small letters aside.
func IsIBAN(s string) bool { return identifier.IBAN(s).OK() }

// MeansOfProprietary is how money moved by a bank's own code, where its issuer
// says whose list it is from: the French one of two characters, or the German
// one in the form NTRF+166+00931.
func MeansOfProprietary(code, issuer string) Means {
	switch gvc, french := listOf(code, issuer); {
	case gvc != "":
		return MeansOfGVC(gvc)
	case french:
		return MeansOfCFONB(code)
	}
	return Other
}

// ReturnOfProprietary tells whether such a code says that a payment went back.
func ReturnOfProprietary(code, issuer string) bool {
	gvc, french := listOf(code, issuer)
	return gvc != "" && ReturnOfGVC(gvc) || french && ReturnOfCFONB(code)
}

// listOf finds the list that a bank's own code is from: the German code itself, or
// whether it is of the French list.
func listOf(code, issuer string) (gvc string, french bool) {
	if parts := strings.Split(code, "+"); len(parts) > 1 {
		return parts[1], false
	}
	return "", strings.Contains(strings.ToUpper(issuer), "CFONB") || len(code) == 2 && issuer == ""
}
