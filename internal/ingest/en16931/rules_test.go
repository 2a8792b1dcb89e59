package en16931_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/ingest/en16931"
	"acquit/internal/ingest/en16931/cii"
	"acquit/internal/ingest/en16931/ubl"
	"acquit/internal/money"
)

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// rules are those that a document breaks, the refusals first.
func rules(t *testing.T, text string) (refused, warned []string) {
	t.Helper()
	parse := cii.Parse
	if strings.Contains(text, "ubl:schema") {
		parse = ubl.Parse
	}
	inv, err := parse([]byte(text))
	if err != nil {
		r, ok := errors.AsType[*ingest.Rejected](en16931.Broken(err))
		if !ok {
			t.Fatalf("broken without a reason: %v", err)
		}
		return []string{r.Rule}, nil
	}
	for _, f := range en16931.Check(inv) {
		if f.Severity == en16931.Refuse {
			refused = append(refused, f.Rule)
		} else {
			warned = append(warned, f.Rule)
		}
	}
	slices.Sort(refused)
	slices.Sort(warned)
	return slices.Compact(refused), slices.Compact(warned)
}

// A mutation breaks the sound invoice in one place.
type mutation struct {
	name     string
	old, new string
	refused  []string
	warned   []string
}

func TestOneDefectIsNamedByItsOfficialRule(t *testing.T) {
	t.Parallel()
	for _, m := range []mutation{
		{name: "nothing", old: "M1", new: "M1"},
		{"profile unknown", "urn:cen.eu:en16931:2017", "urn:factur-x.eu:3p0:max", []string{"Factur-X 1.0.07"}, nil},
		{"profile missing", "urn:cen.eu:en16931:2017", " ", []string{"BR-01"}, nil},
		{"number missing", "<ram:ID>F-2026-118</ram:ID>", "<ram:ID></ram:ID>", []string{"BR-02"}, nil},
		{"issue date missing", ">20261002<", "><", []string{"BR-03"}, nil},
		{"issue date without format", `format="102">20261002`, `>20261002`, []string{"BR-03"}, nil},
		{"issue date in another format", `format="102">20261002`, `format="610">202610`, []string{"XSD"}, nil},
		{"issue date in another century", ">20261002<", ">19261002<", []string{"BR-FR-03_BT-2"}, nil},
		{"type missing", "<ram:TypeCode>380</ram:TypeCode>", "", []string{"BR-04"}, nil},
		{"type unknown", ">380<", ">999<", []string{"BR-CL-01"}, nil},
		{"type not French", ">380<", ">82<", nil, []string{"BR-FR-04_BT-3"}},
		{"currency unknown", "<ram:InvoiceCurrencyCode>EUR", "<ram:InvoiceCurrencyCode>EURO", []string{"BR-CL-04", "BR-CO-15"}, nil},
		{
			"currency twice", "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>",
			"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:InvoiceCurrencyCode>USD</ram:InvoiceCurrencyCode>",
			[]string{"XSD"},
			nil,
		},
		{"seller unnamed", "<ram:Name>Imprimerie du Canal</ram:Name>", "", []string{"BR-06"}, nil},
		{"buyer unnamed", "<ram:Name>Société Générale des Reliures</ram:Name>", "", []string{"BR-07"}, nil},
		{"VAT prefix", ">FR44732829320<", ">44732829320<", []string{"BR-CO-09"}, nil},
		{"VAT key", ">FR44732829320<", ">FR45732829320<", nil, []string{"TVA-CLE"}},
		{"due before issue", ">20261130<", ">20261001<", []string{"BR-FR-CO-07_BT-9"}, []string{"BT-9"}},
		{"due before issue, an advance", ">380<", ">386<", nil, nil},
		{"due on a day that is none", ">20261130<", ">20261131<", []string{"BR-FR-03_BT-9"}, nil},
		{"paid, yet asking", ">M1<", ">M2<", []string{"BR-FR-CO-09_BT-23-1", "BR-FR-CO-09_BT-23-2"}, nil},
		{"billing mode unknown", ">M1<", ">M3<", nil, []string{"BR-FR-08_BT-23"}},
		{"mandatory wording missing", ">PMD<", ">AAI<", nil, []string{"BR-FR-05_BT-22_PMD"}},
		{"mandatory wording twice", ">PMD<", ">PMT<", nil, []string{"BR-FR-05_BT-22_PMD", "BR-FR-06_BT-21_PMT"}},
		{"SIRET of another", "55210055400013", "73282932000074", nil, []string{"BR-FR-09_BT-46"}},
		{"lines do not add up", "<ram:LineTotalAmount>1000.00<", "<ram:LineTotalAmount>1000.01<", []string{"BR-CO-10", "BR-CO-13"}, nil},
		{"allowances do not add up", "<ram:AllowanceTotalAmount>50.00<", "<ram:AllowanceTotalAmount>40.00<", []string{"BR-CO-11", "BR-CO-13"}, nil},
		{"net is wrong", "<ram:TaxBasisTotalAmount>950.00<", "<ram:TaxBasisTotalAmount>951.00<", []string{"BR-CO-13", "BR-CO-15"}, nil},
		{"VAT total is wrong", ">168.25<", ">168.24<", []string{"BR-CO-14", "BR-CO-15"}, nil},
		{"VAT in another currency", `currencyID="EUR"`, `currencyID="USD"`, []string{"BR-CO-15"}, nil},
		{"total is wrong", ">1118.25<", ">1118.26<", []string{"BR-CO-15", "BR-CO-16"}, nil},
		{"payable is wrong", "<ram:DuePayableAmount>1000.00<", "<ram:DuePayableAmount>1118.25<", []string{"BR-CO-16"}, nil},
		{"payable missing", "<ram:DuePayableAmount>1000.00</ram:DuePayableAmount>", "", []string{"BR-15"}, nil},
		{
			"VAT of a line of the breakdown", "<ram:CalculatedAmount>8.25<", "<ram:CalculatedAmount>18.25<",
			[]string{"BR-CO-14", "BR-CO-17", "BR-S-09"},
			nil,
		},
		{"base of a rate", "<ram:BasisAmount>800.00<", "<ram:BasisAmount>800.01<", []string{"BR-S-08"}, nil},
		{
			"three decimals", "<ram:TotalPrepaidAmount>118.25<", "<ram:TotalPrepaidAmount>118.250<",
			[]string{"BR-DEC-16", "BR-FR-DEC-01_BT-113"},
			nil,
		},
		{"decimal comma", ">118.25<", ">118,25<", []string{"XSD"}, nil},
		{"exponent", ">118.25<", ">1.1825E2<", []string{"XSD"}, nil},
		{"out of all proportion", ">850.00<", ">999999999999999.00<", []string{"BR-FR-DEC-01"}, nil},
		{"negative price", ">30.00<", ">-30.00<", []string{"BR-27", "BR-FR-DEC-03_BT-146"}, nil},
		{
			"no VAT number", `<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR44732829320</ram:ID></ram:SpecifiedTaxRegistration>`, "",
			[]string{"BR-S-02", "BR-S-03"},
			nil,
		},
		{"neither due date nor terms", "SpecifiedTradePaymentTerms", "SpecifiedTradePaymentOther", []string{"BR-CO-25"}, nil},
		{
			"wrong namespace below", "ReusableAggregateBusinessInformationEntity:100", "ReusableAggregateBusinessInformationEntity:12",
			[]string{"XSD"},
			nil,
		},
		{"cut", "</ram:ApplicableHeaderTradeSettlement>", "\x00", []string{"W3C XML 1.0"}, nil},
		{
			"entities of its own", "<rsm:CrossIndustryInvoice\n", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><rsm:CrossIndustryInvoice\n",
			[]string{"W3C XML 1.0"},
			nil,
		},
		{"entity unknown", "Indemnité", "&lol;", []string{"W3C XML 1.0 §2.4"}, nil},
		{"encoding that lies", `encoding="UTF-8"`, `encoding="ISO-8859-1"`, []string{"W3C XML 1.0 §4.3.3"}, nil},
		{"encoding unknown", `encoding="UTF-8"`, `encoding="KLINGON"`, []string{"W3C XML 1.0 §4.3.3"}, nil},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			text := sample(t, "facture.xml")
			if !strings.Contains(text, m.old) {
				t.Fatalf("the sample has no %q", m.old)
			}
			refused, warned := rules(t, strings.ReplaceAll(text, m.old, m.new))
			if diff := cmp.Diff(m.refused, refused, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(m.warned, warned, cmpopts.EquateEmpty()); diff != "" && m.refused == nil {
				t.Errorf("warned (-want +got):\n%s", diff)
			}
		})
	}
}

