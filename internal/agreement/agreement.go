// Package agreement holds what promises, plans, announced payments, disputes and
// holds share: which invoices they may speak of, what stands on an invoice
// already, what came in since, and the words that people add.
package agreement

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

const (
	maxInvoices = 500  // of one agreement: what a statement of ten pages lists
	maxNote     = 2000 // characters: a page
)

// Invoices are the invoices that refs name, by identifier or number, all open,
// in one currency and of one customer, by due date. customer is an identifier;
// without one it is that of the first invoice.
func Invoices(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, refs []string,
) ([]ledger.Document, error) {
	if len(refs) == 0 {
		return nil, &fault.Invalid{
			Field: "invoices", Message: "il manque la facture", Mend: "nommer au moins une facture",
		}
	}
	if len(refs) > maxInvoices {
		return nil, fault.Invalidf("invoices", "au plus %d factures à la fois", maxInvoices)
	}
	found, err := ledger.Named(ctx, tx, s, refs...)
	if err != nil {
		return nil, err
	}
	list := []ledger.Document{}
	for _, ref := range refs {
		d, err := pick(found, customer, ref)
		if err != nil {
			return nil, err
		}
		customer = d.Customer
		if !slices.ContainsFunc(list, func(o ledger.Document) bool { return o.ID == d.ID }) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b ledger.Document) int {
		if a.Due != b.Due {
			return int(a.Due - b.Due)
		}
		return strings.Compare(a.Number, b.Number)
	})
	return list, fitTogether(list)
}

// pick is the invoice that ref means among what was found.
func pick(found []ledger.Document, customer, ref string) (ledger.Document, error) {
	var own, foreign, others []ledger.Document
	for _, d := range found {
		switch {
		case d.ID != ref && d.Number != ref:
		case d.Kind != ledger.Invoice:
			others = append(others, d)
		case customer == "" || d.Customer == customer:
			own = append(own, d)
		default:
			foreign = append(foreign, d)
		}
	}
	switch {
	case len(own) == 1 && own[0].Open.Sign() > 0:
		return own[0], nil
	case len(own) == 1:
		return ledger.Document{}, fault.Conflictf("la facture %s est soldée", own[0].Number)
	case len(own) > 1:
		return ledger.Document{}, &fault.Invalid{
			Field: "invoices", Message: "plusieurs clients ont une facture " + ref, Mend: "nommer aussi le client",
		}
	case len(foreign) > 0:
		return ledger.Document{}, fault.Invalidf("invoices", "la facture %s est celle d’un autre client", foreign[0].Number)
	case len(others) > 0:
		return ledger.Document{}, fault.Invalidf("invoices", "%s n’est pas une facture", others[0].Number)
	}
	return ledger.Document{}, fault.NotFound("facture « %.60s »", ref)
}

func fitTogether(list []ledger.Document) error {
	for _, d := range list[1:] {
		if d.Amount.Currency != list[0].Amount.Currency {
			return &fault.Invalid{
				Field: "invoices", Message: list[0].Number + " et " + d.Number + " ne sont pas dans la même devise",
				Mend: "une fois par devise",
			}
		}
	}
	return nil
}

// IDs are the identifiers of documents.
func IDs(list []ledger.Document) []string {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	return ids
}

// Numbers are the numbers of documents, as people know them.
func Numbers(list []ledger.Document) []string {
	numbers := make([]string, len(list))
	for i, d := range list {
		numbers[i] = d.Number
	}
	return numbers
}

// OpenOf is what is open on documents of one currency.
func OpenOf(list []ledger.Document) money.Amount {
	var sum money.Amount
	for _, d := range list {
		sum = sum.Add(d.Open)
	}
	return sum
}

// Amount checks an amount that is said of invoices of which open is left: not
// negative, not more than that, in their currency. Zero is all of it; it comes
// back in their currency.
func Amount(a, open money.Amount) (money.Amount, error) {
	switch {
	case a.IsZero():
		return money.Zero(open.Currency), nil
	case a.Currency != open.Currency:
		return a, fault.Invalidf("amount", "les factures sont en %s, le montant en %s", open.Currency, a.Currency)
	case a.Sign() < 0:
		return a, fault.Invalidf("amount", "le montant doit être positif")
	case open.Less(a):
		return a, fault.Invalidf("amount", "%s dépasse ce qui reste à payer\u00a0: %s", a.Format("fr"), open.Format("fr"))
	}
	return a, nil
}

// Ahead checks that a day which someone named is known and is not before today.
func Ahead(field string, day, today cal.Date) error {
	if err := Given(field, day); err != nil {
		return err
	}
	if day < today {
		return fault.Invalidf(field, "le %s est déjà passé", day.Short("fr"))
	}
	return nil
}

// Given checks that the day on which something ends is known.
func Given(field string, day cal.Date) error {
	if day.IsZero() {
		return fault.Invalidf(field, "il manque la date")
	}
	return nil
}

// Note is what a person wrote, without spaces around it, or why it cannot be
// kept: longer than a page, or with characters that do not print.
func Note(field, text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if utf8.RuneCountInString(text) > maxNote {
		return "", fault.Invalidf(field, "ce texte dépasse %d caractères", maxNote)
	}
	unprintable := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable) {
		return "", fault.Invalidf(field, "ce texte contient des caractères illisibles")
	}
	return text, nil
}

// Reason is a Note that must be there.
func Reason(field, text string) (string, error) {
	text, err := Note(field, text)
	if err == nil && text == "" {
		return "", &fault.Invalid{Field: field, Message: "il manque la raison", Mend: "la dire en quelques mots"}
	}
	return text, err
}

// Missing puts what is missing in words where err says that it does not exist.
func Missing(err error, format string, args ...any) error {
	if errors.Is(err, fault.ErrNotFound) {
		return fault.NotFound(format, args...)
	}
	return err
}

// Customer is the identifier of a customer named by identifier or code.
func Customer(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string) (string, error) {
	c, err := customer.Find(ctx, tx, s, ref)
	if errors.Is(err, fault.ErrNotFound) {
		c, err = customer.FindByCode(ctx, tx, s, ref)
	}
	return c.ID, Missing(err, "client « %.60s »", ref)
}
