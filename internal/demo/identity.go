package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"acquit/internal/demo/chance"
	"acquit/internal/identifier"
)

// company is the creditor: a dealer in office equipment, in Lille.
func company() Company {
	id := siren(90_417_326)
	domain := "verlinde-bureautique.example"
	person := func(first, last, title, phone string) Person {
		email := plain(first) + "." + plain(last) + "@" + domain
		return Person{FirstName: first, LastName: last, Email: email, Phone: phone, Title: title}
	}
	return Company{
		Name: "Verlinde Bureautique", LegalForm: "SAS", Capital: "120\u202f000\u00a0€",
		SIREN: id, SIRET: siret(id, 2), VATID: identifier.FrenchVAT(id), Register: "RCS Lille Métropole",
		Street: "14 rue des Tisserands", PostalCode: "59000",
		City: "Lille", Country: "FR", Email: "contact@" + domain, Phone: "03 53 01 42 10", Website: "https://" + domain,
		Bank: BankAccount{"Verlinde Bureautique SAS", FrenchIBAN(30_900, 42, 20_318_457), "VRLNFR2L"},
		People: []Person{
			person("Claire", "Morel", "Responsable crédit", "03 53 01 42 17"),
			person("Mehdi", "Lassalle", "Chargé de recouvrement", "03 53 01 42 18"),
			person("Hélène", "Verlinde", "Directrice générale", "03 53 01 42 11"),
		},
	}
}

// identify names the customer: nothing of it moves its ledger.
func (b *builder) identify() {
	d := chance.New(b.Options.Seed, forIdentity, b.index)
	c := b.customer
	c.City, c.PostalCode = b.place.city, b.place.postalCode
	c.Street = strconv.Itoa(d.Between(1, 148)) + " " + chance.Pick(d, streets)
	c.Language = b.language()
	c.Collector = d.Between(0, 1)
	if c.Country == "FR" {
		c.Phone = phone(d)
	}
	switch b.kind {
	case Consumer:
		b.household(d)
	case Public:
		b.publicBody(d)
	default:
		b.business(d)
	}
	b.identifiers(d)
	b.tags(d)
	if b.plot.story == MissingEmail {
		c.Email = ""
		for i := range c.Contacts {
			c.Contacts[i].Email = ""
		}
	}
	if b.plot.story == BouncedEmail {
		c.Contacts[0].BouncedOn = b.Options.On.Add(-d.Between(5, 40))
	}
}

func (b *builder) language() string {
	if b.place.country == "FR" || b.place.country == "CH" || b.place.country == "BE" && b.plot.story != English {
		return "fr"
	}
	return "en"
}

// business names a company or an association.
func (b *builder) business(d chance.Draw) {
	c := b.customer
	switch {
	case b.association:
		c.LegalForm = "Association"
		c.Name = clubs[b.rank%len(clubs)] + " " + of(b.place.city)
	case b.language() == "en":
		c.LegalForm = b.place.form
		c.Name = chance.Pick(d, englishSurnames) + " " + chance.Pick(d, englishTrades)
	default:
		c.LegalForm = chance.Pick(d, []string{"SARL", "SARL", "SAS", "SAS", "SASU", "EURL", "SA"})
		if b.place.form != "" {
			c.LegalForm = b.place.form
		}
		c.Name = b.trading(d)
	}
	b.contacts(d, b.domain())
}

// trading is a company's name: its own among thousands, then told apart by the
// town as well.
func (b *builder) trading(d chance.Draw) string {
	const step = 2357 // has no divisor in common with the number of names
	names := len(trades) * len(surnames)
	n := (b.index*step + int(b.Options.Seed%uint64(names))) % names
	trade, surname := trades[n/len(surnames)], surnames[n%len(surnames)]
	name := trade + " " + surname
	switch d.IntN(8) {
	case 0:
		name += " & Associés"
	case 1:
		name += " et Fils"
	case 2:
		name += " Frères"
	}
	if b.index >= names {
		name += " " + b.place.city
	}
	return name
}

// publicBody names a town hall, a hospital, a school.
func (b *builder) publicBody(d chance.Draw) {
	village := villages[b.rank%len(villages)]
	b.customer.Name = publicBodies[b.rank/len(villages)%len(publicBodies)] + " " + of(village)
	b.contacts(d, b.domain())
}

func (b *builder) household(d chance.Draw) {
	c := b.customer
	person := person(d, Accounting)
	c.Name = person.FirstName + " " + person.LastName
	person.Email = plain(person.FirstName) + "." + plain(person.LastName) + serial("", b.index%100, 1)[2:] +
		"@courriel.example"
	c.Email, c.Contacts = person.Email, []Contact{person}
}

// domain is the customer's: its name, and its code where thousands might share it.
func (b *builder) domain() string {
	name := plain(b.customer.Name)
	if len(name) > 40 { // a label of a domain holds 63
		name = strings.TrimRight(name[:40], "-")
	}
	return name + "-" + strconv.FormatInt(int64(b.index+36), 36) + ".example"
}

