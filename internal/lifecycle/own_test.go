package lifecycle_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/cdar"
	"acquit/internal/ledger"
	. "acquit/internal/lifecycle"
)

// electronic makes an invoice of services one whose electronic form is known.
func (b books) electronic(d ledger.Document, rates ...Rate) {
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		return Keep(ctx, tx, b.Scope, []Electronic{{
			Document: d.ID, Process: "S1", Type: "380", Seller: "100000009", Buyer: "200000008", Name: "ACHETEUR & FILS",
			Endpoint: "0225:200000008_PEP", VAT: rates,
		}})
	})
}

func (b books) declare() ([]Message, []Problem) {
	b.T.Helper()
	var list []Message
	var problems []Problem
	b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, problems, err = Declare(ctx, tx, b.Scope, "")
		return err
	})
	return list, problems
}

// parsed is what a message of ours says, read back by our own reader.
func (b books) parsed(m Message) (*ingest.Lifecycle, []byte) {
	b.T.Helper()
	var raw []byte
	b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		raw, err = Raw(ctx, tx, b.Scope, m)
		return err
	})
	list, refused, err := cdar.Parse(raw)
	if err != nil || len(refused) > 0 || len(list) != 1 {
		b.T.Fatalf("%v %v\n%s", err, refused, raw)
	}
	return list[0], raw
}

// figures is what a message declares, in short.
func (b books) figures(m Message) []string {
	var all []string
	l, _ := b.parsed(m)
	for _, f := range l.Figures("MEN") {
		all = append(all, f.On.String()+" "+f.Amount.Decimal()+" "+money100(*f.Percent))
	}
	return all
}

func money100(n int) string { return eur(int64(n)).Decimal() }

var ten = Rate{Category: "S", Rate: 1000, Basis: eur(500_00), Tax: eur(50_00)}

func TestCollectedIsDeclaredFromAllocationsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_750_00)
		b.electronic(f, twenty, ten)
		first := b.Pay(f, b.today.Add(-2), 500_00)
		list, problems := b.declare()
		if len(list) != 1 || len(problems) != 0 {
			t.Fatalf("%v %v", list, problems)
		}
		day := b.today.Add(-2).String()
		if diff := cmp.Diff([]string{day + " 342.86 20.00", day + " 157.14 10.00"}, b.figures(list[0])); diff != "" {
			t.Errorf("EI-02: %s", diff)
		}
		if again, _ := b.declare(); len(again) != 0 {
			t.Errorf("declared twice: %v", again)
		}
		b.Pay(f, b.today, 1_250_00)
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Reverse(ctx, tx, b.Scope, first.ID, b.today, "prélèvement rejeté")
		})
		list, _ = b.declare()
		day = b.today.String()
		if len(list) != 1 {
			t.Fatalf("%v", list)
		}
		if diff := cmp.Diff([]string{day + " 514.28 20.00", day + " 235.72 10.00"}, b.figures(list[0])); diff != "" {
			t.Errorf("EI-08, with what came in that day: %s", diff)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error { return Withdraw(ctx, tx, b.Scope, list[0].ID, "essai") })
		if again, _ := b.declare(); len(again) != 1 {
			t.Errorf("withdrawn, it is due again: %v", again)
		}
	})
}

