package handover

import (
	"context"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

const selectPartner = `
	SELECT id, kind, name, street, postal_code, city, siren, contact, email, phone, rate, fixed, mandate, note,
		created_at, ended_at
	FROM partner`

func scanPartner(r db.Row) (p Partner, err error) {
	err = r.Scan(&p.ID, &p.Kind, &p.Name, &p.Street, &p.PostalCode, &p.City, &p.SIREN, &p.Contact, &p.Email, &p.Phone,
		&p.Terms.Rate, &p.Terms.Fixed, &p.Mandate, &p.Note, db.Instant(&p.CreatedAt), db.Instant(&p.EndedAt))
	return p, err
}

// Partners are those that claims may be handed to, by name.
func Partners(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Partner, error) {
	return db.All(ctx, tx, scanPartner, selectPartner+`
		WHERE creditor_id = $1 AND ended_at IS NULL
		ORDER BY name, id`, s.Creditor)
}

// FindPartner is the partner of that identifier, former ones too.
func FindPartner(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Partner, error) {
	p, err := db.One(ctx, tx, scanPartner, selectPartner+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	return p, agreement.Missing(err, "intermédiaire %s", id)
}

const selectHandover = `
	SELECT id, customer_id, partner_id, state, outcome, currency, rate, fixed, mandate, dossier, dossier_name, hold_id,
		reminder_id, note, prepared_on, prepared_by, handed_on, handed_mark, handed_by, ended_on, ended_by, ending,
		certified_on, certificate, certificate_name
	FROM handover`

func scanHandover(r db.Row) (h Handover, err error) {
	err = r.Scan(&h.ID, &h.Customer, &h.Partner, &h.State, &h.Outcome, &h.Currency, &h.Terms.Rate, &h.Terms.Fixed,
		&h.Mandate, &h.Dossier, &h.DossierName, &h.Hold, &h.Reminder, &h.Note, &h.PreparedOn,
		&h.PreparedBy, &h.HandedOn,
		&h.mark, &h.HandedBy, &h.EndedOn, &h.EndedBy, &h.Ending, &h.CertifiedOn, &h.Certificate,
		&h.CertificateName)
	return h, err
}

// Find is the hand-over of that identifier.
func Find(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (Handover, error) {
	h, err := db.One(ctx, tx, scanHandover, selectHandover+`
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id)
	if err != nil {
		return h, agreement.Missing(err, "transmission %s", id)
	}
	list := []Handover{h}
	err = fillItems(ctx, tx, s, list)
	return list[0], err
}

// List are a customer's hand-overs, newest first.
func List(ctx context.Context, tx *db.Tx, s creditor.Scope, customer string) ([]Handover, error) {
	list, err := db.All(ctx, tx, scanHandover, selectHandover+`
		WHERE creditor_id = $1 AND customer_id = $2
		ORDER BY id DESC`, s.Creditor, customer)
	if err != nil {
		return nil, err
	}
	return list, fillItems(ctx, tx, s, list)
}

// Filter says which hand-overs a list shows, newest first.
type Filter struct {
	States []State
	After  string // the identifier of the last of the page before
	Limit  int
}

// maxPage bounds a page of hand-overs.
const maxPage = 500

// All lists hand-overs, newest first.
func All(ctx context.Context, tx *db.Tx, s creditor.Scope, f Filter) ([]Handover, error) {
	var w db.Where
	w.And("creditor_id = ?", s.Creditor)
	if len(f.States) > 0 {
		db.In(&w, "state", f.States)
	}
	if f.After != "" {
		w.And("id < ?", f.After)
	}
	query := selectHandover + w.SQL() + `
		ORDER BY id DESC
		LIMIT ` + w.Arg(max(1, min(f.Limit, maxPage)))
	list, err := db.All(ctx, tx, scanHandover, query, w.Args...)
	if err != nil {
		return nil, err
	}
	return list, fillItems(ctx, tx, s, list)
}

// itemRow is an item with the hand-over that it is of.
type itemRow struct {
	handover                        string
	item                            Item
	currency                        money.Currency
	principal, interest, flat, open int64
}

// fillItems reads the items of hand-overs.
func fillItems(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Handover) error {
	if len(list) == 0 {
		return nil
	}
	place := map[string]int{}
	ids := make([]string, len(list))
	for i, h := range list {
		ids[i], place[h.ID] = h.ID, i
	}
	var w db.Where
	w.And("i.creditor_id = ?", s.Creditor)
	db.In(&w, "i.handover_id", ids)
	rows, err := db.All(ctx, tx, func(r db.Row) (x itemRow, err error) {
		err = r.Scan(&x.handover, &x.item.Document, &x.item.Number, &x.item.Due, &x.currency, &x.principal,
			&x.interest, &x.flat, &x.open)
		return x, err
	}, `
		SELECT i.handover_id, i.document_id, d.number, d.due_on, d.currency, i.principal, i.interest, i.indemnity,
			d.open_amount
		FROM handover_item i
		JOIN document d ON d.creditor_id = i.creditor_id AND d.id = i.document_id`+w.SQL()+`
		ORDER BY i.handover_id, d.due_on, d.number`, w.Args...)
	for _, x := range rows {
		x.item.Principal, x.item.Interest = money.New(x.principal, x.currency), money.New(x.interest, x.currency)
		x.item.Indemnity, x.item.Open = money.New(x.flat, x.currency), money.New(x.open, x.currency)
		h := &list[place[x.handover]]
		h.Items = append(h.Items, x.item)
	}
	return err
}

// activeOn are the documents among ids that are prepared or handed over.
func activeOn(ctx context.Context, tx *db.Tx, s creditor.Scope, ids []string) ([]string, error) {
	var w db.Where
	w.And("i.creditor_id = ?", s.Creditor)
	w.And("h.state IN ('prepared', 'handed')")
	db.In(&w, "i.document_id", ids)
	return db.All(ctx, tx, db.Value[string], `
		SELECT i.document_id
		FROM handover_item i
		JOIN handover h ON h.creditor_id = i.creditor_id AND h.id = i.handover_id`+w.SQL()+`
		ORDER BY i.document_id`, w.Args...)
}

// overdueOf are a customer's open invoices whose due date is past and that no hand-over
// has, but those that are contested as a whole; by due date.
func overdueOf(
	ctx context.Context, tx *db.Tx, s creditor.Scope, customer string, today cal.Date,
) ([]ledger.Document, error) {
	return db.All(ctx, tx, func(r db.Row) (d ledger.Document, err error) {
		var open int64
		var c money.Currency
		err = r.Scan(&d.ID, &d.Number, &c, &open)
		d.Open = money.New(open, c)
		return d, err
	}, `
		SELECT d.id, d.number, d.currency, d.open_amount
		FROM document d
		WHERE d.creditor_id = $1 AND d.customer_id = $2 AND d.kind = 'invoice' AND d.open_amount > 0 AND d.due_on < $3
		  AND d.nature <> 'charge'
		  AND NOT EXISTS (
			SELECT 1 FROM handover_item i JOIN handover h ON h.creditor_id = i.creditor_id AND h.id = i.handover_id
			WHERE i.creditor_id = d.creditor_id AND i.document_id = d.id AND h.state IN ('prepared', 'handed'))
		  AND NOT EXISTS (
			SELECT 1 FROM dispute x
			WHERE x.creditor_id = d.creditor_id AND x.document_id = d.id AND x.closed_on IS NULL
			  AND (x.amount = 0 OR x.amount >= d.open_amount))
		ORDER BY d.due_on, d.number`, s.Creditor, customer, today)
}

// Feedbacks are what a partner told of a hand-over, oldest first.
func Feedbacks(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) ([]Feedback, error) {
	return db.All(ctx, tx, func(r db.Row) (f Feedback, err error) {
		var amount int64
		err = r.Scan(&f.ID, &f.Handover, &f.On, &f.Status, &amount, &f.Text, &f.By)
		f.Amount = money.New(amount, h.Currency)
		return f, err
	}, `
		SELECT id, handover_id, on_day, status, amount, text, made_by
		FROM handover_note
		WHERE creditor_id = $1 AND handover_id = $2
		ORDER BY on_day, id`, s.Creditor, h.ID)
}

// Remittances are what a partner paid out on a hand-over, oldest first.
func Remittances(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) ([]Remittance, error) {
	return db.All(ctx, tx, func(r db.Row) (m Remittance, err error) {
		var gross, fee, net, paid int64
		err = r.Scan(&m.ID, &m.Handover, &m.On, &gross, &fee, &net, &m.Payment, &m.Reference, &m.By, &paid)
		m.Gross, m.Fee = money.New(gross, h.Currency), money.New(fee, h.Currency)
		m.Net, m.Paid = money.New(net, h.Currency), money.New(paid, h.Currency)
		return m, err
	}, `
		SELECT r.id, r.handover_id, r.on_day, r.gross, r.fee, r.net, r.payment_id, r.reference, r.made_by,
			COALESCE(d.amount, 0)
		FROM handover_remittance r
		LEFT JOIN document d ON d.creditor_id = r.creditor_id AND d.id = r.payment_id
		WHERE r.creditor_id = $1 AND r.handover_id = $2
		ORDER BY r.on_day, r.id`, s.Creditor, h.ID)
}

// Receipts are what came in on the claims of a hand-over since it was handed over, and
// until it ended: payments and credit notes set against them, and what was undone.
// Losses that were written off are no receipts.
func Receipts(ctx context.Context, tx *db.Tx, s creditor.Scope, h Handover) ([]Receipt, error) {
	if h.HandedOn.IsZero() {
		return nil, nil
	}
	return db.All(ctx, tx, func(r db.Row) (x Receipt, err error) {
		var amount int64
		err = r.Scan(&x.Allocation, &x.Credit, &x.Kind, &x.Invoice, &x.On, &amount, &x.Declared, &x.Remitted)
		x.Amount = money.New(amount, h.Currency)
		return x, err
	}, `
		SELECT a.id, c.number, c.kind, d.number, a.made_on, a.amount, n.on_day,
			EXISTS (
				SELECT 1 FROM handover_remittance m
				WHERE m.creditor_id = a.creditor_id AND m.handover_id = $2 AND m.payment_id = a.credit_id)
		FROM handover_item i
		CROSS JOIN allocation a
		JOIN document c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
		JOIN document d ON d.creditor_id = a.creditor_id AND d.id = a.invoice_id
		LEFT JOIN handover_declaration n
			ON n.creditor_id = a.creditor_id AND n.handover_id = i.handover_id AND n.allocation_id = a.id
		WHERE i.creditor_id = $1 AND i.handover_id = $2 AND a.creditor_id = i.creditor_id AND a.customer_id = $3
		  AND a.invoice_id = i.document_id AND a.id > $4 AND c.nature <> 'write_off'
		  AND ($5 = '' OR n.on_day IS NOT NULL OR a.made_on <= $6)
		ORDER BY a.made_on, a.id`, s.Creditor, h.ID, h.Customer, h.mark, string(h.ended()), h.EndedOn)
}

// ended is not empty for a hand-over that is over.
func (h Handover) ended() State {
	if h.State == Recalled || h.State == Closed {
		return h.State
	}
	return ""
}
