package handover

import (
	"context"
	"slices"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/hold"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/task"
)

// Preparing is which claims to prepare, and for whom.
type Preparing struct {
	Customer string   // identifier or code
	Invoices []string // identifiers or numbers; none is all that is overdue, in the currency that most of it is in
	Partner  string   // identifier or name; may be empty
	Reminder string   // the step that asked for it; may be empty
	Note     string
}

// Prepare gathers claims for a hand-over. Nothing leaves and dunning goes on until
// they are handed over. An invoice is in one hand-over at a time. It needs Manage.
func Prepare(ctx context.Context, tx *db.Tx, s creditor.Scope, p Preparing, today cal.Date) (Handover, error) {
	if err := s.Need(creditor.Manage); err != nil {
		return Handover{}, err
	}
	who, err := agreement.Customer(ctx, tx, s, p.Customer)
	if err != nil {
		return Handover{}, err
	}
	if err := tx.Lock(ctx, "customer/"+who); err != nil {
		return Handover{}, err
	}
	h := Handover{
		ID: tx.NewID("hnd"), Customer: who, State: Prepared, Reminder: p.Reminder, PreparedOn: today,
		PreparedBy: s.Actor,
	}
	if h.Note, err = agreement.Note("note", p.Note); err != nil {
		return h, err
	}
	if p.Partner != "" {
		partner, err := PartnerNamed(ctx, tx, s, p.Partner)
		if err != nil {
			return h, err
		}
		h.Partner, h.Terms, h.Mandate = partner.ID, partner.Terms, partner.Mandate
	}
	if err := h.gather(ctx, tx, s, p.Invoices, today); err != nil {
		return h, err
	}
	if err := insertHandover(ctx, tx, s, h); err != nil {
		return h, err
	}
	return h, journal.Write(ctx, tx, s, "handover.prepared", "customer/"+h.Customer, h.entry())
}

// gather finds the claims and what is claimed on each.
func (h *Handover) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, refs []string, today cal.Date) error {
	if len(refs) == 0 {
		overdue, err := overdueOf(ctx, tx, s, h.Customer, today)
		if err != nil {
			return err
		}
		if refs = mostly(overdue); len(refs) == 0 {
			return fault.Conflictf("ce client n’a aucune facture échue à confier")
		}
	}
	invoices, err := agreement.Invoices(ctx, tx, s, h.Customer, refs)
	if err != nil {
		return err
	}
	taken, err := activeOn(ctx, tx, s, agreement.IDs(invoices))
	if err != nil {
		return err
	}
	for _, d := range invoices {
		if d.Nature == ledger.Charge {
			return fault.Conflictf("%s compte des pénalités\u00a0: elles suivent leur facture", d.Number)
		}
		if d.Due.IsZero() || d.Due >= today {
			return fault.Conflictf("la facture %s n’est pas échue", d.Number)
		}
		if slices.Contains(taken, d.ID) {
			return fault.Conflictf("la facture %s est déjà préparée ou confiée", d.Number)
		}
	}
	h.Currency = invoices[0].Amount.Currency
	return h.count(ctx, tx, s, invoices, today)
}

// count puts what is claimed on each invoice into the items: what is contested is not
// handed over.
func (h *Handover) count(
	ctx context.Context, tx *db.Tx, s creditor.Scope, invoices []ledger.Document, today cal.Date,
) error {
	items, contested, err := claims(ctx, tx, s, h.Customer, invoices, today)
	if err != nil {
		return err
	}
	if h.Items = sure(items, contested); len(h.Items) == 0 {
		return fault.Conflictf("tout est contesté\u00a0: fermez d’abord le litige, ou saisissez le juge du fond")
	}
	return nil
}

