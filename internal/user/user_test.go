package user_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/user"
)

const password = "quatre mots bien choisis"

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func addPerson(t *testing.T, d *db.DB, email string) (p user.Person) {
	t.Helper()
	write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = user.Add(ctx, tx, user.Person{Email: email, Name: "Sophie Martin"})
		return err
	})
	return p
}

func addCreditor(t *testing.T, d *db.DB, name string) creditor.Scope {
	t.Helper()
	var c creditor.Creditor
	write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = creditor.Create(ctx, tx, creditor.Creditor{Name: name}, creditor.ActorCLI, journal.Write)
		return err
	})
	return creditor.System(c.ID)
}

func signIn(t *testing.T, d *db.DB, h *user.Hasher, email, word string) error {
	t.Helper()
	_, err := user.SignIn(t.Context(), d, h, email, word, "n")
	return err
}

func TestOnlyTheRightPasswordSignsIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := user.NewCheapHasher(2)
		p := addPerson(t, d, "Sophie.Martin@dupont.example ")
		if err := signIn(t, d, h, p.Email, ""); !errors.Is(err, user.ErrWrong) {
			t.Errorf("before a password was chosen: got %v, want %v", err, user.ErrWrong)
		}
		if err := user.SetPassword(t.Context(), d, h, p.ID, password); err != nil {
			t.Fatal(err)
		}
		got, err := user.SignIn(t.Context(), d, h, " sophie.martin@DUPONT.example", password, "n")
		if err != nil || got.ID != p.ID {
			t.Errorf("the right password: got %q, %v", got.ID, err)
		}
		for _, c := range [][2]string{
			{p.Email, password + " "},
			{p.Email, strings.ToUpper(password)},
			{"nobody@dupont.example", password},
			{"", ""},
		} {
			if err := signIn(t, d, h, c[0], c[1]); !errors.Is(err, user.ErrWrong) {
				t.Errorf("%q %q: got %v, want %v", c[0], c[1], err, user.ErrWrong)
			}
		}
		s := creditor.System("crd_test")
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return user.Disable(ctx, tx, s, p.ID) })
		if err := signIn(t, d, h, p.Email, password); !errors.Is(err, user.ErrWrong) {
			t.Errorf("a disabled person: got %v, want %v", err, user.ErrWrong)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return user.Enable(ctx, tx, s, p.ID) })
		if err := signIn(t, d, h, p.Email, password); err != nil {
			t.Errorf("enabled again: got %v", err)
		}
	})
}

func TestWrongPasswordsLockForLongerAndLonger(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	dbtest.EachAt(t, clock, func(t *testing.T, d *db.DB) {
		clock.Set(dbtest.Now)
		h := user.NewCheapHasher(2)
		p := addPerson(t, d, "a@b.example")
		if err := user.SetPassword(t.Context(), d, h, p.ID, password); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if err := signIn(t, d, h, p.Email, "wrong"); !errors.Is(err, user.ErrWrong) {
				t.Fatalf("got %v, want %v", err, user.ErrWrong)
			}
		}
		locked := func(want string) {
			t.Helper()
			if err := signIn(t, d, h, p.Email, password); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("even the right password: got %v, want to wait %s", err, want)
			}
		}
		locked("une minute")
		locked("une minute") // what is refused does not lengthen the wait
		if err := signIn(t, d, h, "other@b.example", "x"); !errors.Is(err, user.ErrWrong) {
			t.Errorf("another person from the same network: got %v, want %v", err, user.ErrWrong)
		}
		clock.Set(clock.Now().Add(time.Minute))
		if err := signIn(t, d, h, p.Email, "wrong"); !errors.Is(err, user.ErrWrong) {
			t.Errorf("after the wait: got %v, want %v", err, user.ErrWrong)
		}
		locked("2 minutes")
		clock.Set(clock.Now().Add(2 * time.Minute))
		if err := signIn(t, d, h, p.Email, password); err != nil {
			t.Errorf("the right password after the wait: %v", err)
		}
		if err := signIn(t, d, h, p.Email, "wrong"); !errors.Is(err, user.ErrWrong) {
			t.Errorf("a success forgets the failures: got %v", err)
		}
	})
}

func TestManyAttemptsAtOnceGainNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := user.NewCheapHasher(16)
		p := addPerson(t, d, "a@b.example")
		if err := user.SetPassword(t.Context(), d, h, p.ID, password); err != nil {
			t.Fatal(err)
		}
		const attempts = 16
		errs := make([]error, attempts)
		var wg sync.WaitGroup
		for i := range attempts {
			wg.Go(func() { errs[i] = signIn(t, d, h, p.Email, "wrong") })
		}
		wg.Wait()
		looked := 0
		for _, err := range errs {
			if errors.Is(err, user.ErrWrong) {
				looked++
			}
		}
		if looked != 5 {
			t.Errorf("%d passwords were looked at, want 5: %v", looked, errors.Join(errs...))
		}
	})
}

func TestPasswordsThatAreGuessedFirstAreRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	h := user.NewCheapHasher(1)
	p := addPerson(t, d, "sophie@dupont.example")
	for _, weak := range []string{
		"", "court", "abababababababab", "sophie@dupont.example", "moi-Sophie-2026!", strings.Repeat("long ", 300),
	} {
		if err := user.SetPassword(t.Context(), d, h, p.ID, weak); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%.30q: got %v, want a refusal", weak, err)
		}
	}
}

