package rehearsal

import (
	"os"
	"strings"
	"testing"

	"acquit/internal/dunning"
)

// TestGuideShowsWhatWorks takes the documents out of the guide: the scenario is
// read, the test passes, and every key and event is named.
func TestGuideShowsWhatWorks(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../../docs/guide/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(src), "```")
	if len(parts) != 5 {
		t.Fatalf("the guide has %d documents, not 2", (len(parts)-1)/2)
	}
	if _, err := dunning.ParseScenario("guide", []byte(strings.TrimPrefix(parts[1], "yaml"))); err != nil {
		t.Error(err)
	}
	if r, err := Check("guide", []byte(strings.TrimPrefix(parts[3], "yaml")), beside); err != nil || !r.Passed {
		t.Errorf("%v\n%s", err, r.Diff)
	}
	for _, name := range verbNames() {
		if !strings.Contains(string(src), name+": ") && !strings.Contains(string(src), "on, "+name) {
			t.Errorf("the guide does not tell of %s", name)
		}
	}
	for _, c := range dunning.Channels() {
		if !strings.Contains(string(src), "`"+string(c)+"`") {
			t.Errorf("the guide does not tell of the channel %s", c)
		}
	}
	for _, name := range dunning.ShippedFiles() {
		if !strings.Contains(string(src), name) {
			t.Errorf("the guide does not tell of %s", name)
		}
	}
}
