package folder_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"acquit/internal/lifecycle"
	"acquit/internal/lifecycle/folder"
	"acquit/internal/lifecycle/lifecycletest"
)

// peer works in the two folders as a connector does.
type peer struct {
	t       *testing.T
	in, out string
	old     time.Time
}

func (p *peer) Put(name string, raw []byte) {
	path := filepath.Join(p.in, name)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chtimes(path, p.old, p.old); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) Got() [][]byte {
	entries, err := os.ReadDir(p.out)
	if err != nil {
		p.t.Fatal(err)
	}
	var all [][]byte
	for _, e := range slices.Backward(entries) { // un.xml was sent before deux.xml
		raw, err := os.ReadFile(filepath.Join(p.out, e.Name()))
		if err != nil {
			p.t.Fatal(err)
		}
		all = append(all, raw)
	}
	return all
}

func start(t *testing.T) (lifecycle.Platform, *peer) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	p := &peer{t: t, in: t.TempDir(), out: t.TempDir(), old: now.Add(-time.Minute)}
	f, err := folder.New(folder.Config{Inbox: p.in, Outbox: p.out, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return f, p
}

func TestFoldersAreAPlatform(t *testing.T) {
	t.Parallel()
	lifecycletest.Run(t, func(t *testing.T) (lifecycle.Platform, lifecycletest.Peer) { return start(t) })
}

func TestAFileThatIsStillWrittenIsLeftAlone(t *testing.T) {
	t.Parallel()
	f, p := start(t)
	p.Put("a.xml", []byte("<a/>"))
	p.old = p.old.Add(58 * time.Second)
	p.Put("b.xml", []byte("<b"))
	p.Put(".c.xml", []byte("<c"))
	p.Put("d.tmp", []byte("<d"))
	p.Put("e.xml", []byte("<e><!-- copied a moment ago, whole --></e>"))
	p.old = p.old.Add(time.Hour)
	p.Put("f.xml", []byte("<f/> from a machine whose clock is ahead"))
	var got []string
	never := func(string) (bool, error) { return false, nil }
	_, err := f.Collect(t.Context(), "", never, func(in lifecycle.Incoming) error {
		got = append(got, in.Name)
		return nil
	})
	if err != nil || !slices.Equal(got, []string{"a.xml", "e.xml", "f.xml"}) {
		t.Errorf("%v, %v", got, err)
	}
	left, _ := filepath.Glob(filepath.Join(p.in, "*"))
	if _, err := os.Stat(filepath.Join(p.in, "traités", "a.xml")); err != nil || len(left) != 4 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestAFolderThatIsAwayIsTriedLater(t *testing.T) {
	t.Parallel()
	f, p := start(t)
	if err := os.Remove(p.out); err != nil {
		t.Fatal(err)
	}
	r := f.Send(t.Context(), lifecycle.Outgoing{ID: "1", Name: "a.xml", Raw: []byte("<a/>")})
	if r.Outcome != lifecycle.TryLater || strings.Contains(r.Detail, p.out) {
		t.Errorf("%+v", r)
	}
}
