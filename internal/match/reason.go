package match

import "acquit/internal/i18n"

// Text is the reason in words.
func (r Reason) Text(l i18n.Lang) string {
	w, ok := words[r.Code]
	if !ok {
		return r.Code
	}
	return w.In(l)
}

var words = map[string]i18n.Words{
	"reference": {FR: "Le libellé donne le numéro de la pièce", EN: "The label gives the document’s number"},
}
