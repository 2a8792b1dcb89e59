package insolvency

import (
	"context"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/statute"
)

// Letter is the declaration of claim of a case as of a day: registered, to the office,
// with what C. com. L622-25 and R622-23 ask for. The office reads French; English is
// for who signs.
func Letter(
	ctx context.Context, tx *db.Tx, s creditor.Scope, id string, lang i18n.Lang, day cal.Date,
) (letter.Letter, error) {
	c, err := Find(ctx, tx, s, id)
	if err != nil {
		return letter.Letter{}, err
	}
	if c.Office.Name == "" {
		return letter.Letter{}, &fault.Invalid{
			Field: "office", Message: "à qui adresser la déclaration ?",
			Mend: "noter le nom et l’adresse du " + c.Kind.Title("fr") + ", que le jugement désigne",
		}
	}
	claimed, err := Amounts(ctx, tx, s, c)
	if err != nil {
		return letter.Letter{}, err
	}
	if len(claimed.Lines) == 0 {
		return letter.Letter{}, fault.Conflictf("rien n’était dû avant le jugement\u00a0: il n’y a rien à déclarer")
	}
	d := declaration{c: c, claimed: claimed, lang: lang}
	if d.who, err = customer.Find(ctx, tx, s, c.Customer); err != nil {
		return letter.Letter{}, err
	}
	if d.own, err = creditor.Find(ctx, tx, s); err != nil {
		return letter.Letter{}, err
	}
	law, err := statute.Load(ctx, tx, s)
	if err != nil {
		return letter.Letter{}, err
	}
	if d.deadlines, err = c.Deadlines(law, day); err != nil {
		return letter.Letter{}, err
	}
	l, err := paper.Head(ctx, tx, s, c.Customer, day)
	if err != nil {
		return l, err
	}
	l.Below = nil // it goes to no debtor
	return d.write(l), nil
}

// declaration is a declaration being written.
type declaration struct {
	c         Case
	claimed   Claimed
	who       customer.Customer
	own       creditor.Creditor
	lang      i18n.Lang
	deadlines []Deadline
	body      []letter.Block
}

func (d *declaration) say(fr, en string) string { return i18n.Words{FR: fr, EN: en}.In(d.lang) }

func (d *declaration) para(text string) {
	d.body = append(d.body, letter.Block{Paragraph: [][]letter.Span{{{Text: text}}}})
}

func (d *declaration) heading(text string) { d.body = append(d.body, letter.Block{Heading: text}) }

func (d *declaration) bullets(list ...string) {
	var all [][]letter.Span
	for _, s := range list {
		all = append(all, []letter.Span{{Text: s}})
	}
	d.body = append(d.body, letter.Block{Bullets: all})
}

func (d *declaration) write(l letter.Letter) letter.Letter {
	o := d.c.Office
	l.Language = d.lang
	l.Recipient = nil
	for _, line := range []string{
		o.Name, capital(d.c.Kind.Title(i18n.FR)), o.Street,
		strings.TrimSpace(o.PostalCode + " " + strings.ToUpper(o.City)),
	} {
		if line != "" {
			l.Recipient = append(l.Recipient, line)
		}
	}
	l.Mention = d.say("Lettre recommandée avec avis de réception", "Registered letter with acknowledgment of receipt")
	l.Subject = d.say("Déclaration de créance\u00a0: ", "Declaration of claim: ") + d.who.Name + ", " +
		d.c.Kind.In(d.lang)
	l.Title = l.Subject
	l.References = append(l.References, d.references()...)
	d.opening()
	d.table()
	d.totals()
	d.grounds()
	d.closing()
	l.Body = d.body
	return l
}

func (d *declaration) references() (list []letter.Pair) {
	if d.who.SIREN != "" {
		list = append(list, letter.Pair{Label: d.say("SIREN du débiteur", "Debtor’s SIREN"), Value: d.who.SIREN})
	}
	if d.c.Court != "" {
		list = append(list, letter.Pair{Label: d.say("Tribunal", "Court"), Value: d.c.Court})
	}
	return list
}

func (d *declaration) opening() {
	d.para(d.say("Maître,", "Dear Sir or Madam,"))
	published := ""
	if !d.c.Published.IsZero() {
		published = d.say(", publié au BODACC le "+d.c.Published.Long("fr"),
			", published in the BODACC on "+d.c.Published.Long("en"))
	}
	d.para(d.say(
		"Par jugement du "+d.c.Judgment.Long("fr")+published+", une procédure de "+d.c.Kind.In("fr")+
			" a été ouverte\u00a0; elle vise "+
			d.who.Name+". Conformément aux articles L622-24, L622-25 et R622-23 du code de commerce, nous déclarons entre vos mains "+
			"la créance que détient "+d.own.Name+", arrêtée au jour de ce jugement, les intérêts ayant cessé de courir la veille "+
			"(C. com. art. L622-28).",
		"By judgment of "+d.c.Judgment.Long("en")+published+", a procedure of "+d.c.Kind.In("en")+
			" was opened against "+d.who.Name+
			". Under articles L622-24, L622-25 and R622-23 of the French Commercial Code, we declare to you the claim of "+d.own.Name+
			", drawn up on the day of that judgment, interest having stopped the day before (art. L622-28).",
	))
}

