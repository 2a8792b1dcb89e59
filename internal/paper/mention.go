package paper

import "acquit/internal/i18n"

// Registered is what a registered letter says above its recipient.
var Registered = i18n.Words{
	FR: "Lettre recommandée avec avis de réception", EN: "Registered letter with acknowledgement of receipt",
}

// Electronic is what a registered letter says that travels as data.
var Electronic = i18n.Words{FR: "Lettre recommandée électronique", EN: "Electronic registered letter"}
