// Package policy keeps what a creditor has decided about reminding: its
// scenarios, in versions, and its own message templates.
package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/journal"
)

// Scenario is a creditor's scenario in its current version.
type Scenario struct {
	ID       string
	Name     string
	Rank     int // the first active one that applies is taken
	Active   bool
	Version  int
	Document string // YAML
	PerDay   int    // at most so many new reminders a day; 0 has no limit
	Origin   string // the shipped file it began as; empty for one of the creditor's own
}

// Version is what a scenario said from a moment on.
type Version struct {
	Version   int
	Document  string
	Note      string // why it was changed
	By        string
	CreatedAt time.Time
}

// Current is an active scenario, ready to decide by.
type Current struct {
	Scenario
	Policy *dunning.Scenario
}

// Set is a creditor's active scenarios, by rank.
type Set []*Current

// Choose is the scenario of an account: the one that a person named, else the
// first that applies; nil, with the reason, when none does. Where the named one
// is not active no other takes its place: it might speak more harshly than the
// person wanted.
func (set Set) Choose(a *dunning.Account, named string, day cal.Date) (*Current, dunning.Reason) {
	if named != "" {
		for _, c := range set {
			if c.Name == named {
				return c, dunning.Reason{}
			}
		}
		return nil, dunning.Reason{
			Code: dunning.NoScenario, Note: fmt.Sprintf("«\u00a0%s\u00a0», choisi pour lui, n’est pas actif", named),
		}
	}
	policies := make([]*dunning.Scenario, len(set))
	for i, c := range set {
		policies[i] = c.Policy
	}
	chosen, why := dunning.Choose(*a, policies, day)
	for i, p := range policies {
		if chosen != nil && p == chosen {
			return set[i], why
		}
	}
	return nil, why
}

// Shelf keeps parsed scenarios, so that reading them again costs nothing. A
// version never changes, so nothing on it grows old. The zero Shelf is empty.
type Shelf struct {
	mu     sync.Mutex
	parsed map[string]*dunning.Scenario
}

// maxShelf bounds how many versions are kept: an agency's few hundred creditors
// with their handful of scenarios each.
const maxShelf = 5000

func (sh *Shelf) parse(creditor string, s Scenario) (*dunning.Scenario, error) {
	key := fmt.Sprintf("%s/%s/%d", creditor, s.ID, s.Version)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if p := sh.parsed[key]; p != nil {
		return p, nil
	}
	p, err := dunning.ParseScenario(s.Name, []byte(s.Document))
	if err != nil {
		return nil, err
	}
	if sh.parsed == nil || len(sh.parsed) >= maxShelf {
		sh.parsed = map[string]*dunning.Scenario{}
	}
	sh.parsed[key] = p
	return p, nil
}

// Load is the creditor's active scenarios. One that an older program stored
// and this one no longer reads stops the creditor's run with its error: nobody
// is reminded by another scenario in its place.
func (sh *Shelf) Load(ctx context.Context, tx *db.Tx, s creditor.Scope) (Set, error) {
	all, err := List(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	var set Set
	for _, one := range all {
		if !one.Active {
			continue
		}
		p, err := sh.parse(s.Creditor, one)
		if err != nil {
			return nil, fmt.Errorf("scénario « %s » : %w", one.Name, err)
		}
		set = append(set, &Current{Scenario: one, Policy: p})
	}
	return set, nil
}

// Install gives a new creditor the shipped scenarios: those for a kind of
// customer first, so that the first that applies is the right one.
func Install(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	for _, name := range dunning.ShippedFiles() {
		content, ok := dunning.ShippedFile(name)
		if !ok {
			return fmt.Errorf("policy: shipped scenario %s is missing", name)
		}
		if _, err := put(ctx, tx, s, string(content), name, ""); err != nil {
			return err
		}
	}
	return nil
}

// Save stores a scenario document: a new version of the scenario of its name,
// or a new scenario after all others. A document with faults is refused with
// all of them, each with its line and column (yamldoc.Faults). It needs Manage.
func Save(ctx context.Context, tx *db.Tx, s creditor.Scope, document string) (Scenario, error) {
	return put(ctx, tx, s, document, "", "")
}

func put(ctx context.Context, tx *db.Tx, s creditor.Scope, document, origin, why string) (Scenario, error) {
	p, err := open(ctx, tx, s, document)
	if err != nil {
		return Scenario{}, err
	}
	one, err := FindByName(ctx, tx, s, p.Name)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		one, err = add(ctx, tx, s, p.Name, document, origin)
		if err != nil {
			return one, err
		}
		return one, publish(ctx, tx, s, one, p, why)
	case err != nil, one.Document == document:
		return one, err
	}
	return next(ctx, tx, s, one, p, document, why)
}

