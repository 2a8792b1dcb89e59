package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/freshness"
	"acquit/internal/journal"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

// books checks one company.
func (v *visit) books(ctx context.Context, s creditor.Scope) error {
	var values setting.Values
	err := v.b.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if values, err = creditor.Settings(ctx, tx, s); err != nil {
			return err
		}
		for _, check := range []func(context.Context, *db.Tx, creditor.Scope, setting.Values) error{
			v.clock, v.calendar, v.identity, v.bank, v.secrets, v.imports, v.messages, v.saved, v.figures,
		} {
			if err := check(ctx, tx, s, values); err != nil {
				return err
			}
		}
		return nil
	})
	if fault.KindOf(err) == fault.KindInvalid {
		v.bad("settings", v.p.words(err), "acquit setting set …")
		return nil
	}
	if err != nil {
		return err
	}
	v.folders(values)
	v.mail(ctx, s, values)
	return nil
}

// clock tells the time as the company sees it, and whether it went back.
func (v *visit) clock(ctx context.Context, tx *db.Tx, s creditor.Scope, values setting.Values) error {
	now := tx.Now.In(setting.TimeZone.In(values))
	last, err := reminder.LastRun(ctx, tx, s)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	if last.StartedAt.After(now) {
		v.bad("clock", fmt.Sprintf(v.p.say("l’horloge a reculé : le dernier passage est daté du %s", "the clock went back: the last run is dated %s"),
			last.StartedAt.In(now.Location()).Format(time.DateTime)),
			v.p.say("mettre la machine à l’heure", "set the machine’s clock"))
		return nil
	}
	v.ok("clock", now.Format("2006-01-02 15:04 MST"))
	return nil
}

func (v *visit) calendar(ctx context.Context, tx *db.Tx, s creditor.Scope, values setting.Values) error {
	c, err := creditor.Calendar(ctx, tx, s)
	if err != nil {
		return err
	}
	today := cal.Of(tx.Now.In(setting.TimeZone.In(values)))
	v.ok("calendar", fmt.Sprintf(v.p.say("%s ; prochain jour ouvré : %s", "%s; next working day: %s"),
		c.Region().Name(), v.p.lang.Date(c.NextOpen(today))))
	return nil
}

// identity looks at what messages and letters say of the company.
func (v *visit) identity(ctx context.Context, tx *db.Tx, s creditor.Scope, _ setting.Values) error {
	c, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return err
	}
	doubts := v.p.doubts(c)
	for _, doubt := range doubts {
		v.warn("identity", doubt, "acquit company set …")
	}
	if len(doubts) == 0 {
		v.ok("identity", c.Name)
	}
	return nil
}

// secrets tries whether what was sealed opens with the key of today: a database
// that was restored elsewhere has another.
func (v *visit) secrets(_ context.Context, _ *db.Tx, _ creditor.Scope, values setting.Values) error {
	for _, k := range []setting.Key[setting.Sealed]{setting.SMTPPassword, setting.DKIMKey} {
		if _, err := v.b.Box.Open(k.In(values)); err != nil {
			v.bad("key", fmt.Sprintf("%s : %s", k.Label.In(v.p.lang), v.p.words(err)),
				fmt.Sprintf(v.p.say("remettre l’ancienne clé, ou acquit setting set %s", "put the former key back, or acquit setting set %s"), k.Name))
		}
	}
	return nil
}

func (v *visit) bank(ctx context.Context, tx *db.Tx, s creditor.Scope, _ setting.Values) error {
	list, err := creditor.Accounts(ctx, tx, s)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		v.warn("bank", v.p.say("aucun compte bancaire : les messages ne disent pas où payer", "no bank account: messages do not say where to pay"),
			"acquit company bank IBAN")
		return nil
	}
	v.ok("bank", list[0].IBAN)
	return v.statements(ctx, tx, s)
}

// statements tells where the statements of the accounts do not follow each other.
func (v *visit) statements(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	gaps, err := bank.Chain(ctx, tx, s, "")
	const told = 5 // more are the same story
	for _, g := range gaps[:min(len(gaps), told)] {
		v.warn("statements", g.Words().In(v.p.lang), g.Ask().In(v.p.lang))
	}
	return err
}

// imports tells how old each source is: beyond the settings, nothing leaves by
// rule.
func (v *visit) imports(ctx context.Context, tx *db.Tx, s creditor.Scope, values setting.Values) error {
	list, err := freshness.Of(ctx, tx, s, values)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		v.warn("import", v.p.say("aucun fichier n’a encore été importé", "no file was imported yet"), "acquit import …")
	}
	for _, source := range list {
		text := fmt.Sprintf(v.p.say("%s : le dernier jour connu est le %s", "%s: the last day known is %s"),
			source.Title(v.p.lang), v.p.lang.Date(source.On(setting.TimeZone.In(values))))
		if source.Stale(tx.Now) {
			v.warn("import", text, v.p.say("importer la suite : un règlement a pu arriver depuis (acquit source retire si elle n’est plus utilisée)",
				"import what followed: a payment may have come in since (acquit source retire where it is used no more)"))
			continue
		}
		v.ok("import", text)
	}
	return nil
}

// messages counts those that wait for a person.
func (v *visit) messages(ctx context.Context, tx *db.Tx, s creditor.Scope, _ setting.Values) error {
	counts, err := reminder.CountMessages(ctx, tx, s)
	if err != nil {
		return err
	}
	waits := 0
	for _, state := range []reminder.MessageState{reminder.MessageUncertain, reminder.MessageFailed, reminder.Held} {
		if n := counts[state]; n > 0 {
			waits += n
			v.warn("messages", fmt.Sprintf("%d %s", n, reminder.MessageStateWords[state].In(v.p.lang)), "acquit outbox list --state "+string(state))
		}
	}
	if waits == 0 {
		v.ok("messages", fmt.Sprintf(v.p.say("%d partis, aucun en souffrance",
			"%d sent, none that waits for a person"), counts[reminder.MessageSent]))
	}
	return nil
}

