package web_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/inflight"
	"acquit/internal/task"
	"acquit/internal/web/webtest"
)

// has fails unless a page says all of these words.
func has(t *testing.T, page, text string, words ...string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", page, w, text)
		}
	}
}

// While money that could be a customer's waits, everybody is told before they
// approve or call: the day, the message, the account, the tasks, the calls.
func TestWhatWaitsAtTheBankIsToldBefore(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t, webtest.Paid("2026-11-09", 64218, "CAFE DES HALLES", "F2026-0850"))
	s.Match(t)
	held := idOf(t, s, "C003")
	ask := &task.Task{Customer: held, Kind: task.Call, Title: "Appeler", Due: cal.Of(webtest.Monday).Add(-3)}
	other := &customer.Customer{Code: "L1", Name: "Voilerie Kerdoncuff", Kind: customer.Business} // of no group
	free := &task.Task{Kind: task.Call, Title: "Appeler", Due: cal.Of(webtest.Monday)}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		if err := customer.Add(ctx, tx, s.Scope, []*customer.Customer{other}); err != nil {
			return err
		}
		free.Customer = other.ID
		return task.Add(ctx, tx, s.Scope, ask, free)
	})
	entry := entryOf(t, s, 64218).Entry.ID
	until := "Tenu tant que 642,18"
	b := s.Open(t, "/")
	b.SignIn()
	has(t, "the day", b.Text(), until)
	b.Keys("xjxjxjx")
	b.WaitFor(`document.querySelectorAll("[name=id]:checked").length === 4`)
	b.Press(`button[form="lot"][value="approuver"]`)
	has(t, "the question", b.Text(), "Approuver 4 relances ?", "3 peuvent partir, 1 est retenue (règlement peut-être arrivé : 1)", until)
	b.Width(380)
	if wide := b.Overflow(); len(wide) > 0 {
		t.Errorf("at 380 pixels the question is too wide: %v", wide)
	}
	b.Shot("approuver-retenues-380")
	b.Width(1440)
	b.Shot("approuver-retenues")
	b.Press("section form:last-of-type button")
	has(t, "the day, afterwards", b.Text(), "3 relances approuvées : 2 peuvent partir, 1 est retenue", "1 n’a pas pu l’être",
		"Café des Halles : tenu tant que 642,18")
	b.Shot("approuvees-retenues")
	b.Go("/clients/" + held)
	has(t, "the account", b.Text(), until)
	b.Go("/taches")
	has(t, "the tasks", b.Text(), until)
	b.Shot("taches-tenues")
	b.Go("/appels")
	has(t, "the calls", b.Text(), until)
	if n := strings.Count(b.Text(), "elevés du compte FR76"); n < 3 { // above the list, and beside each call
		t.Errorf("the silent source is named %d times:\n%s", n, b.Text())
	}
	b.Shot("appels-tenus")
	b.Keys("\r")
	b.WaitFor(`location.pathname === "/appels/` + free.ID + `"`)
	b.Go("/appels/" + ask.ID)
	has(t, "the call", b.Text(), "Ne pas appeler maintenant", "642,18", "9 nov. 2026", "Relevés du compte", "rien depuis le")
	if n := webtest.Eval[int](b, `document.querySelectorAll("a[href='/encaissements?entree=`+entry+`']").length`); n == 0 {
		t.Error("the call does not lead to the entry")
	}
	b.Shot("appel-tenu")
	fits(t, b, "/appels/"+ask.ID, "/appels", "/taches")
}

// What events have overtaken is not approved with the others, and what can leave
// leaves at once, however many of its step are kept back.
func TestWhatCanLeaveIsApprovedWithoutWhatIsKeptBack(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		p := &inflight.Payment{
			Invoices: []string{"F2026-0850"}, On: cal.Of(webtest.Monday), Until: cal.Of(webtest.Monday).Add(4),
			Source: inflight.Card,
		}
		return inflight.Add(ctx, tx, s.Scope, p)
	})
	b := s.Open(t, "/")
	b.SignIn()
	has(t, "the day", b.Text(), "Dépassée")
	webtest.Eval[bool](b, `(window.confirm = () => true)()`)
	b.Press(`.group form[action="/relances/etape"] button`)
	has(t, "the question", b.Text(), "2 peuvent partir, 1 est dépassée et ne partira pas", "Café des Halles")
	b.Shot("approuver-depassee")
	b.Press("section .actions form button")
	text := b.Text()
	has(t, "the day, afterwards", text, "1 relance approuvée.", "1 n’a pas pu l’être", "Café des Halles")
}
