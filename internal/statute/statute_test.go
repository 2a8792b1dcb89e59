package statute_test

import (
	"context"
	"strings"
	"testing"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
	"acquit/internal/statute"
)

func ecbRate(value, from string) statute.Change {
	return statute.Change{Checked: true, Figure: fr.Figure{
		Key: "ecb_rate", Value: value, From: cal.Must(from),
		Fact: fr.Fact{Source: "BCE, 1er janvier 2027", Read: cal.Must("2027-01-04")},
	}}
}

func set(b *agreementtest.Books, c statute.Change) error {
	return b.Try(func(ctx context.Context, tx *db.Tx) error { return statute.Set(ctx, tx, b.Scope, &c) })
}

func rate(b *agreementtest.Books, s creditor.Scope) (text string) {
	b.Read(func(ctx context.Context, tx *db.Tx) error {
		law, err := statute.Load(ctx, tx, s)
		if err != nil {
			return err
		}
		r, err := law.DefaultRate(cal.Must("2027-02-01"))
		text = r.Percent()
		if err != nil {
			text = err.Error()
		}
		return nil
	})
	return text
}

func TestACompanyHasItsOwnFiguresAndKeepsWhatTheyReplaced(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		if got := rate(b, b.Scope); !strings.Contains(got, "2027-S1") || !strings.Contains(got, "acquit law set ecb_rate") {
			t.Errorf("a missing semester must be named, with where to add it: %s", got)
		}
		for _, c := range []statute.Change{ecbRate("240", "2027-01-01"), ecbRate("265", "2027-02-11")} {
			if err := set(b, c); err != nil {
				t.Fatal(err)
			}
		}
		if got := rate(b, b.Scope); got != "12.65" {
			t.Errorf("the later value of a semester: %s", got)
		}
		if got := rate(b, creditor.System("crd_other")); !strings.Contains(got, "2027-S1") {
			t.Errorf("another company has our figures: %s", got)
		}
		if err := set(b, ecbRate("265", "2027-01-01")); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the same again: %v", err)
		}
		back := ecbRate("", "2027-01-01")
		back.Source, back.Read = "", 0
		if err := set(b, back); err != nil {
			t.Fatal(err)
		}
		if got := rate(b, b.Scope); !strings.Contains(got, "2027-S1") {
			t.Errorf("what was taken back still counts: %s", got)
		}
		b.Read(func(ctx context.Context, tx *db.Tx) error {
			all, err := statute.Changes(ctx, tx, b.Scope)
			if len(all) != 3 || all[0].Value != "240" || all[0].By == "" || all[2].Value != "" {
				t.Errorf("what was in use: %+v", all)
			}
			return err
		})
	})
}

func TestFiguresNeedARightASourceAndADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := agreementtest.New(t, d)
		for name, x := range map[string]struct {
			change func(*statute.Change)
			says   string
		}{
			"no source": {func(c *statute.Change) { c.Source = " " }, "source"},
			"no day":    {func(c *statute.Change) { c.Read = 0 }, "jour"},
			"unknown":   {func(c *statute.Change) { c.Key = "ecb_rat" }, "ecb_rat"},
			"restore":   {func(c *statute.Change) { c.Value = "" }, "rien à rétablir"},
		} {
			c := ecbRate("265", "2027-01-01")
			x.change(&c)
			if err := set(b, c); err == nil || !strings.Contains(err.Error(), x.says) {
				t.Errorf("%s: %v", name, err)
			}
		}
		err := b.Try(func(ctx context.Context, tx *db.Tx) error {
			s, c := b.Scope, ecbRate("265", "2027-01-01")
			s.Rights = creditor.Work
			return statute.Set(ctx, tx, s, &c)
		})
		if fault.KindOf(err) != fault.KindDenied {
			t.Errorf("without the right: %v", err)
		}
	})
}

func TestValuesAreReadAsTheyAreShown(t *testing.T) {
	t.Parallel()
	law, err := fr.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range law.Figures() {
		for _, l := range []i18n.Lang{i18n.FR, i18n.EN} {
			shown := statute.Show(f, l)
			if f.Unit == "date" {
				shown = f.Value
			}
			if got, err := statute.Read(strings.ReplaceAll(shown, "\u00a0", " "), f.Unit); err != nil || got != f.Value {
				t.Errorf("%s: %q reads as %q, %v; want %q", f.Key, shown, got, err, f.Value)
			}
		}
	}
	for text, unit := range map[string]string{"2,655": "bp", "-3": "days", "deux": "x", "": "bp", "peut-être": "bool", "-1": "cents"} {
		if got, err := statute.Read(text, unit); err == nil {
			t.Errorf("%q in %s was read as %s", text, unit, got)
		}
	}
}
