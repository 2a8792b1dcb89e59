package dunning

import (
	"slices"

	"acquit/internal/cal"
)

// Left is the account after a proposal has left on a day, under the scenario of
// that name: what it claims has taken its step, and the customer was contacted.
func Left(a Account, p *Proposal, scenario string, on cal.Date) Account {
	c := contactOf(p, scenario, on)
	for _, claim := range p.Coming {
		c.Mentions = append(c.Mentions, claim.Item)
	}
	a.Contacts = append(slices.Clip(a.Contacts), c)
	a.Pending = slices.DeleteFunc(slices.Clone(a.Pending), func(w Pending) bool {
		return w.Step == p.Step.ID && w.FollowUp == p.FollowUp && shares(w.Items, c.Items)
	})
	return a
}

func contactOf(p *Proposal, scenario string, on cal.Date) Contact {
	c := Contact{On: on, Step: p.Step.ID, Scenario: scenario, FollowUp: p.FollowUp}
	for i, name := range p.Channels {
		if i > 0 {
			c.Channel += ","
		}
		c.Channel += string(name)
	}
	for _, claim := range p.Claims {
		c.Items = append(c.Items, claim.Item)
	}
	return c
}

// Dismissed is the account after a person has set a proposal aside on a day: its
// step counts as done for what it claims, though it did not leave.
func Dismissed(a Account, p *Proposal, scenario string, on cal.Date) Account {
	if p.FollowUp {
		return followed(a, p)
	}
	c := contactOf(p, scenario, on)
	c.Dismissed = true
	a.Contacts = append(slices.Clip(a.Contacts), c)
	return a
}

// followed marks the contacts that a dismissed follow-up would have followed.
func followed(a Account, p *Proposal) Account {
	a.Contacts = slices.Clone(a.Contacts)
	items := contactOf(p, "", 0).Items
	for i := range a.Contacts {
		if c := &a.Contacts[i]; c.Step == p.Step.ID && shares(c.Items, items) {
			c.Followed = true
		}
	}
	return a
}

// Simulate is what would go out from one day to another, both included, if each
// reminder left on its day and nothing else happened: the customer's next steps.
// Reminders that wait are taken as not yet proposed.
func Simulate(a Account, s *Scenario, c *cal.Calendar, from, until cal.Date) []Proposal {
	if s == nil {
		return nil
	}
	a.Pending = nil
	var all []Proposal
	for day := from; day <= until; {
		d := Decide(a, s, c, day)
		if len(d.Reminders) == 0 {
			if d.Next.On <= day {
				break
			}
			day = d.Next.On
			continue
		}
		for i := range d.Reminders {
			a = Left(a, &d.Reminders[i], s.Name, day)
		}
		all = append(all, d.Reminders...)
		day = day.Add(1)
	}
	return all
}
