// Package lre is the channel of electronic registered letters (lettre
// recommandée électronique, CPCE L100) by AR24 (Docaposte), a qualified provider
// under the eIDAS regulation: the PDF is deposited as an attachment, then the
// letter is sent with it.
//
// The protocol was read from AR24's public documentation and from public
// clients of it, and is tested against a stand-in that speaks it; it was never
// run against AR24 itself. The signature and the encryption of answers agree
// with the example that AR24 publishes. What we could not confirm: the list of
// letters (user/mail, with max and start), whether the one-time code that
// identifies the sender is of RFC 6238 with AR24's key, and whether a proof is
// asked for with the same signature as all else.
package lre

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"acquit/internal/channel"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/paper"
	"acquit/internal/setting"
)

// Config is how to reach the service and who we are there.
type Config struct {
	API   string // https://app.ar24.fr/api/
	Token string
	Key   string // private: it signs requests and opens answers
	User  string // the sender's number
	OTP   string // the key of her one-time codes, in base 32; none where AR24 asks for no code

	Step time.Duration // longest wait for one answer
	Now  func() time.Time
}

// defaultStep is what AR24 asks its clients to wait at least.
const defaultStep = 60 * time.Second

// The service and its sandbox.
var sites = map[string]string{
	"production": "https://app.ar24.fr/api/",
	"sandbox":    "https://sandbox.ar24.fr/api/",
}

// Channel sends through one account.
type Channel struct {
	cfg  Config
	http *http.Client
	zone *time.Location
}

var _ channel.Channel = (*Channel)(nil)

