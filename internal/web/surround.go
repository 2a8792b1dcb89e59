package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/user"
	"acquit/internal/web/visit"
)

// maxBody bounds what a form may send; maxUpload what the page that takes files
// may: an accounting file of a few million lines.
const (
	maxBody   = 1 << 20
	maxUpload = 2 << 30
)

// policy is the Content-Security-Policy of every page: nothing but what this
// site itself serves, no inline script, no inline style, and nobody frames it.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
	"connect-src 'self'", "form-action 'self'", "frame-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}, "; ")

// surround puts around the routes what every request passes through.
func (s *site) surround(next http.Handler) (http.Handler, error) {
	origins := http.NewCrossOriginProtection()
	if s.BaseURL != "" {
		u, err := url.Parse(s.BaseURL)
		if err != nil {
			return nil, &fault.Invalid{
				Field: "base_url", Message: "l’adresse publique ne se lit pas", Mend: "https://nom.domaine",
			}
		}
		if err := origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, &fault.Invalid{
				Field: "base_url", Message: "l’adresse publique ne se lit pas", Mend: "https://nom.domaine",
			}
		}
	}
	origins.SetDenyHandler(s.handler(func(http.ResponseWriter, *http.Request) error {
		return fault.Deniedf("cette demande vient d’un autre site : elle est refusée")
	}))
	return s.log(s.headers(origins.Handler(next))), nil
}

// headers tells browsers what they may do with our answers.
func (s *site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		if s.keeper.Secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// recorder remembers how a request was answered.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// log writes a line per request, measures it, and turns a panic into an error
// page where nothing has been sent yet.
func (s *site) log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Now()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				s.panicked(rec, r, p)
			}
			took := s.Now().Sub(began)
			s.measure.request(r, rec.status, took)
			s.Log.LogAttrs(r.Context(), level(rec.status), "request", slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Int("status", rec.status), slog.Duration("took", took))
		}()
		next.ServeHTTP(rec, r)
	})
}

func (s *site) panicked(w *recorder, r *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares what was panicked with in the same way
		panic(p)
	}
	ref := s.reference()
	s.Log.Error("panic", "reference", ref, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
	if w.status == 0 {
		s.showError(w, r, internal(ref))
	}
}

func level(status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// handler is h with a visit, a bounded body and, when it fails, the error page.
func (s *site) handler(h visit.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := s.keeper.Open(w, r)
		if err == nil {
			err = h(w, r)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

type register func(pattern string, h visit.Handler)

// bounded keeps a form small, and reads it before its page does: a form that is
// cut short or too large must not look like an empty one.
func bounded(h visit.Handler) visit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := r.ParseForm()
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return err
		}
		if err != nil {
			return fault.Invalidf("", "ce formulaire ne se lit pas")
		}
		return h(w, r)
	}
}

// open registers pages for anybody.
func (s *site) open(mux *http.ServeMux) register {
	return func(pattern string, h visit.Handler) { mux.Handle(pattern, s.handler(bounded(h))) }
}

// self registers pages for whoever is signed in with a password of their own.
func (s *site) self(mux *http.ServeMux) register {
	return func(pattern string, h visit.Handler) { mux.Handle(pattern, s.handler(signedIn(bounded(h)))) }
}

// noGuest keeps what belongs to a person from the guest of the demonstration.
func noGuest(h visit.Handler) visit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if visit.From(r.Context()).Guest {
			return fault.Deniedf("la démonstration n’a pas de compte")
		}
		return h(w, r)
	}
}

// books registers pages for whoever has a company open.
func (s *site) books(mux *http.ServeMux) register {
	return func(pattern string, h visit.Handler) { mux.Handle(pattern, s.handler(signedIn(inBooks(bounded(h))))) }
}

// upload registers the page that takes files, which reads its form itself.
func (s *site) upload(mux *http.ServeMux) register {
	return func(pattern string, h visit.Handler) {
		limited := func(w http.ResponseWriter, r *http.Request) error {
			r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
			return h(w, r)
		}
		mux.Handle(pattern, s.handler(signedIn(inBooks(limited))))
	}
}

func signedIn(h visit.Handler) visit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if visit.From(r.Context()).SignedIn() {
			return h(w, r)
		}
		back := "/connexion"
		if r.Method == http.MethodGet && r.URL.Path != "/" {
			back += "?retour=" + url.QueryEscape(r.URL.RequestURI())
		}
		if visit.Partial(r) { // a script would swap the sign-in page into a corner of this one
			w.Header().Set("HX-Redirect", "/connexion")
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		return visit.Go(w, r, back)
	}
}

func inBooks(h visit.Handler) visit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if visit.From(r.Context()).InBooks() {
			return h(w, r)
		}
		return visit.Go(w, r, "/societe")
	}
}

// healthTimeout is how long the database may take to say that it is there.
const healthTimeout = 3 * time.Second

// healthz tells a load balancer whether this node can work.
func (s *site) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
	defer cancel()
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := user.Any(ctx, tx)
		return err
	})
	if err != nil {
		s.Log.Warn("health", "error", err)
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}
