package app_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"text/template"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// bill is an invoice as it truly stands, whatever the program knows.
type bill struct {
	number, customer string
	issued, due      cal.Date
	total            int64
	paid             []*coin
}

// coin is an amount of a payment that is for one invoice.
type coin struct {
	amount int64
	way    string
	booked cal.Date // at the bank
	known  bool     // what tells of it has reached the program
	dated  bool     // what tells of it says when it was booked
	gone   bool     // it went back, and the program was told
}

// left is what is owed in truth, as far as the program could know.
func (b *bill) left() int64 {
	left := b.total
	for _, c := range b.paid {
		if c.known && !c.gone {
			left -= c.amount
		}
	}
	return left
}

// unseen is the money that was at the bank by a day without anybody here knowing.
func (b *bill) unseen(day cal.Date) (list []*coin) {
	for _, c := range b.paid {
		if !c.known && c.booked <= day {
			list = append(list, c)
		}
	}
	return list
}

// transfer is a movement of the account, with the truth about it.
type transfer struct {
	Ref         string // unique at the bank: what the person finds its truth by
	Booked      cal.Date
	Minor       int64 // signed
	Name, IBAN  string
	EndToEnd    string
	Text        string
	Code        string // domain/family/sub-family
	Reason      string // of a return
	Pending     bool
	coins       []*coin
	bills       []*bill
	nobodyKnows bool // nothing in it tells whose it is
}

// Amount is the amount without its sign, as CAMT writes it.
func (t *transfer) Amount() string { return money.New(max(t.Minor, -t.Minor), money.EUR).Decimal() }

// Side is whether money came or went.
func (t *transfer) Side() string {
	if t.Minor < 0 {
		return "DBIT"
	}
	return "CRDT"
}

// Codes are the three parts of the code.
func (t *transfer) Codes() []string { return strings.Split(t.Code, "/") }

const ourIBAN = "FR7630006000011234567890189"

