package cash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest/cluster"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// TestMatcher is the process that is killed: it matches the entries of the
// database that the environment names.
func TestMatcher(t *testing.T) {
	url := os.Getenv("ACQUIT_CRASH_DB")
	if url == "" {
		t.Skip("only run by TestKillingARunAllocatesNothingTwice")
	}
	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := cash.Run(t.Context(), d, creditor.System(os.Getenv("ACQUIT_CRASH_CREDITOR")), cash.Options{}); err != nil {
		t.Fatal(err)
	}
}

// Killing the program (-9) at any moment of a run and starting it again loses no
// entry and allocates none twice.
func TestKillingARunAllocatesNothingTwice(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { killTheRun(t, "sqlite:"+filepath.Join(t.TempDir(), "crash.db")) })
	t.Run("postgres", func(t *testing.T) {
		killTheRun(t, cluster.Fresh(t, func(context.Context, string) error { return nil }))
	})
}

func killTheRun(t *testing.T, url string) {
	const entries = 1500
	d, s := manyEntries(t, url, entries, 2*entries)
	defer d.Close()
	r := rand.New(rand.NewPCG(11, 29))
	applied := func() int {
		n := 0
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			n, err = db.One(t.Context(), tx, db.Value[int], `
				SELECT count(*)
				FROM cash_application
				WHERE creditor_id = $1`, s.Creditor)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	kills, aim := 0, 1
	for round := 0; ; round++ {
		if round > 100 {
			t.Fatal("it never came to an end")
		}
		child := exec.Command(os.Args[0], "-test.run=^TestMatcher$", "-test.count=1")
		child.Env = append(os.Environ(), "ACQUIT_CRASH_DB="+url, "ACQUIT_CRASH_CREDITOR="+s.Creditor)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		err, over := error(nil), false
		for !over {
			select {
			case err = <-ended:
				over = true
			case <-time.After(time.Millisecond):
				if applied() >= aim { // it has written so much: strike
					_ = child.Process.Kill()
					err, over = <-ended, true
				}
			}
		}
		if err == nil {
			break
		}
		if child.ProcessState.ExitCode() > 0 {
			t.Fatalf("the run failed by itself: %v", err)
		}
		kills++
		aim = applied() + 1 + r.IntN(400)
	}
	if kills < 2 {
		t.Errorf("only %d kills: too few to say anything", kills)
	}
	judgeRun(t, d, s, entries)
}

// judgeRun compares what became of the entries with what is in the books.
func judgeRun(t *testing.T, d *db.DB, s creditor.Scope, entries int) {
	t.Helper()
	ctx := t.Context()
	err := d.Read(ctx, func(tx *db.Tx) error {
		counts, err := db.All(ctx, tx, func(r db.Row) (v [2]int64, err error) { return v, r.Scan(&v[0], &v[1]) }, `
			SELECT count(*), CAST(COALESCE(sum(d.amount), 0) AS BIGINT)
			FROM document d
			WHERE d.creditor_id = $1 AND d.kind = 'payment'
			UNION ALL
			SELECT count(*), CAST(COALESCE(sum(e.amount), 0) AS BIGINT)
			FROM bank_entry e
			JOIN cash_entry c ON c.creditor_id = e.creditor_id AND c.entry_id = e.id
			WHERE e.creditor_id = $1 AND c.state = 'auto'
			UNION ALL
			SELECT count(*), count(DISTINCT entry_id)
			FROM cash_application
			WHERE creditor_id = $1
			UNION ALL
			SELECT count(*), 0
			FROM cash_entry
			WHERE creditor_id = $1 AND examined_at IS NOT NULL`, s.Creditor)
		if err != nil {
			return err
		}
		if counts[0] != counts[1] || counts[2][0] != counts[2][1] || counts[2][0] != counts[0][0] {
			t.Errorf("payments %v, entries allocated %v, applications %v", counts[0], counts[1], counts[2])
		}
		if int(counts[3][0]) != entries || int(counts[0][0]) < entries*8/10 {
			t.Errorf("%d of %d entries looked at, %d allocated", counts[3][0], entries, counts[0][0])
		}
		_, wrong, err := ledger.Verify(ctx, tx, s)
		if err != nil || len(wrong) > 0 {
			return fmt.Errorf("%w %+v", err, wrong)
		}
		chain, err := journal.Verify(ctx, tx, s)
		if !chain.Intact {
			t.Errorf("journal broken at %d", chain.BrokenAt)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
