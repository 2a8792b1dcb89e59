package handover

import (
	"context"
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/paper"
	"acquit/internal/reminder"
)

// Packet is a request for a payment order, filled from the books, and its exhibits in
// the order of their numbers.
type Packet struct {
	Letter   letter.Letter
	Exhibits []string
	Claimed  money.Amount
	Forms    []string // Cerfa forms that may be used instead
}

// maxListed bounds the reminders that a request names: the last ones say enough.
const maxListed = 12

// Request is the request for a payment order of a case that was studied, with what CPC
// 1407, 54 and 57 ask for: who asks whom, the precise amount with its breakdown and
// basis, the exhibits, date and signature; and the referral of CPC 1408. It is in French,
// the language of the courts. more are exhibits that other rooms know of. Nothing is
// sent: a person reads, signs and files it.
func Request(ctx context.Context, tx *db.Tx, s creditor.Scope, st Study, more []string) (Packet, error) {
	way, ok := st.Way(fr.RoutePaymentOrder)
	if !ok {
		return Packet{}, fault.Conflictf("une procédure collective est ouverte\u00a0: la créance se déclare, aucune injonction n’est possible")
	}
	q := request{Study: st, way: way}
	if err := q.read(ctx, tx, s); err != nil {
		return Packet{}, err
	}
	if q.total().Sign() <= 0 {
		return Packet{}, fault.Conflictf("rien d’échu et de non contesté à demander")
	}
	q.exhibits(more)
	return Packet{Letter: q.letter(), Exhibits: q.pieces, Claimed: q.total(), Forms: way.Forms}, nil
}

// Way is the way of that key, if the case has it.
func (st Study) Way(key fr.RouteKey) (fr.Route, bool) {
	for _, r := range st.Ways {
		if r.Key == key {
			return r, true
		}
	}
	return fr.Route{}, false
}

// request is what a letter to the court is made of.
type request struct {
	Study
	way       fr.Route
	creditor  creditor.Creditor
	documents map[string]ledger.Document
	reminders []reminder.Reminder
	pieces    []string
}

func (q *request) read(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if q.creditor, err = creditor.Find(ctx, tx, s); err != nil {
		return err
	}
	ids := make([]string, len(q.Invoices))
	for i, item := range q.Invoices {
		ids[i] = item.Document
	}
	q.documents = map[string]ledger.Document{}
	if len(ids) > 0 {
		found, err := ledger.Named(ctx, tx, s, ids...)
		if err != nil {
			return err
		}
		for _, d := range found {
			q.documents[d.ID] = d
		}
	}
	all, err := reminder.OfCustomer(ctx, tx, s, q.Customer.ID, 200)
	for _, r := range all {
		if r.State == reminder.Sent && len(q.reminders) < maxListed {
			q.reminders = append(q.reminders, r)
		}
	}
	return err
}

// asked are the items that are asked for: nothing of what is contested.
func (q *request) asked() []Item { return sure(q.Invoices, q.Disputed) }

func (q *request) sums() Sums {
	return Handover{Currency: q.Facts.Amount.Currency, Items: q.asked()}.Sums()
}

func (q *request) total() money.Amount { return q.sums().Total }

func (q *request) exhibits(more []string) {
	for _, i := range q.asked() {
		d := q.documents[i.Document]
		q.pieces = append(q.pieces, "Facture "+d.Number+" du "+d.Issued.Long("fr"))
	}
	q.pieces = append(q.pieces, "Décompte de la créance arrêté au "+q.Day.Long("fr"))
	for _, r := range q.reminders {
		q.pieces = append(q.pieces, "Relance du "+r.DoneOn.Long("fr")+" ("+channelsOf(r)+")")
	}
	q.pieces = append(q.pieces, more...)
	q.pieces = append(q.pieces, "Extrait Kbis du requérant de moins de trois mois")
}

func channelsOf(r reminder.Reminder) string {
	words := map[string]string{
		"email": "courriel", "letter": "lettre", "registered": "lettre recommandée", "call": "appel", "sms": "SMS",
		"dossier": "dossier",
	}
	var list []string
	for _, c := range r.Channels {
		if w, ok := words[string(c)]; ok {
			list = append(list, w)
		}
	}
	return strings.Join(list, ", ")
}

func (q *request) letter() letter.Letter {
	l := letter.Letter{
		Language: i18n.FR, On: q.Day.Time(), Title: "Requête en injonction de payer",
		Sender: lines(q.creditor.Name, q.creditor.Street, q.creditor.PostalCode+" "+q.creditor.City,
			q.creditor.Phone, q.creditor.Email),
		Recipient:  []string{"Monsieur ou Madame le président", court(q.way)},
		Dateline:   dateline(q.creditor, q.Day),
		References: []letter.Pair{{Label: "Notre référence", Value: q.Customer.Code}},
		Subject:    "Requête en injonction de payer (code de procédure civile, articles 1405 et suivants)",
		Legal:      paper.Legal(q.creditor),
	}
	l.Body = append(l.Body, q.parties()...)
	l.Body = append(l.Body, q.amounts()...)
	l.Body = append(l.Body, q.story()...)
	l.Body = append(l.Body, q.demand()...)
	return l
}

