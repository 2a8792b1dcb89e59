// Package banktest proves drivers that read what banks write.
package banktest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Read is what came of one file.
type Read struct {
	File     *ingest.File
	Entries  []*bank.Entry
	Rejected []*ingest.Rejected
}

// File reads a source with these drivers. What is neither an entry nor a
// refusal in words fails the test.
func File(tb testing.TB, drivers []ingest.Driver, src ingest.Source) Read {
	tb.Helper()
	r := Read{File: ingest.Open(tb.Context(), drivers, src, ingest.Hints{})}
	for d, err := range r.File.Documents(context.Background()) {
		switch x, ok := errors.AsType[*ingest.Rejected](err); {
		case ok && x.Reason == "":
			tb.Fatalf("%s: refused without a reason: %+v", src.Name, x)
		case ok:
			r.Rejected = append(r.Rejected, x)
		case err != nil:
			tb.Fatalf("%s: neither taken nor refused: %v", src.Name, err)
		case d.Kind != ingest.Entry || d.Entry == nil || d.Entry.Statement == nil:
			tb.Fatalf("%s: not an entry of a statement: %+v", src.Name, d)
		default:
			r.Entries = append(r.Entries, d.Entry)
		}
	}
	return r
}

// Text reads a file given as a text.
func Text(tb testing.TB, drivers []ingest.Driver, name, content string) Read {
	tb.Helper()
	return File(tb, drivers, ingest.FromBytes(name, []byte(content)))
}

// Corpus is a folder of real files that lie beside the project on machines that
// have them; the test is skipped on others.
func Corpus(tb testing.TB, folder string) string {
	tb.Helper()
	path := filepath.Join("../../../../shared/corpus/bank", folder)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("the real files of %s are not on this machine", path)
	}
	return path
}

// Disk reads a file on disk.
func Disk(tb testing.TB, drivers []ingest.Driver, path string) Read {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	src, err := ingest.FromFile(f)
	if err != nil {
		tb.Fatal(err)
	}
	return File(tb, drivers, src)
}

// Sums adds up entries by currency.
func Sums(entries []*bank.Entry) map[money.Currency]money.Amount {
	sums := map[money.Currency]money.Amount{}
	for _, e := range entries {
		sums[e.Amount.Currency] = sums[e.Amount.Currency].Add(e.Amount)
	}
	return sums
}
