package fr

import (
	"acquit/internal/cal"
	"acquit/internal/fault"
)

// Step is an act of procedure that must be done in time, or before which one must
// wait.
type Step string

// The steps, by the parameter that holds their time.
const (
	ServeOrder       Step = "ip_service_delay"           // serve a payment order, from its date (CPC 1411)
	OpposeOrder      Step = "ip_opposition_delay"        // by the debtor, from its service (CPC 1416)
	EnforceOrder     Step = "ip_wait_before_enforcement" // no opposition known, from its service (CPC 1422)
	DepositOrderFee  Step = "ip_fee_deposit_delay"       // from the request (CPC 1425)
	DeclareClaim     Step = "insolvency_declaration_delay"
	LiftForeclosure  Step = "insolvency_relief_delay"
	AnswerObjection  Step = "insolvency_objection_reply"
	ClaimGoods       Step = "retention_of_title_claim"
	AnswerCommand    Step = "l126_pay_delay" // by the debtor, from the bailiff's demand (CPCE L126-2)
	ServeUncontested Step = "l126_service_of_title_delay"
)

// Deadline is the last day of a step that starts to run on a day. Months end on the
// same day number, or on the month's last (CPC 641); an end on a Saturday, a Sunday
// or a public holiday goes on to the next working day (642). A step whose time was
// not known on that day is an error.
func (l *Law) Deadline(s Step, start cal.Date) (cal.Date, error) {
	last, err := l.unrolled(s, start)
	return cal.RollForward(last), err
}

// Seat is where whoever must act in time lives, seen from the court.
type Seat string

// The seats: the court's own territory, French overseas seen from the mainland or
// the reverse, another country.
const (
	Near     Seat = ""
	Overseas Seat = "overseas"
	Abroad   Seat = "abroad"
)

// DeadlineAt is Deadline for somebody who lives far from the court: an opposition
// has a month more from overseas and two from abroad (CPC 643), a declaration of
// claim two from either (C. com. R622-24). Other steps have no more.
func (l *Law) DeadlineAt(s Step, start cal.Date, seat Seat) (cal.Date, error) {
	var key string
	switch {
	case seat == Near:
	case s == OpposeOrder && seat == Overseas:
		key = "distance_overseas"
	case s == OpposeOrder && seat == Abroad:
		key = "distance_abroad"
	case s == DeclareClaim:
		key = "insolvency_declaration_extra_overseas"
	}
	if key == "" {
		return l.Deadline(s, start)
	}
	more, err := l.parameter(key, "months", start)
	if err != nil {
		return 0, err
	}
	own, err := l.parameter(string(s), "months", start)
	if err != nil {
		return 0, err
	}
	if start == 0 {
		return 0, fault.Invalidf("start", "le point de départ manque")
	}
	return cal.RollForward(start.AddMonths(int(own.number() + more.number()))), nil
}

// SeatOf tells how far somebody of a country and postal code is from a court of
// another: each overseas territory is far from every other (97x and 98x).
func SeatOf(country, postal, courtCountry, courtPostal string) Seat {
	if foreign(country) || foreign(courtCountry) {
		if country == courtCountry {
			return Near
		}
		return Abroad
	}
	if territory(postal) == territory(courtPostal) {
		return Near
	}
	return Overseas
}

func foreign(country string) bool { return country != "" && country != "FR" }

// territory is the three digits of an overseas postal code; nothing is the mainland.
func territory(postal string) string {
	if len(postal) == 5 && (postal[:2] == "97" || postal[:2] == "98") {
		return postal[:3]
	}
	return ""
}

// unrolled is the last day of a step before it rolls.
func (l *Law) unrolled(s Step, start cal.Date) (cal.Date, error) {
	if start == 0 {
		return 0, fault.Invalidf("start", "le point de départ manque")
	}
	if p, err := l.parameter(string(s), "months", start); err == nil {
		return start.AddMonths(int(p.number())), nil
	}
	p, err := l.parameter(string(s), "days", start)
	if err != nil {
		return 0, err
	}
	return start.Add(int(p.number())), nil
}

// UncontestedReport is the first day on which a bailiff may record that nothing was
// contested, from the day a demand was served: eight whole days after the month that
// the debtor has, the two being added up (CPCE L126-2 and L126-3).
func (l *Law) UncontestedReport(served cal.Date) (cal.Date, error) {
	month, err := l.unrolled(AnswerCommand, served)
	if err != nil {
		return 0, err
	}
	p, err := l.parameter("l126_pv_delay", "days", served)
	if err != nil {
		return 0, err
	}
	return month.Add(int(p.number()) + 1), nil
}

// postalDays are what a registered letter may take, on top of the days it grants.
const postalDays = 3

// NoticeDeadline is the day that a formal notice names as its end: so many days
// after it is posted and has travelled. It is a date in a letter and never rolls.
func NoticeDeadline(posted cal.Date, days int) cal.Date { return posted.Add(days + postalDays) }
