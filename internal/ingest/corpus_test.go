package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/ingest"
	"acquit/internal/ingest/en16931/cii"
	"acquit/internal/ingest/en16931/ubl"
	"acquit/internal/ingest/facturx"
	"acquit/internal/ingest/refused"
)

// corpus is where real files lie beside the project, on machines that have them.
const corpus = "../../../shared/corpus"

func needCorpus(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(corpus, folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real files of %s are not on this machine", path)
	}
	return path
}

func electronic() []ingest.Driver {
	return append([]ingest.Driver{cii.Driver, ubl.Driver, facturx.Driver}, refused.Drivers()...)
}

// result is what came of one file.
type result struct {
	file      *ingest.File
	documents []*ingest.Document
	rejected  []*ingest.Rejected
}

func (r result) rules() []string {
	var rules []string
	for _, x := range r.rejected {
		rules = append(rules, x.Rule)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

func (r result) warnings() []string {
	var codes []string
	for _, d := range r.documents {
		for _, w := range d.Warnings {
			codes = append(codes, w.Code)
		}
	}
	return codes
}

func read(t *testing.T, path string) result {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	src, err := ingest.FromFile(f)
	if err != nil {
		t.Fatal(err)
	}
	r := result{file: ingest.Open(t.Context(), electronic(), src, ingest.Hints{})}
	for d, err := range r.file.Documents(context.Background()) {
		if x, ok := errors.AsType[*ingest.Rejected](err); ok {
			r.rejected = append(r.rejected, x)
		} else if err != nil {
			t.Fatalf("%s: neither taken nor refused: %v", path, err)
		} else {
			r.documents = append(r.documents, d)
		}
	}
	return r
}

func TestEveryElectronicInvoiceIsTakenOrRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	root := needCorpus(t, "einvoice")
	// The only documents of the valid families that are none: two orders, and
	// two test suites of a validator.
	notInvoices := []string{"order-x-basic.xml", "order-x-comfort.xml", "BR-CO-17.xml", "BR-CO-15-2.xml"}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".xml", ".pdf"}, filepath.Ext(path)) {
			return err
		}
		r := read(t, path)
		if len(r.documents)+len(r.rejected) == 0 {
			t.Errorf("%s: nothing came of it", path)
		}
		for _, x := range r.rejected {
			if x.Reason == "" {
				t.Errorf("%s: refused without a reason", path)
			}
		}
		if strings.Contains(path, "facturx-cas-limites") {
			return nil // its verdicts have a test of their own
		}
		if got, want := len(r.rejected) > 0, slices.Contains(notInvoices, filepath.Base(path)); got != want {
			t.Errorf("%s: refused %v, want %v: %v", path, got, want, r.rejected)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// verdict is what the manifest of the French edge cases expects.
type verdict struct {
	Ref        string `json:"ref"`
	Expected   string `json:"attendu"`
	Nature     string `json:"nature"`
	Assertions string `json:"assertions_declenchees"`
	Rule       string `json:"regle"`
}

func TestFrenchEdgeCasesGetTheirOfficialVerdict(t *testing.T) {
	t.Parallel()
	root := needCorpus(t, "einvoice/facturx-cas-limites/cas")
	b, err := os.ReadFile(filepath.Join(root, "manifeste.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Cases []verdict `json:"cas"`
	}
	if err := json.Unmarshal(b, &manifest); err != nil {
		t.Fatal(err)
	}
	for _, v := range manifest.Cases {
		files := []string{"facture.pdf", "factur-x.xml"}
		if strings.HasPrefix(v.Ref, "PDF-") {
			files = files[:1] // the defect is in the container
		}
		for _, file := range files {
			t.Run(v.Ref+"/"+file, func(t *testing.T) {
				t.Parallel()
				v.hold(t, read(t, filepath.Join(root, v.Ref, file)))
			})
		}
	}
}

var official = regexp.MustCompile(`(BR|CII)-[A-Z0-9-]+(_BT-\d+)?`)

func (v verdict) hold(t *testing.T, r result) {
	t.Helper()
	switch v.Expected {
	case "rejet":
		if len(r.documents) != 0 || len(r.rejected) == 0 {
			t.Fatalf("taken, but it must be refused: %s", v.Rule)
		}
	case "avertissement":
		if len(r.rejected) > 0 || len(r.warnings()) == 0 {
			t.Fatalf("got %v and warnings %v; it must be taken with a warning: %s", r.rejected, r.warnings(), v.Rule)
		}
	case "acceptation":
		// The key of the seller's VAT number is wrong in all 32 files, the sound
		// one included (FR40 for FR31): that alone may be said of them.
		if len(r.rejected) > 0 || slices.ContainsFunc(r.warnings(), func(c string) bool { return c != "TVA-CLE" }) {
			t.Fatalf("got %v and warnings %v; it must be taken as it is", r.rejected, r.warnings())
		}
	default:
		t.Fatalf("unknown verdict %q", v.Expected)
	}
	if v.Nature == "assertion" {
		want := official.FindAllString(v.Assertions, -1)
		slices.Sort(want)
		if diff := cmp.Diff(want, r.rules()); diff != "" {
			t.Errorf("rules (-official +ours):\n%s", diff)
		}
	}
	if v.Nature == "amont" || v.Nature == "specification" {
		if !strings.HasPrefix(v.Rule, r.rules()[0]) && !strings.Contains(v.Rule, r.rules()[0]) {
			t.Errorf("got rule %v, want one of « %s »", r.rules(), v.Rule)
		}
	}
}

// A handful of well-known documents, read by eye.
func TestRealInvoicesAreReadExactly(t *testing.T) {
	t.Parallel()
	root := needCorpus(t, "einvoice")
	type read6 struct{ Kind, Number, Customer, Issued, Due, Total, Payable, VATID, Order string }
	for path, want := range map[string]read6{
		"akretion-factur-x/tests/fixtures/pdf/invoice_EN16931.pdf": {
			"invoice", "F20260023", "LE CLIENT", "2026-01-31", "2026-03-02", "104.90 EUR", "104.90 EUR", "FR05987654321", "PO201925478",
		},
		"akretion-factur-x/tests/fixtures/xml/zugferd-comfort.xml": {
			"invoice", "471102", "Kunden AG Mitte", "2013-03-05", "2013-04-04", "529.87 EUR", "529.87 EUR", "", "",
		},
		"akretion-factur-x/tests/fixtures/xml/ubl-21-extended-ctc-fr.xml": {
			"invoice", "F124212", "Ma jolie boutique SARL", "2026-06-17", "2026-07-16", "308.03 EUR", "208.03 EUR", "FR19787878784", "PO1242",
		},
		"en16931-examples/cii/examples/CII_example5.xml": {
			"invoice", "TOSL110", "Buyercompany ltd", "2013-04-10", "2013-05-10", "4675.00 DKK", "2337.50 DKK", "", "PO4711",
		},
		"en16931-examples/cii/examples/huf_example_cii.xml": {
			"invoice", "21/001003559/996", "HIL Heeresinstandsetzungslogistik GmbH", "2021-10-05", "2021-11-01", "87859.00 HUF", "87859.00 HUF", "", "",
		},
		"en16931-examples/ubl/examples/ubl-tc434-creditnote1.xml": {
			"credit_note", "018304 / 28865", "My Customer Company", "2019-09-23", "", "100.11 EUR", "100.11 EUR", "", "",
		},
		"en16931-examples/test/testfiles/BIS_Billing_30-Kreditering_med_negativ_faktura.xml": {
			"credit_note", "2018140", "Project services AB", "2018-02-10", "2018-03-07", "10835.00 SEK", "10000.00 SEK", "", "",
		},
	} {
		r := read(t, filepath.Join(root, path))
		if len(r.documents) != 1 {
			t.Errorf("%s: got %d documents, %v", path, len(r.documents), r.rejected)
			continue
		}
		d := r.documents[0]
		got := read6{
			string(d.Kind), d.Number, d.Customer.Name, d.Issued.String(), d.Due.String(), d.Total.String(), d.Payable.String(),
			want.VATID, want.Order,
		}
		if want.VATID != "" {
			got.VATID = d.Customer.VATID
		}
		if want.Order != "" {
			got.Order = d.Order
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestBankFilesAreKnownByTheirContent(t *testing.T) {
	t.Parallel()
	for folder, want := range map[string]struct {
		extension string
		format    ingest.Format
		but       []string // written for another format, or cut on purpose
	}{} {
		err := filepath.WalkDir(needCorpus(t, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != want.extension || slices.Contains(want.but, d.Name()) {
				return err
			}
			if r := read(t, path); r.file.Format != want.format || len(r.rejected) != 1 {
				t.Errorf("%s: got %s, %v", path, r.file.Format, r.rejected)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// One figure changed in a real document breaks the rules that the official
// validators name, and no other.
func TestDefectsInRealInvoicesAreNamedByTheirOfficialRules(t *testing.T) {
	t.Parallel()
	root := needCorpus(t, "einvoice/en16931-examples")
	for _, m := range []struct {
		path, old, new string
		want           []string
	}{
		{"cii/examples/CII_example1.xml", "<ram:GrandTotalAmount>250.33", "<ram:GrandTotalAmount>250.34", []string{"BR-CO-15", "BR-CO-16"}},
		{"cii/examples/CII_example3.xml", "<ram:CalculatedAmount>225", "<ram:CalculatedAmount>226", []string{"BR-CO-14", "BR-S-09"}},
		{"cii/examples/CII_example5.xml", "<ram:ID>TOSL110</ram:ID>", "<ram:ID></ram:ID>", []string{"BR-02"}},
		{"cii/examples/CII_business_example_01.xml", "<ram:LineTotalAmount>1436.5<", "<ram:LineTotalAmount>1436.51<", []string{"BR-CO-10", "BR-CO-13"}},
		{"cii/examples/CII_business_example_02.xml", "<ram:TypeCode>380", "<ram:TypeCode>999", []string{"BR-CL-01"}},
		{"cii/examples/CII_business_example_Z.xml", ">DE37/302/30168<", ">37<", []string{"BR-CO-09"}},
		{"cii/examples/CII-BR-CO-10-RoundingIssue.xml", ">urn:ferd:CrossIndustryDocument:invoice:1p0:comfort<", "><", []string{"BR-01"}},
		{"cii/examples/XRechnung-O.xml", ">20210114<", ">20151399<", []string{"CII-DT-097"}},
		{"cii/examples/huf_example_cii.xml", "</ram:CategoryCode>\n\t\t\t\t<ram:RateApplicablePercent>27.00", "</ram:CategoryCode>\n\t\t\t\t<ram:RateApplicablePercent>19.00", []string{"BR-CO-17", "BR-S-08", "BR-S-09"}},
		{"ubl/examples/ubl-tc434-creditnote1.xml", ">100.11</cbc:PayableAmount>", ">101.11</cbc:PayableAmount>", []string{"BR-CO-16"}},
		{"ubl/examples/ubl-tc434-example1.xml", "<cbc:IssueDate>2015-01-09", "<cbc:IssueDate>2015-02-29", []string{"XSD"}},
		{"ubl/examples/ubl-tc434-example1.xml", "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "", []string{"BR-05"}},
	} {
		path := filepath.Join(root, m.path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(strings.ReplaceAll(string(b), "\r\n", "\n"), m.old, m.new, 1)
		if text == string(b) {
			t.Errorf("%s has no %q", m.path, m.old)
			continue
		}
		f := ingest.Open(t.Context(), electronic(), ingest.FromBytes(path, []byte(text)), ingest.Hints{})
		var r result
		for _, err := range f.Documents(t.Context()) {
			if x, ok := errors.AsType[*ingest.Rejected](err); ok {
				r.rejected = append(r.rejected, x)
			}
		}
		if diff := cmp.Diff(m.want, r.rules()); diff != "" {
			t.Errorf("%s (-official +ours):\n%s", m.path, diff)
		}
	}
}
