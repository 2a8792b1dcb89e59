package mt940

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"acquit/internal/bank"
	"acquit/internal/bank/banktest"
	"acquit/internal/cal"
	"acquit/internal/ingest"
)

var drivers = []ingest.Driver{Driver}

const french = `{1:F01BNPAFRPPXXXX0000000000}{2:I940BNPAFRPPXXXXN}{4:
:20:RELEVE
:25:FR7630004000031234567890143EUR
:28C:231/1
:60F:D261231EUR1000,00
:61:2612310102CR2450,00NTRFNONREF//BQ77
:86:VIR SEPA RECU /DE IMPRIMERIE DELVAUX /MOTIF FACTURE F2026-0871 /REF
 NOTPROVIDED
:61:2701020102RC480,NDDTRUM7
:86:PRELEVEMENT IMPAYE
GARAGE MARTIN
:10:15 heures
-Nr. 7
:61:270102D12,5NCHGFRAIS
:61:2701020102RD0,5NCHGNONREF
:61:2701020102C700,00F05 REMISE 12
/OCMT/USD800,00/CHGS/EUR3,50/
:62F:C270102EUR1658,
:64:C270102EUR1658,00
:86:SOLDE EN VALEUR
-}
`

type short struct{ Amount, On, Value, Means, Code, Label, Party, Account, EndToEnd, Ref string }

func shorts(entries []*bank.Entry) []short {
	var list []short
	for _, e := range entries {
		list = append(list, short{
			e.Amount.String(), e.On.String(), e.Value.String(), string(e.Means), e.Code, e.Label, e.Party.Name, e.Party.IBAN,
			e.EndToEnd, e.BankRef,
		})
	}
	return list
}

func TestAStatementIsReadWithItsReversalsAndItsTurnOfTheYear(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "releve", french)
	want := []short{
		{
			"2450.00 EUR", "2027-01-02", "2026-12-31", "transfer", "NTRF",
			"VIR SEPA RECU /DE IMPRIMERIE DELVAUX /MOTIF FACTURE F2026-0871 /REF NOTPROVIDED", "IMPRIMERIE DELVAUX", "", "", "BQ77",
		},
		{"-480.00 EUR", "2027-01-02", "2027-01-02", "debit", "NDDT", "PRELEVEMENT IMPAYE GARAGE MARTIN :10:15 heures -Nr. 7", "GARAGE MARTIN", "", "RUM7", ""},
		{"-12.50 EUR", "2027-01-02", "2027-01-02", "fee", "NCHG", "FRAIS", "", "", "FRAIS", ""},
		{"0.50 EUR", "2027-01-02", "2027-01-02", "fee", "NCHG", "NCHG", "", "", "", ""},
		{"700.00 EUR", "2027-01-02", "2027-01-02", "other", "F05", "REMISE 12", "", "", "REMISE 12", ""},
	}
	got := shorts(r.Entries)
	if diff := cmp.Diff(want, got); diff != "" || len(r.Rejected) > 0 {
		t.Fatalf("%v (-want +got):\n%s", r.Rejected, diff)
	}
	back, last := r.Entries[1], r.Entries[4]
	if !back.Reversal || back.Return == nil || !r.Entries[3].Reversal || r.Entries[0].Reversal {
		t.Errorf("reversal %+v", back)
	}
	if last.Original.String() != "800.00 USD" || last.Fees.String() != "3.50 EUR" {
		t.Errorf("original %v, fees %v", last.Original, last.Fees)
	}
	s := last.Statement
	if s.Account.IBAN != "FR7630004000031234567890143" || s.Number != "231/1" || s.From.String() != "2026-12-31" || s.To.String() != "2027-01-02" {
		t.Errorf("statement %+v", s)
	}
	if len(r.File.Controls) != 1 || r.File.Controls[0].Computed.String() != "1658.00 EUR" || !r.File.Controls[0].Holds() {
		t.Errorf("the balances add up, but %+v", r.File.Controls)
	}
	if back.Line != 9 || back.Raw != ":61:2701020102RC480,NDDTRUM7\n:86:PRELEVEMENT IMPAYE\nGARAGE MARTIN\n:10:15 heures\n-Nr. 7" {
		t.Errorf("line %d, raw %q", back.Line, back.Raw)
	}
}

