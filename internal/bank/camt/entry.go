package camt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

// movement is an Ntry on its way to one entry, or to one per payment.
type movement struct {
	node    *xmltree.Node
	whole   bank.Entry // what all its parts share
	own     detail     // what the Ntry itself tells
	details []detail
	before  []byte // what surrounds the details
	after   []byte
	undated bool
}

// entry reads one Ntry and gives what it holds.
func (r *reader) entry(p *xmltree.Piece) {
	m, err := r.movement(p)
	if err != nil {
		r.totals.unsure = true
		r.refuse(err, p.Raw)
		return
	}
	r.totals.add(&m.whole, cmp.Or(r.sheet.Currency, m.whole.Amount.Currency))
	for e, warning := range m.entries(p.Raw, r.sheet.Account, r.head.owner) {
		e.Statement = r.sheet.Statement
		r.sheet.Add(e)
		d := ingest.OfEntry(e)
		d.Column = m.node.Column
		if m.undated {
			d.Warnings = append(d.Warnings, ingest.Warning{
				Code: "date", Line: e.Line, Text: "le mouvement n’a pas de date\u00a0: celle du message a été prise",
			})
		}
		if warning != "" {
			d.Warnings = append(d.Warnings, ingest.Warning{Code: "details", Line: e.Line, Text: warning})
		}
		r.give(d, nil)
	}
}

func (r *reader) movement(p *xmltree.Piece) (*movement, error) {
	rest, inner, before, after := p.Cut("TxDtls")
	n, err := rest.Parse()
	if err != nil {
		return nil, err
	}
	m := &movement{node: n, before: before, after: after}
	if err := m.read(n, r.sheet.Currency); err != nil {
		return nil, at(n, err)
	}
	if m.whole.On, err = r.booked(n); err != nil {
		return nil, at(n, err)
	}
	m.undated = n.At("BookgDt") == nil && n.At("ValDt") == nil
	for _, piece := range inner {
		t, err := piece.Parse()
		if err != nil {
			return nil, err
		}
		d := read(t, m.whole.Amount.Currency)
		d.raw = piece.Raw
		m.details = append(m.details, d)
	}
	return m, nil
}

// read takes what the Ntry itself tells.
func (m *movement) read(n *xmltree.Node, c money.Currency) (err error) {
	e := &m.whole
	e.Line = n.Line
	if e.Amount, err = signed(n, n.At("Amt"), c); err != nil {
		return err
	}
	if v := dayText(n.At("ValDt")); v != "" {
		if e.Value, err = day(v); err != nil {
			return err
		}
	}
	e.Status = status(n)
	e.Reversal = slices.Contains([]string{"true", "1"}, n.Value("RvslInd"))
	e.BankRef = bank.Reference(n.Value("AcctSvcrRef"))
	e.Batch = first(bank.Reference(n.Value("NtryDtls/Btch/PmtInfId")), bank.Reference(n.Value("Btch/PmtInfId")),
		bank.Reference(n.Value("NtryDtls/Btch/MsgId")), bank.Reference(n.Value("Btch/MsgId")))
	m.own = read(n, e.Amount.Currency)
	m.own.amounts = nil
	m.own.say(n.Value("AddtlNtryInf"))
	return nil
}

// status is text up to the seventh version, a code from the eighth on. What is
// for information (INFO) or in the future (FUTR) may still change.
func status(n *xmltree.Node) bank.Status {
	if s := first(n.Value("Sts/Cd"), n.Value("Sts/Prtry"), n.Value("Sts")); s != "BOOK" && s != "" {
		return bank.IsPending
	}
	return bank.IsBooked
}

// booked is the day of an entry: booked, else of its value, else the last of its
// statement, or the day on which the message was made.
func (r *reader) booked(n *xmltree.Node) (cal.Date, error) {
	text := first(dayText(n.At("BookgDt")), dayText(n.At("ValDt")))
	if text != "" {
		return day(text)
	}
	last := r.sheet.To
	if c := r.sheet.Closing; last.IsZero() && c != nil {
		last = c.On
	}
	for _, d := range []cal.Date{last, r.head.made} {
		if !d.IsZero() {
			return d, nil
		}
	}
	return 0, &fault.Invalid{Message: "le mouvement n’a ni date comptable ni date de valeur"}
}

