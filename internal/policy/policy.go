// Package policy keeps what a creditor has decided about reminding: its
// scenarios, in versions, and its own message templates.
package policy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

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
}

// Version is what a scenario said from a moment on.
type Version struct {
	Version   int
	Document  string
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
// first that applies; nil, with the reason, when none does.
func (set Set) Choose(a *dunning.Account, named string, day cal.Date) (*Current, dunning.Reason) {
	policies := make([]*dunning.Scenario, len(set))
	for i, c := range set {
		if named != "" && c.Name == named {
			return c, dunning.Reason{}
		}
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
		if _, err := Save(ctx, tx, s, string(content)); err != nil {
			return err
		}
	}
	return nil
}

// Save stores a scenario document: a new version of the scenario of its name,
// or a new scenario after all others. A document with faults is refused with
// all of them.
func Save(ctx context.Context, tx *db.Tx, s creditor.Scope, document string) (Scenario, error) {
	if err := s.Need(creditor.Manage); err != nil {
		return Scenario{}, err
	}
	p, err := dunning.ParseScenario("", []byte(document))
	if err != nil {
		return Scenario{}, err
	}
	one, err := FindByName(ctx, tx, s, p.Name)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		one, err = add(ctx, tx, s, p.Name, document)
	case err == nil && one.Document == document:
		return one, nil
	case err == nil:
		one.Version++
		one.Document = document
		err = update(ctx, tx, s, one)
	}
	if err != nil {
		return one, err
	}
	if err := insertVersion(ctx, tx, s, one); err != nil {
		return one, err
	}
	return one, journal.Write(ctx, tx, s, "scenario.saved", "scenario/"+one.ID,
		map[string]any{"name": one.Name, "version": one.Version, "hash": p.Hash()})
}

func add(ctx context.Context, tx *db.Tx, s creditor.Scope, name, document string) (Scenario, error) {
	all, err := List(ctx, tx, s)
	if err != nil {
		return Scenario{}, err
	}
	one := Scenario{ID: tx.NewID("scn"), Name: name, Rank: len(all) + 1, Active: true, Version: 1, Document: document}
	return one, insert(ctx, tx, s, one)
}

// Settle changes a scenario's place, whether it is active, and how many new
// reminders a day it may propose.
func Settle(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, rank int, active bool, perDay int) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if perDay < 0 || rank < 1 {
		return fault.Invalidf("rank", "le rang commence à 1 et le nombre par jour à 0")
	}
	one, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	one.Rank, one.Active, one.PerDay = rank, active, perDay
	if err := update(ctx, tx, s, one); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "scenario.settled", "scenario/"+id,
		map[string]any{"rank": rank, "active": active, "per_day": perDay})
}
