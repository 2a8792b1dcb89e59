package reminder

import (
	"context"
	"errors"
	"strings"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// Outlook is what would become of a reminder once it is approved.
type Outlook struct {
	Reminder string
	Customer string
	Code     Doubt // empty where it leaves
	Why      i18n.Words
}

// Leaves tells that nothing keeps the reminder back.
func (o Outlook) Leaves() bool { return o.Code == "" }

// Gone tells that events have made it wrong: it never leaves.
func (o Outlook) Gone() bool { return o.Code == DoubtEvent }

// Foresee looks at reminders as the sender will, and changes nothing. Those that
// nobody has approved yet are looked at as if this person did so now: what is said
// before cannot differ from what then happens.
func (d *Desk) Foresee(ctx context.Context, tx *db.Tx, s creditor.Scope, ids ...string) ([]Outlook, error) {
	b, err := d.bench(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	list := make([]Outlook, 0, len(ids))
	for _, id := range ids {
		o, err := b.foresee(ctx, tx, s, id)
		if err != nil && (ctx.Err() != nil || errors.Is(err, fault.ErrNotFound)) {
			return nil, err
		}
		if err != nil { // it stops itself alone, as it does the sender
			b.log.ErrorContext(ctx, "a reminder could not be checked", "reminder", id, "error", err)
			o = Outlook{Reminder: id, Code: DoubtAccount, Why: i18n.Words{
				FR: "ce message n’a pas pu être contrôlé\u00a0: voir le journal du serveur",
				EN: "this message could not be checked: see the server’s log",
			}}
		}
		list = append(list, o)
	}
	return list, nil
}

func (b bench) foresee(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Outlook, error) {
	r, err := Find(ctx, tx, s, id)
	if err != nil {
		return Outlook{}, err
	}
	if r.State == Proposed || r.State == Failed {
		r.DecidedAt, r.DecidedBy = tx.Now, s.Actor
	}
	v, err := b.recheck(ctx, tx, s, r)
	return Outlook{r.ID, r.Customer, v.code, v.why}, err
}

// Until is why a reminder is kept back, as a person reads it before she approves;
// empty where it leaves.
func (o Outlook) Until(l i18n.Lang) string {
	switch {
	case o.Leaves():
		return ""
	case o.Gone():
		return i18n.Words{FR: "dépassée\u00a0: ", EN: "overtaken: "}.In(l) + o.Why.In(l)
	case o.Code == DoubtPayment:
		return until(o.Why.In(l), l)
	}
	return i18n.Words{FR: "retenue\u00a0: ", EN: "held: "}.In(l) + o.Why.In(l)
}

// Kept are those of some outlooks that do not leave.
func Kept(list []Outlook) (kept []Outlook) {
	for _, o := range list {
		if !o.Leaves() {
			kept = append(kept, o)
		}
	}
	return kept
}

var (
	waitsNoun = i18n.Noun{
		One:  i18n.Words{FR: "est retenue", EN: "is held"},
		Many: i18n.Words{FR: "sont retenues", EN: "are held"},
	}
	goneNoun = i18n.Noun{
		One:  i18n.Words{FR: "est dépassée et ne partira pas", EN: "is overtaken and will not leave"},
		Many: i18n.Words{FR: "sont dépassées et ne partiront pas", EN: "are overtaken and will not leave"},
	}
	leaveNoun = i18n.Noun{
		One:  i18n.Words{FR: "peut partir", EN: "can leave"},
		Many: i18n.Words{FR: "peuvent partir", EN: "can leave"},
	}
)

var doubtWords = map[Doubt]i18n.Words{
	DoubtPayment: {FR: "règlement peut-être arrivé", EN: "payment perhaps there"},
	DoubtSource:  {FR: "comptes ou relevés trop anciens", EN: "books or statements too old"},
	DoubtCredit:  {FR: "avoir attendu", EN: "credit note awaited"},
	DoubtCap:     {FR: "client trop sollicité", EN: "customer contacted too often"},
	DoubtMandate: {FR: "mandat incomplet", EN: "mandate incomplete"},
	DoubtAccount: {FR: "compte illisible", EN: "account unreadable"},
	DoubtEvent:   {FR: "dépassée", EN: "overtaken"},
}

// doubts are those that wait, in the order in which they are told.
var doubts = []Doubt{DoubtPayment, DoubtSource, DoubtCredit, DoubtCap, DoubtMandate, DoubtAccount}

// In is the doubt in a few words.
func (d Doubt) In(l i18n.Lang) string { return doubtWords[d].In(l) }

// Forecast says in one sentence how many of some reminders can leave, how many are
// kept back, and by what.
func Forecast(list []Outlook, l i18n.Lang) string {
	counts := map[Doubt]int{}
	for _, o := range list {
		counts[o.Code]++
	}
	parts := []string{leaveNoun.Count(l, counts[""])}
	if counts[""] == 0 {
		parts[0] = i18n.Words{FR: "aucune ne peut partir", EN: "none can leave"}.In(l)
	}
	var why []string
	held := 0
	for _, code := range doubts {
		if n := counts[code]; n > 0 {
			held += n
			why = append(why, code.In(l)+i18n.Words{FR: "\u00a0: ", EN: ": "}.In(l)+l.Int(n))
		}
	}
	if held > 0 {
		parts = append(parts, waitsNoun.Count(l, held)+" ("+strings.Join(why, ", ")+")")
	}
	if n := counts[DoubtEvent]; n > 0 {
		parts = append(parts, goneNoun.Count(l, n))
	}
	return strings.Join(parts, ", ")
}
