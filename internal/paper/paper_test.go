package paper_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/agreement/agreementtest"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/db/dbtest"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/plan"
)

var (
	update = flag.Bool("update", false, "write the letters of testdata anew")
	today  = cal.Must("2026-11-29")
	eur    = agreementtest.EUR
)

// office is a creditor with an identity, and a customer who speaks a language.
type office struct {
	*agreementtest.Books
	customer string
	invoices []ledger.Document
	payment  string
	plan     plan.Plan
}

func open(t *testing.T, d *db.DB, language string, kind customer.Kind) *office {
	t.Helper()
	b := agreementtest.New(t, d)
	b.Scope.Rights = creditor.Manage
	o := &office{Books: b}
	b.Write(func(ctx context.Context, tx *db.Tx) error {
		err := creditor.Update(ctx, tx, b.Scope, creditor.Creditor{
			Name: "Atelier Dupont", LegalForm: "SARL", Capital: "10\u202f000\u00a0€", SIREN: "732829320", Register: "RCS Lille Métropole",
			VATID: "FR44732829320", Street: "12 rue du Molinel", PostalCode: "59000", City: "Lille", Phone: "03 20 00 00 00",
			Email: "compta@atelier-dupont.example",
		}, journal.Write)
		if err != nil {
			return err
		}
		if _, err := creditor.AddAccount(ctx, tx, b.Scope, creditor.Account{
			Holder: "Atelier Dupont SARL", IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP",
		}, journal.Write); err != nil {
			return err
		}
		who := &customer.Customer{
			Code: "C0042", Name: "Imprimerie Delvaux", Kind: kind, SIREN: "552100554", Street: "48 boulevard de la Liberté",
			PostalCode: "59044", City: "Lille Cedex", Country: "FR", Language: language,
		}
		if err := customer.Add(ctx, tx, b.Scope, []*customer.Customer{who}); err != nil {
			return err
		}
		o.customer = who.ID
		return customer.AddContacts(ctx, tx, b.Scope, []*customer.Contact{
			{Customer: who.ID, Role: customer.Sales, LastName: "Vendeur"},
			{Customer: who.ID, Role: customer.Accounting, Civility: "Madame", FirstName: "Hélène", LastName: "Œuvrard"},
		})
	})
	o.fill()
	return o
}

func (o *office) fill() {
	o.invoices = []ledger.Document{
		o.Invoice(o.customer, "F2026-0871", cal.Must("2026-11-07"), eur(2450_00)),
		o.Invoice(o.customer, "F2026-0902", cal.Must("2026-11-20"), eur(1200_50)),
		o.Invoice(o.customer, "F2026-0950", cal.Must("2026-12-20"), eur(333_33)),
	}
	o.Document(ledger.Document{
		Customer: o.customer, Kind: ledger.CreditNote, Number: "A2026-0012", Issued: cal.Must("2026-11-10"), Amount: eur(100_00),
	})
	o.payment = o.Pay(o.invoices[0], cal.Must("2026-11-15"), 450_00).Credit
	o.plan = plan.Plan{
		Invoices: []string{"F2026-0871", "F2026-0902"}, Made: today, Grace: 5,
		Instalments: plan.Monthly(eur(3200_50), 4, cal.Must("2026-12-15")),
	}
	o.Write(func(ctx context.Context, tx *db.Tx) error { return plan.Add(ctx, tx, o.Scope, &o.plan) })
}

func (o *office) guarantor(t *testing.T, change func(*paper.Guarantor)) paper.Guarantor {
	t.Helper()
	g := paper.Guarantor{
		Customer: "C0042", Name: "Paul Delvaux", Person: true, Street: "3 allée des Tilleuls", PostalCode: "59800", City: "Lille",
		SignedOn: cal.Must("2024-03-01"), Ceiling: eur(20_000_00),
	}
	change(&g)
	o.Write(func(ctx context.Context, tx *db.Tx) error { return paper.AddGuarantor(ctx, tx, o.Scope, &g) })
	return g
}

// writing is one document, ready to be written.
type writing struct {
	name  string
	write func(ctx context.Context, tx *db.Tx) (letter.Letter, error)
}

