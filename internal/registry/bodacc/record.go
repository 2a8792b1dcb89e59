// Package bodacc reads the Bulletin officiel des annonces civiles et commerciales, as
// the DILA publishes it through Opendatasoft: live, or from a file.
package bodacc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/registry"
)

// The bounds of an answer: a page of the interface has a hundred records of a few
// kilobytes each.
const (
	maxBytes   = 8 << 20
	maxRecords = 1000
	maxText    = 4000 // characters of one field: a judgment's complement is a paragraph
)

// answer is any of the shapes in which records come: records/1.0, explore v2.1.
type answer struct {
	Records []struct {
		Fields json.RawMessage `json:"fields"`
	} `json:"records"`
	Results []json.RawMessage `json:"results"`
	Fields  json.RawMessage   `json:"fields"`
	ID      loose             `json:"id"`
	Total   *int              `json:"total_count"`
	Hits    *int              `json:"nhits"`
}

// Read reads the records of an answer of either interface, of a list, or one record
// alone. A record that cannot be read is rejected and the others are kept.
func Read(content []byte) ([]registry.Announcement, []registry.Rejected, error) {
	list, err := split(content)
	if err != nil {
		return nil, nil, err
	}
	announcements := []registry.Announcement{}
	var rejected []registry.Rejected
	for i, raw := range list {
		a, err := read(raw)
		if err != nil {
			rejected = append(rejected, registry.Rejected{Record: i + 1, Reason: err.Error()})
			continue
		}
		announcements = append(announcements, a)
	}
	return announcements, rejected, nil
}

// split cuts an answer into its records.
func split(content []byte) ([]json.RawMessage, error) {
	if len(content) > maxBytes {
		return nil, fault.Invalidf("file", "ce fichier dépasse %d Mo", maxBytes>>20)
	}
	content = bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff")))
	var list []json.RawMessage
	if len(content) > 0 && content[0] == '[' {
		if err := json.Unmarshal(content, &list); err != nil {
			return nil, notJSON(err)
		}
		return bounded(list)
	}
	var a answer
	if err := json.Unmarshal(content, &a); err != nil {
		return nil, notJSON(err)
	}
	switch {
	case a.Records != nil || a.Hits != nil:
		for _, r := range a.Records {
			list = append(list, r.Fields)
		}
	case a.Results != nil || a.Total != nil:
		list = a.Results
	case a.Fields != nil:
		list = []json.RawMessage{a.Fields}
	case a.ID != "":
		list = []json.RawMessage{content}
	default:
		return nil, &fault.Invalid{
			Field: "file", Message: "ce n’est pas une réponse du BODACC", Mend: "un enregistrement, ou « records » ou « results »",
		}
	}
	return bounded(list)
}

func bounded(list []json.RawMessage) ([]json.RawMessage, error) {
	if len(list) > maxRecords {
		return nil, fault.Invalidf("file", "au plus %d annonces à la fois", maxRecords)
	}
	return list, nil
}

func notJSON(err error) error {
	return &fault.Invalid{Field: "file", Message: "ce fichier n’est pas du JSON (" + err.Error() + ")"}
}

// record is one announcement as the interface gives it. Some of its fields hold JSON
// written as a string, in one version of the interface and not in the other.
type record struct {
	ID        loose    `json:"id"`
	Published loose    `json:"dateparution"`
	Type      loose    `json:"typeavis"`
	Family    loose    `json:"familleavis"`
	Court     loose    `json:"tribunal"`
	Debtor    loose    `json:"commercant"`
	City      loose    `json:"ville"`
	Register  several  `json:"registre"`
	Judgment  nested   `json:"jugement"`
	Persons   nested   `json:"listepersonnes"`
	Previous  nested   `json:"parutionavisprecedent"`
	URL       loose    `json:"url_complete"`
	_         struct{} // fields are named
}

