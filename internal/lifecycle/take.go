package lifecycle

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/setting"
)

// Origin is where statuses come from.
type Origin struct {
	Source string // an import's, or a platform
	Import string
	Name   string // of the file
	Flow   string // its identifier at the platform
}

// Tally counts what became of statuses.
type Tally struct {
	Added   int                 // kept, their effects made
	Known   int                 // told before
	Waiting int                 // of those added, without an invoice yet
	Strange []*ingest.Lifecycle // of those added, statuses that nobody knows: they have no effect
	Refused []*ingest.Rejected
}

// note is what the journal keeps of a status.
type note struct {
	Status  string   `json:"status"`
	Code    string   `json:"code"`
	Number  string   `json:"number,omitempty"`
	At      string   `json:"at,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
	Message string   `json:"message,omitempty"`
	SHA256  string   `json:"sha256,omitempty"`
	Waits   Waits    `json:"waits,omitempty"`
}

// Take keeps statuses as they came and makes what follows from them. What was told
// before changes nothing; what is of an invoice that is not in the books waits for
// it. One of another company's invoice is refused. It needs Work.
func Take(ctx context.Context, tx *db.Tx, s creditor.Scope, o Origin, list []*ingest.Lifecycle) (Tally, error) {
	var t Tally
	if err := s.Need(creditor.Work); err != nil {
		return t, err
	}
	c, err := creditor.Find(ctx, tx, s)
	if err != nil {
		return t, err
	}
	touched := map[string]group{}
	kept := map[*ingest.LifecycleMessage]Message{}
	for _, l := range list {
		if seller := l.Seller.SIREN(); seller != "" && c.SIREN != "" && seller != c.SIREN {
			t.Refused = append(t.Refused, &ingest.Rejected{
				Line: max(l.Line, 1), Column: max(l.Column, 1),
				Reason: "ce statut est celui d’une facture de l’entreprise " + seller + ", pas de la vôtre (" + c.SIREN + ")",
				Mend:   "choisir la bonne société, ou corriger son SIREN dans les réglages",
			})
			continue
		}
		m, ok := kept[l.Message]
		if !ok {
			m, err = keepMessage(ctx, tx, s, Message{
				Ref: l.Message.ID, Name: o.Name, Origin: o.Source, Import: o.Import, Flow: o.Flow, State: Taken,
			}, l.Message.Raw)
			if err != nil {
				return t, err
			}
			kept[l.Message] = m
		}
		g, err := t.keep(ctx, tx, s, m, l)
		if err != nil {
			return t, err
		}
		if g.customer != "" {
			touched[g.document] = g
		}
	}
	return t, settleAll(ctx, tx, s, touched)
}

// keep stores one status, and gives the invoice that it is of, if it is new.
func (t *Tally) keep(
	ctx context.Context, tx *db.Tx, s creditor.Scope, m Message, l *ingest.Lifecycle,
) (g group, err error) {
	st := Status{
		ID: tx.NewID("lcs"), Message: m.ID, Code: l.Code, On: l.At.Day(), Number: l.Number, Issued: l.Issued, Said: *l,
	}
	if g, st.Waits, err = find(ctx, tx, s, l); err != nil {
		return g, err
	}
	st.Customer, st.Document = g.customer, g.document
	fresh, err := insertStatus(ctx, tx, s, &st)
	if err != nil {
		return g, err
	}
	if !fresh {
		t.Known++
		return group{}, nil
	}
	t.Added++
	if !known(l.Code) {
		t.Strange = append(t.Strange, l)
	}
	if st.Document == "" {
		t.Waiting++
	}
	return g, st.write(ctx, tx, s, "status.received", m)
}

func (s Status) write(ctx context.Context, tx *db.Tx, scope creditor.Scope, action string, m Message) error {
	subject := "lifecycle/" + s.ID
	if s.Customer != "" && s.Open() { // a dossier shows what the journal says of a customer
		subject = "customer/" + s.Customer
	}
	return journal.Write(ctx, tx, scope, action, subject, note{
		Status: s.ID, Code: s.Code, Number: s.Number, At: string(s.Said.At), Reasons: s.Said.Reasons(), Message: m.ID,
		SHA256: m.SHA256, Waits: s.Waits,
	})
}

// group is an invoice, in one part or several.
type group struct {
	customer string
	document string // the first part's
	number   string
	kind     ledger.Kind
}

// creditTypes are the types of UNTDID 1001 that are credit notes.
var creditTypes = []string{"261", "262", "381", "396", "502", "503"}

// find is the invoice of a status: by number, then by year and day, then by who
// bought. None comes with the reason.
func find(ctx context.Context, tx *db.Tx, s creditor.Scope, l *ingest.Lifecycle) (group, Waits, error) {
	kind := ledger.Invoice
	if slices.Contains(creditTypes, l.Type) {
		kind = ledger.CreditNote
	}
	list, err := ledger.ByNumber(ctx, tx, s, l.Number)
	if err != nil || l.Number == "" {
		return group{}, Unknown, err
	}
	list = slices.DeleteFunc(list, func(d ledger.Document) bool {
		return d.Kind != kind || d.Nature == ledger.Noted || d.Nature == ledger.Charge
	})
	if len(list) == 0 {
		return group{}, Unknown, nil
	}
	if list = sameDay(list, l.Issued); len(list) == 0 {
		return group{}, OtherDay, nil
	}
	if list, err = sameBuyer(ctx, tx, s, list, l.Buyer.SIREN()); err != nil || len(list) == 0 {
		return group{}, OtherBuy, err
	}
	slices.SortStableFunc(list, func(a, b ledger.Document) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID))
	})
	for _, d := range list[1:] {
		if d.Customer != list[0].Customer {
			return group{}, Ambiguous, nil
		}
	}
	d := list[0]
	return group{d.Customer, d.ID, d.Number, d.Kind}, "", nil
}

// sameDay keeps the documents issued on a day; where there are none, those of its
// year, for files do not always tell the day of the invoice itself.
func sameDay(list []ledger.Document, day cal.Date) []ledger.Document {
	if day.IsZero() {
		return list
	}
	var same, year []ledger.Document
	for _, d := range list {
		if d.Issued == day {
			same = append(same, d)
		}
		if d.Issued.Year() == day.Year() {
			year = append(year, d)
		}
	}
	if len(same) > 0 {
		return same
	}
	return year
}

// sameBuyer leaves out the documents of customers known to be somebody else.
func sameBuyer(
	ctx context.Context, tx *db.Tx, s creditor.Scope, list []ledger.Document, siren string,
) ([]ledger.Document, error) {
	if siren == "" {
		return list, nil
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, d.Customer)
	}
	known, err := customer.ByID(ctx, tx, s, ids)
	if err != nil {
		return nil, err
	}
	of := func(d ledger.Document) string {
		c := known[d.Customer]
		if c.SIREN == "" && len(c.SIRET) == 14 {
			return c.SIRET[:9]
		}
		return c.SIREN
	}
	var exact, open []ledger.Document
	for _, d := range list {
		switch of(d) {
		case siren:
			exact = append(exact, d)
		case "":
			open = append(open, d)
		}
	}
	if len(exact) > 0 {
		return exact, nil
	}
	return open, nil
}

// Link takes the statuses that wait for invoices that are in the books now, and
// tells how many. It needs Work.
func Link(ctx context.Context, tx *db.Tx, s creditor.Scope) (int, error) {
	if err := s.Need(creditor.Work); err != nil {
		return 0, err
	}
	touched := map[string]group{}
	linked, after := 0, ""
	for {
		list, err := waitingFor(ctx, tx, s, after, maxPage)
		if err != nil {
			return linked, err
		}
		for _, st := range list {
			after = st.ID
			g, waits, err := find(ctx, tx, s, &st.Said)
			if err != nil {
				return linked, err
			}
			if waits == st.Waits {
				continue
			}
			st.Customer, st.Document, st.Waits = g.customer, g.document, waits
			if err := place(ctx, tx, s, st); err != nil {
				return linked, err
			}
			if waits != "" {
				continue
			}
			linked++
			touched[g.document] = g
			if err := st.write(ctx, tx, s, "status.linked", Message{ID: st.Message}); err != nil {
				return linked, err
			}
		}
		if len(list) < maxPage {
			return linked, settleAll(ctx, tx, s, touched)
		}
	}
}

// PutAside takes a status that waits for an invoice that will not come off the
// list. It needs Work.
func PutAside(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	why, err := agreement.Reason("reason", why)
	if err != nil {
		return err
	}
	st, err := Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if st.Document != "" || st.Waits == Aside {
		return agreementConflict(st)
	}
	st.Waits = Aside
	if err := place(ctx, tx, s, st); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "status.aside", "lifecycle/"+st.ID, map[string]string{
		"status": st.ID, "number": st.Number, "reason": why,
	})
}

// Review makes what came to nothing when it was told, because the invoice was
// settled then, where something is open of it again. It needs Work.
func Review(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	ids, err := nothingDone(ctx, tx, s)
	if err != nil || len(ids) == 0 {
		return err
	}
	docs, err := ledger.WithIDs(ctx, tx, s, ids)
	if err != nil {
		return err
	}
	touched := map[string]group{}
	for _, d := range docs {
		touched[d.ID] = group{d.Customer, d.ID, d.Number, d.Kind}
	}
	return settleAll(ctx, tx, s, touched)
}

// settleAll settles invoices in the order of their customers, as everybody locks
// them.
func settleAll(ctx context.Context, tx *db.Tx, s creditor.Scope, touched map[string]group) error {
	if len(touched) == 0 {
		return nil
	}
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	day := cal.Of(tx.Now.In(setting.TimeZone.In(v)))
	list := slices.SortedFunc(maps.Values(touched), func(a, b group) int {
		return cmp.Or(cmp.Compare(a.customer, b.customer), cmp.Compare(a.document, b.document))
	})
	for _, g := range list {
		w := settling{tx: tx, scope: s, group: g, today: day, days: setting.LifecyclePaymentDays.In(v)}
		if err := w.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Drop takes back the statuses that an import told, with what they did, and lets
// those of documents that go away wait again. It needs Manage.
func Drop(ctx context.Context, tx *db.Tx, s creditor.Scope, imported string, documents []string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	told, err := toldBy(ctx, tx, s, imported)
	if err != nil {
		return err
	}
	touched := map[string]group{}
	for _, st := range told {
		if st.Document != "" && !slices.Contains(documents, st.Document) {
			docs, err := ledger.WithIDs(ctx, tx, s, []string{st.Document})
			if err != nil {
				return err
			}
			for _, d := range docs {
				touched[d.ID] = group{d.Customer, d.ID, d.Number, d.Kind}
			}
		}
		if err := st.write(ctx, tx, s, "status.withdrawn", Message{ID: st.Message}); err != nil {
			return err
		}
	}
	if err := deleteToldBy(ctx, tx, s, imported); err != nil {
		return err
	}
	if err := settleAll(ctx, tx, s, touched); err != nil {
		return err
	}
	return letGo(ctx, tx, s, imported, documents)
}
