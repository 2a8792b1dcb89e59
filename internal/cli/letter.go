package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/paper"
	"acquit/internal/user"
)

func (p *Program) letter() *cli.Command {
	return p.family("letter", "les lettres : échéancier, quittance, abandon, caution", "letters: agreement, receipt, waiver, guarantor",
		p.writing("agreement", p.say("l’échéancier convenu, à signer", "the plan agreed upon, to be signed"),
			p.say("ÉCHÉANCIER", "PLAN"), "acquit letter agreement pln_… --out echeancier.pdf",
			[]cli.Flag{
				p.flag("acceleration", p.say("tout devient exigible si une échéance manque", "all becomes payable if an instalment is missed")),
				&cli.IntFlag{
					Name: "notice", Usage: p.say("jours après mise en demeure (8)", "days after formal notice (8)"),
				},
			},
			func(ctx context.Context, c *cli.Command, r room, id string, day cal.Date) (letter.Letter, error) {
				return paper.Agreement(ctx, r.tx, r.scope, id, day, paper.Terms{
					Acceleration: c.Bool("acceleration"), NoticeDays: c.Int("notice"),
				})
			}),
		p.writing("receipt", p.say("la quittance d’un règlement", "the receipt of a payment"),
			p.say("RÈGLEMENT", "PAYMENT"), "acquit letter receipt VIR-20261115 --out quittance.pdf", nil,
			func(ctx context.Context, _ *cli.Command, r room, ref string, day cal.Date) (letter.Letter, error) {
				id, err := p.payment(ctx, r, ref)
				if err != nil {
					return letter.Letter{}, err
				}
				return paper.Receipt(ctx, r.tx, r.scope, id, day)
			}),
		p.writing("waiver", p.say("l’abandon de pénalités ou une remise", "a waiver of charges or a discount"),
			p.say("CLIENT", "CUSTOMER"), "acquit letter waiver C0042 --waive F2026-0871:interest:31.07 --out abandon.pdf",
			[]cli.Flag{
				p.texts("waive", p.say("FACTURE:QUOI:MONTANT ; quoi est interest, indemnity ou principal", "INVOICE:WHAT:AMOUNT; what is interest, indemnity or principal")),
				p.text("condition", p.say("à quelle condition", "on what condition")),
			}, p.waiver),
		p.writing("guarantor", p.say("l’information d’une caution", "the notice to a guarantor"),
			p.say("CAUTION", "GUARANTOR"), "acquit letter guarantor gua_… --yearly --out caution.pdf",
			[]cli.Flag{
				p.flag("yearly", p.say("l’information annuelle (C. civ. 2302), et non la défaillance (2303)", "the yearly notice (C. civ. 2302), not the default (2303)")),
			},
			func(ctx context.Context, c *cli.Command, r room, id string, day cal.Date) (letter.Letter, error) {
				duty := paper.Default
				if c.Bool("yearly") {
					duty = paper.Yearly
				}
				return paper.Inform(ctx, r.tx, r.scope, id, duty, nil, day)
			}),
		p.signature())
}

// writing is a verb that writes one letter into a file.
func (p *Program) writing(name, usage, args, example string, flags []cli.Flag,
	fn func(ctx context.Context, c *cli.Command, r room, ref string, day cal.Date) (letter.Letter, error),
) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, ArgsUsage: args, UsageText: example,
		Flags: append(flags, p.text("out", p.say("le fichier .pdf", "the .pdf file")), p.onFlag()),
		Action: func(ctx context.Context, c *cli.Command) error {
			ref, err := p.argument(c)
			if err != nil {
				return err
			}
			out, err := p.need(c, "out")
			if err != nil {
				return err
			}
			var l letter.Letter
			err = p.read(ctx, c, func(r room) error {
				day, err := p.dayOr(c, "on", r.today)
				if err != nil {
					return err
				}
				l, err = fn(ctx, c, r, ref, day)
				return err
			})
			if err != nil {
				return err
			}
			return p.writeLetter(out, l)
		},
	}
}

func (p *Program) writeLetter(path string, l letter.Letter) error {
	if err := p.create(path, func(w io.Writer) error { return letter.Write(w, l) }); err != nil {
		return err
	}
	return p.answer(map[string]string{"file": path}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("Écrit dans %s.\n", "Written to %s.\n"), path)
	})
}

