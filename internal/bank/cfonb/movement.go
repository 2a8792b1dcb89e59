package cfonb

import (
	"regexp"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// pending is a movement whose complements are still being read.
type pending struct {
	entry   *bank.Entry
	column  int
	account key
	payer   bank.Party
	payee   bank.Party
	onPay   bank.Party // on whose behalf
	onGet   bank.Party
	motive  string // the payer's text, over several complements
	full    bool   // the last of them was full: the text goes on without a space
	raw     []string
}

// movement reads a record 04.
func (r *reader) movement(rec record) {
	c, err := r.currency(rec)
	if err != nil {
		r.lose(rec, 17, err)
		return
	}
	a, err := rec.amount(c)
	if err != nil {
		r.lose(rec, 91, err)
		return
	}
	on, err := day(rec.part(35, 6))
	if err == nil && on.IsZero() {
		err = &fault.Invalid{Message: "la date comptable manque"}
	}
	if err != nil {
		r.lose(rec, 35, err)
		return
	}
	value, err := day(rec.part(43, 6))
	if err != nil {
		r.lose(rec, 43, err)
		return
	}
	r.within(rec)
	code := rec.field(33, 2)
	means := bank.MeansOfCFONB(code)
	e := &bank.Entry{
		Statement: r.sheet.Statement, On: on, Value: value, Amount: a, Status: bank.IsBooked, Code: code,
		Means: means, Label: words(rec.part(49, 31)), Line: rec.line, Return: back(means, rec.field(41, 2)),
	}
	if e.Return == nil && bank.ReturnOfCFONB(code) {
		e.Return = &bank.Return{}
	}
	if ref := bank.Reference(rec.part(105, 16)); ref != "" {
		e.Structured = append(e.Structured, words(ref))
	}
	if e.Label != "" {
		e.Texts = append(e.Texts, e.Label)
	}
	if n := bank.Reference(rec.part(82, 7)); n != "" && e.Means == bank.Cheque {
		e.Texts = append(e.Texts, "chèque "+n)
	}
	r.entry = &pending{entry: e, column: rec.column, account: rec.key(), raw: []string{rec.raw}}
}

// lose refuses a movement; its complements are left out with it.
func (r *reader) lose(rec record, place int, err error) {
	r.within(rec)
	r.wrong(rec, place, err)
	r.lost = rec.key()
}

// flush gives the movement whose complements have ended.
func (r *reader) flush() {
	p := r.entry
	if p == nil {
		return
	}
	r.entry = nil
	e := p.entry
	if p.motive != "" {
		e.Texts = append(e.Texts, words(p.motive))
	}
	e.Party, e.Ultimate = p.payer, p.onPay
	if e.Amount.Sign() < 0 && p.payee != (bank.Party{}) || e.Party == (bank.Party{}) {
		e.Party, e.Ultimate = p.payee, p.onGet
	}
	e.Raw = strings.Join(p.raw, "\n")
	e.TakeApart()
	r.sheet.Add(e)
	d := ingest.OfEntry(e)
	d.Column = p.column
	r.give(d, nil)
}

// complement reads a record 05: what its qualifier says, in seventy characters.
func (r *reader) complement(rec record) {
	switch {
	case r.entry == nil && r.lost != (key{}) && r.lost.same(rec.key()):
		return // said with its movement
	case r.entry == nil || !r.entry.account.same(rec.key()):
		r.refuse(rec, 1, "ce complément (05) ne suit pas de mouvement (04) de son compte", again)
		return
	}
	r.entry.raw = append(r.entry.raw, rec.raw)
	r.entry.complete(rec.part(46, 3), rec.part(49, 70))
}

// complete takes in a complement. One whose qualifier is unknown is kept with it.
func (p *pending) complete(qualifier, text string) {
	e := p.entry
	head, tail := words(cut(text, 0, 35)), words(cut(text, 35, 70))
	all := words(text)
	switch qualifier {
	case "NPY":
		p.payer.Name = join(p.payer.Name, bank.Reference(all))
	case "NBE":
		p.payee.Name = join(p.payee.Name, bank.Reference(all))
	case "NPO":
		p.onPay.Name = join(p.onPay.Name, bank.Reference(all))
	case "NBU":
		p.onGet.Name = join(p.onGet.Name, bank.Reference(all))
	case "IPY":
		p.payer.ID = bank.Reference(head)
	case "IBE":
		p.payee.ID = bank.Reference(head)
	case "IPO":
		p.onPay.ID = bank.Reference(head)
	case "IBU":
		p.onGet.ID = bank.Reference(head)
	case "LCC", "LC2":
		p.goOn(text)
	case "LCS":
		if ref := bank.Reference(head); ref != "" {
			e.Structured = append(e.Structured, ref)
		}
		p.say(tail)
	case "RCN":
		e.EndToEnd = bank.Reference(head)
		p.say(tail)
	case "REF":
		e.BankRef = join(e.BankRef, bank.Reference(head))
		p.say(tail)
	case "RUM":
		e.Mandate = bank.Reference(head)
		p.say(tail)
	case "CBE":
		p.payee.IBAN = bank.Reference(head)
		p.say(tail)
	case "RET":
		p.returned(all)
	case "MMO":
		p.figure(&e.Original, qualifier, text)
	case "FEE":
		p.figure(&e.Fees, qualifier, text)
	case "LIB", "   ":
		p.say(all)
	default:
		p.say(strings.TrimSpace(words(qualifier) + " " + all))
	}
}

// retForm is why money went back: the code of ISO 20022, that of the French
// exchanges, and the bank’s words.
var retForm = regexp.MustCompile(`^([A-Z]{2}\d{2}|[A-Z]{4}\b)\s*(?:\d{2})?\s*(.*)$`)

// returned takes in the reason of a return; the one of the movement goes first.
func (p *pending) returned(text string) {
	back := bank.Return{Text: text}
	if m := retForm.FindStringSubmatch(text); m != nil && bank.ReasonWords(m[1]).FR != "" {
		back = bank.Return{Code: m[1], Text: bank.ReasonWords(m[1]).FR}
		text = m[2]
	}
	if r := p.entry.Return; r == nil || r.Code == "" {
		p.entry.Return = &back
	}
	p.say(text)
}

// figure reads an amount in a currency, with its decimals; what is none is kept
// as a text.
func (p *pending) figure(into *money.Amount, qualifier, text string) {
	c, err := money.ParseCurrency(cut(text, 0, 3))
	digit := cut(text, 3, 4)
	if err == nil && len(digit) == 1 && digit[0] >= '0' && digit[0] <= '9' {
		if a, err := signed(cut(text, 4, 18), int(digit[0]-'0'), c); err == nil {
			*into = a.Abs()
			return
		}
	}
	p.say(qualifier + " " + words(text))
}

// maxMotive bounds the payer's text, of which the standard has 140 characters.
const maxMotive = 16 << 10

// goOn adds to the payer's text: 140 characters over LCC and LC2, cut wherever
// the seventieth falls.
func (p *pending) goOn(text string) {
	if len(p.motive) > maxMotive {
		return
	}
	if p.motive != "" && !p.full {
		p.motive += " "
	}
	p.motive += strings.TrimRight(text, " ")
	p.full = !strings.HasSuffix(text, " ")
}

// maxTexts bounds the texts of a movement; its raw text has all of them.
const maxTexts = 500

func (p *pending) say(text string) {
	if text != "" && len(p.entry.Texts) < maxTexts && !slices.Contains(p.entry.Texts, text) {
		p.entry.Texts = append(p.entry.Texts, text)
	}
}

// cut is a part of a text by its characters.
func cut(text string, from, to int) string {
	r := []rune(text)
	return string(r[min(from, len(r)):min(to, len(r))])
}

// words makes one line of a field.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

func join(a, b string) string { return strings.TrimSpace(a + " " + b) }
