package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/dunning"
	"acquit/internal/dunning/rehearsal"
	"acquit/internal/dunning/yamldoc"
	"acquit/internal/policy"
)

type checkedJSON struct {
	File    string    `json:"file"`
	Valid   bool      `json:"valid"`
	Name    string    `json:"name"`
	Errors  []failure `json:"errors"`
	Remarks []failure `json:"remarks"` // allowed, and probably not meant
}

func (p *Program) doScenarioCheck(_ context.Context, c *cli.Command) error {
	files, err := p.arguments(c)
	if err != nil {
		return err
	}
	list, failed := []checkedJSON{}, false
	for _, file := range files {
		one, err := p.checkScenario(file)
		if err != nil {
			return err
		}
		failed = failed || !one.Valid
		list = append(list, one)
	}
	err = p.answer(map[string]any{"files": list}, func(w io.Writer) {
		for _, one := range list {
			if one.Valid {
				fmt.Fprintf(w, p.say("%s : « %s » est juste.\n", "%s: “%s” is right.\n"), one.File, one.Name)
			}
			for _, f := range append(one.Errors, one.Remarks...) {
				fmt.Fprintf(w, p.say("%s:%d:%d : %s\n", "%s:%d:%d: %s\n"), one.File, f.Line, f.Column, withMend(f))
				fmt.Fprint(w, indented(f.pointed))
			}
		}
	})
	if err == nil && failed {
		return errSilent
	}
	return err
}

func withMend(f failure) string {
	if f.Mend == "" {
		return f.Message
	}
	return f.Message + " (" + f.Mend + ")"
}

func (p *Program) checkScenario(file string) (checkedJSON, error) {
	out := checkedJSON{File: file, Errors: []failure{}, Remarks: []failure{}}
	src, err := p.readScenario(file)
	if err != nil {
		return out, err
	}
	s, err := dunning.ParseScenario(file, src)
	for _, f := range yamldoc.Faults(err) {
		out.Errors = append(out.Errors, p.failures(f)[0])
	}
	if err == nil {
		out.Valid, out.Name = true, s.Name
		for _, f := range s.Remarks {
			out.Remarks = append(out.Remarks, p.failures(f)[0])
		}
	}
	return out, nil
}

// readScenario is a file on disk, or a shipped one.
func (p *Program) readScenario(file string) ([]byte, error) {
	src, err := os.ReadFile(file)
	if err == nil {
		return src, nil
	}
	if src, ok := dunning.ShippedFile(file); ok && filepath.Base(file) == file {
		return src, nil
	}
	return nil, p.file("", file, err)
}

func (p *Program) doScenarioTest(_ context.Context, c *cli.Command) error {
	args, err := p.arguments(c)
	if err != nil {
		return err
	}
	results, err := p.rehearse(args)
	if err != nil {
		return err
	}
	err = p.answer(map[string]any{"files": results}, func(w io.Writer) { p.tellResults(w, results) })
	if err == nil && !passed(results) {
		return errSilent
	}
	return err
}

func passed(results []rehearsal.Result) bool {
	for _, r := range results {
		if !r.Passed {
			return false
		}
	}
	return true
}

// rehearse runs the tests of files and folders. A file that cannot be read is a
// test that did not pass, with its faults for a diff.
func (p *Program) rehearse(args []string) ([]rehearsal.Result, error) {
	files, err := p.testFiles(args)
	if err != nil {
		return nil, err
	}
	results := []rehearsal.Result{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, p.file("", file, err)
		}
		r, err := rehearsal.Check(file, src, func(path string) ([]byte, error) {
			if !filepath.IsAbs(path) {
				path = filepath.Join(filepath.Dir(file), path)
			}
			return os.ReadFile(path)
		})
		if err != nil {
			r.Diff = p.faultLines(err)
		}
		results = append(results, r)
	}
	return results, nil
}

func (p *Program) faultLines(err error) string {
	var lines []string
	for _, one := range p.failures(err) {
		lines = append(lines, one.words+"\n"+indented(one.pointed))
	}
	return strings.Join(lines, "")
}

// indented is the excerpt of a fault under its words; nothing where there is none.
func indented(pointed string) string {
	if pointed == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(pointed, "\n", "\n    ") + "\n"
}

// isTest tells a scenario test from a scenario, in a folder that holds both.
var isTest = regexp.MustCompile(`(?m)^(expect|invoices|customers):`)

// testFiles are the files among args and the tests in the folders among them.
func (p *Program) testFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, p.file("", arg, err)
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".yml" {
				return err
			}
			src, err := os.ReadFile(path)
			if err == nil && isTest.Match(src) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, wrong("", p.say("aucun test ici : ", "no test here: ")+strings.Join(args, " "), "")
	}
	return files, nil
}

func (p *Program) tellResults(w io.Writer, results []rehearsal.Result) {
	failed := 0
	for _, r := range results {
		if r.Passed {
			fmt.Fprintf(w, p.say("réussi  %s  (%s)\n", "passed  %s  (%s)\n"), r.File,
				reminders.Count(p.lang, len(r.Sent)))
			continue
		}
		failed++
		fmt.Fprintf(w, p.say("ÉCHEC   %s\n", "FAILED  %s\n"), r.File)
		for line := range strings.SplitSeq(strings.TrimRight(r.Diff, "\n"), "\n") {
			fmt.Fprintf(w, "    %s\n", line)
		}
	}
	if len(results) > 1 {
		fmt.Fprintf(w, p.say("%d tests, %d en échec\n", "%d tests, %d failed\n"), len(results), failed)
	}
}

func (p *Program) doScenarioPublish(ctx context.Context, c *cli.Command) error {
	file, err := p.argument(c)
	if err != nil {
		return err
	}
	src, err := p.readScenario(file)
	if err != nil {
		return err
	}
	if tests := c.StringSlice("test"); len(tests) > 0 {
		results, err := p.rehearse(tests)
		if err != nil {
			return err
		}
		if !passed(results) {
			p.tellResults(p.Err, results)
			return errSilent
		}
	}
	if _, err := dunning.ParseScenario(file, src); err != nil {
		return err
	}
	var saved policy.Scenario
	err = p.write(ctx, c, func(r room) (err error) {
		saved, err = policy.Save(ctx, r.tx, r.scope, string(src))
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{
		"name": saved.Name, "version": saved.Version, "rank": saved.Rank,
		"active": saved.Active,
	}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("« %s », version %d.\n", "“%s”, version %d.\n"), saved.Name, saved.Version)
	})
}
