package setting

import (
	"encoding/pem"
	"fmt"
	"net/mail"
	"path/filepath"
	"strconv"
	"strings"

	"acquit/internal/fault"
)

// Security is how a connection to the mail server is protected.
type Security string

// The ways: TLS from the first byte, STARTTLS or nothing leaves, or none at all.
const (
	SecurityTLS      Security = "tls"
	SecuritySTARTTLS Security = "starttls"
	SecurityNone     Security = "none"
)

// The settings of e-mail.
var (
	SMTPHost = text(Definition{
		Name: "smtp_host", Group: GroupMail,
		Label: say("Serveur d’envoi", "Mail server"),
		Help: say(
			"Le serveur SMTP de votre messagerie, par exemple smtp.votre-domaine.fr. Sans lui, rien ne part.",
			"The SMTP server of your mail provider, for example smtp.your-domain.com. Without it nothing leaves.",
		),
	}, checkHost)
	SMTPPort = whole(Definition{
		Name: "smtp_port", Group: GroupMail, Default: "587",
		Label: say("Port", "Port"),
		Help: say(
			"587 avec STARTTLS, 465 avec TLS.",
			"587 with STARTTLS, 465 with TLS.",
		),
	}, 1, 65535)
	SMTPSecurity = choice[Security](Definition{
		Name: "smtp_security", Group: GroupMail, Default: string(SecuritySTARTTLS),
		Label: say("Chiffrement", "Encryption"),
		Choices: []Choice{
			{string(SecuritySTARTTLS), say("STARTTLS, exigé", "STARTTLS, required")},
			{string(SecurityTLS), say("TLS dès la connexion", "TLS from the start")},
			{string(SecurityNone), say("aucun : un serveur de la même machine seulement", "none: a server on the same machine only")},
		},
	})
	SMTPUser = text(Definition{
		Name: "smtp_user", Group: GroupMail,
		Label: say("Identifiant", "User name"),
		Help: say(
			"Laissez vide si le serveur n’en demande pas.",
			"Leave empty if the server asks for none.",
		),
	}, nil)
	SMTPPassword = secret(Definition{
		Name: "smtp_password", Group: GroupMail,
		Label: say("Mot de passe", "Password"),
		Help: say(
			"Chiffré dans la base, jamais affiché.",
			"Encrypted in the database, never shown.",
		),
	}, nil)
	MailFromName = text(Definition{
		Name: "mail_from_name", Group: GroupMail,
		Label: say("Nom de l’expéditeur", "Sender’s name"),
		Help: say(
			"Ce que vos clients lisent dans leur boîte, par exemple « Sophie Martin, Atelier Dupont ».",
			"What your customers read in their inbox, for example “Sophie Martin, Atelier Dupont”.",
		),
	}, nil)
	MailFromAddress = text(Definition{
		Name: "mail_from_address", Group: GroupMail,
		Label: say("Adresse d’envoi", "Sender’s address"),
		Help: say(
			"Une adresse que vous relevez : les clients y répondent.",
			"An address that you read: customers answer to it.",
		),
	}, checkAddress)
	ReplyTo = text(Definition{
		Name: "reply_to", Group: GroupMail,
		Label: say("Répondre à", "Reply to"),
		Help: say(
			"Si les réponses doivent arriver ailleurs.",
			"If answers should go elsewhere.",
		),
	}, checkAddress)
	DKIMDomain = text(Definition{
		Name: "dkim_domain", Group: GroupMail,
		Label: say("Domaine de la signature DKIM", "Domain of the DKIM signature"),
		Help: say(
			"À remplir seulement si votre serveur ne signe pas lui-même.",
			"Only if your server does not sign by itself.",
		),
	}, checkHost)
	DKIMSelector = text(Definition{
		Name: "dkim_selector", Group: GroupMail,
		Label: say("Sélecteur DKIM", "DKIM selector"),
	}, checkHost)
	DKIMKey = secret(Definition{
		Name: "dkim_key", Group: GroupMail, Long: true,
		Label: say("Clé privée DKIM", "DKIM private key"),
		Help: say(
			"En PEM, chiffrée dans la base, jamais affichée.",
			"In PEM, encrypted in the database, never shown.",
		),
	}, checkPEM)
)

