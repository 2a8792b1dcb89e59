package lre

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"acquit/internal/channel"
)

// Send deposits the PDF, then sends the letter with it. Whatever fails before
// the second has sent nothing; a second without a clear answer is uncertain.
func (s *session) Send(ctx context.Context, m channel.Message) channel.Receipt {
	now := s.channel.cfg.Now
	if one, ok := s.known[m.ID]; ok {
		return channel.Receipt{
			Outcome: channel.Sent, Detail: "AR24 l’avait déjà : " + one.Status, Reference: string(one.ID), At: now(),
		}
	}
	form, err := form(m)
	if err != nil {
		return channel.Receipt{Outcome: channel.Permanent, Code: "adresse", Detail: err.Error(), At: now()}
	}
	file, err := s.channel.upload(ctx, m.ID+".pdf", m.Raw)
	if err != nil {
		r := before(err)
		r.At = now()
		return r
	}
	form.Set("attachment[0]", file)
	var made letterInfo
	err = s.channel.post(ctx, "mail", form, &made)
	if err == nil && made.ID == "" {
		err = errors.New("AR24 n’a pas dit son numéro")
	}
	r := after(err)
	r.Reference, r.At = string(made.ID), now()
	return r
}

// form is a letter as AR24 takes it. Nothing in it names the sender: who writes
// is not told before the addressee has accepted (CPCE R53-3).
func form(m channel.Message) (url.Values, error) {
	n := len(m.To)
	if n < 3 || n > 4 || !plain(m.To[n-2]) || m.To[n-1] != professional && m.To[n-1] != consumer {
		return nil, errors.New("cette lettre a été écrite pour un envoi sur papier : l’écarter, puis l’approuver de nouveau")
	}
	f := url.Values{
		"eidas": {"1"}, "to_email": {m.To[n-2]}, "dest_statut": {m.To[n-1]}, "ref_dossier": {m.ID},
		"content": {"Vous trouverez ci-joint notre lettre."},
	}
	person := m.To[0]
	if m.To[n-1] == professional {
		f.Set("to_company", m.To[0])
		person = strings.Join(m.To[1:n-2], "")
	}
	first, last, two := strings.Cut(person, " ")
	switch {
	case two:
		f.Set("to_firstname", first)
		f.Set("to_lastname", last)
	case person != "":
		f.Set("to_lastname", person)
	}
	return f, nil
}

// before is the receipt of a letter that was not sent.
func before(err error) channel.Receipt {
	r := channel.Receipt{Outcome: channel.Temporary, Detail: err.Error()}
	if no, ok := errors.AsType[*refusal](err); ok {
		r.Outcome, r.Code = channel.Permanent, no.slug
	}
	return r
}

// after is the receipt of a letter that AR24 was told to send.
func after(err error) channel.Receipt {
	_, no := errors.AsType[*refusal](err)
	_, later := errors.AsType[*notNow](err)
	switch {
	case err == nil:
		return channel.Receipt{Outcome: channel.Sent, Detail: "remise à AR24"}
	case no || later:
		return before(err)
	}
	return channel.Receipt{Outcome: channel.Uncertain, Detail: "AR24 a peut-être pris la lettre : " + err.Error()}
}
