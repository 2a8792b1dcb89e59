package cli

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v3"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/notice"
	"acquit/internal/reminder"
)

func (p *Program) formalNotice() *cli.Command {
	return p.family("notice", "les mises en demeure", "formal notices",
		p.listing(p.say("les mises en demeure par échéance, ou celles d’un client", "formal notices by deadline, or a customer’s"),
			"acquit notice list", p.notices),
		&cli.Command{
			Name: "check", Usage: p.say("ce qui manque à la mise en demeure qui attend chez un client", "what the waiting formal notice of a customer lacks"),
			ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit notice check C1", Action: p.doNoticeCheck,
		},
		&cli.Command{
			Name: "record", Usage: p.say("noter ce qui est advenu d’une mise en demeure", "record what became of a formal notice"),
			ArgsUsage: "ID", UsageText: "acquit notice record not_… --state received --on 2026-11-27 --scan avis.pdf",
			Flags: []cli.Flag{
				p.text("state", p.say("état : ", "state: ")+joined(notice.Reports())),
				p.text("tracking", p.say("numéro du recommandé", "number of the registered letter")),
				p.text("scan", p.say("scan de l’avis de réception", "scan of the acknowledgement")),
				p.noteFlag(), p.onFlag(),
			},
			Action: p.doNoticeRecord,
		},
		&cli.Command{
			Name: "consent", Usage: p.say("noter l’accord d’un client au recommandé électronique", "record a customer’s consent to electronic registered letters"),
			ArgsUsage: p.say("CLIENT", "CUSTOMER"), UsageText: "acquit notice consent C1 --how 'courriel du 3 novembre' --on 2026-11-03",
			Flags: []cli.Flag{
				p.text("how", p.say("par quel écrit", "by which writing")),
				p.text("scan", p.say("copie de l’écrit", "copy of the writing")), p.onFlag(),
				p.text("withdraw", p.say("retirer l’accord, et pourquoi", "take the consent back, and why")),
			},
			Action: p.doNoticeConsent,
		})
}

func (p *Program) doNoticeConsent(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	proof, err := scanned(c)
	if err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return "", err
		}
		if why := c.String("withdraw"); why != "" {
			return code, notice.Disagree(ctx, r.tx, r.scope, who.ID, why)
		}
		return code, notice.Agree(ctx, r.tx, r.scope, notice.Consent{Customer: who.ID, On: today, How: c.String("how")},
			proof)
	})
}

