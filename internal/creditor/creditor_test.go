package creditor_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
	"acquit/internal/setting"
)

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func create(t *testing.T, d *db.DB, c creditor.Creditor) (creditor.Creditor, creditor.Scope) {
	t.Helper()
	err := write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = creditor.Create(ctx, tx, c, creditor.ActorCLI, journal.Write)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, creditor.Scope{Creditor: c.ID, Actor: "per_1", Rights: creditor.Manage}
}

func actions(t *testing.T, d *db.DB, s creditor.Scope) (list []string) {
	t.Helper()
	err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
		entries, err := journal.About(ctx, tx, s, "creditor/"+s.Creditor, 50)
		for _, e := range entries {
			list = append(list, e.Action)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestIdentityIsTidiedStoredAndWrittenDown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, s := create(t, d, creditor.Creditor{Name: " Atelier Dupont ", SIRET: "732 829 320 00074", City: "Lille"})
		if c.Name != "Atelier Dupont" || c.SIREN != "732829320" || c.SIRET != "73282932000074" || c.Country != "FR" {
			t.Errorf("not tidied: %+v", c)
		}
		c.Email, c.VATID = "compta@dupont.example", "FR44732829320"
		for range 2 { // the second time nothing differs
			if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return creditor.Update(ctx, tx, s, c, journal.Write)
			}); err != nil {
				t.Fatal(err)
			}
		}
		var got creditor.Creditor
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = creditor.Find(ctx, tx, s)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"creditor.changed", "creditor.created"}, actions(t, d, s)); diff != "" {
			t.Errorf("the journal (-want +got):\n%s", diff)
		}
	})
}

func TestAllThatIsWrongWithAnIdentityIsTold(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
		_, err := creditor.Create(ctx, tx, creditor.Creditor{
			SIREN: "12", VATID: "FR00732829320", Email: "dupont", Street: strings.Repeat("x", 300),
		}, creditor.ActorCLI, journal.Write)
		return err
	})
	if fault.KindOf(err) != fault.KindInvalid {
		t.Fatalf("got %v, want what a person can mend", err)
	}
	var fields []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		fields = append(fields, fieldsOf(e)...)
	}
	if diff := cmp.Diff([]string{"street", "name", "siren", "vat_id", "email"}, fields); diff != "" {
		t.Errorf("the fields told (-want +got):\n%s", diff)
	}
}

func fieldsOf(err error) []string {
	if many, ok := err.(interface{ Unwrap() []error }); ok { // what errors.Join made
		var fields []string
		for _, e := range many.Unwrap() {
			fields = append(fields, fieldsOf(e)...)
		}
		return fields
	}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		return []string{f.Field}
	}
	return []string{err.Error()}
}

func TestBankAccountsAreCheckedAndEndRatherThanVanish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, s := create(t, d, creditor.Creditor{Name: "Dupont"})
		add := func(s creditor.Scope, a creditor.Account) (got creditor.Account, err error) {
			err = write(t, d, func(ctx context.Context, tx *db.Tx) error {
				got, err = creditor.AddAccount(ctx, tx, s, a, journal.Write)
				return err
			})
			return got, err
		}
		a, err := add(s, creditor.Account{Holder: "Dupont", IBAN: "FR76 3000 6000 0112 3456 7890 189", BIC: "agrifrpp"})
		if err != nil {
			t.Fatal(err)
		}
		if a.IBAN != "FR7630006000011234567890189" || a.BIC != "AGRIFRPP" || a.Currency != money.EUR {
			t.Errorf("not tidied: %+v", a)
		}
		clerk := s
		clerk.Rights = creditor.Work
		for _, c := range []struct {
			scope creditor.Scope
			a     creditor.Account
			want  fault.Kind
		}{
			{s, creditor.Account{Holder: "Dupont", IBAN: "FR76 3000 6000 0112 3456 7890 188"}, fault.KindInvalid},
			{s, creditor.Account{Holder: "Dupont"}, fault.KindInvalid},
			{s, creditor.Account{IBAN: a.IBAN}, fault.KindInvalid},
			{s, creditor.Account{Holder: "Dupont", IBAN: a.IBAN, Currency: "euros"}, fault.KindInvalid},
			{s, creditor.Account{Holder: "Dupont", IBAN: a.IBAN}, fault.KindConflict},
			{clerk, creditor.Account{Holder: "Moi", IBAN: "DE89370400440532013000"}, fault.KindDenied},
		} {
			if _, err := add(c.scope, c.a); fault.KindOf(err) != c.want {
				t.Errorf("%+v: got %v, want the kind %s", c.a, err, c.want)
			}
		}
		var left []creditor.Account
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := creditor.EndAccount(ctx, tx, s, a.ID, journal.Write); err != nil {
				return err
			}
			left, err = creditor.Accounts(ctx, tx, s)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(left) != 0 {
			t.Errorf("an ended account is still in use: %+v", left)
		}
		if _, err := add(s, creditor.Account{Holder: "Dupont", IBAN: a.IBAN}); err != nil {
			t.Errorf("an ended account comes back: %v", err)
		}
		want := []string{
			"creditor.account_added", "creditor.account_ended", "creditor.account_added", "creditor.created",
		}
		if diff := cmp.Diff(want, actions(t, d, s)); diff != "" {
			t.Errorf("the journal (-want +got):\n%s", diff)
		}
	})
}

