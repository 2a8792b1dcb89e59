package balance

import (
	"fmt"
	"strconv"
	"strings"

	"acquit/internal/aging"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// ages is how many colours of lateness there are.
const ages = 4

// age is the colour of a band: none late, then warmer, the last one the warmest.
func age(buckets []aging.Bucket, i int) string {
	if !buckets[i].Overdue() {
		return "age-0"
	}
	if i == len(buckets)-1 {
		return "age-" + strconv.Itoa(ages)
	}
	first := 0
	for first < i && !buckets[first].Overdue() {
		first++
	}
	return "age-" + strconv.Itoa(min(i-first+1, ages-1))
}

// slice is a part of the bar over the table, in hundredths of its width.
type slice struct {
	x, width string
	class    string
	title    string
}

// bar shares the bar among the bands that owe something.
func bar(f ui.Frame, g aging.Group, buckets []aging.Bucket) []slice {
	var sum int64
	for _, m := range g.Amounts {
		sum += max(m, 0)
	}
	if sum == 0 {
		return nil
	}
	var list []slice
	var before int64
	for i, m := range g.Amounts {
		if m <= 0 {
			continue
		}
		list = append(list, slice{
			x: percent(before, sum), width: percent(m, sum), class: age(buckets, i),
			title: buckets[i].Name(string(f.Lang)) + ", " + f.Lang.Amount(money.New(m, g.Currency)),
		})
		before += m
	}
	return list
}

// percent is part of whole in percent with one decimal, for drawing only.
func percent(part, whole int64) string {
	thousandths := part / (whole/1000 + 1)
	return fmt.Sprintf("%d.%d", thousandths/10, thousandths%10)
}

// share is how much of its row a late band is, for the little bar under it.
func share(row aging.Row, m int64) string {
	var sum int64
	for _, x := range row.Amounts {
		sum += max(x, 0)
	}
	if sum == 0 || m <= 0 {
		return "0"
	}
	return percent(m, sum)
}

func headline(f ui.Frame, page view) string {
	if len(page.aged.Groups) == 0 {
		return f.Say("Rien n’est ouvert ce jour-là.", "Nothing is open on that day.")
	}
	var words strings.Builder
	for i, g := range page.aged.Groups {
		if i > 0 {
			words.WriteString(" · ")
		}
		words.WriteString(f.Lang.Amount(money.New(g.Total, g.Currency)) + ", " +
			f.Count(len(g.Customers), "client", "clients", "customer", "customers"))
		if g.WeightedAge.Known() {
			words.WriteString(", " +
				f.Sayf("âge moyen de l’échu %s j", "average age of what is late %s days", g.WeightedAge.Whole()))
		}
	}
	return words.String()
}

// days shows a figure in days, or a dash where it has no meaning.
func days(f ui.Frame, x aging.Figure) string {
	if !x.Known() {
		return "–"
	}
	return f.Lang.Decimal(x.String()) + "\u00a0" + f.Say("j", "days")
}

func percentWords(f ui.Frame, x aging.Figure) string {
	if !x.Known() {
		return "–"
	}
	if f.Lang == i18n.EN {
		return x.String() + "%"
	}
	return f.Lang.Decimal(x.String()) + "\u202f%"
}

func agreeWords(f ui.Frame, c ledger.Comparison) string {
	on := f.Lang.Date(c.On)
	if len(c.Differences) == 0 && c.Stated == c.Ours {
		return f.Sayf("Concorde avec la comptabilité au %s : %s.", "Agrees with the accounts on %s: %s.", on, f.Lang.Amount(c.Stated))
	}
	return f.Sayf("La comptabilité au %s dit %s, les factures ouvertes %s.", "The accounts on %s say %s, the open invoices %s.",
		on, f.Lang.Amount(c.Stated), f.Lang.Amount(c.Ours))
}
