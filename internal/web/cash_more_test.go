package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/web/webtest"
)

// idOfNumber is the document of that number.
func idOfNumber(t *testing.T, s *webtest.Site, number string) (id string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := ledger.ByNumber(ctx, tx, s.Scope, number)
		if len(list) == 1 {
			id = list[0].ID
		}
		return err
	})
	if id == "" {
		t.Fatalf("no document %s", number)
	}
	return id
}

// What an invoice lacks is settled as a difference, a payment that comes back opens
// what it had settled, and money that left pays a credit back.
func TestDifferencesReturnsAndRefundsByForms(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t,
		webtest.Paid("2026-11-16", 244940, "IMPRIMERIE DELVAUX", "REGLEMENT"),
		webtest.Paid("2026-11-19", -244940, "IMPRIMERIE DELVAUX", "ANNULATION"),
		webtest.Paid("2026-11-17", 50000, "CAFE DES HALLES", "AVANCE"),
		webtest.Paid("2026-11-20", -50000, "CAFE DES HALLES", "REMBOURSEMENT AVANCE"),
	)
	s.Match(t)
	c := signIn(t, s)
	at := func(cents int64, rest string) string {
		a := get(t, c, s.URL+"/encaissements?etat=tout&entree="+entryOf(t, s, cents).Entry.ID+rest)
		if a.status != http.StatusOK {
			t.Fatalf("got %d\n%s", a.status, s.Logged())
		}
		return a.body
	}

	item := idOfNumber(t, s, "F2026-0871")
	f := formWith(t, at(244940, "&volet=choisies&client="+idOf(t, s, "C001")+"&piece="+item), "action", "affecter")
	f.fields.Set("reste-"+item, "difference")
	sent(t, c, s, f)
	if open := openOf(t, s, "F2026-0871")["F2026-0871"]; open != 0 {
		t.Fatalf("with a difference of 0,60: %d cents are open", open)
	}

	if entryOf(t, s, -244940).State == cash.Aside { // money that left, which the run knew nothing else of
		sent(t, c, s, formWith(t, at(-244940, ""), "action", "reprendre"))
	}
	sent(t, c, s, formWith(t, at(-244940, ""), "action", "rejet"))
	if open := openOf(t, s, "F2026-0871")["F2026-0871"]; open == 0 || entryOf(t, s, -244940).State != cash.Returned {
		t.Errorf("after the return: %d cents are open, %s", open, entryOf(t, s, -244940).State)
	}

	halles := idOf(t, s, "C003")
	sent(t, c, s, formWith(t, at(50000, "&volet=factures&client="+halles), "action", "client"))
	credit := entryOf(t, s, 50000).Documents[0].ID
	page := get(t, c, s.URL+"/clients/"+halles).body
	if !strings.Contains(page, "piece="+credit) {
		t.Errorf("the page of the customer does not offer to pay the credit back")
	}
	sent(t, c, s, formWith(t, at(-50000, "&volet=choisies&client="+halles+"&piece="+credit), "action", "affecter"))
	if got := entryOf(t, s, 50000).Documents[0].Open; !got.IsZero() {
		t.Errorf("after paying back %s is open", got)
	}
}

// A cheque of a batch comes back: the page offers the batch, and whose cheque it
// may have been, the one of that amount first.
func TestAChequeOfABatchComesBack(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	batch := webtest.Paid("2026-11-16", 245000+64218, "", "REMISE CHEQUES 2 CHQ")
	back := webtest.Paid("2026-11-20", -64218, "", "CHEQUE IMPAYE")
	batch.Means, back.Means = bank.Cheque, bank.Cheque
	back.Return = &bank.Return{Code: "AM04"}
	s.Statement(t, batch, back)
	s.Match(t)
	c := signIn(t, s)
	at := func(cents int64, rest string) string {
		a := get(t, c, s.URL+"/encaissements?etat=tout&entree="+entryOf(t, s, cents).Entry.ID+rest)
		if a.status != http.StatusOK {
			t.Fatalf("got %d\n%s", a.status, s.Logged())
		}
		return a.body
	}
	if !strings.Contains(at(-64218, ""), "Aucun encaissement de ce montant") {
		t.Error("while the batch waits the page does not say what to do")
	}
	delvaux, halles := idOfNumber(t, s, "F2026-0871"), idOfNumber(t, s, "F2026-0850")
	sent(t, c, s, formWith(t, at(245000+64218, "&volet=choisies&piece="+delvaux+"&piece="+halles), "action", "affecter"))
	body := at(-64218, "")
	if first := between(t, body, `name="client">`, `</option>`); !strings.Contains(first, "Café des Halles") {
		t.Errorf("the cheque of that amount is not offered first: %s", first)
	}
	f := formWith(t, body, "action", "rejet")
	f.fields.Set("client", idOf(t, s, "C003"))
	sent(t, c, s, f)
	open := openOf(t, s, "F2026-0871", "F2026-0850")
	if open["F2026-0871"] != 0 || open["F2026-0850"] != 64218 {
		t.Errorf("after the return: %v", open)
	}
	if !strings.Contains(at(-64218, ""), "Elle a repris") {
		t.Error("the return does not lead to what it took back")
	}
}

// An advice that is dropped on an entry tells what it pays.
func TestAnAdviceIsDroppedOnAnEntry(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	s.Statement(t, webtest.Paid("2026-11-18", 389000, "SOCIETE INCONNUE", "VIREMENT"))
	s.Match(t)
	c := signIn(t, s)
	drop := func(name, content string) answer {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("avis", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		address := s.URL + "/encaissements/" + entryOf(t, s, 389000).Entry.ID + "/avis"
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, &b)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", w.FormDataContentType())
		response, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return get(t, c, s.URL+response.Header.Get("Location"))
	}
	if a := drop("avis.csv", "bonjour"); !strings.Contains(a.body, "notice wrong") {
		t.Errorf("what is no advice: the page does not complain\n%.600s", a.body)
	}
	a := drop("avis.csv", "Facture;Montant\nF2026-0871;2450,00\nF2026-0902;1440,00\nTotal;3890,00\n")
	if !strings.Contains(a.body, "avis.csv") || !strings.Contains(a.body, "F2026-0902") {
		t.Errorf("the advice is not shown, or its documents not proposed:\n%s\n%.1500s", s.Logged(), a.body)
	}
}
