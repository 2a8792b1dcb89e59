package web_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/channel"
	"acquit/internal/channel/email"
	"acquit/internal/channel/letter"
	"acquit/internal/channel/outbox"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/dunning"
	"acquit/internal/handover"
	"acquit/internal/i18n"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	page "acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/notice"
	"acquit/internal/promise"
	"acquit/internal/reminder"
	"acquit/internal/setting"
	"acquit/internal/task"
	"acquit/internal/web"
	"acquit/internal/web/webtest"
)

// story is one claim on its way, day by day.
type story struct {
	*webtest.Site
	t        *testing.T
	b        *webtest.Browser
	customer string
	invoice  ledger.Document
}

func tell(t *testing.T) *story {
	t.Helper()
	s := &story{t: t}
	s.Site = webtest.NewSite(t, func(d *web.Deps) {
		d.Desk.Ways = func(creditor.Scope, setting.Values) (map[string]channel.Channel, error) {
			paper := letter.New(s.DB.Now)
			return map[string]channel.Channel{
				string(dunning.Email): outbox.New(email.Compose, nil, s.DB.Now), string(dunning.Letter): paper,
				string(dunning.Registered): paper,
			}, nil
		}
		d.Desk.Dossier, d.Desk.Watch = handover.FromStep, handover.Watch
	}).Found(t)
	s.day("2026-07-01")
	s.Write(t, s.begin)
	s.b = s.Open(t, "/")
	return s
}

// begin is a company that may write to its customer, and one invoice.
func (s *story) begin(ctx context.Context, tx *db.Tx) error {
	c, err := creditor.Find(ctx, tx, s.Scope)
	if err != nil {
		return err
	}
	c.LegalForm, c.Capital, c.SIREN, c.Register = "SARL", "10 000 €", "732829320", "RCS Lille Métropole"
	c.Street, c.PostalCode = "3 rue des Arts", "59000"
	if err := creditor.Update(ctx, tx, s.Scope, c, journal.Write); err != nil {
		return err
	}
	account := creditor.Account{Holder: "Atelier Dupont", IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP"}
	if _, err := creditor.AddAccount(ctx, tx, s.Scope, account, journal.Write); err != nil {
		return err
	}
	wishes := map[string]string{"mail_from_address": "compta@dupont.example", "mail_from_name": "Sophie Martin", "stale_days": "0"}
	if _, err := creditor.Configure(ctx, tx, s.Scope, setting.All(), setting.Box{}, wishes, journal.Write); err != nil {
		return err
	}
	who := &customer.Customer{
		Code: "C1", Name: "Imprimerie Delvaux", Kind: customer.Business, SIREN: "552100554", Email: "compta@delvaux.example",
		Street: "9 quai du Port", PostalCode: "59140", City: "Dunkerque", Phone: "03 28 00 00 00",
	}
	if err := customer.Add(ctx, tx, s.Scope, []*customer.Customer{who}); err != nil {
		return err
	}
	s.customer = who.ID
	s.invoice = ledger.Document{
		Customer: who.ID, Kind: ledger.Invoice, Number: "F1", Issued: cal.Must("2026-06-08"), Due: cal.Must("2026-07-08"),
		Amount: money.New(245000, money.EUR), Order: "CMD-17",
	}
	if err := ledger.Add(ctx, tx, s.Scope, []*ledger.Document{&s.invoice}); err != nil {
		return err
	}
	return ledger.AttachFile(ctx, tx, s.Scope, s.invoice.ID, ledger.File{
		Name: "F1.pdf", MediaType: "application/pdf", Content: onePage(s.t),
	})
}

// onePage is an invoice's own PDF.
func onePage(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	err := page.Write(&b, page.Letter{
		Language: i18n.FR, Title: "Facture F1", On: cal.Must("2026-06-08").Time(), Sender: []string{"Atelier Dupont"},
		Recipient: []string{"Imprimerie Delvaux", "59140 DUNKERQUE"}, Subject: "Facture F1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// keep leaves a file where ACQUIT_SHOTS says, for people to open.
func keep(t *testing.T, name string, content []byte) {
	t.Helper()
	if dir := os.Getenv("ACQUIT_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// day moves the clock to nine in Paris and runs the day.
func (s *story) day(day string) {
	s.t.Helper()
	s.Clock.Set(cal.Must(day).Time().Add(7 * time.Hour))
}

func (s *story) run(day string) {
	s.t.Helper()
	s.day(day)
	if err := s.Desk.BringUp(s.t.Context(), s.Scope, cal.Must(day)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Desk.Run(s.t.Context(), s.Scope, cal.Must(day)); err != nil {
		s.t.Fatal(err)
	}
}

// waiting is the one reminder that waits, which must be of a step.
func (s *story) waiting(step string) string {
	s.t.Helper()
	var id string
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		list, err := reminder.OfCustomer(ctx, tx, s.Scope, s.customer, 1)
		if err == nil && (len(list) != 1 || list[0].Step != step || list[0].State != reminder.Proposed) {
			s.t.Fatalf("waiting: %+v, want %s", list, step)
		}
		id = list[0].ID
		return err
	})
	return id
}

// leave runs a day, approves the step that it proposes and lets it leave.
func (s *story) leave(day, step string) {
	s.t.Helper()
	s.run(day)
	id := s.waiting(step)
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error { return s.Desk.Approve(ctx, tx, s.Scope, id) })
	if _, err := s.Desk.Send(s.t.Context(), s.Scope); err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) pay(number, day string, cents int64) {
	s.t.Helper()
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		p := &ledger.Document{
			Customer: s.customer, Kind: ledger.Payment, Number: number, Issued: cal.Must(day), Amount: money.New(cents, money.EUR),
		}
		if err := ledger.Add(ctx, tx, s.Scope, []*ledger.Document{p}); err != nil {
			return err
		}
		return ledger.Allocate(ctx, tx, s.Scope, &ledger.Allocation{
			Credit: p.ID, Invoice: s.invoice.ID, On: cal.Must(day), Amount: p.Amount,
		})
	})
}

// see opens a page, signing in again where the days have ended the session.
func (s *story) see(path string, says ...string) {
	s.t.Helper()
	s.b.Go(path)
	if strings.HasPrefix(s.b.Path(), "/connexion") {
		s.b.SignIn()
		s.b.Go(path)
	}
	s.says(says...)
}

func (s *story) says(words ...string) {
	s.t.Helper()
	text := s.b.Text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.t.Fatalf("%s does not say %q:\n%s", s.b.Path(), w, text)
		}
	}
}

