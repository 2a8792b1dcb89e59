package advice

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"acquit/internal/fault"
)

// readPackage reads what lies in a ZIP: a workbook, or a document of a word
// processor; of others it says what they are.
func readPackage(content []byte) (Advice, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return readWorkbook(content)
	}
	for _, f := range z.File {
		switch {
		case f.Name == "word/document.xml":
			return readWord(f)
		case f.Name == "mimetype":
			return Advice{}, &fault.Invalid{
				Message: "ce fichier est d’un format OpenDocument (.ods, .odt)", Mend: "enregistrez-le en XLSX, en PDF ou en CSV",
			}
		case strings.HasPrefix(f.Name, "xl/"):
			return readWorkbook(content)
		}
	}
	return Advice{}, &fault.Invalid{Message: "ce fichier est une archive ZIP", Mend: "décompressez-la, et donnez l’avis qu’elle contient"}
}

// readWord reads the rows of tables and the lines of a document of Word
// (ISO/IEC 29500, WordprocessingML).
func readWord(f *zip.File) (Advice, error) {
	bad := &fault.Invalid{Message: "ce document de Word est abîmé", Mend: "enregistrez-le à nouveau, ou en PDF"}
	in, err := f.Open()
	if err != nil {
		return Advice{}, bad
	}
	defer func() { _ = in.Close() }() // it was only read
	w := wordReader{}
	d := xml.NewDecoder(io.LimitReader(in, maxUnpacked/4))
	for len(w.page) < maxRows {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Advice{}, bad
		}
		w.token(t)
	}
	return understood(w.page)
}

type wordReader struct {
	page  page
	text  strings.Builder
	cells []string
	rows  int // how deep in rows of tables
	words bool
	line  int
}

func (w *wordReader) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		switch t.Name.Local {
		case "tr":
			w.rows++
		case "t":
			w.words = true
		case "tab":
			w.text.WriteString("  ")
		case "br":
			w.text.WriteByte(' ')
		}
	case xml.CharData:
		if w.words {
			w.text.Write(t)
		}
	case xml.EndElement:
		w.end(t.Name.Local)
	}
}

func (w *wordReader) end(name string) {
	switch name {
	case "t":
		w.words = false
	case "p":
		if w.rows > 0 {
			w.text.WriteByte(' ')
			return
		}
		w.line++
		if cells := gapped(w.text.String()); len(cells) > 0 {
			w.page = append(w.page, row{w.line, cells})
		}
		w.text.Reset()
	case "tc":
		w.cells = append(w.cells, w.text.String())
		w.text.Reset()
	case "tr":
		w.line++
		if cells := cellsOf(w.cells); len(cells) > 0 {
			w.page = append(w.page, row{w.line, cells})
		}
		w.cells, w.rows = nil, max(0, w.rows-1)
	}
}
