package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v3"

	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/policy"
)

func (p *Program) scenario() *cli.Command {
	files, ref := p.say("FICHIER…", "FILE…"), p.say("NOM[@VERSION] | FICHIER", "NAME[@VERSION] | FILE")
	return p.family("scenario", "la politique de relance, en fichiers", "the reminder policy, in files",
		&cli.Command{
			Name: "list", Usage: p.say("les scénarios de la société", "the company’s scenarios"), UsageText: "acquit scenario list\nacquit scenario list --shipped",
			Flags:  []cli.Flag{p.flag("shipped", p.say("ceux qui sont livrés, sans base de données", "those that come with the program, without a database"))},
			Action: p.doScenarioList,
		},
		&cli.Command{
			Name: "show", Usage: p.say("le texte d’un scénario", "the text of a scenario"), ArgsUsage: ref,
			UsageText: "acquit scenario show Standard > standard.yaml\nacquit scenario show mauvais-payeur.yaml", Action: p.doScenarioShow,
		},
		&cli.Command{
			Name: "check", Usage: p.say("relire des fichiers : chaque faute avec sa ligne et sa colonne", "read files: every fault with its line and column"), ArgsUsage: files,
			UsageText: "acquit scenario check standard.yaml", Action: p.doScenarioCheck,
		},
		&cli.Command{
			Name: "test", Usage: p.say("jouer des tests de scénario et montrer les écarts", "run scenario tests and show the differences"), ArgsUsage: files,
			Description: p.say("Un test est un petit grand livre, ce qui lui arrive, et tout ce qui doit partir, dans l’ordre. Un dossier donne tous les tests qu’il contient. Sans base de données. Sortie 1 si l’un échoue.",
				"A test is a small ledger, what happens to it, and all that must go out, in order. A folder gives all the tests in it. Needs no database. Exit status 1 if one fails."),
			UsageText: "acquit scenario test politique/*.test.yaml", Action: p.doScenarioTest,
		},
		&cli.Command{
			Name: "diff", Usage: p.say("ce qui change d’un scénario à un autre", "what changes from one scenario to another"), ArgsUsage: ref + " [" + ref + "]",
			Description: p.say("Un seul nom compare sa version précédente à l’actuelle. Ni les commentaires ni la mise en page ne comptent.",
				"A single name compares its version before with the present one. Neither comments nor layout count."),
			UsageText: "acquit scenario diff Standard standard.yaml\nacquit scenario diff Standard@1 Standard@3", Action: p.doScenarioDiff,
		},
		&cli.Command{
			Name: "replay", Usage: p.say("ce qu’un scénario enverrait sur les comptes réels, sans rien envoyer", "what a scenario would send on the real books, sending nothing"),
			ArgsUsage: "[" + ref + "]",
			Description: p.say("Du jour --from au jour --until, si chaque relance partait à son jour et que rien d’autre n’arrivait. Sans scénario, ceux de la société. À essayer avant de publier une politique, ou de l’étendre à un grand livre ancien.",
				"From --from to --until, if each reminder left on its day and nothing else happened. Without a scenario, the company’s own. To be tried before a policy is published, or put over an old ledger."),
			UsageText: "acquit scenario replay standard.yaml --until 2026-12-31",
			Flags: []cli.Flag{
				p.text("from", p.say("premier jour, par défaut aujourd’hui", "first day, today by default")),
				p.text("until", p.say("dernier jour, par défaut trente jours plus tard", "last day, thirty days later by default")),
			},
			Action: p.doScenarioReplay,
		},
		&cli.Command{
			Name: "publish", Usage: p.say("faire d’un fichier la nouvelle version d’un scénario", "make a file the new version of a scenario"), ArgsUsage: p.say("FICHIER", "FILE"),
			Description: p.say("Le scénario est celui de son « name » ; un nom nouveau s’ajoute après les autres. Avec --test, rien n’est publié si un test échoue.",
				"The scenario is that of its “name”; a new name comes after the others. With --test nothing is published if a test fails."),
			UsageText: "acquit scenario publish standard.yaml --test politique/",
			Flags:     []cli.Flag{p.texts("test", p.say("test à jouer d’abord, fichier ou dossier", "test to run first, file or folder"))},
			Action:    p.doScenarioPublish,
		},
		&cli.Command{
			Name: "settle", Usage: p.say("le rang d’un scénario, s’il est actif, et combien il propose par jour", "a scenario’s rank, whether it is active, and how many it proposes a day"),
			ArgsUsage: p.say("NOM", "NAME"), UsageText: "acquit scenario settle Standard --per-day 200",
			Flags: []cli.Flag{
				&cli.IntFlag{Name: "rank", Usage: p.say("le premier actif qui s’applique est pris", "the first active one that applies is taken")},
				p.text("active", p.say("yes ou no", "yes or no")),
				&cli.IntFlag{Name: "per-day", Value: -1, HideDefault: true, Usage: p.say("nouvelles relances par jour au plus ; 0 : sans limite", "new reminders a day at most; 0: no limit")},
			},
			Action: p.doScenarioSettle,
		})
}

