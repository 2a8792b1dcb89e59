package dispute_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/fault"
)

var (
	eur   = agreementtest.EUR
	today = cal.Must("2026-11-22")
)

func add(b *agreementtest.Books, d dispute.Dispute) (dispute.Dispute, error) {
	d.Opened = today
	if d.Reason == "" {
		d.Reason = dispute.Price
	}
	err := b.Try(func(ctx context.Context, tx *db.Tx) error { return dispute.Add(ctx, tx, b.Scope, &d) })
	return d, err
}

func TestDisputesOnAnInvoiceNeverExceedIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", today, eur(100_00))
		b.Invoice(c, "F2", today, eur(100_00))
		for _, r := range []struct {
			name    string
			invoice string
			cents   int64
			reason  dispute.Reason
			kind    fault.Kind // internal: none is expected
			says    string
		}{
			{"a part", "F1", 60_00, dispute.Quality, fault.KindInternal, ""},
			{"a second part", "F1", 40_00, dispute.Price, fault.KindInternal, ""},
			{"one cent more", "F1", 1, dispute.Price, fault.KindConflict, "déjà contestée pour 100,00"},
			{"all of a part", "F1", 0, dispute.Price, fault.KindConflict, "clore d’abord ce litige"},
			{"all", "F2", 0, dispute.NoDebt, fault.KindInternal, ""},
			{"a part of all", "F2", 10_00, dispute.Price, fault.KindConflict, "contestée en entier"},
			{"more than is open", "F1", 100_01, dispute.Price, fault.KindInvalid, "dépasse ce qui reste"},
			{"no such reason", "F1", 1, "caprice", fault.KindInvalid, "price (prix), quantity (quantité)"},
		} {
			_, err := add(b, dispute.Dispute{Invoice: r.invoice, Amount: eur(r.cents), Reason: r.reason})
			switch {
			case r.kind == fault.KindInternal && err != nil:
				t.Errorf("%s: %v", r.name, err)
			case r.kind != fault.KindInternal && (fault.KindOf(err) != r.kind || !strings.Contains(err.Error(), r.says)):
				t.Errorf("%s: got %v, want %s saying %q", r.name, err, r.kind, r.says)
			}
		}
	})
}

func TestADisputeStandsUntilTheDayItIsClosed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		b.Invoice(c, "F1", today, eur(100_00))
		one, err := add(b, dispute.Dispute{Invoice: "F1", Amount: eur(30_00), Deadline: today.Add(10)})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return dispute.Assign(ctx, tx, b.Scope, one.ID, "per_anne", today.Add(3), today.Add(1))
		})
		closing := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return dispute.Close(ctx, tx, b.Scope, one.ID, today.Add(5), dispute.Credited, "avoir A12")
			})
		}
		if err := closing(); err != nil {
			t.Fatal(err)
		}
		if err := closing(); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "avoir accordé") {
			t.Errorf("closed twice: got %v", err)
		}
		for _, r := range []struct {
			day  cal.Date
			want int
		}{{today.Add(-1), 0}, {today, 1}, {today.Add(4), 1}, {today.Add(5), 0}} {
			n := 0
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for _, err := range dispute.Between(ctx, tx, b.Scope, agreement.Span{Day: r.day, From: c, To: c}) {
					if err != nil {
						return err
					}
					n++
				}
				return nil
			})
			if n != r.want {
				t.Errorf("on %s: %d disputes, want %d", r.day, n, r.want)
			}
		}
		if diff := cmp.Diff([]string{"dispute.opened", "dispute.assigned", "dispute.closed"}, b.Actions(c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOpenDisputesComeByDeadlinePageByPage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		for i, r := range []struct {
			number string
			days   int
			owner  string
		}{{"F1", 0, "a"}, {"F2", 9, "b"}, {"F3", 4, "a"}, {"F4", 0, "a"}, {"F5", 4, "b"}} {
			b.Invoice(c, r.number, today.Add(i), eur(10_00))
			wish := dispute.Dispute{Invoice: r.number, Owner: r.owner, Note: r.number}
			if r.days > 0 {
				wish.Deadline = today.Add(r.days)
			}
			if _, err := add(b, wish); err != nil {
				t.Fatal(err)
			}
		}
		pages := func(owner string) (numbers []string) {
			f := dispute.Filter{Owner: owner, Limit: 2}
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				for {
					page, err := dispute.Open(ctx, tx, b.Scope, f)
					if err != nil || len(page) == 0 {
						return err
					}
					for _, d := range page {
						numbers = append(numbers, d.Note)
					}
					f.After = page[len(page)-1]
				}
			})
			return numbers
		}
		if diff := cmp.Diff([]string{"F3", "F5", "F2", "F1", "F4"}, pages("")); diff != "" {
			t.Errorf("everybody's: %s", diff)
		}
		if diff := cmp.Diff([]string{"F3", "F1", "F4"}, pages("a")); diff != "" {
			t.Errorf("one person's: %s", diff)
		}
	})
}
