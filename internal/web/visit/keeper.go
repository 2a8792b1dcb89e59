package visit

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web/ui"
)

// How long a session lives: a fortnight at most, and less than a night without
// being used.
const (
	sessionLife = 14 * 24 * time.Hour
	sessionIdle = 16 * time.Hour
	seenEvery   = 15 * time.Minute // how exactly the last use is known: a write each time would be dear
)

// The names in a session.
const (
	keyPerson   = "person"
	keyStamp    = "stamp"
	keyCreditor = "creditor"
	keySeen     = "seen"
)

const (
	sessionCookie  = "acquit"
	languageCookie = "langue"
)

// Counter tells how much waits in each section of the navigation.
type Counter func(
	ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date,
) (map[ui.Section]ui.Count, error)

// Keeper keeps the sessions of browsers and opens visits.
type Keeper struct {
	db       *db.DB
	sessions *scs.SessionManager
	count    Counter
	guest    string
	clock    bool
	proxied  bool
	now      func() time.Time
}

// Options are what a Keeper needs to know.
type Options struct {
	DB      *db.DB
	Count   Counter
	Guest   string           // who is signed in without a password, in the demonstration; else empty
	Clock   bool             // the demonstration's clock can be moved
	Proxied bool             // what a proxy in front says of the browser's address and protocol is true
	Now     func() time.Time // the world's clock
}

// NewKeeper keeps sessions in the database.
func NewKeeper(o Options) *Keeper {
	m := scs.New()
	m.Store = user.NewSessions(o.DB, o.Now)
	m.Lifetime = sessionLife
	return &Keeper{
		db: o.DB, sessions: m, count: o.Count, guest: o.Guest, clock: o.Clock, proxied: o.Proxied, now: o.Now,
	}
}

// Open finds out who asks and puts the visit into the request's context.
func (k *Keeper) Open(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	token := ""
	if c, err := r.Cookie(sessionCookie); err == nil {
		token = c.Value
	}
	ctx, err := k.sessions.Load(r.Context(), token)
	if err != nil {
		return r, err
	}
	r = r.WithContext(ctx)
	v := &Visit{Lang: languageOf(r), path: r.URL.RequestURI(), notice: takeNotice(w, r), clock: k.clock}
	if r.Method != http.MethodGet {
		v.path = "/"
	}
	if err := k.recognise(ctx, v); err != nil {
		return r, err
	}
	if err := k.seen(w, r, v); err != nil {
		return r, err
	}
	return r.WithContext(context.WithValue(ctx, contextKey{}, v)), nil
}

func languageOf(r *http.Request) i18n.Lang {
	if c, err := r.Cookie(languageCookie); err == nil && c.Value == string(i18n.EN) {
		return i18n.EN
	}
	return i18n.FR
}

