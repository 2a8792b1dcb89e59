package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/dossier"
	"acquit/internal/handover"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

func (p *Program) handover() *cli.Command {
	return p.family("handover", "confier des créances à une agence, un commissaire de justice ou un avocat", "claims handed to an agency, a commissaire de justice or a lawyer",
		p.listing(p.say("les transmissions en cours, ou celles d’un client", "the hand-overs that go on, or a customer’s"), "acquit handover list", p.handovers),
		p.handoverPartners(), p.handoverPartner(), p.handoverPrepare(), p.handoverHand(),
		p.ending("recall", p.say("reprendre ce qui a été préparé ou confié", "take back what was prepared or handed over"), "acquit handover recall hnd_… --reason \"accord trouvé\"",
			[]cli.Flag{p.reasonFlag()},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				return handover.Recall(ctx, r.tx, r.scope, id, c.String("reason"), today)
			}),
		p.ending("note", p.say("noter ce que l’intermédiaire rapporte", "record what the partner reports"), "acquit handover note hnd_… --status collected --amount 250.00",
			[]cli.Flag{
				p.text("status", p.say("état : ", "status: ")+joined(handover.Statuses())),
				p.amountFlag("montant encaissé par lui", "amount that it collected"), p.noteFlag(),
			}, p.doHandoverNote),
		p.ending("remit", p.say("noter un reversement", "record a remittance"), "acquit handover remit hnd_… --amount 250.00 --fee 25.00",
			[]cli.Flag{
				p.amountFlag("encaissé (brut)", "collected (gross)"),
				p.text("fee", p.say("commission retenue", "fee kept")),
				p.text("payment", p.say("encaissement des livres qu’il constitue", "payment of the books that it is")),
				p.text("reference", p.say("référence du bordereau", "reference of the slip")),
			}, p.doHandoverRemit),
		p.ending("declare", p.say("déclarer à l’intermédiaire ce qui a été reçu directement", "declare to the partner what was received directly"), "acquit handover declare hnd_… --way mail",
			[]cli.Flag{&cli.StringFlag{Name: "way", Value: handover.ByLetter, Usage: p.say("mail, letter ou phone", "mail, letter or phone")}},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				_, err := handover.Declare(ctx, r.tx, r.scope, id, c.String("way"), today)
				return err
			}),
		p.ending("certify", p.say("garder le certificat d’irrécouvrabilité", "keep the certificate of irrecoverability"), "acquit handover certify hnd_… --file certificat.pdf",
			[]cli.Flag{p.text("file", p.say("le fichier reçu", "the file received"))}, p.doHandoverCertify),
		p.ending("close", p.say("clore une transmission", "close a hand-over"), "acquit handover close hnd_… --outcome paid",
			[]cli.Flag{p.text("outcome", p.say("issue : ", "outcome: ")+joined(handover.Outcomes())), p.noteFlag()},
			func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
				return handover.Close(ctx, r.tx, r.scope, id, handover.Outcome(c.String("outcome")),
					c.String("note"), today)
			}),
		p.handoverProposals(),
		&cli.Command{
			Name:      "dismiss",
			Usage:     p.say("écarter une proposition jusqu’à un jour", "set a proposal aside until a day"),
			ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit handover dismiss C0042 --until 2026-12-31 --reason \"plan en cours\"",
			Flags: []cli.Flag{
				p.text("until", p.say("dernier jour AAAA-MM-JJ", "last day YYYY-MM-DD")), p.reasonFlag(), p.onFlag(),
			},
			Action: p.doHandoverDismiss,
		})
}

func (p *Program) handoverPartner() *cli.Command {
	return &cli.Command{
		Name: "partner", Usage: p.say("ajouter un intermédiaire", "add a partner"), ArgsUsage: p.say("NOM", "NAME"),
		UsageText: "acquit handover partner \"Recouvrement du Nord\" --kind agency --rate 12.5 --mandate CV-12",
		Flags: []cli.Flag{
			p.text("kind", p.say("sorte : ", "kind: ")+joined(handover.PartnerKinds())), p.text("siren", "SIREN"),
			p.text("street", p.say("rue", "street")), p.text("postal-code", p.say("code postal", "postal code")),
			p.text("city", p.say("ville", "city")), p.text("contact", p.say("interlocuteur", "contact")),
			p.text("email", p.say("courriel", "e-mail")), p.text("phone", p.say("téléphone", "telephone")),
			p.text("rate", p.say("commission en pour cent de ce qui est encaissé", "fee in percent of what is collected")),
			p.text("fixed", p.say("forfait par dossier", "fixed fee per file")),
			p.text("mandate", p.say("référence de la convention écrite", "reference of the written agreement")),
			p.noteFlag(), p.onFlag(),
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			name, err := p.argument(c)
			if err != nil {
				return err
			}
			rate, err := handover.ParseRate(c.String("rate"))
			if err != nil {
				return err
			}
			fixed, err := p.amount(c, "fixed", money.EUR)
			if err != nil {
				return err
			}
			return p.record(ctx, c, func(r room, _ cal.Date) (string, error) {
				one := handover.Partner{
					Kind: handover.PartnerKind(c.String("kind")), Name: name, SIREN: c.String("siren"),
					Street: c.String("street"), PostalCode: c.String("postal-code"), City: c.String("city"),
					Contact: c.String("contact"), Email: c.String("email"), Phone: c.String("phone"), Terms: handover.Terms{Rate: rate, Fixed: fixed.Minor}, Mandate: c.String("mandate"),
					Note: c.String("note"),
				}
				err := handover.AddPartner(ctx, r.tx, r.scope, &one)
				return one.ID, err
			})
		},
	}
}

