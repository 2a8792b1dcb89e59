package letter

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

// file writes the objects of one PDF document (ISO 32000-1), front to back, so
// that a batch of any size is never held in memory whole.
type file struct {
	w       io.Writer
	sum     hash.Hash
	at      int64
	offsets []int64 // of object i+1; 0 while it is only reserved
	zip     *zlib.Writer
	packed  bytes.Buffer
	err     error
}

// ref names an object.
type ref int

func (r ref) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

func newFile(w io.Writer) *file {
	f := &file{w: w, sum: sha256.New()}
	f.zip = zlib.NewWriter(&f.packed)
	f.print("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	return f
}

func (f *file) print(s string) { f.write([]byte(s)) }

func (f *file) write(b []byte) {
	if f.err != nil {
		return
	}
	f.sum.Write(b)
	n, err := f.w.Write(b)
	f.at += int64(n)
	f.err = err
}

// reserve gives the name of an object that is written later.
func (f *file) reserve() ref {
	f.offsets = append(f.offsets, 0)
	return ref(len(f.offsets))
}

// put writes an object under a reserved name.
func (f *file) put(r ref, body string) {
	f.offsets[r-1] = f.at
	f.print(fmt.Sprintf("%d 0 obj\n%s\nendobj\n", int(r), body))
}

// add writes an object under a new name.
func (f *file) add(body string) ref {
	r := f.reserve()
	f.put(r, body)
	return r
}

// stream writes data, compressed, with the entries of its dictionary.
func (f *file) stream(entries string, data []byte) ref {
	f.packed.Reset()
	f.zip.Reset(&f.packed)
	_, err := f.zip.Write(data)
	if err == nil {
		err = f.zip.Close()
	}
	if err != nil && f.err == nil {
		f.err = err
	}
	r := f.reserve()
	f.raw(r, "/Filter /FlateDecode "+entries, f.packed.Bytes())
	return r
}

// raw writes a stream whose bytes are as its dictionary says.
func (f *file) raw(r ref, entries string, data []byte) {
	f.offsets[r-1] = f.at
	f.print(fmt.Sprintf("%d 0 obj\n<<%s /Length %d>>\nstream\n", int(r), entries, len(data)))
	f.write(data)
	f.print("\nendstream\nendobj\n")
}

// finish writes what a reader begins with. The identifier is the fingerprint of
// what stands before it, so that the same letters give the same bytes.
func (f *file) finish(root, info ref) error {
	sum := hex.EncodeToString(f.sum.Sum(nil)[:16])
	start := f.at
	var b strings.Builder
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, at := range f.offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root %s /Info %s /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, root, info, sum, sum, start)
	f.print(b.String())
	return f.err
}

// textString is s as a document's properties hold it: UTF-16 with its mark.
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	seen := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	for _, u := range utf16.Encode([]rune(seen)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}

// putFont writes a face with the glyphs that were used: their outlines, widths
// and what they mean, so that text can be searched and copied.
func (f *file) putFont(t *face, used []bool, runes map[uint16]rune) ref {
	data := t.cut(used)
	program := f.stream(fmt.Sprintf("/Length1 %d", len(data)), data)
	name := "ACQUIT+AcquitLetter-" + t.name
	descriptor := f.add(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-454 -293 2159 968] "+
		"/ItalicAngle 0 /Ascent 750 /Descent -250 /CapHeight 660 /StemV 90 /FontFile2 %s>>", name, program))
	descendant := f.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s "+
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %s "+
		"/CIDToGIDMap /Identity /DW 500 /W [%s]>>", name, descriptor, widths(t, used)))
	meaning := f.stream("", toUnicode(used, runes))
	return f.add(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H "+
		"/DescendantFonts [%s] /ToUnicode %s>>", name, descendant, meaning))
}

func widths(t *face, used []bool) string {
	var b strings.Builder
	for g, ok := range used {
		if ok {
			fmt.Fprintf(&b, "%d [%d] ", g, t.advance[g])
		}
	}
	return b.String()
}

// maxMapped is how many lines one section of a character map may have.
const maxMapped = 100

func toUnicode(used []bool, runes map[uint16]rune) []byte {
	var lines []string
	for g, ok := range used {
		if r, known := runes[uint16(g)]; ok && known { //nolint:gosec // glyphs are numbered in 16 bits
			lines = append(lines, fmt.Sprintf("<%04X> <%04X>\n", g, r))
		}
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for len(lines) > 0 {
		n := min(len(lines), maxMapped)
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(lines[:n], ""))
		lines = lines[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
