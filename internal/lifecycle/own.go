package lifecycle

import (
	"cmp"
	"context"
	"slices"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Declaration is one message « Encaissée » (212) that is due: what came in for an
// invoice on a day, or went back.
type Declaration struct {
	Document string
	Customer string
	Number   string
	On       cal.Date
	Rates    []Sum
	Total    money.Amount

	shares []share
}

// Sum is what came in at one rate, VAT included.
type Sum struct {
	Rate   int // hundredths of a percent
	Amount money.Amount
}

// Problem is why something of an invoice cannot be declared, in French.
type Problem struct {
	Document string
	Customer string
	Number   string
	Amount   money.Amount
	Text     string
	Mend     string
}

// desk is what the messages of a creditor are written with.
type desk struct {
	tx     *db.Tx
	scope  creditor.Scope
	seller creditor.Creditor
	values setting.Values
	now    ingest.Moment
}

func open(ctx context.Context, tx *db.Tx, s creditor.Scope) (*desk, error) {
	c, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return nil, err
	}
	now := tx.Now.In(setting.TimeZone.In(v)).Truncate(time.Second)
	return &desk{tx, s, c, v, ingest.MomentOf(now)}, nil
}

// Due is what would be declared now, and what cannot be and why. It changes
// nothing.
func Due(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Declaration, []Problem, error) {
	k, err := open(ctx, tx, s)
	if err != nil {
		return nil, nil, err
	}
	due, _, problems, err := k.due(ctx, "")
	return slices.DeleteFunc(due, Declaration.isNil), problems, err
}

// Declare writes the messages that are due, of one invoice or of all, each
// allocation once: they are ready to be sent. It needs Work.
func Declare(ctx context.Context, tx *db.Tx, s creditor.Scope, document string) ([]Message, []Problem, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, nil, err
	}
	if err := tx.Lock(ctx, "lifecycle/"+s.Creditor); err != nil {
		return nil, nil, err
	}
	k, err := open(ctx, tx, s)
	if err != nil {
		return nil, nil, err
	}
	due, netted, problems, err := k.due(ctx, document)
	if err != nil {
		return nil, problems, err
	}
	for _, n := range netted {
		if err := insertCollected(ctx, tx, s, n.document, "", share{Allocation: n.allocation}); err != nil {
			return nil, problems, err
		}
	}
	var list []Message
	for _, d := range due {
		if d.isNil() {
			if err := k.collected(ctx, d, ""); err != nil {
				return list, problems, err
			}
			continue
		}
		m, err := k.declare(ctx, d)
		if err != nil {
			return list, problems, err
		}
		list = append(list, m)
	}
	return list, problems, nil
}

// due works out what is to be declared, by invoice and day.
func (k *desk) due(
	ctx context.Context, document string,
) (all []Declaration, netted []nettedOut, problems []Problem, err error) {
	found, err := receiptsDue(ctx, k.tx, k.scope, document)
	if err != nil || len(found) == 0 {
		return nil, nil, nil, err
	}
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	docs, err := ledger.WithIDs(ctx, k.tx, k.scope, ids)
	if err != nil {
		return nil, nil, nil, err
	}
	known, err := ElectronicOf(ctx, k.tx, k.scope, docs)
	if err != nil {
		return nil, nil, nil, err
	}
	slices.SortFunc(docs, func(a, b ledger.Document) int {
		return cmp.Or(cmp.Compare(a.Issued, b.Issued), cmp.Compare(a.ID, b.ID))
	})
	for _, d := range docs {
		if !declares(known[d.ID], d.Issued, setting.LifecycleCollected.In(k.values)) {
			continue
		}
		list, out, problem, err := k.dueOf(ctx, d, known[d.ID], found[d.ID], document != "")
		if err != nil {
			return nil, nil, nil, err
		}
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		all = append(all, list...)
		for _, a := range out {
			netted = append(netted, nettedOut{a, d.ID})
		}
	}
	return all, netted, problems, nil
}

type nettedOut struct{ allocation, document string }

