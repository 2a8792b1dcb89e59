package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/insolvency"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

func (p *Program) insolvency() *cli.Command {
	return p.family("insolvency", "les procédures collectives", "collective procedures",
		p.listing(p.say("les procédures en cours, ou celles d’un client", "the procedures that go on, or a customer’s"), "acquit insolvency list", p.cases),
		&cli.Command{
			Name: "add", Usage: p.say("noter une procédure collective", "record a collective procedure"),
			Description: p.say("Les relances de ce qui a été fourni avant le jugement s’arrêtent, les intérêts aussi, et le délai de déclaration devient une tâche.",
				"Reminders of what was supplied before the judgment stop, interest too, and the time to declare becomes a task."),
			UsageText: "acquit insolvency add --customer C0042 --kind liquidation --judgment 2026-10-08 --published 2026-10-20",
			Flags: []cli.Flag{
				p.text("customer", p.say("code du client (obligatoire)", "customer’s code (required)")),
				p.text("kind",
					p.say("procédure (obligatoire) : ", "procedure (required): ")+joined(insolvency.Kinds())),
				p.text("judgment", p.say("jour du jugement AAAA-MM-JJ (obligatoire)", "day of the judgment YYYY-MM-DD (required)")),
				p.text("published", p.say("publication au BODACC AAAA-MM-JJ", "publication in the BODACC YYYY-MM-DD")),
				p.text("court", p.say("tribunal", "court")),
				p.text("office", p.say("mandataire ou liquidateur", "representative or liquidator")),
				p.flag("retention",
					p.say("biens vendus sous réserve de propriété", "goods sold under retention of title")),
				p.noteFlag(),
			},
			Action: p.doInsolvencyAdd,
		},
		p.ending("posted", p.say("noter que la déclaration est postée", "record that the declaration was posted"), "acquit insolvency posted ins_… --tracking 1A234",
			[]cli.Flag{p.text("tracking", p.say("numéro de suivi", "tracking number"))},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				return insolvency.Posted(ctx, r.tx, r.scope, id, today, c.String("tracking"), r.today)
			}),
		p.ending("end", p.say("clore une procédure", "close a procedure"), "acquit insolvency end ins_… --as mistake --reason homonyme",
			[]cli.Flag{
				p.text("as", p.say("comment (obligatoire) : ", "how (required): ")+joined(insolvency.Endings())),
				p.reasonFlag(),
			},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				as, err := p.need(c, "as")
				if err != nil {
					return err
				}
				why, err := p.need(c, "reason")
				if err != nil {
					return err
				}
				return insolvency.End(ctx, r.tx, r.scope, id, insolvency.Ending(as), today, why, r.today)
			}))
}

func (p *Program) doInsolvencyAdd(ctx context.Context, c *cli.Command) error {
	who, err := p.need(c, "customer")
	if err != nil {
		return err
	}
	kind, err := p.need(c, "kind")
	if err != nil {
		return err
	}
	judgment, err := p.needDay(c, "judgment")
	if err != nil {
		return err
	}
	published, err := p.day(c, "published")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, _ cal.Date) (string, error) {
		one := insolvency.Case{
			Customer: who, Kind: insolvency.Kind(kind), Judgment: judgment, Published: published,
			Court: c.String("court"), Office: insolvency.Office{Name: c.String("office")}, Retention: c.Bool("retention"), Note: c.String("note"),
		}
		err := insolvency.Record(ctx, r.tx, r.scope, &one, r.today)
		return one.ID, err
	})
}

type caseJSON struct {
	ID        string   `json:"id"`
	Customer  string   `json:"customer"`
	Kind      string   `json:"kind"`
	Judgment  cal.Date `json:"judgment"`
	Published *string  `json:"published"`
	Declared  *string  `json:"declared"`
	Ended     *string  `json:"ended"`
	Source    string   `json:"source"`
}

func (p *Program) cases(ctx context.Context, r room, who string, _ cal.Date) (l listed, err error) {
	var all []insolvency.Case
	if who != "" {
		all, err = insolvency.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = insolvency.Going(ctx, r.tx, r.scope)
	}
	if err != nil {
		return l, err
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.Customer)
	}
	n, err := r.names(ctx, ids, nil)
	list := []caseJSON{}
	for _, c := range all {
		list = append(list, caseJSON{
			c.ID, n.code(c.Customer), string(c.Kind), c.Judgment, dayJSON(c.Published), dayJSON(c.Declared),
			dayJSON(c.Ended), c.Source,
		})
	}
	return listed{map[string]any{"procedures": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			t.row(one.ID, one.Customer, all[i].Kind.In(p.lang), one.Judgment, all[i].Published, all[i].Declared)
		}
		t.endOr(p.nothingRecorded())
	}}, err
}

