package lre_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/channel/channeltest"
	"acquit/internal/channel/lre"
	"acquit/internal/fault"
	"acquit/internal/letter"
	"acquit/internal/notice"
	"acquit/internal/post"
)

func TestAR24IsAChannel(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) channeltest.Subject {
		s := start(t)
		return channeltest.Subject{
			Channel: s.channel(t, nil), Paper: true,
			Received: func() [][]byte {
				s.mu.Lock()
				defer s.mu.Unlock()
				return slices.Clone(s.received)
			},
			Fail: func(o channel.Outcome) {
				switch o {
				case channel.Permanent:
					s.next("POST attachment", func(w http.ResponseWriter) { refuse(w, "attachment_unavailable", "Pièce refusée") })
				case channel.Temporary:
					s.next("POST attachment", maintenance)
				case channel.Uncertain:
					s.next("POST mail", drop)
				}
			},
		}
	})
}

func maintenance(w http.ResponseWriter) { fmt.Fprint(w, `{"status":"maintenance"}`) }

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

func message() channel.Message {
	return channel.Message{ID: "msg_1", To: []string{"Delvaux, Fils & Cie", "Claire Vidal", "claire@delvaux.example", "professionnel"}, Raw: []byte("%PDF-1.7 lettre")}
}

func open(t *testing.T, c *lre.Channel) channel.Session {
	t.Helper()
	session, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func TestAnAnswerIsAReceipt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, what string
		answer     func(http.ResponseWriter)
		want       channel.Outcome
		says       string
	}{
		{"dropped before it was sent", "POST attachment", drop, channel.Temporary, ""},
		{"dropped after", "POST mail", drop, channel.Uncertain, "peut-être"},
		{"500 before", "POST attachment", status(500), channel.Temporary, "500"},
		{"500 after", "POST mail", status(502), channel.Uncertain, "502"},
		{"an address elsewhere", "POST mail", status(302), channel.Uncertain, "302"},
		{"429", "POST mail", status(429), channel.Temporary, "429"},
		{"503", "POST mail", status(503), channel.Temporary, "503"},
		{"maintenance", "POST mail", maintenance, channel.Temporary, "maintenance"},
		{"its words", "POST mail", func(w http.ResponseWriter) { refuse(w, "wrong_email", "Adresse  inconnue") }, channel.Permanent, "Adresse inconnue"},
		{"no JSON", "POST mail", func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }, channel.Uncertain, "ne s’ouvre pas"},
		{"half an answer", "POST mail", func(w http.ResponseWriter) { fmt.Fprint(w, sealed[:24]) }, channel.Uncertain, ""},
		{"success without a number", "POST mail", func(w http.ResponseWriter) { fmt.Fprint(w, `{"status":"SUCCESS","result":{}}`) }, channel.Uncertain, "numéro"},
		{"AR24's own example, which opens and is no JSON", "POST attachment", func(w http.ResponseWriter) { fmt.Fprint(w, sealed) }, channel.Temporary, "ne se lit pas"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			session := open(t, s.channel(t, nil))
			s.next(c.what, c.answer)
			r := session.Send(t.Context(), message())
			if r.Outcome != c.want || !strings.Contains(r.Detail, c.says) || strings.Contains(r.Detail, "jeton") {
				t.Errorf("got %+v, want %s that says %q", r, c.want, c.says)
			}
		})
	}
}

func TestALetterThatAR24HasIsNotSentTwice(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.channel(t, nil)
	s.next("POST mail", drop)
	if r := open(t, c).Send(t.Context(), message()); r.Outcome != channel.Uncertain {
		t.Fatalf("got %+v", r)
	}
	r := open(t, c).Send(t.Context(), message())
	if r.Outcome != channel.Sent || r.Reference != "1000" || len(s.received) != 1 {
		t.Errorf("again: %+v, %d letters", r, len(s.received))
	}
	s.set(map[string]any{"status": "error"}) // never left: it may be sent
	if r := open(t, c).Send(t.Context(), message()); r.Outcome != channel.Sent || r.Reference != "1001" {
		t.Errorf("after an error: %+v", r)
	}
}

func TestNothingNamesTheSenderBeforeItIsAccepted(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.naked = true
	open(t, s.channel(t, nil)).Send(t.Context(), message())
	want := map[string]any{
		"id": 1000, "status": "waiting", "ts_ev_date": "", "view_date": nil, "id_user": "12", "eidas": "1",
		"to_company": "Delvaux, Fils & Cie", "to_firstname": "Claire", "to_lastname": "Vidal", "to_email": "claire@delvaux.example",
		"dest_statut": "professionnel", "ref_dossier": "msg_1", "attachment[0]": "f0", "content": "Vous trouverez ci-joint notre lettre.",
	}
	if diff := cmp.Diff(want, s.letters[0]); diff != "" {
		t.Error(diff)
	}
}

