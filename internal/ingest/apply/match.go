package apply

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cash"
	"acquit/internal/ledger"
)

// place is where the row stands, for what comes after it.
func (w *work) place() place {
	return place{file: w.file.index, line: w.line, whole: w.due == 0 && w.kind != ledger.Payment}
}

// printOf names what a row is about within its file, whatever the books hold: of
// an invoice or credit note the due date, of a payment all that tells it apart, of
// an entry of a ledger the amount.
func (w *work) printOf() uint64 {
	f := newFingerprint()
	f.number(int64(w.file.index))
	for _, s := range [...]string{"row", w.party.id, string(w.kind), w.number} {
		f.text(s)
	}
	switch {
	case w.rest().key != "":
		f.number(w.amount())
	case w.kind == ledger.Payment:
		f.number(int64(w.issued))
		f.number(w.amount())
		f.text(string(w.currency))
		f.text(w.rest().preceding)
	default:
		f.number(int64(w.due))
	}
	return uint64(f)
}

// printOfAll names the number of a row as a whole within its file.
func (w *work) printOfAll() uint64 {
	f := newFingerprint()
	f.number(int64(w.file.index))
	for _, s := range [...]string{"all", w.party.id, string(w.kind), w.number} {
		f.text(s)
	}
	return uint64(f)
}

// mark remembers a row that no document of the books tells of: one that was
// refused or left out, since it speaks for its number and due date all the same,
// and each of a payment, which several rows may share.
func (p *plan) mark(w *work) {
	if !w.dropped && (w.kind != ledger.Payment || w.rest().key != "") {
		return
	}
	p.markAs(w.printOf(), w)
	if w.dropped && w.due == 0 && w.kind != ledger.Payment && w.rest().key == "" {
		p.markAs(w.printOfAll(), w)
	}
}

func (p *plan) markAs(mark uint64, w *work) {
	_, here := p.met[mark]
	_, before := p.run.met[mark]
	if !here && !before {
		p.met[mark] = w.place()
	}
}

// marked is where the file has spoken of the same before, or of the number as a
// whole.
func (p *plan) marked(w *work) (at place, ok bool) {
	for _, mark := range [...]uint64{w.printOf(), w.printOfAll()} {
		if at, ok = p.met[mark]; ok {
			return at, true
		}
		if at, ok = p.run.met[mark]; ok {
			return at, true
		}
	}
	return at, false
}

