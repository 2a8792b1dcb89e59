package maileva

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"acquit/internal/channel"
)

// sending is one letter as Maileva knows it.
type sending struct {
	ID       string `json:"id"`
	CustomID string `json:"custom_id"`
	Status   string `json:"status"`
	Detail   string `json:"status_detail"`
}

const statusDraft = "DRAFT"

// Send makes a sending and submits it. Whatever fails before the submission has
// printed nothing and may be tried again: a draft never leaves. A submission
// without a clear answer is uncertain.
func (s *session) Send(ctx context.Context, m channel.Message) channel.Receipt {
	now := s.channel.cfg.Now
	if one, ok := s.known[m.ID]; ok {
		return channel.Receipt{
			Outcome: channel.Sent, Detail: "Maileva l’avait déjà : " + one.Status, Reference: one.ID, At: now(),
		}
	}
	id, err := s.draft(ctx, m)
	if err != nil {
		r := before(err)
		r.Reference, r.At = id, now()
		return r
	}
	r := after(s.call(ctx, http.MethodPost, "/sendings/"+url.PathEscape(id)+"/submit", nil, nil))
	r.Reference, r.At = id, now()
	return r
}

// draft makes the sending with its document and its recipient.
func (s *session) draft(ctx context.Context, m channel.Message) (id string, err error) {
	to, err := recipient(m)
	if err != nil {
		return "", err
	}
	c := s.channel.cfg
	var made sending
	err = s.call(ctx, http.MethodPost, "/sendings", map[string]any{
		"name": m.ID, "custom_id": m.ID, "color_printing": c.Colour, "duplex_printing": c.Duplex,
		"optional_address_sheet": false, "postage_type": c.Speed, "envelope_windows_type": "DOUBLE",
		"treat_undelivered_mail": true,
	}, &made)
	if err == nil && made.ID == "" {
		err = errors.New("l’envoi a été créé sans identifiant")
	}
	if err != nil {
		return "", err
	}
	if err := s.document(ctx, made.ID, m.Raw); err != nil {
		return made.ID, err
	}
	return made.ID, s.call(ctx, http.MethodPost, "/sendings/"+url.PathEscape(made.ID)+"/recipients", to, nil)
}

// before is the receipt of a letter that was not submitted.
func before(err error) channel.Receipt {
	r := channel.Receipt{Outcome: channel.Temporary, Detail: err.Error()}
	switch no, ok := errors.AsType[*refusal](err); {
	case errors.Is(err, errAddress):
		r.Outcome, r.Code = channel.Permanent, "adresse"
	case ok:
		r.Code = strconv.Itoa(no.status)
		if forGood(no.status) {
			r.Outcome = channel.Permanent
		}
	}
	return r
}

// forGood are refusals of this very letter: not those of who we are, of how
// much we ask, or of a state that passes.
func forGood(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return status >= 400 && status < 500
}

// after is the receipt of a submission.
func after(err error) channel.Receipt {
	no, ok := errors.AsType[*refusal](err)
	switch {
	case err == nil:
		return channel.Receipt{Outcome: channel.Sent, Detail: "remise à Maileva"}
	case ok && no.status < 500:
		return before(err)
	case ok:
		return channel.Receipt{
			Outcome: channel.Uncertain, Code: strconv.Itoa(no.status),
			Detail: "Maileva a peut-être pris la lettre : " + err.Error(),
		}
	}
	return channel.Receipt{Outcome: channel.Uncertain, Detail: "la lettre a été soumise, mais Maileva n’a pas répondu : " + err.Error()}
}

// errAddress is an address that Maileva's six lines do not hold.
var errAddress = errors.New("l’adresse ne tient pas dans les lignes de Maileva")

var french = regexp.MustCompile(`^\d{5} \S`)

// recipient is the address in Maileva's lines: who in the first, then the
// others, the place in the sixth.
func recipient(m channel.Message) (map[string]any, error) {
	lines, country := m.To, "FR"
	if n := len(lines); n > 0 && !french.MatchString(lines[n-1]) {
		code, ok := countryOf(lines[n-1])
		if !ok {
			return nil, fmt.Errorf("%w : « %s » n’est ni une ville de France ni un pays", errAddress, lines[n-1])
		}
		lines, country = lines[:n-1], code
	}
	const most = 6
	if len(lines) < 2 || len(lines) > most {
		return nil, fmt.Errorf("%w : %d lignes", errAddress, len(lines))
	}
	to := map[string]any{"custom_id": m.ID, "country_code": country, "address_line_6": lines[len(lines)-1]}
	between := lines[1 : len(lines)-1]
	to["address_line_1"] = lines[0]
	for i, line := range between {
		at := 2 + i
		if i == len(between)-1 && at < 4 {
			at = 4 // the street has a line of its own
		}
		to["address_line_"+strconv.Itoa(at)] = line
	}
	return to, nil
}

// countryOf is the code of a country by its French name.
func countryOf(name string) (string, bool) {
	names := display.French.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string([]rune{a, b}))
			if err == nil && r.IsCountry() && r.Canonicalize() == r && strings.EqualFold(names.Name(r), name) {
				return r.String(), true
			}
		}
	}
	return "", false
}