func TestALinkServesOnceAndForAWhile(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.SQLite(t, clock)
	h := user.NewCheapHasher(1)
	links, other := user.NewLinks([]byte("one")), user.NewLinks([]byte("two"))
	p := addPerson(t, d, "a@b.example")
	open := func(l user.Links, link string) (got user.Person, err error) {
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			got, err = l.Open(t.Context(), tx, link)
			return err
		})
		return got, err
	}
	link := links.Make(p, clock.Now())
	if got, err := open(links, link); err != nil || got.ID != p.ID {
		t.Fatalf("a fresh link: got %q, %v", got.ID, err)
	}
	for name, bad := range map[string]string{
		"another key": other.Make(p, clock.Now()), "cut": link[:len(link)-1], "empty": "", "dots": "..",
		"another end": strings.Replace(link, ".", ".z", 1),
	} {
		if _, err := open(links, bad); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	clock.Set(clock.Now().Add(user.LinkLife + time.Second))
	if _, err := open(links, link); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("an old link: got %v, want a refusal", err)
	}
	link = links.Make(p, clock.Now())
	if err := user.SetPassword(t.Context(), d, h, p.ID, password); err != nil {
		t.Fatal(err)
	}
	if _, err := open(links, link); fault.KindOf(err) != fault.KindDenied {
		t.Errorf("a link that has served: got %v, want a refusal", err)
	}
}

func TestANewPasswordEndsOldSessions(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	h := user.NewCheapHasher(1)
	p := addPerson(t, d, "a@b.example")
	set := func(word string) (got user.Person) {
		if err := user.SetPassword(t.Context(), d, h, p.ID, word); err != nil {
			t.Fatal(err)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = user.Find(ctx, tx, p.ID)
			return err
		})
		return got
	}
	if before, after := set(password).Stamp(), set(password+" !").Stamp(); before == after {
		t.Error("the stamp outlives the password")
	}
}

func TestSessionsAreKeptUnderTheirHashUntilTheyEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clock := dbtest.NewClock()
		s := user.NewSessions(d, clock.Now)
		end := clock.Now().Add(time.Hour)
		if err := s.Commit("token", []byte("first"), end); err != nil {
			t.Fatal(err)
		}
		if err := s.Commit("token", []byte("second"), end); err != nil {
			t.Fatal(err)
		}
		if got, ok, err := s.Find("token"); string(got) != "second" || !ok || err != nil {
			t.Errorf("got %q, %v, %v", got, ok, err)
		}
		var kept []string
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			kept, err = db.All(ctx, tx, db.Value[string], `SELECT token_hash FROM web_session`)
			return err
		})
		if len(kept) != 1 || strings.Contains(kept[0], "token") {
			t.Errorf("the database holds the token itself: %q", kept)
		}
		clock.Set(end)
		if _, ok, err := s.Find("token"); ok || err != nil {
			t.Errorf("a session that has ended: got %v, %v", ok, err)
		}
		if err := s.Delete("another"); err != nil {
			t.Fatal(err)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			kept, err = db.All(ctx, tx, db.Value[string], `SELECT token_hash FROM web_session`)
			return err
		})
		if len(kept) != 0 {
			t.Errorf("ended sessions pile up: %q", kept)
		}
	})
}

func TestEachHasTheirRightsWhereTheyWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dupont, morvan := addCreditor(t, d, "Dupont"), addCreditor(t, d, "Ateliers Morvan")
		p, q := addPerson(t, d, "p@b.example"), addPerson(t, d, "q@b.example")
		join := func(s creditor.Scope, id string, r creditor.Rights) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				return user.Join(t.Context(), tx, s, id, user.Membership{Rights: r})
			})
		}
		for _, j := range []struct {
			s creditor.Scope
			p user.Person
			r creditor.Rights
		}{{dupont, p, creditor.Manage}, {dupont, q, creditor.Work}, {morvan, p, creditor.Read}} {
			if err := join(j.s, j.p.ID, j.r); err != nil {
				t.Fatal(err)
			}
		}
		var got []user.Membership
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = user.Memberships(ctx, tx, p.ID)
			return err
		})
		want := []user.Membership{
			{Creditor: morvan.Creditor, CreditorName: "Ateliers Morvan", Rights: creditor.Read},
			{Creditor: dupont.Creditor, CreditorName: "Dupont", Rights: creditor.Manage},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("places of p (-want +got):\n%s", diff)
		}
		if err := join(got[0].Scope(p), q.ID, creditor.Read); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("whoever may only read invites: got %v", err)
		}
		if err := join(dupont, p.ID, creditor.Work); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the last manager gives the right up: got %v", err)
		}
		leave := func(id string) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return user.Leave(t.Context(), tx, dupont, id) })
		}
		if err := leave(p.ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the last manager leaves: got %v", err)
		}
		if err := join(dupont, q.ID, creditor.Manage); err != nil {
			t.Fatal(err)
		}
		if err := leave(p.ID); err != nil {
			t.Errorf("one of two managers leaves: %v", err)
		}
	})
}

func TestAnAddressBelongsToOnePerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		addPerson(t, d, "a@b.example")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := user.Add(t.Context(), tx, user.Person{Email: "A@B.example"})
			return err
		})
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("got %v, want a conflict", err)
		}
	})
}
