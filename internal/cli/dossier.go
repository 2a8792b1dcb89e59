package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/dossier"
)

func (p *Program) dossier() *cli.Command {
	family := p.family("dossier", "le dossier qui part chez une agence, un commissaire de justice ou un tribunal : acquit dossier CLIENT… --out FICHIER.zip",
		"the file for an agency, a commissaire de justice or a court: acquit dossier CUSTOMER… --out FILE.zip",
		p.dossierMake(), p.dossierScore(), p.dossierAdd(), p.dossierList(), p.dossierWithdraw())
	family.Flags, family.ArgsUsage, family.UsageText = p.dossierFlags(), p.customersArg(),
		"acquit dossier C0042 --out dossier.zip"
	family.Action = func(ctx context.Context, c *cli.Command) error {
		switch {
		case c.Args().Len() == 0 && c.String("out") == "":
			p.help(c)
			return nil
		case c.String("out") == "":
			return p.doDossierScore(ctx, c)
		}
		return p.doDossierMake(ctx, c)
	}
	return family
}

func (p *Program) customersArg() string { return p.say("CLIENT…", "CUSTOMER…") }

func (p *Program) routeFlag() cli.Flag {
	return p.text("route", p.say("voie : agency (agence) ou summons (assignation), par défaut aucune en particulier",
		"way: agency or summons, by default none in particular"))
}

func (p *Program) dossierFlags() []cli.Flag {
	return []cli.Flag{
		p.text("out", p.say("fichier .zip à écrire", "the .zip file to write")),
		p.text("recipient", p.say("pour qui : nom et adresse, séparés par des virgules", "for whom: name and address, between commas")),
		p.routeFlag(), p.onFlag(),
	}
}

func (p *Program) dossierMake() *cli.Command {
	return &cli.Command{
		Name: "make", Usage: p.say("préparer l’archive d’un ou plusieurs clients", "prepare the archive of one or several customers"),
		Description: p.say("L’archive contient tout ce que la société détient sur sa créance, et se vérifie sans Acquit : sha256sum -c SHA256SUMS, ou acquit verify. Elle est inscrite au journal avec son empreinte. « acquit dossier CLIENT --out FICHIER.zip » fait de même.",
			"The archive holds all that the company has on its claim, and can be checked without Acquit: sha256sum -c SHA256SUMS, or acquit verify. It is written to the journal with its fingerprint. “acquit dossier CUSTOMER --out FILE.zip” does the same."),
		ArgsUsage: p.customersArg(), UsageText: "acquit dossier make C0042 --out dossier.zip",
		Flags: p.dossierFlags(), Action: p.doDossierMake,
	}
}

type madeJSON struct {
	File      string         `json:"file"`
	On        cal.Date       `json:"on"`
	SHA256    string         `json:"sha256"`
	Size      int64          `json:"size"`
	Files     int            `json:"files"`
	Customers []dossierScore `json:"customers"`
}

type dossierScore struct {
	Customer string `json:"customer"`
	Percent  int    `json:"percent"`
}

func (p *Program) doDossierMake(ctx context.Context, c *cli.Command) error {
	refs, err := p.arguments(c)
	if err != nil {
		return err
	}
	out, err := p.need(c, "out")
	if err != nil {
		return err
	}
	if !strings.EqualFold(filepath.Ext(out), ".zip") {
		return wrong("out", p.say("un dossier est un .zip : ", "a dossier is a .zip: ")+out, firstExample(c))
	}
	var m dossier.Made
	var day cal.Date
	err = p.within(ctx, c, func(b *Books, s creditor.Scope) error {
		q, err := p.dossierRequest(ctx, c, refs)
		if err != nil {
			return err
		}
		day = q.Day
		m, err = p.makeFile(out, func(f *os.File) (dossier.Made, error) { return dossier.Make(ctx, b.DB, s, q, f) })
		return err
	})
	if err != nil {
		return err
	}
	answer := madeJSON{File: out, On: day, SHA256: m.SHA256, Size: m.Size, Files: m.Files, Customers: []dossierScore{}}
	for _, who := range m.Customers {
		answer.Customers = append(answer.Customers, dossierScore{who.Code, *who.Percent})
	}
	return p.answer(answer, func(w io.Writer) {
		for _, one := range answer.Customers {
			fmt.Fprintf(w, p.say("%s : dossier complet à %d %%\n", "%s: dossier %d%% complete\n"), one.Customer,
				one.Percent)
		}
		fmt.Fprintf(w, p.say("%d fichiers dans %s\nSHA-256 %s\n", "%d files in %s\nSHA-256 %s\n"), m.Files, out,
			m.SHA256)
	})
}

