package handover_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/account"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/handover"
	"acquit/internal/hold"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/task"
)

var today = cal.Must("2026-11-22")

func eur(cents int64) money.Amount { return agreementtest.EUR(cents) }

// world is a customer with two overdue invoices and an agency.
type world struct {
	*agreementtest.Books
	customer string
	f1, f2   ledger.Document
	agency   handover.Partner
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	b := agreementtest.New(t, d)
	w := &world{Books: b, customer: b.Customer("C1")}
	w.f1 = b.Invoice(w.customer, "F1", today.Add(-100), eur(1_200_00))
	w.f2 = b.Invoice(w.customer, "F2", today.Add(-40), eur(600_00))
	w.agency = handover.Partner{
		Kind: handover.Agency, Name: "Recouvrement du Nord", SIREN: "732829320", Mandate: "CV-2026-12",
		Terms: handover.Terms{Rate: 12_50, Fixed: 15_00},
	}
	b.Write(func(ctx context.Context, tx *db.Tx) error { return handover.AddPartner(ctx, tx, b.Scope, &w.agency) })
	return w
}

func (w *world) prepare(invoices ...string) (h handover.Handover, err error) {
	err = w.Try(func(ctx context.Context, tx *db.Tx) error {
		h, err = handover.Prepare(ctx, tx, w.Scope, handover.Preparing{Customer: "C1", Invoices: invoices}, today)
		return err
	})
	return h, err
}

func (w *world) hand(id string) (h handover.Handover, err error) {
	err = w.Try(func(ctx context.Context, tx *db.Tx) error {
		h, err = handover.Hand(ctx, tx, w.Scope, id, handover.Handing{
			Partner: w.agency.Name, Dossier: &ledger.File{Name: "dossier.zip", MediaType: "application/zip", Content: []byte("PK")},
		}, today)
		return err
	})
	return h, err
}

func (w *world) find(id string) (h handover.Handover) {
	w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		h, err = handover.Find(ctx, tx, w.Scope, id)
		return err
	})
	return h
}

func (w *world) receipts(id string) (list []handover.Receipt) {
	w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		h, err := handover.Find(ctx, tx, w.Scope, id)
		if err != nil {
			return err
		}
		list, err = handover.Receipts(ctx, tx, w.Scope, h)
		return err
	})
	return list
}

func (w *world) held(day cal.Date) (held bool) {
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		list, err := hold.List(ctx, tx, w.Scope, w.customer)
		for _, h := range list {
			held = held || h.On(day) && h.Reason == handover.Reason
		}
		return err
	})
	return held
}

func TestClaimsAreHandedOverDeclaredRemittedAndClosed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.Pay(w.f1, today.Add(-50), 200_00) // before: lowers what is handed over, and is no receipt
		h, err := w.prepare()
		if err != nil {
			t.Fatal(err)
		}
		if w.held(today) {
			t.Error("preparing stops dunning")
		}
		if _, err := w.prepare("F1"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("prepared twice: %v", err)
		}
		if h, err = w.hand(h.ID); err != nil {
			t.Fatal(err)
		}
		if got := h.Sums(); got.Principal != eur(1_600_00) || h.Terms != w.agency.Terms || h.Mandate != "CV-2026-12" || len(h.Dossier) != 64 {
			t.Errorf("handed over: %+v", h)
		}
		if !w.held(today) || !w.held(today.Add(400)) {
			t.Error("handing over does not stop dunning")
		}
		w.Pay(w.f1, today, 300_00)
		remitted := w.Pay(w.f2, today, 525_00) // what the agency paid out: 600 less its fee of 75
		w.remitAndTell(t, h.ID, remitted.Credit)
		got := w.receipts(h.ID)
		if sum := handover.Sum(handover.ToDeclare(got), money.EUR); sum != eur(300_00) || len(got) != 2 {
			t.Errorf("to declare: %s of %d", sum.Decimal(), len(got))
		}
		if declared, err := w.declare(h.ID); err != nil || declared != eur(300_00) {
			t.Errorf("declared: %s, %v", declared.Decimal(), err)
		}
		if _, err := w.declare(h.ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("declared twice: %v", err)
		}
		w.account(t, h.ID)
		w.closes(t, h.ID)
		want := []string{
			"handover.prepared", "hold.added", "handover.handed", "handover.noted", "handover.remitted", "handover.declared",
			"handover.certified", "handover.closed",
		}
		if diff := cmp.Diff(want, w.Actions(w.customer)); diff != "" {
			t.Error(diff)
		}
	})
}

func (w *world) declare(id string) (sum money.Amount, err error) {
	err = w.Try(func(ctx context.Context, tx *db.Tx) error {
		sum, err = handover.Declare(ctx, tx, w.Scope, id, handover.ByLetter, today)
		return err
	})
	return sum, err
}

