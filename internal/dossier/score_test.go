package dossier_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/dossier"
	"acquit/internal/i18n"
	_ "acquit/internal/propertytest"
)

// full are facts to which nothing is missing.
func full() dossier.Facts {
	f := dossier.Facts{
		Day: today, Kind: customer.Business, Country: "FR", Exchanges: 1,
		Claims: []dossier.Claim{
			{ID: "a", Number: "F1", Issued: cal.Must("2026-08-01"), Open: agreementtest.EUR(100_00), Copied: true, Reminded: true, Noticed: true, Proved: true},
			{ID: "b", Number: "F2", Issued: cal.Must("2026-09-01"), Open: agreementtest.EUR(9_900_00), Copied: true, Reminded: true, Noticed: true, Proved: true},
		},
	}
	for _, k := range []dossier.Kind{
		dossier.Contract, dossier.Terms, dossier.Delivery, dossier.CompanyExtract, dossier.DebtorExtract, dossier.BODACC,
	} {
		f.Evidence = append(f.Evidence, dossier.Evidence{ID: string(k), Kind: k, On: today})
	}
	return f
}

func line(c dossier.Completeness, p dossier.Point) dossier.Line {
	return c.Lines[slices.IndexFunc(c.Lines, func(l dossier.Line) bool { return l.Point == p })]
}

func TestADossierWithEverythingIsCompleteAtAHundred(t *testing.T) {
	t.Parallel()
	c := dossier.Score(full())
	if c.Percent != 100 || len(c.Lines) != 14 || len(c.Missing()) != 0 {
		t.Errorf("%d %% of %d points, missing %+v", c.Percent, len(c.Lines), c.Missing())
	}
	// The electronic log, the unpaid instrument and the power do not apply here.
	if c.Weight != 100-3-3-3 || c.Earned != c.Weight {
		t.Errorf("%d of %d points", c.Earned, c.Weight)
	}
}

func TestEachPointCountsWhatIsThereAgainstWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		change  func(*dossier.Facts)
		point   dossier.Point
		state   dossier.State
		earned  int
		percent int
	}{
		{"a delivery note for one of two invoices", func(f *dossier.Facts) {
			f.Evidence[2].Documents = []string{"a"}
		}, dossier.PointDelivery, dossier.Partial, 6, 93},
		{"no contract", func(f *dossier.Facts) { f.Evidence[0].Kind = dossier.Other }, dossier.PointOrigin, dossier.Missing, 0, 86},
		{"an order instead of the contract", func(f *dossier.Facts) {
			f.Evidence[0].Kind = dossier.Order
		}, dossier.PointOrigin, dossier.Present, 12, 100},
		{"a withdrawn piece", func(f *dossier.Facts) {
			f.Evidence[1].WithdrawnAt = today.Time()
		}, dossier.PointTerms, dossier.Missing, 0, 91},
		{"a copy uploaded for an invoice without its file", func(f *dossier.Facts) {
			f.Claims[0].Copied = false
			f.Evidence = append(f.Evidence, dossier.Evidence{Kind: dossier.InvoiceCopy, Documents: []string{"a"}})
		}, dossier.PointInvoices, dossier.Present, 14, 100},
		{"a copy that names no invoice", func(f *dossier.Facts) {
			f.Claims[0].Copied = false
			f.Evidence = append(f.Evidence, dossier.Evidence{Kind: dossier.InvoiceCopy})
		}, dossier.PointInvoices, dossier.Partial, 7, 92},
		{"a notice not yet proved", func(f *dossier.Facts) {
			f.Claims[0].Proved, f.Claims[1].Proved = false, false
		}, dossier.PointNotice, dossier.Partial, 5, 94},
		{"a notice of our own with its proof, uploaded", func(f *dossier.Facts) {
			f.Claims[0].Noticed, f.Claims[0].Proved = false, false
			f.Evidence = append(f.Evidence, dossier.Evidence{Kind: dossier.Notice}, dossier.Evidence{Kind: dossier.NoticeProof})
		}, dossier.PointNotice, dossier.Present, 10, 100},
		{"no exchange at all", func(f *dossier.Facts) { f.Exchanges = 0 }, dossier.PointExchanges, dossier.NoNeed, 0, 100},
		{"an extract of exactly three months", func(f *dossier.Facts) {
			f.Evidence[3].On = today.AddMonths(-3)
		}, dossier.PointIdentity, dossier.Present, 6, 100},
		{"an extract a day older", func(f *dossier.Facts) {
			f.Evidence[3].On = today.AddMonths(-3).Add(-1)
		}, dossier.PointIdentity, dossier.Partial, 3, 96},
		{"a check of yesterday", func(f *dossier.Facts) { f.Evidence[5].On = today.Add(-1) }, dossier.PointInsolvency, dossier.Missing, 0, 96},
		{"a check by the register itself", func(f *dossier.Facts) {
			f.Evidence[5].On, f.Checked = today.Add(-1), today
		}, dossier.PointInsolvency, dossier.Present, 3, 100},
		{"a cheque came back", func(f *dossier.Facts) { f.Refused = true }, dossier.PointUnpaid, dossier.Missing, 0, 96},
		{"somebody else signs", func(f *dossier.Facts) { f.Agent = true }, dossier.PointPower, dossier.Missing, 0, 96},
		{"somebody else signs for an agency", func(f *dossier.Facts) {
			f.Agent, f.Route = true, dossier.Agency
		}, dossier.PointPower, dossier.NoNeed, 0, 100},
		{"somebody else signs a summons of 10 000,00 €", func(f *dossier.Facts) {
			f.Agent, f.Route = true, dossier.Summons
		}, dossier.PointPower, dossier.Missing, 0, 96},
		{"somebody else signs a summons of a cent more", func(f *dossier.Facts) {
			f.Agent, f.Route, f.Claims[0].Open = true, dossier.Summons, agreementtest.EUR(100_01)
		}, dossier.PointPower, dossier.NoNeed, 0, 100},
		{"no rate for a semester", func(f *dossier.Facts) {
			f.Statement = i18n.Words{FR: "taux du second semestre 2027 inconnu", EN: "rate unknown"}
		}, dossier.PointStatement, dossier.Missing, 0, 90},
		{"a consumer’s books prove nothing", func(f *dossier.Facts) { f.Kind = customer.Consumer }, dossier.PointLedger, dossier.NoNeed, 0, 100},
		{"a public buyer’s invoice went through Chorus Pro", func(f *dossier.Facts) {
			f.Kind = customer.Public
		}, dossier.PointEInvoice, dossier.Missing, 0, 96},
		{"an invoice of the first day on which all are electronic", func(f *dossier.Facts) {
			f.Claims[0].Issued = cal.Must("2027-09-01")
		}, dossier.PointEInvoice, dossier.Missing, 0, 96},
		{"a credit note without its file", func(f *dossier.Facts) {
			f.Credits = []dossier.Claim{{ID: "c", Number: "A1"}}
		}, dossier.PointInvoices, dossier.Partial, 9, 94},
		{"nothing is claimed", func(f *dossier.Facts) { f.Claims = nil }, dossier.PointStatement, dossier.NoNeed, 0, 0},
	} {
		f := full()
		c.change(&f)
		got := dossier.Score(f)
		l := line(got, c.point)
		if l.State != c.state || l.Earned != c.earned || got.Percent != c.percent {
			t.Errorf("%s: %s, %d points, %d %%; want %s, %d, %d %%\n%s", c.name, l.State, l.Earned, got.Percent, c.state, c.earned, c.percent, l.Says.FR)
		}
		if (l.State == dossier.Missing || l.State == dossier.Partial) && l.Do.FR == "" {
			t.Errorf("%s: nothing is said of what to do", c.name)
		}
	}
}

func TestTheScoreIsTheSumOfItsLinesAndAHundredMeansComplete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := full()
		f.Kind = rapid.SampledFrom([]customer.Kind{customer.Business, customer.Consumer, customer.Public}).Draw(t, "kind")
		f.Agent, f.Refused = rapid.Bool().Draw(t, "agent"), rapid.Bool().Draw(t, "refused")
		for i := range f.Claims {
			c := &f.Claims[i]
			c.Copied, c.Reminded = rapid.Bool().Draw(t, "copied"), rapid.Bool().Draw(t, "reminded")
			c.Noticed, c.Proved = rapid.Bool().Draw(t, "noticed"), rapid.Bool().Draw(t, "proved")
		}
		f.Evidence = nil
		for _, k := range rapid.SliceOf(rapid.SampledFrom(dossier.Kinds())).Draw(t, "kinds") {
			e := dossier.Evidence{Kind: k, On: today.Add(-rapid.IntRange(0, 200).Draw(t, "age"))}
			if rapid.Bool().Draw(t, "of one") {
				e.Documents = []string{"a"}
			}
			f.Evidence = append(f.Evidence, e)
		}
		c := dossier.Score(f)
		earned, weight := 0, 0
		for _, l := range c.Lines {
			earned, weight = earned+l.Earned, weight+l.Weight
			if l.Earned < 0 || l.Earned > l.Weight || l.Says.FR == "" || l.Says.EN == "" {
				t.Fatalf("line %+v", l)
			}
		}
		if earned != c.Earned || weight != c.Weight || c.Percent != 100*earned/weight {
			t.Fatalf("%d of %d, the lines say %d of %d", c.Earned, c.Weight, earned, weight)
		}
		if (c.Percent == 100) != (len(c.Missing()) == 0) {
			t.Fatalf("%d %% with %d points missing", c.Percent, len(c.Missing()))
		}
	})
}
