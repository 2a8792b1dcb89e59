package cash

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"acquit/internal/bank"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/match"
)

// The kinds of names by which payers are known again.
const (
	byIBAN    = "iban:"
	byName    = "name:"
	byMandate = "mandate:"
)

// shortest is how many letters a name must have to be worth remembering: « VIR »
// names nobody.
const shortest = 5

// keys are what names the payer of an entry: its account, its name, its mandate.
func keys(e bank.Entry) []string {
	var list []string
	for _, p := range []bank.Party{e.Party, e.Ultimate} {
		if iban := squeeze(p.IBAN); iban != "" {
			list = append(list, byIBAN+iban)
		}
		if name := plain(p.Name); len(name) >= shortest {
			list = append(list, byName+name)
		}
	}
	if m := squeeze(e.Mandate); m != "" {
		list = append(list, byMandate+m)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// squeeze leaves letters and digits, in capitals.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// plain is a name in capitals with single spaces, as banks write them.
func plain(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), " ")) }

// remembered is a name of a payer beside a customer.
type remembered struct{ key, customer string }

// learn remembers, or with -1 forgets, that the payers of entries have paid for
// their customers.
func learn(ctx context.Context, tx *db.Tx, s creditor.Scope, by int64, list ...*booking) error {
	times := map[remembered]int64{}
	for _, k := range list {
		for _, key := range keys(k.entry.Entry) {
			for _, c := range k.customers {
				times[remembered{key, c}] += by
			}
		}
	}
	if len(times) == 0 {
		return nil
	}
	if err := addKnown(ctx, tx, s, times); err != nil {
		return err
	}
	order := slices.SortedFunc(maps.Keys(times), func(a, b remembered) int {
		return strings.Compare(a.key+"\x00"+a.customer, b.key+"\x00"+b.customer)
	})
	_, err := tx.Load(ctx, db.Load{
		Table: "cash_memory", Columns: []string{"creditor_id", "key", "customer_id", "times"},
		Key: []string{"creditor_id", "key", "customer_id"}, Update: []string{"times"},
		Rows: func(yield func([]any) bool) {
			for _, m := range order {
				if !yield([]any{s.Creditor, m.key, m.customer, max(times[m], 0)}) {
					return
				}
			}
		},
	})
	if err != nil || by > 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		DELETE FROM cash_memory
		WHERE creditor_id = $1 AND times <= 0`, s.Creditor)
	return err
}

// addKnown adds what is remembered already.
func addKnown(ctx context.Context, tx *db.Tx, s creditor.Scope, times map[remembered]int64) error {
	var names []string
	for m := range times {
		names = append(names, m.key)
	}
	slices.Sort(names)
	type known struct {
		remembered
		times int64
	}
	for some := range slices.Chunk(slices.Compact(names), 500) {
		var w db.Where
		w.And("creditor_id = ?", s.Creditor)
		db.In(&w, "key", some)
		list, err := db.All(ctx, tx, func(r db.Row) (k known, err error) {
			return k, r.Scan(&k.key, &k.customer, &k.times)
		}, `
			SELECT key, customer_id, times
			FROM cash_memory`+w.SQL(), w.Args...)
		if err != nil {
			return err
		}
		for _, k := range list {
			if _, asked := times[k.remembered]; asked {
				times[k.remembered] += k.times
			}
		}
	}
	return nil
}

// memories are the payers known from before, and the mandates by customer.
func memories(
	ctx context.Context, tx *db.Tx, s creditor.Scope,
) (list []match.Memory, mandates map[string][]string, err error) {
	mandates = map[string][]string{}
	type known struct {
		remembered
		times int64
	}
	for m, err := range db.Each(ctx, tx, func(r db.Row) (m known, err error) {
		return m, r.Scan(&m.key, &m.customer, &m.times)
	}, `
		SELECT key, customer_id, times
		FROM cash_memory
		WHERE creditor_id = $1
		ORDER BY key, customer_id`, s.Creditor) {
		if err != nil {
			return nil, nil, err
		}
		name, isName := strings.CutPrefix(m.key, byName)
		iban, isIBAN := strings.CutPrefix(m.key, byIBAN)
		switch {
		case isName:
			list = append(list, match.Memory{Customer: m.customer, Name: name, Times: int(m.times)})
		case isIBAN:
			list = append(list, match.Memory{Customer: m.customer, IBAN: iban, Times: int(m.times)})
		default:
			mandates[m.customer] = append(mandates[m.customer], strings.TrimPrefix(m.key, byMandate))
		}
	}
	return list, mandates, nil
}