func TestAWholeStoryInABrowser(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.leave("2026-07-03", "rappel")
	s.leave("2026-07-10", "appel")
	s.promised("2026-07-10", "2026-07-17")
	s.leave("2026-07-20", "relance-1")
	s.leave("2026-07-30", "relance-2")
	s.pay("P1", "2026-08-03", 45000)
	s.leave("2026-08-14", "relance-3")
	s.postAll("2026-08-14")
	s.run("2026-08-24")
	s.approveNotice()
	s.postAll("2026-08-24")
	s.receiveNotice("2026-08-27")
	s.completeDossier("2026-09-14")
	s.handOver()
	s.day("2026-09-21")
	s.pay("P2", "2026-09-21", 50000)
	s.declareAndClose()
}

// promised is the call: « un virement vendredi ».
func (s *story) promised(day, until string) {
	s.t.Helper()
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		open, err := task.Open(ctx, tx, s.Scope, task.Filter{Kind: task.Call, Limit: 1})
		if err != nil || len(open) != 1 {
			s.t.Fatalf("%d calls to make: %v", len(open), err)
		}
		_, err = call.Record(ctx, tx, s.Scope, call.Report{
			Task: open[0].ID, On: cal.Must(day), Outcome: call.Promised, Person: "Mme Vidal", Note: "virement vendredi",
			Promise: &promise.Promise{
				Customer: s.customer, For: cal.Must(until), Amount: money.New(245000, money.EUR), Invoices: []string{s.invoice.ID},
			},
		})
		return err
	})
}

func (s *story) approveNotice() {
	s.t.Helper()
	id := s.waiting("mise-en-demeure")
	s.see("/?relance="+id, "Contrôle de la mise en demeure", "mettons en demeure", "2 000,00 €", "40,00 €")
	if strings.Contains(s.b.Text(), "ne peut pas encore partir") {
		s.t.Fatalf("the notice lacks something:\n%s", s.b.Text())
	}
	s.b.Shot("notice-check")
	s.b.Press(`form[action$="/approuver"] .btn.primary`)
	if _, err := s.Desk.Send(s.t.Context(), s.Scope); err != nil {
		s.t.Fatal(err)
	}
}

// postAll prints what waits and says that it was posted.
func (s *story) postAll(day string) {
	s.t.Helper()
	s.see("/courrier", "Imprimerie Delvaux")
	s.b.Press(`form[action="/courrier"] .btn`)
	if webtest.Eval[bool](s.b, `!!document.querySelector('[name^="numero-"]')`) {
		s.b.Press(`button[value="postees"]`)
		s.says("Le numéro du recommandé", "Remises à La Poste le") // nothing is lost
		s.b.Shot("pile")
		webtest.Eval[string](s.b, `document.querySelector('[name^="numero-"]').value = "1A 123 456 7890 1"`)
	}
	s.b.Press(`button[value="postees"]`)
	s.says("C’est noté.")
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		n, err := reminder.CountMessages(ctx, tx, s.Scope)
		if n[reminder.Ready] != 0 {
			s.t.Fatalf("on %s, %d letters still wait", day, n[reminder.Ready])
		}
		return err
	})
}