// The settings of the books.
var (
	AgingBuckets = list(Definition{
		Name: "aging_buckets", Group: GroupBooks, Default: "30\n60\n90", Right: RightWork,
		Label: say("Tranches de la balance âgée", "Buckets of the aged balance"),
		Unit:  say("jours", "days"),
		Help: say(
			"La fin de chaque tranche, en jours de retard : 30, 60, 90 donne 1–30, 31–60, 61–90 et plus de 90.",
			"The end of each bucket, in days overdue: 30, 60, 90 gives 1–30, 31–60, 61–90 and over 90.",
		),
	}, byComma, strconv.Atoi, checkBuckets)
	AgingCredits = choice[string](Definition{
		Name: "aging_credits", Group: GroupBooks, Default: "aged", Right: RightWork,
		Label: say("Avoirs et règlements non affectés, dans la balance", "Unallocated credits in the aged balance"),
		Choices: []Choice{
			{"aged", say("dans la tranche de leur date", "in the bucket of their date")},
			{"apart", say("dans une colonne à part", "in a column of their own")},
		},
	})
)

// The settings of imports.
var (
	StockVanishShare = whole(Definition{
		Name: "stock_vanish_share", Group: GroupImport, Default: "30",
		Label: say("Postes ouverts qui peuvent disparaître d’un coup", "Open items that may vanish at once"),
		Unit:  say("%", "%"),
		Help: say(
			"Un import complet solde ce qui n’est plus dans le fichier. S’il en soldait davantage que cette part, il "+
				"s’arrête et demande : le fichier est sans doute incomplet.",
			"A full import settles what is no longer in the file. If it would settle more than this share, it stops "+
				"and asks: the file is probably cut short.",
		),
	}, 0, 100)
	WatchFolders = list(Definition{
		Name: "watch_folders", Group: GroupImport, Right: RightHost, Long: true,
		Label: say("Dossiers surveillés", "Watched folders"),
		Help: say(
			"Chaque fichier qui y est déposé est importé, puis rangé dans « traités » ou « rejetés » avec son rapport "+
				"en clair (.txt) et, s’il y en a, ses lignes refusées (.rejets.csv), à corriger et à déposer de nouveau. Ce qui "+
				"est déposé dans le sous-dossier « complet » est la liste entière des postes ouverts. Un dossier par ligne, "+
				"chemin complet sur la machine d’Acquit. Se règle sur cette machine seulement.",
			"Each file that is dropped there is imported, then put away in “traités” or “rejetés” with its report "+
				"in words (.txt) and, if there are any, its refused rows (.rejets.csv), to be corrected and dropped again. What "+
				"is dropped into the subfolder “complet” is the whole list of what is open. One folder per line, full "+
				"path on the machine of Acquit. Set on that machine only.",
		),
	}, byLine, absolute, nil)
)

func checkHost(s string) error {
	if strings.ContainsAny(s, " /:@\t") || strings.HasPrefix(s, ".") || strings.HasSuffix(s, "-") {
		return &fault.Invalid{
			Message: fmt.Sprintf("« %s » n’est pas un nom de serveur ou de domaine", s),
			Mend:    "sans http://, sans port et sans espace",
		}
	}
	return nil
}

func checkAddress(s string) error {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return &fault.Invalid{
			Message: fmt.Sprintf("« %s » n’est pas une adresse électronique", s), Mend: "écrire nom@domaine.fr",
		}
	}
	return nil
}

func checkPEM(s string) error {
	block, _ := pem.Decode([]byte(s))
	if block == nil || !strings.Contains(block.Type, "PRIVATE KEY") {
		return &fault.Invalid{
			Message: "ce n’est pas une clé privée en PEM", Mend: "elle commence par -----BEGIN PRIVATE KEY-----",
		}
	}
	return nil
}

// maxBucket bounds a bucket: limitation ends every debt long before.
const maxBucket = 3650

// maxBuckets is how many columns a page and a sheet still show well.
const maxBuckets = 8

func checkBuckets(ends []int) error {
	if len(ends) == 0 || len(ends) > maxBuckets {
		return &fault.Invalid{Message: fmt.Sprintf("il faut de 1 à %d tranches", maxBuckets)}
	}
	last := 0
	for _, n := range ends {
		if n <= last || n > maxBucket {
			return &fault.Invalid{Message: "les fins de tranche doivent croître", Mend: "par exemple 30, 60, 90"}
		}
		last = n
	}
	return nil
}

func absolute(s string) (string, error) {
	if !filepath.IsAbs(s) {
		return "", &fault.Invalid{Message: fmt.Sprintf("« %s » n’est pas un chemin complet", s)}
	}
	return filepath.Clean(s), nil
}
