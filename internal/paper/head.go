// Package paper holds the documents that a creditor writes, as letters: what
// stands on each of them, and the words of those that no reminder is.
package paper

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/letter"
	"acquit/internal/mandate"
	"acquit/internal/message"
	"acquit/internal/money"
	"acquit/internal/user"
)

// Head is a letter to a customer without its subject and its body: sender,
// recipient, date, references, and the identity that C. com. R123-237 and
// R123-238 ask for on all papers, in the customer's language.
func Head(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (letter.Letter, error) {
	p, err := begin(ctx, tx, s, id, day)
	return p.Letter, err
}

// page is a letter being written.
type page struct {
	letter.Letter
	day       cal.Date
	creditor  creditor.Creditor
	customer  customer.Customer
	collector user.Person // nobody where none follows the customer
}

func begin(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, day cal.Date) (p page, err error) {
	p.day = day
	if p.creditor, err = creditor.Find(ctx, tx, s); err != nil {
		return p, err
	}
	if p.customer, err = customer.Find(ctx, tx, s, id); err != nil {
		return p, err
	}
	contacts, err := customer.Contacts(ctx, tx, s, id)
	if err != nil {
		return p, err
	}
	if p.collector, err = collectorOf(ctx, tx, s, p.customer); err != nil {
		return p, err
	}
	p.Letter = letter.Letter{
		Language: tongue(p.customer.Language), On: day.Time(), Sender: sender(p.creditor), Legal: Legal(p.creditor),
	}
	p.Dateline = dateline(p.creditor, p.Language, day)
	p.Recipient = recipient(p.creditor, p.customer, reader(p.customer, contacts))
	p.References = references(p.Language, p.customer, p.collector)
	if p.Below, err = p.mandated(ctx, tx, s); err != nil {
		return p, err
	}
	p.SignatureImage, err = signatureOf(ctx, tx, s, p.collector.ID)
	return p, err
}

// mandated is what CPCE R124-4 asks of whoever collects for another, in each letter.
func (p *page) mandated(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]letter.Block, error) {
	m, on, err := mandate.Find(ctx, tx, s)
	if err != nil || !on {
		return nil, err
	}
	first, at, err := mandate.FirstLetter(ctx, tx, s, p.customer.ID, m)
	if err != nil {
		return nil, err
	}
	left := mandate.First{Reference: first}
	if first != "" {
		left.On = cal.Of(at)
	}
	address := join(", ", p.creditor.Street, strings.TrimSpace(p.creditor.PostalCode+" "+p.creditor.City))
	var list []letter.Block
	for _, text := range m.OnLetter(p.creditor.Name, address, left, p.Language) {
		list = append(list, letter.Block{Paragraph: [][]letter.Span{{{Text: text}}}})
	}
	return list, nil
}

// tongue is the language of a customer: French where it has no other of ours.
func tongue(s string) i18n.Lang {
	l, err := i18n.Parse(s)
	if err != nil {
		return i18n.FR
	}
	return l
}

func sender(c creditor.Creditor) []string {
	return filled(c.Name, c.Street, strings.TrimSpace(c.PostalCode+" "+c.City), c.Phone, c.Email)
}

// dateline is « Lille, le 29 novembre 2026 ».
func dateline(c creditor.Creditor, l i18n.Lang, day cal.Date) string {
	if l == i18n.FR && c.City != "" {
		return c.City + ", le " + day.Long("fr")
	}
	if l == i18n.FR {
		return "Le " + day.Long("fr")
	}
	return join(", ", c.City, day.Long(string(l)))
}

// recipient is the address as NF Z 10-011 lays it out: who, to whose attention,
// the street, the place in capitals, the country when it is another.
func recipient(c creditor.Creditor, who customer.Customer, to customer.Contact) []string {
	attention := strings.TrimSpace(join(" ", civility(to, tongue(who.Language)), to.FirstName, to.LastName))
	if attention == who.Name || who.Kind == customer.Consumer {
		attention = ""
	}
	if attention != "" {
		attention = i18n.Words{FR: "À l’attention de ", EN: "Attn. "}.In(tongue(who.Language)) + attention
	}
	return filled(
		who.Name, attention, who.Street, place(c.Country, who.PostalCode, who.City, who.Country),
		country(c.Country, who.Country),
	)
}

func place(home, code, city, abroad string) string {
	if abroad == "" || abroad == home || home == "" {
		city = strings.ToUpper(city)
	}
	return strings.TrimSpace(code + " " + city)
}

