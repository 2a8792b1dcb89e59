package apply_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
)

// client is a row of a list of customers.
func client(code string, change func(*ingest.Customer)) ingest.Document {
	d := ingest.Document{Kind: ingest.Customers, Customer: ingest.Customer{Code: code, Name: "Client " + code}}
	change(&d.Customer)
	return d
}

func (b *shop) customer(code string) (c customer.Customer, contacts []customer.Contact) {
	b.t.Helper()
	b.read(func(ctx context.Context, tx *db.Tx) (err error) {
		if c, err = customer.FindByCode(ctx, tx, b.s, code); err != nil {
			return err
		}
		contacts, err = customer.Contacts(ctx, tx, b.s, c.ID)
		return err
	})
	return c, contacts
}

// edit changes a customer as a person does on screen.
func (b *shop) edit(code string, change func(*customer.Customer)) {
	b.t.Helper()
	c, _ := b.customer(code)
	change(&c)
	b.write(func(ctx context.Context, tx *db.Tx) error { return customer.Update(ctx, tx, b.s, c) })
}

// What a person mended stays until the source says something new of that field;
// what the source does not say is never erased.
func TestAListOfCustomersRespectsWhatAPersonMended(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		row := client("C1", func(c *ingest.Customer) {
			c.Street, c.City, c.Terms, c.SIREN, c.Tags = "1 rue A", "Lille", "30 jours", "552 100 554", []string{"transport", "nord"}
		})
		empty := b.dump()
		first := b.take(b.o, file("clients.csv", row))
		b.expect(first, "+1 ~0 =0 customers 1")
		b.edit("C1", func(c *customer.Customer) {
			c.Street, c.Phone, c.Tags = "2 rue B", "0320000000", append(c.Tags, "grand-compte")
		})
		edited := b.dump()
		b.expect(b.take(b.o, file("clients.csv", row)), "+0 ~0 =1")
		b.same("the same list", edited)

		row.Customer.City, row.Customer.Tags, row.Customer.Terms, row.Customer.Phone = "Roubaix", []string{"transport", "est"}, "", ""
		second := b.take(b.o, file("clients.csv", row))
		b.expect(second, "+0 ~1 =0 mended 1")
		c, _ := b.customer("C1")
		got := []string{c.Street, c.City, c.Terms, c.Phone, c.SIREN}
		if diff := cmp.Diff([]string{"2 rue B", "Roubaix", "30 jours", "0320000000", "552100554"}, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"est", "grand-compte", "transport"}, c.Tags); diff != "" {
			t.Error(diff)
		}
		row.Customer.Street = "3 rue C" // the source has something new to say of it
		third := b.take(b.o, file("clients.csv", row))
		if c, _ = b.customer("C1"); c.Street != "3 rue C" {
			t.Errorf("the new street is not taken: %s", c.Street)
		}
		b.undo(third)
		b.undo(second)
		b.same("undoing", edited)
		b.edit("C1", func(c *customer.Customer) { c.Street, c.Phone, c.Tags = "1 rue A", "", []string{"nord", "transport"} })
		b.undo(first)
		b.same("undoing all", empty)
	})
}

// Rows of documents complete a customer and correct what they had said, and
// leave alone what a list of customers or a person says.
func TestRowsOfDocumentsCompleteTheirCustomer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		row := invoice("C1", "F1", "09-01", "10-01", 100_00)
		row.Customer.Name, row.Customer.Email = "DELVAUX", "a@delvaux.example"
		b.take(b.o, file("f.csv", row))
		card := client("C1", func(c *ingest.Customer) { c.Name = "Imprimerie Delvaux" })
		b.take(b.o, file("clients.csv", card))
		for range 2 { // night after night both files say what they always say
			b.expect(b.take(b.o, file("f.csv", row)), "+0 ~0 =1")
			b.expect(b.take(b.o, file("clients.csv", card)), "+0 ~0 =1")
		}
		row.Customer.Email = "b@delvaux.example"
		row.Customer.Name = "Delvaux SA"
		b.expect(b.take(b.o, file("f.csv", row)), "+0 ~0 =1 mended 1")
		if c, _ := b.customer("C1"); c.Name != "Imprimerie Delvaux" || c.Email != "b@delvaux.example" {
			t.Errorf("got %s, %s", c.Name, c.Email)
		}
	})
}

