package post

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/notice"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
)

// List are the letters that wait to be posted, as the account stands now.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, d *reminder.Desk) ([]Waiting, error) {
	messages, err := onPaper(ctx, tx, s, reminder.Ready)
	if err != nil {
		return nil, err
	}
	looks, err := d.LookAgain(ctx, tx, s, messages)
	if err != nil {
		return nil, err
	}
	list, err := named(ctx, tx, s, looks)
	pile(list)
	return list, err
}

// named adds whom letters go to, and the piles in which they lie.
func named(ctx context.Context, tx *db.Tx, s creditor.Scope, looks []reminder.Look) ([]Waiting, error) {
	ids, who := make([]string, len(looks)), make([]string, len(looks))
	for i, l := range looks {
		ids[i], who[i] = l.ID, l.Customer
	}
	in, err := batchOf(ctx, tx, s, ids)
	if err != nil {
		return nil, err
	}
	customers, err := customer.ByID(ctx, tx, s, who)
	if err != nil {
		return nil, err
	}
	list := make([]Waiting, len(looks))
	for i, l := range looks {
		c := customers[l.Customer]
		list[i] = Waiting{
			Look: l, Batch: in[l.ID], Name: c.Name, Code: c.Code, Place: strings.TrimSpace(c.PostalCode + " " + c.City),
		}
	}
	return list, nil
}

// Made is a batch that was made, and the letters that were taken out of it, with
// their reasons.
type Made struct {
	Batch
	Out []reminder.Look
}

// Print makes a batch of all letters that wait and lie in no pile. Each is
// checked again: those that events have overtaken are taken out.
func Print(ctx context.Context, tx *db.Tx, s creditor.Scope, d *reminder.Desk) (m Made, err error) {
	if err := s.Need(creditor.Work); err != nil {
		return m, err
	}
	if err := tx.Lock(ctx, "post/"+s.Creditor); err != nil {
		return m, err
	}
	list, err := List(ctx, tx, s, d)
	if err != nil {
		return m, err
	}
	var loose []reminder.Message
	for _, w := range list {
		if w.Batch == "" {
			loose = append(loose, w.Message)
		}
	}
	may, out, err := d.TakeOut(ctx, tx, s, loose)
	m.Out = out
	if err != nil || len(may) == 0 {
		return m, err
	}
	if m.Batch, err = bind(ctx, tx, s, list, may); err != nil {
		return m, err
	}
	return m, journal.Write(ctx, tx, s, "post.printed", "post/"+m.ID, map[string]any{
		"letters": len(m.Items), "pages": m.Pages, "sha256": m.SHA256, "taken_out": len(out),
	})
}

// bind prints letters into one document and stores the batch.
func bind(
	ctx context.Context, tx *db.Tx, s creditor.Scope, list []Waiting, may []reminder.Message,
) (b Batch, err error) {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return b, err
	}
	today, err := reminder.Today(ctx, tx, s)
	if err != nil {
		return b, err
	}
	b = Batch{ID: tx.NewID("lot"), On: today, MadeAt: tx.Now, MadeBy: s.Actor, Duplex: setting.PostDuplex.In(values)}
	ready := map[string]bool{}
	for _, m := range may {
		ready[m.ID] = true
	}
	var docs []letter.Attachment
	for _, w := range list {
		if !ready[w.ID] {
			continue
		}
		raw, err := reminder.Raw(ctx, tx, s, w.ID)
		if err != nil {
			return b, err
		}
		docs = append(docs, letter.Attachment{Name: fmt.Sprintf("%d. %s", len(docs)+1, w.Name), PDF: raw})
		b.Items = append(b.Items, Item{Waiting: w, Rank: len(docs)})
	}
	var pdf bytes.Buffer
	bound, err := letter.Bind(&pdf, "Courrier du "+today.Long("fr"), b.Duplex, docs...)
	if err != nil {
		return b, err
	}
	b.Pages = bound.Total
	for i := range b.Items {
		b.Items[i].Pages, b.Items[i].sheets = bound.Pages[i], sheetsOf(bound.Pages[i], b.Duplex)
		b.Items[i].Batch = b.ID
	}
	file := ledger.File{Name: "courrier-" + today.String() + ".pdf", MediaType: "application/pdf", Content: pdf.Bytes()}
	if err := ledger.KeepFile(ctx, tx, s, &file); err != nil {
		return b, err
	}
	b.SHA256 = file.SHA256
	return b, insertBatch(ctx, tx, s, b)
}

// Find is a batch with its letters as their accounts stand now.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, d *reminder.Desk, id string) (Batch, error) {
	b, err := db.One(ctx, tx, scanBatch, selectBatch+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	if err != nil {
		return b, err
	}
	if b.Items, err = pileOf(ctx, tx, s, b); err != nil {
		return b, err
	}
	messages := make([]reminder.Message, len(b.Items))
	for i, item := range b.Items {
		if messages[i], err = reminder.FindMessage(ctx, tx, s, item.ID); err != nil {
			return b, err
		}
	}
	looks, err := d.LookAgain(ctx, tx, s, messages)
	if err != nil {
		return b, err
	}
	list, err := named(ctx, tx, s, looks)
	for i := range list {
		b.Items[i].Waiting = list[i]
	}
	return b, err
}

