package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/urfave/cli/v3"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/user"
)

// defaultAddr is where the screen is served unless told otherwise: on this
// machine alone.
const defaultAddr = "127.0.0.1:8080"

// passwordPath is where the screen lets the holder of a link choose a password.
const passwordPath = "mot-de-passe"

func (p *Program) urlFlag() cli.Flag {
	return p.text("base-url", p.say("adresse de l’écran dans les liens (sinon ACQUIT_BASE_URL, sinon http://", "address of the screen in links (else ACQUIT_BASE_URL, else http://")+defaultAddr+")")
}

// link is where a person chooses a password, once. Without the key of the
// installation there is none that its screen would take.
func (p *Program) link(c *cli.Command, b *Books, who user.Person) string {
	base := c.String("base-url")
	for _, other := range []string{p.Env("ACQUIT_BASE_URL"), "http://" + defaultAddr} {
		if base == "" {
			base = other
		}
	}
	return strings.TrimSuffix(base, "/") + "/" + passwordPath + "/" + url.PathEscape(b.links().Make(who, b.DB.Now()))
}

func (p *Program) user() *cli.Command {
	address := p.say("ADRESSE", "ADDRESS")
	rights := p.say("droits : read (lire), work (traiter), manage (diriger)", "rights: read, work, manage")
	return &cli.Command{
		Name: "user", Usage: p.say("les personnes et leurs droits", "people and their rights"),
		Commands: []*cli.Command{
			{
				Name: "list", Usage: p.say("qui travaille dans ces comptes", "who works in these books"),
				UsageText: "acquit user list",
				Action:    p.doUserList,
			},
			{
				Name: "add", Usage: p.say("inviter une personne", "invite a person"), ArgsUsage: address,
				Description: p.say("Une personne nouvelle reçoit un lien qui sert une fois, pour choisir son mot de passe.",
					"Somebody new gets a link that works once, to choose a password."),
				UsageText: "acquit user add paul@dupont.example --name \"Paul Roy\" --rights work",
				Flags: []cli.Flag{
					p.text("name", p.say("nom", "name")),
					&cli.StringFlag{Name: "rights", Usage: rights, Value: string(creditor.Work)},
					p.text("sender", p.say("adresse d’où partent ses messages",
						"address that their messages leave from")),
					p.urlFlag(),
				},
				Action: p.doUserAdd,
			},
			{
				Name: "password", Usage: p.say("un lien pour choisir un autre mot de passe", "a link to choose another password"), ArgsUsage: address,
				UsageText: "acquit user password paul@dupont.example", Flags: []cli.Flag{p.urlFlag()}, Action: p.doUserPassword,
			},
			{
				Name: "disable", Usage: p.say("empêcher une personne de se connecter, dans toutes les sociétés",
					"keep a person from signing in, in every company"), ArgsUsage: address,
				Description: p.say("Ses sessions ouvertes prennent fin ; ce qu’elle a fait reste à son nom.",
					"Open sessions end; what was done keeps its name."),
				UsageText: "acquit user disable paul@dupont.example", Action: p.doUserDisable,
			},
			{
				Name: "enable", Usage: p.say("laisser une personne se connecter de nouveau", "let a person sign in again"),
				ArgsUsage: address, UsageText: "acquit user enable paul@dupont.example", Action: p.doUserEnable,
			},
			{
				Name: "remove", Usage: p.say("retirer une personne de ces comptes",
					"take a person out of these books"), ArgsUsage: address,
				UsageText: "acquit user remove paul@dupont.example", Action: p.doUserRemove,
			},
		},
	}
}

type memberJSON struct {
	Email    string          `json:"email"`
	Name     string          `json:"name"`
	Rights   creditor.Rights `json:"rights"`
	Sender   string          `json:"sender"`
	Password bool            `json:"password"` // whether one was chosen
	Disabled bool            `json:"disabled"`
}