func (s *story) receiveNotice(day string) {
	s.t.Helper()
	s.day(day)
	s.see("/mises-en-demeure", "Imprimerie Delvaux", "déposée")
	s.b.Press(`main table a[href^="/mises-en-demeure/"]`)
	s.b.Fill("etat", string(notice.Received))
	s.b.Fill("jour", day)
	s.b.Upload("scan", write(s.t, "avis.pdf", "%PDF-1.7 avis de réception"))
	s.b.Press(`form.sheet .btn.primary`)
	s.says("Reçue", "1A12345678901", "avis.pdf", "en demeure depuis ce jour")
	s.b.Shot("notice")
}

func (s *story) completeDossier(day string) {
	s.t.Helper()
	s.run(day)
	id := s.waiting("dossier")
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		for _, k := range []dossier.Kind{
			dossier.Contract, dossier.Delivery, dossier.CompanyExtract, dossier.DebtorExtract, dossier.BODACC, dossier.EInvoiceLog,
		} {
			e := &dossier.Evidence{Customer: s.customer, Kind: k, Name: string(k) + ".pdf", On: cal.Must(day)}
			if err := dossier.AddEvidence(ctx, tx, s.Scope, e, []byte("%PDF-1.7 "+string(k)), cal.Must(day)); err != nil {
				return err
			}
		}
		return nil
	})
	path := "/clients/" + s.customer + "/dossier"
	s.see(path+"?genre=terms", "Conditions de vente")
	s.b.Upload("fichier", write(s.t, "CGV signées.pdf", "%PDF-1.7 cgv"))
	s.b.Press("#deposer .btn.primary")
	s.see(path, "100 %")
	s.b.Press(`form[action$="/archive"] .btn.primary`)
	s.says("dossier-C1-")
	s.b.Shot("dossier")
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error { return s.Desk.Approve(ctx, tx, s.Scope, id) })
	s.checkArchive()
}

// checkArchive verifies the archive that was made, and that one byte tells.
func (s *story) checkArchive() {
	s.t.Helper()
	var archive bytes.Buffer
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		_, err := dossier.Write(ctx, tx, s.Scope, dossier.Request{Customers: []string{s.customer}, Day: cal.Must("2026-09-14")}, &archive)
		return err
	})
	whole := archive.Bytes()
	if done, err := dossier.Check(bytes.NewReader(whole), int64(len(whole))); err != nil || !done.OK() {
		s.t.Fatalf("the archive does not hold: %v %+v", err, done.Problems)
	}
	keep(s.t, "histoire.zip", whole)
	whole[len(whole)/3] ^= 1
	if done, err := dossier.Check(bytes.NewReader(whole), int64(len(whole))); err == nil && done.OK() {
		s.t.Error("a byte was changed and nothing tells")
	}
}

func (s *story) handOver() {
	s.t.Helper()
	s.Write(s.t, func(ctx context.Context, tx *db.Tx) error {
		return handover.AddPartner(ctx, tx, s.Scope, &handover.Partner{
			Kind: handover.Agency, Name: "Recouvrement du Nord", City: "Lille", Email: "dossiers@nord.example", Mandate: "M-2026-4",
		})
	})
	s.see("/contentieux/client/"+s.customer, "Injonction de payer", "Imprimerie Delvaux")
	s.b.Shot("ways")
	s.see("/contentieux", "Préparés", "Imprimerie Delvaux")
	s.b.Shot("legal")
	s.b.Press(`main table a[href^="/contentieux/hnd"], main table a[href^="/contentieux/"]`)
	s.b.Click(`main details:has(select[name="intermediaire"]) > summary, main [name="intermediaire"]`)
	s.b.Press(`button[value="confier"]`)
	s.says("Recouvrement du Nord")
}

func (s *story) declareAndClose() {
	s.t.Helper()
	s.see("/contentieux", "Confiés")
	s.b.Press(`main table a[href^="/contentieux/"]`)
	s.says("500,00 €")
	s.b.Shot("handover")
	s.b.Press(`button[value="declarer"]`)
	s.b.Fill("issue", string(handover.Partial))
	s.b.Press(`button[value="clore"]`)
	s.says("Clos")
}
