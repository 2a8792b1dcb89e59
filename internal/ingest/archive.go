package ingest

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
)

// What an archive may hold. They are far above what a month of invoices needs,
// and far below what would fill a small machine.
const (
	MaxEntries   = 20_000  // files in an archive, those of archives within it included
	MaxUnpacked  = 4 << 30 // bytes of all of them together
	MaxRatio     = 250     // unpacked to packed; the densest real export seen is 60
	ratioFrom    = 8 << 20 // below this size the ratio proves nothing
	maxDepth     = 2       // an archive in an archive, no further
	maxName      = 200     // bytes of an entry's name as shown
	memoryToDisk = 8 << 20 // larger entries are unpacked to a temporary file
)

// isArchive tells a zip of files from a zip that is one document.
func isArchive(s Sample) bool {
	if s.Entries == nil {
		return false
	}
	return !slices.ContainsFunc(s.Entries, func(name string) bool {
		return name == "[Content_Types].xml" || name == "mimetype" || strings.HasPrefix(name, "xl/")
	})
}

// entriesOf lists a zip; a broken one has no entries but is still a zip.
func entriesOf(src Source) []string {
	r, err := zip.NewReader(src.Content, src.Size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return []string{}
	}
	names := make([]string, 0, min(len(r.File), MaxEntries))
	for _, f := range r.File[:min(len(r.File), MaxEntries)] {
		names = append(names, f.Name)
	}
	return names
}

// archive walks a zip under limits that archives within it share.
type archive struct {
	drivers  []Driver
	hints    Hints
	entries  int
	unpacked int64
}

// walk gives the files of one archive; it is false when the loop is to end.
func (a *archive) walk(ctx context.Context, src Source, depth int, yield func(*File) bool) bool {
	r, err := zip.NewReader(src.Content, src.Size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return yield(Refuse(src.Name, Unknown, "cette archive zip est abîmée ou incomplète", "refaites l’archive"))
	}
	if !slices.ContainsFunc(r.File, func(f *zip.File) bool { return !noise(f.Name) }) {
		return yield(Refuse(src.Name, Unknown, "cette archive ne contient aucun fichier", ""))
	}
	for _, entry := range r.File {
		if ctx.Err() != nil {
			yield(&File{Name: src.Name, Format: Unknown, Err: ctx.Err()})
			return false
		}
		if noise(entry.Name) {
			continue
		}
		if a.entries++; a.entries > MaxEntries {
			yield(Refuse(src.Name, Unknown, fmt.Sprintf("cette archive contient plus de %d fichiers", MaxEntries), "découpez-la"))
			return false
		}
		if !a.entry(ctx, src.Name+"/"+cleanName(entry.Name), entry, depth, yield) {
			return false
		}
	}
	return true
}

func (a *archive) entry(
	ctx context.Context, name string, entry *zip.File, depth int, yield func(*File) bool,
) bool {
	inner, clean, err := a.unpack(name, entry)
	if err != nil {
		return yield(failed(Source{Name: name}, Unknown, err))
	}
	defer clean()
	return a.inside(ctx, inner, depth, yield)
}

// inside gives what was unpacked: a file, or the files of an archive.
func (a *archive) inside(ctx context.Context, inner Source, depth int, yield func(*File) bool) bool {
	sample, err := sampleOf(inner)
	if err != nil {
		return yield(failed(inner, Unknown, err))
	}
	packed := isGzip(sample)
	if !packed && !isArchive(sample) {
		return yield(open(ctx, a.drivers, inner, sample, a.hints))
	}
	if depth >= maxDepth {
		return yield(Refuse(inner.Name, Unknown, "une archive dans une archive dans une archive n’est pas ouverte",
			"déposez-la seule"))
	}
	if packed {
		return a.packed(ctx, inner, depth+1, yield)
	}
	return a.walk(ctx, inner, depth+1, yield)
}

// isGzip tells a file that is compressed alone (RFC 1952), as servers send it.
func isGzip(s Sample) bool { return bytes.HasPrefix(s.Head, []byte{0x1f, 0x8b, 8}) }