// makeFile writes a file beside its place and moves it there once it is whole.
func (p *Program) makeFile(path string, write func(*os.File) (dossier.Made, error)) (m dossier.Made, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".dossier-*.zip")
	if err != nil {
		return m, p.file("out", path, err)
	}
	m, err = write(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return m, errors.Join(err, os.Remove(f.Name()))
	}
	return m, nil
}

func (p *Program) dossierRequest(ctx context.Context, c *cli.Command, refs []string) (q dossier.Request, err error) {
	err = p.read(ctx, c, func(r room) error {
		if q.Day, err = p.dayOr(c, "on", r.today); err != nil {
			return err
		}
		for _, ref := range refs {
			who, err := p.customer(ctx, r, ref)
			if err != nil {
				return err
			}
			q.Customers = append(q.Customers, who.ID)
		}
		q.Recipient = c.String("recipient")
		route, err := p.choice(c, "route", "", string(dossier.Agency), string(dossier.Summons))
		q.Route = dossier.Route(route)
		return err
	})
	return q, err
}

func (p *Program) dossierScore() *cli.Command {
	return &cli.Command{
		Name: "score", Usage: p.say("dire ce qui manque au dossier d’un client, et combien chaque pièce compte",
			"tell what a customer’s dossier lacks, and how much each piece matters"),
		ArgsUsage: p.customersArg(), UsageText: "acquit dossier score C0042",
		Flags: []cli.Flag{p.routeFlag(), p.onFlag()}, Action: p.doDossierScore,
	}
}

type completeJSON struct {
	Customer string      `json:"customer"`
	Percent  int         `json:"percent"`
	Earned   int         `json:"earned"`
	Weight   int         `json:"weight"`
	Points   []pointJSON `json:"points"`
}

type pointJSON struct {
	Rank   int           `json:"rank"`
	Point  dossier.Point `json:"point"`
	Title  string        `json:"title"`
	State  dossier.State `json:"state"`
	Weight int           `json:"weight"`
	Earned int           `json:"earned"`
	Why    string        `json:"why"`
	Says   string        `json:"says"`
	Do     string        `json:"do"`
}