// court fits the window: what stands in brackets is for a person.
func court(way fr.Route) string {
	name, _, _ := strings.Cut(way.Court.FR, " (")
	return strings.ToUpper(name[:1]) + name[1:]
}

func dateline(c creditor.Creditor, day cal.Date) string {
	if c.City == "" {
		return "Le " + day.Long("fr")
	}
	return c.City + ", le " + day.Long("fr")
}

func (q *request) parties() []letter.Block {
	c, d := q.creditor, q.Customer
	return []letter.Block{
		{Heading: "Le requérant"},
		para(strings.Join(lines(c.Name, paper.Form(c), at("dont le siège est", place(c.Street, c.PostalCode, c.City)), registered(c)), ", ") +
			", représentée par son représentant légal ou la personne qu’il a habilitée, qui signe ci-dessous."),
		{Heading: "Le débiteur"},
		para(strings.Join(lines(d.Name, debtorNumber(d), at("demeurant ou établi", place(d.Street, d.PostalCode, d.City))), ", ") + "."),
	}
}

func registered(c creditor.Creditor) string {
	if c.SIREN == "" {
		return ""
	}
	return "immatriculée sous le numéro " + c.SIREN + strings.TrimRight(" ("+c.Register+")", " ()")
}

func debtorNumber(d customer.Customer) string {
	if d.SIREN == "" {
		return ""
	}
	return "SIREN " + d.SIREN
}

func place(street, code, city string) string {
	return strings.Join(lines(street, strings.TrimSpace(code+" "+city)), ", ")
}

// at is an address after its words, or nothing where none is known.
func at(words, address string) string {
	if address == "" {
		return ""
	}
	return words + " " + address
}

// lines are the texts that are not empty.
func lines(texts ...string) (list []string) {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			list = append(list, t)
		}
	}
	return list
}

func para(text string) letter.Block {
	return letter.Block{Paragraph: [][]letter.Span{{{Text: text}}}}
}

func (q *request) amounts() []letter.Block {
	t := &letter.Table{Columns: []letter.Column{
		{Head: "Facture", Weight: 2},
		{Head: "Émise le"},
		{Head: "Échue le"},
		{Head: "Montant TTC", Right: true},
		{Head: "Restant dû", Right: true},
		{Head: "Intérêts", Right: true},
		{Head: "Indemnité", Right: true},
	}}
	for _, a := range q.asked() {
		d := q.documents[a.Document]
		t.Rows = append(t.Rows, []string{
			d.Number, d.Issued.Numeric(), d.Due.Numeric(), d.Amount.Format("fr"), a.Principal.Format("fr"),
			a.Interest.Format("fr"), a.Indemnity.Format("fr"),
		})
	}
	sums := q.sums()
	t.Foot = []letter.Foot{
		{Label: "Principal", Value: sums.Principal.Format("fr")},
		{Label: "Intérêts arrêtés au " + q.Day.Numeric(), Value: sums.Interest.Format("fr")},
		{Label: "Indemnités forfaitaires de recouvrement", Value: sums.Indemnity.Format("fr")},
		{Label: "Total demandé", Value: sums.Total.Format("fr"), Strong: true},
	}
	return []letter.Block{{Heading: "Le montant demandé et son décompte"}, {Table: t}}
}

func (q *request) story() []letter.Block {
	blocks := []letter.Block{{Heading: "Le fondement de la créance"}}
	asked := q.asked()
	n := len(asked)
	text := fmt.Sprintf("La créance a une cause contractuelle et un montant déterminé (article 1405)\u00a0: %s le %s, "+
		"pour des biens livrés ou des prestations exécutées par le requérant (code civil, article 1103).",
		i18n.Plural(i18n.FR, n, "une facture échue", fmt.Sprintf("%d\u00a0factures dont la plus ancienne est échue", n)), asked[0].Due.Long("fr"))
	blocks = append(blocks, para(text))
	if basis := q.basis(); basis != "" {
		blocks = append(blocks, para(basis))
	}
	if q.Facts.Disputed.Sign() > 0 {
		blocks = append(blocks, para("Une part de "+q.Facts.Disputed.Format("fr")+
			" est contestée par le débiteur\u00a0; elle n’est pas comprise dans la présente demande."))
	}
	if len(q.reminders) > 0 {
		last := q.reminders[0]
		blocks = append(blocks, para("Le débiteur a été relancé, en dernier lieu le "+last.DoneOn.Long("fr")+
			", sans régler les sommes demandées."))
	}
	return blocks
}

