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
// statements (CFONB, « codes opérations restitués dans les relevés de compte », as
// Axelor’s modules list them). What is of securities, currencies and loans is
// Other, and so is 99, by which banks put anything right.
func MeansOfCFONB(code string) Means {
	if m, ok := cfonb[strings.ToUpper(strings.TrimSpace(code))]; ok {
		return m
	}
	return Other
}

var cfonb = byCode(map[Means]string{
	Cheque: "01 02 03 15",
	Cash:   "04 29",
	// 12 went back, 13 and 14 are of one’s own treasury, as 92 to 95 are, 39 to 45 from or to abroad.
	Transfer: "05 06 12 13 14 18 21 39 41 44 45 92 93 94 95",
	// Prélèvements, TIP and télérèglements, then those of SEPA: A1, A2 sent, B1, B2
	// received, the others went back.
	Debit: "08 09 10 22 24 26 27 96 97 98 A1 A2 A3 A4 A5 A6 B1 B2 B3 B4 B5 B6",
	Card:  "11 28 30 36 38",
	Bill:  "07 31 32 33 34 35 37 90", // LCR, BOR, papier commercial, facture acceptée à échéance
	Fee:   "61 62 63 64 65 66 67 70 88",
})

// ReturnOfCFONB tells whether a French operation code says that a payment went
// back: cheques (03), debits of all kinds (10, 26, 27, 98, and of SEPA A3 to A6, B3
// to B6, as the one or the other side sees them), transfers (12), bills (33) and
// cards (38).
func ReturnOfCFONB(code string) bool {
	return slices.Contains([]string{
		"03", "10", "12", "26", "27", "33", "38", "98", "A3", "A4", "A5", "A6", "B3", "B4", "B5", "B6",
	}, strings.ToUpper(strings.TrimSpace(code)))
}
