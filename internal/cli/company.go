package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/identifier"
	"acquit/internal/journal"
	"acquit/internal/money"
)

func (p *Program) company() *cli.Command {
	return p.family("company", "l’identité de la société et où les clients paient", "the company’s identity and where customers pay",
		&cli.Command{
			Name: "show", Usage: p.say("l’identité et les comptes bancaires", "the identity and the bank accounts"),
			UsageText: "acquit company show", Action: p.doCompanyShow,
		},
		&cli.Command{
			Name: "set", Usage: p.say("changer l’identité", "change the identity"),
			ArgsUsage:   p.say("CHAMP=VALEUR…", "FIELD=VALUE…"),
			Description: p.say("Champs : ", "Fields: ") + strings.Join(identityFields(&creditor.Creditor{}).names(), ", ") + ".",
			UsageText:   "acquit company set phone=\"03 20 00 00 00\" city=Lille", Action: p.doCompanySet,
		},
		&cli.Command{
			Name: "bank", Usage: p.say("ajouter un compte bancaire, ou le retirer", "add a bank account, or take it out of use"), ArgsUsage: "IBAN",
			UsageText: "acquit company bank \"FR76 3000 6000 0112 3456 7890 189\" --bic AGRIFRPP",
			Flags: []cli.Flag{
				p.text("bic", "BIC"), p.text("holder", p.say("titulaire, par défaut la société",
					"holder, the company by default")),
				&cli.StringFlag{Name: "currency", Usage: p.say("devise", "currency"), Value: string(money.EUR)},
				p.flag("end", p.say("ne plus l’utiliser", "use it no more")),
			},
			Action: p.doCompanyBank,
		})
}

// fields are the texts of an identity by their names.
type fields []struct {
	name string
	into *string
}

func identityFields(c *creditor.Creditor) fields {
	return fields{
		{"name", &c.Name},
		{"legal_form", &c.LegalForm},
		{"capital", &c.Capital},
		{"siren", &c.SIREN},
		{"siret", &c.SIRET},
		{"vat_id", &c.VATID},
		{"register", &c.Register},
		{"street", &c.Street},
		{"postal_code", &c.PostalCode},
		{"city", &c.City},
		{"country", &c.Country},
		{"email", &c.Email},
		{"phone", &c.Phone},
		{"website", &c.Website},
	}
}

func (f fields) names() []string {
	list := make([]string, len(f))
	for i, one := range f {
		list[i] = one.name
	}
	return list
}

type companyJSON struct {
	creditor.Creditor
	Accounts []creditor.Account `json:"accounts"`
}

func (p *Program) doCompanyShow(ctx context.Context, c *cli.Command) error {
	var out companyJSON
	err := p.read(ctx, c, func(r room) (err error) {
		if out.Creditor, err = creditor.Find(ctx, r.tx, r.scope); err != nil {
			return err
		}
		out.Accounts, err = creditor.Accounts(ctx, r.tx, r.scope)
		return err
	})
	if err != nil {
		return err
	}
	out.Accounts = append([]creditor.Account{}, out.Accounts...)
	return p.answer(out, func(w io.Writer) {
		t := p.table(w)
		for _, f := range identityFields(&out.Creditor) {
			t.row(f.name, *f.into)
		}
		for _, a := range out.Accounts {
			t.row("iban", strings.Join([]string{a.IBAN, a.BIC, string(a.Currency), a.Holder}, "  "))
		}
		t.end()
	})
}

type identityJSON struct {
	creditor.Creditor
	Warnings []string `json:"warnings"`
}

func (p *Program) doCompanySet(ctx context.Context, c *cli.Command) error {
	args, err := p.arguments(c)
	if err != nil {
		return err
	}
	var after creditor.Creditor
	err = p.write(ctx, c, func(r room) error {
		if after, err = creditor.Find(ctx, r.tx, r.scope); err != nil {
			return err
		}
		known := identityFields(&after)
		for _, a := range args {
			name, value, ok := strings.Cut(a, "=")
			at := slices.Index(known.names(), name)
			if !ok || at < 0 {
				return wrong("", p.say("champ inconnu : ", "unknown field: ")+a, strings.Join(known.names(), ", "))
			}
			*known[at].into = value
		}
		return creditor.Update(ctx, r.tx, r.scope, after, journal.Write)
	})
	if err != nil {
		return err
	}
	return p.answer(identityJSON{after, p.doubts(after)}, func(w io.Writer) {
		fmt.Fprintf(w, p.say("L’identité de « %s » est changée.\n", "The identity of “%s” is changed.\n"), after.Name)
		p.tellDoubts(w, p.doubts(after))
	})
}

func (p *Program) doCompanyBank(ctx context.Context, c *cli.Command) error {
	iban, err := p.argument(c)
	if err != nil {
		return err
	}
	currency, err := money.ParseCurrency(c.String("currency"))
	if err != nil {
		return usage(err)
	}
	var id string
	err = p.write(ctx, c, func(r room) error {
		if c.Bool("end") {
			id, err = endAccount(ctx, r, iban)
			return err
		}
		us, err := creditor.Find(ctx, r.tx, r.scope)
		if err != nil {
			return err
		}
		a := creditor.Account{
			Holder: p.orEnv(c.String("holder"), "", us.Name), IBAN: iban, BIC: c.String("bic"),
			Currency: currency,
		}
		a, err = creditor.AddAccount(ctx, r.tx, r.scope, a, journal.Write)
		id = a.ID
		return err
	})
	if err != nil {
		return err
	}
	return p.recorded(id)
}

// endAccount takes the account of an IBAN out of use.
func endAccount(ctx context.Context, r room, iban string) (string, error) {
	list, err := creditor.Accounts(ctx, r.tx, r.scope)
	if err != nil {
		return "", err
	}
	bare := strings.ToUpper(strings.ReplaceAll(iban, " ", ""))
	for _, a := range list {
		if a.IBAN == bare {
			return a.ID, creditor.EndAccount(ctx, r.tx, r.scope, a.ID, journal.Write)
		}
	}
	return "", wrong("", "IBAN : "+iban, "acquit company show")
}

// doubts are what looks mistyped in a company's identity, and may be right all
// the same.
func (p *Program) doubts(c creditor.Creditor) []string {
	list := []string{}
	for _, r := range []identifier.Result{
		identifier.SIREN(c.SIREN), identifier.SIRET(c.SIRET), identifier.VAT(c.VATID),
	} {
		if r.Verdict == identifier.Suspicious {
			list = append(list, r.Why.In(p.lang))
		}
	}
	return list
}

func (p *Program) tellDoubts(w io.Writer, list []string) {
	for _, doubt := range list {
		fmt.Fprintf(w, p.say("Attention : %s\n", "Warning: %s\n"), doubt)
	}
}
