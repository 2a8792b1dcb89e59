package identifier

import (
	"net/mail"
	"regexp"
	"strings"
)

// The lengths that SMTP grants to an address and to what stands before its @ (RFC
// 5321, 4.5.3.1).
const (
	maxAddress = 254
	maxLocal   = 64
)

var (
	plainLocal = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	wideLocal  = regexp.MustCompile("^[\\pL\\pN!#$%&'*+/=?^_`{|}~-]+(\\.[\\pL\\pN!#$%&'*+/=?^_`{|}~-]+)*$")
	domainName = regexp.MustCompile(`^[\pL\pN]([\pL\pN-]*[\pL\pN])?(\.[\pL\pN]([\pL\pN-]*[\pL\pN])?)*$`)
)

// Email checks the syntax of one e-mail address; "Jeanne Roy <j.roy@example.fr>"
// is kept without the name, and the domain in small letters. Whether anybody
// reads it, only a message tells.
func Email(s string) Result {
	text := strings.TrimSpace(s)
	a, err := mail.ParseAddress(text)
	if err != nil || len(text) > 2*maxAddress {
		return say(text, Wrong, "ce n’est pas une adresse électronique", "this is not an e-mail address")
	}
	at := strings.LastIndex(a.Address, "@")
	local, domain := a.Address[:at], strings.ToLower(a.Address[at+1:])
	v := local + "@" + domain
	switch {
	case len(v) > maxAddress || len(local) > maxLocal:
		return say(v, Wrong, "cette adresse est trop longue", "this address is too long")
	case !domainName.MatchString(domain):
		return say(v, Wrong, "le domaine de cette adresse est faux", "the domain of this address is wrong")
	case !wideLocal.MatchString(local):
		return say(v, Wrong, "des caractères interdits avant l’arobase", "forbidden characters before the @")
	case !plainLocal.MatchString(local):
		return say(v, Suspicious, "des lettres accentuées avant l’arobase\u00a0: bien des serveurs les refusent",
			"accented letters before the @: many servers refuse them")
	case !strings.Contains(domain, "."):
		return say(v, Suspicious, "un domaine sans point\u00a0: l’adresse ne vaut que dans un réseau privé",
			"a domain without a dot: only good within a private network")
	}
	return valid(v)
}