func read(raw json.RawMessage) (a registry.Announcement, err error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return a, fmt.Errorf("enregistrement illisible : %w", err)
	}
	a = registry.Announcement{
		ID: string(r.ID), Type: string(r.Type), Family: string(r.Family), Court: string(r.Court),
		Debtor: string(r.Debtor), City: string(r.City), Published: day(r.Published), SIRENs: sirens(r.Register),
		URL: safeURL(string(r.URL)),
	}
	if a.ID == "" {
		return a, fmt.Errorf("annonce sans identifiant")
	}
	if a.Type == "" {
		a.Type = "annonce"
	}
	var j struct {
		Family loose `json:"famille"`
		Nature loose `json:"nature"`
		On     loose `json:"date"`
		Type   loose `json:"type"`
		Text   loose `json:"complementJugement"`
	}
	if err := r.Judgment.into(&j); err != nil {
		return a, fmt.Errorf("%s : jugement illisible : %w", a.ID, err)
	}
	a.Judgment = registry.Judgment{
		Family: string(j.Family), Nature: string(j.Nature), On: day(j.On), Text: string(j.Text),
	}
	if t := strings.ToLower(string(j.Type)); t == "rectificatif" || t == "annulation" {
		a.Type = t
	}
	a.Previous, err = previous(r.Previous)
	if err != nil {
		return a, fmt.Errorf("%s : avis précédent illisible : %w", a.ID, err)
	}
	if a.Debtor == "" {
		a.Debtor = person(r.Persons)
	}
	return a, nil
}

// previous is the announcement that this one corrects, as people quote it.
func previous(n nested) (string, error) {
	var p struct {
		Name   loose `json:"nomPublication"`
		Issue  loose `json:"numeroParution"`
		On     loose `json:"dateParution"`
		Number loose `json:"numeroAnnonce"`
	}
	if err := n.into(&p); err != nil || p.Number == "" {
		return "", err
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s du %s, annonce n° %s", p.Name, p.Issue, p.On, p.Number)), nil
}

// person is the name of whom the announcement is about, where it has no trader's. A
// list that reads otherwise names nobody: it is for reading alone.
func person(n nested) string {
	var p struct {
		Person struct {
			Name   loose `json:"nom"`
			First  loose `json:"prenom"`
			Entity loose `json:"denomination"`
		} `json:"personne"`
	}
	if n.into(&p) != nil {
		return ""
	}
	if p.Person.Entity != "" {
		return string(p.Person.Entity)
	}
	return strings.TrimSpace(string(p.Person.First) + " " + string(p.Person.Name))
}

// sirens are the numbers of nine digits among what stands under registre, each once.
func sirens(list several) []string {
	var all []string
	for _, entry := range list {
		for part := range strings.SplitSeq(entry, ",") {
			digits := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, part)
			if len(digits) == 9 && !slices.Contains(all, digits) {
				all = append(all, digits)
			}
		}
	}
	return all
}

// day reads a day as the register writes it, in digits or in French words; what is
// no day is none.
func day(s loose) cal.Date {
	d, err := cal.ParseHuman(string(s), cal.DayFirst)
	if err != nil {
		return 0
	}
	return d
}

// safeURL keeps the address of the register's own page: announcements quote others,
// of portals long closed.
func safeURL(s string) string {
	for _, site := range []string{"https://www.bodacc.fr/", "https://bodacc-datadila.opendatasoft.com/"} {
		if strings.HasPrefix(s, site) {
			return s
		}
	}
	return ""
}

// loose is a text, a number or nothing, as a text on one line.
type loose string

// UnmarshalJSON reads whatever stands there, bounded.
func (l *loose) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	var s string
	switch {
	case bytes.Equal(b, []byte("null")):
	case len(b) > 0 && b[0] == '"':
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return fmt.Errorf("un texte était attendu")
	default:
		s = string(b)
	}
	*l = loose(tidy(s))
	return nil
}

// tidy is s on one line, in valid text, of bounded length.
func tidy(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText]) + "…"
	}
	return s
}

// several is one text or a list of them.
type several []string

// UnmarshalJSON reads either.
func (v *several) UnmarshalJSON(b []byte) error {
	var list []loose
	if err := json.Unmarshal(b, &list); err == nil {
		for _, s := range list {
			*v = append(*v, string(s))
		}
		return nil
	}
	var one loose
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	if one != "" {
		*v = several{string(one)}
	}
	return nil
}

// nested is an object, or the same written as a text.
type nested json.RawMessage

// UnmarshalJSON takes the text off.
func (n *nested) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		s, err := strconv.Unquote(string(b))
		if err != nil { // JSON escapes what Go does not
			if err := json.Unmarshal(b, &s); err != nil {
				return err
			}
		}
		b = []byte(s)
	}
	*n = nested(slices.Clone(bytes.TrimSpace(b)))
	return nil
}

// into reads the object; nothing leaves v as it is.
func (n nested) into(v any) error {
	if len(n) == 0 || bytes.Equal(n, []byte("null")) {
		return nil
	}
	return json.Unmarshal(n, v)
}
