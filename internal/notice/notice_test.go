package notice_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/message"
	"acquit/internal/money"
	"acquit/internal/notice"
)

func TestTheShippedNoticesSayAllThatTheyMust(t *testing.T) {
	t.Parallel()
	library, err := message.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []i18n.Lang{i18n.FR, i18n.EN} {
		for _, to := range []message.Audience{message.Business, message.Consumer, message.Public} {
			f := message.Example(string(lang), to)
			out, err := library.Render(f, "mise-en-demeure", message.Formal)
			if err != nil {
				t.Fatal(err)
			}
			n := fr.Notice{
				Debtor: law.Debtor(to), Language: lang, Subject: out.Subject, Text: out.Text, Total: f.Total, Late: len(f.Claimed),
				Creditor: fr.Identity{Name: f.Creditor.Name, Office: "Lyon", SIREN: f.Creditor.SIREN, Register: "RCS Lyon"},
				Customer: fr.Identity{Name: f.Customer.Name, Office: "Lille", SIREN: "552100554"},
				Place:    "Lyon", Date: f.Today, Mode: "LRAR", Deadline: f.Deadline, IBAN: f.Creditor.Bank.IBAN,
				Signer: f.Collector.Name, Attached: []string{"F.pdf"},
			}
			for _, l := range f.Claimed {
				n.Claims = append(n.Claims, fr.NoticeClaim{Number: l.Number, Issued: l.Issued, Due: l.Due, Total: l.Total, Owing: l.Claimed})
			}
			if i := f.Interest; i != nil {
				n.Interest = &fr.NoticeInterest{Amount: i.Amount, Until: i.Until, Indemnity: i.Indemnity, Count: i.Count}
				n.Total = n.Total.Add(i.Amount).Add(i.Indemnity)
			}
			for _, p := range fr.CheckNotice(n) {
				if p.State == fr.PointMissing {
					t.Errorf("%s, %s: %s\n%s", lang, to, p.Title.In(i18n.EN), out.Text)
				}
			}
		}
	}
}

// sent is a notice that gives eight days, approved on Sunday 22 November 2026,
// the day of the tests.
func sent(b *agreementtest.Books, customer, reminder, invoice string) string {
	b.T.Helper()
	n := notice.Notice{
		Customer: customer, Reminder: reminder, Way: notice.Paper, Amount: money.New(250332, money.EUR), Days: 8,
		Printed: cal.Must("2026-12-03"), ApprovedOn: cal.Must("2026-11-02"), Invoices: []string{invoice},
	}
	b.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Approve(ctx, tx, b.Scope, &n) })
	return n.ID
}

func TestWhatThePostTellsMovesTheDeadline(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		events := []notice.Report{
			{Kind: notice.Deposited, On: cal.Must("2026-11-03"), Tracking: "RR 123 456 785 FR"},
			{Kind: notice.Presented, On: cal.Must("2026-11-05")},
			{Kind: notice.Unclaimed, On: cal.Must("2026-11-21"), File: &ledger.File{
				Name: "ar.pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.7 avis"),
			}},
		}
		// In whatever order they are told, they come to the same.
		for i, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
			id := sent(b, c, "rem_"+string(rune('a'+i)), "doc_1")
			for _, e := range order {
				b.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Record(ctx, tx, b.Scope, id, events[e]) })
			}
			var n notice.Notice
			b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				n, err = notice.Find(ctx, tx, b.Scope, id)
				return err
			})
			got := []any{n.State, n.Tracking, n.Deadline, n.ServedOn(), len(n.Events), n.Running(cal.Must("2026-12-03")), n.Running(cal.Must("2026-12-04"))}
			want := []any{notice.Unclaimed, "RR123456785FR", cal.Must("2026-12-03"), cal.Must("2026-11-05"), 3, true, false}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("order %v: %s", order, diff)
			}
		}
	})
}

