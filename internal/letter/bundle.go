package letter

import (
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// bundle is a document that others are merged into.
type bundle struct {
	doc   *model.Context
	marks []pdfcpu.Bookmark // beside the pages, where there are several
}

// append puts the pages of a document behind the others, after a blank one if
// asked.
func (b *bundle) append(d behind, blank bool) (err error) {
	defer func() {
		if recover() != nil { // the library panics on some broken documents
			err = d.broken()
		}
	}()
	if err := pdfcpu.MergeXRefTables(d.name, d.doc, b.doc, false, blank); err != nil {
		return d.broken()
	}
	return nil
}

func (b *bundle) write(w io.Writer) error {
	if len(b.marks) > 1 {
		if err := pdfcpu.AddBookmarks(b.doc, b.marks, true); err != nil {
			return fmt.Errorf("list of letters: %w", err)
		}
		if err := b.doc.BindNameTrees(); err != nil {
			return fmt.Errorf("list of letters: %w", err)
		}
	}
	if err := renumber(b.doc); err != nil {
		return fmt.Errorf("number merged objects: %w", err)
	}
	// What is written is an increment to nothing but this line: it alone takes
	// an order, and leaves dates as they are.
	n, err := io.WriteString(w, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	if err != nil {
		return err
	}
	b.doc.Write.Offset = int64(n)
	return api.WriteIncrement(b.doc, w)
}
