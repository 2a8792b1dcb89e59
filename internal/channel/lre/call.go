package lre

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"acquit/internal/paper"
)

// refusal is an answer that says no, in AR24's words.
type refusal struct{ slug, words string }

func (r *refusal) Error() string { return strings.TrimSpace(r.slug + " " + r.words) }

// notNow is an answer that says to come again: nothing was taken.
type notNow struct{ words string }

func (n *notNow) Error() string { return n.words }

// The statuses of an answer.
const (
	statusSuccess     = "SUCCESS"
	statusMaintenance = "maintenance"
)

// answer is what AR24 says, whatever was asked.
type answer struct {
	Status  string          `json:"status"`
	Slug    string          `json:"slug"`
	Message string          `json:"message"`
	Result  json.RawMessage `json:"result"`
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 10 << 20

func (c *Channel) get(ctx context.Context, path string, query url.Values, out any) error {
	date := c.date()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.cfg.API+path+"?"+c.with(query, date).Encode(), nil)
	if err != nil {
		return err
	}
	return c.ask(req, date, out)
}

func (c *Channel) post(ctx context.Context, path string, form url.Values, out any) error {
	date := c.date()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.API+path,
		strings.NewReader(c.with(form, date).Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.ask(req, date, out)
}

// upload deposits a PDF, and gives its number.
func (c *Channel) upload(ctx context.Context, name string, pdf []byte) (string, error) {
	date := c.date()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	var errs []error
	for field, values := range c.with(nil, date) {
		errs = append(errs, w.WriteField(field, values[0]))
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}, "Content-Type": {paper.PDF},
	})
	if err == nil {
		_, err = part.Write(pdf)
	}
	if err := errors.Join(append(errs, err, w.Close())...); err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.API+"attachment/", &b)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	var made struct {
		File number `json:"file_id"`
	}
	if err := c.ask(req, date, &made); err != nil {
		return "", err
	}
	if made.File == "" {
		return "", errors.New("AR24 a pris la pièce sans dire son numéro")
	}
	return string(made.File), nil
}

// date is now as AR24 writes it: a signature holds for ten minutes.
func (c *Channel) date() string { return c.cfg.Now().In(c.zone).Format(momentLayout) }

func (c *Channel) with(form url.Values, date string) url.Values {
	all := url.Values{"token": {c.cfg.Token}, "date": {date}, "id_user": {c.cfg.User}}
	maps.Copy(all, form)
	return all
}

// ask sends a signed request and reads its answer into out; out may be nil.
func (c *Channel) ask(req *http.Request, date string, out any) error {
	body, err := c.fetch(req, date)
	if err != nil {
		return err
	}
	a, err := c.read(body, date)
	if err != nil {
		return err
	}
	switch {
	case a.Status == statusMaintenance:
		return &notNow{"AR24 est en maintenance"}
	case a.Status != statusSuccess:
		return &refusal{a.Slug, single(a.Message)}
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(a.Result, out); err != nil {
		return fmt.Errorf("la réponse d’AR24 ne se lit pas : %w", err)
	}
	return nil
}

func (c *Channel) fetch(req *http.Request, date string) ([]byte, error) {
	signature, err := sign(c.cfg.Key, date)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Signature", signature)
	req.Header.Set("Accept-Language", "fr")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, without(err, c.cfg.Token)
	}
	defer res.Body.Close()
	switch code := res.StatusCode; {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		return nil, &notNow{fmt.Sprintf("AR24 répond HTTP %d", code)}
	case code >= 400 && code < 500:
		return nil, &refusal{fmt.Sprintf("HTTP %d", code), ""}
	case code != http.StatusOK:
		return nil, fmt.Errorf("AR24 répond HTTP %d", code)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("la réponse d’AR24 s’est interrompue : %w", err)
	case len(body) > maxAnswer:
		return nil, errors.New("la réponse d’AR24 est trop longue")
	}
	return body, nil
}

// without keeps a secret of an address out of what people and logs read.
func without(err error, secret string) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		u.URL, _, _ = strings.Cut(u.URL, "?")
	}
	if strings.Contains(err.Error(), secret) {
		return errors.New(strings.ReplaceAll(err.Error(), secret, "…"))
	}
	return err
}

// read opens an answer: errors come in clear, all else is sealed.
func (c *Channel) read(body []byte, date string) (a answer, err error) {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		if body, err = unseal(c.cfg.Key, date, body); err != nil {
			return a, err
		}
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return a, fmt.Errorf("la réponse d’AR24 ne se lit pas : %w", err)
	}
	if bytes.HasPrefix(a.Result, []byte(`"`)) && a.Status == statusSuccess { // the result alone is sealed
		a.Result, err = unseal(c.cfg.Key, date, a.Result)
	}
	return a, err
}

// number is an identifier, which AR24 writes as a number or as a text.
type number string

// UnmarshalJSON reads both.
func (n *number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if text == "null" || text == "false" {
		text = ""
	}
	*n = number(text)
	return nil
}
