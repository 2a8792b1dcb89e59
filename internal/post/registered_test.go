package post_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/channel/lre"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/notice"
	"acquit/internal/policy"
	"acquit/internal/post"
	"acquit/internal/reminder"
	"acquit/internal/setting"
)

const byRegistered = `
name: Recommandé
steps:
  - {id: relance-1, at: J+1, channels: [letter], tone: neutral, template: relance-1}
  - {id: mise-en-demeure, at: J+5, channels: [registered], tone: formal, template: mise-en-demeure, deadline: 8d}
`

// courier takes registered letters and tells of them afterwards.
type courier struct {
	*lre.Channel
	receipt channel.Receipt
	got     []channel.Message
	told    map[string]post.Certificate // by the addressee
	deaf    bool                        // proofs cannot be had
}

func (c *courier) Open(context.Context) (channel.Session, error) { return c, nil }
func (c *courier) Close() error                                  { return nil }

func (c *courier) Send(_ context.Context, m channel.Message) channel.Receipt {
	c.got = append(c.got, m)
	return c.receipt
}

func (c *courier) Certificate(_ context.Context, message, _ string) (post.Certificate, error) {
	t, ok := c.told[message]
	if !ok {
		return t, errors.New("pas de réponse")
	}
	return t, nil
}

func (c *courier) Proof(_ context.Context, address string) ([]byte, error) {
	if c.deaf {
		return nil, errors.New("pas de preuve")
	}
	return []byte("%PDF-1.7 " + address), nil
}

// eachRegistered is each with a creditor that sends formal notices electronically.
func eachRegistered(t *testing.T, fn func(t *testing.T, o *office, c *courier)) {
	t.Helper()
	each(t, nil, func(t *testing.T, o *office) {
		carried, err := lre.New(lre.Config{Token: "t", Key: "k", User: "1"})
		if err != nil {
			t.Fatal(err)
		}
		c := &courier{Channel: carried, told: map[string]post.Certificate{}, receipt: channel.Receipt{Outcome: channel.Sent, Reference: "1000"}}
		o.Ways = func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			return map[string]channel.Channel{"registered": c}, nil
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			who, err := creditor.Find(ctx, tx, o.s)
			if err != nil {
				return err
			}
			who.LegalForm, who.Capital, who.SIREN, who.Register = "SARL", "10 000 €", "552100554", "RCS Lille"
			if err := creditor.Update(ctx, tx, o.s, who, journal.Write); err != nil {
				return err
			}
			_, err = creditor.AddAccount(ctx, tx, o.s, creditor.Account{Holder: "Dupont", IBAN: "FR7630006000011234567890189"}, journal.Write)
			if err != nil {
				return err
			}
			_, err = setting.All().Set(ctx, tx, setting.Box{}, o.s.Creditor, "test", map[string]string{
				"registered_way": "electronic", "mail_from_name": "Sophie Martin",
			})
			if err != nil {
				return err
			}
			list, err := policy.List(ctx, tx, o.s)
			if err != nil {
				return err
			}
			for _, p := range list {
				if err := policy.Settle(ctx, tx, o.s, p.ID, p.Rank, false, 0); err != nil {
					return err
				}
			}
			_, err = policy.Save(ctx, tx, o.s, byRegistered)
			return err
		})
		fn(t, o, c)
	})
}

