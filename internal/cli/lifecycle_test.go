package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// status is a message about the invoice of the shared example, by its buyer.
func status(code, at, inside string) string {
	return `<?xml version="1.0"?><r:CrossDomainAcknowledgementAndResponse
 xmlns:r="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
 xmlns="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">
<r:ExchangedDocument><ID>M` + code + `</ID><IssuerTradeParty><GlobalID schemeID="0002">552100554</GlobalID><RoleCode>BY</RoleCode></IssuerTradeParty></r:ExchangedDocument>
<r:AcknowledgementDocument><TypeCode>23</TypeCode><IssueDateTime><DateTimeString format="204">` + at + `</DateTimeString></IssueDateTime>
<ReferenceReferencedDocument><IssuerAssignedID>F-2026-118</IssuerAssignedID><TypeCode>380</TypeCode>
<FormattedIssueDateTime><DateTimeString format="102">20261002</DateTimeString></FormattedIssueDateTime>
<ProcessConditionCode>` + code + `</ProcessConditionCode><IssuerTradeParty><GlobalID schemeID="0002">732829320</GlobalID></IssuerTradeParty>` +
		inside + `</ReferenceReferencedDocument></r:AcknowledgementDocument></r:CrossDomainAcknowledgementAndResponse>`
}

func reason(code string) string {
	return `<SpecifiedDocumentStatus><ReasonCode>` + code + `</ReasonCode></SpecifiedDocumentStatus>`
}

// An electronic invoice is imported, suspended, completed, partly approved, paid,
// declared collected, and at last refused: each step is told where one looks.
func TestTheLifeOfAnElectronicInvoice(t *testing.T) {
	t.Parallel()
	d := desk{t, t.TempDir()}
	invoice, err := os.ReadFile("../ingest/en16931/testdata/facture.xml")
	if err != nil {
		t.Fatal(err)
	}
	says := func(want string, args ...string) {
		t.Helper()
		out, errs, code := d.run(args...)
		flat := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(out + errs)
		if code != 0 || !strings.Contains(flat, want) {
			t.Errorf("acquit %s (%d) says\n%s\nwant %q", strings.Join(args, " "), code, flat, want)
		}
	}
	take := func(code, at, inside string) {
		t.Helper()
		says("lignes ajoutées  1", "import", d.write(code+at+".xml", status(code, at, inside)))
	}
	says("ouverts", "init", "--name", "Imprimerie du Canal", "--siren", "732829320")
	take("208", "20261005100000", reason("JUSTIF_ABS"))
	says("aucune facture de ce numéro dans les livres", "lifecycle", "list", "--waiting")
	says("lignes ajoutées  1", "import", d.write("facture.xml", string(invoice)))
	says("suspendue : Facture électronique", "explain", "F-2026-118")
	says("fournir la pièce qui manque", "task", "list")
	says("lcm_", "lifecycle", "complete", "F-2026-118", "--note", "bon joint")
	out := filepath.Join(d.dir, "out")
	says("Rien de nouveau", "lifecycle", "send", "--out", out)
	files, _ := filepath.Glob(filepath.Join(out, "*_209_*.xml"))
	if len(files) != 1 {
		t.Fatalf("%v", files)
	}
	id := strings.TrimSuffix(filepath.Base(files[0])[strings.Index(filepath.Base(files[0]), "lcm_"):], ".xml")
	says(id, "lifecycle", "confirm", id)
	says("Aucune tâche", "task", "list")

	take("206", "20261006100000", `<SpecifiedDocumentStatus><ReasonCode>PU_ERR</ReasonCode><SpecifiedDocumentCharacteristic>`+
		`<TypeCode>MNA</TypeCode><ValueAmount currencyID="EUR">100.00</ValueAmount><ValuePercent>20</ValuePercent>`+
		`</SpecifiedDocumentCharacteristic></SpecifiedDocumentStatus>`)
	says("120,00 € en litige (prix)", "explain", "F-2026-118")
	says("lignes ajoutées  1", "import", d.write("r.csv",
		"Numéro;Type;Client;Date;Montant TTC;Facture réglée\nR1;Règlement;Société Générale des Reliures;20/11/2026;500,00;F-2026-118\n"))
	says("429,24 €", "lifecycle", "due")
	says("1 statut écrit", "lifecycle", "send")
	says("Rien à déclarer", "lifecycle", "due")
	says("Encaissée", "lifecycle", "show", "F-2026-118")

	take("210", "20261120100000", reason("DOUBLON"))
	says("refusée par le client le 20 novembre 2026 (statut 210) : elle n’est plus relancée", "explain", "F-2026-118")
	says("passer un avoir interne", "task", "list")
	if out, _, code := d.run("import", d.write("autre.xml", strings.ReplaceAll(status("207", "20261121100000", reason("PU_ERR")), "732829320", "300000007"))); code == 0 ||
		!strings.Contains(out, "pas de la vôtre") {
		t.Errorf("another company's (%d): %s", code, out)
	}
}
