package apply

import (
	"encoding/json"
	"slices"
	"strings"

	"acquit/internal/customer"
	"acquit/internal/ledger"
)

// shadow is what a dry run would have written so far.
type shadow struct {
	added    map[string]*ledger.Document // by identifier
	numbered map[ledger.Identity][]*ledger.Document
	changed  map[string]*ledger.Document // documents of the books as they would stand
	links    map[string][]*ledger.Link   // new ones, by each of their documents
	gone     map[string]bool             // allocations and documents withdrawn
	cards    map[string][]byte           // packed: there may be one for each customer
	copies   map[attached]bool
}

func newShadow() *shadow {
	return &shadow{
		added: map[string]*ledger.Document{}, numbered: map[ledger.Identity][]*ledger.Document{},
		changed: map[string]*ledger.Document{}, links: map[string][]*ledger.Link{}, gone: map[string]bool{},
		cards: map[string][]byte{}, copies: map[attached]bool{},
	}
}

// over puts documents as they would stand in the place of those that stand.
func (s *shadow) over(found []ledger.Document) []ledger.Document {
	for i := range found {
		if d, ok := s.changed[found[i].ID]; ok {
			found[i] = *d
		}
	}
	return found
}

func (s *shadow) newOf(id ledger.Identity) []ledger.Document {
	var list []ledger.Document
	for _, d := range s.numbered[id] {
		list = append(list, *d)
	}
	return list
}

// linked adds the new links of the documents to those that were found, without
// those that were withdrawn.
func (s *shadow) linked(found []ledger.Link, documents []string) []ledger.Link {
	seen := map[string]bool{}
	for _, id := range documents {
		for _, l := range s.links[id] {
			if !seen[l.ID] {
				seen[l.ID] = true
				found = append(found, *l)
			}
		}
	}
	found = slices.DeleteFunc(found, func(l ledger.Link) bool { return s.gone[l.ID] })
	slices.SortStableFunc(found, func(a, b ledger.Link) int { return strings.Compare(a.ID, b.ID) })
	return found
}

// absorb keeps what a plan would have written.
func (s *shadow) absorb(p *plan) error {
	for _, d := range p.batch.Documents {
		kept := *d
		s.added[d.ID] = &kept
		id := ledger.Identity{Customer: d.Customer, Number: d.Number}
		s.numbered[id] = append(s.numbered[id], &kept)
	}
	for _, e := range p.touched {
		if d := s.added[e.ID]; d != nil {
			*d = e.Document
		} else {
			kept := e.Document
			s.changed[e.ID] = &kept
		}
	}
	for _, l := range p.linked {
		s.links[l.Credit] = append(s.links[l.Credit], l)
		s.links[l.Invoice] = append(s.links[l.Invoice], l)
	}
	for _, l := range p.batch.Withdrawn {
		s.gone[l.ID] = true
	}
	for _, id := range p.batch.Gone {
		s.forget(id)
	}
	for _, f := range p.copies {
		s.copies[attached{f.document, f.SHA256}] = true
	}
	for _, c := range p.cards {
		if c.retold {
			c.by = p.run.id
		}
		if err := s.keepCard(c.card); err != nil {
			return err
		}
	}
	return nil
}

func (s *shadow) forget(id string) {
	d := s.added[id]
	if d == nil {
		return
	}
	key := ledger.Identity{Customer: d.Customer, Number: d.Number}
	s.numbered[key] = slices.DeleteFunc(s.numbered[key], func(o *ledger.Document) bool { return o == d })
	delete(s.added, id)
}

// packed is a card as the shadow keeps it.
type packed struct {
	Customer customer.Customer
	Contacts []customer.Contact
	Said     said
	Stored   string
	Print    int64
	By       string
}

func (s *shadow) keepCard(c *card) error {
	b, err := json.Marshal(packed{c.Customer, c.contacts, c.said, c.stored, c.fingerprint, c.by})
	s.cards[c.ID] = b
	return err
}

// card is a customer as the dry run left it, or nil when it did not touch it.
func (s *shadow) card(id string) *card {
	b, ok := s.cards[id]
	if !ok {
		return nil
	}
	var p packed
	if err := json.Unmarshal(b, &p); err != nil {
		return nil // it was marshalled by keepCard
	}
	return &card{
		Customer: p.Customer, contacts: p.Contacts, said: p.Said, stored: p.Stored, fingerprint: p.Print, by: p.By,
	}
}
