package message

import (
	"fmt"
	"regexp"
	"strings"
)

// action is one {{…}} of a text, comments included.
var action = regexp.MustCompile(`(?s)\{\{-?\s*([\pL_$]*).*?\}\}`)

// refused are the keywords of the template language that its catalogue leaves
// out, and why.
var refused = map[string]string{
	"template": "un modèle n’en appelle pas un autre",
	"define":   "un modèle n’en définit pas un autre",
	"block":    "un modèle n’en définit pas un autre",
	"with":     "with n’est pas admis",
	"break":    "break n’est pas admis",
	"continue": "continue n’est pas admis",
}

// forbidden finds what must not even be parsed, and counts the actions.
func (c *checker) forbidden() error {
	all := action.FindAllStringSubmatchIndex(c.text, maxActions+1)
	if len(all) > maxActions {
		return c.wrong(all[maxActions][0],
			fmt.Sprintf("le modèle a plus de %d instructions {{…}}", maxActions), "raccourcissez-le")
	}
	for _, m := range all {
		word := c.text[m[2]:m[3]]
		if why, ok := refused[word]; ok {
			return c.wrong(m[0], fmt.Sprintf("{{%s}} : %s", word, why), "utilisez if, else, range et end")
		}
	}
	return nil
}

// complaints are what the parser says and what a person needs to hear.
var complaints = []struct{ says, means, mend string }{
	{"unclosed action", "les accolades ne sont pas refermées", "ajoutez }}"},
	{"unclosed comment", "le commentaire n’est pas refermé", "ajoutez */}}"},
	{"comment ends", "le commentaire n’est pas refermé", "écrivez */}} sans rien entre */ et }}"},
	{"unterminated", "un guillemet n’est pas refermé", `ajoutez "`},
	{"unclosed left paren", "une parenthèse n’est pas refermée", "ajoutez )"},
	{"unexpected right paren", "une parenthèse se ferme sans avoir été ouverte", "effacez-la"},
	{"unexpected {{end}}", "{{end}} ne ferme rien", "effacez-le, ou ajoutez le {{if}} qui manque avant"},
	{"unexpected {{else}}", "{{else}} est hors de tout {{if}}", "effacez-le, ou ajoutez le {{if}} qui manque avant"},
	{"expected end; found", "il y a deux {{else}} pour un {{if}}", "gardez-en un"},
	{"missing value", "il manque un mot entre ces accolades", "écrivez le nom d’une donnée"},
	{"undefined variable", "les variables en $ ne sont pas admises", "écrivez directement le nom de la donnée"},
}

// syntax is the parser's complaint in words, with the place of the {{…}} that
// it is about.
func (c *checker) syntax(err error) error {
	at := c.culprit()
	if at < 0 {
		return c.wrong(c.unclosed(), "ce {{if}} ou {{range}} n’est pas fermé", "ajoutez {{end}}")
	}
	says := err.Error()
	for _, k := range complaints {
		if strings.Contains(says, k.says) {
			return c.wrong(at, k.means, k.mend)
		}
	}
	return c.wrong(at, "cette instruction n’est pas lisible", "comparez-la aux exemples du catalogue")
}

// culprit is where the first {{…}} begins that the parser refuses, or −1 when
// each is well formed and only an {{end}} is missing.
func (c *checker) culprit() int {
	all := action.FindAllStringIndex(c.text, -1)
	for _, m := range all {
		if _, err := parseTree(c.text[:m[1]]); err != nil && !strings.Contains(err.Error(), "unexpected EOF") {
			return m[0]
		}
	}
	rest := 0
	if len(all) > 0 {
		rest = all[len(all)-1][1]
	}
	if i := strings.Index(c.text[rest:], "{{"); i >= 0 {
		return rest + i
	}
	return -1
}

// unclosed is where the innermost block begins that no {{end}} closes.
func (c *checker) unclosed() int {
	var open []int
	for _, m := range action.FindAllStringSubmatchIndex(c.text, -1) {
		switch c.text[m[2]:m[3]] {
		case "if", "range":
			open = append(open, m[0])
		case "end":
			open = open[:max(len(open)-1, 0)]
		}
	}
	if len(open) == 0 {
		return 0
	}
	return open[len(open)-1]
}
