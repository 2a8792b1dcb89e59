// Package folder exchanges messages about the life of invoices through two
// folders: one where a platform or its connector drops them, one where it takes
// them. Files appear and go by renaming, so that none is seen half written.
package folder

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/lifecycle"
	"acquit/internal/setting"
)

// Driver is the exchange through folders as it describes itself.
var Driver = lifecycle.Driver{
	Name:   "folder",
	Label:  i18n.Words{FR: "Par des dossiers", EN: "Through folders"},
	Chosen: func(v setting.Values) bool { return setting.LifecycleWay.In(v) == setting.LifecycleByFolder },
	New: func(v setting.Values, _ setting.Box) (lifecycle.Platform, error) {
		return New(Config{Inbox: setting.LifecycleInbox.In(v), Outbox: setting.LifecycleOutbox.In(v)})
	},
}

// Config is which folders, of which one at least.
type Config struct {
	Inbox  string
	Outbox string
	Now    func() time.Time
}

// Platform exchanges through folders.
type Platform struct{ cfg Config }

// New is the exchange through some folders.
func New(c Config) (*Platform, error) {
	if c.Inbox == "" && c.Outbox == "" {
		return nil, &fault.Invalid{
			Field: setting.LifecycleInbox.Name, Message: "aucun dossier d’échange n’est réglé",
			Mend: "Réglages, Factures électroniques (sur la machine d’Acquit)",
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Platform{c}, nil
}

const (
	maxFile = 16 << 20
	done    = "traités"
	// settling is how long a file that is not whole has not changed before it is taken:
	// who copies into the folder without renaming is not cut short.
	settling = 5 * time.Second
)

// Send writes the message beside the folder's files and renames it: whoever watches
// the folder sees all of it or nothing.
func (p *Platform) Send(_ context.Context, m lifecycle.Outgoing) lifecycle.Receipt {
	later := func(err error) lifecycle.Receipt {
		return lifecycle.Receipt{Outcome: lifecycle.TryLater, Detail: "le dossier des statuts à envoyer refuse le fichier\u00a0: " + plain(err)}
	}
	if p.cfg.Outbox == "" {
		return lifecycle.Receipt{Outcome: lifecycle.TryLater, Detail: "le dossier des statuts à envoyer n’est pas réglé"}
	}
	f, err := os.CreateTemp(p.cfg.Outbox, ".acquit-*.tmp")
	if err != nil {
		return later(err)
	}
	_, err = f.Write(m.Raw)
	err = errors.Join(err, f.Chmod(0o640), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(p.cfg.Outbox, filepath.Base(m.Name)))
	}
	if err != nil {
		return later(errors.Join(err, os.Remove(f.Name())))
	}
	return lifecycle.Receipt{Outcome: lifecycle.Handed, Flow: filepath.Base(m.Name), Detail: "déposé dans le dossier"}
}

// plain is what the system says, without the paths of the machine.
func plain(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	if p, ok := errors.AsType[*os.LinkError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}

// Judge finds a message that still lies in the folder. One that does not may have
// been taken, or never written: a folder does not tell.
func (p *Platform) Judge(_ context.Context, m lifecycle.Outgoing) (lifecycle.Verdict, error) {
	if p.cfg.Outbox == "" {
		return lifecycle.Verdict{}, nil
	}
	raw, err := os.ReadFile(filepath.Join(p.cfg.Outbox, filepath.Base(m.Name)))
	if err != nil || sumOf(raw) != m.SHA256 {
		return lifecycle.Verdict{}, nil //nolint:nilerr // what cannot be read does not lie there
	}
	return lifecycle.Verdict{Found: true, Flow: filepath.Base(m.Name), Detail: "dans le dossier"}, nil
}

func sumOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Collect takes the files of the folder by name and puts each away once it is
// taken. A file that comes twice is known by its bytes.
func (p *Platform) Collect(
	ctx context.Context, position string, known func(string) (bool, error), take func(lifecycle.Incoming) error,
) (string, error) {
	if p.cfg.Inbox == "" {
		return position, nil
	}
	entries, err := os.ReadDir(p.cfg.Inbox)
	if err != nil {
		return position, &fault.Unavailable{Message: "le dossier des statuts reçus ne se lit pas\u00a0: " + plain(err), Err: err}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		if ctx.Err() != nil {
			return position, ctx.Err()
		}
		if err := p.collect(e, known, take); err != nil {
			return position, err
		}
	}
	return position, nil
}

func (p *Platform) collect(e fs.DirEntry, known func(string) (bool, error), take func(lifecycle.Incoming) error) error {
	extension := strings.ToLower(filepath.Ext(e.Name()))
	if strings.HasPrefix(e.Name(), ".") || extension != ".xml" && extension != ".zip" {
		return nil
	}
	info, err := e.Info()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil //nolint:nilerr // gone, or no file of ours
	}
	path := filepath.Join(p.cfg.Inbox, e.Name())
	raw, err := os.ReadFile(path)
	if err != nil {
		return &fault.Unavailable{Message: e.Name() + " ne se lit pas\u00a0: " + plain(err), Err: err}
	}
	if p.cfg.Now().Sub(info.ModTime()).Abs() < settling && !whole(raw, extension) {
		return nil // still being written
	}
	flow := sumOf(raw)
	is, err := known(flow)
	if err != nil {
		return err
	}
	if !is {
		if err := take(lifecycle.Incoming{Flow: flow, Name: e.Name(), Raw: raw}); err != nil {
			return err
		}
	}
	return p.putAway(path, e.Name(), flow)
}

// whole tells whether a file ends as its kind does: the root of a document is
// closed, an archive has its directory.
func whole(raw []byte, extension string) bool {
	if extension == ".zip" {
		_, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		return err == nil
	}
	_, err := xmltree.Parse(raw)
	return err == nil
}

// putAway moves a file that is taken out of the way; another of its name that lies
// there already keeps it.
func (p *Platform) putAway(path, name, flow string) error {
	dir := filepath.Join(p.cfg.Inbox, done)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return &fault.Unavailable{
			Message: "le dossier «\u00a0" + done + "\u00a0» ne se crée pas\u00a0: " + plain(err), Err: err,
		}
	}
	to := filepath.Join(dir, name)
	if _, err := os.Lstat(to); err == nil {
		to = filepath.Join(dir, flow[:12]+"-"+name)
	}
	if err := os.Rename(path, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &fault.Unavailable{Message: name + " ne peut être rangé\u00a0: " + plain(err), Err: err}
	}
	return nil
}

// Check tells whether both folders are there.
func (p *Platform) Check(context.Context) error {
	for _, dir := range []string{p.cfg.Inbox, p.cfg.Outbox} {
		if dir == "" {
			continue
		}
		if _, err := os.ReadDir(dir); err != nil {
			return &fault.Unavailable{Message: "le dossier " + dir + " ne se lit pas\u00a0: " + plain(err), Err: err}
		}
	}
	return nil
}
