package setting

// PostWayValue is who puts letters into envelopes.
type PostWayValue string

// The ways.
const (
	PostPrint   PostWayValue = "print"
	PostMaileva PostWayValue = "maileva"
)

// The settings of letters.
var (
	PostWay = choice[PostWayValue](Definition{
		Name: "post_way", Group: GroupPost, Default: string(PostPrint),
		Label: say("Qui poste les lettres", "Who posts letters"),
		Help: say(
			"Vous-même : les lettres du jour forment un PDF à imprimer, sous « Courrier ». Un prestataire : il imprime, met "+
				"sous pli et poste dès l’envoi ; les lettres recommandées sur papier restent à poster par vous.",
			"Yourself: the day’s letters are one PDF to print, under “Post”. A provider: it prints, puts into envelopes and "+
				"posts at once; registered letters on paper remain yours to post.",
		),
		Choices: []Choice{
			{string(PostPrint), say("nous-mêmes", "ourselves")},
			{string(PostMaileva), say("Maileva (Docaposte, groupe La Poste)", "Maileva (Docaposte, La Poste group)")},
		},
	})
	PostDuplex = yesNo(Definition{
		Name: "post_duplex", Group: GroupPost, Default: "true",
		Label: say("Recto-verso", "Both sides of the paper"),
		Help: say(
			"Chaque lettre commence alors sur une feuille à elle.",
			"Each letter then begins on a sheet of its own.",
		),
	})
	PostColour = yesNo(Definition{
		Name: "post_colour", Group: GroupPost, Default: "false",
		Label: say("Prestataire : en couleur", "Provider: in colour"),
	})
	PostSpeed = choice[string](Definition{
		Name: "post_speed", Group: GroupPost, Default: "ECONOMIC",
		Label: say("Prestataire : affranchissement", "Provider: postage"),
		Choices: []Choice{
			{"ECONOMIC", say("économique", "economic")},
			{"FAST", say("rapide", "fast")},
		},
	})
	MailevaSite = choice[string](Definition{
		Name: "maileva_site", Group: GroupPost, Default: "production",
		Label: say("Maileva : environnement", "Maileva: environment"),
		Help: say(
			"Le bac à sable n’imprime rien : pour un essai.",
			"The sandbox prints nothing: for a trial.",
		),
		Choices: []Choice{
			{"production", say("production", "production")},
			{"sandbox", say("bac à sable", "sandbox")},
		},
	})
	MailevaClient = text(Definition{
		Name: "maileva_client", Group: GroupPost,
		Label: say("Maileva : identifiant de l’application", "Maileva: client identifier"),
		Help: say(
			"Le client_id que Maileva vous a donné avec l’accès à son API.",
			"The client_id that Maileva gave you with access to its API.",
		),
	}, nil)
	MailevaSecret = secret(Definition{
		Name: "maileva_secret", Group: GroupPost,
		Label: say("Maileva : secret de l’application", "Maileva: client secret"),
		Help: say(
			"Chiffré dans la base, jamais affiché.",
			"Encrypted in the database, never shown.",
		),
	}, nil)
	MailevaUser = text(Definition{
		Name: "maileva_user", Group: GroupPost,
		Label: say("Maileva : utilisateur", "Maileva: user name"),
	}, nil)
	MailevaPassword = secret(Definition{
		Name: "maileva_password", Group: GroupPost,
		Label: say("Maileva : mot de passe", "Maileva: password"),
		Help: say(
			"Chiffré dans la base, jamais affiché.",
			"Encrypted in the database, never shown.",
		),
	}, nil)
)
