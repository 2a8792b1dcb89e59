package db

import ("context";"testing";"path/filepath")

func TestMigrateSQLite(t *testing.T) {
	d, err := Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), Options{})
	if err != nil { t.Fatal(err) }
	defer d.Close()
	if err := d.Migrate(context.Background()); err != nil { t.Fatal(err) }
}
