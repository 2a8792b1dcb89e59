package lifecycle_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/hold"
	"acquit/internal/i18n"
	"acquit/internal/inflight"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	. "acquit/internal/lifecycle"
	"acquit/internal/task"
)

// books are a creditor's that has a SIREN, with one customer.
type books struct {
	*agreementtest.Books
	customer string
	today    cal.Date
}

func open(t testing.TB, d *db.DB) books {
	b := books{Books: agreementtest.New(t, d), today: cal.Of(d.Now())}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE creditor SET siren = '100000009' WHERE id = $1`, b.Scope.Creditor); err != nil {
			return err
		}
		c := &customer.Customer{Code: "C1", Name: "ACHETEUR", SIREN: "200000008"}
		err := customer.Add(ctx, tx, b.Scope, []*customer.Customer{c})
		b.customer = c.ID
		return err
	})
	return b
}

// say is a status of an invoice as a message tells it, from the short text of told.
func (b books) say(number string, hour int, text string) *ingest.Lifecycle {
	l := told(0, text).Said
	l.Number, l.Type, l.Phase, l.Issued = number, "380", "23", b.today.Add(-30)
	l.At = ingest.Moment(fmt.Sprintf("%sT%02d:00:00", b.today, hour))
	l.Seller = ingest.Actor{Scheme: "0002", ID: "100000009"}
	l.Buyer = ingest.Actor{Scheme: "0002", ID: "200000008", Role: "BY"}
	l.Issuer = l.Buyer
	l.Message = &ingest.LifecycleMessage{ID: text, Raw: []byte(fmt.Sprintf("%s %d %s", number, hour, text))}
	return &l
}

func (b books) take(list ...*ingest.Lifecycle) Tally {
	b.T.Helper()
	var t Tally
	b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = Take(ctx, tx, b.Scope, Origin{Source: "test"}, list)
		return err
	})
	return t
}

func (b books) invoice(number string, cents int64) ledger.Document {
	return b.Invoice(b.customer, number, b.today, eur(cents))
}

// standing is what stands on the customer's account, in short.
func (b books) standing() []string {
	b.T.Helper()
	list := []string{}
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		ds, err := dispute.List(ctx, tx, b.Scope, b.customer)
		for _, d := range ds {
			if d.Closed.IsZero() {
				add("dispute %s %s", d.Amount.Decimal(), d.Reason)
			}
		}
		hs, err2 := hold.List(ctx, tx, b.Scope, b.customer)
		for _, h := range hs {
			if h.On(b.today) {
				add("hold")
			}
		}
		ps, err3 := inflight.List(ctx, tx, b.Scope, b.customer)
		for _, p := range ps {
			if p.Ended.IsZero() {
				add("payment %s until %s", p.Amount.Decimal(), p.Until)
			}
		}
		ts, err4 := task.Open(ctx, tx, b.Scope, task.Filter{Customer: b.customer, Limit: 100})
		for _, t := range ts {
			add("task %s", t.Title)
		}
		a, err5 := account.One(ctx, tx, b.Scope, account.Query{Day: b.today}, b.customer)
		for _, i := range a.Items {
			if i.Stopped != "" {
				add("stopped %s by %s", i.Number, i.Stopped)
			}
		}
		for _, err := range []error{err, err2, err3, err4, err5} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list
}

func (b books) want(what string, want ...string) {
	b.T.Helper()
	if diff := cmp.Diff(append([]string{}, want...), b.standing()); diff != "" {
		b.T.Errorf("%s: %s", what, diff)
	}
}

func TestStatusesAreTakenOnceAndDoTheirWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		b.invoice("F1", 1_200_00)
		disputed := b.say("F1", 9, "207 PU_ERR")
		if got := b.take(disputed, b.say("F1", 8, "203")); got.Added != 2 || got.Waiting != 0 {
			t.Errorf("%+v", got)
		}
		b.want("disputed", "dispute 0.00 price")
		again := *disputed
		again.Message = &ingest.LifecycleMessage{ID: "a copy for the state", Raw: []byte("another message")}
		if got := b.take(&again); got.Added != 0 || got.Known != 1 {
			t.Errorf("told twice: %+v", got)
		}
		b.want("told twice", "dispute 0.00 price")
		b.take(b.say("F1", 10, "206 QTE_ERR MNATTC=200.00"))
		b.want("partly approved", "dispute 200.00 quantity")
		b.take(b.say("F1", 11, "208 JUSTIF_ABS"))
		b.want("suspended", "dispute 200.00 quantity", "hold", "task Facture F1 suspendue\u00a0: fournir la pièce qui manque")
		b.take(b.say("F1", 12, "209"), b.say("F1", 13, "211 MPA=1000.00"), b.say("F1", 14, "205"))
		b.want("approved and paid", "payment 1000.00 until "+b.today.Add(7).String())
		b.take(b.say("F1", 15, "210 DOUBLON"))
		b.want("refused", "payment 1000.00 until "+b.today.Add(7).String(),
			"task Facture F1 refusée\u00a0: passer un avoir interne, puis la refaire", "stopped F1 by 210")
	})
}

// A code that the standard does not have is kept, and nothing follows from it.
func TestAStatusThatNobodyKnowsIsKeptAndSaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		b.invoice("F1", 100_00)
		strange := b.say("F1", 9, "205")
		strange.Code = "999"
		got := b.take(strange, b.say("F1", 8, "204"))
		if got.Added != 2 || len(got.Strange) != 1 || got.Strange[0].Code != "999" {
			t.Errorf("taken: %+v", got)
		}
		if again := b.take(strange); again.Known != 1 || len(again.Strange) != 0 {
			t.Errorf("again: %+v", again)
		}
		b.want("a status that nobody knows")
		for code, want := range map[string]bool{"999": true, "204": false, "": true} {
			if got := (Status{Code: code}).Strange(i18n.FR); (got != "") != want || want && !strings.Contains(got, "sans effet") {
				t.Errorf("%s: %q", code, got)
			}
		}
	})
}

func TestStatusesOfUnknownInvoicesWaitForThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		foreign := b.say("F9", 9, "210 DOUBLON")
		foreign.Seller.ID, foreign.Line = "300000007", 4
		got := b.take(b.say("F1", 9, "210 DOUBLON"), foreign)
		if got.Added != 1 || got.Waiting != 1 || len(got.Refused) != 1 || got.Refused[0].Line != 4 {
			t.Errorf("%+v", got)
		}
		link := func(want int, waits Waits) {
			t.Helper()
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				n, err := Link(ctx, tx, b.Scope)
				if err != nil {
					return err
				}
				list, err := List(ctx, tx, b.Scope, Filter{Waiting: true, Limit: 9})
				if n != want || waits != "" && (len(list) != 1 || list[0].Waits != waits) {
					t.Errorf("linked %d, waiting %+v", n, list)
				}
				return err
			})
		}
		link(0, Unknown)
		other := b.Customer("C2")
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE customer SET siren = '400000006' WHERE creditor_id = $1 AND id = $2`, b.Scope.Creditor, other)
			return err
		})
		b.Invoice(other, "F1", b.today, eur(50_00))
		link(0, OtherBuy)
		b.invoice("F1", 1_200_00)
		link(1, "")
		b.want("linked", "task Facture F1 refusée\u00a0: passer un avoir interne, puis la refaire", "stopped F1 by 210")
		if actions := b.Actions(b.customer); !strings.Contains(strings.Join(actions, " "), "status.linked") {
			t.Errorf("%v", actions)
		}
	})
}

func TestWhatAPersonDecidedStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_200_00)
		b.Pay(f, b.today, 900_00)
		b.take(b.say("F1", 9, "206 PU_ERR MNATTC=250.00"))
		b.want("what is left of it", "dispute 250.00 price")
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			list, err := dispute.List(ctx, tx, b.Scope, b.customer)
			if err != nil {
				return err
			}
			return dispute.Close(ctx, tx, b.Scope, list[0].ID, b.today, dispute.Rejected, "le prix est le bon")
		})
		b.take(b.say("F1", 10, "204"))
		b.want("closed by a person")
		g := b.invoice("F2", 100_00)
		b.Pay(g, b.today, 100_00)
		b.take(b.say("F2", 9, "207 PU_ERR"), b.say("F2", 10, "211"))
		b.want("settled already")
	})
}

func TestWhatCameToNothingStandsOnceMoneyGoesBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 100_00)
		a := b.Pay(f, b.today, 100_00)
		b.take(b.say("F1", 9, "207 QUALITE_ERR"))
		b.want("settled")
		review := func(ctx context.Context, tx *db.Tx) error { return Review(ctx, tx, b.Scope) }
		b.Write(review)
		b.want("still settled")
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Reverse(ctx, tx, b.Scope, a.ID, b.today, "prélèvement rejeté")
		})
		b.Write(review)
		b.Write(review)
		b.want("open again", "dispute 0.00 quality")
	})
}

// Statuses of one invoice that come in any order, in any portions, some twice,
// leave the same standing.
func TestTheBooksEndUpTheSameWhateverTheOrder(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, dbtest.NewClock())
	b := open(t, d)
	texts := []string{
		"200", "203", "205", "206 PU_ERR MNATTC=10.00", "207 QTE_ERR", "208 JUSTIF_ABS", "209", "211 MPA=5.00", "225", "228", "210 DOUBLON",
	}
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(texts), 1, 6, rapid.ID[string]).Draw(t, "told")
		var results [2][]string
		for i := range results {
			n++
			number := fmt.Sprintf("F%d", n)
			c := &customer.Customer{Code: number, SIREN: "200000008"}
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return customer.Add(ctx, tx, b.Scope, []*customer.Customer{c})
			})
			b.customer = c.ID
			b.invoice(number, 1_200_00)
			var list []*ingest.Lifecycle
			for hour, text := range chosen {
				list = append(list, b.say(number, hour, text))
			}
			if i == 1 {
				list = rapid.Permutation(append(list, list[0])).Draw(t, "heard")
			}
			for len(list) > 0 {
				k := rapid.IntRange(1, len(list)).Draw(t, "portion")
				b.take(list[:k]...)
				list = list[k:]
			}
			for _, s := range b.standing() {
				results[i] = append(results[i], strings.ReplaceAll(s, number, "F"))
			}
		}
		if diff := cmp.Diff(results[0], results[1]); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestUndoingAnImportTakesItsStatusesBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_200_00)
		b.take(b.say("F1", 9, "207 PU_ERR"))
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := Take(ctx, tx, b.Scope, Origin{Source: "test", Import: "imp_1"}, []*ingest.Lifecycle{b.say("F1", 10, "210 DOUBLON")})
			return err
		})
		b.Write(func(ctx context.Context, tx *db.Tx) error { return Drop(ctx, tx, b.Scope, "imp_1", nil) })
		b.want("the refusal is gone", "dispute 0.00 price")
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			list, err := Of(ctx, tx, b.Scope, f.ID)
			if len(list) != 1 || list[0].Code != Disputed {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}
