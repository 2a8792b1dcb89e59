package dossier

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/fault"
)

// maxPiece bounds one piece: a contract of two hundred pages scanned at 300 dpi.
const maxPiece = 25 << 20

// MaxPiece is how many bytes a piece may have.
const MaxPiece = maxPiece

// media is what a file's own bytes say that it is. Its name says nothing: it was
// chosen by whoever sent it.
func media(content []byte, name string) (string, error) {
	switch {
	case len(content) == 0:
		return "", fault.Invalidf("fichier", "le fichier est vide")
	case len(content) > maxPiece:
		return "", &fault.Invalid{
			Field: "fichier", Message: "le fichier est trop lourd", Mend: "25 Mo au plus : numérisez en noir et blanc, ou en plusieurs fichiers",
		}
	}
	kind, _, _ := mime.ParseMediaType(http.DetectContentType(content))
	switch {
	case runs(content):
		kind = "application/x-executable"
	case kind == "application/zip":
		kind = office(name)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		kind = compound(name)
	case bytes.HasPrefix(content, []byte("II*\x00")), bytes.HasPrefix(content, []byte("MM\x00*")):
		kind = "image/tiff"
	case kind == "text/plain" && strings.HasPrefix(strings.TrimSpace(string(head(content))), "<?xml"):
		kind = "text/xml"
	case kind == "text/plain" && ending(name) == ".eml":
		kind = "message/rfc822"
	}
	if _, ok := endings[kind]; !ok {
		return "", &fault.Invalid{
			Field: "fichier", Message: "ce genre de fichier n’entre pas dans un dossier",
			Mend: "PDF de préférence ; sinon image, courriel (.eml, .msg), texte, Word ou Excel",
		}
	}
	return kind, nil
}

// endings are the kinds of files that a dossier takes, and how their names end in
// it. None of them runs when it is opened in a browser.
var endings = map[string]string{
	"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif", "image/gif": ".gif",
	"image/webp": ".webp", "text/plain": ".txt", "text/xml": ".xml", "message/rfc822": ".eml",
	"application/vnd.ms-outlook": ".msg", "application/msword": ".doc", "application/vnd.ms-excel": ".xls",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       ".xlsx",
	"application/vnd.oasis.opendocument.text":                                 ".odt",
	"application/vnd.oasis.opendocument.spreadsheet":                          ".ods",
}

// runs tells whether a file is a program, whatever it is called.
func runs(content []byte) bool {
	for _, begin := range []string{"MZ", "\x7fELF", "#!", "\xca\xfe\xba\xbe", "\xcf\xfa\xed\xfe", "\xfe\xed\xfa"} {
		if bytes.HasPrefix(content, []byte(begin)) {
			return true
		}
	}
	return false
}

// office is which document a ZIP container holds, by its ending: another ZIP is
// not a piece but a bundle of pieces.
func office(name string) string {
	for _, e := range []string{".docx", ".xlsx", ".odt", ".ods"} {
		if ending(name) == e {
			return byEnding(e)
		}
	}
	return "application/zip"
}

// compound is which document of the older Office formats it is.
func compound(name string) string {
	switch e := ending(name); e {
	case ".doc", ".xls", ".msg":
		return byEnding(e)
	}
	return "application/x-ole-storage"
}

func byEnding(e string) string {
	for kind, other := range endings {
		if other == e {
			return kind
		}
	}
	return ""
}

func head(content []byte) []byte { return content[:min(len(content), 512)] }

func ending(name string) string { return strings.ToLower(path.Ext(name)) }

// maxName bounds the name of a piece.
const maxName = 120

// plainName is the last part of a name, whatever the machine that it comes from,
// without what terminals and browsers would obey.
func plainName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	for utf8.RuneCountInString(name) > maxName {
		end := ending(name)
		base := []rune(strings.TrimSuffix(name, path.Ext(name)))
		name = string(base[:max(1, maxName-utf8.RuneCountInString(end))]) + end
		if utf8.RuneCountInString(end) >= maxName {
			name = string(base[:min(len(base), maxName)])
		}
	}
	if name == "" || name == "." || name == ".." {
		return "piece"
	}
	return name
}