func (p *Program) handoverPartners() *cli.Command {
	return &cli.Command{
		Name: "partners", Usage: p.say("les intermédiaires", "the partners"), UsageText: "acquit handover partners",
		Action: func(ctx context.Context, c *cli.Command) error {
			type partnerJSON struct {
				ID      string               `json:"id"`
				Kind    handover.PartnerKind `json:"kind"`
				Name    string               `json:"name"`
				SIREN   string               `json:"siren"`
				Terms   string               `json:"terms"`
				Mandate string               `json:"mandate"`
			}
			list := []partnerJSON{}
			err := p.read(ctx, c, func(r room) error {
				all, err := handover.Partners(ctx, r.tx, r.scope)
				for _, one := range all {
					list = append(list, partnerJSON{
						one.ID, one.Kind, one.Name, one.SIREN, one.Terms.In(p.lang, money.EUR), one.Mandate,
					})
				}
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(map[string]any{"partners": list}, func(w io.Writer) {
				t := p.table(w)
				for _, one := range list {
					t.row(one.ID, one.Name, one.Kind.In(p.lang), one.Terms, one.Mandate)
				}
				t.endOr(p.nothingRecorded())
			})
		},
	}
}

func (p *Program) handoverPrepare() *cli.Command {
	return &cli.Command{
		Name: "prepare", Usage: p.say("préparer une transmission", "prepare a hand-over"),
		ArgsUsage: p.say("CLIENT", "CUSTOMER"), Description: p.say("Par défaut, tout ce qui est échu et n’est pas contesté en entier. Rien ne part et les relances continuent.",
			"By default, all that is overdue and not disputed as a whole. Nothing leaves and reminders go on."),
		UsageText: "acquit handover prepare C0042 --invoice F2026-0871",
		Flags: []cli.Flag{
			p.texts("invoice", p.say("facture à confier, par défaut tout ce qui est échu", "invoice to hand over, by default all that is overdue")),
			p.text("partner", p.say("intermédiaire", "partner")), p.noteFlag(), p.onFlag(),
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			who, err := p.argument(c)
			if err != nil {
				return err
			}
			return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
				h, err := handover.Prepare(ctx, r.tx, r.scope, handover.Preparing{
					Customer: who, Invoices: c.StringSlice("invoice"), Partner: c.String("partner"),
					Note: c.String("note"),
				}, today)
				return h.ID, err
			})
		},
	}
}

func (p *Program) handoverHand() *cli.Command {
	return p.ending("hand", p.say("confier ce qui est préparé : le dossier est figé, les relances s’arrêtent", "hand over what is prepared: the dossier is frozen, reminders stop"),
		"acquit handover hand hnd_… --partner \"Recouvrement du Nord\"",
		[]cli.Flag{
			p.text("partner", p.say("intermédiaire", "partner")),
			p.text("mandate", p.say("référence de la convention", "reference of the agreement")),
		},
		func(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
			h, err := handover.Find(ctx, r.tx, r.scope, id)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			made, err := dossier.Write(ctx, r.tx, r.scope, dossier.Request{Customers: []string{h.Customer}, Day: today},
				&b)
			if err != nil {
				return err
			}
			_, err = handover.Hand(ctx, r.tx, r.scope, id, handover.Handing{
				Partner: c.String("partner"), Mandate: c.String("mandate"),
				Dossier: &ledger.File{Name: made.Name, MediaType: "application/zip", Content: b.Bytes()},
			}, today)
			return err
		})
}

func (p *Program) doHandoverNote(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
	h, err := handover.Find(ctx, r.tx, r.scope, id)
	if err != nil {
		return err
	}
	amount, err := p.amount(c, "amount", h.Currency)
	if err != nil {
		return err
	}
	return handover.Tell(ctx, r.tx, r.scope, &handover.Feedback{
		Handover: id, On: today, Status: handover.Status(c.String("status")), Amount: amount, Text: c.String("note"),
	}, r.today)
}

