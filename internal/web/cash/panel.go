package cash

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"acquit/internal/cash"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/match"
	"acquit/internal/money"
	"acquit/internal/report"
	"acquit/internal/web/ui"
)

// after is the page after a decision: the list as it was, with the next entry,
// and what was done to be taken back.
func (p panel) after() string {
	a := p.asked
	return a.list(func(q url.Values) {
		q.Set("fait", p.id)
		if p.next != "" {
			q.Set("entree", p.next)
		}
	})
}

// count is what a tab holds.
func (p panel) count(t tab) int {
	switch t {
	case proposed:
		return len(p.proposals)
	case chosen:
		return len(p.asked.picks)
	}
	return 0
}

func tabWords(f ui.Frame, p panel, t tab) string {
	switch {
	case t == invoices && p.out():
		return f.Say("Rembourser", "Pay back")
	case t == proposed && p.out():
		return f.Say("Impayé", "Unpaid")
	}
	switch t {
	case invoices:
		return f.Say("Factures", "Invoices")
	case chosen:
		return f.Say("Choisies", "Picked")
	}
	return f.Say("Proposées", "Proposed")
}

func tabKey(t tab) string {
	switch t {
	case invoices:
		return "f"
	case chosen:
		return "s"
	}
	return "p"
}

// proposalKey are the keys that take a proposal.
func proposalKey(n int) string {
	if n == 1 {
		return "1 Enter"
	}
	return strconv.Itoa(n)
}

func keyShown(n int) string {
	if n == 1 {
		return "↵"
	}
	return strconv.Itoa(n)
}

// out tells whether the entry is money that left.
func (p panel) out() bool { return p.amount.Sign() < 0 }

// working tells whether the person may now say what the entry is: it waits, or
// somebody wants to say otherwise of one that was set aside or linked.
func (p panel) working() bool {
	again := p.asked.tab != proposed && (p.state == cash.Aside || p.state == cash.Linked)
	return p.may && (p.waits() || again)
}

// picksOf puts a proposal into the address, to be changed by hand.
func (p panel) picksOf(x proposal) func(url.Values) {
	return func(q url.Values) {
		for name := range q {
			if name == "piece" || strings.HasPrefix(name, "montant-") || strings.HasPrefix(name, "reste-") {
				q.Del(name)
			}
		}
		q.Set("client", x.Customer)
		for _, l := range x.lines {
			amount := l.Amount.Abs()
			for _, a := range l.adjust {
				amount = amount.Sub(a.Amount)
				q.Set("reste-"+l.Item, string(a.Kind))
			}
			q.Add("piece", l.Item)
			q.Set("montant-"+l.Item, amount.Decimal())
		}
	}
}

// hidden are the picks that a tab does not show and its form must carry.
func (p panel) hidden() []picked {
	shown := map[string]bool{}
	if p.asked.tab == invoices {
		for _, o := range p.open {
			shown[o.ID] = true
		}
	}
	var list []picked
	for _, x := range p.asked.picks {
		if !shown[x.item] {
			list = append(list, x)
		}
	}
	return list
}

// focus is where the hands are when the panel comes with the whole page.
type focus int

// The places that take the focus.
const (
	onNothing focus = iota
	onTitle
	onSearch
	onCustomer // the first that was found
	onOffer    // the first document that can be picked
	onAmount   // of the first document that was picked
)

func (p panel) focus() focus {
	switch {
	case p.asked.entry == "":
		return onNothing
	case !p.working():
		return onTitle
	case p.asked.tab == chosen && len(p.picks) > 0:
		return onAmount
	case p.asked.tab != invoices:
		return onTitle
	case len(p.open) > 0:
		return onOffer
	case len(p.others) > 0:
		return onCustomer
	}
	return onSearch
}

// undoable tells whether what was made of the entry can be taken back. What came
// back unpaid is undone from the entry that took it back.
func (p panel) undoable() bool {
	came := p.state == cash.Returned && !p.out()
	return p.applied && !came || p.state == cash.Aside
}

