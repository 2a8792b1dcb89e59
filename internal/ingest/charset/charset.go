// Package charset finds out in which encoding a text was written and reads it
// as UTF-8: accounting programs still write Windows-1252, ISO 8859-15, UTF-16
// and older ones, and say so nowhere.
package charset

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"acquit/internal/fault"
)

// Encoding is the lower-case name of an encoding, as IANA has it.
type Encoding string

// The encodings that are recognised by themselves; others can be named.
const (
	UTF8 Encoding = "utf-8"
	// read as Windows-1252 by some program and written in UTF-8 again: « SociÃ©tÃ© »
	UTF8Twice   Encoding = "utf-8-twice"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
	ISO885915   Encoding = "iso-8859-15"
	Macintosh   Encoding = "macintosh"
	IBM850      Encoding = "ibm850"
	IBM037      Encoding = "ibm037" // EBCDIC
)

// Detected is what a text's bytes tell about its encoding.
type Detected struct {
	Encoding Encoding
	BOM      int  // the number of bytes of the byte order mark
	Damaged  int  // bytes of a UTF-8 text that are not UTF-8
	Binary   bool // there are many zero bytes: this is no text
	ASCII    bool // every encoding would read it alike
}

// Lookup finds an encoding by any of its usual names: "utf8", "latin1",
// "cp1252", "ansi", "iso8859-15"…
func Lookup(name string) (Encoding, error) {
	key := strings.ToLower(strings.NewReplacer("_", "-", " ", "").Replace(strings.TrimSpace(name)))
	if e, ok := nicknames[key]; ok {
		return e, nil
	}
	e, err := htmlindex.Get(key)
	if err != nil {
		return "", &fault.Invalid{
			Field:   "encoding",
			Message: "l’encodage «\u00a0" + name + "\u00a0» n’est pas connu",
			Mend:    "utilisez par exemple utf-8, windows-1252, iso-8859-15 ou utf-16le",
		}
	}
	if key, err = htmlindex.Name(e); err != nil {
		return "", err
	}
	return Encoding(key), nil
}

var nicknames = map[string]Encoding{
	"utf-8-twice": UTF8Twice, "utf8": UTF8, "utf-8": UTF8, "utf-8-bom": UTF8, "ascii": UTF8, "us-ascii": UTF8,
	"utf16": UTF16LE, "utf-16": UTF16LE, "utf16le": UTF16LE, "utf16be": UTF16BE, "unicode": UTF16LE,
	"ansi": Windows1252, "cp1252": Windows1252, "latin1": Windows1252, "latin-1": Windows1252,
	"iso-8859-1": Windows1252, "iso8859-1": Windows1252,
	"latin9": ISO885915, "latin-9": ISO885915, "iso8859-15": ISO885915,
	"mac": Macintosh, "macroman": Macintosh, "cp850": IBM850, "ibm850": IBM850, "oem": IBM850, "dos": IBM850,
	"ebcdic": IBM037, "cp037": IBM037, "ibm037": IBM037, "ibm-037": IBM037,
}

// codec is the decoder of e; nil for UTF-8, which needs none.
func codec(e Encoding) (encoding.Encoding, error) {
	switch e {
	case UTF8:
		return nil, nil
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	case Windows1252:
		return charmap.Windows1252, nil
	case ISO885915:
		return charmap.ISO8859_15, nil
	case Macintosh:
		return charmap.Macintosh, nil
	case IBM850:
		return charmap.CodePage850, nil
	}
	return htmlindex.Get(string(e))
}

// NewReader reads the text as UTF-8, without its byte order mark. Bytes that
// make no character become U+FFFD.
func NewReader(r io.Reader, d Detected) (io.Reader, error) {
	if _, err := io.CopyN(io.Discard, r, int64(d.BOM)); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if d.Encoding == UTF8Twice {
		once := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder())
		return transform.NewReader(r, transform.Chain(once, unicode.UTF8.NewDecoder())), nil
	}
	if d.Encoding == IBM037 {
		return transform.NewReader(r, fromEBCDIC()), nil
	}
	c, err := codec(d.Encoding)
	switch {
	case err != nil:
		return nil, err
	case c != nil:
		return c.NewDecoder().Reader(r), nil
	case d.Damaged > 0:
		return transform.NewReader(r, unicode.UTF8.NewDecoder()), nil
	}
	return r, nil
}
