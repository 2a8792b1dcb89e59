package email

import (
	"errors"
	"io"
	"net/textproto"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"acquit/internal/channel"
)

// The answers that say something about us and not about the message.
const (
	codeClosing = 421 // the server is about to hang up
)

// aboutUs are answers that ask us to prove who we are first (RFC 4954): the
// message itself is as good as before.
var aboutUs = map[int]bool{530: true, 534: true, 535: true, 538: true}

// refused is the receipt of a message that was not taken, by the server's
// answer or by the end of the connection; the session goes on where it can.
func (s *session) refused(err error) channel.Receipt {
	reply, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		s.drop()
		return broken(err)
	}
	r := channel.Receipt{Outcome: channel.Temporary}
	r.Code, r.Detail = enhanced(reply.Code, reply.Msg)
	if reply.Code >= 500 && reply.Code < 600 && !aboutUs[reply.Code] {
		r.Outcome = channel.Permanent
	}
	if reply.Code == codeClosing || s.command(250, "RSET") != nil {
		s.drop()
	}
	return r
}

// broken is the receipt of a message whose connection ended before its final
// dot. It has no code: nobody answered.
func broken(err error) channel.Receipt {
	return channel.Receipt{
		Outcome: channel.Temporary, Detail: "la connexion s’est interrompue avant la fin du message : " + reason(err),
	}
}

// unknown is the receipt of a message that may have been delivered.
func unknown(err error) channel.Receipt {
	return channel.Receipt{
		Outcome: channel.Uncertain,
		Detail:  "le message a été remis en entier, mais le serveur n’a pas répondu : " + reason(err),
	}
}

// reason is why a connection ended, in words.
func reason(err error) string {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "délai dépassé"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "le serveur a raccroché"
	}
	return err.Error()
}

// gone tells that the other side was no longer there.
func gone(err error) bool {
	reply, ok := errors.AsType[*textproto.Error](err)
	return !ok || reply.Code == codeClosing
}

var status = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})(\s+|$)`)

// enhanced is an answer's code with its enhanced status (RFC 2034), and its
// words: "550 5.1.1" and "unknown user".
func enhanced(code int, words string) (string, string) {
	first := strconv.Itoa(code)
	m := status.FindStringSubmatch(words)
	if m == nil {
		return first, words
	}
	words = strings.ReplaceAll(words, "\n"+m[1]+" ", " ") // each line of a long answer repeats it
	return first + " " + m[1], words[len(m[0]):]
}

// drop ends the connection without another word.
func (s *session) drop() {
	if s.client == nil {
		return
	}
	_ = s.client.Close() // it may be dead already
	s.client, s.line = nil, nil
}

// goodbye is how long the server may take to say so, too.
const goodbye = 3 * time.Second

// Close says goodbye. Nothing depends on the answer: each message has had its
// own.
func (s *session) Close() error {
	if s.client == nil {
		return nil
	}
	if s.line.wait(goodbye) == nil {
		_ = s.client.Quit()
	}
	s.drop()
	return nil
}