func (p *Program) doUserList(ctx context.Context, c *cli.Command) error {
	list := []memberJSON{}
	err := p.read(ctx, c, func(r room) error {
		all, err := user.Members(ctx, r.tx, r.scope)
		for _, m := range all {
			list = append(list, memberJSON{
				m.Email, m.Name, m.Rights, m.Sender, m.HasPassword(), !m.DisabledAt.IsZero(),
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]any{"users": list}, func(w io.Writer) {
		t := p.table(w)
		for _, m := range list {
			state := ""
			switch {
			case m.Disabled:
				state = p.say("ne peut plus se connecter", "can no longer sign in")
			case !m.Password:
				state = p.say("n’a pas encore de mot de passe", "has no password yet")
			}
			t.row(m.Email, m.Name, m.Rights, m.Sender, state)
		}
		t.endOr(p.say("Personne encore : acquit user add ADRESSE", "Nobody yet: acquit user add ADDRESS"))
	})
}

type linkJSON struct {
	Email string  `json:"email"`
	Link  *string `json:"link"` // null for somebody who has a password
}

func (p *Program) doUserAdd(ctx context.Context, c *cli.Command) error {
	address, err := p.argument(c)
	if err != nil {
		return err
	}
	rights, err := p.choice(c, "rights", "", string(creditor.Read), string(creditor.Work), string(creditor.Manage))
	if err != nil {
		return err
	}
	var out linkJSON
	err = p.write(ctx, c, func(r room) error {
		who, err := user.ByEmail(ctx, r.tx, address)
		if errors.Is(err, fault.ErrNotFound) {
			who, err = user.Add(ctx, r.tx, user.Person{
				Email: address, Name: c.String("name"),
				Language: string(p.lang),
			})
		}
		if err != nil {
			return err
		}
		out.Email = who.Email
		if !who.HasPassword() {
			link := p.link(c, r.Books, who)
			out.Link = &link
		}
		m := user.Membership{Rights: creditor.Rights(rights), Sender: c.String("sender")}
		return user.Join(ctx, r.tx, r.scope, who.ID, m)
	})
	if err != nil {
		return err
	}
	return p.answer(out, func(w io.Writer) { p.tellLink(w, out) })
}

func (p *Program) tellLink(w io.Writer, out linkJSON) {
	if out.Link == nil {
		fmt.Fprintf(w, p.say("%s a maintenant accès à ces comptes.\n", "%s now has access to these books.\n"),
			out.Email)
		return
	}
	fmt.Fprintf(w, p.say("À remettre à %s, pour choisir son mot de passe (%d h, une fois) :\n%s\n", "To hand to %s, to choose a password (%d h, once):\n%s\n"),
		out.Email, int(user.LinkLife.Hours()), *out.Link)
}

func (p *Program) doUserPassword(ctx context.Context, c *cli.Command) error {
	var out linkJSON
	err := p.member(ctx, c, func(r room, who user.Person) error {
		link := p.link(c, r.Books, who)
		out = linkJSON{who.Email, &link}
		return nil
	})
	if err != nil {
		return err
	}
	return p.answer(out, func(w io.Writer) { p.tellLink(w, out) })
}

func (p *Program) doUserRemove(ctx context.Context, c *cli.Command) error {
	return p.change(ctx, c, user.Leave,
		p.say("%s n’a plus accès à ces comptes.\n", "%s no longer has access to these books.\n"))
}

func (p *Program) doUserDisable(ctx context.Context, c *cli.Command) error {
	return p.change(ctx, c, user.Disable,
		p.say("%s ne peut plus se connecter.\n", "%s can no longer sign in.\n"))
}

func (p *Program) doUserEnable(ctx context.Context, c *cli.Command) error {
	return p.change(ctx, c, user.Enable,
		p.say("%s peut de nouveau se connecter.\n", "%s can sign in again.\n"))
}

// change does something to the person whose address is given, and says so.
func (p *Program) change(
	ctx context.Context, c *cli.Command,
	do func(context.Context, *db.Tx, creditor.Scope, string) error, done string,
) error {
	var whom user.Person
	err := p.member(ctx, c, func(r room, who user.Person) error {
		whom = who
		return do(ctx, r.tx, r.scope, who.ID)
	})
	if err != nil {
		return err
	}
	return p.answer(map[string]string{"email": whom.Email}, func(w io.Writer) { fmt.Fprintf(w, done, whom.Email) })
}

// member does something about the person whose address is given.
func (p *Program) member(ctx context.Context, c *cli.Command, fn func(room, user.Person) error) error {
	address, err := p.argument(c)
	if err != nil {
		return err
	}
	return p.write(ctx, c, func(r room) error {
		who, err := user.ByEmail(ctx, r.tx, address)
		if errors.Is(err, fault.ErrNotFound) {
			return fault.NotFound(p.say("personne d’adresse %s", "person of address %s"), address)
		}
		if err != nil {
			return err
		}
		return fn(r, who)
	})
}
