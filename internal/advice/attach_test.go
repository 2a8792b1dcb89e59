package advice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"acquit/internal/advice"
	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/journal"
)

// books are a creditor's, with entries of a bank.
type books struct{ *agreementtest.Books }

// entry adds an entry of a bank.
func (b books) entry(id, on string, cents int64, party, label string) {
	b.T.Helper()
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		known := fmt.Sprintf(`{"on":%q,"cur":"EUR","amt":%d,"label":%q,"texts":[%q],"party":{"n":%q}}`, on, cents, label, label, party)
		for _, query := range []string{
			`INSERT INTO bank_source (creditor_id, id, iban, number, holder, bic, label, created_at)
			SELECT '` + b.Scope.Creditor + `', 'src_1', '', '1', '', '', '', $1
			WHERE NOT EXISTS (SELECT 1 FROM bank_source)`,
			`INSERT INTO bank_statement (creditor_id, id, source_id, currency, kind, format, number, entries, amount, import_id, file,
				sha256, place, nth, line, created_at)
			SELECT '` + b.Scope.Creditor + `', 'sta_1', 'src_1', 'EUR', 'booked', 'camt', '', 0, 0, '', '', '', '', 1, 0, $1
			WHERE NOT EXISTS (SELECT 1 FROM bank_statement)`,
		} {
			if _, err := tx.Exec(ctx, query, tx.Now); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO bank_entry (creditor_id, id, source_id, statement_id, currency, on_day, amount, status, means, label, end_to_end,
				mandate, bank_ref, party, party_iban, batch, whole_id, detailed, counts, returned, undoes_id, used, known, mark, created_at)
			VALUES ($1, $2, 'src_1', 'sta_1', 'EUR', $3, $4, 'booked', 'transfer', $5, '', '', '', $6, '', '', '', $7, $8, '', '', $7, $9, $2, $10)`,
			b.Scope.Creditor, id, cal.Must(on), cents, label, party, false, true, known, tx.Now)
		return err
	})
}

// attach keeps the advice of a text.
func (b books) attach(entry, text string) (advice.Kept, error) {
	b.T.Helper()
	f, err := advice.Open(ingest.FromBytes("dossier/avis.csv", []byte(text)))
	if err != nil {
		b.T.Fatal(err)
	}
	var k advice.Kept
	err = b.Try(func(ctx context.Context, tx *db.Tx) error {
		k, err = advice.Attach(ctx, tx, b.Scope, entry, f)
		return err
	})
	return k, err
}

func (b books) meet() []string {
	b.T.Helper()
	var met []string
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		list, err := advice.Meet(ctx, tx, b.Scope)
		for _, k := range list {
			met = append(met, k.Payer+" "+k.Entry)
		}
		return err
	})
	return met
}

func (b books) waiting() (payers []string) {
	b.T.Helper()
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		list, err := advice.Waiting(ctx, tx, b.Scope)
		for _, k := range list {
			payers = append(payers, k.Payer)
		}
		return err
	})
	return payers
}

// said is an advice of two invoices.
func said(payer string) string {
	return "Payeur : " + payer + "\nDate de paiement : 12/11/2026" +
		"\nFacture;Montant réglé\nF2026-11;100,00\nF2026-12;50,00\nAV2026-1;-30,00\nTotal;120,00\n"
}

func each(t *testing.T, fn func(books)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(books{agreementtest.New(t, d)}) })
}

func TestAnAdviceWaitsForItsEntryAndIsFoundByIt(t *testing.T) {
	t.Parallel()
	each(t, func(b books) {
		b.entry("ent_0", "2026-11-12", 120_00, "BOUCHERIE MARTIN", "VIR MARTIN") // of somebody else
		k, err := b.attach("", said("GARAGE DU PONT SAS"))
		if err != nil || k.Entry != "" || k.Name != "avis.csv" {
			t.Fatalf("%+v, %v", k, err)
		}
		if got := b.meet(); got != nil {
			t.Errorf("met %v before its entry came", got)
		}
		b.entry("ent_1", "2026-11-30", 120_00, "GARAGE DU PONT", "VIR") // too late
		b.entry("ent_2", "2026-11-14", 119_99, "GARAGE DU PONT", "VIR") // a cent less
		b.entry("ent_3", "2026-11-14", -120_00, "GARAGE DU PONT", "VIR")
		if got := b.meet(); got != nil {
			t.Errorf("met %v", got)
		}
		b.entry("ent_4", "2026-11-13", 120_00, "GARAGE DU PONT", "VIR SEPA")
		if got := b.meet(); !slices.Equal(got, []string{"GARAGE DU PONT SAS ent_4"}) || b.waiting() != nil {
			t.Errorf("met %v, %v waits", got, b.waiting())
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			found, err := advice.Of(ctx, tx, b.Scope, "ent_4", "ent_1")
			lines := found["ent_4"][0].Match()
			if len(found) != 1 || len(lines) != 3 || lines[2].Number != "AV2026-1" || lines[2].Amount.Minor != -30_00 {
				t.Errorf("%+v", found)
			}
			return err
		})
	})
}

// Of two entries alike nobody can tell: a person shows which.
func TestTwoEntriesAlikeAreLeftToAPerson(t *testing.T) {
	t.Parallel()
	each(t, func(b books) {
		b.entry("ent_1", "2026-11-12", 120_00, "", "VIR F2026-11 F2026-12")
		b.entry("ent_2", "2026-11-13", 120_00, "GARAGE DU PONT", "VIR")
		k, err := b.attach("", said("GARAGE DU PONT"))
		if err != nil || k.Entry != "" {
			t.Fatalf("%+v, %v", k, err)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			list, err := advice.Candidates(ctx, tx, b.Scope, k)
			if err != nil || len(list) != 2 || list[0].ID != "ent_2" {
				t.Errorf("candidates %+v, %v", list, err)
			}
			k, err = advice.Place(ctx, tx, b.Scope, k.ID, "ent_1")
			return err
		})
		if k.Entry != "ent_1" || len(b.waiting()) != 0 {
			t.Errorf("%+v", k)
		}
		if _, err := b.attach("ent_2", said("GARAGE DU PONT")); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the same file at another entry: %v", err)
		}
		b.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := advice.Detach(ctx, tx, b.Scope, k.ID, "c’était l’autre")
			return err
		})
		b.Write(func(ctx context.Context, tx *db.Tx) error { // the other goes: what a person undid is not done again
			_, err := tx.Exec(ctx, `UPDATE bank_entry SET amount = 1 WHERE creditor_id = $1 AND id = 'ent_2'`, b.Scope.Creditor)
			return err
		})
		if got := b.meet(); got != nil {
			t.Errorf("put back where a person took it off: %v", got)
		}
		if again, err := b.attach("ent_2", said("GARAGE DU PONT")); err != nil || again.ID != k.ID || again.Entry != "ent_2" {
			t.Errorf("%+v, %v", again, err)
		}
		var actions []string
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			list, err := journal.About(ctx, tx, b.Scope, "advice/"+k.ID, 10)
			for _, e := range slices.Backward(list) {
				actions = append(actions, e.Action)
			}
			return err
		})
		if !slices.Equal(actions, []string{"advice.received", "advice.attached", "advice.detached", "advice.attached"}) {
			t.Errorf("journal: %v", actions)
		}
	})
}

func TestWhatDoesNotAgreeIsSaid(t *testing.T) {
	t.Parallel()
	each(t, func(b books) {
		b.entry("ent_1", "2026-11-12", 118_00, "X", "VIR")
		k, err := b.attach("ent_1", strings.Replace(said("X"), "50,00", "51,00", 1))
		if err != nil {
			t.Fatal(err)
		}
		codes := func(k advice.Kept) (list []string) {
			for _, w := range k.Warnings {
				list = append(list, w.Code)
			}
			return list
		}
		want := []string{"total", "opération"}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			again, err := advice.Find(ctx, tx, b.Scope, k.ID)
			if !slices.Equal(codes(k), want) || !slices.Equal(codes(again), want) {
				t.Errorf("%+v, then %+v", k.Warnings, again.Warnings)
			}
			return err
		})
	})
}

func TestAnAdviceIsWithdrawnWithItsReasonAndOnlyByThoseWhoWork(t *testing.T) {
	t.Parallel()
	each(t, func(b books) {
		b.entry("ent_1", "2026-11-12", -120_00, "X", "VIR")
		if _, err := b.attach("ent_1", said("X")); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("at money that left: %v", err)
		}
		if _, err := b.attach("ent_9", said("X")); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("at no entry: %v", err)
		}
		if got := b.waiting(); got != nil {
			t.Errorf("kept in spite of that: %v", got)
		}
		k, err := b.attach("", said("X"))
		if err != nil {
			t.Fatal(err)
		}
		withdraw := func(why string) error {
			return b.Try(func(ctx context.Context, tx *db.Tx) error { return advice.Withdraw(ctx, tx, b.Scope, k.ID, why) })
		}
		if err := withdraw(" "); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("without a reason: %v", err)
		}
		if err := withdraw("envoyé deux fois"); err != nil {
			t.Error(err)
		}
		if got := b.waiting(); got != nil {
			t.Errorf("withdrawn and waiting: %v", got)
		}
		reader := b.Reader()
		for name, do := range map[string]func(context.Context, *db.Tx, creditor.Scope) error{
			"attach": func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
				_, err := advice.Attach(ctx, tx, s, "", advice.File{})
				return err
			},
			"withdraw": func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
				return advice.Withdraw(ctx, tx, s, k.ID, "x")
			},
			"meet": func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
				_, err := advice.Meet(ctx, tx, s)
				return err
			},
		} {
			err := b.Try(func(ctx context.Context, tx *db.Tx) error { return do(ctx, tx, reader) })
			if fault.KindOf(err) != fault.KindDenied {
				t.Errorf("%s by a reader: %v", name, err)
			}
		}
	})
}
