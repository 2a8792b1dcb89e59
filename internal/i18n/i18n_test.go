package i18n

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/money"
)

var invoice = Noun{One: Words{"facture", "invoice"}, Many: Words{"factures", "invoices"}}

func TestCountsFollowTheRulesOfTheLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n      int
		fr, en string
	}{
		{0, "0\u00a0facture", "0\u00a0invoices"},
		{1, "1\u00a0facture", "1\u00a0invoice"},
		{2, "2\u00a0factures", "2\u00a0invoices"},
		{-1, "−1\u00a0facture", "−1\u00a0invoice"},
		{1234567, "1\u202f234\u202f567\u00a0factures", "1,234,567\u00a0invoices"},
		{-123, "−123\u00a0factures", "−123\u00a0invoices"},
	} {
		got := []string{invoice.Count(FR, c.n), invoice.Count(EN, c.n)}
		if diff := cmp.Diff([]string{c.fr, c.en}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRanks(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][2]string{
		1: {"1er", "1st"}, 2: {"2e", "2nd"}, 3: {"3e", "3rd"}, 11: {"11e", "11th"}, 12: {"12e", "12th"},
		21:  {"21e", "21st"},
		113: {"113e", "113th"},
	} {
		if got := [2]string{FR.Ordinal(n), EN.Ordinal(n)}; got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestWordsAndValuesInEachLanguage(t *testing.T) {
	t.Parallel()
	late := Words{"%s en retard depuis le %s", "%s late since %s"}
	a, d := money.New(123450, money.EUR), cal.Must("2026-12-01")
	got := []string{
		late.Format(FR, FR.Amount(a), FR.LongDate(d)), late.Format(EN, EN.Amount(a), EN.Date(d)),
		FR.Decimal("79.08"), EN.Decimal("79.08"),
	}
	want := []string{
		"1\u202f234,50\u00a0€ en retard depuis le 1er décembre 2026", "€1,234.50 late since 1 Dec 2026",
		"79,08", "79.08",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLanguagesAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Lang{"": FR, "fr": FR, "FR_be": FR, "en": EN, "en-GB": EN, "de": ""} {
		if got, err := Parse(text); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
	}
}
