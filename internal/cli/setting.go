package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/journal"
	"acquit/internal/setting"
)

func (p *Program) setting() *cli.Command {
	name := p.say("NOM", "NAME")
	return &cli.Command{
		Name: "setting", Usage: p.say("les réglages de la société", "the company’s settings"),
		Commands: []*cli.Command{
			{
				Name: "list", Usage: p.say("tous les réglages et leur valeur", "all settings and their values"),
				UsageText: "acquit setting list",
				Action:    p.doSettingList,
			},
			{
				Name: "get", Usage: p.say("la valeur d’un réglage", "the value of a setting"), ArgsUsage: name,
				UsageText: "acquit setting get smtp_host", Action: p.doSettingGet,
			},
			{
				Name: "set", Usage: p.say("changer des réglages", "change settings"),
				ArgsUsage: p.say("NOM=VALEUR…", "NAME=VALUE…"),
				Description: p.say("Un nom seul demande sa valeur : au terminal sans la montrer, sinon sur l’entrée. C’est ainsi qu’un mot de passe n’entre pas dans l’historique du terminal. NOM= revient à la valeur de départ.",
					"A name alone asks for its value: at a terminal without showing it, else from the input. That way a password stays out of the shell’s history. NAME= goes back to the default."),
				UsageText: "acquit setting set smtp_host=smtp.dupont.example smtp_port=465 smtp_security=tls\nacquit setting set smtp_password < mot-de-passe.txt",
				Action:    p.doSettingSet,
			},
		},
	}
}

type settingJSON struct {
	Name  string `json:"name"`
	Group string `json:"group"`
	Label string `json:"label"`
	Value string `json:"value"` // as it is stored; of a secret, whether there is one
	IsSet bool   `json:"is_set"`
}

func (p *Program) doSettingList(ctx context.Context, c *cli.Command) error {
	fields, list, err := p.settings(ctx, c)
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"settings": list}, func(w io.Writer) { p.listSettings(w, fields) })
}

// settings are all of them, as people write them and as programs do.
func (p *Program) settings(ctx context.Context, c *cli.Command) (
	fields []setting.Field, list []settingJSON, err error,
) {
	err = p.read(ctx, c, func(r room) error {
		v, err := creditor.Settings(ctx, r.tx, r.scope)
		if err != nil {
			return err
		}
		fields = setting.All().Form(v, p.lang)
		for _, f := range fields {
			one := settingJSON{f.Name, string(f.Group), f.Label.In(p.lang), v.Text(f.Definition), f.IsSet}
			if f.Kind == setting.KindSecret {
				one.Value = f.Value
			}
			list = append(list, one)
		}
		return nil
	})
	return fields, list, err
}

func (p *Program) listSettings(w io.Writer, fields []setting.Field) {
	t := p.table(w)
	var group setting.Group
	for _, f := range fields {
		if f.Group != group {
			group = f.Group
			t.row("")
			t.row(group.Title().In(p.lang))
		}
		t.row("  "+f.Name, oneLine(f.Value), f.Label.In(p.lang))
	}
	t.end()
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", ", ") }

func (p *Program) doSettingGet(ctx context.Context, c *cli.Command) error {
	name, err := p.argument(c)
	if err != nil {
		return err
	}
	d, err := setting.All().Find(name)
	if err != nil {
		return usage(err)
	}
	fields, list, err := p.settings(ctx, c)
	if err != nil {
		return err
	}
	for i, f := range fields {
		if f.Name == d.Name {
			return p.answer(list[i], func(w io.Writer) { fmt.Fprintln(w, f.Value) })
		}
	}
	return nil
}

func (p *Program) doSettingSet(ctx context.Context, c *cli.Command) error {
	wishes, err := p.wishes(ctx, c)
	if err != nil {
		return err
	}
	var changes []setting.Change
	err = p.write(ctx, c, func(r room) (err error) {
		changes, err = creditor.Configure(ctx, r.tx, r.scope, setting.All(), r.Box, wishes, journal.Write)
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"changes": append([]setting.Change{}, changes...)}, func(w io.Writer) {
		t := p.table(w)
		for _, ch := range changes {
			d, _ := setting.All().Find(ch.Name) // it has just been found and changed
			t.row(ch.Name, oneLine(d.Show(ch.Before, p.lang)), "→", oneLine(d.Show(ch.After, p.lang)))
		}
		t.end()
		if len(changes) == 0 {
			fmt.Fprintln(w, p.say("Rien n’a changé.", "Nothing has changed."))
		}
	})
}

// wishes are the settings that the arguments name, with their values.
func (p *Program) wishes(ctx context.Context, c *cli.Command) (map[string]string, error) {
	args, err := p.arguments(c)
	if err != nil {
		return nil, err
	}
	wishes := map[string]string{}
	for _, a := range args {
		name, value, given := strings.Cut(a, "=")
		d, err := setting.All().Find(name)
		if err != nil {
			return nil, usage(err)
		}
		switch {
		case !given:
			if value, err = p.ask(ctx, d); err != nil {
				return nil, err
			}
		case value == "" && d.Kind == setting.KindSecret:
			value = setting.Forget
		}
		wishes[d.Name] = value
	}
	return wishes, nil
}

// maxAnswer bounds what is read as the value of a setting: a private key in PEM
// is a hundred times smaller.
const maxAnswer = 256 << 10

// ask reads the value of a setting: a line at a terminal, unseen when it is a
// secret, else all of the input.
func (p *Program) ask(ctx context.Context, d setting.Definition) (string, error) {
	if !isTerminal(p.In) {
		b, err := io.ReadAll(io.LimitReader(p.In, maxAnswer))
		return strings.TrimRight(string(b), "\r\n"), err
	}
	fmt.Fprintf(p.Err, p.say("%s : ", "%s: "), d.Label.In(p.lang))
	if d.Kind == setting.KindSecret {
		defer p.unseen(ctx)()
	}
	in := bufio.NewScanner(p.In)
	if !in.Scan() {
		return "", errors.Join(in.Err(), wrong(d.Name, p.say("il manque une valeur", "a value is missing"), ""))
	}
	return in.Text(), nil
}

// unseen keeps a terminal from showing what is typed, until the function it
// gives is called. Where stty is missing, what is typed is seen.
func (p *Program) unseen(ctx context.Context) func() {
	tty, ok := p.In.(*os.File)
	if !ok || stty(ctx, tty, "-echo") != nil {
		return func() {}
	}
	return func() {
		_ = stty(context.WithoutCancel(ctx), tty, "echo") // a terminal that took -echo takes echo
		fmt.Fprintln(p.Err)
	}
}

func stty(ctx context.Context, tty *os.File, mode string) error {
	cmd := exec.CommandContext(ctx, "stty", mode)
	cmd.Stdin = tty
	return cmd.Run()
}
