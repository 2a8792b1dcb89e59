package refused

import (
	"errors"
	"strings"
	"testing"

	"acquit/internal/ingest"
)

// What people take for a statement, and is another thing, is called by its name.
func TestFilesOfBanksThatAreNoStatementAreNamed(t *testing.T) {
	t.Parallel()
	pad := func(s string, n int) string { return s + strings.Repeat(" ", n-len(s)) }
	document := func(space string) string {
		return `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:` + space + `"><A/></Document>`
	}
	for name, c := range map[string]struct{ text, want string }{
		"QIF":                   {"!Type:Bank\nD05/01/2026\nT-42.10\n^\n", "QIF"},
		"QIF behind an account": {"\ufeff!Option:AutoSwitch\n!Account\nNCourant\n^\n!Type:Bank\nD05/01/2026\n^\n", "QIF"},
		"CODA":                  {pad("0000018011172505        00308846  MARTEL", 127) + "2\n" + pad("12135", 128) + "\n", "CODA"},
		"BAI2":                  {"01,1210,MARTEL,261116,0800,1,80,,2/\n02,MARTEL,1210,1,261115,,EUR,2/\n", "BAI2"},
		"events":                {"id,created_at,resource_type,action,amount\nEV1,2026-11-20T10:00:00Z,payments,confirmed,120.00\n", "Journal d’événements GoCardless"},
		"transfers":             {pad("0302        123456", 160) + "\r\n" + pad("0602        123456", 160) + "\r\n", "CFONB 160"},
		"bills":                 {pad("036000000001", 160) + pad("066000000002", 160), "CFONB 160"},
		"abroad":                {pad("03PI000001MARTEL", 320), "CFONB 160 ou 320"},
		"MT103":                 {"{1:F01BNPAFRPPXXXX}{2:I103BNPAFRPPXXXXN}{4:\n:20:1\n:32A:261116EUR23,09\n-}", "Message SWIFT"},
		"MT103, bare":           {":20:1\n:23B:CRED\n:32A:261116EUR23,09\n:59:/9\nX\n-", "Message SWIFT"},
		"camt.029":              {document("camt.029.001.09"), "Message CAMT"},
		"pain.002":              {document("pain.002.001.10"), "Compte rendu d’ordres SEPA"},
		"pain.008":              {document("pain.008.001.08"), "Ordre SEPA"},
	} {
		f := ingest.Open(t.Context(), Drivers(), ingest.FromBytes("f", []byte(c.text)), ingest.Hints{})
		var got []string
		for _, err := range f.Documents(t.Context()) {
			if r, ok := errors.AsType[*ingest.Rejected](err); ok {
				got = append(got, r.Reason+" "+r.Mend)
			}
		}
		if len(got) != 1 || !strings.Contains(got[0], c.want) {
			t.Errorf("%s: %q, want %s", name, got, c.want)
		}
	}
}
