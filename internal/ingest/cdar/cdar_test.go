package cdar_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/ingest/cdar"
	"acquit/internal/money"
)

const corpus = "../../../../shared/corpus/cdar"

// files are the real messages by name, where this machine has them.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		all[path], err = os.ReadFile(path)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the real messages of %s are not on this machine", corpus)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryRealMessageIsRead(t *testing.T) {
	t.Parallel()
	all := files(t)
	for path, raw := range all {
		list, refused, err := cdar.Parse(raw)
		if err != nil || len(refused) > 0 || len(list) != 1 {
			t.Errorf("%s: %d statuses, %v, %v", path, len(list), refused, err)
			continue
		}
		if f := ingest.Open(t.Context(), []ingest.Driver{cdar.Driver}, ingest.FromBytes(path, raw), ingest.Hints{}); f.Format != ingest.CDAR {
			t.Errorf("%s: taken for %s", path, f.Format)
		}
		l := list[0]
		base := filepath.Base(path)
		if !strings.Contains(base, "-"+l.Code) || !strings.HasPrefix(l.Number, "F2025") || l.Type != "380" ||
			l.Seller.SIREN() != "100000009" || l.Issued.Year() != 2025 || l.At == "" || l.Label == "" {
			t.Errorf("%s: %+v", path, l)
		}
		if wantBuyer := l.Issuer.Role == "BY" || strings.Contains(base, "-202"); wantBuyer && l.Buyer.SIREN() != "200000008" {
			t.Errorf("%s: buyer %+v", path, l.Buyer)
		}
		reasons := map[string]bool{"206": true, "207": true, "208": true, "210": true, "213": true}
		if reasons[l.Code] != (len(l.Reasons()) == 1) {
			t.Errorf("%s: reasons %v", path, l.Reasons())
		}
	}
	if len(all) < 20 {
		t.Errorf("only %d messages", len(all))
	}
}

