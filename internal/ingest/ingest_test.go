package ingest_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/ingest"
	"acquit/internal/ingest/fec"
	"acquit/internal/ingest/table"
	"acquit/internal/ingest/xlsx"
)

func all() []ingest.Driver {
	return append([]ingest.Driver{fec.Driver, xlsx.Driver, table.Driver}, electronic()...)
}

const factures = "Numéro;Client;Date;Échéance;Montant TTC\nF1;Delvaux;25/10/2026;24/11/2026;1 250,50\n;Roy;25/10/2026;;1\n"

// file is an entry of an archive.
type file struct{ name, content string }

func archive(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// report is what came of one file of a source.
type report struct {
	file     *ingest.File
	read     int
	rejected []*ingest.Rejected
}

func inspect(t testing.TB, name string, content []byte) []report {
	t.Helper()
	var reports []report
	for f := range ingest.Files(t.Context(), all(), ingest.FromBytes(name, content), ingest.Hints{}) {
		r := report{file: f}
		for _, err := range f.Documents(t.Context()) {
			x, ok := errors.AsType[*ingest.Rejected](err)
			_, asked := errors.AsType[*ingest.Ask](err)
			switch {
			case err == nil:
				r.read++
			case ok:
				r.rejected = append(r.rejected, x)
			case asked:
				r.rejected = append(r.rejected, &ingest.Rejected{File: f.Name, Reason: err.Error()})
			default:
				t.Fatalf("%s: neither taken nor refused: %v", f.Name, err)
			}
		}
		if r.read != f.Read || len(r.rejected) != f.Refused {
			t.Errorf("%s: counted %d and %d", f.Name, f.Read, f.Refused)
		}
		reports = append(reports, r)
	}
	return reports
}

// formats of all that an archive holds, with the number of documents.
func formats(reports []report) []string {
	var list []string
	for _, r := range reports {
		list = append(list, fmt.Sprintf("%s %s %d %d", r.file.Name, r.file.Format, r.read, len(r.rejected)))
	}
	return list
}

func TestFilesAreRecognisedByTheirContentNotTheirName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		factures: "x.pdf csv 1 1",
		"JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise\n" +
			"VE||1|20261001|411|C|C1|N|F1|20261001|L|1,00|0,00|||20261001||\n": "x.pdf fec 1 0",
		"<?xml version=\"1.0\"?><x/>": "x.pdf unknown 0 1",
		"{\"a\": 1}":                  "x.pdf unknown 0 1",
		"<html><table><tr><td>Numéro;Client;Date;Montant": "x.pdf unknown 0 1",
		"\x89PNG\r\n\x1a\n": "x.pdf unknown 0 1",
		"":                  "x.pdf unknown 0 1",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00": "x.pdf unknown 0 1",
	} {
		if got := formats(inspect(t, "x.pdf", []byte(name))); len(got) != 1 || got[0] != want {
			t.Errorf("%.40q: got %q, want %q", name, got, want)
		}
	}
}

