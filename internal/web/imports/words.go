package imports

import (
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/identifier"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/money"
	"acquit/internal/web/ui"
)

// formatWords is what a file was recognised as.
func formatWords(f ui.Frame, x ingest.Format) string {
	switch x {
	case ingest.CSV:
		return f.Say("tableau en texte", "table in text")
	case ingest.XLSX:
		return f.Say("classeur Excel", "Excel workbook")
	case ingest.FEC:
		return f.Say("fichier des écritures comptables", "French accounting file (FEC)")
	case ingest.FacturX:
		return f.Say("facture Factur-X", "Factur-X invoice")
	case ingest.CII, ingest.UBL:
		return f.Say("facture électronique", "electronic invoice") + " " + strings.ToUpper(string(x))
	case ingest.CAMT, ingest.MT940, ingest.CFONB120, ingest.CFONB240, ingest.OFX:
		return f.Say("relevé bancaire", "bank statement") + " " + strings.ToUpper(string(x))
	case ingest.Unknown, "":
		return f.Say("non reconnu", "not recognised")
	}
	return strings.ToUpper(string(x))
}

// readWords is how a table was read, so that a wrong guess is seen.
func readWords(f ui.Frame, u ingest.Understood) string {
	var parts []string
	add := func(fr, en, value string) {
		if value != "" {
			parts = append(parts, f.Sayf(fr, en, value))
		}
	}
	add("feuille « %s »", "sheet “%s”", u.Sheet)
	if u.HeaderLine > 0 {
		parts = append(parts, f.Sayf("en-tête à la ligne %d", "header on line %d", u.HeaderLine))
	}
	add("texte en %s", "text in %s", u.Encoding)
	add("colonnes séparées par « %s »", "columns separated by “%s”", separatorWords(f, u.Separator))
	add("décimales après « %s »", "decimals after “%s”", u.Decimal)
	add("dates en %s", "dates as %s", orderWords(f, u.DateOrder))
	add("profil %s", "profile %s", u.Profile)
	return strings.Join(parts, ", ")
}

func separatorWords(f ui.Frame, s string) string {
	if s == "\t" {
		return f.Say("tabulation", "tab")
	}
	return s
}

func orderWords(f ui.Frame, order string) string {
	switch order {
	case "dmy":
		return f.Say("jour/mois/année", "day/month/year")
	case "mdy":
		return f.Say("mois/jour/année", "month/day/year")
	case "ymd":
		return f.Say("année-mois-jour", "year-month-day")
	}
	return order
}

func stateWords(f ui.Frame, s apply.State) string {
	switch s {
	case apply.Running:
		return f.Say("en cours, ou coupé", "running, or cut short")
	case apply.Stopped:
		return f.Say("arrêté", "stopped")
	case apply.Undone:
		return f.Say("défait", "undone")
	}
	return f.Say("fait", "done")
}

func stateTag(s apply.State) string {
	switch s {
	case apply.Done:
		return "paid"
	case apply.Undone:
		return ""
	}
	return "due"
}

func modeWords(f ui.Frame, m apply.Mode) string {
	if m == apply.Stock {
		return f.Say("liste complète", "full list")
	}
	return f.Say("ajouts et corrections", "additions and corrections")
}

// change is one line of what files do: how many of what.
type change struct {
	n     int
	words string
	class string
}

