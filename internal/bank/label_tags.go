package bank

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"acquit/internal/identifier"
)

// tag is what a mark within a label announces.
type tag int

const (
	tagNothing tag = iota // known, and of no use: a day, a bank's name
	tagName
	tagPurpose
	tagEndToEnd
	tagReference // the end-to-end reference where no other is called so
	tagMandate
	tagID
	tagIBAN
	tagBIC
)

// tagWords are the words before a colon, a slash or a plus sign, or behind a
// slash, in capitals without accents: of BNP Paribas and Société Générale (DE,
// MOTIF, REF…), of CFONB and camt as printed (FRM, EID, RNF), of German statements
// (EREF, SVWZ) and of SWIFT (NAME, REMI).
var tagWords = map[string]tag{
	"DE": tagName, "FRM": tagName, "POUR": tagName, "BEN": tagName, "BENEFICIAIRE": tagName, "EMETTEUR": tagName,
	"DONNEUR D ORDRE": tagName, "DONNEUR D'ORDRE": tagName, "DONNEUR D’ORDRE": tagName, "DEBITEUR": tagName,
	"DO": tagName, "NAME": tagName, "NOM": tagName, "PAYEUR": tagName, "ORDP": tagName, "BENM": tagName,
	"TIERS": tagName, "MOTIF": tagPurpose, "RNF": tagPurpose, "LIB": tagPurpose, "LIBELLE": tagPurpose,
	"OBJET": tagPurpose, "COMMUNICATION": tagPurpose, "COM": tagPurpose, "REMI": tagPurpose, "SVWZ": tagPurpose,
	"INFO": tagPurpose, "INFOS": tagPurpose, "MESSAGE": tagPurpose, "USTRD": tagPurpose, "LCC": tagPurpose,
	"DETAIL": tagPurpose, "EID": tagEndToEnd, "EREF": tagEndToEnd, "REFDO": tagEndToEnd, "REF DO": tagEndToEnd,
	"REF DONNEUR D ORDRE": tagEndToEnd, "REF DONNEUR D'ORDRE": tagEndToEnd, "REF BOUT EN BOUT": tagEndToEnd,
	"E2E": tagEndToEnd, "ENDTOENDID": tagEndToEnd, "REFERENCE DE BOUT EN BOUT": tagEndToEnd,
	"REF": tagReference, "REFERENCE": tagReference, "REF CLIENT": tagReference, "REF OPE": tagNothing,
	"REF OPERATION": tagNothing, "REFBEN": tagNothing, "REF BEN": tagNothing, "REF BANQUE": tagNothing,
	"KREF": tagNothing, "MDT": tagMandate, "RUM": tagMandate, "MANDAT": tagMandate, "MREF": tagMandate,
	"REF MANDAT": tagMandate, "MARF": tagMandate, "ICS": tagID, "ID": tagID, "ID EMETTEUR": tagID, "CRED": tagID,
	"CSID": tagID, "IBAN": tagIBAN, "BIC": tagBIC,
	"DATE": tagNothing, "ECH": tagNothing, "ECHEANCE": tagNothing, "CHEZ": tagNothing, "BQ": tagNothing,
	"TRTP": tagNothing, "TRCD": tagNothing, "PURP": tagNothing, "ABWA": tagNothing, "ABWE": tagNothing,
	"CNTP": tagNothing,
}

// marks find the tags: "/MOTIF x", "/EREF/x", "MOTIF: x", "MOTIF : x", "LIB/x",
// "EREF+x", and MOTIF alone, which nobody writes in a name.
var marks = regexp.MustCompile(`/([A-Z0-9]+(?: (?:DO|BEN|CLIENT|MANDAT|D ORDRE))?)(?:[ :]+|/|$)` +
	`|(DONNEUR D[ '’]ORDRE|REF DONNEUR D[ '’]ORDRE|REFERENCE DE BOUT EN BOUT|REF BOUT EN BOUT|ID EMETTEUR` +
	`|REF (?:DO|BEN|CLIENT|MANDAT|OPERATION|OPE|BANQUE)|[A-Z0-9]+)(?: ?[:+]|/) ?` +
	`|(MOTIF) `)

// mark is a tag at its place, in runes.
type mark struct {
	tag        tag
	start, end int
}

func (t text) marks() []mark {
	folded := string(t.folded)
	var list []mark
	for from := 0; from < len(folded); {
		m := marks.FindStringSubmatchIndex(folded[from:])
		if m == nil {
			break
		}
		start, end := from+m[0], from+m[1]
		tag, known := tagWords[matched(folded[from:], m)]
		begins := start == 0 || strings.ContainsRune(" /", rune(folded[start-1])) || folded[start] == '/'
		if !known || !begins {
			from = start + 1 // a colon or a slash among the payer's words
			continue
		}
		list = append(list, mark{tag, utf8.RuneCountInString(folded[:start]), utf8.RuneCountInString(folded[:end])})
		from = end
	}
	return list
}

// matched is the word of the mark: what the one group that took part holds.
func matched(s string, m []int) string {
	for group := 2; group < len(m); group += 2 {
		if m[group] >= 0 {
			return s[m[group]:m[group+1]]
		}
	}
	return ""
}

// tags takes what the marks of a label announce; head is what stands before the
// first of them.
func (s *Said) tags(lines []string) (head []string, tagged bool) {
	reference := ""
	for _, line := range lines {
		t := newText(line)
		list := t.marks()
		first := len(t.runes)
		if len(list) > 0 {
			first = list[0].start
		}
		before := strings.Trim(string(t.runes[:first]), " /")
		switch {
		case before == "":
		case tagged:
			s.Purpose = append(s.Purpose, before) // what goes on below its mark
		default:
			head = append(head, before)
		}
		for i, m := range list {
			end := len(t.runes)
			if i+1 < len(list) {
				end = list[i+1].start
			}
			value := strings.Trim(string(t.runes[min(m.end, end):end]), " /")
			if m.tag == tagReference {
				if !unsaid[string(newText(value).folded)] {
					fill(&reference, value)
				}
			} else {
				s.take(m.tag, value)
			}
			tagged = true
		}
	}
	if reference != s.Mandate {
		fill(&s.EndToEnd, reference)
	}
	return head, tagged
}

func (s *Said) take(what tag, value string) {
	if value == "" || unsaid[string(newText(value).folded)] {
		return
	}
	switch what {
	case tagName:
		fill(&s.Party.Name, value)
	case tagPurpose:
		s.Purpose = append(s.Purpose, value)
	case tagEndToEnd:
		fill(&s.EndToEnd, value)
	case tagMandate:
		fill(&s.Mandate, value)
	case tagID:
		fill(&s.Party.ID, value)
	case tagIBAN:
		if r := identifier.IBAN(value); r.OK() {
			fill(&s.Party.IBAN, r.Value)
		}
	case tagBIC:
		fill(&s.Party.BIC, value)
	}
}
