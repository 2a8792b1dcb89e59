package setting_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/money"
	"acquit/internal/setting"
)

var update = flag.Bool("update", false, "write the manual of the settings")

func TestEverySettingDescribesItself(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range setting.All() {
		if seen[d.Name] {
			t.Errorf("two settings are named %s", d.Name)
		}
		seen[d.Name] = true
		if d.Label.FR == "" || d.Label.EN == "" || (d.Help.FR == "") != (d.Help.EN == "") {
			t.Errorf("%s is not described in both languages", d.Name)
		}
		if d.Kind == setting.KindChoice && len(d.Choices) < 2 {
			t.Errorf("%s offers no choice", d.Name)
		}
		got, err := d.Store(d.Default)
		if err != nil || got != d.Default {
			t.Errorf("the default of %s is stored as %q (%v), want %q", d.Name, got, err, d.Default)
		}
	}
}

func TestWhatPeopleWriteIsStoredInOneForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key    setting.Definition
		text   string
		stored string // empty: refused
	}{
		{setting.RunHour.Definition, "8h30", "08:30"},
		{setting.RunHour.Definition, "8h", "08:00"},
		{setting.RunHour.Definition, " 17:05 ", "17:05"},
		{setting.RunHour.Definition, "25:00", ""},
		{setting.AutoCeiling.Definition, "10\u202f000,50\u00a0€", "10000.50"},
		{setting.AutoCeiling.Definition, "2500", "2500.00"},
		{setting.AutoCeiling.Definition, "-1", ""},
		{setting.AutoCeiling.Definition, "10 USD", ""},
		{setting.ApproveAll.Definition, "on", "true"},
		{setting.ApproveAll.Definition, "", "false"},
		{setting.ApproveAll.Definition, "peut-être", ""},
		{setting.AgingBuckets.Definition, "30, 60;90", "30\n60\n90"},
		{setting.AgingBuckets.Definition, "30, 30", ""},
		{setting.AgingBuckets.Definition, "", ""},
		{setting.WatchFolders.Definition, "/srv/a, b\r\n/srv/c/\r\n", "/srv/a, b\n/srv/c/"},
		{setting.WatchFolders.Definition, "exports", ""},
		{setting.TimeZone.Definition, "Indian/Reunion", "Indian/Reunion"},
		{setting.TimeZone.Definition, "Paris", ""},
		{setting.CreditUse.Definition, "hold", "hold"},
		{setting.CreditUse.Definition, "give away", ""},
		{setting.SMTPHost.Definition, "smtp.dupont.example", "smtp.dupont.example"},
		{setting.SMTPHost.Definition, "https://smtp.dupont.example/", ""},
		{setting.MailFromAddress.Definition, "compta@dupont.example", "compta@dupont.example"},
		{setting.MailFromAddress.Definition, "Compta <compta@dupont.example>", ""},
		{setting.MailFromName.Definition, "Sophie\r\nBcc: x@y.example", ""},
		{setting.SMTPPort.Definition, "70000", ""},
	} {
		got, err := c.key.Store(c.text)
		if got != c.stored || (err == nil) != (c.stored != "") {
			t.Errorf("%s %q: got %q, %v, want %q", c.key.Name, c.text, got, err, c.stored)
		}
		if err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s %q: got the error %v, want one that a person can mend", c.key.Name, c.text, err)
		}
	}
}

// FuzzStore: what is stored reads again as itself, whatever was written.
func FuzzStore(f *testing.F) {
	known := setting.All()
	for i, d := range known {
		f.Add(i, d.Default)
	}
	f.Add(4, "1.234,56 €")
	f.Add(24, "10,20\n30")
	f.Fuzz(func(t *testing.T, i int, text string) {
		d := known[uint(i)%uint(len(known))]
		stored, err := d.Store(text)
		if err != nil || d.Kind == setting.KindSecret {
			return
		}
		again, err := d.Store(stored)
		if err != nil || again != stored {
			t.Errorf("%s %q is stored as %q, which reads as %q (%v)", d.Name, text, stored, again, err)
		}
	})
}

