package bank

import (
	"strings"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/i18n"
	"acquit/internal/identifier"
	"acquit/internal/web/ui"
)

// lineWords is the small print of an entry in a list.
func lineWords(f ui.Frame, e bank.Kept) string {
	words := f.Means(e.Means, e.Amount.Sign() > 0)
	if said := ui.Wording(e.Entry); said != "" {
		words += " · " + said
	}
	return words
}

// sentence is what an entry is, in one line.
func sentence(f ui.Frame, e entryView) string {
	return ui.Capital(lineWords(f, e.Kept))
}

// other is an entry that another speaks of.
func other(f ui.Frame, e bank.Kept) string {
	means := f.Means(e.Means, e.Amount.Sign() > 0)
	return f.Sayf("%s du %s, %s", "%s of %s, %s", means, f.Lang.Date(e.On), f.Lang.Amount(e.Amount))
}

// amountClass is the colour of an amount.
func amountClass(e entryView) string {
	switch {
	case e.Return != nil:
		return "late"
	case e.Amount.Sign() > 0:
		return "paid"
	}
	return ""
}

func stateWords(f ui.Frame, e entryView) string {
	switch {
	case e.Status == bank.IsPending:
		return f.Say("annoncée", "pending")
	case e.line.State != "":
		return e.line.State.In(f.Lang)
	case e.Amount.Sign() < 0:
		return f.Say("sortie", "money out")
	}
	return cash.Open.In(f.Lang)
}

// byWords is who made what of an entry, and when.
func byWords(f ui.Frame, e entryView) string {
	switch a := e.line.Application; {
	case a != nil:
		return ui.Sentence(momentWords(f, a.At, e.who(f, a.By)))
	case e.line.State == cash.Aside && !e.line.ChangedAt.IsZero():
		return ui.Sentence(momentWords(f, e.line.ChangedAt, e.who(f, e.line.ChangedBy)))
	}
	return ""
}

func (page entryView) who(f ui.Frame, actor string) string {
	return cash.Who(page.people, actor, f.Lang)
}

// momentWords is when something was done and by whom.
func momentWords(f ui.Frame, at time.Time, who string) string {
	words := f.Sayf("le %s à %s", "on %s at %s", f.LocalDate(at), f.Local(at).Format("15:04"))
	if who != "" {
		words += f.Say(", par ", ", by ") + who
	}
	return words
}

var applied = map[cash.ApplicationKind]i18n.Words{
	cash.PaymentKind: {FR: "Affectée", EN: "Allocated"},
	cash.LinkKind:    {FR: "Rapprochée d’un règlement en compte", EN: "Tied to a payment in the books"},
	cash.ReturnKind:  {FR: "Rapprochée de ce qu’elle reprend", EN: "Tied to what it takes back"},
	cash.RefundKind:  {FR: "Remboursement", EN: "Refund"},
}

// pastWords tell what was made of an entry and taken back.
func pastWords(f ui.Frame, e entryView, a cash.Application) (did, undid string) {
	did = applied[a.Kind].In(f.Lang) + " " + momentWords(f, a.At, e.who(f, a.By))
	undid = f.Say("défait ", "undone ") + momentWords(f, a.UndoneAt, e.who(f, a.UndoneBy))
	if a.Undone != "" {
		undid += f.Sayf(" : %s", ": %s", a.Undone)
	}
	return did, undid
}

// nothingMade says why nothing was made of an entry.
func nothingMade(f ui.Frame, e entryView) string {
	switch {
	case e.Status == bank.IsPending:
		return f.Say("Annoncée seulement : elle compte quand la banque la comptabilise.",
			"Announced only: it counts once the bank books it.")
	case e.Detailed:
		return f.Say("C’est le total d’une remise : ce sont ses détails qui comptent.",
			"It is the total of a batch: its details count.")
	case e.line.Reason != "":
		return ui.Sentence(e.line.Reason)
	case e.line.Code != "":
		return ui.Sentence(e.line.Code.In(f.Lang))
	}
	return f.Say("Rien encore.", "Nothing yet.")
}

// references are the numbers of an entry with their names, without the empty
// ones.
func references(f ui.Frame, e bank.Entry) [][2]string {
	return given([][2]string{
		{f.Say("Bout en bout", "End to end"), e.EndToEnd},
		{f.Say("Mandat (RUM)", "Mandate"), e.Mandate},
		{f.Say("Références structurées", "Structured references"), strings.Join(e.Structured, ", ")},
		{f.Say("Référence de la banque", "Bank reference"), e.BankRef},
		{f.Say("Remise", "Batch"), e.Batch},
		{f.Say("Code de l’opération", "Code of the operation"), e.Code},
		{f.Say("Identifiant du tiers", "Identifier of the other side"), e.Party.ID},
	})
}

// saidWords are all texts of an entry, as a record has them.
func saidWords(f ui.Frame, e bank.Entry) [][2]string {
	return given([][2]string{
		{f.Say("Libellé", "Label"), e.Label},
		{f.Say("Textes", "Texts"), strings.Join(e.Texts, "\n")},
		{f.Say("Tiers", "Other side"), strings.TrimSpace(e.Party.Name + " " + e.Party.IBAN)},
		{f.Say("Bout en bout", "End to end"), e.EndToEnd},
	})
}

func given(list [][2]string) [][2]string {
	kept := list[:0]
	for _, x := range list {
		if x[1] != "" {
			kept = append(kept, x)
		}
	}
	return kept
}

// accountWords is an account's number, its holder and its bank.
func accountWords(a bank.Source) string {
	number := a.Account.Number
	if a.Account.IBAN != "" {
		number = identifier.GroupIBAN(a.Account.IBAN)
	}
	words := []string{number}
	for _, w := range []string{a.Account.Name, a.Account.BIC} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " · ")
}

func agoWords(f ui.Frame, days int) string {
	switch days {
	case 0:
		return f.Say("aujourd’hui", "today")
	case 1:
		return f.Say("hier", "yesterday")
	}
	return f.Sayf("il y a %d jours", "%d days ago", days)
}

// statementWords is a statement's number and days.
func statementWords(f ui.Frame, st bank.Listed) string {
	from, to := st.From, st.To
	if from.IsZero() {
		from = st.First
	}
	if to.IsZero() {
		to = st.Last
	}
	words := f.Lang.Date(to)
	if from != to && !from.IsZero() {
		words = f.Lang.Date(from) + " – " + words
	}
	switch {
	case st.Kind == bank.Interim:
		words += f.Say(", provisoire", ", interim")
	case st.Kind == bank.Details:
		words += f.Say(", détails", ", details")
	case st.Number != "":
		words = f.Sayf("n° %s, ", "No. %s, ", st.Number) + words
	}
	return words
}

func balanceWords(f ui.Frame, b *bank.Balance) string {
	if b == nil {
		return "–"
	}
	return f.Lang.Amount(b.Amount)
}

// accountName is what people call an account.
func accountName(accounts []bank.Source, id string) string {
	for _, s := range accounts {
		if s.ID == id {
			return s.Name()
		}
	}
	return ""
}
