package dossier

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
)

// The files at the head of an archive that tell of the others.
const (
	manifestName = "MANIFEST.json"
	sumsName     = "SHA256SUMS"
	readmeName   = "LISEZ-MOI.txt"
	formatName   = "acquit-dossier"
	formatNumber = 1
)

// Manifest is what MANIFEST.json says of an archive.
type Manifest struct {
	Format    string          `json:"format"`
	Version   int             `json:"version"`
	MadeAt    time.Time       `json:"made_at"`
	On        cal.Date        `json:"on"`
	Creditor  ManifestParty   `json:"creditor"`
	Recipient string          `json:"recipient,omitempty"`
	Customers []ManifestParty `json:"customers"`
	Hash      string          `json:"hash"` // how fingerprints are made
	Files     []ManifestFile  `json:"files"`
}

// ManifestParty is who an archive is about.
type ManifestParty struct {
	ID      string `json:"id"`
	Code    string `json:"code,omitempty"`
	Name    string `json:"name"`
	SIREN   string `json:"siren,omitempty"`
	Folder  string `json:"folder"` // of the archive; empty is its head
	Percent *int   `json:"percent,omitempty"`
}

// ManifestFile is one file of an archive.
type ManifestFile struct {
	Path   string   `json:"path"`
	SHA256 string   `json:"sha256"`
	Size   int64    `json:"size"`
	What   string   `json:"what"`           // in French
	ID     string   `json:"id,omitempty"`   // of what it is a copy: a message, a piece, an invoice
	Name   string   `json:"name,omitempty"` // that it had when it came
	On     cal.Date `json:"on,omitzero"`
}

// archive is a ZIP on its way out. Nothing of it stays in memory but the list of
// its files. The same files at the same instant give the same bytes.
type archive struct {
	zip      *zip.Writer
	whole    hash.Hash
	counted  *counter
	at       time.Time
	prefix   string // of a customer's folder: "C0042/"
	taken    map[string]bool
	manifest Manifest
}

// counter counts what goes through it.
type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}

func newArchive(w io.Writer, at time.Time, m Manifest) *archive {
	whole, n := sha256.New(), &counter{}
	m.Format, m.Version, m.MadeAt, m.Hash = formatName, formatNumber, at.UTC(), "SHA-256"
	m.Files, m.Customers = []ManifestFile{}, []ManifestParty{}
	return &archive{
		zip: zip.NewWriter(io.MultiWriter(w, whole, n)), whole: whole, counted: n, at: at.UTC().Truncate(time.Second),
		taken: map[string]bool{strings.ToLower(manifestName): true, strings.ToLower(sumsName): true}, manifest: m,
	}
}

// add writes one file and takes its fingerprint on the way. The parts of its path
// are made safe, and the path unique.
func (a *archive) add(f ManifestFile, write func(io.Writer) error) error {
	parts := strings.Split(f.Path, "/")
	for i, p := range parts {
		parts[i] = safe(p)
	}
	f.Path = a.unique(a.prefix + strings.Join(parts, "/"))
	sum, n := sha256.New(), &counter{}
	out, err := a.create(f.Path)
	if err != nil {
		return err
	}
	if err := write(io.MultiWriter(out, sum, n)); err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	f.SHA256, f.Size = hex.EncodeToString(sum.Sum(nil)), n.n
	a.manifest.Files = append(a.manifest.Files, f)
	return nil
}

func (a *archive) create(name string) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.at})
}

// bytes adds a file that is in memory already.
func (a *archive) bytes(f ManifestFile, content []byte) error {
	return a.add(f, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// json adds a value for those who read it with a program.
func (a *archive) json(f ManifestFile, v any) error {
	return a.add(f, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(v)
	})
}

// close writes the manifest and the sums, and ends the archive.
func (a *archive) close() error {
	slices.SortFunc(a.manifest.Files, func(x, y ManifestFile) int { return strings.Compare(x.Path, y.Path) })
	var m bytes.Buffer
	e := json.NewEncoder(&m)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(a.manifest); err != nil {
		return err
	}
	var sums strings.Builder
	for _, f := range a.manifest.Files {
		fmt.Fprintf(&sums, "%s  %s\n", f.SHA256, f.Path)
	}
	fmt.Fprintf(&sums, "%s  %s\n", Fingerprint(m.Bytes()), manifestName)
	for _, f := range []struct {
		name    string
		content []byte
	}{{manifestName, m.Bytes()}, {sumsName, []byte(sums.String())}} {
		out, err := a.create(f.name)
		if err != nil {
			return err
		}
		if _, err := out.Write(f.content); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

// sum is the fingerprint of the whole archive, once it is closed.
func (a *archive) sum() string { return hex.EncodeToString(a.whole.Sum(nil)) }
