// Package today is the page of the day: the reminders that wait for a person,
// each with its message and its reasons, and what she decides.
package today

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/freshness"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the day.
type Pages struct {
	DB   *db.DB
	Desk *reminder.Desk
}

// How many rows a page shows: all of a short day, the head of each step of a
// long one, and a page of one step.
const (
	shortDay  = 60
	headRows  = 8
	pageRows  = 50
	batchSize = 500 // approved at once: about as many seconds as a person waits
)

// asked is what the address of the page asks for.
type asked struct {
	step      string
	search    string
	collector string
	after     *reminder.Reminder
	chosen    string
	mode      string // "modifier" shows the words to be changed
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		step: q.Get("etape"), search: strings.TrimSpace(q.Get("q")), collector: q.Get("suivi"),
		chosen: q.Get("relance"), mode: q.Get("mode"),
	}
	a.after = readCursor(q.Get("apres"))
	return a
}

// overview tells whether all steps are shown, each with its head.
func (a asked) overview() bool { return a.step == "" && a.search == "" && a.collector == "" }

// query is the address of the page with something else chosen.
func (a asked) query(change func(url.Values)) string {
	q := url.Values{}
	for name, value := range map[string]string{"etape": a.step, "q": a.search, "suivi": a.collector} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if a.after != nil {
		q.Set("apres", cursor(*a.after))
	}
	change(q)
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// cursor is where a page ends, for the address of the next.
func cursor(r reminder.Reminder) string {
	return fmt.Sprintf("%t,%d,%s,%s,%s,%d,%s",
		r.Formal, r.StepAt, r.Step, r.Tone, r.Amount.Currency, r.Amount.Minor, r.ID)
}

func readCursor(s string) *reminder.Reminder {
	p := strings.Split(s, ",")
	if len(p) != 7 {
		return nil
	}
	at, err := strconv.Atoi(p[1])
	minor, wrong := strconv.ParseInt(p[5], 10, 64)
	if err != nil || wrong != nil {
		return nil
	}
	return &reminder.Reminder{
		Formal: p[0] == "true", StepAt: at, Step: p[2], Tone: dunning.Tone(p[3]),
		Amount: money.New(minor, money.Currency(p[4])), ID: p[6],
	}
}

// group is a step with those of its reminders that are shown.
type group struct {
	reminder.Group
	rows []reminder.Row
	more bool
}

// view is all that the page shows.
type view struct {
	asked   asked
	day     cal.Date
	leaves  cal.Date // the next day on which messages leave
	groups  []group
	total   int
	sums    []money.Amount // one a currency
	next    string         // the address of the next page
	members []user.Member
	run     reminder.RunInfo
	ran     bool
	owed    bool // something is: what to begin with is not an import
	broken  []reminder.Problem
	chosen  *letter
	may     bool
	stale   []freshness.Source // too old for anything to leave by itself
	zone    *time.Location
	money   cash.Queue                  // payments that wait
	outlook map[string]reminder.Outlook // of the reminders that are shown
}

// Day shows the reminders that wait.
func (p *Pages) Day(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{asked: askedOf(r), day: v.Today, may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return p.gather(r.Context(), tx, v, &page) })
	if err != nil {
		return err
	}
	f := v.Frame("Aujourd’hui", "Today", ui.SectionToday)
	return visit.Show(w, r, http.StatusOK, dayPage(f, page))
}

func (p *Pages) gather(ctx context.Context, tx *db.Tx, v *visit.Visit, page *view) error {
	days, err := creditor.Calendar(ctx, tx, v.Scope)
	if err != nil {
		return err
	}
	page.leaves = days.NextOpen(page.day)
	if page.members, err = user.Members(ctx, tx, v.Scope); err != nil {
		return err
	}
	if err := lastRun(ctx, tx, v.Scope, page); err != nil {
		return err
	}
	if err := sources(ctx, tx, v.Scope, page); err != nil {
		return err
	}
	if page.money, err = cash.Waiting(ctx, tx, v.Scope); err != nil {
		return err
	}
	groups, err := reminder.Groups(ctx, tx, v.Scope, page.day)
	if err != nil {
		return err
	}
	for _, g := range groups {
		page.total += g.Count
		page.sums = addTo(page.sums, g.Amount)
	}
	if page.asked.overview() {
		err = heads(ctx, tx, v.Scope, page, groups)
	} else {
		err = list(ctx, tx, v.Scope, page, groups)
	}
	if err != nil {
		return err
	}
	if page.outlook, err = p.outlook(ctx, tx, v.Scope, page.ids()); err != nil {
		return err
	}
	id := page.asked.chosen
	if id == "" {
		if id = first(page.groups); id == "" {
			return nil
		}
	}
	page.chosen, err = p.open(ctx, tx, v.Scope, page.day, id, page.asked)
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	return err
}

