package bankfile

import (
	"bufio"
	"encoding/xml"
	"strconv"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// el writes an element with a text, and nothing where there is none.
func (o *out) el(name, text string) {
	if text == "" {
		return
	}
	o.say("<", name, ">")
	_ = xml.EscapeText(o, []byte(text))
	o.say("</", name, ">")
}

// in writes an element around others.
func (o *out) in(name string, inner func()) {
	o.say("<", name, ">")
	inner()
	o.say("</", name, ">")
}

func (o *out) amount(name string, a money.Amount) {
	o.say("<", name, ` Ccy="`, string(a.Currency), `">`, a.Abs().Decimal(), "</", name, ">")
}

func sideOf(a money.Amount) string {
	if a.Sign() < 0 {
		return "DBIT"
	}
	return "CRDT"
}

// camt writes a camt.053.001.08, or a camt.054.001.08 of a sheet of details.
func (o *out) camt(s Sheet) {
	message, root, piece := "camt.053.001.08", "BkToCstmrStmt", "Stmt"
	if s.Kind == bank.Details {
		message, root, piece = "camt.054.001.08", "BkToCstmrDbtCdtNtfctn", "Ntfctn"
	}
	o.say(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:`, message, `">`)
	o.in(root, func() {
		o.in("GrpHdr", func() { o.el("MsgId", s.Number); o.el("CreDtTm", s.To.String()+"T20:00:00") })
		o.in(piece, func() {
			o.el("Id", s.Number)
			o.el("CreDtTm", s.To.String()+"T20:00:00")
			o.in("FrToDt", func() {
				o.el("FrDtTm", s.From.String()+"T00:00:00")
				o.el("ToDtTm", s.To.String()+"T23:59:59")
			})
			o.account(s)
			o.balance("OPBD", s.Opening)
			o.balance("CLBD", s.Closing)
			for _, batch := range batches(s.Entries) {
				o.say("\n")
				o.in("Ntry", func() { o.entry(batch, s.Account) })
			}
			o.say("\n")
		})
	})
	o.say("</Document>\n")
}

func (o *out) account(s Sheet) {
	o.in("Acct", func() {
		o.in("Id", func() { o.el("IBAN", s.Account.IBAN) })
		o.el("Ccy", string(s.Currency))
		o.in("Ownr", func() { o.el("Nm", s.Account.Name) })
		o.in("Svcr", func() { o.in("FinInstnId", func() { o.el("BICFI", s.Account.BIC) }) })
	})
}

func (o *out) balance(code string, b *bank.Balance) {
	if b == nil {
		return
	}
	o.in("Bal", func() {
		o.in("Tp", func() { o.in("CdOrPrtry", func() { o.el("Cd", code) }) })
		o.amount("Amt", b.Amount)
		o.el("CdtDbtInd", sideOf(b.Amount))
		o.day("Dt", b.On)
	})
}

func (o *out) day(name string, d cal.Date) { o.in(name, func() { o.el("Dt", d.String()) }) }

// batches puts the details of one batch together.
func batches(entries []*bank.Entry) (list [][]*bank.Entry) {
	for _, e := range entries {
		n := len(list) - 1
		if e.Part > 1 && n >= 0 && list[n][0].Batch == e.Batch {
			list[n] = append(list[n], e)
			continue
		}
		list = append(list, []*bank.Entry{e})
	}
	return list
}

// Raw is an entry as a camt.053 has it.
func Raw(e *bank.Entry, ours bank.Account) string {
	var b strings.Builder
	o := &out{bufio.NewWriter(&b)}
	o.in("Ntry", func() { o.entry([]*bank.Entry{e}, ours) })
	_ = o.Flush() // a strings.Builder takes everything
	return b.String()
}

// entry writes one Ntry: an entry, or a batch with its details.
func (o *out) entry(batch []*bank.Entry, ours bank.Account) {
	e := batch[0]
	sum := money.Zero(e.Amount.Currency)
	for _, d := range batch {
		sum = sum.Add(d.Amount)
	}
	o.amount("Amt", sum)
	o.el("CdtDbtInd", sideOf(sum))
	o.in("Sts", func() { o.el("Cd", "BOOK") })
	o.day("BookgDt", e.On)
	o.day("ValDt", e.Value)
	if e.Part > 0 {
		o.el("AcctSvcrRef", e.Batch)
	} else {
		o.el("AcctSvcrRef", e.BankRef)
	}
	o.code(e)
	o.in("NtryDtls", func() {
		if e.Batch != "" {
			o.in("Btch", func() { o.el("PmtInfId", e.Batch); o.el("NbOfTxs", strconv.Itoa(len(batch))) })
		}
		for _, d := range batch {
			if e.Batch == "" || e.Part > 0 {
				o.in("TxDtls", func() { o.details(d, ours) })
			}
		}
	})
	if e.Part == 0 {
		o.el("AddtlNtryInf", e.Label)
	}
}

// codes are the bank transaction codes (ISO 20022, external code set): family
// and sub-family of what came in, of what left, of what goes back.
var codes = map[bank.Means][3][2]string{
	bank.Transfer: {{"RCDT", "ESCT"}, {"ICDT", "ESCT"}, {"RCDT", "RRTN"}},
	bank.Debit:    {{"IDDT", "ESDD"}, {"RDDT", "ESDD"}, {"IDDT", "UPDD"}},
	bank.Cheque:   {{"RCHQ", "CCHQ"}, {"ICHQ", "CCHQ"}, {"RCHQ", "UPCQ"}},
	bank.Card:     {{"MCRD", "POSP"}, {"CCRD", "POSD"}, {"MCRD", "RCDD"}},
	bank.Bill:     {{"DRFT", "STAM"}, {"DRFT", "STAM"}, {"DRFT", "UDFT"}},
	bank.Fee:      {{"MCOP", "INTR"}, {"MDOP", "CHRG"}, {"MDOP", "CHRG"}},
}

func (o *out) code(e *bank.Entry) {
	n := 0
	switch {
	case e.Return != nil:
		n = 2
	case e.Amount.Sign() < 0:
		n = 1
	}
	c := codes[e.Means][n]
	o.in("BkTxCd", func() {
		o.in("Domn", func() {
			o.el("Cd", "PMNT")
			o.in("Fmly", func() { o.el("Cd", c[0]); o.el("SubFmlyCd", c[1]) })
		})
	})
}

// details writes one TxDtls.
func (o *out) details(e *bank.Entry, ours bank.Account) {
	o.in("Refs", func() {
		o.el("AcctSvcrRef", e.BankRef)
		o.el("EndToEndId", e.EndToEnd)
		o.el("MndtId", e.Mandate)
	})
	o.amount("Amt", e.Amount)
	o.el("CdtDbtInd", sideOf(e.Amount))
	if !e.Fees.IsZero() {
		o.in("Chrgs", func() { o.amount("TtlChrgsAndTaxAmt", e.Fees) })
	}
	o.parties(e, ours)
	if len(words(e))+len(e.Structured) > 0 {
		o.in("RmtInf", func() {
			for _, t := range words(e) {
				o.el("Ustrd", t)
			}
			for _, ref := range e.Structured {
				o.in("Strd", func() { o.in("RfrdDocInf", func() { o.el("Nb", ref) }) })
			}
		})
	}
	if e.Return != nil {
		o.in("RtrInf", func() {
			o.in("Rsn", func() { o.el("Cd", e.Return.Code) })
			o.el("AddtlInf", e.Return.Text)
		})
	}
	if e.Part > 0 {
		o.el("AddtlTxInf", e.Label)
	}
}

// parties writes who paid whom: what goes back keeps its first roles.
func (o *out) parties(e *bank.Entry, ours bank.Account) {
	if e.Party == (bank.Party{}) && e.Ultimate == (bank.Party{}) {
		return
	}
	role := "Dbtr"
	if e.Amount.Sign() < 0 && e.Return == nil {
		role = "Cdtr"
	}
	o.in("RltdPties", func() {
		if e.Ultimate.Name != "" && role == "Dbtr" {
			o.in("UltmtDbtr", func() { o.in("Pty", func() { o.el("Nm", e.Ultimate.Name) }) })
		}
		if e.Party.Name != "" {
			o.in(role, func() { o.in("Pty", func() { o.el("Nm", e.Party.Name) }) })
		}
		o.number(role+"Acct", e.Party.IBAN)
		if e.Return != nil {
			o.in("Cdtr", func() { o.in("Pty", func() { o.el("Nm", ours.Name) }) })
		}
	})
}

func (o *out) number(name, number string) {
	switch {
	case number == "":
	case bank.IsIBAN(number):
		o.in(name, func() { o.in("Id", func() { o.el("IBAN", number) }) })
	default:
		o.in(name, func() {
			o.in("Id", func() { o.in("Othr", func() { o.el("Id", strings.TrimSpace(number)) }) })
		})
	}
}