func (p *Program) registry() *cli.Command {
	return p.family("registry", "le registre public des procédures (BODACC)", "the public register of procedures (BODACC)",
		&cli.Command{
			Name: "check", Usage: p.say("chercher un client, ou tous ceux qui doivent quelque chose", "look up a customer, or all who owe something"),
			Description: p.say("Seul le SIREN sort de la machine. Une ouverture est notée, tout le reste demande à être lu par une personne.",
				"The SIREN alone leaves the machine. An opening is recorded; all else asks for a person to read it."),
			ArgsUsage: p.say("[CLIENT]", "[CUSTOMER]"), UsageText: "acquit registry check C0042\nacquit registry check",
			Action: p.doRegistryCheck,
		},
		&cli.Command{
			Name: "import", Usage: p.say("lire un fichier d’annonces", "read a file of announcements"),
			ArgsUsage: p.say("FICHIER…", "FILE…"), UsageText: "acquit registry import annonces.json",
			Action: p.doRegistryImport,
		})
}

// maxChecked bounds the customers that one command looks up.
const maxChecked = 1000

func (p *Program) doRegistryCheck(ctx context.Context, c *cli.Command) error {
	return p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		var list []insolvency.Watched
		var values setting.Values
		var today cal.Date
		err := b.DB.Read(ctx, func(tx *db.Tx) error {
			return enter(ctx, b, tx, s, func(r room) (err error) {
				if today, err = reminder.Today(ctx, tx, s); err != nil {
					return err
				}
				if values, err = setting.Load(ctx, tx, s.Creditor); err != nil {
					return err
				}
				if code := c.Args().First(); code != "" {
					who, err := p.customer(ctx, r, code)
					list = []insolvency.Watched{insolvency.Look(who)}
					return err
				}
				list, err = insolvency.Watch(ctx, tx, s, p.Registries[0].Name, "", today, maxChecked)
				return err
			})
		})
		if err != nil {
			return err
		}
		return p.lookUp(ctx, b, s, values, list, today)
	})
}

func (p *Program) lookUp(
	ctx context.Context, b *Books, s creditor.Scope, values setting.Values, list []insolvency.Watched, today cal.Date,
) error {
	var all []insolvency.Taken
	for _, d := range p.Registries {
		source, err := d.Open(values)
		if err != nil {
			return err
		}
		for _, w := range list {
			taken, err := insolvency.Check(ctx, b.DB, s, d.Name, source, w, today)
			if err != nil {
				return err
			}
			all = append(all, taken...)
		}
	}
	return p.tellTaken(all, len(list), 0)
}

// maxRegistryFile bounds a file of announcements, in bytes.
const maxRegistryFile = 8 << 20

func (p *Program) doRegistryImport(ctx context.Context, c *cli.Command) error {
	files, err := p.arguments(c)
	if err != nil {
		return err
	}
	var all []insolvency.Taken
	bad := 0
	err = p.write(ctx, c, func(r room) error {
		for _, name := range files {
			taken, rejected, err := p.takeFile(ctx, r, name)
			if err != nil {
				return err
			}
			all, bad = append(all, taken...), bad+rejected
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.tellTaken(all, 0, bad)
}

func (p *Program) takeFile(ctx context.Context, r room, name string) (all []insolvency.Taken, rejected int, err error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxRegistryFile {
		return nil, 0, &fault.Invalid{File: name, Message: fmt.Sprintf("ce fichier dépasse %d Mo", maxRegistryFile>>20)}
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, 0, &fault.Invalid{File: name, Message: "ce fichier ne se lit pas (" + err.Error() + ")"}
	}
	for _, d := range p.Registries {
		list, bad, err := d.Read(content)
		if err != nil {
			return nil, 0, err
		}
		for _, b := range bad {
			fmt.Fprintf(p.Err, "%s, %s %d : %s\n", name, p.say("annonce", "announcement"), b.Record, b.Reason)
		}
		taken, err := insolvency.Take(ctx, r.tx, r.scope, d.Name, list, r.today)
		if err != nil {
			return nil, 0, err
		}
		all, rejected = append(all, taken...), rejected+len(bad)
	}
	return all, rejected, nil
}

type takenJSON struct {
	Customer  string  `json:"customer"`
	ID        string  `json:"announcement"`
	Published *string `json:"published"`
	Title     string  `json:"title"`
	Meaning   string  `json:"meaning"`
	Did       string  `json:"did"` // recorded, held, asked, kept
	New       bool    `json:"new"`
}

func (p *Program) tellTaken(all []insolvency.Taken, asked, rejected int) error {
	list := []takenJSON{}
	for _, t := range all {
		list = append(list, takenJSON{
			t.Code, t.ID, dayJSON(t.Published), t.Title(), string(t.Meaning), string(t.Did), t.New,
		})
	}
	answer := map[string]any{"checked": asked, "rejected": rejected, "announcements": list}
	return p.answer(answer, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			t.row(one.Customer, one.ID, all[i].Published, one.Title, all[i].Meaning.In(p.lang), p.didWords(all[i].Did))
		}
		t.endOr(p.say("Aucune annonce ne concerne vos clients.", "No announcement is about your customers."))
	})
}

func (p *Program) didWords(d insolvency.Did) string {
	switch d {
	case insolvency.Recorded:
		return p.say("procédure notée", "procedure recorded")
	case insolvency.Held:
		return p.say("relances suspendues, à lire", "reminders held, to be read")
	case insolvency.Asked:
		return p.say("à lire", "to be read")
	}
	return p.say("gardée", "kept")
}