func lastRun(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) (err error) {
	page.run, err = reminder.LastRun(ctx, tx, s)
	if errors.Is(err, fault.ErrNotFound) {
		page.owed, err = ledger.AnyOpen(ctx, tx, s)
		return err
	}
	if err != nil {
		return err
	}
	page.ran = true
	if page.run.Problems == "" {
		return nil
	}
	return json.Unmarshal([]byte(page.run.Problems), &page.broken)
}

// sources are those that have been silent for too long.
func sources(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view) error {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	page.zone = setting.TimeZone.In(values)
	page.stale, err = freshness.Of(ctx, tx, s, values)
	page.stale = slices.DeleteFunc(page.stale, func(one freshness.Source) bool { return !one.Stale(tx.Now) })
	return err
}

// addTo adds a to the sum of its currency.
func addTo(sums []money.Amount, a money.Amount) []money.Amount {
	for i := range sums {
		if sums[i].Currency == a.Currency {
			sums[i] = sums[i].Add(a)
			return sums
		}
	}
	return append(sums, a)
}

// heads shows every step with its first reminders, or all of them on a short
// day. Each step is found by its place in the order, not by searching for it.
func heads(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view, groups []reminder.Group) error {
	for _, g := range groups {
		limit := headRows
		if page.total <= shortDay {
			limit = shortDay
		}
		rows, err := reminder.Page(ctx, tx, s, reminder.Filter{
			Today: page.day, After: before(g), Limit: limit + 1,
		})
		if err != nil {
			return err
		}
		rows = sameGroup(rows, g)
		shown := group{Group: g, rows: rows[:min(len(rows), limit)], more: g.Count > limit}
		page.groups = append(page.groups, shown)
	}
	return nil
}

// before is just ahead of the first reminder of a group.
func before(g reminder.Group) *reminder.Reminder {
	return &reminder.Reminder{
		Formal: g.Formal, StepAt: g.StepAt, Step: g.Step, Tone: g.Tone,
		Amount: money.New(math.MaxInt64, g.Currency), ID: "~",
	}
}

// sameGroup leaves out the reminders of the groups that follow.
func sameGroup(rows []reminder.Row, g reminder.Group) []reminder.Row {
	kept := rows[:0:0]
	for _, r := range rows {
		if compare(r.Reminder, g) == 0 {
			kept = append(kept, r)
		}
	}
	return kept
}

// list shows one page of what a person looks for.
func list(ctx context.Context, tx *db.Tx, s creditor.Scope, page *view, groups []reminder.Group) error {
	a := page.asked
	var rows []reminder.Row
	var err error
	if a.search == "" && a.collector == "" {
		rows, err = stepRows(ctx, tx, s, page, groups)
	} else {
		rows, err = reminder.Page(ctx, tx, s, reminder.Filter{
			Today: page.day, Step: a.step, Search: a.search, Collector: a.collector, After: a.after,
			Limit: pageRows + 1,
		})
	}
	if err != nil {
		return err
	}
	if len(rows) > pageRows {
		rows = rows[:pageRows]
		page.next = a.query(func(q url.Values) { q.Set("apres", cursor(rows[pageRows-1].Reminder)) })
	}
	for _, row := range rows {
		page.put(row, groups)
	}
	return nil
}

