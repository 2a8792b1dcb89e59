package limitation

import (
	"strconv"

	"acquit/internal/insolvency"
	"acquit/internal/law/fr"
	"acquit/internal/limitation"
	"acquit/internal/web/ui"
)

// caseOf is what the form of a procedure begins with.
func caseOf(page view) insolvency.Case {
	if page.of == nil || !page.of.Ended.IsZero() {
		return insolvency.Case{}
	}
	return *page.of
}

// ruleOf is what was said of all of the customer's claims.
func ruleOf(page view) limitation.Rule {
	if len(page.clocks) == 0 {
		return limitation.Rule{}
	}
	return page.clocks[0].Of
}

func monthsOf(page view) string {
	if m := ruleOf(page).Months; m > 0 {
		return strconv.Itoa(m)
	}
	return ""
}

func stepLabel(f ui.Frame, s fr.Step) string {
	what, _ := limitation.StepWords(s)
	return ui.Capital(what.In(f.Lang))
}

// eventDay and eventNote are what stood in the form of an event that was refused.
func eventDay(page view) string {
	if page.form != "evenement" {
		return page.today.String()
	}
	return page.said("jour", page.today.String())
}

func eventNote(page view) string {
	if page.form != "evenement" {
		return ""
	}
	return page.said("note", "")
}

// untilWords are the last days to act.
func untilWords(f ui.Frame, c limitation.Clock) string {
	words := f.Sayf("Agir avant le %s inclus", "Act by %s, that day included", f.Lang.LongDate(c.Safe))
	if c.Possible != c.Safe {
		words += f.Sayf(", peut-être jusqu’au %s", ", perhaps until %s", f.Lang.LongDate(c.Possible))
	}
	return words
}

// countedWords are the period and where it is counted from.
func countedWords(f ui.Frame, c limitation.Clock) string {
	words := ui.Capital(c.Kind.Rule(f.Lang)) + ". "
	if c.Assumed {
		return words + f.Sayf("Compté de la facture du %s.", "Counted from the invoice of %s.", f.Lang.Date(c.From))
	}
	return words + f.Sayf("Compté de la prestation du %s.", "Counted from the supply of %s.", f.Lang.Date(c.From))
}

// judgmentWords are what opened a procedure.
func judgmentWords(f ui.Frame, c *insolvency.Case) string {
	words := f.Sayf("jugement du %s", "judgment of %s", f.Lang.LongDate(c.Judgment))
	if c.Kind != "" {
		words = c.Kind.In(f.Lang) + ", " + words
	}
	if !c.Published.IsZero() {
		words += f.Sayf(", publié le %s", ", published on %s", f.Lang.Date(c.Published))
	}
	if c.Court != "" {
		words += ", " + c.Court
	}
	return ui.Capital(words)
}
