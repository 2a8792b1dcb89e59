// Package founding begins a company's books: its identity, the account that its
// customers pay to, its calendar, the scenarios it starts with and the first
// person who works there.
package founding

import (
	"context"
	"errors"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/policy"
	"acquit/internal/setting"
	"acquit/internal/user"
)

// Plan is what is known of a company when its books begin. Only its name is
// required.
type Plan struct {
	Creditor creditor.Creditor
	IBAN     string     // may be empty; the holder is the company
	BIC      string     // may be empty
	Region   cal.Region // empty is metropolitan France
	// Person manages the new books. Somebody known by that address joins; somebody
	// new is added, with the password that Hasher.Prepare has given. Without an
	// address there is nobody, and the command line alone reaches the books.
	Person user.Person
}

// Founded is a company whose books have begun.
type Founded struct {
	Creditor creditor.Creditor
	Scope    creditor.Scope
	Person   user.Person // the zero Person where there is none
}

// Found begins the books of a company. Actor is who does so; when empty, the
// first person, who then must be given. A company of the same name in the same database is a
// fault.Conflict: nobody could tell the two apart.
func Found(ctx context.Context, tx *db.Tx, p Plan, actor string) (f Founded, err error) {
	if err := tx.Lock(ctx, "founding"); err != nil {
		return f, err
	}
	if err := unknown(ctx, tx, p.Creditor.Name); err != nil {
		return f, err
	}
	if p.Person.Email != "" || actor == "" {
		if f.Person, err = person(ctx, tx, p.Person); err != nil {
			return f, err
		}
	}
	if actor == "" {
		actor = f.Person.ID
	}
	if f.Creditor, err = creditor.Create(ctx, tx, p.Creditor, actor, journal.Write); err != nil {
		return f, err
	}
	f.Scope = creditor.Scope{Creditor: f.Creditor.ID, Actor: actor, Rights: creditor.Manage}
	return f, f.furnish(ctx, tx, p)
}

// furnish gives the new books what they start with.
func (f Founded) furnish(ctx context.Context, tx *db.Tx, p Plan) error {
	if f.Person.ID != "" {
		if err := user.Join(ctx, tx, f.Scope, f.Person.ID, user.Membership{Rights: creditor.Manage}); err != nil {
			return err
		}
	}
	if p.IBAN != "" {
		account := creditor.Account{Holder: f.Creditor.Name, IBAN: p.IBAN, BIC: p.BIC}
		if _, err := creditor.AddAccount(ctx, tx, f.Scope, account, journal.Write); err != nil {
			return err
		}
	}
	if p.Region != "" {
		wish := map[string]string{setting.Region.Name: string(p.Region)}
		_, err := creditor.Configure(ctx, tx, f.Scope, setting.All(), setting.Box{}, wish, journal.Write)
		if err != nil {
			return err
		}
	}
	return policy.Install(ctx, tx, f.Scope)
}

// Enter makes somebody the manager of all books that a database holds: those that
// the command line began, where nobody can enter yet.
func Enter(ctx context.Context, tx *db.Tx, p user.Person) (user.Person, error) {
	who, err := person(ctx, tx, p)
	if err != nil {
		return who, err
	}
	all, err := creditor.List(ctx, tx)
	if err != nil {
		return who, err
	}
	for _, c := range all {
		s := creditor.Scope{Creditor: c.ID, Actor: who.ID, Rights: creditor.Manage}
		if err := user.Join(ctx, tx, s, who.ID, user.Membership{Rights: creditor.Manage}); err != nil {
			return who, err
		}
	}
	return who, nil
}

func unknown(ctx context.Context, tx *db.Tx, name string) error {
	all, err := creditor.List(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if strings.EqualFold(c.Name, strings.TrimSpace(name)) {
			return fault.Conflictf("« %s » existe déjà dans cette base", c.Name)
		}
	}
	return nil
}

// person is the one of that address, added if nobody has it yet.
func person(ctx context.Context, tx *db.Tx, p user.Person) (user.Person, error) {
	known, err := user.ByEmail(ctx, tx, p.Email)
	if errors.Is(err, fault.ErrNotFound) {
		return user.Add(ctx, tx, p)
	}
	return known, err
}
