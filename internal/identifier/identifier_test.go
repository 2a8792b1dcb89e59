package identifier

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"acquit/internal/fault"
	_ "acquit/internal/propertytest"
)

type table map[string]Verdict

func (want table) check(t *testing.T, what string, check func(string) Result) {
	t.Helper()
	for text, verdict := range want {
		got := check(text)
		if got.Verdict != verdict {
			t.Errorf("%s %q: got %s (%s), want %s", what, text, got.Verdict, got.Why.EN, verdict)
		}
		if (verdict == Valid) == (got.Why.FR != "" || got.Why.EN != "") {
			t.Errorf("%s %q: %s is explained by %q", what, text, got.Verdict, got.Why)
		}
		err := got.Err("x")
		if (err != nil) != (verdict == Wrong) || err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s %q: %s gives the error %v", what, text, got.Verdict, err)
		}
	}
}

func TestSIREN(t *testing.T) {
	t.Parallel()
	table{
		"732829320":      Valid,
		"732 829 320":    Valid,
		"732.829.320":    Valid,
		"356000000":      Valid,
		"732829321":      Suspicious, // IDT-02
		"889742876":      Suspicious, // a real one that breaks Luhn
		"73282932":       Wrong,
		"73282932000074": Wrong,
		"73282932A":      Wrong,
		"000000000":      Wrong,
		"":               Wrong,
		"٧٣٢٨٢٩٣٢٠":      Wrong,
	}.check(t, "SIREN", SIREN)
}

func TestSIRET(t *testing.T) {
	t.Parallel()
	table{
		"73282932000074":    Valid, // IDT-04
		"732 829 320 00074": Valid,
		"35600000049837":    Valid, // IDT-06: La Poste
		"35600000000048":    Valid, // La Poste, Luhn
		"35600000049838":    Suspicious,
		"73282932000075":    Suspicious,
		"889742876 00009":   Suspicious, // a real one that breaks Luhn
		"7328293200007":     Wrong,
		"732829320000741":   Wrong,
		"732829320 0007X":   Wrong,
		"00000000000000":    Wrong,
	}.check(t, "SIRET", SIRET)
	if got := SIRETOf("73282932000074", "732 829 320"); got.Verdict != Valid {
		t.Errorf("with its own SIREN: %+v", got)
	}
	if got := SIRETOf("73282932000074", "356000000"); got.Verdict != Wrong {
		t.Errorf("with another SIREN: %+v", got)
	}
}

