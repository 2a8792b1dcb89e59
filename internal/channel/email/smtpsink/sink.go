// Package smtpsink is a mail server on this machine for tests and benchmarks:
// it keeps what it is given, and misbehaves when it is told to.
package smtpsink

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"

	"github.com/emersion/go-smtp"
)

// Stage is a moment of a delivery at which the sink may misbehave.
type Stage string

// The stages, in the order in which they come.
const (
	Connect Stage = "connect" // before the greeting
	From    Stage = "from"    // after MAIL FROM
	Rcpt    Stage = "rcpt"    // after each RCPT TO
	Body    Stage = "body"    // after DATA was agreed to, before the message is read
	Dot     Stage = "dot"     // after the whole message, before the answer
)

// Event is what happens just then. Message counts the messages begun, over all
// connections; both count from 1.
type Event struct {
	Stage      Stage
	Connection int
	Message    int
	Address    string // of From and Rcpt
}

// Action is what the sink does. The zero Action is to behave.
type Action struct {
	code int
	text string
	drop bool
	hang bool
}

// Reply answers with a code of three digits and words instead of agreeing.
func Reply(code int, text string) Action { return Action{code: code, text: text} }

// Drop closes the connection without a word.
func Drop() Action { return Action{drop: true} }

// Hang says nothing more until the sink is closed.
func Hang() Action { return Action{hang: true} }

// Config is how the sink presents itself. The zero Config takes all mail in
// clear and without a password.
type Config struct {
	TLS      *tls.Config // offers STARTTLS, or speaks TLS from the start
	Implicit bool        // TLS from the start
	Username string      // asks for a password when not empty
	Password string
	Offers   []string // mechanisms: PLAIN when empty; also LOGIN, CRAM-MD5
	Behave   func(Event) Action
	Discard  bool // count the messages, keep none
}

// Mail is a message as it came.
type Mail struct {
	From string
	To   []string
	Data []byte
}

// Sink is a running server.
type Sink struct {
	cfg      Config
	server   *smtp.Server
	listener net.Listener
	done     chan struct{}
	closing  sync.Once
	serving  sync.WaitGroup

	mu          sync.Mutex
	mails       []Mail
	count       int
	connections int
	messages    int
}

// Start listens on a free port of this machine.
func Start(c Config) (*Sink, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0") // until Close
	if err != nil {
		return nil, err
	}
	s := &Sink{cfg: c, listener: listener, done: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain = "sink.example"
	s.server.AllowInsecureAuth = true
	s.server.ErrorLog = silent{}
	s.server.MaxMessageBytes = 64 << 20
	var accepting net.Listener = gate{listener, s}
	if c.TLS != nil && c.Implicit {
		accepting = tls.NewListener(accepting, c.TLS)
	} else {
		s.server.TLSConfig = c.TLS
	}
	s.serving.Go(func() { _ = s.server.Serve(accepting) }) // ends with Close
	return s, nil
}

// silent takes the server's complaints about clients that misbehave, which is
// what they are here for.
type silent struct{}

func (silent) Printf(string, ...any) {}

func (silent) Println(...any) {}

// Host is the address that the sink listens on.
func (s *Sink) Host() string { return "127.0.0.1" }

// Port is the port that the sink listens on.
func (s *Sink) Port() int {
	_, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return 0
	}
	return n
}

// Received are the messages that were taken, in order.
func (s *Sink) Received() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Count is how many messages were taken.
func (s *Sink) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Connections is how many were made.
func (s *Sink) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// Close hangs up on everyone and waits for the server to end.
func (s *Sink) Close() {
	s.closing.Do(func() {
		close(s.done)
		_ = s.server.Close() // whoever was connected is cut off
		s.listener.Close()
	})
	s.serving.Wait()
}

func (s *Sink) behave(e Event) Action {
	if s.cfg.Behave == nil {
		return Action{}
	}
	return s.cfg.Behave(e)
}

var errDropped = errors.New("dropped")

// do carries an action out on a connection; nil goes on.
func (s *Sink) do(a Action, conn net.Conn) error {
	switch {
	case a.drop:
		conn.Close()
		return errDropped
	case a.hang:
		<-s.done
		conn.Close()
		return errDropped
	case a.code != 0:
		return &smtp.SMTPError{Code: a.code, EnhancedCode: smtp.NoEnhancedCode, Message: a.text}
	}
	return nil
}

// gate counts connections and lets the sink misbehave before it greets.
type gate struct {
	net.Listener
	sink *Sink
}

func (g gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g.sink.mu.Lock()
		g.sink.connections++
		n := g.sink.connections
		g.sink.mu.Unlock()
		a := g.sink.behave(Event{Stage: Connect, Connection: n})
		switch {
		case a == Action{}:
			return conn, nil
		case a.hang:
			g.sink.serving.Go(func() { _ = g.sink.do(a, conn) }) // ends with Close
		case a.code != 0:
			_, _ = io.WriteString(conn, strconv.Itoa(a.code)+" "+a.text+"\r\n") // the client may be gone
			conn.Close()
		default:
			conn.Close()
		}
	}
}
