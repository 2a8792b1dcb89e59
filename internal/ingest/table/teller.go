package table

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/identifier"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// teller turns the rows of a bank's export into entries of its statements.
type teller struct {
	*mapper
	above    *preamble // of the block that goes on
	accounts map[string]*account
	list     []*account // in the order of their first entry
	pending  *bank.Entry
	raw      []string
	at       map[ingest.Field]int
	read     map[ingest.Field]*dates
	sum      map[ingest.Field]*sums
	begun    *dates // of the day on which a movement began; nil where there is none
	outwards bool   // amounts are of money that leaves: Stripe's payouts
	signless bool   // debits stand without a sign
}

// account is one statement of the file, and its balance from row to row.
type account struct {
	*ingest.Sheet
	running
	preamble *preamble
	newest   cal.Date // of the entries that are booked
	sum      int64    // of them
}

func newTeller(p *plan, f *ingest.File, h ingest.Hints) *teller {
	t := &teller{
		mapper: newMapper(p, f, h), above: &preamble{}, accounts: map[string]*account{}, at: map[ingest.Field]int{},
		read: map[ingest.Field]*dates{}, sum: map[ingest.Field]*sums{}, outwards: p.payouts(),
	}
	for _, info := range ingest.Fields() {
		i, ok := p.at[info.Field]
		if !ok {
			i = -1
		}
		t.at[info.Field] = i
		switch info.Holds {
		case ingest.HoldsDate:
			t.read[info.Field] = &dates{i, days{
				order: p.orderOf[info.Field], packed: p.column(info.Field).packing(), y1904: p.sheet.Y1904,
			}}
		case ingest.HoldsAmount:
			t.sum[info.Field] = &sums{i, amounts{
				decimal: p.decimal[info.Field], raw: p.sheet.Raw, bank: p.ofBank(info.Field),
			}}
		}
	}
	for _, c := range p.columns {
		if begun[plainName(c.name)] && !slices.Contains(p.taken(), c.index) {
			t.begun = &dates{c.index, t.read[ingest.FieldBooked].days}
		}
	}
	debit := p.column(ingest.FieldDebit)
	t.signless = debit.negative*2 <= debit.amounts
	for _, row := range p.sheet.Head[:max(p.header, 0)] {
		if !t.above.line(row.Cells) {
			t.above.bare(row.Cells)
		}
		t.above.corner(row.Cells)
	}
	for _, row := range p.sheet.Head {
		if t.wordless(row.Cells) {
			t.above.bare(row.Cells)
		}
	}
	return t
}

// cell is a cell of a field, or nothing where people write that there is nothing.
func (t *teller) cell(c []string, f ingest.Field) string {
	if s := cell(c, t.at[f]); !void(s) {
		return s
	}
	return ""
}

