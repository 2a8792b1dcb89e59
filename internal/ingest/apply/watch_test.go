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

// only is the content of the one file of a folder that a pattern names.
func only(t *testing.T, dir, folder, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, folder, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s/%s: %v %v", folder, pattern, found, err)
	}
	content, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

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
		if why := only(t, dir, "rejetés", "*-photo.csv.txt"); !strings.Contains(why, "REFUSÉ\u00a0: ") {
			t.Errorf("no reason beside it: %s", why)
		}
		if _, err := os.Stat(filepath.Join(dir, "nouveau.csv")); err != nil {
			t.Errorf("a file that is being written was touched: %v", err)
		}

		// A row that was refused is told beside the file, and goes in once corrected.
		drop("octobre.csv", head+"F5;Ferrand;03/10/2026;02/11/2026;500,00\nF6;Ferrand;32/10/2026;02/11/2026;600,00\n", time.Minute)
		watch()
		if n := open(); n != 4 {
			t.Errorf("%d open, want 4: one row of two", n)
		}
		said := only(t, dir, "traités", "*-octobre.csv.txt")
		for _, want := range []string{"complément", "lignes ajoutées\u00a0: 1", "lignes refusées\u00a0: 1", "ligne 3, colonne 3\u00a0: ", "octobre.rejets.csv"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not in the report:\n%s", want, said)
			}
		}
		rejects := only(t, dir, "traités", "*-octobre.rejets.csv")
		drop("octobre-corrigé.csv", strings.Replace(rejects, "32/10/2026", "31/10/2026", 1), time.Minute)
		watch()
		if n := open(); n != 5 {
			t.Errorf("%d open, want 5: the corrected row too\n%s", n, rejects)
		}
	})
}
