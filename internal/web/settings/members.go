package settings

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/user"
	"acquit/internal/web/visit"
)

// Members shows who works here.
func (p *Pages) Members(w http.ResponseWriter, r *http.Request) error {
	return p.members(w, r, http.StatusOK, membersView{}, nil)
}

func (p *Pages) members(w http.ResponseWriter, r *http.Request, status int, m membersView, wrong visit.Problems) error {
	err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
		m.members, err = user.Members(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	f := frameOf(r)
	if wrong != nil {
		f.Notice = wrong.Notice(f, "email", "name")
	}
	return visit.Show(w, r, status, membersPage(f, m, visit.From(r.Context()).May(creditor.Manage), wrong))
}

// PostMember adds a person, known to the installation or not. Somebody new gets
// a link to choose a password, which the page shows once.
func (p *Pages) PostMember(w http.ResponseWriter, r *http.Request) error {
	m := membersView{email: r.PostFormValue("email"), name: r.PostFormValue("name")}
	rights := creditor.Rights(r.PostFormValue("rights"))
	var link, linkFor string
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		who, err := user.ByEmail(ctx, tx, m.email)
		if errors.Is(err, fault.ErrNotFound) {
			if err := s.Need(creditor.Manage); err != nil {
				return err
			}
			who, err = user.Add(ctx, tx, user.Person{Email: m.email, Name: m.name})
		}
		if err != nil {
			return err
		}
		if err := absent(ctx, tx, s, who); err != nil {
			return err
		}
		if err := user.Join(ctx, tx, s, who.ID, user.Membership{Rights: rights}); err != nil {
			return err
		}
		link, linkFor, err = p.link(ctx, tx, s, who)
		return err
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.members(w, r, http.StatusUnprocessableEntity, m, wrong)
	}
	if err != nil {
		return err
	}
	return p.members(w, r, http.StatusOK, membersView{link: link, linkFor: linkFor}, nil)
}

// absent refuses somebody who is a member already.
func absent(ctx context.Context, tx *db.Tx, s creditor.Scope, who user.Person) error {
	members, err := user.Members(ctx, tx, s)
	if err == nil && slices.ContainsFunc(members, func(m user.Member) bool { return m.ID == who.ID }) {
		return fault.Conflictf("%s est déjà membre", who.Email)
	}
	return err
}

// link is the address at which who chooses a first password. Nobody gets one
// here who has a password, or a place elsewhere: whoever manages one company
// must not come into another by it.
func (p *Pages) link(ctx context.Context, tx *db.Tx, s creditor.Scope, who user.Person) (link, name string, err error) {
	places, err := user.Memberships(ctx, tx, who.ID)
	if err != nil || who.HasPassword() || len(places) != 1 || places[0].Creditor != s.Creditor {
		return "", "", err
	}
	return p.BaseURL + "/mot-de-passe/" + p.Links.Make(who, tx.Now), who.Name, nil
}

// NewLink shows a fresh link for somebody who has not chosen a password yet.
func (p *Pages) NewLink(w http.ResponseWriter, r *http.Request) error {
	var m membersView
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		if err := s.Need(creditor.Manage); err != nil {
			return err
		}
		who, err := user.Find(ctx, tx, r.PostFormValue("id"))
		if err != nil {
			return err
		}
		m.link, m.linkFor, err = p.link(ctx, tx, s, who)
		if err == nil && m.link == "" {
			return fault.Deniedf("ce lien ne peut être donné que sur la machine d’Acquit : acquit user password %s", who.Email)
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.members(w, r, http.StatusOK, m, nil)
}

// PostRights gives a member another right.
func (p *Pages) PostRights(w http.ResponseWriter, r *http.Request) error {
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		members, err := user.Members(ctx, tx, s)
		if err != nil {
			return err
		}
		for _, m := range members {
			if m.ID == r.PostFormValue("id") {
				place := user.Membership{Rights: creditor.Rights(r.PostFormValue("rights")), Sender: m.Sender}
				return user.Join(ctx, tx, s, m.ID, place)
			}
		}
		return fault.NotFound("membre")
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.members(w, r, http.StatusConflict, membersView{}, wrong)
	}
	return p.saved(w, r, err, pathMembers)
}

// Remove ends a member's place.
func (p *Pages) Remove(w http.ResponseWriter, r *http.Request) error {
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		return user.Leave(ctx, tx, s, r.PostFormValue("id"))
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.members(w, r, http.StatusConflict, membersView{}, wrong)
	}
	return p.saved(w, r, err, pathMembers)
}
