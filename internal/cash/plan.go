package cash

import (
	"slices"
	"strings"
	"unicode/utf8"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
)

// books are the documents that explanations speak of, as they stand once what
// was planned before is in: so many entries can be planned before one is written.
type books struct {
	docs  map[string]*ledger.Document
	freed map[string]cal.Date // when what a document was set against last became free
	newID func(prefix string) string
	actor string
}

// booking is an entry made ready for the books.
type booking struct {
	app       Application
	entry     bank.Kept
	customers []string // whose money it is, the first first
	batch     ledger.Batch
	parts     []part
	paid      []*ledger.Document // the payments, new or there before
	numbers   map[string]string  // of the documents that the explanation names
}

type part struct {
	thing  string
	role   Role
	amount int64
}

// share is what an entry is to one customer.
type share struct {
	customer string
	invoices []need
	credits  []need
	adjusted []match.Adjustment
	rest     money.Amount // left as an unallocated credit
}

// need is a document with what is to be set on it.
type need struct {
	doc    *ledger.Document
	amount money.Amount
}

// plan makes the documents and allocations of an explanation. Payments that are
// in the books already, one a customer, stand in for those that it would make.
func (b *books) plan(e bank.Kept, x match.Explanation, there ...*ledger.Document) (*booking, error) {
	if err := adds(e, x); err != nil {
		return nil, err
	}
	shares, err := b.shares(x)
	if err != nil {
		return nil, err
	}
	k := &booking{entry: e, numbers: map[string]string{}, app: Application{
		ID: b.newID("app"), Entry: e.ID, Kind: PaymentKind, Explanation: x, By: b.actor,
	}}
	for _, id := range ids(x) {
		k.numbers[id] = b.docs[id].Number
	}
	for _, s := range shares {
		if err := b.share(k, s, there); err != nil {
			return nil, err
		}
		k.customers = append(k.customers, s.customer)
	}
	return k, nil
}

// adds tells whether an explanation comes to the entry: its lines less the
// adjustments plus the remainder.
func adds(e bank.Kept, x match.Explanation) error {
	if e.Amount.Sign() <= 0 {
		return fault.Invalidf("entry", "cette opération n’est pas un encaissement")
	}
	sum := money.Zero(e.Amount.Currency)
	for _, l := range x.Lines {
		if l.Amount.Currency != e.Amount.Currency {
			return fault.Invalidf("currency", "cet encaissement est en %s", e.Amount.Currency)
		}
		sum = sum.Add(l.Amount)
	}
	for _, a := range x.Adjustments {
		if a.Amount.Currency != e.Amount.Currency || a.Amount.Sign() <= 0 {
			return fault.Invalidf("amount", "un écart a un montant positif, en %s", e.Amount.Currency)
		}
		sum = sum.Sub(a.Amount)
	}
	if x.Remainder.Sign() < 0 || !x.Remainder.IsZero() && x.Remainder.Currency != e.Amount.Currency {
		return fault.Invalidf("remainder", "le reste non affecté ne peut pas être négatif")
	}
	if sum = sum.Add(x.Remainder); sum != e.Amount {
		return fault.Invalidf("amount", "les affectations font %s et l’encaissement %s", sum.Format("fr"), e.Amount.Format("fr"))
	}
	return nil
}

// shares sorts an explanation by customer, in the order of its lines.
func (b *books) shares(x match.Explanation) ([]*share, error) {
	var list []*share
	of := func(customer string) *share {
		i := slices.IndexFunc(list, func(s *share) bool { return s.customer == customer })
		if i < 0 {
			i, list = len(list), append(list, &share{customer: customer})
		}
		return list[i]
	}
	seen := map[string]bool{}
	for i, l := range x.Lines {
		d := b.docs[l.Item]
		switch {
		case seen[l.Item]:
			return nil, fault.Invalidf("invoice", "une pièce est proposée deux fois")
		case d == nil:
			return nil, fault.Conflictf("une pièce proposée n’est plus dans les livres")
		case d.Kind == ledger.Invoice != (l.Amount.Sign() > 0):
			return nil, fault.Invalidf("amount", "%s\u00a0: une facture se règle, un avoir ou un encaissement se déduit", d.Number)
		}
		seen[l.Item] = true
		s := of(d.Customer)
		if d.Kind == ledger.Invoice {
			s.invoices = append(s.invoices, need{d, wished(x, i)})
		} else {
			s.credits = append(s.credits, need{d, l.Amount.Neg()})
		}
	}
	for _, a := range x.Adjustments {
		d := b.docs[a.Item]
		if d == nil || d.Kind != ledger.Invoice {
			return nil, fault.Invalidf("adjustment", "un écart porte sur une facture que l’encaissement règle")
		}
		s := of(d.Customer)
		s.adjusted = append(s.adjusted, a)
	}
	if x.Remainder.Sign() > 0 || len(list) == 0 {
		if x.Customer == "" {
			return nil, fault.Invalidf("customer", "il manque le client à qui le reste revient")
		}
		of(x.Customer).rest = x.Remainder
	}
	return list, nil
}

