package demo

import "fmt"

// siren is nine digits with their key of Luhn: the eight of body, then the key.
func siren(body int) string {
	digits := fmt.Sprintf("%08d", body)
	return digits + string(luhn(digits))
}

// siret is the establishment n of a company.
func siret(siren string, n int) string {
	digits := siren + fmt.Sprintf("%04d", n)
	return digits + string(luhn(digits))
}

// luhn is the digit that completes digits.
func luhn(digits string) byte {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}

// belgianVAT is BE, a zero or a one, seven digits and their key modulo 97.
func belgianVAT(body int) string {
	n := body % 10_000_000
	return fmt.Sprintf("BE0%07d%02d", n, 97-n%97)
}

// swissVAT is an UID with its key modulo 11; it draws on when there is none.
func swissVAT(body int) string {
	weights := [8]int{5, 4, 3, 2, 7, 6, 5, 4}
	for ; ; body++ {
		digits := fmt.Sprintf("%08d", body%100_000_000)
		sum := 0
		for i, w := range weights {
			sum += w * int(digits[i]-'0')
		}
		if key := (11 - sum%11) % 11; key < 10 {
			return fmt.Sprintf("CHE-%s.%s.%s%d TVA", digits[:3], digits[3:6], digits[6:], key)
		}
	}
}

// britishVAT is nine digits whose weighted sum makes a multiple of 97.
func britishVAT(body int) string {
	digits := fmt.Sprintf("%07d", body%10_000_000)
	sum := 0
	for i := range digits {
		sum += (8 - i) * int(digits[i]-'0')
	}
	return fmt.Sprintf("GB%s%02d", digits, 97-sum%97)
}

// FrenchIBAN is a bank, a branch and an account with both their keys.
func FrenchIBAN(bank, branch, account int) string {
	rib := 97 - (89*bank+15*branch+3*account)%97
	return IBAN("FR", fmt.Sprintf("%05d%05d%011d%02d", bank, branch, account, rib))
}

// IBAN is an account of a country with its key (ISO 13616, modulo 97 of ISO 7064).
func IBAN(country, account string) string {
	remainder := 0
	for _, r := range account + country + "00" {
		switch {
		case r >= 'A' && r <= 'Z':
			remainder = (remainder*100 + int(r-'A') + 10) % 97
		default:
			remainder = (remainder*10 + int(r-'0')) % 97
		}
	}
	return fmt.Sprintf("%s%02d%s", country, 98-remainder, account)
}
