// Package flow exchanges messages about the life of invoices with an accredited
// platform (plateforme agréée) by the Flow Service of XP Z12-013, version 1.3.0.
//
// It was written from the standard's public description and from public clients of
// it, and is tested against a stand-in that speaks it and misbehaves; it was never
// run against a platform.
package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/lifecycle"
	"acquit/internal/setting"
)

// Driver is a platform's interface as it describes itself.
var Driver = lifecycle.Driver{
	Name:   "flow",
	Label:  i18n.Words{FR: "Par l’interface de la plateforme (XP Z12-013)", EN: "By the platform’s interface (XP Z12-013)"},
	Chosen: func(v setting.Values) bool { return setting.LifecycleWay.In(v) == setting.LifecycleByFlow },
	New:    fromSettings,
}

// Config is how to reach a platform and who we are there.
type Config struct {
	URL          string // without /v1
	TokenURL     string
	Client       string
	Secret       string
	Scope        string
	Organization string
	Step         time.Duration // longest wait for one answer
	Now          func() time.Time
}

// defaultStep is long enough for an upload over a slow line.
const defaultStep = 60 * time.Second

// Platform is reached by its interface.
type Platform struct {
	cfg  Config
	http *http.Client

	mu      sync.Mutex
	token   string
	expires time.Time
}

func fromSettings(v setting.Values, box setting.Box) (lifecycle.Platform, error) {
	secret, err := box.Open(setting.FlowSecret.In(v))
	if err != nil {
		return nil, fmt.Errorf("flow: %w", err)
	}
	return New(Config{
		URL: setting.FlowURL.In(v), TokenURL: setting.FlowTokenURL.In(v), Client: setting.FlowClient.In(v),
		Secret: secret, Scope: setting.FlowScope.In(v), Organization: setting.FlowOrganization.In(v),
	})
}