func box(t *testing.T, fill byte) setting.Box {
	t.Helper()
	b, err := setting.NewBox(bytes.Repeat([]byte{fill}, setting.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func set(t *testing.T, d *db.DB, b setting.Box, wishes map[string]string) (changes []setting.Change, err error) {
	t.Helper()
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		changes, err = setting.All().Set(t.Context(), tx, b, "crd_a", "per_1", wishes)
		return err
	})
	return changes, err
}

func load(t *testing.T, d *db.DB, creditor string) (v setting.Values) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		v, err = setting.Load(t.Context(), tx, creditor)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func addCreditors(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO creditor (id, name, created_at)
			VALUES ('crd_a', 'A', $1), ('crd_b', 'B', $1)`, tx.Now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSettingsBelongToOneCreditor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		addCreditors(t, d)
		changes, err := set(t, d, box(t, 1), map[string]string{
			"run_hour": "9h15", "auto_ceiling": "5 000,00", "approve_all": "true", "daily_cap": "",
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []setting.Change{{"run_hour", "08:30", "09:15"}, {"auto_ceiling", "10000.00", "5000.00"}}
		if diff := cmp.Diff(want, changes); diff != "" {
			t.Errorf("only what differs is a change (-want +got):\n%s", diff)
		}
		a, b := load(t, d, "crd_a"), load(t, d, "crd_b")
		if got, want := setting.RunHour.In(a).String(), "09:15"; got != want {
			t.Errorf("run_hour of a: got %s, want %s", got, want)
		}
		if got, want := setting.AutoCeiling.In(a), money.New(500000, money.EUR); got != want {
			t.Errorf("auto_ceiling of a: got %v, want %v", got, want)
		}
		if got, want := setting.RunHour.In(b).String(), "08:30"; got != want {
			t.Errorf("run_hour of b: got %s, want its default %s", got, want)
		}
	})
}

func TestWrongWishesChangeNothingAndAreAllTold(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	addCreditors(t, d)
	_, err := set(t, d, box(t, 1), map[string]string{"run_hour": "midi", "smtp_port": "0", "daily_cap": "20", "colour": "x"})
	if fault.KindOf(err) != fault.KindInvalid {
		t.Fatalf("got %v, want what a person can mend", err)
	}
	for _, name := range []string{"midi", "smtp_port", "colour"} {
		if name == "smtp_port" {
			name = "de 1 à 65535"
		}
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the error says nothing about %s:\n%v", name, err)
		}
	}
	if _, err := set(t, d, box(t, 1), map[string]string{"send_from": "20:00"}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("sending that ends before it begins: got %v", err)
	}
	if v := load(t, d, "crd_a"); setting.DailyCap.In(v) != 0 || setting.SendFrom.In(v).String() != "08:00" {
		t.Error("something was stored beside the wrong wishes")
	}
}

func TestSecretsAreSealedAndNeverPrint(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		addCreditors(t, d)
		const words = "correct horse battery staple"
		b := box(t, 1)
		changes, err := set(t, d, b, map[string]string{"smtp_password": words})
		if err != nil {
			t.Fatal(err)
		}
		v := load(t, d, "crd_a")
		sealed := setting.SMTPPassword.In(v)
		form := fmt.Sprintf("%v %+v %#v", setting.All().Form(v, i18n.FR), sealed, sealed)
		if shown := fmt.Sprintf("%#v %#v %s", changes, v, form); strings.Contains(shown, words) {
			t.Errorf("the secret shows in %s", shown)
		}
		if got, err := b.Open(sealed); err != nil || got != words {
			t.Errorf("opened: got %q, %v", got, err)
		}
		if _, err := box(t, 2).Open(sealed); err == nil {
			t.Error("another key opens the secret")
		}
		moveSecret(t, d)
		if _, err := b.Open(setting.SMTPPassword.In(load(t, d, "crd_b"))); err == nil {
			t.Error("a secret copied to another creditor opens there")
		}
		if changes, err := set(t, d, b, map[string]string{"smtp_password": ""}); err != nil || len(changes) != 0 {
			t.Errorf("a secret left empty: got %v, %v, want no change", changes, err)
		}
		if _, err := set(t, d, b, map[string]string{"smtp_password": setting.Forget}); err != nil {
			t.Fatal(err)
		}
		if setting.SMTPPassword.In(load(t, d, "crd_a")).IsSet() {
			t.Error("a secret that was to be forgotten is still there")
		}
		if _, err := set(t, d, setting.Box{}, map[string]string{"smtp_password": "x"}); err == nil {
			t.Error("without a key a secret was stored")
		}
	})
}

func moveSecret(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO setting (creditor_id, name, value, changed_at)
			SELECT 'crd_b', name, value, changed_at
			FROM setting
			WHERE creditor_id = 'crd_a' AND name = 'smtp_password'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAStoredValueThatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	addCreditors(t, d)
	ctx := context.Background()
	write := func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO setting (creditor_id, name, value, changed_at)
			VALUES ('crd_a', 'run_hour', 'noon', $1)`, tx.Now)
		return err
	}
	if err := d.Write(ctx, write); err != nil {
		t.Fatal(err)
	}
	err := d.Read(ctx, func(tx *db.Tx) error {
		_, err := setting.Load(ctx, tx, "crd_a")
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "run_hour") {
		t.Errorf("got %v, want an error that names run_hour", err)
	}
	if _, err := set(t, d, box(t, 1), map[string]string{"run_hour": "9:00"}); err != nil {
		t.Errorf("a good value does not mend a bad one: %v", err)
	}
}

func TestTheKeyFileIsMadeOnceForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "acquit.key")
	const readers = 8
	keys := make([][]byte, readers)
	var wg sync.WaitGroup
	for i := range readers {
		wg.Go(func() {
			key, err := setting.KeyFile(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	wg.Wait()
	for _, k := range keys {
		if len(k) != setting.KeySize || !bytes.Equal(k, keys[0]) {
			t.Fatalf("the keys differ: %x and %x", k, keys[0])
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v (%v), want 0600", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".acquit-key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTimeOfDayIsOnTheWall(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 7, 14, 12, 0, 0, 0, time.UTC).In(paris)
	if got, want := setting.Of(noon).String(), "14:00"; got != want {
		t.Errorf("noon UTC in Paris: got %s, want %s", got, want)
	}
	if got, want := setting.TimeOfDay(8*60+30).On(noon), time.Date(2026, 7, 14, 6, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("08:30 in Paris: got %v, want %v", got, want)
	}
}

func TestTheManualIsUpToDate(t *testing.T) {
	t.Parallel()
	const path = "../../docs/guide/reglages.md"
	want := setting.All().Manual()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("run go test ./internal/setting -update (-file +settings):\n%s", diff)
	}
}
