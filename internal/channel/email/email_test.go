package email

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"acquit/internal/channel"
	"acquit/internal/channel/channeltest"
	"acquit/internal/channel/email/smtpsink"
	"acquit/internal/fault"
	"acquit/internal/setting"
)

// short is a wait that ends a test soon where the other side is silent for
// good; everything else answers at once.
const short = 150 * time.Millisecond

func sink(t testing.TB, c smtpsink.Config) (*smtpsink.Sink, Config) {
	t.Helper()
	s, err := smtpsink.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, Config{Host: s.Host(), Port: s.Port(), Security: setting.SecurityNone}
}

func open(t testing.TB, c Config) channel.Session {
	t.Helper()
	ch, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	session, err := ch.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	})
	return session
}

func note(t testing.TB, n int) channel.Message {
	t.Helper()
	m, err := Compose(channeltest.Draft(n))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// big is a message that no socket buffer swallows whole.
func big(t *testing.T) channel.Message {
	t.Helper()
	d := channeltest.Draft(1)
	d.Attachments[0].Data = bytes.Repeat([]byte("x"), 17<<20)
	m, err := Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEmailIsAChannel(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) channeltest.Subject {
		var next atomic.Value
		next.Store(channel.Sent)
		s, c := sink(t, smtpsink.Config{Behave: func(e smtpsink.Event) smtpsink.Action {
			switch {
			case e.Stage == smtpsink.Rcpt && next.CompareAndSwap(channel.Permanent, channel.Sent):
				return smtpsink.Reply(550, "5.1.1 no such user")
			case e.Stage == smtpsink.From && next.CompareAndSwap(channel.Temporary, channel.Sent):
				return smtpsink.Reply(451, "4.3.0 later")
			case e.Stage == smtpsink.Dot && next.CompareAndSwap(channel.Uncertain, channel.Sent):
				return smtpsink.Drop()
			}
			return smtpsink.Action{}
		}})
		ch, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		return channeltest.Subject{
			Channel: ch,
			Fail:    func(o channel.Outcome) { next.Store(o) },
			Received: func() (raw [][]byte) {
				for _, m := range s.Received() {
					raw = append(raw, m.Data)
				}
				return raw
			},
		}
	})
}

func TestWhatEachFailureMeans(t *testing.T) {
	t.Parallel()
	const (
		from, rcpt, body, dot = smtpsink.From, smtpsink.Rcpt, smtpsink.Body, smtpsink.Dot
		perm, temp, doubt     = channel.Permanent, channel.Temporary, channel.Uncertain
	)
	reply, drop, hang := smtpsink.Reply, smtpsink.Drop(), smtpsink.Hang()
	for name, c := range map[string]struct {
		stage   smtpsink.Stage
		action  smtpsink.Action
		outcome channel.Outcome
		code    string
		big     bool
	}{
		"sender refused for good":    {from, reply(553, "5.1.8 bad sender"), perm, "553 5.1.8", false},
		"sender refused for now":     {from, reply(452, "4.3.1 no space"), temp, "452 4.3.1", false},
		"asked who we are":           {from, reply(530, "5.7.0 authenticate"), temp, "530 5.7.0", false},
		"closing":                    {from, reply(421, "4.3.2 closing"), temp, "421 4.3.2", false},
		"dropped at the sender":      {from, drop, temp, "", false},
		"silent at the sender":       {from, hang, temp, "", false},
		"recipient unknown":          {rcpt, reply(550, "5.1.1 unknown user"), perm, "550 5.1.1", false},
		"recipient greylisted":       {rcpt, reply(450, "4.7.1 greylisted"), temp, "450 4.7.1", false},
		"no enhanced code":           {rcpt, reply(550, "go away"), perm, "550", false},
		"dropped at the recipient":   {rcpt, drop, temp, "", false},
		"silent at the recipient":    {rcpt, hang, temp, "", false},
		"dropped amid the message":   {body, drop, temp, "", true},
		"silent amid the message":    {body, hang, temp, "", true},
		"message refused for good":   {dot, reply(554, "5.7.1 spam"), perm, "554 5.7.1", false},
		"message refused for now":    {dot, reply(451, "4.3.0 later"), temp, "451 4.3.0", false},
		"closing after the message":  {dot, reply(421, "4.3.2 closing"), temp, "421 4.3.2", false},
		"dropped after the message":  {dot, drop, doubt, "", false},
		"silent after the message":   {dot, hang, doubt, "", false},
		"nonsense after the message": {dot, reply(354, "what?"), doubt, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var done atomic.Bool
			s, cfg := sink(t, smtpsink.Config{Behave: func(e smtpsink.Event) smtpsink.Action {
				if e.Stage == c.stage && done.CompareAndSwap(false, true) {
					return c.action
				}
				return smtpsink.Action{}
			}})
			cfg.Step, cfg.Answer = 4*short, 2*short
			session := open(t, cfg)
			m := note(t, 1)
			if c.big {
				m = big(t)
			}
			r := session.Send(t.Context(), m)
			dead := c.code == "" || c.code == "421 4.3.2"
			if c.stage == from && dead { // it may have been so since Open: a new one is tried
				if r.Outcome != channel.Sent || s.Connections() != 2 {
					t.Fatalf("a dead connection was not made anew: %+v, %d connections", r, s.Connections())
				}
				return
			}
			if r.Outcome != c.outcome || r.Code != c.code || r.Detail == "" {
				t.Fatalf("got %+v, want %s %q", r, c.outcome, c.code)
			}
			if s.Count() != 0 {
				t.Error("the message arrived all the same")
			}
			if r := session.Send(t.Context(), note(t, 2)); r.Outcome != channel.Sent {
				t.Errorf("the next message: %+v", r)
			}
			if s.Count() != 1 {
				t.Errorf("%d messages arrived, want the second alone", s.Count())
			}
		})
	}
}