// What was set against an invoice, undone and set against it again the same day is
// what was declared already: nobody is told of nothing, and what is undone for good
// is taken back whole.
func TestWhatIsTheSameAgainIsNotDeclaredAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_750_00)
		b.electronic(f, twenty, ten)
		reverse := func(a ledger.Allocation) {
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Reverse(ctx, tx, b.Scope, a.ID, b.today, "mauvaise facture")
			})
		}
		first := b.Pay(f, b.today, 500_00)
		if list, _ := b.declare(); len(list) != 1 {
			t.Fatalf("%v", list)
		}
		reverse(first)
		again := b.Pay(f, b.today, 500_00)
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			if due, problems, err := Due(ctx, tx, b.Scope); err != nil || len(due)+len(problems) != 0 {
				t.Errorf("due: %+v %+v %v", due, problems, err)
			}
			return nil
		})
		if list, problems := b.declare(); len(list)+len(problems) != 0 {
			t.Errorf("%v %v", list, problems)
		}
		reverse(again)
		list, _ := b.declare()
		if len(list) != 1 {
			t.Fatalf("%v", list)
		}
		day := b.today.String()
		if diff := cmp.Diff([]string{day + " -342.86 20.00", day + " -157.14 10.00"}, b.figures(list[0])); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatIsNoMoneyIsNotDeclared(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_200_00)
		b.electronic(f, twenty)
		allocate := func(kind ledger.Kind, nature ledger.Nature, number string, cents int64) {
			c := b.Document(ledger.Document{Customer: b.customer, Kind: kind, Nature: nature, Number: number, Issued: b.today, Amount: eur(cents)})
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return ledger.Allocate(ctx, tx, b.Scope, &ledger.Allocation{Credit: c.ID, Invoice: f.ID, On: b.today, Amount: eur(cents)})
			})
		}
		allocate(ledger.CreditNote, "", "A1", 100_00)
		allocate(ledger.CreditNote, ledger.WriteOff, "P1", 10_00)
		allocate(ledger.Payment, ledger.Noted, "Constat 1", 200_00)
		b.electronic(b.invoice("F2", 100_00), twenty)
		b.Pay(b.invoice("F3", 100_00), b.today, 100_00) // no electronic form is known
		undone := b.invoice("F4", 1_200_00)
		b.electronic(undone, twenty)
		a := b.Pay(undone, b.today, 1_200_00)
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return ledger.Reverse(ctx, tx, b.Scope, a.ID, b.today, "erreur")
		})
		if list, problems := b.declare(); len(list)+len(problems) != 0 {
			t.Errorf("%v %v", list, problems)
		}
	})
}

func TestNothingIsDeclaredOfWhatHasEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		refused, elsewhere := b.invoice("F1", 1_200_00), b.invoice("F2", 1_200_00)
		for _, f := range []ledger.Document{refused, elsewhere} {
			b.electronic(f, twenty)
			b.Pay(f, b.today, 1_200_00)
		}
		b.take(b.say("F1", 9, "210 DOUBLON"), b.say("F2", 9, "212 MEN=1200.00@20.00"))
		list, problems := b.declare()
		if len(list) != 0 || len(problems) != 2 || !strings.Contains(problems[0].Text, "statut 210") || problems[0].Amount != eur(1_200_00) ||
			!strings.Contains(problems[1].Text, "un autre outil") {
			t.Errorf("EI-06: %v %+v", list, problems)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			list, _, err = Declare(ctx, tx, b.Scope, elsewhere.ID)
			return err
		})
		if len(list) != 1 {
			t.Errorf("a person wants it declared: %v", list)
		}
	})
}

// Whatever the buyer's side has said on the way, what came in is declared as long
// as nothing has ended the invoice.
func TestWhatCameInIsDeclaredAfterEveryStatusThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		before := []string{
			"200 NON_TRANSMISE", "202", "203", "204", "205", "206 AUTRE MNA=100.00", "207 PU_ERR", "208 JUSTIF_ABS", "209",
			"211", "211 MPA=1200.00", "224", "225", "227", "228", "999",
		}
		for i, said := range before {
			f := b.invoice("F"+strconv.Itoa(i), 1_200_00)
			b.electronic(f, twenty)
			b.take(b.say(f.Number, 9, said))
			b.Pay(f, b.today, 1_200_00)
		}
		if list, problems := b.declare(); len(list) != len(before) || len(problems) != 0 {
			t.Errorf("%d of %d declared, %v", len(list), len(before), problems)
		}
	})
}

