package dossier

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// creatorVersion is what our archives say of who made them (ZIP 2.0).
const creatorVersion = 20

// layout holds the archive itself against what we write: its files one after the
// other, then its directory, and not a byte more. That shows what no fingerprint
// covers: bytes hidden between files, two directories, files that overlap.
func (c *checker) layout() {
	same := &comparer{r: c.r}
	w := zip.NewWriter(same)
	for _, f := range c.zip.File {
		if err := again(w, f); err != nil {
			c.wrong(f.Name, "l’archive n’est plus telle qu’elle a été écrite à cet endroit", "the archive is not as it was written at this place")
			return
		}
	}
	if err := w.Close(); err != nil || same.at != c.size || c.zip.Comment != "" {
		c.wrong("", "le répertoire de l’archive n’est plus tel qu’il a été écrit : elle a été refaite ou complétée",
			"the archive’s directory is not as it was written: it was made again or added to")
	}
}

var errUnlike = errors.New("unlike what we write")

// again writes a file as it stands, without unpacking it.
func again(w *zip.Writer, f *zip.File) error {
	h := f.FileHeader
	if h.CreatorVersion != creatorVersion || h.ExternalAttrs != 0 || h.Comment != "" {
		return errUnlike
	}
	h.Extra = withoutLength(h.Extra)
	in, err := f.OpenRaw()
	if err != nil {
		return err
	}
	out, err := w.CreateRaw(&h)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return w.Flush()
}

// zip64 is the extra field that holds what is too large for its place.
const zip64 = 1

// withoutLength is the extra of a directory without the lengths and places that
// only large archives have there.
func withoutLength(extra []byte) []byte {
	var kept []byte
	for len(extra) >= 4 {
		n := 4 + int(binary.LittleEndian.Uint16(extra[2:]))
		if n > len(extra) {
			return append(kept, extra...)
		}
		if binary.LittleEndian.Uint16(extra) != zip64 {
			kept = append(kept, extra[:n]...)
		}
		extra = extra[n:]
	}
	return append(kept, extra...)
}

// comparer takes bytes that must be those of an archive, in order.
type comparer struct {
	r   io.ReaderAt
	at  int64
	buf []byte
}

func (c *comparer) Write(b []byte) (int, error) {
	if cap(c.buf) < len(b) {
		c.buf = make([]byte, len(b))
	}
	got := c.buf[:len(b)]
	if _, err := c.r.ReadAt(got, c.at); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if !bytes.Equal(got, b) {
		return 0, errUnlike
	}
	c.at += int64(len(b))
	return len(b), nil
}
