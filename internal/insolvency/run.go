package insolvency

import (
	"context"
	"errors"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/law/fr"
	"acquit/internal/limitation"
)

// note is what the journal keeps of a case.
type note struct {
	Case      string   `json:"case"`
	Kind      Kind     `json:"kind,omitempty"`
	Judgment  cal.Date `json:"judgment,omitzero"`
	Published cal.Date `json:"published,omitzero"`
	Source    string   `json:"source,omitempty"`
	On        cal.Date `json:"on,omitzero"`
	Tracking  string   `json:"tracking,omitempty"`
	As        Ending   `json:"as,omitempty"`
	Note      string   `json:"note,omitempty"`
}

// Record notes a collective procedure: its customer is not reminded any more of what
// was supplied before, and what the procedure calls for becomes tasks. It fills
// identifier, author and whether the creditor lives far away. It needs Work.
func Record(ctx context.Context, tx *db.Tx, s creditor.Scope, c *Case, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	id, err := agreement.Customer(ctx, tx, s, c.Customer)
	if err != nil {
		return err
	}
	c.Customer = id
	if err := tx.Lock(ctx, "customer/"+id); err != nil {
		return err
	}
	if err := c.check(today); err != nil {
		return err
	}
	others, err := List(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(others, Case.Open); i >= 0 {
		return fault.Conflictf("une procédure du %s est déjà notée\u00a0: la compléter, ou la clore d’abord",
			others[i].Judgment.Short("fr"))
	}
	far, err := livesFar(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if c.Source == "" {
		c.Source = ByHand
	}
	c.Far = c.Far || far
	c.ID, c.By, c.CreatedAt = tx.NewID("ins"), s.Actor, tx.Now
	if err := insert(ctx, tx, s, *c); err != nil {
		return err
	}
	return c.changed(ctx, tx, s, "insolvency.recorded", today)
}

// changed brings all that follows from a case up to what it says now.
func (c *Case) changed(ctx context.Context, tx *db.Tx, s creditor.Scope, action string, today cal.Date) error {
	if err := mark(ctx, tx, s, c.Customer, c.Judgment); err != nil {
		return err
	}
	if err := plan(ctx, tx, s, *c, today); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, action, "customer/"+c.Customer, note{
		Case: c.ID, Kind: c.Kind, Judgment: c.Judgment, Published: c.Published, Source: c.Source, Note: c.Note,
	})
}

// mark writes the day of the judgment on the customer's card, where decisions and
// charges read it; the zero Date takes it off.
func mark(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date) error {
	who, err := customer.Find(ctx, tx, s, id)
	if err != nil || who.InsolventOn == on {
		return err
	}
	who.InsolventOn = on
	return customer.Update(ctx, tx, s, who)
}

// maxText bounds what people write of a court or an office, in characters.
const maxText = 300

func (c *Case) check(today cal.Date) (err error) {
	if !slices.Contains(Kinds(), c.Kind) {
		return &fault.Invalid{
			Field: "kind", Message: "quelle procédure est ouverte ?", Mend: "sauvegarde, redressement ou liquidation",
		}
	}
	switch {
	case c.Judgment.IsZero():
		return fault.Invalidf("judgment", "il manque le jour du jugement")
	case c.Judgment > today:
		return fault.Invalidf("judgment", "ce jugement n’est pas encore rendu")
	case !c.Published.IsZero() && c.Published < c.Judgment:
		return fault.Invalidf("published", "la publication précède le jugement")
	case c.Published > today:
		return fault.Invalidf("published", "cette publication n’est pas encore parue")
	}
	for field, text := range map[string]*string{
		"court": &c.Court, "office": &c.Office.Name, "office_street": &c.Office.Street,
		"office_postal": &c.Office.PostalCode, "office_city": &c.Office.City, "office_email": &c.Office.Email,
		"securities": &c.Securities,
	} {
		*text = strings.Join(strings.Fields(*text), " ")
		if len([]rune(*text)) > maxText {
			return fault.Invalidf(field, "ce texte dépasse %d caractères", maxText)
		}
	}
	c.Note, err = agreement.Note("note", c.Note)
	return err
}

// livesFar tells whether the creditor lives outside the territory of the customer's
// court (C. com. R622-24).
func livesFar(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (bool, error) {
	own, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return false, err
	}
	who, err := customer.Find(ctx, tx, s, id)
	return fr.SeatOf(own.Country, own.PostalCode, who.Country, who.PostalCode) != fr.Near, err
}

// Amend completes or corrects a case that goes on. It needs Work.
func Amend(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	before, err := going(ctx, tx, s, c.ID)
	if err != nil {
		return err
	}
	c.Customer, c.Source, c.By, c.CreatedAt = before.Customer, before.Source, before.By, before.CreatedAt
	c.Declared, c.Tracking, c.Ended, c.EndedAs = before.Declared, before.Tracking, before.Ended, before.EndedAs
	c.Objected = before.Objected
	if err := c.check(today); err != nil {
		return err
	}
	if err := update(ctx, tx, s, c); err != nil {
		return err
	}
	return c.changed(ctx, tx, s, "insolvency.amended", today)
}

// going is a case that goes on, locked with its customer.
func going(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Case, error) {
	c, err := Find(ctx, tx, s, id)
	if err != nil {
		return c, err
	}
	if err := tx.Lock(ctx, "customer/"+c.Customer); err != nil {
		return c, err
	}
	if c, err = Find(ctx, tx, s, id); err == nil && !c.Open() {
		err = fault.Conflictf("cette procédure est déjà close")
	}
	return c, err
}

// Posted notes that the declaration was posted on a day, which is the day that counts.
// It interrupts the time to sue of each invoice declared until the procedure ends (C.
// com. L622-25-1). It needs Work.
func Posted(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, tracking string, today cal.Date,
) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	c, err := going(ctx, tx, s, id)
	if err != nil {
		return err
	}
	switch {
	case on.IsZero() || on > today:
		return fault.Invalidf("on", "quel jour la déclaration a-t-elle été postée ?")
	case on < c.Judgment:
		return fault.Invalidf("on", "une déclaration ne précède pas le jugement")
	case !c.Declared.IsZero():
		return fault.Conflictf("cette déclaration est déjà notée postée le %s", c.Declared.Short("fr"))
	}
	declared, err := Amounts(ctx, tx, s, c)
	if err != nil {
		return err
	}
	for _, line := range declared.Lines {
		e := &limitation.Event{
			Customer: c.Customer, Invoice: line.ID, On: on, Type: fr.Declared, Certainty: limitation.Text,
			Source: limitation.FromDeclaration, Note: c.ID,
		}
		if err := limitation.Add(ctx, tx, s, e, today); err != nil {
			return err
		}
	}
	c.Declared, c.Tracking = on, strings.TrimSpace(tracking)
	if err := update(ctx, tx, s, c); err != nil {
		return err
	}
	if err := plan(ctx, tx, s, c, today); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "insolvency.declared", "customer/"+c.Customer, note{
		Case: id, On: on, Tracking: c.Tracking,
	})
}