// packed gives the one file of a gzip.
func (a *archive) packed(ctx context.Context, src Source, depth int, yield func(*File) bool) bool {
	r, err := gzip.NewReader(io.NewSectionReader(src.Content, 0, src.Size))
	if err != nil {
		return yield(failed(src, Unknown, unpackError(err)))
	}
	inner, clean, err := a.take(src.Name, r, src.Size)
	if err != nil {
		return yield(failed(src, Unknown, err))
	}
	defer clean()
	return a.inside(ctx, inner, depth, yield)
}

// unpack reads an entry, into memory or a temporary file that clean removes.
// What the archive says of its sizes is not believed.
func (a *archive) unpack(name string, entry *zip.File) (src Source, clean func(), err error) {
	const encrypted = 1 // bit 0 of the general purpose flags, APPNOTE 4.4.4
	if entry.Flags&encrypted != 0 {
		return src, nil, &Rejected{Reason: "ce fichier est protégé par un mot de passe", Mend: "refaites l’archive sans mot de passe"}
	}
	r, err := entry.Open()
	if err != nil {
		return src, nil, &Rejected{Reason: "cette entrée de l’archive ne peut pas être décompressée", Mend: "refaites l’archive en zip ordinaire"}
	}
	defer r.Close()
	return a.take(name, r, int64(entry.CompressedSize64))
}

// take reads what is being unpacked, within the limits of the whole.
func (a *archive) take(name string, r io.Reader, packed int64) (src Source, clean func(), err error) {
	limited := &ratioReader{r: r, packed: max(packed, 1), left: MaxUnpacked - a.unpacked}
	defer func() { a.unpacked += limited.read }()

	var head bytes.Buffer
	_, err = io.CopyN(&head, limited, memoryToDisk)
	if errors.Is(err, io.EOF) {
		return FromBytes(name, head.Bytes()), func() {}, nil
	}
	if err != nil {
		return src, nil, unpackError(err)
	}
	return spill(name, io.MultiReader(&head, limited))
}

// spill writes a large entry to a temporary file.
func spill(name string, r io.Reader) (src Source, clean func(), err error) {
	f, err := os.CreateTemp("", "acquit-*")
	if err != nil {
		return src, nil, err
	}
	clean = func() {
		_ = f.Close()           // it was only read since it was written
		_ = os.Remove(f.Name()) // the system clears its temporary folder otherwise
	}
	size, err := io.Copy(f, r)
	if err != nil {
		clean()
		return src, nil, unpackError(err)
	}
	return Source{Name: name, Content: f, Size: size}, clean, nil
}

func unpackError(err error) error {
	if _, ok := errors.AsType[*Rejected](err); ok {
		return err
	}
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) {
		return &Rejected{Reason: "cette entrée de l’archive est abîmée", Mend: "refaites l’archive"}
	}
	if _, ok := errors.AsType[*os.PathError](err); ok {
		return err // our disk, not the archive
	}
	return &Rejected{Reason: "cette entrée de l’archive ne peut pas être décompressée", Mend: "refaites l’archive"}
}

// ratioReader stops an entry that grows beyond its limits while it is read.
type ratioReader struct {
	r      io.Reader
	packed int64
	left   int64
	read   int64
}

func (l *ratioReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.read += int64(n)
	if l.read > l.left {
		return n, &Rejected{
			Reason: "l’archive décompressée dépasse " + Size(MaxUnpacked), Mend: "découpez-la",
		}
	}
	if l.read > ratioFrom && l.read/l.packed > MaxRatio {
		return n, &Rejected{
			Reason: fmt.Sprintf("ce fichier se décompresse plus de %d fois\u00a0: ce n’est pas un export, il est refusé", MaxRatio),
		}
	}
	return n, err
}

// noise is what systems put into archives beside the files.
func noise(name string) bool {
	if strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") {
		return true
	}
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	return base == ".DS_Store" || base == "Thumbs.db" || base == "desktop.ini" || strings.HasPrefix(base, "~$")
}

// cleanName is an entry's name fit to be shown: it is never used as a path.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "_"))
	parts := slices.DeleteFunc(strings.Split(name, "/"), func(p string) bool {
		return p == "" || p == "." || p == ".."
	})
	name = strings.Join(parts, "/")
	if len(name) > maxName {
		name = "…" + strings.ToValidUTF8(name[len(name)-maxName:], "")
	}
	return name
}
