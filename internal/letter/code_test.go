package letter

import (
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
)

// Another writer's code is ours to the last module at every length, once both
// take the same mask.
func TestACodeSaysWhatAnotherWriterSays(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 331; n++ {
		content := strings.Repeat("BCD\n002\n1\nSCT\né€#", 30)[:n]
		want, err := qr.Encode(content, qr.M, qr.Unicode)
		if err != nil {
			t.Fatal(err)
		}
		dark := func(x, y int) bool { return want.At(x, y) == color.Black }
		got, err := masked(content, maskOf(dark))
		if err != nil {
			t.Fatal(err)
		}
		if size := want.Bounds().Dx(); size != got.Size() {
			t.Fatalf("%d bytes: %d modules, want %d", n, got.Size(), size)
		}
		for i := range got.Size() * got.Size() {
			if x, y := i%got.Size(), i/got.Size(); got.Module(x, y) != dark(x, y) {
				t.Fatalf("%d bytes: module %d,%d differs", n, x, y)
			}
		}
	}
	if _, err := encode(strings.Repeat("x", 332)); err == nil {
		t.Error("more than a payment code may hold is drawn")
	}
}

// maskOf reads the mask of a code in its format (ISO/IEC 18004, 7.9).
func maskOf(dark func(x, y int) bool) (mask int) {
	for x := 2; x <= 4; x++ {
		mask <<= 1
		if dark(x, 8) {
			mask |= 1
		}
	}
	return mask ^ 0b101
}

// A camera's reader reads the code of the printed page, at every size.
func TestACodeIsReadFromThePage(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"pdftoppm", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	for _, n := range []int{1, 78, 200, 331} {
		content := strings.Repeat("BCD\n002\n1\nSCT\nAtelier Dupont\n", 12)[:n]
		pdf, err := PDF(Letter{Body: []Block{{Payment: &Payment{Code: content}}}})
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "page")
		if err := os.WriteFile(name+".pdf", pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		//nolint:gosec // a file of the test's own
		if err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "300", "-png", "-singlefile", name+".pdf", name).Run(); err != nil {
			t.Fatal(err)
		}
		//nolint:gosec // a file of the test's own
		got, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", "-Sdisable", "-Sqr.enable", name+".png").Output()
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSuffix(string(got), "\n") != content {
			t.Errorf("%d bytes: read %q, want %q", n, got, content)
		}
	}
}