// Objected notes the day on which the office's letter that contests the claim was
// received: thirty days are left to answer (C. com. L622-27). It needs Work.
func Objected(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on, today cal.Date) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	c, err := going(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if on.IsZero() || on > today || on < c.Judgment {
		return fault.Invalidf("on", "quel jour la lettre a-t-elle été reçue ?")
	}
	c.Objected = on
	if err := update(ctx, tx, s, c); err != nil {
		return err
	}
	if err := plan(ctx, tx, s, c, today); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "insolvency.objected", "customer/"+c.Customer, note{Case: id, On: on})
}

// End closes a case. What was declared may be sued for again from that day, as far as
// the law lets it (C. civ. 2242); a mistake takes all of it back, and reminders go on.
// It needs Manage.
func End(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, as Ending, on cal.Date, why string, today cal.Date,
) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	why, err := agreement.Reason("note", why)
	if err != nil {
		return err
	}
	c, err := going(ctx, tx, s, id)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(Endings(), as):
		return fault.Invalidf("as", "comment la procédure finit-elle ? closed, plan ou mistake")
	case on.IsZero() || on > today || on < c.Judgment:
		return fault.Invalidf("on", "quel jour finit-elle, entre le jugement et aujourd’hui ?")
	}
	if err := release(ctx, tx, s, c, as, on, why, today); err != nil {
		return err
	}
	c.Ended, c.EndedAs = on, as
	if err := update(ctx, tx, s, c); err != nil {
		return err
	}
	if as == Mistake {
		if err := mark(ctx, tx, s, c.Customer, 0); err != nil {
			return err
		}
	}
	if err := plan(ctx, tx, s, c, today); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "insolvency.ended", "customer/"+c.Customer, note{
		Case: id, As: as, On: on, Note: why,
	})
}

// release ends the interruption of what was declared in a case.
func release(
	ctx context.Context, tx *db.Tx, s creditor.Scope, c Case, as Ending, on cal.Date, why string, today cal.Date,
) error {
	noted, err := limitation.Noted(ctx, tx, s, c.Customer)
	if err != nil {
		return err
	}
	for _, e := range noted {
		switch {
		case e.Source != limitation.FromDeclaration || e.Note != c.ID || e.Type != fr.Declared:
		case as == Mistake:
			err = errors.Join(err, limitation.Withdraw(ctx, tx, s, e.ID, why))
		case as == Closed:
			err = errors.Join(err, limitation.Add(ctx, tx, s, &limitation.Event{
				Customer: c.Customer, Invoice: e.Invoice, On: on, Type: fr.CourtEnd, Source: limitation.FromDeclaration,
				Note: c.ID,
			}, today))
		}
	}
	return err
}
