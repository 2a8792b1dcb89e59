package cli

import (
	"context"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/law/fr"
	"acquit/internal/statute"
)

func (p *Program) law() *cli.Command {
	return p.family("law", "les taux et paramètres légaux de la société", "the company’s legal rates and parameters",
		&cli.Command{
			Name: "list", Usage: p.say("les chiffres, leur source et leur validité", "the figures, their source and validity"),
			ArgsUsage: p.say("[CLÉ]", "[KEY]"), UsageText: "acquit law list\nacquit law list ecb_rate", Action: p.doLawList,
		},
		&cli.Command{
			Name: "set", Usage: p.say("remplacer ou ajouter un chiffre", "replace or add a figure"),
			Description: p.say("Le chiffre d’Acquit reste connu ; le vôtre compte pendant sa validité. Sans --value, le vôtre est retiré.",
				"The program’s own figure stays known; yours counts while it is valid. Without --value yours is taken back."),
			ArgsUsage: p.say("CLÉ", "KEY"),
			UsageText: "acquit law set ecb_rate --semester 2027-S1 --value 2.65 --source \"BCE\" --read 2027-01-04 --verified\n" +
				"acquit law set fixed_indemnity --value 40 --from 2027-01-01 --source \"C. com. D441-5\"",
			Flags: []cli.Flag{
				p.text("value", p.say("valeur, telle que 2.65 (taux en %), 40.00 (euros), 30 (jours)", "value, such as 2.65 (rate in %), 40.00 (euros), 30 (days)")),
				p.text("semester",
					p.say("semestre d’un taux, tel que 2027-S1", "half-year of a rate, such as 2027-S1")),
				p.text("from", p.say("premier jour de validité AAAA-MM-JJ", "first day of validity YYYY-MM-DD")),
				p.text("to", p.say("dernier jour de validité, compris", "last day of validity, included")),
				p.text("source", p.say("l’arrêté, la décision ou l’article", "the order, decision or article")),
				p.text("read", p.say("jour où la source a été lue, par défaut aujourd’hui", "day on which the source was read, today by default")),
				p.flag("verified", p.say("lu dans le texte officiel", "read in the official text")),
				p.noteFlag(),
			},
			Action: p.doLawSet,
		})
}

type figureJSON struct {
	Key        string   `json:"key"`
	Label      string   `json:"label"`
	Semester   *string  `json:"semester"`
	Value      string   `json:"value"`
	Unit       string   `json:"unit"`
	From       *string  `json:"from"`
	To         *string  `json:"to"`
	Source     string   `json:"source"`
	ReadOn     cal.Date `json:"read_on"`
	Confidence string   `json:"confidence"`
	Verified   bool     `json:"verified"`
	Own        bool     `json:"own"`      // the company’s, over the program’s
	Replaced   bool     `json:"replaced"` // another figure holds in its place
}

func (p *Program) doLawList(ctx context.Context, c *cli.Command) error {
	list := []figureJSON{}
	var rows []statute.Row
	err := p.read(ctx, c, func(r room) (err error) {
		rows, err = statute.Rows(ctx, r.tx, r.scope)
		return err
	})
	if err != nil {
		return err
	}
	key := c.Args().First()
	shown := rows[:0]
	for _, row := range rows {
		if key != "" && row.Key != key {
			continue
		}
		shown = append(shown, row)
		one := figureJSON{
			row.Key, fr.Label(row.Key).In(p.lang), nil, row.Value, row.Unit, dayJSON(row.From),
			dayJSON(row.To), row.Source, row.Read, row.Confidence, row.Verified(), row.Own != nil, row.Replaced,
		}
		if s := row.Semester(); s != "" {
			one.Semester = &s
		}
		list = append(list, one)
	}
	if key != "" && len(list) == 0 {
		return wrong("", p.say("chiffre inconnu : ", "unknown figure: ")+key, "acquit law list")
	}
	return p.answer(map[string]any{"figures": list}, func(w io.Writer) { p.tellFigures(w, shown) })
}

func (p *Program) tellFigures(w io.Writer, rows []statute.Row) {
	t := p.table(w)
	t.row(p.say("Clé", "Key"), p.say("Valeur", "Value"), p.say("Du", "From"), p.say("au", "to"),
		p.say("Source", "Source"), p.say("Lu le", "Read on"), "")
	for _, row := range rows {
		var marks []string
		if !row.Verified() {
			marks = append(marks, p.say("à vérifier", "to verify"))
		}
		if row.Own != nil {
			marks = append(marks, p.say("de la société", "the company’s"))
		}
		if row.Replaced {
			marks = append(marks, p.say("remplacé", "replaced"))
		}
		t.row(row.Key, statute.Show(row.Figure, p.lang), row.From, row.To, row.Source, row.Read,
			strings.Join(marks, ", "))
	}
	t.end()
}

func (p *Program) doLawSet(ctx context.Context, c *cli.Command) error {
	key, err := p.argument(c)
	if err != nil {
		return err
	}
	change := statute.Change{Checked: c.Bool("verified"), Note: c.String("note")}
	change.Key, change.Source = key, c.String("source")
	if err := p.validity(c, &change.Figure); err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		law, err := statute.Load(ctx, r.tx, r.scope)
		if err != nil {
			return "", err
		}
		unit, err := law.UnitOf(key)
		if err != nil {
			return "", err
		}
		if c.IsSet("value") {
			if change.Value, err = statute.Read(c.String("value"), unit); err != nil {
				return "", err
			}
		}
		if change.Read, err = p.dayOr(c, "read", today); err != nil {
			return "", err
		}
		err = statute.Set(ctx, r.tx, r.scope, &change)
		return change.ID, err
	})
}

// validity reads the days of a figure: those of a semester, or from and to.
func (p *Program) validity(c *cli.Command, f *fr.Figure) (err error) {
	if text := c.String("semester"); text != "" {
		f.From, err = fr.SemesterStart(text)
		return err
	}
	if f.From, err = p.day(c, "from"); err != nil {
		return err
	}
	f.To, err = p.day(c, "to")
	return err
}