// mostly are the identifiers of the documents in the currency that most is open in.
func mostly(list []ledger.Document) []string {
	sums := map[money.Currency]int64{}
	var best money.Currency
	for _, d := range list {
		sums[d.Open.Currency] += d.Open.Minor
		if c := d.Open.Currency; best == "" || sums[c] > sums[best] || sums[c] == sums[best] && c < best {
			best = c
		}
	}
	var ids []string
	for _, d := range list {
		if d.Open.Currency == best {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func (h Handover) entry() map[string]any {
	sums := h.Sums()
	numbers := make([]string, len(h.Items))
	for i, item := range h.Items {
		numbers[i] = item.Number
	}
	return map[string]any{
		"handover": h.ID, "partner": h.Partner, "invoices": numbers, "principal": sums.Principal,
		"interest": sums.Interest, "indemnity": sums.Indemnity, "rate": h.Terms.Rate, "fixed": h.Terms.Fixed,
		"mandate": h.Mandate, "dossier": h.Dossier,
	}
}

// Handing is to whom, on which terms and with which file claims are handed over.
type Handing struct {
	Partner string       // identifier or name
	Mandate string       // reference; that of the partner when empty
	Terms   *Terms       // those of the partner when nil
	Dossier *ledger.File // what is handed over, to be kept as it is; nil when nothing was built
}

// Hand gives prepared claims to a partner: dunning of the customer stops, what was
// waiting to leave is taken back, and the file is kept with its fingerprint. It needs
// Manage, and a written agreement (CPCE R124-3).
func Hand(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, g Handing, today cal.Date) (Handover, error) {
	if err := s.Need(creditor.Manage); err != nil {
		return Handover{}, err
	}
	h, err := locked(ctx, tx, s, id)
	if err != nil {
		return h, err
	}
	if h.State != Prepared {
		return h, fault.Conflictf("cette transmission est déjà %s", h.State.In("fr"))
	}
	if err := h.agree(ctx, tx, s, g); err != nil {
		return h, err
	}
	if err := h.refresh(ctx, tx, s, today); err != nil {
		return h, err
	}
	if g.Dossier != nil {
		if err := ledger.KeepFile(ctx, tx, s, g.Dossier); err != nil {
			return h, err
		}
		h.Dossier, h.DossierName = g.Dossier.SHA256, g.Dossier.Name
	}
	if err := h.silence(ctx, tx, s, today); err != nil {
		return h, err
	}
	h.State, h.HandedOn, h.mark, h.HandedBy = Handed, today, tx.NewID("alo"), s.Actor
	if err := updateHandover(ctx, tx, s, h); err != nil {
		return h, err
	}
	if err := finishTasks(ctx, tx, s, h.Customer, task.MakeDossier, "confié le "+today.Short("fr")); err != nil {
		return h, err
	}
	return h, journal.Write(ctx, tx, s, "handover.handed", "customer/"+h.Customer, h.entry())
}

// agree finds the partner and the terms.
func (h *Handover) agree(ctx context.Context, tx *db.Tx, s creditor.Scope, g Handing) error {
	ref := g.Partner
	if ref == "" {
		ref = h.Partner
	}
	if ref == "" {
		return &fault.Invalid{
			Field: "partner", Message: "il manque l’intermédiaire", Mend: "en ajouter un, puis le choisir",
		}
	}
	p, err := PartnerNamed(ctx, tx, s, ref)
	if err != nil {
		return err
	}
	h.Partner, h.Terms, h.Mandate = p.ID, p.Terms, p.Mandate
	if g.Terms != nil {
		h.Terms = *g.Terms
	}
	if g.Mandate != "" {
		h.Mandate = g.Mandate
	}
	if h.Mandate, err = agreement.Note("mandate", h.Mandate); err != nil {
		return err
	}
	if h.Mandate == "" {
		return &fault.Invalid{
			Field: "mandate", Message: "il manque la référence de la convention écrite",
			Mend: "elle donne pouvoir de recevoir les fonds (CPCE art. R124-3)",
		}
	}
	return h.Terms.check()
}

// refresh counts the claims again: what was paid since they were prepared is no
// longer claimed, and an invoice that is settled is left out.
func (h *Handover) refresh(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	var open []string
	for _, i := range h.Items {
		if i.Open.Sign() > 0 {
			open = append(open, i.Document)
		}
	}
	if len(open) == 0 {
		return fault.Conflictf("tout est réglé entre-temps\u00a0: il n’y a plus rien à confier")
	}
	invoices, err := agreement.Invoices(ctx, tx, s, h.Customer, open)
	if err != nil {
		return err
	}
	if err := h.count(ctx, tx, s, invoices, today); err != nil {
		return err
	}
	return replaceItems(ctx, tx, s, *h)
}

// Reason is why dunning is silent while claims are in a partner's hands.
const Reason = "confié à un tiers"

// silence stops dunning: a hold of the customer, and nothing that waits leaves.
func (h *Handover) silence(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	quiet := hold.Hold{Customer: h.Customer, From: today, Reason: Reason}
	if err := hold.AddBeside(ctx, tx, s, &quiet, today); err != nil {
		return err
	}
	h.Hold = quiet.ID
	return reminder.TakeBack(ctx, tx, s, h.Customer, Reason)
}

// Recall takes claims back from a partner, or gives up what was prepared: dunning goes
// on from today by the scenario's own rules. It needs Manage.
func Recall(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string, today cal.Date) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	why, err := agreement.Reason("reason", why)
	if err != nil {
		return err
	}
	h, err := locked(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if !h.Active() {
		return fault.Conflictf("cette transmission est déjà %s", h.State.In("fr"))
	}
	if err := h.speakAgain(ctx, tx, s, today); err != nil {
		return err
	}
	h.State, h.EndedOn, h.EndedBy, h.Ending = Recalled, today, s.Actor, why
	if err := updateHandover(ctx, tx, s, h); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "handover.recalled", "customer/"+h.Customer,
		map[string]any{"handover": h.ID, "partner": h.Partner, "reason": why})
}

// speakAgain ends the silence of a hand-over.
func (h *Handover) speakAgain(ctx context.Context, tx *db.Tx, s creditor.Scope, today cal.Date) error {
	if h.Hold == "" {
		return nil
	}
	quiet, err := hold.Find(ctx, tx, s, h.Hold)
	if err != nil || !quiet.Ended.IsZero() {
		return err
	}
	return hold.End(ctx, tx, s, h.Hold, today)
}

// Close ends a hand-over with what came of it. The silence ends when all was paid; what
// is lost is written off by another act, or recalled. It needs Manage.
func Close(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, o Outcome, said string, today cal.Date) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if !known(o, Outcomes()) {
		return fault.Invalidf("outcome", "« %s » n’est pas une issue : paid, partial ou irrecoverable", o)
	}
	said, err := agreement.Note("note", said)
	if err != nil {
		return err
	}
	h, err := locked(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if h.State != Handed {
		return fault.Conflictf("cette transmission n’est pas en cours (%s)", h.State.In("fr"))
	}
	if open := h.Sums().Open; o == Paid && open.Sign() > 0 {
		return fault.Conflictf("il reste %s à payer\u00a0: ce dossier n’est pas payé en entier", open.Format("fr"))
	}
	if o == Paid {
		if err := h.speakAgain(ctx, tx, s, today); err != nil {
			return err
		}
	}
	h.State, h.Outcome, h.EndedOn, h.EndedBy, h.Ending = Closed, o, today, s.Actor, said
	if err := updateHandover(ctx, tx, s, h); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "handover.closed", "customer/"+h.Customer,
		map[string]any{"handover": h.ID, "outcome": o, "note": said, "left": h.Sums().Open})
}

// Certify records the certificate of irrecoverability that a partner gave, which is
// kept as it came. It needs Manage.
func Certify(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, f ledger.File, on cal.Date) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := agreement.Given("on", on); err != nil {
		return err
	}
	if len(f.Content) == 0 {
		return &fault.Invalid{Field: "file", Message: "il manque le certificat", Mend: "joindre le fichier reçu"}
	}
	h, err := locked(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if h.HandedOn.IsZero() {
		return fault.Conflictf("ces créances n’ont pas été confiées")
	}
	if err := ledger.KeepFile(ctx, tx, s, &f); err != nil {
		return err
	}
	h.CertifiedOn, h.Certificate, h.CertificateName = on, f.SHA256, f.Name
	if err := updateHandover(ctx, tx, s, h); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "handover.certified", "customer/"+h.Customer,
		map[string]any{"handover": h.ID, "on": on, "sha256": f.SHA256, "name": f.Name})
}