// open parses a document for someone who may change scenarios, and keeps others
// from changing them meanwhile.
func open(ctx context.Context, tx *db.Tx, s creditor.Scope, document string) (*dunning.Scenario, error) {
	if err := s.Need(creditor.Manage); err != nil {
		return nil, err
	}
	p, err := dunning.ParseScenario("", []byte(document))
	if err != nil {
		return nil, err
	}
	return p, tx.Lock(ctx, "scenario/"+s.Creditor)
}

// next makes the document the scenario's next version.
func next(
	ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario, p *dunning.Scenario, document, why string,
) (Scenario, error) {
	one.Version++
	one.Name, one.Document = p.Name, document
	if err := update(ctx, tx, s, one); err != nil {
		return one, err
	}
	return one, publish(ctx, tx, s, one, p, why)
}

func publish(ctx context.Context, tx *db.Tx, s creditor.Scope, one Scenario, p *dunning.Scenario, why string) error {
	if err := insertVersion(ctx, tx, s, one, why); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "scenario.saved", "scenario/"+one.ID,
		map[string]any{"name": one.Name, "version": one.Version, "hash": p.Hash(), "why": why})
}

// Revision is a scenario as a person has changed it.
type Revision struct {
	ID       string
	Base     int // the version that was changed
	Document string
	Why      string // may be empty
}

// Revise stores a revision as the scenario's next version; its name may change.
// It is a conflict when the scenario has another version meanwhile, or another
// scenario has the name. It needs Manage.
func Revise(ctx context.Context, tx *db.Tx, s creditor.Scope, r Revision) (Scenario, error) {
	why, err := agreement.Note("why", r.Why)
	if err != nil {
		return Scenario{}, err
	}
	p, err := open(ctx, tx, s, r.Document)
	if err != nil {
		return Scenario{}, err
	}
	one, err := Find(ctx, tx, s, r.ID)
	switch {
	case err != nil:
		return one, err
	case one.Version != r.Base:
		return one, fault.Conflictf("ce scénario a été modifié entre-temps\u00a0: il en est à la version %d, la vôtre part de la %d",
			one.Version, r.Base)
	case one.Document == r.Document:
		return one, nil
	}
	if p.Name != one.Name {
		_, err := FindByName(ctx, tx, s, p.Name)
		switch {
		case err == nil:
			return one, fault.Conflictf("un autre scénario s’appelle déjà «\u00a0%s\u00a0»", p.Name)
		case !errors.Is(err, fault.ErrNotFound):
			return one, err
		}
		if err := renameChosen(ctx, tx, s, one.Name, p.Name); err != nil {
			return one, err
		}
	}
	return next(ctx, tx, s, one, p, r.Document, why)
}

func add(ctx context.Context, tx *db.Tx, s creditor.Scope, name, document, origin string) (Scenario, error) {
	all, err := List(ctx, tx, s)
	if err != nil {
		return Scenario{}, err
	}
	one := Scenario{
		ID: tx.NewID("scn"), Name: name, Rank: len(all) + 1, Active: true, Version: 1, Document: document,
		Origin: origin,
	}
	return one, insert(ctx, tx, s, one)
}

// Settle changes a scenario's place among the others, counted from 1, whether it
// is active, and how many new reminders a day it may propose (0: no limit). It
// needs Manage.
func Settle(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, rank int, active bool, perDay int) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if perDay < 0 || rank < 1 {
		return fault.Invalidf("rank", "le rang commence à 1 et le nombre par jour à 0")
	}
	if err := tx.Lock(ctx, "scenario/"+s.Creditor); err != nil {
		return err
	}
	all, err := List(ctx, tx, s)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(o Scenario) bool { return o.ID == id })
	if at < 0 {
		return fault.NotFound("scénario %s", id)
	}
	one := all[at]
	one.Active, one.PerDay = active, perDay
	all = slices.Insert(slices.Delete(all, at, at+1), min(rank, len(all))-1, one)
	for i, o := range all {
		if o.Rank != i+1 || o.ID == id {
			o.Rank = i + 1
			if err := update(ctx, tx, s, o); err != nil {
				return err
			}
		}
	}
	return journal.Write(ctx, tx, s, "scenario.settled", "scenario/"+id,
		map[string]any{"rank": min(rank, len(all)), "active": active, "per_day": perDay})
}