func TestEnvelopesAndEndsOfLinesChangeNothing(t *testing.T) {
	t.Parallel()
	want := shorts(banktest.Text(t, drivers, "a", french).Entries)
	body := strings.TrimSuffix(french[strings.Index(french, ":20:"):], "-}\n")
	for name, content := range map[string]string{
		"DOS": strings.ReplaceAll(french, "\n", "\r\n"), "old Macintosh": strings.ReplaceAll(french, "\n", "\r"), "bare": body,
		"a dash": body + "-\n", "one line with the envelope": strings.Replace(french, "{4:\n", "{4:", 1), "control signs": "\x01" + french + "\x03",
		"a trailer": strings.Replace(french, "-}", "-}{5:{CHK:00}}", 1), "a mark": "\ufeff" + body,
	} {
		r := banktest.Text(t, drivers, name, content)
		if diff := cmp.Diff(want, shorts(r.Entries)); diff != "" || len(r.Rejected) > 0 || len(r.File.Statements) != 1 {
			t.Errorf("%s: %v, %d statements (-want +got):\n%s", name, r.Rejected, len(r.File.Statements), diff)
		}
	}
	twice := banktest.Text(t, drivers, "two", french+french)
	if len(twice.Entries) != 10 || len(twice.File.Statements) != 2 || len(twice.Rejected) > 0 {
		t.Errorf("two messages: %d entries in %d statements, %v", len(twice.Entries), len(twice.File.Statements), twice.Rejected)
	}
}

func TestInterimReportsHoldTheirTotals(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "mt942", `:20:JOUR
:25:20070000/0123456601
:28C:5/1
:34F:EURD0,
:34F:EURC0,
:13D:2611301530+0100
:61:2611301130C100,00NTRFREF1
:86:166?00SEPA-GUTSCHRIFT?20EREF+E-1?21SVWZ+RE 4711?30DEUTDEDBXXX?31DE93230707000621787100?32MUELLER?33 GMBH?34000
:61:261130ED40,NMSCNONREF
:90D:1EUR40,00
:90C:1EUR101,00
-
`)
	if len(r.Rejected) > 0 || len(r.Entries) != 2 || r.File.Statements[0].Kind != bank.Interim {
		t.Fatalf("%d entries, %v", len(r.Entries), r.Rejected)
	}
	e := r.Entries[0]
	if e.EndToEnd != "E-1" || e.Label != "RE 4711" || e.Party.Name != "MUELLER GMBH" || e.Party.BIC != "DEUTDEDBXXX" || e.Code != "NTRF 166" {
		t.Errorf("got %+v", e)
	}
	if r.Entries[1].Status != bank.IsPending || r.Entries[1].Amount.String() != "-40.00 EUR" {
		t.Errorf("expected debit %+v", r.Entries[1])
	}
	c := r.File.Controls
	if len(c) != 2 || !c[0].Holds() || c[1].Holds() || c[1].Computed.String() != "100.00 EUR" {
		t.Errorf("controls %+v", c)
	}
}