// locked is a hand-over that nobody else changes meanwhile.
func locked(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Handover, error) {
	h, err := Find(ctx, tx, s, id)
	if err != nil {
		return h, err
	}
	if err := tx.Lock(ctx, "customer/"+h.Customer); err != nil {
		return h, err
	}
	return Find(ctx, tx, s, id)
}

// finishTasks ends a customer's open tasks of a kind: what they asked for is done.
func finishTasks(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, k task.Kind, said string) error {
	open, err := task.Open(ctx, tx, s, task.Filter{Kind: k, Customer: customer, Limit: 100})
	if err != nil {
		return err
	}
	for _, t := range open {
		if err := task.Finish(ctx, tx, s, t.ID, task.Done, said); err != nil {
			return err
		}
	}
	return nil
}

// FromStep prepares the hand-over that an approved step of a scenario asks for. What is
// prepared or handed over already, settled since, or in another currency than the
// leading invoice stays out of it.
func FromStep(ctx context.Context, tx *db.Tx, s creditor.Scope, r reminder.Reminder, today cal.Date) error {
	ids := make([]string, len(r.Details.Claims))
	for i, c := range r.Details.Claims {
		ids[i] = c.Item
	}
	taken, err := activeOn(ctx, tx, s, ids)
	if err != nil {
		return err
	}
	found, err := ledger.Named(ctx, tx, s, ids...)
	if err != nil {
		return err
	}
	var free []string
	for _, d := range found {
		if d.Open.Sign() > 0 && d.Due < today && d.Amount.Currency == r.Amount.Currency &&
			!slices.Contains(taken, d.ID) {
			free = append(free, d.ID)
		}
	}
	if len(free) == 0 {
		return nil
	}
	_, err = Prepare(ctx, tx, s, Preparing{Customer: r.Customer, Invoices: free, Reminder: r.ID}, today)
	return err
}
