package mt940

import (
	"regexp"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// movement is a field 61 whose informations (86) may follow.
type movement struct {
	entry *bank.Entry
	debit bool // of the totals: reversals are counted on the side that they are on
	infos []info
	raw   []string
	extra string // what stands behind the references
	coded string // of that, what is between slashes as in a field 86
}

// form61 is a field 61: value date, entry date, mark, funds code, amount, type
// and identification, references (SWIFT Standards MT, category 9).
var form61 = regexp.MustCompile(
	`^\s*(\d{6})(\d{4})?\s*(R[CD]|E[CD]|[CD])([A-Z])?\s*([\d.,]*\d[\d.,]*)\s*([NSF].{3}|[NSF].{0,3}$)?(.*)$`)

// refWidth is the length of the account owner's reference; what is beyond it is
// the bank's own.
const refWidth = 16

func (r *reader) movement(f field) {
	s := r.statement(f)
	m := form61.FindStringSubmatch(f.lines[0])
	if m == nil {
		r.wrong(f, &fault.Invalid{
			Message: "«\u00a0" + f.lines[0] +
				"\u00a0» n’est pas un mouvement de la forme 2611301130C1234,56NTRFRéférence",
		})
		return
	}
	e := &bank.Entry{Statement: s, Line: f.line, Status: bank.IsBooked, Code: strings.TrimSpace(m[6])}
	c := s.Currency
	if c == "" {
		c = r.base
	}
	var err error
	if e.Amount, err = amount(m[5], c); err == nil {
		e.Value, err = day(bankersDay(m[1]))
	}
	if err != nil {
		r.wrong(f, err)
		return
	}
	e.On = booked(e.Value, m[2])
	e.Means = meansOfType(e.Code)
	v := &movement{entry: e, raw: []string{":61:" + strings.Join(f.lines, "\n")}}
	v.debit = m[3] == "D" || m[3] == "RC" || m[3] == "ED"
	if v.debit {
		e.Amount = e.Amount.Neg()
	}
	e.Reversal = m[3][0] == 'R'
	if m[3][0] == 'E' {
		e.Status = bank.IsPending
	}
	if strings.HasSuffix(e.Code, "RTI") || strings.HasSuffix(e.Code, "RET") {
		e.Return = &bank.Return{}
	}
	v.references(m[7])
	for _, line := range f.lines[1:] {
		v.supplement(strings.TrimSpace(line))
	}
	r.entry = v
}

// references reads what stands behind the type: the account owner's reference,
// the bank's behind « // ». Dutch banks write the account and the name of the
// other side there.
func (v *movement) references(text string) {
	e := v.entry
	own, theirs, split := strings.Cut(text, "//")
	if at := codeWords.FindStringIndex(theirs); at != nil { // the supplement, put on the same line
		v.coded, theirs = theirs[at[0]:], theirs[:at[0]]
	}
	if split {
		e.BankRef = bank.Reference(theirs)
	} else if r := []rune(own); len(r) > refWidth {
		own = string(r[:refWidth])
		e.Party.Name = bank.Reference(words(string(r[refWidth:])))
	}
	own = bank.Reference(own)
	switch {
	case own == "EREF" || own == "KREF+" || own == "EREF+" || own == "KREF": // they say where it stands
	case e.Party.Name != "" && own != "":
		e.Party.IBAN = own
	default:
		e.EndToEnd = own
	}
}

// extraForm are the words of a supplement: /OCMT/USD1234,56/ is the amount that
// was instructed, /CHGS/EUR0,50/ what was taken off.
var extraForm = regexp.MustCompile(`/(OCMT|CHGS)/([A-Z]{3})([\d.,]+)`)

// otherAccount is the number of the other side as Dutch banks write it: an IBAN,
// or an account of their own.
var otherAccount = regexp.MustCompile(`^([A-Z]{2}\d{2}[A-Z0-9]{11,30}|P?\d{9,10})$`)

// supplement reads the second line of a field 61.
func (v *movement) supplement(text string) {
	e := v.entry
	switch {
	case figures(e, text) || text == "":
	case strings.HasPrefix(text, "//") && e.BankRef == "": // the bank's reference, carried over
		e.BankRef = bank.Reference(text[2:])
	case codeWords.MatchString(text):
		v.coded += text
	case e.Party.IBAN == "" && otherAccount.MatchString(text):
		e.Party.IBAN = text
	default:
		v.extra = words(v.extra + " " + text)
	}
}

// figures takes the instructed amount and the charges that a text tells.
func figures(e *bank.Entry, text string) bool {
	found := extraForm.FindAllStringSubmatch(text, -1)
	for _, m := range found {
		a, err := amount(m[3], money.Currency(m[2]))
		switch {
		case err != nil:
		case m[1] == "CHGS":
			e.Fees = a
		case a.Currency != e.Amount.Currency: // told in its own field only where it was another
			e.Original = a
		}
	}
	return len(found) > 0
}

// flush gives the movement whose informations have ended.
func (r *reader) flush() {
	v := r.entry
	if v == nil {
		return
	}
	r.entry = nil
	e := v.entry
	for _, i := range v.infos {
		i.apply(v)
	}
	if v.coded != "" {
		slashed(e, v.coded)
	}
	if e.Party.IBAN != "" && e.Party.IBAN == e.EndToEnd { // the reference was the account, and the supplement the name
		e.EndToEnd, e.Party.Name = "", first(e.Party.Name, v.extra)
	}
	say(e, v.extra)
	e.Raw = strings.Join(v.raw, "\n")
	e.TakeApart()
	e.Label = label(e)
	side := 1
	if v.debit {
		side = 0
	}
	r.state.counted[side].entries++
	r.state.counted[side].minor += e.Amount.Abs().Minor
	r.sheet.Add(e)
	r.give(ingest.OfEntry(e), nil)
}

// label is what a person reads first.
func label(e *bank.Entry) string {
	switch {
	case e.Label != "":
		return e.Label
	case len(e.Texts) > 0:
		return e.Texts[0]
	case e.Party.Name != "":
		return e.Party.Name
	case e.EndToEnd != "":
		return e.EndToEnd
	}
	return e.Code
}

// maxTexts bounds the texts of a movement; its raw text has all of them.
const maxTexts = 500

func say(e *bank.Entry, text string) {
	text = words(text)
	if text != "" && len(e.Texts) < maxTexts && !slices.Contains(e.Texts, text) {
		e.Texts = append(e.Texts, text)
	}
}

// meansOfType is how money moved by the type of a field 61: the letters of the
// standard, those of Dutch banks, or the figures of German ones.
func meansOfType(code string) bank.Means {
	if code == "" {
		return bank.Other
	}
	if m, ok := types[strings.TrimSpace(code[1:])]; ok {
		return m
	}
	return bank.Other
}

var types = map[string]bank.Means{
	"TRF": bank.Transfer, "STO": bank.Transfer, "CHK": bank.Cheque, "ECK": bank.Cheque, "CLR": bank.Cheque,
	"DDT": bank.Debit, "BOE": bank.Bill, "CHG": bank.Fee, "COM": bank.Fee, "INT": bank.Fee, "BRF": bank.Fee,
	"OV": bank.Transfer, "GT": bank.Transfer, "IC": bank.Debit, "BA": bank.Card, "GM": bank.Cash,
}

// day reads YYMMDD, from 1970 to 2069.
func day(text string) (cal.Date, error) {
	century := "20"
	if text >= "70" {
		century = "19"
	}
	d, err := cal.Parse(century + text[:2] + "-" + text[2:4] + "-" + text[4:6])
	if err != nil {
		return 0, &fault.Invalid{Message: "«\u00a0" + text + "\u00a0» n’est pas une date de la forme AAMMJJ"}
	}
	return d, nil
}

// bankersDay brings a value date of 29 or 30 February, of the months of thirty
// days by which German banks count interest (30E/360), to the last of February.
func bankersDay(text string) string {
	if text[2:] != "0229" && text[2:] != "0230" {
		return text
	}
	if _, err := day(text[:2] + "0229"); err == nil {
		return text[:2] + "0229"
	}
	return text[:2] + "0228"
}

// booked is the day on which an entry was booked: MMDD in the year that brings
// it nearest to its value date, which a turn of the year may lie between. Where
// there is none, it is the value date.
func booked(value cal.Date, text string) cal.Date {
	if text == "" {
		return value
	}
	best := value
	near := 1 << 30
	for _, year := range []int{value.Year() - 1, value.Year(), value.Year() + 1} {
		d, err := cal.Parse(cal.On(year, 1, 1).String()[:5] + text[:2] + "-" + text[2:])
		if err != nil {
			continue
		}
		if gap := max(d.Sub(value), value.Sub(d)); gap < near {
			best, near = d, gap
		}
	}
	return best
}

// amount reads a number with a comma, or a dot as some banks write it.
func amount(text string, c money.Currency) (money.Amount, error) {
	number := text
	if strings.Contains(text, ",") {
		number = strings.Replace(strings.ReplaceAll(text, ".", ""), ",", ".", 1)
	}
	if strings.HasPrefix(number, ".") {
		number = "0" + number
	}
	return money.Parse(strings.TrimSuffix(number, "."), c)
}

// currencyEnd is a currency behind the number of an account.
var currencyEnd = regexp.MustCompile(`^(.*\d)\s*([A-Z]{3})$`)

// account reads a field 25: an IBAN or a number, behind a bank and with a
// currency where the bank writes them.
func account(lines []string) bank.Account {
	text := strings.TrimSpace(lines[0])
	if m := currencyEnd.FindStringSubmatch(text); m != nil && money.Currency(m[2]).Valid() {
		text = m[1]
	}
	a := bank.Account{Number: text}
	if len(lines) > 1 {
		a.BIC = strings.TrimSpace(lines[1])
	}
	for part := range strings.SplitSeq(text, "/") {
		if bank.IsIBAN(part) {
			a.IBAN, a.Number = strings.ToUpper(strings.ReplaceAll(part, " ", "")), ""
		}
	}
	return a
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
