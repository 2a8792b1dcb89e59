package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/dispute"
	"acquit/internal/dossier"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reaction"
)

// story are books in which much has happened to one customer.
type story struct {
	*agreementtest.Books
	customer string
	invoice  ledger.Document
}

func tell(t testing.TB, d *db.DB) story {
	t.Helper()
	b := agreementtest.New(t, d)
	s := story{Books: b}
	s.identify()
	s.invoice = b.Invoice(s.customer, "F2026-0871", today.Add(-40), agreementtest.EUR(2450_00))
	second := b.Invoice(s.customer, "F2026/0902 é", today.Add(-20), agreementtest.EUR(1200_50))
	b.Pay(s.invoice, today.Add(-10), 450_00)
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		return ledger.AttachFile(ctx, tx, b.Scope, s.invoice.ID, ledger.File{
			Name: "../../F2026-0871.PDF", MediaType: "application/pdf", Content: pdf("facture"),
		})
	})
	s.speak()
	s.agree(second)
	if _, err := bring(b, dossier.Evidence{
		Customer: s.customer, Kind: dossier.Contract, Name: "Contrat signé.pdf", On: today.Add(-400),
	}, pdf("contrat")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *story) identify() {
	c := &customer.Customer{
		Code: "C0042", Name: "Imprimerie Delvaux", SIREN: "732829320", Street: "12 rue des Arts", PostalCode: "59000", City: "Lille",
	}
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		if err := creditor.Update(ctx, tx, s.Scope, creditor.Creditor{
			Name: "Atelier Dupont", LegalForm: "SARL", Capital: "10 000 €", Street: "4 rue du Bac", PostalCode: "69002", City: "Lyon",
		}, journal.Write); err != nil {
			return err
		}
		if err := customer.Add(ctx, tx, s.Scope, []*customer.Customer{c}); err != nil {
			return err
		}
		return customer.AddContacts(ctx, tx, s.Scope, []*customer.Contact{{
			Customer: c.ID, Civility: "Madame", FirstName: "Anne", LastName: "Petit", Email: "anne@delvaux.example",
		}})
	})
	s.customer = c.ID
}

// speak puts a message that left into the books, with its entry of the journal.
func (s *story) speak() {
	raw := []byte("From: a@dupont.example\r\nTo: anne@delvaux.example\r\nSubject: Facture\r\n\r\nBonjour,\r\n")
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		for _, q := range []struct {
			query string
			args  []any
		}{
			{`INSERT INTO reminder (creditor_id, id, run_id, customer_id, scenario_id, scenario, version, step, step_at, tone,
				formal, channels, approve, state, on_day, leader_id, currency, amount, claims, max_age, details, proposed_at)
				VALUES ($1, 'rem_1', 'run_1', $2, 'scn_1', 'Standard', 1, 'relance-1', 5, 'neutral', $3, 'email', $3, 'sent', $4, $5,
					'EUR', 245000, 1, 10, '{}', $6)`, []any{s.Scope.Creditor, s.customer, false, today.Add(-30), s.invoice.ID, tx.Now}},
			{
				`INSERT INTO reminder_claim (creditor_id, reminder_id, document_id, amount) VALUES ($1, 'rem_1', $2, 245000)`,
				[]any{s.Scope.Creditor, s.invoice.ID},
			},
			{`INSERT INTO message (creditor_id, id, reminder_id, customer_id, channel, sender, recipients, subject, raw, sha256, size,
				state, next_at, last_code, last_detail, created_at, sent_at)
				VALUES ($1, 'msg_1', 'rem_1', $2, 'email', 'a@dupont.example', 'anne@delvaux.example', 'Facture F2026-0871', $3, $4, $5,
					'sent', $6, '250', 'queued', $6, $6)`, []any{s.Scope.Creditor, s.customer, raw, dossier.Fingerprint(raw), len(raw), tx.Now}},
		} {
			if _, err := tx.Exec(ctx, q.query, q.args...); err != nil {
				return err
			}
		}
		return journal.Write(ctx, tx, s.Scope, "message.sent", "customer/"+s.customer, map[string]string{
			"message": "msg_1", "sha256": dossier.Fingerprint(raw),
		})
	})
}

