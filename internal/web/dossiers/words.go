package dossiers

import (
	"strconv"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/dossier"
	"acquit/internal/i18n"
	"acquit/internal/web/ui"
)

func (page view) path(parts ...string) string {
	return "/clients/" + page.ID + "/dossier" + strings.Join(parts, "")
}

// tagClass colours a state: what is there is money in, what is missing is late.
func tagClass(s dossier.State) string {
	return map[dossier.State]string{
		dossier.Present: "tag paid", dossier.Missing: "tag late", dossier.Partial: "tag due", dossier.NoNeed: "tag",
	}[s]
}

// mend is where what a line lacks can be brought, or nothing.
func (page view) mend(l dossier.Line) string {
	switch l.Point {
	case dossier.PointReminders:
		return "/clients/" + page.ID
	case dossier.PointInvoices:
		return "/imports"
	case dossier.PointStatement:
		return "/reglages/droit"
	case dossier.PointNotice:
		return "/mises-en-demeure"
	}
	if len(l.Kinds) == 0 || !page.may {
		return ""
	}
	return page.path("?genre=", string(missingKind(page.evidence, l)), "#deposer")
}

// missingKind is the first kind of a line that no piece has, else its first.
func missingKind(list []dossier.Evidence, l dossier.Line) dossier.Kind {
	for _, k := range l.Kinds {
		there := false
		for _, e := range list {
			there = there || e.Kind == k && !e.Withdrawn()
		}
		if !there {
			return k
		}
	}
	return l.Kinds[0]
}

func score(l dossier.Line) string {
	if l.Need == 0 {
		return "–"
	}
	return strconv.Itoa(l.Earned) + "/" + strconv.Itoa(l.Weight)
}

// about are the numbers of what a piece is about.
func (page view) about(f ui.Frame, e dossier.Evidence) string {
	switch {
	case e.Customer == "":
		return f.Say("tous les clients", "all customers")
	case len(e.Documents) == 0:
		return f.Say("tout le compte", "the whole account")
	}
	numbers := make([]string, len(e.Documents))
	for i, id := range e.Documents {
		numbers[i] = page.numbers[id]
	}
	return strings.Join(numbers, ", ")
}

// who is the name of whoever acted.
func (page view) who(f ui.Frame, actor string) string {
	if name, ok := page.people[actor]; ok {
		return name
	}
	switch actor {
	case creditor.ActorCLI:
		return f.Say("ligne de commande", "command line")
	case creditor.ActorSystem, creditor.ActorRule:
		return "Acquit"
	}
	return f.Say("une personne partie depuis", "somebody who has left")
}

// weighs is a size as people read it.
func weighs(f ui.Frame, n int64) string {
	switch {
	case n < 1<<10:
		return f.Sayf("%d octets", "%d bytes", n)
	case n < 1<<20:
		return f.Sayf("%d ko", "%d kB", n>>10)
	}
	tenths := n * 10 >> 20
	text := strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10)
	if f.Lang == i18n.FR {
		return strings.Replace(text, ".", ",", 1) + "\u00a0Mo"
	}
	return text + " MB"
}

// sentence is what stands under the title.
func (page view) sentence(f ui.Frame) string {
	if page.complete.Claims == 0 {
		return f.Say("Aucune facture ouverte : il n’y a rien à réclamer.", "No open invoice: there is nothing to claim.")
	}
	return page.Code + " · " + page.Kind.In(f.Lang)
}

// routes are the ways that the form offers.
func routes(f ui.Frame) [][2]string {
	return [][2]string{
		{"", f.Say("Toutes", "Any")},
		{string(dossier.Agency), f.Say("Agence de recouvrement", "Collection agency")},
		{string(dossier.Summons), f.Say("Assignation", "Summons")},
	}
}

func (page view) saidOr(field, other string) string {
	if s := page.said[field]; s != "" {
		return s
	}
	return other
}
