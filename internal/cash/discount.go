package cash

import (
	"regexp"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/match"
	"acquit/internal/money"
)

// discount is a match.Discount with what it is asked.
type discount match.Discount

// The words of an early-payment discount: « escompte de 2 % sous 8 jours », « 1,5 %
// d’escompte à 10 jours », "2/10 net 30", "2 % discount within 10 days". C. com.
// L441-9 has it on every invoice, or that there is none.
var discountForms = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(?:escompte|discount|skonto)[^0-9%]{0,40}(\d{1,2}(?:[.,]\d{1,2})?) ?%[^0-9]{0,60}?(\d{1,3}) ?(?:j\b|jours?|days?)`),
	regexp.MustCompile(`(?i)(\d{1,2}(?:[.,]\d{1,2})?) ?% ?(?:d['’] ?)?(?:escompte|discount|skonto)[^0-9]{0,60}?(\d{1,3}) ?(?:j\b|jours?|days?)`),
	regexp.MustCompile(`(?i)\b(\d{1,2}(?:[.,]\d{1,2})?) ?%? ?/ ?(\d{1,3}),? ?(?:net|n) ?/? ?\d{1,3}\b`),
}

// most is the largest discount that is believed, in hundredths of a percent, and
// farthest the longest term: beyond, something else was read.
const (
	most     = 1000
	farthest = 90
)

// discountOf is the early-payment discount that an invoice's terms grant.
func discountOf(terms string, issued cal.Date) discount {
	terms = strings.Map(func(r rune) rune {
		if r == '\u00a0' || r == '\u202f' {
			return ' '
		}
		return r
	}, terms)
	for _, form := range discountForms {
		m := form.FindStringSubmatch(terms)
		if m == nil {
			continue
		}
		rate, err := money.ParseRate(m[1])
		days, wrong := strconv.Atoi(m[2])
		const hundredth = 100 // millionths in a hundredth of a percent
		bp := int(rate / hundredth)
		if err == nil && wrong == nil && bp > 0 && bp <= most && days > 0 && days <= farthest {
			return discount{Rate: bp, Until: issued.Add(days)}
		}
	}
	return discount{}
}

// earned tells whether a discount of so much on an amount is within its terms, for
// money that came on a day.
func (d discount) earned(of, granted money.Amount, on cal.Date, grace int) bool {
	return d.Rate > 0 && on <= d.Until.Add(grace) && !money.BasisPoints(int64(d.Rate)).Of(of).Less(granted)
}
