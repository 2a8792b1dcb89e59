// Package email sends messages through an SMTP server of the creditor's own.
//
// It always knows how far it got. Whatever fails before the final dot of a
// message was written cannot have been delivered and may be tried again;
// whatever fails after it, without an answer, may have been, and is uncertain.
package email

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"acquit/internal/channel"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// Config is how to reach the server and how to speak there. Host is required;
// the rest has defaults.
type Config struct {
	Host      string
	Port      int // 587, or 465 with TLS
	Security  setting.Security
	Username  string // no authentication when empty
	Password  string
	Name      string        // how we greet; the address of our end when empty
	Return    string        // where bounces go: "bounces+{id}@example.com"; to the sender when empty
	Step      time.Duration // longest wait for one answer, or to connect
	Answer    time.Duration // longest wait for the answer to a whole message
	PerMinute int           // most messages a minute; 0 is no limit
	DKIM      DKIM
	Roots     *x509.CertPool // who may vouch for the server; the system's when nil
	Now       func() time.Time
	Dial      func(ctx context.Context, network, address string) (net.Conn, error)
}

// Defaults. RFC 5321, 4.5.3.2: a server may think about a whole message for ten
// minutes; to give up sooner only makes messages uncertain.
const (
	defaultStep   = 60 * time.Second
	defaultAnswer = 10 * time.Minute

	// afterDot is how long a message whose end has been written still waits for
	// its answer once the program is asked to stop.
	afterDot = 15 * time.Second

	portSubmission  = 587
	portSubmissions = 465
)

// Channel sends through one server.
type Channel struct {
	cfg     Config
	dkim    *signer
	limiter *rate.Limiter
	grace   time.Duration
}

var _ channel.Channel = (*Channel)(nil)

// New is the channel of a configuration, which it checks without connecting.
// What is wrong is a fault.Invalid that names the setting.
func New(c Config) (*Channel, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	ch := &Channel{cfg: c, grace: afterDot}
	if c.PerMinute > 0 {
		ch.limiter = rate.NewLimiter(rate.Limit(c.PerMinute)/60, 1)
	}
	var err error
	ch.dkim, err = newSigner(c.DKIM)
	return ch, err
}

func (c *Config) complete() error {
	if c.Host == "" {
		return &fault.Invalid{
			Field: "smtp_host", Message: "le serveur d’envoi n’est pas réglé", Mend: "Réglages, Messagerie",
		}
	}
	if c.Security == "" {
		c.Security = setting.SecuritySTARTTLS
	}
	if c.Port == 0 {
		c.Port = portSubmission
		if c.Security == setting.SecurityTLS {
			c.Port = portSubmissions
		}
	}
	if c.Return != "" {
		if _, err := mailbox(strings.ReplaceAll(c.Return, idMark, "id")); err != nil {
			return fault.Invalidf("return_path", "l’adresse de retour « %s » n’est pas une adresse", c.Return)
		}
	}
	if c.Step <= 0 {
		c.Step = defaultStep
	}
	if c.Answer <= 0 {
		c.Answer = defaultAnswer
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	return nil
}

// Driver is e-mail as it describes itself.
var Driver = channel.Driver{
	Name:     "email",
	Label:    i18n.Words{FR: "Courriel", EN: "E-mail"},
	Settings: setting.All().In(setting.GroupMail),
	Chosen:   func(v setting.Values) bool { return setting.SMTPHost.In(v) != "" },
	New: func(v setting.Values, box setting.Box) (channel.Channel, error) {
		c, err := FromSettings(v, box)
		if err != nil {
			return nil, err
		}
		return New(c)
	},
}

// FromSettings reads the creditor's settings.
func FromSettings(v setting.Values, box setting.Box) (Config, error) {
	c := Config{
		Host:     setting.SMTPHost.In(v),
		Port:     setting.SMTPPort.In(v),
		Security: setting.SMTPSecurity.In(v),
		Username: setting.SMTPUser.In(v),
		DKIM:     DKIM{Domain: setting.DKIMDomain.In(v), Selector: setting.DKIMSelector.In(v)},
	}
	var err error
	if c.Password, err = box.Open(setting.SMTPPassword.In(v)); err != nil {
		return Config{}, fmt.Errorf("smtp_password: %w", err)
	}
	if c.DKIM.Key, err = box.Open(setting.DKIMKey.In(v)); err != nil {
		return Config{}, fmt.Errorf("dkim_key: %w", err)
	}
	return c, nil
}
