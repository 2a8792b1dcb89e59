package setting

// RegisteredWayValue is how registered letters travel.
type RegisteredWayValue string

// The ways.
const (
	RegisteredPaper      RegisteredWayValue = "paper"
	RegisteredElectronic RegisteredWayValue = "electronic"
)

// The settings of registered letters.
var (
	RegisteredWay = choice[RegisteredWayValue](Definition{
		Name: "registered_way", Group: GroupPost, Default: string(RegisteredPaper),
		Label: say("Lettres recommandées", "Registered letters"),
		Help: say(
			"Sur papier : imprimées avec les lettres du jour, à déposer par vous. Électroniques : par AR24 ; un particulier doit "+
				"y avoir consenti avant (CPCE L100), et celle qu’il n’accepte pas est à doubler sur papier.",
			"On paper: printed with the day’s letters, deposited by you. Electronic: by AR24; a consumer must have agreed to "+
				"it before (CPCE L100), and one that is not accepted is to be sent on paper as well.",
		),
		Choices: []Choice{
			{string(RegisteredPaper), say("sur papier", "on paper")},
			{
				string(RegisteredElectronic),
				say("électroniques, par AR24 (Docaposte)", "electronic, by AR24 (Docaposte)"),
			},
		},
	})
	AR24Site = choice[string](Definition{
		Name: "ar24_site", Group: GroupPost, Default: "production",
		Label: say("AR24 : environnement", "AR24: environment"),
		Help: say(
			"Le bac à sable n’envoie rien qui vaille : pour un essai.",
			"The sandbox sends nothing that counts: for a trial.",
		),
		Choices: []Choice{
			{"production", say("production", "production")},
			{"sandbox", say("bac à sable", "sandbox")},
		},
	})
	AR24Token = secret(Definition{
		Name: "ar24_token", Group: GroupPost,
		Label: say("AR24 : jeton d’accès", "AR24: access token"),
		Help: say(
			"Chiffré dans la base, jamais affiché.",
			"Encrypted in the database, never shown.",
		),
	}, nil)
	AR24Key = secret(Definition{
		Name: "ar24_key", Group: GroupPost,
		Label: say("AR24 : clé privée", "AR24: private key"),
		Help: say(
			"Elle signe les demandes et ouvre les réponses. Chiffrée dans la base, jamais affichée.",
			"It signs requests and opens answers. Encrypted in the database, never shown.",
		),
	}, nil)
	AR24User = text(Definition{
		Name: "ar24_user", Group: GroupPost,
		Label: say("AR24 : numéro de l’expéditeur", "AR24: number of the sender"),
		Help: say(
			"L’identifiant (id_user) du compte au nom duquel les lettres partent.",
			"The identifier (id_user) of the account for which letters leave.",
		),
	}, nil)
	AR24OTP = secret(Definition{
		Name: "ar24_otp", Group: GroupPost,
		Label: say("AR24 : clé OTP de l’expéditeur", "AR24: OTP key of the sender"),
		Help: say(
			"Celle du recommandé par lequel AR24 a vérifié son identité ; vide si AR24 n’en demande pas pour votre jeton. "+
				"Chiffrée dans la base, jamais affichée.",
			"That of the registered letter by which AR24 verified who sends; empty if AR24 asks for none with your token. "+
				"Encrypted in the database, never shown.",
		),
	}, nil)
)