// oldBackup is when a backup no longer protects the week's work.
const oldBackup = 7 * 24 * time.Hour

func (v *visit) saved(ctx context.Context, tx *db.Tx, s creditor.Scope, _ setting.Values) error {
	list, err := journal.About(ctx, tx, s, backupSubject(s.Creditor), 1)
	if err != nil {
		return err
	}
	mend := "acquit backup acquit-" + cal.Of(tx.Now).String() + ".db"
	switch {
	case len(list) == 0:
		v.warn("backup", v.p.say("aucune sauvegarde par acquit backup", "no backup by acquit backup"), mend)
	case tx.Now.Sub(list[0].At) > oldBackup:
		v.warn("backup", fmt.Sprintf(v.p.say("la dernière date du %s", "the last one is of %s"),
			v.p.lang.Date(cal.Of(list[0].At))), mend)
	default:
		v.ok("backup", fmt.Sprintf(v.p.say("la dernière date du %s", "the last one is of %s"),
			v.p.lang.Date(cal.Of(list[0].At))))
	}
	return nil
}

// folders looks whether the watched ones can be read.
func (v *visit) folders(values setting.Values) {
	for _, dir := range setting.WatchFolders.In(values) {
		if _, err := os.ReadDir(dir); err != nil {
			v.bad("folders", v.p.words(v.p.file("", dir, err)), "acquit setting set watch_folders=…")
			continue
		}
		v.ok("folders", dir)
	}
}

// mail looks at the settings, then at the server and the domain.
func (v *visit) mail(ctx context.Context, s creditor.Scope, values setting.Values) {
	from := setting.MailFromAddress.In(values)
	for _, need := range []struct {
		definition setting.Definition
		value      string
	}{{setting.SMTPHost.Definition, setting.SMTPHost.In(values)}, {setting.MailFromAddress.Definition, from}} {
		if need.value == "" {
			v.bad("mail", need.definition.Label.In(v.p.lang)+v.p.say(" : rien ne peut partir par courriel", ": nothing can leave by e-mail"),
				"acquit setting set "+need.definition.Name+"=…")
			return
		}
	}
	if v.offline {
		v.ok("mail", setting.SMTPHost.In(values)+v.p.say(" (non essayé)", " (not tried)"))
		return
	}
	v.server(ctx, s, values)
	_, domain, _ := strings.Cut(from, "@")
	v.domain(ctx, domain, setting.DKIMSelector.In(values), setting.DKIMDomain.In(values))
}

// server says good day to the mail server, with the user and the password.
func (v *visit) server(ctx context.Context, s creditor.Scope, values setting.Values) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ways, err := v.b.Desk.Ways(s, values)
	if err == nil {
		if way := ways[string(dunning.Email)]; way != nil {
			session, opening := way.Open(ctx)
			if err = opening; err == nil {
				_ = session.Close() // it answered: that was the question
			}
		}
	}
	if err != nil {
		v.bad("mail", v.p.words(err), "acquit setting set smtp_host=… smtp_port=… smtp_security=…")
		return
	}
	v.ok("mail", setting.SMTPHost.In(values)+v.p.say(" répond", " answers"))
}

// domain looks at what makes receivers believe the sender: where answers go
// (MX), who may send (SPF), what receivers should do (DMARC), and the key of the
// signature when we sign.
func (v *visit) domain(ctx context.Context, domain, selector, signing string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	dns := v.p.Resolver
	if dns == nil {
		dns = net.DefaultResolver
	}
	if list, err := dns.LookupMX(ctx, domain); err != nil || len(list) == 0 {
		if unreachable(err) {
			v.warn("dns", v.p.say("le DNS ne répond pas : SPF, DKIM et DMARC ne sont pas vérifiés", "the DNS does not answer: SPF, DKIM and DMARC are not checked"), "")
			return
		}
		v.warn("dns", domain+v.p.say(" n’a pas de MX : les réponses se perdent", " has no MX: answers are lost"), "")
	}
	type record struct{ name, start, what, mend string }
	records := []record{
		{domain, "v=spf1", "SPF", v.p.say("publier qui peut envoyer pour ce domaine", "publish who may send for this domain")},
		{"_dmarc." + domain, "v=DMARC1", "DMARC", v.p.say("publier au moins « v=DMARC1; p=none »",
			"publish at least “v=DMARC1; p=none”")},
	}
	if selector != "" && signing != "" {
		records = append(records, record{
			selector + "._domainkey." + signing, "v=DKIM1", "DKIM",
			v.p.say("publier la clé publique", "publish the public key"),
		})
	}
	for _, r := range records {
		list, _ := dns.LookupTXT(ctx, r.name) // no answer is none: the DNS itself has just answered
		if slices.ContainsFunc(list, func(t string) bool { return strings.HasPrefix(t, r.start) }) {
			v.ok("dns", r.what+v.p.say(" publié", " published"))
			continue
		}
		v.warn("dns", fmt.Sprintf(v.p.say("%s sans %s : les messages passeront pour indésirables", "%s without %s: messages will be taken for spam"), r.name, r.what), r.mend)
	}
}

// unreachable tells a DNS that does not answer from a name that it does not know.
func unreachable(err error) bool {
	d, ok := errors.AsType[*net.DNSError](err)
	return err != nil && (!ok || !d.IsNotFound)
}
