package advice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/ingest"
	"acquit/internal/journal"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// File is an advice that was read, with its bytes: reading may take a second, and
// is done before a transaction begins.
type File struct {
	Advice
	Name    string
	Content []byte
}

// Open reads a file as an advice that can be attached.
func Open(src ingest.Source) (File, error) {
	a, err := Read(src)
	if err != nil {
		return File{}, err
	}
	content, err := src.Bytes(maxFile)
	return File{Advice: a, Name: baseName(src.Name), Content: content}, err
}

// Kept is an advice as the books have it. Its warnings say where its lines do not
// agree with its total, or with the entry that it is attached to.
type Kept struct {
	Advice
	ID         string
	Entry      string // of the bank; empty while it waits
	SHA256     string
	Name       string // of the file
	AttachedBy string // a person, or the rule that found the entry
	By         string
	CreatedAt  time.Time
	Withdrawn  string // why it was taken back; empty while it counts

	received money.Amount // the entry's; no currency while it waits
}

// check adds to what the advice says against itself what the bank says.
func (k *Kept) check() {
	k.Warnings = nil
	k.Advice.check()
	paid, ok := k.Paid()
	if ok && ingest.Known(k.received) && paid != k.received {
		k.warn("opération", fmt.Sprintf("l’avis annonce %s, l’opération est de %s", paid.Format("fr"), k.received.Format("fr")), 0)
	}
}

// note is what the journal says of an advice.
type note struct {
	Advice string   `json:"advice"`
	Name   string   `json:"name"`
	SHA256 string   `json:"sha256"`
	Entry  string   `json:"entry,omitempty"`
	Payer  string   `json:"payer,omitempty"`
	PaidOn cal.Date `json:"paid_on,omitzero"`
	Paid   string   `json:"paid,omitempty"`
	Lines  int      `json:"lines,omitempty"`
	Reason string   `json:"reason,omitempty"`
}

func (k *Kept) record(ctx context.Context, tx *db.Tx, s creditor.Scope, action, reason string) error {
	n := note{
		Advice: k.ID, Name: k.Name, SHA256: k.SHA256, Entry: k.Entry, Payer: k.Payer, PaidOn: k.PaidOn,
		Lines: len(k.Lines), Reason: reason,
	}
	if paid, ok := k.Paid(); ok {
		n.Paid = paid.String()
	}
	return journal.Write(ctx, tx, s, action, "advice/"+k.ID, n)
}

// Attach keeps an advice beside an entry of the bank. Without one it looks for the
// entry itself and, where none surely is, waits for it. The same file again is the
// same advice. It needs Work.
func Attach(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string, f File) (Kept, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Kept{}, err
	}
	if err := tx.Lock(ctx, "advice/"+s.Creditor); err != nil {
		return Kept{}, err
	}
	kept := ledger.File{Name: f.Name, MediaType: mediaType(f.Content), Content: f.Content}
	if err := ledger.KeepFile(ctx, tx, s, &kept); err != nil {
		return Kept{}, err
	}
	k, known, err := sameFile(ctx, tx, s, kept.SHA256)
	switch {
	case err != nil:
		return k, err
	case known && (entry == "" || k.Entry == entry):
		return k, nil
	case known && k.Entry != "":
		return k, fault.Conflictf("cet avis est déjà joint à une autre opération\u00a0: l’en détacher d’abord")
	case !known:
		k = Kept{
			Advice: f.Advice, ID: tx.NewID("adv"), SHA256: kept.SHA256, Name: f.Name, By: s.Actor, CreatedAt: tx.Now,
		}
		if err := insert(ctx, tx, s, k); err != nil {
			return k, err
		}
		if err := k.record(ctx, tx, s, "advice.received", ""); err != nil {
			return k, err
		}
	}
	if entry == "" {
		return k.seek(ctx, tx, s)
	}
	return k.attach(ctx, tx, s, entry)
}

