package table

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/identifier"
	"acquit/internal/ingest"
)

// movements are the entries of a bank account.
const movements content = "opérations bancaires"

// bankFields are those that only movements of a bank account have: a person who
// names one says that the table is of a bank.
var bankFields = []ingest.Field{
	ingest.FieldBooked, ingest.FieldValue, ingest.FieldBalance, ingest.FieldFee, ingest.FieldParty,
	ingest.FieldPartyIBAN, ingest.FieldPartyBIC, ingest.FieldEndToEnd, ingest.FieldMandate, ingest.FieldBankRef,
	ingest.FieldOwn, ingest.FieldText,
}

// saidBank tells whether a person said that the rows are movements of a bank.
func saidBank(h ingest.Hints) bool {
	return h.Kind == ingest.Entry ||
		slices.ContainsFunc(bankFields, func(f ingest.Field) bool { return h.Mapping[f] != "" })
}

// bankPlan understands a table as an export of a bank; nil where it is none, or
// where nothing says so surely enough.
func bankPlan(sheet *Sheet, h ingest.Hints) (*plan, error) {
	said := saidBank(h)
	if !said && (h.Kind != "" || len(h.Mapping) > 0) {
		return nil, nil
	}
	dict := bankDictionary()
	head, ok := findHeader(sheet.Head, dict, h.HeaderLine)
	if named, is := mapped(sheet.Head, h.Mapping); is && h.HeaderLine == 0 {
		head, ok = named, true
	}
	guessed := false
	if !ok && len(h.Mapping) == 0 {
		h.Mapping = headless(sheet)
		guessed = h.Mapping != nil
	}
	switch {
	case ok:
	case guessed:
		head = nameless(sheet.Head)
	case !said:
		return nil, nil
	case len(h.Mapping) == 0 || len(sheet.Head) == 0:
		return nil, ask(sheet, header{}, nil, "la ligne des noms de colonnes n’a pas été trouvée", ingest.FieldBooked,
			ingest.FieldTotal, ingest.FieldLabel)
	default:
		head = nameless(sheet.Head)
	}
	p := &plan{sheet: sheet, header: head.index, at: map[ingest.Field]int{}, what: movements}
	p.observe(head)
	if err := p.assignBank(dict, h); err != nil {
		return nil, err
	}
	p.fees = p.feesApart()
	if !said && !guessed && p.bankEvidence() < surely {
		return nil, nil
	}
	missing, reason := p.bankMissing()
	if reason == "" {
		missing, reason = p.signs(h)
	}
	if reason != "" {
		return nil, ask(sheet, head, p, reason, missing...)
	}
	if guessed {
		p.warn("entete", "les colonnes n’ont pas de nom : elles ont été comprises par leur contenu, vérifiez-les")
	}
	p.style(h)
	p.runs()
	p.worded()
	return p, nil
}

// worded finds the columns of texts: the label, and all that may hold what the
// payer wrote.
func (p *plan) worded() {
	taken := p.taken()
	for _, f := range []ingest.Field{ingest.FieldLabel, ingest.FieldText} {
		if i, ok := p.at[f]; ok {
			p.texts = append(p.texts, i)
		}
	}
	for _, c := range p.columns {
		if slices.Contains(taken, c.index) || c.filled == 0 {
			continue
		}
		label := func(g guess) bool { return g.field == ingest.FieldLabel }
		if billWords[plainName(c.name)] || slices.ContainsFunc(bankDictionary().exactly(c.name), label) {
			p.texts = append(p.texts, c.index)
		}
	}
}

