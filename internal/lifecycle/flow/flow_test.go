package flow_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acquit/internal/lifecycle"
	"acquit/internal/lifecycle/flow"
	"acquit/internal/lifecycle/lifecycletest"
)

func TestTheInterfaceIsAPlatform(t *testing.T) {
	t.Parallel()
	lifecycletest.Run(t, func(t *testing.T) (lifecycle.Platform, lifecycletest.Peer) {
		s := newStandIn(t)
		return s.platform(), s
	})
}

var one = lifecycle.Outgoing{ID: "lcm_1", Name: "F1.xml", SHA256: strings.Repeat("0", 64), Raw: []byte("<un/>")}

func TestWhatAnAnswerMeansForAMessage(t *testing.T) {
	t.Parallel()
	status := func(n int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/flows") {
				return false
			}
			http.Error(w, `{"errorCode":"X","errorMessage":"non"}`, n)
			return true
		}
	}
	for n, want := range map[int]lifecycle.SendOutcome{
		400: lifecycle.NotTaken, 413: lifecycle.NotTaken, 422: lifecycle.NotTaken, 429: lifecycle.TryLater, 503: lifecycle.TryLater,
		401: lifecycle.TryLater, 403: lifecycle.TryLater, 408: lifecycle.NotKnown, 409: lifecycle.NotKnown, 500: lifecycle.NotKnown,
		502: lifecycle.NotKnown, 302: lifecycle.NotKnown,
	} {
		s := newStandIn(t)
		s.behave = status(n)
		if r := s.platform().Send(t.Context(), one); r.Outcome != want || !strings.Contains(r.Detail, fmt.Sprint(n)) {
			t.Errorf("%d: %+v, want %s", n, r, want)
		}
	}
}

func TestWhatHappenedIsNeverGuessed(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	s.after = func(http.ResponseWriter) bool { // it has taken the message, and says nothing
		s.mu.Unlock()
		defer s.mu.Lock()
		select {
		case <-hang:
		case <-t.Context().Done():
		case <-time.After(time.Minute):
		}
		return true
	}
	p := s.platform()
	if r := p.Send(t.Context(), one); r.Outcome != lifecycle.NotKnown {
		t.Errorf("%+v", r)
	}
	if v, err := p.Judge(t.Context(), one); err != nil || !v.Found || v.Judged || v.Flow == "" {
		t.Errorf("it is there: %+v, %v", v, err)
	}
	away := newStandIn(t)
	gone := away.platform()
	away.Close()
	if r := gone.Send(t.Context(), one); r.Outcome != lifecycle.TryLater {
		t.Errorf("nobody was there: %+v", r)
	}
}

func TestATokenThatEndsMidWayIsRenewed(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.expire = 2
	p := s.platform()
	for i := range 7 {
		m := one
		m.ID = fmt.Sprint("lcm_", i)
		if r := p.Send(t.Context(), m); r.Outcome != lifecycle.Handed {
			t.Fatalf("%d: %+v", i, r)
		}
	}
	if len(s.Got()) != 7 || s.tokens != 4 {
		t.Errorf("%d messages with %d tokens", len(s.Got()), s.tokens)
	}
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestManyPagesAndRepeatedOnesGiveEachFlowOnce(t *testing.T) {
	t.Parallel()
	for _, sameTime := range []bool{false, true} {
		s := newStandIn(t)
		s.sameTime = sameTime
		for i := range 130 {
			s.Put(fmt.Sprintf("%d.xml", i), []byte(fmt.Sprint(i)))
		}
		var flows []string
		seen := map[string]bool{}
		known := func(f string) (bool, error) { return seen[f], nil }
		take := func(in lifecycle.Incoming) error {
			flows, seen[in.Flow] = append(flows, in.Flow), true
			return nil
		}
		p := s.platform()
		at, err := p.Collect(t.Context(), "", known, take)
		if err != nil || len(flows) != 130 {
			t.Fatalf("same time %v: %d flows, %v", sameTime, len(flows), err)
		}
		if _, err := p.Collect(t.Context(), at, known, take); err != nil || len(flows) != 130 {
			t.Errorf("again: %d flows, %v", len(flows), err)
		}
	}
}

func TestAPlatformThatRunsInCirclesIsLeft(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.sameTime, s.repeat = true, true
	for i := range 1100 {
		s.Put(fmt.Sprintf("%d.xml", i), []byte(fmt.Sprint(i)))
	}
	n := 0
	_, err := s.platform().Collect(t.Context(), "", func(string) (bool, error) { return false, nil }, func(lifecycle.Incoming) error {
		n++
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "toujours les mêmes flux") {
		t.Errorf("%d flows, %v", n, err)
	}
}

func TestWhatIsMissingAmongTheSettingsIsNamed(t *testing.T) {
	t.Parallel()
	_, err := flow.New(flow.Config{URL: "https://x.example", TokenURL: "https://x.example/token", Client: "c"})
	if err == nil || !strings.Contains(err.Error(), "le secret de l’application manque") {
		t.Error(err)
	}
}
