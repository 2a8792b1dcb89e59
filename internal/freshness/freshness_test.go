package freshness_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/freshness"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// books are a creditor's, with a clock.
type books struct {
	*agreementtest.Books
	clock *dbtest.Clock
}

func each(t *testing.T, fn func(t *testing.T, b books)) {
	t.Helper()
	clock := dbtest.NewClock()
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) { fn(t, books{agreementtest.New(t, d), clock}) })
}

// at is nine in Paris on a day of November 2026.
func at(day int) time.Time { return time.Date(2026, 11, day, 8, 0, 0, 0, time.UTC) }

// imports notes an import of the books.
func (b books) imports(source, about string) {
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO import (creditor_id, id, source, mode, state, files, on_day, started_at, about)
			VALUES ($1, $2, $3, 'delta', 'done', '[]', $4, $5, $6)`,
			b.Scope.Creditor, tx.NewID("imp"), source, cal.Of(tx.Now), tx.Now, about)
		return err
	})
}

// states takes a statement in that ends on a day.
func (b books) states(to string) { b.tells(to) }

// tells takes in a statement from one day to another, with an entry on each of these.
func (b books) tells(days ...string) (done bank.Taken) {
	s := &bank.Statement{
		Kind: bank.Booked, From: cal.Must(days[0]), To: cal.Must(days[len(days)-1]), Currency: "EUR",
		Account: bank.Account{IBAN: "FR7630006000011234567890189"},
	}
	var list []*bank.Entry
	for i, day := range days[1:] {
		list = append(list, &bank.Entry{
			Statement: s, On: cal.Must(day), Amount: agreementtest.EUR(100), Status: bank.IsBooked, Line: i + 2, Raw: day,
		})
	}
	name := strings.Join(days, " ")
	b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		done, err = bank.Take(ctx, tx, b.Scope, bank.Origin{File: name, SHA256: name, Format: "camt"}, []*bank.Statement{s}, list)
		return err
	})
	return done
}

// A date that is still to come proves nothing of what has happened.
func TestADayToComeMakesNoSourceFresh(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b books) {
		b.clock.Set(at(23))
		b.states("2026-11-10")
		done := b.tells("2026-11-09", "2026-11-09", "2026-11-12", "2032-01-02")
		if list := b.sources(); len(list) != 1 || list[0].On(time.UTC) != cal.Must("2026-11-12") || len(b.stale()) != 1 {
			t.Errorf("sources: %+v", list)
		}
		if len(done.Warnings) != 2 || done.Warnings[1].Code != "days_to_come" || done.Warnings[1].Line != 4 ||
			!strings.Contains(done.Warnings[1].Text, "2032") {
			t.Errorf("warnings: %+v", done.Warnings)
		}
		if done := b.tells("2026-11-27", "2026-11-28"); len(done.Warnings) != 1 {
			t.Errorf("what is booked in advance: %+v", done.Warnings)
		}
		b.tells("2031-01-02")
		if list := b.sources(); list[0].On(time.UTC) != cal.Must("2026-11-12") {
			t.Errorf("with a statement of days to come alone: %+v", list)
		}
		b.clock.Set(at(28))
		b.states("2026-11-27")
		if got := b.stale(); len(got) != 0 {
			t.Errorf("with the statement of the day before: %v", got)
		}
	})
}

// stale are the sources that are too old now, in words.
func (b books) stale() (list []string) {
	for _, s := range b.sources() {
		if s.Stale(b.clock.Now()) {
			list = append(list, s.Title(i18n.FR))
		}
	}
	return list
}

func (b books) sources() (list []freshness.Source) {
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = freshness.Of(ctx, tx, b.Scope, setting.Values{})
		return err
	})
	return list
}

func (b books) retire(name string) error {
	return b.Try(func(ctx context.Context, tx *db.Tx) error {
		return freshness.Retire(ctx, tx, b.Scope, setting.Values{}, freshness.Books, name, "plus utilisée")
	})
}

func (b books) gone() (list []freshness.Retired) {
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = freshness.Gone(ctx, tx, b.Scope, setting.Values{})
		return err
	})
	return list
}

func (b books) takeBack(name string) error {
	return b.Try(func(ctx context.Context, tx *db.Tx) error {
		return freshness.TakeBack(ctx, tx, b.Scope, freshness.Books, name)
	})
}

// A statement of Wednesday the 18th, imported on Monday the 23rd, tells of all
// that was there at the end of Wednesday, however late it came.
func TestAStatementIsAsOldAsItsLastDay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b books) {
		b.clock.Set(at(23))
		b.states("2026-11-18")
		if list := b.sources(); len(list) != 1 || list[0].On(time.UTC) != cal.Must("2026-11-18") {
			t.Fatalf("sources: %+v", list)
		}
		if got := b.stale(); len(got) != 0 {
			t.Errorf("four and a half days after its last day: %v", got)
		}
		b.clock.Set(at(24))
		if got := b.stale(); len(got) != 1 {
			t.Errorf("five and a half days after its last day: %v", got)
		}
		b.states("2026-11-23")
		if got := b.stale(); len(got) != 0 {
			t.Errorf("with a newer one: %v", got)
		}
	})
}

// Files of a bank tell nothing of the books.
func TestEachKindOfFileSpeaksForItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b books) {
		b.clock.Set(at(10))
		b.imports("compta", "books")
		b.clock.Set(at(23))
		b.imports("compta", "bank")
		if got := b.stale(); len(got) != 1 || got[0] != "comptes importés de compta" {
			t.Errorf("stale: %v", got)
		}
	})
}

// A source that is used no more keeps nothing back, until it speaks again.
func TestARetiredSourceIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b books) {
		b.clock.Set(at(1))
		b.imports("ancien", "books")
		if err := b.retire("ancien"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the only source was given up: %v", err)
		}
		b.clock.Set(at(23))
		b.imports("nouveau", "books")
		if got := b.stale(); len(got) != 1 {
			t.Fatalf("stale: %v", got)
		}
		if err := b.retire("inconnu"); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("an unknown source: %v", err)
		}
		b.Scope.Rights = creditor.Work
		if err := b.retire("ancien"); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("without the right: %v", err)
		}
		b.Scope.Rights = creditor.Manage
		if err := b.retire("ancien"); err != nil {
			t.Fatal(err)
		}
		if got := b.stale(); len(got) != 0 {
			t.Errorf("after it was given up: %v", got)
		}
		if gone := b.gone(); len(gone) != 1 || gone[0].Name != "ancien" || gone[0].Reason != "plus utilisée" || gone[0].By != b.Scope.Actor {
			t.Errorf("gone: %+v", gone)
		}
		b.Scope.Rights = creditor.Work
		if err := b.takeBack("ancien"); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("taken back without the right: %v", err)
		}
		b.Scope.Rights = creditor.Manage
		if err := b.takeBack("ancien"); err != nil {
			t.Fatal(err)
		}
		if len(b.gone()) != 0 || len(b.stale()) != 1 {
			t.Errorf("taken back: gone %v, stale %v", b.gone(), b.stale())
		}
		if err := b.takeBack("ancien"); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("taken back twice: %v", err)
		}
		if err := b.retire("ancien"); err != nil {
			t.Fatal(err)
		}
		b.clock.Set(at(24))
		b.imports("ancien", "books")
		if len(b.sources()) != 2 || len(b.gone()) != 0 {
			t.Error("it spoke again and is not a source")
		}
	})
}