func (o *office) all(t *testing.T, language string) []writing {
	t.Helper()
	g := o.guarantor(t, func(g *paper.Guarantor) { g.Language = language })
	charges := []paper.Charges{{Interest: eur(31_07), Indemnity: eur(80_00)}}
	one := func(name string, write func(ctx context.Context, tx *db.Tx) (letter.Letter, error)) writing {
		return writing{name + "-" + language, write}
	}
	return []writing{
		one("releve", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Statement(ctx, tx, o.Scope, o.customer, today)
		}),
		one("echeancier", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Agreement(ctx, tx, o.Scope, o.plan.ID, today, paper.Terms{})
		}),
		one("echeancier-decheance", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Agreement(ctx, tx, o.Scope, o.plan.ID, today, paper.Terms{Acceleration: true})
		}),
		one("quittance", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Receipt(ctx, tx, o.Scope, o.payment, today)
		}),
		one("abandon", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.WaiverLetter(ctx, tx, o.Scope, paper.Waiver{Customer: o.customer, Lines: []paper.Waived{
				{Invoice: o.invoices[0].ID, What: paper.WaivedInterest, Amount: eur(31_07)},
				{Invoice: o.invoices[0].ID, What: paper.WaivedIndemnity, Amount: eur(40_00)},
			}, Condition: map[string]string{
				"fr": "le paiement du principal avant le 15 décembre 2026", "en": "payment of the principal before 15 December 2026",
			}[language]}, today)
		}),
		one("caution-defaillance", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Inform(ctx, tx, o.Scope, g.ID, paper.Default, charges, today)
		}),
		one("caution-annuelle", func(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
			return paper.Inform(ctx, tx, o.Scope, g.ID, paper.Yearly, nil, cal.Must("2027-02-15"))
		}),
	}
}

// plain is a letter in words, as a person would read it aloud.
func plain(l letter.Letter) string {
	var b strings.Builder
	say := func(lines ...string) {
		for _, line := range lines {
			fmt.Fprintln(&b, line)
		}
		fmt.Fprintln(&b)
	}
	lines := func(mark string, text [][]letter.Span) {
		for _, spans := range text {
			line := mark
			for _, s := range spans {
				if s.Strong {
					line += "**" + s.Text + "**"
				} else {
					line += s.Text
				}
			}
			fmt.Fprintln(&b, line)
		}
		fmt.Fprintln(&b)
	}
	say(l.Sender...)
	say(l.Recipient...)
	for _, r := range l.References {
		fmt.Fprintln(&b, r.Label, "|", r.Value)
	}
	say(l.Dateline, "# "+l.Subject)
	for _, block := range l.Body {
		switch {
		case block.Heading != "":
			say("## " + block.Heading)
		case block.Paragraph != nil:
			lines("", block.Paragraph)
		case block.Bullets != nil:
			lines("- ", block.Bullets)
		case block.Table != nil:
			var heads []string
			for _, c := range block.Table.Columns {
				heads = append(heads, c.Head)
			}
			fmt.Fprintln(&b, "|", strings.Join(heads, " | "))
			for _, r := range block.Table.Rows {
				fmt.Fprintln(&b, "|", strings.TrimRight(strings.ReplaceAll(strings.Join(r, " | "), "\n", " / "), " /"))
			}
			for _, f := range block.Table.Foot {
				fmt.Fprintln(&b, "| =", f.Label, "|", f.Value)
			}
			fmt.Fprintln(&b)
		case block.Payment != nil:
			for _, p := range block.Payment.Pairs {
				fmt.Fprintln(&b, p.Label, "|", p.Value)
			}
			say(fmt.Sprintf("%q", block.Payment.Code))
		case block.Signature != nil:
			say(block.Signature.Lines...)
		}
	}
	say(l.Legal...)
	return b.String()
}

func TestDocumentsReadAsWritten(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"fr", "en"} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			o := open(t, d, language, customer.Business)
			for _, w := range o.all(t, language) {
				o.Read(func(ctx context.Context, tx *db.Tx) error {
					l, err := w.write(ctx, tx)
					if err != nil {
						return fmt.Errorf("%s: %w", w.name, err)
					}
					if err := letter.Write(&bytes.Buffer{}, l); err != nil {
						t.Errorf("%s: %v", w.name, err)
					}
					golden(t, w.name, plain(l))
					return nil
				})
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

func TestAReceiptIsForMoneyReceivedOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		o.Read(func(ctx context.Context, tx *db.Tx) error {
			if _, err := paper.Receipt(ctx, tx, o.Scope, o.invoices[0].ID, today); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("an invoice: got %v", err)
			}
			if _, err := paper.Receipt(ctx, tx, o.Scope, o.payment, cal.Must("2026-11-14")); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("before it came: got %v", err)
			}
			return nil
		})
	})
}

