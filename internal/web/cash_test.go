package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/user"
	"acquit/internal/web/webtest"
)

// openOf is what is open of each of these numbers.
func openOf(t *testing.T, s *webtest.Site, numbers ...string) map[string]int64 {
	t.Helper()
	open := map[string]int64{}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		for _, n := range numbers {
			list, err := ledger.ByNumber(ctx, tx, s.Scope, n)
			if err != nil {
				return err
			}
			for _, d := range list {
				open[n] += d.Open.Minor
			}
		}
		return nil
	})
	return open
}

// entryOf is the entry of that amount, as it stands.
func entryOf(t *testing.T, s *webtest.Site, cents int64) (found cash.Line) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := cash.List(ctx, tx, s.Scope, cash.Filter{})
		for _, l := range list {
			if l.Entry.Amount == money.New(cents, money.EUR) {
				found = l
			}
		}
		return err
	})
	if found.Entry.ID == "" {
		t.Fatalf("no entry of %d cents", cents)
	}
	return found
}

// proposing is a site that proposes everything and applies nothing by itself.
func proposing(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	s.Set(t, map[string]string{"cash_automatic": "false"})
	return s
}

func TestTwentyPaymentsByKeyboard(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Payers(t, 20)
	s.Match(t)
	b := s.Open(t, "/")
	b.SignIn()
	if text := b.Text(); !strings.Contains(text, "20 encaissements à affecter, 3 388,90 €") {
		t.Errorf("today does not tell of the payments that wait:\n%s", text)
	}
	b.Go("/encaissements")
	for left := 20; left > 0; left-- {
		at := webtest.Eval[string](b, `document.querySelector("[data-panel]").dataset.id`)
		b.Keys("\r")
		if left > 1 {
			b.WaitFor(`document.querySelector("[data-panel]").dataset.id !== "` + at + `" &&
				document.activeElement.closest("[data-panel]") !== null && document.querySelector(".just") !== null`)
		}
	}
	b.WaitFor(`document.body.innerText.includes("Tout est traité")`)
	for n, open := range openOf(t, s, "FP-0000", "FP-0007", "FP-0019") {
		if open != 0 {
			t.Errorf("%s: %d cents are still open", n, open)
		}
	}
	b.Keys("u")
	b.WaitFor(`location.search.includes("entree=") && document.body.innerText.includes("Proposées")`)
	if text := b.Text(); !strings.Contains(text, "1 encaissement à affecter") {
		t.Errorf("after undoing the last one the page says\n%s", text)
	}
	if said := b.Console(); len(said) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(said, "\n"))
	}
}

// form is a form of a page, as somebody without scripts would send it.
type pageForm struct {
	action string
	fields url.Values
}

// formWith finds the form of a page that has a button of that name and value, with
// what stands in its fields.
func formWith(t *testing.T, body, name, value string) pageForm {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" {
			continue
		}
		f := pageForm{attr(n, "action"), url.Values{}}
		has := false
		for e := range n.Descendants() {
			switch {
			case e.Data == "button" || e.Data == "input" && attr(e, "type") == "hidden":
				has = has || attr(e, "name") == name && attr(e, "value") == value
				if e.Data == "input" {
					f.fields.Add(attr(e, "name"), attr(e, "value"))
				}
			case e.Data == "input" && attr(e, "type") != "checkbox":
				f.fields.Add(attr(e, "name"), attr(e, "value"))
			}
		}
		if has {
			f.fields.Set(name, value)
			return f
		}
	}
	t.Fatalf("no form with a button %s=%s:\n%.2000s", name, value, body)
	return pageForm{}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// sent sends a form, and gives the page that it leads to.
func sent(t *testing.T, c *http.Client, s *webtest.Site, f pageForm) answer {
	t.Helper()
	a := send(t, c, http.MethodPost, s.URL+f.action, f.fields, nil)
	if a.status != http.StatusSeeOther {
		t.Fatalf("%s %v: got %d\n%.800s", f.action, f.fields, a.status, a.body)
	}
	return get(t, c, s.URL+a.location)
}

