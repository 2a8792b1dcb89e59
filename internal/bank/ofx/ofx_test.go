package ofx

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

var drivers = []ingest.Driver{Driver}

const sgml = `OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>30004<BRANCHID>00031<ACCTID>00012345678<ACCTTYPE>CHECKING<ACCTKEY>43</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130
<STMTTRN>
<TRNTYPE>CREDIT<DTPOSTED>20261130235900.000[+1:CET]<DTAVAIL>20261201<TRNAMT>+2450,00
<FITID>A1<NAME>VIR SEPA DELVAUX & FILS
<MEMO>FACTURE F2026-0871 été &amp; merci &lt;3
</STMTTRN>
<STMTTRN><TRNTYPE>DIRECTDEBIT<DTPOSTED>20261129<TRNAMT>-1 234.56<FITID>A2<NAME>EDF<CHECKNUM><REFNUM>R9</STMTTRN>
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20261128<TRNAMT>-80<FITID>A3<CHECKNUM>0001234<NAME>CHEQUE</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261127<TRNAMT>100.5<FITID>A4<PAYEE><NAME>H&M<ADDR1>x<CITY>Lille</PAYEE><BANKACCTTO><BANKID>1<ACCTID>99</BANKACCTTO><CURRENCY><CURRATE>1<CURSYM>USD</CURRENCY></STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>-12,34<DTASOF>20261130</LEDGERBAL><AVAILBAL><BALAMT>0<DTASOF>20261130</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1>
<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR<CCACCTFROM><ACCTID>CARTE1</CCACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130<STMTTRN><TRNTYPE>POS<DTPOSTED>20261126<TRNAMT>-5.00<FITID>C1<NAME>CAFE</STMTTRN></BANKTRANLIST>
</CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>
`

type short struct{ Amount, On, Value, Means, Label, Party, Account, Ref string }

func shorts(entries []*bank.Entry) []short {
	var list []short
	for _, e := range entries {
		list = append(list, short{
			e.Amount.String(), e.On.String(), e.Value.String(), string(e.Means), e.Label, e.Party.Name, e.Party.IBAN, e.BankRef,
		})
	}
	return list
}

var want = []short{
	{"2450.00 EUR", "2026-11-30", "2026-12-01", "transfer", "VIR SEPA DELVAUX & FILS", "DELVAUX & FILS", "", "A1"},
	{"-1234.56 EUR", "2026-11-29", "", "debit", "EDF", "EDF", "", "A2"},
	{"-80.00 EUR", "2026-11-28", "", "cheque", "CHEQUE", "", "", "A3"},
	{"100.50 USD", "2026-11-27", "", "other", "H&M", "H&M", "1 99", "A4"},
	{"-5.00 EUR", "2026-11-26", "", "card", "CAFE", "CAFE", "", "C1"},
}

func TestUnclosedTagsAreRead(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "releve", sgml)
	if diff := cmp.Diff(want, shorts(r.Entries)); diff != "" || len(r.Rejected) > 0 {
		t.Fatalf("%v (-want +got):\n%s", r.Rejected, diff)
	}
	e := r.Entries[0]
	if !slices.Contains(e.Texts, "FACTURE F2026-0871 été & merci <3") || e.Line != 12 || e.Code != "CREDIT" {
		t.Errorf("got %+v", e)
	}
	if !strings.HasPrefix(e.Raw, "<STMTTRN>\n<TRNTYPE>") || !strings.HasSuffix(e.Raw, "&lt;3\n</STMTTRN>") {
		t.Errorf("raw %q", e.Raw)
	}
	s := e.Statement
	if s.Account.Number != "30004 00031 00012345678 43" || s.Closing.Amount != money.New(-1234, "EUR") || s.Opening != nil ||
		s.From.String() != "2026-11-01" || s.To.String() != "2026-11-30" {
		t.Errorf("statement %+v", s)
	}
	if card := r.Entries[4].Statement; card == s || card.Account.Number != "CARTE1" || len(r.File.Statements) != 2 {
		t.Errorf("the card has a statement of its own: %+v", card)
	}
}

// element is an unclosed element of version 1 with its value.
var element = regexp.MustCompile(`<([A-Z0-9]+)>([^<\n]+)`)

