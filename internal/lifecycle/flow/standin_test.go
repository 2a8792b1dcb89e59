package flow_test

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"acquit/internal/lifecycle/flow"
)

// standIn is a platform that speaks the Flow Service of XP Z12-013, and misbehaves
// where it is told to.
type standIn struct {
	t *testing.T
	*httptest.Server

	mu     sync.Mutex
	flows  []*flowOf
	tokens int
	posts  int
	clock  time.Time

	behave   func(w http.ResponseWriter, r *http.Request) bool // true where it has answered already
	after    func(w http.ResponseWriter) bool                  // once a post was taken
	expire   int                                               // requests that a token is good for; 0 is all
	used     int
	repeat   bool // searches give everything again, whatever is asked
	sameTime bool // everything that comes has one updatedAt
}

type flowOf struct {
	ID        string         `json:"flowId"`
	Tracking  string         `json:"trackingId,omitempty"`
	Name      string         `json:"name"`
	Type      string         `json:"flowType"`
	Direction string         `json:"flowDirection"`
	Updated   time.Time      `json:"updatedAt"`
	Ack       map[string]any `json:"acknowledgement"`
	raw       []byte
}

func newStandIn(t *testing.T) *standIn {
	s := &standIn{t: t, clock: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *standIn) platform() *flow.Platform {
	p, err := flow.New(flow.Config{
		URL: s.URL + "/flow/v1/", TokenURL: s.URL + "/token", Client: "acquit", Secret: "un secret", Organization: "org",
		Step: 500 * time.Millisecond, Now: func() time.Time { return s.clock },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *standIn) Put(name string, raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(&flowOf{Name: name, Type: "CustomerInvoiceLC", Direction: "In", raw: raw})
}

func (s *standIn) add(f *flowOf) {
	if !s.sameTime || len(s.flows) == 0 {
		s.clock = s.clock.Add(time.Second)
	}
	f.ID, f.Updated = fmt.Sprintf("flow/%d", len(s.flows)+1), s.clock
	if f.Ack == nil {
		f.Ack = map[string]any{"status": "Pending"}
	}
	s.flows = append(s.flows, f)
}

func (s *standIn) Got() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all [][]byte
	for _, f := range s.flows {
		if f.Direction == "Out" {
			all = append(all, f.raw)
		}
	}
	return all
}

func (s *standIn) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	behave := s.behave
	s.mu.Unlock()
	if behave != nil && behave(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/token" {
		s.token(w, r)
		return
	}
	s.used++
	if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", s.tokens) || s.expire > 0 && s.used > s.expire {
		http.Error(w, `{"errorCode":"UNAUTHORIZED","errorMessage":"jeton expiré"}`, http.StatusUnauthorized)
		return
	}
	if r.Header.Get("Request-Id") == "" || r.Header.Get("Organization-Id") != "org" {
		s.t.Errorf("%s %s: headers %v", r.Method, r.URL, r.Header)
	}
	switch {
	case r.URL.Path == "/flow/v1/healthcheck":
		fmt.Fprint(w, `{"status":"OK"}`)
	case r.Method == http.MethodPost && r.URL.Path == "/flow/v1/flows":
		s.post(w, r)
	case r.Method == http.MethodPost && r.URL.Path == "/flow/v1/flows/search":
		s.search(w, r)
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.EscapedPath(), "/flow/v1/flows/"):
		s.get(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *standIn) token(w http.ResponseWriter, r *http.Request) {
	client, secret, _ := r.BasicAuth()
	if err := r.ParseForm(); err != nil || r.Form.Get("grant_type") != "client_credentials" || client != "acquit" || secret != "un+secret" {
		http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
		return
	}
	s.tokens++
	s.used = 0
	fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":3600}`, s.tokens)
}

func (s *standIn) post(w http.ResponseWriter, r *http.Request) {
	s.posts++
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		s.t.Error(err)
		return
	}
	f := &flowOf{Type: "CustomerInvoiceLC", Direction: "Out"}
	var signal struct{ TrackingID, Name, FlowSyntax, SHA256 string }
	for m := multipart.NewReader(r.Body, params["boundary"]); ; {
		part, err := m.NextPart()
		if err != nil {
			break
		}
		body, _ := io.ReadAll(part)
		if part.FormName() == "flowInfo" {
			if err := json.Unmarshal(body, &signal); err != nil {
				s.t.Error(err)
			}
		} else {
			f.raw = body
		}
	}
	if signal.FlowSyntax != "CDAR" || signal.TrackingID == "" || len(signal.SHA256) != 64 {
		http.Error(w, `{"errorCode":"BAD_REQUEST","errorMessage":"flowInfo"}`, http.StatusBadRequest)
		return
	}
	f.Tracking, f.Name = signal.TrackingID, signal.Name
	s.add(f)
	if s.after != nil && s.after(w) {
		return
	}
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(f)
}

func (s *standIn) search(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Limit int
		Where struct {
			UpdatedAfter  time.Time
			FlowType      []string
			FlowDirection []string
			TrackingID    string
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || ask.Limit == 0 {
		http.Error(w, `{"errorCode":"BAD_REQUEST"}`, http.StatusBadRequest)
		return
	}
	list := []*flowOf{}
	for _, f := range s.flows {
		in := ask.Where.FlowDirection == nil || ask.Where.FlowDirection[0] == f.Direction
		fresh := s.repeat || !f.Updated.Before(ask.Where.UpdatedAfter) // inclusive: the last comes again
		if in && fresh && (ask.Where.TrackingID == "" || ask.Where.TrackingID == f.Tracking) && len(list) < ask.Limit {
			list = append(list, f)
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"limit": ask.Limit, "results": list})
}

func (s *standIn) get(w http.ResponseWriter, r *http.Request) {
	for _, f := range s.flows {
		if r.URL.EscapedPath() != "/flow/v1/flows/"+strings.ReplaceAll(f.ID, "/", "%2F") {
			continue
		}
		if r.URL.Query().Get("docType") == "Original" {
			_, _ = w.Write(f.raw)
			return
		}
		_ = json.NewEncoder(w).Encode(f)
		return
	}
	http.Error(w, `{"errorCode":"MISSING_RESOURCE","errorMessage":"flux inconnu"}`, http.StatusNotFound)
}