// stepRows are the reminders of one step, group by group: each is found by its
// place in the order, and nothing beyond its end is read.
func stepRows(
	ctx context.Context, tx *db.Tx, s creditor.Scope, page *view, groups []reminder.Group,
) (rows []reminder.Row, err error) {
	for _, g := range groups {
		start := before(g)
		if a := page.asked.after; a != nil {
			switch order := compare(*a, g); {
			case order < 0: // the page before ended behind this group
				continue
			case order == 0:
				start = a
			}
		}
		if g.Step != page.asked.step || len(rows) > pageRows {
			continue
		}
		found, err := reminder.Page(ctx, tx, s, reminder.Filter{
			Today: page.day, After: start, Limit: pageRows + 1 - len(rows),
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, sameGroup(found, g)...)
	}
	return rows, nil
}

// compare is +1 when r stands before the group g in the list, 0 when it is one
// of it, and −1 when it stands behind it.
func compare(r reminder.Reminder, g reminder.Group) int {
	if r.Formal != g.Formal {
		if r.Formal {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(r.StepAt, g.StepAt), cmp.Compare(r.Step, g.Step), cmp.Compare(r.Tone, g.Tone),
		cmp.Compare(r.Amount.Currency, g.Currency))
}

// put adds a row below the head of its group, of which the count is known when
// nothing but the step was asked for.
func (page *view) put(row reminder.Row, groups []reminder.Group) {
	if n := len(page.groups); n > 0 && len(sameGroup([]reminder.Row{row}, page.groups[n-1].Group)) == 1 {
		page.groups[n-1].rows = append(page.groups[n-1].rows, row)
		return
	}
	g := reminder.Group{
		Step: row.Step, StepAt: row.StepAt, Tone: row.Tone, Formal: row.Formal, Currency: row.Amount.Currency,
	}
	for _, known := range groups {
		alike := known.Step == g.Step && known.StepAt == g.StepAt && known.Tone == g.Tone &&
			known.Currency == g.Currency
		if alike && page.asked.search == "" && page.asked.collector == "" {
			g = known
		}
	}
	page.groups = append(page.groups, group{Group: g, rows: []reminder.Row{row}})
}

// ids are the reminders that are shown.
func (page *view) ids() (ids []string) {
	for _, g := range page.groups {
		for _, row := range g.rows {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// first is the reminder at the top of the list.
func first(groups []group) string {
	for _, g := range groups {
		if len(g.rows) > 0 {
			return g.rows[0].ID
		}
	}
	return ""
}

// neighbour is the reminder to look at after id: the next in the list, or the
// one before at its end.
func (page view) neighbour(id string) string {
	var previous, found string
	for _, g := range page.groups {
		for _, row := range g.rows {
			if found == id {
				return row.ID
			}
			if row.ID == id {
				found = id
				continue
			}
			previous = row.ID
		}
	}
	return previous
}

// rowSentence is the small print of a row: how much, how late on the day it is
// looked at, by which way.
func rowSentence(f ui.Frame, row reminder.Row, day cal.Date) string {
	age := row.MaxAge + day.Sub(row.On)
	parts := []string{f.Count(row.Claims, "facture", "factures", "invoice", "invoices")}
	switch {
	case age > 0:
		parts = append(parts, f.Sayf("%d j de retard", "%d days late", age))
	case age == 0:
		parts = append(parts, f.Say("échoit aujourd’hui", "due today"))
	default:
		parts = append(parts, f.Sayf("échéance dans %d j", "due in %d days", -age))
	}
	parts = append(parts, channelWords(f, row.Channels))
	return strings.Join(parts, " · ")
}

func channelWords(f ui.Frame, channels []dunning.Channel) string {
	words := make([]string, len(channels))
	for i, c := range channels {
		words[i] = f.Channel(string(c))
	}
	return strings.Join(words, " + ")
}

// headline is what waits, in one sentence.
func headline(f ui.Frame, page view) string {
	if page.total == 0 {
		return f.Say("Rien n’attend votre accord.", "Nothing waits for your approval.")
	}
	amounts := make([]string, len(page.sums))
	for i, a := range page.sums {
		amounts[i] = f.Lang.Amount(a)
	}
	sentence := f.Count(page.total, "relance proposée", "relances proposées", "reminder proposed",
		"reminders proposed") +
		", " + strings.Join(amounts, " + ") + f.Say(" concernés. Rien ne part avant votre accord.", " at stake. Nothing leaves before you agree.")
	if page.leaves != page.day {
		sentence += " " + f.Sayf("Aujourd’hui n’est pas ouvré : ce que vous approuvez part le %s.",
			"Today is not a working day: what you approve leaves on %s.", f.Lang.LongDate(page.leaves))
	}
	return sentence
}