func (p *Program) doHandoverRemit(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
	h, err := handover.Find(ctx, r.tx, r.scope, id)
	if err != nil {
		return err
	}
	gross, err := p.amount(c, "amount", h.Currency)
	if err != nil {
		return err
	}
	fee, err := p.amount(c, "fee", h.Currency)
	if err != nil {
		return err
	}
	if fee.Currency == "" {
		fee = money.Zero(h.Currency)
	}
	return handover.Remit(ctx, r.tx, r.scope, &handover.Remittance{
		Handover: id, On: today, Gross: gross, Fee: fee, Payment: c.String("payment"), Reference: c.String("reference"),
	}, r.today)
}

func (p *Program) doHandoverCertify(ctx context.Context, c *cli.Command, r room, id string, today cal.Date) error {
	path, err := p.need(c, "file")
	if err != nil {
		return err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return p.file("file", path, err)
	}
	return handover.Certify(ctx, r.tx, r.scope, id, ledger.File{
		Name: filepath.Base(path), MediaType: "application/octet-stream", Content: content,
	}, today)
}

func (p *Program) doHandoverDismiss(ctx context.Context, c *cli.Command) error {
	who, err := p.argument(c)
	if err != nil {
		return err
	}
	until, err := p.needDay(c, "until")
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		return who, handover.Dismiss(ctx, r.tx, r.scope, who, c.String("reason"), until, today)
	})
}

func (p *Program) handoverProposals() *cli.Command {
	return &cli.Command{
		Name: "proposals", Usage: p.say("les clients que des signaux désignent", "the customers that signals point at"),
		UsageText: "acquit handover proposals",
		Action: func(ctx context.Context, c *cli.Command) error {
			type proposalJSON struct {
				Customer string         `json:"customer"`
				Overdue  string         `json:"overdue"`
				Currency money.Currency `json:"currency"`
				Since    cal.Date       `json:"since"`
				Signals  []string       `json:"signals"`
			}
			list := []proposalJSON{}
			err := p.read(ctx, c, func(r room) error {
				all, err := handover.Proposals(ctx, r.tx, r.scope, r.today, shown)
				if err != nil {
					return err
				}
				ids := make([]string, len(all))
				for i, one := range all {
					ids[i] = one.Customer
				}
				n, err := r.names(ctx, ids, nil)
				for _, one := range all {
					x := proposalJSON{
						n.code(one.Customer), one.Overdue.Decimal(), one.Overdue.Currency, one.First, []string{},
					}
					for _, s := range one.Signals {
						x.Signals = append(x.Signals, s.Text(p.lang))
					}
					list = append(list, x)
				}
				return err
			})
			if err != nil {
				return err
			}
			return p.answer(map[string]any{"proposals": list}, func(w io.Writer) {
				t := p.table(w)
				for _, one := range list {
					for _, s := range one.Signals {
						t.row(one.Customer, one.Overdue, s)
					}
				}
				t.endOr(p.say("Aucune proposition.", "No proposal."))
			})
		},
	}
}

type handoverJSON struct {
	ID        string           `json:"id"`
	Customer  string           `json:"customer"`
	Partner   string           `json:"partner"`
	State     handover.State   `json:"state"`
	Outcome   handover.Outcome `json:"outcome"`
	Invoices  []string         `json:"invoices"`
	Principal string           `json:"principal"`
	Interest  string           `json:"interest"`
	Indemnity string           `json:"indemnity"`
	Open      string           `json:"open"`
	ToDeclare string           `json:"to_declare"`
	Currency  money.Currency   `json:"currency"`
	Dossier   string           `json:"dossier_sha256"`
	Handed    *string          `json:"handed"`
}

func (p *Program) handovers(ctx context.Context, r room, who string, _ cal.Date) (l listed, err error) {
	var all []handover.Handover
	if who != "" {
		all, err = handover.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = handover.All(ctx, r.tx, r.scope, handover.Filter{
			States: []handover.State{handover.Prepared, handover.Handed}, Limit: shown,
		})
	}
	if err != nil {
		return l, err
	}
	ids := make([]string, len(all))
	for i, h := range all {
		ids[i] = h.Customer
	}
	n, err := r.names(ctx, ids, nil)
	if err != nil {
		return l, err
	}
	list := []handoverJSON{}
	for _, h := range all {
		received, err := handover.Receipts(ctx, r.tx, r.scope, h)
		if err != nil {
			return l, err
		}
		sums := h.Sums()
		one := handoverJSON{
			h.ID, n.code(h.Customer), h.Partner, h.State, h.Outcome,
			[]string{},
			sums.Principal.Decimal(), sums.Interest.Decimal(),
			sums.Indemnity.Decimal(), sums.Open.Decimal(),
			handover.Sum(handover.ToDeclare(received), h.Currency).Decimal(), h.Currency,
			h.Dossier, dayJSON(h.HandedOn),
		}
		for _, i := range h.Items {
			one.Invoices = append(one.Invoices, i.Number)
		}
		list = append(list, one)
	}
	return listed{map[string]any{"handovers": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			t.row(one.ID, one.Customer, one.State.In(p.lang), all[i].Sums().Total, one.ToDeclare, all[i].HandedOn)
		}
		t.endOr(p.nothingRecorded())
	}}, nil
}
