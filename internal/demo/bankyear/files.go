package bankyear

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/demo"
	"acquit/internal/demo/bankfile"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Folder is where WriteFiles puts statements.
const Folder = "banque"

// TruthFile is where WriteFiles puts the truth, as seen from the folder of the
// ledger: beside it, since all that is in the folder is to be imported.
func TruthFile(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Join("..", filepath.Base(dir)+"-verite.csv")
}

// FileOptions say which files are wanted.
type FileOptions struct {
	Format bankfile.Format
	Daily  bool // one statement for each day, not for each month
}

// Written is what was written, for the one who asked.
type Written struct {
	Files      []string // below the folder
	Entries    int      // a batch counts by its payments
	Unknowable int      // that nobody could tell from the statements alone
	Nobody     int      // that concern no customer
}

// WriteFiles writes the year into a folder: statements whose balances go on from
// one to the next, in banque/, an account for each currency; notifications of
// the batches that a camt.053 gives as one sum; now and then a statement that
// comes again for its last days; and beside them the truth. A file that exists
// already is a fault.Conflict. progress, if any, is told how many entries are
// done.
func (y *Year) WriteFiles(
	ctx context.Context, dir string, o FileOptions, progress func(entries int),
) (w Written, err error) {
	defer fault.Wrap(&err, "bank into %s", dir)
	f := &filing{Year: y, FileOptions: o, dir: dir, balances: map[money.Currency]money.Amount{}}
	defer func() { err = errors.Join(err, f.abandon(err)) }()
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o777); err != nil {
		return w, err
	}
	t, err := f.create(TruthFile(dir))
	if err != nil {
		return w, err
	}
	f.truth = newTruthWriter(t)
	err = f.all(ctx, progress)
	return f.Written, errors.Join(err, f.truth.flush(), t.Close())
}

// abandon removes what a failed export has made, so that it can be tried again.
func (f *filing) abandon(failure error) error {
	if failure == nil {
		return nil
	}
	var errs []error
	for _, name := range f.Files {
		errs = append(errs, os.Remove(filepath.Join(f.dir, name)))
	}
	return errors.Join(errs...)
}

// filing is a year on its way to files.
type filing struct {
	*Year
	FileOptions
	Written
	dir      string
	truth    *truthWriter
	balances map[money.Currency]money.Amount
	held     []Movement // of the period that is open
	until    cal.Date   // its last day
}

func (f *filing) all(ctx context.Context, progress func(int)) error {
	const between = 5000 // entries
	for m := range f.Movements() {
		if m.Entry.On > f.until {
			if err := errors.Join(ctx.Err(), f.period()); err != nil {
				return err
			}
			f.until = f.endOf(m.Entry.On)
		}
		f.held = append(f.held, m)
		f.count(m.Truth)
		if f.Entries%between == 0 && progress != nil {
			progress(f.Entries)
		}
	}
	return f.period()
}

func (f *filing) count(t Truth) {
	f.Entries++
	if t.Unknowable {
		f.Unknowable++
	}
	if t.Nobody {
		f.Nobody++
	}
}

func (f *filing) endOf(on cal.Date) cal.Date {
	if f.Daily {
		return on
	}
	return min(on.EndOfMonth(), f.last)
}

// period writes the statements of what is held, an account after the other.
func (f *filing) period() error {
	accounts := map[money.Currency][]Movement{}
	for _, m := range f.held {
		c := m.Entry.Amount.Currency
		accounts[c] = append(accounts[c], m)
	}
	f.held = f.held[:0]
	var currencies []money.Currency
	for c := range accounts {
		currencies = append(currencies, c)
	}
	slices.Sort(currencies)
	for _, c := range currencies {
		if err := f.statement(c, accounts[c]); err != nil {
			return err
		}
	}
	return nil
}

