package cash

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// most is how many documents a sentence names.
const most = 3

// differs says in what a proposal is another than the first, the way a colleague
// would: which customer, which document, or what becomes of the rest.
func differs(f ui.Frame, first, x proposal) string {
	mine, theirs := x.without(first), first.without(x)
	switch {
	case x.n == first.n:
		return ""
	case len(x.lines) == 0:
		return f.Say("Aucune facture : tout reste en acompte.", "No invoice: all stays as an advance.")
	case len(mine)+len(theirs) == 0 && len(x.lines) == 1:
		return ui.Sentence(f.Sayf("La même pièce, mais %s", "The same document, but %s", x.restWords(f)))
	case len(mine)+len(theirs) == 0:
		return ui.Sentence(f.Sayf("Les mêmes pièces, mais %s", "The same documents, but %s", x.restWords(f)))
	}
	words := ""
	if x.Customer != first.Customer && first.Customer != "" {
		words = f.Sayf("Un autre client, %s : ", "Another customer, %s: ", x.who.Name)
	}
	apart := !sameDays(mine, theirs)
	switch {
	case len(theirs) == 0:
		words += f.Sayf("avec en plus %s", "with %s besides", named(f, mine, true))
	case len(mine) == 0:
		words += f.Sayf("sans %s", "without %s", named(f, theirs, true))
	default:
		words += f.Sayf("%s au lieu de %s", "%s instead of %s", named(f, mine, apart), named(f, theirs, apart))
	}
	if rest := x.restWords(f); rest != first.restWords(f) {
		words += f.Say(" ; ", "; ") + rest
	}
	return ui.Sentence(words)
}

// without are the lines of a proposal whose document another does not pay.
func (x proposal) without(other proposal) []proposedLine {
	return slices.DeleteFunc(slices.Clone(x.lines), func(l proposedLine) bool { return other.pays(l.Item) })
}

func (x proposal) pays(item string) bool {
	return slices.ContainsFunc(x.lines, func(l proposedLine) bool { return l.Item == item })
}

// named are documents by their numbers, with their due dates where these tell them
// apart.
func named(f ui.Frame, lines []proposedLine, days bool) string {
	if len(lines) > most {
		return f.Count(len(lines), "autre pièce", "autres pièces", "other document", "other documents")
	}
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = l.document.Number
		if days && !l.document.Due.IsZero() {
			words[i] += f.Sayf(" (échéance %s)", " (due %s)", f.Lang.Date(l.document.Due))
		}
	}
	return strings.Join(words, ", ")
}

func sameDays(a, b []proposedLine) bool {
	return slices.Equal(daysOf(a), daysOf(b))
}

func daysOf(lines []proposedLine) []cal.Date {
	days := make([]cal.Date, len(lines))
	for i, l := range lines {
		days[i] = l.document.Due
	}
	slices.Sort(days)
	return days
}

// restWords are what becomes of what the money does not settle.
func (x proposal) restWords(f ui.Frame) string {
	var words []string
	for _, a := range x.Adjustments {
		words = append(words, f.Sayf("%s en %s", "%s as %s", f.Lang.Amount(a.Amount), a.Kind.In(f.Lang)))
	}
	for _, l := range x.lines {
		if left := l.left(); left.Sign() > 0 {
			words = append(words,
				f.Sayf("%s restent dus sur %s", "%s stay due on %s", f.Lang.Amount(left), l.document.Number))
		}
	}
	if x.Remainder.Sign() > 0 {
		words = append(words, f.Sayf("%s gardés en acompte", "%s kept as an advance", f.Lang.Amount(x.Remainder)))
	}
	switch {
	case len(words) == 0:
		return f.Say("tout est soldé", "all is settled")
	case len(words) > most:
		words = append(words[:most], "…")
	}
	return strings.Join(words, ", ")
}

// left is what a line leaves open of its document.
func (l proposedLine) left() money.Amount { return l.document.Open.Sub(l.Amount.Abs()) }

// reasonWords are a reason as people who chase money would say it.
func reasonWords(f ui.Frame, p panel, r match.Reason) string {
	if r.Code == "rivals" && len(p.proposals) > 1 {
		return f.Count(
			len(p.proposals)-1,
			"autre proposition ci-dessous tient aussi : comparez", "autres propositions ci-dessous tiennent aussi : comparez",
			"other proposal below holds too: compare", "other proposals below hold too: compare",
		) + "."
	}
	return ui.Sentence(r.Text(f.Lang))
}