// Exemptions, reverse charge and the like: the sample's second line moved to
// another category.
func TestVATCategoriesKeepTheirRules(t *testing.T) {
	t.Parallel()
	const line, base = "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>5.50</ram:RateApplicablePercent>", "<ram:CalculatedAmount>8.25<"
	category := func(code, reason string) string {
		text := sample(t, "facture.xml")
		text = strings.Replace(text, line, "<ram:CategoryCode>"+code+"</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent>", 1)
		text = strings.Replace(text, line, "<ram:CategoryCode>"+code+"</ram:CategoryCode>"+reason+"<ram:RateApplicablePercent>0</ram:RateApplicablePercent>", 1)
		return strings.NewReplacer(base, "<ram:CalculatedAmount>0.00<", ">168.25<", ">160.00<", ">1118.25<", ">1110.00<", ">118.25<", ">110.00<").Replace(text)
	}
	const reason = "<ram:ExemptionReason>TVA non applicable, art. 293 B du CGI</ram:ExemptionReason>"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"exempt":                        {category("E", reason), nil},
		"exempt without reason":         {category("E", ""), []string{"BR-E-10"}},
		"zero rated":                    {category("Z", ""), nil},
		"zero rated with a reason":      {category("Z", reason), []string{"BR-Z-10"}},
		"reverse charge":                {category("AE", reason), nil},
		"export":                        {category("G", reason), nil},
		"intra-community without place": {category("K", reason), []string{"BR-IC-12"}},
		"out of scope among others":     {category("O", reason), []string{"BR-O-02", "BR-O-05", "BR-O-11"}},
		"no such category":              {category("Q", ""), []string{"BR-CL-17"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := rules(t, c.text)
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestExtendedProfilesTolerateACentPerLine(t *testing.T) {
	t.Parallel()
	const standard = "urn:cen.eu:en16931:2017"
	text := strings.ReplaceAll(sample(t, "facture.xml"), "<ram:BasisAmount>800.00<", "<ram:BasisAmount>800.02<")
	for profile, want := range map[string][]string{
		standard: {"BR-S-08"},
		standard + "#conformant#urn:factur-x.eu:1p0:extended":            nil,
		standard + "#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr":    nil,
		standard + "#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0":      {"BR-S-08"},
		standard + "#compliant#urn:factur-x.eu:1p0:extended":             {"Factur-X 1.0.07"},
		standard + "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0": {"BR-S-08"},
	} {
		got, _ := rules(t, strings.ReplaceAll(text, ">"+standard+"<", ">"+profile+"<"))
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", profile, diff)
		}
	}
}

func TestFrenchRulesBearOnFrenchSellersAlone(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(sample(t, "facture.xml"), ">20261130<", ">20261001<")
	text = strings.Replace(text, "<ram:CountryID>FR<", "<ram:CountryID>BE<", 1)
	refused, warned := rules(t, text)
	if len(refused) > 0 || !slices.Equal(warned, []string{"BT-9"}) {
		t.Errorf("got refusals %v, warnings %v: a Belgian invoice due before its date is only odd", refused, warned)
	}
}

func document(t *testing.T, text string) *ingest.Document {
	t.Helper()
	parse := cii.Parse
	if strings.Contains(text, "ubl:schema") {
		parse = ubl.Parse
	}
	inv, err := parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	d, err := inv.Document()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func euros(minor int64) money.Amount { return money.New(minor, money.EUR) }

func TestInvoiceBecomesADocument(t *testing.T) {
	t.Parallel()
	want := &ingest.Document{
		Kind: ingest.Invoice, Number: "F-2026-118",
		Customer: ingest.Customer{
			Code: "C0042", Name: "Société Générale des Reliures", SIREN: "552100554", SIRET: "55210055400013",
			VATID: "FR96552100554", Street: "12 rue de l’Épeule\nBâtiment B", PostalCode: "59100", City: "Roubaix",
			Country: "FR", Endpoint: "0225:552100554",
			Contact: ingest.Contact{LastName: "Awa Diop", Email: "compta@reliures.example", Phone: "+33 3 20 00 00 00"},
		},
		Issued: cal.Must("2026-10-02"), Due: cal.Must("2026-11-30"), Currency: "EUR",
		Total: euros(111825), Net: euros(95000), Tax: euros(16825), Paid: euros(11825), Payable: euros(100000),
		Order: "BC-7781", Contract: "CT-2025-3", Terms: "30 jours fin de mois",
		Electronic: &ingest.Electronic{
			Profile: "urn:cen.eu:en16931:2017", Process: "M1", TypeCode: "380",
			Seller: ingest.Party{Name: "Imprimerie du Canal", SIREN: "732829320", VATID: "FR44732829320", Country: "FR"},
			Buyer: ingest.Party{
				Name: "Société Générale des Reliures", SIREN: "552100554", SIRET: "55210055400013", VATID: "FR96552100554", Country: "FR",
			},
			Endpoint: "0225:552100554",
			VAT: []ingest.VATLine{
				{Category: "S", Rate: 2000, Basis: euros(80000), Tax: euros(16000)},
				{Category: "S", Rate: 550, Basis: euros(15000), Tax: euros(825)},
			},
			Notes: []ingest.Note{
				{Subject: "PMT", Text: "Indemnité forfaitaire : 40 €."},
				{Subject: "PMD", Text: "Pénalités : taux BCE + 10 points."},
				{Subject: "AAB", Text: "Escompte : néant."},
			},
			IBAN: "FR7630006000011234567890189", Remittance: "F-2026-118", BuyerRef: "SERVICE-12", Despatch: "BL-55",
		},
	}
	if diff := cmp.Diff(want, document(t, sample(t, "facture.xml"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCreditNotesAndNegativeInvoicesTakeAway(t *testing.T) {
	t.Parallel()
	credit := document(t, sample(t, "avoir.xml"))
	if refused, warned := rules(t, sample(t, "avoir.xml")); len(refused)+len(warned) > 0 {
		t.Errorf("the credit note breaks %v %v", refused, warned)
	}
	if credit.Kind != ingest.CreditNote || credit.Total != euros(12000) || credit.Preceding != "F-2026-118" || credit.Customer.Kind != "public" {
		t.Errorf("got %+v", credit)
	}
	negative := strings.NewReplacer(
		"CreditNoteTypeCode", "InvoiceTypeCode", "CreditNoteLine", "InvoiceLine", "CreditNote", "Invoice", "CreditedQuantity", "InvoicedQuantity",
		">381<", ">380<", ">100.00<", ">-100.00<", ">120.00<", ">-120.00<", ">20.00<", ">-20.00<",
	).Replace(sample(t, "avoir.xml"))
	got := document(t, negative)
	if got.Kind != ingest.CreditNote || got.Total != euros(12000) || got.Payable != euros(12000) || got.Electronic.VAT[0].Tax != euros(2000) {
		t.Errorf("a negative invoice: got %+v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample(f, "facture.xml")))
	f.Add([]byte(sample(f, "avoir.xml")))
	f.Add([]byte(`<CrossIndustryDocument xmlns="urn:ferd:CrossIndustryDocument:invoice:1p0"/>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func([]byte) (*en16931.Invoice, error){cii.Parse, ubl.Parse} {
			inv, err := parse(b)
			if err != nil {
				if _, ok := errors.AsType[*ingest.Rejected](en16931.Broken(err)); !ok {
					t.Fatalf("broken without a reason: %v", err)
				}
				continue
			}
			refused := slices.ContainsFunc(en16931.Check(inv), func(f en16931.Finding) bool { return f.Severity == en16931.Refuse })
			if d, err := inv.Document(); !refused && (err != nil || d.Number == "" || d.Currency == "" || d.Total.Sign() < 0) {
				t.Fatalf("accepted, yet %+v, %v", d, err)
			}
		}
	})
}