// recognise fills in the person of the session, their places and the creditor
// they have chosen, all as they stand now: who was disabled or has another
// password is nobody any more.
func (k *Keeper) recognise(ctx context.Context, v *Visit) error {
	id, guest := k.sessions.GetString(ctx, keyPerson), false
	if id == "" {
		id, guest = k.guest, k.guest != ""
	}
	idle := k.now().Sub(time.Unix(k.sessions.GetInt64(ctx, keySeen), 0))
	if id == "" || !guest && idle > sessionIdle {
		return nil
	}
	return k.db.Read(ctx, func(tx *db.Tx) error {
		p, err := user.Find(ctx, tx, id)
		if errors.Is(err, fault.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		stale := !guest && k.sessions.GetString(ctx, keyStamp) != p.Stamp()
		if !p.DisabledAt.IsZero() || stale {
			return nil
		}
		v.Person, v.Guest = p, guest
		if !guest { // the guest of the demonstration chooses by cookie, like a stranger
			v.Lang, _ = i18n.Parse(p.Language)
		}
		return k.enter(ctx, tx, v)
	})
}

// enter fills in where the person works.
func (k *Keeper) enter(ctx context.Context, tx *db.Tx, v *Visit) (err error) {
	if v.Places, err = user.Memberships(ctx, tx, v.Person.ID); err != nil || len(v.Places) == 0 {
		return err
	}
	chosen := k.sessions.GetString(ctx, keyCreditor)
	i := slices.IndexFunc(v.Places, func(m user.Membership) bool { return m.Creditor == chosen })
	if i < 0 && len(v.Places) > 1 {
		return nil
	}
	v.Scope = v.Places[max(i, 0)].Scope(v.Person)
	zone, err := setting.Read(ctx, tx, v.Scope.Creditor, setting.TimeZone)
	if err != nil {
		return err
	}
	v.Now = tx.Now.In(zone)
	v.Today = cal.Of(v.Now)
	v.Counts, err = k.count(ctx, tx, v.Scope, v.Today)
	return err
}

// seen notes now and then that a session is used.
func (k *Keeper) seen(w http.ResponseWriter, r *http.Request, v *Visit) error {
	last := time.Unix(k.sessions.GetInt64(r.Context(), keySeen), 0)
	if !v.SignedIn() || v.Guest || k.now().Sub(last) < seenEvery {
		return nil
	}
	k.sessions.Put(r.Context(), keySeen, k.now().Unix())
	return k.save(w, r)
}

// SignIn begins a session for p, under a token that nobody has seen before.
func (k *Keeper) SignIn(w http.ResponseWriter, r *http.Request, p user.Person) error {
	ctx := r.Context()
	if err := k.sessions.RenewToken(ctx); err != nil {
		return err
	}
	k.sessions.Put(ctx, keyPerson, p.ID)
	k.sessions.Put(ctx, keyStamp, p.Stamp())
	k.sessions.Put(ctx, keySeen, k.now().Unix())
	return k.save(w, r)
}

// Choose makes a creditor the one whose books are open.
func (k *Keeper) Choose(w http.ResponseWriter, r *http.Request, id string) error {
	v := From(r.Context())
	if !slices.ContainsFunc(v.Places, func(m user.Membership) bool { return m.Creditor == id }) {
		return fault.NotFound("société")
	}
	k.sessions.Put(r.Context(), keyCreditor, id)
	return k.save(w, r)
}

// SignOut ends the session.
func (k *Keeper) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := k.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	k.setCookie(w, r, sessionCookie, "", time.Unix(1, 0))
	return nil
}

// Speak makes the pages speak a language from now on.
func (k *Keeper) Speak(w http.ResponseWriter, r *http.Request, lang i18n.Lang) error {
	k.setCookie(w, r, languageCookie, string(lang), k.now().AddDate(1, 0, 0))
	v := From(r.Context())
	if !v.SignedIn() || v.Guest {
		return nil
	}
	return k.db.Write(r.Context(), func(tx *db.Tx) error {
		p := v.Person
		p.Language = string(lang)
		return user.Change(r.Context(), tx, p)
	})
}

func (k *Keeper) save(w http.ResponseWriter, r *http.Request) error {
	token, expires, err := k.sessions.Commit(r.Context())
	if err != nil {
		return err
	}
	k.setCookie(w, r, sessionCookie, token, expires)
	return nil
}

func (k *Keeper) setCookie(w http.ResponseWriter, r *http.Request, name, value string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", Expires: expires, HttpOnly: true, Secure: k.Secure(r),
		SameSite: http.SameSiteLaxMode,
	})
}

// Secure tells whether the browser came over https.
func (k *Keeper) Secure(r *http.Request) bool {
	return r.TLS != nil || k.proxied && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// Network is the address that a request comes from: that of the browser as the
// nearest trusted proxy saw it, or of the connection.
func (k *Keeper) Network(r *http.Request) string {
	if k.proxied {
		hops := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if ip := net.ParseIP(strings.TrimSpace(hops[len(hops)-1])); ip != nil {
			return ip.String()
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