// scanned is the file that a flag names; nil when there is none.
func scanned(c *cli.Command) (*ledger.File, error) {
	path := c.String("scan")
	if path == "" {
		return nil, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &ledger.File{Name: filepath.Base(path), MediaType: http.DetectContentType(content), Content: content}, nil
}

type noticeJSON struct {
	ID       string       `json:"id"`
	Customer string       `json:"customer"`
	Way      notice.Way   `json:"way"`
	State    notice.State `json:"state"`
	Amount   string       `json:"amount"`
	Currency string       `json:"currency"`
	Approved cal.Date     `json:"approved"`
	Deadline cal.Date     `json:"deadline"`
	Served   *string      `json:"served"`
	Tracking string       `json:"tracking"`
	Invoices []string     `json:"invoices"`
	Events   []eventJSON  `json:"events"`
}

type eventJSON struct {
	ID        string       `json:"id"`
	Kind      notice.State `json:"kind"`
	On        cal.Date     `json:"on"`
	SHA256    string       `json:"sha256"`
	Withdrawn bool         `json:"withdrawn"`
}

func (p *Program) notices(ctx context.Context, r room, who string, _ cal.Date) (l listed, err error) {
	var all []notice.Notice
	if who != "" {
		all, err = notice.List(ctx, r.tx, r.scope, who)
	} else {
		all, err = notice.Page(ctx, r.tx, r.scope, notice.Filter{Limit: shown})
	}
	if err != nil {
		return l, err
	}
	var customers, documents []string
	for _, n := range all {
		customers, documents = append(customers, n.Customer), append(documents, n.Invoices...)
	}
	known, err := r.names(ctx, customers, documents)
	list := []noticeJSON{}
	for _, n := range all {
		list = append(list, noticeAsJSON(n, known))
	}
	return listed{map[string]any{"notices": list}, func(w io.Writer) {
		t := p.table(w)
		for i, one := range list {
			t.row(one.ID, one.Customer, one.State.In(p.lang), p.lang.Amount(all[i].Amount), one.Deadline, one.Tracking)
		}
		t.endOr(p.nothingRecorded())
	}}, err
}

func noticeAsJSON(n notice.Notice, known names) noticeJSON {
	one := noticeJSON{
		ID: n.ID, Customer: known.code(n.Customer), Way: n.Way, State: n.State, Amount: n.Amount.Decimal(),
		Currency: string(n.Amount.Currency), Approved: n.ApprovedOn, Deadline: n.Deadline,
		Served: dayJSON(n.ServedOn()), Tracking: n.Tracking, Invoices: known.numbers(n.Invoices), Events: []eventJSON{},
	}
	for _, e := range n.Events {
		one.Events = append(one.Events, eventJSON{e.ID, e.Kind, e.On, e.SHA256, !e.Withdrawn.IsZero()})
	}
	return one
}

type noticePointJSON struct {
	Code     string        `json:"code"`
	State    fr.PointState `json:"state"`
	Blocking bool          `json:"blocking"`
	Title    string        `json:"title"`
	Mend     string        `json:"mend"`
	Source   string        `json:"source"`
}

func (p *Program) doNoticeCheck(ctx context.Context, c *cli.Command) error {
	code, err := p.argument(c)
	if err != nil {
		return err
	}
	var points []fr.NoticePoint
	err = p.read(ctx, c, func(r room) error {
		who, err := p.customer(ctx, r, code)
		if err != nil {
			return err
		}
		all, err := reminder.OfCustomer(ctx, r.tx, r.scope, who.ID, shown)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(m reminder.Reminder) bool {
			return m.State == reminder.Proposed && m.Registered()
		})
		if i < 0 {
			return fault.NotFound("mise en demeure en attente chez %s", code)
		}
		points, err = r.Desk.NoticePoints(ctx, r.tx, r.scope, all[i])
		return err
	})
	if err != nil {
		return err
	}
	list, blocked := []noticePointJSON{}, false
	for _, x := range points {
		blocked = blocked || x.Blocked()
		list = append(list, noticePointJSON{
			x.Code, x.State, x.Blocking, x.Title.In(p.lang), x.Mend.In(p.lang), x.Source,
		})
	}
	err = p.answer(map[string]any{"points": list, "complete": !blocked}, func(w io.Writer) {
		t := p.table(w)
		for _, x := range list {
			mend := ""
			if x.State == fr.PointMissing {
				mend = x.Mend
			}
			t.row(p.pointState(x.State), x.Title, mend)
		}
		t.endOr(p.nothingRecorded())
	})
	if err == nil && blocked {
		return errSilent
	}
	return err
}

func (p *Program) pointState(s fr.PointState) string {
	switch s {
	case fr.PointKept:
		return p.say("oui", "yes")
	case fr.PointIdle:
		return p.say("sans objet", "n/a")
	}
	return p.say("manque", "missing")
}

func (p *Program) doNoticeRecord(ctx context.Context, c *cli.Command) error {
	id, err := p.argument(c)
	if err != nil {
		return err
	}
	report := notice.Report{Note: c.String("note"), Tracking: c.String("tracking")}
	if c.String("state") != "" {
		state, err := p.choice(c, "state", "", texts(notice.Reports())...)
		if err != nil {
			return err
		}
		report.Kind = notice.State(state)
	}
	if report.File, err = scanned(c); err != nil {
		return err
	}
	return p.record(ctx, c, func(r room, today cal.Date) (string, error) {
		report.On = today
		return id, notice.Record(ctx, r.tx, r.scope, id, report)
	})
}
