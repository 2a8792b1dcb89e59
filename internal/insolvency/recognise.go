package insolvency

import (
	"cmp"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/registry"
)

// Meaning is what an announcement says of a customer.
type Meaning string

// The meanings. Only an opening is acted upon by itself; an ending, a correction or an
// annulment never gives a customer back to reminders.
const (
	Opening    Meaning = "opening"
	Conversion Meaning = "conversion"
	Ends       Meaning = "ends"
	Correction Meaning = "correction"
	Annulment  Meaning = "annulment"
	StruckOff  Meaning = "struck_off"
	Otherwise  Meaning = "other"
)

var meaningWords = map[Meaning]i18n.Words{
	Opening:    {FR: "ouverture d’une procédure collective", EN: "a collective procedure is opened"},
	Conversion: {FR: "procédure convertie", EN: "procedure converted"},
	Ends:       {FR: "clôture ou plan", EN: "closure or plan"},
	Correction: {FR: "rectificatif", EN: "correction"},
	Annulment:  {FR: "annulation d’annonce", EN: "announcement annulled"},
	StruckOff:  {FR: "radiation du registre", EN: "struck off the register"},
	Otherwise:  {FR: "autre annonce", EN: "another announcement"},
}

// In is the meaning in words.
func (m Meaning) In(l i18n.Lang) string { return meaningWords[m].In(l) }

// plain is a text of the register without case, accents and curly apostrophes, which
// vary from court to court.
var plain = strings.NewReplacer("’", "'", "é", "e", "è", "e", "ê", "e", "à", "a", "ô", "o", "î", "i", "ï", "i", "ç",
	"c", "û", "u")

func fold(s string) string { return plain.Replace(strings.ToLower(s)) }

// Recognise says what an announcement means, and for an opening or a conversion which
// sort of procedure follows; no kind where the register's words do not tell.
func Recognise(a registry.Announcement) (Meaning, Kind) {
	family, nature := fold(a.Judgment.Family), fold(a.Judgment.Nature)
	switch t := fold(a.Type); t {
	case "annulation":
		return Annulment, ""
	case "rectificatif":
		return Correction, ""
	}
	all := family + " " + nature
	switch {
	case fold(a.Family) == "radiation":
		return StruckOff, ""
	case strings.Contains(family, "jugement d'ouverture"):
		return Opening, kindOf(nature + " " + fold(a.Judgment.Text))
	case strings.Contains(nature, "conversion"):
		return Conversion, kindOf(nature[strings.Index(nature, "conversion"):])
	case strings.Contains(all, "cloture"), strings.Contains(all, "arretant le plan"), strings.Contains(all,
		"plan de redressement"), strings.Contains(all, "plan de sauvegarde"), strings.Contains(all, "mettant fin"):
		return Ends, ""
	}
	return Otherwise, ""
}

// kindOf is the sort of procedure that a text names first: « sauvegarde convertie en
// liquidation » is cut before it comes here.
func kindOf(text string) Kind {
	found, at := Kind(""), len(text)
	for _, w := range []struct {
		word string
		kind Kind
	}{{"liquidation", Liquidation}, {"redressement", Recovery}, {"sauvegarde", Safeguard}} {
		if i := strings.Index(text, w.word); i >= 0 && i < at {
			found, at = w.kind, i
		}
	}
	return found
}

// Notice is an announcement with what it means for a customer.
type Notice struct {
	registry.Announcement

	Meaning Meaning
	Kind    Kind
	Stands  bool // nothing later takes it back
}

// Understand recognises the announcements of one company, the oldest first. What an
// ending or an annulment follows is history: it is shown, and acted upon by a person
// alone.
func Understand(list []registry.Announcement) []Notice {
	all := make([]Notice, len(list))
	for i, a := range list {
		all[i].Announcement = a
		all[i].Meaning, all[i].Kind = Recognise(a)
	}
	slices.SortStableFunc(all, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.Published, b.Published), cmp.Compare(a.Judgment.On, b.Judgment.On),
			strings.Compare(a.ID, b.ID))
	})
	stands := true
	for i, n := range slices.Backward(all) {
		all[i].Stands = stands
		if n.Meaning == Ends || n.Meaning == Annulment {
			stands = false
		}
	}
	return all
}

// opens tells whether the announcement, or what it corrects, is of an opening.
func (n Notice) opens() bool {
	return n.Meaning != Annulment && strings.Contains(fold(n.Judgment.Family), "jugement d'ouverture")
}

// recordable tells whether a case can be made of an opening as it stands.
func (n Notice) recordable(today cal.Date) bool {
	return n.Meaning == Opening && n.Stands && n.Kind != "" && !n.Judgment.On.IsZero() && n.Judgment.On <= today
}
