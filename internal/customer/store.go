package customer

import (
	"context"
	"iter"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
)

var columns = []string{
	"creditor_id", "id", "code", "name", "kind", "siren", "siret", "vat_id", "street", "postal_code", "city",
	"country", "language", "tags", "terms", "email", "phone", "collector_id", "scenario", "note", "since_on",
	"insolvent_on", "import_id", "created_at",
}

const selectCustomer = `
	SELECT id, code, name, kind, siren, siret, vat_id, street, postal_code, city, country, language, tags, terms,
		email, phone, collector_id, scenario, note, since_on, insolvent_on, import_id, created_at
	FROM customer`

func scanCustomer(r db.Row) (c Customer, err error) {
	var tags string
	err = r.Scan(&c.ID, &c.Code, &c.Name, &c.Kind, &c.SIREN, &c.SIRET, &c.VATID, &c.Street, &c.PostalCode, &c.City,
		&c.Country, &c.Language, &tags, &c.Terms, &c.Email, &c.Phone, &c.Collector, &c.Scenario, &c.Note, &c.Since,
		&c.InsolventOn, &c.Import, db.Instant(&c.CreatedAt))
	c.Tags = splitTags(tags)
	return c, err
}

func (c Customer) row(s creditor.Scope) []any {
	return []any{
		s.Creditor, c.ID, c.Code, c.Name, c.Kind, c.SIREN, c.SIRET, c.VATID, c.Street, c.PostalCode, c.City,
		c.Country, c.Language, joinTags(c.Tags), c.Terms, c.Email, c.Phone, c.Collector, c.Scenario, c.Note, c.Since,
		c.InsolventOn, c.Import, c.CreatedAt,
	}
}

// Add stores new customers; it fills their identifiers, creation and defaults.
func Add(ctx context.Context, tx *db.Tx, s creditor.Scope, list []*Customer) error {
	_, err := tx.Load(ctx, db.Load{Table: "customer", Columns: columns, Rows: func(yield func([]any) bool) {
		for _, c := range list {
			c.complete(tx)
			if !yield(c.row(s)) {
				return
			}
		}
	}})
	return err
}

func (c *Customer) complete(tx *db.Tx) {
	if c.ID == "" {
		c.ID = tx.NewID("cus")
	}
	if c.Kind == "" {
		c.Kind = Business
	}
	if c.Country == "" {
		c.Country = "FR"
	}
	if c.Language == "" {
		c.Language = "fr"
	}
	if c.Name == "" {
		c.Name = c.Code
	}
	c.CreatedAt = tx.Now
}

// Update stores all fields of a customer but its identifier and creation.
func Update(ctx context.Context, tx *db.Tx, s creditor.Scope, c Customer) error {
	n, err := tx.Exec(ctx, `
		UPDATE customer
		SET code = $3, name = $4, kind = $5, siren = $6, siret = $7, vat_id = $8, street = $9, postal_code = $10,
			city = $11, country = $12, language = $13, tags = $14, terms = $15, email = $16, phone = $17,
			collector_id = $18, scenario = $19, note = $20, since_on = $21, insolvent_on = $22
		WHERE creditor_id = $1 AND id = $2`, c.row(s)[:22]...)
	if err == nil && n == 0 {
		return fault.NotFound("client %s", c.ID)
	}
	return err
}

// Find is the customer of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Customer, error) {
	return db.One(ctx, tx, scanCustomer, selectCustomer+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
}

// FindByCode is the customer of that code.
func FindByCode(ctx context.Context, tx *db.Tx, s creditor.Scope, code string) (Customer, error) {
	return db.One(ctx, tx, scanCustomer, selectCustomer+`
		WHERE creditor_id = $1 AND code = $2`, s.Creditor, code)
}

// ByCode maps codes to the customers that have them.
func ByCode(ctx context.Context, tx *db.Tx, s creditor.Scope, codes []string) (map[string]Customer, error) {
	return gather(ctx, tx, s, "code", codes, func(c Customer) string { return c.Code })
}

// ByID maps identifiers to customers.
func ByID(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (map[string]Customer, error) {
	return gather(ctx, tx, s, "id", ids, func(c Customer) string { return c.ID })
}

// gather reads in portions that a statement of either engine can hold.
func gather(
	ctx context.Context, tx *db.Tx, s creditor.Scope, column string, values []string, key func(Customer) string,
) (map[string]Customer, error) {
	found := make(map[string]Customer, len(values))
	for len(values) > 0 {
		n := min(len(values), 500)
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, column, values[:n])
		list, err := db.All(ctx, tx, scanCustomer, selectCustomer+w.SQL(), w.Args...)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			found[key(c)] = c
		}
		values = values[n:]
	}
	return found, nil
}

// Filter says which customers a list shows.
type Filter struct {
	Search    string // in name, code, SIREN, city
	Kind      Kind
	Tag       string
	Collector string
}

// Restrict adds the filter's conditions on the table customer.
func (f Filter) Restrict(w *db.Where) {
	if f.Search != "" {
		like := "%" + db.LikeEscape(strings.ToLower(f.Search)) + "%"
		w.And(`(lower(name) LIKE ? ESCAPE '\' OR lower(code) LIKE ? ESCAPE '\' OR siren LIKE ? ESCAPE '\' OR lower(city) LIKE ? ESCAPE '\')`,
			like, like, like, like)
	}
	if f.Kind != "" {
		w.And("kind = ?", f.Kind)
	}
	if f.Tag != "" {
		w.And(`tags LIKE ? ESCAPE '\'`, "%,"+db.LikeEscape(f.Tag)+",%")
	}
	if f.Collector != "" {
		w.And("collector_id = ?", f.Collector)
	}
}

// Each streams all customers by identifier.
func Each(ctx context.Context, tx *db.Tx, s creditor.Scope) iter.Seq2[Customer, error] {
	return db.Each(ctx, tx, scanCustomer, selectCustomer+`
		WHERE creditor_id = $1
		ORDER BY id`, s.Creditor)
}