func TestCodeWordsBetweenSlashesAreTakenApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bank.Entry{
		"/TRTP/SEPA OVERBOEKING/IBAN/NL54ABNA0123456789/BIC/ABNANL2A/NAME/JAN\nSEN BV/REMI/FACTUUR 12/2026/EREF/E-9": {
			Texts: []string{"SEPA OVERBOEKING", "FACTUUR 12/2026"}, EndToEnd: "E-9",
			Party: bank.Party{Name: "JANSEN BV", IBAN: "NL54ABNA0123456789", BIC: "ABNANL2A"},
		},
		"/EREF/E-8//MARF/M-3//CSID/NL99ZZZ//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV/AMSTERDAM//RTRN/AM04//REMI/USTD//FACT 4//": {
			Texts: []string{"FACT 4"}, EndToEnd: "E-8", Mandate: "M-3", Return: &bank.Return{Code: "AM04"},
			Party: bank.Party{Name: "ING BANK NV", IBAN: "NL32INGB0000012345", BIC: "INGBNL2A", ID: "NL99ZZZ"},
		},
		"/EREF/NOTPROVIDED/ORDP//NAME/A BV/REMI/4/ISDT/2013-07-11/ULTD//NAME/B BV": {
			Texts: []string{"4"}, Party: bank.Party{Name: "A BV"}, Ultimate: bank.Party{Name: "B BV"},
		},
	} {
		var got bank.Entry
		slashed(&got, info{lines: strings.Split(text, "\n")}.glued())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestTheEntryDateIsInTheYearNearestToTheValueDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, text, want string }{
		{"2026-12-31", "0102", "2027-01-02"},
		{"2027-01-02", "1231", "2026-12-31"},
		{"2026-11-30", "1201", "2026-12-01"},
		{"2026-11-30", "", "2026-11-30"},
		{"2028-02-28", "0229", "2028-02-29"},
		{"2027-02-28", "0229", "2028-02-29"},
		{"2026-11-30", "1331", "2026-11-30"},
	} {
		if got := booked(cal.Must(c.value), c.text); got.String() != c.want {
			t.Errorf("%s behind %s is %s, want %s", c.text, c.value, got, c.want)
		}
	}
}

// The counts and sums were taken from the raw files by other means: a count of
// the fields 61, whose amounts were added with the sign of their mark.
func TestRealFilesGiveTheirCountsAndSums(t *testing.T) {
	t.Parallel()
	unclosed := "le solde final (:62F:) de ce relevé manque"
	for file, want := range map[string]struct {
		entries  int
		minor    int64
		sheets   int
		rejected string
	}{
		"K4262927_20200905-080000-952.txt": {1, 23000, 1, unclosed}, "abnamro.txt": {10, -34593, 2, ""}, "bug-core-5401.txt": {1, 5000, 1, ""},
		"commerzbank.txt": {1, -1235, 1, ""}, "deutschebank.txt": {1, -1235, 1, ""}, "generic.txt": {2, -2000, 2, ""}, "ing-dos.txt": {7, -4559, 1, ""},
		"ing-unix.txt": {7, -4559, 1, ""}, "knab.txt": {3, -626000, 2, ""}, "lbbw.txt": {2, 0, 1, ""}, "oldenburgischelandesbank.txt": {1, 10450, 1, ""},
		"oldenburgischelandesbank2.txt": {1, 23000, 1, unclosed}, "oldenburgischelandesbankmitbindestrich.txt": {1, 172700, 1, ""},
		"postfinance.txt": {4, 15940, 2, ""}, "rabobank-iban.txt": {4, -7000, 2, ""}, "rabobank.txt": {5, -158909, 4, ""}, "sns.txt": {2, -2500, 2, ""},
		"sparkasse.txt": {2, -4000, 2, ""}, "sparkasse2.txt": {1, 102725, 1, ""}, "sparkasse3.txt": {1, -102725, 1, ""},
		"sparkasse_interim_balance.txt": {2, -4000, 3, ""}, "triodos.txt": {2, -71570, 1, ""}, "volksbankenraiffeisenbanken.txt": {12, 74500, 8, ""},
	} {
		r := banktest.Disk(t, drivers, filepath.Join(banktest.Corpus(t, "mt940-jejik"), "tests/Jejik/Tests/MT940/Fixture/document", file))
		var sum int64
		for _, a := range banktest.Sums(r.Entries) {
			sum += a.Minor
		}
		if len(r.Entries) != want.entries || sum != want.minor || len(r.File.Statements) != want.sheets {
			t.Errorf("%s: %d entries of %d in %d statements, want %+v", file, len(r.Entries), sum, len(r.File.Statements), want)
		}
		if (want.rejected == "") != (len(r.Rejected) == 0) || want.rejected != "" && !strings.HasPrefix(r.Rejected[0].Reason, want.rejected) {
			t.Errorf("%s: %v, want %q", file, r.Rejected, want.rejected)
		}
	}
}

