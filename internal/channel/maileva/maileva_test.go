package maileva_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/channel"
	"acquit/internal/channel/channeltest"
	"acquit/internal/channel/maileva"
	"acquit/internal/customer"
	"acquit/internal/fault"
	"acquit/internal/post"
)

func TestMailevaIsAChannel(t *testing.T) {
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
					s.next("POST documents", func(w http.ResponseWriter) { refuse(w, 400, "INVALID_PDF", "police non incorporée") })
				case channel.Temporary:
					s.next("POST sendings", func(w http.ResponseWriter) { refuse(w, 429, "TOO_MANY", "trop de demandes") })
				case channel.Uncertain:
					s.next("POST submit", drop)
				}
			},
		}
	})
}

func TestAnAnswerIsAReceipt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, what string
		answer     func(http.ResponseWriter)
		want       channel.Outcome
		says       string
	}{
		{"dropped before the submission", "POST recipients", drop, channel.Temporary, ""},
		{"dropped after the submission", "POST submit", drop, channel.Uncertain, "n’a pas répondu"},
		{"500 before", "POST documents", func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }, channel.Temporary, "500"},
		{"500 at the submission", "POST submit", func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }, channel.Uncertain, "500"},
		{"its words at 4xx", "POST recipients", func(w http.ResponseWriter) { refuse(w, 422, "BAD_ZIP", "code postal inconnu") }, channel.Permanent, "code postal inconnu"},
		{"429", "POST submit", func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }, channel.Temporary, "429"},
		{"a token that ran out", "POST sendings", func(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) }, channel.Temporary, "401"},
		{"no JSON", "POST sendings", func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }, channel.Temporary, "ne se lit pas"},
		{"no identifier", "POST sendings", func(w http.ResponseWriter) { fmt.Fprint(w, "{}") }, channel.Temporary, "sans identifiant"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			session, err := s.channel(t, nil).Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s.next(c.what, c.answer)
			r := session.Send(t.Context(), message("msg_1"))
			if r.Outcome != c.want || !strings.Contains(r.Code+" "+r.Detail, c.says) {
				t.Errorf("got %+v, want %s that says %q", r, c.want, c.says)
			}
		})
	}
}

func message(id string) channel.Message {
	return channel.Message{
		ID: id, To: []string{"Imprimerie Delvaux", "À l’attention de Claire Vidal", "10, rue Nationale", "59000 LILLE"},
		Raw: []byte("%PDF-1.7 lettre"),
	}
}

// A slow answer to a submission is no answer.
func TestASlowSubmissionIsUncertain(t *testing.T) {
	t.Parallel()
	s := start(t)
	session, err := s.channel(t, func(c *maileva.Config) { c.Step = 300 * time.Millisecond }).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	s.next("POST submit", func(http.ResponseWriter) { <-hang })
	if r := session.Send(t.Context(), message("msg_1")); r.Outcome != channel.Uncertain || r.Reference == "" {
		t.Errorf("got %+v", r)
	}
}

// A letter that was submitted before a line died is found by our identifier, and
// never posted twice.
func TestALetterIsPostedOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.channel(t, nil)
	session, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.next("POST submit", drop)
	session.Send(t.Context(), message("msg_1"))
	got, err := c.Follow(t.Context(), "msg_1", "")
	if err != nil || got.State != post.Submitted {
		t.Errorf("followed without its reference: %+v, %v", got, err)
	}
	if session, err = c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := session.Send(t.Context(), message("msg_1")); r.Outcome != channel.Sent || r.Reference != "s-0001" {
		t.Errorf("sent again: %+v", r)
	}
	if len(s.received) != 1 {
		t.Errorf("%d letters were posted", len(s.received))
	}
	if got, err := c.Follow(t.Context(), "msg_2", ""); err != nil || got.State != post.Missing {
		t.Errorf("one that was never there: %+v, %v", got, err)
	}
}

func TestAddressesAndWhatBecomesOfLetters(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.channel(t, nil)
	session, err := c.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	abroad := message("msg_1")
	abroad.To = []string{"Druck GmbH", "Hauptstraße 1", "10115 Berlin", "ALLEMAGNE"}
	r := session.Send(t.Context(), abroad)
	want := map[string]any{
		"custom_id": "msg_1", "country_code": "DE", "address_line_1": "Druck GmbH", "address_line_4": "Hauptstraße 1",
		"address_line_6": "10115 Berlin",
	}
	if diff := cmp.Diff(want, s.sendings[0].to); diff != "" {
		t.Error(diff)
	}
	nowhere := message("msg_9")
	nowhere.To = []string{"X", "Y", "Nulle part"}
	if r := session.Send(t.Context(), nowhere); r.Outcome != channel.Permanent {
		t.Errorf("an address without a place: %+v", r)
	}
	s.sendings = s.sendings[:1]
	for _, one := range []struct {
		status string
		more   map[string]any
		want   post.TrackState
		reason customer.ReturnReason
	}{
		{"PENDING", nil, post.Submitted, ""},
		{"ACCEPTED", nil, post.Accepted, ""},
		{"PROCESSED", nil, post.Printed, ""},
		{"REJECTED", map[string]any{"status_detail": "adresse"}, post.Rejected, ""},
		{"PROCESSED", map[string]any{"undelivered_mail_date": "2026-12-02T07:00:00Z", "undelivered_mail_reason": "N02"}, post.Returned, customer.Unknown},
		{"PROCESSED", map[string]any{"undelivered_mail_date": "2026-12-02T07:00:00Z", "undelivered_mail_reason": "N03"}, post.Returned, customer.Unclaimed},
	} {
		s.set(one.status, one.more)
		got, err := c.Follow(t.Context(), "msg_1", r.Reference)
		if err != nil || got.State != one.want || got.Reason != one.reason {
			t.Errorf("%s %v: %+v, %v", one.status, one.more, got, err)
		}
	}
	s.set("INVENTED", nil)
	if _, err := c.Follow(t.Context(), "msg_1", r.Reference); err == nil {
		t.Error("a state that nobody knows was taken for one")
	}
	if _, err := c.Follow(t.Context(), "msg_other", r.Reference); err == nil {
		t.Error("another letter’s fate was taken for ours")
	}
}

func TestWrongPasswordsAreSaid(t *testing.T) {
	t.Parallel()
	s := start(t)
	_, err := s.channel(t, func(c *maileva.Config) { c.Password = "faux" }).Open(t.Context())
	if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "Invalid user credentials") {
		t.Errorf("got %v", err)
	}
	if _, err := maileva.New(maileva.Config{}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("without settings: %v", err)
	}
}
