// Package internal_test keeps the house in order: which room may import which
// is a table here, printed in ARCHITECTURE.md, and the rules that a table
// cannot hold are tests beside it.
package internal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// room is a folder of internal with one reason to change. Folders below it
// belong to it, unless they have a line of their own.
type room struct {
	floor int
	path  string
	what  string
	pure  bool // no database, no clock, no chance, no disk, no network
}

// floors name the floors; a room imports rooms of its own floor (Go refuses
// circles) and of the floors below, never one above.
var floors = []string{
	"words and tools",
	"the books: what is owed",
	"the work: what is done about it",
	"drivers, each alone in its folder",
	"doors",
	"the whole",
}

var rooms = []room{
	{0, "money", "amounts in minor units, rates, exact splits", true},
	{0, "cal", "civil days, terms of payment, working days", true},
	{0, "identifier", "SIREN, SIRET, VAT numbers, IBAN", true},
	{0, "id", "sortable identifiers of our own", false},
	{0, "fault", "what can go wrong, for a person", false},
	{0, "db", "one SQL on two engines, and the schema", false},
	{0, "setting", "settings that describe themselves", false},
	{0, "i18n", "words, plurals, money and days as read in a language", false},
	{0, "sheet", "tables that people keep: CSV and XLSX, formulas defused", false},
	{0, "propertytest", "property tests draw the same cases in every run", false},
	{0, "letter", "a page: address window, folding marks, tables, PDF", false},

	{1, "creditor", "who is owed: identity, terms of sale, bank accounts", false},
	{1, "customer", "who owes: contacts, identifiers, tags, preferences", false},
	{1, "ledger", "invoices, credit notes, payments, allocations", false},
	{1, "aging", "buckets, weighted age, DSO and its kin", true},
	{1, "law", "what a country's law answers", true},
	{1, "law/fr", "France: terms, rates, interest, indemnity, limitation", true},

	{2, "dunning", "scenarios, the decision, its reasons, scenario tests", true},
	{2, "policy", "a creditor's scenarios and templates, in versions", false},
	{2, "founding", "a company's books begun", false},
	{2, "account", "the books as decisions see them, customer by customer", false},
	{2, "payer", "how a customer has paid: delay, score, grade", false},
	{2, "reminder", "the daily run, reminders, the way of a message out", false},
	{2, "message", "templates, rendering, what was written", false},
	{2, "channel", "the interface of a way to reach a customer", false},
	{2, "report", "what people read about the books: aged balance, figures, statement", false},
	{2, "agreement", "what promises, plans, disputes, holds and announced payments share", false},
	{2, "promise", "promises to pay", false},
	{2, "plan", "instalment plans", false},
	{2, "dispute", "contested amounts", false},
	{2, "hold", "suspensions", false},
	{2, "inflight", "payments announced, not yet in the bank", false},
	{2, "reaction", "what customers did after we spoke to them", false},
	{2, "task", "what a person has to do", false},
	{2, "statute", "the law's figures as a creditor holds them", false},
	{2, "charge", "late interest and indemnities: computed, claimed, waived", false},
	{2, "limitation", "the time left to sue, and what interrupts it", false},
	{2, "insolvency", "collective procedures of customers, and claims declared", false},
	{2, "registry", "the interface of a public register", false},
	{2, "paper", "the documents that we write, as letters", false},
	{2, "post", "letters that a person or a provider posts", false},
	{2, "notice", "formal notices: checked, approved, followed", false},
	{2, "call", "telephone calls: scripts, outcomes, limits of negotiation", false},
	{2, "dossier", "completeness, evidence, the file that others receive", false},
	{2, "handover", "routes, and claims handed to an agency or a commissaire de justice", false},
	{2, "mandate", "acting for another creditor", false},
	{2, "bank", "statements and their entries, as they came", false},
	{2, "match", "which item an entry pays, and why", true},
	{2, "advice", "remittance advices: what customers say that a payment pays", false},
	{2, "cash", "entries applied to the books: proposed, allocated, undone", false},
	{2, "freshness", "how old the newest word of each source is", false},
	{2, "lifecycle", "statuses of electronic invoices, and what they do", false},
	{2, "ingest", "documents from other systems, recognised and applied", false},
	{2, "ingest/apply", "what was read becomes books, and can be undone", false},
	{2, "ingest/delimited", "cells of a delimited text", false},
	{2, "ingest/charset", "which encoding a text is in", false},
	{2, "ingest/xmltree", "an XML document under limits", false},
	{2, "journal", "the append-only, hash-chained record", false},
	{2, "user", "people and their rights", false},

	{3, "bank/*", "CAMT, MT940, CFONB 120, OFX…", false},
	{3, "lifecycle/*", "folders and platforms that exchange statuses…", false},
	{3, "channel/*", "e-mail, the outbox of the demonstration…", false},
	{3, "ingest/*", "tables, workbooks, FEC, electronic invoices…", false},
	{3, "registry/*", "BODACC…", false},

	{4, "cli", "one file per verb", false},
	{4, "job", "the queue, the schedule and the workers", false},
	{4, "web", "the pages", false},

	{5, "app", "configuration, the lists of drivers, New, Run, Stop", false},
	{5, "demo", "the synthetic company and its payers", false},
}

