package maileva_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"acquit/internal/channel/maileva"
)

// standIn speaks the protocol of Maileva, and misbehaves when it is told to.
type standIn struct {
	mu       sync.Mutex
	sendings []*held
	received [][]byte
	spoil    map[string]func(http.ResponseWriter) bool // by the end of a path; true answers instead
	url      string
}

// held is a sending at the stand-in.
type held struct {
	ID       string `json:"id"`
	CustomID string `json:"custom_id"`
	Status   string `json:"status"`
	pdf      []byte
	to       map[string]any
	more     map[string]any
}

func start(t *testing.T) *standIn {
	s := &standIn{spoil: map[string]func(http.ResponseWriter) bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/realms/services/protocol/openid-connect/token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("password") != "pass" || r.FormValue("grant_type") != "password" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_grant","error_description":"Invalid user credentials"}`)
			return
		}
		fmt.Fprint(w, `{"access_token":"jeton","expires_in":300}`)
	})
	mux.HandleFunc("POST /mail/v2/sendings", s.create)
	mux.HandleFunc("GET /mail/v2/sendings", s.list)
	mux.HandleFunc("GET /mail/v2/sendings/{id}", func(w http.ResponseWriter, r *http.Request) { s.answer(w, s.find(w, r)) })
	mux.HandleFunc("POST /mail/v2/sendings/{id}/documents", s.document)
	mux.HandleFunc("POST /mail/v2/sendings/{id}/recipients", s.recipient)
	mux.HandleFunc("GET /mail/v2/sendings/{id}/recipients", s.recipients)
	mux.HandleFunc("POST /mail/v2/sendings/{id}/submit", s.submit)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/mail/") && r.Header.Get("Authorization") != "Bearer jeton" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		key := r.Method + " " + r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if fn := s.spoil[key]; fn != nil {
			delete(s.spoil, key)
			if strings.HasSuffix(key, "submit") {
				mux.ServeHTTP(httptest.NewRecorder(), r) // what is answered comes after it was taken
			}
			if fn(w) {
				return
			}
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *standIn) channel(t *testing.T, change func(*maileva.Config)) *maileva.Channel {
	t.Helper()
	c := maileva.Config{
		API: s.url, Login: s.url, Client: "client", Secret: "secret", User: "user", Password: "pass", Speed: "ECONOMIC",
		Now: func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) },
	}
	if change != nil {
		change(&c)
	}
	made, err := maileva.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (s *standIn) answer(w http.ResponseWriter, v any) {
	if h, ok := v.(*held); ok && h == nil {
		return
	}
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, code, words string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errors":[{"code":%q,"message":%q}]}`, code, words)
}

func (s *standIn) create(w http.ResponseWriter, r *http.Request) {
	h := &held{ID: fmt.Sprintf("s-%04d", len(s.sendings)+1), Status: "DRAFT"}
	var in map[string]any
	if json.NewDecoder(r.Body).Decode(&in) != nil || in["custom_id"] == "" {
		refuse(w, http.StatusBadRequest, "INVALID", "corps illisible")
		return
	}
	h.CustomID, _ = in["custom_id"].(string)
	s.sendings = append(s.sendings, h)
	w.WriteHeader(http.StatusCreated)
	s.answer(w, h)
}

func (s *standIn) list(w http.ResponseWriter, r *http.Request) {
	var first, count int
	_, _ = fmt.Sscan(r.URL.Query().Get("start_index"), &first)
	_, _ = fmt.Sscan(r.URL.Query().Get("count"), &count)
	from := min(max(first-1, 0), len(s.sendings))
	s.answer(w, map[string]any{"sendings": s.sendings[from:min(from+count, len(s.sendings))]})
}

func (s *standIn) find(w http.ResponseWriter, r *http.Request) *held {
	for _, h := range s.sendings {
		if h.ID == r.PathValue("id") {
			return h
		}
	}
	refuse(w, http.StatusNotFound, "NOT_FOUND", "envoi inconnu")
	return nil
}

func (s *standIn) document(w http.ResponseWriter, r *http.Request) {
	h := s.find(w, r)
	file, _, err := r.FormFile("document")
	if h == nil || err != nil {
		refuse(w, http.StatusBadRequest, "INVALID", "document manquant")
		return
	}
	if h.pdf, err = io.ReadAll(file); err != nil {
		refuse(w, http.StatusBadRequest, "INVALID", "document illisible")
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *standIn) recipient(w http.ResponseWriter, r *http.Request) {
	h := s.find(w, r)
	if h == nil {
		return
	}
	if json.NewDecoder(r.Body).Decode(&h.to) != nil || h.to["address_line_1"] == nil || h.to["address_line_6"] == nil {
		refuse(w, http.StatusBadRequest, "INVALID_ADDRESS", "adresse incomplète")
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func (s *standIn) recipients(w http.ResponseWriter, r *http.Request) {
	h := s.find(w, r)
	if h == nil {
		return
	}
	one := map[string]any{"status": h.Status}
	maps.Copy(one, h.more)
	s.answer(w, map[string]any{"recipients": []any{one}})
}

func (s *standIn) submit(w http.ResponseWriter, r *http.Request) {
	h := s.find(w, r)
	switch {
	case h == nil:
		return
	case h.Status != "DRAFT" || h.pdf == nil || h.to == nil:
		refuse(w, http.StatusConflict, "INVALID_STATUS", "cet envoi ne peut pas être soumis")
		return
	}
	h.Status = "PENDING"
	s.received = append(s.received, h.pdf)
}

// next spoils the next request whose method and last part of the path are so.
func (s *standIn) next(what string, fn func(http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoil[what] = func(w http.ResponseWriter) bool { fn(w); return true }
}

// drop ends the connection without a word.
func drop(http.ResponseWriter) { panic(http.ErrAbortHandler) }

// set changes what is known of the last sending.
func (s *standIn) set(status string, more map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.sendings[len(s.sendings)-1]
	h.Status, h.more = status, more
}
