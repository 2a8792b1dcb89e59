package insolvency

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/identifier"
	"acquit/internal/registry"
	"acquit/internal/task"
)

// Taken is an announcement of a customer and what was done about it.
type Taken struct {
	Known

	Code string
	New  bool
	Did  Did
}

// Did is what was done by itself.
type Did string

// What can be done: a case recorded, reminders held until a person has looked, a
// person asked to look, or nothing but keeping it.
const (
	Recorded Did = "recorded"
	Held     Did = "held"
	Asked    Did = "asked"
	Kept     Did = "kept"
)

// Take files what a register said with the customers of those numbers, by SIREN and
// never by name, each announcement once. An opening that nothing later takes back
// becomes a case; a conversion or a striking off holds reminders; all else that
// touches a procedure asks a person to look, and never gives a customer back to
// reminders. It needs Work.
func Take(
	ctx context.Context, tx *db.Tx, s creditor.Scope, register string, list []registry.Announcement, today cal.Date,
) ([]Taken, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, err
	}
	all := []Taken{}
	for siren, some := range bySIREN(list) {
		ids, err := withSIREN(ctx, tx, s, siren)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			taken, err := takeFor(ctx, tx, s, register, id, Understand(some), today)
			if err != nil {
				return nil, err
			}
			all = append(all, taken...)
		}
	}
	return all, nil
}

// bySIREN gives announcements by number, in the order in which the numbers come. A
// number that no company can have matches nobody.
func bySIREN(list []registry.Announcement) func(func(string, []registry.Announcement) bool) {
	of := map[string][]registry.Announcement{}
	var order []string
	for _, a := range list {
		for _, n := range a.SIRENs {
			if !identifier.SIREN(n).OK() {
				continue
			}
			if of[n] == nil {
				order = append(order, n)
			}
			of[n] = append(of[n], a)
		}
	}
	return func(yield func(string, []registry.Announcement) bool) {
		for _, n := range order {
			if !yield(n, of[n]) {
				return
			}
		}
	}
}

