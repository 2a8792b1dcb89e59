package apply

import (
	"slices"
	"strings"

	"acquit/internal/customer"
	"acquit/internal/ingest"
)

func roleOf(word string) customer.Role {
	plain := plainName(word)
	if plain == "" {
		return customer.Accounting
	}
	for _, r := range rolesOf {
		for w := range strings.FieldsSeq(r.words) {
			if strings.Contains(plain, w) {
				return r.role
			}
		}
	}
	return customer.Other
}

// hearContact adds the people whom the row names, or completes those it knows.
func (p *cardPlan) hearContact(c *ingest.Customer) {
	k := c.Contact
	if k.LastName == "" && k.Email == "" && k.FirstName == "" {
		if k.Phone != "" && p.Phone == "" {
			p.note("phone", "")
			p.Phone = k.Phone
		}
		return
	}
	emails := addresses(k.Email)
	p.hearPerson(k, emails[0])
	for _, more := range emails[1:] {
		p.hearPerson(ingest.Contact{Role: k.Role}, more)
	}
}

func (p *cardPlan) hearPerson(k ingest.Contact, email string) {
	if email != "" {
		email = p.address(email)
	}
	if email == "" && k.LastName == "" && k.FirstName == "" {
		return
	}
	is := saidContact{
		Role: string(roleOf(k.Role)), Name: strings.TrimSpace(k.FirstName + " " + k.LastName),
		Email: email, Phone: k.Phone,
	}
	if slices.Contains(p.said.Contacts, is) {
		p.heard.emails = append(p.heard.emails, email)
		return
	}
	p.retold = true
	at := p.known(is)
	if at < 0 {
		at = p.moved(is)
	}
	p.heard.emails = append(p.heard.emails, email)
	p.said.Contacts = append(p.said.Contacts, is)
	if at >= 0 {
		p.complete(at, k, email)
		return
	}
	if is.Name == "" && strings.EqualFold(email, p.Email) {
		return // the company's general address is no person
	}
	p.contacts = append(p.contacts, customer.Contact{
		ID: p.newID("con"), Customer: p.ID, Import: p.importID, Role: roleOf(k.Role),
		Civility: k.Civility, FirstName: k.FirstName, LastName: k.LastName, Email: email, Phone: k.Phone,
	})
	added := p.contacts[len(p.contacts)-1]
	p.added = append(p.added, &added)
}

// known is the contact of that address, or without one of that name and role.
func (p *cardPlan) known(is saidContact) int {
	return slices.IndexFunc(p.contacts, func(c customer.Contact) bool {
		if is.Email != "" {
			return strings.EqualFold(c.Email, is.Email)
		}
		return string(c.Role) == is.Role && strings.EqualFold(strings.TrimSpace(c.FirstName+" "+c.LastName), is.Name)
	})
}

// moved is the only contact of that role and name that the source gave with
// another address, and gives no longer: it is the same person at a new one.
func (p *cardPlan) moved(is saidContact) int {
	before := -1
	for i, s := range p.said.Contacts {
		if s.Role != is.Role || !strings.EqualFold(s.Name, is.Name) {
			continue
		}
		if before >= 0 {
			return -1
		}
		before = i
	}
	if before < 0 {
		return -1
	}
	old := p.said.Contacts[before]
	stays := func(e string) bool { return strings.Contains(strings.ToLower(e), strings.ToLower(old.Email)) }
	if slices.ContainsFunc(p.heard.emails, stays) {
		return -1
	}
	at := slices.IndexFunc(p.contacts, func(c customer.Contact) bool {
		return old.Email != "" && strings.EqualFold(c.Email, old.Email)
	})
	if at >= 0 {
		p.said.Contacts = slices.Delete(p.said.Contacts, before, before+1)
	}
	return at
}

func (p *cardPlan) complete(at int, k ingest.Contact, email string) {
	c := &p.contacts[at]
	old := *c
	fill := func(to *string, v string) {
		if *to == "" {
			*to = v
		}
	}
	fill(&c.Civility, k.Civility)
	fill(&c.FirstName, k.FirstName)
	fill(&c.LastName, k.LastName)
	fill(&c.Phone, k.Phone)
	if email != "" && !strings.EqualFold(email, c.Email) {
		c.Email = email
	}
	if old == *c {
		return
	}
	if i := slices.IndexFunc(p.added, func(a *customer.Contact) bool { return a.ID == c.ID }); i >= 0 {
		*p.added[i] = *c
		return
	}
	if p.changed == nil {
		p.changed = map[string]customer.Contact{}
	}
	if _, kept := p.changed[c.ID]; !kept {
		p.changed[c.ID] = old
	}
}