func (d *declaration) table() {
	t := &letter.Table{Columns: []letter.Column{
		{Head: d.say("Facture", "Invoice"), Weight: 1},
		{Head: d.say("Émise le", "Issued")},
		{Head: d.say("Échéance", "Due")},
		{Head: d.say("Principal TTC", "Principal incl. VAT"), Right: true},
		{Head: d.say("Intérêts", "Interest"), Right: true},
		{Head: d.say("Indemnité", "Indemnity"), Right: true},
	}}
	for _, l := range d.claimed.Lines {
		due := l.Due.Numeric()
		if l.Coming {
			due += d.say(" (à échoir)", " (to come)")
		}
		t.Rows = append(t.Rows, []string{
			l.Number, l.Issued.Numeric(), strings.TrimSpace(due), d.lang.Amount(l.Open), d.amount(l.Interest),
			d.amount(l.Indemnity),
		})
	}
	d.body = append(d.body, letter.Block{Table: t})
}

// amount leaves out what is nothing.
func (d *declaration) amount(a money.Amount) string {
	if a.IsZero() {
		return "–"
	}
	return d.lang.Amount(a)
}

// totals are what is declared: due on the day of the judgment, to come, interest and
// indemnity apart.
func (d *declaration) totals() {
	for _, sum := range d.claimed.Sums {
		t := &letter.Table{Columns: []letter.Column{
			{Head: d.say("Créance déclarée", "Claim declared"), Weight: 1},
			{Head: string(sum.Total.Currency), Right: true},
		}}
		row := func(a money.Amount, fr, en string) {
			if !a.IsZero() {
				t.Rows = append(t.Rows, []string{d.say(fr, en), d.lang.Amount(a)})
			}
		}
		row(sum.Due, "Principal échu au jour du jugement", "Principal due on the day of the judgment")
		row(sum.Coming, "Principal à échoir, aux dates du tableau", "Principal to fall due, on the days of the table")
		row(sum.Interest, "Intérêts de retard jusqu’à la veille du jugement (C. com. art. L441-10 II)",
			"Late interest until the day before the judgment (art. L441-10 II)")
		row(sum.Indemnity, "Indemnité forfaitaire, par facture échue avant le jugement (C. com. art. D441-5)",
			"Fixed compensation, for each invoice due before the judgment (art. D441-5)")
		row(sum.Credits.Neg(), "Avoirs et règlements non affectés, à déduire", "Credits and payments not allocated, to be taken off")
		t.Foot = []letter.Foot{{Label: "Total", Value: d.lang.Amount(sum.Total), Strong: true}}
		d.body = append(d.body, letter.Block{Table: t})
		if sum.Total.Currency != money.EUR {
			d.para(d.say(
				"Cette somme est à convertir en euros au cours du change du jour du jugement (C. com. art. L622-25).",
				"This sum is to be converted into euros at the rate of the day of the judgment (art. L622-25)."))
		}
	}
}

// grounds are the sureties, the basis of interest and the exhibits (R622-23).
func (d *declaration) grounds() {
	securities := d.c.Securities
	if securities == "" {
		securities = d.say("aucune\u00a0; créance chirographaire", "none; ordinary claim")
	}
	lines := []string{
		d.say("Sûretés et privilèges\u00a0: ", "Sureties and privileges: ") + securities + ".",
		d.say(
			"Intérêts\u00a0: taux de l’article L441-10 II du code de commerce, du lendemain de chaque échéance à la veille du jugement.",
			"Interest: at the rate of article L441-10 II of the French Commercial Code, from the day after each due date to the day before the judgment.",
		),
		d.say("Aucune instance n’est en cours sur ces créances, sauf mention contraire ci-dessous.",
			"No action is pending on these claims, unless said otherwise below."),
	}
	if d.c.Retention {
		lines = append(lines, d.say(
			"Les biens ont été vendus sous réserve de propriété\u00a0: leur revendication est faite séparément (C. com. art. L624-9 et L624-16).",
			"The goods were sold under retention of title: they are claimed apart (art. L624-9 and L624-16)."))
	}
	if d.c.Note != "" {
		lines = append(lines, d.c.Note)
	}
	d.heading(d.say("Fondement et garanties", "Grounds and sureties"))
	d.bullets(lines...)
	d.heading(d.say("Pièces jointes", "Exhibits"))
	numbers := make([]string, len(d.claimed.Lines))
	for i, l := range d.claimed.Lines {
		numbers[i] = l.Number
	}
	d.bullets(
		d.say("factures ", "invoices ")+strings.Join(numbers, ", "),
		d.say("bons de commande, bons de livraison ou contrats correspondants", "the orders, delivery notes or contracts behind them"),
		d.say("conditions générales de vente, décompte des intérêts", "terms of sale, statement of interest"),
		d.say("pouvoir spécial du signataire, s’il n’est ni représentant légal ni préposé (C. com. art. L622-24)",
			"special power of who signs, unless a legal representative or an employee (art. L622-24)"),
	)
}

func (d *declaration) closing() {
	d.para(d.say(
		"Nous certifions sincère la présente déclaration de créance (C. com. art. R622-23).",
		"We certify that this declaration of claim is true (art. R622-23)."))
	for _, dl := range d.deadlines {
		if dl.Act == LiftForeclosure {
			d.para(d.say(
				"Le délai de déclaration étant passé, une requête en relevé de forclusion est adressée au juge-commissaire (C. com. art. L622-26).",
				"The time to declare being over, a request to be relieved of foreclosure is made to the supervising judge (art. L622-26)."))
		}
	}
	d.para(d.say(
		"Nous vous prions d’agréer, Maître, l’expression de nos salutations distinguées.", "Yours faithfully,"))
	d.body = append(d.body, letter.Block{Signature: &letter.Signature{Lines: []string{
		d.own.Name, d.say("Nom, qualité et signature", "Name, capacity and signature"),
	}}})
}

func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}
