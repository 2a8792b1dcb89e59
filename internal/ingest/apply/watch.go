package apply

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
)

// The folders that a watch makes inside a watched one. What is dropped into
// whole is the full list of what is open (Stock); the rest adds to it (Delta).
const (
	folderWhole   = "complet"
	folderClaimed = "en-cours"
	folderDone    = "traités"
	folderRefused = "rejetés"
)

// settled is how long a file must have been left alone before it is taken: the
// tool that drops it has finished writing.
const settled = 10 * time.Second

// Dropped is what became of a file that was dropped into a watched folder.
type Dropped struct {
	File   string
	Report Report
	Err    error // why it lies among the refused; nil when it was taken
}

// Watch takes in what lies in a watched folder and moves each file away, with
// a report in words beside it and the rows that were refused, to be corrected and
// dropped again. The file is claimed by moving it first, so that two
// processes never take one twice; one that was claimed by a process that died is
// taken again, which changes nothing that went in before. Clock is that of the
// files: time.Now.
func Watch(
	ctx context.Context, d *db.DB, s creditor.Scope, o Options, dir string, clock func() time.Time,
) (list []Dropped, err error) {
	defer fault.Wrap(&err, "watch %s", dir)
	release, ok, err := d.Exclusive(ctx, "watch/"+s.Creditor+"/"+dir)
	if err != nil || !ok {
		return nil, err
	}
	defer release()
	for _, part := range []struct {
		path string
		mode Mode
	}{{dir, Delta}, {filepath.Join(dir, folderWhole), Stock}} {
		names, err := ready(part.path, clock())
		if err != nil {
			return list, err
		}
		for _, name := range names {
			o.Mode = part.mode
			one, err := take(ctx, d, s, o, part.path, name)
			if err != nil {
				return list, err
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// ready are the files of a folder that nobody writes to any more, the oldest
// first, those left by a process that died among them.
func ready(dir string, now time.Time) ([]string, error) {
	if err := reclaim(dir); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &fault.Unavailable{Message: "le dossier surveillé « " + dir + " » ne se lit pas", Err: err}
	}
	type file struct {
		name string
		at   time.Time
	}
	var files []file
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") ||
			now.Sub(info.ModTime()).Abs() < settled { // ahead of now: of a machine whose clock is
			continue
		}
		files = append(files, file{e.Name(), info.ModTime()})
	}
	slices.SortFunc(files, func(a, b file) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return strings.Compare(a.name, b.name)
	})
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.name
	}
	return names, nil
}

// reclaim puts back what a process that died had claimed: whoever watches now is
// alone.
func reclaim(dir string) error {
	claimed := filepath.Join(dir, folderClaimed)
	entries, err := os.ReadDir(claimed)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(claimed, e.Name()), filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return err
}

// take imports one file and moves it to where it belongs.
func take(ctx context.Context, d *db.DB, s creditor.Scope, o Options, dir, name string) (Dropped, error) {
	one := Dropped{File: name}
	claimed := filepath.Join(dir, folderClaimed, name)
	if err := move(filepath.Join(dir, name), claimed); err != nil {
		return one, err
	}
	one.Report, one.Err = importFile(ctx, d, s, o, claimed, name)
	if ctx.Err() != nil {
		return one, ctx.Err() // it stays claimed, and is taken again
	}
	target := folderDone
	if one.Err != nil {
		target = folderRefused
	}
	beside := func(name string) string { return filepath.Join(dir, target, stamp(d.Now(), name)) }
	if err := move(claimed, beside(name)); err != nil {
		return one, err
	}
	return one, tell(ctx, d, s, one, beside)
}

// stamp keeps files of the same name apart from one day to the next.
func stamp(now time.Time, name string) string {
	return now.UTC().Format("20060102-150405") + "-" + name
}

func importFile(ctx context.Context, d *db.DB, s creditor.Scope, o Options, path, name string) (Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	src, err := ingest.FromFile(f)
	if err != nil {
		return Report{}, err
	}
	src.Name = name
	rep, err := Run(ctx, d, s, o, src)
	if err != nil {
		return rep, err
	}
	for _, one := range rep.Files {
		if one.Asked != nil {
			return rep, one.Asked
		}
		if len(one.Rejected) > 0 && one.Added+one.Changed+one.Unchanged == 0 {
			return rep, &fault.Invalid{File: one.File, Message: one.Rejected[0].Reason, Mend: one.Rejected[0].Mend}
		}
	}
	return rep, nil
}

func move(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// tell writes the report beside the file, and its rejected rows where they can be
// corrected.
func tell(ctx context.Context, d *db.DB, s creditor.Scope, one Dropped, beside func(string) string) error {
	if err := os.WriteFile(beside(one.File+".txt"), []byte(Words(one.Report, one.Err)), 0o640); err != nil {
		return err
	}
	for _, f := range one.Report.Files {
		if !f.HasRejects() {
			continue
		}
		if err := tellRejects(ctx, d, s, one.Report.Import, f, beside(RejectsName(f.File))); err != nil {
			return err
		}
	}
	return nil
}

func tellRejects(
	ctx context.Context, d *db.DB, s creditor.Scope, imported string, f *FileReport, path string,
) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return d.Read(ctx, func(tx *db.Tx) error { return WriteRejects(ctx, tx, s, imported, f, out) })
}
