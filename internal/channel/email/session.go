package email

import (
	"context"
	"errors"
	"fmt"
	"net/smtp"
	"net/textproto"
	"slices"
	"strings"

	"acquit/internal/channel"
)

// session is one connection at a time. No client means that the next message
// makes a new one.
type session struct {
	channel *Channel
	line    *line
	client  *smtp.Client
}

var _ channel.Session = (*session)(nil)

// Send hands one message over. A connection that the server has let go since
// the last message is made anew, once: nothing of this one had been said.
func (s *session) Send(ctx context.Context, m channel.Message) channel.Receipt {
	r := s.send(ctx, m)
	r.Detail = oneLine(r.Detail)
	r.At = s.channel.cfg.Now()
	return r
}

func (s *session) send(ctx context.Context, m channel.Message) channel.Receipt {
	if err := sendable(m); err != nil {
		return channel.Receipt{Outcome: channel.Permanent, Detail: err.Error()}
	}
	raw, err := s.channel.dkim.sign(m.Raw)
	if err != nil {
		return channel.Receipt{Outcome: channel.Permanent, Detail: "la signature DKIM a échoué : " + err.Error()}
	}
	if err := s.channel.pace(ctx); err != nil {
		return channel.Receipt{Outcome: channel.Temporary, Detail: "l’envoi attend son tour : " + err.Error()}
	}
	if s.client != nil {
		r, stale := s.transmit(ctx, m, raw)
		if !stale || ctx.Err() != nil {
			return r
		}
		s.drop()
	}
	if err := s.connect(ctx); err != nil {
		return channel.Receipt{Outcome: channel.Temporary, Detail: err.Error()}
	}
	r, _ := s.transmit(ctx, m, raw)
	return r
}

// pace waits until the next message may leave.
func (c *Channel) pace(ctx context.Context) error {
	if err := ctx.Err(); err != nil || c.limiter == nil {
		return err
	}
	return c.limiter.Wait(ctx)
}

// sendable refuses an envelope that would say more than an address.
func sendable(m channel.Message) error {
	if len(m.To) == 0 || len(m.Raw) == 0 {
		return errors.New("le message n’a pas de destinataire ou pas de contenu")
	}
	for _, a := range append([]string{sender(m)}, append(slices.Clip(m.To), m.Cc...)...) {
		if clean, err := mailbox(a); err != nil || clean != a {
			return fmt.Errorf("« %s » n’est pas une adresse", a)
		}
	}
	return nil
}

// transmit is one transaction. stale tells that the connection was already
// dead when it began.
func (s *session) transmit(ctx context.Context, m channel.Message, raw []byte) (r channel.Receipt, stale bool) {
	defer context.AfterFunc(ctx, s.line.interrupt)()
	if err := s.command(250, "MAIL FROM:<%s>%s", sender(m), s.size(raw)); err != nil {
		return s.refused(err), gone(err)
	}
	for _, to := range m.To {
		if err := s.command(25, "RCPT TO:<%s>", to); err != nil {
			return s.refused(err), false
		}
	}
	var refusals []string
	for _, cc := range m.Cc {
		if err := s.command(25, "RCPT TO:<%s>", cc); err != nil {
			if _, ok := errors.AsType[*textproto.Error](err); !ok {
				return s.refused(err), false
			}
			refusals = append(refusals, "copie à "+cc+" refusée : "+err.Error())
		}
	}
	r = s.content(raw)
	r.Detail = strings.Join(append(refusals, r.Detail), " ; ")
	return r, false
}

// sender is where refusals come back.
func sender(m channel.Message) string {
	if m.Return != "" {
		return m.Return
	}
	return m.From
}

// size announces how long the message is, to a server that wants to know.
func (s *session) size(raw []byte) string {
	if ok, _ := s.client.Extension("SIZE"); !ok {
		return ""
	}
	return fmt.Sprintf(" SIZE=%d", len(raw))
}

// command says one thing and reads the answer; an error that is not a
// textproto.Error means that the connection is dead.
func (s *session) command(expect int, format string, args ...any) error {
	if err := s.line.wait(s.channel.cfg.Step); err != nil {
		return err
	}
	id, err := s.client.Text.Cmd(format, args...)
	if err != nil {
		return err
	}
	s.client.Text.StartResponse(id)
	defer s.client.Text.EndResponse(id)
	_, _, err = s.client.Text.ReadResponse(expect)
	return err
}

// content hands over the message itself. Up to the final dot nothing can have
// been delivered; from the dot on, only an answer tells.
func (s *session) content(raw []byte) channel.Receipt {
	if err := s.command(354, "DATA"); err != nil {
		return s.refused(err)
	}
	w := s.client.Text.DotWriter()
	err := s.line.wait(s.channel.cfg.Answer)
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = s.client.Text.W.Flush()
	}
	if err == nil && !s.line.commit() {
		err = errStopped
	}
	if err != nil {
		s.drop()
		return broken(err)
	}
	defer s.line.settle()
	if err := w.Close(); err != nil {
		s.drop()
		return unknown(err)
	}
	return s.answer()
}

// answer reads what the server says of the whole message.
func (s *session) answer() channel.Receipt {
	if err := s.line.wait(s.channel.cfg.Answer); err != nil {
		s.drop()
		return unknown(err)
	}
	_, words, err := s.client.Text.ReadResponse(2)
	if err == nil {
		code, detail := enhanced(250, words)
		return channel.Receipt{Outcome: channel.Sent, Code: code, Detail: detail}
	}
	reply, ok := errors.AsType[*textproto.Error](err)
	if !ok || reply.Code < 400 || reply.Code > 599 {
		s.drop()
		return unknown(err)
	}
	return s.refused(err)
}