type scenarioJSON struct {
	Name    string   `json:"name"`
	File    string   `json:"file,omitempty"`
	Rank    int      `json:"rank,omitempty"`
	Active  bool     `json:"active"`
	Version int      `json:"version,omitempty"`
	PerDay  int      `json:"per_day"`
	Steps   []string `json:"steps"`
}

func (p *Program) doScenarioList(ctx context.Context, c *cli.Command) error {
	list, err := shippedScenarios()
	if !c.Bool("shipped") {
		list, err = p.ownScenarios(ctx, c)
	}
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"scenarios": list}, func(w io.Writer) {
		t := p.table(w)
		for _, s := range list {
			state := s.File
			switch {
			case s.File != "":
			case s.Active:
				state = fmt.Sprintf(p.say("rang %d, version %d", "rank %d, version %d"), s.Rank, s.Version)
			default:
				state = p.say("inactif", "inactive")
			}
			t.row(s.Name, state, strings.Join(s.Steps, " "))
		}
		t.end()
	})
}

func shippedScenarios() ([]scenarioJSON, error) {
	list := []scenarioJSON{}
	for _, name := range dunning.ShippedFiles() {
		src, _ := dunning.ShippedFile(name)
		s, err := dunning.ParseScenario(name, src)
		if err != nil {
			return nil, err
		}
		list = append(list, scenarioJSON{Name: s.Name, File: name, Active: true, Steps: stepsOf(s)})
	}
	return list, nil
}

func (p *Program) ownScenarios(ctx context.Context, c *cli.Command) ([]scenarioJSON, error) {
	list := []scenarioJSON{}
	err := p.read(ctx, c, func(r room) error {
		all, err := policy.List(ctx, r.tx, r.scope)
		for _, one := range all {
			s, err := dunning.ParseScenario(one.Name, []byte(one.Document))
			if err != nil {
				return err
			}
			list = append(list, scenarioJSON{one.Name, "", one.Rank, one.Active, one.Version, one.PerDay, stepsOf(s)})
		}
		return err
	})
	return list, err
}

func stepsOf(s *dunning.Scenario) []string {
	ids := []string{}
	for _, step := range s.Steps {
		ids = append(ids, step.ID)
	}
	return ids
}

// source is a scenario's document and where it comes from.
type source struct {
	Name     string `json:"name"` // as it was asked for
	From     string `json:"from"` // file, shipped or company
	Version  int    `json:"version,omitempty"`
	Document string `json:"document"`
}

// source finds a scenario: a file, a shipped one by its file name, or the
// company's by its name, with a version or not.
func (p *Program) source(ctx context.Context, c *cli.Command, ref string) (source, error) {
	if info, err := os.Stat(ref); err == nil && info.Mode().IsRegular() {
		src, err := os.ReadFile(ref)
		return source{ref, "file", 0, string(src)}, err
	}
	if src, ok := dunning.ShippedFile(ref); ok {
		return source{ref, "shipped", 0, string(src)}, nil
	}
	out := source{Name: ref, From: "company"}
	err := p.read(ctx, c, func(r room) error {
		one, history, err := p.versions(ctx, r, ref)
		if err != nil {
			return err
		}
		out.Version = one.Version
		if _, text, ok := strings.Cut(ref, "@"); ok {
			if out.Version, err = strconv.Atoi(text); err != nil {
				return wrong("", p.say("version illisible : ", "unreadable version: ")+text,
					one.Name+"@"+strconv.Itoa(one.Version))
			}
		}
		at := slices.IndexFunc(history, func(v policy.Version) bool { return v.Version == out.Version })
		if at < 0 {
			return fault.NotFound(p.say("version %d du scénario « %s »", "version %d of scenario “%s”"), out.Version,
				one.Name)
		}
		out.Document = history[at].Document
		return nil
	})
	return out, err
}

