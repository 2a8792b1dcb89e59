package advice

import (
	"cmp"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"acquit/internal/fault"
)

const (
	maxPages   = 50
	maxPieces  = 20_000           // pieces of text of a page
	maxReading = 20 * time.Second // of one PDF: an advice takes some hundredths
	maxMemory  = 256 << 20 >> 16  // pages of 64 KB that a PDF may take
	maxReaders = 2                // PDFs read at once
)

// engine is PDFium in its sandbox: it sees no disk and no network, its memory is
// bounded and its work can be stopped, whatever a PDF does to it. It is compiled
// for this machine when the first PDF comes.
var engine = sync.OnceValues(func() (pdfium.Pool, error) {
	return webassembly.Init(webassembly.Config{
		MaxIdle: 1, MaxTotal: maxReaders, Stdout: io.Discard, Stderr: io.Discard,
		FSConfig: wazero.NewFSConfig(),
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(maxMemory).WithCloseOnContextDone(true),
	})
})

// readPDF reads the text of a PDF by its places. One that holds only a picture of
// a page has none.
func readPDF(content []byte) (Advice, error) {
	pool, err := engine()
	if err != nil {
		return Advice{}, err
	}
	sandbox, err := pool.GetInstance(maxReading)
	if err != nil {
		return Advice{}, err
	}
	defer func() { _ = sandbox.Close() }()                             // it is thrown away
	watch := time.AfterFunc(maxReading, func() { _ = sandbox.Kill() }) // what it was reading ends with an error
	defer watch.Stop()
	p, err := pdfPage(sandbox, content)
	if err != nil {
		return Advice{}, unreadablePDF(err)
	}
	return understood(p)
}

func unreadablePDF(err error) error {
	if strings.Contains(err.Error(), "password") {
		return &fault.Invalid{Message: "ce PDF est protégé par un mot de passe", Mend: "enregistrez-le sans protection"}
	}
	return &fault.Invalid{Message: "ce PDF est abîmé\u00a0: il ne peut pas être lu", Mend: "enregistrez-le à nouveau"}
}

func pdfPage(sandbox pdfium.Pdfium, content []byte) (page, error) {
	doc, err := sandbox.OpenDocument(&requests.OpenDocument{File: &content})
	if err != nil {
		return nil, err
	}
	count, err := sandbox.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return nil, err
	}
	var p page
	for n := range min(count.PageCount, maxPages) {
		texts, err := sandbox.GetPageTextStructured(&requests.GetPageTextStructured{
			Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: n}},
			Mode: requests.GetPageTextStructuredModeRects,
		})
		if err != nil {
			return nil, err
		}
		var pieces []piece
		for _, t := range texts.Rects[:min(len(texts.Rects), maxPieces)] {
			at := t.PointPosition
			pieces = append(pieces, piece{t.Text, at.Left, at.Right, at.Top, at.Bottom})
		}
		p = append(p, rowsOf(pieces, len(p))...)
	}
	return p, nil
}

// piece is a text in its place on a page, in points from the left and the bottom.
type piece struct {
	text                     string
	left, right, top, bottom float64
}

func (p piece) middle() float64 { return (p.top + p.bottom) / 2 }
func (p piece) height() float64 { return min(max(math.Abs(p.top-p.bottom), 5), 40) }

// rowsOf gathers pieces into rows from the top, and cells from the left.
func rowsOf(pieces []piece, before int) page {
	pieces = slices.DeleteFunc(pieces, func(p piece) bool { return oneLine(p.text) == "" })
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(b.middle(), a.middle()) })
	var p page
	for len(pieces) > 0 {
		n := 1
		for n < len(pieces) && pieces[0].middle()-pieces[n].middle() < pieces[0].height()/2 {
			n++
		}
		line := slices.Clone(pieces[:n])
		pieces = pieces[n:]
		slices.SortStableFunc(line, func(a, b piece) int { return cmp.Compare(a.left, b.left) })
		p = append(p, row{before + len(p) + 1, cellsAcross(line)})
	}
	return p
}

// cellsAcross joins the pieces of a row that are no wider apart than a letter.
func cellsAcross(line []piece) []cell {
	var list []cell
	for _, p := range line {
		text := oneLine(p.text)
		if n := len(list); n > 0 && p.left-list[n-1].to < p.height()*0.8 {
			if p.left-list[n-1].to > p.height()*0.1 {
				text = " " + text
			}
			list[n-1].text += text
			list[n-1].to = max(list[n-1].to, p.right)
			continue
		}
		list = append(list, wide(p)...)
	}
	return list
}

// wide cuts a piece that holds several cells, spaces apart.
func wide(p piece) []cell {
	cells := gapped(p.text)
	letters := float64(max(len([]rune(p.text)), 1))
	for i := range cells {
		cells[i].from = p.left + (p.right-p.left)*cells[i].from/letters
		cells[i].to = p.left + (p.right-p.left)*cells[i].to/letters
	}
	return cells
}
