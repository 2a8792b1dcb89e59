package bank

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/money"
)

// Gap is a place where the statements of an account do not follow each other.
type Gap struct {
	Source   string
	Account  Account
	Label    string // what people call the account
	Currency money.Currency
	Kind     GapKind
	Before   string   // the statement before it
	After    string   // the statement after it; of a sum the statement itself
	From, To cal.Date // the days in question
	Stated   money.Amount
	Computed money.Amount
}

// GapKind is what does not follow.
type GapKind string

// The kinds.
const (
	Missing  GapKind = "missing"  // a statement begins with another balance than the one before it ended with
	Disagree GapKind = "disagree" // two statements tell some days differently
	WrongSum GapKind = "sum"      // the balances of a statement are not those of its entries
)

// Amount is what is missing: positive when money that came in is.
func (g Gap) Amount() money.Amount { return g.Stated.Sub(g.Computed) }

// Words say what does not follow.
func (g Gap) Words() i18n.Words {
	days := func(l i18n.Lang) string {
		if g.From == g.To {
			return l.Date(g.From)
		}
		return l.Date(g.From) + " – " + l.Date(g.To)
	}
	fr, en := g.Amount().Format("fr"), g.Amount().Format("en")
	switch g.Kind {
	case WrongSum:
		return i18n.Words{
			FR: fmt.Sprintf("le relevé du %s ne tombe pas juste\u00a0: %s annoncés, %s comptés", days(i18n.FR), g.Stated.Format("fr"),
				g.Computed.Format("fr")),
			EN: fmt.Sprintf("the statement of %s does not add up: %s stated, %s counted", days(i18n.EN), g.Stated.Format("en"),
				g.Computed.Format("en")),
		}
	case Disagree:
		return i18n.Words{
			FR: fmt.Sprintf("deux relevés ne disent pas la même chose du %s\u00a0: %s d’écart", days(i18n.FR), fr),
			EN: fmt.Sprintf("two statements tell %s differently, by %s", days(i18n.EN), en),
		}
	}
	return i18n.Words{
		FR: fmt.Sprintf("il manque un relevé (%s)\u00a0: le solde passe de %s à %s, soit %s d’opérations inconnues", days(i18n.FR),
			g.Computed.Format("fr"), g.Stated.Format("fr"), fr),
		EN: fmt.Sprintf("a statement is missing (%s): the balance goes from %s to %s, %s of unknown entries", days(i18n.EN),
			g.Computed.Format("en"), g.Stated.Format("en"), en),
	}
}

// Ask is what to ask the bank for.
func (g Gap) Ask() i18n.Words {
	fr, en := g.From.Short("fr"), g.From.Short("en")
	if g.To != g.From {
		fr, en = fr+" au "+g.To.Short("fr"), en+" to "+g.To.Short("en")
	}
	account := shown(g.Account)
	if g.Kind == Missing {
		return i18n.Words{
			FR: fmt.Sprintf("demandez à la banque le relevé du %s du compte %s", fr, account),
			EN: fmt.Sprintf("ask the bank for the statement of %s of account %s", en, account),
		}
	}
	return i18n.Words{
		FR: fmt.Sprintf("demandez à la banque un relevé complet du %s du compte %s, et importez-le", fr, account),
		EN: fmt.Sprintf("ask the bank for a complete statement of %s of account %s, and import it", en, account),
	}
}