// dueOf is what is to be declared of one invoice. asked is that a person named it.
func (k *desk) dueOf(
	ctx context.Context, d ledger.Document, e Electronic, list []receipt, asked bool,
) ([]Declaration, []string, *Problem, error) {
	for i := range list {
		list[i].Amount.Currency = d.Amount.Currency
	}
	was, err := declaredOf(ctx, k.tx, k.scope, d)
	if err != nil {
		return nil, nil, nil, err
	}
	credits, err := creditedOf(ctx, k.tx, k.scope, d)
	if err != nil {
		return nil, nil, nil, err
	}
	fresh, netted := shares(e.VAT, credits, was, list)
	all := byDay(d, fresh)
	if !slices.ContainsFunc(all, func(x Declaration) bool { return !x.isNil() }) {
		return all, netted, nil, nil
	}
	problem, err := k.problem(ctx, d, e, asked)
	if problem != nil {
		for _, x := range all {
			problem.Amount = problem.Amount.Add(x.Total)
		}
	}
	return all, netted, problem, err
}

// byDay puts shares together by the day of the money.
func byDay(d ledger.Document, list []share) []Declaration {
	var all []Declaration
	for _, s := range list {
		n := len(all)
		if n == 0 || all[n-1].On != s.On {
			all = append(all, Declaration{Document: d.ID, Customer: d.Customer, Number: d.Number, On: s.On})
			n++
		}
		x := &all[n-1]
		x.shares, x.Total = append(x.shares, s), x.Total.Add(s.Amount)
		if i := slices.IndexFunc(x.Rates, func(p Sum) bool { return p.Rate == s.Rate }); i >= 0 {
			x.Rates[i].Amount = x.Rates[i].Amount.Add(s.Amount)
		} else {
			x.Rates = append(x.Rates, Sum{s.Rate, s.Amount})
		}
	}
	return all
}

// problem is why nothing may be declared of an invoice: it has ended (EI-06),
// somebody else declares it, or whose it is cannot be said.
func (k *desk) problem(ctx context.Context, d ledger.Document, e Electronic, asked bool) (*Problem, error) {
	told, err := Of(ctx, k.tx, k.scope, d.ID)
	if err != nil {
		return nil, err
	}
	is := func(text, mend string) (*Problem, error) {
		return &Problem{Document: d.ID, Customer: d.Customer, Number: d.Number, Text: text, Mend: mend}, nil
	}
	if code := Plan(Invoice{}, told).Ended; code != "" {
		return is("la facture est finie (statut "+code+")\u00a0: aucun statut obligatoire ne peut suivre",
			"affecter ce règlement à la facture qui la remplace")
	}
	foreign := slices.ContainsFunc(told, func(s Status) bool { return s.Code == Collected && !s.Own })
	if foreign && !asked {
		return is("un autre outil a déjà déclaré un encaissement de cette facture",
			"vérifier, puis l’envoyer d’ici si ce règlement n’y est pas")
	}
	buyer, err := k.buyerOf(ctx, d, e)
	switch {
	case err != nil:
		return nil, err
	case k.seller.SIREN == "":
		return is("le SIREN de votre société manque", "Réglages, Société")
	case buyer == "":
		return is("le SIREN du client manque", "le compléter sur sa fiche")
	}
	return nil, nil
}

// buyerOf is the SIREN of who bought: as the invoice says, else as the books do.
func (k *desk) buyerOf(ctx context.Context, d ledger.Document, e Electronic) (string, error) {
	if e.Buyer != "" {
		return e.Buyer, nil
	}
	c, err := customer.Find(ctx, k.tx, k.scope, d.Customer)
	if err == nil && c.SIREN == "" && len(c.SIRET) == 14 {
		return c.SIRET[:9], nil
	}
	return c.SIREN, err
}

