// Package refused recognises files that are not read, by their content, so that
// a person hears what the file is and what to bring instead of "unknown".
package refused

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
)

// Drivers are the recognised formats, each of which refuses with its reason.
func Drivers() []ingest.Driver {
	return []ingest.Driver{
		driver(ingest.CAMT, "Message CAMT", "seuls les relevés sont repris (camt.052, camt.053 et camt.054)", isCAMT),
		driver(ingest.Unknown, "Compte rendu d’ordres SEPA (pain.002)",
			"ce qui a été rejeté se lit dans le relevé\u00a0: apportez le camt.053 ou le camt.054", isSEPAStatus),
		driver(ingest.Unknown, "Ordre SEPA", "un ordre de virement ou de prélèvement SEPA ne dit pas ce qui est dû", isSEPA),
		driver(ingest.Unknown, "Relevé QIF", "demandez le relevé en CAMT ou en OFX à la banque", isQIF),
		driver(ingest.Unknown, "Relevé CODA (Belgique)", "demandez le relevé en CAMT.053 à la banque", isCODA),
		driver(ingest.Unknown, "Relevé BAI2", "demandez le relevé en CAMT.053 ou en MT940 à la banque", isBAI2),
		driver(ingest.Unknown, "Ordres CFONB 160 ou 320",
			"un fichier d’ordres ne dit pas ce que la banque a fait\u00a0: demandez le relevé (CFONB 120 ou CAMT.053)", isOrders),
		driver(ingest.Unknown, "Message SWIFT", "seuls les relevés sont repris (MT940 et MT942)", isSWIFT),
		driver(ingest.Unknown, "Journal d’événements GoCardless",
			"un même prélèvement y revient à chaque étape\u00a0: apportez l’export des versements ou le relevé de la banque",
			isEvents),
		driver(ingest.Unknown, "Fichier QuadraCompta", "exportez plutôt le FEC de l’exercice", isQuadra),
		driver(ingest.Unknown, "Ancien classeur Excel (.xls) ou classeur protégé",
			"ouvrez-le dans un tableur, ôtez le mot de passe s’il y en a un et enregistrez-le en .xlsx", isOLE),
		driver(ingest.Unknown, "Classeur binaire Excel (.xlsb)", "enregistrez-le en .xlsx", has("xl/workbook.bin")),
		driver(ingest.Unknown, "Document OpenDocument", "si c’est un tableau, enregistrez-le en .xlsx ou en .csv", has("mimetype")),
		driver(ingest.Unknown, "Document Word", "exportez les factures depuis le logiciel de facturation", has("word/document.xml")),
		driver(ingest.Unknown, "Page HTML", "si c’est un tableau, ouvrez-le dans un tableur et enregistrez-le en .xlsx", isHTML),
		driver(ingest.Unknown, "Image", "une facture scannée ne peut pas être lue\u00a0: apportez le Factur-X ou un tableau", isImage),
		driver(ingest.Unknown, "Données JSON", "exportez plutôt un tableau CSV ou XLSX", isJSON),
		driver(ingest.Unknown, "Document RTF", "exportez plutôt un tableau CSV ou XLSX", begins("{\\rtf")),
		driver(ingest.Unknown, "Archive", "refaites-la au format zip", begins("7z\xbc\xaf", "Rar!", "\x1f\x8b",
			"BZh", "\xfd7zXZ")),
		{Format: ingest.Unknown, Title: "Document XML", Sniff: otherXML, Open: openXML},
	}
}

// driver refuses what is recognises.
func driver(format ingest.Format, title, mend string, is func(ingest.Sample) bool) ingest.Driver {
	return ingest.Driver{
		Format: format,
		Title:  title,
		Sniff: func(s ingest.Sample) ingest.Confidence {
			if is(s) {
				return ingest.Certain
			}
			return ingest.No
		},
		Open: func(_ context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
			return ingest.Refuse(src.Name, format, "format reconnu mais non repris\u00a0: "+title, mend), nil
		},
	}
}

func begins(marks ...string) func(ingest.Sample) bool {
	return func(s ingest.Sample) bool {
		return slices.ContainsFunc(marks, func(m string) bool { return bytes.HasPrefix(s.Head, []byte(m)) })
	}
}

func has(entry string) func(ingest.Sample) bool {
	return func(s ingest.Sample) bool { return slices.Contains(s.Entries, entry) }
}

// root is the outermost element of what may be XML.
func root(s ingest.Sample) (space, name string) {
	if !strings.HasPrefix(strings.TrimLeft(s.Text, " \t\r\n\ufeff"), "<") {
		return "", ""
	}
	r, ok := xmltree.Root(s.Head)
	if !ok {
		return "", ""
	}
	return r.Space, r.Local
}

// Banks put the messages of ISO 20022 into spaces of their own too, whose names
// still say which message it is: camt.056, pain.001.
func isCAMT(s ingest.Sample) bool {
	space, name := root(s)
	return name == "Document" && strings.Contains(space, "camt.0") && !isStatement.MatchString(s.Text)
}

// isStatement is the element of the messages that are read.
var isStatement = regexp.MustCompile(`<(?:[\w.-]+:)?BkToCstmr(Stmt|AcctRpt|DbtCdtNtfctn)`)

