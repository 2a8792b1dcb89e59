package cli_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the dialogues that tamper with a database

	"acquit/internal/app"
	"acquit/internal/channel/email/smtpsink"
)

// clockName is the environment by which a dialogue tells what time it is.
const clockName = "ACQUIT_TEST_NOW"

// TestMain lets the dialogues run this very program under its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"acquit": func() { os.Exit(program()) }}) //nolint:forbidigo // it is the main of a process
}

func program() int {
	var now func() time.Time
	if text := os.Getenv(clockName); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		now = func() time.Time { return at }
	}
	p := app.Program(os.Getenv, os.Stdin, os.Stdout, os.Stderr, now, "1.0")
	return p.Run(context.Background(), os.Args)
}

// dialogue is what a dialogue has beside its files; sinkOf finds it.
type dialogue struct{ sink *smtpsink.Sink }

type dialogueKey struct{}

var sinkOf = dialogueKey{}

// TestDialogues plays testdata/*.txtar: each is one thing that a person does at
// the command line, and what the program answers. Beside acquit they know:
//
//	smtp [drop|refuse]   a mail server on $SMTP_PORT, that may misbehave
//	mails N FILE         N messages have come; FILE holds their heads and texts
//	sql FILE STATEMENT   changes an SQLite database behind the program's back
//	flip FILE OFFSET     changes one byte of a file; behind its end where negative
//	at DAY [TIME]        what time it is from now on
func TestDialogues(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Values[sinkOf] = &dialogue{}
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_DATA_HOME", e.WorkDir)
			e.Setenv("ACQUIT_DB", "sqlite:acquit.db")
			e.Setenv(clockName, "2026-11-23T09:00:00+01:00") // a Monday
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"smtp": startSink, "mails": receivedMails, "sql": tamper, "flip": flip, "at": setClock,
		},
	})
}

func startSink(ts *testscript.TestScript, neg bool, args []string) {
	var c smtpsink.Config
	switch strings.Join(args, " ") {
	case "":
	case "drop":
		c.Behave = at(smtpsink.Dot, smtpsink.Drop())
	case "refuse":
		c.Behave = at(smtpsink.Rcpt, smtpsink.Reply(550, "5.1.1 no such mailbox"))
	default:
		ts.Fatalf("usage: smtp [drop|refuse]")
	}
	s, err := smtpsink.Start(c)
	ts.Check(err)
	ts.Defer(s.Close)
	ts.Value(sinkOf).(*dialogue).sink = s
	ts.Setenv("SMTP_HOST", s.Host())
	ts.Setenv("SMTP_PORT", strconv.Itoa(s.Port()))
}

func at(stage smtpsink.Stage, a smtpsink.Action) func(smtpsink.Event) smtpsink.Action {
	return func(e smtpsink.Event) smtpsink.Action {
		if e.Stage == stage {
			return a
		}
		return smtpsink.Action{}
	}
}

func receivedMails(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || neg {
		ts.Fatalf("usage: mails N [FILE]")
	}
	list := ts.Value(sinkOf).(*dialogue).sink.Received()
	if want := args[0]; strconv.Itoa(len(list)) != want {
		ts.Fatalf("%d messages have come, want %s", len(list), want)
	}
	if len(args) < 2 {
		return
	}
	var b strings.Builder
	for _, m := range list {
		text, err := readable(m.Data)
		ts.Check(err)
		b.WriteString(text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

// readable is what a person sees of a message: its head, its text, the names of
// its files.
func readable(raw []byte) (string, error) {
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	defer r.Close()
	var b strings.Builder
	for _, name := range []string{"From", "To", "Subject", "In-Reply-To"} {
		if v, err := r.Header.Text(name); err == nil && v != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		if kind, _, err := part.Header.(interface {
			ContentType() (string, map[string]string, error)
		}).ContentType(); err != nil || kind != "text/plain" {
			continue
		}
		text, err := io.ReadAll(part.Body)
		if err != nil {
			return "", err
		}
		b.Write(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	}
}

func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	d, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer d.Close()
	r, err := d.ExecContext(context.Background(), args[1])
	ts.Check(err)
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("nothing was changed: %v", err)
	}
}

func setClock(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || neg {
		ts.Fatalf("usage: at DAY [TIME]")
	}
	hour := "09:00"
	if len(args) > 1 {
		hour = args[1]
	}
	ts.Setenv(clockName, args[0]+"T"+hour+":00+01:00")
}

// flip changes one byte of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: flip FILE OFFSET")
	}
	content := []byte(ts.ReadFile(args[0]))
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(content)
	}
	content[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), content, 0o600))
}
