package message

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEditedWordsThatNobodyChangedGiveTheSameMessage: what a person finds in the
// editor, saved as it is, is the message she saw.
func TestEditedWordsThatNobodyChangedGiveTheSameMessage(t *testing.T) {
	t.Parallel()
	lib := library(t)
	for _, v := range lib.List() {
		if v.Err != nil {
			t.Fatal(v.Err)
		}
		for _, to := range v.Audiences {
			for _, f := range []Facts{Example(v.Language, to), Example(v.Language, to).bare()} {
				want, err := lib.Render(f, v.Name, v.Tone)
				if err != nil {
					continue // a template that these facts cannot fill is another test's matter
				}
				d := Document{Name: "x", Tone: want.Tone, Language: want.Language, Audiences: []Audience{to}}
				d.Subject, d.Body = want.Editable()
				edited, err := Compile(d)
				if err != nil {
					t.Errorf("%s %s %s: %v\n%s", v.Name, v.Tone, v.Language, err, d.Body)
					continue
				}
				got, err := edited.Render(f)
				if err != nil {
					t.Errorf("%s %s %s: %v", v.Name, v.Tone, v.Language, err)
					continue
				}
				same := func(r Rendered) string { // typography chooses the width of no-break spaces anew
					return strings.ReplaceAll(r.Subject+"\n"+r.HTML, "\u202f", "\u00a0")
				}
				if diff := cmp.Diff(same(want), same(got)); diff != "" {
					t.Errorf("%s %s %s (-seen +edited):\n%s", v.Name, v.Tone, v.Language, diff)
				}
			}
		}
	}
}