// basis is on what interest and indemnity rest, by what the debtor is.
func (q *request) basis() string {
	sums := q.sums()
	if sums.Interest.IsZero() && sums.Indemnity.IsZero() {
		return ""
	}
	if q.Facts.Debtor == fr.Individual {
		return "Les intérêts courent au taux légal à compter de la mise en demeure (code civil, articles 1231-6 et 1344-1)."
	}
	return "Les pénalités de retard et l’indemnité forfaitaire sont dues de plein droit par un professionnel (code de commerce, " +
		"articles L441-10 II et D441-5)."
}

func (q *request) demand() []letter.Block {
	pieces := make([][]letter.Span, len(q.pieces))
	for i, p := range q.pieces {
		pieces[i] = []letter.Span{{Text: fmt.Sprintf("Pièce n° %d\u00a0: %s", i+1, p)}}
	}
	return []letter.Block{
		{Heading: "La demande"},
		para("Le requérant demande qu’il soit enjoint au débiteur de payer " + q.total().Format("fr") +
			", outre les intérêts à courir jusqu’au paiement et les dépens."),
		para("En cas d’opposition, il demande dès à présent que l’affaire soit renvoyée devant la juridiction compétente " +
			"(article 1408), soit\u00a0: " + q.way.Court.FR + "."),
		{Heading: "Les pièces jointes"},
		{Bullets: pieces},
		{Signature: &letter.Signature{Lines: lines(
			"Fait à "+orDots(q.creditor.City)+", le "+q.Day.Long("fr"),
			q.creditor.Name,
			"Nom, qualité et signature\u00a0:",
		)}},
	}
}

func orDots(s string) string {
	if s == "" {
		return "……………"
	}
	return s
}

// DeclarationLetter tells a partner of what came in directly and was not told yet, or,
// once all was told, of what was told on the last day.
func DeclarationLetter(
	ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover, day cal.Date,
) (letter.Letter, error) {
	c, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return letter.Letter{}, err
	}
	p, err := FindPartner(ctx, tx, s, h.Partner)
	if err != nil {
		return letter.Letter{}, err
	}
	who, err := customer.Find(ctx, tx, s, h.Customer)
	if err != nil {
		return letter.Letter{}, err
	}
	all, err := Receipts(ctx, tx, s, h)
	if err != nil {
		return letter.Letter{}, err
	}
	list := lastTold(all)
	if len(list) == 0 {
		return letter.Letter{}, fault.Conflictf("il n’y a rien à déclarer")
	}
	return letter.Letter{
		Language: i18n.FR, On: day.Time(), Title: "Déclaration d’encaissement",
		Sender:    lines(c.Name, c.Street, c.PostalCode+" "+c.City, c.Phone, c.Email),
		Recipient: lines(p.Name, p.Contact, p.Street, strings.TrimSpace(p.PostalCode+" "+strings.ToUpper(p.City))),
		Dateline:  dateline(c, day), Legal: paper.Legal(c),
		References: []letter.Pair{{Label: "Convention", Value: h.Mandate}, {Label: "Débiteur", Value: who.Name}},
		Subject:    "Sommes reçues directement sur un dossier qui vous est confié",
		Body: []letter.Block{
			para("Depuis que nous vous avons confié ce dossier, le " + h.HandedOn.Long("fr") +
				", nous avons reçu directement les sommes ci-dessous. Nous vous prions d’en tenir compte dans ce que vous réclamez."),
			{Table: declared(list, h.Currency)},
			para("Reste dû en principal à ce jour\u00a0: " + h.Sums().Open.Format("fr") + "."),
			{Signature: &letter.Signature{Lines: []string{c.Name}}},
		},
	}, nil
}

func lastTold(all []Receipt) []Receipt {
	if due := ToDeclare(all); len(due) > 0 {
		return due
	}
	var last cal.Date
	for _, r := range all {
		last = max(last, r.Declared)
	}
	var list []Receipt
	for _, r := range all {
		if !last.IsZero() && r.Declared == last {
			list = append(list, r)
		}
	}
	return list
}

func declared(list []Receipt, c money.Currency) *letter.Table {
	t := &letter.Table{Columns: []letter.Column{
		{Head: "Reçu le"},
		{Head: "Nature", Weight: 1},
		{Head: "Sur la facture", Weight: 1},
		{Head: "Montant", Right: true},
	}}
	for _, r := range list {
		what := "encaissement " + r.Credit
		if r.Kind == string(ledger.CreditNote) {
			what = "avoir " + r.Credit
		}
		t.Rows = append(t.Rows, []string{r.On.Numeric(), what, r.Invoice, r.Amount.Format("fr")})
	}
	t.Foot = []letter.Foot{{Label: "Total", Value: Sum(list, c).Format("fr"), Strong: true}}
	return t
}
