package bank

import (
	"context"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/money"
)

// Told is what a file tells of one account.
type Told struct {
	Source   string
	Account  Account
	Label    string
	Currency money.Currency
	From, To cal.Date
	Opening  *Balance // at the beginning of the first statement
	Closing  *Balance // at the end of the last one
	Entries  int
	In, Out  money.Amount
	Gaps     []Gap // about its statements
}

// Told sums up the file taken in, account by account, as the books are with it.
func (t *Taker) Told(ctx context.Context, tx *db.Tx) ([]Told, error) {
	b := newBook()
	if t.rehearsal != nil {
		b = t.rehearsal.book
	}
	if err := b.loadAccounts(ctx, tx, t.scope); err != nil {
		return nil, err
	}
	var list []Told
	mine := map[string]bool{}
	for _, st := range t.order {
		o := t.opened[st]
		if o.refused {
			continue
		}
		mine[o.id] = true
		i := slices.IndexFunc(list, func(x Told) bool { return x.Source == o.source && x.Currency == st.Currency })
		if i < 0 {
			i = len(list)
			list = append(list, Told{
				Source: o.source, Currency: st.Currency, In: money.Zero(st.Currency), Out: money.Zero(st.Currency),
			})
		}
		list[i].add(st, o)
	}
	for i := range list {
		if err := list[i].follow(ctx, tx, t, b, mine); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (l *Told) add(st *Statement, o opened) {
	if l.From == 0 || st.From != 0 && st.From < l.From {
		l.From, l.Opening = st.From, st.Opening
	}
	if st.To >= l.To {
		l.To, l.Closing = st.To, st.Closing
	}
	l.Entries += o.entries
	l.In.Minor += o.in
	l.Out.Minor += o.out
}

// follow finds the gaps around the statements of the file.
func (l *Told) follow(ctx context.Context, tx *db.Tx, t *Taker, b *book, mine map[string]bool) error {
	at := slices.IndexFunc(b.sources, func(s *source) bool { return s.id == l.Source })
	src := b.sources[at]
	l.Account, l.Label = src.account, src.label
	gaps, err := b.chain(ctx, tx, t.scope, src, b.seenBy(ctx, tx, t.scope, src.id))
	l.Gaps = slices.DeleteFunc(gaps, func(g Gap) bool {
		return g.Currency != l.Currency || !mine[g.Before] && !mine[g.After]
	})
	return err
}
