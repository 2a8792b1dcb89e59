package dossier

import (
	"context"
	"io"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

// csv adds a table as French spreadsheets read it.
func (a *archive) csv(path, what string, t sheet.Sheet) error {
	return a.add(ManifestFile{Path: path, What: what}, func(w io.Writer) error { return t.WriteCSV(w, "fr") })
}

// moneyJSON is an amount as programs read it.
type moneyJSON struct {
	Amount   string         `json:"amount"`
	Currency money.Currency `json:"currency"`
}

func jsonOf(a money.Amount) *moneyJSON {
	if a.Currency == "" {
		return nil
	}
	return &moneyJSON{a.Decimal(), a.Currency}
}

const agreementsFolder = "11-accords-et-echanges"

// writeAgreements writes promises, plans, disputes with their answers, and what
// the debtor replied.
func (b *builder) writeAgreements(context.Context, *db.Tx) error {
	for _, part := range []struct {
		name, what string
		table      sheet.Sheet
	}{
		{"appels", "appels", b.callSheet()},
		{"promesses", "promesses de règlement", b.promiseSheet()},
		{"echeanciers", "échéanciers", b.planSheet()},
		{"litiges", "litiges et réponses", b.disputeSheet()},
		{"reponses", "réponses du débiteur", b.replySheet()},
	} {
		if len(part.table.Rows) == 0 {
			b.nothing(agreementsFolder+"/"+part.name, "rien d’enregistré")
			continue
		}
		b.remark(agreementsFolder+"/"+part.name, "%s : %s", part.what, some(len(part.table.Rows), "ligne", "lignes"))
		if err := b.csv(agreementsFolder+"/"+part.name+".csv", part.what, part.table); err != nil {
			return err
		}
	}
	return b.json(ManifestFile{Path: agreementsFolder + "/accords.json", What: "accords, litiges et réponses"},
		b.agreementsJSON())
}

func (b *builder) callSheet() sheet.Sheet {
	t := sheet.Sheet{Columns: []string{
		"Appelé le", "Numéro", "Interlocuteur", "Issue", "Essai", "Rappeler le", "Remarque",
	}}
	for _, c := range slices.Backward(b.calls) { // oldest first
		t.Rows = append(t.Rows, []any{
			c.On, c.Number, c.Person, c.Outcome.In(i18n.FR), c.Attempt, dayOr(c.Again), c.Note,
		})
	}
	return t
}

// promiseGrace is none: whether a promise was kept is told by its day.
const promiseGrace = 0

func (b *builder) promiseSheet() sheet.Sheet {
	t := sheet.Sheet{Columns: []string{"Faite le", "Pour le", "Montant", "Devise", "Factures", "État", "Remarque"}}
	for _, p := range b.promises {
		t.Rows = append(t.Rows, []any{
			p.Made, p.For, amountOr(p.Amount), string(p.Open.Currency), strings.Join(b.numbers(p.Invoices), ", "),
			p.State(b.Day, promiseGrace).In(i18n.FR), p.Note,
		})
	}
	return t
}

// amountOr is an amount, or in words that all is meant.
func amountOr(a money.Amount) any {
	if a.IsZero() {
		return "tout"
	}
	return a
}

func (b *builder) planSheet() sheet.Sheet {
	t := sheet.Sheet{Columns: []string{
		"Convenu le", "Échéance", "Montant", "Devise", "Payé",
		"État de l’échéancier", "Factures", "Remarque",
	}}
	for _, p := range b.plans {
		progress := p.Progress(b.Day)
		for _, l := range progress.Lines {
			t.Rows = append(t.Rows, []any{
				p.Made, l.Due, l.Amount, string(l.Amount.Currency), l.Paid, progress.State.In(i18n.FR),
				strings.Join(b.numbers(p.Invoices), ", "), p.Note,
			})
		}
	}
	return t
}

func (b *builder) disputeSheet() sheet.Sheet {
	t := sheet.Sheet{Columns: []string{
		"Ouvert le", "Facture", "Montant contesté", "Devise", "Motif", "Remarque", "Clos le", "Issue", "Réponse",
	}}
	for _, d := range b.disputes {
		t.Rows = append(t.Rows, []any{
			d.Opened, b.number(d.Invoice), amountOr(d.Amount), string(d.Amount.Currency), d.Reason.In(i18n.FR), d.Note,
			dayOr(d.Closed), d.Outcome.In(i18n.FR), d.Closing,
		})
	}
	return t
}

// dayOr is a day, or nothing where there is none.
func dayOr(d cal.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

func (b *builder) replySheet() sheet.Sheet {
	t := sheet.Sheet{Columns: []string{"Date", "Réaction", "Remarque"}}
	for _, r := range b.replies {
		t.Rows = append(t.Rows, []any{r.On, r.Kind.In(i18n.FR), r.Note})
	}
	return t
}

type promiseJSON struct {
	Made     cal.Date   `json:"made"`
	For      cal.Date   `json:"for"`
	Amount   *moneyJSON `json:"amount"` // null is all of it
	Invoices []string   `json:"invoices"`
	State    string     `json:"state"`
	Note     string     `json:"note"`
}

type planJSON struct {
	Made        cal.Date         `json:"made"`
	Invoices    []string         `json:"invoices"`
	Instalments []instalmentJSON `json:"instalments"`
	State       string           `json:"state"`
	Note        string           `json:"note"`
}

type instalmentJSON struct {
	Due    cal.Date   `json:"due"`
	Amount *moneyJSON `json:"amount"`
	Paid   *moneyJSON `json:"paid"`
}

type disputeJSON struct {
	Invoice string     `json:"invoice"`
	Amount  *moneyJSON `json:"amount"` // null is all of it
	Reason  string     `json:"reason"`
	Note    string     `json:"note"`
	Opened  cal.Date   `json:"opened"`
	Closed  cal.Date   `json:"closed,omitzero"`
	Outcome string     `json:"outcome"`
	Answer  string     `json:"answer"`
}

type replyJSON struct {
	On   cal.Date `json:"on"`
	Kind string   `json:"kind"`
	Note string   `json:"note"`
}

type agreementsJSON struct {
	Promises []promiseJSON `json:"promises"`
	Plans    []planJSON    `json:"plans"`
	Disputes []disputeJSON `json:"disputes"`
	Replies  []replyJSON   `json:"replies"`
}

func (b *builder) agreementsJSON() agreementsJSON {
	out := agreementsJSON{[]promiseJSON{}, []planJSON{}, []disputeJSON{}, []replyJSON{}}
	part := func(a money.Amount) *moneyJSON {
		if a.IsZero() {
			return nil
		}
		return jsonOf(a)
	}
	for _, p := range b.promises {
		out.Promises = append(out.Promises, promiseJSON{
			p.Made, p.For, part(p.Amount), full(b.numbers(p.Invoices)), string(p.State(b.Day, promiseGrace)), p.Note,
		})
	}
	for _, p := range b.plans {
		progress := p.Progress(b.Day)
		one := planJSON{p.Made, full(b.numbers(p.Invoices)), []instalmentJSON{}, string(progress.State), p.Note}
		for _, l := range progress.Lines {
			one.Instalments = append(one.Instalments, instalmentJSON{l.Due, jsonOf(l.Amount), jsonOf(l.Paid)})
		}
		out.Plans = append(out.Plans, one)
	}
	for _, d := range b.disputes {
		out.Disputes = append(out.Disputes, disputeJSON{
			b.number(d.Invoice), part(d.Amount), string(d.Reason), d.Note, d.Opened, d.Closed, string(d.Outcome),
			d.Closing,
		})
	}
	for _, r := range b.replies {
		out.Replies = append(out.Replies, replyJSON{r.On, string(r.Kind), r.Note})
	}
	return out
}