func TestBothVersionsAndAllEncodingsReadTheSame(t *testing.T) {
	t.Parallel()
	_, body, _ := strings.Cut(sgml, "\n\n")
	closed := element.ReplaceAllString(strings.ReplaceAll(body, "<CHECKNUM><REFNUM>", "<CHECKNUM/><REFNUM>"), "<$1>$2</$1>")
	closed = strings.NewReplacer("S & F", "S &amp; F", "H&M", "H&amp;M").Replace(closed)
	latin, err := charmap.Windows1252.NewEncoder().String(sgml)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"version 2":  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?OFX OFXHEADER=\"200\" VERSION=\"211\"?>\n<!-- écrit par <une> banque -->\n" + closed,
		"attributes": strings.Replace(closed, "<OFX>", `<OFX xmlns="urn:x">`, 1), "no header": "\ufeff\r\n\r\n" + body, "Windows-1252": latin,
		"CDATA":            strings.Replace(closed, "EDF", "<![CDATA[EDF]]>", 1),
		"DOS":              strings.ReplaceAll(sgml, "\n", "\r\n"),
		"open to the next": strings.ReplaceAll(sgml, "</STMTTRN>\n<STMTTRN>", "<STMTTRN>"),
		"small letters":    strings.NewReplacer("<STMTTRN>", "<stmttrn>", "<NAME>", "<name>").Replace(sgml),
	} {
		r := banktest.Text(t, drivers, name, content)
		if diff := cmp.Diff(want, shorts(r.Entries)); diff != "" || len(r.Rejected) > 0 {
			t.Errorf("%s: %v %v (-want +got):\n%s", name, r.File.Err, r.Rejected, diff)
		}
	}
}

func TestNumbersAreReadWithADotOrAComma(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1234.56": "1234.56 EUR", "-1234,56": "-1234.56 EUR", "+00000000000115.8300": "115.83 EUR", "1,234.56": "1234.56 EUR", "1.234,56": "1234.56 EUR",
		"-.5": "-0.50 EUR", "12.": "12.00 EUR", "1 234,5": "1234.50 EUR", "1.234.567,00": "1234567.00 EUR", "": "", "$120": "", "115.8331": "", "1,234": "",
	} {
		got, err := amount(text, "EUR")
		if want == "" && err == nil || want != "" && got.String() != want {
			t.Errorf("%q: got %v, %v; want %q", text, got, err, want)
		}
	}
}

func TestABrokenTransactionIsRefusedAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, reason string }{
		"no day":    {"<DTPOSTED>20261129", "", "le mouvement n’a pas de date (DTPOSTED)"},
		"wrong day": {"<DTPOSTED>20261129", "<DTPOSTED>20261131", "«\u00a020261131\u00a0» n’est pas une date de la forme AAAAMMJJ"},
		"no amount": {"<TRNAMT>-1 234.56", "<TRNAMT>", "le montant (TRNAMT) manque"},
	} {
		r := banktest.Text(t, drivers, name, strings.Replace(sgml, c.old, c.new, 1))
		if len(r.Entries) != 4 || len(r.Rejected) != 1 || r.Rejected[0].Reason != c.reason || r.Rejected[0].Line != 17 {
			t.Errorf("%s: %d entries, %v", name, len(r.Entries), r.Rejected)
		}
	}
	for cut := len(sgml) - 8; cut > 400; cut -= 31 {
		r := banktest.Text(t, drivers, "cut", strings.ToValidUTF8(sgml[:cut], ""))
		if len(r.Rejected) == 0 {
			t.Errorf("cut at %d: nothing is said", cut)
		}
	}
}

