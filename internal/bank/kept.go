package bank

import (
	"context"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/money"
)

// Kept is an entry as the books have it: all that is known of one movement, from
// every statement that told of it. Its Statement gives the account and the
// currency, and the kind of the first that had it.
type Kept struct {
	Entry
	ID          string
	Source      string // the account, as a Source
	StatementID string // the first that had it
	Import      string // that brought it first
	Whole       string // the batch total of which this is a detail
	Detailed    bool   // a batch total whose details are known: they stand for it
	Counts      bool   // it is money: its batch or its details do not tell it a second time
	Undoes      string // the entry that this one takes back
	UndoneBy    string // the entry that takes this one back
	Used        bool   // something in the books stands on it
	Mark        string // grows whenever something is learnt of it
	CreatedAt   time.Time
}

// Filter says which entries a list shows; the zero Filter shows all that is money,
// the newest first.
type Filter struct {
	IDs      []string
	Account  string // a Source's identifier, its IBAN or its number
	From, To cal.Date
	Currency money.Currency
	In       bool   // money that came in only
	Out      bool   // money that left only
	Pending  bool   // those not booked yet, too
	All      bool   // batch totals and details too that are told a second time
	Import   string // that brought them first
	Text     string // somewhere in the label, the party or the references
	After    Place  // the last of the page before
	Limit    int
}

// Place is where a page of a list ends.
type Place struct {
	On cal.Date
	ID string
}

// maxList bounds a page.
const maxList = 1000

const keptColumns = `
	SELECT e.id, e.source_id, e.statement_id, e.whole_id, e.detailed, e.counts, e.undoes_id, e.used, e.mark,
	e.created_at,
		e.status, e.known, s.iban, s.number, s.holder, s.bic, t.kind, t.number, t.from_on, t.to_on, t.line, t.import_id,
		coalesce((
			SELECT min(u.id || '') -- of few: the bare column would be sought in the order of the key
			FROM bank_entry u
			WHERE u.creditor_id = e.creditor_id AND u.undoes_id = e.id AND u.undoes_id <> ''), '')
	FROM `

const keptJoins = `
	JOIN bank_source s ON s.creditor_id = e.creditor_id AND s.id = e.source_id
	JOIN bank_statement t ON t.creditor_id = e.creditor_id AND t.id = e.statement_id`

const selectKept = keptColumns + "bank_entry e" + keptJoins

func scanKept(r db.Row) (k Kept, err error) {
	var status Status
	var known string
	st := &Statement{}
	err = r.Scan(&k.ID, &k.Source, &k.StatementID, &k.Whole, &k.Detailed, &k.Counts, &k.Undoes, &k.Used, &k.Mark,
		db.Instant(&k.CreatedAt), &status, &known, &st.Account.IBAN, &st.Account.Number, &st.Account.Name,
		&st.Account.BIC,
		&st.Kind, &st.Number, &st.From, &st.To, &st.Line, &k.Import, &k.UndoneBy)
	if err != nil {
		return k, err
	}
	if k.Entry, err = decode(known); err != nil {
		return k, err
	}
	st.Currency = k.Amount.Currency
	k.Statement, k.Status = st, status
	return k, nil
}

// Find is the entry of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Kept, error) {
	if err := s.Need(creditor.Read); err != nil {
		return Kept{}, err
	}
	k, err := db.One(ctx, tx, scanKept, selectKept+`
		WHERE e.creditor_id = $1 AND e.id = $2`, s.Creditor, id)
	if fault.KindOf(err) == fault.KindNotFound {
		err = fault.NotFound("opération bancaire %s", id)
	}
	return k, err
}

// ByID maps identifiers to entries, booked or not, told a second time or not.
func ByID(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) (map[string]Kept, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	found := make(map[string]Kept, len(ids))
	for some := range slices.Chunk(ids, maxList/2) {
		w := &db.Where{}
		w.And("e.creditor_id = ?", s.Creditor)
		db.In(w, "e.id", some)
		for k, err := range db.Each(ctx, tx, scanKept, selectKept+w.SQL(), w.Args...) {
			if err != nil {
				return nil, err
			}
			found[k.ID] = k
		}
	}
	return found, nil
}

