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
	Attach(w, name+ending, kind)
	_, _ = w.Write(b.Bytes()) // the browser has gone: nobody is left to tell
	return nil
}

// Every reads a list to its end, page after page: next gives what comes after the
// last one read, nothing when there is no more.
func Every[T any](next func(after T) ([]T, error)) (all []T, err error) {
	var last T
	for {
		list, err := next(last)
		if err != nil || len(list) == 0 {
			return all, err
		}
		all = append(all, list...)
		last = list[len(list)-1]
	}
}

// Attach announces a file that the browser is to keep under that name, and never
// to open by itself.
func Attach(w http.ResponseWriter, name, kind string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
}

// mailPolicy is the Content-Security-Policy of a message shown as its reader
// sees it: its own inline style and nothing else, no script whatever it says.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; " +
	"base-uri 'none'; form-action 'none'; sandbox allow-same-origin"

// Mail answers with the HTML of a message as mail programs show it, kept from
// doing anything.
func Mail(w http.ResponseWriter, html []byte) {
	h := w.Header()
	h.Set("Content-Security-Policy", mailPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(html) // the browser has gone: nobody is left to tell
}

// Bytes answers with a file that the browser keeps and never opens by itself.
func Bytes(w http.ResponseWriter, name string, content []byte) {
	Attach(w, name, "application/octet-stream")
	_, _ = w.Write(content) // the browser has gone: nobody is left to tell
}
