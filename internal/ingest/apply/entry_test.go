package apply_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/bank"
	"acquit/internal/bank/camt"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/journal"
)

const account = "FR7630006000011234567890189"

// statementOf is a day of a bank, entry by entry: "100.00 DUPONT".
func statementOf(date string, opening int64, entries ...string) string {
	var list strings.Builder
	balance := opening
	for i, e := range entries {
		amount, name, _ := strings.Cut(e, " ")
		side, who := "CRDT", "Dbtr"
		var cents int64
		fmt.Sscanf(strings.ReplaceAll(amount, ".", ""), "%d", &cents)
		balance += cents
		if strings.HasPrefix(amount, "-") {
			side, who, amount = "DBIT", "Cdtr", amount[1:]
		}
		fmt.Fprintf(&list, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt>
<AcctSvcrRef>R%s%02d</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><%s><Nm>%s</Nm></%s></RltdPties></TxDtls></NtryDtls></Ntry>
`, amount, side, date, date, i, who, name, who)
	}
	total := func(code string, cents int64) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%d.%02d</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>%s</Dt></Dt></Bal>`, code, cents/100, cents%100, date)
	}
	return `<Stmt><Id>S` + date + `</Id><Acct><Id><IBAN>` + account + `</IBAN></Id></Acct>` + total("OPBD", opening) +
		total("CLBD", balance) + list.String() + `</Stmt>`
}

