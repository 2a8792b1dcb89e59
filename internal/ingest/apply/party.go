package apply

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/identifier"
	"acquit/internal/ingest"
	"acquit/internal/law"
)

// party is a customer as the run knows it: enough to find it again, to compute
// due dates and to check invoices. All parties are held at once.
type party struct {
	id      string
	code    string
	name    string
	siren   string
	siret   string
	vat     string
	terms   string
	country string
	kind    customer.Kind
	print   int64 // of the first row in which this source spoke of it, when it last did
	last    int64 // of the row that spoke of it last in this run
	heard   heard // in this run
	stored  bool  // in the books, or in what a dry run keeps for them
	waiting bool  // something said of it waits for its portion
	old     bool  // in the books before the run
	checked bool  // faults of its numbers have been looked for
	faults  []law.Finding
}

// directory finds the party that a file speaks of. What it does not find it
// makes; it is written with the first portion that needs it.
type directory struct {
	byCode  map[string]*party
	bySIREN map[string][]*party // made when first asked for
	bySIRET map[string][]*party
	byVAT   map[string][]*party
	byName  map[string][]*party
	byID    map[string]*party // likewise
	words   map[string]string // one copy of what many parties share
	newID   func() string
}

func loadDirectory(ctx context.Context, tx *db.Tx, s creditor.Scope, source string) (*directory, error) {
	d := &directory{byCode: map[string]*party{}, words: map[string]string{}}
	for p, err := range eachParty(ctx, tx, s, source) {
		if err != nil {
			return nil, err
		}
		p.terms, p.country, p.kind = d.word(p.terms), d.word(p.country), customer.Kind(d.word(string(p.kind)))
		p.stored, p.old = true, true
		d.byCode[p.code] = &p
	}
	return d, nil
}

func (d *directory) word(s string) string {
	w, ok := d.words[s]
	if !ok {
		w = strings.Clone(s)
		d.words[w] = w
	}
	return w
}

// find is the party that the file means, or nil. A code is believed first,
// except that of an electronic invoice: there it may be anybody's, and the
// company's own numbers are sure.
func (d *directory) find(c *ingest.Customer, electronic bool) *party {
	if c.Code != "" && !electronic {
		if p := d.byCode[c.Code]; p != nil {
			return p
		}
		return d.nameless(c)
	}
	if p := d.byNumbers(c); p != nil {
		return p
	}
	if p := d.byCode[c.Code]; p != nil && c.Code != "" {
		return p
	}
	if c.SIREN != "" || c.VATID != "" {
		return d.byCode[derivedCode(c)]
	}
	if same := d.named(c.Name); len(same) == 1 {
		return same[0]
	}
	return d.byCode[derivedCode(c)]
}

// nameless is a customer that we had to give a code of our own, of which the
// file now tells the real one.
func (d *directory) nameless(c *ingest.Customer) *party {
	if c.SIREN == "" && c.SIRET == "" && c.VATID == "" {
		return nil
	}
	p := d.byNumbers(c)
	if p == nil || p.code != derivedCode(&ingest.Customer{SIREN: p.siren, VATID: p.vat, Name: p.name}) {
		return nil
	}
	return p
}

// byNumbers looks for the establishment, then the company, then its VAT number.
// Of several customers of one company the one of that name is taken, or the
// first by code.
func (d *directory) byNumbers(c *ingest.Customer) *party {
	d.index()
	for _, found := range [...][]*party{
		among(d.bySIRET, digits(c.SIRET)), among(d.bySIREN, digits(c.SIREN)), among(d.byVAT, digits(c.VATID)),
	} {
		if len(found) == 0 {
			continue
		}
		name := plainName(c.Name)
		other := func(p *party) bool { return plainName(p.name) != name }
		if same := slices.DeleteFunc(slices.Clone(found), other); len(same) > 0 {
			found = same
		}
		return slices.MinFunc(found, func(a, b *party) int { return cmp.Compare(a.code, b.code) })
	}
	return nil
}

func among(index map[string][]*party, key string) []*party {
	if key == "" {
		return nil
	}
	return index[key]
}

// index is made when a file first names somebody by something else than a code.
func (d *directory) index() {
	if d.bySIREN != nil {
		return
	}
	for _, index := range []*map[string][]*party{&d.bySIREN, &d.bySIRET, &d.byVAT, &d.byName} {
		*index = map[string][]*party{}
	}
	for _, p := range d.byCode {
		d.enter(p)
	}
}

func (d *directory) enter(p *party) {
	put := func(index map[string][]*party, key string) {
		if key != "" {
			index[key] = append(index[key], p)
		}
	}
	put(d.bySIREN, digits(p.siren))
	put(d.bySIRET, digits(p.siret))
	put(d.byVAT, digits(p.vat))
	put(d.byName, plainName(p.name))
}

func (d *directory) named(name string) []*party {
	d.index()
	if name = plainName(name); name == "" {
		return nil
	}
	return d.byName[name]
}

