package reminder

import (
	"context"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/freshness"
	"acquit/internal/i18n"
	"acquit/internal/setting"
)

// Doubts are what a person should know before customers are spoken to, by a
// message or by telephone: the money at the bank that could be theirs, and the
// sources that have been silent for too long.
type Doubts struct {
	stale      []freshness.Source
	zone       *time.Location
	now        time.Time
	unexamined int // entries that nothing has looked at: they could be anybody's
	money      map[string][]cash.Line
}

// DoubtsAbout are the doubts about some customers, in a few queries however many
// they are.
func DoubtsAbout(ctx context.Context, tx *db.Tx, s creditor.Scope, customers ...string) (Doubts, error) {
	d, err := moneyOf(ctx, tx, s, customers)
	if err != nil {
		return d, err
	}
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return d, err
	}
	d.zone, d.now = setting.TimeZone.In(values), tx.Now
	d.stale, err = freshness.Of(ctx, tx, s, values)
	d.stale = slices.DeleteFunc(d.stale, func(one freshness.Source) bool { return !one.Stale(tx.Now) })
	return d, err
}

// moneyOf are the doubts that the bank alone gives.
func moneyOf(ctx context.Context, tx *db.Tx, s creditor.Scope, customers []string) (d Doubts, err error) {
	if d.unexamined, err = cash.Unexamined(ctx, tx, s); err != nil {
		return d, err
	}
	d.money, err = cash.SuspectedOf(ctx, tx, s, customers...)
	return d, err
}

// Held tells that nothing leaves to a customer for now, whoever approved it.
func (d Doubts) Held(customer string) bool { return d.unexamined > 0 || len(d.money[customer]) > 0 }

// Money are the entries that could be a customer's, the likeliest first.
func (d Doubts) Money(customer string) []cash.Line { return d.money[customer] }

// Page is where the doubt about a customer is lifted.
func (d Doubts) Page(customer string) string {
	if list := d.money[customer]; len(list) > 0 {
		return "/encaissements?entree=" + list[0].Entry.ID
	}
	return "/encaissements"
}

// Why says what holds messages to a customer: the entry that is the likeliest to be
// theirs, and how many others there are. It is empty where nothing does.
func (d Doubts) Why(customer string, l i18n.Lang) string {
	list := d.money[customer]
	switch {
	case len(list) > 0:
		return entryWords(list, l)
	case d.unexamined == 1:
		return i18n.Words{
			FR: "une opération bancaire n’est pas encore examinée, peut-être un règlement de ce client",
			EN: "one bank entry is not examined yet, perhaps a payment of this customer",
		}.In(l)
	case d.unexamined > 1:
		return i18n.Words{
			FR: "%s opérations bancaires ne sont pas encore examinées, dont un règlement de ce client peut-être",
			EN: "%s bank entries are not examined yet, perhaps with a payment of this customer",
		}.Format(l, l.Int(d.unexamined))
	}
	return ""
}

// Until is Why as a person reads it before she approves: how long it is held.
func (d Doubts) Until(customer string, l i18n.Lang) string {
	why := d.Why(customer, l)
	if why == "" {
		return ""
	}
	return until(why, l)
}

func until(why string, l i18n.Lang) string {
	return i18n.Words{FR: "tenu tant que ", EN: "held as long as "}.In(l) + why
}

// Silent says which sources are too old to know what came in since.
func (d Doubts) Silent(l i18n.Lang) []string {
	words := make([]string, len(d.stale))
	for i, one := range d.stale {
		words[i] = silence(one, d.zone, " ("+d.age(one, l)+")", l)
	}
	return words
}

func entryWords(list []cash.Line, l i18n.Lang) string {
	e := list[0].Entry
	from, others := "", ""
	if e.Party.Name != "" {
		from = i18n.Words{FR: " de «\u00a0%s\u00a0»", EN: " from “%s”"}.Format(l, oneLine(e.Party.Name))
	}
	switch n := len(list) - 1; {
	case n == 1:
		others = i18n.Words{FR: " (et un autre)", EN: " (and another)"}.In(l)
	case n > 1:
		others = i18n.Words{FR: " (et %s autres)", EN: " (and %s others)"}.Format(l, l.Int(n))
	}
	return i18n.Words{
		FR: "%s%s, à la banque le %s, n’est pas affecté et pourrait être de ce client%s",
		EN: "%s%s, at the bank on %s, is not applied and could be this customer’s%s",
	}.Format(l, l.Amount(list[0].Amount()), from, dayWords(e.On, l), others)
}

// dayWords is a day in figures where the reasons of held messages have them so.
func dayWords(d cal.Date, l i18n.Lang) string {
	if l == i18n.FR {
		return d.Time().Format("02/01/2006")
	}
	return l.Date(d)
}

// silence says how long a source has been silent. What holds a message is told
// without the age, which changes every day: it is written down once.
func silence(one freshness.Source, zone *time.Location, age string, l i18n.Lang) string {
	return i18n.Words{
		FR: "%s\u00a0: rien depuis le %s%s, un règlement a pu arriver depuis",
		EN: "%s: nothing since %s%s, a payment may have come in since",
	}.Format(l, one.Title(l), dayWords(one.On(zone), l), age)
}

var dayNoun = i18n.Noun{
	One: i18n.Words{FR: "jour", EN: "day"}, Many: i18n.Words{FR: "jours", EN: "days"},
}

// On is the last day of which a source tells.
func (d Doubts) On(one freshness.Source) cal.Date { return one.On(d.zone) }

// Days is how many days ago that was.
func (d Doubts) Days(one freshness.Source) int { return one.Days(d.zone, d.now) }

func (d Doubts) age(one freshness.Source, l i18n.Lang) string { return dayNoun.Count(l, d.Days(one)) }

// Warning is all that the caller of a customer should know before, in one line.
func (d Doubts) Warning(customer string, l i18n.Lang) string {
	words := slices.DeleteFunc([]string{d.Until(customer, l), d.Ages(l)}, func(s string) bool { return s == "" })
	return strings.Join(words, i18n.Words{FR: "\u00a0; ", EN: "; "}.In(l))
}

// Ages name the sources that are too old, each with its age, in few words: for a list.
func (d Doubts) Ages(l i18n.Lang) string {
	words := make([]string, len(d.stale))
	for i, one := range d.stale {
		words[i] = one.Title(l) + i18n.Words{FR: "\u00a0: rien depuis ", EN: ": nothing for "}.In(l) + d.age(one, l)
	}
	return strings.Join(words, i18n.Words{FR: "\u00a0; ", EN: "; "}.In(l))
}

// Stale are the sources that have been silent for too long, the stalest first.
func (d Doubts) Stale() []freshness.Source { return d.stale }

// inBoth are the words of a sentence made in each language.
func inBoth(say func(i18n.Lang) string) i18n.Words {
	return i18n.Words{FR: say(i18n.FR), EN: say(i18n.EN)}
}
