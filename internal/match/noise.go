package match

import "acquit/internal/cal"

// mark says which digits are something else than a reference: what a date, an
// amount, a telephone number, a postcode or an account are written like.
func (t *text) mark(on cal.Date, minor int64) {
	for i := range t.atoms {
		if !t.atoms[i].digits {
			continue
		}
		t.markYear(i)
		t.markPostcode(i)
		t.markMonth(i)
		t.markDate(i, on)
		t.markAmount(i, minor)
		t.markPhone(i)
		t.markAccount(i)
	}
}

// note marks atoms from first to last, where they are not already marked as
// something that says more against a reference.
func (t *text) note(first, last int, n noise) {
	for i := first; i <= last; i++ {
		if t.atoms[i].digits {
			t.atoms[i].noise = max(t.atoms[i].noise, n)
		}
	}
}

func (t *text) markYear(i int) {
	if v := atoi(t.of(i)); len(t.of(i)) == 4 && v >= 1990 && v <= 2049 {
		t.note(i, i, aYear)
	}
}

// markPostcode marks five digits before the name of a town.
func (t *text) markPostcode(i int) {
	if len(t.of(i)) != 5 || i+1 >= len(t.atoms) || t.atoms[i+1].digits || string(t.gap(i)) != " " {
		return
	}
	town := t.of(i + 1)
	v := atoi(t.of(i))
	if v < 1000 || v > 98999 || len(town) < 3 || bankWords[string(town)] || t.isWord(i-1, keywords) {
		return
	}
	t.note(i, i, aPostcode)
}

// markMonth marks 10/2026.
func (t *text) markMonth(i int) {
	if m, year := t.monthAt(i); m != 0 && year != 0 && len(t.of(i+1)) == 4 {
		t.note(i, i+1, aMonth)
	}
}

// markDate marks 12/11/2026, 2026-11-12, 121126, 12112026 and 20261112.
func (t *text) markDate(i int, on cal.Date) {
	year := on.Year()
	if on.IsZero() {
		year = 2026
	}
	d := t.of(i)
	switch len(d) {
	case 6:
		if isDay(d[:2], d[2:4], d[4:], year) || isDay(d[4:], d[2:4], d[:2], year) {
			t.note(i, i, aDate)
		}
	case 8:
		if isDay(d[:2], d[2:4], d[4:], year) || isDay(d[6:], d[4:6], d[:4], year) {
			t.note(i, i, aDate)
		}
	case 1, 2, 4:
		if i+2 >= len(t.atoms) || !t.atoms[i+1].digits || !t.atoms[i+2].digits || len(t.gap(i)) != 1 ||
			string(t.gap(i)) != string(t.gap(i+1)) {
			return
		}
		if isDay(d, t.of(i+1), t.of(i+2), year) || len(d) == 4 && isDay(t.of(i+2), t.of(i+1), d, year) {
			t.note(i, i+2, aDate)
		}
	}
}

// isDay tells whether the digits may be a day of the years around one.
func isDay(day, month, year []byte, around int) bool {
	y := atoi(year)
	if len(year) == 2 {
		y += around / 100 * 100
	}
	d, m := atoi(day), atoi(month)
	return len(year)%2 == 0 && len(day) <= 2 && len(month) <= 2 && d >= 1 && d <= 31 && m >= 1 && m <= 12 &&
		y >= around-2 && y <= around+1
}

// markAmount marks what is written as money, and the entry's own amount.
func (t *text) markAmount(i int, minor int64) {
	if v := int64(atoi(t.of(i))); v > 0 && (v == minor || v*100 == minor) && len(t.of(i)) >= 3 {
		t.note(i, i, anAmount)
	}
	money := i+1 < len(t.atoms) && string(t.of(i+1)) == "EUR" && len(t.gap(i)) <= 1
	if i+1 < len(t.atoms) && t.atoms[i+1].digits && len(t.of(i+1)) == 2 && len(t.of(i)) <= 7 {
		gap := string(t.gap(i))
		alone := i+2 >= len(t.atoms) || !t.atoms[i+2].digits || len(t.gap(i+1)) > 1 || t.gap(i + 1)[0] == ' ' ||
			t.gap(i + 1)[0] == '\n'
		if (gap == "," || gap == ".") && alone {
			t.note(i, i+1, anAmount)
			money = true
		}
	}
	if money {
		t.note(i, i, anAmount)
		if i > 0 && t.atoms[i-1].digits && string(t.gap(i-1)) == " " && len(t.of(i)) == 3 && len(t.of(i-1)) <= 3 {
			t.note(i-1, i-1, anAmount)
		}
	}
}

// markPhone marks 0320123456, 03 20 12 34 56 and +33 3 20 12 34 56.
func (t *text) markPhone(i int) {
	d := t.of(i)
	if len(d) == 10 && d[0] == '0' && d[1] != '0' && t.isWord(i-1, phoneWords) {
		t.note(i, i, aPhone)
	}
	if len(d) != 2 || d[0] != '0' || d[1] == '0' || i+4 >= len(t.atoms) {
		return
	}
	for j := i + 1; j <= i+4; j++ {
		if !t.atoms[j].digits || len(t.of(j)) != 2 || len(t.gap(j-1)) != 1 {
			return
		}
	}
	t.note(i, i+4, aPhone)
}

var phoneWords = setOf("TEL", "TELEPHONE", "PHONE", "PORT", "MOB", "MOBILE", "FAX")

// markAccount marks an IBAN, a very long number, and the digits of a word that
// changes between letters and digits as identifiers of machines do.
func (t *text) markAccount(i int) {
	if len(t.of(i)) > 14 {
		t.note(i, i, anAccount)
	}
	t.markIBAN(i)
	first, last, total := i, i, len(t.of(i))
	for last+1 < len(t.atoms) && len(t.gap(last)) == 0 {
		last++
		total += len(t.of(last))
	}
	if i > 0 && len(t.gap(i-1)) == 0 {
		return
	}
	if last-first >= 4 && total >= 10 {
		t.note(first, last, anAccount)
	}
}

// markIBAN marks the groups of four behind two letters and two digits.
func (t *text) markIBAN(i int) {
	if len(t.of(i)) != 2 || i == 0 || len(t.of(i-1)) != 2 || len(t.gap(i-1)) != 0 {
		return
	}
	last := i
	for last+1 < len(t.atoms) && len(t.gap(last)) == 1 && len(t.of(last+1)) <= 4 && t.atoms[last+1].digits {
		last++
	}
	if last-i >= 3 {
		t.note(i, last, anAccount)
	}
}
