package apply

import (
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// adjust brings what is open to what the file says is left. A file knows of
// money that we have not seen, so it may settle; it opens again only what was
// settled in this way.
func (p *plan) adjust(w *work) {
	e := w.entry
	if advance := w.rest().advance; w.added && advance > 0 {
		p.note(e, min(advance, e.Open.Minor), e.Issued, "acompte déjà réglé d’après la facture")
	}
	left, exact, told := w.asked(p.run.o.Mode)
	if !told || w.goesOn || w.banked && w.amount() != e.Amount.Minor {
		return
	}
	left = max(left, 0)
	p.tell(e, left)
	switch open := e.Open.Minor; {
	case open > left && exact:
		amount := p.settles(w.row, e, left)
		if amount == 0 {
			break
		}
		p.note(e, amount, p.notedOn(w, left), "reste dû d’après "+w.file.name)
		if !w.added {
			w.changed = true
			p.of(w.file).settled++
		}
	case open < left:
		if p.free(w.row, e, left-open, p.run.o.On) > 0 {
			w.changed = !w.added
			p.of(w.file).reopened++
		}
		if e.Open.Minor < left && exact && e.Kind == ledger.Invoice {
			p.warn(w.row, "books_lower", "plus réglée dans les livres que dans le fichier\u00a0: rien n’est rouvert")
		}
	}
}

// tell remembers what a row says is left of a document, for what comes later in
// the files.
func (p *plan) tell(e *entry, left int64) {
	at, _ := p.metAt(&e.Document)
	at.told, at.left = true, left
	p.met[printOfDocument(e.Customer, e.Kind, e.Number, e.Part)] = at
}

// settles is how much of a document is settled by a file on which so much of it is
// left. What went back since the day of the file, a direct debit returned, is not:
// the file could not know. Either way its words say so.
func (p *plan) settles(r *row, e *entry, left int64) int64 {
	amount := e.Open.Minor - left
	day, since, back := p.wentBack(e)
	if back == 0 {
		return amount
	}
	since = min(since, amount)
	told := *r
	told.number = e.Number
	when := day.Time().Format("02/01/2006")
	if since > 0 {
		p.warn(&told, "returned_since", fmt.Sprintf("%s est revenu impayé le %s et cette liste est du %s\u00a0: %s reste à payer",
			e.Number, when, p.run.o.On.Time().Format("02/01/2006"), money.New(since, e.Amount.Currency).Format("fr")))
		return amount - since
	}
	p.warn(&told, "returned_settled", fmt.Sprintf("%s était revenu impayé le %s et cette liste, plus récente, le montre réglé\u00a0: "+
		"soldé de %s d’après elle, et rouvert dès que la comptabilité passera le rejet\u00a0; vérifiez qu’elle l’a bien passé",
		e.Number, when, money.New(amount, e.Amount.Currency).Format("fr")))
	return amount
}

// wentBack is what money that went back has opened of an invoice again: the last
// day, and how much since the day of the file and in all. Neither what was taken
// back as of its own day, an error, nor what a list had shown counts.
func (p *plan) wentBack(e *entry) (day cal.Date, since, all int64) {
	if e.Kind != ledger.Invoice {
		return 0, 0, 0
	}
	for _, l := range p.links[e.ID] {
		i := slices.IndexFunc(p.links[e.ID], func(o *ledger.Link) bool { return o.ID == l.Reverses })
		if l.Reverses == "" || l.Import != "" || i < 0 || p.links[e.ID][i].On >= l.On {
			continue
		}
		day, all = max(day, l.On), all-l.Amount.Minor
		if l.On >= p.run.o.On && p.links[e.ID][i].On <= p.run.o.On {
			since -= l.Amount.Minor
		}
	}
	return day, since, all
}

// notedOn is the day on which what a file shows to be settled is noted: the day
// of payment if it tells; for what comes in settled already, its due date, so
// that neither the past balance nor the payer looks late; else the file's.
func (p *plan) notedOn(w *work, left int64) cal.Date {
	if paid := w.rest().paidOn; paid != 0 && w.kind == ledger.Invoice {
		return max(w.entry.Issued, min(paid, p.run.o.On))
	}
	if w.added && left == 0 {
		return max(w.entry.Issued, min(max(w.entry.Due, w.entry.Issued), p.run.o.On))
	}
	return p.run.o.On
}

// note settles an amount of a document by one that stands for what the file
// shows: a payment for an invoice; for a credit the contrary entry of its use.
func (p *plan) note(e *entry, amount int64, on cal.Date, why string) {
	if amount = p.byCredits(e, amount, why); amount <= 0 {
		return
	}
	d := ledger.Document{
		Customer: e.Customer, Nature: ledger.Noted, Issued: on, Amount: money.New(amount, e.Amount.Currency),
		Open: money.New(amount, e.Amount.Currency), Source: p.run.o.Source, Import: p.run.id,
	}
	if e.Kind == ledger.Invoice {
		d.Kind, d.Number, d.Label = ledger.Payment, "Constat "+e.Number, "Règlement constaté\u00a0: "+why
	} else {
		d.Kind, d.Number, d.Label = ledger.Invoice, "Constat "+e.Number, "Emploi constaté\u00a0: "+why
		d.Due = on
	}
	d.ID = p.newID(prefixes[d.Kind])
	d.Part = d.ID // several may be noted of one document
	other := p.enter(d)
	if e.Kind == ledger.Invoice {
		p.allocate(other, e, amount, on, d.Label)
	} else {
		p.allocate(e, other, amount, on, d.Label)
	}
}

// noted is how much of what a document was set against can be taken back.
func (p *plan) noted(e *entry) (sum int64) {
	for _, l := range p.links[e.ID] {
		if p.isNoted(e, l) {
			sum += l.Amount.Minor
		}
	}
	return sum
}

// notedSince is how much was noted on that day or later: a list of then knew of
// the money of the day, so it is the same and not more.
func (p *plan) notedSince(e *entry, day cal.Date) (sum int64) {
	for _, l := range p.links[e.ID] {
		if max(l.On, e.Issued) >= day && p.isNoted(e, l) {
			sum += l.Amount.Minor
		}
	}
	return sum
}

// isNoted tells whether an allocation of e stands for what a file showed, and
// was not undone.
func (p *plan) isNoted(e *entry, l *ledger.Link) bool {
	if otherSide(e, l).Nature != ledger.Noted || l.Amount.Minor < 0 {
		return false
	}
	return !slices.ContainsFunc(p.links[e.ID], func(r *ledger.Link) bool { return r.Reverses == l.ID })
}

// otherSide is what an allocation of e sets it against.
func otherSide(e *entry, l *ledger.Link) ledger.Side {
	if e.ID == l.Credit {
		return l.InvoiceSide
	}
	return l.CreditSide
}

// free opens a document again by up to an amount of what was noted on it, the
// latest first, and tells by how much. What this very import noted is withdrawn;
// what an earlier one did is reversed on a day, and the noted document closed by
// another: today where the past is to stay as it was, and where the money itself
// takes the place of what was noted of it, on its day, so that none of the past
// counts both.
func (p *plan) free(r *row, e *entry, amount int64, on cal.Date) (freed int64) {
	if amount <= 0 {
		return 0
	}
	for _, l := range slices.Backward(slices.Clone(p.links[e.ID])) {
		if freed == amount {
			break
		}
		if !p.isNoted(e, l) {
			continue
		}
		some := min(amount-freed, l.Amount.Minor)
		if otherSide(e, l).Import == p.run.id {
			p.withdraw(e, l, some)
		} else {
			p.reverse(r, e, l, some, on)
		}
		freed += some
	}
	return freed
}

// withdraw takes back what this import noted, and notes the rest anew.
func (p *plan) withdraw(e *entry, l *ledger.Link, amount int64) {
	noted := l.Credit
	if e.ID == l.Credit {
		noted = l.Invoice
	}
	p.links[e.ID] = slices.DeleteFunc(p.links[e.ID], func(o *ledger.Link) bool { return o.ID == l.ID })
	delete(p.links, noted)
	delete(p.byID, noted)
	p.move(e, l.Amount.Minor)
	if i := slices.IndexFunc(p.batch.Allocations, func(a *ledger.Allocation) bool { return a.ID == l.ID }); i >= 0 {
		p.batch.Allocations = slices.Delete(p.batch.Allocations, i, i+1)
		p.linked = slices.Delete(p.linked, i, i+1)
		p.batch.Documents = slices.DeleteFunc(p.batch.Documents, func(d *ledger.Document) bool { return d.ID == noted })
	} else {
		p.batch.Withdrawn = append(p.batch.Withdrawn, l.Allocation)
		p.batch.Gone = append(p.batch.Gone, noted)
	}
	if rest := l.Amount.Minor - amount; rest > 0 {
		_, why, _ := strings.Cut(l.Reason, "\u00a0: ")
		p.note(e, rest, l.On, why)
	}
}

// reverse undoes what an earlier import noted, on a day or when it was noted.
func (p *plan) reverse(r *row, e *entry, l *ledger.Link, amount int64, on cal.Date) {
	on = max(on, l.On, e.Issued)
	why := "de nouveau ouvert d’après " + r.file.name
	undo := l.Allocation
	undo.ID, undo.Amount, undo.On = p.newID("alo"), l.Amount.Neg(), on
	undo.Reverses, undo.Reason, undo.Import = l.ID, why, p.run.id
	p.record(&undo, l.CreditSide, l.InvoiceSide)
	if rest := l.Amount.Minor - amount; rest > 0 {
		again := l.Allocation
		again.ID, again.On, again.Import = p.newID("alo"), on, p.run.id
		again.Amount.Minor = rest
		p.record(&again, l.CreditSide, l.InvoiceSide)
	}
	p.counter(e, l, amount, on, why)
}

// counter closes the noted document that a reversal has left open.
func (p *plan) counter(e *entry, l *ledger.Link, amount int64, on cal.Date, why string) {
	d := ledger.Document{
		Customer: e.Customer, Nature: ledger.Noted, Number: "Annulation constat " + e.Number, Issued: on, Due: on,
		Amount: money.New(amount, e.Amount.Currency), Open: money.New(amount, e.Amount.Currency), Label: why,
		Source: p.run.o.Source, Import: p.run.id, Kind: ledger.Invoice,
	}
	noted := l.Credit
	if e.ID == l.Credit {
		d.Kind, d.Due, noted = ledger.Payment, 0, l.Invoice
	}
	d.ID = p.newID(prefixes[d.Kind])
	d.Part = d.ID
	other := p.enter(d)
	a := ledger.Allocation{
		ID: p.newID("alo"), Customer: e.Customer, Credit: noted, Invoice: other.ID, Amount: d.Amount, On: on,
		Reason: why, Import: p.run.id,
	}
	if d.Kind == ledger.Payment {
		a.Credit, a.Invoice = other.ID, noted
	}
	ours := ledger.Side{Nature: ledger.Noted, Import: p.run.id}
	p.record(&a, ours, ours) // neither is looked at again: both are closed
}
