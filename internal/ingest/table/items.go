package table

import (
	"slices"
	"strings"

	"acquit/internal/ingest"
	"acquit/internal/money"
)

// itemNames are the columns that speak of one line of an invoice. A table with
// two of them has a row for each line, as Xero, Zoho and shops export them.
var itemNames = canonicals(`
	quantite, qte, quantity, qty, prix unitaire, prix unitaire ht, prix unit, pu, pu ht, pu ttc, unit price, unit
	amount, rate, price, item price, item name, item, item code, item total, item amount, item description, product,
	product service, product name, produit, article, code article, ref article, reference article, designation
	article, libelle article, code produit, reference produit, inventory item code, sku, line amount, line total, line
	subtotal, lineitem name, lineitem quantity, lineitem price, lineitem sku, total ligne, total ligne ht, total ligne
	ttc, montant ligne, montant ligne ht, montant ligne ttc, remise ligne, unite`)

// ofItems are the columns that speak of a line in such a table and of something
// else elsewhere.
var ofItems = canonicals(`
	account code, compte, compte comptable, code comptable, description, designation, discount, remise, tax type, tax
	amount, taux tva, account, taux`)

func canonicals(list string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.SplitSeq(list, ",") {
		set[canonical(strings.Join(strings.Fields(name), " "))] = true
	}
	return set
}

// itemised finds out whether the rows are lines of pieces.
func (p *plan) itemised() {
	n := 0
	for _, c := range p.columns {
		if itemNames[canonical(plainName(c.name))] {
			n++
		}
	}
	p.items = n >= 2
}

// ofItem tells a column that says nothing of the piece as a whole.
func (p *plan) ofItem(c *column) bool {
	name := canonical(plainName(c.name))
	return p.items && (itemNames[name] || ofItems[name])
}

// summed tells whether the amounts of an itemised table are to be added up: they
// are called those of a line, or differ from row to row of one piece.
func (p *plan) summed() bool {
	amount, ok := p.at[ingest.FieldTotal]
	if !ok {
		amount, ok = p.at[ingest.FieldNet]
	}
	number, numbered := p.at[ingest.FieldNumber]
	if !p.items || !ok || !numbered {
		return false
	}
	if itemNames[canonical(plainName(p.columns[amount].name))] {
		return true
	}
	before, was := "", ""
	for _, row := range p.sheet.Head[p.header+1:] {
		n, sum := cell(row.Cells, number), cell(row.Cells, amount)
		if n != "" && n == before && sum != "" && was != "" && sum != was {
			return true
		}
		before, was = n, sum
	}
	return false
}

// piece names a piece of an itemised table: its number and its customer.
type piece struct{ number, who string }

func (m *mapper) pieceOf(row Row) piece {
	return piece{cell(row.Cells, m.number), cell(row.Cells, m.code) + "\x00" + cell(row.Cells, m.name)}
}

// goesOn tells one more line of p; the customer may be named on the first alone.
func (p piece) goesOn(next piece) bool {
	return p.number != "" && p.number == next.number && (p.who == next.who || next.who == "\x00")
}

// gathered is a piece of which more lines may follow.
type gathered struct {
	piece piece
	row   Row
	values
	rejected *ingest.Rejected // one of its lines: a sum without it would be wrong
}

// gather adds a line to the piece that it belongs to, and gives the piece before
// it once that has ended.
func (m *mapper) gather(row Row, v values, rej *ingest.Rejected) (*ingest.Document, *ingest.Rejected) {
	next := m.pieceOf(row)
	if g := m.gathered; g != nil && g.piece.goesOn(next) {
		if rej == nil && g.rejected == nil {
			rej = g.add(m, row, v)
		}
		if g.rejected == nil {
			g.rejected = rej
		}
		return nil, nil
	}
	d, before := m.ended()
	row.Cells = slices.Clone(row.Cells)
	m.gathered = &gathered{next, row, v, rej}
	return d, before
}

// add is one more line. What is left and what was paid are the piece's, said
// again on each line.
func (g *gathered) add(m *mapper, row Row, v values) *ingest.Rejected {
	if !sameCurrency(g.signed, v.signed) {
		return m.reject(row, max(m.total.at, 0), "les lignes de la pièce mêlent deux monnaies", "")
	}
	g.signed = g.signed.Add(v.signed)
	for _, sum := range []struct{ to, of *money.Amount }{{&g.net, &v.net}, {&g.tax, &v.tax}} {
		if ingest.Known(*sum.to) && ingest.Known(*sum.of) {
			*sum.to = sum.to.Add(*sum.of)
		}
	}
	return nil
}

// ended gives the piece whose lines have all been read; nothing where there is none.
func (m *mapper) ended() (*ingest.Document, *ingest.Rejected) {
	g := m.gathered
	m.gathered = nil
	switch {
	case g == nil:
		return nil, nil
	case g.rejected != nil:
		return nil, g.rejected
	}
	return m.document(g.row, g.values)
}

// repeated tells a row that is one more line of the piece of the row before,
// whose amounts are said again or left empty.
func (m *mapper) repeated(row Row) bool {
	next := m.pieceOf(row)
	if m.before.goesOn(next) {
		return true
	}
	m.before = next
	return false
}
