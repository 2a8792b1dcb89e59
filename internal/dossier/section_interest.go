package dossier

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"acquit/internal/charge"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/sheet"
)

const interestFolder = "12-interets"

// readCharges takes what being late has brought: of the claims, and of invoices
// paid without it. A rate that is not known leaves no statement, and says which.
func (b *books) readCharges(ctx context.Context, tx *db.Tx) error {
	account, err := charge.Of(ctx, tx, b.scope, b.Customer, b.Day)
	if missing, ok := errors.AsType[*fr.MissingRateError](err); ok {
		b.unstated = say(missing.Error(), missing.Error())
		return nil
	}
	if err != nil {
		return err
	}
	b.terms = account.Terms
	for _, l := range account.Lines {
		if l.Open.Sign() > 0 || l.Interest.Owed().Sign() > 0 || l.Indemnity.Owed().Sign() > 0 {
			b.charges = append(b.charges, l)
		}
	}
	return nil
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
	err := b.add(ManifestFile{
		Path: interestFolder + "/releve-interets.xlsx",
		What: "décompte des intérêts et indemnités",
	}, func(w io.Writer) error {
		return sheet.WriteXLSX(w, segments, totals)
	})
	if err != nil {
		return err
	}
	l, err := b.interestLetter(ctx, tx)
	if err != nil {
		return err
	}
	return b.add(ManifestFile{
		Path: interestFolder + "/releve-interets.pdf",
		What: "décompte des intérêts et indemnités",
	}, func(w io.Writer) error {
		if len(segments.Rows) > letterRows {
			return sheet.WritePDF(w, "fr", b.at, segments, totals)
		}
		return letter.Write(w, l)
	})
}

// letterRows is how many periods a letter holds; more are printed as a table.
const letterRows = 2000

// conventions are those of the computation.
func (b *builder) conventions() []string {
	first := "Un règlement paie d’abord les intérêts échus, puis le principal (C. civ. 1343-1)"
	if b.terms.Imputation == fr.PrincipalFirst {
		first = "Un règlement paie d’abord le principal, comme le contrat le prévoit (C. civ. 1343-1)"
	}
	return []string{
		French("Intérêts du lendemain de l’échéance au jour du règlement inclus, au taux de chaque semestre ou du contrat " +
			"(C. com. L441-10 II, CCP R2192-31, C. civ. 1231-6)."),
		French("Principal × taux × jours ÷ jours par an, arrondi une fois par période ; les périodes font le total."),
		French(first + " ; un avoir ne réduit que le principal. La part contestée ne porte pas d’intérêts tant que dure le litige."),
		French("Une indemnité de 40 € par facture, due par un professionnel ou un acheteur public (C. com. D441-5, CCP D2192-35)."),
	}
}

// interestLetter is the statement as a letter, for those who read paper.
func (b *builder) interestLetter(ctx context.Context, tx *db.Tx) (letter.Letter, error) {
	l, err := b.head(ctx, tx, "Décompte des intérêts de retard et indemnités : "+b.customer.Name)
	if err != nil {
		return l, err
	}
	periods := &letter.Table{Columns: []letter.Column{
		{Head: "Facture"},
		{Head: "Du"},
		{Head: "Au"},
		{Head: "Jours", Right: true},
		{Head: "Principal", Right: true},
		{Head: "Taux", Right: true},
		{Head: "Intérêts", Right: true},
	}}
	whole := &letter.Table{Columns: []letter.Column{
		{Head: "Facture"},
		{Head: "Reste\u00a0dû", Right: true},
		{Head: "Intérêts courus", Right: true},
		{Head: "Payés ou abandonnés", Right: true},
		{Head: "Intérêts dus", Right: true},
		{Head: "Indemnité due", Right: true},
	}}
	for _, c := range b.charges {
		for _, s := range c.Charges.Segments {
			periods.Rows = append(periods.Rows, []string{
				c.Invoice.Number, s.From.Numeric(), s.To.Numeric(), strconv.Itoa(s.Days()), i18n.FR.Amount(s.Principal),
				s.Rate.Format("fr"), i18n.FR.Amount(s.Interest),
			})
		}
		whole.Rows = append(whole.Rows, []string{
			c.Invoice.Number, i18n.FR.Amount(c.Open), i18n.FR.Amount(c.Interest.Computed),
			i18n.FR.Amount(given(c.Interest)), i18n.FR.Amount(c.Interest.Owed()), i18n.FR.Amount(c.Indemnity.Owed()),
		})
	}
	for _, total := range b.chargeTotals() {
		what, amount, _ := strings.Cut(total, " ")
		whole.Foot = append(whole.Foot, letter.Foot{Label: "Total des " + what, Value: amount, Strong: true})
	}
	l.Body = []letter.Block{
		paragraph("Arrêté au " + b.Day.Long("fr") + " inclus."),
		{Heading: "Période par période"},
		{Table: periods},
		{Heading: "Facture par facture"},
		{Table: whole},
		{Heading: "Conventions"},
	}
	var bullets [][]letter.Span
	for _, c := range b.conventions() {
		bullets = append(bullets, []letter.Span{{Text: c}})
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
		for _, s := range c.Charges.Segments {
			t.Rows = append(t.Rows, []any{
				c.Invoice.Number, c.Invoice.Due, s.From, s.To, s.Days(), s.Principal, s.Rate.Format("fr"),
				s.Base, s.Interest, string(s.Interest.Currency),
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
		Name:  "Totaux",
		Notes: b.conventions(),
		Columns: []string{
			"Facture", "Reste dû", "Intérêts courus", "Payés ou abandonnés", "Intérêts dus", "Indemnité due",
			"Devise", "Remarques",
		},
	}
	for _, c := range b.charges {
		var said []string
		for _, f := range c.Findings {
			said = append(said, f.Text.FR+" ("+f.Source+")")
		}
		t.Rows = append(t.Rows, []any{
			c.Invoice.Number, c.Open, c.Interest.Computed, given(c.Interest), c.Interest.Owed(), c.Indemnity.Owed(),
			string(c.Open.Currency), strings.Join(said, " ; "),
		})
	}
	return t
}

// given is what of a charge was paid, or given up by the creditor.
func given(s charge.Sum) money.Amount { return s.Settled.Add(s.Waived).Add(s.Forgone) }

// chargeTotals are the sums of interest and of indemnities still owed, in words.
func (b *builder) chargeTotals() (list []string) {
	interest, indemnity := map[money.Currency]money.Amount{}, map[money.Currency]money.Amount{}
	for _, c := range b.charges {
		i, f := c.Interest.Owed(), c.Indemnity.Owed()
		interest[i.Currency] = i.Add(interest[i.Currency])
		indemnity[f.Currency] = f.Add(indemnity[f.Currency])
	}
	for _, c := range currencies(interest) {
		list = append(list, "intérêts "+i18n.FR.Amount(interest[c]))
	}
	for _, c := range currencies(indemnity) {
		if !indemnity[c].IsZero() {
			list = append(list, "indemnités "+i18n.FR.Amount(indemnity[c]))
		}
	}
	return list
}
