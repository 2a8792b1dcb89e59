package dossier

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/notice"
	"acquit/internal/sheet"
	"acquit/internal/statute"
)

const interestFolder = "12-interets"

// charged is an invoice with what its being late has brought by the day.
type charged struct {
	ledger.Document
	fr.Charges
}

// debtors are what the law sees in customers.
var debtors = map[customer.Kind]law.Debtor{
	customer.Business: law.Business, customer.Consumer: law.Consumer, customer.Public: law.Public,
}

// readCharges works out interest and indemnity of each claim. A rate that is not
// known leaves no statement, and says which.
func (b *books) readCharges(ctx context.Context, tx *db.Tx) error {
	french, err := statute.Load(ctx, tx, b.scope)
	if err != nil {
		return err
	}
	served, err := notice.Served(ctx, tx, b.scope, b.Customer)
	if err != nil {
		return err
	}
	seen := map[string]bool{} // one indemnity an invoice, whatever its due dates (C. com. D441-5)
	for _, d := range b.claims() {
		if d.Due.IsZero() || d.Due >= b.Day || b.customer.Kind == customer.Consumer && served[d.ID] == 0 {
			continue
		}
		charges, err := french.Interest(fr.Claim{
			Debtor: debtors[b.customer.Kind], Amount: d.Amount, Due: d.Due, Until: b.Day, Notice: served[d.ID],
			Insolvent: b.customer.InsolventOn, Movements: b.movements(d.ID),
		})
		if missing, ok := errors.AsType[*fr.MissingRateError](err); ok {
			b.unstated = say(missing.Error(), missing.Error())
			b.charges = nil
			return nil
		}
		if err != nil {
			return err
		}
		if seen[d.Number] {
			charges.Indemnity = money.Zero(money.EUR)
		}
		seen[d.Number] = true
		b.charges = append(b.charges, charged{d, charges})
	}
	return nil
}

// movements are what was set against an invoice by the day; what was undone never
// happened.
func (b *books) movements(invoice string) (list []fr.Movement) {
	undone := map[string]bool{}
	for _, a := range b.links {
		if a.Reverses != "" && a.On <= b.Day {
			undone[a.Reverses], undone[a.ID] = true, true
		}
	}
	for _, a := range b.links {
		if a.Invoice == invoice && a.On <= b.Day && !undone[a.ID] {
			list = append(list, fr.Movement{On: a.On, Amount: a.Amount,
				Credit: b.kindOf(a.Credit) == ledger.CreditNote})
		}
	}
	return list
}

// writeInterest writes the statement of interest and indemnities: each period with
// its rate and principal, so that it can be worked out again by hand.
func (b *builder) writeInterest(ctx context.Context, tx *db.Tx) error {
	switch {
	case b.unstated.FR != "":
		b.nothing(interestFolder, b.unstated.FR)
		return nil
	case len(b.charges) == 0:
		b.nothing(interestFolder, "ni intérêts ni indemnité à ce jour")
		return nil
	}
	segments, totals := b.segmentSheet(), b.chargeSheet()
	b.remark(interestFolder, "décompte figé au %s : %s", b.Day.Long("fr"), strings.Join(b.chargeTotals(), ", "))
	err := b.add(ManifestFile{Path: interestFolder + "/releve-interets.xlsx",
		What: "décompte des intérêts et indemnités"}, func(w io.Writer) error {
		return sheet.WriteXLSX(w, segments, totals)
	})
	if err != nil {
		return err
	}
	l, err := b.interestLetter(ctx, tx)
	if err != nil {
		return err
	}
	return b.add(ManifestFile{Path: interestFolder + "/releve-interets.pdf",
		What: "décompte des intérêts et indemnités"}, func(w io.Writer) error {
		if len(segments.Rows) > letterRows {
			return sheet.WritePDF(w, "fr", b.at, segments, totals)
		}
		return letter.Write(w, l)
	})
}

// letterRows is how many periods a letter holds; more are printed as a table.
const letterRows = 2000

// conventions are those of the computation.
var conventions = []string{
	"Intérêts du lendemain de l’échéance au jour du règlement inclus, au taux de chaque semestre (C. com. L441-10 II, CCP R2192-31, C. civ. 1231-6).",
	"Principal × taux × jours ÷ jours par an, arrondi une fois par période ; les périodes font le total.",
	"Un règlement paie d’abord les intérêts échus, puis le principal (C. civ. 1343-1) ; un avoir ne réduit que le principal.",
	"Une indemnité de 40 € par facture, due par un professionnel ou un acheteur public (C. com. D441-5, CCP D2192-35).",
}