// changes are the lines of a report that are not nil.
func changes(f ui.Frame, rep apply.Report) (list []change) {
	t := rep.Totals()
	for _, c := range []struct {
		n                        int
		one, many, oneEN, manyEN string
		class                    string
	}{
		{t.Added, "ligne ajoutée", "lignes ajoutées", "row added", "rows added", "paid"},
		{t.Changed, "ligne modifiée", "lignes modifiées", "row changed", "rows changed", ""},
		{t.Unchanged, "ligne déjà connue", "lignes déjà connues", "row known already", "rows known already", "faint"},
		{
			t.Settled, "poste soldé, en tout ou partie", "postes soldés, en tout ou partie",
			"item settled, in whole or part", "items settled, in whole or part", "",
		},
		{t.Reopened, "poste rouvert", "postes rouverts", "item open again", "items open again", "due"},
		{rep.Customers.Added, "client ajouté", "clients ajoutés", "customer added", "customers added", "paid"},
		{rep.Customers.Changed, "client modifié", "clients modifiés", "customer changed", "customers changed", ""},
		{rep.Customers.Contacts, "contact ajouté", "contacts ajoutés", "contact added", "contacts added", ""},
		{rep.Allocated, "affectation", "affectations", "allocation", "allocations", ""},
		{rep.Dated, "échéance calculée", "échéances calculées", "due date worked out", "due dates worked out", ""},
		{
			rep.Balances, "solde de la comptabilité relevé", "soldes de la comptabilité relevés",
			"balance of the accounts noted", "balances of the accounts noted", "",
		},
		{t.Skipped, "ligne laissée de côté", "lignes laissées de côté", "row left aside", "rows left aside", "faint"},
		{t.Refused, "ligne refusée", "lignes refusées", "row refused", "rows refused", "late"},
	} {
		if c.n > 0 {
			words := f.Say(i18n.Plural(f.Lang, c.n, c.one, c.many), i18n.Plural(f.Lang, c.n, c.oneEN, c.manyEN))
			list = append(list, change{c.n, words, c.class})
		}
	}
	return list
}

// changesNothing tells whether applying a report would leave the books as they
// are.
func changesNothing(rep apply.Report) bool {
	t := rep.Totals()
	return t.Added+t.Changed+t.Settled+t.Reopened+rep.Customers.Added+rep.Customers.Changed+rep.Customers.Contacts+
		rep.Allocated+rep.Dated+rep.Balances == 0
}

func noticeWords(f ui.Frame, n apply.Notice) string {
	words := strings.TrimSuffix(n.Text, ".")
	if n.Count > 1 {
		words += f.Sayf(" (%s fois)", " (%s times)", f.Lang.Int(n.Count))
	}
	if len(n.Names) > 0 {
		words += f.Say(" : ", ": ") + strings.Join(n.Names, ", ")
	}
	return ui.Sentence(words)
}

// asks tells whether a person must still say which column is which.
func asks(x deposit) bool {
	for _, f := range x.report.Files {
		if f.Asked != nil {
			return true
		}
	}
	return false
}

func fileNames(list []apply.FileReport) string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = f.File
	}
	if len(names) > 3 {
		names = append(names[:3], "…")
	}
	return strings.Join(names, ", ")
}

func place(f ui.Frame, r apply.Rejection) string {
	switch {
	case r.Line == 0:
		return ""
	case r.Column == 0:
		return f.Sayf("ligne %d", "line %d", r.Line)
	}
	return f.Sayf("ligne %d, colonne %d", "line %d, column %d", r.Line, r.Column)
}

func when(f ui.Frame, x apply.Record) string {
	local := f.Local(x.Started)
	return f.Lang.Date(cal.Of(local)) + " " + local.Format("15:04")
}

// asReport is a past import as the report it was.
func asReport(x apply.Record) apply.Report {
	rep := apply.Report{Import: x.ID, Source: x.Source, Mode: x.Mode, On: x.On}
	for i := range x.Files {
		rep.Files = append(rep.Files, &x.Files[i])
	}
	return rep
}

func columnName(f ui.Frame, c ingest.Column) string {
	if c.Name == "" {
		return f.Sayf("colonne %d", "column %d", c.Index)
	}
	return c.Name
}

// samples are the first values of a column, short enough for a table.
func samples(c ingest.Column) string {
	const few = 3
	return strings.Join(c.Samples[:min(len(c.Samples), few)], " · ")
}

func headerLine(x deposit) string {
	if x.options.Hints.HeaderLine == 0 {
		return ""
	}
	return strconv.Itoa(x.options.Hints.HeaderLine)
}

// accountWords is a bank account as people know it.
func accountWords(a apply.AccountReport) string {
	number := a.Account
	if identifier.IBAN(number).OK() {
		number = identifier.GroupIBAN(number)
	}
	if a.Name != "" {
		return a.Name + " (" + number + ")"
	}
	return number
}

// told is an amount of a bank's file, or nothing where it tells none.
func told(f ui.Frame, a apply.AccountReport, amount string) string {
	v, err := money.Parse(amount, a.Currency)
	if amount == "" || err != nil {
		return ""
	}
	return f.Lang.Amount(v)
}
