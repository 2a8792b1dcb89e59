package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/web/webtest"
)

// morning is a hundred payments as a morning brings them, each with the keys that
// deal with it: the label tells which they are.
type morning struct {
	s       *webtest.Site
	entries []*bank.Entry
	keys    map[string]func(b *webtest.Browser) // by what the payer wrote
	pressed int
}

// debtor is a customer with invoices of those amounts.
func (m *morning) debtor(t *testing.T, code, name, number string, cents ...int64) {
	t.Helper()
	m.s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c := &customer.Customer{Code: code, Name: name, Kind: customer.Business}
		if err := customer.Add(ctx, tx, m.s.Scope, []*customer.Customer{c}); err != nil {
			return err
		}
		var list []*ledger.Document
		for i, x := range cents {
			list = append(list, &ledger.Document{
				Customer: c.ID, Kind: ledger.Invoice, Number: fmt.Sprintf("%s-%d", number, i+1),
				Issued: cal.Must("2026-10-08"), Due: cal.Must("2026-11-07"), Amount: money.New(x, money.EUR),
			})
		}
		return ledger.Add(ctx, tx, m.s.Scope, list)
	})
}

// comes is a payment, and the keys that deal with it.
func (m *morning) comes(cents int64, who, text string, do func(b *webtest.Browser)) {
	day := fmt.Sprintf("2026-11-%02d", 10+len(m.entries)/10)
	m.entries = append(m.entries, webtest.Paid(day, cents, who, text))
	m.keys[text] = do
}

// press presses keys and counts them.
func (m *morning) press(b *webtest.Browser, keys string) {
	m.pressed += len([]rune(keys))
	b.Keys(keys)
}

// write types into the field that has the focus, and sends it.
func (m *morning) write(b *webtest.Browser, text string) {
	m.pressed += len([]rune(text)) + 1
	b.Type(text + "\r")
}

// turns waits until the page that a key leads to is there, and says what must be
// true of it.
func turns(b *webtest.Browser, what string, press func()) {
	webtest.Eval[bool](b, `window.left = true`)
	press()
	b.WaitFor(`!window.left && (` + what + `)`)
}

const (
	inPanel  = `document.activeElement.closest("[data-panel]") !== null`
	inSearch = `document.activeElement.matches("main input[name=cherche]")`
	inBox    = `document.activeElement.matches("input[type=checkbox][name=piece]")`
	inAmount = `document.activeElement.matches("[data-amount]")`
)

// fill brings a hundred payments: seven in ten name their invoice, the others need
// a person's eye.
func (m *morning) fill(t *testing.T) {
	t.Helper()
	for i := range 10 {
		who := fmt.Sprintf("Menuiserie Orsel %d", i)
		m.debtor(t, fmt.Sprintf("T%d", i), who, fmt.Sprintf("FT%d", i), 45_000, 45_000, 45_000)
		m.comes(45_000, strings.ToUpper(who), fmt.Sprintf("VIREMENT T%d", i), func(b *webtest.Browser) {
			m.press(b, fmt.Sprint(2+i%2)) // the second proposal, or the third
		})
	}
	for i := range 5 {
		who := fmt.Sprintf("Jardins Quevilly %d", i)
		m.debtor(t, fmt.Sprintf("J%d", i), who, fmt.Sprintf("FJ%d", i), 81_300)
		m.comes(10_000, strings.ToUpper(who), fmt.Sprintf("ACOMPTE J%d", i), func(b *webtest.Browser) { m.press(b, "c") })
	}
	for i := range 5 {
		m.comes(int64(7_700+i), "URSSAF", fmt.Sprintf("REMBOURSEMENT U%d", i), func(b *webtest.Browser) {
			m.press(b, "x")
			b.WaitFor(`document.activeElement.matches("#motif-x")`)
			m.write(b, "Trop versé")
		})
	}
	for i := range 5 { // somebody pays for another: searched for by the number, ticked, applied
		m.debtor(t, fmt.Sprintf("S%d", i), fmt.Sprintf("Scierie Vauban %d", i), fmt.Sprintf("FS%d", i), 66_600)
		m.comes(66_600+int64(i)*11_111, "HOLDING INCONNUE", fmt.Sprintf("POUR AUTRUI S%d", i), func(b *webtest.Browser) {
			turns(b, inSearch+" || "+inBox, func() { m.press(b, "f") })
			if !webtest.Eval[bool](b, inSearch) {
				m.press(b, "/")
			}
			turns(b, inBox, func() { m.write(b, fmt.Sprintf("fs%d-1", i)) })
			m.press(b, " ")
			turns(b, inAmount, func() { m.press(b, "\r") })
			m.write(b, "")
		})
	}
	for i := range 5 { // a part of an invoice, with its amount typed
		who := fmt.Sprintf("Transports Loiret %d", i)
		m.debtor(t, fmt.Sprintf("L%d", i), who, fmt.Sprintf("FL%d", i), 90_000)
		m.comes(90_000, strings.ToUpper(who), fmt.Sprintf("SOLDE FL%d-1", i), func(b *webtest.Browser) {
			turns(b, inAmount, func() { m.press(b, "m") })
			m.write(b, "600,00")
		})
	}
	m.s.Payers(t, 70)
	m.s.Statement(t, m.entries...)
}

