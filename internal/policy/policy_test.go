package policy_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dunning"
	"acquit/internal/dunning/yamldoc"
	"acquit/internal/fault"
	"acquit/internal/message"
	"acquit/internal/policy"
)

// gentle is a scenario of one step, some days after the due date.
func gentle(name, at string) string {
	return "name: " + name + "\nsteps:\n  - {id: r1, at: " + at + ", channels: [email], tone: courteous, template: relance-1}\n"
}

// installed are books with the shipped scenarios.
func installed(t *testing.T, d *db.DB) *agreementtest.Books {
	t.Helper()
	b := agreementtest.New(t, d)
	b.Write(func(ctx context.Context, tx *db.Tx) error { return policy.Install(ctx, tx, b.Scope) })
	return b
}

func list(b *agreementtest.Books) (all []policy.Scenario) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = policy.List(ctx, tx, b.Scope)
		return err
	})
	return all
}

func names(all []policy.Scenario) string {
	var list []string
	for i, s := range all {
		if s.Rank != i+1 {
			list = append(list, "(rang)")
		}
		list = append(list, s.Name)
	}
	return strings.Join(list, ", ")
}

func set(b *agreementtest.Books) (found policy.Set) {
	b.T.Helper()
	var shelf policy.Shelf
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		found, err = shelf.Load(ctx, tx, b.Scope)
		return err
	})
	return found
}

func TestANewCreditorFollowsTheShippedScenarios(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := installed(t, d)
		all := list(b)
		if len(all) != len(dunning.ShippedFiles()) {
			t.Fatalf("%d scenarios", len(all))
		}
		for i, file := range dunning.ShippedFiles() {
			if all[i].Origin != file || all[i].Version != 1 || !all[i].Active {
				t.Errorf("%s: %s, version %d, active %v", file, all[i].Origin, all[i].Version, all[i].Active)
			}
		}
		active := set(b)
		public := &dunning.Account{Customer: dunning.Customer{Kind: dunning.Public}}
		c, _ := active.Choose(public, "", cal.Must("2026-11-23"))
		if c == nil || c.Origin != "secteur-public.yaml" {
			t.Errorf("a public buyer follows %+v", c)
		}
	})
}

func TestASavedScenarioIsANewVersionAndTheOldOnesRemain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := installed(t, d)
		save := func(document string) (one policy.Scenario, err error) {
			err = b.Try(func(ctx context.Context, tx *db.Tx) (err error) {
				one, err = policy.Save(ctx, tx, b.Scope, document)
				return err
			})
			return one, err
		}
		first, err := save(gentle("Doux", "J+7"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := save(gentle("Doux", "J+7")); err != nil || again.Version != 1 {
			t.Errorf("the same document again: version %d, %v", again.Version, err)
		}
		if second, err := save(gentle("Doux", "J+9")); err != nil || second.Version != 2 || second.ID != first.ID {
			t.Errorf("another document: %+v, %v", second, err)
		}
		_, err = save("name: Doux\nsteps:\n  - {id: r1, at: demain, channels: [pigeon], tone: courteous}\n")
		faults := yamldoc.Faults(err)
		if len(faults) < 2 || faults[0].Line != 3 || faults[0].Column == 0 {
			t.Errorf("every fault has its place: got %v", err)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			history, err := policy.History(ctx, tx, b.Scope, first.ID)
			if len(history) != 2 || history[0].Version != 2 || history[1].Document != gentle("Doux", "J+7") {
				t.Errorf("history: %+v", history)
			}
			return err
		})
		if c := set(b); c[len(c)-1].Policy.Steps[0].At != 9 {
			t.Errorf("decided by: %+v", c[len(c)-1].Policy.Steps)
		}
		clerk := b.Scope
		clerk.Rights = creditor.Work
		err = b.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := policy.Save(ctx, tx, clerk, gentle("Doux", "J+1"))
			return err
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a clerk changes the policy: got %v", err)
		}
	})
}

func TestTwoPersonsCannotReviseTheSameVersion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := installed(t, d)
		var one policy.Scenario
		b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			one, err = policy.Save(ctx, tx, b.Scope, gentle("Doux", "J+7"))
			if err != nil {
				return err
			}
			return customer.Add(ctx, tx, b.Scope, []*customer.Customer{{Code: "C1", Scenario: "Doux"}})
		})
		revise := func(r policy.Revision) (next policy.Scenario, err error) {
			r.ID = one.ID
			err = b.Try(func(ctx context.Context, tx *db.Tx) (err error) {
				next, err = policy.Revise(ctx, tx, b.Scope, r)
				return err
			})
			return next, err
		}
		next, err := revise(policy.Revision{Base: 1, Document: gentle("Très doux", "J+9"), Why: "plus lent"})
		if err != nil || next.Version != 2 || next.Name != "Très doux" {
			t.Fatalf("%+v, %v", next, err)
		}
		_, err = revise(policy.Revision{Base: 1, Document: gentle("Doux", "J+3")})
		if fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "version 2") {
			t.Errorf("from the old version: got %v", err)
		}
		_, err = revise(policy.Revision{Base: 2, Document: gentle("Standard", "J+3")})
		if fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "Standard") {
			t.Errorf("with another's name: got %v", err)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			history, err := policy.History(ctx, tx, b.Scope, one.ID)
			if err != nil {
				return err
			}
			if len(history) != 2 || history[0].Note != "plus lent" {
				t.Errorf("history: %+v", history)
			}
			c, err := customer.FindByCode(ctx, tx, b.Scope, "C1")
			if c.Scenario != "Très doux" {
				t.Errorf("the customer who was given it follows %q", c.Scenario)
			}
			return err
		})
	})
}

