package apply

import (
	"encoding/json"
	"slices"
	"strings"

	"acquit/internal/customer"
	"acquit/internal/identifier"
	"acquit/internal/ingest"
)

// telling is a row that says something of its customer that the run has not
// heard yet.
type telling struct {
	content     *ingest.Customer
	fingerprint int64
	card        bool // the row is about the customer itself, not about a document of it
	fills       bool // it completes what is not known, and no more: an electronic invoice
}

// fieldSet is a set of the fields of a customer.
type fieldSet uint32

// tagsBit stands for the tags, which are no single text.
const tagsBit = fieldSet(1) << 31

// heard is what a run has heard of a customer: what a later row says of the same
// field does not count.
type heard struct {
	cards  fieldSet // from rows about customers
	rows   fieldSet // from rows about documents
	emails []string // of contacts
}

// first tells whether a field is heard for the first time, and remembers it.
func (h *heard) first(bit fieldSet, card bool) bool {
	if card {
		if h.cards&bit != 0 {
			return false
		}
		h.cards |= bit
		return true
	}
	if (h.cards|h.rows)&bit != 0 {
		return false
	}
	h.rows |= bit
	return true
}

// field is a field of a customer that files fill.
type field struct {
	name string
	from func(*ingest.Customer) string
	at   func(*customer.Customer) *string
	kind bool // it is customer.Kind, which has a type of its own
}

var fields = []field{
	{
		name: "name",
		from: func(c *ingest.Customer) string { return c.Name },
		at:   func(c *customer.Customer) *string { return &c.Name },
	},
	{
		name: "siren",
		from: sirenOf,
		at:   func(c *customer.Customer) *string { return &c.SIREN },
	},
	{
		name: "siret",
		from: func(c *ingest.Customer) string { return digits(c.SIRET) },
		at:   func(c *customer.Customer) *string { return &c.SIRET },
	},
	{
		name: "vat_id",
		from: func(c *ingest.Customer) string { return digits(c.VATID) },
		at:   func(c *customer.Customer) *string { return &c.VATID },
	},
	{
		name: "street",
		from: func(c *ingest.Customer) string { return c.Street },
		at:   func(c *customer.Customer) *string { return &c.Street },
	},
	{
		name: "postal_code",
		from: func(c *ingest.Customer) string { return c.PostalCode },
		at:   func(c *customer.Customer) *string { return &c.PostalCode },
	},
	{
		name: "city",
		from: func(c *ingest.Customer) string { return c.City },
		at:   func(c *customer.Customer) *string { return &c.City },
	},
	{
		name: "country",
		from: func(c *ingest.Customer) string { return strings.ToUpper(c.Country) },
		at:   func(c *customer.Customer) *string { return &c.Country },
	},
	{
		name: "language",
		from: toldLanguage,
		at:   func(c *customer.Customer) *string { return &c.Language },
	},
	{
		name: "terms",
		from: func(c *ingest.Customer) string { return c.Terms },
		at:   func(c *customer.Customer) *string { return &c.Terms },
	},
	{
		name: "email",
		from: func(c *ingest.Customer) string { return c.Email },
		at:   func(c *customer.Customer) *string { return &c.Email },
	},
	{
		name: "phone",
		from: func(c *ingest.Customer) string { return c.Phone },
		at:   func(c *customer.Customer) *string { return &c.Phone },
	},
	{name: "kind", from: toldKind, kind: true},
}

// fieldNamed is the field of that name; "code" is none that files fill, but an
// import may change it.
func fieldNamed(name string) *field {
	if name == "code" {
		return &field{name: name, at: func(c *customer.Customer) *string { return &c.Code }}
	}
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	return &fields[i]
}

// sirenOf is the SIREN, or the one that the SIRET begins with.
func sirenOf(c *ingest.Customer) string {
	if siret := digits(c.SIRET); c.SIREN == "" && len(siret) == 14 {
		return siret[:9]
	}
	return digits(c.SIREN)
}

func toldKind(c *ingest.Customer) string {
	switch customer.Kind(c.Kind) {
	case customer.Business, customer.Consumer, customer.Public:
		return c.Kind
	}
	return ""
}

func toldLanguage(c *ingest.Customer) string {
	if c.Language == "fr" || c.Language == "en" {
		return c.Language
	}
	return ""
}

