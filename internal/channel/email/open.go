package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/channel"
	"acquit/internal/fault"
	"acquit/internal/setting"
)

// Open connects, secures the line and proves who we are. The session keeps the
// connection for many messages, and makes a new one when the server has let
// the old one go.
func (c *Channel) Open(ctx context.Context) (channel.Session, error) {
	s := &session{channel: c}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *session) connect(ctx context.Context) error {
	c := s.channel.cfg
	address := net.JoinHostPort(c.Host, strconv.Itoa(c.Port))
	limited, cancel := context.WithTimeout(ctx, c.Step)
	defer cancel()
	conn, err := c.Dial(limited, "tcp", address)
	if err != nil {
		return &fault.Unavailable{Message: "le serveur d’envoi " + address + " ne répond pas", Err: err}
	}
	l := &line{Conn: conn, grace: s.channel.grace}
	defer context.AfterFunc(ctx, l.interrupt)()
	client, err := c.greet(l)
	if err != nil {
		conn.Close()
		return c.unwelcome(address, err)
	}
	s.line, s.client = l, client
	return nil
}

// greet goes from the bare connection to one on which messages may be sent.
func (c Config) greet(l *line) (*smtp.Client, error) {
	if err := l.wait(c.Step); err != nil {
		return nil, err
	}
	security := &tls.Config{ServerName: c.Host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}
	var conn net.Conn = l
	if c.Security == setting.SecurityTLS {
		conn = tls.Client(l, security)
	}
	client, err := smtp.NewClient(conn, c.Host)
	if err != nil {
		return nil, err
	}
	if err := l.wait(c.Step); err != nil {
		return nil, err
	}
	if err := client.Hello(c.name(l)); err != nil {
		return nil, err
	}
	if c.Security == setting.SecuritySTARTTLS {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return nil, errNoSTARTTLS
		}
		if err := l.wait(c.Step); err != nil {
			return nil, err
		}
		if err := client.StartTLS(security); err != nil {
			return nil, err
		}
	}
	return client, c.authenticate(l, client)
}

// errNoSTARTTLS: what was to be encrypted is never sent in clear.
var errNoSTARTTLS = &fault.Invalid{
	Field: "smtp_security", Message: "le serveur d’envoi n’offre pas STARTTLS : rien n’est envoyé en clair",
	Mend: "essayez TLS sur le port 465, ou vérifiez le nom du serveur",
}

// name is how we greet: our own name, or else the address of our end, as
// RFC 5321, 4.1.3 has it for a machine without a name.
func (c Config) name(l *line) string {
	if c.Name != "" {
		return c.Name
	}
	host, _, err := net.SplitHostPort(l.LocalAddr().String())
	ip := net.ParseIP(host)
	switch {
	case err != nil || ip == nil:
		return "localhost"
	case ip.To4() == nil:
		return "[IPv6:" + ip.String() + "]"
	}
	return "[" + ip.String() + "]"
}

func (c Config) authenticate(l *line, client *smtp.Client) error {
	if c.Username == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	a, err := c.mechanism(client, strings.Fields(strings.ToUpper(offered)))
	if err != nil {
		return err
	}
	if err := l.wait(c.Step); err != nil {
		return err
	}
	err = client.Auth(a)
	if reply, ok := errors.AsType[*textproto.Error](err); ok && reply.Code >= 500 {
		return fault.Deniedf("le serveur d’envoi refuse l’identifiant « %s » ou son mot de passe : %d %s",
			c.Username, reply.Code, oneLine(reply.Msg))
	}
	return err
}

// mechanism is the best way to give the password: in clear only on a line that
// nobody else hears.
func (c Config) mechanism(client *smtp.Client, offered []string) (smtp.Auth, error) {
	_, encrypted := client.TLSConnectionState()
	private := encrypted || c.Security == setting.SecurityTLS || local(c.Host)
	switch {
	case private && slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", c.Username, c.Password, c.Host), nil
	case private && slices.Contains(offered, "LOGIN"):
		return &login{c.Username, c.Password}, nil
	case slices.Contains(offered, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(c.Username, c.Password), nil
	case !private:
		return nil, &fault.Invalid{
			Field: "smtp_security", Message: "le serveur d’envoi ne prend le mot de passe qu’en clair",
			Mend: "choisissez TLS ou STARTTLS",
		}
	}
	return nil, &fault.Invalid{
		Field: "smtp_user",
		Message: fmt.Sprintf(
			"le serveur d’envoi n’offre aucun moyen connu de s’identifier (%s)", strings.Join(offered, ", "),
		),
		Mend: "laissez l’identifiant vide si ce serveur n’en demande pas",
	}
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// login is the LOGIN mechanism, which some servers offer alone: a prompt for
// each of user name and password, whatever its words.
type login struct{ username, password string }

func (a *login) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (a *login) Next(prompt []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if strings.HasPrefix(strings.ToLower(string(prompt)), "user") {
		return []byte(a.username), nil
	}
	return []byte(a.password), nil
}

// unwelcome puts into words why no session came about.
func (c Config) unwelcome(address string, err error) error {
	if fault.KindOf(err) != fault.KindInternal {
		return err
	}
	if distrusted(err) {
		return &fault.Invalid{
			Field: "smtp_host", Message: fmt.Sprintf(
				"le certificat du serveur d’envoi %s n’est pas valable : %v", address, err,
			),
			Mend: "vérifiez le nom du serveur : il doit être celui du certificat",
		}
	}
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return &fault.Unavailable{
			Message: fmt.Sprintf(
				"le serveur d’envoi %s refuse la connexion : %d %s", address, reply.Code, oneLine(reply.Msg),
			),
		}
	}
	return &fault.Unavailable{Message: "le serveur d’envoi " + address + " a rompu la connexion", Err: err}
}

func distrusted(err error) bool {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	return verification || name || authority
}
