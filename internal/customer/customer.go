// Package customer is who owes: customers and the people there.
package customer

import (
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
)

// Kind is what the law sees in a customer.
type Kind string

// The kinds. A public buyer has its own terms and interest (CCP L2192-10 ff.);
// a consumer owes neither the 40 € nor the penalties of C. com. L441-10.
const (
	Business Kind = "business"
	Consumer Kind = "consumer"
	Public   Kind = "public"
)

// Customer owes a creditor.
type Customer struct {
	ID          string
	Code        string // the creditor's own, unique among its customers
	Name        string
	Kind        Kind
	SIREN       string
	SIRET       string
	VATID       string
	Street      string
	PostalCode  string
	City        string
	Country     string // ISO 3166-1 alpha-2
	Language    string // fr or en
	Tags        []string
	Terms       string // words of the agreed payment term
	Email       string // the company's general address
	Phone       string
	Collector   string // a person's identifier
	Scenario    string // named by a person; otherwise the first that applies
	Note        string
	Since       cal.Date
	InsolventOn cal.Date // day of the judgment; the zero Date when there is none
	Import      string
	CreatedAt   time.Time
}

// Role is what a contact does at the customer.
type Role string

// The roles, in the order in which reminders look for a recipient.
const (
	Accounting Role = "accounting"
	Purchasing Role = "purchasing"
	Manager    Role = "manager"
	Sales      Role = "sales"
	Other      Role = "other"
)

// Contact is a person at a customer.
type Contact struct {
	ID        string
	Customer  string
	Role      Role
	Civility  string // "Madame", "Monsieur", "Mrs", "Mr", or nothing
	FirstName string
	LastName  string
	Email     string
	Phone     string
	BouncedAt time.Time // when its address last refused a message for good
	Import    string
	CreatedAt time.Time
	EndedAt   time.Time
}

// joinTags stores tags sorted, each between commas, so that one LIKE finds one.
func joinTags(tags []string) string {
	tags = slices.Clone(tags)
	slices.Sort(tags)
	tags = slices.Compact(tags)
	if len(tags) == 0 {
		return ""
	}
	return "," + strings.Join(tags, ",") + ","
}

func splitTags(s string) []string {
	s = strings.Trim(s, ",")
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