// shown is what stands in the field of a pick.
func (x pick) shown(lang string) string {
	if x.wrong != "" && x.amount.IsZero() {
		return x.text
	}
	return x.amount.Number(lang)
}

// sign is which way a document's amount counts against the money.
func sign(d ledger.Document) string {
	if d.Kind.Credit() {
		return "-1"
	}
	return "1"
}

// signed is what is open of a document, negative for what is owed to the
// customer.
func signed(d ledger.Document) money.Amount {
	if d.Kind.Credit() {
		return d.Open.Neg()
	}
	return d.Open
}

func signedMinor(d ledger.Document) string { return strconv.FormatInt(signed(d).Minor, 10) }

// lineText and adjustmentText carry an explanation through a form, so that what
// is applied is what was shown.
func lineText(l match.Line) string {
	return l.Item + "|" + l.Customer + "|" + l.Amount.Decimal()
}

func adjustmentText(a match.Adjustment) string {
	return a.Item + "|" + string(a.Kind) + "|" + a.Amount.Decimal()
}

// explainedIn reads the explanation that a form carries.
func explainedIn(form url.Values, amount money.Amount) (x match.Explanation, err error) {
	x.Customer, x.Remainder = form.Get("client"), amount
	for _, text := range form["ligne"] {
		item, who, sum, err := parts(text, amount.Currency)
		if err != nil {
			return x, err
		}
		x.Lines = append(x.Lines, match.Line{Item: item, Customer: who, Amount: sum})
		x.Remainder = x.Remainder.Sub(sum)
	}
	for _, text := range form["ajustement"] {
		item, kind, sum, err := parts(text, amount.Currency)
		if err != nil {
			return x, err
		}
		x.Adjustments = append(x.Adjustments, match.Adjustment{
			Item: item, Kind: match.AdjustmentKind(kind), Amount: sum,
		})
		x.Remainder = x.Remainder.Add(sum)
	}
	return x, nil
}

func parts(text string, c money.Currency) (item, middle string, sum money.Amount, err error) {
	list := strings.Split(text, "|")
	if len(list) != 3 {
		return "", "", sum, fault.Invalidf("ligne", "cette proposition ne se lit pas")
	}
	sum, err = money.Parse(list[2], c)
	return list[0], list[1], sum, err
}

// proposalVerb is what taking a proposal does.
func proposalVerb(f ui.Frame, x proposal) string {
	if len(x.lines) == 0 {
		return f.Say("Garder en acompte", "Keep as an advance")
	}
	if x.Remainder.Sign() > 0 {
		return f.Say("Affecter en partie", "Apply in part")
	}
	return f.Say("Affecter tout", "Apply all")
}

// summed are the attributes of a form of which a script works the sum out.
func summed(a money.Amount) templ.Attributes {
	return templ.Attributes{
		"data-sum": strconv.FormatInt(a.Minor, 10), "data-currency": string(a.Currency),
		"data-decimals": strconv.Itoa(a.Currency.Decimals()),
	}
}

// leftWords stand before what is left of the entry, and leftLabels are all that
// can stand there.
func leftWords(f ui.Frame, p panel) string {
	labels := p.leftLabels(f)
	name := "data-rest"
	switch {
	case p.left.Sign() < 0:
		name = "data-over"
	case p.left.IsZero():
		name = "data-even"
	}
	words, _ := labels[name].(string) // all of them are
	return words
}

func (p panel) leftLabels(f ui.Frame) templ.Attributes {
	if p.out() {
		return templ.Attributes{
			"data-over": f.Say("Reste à rembourser :", "Left to pay back:"), "data-even": f.Say("Reste :", "Left:"),
			"data-rest": f.Say("Trop choisi :", "Too much picked:"),
		}
	}
	return templ.Attributes{
		"data-over": f.Say("Trop choisi :", "Too much picked:"), "data-even": f.Say("Reste :", "Left:"),
		"data-rest": f.Sayf("Reste en acompte de %s :", "Left as an advance of %s:", p.customer.Name),
	}
}

