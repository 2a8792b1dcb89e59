package bank

import (
	"cmp"
	"fmt"
	"slices"

	"acquit/internal/db"
)

// statement takes in the entries of one statement that a portion has; open says that
// more of them may follow.
func (p *Portion) statement(tx *db.Tx, l told, open bool) error {
	p.order = append(p.order, l.Statement)
	o, seen := p.taker.opened[l.Statement]
	if o.refused {
		p.refuse(l, o)
		return nil
	}
	st := p.book.statements[o.id]
	if !seen {
		if st = p.open(tx, l); st == nil {
			o.refused = true
			p.refuse(l, o)
			return nil
		}
		o.id, o.source = st.id, st.source
	}
	st.open = open
	list := p.unheard(st, l.list, &o)
	p.toCome(list)
	p.opened[l.Statement] = o
	st.grow(l.Statement, list)
	return p.take(tx, st, list)
}

// unheard are the entries that the books do not have from this very place: the same
// file, given again, says nothing new. They come in order, so that as many as were
// read before are known.
func (p *Portion) unheard(st *stated, entries []*Entry, o *opened) []*incoming {
	var list []*incoming
	for _, e := range entries {
		o.count(e)
		if o.entries <= st.entries {
			p.Known++
			continue
		}
		list = append(list, &incoming{Entry: e, seq: o.entries, hash: hash(e.Raw)})
	}
	return list
}

// ahead is how many days past today a booked entry may be dated: banks book some of the
// next days in advance.
const ahead = 5

// toCome warns of entries that are booked on days still to come: a year or a month that
// was written or read wrongly.
func (p *Portion) toCome(list []*incoming) {
	list = slices.DeleteFunc(slices.Clone(list), func(n *incoming) bool {
		return n.Status != IsBooked || n.On <= p.today+ahead
	})
	if len(list) == 0 {
		return
	}
	last := slices.MaxFunc(list, func(a, b *incoming) int { return cmp.Compare(a.On, b.On) })
	what := "une opération est datée"
	if len(list) > 1 {
		what = fmt.Sprintf("%d opérations sont datées", len(list))
	}
	p.warn("days_to_come", list[0].Line, "%s d’un jour à venir, jusqu’au %s (la première à la ligne %d)\u00a0: ces jours ne comptent pas pour "+
		"l’âge du relevé. Si la date est fausse, défaites cet import (acquit import --undo), corrigez-la dans le fichier et importez-le de nouveau",
		what, last.On.Short("fr"), list[0].Line)
}

func (o *opened) count(e *Entry) {
	o.entries++
	if e.Amount.Sign() > 0 {
		o.in += e.Amount.Minor
	} else {
		o.out += e.Amount.Minor
	}
}

// grow adds entries to what a statement covers, and what was read of it since.
func (st *stated) grow(read *Statement, list []*incoming) {
	before := st.Statement
	st.Number, st.From, st.To, st.Opening, st.Closing = read.Number, read.From, read.To, read.Opening, read.Closing
	st.changed = st.changed || len(list) > 0 || before.To != st.To || !sameBalance(before.Closing, st.Closing) ||
		!sameBalance(before.Opening, st.Opening)
	st.covers(read.From)
	st.covers(read.To)
	for _, n := range list {
		st.entries++
		if n.Status == IsBooked {
			st.amount += n.Amount.Minor
		}
		st.covers(n.On)
	}
}

func sameBalance(a, b *Balance) bool { return a == b || a != nil && b != nil && *a == *b }

// take finds out what the entries are and adds what is said.
func (p *Portion) take(tx *db.Tx, st *stated, list []*incoming) error {
	p.book.identify(st, list)
	for _, n := range list {
		r := record{
			statement: st.id, seq: n.seq, format: st.format, kind: st.Kind, entry: *n.Entry, hash: n.hash,
			raw: n.Raw, isNew: true,
		}
		r.entry.Raw, r.entry.Statement = "", nil
		if n.m == nil {
			m, err := p.add(tx, st, r)
			if err != nil {
				return err
			}
			n.m = m
			p.Added++
			continue
		}
		learnt, err := p.book.hear(n.m, r)
		switch {
		case err != nil:
			return err
		case learnt:
			p.Completed++
		default:
			p.Known++
		}
	}
	p.book.settleBatches(st.source, list)
	return nil
}

