package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/ledger"
)

// Undoing counts what the undoing of an import took back.
type Undoing struct {
	Documents   int64 `json:"documents"`   // taken away
	Allocations int64 `json:"allocations"` // taken away: what they had settled is open again
	Customers   int64 `json:"customers"`   // taken away
	Restored    int64 `json:"restored"`    // customers, contacts and documents that are as they were
	Reminders   int64 `json:"reminders"`   // that waited for them and will not leave
	Entries     int64 `json:"entries"`     // of banks, taken back
}

// Refusal says why an import cannot be undone: what was built on it since.
type Refusal struct{ Reasons []string }

// Error joins the reasons.
func (r *Refusal) Error() string {
	return "cet import ne peut plus être défait\u00a0: " + strings.Join(r.Reasons, "\u00a0; ")
}

// Unwrap makes it a conflict.
func (r *Refusal) Unwrap() error { return &fault.Conflict{Message: r.Error()} }

// Undo puts the books back to what they were before an import: what it added is
// taken away, what it changed is restored, what it settled is open again. It is
// all of this or nothing, in one transaction: other writers wait meanwhile, some
// ten seconds for a hundred thousand documents. It is refused, with the reasons,
// when something has been built on the import since. It needs Manage.
func Undo(ctx context.Context, d *db.DB, s creditor.Scope, imported string) (u Undoing, err error) {
	defer fault.Wrap(&err, "undo import %s", imported)
	if err := s.Need(creditor.Manage); err != nil {
		return u, err
	}
	release, ok, err := d.Exclusive(ctx, "import/"+s.Creditor)
	if err != nil {
		return u, err
	}
	if !ok {
		return u, fault.Conflictf("un import est en cours dans cette société\u00a0: attendez qu’il finisse")
	}
	defer release()
	err = d.Write(ctx, func(tx *db.Tx) error {
		v := undo{tx: tx, scope: s, id: imported}
		if err := v.run(ctx); err != nil {
			return err
		}
		u = v.Undoing
		return nil
	})
	return u, err
}

// undo is one undoing at work.
type undo struct {
	Undoing
	tx      *db.Tx
	scope   creditor.Scope
	id      string
	reasons []string
	touched map[string]bool // customers whose findings are looked for anew
	changed []string        // documents put back
	files   []string        // fingerprints of the copies that it brought
}

