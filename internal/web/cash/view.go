package cash

import (
	"time"

	"github.com/a-h/templ"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/customer"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// view is all that the page shows.
type view struct {
	asked    asked
	today    cal.Date
	rows     []row
	next     string     // the address of the next page
	beyond   string     // the entry that begins it
	waiting  cash.Queue // entries to treat
	open     int        // all that waits, money that left too
	accounts []bank.Source
	whose    string // the name of the customer that the list is about
	chosen   *panel
	just     *row // what was dealt with a moment ago
	may      bool
}

// row is an entry as the list shows it.
type row struct {
	id      string
	on      cal.Date
	amount  money.Amount
	who     string // the payer as the bank names it, else the bank's label
	wording string // what the payer wrote
	means   bank.Means
	state   cash.State
	hint    string           // what is thought or was made of it
	sure    match.Confidence // of the first proposal
}

// waits tells whether a person still has to say what it is.
func (r row) waits() bool { return r.state == cash.Open }

// panel is one entry as the right-hand side shows it.
type panel struct {
	row
	entry     bank.Entry
	asked     asked
	next      string // the entry to look at afterwards
	proposals []proposal
	customer  customer.Customer // whose documents are offered
	open      []offer           // the tab of invoices
	others    []candidate       // customers that were searched for
	picks     []pick            // the tab of what was picked
	left      money.Amount      // what of the entry nothing takes yet
	made      []made            // what was made of it
	remainder []made            // what stays an unallocated credit
	reasons   []match.Reason
	sure      match.Confidence
	by        string
	at        time.Time
	why       string // why it is set aside
	advices   []attached
	taken     []taken // of money that left: what it may have taken back
	pair      *row    // what it took back, or what took it back
	applied   bool    // something was made of it that can be undone
	may       bool
}

// proposal is one explanation of an entry, with its documents.
type proposal struct {
	match.Explanation
	n     int // from 1, the key that takes it
	who   customer.Customer
	lines []proposedLine
}

// proposedLine is a document that a proposal pays.
type proposedLine struct {
	match.Line
	document ledger.Document
	who      string // the customer where it is not the proposal's
	adjust   []match.Adjustment
}

// offer is an open document that can be picked.
type offer struct {
	ledger.Document
	picked bool
	who    string // its customer, where several are shown
}

// candidate is a customer that a search found.
type candidate struct {
	customer.Customer
	open []money.Amount
}

// pick is a document that was picked, with its amount.
type pick struct {
	ledger.Document
	who    string
	amount money.Amount
	text   string // as the field shows it
	rest   string
	wrong  string // what is wrong with the field
}

// made is an amount that was set against a document.
type made struct {
	ledger.Document
	amount money.Amount
	who    customer.Customer
	on     cal.Date
	nature ledger.Nature // of what settled it: money, a discount, a difference…
	from   string        // its number
}

// taken is a payment that may have come back.
type taken struct {
	row
	whose []customer.Customer // of a batch: the customers whose payments are in it
}

// attached is a remittance advice attached to an entry.
type attached struct {
	id, name string
	lines    int
	total    money.Amount
	warnings []string
}

// left is what of an amount the picks do not take.
func left(amount money.Amount, picks []pick) money.Amount {
	for _, p := range picks {
		if p.Kind.Credit() {
			amount = amount.Add(p.amount)
		} else {
			amount = amount.Sub(p.amount)
		}
	}
	return amount
}

// fill gives each pick without an amount what fits: credits whole, then invoices
// in their order as far as the money goes. It reads the fields that have one.
func fill(amount money.Amount, picks []pick) {
	remaining := amount
	for i := range picks {
		p := &picks[i]
		switch {
		case p.text != "":
			a, err := money.ParseHuman(p.text, p.Open.Currency, money.Hints{Decimal: ','})
			if err != nil || a.Sign() < 0 {
				p.wrong, p.amount = "ce montant ne se lit pas", money.Zero(p.Open.Currency)
				continue
			}
			if p.amount = a; p.Open.Less(a) {
				p.wrong = "plus que ce qui reste ouvert"
			}
		case p.Kind.Credit():
			if p.amount = p.Open; amount.Sign() < 0 { // paid back, as far as the money went
				p.amount = money.Min(p.Open, money.Max(remaining.Neg(), money.Zero(p.Open.Currency)))
			}
		default:
			continue
		}
		remaining = left(remaining, picks[i:i+1])
	}
	for i := range picks {
		p := &picks[i]
		if p.text != "" || p.Kind.Credit() {
			continue
		}
		p.amount = money.Zero(p.Open.Currency)
		if remaining.Sign() > 0 && remaining.Currency == p.Open.Currency {
			p.amount = money.Min(p.Open, remaining)
		}
		remaining = left(remaining, picks[i:i+1])
	}
}

// verb is what the button below the picks does.
func (p panel) verb(f ui.Frame) string {
	name := "data-all"
	switch {
	case len(p.picks) == 0:
		name = "data-none"
	case p.left.Sign() > 0:
		name = "data-part"
	}
	words, _ := verbs(f, p.out())[name].(string) // all of them are
	return words
}

// verbs are all that the button can do, for a script.
func verbs(f ui.Frame, out bool) templ.Attributes {
	if out {
		back := f.Say("Rembourser", "Pay back")
		return templ.Attributes{"data-all": back, "data-part": back, "data-none": back}
	}
	return templ.Attributes{
		"data-all": f.Say("Affecter tout", "Apply all"), "data-part": f.Say("Affecter en partie", "Apply in part"),
		"data-none": f.Say("Solde en acompte", "All as an advance"),
	}
}

// empty tells whether no bank has said anything yet.
func (page view) empty() bool { return len(page.accounts) == 0 }