func (s *story) agree(second ledger.Document) {
	s.Write(func(ctx context.Context, tx *db.Tx) error {
		for _, err := range []error{
			promise.Add(ctx, tx, s.Scope, &promise.Promise{
				Customer: s.customer, Invoices: []string{s.invoice.ID}, Made: today.Add(-20), For: today.Add(-12),
			}, promise.DefaultLimit),
			dispute.Add(ctx, tx, s.Scope, &dispute.Dispute{
				Invoice: second.ID, Amount: agreementtest.EUR(200_00), Reason: dispute.Price, Note: "=remise oubliée", Opened: today.Add(-5),
			}),
			reaction.Add(ctx, tx, s.Scope, &reaction.Reaction{Customer: s.customer, On: today.Add(-5), Kind: reaction.Replied, Note: "je vérifie"}),
			plan.Add(ctx, tx, s.Scope, &plan.Plan{
				Customer: s.customer, Invoices: []string{second.ID}, Made: today.Add(-2), Instalments: plan.Monthly(agreementtest.EUR(1200_50), 2, today.Add(10)),
			}),
		} {
			if err != nil {
				return err
			}
		}
		// Somebody else's entry, between this customer's.
		return journal.Write(ctx, tx, s.Scope, "run.done", "run/1", struct{}{})
	})
}

func (s story) request() dossier.Request {
	return dossier.Request{Customers: []string{s.customer}, Day: today, Recipient: "Cabinet Martin, 3 place d’Armes, 59000 Lille"}
}

// pack writes the archive of a request.
func (s story) pack(o dossier.Request) (m dossier.Made, content []byte) {
	s.T.Helper()
	var out bytes.Buffer
	s.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = dossier.Write(ctx, tx, s.Scope, o, &out)
		return err
	})
	return m, out.Bytes()
}

func TestTheArchiveHoldsEverythingUnderSafeNames(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := tell(t, d)
		m, content := s.pack(s.request())
		r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range r.File {
			names = append(names, f.Name)
		}
		want := []string{
			"01-parties.json", "03-factures/F2026-0871.pdf", "05-contrats/2025-10-25-Contrat-signe.pdf",
			"09-messages/0001-" + d.Now().Format("2006-01-02") + "-relance-1-email.eml", "09-messages/messages.json", "09-messages/messages.csv",
			"11-accords-et-echanges/promesses.csv", "11-accords-et-echanges/echeanciers.csv", "11-accords-et-echanges/litiges.csv",
			"11-accords-et-echanges/reponses.csv", "11-accords-et-echanges/accords.json",
			"12-interets/releve-interets.xlsx", "12-interets/releve-interets.pdf",
			"14-prescription/prescription.json", "14-prescription/prescription.csv",
			"15-compte-411/ecritures.csv", "15-compte-411/lettrages.csv", "15-compte-411/compte-411.xlsx",
			"16-journal/journal.jsonl", "16-journal/chaine.json", "02-creances.xlsx", "00-synthese.pdf", "LISEZ-MOI.txt",
			"MANIFEST.json", "SHA256SUMS",
		}
		if !cmp.Equal(names, want) {
			t.Error(cmp.Diff(want, names))
		}
		if m.Files != len(want) || m.SHA256 != dossier.Fingerprint(content) || m.Size != int64(len(content)) || m.Name != "dossier-C0042-2026-11-29.zip" {
			t.Errorf("it says of itself %+v", m)
		}
		for range 3 {
			if _, again := s.pack(s.request()); !bytes.Equal(again, content) {
				t.Fatal("the same books give other bytes at the same instant")
			}
		}
	})
}

// The tools of every machine check an archive.
func TestStandardToolsCheckTheArchive(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"unzip", "sha256sum", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := tell(t, d)
		m, content := s.pack(s.request())
		dir := t.TempDir()
		file := filepath.Join(dir, "dossier.zip")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		run := func(in, name string, args ...string) string {
			t.Helper()
			cmd := exec.CommandContext(t.Context(), name, args...)
			cmd.Dir = in
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, out)
			}
			return string(out)
		}
		run(dir, "unzip", "-tq", file)
		run(dir, "unzip", "-q", file, "-d", "x")
		in := filepath.Join(dir, "x")
		if out := run(in, "sha256sum", "-c", "--strict", "SHA256SUMS"); strings.Count(out, ": OK") != m.Files-1 {
			t.Errorf("sha256sum says\n%s", out)
		}
		run(in, "python3", "-c", recipe(t, filepath.Join(in, "LISEZ-MOI.txt")))
	})
}

// recipe is the program that the readme gives for checking the journal.
func recipe(t *testing.T, readme string) string {
	t.Helper()
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	var program []string
	for line := range strings.Lines(string(b)) {
		if code, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "     "); ok && !strings.Contains(code, "SHA256") {
			program = append(program, code)
		}
	}
	if len(program) < 8 {
		t.Fatalf("the readme gives no program:\n%s", b)
	}
	return strings.Join(program, "\n")
}