func TestVAT(t *testing.T) {
	t.Parallel()
	table{
		"FR44732829320":     Valid,
		"fr 44 732 829 320": Valid,
		"FR 40.303.265.045": Valid,
		"FR45732829320":     Wrong,
		"FRK7399859412":     Unchecked,
		"FR47732829321":     Suspicious, // right key, SIREN fails Luhn
		"FR7328293200":      Wrong,
		"ATU13585627":       Valid,
		"ATU13585626":       Suspicious,
		"BE0428759497":      Valid,
		"BE0428759498":      Suspicious,
		"BE 0428.759.497":   Valid,
		"DE136695976":       Valid,
		"DE136695978":       Suspicious,
		"DK13585628":        Valid,
		"DK13585627":        Suspicious,
		"EL094259216":       Valid,
		"GR094259216":       Valid,
		"EL123456781":       Suspicious,
		"FI20774740":        Valid,
		"FI20774741":        Suspicious,
		"HR33392005961":     Valid,
		"HR33392005962":     Suspicious,
		"IT00743110157":     Valid,
		"IT00743110158":     Suspicious,
		"LU15027442":        Valid,
		"LU15027443":        Suspicious,
		"NL004495445B01":    Valid,
		"NL000099998B57":    Valid, // a natural person's
		"NL123456789B90":    Suspicious,
		"PL8567346215":      Valid,
		"PL8567346216":      Suspicious,
		"PT501964843":       Valid,
		"PT501964842":       Suspicious,
		"SE123456789701":    Valid,
		"SE123456789101":    Suspicious,
		"SI50223054":        Valid,
		"SI50223055":        Suspicious,
		"BG 175 074 752":    Valid,
		"BG175074751":       Suspicious,
		"BG7523169263":      Unchecked, // of a natural person
		"CY-10259033P":      Valid,
		"CY10259033Z":       Suspicious,
		"CZ25123891":        Valid,
		"CZ25123890":        Suspicious,
		"CZ7103192745":      Unchecked,
		"EE 100 931 558":    Valid,
		"EE100594103":       Suspicious,
		"ESA13585625":       Valid,
		"ESB64717838":       Valid,
		"ESB64717839":       Suspicious,
		"ES54362315K":       Valid,
		"ES54362315Z":       Suspicious,
		"ESX2482300W":       Valid,
		"ESX2482300A":       Suspicious,
		"ESJ99216582":       Valid,
		"ESJ99216583":       Suspicious,
		"ESM1234567L":       Valid,
		"HU12892312":        Valid,
		"HU12892313":        Suspicious,
		"IE8473625E":        Valid,
		"IE6433435F":        Valid,
		"IE6433435OA":       Valid,
		"IE8D79739I":        Valid,
		"IE8D79738J":        Suspicious,
		"IE0000000WZ":       Suspicious,
		"LT119511515":       Valid,
		"LT100001919017":    Valid,
		"LT100004801610":    Valid,
		"LT100001919018":    Suspicious,
		"LV40003521600":     Valid,
		"LV40003521601":     Suspicious,
		"LV16117519997":     Unchecked,
		"MT11679112":        Valid,
		"MT11679113":        Suspicious,
		"RO18547290":        Valid,
		"RO18547291":        Suspicious,
		"SK2022749619":      Valid,
		"SK2022749618":      Suspicious,
		"XI980780684":       Valid,
		"XI802311781":       Suspicious,
		"XIGD123":           Unchecked,
		"ES1234":            Wrong,
		"GB123456789":       Wrong,
		"US123":             Wrong,
		"":                  Wrong,
		"FR":                Wrong,
	}.check(t, "VAT number", VAT)
	if got, want := FrenchVAT("732 829 320"), "FR44732829320"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := FrenchVAT("12345"); got != "" {
		t.Errorf("a VAT number of nothing: %s", got)
	}
}

func TestIBAN(t *testing.T) {
	t.Parallel()
	table{
		"FR7630006000011234567890189":       Valid, // IDT-08
		"FR76 3000 6000 0112 3456 7890 189": Valid,
		"FR1420041010050500013M02606":       Valid,
		"fr7630006000011234567890189":       Valid,
		"DE89370400440532013000":            Valid,
		"BE68539007547034":                  Valid,
		"GB29NWBK60161331926819":            Valid,
		"CH9300762011623852957":             Valid,
		"MC5811222000010123456789030":       Valid,
		"FR7630006000011234567890188":       Wrong,
		"FR763000600001123456789018":        Wrong,
		"DE8937040044053201300":             Wrong,
		"76FR30006000011234567890189":       Wrong,
		"FR76":                              Wrong,
		"":                                  Wrong,
	}.check(t, "IBAN", IBAN)
}

// TestIBANWithAWrongKeyInside builds an IBAN that is right but for its RIB key,
// and one of a country that has none.
func TestIBANWithAWrongKeyInside(t *testing.T) {
	t.Parallel()
	for country, body := range map[string]string{"FR": "30006000011234567890188", "ZZ": "123456789012"} {
		iban := withCheckDigits(country, body)
		if got := IBAN(iban); got.Verdict != Suspicious {
			t.Errorf("%s: got %+v, want it suspicious", iban, got)
		}
	}
}

func withCheckDigits(country, body string) string {
	n := 98 - mod97(body+country+"00")
	return country + string(rune('0'+n/10)) + string(rune('0'+n%10)) + body
}

