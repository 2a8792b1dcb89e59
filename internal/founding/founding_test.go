package founding_test

import (
	"testing"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/founding"
	"acquit/internal/policy"
	"acquit/internal/user"
)

func TestACompanyBeginsWithAllThatItNeeds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var f founding.Founded
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			f, err = founding.Found(ctx, tx, founding.Plan{
				Creditor: creditor.Creditor{Name: "Atelier Dupont"}, IBAN: "FR76 3000 6000 0112 3456 7890 189",
				Region: cal.AlsaceMoselle, Person: user.Person{Email: "Claire@Dupont.example"},
			}, creditor.ActorCLI)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			accounts, err := creditor.Accounts(ctx, tx, f.Scope)
			if err != nil || len(accounts) != 1 || accounts[0].Holder != "Atelier Dupont" {
				t.Errorf("accounts %v, %v", accounts, err)
			}
			c, err := creditor.Calendar(ctx, tx, f.Scope)
			if err != nil {
				return err
			}
			if c.Region() != cal.AlsaceMoselle {
				t.Errorf("region %s", c.Region())
			}
			members, err := user.Members(ctx, tx, f.Scope)
			if err != nil || len(members) != 1 || members[0].Rights != creditor.Manage {
				t.Errorf("members %v, %v", members, err)
			}
			scenarios, err := policy.List(ctx, tx, f.Scope)
			if err != nil || len(scenarios) == 0 {
				t.Errorf("no scenario to begin with: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestASecondCompanyOfTheSameNameIsRefusedAndKnownPeopleJoin(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		found := func(name, actor string) (f founding.Founded, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				f, err = founding.Found(ctx, tx, founding.Plan{
					Creditor: creditor.Creditor{Name: name}, Person: user.Person{Email: "claire@dupont.example"},
				}, actor)
				return err
			})
			return f, err
		}
		first, err := found("Dupont", "")
		if err != nil {
			t.Fatal(err)
		}
		if first.Scope.Actor != first.Person.ID {
			t.Errorf("begun by %q, want the first person %q", first.Scope.Actor, first.Person.ID)
		}
		if _, err := found("  DUPONT ", ""); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("got %v, want a conflict", err)
		}
		second, err := found("Durand", creditor.ActorCLI)
		if err != nil {
			t.Fatal(err)
		}
		if second.Person.ID != first.Person.ID {
			t.Error("somebody known by that address was added again")
		}
	})
}
