package scenarios

import (
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/policy"
	"acquit/internal/web/ui"
)

// summary is what a scenario is, in one line.
func summary(f ui.Frame, o one) string {
	parts := []string{f.Sayf("version %d", "version %d", o.Version)}
	if o.read == nil {
		return parts[0]
	}
	parts = append(parts, f.Count(len(o.read.Steps), "étape", "étapes", "step", "steps"))
	if n := len(o.read.Steps); n > 0 {
		parts = append(parts,
			f.Sayf("de %s à %s", "from %s to %s", o.read.Steps[0].Offset(), o.read.Steps[n-1].Offset()))
	}
	return strings.Join(parts, ", ")
}

// applies is whom a scenario is for.
func applies(f ui.Frame, s *dunning.Scenario) string {
	if s == nil || s.Applies == nil {
		return f.Say("tous les clients", "all customers")
	}
	return s.Applies.String()
}

// stepWays are the channels of a step, and what follows on another.
func stepWays(f ui.Frame, s dunning.Step) string {
	words := make([]string, len(s.Channels))
	for i, c := range s.Channels {
		words[i] = f.Channel(string(c))
	}
	text := strings.Join(words, " + ")
	if s.Then != nil {
		text += f.Sayf(", puis %s après %d j", ", then %s after %d days",
			f.Channel(string(s.Then.Channel)), s.Then.After)
		if s.Then.UnlessReacted {
			text += f.Say(" sans réaction", " without reaction")
		}
	}
	return text
}

// stepMore is what else a step asks for: its condition, what is joined, who must
// agree.
func stepMore(f ui.Frame, s dunning.Step) []string {
	var list []string
	if s.When != nil {
		list = append(list, f.Sayf("si %s", "if %s", s.When.String()))
	}
	if s.Deadline > 0 {
		list = append(list, f.Sayf("délai %d j", "%d days to pay", s.Deadline))
	}
	var joined []string
	for _, a := range s.Attach {
		joined = append(joined, f.Attachment(string(a)))
	}
	if len(joined) > 0 {
		list = append(list, strings.Join(joined, ", "))
	}
	if s.NeedsApproval() {
		list = append(list, f.Say("toujours approuvée par une personne", "always approved by a person"))
	}
	return list
}

// settings are how a scenario behaves besides its steps.
func settings(f ui.Frame, s *dunning.Scenario) [][2]string {
	entry := f.Say("à la première étape après l’échéance", "at the first step after the due date")
	if s.Entry == dunning.ByAge {
		entry = f.Say("à l’étape de leur âge, jamais directement à une étape formelle", "at the step of their age, never directly at a formal one")
	}
	grouping := f.Say("un message par client", "one message per customer")
	if s.Grouping == dunning.ByInvoice {
		grouping = f.Say("un message par facture", "one message per invoice")
	}
	return [][2]string{
		{f.Say("Pour", "For"), applies(f, s)},
		{f.Say("Les anciennes dettes entrent", "Old debts enter"), entry},
		{f.Say("Regroupement", "Grouping"), grouping},
		{
			f.Say("Écart entre deux contacts", "Gap between two contacts"),
			f.Count(s.MinGap, "jour", "jours", "day", "days"),
		},
		{f.Say("Rien au-dessous de", "Nothing below"), f.Lang.Decimal(s.Minimum.String())},
		{f.Say("Grâce d’une promesse", "Grace of a promise"), f.Count(s.PromiseGrace, "jour", "jours", "day", "days")},
	}
}

func versionWords(f ui.Frame, page view, v policy.Version) string {
	local := f.Local(v.CreatedAt)
	words := f.Lang.Date(cal.Of(local)) + " " + local.Format("15:04")
	if name := page.nameOf(v.By); name != "" {
		words += ", " + name
	}
	if v.Note != "" {
		words += f.Say(" : ", ": ") + v.Note
	}
	return words
}

func number(n int) string { return strconv.Itoa(n) }
