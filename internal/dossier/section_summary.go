package dossier

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
)

// The bounds of the summary: it is read in minutes, the rest is in the tables.
const (
	summaryClaims = 40
	summaryEvents = 60
)

// writeSummary writes the first page that a reader opens: who, what, what was
// done, what is missing, and where everything is.
func (b *builder) writeSummary(ctx context.Context, tx *db.Tx) error {
	l, err := b.head(ctx, tx, "Dossier de recouvrement : "+b.creditor.Name+" contre "+b.customer.Name)
	if err != nil {
		return err
	}
	for _, part := range [][]letter.Block{
		b.opening(), b.parties(), b.claimTable(), b.history(), b.missing(), b.contents(), closing(),
	} {
		l.Body = append(l.Body, part...)
	}
	return b.add(ManifestFile{Path: "00-synthese.pdf", What: "synthèse du dossier"}, func(w io.Writer) error {
		return letter.Write(w, l)
	})
}

// head is a letter of the creditor to whoever receives the dossier.
func (b *builder) head(ctx context.Context, tx *db.Tx, subject string) (letter.Letter, error) {
	l, err := paper.Head(ctx, tx, b.scope, b.Customer, b.Day)
	l.Language, l.On, l.Below = i18n.FR, b.at, nil
	l.Dateline = strings.TrimPrefix(b.creditor.City+", le "+b.Day.Long("fr"), ", ")
	l.Recipient = lines(b.manifest.Recipient)
	l.References = []letter.Pair{{Label: "Notre référence", Value: b.customer.Code}, {
		Label: "Dossier arrêté au",
		Value: b.Day.Long("fr"),
	}}
	l.Subject = French(subject)
	l.Title = l.Subject
	return l, err
}

