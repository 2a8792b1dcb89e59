package smtpsink

import (
	"crypto/hmac"
	"crypto/md5" // what RFC 2195 built CRAM-MD5 on
	"encoding/hex"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection after its greeting.
type session struct {
	sink       *Sink
	conn       *smtp.Conn
	connection int
	message    int
	mail       Mail
	known      bool
}

var _ smtp.AuthSession = (*session)(nil)

func (s *Sink) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &session{sink: s, conn: c, connection: s.connections}, nil
}

func (s *session) at(stage Stage, address string) error {
	e := Event{Stage: stage, Connection: s.connection, Message: s.message, Address: address}
	return s.sink.do(s.sink.behave(e), s.conn.Conn())
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.sink.cfg.Username != "" && !s.known {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	s.sink.mu.Lock()
	s.sink.messages++
	s.message = s.sink.messages
	s.sink.mu.Unlock()
	s.mail = Mail{From: from}
	return s.at(From, from)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.at(Rcpt, to); err != nil {
		return err
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	if err := s.at(Body, ""); err != nil {
		return err
	}
	var err error
	if s.sink.cfg.Discard {
		_, err = io.Copy(io.Discard, r)
	} else {
		s.mail.Data, err = io.ReadAll(r)
	}
	if err != nil {
		return err
	}
	if err := s.at(Dot, ""); err != nil {
		return err
	}
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.count++
	if !s.sink.cfg.Discard {
		s.sink.mails = append(s.sink.mails, s.mail)
	}
	return nil
}

func (s *session) Reset() { s.mail = Mail{} }

func (s *session) Logout() error { return nil }

// AuthMechanisms is what the sink offers.
func (s *session) AuthMechanisms() []string {
	switch {
	case s.sink.cfg.Username == "":
		return nil
	case len(s.sink.cfg.Offers) == 0:
		return []string{sasl.Plain}
	}
	return s.sink.cfg.Offers
}

// Auth begins a mechanism that was offered.
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return s.check(user, password) }), nil
	case sasl.Login:
		return &loginServer{session: s}, nil
	}
	return &cramServer{session: s}, nil
}

func (s *session) check(user, password string) error {
	s.known = user == s.sink.cfg.Username && password == s.sink.cfg.Password
	if !s.known {
		return smtp.ErrAuthFailed
	}
	return nil
}

// loginServer asks for each in turn.
type loginServer struct {
	session *session
	asked   int
	user    string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.session.check(l.user, string(response))
}

// cramServer compares keyed digests: the password itself is never said.
type cramServer struct {
	session *session
	asked   bool
}

const cramChallenge = "<1.1@sink.example>"

func (c *cramServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if !c.asked {
		c.asked = true
		return []byte(cramChallenge), false, nil
	}
	cfg := c.session.sink.cfg
	mac := hmac.New(md5.New, []byte(cfg.Password))
	mac.Write([]byte(cramChallenge))
	password := "wrong"
	if string(response) == cfg.Username+" "+hex.EncodeToString(mac.Sum(nil)) {
		password = cfg.Password
	}
	return nil, true, c.session.check(cfg.Username, password)
}
