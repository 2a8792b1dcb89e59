package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/handover"
	"acquit/internal/law/fr"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/statute"
)

func (p *Program) route() *cli.Command {
	return &cli.Command{
		Name: "route", Usage: p.say("les voies ouvertes pour la créance d’un client, avec leurs conditions", "the ways open for a customer’s claim, with their conditions"),
		Description: p.say("Toutes les voies sont montrées à égalité : ce qui est rempli, ce qui manque, ce qui reste à dire. Rien n’est conseillé, une personne décide. Ce que les livres ne savent pas se dit par les options, et se retient avec --keep.",
			"All ways are shown alike: what is met, what is missing, what is to be told. Nothing is advised, a person decides. What the books do not know is told by the flags, and kept with --keep."),
		ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit route C0042 --debtor trader --attempted no",
		Flags: []cli.Flag{
			p.text("debtor", p.say("trader (commerçant), professional, association, consumer ou public", "trader, professional, association, consumer or public")),
			p.text("trader", p.say("la société est commerçante : yes ou no", "the company is a trader: yes or no")),
			p.text("certain", p.say("créance certaine, liquide et exigible : yes ou no", "claim certain, liquid and due: yes or no")),
			p.text("struck-off", p.say("débiteur radié : yes ou no", "debtor struck off: yes or no")),
			p.text("represented", p.say("un mandataire ad hoc le représente : yes ou no", "an ad hoc representative stands for it: yes or no")),
			p.text("noticed", p.say("mise en demeure faite : yes ou no", "formal notice sent: yes or no")),
			p.text("attempted", p.say("conciliation ou médiation tentée : yes ou no", "conciliation or mediation tried: yes or no")),
			p.text("instrument", p.say("impayé : cheque ou bill (effet)", "unpaid: cheque or bill")),
			&cli.BoolFlag{Name: "keep", Usage: p.say("retenir ce qui est dit", "keep what is told")},
			p.text("packet", p.say("écrire la requête en injonction de payer dans ce PDF", "write the request for a payment order into this PDF")),
			p.onFlag(),
		},
		Action: p.doRoute,
	}
}

type conditionJSON struct {
	Text   string  `json:"text"`
	Met    *string `json:"met"` // yes, no; null is not known
	Source string  `json:"source"`
}

type routeCostJSON struct {
	Text       string  `json:"text"`
	Low        *string `json:"low"`
	High       *string `json:"high"`
	Source     string  `json:"source"`
	Confidence string  `json:"confidence"`
	Note       string  `json:"note"`
}