// lines are the lines of an address, without the empty ones.
func lines(s string) []string {
	return slices.DeleteFunc(strings.Split(strings.ReplaceAll(s, ", ", "\n"), "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
}

func paragraph(lines ...string) letter.Block {
	p := letter.Block{}
	for _, l := range lines {
		p.Paragraph = append(p.Paragraph, []letter.Span{{Text: French(l)}})
	}
	return p
}

func heading(s string) letter.Block { return letter.Block{Heading: French(s)} }

func (b *builder) opening() []letter.Block {
	text := "Ce dossier réunit ce que " + b.creditor.Name + " détient sur sa créance envers " + b.customer.Name +
		". Il est complet à " + strconv.Itoa(b.complete.Percent) + " % d’après la liste des quatorze pièces qu’une agence, un " +
		"commissaire de justice ou un tribunal demande."
	if len(b.facts.Claims) == 0 {
		text = "Aucune facture n’est ouverte au " + b.Day.Long("fr") + " : ce dossier ne réclame rien et rend compte du passé."
	}
	return []letter.Block{paragraph(text)}
}

// identity is a party in a few lines.
func identity(name, form, street, code, city, siren, vat string) []string {
	list := []string{name}
	if form != "" {
		list[0] += ", " + form
	}
	if place := strings.TrimSpace(code + " " + city); street != "" || place != "" {
		list = append(list, strings.Trim(street+", "+place, ", "))
	}
	if siren != "" {
		list = append(list, "SIREN "+siren)
	}
	if vat != "" {
		list = append(list, "TVA "+vat)
	}
	return list
}

func (b *builder) parties() []letter.Block {
	c, d := b.creditor, b.customer
	us := identity("Créancier : "+c.Name, paper.Form(c), c.Street, c.PostalCode, c.City, strings.TrimSpace(c.SIREN+" "+c.Register), c.VATID)
	them := identity("Débiteur : "+d.Name, d.Kind.In(i18n.FR), d.Street, d.PostalCode, d.City, d.SIREN, d.VATID)
	for _, x := range b.contacts[:min(len(b.contacts), 3)] {
		them = append(them, contactLine(x))
	}
	if !d.InsolventOn.IsZero() {
		them = append(them, "Procédure collective depuis le "+d.InsolventOn.Long("fr")+" (C. com. L622-21) : la créance se déclare.")
	}
	return []letter.Block{heading("Les parties"), paragraph(us...), paragraph(them...)}
}

func contactLine(x customer.Contact) string {
	parts := []string{"Contact : " + strings.Join(strings.Fields(x.Civility+" "+x.FirstName+" "+x.LastName), " "), roleWords[x.Role], x.Phone, x.Email}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// claimTable is what is claimed, invoice by invoice, with its totals.
func (b *builder) claimTable() []letter.Block {
	claims := b.claims()
	if len(claims) == 0 {
		return nil
	}
	t := &letter.Table{Columns: []letter.Column{
		{Head: "Facture"},
		{Head: "Date"},
		{Head: "Échéance"},
		{Head: "Retard", Right: true},
		{
			Head:  "Montant",
			Right: true,
		},
		{Head: "Réglé", Right: true},
		{Head: "Reste\u00a0dû", Right: true},
	}}
	sums := map[money.Currency]money.Amount{}
	var order []money.Currency
	for i, d := range claims {
		if _, ok := sums[d.Open.Currency]; !ok {
			order = append(order, d.Open.Currency)
		}
		sums[d.Open.Currency] = d.Open.Add(sums[d.Open.Currency])
		if i < summaryClaims {
			t.Rows = append(t.Rows, b.claimRow(d))
		}
	}
	for _, c := range order {
		t.Foot = append(t.Foot, letter.Foot{
			Label: "Principal restant dû", Value: i18n.FR.Amount(sums[c]),
			Strong: true,
		})
	}
	list := []letter.Block{heading("La créance"), {Table: t}}
	if len(b.charges) > 0 {
		list = append(list, paragraph("S’y ajoutent, au "+b.Day.Long("fr")+" : "+strings.Join(b.chargeTotals(), ", ")+
			". Le calcul, période par période, est dans "+interestFolder+"."))
	}
	if b.unstated.FR != "" {
		list = append(list, paragraph("Les intérêts de retard ne sont pas calculés : "+b.unstated.FR+"."))
	}
	if n := len(claims) - summaryClaims; n > 0 {
		list = append(list, paragraph(i18n.FR.Int(n)+" autres factures sont dans 02-creances.xlsx ; le total les compte."))
	}
	return list
}

func (b *builder) claimRow(d ledger.Document) []string {
	due, late := "", ""
	if !d.Due.IsZero() {
		due, late = d.Due.Numeric(), strconv.Itoa(max(0, aging.Age(d.Due, b.Day)))+" j"
	}
	return []string{
		d.Number, d.Issued.Numeric(), due, French(late), d.Amount.Number("fr"), d.Amount.Sub(d.Open).Number("fr"),
		d.Open.Number("fr"),
	}
}

// event is a line of the history.
type event struct {
	on   cal.Date
	text string
}

// history is what was done and said, oldest first; the newest where there is much.
func (b *builder) history() []letter.Block {
	events := b.events()
	slices.SortStableFunc(events, func(x, y event) int { return x.on.Sub(y.on) })
	list := []letter.Block{heading("Ce qui a été fait")}
	if len(events) == 0 {
		return append(list, paragraph("Aucune relance, aucun échange, aucun règlement n’est enregistré."))
	}
	if n := len(events) - summaryEvents; n > 0 {
		list = append(list,
			paragraph("Les "+strconv.Itoa(summaryEvents)+" derniers faits ; "+i18n.FR.Int(n)+
				" plus anciens sont dans les tableaux."))
		events = events[n:]
	}
	t := &letter.Table{Columns: []letter.Column{{Head: "Date"}, {Head: "Fait", Weight: 1}}}
	for _, e := range events {
		t.Rows = append(t.Rows, []string{e.on.Numeric(), French(e.text)})
	}
	return append(list, letter.Block{Table: t})
}

func (b *builder) missing() []letter.Block {
	list := []letter.Block{heading("Ce qui manque")}
	var bullets [][]letter.Span
	for _, l := range b.complete.Missing() {
		bullets = append(bullets, []letter.Span{
			{Text: l.Title.FR, Strong: true},
			{Text: French(" : " + l.Says.FR + " ; " + strconv.Itoa(l.Weight-l.Earned) + " points sur " +
				strconv.Itoa(b.complete.Weight) + ", car " + l.Why.FR + ".")},
		})
	}
	if len(bullets) == 0 {
		return append(list, paragraph("Rien : toutes les pièces que la liste demande pour cette créance sont là."))
	}
	return append(list, letter.Block{Bullets: bullets})
}

func (b *builder) contents() []letter.Block {
	t := &letter.Table{Columns: []letter.Column{{Head: "Partie"}, {Head: "Contenu", Weight: 1}}}
	for _, r := range sorted(b.remarks) {
		t.Rows = append(t.Rows, []string{r.folder, r.text})
	}
	list := []letter.Block{heading("Ce que contient le dossier"), {Table: t}}
	if len(b.absent) > 0 {
		list = append(list, paragraph("Sans contenu : "+b.without()+"."))
	}
	return list
}

// without are the parts that are not there.
func (b *builder) without() string {
	var list []string
	for _, r := range sorted(b.absent) {
		list = append(list, r.folder+" ("+r.text+")")
	}
	return strings.Join(list, ", ")
}

// sorted are remarks in the order of the folders.
func sorted(list []remark) []remark {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y remark) int { return strings.Compare(x.folder, y.folder) })
	return list
}

func closing() []letter.Block {
	return []letter.Block{paragraph("Chaque fichier a son empreinte SHA-256 dans SHA256SUMS et MANIFEST.json. LISEZ-MOI.txt dit comment " +
		"tout vérifier sans Acquit. Ce dossier calcule et cite ; il ne donne pas de conseil juridique.")}
}
