// Package xlsx reads the tables in Excel workbooks. It looks at every sheet and
// reads the one that makes the most sense as invoices, payments or customers.
package xlsx

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"acquit/internal/ingest"
	"acquit/internal/ingest/delimited"
	"acquit/internal/ingest/table"
)

// What a workbook may be. A sheet has at most 1,048,576 rows and 16,384 columns
// by its format; one that uses them all is no list of invoices.
const (
	maxFile     = 256 << 20 // bytes, packed
	maxUnpacked = 2 << 30   // bytes of all its parts
	maxRatio    = 300       // unpacked to packed: sheets are dense, up to 50 in practice
	ratioFrom   = 16 << 20  // below this size the ratio proves nothing
	maxParts    = 10_000    // files in the zip
	maxSheets   = 100       // sheets that are looked at
	maxRows     = 1_048_576 // rows of a sheet
	maxWide     = 100       // rows wider than that before the sheet is given up
	headRows    = 2_000     // rows looked at before a sheet is read
)

// Driver reads workbooks.
var Driver = ingest.Driver{
	Format: ingest.XLSX,
	Title:  "Classeur Excel (XLSX)",
	Sniff:  sniff,
	Open:   open,
}

func sniff(s ingest.Sample) ingest.Confidence {
	if slices.Contains(s.Entries, "xl/workbook.xml") {
		return ingest.Likely
	}
	return ingest.No
}

func open(ctx context.Context, src ingest.Source, h ingest.Hints) (*ingest.File, error) {
	if err := sane(src); err != nil {
		return nil, err
	}
	b, err := load(src)
	if err != nil {
		return nil, err
	}
	defer b.close()
	sheet, others, err := b.choose(h)
	if err != nil {
		return nil, err
	}
	f := &ingest.File{Name: src.Name, Format: ingest.XLSX}
	f.Understood.Sheets = b.GetSheetList()
	if len(others) > 0 {
		f.Warn("feuilles", "seule la feuille «\u00a0"+sheet.Name+"\u00a0» est lue\u202f; d’autres pourraient l’être, une à une, en les nommant\u00a0: "+
			strings.Join(others, ", "))
	}
	rows := func() iter.Seq2[table.Row, error] { return read(ctx, src, f, sheet.Name) }
	return table.Read(ctx, f, sheet, rows, h), nil
}

// sane looks at the directory of the zip before anything is unpacked.
func sane(src ingest.Source) error {
	if src.Size > maxFile {
		return &ingest.Rejected{Reason: fmt.Sprintf("le classeur fait %s, plus que les %s acceptés",
			ingest.Size(src.Size), ingest.Size(maxFile)), Mend: "enregistrez la feuille en CSV"}
	}
	r, err := zip.NewReader(src.Content, src.Size)
	if err != nil {
		return broken()
	}
	if len(r.File) > maxParts {
		return &ingest.Rejected{Reason: fmt.Sprintf("le classeur a plus de %d parties\u00a0: il est refusé", maxParts)}
	}
	total := uint64(0)
	for _, part := range r.File {
		total += part.UncompressedSize64
		if total > maxUnpacked || part.UncompressedSize64 > ratioFrom &&
			part.UncompressedSize64/max(part.CompressedSize64, 1) > maxRatio {
			return &ingest.Rejected{
				Reason: fmt.Sprintf("décompressé, le classeur serait démesuré («\u00a0%s\u00a0»)\u00a0: il est refusé", part.Name),
				Mend:   "enregistrez la feuille en CSV",
			}
		}
	}
	return nil
}

func broken() error {
	return &ingest.Rejected{
		Reason: "ce classeur est abîmé ou incomplet\u00a0: il ne peut pas être lu",
		Mend:   "ouvrez-le dans un tableur et enregistrez-le à nouveau",
	}
}

// book is an open workbook.
type book struct {
	*excelize.File
	y1904 bool
}

func load(src ingest.Source) (*book, error) {
	b := &book{}
	err := ingest.Guard("ce classeur", func() (err error) {
		b.File, err = excelize.OpenReader(src.Reader(), excelize.Options{
			RawCellValue: true, UnzipSizeLimit: maxUnpacked,
		})
		if err != nil {
			return err
		}
		props, err := b.GetWorkbookProps()
		b.y1904 = err == nil && props.Date1904 != nil && *props.Date1904
		return nil
	})
	if err == nil {
		return b, nil
	}
	if _, ok := errors.AsType[*ingest.Rejected](err); ok {
		return nil, err
	}
	return nil, broken()
}

// close removes the library's temporary files.
func (b *book) close() {
	_ = b.Close() // what it cannot remove, the system will
}

