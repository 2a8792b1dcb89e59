package maileva

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/post"
)

var _ post.Carrier = (*Channel)(nil)

// Name is the provider's.
func (c *Channel) Name() string { return "Maileva" }

// Follow asks what became of a letter.
func (c *Channel) Follow(ctx context.Context, message, reference string) (t post.Track, err error) {
	s := &session{channel: c}
	if err := s.login(ctx); err != nil {
		return t, err
	}
	if reference == "" {
		if reference, err = s.find(ctx, message); err != nil {
			return t, err
		}
	}
	if reference == "" {
		return post.Track{State: post.Missing}, nil
	}
	var one sending
	err = s.call(ctx, http.MethodGet, "/sendings/"+url.PathEscape(reference), nil, &one)
	if no, ok := errors.AsType[*refusal](err); ok && no.status == http.StatusNotFound {
		return post.Track{State: post.Missing}, nil
	}
	if err != nil {
		return t, err
	}
	if one.CustomID != message {
		return t, fmt.Errorf("l’envoi %s est celui de %q", reference, one.CustomID)
	}
	var list struct {
		Recipients []recipientStatus `json:"recipients"`
	}
	err = s.call(ctx, http.MethodGet, "/sendings/"+url.PathEscape(reference)+"/recipients", nil, &list)
	if err != nil {
		return t, err
	}
	if len(list.Recipients) != 1 {
		return t, fmt.Errorf("l’envoi %s a %d destinataires", reference, len(list.Recipients))
	}
	return list.Recipients[0].track(one)
}

// recipientStatus is what is told of a recipient.
type recipientStatus struct {
	Status      string    `json:"status"`
	Detail      string    `json:"status_detail"`
	Delivery    string    `json:"last_delivery_status"`
	Undelivered time.Time `json:"undelivered_mail_date"`
	Reason      string    `json:"undelivered_mail_reason"`
}

// reasons are those of letters that came back, by Maileva's codes.
var reasons = map[string]customer.ReturnReason{
	"N02": customer.Unknown, "N03": customer.Unclaimed, "N05": customer.Refused, "N07": customer.NoAccess,
}

var states = map[string]post.TrackState{
	"DRAFT": post.Draft, "PENDING": post.Submitted, "BLOCKED": post.Submitted, "PREPARING": post.Submitted,
	"ACCEPTED": post.Accepted, "PROCESSED": post.Printed,
	"REJECTED": post.Rejected, "SENDING_REJECTED": post.Rejected, "CANCELED": post.Rejected,
}

func (r recipientStatus) track(s sending) (post.Track, error) {
	if !r.Undelivered.IsZero() {
		reason := reasons[r.Reason]
		if reason == "" {
			reason = customer.Unknown
		}
		return post.Track{
			State: post.Returned, Reason: reason, Detail: strings.TrimSpace(r.Reason + " " + reason.FR()),
			On: cal.Of(r.Undelivered),
		}, nil
	}
	state, ok := states[r.Status]
	if !ok {
		return post.Track{}, fmt.Errorf("statut inconnu : %q", r.Status)
	}
	return post.Track{
		State: state, Detail: strings.TrimSpace(strings.Join([]string{r.Detail, s.Detail, r.Delivery}, " ")),
	}, nil
}

// Sendings are listed by pages; the first ones are enough for what a company
// sends in some days.
const (
	pageSize = 50
	maxPages = 10
)

// each lists sendings until fn says that it has seen enough.
func (s *session) each(ctx context.Context, fn func(sending) bool) error {
	for page := range maxPages {
		var list struct {
			Sendings []sending `json:"sendings"`
		}
		path := fmt.Sprintf("/sendings?start_index=%d&count=%d", page*pageSize+1, pageSize)
		if err := s.call(ctx, http.MethodGet, path, nil, &list); err != nil {
			return err
		}
		for _, one := range list.Sendings {
			if !fn(one) {
				return nil
			}
		}
		if len(list.Sendings) < pageSize {
			return nil
		}
	}
	return nil
}

// find is the reference of a letter of ours: the submitted one where there are
// drafts of it too.
func (s *session) find(ctx context.Context, message string) (id string, err error) {
	err = s.each(ctx, func(one sending) bool {
		if one.CustomID != message {
			return true
		}
		id = one.ID
		return one.Status == statusDraft
	})
	return id, err
}
