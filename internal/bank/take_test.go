package bank_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
)

const ours = "FR7630006000011234567890189"

func eur(cents int64) money.Amount { return money.New(cents, money.EUR) }

// told is a statement being written by a test.
type told struct {
	*bank.Statement
	format string
	list   []*bank.Entry
}

func tell(format string, kind bank.StatementKind, from, to string) *told {
	return &told{format: format, Statement: &bank.Statement{
		Kind: kind, From: cal.Must(from), To: cal.Must(to), Currency: money.EUR, Account: bank.Account{IBAN: ours},
	}}
}

// add says one thing; the fields that matter are in e.
func (s *told) add(on string, cents int64, e bank.Entry) *told {
	e.Statement, e.On, e.Amount, e.Line = s.Statement, cal.Must(on), eur(cents), len(s.list)+1
	if e.Status == "" {
		e.Status = bank.IsBooked
	}
	e.Raw = fmt.Sprintf("%s %s %d %s", s.format, on, cents, e.Label)
	s.list = append(s.list, &e)
	return s
}

func (s *told) balances(opening, closing int64) *told {
	s.Opening = &bank.Balance{On: s.From, Amount: eur(opening)}
	s.Closing = &bank.Balance{On: s.To, Amount: eur(closing)}
	return s
}

// taker is books that statements are taken into.
func taker(t *testing.T, d *db.DB) *taking { return &taking{books: agreementtest.New(t, d)} }

func (k *taking) tell(s *told) bank.Taken { return k.take(s.format, s.Statement, s.list) }

// shown are the entries as a person would count them.
func (k *taking) shown() []string {
	var list []string
	for _, e := range k.kept() {
		what := ""
		switch {
		case e.Status == bank.IsPending:
			what = " pending"
		case !e.Counts:
			what = " (told elsewhere)"
		}
		list = append(list, fmt.Sprintf("%s %s %s%s", e.On, e.Amount.Decimal(), e.Label, what))
	}
	slices.Sort(list)
	return list
}

func TestEntriesAreKeptAsTheyCame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		first := tell("cfonb120", bank.Booked, "2026-11-02", "2026-11-02").balances(0, 120_00).
			add("2026-11-02", 120_00, bank.Entry{Label: "VIR DUPONT"})
		if done := k.tell(first); done.Added != 1 || done.Known+done.Completed != 0 {
			t.Fatalf("first: %+v", done)
		}
		id := k.kept()[0].ID
		mark := k.kept()[0].Mark
		richer := tell("camt", bank.Booked, "2026-11-01", "2026-11-03").balances(0, 120_00).
			add("2026-11-02", 120_00, bank.Entry{
				Label: "DUPONT SARL", Texts: []string{"Facture F-12"}, EndToEnd: "E-1", BankRef: "B-1",
				Party: bank.Party{Name: "DUPONT SARL", IBAN: "DE89370400440532013000"},
			})
		if done := k.tell(richer); done.Completed != 1 || done.Added+done.Known != 0 {
			t.Fatalf("again with more: %+v", done)
		}
		k.books.Read(func(ctx context.Context, tx *db.Tx) error {
			e, err := bank.Find(ctx, tx, k.books.Scope, id)
			if err != nil {
				return err
			}
			if e.EndToEnd != "E-1" || e.Party.Name != "DUPONT SARL" || e.Statement.Account.IBAN != ours || !e.Counts || e.Mark <= mark {
				t.Errorf("known: %+v", e)
			}
			records, err := bank.Records(ctx, tx, k.books.Scope, id)
			if err != nil {
				return err
			}
			var raw []string
			for _, r := range records {
				raw = append(raw, r.Format+": "+r.Raw+" "+r.Entry.EndToEnd)
			}
			want := []string{"cfonb120: cfonb120 2026-11-02 12000 VIR DUPONT ", "camt: camt 2026-11-02 12000 DUPONT SARL E-1"}
			if diff := cmp.Diff(want, raw); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			_, err = bank.Find(ctx, tx, creditor.System("other"), id)
			if fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("another creditor finds it: %v", err)
			}
			return nil
		})
	})
}

