package apply

import (
	"fmt"
	"slices"
	"strconv"

	"acquit/internal/ledger"
)

// match finds the document that a row speaks of. When there is none, part tells
// the new one apart from those that share its number; ok is false when the row
// was counted as rejected or left out.
func (p *plan) match(w *work) (e *entry, part string, ok bool) {
	all := p.byKey[docKey{w.party.id, w.kind, w.number}]
	if len(all) == 0 {
		return nil, "", p.notLeftOut(w)
	}
	var unmet, met []*entry
	for _, c := range all {
		if at, seen := p.metAt(&c.Document); seen && at.file == w.file.index {
			met = append(met, c)
		} else {
			unmet = append(unmet, c)
		}
	}
	if w.kind == ledger.Payment {
		return p.matchPayment(w, all, unmet, met)
	}
	return p.matchInvoice(w, all, unmet, met)
}

// notLeftOut refuses a row whose number came in the same file with no amount.
func (p *plan) notLeftOut(w *work) bool {
	at, met := p.metAt(&ledger.Document{Customer: w.party.id, Kind: w.kind, Number: w.number})
	if !met || at.file != w.file.index || w.amount() == 0 {
		return true
	}
	p.contradict(w, at)
	return false
}

func (p *plan) contradict(w *work, at place) {
	p.reject(w, fmt.Sprintf("le numéro %s est déjà à la ligne %d avec un autre montant", w.number, at.line),
		"gardez une ligne par facture, avec son total")
}

// matchPayment: references such as "VIR" name many payments, so one is itself
// only with its day and its amount; another day or amount is another payment.
// One that a file spreads over several rows goes on until it is used up.
func (p *plan) matchPayment(w *work, all, unmet, met []*entry) (*entry, string, bool) {
	is := func(e *entry) bool {
		return e.Issued == w.issued && e.Amount.Minor == w.amount() && e.Amount.Currency == w.currency
	}
	for _, e := range met {
		if !is(e) || w.rest().key != "" {
			continue
		}
		if w.rest().preceding == "" {
			return nil, "", p.repeated(w, e)
		}
		if e.Open.Minor > 0 || p.paired(e, w.rest().preceding) {
			w.goesOn = true
			return e, "", true
		}
	}
	if i := slices.IndexFunc(unmet, is); i >= 0 {
		return unmet[i], "", true
	}
	return nil, freePart(all, w.issued.String()), true
}

// paired tells whether the payment was ever set against an invoice that a cell
// names.
func (p *plan) paired(e *entry, cell string) bool {
	return slices.ContainsFunc(p.links[e.ID], func(l *ledger.Link) bool {
		i := p.byID[l.Invoice]
		return i != nil && slices.Contains(numbersOf(cell), i.Number)
	})
}

// matchInvoice: an invoice that comes with several due dates is several
// documents; else its number is enough, and another due date is a correction.
func (p *plan) matchInvoice(w *work, all, unmet, met []*entry) (*entry, string, bool) {
	sameDue := func(e *entry) bool { return w.due != 0 && e.Due == w.due }
	sameAmount := func(e *entry) bool { return e.Amount.Minor == w.amount() && e.Amount.Currency == w.currency }
	first := func(is func(*entry) bool) *entry {
		if i := slices.IndexFunc(unmet, is); i >= 0 {
			return unmet[i]
		}
		return nil
	}
	if e := first(func(e *entry) bool { return sameDue(e) && sameAmount(e) }); e != nil {
		return e, "", true
	}
	if e := first(sameDue); e != nil {
		return e, "", true
	}
	keyed := w.rest().key != ""
	if i := slices.IndexFunc(met, func(e *entry) bool { return w.due == 0 || e.Due == w.due }); i >= 0 && !keyed {
		return nil, "", p.said(w, met[i])
	}
	if e := first(func(e *entry) bool { return w.due == 0 && sameAmount(e) }); e != nil {
		return e, "", true
	}
	switch {
	case len(all) == 1 && len(unmet) == 1:
		return unmet[0], "", true
	case len(unmet) == 0, p.run.o.Mode == Stock:
		return nil, freePart(all, w.due.String()), true
	}
	p.reject(w, fmt.Sprintf("%s a %d échéances dans les livres et aucune n’est celle-ci", w.number, len(all)),
		"importez la liste complète des postes ouverts en mode « stock », ou corrigez l’échéance")
	return nil, "", false
}

// said refuses a row whose document the file has named before.
func (p *plan) said(w *work, e *entry) bool {
	if e.Amount.Minor == w.amount() {
		return p.repeated(w, e)
	}
	at, _ := p.metAt(&e.Document)
	p.contradict(w, at)
	return false
}

// repeated refuses a row that says again what another has said.
func (p *plan) repeated(w *work, e *entry) bool {
	at, _ := p.metAt(&e.Document)
	p.reject(w, fmt.Sprintf("cette ligne répète la ligne %d", at.line), "retirez-la, ou donnez-lui son propre numéro")
	return false
}

// freePart is a name for a further document of a number that no other bears.
func freePart(all []*entry, wish string) string {
	taken := func(part string) bool {
		return part == "" || slices.ContainsFunc(all, func(e *entry) bool { return e.Part == part })
	}
	part := wish
	for n := 2; taken(part); n++ {
		if part = wish + "#" + strconv.Itoa(n); wish == "" {
			part = strconv.Itoa(n)
		}
	}
	return part
}
