package paper

import (
	"bytes"
	"strings"

	"acquit/internal/channel"
	"acquit/internal/fault"
	"acquit/internal/letter"
)

// PDF is the media type of what goes behind a letter.
const PDF = "application/pdf"

// Message turns a draft into the message of a channel of paper: its bytes are
// the PDF of the letter with what goes behind it, and it is sent to the lines
// of the address. The same draft gives the same bytes.
func Message(d channel.Draft) (m channel.Message, err error) {
	switch {
	case d.ID == "":
		return m, fault.Invalidf("id", "le message n’a pas d’identifiant")
	case d.Letter == nil:
		return m, fault.Invalidf("letter", "il n’y a pas de lettre à imprimer")
	case len(d.Letter.Sender) == 0:
		return m, &fault.Invalid{
			Field: "sender", Message: "l’expéditeur de la lettre manque", Mend: "Réglages, Société",
		}
	case len(d.Letter.Recipient) < minAddress:
		return m, &fault.Invalid{
			Field: "recipient", Message: "l’adresse postale est incomplète", Mend: "compléter l’adresse du client",
		}
	}
	page := *d.Letter
	page.On = d.Date
	for _, a := range d.Attachments {
		if a.Type == PDF {
			page.Behind = append(page.Behind, letter.Attachment{Name: a.Name, PDF: a.Data})
		}
	}
	var raw bytes.Buffer
	if err := letter.Write(&raw, page); err != nil {
		return m, err
	}
	m = channel.Message{ID: d.ID, From: oneLine(page.Sender[0]), Raw: raw.Bytes()}
	for _, line := range page.Recipient {
		m.To = append(m.To, oneLine(line))
	}
	return m, nil
}

// minAddress is a name and a place: less reaches nobody.
const minAddress = 2

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
