package cli

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/dossier"
)

// shownHandouts is how many past archives a list shows.
const shownHandouts = 100

func (p *Program) dossierList() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: p.say("les pièces d’un client et les archives déjà faites", "a customer’s pieces and the archives made so far"),
		ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit dossier list C0042", Action: p.doDossierList,
	}
}

type evidenceJSON struct {
	ID        string       `json:"id"`
	Kind      dossier.Kind `json:"kind"`
	Name      string       `json:"name"`
	On        cal.Date     `json:"on"`
	Size      int64        `json:"size"`
	SHA256    string       `json:"sha256"`
	Invoices  []string     `json:"invoices"`
	Note      string       `json:"note"`
	Withdrawn *string      `json:"withdrawn"`
	Reason    string       `json:"reason"`
}

type handoutJSON struct {
	ID        string   `json:"id"`
	On        cal.Date `json:"on"`
	MadeAt    *string  `json:"made_at"`
	Recipient string   `json:"recipient"`
	Name      string   `json:"name"`
	SHA256    string   `json:"sha256"`
	Size      int64    `json:"size"`
	Percent   int      `json:"percent"`
}

func (p *Program) doDossierList(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	pieces, made := []evidenceJSON{}, []handoutJSON{}
	err = p.read(ctx, c, func(r room) error {
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return err
		}
		if pieces, err = piecesOf(ctx, r, who.ID); err != nil {
			return err
		}
		list, err := dossier.Handouts(ctx, r.tx, r.scope, who.ID, shownHandouts)
		for _, h := range list {
			made = append(made, handoutJSON{
				h.ID, h.On, instantJSON(h.At), h.Recipient, h.Name, h.SHA256, h.Size,
				h.Percent,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"evidence": pieces, "archives": made}, func(w io.Writer) {
		p.tellPieces(w,
			pieces, made)
	})
}

func piecesOf(ctx context.Context, r room, customer string) ([]evidenceJSON, error) {
	list, err := dossier.EvidenceOf(ctx, r.tx, r.scope, customer)
	if err != nil {
		return nil, err
	}
	var documents []string
	for _, e := range list {
		documents = append(documents, e.Documents...)
	}
	n, err := r.names(ctx, nil, documents)
	pieces := []evidenceJSON{}
	for _, e := range list {
		pieces = append(pieces, evidenceJSON{
			e.ID, e.Kind, e.Name, e.On, e.Size, e.SHA256, n.numbers(e.Documents), e.Note,
			instantJSON(e.WithdrawnAt), e.WithdrawnWhy,
		})
	}
	return pieces, err
}

func (p *Program) tellPieces(w io.Writer, pieces []evidenceJSON, made []handoutJSON) {
	t := p.table(w)
	for _, e := range pieces {
		state := ""
		if e.Withdrawn != nil {
			state = p.say("retirée : ", "withdrawn: ") + e.Reason
		}
		t.row(e.ID, e.Kind.In(p.lang), e.On, e.Name, state)
	}
	t.endOr(p.say("Aucune pièce n’est versée.", "No piece was added."))
	t = p.table(w)
	for _, h := range made {
		t.row(h.ID, h.On, number(p.lang.Int(h.Percent)+"\u202f%"), h.Name, h.Recipient, h.SHA256)
	}
	t.endOr(p.say("Aucune archive n’est faite.", "No archive was made."))
}