// interestLetter is the statement as a letter, for those who read paper.
func (b *builder) interestLetter(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
	l, err := b.head(ctx, tx, "Décompte des intérêts de retard et indemnités : "+b.customer.Name)
	if err != nil {
		return l, err
	}
	periods := &letter.Table{Columns: []letter.Column{
		{Head: "Facture"}, {Head: "Du"}, {Head: "Au"}, {Head: "Jours", Right: true}, {Head: "Principal", Right: true},
		{Head: "Taux", Right: true}, {Head: "Intérêts", Right: true},
	}}
	whole := &letter.Table{Columns: []letter.Column{
		{Head: "Facture"}, {Head: "Reste\u00a0dû", Right: true}, {Head: "Intérêts", Right: true},
		{Head: "Indemnité", Right: true},
	}}
	for _, c := range b.charges {
		for _, s := range c.Segments {
			periods.Rows = append(periods.Rows, []string{
				c.Number, s.From.Numeric(), s.To.Numeric(), strconv.Itoa(s.Days()), i18n.FR.Amount(s.Principal),
				s.Rate.Format("fr"), i18n.FR.Amount(s.Interest),
			})
		}
		whole.Rows = append(whole.Rows, []string{c.Number, i18n.FR.Amount(c.Open), i18n.FR.Amount(c.Interest),
			i18n.FR.Amount(c.Indemnity)})
	}
	for _, total := range b.chargeTotals() {
		what, amount, _ := strings.Cut(total, " ")
		whole.Foot = append(whole.Foot, letter.Foot{Label: "Total des " + what, Value: amount, Strong: true})
	}
	l.Body = []letter.Block{
		paragraph("Arrêté au " + b.Day.Long("fr") + " inclus."), {Heading: "Période par période"}, {Table: periods},
		{Heading: "Facture par facture"}, {Table: whole}, {Heading: "Conventions"},
	}
	var bullets [][]letter.Span
	for _, c := range conventions {
		bullets = append(bullets, []letter.Span{{Text: French(c)}})
	}
	l.Body = append(l.Body, letter.Block{Bullets: bullets})
	return l, nil
}

func (b *builder) segmentSheet() sheet.Sheet {
	t := sheet.Sheet{
		Name: "Intérêts",
		Notes: []string{French("Intérêts de retard : " + b.customer.Name), "Arrêtés au " + b.Day.Long("fr") +
			" inclus"},
		Columns: []string{
			"Facture", "Échéance", "Du", "Au", "Jours", "Principal", "Taux", "Jours par an", "Intérêts", "Devise",
		},
	}
	sums := map[money.Currency]money.Amount{}
	for _, c := range b.charges {
		for _, s := range c.Segments {
			t.Rows = append(t.Rows, []any{
				c.Number, c.Due, s.From, s.To, s.Days(), s.Principal, s.Rate.Format("fr"), s.Base, s.Interest,
				string(s.Interest.Currency),
			})
			sums[s.Interest.Currency] = s.Interest.Add(sums[s.Interest.Currency])
		}
	}
	for _, c := range currencies(sums) {
		t.Totals = append(t.Totals, []any{"Total", nil, nil, nil, nil, nil, nil, nil, sums[c], string(c)})
	}
	return t
}

// chargeSheet is what each invoice comes to, with the conventions that were used.
func (b *builder) chargeSheet() sheet.Sheet {
	t := sheet.Sheet{
		Name:    "Totaux",
		Notes:   french(conventions),
		Columns: []string{"Facture", "Reste dû", "Intérêts", "Indemnité forfaitaire", "Total", "Devise"},
	}
	for _, c := range b.charges {
		row := []any{c.Number, c.Open, c.Interest, c.Indemnity, nil, string(c.Open.Currency)}
		if c.Indemnity.Currency == c.Open.Currency {
			row[4] = c.Open.Add(c.Interest).Add(c.Indemnity)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func french(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = French(s)
	}
	return out
}

// chargeTotals are the sums of interest and of indemnities, in words.
func (b *builder) chargeTotals() (list []string) {
	interest, indemnity := map[money.Currency]money.Amount{}, map[money.Currency]money.Amount{}
	for _, c := range b.charges {
		interest[c.Interest.Currency] = c.Interest.Add(interest[c.Interest.Currency])
		if !c.Indemnity.IsZero() {
			indemnity[c.Indemnity.Currency] = c.Indemnity.Add(indemnity[c.Indemnity.Currency])
		}
	}
	for _, c := range currencies(interest) {
		list = append(list, "intérêts "+i18n.FR.Amount(interest[c]))
	}
	for _, c := range currencies(indemnity) {
		list = append(list, "indemnités "+i18n.FR.Amount(indemnity[c]))
	}
	return list
}