func isSEPA(s ingest.Sample) bool {
	space, name := root(s)
	return name == "Document" && !isSEPAStatus(s) &&
		(strings.Contains(space, "pain.00") || strings.Contains(space, "pacs.00"))
}

func isSEPAStatus(s ingest.Sample) bool {
	space, name := root(s)
	return name == "Document" && strings.Contains(space, "pain.002")
}

// qif is the line that says what follows, behind those of options and of the
// accounts.
var qif = regexp.MustCompile(`(?i)^\s*(!(Option|Clear|Account)\b[^!]*)*!Type:`)

func isQIF(s ingest.Sample) bool { return qif.MatchString(strings.TrimLeft(s.Text, "\ufeff")) }

// coda is the header of the Belgian statement: zeros, the day, the bank, 128
// characters that end with the version.
var coda = regexp.MustCompile(`^00000\d{6}[\d ]{3}05.{111}[12]\r?\n[12]`)

func isCODA(s ingest.Sample) bool { return coda.MatchString(strings.TrimLeft(s.Text, "\ufeff")) }

var bai2 = regexp.MustCompile(`^01,[^\n]*/\s*\n02,`)

func isBAI2(s ingest.Sample) bool { return bai2.MatchString(strings.TrimLeft(s.Text, "\ufeff")) }

// orders are the headers of files of orders: of transfers (02), debits (08), bills
// (60) and others in records of 160 characters, and of international transfers (PI)
// in records of 320.
var orders = regexp.MustCompile(`^03(02|08|60|76|85|22|27|28)[ \d].{150,160}\r?\n?(06|04)|^03PI\d{6}`)

func isOrders(s ingest.Sample) bool { return orders.MatchString(strings.TrimLeft(s.Text, "\ufeff")) }

// swift is a message in its envelope, with its type; payment are fields that one
// without it has, and no statement.
var (
	swift   = regexp.MustCompile(`^\s*(?:\{1:[^}]*\}\s*)\{2:[IO](\d{3})`)
	payment = regexp.MustCompile(`(?s)^\s*:20:.*\n:(23B|32A|32B|28D):`)
)

func isSWIFT(s ingest.Sample) bool {
	text := strings.TrimLeft(s.Text, "\ufeff\x01")
	if m := swift.FindStringSubmatch(text); m != nil {
		return m[1] != "940" && m[1] != "942"
	}
	return payment.MatchString(text) && !strings.Contains(text, "\n:60")
}

// isEvents knows the columns of a journal of what happened to payments, in any order.
func isEvents(s ingest.Sample) bool {
	head, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(s.Text, "\ufeff")), "\n")
	columns := strings.FieldsFunc(head, func(r rune) bool { return strings.ContainsRune(",;\t\" \r", r) })
	return slices.Contains(columns, "resource_type") && slices.Contains(columns, "action") &&
		slices.Contains(columns, "created_at")
}

// isQuadra knows the lines « M » of the ASCII import: account, journal, date JJMMAA.
func isQuadra(s ingest.Sample) bool {
	return len(quadra.FindAllString(s.Text, 3)) >= 2 && quadra.FindStringIndex(s.Text)[0] == 0
}

var quadra = regexp.MustCompile(`(?m)^M[0-9A-Z ]{8}[A-Z0-9]{2}\d{3}\d{6}.{50,}$`)

func isOLE(s ingest.Sample) bool {
	return bytes.HasPrefix(s.Head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
}

func isHTML(s ingest.Sample) bool {
	head := strings.ToLower(strings.TrimLeft(s.Text, " \t\r\n\ufeff"))
	head = head[:min(len(head), 512)]
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") ||
		strings.HasPrefix(head, "<table") || strings.HasPrefix(head, "<meta")
}

func isImage(s ingest.Sample) bool {
	return begins("\x89PNG", "\xFF\xD8\xFF", "GIF8", "II*\x00", "MM\x00*", "RIFF")(s) ||
		len(s.Head) > 12 && string(s.Head[4:8]) == "ftyp"
}

func isJSON(s ingest.Sample) bool {
	text := strings.TrimLeft(s.Text, " \t\r\n\ufeff")
	return jsonStart.MatchString(text)
}

var jsonStart = regexp.MustCompile(`^(\[\s*[\[{"]|\{\s*["}])`)

func otherXML(s ingest.Sample) ingest.Confidence {
	switch _, name := root(s); {
	case strings.HasPrefix(strings.TrimLeft(s.Text, " \t\r\n\ufeff"), "<?xml"):
		return ingest.Likely
	case name != "":
		return ingest.Maybe
	}
	return ingest.No
}

// openXML names the document that it does not know, or says why it is none.
func openXML(_ context.Context, src ingest.Source, _ ingest.Hints) (*ingest.File, error) {
	b, err := src.Bytes(xmltree.MaxSize)
	if err != nil {
		return nil, err
	}
	doc, err := xmltree.Parse(b)
	if err != nil {
		return nil, err
	}
	reason := "ce document XML «\u00a0" + doc.Name + "\u00a0» n’est pas une facture"
	if doc.Name == "testSet" {
		reason = "ce document XML est une suite d’essais de validateur, pas une facture"
	}
	return ingest.Refuse(src.Name, ingest.Unknown, reason,
		"les factures sont lues en CII (CrossIndustryInvoice) et en UBL (Invoice, CreditNote)"), nil
}