func camtFile(name string, statements ...string) ingest.Source {
	return ingest.FromBytes(name, []byte(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>`+strings.Join(statements, "\n")+
		`</BkToCstmrStmt></Document>`))
}

// counter are books with the bank's account declared.
func counter(t testing.TB, d *db.DB) *shop {
	b := newShop(t, d)
	b.o.Drivers = []ingest.Driver{camt.Driver}
	b.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := creditor.AddAccount(ctx, tx, b.s, creditor.Account{Holder: "Test", IBAN: account}, journal.Write)
		return err
	})
	return b
}

func (b *shop) entries() (list []string) {
	b.read(func(ctx context.Context, tx *db.Tx) error {
		all, err := bank.List(ctx, tx, b.s, bank.Filter{Limit: 1000})
		for _, e := range all {
			list = append(list, fmt.Sprintf("%s %s %s", e.On, e.Amount.Decimal(), e.Party.Name))
		}
		slices.Sort(list)
		return err
	})
	return list
}

func TestStatementsGoToTheBankAndNotToTheBooks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := counter(t, d)
		first := camtFile("novembre.xml",
			statementOf("2026-11-02", 0, "120.00 DUPONT", "80.00 MARTIN"), statementOf("2026-11-03", 200_00),
			statementOf("2026-11-05", 300_00, "-40.00 LOYER"))
		rep := b.take(b.o, first) // with a dry run before it, which must say the same
		b.expect(rep, "+3 ~0 =0")
		want := []string{"2026-11-02 120.00 DUPONT", "2026-11-02 80.00 MARTIN", "2026-11-05 -40.00 LOYER"}
		if diff := cmp.Diff(want, b.entries()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		a := rep.Files[0].Accounts[0]
		if a.Account != account || a.Opening != "0.00" || a.Closing != "260.00" || a.In != "200.00" || a.Out != "-40.00" || a.Entries != 3 {
			t.Errorf("account: %+v", a)
		}
		if len(a.Gaps) != 1 || !strings.Contains(a.Gaps[0], "100,00") || !strings.Contains(a.Gaps[0], "4 nov. 2026") {
			t.Errorf("the missing day is not told: %v", a.Gaps)
		}
		b.expect(b.take(b.o, first), "+0 ~0 =3")
		missing := b.take(b.o, camtFile("le4.xml", statementOf("2026-11-04", 200_00, "100.00 PETIT")))
		b.expect(missing, "+1 ~0 =0")
		if gaps := missing.Files[0].Accounts[0].Gaps; len(gaps) != 0 {
			t.Errorf("filled, and still told: %v", gaps)
		}
		b.read(func(ctx context.Context, tx *db.Tx) error {
			gaps, err := bank.Chain(ctx, tx, b.s, "")
			if len(gaps) != 0 {
				t.Errorf("gaps: %+v", gaps)
			}
			return err
		})
	})
}

// A statement that does not add up is told of once; of two that disagree about a
// day, the account shows the balance of the one that came last, and the gap.
func TestStatementsThatDisagreeAreToldOfOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := counter(t, d)
		wrong := strings.Replace(statementOf("2026-11-02", 100_00, "50.00 DUPONT"), ">150.00<", ">160.00<", 1)
		one := b.take(b.o, camtFile("a.xml", wrong)).Files[0]
		if len(one.Accounts[0].Gaps) != 1 || !strings.Contains(one.Accounts[0].Gaps[0], "160,00") || len(one.Warnings) != 0 {
			t.Errorf("told of: %q and %+v", one.Accounts[0].Gaps, one.Warnings)
		}
		right := strings.NewReplacer("R2026", "X2026", "<Id>S", "<Id>T").Replace(statementOf("2026-11-02", 100_00, "75.00 MARTIN"))
		two := b.take(b.o, camtFile("b.xml", right)).Files[0]
		if gaps := two.Accounts[0].Gaps; len(gaps) != 1 || !strings.Contains(gaps[0], "deux relevés") || !strings.Contains(gaps[0], "15,00") {
			t.Errorf("the second: %q", gaps)
		}
		b.read(func(ctx context.Context, tx *db.Tx) error {
			list, err := bank.Accounts(ctx, tx, b.s)
			if len(list) != 1 || list[0].Balance == nil || list[0].Balance.Amount != eur(175_00) {
				t.Errorf("accounts: %+v, want a balance of 175.00", list)
			}
			return err
		})
	})
}

// An account that is somebody else's is said to be so once, for all its files.
func TestStatementsOfSomebodyElseAreSaidToBeSoOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newShop(t, d)
		b.o.Drivers = []ingest.Driver{camt.Driver}
		theirs := func(date string, opening int64) string {
			return strings.Replace(statementOf(date, opening, "50.00 DUPONT"), "</Id></Acct>",
				"</Id><Nm>Compte courant</Nm><Ownr><Nm>Verlinde Bureautique SAS</Nm></Ownr></Acct>", 1)
		}
		rep := b.take(b.o, camtFile("a.xml", theirs("2026-11-02", 100_00)), camtFile("b.xml", theirs("2026-11-03", 150_00)))
		if len(rep.Warnings) != 1 || rep.Warnings[0].Code != "account_foreign" || rep.Warnings[0].Count != 2 ||
			!strings.Contains(rep.Warnings[0].Text, "Verlinde Bureautique SAS") {
			t.Errorf("for all: %+v", rep.Warnings)
		}
		for _, f := range rep.Files {
			if len(f.Warnings) != 0 || f.Added != 1 {
				t.Errorf("%s: added %d, %+v", f.File, f.Added, f.Warnings)
			}
		}
	})
}

// A statement is no list of what is open: nothing is settled because it is not there.
func TestAStatementAsAFullListSettlesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := counter(t, d)
		b.o.Drivers = append(b.o.Drivers, lines)
		b.take(b.o, file("factures.csv", invoice("C1", "F1", "09-01", "10-01", 100_00)))
		for _, force := range []bool{false, true} {
			o := b.o
			o.Mode, o.Force = apply.Stock, force
			b.take(o, camtFile("r.xml", statementOf("2026-11-02", 0, "120.00 DUPONT")))
			b.expectOpen(today, map[string]int64{"C1 F1": 100_00})
		}
	})
}

func TestAnImportOfStatementsIsTakenBackUnlessTheBooksStandOnIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := counter(t, d)
		first := b.take(b.o, camtFile("a.xml", statementOf("2026-11-02", 0, "120.00 DUPONT"),
			statementOf("2026-11-03", 120_00, "80.00 MARTIN")))
		again := b.take(b.o, camtFile("b.xml", statementOf("2026-11-03", 120_00, "80.00 MARTIN"),
			statementOf("2026-11-04", 200_00, "1.00 PETIT")))
		b.expect(again, "+1 ~0 =1")
		var id string
		use := func(used bool) {
			b.write(func(ctx context.Context, tx *db.Tx) error {
				list, err := bank.List(ctx, tx, b.s, bank.Filter{Text: "dupont"})
				if err != nil {
					return err
				}
				id = list[0].ID
				return bank.Use(ctx, tx, b.s, id, used)
			})
		}
		use(true)
		_, err := apply.Undo(t.Context(), d, b.s, first.Import)
		if fault.KindOf(err) != fault.KindConflict || !strings.Contains(err.Error(), "1 opération(s)") {
			t.Fatalf("undone though applied: %v", err)
		}
		use(false)
		b.undo(first)
		want := []string{"2026-11-03 80.00 MARTIN", "2026-11-04 1.00 PETIT"}
		if diff := cmp.Diff(want, b.entries()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		b.undo(again)
		b.read(func(ctx context.Context, tx *db.Tx) error {
			for _, table := range []string{"bank_source", "bank_statement", "bank_entry", "bank_record", "file"} {
				n, err := db.One(ctx, tx, db.Value[int64], "SELECT count(*) FROM "+table)
				if err != nil || n != 0 {
					t.Errorf("%s: %d left, %v", table, n, err)
				}
			}
			return nil
		})
	})
}

// What a bank tells says nothing of how old the books are.
func TestAnImportSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := counter(t, d)
		b.o.Drivers = append(b.o.Drivers, lines)
		books := file("factures.csv", invoice("C1", "F1", "09-01", "10-01", 100_00))
		statement := camtFile("r.xml", statementOf("2026-11-02", 0, "120.00 DUPONT"))
		for _, c := range []struct {
			about string
			files []ingest.Source
		}{
			{"books", []ingest.Source{books}},
			{"bank", []ingest.Source{statement}},
			{"bank", []ingest.Source{camtFile("vide.xml", statementOf("2026-11-03", 120_00))}},
			{"bank", []ingest.Source{camtFile("cassé.xml", "<Stmt><Ntry><Amt>x</Amt></Ntry></Stmt>")}},
			{"books", []ingest.Source{books, statement}},
		} {
			rep := b.take(b.o, c.files...)
			b.read(func(ctx context.Context, tx *db.Tx) error {
				about, err := db.One(ctx, tx, db.Value[string], `SELECT about FROM import WHERE creditor_id = $1 AND id = $2`,
					b.s.Creditor, rep.Import)
				if about != c.about {
					t.Errorf("%s: about %s, want %s", c.files[0].Name, about, c.about)
				}
				return err
			})
		}
	})
}

// A long statement comes in over several transactions, with its days whole, and the
// dry run says the same.
func TestALongStatementComesInPortions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := counter(t, d)
		b.o = b.o.InPortions(3)
		var all []string
		balance := int64(0)
		for i := range 5 {
			var day []string
			for range 4 {
				day = append(day, "50.00 DUPONT", "50.00 DUPONT")
			}
			all = append(all, statementOf(fmt.Sprintf("2026-11-%02d", i+2), balance, day...))
			balance += 400_00
		}
		b.expect(b.take(b.o, camtFile("x.xml", all...)), "+40 ~0 =0")
		b.expect(b.take(b.o, camtFile("y.xml", all[2:]...)), "+0 ~0 =24")
		if n := len(b.entries()); n != 40 {
			t.Errorf("%d entries", n)
		}
	})
}
