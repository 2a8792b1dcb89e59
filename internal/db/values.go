package db

import (
	"fmt"
	"time"

	"acquit/internal/cal"
)

// instantFormat has fixed decimals so that the text sorts as the time does.
const instantFormat = "2006-01-02 15:04:05.000000"

// Instant scans a TIMESTAMP into *t, and NULL into the zero time.
func Instant(t *time.Time) interface{ Scan(any) error } { return (*instant)(t) }

type instant time.Time

func (t *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = instant{}
		return nil
	case time.Time:
		*t = instant(v.UTC())
		return nil
	case string:
		at, err := time.ParseInLocation("2006-01-02 15:04:05.999999", v, time.UTC)
		*t = instant(at)
		return err
	}
	return fmt.Errorf("db: cannot read an instant from %T", src)
}

// Text scans a TEXT column into *s, and NULL into the empty string.
func Text(s *string) interface{ Scan(any) error } { return (*text)(s) }

type text string

func (s *text) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = ""
	case string:
		*s = text(v)
	case []byte:
		*s = text(v)
	default:
		return fmt.Errorf("db: cannot read text from %T", src)
	}
	return nil
}

// Null is s, or NULL when it is empty: for references that may be missing.
func Null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// sqliteArgs writes instants in the one form that sorts.
func sqliteArgs(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			args[i] = nil
			if !v.IsZero() {
				args[i] = v.UTC().Format(instantFormat)
			}
		case cal.Date:
			args[i] = nil
			if v != 0 {
				args[i] = v.String()
			}
		}
	}
	return args
}

// postgresArgs gives pgx values that it encodes in binary.
func postgresArgs(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			args[i] = nil
			if !v.IsZero() {
				args[i] = v.UTC().Truncate(time.Microsecond)
			}
		case cal.Date:
			args[i] = nil
			if v != 0 {
				args[i] = v.Time()
			}
		}
	}
	return args
}