func TestAConsumerIsToldNothingOfProfessionalCharges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Consumer)
		o.Read(func(ctx context.Context, tx *db.Tx) error {
			l, err := paper.Agreement(ctx, tx, o.Scope, o.plan.ID, today, paper.Terms{})
			text := plain(l)
			if strings.Contains(text, "indemnités") || !strings.Contains(text, "article 1376") {
				t.Errorf("the agreement of a consumer reads: %s", text)
			}
			if len(l.Recipient) != 3 {
				t.Errorf("a consumer's address has a contact: %q", l.Recipient)
			}
			return err
		})
	})
}

func TestAGuarantorIsToldWhileTheGuaranteeStands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		past := o.guarantor(t, func(g *paper.Guarantor) { g.EndsOn = today.Add(-1) })
		given := o.guarantor(t, func(*paper.Guarantor) {})
		o.Write(func(ctx context.Context, tx *db.Tx) error {
			if err := paper.EndGuarantor(ctx, tx, o.Reader(), given.ID, today, "mainlevée"); fault.KindOf(err) != fault.KindDenied {
				t.Errorf("a reader gives up a security: %v", err)
			}
			return paper.EndGuarantor(ctx, tx, o.Scope, given.ID, today, "mainlevée")
		})
		o.Read(func(ctx context.Context, tx *db.Tx) error {
			for _, g := range []paper.Guarantor{past, given} {
				if _, err := paper.Inform(ctx, tx, o.Scope, g.ID, paper.Default, nil, today); fault.KindOf(err) != fault.KindConflict {
					t.Errorf("%+v: got %v, want a conflict", g, err)
				}
			}
			all, err := paper.Guarantors(ctx, tx, o.Scope, o.customer)
			if len(all) != 2 || all[1].Ended != today || all[0].Ceiling != eur(20_000_00) {
				t.Errorf("got %+v", all)
			}
			return err
		})
	})
}

func TestNoDefaultIsAnnouncedWhereNothingIsOverdue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		g := o.guarantor(t, func(*paper.Guarantor) {})
		o.Read(func(ctx context.Context, tx *db.Tx) error {
			_, err := paper.Inform(ctx, tx, o.Scope, g.ID, paper.Default, nil, cal.Must("2026-11-07"))
			if fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("got %v", err)
			}
			return nil
		})
	})
}

func TestAnAddressAbroadNamesItsCountry(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "en", customer.Business)
		o.Write(func(ctx context.Context, tx *db.Tx) error {
			c, err := customer.Find(ctx, tx, o.Scope, o.customer)
			if err != nil {
				return err
			}
			c.Country, c.PostalCode, c.City = "BE", "1000", "Bruxelles"
			if err := customer.Update(ctx, tx, o.Scope, c); err != nil {
				return err
			}
			l, err := paper.Head(ctx, tx, o.Scope, o.customer, today)
			want := []string{"Imprimerie Delvaux", "Attn. Madame Hélène Œuvrard", "48 boulevard de la Liberté", "1000 Bruxelles", "BELGIQUE"}
			if diff := cmp.Diff(want, l.Recipient); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func TestASignatureIsThePersonsElseTheCreditors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 9))); err != nil {
			t.Fatal(err)
		}
		o.Write(func(ctx context.Context, tx *db.Tx) error {
			if err := paper.KeepSignature(ctx, tx, o.Scope, "", []byte("MZ")); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("a program for an image: got %v", err)
			}
			return paper.KeepSignature(ctx, tx, o.Scope, "", b.Bytes())
		})
		image := func() (found []byte) {
			o.Read(func(ctx context.Context, tx *db.Tx) error {
				l, err := paper.Head(ctx, tx, o.Scope, o.customer, today)
				found = l.SignatureImage
				return err
			})
			return found
		}
		if !bytes.Equal(image(), b.Bytes()) {
			t.Error("the creditor's image does not stand above the signature")
		}
		o.Write(func(ctx context.Context, tx *db.Tx) error { return paper.DropSignature(ctx, tx, o.Scope, "") })
		if image() != nil {
			t.Error("the image is still there")
		}
	})
}

func TestStatementsOfOtherCurrenciesHaveNoCode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, "fr", customer.Business)
		o.Invoice(o.customer, "F2026-0999", cal.Must("2026-11-01"), money.New(500_00, "USD"))
		o.Read(func(ctx context.Context, tx *db.Tx) error {
			l, err := paper.Statement(ctx, tx, o.Scope, o.customer, today)
			tables, codes := 0, 0
			for _, b := range l.Body {
				if b.Table != nil {
					tables++
				}
				if b.Payment != nil && b.Payment.Code != "" {
					codes++
				}
			}
			if tables != 2 || codes != 1 {
				t.Errorf("%d tables and %d codes, want 2 and 1", tables, codes)
			}
			return err
		})
	})
}