func (p *plan) assignBank(dict names, h ingest.Hints) error {
	taken, settled := map[int]bool{}, map[ingest.Field]bool{}
	for field, name := range h.Mapping {
		settled[field] = true
		if name == "" || name == "-" {
			continue
		}
		i, err := p.named(name)
		if err != nil {
			return err
		}
		p.at[field], taken[i] = i, true
	}
	if p.has(ingest.FieldIssued) && !p.has(ingest.FieldBooked) {
		p.move(ingest.FieldIssued, ingest.FieldBooked)
		settled[ingest.FieldBooked] = true
	}
	p.offers(dict.exactly, taken, settled)
	if _, said := h.Mapping[ingest.FieldParty]; !said && p.has(ingest.FieldParty) && !p.has(ingest.FieldPartyIBAN) &&
		p.holdsIBANs(ingest.FieldParty) {
		p.move(ingest.FieldParty, ingest.FieldPartyIBAN)
		settled[ingest.FieldPartyIBAN], settled[ingest.FieldParty] = true, false
		p.offers(dict.exactly, taken, settled)
	}
	if _, said := h.Mapping[ingest.FieldTotal]; !said && p.has(ingest.FieldFee) {
		p.netOfFees()
	}
	if p.has(ingest.FieldValue) && !p.any(ingest.FieldBooked) {
		p.at[ingest.FieldBooked] = p.at[ingest.FieldValue]
	}
	if p.has(ingest.FieldDebit, ingest.FieldCredit) {
		delete(p.at, ingest.FieldTotal) // of a program that has all three, or a total in francs
	}
	if _, said := h.Mapping[ingest.FieldOwn]; !said {
		p.ownAccount(dict)
	}
	return nil
}

// netOfFees takes the column of what is left, where there is one beside the fees.
func (p *plan) netOfFees() {
	for _, c := range p.columns {
		if netNames[plainName(c.name)] && c.amounts > 0 {
			p.at[ingest.FieldTotal] = c.index
			return
		}
	}
}

// ownAccount finds the account that the rows are of among the columns whose name
// may mean it: the one that holds account numbers, in each row. « IBAN » beside
// the name of the other side, and not in all rows, is that of the other side.
func (p *plan) ownAccount(dict names) {
	own, ok := p.at[ingest.FieldOwn]
	delete(p.at, ingest.FieldOwn)
	var list []int
	for _, c := range p.columns {
		means := slices.ContainsFunc(dict.exactly(c.name), func(g guess) bool { return g.field == ingest.FieldOwn })
		if means && !slices.Contains(p.taken(), c.index) || ok && c.index == own {
			list = append(list, c.index)
		}
	}
	for _, i := range list {
		p.at[ingest.FieldOwn] = i
		switch c := p.columns[i]; {
		case !p.holdsAccounts():
		case plainName(c.name) == "iban" && p.has(ingest.FieldParty) && !p.has(ingest.FieldPartyIBAN) &&
			c.filled < p.movements():
			p.move(ingest.FieldOwn, ingest.FieldPartyIBAN)
			return
		default:
			return
		}
		delete(p.at, ingest.FieldOwn)
	}
}

// movements counts the rows that have a day.
func (p *plan) movements() int { return p.column(ingest.FieldBooked).filled }

// holdsAccounts tells a column of account numbers from one of their names, or of
// accounts of a ledger: each is an IBAN or has eight digits.
func (p *plan) holdsAccounts() bool {
	for value := range p.column(ingest.FieldOwn).distinct {
		if !identifier.IBAN(value).OK() && digitsOf(value) < 8 {
			return false
		}
	}
	return p.column(ingest.FieldOwn).filled > 0
}

// holdsIBANs tells a column of IBANs, whatever its name.
func (p *plan) holdsIBANs(f ingest.Field) bool {
	for value := range p.column(f).distinct {
		if !identifier.IBAN(value).OK() {
			return false
		}
	}
	return p.column(f).filled > 0
}