// share plans what an entry is to one customer: what no money came for first,
// then credits, then the payment.
func (b *books) share(k *booking, s *share, there []*ledger.Document) error {
	for _, a := range s.adjusted {
		if err := b.adjust(k, a); err != nil {
			return err
		}
	}
	left := slices.Clone(s.invoices)
	for _, c := range s.credits {
		rest, err := b.spread(k, c.doc, c.amount, left, true)
		if err != nil {
			return err
		}
		if rest.Sign() > 0 {
			return fault.Invalidf("amount", "%s est déduit au-delà de ce qui est réglé", c.doc.Number)
		}
	}
	due := s.rest
	for _, n := range left {
		due = due.Add(n.amount)
	}
	if due.Sign() == 0 {
		return nil
	}
	p, was, err := b.payment(k, s.customer, due, there)
	if err != nil {
		return err
	}
	_, err = b.spread(k, p, due, left, was)
	return err
}

// spread sets an amount of a credit on what is left to settle, in order, and
// gives what it found no room for.
func (b *books) spread(
	k *booking, credit *ledger.Document, amount money.Amount, left []need, kept bool,
) (money.Amount, error) {
	for i := range left {
		some := money.Min(amount, left[i].amount)
		if some.Sign() <= 0 {
			continue
		}
		if err := b.allocate(k, credit, left[i].doc, some, kept); err != nil {
			return amount, err
		}
		left[i].amount, amount = left[i].amount.Sub(some), amount.Sub(some)
	}
	return amount, nil
}

// allocate plans one allocation; it is a part of its own where the credit was
// there before.
func (b *books) allocate(k *booking, credit, invoice *ledger.Document, amount money.Amount, kept bool) error {
	switch {
	case credit.Customer != invoice.Customer:
		return fault.Invalidf("invoice", "%s et %s ne sont pas du même client", credit.Number, invoice.Number)
	case credit.Amount.Currency != invoice.Amount.Currency:
		return fault.Invalidf("currency", "%s et %s ne sont pas dans la même devise", credit.Number, invoice.Number)
	case credit.Open.Less(amount):
		return fault.Conflictf("il ne reste que %s à affecter sur %s", credit.Open.Format("fr"), credit.Number)
	case invoice.Open.Less(amount):
		return fault.Conflictf("il ne reste que %s à payer sur %s", invoice.Open.Format("fr"), invoice.Number)
	}
	a := &ledger.Allocation{
		ID: b.newID("alo"), Customer: credit.Customer, Credit: credit.ID, Invoice: invoice.ID, Amount: amount,
		On: max(k.entry.On, credit.Issued, invoice.Issued, b.freed[credit.ID], b.freed[invoice.ID]), Reason: "banque",
	}
	credit.Open, invoice.Open = credit.Open.Sub(amount), invoice.Open.Sub(amount)
	k.batch.Allocations = append(k.batch.Allocations, a)
	if kept {
		k.parts = append(k.parts, part{a.ID, roleAllocation, amount.Minor})
	}
	return nil
}