// PDF are the bytes of a batch, as they were printed first.
func PDF(ctx context.Context, tx *db.Tx, s creditor.Scope, b Batch) ([]byte, error) {
	return ledger.FileContent(ctx, tx, s, b.SHA256)
}

// Deposit is letters of a batch that a person has posted.
type Deposit struct {
	Batch    string
	Letters  []string
	On       cal.Date
	Tracking map[string]string // numbers of registered letters
}

// maxTracking is longer than any number of a registered letter.
const maxTracking = 40

// Post records a deposit. A registered letter needs its number.
func Post(ctx context.Context, tx *db.Tx, s creditor.Scope, d *reminder.Desk, p Deposit) error {
	b, err := Find(ctx, tx, s, d, p.Batch)
	if err != nil {
		return err
	}
	if len(p.Letters) == 0 {
		return &fault.Invalid{
			Field: "letters", Message: "aucune lettre n’est cochée", Mend: "cocher celles qui ont été postées",
		}
	}
	known := map[string]Item{}
	for _, i := range b.Items {
		known[i.ID] = i
	}
	for _, id := range p.Letters {
		i, ok := known[id]
		if !ok {
			return fault.NotFound("lettre %s dans ce lot", id)
		}
		if err := i.number(ctx, tx, s, p.Tracking[id]); err != nil {
			return err
		}
	}
	if err := reminder.Posted(ctx, tx, s, p.Letters, p.On); err != nil {
		return err
	}
	for _, id := range p.Letters {
		if err := known[id].notify(ctx, tx, s, p.Tracking[id]); err != nil {
			return err
		}
	}
	return nil
}

// notify gives the number of a registered letter to the notice that it is.
func (i Item) notify(ctx context.Context, tx *db.Tx, s creditor.Scope, number string) error {
	if !i.Registered() {
		return nil
	}
	n, ok, err := notice.OfReminder(ctx, tx, s, i.Reminder)
	if err != nil || !ok || n.State == notice.Cancelled {
		return err
	}
	return notice.Record(ctx, tx, s, n.ID, notice.Report{Tracking: number})
}

// number keeps the number of a registered letter.
func (i Item) number(ctx context.Context, tx *db.Tx, s creditor.Scope, number string) error {
	number = strings.ToUpper(strings.Join(strings.Fields(number), ""))
	switch {
	case !i.Registered():
		return nil
	case number == "" || len(number) > maxTracking:
		return &fault.Invalid{
			Field: "tracking", Message: "le numéro du recommandé pour « " + i.Name + " » manque",
			Mend: "celui de la preuve de dépôt, par exemple 1A 123 456 7890 1",
		}
	}
	return track(ctx, tx, s, i.Batch, i.ID, number)
}

// Back takes letters out of a pile: those that still may leave are printed again
// with the next batch.
func Back(ctx context.Context, tx *db.Tx, s creditor.Scope, batch string, letters []string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	for _, id := range letters {
		n, err := putBack(ctx, tx, s, batch, id)
		if err == nil && n == 0 {
			err = fault.Conflictf("cette lettre n’est plus dans la pile")
		}
		if err != nil {
			return err
		}
	}
	return journal.Write(ctx, tx, s, "post.put_back", "post/"+batch, map[string]any{"messages": letters})
}

// CameBack records that a letter that was posted came back. Where its address is
// wrong, no other letter goes there, and somebody is asked for the right one.
func CameBack(
	ctx context.Context, tx *db.Tx, s creditor.Scope, message string, reason customer.ReturnReason, on cal.Date,
) error {
	m, err := reminder.FindMessage(ctx, tx, s, message)
	if err != nil {
		return err
	}
	if m.State != reminder.MessageSent {
		return fault.Conflictf("cette lettre n’a pas été postée")
	}
	who, err := customer.Find(ctx, tx, s, m.Customer)
	if err != nil {
		return err
	}
	err = customer.AddReturned(ctx, tx, s, &customer.Returned{
		Customer: who.ID, Message: m.ID, Address: who.Address(), Reason: reason, On: on,
	})
	if err != nil {
		return err
	}
	if reason.Bad() {
		err = task.Add(ctx, tx, s, &task.Task{
			Customer: who.ID, Reminder: m.Reminder, Kind: task.FindContact, Key: "address/" + who.ID,
			Owner: who.Collector, Due: on, Title: "Trouver la bonne adresse postale : " + who.Name,
			Detail: "Une lettre est revenue de « " + who.Address() + " » : " + reason.FR(),
		})
	}
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "post.returned", "customer/"+who.ID, map[string]any{
		"message": m.ID, "reason": reason, "on": on,
	})
}