var camtFile = template.Must(template.New("camt").Parse(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{{.Message}}.001.08"><{{.Root}}>
<GrpHdr><MsgId>M{{.ID}}</MsgId><CreDtTm>{{.Day}}T05:00:00</CreDtTm></GrpHdr>
<{{.Item}}><Id>S{{.ID}}</Id><CreDtTm>{{.Day}}T05:00:00</CreDtTm><Acct><Id><IBAN>` + ourIBAN + `</IBAN></Id><Ccy>EUR</Ccy></Acct>
{{range .Lines}}<Ntry><NtryRef>{{.Ref}}</NtryRef><Amt Ccy="EUR">{{.Amount}}</Amt><CdtDbtInd>{{.Side}}</CdtDbtInd>
<Sts><Cd>{{if .Pending}}PDNG{{else}}BOOK{{end}}</Cd></Sts><BookgDt><Dt>{{.Booked}}</Dt></BookgDt><ValDt><Dt>{{.Booked}}</Dt></ValDt>
<AcctSvcrRef>{{.Ref}}</AcctSvcrRef>
<BkTxCd><Domn><Cd>{{index .Codes 0}}</Cd><Fmly><Cd>{{index .Codes 1}}</Cd><SubFmlyCd>{{index .Codes 2}}</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><AcctSvcrRef>{{.Ref}}</AcctSvcrRef>{{if .EndToEnd}}<EndToEndId>{{.EndToEnd}}</EndToEndId>{{end}}</Refs>
<Amt Ccy="EUR">{{.Amount}}</Amt><CdtDbtInd>{{.Side}}</CdtDbtInd>
{{if .Name}}<RltdPties><Dbtr><Pty><Nm>{{html .Name}}</Nm></Pty></Dbtr>{{if .IBAN}}<DbtrAcct><Id><IBAN>{{.IBAN}}</IBAN></Id></DbtrAcct>{{end}}</RltdPties>{{end}}
{{if .Text}}<RmtInf><Ustrd>{{html .Text}}</Ustrd></RmtInf>{{end}}
{{if .Reason}}<RtrInf><Rsn><Cd>{{.Reason}}</Cd></Rsn></RtrInf>{{end}}
</TxDtls></NtryDtls></Ntry>
{{end}}</{{.Item}}></{{.Root}}></Document>
`))

// camt is a day's movements as the bank sends them: booked, or announced.
func camt(id int, day cal.Date, lines []*transfer) []byte {
	as := struct {
		Message, Root, Item string
		ID                  int
		Day                 cal.Date
		Lines               []*transfer
	}{"053", "BkToCstmrStmt", "Stmt", id, day, lines}
	if lines[0].Pending {
		as.Message, as.Root, as.Item = "052", "BkToCstmrAcctRpt", "Rpt"
	}
	var b bytes.Buffer
	if err := camtFile.Execute(&b, as); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// payer is a customer of the test.
type payer struct{ code, name, iban, id string }

// payers have accounts with right keys.
func payers() (list []*payer) {
	for i, name := range []string{
		"Imprimerie Delvaux SARL", "Groupe Sénéchal Logistique", "Café des Halles", "Cabinet Ferrand & Associés",
		"Ateliers Morvan SAS", "Fleurs d’Anjou", "Menuiserie Le Goff", "Transports Baudry", "Pharmacie du Marché",
		"Garage Tessier et Fils", "Boulangerie Ozanne", "Éditions du Parvis",
	} {
		list = append(list, &payer{
			code: fmt.Sprintf("C%02d", i+1), name: name, iban: frenchIBAN(fmt.Sprintf("30004008%013d", 7_000_011+i*101)),
		})
	}
	return list
}

// frenchIBAN completes bank, branch and account (21 digits) with both keys.
func frenchIBAN(account string) string {
	mod := func(digits string) int {
		n := 0
		for _, c := range digits {
			n = (n*10 + int(c-'0')) % 97
		}
		return n
	}
	rib := 97 - mod(account+"00")
	body := fmt.Sprintf("%s%02d", account, rib)
	return fmt.Sprintf("FR%02d%s", 98-mod(body+"152700"), body)
}

// spoil damages a number as people do.
func spoil(r *rand.Rand, number string) string {
	digits := strings.TrimPrefix(number, "F")
	switch r.IntN(4) {
	case 0:
		return digits
	case 1:
		return "F " + digits[:4] + " " + digits[4:]
	case 2:
		return "FACT N" + digits
	}
	return strings.Replace(number, "0", "O", 1)
}

// paymentSent is the status 211 of an invoice (XP Z12-012, message CDAR).
func paymentSent(b *bill, on cal.Date) []byte {
	day := strings.ReplaceAll(on.String(), "-", "")
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse
 xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn.cpro.gouv.fr:1p0:CDV:invoice</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>` + b.number + `_211</ram:ID>
<ram:IssueDateTime><udt:DateTimeString format="204">` + day + `060000</udt:DateTimeString></ram:IssueDateTime>
<ram:SenderTradeParty><ram:RoleCode>WK</ram:RoleCode></ram:SenderTradeParty>
<ram:IssuerTradeParty><ram:RoleCode>BY</ram:RoleCode></ram:IssuerTradeParty></rsm:ExchangedDocument>
<rsm:AcknowledgementDocument><ram:TypeCode>23</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="204">` + day + `060000</udt:DateTimeString></ram:IssueDateTime>
<ram:ReferenceReferencedDocument><ram:IssuerAssignedID>` + b.number + `</ram:IssuerAssignedID>
<ram:StatusCode>47</ram:StatusCode><ram:TypeCode>380</ram:TypeCode>
<ram:FormattedIssueDateTime><qdt:DateTimeString format="102">` + strings.ReplaceAll(b.issued.String(), "-", "") +
		`</qdt:DateTimeString></ram:FormattedIssueDateTime>
<ram:ProcessConditionCode>211</ram:ProcessConditionCode><ram:ProcessCondition>Paiement transmis</ram:ProcessCondition>
</ram:ReferenceReferencedDocument></rsm:AcknowledgementDocument>
</rsm:CrossDomainAcknowledgementAndResponse>
`)
}
