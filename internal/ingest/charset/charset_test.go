package charset

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const ledger = "Numéro;Client;Échéance;Montant\r\nF1;Bœuf & Cie – l’Élan;30/11/2026;1\u00a0234,56 €\r\nF2;Hôtel Noël;01/12/2026;12,00\r\n"

func encode(t testing.TB, e encoding.Encoding, text string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t testing.TB, b []byte) (string, Detected) {
	t.Helper()
	d := DetectBytes(b)
	r, err := NewReader(bytes.NewReader(b), d)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), d
}

func TestEncodingsOfAccountingProgramsAreRecognised(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer("–", "-", "’", "'").Replace(ledger) // ISO 8859-15 has neither
	host := "Numéro;Client;Montant\u0085F1;Hôtel Noël et Compagnie;1234,56\u0085"
	dos := strings.NewReplacer("–", "-", "’", "'", "œ", "oe", "€", "").Replace(ledger)
	mangled, err := charmap.Windows1252.NewDecoder().String(ledger)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		want    Encoding
		text    string
	}{
		"UTF-8":               {[]byte(ledger), UTF8, ledger},
		"UTF-8 with a mark":   {append([]byte{0xEF, 0xBB, 0xBF}, ledger...), UTF8, ledger},
		"UTF-16 LE marked":    {encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), ledger), UTF16LE, ledger},
		"UTF-16 BE marked":    {encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), ledger), UTF16BE, ledger},
		"UTF-16 LE unmarked":  {encode(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), ledger), UTF16LE, ledger},
		"UTF-16 BE unmarked":  {encode(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), ledger), UTF16BE, ledger},
		"EBCDIC":              {encode(t, charmap.CodePage037, host), IBM037, strings.ReplaceAll(host, "\u0085", "\n")},
		"UTF-8 twice":         {encode(t, unicode.UTF8, mangled), UTF8Twice, ledger},
		"Windows-1252":        {encode(t, charmap.Windows1252, ledger), Windows1252, ledger},
		"ISO 8859-15":         {encode(t, charmap.ISO8859_15, plain), ISO885915, plain},
		"Macintosh":           {encode(t, charmap.Macintosh, ledger), Macintosh, ledger},
		"MS-DOS":              {encode(t, charmap.CodePage850, dos), IBM850, dos},
		"ASCII":               {[]byte("Numero;Client\nF1;ACME\n"), UTF8, "Numero;Client\nF1;ACME\n"},
		"an accent far below": {encode(t, charmap.Windows1252, strings.Repeat("F1;ACME;12\n", 60_000)+"F2;Hôtel;é\n"), Windows1252, strings.Repeat("F1;ACME;12\n", 60_000) + "F2;Hôtel;é\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, d := decode(t, c.content)
			if d.Encoding != c.want || d.Binary || text != c.text {
				t.Errorf("got %+v and %.80q, want %s and %.80q", d, text, c.want, c.text)
			}
		})
	}
}

func TestADamagedByteDoesNotChangeTheEncoding(t *testing.T) {
	t.Parallel()
	b := []byte(strings.Repeat(ledger, 3))
	b = append(b, "F9;\xE9cole;1\n"...)
	text, d := decode(t, b)
	if d.Encoding != UTF8 || d.Damaged != 1 || !strings.Contains(text, "F9;\uFFFDcole;1") {
		t.Errorf("got %+v and …%q", d, text[len(text)-20:])
	}
}

func TestBinaryIsNoText(t *testing.T) {
	t.Parallel()
	for _, b := range []string{"\x00\x01\x02\x03", "PK\x03\x04\x00\x00\x00\x08", "abc\x00def"} {
		if d := DetectBytes([]byte(b)); !d.Binary {
			t.Errorf("%q: got %+v, want binary", b, d)
		}
	}
}

func TestLookupKnowsUsualNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Encoding{
		"UTF8": UTF8, "Latin1": Windows1252, "ANSI": Windows1252, "cp1252": Windows1252, "ISO_8859-15": ISO885915,
		"utf-16": UTF16LE, "MacRoman": Macintosh, "cp850": IBM850, "windows-1250": "windows-1250",
	} {
		if got, err := Lookup(name); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, want)
		}
	}
	if _, err := Lookup("klingon"); err == nil {
		t.Error("klingon is no encoding")
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte(ledger))
	f.Add(encode(f, charmap.Windows1252, ledger))
	f.Add([]byte{0xFF, 0xFE, 'a', 0, 0xE9})
	f.Fuzz(func(t *testing.T, b []byte) {
		text, d := decode(t, b)
		if !d.Binary && d.Damaged == 0 && !utf8.ValidString(text) {
			t.Fatalf("%+v makes no UTF-8 of %q", d, b)
		}
	})
}
