package customer

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// MissingAddress names, in French, what a letter to a customer would lack. A
// place abroad may have no postal code.
func (c Customer) MissingAddress() (missing []string) {
	for _, part := range []struct {
		value, name string
		needed      bool
	}{
		{c.Street, "la rue", true},
		{c.PostalCode, "le code postal", c.Country == "" || c.Country == "FR"},
		{c.City, "la ville", true},
	} {
		if part.needed && strings.TrimSpace(part.value) == "" {
			missing = append(missing, part.name)
		}
	}
	return missing
}

// Address is where letters to a customer go, on one line.
func (c Customer) Address() string {
	return strings.Join(strings.Fields(strings.Join([]string{c.Street, c.PostalCode, c.City, c.Country}, " ")), " ")
}

// ReturnReason is why a letter came back.
type ReturnReason string

// The reasons, as postal workers tick them on what they bring back.
const (
	Unknown   ReturnReason = "unknown"   // nobody of that name there (NPAI)
	Unclaimed ReturnReason = "unclaimed" // a notice was left, and nobody came
	Refused   ReturnReason = "refused"
	NoAccess  ReturnReason = "no_access" // no letter box, no such number
)

var returnWords = map[ReturnReason]i18n.Words{
	Unknown:   {FR: "destinataire inconnu à l’adresse", EN: "not known at this address"},
	Unclaimed: {FR: "pli avisé et non réclamé", EN: "notified and not claimed"},
	Refused:   {FR: "pli refusé par le destinataire", EN: "refused by the recipient"},
	NoAccess:  {FR: "défaut d’accès ou d’adressage", EN: "no access, or a faulty address"},
}

// ReturnReasons are all of them, in the order of a form.
func ReturnReasons() []ReturnReason { return []ReturnReason{Unknown, NoAccess, Unclaimed, Refused} }

// In is the reason in words.
func (r ReturnReason) In(l i18n.Lang) string { return returnWords[r].In(l) }

// FR is the reason in French.
func (r ReturnReason) FR() string { return r.In(i18n.FR) }

// Bad tells that the address itself is wrong: a letter that was refused or not
// fetched did reach it.
func (r ReturnReason) Bad() bool { return r == Unknown || r == NoAccess }

// Returned is a letter that came back.
type Returned struct {
	ID       string
	Customer string
	Message  string
	Address  string // as it was written
	Reason   ReturnReason
	On       cal.Date
}

// AddReturned records a letter that came back from a customer's address.
func AddReturned(ctx context.Context, tx *db.Tx, s creditor.Scope, r *Returned) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if _, ok := returnWords[r.Reason]; !ok {
		return &fault.Invalid{Field: "reason", Message: "motif de retour inconnu", Mend: "unknown, no_access, unclaimed ou refused"}
	}
	r.ID = tx.NewID("ret")
	_, err := tx.Exec(ctx, `
		INSERT INTO returned_letter (creditor_id, id, customer_id, message_id, address, reason, on_day, made_by,
		created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Creditor, r.ID, r.Customer, r.Message, r.Address, string(r.Reason), r.On, s.Actor, tx.Now)
	return err
}

// FindReturned is the last letter that came back because this address of a
// customer is wrong, or fault.ErrNotFound.
func FindReturned(ctx context.Context, tx *db.Tx, s creditor.Scope, id, address string) (Returned, error) {
	return db.One(ctx, tx, scanReturned, `
		SELECT id, customer_id, message_id, address, reason, on_day
		FROM returned_letter
		WHERE creditor_id = $1 AND customer_id = $2 AND address = $3 AND reason IN ('unknown', 'no_access')
		ORDER BY on_day DESC, id DESC
		LIMIT 1`, s.Creditor, id, address)
}

func scanReturned(r db.Row) (m Returned, err error) {
	return m, r.Scan(&m.ID, &m.Customer, &m.Message, &m.Address, &m.Reason, &m.On)
}