// New is a platform; what is missing is a fault.Invalid that names the setting.
func New(c Config) (*Platform, error) {
	for _, need := range []struct{ value, name, label string }{
		{c.URL, setting.FlowURL.Name, "l’adresse de l’interface de la plateforme"},
		{c.TokenURL, setting.FlowTokenURL.Name, "l’adresse des jetons de la plateforme"},
		{c.Client, setting.FlowClient.Name, "l’identifiant de l’application"},
		{c.Secret, setting.FlowSecret.Name, "le secret de l’application"},
	} {
		if need.value == "" {
			return nil, &fault.Invalid{
				Field: need.name, Message: need.label + " manque", Mend: "Réglages, Factures électroniques",
			}
		}
	}
	c.URL = strings.TrimSuffix(strings.TrimSuffix(c.URL, "/"), "/v1")
	if c.Step <= 0 {
		c.Step = defaultStep
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Platform{cfg: c, http: &http.Client{
		Timeout:       c.Step,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// What we exchange, in the words of XP Z12-013: lifecycles of our sales.
const (
	syntaxCDAR = "CDAR"
	ourLives   = "CustomerInvoiceLC"
	received   = "In"
)

// info is a flow as the platform tells of it.
type info struct {
	ID        string    `json:"flowId"`
	Tracking  string    `json:"trackingId"`
	Name      string    `json:"name"`
	Syntax    string    `json:"flowSyntax"`
	Type      string    `json:"flowType"`
	Direction string    `json:"flowDirection"`
	SHA256    string    `json:"sha256"`
	Updated   time.Time `json:"updatedAt"`
	Submitted time.Time `json:"submittedAt"`
	Ack       struct {
		Status  string `json:"status"` // Pending, Ok, Error
		Details []struct {
			Level   string `json:"level"`
			Code    string `json:"reasonCode"`
			Message string `json:"reasonMessage"`
		} `json:"details"`
	} `json:"acknowledgement"`
}

// at is when the flow changed last.
func (i info) at() time.Time {
	if i.Updated.IsZero() {
		return i.Submitted
	}
	return i.Updated
}

func (i info) verdict() lifecycle.Verdict {
	v := lifecycle.Verdict{Found: true, Flow: i.ID, Detail: "la plateforme l’examine"}
	switch strings.ToLower(i.Ack.Status) {
	case "ok":
		v.Judged, v.Accepted, v.Detail = true, true, "accepté par la plateforme"
	case "error":
		v.Judged = true
		var why []string
		for _, d := range i.Ack.Details {
			why = append(why, strings.TrimSpace(d.Code+" "+d.Message))
		}
		v.Detail = "refusé par la plateforme\u00a0: " + strings.Join(why, "\u202f; ")
	}
	return v
}

// Judge asks for the acknowledgement of a message: by the flow that it became, else
// by our own identifier.
func (p *Platform) Judge(ctx context.Context, m lifecycle.Outgoing) (lifecycle.Verdict, error) {
	if m.Flow == "" {
		list, err := p.search(ctx, filters{Tracking: m.ID}, 25)
		for _, i := range list {
			if i.Tracking == m.ID {
				return i.verdict(), nil
			}
		}
		return lifecycle.Verdict{}, err
	}
	body, err := p.call(ctx, http.MethodGet, "/v1/flows/"+url.PathEscape(m.Flow)+"?docType=Metadata", "", nil)
	if a, ok := errors.AsType[*answer](err); ok && a.status == http.StatusNotFound {
		return lifecycle.Verdict{}, nil
	}
	if err != nil {
		return lifecycle.Verdict{}, unavailable(err)
	}
	var i info
	if err := json.Unmarshal(body, &i); err != nil {
		return lifecycle.Verdict{}, unavailable(fmt.Errorf("une réponse qui ne se lit pas : %w", err))
	}
	i.ID = m.Flow
	return i.verdict(), nil
}

// filters are what a search asks for; at least one.
type filters struct {
	After     string   `json:"updatedAfter,omitempty"`
	Types     []string `json:"flowType,omitempty"`
	Direction []string `json:"flowDirection,omitempty"`
	Tracking  string   `json:"trackingId,omitempty"`
}

func (p *Platform) search(ctx context.Context, where filters, limit int) ([]info, error) {
	ask, err := json.Marshal(map[string]any{"limit": limit, "where": where})
	if err != nil {
		return nil, err
	}
	body, err := p.call(ctx, http.MethodPost, "/v1/flows/search", "application/json", ask)
	if err != nil {
		return nil, unavailable(err)
	}
	var found struct {
		Results []info `json:"results"`
	}
	if err := json.Unmarshal(body, &found); err != nil {
		return nil, unavailable(fmt.Errorf("une réponse qui ne se lit pas : %w", err))
	}
	return found.Results, nil
}

// A page of a search; one that moves nothing on is asked for larger.
const (
	pageSize = 50
	maxPage  = 1000
	maxPages = 200 // of one collecting: the rest comes the next time
)

// Collect reads the lives of our sales that changed since the position, which is
// the last moment of the platform's own clock that was seen.
func (p *Platform) Collect(
	ctx context.Context, position string, known func(string) (bool, error), take func(lifecycle.Incoming) error,
) (string, error) {
	limit := pageSize
	for range maxPages {
		list, err := p.search(ctx, filters{After: position, Types: []string{ourLives}, Direction: []string{received}},
			limit)
		if err != nil {
			return position, err
		}
		slices.SortStableFunc(list, func(a, b info) int { return a.at().Compare(b.at()) })
		next := position
		for _, i := range list {
			if err := p.collect(ctx, i, known, take); err != nil {
				return next, err
			}
			if !i.at().IsZero() {
				next = later(next, i.at())
			}
		}
		switch {
		case len(list) < limit:
			return next, nil
		case next != position:
			position, limit = next, pageSize
		case limit >= maxPage:
			return position, unavailable(errors.New("la plateforme redonne toujours les mêmes flux"))
		default:
			limit = min(2*limit, maxPage)
		}
	}
	return position, nil
}

// later is the later of a position and a moment.
func later(position string, at time.Time) string {
	if was, err := time.Parse(time.RFC3339Nano, position); err == nil && !at.After(was) {
		return position
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func (p *Platform) collect(
	ctx context.Context, i info, known func(string) (bool, error), take func(lifecycle.Incoming) error,
) error {
	if i.ID == "" || i.Type != "" && i.Type != ourLives {
		return nil
	}
	is, err := known(i.ID)
	if err != nil || is {
		return err
	}
	raw, err := p.call(ctx, http.MethodGet, "/v1/flows/"+url.PathEscape(i.ID)+"?docType=Original", "", nil)
	if err != nil {
		return unavailable(err)
	}
	name := i.Name
	if name == "" {
		name = i.ID + ".xml"
	}
	return take(lifecycle.Incoming{Flow: i.ID, Name: name, Raw: raw})
}

// Check asks whether the service is there and knows us.
func (p *Platform) Check(ctx context.Context) error {
	_, err := p.call(ctx, http.MethodGet, "/v1/healthcheck", "", nil)
	if err != nil {
		return unavailable(err)
	}
	return nil
}
