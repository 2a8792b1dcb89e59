package message

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/money"
)

var (
	update = flag.Bool("update", false, "write the golden files")
	mails  = flag.String("mails", "", "write every message into this folder, to be looked at")
)

func library(t testing.TB) *Library {
	t.Helper()
	lib, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// before is the facts some days before anything is due.
func (f Facts) before() Facts {
	f.Today = f.Claimed[0].Due.Add(-5)
	f.Claimed = slices.Clone(f.Claimed)
	for i := range f.Claimed {
		f.Claimed[i].Days = f.Today.Sub(f.Claimed[i].Due)
	}
	f.Coming, f.Earlier, f.Broken, f.Interest, f.Deadline = nil, nil, nil, nil, 0
	return f
}

// hole is what a sentence looks like when something was missing in it.
var hole = regexp.MustCompile(`<no value>|%!|\{\{|\x02|\x03|\x1e| [.,]|\(\)|,\s*,|: *:|  \S+  `)

func TestEveryShippedTemplateSpeaksWithAllFactsAndWithHardlyAny(t *testing.T) {
	t.Parallel()
	lib := library(t)
	for _, v := range lib.List() {
		for _, to := range v.Audiences {
			example := Example(v.Language, to)
			if strings.HasPrefix(v.Name, "rappel") {
				example = example.before()
			}
			for name, f := range map[string]Facts{"full": example, "bare": example.bare()} {
				what := strings.Join([]string{v.Language, v.Name, string(v.Tone), string(to), name}, ".")
				r, err := lib.Render(f, v.Name, v.Tone)
				if err != nil {
					t.Errorf("%s: %v", what, err)
					continue
				}
				if *mails != "" {
					show(t, what, r)
				}
				for _, p := range r.Parts {
					for _, l := range p.Paragraph {
						if found := hole.FindString(plain(l)); found != "" {
							t.Errorf("%s: %q in %q", what, found, plain(l))
						}
					}
				}
				if r.Tone != v.Tone || r.Language != v.Language {
					t.Errorf("%s was answered by %s in %s", what, r.Tone, r.Language)
				}
				if !strings.Contains(r.Text, "F2026-0871") || !strings.Contains(r.HTML, "F2026-0871") {
					t.Errorf("%s does not name the invoice", what)
				}
			}
		}
	}
}

func show(t *testing.T, name string, r Rendered) {
	t.Helper()
	for ext, content := range map[string]string{".html": r.HTML, ".txt": r.Subject + "\n\n" + r.Text} {
		if err := os.WriteFile(filepath.Join(*mails, name+ext), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMessagesReadAsBefore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, template string
		tone           Tone
		facts          Facts
	}{
		{"fr-relance-2", "relance-2", Neutral, Example("fr", Business)},
		{"en-relance-3", "relance-3", Firm, Example("en", Business)},
		{"fr-particulier", "relance-1", Neutral, Example("fr", Consumer).bare()},
	} {
		r, err := library(t).Render(c.facts, c.template, c.tone)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, c.name+".txt", r.Subject+"\n\n"+r.Text)
		golden(t, c.name+".html", r.HTML)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update writes it anew):\n%s", name, diff)
	}
}

func TestTheSameFactsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	f := Example("fr", Business)
	first, err := library(t).Render(f, "relance-3", Firm)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(f.Earlier)
	again, err := library(t).Render(f, "relance-3", Firm)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
}

func TestFactsCannotSmuggleAnythingIn(t *testing.T) {
	t.Parallel()
	evil := "Évil\r\nBcc: a@b.example\x1epayment\x1e\x02<script>alert(1)</script>\u202e{{total}}"
	f := Example("fr", Business)
	f.Customer.Name, f.Contact.Last, f.Reference, f.Collector.Title = evil, evil, evil, evil
	f.Claimed[0].Number, f.Collector.Phone = evil, `"><script>`
	for _, name := range []string{"relance-1", "mise-en-demeure"} {
		r, err := library(t).Render(f, name, Neutral)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(r.Subject, "\r\n\x02\x1e\u202e") {
			t.Errorf("the subject holds what it may not: %q", r.Subject)
		}
		if strings.ContainsAny(r.Text+r.HTML, "\r\x02\x03\x1e\u202e") || strings.Contains(r.Text, "\nBcc:") {
			t.Error("a control character of a fact reached the message")
		}
		if strings.Contains(r.HTML, "<script") {
			t.Error("a fact was not escaped")
		}
		if !strings.Contains(r.Text, "{{total}}") {
			t.Error("a fact was taken for an instruction")
		}
	}
}