func TestOneAccountIsOneUnderEveryName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		k.books.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := creditor.AddAccount(ctx, tx, k.books.Scope, creditor.Account{Holder: "Test", IBAN: ours}, journal.Write)
			return err
		})
		for i, a := range []bank.Account{
			{Number: "12345678901"},
			{Number: "30006 00001 12345678901"},
			{Number: "30006/00001/12345678901/89"},
			{IBAN: ours},
			{Number: "FR76 3000 6000 0112 3456 7890 189"},
		} {
			s := tell("mt940", bank.Booked, "2026-11-02", "2026-11-02").add("2026-11-02", 1_00, bank.Entry{Label: "VIR"})
			s.Account = a
			if done := k.tell(s); len(done.Warnings) != 0 || (done.Added == 1) != (i == 0) {
				t.Errorf("%v: %+v", a, done)
			}
		}
		s := tell("mt940", bank.Booked, "2026-11-02", "2026-11-02").add("2026-11-02", 1_00, bank.Entry{Label: "VIR"})
		s.Account = bank.Account{IBAN: "DE89370400440532013000"}
		if done := k.tell(s); done.Added != 1 || len(done.Warnings) != 1 || done.Warnings[0].Code != "account_unknown" {
			t.Errorf("an account of nobody's: %+v", done)
		}
		for owner, code := range map[string]string{
			"ATELIER TEST": "account_unknown", "Sté Atelier Test SARL": "account_unknown", "Verlinde Bureautique SAS": "account_foreign",
			"Atelier Martin": "account_foreign", "": "account_unknown",
		} {
			s.Account = bank.Account{IBAN: "DE89370400440532013000", Name: "COMPTE COURANT", Owner: owner}
			done := k.tell(s)
			if len(done.Warnings) != 1 || done.Warnings[0].Code != code || strings.Contains(done.Warnings[0].Text, "Atelier Test") != (code == "account_foreign") {
				t.Errorf("an account of %q: %+v", owner, done.Warnings)
			}
		}
		k.books.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO creditor (id, name, created_at)
				VALUES ('crd_b', 'Autre', $1)`, tx.Now)
			if err != nil {
				return err
			}
			_, err = creditor.AddAccount(ctx, tx, creditor.System("crd_b"),
				creditor.Account{Holder: "Autre", IBAN: "FR1420041010050500013M02606"}, journal.Write)
			return err
		})
		s = tell("mt940", bank.Booked, "2026-11-02", "2026-11-02").add("2026-11-02", 1_00, bank.Entry{Label: "VIR"})
		s.Account = bank.Account{Number: "20041010050500013M02606"}
		done := k.tell(s)
		if done.Added != 0 || len(done.Refused) != 1 || done.Refused[0].Entries != 1 {
			t.Errorf("another's account: %+v", done)
		}
	})
}

func TestAnAnnouncedEntryIsTheOneThatIsBookedLater(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		k.tell(tell("camt", bank.Interim, "2026-11-02", "2026-11-02").
			add("2026-11-02", 50_00, bank.Entry{Label: "VIR MARTIN", Party: bank.Party{Name: "MARTIN"}, Status: bank.IsPending}).
			add("2026-11-02", 50_00, bank.Entry{Label: "VIR PETIT", Status: bank.IsPending}))
		k.tell(tell("camt", bank.Booked, "2026-11-03", "2026-11-03").
			add("2026-11-03", 50_00, bank.Entry{Label: "VIR INST PETIT GARAGE"}))
		k.tell(tell("camt", bank.Booked, "2026-11-04", "2026-11-04").
			add("2026-11-04", 50_00, bank.Entry{Label: "MARTIN ET FILS", Party: bank.Party{Name: "MARTIN ET FILS"}}))
		want := []string{"2026-11-03 50.00 VIR INST PETIT GARAGE", "2026-11-04 50.00 MARTIN ET FILS"}
		if diff := cmp.Diff(want, k.shown()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// The total first or its details first, with or without a common reference: the
// money is there once.
func TestABatchIsMoneyOnce(t *testing.T) {
	t.Parallel()
	total := func(format, ref string) *told {
		return tell(format, bank.Booked, "2026-11-02", "2026-11-02").balances(0, 100_00).
			add("2026-11-02", 100_00, bank.Entry{Label: "REMISE", BankRef: ref})
	}
	parts := func(from, to int) *told {
		s := tell("camt", bank.Details, "2026-11-02", "2026-11-02")
		for i, cents := range []int64{60_00, 30_00, 10_00}[from:to] {
			s.add("2026-11-02", cents, bank.Entry{Label: "DETAIL", Batch: "LOT-9", Part: from + i + 1})
		}
		return s
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		n := 0
		for name, order := range map[string][]*told{
			"total first":              {total("camt", "LOT-9"), parts(0, 3)},
			"details first":            {parts(0, 3), total("camt", "LOT-9")},
			"without a reference":      {total("cfonb120", ""), parts(0, 3)},
			"details, no reference":    {parts(0, 3), total("cfonb120", "")},
			"details in two, between":  {parts(0, 2), total("camt", "LOT-9"), parts(2, 3)},
			"details in two, after":    {total("camt", "LOT-9"), parts(0, 2), parts(2, 3)},
			"two totals, two formats":  {total("camt", "LOT-9"), parts(0, 3), total("cfonb120", "")},
			"details come three times": {parts(0, 3), parts(0, 3), total("camt", "LOT-9"), parts(0, 3)},
		} {
			n++
			for _, s := range order {
				s.Account.IBAN = fmt.Sprintf("XX00%011d", n) // an account for each
				s.Account.Number, s.Account.IBAN = s.Account.IBAN, ""
				k.tell(s)
			}
			var found []string
			k.books.Read(func(ctx context.Context, tx *db.Tx) error {
				list, err := bank.List(ctx, tx, k.books.Scope, bank.Filter{Account: order[0].Account.Number})
				for _, e := range list {
					found = append(found, e.Amount.Decimal())
				}
				return err
			})
			slices.Sort(found)
			if diff := cmp.Diff([]string{"10.00", "30.00", "60.00"}, found); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestABatchOnWhichTheBooksStandIsNotReplaced(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		k.tell(tell("camt", bank.Booked, "2026-11-02", "2026-11-02").add("2026-11-02", 30_00, bank.Entry{Label: "REMISE", BankRef: "LOT"}))
		id := k.kept()[0].ID
		use := func(used bool) {
			k.books.Write(func(ctx context.Context, tx *db.Tx) error { return bank.Use(ctx, tx, k.books.Scope, id, used) })
		}
		use(true)
		k.tell(tell("camt", bank.Details, "2026-11-02", "2026-11-02").
			add("2026-11-02", 10_00, bank.Entry{Label: "UN", Batch: "LOT", Part: 1}).
			add("2026-11-02", 20_00, bank.Entry{Label: "DEUX", Batch: "LOT", Part: 2}))
		want := []string{"2026-11-02 10.00 UN (told elsewhere)", "2026-11-02 20.00 DEUX (told elsewhere)", "2026-11-02 30.00 REMISE"}
		if diff := cmp.Diff(want, k.shown()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		use(false)
		want = []string{"2026-11-02 10.00 UN", "2026-11-02 20.00 DEUX", "2026-11-02 30.00 REMISE (told elsewhere)"}
		if diff := cmp.Diff(want, k.shown()); diff != "" {
			t.Errorf("given up (-want +got):\n%s", diff)
		}
	})
}

// The same property as above, through the databases.
func TestTheStoreKeepsWhatARehearsalFinds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		seed := 0
		facts := rapid.Custom(func(t *rapid.T) []fact { return drawFacts(t, []int64{1, 1, -1}) }).Example(seed)
		var cuts []cut
		play := &taking{books: k.books, play: bank.NewRehearsal()}
		for i := range 12 {
			c := rapid.Custom(func(t *rapid.T) cut { return drawCut(t, facts, false, i) }).Example(i)
			cuts = append(cuts, c)
			st, list := c.statement(facts)
			want := play.take(c.format, st, list)
			st, list = c.statement(facts)
			if diff := cmp.Diff(want, k.take(c.format, st, list)); diff != "" && i == 0 {
				t.Errorf("%+v (-rehearsed +done):\n%s", c, diff)
			}
		}
		if diff := cmp.Diff(covered(facts, cuts), kept(k.kept())); diff != "" {
			t.Errorf("(-happened +kept):\n%s", diff)
		}
	})
}

// A file that names no account is of the only one, and overlaps with what was told
// of it before.
func TestAFileWithoutAnAccountIsKnownAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		k.books.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := creditor.AddAccount(ctx, tx, k.books.Scope, creditor.Account{Holder: "Test", IBAN: ours}, journal.Write)
			return err
		})
		week := func(name string) *told {
			s := tell("csv", bank.Details, "2026-11-02", "2026-11-03").
				add("2026-11-02", 12_00, bank.Entry{Label: "VIR A"}).add("2026-11-03", 13_00, bank.Entry{Label: "VIR B"})
			s.Account = bank.Account{Name: name}
			return s
		}
		k.tell(week(""))
		longer := week("").add("2026-11-04", 14_00, bank.Entry{Label: "VIR C"})
		if done := k.tell(longer); done.Added != 1 || done.Known != 2 {
			t.Errorf("added %d and known %d, not 1 and 2: %v", done.Added, done.Known, k.shown())
		}
		named := week("Compte courant")
		named.Account.IBAN = ours
		if done := k.tell(named); done.Added != 0 || done.Known != 2 {
			t.Errorf("with its account: added %d and known %d, not 0 and 2", done.Added, done.Known)
		}
	})
}

// A statement of which only a part came is told of until a whole one has it all.
func TestACutStatementIsForgottenOnceItIsComplete(t *testing.T) {
	t.Parallel()
	day := func(n int) *told {
		s := tell("camt", bank.Booked, "2026-11-02", "2026-11-02").balances(0, 60_00)
		for i, cents := range []int64{10_00, 20_00, 30_00}[:n] {
			s.add("2026-11-02", cents, bank.Entry{Label: "VIR", BankRef: fmt.Sprintf("R-%d", i)})
		}
		return s
	}
	month := func() *told {
		s := tell("camt", bank.Booked, "2026-11-01", "2026-11-30").balances(5_00, 65_00)
		for _, e := range day(3).list {
			s.add("2026-11-02", e.Amount.Minor, bank.Entry{Label: e.Label, BankRef: e.BankRef})
		}
		return s
	}
	other := day(3)
	other.list[1].BankRef, other.list[1].Amount, other.list[2].Amount = "X-1", eur(25_00), eur(25_00)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		for i, c := range []struct {
			name string
			told []*told
			want []bank.GapKind
		}{
			{"cut", []*told{day(2)}, []bank.GapKind{bank.WrongSum}},
			{"whole, cut", []*told{day(3), day(2)}, nil},
			{"cut, whole", []*told{day(2), day(3)}, nil},
			{"whole, cut, whole", []*told{day(3), day(2), day(3)}, nil},
			{"cut, the month", []*told{day(2), month()}, nil},
			{"cut, one that tells it otherwise", []*told{day(2), other}, []bank.GapKind{bank.WrongSum}},
		} {
			account := fmt.Sprintf("1234567890%d", i)
			for _, s := range c.told {
				s.Account = bank.Account{Number: account}
				k.tell(s)
			}
			k.books.Read(func(ctx context.Context, tx *db.Tx) error {
				gaps, err := bank.Chain(ctx, tx, k.books.Scope, account)
				var kinds []bank.GapKind
				for _, g := range gaps {
					kinds = append(kinds, g.Kind)
				}
				if !slices.Equal(kinds, c.want) {
					t.Errorf("%s: %v, not %v", c.name, kinds, c.want)
				}
				return err
			})
		}
	})
}

// However statements cut the days of an account, a gap is told of where a day that
// has entries is in none of them, and nowhere else.
func TestStatementsOfAnyDaysAgreeWithEachOther(t *testing.T) {
	t.Parallel()
	const days = 12
	start := cal.Must("2026-11-02")
	amounts := [days][]int64{{10_00, -4_00}, {25_00}, {}, {-7_50}, {12_00, 13_00}, {}, {}, {40_00}, {-40_00}, {5_00}, {6_00}, {1}}
	of := func(first, last int) *told {
		s := tell("camt", bank.Booked, start.Add(first).String(), start.Add(last).String())
		balance := int64(100_00)
		for day, list := range amounts[:last+1] {
			opening := balance
			for i, cents := range list {
				balance += cents
				if day >= first {
					s.add(start.Add(day).String(), cents, bank.Entry{Label: "VIR", BankRef: fmt.Sprintf("R-%d-%d", day, i)})
				}
			}
			if day == first {
				s.balances(opening, 0)
			}
		}
		return s.balances(s.Opening.Amount.Minor, balance)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := taker(t, d)
		for n := range 40 {
			account := fmt.Sprintf("123456%05d", n)
			draw := rapid.Custom(func(t *rapid.T) [2]int {
				first := rapid.IntRange(0, days-1).Draw(t, "first")
				return [2]int{first, rapid.IntRange(first, days-1).Draw(t, "last")}
			})
			cuts := rapid.SliceOfN(draw, 1, 5).Example(n)
			var in [days]bool
			for _, c := range cuts {
				s := of(c[0], c[1])
				s.Account = bank.Account{Number: account}
				k.tell(s)
				for day := c[0]; day <= c[1]; day++ {
					in[day] = true
				}
			}
			first, last := slices.Index(in[:], true), days-1
			for !in[last] {
				last--
			}
			var missing int64
			for day := first; day <= last; day++ {
				for _, cents := range amounts[day] {
					if !in[day] {
						missing += cents
					}
				}
			}
			k.books.Read(func(ctx context.Context, tx *db.Tx) error {
				gaps, err := bank.Chain(ctx, tx, k.books.Scope, account)
				for _, g := range gaps {
					if g.Kind == bank.Missing {
						missing -= g.Amount().Minor
						continue
					}
					t.Errorf("%v: %s", cuts, g.Words().FR)
				}
				if missing != 0 {
					t.Errorf("%v: %d of the entries that are missing are not told of: %+v", cuts, missing, gaps)
				}
				return err
			})
		}
	})
}