func TestOursComesBackAsTheSameStatus(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F-1/A", 1_750_00)
		b.electronic(f, twenty, ten)
		b.take(func() *ingest.Lifecycle { l := b.say("F-1/A", 1, "200"); l.Phase = "305"; return l }())
		b.Pay(f, b.today, 1_750_00)
		list, _ := b.declare()
		l, raw := b.parsed(list[0])
		var kept []Status
		b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
			kept, err = Of(ctx, tx, b.Scope, f.ID)
			return err
		})
		own := kept[slices.IndexFunc(kept, func(s Status) bool { return s.Own })].Said
		if diff := cmp.Diff(own, *l, cmpopts.IgnoreFields(ingest.Lifecycle{}, "Message", "Line", "Column")); diff != "" {
			t.Errorf("%s\n%s", diff, raw)
		}
		if got := b.take(l); got.Known != 1 || got.Added != 0 {
			t.Errorf("a copy of ours: %+v", got)
		}
		if strings.Contains(list[0].Name, "/") {
			t.Errorf("%q is no name of a file", list[0].Name)
		}
	})
}

func TestOurMessagesFollowTheSchema(t *testing.T) {
	t.Parallel()
	b := open(t, dbtest.SQLite(t, dbtest.NewClock()))
	f, g := b.invoice("F1", 1_750_00), b.invoice("F2", 100_00)
	b.electronic(f, twenty, ten)
	b.Pay(f, b.today, 100_00)
	list, _ := b.declare()
	b.take(b.say("F2", 9, "208 JUSTIF_ABS"))
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		m, err := Complete(ctx, tx, b.Scope, "F2", "bon de livraison <B-12> joint")
		list = append(list, m)
		return err
	})
	for _, m := range list {
		l, raw := b.parsed(m)
		if bad := breaks(raw); bad != "" {
			t.Errorf("%s\n%s", bad, raw)
		}
		for _, must := range []string{ // BR-FR-CDV-01 to 16 and CL-01 to 11, of what we write
			"<ram:ID>REGULATED<", ">urn.cpro.gouv.fr:1p0:CDV:invoice<", "<ram:RoleCode>WK<", "<ram:RoleCode>SE<", "<ram:RoleCode>BY<",
			"<ram:URIID schemeID=\"0225\">200000008", "<ram:TypeCode>23<", "<ram:GlobalID schemeID=\"0002\">100000009<", "<ram:TypeCode>380<",
		} {
			if !bytes.Contains(raw, []byte(must)) {
				t.Errorf("%s: %q is missing\n%s", l.Code, must, raw)
			}
		}
		if l.Message.ID != m.ID || l.Message.ID == "" || l.Code == Collected && (l.Short != "47" || len(l.Figures("MEN")) != 2) {
			t.Errorf("%+v", l)
		}
	}
	if l, _ := b.parsed(list[1]); l.Code != Completed || l.Short != "37" || l.Details[0].Note != "bon de livraison <B-12> joint" {
		t.Errorf("%+v", l)
	}
	_ = g
}

// peer is a platform whose answers a test chooses.
type peer struct {
	answer  SendOutcome
	verdict Verdict
	sent    []string
	coming  []Incoming
}

func (p *peer) Send(_ context.Context, m Outgoing) Receipt {
	p.sent = append(p.sent, m.ID)
	return Receipt{Outcome: p.answer, Detail: "réponse"}
}

func (p *peer) Judge(context.Context, Outgoing) (Verdict, error) { return p.verdict, nil }

func (p *peer) Collect(_ context.Context, at string, known func(string) (bool, error), take func(Incoming) error) (string, error) {
	for _, in := range p.coming {
		is, err := known(in.Flow)
		if err == nil && !is {
			err = take(in)
		}
		if err != nil {
			return at, err
		}
		at = in.Flow
	}
	return at, nil
}

