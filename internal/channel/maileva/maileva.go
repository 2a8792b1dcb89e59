// Package maileva is the channel of letters that Maileva (Docaposte, La Poste
// group) prints and posts, through its API mail/v2: a sending is made as a draft,
// gets its document and its recipient, and leaves once it is submitted.
//
// The protocol was read from public descriptions of the API and is tested against
// a stand-in that speaks it; it was never run against Maileva itself.
package maileva

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"acquit/internal/channel"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/paper"
	"acquit/internal/setting"
)

// Config is how to reach the service and how to print.
type Config struct {
	API   string // https://api.maileva.com
	Login string // https://connexion.maileva.com

	Client, Secret, User, Password string

	Duplex, Colour bool
	Speed          string // FAST or ECONOMIC

	Step time.Duration // longest wait for one answer
	Now  func() time.Time
}

const defaultStep = 60 * time.Second

// The service and its sandbox.
var sites = map[string][2]string{
	"production": {"https://api.maileva.com", "https://connexion.maileva.com"},
	"sandbox":    {"https://api.sandbox.maileva.net", "https://connexion.sandbox.maileva.net"},
}

// Channel posts through one account.
type Channel struct {
	cfg  Config
	http *http.Client
}

var _ channel.Channel = (*Channel)(nil)

// New is a channel; what is missing is a fault.Invalid that names the setting.
func New(c Config) (*Channel, error) {
	for _, need := range []struct{ value, name, label string }{
		{c.Client, setting.MailevaClient.Name, "l’identifiant de l’application Maileva"},
		{c.Secret, setting.MailevaSecret.Name, "le secret de l’application Maileva"},
		{c.User, setting.MailevaUser.Name, "l’utilisateur Maileva"},
		{c.Password, setting.MailevaPassword.Name, "le mot de passe Maileva"},
	} {
		if need.value == "" {
			return nil, &fault.Invalid{Field: need.name, Message: need.label + " manque", Mend: "Réglages, Courrier"}
		}
	}
	if c.Step <= 0 {
		c.Step = defaultStep
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Channel{cfg: c, http: &http.Client{
		Timeout:       c.Step,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Driver is Maileva as it describes itself.
var Driver = channel.Driver{
	Name:     "letter",
	Label:    i18n.Words{FR: "Lettre, par Maileva", EN: "Letter, by Maileva"},
	Settings: setting.All().In(setting.GroupPost),
	Chosen:   func(v setting.Values) bool { return setting.PostWay.In(v) == setting.PostMaileva },
	New: func(v setting.Values, box setting.Box) (channel.Channel, error) {
		return FromSettings(v, box)
	},
}

// FromSettings is the channel of a creditor's settings.
func FromSettings(v setting.Values, box setting.Box) (*Channel, error) {
	site := sites[setting.MailevaSite.In(v)]
	c := Config{
		API: site[0], Login: site[1], Client: setting.MailevaClient.In(v), User: setting.MailevaUser.In(v),
		Duplex: setting.PostDuplex.In(v), Colour: setting.PostColour.In(v), Speed: setting.PostSpeed.In(v),
	}
	var err error
	if c.Secret, err = box.Open(setting.MailevaSecret.In(v)); err != nil {
		return nil, fmt.Errorf("maileva_secret: %w", err)
	}
	if c.Password, err = box.Open(setting.MailevaPassword.In(v)); err != nil {
		return nil, fmt.Errorf("maileva_password: %w", err)
	}
	return New(c)
}

// Compose writes the letter as PDF.
func (c *Channel) Compose(d channel.Draft) (channel.Message, error) { return paper.Message(d) }

// Open signs in, and looks at what was submitted lately, so that a letter that
// is already there is not posted twice.
func (c *Channel) Open(ctx context.Context) (channel.Session, error) {
	s := &session{channel: c, known: map[string]sending{}}
	if err := s.login(ctx); err != nil {
		return nil, err
	}
	err := s.each(ctx, func(one sending) bool {
		if one.Status != statusDraft {
			s.known[one.CustomID] = one
		}
		return true
	})
	if err != nil {
		return nil, &fault.Unavailable{Message: "Maileva ne dit pas ce qui lui a déjà été remis", Err: err}
	}
	return s, nil
}

// session is a time signed in.
type session struct {
	channel *Channel
	token   string
	known   map[string]sending // submitted before, by our identifier
}

// Close ends the session.
func (s *session) Close() error { return nil }

func (s *session) login(ctx context.Context) error {
	c := s.channel.cfg
	form := url.Values{
		"grant_type": {"password"}, "client_id": {c.Client}, "client_secret": {c.Secret}, "username": {c.User},
		"password": {c.Password},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost,
		c.Login+"/auth/realms/services/protocol/openid-connect/token", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		Token string `json:"access_token"`
	}
	err = s.send(req, &answer)
	if r, ok := errors.AsType[*refusal](err); ok &&
		(r.status == http.StatusUnauthorized || r.status == http.StatusBadRequest) {
		return &fault.Invalid{
			Field: setting.MailevaPassword.Name, Message: "Maileva refuse les identifiants : " + r.Error(),
			Mend: "Réglages, Courrier",
		}
	}
	if err != nil {
		return &fault.Unavailable{Message: "Maileva ne répond pas", Err: err}
	}
	if answer.Token == "" {
		return &fault.Unavailable{Message: "Maileva a ouvert la session sans donner de jeton"}
	}
	s.token = answer.Token
	return nil
}

// refusal is an answer that says no.
type refusal struct {
	status int
	words  string
}

func (r *refusal) Error() string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", r.status, r.words))
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 4 << 20

// send sends a request and reads its JSON answer into out; out may be nil.
func (s *session) send(req *http.Request, out any) error {
	req.Header.Set("Accept", "application/json")
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := s.channel.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return &refusal{res.StatusCode, wordsOf(body)}
	}
	if err != nil {
		return fmt.Errorf("la réponse s’est interrompue : %w", err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("la réponse ne se lit pas : %w", err)
	}
	return nil
}

// wordsOf are the words of a refusal: those of its errors, or the beginning of
// whatever came.
func wordsOf(body []byte) string {
	var e struct {
		Errors []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"errors"`
		Message     string `json:"message"`
		Description string `json:"error_description"`
	}
	const longest = 300
	if json.Unmarshal(body, &e) != nil {
		text := strings.Join(strings.Fields(strings.ToValidUTF8(string(body), "")), " ")
		return text[:min(len(text), longest)]
	}
	words := []string{e.Message, e.Description}
	for _, one := range e.Errors {
		words = append(words, one.Code, one.Message)
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// call sends a request with a JSON body; in may be nil.
func (s *session) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.channel.cfg.API+"/mail/v2"+path, body)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return s.send(req, out)
}

// document gives a sending its PDF.
func (s *session) document(ctx context.Context, id string, pdf []byte) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	file, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="document"; filename="lettre.pdf"`}, "Content-Type": {paper.PDF},
	})
	if err == nil {
		_, err = file.Write(pdf)
	}
	if err == nil {
		err = w.WriteField("metadata", `{"priority":1,"name":"lettre.pdf"}`)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost,
		s.channel.cfg.API+"/mail/v2/sendings/"+url.PathEscape(id)+"/documents", &b)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return s.send(req, nil)
}
