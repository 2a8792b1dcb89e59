package bank

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// richness orders formats by how much they tell; those that are not named tell
// least.
var richness = map[string]int{"camt": 5, "mt940": 4, "cfonb120": 3, "ofx": 2}

// know is what is known of one movement from all that was said of it, in whatever
// order: the richest says it, the others fill in what it left out. What contradicts
// it is about somebody else's payment of the same amount and is left aside.
func know(records []record) Entry {
	if len(records) == 1 {
		return records[0].entry
	}
	order := make([]*record, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	slices.SortFunc(order, byRichness)
	e := order[0].entry
	e.Texts, e.Structured = slices.Clone(e.Texts), slices.Clone(e.Structured)
	for _, r := range order[1:] {
		if !contradicts(&e, &r.entry) {
			complete(&e, &r.entry)
		}
	}
	return e
}

// byRichness puts first what is booked, then what tells most.
func byRichness(x, y *record) int {
	pending := func(r *record) int {
		if r.entry.Status == IsPending {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(pending(x), pending(y)),
		cmp.Compare(richness[y.format], richness[x.format]),
		cmp.Compare(weight(&y.entry), weight(&x.entry)),
		cmp.Compare(x.entry.On, y.entry.On),
		strings.Compare(x.hash, y.hash),
	)
}

// weight is how many of the things that identify a payment an entry tells.
func weight(e *Entry) (n int) {
	for _, s := range [...]string{e.EndToEnd, e.Mandate, e.BankRef, e.Party.Name, e.Party.IBAN, e.Ultimate.Name} {
		if s != "" {
			n += 8
		}
	}
	if e.Return != nil {
		n += 8
	}
	return n + len(e.Structured)*4 + len(e.Texts)
}

// complete fills what is missing in an entry with what another record says.
func complete(e, by *Entry) {
	if e.Value == 0 {
		e.Value = by.Value
	}
	if e.Means == "" || e.Means == Other && by.Means != "" {
		e.Means = by.Means
	}
	for _, f := range [...]struct {
		to *string
		by string
	}{
		{&e.Code, by.Code},
		{&e.Label, by.Label},
		{&e.EndToEnd, by.EndToEnd},
		{&e.Mandate, by.Mandate},
		{&e.BankRef, by.BankRef},
		{&e.Party.Name, by.Party.Name},
		{&e.Party.IBAN, by.Party.IBAN},
		{&e.Party.BIC, by.Party.BIC},
		{&e.Party.ID, by.Party.ID},
		{&e.Ultimate.Name, by.Ultimate.Name},
		{&e.Ultimate.IBAN, by.Ultimate.IBAN},
		{&e.Ultimate.BIC, by.Ultimate.BIC},
		{&e.Ultimate.ID, by.Ultimate.ID},
	} {
		if *f.to == "" {
			*f.to = f.by
		}
	}
	if e.Batch == "" && e.Part == 0 {
		e.Batch, e.Part = by.Batch, by.Part
	}
	e.Reversal = e.Reversal || by.Reversal
	e.Return = fuller(e.Return, by.Return)
	if e.Fees == (money.Amount{}) {
		e.Fees = by.Fees
	}
	if e.Original == (money.Amount{}) {
		e.Original = by.Original
	}
	e.Texts = joinTexts(e.Texts, by.Texts)
	e.Structured = joinTexts(e.Structured, by.Structured)
}

func fuller(a, b *Return) *Return {
	switch {
	case a == nil:
		return b
	case b == nil || a.Code != "" && a.Text != "":
		return a
	}
	both := *a
	fill(&both.Code, b.Code)
	fill(&both.Text, b.Text)
	return &both
}

// joinTexts adds the texts of which nothing is known yet.
func joinTexts(all, more []string) []string {
	for _, t := range more {
		if !said1(all, t) {
			all = append(all, t)
		}
	}
	return all
}

func said1(all []string, t string) bool {
	p := plain(t)
	return p == "" || slices.ContainsFunc(all, func(s string) bool { return strings.Contains(plain(s), p) })
}

// plain is a text without accents, signs and gaps, to be compared.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r = fold(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// contradicts tells whether two records cannot be about one payment: they name
// different references or different people.
func contradicts(a, b *Entry) bool {
	differ := func(x, y string) bool { return x != "" && y != "" && x != y }
	if differ(reference(a.EndToEnd), reference(b.EndToEnd)) || differ(compact(a.Mandate), compact(b.Mandate)) ||
		differ(compact(a.Party.IBAN), compact(b.Party.IBAN)) {
		return true
	}
	return a.Party.Name != "" && b.Party.Name != "" && !alike(words(a.Party.Name), words(b.Party.Name))
}

// empty references, as banks write them.
var unsaidRefs = map[string]bool{
	"NOTPROVIDED": true, "NONREF": true, "NONE": true, "NA": true, "NOREF": true, "UNKNOWN": true,
	"NP": true, "REF": true,
}

// reference is one that can be compared; empty when it is none.
func reference(s string) string {
	v := compact(s)
	if len(v) < 3 || unsaidRefs[v] || strings.Trim(v, "0") == "" {
		return ""
	}
	return v
}

// words are those of a text that tell something.
func words(s string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(strings.Map(fold, s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), func(w string) bool { return len(w) < 3 })
}

// alike tells whether two texts share a word, a cut one included: labels end after
// some thirty characters. Texts without words are like any other.
func alike(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return shared(a, b) > 0
}

// shared counts the words that two texts have in common.
func shared(a, b []string) (n int) {
	for _, x := range a {
		for _, y := range b {
			const cut = 5
			if x == y || len(x) >= cut && strings.HasPrefix(y, x) || len(y) >= cut && strings.HasPrefix(x, y) {
				n++
				break
			}
		}
	}
	return n
}

// between tells whether a day lies in a span of days.
func between(on, from, to cal.Date) bool { return from <= on && on <= to }