// Chain finds where the statements of an account do not follow each other, by day;
// of all accounts when none is given. The account is a Source, its IBAN or its number.
func Chain(ctx context.Context, tx *db.Tx, s creditor.Scope, account string) (list []Gap, err error) {
	defer fault.Wrap(&err, "bank chain")
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	b := newBook()
	if err := b.loadAccounts(ctx, tx, s); err != nil {
		return nil, err
	}
	a := compact(account)
	for _, src := range b.sources {
		if a != "" && src.id != account && src.account.IBAN != a && src.account.Number != a {
			continue
		}
		found, err := b.chain(ctx, tx, s, src, seenIn(ctx, tx, s, src.id))
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// chain follows the statements of an account, currency by currency.
func (b *book) chain(
	ctx context.Context, tx *db.Tx, s creditor.Scope, src *source, see seeing,
) (list []Gap, err error) {
	if err := b.loadStatements(ctx, tx, s, "source_id", []string{src.id}); err != nil {
		return nil, err
	}
	series := map[money.Currency][]*stated{}
	for _, st := range b.statements {
		if st.source == src.id && st.Kind == Booked && st.Opening != nil && st.Closing != nil {
			series[st.Currency] = append(series[st.Currency], st)
		}
	}
	for _, c := range sortedKeys(series) {
		w := walk{src: src, currency: c, see: see}
		if err := w.along(series[c]); err != nil {
			return nil, err
		}
		list = append(list, w.gaps...)
	}
	return list, nil
}

// seen is an entry that a statement tells of.
type seen struct {
	statement, entry, whole string
	on                      cal.Date
	amount                  int64
}

// seeing gives what statements tell of some days.
type seeing func(c money.Currency, from, to cal.Date) ([]seen, error)

// walk goes along statements from the oldest to the newest.
type walk struct {
	src      *source
	currency money.Currency
	see      seeing
	gaps     []Gap
}

func (w *walk) along(list []*stated) error {
	slices.SortFunc(list, func(x, y *stated) int {
		return cmp.Or(cmp.Compare(x.last, y.last), cmp.Compare(x.first, y.first), cmp.Compare(x.id, y.id))
	})
	var front *stated // the one that ends last so far
	for _, st := range list {
		if !st.holds() {
			mended, err := w.mended(st, list)
			if err != nil {
				return err
			}
			if mended {
				continue
			}
			w.add(WrongSum, st, st, st.first, st.last, st.Closing.Amount.Minor, st.Opening.Amount.Minor+st.amount)
		}
		if front != nil && !follows(front, st) {
			if err := w.compare(front, st); err != nil {
				return err
			}
		}
		if front == nil || st.last > front.last || st.Opening.Amount == front.Closing.Amount {
			front = st
		}
	}
	return nil
}

// mended tells whether a statement that does not add up was followed, or preceded, by one
// that does, of the same days at least, and that has each of its entries: nothing is
// missing then, and its own balances are of no more use.
func (w *walk) mended(st *stated, list []*stated) (bool, error) {
	var whole []*stated
	for _, o := range list {
		if o != st && o.holds() && o.first <= st.first && st.last <= o.last {
			whole = append(whole, o)
		}
	}
	if len(whole) == 0 {
		return false, nil
	}
	told, err := w.see(w.currency, st.first, st.last)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(whole, func(o *stated) bool {
		s := newSums(told, st.id, o.id)
		return !slices.ContainsFunc(told, func(e seen) bool { return e.statement == st.id && !s.told(o.id, e) })
	}), nil
}

// follows tells, by the balances alone, that one statement goes on where another
// ended, ends where it began, or says the same.
func follows(a, b *stated) bool {
	switch {
	case a.Closing.Amount == b.Opening.Amount && b.first >= a.last:
		return true
	case b.Closing.Amount == a.Opening.Amount && a.first >= b.last:
		return true
	}
	return a.last == b.last && a.Closing.Amount == b.Closing.Amount && a.holds() && b.holds() &&
		(a.first != b.first || a.Opening.Amount == b.Opening.Amount)
}

// compare holds two statements against what their entries say.
func (w *walk) compare(a, b *stated) error {
	list, err := w.see(w.currency, min(a.first, b.first), max(a.last, b.last))
	if err != nil {
		return err
	}
	sums := newSums(list, a.id, b.id)
	ahead := b.Closing.Amount.Minor - a.Closing.Amount.Minor
	// What b tells of days before a is in a's opening balance.
	if ahead == sums.only(b.id, a.id, a.first) || ahead == sums.only(b.id, a.id, a.first+1) ||
		-ahead == sums.only(a.id, b.id, b.last) ||
		-ahead == sums.only(a.id, b.id, b.last+1) {
		return nil
	}
	if a.first == b.first && a.last == b.last && a.Opening.Amount == b.Opening.Amount {
		w.add(Disagree, a, b, a.first, a.last, b.Closing.Amount.Minor, a.Closing.Amount.Minor)
		return nil
	}
	if b.first > a.last || b.first == a.last && !sums.common {
		missing := b.Opening.Amount.Minor - a.Closing.Amount.Minor - sums.others(a.last, b.first)
		if missing != 0 {
			from, to := a.last+1, b.first-1
			if from > to {
				from, to = a.last, b.first
			}
			w.add(Missing, a, b, from, to, b.Opening.Amount.Minor, b.Opening.Amount.Minor-missing)
		}
		return nil
	}
	w.add(Disagree, a, b, max(a.first, b.first), min(a.last, b.last), b.Closing.Amount.Minor,
		a.Closing.Amount.Minor+sums.only(b.id, a.id, a.first))
	return nil
}

func (w *walk) add(kind GapKind, a, b *stated, from, to cal.Date, expected, computed int64) {
	w.gaps = append(w.gaps, Gap{
		Source: w.src.id, Account: w.src.account, Label: w.src.label, Currency: w.currency, Kind: kind,
		Before: a.id, After: b.id, From: from, To: to, Stated: money.New(expected, w.currency),
		Computed: money.New(computed, w.currency),
	})
}

// sums adds up what two statements tell.
type sums struct {
	list   []seen
	by     map[string]map[string]bool // entries, and batches, by statement
	a, b   string
	common bool
}

func newSums(list []seen, a, b string) *sums {
	s := &sums{list: list, by: map[string]map[string]bool{a: {}, b: {}}, a: a, b: b}
	for _, e := range list {
		if by := s.by[e.statement]; by != nil {
			by[e.entry] = true
			if e.whole != "" {
				by[e.whole] = true
			}
		}
	}
	for _, e := range list {
		s.common = s.common || e.statement == a && s.told(b, e)
	}
	return s
}

// told tells whether a statement has the entry, its batch or its details.
func (s *sums) told(statement string, e seen) bool {
	return s.by[statement][e.entry] || e.whole != "" && s.by[statement][e.whole]
}

// only adds up what one statement has from a day on and the other has not.
func (s *sums) only(in, notIn string, from cal.Date) (sum int64) {
	for _, e := range s.list {
		if e.statement == in && e.on >= from && !s.told(notIn, e) {
			sum += e.amount
		}
	}
	return sum
}

// others adds up what neither has on some days, each entry once.
func (s *sums) others(from, to cal.Date) (sum int64) {
	counted := map[string]bool{}
	for _, e := range s.list {
		if !between(e.on, from, to) || s.told(s.a, e) || s.told(s.b, e) || counted[e.entry] ||
			counted[e.whole] && e.whole != "" {
			continue
		}
		counted[e.entry] = true
		sum += e.amount
	}
	return sum
}

// seenIn reads what statements tell from the database.
func seenIn(ctx context.Context, tx *db.Tx, s creditor.Scope, source string) seeing {
	return func(c money.Currency, from, to cal.Date) ([]seen, error) {
		return db.All(ctx, tx, func(r db.Row) (e seen, err error) {
			return e, r.Scan(&e.statement, &e.entry, &e.whole, &e.on, &e.amount)
		}, `
			SELECT r.statement_id, e.id, e.whole_id, e.on_day, e.amount
			FROM bank_entry e
			JOIN bank_record r ON r.creditor_id = e.creditor_id AND r.entry_id = e.id
			WHERE e.creditor_id = $1 AND e.source_id = $2 AND e.on_day BETWEEN $3 AND $4 AND e.currency = $5
			  AND e.status = 'booked'
			ORDER BY e.id, r.statement_id`, s.Creditor, source, from, to, string(c))
	}
}

// seenBy reads what statements tell from a book, with what the database has of the
// days.
func (b *book) seenBy(ctx context.Context, tx *db.Tx, s creditor.Scope, source string) seeing {
	return func(c money.Currency, from, to cal.Date) (list []seen, err error) {
		if err := b.loadDays(ctx, tx, s, source, from, to); err != nil {
			return nil, err
		}
		for _, m := range sorted(b.movements, func(x, y *movement) int { return cmp.Compare(x.id, y.id) }) {
			if m.source != source || m.known.Amount.Currency != c || m.isPending() || !between(m.known.On, from, to) {
				continue
			}
			for _, r := range m.records {
				list = append(list, seen{r.statement, m.id, m.whole, m.known.On, m.known.Amount.Minor})
			}
		}
		return list, nil
	}
}
