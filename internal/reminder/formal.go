package reminder

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/message"
	"acquit/internal/notice"
	"acquit/internal/paper"
)

// Registered tells whether the reminder is a formal notice.
func (r Reminder) Registered() bool { return slices.Contains(r.Channels, dunning.Registered) }

// deadline is the day by which a reminder written on a day asks to be paid: a
// letter gives the days that the post takes besides.
func (r Reminder) deadline(written cal.Date) cal.Date {
	if r.Registered() {
		return fr.NoticeDeadline(written, r.Details.Deadline)
	}
	return written.Add(r.Details.Deadline)
}

// inTime refuses to hand a claim over while the time that a formal notice gave
// for one of its invoices still runs.
func inTime(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) error {
	if !slices.Contains(r.Channels, dunning.ToDossier) {
		return nil
	}
	list, err := notice.List(ctx, tx, s, r.Customer)
	if err != nil {
		return err
	}
	for _, n := range list {
		if !claimsOne(r, n.Invoices) {
			continue
		}
		if n.State == notice.Approved {
			return &fault.Invalid{
				Field:   "deadline",
				Message: "la mise en demeure du " + n.ApprovedOn.Long("fr") + " n’est pas encore déposée",
				Mend:    "la poster, ou noter son dépôt (Mises en demeure)",
			}
		}
		if n.Running(o.today) {
			return &fault.Invalid{
				Field: "deadline",
				Message: "la mise en demeure du " + n.ApprovedOn.Long("fr") + " laisse jusqu’au " +
					n.Deadline.Long("fr") + " pour payer",
				Mend: "attendre le lendemain de ce jour, ou reporter la relance",
			}
		}
	}
	return nil
}

func claimsOne(r Reminder, invoices []string) bool {
	return slices.ContainsFunc(r.Details.Claims, func(c dunning.Claim) bool {
		return slices.Contains(invoices, c.Item)
	})
}

// formal is a formal notice under check; the zero formal is a reminder that is
// none.
type formal struct {
	notice fr.Notice
	points []fr.NoticePoint
}

// NoticePoints are the points that a formal notice is checked against, as it
// would leave now. A reminder that is none has no points.
func (d *Desk) NoticePoints(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder) ([]fr.NoticePoint, error) {
	if !r.Registered() {
		return nil, nil
	}
	o, err := openOffice(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	f, err := d.inspect(ctx, tx, s, o, r)
	return f.points, err
}

// checkNotice refuses a formal notice that lacks what it must say.
func (d *Desk) checkNotice(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (formal, error) {
	if !r.Registered() {
		return formal{}, nil
	}
	f, err := d.inspect(ctx, tx, s, o, r)
	if err != nil {
		return f, err
	}
	var missing, mend []string
	for _, p := range f.points {
		if p.Blocked() {
			missing, mend = append(missing, p.Title.In(i18n.FR)), append(mend, p.Mend.In(i18n.FR))
		}
	}
	if len(missing) > 0 {
		return f, &fault.Invalid{
			Field: "notice", Message: "la mise en demeure n’est pas complète\u00a0: " + strings.Join(missing, "\u202f; "),
			Mend: strings.Join(mend, "\u202f; "),
		}
	}
	return f, nil
}

func (d *Desk) inspect(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (f formal, err error) {
	l, err := d.letter(ctx, tx, s, o, r)
	if err != nil {
		return f, err
	}
	c, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return f, err
	}
	who, err := customer.Find(ctx, tx, s, r.Customer)
	if err != nil {
		return f, err
	}
	files, err := attachments(ctx, tx, s, o, r)
	if err != nil {
		return f, err
	}
	f.notice = noticeOf(l, c, who)
	if f.notice.Electronic = o.electronic(); f.notice.Electronic {
		f.notice.Mode = paper.Electronic.In(f.notice.Language)
	}
	for _, a := range files {
		f.notice.Attached = append(f.notice.Attached, a.Name)
	}
	f.points = fr.CheckNotice(f.notice)
	return f, nil
}

func noticeOf(l letter, c creditor.Creditor, who customer.Customer) fr.Notice {
	n := fr.Notice{
		Debtor: law.Debtor(who.Kind), Language: i18n.Lang(l.rendered.Language),
		Creditor: fr.Identity{
			Name: c.Name, Form: c.LegalForm, Capital: c.Capital, SIREN: c.SIREN, Register: c.Register,
			Office: seat(c.Street, c.PostalCode, c.City),
		},
		Customer: fr.Identity{Name: who.Name, SIREN: who.SIREN, Office: seat(who.Street, who.PostalCode, who.City)},
		Place:    c.City, Date: l.facts.Today, Mode: paper.Registered.In(i18n.Lang(l.rendered.Language)),
		Subject: l.rendered.Subject, Text: l.rendered.Text, Total: l.facts.Total, Deadline: l.facts.Deadline,
		IBAN: l.facts.Creditor.Bank.IBAN, Reference: l.facts.Reference, Signer: l.facts.Collector.Name,
		Capacity: l.facts.Collector.Title,
	}
	for _, line := range l.facts.Claimed {
		n.Claims = append(n.Claims, fr.NoticeClaim{
			Number: line.Number, Issued: line.Issued, Due: line.Due, Total: line.Total, Owing: line.Claimed,
		})
		if line.Days > 0 {
			n.Late++
		}
	}
	n.Interest = interestOf(l.facts.Interest)
	if n.Interest != nil {
		n.Total = n.Total.Add(n.Interest.Amount).Add(n.Interest.Indemnity)
	}
	return n
}

func interestOf(i *message.Interest) *fr.NoticeInterest {
	if i == nil {
		return nil
	}
	return &fr.NoticeInterest{Rate: i.Rate, Amount: i.Amount, Until: i.Until, Indemnity: i.Indemnity, Count: i.Count}
}

// seat is a registered office on one line, none while a part is missing.
func seat(street, code, city string) string {
	if street == "" || city == "" {
		return ""
	}
	return street + ", " + strings.TrimSpace(code+" "+city)
}

// record follows the notice from its approval on.
func (f formal) record(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) error {
	if f.points == nil {
		return nil
	}
	n := notice.Notice{
		Customer: r.Customer, Reminder: r.ID, Way: o.way(), Amount: f.notice.Total, Days: r.Details.Deadline,
		Printed: f.notice.Deadline, ApprovedOn: o.today, Points: f.points,
	}
	for _, c := range r.Details.Claims {
		n.Invoices = append(n.Invoices, c.Item)
	}
	return notice.Approve(ctx, tx, s, &n)
}
