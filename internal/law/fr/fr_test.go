package fr

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/law"
	"acquit/internal/money"
)

func loaded(t testing.TB) *Law {
	t.Helper()
	l, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRates(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	private := func(d cal.Date) (money.Rate, error) { return l.LegalRate(d, PrivatePerson) }
	other := func(d cal.Date) (money.Rate, error) { return l.LegalRate(d, AnyOther) }
	for _, c := range []struct {
		name string
		rate func(cal.Date) (money.Rate, error)
		on   string
		want string
	}{
		{"RAT-02 default", l.DefaultRate, "2026-06-30", "12.15"},
		{"RAT-04 default", l.DefaultRate, "2026-09-20", "12.40"},
		{"RAT-06 floor", l.Floor, "2026-11-22", "8.25"},
		{"RAT-10 legal, private", private, "2026-07-01", "6.84"},
		{"legal, other", other, "2026-12-31", "2.75"},
		{"default on the anchor", l.DefaultRate, "2026-07-01", "12.40"},
		{"default, ECB at zero", l.DefaultRate, "2022-12-31", "10.00"},
		{"default", l.DefaultRate, "2023-01-01", "12.50"},
		{"floor above the default rate", l.Floor, "2024-01-31", "15.21"},
		{"default below the floor", l.DefaultRate, "2024-01-31", "14.50"},
		{"public", l.PublicRate, "2026-07-15", "10.40"},
	} {
		got, err := c.rate(cal.Must(c.on))
		if err != nil || got.Percent() != c.want {
			t.Errorf("%s on %s: got %s, %v; want %s", c.name, c.on, got.Percent(), err, c.want)
		}
	}
	if got := l.LastSemester(); got != "2026-S2" {
		t.Errorf("last semester: %s", got)
	}
}

func TestMissingSemesterIsNamedAndNeverGuessed(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for name, rate := range map[string]func(cal.Date) (money.Rate, error){
		"RAT-08": l.DefaultRate, "public": l.PublicRate, "floor": l.Floor,
		"legal": func(d cal.Date) (money.Rate, error) { return l.LegalRate(d, AnyOther) },
	} {
		got, err := rate(cal.Must("2027-01-15"))
		missing, ok := errors.AsType[*MissingRateError](err)
		named := ok && missing.Semester == "2027-S1" && strings.Contains(err.Error(), "2027-S1")
		if !named || fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("%s: got %s, %v", name, got.Percent(), err)
		}
	}
	if got, err := l.PublicRate(cal.Must("2012-06-01")); err == nil {
		t.Errorf("public rate before its decree: %s", got.Percent())
	}
}

// TestFiguresThatContradictEachOtherAreRefused breaks one thing at a time in the
// files that come with the program.
func TestFiguresThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, old, new, want string }{
		"a rate that the ECB did not decide": {"ecb_rate.csv", "2026-S2,240", "2026-S2,265", "265"},
		"a semester left out":                {"ecb_rate.csv", "2025-S1,315", "2035-S1,315", "2025-S1"},
		"a legal semester left out":          {"legal_rate.csv", "2024-S1,801", "2034-S1,801", "2024-S1"},
		"a floor that is not three times":    {"legal_rate.csv", "684,275,825", "684,275,826", "2026-S2"},
		"two values at once": {
			"parameters.csv", "fixed_indemnity,4000,cents,2013-01-01,,",
			"fixed_indemnity,4000,cents,2013-01-01,,x,A,2026-11-22\nfixed_indemnity,4500,cents,2020-01-01,,", "fixed_indemnity",
		},
		"an unknown unit":     {"parameters.csv", "1000,bp", "1000,percent", "percent"},
		"no source":           {"parameters.csv", "C. com. D441-5", "", "source"},
		"unknown confidence":  {"terms.csv", "I (CIBS art. L216-34),B", "I (CIBS art. L216-34),B?", "B?"},
		"a term in no words":  {"terms.csv", "60 jours nets", "60 lunes", "60 lunes"},
		"a wrong date":        {"parameters.csv", "2013-05-01", "2013-05-32", "2013-05-32"},
		"an unknown column":   {"terms.csv", "label_en", "label", "label_en"},
		"no day of reading":   {"ecb_rate.csv", "LEV\",A,2026-11-22", "LEV\",A,", "read_on"},
		"months out of range": {"terms.csv", "10-12", "10-13", "10-13"},
		"a parameter gone":    {"parameters.csv", "public_term_state,", "public_term_town,", "public_term_state"},
	} {
		files := copied(t)
		text := string(files[c.file].Data)
		if !strings.Contains(text, c.old) {
			t.Fatalf("%s: %s does not hold %q", name, c.file, c.old)
		}
		files[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}

// copied are the files of figures, to be changed.
func copied(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	entries, err := fs.ReadDir(embedded(t), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := fs.ReadFile(embedded(t), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = &fstest.MapFile{Data: b}
	}
	return files
}

func embedded(t testing.TB) fs.FS {
	t.Helper()
	data, err := fs.Sub(files, "data")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func codes(found []law.Finding) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.Code+"/"+string(f.Severity))
	}
	slices.Sort(all)
	return all
}

