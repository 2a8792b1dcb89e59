package apply_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dossier"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// What has been built on an import since keeps it from being undone, with the
// reason; the books stay as they are.
func TestUndoingIsRefusedForWhatWasBuiltSince(t *testing.T) {
	t.Parallel()
	exec := func(query string) func(*shop) {
		return func(b *shop) {
			b.write(func(ctx context.Context, tx *db.Tx) error {
				f1, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM document WHERE creditor_id = $1 AND number = 'F1'`, b.s.Creditor)
				if err != nil {
					return err
				}
				c, _ := customer.FindByCode(ctx, tx, b.s, "C1")
				for q := range strings.SplitSeq(strings.NewReplacer("$F1", "'"+f1+"'", "$C1", "'"+c.ID+"'", "$S", "'"+b.s.Creditor+"'").Replace(query), ";") {
					if _, err := tx.Exec(ctx, q); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	reminder := func(state string) string {
		return `INSERT INTO reminder (creditor_id, id, run_id, customer_id, scenario_id, scenario, version, step, step_at, tone, formal,
				channels, approve, state, on_day, leader_id, currency, amount, claims, max_age, details, proposed_at)
			VALUES ($S, 'rem_1', 'run_1', $C1, 'scn_1', 'Standard', 1, 'relance-1', 5, 'neutral', FALSE, 'email', FALSE, '` + state + `',
				'2026-11-22', $F1, 'EUR', 100, 1, 5, '{}', '2026-11-22 08:00:00.000000');
			INSERT INTO reminder_claim (creditor_id, reminder_id, document_id, amount) VALUES ($S, 'rem_1', $F1, 100)`
	}
	cases := []struct {
		name  string
		since func(*shop)
		why   string // nothing: it can be undone
	}{
		{"nothing", func(*shop) {}, ""},
		{"a reminder that left", exec(reminder("sent")), "1 relance(s)"},
		{"a reminder that may have left", exec(reminder("uncertain")), "1 relance(s)"},
		{"a reminder that waits", exec(reminder("proposed")), ""},
		{"a dispute", exec(`INSERT INTO dispute (creditor_id, id, customer_id, document_id, currency, amount, reason, opened_on, created_at)
			VALUES ($S, 'dis_1', $C1, $F1, 'EUR', 0, 'price', '2026-11-22', '2026-11-22 08:00:00.000000')`), "1 litige(s)"},
		{"a promise", exec(`INSERT INTO agreement_item (creditor_id, agreement_id, document_id) VALUES ($S, 'prm_1', $F1)`), "1 promesse(s)"},
		{"a hold on the customer", exec(`INSERT INTO hold (creditor_id, id, customer_id, from_on, reason, created_at)
			VALUES ($S, 'hld_1', $C1, '2026-11-22', 'direction', '2026-11-22 08:00:00.000000')`), "1 suspension(s)"},
		{"another import for its customer", func(b *shop) {
			b.take(b.o, file("g.csv", invoice("C1", "F8", "09-01", "10-01", 10_00)))
		}, "1 pièce(s) venues depuis"},
		{"another import that changes its invoice", func(b *shop) {
			b.take(b.o, file("g.csv", invoice("C1", "F1", "09-01", "10-08", 100_00)))
		}, "modifiés par un import plus récent"},
		{"another import that settles its invoice", func(b *shop) {
			b.take(b.o, file("g.csv", left(invoice("C1", "F1", "09-01", "10-01", 100_00), 40_00)))
		}, "1 affectation(s)"},
		{"an allocation by hand", func(b *shop) {
			b.write(func(ctx context.Context, tx *db.Tx) error {
				f1, err := ledger.ByNumber(ctx, tx, b.s, "F1")
				if err != nil {
					return err
				}
				p := ledger.Document{Customer: f1[0].Customer, Kind: ledger.Payment, Number: "P", Issued: today, Amount: eur(10_00)}
				if err := ledger.Add(ctx, tx, b.s, []*ledger.Document{&p}); err != nil {
					return err
				}
				return ledger.Allocate(ctx, tx, b.s, &ledger.Allocation{Credit: p.ID, Invoice: f1[0].ID, On: today, Amount: eur(10_00)})
			})
		}, "1 affectation(s)"},
		{"a contact added by hand", func(b *shop) {
			c, _ := b.customer("C1")
			b.write(func(ctx context.Context, tx *db.Tx) error {
				return customer.AddContacts(ctx, tx, b.s, []*customer.Contact{{Customer: c.ID, Email: "x@y.example"}})
			})
		}, "1 contact(s)"},
		{"a piece was added to a dossier", func(b *shop) {
			c, _ := b.customer("C1")
			b.write(func(ctx context.Context, tx *db.Tx) error {
				e := dossier.Evidence{Customer: c.ID, Kind: dossier.Delivery, Name: "bl.pdf", Documents: []string{"F1"}}
				return dossier.AddEvidence(ctx, tx, b.s, &e, []byte("%PDF-1.7"), cal.Of(tx.Now))
			})
		}, "1 justificatif(s)"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				b := shopOf(t, d, "crd_"+string(rune('a'+i)))
				empty := b.dump()
				rep := b.take(b.o, file("f.csv", invoice("C1", "F1", "09-01", "10-01", 100_00), invoice("C1", "F2", "09-01", "10-01", 50_00)))
				c.since(b)
				before := b.dump()
				_, err := apply.Undo(t.Context(), d, b.s, rep.Import)
				if c.why == "" {
					if err != nil {
						t.Fatal(err)
					}
					b.same("undoing", empty)
					if got := b.texts(`SELECT id, state FROM reminder WHERE creditor_id = $1`); len(got) > 0 && got["rem_1"] != "superseded" {
						t.Errorf("the reminder still waits: %v", got)
					}
					return
				}
				refusal, ok := errors.AsType[*apply.Refusal](err)
				if !ok || fault.KindOf(err) != fault.KindConflict || !strings.Contains(refusal.Error(), c.why) {
					t.Errorf("got %v, want %q", err, c.why)
				}
				b.same("the refusal", before)
			})
		}
	})
}

// An import that was changed over cannot be undone before the later one.
func TestChangesAreUndoneFromTheLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		at := func(due string) ingest.Source { return file("f.csv", invoice("C1", "F1", "09-01", due, 100_00)) }
		b.take(b.o, at("10-01"))
		second := b.take(b.o, at("10-08"))
		third := b.take(b.o, at("10-15"))
		if _, err := apply.Undo(t.Context(), d, b.s, second.Import); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("got %v", err)
		}
		b.undo(third)
		b.undo(second)
		b.expectDues(map[string]string{"F1": "2026-10-01"})
		if _, err := apply.Undo(t.Context(), d, b.s, second.Import); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("undone twice: %v", err)
		}
		clerk := b.s
		clerk.Rights = creditor.Work
		if _, err := apply.Undo(t.Context(), d, clerk, third.Import); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a clerk undoes: %v", err)
		}
	})
}

// Each import is written into the journal and into the list of imports.
func TestAnImportIsWrittenDown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		src := file("f.csv", invoice("C1", "F1", "09-01", "10-01", 100_00), "!illisible", invoice("C1", "F1", "09-01", "10-01", 90_00))
		rep := b.take(b.o, src)
		b.undo(rep)
		reader := b.s
		reader.Rights = creditor.Read
		if _, err := apply.Run(t.Context(), d, reader, b.o, src); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a reader imports: %v", err)
		}
		b.read(func(ctx context.Context, tx *db.Tx) error {
			list, err := apply.Imports(ctx, tx, b.s, "", 10)
			if err != nil {
				return err
			}
			if len(list) != 1 || list[0].State != apply.Undone || list[0].Files[0].SHA256 == "" || list[0].Files[0].Added != 1 || list[0].Files[0].Refused != 2 {
				t.Errorf("imports: %+v", list)
			}
			entries, err := journal.About(ctx, tx, b.s, "import/"+rep.Import, 10)
			var actions []string
			for _, e := range entries {
				actions = append(actions, e.Action)
			}
			if got := strings.Join(actions, " "); got != "import.undone import.finished import.started" {
				t.Errorf("journal: %s", got)
			}
			if err != nil {
				return err
			}
			var rejects []string
			for r, err := range apply.Rejects(ctx, tx, b.s, rep.Import) {
				if err != nil {
					return err
				}
				rejects = append(rejects, r.Error())
			}
			want := "f.csv:2:1 : illisible|f.csv:3:1 : le numéro F1 est déjà à la ligne 1 avec un autre montant (gardez une ligne par facture, avec son total)"
			if got := strings.Join(rejects, "|"); got != want {
				t.Errorf("rejected rows:\n%s\nwant\n%s", got, want)
			}
			return nil
		})
	})
}

// What people kept since, a scan or a signature, is nobody's import.
func TestUndoingLeavesTheFilesThatPeopleKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := shopOf(t, d, "crd_a")
		rep := b.take(b.o, file("f.csv", invoice("C1", "F1", "09-01", "10-01", 100_00)))
		doc := b.texts(`SELECT number, id FROM document WHERE creditor_id = $1`)["F1"]
		scan := ledger.File{Name: "ar.pdf", Content: []byte("kept")}
		b.write(func(ctx context.Context, tx *db.Tx) error {
			if err := ledger.KeepFile(ctx, tx, b.s, &scan); err != nil {
				return err
			}
			return ledger.AttachFile(ctx, tx, b.s, doc, ledger.File{Name: "F1.pdf", Content: []byte("brought"), Import: rep.Import})
		})
		if _, err := apply.Undo(t.Context(), d, b.s, rep.Import); err != nil {
			t.Fatal(err)
		}
		got := b.texts(`SELECT sha256, name FROM file WHERE creditor_id = $1`)
		if len(got) != 1 || got[scan.SHA256] != "ar.pdf" {
			t.Errorf("after undoing the files are %v", got)
		}
	})
}