// declare writes one message of 212, and which allocations it tells of.
func (k *desk) declare(ctx context.Context, d Declaration) (Message, error) {
	detail := ingest.StatusDetail{}
	for _, r := range d.Rates {
		if r.Amount.IsZero() {
			continue
		}
		rate := r.Rate
		detail.Figures = append(detail.Figures, ingest.Figure{Type: "MEN", Amount: r.Amount, On: d.On, Percent: &rate})
	}
	m, err := k.set(ctx, d.Document, Collected, "47", []ingest.StatusDetail{detail})
	if err != nil {
		return m, err
	}
	return m, k.collected(ctx, d, m.ID)
}

// collected notes which allocations a message tells of.
func (k *desk) collected(ctx context.Context, d Declaration, message string) error {
	for _, s := range d.shares {
		if err := insertCollected(ctx, k.tx, k.scope, d.Document, message, s); err != nil {
			return err
		}
	}
	return nil
}

// isNil tells that what went back on a day and what came in instead are the same at
// every rate: there is nothing to tell anybody.
func (d Declaration) isNil() bool {
	return !slices.ContainsFunc(d.Rates, func(r Sum) bool { return !r.Amount.IsZero() })
}

// set writes a status of ours about an invoice, ready to be sent.
func (k *desk) set(ctx context.Context, invoice, code, short string, details []ingest.StatusDetail) (Message, error) {
	d, err := ledger.Find(ctx, k.tx, k.scope, invoice)
	if err != nil {
		return Message{}, err
	}
	l, err := k.status(ctx, d)
	if err != nil {
		return Message{}, err
	}
	id := k.tx.NewID("lcm")
	l.Code, l.Short, l.Label, l.Details = code, short, codes[code].words.FR, details
	l.Message = &ingest.LifecycleMessage{ID: id, Profile: profile, Made: k.now}
	if err := k.apart(ctx, l); err != nil {
		return Message{}, err
	}
	l.Message.Raw = document(l)
	m, err := keepMessage(ctx, k.tx, k.scope, Message{
		ID: id, Out: true, Ref: id, Name: fileName(d.Number) + "_" + code + "_" + id + ".xml", State: Ready,
	}, l.Message.Raw)
	if err != nil {
		return m, err
	}
	st := Status{
		ID: k.tx.NewID("lcs"), Message: id, Code: code, On: l.At.Day(), Number: l.Number, Issued: l.Issued, Said: *l,
		Customer: d.Customer, Document: d.ID,
	}
	if _, err := insertStatus(ctx, k.tx, k.scope, &st); err != nil {
		return m, err
	}
	return m, st.write(ctx, k.tx, k.scope, "status.set", m)
}

// apart moves a status on by a second where the same is told of that second
// already: messages count in seconds, and two of ours are two.
func (k *desk) apart(ctx context.Context, l *ingest.Lifecycle) error {
	for {
		known, err := isKnown(ctx, k.tx, k.scope, l)
		if err != nil || !known {
			return err
		}
		l.At = l.At.Next()
	}
}

// status is what is the same in all that we say of an invoice.
func (k *desk) status(ctx context.Context, d ledger.Document) (*ingest.Lifecycle, error) {
	known, err := ElectronicOf(ctx, k.tx, k.scope, []ledger.Document{d})
	if err != nil {
		return nil, err
	}
	told, err := Of(ctx, k.tx, k.scope, d.ID)
	if err != nil {
		return nil, err
	}
	e := known[d.ID]
	siren, err := k.buyerOf(ctx, d, e)
	if err != nil {
		return nil, err
	}
	seller := ingest.Actor{Scheme: "0002", ID: k.seller.SIREN, Name: k.seller.Name, Role: ingest.RoleSeller}
	buyer := ingest.Actor{
		Scheme: "0002", ID: siren, Name: e.Name, Role: ingest.RoleBuyer, Endpoint: e.Endpoint,
	}
	if buyer.Endpoint == "" { // in the French directory a company's first address is its SIREN
		buyer.Endpoint = "0225:" + buyer.ID
	}
	l := &ingest.Lifecycle{
		Phase: "23", At: k.now, Number: d.Number, Type: cmp.Or(e.Type, "380"), Issued: d.Issued, Seller: ingest.Actor{Scheme: "0002", ID: k.seller.SIREN},
		Issuer: seller, Buyer: buyer,
	}
	for _, s := range told { // when the platform took the invoice in (MDT-95)
		if s.Code == Deposited || s.Code == Issued && l.Received == "" {
			l.Received = s.Said.At
		}
	}
	return l, nil
}