func TestALatePresentationGivesTheDaysAnyway(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		id := sent(b, b.Customer("C1"), "rem_1", "doc_1")
		record := func(r notice.Report) error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return notice.Record(ctx, tx, b.Scope, id, r) })
		}
		find := func() (n notice.Notice) {
			b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				n, err = notice.Find(ctx, tx, b.Scope, id)
				return err
			})
			return n
		}
		for _, wrong := range []notice.Report{
			{},
			{Kind: notice.Cancelled, On: cal.Must("2026-11-10")},
			{Kind: notice.Received, On: cal.Must("2026-11-01")}, // before it was written
			{Kind: notice.Received, On: cal.Must("2026-11-23")}, // tomorrow
			{Tracking: "RR123456784FR"},                         // a wrong key
			{Tracking: "12"},
		} {
			if err := record(wrong); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if err := record(notice.Report{Kind: notice.Received, On: cal.Must("2026-11-20")}); err != nil {
			t.Fatal(err)
		}
		// Received later than the printed deadline minus eight days? No: it stays the printed one.
		if n := find(); n.Deadline != cal.Must("2026-12-03") || n.State != notice.Received {
			t.Errorf("deadline %s, %s", n.Deadline, n.State)
		}
		var event string
		for _, e := range find().Events {
			event = e.ID
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			return notice.Withdraw(ctx, tx, b.Scope, id, event, "mauvaise lettre")
		})
		if n := find(); n.State != notice.Approved || n.ServedOn() != 0 || len(n.Events) != 1 {
			t.Errorf("after withdrawing: %s, %d events", n.State, len(n.Events))
		}
		// Approved on the 2nd with eight days: presented on the 22nd gives until the 30th, less than printed; the later holds.
		if err := record(notice.Report{Kind: notice.Presented, On: cal.Must("2026-11-22")}); err != nil {
			t.Fatal(err)
		}
		if n := find(); n.Deadline != cal.Must("2026-12-03") {
			t.Errorf("deadline %s", n.Deadline)
		}
	})
}

func TestAnEarlierPrintedDeadlineGivesWayToTheDays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		n := notice.Notice{
			Customer: c, Reminder: "rem_1", Way: notice.Paper, Amount: money.New(1, money.EUR), Days: 8,
			Printed: cal.Must("2026-11-13"), ApprovedOn: cal.Must("2026-11-02"), Invoices: []string{"doc_1", "doc_2"},
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			if err := notice.Approve(ctx, tx, b.Scope, &n); err != nil {
				return err
			}
			return notice.Record(ctx, tx, b.Scope, n.ID, notice.Report{Kind: notice.Received, On: cal.Must("2026-11-20")})
		})
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			got, err := notice.Find(ctx, tx, b.Scope, n.ID)
			if err != nil {
				return err
			}
			if got.Deadline != cal.Must("2026-11-28") {
				t.Errorf("deadline %s, want eight days after the receipt", got.Deadline)
			}
			served, err := notice.Served(ctx, tx, b.Scope, c)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(map[string]cal.Date{"doc_1": cal.Must("2026-11-20"), "doc_2": cal.Must("2026-11-20")}, served); diff != "" {
				t.Error(diff)
			}
			page, err := notice.Page(ctx, tx, b.Scope, notice.Filter{States: []notice.State{notice.Received}})
			if err != nil || len(page) != 1 {
				t.Errorf("page of %d: %v", len(page), err)
			}
			return nil
		})
	})
}

func TestEveryStateSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	for _, s := range notice.States() {
		for _, w := range []notice.Way{notice.Paper, notice.Electronic} {
			n := notice.Notice{State: s, Way: w}
			if n.Meaning(i18n.FR) == "" || n.Meaning(i18n.EN) == "" || strings.TrimSpace(s.In(i18n.FR)) == "" {
				t.Errorf("%s, %s says nothing", s, w)
			}
		}
	}
	if !slices.Contains(notice.Reports(), notice.Returned) || slices.Contains(notice.Reports(), notice.Cancelled) {
		t.Error("what may be reported")
	}
}

