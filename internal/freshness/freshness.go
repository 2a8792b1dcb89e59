// Package freshness tells how old the newest word of each source is: the tools
// that the books come from, and the bank accounts. Past a creditor's limits
// nothing leaves by itself: a payment may have come in since.
package freshness

import (
	"context"
	"slices"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// Kind is what a source tells of.
type Kind string

// The kinds.
const (
	Books Kind = "books"
	Bank  Kind = "bank"
)

// Source is one that has told something before, and does not count as retired.
type Source struct {
	Kind  Kind
	Name  string    // of the tool or the folder, or the identifier of the account
	Label string    // what people call it
	Until time.Time // all that happened before, it has told
	Limit int       // days that it may be old; 0 is no limit
}

// Age is how long ago the source spoke last.
func (s Source) Age(now time.Time) time.Duration { return max(0, now.Sub(s.Until)) }

// Stale tells that a source is older than its limit at an instant.
func (s Source) Stale(now time.Time) bool {
	return s.Limit > 0 && s.Age(now) > time.Duration(s.Limit)*24*time.Hour
}

// On is the last day of which the source tells, in a time zone.
func (s Source) On(zone *time.Location) cal.Date {
	return cal.Of(s.Until.Add(-time.Nanosecond).In(zone))
}

// Days is how many days ago the last day was of which the source tells.
func (s Source) Days(zone *time.Location, now time.Time) int {
	return max(0, cal.Of(now.In(zone)).Sub(s.On(zone)))
}

// Title names the source for people.
func (s Source) Title(l i18n.Lang) string {
	if s.Kind == Bank {
		return i18n.Words{FR: "relevés du compte ", EN: "statements of account "}.In(l) + s.Label
	}
	return i18n.Words{FR: "comptes importés de ", EN: "books imported from "}.In(l) + s.Label
}

// Of are the sources of a creditor that are in use, the stalest first.
func Of(ctx context.Context, tx *db.Tx, s creditor.Scope, v setting.Values) ([]Source, error) {
	list, err := all(ctx, tx, s, v)
	if err != nil {
		return nil, err
	}
	gone, err := retirements(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(one Source) bool {
		return slices.ContainsFunc(gone, func(g Retired) bool { return g.holds(one) })
	})
	slices.SortStableFunc(list, func(a, b Source) int { return a.slack(tx.Now) - b.slack(tx.Now) })
	return list, nil
}

// all are the sources that have told something before, those that are used no more
// too.
func all(ctx context.Context, tx *db.Tx, s creditor.Scope, v setting.Values) ([]Source, error) {
	books, err := imports(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	accounts, err := bank.Newest(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	zone := setting.TimeZone.In(v)
	var list []Source
	for _, b := range books {
		b.Limit = setting.StaleDays.In(v)
		list = append(list, b)
	}
	for _, a := range accounts {
		end := midnight(a.On.Add(1), zone)
		if a.ImportedAt.Before(end) {
			end = a.ImportedAt // of the day itself it tells only what was there when it came
		}
		list = append(list, Source{
			Kind: Bank, Name: a.ID, Label: a.Name(), Until: end, Limit: setting.BankStaleDays.In(v),
		})
	}
	return list, nil
}

// slack is how many hours are left before a source is stale.
func (s Source) slack(now time.Time) int {
	const never = 1 << 30
	if s.Limit == 0 {
		return never
	}
	return s.Limit*24 - int(s.Age(now)/time.Hour)
}

func midnight(d cal.Date, zone *time.Location) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// imports are the tools that brought books, each with its newest import.
func imports(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Source, error) {
	return db.All(ctx, tx, func(r db.Row) (one Source, err error) {
		one.Kind = Books
		err = r.Scan(&one.Name, db.Instant(&one.Until))
		one.Label = one.Name
		return one, err
	}, `
		SELECT source, max(started_at)
		FROM import
		WHERE creditor_id = $1 AND state = 'done' AND about = 'books'
		GROUP BY source
		ORDER BY source`, s.Creditor)
}
