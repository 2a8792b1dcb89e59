// Package advice reads what customers say that a payment pays: remittance
// advices, as tables, workbooks, PDFs and mails of any layout, in French, English
// and German. An advice is kept with its file and waits for its entry of the bank,
// or is attached to it, where its lines help to match.
package advice

import (
	"bytes"
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// The bounds of an advice: a customer pays some thousand invoices at once at most.
const (
	maxFile  = 10 << 20 // bytes: an advice with a scan of a page
	maxRows  = 20_000   // rows that are looked at
	maxLines = 5_000    // documents that one payment pays
	maxText  = 200      // characters of a name, a number or a reference
)

// Advice is what a customer says that a payment pays.
type Advice struct {
	Payer     string
	Reference string       // of the payment, as the payer numbers it
	PaidOn    cal.Date     // the zero Date where it is not told
	Total     money.Amount // that the advice states; no currency where it states none
	Lines     []Line
	Warnings  []ingest.Warning // what does not agree, in French
}

// Line is one document that is paid, or taken off.
type Line struct {
	Number   string       // as the customer writes it
	On       cal.Date     // the document's day, where told
	Gross    money.Amount // before the discount, where both are told
	Discount money.Amount // taken off by the payer, positive
	Amount   money.Amount // paid: negative for a credit note; no currency where not told
	Row      int          // in the file, from 1
}

// Sum adds up the lines; ok where each has an amount of one currency.
func (a *Advice) Sum() (sum money.Amount, ok bool) {
	for i, l := range a.Lines {
		switch {
		case !ingest.Known(l.Amount):
			return sum, false
		case i == 0:
			sum = l.Amount
		case l.Amount.Currency != sum.Currency:
			return sum, false
		default:
			sum = sum.Add(l.Amount)
		}
	}
	return sum, len(a.Lines) > 0
}

// Paid is the amount of the payment: the total that is stated, else the sum of
// the lines.
func (a *Advice) Paid() (money.Amount, bool) {
	if ingest.Known(a.Total) {
		return a.Total, true
	}
	return a.Sum()
}

// Warn notes what a person should know of the advice.
func (a *Advice) warn(code, text string, line int) {
	a.Warnings = append(a.Warnings, ingest.Warning{Code: code, Text: text, Line: line})
}

// Read understands a file as a remittance advice. What a person can mend is a
// *fault.Invalid.
func Read(src ingest.Source) (Advice, error) {
	content, err := src.Bytes(maxFile)
	if err != nil {
		return Advice{}, err
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return Advice{}, &fault.Invalid{
			File: src.Name, Message: "ce fichier est vide", Mend: "demandez au client de renvoyer son avis",
		}
	}
	var a Advice
	err = ingest.Guard("cet avis", func() (err error) {
		a, err = read(content, 0)
		return err
	})
	if err != nil {
		return Advice{}, inFile(err, src.Name)
	}
	return a, nil
}

// read understands the bytes of a file; depth counts the mails that it lies in.
func read(content []byte, depth int) (Advice, error) {
	if depth > maxDepth {
		return Advice{}, nothing()
	}
	kind := kindOf(content)
	switch kind {
	case kindPDF:
		return readPDF(content)
	case kindPackage:
		return readPackage(content)
	case kindMail:
		return readMail(content, depth)
	case kindCompound:
		return readCompound(content, depth)
	case kindWinmail:
		l := &letter{depth: depth}
		l.winmail(content)
		return l.advice()
	case kindXML:
		return readXML(content)
	}
	text, err := decoded(content)
	switch {
	case err != nil:
		return Advice{}, err
	case kind == kindHTML:
		return understood(htmlPage(text))
	case kind == kindEDIFACT:
		return readREMADV(text)
	}
	return understood(textPage(text))
}

func unknownKind() error {
	return &fault.Invalid{
		Message: "ce format d’avis de règlement n’est pas reconnu",
		Mend:    "donnez un PDF, un classeur XLSX, un document Word (.docx), un tableau CSV, un mail (.eml ou .msg) ou son texte",
	}
}

// understood is the advice of a page, refused where nothing in it says what is
// paid.
func understood(p page) (Advice, error) {
	a := understand(p)
	if len(a.Lines) == 0 {
		return a, nothing()
	}
	return a, nil
}

func nothing() error {
	return &fault.Invalid{
		Message: "aucune facture réglée n’a été trouvée dans cet avis",
		Mend:    "vérifiez qu’il donne le numéro de chaque facture réglée",
	}
}

// kind is what the bytes of an advice are.
type kind int

const (
	kindText kind = iota
	kindPDF
	kindPackage
	kindMail
	kindHTML
	kindCompound
	kindWinmail
	kindXML
	kindEDIFACT
)

func kindOf(content []byte) kind {
	head := content[:min(len(content), 4096)]
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return kindPDF
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return kindPackage
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return kindCompound
	case bytes.HasPrefix(content, []byte(tnefSign)):
		return kindWinmail
	case bytes.HasPrefix(start, []byte("UNA")) || bytes.HasPrefix(start, []byte("UNB+")) ||
		bytes.HasPrefix(start, []byte("UNH+")):
		return kindEDIFACT
	case mailHead.Match(start):
		return kindMail
	case htmlHead.Match(start):
		return kindHTML
	case bytes.HasPrefix(start, []byte("<?xml")) || bytes.Contains(start[:min(len(start), 200)], []byte("RemittanceAdvice")):
		return kindXML
	}
	return kindText
}

// inFile names the file in a fault that a person can mend.
func inFile(err error, name string) error {
	switch f := err.(type) { //nolint:errorlint // wrapped ones keep their place
	case *fault.Invalid:
		f.File = name
	case *ingest.Rejected:
		f.File = name
	}
	return err
}

// check holds what the advice says against itself.
func (a *Advice) check() {
	sum, ok := a.Sum()
	if ok && ingest.Known(a.Total) && sum != a.Total {
		a.warn("total", fmt.Sprintf("les lignes font %s, le total annoncé est %s",
			sum.Format("fr"), a.Total.Format("fr")), 0)
	}
	seen := map[string]bool{}
	for _, l := range a.Lines {
		key := strings.ToUpper(l.Number)
		if seen[key] && !l.Deduction() {
			a.warn("double", "la pièce «\u00a0"+l.Number+"\u00a0» est citée plusieurs fois", l.Row)
		}
		seen[key] = true
		if !ingest.Known(l.Amount) {
			continue
		}
		if ingest.Known(l.Discount) && ingest.Known(l.Gross) && l.Gross.Sub(l.Discount) != l.Amount {
			a.warn("escompte", "ligne «\u00a0"+l.Number+"\u00a0»\u00a0: le montant brut moins la déduction n’est pas le montant réglé", l.Row)
		}
	}
}
