package customers

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/fault"
	"acquit/internal/identifier"
	"acquit/internal/ingest/apply"
	"acquit/internal/journal"
	"acquit/internal/statute"
)

// saveContact adds a contact, or changes the one whose identifier comes along.
func (f form) saveContact(ctx context.Context) error {
	x := customer.Contact{
		Customer: f.who.ID, Role: customer.Role(f.said("contact-role")), Civility: f.said("contact-civilite"),
		FirstName: f.said("contact-prenom"), LastName: f.said("contact-nom"), Email: f.said("contact-email"),
		Phone: f.said("contact-telephone"),
	}
	if x.Email+x.Phone == "" {
		return fault.Invalidf("contact-email", "il faut une adresse ou un téléphone")
	}
	if x.Email != "" {
		checked := identifier.Email(x.Email)
		if err := checked.Err("contact-email"); err != nil {
			return err
		}
		x.Email = checked.Value
	}
	id := f.said("contact-id")
	if id == "" {
		if err := customer.AddContacts(ctx, f.tx, f.scope, []*customer.Contact{&x}); err != nil {
			return err
		}
		return journal.Write(ctx, f.tx, f.scope, "contact.added", "customer/"+f.who.ID, x)
	}
	known, err := f.contactOf(ctx, id)
	if err != nil {
		return err
	}
	x.ID, x.Import, x.EndedAt = known.ID, known.Import, known.EndedAt
	if x.Email == known.Email {
		x.BouncedAt = known.BouncedAt
	}
	if err := customer.UpdateContact(ctx, f.tx, f.scope, x); err != nil {
		return err
	}
	return journal.Write(ctx, f.tx, f.scope, "contact.changed", "customer/"+f.who.ID,
		map[string]customer.Contact{"before": known, "after": x})
}

func (f form) contactOf(ctx context.Context, id string) (customer.Contact, error) {
	contacts, err := customer.Contacts(ctx, f.tx, f.scope, f.who.ID)
	if err != nil {
		return customer.Contact{}, err
	}
	for _, x := range contacts {
		if x.ID == id {
			return x, nil
		}
	}
	return customer.Contact{}, fault.NotFound("contact")
}

// endContact says that somebody is no longer there.
func (f form) endContact(ctx context.Context) error {
	x, err := f.contactOf(ctx, f.said("id"))
	if err != nil {
		return err
	}
	x.EndedAt = f.tx.Now
	if err := customer.UpdateContact(ctx, f.tx, f.scope, x); err != nil {
		return err
	}
	return journal.Write(ctx, f.tx, f.scope, "contact.ended", "customer/"+f.who.ID, map[string]string{"contact": x.ID})
}

// saveCard changes what a person decides about a customer. Invoices that waited
// for the terms are looked at again.
func (f form) saveCard(ctx context.Context) (err error) {
	card := f.who
	card.Collector, card.Scenario = f.said("fiche-suivi"), f.said("fiche-scenario")
	card.Language, card.Terms, card.Note = f.said("fiche-langue"), f.said("fiche-conditions"), f.said("fiche-note")
	between := func(r rune) bool { return r == ',' || r == ' ' }
	card.Tags = strings.FieldsFunc(strings.ToLower(f.said("fiche-etiquettes")), between)
	if card.InsolventOn, err = f.day("fiche-procedure"); err != nil {
		return err
	}
	if card.Terms != "" {
		if _, err := cal.ParseTerm(card.Terms); err != nil {
			return fault.Invalidf("fiche-conditions", "ces conditions ne se lisent pas : écrivez par exemple « 30 jours fin de mois »")
		}
	}
	if err := customer.Update(ctx, f.tx, f.scope, card); err != nil {
		return err
	}
	french, err := statute.Load(ctx, f.tx, f.scope)
	if err != nil {
		return err
	}
	if _, err := apply.Recheck(ctx, f.tx, f.scope, apply.Check{Law: french}, card.ID); err != nil {
		return err
	}
	return journal.Write(ctx, f.tx, f.scope, "customer.changed", "customer/"+f.who.ID,
		map[string]customer.Customer{"before": f.who, "after": card})
}
