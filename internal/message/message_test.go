package message

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var mails = flag.String("mails", "", "write every message into this folder, to be looked at")

// TestEveryShippedTemplateSpeaks also leaves the messages in a folder, when one
// is given, for people to look at.
func TestEveryShippedTemplateSpeaks(t *testing.T) {
	t.Parallel()
	lib, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range lib.List() {
		for _, to := range v.Audiences {
			example := Example(v.Language, to)
			if strings.HasPrefix(v.Name, "rappel") {
				example = example.before()
			}
			for name, f := range map[string]Facts{"full": example, "bare": example.bare()} {
				r, err := lib.Render(f, v.Name, v.Tone)
				if err != nil {
					t.Errorf("%s %s %s %s, %s facts: %v", v.Name, v.Tone, v.Language, to, name, err)
				}
				if *mails != "" {
					base := filepath.Join(*mails, v.Language+"."+v.Name+"."+string(v.Tone)+"."+string(to)+"."+name)
					os.WriteFile(base+".html", []byte(r.HTML), 0o644)
					os.WriteFile(base+".txt", []byte(r.Subject+"\n\n"+r.Text), 0o644)
				}
			}
		}
	}
}

// before is the example some days before anything is due.
func (f Facts) before() Facts {
	f.Today = f.Claimed[0].Due.Add(-5)
	f.Claimed = slices.Clone(f.Claimed)
	for i := range f.Claimed {
		f.Claimed[i].Days = f.Today.Sub(f.Claimed[i].Due)
	}
	f.Coming, f.Earlier, f.Broken, f.Interest, f.Deadline = nil, nil, nil, nil, 0
	return f
}