func TestArchiveGivesItsFiles(t *testing.T) {
	t.Parallel()
	inner := archive(t, file{"deep.csv", factures}, file{"deeper.zip", string(archive(t, file{"x.csv", factures}))})
	b := archive(t,
		file{"octobre/f.csv", factures}, file{"octobre/", ""}, file{"__MACOSX/f.csv", "x"}, file{".DS_Store", "x"},
		file{"../../etc/passwd.csv", factures}, file{`c:\temp\b.csv`, factures}, file{"sous.zip", string(inner)}, file{"lisez-moi.txt", "bonjour"})
	want := []string{
		"a.zip/octobre/f.csv csv 1 1", "a.zip/etc/passwd.csv csv 1 1", "a.zip/c:/temp/b.csv csv 1 1", "a.zip/sous.zip/deep.csv csv 1 1",
		"a.zip/sous.zip/deeper.zip unknown 0 1", "a.zip/lisez-moi.txt unknown 0 1",
	}
	if diff := cmp.Diff(want, formats(inspect(t, "a.zip", b))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// gzipped is what a server makes of a file on its way.
func gzipped(t testing.TB, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFileCompressedAloneIsRead(t *testing.T) {
	t.Parallel()
	one := gzipped(t, factures)
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"alone": {one, "f csv 1 1"}, "within a zip": {archive(t, file{"x.csv.gz", string(one)}), "f/x.csv.gz csv 1 1"},
		"a zip within": {gzipped(t, string(archive(t, file{"x.csv", factures}))), "f/x.csv csv 1 1"},
		"cut":          {one[:len(one)-12], "f unknown 0 1"}, "a bomb": {gzipped(t, strings.Repeat("\x00", 40<<20)), "f unknown 0 1"},
		"three deep": {gzipped(t, string(gzipped(t, string(gzipped(t, factures))))), "f unknown 0 1"},
	} {
		if got := formats(inspect(t, "f", c.content)); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestLargeEntriesAreReadFromDisk(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Numéro;Client;Date;Montant TTC\n")
	rows := 0
	for b.Len() < 9<<20 {
		rows++
		fmt.Fprintf(&b, "F%d;Client numéro %x;%02d/10/2026;%d,00\n", rows, crc32.ChecksumIEEE([]byte{byte(rows), byte(rows >> 8), byte(rows >> 16)}), rows%28+1, rows)
	}
	if reports := inspect(t, "a.zip", archive(t, file{"f.csv", b.String()})); len(reports) != 1 || reports[0].read != rows {
		t.Errorf("got %d reports", len(reports))
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	t.Parallel()
	locked := archive(t, file{"f.csv", factures})
	for i := range locked { // the flag of encryption in both headers
		if bytes.HasPrefix(locked[i:], []byte("PK\x03\x04")) {
			locked[i+6] |= 1
		}
		if bytes.HasPrefix(locked[i:], []byte("PK\x01\x02")) {
			locked[i+8] |= 1
		}
	}
	whole := archive(t, file{"f.csv", strings.Repeat(factures, 1000)})
	for name, c := range map[string]struct {
		content []byte
		reason  string
	}{
		"a bomb": {archive(t, file{"f.csv", strings.Repeat("\x00", 40<<20)}), "décompresse"},
		"locked": {locked, "mot de passe"},
		"cut":    {whole[:len(whole)/2], "abîmée"},
		"empty":  {[]byte("PK\x05\x06" + strings.Repeat("\x00", 18)), "aucun fichier"},
	} {
		reports := inspect(t, "a.zip", c.content)
		if len(reports) != 1 || len(reports[0].rejected) != 1 || !strings.Contains(reports[0].rejected[0].Reason, c.reason) {
			t.Errorf("%s: got %+v", name, reports)
		}
	}
}

func TestCancelledReadingStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := ingest.Open(ctx, all(), ingest.FromBytes("a.csv", []byte("Numéro;Client;Date;Total\n"+strings.Repeat("F1;A;25/10/2026;1\n", 5000))), ingest.Hints{})
	n := 0
	for _, err := range f.Documents(ctx) {
		if err != nil {
			break
		}
		if n++; n == 10 {
			cancel()
		}
	}
	if n != 10 {
		t.Errorf("read %d documents after the end", n)
	}
}

func TestHintsForceAFormat(t *testing.T) {
	t.Parallel()
	f := ingest.Open(t.Context(), all(), ingest.FromBytes("a.txt", []byte("a b c\n")), ingest.Hints{Format: ingest.CSV})
	if f.Format != ingest.CSV || f.Err == nil {
		t.Errorf("got %s, %v", f.Format, f.Err)
	}
}

func TestEveryFieldHasATitle(t *testing.T) {
	t.Parallel()
	for _, i := range ingest.Fields() {
		if f, ok := ingest.ParseField(string(i.Field)); !ok || f.Title() == string(f) || f.Title() != i.Title {
			t.Errorf("%s: %q", i.Field, f.Title())
		}
	}
}

func FuzzFiles(f *testing.F) {
	f.Add([]byte(factures))
	f.Add(archive(f, file{"a.csv", factures}))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("%PDF-1.4"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range inspect(t, "a", b) {
			if r.read+len(r.rejected)+len(r.file.Understood.Columns) == 0 {
				t.Fatalf("nothing came of it: %+v", r.file)
			}
		}
	})
}