func (p *Program) doDossierScore(ctx context.Context, c *cli.Command) error {
	refs, err := p.arguments(c)
	if err != nil {
		return err
	}
	q, err := p.dossierRequest(ctx, c, refs)
	if err != nil {
		return err
	}
	list := []completeJSON{}
	err = p.read(ctx, c, func(r room) error {
		for i, id := range q.Customers {
			done, err := dossier.Complete(ctx, r.tx, r.scope, dossier.Query{Customer: id, Day: q.Day, Route: q.Route})
			if err != nil {
				return err
			}
			list = append(list, p.complete(refs[i], done))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"on": q.Day, "dossiers": list}, func(w io.Writer) {
		for _, one := range list {
			p.tellComplete(w, one)
		}
	})
}

func (p *Program) complete(code string, done dossier.Completeness) completeJSON {
	one := completeJSON{code, done.Percent, done.Earned, done.Weight, []pointJSON{}}
	for _, l := range done.Lines {
		one.Points = append(one.Points, pointJSON{
			l.Rank, l.Point, l.Title.In(p.lang), l.State, l.Weight, l.Earned, l.Why.In(p.lang), l.Says.In(p.lang),
			l.Do.In(p.lang),
		})
	}
	return one
}

func (p *Program) tellComplete(w io.Writer, one completeJSON) {
	fmt.Fprintf(w, p.say("%s : dossier complet à %d %% (%d points sur %d)\n", "%s: dossier %d%% complete (%d points of %d)\n"),
		one.Customer, one.Percent, one.Earned, one.Weight)
	t := p.table(w)
	for _, l := range one.Points {
		t.row(l.Rank, l.State.In(p.lang), number(fmt.Sprintf("%d/%d", l.Earned, l.Weight)), l.Title, l.Says)
	}
	t.end()
	for _, l := range one.Points {
		if l.Do != "" && l.Weight > l.Earned {
			fmt.Fprintf(w, "→ %s\n", l.Do)
		}
	}
}

func (p *Program) dossierAdd() *cli.Command {
	return &cli.Command{
		Name: "add", Usage: p.say("verser une pièce au dossier d’un client", "add a piece to a customer’s dossier"),
		Description: p.say("Le K-bis du créancier et le pouvoir du signataire servent tous les dossiers. Les octets sont gardés avec leur empreinte.",
			"The creditor’s company extract and the signatory’s power serve all dossiers. The bytes are kept with their fingerprint."),
		ArgsUsage: p.say("CLIENT FICHIER", "CUSTOMER FILE"), UsageText: "acquit dossier add C0042 bl-871.pdf --kind delivery --invoice F2026-0871",
		Flags: []cli.Flag{
			p.text("kind", p.say("genre (obligatoire) : ", "kind (required): ")+joined(dossier.Kinds())),
			p.texts("invoice", p.say("numéro de la facture ou de l’avoir dont il s’agit, plusieurs fois au besoin ; par défaut tous",
				"number of the invoice or credit note it is about, several times where needed; all by default")),
			p.text("on", p.say("jour que porte la pièce AAAA-MM-JJ, par défaut aujourd’hui", "day that the piece bears YYYY-MM-DD, today by default")),
			p.noteFlag(),
		},
		Action: p.doDossierAdd,
	}
}

func (p *Program) doDossierAdd(ctx context.Context, c *cli.Command) error {
	if c.Args().Len() != 2 {
		return wrong("", p.say("il faut ", "expected: ")+c.ArgsUsage, firstExample(c))
	}
	if _, err := p.need(c, "kind"); err != nil {
		return err
	}
	kind, err := p.choice(c, "kind", "", texts(dossier.Kinds())...)
	if err != nil {
		return err
	}
	path := c.Args().Get(1)
	content, err := p.readPiece(path)
	if err != nil {
		return err
	}
	var id string
	err = p.write(ctx, c, func(r room) error {
		who, err := p.customer(ctx, r, c.Args().First())
		if err != nil {
			return err
		}
		day, err := p.day(c, "on")
		if err != nil {
			return err
		}
		e := dossier.Evidence{
			Customer: who.ID, Kind: dossier.Kind(kind), Name: filepath.Base(path), On: day, Note: c.String("note"),
			Documents: c.StringSlice("invoice"),
		}
		err = dossier.AddEvidence(ctx, r.tx, r.scope, &e, content, r.today)
		id = e.ID
		return err
	})
	if err != nil {
		return err
	}
	return p.recorded(id)
}

// readPiece reads a file up to what a piece may have, and a byte more so that a
// larger one is refused and not cut.
func (p *Program) readPiece(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, p.file("", path, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, dossier.MaxPiece+1))
	if err != nil {
		return nil, p.file("", path, err)
	}
	return content, nil
}

func (p *Program) dossierWithdraw() *cli.Command {
	return &cli.Command{
		Name: "withdraw", Usage: p.say("retirer une pièce des dossiers à venir",
			"take a piece out of dossiers to come"),
		Description: p.say("La pièce reste gardée, avec le motif.", "The piece stays kept, with the reason."),
		ArgsUsage:   p.say("CLIENT ID", "CUSTOMER ID"), UsageText: "acquit dossier withdraw C0042 evd_… --reason doublon",
		Flags: []cli.Flag{p.reasonFlag()},
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Len() != 2 {
				return wrong("", p.say("il faut ", "expected: ")+c.ArgsUsage, firstExample(c))
			}
			why, err := p.need(c, "reason")
			if err != nil {
				return err
			}
			id := c.Args().Get(1)
			err = p.write(ctx, c, func(r room) error {
				who, err := p.customer(ctx, r, c.Args().First())
				if err != nil {
					return err
				}
				return dossier.Withdraw(ctx, r.tx, r.scope, who.ID, id, why)
			})
			if err != nil {
				return err
			}
			return p.recorded(id)
		},
	}
}
