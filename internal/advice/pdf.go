package advice

import (
	"cmp"
	"errors"
	"fmt"
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
	maxLetters = 50_000           // of a page: a full one has 10,000
	maxPieces  = 20_000           // pieces of text of a page
	maxReading = 20 * time.Second // of one PDF: an advice takes some hundredths
	maxMemory  = 128 << 20 >> 16  // pages of 64 KB that a PDF may take
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
	defer func() { _ = sandbox.Close() }() // it is thrown away
	watch := time.AfterFunc(maxReading, func() { _ = sandbox.Kill() })
	p, left, err := pdfPage(sandbox, content)
	inTime := watch.Stop() // else what it was reading ended with an error
	switch {
	case !inTime || errors.Is(err, errTooMuch):
		return Advice{}, &fault.Invalid{
			Message: "ce PDF est trop lourd\u00a0: un avis de règlement a quelques pages",
			Mend:    "demandez au client le seul avis, ou son tableau (Excel, CSV)",
		}
	case err != nil:
		return Advice{}, unreadablePDF(err)
	case len(p) == 0:
		return Advice{}, &fault.Invalid{
			Message: "ce PDF est une image numérisée\u00a0: il ne contient pas de texte",
			Mend:    "demandez au client l’avis d’origine (PDF, Excel ou mail), ou saisissez l’affectation à la main",
		}
	}
	a, err := understood(p)
	if left > 0 {
		a.warn("limite", fmt.Sprintf("le PDF a %d pages de plus qu’il n’en est lu\u00a0: la suite manque", left), 0)
	}
	return a, err
}

// errTooMuch is a page with more letters than pages have.
var errTooMuch = errors.New("more letters than a page has")

func unreadablePDF(err error) error {
	if strings.Contains(err.Error(), "password") {
		return &fault.Invalid{Message: "ce PDF est protégé par un mot de passe", Mend: "enregistrez-le sans protection"}
	}
	return &fault.Invalid{Message: "ce PDF est abîmé\u00a0: il ne peut pas être lu", Mend: "enregistrez-le à nouveau"}
}

// pdfPage are the rows of all pages, and how many pages were left out.
func pdfPage(sandbox pdfium.Pdfium, content []byte) (p page, left int, err error) {
	doc, err := sandbox.OpenDocument(&requests.OpenDocument{File: &content})
	if err != nil {
		return nil, 0, err
	}
	count, err := sandbox.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return nil, 0, err
	}
	for n := range min(count.PageCount, maxPages) {
		pieces, err := piecesOf(sandbox,
			requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: n}})
		if err != nil {
			return nil, 0, err
		}
		p = append(p, rowsOf(pieces, len(p))...)
	}
	return p, max(0, count.PageCount-maxPages), nil
}

// bounded refuses a page before its letters are gathered one by one, outside of
// the sandbox and its bounds.
func bounded(sandbox pdfium.Pdfium, at requests.Page) error {
	text, err := sandbox.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: at})
	if err != nil {
		return err
	}
	n, err := sandbox.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err == nil && n.Count > maxLetters {
		err = errTooMuch
	}
	_, closed := sandbox.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	return errors.Join(err, closed)
}

// piecesOf are the texts of a page, upright, gathered from its letters: the boxes
// of words that PDFium offers name a letter twice where a program has drawn two
// closer than their widths. Programs that print on paper laid across write along
// its long side.
func piecesOf(sandbox pdfium.Pdfium, at requests.Page) ([]piece, error) {
	if err := bounded(sandbox, at); err != nil {
		return nil, err
	}
	texts, err := sandbox.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: at, Mode: requests.GetPageTextStructuredModeChars,
	})
	if err != nil {
		return nil, err
	}
	letters := make([]piece, len(texts.Chars))
	tall, up := 0, 0
	for i, c := range texts.Chars {
		at := c.PointPosition
		letters[i] = piece{c.Text, at.Left, at.Right, at.Top, at.Bottom}
		if strings.TrimSpace(c.Text) == "" {
			continue
		}
		turn := int(math.Round(math.Sin(c.Angle))) // PDFium counts with the clock
		up -= turn
		tall += 2*turn*turn - 1
	}
	if tall > 0 {
		for i, l := range letters {
			letters[i] = l.turned(up > 0)
		}
	}
	pieces := gathered(letters)
	return pieces[:min(len(pieces), maxPieces)], nil
}

// gathered are letters, in the order of their page, as pieces: a piece ends with
// its line, at two spaces, and where the next letter stands apart.
func gathered(letters []piece) []piece {
	var list []piece
	var p piece
	drawn, blank := 0, false // spaces behind the last letter: drawn ones, and any
	end := func() {
		if p.text != "" {
			list = append(list, p)
		}
		p, drawn, blank = piece{}, 0, false
	}
	for _, l := range letters {
		switch {
		case strings.ContainsAny(l.text, "\r\n"):
			end()
			continue
		case strings.TrimSpace(l.text) == "":
			blank = true
			if l.right-l.left > 0.01 { // else PDFium has put it between letters that stand apart
				drawn++
			}
			continue
		case p.text != "" && (drawn > 1 || p.parts(l, drawn)):
			end()
		}
		if p.text == "" {
			p = l
			continue
		}
		if blank {
			p.text += " "
		}
		p = p.with(l)
		drawn, blank = 0, false
	}
	end()
	return list
}

// parts tells whether a letter stands apart from a piece: on another line, or
// further away than a letter and the spaces between them are wide.
func (p piece) parts(l piece, spaces int) bool {
	high := max(p.height(), l.height())
	gap := l.left - p.right
	return math.Abs(p.middle()-l.middle()) > high || gap > high*(0.55+float64(spaces)) || gap < -2*high
}

// with is a piece and the letter behind it.
func (p piece) with(l piece) piece {
	return piece{
		p.text + l.text,
		min(p.left, l.left), max(p.right, l.right), max(p.top, l.top), min(p.bottom, l.bottom),
	}
}

// turned lays a text that runs up the page, or down, on its line.
func (p piece) turned(up bool) piece {
	if up {
		return piece{p.text, p.bottom, p.top, -p.left, -p.right}
	}
	return piece{p.text, -p.top, -p.bottom, p.right, p.left}
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
		if n := len(list); n > 0 && p.left-list[n-1].to < p.height()*0.55 {
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
