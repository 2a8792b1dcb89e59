package today

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
)

// dayTitle is "Lundi 23 novembre 2026".
func dayTitle(f ui.Frame, day cal.Date) string {
	name := day.DayName(string(f.Lang))
	first, size := utf8.DecodeRuneInString(name)
	separator := " "
	if f.Lang == i18n.EN {
		separator = ", "
	}
	return string(unicode.ToUpper(first)) + name[size:] + separator + f.Lang.LongDate(day)
}

// offset is a step's day as policies write it: J+15, J−5.
func offset(at int) string {
	return strings.Replace(fmt.Sprintf("J%+d", at), "-", "−", 1)
}

func ranSentence(f ui.Frame, run reminder.RunInfo) string {
	return f.Sayf("Dernier passage le %s : %s lus. Le prochain propose ce qui devient dû.",
		"Last run on %s: %s read. The next one proposes what becomes due.",
		f.Lang.Date(run.On), f.Count(run.Accounts, "compte", "comptes", "account", "accounts"))
}

func approveStepWords(f ui.Frame, g group) string {
	if g.Count > batchSize {
		return f.Sayf("Approuver les %s premières", "Approve the first %s", f.Lang.Int(batchSize))
	}
	return f.Sayf("Approuver les %s", "Approve all %s", f.Lang.Int(g.Count))
}

// motives are the reasons for which reminders are mostly set aside.
func motives(f ui.Frame) []string {
	return []string{
		f.Say("Réglé entre-temps", "Paid meanwhile"),
		f.Say("Vu au téléphone", "Spoken on the phone"),
		f.Say("Geste commercial", "Goodwill"),
		f.Say("Erreur de notre part", "Our own mistake"),
	}
}

// first is the address of the first page of the list.
func (page view) first() string {
	a := page.asked
	a.after = nil
	return a.query(func(url.Values) {})
}

// context is what the part of the page for one reminder must know of the list.
func (page view) context(id string) string {
	u, _ := url.Parse(page.asked.query(func(url.Values) {})) // made by us: it parses
	q := u.Query()
	if next := page.neighbour(id); next != "" {
		q.Set("suivant", next)
	}
	return q.Encode()
}

// withNext is the chosen reminder with the one to look at afterwards.
func (page view) withNext() letter {
	l := *page.chosen
	l.next = page.neighbour(l.ID)
	return l
}

// sumsOr is sums, or a place held free while they are fetched.
func sumsOr(f ui.Frame, totals []ledger.Totals, of func(ledger.Totals) int64) []string {
	if totals == nil {
		return []string{"…"}
	}
	return sums(f, totals, of)
}

func countOr(f ui.Frame, totals []ledger.Totals) []string {
	if totals == nil {
		return []string{"…"}
	}
	return []string{f.Lang.Int(invoices(totals))}
}