// List is a page of entries, the newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Kept, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	w := f.where(s)
	if f.After.ID != "" {
		w.And("(e.on_day, e.id) < (?, ?)", f.After.On, f.After.ID)
	}
	// The page is found before what is joined to it, so that its index gives the order.
	page := `(
		SELECT e.creditor_id, e.id, e.source_id, e.statement_id, e.whole_id, e.detailed, e.counts, e.undoes_id, e.used,
			e.mark, e.created_at, e.status, e.known, e.on_day
		FROM bank_entry e` + w.SQL() + `
		ORDER BY e.on_day DESC, e.id DESC
		LIMIT ` + w.Arg(f.limit()) + `) e`
	return db.All(ctx, tx, scanKept, keptColumns+page+keptJoins+`
		ORDER BY e.on_day DESC, e.id DESC`, w.Args...)
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return maxList
	}
	return min(f.Limit, maxList)
}

func (f Filter) where(s creditor.Scope) *db.Where {
	w := &db.Where{}
	w.And("e.creditor_id = ?", s.Creditor)
	if f.IDs != nil {
		db.In(w, "e.id", f.IDs)
	}
	if a := compact(f.Account); a != "" {
		w.And(`e.source_id IN (
			SELECT id
			FROM bank_source
			WHERE creditor_id = ? AND (id = ? OR iban = ? OR number = ?))`, s.Creditor, f.Account, a, a)
	}
	if f.From != 0 {
		w.And("e.on_day >= ?", f.From)
	}
	if f.To != 0 {
		w.And("e.on_day <= ?", f.To)
	}
	if f.Currency != "" {
		w.And("e.currency = ?", string(f.Currency))
	}
	if f.In {
		w.And("e.amount > 0")
	}
	if f.Out {
		w.And("e.amount < 0")
	}
	if !f.Pending {
		w.And("e.status = 'booked'")
	}
	if !f.All {
		w.And("e.counts")
	}
	if f.Import != "" {
		w.And(`e.statement_id IN (
			SELECT id
			FROM bank_statement
			WHERE creditor_id = ? AND import_id = ?)`, s.Creditor, f.Import)
	}
	if f.Text != "" {
		like := "%" + db.LikeEscape(strings.ToLower(f.Text)) + "%"
		w.And(`(lower(e.label) LIKE ? ESCAPE '\' OR lower(e.party) LIKE ? ESCAPE '\' 
			OR lower(e.end_to_end) LIKE ? ESCAPE '\' OR lower(e.known) LIKE ? ESCAPE '\')`, like, like, like, like)
	}
	return w
}

// Use notes that something in the books stands on an entry, or that nothing does
// any more. One that is used is not taken back with its import, and a batch total
// that is used is not replaced by its details before it is given up.
func Use(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, used bool) error {
	n, err := tx.Exec(ctx, `
		UPDATE bank_entry
		SET used = $3
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id, used)
	if err == nil && n == 0 {
		return fault.NotFound("opération bancaire %s", id)
	}
	if err != nil || used {
		return err
	}
	return settleAgain(ctx, tx, s, id)
}

// Record is what one statement said of an entry, as it came.
type Record struct {
	Statement string
	Import    string
	File      string
	SHA256    string // of the file
	Format    string
	Line      int
	Hash      string // SHA-256 of Raw
	Raw       string
	Entry     Entry // as it was read there
}

// Records are all that was said of an entry, the first first.
func Records(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) ([]Record, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (c Record, err error) {
		var text string
		err = r.Scan(&c.Statement, &c.Import, &c.File, &c.SHA256, &c.Format, &c.Line, &c.Hash, &c.Raw, &text)
		if err != nil {
			return c, err
		}
		c.Entry, err = decode(text)
		c.Entry.Raw = c.Raw
		return c, err
	}, `
		SELECT r.statement_id, t.import_id, t.file, t.sha256, t.format, r.line, r.hash, r.raw, r.said
		FROM bank_record r
		JOIN bank_statement t ON t.creditor_id = r.creditor_id AND t.id = r.statement_id
		WHERE r.creditor_id = $1 AND r.entry_id = $2
		ORDER BY r.statement_id, r.seq`, s.Creditor, id)
}
