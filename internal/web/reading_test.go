package web_test

import (
	"strings"
	"testing"

	"acquit/internal/web/webtest"
)

// faults are what a screen reader or a keyboard would stumble over: controls
// without a name, links that say nothing, identifiers that stand twice, headings
// that are missing, regions that scroll and cannot be reached.
const faults = `(() => {
	const wrong = [];
	const say = (what, e) => wrong.push(what + ": " + e.outerHTML.slice(0, 120));
	const named = (e) => (e.getAttribute("aria-label") || e.title || e.innerText || "").trim() !== ""
		|| [...(e.labels || [])].some((l) => l.innerText.trim() !== "");
	for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href], summary, iframe")) {
		if (e.checkVisibility() && !named(e)) say("no name", e);
	}
	for (const e of document.querySelectorAll("th")) if (e.textContent.trim() === "") say("empty heading", e);
	const ids = new Set();
	for (const e of document.querySelectorAll("[id]")) { if (ids.has(e.id)) say("twice", e); ids.add(e.id); }
	for (const e of document.querySelectorAll("[aria-describedby], label[for]")) {
		const id = e.getAttribute("aria-describedby") || e.htmlFor;
		if (!document.getElementById(id)) say("points nowhere", e);
	}
	if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
	if (!document.documentElement.lang) wrong.push("no language");
	return wrong;
})()`

func TestEveryPageCanBeReadAloud(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/connexion")
	look := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			b.Go(path)
			if wrong := webtest.Eval[[]string](b, faults); len(wrong) > 0 {
				t.Errorf("%s:\n%s", path, strings.Join(wrong, "\n"))
			}
		}
	}
	look("/connexion")
	b.SignIn()
	look("/", "/?etape=relance-1", "/?q=personne", "/clients", "/clients/"+idOf(t, s, "C001"), "/balance",
		"/envois", "/taches", "/imports", "/scenarios", "/reglages/societe", "/reglages/banque", "/reglages/calendrier",
		"/reglages/relances", "/reglages/envois", "/reglages/courriel", "/reglages/balance", "/reglages/imports",
		"/reglages/membres", "/moi", "/rien")
}

func TestATelephoneOpensTheDayAtItsHead(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	b.Width(380)
	b.Go("/")
	b.WaitFor(`!document.querySelector(".kpis").innerText.includes("…")`)
	if y := webtest.Eval[float64](b, `scrollY`); y != 0 {
		t.Errorf("the figures have come and the page stands at %v, not at its head", y)
	}
	b.Click(`[data-row]:not([aria-current]) a`)
	b.WaitFor(`document.getElementById("message").dataset.id === document.querySelector("[data-row][aria-current]").dataset.row`)
	b.WaitFor(`Math.abs(document.getElementById("message").getBoundingClientRect().top) < innerHeight / 2`)
}

// A list on a telephone is cards: only the aged balance, which has columns by
// age, may be moved sideways.
func TestListsOnATelephoneAreNotMovedSideways(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	approveAll(t, s)
	b := s.Open(t, "/")
	b.SignIn()
	b.Width(380)
	for _, path := range []string{
		"/clients", "/clients/" + idOf(t, s, "C001"), "/envois", "/reglages/banque", "/reglages/calendrier", "/reglages/membres",
	} {
		b.Go(path)
		wide := webtest.Eval[[]string](b, `[...document.querySelectorAll(".scroll")]
			.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText.slice(0, 80))`)
		if len(wide) > 0 {
			t.Errorf("%s: %q", path, wide)
		}
	}
}

func TestPaperIsWhiteWhateverTheScreen(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	b.Go("/clients/" + idOf(t, s, "C001"))
	b.Paper()
	const look = `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
		getComputedStyle(document.querySelector("aside")).display].join(" ")`
	if got, want := webtest.Eval[string](b, look), "rgb(255, 255, 255) rgb(0, 0, 0) none"; got != want {
		t.Errorf("printed from a dark screen: got %s, want %s", got, want)
	}
	b.Width(690) // what A4 leaves between its margins
	const days = `[...document.querySelectorAll("tbody tr:first-child td")].every((e) => e.checkVisibility()) &&
		getComputedStyle(document.querySelector("tbody tr")).display`
	if got := webtest.Eval[any](b, days); got != "table-row" {
		t.Errorf("on paper a row is %v, want a line with all its cells", got)
	}
	b.Shot("paper")
}
