package letter

import (
	"embed"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The faces are Source Sans 3 (SIL Open Font License, font/LICENSE), cut down to
// the Latin, Greek and Cyrillic letters and the signs that letters use, and
// renamed as its licence asks of a changed version.
//
//go:embed font/letter-regular.ttf font/letter-semibold.ttf
var fontFiles embed.FS

// face is one weight of the type, measured once and shared by all documents.
type face struct {
	data    []byte
	advance []int32 // of each rune of the first plane, in thousandths of the size; none for what it does not have
}

// none is the width of a rune that a face does not have.
const none = -1

// style is the weight of a run of text.
type style int

const (
	regular style = iota
	strong
	styles
)

var faces = sync.OnceValues(func() ([styles]*face, error) {
	var list [styles]*face
	for i, name := range []string{"regular", "semibold"} {
		data, err := fontFiles.ReadFile("font/letter-" + name + ".ttf")
		if err != nil {
			return list, err
		}
		if list[i], err = readFace(data); err != nil {
			return list, err
		}
	}
	return list, nil
})

func readFace(data []byte) (*face, error) {
	const perEm = 1000
	f := &face{data: data, advance: make([]int32, math.MaxUint16)}
	program, err := sfnt.Parse(data)
	if err != nil {
		return nil, err
	}
	var buffer sfnt.Buffer
	for r := range f.advance {
		f.advance[r] = none
		glyph, err := program.GlyphIndex(&buffer, rune(r)) //nolint:gosec // of the first plane
		if err != nil {
			return nil, err
		}
		if glyph == 0 {
			continue
		}
		width, err := program.GlyphAdvance(&buffer, glyph, fixed.I(perEm), font.HintingNone)
		if err != nil {
			return nil, err
		}
		f.advance[r] = int32(width.Round()) //nolint:gosec // a width is below 64 em
	}
	return f, nil
}

// has tells whether the type shows a rune.
func (f *face) has(r rune) bool {
	return int(r) < len(f.advance) && f.advance[r] != none
}

// width is how wide s is at a size of 1.
func (f *face) width(s string) float64 {
	sum := 0
	for _, r := range s {
		if f.has(r) {
			sum += int(f.advance[r])
		}
	}
	return float64(sum) / 1000
}
