package fr

import (
	"io/fs"
	"slices"
	"strings"

	"acquit/internal/i18n"
)

// CourtKind is what sort of court hears a claim.
type CourtKind string

// The kinds that matter for a claim of money.
const (
	CourtCommercial CourtKind = "commercial" // tribunal de commerce, of economic affairs, or its like
	CourtJudicial   CourtKind = "judicial"   // tribunal judiciaire
	CourtEither     CourtKind = "either"     // not known, or as the claimant chooses
)

// Court is who hears a claim, and what is not sure about it.
type Court struct {
	Kind   CourtKind
	Name   i18n.Words
	Why    i18n.Words
	Doubt  i18n.Words
	Source string
}

// local is what a department's commercial court is called.
type local struct {
	kind string // tae, mixed, chamber
	city string
	Fact
}

// The kinds of commercial courts in a department's line.
const (
	economic = "tae"     // tribunal des activités économiques, in that city
	partly   = "partly"  // one of the department's courts is of economic affairs
	mixed    = "mixed"   // tribunal mixte de commerce
	chamber  = "chamber" // chambre commerciale du tribunal judiciaire, in Alsace and Moselle
)

// Court is who hears a claim: of the place where the debtor lives or is established,
// commercial between traders, judicial otherwise (CPC 42 and 1406, C. com. L721-3).
func (l *Law) Court(f RouteFacts) Court {
	place := f.place()
	c := Court{Source: "C. com. art. L721-3 et CPC art. 42 et 1406"}
	switch {
	case f.Debtor == PublicDebtor:
		return Court{
			Kind: CourtJudicial, Name: i18n.Words{FR: "juge administratif", EN: "administrative judge"},
			Why:    i18n.Words{FR: "le débiteur est une personne publique", EN: "the debtor is a public body"},
			Source: "CJA art. L1",
		}
	case f.commercial() == Yes:
		return l.commercialCourt(c, f, place)
	case f.Debtor == Trader && f.Creditor == No, f.commercial() == Unknown:
		c.Kind = CourtEither
		c.Name = i18n.Words{
			FR: "tribunal de commerce ou tribunal judiciaire" + place.FR,
			EN: "commercial court or tribunal judiciaire" + place.EN,
		}
		c.Why = i18n.Words{
			FR: "selon que chacun est commerçant\u00a0; un créancier non commerçant choisit face à un commerçant",
			EN: "depending on who is a trader; a creditor who is none may choose against a trader",
		}
		c.Doubt = i18n.Words{
			FR: "préciser la qualité du débiteur et la vôtre",
			EN: "tell what the debtor is and what you are",
		}
		return c
	}
	c.Kind = CourtJudicial
	c.Name = i18n.Words{FR: "tribunal judiciaire" + place.FR, EN: "tribunal judiciaire" + place.EN}
	c.Why = i18n.Words{FR: "l’une des parties n’est pas commerçante", EN: "one of the parties is no trader"}
	return c
}

// commercialCourt names the court between traders as the debtor's department has it.
func (l *Law) commercialCourt(c Court, f RouteFacts, place i18n.Words) Court {
	c.Kind = CourtCommercial
	c.Why = i18n.Words{FR: "les deux parties sont commerçantes", EN: "both parties are traders"}
	c.Name = i18n.Words{FR: "tribunal de commerce" + place.FR, EN: "commercial court" + place.EN}
	at, known := l.courts[f.department()]
	switch {
	case f.department() == "":
		c.Doubt = i18n.Words{FR: "le code postal du débiteur manque", EN: "the debtor’s postal code is missing"}
	case !known:
	case at.kind == economic:
		c.Name = i18n.Words{
			FR: "tribunal des activités économiques de " + at.city,
			EN: "court of economic affairs of " + at.city,
		}
	case at.kind == partly:
		c.Doubt = i18n.Words{
			FR: "celui de " + at.city + " est un tribunal des activités économiques\u00a0: vérifier le ressort",
			EN: "that of " + at.city + " is a court of economic affairs: check the district",
		}
	case at.kind == mixed:
		c.Name = i18n.Words{FR: "tribunal mixte de commerce" + place.FR, EN: "mixed commercial court" + place.EN}
	case at.kind == chamber:
		c.Name = i18n.Words{
			FR: "chambre commerciale du tribunal judiciaire" + place.FR,
			EN: "commercial chamber of the tribunal judiciaire" + place.EN,
		}
	}
	if known && !at.Verified() && c.Doubt.FR == "" {
		c.Doubt = i18n.Words{FR: "tribunal à vérifier", EN: "court to be checked"}
	}
	return c
}

// place is where the debtor is, as a court's name goes on.
func (f RouteFacts) place() i18n.Words {
	if f.department() == "" {
		return i18n.Words{FR: " du lieu où demeure le débiteur", EN: " of the place where the debtor lives"}
	}
	return i18n.Words{
		FR: " du lieu où demeure le débiteur (" + f.PostalCode + ")",
		EN: " of the place where the debtor lives (" + f.PostalCode + ")",
	}
}

// department is the beginning of a French postal code: two digits, three overseas.
func (f RouteFacts) department() string {
	code := strings.TrimSpace(f.PostalCode)
	switch {
	case f.Country != "FR" && f.Country != "" || len(code) != 5:
		return ""
	case strings.HasPrefix(code, "97"):
		return code[:3]
	}
	return code[:2]
}

// forms are the Cerfa numbers of a request for a payment order; they are optional.
func (c Court) forms() []string {
	switch c.Kind {
	case CourtCommercial:
		return []string{"Cerfa 12946*02", "notice 51156#10"}
	case CourtJudicial:
		return []string{"Cerfa 12948*06", "notice 51156#10"}
	}
	return []string{"Cerfa 12946*02 (tribunal de commerce)", "Cerfa 12948*06 (tribunal judiciaire)", "notice 51156#10"}
}

func (l *Law) loadCourts(data fs.FS) error {
	rows, err := read(data, "court.csv", "department", "kind", "city", "source", "confidence", "read_on")
	if err != nil {
		return err
	}
	l.courts = make(map[string]local, len(rows))
	for _, r := range rows {
		at := local{kind: r.fields["kind"], city: r.fields["city"]}
		if at.Fact, err = r.fact(); err != nil {
			return err
		}
		if !slices.Contains([]string{economic, partly, mixed, chamber}, at.kind) {
			return r.wrong("kind\u00a0: «\u00a0%s\u00a0» (tae, partly, mixed ou chamber)", at.kind)
		}
		if _, twice := l.courts[r.fields["department"]]; twice {
			return r.wrong("le département %s est là deux fois", r.fields["department"])
		}
		l.courts[r.fields["department"]] = at
	}
	return nil
}
