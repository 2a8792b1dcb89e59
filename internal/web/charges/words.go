package charges

import (
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/law"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

func (page view) path(part string) templ.SafeURL {
	return templ.SafeURL("/clients/" + page.ID + "/penalites" + part)
}

// said is what stood in a field of the form that was refused, else other.
func (page view) said(form, field, other string) string {
	if v := page.wrote[field]; page.form == form && len(v) > 0 {
		return v[0]
	}
	return other
}

// ticked tells whether an invoice was chosen in the form that was refused.
func (page view) ticked(form, invoice string) bool {
	return page.form == form && slices.Contains(page.wrote["invoice"], invoice)
}

func fileName(c customer.Customer, i charge.Issued, ending string) string {
	return fmt.Sprintf("decompte-interets-%s-v%d.%s", c.Code, i.Version, ending)
}

// who is the name of whoever acted.
func (page view) who(f ui.Frame, actor string) string {
	if name, ok := page.people[actor]; ok {
		return name
	}
	if actor == creditor.ActorCLI {
		return f.Say("ligne de commande", "command line")
	}
	return f.Say("une personne partie depuis", "somebody who has left")
}

// days is for how many days a line bears interest.
func days(l charge.Line) int {
	n := 0
	for _, s := range l.Charges.Segments {
		n += s.Days()
	}
	return n
}

// rates are the rates of a line, each once, in their order.
func rates(f ui.Frame, l charge.Line) string {
	var list []string
	for _, s := range l.Charges.Segments {
		if text := s.Rate.Format(string(f.Lang)); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return strings.Join(list, ", ")
}

// sentence is a line in words: what is open, since when, for how long, at what rate.
func sentence(f ui.Frame, l charge.Line) string {
	parts := []string{f.Sayf("échue le %s", "due on %s", f.Lang.Date(l.Invoice.Due))}
	if l.Open.IsZero() {
		parts = append(parts, f.Sayf("soldée le %s", "settled on %s", f.Lang.Date(l.Settled)))
	} else {
		parts = append(parts, f.Sayf("%s de principal ouvert", "%s of principal open", f.Lang.Amount(l.Open)))
	}
	if n := days(l); n > 0 {
		parts = append(parts, f.Count(n, "jour d’intérêts", "jours d’intérêts", "day of interest", "days of interest"))
		parts = append(parts, f.Say("à ", "at ")+rates(f, l))
	}
	return ui.Capital(strings.Join(parts, " · "))
}

// row is one figure of an invoice's charges: interest and indemnity side by side.
type row struct {
	label               string
	interest, indemnity money.Amount
	strong              bool
}

// rows are the figures of a line that say something.
func rows(f ui.Frame, l charge.Line) []row {
	a, b := l.Interest, l.Indemnity
	list := []row{
		{f.Say("Calculé", "Computed"), a.Computed, b.Computed, false},
		{f.Say("Réclamé", "Claimed"), a.Claimed, b.Claimed, false},
		{f.Say("Abandonné", "Waived"), a.Waived.Add(a.Forgone), b.Waived.Add(b.Forgone), false},
		{f.Say("Réglé", "Paid"), a.Settled, b.Settled, false},
		{f.Say("Reste réclamé", "Claimed and left"), a.Left, b.Left, false},
		{f.Say("Peut être réclamé", "May be claimed"), a.Memo, b.Memo, false},
	}
	list = slices.DeleteFunc(list, func(r row) bool { return r.interest.IsZero() && r.indemnity.IsZero() })
	return append(list, row{f.Say("Reste dû", "Still owed"), a.Owed(), b.Owed(), true})
}

// claimable are the lines of which something may still be claimed.
func (page view) claimable() []charge.Line {
	return page.lines(func(s charge.Sum) money.Amount { return s.Memo })
}

// waivable are the lines of which something is left to give up.
func (page view) waivable() []charge.Line { return page.lines(charge.Sum.Owed) }

func (page view) lines(of func(charge.Sum) money.Amount) []charge.Line {
	var list []charge.Line
	for _, l := range page.account.Lines {
		if of(l.Interest).Sign() > 0 || of(l.Indemnity).Sign() > 0 {
			list = append(list, l)
		}
	}
	return list
}

// bookable tells whether something claimed is in no books yet.
func (page view) bookable() bool {
	for _, l := range page.account.Lines {
		for _, e := range l.Entries {
			if e.Act == charge.Claimed && e.Note == "" && l.Sum(e.What).Left.Sign() > 0 {
				return true
			}
		}
	}
	return false
}

// noteNumber is the number of the debit note that books an entry.
func (page view) noteNumber(e charge.Entry) string {
	for _, n := range page.account.Notes {
		if n.ID == e.Note {
			return n.Number
		}
	}
	return ""
}

// entryWords is what was done: « Réclamé le 3 nov. 2026 : intérêts de retard, 12,40 € ».
func entryWords(f ui.Frame, e charge.Entry) string {
	act := f.Say("Abandonné", "Waived")
	if e.Act == charge.Claimed {
		act = f.Say("Réclamé", "Claimed")
	}
	return f.Sayf("%s le %s : %s, %s", "%s on %s: %s, %s", act, f.Lang.Date(e.On), e.What.In(f.Lang),
		f.Lang.Amount(e.Amount))
}

// severityClass colours a finding.
func severityClass(s law.Severity) string {
	return map[law.Severity]string{law.Violation: "late", law.Doubt: "due", law.Remark: "muted"}[s]
}

// option is a choice of a form.
type option struct{ value, label string }

func whats(f ui.Frame) []option {
	list := []option{{"", f.Say("Intérêts et indemnité", "Interest and indemnity")}}
	for _, w := range charge.Whats() {
		list = append(list, option{string(w), ui.Capital(w.In(f.Lang))})
	}
	return list
}

func imputations(f ui.Frame) []option {
	return []option{
		{"", f.Say("Comme vos réglages", "As your settings say")},
		{"interest_first", f.Say("Les intérêts d’abord", "Interest first")},
		{"principal_first", f.Say("Le principal d’abord", "Principal first")},
	}
}

func bases(f ui.Frame) []option {
	return []option{
		{"", f.Say("Comme vos réglages", "As your settings say")},
		{"365", f.Say("365 jours", "365 days")},
		{"act", f.Say("365 ou 366 selon l’année", "365 or 366 as in the calendar")},
	}
}
