package i18n

import (
	"bytes"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// SortBy puts list in the order of its names as a dictionary of l has them: small
// and capital letters and accents together, numbers by their value. Equal names
// keep their order.
func SortBy[T any](l Lang, list []T, name func(T) string) {
	tag := language.French
	if l == EN {
		tag = language.BritishEnglish
	}
	type keyed struct {
		key  []byte
		item T
	}
	collator, buffer := collate.New(tag, collate.Numeric), new(collate.Buffer)
	all := make([]keyed, len(list))
	for i, item := range list {
		all[i] = keyed{key: collator.KeyFromString(buffer, name(item)), item: item}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return bytes.Compare(a.key, b.key) })
	for i, k := range all {
		list[i] = k.item
	}
}
