package cli

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v3"

	"acquit/internal/i18n"
)

var update = flag.Bool("update", false, "write the page of the guide anew")

func bareProgram(lang i18n.Lang) *Program {
	return &Program{
		Env: func(string) string { return "" }, Now: func() time.Time { return time.Unix(0, 0) }, Version: "1.0", lang: lang,
	}
}

// leaves calls fn for every verb that does something.
func leaves(root *cli.Command, fn func(name string, c *cli.Command)) {
	var walk func(above string, c *cli.Command)
	walk = func(above string, c *cli.Command) {
		name := strings.TrimSpace(above + " " + c.Name)
		if len(c.Commands) == 0 {
			fn(name, c)
		}
		for _, sub := range c.Commands {
			walk(name, sub)
		}
	}
	walk("", root)
}

func TestEveryVerbIsExplainedWithAnExampleThatIsTrue(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.FR, i18n.EN} {
		root := bareProgram(lang).root()
		common := flagNames(root.Flags)
		leaves(root, func(name string, c *cli.Command) {
			if c.Usage == "" || c.UsageText == "" {
				t.Errorf("%s (%s): no words or no example", name, lang)
			}
			known := append(flagNames(c.Flags), common...)
			for line := range strings.SplitSeq(c.UsageText, "\n") {
				if !strings.HasPrefix(line, name) {
					t.Errorf("%s (%s): its example is about something else: %s", name, lang, line)
				}
				for word := range strings.FieldsSeq(line) {
					f, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
					if strings.HasPrefix(word, "--") && !slices.Contains(known, f) {
						t.Errorf("%s (%s): its example names %s, which it does not know", name, lang, word)
					}
				}
			}
			for _, f := range c.Flags {
				if slices.Contains(common, f.Names()[0]) {
					t.Errorf("%s: --%s hides the common flag of that name", name, f.Names()[0])
				}
			}
		})
	}
}

func flagNames(flags []cli.Flag) (list []string) {
	for _, f := range flags {
		list = append(list, f.Names()...)
	}
	return list
}

func TestBothLanguagesHaveTheSameVerbs(t *testing.T) {
	t.Parallel()
	tree := map[i18n.Lang][]string{}
	for _, lang := range []i18n.Lang{i18n.FR, i18n.EN} {
		leaves(bareProgram(lang).root(), func(name string, c *cli.Command) {
			tree[lang] = append(tree[lang], name+" "+strings.Join(flagNames(c.Flags), " "))
		})
	}
	if diff := cmp.Diff(tree[i18n.FR], tree[i18n.EN]); diff != "" {
		t.Error(diff)
	}
}

// guide is the page about the command line; go test ./internal/cli -update
// writes it.
const guide = "../../docs/guide/ligne-de-commande.md"

func TestTheGuideSaysWhatTheHelpSays(t *testing.T) {
	t.Parallel()
	want := bareProgram(i18n.FR).Manual()
	if *update {
		if err := os.WriteFile(guide, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("go test ./internal/cli -update writes the page anew:\n%s", diff)
	}
}

func TestFrenchSignsNeverBeginALine(t *testing.T) {
	t.Parallel()
	got := spaced("« Combien ? » : 12 %% ; %d !")
	want := "«\u00a0Combien\u202f?\u00a0»\u00a0: 12\u202f%%\u202f; %d\u202f!"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
