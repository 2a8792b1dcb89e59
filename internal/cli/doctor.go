package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/law/fr"
	"acquit/internal/setting"
	"acquit/internal/statute"
)

// Resolver answers what the DNS knows of a domain: *net.Resolver does.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

func (p *Program) doctor() *cli.Command {
	return &cli.Command{
		Name: "doctor", Usage: p.say("vérifier ce qui doit l’être, et dire quoi faire", "check what must be, and say what to do"),
		Description: p.say("La base, l’horloge, le disque, la clé, les taux légaux, le calendrier, la messagerie et son DNS, l’âge des imports et de la sauvegarde, les messages en souffrance. Rien n’est envoyé. Sortie 1 si quelque chose empêche de travailler.",
			"The database, the clock, the disk, the key, the legal rates, the calendar, the mail server and its DNS, the age of imports and backups, messages that wait. Nothing is sent. Exit status 1 if anything keeps the work from being done."),
		UsageText: "acquit doctor\nacquit doctor --offline --json", Flags: []cli.Flag{
			p.flag("offline", p.say("sans le réseau : ni DNS ni messagerie", "without the network: neither DNS nor mail server")),
		},
		Action: p.doDoctor,
	}
}

// health is how a check ended.
type health string

// A warning can wait; a fault keeps the work from being done.
const (
	healthy health = "ok"
	warning health = "warning"
	ailing  health = "fault"
)

type checkJSON struct {
	Name    string `json:"name"`
	Company string `json:"company,omitempty"` // of a check about one
	State   health `json:"state"`
	Text    string `json:"text"`
	Mend    string `json:"mend,omitempty"`
}

// visit gathers what doctor finds.
type visit struct {
	p       *Program
	b       *Books
	url     string
	offline bool
	company string // the checks are about
	list    []checkJSON
}

func (v *visit) say(name string, state health, text, mend string) {
	v.list = append(v.list, checkJSON{name, v.company, state, spacedIn(v.p.lang, text), spacedIn(v.p.lang, mend)})
}

func (v *visit) ok(name, text string)         { v.say(name, healthy, text, "") }
func (v *visit) warn(name, text, mend string) { v.say(name, warning, text, mend) }
func (v *visit) bad(name, text, mend string)  { v.say(name, ailing, text, mend) }

func (p *Program) doDoctor(ctx context.Context, c *cli.Command) error {
	url, err := p.url(c)
	if err != nil {
		return err
	}
	v := &visit{p: p, url: url, offline: c.Bool("offline")}
	v.disk()
	if v.b, err = p.Open(ctx, url); err != nil {
		v.bad("database", p.words(err), p.say("vérifier --db ou ACQUIT_DB", "check --db or ACQUIT_DB"))
	} else {
		defer v.b.DB.Close()
		v.ok("database", fmt.Sprintf(p.say("%s, schéma à jour", "%s, schema up to date"), v.b.DB.Engine()))
		v.key()
		if err := v.companies(ctx, c); err != nil {
			return err
		}
	}
	if err := p.answer(map[string]any{"checks": v.list}, v.tell); err != nil {
		return err
	}
	for _, one := range v.list {
		if one.State == ailing {
			return errSilent
		}
	}
	return nil
}

// companies checks the company of --creditor, or each.
func (v *visit) companies(ctx context.Context, c *cli.Command) error {
	var all []creditor.Creditor
	err := v.b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = creditor.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		if err := v.shipped(); err != nil {
			return err
		}
		v.warn("company", v.p.say("aucune société dans cette base", "no company in this database"),
			`acquit init --name "Atelier Dupont"`)
	}
	wish := v.p.orEnv(c.String("creditor"), "ACQUIT_CREDITOR", "")
	for _, one := range all {
		if wish != "" && wish != one.ID && !strings.EqualFold(wish, one.Name) {
			continue
		}
		v.company = one.Name
		if err := v.books(ctx, creditor.Scope{
			Creditor: one.ID, Actor: creditor.ActorCLI,
			Rights: creditor.Manage,
		}); err != nil {
			return err
		}
	}
	v.company = ""
	return nil
}

