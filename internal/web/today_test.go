package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/db"
	"acquit/internal/reminder"
	"acquit/internal/web/webtest"
)

// states are how many reminders are in each state.
func states(t *testing.T, s *webtest.Site) map[reminder.State]int {
	t.Helper()
	counts := map[reminder.State]int{}
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := db.All(ctx, tx, db.Value[reminder.State], `
			SELECT state
			FROM reminder
			WHERE creditor_id = $1`, s.Scope.Creditor)
		for _, state := range list {
			counts[state]++
		}
		return err
	})
	return counts
}

// notes are those on the reminders in a state.
func notes(t *testing.T, s *webtest.Site, state reminder.State) (list []string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) (err error) {
		list, err = db.All(ctx, tx, db.Value[string], `
			SELECT note
			FROM reminder
			WHERE creditor_id = $1 AND state = $2`, s.Scope.Creditor, string(state))
		return err
	})
	return list
}

// heading is the subject of the message that is shown, or its step.
const heading = `document.querySelector("#message h2").innerText`

// chosen is the customer of the row that is chosen.
const chosen = `document.querySelector("[data-row][aria-current] b").innerText`

func TestTheDayByKeyboard(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	b.WaitFor(`!document.querySelector(".kpis").innerText.includes("…")`)
	fits(t, b, "/")
	if got, want := webtest.Eval[string](b, chosen), "Mme Odile Renard"; got != want {
		t.Fatalf("chosen at first: got %s, want %s", got, want)
	}
	b.Keys("j")
	b.WaitFor(heading + `.includes("F2026-0860")`)
	b.Keys("k")
	b.WaitFor(heading + `.includes("F2026-0801")`)
	b.Keys("jj\r") // faster than the messages come: Enter waits for the right one
	b.WaitFor(`document.querySelector(".notice")?.innerText.includes("Café des Halles")`)
	if got, want := webtest.Eval[string](b, chosen), "Sans Adresse SARL"; got != want {
		t.Errorf("after approving: got %s, want the next, %s", got, want)
	}
	if text := b.Text(); !strings.Contains(text, "ne peut pas encore partir") {
		t.Errorf("a customer without an address: the page does not say what is missing:\n%s", text)
	}
	b.Keys("\r") // its button is off
	b.Keys("j")
	b.WaitFor(chosen + ` === "Groupe Sénéchal Logistique"`)
	b.Keys("d")
	b.WaitFor(`document.activeElement.name === "motif"`)
	b.Type("Vu au téléphone\r")
	b.WaitFor(`document.querySelector(".notice")?.innerText.includes("Relance écartée")`)
	if reasons := notes(t, s, reminder.Dismissed); !slices.Equal(reasons, []string{"Vu au téléphone"}) {
		t.Errorf("the reason kept: %q", reasons)
	}
	want := map[reminder.State]int{reminder.Proposed: 5, reminder.Approved: 1, reminder.Dismissed: 1}
	if diff := cmp.Diff(want, states(t, s)); diff != "" {
		t.Errorf("the reminders (-want +got):\n%s", diff)
	}
	if said := b.Console(); len(said) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(said, "\n"))
	}
}

func TestTheWordsOfOneMessageAreChanged(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	b.Keys("e")
	b.WaitFor(`document.activeElement.name === "sujet"`)
	fits(t, b, b.Path())
	b.Fill("sujet", "Un mot de Sophie")
	b.Fill("texte", "Bonjour,\n\nVoici {{n_importe_quoi}}.")
	b.Press("#message form button.primary")
	if text := b.Text(); !strings.Contains(text, "n_importe_quoi") {
		t.Errorf("a variable that does not exist: the page says\n%s", text)
	}
	b.Fill("texte", "Bonjour,\n\nVoici ce que vous nous devez :\n\n{{table.invoices}}\n\n{{signature}}")
	b.Press("#message form button.primary")
	b.WaitFor(heading + ` === "Un mot de Sophie"`)
	if text := b.Text(); !strings.Contains(text, "modifié à la main") || !strings.Contains(text, "Voici ce que vous nous devez") {
		t.Errorf("the changed message is not shown:\n%s", text)
	}
	b.Shot("edited")
	b.Keys("e")
	b.WaitFor(`document.activeElement.name === "sujet"`)
	b.Press(`#message button[name="modele"]`)
	b.WaitFor(heading + `.includes("F2026-0801")`)
}

func TestSeveralRemindersAreDecidedAtOnce(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	b.Keys("xjx")
	b.WaitFor(`document.querySelector("[data-one]").innerText === "Approuver les 2 relances cochées"`)
	b.Press(`button[form="lot"][value="approuver"]`)
	if text := b.Text(); !strings.Contains(text, "2 relances approuvées") {
		t.Errorf("after approving two: the page says\n%s", text)
	}
	webtest.Eval[bool](b, `(window.confirm = () => true)()`)
	b.Press(`.group form[action="/relances/etape"] button`)
	text := b.Text()
	if !strings.Contains(text, "1 n’ont pas pu l’être") && !strings.Contains(text, "Sans Adresse SARL : ") {
		t.Errorf("after approving a step of which one has no address: the page says\n%s", text)
	}
	b.Shot("several")
	if got := states(t, s); got[reminder.Approved] < 3 || got[reminder.Proposed] == 0 {
		t.Errorf("the reminders: %v", got)
	}
}

func TestDecisionsOfAnotherCompanyAreOutOfReach(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	other := webtest.NewSite(t, nil).Found(t).Books(t)
	var foreign string
	other.Write(t, func(ctx context.Context, tx *db.Tx) error {
		rows, err := reminder.Page(ctx, tx, other.Scope, reminder.Filter{Limit: 1})
		if err == nil {
			foreign = rows[0].ID
		}
		return err
	})
	c := signIn(t, s)
	for _, path := range []string{"/approuver", "/reporter", "/ecarter", "/modifier"} {
		a := post(t, c, s.URL+"/relances/"+foreign+"x"+path, "motif", "x", "jour", "2026-12-01", "sujet", "x", "texte", "x")
		if a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, a.status)
		}
	}
}

// A message that waited says how late the invoices are on the day on which it
// would leave, in the list and in its own words.
func TestAReminderThatWaitedTellsTheAgeOfTheDay(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	for _, x := range []struct {
		waited     int
		row, words string
	}{
		{0, "7 j de retard", "7 jours de retard"},
		{3, "10 j de retard", "10 jours de retard"},
	} {
		s.Clock.Set(webtest.Monday.AddDate(0, 0, x.waited))
		body := strings.ReplaceAll(get(t, signIn(t, s), s.URL+"/?q=halles").body, "\u00a0", " ")
		if !strings.Contains(body, x.row) || !strings.Contains(body, x.words) {
			t.Errorf("%d days after the run: the page has neither or only one of %q and %q", x.waited, x.row, x.words)
		}
	}
}