func TestAMessageIsSentOnceWhateverThePlatformSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		b.invoice("F1", 100_00)
		b.take(b.say("F1", 9, "208 JUSTIF_ABS"))
		var m Message
		b.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			m, err = Complete(ctx, tx, b.Scope, "F1", "")
			return err
		})
		b.want("written, not sent", "hold", "task Facture F1 suspendue\u00a0: fournir la pièce qui manque")
		p := &peer{answer: NotKnown}
		x := &Exchange{DB: d, Platform: p, Name: "flow", Drivers: []ingest.Driver{cdar.Driver}, Log: slog.New(slog.DiscardHandler)}
		send := func() Tallied {
			t.Helper()
			got, err := x.Send(t.Context(), b.Scope)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := send(); got.Uncertain != 1 {
			t.Errorf("%+v", got)
		}
		send()
		send()
		if len(p.sent) != 1 {
			t.Fatalf("sent again blindly: %v", p.sent)
		}
		b.want("in doubt", "hold", "task Facture F1 suspendue\u00a0: fournir la pièce qui manque")
		b.Write(func(ctx context.Context, tx *db.Tx) error { return Again(ctx, tx, b.Scope, m.ID) })
		p.answer = TryLater
		send()
		send() // it waits its time
		if len(p.sent) != 2 {
			t.Errorf("%v", p.sent)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE lifecycle_message SET try_at = NULL WHERE creditor_id = $1`, b.Scope.Creditor)
			return err
		})
		p.answer = Handed
		send()
		b.want("sent: it goes on (EI-04)")
		p.verdict = Verdict{Found: true, Judged: true, Detail: "REJ_SEMAN"}
		if got := send(); got.Judged != 1 || len(p.sent) != 3 {
			t.Errorf("%+v %v", got, p.sent)
		}
		b.want("refused by the platform: still suspended", "hold", "task Facture F1 suspendue\u00a0: fournir la pièce qui manque")
		err := b.Try(func(ctx context.Context, tx *db.Tx) error { return Confirm(ctx, tx, b.Scope, m.ID) })
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("got %v", err)
		}
	})
}

func TestAProgramThatDiesWhileItSendsLeavesADoubt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_200_00)
		b.electronic(f, twenty)
		b.Pay(f, b.today, 1_200_00)
		list, _ := b.declare()
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE lifecycle_message SET state = 'sending', origin = 'flow' WHERE creditor_id = $1`, b.Scope.Creditor)
			return err
		})
		p := &peer{answer: Handed}
		x := &Exchange{DB: d, Platform: p, Name: "flow", Log: slog.New(slog.DiscardHandler)}
		if _, err := x.Send(t.Context(), b.Scope); err != nil || len(p.sent) != 0 {
			t.Fatalf("%v %v", p.sent, err)
		}
		p.verdict = Verdict{Found: true, Flow: "f1", Judged: true, Accepted: true}
		if _, err := x.Send(t.Context(), b.Scope); err != nil || len(p.sent) != 0 {
			t.Fatalf("%v %v", p.sent, err)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			m, err := FindMessage(ctx, tx, b.Scope, list[0].ID)
			if m.State != Accepted || m.Flow != "f1" {
				t.Errorf("%+v", m)
			}
			return err
		})
	})
}

func TestWhatCannotBeReadStopsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		f := b.invoice("F1", 1_200_00)
		b.electronic(f, twenty)
		b.Pay(f, b.today, 1_200_00)
		list, _ := b.declare()
		_, good := b.parsed(list[0])
		foreign := bytes.ReplaceAll(good, []byte("100000009"), []byte("300000007"))
		good = bytes.ReplaceAll(good, []byte("212"), []byte("203"))
		p := &peer{coming: []Incoming{
			{Flow: "1", Name: "1.xml", Raw: []byte("<rien")}, {Flow: "2", Name: "2.xml", Raw: foreign}, {Flow: "3", Name: "3.xml", Raw: good},
		}}
		x := &Exchange{DB: d, Platform: p, Name: "flow", Drivers: []ingest.Driver{cdar.Driver}, Log: slog.New(slog.DiscardHandler)}
		for range 2 {
			got, err := x.Collect(t.Context(), b.Scope)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%+v", got)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			unread, err := Unread(ctx, tx, b.Scope, 9)
			if err != nil {
				return err
			}
			told, err := Of(ctx, tx, b.Scope, f.ID)
			cursors, err2 := Cursors(ctx, tx, b.Scope)
			if len(unread) != 2 || len(told) != 2 || len(cursors) != 1 || cursors[0].Position != "3" {
				t.Errorf("%+v %+v %+v", unread, told, cursors)
			}
			return errors.Join(err, err2)
		})
	})
}