func TestTheCalendarKnowsRegionAndClosures(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, s := create(t, d, creditor.Creditor{Name: "Dupont"})
		goodFriday, closed, holiday := cal.Must("2026-04-03"), cal.Must("2026-08-10"), cal.Must("2026-07-14")
		open := func() (days []bool) {
			t.Helper()
			if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
				c, err := creditor.Calendar(ctx, tx, s)
				if err == nil {
					days = []bool{c.IsOpen(goodFriday), c.IsOpen(closed), c.IsOpen(holiday)}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return days
		}
		if diff := cmp.Diff([]bool{true, true, false}, open()); diff != "" {
			t.Errorf("at first (-want +got):\n%s", diff)
		}
		var c creditor.Closure
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			days := cal.Period{From: cal.Must("2026-08-03"), To: cal.Must("2026-08-21")}
			if c, err = creditor.AddClosure(ctx, tx, s, creditor.Closure{Days: days}, journal.Write); err != nil {
				return err
			}
			_, err = creditor.Configure(ctx, tx, s, setting.All(), setting.Box{},
				map[string]string{"region": "alsace-moselle"}, journal.Write)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]bool{false, false, false}, open()); diff != "" {
			t.Errorf("in Alsace, closed in August (-want +got):\n%s", diff)
		}
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return creditor.RemoveClosure(ctx, tx, s, c.ID, journal.Write)
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]bool{false, true, false}, open()); diff != "" {
			t.Errorf("without the closure (-want +got):\n%s", diff)
		}
		backwards := creditor.Closure{Days: cal.Period{From: closed, To: holiday}}
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := creditor.AddClosure(ctx, tx, s, backwards, journal.Write)
			return err
		}); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a closure that ends before it begins: got %v", err)
		}
	})
}

func TestSettingsAskForTheirRight(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	_, manager := create(t, d, creditor.Creditor{Name: "Dupont"})
	clerk, host := manager, manager
	clerk.Rights, host.Actor = creditor.Work, creditor.ActorCLI
	folder := t.TempDir()
	for _, c := range []struct {
		name   string
		scope  creditor.Scope
		wishes map[string]string
		want   fault.Kind // empty: granted
	}{
		{"a clerk sets buckets", clerk, map[string]string{"aging_buckets": "15,45"}, ""},
		{"a clerk lets things leave", clerk, map[string]string{"approve_all": "non"}, fault.KindDenied},
		{"a manager lets things leave", manager, map[string]string{"approve_all": "non"}, ""},
		{"a manager reads the machine's disk", manager, map[string]string{"watch_folders": folder}, fault.KindDenied},
		{"the machine's holder does", host, map[string]string{"watch_folders": folder}, ""},
	} {
		err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := creditor.Configure(ctx, tx, c.scope, setting.All(), setting.Box{}, c.wishes, journal.Write)
			return err
		})
		if (err == nil) != (c.want == "") || err != nil && fault.KindOf(err) != c.want {
			t.Errorf("%s: got %v, want the kind %q", c.name, err, c.want)
		}
	}
	want := []string{"settings.changed", "settings.changed", "settings.changed", "creditor.created"}
	if diff := cmp.Diff(want, actions(t, d, manager)); diff != "" {
		t.Errorf("the journal (-want +got):\n%s", diff)
	}
}
