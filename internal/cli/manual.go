package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/i18n"
)

// Manual is the page of the guide about the command line, in French, as
// Markdown. It is made of the very words of the help.
func (p *Program) Manual() string {
	p.lang = i18n.FR
	root := p.root()
	var b strings.Builder
	b.WriteString("# La ligne de commande\n\n" + wrap(spaced(manualIntro), manualWidth) + "\n")
	fmt.Fprintf(&b, "\n## %s\n\n", p.say("Partout", "Everywhere"))
	manualFlags(&b, p, root.Flags)
	title := ""
	for _, c := range root.Commands {
		if c.Hidden {
			continue
		}
		if c.Category != title {
			title = c.Category
			fmt.Fprintf(&b, "\n## %s\n", title)
		}
		p.manualOf(&b, "acquit", c)
	}
	return b.String()
}

const manualWidth = 120

const manualIntro = `Tout ce que fait l’écran, la ligne de commande le fait aussi. Cette page est écrite par le programme : ce sont les mots de ` + "`acquit help`" + `.

Les options se placent avant ou après la commande et ses arguments. Les jours s’écrivent AAAA-MM-JJ. Avec ` + "`--json`" + `, chaque commande répond par un seul objet ; les montants y sont des textes avec un point (« 1234.50 ») à côté de leur devise, et les listes vides sont ` + "`[]`" + `. Les erreurs vont sur la sortie d’erreur, en une phrase, ou avec ` + "`--json`" + ` en une ligne ` + "`{\"error\":{…}}`" + `.

` + "Le code de sortie est 0 quand tout va bien, 1 quand quelque chose ne va pas dans les données ou n’a pas abouti, " +
	"2 quand la commande est mal écrite."

// manualOf writes a command and those below it.
func (p *Program) manualOf(b *strings.Builder, above string, c *cli.Command) {
	name := above + " " + c.Name
	if len(c.Commands) > 0 {
		fmt.Fprintf(b, "\n### `%s`\n\n%s.\n", name, sentence(c.Usage))
		for _, sub := range c.Commands {
			p.manualOf(b, name, sub)
		}
		return
	}
	level := "###"
	if above != "acquit" {
		level = "####"
	}
	line := strings.TrimSpace(name + " " + c.ArgsUsage)
	fmt.Fprintf(b, "\n%s `%s`\n\n%s.\n", level, line, sentence(c.Usage))
	if c.Description != "" {
		fmt.Fprintf(b, "\n%s\n", wrap(c.Description, manualWidth))
	}
	if len(c.Flags) > 0 {
		b.WriteByte('\n')
		manualFlags(b, p, c.Flags)
	}
	fmt.Fprintf(b, "\n```console\n$ %s\n```\n", strings.ReplaceAll(c.UsageText, "\n", "\n$ "))
}

func manualFlags(b *strings.Builder, p *Program, flags []cli.Flag) {
	b.WriteString("| Option | Ce qu’elle fait |\n|---|---|\n")
	for _, f := range flags {
		row := p.flagRow(f)
		fmt.Fprintf(b, "| `%s` | %s |\n", row[0], strings.ReplaceAll(row[1], "|", `\|`))
	}
}

// sentence begins with a capital letter.
func sentence(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
