package advice

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"acquit/internal/fault"
	"acquit/internal/ingest"
)

// The invented advices of testdata/forms.txtar have the layouts that payers send.
func TestAdvicesAsPayersSendThem(t *testing.T) {
	t.Parallel()
	all, err := txtar.ParseFile(filepath.Join("testdata", "forms.txtar"))
	if err != nil || len(all.Files) < 40 {
		t.Fatalf("%d files, %v", len(all.Files), err)
	}
	for i := 0; i+1 < len(all.Files); i += 2 {
		name, want := all.Files[i].Name, all.Files[i+1]
		if want.Name != name+".want" {
			t.Fatalf("%s stands where %s.want should", want.Name, name)
		}
		a, err := Read(ingest.FromBytes(name, all.Files[i].Data))
		if diff := cmp.Diff(string(want.Data), strings.Join(show(a), "\n")+"\n"); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// drawn is a PDF whose pages hold tables without lines, their names on the left of
// each column and their figures on the right.
func drawn(t testing.TB, size float64, set func(*fpdf.Fpdf), pages ...[][]string) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	if set != nil {
		set(f)
	}
	tr := f.UnicodeTranslatorFromDescriptor("")
	for _, page := range pages {
		f.AddPage()
		f.SetFont("Helvetica", "", size)
		for i, row := range page {
			width := 180 / float64(len(row))
			for j, s := range row {
				x := 15 + width*float64(j)
				if strings.ContainsAny(s, ",") {
					x += width - 6 - f.GetStringWidth(tr(s))
				}
				f.Text(x, 20+size*0.6*float64(i), tr(s))
			}
		}
	}
	return written(t, f)
}

func written(t testing.TB, f *fpdf.Fpdf) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var twoPages = [][][]string{
	{
		{"BORDEREAU DE REGLEMENT N° 004512"},
		{"Date du règlement : 18/11/2026"},
		{"N° facture", "Date", "Votre référence", "Montant", "Escompte", "Net réglé"},
		{"FA-0101", "01/10/2026", "CDE 8812", "1 200,00", "0,00", "1 200,00"},
		{"FA-0102", "02/10/2026", "CDE 8813", "1 010,00", "", "1 010,00"},
		{"AV-0009", "04/10/2026", "retour", "120,00-", "", "120,00-"},
		{"A reporter", "", "", "", "", "2 090,00"},
	}, {
		{"N° facture", "Date", "Votre référence", "Montant", "Escompte", "Net réglé"},
		{"Report", "", "", "", "", "2 090,00"},
		{"FA-0110", "11/10/2026", "CDE 8820", "500,00", "10,00", "490,00"},
		{"FA-0111", "12/10/2026", "CDE 8821", "80,00 CR", "", "80,00 CR"},
		{"TOTAL", "", "", "", "", "2 500,00"},
	},
}

var small = [][]string{
	{"Avis de virement du 12/11/2026"},
	{"N° facture", "Date facture", "Montant TTC"},
	{"F-1001", "01/10/2026", "1 234,56"},
	{"F-1002", "02/10/2026", "100,44"},
	{"Montant du virement", "", "1 335,00"},
}

// kerned draws each word of a column in two pieces, the second drawn back over the
// first, as browsers print « To ».
const kerned = "BT /F 9 Tf 1 0 0 1 40 700 Tm (V) Tj 1 0 0 1 44.5 700 Tm (otre facture) Tj 1 0 0 1 300 700 Tm (Montant) Tj ET " +
	"BT /F 9 Tf 1 0 0 1 40 680 Tm (F2025-0466) Tj 1 0 0 1 300 680 Tm (1 574,66) Tj ET " +
	"BT /F 9 Tf 1 0 0 1 40 660 Tm (Frais) Tj 1 0 0 1 300 660 Tm (-14,50) Tj ET " +
	"BT /F 9 Tf 1 0 0 1 40 640 Tm (T) Tj 1 0 0 1 44 640 Tm (otal) Tj 1 0 0 1 300 640 Tm (1 560,16) Tj ET"

// across draws small along the long side of the page, upwards or downwards.
func across(t testing.TB, up bool) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	tr := f.UnicodeTranslatorFromDescriptor("")
	f.AddPage()
	f.SetFont("Helvetica", "", 9)
	for i, row := range small {
		for j, s := range row {
			x, y, angle := 30+8*float64(i), 250-60*float64(j), 90.0
			if !up {
				x, y, angle = 180-x, 290-y, -90
			}
			f.TransformBegin()
			f.TransformRotate(angle, x, y)
			f.Text(x, y, tr(s))
			f.TransformEnd()
		}
	}
	return written(t, f)
}

