// Package cal counts in civil days: due dates, terms of payment and the
// working days of a place. Nothing in it reads a clock.
package cal

import (
	"database/sql/driver"
	"fmt"
	"time"

	"acquit/internal/fault"
)

// Date is a civil day, counted from 1 January of year 1 (day 1). The zero Date
// is no day at all. Dates compare with < and ==, and differ by days.
type Date int32

var epoch = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()/86400 - 1

// On is the day y-m-d; a day past the end of the month runs on into the next,
// as time.Date does.
func On(y int, m time.Month, d int) Date {
	return Of(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// Of is the day that t shows in its own time zone.
func Of(t time.Time) Date {
	y, m, d := t.Date()
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400 - epoch)
}

// Parse reads 2026-11-22.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fault.Invalidf("date", "«\u00a0%.40s\u00a0» n’est pas une date de la forme 2026-11-22", s)
	}
	return Of(t), nil
}

// Must is Parse for a day written in the program; it panics on a wrong one.
func Must(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix((int64(d)+epoch)*86400, 0).UTC() }

// Date is the year, month and day of the month.
func (d Date) Date() (int, time.Month, int) { return d.Time().Date() }

// Year is the civil year.
func (d Date) Year() int { return d.Time().Year() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// Add is the day n days later.
func (d Date) Add(n int) Date { return d + Date(n) }

// Sub is the number of days from e to d: positive when d is later.
func (d Date) Sub(e Date) int { return int(d) - int(e) }

// IsZero tells whether d is no day.
func (d Date) IsZero() bool { return d == 0 }

// String is 2026-11-22, or nothing for no day.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// AddMonths is the same day of the month n months later, or that month's last
// day where it has no such day (CPC art. 641).
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Date()
	last := On(y, m+time.Month(n)+1, 0)
	if _, _, l := last.Date(); day > l {
		return last
	}
	return On(y, m+time.Month(n), day)
}

// EndOfMonth is the last day of d's month.
func (d Date) EndOfMonth() Date {
	y, m, _ := d.Date()
	return On(y, m+1, 0)
}

// MarshalText writes 2026-11-22.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2026-11-22, or nothing as no day.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := Parse(string(b))
	*d = v
	return err
}

// Value stores the day as its text, and no day as NULL.
func (d Date) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a day from a DATE column of either engine.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
		return nil
	case time.Time:
		*d = Of(v)
		return nil
	case string:
		return d.UnmarshalText([]byte(v[:min(len(v), 10)]))
	case []byte:
		return d.UnmarshalText(v[:min(len(v), 10)])
	}
	return fmt.Errorf("cal: cannot read a day from %T", src)
}
