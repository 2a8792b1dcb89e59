package notice

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/setting"
)

// Approve records a notice that a person lets leave, with the check as it
// stands. An earlier one of the same reminder that has not left gives way. It
// needs Manage.
func Approve(ctx context.Context, tx *db.Tx, s creditor.Scope, n *Notice) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := Cancel(ctx, tx, s, n.Reminder); err != nil {
		return err
	}
	n.ID, n.State, n.ApprovedBy, n.CreatedAt, n.Deadline = tx.NewID("not"), Approved, s.Actor, tx.Now, n.Printed
	if err := insert(ctx, tx, s, *n); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.approved", "customer/"+n.Customer, map[string]any{
		"notice": n.ID, "reminder": n.Reminder, "way": n.Way, "amount": n.Amount, "deadline": n.Printed,
		"invoices": n.Invoices,
	})
}

// Cancel records that the notice of a reminder never leaves; there may be none.
func Cancel(ctx context.Context, tx *db.Tx, s creditor.Scope, reminder string) error {
	n, err := ofReminder(ctx, tx, s, reminder)
	if err != nil || n == nil || n.State != Approved || len(n.Events) > 0 {
		return err
	}
	n.State = Cancelled
	if err := settle(ctx, tx, s, *n); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.cancelled", "customer/"+n.Customer, map[string]any{"notice": n.ID})
}

// Left records that the letter of a reminder was handed to the post on a day;
// there may be no notice of it.
func Left(ctx context.Context, tx *db.Tx, s creditor.Scope, reminder string, on cal.Date) error {
	n, err := ofReminder(ctx, tx, s, reminder)
	if err != nil || n == nil || n.Day(Deposited) != 0 {
		return err
	}
	return add(ctx, tx, s, n, Event{Kind: Deposited, On: on})
}

// Report is what a person or a provider says of a notice: an event, and with it
// the number by which the post follows the letter and a scan.
type Report struct {
	Kind     State // none only gives the number
	On       cal.Date
	Note     string
	Tracking string
	File     *ledger.File // the scan of the acknowledgement; nil when there is none
}

// maxScan is what a scan of a sheet or two weighs at most.
const maxScan = 10 << 20

// Record writes down what became of a notice. It needs Work.
func Record(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, r Report) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	n, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if r.Tracking, err = trackingNumber(n.Way, r.Tracking); err != nil {
		return err
	}
	if err := r.check(ctx, tx, s, n); err != nil {
		return err
	}
	if r.Tracking != "" && r.Tracking != n.Tracking {
		if err := track(ctx, tx, s, n, r.Tracking); err != nil {
			return err
		}
	}
	if r.Kind == "" {
		return nil
	}
	e := Event{Kind: r.Kind, On: r.On, Note: r.Note}
	if r.File != nil {
		if err := ledger.KeepFile(ctx, tx, s, r.File); err != nil {
			return err
		}
		e.FileName, e.SHA256 = r.File.Name, r.File.SHA256
	}
	return add(ctx, tx, s, &n, e)
}

func (r *Report) check(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice) (err error) {
	if r.Note, err = agreement.Note("note", r.Note); err != nil {
		return err
	}
	switch {
	case n.State == Cancelled:
		return fault.Conflictf("cette mise en demeure n’est pas partie\u00a0: elle a été annulée")
	case r.Kind == "" && r.Tracking == "":
		return &fault.Invalid{Field: "kind", Message: "rien n’est dit de cette lettre", Mend: "choisir ce qu’il en est advenu, ou saisir son numéro"}
	case r.Kind == "":
		return nil
	case !slices.Contains(Reports(), r.Kind):
		return fault.Invalidf("kind", "«\u00a0%s\u00a0» n’est pas un état de recommandé", r.Kind)
	case r.File != nil && (len(r.File.Content) == 0 || len(r.File.Content) > maxScan):
		return &fault.Invalid{Field: "file", Message: "le fichier est vide ou dépasse 10 Mo", Mend: "déposer le scan de l’avis, en PDF ou en image"}
	}
	if err := agreement.Given("on", r.On); err != nil {
		return err
	}
	today, err := todayOf(ctx, tx, s)
	if err != nil {
		return err
	}
	first := n.ApprovedOn
	if on := n.Day(Deposited); on != 0 && r.Kind != Deposited {
		first = on
	}
	if r.On > today || r.On < first {
		return &fault.Invalid{
			Field: "on", Message: "ce jour n’est pas possible\u00a0: la lettre est du " + first.Short("fr") + ", nous sommes le " + today.Short("fr"),
			Mend: "saisir le jour écrit sur l’avis",
		}
	}
	return nil
}

