// Package visit is one request seen from a page: who asks, in whose books, in
// which language, and how a page answers.
package visit

import (
	"context"
	"net/http"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/i18n"
	"acquit/internal/user"
	"acquit/internal/web/ui"
)

// Handler answers a request, or gives the fault that the error page shows.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Visit is who asks and where they stand.
type Visit struct {
	Lang   i18n.Lang
	Person user.Person       // the zero Person when nobody is signed in
	Places []user.Membership // where the person may work
	Scope  creditor.Scope    // the zero Scope when no creditor is chosen
	Now    time.Time         // in the creditor's time zone
	Today  cal.Date          // of Now
	Counts map[ui.Section]ui.Count
	Guest  bool // the person did not sign in: the demonstration

	path   string
	clock  bool
	notice *ui.Notice
}

type contextKey struct{}

// From is the visit of a request that came through Keeper.Open.
func From(ctx context.Context) *Visit {
	v, ok := ctx.Value(contextKey{}).(*Visit)
	if !ok {
		return &Visit{Lang: i18n.FR}
	}
	return v
}

// SignedIn tells whether somebody is.
func (v *Visit) SignedIn() bool { return v.Person.ID != "" }

// InBooks tells whether a creditor is chosen.
func (v *Visit) InBooks() bool { return v.Scope.Creditor != "" }

// May tells whether the person has a right here.
func (v *Visit) May(need creditor.Rights) bool { return v.Scope.Rights.Allows(need) }

// Frame is the frame of a page with that title in a section.
func (v *Visit) Frame(fr, en string, section ui.Section) ui.Frame {
	f := ui.Frame{
		Lang: v.Lang, Section: section, Path: v.path, Person: v.Person.Name, CreditorID: v.Scope.Creditor,
		Counts: v.Counts, Notice: v.notice, Guest: v.Guest, Zone: v.Now.Location(),
	}
	if v.clock && v.InBooks() {
		f.Clock = v.Today
	}
	f.Title = f.Say(fr, en)
	for _, p := range v.Places {
		f.Places = append(f.Places, ui.Place{ID: p.Creditor, Name: p.CreditorName})
		if p.Creditor == v.Scope.Creditor {
			f.Creditor = p.CreditorName
		}
	}
	return f
}