// match finds the document that a row speaks of. When there is none, part tells
// the new one apart from those that share its number; ok is false when the row
// was counted as rejected or left out.
//
// Which document that is depends on what the file says and on which documents
// there are, never on what is open on them: the second time it is the same.
func (p *plan) match(w *work) (e *entry, part string, ok bool) {
	if at, ok := p.marked(w); ok {
		return nil, "", p.again(w, at)
	}
	all := p.byKey[docKey{w.party.id, w.kind, w.number}]
	if p.run.banked { // a file that bears our own numbers tells of the same money
		all = slices.DeleteFunc(slices.Clone(all), func(e *entry) bool { return e.Source == cash.Source })
	}
	if len(all) == 0 {
		return p.orFromBank(w, "")
	}
	if len(all) > 1 {
		slices.SortFunc(all, func(a, b *entry) int { return strings.Compare(a.ID, b.ID) })
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

// again refuses a row about what the file has spoken of before.
func (p *plan) again(w *work, at place) bool {
	if w.kind == ledger.Payment {
		p.reject(w, fmt.Sprintf("cette ligne répète la ligne %d", at.line), "retirez-la, ou donnez-lui son propre numéro")
	} else {
		p.reject(w, fmt.Sprintf("le numéro %s est déjà à la ligne %d", w.number, at.line), "gardez une ligne par facture, avec son total")
	}
	return false
}

// matchPayment: references such as "VIR" name many payments, so one is itself
// only with its day and its amount; another day or amount is another payment.
// One that a file spreads over several rows goes on until it is used up; it
// remembers what they name, and so which rows are its own.
func (p *plan) matchPayment(w *work, all, unmet, met []*entry) (*entry, string, bool) {
	is := func(e *entry) bool { return e.Issued == w.issued && w.sameAmount(e) }
	cell := w.rest().preceding
	if w.rest().key != "" {
		met = nil
	} else if i := slices.IndexFunc(all, func(e *entry) bool { return is(e) && names(e, cell) }); i >= 0 {
		w.goesOn = slices.Contains(met, all[i])
		return all[i], "", true
	}
	for _, e := range met {
		switch {
		case !is(e):
		case cell == "":
			return nil, "", p.repeated(w, e)
		case e.Open.Minor > 0:
			w.goesOn = true
			return e, "", true
		}
	}
	if i := slices.IndexFunc(unmet, is); i >= 0 {
		return unmet[i], "", true
	}
	return p.orFromBank(w, freePart(all, w.issued.String()))
}

// orFromBank is the document of the bank that a row tells of, or the part of a new
// one.
func (p *plan) orFromBank(w *work, part string) (*entry, string, bool) {
	if e := p.fromBank(w); e != nil {
		w.banked = true
		return e, "", true
	}
	return nil, part, true
}

// names tells whether a payment names all that a cell does.
func names(e *entry, cell string) bool {
	return len(partsOf(cell)) > 0 && len(others(e.Preceding, cell)) == 0
}

// others are what a cell names besides the numbers that are known.
func others(known, cell string) []string {
	have := numbersOf(known)
	return slices.DeleteFunc(partsOf(cell), func(n string) bool { return slices.Contains(have, n) })
}

// namesToo adds what a cell names to what a payment names already.
func namesToo(have, cell string) string {
	switch {
	case have == "":
		return cell
	case len(others(have, cell)) == 0:
		return have
	}
	return have + "; " + cell
}

// isThere tells whether the books have an invoice with the number and the very
// due date of the row or, where it has none, the very amount.
func (p *plan) isThere(w *work) bool {
	return slices.ContainsFunc(p.byKey[docKey{w.party.id, w.kind, w.number}], func(e *entry) bool {
		return !e.isNew && (e.Due == w.due && w.due != 0 || w.due == 0 && w.sameAmount(e))
	})
}

func (w *work) sameAmount(e *entry) bool {
	return e.Amount.Minor == w.amount() && e.Amount.Currency == w.currency
}

// matchInvoice: an invoice that comes with several due dates is several
// documents; else its number is enough, and another due date is a correction. A
// row without a due date speaks of the number as a whole, and alone. What another
// source brought is completed, never added to.
func (p *plan) matchInvoice(w *work, all, unmet, met []*entry) (*entry, string, bool) {
	keyed := w.rest().key != ""
	if e := p.spoken(w, met); e != nil && !keyed {
		return nil, "", p.said(w, e)
	}
	if e := p.itself(w, unmet); e != nil {
		return e, "", true
	}
	if i := slices.IndexFunc(met, func(e *entry) bool { return w.due != 0 && e.Due == w.due }); i >= 0 && !keyed {
		return nil, "", p.said(w, met[i])
	}
	own := func(e *entry) bool { return e.Source == p.run.o.Source }
	completes := w.rest().electronic != nil || !slices.ContainsFunc(all, own)
	switch {
	case len(unmet) > 0 && (len(all) == 1 || completes):
		return unmet[0], "", true
	case completes && keyed:
		w.goesOn = true
		return all[0], "", true
	case completes:
		return nil, "", p.said(w, all[0])
	case len(unmet) == 0, p.run.o.Mode == Stock && (w.due != 0 || keyed):
		return nil, freePart(all, w.due.String()), true
	}
	p.reject(w, fmt.Sprintf("%s a %d échéances dans les livres et aucune n’est celle-ci", w.number, len(all)),
		"importez la liste complète des postes ouverts en mode « stock », ou corrigez l’échéance")
	return nil, "", false
}

// spoken is a document by which the file has spoken of the number as a whole, or
// any that it has spoken of when the row does.
func (p *plan) spoken(w *work, met []*entry) *entry {
	for _, e := range met {
		if at, _ := p.metAt(&e.Document); at.whole || w.due == 0 {
			return e
		}
	}
	return nil
}

// itself is the document of the due date, or of the amount where the row has no
// due date, or that of which the source has said the very same before.
func (p *plan) itself(w *work, unmet []*entry) *entry {
	if len(unmet) == 0 {
		return nil
	}
	sameDue := func(e *entry) bool { return w.due != 0 && e.Due == w.due }
	rules := []func(*entry) bool{
		func(e *entry) bool { return sameDue(e) && w.sameAmount(e) }, sameDue,
		func(e *entry) bool { return w.due == 0 && w.sameAmount(e) },
	}
	if len(unmet) > 1 {
		said := w.fingerprint()
		rules = append(rules, func(e *entry) bool { return e.Brought == said && e.Source == p.run.o.Source })
	}
	for _, is := range rules {
		if i := slices.IndexFunc(unmet, is); i >= 0 {
			return unmet[i]
		}
	}
	return nil
}

// said refuses a row whose document the file has named before.
func (p *plan) said(w *work, e *entry) bool {
	if e.Amount.Minor == w.amount() {
		return p.repeated(w, e)
	}
	at, _ := p.metAt(&e.Document)
	p.reject(w, fmt.Sprintf("le numéro %s est déjà à la ligne %d avec un autre montant", w.number, at.line),
		"gardez une ligne par facture, avec son total")
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