func TestFiguresAreReadExactly(t *testing.T) {
	t.Parallel()
	rate := 2000
	for name, want := range map[string][]ingest.Figure{
		"parse/UC1_F202500003_06-CDV-211_Paiement_transmis.xml": {
			{Type: "MPA", Amount: money.New(12_000_00, money.EUR), On: cal.Must("2025-07-30")},
		},
		"convert/cdar/out/payment-212-encaissee.xml": {
			{Type: "MEN", Amount: money.New(500_00, money.EUR), Percent: &rate},
			{Type: "RAP", Amount: money.New(250_00, money.EUR)},
		},
	} {
		raw, ok := files(t)[filepath.Join(corpus, "afnor-examples/test/data", name)]
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		list, _, err := cdar.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, list[0].Details[0].Figures); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// message is one with the inside of its acknowledgements given, under prefixes
// that nobody uses.
func message(acks string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<x:CrossDomainAcknowledgementAndResponse xmlns:x="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
 xmlns="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">
<x:ExchangedDocument><ID>M1</ID><IssueDateTime><DateTimeString format="204">20261122101500</DateTimeString></IssueDateTime>
<IssuerTradeParty><GlobalID schemeID="0009">20000000800012</GlobalID><RoleCode>BY</RoleCode></IssuerTradeParty></x:ExchangedDocument>
` + acks + `</x:CrossDomainAcknowledgementAndResponse>`
}

func TestOneMessageMayTellOfManyInvoicesAndStatuses(t *testing.T) {
	t.Parallel()
	list, refused, err := cdar.Parse([]byte(message(`
<x:AcknowledgementDocument><TypeCode>23</TypeCode><IssueDateTime><DateTimeString format="102">20261121</DateTimeString></IssueDateTime>
 <ReferenceReferencedDocument><IssuerAssignedID> F 1 </IssuerAssignedID><ProcessConditionCode>207</ProcessConditionCode>
  <SpecifiedDocumentStatus><ReasonCode>PU_ERR</ReasonCode></SpecifiedDocumentStatus>
  <SpecifiedDocumentStatus><ReferenceDateTime><DateTimeString>202611220800</DateTimeString></ReferenceDateTime>
   <ReasonCode>NOUVEAU_CODE</ReasonCode><ProcessConditionCode>299</ProcessConditionCode>
   <SpecifiedDocumentCharacteristic><TypeCode>ZZZ</TypeCode><ValueAmount currencyID="EUR">10.5000</ValueAmount></SpecifiedDocumentCharacteristic>
  </SpecifiedDocumentStatus></ReferenceReferencedDocument>
 <ReferenceReferencedDocument><IssuerAssignedID>F2</IssuerAssignedID></ReferenceReferencedDocument>
</x:AcknowledgementDocument>
<x:AcknowledgementDocument><TypeCode>305</TypeCode>
 <ReferenceReferencedDocument><ProcessConditionCode>501</ProcessConditionCode></ReferenceReferencedDocument>
</x:AcknowledgementDocument>`)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range list {
		got = append(got, l.Code+" "+l.Number+" "+string(l.At)+" "+strings.Join(l.Reasons(), ",")+" "+l.Buyer.SIREN())
	}
	want := []string{
		"207 F 1 2026-11-21T00:00:00 PU_ERR 200000008",
		"299 F 1 2026-11-22T08:00:00 NOUVEAU_CODE 200000008",
		"501  2026-11-22T10:15:00  200000008",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(refused) != 1 || refused[0].Rule != "BR-FR-CDV-12" || refused[0].Line != 14 || refused[0].Column != 2 {
		t.Errorf("%+v", refused)
	}
	if a := list[1].Figures("ZZZ"); len(a) != 1 || a[0].Amount != money.New(10_50, money.EUR) {
		t.Errorf("%+v", a)
	}
}

func TestWhatIsNoStatusIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	ref := func(inside string) string {
		return message("<x:AcknowledgementDocument>\n<ReferenceReferencedDocument>" + inside +
			"</ReferenceReferencedDocument></x:AcknowledgementDocument>")
	}
	whole := `<IssuerAssignedID>F1</IssuerAssignedID><ProcessConditionCode>212</ProcessConditionCode>`
	for _, r := range []struct{ name, text, says string }{
		{"another document", "<a/>", "n’est pas un message de statut"},
		{"another space", `<CrossDomainAcknowledgementAndResponse xmlns="urn:x"/>`, "espace de noms inattendu"},
		{"cut short", ref(whole)[:700], "tronqué"},
		{"empty", message(""), "ne parle d’aucune facture"},
		{"no number", ref("<ProcessConditionCode>207</ProcessConditionCode>"), "le numéro de la facture manque"},
		{"no code", ref("<IssuerAssignedID>F1</IssuerAssignedID>"), "le code du statut manque"},
		{"no such day", ref(whole + `<ReceiptDateTime><DateTimeString format="102">20260231</DateTimeString></ReceiptDateTime>`), "20260231"},
		{"no amount", ref(whole + `<SpecifiedDocumentStatus><SpecifiedDocumentCharacteristic><ValueAmount>1,50</ValueAmount>` +
			`</SpecifiedDocumentCharacteristic></SpecifiedDocumentStatus>`), "1,50"},
		{"half a cent", ref(whole + `<SpecifiedDocumentStatus><SpecifiedDocumentCharacteristic><ValueAmount>1.005</ValueAmount>` +
			`</SpecifiedDocumentCharacteristic></SpecifiedDocumentStatus>`), "ne se lit pas"},
		{"a doctype", "<!DOCTYPE a [<!ENTITY b \"c\">]>" + message(""), "DOCTYPE"},
	} {
		list, refused, err := cdar.Parse([]byte(r.text))
		one, ok := errors.AsType[*ingest.Rejected](err)
		if len(refused) > 0 {
			one, ok = refused[0], true
		}
		if len(list) > 0 || !ok || one.Line < 1 || one.Column < 1 || !strings.Contains(one.Reason, r.says) {
			t.Errorf("%s: %d statuses, %v, %v", r.name, len(list), err, refused)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(message(`<x:AcknowledgementDocument><ReferenceReferencedDocument><IssuerAssignedID>F1</IssuerAssignedID>
<ProcessConditionCode>212</ProcessConditionCode><SpecifiedDocumentStatus><SpecifiedDocumentCharacteristic><TypeCode>MEN</TypeCode>
<ValueAmount currencyID="EUR">-12.50</ValueAmount><ValuePercent>5.5</ValuePercent></SpecifiedDocumentCharacteristic>
</SpecifiedDocumentStatus></ReferenceReferencedDocument></x:AcknowledgementDocument>`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, refused, err := cdar.Parse(raw)
		if err == nil && len(list) == 0 && len(refused) == 0 {
			t.Fatal("neither statuses nor a reason")
		}
		for _, l := range list {
			if l.Code == "" || l.At.Day().IsZero() || l.Number == "" && l.Code != "501" || l.Line < 1 {
				t.Fatalf("%+v", l)
			}
		}
	})
}