// country names another country, in French for the post that takes the letter.
func country(home, code string) string {
	if code == "" || code == home || home == "" && code == "FR" {
		return ""
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return strings.ToUpper(display.French.Regions().Name(region))
}

// civility is a contact's as a letter addresses it.
func civility(c customer.Contact, l i18n.Lang) string {
	short := map[string]string{"madame": "Mme", "monsieur": "M."}
	if s, ok := short[strings.ToLower(c.Civility)]; ok && l == i18n.FR {
		return s
	}
	return c.Civility
}

// reader is whom a letter is for: the first contact by role who is still there,
// whatever became of an e-mail address. Those who sell are never told.
func reader(who customer.Customer, contacts []customer.Contact) customer.Contact {
	for _, role := range []customer.Role{customer.Accounting, customer.Manager, customer.Purchasing, customer.Other} {
		i := slices.IndexFunc(contacts, func(c customer.Contact) bool {
			return c.Customer == who.ID && c.Role == role && c.EndedAt.IsZero() && c.LastName != ""
		})
		if i >= 0 {
			return contacts[i]
		}
	}
	return customer.Contact{}
}

func references(l i18n.Lang, who customer.Customer, collector user.Person) []letter.Pair {
	list := []letter.Pair{{Label: i18n.Words{FR: "Notre référence", EN: "Our reference"}.In(l), Value: who.Code}}
	if collector.Name != "" {
		list = append(list, letter.Pair{
			Label: i18n.Words{FR: "Votre interlocuteur", EN: "Your contact"}.In(l),
			Value: join(", ", collector.Name, strings.ReplaceAll(collector.Phone, " ", "\u00a0")),
		})
	}
	return list
}

// collectorOf is the person who follows a customer; nobody when none does.
func collectorOf(ctx context.Context, tx *db.Tx, s creditor.Scope, who customer.Customer) (user.Person, error) {
	if who.Collector == "" {
		return user.Person{}, nil
	}
	members, err := user.Members(ctx, tx, s)
	if err != nil {
		return user.Person{}, err
	}
	for _, m := range members {
		if m.ID == who.Collector && m.DisabledAt.IsZero() {
			return m.Person, nil
		}
	}
	return user.Person{}, nil
}

// Legal is the identity at the foot of each letter: name, form and capital (C.
// com. R123-238), registered office, register and number (R123-237), VAT.
func Legal(c creditor.Creditor) []string {
	office := join(", ", c.Street, strings.TrimSpace(c.PostalCode+" "+c.City))
	if office != "" {
		office = "siège\u00a0: " + office
	}
	vat := c.VATID
	if vat != "" {
		vat = "TVA " + vat
	}
	number := threes(c.SIREN)
	register := join(" ", c.Register, number)
	if c.Register == "" && number != "" {
		register = "SIREN " + number
	}
	return filled(join(", ", c.Name, Form(c)), join(" – ", office, register, vat))
}

// Form is a creditor's legal form with its capital: SARL au capital de 10 000 €.
func Form(c creditor.Creditor) string {
	if c.LegalForm != "" && c.Capital != "" {
		return c.LegalForm + " au capital de " + c.Capital
	}
	return c.LegalForm
}

// Creditor is who is owed as messages present it, with the account that takes
// money of a currency.
func Creditor(
	ctx context.Context, tx *db.Tx, s creditor.Scope, currency money.Currency,
) (h message.Creditor, err error) {
	c, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return h, err
	}
	h = message.Creditor{
		Name: c.Name, SIREN: c.SIREN, Phone: c.Phone, Email: c.Email, Website: c.Website,
		Legal:   join(", ", Form(c), join(" ", c.Register, threes(c.SIREN))),
		Address: join("\n", c.Street, strings.TrimSpace(c.PostalCode+" "+c.City)),
	}
	m, on, err := mandate.Find(ctx, tx, s)
	if err != nil {
		return h, err
	}
	if on && m.IBAN != "" && currency == money.EUR { // the account dedicated to what is collected (CPCE R124-2)
		h.Bank = message.Bank{Holder: m.Name, IBAN: m.IBAN, BIC: m.BIC}
		return h, nil
	}
	accounts, err := creditor.Accounts(ctx, tx, s)
	if err != nil {
		return h, err
	}
	for _, a := range accounts {
		if a.Currency == currency {
			h.Bank = message.Bank{Holder: a.Holder, IBAN: a.IBAN, BIC: a.BIC}
			break // the first of a currency is the one that is shown
		}
	}
	return h, nil
}

// threes writes a SIREN by threes, as on letters.
func threes(s string) string {
	if len(s) != 9 {
		return s
	}
	return s[:3] + "\u00a0" + s[3:6] + "\u00a0" + s[6:]
}

func filled(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func join(sep string, parts ...string) string { return strings.Join(filled(parts...), sep) }
