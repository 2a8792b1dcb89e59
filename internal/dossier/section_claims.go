package dossier

import (
	"context"
	"io"
	"strings"

	"acquit/internal/aging"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

// writeClaims writes the workbook that agencies take in: customer, items,
// dunning, documents.
func (b *builder) writeClaims(context.Context, *db.Tx) error {
	b.remark("02-creances.xlsx", "tableau des créances : %s au %s", some(len(b.facts.Claims), "facture réclamée",
		"factures réclamées"), b.Day.Long("fr"))
	return b.add(ManifestFile{Path: "02-creances.xlsx", What: "tableau des créances"}, func(w io.Writer) error {
		return sheet.WriteXLSX(w, b.customerSheet(), b.itemSheet(), b.dunningSheet(), b.fileSheet())
	})
}

func (b *builder) customerSheet() sheet.Sheet {
	c := b.customer
	t := sheet.Sheet{Name: "Client", Columns: []string{
		"Code client", "Raison sociale", "Qualité", "SIREN", "SIRET", "N° TVA", "Adresse", "Code postal", "Ville",
		"Pays",
		"Téléphone", "E-mail", "Contact", "Fonction", "Téléphone du contact", "E-mail du contact",
		"Procédure collective",
	}}
	row := func(name, role, phone, email string) {
		t.Rows = append(t.Rows, []any{
			c.Code, c.Name, c.Kind.In(i18n.FR), c.SIREN, c.SIRET, c.VATID, c.Street, c.PostalCode, c.City,
			c.Country, c.Phone,
			c.Email, name, role, phone, email, dayOr(c.InsolventOn),
		})
	}
	for _, x := range b.contacts {
		row(strings.Join(strings.Fields(x.Civility+" "+x.FirstName+" "+x.LastName), " "), roleWords[x.Role],
			x.Phone, x.Email)
	}
	if len(t.Rows) == 0 {
		row("", "", "", "")
	}
	return t
}

func (b *builder) itemSheet() sheet.Sheet {
	t := sheet.Sheet{Name: "Créances", Columns: []string{
		"Facture", "Date", "Échéance", "Jours de retard", "Montant TTC", "Règlements", "Avoirs", "Reste dû", "Devise",
		"Commande", "Contrat", "Conditions", "Libellé", "Contesté",
	}}
	totals := map[money.Currency][4]money.Amount{}
	var order []money.Currency
	for _, d := range b.claims() {
		payments, credits, _ := b.paid(d)
		late := 0
		if !d.Due.IsZero() {
			late = max(0, aging.Age(d.Due, b.Day))
		}
		t.Rows = append(t.Rows, []any{
			d.Number, d.Issued, dayOr(d.Due), late, d.Amount, payments, credits, d.Open, string(d.Amount.Currency),
			d.Order,
			d.Contract, d.Terms, d.Label, b.contested(d.ID),
		})
		c := d.Amount.Currency
		sums, ok := totals[c]
		if !ok {
			order = append(order, c)
		}
		for i, a := range []money.Amount{d.Amount, payments, credits, d.Open} {
			sums[i] = a.Add(sums[i])
		}
		totals[c] = sums
	}
	for _, c := range order {
		s := totals[c]
		t.Totals = append(t.Totals, []any{"Total", nil, nil, nil, s[0], s[1], s[2], s[3], string(c)})
	}
	return t
}

// contested is what is disputed of an invoice on the day, in words; nothing where
// nothing is.
func (b *builder) contested(invoice string) string {
	for _, d := range b.disputes {
		if d.Invoice == invoice && d.Opened <= b.Day && (d.Closed.IsZero() || d.Closed > b.Day) {
			return "oui : " + d.Reason.In(i18n.FR)
		}
	}
	return ""
}

func (b *builder) dunningSheet() sheet.Sheet {
	t := sheet.Sheet{Name: "Relances", Columns: []string{"Date", "Canal", "Étape", "Destinataire", "Objet", "SHA-256"}}
	for _, m := range b.sent {
		t.Rows = append(t.Rows, []any{
			b.day(m.SentAt), dunning.Channel(m.Channel).In(i18n.FR), dunning.StepTitle(m.Step, i18n.FR),
			strings.Join(m.To, ", "), m.Subject, m.SHA256,
		})
	}
	return t
}

// fileSheet are the files written so far: all but the workbook itself, the
// summary and what tells of the archive.
func (b *builder) fileSheet() sheet.Sheet {
	t := sheet.Sheet{Name: "Documents", Columns: []string{
		"Fichier", "Nature", "Date", "Octets", "Nom d’origine",
		"SHA-256",
	}}
	for _, f := range b.own() {
		t.Rows = append(t.Rows, []any{
			strings.TrimPrefix(f.Path, b.prefix), f.What, dayOr(f.On), int(f.Size), f.Name, f.SHA256,
		})
	}
	return t
}

// own are the files of this customer.
func (b *builder) own() (list []ManifestFile) {
	for _, f := range b.manifest.Files {
		if strings.HasPrefix(f.Path, b.prefix) {
			list = append(list, f)
		}
	}
	return list
}
