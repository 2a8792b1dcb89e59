package lre

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/notice"
	"acquit/internal/post"
)

var _ post.Courier = (*Channel)(nil)

// Name is the provider's.
func (c *Channel) Name() string { return "AR24" }

const statusError = "error"

// momentLayout is how AR24 writes moments, in the time of Paris.
const momentLayout = "2006-01-02 15:04:05"

// letterInfo is a letter as AR24 tells of it.
type letterInfo struct {
	ID     number `json:"id"`
	Ours   string `json:"ref_dossier"`
	Status string `json:"status"`

	Sent      string `json:"ts_ev_date"`
	Accepted  string `json:"view_date"`
	Refused   string `json:"refused_date"`
	Neglected string `json:"negligence_date"`
	Bounced   string `json:"bounced_date"`

	DepositProof    string `json:"proof_dp_url"`
	SentProof       string `json:"proof_ev_url"`
	AcceptedProof   string `json:"proof_ar_url"`
	RefusedProof    string `json:"proof_rf_url"`
	NegligenceProof string `json:"proof_ng_url"`
	BouncedProof    string `json:"proof_bc_url"`
}

// Certificate asks what became of a letter.
func (c *Channel) Certificate(ctx context.Context, message, reference string) (t post.Certificate, err error) {
	if reference == "" {
		err := c.each(ctx, func(one letterInfo) bool {
			if one.Ours == message {
				reference = string(one.ID)
			}
			return reference == "" || one.Status == statusError
		})
		if err != nil {
			return t, err
		}
	}
	if reference == "" {
		return post.Certificate{Missing: true}, nil
	}
	var one letterInfo
	if err := c.get(ctx, "mail", url.Values{"id": {reference}}, &one); err != nil {
		return t, err
	}
	if one.Ours != message {
		return t, fmt.Errorf("la lettre %s d’AR24 est celle de %q", reference, one.Ours)
	}
	acts, err := one.acts()
	return post.Certificate{
		Reference: reference, Failed: one.Status == statusError, Detail: "AR24 : " + one.Status, Acts: acts,
	}, err
}

// acts are what happened by the days that AR24 tells, whatever status it is in:
// read in any order they come to the same. The addressee was given notice when
// the letter was sent (CPCE R53-3).
func (i letterInfo) acts() (list []post.Act, err error) {
	deposit := i.DepositProof
	if deposit == "" {
		deposit = i.SentProof
	}
	for _, a := range []struct {
		kind      notice.State
		at, proof string
	}{
		{notice.Deposited, i.Sent, deposit},
		{notice.Presented, i.Sent, i.SentProof},
		{notice.Received, i.Accepted, i.AcceptedProof},
		{notice.Refused, i.Refused, i.RefusedProof},
		{notice.Unclaimed, i.Neglected, i.NegligenceProof},
		{notice.Returned, i.Bounced, i.BouncedProof},
	} {
		if a.at == "" || strings.HasPrefix(a.at, "0000") {
			continue
		}
		on, err := cal.Parse(a.at[:min(len(a.at), len("2006-01-02"))])
		if err != nil {
			return nil, fmt.Errorf("jour illisible d’AR24 : %q", a.at)
		}
		list = append(list, post.Act{Kind: a.kind, On: on, Proof: a.proof})
	}
	return list, nil
}

// Proof copies a proof, a PDF. It asks AR24 alone: an address elsewhere would be
// given our token.
func (c *Channel) Proof(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("adresse de preuve illisible")
	}
	if home, err := url.Parse(c.cfg.API); err != nil || u.Host != home.Host || u.Scheme != home.Scheme {
		return nil, fmt.Errorf("la preuve n’est pas chez AR24 mais chez %q", u.Host)
	}
	date := c.date()
	query := u.Query()
	query.Set("token", c.cfg.Token)
	query.Set("date", date)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	body, err := c.fetch(req, date)
	if err != nil || isPDF(body) {
		return body, err
	}
	if open, err := unseal(c.cfg.Key, date, body); err == nil && isPDF(open) {
		return open, nil
	}
	return nil, fmt.Errorf("la preuve n’est pas un PDF")
}

func isPDF(b []byte) bool { return bytes.HasPrefix(b, []byte("%PDF-")) }
