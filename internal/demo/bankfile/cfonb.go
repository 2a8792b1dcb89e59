package bankfile

import (
	"fmt"
	"strconv"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/money"
)

// cfonb writes CFONB 120 (« relevé de compte sur support informatique », July
// 2004): 01 the old balance, 04 each movement, 05 what completes it, 07 the new
// balance. It has no place for the payer's account.
func (o *out) cfonb(s Sheet) {
	if s.Opening != nil {
		o.line(record{s, "01", "", s.From - 1, "  "}, "", field(14, s.Opening.Amount))
	}
	for _, e := range s.Entries {
		o.movement(s, e)
	}
	if s.Closing != nil {
		o.line(record{s, "07", "", s.To, "  "}, "", field(14, s.Closing.Amount))
	}
}

// movement writes a record 04 and those that complete it.
func (o *out) movement(s Sheet, e *bank.Entry) {
	n := 0
	switch {
	case e.Return != nil:
		n = 2
	case e.Amount.Sign() < 0:
		n = 1
	}
	r := record{s, "04", operations[e.Means][n], e.On, "  "}
	if e.Return != nil {
		r.reject = pad(rejects[e.Return.Code], 2)
	}
	if e.Return != nil && e.Means == bank.Cheque {
		r.reject = "60" // cheques have reasons of their own: unpaid for the whole
	}
	o.line(r, jma(e.Value)+pad(e.Label, 31)+"  0000000"+"  ", field(14, e.Amount))
	r.code, r.reject = "05", "  "
	who := "NPY"
	if e.Amount.Sign() < 0 && e.Return == nil {
		who = "NBE"
	}
	o.more(r, who, e.Party.Name)
	o.more(r, "NPO", e.Ultimate.Name)
	for i, part := range chunks(capitals(strings.Join(words(e), " ")), 70, 2) {
		o.more(r, []string{"LCC", "LC2"}[i], part)
	}
	for _, ref := range e.Structured {
		o.more(r, "LCS", ref)
	}
	o.more(r, "RCN", e.EndToEnd)
	o.more(r, "RUM", e.Mandate)
	o.more(r, "REF", e.BankRef)
	if !e.Fees.IsZero() {
		o.more(r, "FEE", string(e.Fees.Currency)+strconv.Itoa(e.Fees.Currency.Decimals())+fmt.Sprintf("%014d", e.Fees.Minor))
	}
}

// more completes a movement, where there is something to say.
func (o *out) more(r record, qualifier, text string) {
	if text != "" {
		o.line(r, "     "+qualifier+pad(text, 70), "")
	}
}

// record is what begins a line: whose account, which operation, which day.
type record struct {
	Sheet
	code, operation string
	on              cal.Date
	reject          string // why it went back; two spaces for nothing
}

// line writes a line of 120: what begins it, the middle from the 43rd character
// on, and an amount that ends at the 104th.
func (o *out) line(r record, middle, amount string) {
	iban := r.Account.IBAN
	text := r.code + iban[4:9] + "    " + iban[9:14] + string(r.Currency) + strconv.Itoa(r.Currency.Decimals()) + " " +
		iban[14:25] + pad(r.operation, 2) + jma(r.on) + r.reject
	if r.code == "05" {
		middle = middle[2:] // a complement's qualifier stands in the place of the value day
	}
	text += middle
	if amount != "" {
		text += strings.Repeat(" ", 90-len(text)) + amount
	}
	o.say(text, strings.Repeat(" ", 120-len(text)), "\r\n")
}

func jma(d cal.Date) string {
	y, m, day := d.Date()
	return fmt.Sprintf("%02d%02d%02d", day, int(m), y%100)
}

// pad is a text in a field of n characters.
func pad(s string, n int) string {
	s = capitals(s)
	if len(s) >= n {
		return s[:n]
	}
	return s + strings.Repeat(" ", n-len(s))
}

// field is an amount whose last digit carries the sign: { and A to I for a
// credit, } and J to R for a debit.
func field(n int, a money.Amount) string {
	digits := fmt.Sprintf("%0*d", n, a.Abs().Minor)
	last := digits[n-1] - '0'
	signs := "{ABCDEFGHI"
	if a.Sign() < 0 {
		signs = "}JKLMNOPQR"
	}
	return digits[:n-1] + string(signs[last])
}

// operations are the interbank codes of what moved: what came in, what left,
// what goes back.
var operations = map[bank.Means][3]string{
	bank.Transfer: {"05", "06", "12"}, bank.Debit: {"A1", "B1", "B3"}, bank.Cheque: {"02", "01", "03"},
	bank.Card: {"30", "11", "38"}, bank.Bill: {"35", "07", "33"}, bank.Fee: {"63", "62", "62"},
}

// rejects are the reasons of two characters (CFONB, motifs de rejet) of those of
// ISO 20022.
var rejects = map[string]string{"AM04": "20", "AC04": "14", "AC06": "34", "MD01": "31", "MD06": "80", "MS03": "59"}
