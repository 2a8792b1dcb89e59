package facturx

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"acquit/internal/ingest"
)

// paper is a PDF written by hand, with every defect that a container can have.
type paper struct {
	xml          string
	name         string
	relationship string
	xmp          string
	noAF         bool
	noIntent     bool
	kids         bool // the name tree has an inner node
	packed       bool // the XML is compressed
	tail         string
}

func sound(t testing.TB) paper {
	t.Helper()
	b, err := os.ReadFile("../en16931/testdata/facture.xml")
	if err != nil {
		t.Fatal(err)
	}
	return paper{xml: string(b), name: "factur-x.xml", relationship: "/AFRelationship /Data", xmp: metadata("EN 16931", "3")}
}

func metadata(level, part string) string {
	return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="` + part + `" pdfaid:conformance="B"/>
<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName><fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>` + level + `</fx:ConformanceLevel></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

func (p paper) bytes() []byte {
	stream := func(dict, content string) string {
		return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
	}
	catalog := "/Type /Catalog /Pages 2 0 R"
	if p.name != "" {
		catalog += " /Names << /EmbeddedFiles 8 0 R >>"
		if !p.noAF {
			catalog += " /AF [ 4 0 R ]"
		}
	}
	if !p.noIntent {
		catalog += " /OutputIntents [ << /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) >> ]"
	}
	if p.xmp != "" {
		catalog += " /Metadata 6 0 R"
	}
	file := stream("/Type /EmbeddedFile /Subtype /text#2Fxml", p.xml)
	if p.packed {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		_, _ = w.Write([]byte(p.xml)) // a buffer takes all
		_ = w.Close()
		file = stream("/Type /EmbeddedFile /Filter /FlateDecode", b.String())
	}
	tree := fmt.Sprintf("<< /Names [ (%s) 4 0 R ] >>", p.name)
	if p.kids {
		tree = "<< /Kids [ 9 0 R ] >>"
	}
	objects := []string{
		"<< " + catalog + " >>",
		"<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] >>",
		fmt.Sprintf("<< /Type /Filespec /F (%s) /UF (%s) %s /EF << /F 5 0 R >> >>", p.name, p.name, p.relationship),
		file,
		stream("/Type /Metadata /Subtype /XML", p.xmp),
		"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <" + strings.Repeat("00", 32) + "> /U <" + strings.Repeat("00", 32) + "> >>",
		tree,
		fmt.Sprintf("<< /Names [ (%s) 4 0 R ] /Limits [ (%s) (%s) ] >>", p.name, p.name, p.name),
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, p.tail, xref)
	return b.Bytes()
}

func read1(t testing.TB, b []byte) (docs []*ingest.Document, refused []*ingest.Rejected) {
	t.Helper()
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("dossier/facture.pdf", b), ingest.Hints{})
	for d, err := range f.Documents(t.Context()) {
		if r, ok := errors.AsType[*ingest.Rejected](err); ok {
			refused = append(refused, r)
		} else if err != nil {
			t.Fatalf("neither taken nor refused: %v", err)
		} else {
			docs = append(docs, d)
		}
	}
	return docs, refused
}

func TestContainerIsHeldToItsRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*paper)
		refused []string
		warned  []string
	}{
		"sound":                  {func(*paper) {}, nil, nil},
		"packed":                 {func(p *paper) { p.packed = true }, nil, nil},
		"name tree with nodes":   {func(p *paper) { p.kids = true }, nil, nil},
		"alternative":            {func(p *paper) { p.relationship = "/AFRelationship /Alternative" }, nil, nil},
		"source":                 {func(p *paper) { p.relationship = "/AFRelationship /Source" }, nil, []string{specification}},
		"no relationship":        {func(p *paper) { p.relationship = "" }, []string{pdfa}, nil},
		"no /AF":                 {func(p *paper) { p.noAF = true }, []string{specification}, nil},
		"no output intent":       {func(p *paper) { p.noIntent = true }, []string{pdfa}, nil},
		"no metadata":            {func(p *paper) { p.xmp = "" }, []string{specification}, nil},
		"another profile in XMP": {func(p *paper) { p.xmp = metadata("BASIC WL", "3") }, []string{specification}, nil},
		"PDF/A-1":                {func(p *paper) { p.xmp = metadata("EN 16931", "1") }, []string{pdfa}, nil},
		"broken metadata":        {func(p *paper) { p.xmp = "<x:xmpmeta" }, []string{specification, pdfa}, nil},
		"name in other letters":  {func(p *paper) { p.name = "Factur-X.xml" }, nil, []string{specification}},
		"name of its own":        {func(p *paper) { p.name = "facture.xml" }, []string{specification}, nil},
		"no attachment":          {func(p *paper) { p.name = "" }, []string{specification}, nil},
		"another attachment":     {func(p *paper) { p.name, p.xml = "cgv.xml", "<cgv/>" }, []string{specification}, nil},
		"cut XML":                {func(p *paper) { p.xml = p.xml[:2000] }, []string{"W3C XML 1.0"}, nil},
		"wrong total":            {func(p *paper) { p.xml = strings.Replace(p.xml, ">1118.25<", ">1118.26<", 1) }, []string{"BR-CO-15", "BR-CO-16"}, nil},
		"encrypted": {
			func(p *paper) { p.tail = "/Encrypt 7 0 R /ID [ <00> <00> ]" }, []string{pdfa}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sound(t)
			c.change(&p)
			docs, refused := read1(t, p.bytes())
			var rules, warned []string
			for _, r := range refused {
				rules = append(rules, r.Rule)
			}
			for _, d := range docs {
				for _, w := range d.Warnings {
					warned = append(warned, w.Code)
				}
			}
			slices.Sort(rules)
			if diff := cmp.Diff(c.refused, slices.Compact(rules), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("refused (-want +got):\n%s%v", diff, refused)
			}
			if diff := cmp.Diff(c.warned, warned, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("warned (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvoiceKeepsItsPDF(t *testing.T) {
	t.Parallel()
	b := sound(t).bytes()
	docs, refused := read1(t, b)
	if len(docs) != 1 || len(refused) != 0 {
		t.Fatalf("got %v, refused %v", docs, refused)
	}
	want := &ingest.Attachment{Name: "facture.pdf", MediaType: "application/pdf", Content: b}
	if diff := cmp.Diff(want, docs[0].Electronic.Attachment); diff != "" {
		t.Error(diff)
	}
}

func TestPDFWithTooManyPackedStreamsIsRefused(t *testing.T) {
	t.Parallel()
	p := sound(t)
	p.tail = strings.Repeat("/X /ObjStm ", maxObjStreams+1)
	docs, refused := read1(t, p.bytes())
	if len(docs) != 0 || len(refused) != 1 || !strings.Contains(refused[0].Reason, "trop d’objets") {
		t.Errorf("got %v, refused %v", docs, refused)
	}
}

// A PDF may be cut anywhere by a mailbox or a download.
func TestAnInvoiceBeyondAllMeasureIsSaidToBeSo(t *testing.T) {
	t.Parallel()
	p := sound(t)
	p.xml, p.packed = strings.Repeat(" ", maxXMLInPDF+1), true
	docs, refused := read1(t, p.bytes())
	if len(docs) != 0 || len(refused) != 1 || !strings.Contains(refused[0].Reason, "démesuré") {
		t.Errorf("got %v, %v", docs, refused)
	}
}

func TestCutPDFIsRefusedNotFatal(t *testing.T) {
	t.Parallel()
	b := sound(t).bytes()
	for _, n := range []int{9, 100, 1000, len(b) / 2, len(b) - 300, len(b) - 20} {
		docs, refused := read1(t, b[:n])
		if len(docs)+len(refused) == 0 {
			t.Errorf("cut at %d: nothing came of it", n)
		}
	}
}

func FuzzOpen(f *testing.F) {
	p := sound(f)
	f.Add(p.bytes())
	p.kids = true
	f.Add(p.bytes())
	f.Add([]byte("%PDF-1.7\ntrailer << /Root 1 0 R >>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.HasPrefix(b, []byte("%PDF-")) {
			t.Skip()
		}
		docs, refused := read1(t, b)
		if len(docs)+len(refused) == 0 {
			t.Fatal("nothing came of it")
		}
	})
}