// payment is the money of an entry that is a customer's: the document that was in
// the books already, or a new one.
func (b *books) payment(
	k *booking, customer string, amount money.Amount, there []*ledger.Document,
) (d *ledger.Document, was bool, err error) {
	for _, d := range there {
		if d.Customer != customer {
			continue
		}
		if d.Amount != amount {
			return nil, false, fault.Conflictf("%s est de %s en comptabilité", d.Number, d.Amount.Format("fr"))
		}
		k.parts, k.paid = append(k.parts, part{d.ID, roleLink, amount.Minor}), append(k.paid, d)
		return d, true, nil
	}
	d = b.make(k, &ledger.Document{
		Customer: customer, Kind: ledger.Payment, Number: number("BQ", k.entry), Issued: k.entry.On, Amount: amount,
		Label: label(k.entry),
	})
	k.parts, k.paid = append(k.parts, part{d.ID, rolePayment, amount.Minor}), append(k.paid, d)
	return d, false, nil
}

// make plans a new document.
func (b *books) make(k *booking, d *ledger.Document) *ledger.Document {
	d.ID, d.Source, d.Open = b.newID(prefixes[d.Kind]), Source, d.Amount
	d.Part = d.ID // an entry may be applied again after its undoing
	k.batch.Documents = append(k.batch.Documents, d)
	b.docs[d.ID] = d
	return d
}

var prefixes = map[ledger.Kind]string{ledger.Invoice: "inv", ledger.CreditNote: "crn", ledger.Payment: "pay"}

// adjust settles what no money came for by a credit of its own nature.
func (b *books) adjust(k *booking, a match.Adjustment) error {
	invoice := b.docs[a.Item]
	kind := adjustments[a.Kind]
	if kind.nature == "" {
		return fault.Invalidf("adjustment", "« %s » n’est pas une sorte d’écart", a.Kind)
	}
	d := b.make(k, &ledger.Document{
		Customer: invoice.Customer, Kind: ledger.CreditNote, Nature: kind.nature, Number: kind.prefix + invoice.Number,
		Issued: max(k.entry.On, invoice.Issued), Amount: a.Amount, Net: netOf(*invoice, a), Preceding: invoice.Number,
		Label: kind.label + " sur " + invoice.Number,
	})
	k.parts = append(k.parts, part{d.ID, roleAdjustment, a.Amount.Minor})
	return b.allocate(k, d, invoice, a.Amount, false)
}

// adjustments are the natures, numbers and words of what no money came for.
var adjustments = map[match.AdjustmentKind]struct {
	nature ledger.Nature
	prefix string
	label  string
}{
	match.EarlyDiscount: {ledger.Discount, "ESC-", "Escompte"},
	match.BankFees:      {ledger.BankFees, "FRB-", "Frais bancaires retenus"},
	match.Difference:    {ledger.Small, "ECA-", "Écart de règlement"},
	writtenOff:          {ledger.WriteOff, "PERTE-", "Abandon du reste"},
}

// writtenOff is a difference beyond the tolerance, which a person gives up.
const writtenOff match.AdjustmentKind = "write_off"

// netOf is the part without VAT of a discount: it lowers the base on which VAT is
// due (CGI 267 II 1°). What is not a discount leaves the base alone.
func netOf(invoice ledger.Document, a match.Adjustment) money.Amount {
	vat := invoice.Amount.Minor - invoice.Net.Minor
	if a.Kind != match.EarlyDiscount || invoice.Net.Currency == "" || invoice.Net.Sign() <= 0 || vat < 0 {
		return money.Amount{}
	}
	parts, err := a.Amount.SplitBy(invoice.Net.Minor, vat)
	if err != nil {
		return money.Amount{}
	}
	return parts[0]
}

// number is how the documents of an entry are called: its day and the end of its
// identifier.
func number(prefix string, e bank.Kept) string {
	const tail = 7
	id := strings.ToUpper(e.ID[max(0, len(e.ID)-tail):])
	return prefix + "-" + strings.ReplaceAll(e.On.String(), "-", "") + "-" + id
}

// maxLabel is in characters: what a statement of account has room for.
const maxLabel = 140

// label is what a person reads of an entry first.
func label(e bank.Kept) string {
	text := e.Label
	for _, t := range e.Texts {
		if text == "" {
			text = t
		}
	}
	if e.Party.Name != "" && !strings.Contains(strings.ToUpper(text), strings.ToUpper(e.Party.Name)) {
		text = strings.TrimSpace(e.Party.Name + " " + text)
	}
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > maxLabel {
		text = string([]rune(text)[:maxLabel-1]) + "…"
	}
	return text
}