func todayOf(ctx context.Context, tx *db.Tx, s creditor.Scope) (cal.Date, error) {
	v, err := setting.Load(ctx, tx, s.Creditor)
	return cal.Of(tx.Now.In(setting.TimeZone.In(v))), err
}

// add keeps an event and folds the notice anew.
func add(ctx context.Context, tx *db.Tx, s creditor.Scope, n *Notice, e Event) error {
	e.ID, e.Notice, e.By, e.At = tx.NewID("nev"), n.ID, s.Actor, tx.Now
	if err := insertEvent(ctx, tx, s, e); err != nil {
		return err
	}
	n.Events = append(n.Events, e)
	n.fold()
	if err := settle(ctx, tx, s, *n); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice."+string(e.Kind), "customer/"+n.Customer, map[string]any{
		"notice": n.ID, "event": e.ID, "on": e.On, "note": e.Note, "sha256": e.SHA256, "deadline": n.Deadline,
	})
}

// Withdraw takes back an event that was recorded by mistake; it stays readable.
// It needs Manage.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, event, why string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	why, err := agreement.Reason("why", why)
	if err != nil {
		return err
	}
	n, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(n.Events, func(e Event) bool { return e.ID == event && e.Withdrawn.IsZero() })
	if i < 0 {
		return fault.NotFound("événement %s", event)
	}
	if err := withdrawEvent(ctx, tx, s, event, why); err != nil {
		return err
	}
	n.Events[i].Withdrawn = tx.Now
	n.fold()
	if err := settle(ctx, tx, s, n); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.withdrawn", "customer/"+n.Customer,
		map[string]any{"notice": n.ID, "event": event, "why": why})
}

func track(ctx context.Context, tx *db.Tx, s creditor.Scope, n Notice, number string) error {
	_, err := tx.Exec(ctx, `
		UPDATE notice
		SET tracking = $3
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, n.ID, number)
	if err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "notice.tracked", "customer/"+n.Customer, map[string]any{
		"notice": n.ID, "tracking": number,
	})
}

var (
	s10    = regexp.MustCompile(`^[A-Z]{2}\d{9}[A-Z]{2}$`)
	laPost = regexp.MustCompile(`^(\d[A-Z]\d{11}|\d{13,15}|\d{13,14}[A-Z])$`)
)

// maxReference bounds what a provider of electronic letters calls one.
const maxReference = 64

// trackingNumber is a number as the post prints it, without spaces. Those of the
// Universal Postal Union (S10) have a key; La Poste's own have none we can check.
func trackingNumber(w Way, s string) (string, error) {
	if w == Electronic {
		if len(s) > maxReference {
			return "", fault.Invalidf("tracking", "cette référence est trop longue")
		}
		return strings.TrimSpace(s), nil
	}
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	switch {
	case s == "":
		return "", nil
	case !s10.MatchString(s) && !laPost.MatchString(s):
		return "", &fault.Invalid{
			Field: "tracking", Message: "ce n’est pas un numéro de recommandé", Mend: "recopier les 13 à 15 signes imprimés sous le code-barres",
		}
	case s10.MatchString(s) && !s10Key(s):
		return "", &fault.Invalid{
			Field: "tracking", Message: "la clé de ce numéro est fausse : un chiffre a été mal recopié", Mend: "le relire sur la preuve de dépôt",
		}
	}
	return s, nil
}

// s10Key checks the ninth digit (UPU S10).
func s10Key(s string) bool {
	sum := 0
	for i, weight := range []int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += weight * int(s[2+i]-'0')
	}
	key := 11 - sum%11
	switch key {
	case 10:
		key = 0
	case 11:
		key = 5
	}
	return int(s[10]-'0') == key
}
