package table

import (
	"strings"

	"acquit/internal/identifier"
	"acquit/internal/ingest"
)

// customerOf reads who owes, from the row or from the line above its group.
func (m *mapper) customerOf(row Row, c *ingest.Customer) *ingest.Rejected {
	cells := row.Cells
	c.Code, c.Name, c.Account = cell(cells, m.code), cell(cells, m.name), cell(cells, m.account)
	c.SIREN, c.SIRET, c.VATID = digits(cell(cells, m.siren)), digits(cell(cells, m.siret)), compact(cell(cells, m.vat))
	if c.Code == "" && c.Name == "" && c.SIREN == "" && c.SIRET == "" {
		if m.group.Name == "" && m.group.Code == "" {
			return m.reject(row, max(m.code, m.name, 0), "le client manque", "complétez son code ou son nom")
		}
		c.Code, c.Name = m.group.Code, m.group.Name
	} else if m.carried {
		m.group = ingest.Customer{Code: strings.Clone(c.Code), Name: strings.Clone(c.Name)}
	}
	c.SIREN, c.SIRET = zeroAhead(c.SIREN, 9), zeroAhead(c.SIRET, 14)
	if len(c.SIREN) == 14 && c.SIRET == "" { // a column « SIREN/SIRET »
		c.SIRET, c.SIREN = c.SIREN, c.SIREN[:9]
	}
	if len(c.SIRET) == 9 && c.SIREN == "" {
		c.SIREN, c.SIRET = c.SIRET, ""
	}
	m.details(cells, c)
	return nil
}

// carries finds out whether the customer of a row without one is that of the row
// above: merged cells and pivot tables leave most rows so. A few without one are
// faults, which are refused.
func (p *plan) carries() {
	const many = 30 // rows without a customer, in hundredths
	filled := max(p.column(ingest.FieldCustomerName).filled, p.column(ingest.FieldCustomerCode).filled)
	if filled == 0 || p.rows < 3 || (p.rows-filled)*100 < many*p.rows || !p.has(ingest.FieldNumber) {
		return
	}
	p.carried = true
	p.warn("client", "le client n’est écrit que sur la première de ses lignes\u00a0: il est repris pour celles qui suivent")
}

// details reads what a list of customers has beside the names; a list of
// invoices often has some of it.
func (m *mapper) details(cells []string, c *ingest.Customer) {
	c.Email, c.Phone = cell(cells, m.email), cell(cells, m.phone)
	c.Street = cell(cells, m.street)
	if more := cell(cells, m.street2); more != "" {
		c.Street = strings.TrimLeft(c.Street+"\n"+more, "\n")
	}
	c.PostalCode, c.City, c.Country = cell(cells, m.postal), cell(cells, m.city), countryOf(cell(cells, m.country))
	c.Language, c.Kind = languageOf(cell(cells, m.language)), kindOf(cell(cells, m.kind))
	c.Terms = cell(cells, m.terms)
	if s := cell(cells, m.tags); s != "" {
		c.Tags = tagsOf(s)
	}
	c.Contact = ingest.Contact{
		Civility: civilityOf(cell(cells, m.civility)), FirstName: cell(cells, m.first), LastName: cell(cells,
			m.last), Role: cell(cells, m.role),
	}
	if m.first >= 0 || m.last >= 0 {
		c.Contact.Email, c.Contact.Phone = c.Email, c.Phone
	}
}

// customerRow reads a row of a list of customers.
func (m *mapper) customerRow(row Row) (*ingest.Document, *ingest.Rejected) {
	d := &ingest.Document{Kind: ingest.Customers, Line: row.Line, Column: 1}
	if rej := m.customerOf(row, &d.Customer); rej != nil {
		return nil, rej
	}
	return d, nil
}

