package cli_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"acquit/internal/db/dbtest/cluster"
)

// What a small company began in a file goes on in PostgreSQL, and comes back:
// the aged balance and the day's reminders are the same words on both.
func TestACompanyIsCarriedToPostgreSQLAndBack(t *testing.T) {
	t.Parallel()
	url := cluster.URL(t)
	d := desk{t, t.TempDir()}
	must := func(args ...string) string {
		t.Helper()
		out, errs, status := d.run(args...)
		if status != 0 {
			t.Fatalf("acquit %v: %d %s%s", args, status, errs, out)
		}
		return out
	}
	must("init", "--name", "Dupont")
	d.run("import", d.write("clients.csv", someCustomers), d.write("factures.csv", someInvoices)) // one row is refused
	must("promise", "add", "F3", "--for", "2026-12-15")
	must("run")
	reading := [][]string{
		{"aging"},
		{"today"},
		{"preview", "--silent"},
		{"explain", "C2"},
		{"promise", "list"},
		{"scenario", "list"},
		{"import", "--list"},
		{"statement", "C1"},
		{"verify"},
	}
	want := map[string]string{}
	for _, verb := range reading {
		want[verb[0]] = must(verb...)
	}
	must("move", "--to", url)
	if out, _, status := d.run("move", "--to", url); status != 1 {
		t.Errorf("a second move into the same database: status %d\n%s", status, out)
	}
	back := "sqlite:" + filepath.Join(d.dir, "back.db")
	must("move", "--db", url, "--to", back)
	for _, verb := range reading {
		for _, db := range []string{url, back} {
			got := must(append(verb, "--db", db)...)
			if got != want[verb[0]] {
				t.Errorf("%v on %s:\n%s\nwant:\n%s", verb, engine(db), got, want[verb[0]])
			}
		}
	}
	// The work goes on there.
	must("hold", "add", "--customer", "C2", "--reason", "essai", "--db", url)
	must("dismiss", "C1", "--reason", "essai", "--db", url)
	must("verify", "--db", url)
}

func engine(url string) string { return regexp.MustCompile(`^\w+`).FindString(url) }
