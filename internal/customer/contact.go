package customer

import (
	"context"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

var contactColumns = []string{
	"creditor_id", "id", "customer_id", "role", "civility", "first_name", "last_name", "email", "phone",
	"bounced_at", "import_id", "created_at", "ended_at",
}

const selectContact = `
	SELECT id, customer_id, role, civility, first_name, last_name, email, phone, bounced_at, import_id, created_at,
	ended_at
	FROM contact`

func scanContact(r db.Row) (c Contact, err error) {
	err = r.Scan(&c.ID, &c.Customer, &c.Role, &c.Civility, &c.FirstName, &c.LastName, &c.Email, &c.Phone,
		db.Instant(&c.BouncedAt), &c.Import, db.Instant(&c.CreatedAt), db.Instant(&c.EndedAt))
	return c, err
}

// AddContacts stores new contacts; it fills their identifiers and creation.
func AddContacts(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Contact) error {
	_, err := tx.Load(ctx, db.Load{Table: "contact", Columns: contactColumns, Rows: func(yield func([]any) bool) {
		for _, c := range list {
			if c.ID == "" {
				c.ID = tx.NewID("con")
			}
			if c.Role == "" {
				c.Role = Accounting
			}
			c.CreatedAt = tx.Now
			if !yield([]any{
				s.Creditor, c.ID, c.Customer, c.Role, c.Civility, c.FirstName, c.LastName, c.Email, c.Phone,
				c.BouncedAt, c.Import, c.CreatedAt, c.EndedAt,
			}) {
				return
			}
		}
	}})
	return err
}

// UpdateContact stores all fields of a contact but its customer and creation.
func UpdateContact(ctx context.Context, tx *db.Tx, s creditor.Scope, c Contact) error {
	n, err := tx.Exec(ctx, `
		UPDATE contact
		SET role = $3, civility = $4, first_name = $5, last_name = $6, email = $7, phone = $8, bounced_at = $9,
		ended_at = $10
		WHERE creditor_id = $1 AND id = $2`,
		s.Creditor, c.ID, c.Role, c.Civility, c.FirstName, c.LastName, c.Email, c.Phone, c.BouncedAt, c.EndedAt)
	if err == nil && n == 0 {
		return fault.NotFound("contact %s", c.ID)
	}
	return err
}

// Contacts are the present contacts of the customers, by customer and role.
func Contacts(ctx context.Context, tx *db.Tx, s creditor.Scope, customers ...string) ([]Contact, error) {
	all := []Contact{}
	for len(customers) > 0 {
		n := min(len(customers), 500)
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "customer_id", customers[:n])
		w.And("ended_at IS NULL")
		list, err := db.All(ctx, tx, scanContact, selectContact+w.SQL()+`
			ORDER BY customer_id, role, last_name, id`, w.Args...)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		customers = customers[n:]
	}
	return all, nil
}