// statement writes one account's statement, what goes with it, and its truth.
func (f *filing) statement(c money.Currency, list []Movement) error {
	s := f.sheet(c)
	details := s
	details.Kind, details.Opening, details.Closing = bank.Details, nil, nil
	details.Number = "A" + s.Number[1:]
	for _, m := range list {
		s.Closing.Amount = s.Closing.Amount.Add(m.Entry.Amount)
		if f.apart(m.Entry) {
			details.Entries = append(details.Entries, m.Entry)
			s.Entries = total(s.Entries, m.Entry)
			continue
		}
		s.Entries = append(s.Entries, m.Entry)
	}
	f.balances[c] = s.Closing.Amount
	name, err := f.write(s, "")
	if err != nil {
		return err
	}
	notice := name
	if len(details.Entries) > 0 {
		if notice, err = f.write(details, ""); err != nil {
			return err
		}
	}
	for _, m := range list {
		where := name
		if f.apart(m.Entry) {
			where = notice
		}
		f.truth.write(where, m)
	}
	for _, e := range s.Entries {
		if e.Batch != "" && e.Part == 0 {
			f.truth.total(name, e)
		}
	}
	return f.repeat(s)
}

// apart tells whether the bank tells of an entry's batch in a notification of its
// own, and gives but the sum in the statement: three batches in ten.
func (f *filing) apart(e *bank.Entry) bool {
	return f.Format == bankfile.CAMT && e.Part > 0 && seat("apart", e.Batch)%10 < 3
}

// total adds a payment to the sum of its batch.
func total(list []*bank.Entry, e *bank.Entry) []*bank.Entry {
	n := len(list) - 1
	if n < 0 || list[n].Batch != e.Batch || list[n].Part > 0 {
		list, n = append(list, &bank.Entry{
			On: e.On, Value: e.Value, Amount: money.Zero(e.Amount.Currency), Status: e.Status, Means: e.Means,
			BankRef: e.Batch, Batch: e.Batch, Label: "REMISE PRLV SEPA " + e.Batch,
		}), n+1
	}
	list[n].Amount = list[n].Amount.Add(e.Amount)
	return list
}

// first is what an account holds on the day of the world, in minor units.
var first = map[money.Currency]int64{money.EUR: 5_234_018}

// sheet is a period's statement of an account before its entries.
func (f *filing) sheet(c money.Currency) bankfile.Sheet {
	from := max(f.World.Options.On+1, f.until.AddMonths(-1).EndOfMonth()+1)
	number := f.until.String()[:7]
	if f.Daily {
		from, number = f.until, f.until.String()
	}
	if _, ok := f.balances[c]; !ok {
		f.balances[c] = money.New(cmp.Or(first[c], 1_000_000), c)
	}
	s := bankfile.Sheet{Statement: bank.Statement{
		Kind: bank.Booked, Account: AccountOf(f.World.Company, c), Number: fmt.Sprintf("R%s-%s", number, c), From: from,
		To: f.until, Currency: c, Opening: &bank.Balance{On: from, Amount: f.balances[c]},
		Closing: &bank.Balance{On: f.until, Amount: f.balances[c]},
	}}
	return s
}

// AccountOf is the company's account of a currency: that of its papers for euros,
// one beside it for another.
func AccountOf(c demo.Company, currency money.Currency) bank.Account {
	iban := c.Bank.IBAN
	if currency != money.EUR {
		iban = accountNumber("FR", 30_900, 20_400_000+seat(string(currency))%1000)
	}
	return bank.Account{IBAN: iban, BIC: c.Bank.BIC, Name: c.Bank.Holder}
}

// repeated are the days that come again at the end of each third month.
const repeated = 6

// repeat writes the last days of a quarter's last month a second time, as when
// somebody asks the bank for a period that overlaps.
func (f *filing) repeat(s bankfile.Sheet) error {
	_, month, _ := s.To.Date()
	if f.Daily || month%3 != 0 {
		return nil
	}
	from := max(s.From, s.To.Add(1-repeated))
	opening := *s.Opening
	entries := s.Entries
	s.Entries = nil
	for _, e := range entries {
		if e.On < from {
			opening.Amount = opening.Amount.Add(e.Amount)
			continue
		}
		s.Entries = append(s.Entries, e)
	}
	opening.On = from
	s.From, s.Opening, s.Number = from, &opening, s.Number+"B"
	_, err := f.write(s, "-bis")
	return err
}

