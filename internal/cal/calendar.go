package cal

import (
	"slices"
	"sync"
	"time"
)

// Calendar knows the open days of a place: not Saturdays, Sundays, the public
// holidays of its region or its closures. It does not change once made, so any
// number of goroutines may use one.
type Calendar struct {
	region   Region
	closures []Period
	shut     []uint64 // a bit for each day from tableFrom that is closed
}

// The table of closed days covers all dates that ledgers hold; other days are
// worked out when asked for.
const (
	tableFirstYear = 1990
	tableLastYear  = 2109
)

// maxSearch bounds the way to the next open day: a calendar that is closed for
// longer than any closure may last has no open day worth waiting for.
const maxSearch = 2 * maxPeriod

var (
	tableFrom = On(tableFirstYear, time.January, 1)
	tableDays = On(tableLastYear, time.December, 31).Sub(tableFrom) + 1
)

// national is the calendar of procedural deadlines.
var national = sync.OnceValue(func() *Calendar { return NewCalendar(Metropole) })

// NewCalendar is the calendar of region, closed for closures too. An unknown
// region has the holidays of metropolitan France.
func NewCalendar(region Region, closures ...Period) *Calendar {
	known, ok := tables()[region]
	if !ok {
		known = tables()[Metropole]
	}
	shut := known()
	if len(closures) > 0 {
		shut = slices.Clone(shut)
	}
	for _, p := range closures {
		for d := max(p.From, tableFrom); d <= p.To && d.Sub(tableFrom) < tableDays; d++ {
			closeDay(shut, d)
		}
	}
	return &Calendar{region: region, closures: closures, shut: shut}
}

// tables are the closed days of each region, worked out once: every decision
// asks for a calendar.
var tables = sync.OnceValue(func() map[Region]func() []uint64 {
	all := map[Region]func() []uint64{}
	for _, r := range Regions() {
		all[r] = sync.OnceValue(func() []uint64 { return closedDays(r) })
	}
	return all
})

// closedDays are the weekends and holidays of a region, a bit for each day of
// the table.
func closedDays(region Region) []uint64 {
	shut := make([]uint64, tableDays/64+1)
	for d := tableFrom; d.Sub(tableFrom) < tableDays; d++ {
		if weekend(d) {
			closeDay(shut, d)
		}
	}
	for year := tableFirstYear; year <= tableLastYear; year++ {
		for _, h := range region.holidays(year) {
			closeDay(shut, h.On)
		}
	}
	return shut
}

func closeDay(shut []uint64, d Date) {
	n := uint(d.Sub(tableFrom))
	shut[n/64] |= 1 << (n % 64)
}

// IsOpen tells whether people work on d.
func (c *Calendar) IsOpen(d Date) bool {
	if n := uint(d.Sub(tableFrom)); n < uint(tableDays) {
		return c.shut[n/64]&(1<<(n%64)) == 0
	}
	return c.openBeyond(d)
}

// openBeyond is IsOpen for a day that the table does not hold.
func (c *Calendar) openBeyond(d Date) bool {
	if weekend(d) {
		return false
	}
	for _, p := range c.closures {
		if p.Contains(d) {
			return false
		}
	}
	for _, h := range c.region.holidays(d.Year()) {
		if h.On == d {
			return false
		}
	}
	return true
}

// NextOpen is d if it is open, else the first open day after it. Where no day is
// open within ten years, it is d.
func (c *Calendar) NextOpen(d Date) Date { return c.search(d, 1) }

// PrevOpen is d if it is open, else the last open day before it, under the same
// limit as NextOpen.
func (c *Calendar) PrevOpen(d Date) Date { return c.search(d, -1) }

func (c *Calendar) search(d Date, step int) Date {
	for n := range maxSearch {
		if day := d.Add(n * step); c.IsOpen(day) {
			return day
		}
	}
	return d
}

// Holidays are the public holidays of a year in the calendar's region, by date.
func (c *Calendar) Holidays(year int) []Holiday { return c.region.holidays(year) }

// Region is the part of France whose holidays the calendar keeps.
func (c *Calendar) Region() Region { return c.region }

// RollForward is the last day of a procedural deadline that would end on d: a
// Saturday, a Sunday or a public holiday carries it to the next working day (CPC
// art. 642). Local holidays and closures do not count, so that nobody relies on
// more time than a court would grant; due dates and limitation never roll.
func RollForward(d Date) Date { return national().NextOpen(d) }

// weekend tells Saturdays and Sundays: day 1, 1 January of year 1, is a Monday.
func weekend(d Date) bool { return ((d-1)%7+7)%7 >= 5 }
