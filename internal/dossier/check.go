package dossier

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// The bounds of an archive that comes from anywhere: beyond them it is refused
// rather than read for hours.
const (
	maxEntries  = 500_000
	maxManifest = 256 << 20
	maxTotal    = 16 << 30 // bytes, unpacked
	maxProblems = 1000     // named; more are counted
)

// Problem is something wrong with an archive.
type Problem struct {
	File string // of the archive; empty is the archive itself
	Why  i18n.Words
}

// Checked is what checking an archive came to.
type Checked struct {
	Manifest Manifest
	Files    int64 // whose bytes were compared to their fingerprint
	Problems []Problem
	Entries  int64 // of the journal
	BrokenAt int64 // the first entry that does not fit; 0 when all do
}

// OK tells whether nothing is wrong.
func (c Checked) OK() bool { return len(c.Problems) == 0 }

// checker is an archive being checked.
type checker struct {
	Checked
	r     io.ReaderAt
	size  int64
	zip   *zip.Reader
	files map[string]*zip.File
	sums  map[string]string // of the bytes as they are
	known map[string]ManifestFile
	left  int64 // bytes that may still be unpacked
}

// Check checks an archive without the books: that it is as it was written, that
// nothing is missing, added or changed, and that the extracts of the journal hold.
// What is no archive of ours at all is a fault.
func Check(r io.ReaderAt, size int64) (Checked, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return Checked{}, &fault.Invalid{
			Message: "ce fichier n’est pas une archive ZIP lisible, ou elle est coupée", Mend: "demander une nouvelle copie",
		}
	}
	if len(z.File) > maxEntries {
		return Checked{}, fault.Invalidf("", "cette archive a plus de %d fichiers", maxEntries)
	}
	c := &checker{r: r, size: size, zip: z, files: map[string]*zip.File{}, sums: map[string]string{}, left: maxTotal}
	c.names()
	c.layout()
	if err := c.readManifest(); err != nil {
		return c.Checked, err
	}
	c.compare()
	c.compareSums()
	c.journals()
	return c.Checked, nil
}

// wrong notes a problem with a file.
func (c *checker) wrong(file, fr, en string) {
	if len(c.Problems) < maxProblems {
		c.Problems = append(c.Problems, Problem{file, say(fr, en)})
	}
}

// names refuses what an unpacker might obey, and what stands there twice.
func (c *checker) names() {
	taken := map[string]bool{}
	for _, f := range c.zip.File {
		key := strings.ToLower(f.Name)
		switch {
		case !harmless(f.Name):
			c.wrong(f.Name, "nom dangereux : il pourrait s’écrire hors du dossier", "dangerous name: it might be written outside of the folder")
		case taken[key]:
			c.wrong(f.Name, "présent deux fois", "there twice")
		case !f.Mode().IsRegular():
			c.wrong(f.Name, "ce n’est pas un fichier ordinaire", "not an ordinary file")
		default:
			c.files[f.Name] = f
		}
		taken[key] = true
	}
}

// harmless tells whether a name in an archive is one that we could have written.
func harmless(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		odd := func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') &&
				!strings.ContainsRune("._-", r)
		}
		stem, _, _ := strings.Cut(strings.ToLower(part), ".")
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".") || len(part) > 2*maxPart ||
			strings.ContainsFunc(part, odd) || slices.Contains(reserved, strings.TrimRight(stem, "0123456789")) {
			return false
		}
	}
	return true
}

// open gives the bytes of a file, at most limit.
func (c *checker) open(f *zip.File, limit int64, read func(io.Reader) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	n := &counter{}
	err = read(io.TeeReader(io.LimitReader(in, min(limit, c.left)), n))
	c.left -= n.n
	return errors.Join(err, in.Close())
}

// readManifest reads what the archive says of itself. One that is there but no
// longer reads is a problem of the archive; where there is none it is not ours.
func (c *checker) readManifest() error {
	c.known = map[string]ManifestFile{}
	f, ok := c.files[manifestName]
	if !ok {
		return &fault.Invalid{
			Message: "cette archive n’est pas un dossier d’Acquit : " + manifestName + " n’y est pas", Mend: "donner le ZIP tel qu’il a été reçu",
		}
	}
	sum := sha256.New()
	err := c.open(f, maxManifest, func(r io.Reader) error {
		r = io.TeeReader(r, sum)
		if err := json.NewDecoder(r).Decode(&c.Manifest); err != nil {
			return err
		}
		_, err := io.Copy(io.Discard, r)
		return err
	})
	if err != nil || c.Manifest.Format != formatName || c.Manifest.Version != formatNumber {
		c.wrong(manifestName, "ne se lit plus", "cannot be read any more")
	}
	c.sums[manifestName] = hex.EncodeToString(sum.Sum(nil))
	for _, m := range c.Manifest.Files {
		c.known[m.Path] = m
	}
	return nil
}

// compare holds each file against the manifest.
func (c *checker) compare() {
	for _, m := range c.Manifest.Files {
		f, ok := c.files[m.Path]
		if !ok {
			c.wrong(m.Path, "manque dans l’archive", "missing from the archive")
			continue
		}
		c.compareOne(f, m)
	}
	for _, f := range c.zip.File {
		if _, ok := c.known[f.Name]; !ok && f.Name != manifestName && f.Name != sumsName && c.files[f.Name] == f {
			c.wrong(f.Name, "le manifeste ne le connaît pas", "unknown to the manifest")
		}
	}
}

func (c *checker) compareOne(f *zip.File, m ManifestFile) {
	if m.Size < 0 || c.left <= 0 {
		c.wrong(m.Path, "l’archive est trop grande une fois décompressée", "the archive is too large once unpacked")
		return
	}
	sum, n := sha256.New(), &counter{}
	err := c.open(f, m.Size+1, func(r io.Reader) error {
		_, err := io.Copy(io.MultiWriter(sum, n), r)
		return err
	})
	c.sums[m.Path] = hex.EncodeToString(sum.Sum(nil))
	c.Files++
	switch {
	case err != nil:
		c.wrong(m.Path, "ne se décompresse plus : il a été altéré", "cannot be unpacked: it was altered")
	case n.n != m.Size || c.sums[m.Path] != m.SHA256:
		c.wrong(m.Path, "n’a plus son empreinte : il a été altéré", "no longer has its fingerprint: it was altered")
	}
}

// compareSums holds SHA256SUMS against the manifest: the two say the same.
func (c *checker) compareSums() {
	f, ok := c.files[sumsName]
	if !ok {
		c.wrong(sumsName, "manque dans l’archive", "missing from the archive")
		return
	}
	var text []byte
	err := c.open(f, maxManifest, func(r io.Reader) (err error) {
		text, err = io.ReadAll(r)
		return err
	})
	var want strings.Builder
	for _, m := range c.Manifest.Files {
		fmt.Fprintf(&want, "%s  %s\n", m.SHA256, m.Path)
	}
	listed := want.String()
	fmt.Fprintf(&want, "%s  %s\n", c.sums[manifestName], manifestName)
	c.Files++
	switch {
	case err == nil && string(text) == want.String():
		c.Files++
	case err == nil && strings.HasPrefix(string(text), listed):
		c.wrong(manifestName, "n’a plus l’empreinte que "+sumsName+" lui donne",
			"no longer has the fingerprint of "+sumsName)
	default:
		c.wrong(sumsName, "ne dit plus ce que dit le manifeste", "no longer says what the manifest says")
	}
}
