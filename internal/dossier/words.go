package dossier

import (
	"fmt"
	"strings"

	"acquit/internal/customer"
	"acquit/internal/i18n"
)

// spaces are the no-break spaces of French, so that no sign begins a line.
var spaces = strings.NewReplacer(
	" :", "\u00a0:", " ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?", " %", "\u202f%", " €", "\u00a0€",
	"« ", "«\u00a0", " »", "\u00a0»", "n° ", "n°\u00a0",
)

// French is a French text with its no-break spaces.
func French(s string) string { return spaces.Replace(s) }

// say is a text in both languages.
func say(fr, en string) i18n.Words { return i18n.Words{FR: French(fr), EN: en} }

// sayf is say with args put in.
func sayf(fr, en string, args ...any) i18n.Words {
	return say(fmt.Sprintf(fr, args...), fmt.Sprintf(en, args...))
}

// roleWords are the roles of contacts, as a workbook names them.
var roleWords = map[customer.Role]string{
	customer.Accounting: "comptabilité", customer.Purchasing: "achats", customer.Manager: "direction",
	customer.Sales: "commerce", customer.Other: "autre",
}
