package visit

import (
	"bytes"
	"mime"
	"net/http"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/sheet"
)

// File answers with a table that people keep: asked is its name in the address,
// of which the ending chooses CSV or XLSX; name is what the browser saves it as.
func File(w http.ResponseWriter, asked, name string, lang i18n.Lang, s sheet.Sheet) error {
	var b bytes.Buffer
	var err error
	var kind, ending string
	switch {
	case strings.HasSuffix(asked, ".csv"):
		kind, ending, err = "text/csv; charset=utf-8", ".csv", s.WriteCSV(&b, string(lang))
	case strings.HasSuffix(asked, ".xlsx"):
		kind, ending = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
		err = sheet.WriteXLSX(&b, s)
	default:
		return fault.NotFound("fichier %s", asked)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + ending}))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // the browser has gone: nobody is left to tell
	return nil
}
