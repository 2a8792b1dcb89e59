package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"acquit/internal/app"
	"acquit/internal/cal"
	"acquit/internal/channel/email/smtpsink"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest/cluster"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/policy"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// crashMessages is how many messages the run has that is killed.
const crashMessages = 2000

// crashNow is within the sending hours of a Monday.
func crashNow() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

func crashEnv(name string) string {
	if name == "ACQUIT_SECRET_KEY" {
		return strings.Repeat("5a", setting.KeySize)
	}
	return ""
}

// TestSender is the process that is killed: it sends what is queued in the
// database that the environment names.
func TestSender(t *testing.T) {
	url := os.Getenv("ACQUIT_CRASH_DB")
	if url == "" {
		t.Skip("only run by TestKillingTheSenderLosesNothingAndSendsNothingTwice")
	}
	a, err := app.Open(t.Context(), url, app.Options{Env: crashEnv, Now: crashNow})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Desk.Send(t.Context(), creditor.System(os.Getenv("ACQUIT_CRASH_CREDITOR"))); err != nil {
		t.Fatal(err)
	}
}

// executioner kills the sending process at chosen moments of chosen messages.
type executioner struct {
	mu    sync.Mutex
	rand  *rand.Rand
	next  int // the message at which it strikes
	stage smtpsink.Stage
	kill  func()
	kills int
}

func (e *executioner) aim(taken int) {
	stages := []smtpsink.Stage{smtpsink.Connect, smtpsink.From, smtpsink.Rcpt, smtpsink.Body, smtpsink.Dot}
	e.next, e.stage = taken+1+e.rand.IntN(300), stages[e.rand.IntN(len(stages))]
	if e.stage == smtpsink.Connect {
		e.next = 0
	}
}

func (e *executioner) watch(ev smtpsink.Event) smtpsink.Action {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.kill != nil && ev.Stage == e.stage && (e.next == 0 || ev.Message >= e.next) {
		e.kill()
		e.kill = nil
		e.kills++
	}
	return smtpsink.Action{}
}

// Killing the program (-9) at any moment of a run of 2,000 messages and
// starting it again must lose none and send none twice; those in doubt are
// shown. Every message has its own customer.
func TestKillingTheSenderLosesNothingAndSendsNothingTwice(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { killAndStartAgain(t, "sqlite:"+filepath.Join(t.TempDir(), "crash.db")) })
	t.Run("postgres", func(t *testing.T) {
		killAndStartAgain(t, cluster.Fresh(t, func(context.Context, string) error { return nil }))
	})
}

func killAndStartAgain(t *testing.T, url string) {
	e := &executioner{rand: rand.New(rand.NewPCG(11, 23))}
	sink, err := smtpsink.Start(smtpsink.Config{Behave: e.watch})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	a, err := app.Open(t.Context(), url, app.Options{Env: crashEnv, Now: crashNow})
	if err != nil {
		t.Fatal(err)
	}
	defer a.DB.Close()
	s := crashBooks(t, a, sink, nil)

	for round := 0; ; round++ {
		if round > 200 {
			t.Fatal("it never came to an end")
		}
		child := exec.Command(os.Args[0], "-test.run=^TestSender$", "-test.count=1")
		child.Env = append(os.Environ(), "ACQUIT_CRASH_DB="+url, "ACQUIT_CRASH_CREDITOR="+s.Creditor)
		e.mu.Lock()
		e.aim(sink.Count())
		e.kill = func() { _ = child.Process.Kill() }
		e.mu.Unlock()
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		err := child.Wait()
		e.mu.Lock()
		e.kill = nil
		e.mu.Unlock()
		if err == nil {
			break
		}
		if child.ProcessState.ExitCode() > 0 {
			t.Fatalf("the sender failed by itself: %v", err)
		}
	}
	judge(t, a, s, sink, e.kills)
}

