package fr

import (
	"testing"

	"acquit/internal/cal"
)

func TestProceduralDeadlines(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	step := func(s Step) func(cal.Date) (cal.Date, error) {
		return func(d cal.Date) (cal.Date, error) { return l.Deadline(s, d) }
	}
	for _, c := range []struct {
		id          string
		of          func(cal.Date) (cal.Date, error)
		start, want string
	}{
		{"PRO-02 serve an order of September 2026", step(ServeOrder), "2026-09-10", "2026-12-10"},
		{"serve an older order", step(ServeOrder), "2026-08-31", "2027-03-01"}, // 28 February is a Sunday
		{"PRO-04 opposition", step(OpposeOrder), "2026-10-14", "2026-11-16"},
		{"PRO-06 enforcement", step(EnforceOrder), "2026-10-14", "2026-12-14"},
		{"PRO-08 declaration", step(DeclareClaim), "2026-12-30", "2027-03-01"},
		{"PRO-10 foreclosure lifted", step(LiftForeclosure), "2026-10-20", "2027-04-20"},
		{"the fee of an order", step(DepositOrderFee), "2026-10-17", "2026-11-02"}, // All Saints is a Sunday
		{"answer to an objection", step(AnswerObjection), "2026-10-12", "2026-11-12"},
		{"PRO-12 nothing contested", l.UncontestedReport, "2026-10-05", "2026-11-14"},
	} {
		if got, err := c.of(day(c.start)); err != nil || got.String() != c.want {
			t.Errorf("%s: %s, %v; want %s", c.id, got, err, c.want)
		}
	}
	if got := NoticeDeadline(day("2026-11-23"), 15).String(); got != "2026-12-11" { // PRO-14
		t.Errorf("formal notice: %s", got)
	}
	if got, err := l.Deadline(EnforceOrder, day("2026-08-31")); err == nil {
		t.Errorf("before its decree: %s", got)
	}
}

func TestDistanceAddsToProceduralDeadlines(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, c := range []struct {
		step        Step
		seat        Seat
		start, want string
	}{
		{OpposeOrder, Near, "2026-10-14", "2026-11-16"},
		{OpposeOrder, Overseas, "2026-10-14", "2026-12-14"},
		{OpposeOrder, Abroad, "2026-10-14", "2027-01-14"},
		{OpposeOrder, Abroad, "2026-10-31", "2027-02-01"}, // 31 January is a Sunday
		{DeclareClaim, Overseas, "2026-12-30", "2027-04-30"},
		{DeclareClaim, Abroad, "2026-09-15", "2027-01-15"},
		{AnswerObjection, Overseas, "2026-10-12", "2026-11-12"},
	} {
		if got, err := l.DeadlineAt(c.step, day(c.start), c.seat); err != nil || got.String() != c.want {
			t.Errorf("%s %s from %s: %s, %v; want %s", c.step, c.seat, c.start, got, err, c.want)
		}
	}
	for _, c := range []struct {
		creditor, court [2]string
		want            Seat
	}{
		{[2]string{"FR", "59000"}, [2]string{"FR", "75001"}, Near},
		{[2]string{"FR", "97400"}, [2]string{"FR", "75001"}, Overseas},
		{[2]string{"FR", "59000"}, [2]string{"FR", "97110"}, Overseas},
		{[2]string{"FR", "97200"}, [2]string{"FR", "97110"}, Overseas},
		{[2]string{"FR", "97400"}, [2]string{"FR", "97490"}, Near},
		{[2]string{"BE", "1000"}, [2]string{"FR", "75001"}, Abroad},
		{[2]string{"", "59000"}, [2]string{"FR", "97"}, Near},
	} {
		if got := SeatOf(c.creditor[0], c.creditor[1], c.court[0], c.court[1]); got != c.want {
			t.Errorf("%v before %v: %q, want %q", c.creditor, c.court, got, c.want)
		}
	}
}