// seek attaches a new advice to the entry that is already there.
func (k Kept) seek(ctx context.Context, tx *db.Tx, s creditor.Scope) (Kept, error) {
	list, err := Candidates(ctx, tx, s, k)
	if err != nil {
		return k, err
	}
	off, err := refusedBy(ctx, tx, s, k.ID)
	if err != nil {
		return k, err
	}
	list = slices.DeleteFunc(list, func(e bank.Kept) bool { return slices.Contains(off, e.ID) })
	if e, ok := k.only(list); ok {
		return k.attach(ctx, tx, s, e.ID)
	}
	return k, nil
}

// Place attaches a waiting advice to the entry that a person shows. It needs Work.
func Place(ctx context.Context, tx *db.Tx, s creditor.Scope, id, entry string) (Kept, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Kept{}, err
	}
	k, err := current(ctx, tx, s, id)
	if err != nil || k.Entry == entry {
		return k, err
	}
	if k.Entry != "" {
		return k, fault.Conflictf("cet avis est déjà joint à une autre opération\u00a0: l’en détacher d’abord")
	}
	return k.attach(ctx, tx, s, entry)
}

// current is an advice that was not withdrawn.
func current(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Kept, error) {
	k, err := Find(ctx, tx, s, id)
	if err == nil && k.Withdrawn != "" {
		err = fault.Conflictf("cet avis de règlement a été retiré")
	}
	return k, err
}

func (k Kept) attach(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) (Kept, error) {
	e, err := bank.Find(ctx, tx, s, entry)
	if err != nil {
		return k, err
	}
	if e.Amount.Sign() <= 0 {
		return k, fault.Invalidf("operation", "un avis de règlement se joint à de l’argent reçu\u00a0: cette opération est un débit")
	}
	if err := setEntry(ctx, tx, s, k.ID, entry); err != nil {
		return k, err
	}
	k.Entry, k.AttachedBy, k.received = entry, s.Actor, e.Amount
	k.check()
	return k, k.record(ctx, tx, s, "advice.attached", "")
}

// Detach takes an advice off its entry: it waits again, and is not put back there
// by itself. It needs Work.
func Detach(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) (Kept, error) {
	if err := s.Need(creditor.Work); err != nil {
		return Kept{}, err
	}
	k, err := current(ctx, tx, s, id)
	if err != nil {
		return k, err
	}
	if k.Entry == "" {
		return k, fault.Conflictf("cet avis n’est joint à aucune opération")
	}
	if err := setEntry(ctx, tx, s, id, ""); err != nil {
		return k, err
	}
	if err := refuse(ctx, tx, s, id, k.Entry); err != nil {
		return k, err
	}
	if err := k.record(ctx, tx, s, "advice.detached", strings.TrimSpace(why)); err != nil {
		return k, err
	}
	return Find(ctx, tx, s, id)
}