// One entry of each dialect, read by eye.
func TestDialectsNameTheOtherSide(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]short{
		"commerzbank.txt": {
			"-12.35 EUR", "2020-06-08", "2020-06-08", "debit", "NRTI 109",
			"SONSTIGE GRUENDE ENDABRECHNUNG NR. 500106875 ZU VERTRA400143254, KUNDENNUM MER 2 02227779", "TESTEREL", "DE50712345600200691329",
			"A1.200080779.400143254.4961336", "2016021783252833",
		},
		"oldenburgischelandesbank.txt": {
			"104.50 EUR", "2018-07-16", "2018-07-16", "transfer", "N051 166", "WOHNBAU DIEPHOLZ GMBH", "WOHNBAU DIEPHOLZ GMBH",
			"DE99123456771234567888", "", "",
		},
		"rabobank-iban.txt": {
			"-25.00 EUR", "2013-01-01", "2013-01-01", "other", "N102", "CONTRA ACCOUNT HOLDER", "CONTRA ACCOUNT HOLDER", "NL70ABNA0987654321",
			"01-01-2013 12:00 0030000987654321", "",
		},
		"rabobank.txt": {"-1213.28 EUR", "2011-05-27", "2011-05-27", "other", "N044", "Terugboeking", "W.P. Jansen", "0121470966", "", ""},
		"sns.txt": {
			"-20.00 EUR", "2012-06-08", "2012-06-07", "other", "NIOB", "0987654321 marechal s dit is een test", "marechal s", "0987654321", "", "",
		},
		"triodos.txt": {
			"-15.70 EUR", "2011-01-01", "2011-01-01", "other", "N000 000", "ALGEMENE TUSSENREKENING KOSTEN VAN 01-10-2010 TOT EN MET 31-12-2010",
			"", "0390123456", "", "",
		},
	} {
		r := banktest.Disk(t, drivers, filepath.Join(banktest.Corpus(t, "mt940-jejik"), "tests/Jejik/Tests/MT940/Fixture/document", file))
		if diff := cmp.Diff(want, shorts(r.Entries)[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// Traits of files that banks were seen to write, with other names and figures.
func TestNothingThatABankWroteInItsOwnWayIsLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ movement, amount, label, party, account string }{
		"a text behind an amount": {
			":61:2611301130DD200,00NTRF10046881//61285\n:86:/OCMT/USD232,12/\nFACTURES 204011 ET 204012\n", "-200.00 EUR",
			"FACTURES 204011 ET 204012", "", "",
		},
		"the other side on lines": {
			":61:2611301130CD2250,NMSCNONREF//255\n:86:/ORDP/300000000460495\n/MARTEL SARL\n/747//747\n/Facture 747\n", "2250.00 EUR",
			"747//747/Facture 747", "MARTEL SARL", "300000000460495",
		},
		"a field of its own": {
			":61:2611301130DF2402,00S   X\n:NS:01526715\n09Frais: 7.21\n15ASSURANCES DU CENTRE, Succ\n16ursale\n17F-3777\n", "-2402.00 EUR",
			"Frais: 7.21", "ASSURANCES DU CENTRE, Succursale", "",
		},
		"parts behind a circumflex, and an IBAN in 38": {
			":61:2611301130C5,NTRFNONREF\n:86:020^00VIREMENT^20FACTURE 12^3012345^31NUMERO LOCAL 7^32GARAGE ^33HENRY^38LU280019400644750000\n",
			"5.00 EUR", "FACTURE 12", "GARAGE HENRY", "LU280019400644750000",
		},
		"an address up to part 65": {
			":61:2611301130C5,NTRFNONREF\n:86:020?00VIREMENT?20FACTURE 13?60LIGNE A?65LIGNE F\n", "5.00 EUR", "FACTURE 13 LIGNE A LIGNE F", "", "",
		},
		"parts without a code": {
			":61:261130DN123,00FCHGNONREF\n:86:>20Facture 2026/11>314910501953100000477656\n534>32ATELIER\n>33 MARTEL\n", "-123.00 EUR",
			"Facture 2026/11", "ATELIER MARTEL", "4910501953100000477656534",
		},
		"an 86 that is called 25": {
			":61:2611301130CR50,05NTRFNONREF//07247\n:25:166?00GUTSCHRIFT?20EREF+E-9?21SVWZ+FACTURE 14?32GARAGE HENRY\n", "50.05 EUR",
			"FACTURE 14", "GARAGE HENRY", "",
		},
		"the labels of HypoVereinsbank": {
			":61:2611301130DR437,69NMSCNONREF\n:86:005?20LASTSCHRIFT?22END-TO-END-REF.:?23164618.77?24CORE / MANDATSREF.:?25M-8?26GLÄUBIGER-ID:" +
				"?27DE98ZZZ09999999999?28FACTURE 15?32MALLET SA\n", "-437.69 EUR", "LASTSCHRIFT", "MALLET SA", "",
		},
		"a purpose without its label": {
			":61:2611301130C6,N024NONREF\n:86:166?00DIVERS?20CRED+DE98ZZZ09999999999?21COMMANDE 88 DU 26-11\n", "6.00 EUR",
			"COMMANDE 88 DU 26-11", "", "",
		},
	} {
		r := banktest.Text(t, drivers, name, ":20:R\n:25:1\n:60F:C261129EUR0,\n"+c.movement+":62F:C261130EUR0,\n-\n")
		if len(r.Rejected) > 0 || len(r.Entries) != 1 {
			t.Fatalf("%s: %d entries, %v", name, len(r.Entries), r.Rejected)
		}
		e := r.Entries[0]
		if e.Amount.String() != c.amount || e.Label != c.label || e.Party.Name != c.party || e.Party.IBAN != c.account {
			t.Errorf("%s: %s, %q, %+v", name, e.Amount, e.Label, e.Party)
		}
	}
}

// What a bank carries over to the next line, or tells beside the account, is read
// where it belongs; a file without its account is still one.
func TestWhatStandsBesideItsPlaceIsFound(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "a", ":20:R\n:28C:7/1\n:60F:C261129NOK0,\n:86:For your inform. IBAN no.: NO9386011117947\n"+
		":61:2611301130CK12,NTRFLONGUEREFERENCE1\n//BANQUE77\n/TRCD/00100/\n:86:005?20END-TO-END-REF.:?21E-77?22CORE / MANDATSREF.:?23M-8\n:62F:C261130NOK12,\n-\n")
	if len(r.Rejected) > 0 || len(r.Entries) != 1 {
		t.Fatalf("%d entries, %v", len(r.Entries), r.Rejected)
	}
	e := r.Entries[0]
	if e.BankRef != "BANQUE77" || e.EndToEnd != "E-77" || e.Mandate != "M-8" || slices.Contains(e.Texts, "/TRCD/00100/") {
		t.Errorf("%+v", e)
	}
	if a := e.Statement.Account; a.IBAN != "NO9386011117947" {
		t.Errorf("account %+v", a)
	}
	one := banktest.Text(t, drivers, "c", ":20:R\n:25:1\n:60F:C261129EUR0,\n:61:2611301130C1,56NTRFEREF//0000001005/TRCD/00100/\n"+
		":86:/EREF/E-5//REMI/USTD//FACTURE 16/\n:62F:C261130EUR1,56\n-\n")
	if e := one.Entries[0]; e.BankRef != "0000001005" || e.EndToEnd != "E-5" || e.Label != "FACTURE 16" {
		t.Errorf("%+v", e)
	}
	none := banktest.Text(t, drivers, "b", "@@:20:R@@:25:1@@:28C:0@@:34F:EUR 9999,99@@:61:261130D0,02NMSCKREF+@@:86:TAN@@:90D:1EUR,02@@:90C:EUR,00")
	if c := none.File.Controls; len(c) != 2 || !c[0].Holds() || !c[1].Holds() || len(none.Rejected) > 0 {
		t.Errorf("totals of nothing: %+v, %v", c, none.Rejected)
	}
}

