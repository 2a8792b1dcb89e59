package letter

import (
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bound is how many pages each document of a bundle has, and all together with
// the blank ones between them.
type Bound struct {
	Pages []int
	Total int
}

// Bind writes documents as one, in their order, under a title. On both sides of
// the paper each begins on a sheet of its own: a blank page goes behind those
// of an odd number. A document that cannot be read is a fault.Invalid with its
// name.
func Bind(w io.Writer, title string, duplex bool, docs ...Attachment) (b Bound, err error) {
	read, err := readBehind(docs)
	if err != nil {
		return b, err
	}
	all, err := emptyBundle(properties{title: title, language: "fr"})
	if err != nil {
		return b, err
	}
	for _, d := range read {
		blank := duplex && all.doc.PageCount%2 == 1
		first := all.doc.PageCount + 1
		if blank {
			first++
		}
		all.marks = append(all.marks, pdfcpu.Bookmark{Title: seen(d.name), PageFrom: first})
		b.Pages = append(b.Pages, d.doc.PageCount)
		if err := all.append(d, blank); err != nil {
			return b, err
		}
	}
	b.Total = all.doc.PageCount
	return b, all.write(w)
}

// emptyBundle has the properties of a document and no page yet.
func emptyBundle(about properties) (*bundle, error) {
	d := newDocument(about)
	d.pdf.AddPage() // the library writes no document without one
	doc, err := d.read()
	if err != nil {
		return nil, err
	}
	root, err := doc.Pages()
	if err != nil {
		return nil, err
	}
	pages, err := doc.DereferenceDict(*root)
	if err != nil {
		return nil, err
	}
	pages["Kids"], pages["Count"], doc.PageCount = types.Array{}, types.Integer(0), 0
	return &bundle{doc: doc}, nil
}
