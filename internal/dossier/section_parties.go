package dossier

import (
	"context"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
)

// partyJSON is a debtor as programs read it.
type partyJSON struct {
	Code        string        `json:"code"`
	Name        string        `json:"name"`
	Kind        customer.Kind `json:"kind"`
	SIREN       string        `json:"siren"`
	SIRET       string        `json:"siret"`
	VATID       string        `json:"vat_id"`
	Street      string        `json:"street"`
	PostalCode  string        `json:"postal_code"`
	City        string        `json:"city"`
	Country     string        `json:"country"`
	Email       string        `json:"email"`
	Phone       string        `json:"phone"`
	Since       cal.Date      `json:"since,omitzero"`
	InsolventOn cal.Date      `json:"insolvent_on,omitzero"`
	Contacts    []contactJSON `json:"contacts"`
}

type contactJSON struct {
	Role      customer.Role `json:"role"`
	Civility  string        `json:"civility"`
	FirstName string        `json:"first_name"`
	LastName  string        `json:"last_name"`
	Email     string        `json:"email"`
	Phone     string        `json:"phone"`
}

// writeParties writes who is owed and who owes.
func (b *builder) writeParties(context.Context, *db.Tx) error {
	c := b.customer
	debtor := partyJSON{
		c.Code, c.Name, c.Kind, c.SIREN, c.SIRET, c.VATID, c.Street, c.PostalCode, c.City, c.Country, c.Email, c.Phone,
		c.Since, c.InsolventOn,
		[]contactJSON{},
	}
	for _, x := range b.contacts {
		debtor.Contacts = append(debtor.Contacts, contactJSON{
			x.Role, x.Civility, x.FirstName, x.LastName, x.Email,
			x.Phone,
		})
	}
	b.remark("01-parties.json", "identité du créancier et du débiteur (%s)", c.Kind.In(i18n.FR))
	return b.json(ManifestFile{Path: "01-parties.json", What: "identité des parties", ID: c.ID}, struct {
		Creditor creditor.Creditor `json:"creditor"`
		Debtor   partyJSON         `json:"debtor"`
	}{b.creditor, debtor})
}
