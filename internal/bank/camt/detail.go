package camt

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

// detail is what is told of one payment within an entry, or of the entry itself.
type detail struct {
	amounts  []money.Amount // of the payment, in the currencies that it passed through
	side     string         // CRDT, DBIT or nothing
	original money.Amount   // what was instructed
	fees     money.Amount
	ref      string // of the bank
	endToEnd string
	mandate  string
	cheque   string
	texts    []string
	refs     []string
	dbtr     role
	cdtr     role
	code     string
	means    bank.Means
	returned *bank.Return
	raw      []byte
	line     int
}

// role is one side of a payment.
type role struct {
	party, ultimate bank.Party
}

// read takes what a TxDtls tells.
func read(n *xmltree.Node, c money.Currency) detail {
	refs := n.At("Refs")
	d := detail{
		ref:      bank.Reference(refs.Value("AcctSvcrRef")),
		endToEnd: first(bank.Reference(refs.Value("EndToEndId")), refs.Value("UETR")),
		mandate:  bank.Reference(refs.Value("MndtId")), cheque: bank.Reference(refs.Value("ChqNb")),
		side: n.Value("CdtDbtInd"), line: n.Line,
	}
	d.money(n, c)
	d.dbtr, d.cdtr = side(n, "Dbtr"), side(n, "Cdtr")
	d.code, d.means, d.returned = operation(n)
	if r := n.At("RtrInf"); r != nil {
		d.returned = returned(r)
	}
	d.remittance(n.At("RmtInf"))
	d.say(n.Value("AddtlTxInf"))
	if n.At("CardTx") != nil && d.means == bank.Other {
		d.means = bank.Card
	}
	return d
}

// money reads the amounts: Amt since the third version, those of AmtDtls before.
func (d *detail) money(n *xmltree.Node, c money.Currency) {
	for _, path := range []string{
		"Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt", "AmtDtls/PrtryAmt/Amt",
	} {
		if a, err := amount(n.At(path), c); err == nil {
			d.amounts = append(d.amounts, a)
		}
	}
	if a, err := amount(n.At("AmtDtls/InstdAmt/Amt"), c); err == nil {
		d.original = a
	}
	d.fees = fees(n.At("Chrgs"), c, n.All("Chrgs"))
}

// in is the amount of the payment in the currency of the account.
func (d *detail) in(c money.Currency) (money.Amount, bool) {
	for _, a := range d.amounts {
		if a.Currency == c {
			return a, true
		}
	}
	return money.Amount{}, false
}

// fees adds up the charges that were taken off. Up to the third version each is
// an element of its own; later all are records of one, with their total.
func fees(one *xmltree.Node, c money.Currency, all []*xmltree.Node) money.Amount {
	if a, err := amount(one.At("TtlChrgsAndTaxAmt"), c); err == nil {
		return a
	}
	var total money.Amount
	for _, n := range all {
		for _, r := range append(n.All("Rcrd"), n) {
			a, err := amount(r.At("Amt"), c)
			if err != nil || total.Currency != "" && a.Currency != total.Currency || absolute(total.Minor) > maxSum {
				continue
			}
			if r.Value("CdtDbtInd") == "CRDT" {
				a = a.Neg()
			}
			total = total.Add(a)
		}
	}
	return total
}

// side reads one side of a payment: who, whose account, which bank.
func side(n *xmltree.Node, who string) role {
	p := n.At("RltdPties")
	r := role{party: party(p.At(who)), ultimate: party(p.At("Ultmt" + who))}
	iban, other := number(p.At(who + "Acct"))
	r.party.IBAN = first(iban, bank.Reference(other))
	if r.party.Name == "" {
		r.party.Name = bank.Reference(join(p.Value(who + "Acct/Nm")))
	}
	if r.party.BIC == "" {
		r.party.BIC = bank.Reference(bic(n.At("RltdAgts/" + who + "Agt")))
	}
	return r
}

// empty tells whether nothing says who a side is.
func (r role) empty() bool {
	return r.party.Name == "" && r.party.IBAN == "" && r.ultimate.Name == ""
}

// operation reads the bank transaction code.
func operation(n *xmltree.Node) (code string, means bank.Means, back *bank.Return) {
	b := n.At("BkTxCd")
	domain, family, sub := b.Value("Domn/Cd"), b.Value("Domn/Fmly/Cd"), b.Value("Domn/Fmly/SubFmlyCd")
	own := b.Value("Prtry/Cd")
	means = bank.MeansOfISO(domain, family, sub)
	if means == bank.Other {
		means = bank.MeansOfProprietary(own, b.Value("Prtry/Issr"))
	}
	if bank.ReturnOfISO(sub) || bank.ReturnOfProprietary(own, b.Value("Prtry/Issr")) {
		back = &bank.Return{}
	}
	if domain == "" {
		return own, means, back
	}
	return strings.TrimRight(domain+"/"+family+"/"+sub, "/"), means, back
}

// returned reads why a payment went back. The code is the element Cd, in the
// first version under RtrRsn.
func returned(n *xmltree.Node) *bank.Return {
	r := &bank.Return{
		Code: first(n.Value("Rsn/Cd"), n.Value("RtrRsn/Cd"), n.Value("Rsn/Prtry"), n.Value("RtrRsn/Prtry")),
	}
	var words []string
	for _, path := range []string{"AddtlInf", "AddtlRtrRsnInf"} {
		for _, t := range n.All(path) {
			words = append(words, join(t.Text))
		}
	}
	r.Text = strings.Join(words, " ")
	return r
}

// remittance reads what the payer wrote, free and structured.
func (d *detail) remittance(n *xmltree.Node) {
	for _, t := range n.All("Ustrd") {
		d.say(t.Text)
	}
	for _, s := range n.All("Strd") {
		d.refer(s.Value("CdtrRefInf/Ref"), s.Value("CdtrRefInf/CdtrRef"))
		for _, doc := range s.All("RfrdDocInf") {
			d.refer(doc.Value("Nb"), doc.Value("RfrdDocNb"))
			for _, line := range doc.All("LineDtls/Id") {
				d.refer(line.Value("Nb"))
			}
		}
		d.documents(s)
		for _, t := range s.All("AddtlRmtInf") {
			d.say(t.Text)
		}
	}
}

// documents tells in words how much of each document is paid, where the payer
// said so.
func (d *detail) documents(s *xmltree.Node) {
	doc := first(s.Value("RfrdDocInf/Nb"), s.Value("RfrdDocInf/RfrdDocNb"))
	for _, group := range s.All("RfrdDocAmt") {
		for _, a := range group.Children {
			value := a
			if inner := a.At("Amt"); inner != nil {
				value = inner
			}
			if value.Text != "" && value.Get("Ccy") != "" {
				d.say(strings.TrimSpace(doc + " " + amountWords[a.Name] + " " + value.Text + " " + value.Get("Ccy")))
			}
		}
	}
}

var amountWords = map[string]string{
	"DuePyblAmt": "dû", "RmtdAmt": "payé", "CdtNoteAmt": "avoir", "DscntApldAmt": "escompte", "TaxAmt": "taxe",
	"AdjstmntAmtAndRsn": "ajustement",
}

func (d *detail) say(text string) {
	text = join(text)
	if text != "" && !slices.Contains(d.texts, text) {
		d.texts = append(d.texts, text)
	}
}

func (d *detail) refer(refs ...string) {
	for _, ref := range refs {
		ref = bank.Reference(join(ref))
		if ref != "" && !slices.Contains(d.refs, ref) {
			d.refs = append(d.refs, ref)
		}
	}
}