// entries are the parts of a movement: one for each payment where their amounts
// add up to the whole, one in all otherwise, so that nothing is counted that the
// account did not move by.
func (m *movement) entries(raw []byte, ours bank.Account, owner string) func(func(*bank.Entry, string) bool) {
	return func(yield func(*bank.Entry, string) bool) {
		if len(m.details) < 2 {
			yield(m.single(raw, ours, owner), "")
			return
		}
		signs, rest, ok := m.split()
		if !ok {
			yield(m.together(raw, ours, owner), fmt.Sprintf("les %d opérations détaillées ne donnent pas le total du "+
				"mouvement\u00a0: il est repris en une seule fois", len(m.details)))
			return
		}
		for i := range m.details {
			if !yield(m.part(i, signs[i], ours, owner), "") {
				return
			}
		}
		if !rest.IsZero() {
			yield(m.charges(rest), "")
		}
	}
}

// single is an entry with one payment at most.
func (m *movement) single(raw []byte, ours bank.Account, owner string) *bank.Entry {
	e := m.whole
	d := detail{means: bank.Other}
	if len(m.details) == 1 {
		d = m.details[0]
		e.Original = m.original(&d)
		if e.BankRef == "" {
			e.BankRef = d.ref
		}
	}
	m.fill(&e, &d, ours, owner)
	e.Raw = string(raw)
	return &e
}

// original is what was instructed in another currency. In the same one, what is
// missing was taken off on the way.
func (m *movement) original(d *detail) money.Amount {
	a := m.whole.Amount.Abs()
	switch {
	case d.original.Currency == "":
		return money.Amount{}
	case d.original.Currency != a.Currency:
		return d.original
	case d.original.Minor > a.Minor && d.fees.IsZero() && m.own.fees.IsZero() && m.whole.Amount.Sign() > 0:
		d.fees = d.original.Sub(a)
	}
	return money.Amount{}
}

// split gives each payment its signed amount where these add up to the whole:
// by the directions of their own, else all in that of the entry. What the bank
// took off for itself may be left over.
func (m *movement) split() (parts []money.Amount, rest money.Amount, ok bool) {
	total := m.whole.Amount
	for _, own := range []bool{true, false} {
		parts = parts[:0]
		var sum int64
		for i := range m.details {
			a, known := m.details[i].in(total.Currency)
			if !known || absolute(sum) > maxSum {
				return nil, rest, false
			}
			if m.debit(&m.details[i], own) {
				a = a.Neg()
			}
			parts, sum = append(parts, a), sum+a.Minor
		}
		rest = money.New(total.Minor-sum, total.Currency)
		if rest.IsZero() || rest.Sign() < 0 && rest.Neg() == m.allFees(total.Currency) {
			return parts, rest, true
		}
	}
	return nil, rest, false
}

// maxSum is far above what all money adds up to and far below what overflows.
const maxSum = 1 << 61

func absolute(n int64) int64 { return max(n, -n) }

func (m *movement) debit(d *detail, own bool) bool {
	if own && d.side != "" {
		return d.side == "DBIT"
	}
	return m.whole.Amount.Sign() < 0
}

func (m *movement) allFees(c money.Currency) money.Amount {
	if m.own.fees.Currency == c && !m.own.fees.IsZero() {
		return m.own.fees
	}
	var total int64
	for i := range m.details {
		if f := m.details[i].fees; f.Currency == c && total < maxSum {
			total += f.Minor
		}
	}
	return money.New(total, c)
}

// part is one payment of several.
func (m *movement) part(i int, amount money.Amount, ours bank.Account, owner string) *bank.Entry {
	d := m.details[i]
	e := m.whole
	e.Amount, e.Part, e.Line = amount, i+1, d.line
	e.Batch, e.BankRef = first(e.BankRef, e.Batch), d.ref
	if d.original.Currency != amount.Currency {
		e.Original = d.original
	}
	if m.sameRef() {
		e.BankRef = ""
	}
	m.fill(&e, &d, ours, owner)
	e.Raw = string(m.before) + string(d.raw) + string(m.after)
	return &e
}

// sameRef tells whether the bank gave all payments of a batch one reference,
// which then names the batch.
func (m *movement) sameRef() bool {
	return m.details[0].ref == m.details[1].ref || m.details[0].ref == m.whole.BankRef
}

