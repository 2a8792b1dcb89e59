package bank

import (
	"slices"
	"strings"
)

// MeansOfGVC is how money moved by the code of three figures that German banks
// put before the text of an operation (Geschäftsvorfallcode, DFÜ-Abkommen,
// Anlage 3).
func MeansOfGVC(code string) Means {
	if len(code) != 3 {
		return Other
	}
	switch {
	case code >= "801" && code <= "819":
		return Fee
	case code[0] > '2', code == "000":
		return Other
	}
	switch code {
	case "001", "002", "011", "012", "070", "071", "101", "102", "103", "111", "170":
		return Cheque
	case "004", "005", "009", "104", "105", "107", "108", "109", "171", "174", "181", "184", "192", "193", "195", "197":
		return Debit
	case "106", "110", "190", "198", "199":
		return Card
	case "082", "083", "084":
		return Cash
	}
	return Transfer
}

// ReturnOfGVC tells whether a German code says that a payment went back: debits,
// cheques and transfers that were returned.
func ReturnOfGVC(code string) bool {
	return slices.Contains([]string{"009", "011", "012", "058", "059", "108", "109", "111", "159", "181", "184"}, code)
}

// MeansOfCFONB is how money moved by the interbank operation code of the French
// statements (CFONB, relevé de compte sur support informatique, annexe).
func MeansOfCFONB(code string) Means {
	if m, ok := cfonb[strings.ToUpper(strings.TrimSpace(code))]; ok {
		return m
	}
	return Other
}

var cfonb = map[string]Means{
	"01": Cheque, "02": Cheque, "05": Transfer, "06": Transfer, "08": Debit, "18": Transfer, "21": Transfer,
	"61": Fee, "62": Fee, // interest, commissions
	"A1": Transfer, "A2": Transfer, "A3": Debit, "A4": Debit, // SEPA
	"B1": Debit, "B2": Debit, "B3": Debit, "B4": Debit, "B5": Debit, "B6": Debit,
}
