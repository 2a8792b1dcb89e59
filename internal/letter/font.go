package letter

import (
	"embed"
	"encoding/binary"
	"slices"
	"sync"
)

// The faces are Source Sans 3 (SIL Open Font License, font/LICENSE), cut down to
// the Latin, Greek and Cyrillic letters and the signs that letters use, and
// renamed as its licence asks of a changed version.
//
//go:embed font/letter-regular.ttf font/letter-semibold.ttf
var fontFiles embed.FS

// face is one weight of the type, read once and shared by all documents.
type face struct {
	name    string
	tables  map[string][]byte
	glyphs  []uint16 // by rune of the first plane; 0 for what it does not have
	advance []uint16 // of each glyph, in thousandths of the size
	place   []uint32 // of each glyph's outline in table glyf
}

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
		list[i] = readFace(name, data)
	}
	return list, nil
})

// readFace reads a TrueType font of ours: the file is part of the program, and
// a test reads all of it.
func readFace(name string, data []byte) *face {
	f := &face{name: name, tables: map[string][]byte{}, glyphs: make([]uint16, 1<<16)}
	for i := range int(u16(data, 4)) {
		entry := data[12+16*i:]
		at, n := u32(entry, 8), u32(entry, 12)
		f.tables[string(entry[:4])] = data[at : at+n]
	}
	count := int(u16(f.tables["maxp"], 4))
	perEm, metrics := int(u16(f.tables["head"], 18)), int(u16(f.tables["hhea"], 34))
	for g := range count {
		width := int(u16(f.tables["hmtx"], 4*min(g, metrics-1)))
		f.advance = append(f.advance, uint16(width*1000/perEm)) //nolint:gosec // a width is below 64 em
	}
	f.readPlaces(count)
	f.readGlyphs()
	return f
}

func (f *face) readPlaces(count int) {
	loca, long := f.tables["loca"], u16(f.tables["head"], 50) == 1
	for g := range count + 1 {
		if long {
			f.place = append(f.place, u32(loca, 4*g))
		} else {
			f.place = append(f.place, 2*uint32(u16(loca, 2*g)))
		}
	}
}

// readGlyphs reads the first subtable of format 4: which glyph a rune has.
func (f *face) readGlyphs() {
	cmap := f.tables["cmap"]
	t := cmap[u32(cmap, 8):]
	n := int(u16(t, 6))
	ends, starts, deltas, offsets := t[14:], t[16+n:], t[16+2*n:], t[16+3*n:]
	for i := 0; i < n; i += 2 {
		first, last, offset := u16(starts, i), u16(ends, i), int(u16(offsets, i))
		for c := int(first); c <= int(last) && c < 0xFFFF; c++ {
			g := uint16(c) + u16(deltas, i)
			if offset != 0 {
				if g = u16(offsets, i+offset+2*(c-int(first))); g != 0 {
					g += u16(deltas, i)
				}
			}
			if g != 0 {
				f.glyphs[c] = g
			}
		}
	}
}

// glyph is the number of a rune's glyph; 0 is none.
func (f *face) glyph(r rune) uint16 {
	if int(r) >= len(f.glyphs) {
		return 0
	}
	return f.glyphs[r]
}

// width is how wide s is at a size of 1.
func (f *face) width(s string) float64 {
	sum := 0
	for _, r := range s {
		sum += int(f.advance[f.glyph(r)])
	}
	return float64(sum) / 1000
}

// cut is the font with the outlines of the used glyphs only; glyphs keep their
// numbers, so that what was written with them stays.
func (f *face) cut(used []bool) []byte {
	used = slices.Clone(used)
	used[0] = true
	for g := range used {
		if used[g] {
			f.useParts(used, g)
		}
	}
	glyf := make([]byte, 0, 16<<10)
	loca := make([]byte, 0, 4*len(f.place))
	for g := range used {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // fonts are small
		if used[g] {
			glyf = append(glyf, f.outline(g)...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // fonts are small
	head := slices.Clone(f.tables["head"])
	binary.BigEndian.PutUint16(head[50:], 1) // long places
	return assemble([]table{
		{"glyf", glyf}, {"head", head}, {"hhea", f.tables["hhea"]}, {"hmtx", f.tables["hmtx"]},
		{"loca", loca}, {"maxp", f.tables["maxp"]},
	})
}

func (f *face) outline(g int) []byte {
	return f.tables["glyf"][f.place[g]:f.place[g+1]]
}

// useParts marks the glyphs that glyph g is composed of.
func (f *face) useParts(used []bool, g int) {
	o := f.outline(g)
	if len(o) < 10 || int16(u16(o, 0)) >= 0 { //nolint:gosec // the sign says that it is composed
		return
	}
	for at, more := 10, true; more; {
		flags, part := u16(o, at), int(u16(o, at+2))
		if !used[part] {
			used[part] = true
			f.useParts(used, part)
		}
		more = flags&0x20 != 0
		at += partSize(flags)
	}
}

// partSize is the length of a component by its flags (OpenType, table glyf).
func partSize(flags uint16) int {
	n := 6
	if flags&0x01 != 0 {
		n = 8
	}
	switch {
	case flags&0x08 != 0:
		n += 2
	case flags&0x40 != 0:
		n += 4
	case flags&0x80 != 0:
		n += 8
	}
	return n
}

type table struct {
	name string
	data []byte
}

// assemble writes a font of tables, which come in the order of their names.
func assemble(tables []table) []byte {
	at := 12 + 16*len(tables)
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, n := range []uint16{uint16(len(tables)), 64, 2, 32} { //nolint:gosec // six tables
		out = binary.BigEndian.AppendUint16(out, n)
	}
	for _, t := range tables {
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))          //nolint:gosec // fonts are small
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data))) //nolint:gosec // fonts are small
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		out = append(out, make([]byte, -len(out)&3)...)
	}
	return out
}

func checksum(data []byte) (sum uint32) {
	for ; len(data) >= 4; data = data[4:] {
		sum += binary.BigEndian.Uint32(data)
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + binary.BigEndian.Uint32(rest[:])
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