// charges are what the bank kept of a batch for itself.
func (m *movement) charges(rest money.Amount) *bank.Entry {
	e := m.whole
	e.Amount, e.Part, e.Means = rest, len(m.details)+1, bank.Fee
	e.Batch, e.BankRef, e.Code = first(e.BankRef, e.Batch), "", m.own.code
	e.Label = "frais retenus par la banque"
	e.Texts = []string{e.Label}
	e.Raw = string(m.before) + string(m.after)
	return &e
}

// maxTogether bounds the payments of a batch whose texts are kept in one entry;
// its raw text has all of them.
const maxTogether = 1000

// together is a batch whose payments do not add up to it: the whole with the
// texts, the names and the references of all.
func (m *movement) together(raw []byte, ours bank.Account, owner string) *bank.Entry {
	e := m.whole
	all := m.details[0]
	all.texts, all.refs = nil, nil
	for i := range m.details[:min(len(m.details), maxTogether)] {
		d := &m.details[i]
		for _, t := range d.texts {
			all.say(t)
		}
		all.refer(d.refs...)
		if d.endToEnd != m.details[0].endToEnd {
			all.refer(d.endToEnd)
		}
	}
	first := m.other(&m.details[0], ours, owner)
	alone := true
	for i := range m.details {
		who := m.other(&m.details[i], ours, owner)
		alone = alone && who == first
		if i < maxTogether {
			all.say(who.party.Name)
		}
	}
	m.fill(&e, &all, ours, owner)
	if !alone { // no one of them is the payer
		e.Party, e.Ultimate = bank.Party{}, bank.Party{}
	}
	e.Raw = string(raw)
	return &e
}

// fill puts into an entry what a payment tells, and what the Ntry tells of all.
func (m *movement) fill(e *bank.Entry, d *detail, ours bank.Account, owner string) {
	e.Code, e.Means = first(m.own.code, d.code), m.own.means
	if len(m.details) > 1 && d.code != "" {
		e.Code = d.code
	}
	if d.means != bank.Other && (e.Means == bank.Other || len(m.details) > 1) {
		e.Means = d.means
	}
	if d.cheque != "" {
		d.say("chèque " + d.cheque)
		if e.Means == bank.Other {
			e.Means = bank.Cheque
		}
	}
	e.EndToEnd, e.Mandate, e.Structured = d.endToEnd, d.mandate, d.refs
	e.Return = d.returned
	if e.Return == nil {
		e.Return = m.own.returned
	}
	e.Fees = d.fees
	if e.Fees.Currency == "" && len(m.details) < 2 {
		e.Fees = m.own.fees
	}
	for _, t := range m.own.texts {
		d.say(t)
	}
	who := m.other(d, ours, owner)
	e.Party, e.Ultimate = who.party, who.ultimate
	e.Texts = d.texts
	if e.Party.Name == "" || e.Means == bank.Other { // what a bank squeezed into its texts
		e.TakeApart()
	}
	e.Label = label(e)
	if len(e.Texts) == 0 && e.Label != "" {
		e.Texts = []string{e.Label}
	}
}

// label is what a person reads first.
func label(e *bank.Entry) string {
	if len(e.Texts) > 0 {
		return e.Texts[0]
	}
	if len(e.Structured) > 0 {
		return e.Structured[0]
	}
	return first(e.Party.Name, e.Ultimate.Name, e.EndToEnd, e.Batch, e.Code)
}

// other is the side of a payment that is not the holder of the account: the
// debtor of money that came in, the creditor of money that left. Payments that
// go back keep their first roles: the debtor of a debit that was returned is the
// one whose debt is open again.
func (m *movement) other(d *detail, ours bank.Account, owner string) role {
	one, two := d.dbtr, d.cdtr
	if m.whole.Amount.Sign() < 0 {
		one, two = two, one
	}
	back := d.returned != nil || m.own.returned != nil || m.whole.Reversal
	switch {
	case two.isOurs(ours, owner) && !one.empty():
		return one
	case one.isOurs(ours, owner) && !two.isOurs(ours, owner):
		return two
	case back && !two.empty():
		return two
	case one.empty() && (two.party.IBAN != "" || owner != ""): // not ours, as seen above
		return two
	}
	return one
}

func (r role) isOurs(a bank.Account, owner string) bool {
	if r.party.IBAN != "" {
		return r.party.IBAN == a.Key()
	}
	return owner != "" && strings.EqualFold(r.party.Name, owner)
}
