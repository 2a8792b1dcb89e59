package dunning

import (
	"strings"
	"unicode/utf8"

	"acquit/internal/i18n"
)

// titles are the steps of the shipped scenarios as people name them.
var titles = map[string]i18n.Words{
	"rappel":          {FR: "Rappel avant échéance", EN: "Reminder before the due date"},
	"appel":           {FR: "Appel", EN: "Call"},
	"relance-1":       {FR: "Première relance", EN: "First reminder"},
	"relance-2":       {FR: "Deuxième relance", EN: "Second reminder"},
	"relance-3":       {FR: "Troisième relance", EN: "Third reminder"},
	"derniere":        {FR: "Dernière relance", EN: "Last reminder"},
	"mise-en-demeure": {FR: "Mise en demeure", EN: "Formal notice"},
	"dossier":         {FR: "Transmission du dossier", EN: "Hand-over of the file"},
}

// StepTitle is a step as people name it: a shipped step by its words, another
// by its identifier.
func StepTitle(step string, l i18n.Lang) string {
	if w, ok := titles[step]; ok {
		return w.In(l)
	}
	words := strings.ReplaceAll(step, "-", " ")
	_, first := utf8.DecodeRuneInString(words)
	return strings.ToUpper(words[:first]) + words[first:]
}

// contests are the reasons for which an invoice is contested, in words.
var contests = map[string]i18n.Words{
	"price":     {FR: "prix", EN: "price"},
	"quantity":  {FR: "quantité", EN: "quantity"},
	"quality":   {FR: "qualité", EN: "quality"},
	"delivery":  {FR: "livraison", EN: "delivery"},
	"admin":     {FR: "pièce ou référence manquante", EN: "missing paper or reference"},
	"terms":     {FR: "conditions de paiement", EN: "terms of payment"},
	"no_debt":   {FR: "dette contestée dans son principe", EN: "says that nothing is owed"},
	"duplicate": {FR: "facture en double", EN: "invoiced twice"},
	"other":     {FR: "autre", EN: "other"},
}

// Contested is the reason of a dispute in words: one of the house's by its words,
// another, as a scenario test may have it, as it is written.
func Contested(reason string, l i18n.Lang) string {
	if w, ok := contests[reason]; ok {
		return w.In(l)
	}
	return reason
}
