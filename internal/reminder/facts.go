package reminder

import (
	"context"
	"errors"
	"slices"
	"strings"

	"acquit/internal/channel"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/message"
	"acquit/internal/paper"
	"acquit/internal/setting"
	"acquit/internal/user"
)

// voice is the person who speaks for the creditor, and the address used.
type voice struct {
	message.Collector
	sender string
}

// speaker is the customer's collector, or the creditor's own voice.
func speaker(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, c customer.Customer) (voice, error) {
	v := voice{
		Collector: message.Collector{
			Name: setting.MailFromName.In(o.values), Email: setting.MailFromAddress.In(o.values),
		},
		sender: setting.MailFromAddress.In(o.values),
	}
	if c.Collector == "" {
		return v, nil
	}
	members, err := user.Members(ctx, tx, s)
	if err != nil {
		return v, err
	}
	for _, m := range members {
		if m.ID != c.Collector || !m.DisabledAt.IsZero() {
			continue
		}
		v.Collector = message.Collector{Name: m.Name, Email: m.Email, Phone: m.Phone}
		if m.Sender != "" {
			v.sender, v.Email = m.Sender, m.Sender
		}
	}
	return v, nil
}

// facts gathers all that a template may read about a reminder.
func facts(
	ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder, c customer.Customer, who voice,
	to message.Contact,
) (f message.Facts, err error) {
	f = message.Facts{
		Language: c.Language, Today: o.today, Collector: who.Collector, Contact: to,
		Customer: message.Customer{Code: c.Code, Name: c.Name, Kind: message.Audience(c.Kind)},
		Step:     message.Step{ID: r.Step, Title: dunning.StepTitle(r.Step, i18n.Lang(c.Language))},
		Claimed:  lines(r.Details.Claims, o.today.Sub(r.On)), Coming: lines(r.Details.Coming, o.today.Sub(r.On)),
		Credits: r.Credits, Total: r.Amount, Reference: reference(r, c), Broken: broken(r),
	}
	if r.Details.Deadline > 0 {
		f.Deadline = o.calendar.NextOpen(r.deadline(o.today))
	}
	if f.Creditor, err = paper.Creditor(ctx, tx, s, r.Amount.Currency); err != nil {
		return f, err
	}
	if who.Name == "" {
		f.Collector.Name = f.Creditor.Name
	}
	if err := orders(ctx, tx, s, f.Claimed, r.Details.Claims); err != nil {
		return f, err
	}
	if f.Interest, err = interest(ctx, tx, s, o, r); err != nil {
		return f, err
	}
	if f.Earlier, err = earlier(ctx, tx, s, r, i18n.Lang(c.Language)); err != nil {
		return f, err
	}
	return f, mandated(ctx, tx, s, o, r, &f)
}

// lines are claims as they stand some days after they were decided: a message
// that waited for its approval tells the age of the day on which it leaves.
func lines(claims []dunning.Claim, waited int) []message.Line {
	list := make([]message.Line, len(claims))
	for i, c := range claims {
		list[i] = message.Line{
			Number: c.Number, Issued: c.Issued, Due: c.Due, Total: c.Open, Claimed: c.Amount, Days: c.Age + waited,
		}
	}
	return list
}

// orders adds to the lines what only the documents know: their totals and the
// customer's own references.
func orders(ctx context.Context, tx *db.Tx, s creditor.Scope, lines []message.Line, claims []dunning.Claim) error {
	for i, c := range claims {
		doc, err := ledger.Find(ctx, tx, s, c.Item)
		if err != nil {
			return err
		}
		lines[i].Order, lines[i].Total = doc.Order, doc.Amount
	}
	return nil
}

// reference is what the customer writes on the transfer: the invoice, or the
// few invoices, else the customer's code.
func reference(r Reminder, c customer.Customer) string {
	const few = 3 // more numbers would not fit a transfer's label
	if len(r.Details.Claims) > few {
		return c.Code
	}
	numbers := make([]string, len(r.Details.Claims))
	for i, claim := range r.Details.Claims {
		numbers[i] = claim.Number
	}
	return strings.Join(numbers, " ")
}

// broken is the promise or plan that was not kept, as the decision saw it.
func broken(r Reminder) *message.Promise {
	for _, why := range r.Details.Reasons {
		switch why.Code {
		case dunning.PromiseBroken, dunning.PlanBroken:
			return &message.Promise{For: why.On, Amount: why.Amount}
		case dunning.PromisePartly:
			return &message.Promise{For: why.On, Amount: why.Limit}
		}
	}
	return nil
}

// earlier are the reminders that left about the same invoices.
func earlier(ctx context.Context, tx *db.Tx, s creditor.Scope, r Reminder, l i18n.Lang) ([]message.Earlier, error) {
	sent, err := OfCustomer(ctx, tx, s, r.Customer, maxPage)
	if err != nil {
		return nil, err
	}
	claimed := map[string]bool{}
	for _, c := range r.Details.Claims {
		claimed[c.Item] = true
	}
	var list []message.Earlier
	for _, m := range slices.Backward(sent) {
		if m.State == Sent && m.ID != r.ID && shares(m, claimed) {
			list = append(list, message.Earlier{
				On: m.DoneOn, Title: dunning.StepTitle(m.Step, l), Channel: string(m.Channels[0]),
			})
		}
	}
	return list, nil
}

func shares(m Reminder, items map[string]bool) bool {
	for _, c := range m.Details.Claims {
		if items[c.Item] {
			return true
		}
	}
	return false
}

// attachments are what the step joins to its messages: the copies of the
// claimed invoices, as long as they stay below the creditor's limit together,
// and the customer's account as of today.
func attachments(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) ([]channel.Attachment, error) {
	var list []channel.Attachment
	if attaches(r, dunning.AttachInvoices) {
		copies, err := copies(ctx, tx, s, o, r)
		if err != nil {
			return nil, err
		}
		list = append(list, copies...)
	}
	if attaches(r, dunning.AttachInterest) {
		interest, ok, err := interestFile(ctx, tx, s, o, r)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, interest)
		}
	}
	if attaches(r, dunning.AttachStatement) {
		statement, err := statement(ctx, tx, s, o, r)
		if err != nil {
			return nil, err
		}
		list = append(list, statement)
	}
	return list, nil
}

func copies(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) ([]channel.Attachment, error) {
	var list []channel.Attachment
	left := setting.AttachLimit.In(o.values) << 20
	for _, c := range r.Details.Claims {
		files, err := ledger.Files(ctx, tx, s, c.Item)
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return nil, err
		}
		for _, f := range files {
			if left -= len(f.Content); left < 0 {
				return nil, nil // none rather than some: the message would look complete
			}
			list = append(list, channel.Attachment{Name: f.Name, Type: f.MediaType, Data: f.Content})
		}
	}
	return list, nil
}

// statement is the customer's account, as a letter.
func statement(ctx context.Context, tx *db.Tx, s creditor.Scope, o office, r Reminder) (channel.Attachment, error) {
	name, pdf, err := paper.StatementFile(ctx, tx, s, r.Customer, o.today)
	return channel.Attachment{Name: name, Type: "application/pdf", Data: pdf}, err
}

func attaches(r Reminder, a dunning.Attachment) bool {
	return slices.Contains(r.Details.Attach, a)
}
