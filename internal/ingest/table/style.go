package table

import (
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/ingest"
)

// style settles how dates and amounts are written, each column by its own
// evidence and, where it has none, by that of the others.
func (p *plan) style(h ingest.Hints) {
	p.orderOf, p.decimal = map[ingest.Field]cal.Order{}, map[ingest.Field]rune{}
	var all dayOrder
	comma, dot := 0, 0
	add := func(c *column) {
		comma, dot = comma+c.comma, dot+c.dot
		if c.comma+c.dot == 0 { // 1.234 groups by a dot where nothing says otherwise
			comma, dot = comma+min(c.thousand[1], 1), dot+min(c.thousand[0], 1)
		}
	}
	for f := range p.at {
		c := p.column(f)
		switch holds(f) {
		case ingest.HoldsDate:
			all.dayFirst += c.first.dayFirst
			all.monthFirst += c.first.monthFirst
			all.either += c.first.either
		case ingest.HoldsAmount:
			add(c)
		}
	}
	for _, i := range p.buckets {
		add(p.columns[i])
	}
	p.orders(all, h)
	p.decimals(comma, dot, h)
	open := p.column(ingest.FieldOpen)
	p.blankIsNil = !open.zero
}

func (p *plan) orders(all dayOrder, h ingest.Hints) {
	general := cal.DayFirst
	switch {
	case h.DateOrder == "mdy":
		general = cal.MonthFirst
	case h.DateOrder == "dmy" || h.DateOrder == "ymd":
	case all.monthFirst > all.dayFirst:
		general = cal.MonthFirst
	case all.dayFirst == 0 && all.monthFirst == 0 && all.either > 0:
		p.warn("dates", "rien ne dit si les dates sont écrites jour/mois ou mois/jour\u00a0: elles sont lues jour/mois, à la française")
	}
	for _, f := range slices.Sorted(maps.Keys(p.at)) {
		if holds(f) != ingest.HoldsDate {
			continue
		}
		own := p.column(f).first
		p.orderOf[f] = general
		switch {
		case h.DateOrder != "":
		case own.monthFirst > own.dayFirst:
			p.orderOf[f] = cal.MonthFirst
		case own.dayFirst > own.monthFirst:
			p.orderOf[f] = cal.DayFirst
		}
		if own.dayFirst > 0 && own.monthFirst > 0 && !p.warned("dates") {
			p.warn("dates", "la colonne «\u00a0"+p.column(f).name+"\u00a0» mêle des dates jour/mois et mois/jour")
		}
	}
	p.shown.order = "dmy"
	if general == cal.MonthFirst {
		p.shown.order = "mdy"
	}
}

func (p *plan) decimals(comma, dot int, h ingest.Hints) {
	general := ','
	if dot > comma {
		general = '.'
	}
	if h.Decimal != 0 {
		general = h.Decimal
	}
	p.shown.decimal = general
	p.decimal[ingest.FieldOpen] = general // of ranges of ages too
	for f := range p.at {
		if holds(f) != ingest.HoldsAmount {
			continue
		}
		c := p.column(f)
		p.decimal[f] = general
		switch {
		case h.Decimal != 0:
		case c.comma > c.dot:
			p.decimal[f] = ','
		case c.dot > c.comma:
			p.decimal[f] = '.'
		}
	}
}

func holds(f ingest.Field) ingest.Holds {
	switch f {
	case ingest.FieldIssued, ingest.FieldDue, ingest.FieldPaidOn, ingest.FieldBooked, ingest.FieldValue:
		return ingest.HoldsDate
	case ingest.FieldTotal, ingest.FieldOpen, ingest.FieldPaid, ingest.FieldNet, ingest.FieldTax,
		ingest.FieldDebit, ingest.FieldCredit, ingest.FieldBalance, ingest.FieldFee:
		return ingest.HoldsAmount
	}
	return ingest.HoldsText
}
