package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/channel"
	"acquit/internal/db"
	"acquit/internal/reminder"
	"acquit/internal/task"
	"acquit/internal/web/webtest"
)

// approveAll approves what waits, and lets it leave.
func approveAll(t *testing.T, s *webtest.Site) {
	t.Helper()
	var ids []string
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		rows, err := reminder.Page(ctx, tx, s.Scope, reminder.Filter{Limit: 100})
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return err
	})
	if _, err := s.Desk.ApproveAll(t.Context(), s.Scope, ids, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Desk.Send(t.Context(), s.Scope); err != nil {
		t.Fatal(err)
	}
}

func TestTheOutboxInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	s.Answers = []channel.Receipt{
		{Outcome: channel.Uncertain, Detail: "la ligne est tombée après les données"},
		{Outcome: channel.Permanent, Code: "550 5.1.1", Detail: "no such user"},
	}
	approveAll(t, s)
	b := s.Open(t, "/")
	b.SignIn()
	fits(t, b, "/envois", "/envois?etat=partis", "/envois?etat=en-file")
	b.Go("/envois")
	text := b.Text()
	for _, says := range []string{"incertain", "no such user", "Il est parti", "Réessayer"} {
		if !strings.Contains(text, says) {
			t.Errorf("the outbox does not say %q:\n%s", says, text)
		}
	}
	b.Press(`button[value="parti"]`)
	b.Press(`button[value="reessayer"]`)
	if text := b.Text(); strings.Contains(text, "Il est parti") || strings.Contains(text, "no such user") {
		t.Errorf("after saying what became of them: the page says\n%s", text)
	}
	b.Go("/envois?etat=partis")
	b.Press("td a.name")
	b.WaitFor(`document.querySelector("iframe").contentDocument.body.innerText.includes("Atelier Dupont")`)
	b.WaitFor(`document.querySelector("iframe").offsetHeight >= document.querySelector("iframe").contentDocument.body.scrollHeight`)
	fits(t, b, b.Path())
}

func TestAMessageIsShownAsItWasStored(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	approveAll(t, s)
	c := signIn(t, s)
	var m reminder.Message
	var raw []byte
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := reminder.Messages(ctx, tx, s.Scope, reminder.MessageFilter{Limit: 1})
		if err != nil {
			return err
		}
		m = list[0]
		raw, err = reminder.Raw(ctx, tx, s.Scope, m.ID)
		return err
	})
	page := s.URL + "/envois/" + m.ID
	if a := get(t, c, page+"/message.eml"); a.body != string(raw) || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Error("the bytes are not those that were stored, or the browser may open them")
	}
	a := get(t, c, page+"/apercu")
	if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src") {
		t.Errorf("a message may do something: %q", policy)
	}
	if body := strings.ReplaceAll(get(t, c, page).body, "<wbr>", ""); !strings.Contains(body, m.SHA256) || !strings.Contains(body, m.To[0]) {
		t.Error("the page shows neither the fingerprint nor the recipient")
	}
	for _, missing := range []string{page + "x", page + "/piece-9"} {
		if a := get(t, c, missing); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", missing, a.status)
		}
	}
	if a := post(t, c, page, "action", "parti"); a.status != http.StatusConflict {
		t.Errorf("resolving a message that is not in doubt: got %d, want 409", a.status)
	}
}

func TestTheBalanceInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	b.Go("/balance")
	b.WaitFor(`document.querySelector(".after")?.innerText.includes("DSO")`)
	fits(t, b, "/balance", "/balance?date=2026-10-20", "/balance?echu=1&tri=total", "/balance/"+idOf(t, s, "C001"))
	c := signIn(t, s)
	for path, says := range map[string]string{
		"/balance":                           "59\u202f911,08",
		"/balance?echu=1":                    "7 clients",
		"/balance/fichier/balance.csv":       "Imprimerie Delvaux",
		"/balance?date=2026-09-01":           "7\u202f300,00",
		"/balance/" + idOf(t, s, "C001"):     "F2026-0871",
		"/balance?suivi=per_nobody":          "Rien d’ouvert",
		"/balance/fichier/balance.xlsx?x=PK": "PK",
	} {
		a := get(t, c, s.URL+path)
		plain := strings.ReplaceAll(a.body, "\u00a0", " ")
		if a.status != http.StatusOK || !strings.Contains(plain, says) {
			t.Errorf("%s: got %d without %q", path, a.status, says)
		}
	}
	for _, wrong := range []string{"/balance?date=hier", "/balance?date=2030-01-01"} {
		if a := get(t, c, s.URL+wrong); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: got %d, want 422", wrong, a.status)
		}
	}
}

func TestTasksInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	approveAll(t, s)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		return task.Add(ctx, tx, s.Scope, &task.Task{Kind: task.Other, Title: "Ranger", Due: cal.Of(webtest.Monday)})
	})
	b := s.Open(t, "/")
	b.SignIn()
	b.Go("/taches?genre=other")
	b.Click(".todo summary")
	b.Fill("note", "rangé")
	b.Press(".todo .btn.primary")
	if left := webtest.Eval[int](b, `document.querySelectorAll(".todo").length`); left != 0 {
		t.Errorf("after it is done: %d tasks\n%s", left, b.Text())
	}
	fits(t, b, "/taches")
	b.Go("/taches?moi=1&tout=1")
	before := webtest.Eval[int](b, `document.querySelectorAll(".todo").length`)
	if before != 3 {
		t.Fatalf("three calls were approved: %d tasks\n%s", before, b.Text())
	}
	b.Click(".todo summary")
	b.Shot("task-open")
	b.Press(`.todo button[value="reporter"]`)
	b.Go("/taches?moi=1")
	if after := webtest.Eval[int](b, `document.querySelectorAll(".todo").length`); after != before-1 {
		t.Errorf("after one is put off: %d tasks\n%s", after, b.Text())
	}
	b.Press(".todo .btn.primary")
	if path := b.Path(); !strings.HasPrefix(path, "/appels/") {
		t.Errorf("the button of a call leads to %s", path)
	}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		n, err := task.Count(ctx, tx, s.Scope, task.Filter{})
		if n[task.Call] != before {
			t.Errorf("calls left: %v", n)
		}
		return err
	})
}

func TestScenariosInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	b := s.Open(t, "/")
	b.SignIn()
	fits(t, b, "/scenarios")
	b.Go("/scenarios")
	webtest.Eval[bool](b, `(window.confirm = () => true)()`)
	b.Press(`tr:last-child a.name`)
	page := b.Path()
	fits(t, b, page)
	b.Go(page)
	webtest.Eval[bool](b, `(window.confirm = () => true)()`)
	b.Click("details.sheet summary")
	document := webtest.Eval[string](b, `document.querySelector("#document").value`)
	b.Fill("document", strings.Replace(document, "steps:", "stepz:", 1))
	b.Press(`button[value="verifier"]`)
	if text := b.Text(); !strings.Contains(text, "stepz") || !strings.Contains(text, "Rien n’est enregistré") {
		t.Errorf("a wrong key: the page says\n%s", text)
	}
	fits(t, b) // the editor stays open, with what was written
	b.Fill("document", strings.Replace(document, "min_gap: ", "min_gap: 1", 1))
	b.Press(`button[value="verifier"]`)
	if text := b.Text(); !strings.Contains(text, "pas encore enregistré") {
		t.Errorf("a right document: the page says\n%s", text)
	}
	webtest.Eval[bool](b, `(window.confirm = () => true)()`)
	b.Press(`form.stack button.primary`)
	if text := b.Text(); !strings.Contains(text, "nouvelle version est en vigueur") || !strings.Contains(text, "version 2") {
		t.Errorf("after saving: the page says\n%s", text)
	}
	c := signIn(t, s)
	for _, x := range []struct {
		path   string
		fields []string
		status int
	}{
		{page, []string{"document", document, "base", "1"}, 422}, // somebody has changed it meanwhile
		{page + "/place", []string{"rang", "1", "par_jour", "20", "actif", "1"}, 303},
		{page + "/place", []string{"rang", "premier", "par_jour", "0"}, 422},
		{"/scenarios", []string{"document", document}, 422}, // the name is taken
		{"/scenarios", []string{"document", strings.Replace(document, "name: ", "name: Copie ", 1)}, 303},
	} {
		if a := post(t, c, s.URL+x.path, x.fields...); a.status != x.status {
			t.Errorf("%s %.60q: got %d, want %d", x.path, x.fields, a.status, x.status)
		}
	}
	if a := get(t, c, s.URL+page+"?version=1"); a.status != http.StatusOK || strings.Contains(a.body, `name="document"`) {
		t.Errorf("an old version: got %d, to be edited: %v", a.status, strings.Contains(a.body, `name="document"`))
	}
	if a := get(t, c, s.URL+page+"?version=9"); a.status != http.StatusNotFound {
		t.Errorf("a version that does not exist: got %d", a.status)
	}
}

func TestListsAreKeptAsFiles(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	c := signIn(t, s)
	approveAll(t, s)
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		var list []*task.Task
		for i := range 600 { // more than a page, and than is read at once
			list = append(list, &task.Task{Kind: task.Other, Title: fmt.Sprint("=Appeler ", i), Due: cal.Of(webtest.Monday)})
		}
		return task.Add(ctx, tx, s.Scope, list...)
	})
	for _, x := range []struct {
		list, row string
		rows      int
	}{{"/taches", ";'=Appeler ", 600}, {"/envois?etat=partis", ";Café des Halles;", 1}} {
		list, asked, _ := strings.Cut(x.list, "?")
		for _, file := range []struct{ name, begins string }{{"liste.csv", "\ufeff"}, {"liste.xlsx", "PK"}} {
			a := get(t, c, s.URL+list+"/fichier/"+file.name+"?"+asked)
			if a.status != http.StatusOK || !strings.HasPrefix(a.body, file.begins) {
				t.Errorf("%s of %s: got %d\n%.200q", file.name, x.list, a.status, a.body)
			}
			if n := strings.Count(a.body, x.row); file.name == "liste.csv" && n != x.rows {
				t.Errorf("%s has %d rows %q in its file, want %d:\n%.900s", x.list, n, x.row, x.rows, a.body)
			}
		}
		if a := get(t, c, s.URL+list+"/fichier/liste.exe"); a.status != http.StatusNotFound {
			t.Errorf("another kind of file of %s: got %d", x.list, a.status)
		}
	}
}
