package web_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"acquit/internal/bank"
	"acquit/internal/web/webtest"
)

// The list of bank entries is sorted by its heads and narrowed down in its address,
// page by page, and its file holds what it shows.
func TestBankEntriesAreSortedAndNarrowedDown(t *testing.T) {
	t.Parallel()
	s := proposing(t)
	var entries []*bank.Entry
	for i := range 120 {
		cents := int64(i*37%120)*100 + 1000
		entries = append(entries, webtest.Paid(fmt.Sprintf("2026-11-%02d", 1+i%20), cents, fmt.Sprintf("PAYEUR %03d", i*53%120), fmt.Sprintf("N%d", i)))
	}
	s.Statement(t, entries...)
	s.Match(t)
	c := signIn(t, s)
	page := func(path string) string {
		t.Helper()
		a := get(t, c, s.URL+path)
		if a.status != http.StatusOK {
			t.Fatalf("%s: got %d\n%s", path, a.status, s.Logged())
		}
		return a.body
	}
	// all reads a list to its end, and gives what a pattern finds on its pages.
	all := func(path, pattern string) (found []string) {
		t.Helper()
		for path != "" {
			body := page(path)
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(body, -1) {
				found = append(found, html.UnescapeString(m[1]))
			}
			next := regexp.MustCompile(`<a href="([^"]+)">Suite</a>`).FindStringSubmatch(body)
			if path = ""; next != nil {
				path = html.UnescapeString(next[1])
			}
		}
		return found
	}
	const payer, day = `>(PAYEUR \d+)</a>`, `<td class="nowrap opt">([^<]+)</td>`
	if days := all("/banque/ecritures", day); len(days) != 120 || !strings.HasPrefix(days[0], "20") {
		t.Errorf("by day, the newest first: %d, %v", len(days), days[:min(3, len(days))])
	}
	const byPayer = "/banque/ecritures?etat=open&ordre=croissant&tri=tiers"
	if !strings.Contains(page("/banque/ecritures?etat=open"), `href="`+html.EscapeString(byPayer)+`"`) {
		t.Error("the head of the payers does not sort by them")
	}
	names := all(byPayer, payer)
	if len(names) != 120 || !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != 120 {
		t.Errorf("by payer: %d, sorted %v", len(names), slices.IsSorted(names))
	}
	if few := all("/banque/ecritures?tri=montant&ordre=croissant&min=20,00&max=29,00", payer); len(few) != 10 {
		t.Errorf("from 20,00 to 29,00: %v", few)
	}
	if body := page("/banque/ecritures?min=douze"); !strings.Contains(body, "Ce montant ne se lit pas") {
		t.Error("an amount that is none: the page does not say so")
	}
	file := page("/banque/fichier/ecritures.csv?tri=montant&ordre=croissant&min=20,00&max=29,00")
	if n := strings.Count(file, "PAYEUR"); n != 10 {
		t.Errorf("the file has %d entries, want 10", n)
	}
	if a := get(t, c, s.URL+"/banque/ecritures?tri=montant&apres=ent_x,douze"); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
		t.Errorf("a place that is none: got %d", a.status)
	}
}
