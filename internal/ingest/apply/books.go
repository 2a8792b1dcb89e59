package apply

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
)

// books are what a plan is made from: the database and, over it, what a dry run
// would have written.
type books struct {
	scope  creditor.Scope
	source string
	shadow *shadow // nil for a real run
}

// documents are those of the identities, whatever their kind and part.
func (b *books) documents(ctx context.Context, tx *db.Tx, list []ledger.Identity) ([]ledger.Document, error) {
	found, err := ledger.Identified(ctx, tx, b.scope, list)
	if err != nil || b.shadow == nil {
		return found, err
	}
	found = b.shadow.over(found)
	for _, id := range list {
		found = append(found, b.shadow.newOf(id)...)
	}
	return found, nil
}

// withIDs are the documents of the identifiers.
func (b *books) withIDs(ctx context.Context, tx *db.Tx, ids []string) ([]ledger.Document, error) {
	found, err := ledger.WithIDs(ctx, tx, b.scope, ids)
	if err != nil || b.shadow == nil {
		return found, err
	}
	found = b.shadow.over(found)
	for _, id := range ids {
		if d, ok := b.shadow.added[id]; ok {
			found = append(found, *d)
		}
	}
	return found, nil
}

// invoicesNumbered are the invoices of the numbers, whoever's they are.
func (b *books) invoicesNumbered(ctx context.Context, tx *db.Tx, numbers []string) ([]ledger.Document, error) {
	found, err := invoicesNumbered(ctx, tx, b.scope, numbers)
	if err != nil || b.shadow == nil {
		return found, err
	}
	found = b.shadow.over(found)
	wanted := map[string]bool{}
	for _, n := range numbers {
		wanted[n] = true
	}
	for id, list := range b.shadow.numbered {
		for _, d := range list {
			if d.Kind == ledger.Invoice && wanted[id.Number] {
				found = append(found, *d)
			}
		}
	}
	return found, nil
}

// freeCredits are the payments and credit notes of customers of which something is
// left to set against invoices.
func (b *books) freeCredits(ctx context.Context, tx *db.Tx, customers []string) ([]ledger.Document, error) {
	found, err := ledger.FreeCredits(ctx, tx, b.scope, customers)
	if err != nil || b.shadow == nil {
		return found, err
	}
	found = b.shadow.over(found)
	for _, d := range b.shadow.added {
		if d.Kind.Credit() && isOurs(d) && slices.Contains(customers, d.Customer) {
			found = append(found, *d)
		}
	}
	return inOrder(found), nil
}

// isOurs tells a credit that can be set against any invoice of its customer from
// one that was made for one thing alone.
func isOurs(d *ledger.Document) bool {
	return d.Nature == ledger.Ordinary || d.Nature == ledger.Advance || d.Nature == ledger.Opening
}

// links are the allocations of the documents.
func (b *books) links(ctx context.Context, tx *db.Tx, documents []string) ([]ledger.Link, error) {
	found, err := ledger.Links(ctx, tx, b.scope, documents)
	if err != nil || b.shadow == nil {
		return found, err
	}
	return b.shadow.linked(found, documents), nil
}

// copies are the sums of the files that are kept with the documents.
func (b *books) copies(ctx context.Context, tx *db.Tx, documents []string) (map[attached]bool, error) {
	found, err := copiesOf(ctx, tx, b.scope, documents)
	if err != nil || b.shadow == nil {
		return found, err
	}
	maps.Copy(found, b.shadow.copies)
	return found, nil
}

// attached is a copy and the document it belongs to.
type attached struct{ document, sha256 string }

// cards are the customers of the identifiers, with their contacts and what the
// source has said of them.
func (b *books) cards(ctx context.Context, tx *db.Tx, ids []string) (map[string]*card, error) {
	cards := make(map[string]*card, len(ids))
	ask := ids
	if b.shadow != nil {
		ask = nil
		for _, id := range ids {
			if c := b.shadow.card(id); c != nil {
				cards[id] = c
			} else {
				ask = append(ask, id)
			}
		}
	}
	if len(ask) == 0 {
		return cards, nil
	}
	found, err := customer.ByID(ctx, tx, b.scope, ask)
	if err != nil {
		return nil, err
	}
	for id, c := range found {
		cards[id] = &card{Customer: c}
	}
	contacts, err := customer.Contacts(ctx, tx, b.scope, ask...)
	if err != nil {
		return nil, err
	}
	for _, c := range contacts {
		if owner := cards[c.Customer]; owner != nil {
			owner.contacts = append(owner.contacts, c)
		}
	}
	return cards, sayings(ctx, tx, b.scope, b.source, ask, cards)
}

// openOfSource tells of each open document, of the source or of all, what is
// open on it now.
func (b *books) openOfSource(ctx context.Context, tx *db.Tx, all bool, each func(*ledger.Document) error) error {
	for d, err := range ledger.EachOpen(ctx, tx, b.scope) {
		if err != nil {
			return err
		}
		if b.shadow != nil {
			if seen, ok := b.shadow.changed[d.ID]; ok {
				d = *seen
			}
		}
		ours := d.Nature == ledger.Charge || d.Source == cash.Source // no list of others tells of them
		if d.Open.IsZero() || ours || !all && d.Source != b.source {
			continue
		}
		if err := each(&d); err != nil {
			return err
		}
	}
	return nil
}