// judge compares what the books say with what the server took.
func judge(t *testing.T, a *app.App, s creditor.Scope, sink *smtpsink.Sink, kills int) {
	taken := map[string]int{}
	for _, m := range sink.Received() {
		parsed, err := mail.ReadMessage(strings.NewReader(string(m.Data)))
		if err != nil {
			t.Fatal(err)
		}
		taken[strings.Trim(parsed.Header.Get("Message-ID"), "<>")]++
	}
	for ref, n := range taken {
		if n > 1 {
			t.Errorf("%s arrived %d times", ref, n)
		}
	}
	counts := map[reminder.MessageState]int{}
	err := a.DB.Read(t.Context(), func(tx *db.Tx) error {
		f := reminder.MessageFilter{Limit: 500}
		for {
			page, err := reminder.Messages(t.Context(), tx, s, f)
			if err != nil {
				return err
			}
			for _, m := range page {
				counts[m.State]++
				if m.State == reminder.MessageSent && taken[m.Ref] == 0 {
					t.Errorf("%s is told as sent, and never arrived", m.Ref)
				}
				if m.State != reminder.MessageSent && m.State != reminder.MessageUncertain {
					t.Errorf("%s was left %s", m.Ref, m.State)
				}
			}
			if len(page) < f.Limit {
				return nil
			}
			f.After = page[len(page)-1].ID
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if counts[reminder.MessageSent]+counts[reminder.MessageUncertain] != crashMessages {
		t.Errorf("%v, want %d in all", counts, crashMessages)
	}
	if kills < 5 || counts[reminder.MessageUncertain] > kills {
		t.Errorf("%d kills, %d in doubt", kills, counts[reminder.MessageUncertain])
	}
	t.Logf("%d kills, %v, %d arrived", kills, counts, len(taken))
}

// crashBooks are a creditor whose 2,000 customers each have a reminder that is
// approved and queued, with copies as the invoice that goes with it, if any.
func crashBooks(t testing.TB, a *app.App, sink *smtpsink.Sink, copies []byte) creditor.Scope {
	t.Helper()
	ctx := t.Context()
	var s creditor.Scope
	write := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := a.DB.Write(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *db.Tx) error {
		c, err := creditor.Create(ctx, tx, creditor.Creditor{Name: "Atelier Dupont"}, "test", journal.Write)
		if err != nil {
			return err
		}
		s = creditor.System(c.ID)
		if err := policy.Install(ctx, tx, s); err != nil {
			return err
		}
		_, err = setting.All().Set(ctx, tx, a.Box, s.Creditor, s.Actor, map[string]string{
			"smtp_host": sink.Host(), "smtp_port": strconv.Itoa(sink.Port()), "smtp_security": "none",
			"mail_from_address": "compta@dupont.example", "stale_days": "0", "approve_all": "false",
		})
		return err
	})
	write(func(tx *db.Tx) error {
		for i := range crashMessages {
			c := &customer.Customer{Code: fmt.Sprintf("C%d", i), Email: fmt.Sprintf("c%d@client.example", i)}
			if err := customer.Add(ctx, tx, s, []*customer.Customer{c}); err != nil {
				return err
			}
			f := &ledger.Document{
				Customer: c.ID, Kind: ledger.Invoice, Number: fmt.Sprintf("F%d", i), Issued: cal.Must("2026-10-18"),
				Due: cal.Must("2026-11-18"), Amount: money.New(100_00, money.EUR),
			}
			if err := ledger.Add(ctx, tx, s, []*ledger.Document{f}); err != nil {
				return err
			}
			if copies == nil {
				continue
			}
			err := ledger.AttachFile(ctx, tx, s, f.ID, ledger.File{Name: "Facture.pdf", MediaType: "application/pdf", Content: copies})
			if err != nil {
				return err
			}
		}
		return nil
	})
	r, err := a.Desk.Run(ctx, s, cal.Must("2026-11-23"))
	if err != nil || r.Approved != crashMessages {
		t.Fatalf("%+v %v", r, err)
	}
	return s
}