// German banks count interest in months of thirty days: « 30 February » is a
// value date there, and the money has moved.
func TestTheThirtiethOfFebruaryIsItsLastDay(t *testing.T) {
	t.Parallel()
	r := banktest.Text(t, drivers, "a", ":20:R\n:25:1\n:60F:C280229EUR10,\n:61:2802300301D6,N024NONREF\n:61:2702290301D4,N024NONREF\n"+
		":61:2802310301D4,N024NONREF\n:62F:C280301EUR0,\n-\n")
	if len(r.Entries) != 2 || r.Entries[0].Value.String() != "2028-02-29" || r.Entries[1].Value.String() != "2027-02-28" {
		t.Fatalf("%+v", shorts(r.Entries))
	}
	if len(r.Rejected) != 1 || !strings.Contains(r.Rejected[0].Reason, "280231") {
		t.Errorf("31 February is no day: %v", r.Rejected)
	}
}

func TestABrokenFieldIsRefusedAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, new string
		line     int
		reason   string
		left     int
	}{
		"no mark":     {"0102CR2450", "0102X2450", 6, "n’est pas un mouvement de la forme", 4},
		"no day":      {":61:270102D12", ":61:271302D12", 14, "«\u00a0271302\u00a0» n’est pas une date de la forme AAMMJJ", 4},
		"no amount":   {"C700,00F", "C,F", 16, "n’est pas un mouvement de la forme", 4},
		"too fine":    {"C700,00F", "C700,005F", 16, "a plus de 2 décimales", 4},
		"no currency": {"D261231EUR", "D261231EUX", 5, "n’est pas le code d’une monnaie", 5},
		"no closing":  {":62F:C270102EUR1658,\n", "", 2, "le solde final (:62F:) de ce relevé manque", 5},
	} {
		r := banktest.Text(t, drivers, name, strings.Replace(french, c.old, c.new, 1))
		found := slices.ContainsFunc(r.Rejected, func(x *ingest.Rejected) bool { return x.Line == c.line && strings.Contains(x.Reason, c.reason) })
		if !found || len(r.Rejected) != 1 || len(r.Entries) != c.left {
			t.Errorf("%s: %d entries, %v", name, len(r.Entries), r.Rejected)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(french))
	f.Add([]byte(":20:A\n:25:1\n:60F:C200904EUR0,\n:61:2009040904C230,00N051NONREF\n:86:166?00A?20EREF+X?21SVWZ+?3?\n"))
	f.Add([]byte(":20:A\n:25:1\n:34F:EUR\n:61:2009040904C1,N051\n:86:/EREF//BENM//NAME/REMI/USTD//\n:90C:1EUR1,"))
	f.Fuzz(func(t *testing.T, b []byte) {
		first := banktest.File(t, drivers, ingest.FromBytes("f", b))
		again := banktest.File(t, drivers, ingest.FromBytes("f", b))
		if !slices.Equal(shorts(first.Entries), shorts(again.Entries)) || len(first.Rejected) != len(again.Rejected) {
			t.Fatal("a second reading differs")
		}
	})
}