// reaches gives a customer a kind and a mailbox; she was reminded once.
func (o *office) reaches(code string, kind customer.Kind, mailbox string) {
	o.t.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, o.s, o.docs[code].Customer)
		if err != nil {
			return err
		}
		c.Kind, c.Email = kind, mailbox
		if kind != customer.Consumer {
			c.SIREN = "732829320"
		}
		if err := customer.Update(ctx, tx, o.s, c); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO position (creditor_id, customer_id, document_id, step, on_day, dismissed, reminder_id)
			VALUES ($1, $2, $3, 'relance-1', $4, FALSE, 'rem_x')`, o.s.Creditor, c.ID, o.docs[code].ID, cal.Must("2026-11-19"))
		return err
	})
}

func (o *office) propose(code string) reminder.Reminder {
	o.t.Helper()
	if _, err := o.Run(o.t.Context(), o.s, o.today()); err != nil {
		o.t.Fatal(err)
	}
	return o.state(code)
}

func (o *office) notice() (n notice.Notice) {
	o.t.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) error {
		list, err := notice.List(ctx, tx, o.s, o.docs["C1"].Customer)
		if err == nil && len(list) > 0 {
			n = list[0]
		}
		return err
	})
	return n
}

func (o *office) follow(c *courier) {
	o.t.Helper()
	if err := post.FollowRegistered(o.t.Context(), o.DB, o.s, c, slog.New(slog.DiscardHandler)); err != nil {
		o.t.Fatal(err)
	}
}

// A notice leaves by the provider, is told of night after night, and its proofs
// are kept once they can be had.
func TestAnElectronicNoticeIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	eachRegistered(t, func(t *testing.T, o *office, c *courier) {
		o.owes("C1", "75002 Paris")
		o.reaches("C1", customer.Business, "claire@delvaux.example")
		o.approve()
		if len(c.got) != 1 || strings.Join(c.got[0].To, "|") != "Client C1|claire@delvaux.example|professionnel" {
			t.Fatalf("handed over: %d", len(c.got))
		}
		n := o.notice()
		if n.Way != notice.Electronic || n.State != notice.Deposited || o.state("C1").State != reminder.Sent {
			t.Fatalf("%s, %s", n.Way, n.State)
		}
		id, day := c.got[0].ID, cal.Must("2026-11-23")
		sent := []post.Act{{Kind: notice.Deposited, On: day, Proof: "ev"}, {Kind: notice.Presented, On: day, Proof: "ev"}}
		c.told[id], c.deaf = post.Certificate{Reference: "1000", Acts: sent}, true
		o.follow(c)
		if n := o.notice(); n.State != notice.Presented || n.Tracking != "1000" || n.Events[0].SHA256 != "" {
			t.Errorf("told, without proofs: %s %q", n.State, n.Tracking)
		}
		o.on("2026-11-26")
		c.deaf = false
		c.told[id] = post.Certificate{Reference: "1000", Acts: append(sent, post.Act{Kind: notice.Received, On: cal.Must("2026-11-25"), Proof: "ar"})}
		o.follow(c)
		c.told = nil // nobody is asked any more
		o.follow(c)
		n = o.notice()
		var proofs []string
		for _, e := range n.Events {
			o.write(func(ctx context.Context, tx *db.Tx) error {
				pdf, err := ledger.FileContent(ctx, tx, o.s, e.SHA256)
				proofs = append(proofs, string(e.Kind)+" "+string(pdf))
				return err
			})
		}
		want := []string{"deposited %PDF-1.7 ev", "presented %PDF-1.7 ev", "received %PDF-1.7 ar"}
		if diff := cmp.Diff(want, proofs); diff != "" || n.ServedOn() != cal.Must("2026-11-25") {
			t.Errorf("served on %s: %s", n.ServedOn(), diff)
		}
	})
}

func TestAnElectronicNoticeInDoubtOrNeverSent(t *testing.T) {
	t.Parallel()
	eachRegistered(t, func(t *testing.T, o *office, c *courier) {
		o.owes("C1", "75002 Paris")
		o.reaches("C1", customer.Business, "claire@delvaux.example")
		c.receipt = channel.Receipt{Outcome: channel.Uncertain, Detail: "la ligne est tombée"}
		o.approve()
		id := c.got[0].ID
		c.told[id] = post.Certificate{Missing: true}
		o.follow(c)
		if got := o.state("C1").State; got != reminder.Uncertain {
			t.Errorf("it is not there: %s, want a person to say", got)
		}
		c.told[id] = post.Certificate{Reference: "1000"}
		o.follow(c)
		if got, n := o.state("C1").State, o.notice(); got != reminder.Sent || n.State != notice.Deposited {
			t.Errorf("it is there: %s, %s", got, n.State)
		}
		c.told[id] = post.Certificate{Reference: "1000", Failed: true, Detail: "AR24 : error"}
		o.follow(c)
		if r, n := o.state("C1"), o.notice(); r.State != reminder.Failed || n.State != notice.Approved {
			t.Errorf("never sent: %s, %s", r.State, n.State)
		}
	})
}

// A consumer who has not agreed gets nothing, on paper neither: a person decides.
func TestAConsumerIsAskedFirst(t *testing.T) {
	t.Parallel()
	eachRegistered(t, func(t *testing.T, o *office, c *courier) {
		o.owes("C1", "75002 Paris")
		o.reaches("C1", customer.Consumer, "claire@vidal.example")
		r := o.propose("C1")
		approve := func() error {
			return o.try(func(ctx context.Context, tx *db.Tx) error { return o.Approve(ctx, tx, o.s, r.ID) })
		}
		if err := approve(); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "L100") {
			t.Fatalf("without consent: %v", err)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			p, err := o.Preview(ctx, tx, o.s, r)
			if !strings.Contains(p.Problem, "L100") {
				t.Errorf("the preview says %q", p.Problem)
			}
			return err
		})
		o.write(func(ctx context.Context, tx *db.Tx) error {
			return notice.Agree(ctx, tx, o.s, notice.Consent{Customer: r.Customer, On: cal.Must("2026-11-02"), How: "courriel"}, nil)
		})
		if err := approve(); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Send(t.Context(), o.s); err != nil || c.got[0].To[2] != "particulier" {
			t.Errorf("to %q, %v", c.got[0].To, err)
		}
		if n := o.notice(); len(n.Points) == 0 || n.Points[len(n.Points)-1].Code != "clock" || n.Points[len(n.Points)-1].State != fr.PointKept {
			t.Errorf("checked against %+v", n.Points)
		}
	})
}