// Withdraw takes an advice out for good, with its reason; its file stays kept. It
// needs Work.
func Withdraw(ctx context.Context, tx *db.Tx, s creditor.Scope, id, why string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why == "" || utf8.RuneCountInString(why) > 500 {
		return fault.Invalidf("motif", "dites en quelques mots pourquoi l’avis est retiré")
	}
	k, err := current(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if err := withdraw(ctx, tx, s, id, why); err != nil {
		return err
	}
	return k.record(ctx, tx, s, "advice.withdrawn", why)
}

// How far the day of an entry may be from what its advice says.
const (
	daysBefore = 5  // banks book on the day of value of a transfer that was announced for later
	daysAfter  = 15 // a cheque takes its time
	daysBlind  = 45 // around the day on which an undated advice came
)

// fits tells whether an entry may be the payment of an advice: its amount to the
// cent, near its day.
func (k *Kept) fits(e bank.Kept) bool {
	paid, ok := k.Paid()
	from, to := k.window()
	return ok && e.Amount == paid && e.On >= from && e.On <= to && e.Return == nil && !e.Reversal && e.UndoneBy == ""
}

func (k *Kept) window() (from, to cal.Date) {
	if k.PaidOn == 0 {
		came := cal.Of(k.CreatedAt)
		return came.Add(-daysBlind), came.Add(daysBlind)
	}
	return k.PaidOn.Add(-daysBefore), k.PaidOn.Add(daysAfter)
}

// speaks tells whether the entry's own words are those of the advice: the payer,
// the reference of the payment, or a document that it pays.
func (k *Kept) speaks(e bank.Kept) bool {
	said := plain(strings.Join(slices.Concat(e.Texts, e.Structured, []string{
		e.Label, e.EndToEnd, e.Party.Name, e.Ultimate.Name,
	}), " "))
	for w := range strings.FieldsSeq(plain(k.Payer)) {
		if len(w) >= 4 && !commonWords[w] && strings.Contains(" "+said+" ", " "+w+" ") {
			return true
		}
	}
	packed := strings.ReplaceAll(said, " ", "")
	holds := func(ref string) bool {
		ref = strings.ReplaceAll(plain(ref), " ", "")
		return len(ref) >= 4 && strings.ContainsAny(ref, "0123456789") && strings.Contains(packed, ref)
	}
	return holds(k.Reference) || slices.ContainsFunc(k.Lines, func(l Line) bool { return holds(l.Number) })
}

// commonWords name no company.
var commonWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		sarl sasu eurl societe compta comptabilite fournisseurs services service achats france groupe
		gmbh limited company entreprise etablissements reply noreply accounts payable finance paiement`) {
		m[w] = true
	}
	return m
}()

// only is the one entry that is surely meant: it fits, its words agree, and no
// other does as well.
func (k *Kept) only(list []bank.Kept) (bank.Kept, bool) {
	var sure []bank.Kept
	for _, e := range list {
		if k.speaks(e) {
			sure = append(sure, e)
		}
	}
	if len(sure) != 1 {
		return bank.Kept{}, false
	}
	return sure[0], true
}

// Why says why an advice waits, and what a person can do.
func (k *Kept) Why() i18n.Words {
	_, told := k.Paid()
	switch {
	case !told:
		return i18n.Words{
			FR: "l’avis ne dit pas de montant\u00a0: indiquez son opération avec --entry",
			EN: "the advice tells no amount: give its entry with --entry",
		}
	case k.PaidOn == 0:
		return i18n.Words{
			FR: "l’avis ne dit pas quand le paiement a été fait, et aucune opération de ce montant ne nomme le payeur ou ses pièces\u00a0: indiquez son opération avec --entry",
			EN: "the advice does not tell when it was paid, and no entry of that amount names the payer or its documents: give its entry with --entry",
		}
	}
	return i18n.Words{
		FR: "aucune opération seule de ce montant, près de ce jour, ne nomme le payeur ou ses pièces\u00a0: l’avis l’attend, ou indiquez-la avec --entry",
		EN: "no single entry of that amount, near that day, names the payer or its documents: the advice waits for it, or give it with --entry",
	}
}

// Candidates are the entries that a waiting advice may be about, the newest first:
// its amount, near its day, and without an advice of their own.
func Candidates(ctx context.Context, tx *db.Tx, s creditor.Scope, k Kept) ([]bank.Kept, error) {
	paid, ok := k.Paid()
	if !ok || paid.Sign() <= 0 {
		return nil, nil
	}
	from, to := k.window()
	ids, err := entriesOf(ctx, tx, s, paid, from, to)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	list, err := bank.List(ctx, tx, s, bank.Filter{IDs: ids})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(e bank.Kept) bool { return !k.fits(e) }), nil
}

// Meet attaches the waiting advices to the entries that came meanwhile, and says
// which. It is called when entries have come, before they are matched.
func Meet(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Kept, error) {
	if err := s.Need(creditor.Work); err != nil {
		return nil, err
	}
	if err := tx.Lock(ctx, "advice/"+s.Creditor); err != nil {
		return nil, err
	}
	waiting, err := Waiting(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	var met []Kept
	for _, k := range waiting {
		found, err := k.seek(ctx, tx, s)
		if err != nil {
			return met, err
		}
		if found.Entry != "" {
			met = append(met, found)
		}
	}
	return met, nil
}