func (w *world) remitAndTell(t *testing.T, id, payment string) {
	t.Helper()
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		err := handover.Tell(ctx, tx, w.Scope, &handover.Feedback{
			Handover: id, Status: handover.Collected, Amount: eur(900_00), Text: "deux chèques",
		}, today)
		if err != nil {
			return err
		}
		return handover.Remit(ctx, tx, w.Scope, &handover.Remittance{
			Handover: id, Gross: eur(600_00), Fee: eur(75_00), Net: eur(525_00), Payment: payment, Reference: "BR-7",
		}, today)
	})
	err := w.Try(func(ctx context.Context, tx *db.Tx) error {
		return handover.Remit(ctx, tx, w.Scope, &handover.Remittance{
			Handover: id, Gross: eur(600_00), Fee: eur(75_00), Net: eur(526_00),
		}, today)
	})
	if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "525,00") {
		t.Errorf("amounts that do not agree: %v", err)
	}
}

func (w *world) account(t *testing.T, id string) {
	t.Helper()
	var got handover.Ledger
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		h, err := handover.Find(ctx, tx, w.Scope, id)
		if err != nil {
			return err
		}
		told, err := handover.Feedbacks(ctx, tx, w.Scope, h)
		if err != nil {
			return err
		}
		paid, err := handover.Remittances(ctx, tx, w.Scope, h)
		if err != nil {
			return err
		}
		received, err := handover.Receipts(ctx, tx, w.Scope, h)
		got = h.Account(told, paid, received)
		return err
	})
	want := handover.Ledger{
		Collected: eur(900_00), Gross: eur(600_00), Fee: eur(75_00), Net: eur(525_00), Awaited: eur(300_00),
		ExpectedFee: eur(127_50), // 12.5 % of 900 and 15
		RemitBy:     cal.Must("2026-12-22"), Direct: eur(300_00), Undeclared: eur(0),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func (w *world) closes(t *testing.T, id string) {
	t.Helper()
	end := func(o handover.Outcome) error {
		return w.Try(func(ctx context.Context, tx *db.Tx) error {
			return handover.Close(ctx, tx, w.Scope, id, o, "fin", today.Add(30))
		})
	}
	if err := end(handover.Paid); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("closed as paid with money left: %v", err)
	}
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		return handover.Certify(ctx, tx, w.Scope, id, ledger.File{Name: "certificat.pdf", Content: []byte("%PDF")}, today)
	})
	if err := end(handover.Irrecoverable); err != nil {
		t.Fatal(err)
	}
	h := w.find(id)
	if h.State != handover.Closed || h.Outcome != handover.Irrecoverable || h.CertifiedOn != today || !w.held(today.Add(31)) {
		t.Errorf("closed: %+v", h)
	}
}

func TestRecallingLetsDunningGoOnAndInvoicesBeHandedOverAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		h, err := w.prepare("F1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.hand(h.ID); err != nil {
			t.Fatal(err)
		}
		recall := func() error {
			return w.Try(func(ctx context.Context, tx *db.Tx) error {
				return handover.Recall(ctx, tx, w.Scope, h.ID, "arrangement trouvé", today.Add(10))
			})
		}
		if err := recall(); err != nil {
			t.Fatal(err)
		}
		if err := recall(); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("recalled twice: %v", err)
		}
		if !w.held(today.Add(9)) || w.held(today.Add(10)) {
			t.Error("the silence does not end on the day of the recall")
		}
		if again, err := w.prepare(); err != nil || len(again.Items) != 2 {
			t.Errorf("handed over again: %v, %v", again.Items, err)
		}
	})
}

func TestHandingOverThatCannotBeIsRefusedInWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.Invoice(w.customer, "F3", today.Add(9), eur(1_00))
		if _, err := w.prepare("F3"); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "F3 n’est pas échue") {
			t.Errorf("not due: %v", err)
		}
		reader := w.Scope
		reader.Rights = creditor.Work
		err := w.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := handover.Prepare(ctx, tx, reader, handover.Preparing{Customer: "C1"}, today)
			return err
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("without the right: %v", err)
		}
		h, err := w.prepare()
		if err != nil {
			t.Fatal(err)
		}
		bare := handover.Partner{Kind: handover.Lawyer, Name: "Maître Sansmandat"}
		w.Write(func(ctx context.Context, tx *db.Tx) error { return handover.AddPartner(ctx, tx, w.Scope, &bare) })
		err = w.Try(func(ctx context.Context, tx *db.Tx) error {
			_, err := handover.Hand(ctx, tx, w.Scope, h.ID, handover.Handing{Partner: bare.ID}, today)
			return err
		})
		if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), "convention écrite") {
			t.Errorf("without an agreement: %v", err)
		}
		w.Pay(w.f1, today, 1_200_00)
		w.Pay(w.f2, today, 600_00)
		if _, err := w.hand(h.ID); fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "réglé") {
			t.Errorf("all paid meanwhile: %v", err)
		}
	})
}