func TestIBANShown(t *testing.T) {
	t.Parallel()
	if got, want := MaskIBAN("FR76 3000 6000 0112 3456 7890 189"), "FR76\u00a0••••\u00a0••••\u00a0189"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := MaskIBAN("FR76 3000"); strings.Trim(got, "•") != "" {
		t.Errorf("a short text is shown: %q", got)
	}
	if got, want := GroupIBAN("BE68539007547034"), "BE68\u00a05390\u00a00754\u00a07034"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBIC(t *testing.T) {
	t.Parallel()
	table{
		"AGRIFRPP": Unchecked, "agrifrpp882": Unchecked, "BNPAFRPPXXX": Unchecked,
		"AGRIFRP": Wrong, "AGRI1RPP": Wrong, "AGRIFRPP88": Wrong, "": Wrong,
	}.check(t, "BIC", BIC)
}

func TestReferences(t *testing.T) {
	t.Parallel()
	table{
		"RF18539007547034": Valid, "RF18 5390 0754 7034": Valid, // IDT-10
		"RF19539007547034": Wrong, "RF18": Wrong, "XX18539007547034": Wrong, "RF18" + strings.Repeat("1", 22): Wrong,
	}.check(t, "reference", Reference)
}

func TestOneWrongDigitIsSeen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		siren := rapid.StringMatching(`[1-9][0-9]{8}`).Draw(t, "SIREN")
		good := []struct {
			value string
			check func(string) Result
		}{
			{FrenchVAT(siren), VAT}, {withCheckDigits("BE", siren+"123"), IBAN},
		}
		for _, g := range good {
			if r := g.check(g.value); r.Verdict == Wrong {
				t.Fatalf("%s is wrong: %s", g.value, r.Why.EN)
			}
			at := rapid.IntRange(2, len(g.value)-1).Draw(t, "at")
			b := []byte(g.value)
			b[at] = '0' + (b[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "more")))%10
			if r := g.check(string(b)); r.Verdict != Wrong {
				t.Fatalf("%s instead of %s is %s", b, g.value, r.Verdict)
			}
		}
	})
}

func TestEmail(t *testing.T) {
	t.Parallel()
	table{
		"compta@delvaux.example":                 Valid,
		" Compta@Delvaux.EXAMPLE ":               Valid,
		"Jeanne Roy <j.roy+factures@example.fr>": Valid,
		"a@b-c.example":                          Valid,
		"contact@société.example":                Valid,
		"root@localhost":                         Suspicious,
		"\"a b\"@example.fr":                     Wrong,
		"é@example.fr":                           Suspicious,
		"a@example.fr, b@example.fr":             Wrong,
		"a@example.fr;b@example.fr":              Wrong,
		"a@@example.fr":                          Wrong,
		"a@-example.fr":                          Wrong,
		"a@example..fr":                          Wrong,
		"a@[127.0.0.1]":                          Wrong,
		"a@example.fr\r\nBcc: b@example.fr":      Wrong,
		"example.fr":                             Wrong,
		"":                                       Wrong,
		strings.Repeat("a", 65) + "@example.fr":  Wrong,
	}.check(t, "address", Email)
	if got := Email("Jeanne Roy <J.Roy@Example.FR>").Value; got != "J.Roy@example.fr" {
		t.Errorf("got %s", got)
	}
}

func FuzzChecks(f *testing.F) {
	for _, s := range []string{
		"732829320", "73282932000074", "FR44732829320", "NL004495445B01", "FR7630006000011234567890189", "AGRIFRPP",
		"RF18539007547034", "a@example.fr", `"a b"@example.fr`, "é@example.fr", "ESA13585625", "IE6433435OA", "RO18547290",
		"XI980780684", "\xff",
	} {
		f.Add(s)
	}
	checks := []func(string) Result{SIREN, SIRET, VAT, IBAN, BIC, Reference, Email}
	f.Fuzz(func(t *testing.T, s string) {
		_ = MaskIBAN(s) // it does not panic
		for i, check := range checks {
			r := check(s)
			if !r.OK() {
				continue
			}
			if again := check(r.Value); again != r {
				t.Fatalf("check %d of %q: %+v, then %+v", i, s, r, again)
			}
		}
	})
}
