package en16931

import "strings"

// Level is how much a profile holds.
type Level int

// The levels, each holding what the one before holds. BR rules bear on a term
// only from the level that has it.
const (
	NoProfile Level = iota
	UnknownProfile
	Minimum  // no lines, no due date, no breakdown
	BasicWL  // no lines
	Basic    // lines
	Standard // EN 16931 and its national usages
	Extended // more than EN 16931, with tolerances
)

const core = "urn:cen.eu:en16931:2017"

// profiles is the closed list of those that Factur-X, ZUGFeRD and XP Z12-012
// define. XP Z12-012 takes BASIC WL, EN 16931 and EXTENDED-CTC-FR from it.
var profiles = map[string]Level{
	"urn:factur-x.eu:1p0:minimum":                             Minimum,
	"urn:factur-x.eu:1p0:basicwl":                             BasicWL,
	core + "#compliant#urn:factur-x.eu:1p0:basic":             Basic,
	"urn:factur-x.eu:1p0:basic":                               Basic,
	core:                                                      Standard,
	core + "#conformant#urn:factur-x.eu:1p0:extended":         Extended,
	core + "#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr": Extended,
	"urn:zugferd.de:2p0:minimum":                              Minimum,
	"urn:zugferd.de:2p0:basicwl":                              BasicWL,
	core + "#compliant#urn:zugferd.de:2p0:basic":              Basic,
	core + "#conformant#urn:zugferd.de:2p0:extended":          Extended,
	"urn:ferd:CrossIndustryDocument:invoice:1p0:basic":        Basic,
	"urn:ferd:CrossIndustryDocument:invoice:1p0:comfort":      Standard,
	"urn:ferd:CrossIndustryDocument:invoice:1p0:extended":     Extended,
	"urn:ferd:invoice:rc:basic":                               Basic,
	"urn:ferd:invoice:rc:comfort":                             Standard,
	"urn:ferd:invoice:rc:extended":                            Extended,
}

// Level is that of the invoice's profile.
func (inv *Invoice) Level() Level { return LevelOf(inv.Profile.Value) }

// LevelOf is the level of a profile by its identifier (BT-24). The families of
// Factur-X and ZUGFeRD are closed; any other usage of EN 16931 (XRechnung,
// Peppol, CIUS-RO…) names itself after « #compliant# » or « #conformant# » and
// is held to EN 16931.
func LevelOf(id string) Level {
	id = strings.TrimSpace(id)
	if id == "" {
		return NoProfile
	}
	if l, ok := profiles[id]; ok {
		return l
	}
	usage, ok := strings.CutPrefix(id, core+"#")
	if !ok || strings.Contains(usage, "factur-x") || strings.Contains(usage, "zugferd") {
		return UnknownProfile
	}
	if strings.Contains(usage, "conformant#") {
		return Extended
	}
	return Standard
}

// ProfileName is the short name of a profile, as XMP declares it.
func ProfileName(id string) string {
	usage := id[strings.LastIndexByte(id, '#')+1:]
	switch l := LevelOf(id); {
	case strings.Contains(usage, "xrechnung"):
		return "XRECHNUNG"
	case l == Minimum:
		return "MINIMUM"
	case l == BasicWL:
		return "BASIC WL"
	case l == Basic:
		return "BASIC"
	case l == Standard && strings.HasPrefix(id, "urn:ferd:"):
		return "COMFORT"
	case l == Standard:
		return "EN 16931"
	case l == Extended && strings.Contains(usage, "extended-ctc-fr"):
		return "EXTENDED-CTC-FR"
	case l == Extended:
		return "EXTENDED"
	}
	return id
}

// French tells whether the rules of the French reform bear on the invoice: its
// seller is established in France, or its profile is the French one.
func (inv *Invoice) French() bool {
	switch inv.Seller.Country.Value {
	case "FR", "GP", "MQ", "GF", "RE", "YT":
		return true
	case "":
		return inv.Seller.LegalID.Scheme == "0002" || inv.hasFrenchVAT()
	}
	return strings.Contains(inv.Profile.Value, "extended-ctc-fr")
}

func (inv *Invoice) hasFrenchVAT() bool {
	for _, id := range inv.Seller.VAT {
		if strings.HasPrefix(id.Value, "FR") {
			return true
		}
	}
	return false
}