// contacts are who pays, and for many who orders and who decides.
func (b *builder) contacts(d chance.Draw, domain string) {
	c := b.customer
	c.Email = "contact@" + domain
	roles := []Role{Accounting}
	if b.large() || d.Percent(40) {
		roles = append(roles, Purchasing)
	}
	if d.Percent(35) {
		roles = append(roles, Manager)
	}
	for _, role := range roles {
		p := person(d, role)
		if c.Language == "en" {
			p = englishPerson(d, role)
		}
		p.Email = plain(p.FirstName) + "." + plain(p.LastName) + "@" + domain
		if role == Accounting && d.Percent(30) {
			p.Email = "compta@" + domain
		}
		c.Contacts = append(c.Contacts, p)
	}
}

func person(d chance.Draw, role Role) Contact {
	p := Contact{
		Role: role, Civility: "Madame", FirstName: chance.Pick(d, women), LastName: chance.Pick(d, surnames),
		Phone: phone(d),
	}
	if d.Percent(45) {
		p.Civility, p.FirstName = "Monsieur", chance.Pick(d, men)
	}
	return p
}

func englishPerson(d chance.Draw, role Role) Contact {
	p := Contact{
		Role: role, Civility: "Mrs", FirstName: chance.Pick(d, englishWomen), LastName: chance.Pick(d, englishSurnames),
	}
	if d.Percent(50) {
		p.Civility, p.FirstName = "Mr", chance.Pick(d, englishMen)
	}
	return p
}

// identifiers are distinct for each customer of a world, and well formed.
func (b *builder) identifiers(d chance.Draw) {
	const spread = 7_368_787 // prime: neighbours lie far apart, and none repeats below ten million
	body := (b.index*spread + int(b.Options.Seed%9_999_991)) % 10_000_000
	c := b.customer
	switch b.place.country {
	case "BE":
		c.VATID = belgianVAT(body)
	case "CH":
		c.VATID = swissVAT(body)
	case "GB":
		c.VATID = britishVAT(body)
	case "FR":
		if b.kind == Consumer {
			return
		}
		lead := 8 + b.index%2
		if b.kind == Public {
			lead = 2 // public bodies
		}
		c.SIREN = siren(lead*10_000_000 + body)
		c.SIRET = siret(c.SIREN, d.Between(1, 4)*10+1)
		if !b.association && b.kind == Business {
			c.VATID = identifier.FrenchVAT(c.SIREN)
		}
	}
}

func (b *builder) tags(d chance.Draw) {
	var tags []string
	if b.large() {
		tags = append(tags, "grand-compte")
	}
	switch {
	case b.association:
		tags = append(tags, "association")
	case b.kind == Public:
		tags = append(tags, "secteur-public")
	case b.kind == Business:
		tags = append(tags, chance.Pick(d, branches))
	}
	if b.place.country != "FR" {
		tags = append(tags, "export")
	}
	const known = 70 // of a hundred groups, those of which the creditor knows
	if g := b.customer.Group; g != "" && chance.For(b.Options.Seed, forGroup, g).Percent(known) {
		tags = append(tags, "groupe:"+g)
	}
	slices.Sort(tags)
	b.customer.Tags = tags
}

// phone is in a range kept for fiction (ARCEP, décision 2018-0881).
func phone(d chance.Draw) string {
	ranges := []string{"01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98"}
	return fmt.Sprintf("%s %02d %02d", chance.Pick(d, ranges), d.Between(0, 99), d.Between(0, 99))
}

// plain is a name as an address holds it: "chateau-d-eau".
func plain(s string) string {
	b := make([]byte, 0, len(s)+2)
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b = append(b, byte(r))
		case accents[r] != "":
			b = append(b, accents[r]...)
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	return strings.TrimRight(string(b), "-")
}

// accents are those of the names in names.go.
var accents = map[rune]string{
	'à': "a", 'â': "a", 'ä': "a", 'ç': "c", 'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'î': "i", 'ï': "i",
	'ô': "o", 'ö': "o", 'ù': "u", 'û': "u", 'ü': "u", 'œ': "oe",
}

// Unaccented is a text with its accented letters as plain ones.
func Unaccented(s string) string {
	var b strings.Builder
	for _, r := range s {
		low, _ := utf8.DecodeRuneInString(strings.ToLower(string(r)))
		switch plain := accents[low]; {
		case plain == "":
			b.WriteRune(r)
		case low != r:
			b.WriteString(strings.ToUpper(plain))
		default:
			b.WriteString(plain)
		}
	}
	return b.String()
}

// Upper is a name as a bank writes it: no accents, no signs.
func Upper(s string) string { return strings.ToUpper(strings.ReplaceAll(plain(s), "-", " ")) }