// Without scripts: accept, undo, pick in part, several, a customer only, set aside.
func TestPaymentsWithoutScripts(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t,
		webtest.Paid("2026-11-18", 245000, "IMPRIMERIE DELVAUX", "FACTURE F2026-0871"),
		webtest.Paid("2026-11-19", 100000, "IMPRIMERIE DELVAUX", "ACOMPTE"),
		webtest.Paid("2026-11-19", 2210400, "SENECHAL LOGISTIQUE", "SOLDE"),
		webtest.Paid("2026-11-20", 50000, "CAFE DES HALLES", "AVANCE"),
		webtest.Paid("2026-11-20", 7777, "URSSAF", "REMBOURSEMENT"),
	)
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
	entree := func(cents int64) string { return "/encaissements?entree=" + entryOf(t, s, cents).Entry.ID }

	// Accepted as proposed, undone with a reason, not done again by itself.
	sent(t, c, s, formWith(t, page(entree(245000)), "action", "accepter"))
	if got := entryOf(t, s, 245000); got.State != cash.Applied || openOf(t, s, "F2026-0871")["F2026-0871"] != 0 {
		t.Fatalf("accepted: %s, open %v", got.State, openOf(t, s, "F2026-0871"))
	}
	undo := formWith(t, page("/encaissements?etat=traites&entree="+entryOf(t, s, 245000).Entry.ID), "action", "annuler")
	undo.fields.Set("motif", "")
	if a := sent(t, c, s, undo); !strings.Contains(a.body, "notice wrong") {
		t.Errorf("undone without a reason: the page does not complain\n%.600s", a.body)
	}
	undo.fields.Set("motif", "mauvaise facture")
	sent(t, c, s, undo)
	s.Set(t, map[string]string{"cash_automatic": "true"})
	s.Match(t)
	if got := entryOf(t, s, 245000); got.State != cash.Open || openOf(t, s, "F2026-0871")["F2026-0871"] != 245000 {
		t.Errorf("undone, then matched again: %s, open %v", got.State, openOf(t, s, "F2026-0871"))
	}

	// A part of one invoice, picked by hand.
	invoice := func(number string) (id string) {
		s.Write(t, func(ctx context.Context, tx *db.Tx) error {
			list, err := ledger.ByNumber(ctx, tx, s.Scope, number)
			id = list[0].ID
			return err
		})
		return id
	}
	delvaux := "&client=" + idOf(t, s, "C001")
	pick := formWith(t, page(entree(100000)+"&volet=choisies&piece="+invoice("F2026-0871")+delvaux), "action", "affecter")
	pick.fields.Set("montant-"+invoice("F2026-0871"), "3 000,00")
	if a := sent(t, c, s, pick); !strings.Contains(a.body, "plus que ce qui reste ouvert") {
		t.Errorf("more than is open: the page does not say so\n%.600s", a.body)
	}
	pick.fields.Set("montant-"+invoice("F2026-0871"), "600,00")
	sent(t, c, s, pick)
	if got := openOf(t, s, "F2026-0871")["F2026-0871"]; got != 185000 {
		t.Errorf("a part of 600,00: %d cents are open", got)
	}
	if got := entryOf(t, s, 100000); len(got.Documents) != 1 || got.Documents[0].Open.Minor != 40000 {
		t.Errorf("the rest is not an advance: %+v", got.Documents)
	}

	// Several invoices.
	several := formWith(t, page(entree(2210400)+"&volet=choisies&client="+idOf(t, s, "C002")+
		"&piece="+invoice("F2026-0790")+"&piece="+invoice("F2026-0811")), "action", "affecter")
	sent(t, c, s, several)
	for n, open := range openOf(t, s, "F2026-0790", "F2026-0811") {
		if open != 0 {
			t.Errorf("%s: %d cents are open", n, open)
		}
	}

	// A customer only, found by name.
	found := page(entree(50000) + "&volet=factures&cherche=halles")
	if !strings.Contains(found, "client="+idOf(t, s, "C003")) {
		t.Errorf("the search does not find the customer")
	}
	sent(t, c, s, formWith(t, page(entree(50000)+"&volet=factures&client="+idOf(t, s, "C003")), "action", "client"))
	got := entryOf(t, s, 50000)
	if got.State != cash.Applied || got.Customer != idOf(t, s, "C003") || len(got.Allocations) != 0 {
		t.Errorf("customer only: %+v", got)
	}

	// No customer's, and taken back.
	away := formWith(t, page(entree(7777)), "action", "ecarter")
	away.fields.Set("motif", "Remboursement de l’URSSAF")
	sent(t, c, s, away)
	if got := entryOf(t, s, 7777); got.State != cash.Aside || got.Reason != "Remboursement de l’URSSAF" {
		t.Errorf("set aside: %s %q", got.State, got.Reason)
	}
	back := formWith(t, page("/encaissements?etat=de-cote&entree="+entryOf(t, s, 7777).Entry.ID), "action", "reprendre")
	sent(t, c, s, back)
	if got := entryOf(t, s, 7777); got.State != cash.Open {
		t.Errorf("taken back: %s", got.State)
	}
}

