package bank

import (
	"context"
	"maps"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
)

// undoMonths is how long after a payment it can still go back: a direct debit that
// nobody authorised is given back for thirteen months (CMF L133-24).
const undoMonths = 13

// back is a payment that went back, looking for what it takes back.
type back struct {
	id     string
	source string
	entry  Entry
}

// linkReturns finds, for what went back, the entries that it takes back: of what a
// portion touched, and of what waits for an entry that the portion brought.
func linkReturns(ctx context.Context, tx *db.Tx, s creditor.Scope, b *book) error {
	first := map[string]cal.Date{}
	for _, m := range b.movements {
		if on, ok := first[m.source]; m.heard && (!ok || m.known.On < on) {
			first[m.source] = m.known.On
		}
	}
	for _, source := range slices.Sorted(maps.Keys(first)) {
		if err := linkSource(ctx, tx, s, source, first[source]); err != nil {
			return err
		}
	}
	return nil
}

func linkSource(ctx context.Context, tx *db.Tx, s creditor.Scope, source string, from cal.Date) error {
	waiting, err := db.All(ctx, tx, scanBack, `
		SELECT id, source_id, known
		FROM bank_entry
		WHERE creditor_id = $1 AND source_id = $2 AND returned <> '' AND undoes_id = '' AND on_day >= $3 AND counts
		  AND status = 'booked'
		ORDER BY on_day, id`, s.Creditor, source, from)
	if err != nil || len(waiting) == 0 {
		return err
	}
	for some := range slices.Chunk(waiting, inOne) {
		if err := linkSome(ctx, tx, s, source, some); err != nil {
			return err
		}
	}
	return nil
}

func scanBack(r db.Row) (b back, err error) {
	var text string
	if err := r.Scan(&b.id, &b.source, &text); err != nil {
		return b, err
	}
	b.entry, err = decode(text)
	return b, err
}

func linkSome(ctx context.Context, tx *db.Tx, s creditor.Scope, source string, waiting []back) error {
	amounts := map[int64][]back{}
	for _, w := range waiting {
		amounts[-w.entry.Amount.Minor] = nil
		if f := w.entry.Fees; f.Currency == w.entry.Amount.Currency {
			amounts[-w.entry.Amount.Minor-f.Minor] = nil
		}
	}
	var w db.Where
	w.And("e.creditor_id = ?", s.Creditor)
	w.And("e.source_id = ?", source)
	db.In(&w, "e.amount", slices.Sorted(maps.Keys(amounts)))
	w.And("e.on_day >= ?", waiting[0].entry.On.AddMonths(-undoMonths))
	w.And("e.counts AND e.status = 'booked'")
	w.And("NOT EXISTS (SELECT 1 FROM bank_entry u WHERE u.creditor_id = e.creditor_id AND u.undoes_id = e.id AND u.undoes_id <> '')")
	for c, err := range db.Each(ctx, tx, scanBack, `
		SELECT e.id, e.source_id, e.known
		FROM bank_entry e`+w.SQL()+`
		ORDER BY e.on_day DESC, e.id DESC`, w.Args...) {
		if err != nil {
			return err
		}
		amounts[c.entry.Amount.Minor] = append(amounts[c.entry.Amount.Minor], c)
	}
	taken := map[string]bool{}
	for _, r := range waiting {
		if found := undoneBy(r, amounts, taken); found != "" {
			taken[found] = true
			if _, err := tx.Exec(ctx, `
				UPDATE bank_entry
				SET undoes_id = $3, mark = $4
				WHERE creditor_id = $1 AND id = $2`, s.Creditor, r.id, found, tx.NewID("mrk")); err != nil {
				return err
			}
		}
	}
	return nil
}

// undoneBy is what a return takes back: of the same amount, before it and within
// thirteen months, by a reference that both have, else the newest of the same party,
// else the only one of a reversal's day.
func undoneBy(r back, amounts map[int64][]back, taken map[string]bool) string {
	var best string
	most := 0
	list := amounts[-r.entry.Amount.Minor]
	if f := r.entry.Fees; f.Currency == r.entry.Amount.Currency {
		list = append(slices.Clone(list), amounts[-r.entry.Amount.Minor-f.Minor]...)
	}
	for _, c := range list {
		if taken[c.id] || c.id == r.id || c.entry.On > r.entry.On || c.entry.On < r.entry.On.AddMonths(-undoMonths) ||
			c.entry.Amount.Currency != r.entry.Amount.Currency || returned(&c.entry) != "" {
			continue
		}
		if score := undoes(&r.entry, &c.entry); score > most {
			best, most = c.id, score
		}
	}
	return best
}

// undoes is how much speaks for a return's taking back an entry.
func undoes(r, e *Entry) int {
	same := func(x, y string) bool { return x != "" && x == y }
	switch {
	case same(reference(r.EndToEnd), reference(e.EndToEnd)), same(reference(r.BankRef), reference(e.BankRef)):
		return 4
	case contradicts(r, e):
		return 0
	case same(compact(r.Mandate), compact(e.Mandate)):
		return 3
	case same(compact(r.Party.IBAN), compact(e.Party.IBAN)),
		r.Party.Name != "" && e.Party.Name != "" && alike(words(r.Party.Name), words(e.Party.Name)):
		return 2
	case r.Means != "" && r.Means != Other && r.Means == e.Means && sharesNumber(r, e):
		return 1
	}
	return 0
}

// sharesNumber tells whether both texts have a number in common: that of a cheque,
// of a card payment, of a remittance.
func sharesNumber(r, e *Entry) bool {
	const least = 5
	numbers := map[string]bool{}
	for _, w := range words(r.Label + " " + joined(r.Texts)) {
		if len(w) >= least && allDigits(w) {
			numbers[w] = true
		}
	}
	return slices.ContainsFunc(words(e.Label+" "+joined(e.Texts)), func(w string) bool { return numbers[w] })
}

func joined(texts []string) (all string) {
	for _, t := range texts {
		all += " " + t
	}
	return all
}
