package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/user"
	"acquit/internal/web/webtest"
)

// An invoice's page leads to the entry of the bank that paid it and back; its small
// rest is given up there with its amounts before and after, and taken back.
func TestAnInvoiceIsTracedToTheBankAndItsRestGivenUp(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t, webtest.Paid("2026-11-18", 244940, "IMPRIMERIE DELVAUX", "ACOMPTE F2026-0871"))
	s.Match(t)
	c := signIn(t, s)
	page := func(path string) string {
		t.Helper()
		a := get(t, c, s.URL+path)
		if a.status != http.StatusOK {
			t.Fatalf("%s: got %d\n%s", path, a.status, s.Logged())
		}
		return a.body
	}
	item, entry := idOfNumber(t, s, "F2026-0871"), entryOf(t, s, 244940).Entry.ID
	pick := formWith(t, page("/encaissements?entree="+entry+"&volet=choisies&client="+idOf(t, s, "C001")+"&piece="+item), "action", "affecter")
	sent(t, c, s, pick)
	for from, to := range map[string]string{
		"/clients/" + idOf(t, s, "C001"): "/pieces/" + item, "/pieces/" + item: "/banque/ecritures/" + entry,
		"/banque/ecritures/" + entry: "/pieces/" + item,
	} {
		if !strings.Contains(page(from), `href="`+to+`"`) {
			t.Errorf("%s does not lead to %s", from, to)
		}
	}

	if strings.Contains(page("/pieces/"+item), "/desaffecter") {
		t.Error("what an entry of the bank has set is freed without it")
	}
	give := pageForm{action: "/pieces/" + item + "/abandon", fields: map[string][]string{"amount": {"0,60"}, "reason": {""}}}
	refused := func(what, want string) {
		t.Helper()
		a := send(t, c, http.MethodPost, s.URL+give.action, give.fields, nil)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) {
			t.Errorf("%s: got %d, without « %s »\n%.900s", what, a.status, want, a.body)
		}
	}
	if body := page("/pieces/" + item); !strings.Contains(body, "Reste dû avant") || !strings.Contains(body, "Reste dû après") {
		t.Error("the form does not tell what is left before and after")
	}
	refused("without a reason", "Il manque la raison")
	give.fields.Set("reason", "arrondi du client")
	give.fields.Set("amount", "douze")
	refused("an amount that is none", "ne se lit pas")
	give.fields.Set("amount", "0,60")
	body := sent(t, c, s, give).body
	if openOf(t, s, "F2026-0871")["F2026-0871"] != 0 || !strings.Contains(body, "écart de règlement") || !strings.Contains(body, "arrondi du client") {
		t.Errorf("given up: %v open\n%.2000s", openOf(t, s, "F2026-0871"), body)
	}
	back := formWith(t, strings.ReplaceAll(page("/pieces/"+item), `<button class="btn danger"`, `<button class="btn danger" name="x" value="y"`), "x", "y")
	back.fields.Del("x")
	back.fields.Set("reason", "erreur")
	sent(t, c, s, back)
	if got := openOf(t, s, "F2026-0871")["F2026-0871"]; got != 60 {
		t.Errorf("taken back: %d open", got)
	}

	// Who works but does not manage goes as far as the tolerance.
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		other, err := user.NewHasher(1).Prepare(ctx, user.Person{Email: "chef@dupont.example", Name: "Chef"}, webtest.Password)
		if err != nil {
			return err
		}
		if other, err = user.Add(ctx, tx, other); err != nil {
			return err
		}
		if err := user.Join(ctx, tx, s.Scope, other.ID, user.Membership{Rights: creditor.Manage}); err != nil {
			return err
		}
		return user.Join(ctx, tx, s.Scope, s.Scope.Actor, user.Membership{Rights: creditor.Work})
	})
	c = signIn(t, s)
	give.action = "/pieces/" + idOfNumber(t, s, "F2026-0902") + "/abandon"
	give.fields.Set("amount", "5,00")
	refused("beyond the tolerance", "il faut le droit de gérer la société")
	give.action = "/pieces/" + idOfNumber(t, s, "F2026-0902") + "/escompte"
	refused("a discount without terms", "il faut le droit de gérer la société")
	give.action = "/pieces/" + item + "/abandon"
	give.fields.Set("amount", "0,60")
	sent(t, c, s, give)
	if got := openOf(t, s, "F2026-0871")["F2026-0871"]; got != 0 {
		t.Errorf("within the tolerance: %d open", got)
	}
}

// A credit that was set against an invoice by hand is freed on the invoice's page,
// for a reason.
func TestACreditSetByHandIsFreedOnTheInvoicesPage(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t, webtest.Paid("2026-11-18", 10_000, "IMPRIMERIE DELVAUX", "ACOMPTE"))
	s.Match(t)
	c := signIn(t, s)
	entry, delvaux, item := entryOf(t, s, 10_000).Entry.ID, idOf(t, s, "C001"), idOfNumber(t, s, "F2026-0871")
	s.Write(t, func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, s.Scope, entry, delvaux) })
	credit, before := entryOf(t, s, 10_000).Documents[0].ID, openOf(t, s, "F2026-0871")["F2026-0871"]
	sent(t, c, s, pageForm{"/clients/" + delvaux + "/affecter", url.Values{"credit": {credit}, "affecter-facture": {item}}})
	if got := openOf(t, s, "F2026-0871")["F2026-0871"]; got != before-10_000 {
		t.Fatalf("set by hand: %d open of %d", got, before)
	}
	_, rest, found := strings.Cut(get(t, c, s.URL+"/pieces/"+item).body, `/desaffecter"`)
	_, rest, hidden := strings.Cut(rest, `name="affectation" value="`)
	allocation, _, _ := strings.Cut(rest, `"`)
	if !found || !hidden {
		t.Fatal("the invoice's page does not offer to free the credit")
	}
	free := pageForm{"/pieces/" + item + "/desaffecter", url.Values{"affectation": {allocation}}}
	if a := send(t, c, http.MethodPost, s.URL+free.action, free.fields, nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: got %d", a.status)
	}
	free.fields.Set("reason", "pour une autre facture")
	body := sent(t, c, s, free).body
	if got := openOf(t, s, "F2026-0871")["F2026-0871"]; got != before || !strings.Contains(body, "pour une autre facture") {
		t.Errorf("freed: %d open of %d\n%.900s", got, before, body)
	}
}