// A provider tells everything again every night, in whatever order, and its
// proofs come when they come.
func TestWhatAProviderTellsIsWrittenOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		proof := func(what string) *ledger.File {
			return &ledger.File{Name: what + ".pdf", MediaType: "application/pdf", Content: []byte("%PDF-1.7 " + what)}
		}
		told := []notice.Told{
			{Kind: notice.Deposited, On: cal.Must("2026-11-03"), Proof: proof("ev")},
			{Kind: notice.Presented, On: cal.Must("2026-11-03")},
			{Kind: notice.Received, On: cal.Must("2026-11-09"), Proof: proof("ar")},
		}
		for i, order := range [][]int{{0, 1, 2}, {2, 0, 1, 1, 2}, {1}, {2, 1}} {
			n := notice.Notice{
				Customer: c, Reminder: "rem_" + string(rune('a'+i)), Way: notice.Electronic, Amount: money.New(1, money.EUR), Days: 8,
				Printed: cal.Must("2026-11-13"), ApprovedOn: cal.Must("2026-11-02"), Invoices: []string{"doc_1"},
			}
			b.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Approve(ctx, tx, b.Scope, &n) })
			find := func() (n2 notice.Notice) {
				b.Read(func(ctx context.Context, tx *db.Tx) (err error) {
					n2, err = notice.Find(ctx, tx, b.Scope, n.ID)
					return err
				})
				return n2
			}
			tell := func(list ...notice.Told) {
				b.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Tell(ctx, tx, b.Scope, find(), "1000", list) })
			}
			for _, at := range order {
				tell(told[at])
			}
			tell(told...)
			got := find()
			proofs := 0
			for _, e := range got.Events {
				if e.SHA256 != "" {
					proofs++
				}
			}
			if diff := cmp.Diff(
				[]any{notice.Received, "1000", cal.Must("2026-11-09"), cal.Must("2026-11-13"), 3, 2},
				[]any{got.State, got.Tracking, got.ServedOn(), got.Deadline, len(got.Events), proofs},
			); diff != "" {
				t.Errorf("order %v: %s", order, diff)
			}
			tell(notice.Told{Kind: notice.Presented, On: cal.Must("2026-11-03"), Proof: proof("pr")}) // it comes a night later
			event := find().Events[2].ID
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return notice.Withdraw(ctx, tx, b.Scope, n.ID, event, "contesté")
			})
			tell(told...)
			if got := find(); got.State != notice.Presented || len(got.Events) != 3 || got.Events[1].SHA256 == "" {
				t.Errorf("what a person took back came again: %s, %d events", got.State, len(got.Events))
			}
			b.Write(func(ctx context.Context, tx *db.Tx) error {
				return notice.NotSent(ctx, tx, b.Scope, find(), "AR24 : error")
			})
			if got := find(); got.State != notice.Approved || got.Running(cal.Must("2026-11-14")) {
				t.Errorf("never sent: %s", got.State)
			}
		}
	})
}

func TestAConsumerAgreesToElectronicLettersOrNot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		c := b.Customer("C1")
		agree := func(x notice.Consent, f *ledger.File) error {
			x.Customer = c
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return notice.Agree(ctx, tx, b.Scope, x, f) })
		}
		find := func() (x notice.Consent, err error) {
			b.Read(func(ctx context.Context, tx *db.Tx) error {
				x, err = notice.FindConsent(ctx, tx, b.Scope, c)
				return nil
			})
			return x, err
		}
		for _, wrong := range []notice.Consent{{}, {How: "contrat"}, {How: "contrat", On: cal.Must("2026-11-23")}, {On: cal.Must("2026-11-02")}} {
			if err := agree(wrong, nil); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if err := agree(notice.Consent{How: "contrat", On: cal.Must("2026-11-02")}, &ledger.File{Name: "vide"}); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("an empty proof: %v", err)
		}
		disagree := func() error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error {
				return notice.Disagree(ctx, tx, b.Scope, c, "par courriel")
			})
		}
		if err := disagree(); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("took back what was not given: %v", err)
		}
		if err := agree(notice.Consent{How: "contrat", On: cal.Must("2026-11-02")}, &ledger.File{Name: "c.pdf", Content: []byte("%PDF-")}); err != nil {
			t.Fatal(err)
		}
		if x, err := find(); err != nil || x.On != cal.Must("2026-11-02") || x.SHA256 == "" || x.By == "" {
			t.Errorf("%+v, %v", x, err)
		}
		if err := disagree(); err != nil {
			t.Fatal(err)
		}
		if _, err := find(); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("after it was taken back: %v", err)
		}
	})
}