func TestFeesAreExactAndNeverMoreThanTheWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		terms handover.Terms
		on    money.Amount
		want  money.Amount
	}{
		{handover.Terms{Rate: 12_50}, eur(33), eur(4)}, // 4.125 cents
		{handover.Terms{Rate: 12_50}, eur(36), eur(5)}, // 4.5 cents go up
		{handover.Terms{Rate: 100_00, Fixed: 1}, eur(10_00), eur(10_01)},
		{handover.Terms{Rate: 12_50, Fixed: 15_00}, eur(0), eur(15_00)},
	} {
		if got := c.terms.Expected(c.on); got != c.want {
			t.Errorf("%+v on %s: %s, want %s", c.terms, c.on.Decimal(), got.Decimal(), c.want.Decimal())
		}
	}
}

// What was proposed and asked about a customer ends by itself once all is paid.
func TestNobodyIsAskedToGoFurtherAboutWhatIsPaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		stands := func() (proposals, tasks int) {
			w.Write(func(ctx context.Context, tx *db.Tx) error {
				look, err := handover.Watch(ctx, tx, w.Scope, today)
				if err != nil {
					return err
				}
				var page []reminder.Decided
				for a, err := range account.Each(ctx, tx, w.Scope, account.Query{Day: today}) {
					if err != nil {
						return err
					}
					a.Contacts = []dunning.Contact{{On: today.Add(-10), Step: "relance-1", Channel: "email", Items: []string{w.f1.ID}}}
					page = append(page, reminder.Decided{Account: *a})
				}
				if err := look(ctx, tx, w.Scope, page); err != nil {
					return err
				}
				list, err := handover.Proposals(ctx, tx, w.Scope, today, 10)
				if err != nil {
					return err
				}
				asked, err := task.Open(ctx, tx, w.Scope, task.Filter{Kind: task.GoFurther, Limit: 10})
				proposals, tasks = len(list), len(asked)
				return err
			})
			return proposals, tasks
		}
		if proposals, tasks := stands(); proposals != 1 || tasks != 1 {
			t.Fatalf("%d proposals and %d tasks, not one of each", proposals, tasks)
		}
		w.Pay(w.f1, today, 1_200_00)
		w.Pay(w.f2, today, 600_00)
		if proposals, tasks := stands(); proposals+tasks != 0 {
			t.Errorf("paid: %d proposals and %d tasks", proposals, tasks)
		}
	})
}

func person(b *agreementtest.Books, id string) creditor.Scope {
	return creditor.Scope{Creditor: b.Scope.Creditor, Actor: id, Rights: creditor.Manage}
}

func TestALargeLossNeedsTwoPersonsAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		claire, paul := person(w.Books, "usr_claire"), person(w.Books, "usr_paul")
		loss := handover.Loss{Document: "F1", Event: handover.ProceedingsFailed, Reason: "certificat reçu"}
		w.Write(func(ctx context.Context, tx *db.Tx) error { return handover.WriteOff(ctx, tx, claire, &loss, today) })
		if loss.State != handover.LossAsked || w.open("F1") != eur(1_200_00) {
			t.Fatalf("asked for: %+v", loss)
		}
		decide := func(s creditor.Scope) error {
			return w.Try(func(ctx context.Context, tx *db.Tx) error {
				return handover.DecideLoss(ctx, tx, s, loss.ID, true, today)
			})
		}
		for _, s := range []creditor.Scope{claire, w.Scope, person(w.Books, creditor.ActorRule)} {
			if err := decide(s); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("approved by %s: %v", s.Actor, err)
			}
		}
		if err := decide(paul); err != nil {
			t.Fatal(err)
		}
		if w.open("F1") != eur(0) || w.open("F2") != eur(600_00) {
			t.Errorf("open after the loss: %s", w.open("F1").Decimal())
		}
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			return handover.ReverseLoss(ctx, tx, claire, loss.ID, "il a payé", today.Add(3))
		})
		if w.open("F1") != eur(1_200_00) || w.balance() != eur(1_800_00) {
			t.Errorf("open once reversed: %s, balance %s", w.open("F1").Decimal(), w.balance().Decimal())
		}
		again := handover.Loss{Document: "F1", Event: handover.SmallAmount, Reason: "geste", Amount: eur(999_99)}
		w.Write(func(ctx context.Context, tx *db.Tx) error { return handover.WriteOff(ctx, tx, claire, &again, today) })
		if again.State != handover.LossDone || w.open("F1") != eur(200_01) {
			t.Errorf("below the ceiling: %+v", again)
		}
	})
}

func (w *world) open(number string) (open money.Amount) {
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		list, err := ledger.Named(ctx, tx, w.Scope, number)
		i := slices.IndexFunc(list, func(d ledger.Document) bool { return d.Kind == ledger.Invoice && d.Number == number })
		open = list[i].Open
		return err
	})
	return open
}

// balance is all that is open on the customer's account.
func (w *world) balance() money.Amount {
	sum := eur(0)
	w.Read(func(ctx context.Context, tx *db.Tx) error {
		list, err := ledger.OfCustomers(ctx, tx, w.Scope, true, w.customer)
		for _, d := range list {
			sum = sum.Add(d.Signed())
		}
		return err
	})
	return sum
}
