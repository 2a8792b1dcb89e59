package advice

import (
	"bytes"
	"regexp"

	"github.com/xuri/excelize/v2"

	"acquit/internal/fault"
	"acquit/internal/money"
)

const (
	maxUnpacked = 200 << 20 // bytes of a workbook's parts
	maxSheets   = 20
)

// readWorkbook reads the sheet that names the most documents.
func readWorkbook(content []byte) (Advice, error) {
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return Advice{}, &fault.Invalid{
			Message: "ce classeur est abîmé, ou n’en est pas un", Mend: "enregistrez-le à nouveau en XLSX depuis un tableur",
		}
	}
	defer func() { _ = book.Close() }() // it was only read
	var best Advice
	names := book.GetSheetList()
	for _, name := range names[:min(len(names), maxSheets)] {
		if visible, err := book.GetSheetVisible(name); err == nil && !visible {
			continue
		}
		p, err := sheetPage(book, name)
		if err != nil {
			return Advice{}, &fault.Invalid{Message: "la feuille «\u00a0" + name + "\u00a0» est abîmée"}
		}
		if a := understand(p); len(a.Lines) > len(best.Lines) {
			best = a
		}
	}
	if len(best.Lines) == 0 {
		return best, nothing()
	}
	return best, nil
}

func sheetPage(book *excelize.File, name string) (page, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var p page
	for line := 1; rows.Next() && line <= maxRows; line++ {
		texts, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		for i, t := range texts {
			texts[i] = asWritten(t)
		}
		if cells := cellsOf(texts); len(cells) > 0 {
			p = append(p, row{line, cells})
		}
	}
	return p, rows.Error()
}

var rawNumber = regexp.MustCompile(`^-?[0-9]+\.[0-9]+(?:E[-+]?[0-9]+)?$`)

// asWritten is a number of a cell, a binary fraction, as people see it: with two
// decimals.
func asWritten(s string) string {
	if rawNumber.MatchString(s) {
		if a, err := money.ParseCell(s, money.EUR); err == nil {
			return a.Decimal()
		}
	}
	return s
}
