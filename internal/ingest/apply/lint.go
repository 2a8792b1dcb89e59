package apply

import (
	"context"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ingest"
	"acquit/internal/law"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// The findings that keep an invoice from being chased. All others are to be
// known and no more.
const (
	DueMissing      = "due_missing"
	DueBeforeIssued = "due_before_issued"
)

var dueMissing = law.Finding{
	Code: DueMissing, Severity: law.Violation, Source: "C. com. art. L441-9 I",
	Text: i18n.Words{
		FR: "l’échéance n’est pas connue\u00a0: donnez-la, ou les conditions de paiement du client",
		EN: "the due date is not known: give it, or the customer’s terms of payment",
	},
}

// finding is what is stored of an invoice. Lasting is what only the file could
// tell, so that looking again at the books does not clear it.
type finding struct {
	law.Finding
	customer string
	lasting  bool
}

func (f *finding) blocking() bool { return f.Code == DueMissing || f.Code == DueBeforeIssued }

// subject is what the checks want to know of a customer.
type subject struct {
	kind    customer.Kind
	country string
	terms   string
	faults  []law.Finding // of its numbers
}

// termKey is what the legal ceiling of a term depends on.
type termKey struct {
	debtor      law.Debtor
	issued, due cal.Date
	term        cal.Term
}

// checker looks at invoices; it remembers what many share.
type checker struct {
	law   law.Country
	legal map[termKey][]law.Finding
	term  func(words string) cal.Term
}

// look tells what is to be known of an invoice, from the books alone.
func (c *checker) look(d *ledger.Document, s *subject) []finding {
	var list []finding
	add := func(found ...law.Finding) {
		for _, f := range found {
			list = append(list, finding{Finding: f, customer: d.Customer})
		}
	}
	switch {
	case d.Due == 0:
		add(dueMissing)
	case d.Due < d.Issued:
		add(c.dates(d)...)
	default:
		add(c.ceiling(d, s)...)
	}
	add(s.faults...)
	return list
}

func (c *checker) dates(d *ledger.Document) []law.Finding {
	found := c.law.LintInvoice(law.Invoice{Number: d.Number, Issued: d.Issued, Due: d.Due})
	return slices.DeleteFunc(found, func(f law.Finding) bool { return f.Code != DueBeforeIssued })
}

func (c *checker) ceiling(d *ledger.Document, s *subject) []law.Finding {
	key := termKey{debtor: law.Debtor(s.kind), issued: d.Issued, due: d.Due, term: c.term(d.Terms)}
	if key.term.IsZero() {
		key.term = c.term(s.terms)
	}
	found, ok := c.legal[key]
	if !ok {
		const most = 100_000 // dates and terms to remember
		found = c.law.CheckTerm(law.Terms{Debtor: key.debtor, Issued: key.issued, Due: key.due, Term: key.term})
		if len(c.legal) < most {
			c.legal[key] = found
		}
	}
	return found
}

// numbers are the faults of a customer's own numbers.
func (c *checker) numbers(name, country, siren, siret, vat string) []law.Finding {
	if siren == "" && siret == "" && vat == "" {
		return nil
	}
	found := c.law.LintInvoice(law.Invoice{
		Number: "-", Issued: 1, Due: 1,
		Buyer: law.Party{Name: name, Country: country, SIREN: siren, SIRET: siret, VATID: vat},
	})
	return slices.DeleteFunc(found, func(f law.Finding) bool { return !strings.HasPrefix(f.Code, "buyer_") })
}

func (r *run) subject(p *party) *subject {
	if !p.checked {
		p.faults, p.checked = r.check.numbers(p.name, p.country, p.siren, p.siret, p.vat), true
	}
	return &subject{kind: p.kind, country: p.country, terms: p.terms, faults: p.faults}
}

// inspect looks at the invoices that the plan adds, changes or opens again, and
// at all that electronic invoices say.
func (p *plan) inspect(list []*work) {
	for _, e := range p.fresh {
		p.inspectOne(e)
	}
	for _, e := range p.touched {
		if e.recheck && e.Kind == ledger.Invoice {
			p.recheck = append(p.recheck, e.ID)
			p.inspectOne(e)
		}
	}
	for _, w := range list {
		if e := w.rest().electronic; e != nil && w.kind != "" && w.entry != nil && (w.added || w.changed) {
			p.mentions(w, e)
		}
	}
}

func (p *plan) inspectOne(e *entry) {
	if e.Open.Minor <= 0 || e.Nature == ledger.Noted {
		return
	}
	owner := e.owner
	if owner == nil {
		owner = p.run.dir.withID(e.Customer)
	}
	if owner == nil {
		return
	}
	p.lint[e.ID] = append(p.lint[e.ID], p.run.check.look(&e.Document, p.run.subject(owner))...)
}

// mentions looks for what an electronic invoice must say and does not.
func (p *plan) mentions(w *work, e *ingest.Electronic) {
	c, d := w.party, &w.entry.Document
	i := law.Invoice{
		CreditNote: d.Kind == ledger.CreditNote, Complete: true, Debtor: law.Debtor(c.kind), Number: d.Number,
		Preceding: d.Preceding, Issued: d.Issued, Due: d.Due, Terms: d.Terms, TypeCode: e.TypeCode, Process: e.Process,
		Seller: law.Party{
			Name: e.Seller.Name, Country: e.Seller.Country,
			SIREN: e.Seller.SIREN, SIRET: e.Seller.SIRET, VATID: e.Seller.VATID,
		},
		Buyer: law.Party{Name: c.name, Country: c.country, SIREN: c.siren, SIRET: c.siret, VATID: c.vat},
		Net:   d.Net, Total: d.Amount,
	}
	if d.Net.Currency != "" {
		i.Tax = taxOf(e, d.Amount.Currency)
	}
	for _, v := range e.VAT {
		i.VAT = append(i.VAT, law.VATLine{Rate: v.Rate, Reason: v.Reason})
	}
	for _, n := range e.Notes {
		i.Notes = append(i.Notes, law.Note{Subject: n.Subject, Text: n.Text})
	}
	for _, f := range p.run.law.LintInvoice(i) {
		own := slices.ContainsFunc(p.lint[d.ID], func(o finding) bool { return o.Code == f.Code })
		books := f.Code == DueMissing || f.Code == DueBeforeIssued ||
			strings.HasPrefix(f.Code, "buyer_") && f.Code != "buyer_siren_missing"
		if !own && !books {
			p.lint[d.ID] = append(p.lint[d.ID], finding{Finding: f, customer: d.Customer, lasting: true})
		}
	}
}

func taxOf(e *ingest.Electronic, c money.Currency) money.Amount {
	sum := money.Zero(c)
	for _, v := range e.VAT {
		if v.Tax.Currency != c {
			return money.Amount{}
		}
		sum = sum.Add(v.Tax)
	}
	return sum
}

// writeFindings puts what was found in the place of what had been found.
func (p *plan) writeFindings(ctx context.Context, tx *db.Tx) error {
	if err := clearFindings(ctx, tx, p.run.scope, p.recheck); err != nil {
		return err
	}
	return storeFindings(ctx, tx, p.run.scope, p.run.id, p.lint)
}

// Check is what Recheck looks with.
type Check struct {
	Law    law.Country
	Terms  string     // words of the creditor's usual term
	Method cal.Method // how "fin de mois" counts where the words do not say
}

// Recheck looks again at the open invoices of customers after a person has
// mended them or their invoices: due dates that were missing follow from the
// terms now known, and what no longer holds is cleared. It tells how many due
// dates it found.
func Recheck(ctx context.Context, tx *db.Tx, s creditor.Scope, c Check, customers ...string) (dated int, err error) {
	if err := s.Need(creditor.Work); err != nil {
		return 0, err
	}
	look := newChecker(c.Law, c.Method)
	owners, err := customer.ByID(ctx, tx, s, customers)
	if err != nil {
		return 0, err
	}
	docs, err := ledger.OfCustomers(ctx, tx, s, false, customers...)
	if err != nil {
		return 0, err
	}
	for i := range docs {
		d, owner := &docs[i], owners[docs[i].Customer]
		if d.Kind != ledger.Invoice || d.Due != 0 {
			continue
		}
		if d.Due = look.due(d.Issued, d.Terms, owner.Terms, c.Terms); d.Due == 0 {
			continue
		}
		if err := ledger.Change(ctx, tx, s, *d); err != nil {
			return dated, err
		}
		dated++
	}
	return dated, look.store(ctx, tx, s, docs, owners)
}

// store looks at the invoices among documents and keeps what it finds in the
// place of what had been found.
func (c *checker) store(
	ctx context.Context, tx *db.Tx, s creditor.Scope, docs []ledger.Document, owners map[string]customer.Customer,
) error {
	found, ids := map[string][]finding{}, []string{}
	for i := range docs {
		d := &docs[i]
		owner, ok := owners[d.Customer]
		if d.Kind != ledger.Invoice || !ok {
			continue
		}
		ids = append(ids, d.ID)
		list := c.look(d, &subject{
			kind: owner.Kind, country: owner.Country, terms: owner.Terms,
			faults: c.numbers(owner.Name, owner.Country, owner.SIREN, owner.SIRET, owner.VATID),
		})
		if list != nil {
			found[d.ID] = list
		}
	}
	if err := clearFindings(ctx, tx, s, ids); err != nil {
		return err
	}
	return storeFindings(ctx, tx, s, "", found)
}

func newChecker(l law.Country, m cal.Method) *checker {
	return &checker{law: l, legal: map[termKey][]law.Finding{}, term: termReader(m)}
}

// due is the day that the first words that are a term give.
func (c *checker) due(issued cal.Date, words ...string) cal.Date {
	for _, w := range words {
		if t := c.term(w); !t.IsZero() {
			return t.Due(issued)
		}
	}
	return 0
}

// termReader reads terms, each text once; nothing where the words say no term.
func termReader(m cal.Method) func(string) cal.Term {
	const most = 10_000 // texts to remember; every invoice may have one of its own
	read := map[string]cal.Term{}
	return func(words string) cal.Term {
		if words == "" {
			return cal.Term{}
		}
		t, ok := read[words]
		if !ok {
			t, _ = cal.ParseTerm(words) // no term is what follows from words that are none
			t = t.WithMethod(m)
			if len(read) < most {
				read[strings.Clone(words)] = t
			}
		}
		return t
	}
}
