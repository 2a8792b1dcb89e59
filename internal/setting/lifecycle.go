package setting

import (
	"net/url"
	"path/filepath"
	"strings"

	"acquit/internal/fault"
)

// LifecycleWayValue is how statuses of electronic invoices are exchanged.
type LifecycleWayValue string

// The ways.
const (
	LifecycleByHand   LifecycleWayValue = "hand" // files imported and downloaded by people
	LifecycleByFolder LifecycleWayValue = "folder"
	LifecycleByFlow   LifecycleWayValue = "flow" // XP Z12-013
)

// CollectedValue is for which invoices collected (212) is declared.
type CollectedValue string

// The answers.
const (
	CollectedWhereDue CollectedValue = "due" // where VAT is due when the money comes in (CGI 269, 2 c)
	CollectedAll      CollectedValue = "all"
	CollectedNone     CollectedValue = "none" // somebody else does
)

// The settings of electronic invoices.
var (
	LifecyclePaymentDays = whole(Definition{
		Name: "lifecycle_payment_days", Group: GroupEinvoice, Default: "7", Unit: say("jours", "days"),
		Label: say("Attente d’un paiement annoncé", "Waiting for an announced payment"),
		Help: say(
			"Quand l’acheteur dit « Paiement transmis » (211), la facture n’est pas relancée pendant ce temps : l’argent est en route.",
			"When the buyer says “payment sent” (211), the invoice is left alone for so long: the money is on its way.",
		),
	}, 1, 60)
	LifecycleCollected = choice[CollectedValue](Definition{
		Name: "lifecycle_collected", Group: GroupEinvoice, Default: string(CollectedWhereDue),
		Label: say("Déclarer « Encaissée » (212)", "Declare “collected” (212)"),
		Help: say(
			"À l’encaissement, par taux de TVA, d’après les affectations de vos règlements. Par défaut là où la TVA est due à "+
				"l’encaissement : les prestations de services (cadres S et M) sans l’option pour les débits, et les acomptes.",
			"When money comes in, by VAT rate, from the allocations of your payments. By default where VAT is due then: services "+
				"(S and M) without the option for debits, and advances.",
		),
		Choices: []Choice{
			{string(CollectedWhereDue), say("là où la TVA est due à l’encaissement", "where VAT is due on collection")},
			{string(CollectedAll), say("pour toutes les factures électroniques", "for all electronic invoices")},
			{string(CollectedNone), say("jamais : un autre outil le fait", "never: another tool does")},
		},
	})
	LifecycleAuto = yesNo(Definition{
		Name: "lifecycle_auto", Group: GroupEinvoice, Default: "false",
		Label: say("Envoyer les statuts sans accord", "Send statuses without approval"),
		Help: say(
			"Sinon une personne les envoie depuis « Factures électroniques », et les voit avant.",
			"Otherwise a person sends them from “Electronic invoices”, and sees them before.",
		),
	})
	LifecycleWay = choice[LifecycleWayValue](Definition{
		Name: "lifecycle_way", Group: GroupEinvoice, Default: string(LifecycleByHand),
		Label: say("Échange avec la plateforme", "Exchange with the platform"),
		Choices: []Choice{
			{string(LifecycleByHand), say("à la main, par des fichiers", "by hand, as files")},
			{string(LifecycleByFolder), say("par des dossiers", "through folders")},
			{string(LifecycleByFlow), say("par son interface (XP Z12-013)", "through its interface (XP Z12-013)")},
		},
	})
	LifecycleInbox = text(Definition{
		Name: "lifecycle_inbox", Group: GroupEinvoice, Right: RightHost,
		Label: say("Dossier des statuts reçus", "Folder of statuses received"),
		Help: say(
			"Chemin complet sur la machine d’Acquit. Ce qui est pris est rangé dans « traités ».",
			"Full path on the machine of Acquit. What was taken is put away in “traités”.",
		),
	}, checkFolder)
	LifecycleOutbox = text(Definition{
		Name: "lifecycle_outbox", Group: GroupEinvoice, Right: RightHost,
		Label: say("Dossier des statuts à envoyer", "Folder of statuses to send"),
		Help: say(
			"Chemin complet sur la machine d’Acquit, où votre plateforme ou un connecteur les prend.",
			"Full path on the machine of Acquit, where your platform or a connector takes them.",
		),
	}, checkFolder)
	FlowURL = text(Definition{
		Name: "flow_url", Group: GroupEinvoice,
		Label: say("Plateforme : adresse de l’interface", "Platform: address of the interface"),
		Help: say(
			"La racine du Flow Service, sans « /v1 » : https://api.plateforme.example/flow.",
			"The root of the Flow Service, without “/v1”: https://api.platform.example/flow.",
		),
	}, checkWebAddress)
	FlowTokenURL = text(Definition{
		Name: "flow_token_url", Group: GroupEinvoice,
		Label: say("Plateforme : adresse des jetons (OAuth 2)", "Platform: token address (OAuth 2)"),
	}, checkWebAddress)
	FlowClient = text(Definition{
		Name: "flow_client", Group: GroupEinvoice,
		Label: say("Plateforme : identifiant de l’application", "Platform: client identifier"),
	}, nil)
	FlowSecret = secret(Definition{
		Name: "flow_secret", Group: GroupEinvoice,
		Label: say("Plateforme : secret de l’application", "Platform: client secret"),
		Help:  say("Chiffré dans la base, jamais affiché.", "Encrypted in the database, never shown."),
	}, nil)
	FlowScope = text(Definition{
		Name: "flow_scope", Group: GroupEinvoice,
		Label: say("Plateforme : portée du jeton", "Platform: token scope"),
		Help:  say("Si votre plateforme en demande une.", "If your platform asks for one."),
	}, nil)
	FlowOrganization = text(Definition{
		Name: "flow_organization", Group: GroupEinvoice,
		Label: say("Plateforme : organisation", "Platform: organisation"),
		Help: say(
			"L’en-tête Organization-Id, si votre plateforme en demande un.",
			"The header Organization-Id, if your platform asks for one.",
		),
	}, nil)
)

func checkFolder(s string) error {
	if !filepath.IsAbs(s) {
		return &fault.Invalid{Message: "ce n’est pas un chemin complet", Mend: "depuis la racine, par exemple /srv/acquit/statuts"}
	}
	return nil
}

// checkWebAddress takes addresses that keep what is said to them to themselves;
// those of this machine may be in clear.
func checkWebAddress(s string) error {
	u, err := url.Parse(s)
	local := err == nil && (u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127."))
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return &fault.Invalid{Message: "«\u00a0" + s + "\u00a0» n’est pas une adresse sûre", Mend: "de la forme https://…, sans mot de passe dedans"}
	}
	return nil
}
