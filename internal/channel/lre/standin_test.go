package lre_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"acquit/internal/channel/lre"
)

// The example that AR24 publishes.
const (
	privateKey = "7X9gx9E3Qx4EiUdB63nc"
	signedDate = "2021-05-26 14:00:00"
	signature  = "bDop0cbjKpkySlpvnNGvBMg7PuYFFgPPqTTS2RAHoY0="
	sealed     = "WwBOU6s8DaMWmYdctBJwfuoujFgVygBUjhsbdf8eWqQ="
)

// at is the moment of that example.
func at() time.Time { return time.Date(2021, 5, 26, 12, 0, 0, 0, time.UTC) }

// standIn speaks the protocol of AR24, and misbehaves when it is told to.
type standIn struct {
	mu       sync.Mutex
	letters  []map[string]any
	files    map[string][]byte
	received [][]byte
	requests []string
	codes    []string
	spoil    map[string]func(http.ResponseWriter) // by method and path; what is spoilt after "mail" was taken first
	naked    bool                                 // only the result is sealed
	url      string
}

func start(t *testing.T) *standIn {
	s := &standIn{files: map[string][]byte{}, spoil: map[string]func(http.ResponseWriter){}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/user/auth_otp", s.authenticate)
	mux.HandleFunc("GET /api/user/mail", s.list)
	mux.HandleFunc("POST /api/attachment/", s.attach)
	mux.HandleFunc("POST /api/mail", s.send)
	mux.HandleFunc("GET /api/mail", s.tell)
	mux.HandleFunc("GET /get/proof/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%%PDF-1.7 %s", r.PathValue("name"))
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests = append(s.requests, r.Method+" "+r.URL.Path)
		if r.FormValue("token") != "jeton" || r.FormValue("date") != signedDate || r.Header.Get("Signature") != signature {
			refuse(w, "signature_invalid", "Signature invalide")
			return
		}
		key := r.Method + " " + strings.Trim(strings.TrimPrefix(r.URL.Path, "/api"), "/")
		if fn := s.spoil[key]; fn != nil {
			delete(s.spoil, key)
			if key == "POST mail" {
				mux.ServeHTTP(httptest.NewRecorder(), r) // what is answered comes after it was taken
			}
			fn(w)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *standIn) channel(t *testing.T, change func(*lre.Config)) *lre.Channel {
	t.Helper()
	c := lre.Config{API: s.url + "/api/", Token: "jeton", Key: privateKey, User: "12", Now: at}
	if change != nil {
		change(&c)
	}
	made, err := lre.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func hex(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

// seal encrypts an answer as AR24 does.
func seal(plain []byte) string {
	block, err := aes.NewCipher([]byte(hex(signedDate + privateKey))[:32])
	if err != nil {
		panic(err)
	}
	n := 16 - len(plain)%16
	text := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, []byte(hex(hex(privateKey)))[:16]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text)
}

func (s *standIn) answer(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	if s.naked {
		fmt.Fprintf(w, `{"status":"SUCCESS","result":%q}`, seal(b))
		return
	}
	fmt.Fprint(w, seal([]byte(`{"status":"SUCCESS","result":`+string(b)+`}`)))
}

func refuse(w http.ResponseWriter, slug, words string) {
	fmt.Fprintf(w, `{"status":"ERROR","slug":%q,"message":%q,"result":null}`, slug, words)
}

func (s *standIn) authenticate(w http.ResponseWriter, r *http.Request) {
	s.codes = append(s.codes, r.FormValue("otp"))
	s.answer(w, map[string]any{})
}

func (s *standIn) list(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.Atoi(r.FormValue("start"))
	most, _ := strconv.Atoi(r.FormValue("max"))
	from = min(from, len(s.letters))
	s.answer(w, append([]map[string]any{}, s.letters[from:min(from+most, len(s.letters))]...))
}

func (s *standIn) attach(w http.ResponseWriter, r *http.Request) {
	file, head, err := r.FormFile("file")
	if err != nil || head.Header.Get("Content-Type") != "application/pdf" || r.FormValue("id_user") != "12" {
		refuse(w, "attachment_missing_file", "Fichier manquant")
		return
	}
	pdf, err := io.ReadAll(file)
	if err != nil {
		refuse(w, "attachment_unreadable", "Fichier illisible")
		return
	}
	id := "f" + strconv.Itoa(len(s.files))
	s.files[id] = pdf
	s.answer(w, map[string]any{"file_id": id})
}

func (s *standIn) send(w http.ResponseWriter, r *http.Request) {
	pdf := s.files[r.FormValue("attachment[0]")]
	if pdf == nil || r.FormValue("eidas") != "1" || !strings.Contains(r.FormValue("to_email"), "@") {
		refuse(w, "missing_email", "Adresse du destinataire manquante")
		return
	}
	l := map[string]any{"id": 1000 + len(s.letters), "status": "waiting", "ts_ev_date": "", "view_date": nil}
	for k := range r.PostForm {
		if k != "token" && k != "date" {
			l[k] = r.FormValue(k)
		}
	}
	s.letters = append(s.letters, l)
	s.received = append(s.received, pdf)
	s.answer(w, l)
}

func (s *standIn) tell(w http.ResponseWriter, r *http.Request) {
	for _, l := range s.letters {
		if fmt.Sprint(l["id"]) == r.FormValue("id") {
			s.answer(w, l)
			return
		}
	}
	refuse(w, "mail_not_exists", "Ce courrier n’existe pas")
}

// next spoils the next such request.
func (s *standIn) next(what string, fn func(http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoil[what] = fn
}

// drop ends the connection without a word.
func drop(http.ResponseWriter) { panic(http.ErrAbortHandler) }

// set changes what is known of the last letter.
func (s *standIn) set(more map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(s.letters[len(s.letters)-1], more)
}