// The counts and sums were taken from the raw files by other means: grep and awk
// over the values of TRNAMT outside of investment statements.
func TestRealFilesGiveTheirCountsAndSums(t *testing.T) {
	t.Parallel()
	securities := "un relevé de titres n’est pas repris\u00a0: il ne dit pas ce que les clients paient"
	none := "ce fichier OFX ne contient aucun relevé de compte ni de carte"
	for file, want := range map[string]struct {
		entries  int
		sum      string
		sheets   int
		closing  string
		rejected []string
	}{
		"account_listing_aggregation.ofx": {rejected: []string{"ce fichier OFX est une liste de comptes, sans aucun relevé"}},
		"anzcc.ofx":                       {1, "-5.50 AUD", 1, "-123.45 AUD", nil},
		"bank_medium.ofx":                 {3, "-345.27 CAD", 1, "382.34 CAD", nil},
		"bank_small.ofx":                  {rejected: []string{none}},
		"checking.ofx":                    {3, "-59.50 USD", 1, "100.99 USD", nil},
		"error_message.ofx":               {rejected: []string{"la banque a répondu par l’erreur 2000, «\u00a0General Server Error\u00a0»"}},
		"fidelity-savings.ofx":            {rejected: []string{securities}},
		"fidelity.ofx":                    {rejected: []string{securities}},
		"investment_401k.ofx":             {rejected: []string{securities}},
		"investment_medium.ofx":           {rejected: []string{securities}},
		"multiple_accounts.ofx":           {0, "", 2, "111.00 USD 222.00 USD", nil},
		"multiple_accounts2.ofx":          {0, "", 2, "111.00 USD 222.00 USD", nil},
		"ofx-v102-empty-tags.ofx":         {1, "12.34 AUD", 1, "", nil},
		"signon_fail.ofx": {rejected: []string{"la banque a répondu par l’erreur 15500, «\u00a0Your request could not be processed because " +
			"you supplied an invalid identification code or your password was incorrect\u00a0»"}},
		"signon_success.ofx":            {rejected: []string{none}},
		"signon_success_no_message.ofx": {rejected: []string{none}},
		"suncorp.ofx":                   {1, "-16.85 AUD", 1, "1234.12 AUD", nil},
		"td_ameritrade.ofx":             {rejected: []string{securities}},
		"tiaacref.ofx":                  {rejected: []string{securities}},
		"vanguard.ofx":                  {rejected: []string{securities}},
		"vanguard401k.ofx":              {rejected: []string{securities}},
		"fail_nice/date_missing.ofx": {0, "", 1, "0.00 USD", []string{
			"le mouvement n’a pas de date (DTPOSTED)", "le mouvement n’a pas de date (DTPOSTED)",
			"«\u00a020120231\u00a0» n’est pas une date de la forme AAAAMMJJ",
		}},
		"fail_nice/decimal_error.ofx": {0, "", 1, "0.00 CAD", []string{"«\u00a0$120\u00a0» n’est pas un montant de la forme 1234.50"}},
		"fail_nice/empty_balance.ofx": {1, "120.00 CAD", 1, "", nil},
	} {
		r := banktest.Disk(t, drivers, filepath.Join(banktest.Corpus(t, "ofx-ofxparse"), "tests/fixtures", file))
		var sums, closings []string
		for _, a := range banktest.Sums(r.Entries) {
			sums = append(sums, a.String())
		}
		for _, s := range r.File.Statements {
			if s.Closing != nil {
				closings = append(closings, s.Closing.Amount.String())
			}
		}
		if len(r.Entries) != want.entries || strings.Join(sums, " ") != want.sum || len(r.File.Statements) != want.sheets ||
			strings.Join(closings, " ") != want.closing {
			t.Errorf("%s: %d entries of %q, %d statements closing at %q", file, len(r.Entries), sums, len(r.File.Statements), closings)
		}
		if !slices.EqualFunc(r.Rejected, want.rejected, func(x *ingest.Rejected, s string) bool { return x.Reason == s }) {
			t.Errorf("%s: %v, want %q", file, r.Rejected, want.rejected)
		}
	}
}

// For French and Brazilian banks CHECKNUM is the number of any operation, and a
// debit may stand without its sign.
func TestTheNumberOfAnOperationIsNoChequeAndAPositiveDebitIsSaid(t *testing.T) {
	t.Parallel()
	const text = "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>2</BANKACCTFROM>" +
		"<BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261130<TRNAMT>5<FITID>1<CHECKNUM>5IIWR0X<NAME>VIR MARTEL</STMTTRN>" +
		"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261130<TRNAMT>6<FITID>2<CHECKNUM>1234567<NAME>REMISE CHEQUE</STMTTRN>" +
		"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261130<TRNAMT>7<FITID>3<CHECKNUM>3<NAME>CARTE</STMTTRN>" +
		"</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
	r := banktest.Text(t, drivers, "a", text)
	if len(r.Entries) != 3 || len(r.Rejected) > 0 {
		t.Fatalf("%d entries, %v", len(r.Entries), r.Rejected)
	}
	for n, want := range [][]string{{"VIR MARTEL", "5IIWR0X"}, {"REMISE CHEQUE", "chèque 1234567"}, {"CARTE"}} {
		if !slices.Equal(r.Entries[n].Texts, want) {
			t.Errorf("texts %q, want %q", r.Entries[n].Texts, want)
		}
	}
	var warned []string
	for d := range ingest.Open(t.Context(), drivers, ingest.FromBytes("a", []byte(text)), ingest.Hints{}).Documents(t.Context()) {
		for _, w := range d.Warnings {
			warned = append(warned, w.Code+" "+d.Entry.Amount.String())
		}
	}
	if !slices.Equal(warned, []string{"sign 7.00 EUR"}) {
		t.Errorf("warnings %q", warned)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sgml))
	f.Add([]byte("<OFX><STMTRS><STMTTRN><![CDATA[<x>]]<!--><STMTTRN>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		first := banktest.File(t, drivers, ingest.FromBytes("f", b))
		again := banktest.File(t, drivers, ingest.FromBytes("f", b))
		if !slices.Equal(shorts(first.Entries), shorts(again.Entries)) || len(first.Rejected) != len(again.Rejected) {
			t.Fatal("a second reading differs")
		}
	})
}