// versions are a company's scenario by name, whatever its case, and its history.
func (p *Program) versions(ctx context.Context, r room, ref string) (policy.Scenario, []policy.Version, error) {
	name, _, _ := strings.Cut(ref, "@")
	all, err := policy.List(ctx, r.tx, r.scope)
	if err != nil {
		return policy.Scenario{}, nil, err
	}
	at := slices.IndexFunc(all, func(s policy.Scenario) bool { return strings.EqualFold(s.Name, name) })
	if at < 0 {
		return policy.Scenario{}, nil, fault.NotFound(p.say("scénario « %s » (ni fichier, ni scénario livré, ni scénario de la société)", "scenario “%s” (neither a file, nor a shipped one, nor the company’s)"), name)
	}
	history, err := policy.History(ctx, r.tx, r.scope, all[at].ID)
	return all[at], history, err
}

func (p *Program) doScenarioShow(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	s, err := p.source(ctx, c, ref)
	if err != nil {
		return err
	}
	return p.answer(s, func(w io.Writer) { fmt.Fprintln(w, strings.TrimRight(s.Document, "\n")) })
}

type diffJSON struct {
	From string `json:"from"`
	To   string `json:"to"`
	Same bool   `json:"same"`
	Diff string `json:"diff"`
}

func (p *Program) doScenarioDiff(ctx context.Context, c *cli.Command) error {
	refs, err := p.arguments(c)
	if err != nil {
		return err
	}
	if len(refs) > 2 {
		return wrong("", p.say("deux suffisent", "two are enough"), firstExample(c))
	}
	to, err := p.source(ctx, c, refs[len(refs)-1])
	if err != nil {
		return err
	}
	before := refs[0]
	if len(refs) == 1 {
		if to.Version < 2 {
			return fault.Conflictf(p.say("« %s » n’a pas de version précédente", "“%s” has no version before"), refs[0])
		}
		name, _, _ := strings.Cut(refs[0], "@")
		before = name + "@" + strconv.Itoa(to.Version-1)
	}
	from, err := p.source(ctx, c, before)
	if err != nil {
		return err
	}
	texts := [2]string{}
	for i, s := range []source{from, to} {
		parsed, err := dunning.ParseScenario(s.Name, []byte(s.Document))
		if err != nil {
			return err
		}
		texts[i] = string(parsed.YAML())
	}
	out := diffJSON{From: from.Name, To: to.Name, Same: texts[0] == texts[1]}
	out.Diff = string(diff.Diff(from.Name, []byte(texts[0]), to.Name, []byte(texts[1])))
	return p.answer(out, func(w io.Writer) {
		if out.Same {
			fmt.Fprintln(w, p.say("Ils disent la même chose.", "They say the same."))
			return
		}
		fmt.Fprint(w, out.Diff)
	})
}

func (p *Program) doScenarioSettle(ctx context.Context, c *cli.Command) error {
	name, err := p.argument(c)
	if err != nil {
		return err
	}
	active, err := p.choice(c, "active", "", "yes", "no")
	if err != nil {
		return err
	}
	var done policy.Scenario
	err = p.write(ctx, c, func(r room) error {
		one, _, err := p.versions(ctx, r, name)
		if err != nil {
			return err
		}
		if c.IsSet("rank") {
			one.Rank = c.Int("rank")
		}
		if c.IsSet("per-day") {
			one.PerDay = c.Int("per-day")
		}
		if active != "" {
			one.Active = active == "yes"
		}
		done = one
		return policy.Settle(ctx, r.tx, r.scope, one.ID, one.Rank, one.Active, one.PerDay)
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{
		"name": done.Name, "rank": done.Rank, "active": done.Active,
		"per_day": done.PerDay,
	}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("Noté : %s\n", "Recorded: %s\n"), done.Name)
	})
}