// payment is the identifier of the payment of a number.
func (p *Program) payment(ctx context.Context, r room, ref string) (string, error) {
	found, err := ledger.Named(ctx, r.tx, r.scope, ref)
	if err != nil {
		return "", err
	}
	found = slices.DeleteFunc(found, func(d ledger.Document) bool { return d.Kind != ledger.Payment })
	switch len(found) {
	case 0:
		return "", fault.NotFound(p.say("règlement « %s »", "payment “%s”"), ref)
	case 1:
		return found[0].ID, nil
	}
	return "", wrong("", p.say("plusieurs règlements portent ce numéro : donner l’identifiant", "several payments bear this number: give the identifier"), found[0].ID)
}

func (p *Program) waiver(ctx context.Context, c *cli.Command, r room, ref string, day cal.Date) (letter.Letter, error) {
	who, err := p.customer(ctx, r, ref)
	if err != nil {
		return letter.Letter{}, err
	}
	w := paper.Waiver{Customer: who.ID, Condition: c.String("condition")}
	for _, text := range c.StringSlice("waive") {
		line, err := p.waived(ctx, r, who.ID, text)
		if err != nil {
			return letter.Letter{}, err
		}
		w.Lines = append(w.Lines, line)
	}
	return paper.WaiverLetter(ctx, r.tx, r.scope, w, day)
}

// waived reads FACTURE:interest:31.07.
func (p *Program) waived(ctx context.Context, r room, customer, text string) (paper.Waived, error) {
	const parts = 3
	said := strings.Split(text, ":")
	unreadable := wrong("waive", p.say("abandon illisible : ", "unreadable waiver: ")+text, "F2026-0871:interest:31.07")
	if len(said) != parts {
		return paper.Waived{}, unreadable
	}
	what := paper.What(said[1])
	if what != paper.WaivedInterest && what != paper.WaivedIndemnity && what != paper.WaivedPrincipal {
		return paper.Waived{}, unreadable
	}
	found, err := ledger.Named(ctx, r.tx, r.scope, said[0])
	if err != nil {
		return paper.Waived{}, err
	}
	i := slices.IndexFunc(found, func(d ledger.Document) bool {
		return d.Kind == ledger.Invoice && d.Customer == customer
	})
	if i < 0 {
		return paper.Waived{}, fault.NotFound(p.say("facture « %s » de ce client", "invoice “%s” of this customer"),
			said[0])
	}
	amount, err := p.amountIn("waive", said[2], found[i].Amount.Currency)
	return paper.Waived{Invoice: found[i].ID, What: what, Amount: amount}, err
}

// signature keeps or drops the image that stands above signatures.
func (p *Program) signature() *cli.Command {
	return &cli.Command{
		Name: "signature", Usage: p.say("l’image de la signature des lettres", "the image that signs letters"),
		ArgsUsage: p.say("[IMAGE]", "[IMAGE]"),
		UsageText: "acquit letter signature claire.png --person claire@atelier-dupont.example\nacquit letter signature --drop",
		Flags: []cli.Flag{
			p.text("person", p.say("adresse de la personne ; sans elle, pour toutes", "the person’s address; without it, for all")),
			p.flag("drop", p.say("retirer l’image", "take the image away")), p.onFlag(),
		},
		Action: p.doSignature,
	}
}

func (p *Program) doSignature(ctx context.Context, c *cli.Command) error {
	var image []byte
	if !c.Bool("drop") {
		path, err := p.argument(c)
		if err != nil {
			return err
		}
		if image, err = os.ReadFile(path); err != nil {
			return p.file("", path, err)
		}
	}
	return p.record(ctx, c, func(r room, _ cal.Date) (string, error) {
		person := ""
		if email := c.String("person"); email != "" {
			who, err := user.ByEmail(ctx, r.tx, email)
			if err != nil {
				return "", err
			}
			person = who.ID
		}
		if c.Bool("drop") {
			return person, paper.DropSignature(ctx, r.tx, r.scope, person)
		}
		return person, paper.KeepSignature(ctx, r.tx, r.scope, person, image)
	})
}
