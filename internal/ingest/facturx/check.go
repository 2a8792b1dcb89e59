package facturx

import (
	"bytes"
	"encoding/xml"
	"strings"

	"acquit/internal/ingest/en16931"
)

// check holds the container to its rules.
func (c *container) check(a *attachment, inv *en16931.Invoice) []en16931.Finding {
	var found []en16931.Finding
	refuse := func(rule, text string) {
		found = append(found, en16931.Finding{Rule: rule, Severity: en16931.Refuse, Text: text})
	}
	warn := func(text string) {
		found = append(found, en16931.Finding{Rule: specification, Text: text})
	}
	if c.encrypted {
		refuse(pdfa, "le PDF est chiffré\u00a0: ce n’est pas un PDF/A")
	}
	switch a.relationship {
	case "Data", "Alternative":
	case "":
		refuse(pdfa, "le fichier joint ne déclare pas sa relation au document (AFRelationship)")
	default:
		warn("le fichier joint déclare la relation /" + a.relationship + " au lieu de /Data (AFRelationship)")
	}
	switch {
	case !c.hasAF:
		refuse(specification, "le fichier joint n’est pas associé au document\u00a0: l’entrée /AF du catalogue manque")
	case !a.associated:
		refuse(specification, "l’entrée /AF du catalogue ne désigne pas le fichier joint")
	}
	if !c.hasIntent {
		refuse(pdfa, "le PDF n’a pas d’OutputIntent\u00a0: ce n’est pas un PDF/A-3")
	}
	meta := readXMP(c.metadata)
	switch profile := en16931.ProfileName(inv.Profile.Value); {
	case meta.level == "":
		refuse(specification, "les métadonnées XMP Factur-X manquent\u00a0: ni profil ni nom de fichier n’y sont déclarés")
	case inv.Level() <= en16931.UnknownProfile: // refused for itself
	case !sameLevel(meta.level, profile):
		refuse(specification, "les métadonnées XMP annoncent le profil "+meta.level+", le XML le profil "+profile)
	case meta.file != "" && !strings.EqualFold(meta.file, a.name):
		warn("les métadonnées XMP nomment le fichier «\u00a0" + meta.file + "\u00a0», il s’appelle «\u00a0" + a.name + "\u00a0»")
	}
	if len(c.metadata) > 0 && meta.part != "3" {
		refuse(pdfa, "les métadonnées n’annoncent pas un PDF/A-3 (pdfaid:part)")
	}
	return found
}

// sameLevel compares the profile of the metadata with that of the XML, which
// have several spellings: « EN 16931 » was COMFORT, and the French extended
// profile is an EXTENDED.
func sameLevel(xmp, profile string) bool {
	fold := func(s string) string {
		s = strings.ToUpper(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(s))
		switch s {
		case "COMFORT":
			return "EN16931"
		case "EXTENDEDCTCFR":
			return "EXTENDED"
		}
		return s
	}
	return fold(xmp) == fold(profile)
}

// xmp is what the metadata say of the invoice.
type xmp struct {
	level string // ConformanceLevel
	file  string // DocumentFileName
	part  string // of PDF/A
}

// spaces are those in which Factur-X and the versions of ZUGFeRD speak.
var spaces = map[string]bool{
	"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#": true,
	"urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#":     true,
	"urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#":  true,
}

const pdfaSpace = "http://www.aiim.org/pdfa/ns/id/"

// readXMP reads properties written as elements or as attributes. Broken
// metadata are as good as none.
func readXMP(b []byte) xmp {
	var m xmp
	dec := xml.NewDecoder(bytes.NewReader(b))
	dec.Strict = false
	var name xml.Name
	for {
		t, err := dec.Token()
		if err != nil {
			return m
		}
		switch t := t.(type) {
		case xml.StartElement:
			name = t.Name
			for _, a := range t.Attr {
				m.set(a.Name, a.Value)
			}
		case xml.EndElement:
			name = xml.Name{}
		case xml.CharData:
			m.set(name, string(t))
		}
	}
}

func (m *xmp) set(name xml.Name, value string) {
	value = strings.TrimSpace(value)
	if value == "" {
		return
	}
	switch {
	case name.Space == pdfaSpace && name.Local == "part":
		m.part = value
	case spaces[name.Space] && name.Local == "ConformanceLevel":
		m.level = value
	case spaces[name.Space] && name.Local == "DocumentFileName":
		m.file = value
	}
}