// choose finds the sheet to read: the one that is named, else the visible one
// that is understood best. Others are those that could be read as well.
func (b *book) choose(h ingest.Hints) (best *table.Sheet, others []string, err error) {
	names := b.GetSheetList()
	if h.Sheet != "" && !slices.Contains(names, h.Sheet) {
		return nil, nil, &ingest.Rejected{
			Reason: "la feuille «\u00a0" + h.Sheet + "\u00a0» n’est pas dans ce classeur",
			Mend:   "ses feuilles\u00a0: " + strings.Join(names, ", "),
		}
	}
	fit := -1
	for _, name := range names[:min(len(names), maxSheets)] {
		visible, err := b.GetSheetVisible(name)
		if h.Sheet != "" && h.Sheet != name || h.Sheet == "" && err == nil && !visible {
			continue
		}
		sheet, err := b.head(name)
		if err != nil {
			return nil, nil, err
		}
		n := table.Fit(sheet, h)
		if n > 0 {
			others = append(others, name)
		}
		if n > fit || n == fit && len(sheet.Head) > len(best.Head) {
			best, fit = sheet, n
		}
	}
	if best == nil {
		return nil, nil, &ingest.Rejected{Reason: "ce classeur n’a pas de feuille visible"}
	}
	return best, slices.DeleteFunc(others, func(name string) bool { return name == best.Name }), nil
}

// head reads the first rows of a sheet.
func (b *book) head(name string) (*table.Sheet, error) {
	s := &table.Sheet{Name: name, Raw: true, Y1904: b.y1904}
	for row, err := range rowsOf(b.File, name, nil) {
		if err != nil {
			return nil, err
		}
		row.Cells = slices.Clone(row.Cells)
		s.Head = append(s.Head, row)
		if len(s.Head) >= headRows {
			break
		}
	}
	return s, nil
}

// read reads a sheet from a workbook opened anew.
func read(ctx context.Context, src ingest.Source, f *ingest.File, name string) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		b, err := load(src)
		if err != nil {
			yield(table.Row{}, err)
			return
		}
		defer b.close()
		hidden := 0
		for row, err := range rowsOf(b.File, name, &hidden) {
			if !yield(row, err) || err != nil || ctx.Err() != nil {
				return
			}
		}
		if hidden > 0 {
			f.Warn("masquées", fmt.Sprintf("%d lignes masquées de la feuille ont été lues comme les autres", hidden))
		}
	}
}

// rowsOf walks the rows of a sheet; empty ones are passed over.
func rowsOf(b *excelize.File, name string, hidden *int) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		w := &walker{hidden: hidden}
		if err := ingest.Guard("ce classeur", func() (err error) {
			w.rows,
				err = b.Rows(name)
			return err
		}); err != nil {
			yield(table.Row{}, unreadable(err))
			return
		}
		defer func() { _ = w.rows.Close() }() // it was only read
		for {
			row, more, err := w.next()
			if err != nil {
				yield(table.Row{}, unreadable(err))
				return
			}
			if !more || !yield(row, nil) {
				return
			}
		}
	}
}

// walker reads row after row of a sheet.
type walker struct {
	rows   *excelize.Rows
	line   int
	wide   int
	hidden *int
}

// next is the next row that is not empty.
func (w *walker) next() (row table.Row, more bool, err error) {
	err = ingest.Guard("ce classeur", func() error {
		for w.rows.Next() {
			if w.line++; w.line > maxRows {
				return &ingest.Rejected{Reason: "la feuille a plus de lignes que le format n’en permet"}
			}
			cells, err := w.rows.Columns()
			if err != nil {
				return err
			}
			if cells = trim(cells); len(cells) == 0 {
				continue
			}
			if len(cells) > delimited.MaxCells {
				if w.wide++; w.wide > maxWide {
					return &ingest.Rejected{
						Line:   w.line,
						Reason: fmt.Sprintf("la feuille a des lignes de plus de %d colonnes\u00a0: elle est refusée", delimited.MaxCells),
					}
				}
			}
			if w.hidden != nil && w.rows.GetRowOpts().Hidden {
				*w.hidden++
			}
			row, more = table.Row{Line: w.line, Cells: cells}, true
			if len(cells) > delimited.MaxCells {
				row = table.Row{Line: w.line, Err: delimited.ErrTooWide}
			}
			return nil
		}
		return w.rows.Error()
	})
	return row, more, err
}

func trim(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func unreadable(err error) error {
	if _, ok := errors.AsType[*ingest.Rejected](err); ok {
		return err
	}
	return broken()
}