// row reads one row. An entry is kept back until the next, as more lines of it may
// follow.
func (t *teller) row(row Row) (*ingest.Document, *ingest.Rejected) {
	if row.Err != nil {
		return nil, &ingest.Rejected{
			Line: row.Line, Column: 1, Reason: row.Err.Error(), Mend: "corrigez la ligne dans le fichier",
		}
	}
	cells := row.Cells
	for len(cells) > 0 && clean(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	switch {
	case len(cells) == 0:
		return nil, nil
	case ruled(cells):
		t.file.Skip("filet", row.Line)
		return nil, nil
	case t.isHeader(cells):
		t.file.Skip("ligne d’en-tête répétée", row.Line)
		return nil, nil
	}
	day, err := t.day(cells, ingest.FieldBooked)
	if day == 0 && err == nil {
		day, err = t.unfinished(cells)
	}
	if day == 0 || err != nil {
		return t.undated(row, cells, err)
	}
	if t.balanceRow(cells, day) {
		t.file.Skip("ligne de solde", row.Line)
		return nil, nil
	}
	if len(cells) > t.width {
		return nil, t.reject(row, t.width, "la ligne a plus de colonnes que l’en-tête\u00a0: un séparateur s’est glissé dans un texte",
			"mettez ce texte entre guillemets")
	}
	return t.entry(row, cells, day)
}

func (t *teller) day(c []string, f ingest.Field) (cal.Date, error) {
	text := t.cell(c, f)
	if text == "" {
		return 0, nil
	}
	return t.read[f].read(text)
}

// unfinished is the day on which a movement began that is not done, or never will
// be: the column of days is empty there.
func (t *teller) unfinished(c []string) (cal.Date, error) {
	if t.begun == nil {
		return 0, nil
	}
	status, skip := statusOf(t.cell(c, ingest.FieldStatus))
	if text := cell(c, t.begun.at); text != "" && (status == bank.IsPending || skip != "") {
		return t.begun.read(text)
	}
	return 0, nil
}

// undated reads a row without a day: more of the entry above, what is said of the
// account, or nothing of use.
func (t *teller) undated(row Row, cells []string, err error) (*ingest.Document, *ingest.Rejected) {
	_, moved := t.written(cells)
	switch {
	case err == nil && !moved && t.goesOn(cells):
		return nil, nil
	case t.aside(row, cells):
		return t.ended()
	case !moved:
		t.file.Skip("ligne de texte seul", row.Line)
		return nil, nil
	case err != nil:
		return nil, t.wrong(row, t.at[ingest.FieldBooked], err)
	}
	return nil, t.reject(row, t.at[ingest.FieldBooked], "la date de l’opération manque",
		"complétez-la, par exemple 22/11/2026")
}

// written tells whether the row has an amount that moves.
func (t *teller) written(c []string) (string, bool) {
	for _, f := range []ingest.Field{ingest.FieldTotal, ingest.FieldDebit, ingest.FieldCredit} {
		if s := t.cell(c, f); s != "" {
			return s, true
		}
	}
	return "", false
}

// goesOn adds the words of a further line to the entry above: it has nothing but
// words, where words stand.
func (t *teller) goesOn(cells []string) bool {
	if t.pending == nil {
		return false
	}
	var more []string
	for i, c := range cells {
		if c = clean(c); c == "" {
			continue
		}
		if !slices.Contains(t.texts, i) || balanceWords(c) || totalLabel(c) {
			return false
		}
		more = append(more, c)
	}
	for _, text := range more {
		t.pending.Texts = append(t.pending.Texts, oneLine(text))
	}
	t.raw = append(t.raw, strings.Join(cells, ";"))
	return true
}

// aside takes a line that speaks of an account, or adds up: what belongs to another
// account begins its statement.
func (t *teller) aside(row Row, cells []string) bool {
	for _, c := range cells {
		if totalLabel(clean(c)) {
			t.file.Skip("ligne de total", row.Line)
			return true
		}
	}
	if t.statedBelow(cells) {
		t.file.Skip("ligne de solde", row.Line)
		return true
	}
	next := *t.above
	if said := next.line(cells); !next.corner(cells) && !said {
		return false
	}
	if next.account != t.above.account && t.above.account.Key() != "" && next.account.Key() != t.above.account.Key() {
		begun := preamble{currency: t.above.currency, day: t.above.day}
		begun.line(cells)
		next = begun
	}
	t.above = &next
	if a := t.current(); a != nil {
		a.preamble = t.above
	}
	t.file.Skip("ligne d’en-tête du relevé", row.Line)
	return true
}

// current is the statement of the block that goes on, when it has begun.
func (t *teller) current() *account {
	if len(t.list) == 0 {
		return nil
	}
	if a := t.list[len(t.list)-1]; a.Account.Key() == t.above.account.Key() {
		return a
	}
	return nil
}

func totalLabel(s string) bool {
	plain := plainName(s)
	return plain == "total" || plain == "totaux" || strings.HasPrefix(plain, "total des ") ||
		strings.HasPrefix(plain, "sous total") ||
		strings.HasPrefix(plain, "total mouvements") || plain == "total general" || strings.HasPrefix(plain, "totaux ")
}

// balanceWords tells the label of a balance among movements.
func balanceWords(s string) bool {
	plain := plainName(s)
	for _, w := range []string{
		"solde au", "solde du", "solde initial", "solde final", "solde precedent", "solde crediteur", "solde debiteur",
		"ancien solde", "nouveau solde", "opening balance", "closing balance", "balance brought forward",
		"balance carried forward", "anfangssaldo", "endsaldo", "solde en debut", "solde en fin",
	} {
		if strings.HasPrefix(plain, w) && plain != "solde du compte client" {
			return true
		}
	}
	return plain == "solde"
}

// wordless tells the row by which LCL ends its table: the balance, and the account.
func (t *teller) wordless(cells []string) bool {
	return t.header < 0 && t.cell(cells, ingest.FieldLabel) == "" && t.cell(cells, ingest.FieldMethod) == ""
}

// balanceRow takes a dated row that states a balance, not a movement.
func (t *teller) balanceRow(cells []string, on cal.Date) bool {
	label := t.cell(cells, ingest.FieldLabel)
	return (t.wordless(cells) || balanceWords(label)) && t.stateBalance(cells, label, on)
}

// stateBalance takes the balance of a row whose words name one.
func (t *teller) stateBalance(cells []string, words string, on cal.Date) bool {
	for _, f := range []ingest.Field{ingest.FieldBalance, ingest.FieldCredit, ingest.FieldTotal, ingest.FieldDebit} {
		s := t.cell(cells, f)
		if s == "" {
			continue
		}
		a, err := t.sum[f].read(s, t.base, t.base)
		if err != nil {
			return false
		}
		if f == ingest.FieldDebit && a.Sign() > 0 {
			a = a.Neg()
		}
		t.above.state(bank.Balance{On: on, Amount: a}, openingLine.MatchString(plainLine(words)))
		return true
	}
	return false
}

// statedBelow takes a row that states a balance in the place of the day: « Solde au
// 31/10/2026 ».
func (t *teller) statedBelow(cells []string) bool {
	words := t.cell(cells, ingest.FieldBooked)
	if !balanceWords(words) {
		return false
	}
	on := cal.Date(0)
	if found := anyDay.FindString(words); found != "" {
		on, _ = cal.ParseHuman(found, cal.DayFirst) // a day that does not exist is none
	}
	return t.stateBalance(cells, words, on)
}

func (t *teller) balance(c []string, currency money.Currency) (int64, bool) {
	s := t.cell(c, ingest.FieldBalance)
	if s == "" {
		return 0, false
	}
	a, err := t.sum[ingest.FieldBalance].read(s, "", currency)
	return a.Minor, err == nil && a.Currency == currency
}

// account is the statement of an entry: of the account and the currency.
func (t *teller) account(c []string, e *bank.Entry) *account {
	own := t.above.account
	if s := accountNumber(t.cell(c, ingest.FieldOwn)); s != "" {
		own = bank.Account{Number: s, Name: own.Name}
		if r := identifier.IBAN(s); r.OK() {
			own.IBAN, own.Number = r.Value, ""
		}
	}
	key := own.Key() + "\x00" + string(e.Amount.Currency)
	a := t.accounts[key]
	if a == nil {
		s := &bank.Statement{Kind: bank.Details, Account: own, Currency: e.Amount.Currency, Line: e.Line}
		if t.plan.order != 0 {
			s.Kind = bank.Booked
		}
		a = &account{Sheet: t.file.Begin(s), running: running{order: t.plan.order}, preamble: t.above}
		t.accounts[key], t.list = a, append(t.list, a)
	}
	e.Statement = a.Statement
	a.Add(e)
	return a
}

// ended gives the entry whose lines have all been read.
func (t *teller) ended() (*ingest.Document, *ingest.Rejected) {
	e := t.pending
	if t.pending = nil; e == nil {
		return nil, nil
	}
	e.Raw = strings.Join(t.raw, "\n")
	e.TakeApart()
	return ingest.OfEntry(e), nil
}

// close ends the statements: their balances are those that run, else those that the
// file states.
func (t *teller) close() {
	for _, a := range t.list {
		w := a.preamble
		if c := w.closing; c != nil && c.On != 0 && c.On < a.newest {
			w.closing = nil // it stood before the last of the movements
		}
		a.From, a.To = w.from, w.to
		a.Opening, a.Closing = inCurrency(w.opening, a.Currency), inCurrency(w.closing, a.Currency)
		if opening, closing, ok := a.ends(); ok {
			end := &bank.Balance{Amount: money.New(closing, a.Currency)}
			if said := a.Closing; said != nil && said.Amount == end.Amount {
				end.On = said.On
			}
			a.Opening, a.Closing = &bank.Balance{Amount: money.New(opening, a.Currency)}, end
		}
		if a.broken > 0 {
			t.file.Warnings = append(t.file.Warnings, ingest.Warning{
				Code: "solde", Line: a.line, Column: t.at[ingest.FieldBalance] + 1,
				Text: "le solde ne suit pas les montants d’une ligne à l’autre\u00a0: il manque peut-être des opérations",
			})
		}
		t.file.Finish(a.Sheet)
		t.hold(a)
		dated(a.Opening, a.From)
		dated(a.Closing, a.To)
	}
}

// hold holds both balances that a file states against the movements, where no
// balance runs beside them.
func (t *teller) hold(a *account) {
	if a.Kind != bank.Details || a.Opening == nil || a.Closing == nil {
		return
	}
	t.file.Check(ingest.Control{
		Label: "solde final", Stated: a.Closing.Amount, Line: a.Line,
		Computed: money.New(a.Opening.Amount.Minor+a.sum, a.Currency),
	})
}

func dated(b *bank.Balance, on cal.Date) {
	if b != nil && b.On == 0 {
		b.On = on
	}
}

func inCurrency(b *bank.Balance, c money.Currency) *bank.Balance {
	if b == nil || b.Amount.Currency != c {
		return nil
	}
	return b
}

// accountNumber is a number of an account without its spaces.
func accountNumber(s string) string { return strings.ReplaceAll(s, " ", "") }