func takeFor(
	ctx context.Context, tx *db.Tx, s creditor.Scope, register, id string, notices []Notice, today cal.Date,
) ([]Taken, error) {
	who, err := customer.Find(ctx, tx, s, id)
	if err != nil {
		return nil, err
	}
	var list []Taken
	for _, n := range notices {
		t := Taken{
			Known: Known{Announcement: n.Announcement, Customer: id, Register: register, Meaning: n.Meaning},
			Code:  who.Code, Did: Kept,
		}
		if t.New, err = keep(ctx, tx, s, t.Known); err != nil {
			return nil, err
		}
		if t.New {
			if t.Did, err = act(ctx, tx, s, who, register, n, today); err != nil {
				return nil, err
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// act does what a new announcement calls for.
func act(
	ctx context.Context, tx *db.Tx, s creditor.Scope, who customer.Customer, register string, n Notice, today cal.Date,
) (Did, error) {
	cases, err := List(ctx, tx, s, who.ID)
	if err != nil {
		return Kept, err
	}
	var open *Case
	for i := range cases {
		if cases[i].Open() {
			open = &cases[i]
		}
	}
	free := open == nil && who.InsolventOn.IsZero()
	switch {
	case n.recordable(today) && open == nil && !knownJudgment(cases, n.Judgment.On):
		return Recorded, Record(ctx, tx, s, recorded(who.ID, register, n, today), today)
	case n.recordable(today) && open != nil && open.Judgment == n.Judgment.On:
		return Recorded, complete(ctx, tx, s, *open, n, today)
	case n.Meaning == Otherwise, !n.Stands && free, n.Meaning == Ends && free:
		return Kept, nil // history that our books never had
	case n.Stands && (n.Meaning == StruckOff || free && (n.Meaning == Conversion || n.opens())):
		return Held, holdAndAsk(ctx, tx, s, who, register, n, today)
	}
	return Asked, ask(ctx, tx, s, who, register, n, today)
}

func knownJudgment(cases []Case, on cal.Date) bool {
	for _, c := range cases {
		if c.Judgment == on {
			return true
		}
	}
	return false
}

func recorded(customer, register string, n Notice, today cal.Date) *Case {
	c := &Case{
		Customer: customer, Kind: n.Kind, Judgment: n.Judgment.On, Published: n.Published, Court: n.Court,
		Source: register + " " + n.ID,
	}
	if c.Published < c.Judgment || c.Published > today {
		c.Published = 0
	}
	return c
}

// complete adds to a case that a person recorded what the register says of it.
func complete(ctx context.Context, tx *db.Tx, s creditor.Scope, c Case, n Notice, today cal.Date) error {
	if c.Published.IsZero() && n.Published >= c.Judgment && n.Published <= today {
		c.Published = n.Published
	}
	if c.Court == "" {
		c.Court = n.Court
	}
	return Amend(ctx, tx, s, c, today)
}

// holdAndAsk keeps quiet until a person has looked.
func holdAndAsk(
	ctx context.Context, tx *db.Tx, s creditor.Scope, who customer.Customer, register string, n Notice, today cal.Date,
) error {
	err := hold.Add(ctx, tx, s, &hold.Hold{
		Customer: who.ID, From: today,
		Reason: strings.ToUpper(register) + "\u00a0: " + n.Meaning.In("fr") + ", annonce " + n.ID,
	}, today)
	if err != nil && fault.KindOf(err) != fault.KindConflict { // held already is as good
		return err
	}
	return ask(ctx, tx, s, who, register, n, today)
}

// ask asks a person to look at an announcement.
func ask(
	ctx context.Context, tx *db.Tx, s creditor.Scope, who customer.Customer, register string, n Notice, today cal.Date,
) error {
	title := []rune(strings.ToUpper(register) + "\u00a0: " + n.Title() + "\u00a0: " + who.Name)
	const most = 190 // a task's title is one line
	if len(title) > most {
		title = append(title[:most], '…')
	}
	var detail []string
	for _, s := range []string{
		capital(n.Meaning.In("fr")), n.Judgment.Text, n.Previous, n.URL,
		"Rien n’est rétabli de soi-même\u00a0: à lire, puis à noter sur la page «\u00a0Prescription\u00a0» du client.",
	} {
		if s != "" {
			detail = append(detail, s)
		}
	}
	words := []rune(strings.Join(detail, " — "))
	const page = 1500 // of what a task may say
	return task.Add(ctx, tx, s, &task.Task{
		Customer: who.ID, Kind: task.Procedure, Key: "announcement/" + who.ID + "/" + n.ID, Title: string(title),
		Detail: string(words[:min(len(words), page)]), Due: today,
	})
}

// Check looks a customer up in a register and files what it says. No transaction is
// open while the register is asked. It needs Work.
func Check(
	ctx context.Context, d *db.DB, s creditor.Scope, register string, source registry.Source, w Watched, today cal.Date,
) ([]Taken, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, err
	}
	siren := identifier.SIREN(w.SIREN)
	if w.SIREN == "" || !siren.OK() {
		return nil, &fault.Invalid{
			Field: "siren", Message: "le SIREN du client " + w.Code + " manque ou n’est pas valable",
			Mend: "le corriger sur sa fiche",
		}
	}
	list, err := source.Announcements(ctx, siren.Value)
	problem := ""
	if err != nil {
		problem = err.Error()
	}
	var taken []Taken
	stored := d.Write(ctx, func(tx *db.Tx) (e error) {
		if err == nil {
			if taken, e = Take(ctx, tx, s, register, list, today); e != nil {
				return e
			}
		}
		return checked(ctx, tx, s, register, w.ID, problem)
	})
	if err != nil {
		return nil, err
	}
	return taken, stored
}

// Look is whom a check is about: the customer named by identifier or code.
func Look(who customer.Customer) Watched {
	siren := who.SIREN
	if siren == "" && len(who.SIRET) == 14 {
		siren = who.SIRET[:9]
	}
	return Watched{ID: who.ID, Code: who.Code, SIREN: siren}
}
