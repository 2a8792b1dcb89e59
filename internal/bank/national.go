package bank

import (
	"slices"
	"strings"
)

// MeansOfGVC is how money moved by the code of three figures that German banks
// put before the text of an operation (Geschäftsvorfallcode, DFÜ-Abkommen,
// Anlage 3, in the lists that banks and programs publish). A code that is on none
// of them is Other: the words of the operation tell.
func MeansOfGVC(code string) Means {
	if m, ok := gvc[code]; ok {
		return m
	}
	if len(code) == 3 && code >= "801" && code <= "817" { // cards, accounts, dues and interest
		return Fee
	}
	return Other
}

var gvc = byCode(map[Means]string{
	Cheque: "101 102 103 111 112 122 170 183 185 208",
	Debit:  "005 084 104 105 107 108 109 171 174 181 184 192 193 195 196 197",
	Card:   "006 095 106 110 182 190 198 199",
	Cash:   "082 083",
	Bill:   "072 073 216 217",
	Transfer: "008 020 051 052 053 054 058 087 088 116 117 118 119 152 153 154 155 156 157 159 160 161 162 163 164 165 166 167 " +
		"168 169 177 188 189 191 194 201 202 206 209 210 211 212 820 833 834",
})

func byCode(codes map[Means]string) map[string]Means {
	m := map[string]Means{}
	for means, list := range codes {
		for code := range strings.FieldsSeq(list) {
			m[code] = means
		}
	}
	return m
}

// ReturnOfGVC tells whether a German code says that a payment went back: debits
// (108, 109, and 181, 184 for the one who was debited), cards (110, 182), cheques
// (111, 183) and transfers (159, 160).
func ReturnOfGVC(code string) bool {
	return slices.Contains([]string{"108", "109", "110", "111", "159", "160", "181", "182", "183", "184"}, code)
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
	"45": Transfer,
	"61": Fee, "62": Fee, // interest, commissions
	"A1": Transfer, "A2": Transfer, "A3": Debit, "A4": Debit, // SEPA
	"B1": Debit, "B2": Debit, "B3": Debit, "B4": Debit, "B5": Debit, "B6": Debit,
}