// A proposal that something overtook is not applied.
func TestAProposalOfYesterdayIsRefused(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t, webtest.Paid("2026-11-18", 245000, "IMPRIMERIE DELVAUX", "FACTURE F2026-0871"))
	s.Match(t)
	c := signIn(t, s)
	body := get(t, c, s.URL+"/encaissements").body
	f := formWith(t, body, "action", "accepter")
	entry, delvaux := entryOf(t, s, 245000).Entry.ID, idOf(t, s, "C001")
	s.Write(t, func(ctx context.Context, tx *db.Tx) error { return cash.CustomerOnly(ctx, tx, s.Scope, entry, delvaux) })
	a := sent(t, c, s, f)
	if !strings.Contains(a.body, "notice wrong") || openOf(t, s, "F2026-0871")["F2026-0871"] != 245000 {
		t.Errorf("applied twice: open %v\n%.600s", openOf(t, s, "F2026-0871"), a.body)
	}
}

func TestWhoOnlyReadsAppliesNothing(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t, webtest.Paid("2026-11-18", 245000, "IMPRIMERIE DELVAUX", "FACTURE F2026-0871"))
	s.Match(t)
	f := formWith(t, get(t, signIn(t, s), s.URL+"/encaissements").body, "action", "accepter")
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		chief := user.Person{Email: "chef@dupont.example", Name: "Chef"}
		other, err := user.NewHasher(1).Prepare(ctx, chief, webtest.Password)
		if err != nil {
			return err
		}
		if other, err = user.Add(ctx, tx, other); err != nil {
			return err
		}
		if err := user.Join(ctx, tx, s.Scope, other.ID, user.Membership{Rights: creditor.Manage}); err != nil {
			return err
		}
		return user.Join(ctx, tx, s.Scope, s.Scope.Actor, user.Membership{Rights: creditor.Read})
	})
	c := signIn(t, s)
	body := get(t, c, s.URL+"/encaissements").body
	offered := strings.Contains(body, `value="accepter"`) || strings.Contains(body, `value="ecarter"`)
	if !strings.Contains(body, "F2026-0871") || offered {
		t.Errorf("a reader is offered to decide, or sees nothing:\n%.800s", body)
	}
	a := send(t, c, http.MethodPost, s.URL+f.action, f.fields, nil)
	if a.status != http.StatusForbidden || entryOf(t, s, 245000).State != cash.Open {
		t.Errorf("a reader applies: got %d, %s", a.status, entryOf(t, s, 245000).State)
	}
}

// The pages of money on a desk, on a telephone, and for axe-core.
func TestThePagesOfMoneyInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	returned := webtest.Paid("2026-11-20", -30000, "SANS ADRESSE SARL", "REJET PRELEVEMENT AC04 COMPTE CLOTURE")
	returned.Means, returned.Return = bank.Debit, &bank.Return{Code: "AC04", Text: "compte clôturé"}
	s.Statement(t,
		webtest.Paid("2026-11-18", 245000, "IMPRIMERIE DELVAUX", "FACTURE F2026-0871"),
		webtest.Paid("2026-11-19", 384000, "IMPRIMERIE DELVAUX",
			"VIR SEPA RECU /DE IMPRIMERIE DELVAUX /MOTIF FACT 0902 0911"),
		webtest.Paid("2026-11-19", 2210400, "SENECHAL LOGISTIQUE SERVICES ET TRANSPORTS FRIGORIFIQUES",
			"SOLDE MERCI DE CONFIRMER LA BONNE RECEPTION"),
		webtest.Paid("2026-11-20", 50000, "CAFE DES HALLES", "AVANCE"),
		returned,
		webtest.Paid("2026-11-20", -1850, "", "FRAIS DE TENUE DE COMPTE"),
	)
	s.Match(t)
	b := s.Open(t, "/")
	b.SignIn()
	waiting := "/encaissements?entree=" + entryOf(t, s, 384000).Entry.ID
	solde := "/encaissements?entree=" + entryOf(t, s, 2210400).Entry.ID
	paths := []string{
		"/encaissements", waiting, solde + "&volet=factures&client=" + idOf(t, s, "C002"),
		solde + "&volet=factures&cherche=f2026",
		solde + "&volet=choisies&client=" + idOf(t, s, "C002"), "/encaissements?etat=auto", "/encaissements?etat=de-cote",
		"/encaissements?etat=tout", "/encaissements?entree=" + entryOf(t, s, -30000).Entry.ID, "/encaissements?q=introuvable",
		"/banque", "/banque/releves", "/banque/ecritures", "/banque/ecritures?sens=sorties&q=frais",
		"/banque/ecritures/" + entryOf(t, s, 245000).Entry.ID, "/banque/ecritures/" + entryOf(t, s, -30000).Entry.ID,
		"/clients/" + idOf(t, s, "C001"), "/",
	}
	fits(t, b, paths...)
	for _, path := range paths {
		b.Go(path)
		for _, problem := range b.Axe() {
			t.Errorf("%s: %s", path, problem)
		}
	}
	b.Dark(true)
	fits(t, b, waiting+"&dark")
}
