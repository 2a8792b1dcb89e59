package setting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/fault"
	"acquit/internal/money"
)

// Limits of what a person may write: longer is a mistake, not a wish.
const (
	maxText   = 500
	maxSecret = 20_000 // a private key with its armour
	maxList   = 50
)

// text is a setting of one line; check may be nil.
func text(d Definition, check func(string) error) Key[string] {
	d.Kind = KindText
	return key(d, func(s string) (string, error) {
		if utf8.RuneCountInString(s) > maxText || strings.ContainsAny(s, "\r\n\x00") {
			return "", &fault.Invalid{Message: fmt.Sprintf("ce texte doit tenir sur une ligne de %d caractères", maxText)}
		}
		if check == nil || s == "" {
			return s, nil
		}
		return s, check(s)
	}, nil)
}

// whole is a number from low to high.
func whole(d Definition, low, high int) Key[int] {
	d.Kind = KindInt
	parse := func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high {
			return 0, &fault.Invalid{
				Message: fmt.Sprintf("« %s » ne convient pas", s),
				Mend:    fmt.Sprintf("un nombre entier de %d à %d", low, high),
			}
		}
		return n, nil
	}
	return key(d, parse, func(s string) (string, error) {
		n, err := parse(s)
		return strconv.Itoa(n), err
	})
}

// yesNo is a setting that is on or off.
func yesNo(d Definition) Key[bool] {
	d.Kind = KindBool
	return key(d, strconv.ParseBool, func(s string) (string, error) {
		switch strings.ToLower(s) {
		case "true", "1", "on", "oui", "yes":
			return "true", nil
		case "false", "0", "off", "non", "no", "":
			return "false", nil
		}
		return "", &fault.Invalid{Message: fmt.Sprintf("« %s » n’est ni oui ni non", s), Mend: "écrire oui ou non"}
	})
}

// choice is one of the definition's choices.
func choice[T ~string](d Definition) Key[T] {
	d.Kind = KindChoice
	return key(d, func(s string) (T, error) {
		if slices.ContainsFunc(d.Choices, func(c Choice) bool { return c.Value == s }) {
			return T(s), nil
		}
		values := make([]string, len(d.Choices))
		for i, c := range d.Choices {
			values[i] = c.Value
		}
		return "", &fault.Invalid{
			Message: fmt.Sprintf("« %s » n’est pas parmi les choix", s),
			Mend:    "au choix : " + strings.Join(values, ", "),
		}
	}, nil)
}

// TimeOfDay is minutes after midnight, by the clock on the creditor's wall.
type TimeOfDay int

// String is 08:30.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/60, t%60) }

// Of is the time of day that at shows in its own time zone.
func Of(at time.Time) TimeOfDay { return TimeOfDay(at.Hour()*60 + at.Minute()) }

// On is the instant at which the wall clock shows t on the day of at, in the
// time zone of at. Where a change of the clock skips t, it is that much later.
func (t TimeOfDay) On(at time.Time) time.Time {
	y, m, d := at.Date()
	return time.Date(y, m, d, int(t/60), int(t%60), 0, 0, at.Location())
}

// timeOfDay reads 08:30, 8:30, 8h30 and 8h.
func timeOfDay(d Definition) Key[TimeOfDay] {
	d.Kind = KindTime
	parse := func(s string) (TimeOfDay, error) {
		hour, minute, _ := strings.Cut(strings.Replace(strings.ToLower(s), "h", ":", 1), ":")
		if minute == "" {
			minute = "00"
		}
		at, err := time.Parse("15:04", strings.TrimSpace(hour)+":"+strings.TrimSpace(minute))
		if err != nil {
			return 0, &fault.Invalid{Message: fmt.Sprintf("« %s » n’est pas une heure", s), Mend: "écrire 08:30"}
		}
		return Of(at), nil
	}
	return key(d, parse, func(s string) (string, error) {
		t, err := parse(s)
		return t.String(), err
	})
}

// amount is a sum in euros, not negative; it is stored as 10000.00.
func amount(d Definition) Key[money.Amount] {
	d.Kind = KindAmount
	parse := func(s string) (money.Amount, error) { return money.Parse(s, money.EUR) }
	return key(d, parse, func(s string) (string, error) {
		a, err := money.ParseHuman(s, money.EUR, money.Hints{})
		if err != nil {
			return "", err
		}
		if a.Sign() < 0 {
			return "", &fault.Invalid{
				Message: fmt.Sprintf("« %s » ne convient pas", s), Mend: "un montant positif, ou 0",
			}
		}
		return a.Decimal(), nil
	})
}

// list is several values that split takes apart, each read by one and together
// checked by all, which may be nil; stored one per line.
func list[T any](
	d Definition, split func(string) []string, one func(string) (T, error), all func([]T) error,
) Key[[]T] {
	d.Kind = KindList
	parse := func(s string) ([]T, error) {
		values := []T{}
		for _, part := range split(s) {
			v, err := one(part)
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		if len(values) > maxList {
			return nil, &fault.Invalid{Message: fmt.Sprintf("au plus %d valeurs", maxList)}
		}
		if all == nil {
			return values, nil
		}
		return values, all(values)
	}
	return key(d, parse, func(s string) (string, error) {
		_, err := parse(s)
		return strings.Join(split(s), "\n"), err
	})
}

// byLine takes apart values that may hold commas.
func byLine(s string) []string { return parts(s, "\r\n") }

// byComma takes apart values on lines or between commas, semicolons and spaces.
func byComma(s string) []string { return parts(s, "\r\n,; ") }

func parts(s, separators string) []string {
	var values []string
	for v := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if v = strings.TrimSpace(v); v != "" {
			values = append(values, v)
		}
	}
	return values
}