// enoughDisk is what an import of a million rows and its journal may take.
const enoughDisk = 2 << 30

// disk looks at the room left where an SQLite database lies.
func (v *visit) disk() {
	path, ok := strings.CutPrefix(v.url, "sqlite:")
	if !ok {
		return
	}
	dir := filepath.Dir(strings.TrimPrefix(path, "//"))
	free, known := freeDisk(dir)
	switch {
	case !known:
	case free < enoughDisk:
		v.warn("disk", fmt.Sprintf(v.p.say("%d Mo libres dans %s", "%d MB free in %s"), free>>20, dir),
			v.p.say("faire de la place : un import d’un million de lignes demande 2 Go", "make room: an import of a million rows takes 2 GB"))
	default:
		v.ok("disk", fmt.Sprintf(v.p.say("%d Go libres", "%d GB free"), free>>30))
	}
}

// ratesAhead is how many days before a new semester its rates should be known.
const ratesAhead = 15

// shipped looks at the rates of the program, where no company has its own.
func (v *visit) shipped() error {
	law, err := fr.New()
	if err == nil {
		v.rates(law, cal.Of(v.p.Now()))
	}
	return err
}

// figures looks at the rates as a company holds them.
func (v *visit) figures(ctx context.Context, tx *db.Tx, s creditor.Scope, values setting.Values) error {
	law, err := statute.Load(ctx, tx, s)
	if err == nil {
		v.rates(law, cal.Of(tx.Now.In(setting.TimeZone.In(values))))
	}
	return err
}

// rates looks for the rates of today and of the semester that comes.
func (v *visit) rates(law *fr.Law, today cal.Date) {
	update := v.p.say("les ajouter dès leur publication, ou installer la version d’Acquit qui les connaît",
		"add them once they are published, or install the version of Acquit that knows them")
	for _, day := range []cal.Date{today, today.Add(ratesAhead)} {
		_, err := law.DefaultRate(day)
		if err == nil {
			_, err = law.LegalRate(day, fr.AnyOther)
		}
		if err != nil {
			state := warning
			if day == today {
				state = ailing
			}
			v.say("rates", state, v.p.words(err), update)
			return
		}
	}
	rate, _ := law.DefaultRate(today)
	v.ok("rates", fmt.Sprintf(v.p.say("pénalités de retard du semestre : %s ; taux connus jusqu’à %s", "late interest of the semester: %s; rates known up to %s"),
		rate.Format(string(v.p.lang)), law.LastSemester()))
}

// key looks at what protects the secrets.
func (v *visit) key() {
	if len(v.b.Secret) == 0 {
		v.warn("key", v.p.say("aucune clé : les mots de passe de messagerie ne peuvent pas être gardés", "no key: mail passwords cannot be kept"),
			"ACQUIT_SECRET_KEY")
		return
	}
	path := keyFile(v.url)
	if path == "" {
		v.ok("key", v.p.say("donnée par l’environnement", "given by the environment"))
		return
	}
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		v.bad("key", fmt.Sprintf(v.p.say("%s peut être lue par d’autres", "%s can be read by others"), path),
			"chmod 600 "+path)
		return
	}
	v.ok("key", path+v.p.say(" : à garder aussi ailleurs que la sauvegarde", ": to be kept elsewhere than the backup too"))
}

func (v *visit) tell(w io.Writer) {
	marks := map[health]string{
		healthy: v.p.say("bien   ", "fine   "), warning: v.p.say("à voir ", "look   "),
		ailing: v.p.say("FAUTE  ", "FAULT  "),
	}
	company := ""
	for _, one := range v.list {
		if one.Company != company {
			company = one.Company
			fmt.Fprintf(w, "\n%s\n", company)
		}
		fmt.Fprintf(w, "%s %s  %s\n", marks[one.State], pad(one.Name, 9), one.Text)
		if one.Mend != "" {
			fmt.Fprintf(w, "        %s→ %s\n", pad("", 11), one.Mend)
		}
	}
}

// patience bounds what is waited for on the network: doctor reports, it never
// hangs.
const patience = 5 * time.Second