// write writes a statement into a file of its own and gives its name.
func (f *filing) write(s bankfile.Sheet, suffix string) (name string, err error) {
	kind := "releve"
	if s.Kind == bank.Details {
		kind = "avis"
	}
	day := s.To.String()
	if !f.Daily {
		day = day[:7]
	}
	name = fmt.Sprintf("%s/%s-%s-%s%s%s", Folder, kind, day, s.Currency, suffix, f.Format.Extension())
	file, err := f.create(name)
	if err != nil {
		return "", err
	}
	return name, errors.Join(f.Format.Write(file, s), file.Close())
}

func (f *filing) create(name string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(f.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return nil, fault.Conflictf("le fichier %s existe déjà\u00a0: indiquez un dossier vide", name)
	}
	if err == nil {
		f.Files = append(f.Files, name)
	}
	return file, err
}

// truthWriter writes the truth: a row for each document that an entry pays, one
// row for an entry that pays none.
type truthWriter struct {
	buffer *bufio.Writer
	csv    *csv.Writer
}

func newTruthWriter(file *os.File) *truthWriter {
	t := &truthWriter{buffer: bufio.NewWriter(file)}
	t.csv = csv.NewWriter(t.buffer)
	t.csv.Comma, t.csv.UseCRLF = ';', true
	_, _ = t.buffer.WriteString("\ufeff") // flush tells of its failure
	t.row(
		"Référence", "Fichier", "Date", "Montant", "Devise", "Désignation", "Paiement", "Payeur",
		"Code client", "N° pièce", "Montant affecté", "Manque", "Motif", "Reste au client", "Indécidable",
		"À personne", "Reprend",
	)
	return t
}

func (t *truthWriter) row(cells ...string) { _ = t.csv.Write(cells) } // flush tells of its failure

func (t *truthWriter) flush() error {
	t.csv.Flush()
	return errors.Join(t.csv.Error(), t.buffer.Flush())
}

func (t *truthWriter) write(file string, m Movement) {
	e, x := m.Entry, m.Truth
	rows := [][]string{}
	for _, l := range x.Lines {
		amount := l.Amount
		if l.Credit {
			amount = amount.Neg()
		}
		if x.Paid == GoesBack {
			amount = amount.Neg()
		}
		short := ""
		if l.Why != "" {
			short = figure(l.Short)
		}
		rows = append(rows, []string{l.Customer, l.Number, figure(amount), short, string(l.Why), ""})
	}
	for _, o := range x.Over {
		rows = append(rows, []string{o.Customer, "", "", "", "", figure(o.Amount)})
	}
	if len(rows) == 0 {
		rows = append(rows, make([]string, 6))
	}
	for _, r := range rows {
		cells := []string{
			x.Ref, file, e.On.Numeric(), figure(e.Amount), string(e.Amount.Currency), string(x.Named), string(x.Paid),
			string(x.Payer),
		}
		t.row(append(append(cells, r...), yes(x.Unknowable), yes(x.Nobody), x.Of)...)
	}
}

// total is the row of a batch that a statement gives as one sum: its payments
// have theirs.
func (t *truthWriter) total(file string, e *bank.Entry) {
	t.row(e.BankRef, file, e.On.Numeric(), figure(e.Amount), string(e.Amount.Currency), string(ByMandate), "batch",
		"", "", "", "", "", "", "", yes(false), yes(false), "")
}

func yes(is bool) string {
	if is {
		return "oui"
	}
	return "non"
}

func figure(a money.Amount) string { return strings.Replace(a.Decimal(), ".", ",", 1) }