// digits keeps those of an identifier; spreadsheets add spaces and « .0 ».
func digits(s string) string {
	if isDigits(s) || s == "" {
		return s
	}
	s = strings.TrimSuffix(s, ".0")
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// zeroAhead gives back the zero that a spreadsheet took off the front of an
// identifier, where that makes it valid.
func zeroAhead(s string, length int) string {
	if len(s) != length-1 {
		return s
	}
	padded := "0" + s
	check := identifier.SIREN
	if length == 14 {
		check = identifier.SIRET
	}
	if check(padded).Verdict == identifier.Valid {
		return padded
	}
	return s
}

func compact(s string) string {
	if strings.IndexByte(s, ' ') < 0 {
		return s
	}
	return strings.ReplaceAll(s, " ", "")
}

// tagsOf splits labels at commas, semicolons and bars.
func tagsOf(s string) []string {
	var list []string
	for tag := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r == ',' || r == ';' || r == '|' ||
			r == '/'
	}) {
		if tag = strings.TrimSpace(tag); tag != "" {
			list = append(list, tag)
		}
	}
	return list
}

func civilityOf(s string) string {
	switch plainName(s) {
	case "":
		return ""
	case "m", "mr", "monsieur":
		return "Monsieur"
	case "mme", "madame", "mlle", "mademoiselle":
		return "Madame"
	case "mrs", "ms", "miss":
		return "Mrs"
	}
	return s
}

func languageOf(s string) string {
	switch plain := plainName(s); {
	case plain == "":
		return ""
	case strings.HasPrefix(plain, "fr"):
		return "fr"
	case strings.HasPrefix(plain, "en"), strings.HasPrefix(plain, "ang"):
		return "en"
	}
	return ""
}

// kindOf reads what the law sees in a customer.
func kindOf(s string) string {
	switch plain := plainName(s); {
	case plain == "":
		return ""
	case strings.Contains(plain, "particulier"), strings.Contains(plain, "consumer"), plain == "b2c",
		plain == "individual", plain == "individuel":
		return "consumer"
	case strings.Contains(plain, "public"), strings.Contains(plain, "collectivite"), strings.Contains(plain,
		"mairie"), plain == "b2g",
		strings.Contains(plain, "administration"):
		return "public"
	case strings.Contains(plain, "entreprise"), strings.Contains(plain, "societe"), strings.Contains(plain,
		"business"), plain == "b2b",
		strings.Contains(plain, "professionnel"), plain == "company", plain == "pro":
		return "business"
	}
	return ""
}

// countryOf reads a country by its code or its name.
func countryOf(s string) string {
	if len(s) == 2 {
		return strings.ToUpper(s)
	}
	if s == "" {
		return ""
	}
	return countries[plainName(s)]
}

// countries are those that a French list spells out, with their codes.
var countries = map[string]string{
	"france": "FR", "belgique": "BE", "belgium": "BE", "suisse": "CH", "switzerland": "CH", "luxembourg": "LU",
	"allemagne": "DE",
	"germany":   "DE", "espagne": "ES", "spain": "ES", "italie": "IT", "italy": "IT", "royaume uni": "GB",
	"united kingdom": "GB",
	"angleterre":     "GB", "pays bas": "NL", "netherlands": "NL", "portugal": "PT", "irlande": "IE", "ireland": "IE",
	"autriche": "AT",
	"austria":  "AT", "pologne": "PL", "poland": "PL", "etats unis": "US", "united states": "US", "usa": "US",
	"canada": "CA", "maroc": "MA",
	"morocco": "MA", "tunisie": "TN", "algerie": "DZ", "senegal": "SN", "monaco": "MC", "guadeloupe": "GP",
	"martinique": "MQ",
	"guyane":     "GF", "la reunion": "RE", "reunion": "RE", "mayotte": "YT", "danemark": "DK", "suede": "SE",
	"norvege":  "NO",
	"finlande": "FI", "grece": "GR", "republique tcheque": "CZ", "roumanie": "RO", "hongrie": "HU",
	"cote d ivoire": "CI", "fra": "FR",
}
