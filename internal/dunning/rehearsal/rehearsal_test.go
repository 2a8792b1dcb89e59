package rehearsal

import (
	"os"
	"path/filepath"
	"testing"
)

// beside opens the files of testdata.
func beside(path string) ([]byte, error) { return os.ReadFile(filepath.Join("testdata", path)) }

// TestConventions runs the files of testdata: each names the rule it is about.
func TestConventions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("no scenario tests found: %v", err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		if name == "echelle.yaml" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Check(name, src, beside)
			if err != nil || !r.Passed {
				t.Errorf("%s\n%s", err, r.Diff)
			}
		})
	}
}
