package flow

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"acquit/internal/fault"
	"acquit/internal/lifecycle"
)

// answer is one that is no success, in the platform's words.
type answer struct {
	status int
	words  string
}

func (a *answer) Error() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", a.status, a.words))
}

// unavailable is an error of the line or of the platform: it may work later.
func unavailable(err error) error {
	return &fault.Unavailable{Message: "la plateforme ne répond pas comme prévu\u00a0: " + err.Error(), Err: err}
}

// maxAnswer bounds what is read of an answer: above any message about statuses.
const maxAnswer = 16 << 20

// call asks something, with a new token once where the one at hand is refused.
func (p *Platform) call(ctx context.Context, method, path, kind string, body []byte) ([]byte, error) {
	id := make([]byte, 16)
	rand.Read(id)
	return p.callAs(ctx, method, path, kind, body, hex.EncodeToString(id))
}

func (p *Platform) callAs(ctx context.Context, method, path, kind string, body []byte, id string) ([]byte, error) {
	for attempt := 1; ; attempt++ {
		token, err := p.bearer(ctx, attempt > 1)
		if err != nil {
			return nil, err
		}
		answered, err := p.once(ctx, method, path, kind, body, id, token)
		if a, ok := errors.AsType[*answer](err); !ok || a.status != http.StatusUnauthorized || attempt > 1 {
			return answered, err
		}
	}
}

func (p *Platform) once(ctx context.Context, method, path, kind string, body []byte, id, token string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, p.cfg.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Request-Id", id)
	req.Header.Set("Accept", "application/json, application/xml, */*")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if p.cfg.Organization != "" {
		req.Header.Set("Organization-Id", p.cfg.Organization)
	}
	return p.do(req)
}

func (p *Platform) do(req *http.Request) ([]byte, error) {
	res, err := p.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, &answer{res.StatusCode, said(body)}
	case err != nil:
		return nil, &cutShort{err}
	case len(body) > maxAnswer:
		return nil, &cutShort{errors.New("réponse trop longue")}
	}
	return body, nil
}

// cutShort is a success whose words were lost on the way.
type cutShort struct{ err error }

func (c *cutShort) Error() string { return "la réponse s’est interrompue : " + c.err.Error() }

// said is why the platform says no: the errorMessage of its error, or its first
// words.
func said(body []byte) string {
	var e struct {
		Code    string `json:"errorCode"`
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal(body, &e) == nil && e.Code+e.Message != "" {
		return strings.TrimSpace(e.Code + " " + e.Message)
	}
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "")), " ")
	if r := []rune(text); len(r) > 200 {
		text = string(r[:200]) + "…"
	}
	return text
}

// margin is before its end when a token is no longer used.
const margin = 30 * time.Second

// bearer is the token at hand, or a new one (OAuth 2, client credentials).
func (p *Platform) bearer(ctx context.Context, anew bool) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.cfg.Now()
	if !anew && p.token != "" && now.Before(p.expires) {
		return p.token, nil
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	if p.cfg.Scope != "" {
		form.Set("scope", p.cfg.Scope)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.cfg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(p.cfg.Client), url.QueryEscape(p.cfg.Secret))
	body, err := p.do(req)
	if err != nil {
		return "", &noToken{err}
	}
	var t struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &t); err != nil || t.Token == "" {
		return "", &noToken{errors.New("la réponse ne contient pas de jeton")}
	}
	p.token, p.expires = t.Token, now.Add(max(time.Duration(t.Seconds)*time.Second-margin, 0))
	return t.Token, nil
}

// noToken is that we could not even say who we are: nothing was asked.
type noToken struct{ err error }

func (n *noToken) Error() string { return "jeton refusé : " + n.err.Error() }

// Send hands a message over with our identifier as its tracking identifier. Only
// what certainly did not reach the platform may be tried again.
func (p *Platform) Send(ctx context.Context, m lifecycle.Outgoing) lifecycle.Receipt {
	kind, body, err := form(m)
	if err != nil {
		return lifecycle.Receipt{Outcome: lifecycle.TryLater, Detail: err.Error()}
	}
	answered, err := p.callAs(ctx, http.MethodPost, "/v1/flows", kind, body, m.ID)
	if err != nil {
		return receipt(err)
	}
	var made info
	_ = json.Unmarshal(answered, &made) // it has it all the same; Judge finds it by our identifier
	return lifecycle.Receipt{Outcome: lifecycle.Handed, Flow: made.ID, Detail: "remis à la plateforme"}
}

func receipt(err error) lifecycle.Receipt {
	r := lifecycle.Receipt{Outcome: lifecycle.NotKnown, Detail: "la plateforme l’a peut-être reçu\u00a0: " + err.Error()}
	if _, ok := errors.AsType[*noToken](err); ok || notReached(err) {
		r.Outcome, r.Detail = lifecycle.TryLater, "la plateforme n’est pas jointe\u00a0: "+err.Error()
		return r
	}
	if _, ok := errors.AsType[*cutShort](err); ok {
		r.Outcome, r.Detail = lifecycle.Handed, "remis à la plateforme, dont la réponse s’est perdue"
		return r
	}
	a, ok := errors.AsType[*answer](err)
	if !ok {
		return r
	}
	switch {
	case a.status == http.StatusTooManyRequests, a.status == http.StatusServiceUnavailable, a.status ==
		http.StatusUnauthorized,
		a.status == http.StatusForbidden:
		r.Outcome, r.Detail = lifecycle.TryLater, "la plateforme ne le prend pas pour l’instant\u00a0: "+a.Error()
	case a.status >= 400 && a.status < 500 && a.status != http.StatusRequestTimeout && a.status != http.StatusConflict:
		r.Outcome, r.Detail = lifecycle.NotTaken, "la plateforme le refuse\u00a0: "+a.Error()
	}
	return r
}

// notReached tells that no byte of the request left: the line was never open.
func notReached(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if ok && op.Op == "dial" {
		return true
	}
	_, ok = errors.AsType[*net.DNSError](err)
	return ok
}

// form is the message with its signalling, as POST /v1/flows takes it.
func form(m lifecycle.Outgoing) (kind string, body []byte, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	signal, err := json.Marshal(map[string]string{
		"trackingId": m.ID, "name": m.Name, "flowSyntax": syntaxCDAR, "sha256": m.SHA256,
	})
	if err != nil {
		return "", nil, err
	}
	part := func(disposition, kind string, content []byte) {
		h := textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}}
		out, failed := w.CreatePart(h)
		if failed == nil {
			_, failed = out.Write(content)
		}
		err = errors.Join(err, failed)
	}
	part(`form-data; name="flowInfo"`, "application/json", signal)
	part(fmt.Sprintf(`form-data; name="file"; filename=%q`, m.Name), "application/xml", m.Raw)
	return w.FormDataContentType(), b.Bytes(), errors.Join(err, w.Close())
}
