package apply_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/journal"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

var today = cal.Must("2026-11-22")

// shop is a creditor's books with what a test does to them. Its methods end the
// test when something fails that should not.
type shop struct {
	t testing.TB
	d *db.DB
	s creditor.Scope
	o apply.Options
}

func newShop(t testing.TB, d *db.DB) *shop { return shopOf(t, d, "crd_test") }

// shopOf are the books of one creditor among several in a database.
func shopOf(t testing.TB, d *db.DB, id string) *shop {
	t.Helper()
	b := &shop{t: t, d: d, s: creditor.System(id), o: apply.Options{Drivers: []ingest.Driver{lines}, On: today}}
	b.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO creditor (id, name, siren, created_at)
			VALUES ($1, 'Atelier Test', '732829320', $2)`, b.s.Creditor, tx.Now)
		return err
	})
	return b
}

func (b *shop) write(fn func(context.Context, *db.Tx) error) {
	b.t.Helper()
	if err := b.d.Write(b.t.Context(), func(tx *db.Tx) error { return fn(b.t.Context(), tx) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *shop) read(fn func(context.Context, *db.Tx) error) {
	b.t.Helper()
	if err := b.d.Read(b.t.Context(), func(tx *db.Tx) error { return fn(b.t.Context(), tx) }); err != nil {
		b.t.Fatal(err)
	}
}

// lines is a driver of files that hold one neutral document per line, as JSON;
// a line that begins with ! is rejected for the reason that follows.
var lines = ingest.Driver{
	Format: ingest.CSV,
	Sniff:  func(ingest.Sample) ingest.Confidence { return ingest.Maybe },
	Open: func(_ context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
		if strings.HasSuffix(src.Name, ".bin") {
			return ingest.Refuse(src.Name, ingest.Unknown, "illisible", ""), nil
		}
		content, err := src.Bytes(1 << 30)
		if err != nil {
			return nil, err
		}
		return &ingest.File{Name: src.Name, Format: ingest.CSV, Header: []string{"json"}, Stream: streamLines(content)}, nil
	},
}

func streamLines(content []byte) func(func(*ingest.Document, error) bool) {
	return func(yield func(*ingest.Document, error) bool) {
		line := 0
		for text := range bytes.Lines(content) {
			line++
			if reason, ok := bytes.CutPrefix(bytes.TrimSpace(text), []byte("!")); ok {
				rejected := &ingest.Rejected{Line: line, Column: 1, Reason: string(reason), Cells: []string{string(reason)}}
				if !yield(nil, rejected) {
					return
				}
				continue
			}
			d := &ingest.Document{Line: line}
			if err := json.Unmarshal(text, d); err != nil {
				yield(nil, err)
				return
			}
			d.Line = line
			if !yield(d, nil) {
				return
			}
		}
	}
}

// file is a source that the lines driver reads.
func file(name string, docs ...any) ingest.Source {
	var content bytes.Buffer
	for _, d := range docs {
		if text, ok := d.(string); ok {
			content.WriteString(text + "\n")
			continue
		}
		line, err := json.Marshal(d)
		if err != nil {
			panic(err)
		}
		content.Write(append(line, '\n'))
	}
	return ingest.FromBytes(name, content.Bytes())
}

func eur(cents int64) money.Amount { return money.New(cents, money.EUR) }

func day(s string) cal.Date { return cal.Must("2026-" + s) }

// invoice is a row of a list of invoices.
func invoice(customer, number, issued, due string, total int64) ingest.Document {
	d := ingest.Document{
		Kind: ingest.Invoice, Number: number, Customer: ingest.Customer{Code: customer, Name: "Client " + customer},
		Issued: day(issued), Currency: money.EUR, Total: eur(total),
	}
	if due != "" {
		d.Due = day(due)
	}
	return d
}

func left(d ingest.Document, open int64) ingest.Document {
	d.Open = eur(open)
	return d
}

// payment is a row of a list of payments.
func payment(customer, number, on string, amount int64, pays string) ingest.Document {
	return ingest.Document{
		Kind: ingest.Payment, Number: number, Customer: ingest.Customer{Code: customer}, Issued: day(on), Currency: money.EUR,
		Total: eur(amount), Preceding: pays,
	}
}

func creditNote(customer, number, on string, amount int64, corrects string) ingest.Document {
	d := payment(customer, number, on, amount, corrects)
	d.Kind = ingest.CreditNote
	return d
}

// try imports files and gives what comes of it.
func (b *shop) try(o apply.Options, files ...ingest.Source) (apply.Report, error) {
	b.t.Helper()
	rep, err := apply.Run(b.t.Context(), b.d, b.s, o, files...)
	b.check()
	return rep, err
}

// take imports files; a dry run before it must say the same.
func (b *shop) take(o apply.Options, files ...ingest.Source) apply.Report {
	b.t.Helper()
	before := b.dump()
	dry := o
	dry.DryRun = true
	would, err := b.try(dry, files...)
	if err != nil {
		b.t.Fatal(err)
	}
	if diff := cmp.Diff(before, b.dump()); diff != "" {
		b.t.Fatalf("the dry run changed the books:\n%s", diff)
	}
	rep, err := b.try(o, files...)
	if err != nil {
		b.t.Fatal(err)
	}
	b.sameReport(would, rep)
	return rep
}

func (b *shop) sameReport(dry, real apply.Report) {
	b.t.Helper()
	if dry.Import != "" || !dry.DryRun || real.Import == "" {
		b.t.Errorf("dry run %q %v, run %q", dry.Import, dry.DryRun, real.Import)
	}
	dry.Import, dry.DryRun, real.Import, real.Resumed = "", false, "", false
	if diff := cmp.Diff(dry, real); diff != "" {
		b.t.Errorf("the dry run (-) promised something else than the run (+):\n%s", diff)
	}
}

// check verifies the books and the journal.
func (b *shop) check() {
	b.t.Helper()
	b.read(func(ctx context.Context, tx *db.Tx) error {
		if _, wrong, err := ledger.Verify(ctx, tx, b.s); err != nil || len(wrong) > 0 {
			b.t.Errorf("balances: %v %v", wrong, err)
		}
		if c, err := journal.Verify(ctx, tx, b.s); err != nil || !c.Intact {
			b.t.Errorf("journal: %+v %v", c, err)
		}
		return nil
	})
}

// counts are a report's in short.
func counts(r apply.Report) string {
	t := r.Totals()
	s := fmt.Sprintf("+%d ~%d =%d", t.Added, t.Changed, t.Unchanged)
	for _, c := range []struct {
		name string
		n    int
	}{
		{"settled", t.Settled},
		{"reopened", t.Reopened},
		{"skipped", t.Skipped},
		{"rejected", t.Refused},
		{"allocated", r.Allocated},
		{"dated", r.Dated},
		{"customers", r.Customers.Added},
		{"mended", r.Customers.Changed},
		{"contacts", r.Customers.Contacts},
		{"balances", r.Balances},
	} {
		if c.n > 0 {
			s += fmt.Sprintf(" %s %d", c.name, c.n)
		}
	}
	return s
}

func (b *shop) expect(r apply.Report, want string) {
	b.t.Helper()
	if got := counts(r); got != want {
		b.t.Errorf("got %s, want %s\n%s", got, want, notes(r))
	}
}

// notes are what a report says in words.
func notes(r apply.Report) string {
	var list []string
	for _, f := range r.Files {
		for _, one := range f.Rejected {
			list = append(list, fmt.Sprintf("%s:%d: %s", f.File, one.Line, one.Reason))
		}
		for _, s := range f.Skips {
			list = append(list, fmt.Sprintf("%s:%d: %s ×%d", f.File, s.Line, s.Reason, s.Count))
		}
		for _, n := range f.Warnings {
			list = append(list, fmt.Sprintf("%s: %s %s ×%d %v", f.File, n.Code, n.Text, n.Count, n.Names))
		}
	}
	for _, n := range r.Warnings {
		list = append(list, n.Code+" "+n.Text)
	}
	return strings.Join(list, "\n")
}

// open is what is open at the end of a day, by customer and number.
func (b *shop) open(on cal.Date) map[string]int64 {
	b.t.Helper()
	open := map[string]int64{}
	b.read(func(ctx context.Context, tx *db.Tx) error {
		for id, code := range b.codes(ctx, tx) {
			list, err := ledger.OpenOf(ctx, tx, b.s, id, on)
			if err != nil {
				return err
			}
			for _, o := range list {
				sign := int64(1)
				if o.Kind.Credit() {
					sign = -1
				}
				open[code+" "+o.Number] += sign * o.On.Minor
			}
		}
		return nil
	})
	return open
}

func (b *shop) codes(ctx context.Context, tx *db.Tx) map[string]string {
	codes := map[string]string{}
	for c, err := range db.Each(ctx, tx, func(r db.Row) (c [2]string, err error) { return c, r.Scan(&c[0], &c[1]) }, `
		SELECT id, code
		FROM customer
		WHERE creditor_id = $1`, b.s.Creditor) {
		if err != nil {
			b.t.Fatal(err)
		}
		codes[c[0]] = c[1]
	}
	return codes
}

func (b *shop) expectOpen(on cal.Date, want map[string]int64) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.open(on)); diff != "" {
		b.t.Errorf("open on %s:\n%s", on, diff)
	}
}

// dump is all of the books in words that do not name identifiers made by us, so
// that books that came about differently can be compared.
func (b *shop) dump() []string {
	b.t.Helper()
	var all []string
	for _, q := range []string{
		`SELECT 'customer', code, name, kind || '|' || siren || '|' || siret || '|' || vat_id, street || '|' || postal_code || '|' || city,
			country || '|' || language || '|' || tags || '|' || terms || '|' || email || '|' || phone
		FROM customer WHERE creditor_id = $1`,
		`SELECT 'contact', c.code, k.role, k.civility || '|' || k.first_name || '|' || k.last_name, k.email, k.phone
		FROM contact k JOIN customer c ON c.creditor_id = k.creditor_id AND c.id = k.customer_id WHERE k.creditor_id = $1`,
		`SELECT 'said', c.code, k.source, k.said, CAST(k.fingerprint AS TEXT), ''
		FROM customer_source k JOIN customer c ON c.creditor_id = k.creditor_id AND c.id = k.customer_id WHERE k.creditor_id = $1`,
		`SELECT 'document', c.code, d.kind || ' ' || d.number || ' ' || CASE WHEN d.nature = 'noted' THEN 'noted' ELSE d.part END,
			CAST(d.issued_on AS TEXT) || '|' || COALESCE(CAST(d.due_on AS TEXT), '-'),
			d.currency || CAST(d.amount AS TEXT) || '|' || CAST(d.open_amount AS TEXT) || '|' || COALESCE(CAST(d.net_amount AS TEXT), '-'),
			d.order_ref || '|' || d.contract_ref || '|' || d.preceding || '|' || d.terms || '|' || d.label || '|' || d.source || '|' ||
			d.nature || '|' || CAST(d.brought AS TEXT)
		FROM document d JOIN customer c ON c.creditor_id = d.creditor_id AND c.id = d.customer_id WHERE d.creditor_id = $1`,
		`SELECT 'allocation', c.number, i.number, CAST(a.amount AS TEXT), CAST(a.made_on AS TEXT),
			a.reason || '|' || CASE WHEN a.reverses IS NULL THEN '' ELSE 'reversal' END
		FROM allocation a
		JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
		JOIN document i ON i.creditor_id = a.creditor_id AND i.id = a.invoice_id WHERE a.creditor_id = $1`,
		`SELECT 'finding', d.number, f.code, f.fr, CASE WHEN f.blocking THEN 'blocking' ELSE '' END, CASE WHEN f.lasting THEN 'lasting' ELSE '' END
		FROM finding f JOIN document d ON d.creditor_id = f.creditor_id AND d.id = f.document_id
		WHERE f.creditor_id = $1 AND d.open_amount <> 0`,
		`SELECT 'copy', d.number, f.sha256, f.name, '', ''
		FROM document_file f JOIN document d ON d.creditor_id = f.creditor_id AND d.id = f.document_id WHERE f.creditor_id = $1`,
		`SELECT 'file', sha256, name, '', '', '' FROM file WHERE creditor_id = $1`,
		`SELECT 'balance', account, customer, currency || CAST(amount AS TEXT), CAST(on_day AS TEXT), '' FROM ledger_balance WHERE creditor_id = $1`,
	} {
		b.read(func(ctx context.Context, tx *db.Tx) error {
			list, err := db.All(ctx, tx, func(r db.Row) (s string, err error) {
				var c [6]string
				err = r.Scan(&c[0], &c[1], &c[2], &c[3], &c[4], &c[5])
				return strings.Join(c[:], " · "), err
			}, q, b.s.Creditor)
			all = append(all, list...)
			return err
		})
	}
	slices.Sort(all)
	return all
}

func (b *shop) with(change func(*apply.Options)) apply.Options {
	o := b.o
	change(&o)
	return o
}

func stock(o *apply.Options) { o.Mode = apply.Stock }

func (b *shop) stock() apply.Options { return b.with(stock) }

func (b *shop) stockOn(on string) apply.Options {
	return b.with(func(o *apply.Options) { o.Mode, o.On = apply.Stock, day(on) })
}

func (b *shop) undo(r apply.Report) apply.Undoing {
	b.t.Helper()
	u, err := apply.Undo(b.t.Context(), b.d, b.s, r.Import)
	if err != nil {
		b.t.Fatal(err)
	}
	b.check()
	return u
}

// same compares the books with an earlier dump.
func (b *shop) same(what string, want []string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.dump()); diff != "" {
		b.t.Errorf("after %s the books differ:\n%s", what, diff)
	}
}

func (b *shop) texts(query string) map[string]string {
	b.t.Helper()
	found := map[string]string{}
	b.read(func(ctx context.Context, tx *db.Tx) error {
		for v, err := range db.Each(ctx, tx, func(r db.Row) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) }, query, b.s.Creditor) {
			if err != nil {
				return err
			}
			if found[v[0]] != "" {
				v[1] = found[v[0]] + " " + v[1]
			}
			found[v[0]] = v[1]
		}
		return nil
	})
	return found
}

func (b *shop) expectDues(want map[string]string) {
	b.t.Helper()
	got := b.texts(`SELECT number, COALESCE(CAST(due_on AS TEXT), '') FROM document WHERE creditor_id = $1 AND kind = 'invoice'`)
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("due dates:\n%s", diff)
	}
}

// expectFindings compares the codes by invoice.
func (b *shop) expectFindings(want map[string]string) {
	b.t.Helper()
	got := map[string]string{}
	b.read(func(ctx context.Context, tx *db.Tx) error {
		list, err := apply.Findings(ctx, tx, b.s, apply.FindingFilter{Limit: 100})
		for _, f := range list {
			got[f.Number] = strings.TrimSpace(got[f.Number] + " " + f.Finding)
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("findings:\n%s", diff)
	}
}

func french(t testing.TB) law.Country {
	t.Helper()
	l, err := fr.New()
	if err != nil {
		t.Fatal(err)
	}
	return l
}