type delayJSON struct {
	Time   string `json:"time"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

type routeJSON struct {
	Key        fr.RouteKey       `json:"route"`
	Title      string            `json:"title"`
	Conditions string            `json:"conditions_state"` // met, unknown, not_met
	Amount     string            `json:"amount"`
	Court      string            `json:"court"`
	Interrupts string            `json:"limitation"`
	Forms      []string          `json:"forms"`
	Needs      []conditionJSON   `json:"conditions"`
	Delays     []delayJSON       `json:"delays"`
	Costs      []routeCostJSON   `json:"costs"`
	Reasons    []routeReasonJSON `json:"reasons"`
}

type routeReasonJSON struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

type studyJSON struct {
	On       cal.Date       `json:"on"`
	Customer string         `json:"customer"`
	Debtor   fr.RouteDebtor `json:"debtor"`
	Guessed  bool           `json:"debtor_guessed"`
	Amount   string         `json:"amount"`
	Disputed string         `json:"disputed"`
	Currency money.Currency `json:"currency"`
	Expires  *string        `json:"limitation"`
	Routes   []routeJSON    `json:"routes"`
}

func (p *Program) doRoute(ctx context.Context, c *cli.Command) error {
	ref, err := p.argument(c)
	if err != nil {
		return err
	}
	var st handover.Study
	var packet *handover.Packet
	err = p.write(ctx, c, func(r room) error {
		st, err = p.study(ctx, c, r, ref)
		if err != nil || c.String("packet") == "" {
			return err
		}
		made, err := handover.Request(ctx, r.tx, r.scope, st, nil)
		packet = &made
		return err
	})
	if err != nil {
		return err
	}
	if packet != nil {
		if err := p.writePDF(c.String("packet"), packet.Letter); err != nil {
			return err
		}
	}
	return p.answer(p.studyJSON(st), func(w io.Writer) { p.tellRoutes(w, st) })
}

// study takes what was told and looks at the case; what is not kept counts this once.
func (p *Program) study(ctx context.Context, c *cli.Command, r room, ref string) (handover.Study, error) {
	var none handover.Study
	who, err := p.customer(ctx, r, ref)
	if err != nil {
		return none, err
	}
	day, err := p.dayOr(c, "on", r.today)
	if err != nil {
		return none, err
	}
	told, err := handover.ToldOf(ctx, r.tx, r.scope, who.ID)
	if err != nil {
		return none, err
	}
	p.hear(c, &told)
	if c.Bool("keep") {
		if err := handover.Tells(ctx, r.tx, r.scope, who.ID, told, r.today); err != nil {
			return none, err
		}
	}
	law, err := statute.Load(ctx, r.tx, r.scope)
	if err != nil {
		return none, err
	}
	return handover.With(ctx, r.tx, r.scope, law, who.ID, told, day)
}

func (p *Program) hear(c *cli.Command, t *handover.Told) {
	if c.IsSet("debtor") {
		t.Debtor = fr.RouteDebtor(c.String("debtor"))
	}
	if c.IsSet("instrument") {
		t.Instrument = fr.Instrument(c.String("instrument"))
	}
	for name, a := range map[string]*fr.Answer{
		"trader": &t.Creditor, "certain": &t.Certain, "struck-off": &t.StruckOff, "represented": &t.Represented,
		"noticed": &t.Noticed, "attempted": &t.Attempted,
	} {
		if c.IsSet(name) {
			*a = fr.Answer(c.String(name))
		}
	}
}

// writePDF writes one letter.
func (p *Program) writePDF(path string, l letter.Letter) error {
	var b bytes.Buffer
	if err := letter.Write(&b, l); err != nil {
		return err
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		return p.file("packet", path, err)
	}
	return nil
}

func (p *Program) studyJSON(st handover.Study) studyJSON {
	out := studyJSON{
		On: st.Day, Customer: st.Customer.Code, Debtor: st.Facts.Debtor, Guessed: st.Guessed,
		Amount: st.Facts.Amount.Decimal(), Disputed: st.Facts.Disputed.Decimal(), Currency: st.Facts.Amount.Currency,
		Expires: dayJSON(st.Facts.Expires), Routes: []routeJSON{},
	}
	for _, w := range st.Ways {
		out.Routes = append(out.Routes, p.routeJSON(w))
	}
	return out
}

func (p *Program) routeJSON(w fr.Route) routeJSON {
	one := routeJSON{
		Key: w.Key, Title: w.Title.In(p.lang), Conditions: string(w.Fit), Amount: w.For.Decimal(),
		Court: w.Court.In(p.lang), Interrupts: w.Interrupts.In(p.lang), Forms: append([]string{}, w.Forms...),
		Needs: []conditionJSON{}, Delays: []delayJSON{}, Costs: []routeCostJSON{}, Reasons: []routeReasonJSON{},
	}
	for _, n := range w.Conditions {
		met := string(n.Met)
		need := conditionJSON{n.Text.In(p.lang), &met, n.Source}
		if n.Met == fr.Unknown {
			need.Met = nil
		}
		one.Needs = append(one.Needs, need)
	}
	for _, d := range w.Delays {
		one.Delays = append(one.Delays, delayJSON{d.Time.In(p.lang), d.Text.In(p.lang), d.Source})
	}
	for _, c := range w.Costs {
		cost := routeCostJSON{
			Text: c.Text.In(p.lang), Source: c.Source, Confidence: c.Confidence, Note: c.Note.In(p.lang),
		}
		if c.Known {
			cost.Low, cost.High = amountJSON(c.Low), amountJSON(c.High)
		}
		one.Costs = append(one.Costs, cost)
	}
	for _, r := range w.Reasons {
		one.Reasons = append(one.Reasons, routeReasonJSON{r.Code, r.Text.In(p.lang)})
	}
	return one
}

func (p *Program) tellRoutes(w io.Writer, st handover.Study) {
	fmt.Fprintf(w, "%s : %s, %s\n", st.Customer.Name, st.Facts.Debtor.In(p.lang),
		st.Facts.Amount.Format(string(p.lang)))
	for _, way := range st.Ways {
		fmt.Fprintf(w, "\n%s : %s\n", way.Title.In(p.lang), way.Fit.In(p.lang))
		if way.Court.FR != "" {
			fmt.Fprintf(w, "  %s\n", way.Court.In(p.lang))
		}
		for _, n := range way.Conditions {
			mark := map[fr.Answer]string{fr.Yes: "+", fr.No: "-", fr.Unknown: "?"}[n.Met]
			fmt.Fprintf(w, "  %s %s (%s)\n", mark, n.Text.In(p.lang), n.Source)
		}
		for _, r := range way.Reasons {
			fmt.Fprintf(w, "    %s (%s)\n", r.Text.In(p.lang), r.Source)
		}
	}
}