func (p *Portion) add(tx *db.Tx, st *stated, r record) (*movement, error) {
	text, err := encode(&r.entry)
	m := &movement{
		id: tx.NewID("ent"), source: st.source, statement: st.id, known: r.entry, kept: text,
		records: []record{r}, counts: true, isNew: true, heard: true,
	}
	p.book.put(m)
	return m, err
}

// open finds or makes the account and the statement; nil for one of another creditor.
func (p *Portion) open(tx *db.Tx, l told) *stated {
	a, assumed := p.book.meant(l.Account)
	if assumed {
		p.warn("account_assumed", l.Line, "le fichier ne dit pas de quel compte il est\u00a0: il est pris pour celui du compte %s", shown(a))
	}
	if a.Number == "" {
		return nil
	}
	if p.book.others[a.IBAN] && !slices.Contains(p.book.declared, a.IBAN) {
		return nil
	}
	src := p.book.resolve(a)
	if src == nil {
		src = &source{id: tx.NewID("acc"), account: a, isNew: true}
		p.book.sources = append(p.book.sources, src)
	}
	if !slices.Contains(p.book.declared, src.account.IBAN) {
		p.notOurs(l, src)
	}
	o := p.taker.origin
	at := place{o.SHA256, o.Within, l.Nth, src.id, l.Currency}
	if st := p.book.places[at]; st != nil {
		return st
	}
	st := &stated{
		Statement: *l.Statement, id: tx.NewID("sta"), source: src.id, format: o.Format, place: at, file: o.File,
		imported: o.Import, isNew: true,
	}
	p.book.statements[st.id], p.book.places[at] = st, st
	return st
}

// notOurs warns of an account that is not declared, and says whose it is where that is
// somebody else.
func (p *Portion) notOurs(l told, src *source) {
	owner := oneLine(l.Account.Owner)
	mine := func(name string) bool { return sameOwner(owner, name) }
	if owner == "" || len(p.book.owners) == 0 || slices.ContainsFunc(p.book.owners, mine) {
		p.warn("account_unknown", l.Line, "le compte %s n’est pas parmi vos comptes bancaires\u00a0: ses opérations sont gardées, "+
			"donnez-lui un nom dans Banque", shown(src.account))
		return
	}
	p.warn("account_foreign", l.Line, "le compte %s est celui de «\u00a0%s\u00a0», pas de «\u00a0%s\u00a0»\u00a0: ses opérations sont gardées. "+
		"S’il n’est pas à vous, défaites cet import (acquit import --undo) et choisissez la bonne société",
		shown(src.account), owner, p.book.owners[0])
}

// forms are the words of a name that tell what a company is, not which.
var forms = set("SAS SASU SARL SARLU EURL EARL EIRL SNC SCI SCP SCM SCEA SCOP SOCIETE STE ETS ETABLISSEMENTS GMBH LTD INC LES THE")

// sameOwner tells whether two names can be of one company: all that the shorter says,
// the longer says too.
func sameOwner(a, b string) bool {
	own := func(name string) []string {
		return slices.DeleteFunc(words(name), func(w string) bool { return forms[w] })
	}
	x, y := own(a), own(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	return shared(x, y) == len(x)
}

func (p *Portion) refuse(l told, o opened) {
	p.opened[l.Statement] = o
	if len(l.list) == 0 {
		return
	}
	if canonical(l.Account).Number == "" {
		p.Refused = append(p.Refused, Refusal{
			Line: l.Line, Entries: len(l.list), Reason: "le fichier ne dit pas de quel compte bancaire il est",
			Mend: "dites-le (--account), ou n’ayez qu’un compte dans les réglages",
		})
		return
	}
	p.Refused = append(p.Refused, Refusal{
		Line: l.Line, Entries: len(l.list),
		Reason: "ce relevé est celui du compte " + shown(canonical(l.Account)) + ", qui appartient à une autre société",
		Mend:   "choisissez la bonne société, ou ajoutez ce compte aux vôtres s’il est commun",
	})
}