func (f *field) get(c *customer.Customer) string {
	if f.kind {
		return string(c.Kind)
	}
	return *f.at(c)
}

func (f *field) set(c *customer.Customer, v string) {
	if f.kind {
		c.Kind = customer.Kind(v)
		return
	}
	*f.at(c) = v
}

// said is what a source has said of a customer, as it is kept. Rows of documents
// speak apart: they complete what is not known and correct what they had said,
// but never what a list of customers or a person says.
type said struct {
	Fields   map[string]string `json:"fields,omitempty"`
	Rows     map[string]string `json:"rows,omitempty"`
	Tags     []string          `json:"tags,omitempty"`
	Contacts []saidContact     `json:"contacts,omitempty"`
}

type saidContact struct {
	Role  string `json:"role,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// card is a customer with its contacts and what the source has said of it.
type card struct {
	customer.Customer
	contacts    []customer.Contact
	said        said
	stored      string // said, as it is stored
	fingerprint int64  // of the first row in which the source last spoke
	by          string // the import that kept said; empty when there is none yet
}

// cardPlan is what becomes of a card.
type cardPlan struct {
	*card
	party   *party
	heard   heard
	isNew   bool
	counted bool   // a row about it was counted as added
	spoken  bool   // a row has been heard
	retold  bool   // the source says something that it had not said
	old     string // what it had said before, as stored; empty when nothing
	oldBy   string
	oldOf   int64
	before  map[string]string // of changed fields
	tags    []string          // before, when they changed
	tagged  bool
	added   []*customer.Contact
	changed map[string]customer.Contact // contacts as they were
	warn    func(code, text, name string)
	newID   func(prefix string) string

	importID string
}

// hear takes in what a row says. Within a run the first row that fills a field
// decides, so that reading a file again brings the same.
func (p *cardPlan) hear(t *telling) (changed bool) {
	c := t.content
	count := len(p.before) + len(p.added) + len(p.changed)
	tagged := p.tagged
	if !p.spoken {
		p.spoken, p.fingerprint = true, t.fingerprint
	}
	if p.Code != p.party.code {
		p.note("code", p.Code)
		p.Code = p.party.code
	}
	for i := range fields {
		p.hearField(i, t)
	}
	p.hearTags(t)
	p.hearContact(c)
	p.hearKind(c)
	return len(p.before)+len(p.added)+len(p.changed) > count || p.tagged != tagged
}

func (p *cardPlan) hearField(i int, t *telling) {
	f := &fields[i]
	v := strings.TrimSpace(f.from(t.content))
	if f.name == "email" && v != "" {
		v = p.address(v)
	}
	if v == "" || !p.heard.first(fieldSet(1)<<i, t.card) {
		return
	}
	told := &p.said.Rows
	if t.card {
		told = &p.said.Fields
	}
	old, now := (*told)[f.name], f.get(&p.Customer)
	if old == v || t.fills && now != "" {
		return
	}
	if *told == nil {
		*told = map[string]string{}
	}
	(*told)[f.name] = v
	p.retold = true
	if now == v || !t.card && now != "" && now != old {
		return
	}
	p.note(f.name, now)
	f.set(&p.Customer, v)
}

// note keeps what stood in a field before the import, once.
func (p *cardPlan) note(name, value string) {
	if p.isNew {
		return
	}
	if p.before == nil {
		p.before = map[string]string{}
	}
	if _, kept := p.before[name]; !kept {
		p.before[name] = value
	}
}

// address is the first e-mail address of a cell that may hold several.
func (p *cardPlan) address(cell string) string {
	for _, s := range addresses(cell) {
		if r := identifier.Email(s); r.OK() {
			return r.Value
		}
	}
	p.warn("email", "adresse électronique impossible, laissée de côté\u00a0: «\u00a0"+cell+"\u00a0»", p.Name)
	return ""
}

func addresses(cell string) []string {
	if !strings.ContainsAny(cell, ";,") {
		return []string{strings.TrimSpace(cell)}
	}
	return strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == ',' || r == ' ' })
}

// hearKind completes a customer that nobody has told the kind, the country or
// the language of.
func (p *cardPlan) hearKind(c *ingest.Customer) {
	if p.isNew {
		if p.Kind == "" || c.Kind == "" && p.Kind == customer.Business {
			p.Kind = kindOf(c)
		}
		if p.Country == "" {
			p.Country = countryOf(c)
		}
		if p.Language == "" {
			p.Language = languageOf(c)
		}
		return
	}
	_, learnt := p.before["siren"]
	unsaid := p.said.Fields["kind"] == "" && p.said.Rows["kind"] == ""
	if learnt && unsaid && p.Kind == customer.Business && kindOf(c) == customer.Public {
		p.note("kind", string(p.Kind))
		p.Kind = customer.Public
	}
}

// hearTags adds the tags that the source gives anew and takes away those that it
// gives no longer; a person's own stay.
func (p *cardPlan) hearTags(t *telling) {
	tags := t.content.Tags
	if len(tags) == 0 || !p.heard.first(tagsBit, t.card) {
		return
	}
	tags = slices.Compact(slices.Sorted(slices.Values(tags)))
	if slices.Equal(tags, p.said.Tags) {
		return
	}
	gone := func(t string) bool { return slices.Contains(p.said.Tags, t) && !slices.Contains(tags, t) }
	now := slices.DeleteFunc(slices.Clone(p.Tags), gone)
	now = slices.Compact(slices.Sorted(slices.Values(append(now, tags...))))
	p.said.Tags, p.retold = tags, true
	if !slices.Equal(now, p.Tags) {
		if !p.isNew && !p.tagged {
			p.tags, p.tagged = p.Tags, true
		}
		p.Tags = now
	}
}

// rolesOf are words of files for what a contact does; the rest is "other", and
// who is named without a word does the accounts.
var rolesOf = []struct {
	words string
	role  customer.Role
}{
	{"compta factur accounting account billing finance tresor admin reglement payable", customer.Accounting},
	{"achat purchas buyer approvisionn procurement", customer.Purchasing},
	{"direct gerant manager president owner dirigeant ceo patron", customer.Manager},
	{"commerc vente sales", customer.Sales},
}

// tell is the row's saying about its customer, unless the run knows it all.
func (d *directory) tell(p *party, c *ingest.Customer, card bool) *telling {
	now := printOf(c)
	switch {
	case p.last == now:
		return nil
	case p.stored && !p.waiting && (p.last == 0 && p.print == now || d.knows(p, c)):
		for i := range fields {
			if fields[i].from(c) != "" {
				p.heard.first(fieldSet(1)<<i, card)
			}
		}
		if len(c.Tags) > 0 {
			p.heard.first(tagsBit, card)
		}
		if c.Contact.Email != "" {
			p.heard.emails = append(p.heard.emails, c.Contact.Email)
		}
		p.last = now
		return nil
	}
	p.last, p.waiting = now, true
	content := *c
	return &telling{content: &content, fingerprint: now, card: card}
}

// knows tells whether a row says nothing but what the directory has: rows of
// invoices usually name their customer and no more.
func (d *directory) knows(p *party, c *ingest.Customer) bool {
	is := func(told, known string) bool { return told == "" || told == known }
	return is(c.Code, p.code) && is(c.Name, p.name) &&
		is(c.SIREN, p.siren) && is(c.SIRET, p.siret) && is(c.VATID, p.vat) &&
		is(c.Terms, p.terms) && is(c.Country, p.country) && is(c.Kind, string(p.kind)) &&
		c.Street == "" && c.PostalCode == "" && c.City == "" && c.Language == "" && c.Email == "" && c.Phone == "" &&
		len(c.Tags) == 0 && c.Contact == ingest.Contact{}
}

func printOf(c *ingest.Customer) int64 {
	f := newFingerprint()
	for _, s := range [...]string{
		c.Code, c.Name, c.SIREN, c.SIRET, c.VATID, c.Street, c.PostalCode, c.City, c.Country, c.Language, c.Kind,
		c.Terms, c.Email, c.Phone, c.Contact.Civility, c.Contact.FirstName, c.Contact.LastName, c.Contact.Role,
		c.Contact.Email, c.Contact.Phone,
	} {
		f.text(s)
	}
	for _, t := range c.Tags {
		f.text(t)
	}
	return f.sum()
}

// json is s as it is stored; its maps come out sorted.
func (s said) json() (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}
