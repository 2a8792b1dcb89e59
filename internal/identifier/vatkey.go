package identifier

import (
	"strconv"
	"strings"
)

// key is what a checksum tells of a number.
type key int

const (
	keyUnknown key = iota // no checksum to go by
	keyRight
	keyWrong
)

// vatKey holds a number of a form that is right against its country's checksum.
// Numbers of natural persons that follow rules of their own, or none, are unknown.
func vatKey(country, number string) key {
	check, ok := vatChecks[country]
	switch {
	case !ok, personal(country, number):
		return keyUnknown
	case check(number):
		return keyRight
	}
	return keyWrong
}

// personal tells the numbers given to natural persons where they differ from those
// of companies: ten digits in Bulgaria, nine or ten in Czechia, a birthday first in
// Latvia; and the numbers of governments and health authorities in Northern Ireland.
func personal(country, number string) bool {
	switch country {
	case "BG":
		return len(number) == 10
	case "CZ":
		return len(number) > 8
	case "LV":
		return number[0] <= '3'
	case "XI":
		return number[0] > '9'
	}
	return false
}

// vatChecks are the checksums of the European VAT numbers, as the tax
// administrations and VIES describe them.
var vatChecks = map[string]func(string) bool{
	"AT": func(s string) bool { return (luhnSum(s[1:8])+4+number(s[8:]))%10 == 0 },
	"BE": func(s string) bool { return 97-number(s[:8])%97 == number(s[8:]) },
	"BG": func(s string) bool {
		return twice(s[8:], weighted(s[:8], 1, 2, 3, 4, 5, 6, 7, 8), weighted(s[:8], 3, 4, 5, 6, 7, 8, 9, 10))
	},
	"CY": cyprus,
	"CZ": func(s string) bool {
		n := (11 - weighted(s[:7], 8, 7, 6, 5, 4, 3, 2)%11) % 11
		return max(n, (11-n)/11)%10 == number(s[7:]) // a rest of 0 stands as 1, of 10 as 0
	},
	"DE": mod1110,
	"DK": func(s string) bool { return weighted(s, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 },
	"EE": func(s string) bool { return weighted(s, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 },
	"EL": func(s string) bool { return weighted(s[:8], 256, 128, 64, 32, 16, 8, 4, 2)%11%10 == number(s[8:]) },
	"ES": spain,
	"FI": func(s string) bool { return weighted(s, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0 },
	"HR": mod1110,
	"HU": func(s string) bool { return weighted(s, 9, 7, 3, 1, 9, 7, 3, 1)%10 == 0 },
	"IE": ireland,
	"IT": luhn,
	"LT": lithuania,
	"LU": func(s string) bool { return number(s[:6])%89 == number(s[6:]) },
	"LV": func(s string) bool { return weighted(s, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)%11 == 3 },
	"MT": func(s string) bool { return (weighted(s[:6], 3, 4, 6, 7, 8, 9)+number(s[6:]))%37 == 0 },
	"NL": func(s string) bool {
		byPerson := mod97("NL"+s) == 1 // numbers of natural persons since 2020
		return byPerson || weighted(s[:8], 9, 8, 7, 6, 5, 4, 3, 2)%11 == number(s[8:9])
	},
	"PL": func(s string) bool { return weighted(s[:9], 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == number(s[9:]) },
	"PT": func(s string) bool { return (11-weighted(s[:8], 9, 8, 7, 6, 5, 4, 3, 2)%11)%11%10 == number(s[8:]) },
	"RO": func(s string) bool {
		s = strings.Repeat("0", 10-len(s)) + s
		return weighted(s[:9], 7, 5, 3, 2, 1, 7, 5, 3, 2)*10%11%10 == number(s[9:])
	},
	"SE": func(s string) bool { return luhn(s[:10]) },
	"SI": func(s string) bool { return (11-weighted(s[:7], 8, 7, 6, 5, 4, 3, 2)%11)%10 == number(s[7:]) },
	"SK": func(s string) bool { return (number(s[:9])%11*10+number(s[9:]))%11 == 0 },
	"XI": func(s string) bool { // the modulus of HMRC, and the one of its numbers since 2010
		n := weighted(s[:7], 8, 7, 6, 5, 4, 3, 2) + number(s[7:9])
		return n%97 == 0 || (n+55)%97 == 0
	},
}

// twice is a check digit that is the rest of a sum by 11, or of a second sum where
// that rest has two digits.
func twice(digit string, first, second int) bool {
	if first%11 < 10 {
		return first%11 == number(digit)
	}
	return second%11%10 == number(digit)
}

// cyprus: digits at odd places count by a table of their own.
func cyprus(s string) bool {
	odd := [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}
	sum := 0
	for i := range 8 {
		n := int(s[i] - '0')
		if i%2 == 0 {
			n = odd[n]
		}
		sum += n
	}
	return byte('A'+sum%26) == s[8]
}

// ireland: seven digits and a letter that counts them by 23; a second letter counts
// nine times, and a sign in the second place is of an older form.
func ireland(s string) bool {
	const letters = "WABCDEFGHIJKLMNOPQRSTUV"
	if s[1] > '9' || s[1] < '0' {
		s = "0" + s[2:7] + s[:1] + s[7:]
	}
	sum := weighted(s[:7], 8, 7, 6, 5, 4, 3, 2)
	if len(s) == 9 {
		second := strings.IndexByte(letters, s[8])
		if second < 0 {
			return false
		}
		sum += 9 * second
	}
	return letters[sum%23] == s[7]
}

// lithuania: nine digits of a company, twelve of one that is registered for a time.
func lithuania(s string) bool {
	first, second := 0, 0
	last := len(s) - 1
	for i := range last {
		n := int(s[i] - '0')
		first += n * (1 + i%9)
		second += n * (1 + (i+2)%9)
	}
	return s[last-1] == '1' && twice(s[last:], first, second)
}

// spain: a person's letter counts by 23, a company's key counts as Luhn and is a
// digit or a letter.
func spain(s string) bool {
	const letters = "TRWAGMYFPDXBNJZSQVHLCKE"
	switch first := s[0]; {
	case first <= '9':
		return letters[number(s[:8])%23] == s[8]
	case first >= 'X':
		return letters[(int(first-'X')*1e7+number(s[1:8]))%23] == s[8]
	case first >= 'K' && first <= 'M':
		return letters[number(s[1:8])%23] == s[8] || companyKey(s)
	}
	return companyKey(s)
}

func companyKey(s string) bool {
	n := (10 - luhnSum(s[1:8]+"0")%10) % 10
	return int(s[8]-'0') == n || "JABCDEFGHI"[n] == s[8]
}

// number is the value of up to nine digits that a form has let through.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1 // matches no checksum
	}
	return n
}

func weighted(digits string, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return sum
}

// mod1110 is ISO/IEC 7064 MOD 11,10.
func mod1110(s string) bool {
	product := 10
	for i := range len(s) - 1 {
		sum := (int(s[i]-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = 2 * sum % 11
	}
	return (product+int(s[len(s)-1]-'0'))%10 == 1
}