// A hundred payments in a morning, by the keyboard alone: over the borders of
// pages, the focus is always where the next key goes, the next payment comes by
// itself, and nothing is dealt with twice.
func TestAHundredPaymentsByKeyboard(t *testing.T) {
	t.Parallel()
	m := &morning{s: proposing(t), keys: map[string]func(*webtest.Browser){}}
	m.fill(t)
	m.s.Match(t)
	b := m.s.Open(t, "/")
	b.SignIn()
	b.Go("/encaissements")
	undone := false
	for left := 100; left > 0; left-- {
		at := webtest.Eval[string](b, `document.querySelector("[data-panel]").dataset.id`)
		text := strings.Trim(webtest.Eval[string](b, `document.querySelector(".wording")?.innerText ?? ""`), "«» \u00a0")
		done := `document.body.innerText.includes("Tout est traité")`
		if left > 1 {
			done = `document.querySelector("[data-panel]").dataset.id !== "` + at + `" && document.querySelector(".just") !== null && ` +
				inPanel + ` && document.querySelector("[data-row][aria-current]").dataset.row === document.querySelector("[data-panel]").dataset.id`
		}
		do := m.keys[text]
		if do == nil {
			do = func(b *webtest.Browser) { m.press(b, "\r") }
		}
		turnsTo(b, done, func() { do(b) })
		if shown := webtest.Eval[bool](b, visible); left > 1 && !shown {
			t.Fatalf("with %d left, the chosen row or its payment is out of sight", left)
		}
		if left == 60 && !undone { // a slip: undone at once, and done again
			undone = true
			turnsTo(b, `document.querySelector("[data-panel]").dataset.id === "`+at+`"`, func() { m.press(b, "u") })
			left++
		}
	}
	m.check(t, b)
}

// turnsTo waits for what is true after keys that may lead over several pages.
func turnsTo(b *webtest.Browser, what string, press func()) {
	press()
	b.WaitFor(what)
}

// visible tells whether the chosen row and the head of its payment are in sight.
const visible = `(() => {
	if (!document.querySelector("[data-row][aria-current]")) return true;
	const seen = (e) => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; };
	return seen(document.querySelector("[data-row][aria-current]")) && seen(document.querySelector("[data-panel] h2"));
})()`

// check holds the books against what was meant.
func (m *morning) check(t *testing.T, b *webtest.Browser) {
	t.Helper()
	states := map[cash.State]int{}
	m.s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		list, err := cash.List(ctx, tx, m.s.Scope, cash.Filter{})
		for _, l := range list {
			states[l.State]++
		}
		return err
	})
	if states[cash.Applied] != 95 || states[cash.Aside] != 5 {
		t.Errorf("states: %v", states)
	}
	want := map[string]int64{
		"FP-0000": 0, "FP-0069": 0, "FT0-1": 45_000, "FT0-2": 0, "FT1-3": 0, "FJ0-1": 81_300, "FS4-1": 0, "FL4-1": 30_000,
	}
	for number, cents := range want {
		if got := openOf(t, m.s, number)[number]; got != cents {
			t.Errorf("%s: %d cents are open, want %d", number, got, cents)
		}
	}
	if m.pressed > 330 {
		t.Errorf("%d keys were pressed for a hundred payments", m.pressed)
	}
	t.Logf("%d keys pressed", m.pressed)
	if said := b.Console(); len(said) > 0 {
		t.Errorf("the console says:\n%s", strings.Join(said, "\n"))
	}
}
