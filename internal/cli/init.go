package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/founding"
	"acquit/internal/user"
)

func (p *Program) init() *cli.Command {
	return &cli.Command{
		Name: "init", Usage: p.say("ouvrir les comptes d’une société", "begin the books of a company"),
		Description: p.say("La raison sociale suffit. Sans elle, et devant un terminal, les questions sont posées une à une. Avec --user, la première personne reçoit un lien pour choisir son mot de passe.",
			"The name is enough. Without it, at a terminal, the questions are asked one by one. With --user the first person gets a link to choose a password."),
		UsageText: `acquit init --name "Atelier Dupont"
acquit init --name "Atelier Dupont" --siret 73282932000074 --iban "FR76 3000…" --user claire@dupont.example`,
		Flags: []cli.Flag{
			p.text("name", p.say("raison sociale", "company name")),
			p.text("siren", "SIREN"),
			p.text("siret", "SIRET"),
			p.text("vat", p.say("numéro de TVA", "VAT number")),
			p.text("legal-form", p.say("forme juridique : SARL, SAS…", "legal form: SARL, SAS…")),
			p.text("capital", p.say("capital, comme sur le papier à lettres : « 10 000 € »", "capital, as on its letters: “10 000 €”")),
			p.text("register", p.say("registre : « RCS Lille »", "register: “RCS Lille”")),
			p.text("street", p.say("rue", "street")),
			p.text("postal-code", p.say("code postal", "postal code")),
			p.text("city", p.say("ville", "city")),
			p.text("email", p.say("adresse électronique", "e-mail address")),
			p.text("phone", p.say("téléphone", "phone")),
			p.text("iban", p.say("IBAN sur lequel les clients paient", "IBAN that customers pay to")),
			p.text("bic", "BIC"),
			p.text("region", p.say("jours fériés : ", "public holidays: ")+regionNames()),
			p.text("user", p.say("adresse électronique de la première personne", "e-mail address of the first person")),
			p.text("user-name", p.say("nom de cette personne", "this person’s name")),
			p.urlFlag(),
		},
		Action: p.doInit,
	}
}

func regionNames() string {
	var names []string
	for _, r := range cal.Regions() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

type initJSON struct {
	Creditor string  `json:"creditor"`
	Name     string  `json:"name"`
	User     *string `json:"user"`
	Link     *string `json:"link"` // by which the user chooses a password

	Warnings []string `json:"warnings"`
}

func (p *Program) doInit(ctx context.Context, c *cli.Command) error {
	plan, err := p.foundingPlan(c)
	if err != nil {
		return err
	}
	b, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer b.DB.Close()
	var f founding.Founded
	err = b.DB.Write(ctx, func(tx *db.Tx) (err error) {
		f, err = founding.Found(ctx, tx, plan, creditor.ActorCLI)
		return err
	})
	if err != nil {
		return err
	}
	out := initJSON{Creditor: f.Creditor.ID, Name: f.Creditor.Name, Warnings: p.doubts(f.Creditor)}
	if f.Person.ID != "" {
		out.User = &f.Person.Email
		if !f.Person.HasPassword() {
			link := p.link(c, b, f.Person)
			out.Link = &link
		}
	}
	return p.answer(out, func(w io.Writer) { p.welcome(w, out) })
}

func (p *Program) welcome(w io.Writer, out initJSON) {
	fmt.Fprintf(w, p.say("Les comptes de « %s » sont ouverts.\n", "The books of “%s” are open.\n"), out.Name)
	p.tellDoubts(w, out.Warnings)
	if out.Link != nil {
		fmt.Fprintf(w, p.say("%s choisit son mot de passe ici (%d h) :\n  %s\n", "%s chooses a password here (%d h):\n  %s\n"),
			*out.User, int(user.LinkLife.Hours()), *out.Link)
	}
	fmt.Fprintln(w, p.say("Ensuite :", "Next:"))
	t := p.table(w)
	t.row("  acquit import …", p.say("les clients et les factures, tels que votre logiciel les exporte", "customers and invoices, as your accounting tool exports them"))
	t.row("  acquit setting set smtp_host=…", p.say("la messagerie par laquelle les relances partent", "the mail server by which reminders leave"))
	t.row("  acquit preview", p.say("qui serait relancé aujourd’hui, et pourquoi", "who would be reminded today, and why"))
	t.end()
}

// foundingPlan is what the flags say, or the answers at a terminal.
func (p *Program) foundingPlan(c *cli.Command) (founding.Plan, error) {
	region, err := cal.ParseRegion(c.String("region"))
	if err != nil {
		return founding.Plan{}, usage(err)
	}
	plan := founding.Plan{
		Creditor: creditor.Creditor{
			Name: c.String("name"), SIREN: c.String("siren"), SIRET: c.String("siret"), VATID: c.String("vat"),
			LegalForm: c.String("legal-form"), Capital: c.String("capital"), Register: c.String("register"),
			Street: c.String("street"), PostalCode: c.String("postal-code"), City: c.String("city"),
			Email: c.String("email"), Phone: c.String("phone"),
		},
		IBAN: c.String("iban"), BIC: c.String("bic"), Region: region,
		Person: user.Person{Email: c.String("user"), Name: c.String("user-name"), Language: string(p.lang)},
	}
	if plan.Creditor.Name != "" {
		return plan, nil
	}
	if !isTerminal(p.In) || p.json {
		_, err := p.need(c, "name")
		return plan, err
	}
	return plan, p.interview(&plan)
}

// interview asks for what a company needs to begin, one line each; an empty
// answer leaves what the flags said.
func (p *Program) interview(plan *founding.Plan) error {
	in := bufio.NewScanner(p.In)
	for _, q := range []struct {
		text string
		into *string
	}{
		{p.say("Raison sociale", "Company name"), &plan.Creditor.Name},
		{"SIRET", &plan.Creditor.SIRET},
		{p.say("Adresse électronique", "E-mail address"), &plan.Creditor.Email},
		{p.say("Téléphone", "Phone"), &plan.Creditor.Phone},
		{"IBAN", &plan.IBAN},
		{p.say("Adresse électronique de la première personne (facultatif)", "E-mail address of the first person (optional)"), &plan.Person.Email},
	} {
		fmt.Fprintf(p.Err, p.say("%s : ", "%s: "), q.text)
		if !in.Scan() {
			break
		}
		if text := strings.TrimSpace(in.Text()); text != "" {
			*q.into = text
		}
	}
	return in.Err()
}
