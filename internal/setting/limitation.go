package setting

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/fault"
)

// The settings of limitation and of the public register.
var (
	Trade = choice[string](Definition{
		Name: "claim_kind", Group: GroupLimitation, Default: "unknown",
		Label: say("Ce que vous facturez", "What you invoice"),
		Help: say(
			"La durée de la prescription en dépend. Un consommateur et une personne publique ont leur propre délai. Tant que "+
				"le secteur n’est pas dit, un an sert d’alerte, à titre d’hypothèse.",
			"The time to sue depends on it. Consumers and public bodies have their own. While the sector is not said, one "+
				"year serves as an alert, as a hypothesis.",
		),
		Choices: []Choice{
			{"unknown", say("pas encore dit : alerte à un an", "not said yet: alert after a year")},
			{"business", say("biens et services en général : 5 ans", "goods and services in general: 5 years")},
			{"civil", say("prestations civiles, associations, professions libérales : 5 ans",
				"civil services, associations, liberal professions: 5 years")},
			{"transport", say("transport de marchandises : 1 an", "transport of goods: 1 year")},
			{"telecom", say("communications électroniques : 1 an", "electronic communications: 1 year")},
			{"maritime", say("fournitures aux navires, ouvrages faits : 1 an", "supplies to ships, works done: 1 year")},
			{"insurance", say("primes d’assurance : 2 ans", "insurance premiums: 2 years")},
			{"housing-rent", say("loyers d’habitation : 3 ans", "residential rents: 3 years")},
			{"rent", say("loyers commerciaux, charges de copropriété : 5 ans", "commercial rents, co-ownership charges: 5 years")},
			{"local-title", say("titres d’une collectivité : 4 ans", "titles of a local authority: 4 years")},
		},
	})
	LimitationAlerts = key(Definition{
		Name: "limitation_alerts", Group: GroupLimitation, Kind: KindText, Default: "6 3 1",
		Label: say("Alertes avant la prescription", "Alerts before a claim is barred"),
		Unit:  say("mois avant", "months before"),
		Help: say(
			"Une tâche par client à chacun de ces moments, du plus lointain au plus proche. Vide : aucune.",
			"A task per customer at each of these moments, the farthest first. Empty: none.",
		),
	}, parseMonths, func(s string) (string, error) {
		list, err := parseMonths(s)
		return strings.Trim(fmt.Sprint(list), "[]"), err
	})
	RegistryCheck = yesNo(Definition{
		Name: "registry_check", Group: GroupLimitation, Default: "false",
		Label: say("Consulter le BODACC chaque nuit", "Look at the BODACC every night"),
		Help: say(
			"Les clients qui doivent quelque chose sont cherchés par leur SIREN, lui seul sort de la machine. Une ouverture de "+
				"procédure collective arrête leurs relances et rappelle la déclaration de créance.",
			"Customers who owe something are looked up by SIREN, which alone leaves the machine. The opening of a collective "+
				"procedure stops their reminders and calls for the declaration of claim.",
		),
	})
	RegistryURL = text(Definition{
		Name: "registry_url", Group: GroupLimitation, Right: RightHost, Default: "https://bodacc-datadila.opendatasoft.com",
		Label: say("Adresse du registre", "Address of the register"),
		Help: say("Celle des données ouvertes de la DILA ; à ne changer que pour passer par un relais.",
			"That of the open data of the DILA; to be changed only to go through a relay."),
	}, checkURL)
	RegistryRate = whole(Definition{
		Name: "registry_rate", Group: GroupLimitation, Default: "60",
		Label: say("Consultations par minute", "Look-ups a minute"),
		Help:  say("Le registre refuse qui demande trop vite.", "The register turns away who asks too fast."),
	}, 1, 600)
)

// maxAlerts bounds the alerts of one claim, maxMonths how early the first comes.
const (
	maxAlerts = 6
	maxMonths = 24
)

// parseMonths reads "6 3 1", with commas or spaces, and gives the numbers from the
// largest.
func parseMonths(s string) ([]int, error) {
	var list []int
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r == ',' || r == ';' || r == ' ' || r == '\n'
	}) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > maxMonths {
			return nil, &fault.Invalid{
				Message: fmt.Sprintf("« %s » ne convient pas", word),
				Mend:    fmt.Sprintf("des nombres de mois de 1 à %d, par exemple 6 3 1", maxMonths),
			}
		}
		list = append(list, n)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	slices.Reverse(list)
	if len(list) > maxAlerts {
		return nil, &fault.Invalid{Message: fmt.Sprintf("au plus %d alertes", maxAlerts)}
	}
	return list, nil
}

// checkURL refuses what is no address of a site: anything else would be asked of the
// machine itself.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return &fault.Invalid{Message: fmt.Sprintf("« %s » n’est pas l’adresse d’un site", s), Mend: "https://…"}
	}
	return nil
}
