package setting

// Signing is who signs what goes to a court.
type Signing string

// Who signs.
const (
	SignedByHead  Signing = "head"  // the legal representative
	SignedByAgent Signing = "agent" // somebody with a power
)

// Signatory is who signs a dossier.
var Signatory = choice[Signing](Definition{
	Name: "dossier_signatory", Group: GroupDossier, Default: string(SignedByHead),
	Choices: []Choice{
		{Value: string(SignedByHead), Label: say("le représentant légal", "the legal representative")},
		{Value: string(SignedByAgent), Label: say("une personne munie d’un pouvoir", "a person with a power")},
	},
	Label: say("Qui signe les dossiers", "Who signs dossiers"),
	Help: say(
		"Quand ce n’est pas le représentant légal, le dossier n’est complet qu’avec le pouvoir du signataire (CPC 117).",
		"When it is not the legal representative, a dossier is complete only with the signatory’s power (CPC 117).",
	),
})
