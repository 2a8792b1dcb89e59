package cal

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/fault"
)

func TestDueDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id, term string
		method   Method
		from     string
		want     string
	}{
		{"DUE-02", "30 jours nets", MethodA, "2026-11-22", "2026-12-22"},
		{"DUE-04", "60 jours nets", MethodA, "2026-11-15", "2027-01-14"},
		{"DUE-06", "45 j FDM", MethodB, "2026-01-15", "2026-03-17"},
		{"DUE-08", "45 j FDM", MethodB, "2026-04-10", "2026-06-14"},
		{"DUE-10", "45 j FDM", MethodB, "2026-11-16", "2027-01-14"},
		{"DUE-12", "45 j FDM", MethodB, "2026-11-17", "2027-01-14"},
		{"DUE-14", "45 j FDM", MethodB, "2024-01-15", "2024-03-16"},
		{"DUE-16", "30 j FDM", MethodB, "2026-01-31", "2026-03-02"},
		{"DUE-18", "30 jours = 1 mois, FDM", MethodA, "2026-01-31", "2026-02-28"},
		{"DUE-20", "45 jours", MethodA, "2026-06-30", "2026-08-14"},
		{"DUE-22", "30 jours après livraison", MethodA, "2026-05-14", "2026-06-13"},
		{"DUE-24", "30 jours fin de décade de livraison", MethodA, "2026-05-25", "2026-06-30"},
		{"DUE-26", "20 jours après livraison", MethodA, "2026-05-14", "2026-06-03"},
		{"DUE-28", "30 jours date de facture", MethodA, "2026-11-05", "2026-12-05"},
		{"DUE-30", "50 jours à compter de la réception", MethodA, "2026-11-02", "2026-12-22"},
		{"A by default", "45 jours fin de mois", "", "2026-01-15", "2026-03-31"},
		{"A", "45 jours fin de mois", MethodA, "2026-11-16", "2026-12-31"},
		{"A, a day later", "45 jours fin de mois", MethodA, "2026-11-17", "2027-01-31"},
		{"A, leap year", "45 jours fin de mois", MethodA, "2024-01-15", "2024-02-29"},
		{"B in words", "fin de mois 45 jours", MethodA, "2026-01-15", "2026-03-17"},
		{"the ceiling of 17 March", "45 jours fin de mois", MethodA, "2026-03-17", "2026-05-31"},
		{"end of month le 10", "30 jours fin de mois le 10", MethodA, "2026-11-22", "2027-01-10"},
		{"end of month le 10, B", "30 jours fin de mois le 10", MethodB, "2026-11-22", "2027-01-10"},
		{"45 days B le 15", "45 jours fin de mois le 15", MethodB, "2026-01-15", "2026-04-15"},
		{"le 31 in a short month", "30 jours le 31", MethodA, "2026-01-10", "2026-02-28"},
		{"le 10 or le 25", "30 jours le 10 et le 25", MethodA, "2026-11-12", "2026-12-25"},
		{"end of this month", "fin de mois", MethodB, "2026-11-22", "2026-11-30"},
		{"end of next month", "fin du mois suivant", MethodA, "2026-01-31", "2026-02-28"},
		{"10th of next month", "le 10 du mois suivant", MethodA, "2026-11-05", "2026-12-10"},
		{"months keep their day", "2 mois", MethodA, "2025-12-31", "2026-02-28"},
		{"30 days as a month", "60 jours (30 jours = 1 mois)", MethodA, "2025-12-31", "2026-02-28"},
		{"first ten days", "30 jours fin de décade", MethodA, "2026-11-10", "2026-12-10"},
		{"second ten days", "30 jours fin de décade", MethodA, "2026-11-11", "2026-12-20"},
		{"at once", "comptant", MethodA, "2026-11-22", "2026-11-22"},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
			continue
		}
		if c.method != "" {
			term = term.WithMethod(c.method)
		}
		if got := term.Due(Must(c.from)).String(); got != c.want {
			t.Errorf("%s, %q %s from %s: got %s, want %s", c.id, c.term, c.method, c.from, got, c.want)
		}
	}
}

func TestTermsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for want, texts := range map[string][]string{
		"30 jours nets": {
			"30 jours nets", "30 j net", "à 30 jours", "30J", "30 jours", "30", "net 30", "Net 30 days",
			"30 days", "n30",
			"30 jours date de facture", "30 jours D.F.",
			"30 jours à compter de la date d’émission de la facture", "J+30",
			"Paiement à 30 jours", "virement 30 jours", "within 30 days", "30 days from invoice date", "trente jours",
			"30 jours calendaires", "Délai de paiement : 30 jours", "payment due in 30 days",
			"30 jours nets date de facture",
		},
		"45 jours fin de mois": {
			"45 jours fin de mois", "45 jours FDM", "45j fdm", "45 JFDM", "45 fin de mois",
			"45 days end of month", "45 EOM",
			"quarante-cinq jours fin de mois", "45 jours, fin de mois", "45 jours date de facture fin de mois",
		},
		"45 jours + fin de mois": {
			"45 jours puis fin de mois", "date de facture + 45 jours + fin du mois", "45 jours fin de mois méthode A",
		},
		"fin de mois + 45 jours": {
			"fin de mois 45 jours", "FDM + 45 j", "date de facture + fin du mois + 45 jours",
			"45 jours après fin de mois",
			"45 jours à compter de la fin du mois", "45 days from end of month", "45 jours fin de mois (méthode B)",
			"45 jours suivant la fin du mois",
		},
		"45 jours fin de mois le 10": {
			"45j fdm le 10", "45 jours fin de mois le 10 du mois suivant", "45 FDM 10", "45 jours fin de mois + 10 jours",
		},
		"60 jours nets": {"60 days", "60 jours nets", "soixante jours"},
		"2 mois":        {"2 mois", "2 months"},
		"comptant": {
			"comptant", "paiement comptant", "cash", "immédiat", "0 jour", "au comptant", "à vue",
		},
		"à réception": {
			"à réception", "due on receipt", "à réception de facture", "paiement à réception",
		},
		"à la livraison":         {"à la livraison", "on delivery", "cash on delivery"},
		"fin de mois":            {"fin de mois", "FDM", "end of month", "à fin de mois"},
		"30 jours fin de décade": {"30 jours fin de décade", "30 j. fin de décade", "fin de décade 30 jours"},
		"fin de mois le 10":      {"fin de mois le 10", "le 10 du mois suivant", "10th of the following month"},
		"1 mois + fin de mois":   {"fin du mois suivant", "end of next month", "1 mois puis fin de mois"},
		"30 jours à compter de la réception": {
			"30 jours à réception de facture", "30 days after receipt of invoice",
			"30 jours suivant la réception de la facture",
		},
		"30 jours le 10 et le 25": {
			"30 jours le 10 et le 25", "30 jours les 25 et 10", "30 days on the 10th and 25th",
		},
		"30 jours fin de mois (30 jours = 1 mois)": {
			"30 jours = 1 mois FDM", "30 jours fin de mois (30 jours = 1 mois)",
		},
		"15 jours nets": {"sous quinzaine", "15 jours"},
		"14 jours nets": {"2 semaines", "2 weeks"},
		"1 mois et 15 jours à compter de la livraison": {"1 mois et 15 jours à compter de la livraison"},
	} {
		for _, text := range texts {
			got, err := ParseTerm(text)
			if err != nil || got.String() != want {
				t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
			}
		}
	}
}

func TestTermsThatAreNotClearAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "bientôt", "30 jours ouvrés", "30 jours ou 45 jours", "30 jours 45 jours",
		"30 jours fin de mois fin de mois",
		"le 32", "9999 jours", "99 mois", "jours", "2/10 net 30", "30 jours = 2 mois", "à", "+", "le 1 le 2 le 3 le 4",
		"30 jours livraison réception", "99999999999999999999 jours", "30 jours fin de mois suivant", "30.5 jours",
		strings.Repeat("30 jours ", 100),
	} {
		if got, err := ParseTerm(text); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q: got %q, %v; want it refused", text, got, err)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		term   string
		method Method
		lang   string
		want   string
	}{
		{"45 jours fin de mois", MethodA, "fr", "45 jours fin de mois, méthode A\u00a0: " +
			"fin du mois de (date de facture + 45 jours)"},
		{"45 jours fin de mois", MethodB, "fr", "45 jours fin de mois, méthode B\u00a0: " +
			"(fin du mois de la date de facture) + 45 jours"},
		{"45 jours fin de mois", MethodA, "en", "45 days end of month, method A: " +
			"end of the month of (invoice date + 45 days)"},
		{"30 jours", MethodA, "fr", "30 jours\u00a0: date de facture + 30 jours"},
		{"30 jours fin de mois le 10", MethodA, "fr", "30 jours fin de mois le 10, méthode A\u00a0: " +
			"fin du mois de (date de facture + 30 jours), puis le 10 qui suit"},
		{"comptant", MethodA, "fr", "comptant\u00a0: date de facture"},
		{"fin de mois", MethodA, "en", "end of month: end of the month of the invoice date"},
		{"30 jours fin de décade de livraison", MethodA, "fr", "30 jours\u00a0: " +
			"fin de la décade de la date de livraison + 30 jours"},
		{"30 days on the 3rd", MethodA, "en", "30 days the 3rd: invoice date + 30 days, then the 3rd that follows"},
	} {
		term, err := ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		if got := term.WithMethod(c.method).Rule(c.lang); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestNoTermGivesNoDay(t *testing.T) {
	t.Parallel()
	var none Term
	if got := none.Due(Must("2026-11-22")); got != 0 || none.String() != "" || none.Rule("fr") != "" {
		t.Errorf("no term is due on %s", got)
	}
}

func drawTerm(t *rapid.T) Term {
	term := Term{
		Base:   rapid.SampledFrom([]Base{FromIssue, FromReceipt, FromDelivery}).Draw(t, "base"),
		Decade: rapid.Bool().Draw(t, "decade"),
		Days:   rapid.SampledFrom([]int{0, 1, 10, 30, 45, 60, 90}).Draw(t, "days"),
		Months: rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "months"),
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "fixed") {
		term.Fixed[i] = i*10 + rapid.IntRange(1, 10).Draw(t, "day")
	}
	if term.Days > 0 || term.Months > 0 {
		term.EOM = rapid.SampledFrom([]EOM{EOMNone, EOMUnsaid, EOMAfter, EOMBefore}).Draw(t, "eom")
		term.MonthOf30 = rapid.Bool().Draw(t, "30 days are a month")
	}
	return term
}

func TestWrittenTermsAreReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawTerm(t)
		got, err := ParseTerm(want.String())
		if err != nil || got != want {
			t.Fatalf("%q is read as %+v, %v; want %+v", want, got, err, want)
		}
	})
}

func TestDueNeverComesBeforeItsBaseNorGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		term := drawTerm(t)
		d := Date(rapid.Int32Range(int32(Must("2020-01-01")), int32(Must("2030-12-31"))).Draw(t, "from"))
		if due := term.Due(d); due < d || term.Due(d.Add(1)) < due {
			t.Fatalf("%q from %s is %s, a day later %s", term, d, due, term.Due(d.Add(1)))
		}
	})
}

func FuzzParseTerm(f *testing.F) {
	for _, s := range []string{
		"45 jours fin de mois le 10", "fin de mois + 45 jours", "net 30", "à réception de facture",
		"30 jours = 1 mois, FDM",
		"le 10 du mois suivant", "2 mois et 15 jours fin de décade de livraison", "J+30", "end of the following month",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		term, err := ParseTerm(s)
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("%q: %v is not a fault of the text", s, err)
			}
			return
		}
		again, err := ParseTerm(term.String())
		if err != nil || again != term {
			t.Fatalf("%q: %+v is written %q and read as %+v, %v", s, term, term, again, err)
		}
		if d := Must("2026-11-22"); term.Due(d) < d {
			t.Fatalf("%q is due on %s, before its invoice", s, term.Due(d))
		}
	})
}

func TestPhrasesOfTermsMeanOneThingEach(t *testing.T) {
	t.Parallel()
	seen := make(map[string]markKind)
	for kind, list := range termVocabulary {
		for phrase := range strings.SplitSeq(list, "|") {
			if other, ok := seen[phrase]; ok {
				t.Errorf("%q means both %d and %d", phrase, kind, other)
			}
			if n := len(strings.Fields(phrase)); n > longestPhrase {
				t.Errorf("%q has %d words, more than are looked at", phrase, n)
			}
			seen[phrase] = kind
		}
	}
}
