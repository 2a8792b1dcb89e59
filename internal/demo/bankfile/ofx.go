package bankfile

import (
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// ofx writes OFX 1.0.2 as French banks offer it for download: SGML, a name of 32
// characters, a memo, no account of the payer.
func (o *out) ofx(s Sheet) {
	iban := s.Account.IBAN
	o.say("OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n",
		"COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n",
		"<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>", compactDay(s.To), "<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1>\r\n",
		"<BANKMSGSRSV1><STMTTRNRS><TRNUID>", s.Number, "<STATUS><CODE>0<SEVERITY>INFO</STATUS>\r\n<STMTRS><CURDEF>", string(s.Currency),
		"<BANKACCTFROM><BANKID>", iban[4:9], "<BRANCHID>", iban[9:14], "<ACCTID>", iban[14:25],
		"<ACCTTYPE>CHECKING</BANKACCTFROM>\r\n", "<BANKTRANLIST><DTSTART>", compactDay(s.From), "<DTEND>",
		compactDay(s.To), "\r\n")
	for _, e := range s.Entries {
		o.transaction(e)
	}
	o.say("</BANKTRANLIST>\r\n")
	if s.Closing != nil {
		o.say("<LEDGERBAL><BALAMT>", s.Closing.Amount.Decimal(), "<DTASOF>", compactDay(s.Closing.On),
			"</LEDGERBAL>\r\n")
	}
	o.say("</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\r\n")
}

func compactDay(d cal.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// kinds are OFX's of what moved: what came in, what left.
var kinds = map[bank.Means][2]string{
	bank.Transfer: {"XFER", "XFER"}, bank.Debit: {"DIRECTDEBIT", "DIRECTDEBIT"}, bank.Cheque: {"DEP", "CHECK"},
	bank.Card: {"CREDIT", "POS"}, bank.Bill: {"CREDIT", "DEBIT"}, bank.Fee: {"INT", "FEE"},
}

func (o *out) transaction(e *bank.Entry) {
	kind := kinds[e.Means][0]
	if e.Amount.Sign() < 0 {
		kind = kinds[e.Means][1]
	}
	name := e.Party.Name
	if name == "" {
		name = e.Label
	}
	memo := append([]string{e.Label}, append(words(e), e.Structured...)...)
	if e.EndToEnd != "" && e.EndToEnd != "NOTPROVIDED" {
		memo = append(memo, e.EndToEnd)
	}
	o.say("<STMTTRN><TRNTYPE>", kind, "<DTPOSTED>", compactDay(e.On), "<TRNAMT>", signed(e.Amount),
		"<FITID>", e.BankRef)
	o.say("<NAME>", strings.TrimSpace(pad(name, 32)), "<MEMO>", capitals(strings.Join(memo, " ")), "</STMTTRN>\r\n")
}

func signed(a money.Amount) string {
	if a.Sign() < 0 {
		return a.Decimal()
	}
	return "+" + a.Decimal()
}