func TestAScenarioKeepsItsPlaceAmongTheOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		ids := map[string]string{}
		for _, name := range []string{"A", "B", "C", "D"} {
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				one, err := policy.Save(ctx, tx, b.Scope, gentle(name, "J+1"))
				ids[name] = one.ID
				return err
			})
		}
		for _, r := range []struct {
			name   string
			rank   int
			active bool
			want   string
		}{
			{"D", 1, true, "D, A, B, C"},
			{"A", 99, true, "D, B, C, A"},
			{"B", 2, false, "D, B, C, A"},
			{"C", 2, true, "D, C, B, A"},
		} {
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return policy.Settle(ctx, tx, b.Scope, ids[r.name], r.rank, r.active, 0)
			})
			if diff := cmp.Diff(r.want, names(list(b))); diff != "" {
				t.Errorf("%s at %d: %s", r.name, r.rank, diff)
			}
		}
		found := set(b)
		if len(found) != 3 {
			t.Errorf("%d active scenarios", len(found))
		}
		a := &dunning.Account{}
		if c, _ := found.Choose(a, "C", 1); c == nil || c.Name != "C" {
			t.Errorf("chosen by a person: %+v", c)
		}
		if c, why := found.Choose(a, "B", 1); c != nil || why.Code != dunning.NoScenario || !strings.Contains(why.Text("fr"), "B") {
			t.Errorf("chosen by a person and put away: %+v, %s", c, why.Text("fr"))
		}
		if c, _ := found.Choose(a, "", 1); c == nil || c.Name != "D" {
			t.Errorf("the first that applies: %+v", c)
		}
	})
}

const ownTemplate = `template: relance-1
tone: courteous
language: fr
audience: business
subject: Facture {{invoice.number}}
---
{{greeting}},

Notre facture attend votre règlement.

{{signature}}
`

func TestOwnTemplatesStandBeforeTheShippedOnesOfTheirAudience(t *testing.T) {
	t.Parallel()
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		save := func(source string) (doc message.Document, err error) {
			err = b.Try(func(ctx context.Context, tx *db.Tx) (err error) {
				doc, err = policy.SaveTemplate(ctx, tx, b.Scope, source)
				return err
			})
			return doc, err
		}
		business, err := save(ownTemplate)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := save(strings.Replace(ownTemplate, "business", "consumer", 1)); err != nil {
			t.Fatal(err)
		}
		_, err = save(strings.Replace(ownTemplate, "{{signature}}", "{{signatures}}", 1))
		if f, ok := errors.AsType[*fault.Invalid](err); !ok || f.Line != 11 {
			t.Errorf("a wrong word: got %v", err)
		}
		own := func() (docs []message.Document) {
			b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				docs, err = policy.Templates(ctx, tx, b.Scope)
				return err
			})
			return docs
		}
		for _, to := range []message.Audience{message.Business, message.Consumer} {
			found, _, err := library.With(own()...).Find("relance-1", message.Courteous, "fr", to)
			if err != nil || !strings.Contains(found.Body, "attend votre règlement") {
				t.Errorf("to %s: %+v, %v", to, found, err)
			}
		}
		remove := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return policy.RemoveTemplate(ctx, tx, b.Scope, business) })
		}
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		if err := remove(); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("removed twice: got %v", err)
		}
		found, _, err := library.With(own()...).Find("relance-1", message.Courteous, "fr", message.Business)
		if err != nil || strings.Contains(found.Body, "attend votre règlement") {
			t.Errorf("the shipped one is back: %v", err)
		}
	})
}

// What this program cannot read any more stops its own messages: nothing else
// is put in its place unasked.
func TestAnUnreadableTemplateStopsItsOwnMessages(t *testing.T) {
	t.Parallel()
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO template (creditor_id, name, tone, language, audience, content, changed_at)
				VALUES ($1, 'relance-1', 'courteous', 'fr', 'business', 'format: 99', $2)`, b.Scope.Creditor, tx.Now)
			return err
		})
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			own, err := policy.OwnTemplates(ctx, tx, b.Scope)
			if err != nil {
				return err
			}
			if len(own) != 1 || own[0].Err == nil {
				t.Errorf("the list must say so: %+v", own)
			}
			with := library.With(own[0].Document)
			if _, _, err := with.Find("relance-1", message.Courteous, "fr", message.Business); err == nil {
				t.Error("other words were put in its place")
			}
			if _, _, err := with.Find("relance-1", message.Courteous, "fr", message.Consumer); err != nil {
				t.Errorf("it stopped others: %v", err)
			}
			return nil
		})
	})
}