// make is a party for a customer whom the books do not have. It is nil when the
// file says nothing to know it by.
func (d *directory) make(c *ingest.Customer) *party {
	p := &party{
		id: d.newID(), code: c.Code, name: c.Name, siren: digits(c.SIREN), siret: digits(c.SIRET), vat: digits(c.VATID),
		terms: d.word(c.Terms), country: d.word(countryOf(c)), kind: kindOf(c),
	}
	if p.code == "" {
		p.code = derivedCode(c)
	}
	if p.code == "" {
		return nil
	}
	d.byCode[p.code] = p
	if d.bySIREN != nil {
		d.enter(p)
	}
	if d.byID != nil {
		d.byID[p.id] = p
	}
	return p
}

// learn takes over what a plan has made of the customer.
func (p *party) learn(c *customer.Customer) {
	p.name, p.siren, p.siret, p.vat, p.terms = c.Name, c.SIREN, c.SIRET, c.VATID, c.Terms
	p.country, p.kind, p.checked = c.Country, c.Kind, false
}

// withID is the party of that identifier, or nil.
func (d *directory) withID(id string) *party {
	if id == "" {
		return nil
	}
	if d.byID == nil {
		d.byID = make(map[string]*party, len(d.byCode))
		for _, p := range d.byCode {
			d.byID[p.id] = p
		}
	}
	return d.byID[id]
}

// recode gives a party its real code.
func (d *directory) recode(p *party, code string) {
	delete(d.byCode, p.code)
	p.code = code
	d.byCode[code] = p
}

// derivedCode is the code of a customer that the files know by its numbers or
// its name only: the SIREN, the VAT number, or the name in capitals.
func derivedCode(c *ingest.Customer) string {
	switch {
	case c.SIREN != "":
		return digits(c.SIREN)
	case len(digits(c.SIRET)) == 14:
		return digits(c.SIRET)[:9]
	case c.VATID != "":
		return digits(c.VATID)
	}
	const longest = 40 // runes: a name, not a sentence
	code := []rune(strings.ToUpper(strings.ReplaceAll(plainName(c.Name), " ", "-")))
	return string(code[:min(len(code), longest)])
}

// digits is an identifier without the spaces and signs that people write in it.
func digits(s string) string {
	clean := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.IsLower(r) }
	if strings.IndexFunc(s, clean) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// plainName is a name in small letters without accents, signs and the words of
// legal form, so that "Imprimerie DELVAUX, S.A.R.L." is "imprimerie delvaux".
func plainName(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '.', r == '\'', r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return legalForms[w] })
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

var legalForms = map[string]bool{
	"sarl": true, "sas": true, "sasu": true, "sa": true, "eurl": true, "snc": true, "sci": true, "scop": true,
	"selarl": true, "ei": true, "eirl": true, "gie": true, "scp": true, "scea": true, "earl": true, "gaec": true,
	"ste": true, "societe": true, "gmbh": true, "ag": true, "kg": true, "ltd": true, "limited": true, "plc": true,
	"inc": true, "llc": true, "srl": true, "spa": true, "bv": true, "nv": true, "sl": true,
}

// kindOf is what the file says, else what the numbers show: in the SIRENE
// register those of the State and of local authorities begin with 1 and 2, and a
// French VAT number ends in them. Names decide nothing: a "Commune" may be an inn.
func kindOf(c *ingest.Customer) customer.Kind {
	if k := toldKind(c); k != "" {
		return customer.Kind(k)
	}
	siren := digits(c.SIREN)
	if siren == "" && len(digits(c.SIRET)) == 14 {
		siren = digits(c.SIRET)[:9]
	}
	if vat := digits(c.VATID); siren == "" && len(vat) == 13 && strings.HasPrefix(vat, "FR") {
		siren = vat[4:]
	}
	if len(siren) == 9 && (siren[0] == '1' || siren[0] == '2') && identifier.SIREN(siren).Verdict == identifier.Valid {
		return customer.Public
	}
	return customer.Business
}

// countryOf is what the file says, else that of the VAT number, else France.
func countryOf(c *ingest.Customer) string {
	if c.Country != "" {
		return strings.ToUpper(c.Country)
	}
	vat := digits(c.VATID)
	switch {
	case len(vat) <= 4:
	case vat[:2] == "EL": // as VAT numbers call Greece
		return "GR"
	case vat[:2] == "XI": // Northern Ireland
		return "GB"
	case identifier.HasVATSystem(vat[:2]):
		return vat[:2]
	}
	return "FR"
}

// frenchSpeaking are the countries where one writes to a company in French.
var frenchSpeaking = strings.Fields(`FR GP MQ GF RE YT BL MF PM NC PF WF TF MC LU BE MA DZ TN SN CI ML BF NE TG BJ GN CM
	GA CG CD CF TD DJ KM MG HT`)

func languageOf(c *ingest.Customer) string {
	if l := toldLanguage(c); l != "" {
		return l
	}
	if slices.Contains(frenchSpeaking, countryOf(c)) {
		return "fr"
	}
	return "en"
}