// The total of an advice is the one that it states, in whole units too; charges and
// discounts without a document make up what its documents and its total differ by.
func TestTheTotalIsWhatTheAdviceStates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Facture;Montant\nF2025-0477;2527,86\nF2025-0478;10\nTOTAL;9999\n": {
			" |  |  | 9999.00 EUR", "F2025-0477 2527.86", "F2025-0478 10.00", "! total les lignes font 2 537,86 €, le total annoncé est 9 999,00 €",
		},
		"Facture;Date;Montant\nF2025-0466;25/12/2025;1574,66\nFrais;;14,50\nTotal;;1560,16\n": {
			" |  |  | 1560.16 EUR", "F2025-0466 2025-12-25 1574.66", "Frais -14.50",
		},
		"Facture;Montant\nF2025-0466;1000\nEscompte 2 %;-20\nTotal;980\n": {
			" |  |  | 980.00 EUR", "F2025-0466 1000.00", "Escompte -20.00",
		},
		"Facture;Montant\nF2025-0466;100,00\nPénalités de retard;5,00\nTotal;105,00\n": {
			" |  |  | 105.00 EUR", "F2025-0466 100.00", "Pénalités de retard 5.00",
		},
		"Facture;Montant\nF2025-0466;100,00\nFrais de port inclus;5,00\nTotal;100,00\n": {
			" |  |  | 100.00 EUR", "F2025-0466 100.00",
		},
	} {
		a, err := Read(ingest.FromBytes("avis.csv", []byte(text)))
		if diff := cmp.Diff(want, show(a)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestPDFsAsProgramsDrawThem(t *testing.T) {
	t.Parallel()
	turned := bytes.Replace(drawn(t, 9, nil, small), []byte("<</Type /Page\n"), []byte("<</Type /Page\n/Rotate 90\n"), 1)
	owned := drawn(t, 9, func(f *fpdf.Fpdf) { f.SetProtection(fpdf.CnProtectPrint, "", "owner") }, small)
	plain := []string{" | 2026-11-12 |  | 1335.00 EUR", "F-1001 2026-10-01 1234.56", "F-1002 2026-10-02 100.44"}
	for name, c := range map[string]struct {
		pdf  []byte
		want []string
	}{
		"two pages, carried over": {drawn(t, 9, nil, twoPages...), []string{
			" | 2026-11-18 | 004512 | 2500.00 EUR",
			"FA-0101 2026-10-01 1200.00", "FA-0102 2026-10-02 1010.00", "AV-0009 2026-10-04 -120.00",
			"FA-0110 2026-10-11 490.00 (500.00 - 10.00)", "FA-0111 2026-10-12 -80.00",
		}},
		"tables side by side": {drawn(t, 9, nil, [][]string{
			{"Emetteur : LES HALLES DU NORD"},
			{"Facture", "Date", "Montant", "Facture", "Date", "Montant"},
			{"2026100", "01/10/2026", "1.234,56", "2026104", "05/10/2026", "10,00"},
			{"2026101", "02/10/2026", "234,56", "", "", ""},
			{"Total général", "", "", "", "", "1.479,12"},
		}), []string{
			"LES HALLES DU NORD |  |  | 1479.12 EUR", "2026100 2026-10-01 1234.56", "2026104 2026-10-05 10.00", "2026101 2026-10-02 234.56",
		}},
		"debit and credit in a tiny font": {drawn(t, 4, nil, [][]string{
			{"Règlement par virement le 12 novembre 2026"},
			{"Facture", "Du", "Réf. interne", "Débit", "Crédit"},
			{"FC2026/77", "01/10/26", "778811", "", "1 234,56"},
			{"AVC2026/2", "03/10/26", "778813", "100,00", ""},
			{"Net à payer", "", "", "", "1 134,56"},
		}), []string{" | 2026-11-12 |  | 1134.56 EUR", "FC2026/77 2026-10-01 1234.56", "AVC2026/2 2026-10-03 -100.00"}},
		"letters closer than they are wide, and charges": {objects(
			"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
			packed(t, "", kerned), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		), []string{" |  |  | 1560.16 EUR", "F2025-0466 1574.66", "Frais -14.50"}},
		"a page turned":     {turned, plain},
		"written upwards":   {across(t, true), plain},
		"written downwards": {across(t, false), plain},
		"not to be copied":  {owned, plain},
	} {
		a, err := Read(ingest.FromBytes("avis.pdf", c.pdf))
		if diff := cmp.Diff(c.want, show(a)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestLettersThatAFontJoinsAreRead(t *testing.T) {
	t.Parallel()
	got := rowsOf([]piece{{"Déﬁnitif, chiﬀré : Oﬃce\u00a0ﬂux", 0, 90, 10, 0}}, 0)[0].text()
	if want := "Définitif, chiffré : Office flux"; got != want {
		t.Errorf("%q", got)
	}
}

// compound is a file of [MS-CFB] with streams of storages, small: one sector of
// 512 bytes after the other, no short streams.
func compound(streams map[string][]byte) []byte {
	const sector, free, end, fat = 512, 0xffffffff, 0xfffffffe, 0xfffffffd
	type entry struct {
		name         string
		kind         byte
		right, child uint32
		start, size  uint32
	}
	entries := []entry{{name: "Root Entry", kind: 5, right: free, child: free, start: end}}
	var data bytes.Buffer
	var chains []uint32 // of the data's sectors
	put := func(parent int, e entry) int {
		n := uint32(len(entries))
		e.right, e.child = entries[parent].child, free
		entries = append(entries, e)
		entries[parent].child = n
		return int(n)
	}
	stores := map[string]int{"": 0}
	for path, content := range streams {
		store, name, deep := strings.Cut(path, "/")
		if !deep {
			store, name = "", path
		}
		if _, ok := stores[store]; !ok {
			stores[store] = put(0, entry{name: store, kind: 1, start: end})
		}
		pad := []byte("  ")
		if strings.HasSuffix(name, "001F") {
			pad = units(" ")
		}
		content = append(bytes.Clone(content), bytes.Repeat(pad, 2048)...)
		start := uint32(len(chains))
		count := (len(content) + sector - 1) / sector
		for i := range count {
			next := start + uint32(i) + 1
			if i == count-1 {
				next = end
			}
			chains = append(chains, next)
		}
		data.Write(content)
		data.Write(make([]byte, count*sector-len(content)))
		put(stores[store], entry{name: name, kind: 2, start: start, size: uint32(len(content))})
	}
	for len(entries)%4 != 0 {
		entries = append(entries, entry{right: free, child: free})
	}
	dir := uint32(len(chains))
	for i := range len(entries) / 4 {
		next := dir + uint32(i) + 1
		if i == len(entries)/4-1 {
			next = end
		}
		chains = append(chains, next)
	}
	table := uint32(len(chains))
	chains = append(chains, fat)
	for len(chains)%(sector/4) != 0 {
		chains = append(chains, free)
	}
	if len(chains) > sector/4 {
		panic("more than one sector of the table")
	}
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	le := binary.LittleEndian
	for at, v := range map[int]uint16{24: 0x3e, 26: 3, 28: 0xfffe, 30: 9, 32: 6} {
		le.PutUint16(head[at:], v)
	}
	for at, v := range map[int]uint32{44: 1, 48: dir, 56: 4096, 60: end, 68: end, 76: table} {
		le.PutUint32(head[at:], v)
	}
	for at := 80; at < sector; at += 4 {
		le.PutUint32(head[at:], free)
	}
	var out bytes.Buffer
	out.Write(head)
	out.Write(data.Bytes())
	for _, e := range entries {
		raw := make([]byte, 128)
		for i, u := range utf16.Encode([]rune(e.name)) {
			le.PutUint16(raw[2*i:], u)
		}
		if e.kind != 0 {
			le.PutUint16(raw[64:], uint16(2*len(e.name)+2))
		}
		raw[66], raw[67] = e.kind, 1
		le.PutUint32(raw[68:], free)
		le.PutUint32(raw[72:], e.right)
		le.PutUint32(raw[76:], e.child)
		le.PutUint32(raw[116:], e.start)
		le.PutUint32(raw[120:], e.size)
		out.Write(raw)
	}
	for _, c := range chains {
		_ = binary.Write(&out, le, c)
	}
	return out.Bytes()
}

func units(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// tnef is a winmail.dat of attributes.
func tnef(attributes ...any) []byte {
	b := []byte(tnefSign + "\x01\x00")
	for i := 0; i < len(attributes); i += 2 {
		data := attributes[i+1].([]byte)
		b = append(b, 2)
		b = binary.LittleEndian.AppendUint32(b, uint32(attributes[i].(int)))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
		b = append(append(b, data...), 0, 0)
	}
	return b
}

func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func wordTable(rows ...[]string) string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Règlement du 12/11/2026</w:t></w:r></w:p><w:tbl>`)
	for _, row := range rows {
		b.WriteString("<w:tr>")
		for _, s := range row {
			b.WriteString("<w:tc><w:p><w:r><w:t>" + s + "</w:t></w:r></w:p></w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	return b.String() + "</w:tbl></w:body></w:document>"
}

func TestMailsOfOutlookAndDocumentsOfWordAreRead(t *testing.T) {
	t.Parallel()
	csv := []byte("Facture;Montant\nF-70;700,00\nF-80;80,00\nTotal;780,00\n")
	word := zipped(t, "[Content_Types].xml", "", "word/document.xml", wordTable([]string{"Facture", "Montant"}, []string{"F-70", "700,00"},
		[]string{"F-80", "80,00"}, []string{"Total", "780,00"}))
	want := []string{"F-70 700.00", "F-80 80.00"}
	properties := map[string][]byte{"__properties_version1.0": nil, "__substg1.0_0C1A001F": units("Services Achats")}
	msg := func(more map[string][]byte) []byte {
		maps.Copy(more, properties)
		return compound(more)
	}
	for name, content := range map[string][]byte{
		"the text of a .msg": msg(map[string][]byte{
			"__substg1.0_1000001F": units("Virement de 780,00 €\r\nFacture F-70 : 700,00\r\nFacture F-80 : 80,00\r\nTotal : 780,00\r\n"),
		}),
		"what is attached to a .msg": msg(map[string][]byte{
			"__substg1.0_1000001F": units("Ci-joint."), "__attach_version1.0_#00000000/__substg1.0_37010102": append(csv, "\n"...),
		}),
		"a winmail.dat": tnef(tnefBody, []byte("Ci-joint.\x00"), tnefAttachData, csv),
		"a mail with a winmail.dat": []byte("From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n" +
			"Content-Transfer-Encoding: 8bit\r\n\r\n" + string(tnef(tnefAttachData, csv))),
		"a document of Word": word,
	} {
		a, err := Read(ingest.FromBytes(name, content))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, show(a)[1:]); diff != "" || a.Total.Minor != 780_00 {
			t.Errorf("%s: %v (-want +got):\n%s", name, a.Total, diff)
		}
	}
}

func TestFormatsThatCannotBeReadAreNamedWithTheWayOut(t *testing.T) {
	t.Parallel()
	secret := drawn(t, 9, func(f *fpdf.Fpdf) { f.SetProtection(fpdf.CnProtectPrint, "secret", "owner") }, small)
	for word, content := range map[string][]byte{
		"mot de passe":       secret,
		"image numérisée":    drawn(t, 9, nil, [][]string{{}}),
		"ancien format":      compound(map[string][]byte{"Workbook": []byte("BIFF")}),
		"protégé":            compound(map[string][]byte{"EncryptedPackage": []byte("x")}),
		"OpenDocument":       zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
		"archive ZIP":        zipped(t, "avis.pdf", "%PDF"),
		"pas un avis de règ": []byte("<?xml version=\"1.0\"?><Invoice xmlns=\"urn:x\"><ID>1</ID></Invoice>"),
		"est un INVOIC":      []byte("UNB+UNOC:3'UNH+1+INVOIC:D:96A:UN'BGM+380+1'"),
	} {
		_, err := Read(ingest.FromBytes("avis", content))
		f, ok := errors.AsType[*fault.Invalid](err)
		if !ok || !strings.Contains(f.Message, word) || f.Mend == "" {
			t.Errorf("%s: %v", word, err)
		}
	}
}

// A mail within a mail within a mail ends somewhere.
func TestMailsWithinMailsAreLeftAfterSome(t *testing.T) {
	t.Parallel()
	mail := "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nFacture F-77 : 12,00\r\n"
	for range 200 {
		mail = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n" + mail
	}
	if a, err := Read(ingest.FromBytes("avis.eml", []byte(mail))); err == nil {
		t.Errorf("%+v", a)
	}
}