// A letter that was written for paper before the setting changed has lines of a
// postal address.
func TestALetterForPaperIsNotSent(t *testing.T) {
	t.Parallel()
	s := start(t)
	m := message()
	m.To = []string{"Delvaux", "10 rue Nationale", "59000 LILLE"}
	if r := open(t, s.channel(t, nil)).Send(t.Context(), m); r.Outcome != channel.Permanent || len(s.received) != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestAConsumerIsNamedInFull(t *testing.T) {
	t.Parallel()
	d := channeltest.Draft(1)
	d.Attachments, d.Consumer = nil, true
	d.Letter = &letter.Letter{Sender: []string{"Atelier"}, Recipient: []string{"Jeanne Morel", "59000 LILLE"}, Subject: "Mise en demeure"}
	c := start(t).channel(t, nil)
	m, err := c.Compose(d)
	if err != nil || strings.Join(m.To, "|") != "Jeanne Morel|claire1@delvaux.example|particulier" {
		t.Errorf("%q, %v", m.To, err)
	}
	for name, spoil := range map[string]func(*channel.Draft){
		"one name":          func(d *channel.Draft) { d.Letter.Recipient[0] = "Morel" },
		"no mailbox":        func(d *channel.Draft) { d.To = nil },
		"two mailboxes":     func(d *channel.Draft) { d.To = append(d.To, d.To[0]) },
		"more than address": func(d *channel.Draft) { d.To[0].Address = "a@b.example,c@d.example" },
	} {
		wrong := d
		page := *d.Letter
		page.Recipient = slices.Clone(page.Recipient)
		wrong.Letter, wrong.To = &page, slices.Clone(d.To)
		spoil(&wrong)
		if _, err := c.Compose(wrong); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoWeAreIsSaidFirst(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.channel(t, func(c *lre.Config) { c.OTP = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq" })
	open(t, c)
	// RFC 6238 with the key of its appendix, truncated to six digits.
	if diff := cmp.Diff([]string{"POST /api/user/auth_otp", "GET /api/user/mail"}, s.requests); diff != "" || len(s.codes[0]) != 6 {
		t.Errorf("%s, code %q", diff, s.codes)
	}
	s.next("POST user/auth_otp", func(w http.ResponseWriter) { refuse(w, "invalid_otp", "Code invalide") })
	if _, err := c.Open(t.Context()); fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "Code invalide") {
		t.Errorf("a wrong code: %v", err)
	}
	wrong := s.channel(t, func(c *lre.Config) { c.Key = "autre" })
	if _, err := wrong.Open(t.Context()); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a wrong key: %v", err)
	}
	s.next("GET user/mail", maintenance)
	if _, err := s.channel(t, nil).Open(t.Context()); fault.KindOf(err) != fault.KindUnavailable {
		t.Errorf("maintenance: %v", err)
	}
	if _, err := lre.New(lre.Config{Token: "t", Key: "k", User: "1", OTP: "0!"}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("an unreadable key: %v", err)
	}
}

func TestWhatBecameOfALetter(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.channel(t, nil)
	if got, err := c.Certificate(t.Context(), "msg_1", ""); err != nil || !got.Missing {
		t.Errorf("none yet: %+v, %v", got, err)
	}
	open(t, c).Send(t.Context(), message())
	if got, err := c.Certificate(t.Context(), "msg_1", ""); err != nil || got.Reference != "1000" || len(got.Acts) != 0 {
		t.Errorf("waiting: %+v, %v", got, err)
	}
	s.set(map[string]any{
		"status": "negligence", "ts_ev_date": "2026-11-03 18:15:01", "proof_ev_url": s.url + "/get/proof/ev-1000?token=x",
		"negligence_date": "2026-11-19 00:05:00", "proof_ng_url": s.url + "/get/proof/ng-1000?token=x",
	})
	got, err := c.Certificate(t.Context(), "msg_1", "1000")
	if err != nil {
		t.Fatal(err)
	}
	day, ev := cal.Must("2026-11-03"), s.url+"/get/proof/ev-1000?token=x"
	want := []post.Act{
		{Kind: notice.Deposited, On: day, Proof: ev},
		{Kind: notice.Presented, On: day, Proof: ev},
		{Kind: notice.Unclaimed, On: cal.Must("2026-11-19"), Proof: s.url + "/get/proof/ng-1000?token=x"},
	}
	if diff := cmp.Diff(want, got.Acts); diff != "" {
		t.Error(diff)
	}
	if pdf, err := c.Proof(t.Context(), ev); err != nil || string(pdf) != "%PDF-1.7 ev-1000" {
		t.Errorf("%q, %v", pdf, err)
	}
	if _, err := c.Proof(t.Context(), "http://ailleurs.example/p"); err == nil {
		t.Error("our token was shown to another host")
	}
	if _, err := c.Certificate(t.Context(), "msg_2", "1000"); err == nil {
		t.Error("a letter of another")
	}
	s.set(map[string]any{"view_date": "bientôt"})
	if _, err := c.Certificate(t.Context(), "msg_1", "1000"); err == nil {
		t.Error("a day that is none")
	}
}
