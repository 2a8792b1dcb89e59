package mt940

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"acquit/internal/bank"
)

// info is one field 86, or one field NS of a bank’s own.
type info struct {
	lines []string
	own   bool
}

func (v *movement) inform(f field) {
	v.infos = append(v.infos, info{f.lines, f.tag == "NS"})
	v.raw = append(v.raw, ":"+f.tag+":"+strings.Join(f.lines, "\n"))
}

// width86 is the length of a line of a field 86: a word that goes over it is cut
// there.
const width86 = 65

// glued puts the lines together as they were before they were cut.
func (i info) glued() string { return strings.Join(i.lines, "") }

// joined puts the lines together, with a space where one was not full.
func (i info) joined() string {
	var b strings.Builder
	for n, line := range i.lines {
		b.WriteString(line)
		if n+1 < len(i.lines) && utf8.RuneCountInString(strings.TrimRight(line, " ")) < width86 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// The forms of a field 86: the German one, in which numbered parts follow a code
// of three figures (DFÜ-Abkommen, Anlage 3), with any sign before each number, or
// follow no code in what Polish banks write; and the one of code words between
// slashes (SEPA rule book of Dutch banks, and of SWIFT).
var (
	numberedForm = regexp.MustCompile(`^\s*(?:(\d{3})([?>@&+~|^<§$*#])(\d{2})|()([?>~^<])(00|10|20|3\d))`)
	slashedForm  = regexp.MustCompile(`^\s*/[A-Z]{2,4}/`)
)

func (i info) apply(v *movement) {
	if i.own {
		numberedLines(v.entry, i.lines)
		return
	}
	if m := numberedForm.FindStringSubmatch(i.glued()); m != nil {
		sign := first(m[2], m[5])
		numbered(v.entry, m[1], sign, i.glued()[strings.Index(i.glued(), sign):])
		return
	}
	if slashedForm.MatchString(i.glued()) {
		slashed(v.entry, i.glued())
		return
	}
	plain(v.entry, i)
}

// parts are the numbers that a part may have; French and Luxembourg banks go on
// with an address up to 65.
var parts = regexp.MustCompile(`^(00|10|[236]\d)`)

// chunk is the length of a part of the purpose.
const chunk = 27

// numbered reads the German form.
func numbered(e *bank.Entry, code, sign, text string) {
	var title, purpose, name string
	for _, p := range splitParts(text, sign) {
		number, value := p[:2], p[2:]
		switch {
		case number == "00":
			title = words(value)
		case number[0] == '2' || number[0] == '6':
			purpose = strings.TrimLeft(purpose, " ") + value
			if utf8.RuneCountInString(value) < chunk {
				purpose += " "
			}
		case number == "30":
			e.Party.BIC = bank.Reference(words(value))
		case number == "31" && e.Party.IBAN == "", number == "38": // 38 is its IBAN where 31 is a national number
			e.Party.IBAN = bank.Reference(words(value))
		case number == "32", number == "33":
			name += value
		case number == "34":
			reason(e, code, words(value))
		}
	}
	e.Party.Name = bank.Reference(words(name))
	german(e, code)
	e.Label = first(e.Label, title)
	tagged(e, purpose)
	say(e, title)
	if e.Label == title && len(e.Texts) > 1 {
		e.Label = e.Texts[0]
	}
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// splitParts cuts at each sign that a number of a part follows.
func splitParts(text, sign string) []string {
	var list []string
	for p := range strings.SplitSeq(text, sign) {
		switch {
		case parts.MatchString(p):
			list = append(list, p)
		case len(list) > 0:
			list[len(list)-1] += sign + p
		}
	}
	return list
}

// german takes what the code of an operation tells.
func german(e *bank.Entry, code string) {
	if m := bank.MeansOfGVC(code); m != bank.Other {
		e.Means = m
	}
	e.Code = words(e.Code + " " + code)
	if bank.ReturnOfGVC(code) && e.Return == nil {
		e.Return = &bank.Return{}
	}
	e.Reversal = e.Reversal || code == "899" // Storno
}

// reason is the addition to a code: why a payment went back, for those that did.
func reason(e *bank.Entry, code, value string) {
	if bank.ReturnOfGVC(code) && value != "" && value != "000" {
		e.Return = &bank.Return{Code: value}
	}
}

// numberedLines reads a field NS, whose lines each begin with the number of what
// they hold: 15 and 16 the name of the other side, 17 to 29 what it wrote. The
// rest are the bank’s own figures.
func numberedLines(e *bank.Entry, lines []string) {
	var name strings.Builder
	for _, line := range lines {
		if len(line) < 3 {
			continue
		}
		switch number, value := line[:2], line[2:]; {
		case number == "15" || number == "16":
			name.WriteString(value)
		case number >= "05" && number <= "29" && strings.ContainsFunc(value, unicode.IsLetter):
			say(e, bank.Reference(value))
		}
	}
	e.Party.Name = first(e.Party.Name, bank.Reference(words(name.String())))
}

// labels are the words that begin the parts of a SEPA purpose, in the form of the
// DFÜ-Abkommen or in that of HypoVereinsbank.
var labels = regexp.MustCompile(`(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|BREF|RREF|PURP)\+` +
	`|(END-TO-END-REF\.|(?:(?:CORE|COR1|B2B) ?/ ?)?MANDATSREF\.|GL(?:Ä|AE|A)UBIGER-ID) ?:`)

// partLabel is the word of a part of a purpose, in the form of the DFÜ-Abkommen.
func partLabel(word string) string {
	switch {
	case strings.HasPrefix(word, "END-TO-END"):
		return "EREF"
	case strings.Contains(word, "MANDATSREF"):
		return "MREF"
	case strings.HasSuffix(word, "UBIGER-ID"):
		return "CRED"
	}
	return word
}

// tagged reads a purpose with the labels of SEPA, EREF+ to SVWZ+.
func tagged(e *bank.Entry, purpose string) {
	at := labels.FindAllStringSubmatchIndex(purpose, -1)
	if len(at) == 0 {
		say(e, purpose)
		return
	}
	say(e, purpose[:at[0][0]])
	for n, m := range at {
		end := len(purpose)
		if n+1 < len(at) {
			end = at[n+1][0]
		}
		value := words(purpose[m[1]:end])
		switch partLabel(strings.TrimRight(purpose[m[0]:m[1]], "+: ")) {
		case "EREF":
			e.EndToEnd = bank.Reference(value)
		case "MREF":
			e.Mandate = bank.Reference(value)
		case "CRED", "DEBT": // an identifier has no spaces: a purpose without its label may follow
			id, rest, _ := strings.Cut(value, " ")
			e.Party.ID = bank.Reference(id)
			say(e, rest)
		case "ABWA", "ABWE":
			e.Ultimate.Name = bank.Reference(value)
		case "KREF":
			refer(e, value)
		case "SVWZ":
			say(e, bank.Reference(value))
			if e.Return != nil && e.Return.Text == "" {
				e.Return.Text = value
			}
		}
	}
}

func refer(e *bank.Entry, ref string) {
	if ref = bank.Reference(ref); ref != "" && !slices.Contains(e.Structured, ref) {
		e.Structured = append(e.Structured, ref)
	}
}

// codeWords are the words between slashes. Those of the other side open a group
// of their own (/ORDP//NAME/…, /CNTP/iban/bic/name/city/).
var codeWords = regexp.MustCompile(
	`/(EREF|PREF|KREF|IREF|MREF|MARF|CSID|CRED|NAME|IBAN|BIC|ADDR|ADDRESS|ID|BENM|ORDP|CNTP|ULTD|ULTC|ULTB|ULTO|REMI|` +
		`USTD|STRD|RTRN|ISDT|TRTP|TRCD|PURP|SVCL|OCMT|CHGS|EXCH|CDTRREF|CDTRREFTP|BO|RFB|ROC|INV|ACCW|BUSP|` +
		`CUST|TYPE|ORIG|COUNTERPARTY)/`)

// slashed reads code words between slashes. The slash that ends one may begin
// the next (/REMI/USTD//text/) or not (/BENM//NAME/): it is doubled. What stands
// before the first one, or behind a word that is not known, is a text.
func slashed(e *bank.Entry, text string) {
	text = codeWords.ReplaceAllString(text, "$0\x00/")
	group := ""
	at := codeWords.FindAllStringSubmatchIndex(text, -1)
	if len(at) == 0 {
		say(e, text)
		return
	}
	say(e, strings.Trim(text[:at[0][0]], "/ "))
	for n, m := range at {
		end := len(text)
		if n+1 < len(at) {
			end = at[n+1][0]
		}
		word := text[m[2]:m[3]]
		value := words(strings.Trim(text[m[1]:end], "\x00/ "))
		switch word {
		case "BENM", "ORDP", "CNTP", "ULTD", "ULTC", "ULTB", "ULTO":
			group = word
		case "REMI", "EREF", "TRTP", "RTRN", "MARF", "CSID":
			group = ""
		}
		codeWord(e, word, group, value)
	}
}

func codeWord(e *bank.Entry, word, group, value string) {
	switch word {
	case "EREF":
		e.EndToEnd = bank.Reference(value)
	case "MARF", "MREF":
		e.Mandate = bank.Reference(value)
	case "CSID", "CRED":
		e.Party.ID = bank.Reference(value)
	case "PREF", "KREF", "IREF", "RFB", "ROC", "INV", "CDTRREF":
		refer(e, value)
	case "NAME":
		if strings.HasPrefix(group, "ULT") {
			e.Ultimate.Name = bank.Reference(value)
		} else {
			e.Party.Name = bank.Reference(value)
		}
	case "IBAN":
		e.Party.IBAN = bank.Reference(value)
	case "BIC":
		e.Party.BIC = bank.Reference(value)
	case "RTRN":
		e.Return = &bank.Return{Code: value}
	case "TRTP":
		say(e, value)
	case "CNTP":
		counterparty(e, value)
	case "REMI", "USTD", "STRD", "BO":
		say(e, bank.Reference(value))
	case "ULTD", "ULTC", "ULTB", "ULTO":
		e.Ultimate.Name = first(bank.Reference(strings.Trim(value, "/")), e.Ultimate.Name)
	case "BENM", "ORDP":
		otherSide(e, value)
	case "OCMT", "CHGS", "EXCH":
		figures(e, "/"+word+"/"+value)
		say(e, figureForm.ReplaceAllString(value, ""))
	}
}

// figureForm is the amount or the rate that begins one of those fields.
var figureForm = regexp.MustCompile(`^(?:[A-Z]{3})?\s*[\d.,]+/?`)

// otherSide reads what stands behind /BENM/ or /ORDP/ without a word of its own:
// the account, the name and what was written, each behind a slash.
func otherSide(e *bank.Entry, value string) {
	if value == "" {
		return
	}
	account, rest, split := strings.Cut(value, "/")
	if account = bank.Reference(words(account)); !strings.ContainsAny(account, "0123456789") ||
		strings.Contains(account, " ") {
		e.Party.Name = first(e.Party.Name, account)
	} else if e.Party.IBAN = first(e.Party.IBAN, account); split {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		e.Party.Name = first(e.Party.Name, bank.Reference(words(name)))
	}
	say(e, strings.Trim(rest, "/ "))
}

// counterparty reads the other side as ING writes it: IBAN, BIC, name and city
// between slashes.
func counterparty(e *bank.Entry, value string) {
	p := append(strings.Split(value, "/"), "", "", "")
	e.Party.IBAN = first(bank.Reference(p[0]), e.Party.IBAN)
	e.Party.BIC, e.Party.Name = bank.Reference(p[1]), bank.Reference(p[2])
}

// accountAndName is how Knab names the other side; a number at the beginning is
// how ING and SNS do.
var (
	accountAndName = regexp.MustCompile(`REK:\s*([A-Z0-9]+)\s*/\s*NAAM:\s*(.*)$`)
	accountFirst   = regexp.MustCompile(`^(\d{9,10})\s`)
)

// plain reads a field without form.
func plain(e *bank.Entry, i info) {
	text := words(i.joined())
	if m := accountAndName.FindStringSubmatch(text); m != nil {
		e.Party.IBAN, e.Party.Name = m[1], words(m[2])
	} else if m := accountFirst.FindStringSubmatch(text); m != nil && e.Party.IBAN == "" {
		e.Party.IBAN = m[1]
	}
	say(e, text)
}
