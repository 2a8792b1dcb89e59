package demo

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"acquit/internal/fault"
	"acquit/internal/money"
)

// Summary is what was written, for the one who asked.
type Summary struct {
	Files       []string // names in the folder
	Customers   int
	Invoices    int            // open ones
	CreditNotes int            // not allocated
	Payments    int            // not allocated
	Open        []money.Amount // invoices less credits, by currency, in the order of their codes
}

// WriteCSV writes the world into a folder as a French accounting tool exports
// it: semicolons, decimal commas, JJ/MM/AAAA, UTF-8 with its mark, lines ended
// by CR LF, a line of headers. docs/synthetic-ledger.md describes the columns.
//
//   - clients.csv: the customers, each with the contact who pays
//   - contacts.csv: the other contacts
//   - factures.csv: the open items: invoices, and credit notes below zero
//   - reglements.csv: the payments that no invoice has taken
//   - historique-factures.csv and historique-reglements.csv: all documents, and
//     which payment or credit note settled what; written when there is a history
//
// The three files of what is open add up to the balance. The folder is made if
// missing; a file that exists already is a fault.Conflict, and nothing is
// written. progress, if any, is told now and then how many customers are done.
func (w *World) WriteCSV(ctx context.Context, dir string, progress func(customers int)) (s Summary, err error) {
	defer fault.Wrap(&err, "generate into %s", dir)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return s, err
	}
	x := export{dir: dir, open: map[money.Currency]money.Amount{}}
	defer func() { err = errors.Join(err, x.close(err != nil)) }()
	for _, t := range tables(w.Options.History > 0) {
		if err := x.create(t); err != nil {
			return s, err
		}
	}
	const between = 1000 // customers: often enough for a person, seldom enough for the work
	for c := range w.Customers() {
		if x.customer(c, w.Options.History > 0); x.Customers%between == 0 {
			if err := errors.Join(ctx.Err(), x.failed()); err != nil {
				return s, err
			}
			if progress != nil {
				progress(x.Customers)
			}
		}
	}
	return x.summary(), x.failed()
}

// sheet is a file and its headers.
type sheet struct {
	name    string
	headers []string
}

// The files, in the order in which they are imported.
const (
	customersFile = iota
	contactsFile
	openFile
	paymentsFile
	allInvoicesFile
	allPaymentsFile
)

func tables(history bool) []sheet {
	documents := []string{
		"Type", "N° pièce", "Code client", "Client", "Date", "Échéance", "Conditions", "Montant HT", "Montant TVA",
		"Montant TTC", "Restant dû", "Devise", "Commande", "Facture d’origine", "Libellé",
	}
	all := []sheet{
		{"clients.csv", []string{
			"Code client", "Raison sociale", "Forme juridique", "Type client", "SIREN", "SIRET", "N° TVA", "Adresse",
			"Code postal", "Ville", "Pays", "Langue", "Conditions de règlement", "Étiquettes", "Client depuis",
			"Fonction", "Civilité", "Prénom", "Nom contact", "E-mail", "Téléphone",
		}},
		{
			"contacts.csv",
			[]string{"Code client", "Fonction", "Civilité", "Prénom", "Nom contact", "E-mail", "Téléphone"},
		},
		{"factures.csv", documents},
		{"reglements.csv", []string{
			"N° pièce", "Code client", "Client", "Date de règlement", "Mode de règlement", "Montant",
			"Devise", "Libellé",
		}},
	}
	if !history {
		return all
	}
	return append(all, sheet{"historique-factures.csv", documents}, sheet{"historique-reglements.csv", []string{
		"N° pièce", "Code client", "Client", "Date de règlement", "Mode de règlement", "Montant", "Facture réglée",
		"Devise", "Libellé",
	}})
}

// export is the open files and what went into them.
type export struct {
	Summary
	dir   string
	files []*output
	open  map[money.Currency]money.Amount
}

// output is one file.
type output struct {
	file   *os.File
	buffer *bufio.Writer
	csv    *csv.Writer
}