// documentWords is the small print of a document.
func documentWords(f ui.Frame, d ledger.Document, who string) string {
	var words []string
	if who != "" {
		words = append(words, who)
	}
	if d.Kind != ledger.Invoice {
		words = append(words, report.KindWords(d.Kind, f.Lang))
	}
	switch {
	case !d.Due.IsZero():
		words = append(words, f.Sayf("échéance %s", "due %s", f.Lang.Date(d.Due)))
	case !d.Issued.IsZero():
		words = append(words, f.Sayf("du %s", "of %s", f.Lang.Date(d.Issued)))
	}
	if d.Order != "" {
		words = append(words, f.Sayf("commande %s", "order %s", d.Order))
	}
	return strings.Join(words, " · ")
}

// entrySentence is when and how the money came, and from where.
func entrySentence(f ui.Frame, p panel) string {
	words := []string{ui.Capital(f.Means(p.means, p.amount.Sign() > 0)) + f.Sayf(" le %s", " on %s", f.Lang.Date(p.on))}
	if iban := p.entry.Party.IBAN; iban != "" {
		words = append(words, ui.Account(iban))
	}
	if u := p.entry.Ultimate.Name; u != "" && u != p.who {
		words = append(words, f.Sayf("pour le compte de %s", "on behalf of %s", u))
	}
	if !p.entry.Fees.IsZero() && p.entry.Fees.Currency != "" {
		words = append(words, f.Sayf("%s de frais retenus", "%s of fees taken off", f.Lang.Amount(p.entry.Fees)))
	}
	return strings.Join(words, " · ")
}

// pairWords stand before the entry that this one took back, or that took it back.
func pairWords(f ui.Frame, p panel) string {
	if p.out() {
		return f.Say("Elle a repris", "It took back")
	}
	return f.Say("Repris par", "Taken back by")
}

// byWords is who did it and when.
func byWords(f ui.Frame, p panel) string {
	who := p.by
	if p.state == cash.Auto {
		who = f.Say("par Acquit", "by Acquit")
	} else if who != "" {
		who = f.Sayf("par %s", "by %s", who)
	}
	if p.at.IsZero() {
		return who
	}
	at := f.Local(p.at)
	return strings.TrimSpace(who + f.Sayf(" le %s à %s", " on %s at %s", f.LocalDate(p.at), at.Format("15:04")))
}

func undoWords(f ui.Frame, st cash.State) string {
	switch st {
	case cash.Aside:
		return f.Say("Reprendre", "Take back")
	case cash.Linked:
		return f.Say("Défaire le lien", "Undo the link")
	case cash.Returned:
		return f.Say("Annuler le rapprochement", "Undo the match")
	}
	return f.Say("Annuler l’affectation", "Undo the allocation")
}

// undoneWords say what undoing does.
func undoneWords(f ui.Frame, p panel) string {
	switch {
	case p.state == cash.Aside:
		return f.Say("L’encaissement est de nouveau à rapprocher.", "The payment is to be matched again.")
	case p.state == cash.Linked:
		return f.Say("La pièce de la comptabilité reste ; l’encaissement est de nouveau à rapprocher.",
			"The document of the accounting files stays; the payment is to be matched again.")
	case p.state == cash.Returned:
		return f.Say("Ce que le rejet avait rouvert est réglé de nouveau, et l’écriture est à rapprocher.",
			"What the return had opened is settled again, and the entry is to be matched.")
	case p.out():
		return f.Say("Le remboursement est annulé par une écriture inverse ; le crédit est de nouveau à affecter.",
			"The refund is reversed; the credit is to be allocated again.")
	}
	return f.Say("L’affectation est annulée par une écriture inverse, et ne sera pas refaite d’elle-même.",
		"The allocation is reversed, and is not made again by itself.")
}

// doubts tells whether a reason speaks against an explanation.
func doubts(r match.Reason) bool { return r.Code == "rivals" || r.Code == "single_evidence" }
