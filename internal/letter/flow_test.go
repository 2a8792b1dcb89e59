package letter

import (
	"bytes"
	"slices"
	"testing"
)

func TestASignatureDoesNotTakeAPageOfItsOwn(t *testing.T) {
	t.Parallel()
	list, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	p := press{types: newTypeCase(list)}
	l := Letter{Sender: []string{"Atelier Dupont"}, Legal: []string{"SARL"}}
	sign := Block{Signature: &Signature{Lines: []string{"Claire Morel", "Atelier Dupont"}}}
	for {
		l.Body = append(l.Body, Block{Paragraph: [][]Span{{{Text: "Nous vous remercions de votre règlement."}}}})
		long := l
		long.Body = append(slices.Clip(l.Body), sign)
		if f := p.layOut(long, 1); len(f.pages) == 1 {
			continue
		} else if !f.straggles() {
			t.Fatal("a page is full from one paragraph to the next")
		}
		pdf, err := PDF(long)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(pdf, []byte("/Type /Page\n")); n != 1 {
			t.Errorf("%d pages, want the lines closer on one", n)
		}
		return
	}
}