func TestADeadConnectionIsMadeAnewOnceOnly(t *testing.T) {
	t.Parallel()
	s, c := sink(t, smtpsink.Config{Behave: func(e smtpsink.Event) smtpsink.Action {
		if e.Stage == smtpsink.From && e.Message > 1 {
			return smtpsink.Drop()
		}
		return smtpsink.Action{}
	}})
	session := open(t, c)
	if r := session.Send(t.Context(), note(t, 1)); r.Outcome != channel.Sent {
		t.Fatalf("%+v", r)
	}
	if r := session.Send(t.Context(), note(t, 2)); r.Outcome != channel.Temporary || r.Code != "" {
		t.Errorf("%+v", r)
	}
	if s.Connections() != 2 || s.Count() != 1 {
		t.Errorf("%d connections, %d messages", s.Connections(), s.Count())
	}
}

func TestTheSameMessageLeavesOnceTheServerIsReady(t *testing.T) {
	t.Parallel()
	var refusals atomic.Int32
	s, c := sink(t, smtpsink.Config{Behave: func(e smtpsink.Event) smtpsink.Action {
		if e.Stage == smtpsink.Dot && refusals.Add(1) <= 2 {
			return smtpsink.Reply(451, "4.7.1 try again")
		}
		return smtpsink.Action{}
	}})
	session, m := open(t, c), note(t, 1)
	var got []channel.Outcome
	for range 3 {
		got = append(got, session.Send(t.Context(), m).Outcome)
	}
	want := []channel.Outcome{channel.Temporary, channel.Temporary, channel.Sent}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if s.Count() != 1 || s.Connections() != 1 {
		t.Errorf("%d messages over %d connections", s.Count(), s.Connections())
	}
}

func TestTwoThousandMessagesUseOneConnection(t *testing.T) {
	t.Parallel()
	const many = 2000
	s, c := sink(t, smtpsink.Config{})
	session := open(t, c)
	for n := range many {
		if r := session.Send(t.Context(), note(t, n)); r.Outcome != channel.Sent {
			t.Fatalf("message %d: %+v", n, r)
		}
	}
	for n, m := range s.Received() {
		if want := fmt.Sprintf("claire%d@delvaux.example", n); m.To[0] != want {
			t.Fatalf("message %d went to %s", n, m.To)
		}
	}
	if s.Count() != many || s.Connections() != 1 {
		t.Errorf("%d messages over %d connections", s.Count(), s.Connections())
	}
}