// onlyHere are modules that one room alone knows, so that they can be replaced.
var onlyHere = map[string]string{
	"github.com/riverqueue/": "job",
}

// impure are the packages that a pure room has no use for: it is given what it
// needs, as values.
var impure = []string{
	"database/sql", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "syscall",
}

// listed is what the go command says of one package.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string

	TestImports, XTestImports []string
}

const (
	module = "acquit/"
	inside = module + "internal/"
)

// house lists the packages of the module once for all tests.
var house = sync.OnceValues(func() ([]listed, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, p)
	}
})

// packages are those below internal that have code of their own.
func packages(t *testing.T) []listed {
	t.Helper()
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(p listed) bool {
		return !strings.HasPrefix(p.ImportPath, inside) || len(p.GoFiles) == 0
	})
}

// roomOf is the line of the table for a package below internal: the longest
// path that matches, where a driver is any folder below its kind but the suite
// that tests the kind.
func roomOf(importPath string) (room, bool) {
	name, ok := strings.CutPrefix(importPath, inside)
	if !ok {
		return room{}, false
	}
	var best room
	found := false
	for _, r := range rooms {
		base, drivers := strings.CutSuffix(r.path, "/*")
		in := name == base && !drivers || strings.HasPrefix(name, base+"/")
		if drivers && isSuite(name) {
			in = false
		}
		if in && (!found || len(r.path) > len(best.path)) {
			best, found = r, true
		}
	}
	return best, found
}

// isSuite tells whether a package exists for tests only: dbtest, channeltest
// and what lies below them.
func isSuite(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(s string) bool { return strings.HasSuffix(s, "test") })
}

func TestEveryPackageIsInARoom(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if _, ok := roomOf(p.ImportPath); !ok {
			t.Errorf("%s has no line in the table of rooms: give it one, with its floor", p.ImportPath)
		}
	}
}

func TestRoomsImportOnlyTheirFloorAndBelow(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		from, ok := roomOf(p.ImportPath)
		if !ok {
			continue // told by the test above
		}
		for _, i := range p.Imports {
			to, ok := roomOf(i)
			if ok && to.floor > from.floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", p.ImportPath, from.floor, i, to.floor)
			}
			if ok && isSuite(i) && !isSuite(p.ImportPath) {
				t.Errorf("%s imports %s, which is for tests only", p.ImportPath, i)
			}
		}
	}
}

func TestPureRoomsNeverReachTheDatabase(t *testing.T) {
	t.Parallel()
	imports := map[string][]string{}
	for _, p := range packages(t) {
		imports[p.ImportPath] = p.Imports
	}
	for _, p := range packages(t) {
		if r, _ := roomOf(p.ImportPath); !r.pure || isSuite(p.ImportPath) {
			continue
		}
		if way := reach(imports, p.ImportPath, inside+"db", nil); way != nil {
			t.Errorf("a pure room reaches the database: %s", strings.Join(way, " → "))
		}
		for _, i := range p.Imports {
			if slices.Contains(impure, i) {
				t.Errorf("%s is pure and imports %s", p.ImportPath, i)
			}
		}
	}
}

// reach is one way of imports from a package to target, or nil.
func reach(imports map[string][]string, from, target string, seen []string) []string {
	if from == target {
		return []string{target}
	}
	if slices.Contains(seen, from) {
		return nil
	}
	for _, i := range imports[from] {
		if way := reach(imports, i, target, append(seen, from)); way != nil {
			return append([]string{from}, way...)
		}
	}
	return nil
}

func TestPureRoomsReadNoClock(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if r, _ := roomOf(p.ImportPath); !r.pure || isSuite(p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && readsClock(s) {
					t.Errorf("%s: a pure room is given the day, it does not look", files.Position(s.Pos()))
				}
				return true
			})
		}
	}
}

func readsClock(s *ast.SelectorExpr) bool {
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "Tick"}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains(clock, s.Sel.Name)
}