func digitsOf(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

// surely is the evidence that makes a table one of a bank.
const surely = 2

// services are the columns that one payment company alone exports together.
var services = [][]string{
	{"gross", "fee", "net", "transaction id"},
	{"avant commission", "commission", "net", "numero de transaction"},
	{"balance transaction id", "gross", "fee", "net"},
	{"gross amount", "gocardless fees", "net amount"},
	{"montant", "frais", "montant net"},
	{"amount", "fee", "net amount"},
	{"amount", "fee", "net", "available on utc"},
	{"id", "amount", "arrival date utc"},
	{"transfer wise id", "amount", "running balance"},
	{"date started utc", "date completed utc", "amount"},
	{"started date", "completed date", "amount"},
	{"date de debut", "date de fin", "montant"},
	{"transaction id", "fee", "payout"},
	{"id de la transaction", "frais", "versement"},
	{"consumer name", "settlement amount", "payment method"},
	{"datum", "bedrag", "tegenrekening iban bban"},
	{"datum", "tegenrekening", "af bij"},
	{"date de la valeur utc", "date de l operation utc"},
	{"settlement date utc", "operation date utc"},
	{"partner name", "partner iban", "booking date"},
	{"source amount after fees", "target amount after fees", "direction"},
}

// bankEvidence weighs what speaks for an export of a bank against what speaks for
// books of customers.
func (p *plan) bankEvidence() int {
	if !p.any(ingest.FieldBooked) || !p.any(ingest.FieldTotal, ingest.FieldDebit, ingest.FieldCredit) ||
		!p.any(ingest.FieldLabel, ingest.FieldParty) {
		return 0
	}
	all := p.names()
	if serviced(all) {
		return surely
	}
	if p.mirrored() {
		return 0
	}
	return p.shape(all) + p.heard() + p.announcedAccount() - p.ofCustomers()
}

// names are those of the columns, as they are compared.
func (p *plan) names() map[string]bool {
	all := map[string]bool{}
	for _, c := range p.columns {
		all[plainName(c.name)] = true
	}
	return all
}

// serviced tells the columns that a payment company exports.
func serviced(all map[string]bool) bool {
	return slices.ContainsFunc(services, func(s []string) bool {
		return !slices.ContainsFunc(s, func(name string) bool { return !all[name] })
	})
}

// shape weighs the columns that banks have, and the balance that runs.
func (p *plan) shape(all map[string]bool) (n int) {
	for field, weight := range map[ingest.Field]int{
		ingest.FieldValue: 3, ingest.FieldPartyIBAN: 3, ingest.FieldEndToEnd: 3, ingest.FieldMandate: 2,
		ingest.FieldOwn: 2,
	} {
		if i, ok := p.at[field]; ok && i != p.at[ingest.FieldBooked] {
			n += weight
		}
	}
	if bankOnly[plainName(p.column(ingest.FieldBooked).name)] {
		n += 2
	}
	for name := range all {
		if bankWords[name] {
			n += 2
		}
	}
	if p.has(ingest.FieldBalance) && p.balanced() {
		n += 2
	}
	return n
}

// mirrored tells the account of the bank in somebody's own books (512): there, what
// came in is a debit. Its balance grows by debits, or its labels say that money left
// where it would have come in.
func (p *plan) mirrored() bool {
	if !p.any(ingest.FieldDebit, ingest.FieldCredit) {
		return false
	}
	if p.has(ingest.FieldBalance, ingest.FieldDebit, ingest.FieldCredit) && !p.balanced() {
		p.at[ingest.FieldOpen] = p.at[ingest.FieldBalance]
		defer delete(p.at, ingest.FieldOpen)
		if p.addsUp() {
			return true
		}
	}
	at, ok := p.at[ingest.FieldLabel]
	right, wrong := 0, 0
	for _, row := range p.sheet.Head[p.header+1:] {
		amount, moved := p.moved(row)
		way := wayOfLabel(cell(row.Cells, at))
		switch {
		case !ok || !moved || way == 0:
		case (amount > 0) == (way > 0):
			right++
		default:
			wrong++
		}
	}
	return wrong > right
}

// wayOfLabel is the way of money that a label tells for sure; 0 where it does not.
func wayOfLabel(label string) int {
	said := bank.Hear([]string{label})
	words := " " + plainName(label) + " "
	switch {
	case said.Return != nil || said.Reversal:
		return 0
	case said.Means == bank.Fee && !strings.Contains(words, " interets "), strings.Contains(words, " emis "):
		return -1
	case said.Means == bank.Transfer &&
		(strings.Contains(words, " recu ") || strings.Contains(words, " votre faveur ")):
		return 1
	}
	return 0
}

// bankOnly are the names of days that books of customers do not use, and bankWords
// those of other columns.
var (
	bankOnly = setOfNames(`date operation, date d operation, date de l operation, date de comptabilisation,
		date comptabilisation, date op, booking date, buchungstag, date ope, date completed utc, buchungsdatum,
		completed date`)
	bankWords = setOfNames(`libelle operation, libelle de l operation, libelle complet operation, montant operation,
		libelle simplifie, type operation, pointage operation, pointage,
		debit euros, credit euros, montant euros, montant francs, informations complementaires, donneur d ordre,
		nom du donneur d ordre, verwendungszweck, buchungstext, nom de la contrepartie, counterparty, counterparty name,
		running balance, money in, money out, paid in, paid out, auftraggeber empfanger,
		beguenstigter zahlungspflichtiger, saldo nach buchung, solde apres operation,
		account num, accountbalance`)
)

// heard weighs the labels: those of banks begin with an operation.
func (p *plan) heard() int {
	at, ok := p.at[ingest.FieldLabel]
	if !ok {
		return 0
	}
	heard, n := 0, 0
	for _, row := range p.sheet.Head[p.header+1:] {
		label := cell(row.Cells, at)
		if label == "" || cell(row.Cells, p.at[ingest.FieldBooked]) == "" {
			continue
		}
		if n++; n > maxSeen {
			break
		}
		if m := bank.Hear([]string{label}).Means; m != "" {
			heard++
		}
	}
	switch {
	case n == 0 || heard*2 < n:
		return 0
	case heard*5 >= n*4:
		return 2
	}
	return 1
}

// maxSeen bounds the rows whose labels are heard to recognise a table.
const maxSeen = 200

// announcedAccount weighs the lines above the table: an account and its balance.
func (p *plan) announcedAccount() int {
	w := &preamble{}
	for _, row := range p.sheet.Head[:max(p.header, 0)] {
		w.line(row.Cells)
	}
	n := 0
	if w.account.IBAN != "" {
		n += 2
	}
	if w.account.Number != "" {
		n++
	}
	if w.closing != nil || w.opening != nil {
		n++
	}
	return n
}

// ofCustomers weighs the columns that books of customers have and banks do not.
func (p *plan) ofCustomers() int {
	n := 0
	for _, c := range p.columns {
		if p.has(ingest.FieldFee) && slices.ContainsFunc(bankDictionary()[plainName(c.name)], func(g guess) bool {
			return g.field == ingest.FieldTotal
		}) {
			continue // the amount before the fees
		}
		for _, g := range dictionary()[plainName(c.name)] {
			switch g.field {
			case ingest.FieldDue, ingest.FieldJournal, ingest.FieldLettering, ingest.FieldCustomerCode,
				ingest.FieldInvoice, ingest.FieldNet, ingest.FieldTax:
				if g.score < exact {
					continue
				}
			case ingest.FieldNumber, ingest.FieldCustomerName:
				if g.score < usual || bankDictionary()[plainName(c.name)] != nil {
					continue
				}
			default:
				continue
			}
			if !slices.Contains(p.taken(), c.index) {
				n += 4
				break
			}
		}
		if c.accounts > 0 && c.share(c.accounts) > 50 && c.amounts > 0 {
			n += 4 // accounts of customers
		}
	}
	return n
}

// bankMissing is what cannot be done without.
func (p *plan) bankMissing() (missing []ingest.Field, reason string) {
	if !p.has(ingest.FieldBooked) {
		missing = append(missing, ingest.FieldBooked)
	}
	if !p.any(ingest.FieldTotal, ingest.FieldDebit, ingest.FieldCredit) {
		missing = append(missing, ingest.FieldTotal)
	}
	if !p.any(ingest.FieldLabel, ingest.FieldParty) {
		missing = append(missing, ingest.FieldLabel)
	}
	if len(missing) > 0 {
		return missing, "il manque " + titles(missing)
	}
	return nil, ""
}