func (x *export) create(t sheet) error {
	f, err := os.OpenFile(filepath.Join(x.dir, t.name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fault.Conflictf("le fichier %s existe déjà\u00a0: indiquez un dossier vide", t.name)
	}
	if err != nil {
		return err
	}
	const chunk = 1 << 18 // bytes; fewer and larger writes than the default
	o := &output{file: f, buffer: bufio.NewWriterSize(f, chunk)}
	o.csv = csv.NewWriter(o.buffer)
	o.csv.Comma, o.csv.UseCRLF = ';', true
	x.files = append(x.files, o)
	x.Files = append(x.Files, t.name)
	_, err = o.buffer.WriteString("\ufeff")
	return errors.Join(err, o.csv.Write(t.headers))
}

// row writes one row; a failure stays with the writer until failed asks.
func (x *export) row(file int, cells ...string) { _ = x.files[file].csv.Write(cells) }

// failed is the first failure of any file.
func (x *export) failed() error {
	for _, o := range x.files {
		if err := o.csv.Error(); err != nil {
			return err
		}
	}
	return nil
}

// close ends the files; those of a failed export are removed, so that it can
// be tried again.
func (x *export) close(failed bool) error {
	var errs []error
	for i, o := range x.files {
		o.csv.Flush()
		errs = append(errs, o.csv.Error(), o.buffer.Flush(), o.file.Close())
		if failed {
			errs = append(errs, os.Remove(filepath.Join(x.dir, x.Files[i])))
		}
	}
	return errors.Join(errs...)
}

func (x *export) summary() Summary {
	for _, a := range x.open {
		x.Open = append(x.Open, a)
	}
	slices.SortFunc(x.Open, func(a, b money.Amount) int { return cmp.Compare(a.Currency, b.Currency) })
	return x.Summary
}

// customer writes all rows of one.
func (x *export) customer(c *Customer, history bool) {
	x.Customers++
	x.identity(c)
	for _, i := range c.Invoices {
		x.invoice(c, i, history)
	}
	for _, n := range c.CreditNotes {
		x.creditNote(c, n, history)
	}
	for _, p := range c.Payments {
		if !p.Open.IsZero() {
			x.Payments++
			x.count(p.Open.Neg())
			x.row(paymentsFile, p.Number, c.Code, c.Name, p.On.Numeric(), p.Method, amount(p.Open),
				string(p.Open.Currency), p.Label)
		}
		if history {
			x.settlements(c, p)
		}
	}
}

// categories and functions are the words of the screen.
var (
	categories = map[Kind]string{Business: "Entreprise", Consumer: "Particulier", Public: "Secteur public"}
	functions  = map[Role]string{Accounting: "Comptabilité", Purchasing: "Achats", Manager: "Direction"}
)

func (x *export) identity(c *Customer) {
	row := []string{
		c.Code, c.Name, c.LegalForm, categories[c.Kind], c.SIREN, c.SIRET, c.VATID, c.Street, c.PostalCode, c.City,
		c.Country, c.Language, c.Terms, strings.Join(c.Tags, ","), c.Since.Numeric(),
	}
	payer := c.Contacts[0]
	x.row(customersFile, append(row, functions[payer.Role], payer.Civility, payer.FirstName, payer.LastName,
		payer.Email, payer.Phone)...)
	for _, p := range c.Contacts[1:] {
		x.row(contactsFile, c.Code, functions[p.Role], p.Civility, p.FirstName, p.LastName, p.Email, p.Phone)
	}
}

func (x *export) invoice(c *Customer, i Invoice, history bool) {
	row := []string{
		"Facture", i.Number, c.Code, c.Name, i.Issued.Numeric(), i.Due.Numeric(), i.Terms, amount(i.Net), amount(i.Tax),
		amount(i.Total), amount(i.Open), string(i.Total.Currency), i.Order, "", i.Label,
	}
	if !i.Open.IsZero() {
		x.Invoices++
		x.count(i.Open)
		x.row(openFile, row...)
	}
	if history {
		x.row(allInvoicesFile, row...)
	}
}

func (x *export) creditNote(c *Customer, n CreditNote, history bool) {
	row := []string{
		"Avoir", n.Number, c.Code, c.Name, n.Issued.Numeric(), "", "", amount(n.Net.Neg()), amount(n.Tax.Neg()),
		amount(n.Total.Neg()), amount(n.Open.Neg()), string(n.Total.Currency), "", n.Preceding, n.Label,
	}
	if !n.Open.IsZero() {
		x.CreditNotes++
		x.count(n.Open.Neg())
		x.row(openFile, row...)
	}
	if history {
		x.row(allInvoicesFile, row...)
		for _, a := range n.Allocations {
			x.row(allPaymentsFile, n.Number, c.Code, c.Name, a.On.Numeric(), "avoir", amount(a.Amount), a.Invoice,
				string(n.Total.Currency), n.Label)
		}
	}
}

// settlements are a payment's rows of the history: one for each invoice, and
// one for what is left of it.
func (x *export) settlements(c *Customer, p Payment) {
	rows := p.Allocations
	if !p.Open.IsZero() {
		rows = append(slices.Clone(rows), Allocation{On: p.On, Amount: p.Open})
	}
	for _, a := range rows {
		x.row(allPaymentsFile, p.Number, c.Code, c.Name, a.On.Numeric(), p.Method, amount(a.Amount), a.Invoice,
			string(p.Amount.Currency), p.Label)
	}
}

func (x *export) count(a money.Amount) { x.open[a.Currency] = x.open[a.Currency].Add(a) }

// amount is 1234,56: without a sign for the currency, which has a column.
func amount(a money.Amount) string { return strings.Replace(a.Decimal(), ".", ",", 1) }