func TestContactsAreKnownByTheirAddress(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		person := func(role, last, email, phone string) ingest.Document {
			return client("C1", func(c *ingest.Customer) {
				c.Contact = ingest.Contact{Role: role, LastName: last, Email: email, Phone: phone}
			})
		}
		list := func() (all []string) {
			_, contacts := b.customer("C1")
			for _, c := range contacts {
				all = append(all, string(c.Role)+" "+c.LastName+" "+c.Email+" "+c.Phone)
			}
			slices.Sort(all)
			return all
		}
		expect := func(want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, list()); diff != "" {
				t.Error(diff)
			}
		}
		both := file("contacts.csv", person("Comptabilité", "Roy", "roy@c1.example", ""), person("Achats", "Petit", "petit@c1.example", "01"))
		b.expect(b.take(b.o, both), "+1 ~1 =0 customers 1 contacts 2")
		expect("accounting Roy roy@c1.example ", "purchasing Petit petit@c1.example 01")
		b.expect(b.take(b.o, both), "+0 ~0 =2")

		before := b.dump()
		moved := b.take(b.o, file("contacts.csv",
			person("Comptabilité", "Roy", "ROY@C1.example", "02"), // completed
			person("Achats", "Petit", "achats@c1.example", "01"),  // at a new address
			person("", "", "c1@c1.example; impossible", ""),
		))
		b.expect(moved, "+0 ~3 =0 contacts 1")
		expect("accounting  c1@c1.example ", "accounting Roy roy@c1.example 02", "purchasing Petit achats@c1.example 01")
		if w := moved.Files[0].Warnings; len(w) != 1 || w[0].Code != "email" {
			t.Errorf("the impossible address is not told: %s", notes(moved))
		}
		b.undo(moved)
		b.same("undoing", before)

		// One that a person has ended does not come back with the same list.
		_, contacts := b.customer("C1")
		ended := contacts[0]
		ended.EndedAt = dbtest.Now
		b.write(func(ctx context.Context, tx *db.Tx) error { return customer.UpdateContact(ctx, tx, b.s, ended) })
		b.take(b.o, both)
		expect("purchasing Petit petit@c1.example 01")
	})
}

func TestACustomerIsFoundByWhatTheFileKnows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		row := func(number string, c ingest.Customer) ingest.Document {
			d := invoice("", number, "09-01", "10-01", 1_00)
			d.Customer = c
			return d
		}
		rep := b.take(b.o, file("f.csv",
			row("F1", ingest.Customer{Code: "C1", Name: "Delvaux SARL", SIREN: "552100554"}),
			row("F2", ingest.Customer{Name: "Imprimerie Delvaux", SIREN: "552 100 554"}),
			row("F3", ingest.Customer{Name: "delvaux s.a.r.l."}),
			row("F4", ingest.Customer{Name: "Mairie de Ronchin", SIRET: "215 905 076 00017"}),
			row("F5", ingest.Customer{Name: "Mairie de Ronchin"}),
			row("F6", ingest.Customer{Name: "Müller GmbH", VATID: "DE 136 695 976"}),
			row("F7", ingest.Customer{Name: "Müller"}),
			row("F8", ingest.Customer{}),
		))
		b.expect(rep, "+7 ~0 =0 rejected 1 customers 3")
		got := b.texts(`SELECT d.number, c.code || '|' || c.kind || '|' || c.country || '|' || c.language
			FROM document d JOIN customer c ON c.creditor_id = d.creditor_id AND c.id = d.customer_id WHERE d.creditor_id = $1`)
		want := map[string]string{
			"F1": "C1|business|FR|fr", "F2": "C1|business|FR|fr", "F3": "C1|business|FR|fr",
			"F4": "215905076|public|FR|fr", "F5": "215905076|public|FR|fr",
			"F6": "DE136695976|business|DE|en", "F7": "DE136695976|business|DE|en",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFindingsAreAboutOpenInvoicesAndGoWhenMended(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		long := invoice("C1", "F3", "09-01", "12-20", 10_00) // 110 days
		numbers := invoice("C2", "F4", "09-01", "10-01", 10_00)
		numbers.Customer.SIREN = "552100555"
		b.take(b.o, file("f.csv", invoice("C1", "F1", "09-01", "10-01", 10_00), invoice("C1", "F2", "09-10", "09-01", 10_00), long, numbers,
			left(invoice("C1", "F5", "09-01", "", 10_00), 0)))
		b.expectFindings(map[string]string{"F2": apply.DueBeforeIssued, "F3": "term_beyond_legal", "F4": "buyer_siren"})
		b.expectUnreachable("C1", "C2")
		b.edit("C2", func(c *customer.Customer) { c.SIREN, c.Email = "552100554", "compta@c2.example" })
		b.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := customer.FindByCode(ctx, tx, b.s, "C2")
			if err != nil {
				return err
			}
			_, err = apply.Recheck(ctx, tx, b.s, apply.Check{Law: french(t)}, c.ID)
			return err
		})
		b.expectFindings(map[string]string{"F2": apply.DueBeforeIssued, "F3": "term_beyond_legal"})
		b.expectUnreachable("C1")
	})
}

func (b *shop) expectUnreachable(want ...string) {
	b.t.Helper()
	var got []string
	b.read(func(ctx context.Context, tx *db.Tx) error {
		list, err := apply.WithoutEmail(ctx, tx, b.s, apply.Unreachable{}, 100)
		for _, u := range list {
			got = append(got, u.Code)
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("without e-mail:\n%s", diff)
	}
}
