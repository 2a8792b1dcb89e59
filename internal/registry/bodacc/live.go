package bodacc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/registry"
	"acquit/internal/setting"
)

// Driver is the register as it describes itself.
var Driver = registry.Driver{
	Name: "bodacc", Title: i18n.Words{FR: "BODACC", EN: "BODACC (French official gazette)"}, Read: Read,
	Open: func(v setting.Values) (registry.Source, error) {
		return New(setting.RegistryURL.In(v), setting.RegistryRate.In(v)), nil
	},
}

// Limits of one look-up.
const (
	timeout   = 15 * time.Second // an answer takes half a second
	attempts  = 3
	longWait  = 30 * time.Second // more than that is not waited for
	perPage   = 100              // announcements of one company: few have more than twenty
	redirects = 3
)

// Source looks up live. It keeps to a rate, whoever asks.
type Source struct {
	base   string
	client *http.Client
	limit  *rate.Limiter
	wait   func(ctx context.Context, d time.Duration) error
}

var _ registry.Source = (*Source)(nil)

// New asks the interface at base, so many times a minute at most.
func New(base string, perMinute int) *Source {
	return &Source{
		base: strings.TrimRight(base, "/"), limit: rate.NewLimiter(rate.Limit(float64(perMinute)/60), 1), wait: sleep,
		client: &http.Client{Timeout: timeout, CheckRedirect: sameSite},
	}
}

// sameSite follows an answer that leads elsewhere on the same site, and nowhere else.
func sameSite(r *http.Request, via []*http.Request) error {
	if len(via) > redirects || r.URL.Host != via[0].URL.Host {
		return errors.New("le registre renvoie ailleurs")
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Announcements are those of a SIREN: nothing else of a customer is told to the
// register.
func (s *Source) Announcements(ctx context.Context, siren string) ([]registry.Announcement, error) {
	var last error
	for try := range attempts {
		if err := s.limit.Wait(ctx); err != nil {
			return nil, err
		}
		list, again, err := s.ask(ctx, siren)
		if err == nil {
			return list, nil
		}
		last = err
		if again < 0 || again > longWait || try == attempts-1 {
			break
		}
		if err := s.wait(ctx, again); err != nil {
			return nil, err
		}
	}
	return nil, &fault.Unavailable{Message: "le BODACC ne répond pas", Err: last}
}

// ask asks once. again is how long to wait before another try; less than zero is not
// to try again.
func (s *Source) ask(ctx context.Context, siren string) (list []registry.Announcement, again time.Duration, err error) {
	q := url.Values{
		"dataset": {"annonces-commerciales"}, "q": {"registre:" + siren}, "sort": {"dateparution"},
		"rows": {strconv.Itoa(perPage)},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet,
		s.base+"/api/records/1.0/search/?"+q.Encode(), http.NoBody)
	if err != nil {
		return nil, -1, err
	}
	r.Header.Set("User-Agent", "Acquit")
	r.Header.Set("Accept", "application/json")
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, time.Second, err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end or given up: nothing to tell
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBytes+1))
	switch {
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		return nil, retryAfter(answer.Header), fmt.Errorf("réponse %s", answer.Status)
	case answer.StatusCode != http.StatusOK:
		return nil, -1, fmt.Errorf("réponse %s", answer.Status)
	case err != nil:
		return nil, time.Second, err
	}
	list, rejected, err := Read(body)
	if err != nil { // not the fault of who asked
		return nil, -1, errors.New(err.Error())
	}
	if len(rejected) > 0 { // what could not be read might be a judgment: not to be passed over
		return nil, -1, errors.New(rejected[0].Reason)
	}
	return list, 0, nil
}

// retryAfter is how long the register asks to be left alone, in seconds.
func retryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 0 {
		return 2 * time.Second
	}
	return time.Duration(n) * time.Second
}
