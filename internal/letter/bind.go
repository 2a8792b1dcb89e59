package letter

import "io"

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
	p := press{file: newFile(w), types: &typeCase{}}
	p.pages, p.resources = p.file.reserve(), p.file.reserve()
	for i, d := range read {
		first := len(p.kids)
		p.kids = append(p.kids, d.copyTo(p.file, p.pages)...)
		if len(p.kids) > first {
			p.marks = append(p.marks, bookmark{docs[i].Name, p.kids[first]})
		}
		b.Pages = append(b.Pages, len(p.kids)-first)
		if duplex && len(p.kids)%2 == 1 && i+1 < len(read) {
			p.kids = append(p.kids, p.blank())
		}
	}
	b.Total = len(p.kids)
	return b, p.finish(Letter{Title: title})
}

func (p *press) blank() ref {
	return p.file.add("<</Type /Page /Parent " + p.pages.String() + " /MediaBox [0 0 595.28 841.89] /Resources <<>>>>")
}
