// Package user is the people who work here: who they are, how they prove it,
// and in whose books they have which rights.
package user

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/identifier"
	"acquit/internal/journal"
)

// Person is somebody who may sign in.
type Person struct {
	ID         string
	Email      string // in small letters
	Name       string
	Phone      string
	Language   string // fr or en
	CreatedAt  time.Time
	DisabledAt time.Time // the zero time while the person may sign in

	password string // its hash; empty until one is chosen
}

// HasPassword tells whether the person has chosen one.
func (p Person) HasPassword() bool { return p.password != "" }

// Membership is a person's place in a creditor's books.
type Membership struct {
	Creditor     string // its identifier
	CreditorName string
	Rights       creditor.Rights
	Sender       string // the address this person's messages leave from; may be empty
}

// Scope is the scope in which a person works there.
func (m Membership) Scope(p Person) creditor.Scope {
	return creditor.Scope{Creditor: m.Creditor, Actor: p.ID, Rights: m.Rights}
}

// Member is a person with a place in one creditor's books.
type Member struct {
	Person
	Rights creditor.Rights
	Sender string
}

// maxText bounds a person's name and telephone number.
const maxText = 200

// Add makes a person, who cannot sign in before choosing a password, unless
// Hasher.Prepare has given them one. An address that somebody has already is a
// fault.Conflict.
func Add(ctx context.Context, tx *db.Tx, p Person) (Person, error) {
	if err := p.tidy(); err != nil {
		return Person{}, err
	}
	p.ID, p.CreatedAt = tx.NewID("per"), tx.Now
	switch _, err := ByEmail(ctx, tx, p.Email); {
	case err == nil:
		return Person{}, fault.Conflictf("une personne a déjà l’adresse %s", p.Email)
	case !errors.Is(err, fault.ErrNotFound):
		return Person{}, err
	}
	return p, insert(ctx, tx, p)
}

// Change stores a person's name, telephone number and language.
func Change(ctx context.Context, tx *db.Tx, p Person) error {
	if err := p.tidy(); err != nil {
		return err
	}
	return update(ctx, tx, p)
}

// tidy brings what a person wrote into the form in which it is kept.
func (p *Person) tidy() error {
	p.Email, p.Name, p.Phone = normal(p.Email), strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone)
	if p.Language != "en" {
		p.Language = "fr"
	}
	if p.Name == "" {
		p.Name, _, _ = strings.Cut(p.Email, "@")
	}
	for _, f := range [][2]string{{"name", p.Name}, {"phone", p.Phone}, {"email", p.Email}} {
		if utf8.RuneCountInString(f[1]) > maxText || strings.ContainsAny(f[1], "\r\n\x00") {
			return &fault.Invalid{
				Field: f[0], Message: fmt.Sprintf("ce texte doit tenir sur une ligne de %d caractères", maxText),
			}
		}
	}
	return identifier.Email(p.Email).Err("email")
}

// normal is an address as it is kept and looked for.
func normal(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// Join gives a person a place in the scope's creditor, or changes it. It needs
// Manage. The last manager keeps that right, or nobody could give it again.
func Join(ctx context.Context, tx *db.Tx, s creditor.Scope, person string, m Membership) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if !m.Rights.Allows(creditor.Read) {
		return fault.Invalidf("rights", "droit « %s » inconnu", m.Rights)
	}
	if m.Sender = normal(m.Sender); m.Sender != "" {
		if err := identifier.Email(m.Sender).Err("sender"); err != nil {
			return err
		}
	}
	if m.Rights != creditor.Manage {
		if err := keepManager(ctx, tx, s, person); err != nil {
			return err
		}
	}
	if err := putMembership(ctx, tx, s, person, m); err != nil {
		return err
	}
	body := map[string]string{"rights": string(m.Rights), "sender": m.Sender}
	return journal.Write(ctx, tx, s, "member.set", "person/"+person, body)
}

// Leave ends a person's place in the scope's creditor. It needs Manage.
func Leave(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := keepManager(ctx, tx, s, person); err != nil {
		return err
	}
	if err := deleteMembership(ctx, tx, s, person); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "member.left", "person/"+person, map[string]string{})
}

// Disable keeps a person from signing in anywhere, and ends the sessions that are
// open; what they did stays theirs. It needs Manage.
func Disable(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := keepManager(ctx, tx, s, person); err != nil {
		return err
	}
	if err := setDisabled(ctx, tx, person, tx.Now); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "person.disabled", "person/"+person, map[string]string{})
}

// Enable lets a person sign in again. It needs Manage.
func Enable(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := setDisabled(ctx, tx, person, nil); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "person.enabled", "person/"+person, map[string]string{})
}

// keepManager refuses to take the last manager away.
func keepManager(ctx context.Context, tx *db.Tx, s creditor.Scope, person string) error {
	if err := tx.Lock(ctx, "members/"+s.Creditor); err != nil {
		return err
	}
	members, err := Members(ctx, tx, s)
	if err != nil {
		return err
	}
	only := false
	for _, m := range members {
		if m.Rights != creditor.Manage || !m.DisabledAt.IsZero() {
			continue
		}
		if m.ID != person {
			return nil
		}
		only = true
	}
	if only {
		return fault.Conflictf("c’est la dernière personne qui gère cette société : donnez d’abord ce droit à une autre")
	}
	return nil
}