func TestAmountsThatDoNotAddUpStopTheMessage(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Facts){
		"total":            func(f *Facts) { f.Total.Minor++ },
		"credits":          func(f *Facts) { f.Credits.Minor = -f.Credits.Minor },
		"another currency": func(f *Facts) { f.Claimed[1].Claimed.Currency = "USD" },
		"coming, too":      func(f *Facts) { f.Coming[0].Total.Currency = "USD" },
		"no invoice":       func(f *Facts) { f.Claimed = nil },
		"no due date":      func(f *Facts) { f.Claimed[0].Due = 0 },
	} {
		f := Example("fr", Business)
		spoil(&f)
		if _, err := library(t).Render(f, "relance-1", Neutral); err == nil {
			t.Errorf("%s: a message was written", name)
		}
	}
}

func TestAHundredInvoicesFitAndStillAddUp(t *testing.T) {
	t.Parallel()
	f := Example("fr", Business).bare()
	f.Claimed, f.Total = nil, money.Zero(money.EUR)
	for i := range 3000 {
		amount := money.New(int64(1000+i), money.EUR)
		f.Claimed = append(f.Claimed, Line{
			Number: fmt.Sprintf("F%06d", i), Due: cal.Must("2026-10-01"), Issued: cal.Must("2026-09-01"),
			Total: amount, Claimed: amount, Days: 53,
		})
		f.Total = f.Total.Add(amount)
	}
	r, err := library(t).Render(f, "relance-1", Neutral)
	if err != nil {
		t.Fatal(err)
	}
	const gmailCuts = 102_000
	if len(r.HTML) > gmailCuts {
		t.Errorf("the page has %d bytes: Gmail would cut it", len(r.HTML))
	}
	table := f.claimedTable(&french)
	if len(table.Rows) != maxLines || !strings.Contains(table.Rows[maxLines-1].Number, "2961 autres") {
		t.Errorf("%d rows, the last is %+v", len(table.Rows), table.Rows[len(table.Rows)-1])
	}
	shown := sum(f.Claimed[:maxLines-1])
	if rest := f.Total.Sub(shown).Format("fr"); table.Rows[maxLines-1].Amount != rest {
		t.Errorf("the last row says %s, the others leave %s", table.Rows[maxLines-1].Amount, rest)
	}
	want := "Factures F000000, F000001 et 2998 autres : règlement attendu"
	if strings.ReplaceAll(r.Subject, noBreak, " ") != want {
		t.Errorf("subject %q, want %q", r.Subject, want)
	}
	if len(r.Warnings) == 0 {
		t.Error("nobody is told that the table was cut")
	}
}

func TestAConsumerIsNeverToldOfProfessionalLaw(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"l’article L. 441-10 du code de commerce", "article L441-10", "l’indemnité forfaitaire de 40 €",
		"selon l’article D.441-5",
	} {
		lib := library(t).With(Document{Name: "maison", Tone: Neutral, Language: "fr", Subject: "x", Body: words})
		if _, err := lib.Render(Example("fr", Consumer), "maison", Neutral); err == nil {
			t.Errorf("%q went to a consumer", words)
		}
		if _, err := lib.Render(Example("fr", Business), "maison", Neutral); err != nil {
			t.Errorf("%q did not go to a business: %v", words, err)
		}
	}
	if _, _, err := library(t).Find("relance-2", Firm, "fr", Consumer); err != nil {
		t.Error(err)
	}
}

func TestTheViewIsTheCatalogue(t *testing.T) {
	t.Parallel()
	v := Example("fr", Business).view(&french)
	var got []string
	for name, value := range v {
		got = append(got, name)
		if fields, ok := value.(item); ok {
			for field := range fields {
				got = append(got, name+"."+field)
			}
		}
	}
	want := variableNames()
	want = append(want, []string{"table", "list"}...)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("catalogue and view (-catalogue +view):\n%s", diff)
	}
}