// New is a channel; what is missing is a fault.Invalid that names the setting.
func New(c Config) (*Channel, error) {
	for _, need := range []struct{ value, name, label string }{
		{c.Token, setting.AR24Token.Name, "le jeton d’accès AR24"},
		{c.Key, setting.AR24Key.Name, "la clé privée AR24"},
		{c.User, setting.AR24User.Name, "le numéro de l’expéditeur chez AR24"},
	} {
		if need.value == "" {
			return nil, &fault.Invalid{Field: need.name, Message: need.label + " manque", Mend: "Réglages, Courrier"}
		}
	}
	if _, err := otpKey(c.OTP); err != nil {
		return nil, &fault.Invalid{
			Field: setting.AR24OTP.Name, Message: "la clé OTP ne se lit pas : des lettres de A à Z et des chiffres de 2 à 7",
			Mend: "la recopier du courrier d’AR24 (Réglages, Courrier)",
		}
	}
	if c.Step <= 0 {
		c.Step = defaultStep
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	return &Channel{cfg: c, zone: zone, http: &http.Client{
		Timeout:       c.Step,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Driver is AR24 as it describes itself.
var Driver = channel.Driver{
	Name:     string(dunning.Registered),
	Label:    i18n.Words{FR: "Lettre recommandée électronique, par AR24", EN: "Electronic registered letter, by AR24"},
	Settings: setting.All().In(setting.GroupPost),
	Chosen:   func(v setting.Values) bool { return setting.RegisteredWay.In(v) == setting.RegisteredElectronic },
	New: func(v setting.Values, box setting.Box) (channel.Channel, error) {
		return FromSettings(v, box)
	},
}

// FromSettings is the channel of a creditor's settings.
func FromSettings(v setting.Values, box setting.Box) (*Channel, error) {
	c := Config{API: sites[setting.AR24Site.In(v)], User: setting.AR24User.In(v)}
	var errs [3]error
	c.Token, errs[0] = box.Open(setting.AR24Token.In(v))
	c.Key, errs[1] = box.Open(setting.AR24Key.In(v))
	c.OTP, errs[2] = box.Open(setting.AR24OTP.In(v))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("ar24: %w", err)
	}
	return New(c)
}

// The two kinds of addressees, as AR24 calls them.
const (
	professional = "professionnel"
	consumer     = "particulier"
)

// Compose writes the letter as PDF, addressed to a mailbox: the lines of its
// address are the name, the person within a company, the mailbox, and what the
// addressee is.
func (c *Channel) Compose(d channel.Draft) (channel.Message, error) {
	m, err := paper.Message(d)
	if err != nil {
		return m, err
	}
	if len(d.To) != 1 || !plain(d.To[0].Address) {
		return channel.Message{}, &fault.Invalid{
			Field: "recipient", Message: "la lettre recommandée électronique demande l’adresse électronique du destinataire",
			Mend: "ajouter au client un contact avec son adresse",
		}
	}
	name, person := m.To[0], single(d.To[0].Name)
	if !d.Consumer && (person == "" || person == name) {
		m.To = []string{name, d.To[0].Address, professional}
		return m, nil
	}
	if !d.Consumer {
		m.To = []string{name, person, d.To[0].Address, professional}
		return m, nil
	}
	if !strings.Contains(name, " ") {
		return channel.Message{}, &fault.Invalid{
			Field: "recipient", Message: "AR24 vérifie l’identité d’un particulier : il faut son prénom et son nom, pas « " + name + " »",
			Mend: "compléter le nom du client",
		}
	}
	m.To = []string{name, d.To[0].Address, consumer}
	return m, nil
}

// plain tells that a text is one mailbox and nothing more.
func plain(address string) bool {
	a, err := mail.ParseAddress(address)
	return err == nil && a.Address == address && a.Name == "" && !strings.ContainsAny(address, " <>\r\n,")
}

func single(s string) string { return strings.Join(strings.Fields(s), " ") }

// Open says who sends, where AR24 asks for it, and looks at what was sent
// lately, so that a letter that is already there is not sent twice.
func (c *Channel) Open(ctx context.Context) (channel.Session, error) {
	if c.cfg.OTP != "" {
		code, err := otp(c.cfg.OTP, c.cfg.Now())
		if err != nil {
			return nil, err
		}
		if err := c.post(ctx, "user/auth_otp", url.Values{"otp": {code}}, nil); err != nil {
			return nil, closed(setting.AR24OTP.Name, "AR24 ne reconnaît pas l’expéditeur", err)
		}
	}
	s := &session{channel: c, known: map[string]letterInfo{}}
	err := c.each(ctx, func(one letterInfo) bool {
		if one.Status != statusError { // it was never sent: it may be again
			s.known[one.Ours] = one
		}
		return true
	})
	if err != nil {
		return nil, closed(setting.AR24Token.Name, "AR24 ne dit pas ce qui lui a déjà été remis", err)
	}
	return s, nil
}

// closed is why nothing can be sent: for a person to mend, or for now.
func closed(field, what string, err error) error {
	if no, ok := errors.AsType[*refusal](err); ok {
		return &fault.Invalid{Field: field, Message: what + " : " + no.Error(), Mend: "Réglages, Courrier"}
	}
	return &fault.Unavailable{Message: what, Err: err}
}

// session is a run of letters, with those that AR24 had before.
type session struct {
	channel *Channel
	known   map[string]letterInfo // by our identifier
}

// Close ends the session.
func (s *session) Close() error { return nil }

// Letters are listed by pages; the first ones are enough for what a company
// sends in some days.
const (
	pageSize = 100
	maxPages = 10
)

// each lists letters until fn says that it has seen enough.
func (c *Channel) each(ctx context.Context, fn func(letterInfo) bool) error {
	for page := range maxPages {
		var list []letterInfo
		query := url.Values{"max": {strconv.Itoa(pageSize)}, "start": {strconv.Itoa(page * pageSize)}}
		if err := c.get(ctx, "user/mail", query, &list); err != nil {
			return err
		}
		for _, one := range list {
			if !fn(one) {
				return nil
			}
		}
		if len(list) < pageSize {
			return nil
		}
	}
	return nil
}