func term(t testing.TB, s string) cal.Term {
	t.Helper()
	if s == "" {
		return cal.Term{}
	}
	v, err := cal.ParseTerm(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCeilingsOfTerms(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	const late, contract, maybe = "term_beyond_legal/violation", "term_needs_contract/doubt", "term_beyond_legal/doubt"
	for _, c := range []struct {
		name  string
		terms law.Terms
		term  string
		due   string
		want  string
	}{
		{"75 d by the contract", law.Terms{Issued: day("2026-03-17")}, "45 jours fin de mois", "2026-05-31", ""},
		{"75 d, contract not known", law.Terms{Issued: day("2026-03-17")}, "", "2026-05-31", contract},
		{"a day later", law.Terms{Issued: day("2026-03-17")}, "45 jours fin de mois", "2026-06-01", late},
		{"a day later, contract not known", law.Terms{Issued: day("2026-03-17")}, "", "2026-06-01", late},
		{"75 net", law.Terms{Issued: day("2026-03-01")}, "75 jours", "", late},
		{"75 net within the end of month", law.Terms{Issued: day("2026-03-17")}, "75 jours", "", late},
		{"60 net", law.Terms{Issued: day("2026-03-01")}, "60 jours", "", ""},
		{"method B", law.Terms{Issued: day("2026-01-15")}, "fin de mois + 45 jours", "", ""},
		{"60 end of month", law.Terms{Issued: day("2026-03-02")}, "60 jours fin de mois", "", late},
		{"periodic, 45 net (DUE-20)", law.Terms{Issued: day("2026-06-30"), Periodic: true}, "", "2026-08-14", ""},
		{"periodic, 46", law.Terms{Issued: day("2026-06-30"), Periodic: true}, "", "2026-08-15", late},
		{"periodic, 60 net", law.Terms{Issued: day("2026-06-30"), Periodic: true}, "60 jours", "", late},
		{"periodic, 45 EOM", law.Terms{Issued: day("2026-06-10"), Periodic: true}, "45 jours fin de mois", "", late},
		{"perishable (DUE-22)", delivered("perishable", "2026-05-14", false), "", "2026-06-13", ""},
		{"perishable, a day later", delivered("perishable", "2026-05-14", false), "", "2026-06-14", late},
		{"perishable periodic (DUE-24)", delivered("perishable", "2026-05-25", true), "", "2026-06-30", ""},
		{"perishable periodic, a day later", delivered("perishable", "2026-05-25", true), "", "2026-07-01", late},
		{"meat (DUE-26)", delivered("meat", "2026-05-14", false), "", "2026-06-03", ""},
		{"meat, a day later", delivered("meat", "2026-05-14", false), "", "2026-06-04", late},
		{"meat, delivery not known", law.Terms{Sector: "meat", Issued: day("2026-05-14")}, "", "2026-06-04", maybe},
		{"transport (DUE-28)", law.Terms{Sector: "transport", Issued: day("2026-11-05")}, "", "2026-12-05", ""},
		{"transport, a day later", law.Terms{Sector: "transport", Issued: day("2026-11-05")}, "", "2026-12-06", late},
		{"spirits", delivered("spirits", "2026-05-14", false), "", "2026-06-30", ""},
		{"toys in summer", law.Terms{Sector: "toys", Issued: day("2026-09-01")}, "95 jours", "", ""},
		{"toys in autumn", law.Terms{Sector: "toys", Issued: day("2026-10-01")}, "95 jours", "", late},
		{"export without contract", law.Terms{Sector: "export", Issued: day("2026-10-01")}, "", "2026-12-30", contract},
		{"books are free", law.Terms{Sector: "books", Issued: day("2026-10-01")}, "300 jours", "", ""},
		{"unknown sector", law.Terms{Sector: "x", Issued: day("2026-10-01")}, "61 jours", "", late},
		{"consumer", law.Terms{Debtor: law.Consumer, Issued: day("2026-10-01")}, "300 jours", "", ""},
		{"hospital (DUE-30)", public(law.Hospital), "", "2026-12-22", ""},
		{"hospital, a day later", public(law.Hospital), "", "2026-12-23", late},
		{"town", public(law.StateOrLocal), "", "2026-12-03", late},
		{"public body of unknown sort", public(""), "", "2026-12-22", maybe},
		{"public body of unknown sort, 61 d", public(""), "", "2027-01-02", late},
		{"nothing known", law.Terms{Issued: day("2026-11-02")}, "", "", ""},
	} {
		if c.terms.Debtor == "" {
			c.terms.Debtor = law.Business
		}
		c.terms.Term = term(t, c.term)
		if c.due != "" {
			c.terms.Due = day(c.due)
		}
		found := l.CheckTerm(c.terms)
		if got := strings.Join(codes(found), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		for _, f := range found {
			if f.Source == "" || f.Text.FR == "" || f.Text.EN == "" {
				t.Errorf("%s: %+v does not explain itself", c.name, f)
			}
		}
	}
}

func day(s string) cal.Date { return cal.Must(s) }

func delivered(sector, on string, periodic bool) law.Terms {
	return law.Terms{Sector: sector, Issued: day(on).Add(1), Delivered: day(on), Periodic: periodic}
}

func public(b law.PublicBody) law.Terms {
	received := day("2026-11-02")
	return law.Terms{Debtor: law.Public, Body: b, Issued: received.Add(-2), Received: received}
}

func TestFindingNamesTheCeiling(t *testing.T) {
	t.Parallel()
	f := loaded(t).CheckTerm(law.Terms{Debtor: law.Business, Issued: day("2026-03-01"), Term: term(t, "75 jours")})
	want := "échéance le 15 mai 2026, 75 jours après la facture, " +
		"alors que le plafond (60 jours nets) est le 30 avril 2026"
	if len(f) != 1 || f[0].Text.FR != want || f[0].Source != "C. com. art. L441-10 I" {
		t.Errorf("got %+v\nwant %s", f, want)
	}
}

func TestPeriodicCeilingIsCitedByItsCodeOfTheTime(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for issued, want := range map[string]string{"2026-12-31": "CGI art. 289 I-3", "2027-01-01": "CIBS art. L216-34"} {
		f := l.CheckTerm(law.Terms{Debtor: law.Business, Periodic: true, Issued: day(issued), Due: day(issued).Add(46)})
		if len(f) != 1 || !strings.Contains(f[0].Source, want) {
			t.Errorf("%s: got %+v, want %s", issued, f, want)
		}
	}
}

func TestDefaultTerms(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	got := map[string]string{
		"business":    l.DefaultTerm(law.Business, "").String(),
		"consumer":    l.DefaultTerm(law.Consumer, "").String(),
		"public":      l.DefaultTerm(law.Public, "").String(),
		"hospital":    l.DefaultTerm(law.Public, law.Hospital).String(),
		"undertaking": l.DefaultTerm(law.Public, law.PublicUndertaking).String(),
	}
	want := map[string]string{
		"business":    "30 jours à compter de la livraison",
		"consumer":    "comptant",
		"public":      "30 jours à compter de la réception",
		"hospital":    "50 jours à compter de la réception",
		"undertaking": "60 jours à compter de la réception",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestEarlierDueDateIsNeverWorse: whoever grants less time breaks no ceiling that
// more time would keep.
func TestEarlierDueDateIsNeverWorse(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	sectors := l.Sectors()
	rapid.Check(t, func(t *rapid.T) {
		terms := law.Terms{
			Debtor:   rapid.SampledFrom([]law.Debtor{law.Business, law.Public, law.Consumer}).Draw(t, "debtor"),
			Sector:   rapid.SampledFrom(sectors).Draw(t, "sector").Key,
			Periodic: rapid.Bool().Draw(t, "periodic"),
			Issued:   day("2026-01-01").Add(rapid.IntRange(0, 700).Draw(t, "issued")),
		}
		terms.Due = terms.Issued.Add(rapid.IntRange(0, 150).Draw(t, "days"))
		later := l.CheckTerm(terms)
		terms.Due = terms.Due.Add(-rapid.IntRange(0, 30).Draw(t, "earlier"))
		if earlier := l.CheckTerm(terms); len(later) == 0 && len(earlier) > 0 {
			t.Fatalf("%+v: %v, but nothing later", terms, codes(earlier))
		}
	})
}

// goodInvoice says all that it must.
func goodInvoice() law.Invoice {
	eur := func(cents int64) money.Amount { return money.New(cents, money.EUR) }
	return law.Invoice{
		Complete: true, Debtor: law.Business, Number: "F-2026-001", Issued: day("2026-11-02"), Due: day("2026-12-02"),
		Seller: law.Party{Name: "Atelier Dupont", Country: "FR", SIREN: "732829320", VATID: "FR44732829320"},
		Buyer:  law.Party{Name: "Imprimerie Delvaux", Country: "FR", SIREN: "356000000"},
		Net:    eur(1000_00), Tax: eur(200_00), Total: eur(1200_00), Payable: eur(1200_00),
		VAT: []law.VATLine{{Rate: 2000}}, TypeCode: "380", Process: "S1",
		Notes: []law.Note{
			{Subject: "PMD", Text: "BCE + 10 points"}, {Subject: "PMT", Text: "40 €"}, {Subject: "AAB", Text: "néant"},
		},
	}
}

func TestInvoiceIsHeldToItsMentions(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for name, c := range map[string]struct {
		change func(*law.Invoice)
		want   string
	}{
		"all there":      {func(*law.Invoice) {}, ""},
		"no due date":    {func(i *law.Invoice) { i.Due = 0 }, "due_missing/violation"},
		"a term instead": {func(i *law.Invoice) { i.Due, i.Terms = 0, "30 jours nets" }, ""},
		"due before the invoice": {func(i *law.Invoice) {
			i.Due = day("2026-11-01")
		}, "due_before_issued/violation"},
		"due before, paid already": {func(i *law.Invoice) {
			i.Due, i.Process, i.Payable = day("2026-11-01"), "S2", money.Zero(money.EUR)
		}, ""},
		"a deposit":            {func(i *law.Invoice) { i.Due, i.TypeCode = day("2026-11-01"), "386" }, ""},
		"paid, and still asks": {func(i *law.Invoice) { i.Process = "B2" }, "prepaid_payable/violation"},
		"no number":            {func(i *law.Invoice) { i.Number = "" }, "number_missing/violation"},
		"no day":               {func(i *law.Invoice) { i.Issued = 0 }, "issued_missing/violation"},
		"sums that differ":     {func(i *law.Invoice) { i.Tax.Minor++ }, "totals_differ/violation"},
		"seller without SIREN": {func(i *law.Invoice) {
			i.Seller.SIREN = ""
		}, "seller_siren_missing/violation"},
		"seller without VAT": {func(i *law.Invoice) {
			i.Seller.VATID = ""
		}, "seller_vat_missing/violation"},
		"small, without VAT": {func(i *law.Invoice) {
			i.Seller.VATID, i.Net, i.Tax, i.Total = "", cents(15000), cents(3000), cents(18000)
		}, ""},
		"seller's wrong VAT": {func(i *law.Invoice) {
			i.Seller.VATID = "FR45732829320"
		}, "seller_vat/violation"},
		"buyer's odd SIREN":   {func(i *law.Invoice) { i.Buyer.SIREN = "889742876" }, "buyer_siren/doubt"},
		"buyer's wrong SIREN": {func(i *law.Invoice) { i.Buyer.SIREN = "12" }, "buyer_siren/violation"},
		"SIRET of another": {func(i *law.Invoice) {
			i.Buyer.SIRET = "73282932000074"
		}, "buyer_siret/violation"},
		"buyer without SIREN": {func(i *law.Invoice) { i.Buyer.SIREN = "" }, "buyer_siren_missing/doubt"},
		"buyer without SIREN, 2027": {func(i *law.Invoice) {
			i.Buyer.SIREN, i.Issued, i.Due = "", day("2027-09-01"), day("2027-09-30")
		}, "buyer_siren_missing/violation"},
		"buyer without SIREN, before": {func(i *law.Invoice) {
			i.Buyer.SIREN, i.Issued = "", day("2026-08-31")
		}, ""},
		"Belgian buyer": {func(i *law.Invoice) {
			i.Buyer = law.Party{Name: "X", Country: "BE", SIREN: "0428759497", VATID: "BE0428759497"}
		}, ""},
		"Swiss buyer": {func(i *law.Invoice) {
			i.Buyer = law.Party{Name: "X", Country: "CH", VATID: "CHE123456789"}
		}, ""},
		"buyer without name": {func(i *law.Invoice) { i.Buyer.Name = "" }, "buyer_name_missing/violation"},
		"no VAT, no reason": {func(i *law.Invoice) {
			i.Tax, i.Total, i.VAT = cents(0), i.Net, []law.VATLine{{}}
		}, "exemption_missing/violation"},
		"no VAT, with reason": {func(i *law.Invoice) {
			i.Tax, i.Total, i.VAT = cents(0), i.Net, []law.VATLine{{Reason: "TVA non applicable, art. 293 B du CGI"}}
		}, ""},
		"no penalties": {func(i *law.Invoice) {
			i.Notes = i.Notes[1:]
		}, "penalty_missing/violation"},
		"no indemnity": {func(i *law.Invoice) {
			i.Notes = slices.Delete(i.Notes, 1, 2)
		}, "indemnity_missing/violation"},
		"no discount": {func(i *law.Invoice) {
			i.Notes = i.Notes[:2]
		}, "discount_missing/violation"},
		"no notes, consumer": {func(i *law.Invoice) { i.Notes, i.Debtor = nil, law.Consumer }, ""},
		"a note twice": {func(i *law.Invoice) {
			i.Notes = append(i.Notes, i.Notes[0])
		}, "note_repeated/violation"},
		"all in one plain note": {func(i *law.Invoice) { i.Notes = []law.Note{{Text: plainNote}} }, ""},
		"credit note": {func(i *law.Invoice) {
			i.CreditNote, i.Notes, i.Due, i.Preceding, i.TypeCode = true, nil, 0, "F-1", "381"
		}, ""},
		"credit note of nothing": {func(i *law.Invoice) {
			i.CreditNote, i.TypeCode = true, "381"
		}, "preceding_missing/violation"},
		"foreign type": {func(i *law.Invoice) { i.TypeCode = "326" }, "type_code/doubt"},
		"unknown mode": {func(i *law.Invoice) { i.Process = "S0" }, "process_code/doubt"},
		"another's process": {func(i *law.Invoice) {
			i.Process = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
		}, ""},
		"German seller": {func(i *law.Invoice) {
			i.Seller, i.Notes = law.Party{Name: "Y", Country: "DE"}, nil
		}, ""},
		"only a few columns known": {func(i *law.Invoice) {
			*i = law.Invoice{Debtor: law.Business, Number: "1", Issued: i.Issued, Due: i.Due}
		}, ""},
	} {
		i := goodInvoice()
		c.change(&i)
		found := l.LintInvoice(i)
		if got := strings.Join(codes(found), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		for _, f := range found {
			if f.Source == "" || f.Text.FR == "" || f.Text.EN == "" {
				t.Errorf("%s: %+v does not explain itself", name, f)
			}
		}
	}
}

const plainNote = "En cas de retard de paiement, application de pénalités au taux de la BCE majoré " +
	"de 10 points et d’une indemnité forfaitaire pour frais de recouvrement de 40\u00a0€. " +
	"Escompte pour paiement anticipé : néant."

func cents(n int64) money.Amount { return money.New(n, money.EUR) }

func TestEveryParameterHoldsToday(t *testing.T) {
	t.Parallel()
	l := loaded(t)
	for _, key := range slices.Sorted(maps.Keys(l.parameters)) {
		last := l.parameters[key][len(l.parameters[key])-1]
		if _, err := l.parameter(key, last.unit, day("2026-11-22")); err != nil {
			t.Error(err)
		}
	}
}