func TestSomeModulesAreKnownToOneRoomOnly(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, i := range p.Imports {
			for prefix, owner := range onlyHere {
				if r, _ := roomOf(p.ImportPath); strings.HasPrefix(i, prefix) && r.path != owner {
					t.Errorf("%s imports %s: only %s may", p.ImportPath, i, owner)
				}
			}
		}
	}
}

// TestPropertiesDrawTheSameCases: what fails here fails for everybody.
func TestPropertiesDrawTheSameCases(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		tests := slices.Concat(p.TestImports, p.XTestImports)
		if slices.Contains(tests, "pgregory.net/rapid") && !slices.Contains(tests, inside+"propertytest") {
			t.Errorf("the tests of %s import rapid without %spropertytest, which seeds it", p.ImportPath, inside)
		}
	}
}

// TestOnlyTheListOfDriversNamesDrivers: adding a channel or a format is one
// folder and one line of app/drivers.go. The demonstration may name them too,
// and a driver may build on another of its kind.
func TestOnlyTheListOfDriversNamesDrivers(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		from, _ := roomOf(p.ImportPath)
		for _, i := range p.Imports {
			to, _ := roomOf(i)
			switch {
			case !strings.HasSuffix(to.path, "/*"), from.path == to.path, from.path == "demo", isSuite(p.ImportPath):
			case from.path != "app":
				t.Errorf("%s names the driver %s: only app/drivers.go may", p.ImportPath, i)
			default:
				for _, file := range filesImporting(t, p, i) {
					if file != "drivers.go" {
						t.Errorf("app/%s names the driver %s: that belongs in drivers.go", file, i)
					}
				}
			}
		}
	}
}

func filesImporting(t *testing.T, p listed, importPath string) []string {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(p.GoFiles), func(name string) bool {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		names := func(s *ast.ImportSpec) bool { return s.Path.Value == `"`+importPath+`"` }
		return !slices.ContainsFunc(f.Imports, names)
	})
}

// update writes the table into ARCHITECTURE.md: go test ./internal -update.
var update = flag.Bool("update", false, "write the table of rooms into ARCHITECTURE.md")

const (
	architecture = "../ARCHITECTURE.md"
	tableBegins  = "<!-- the table of rooms begins: written by go test ./internal -update -->\n"
	tableEnds    = "<!-- the table of rooms ends -->\n"
)

func TestArchitecturePrintsTheTable(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, okBegin := strings.Cut(string(b), tableBegins)
	got, after, okEnd := strings.Cut(rest, tableEnds)
	if !okBegin || !okEnd {
		t.Fatalf("%s has lost the marks between which the table stands:\n%s%s", architecture, tableBegins, tableEnds)
	}
	want := table()
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("%s shows another table than the one tested: run go test ./internal -update", architecture)
	}
	if err := os.WriteFile(architecture, []byte(before+tableBegins+want+tableEnds+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table is the rooms as Markdown, one table per floor, from the top.
func table() string {
	var b strings.Builder
	for floor, name := range slices.Backward(floors) {
		fmt.Fprintf(&b, "**Floor %d, %s**%s\n\n", floor, name, below(floor))
		b.WriteString("| Room | What it holds | |\n|---|---|---|\n")
		for _, r := range rooms {
			if r.floor == floor {
				fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.path, r.what, remark(r))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func below(floor int) string {
	if floor == 0 {
		return ": may import each other, and nothing else of ours."
	}
	return fmt.Sprintf(": may import each other and floors 0 to %d.", floor-1)
}

func remark(r room) string {
	var remarks []string
	if r.pure {
		remarks = append(remarks, "pure")
	}
	if strings.HasSuffix(r.path, "/*") {
		remarks = append(remarks, "named by `app/drivers.go` only")
	}
	for prefix, owner := range onlyHere {
		if owner == r.path {
			remarks = append(remarks, "alone imports `"+path.Clean(prefix)+"`")
		}
	}
	return strings.Join(remarks, ", ")
}

// TestRulesPointAtCode: a rule that is said to be implemented, wholly or partly,
// names a place that exists, and no other does.
func TestRulesPointAtCode(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	rules := 0
	for n, line := range strings.Split(string(b), "\n") {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 4 || cells[2] == "Status" {
			continue
		}
		rules++
		place := strings.Trim(cells[3], " |`")
		status, _, _ := strings.Cut(cells[2], ":")
		_, err := os.Stat(filepath.Join("..", place))
		switch {
		case status == "no" && place == "—":
		case (status == "yes" || status == "partly") && err == nil && place != "":
		default:
			t.Errorf("docs/rules.md:%d: %q at %q: a rule is yes or partly with a place that exists, or no with —",
				n+1, cells[2], place)
		}
	}
	if rules == 0 {
		t.Error("docs/rules.md has no rules")
	}
}
