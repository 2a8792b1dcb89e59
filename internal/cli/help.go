package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v3"
)

// helpWidth is where the lines of the help end: two windows fit side by side on
// a laptop.
const helpWidth = 100

const helpName = "help"

func (p *Program) helpVerb() *cli.Command {
	return &cli.Command{
		Name: helpName, Usage: p.say("cette page, ou celle d’une commande", "this page, or that of a command"),
		ArgsUsage: p.say("[COMMANDE]", "[COMMAND]"), UsageText: "acquit help preview", Hidden: true,
		Action: func(_ context.Context, c *cli.Command) error {
			return p.helpOn(c.Root(), c.Args().Slice())
		},
	}
}

// helpOn prints the page of the command that the words lead to.
func (p *Program) helpOn(at *cli.Command, words []string) error {
	for _, name := range words {
		sub := at.Command(name)
		if sub == nil {
			return p.unknown(at, name)
		}
		at = sub
	}
	p.help(at)
	return nil
}

func (p *Program) versionVerb() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: p.say("la version du programme", "the program’s version"), UsageText: "acquit version",
		Hidden: true, Action: func(context.Context, *cli.Command) error { return p.tellVersion() },
	}
}

func (p *Program) tellVersion() error {
	return p.answer(map[string]string{"version": p.Version}, func(w io.Writer) {
		fmt.Fprintln(w, "acquit "+p.Version)
	})
}

// help prints the page of a command.
func (p *Program) help(c *cli.Command) {
	w := p.Out
	fmt.Fprintf(w, "%s – %s\n\n", c.FullName(), c.Usage)
	fmt.Fprintf(w, "%s%s\n", p.say("Usage : ", "Usage: "), p.usageLine(c))
	if c.Description != "" {
		fmt.Fprintf(w, "\n%s\n", wrap(c.Description, helpWidth))
	}
	for _, s := range p.sections(c) {
		fmt.Fprintf(w, "\n%s\n", s.title)
		columns(w, s.rows)
	}
	if c.UsageText != "" {
		fmt.Fprintf(w, "\n%s\n", p.exampleTitle(c))
		for line := range strings.SplitSeq(c.UsageText, "\n") {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
	if c.Root() == c {
		fmt.Fprintf(w, "\n%s\n", p.say("acquit help COMMANDE explique une commande, avec un exemple.", "acquit help COMMAND explains a command, with an example."))
	} else if len(c.Commands) == 0 {
		fmt.Fprintf(w, "\n%s\n", p.say("Et partout : --db --creditor --json --lang (voir acquit help).", "And everywhere: --db --creditor --json --lang (see acquit help)."))
	}
}

func (p *Program) exampleTitle(c *cli.Command) string {
	if strings.Contains(c.UsageText, "\n") {
		return p.say("Exemples", "Examples")
	}
	return p.say("Exemple", "Example")
}

func (p *Program) usageLine(c *cli.Command) string {
	words := []string{c.FullName()}
	if len(c.Commands) > 0 {
		words = append(words, p.say("COMMANDE", "COMMAND"))
	}
	if c.ArgsUsage != "" {
		words = append(words, c.ArgsUsage)
	}
	if len(c.Flags) > 0 {
		words = append(words, "[options]")
	}
	return strings.Join(words, " ")
}

// section is a list of the help: verbs or flags with what they do.
type section struct {
	title string
	rows  [][2]string
}

func (p *Program) sections(c *cli.Command) []section {
	var list []section
	for _, sub := range c.Commands {
		if sub.Hidden {
			continue
		}
		title := sub.Category
		if title == "" {
			title = p.say("Commandes", "Commands")
		}
		at := slices.IndexFunc(list, func(s section) bool { return s.title == title })
		if at < 0 {
			list, at = append(list, section{title: title}), len(list)
		}
		list[at].rows = append(list[at].rows, [2]string{sub.Name, sub.Usage})
	}
	flags := section{title: "Options"}
	if c.Root() == c {
		flags.title = p.say("Options communes", "Common options")
	}
	for _, f := range c.Flags {
		flags.rows = append(flags.rows, p.flagRow(f))
	}
	if len(flags.rows) > 0 {
		list = append(list, flags)
	}
	return list
}

// flagRow is a flag with its names, what it does and what it is when not given.
func (p *Program) flagRow(f cli.Flag) [2]string {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return [2]string{"--" + f.Names()[0], ""}
	}
	name, what := "--"+f.Names()[0], doc.GetUsage()
	if doc.TakesValue() {
		name += " …"
	}
	if v := strings.Trim(doc.GetValue(), `"`); doc.TakesValue() && doc.IsDefaultVisible() && v != "" && v != "0" && v != "[]" {
		what += p.say(" (par défaut ", " (default ") + v + ")"
	}
	return [2]string{name, what}
}

// columns writes names and what they are, in line, wrapped.
func columns(w io.Writer, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r[0]))
	}
	for _, r := range rows {
		text := wrap(r[1], helpWidth-width-4)
		text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", width+4))
		fmt.Fprintf(w, "  %s  %s\n", pad(r[0], width), text)
	}
}

// wrap breaks a text at spaces so that no line is longer than width; its own
// line breaks stay.
func wrap(s string, width int) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		at := 0
		for word := range strings.SplitSeq(line, " ") {
			n := utf8.RuneCountInString(word)
			switch {
			case at == 0:
			case at+1+n > width:
				b.WriteByte('\n')
				at = 0
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += n
		}
	}
	return b.String()
}

// pad fills s with spaces up to width characters.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}