// Complete tells the buyer that the document he missed was given (209): dunning
// goes on once that has left. It needs Work.
func Complete(ctx context.Context, tx *db.Tx, s creditor.Scope, ref, said string) (Message, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Message{}, err
	}
	said, err := agreement.Note("note", said)
	if err != nil {
		return Message{}, err
	}
	life, err := LifeOf(ctx, tx, s, ref)
	if err != nil {
		return Message{}, err
	}
	waiting := slices.ContainsFunc(life.Statuses, func(x Status) bool {
		return x.Own && x.Code == Completed && (x.State == Ready || x.State == Sending || x.State == Uncertain)
	})
	switch {
	case waiting:
		return Message{}, fault.Conflictf("«\u00a0Complétée\u00a0» est déjà écrit pour la facture %s\u00a0: l’envoyer", life.Number)
	case life.Outcome.Missing == "":
		return Message{}, fault.Conflictf("l’acheteur n’a pas suspendu la facture %s", life.Number)
	}
	k, err := open(ctx, tx, s)
	if err != nil {
		return Message{}, err
	}
	if k.seller.SIREN == "" {
		return Message{}, &fault.Invalid{
			Field: "siren", Message: "le SIREN de votre société manque", Mend: "Réglages, Société",
		}
	}
	var details []ingest.StatusDetail
	if said != "" {
		details = []ingest.StatusDetail{{Note: said}}
	}
	return k.set(ctx, life.Document, Completed, "37", details)
}

// named is the invoice that ref names by identifier or number.
func named(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string) (group, []ledger.Document, error) {
	list, err := ledger.Named(ctx, tx, s, ref)
	if err != nil {
		return group{}, nil, err
	}
	list = slices.DeleteFunc(list, func(d ledger.Document) bool {
		return d.Kind == ledger.Payment || d.Nature == ledger.Charge
	})
	if len(list) == 0 {
		return group{}, nil, fault.NotFound("facture « %.60s »", ref)
	}
	for _, d := range list[1:] {
		if d.Customer != list[0].Customer || d.Kind != list[0].Kind {
			return group{}, nil, &fault.Invalid{
				Field: "invoice", Message: "plusieurs pièces portent le numéro " + ref,
				Mend: "donner l’identifiant de la facture",
			}
		}
	}
	g := group{customer: list[0].Customer, number: list[0].Number, kind: list[0].Kind}
	parts, err := partsOf(ctx, tx, s, g)
	if err == nil {
		g.document = parts[0].ID
	}
	return g, parts, err
}

// fileName keeps of a number what every system takes in a file's name.
func fileName(number string) string {
	return string(slices.Collect(func(yield func(byte) bool) {
		for _, r := range number {
			if r > 0x7f || (('a' > r || r > 'z') && ('A' > r || r > 'Z') && ('0' > r || r > '9') && r != '-') {
				r = '-'
			}
			if !yield(byte(r)) {
				return
			}
		}
	}))
}

// Life is all that is known of an invoice's electronic form.
type Life struct {
	Document string
	Customer string
	Number   string
	Statuses []Status // oldest first
	Outcome  Outcome
}

// LifeOf is the life of the invoice that ref names by identifier or number.
func LifeOf(ctx context.Context, tx *db.Tx, s creditor.Scope, ref string) (Life, error) {
	g, parts, err := named(ctx, tx, s, ref)
	if err != nil {
		return Life{}, err
	}
	told, err := Of(ctx, tx, s, agreement.IDs(parts)...)
	if err != nil {
		return Life{}, err
	}
	known, err := ElectronicOf(ctx, tx, s, parts)
	if err != nil {
		return Life{}, err
	}
	return Life{g.document, g.customer, g.number, told, Plan(invoiceOf(g, parts, known), told)}, nil
}
