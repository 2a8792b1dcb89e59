package message

import (
	"fmt"
	"regexp"
	"strings"

	"acquit/internal/fault"
)

// Rendered is a message in words, before it becomes bytes.
type Rendered struct {
	Template string // its name, and the variant that was used
	Tone     Tone
	Language string
	Subject  string
	Text     string
	HTML     string
	Parts    []Part   // what Text and HTML were made from, for a letter
	Warnings []string // what a person should know before approving, in French
}

// Render writes the message of f. Facts that no message may be made of, a
// customer whom the template may not speak to, and words that the law forbids
// towards a consumer are fault.Invalid.
func (t *Template) Render(f Facts) (Rendered, error) {
	if err := f.check(); err != nil {
		return Rendered{}, err
	}
	if !t.Speaks(f.Customer.Kind) {
		return Rendered{}, fault.Invalidf("audience", "le modèle %s (%s) n’est pas fait pour %s",
			t.Name, t.Language, audienceWords[f.Customer.Kind])
	}
	f.formal = t.Tone == Formal
	w := t.words.once()
	v := f.view(w)
	subject, err := t.execute(t.subject, v)
	if err != nil {
		return Rendered{}, err
	}
	body, err := t.execute(t.body, v)
	if err != nil {
		return Rendered{}, err
	}
	out := Rendered{
		Template: t.Name, Tone: t.Tone, Language: t.Language,
		Subject: oneLine(subject), Parts: append(f.parts(body, w), f.mentions()...), Warnings: f.warnings(),
	}
	out.Text = f.text(out.Parts, w)
	if err := lawful(f.Customer.Kind, out.Subject+"\n"+out.Text); err != nil {
		return Rendered{}, err
	}
	out.HTML, err = f.html(out, w)
	return out, err
}

// mentions are a paragraph each.
func (f Facts) mentions() (list []Part) {
	for _, text := range f.Mentions {
		list = append(list, Part{Paragraph: [][]Span{{{Text: text}}}})
	}
	return list
}

// oneLine is a subject without the marks of the body.
func oneLine(s string) string {
	return line(unmarked.Replace(s))
}

var unmarked = strings.NewReplacer(strongOn, "", strongOff, "")

var audienceWords = map[Audience]string{
	Business: "un professionnel",
	Consumer: "un particulier",
	Public:   "un acheteur public",
}

// professionalLaw is what may never be claimed from a consumer: the late
// interest and the fixed compensation of C. com. L441-10 and D441-5.
var professionalLaw = regexp.MustCompile(
	`(?i)\b[LD]?\.?\s?441[-‑]\s?(10|5)\b|indemnit[ée]s? forfaitaires?|compensation for recovery costs`,
)

func lawful(to Audience, words string) error {
	if to != Consumer {
		return nil
	}
	if found := professionalLaw.FindString(words); found != "" {
		return &fault.Invalid{
			Field:   "template",
			Message: fmt.Sprintf("le message cite « %s », qui ne s’applique pas à un particulier", found),
			Mend:    "choisissez le modèle destiné aux particuliers",
		}
	}
	return nil
}

func (f Facts) warnings() []string {
	var out []string
	warn := func(when bool, text string) {
		if when {
			out = append(out, text)
		}
	}
	warn(f.Creditor.Bank.grouped() == "", "vos coordonnées bancaires manquent : le client ne saura pas où payer")
	warn(first(f.ReplyTo, f.Collector.Email, f.Creditor.Email) == "", "aucune adresse pour répondre n’est connue")
	warn(first(f.Collector.Phone, f.Creditor.Phone) == "", "aucun téléphone connu : le client ne saura pas qui appeler")
	warn(len(f.Claimed) > maxLines, fmt.Sprintf("le tableau ne montre que les %d premières factures", maxLines-1))
	return out
}
