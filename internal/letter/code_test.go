package letter

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
)

// reader reads a code's mask, and its modules with the mask taken off.
func reader(size int, dark func(x, y int) bool) []bool {
	mask := 0
	for i := range 3 { // the mask's own bits, as format writes them
		if dark(14-(10+i), 8) {
			mask |= 1 << i
		}
	}
	mask ^= 0x5412 >> 10 & 7
	m := newMatrix((size-17)/4, layouts[(size-17)/4-1])
	out := make([]bool, 0, size*size)
	for y := range size {
		for x := range size {
			d := dark(x, y)
			if !m.fixed[y*size+x] && masks[mask](x, y) {
				d = !d
			}
			if x == 8 || y == 8 { // the format differs with the mask
				d = d && !m.fixed[y*size+x]
			}
			out = append(out, d)
		}
	}
	return out
}

func equal(m *matrix, other image.Image) bool {
	for i, d := range m.dark {
		if d != (other.At(i%m.size, i/m.size) == color.Black) {
			return false
		}
	}
	return true
}

// Another writer's code says the same at every length, whatever its mask.
func TestACodeSaysWhatAnotherWriterSays(t *testing.T) {
	t.Parallel()
	same := 0
	for n := 1; n <= 331; n++ {
		content := strings.Repeat("BCD\n002\n1\nSCT\né€#", 30)[:n]
		got, err := encode(content)
		if err != nil {
			t.Fatal(err)
		}
		want, err := qr.Encode(content, qr.M, qr.Unicode)
		if err != nil {
			t.Fatal(err)
		}
		if size := want.Bounds().Dx(); size != got.size {
			t.Fatalf("%d bytes: %d modules, want %d", n, got.size, size)
		}
		ours := reader(got.size, func(x, y int) bool { return got.dark[y*got.size+x] })
		theirs := reader(got.size, func(x, y int) bool { return want.At(x, y) == color.Black })
		for i := range ours {
			if ours[i] != theirs[i] {
				t.Fatalf("%d bytes: module %d,%d differs", n, i%got.size, i/got.size)
			}
		}
		if equal(got, want) {
			same++
		}
	}
	if same < 100 { // the format too is theirs wherever the same mask was chosen
		t.Errorf("%d codes are theirs to the last module, want 100 at least", same)
	}
	if _, err := encode(strings.Repeat("x", 332)); err == nil {
		t.Error("more than a payment code may hold is drawn")
	}
}
