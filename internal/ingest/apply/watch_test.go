package apply_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/ingest/table"
	"acquit/internal/ledger"
)

// What an accounting tool drops is taken once and moved away; what cannot be
// taken lies apart with the reason beside it; what is still being written waits.
func TestAWatchedFolderIsEmptiedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := creditor.System("crd_watch")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO creditor (id, name, created_at) VALUES ($1, 'Test', $2)`, s.Creditor, tx.Now)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		drop := func(name, content string, age time.Duration) {
			t.Helper()
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			at := time.Now().Add(-age)
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
		watch := func() []apply.Dropped {
			t.Helper()
			o := apply.Options{Drivers: []ingest.Driver{table.Driver}, Source: "compta"}
			list, err := apply.Watch(t.Context(), d, s, o, dir, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		open := func() (n int) {
			t.Helper()
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				for _, err := range ledger.EachOpen(t.Context(), tx, s) {
					if err != nil {
						return err
					}
					n++
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		const head = "Numéro;Client;Date;Échéance;Montant TTC\n"
		drop("factures.csv", head+"F1;Delvaux;01/10/2026;31/10/2026;100,00\nF2;Delvaux;02/10/2026;01/11/2026;200,00\n", time.Minute)
		drop("photo.csv", "\x00\x01\x02", time.Minute)
		drop("en-cours/mort.csv", head+"F3;Ferrand;03/10/2026;02/11/2026;300,00\n", time.Minute)
		drop("nouveau.csv", head+"F4;Ferrand;03/10/2026;02/11/2026;400,00\n", 0)
		if got := watch(); len(got) != 3 {
			t.Fatalf("taken %+v, want three", got)
		}
		if n := open(); n != 3 {
			t.Errorf("%d open, want 3: the file that a dead process had claimed too", n)
		}
		if got := watch(); len(got) != 0 {
			t.Errorf("taken again: %+v", got)
		}
		refused, err := filepath.Glob(filepath.Join(dir, "rejetés", "*.json"))
		if err != nil || len(refused) != 1 {
			t.Fatalf("refused %v %v", refused, err)
		}
		if why, err := os.ReadFile(refused[0]); err != nil || !strings.Contains(string(why), `"error"`) {
			t.Errorf("no reason beside it: %s %v", why, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "nouveau.csv")); err != nil {
			t.Errorf("a file that is being written was touched: %v", err)
		}
	})
}
