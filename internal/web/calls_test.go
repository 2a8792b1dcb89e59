package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/promise"
	"acquit/internal/task"
	"acquit/internal/web/webtest"
)

// callTo asks for a call of a customer who has a telephone, and a broken promise.
func callTo(t *testing.T, s *webtest.Site, code string) (id, taskID string) {
	t.Helper()
	id = idOf(t, s, code)
	ask := &task.Task{Customer: id, Kind: task.Call, Title: "Appeler " + code, Due: cal.Of(webtest.Monday)}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		contact := &customer.Contact{Customer: id, Role: customer.Accounting, Civility: "Mme", LastName: "Petit", Phone: "+33 3 20 00 00 01"}
		if err := customer.AddContacts(ctx, tx, s.Scope, []*customer.Contact{contact}); err != nil {
			return err
		}
		made := cal.Of(webtest.Monday).Add(-10)
		p := promise.Promise{Invoices: []string{"F2026-0871"}, Customer: id, Made: made, For: made.Add(3)}
		if err := promise.Add(ctx, tx, s.Scope, &p, promise.DefaultLimit); err != nil {
			return err
		}
		return task.Add(ctx, tx, s.Scope, ask)
	})
	return id, ask.ID
}

// A call by hand on the keyboard: from the list to the promise, the mail that
// confirms it, and the customer's history.
func TestACallInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	id, taskID := callTo(t, s, "C001")
	b := s.Open(t, "/")
	b.SignIn()
	b.Go("/appels")
	b.Keys("\r")
	b.WaitFor(`location.pathname === "/appels/` + taskID + `"`)
	b.Go("/appels/" + taskID)
	text := b.Text()
	for _, says := range []string{"+33 3 20 00 00 01", "F2026-0871", "non tenue", "Qui je suis"} {
		if !strings.Contains(text, says) {
			t.Errorf("the page does not say %q:\n%s", says, text)
		}
	}
	fits(t, b, "/appels", "/appels/"+taskID)
	b.Width(1440)
	b.Go("/appels/" + taskID)
	b.Keys("1")
	if text := b.Text(); !strings.Contains(text, "attendent le jour dit") {
		t.Errorf("the outcome does not say what it changes:\n%s", text)
	}
	b.Shot("appel-promesse")
	b.Press(`details[open] form button`)
	if text := b.Text(); !strings.Contains(text, "Promet de payer") || !strings.Contains(text, "L’ouvrir dans ma messagerie") {
		t.Errorf("after the call the page says\n%s", text)
	}
	done := b.Path()
	fits(t, b, done)
	b.Width(1440)
	b.Shot("appel-confirmation")
	b.Press(`form[action="` + done + `"] button`)
	if text := b.Text(); !strings.Contains(text, "La confirmation part.") || strings.Contains(text, "L’ouvrir dans ma messagerie") {
		t.Errorf("after sending the page says\n%s", text)
	}
	b.Go("/clients/" + id)
	if text := b.Text(); !strings.Contains(text, "Votre règlement de vos factures F2026-0871") {
		t.Errorf("the history does not tell of the confirmation:\n%s", text)
	}
	b.Go("/clients/" + id)
	if text := b.Text(); !strings.Contains(text, "promet de payer, Mme Petit") {
		t.Errorf("the history does not tell of the call:\n%s", text)
	}
}

func TestTheFormsOfACall(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	id, taskID := callTo(t, s, "C001")
	client := signIn(t, s)
	page := s.URL + "/appels/" + taskID
	for _, c := range []struct {
		name  string
		path  string
		pairs []string
		code  int
		says  string
	}{
		{"no outcome", page, nil, 422, "choisir une issue"},
		{"a day that is over", page, []string{"issue", "promised", "facture", "F2026-0871", "jour", "2026-11-01"}, 422, "déjà passé"},
		{"a plan too long", page, []string{"issue", "plan", "facture", "F2026-0871", "jour", "2026-12-01", "mensualites", "30"}, 422, "limite de 24"},
		{"an amount of letters", page, []string{"issue", "promised", "facture", "F2026-0871", "jour", "2026-12-01", "montant", "abc"}, 422, "ne se lit pas"},
		{"a wish too far", page, []string{"issue", "back", "rappel", "2027-03-01"}, 422, "trop loin"},
		{"a note of what is private", page, []string{"issue", "disputes", "litige-facture", "F2026-0902", "motif", "price", "note", "son fils est malade"}, 303, ""},
		{"recorded already", page, []string{"issue", "reached"}, 303, ""},
		{"of one's own", s.URL + "/clients/" + id + "/appel", []string{"issue", "no_answer", "numero", "03"}, 303, ""},
		{"unknown", s.URL + "/appels/tsk_none", []string{"issue", "reached"}, 404, ""},
	} {
		a := post(t, client, c.path, c.pairs...)
		if a.status != c.code || c.says != "" && !strings.Contains(a.body, c.says) {
			t.Errorf("%s: got %d\n%.600s", c.name, a.status, a.body)
		}
	}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := call.List(ctx, tx, s.Scope, id)
		if len(list) != 2 || list[1].Outcome != call.Disputes || list[0].Outcome != call.NoAnswer {
			t.Errorf("calls %+v", list)
		}
		return err
	})
	if a := get(t, client, page); a.status != http.StatusSeeOther && !strings.Contains(a.body, "Appels à passer") {
		t.Errorf("a call that is made: got %d", a.status)
	}
}
