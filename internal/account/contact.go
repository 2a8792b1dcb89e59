package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/reaction"
)

// recentDays is how long all that a message said is kept in sight: follow-ups,
// contacts too close to each other, and coming invoices that it mentioned. Of
// older ones only those count that claimed what is still open.
const recentDays = 62

// portion is how many values one statement names, within the limits of both
// engines.
const portion = 500

// said is a reminder that left or was dismissed.
type said struct {
	id, customer string
	contact      dunning.Contact
	dismissed    bool
}

// details is the part of a reminder's details that tells of which invoices it
// spoke.
type details struct {
	Claims []mention `json:"claims"`
	Coming []mention `json:"coming"`
}

type mention struct{ Item string }

func (r *said) read(text string) error {
	var d details
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return fmt.Errorf("details of reminder %s: %w", r.id, err)
	}
	for _, m := range d.Claims {
		r.contact.Items = append(r.contact.Items, m.Item)
	}
	for _, m := range d.Coming {
		r.contact.Mentions = append(r.contact.Mentions, m.Item)
	}
	return nil
}

func (p *page) pending(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if p.span.Past {
		return nil // what waited then has left or not: no later day knows
	}
	for w, err := range waiting(ctx, tx, s, p.span) {
		if err != nil {
			return err
		}
		if a := p.of[w.customer]; a != nil {
			a.Pending = append(a.Pending, w.pending)
		}
	}
	return nil
}

// contacts reads what left, then what became of it.
func (p *page) contacts(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	since := p.span.Day.Add(-recentDays)
	var followed []said
	spoken := false
	for r, err := range recent(ctx, tx, s, p.span, since) {
		if err != nil {
			return err
		}
		if r.contact.FollowUp {
			followed = append(followed, r)
		}
		if a := p.of[r.customer]; a != nil && !r.dismissed {
			a.Contacts = append(a.Contacts, r.contact)
			spoken = true
		}
	}
	for _, f := range followed {
		p.follow(f)
	}
	if err := p.older(ctx, tx, s, since); err != nil || !spoken {
		return err
	}
	return p.reactions(ctx, tx, s, since)
}

// follow marks the contacts that a follow-up, sent or dismissed, belongs to.
func (p *page) follow(f said) {
	a := p.of[f.customer]
	if a == nil {
		return
	}
	for i := range a.Contacts {
		c := &a.Contacts[i]
		if !c.FollowUp && c.Step == f.contact.Step && c.On <= f.contact.On && shares(c.Items, f.contact.Items) {
			c.Followed = true
		}
	}
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(id string) bool { return slices.Contains(b, id) })
}

// older adds the contacts before the recent ones that claimed what is open: a
// formal step claims only what was reminded, however long ago.
func (p *page) older(ctx context.Context, tx *db.Tx, s creditor.Scope, since cal.Date) error {
	var ids []string
	for _, a := range p.accounts {
		for i := range a.Items {
			if item := &a.Items[i]; item.Position.Step != "" && item.Issued < since {
				ids = append(ids, item.ID)
			}
		}
	}
	claimed := map[string][]string{} // documents by reminder
	for part := range slices.Chunk(ids, portion) {
		for c, err := range claimsOn(ctx, tx, s, part) {
			if err != nil {
				return err
			}
			claimed[c.reminder] = append(claimed[c.reminder], c.document)
		}
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(claimed)), portion) {
		for r, err := range before(ctx, tx, s, min(since, p.span.Day.Add(1)), part) {
			if err != nil {
				return err
			}
			if a := p.of[r.customer]; a != nil {
				r.contact.Items = claimed[r.id]
				a.Contacts = append(a.Contacts, r.contact)
			}
		}
	}
	return nil
}

// reactions marks the recent contacts after which the customer replied, came to
// the portal or paid.
func (p *page) reactions(ctx context.Context, tx *db.Tx, s creditor.Scope, since cal.Date) error {
	last := map[string]cal.Date{}
	for r, err := range reaction.Between(ctx, tx, s, since, p.span) {
		if err != nil {
			return err
		}
		last[r.Customer] = max(last[r.Customer], r.On)
	}
	var spoken []string
	for _, a := range p.accounts {
		if len(a.Contacts) > 0 {
			spoken = append(spoken, a.Customer.ID)
		}
	}
	for part := range slices.Chunk(spoken, portion) {
		for m, err := range lastPayments(ctx, tx, s, p.span.Day, since, part) {
			if err != nil {
				return err
			}
			last[m.customer] = max(last[m.customer], m.on)
		}
	}
	for customer, day := range last {
		p.reacted(customer, day)
	}
	return nil
}

func (p *page) reacted(customer string, day cal.Date) {
	a := p.of[customer]
	if a == nil {
		return
	}
	for i := range a.Contacts {
		if c := &a.Contacts[i]; c.On <= day {
			c.Reacted = true
		}
	}
}