func TestGivingUpIsHonoured(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stage   smtpsink.Stage
		action  smtpsink.Action
		outcome channel.Outcome
	}{
		"before the message":           {smtpsink.Rcpt, smtpsink.Hang(), channel.Temporary},
		"after it, without an answer":  {smtpsink.Dot, smtpsink.Hang(), channel.Uncertain},
		"after it, the answer is read": {smtpsink.Dot, smtpsink.Action{}, channel.Sent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			_, cfg := sink(t, smtpsink.Config{Behave: func(e smtpsink.Event) smtpsink.Action {
				if e.Stage == c.stage {
					cancel()
					return c.action
				}
				return smtpsink.Action{}
			}})
			ch, err := New(cfg) // its own waits are minutes: only giving up ends them
			if err != nil {
				t.Fatal(err)
			}
			if c.action != (smtpsink.Action{}) {
				ch.grace = short
			}
			session, err := ch.Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer session.Close()
			if r := session.Send(ctx, note(t, 1)); r.Outcome != c.outcome {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestTheServerThatCannotBeUsedIsToldApart(t *testing.T) {
	t.Parallel()
	at := func(a smtpsink.Action) func(smtpsink.Event) smtpsink.Action {
		return func(e smtpsink.Event) smtpsink.Action {
			if e.Stage == smtpsink.Connect {
				return a
			}
			return smtpsink.Action{}
		}
	}
	for name, behave := range map[string]func(smtpsink.Event) smtpsink.Action{
		"hangs up":  at(smtpsink.Drop()),
		"is closed": at(smtpsink.Reply(421, "4.3.2 closed")),
		"refuses":   at(smtpsink.Reply(554, "5.7.1 not you")),
		"is silent": at(smtpsink.Hang()),
	} {
		_, c := sink(t, smtpsink.Config{Behave: behave})
		c.Step = short
		fails(t, name, c, fault.KindUnavailable, "")
	}
	gone, c := sink(t, smtpsink.Config{})
	gone.Close()
	fails(t, "not there", c, fault.KindUnavailable, "")
	endless := Config{Host: "127.0.0.1", Security: setting.SecurityNone, Dial: talker}
	fails(t, "talks for ever", endless, fault.KindUnavailable, "")
}

// talker is a server that greets without end.
func talker(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		for {
			if _, err := theirs.Write([]byte("220-" + strings.Repeat("bla ", 100) + "\r\n")); err != nil {
				return
			}
		}
	}()
	return ours, nil
}

func fails(t *testing.T, name string, c Config, want fault.Kind, field string) {
	t.Helper()
	ch, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ch.Open(t.Context())
	if fault.KindOf(err) != want {
		t.Errorf("%s: %v is %s, want %s", name, err, fault.KindOf(err), want)
	}
	if f, ok := errors.AsType[*fault.Invalid](err); ok && f.Field != field {
		t.Errorf("%s: about %q, want %q: %v", name, f.Field, field, err)
	}
}

func TestTheLineIsEncryptedOrNotUsed(t *testing.T) {
	t.Parallel()
	certificate, trusted, err := smtpsink.Certificate("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, others, err := smtpsink.Certificate("mail.elsewhere.example")
	if err != nil {
		t.Fatal(err)
	}
	tlsSink, implicit := sink(t, smtpsink.Config{TLS: certificate, Implicit: true})
	implicit.Security, implicit.Roots = setting.SecurityTLS, trusted
	startSink, explicit := sink(t, smtpsink.Config{TLS: certificate})
	explicit.Security, explicit.Roots = setting.SecuritySTARTTLS, trusted
	for name, s := range map[*smtpsink.Sink]Config{tlsSink: implicit, startSink: explicit} {
		if r := open(t, s).Send(t.Context(), note(t, 1)); r.Outcome != channel.Sent || name.Count() != 1 {
			t.Errorf("%s: %+v", s.Security, r)
		}
	}

	untrusted := explicit
	untrusted.Roots = x509.NewCertPool()
	fails(t, "unknown authority", untrusted, fault.KindInvalid, "smtp_host")
	_, misnamed := sink(t, smtpsink.Config{TLS: elsewhere, Implicit: true})
	misnamed.Security, misnamed.Roots = setting.SecurityTLS, others
	fails(t, "another name", misnamed, fault.KindInvalid, "smtp_host")

	clear, downgraded := sink(t, smtpsink.Config{Username: "sophie", Password: "s3cret"})
	downgraded.Security, downgraded.Username, downgraded.Password = setting.SecuritySTARTTLS, "sophie", "s3cret"
	fails(t, "no STARTTLS", downgraded, fault.KindInvalid, "smtp_security")
	if clear.Count() != 0 {
		t.Error("something was sent in clear")
	}
}

func TestProvingWhoWeAre(t *testing.T) {
	t.Parallel()
	for _, mechanism := range []string{"PLAIN", "LOGIN", "CRAM-MD5"} {
		s, c := sink(t, smtpsink.Config{Username: "sophie", Password: "s3cret é", Offers: []string{mechanism}})
		c.Username, c.Password = "sophie", "s3cret é"
		if r := open(t, c).Send(t.Context(), note(t, 1)); r.Outcome != channel.Sent || s.Count() != 1 {
			t.Errorf("%s: %+v", mechanism, r)
		}
		c.Password = "wrong"
		fails(t, mechanism+", wrong", c, fault.KindDenied, "")
	}
	_, none := sink(t, smtpsink.Config{})
	none.Username = "sophie"
	fails(t, "not offered", none, fault.KindInvalid, "smtp_user")

	far, c := sink(t, smtpsink.Config{Username: "sophie", Password: "s3cret", Offers: []string{"PLAIN", "LOGIN"}})
	near := (&net.Dialer{}).DialContext
	c.Username, c.Password, c.Host = "sophie", "s3cret", "mail.example"
	c.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return near(ctx, network, fmt.Sprintf("%s:%d", far.Host(), far.Port()))
	}
	fails(t, "password in clear over the network", c, fault.KindInvalid, "smtp_security")
}

func TestARefusedCopyStopsNothingARefusedRecipientAll(t *testing.T) {
	t.Parallel()
	s, c := sink(t, smtpsink.Config{Behave: func(e smtpsink.Event) smtpsink.Action {
		if e.Stage == smtpsink.Rcpt && strings.HasPrefix(e.Address, "nobody@") {
			return smtpsink.Reply(550, "5.1.1 unknown")
		}
		return smtpsink.Action{}
	}})
	session := open(t, c)
	m := note(t, 1)
	m.Cc = []string{"nobody@delvaux.example", "chef@delvaux.example"}
	r := session.Send(t.Context(), m)
	if r.Outcome != channel.Sent || !strings.Contains(r.Detail, "nobody@delvaux.example") {
		t.Errorf("with a refused copy: %+v", r)
	}
	m.To, m.Cc = []string{"claire@delvaux.example", "nobody@delvaux.example"}, nil
	if r := session.Send(t.Context(), m); r.Outcome != channel.Permanent {
		t.Errorf("with a refused recipient: %+v", r)
	}
	if got := s.Received(); len(got) != 1 || len(got[0].To) != 2 {
		t.Errorf("arrived: %+v", got)
	}
}

func TestAnEnvelopeSaysNoMoreThanAddresses(t *testing.T) {
	t.Parallel()
	s, c := sink(t, smtpsink.Config{})
	session := open(t, c)
	for _, to := range []string{
		"", "a", "a@b.example>\r\nRCPT TO:<c@d.example", "a@b.example SIZE=1", "Claire <a@b.example>", "é@b.example",
	} {
		m := note(t, 1)
		m.To = []string{to}
		if r := session.Send(t.Context(), m); r.Outcome != channel.Permanent || r.Code != "" {
			t.Errorf("%q: %+v", to, r)
		}
	}
	if s.Count() != 0 {
		t.Error("something was sent")
	}
}

func TestNoMoreThanSoManyAMinute(t *testing.T) {
	t.Parallel()
	s, c := sink(t, smtpsink.Config{})
	c.PerMinute = 1
	session := open(t, c)
	if r := session.Send(t.Context(), note(t, 1)); r.Outcome != channel.Sent {
		t.Fatalf("%+v", r)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // the next is due in a minute
	defer cancel()
	if r := session.Send(ctx, note(t, 2)); r.Outcome != channel.Temporary || s.Count() != 1 {
		t.Errorf("%+v after %d messages", r, s.Count())
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	good := Config{Host: "mail.example"}
	for field, spoil := range map[string]func(*Config){
		"smtp_host":   func(c *Config) { c.Host = "" },
		"return_path": func(c *Config) { c.Return = "bounces" },
		"dkim_key":    func(c *Config) { c.DKIM = DKIM{Domain: "d.example", Selector: "s", Key: "x"} },
		"dkim_domain": func(c *Config) { c.DKIM = DKIM{Selector: "s", Key: "x"} },
	} {
		c := good
		spoil(&c)
		_, err := New(c)
		if f, ok := errors.AsType[*fault.Invalid](err); !ok || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := Driver.New(setting.Values{}, setting.Box{})
	if f, ok := errors.AsType[*fault.Invalid](err); !ok || f.Field != "smtp_host" {
		t.Errorf("a creditor who has set nothing: %v", err)
	}
}