func (v *undo) run(ctx context.Context) error {
	c, err := Find(ctx, v.tx, v.scope, v.id)
	if err != nil {
		return err
	}
	if c.State == Undone {
		return fault.Conflictf("cet import est déjà défait")
	}
	for _, step := range []func(context.Context) error{
		v.obstacles, v.checkChanges, v.supersede, v.reopened, v.rememberFiles, v.dropStatuses, v.untie, v.removeBooks,
		v.restore, v.removeRest, v.removeEntries, v.removeFiles, v.removeCustomers, v.close,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// checkChanges refuses when what the import changed has been changed again.
func (v *undo) checkChanges(ctx context.Context) error {
	if err := v.eachChange(ctx, v.unchanged); err != nil {
		return err
	}
	if len(v.reasons) > 0 {
		return &Refusal{v.reasons}
	}
	return nil
}

// refuse notes a reason; the first few say enough.
func (v *undo) refuse(format string, args ...any) {
	const most = 20
	if len(v.reasons) < most {
		v.reasons = append(v.reasons, fmt.Sprintf(format, args...))
	}
}

// storedChange is a change as it was written down.
type storedChange struct {
	id     string
	entity string
	of     string
	before string
	after  string
}

// changesAtOnce are read and dealt with before the next are.
const changesAtOnce = 500

// eachChange goes through what the import changed, the latest first.
func (v *undo) eachChange(ctx context.Context, do func(context.Context, storedChange) error) error {
	for before := ""; ; {
		list, err := db.All(ctx, v.tx, func(r db.Row) (c storedChange, err error) {
			return c, r.Scan(&c.id, &c.entity, &c.of, &c.before, &c.after)
		}, `
			SELECT id, entity, entity_id, before, after
			FROM import_change
			WHERE creditor_id = $1 AND import_id = $2 AND ($3 = '' OR id < $3)
			ORDER BY id DESC
			LIMIT $4`, v.scope.Creditor, v.id, before, changesAtOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, c := range list {
			if err := do(ctx, c); err != nil {
				return err
			}
			before = c.id
		}
	}
}

// unchanged refuses a change after which something else changed the same. The
// import may have changed one thing several times: the latest is looked at.
func (v *undo) unchanged(ctx context.Context, c storedChange) error {
	if v.touched == nil {
		v.touched = map[string]bool{}
	}
	key := c.entity + "/" + c.of
	if v.touched[key] {
		return nil
	}
	v.touched[key] = true
	switch c.entity {
	case "document":
		return v.documentUnchanged(ctx, c)
	case "customer":
		return v.customerUnchanged(ctx, c)
	}
	return nil // contacts and what was said follow their customer
}

func (v *undo) documentUnchanged(ctx context.Context, c storedChange) error {
	d, err := ledger.Find(ctx, v.tx, v.scope, c.of)
	if err != nil {
		return err
	}
	var after documentState
	if err := json.Unmarshal([]byte(c.after), &after); err != nil {
		return err
	}
	if stateOf(&d) != after {
		v.refuse("%s a été modifié depuis", d.Number)
	}
	return nil
}

func (v *undo) customerUnchanged(ctx context.Context, c storedChange) error {
	now, err := customer.Find(ctx, v.tx, v.scope, c.of)
	if err != nil {
		return err
	}
	var after customerState
	if err := json.Unmarshal([]byte(c.after), &after); err != nil {
		return err
	}
	same := !after.Tagged || slices.Equal(after.Tags, now.Tags)
	for name, value := range after.Fields {
		same = same && fieldNamed(name).get(&now) == value
	}
	if !same {
		v.refuse("la fiche de %s a été modifiée depuis", now.Name)
	}
	return nil
}

// removeBooks takes away what the import brought into the books of money.
func (v *undo) removeBooks(ctx context.Context) error {
	removed, err := ledger.RemoveImport(ctx, v.tx, v.scope, v.id)
	if err != nil {
		return err
	}
	v.Documents, v.Allocations = removed.Documents, removed.Allocations
	return ledger.RemoveBalances(ctx, v.tx, v.scope, v.id)
}

// untie lets the bank's entries go that are tied to what the import brought.
func (v *undo) untie(ctx context.Context) error { return cash.RemoveImport(ctx, v.tx, v.scope, v.id) }

// reopened remembers whose invoices the import has settled: they will be open
// again, and looked at again.
func (v *undo) reopened(ctx context.Context) error {
	v.touched = map[string]bool{}
	list, err := db.All(ctx, v.tx, db.Value[string], `
		SELECT DISTINCT d.customer_id
		FROM allocation a
		JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.invoice_id
		WHERE a.creditor_id = $1 AND a.import_id = $2 AND d.import_id <> $2`, v.scope.Creditor, v.id)
	for _, id := range list {
		v.touched[id] = true
	}
	return err
}

// restore puts back what stood before, the latest change first.
func (v *undo) restore(ctx context.Context) error { return v.eachChange(ctx, v.putBack) }

func (v *undo) putBack(ctx context.Context, c storedChange) error {
	v.Restored++
	switch c.entity {
	case "document":
		return v.putBackDocument(ctx, c)
	case "customer":
		return v.putBackCustomer(ctx, c)
	case "contact":
		return v.putBackContact(ctx, c)
	}
	v.Restored-- // nobody sees it
	if c.entity == "allocation" {
		return v.putBackDay(ctx, c)
	}
	return v.putBackSaying(ctx, c)
}

func (v *undo) putBackDocument(ctx context.Context, c storedChange) error {
	d, err := ledger.Find(ctx, v.tx, v.scope, c.of)
	if err != nil {
		return err
	}
	var before documentState
	if err := json.Unmarshal([]byte(c.before), &before); err != nil {
		return err
	}
	before.restore(&d)
	v.touched[d.Customer], v.changed = true, append(v.changed, d.ID)
	return ledger.Change(ctx, v.tx, v.scope, d)
}

func (v *undo) putBackDay(ctx context.Context, c storedChange) error {
	var on cal.Date
	if err := json.Unmarshal([]byte(c.before), &on); err != nil {
		return err
	}
	return ledger.Redate(ctx, v.tx, v.scope, c.of, on)
}

func (v *undo) putBackCustomer(ctx context.Context, c storedChange) error {
	now, err := customer.Find(ctx, v.tx, v.scope, c.of)
	if err != nil {
		return err
	}
	var before customerState
	if err := json.Unmarshal([]byte(c.before), &before); err != nil {
		return err
	}
	for name, value := range before.Fields {
		fieldNamed(name).set(&now, value)
	}
	if before.Tagged {
		now.Tags = before.Tags
	}
	v.touched[now.ID] = true
	return customer.Update(ctx, v.tx, v.scope, now)
}

func (v *undo) putBackSaying(ctx context.Context, c storedChange) error {
	var before sayingState
	if err := json.Unmarshal([]byte(c.before), &before); err != nil {
		return err
	}
	if before.By == "" {
		_, err := v.tx.Exec(ctx, `
			DELETE FROM customer_source
			WHERE creditor_id = $1 AND customer_id = $2 AND source = $3`, v.scope.Creditor, c.of, before.Source)
		return err
	}
	_, err := v.tx.Exec(ctx, `
		UPDATE customer_source
		SET said = $4, fingerprint = $5, import_id = $6
		WHERE creditor_id = $1 AND customer_id = $2 AND source = $3`,
		v.scope.Creditor, c.of, before.Source, before.Said, before.Print, before.By)
	return err
}

func (v *undo) putBackContact(ctx context.Context, c storedChange) error {
	var before map[string]string
	if err := json.Unmarshal([]byte(c.before), &before); err != nil {
		return err
	}
	_, err := v.tx.Exec(ctx, `
		UPDATE contact
		SET civility = $3, first_name = $4, last_name = $5, email = $6, phone = $7
		WHERE creditor_id = $1 AND id = $2`, v.scope.Creditor, c.of, before["civility"], before["first_name"],
		before["last_name"], before["email"], before["phone"])
	return err
}

// close writes down that the import is undone.
func (v *undo) close(ctx context.Context) error {
	if err := v.relook(ctx); err != nil {
		return err
	}
	_, err := v.tx.Exec(ctx, `
		UPDATE import
		SET state = 'undone', undone_at = $3
		WHERE creditor_id = $1 AND id = $2`, v.scope.Creditor, v.id, v.tx.Now)
	if err != nil {
		return err
	}
	return journal.Write(ctx, v.tx, v.scope, "import.undone", "import/"+v.id, v.Undoing)
}
