// Package legal is the pages of what comes after reminders: cases that seem ripe, the
// ways that the law opens, claims in a partner's hands, and losses.
package legal

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/fault"
	"acquit/internal/handover"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/letter"
	"acquit/internal/money"
	"acquit/internal/statute"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages under /contentieux.
type Pages struct{ DB *db.DB }

// shown bounds each list of the page; the rest is on the command line.
const shown = 100

// line is a hand-over with what its money came to.
type line struct {
	handover.Handover
	handover.Ledger
}

// front is what the first page shows.
type front struct {
	today     cal.Date
	may       bool // hand over, write off
	work      bool
	proposals []handover.Proposal
	active    []line
	ended     []handover.Handover
	partners  []handover.Partner
	losses    []handover.Loss
	names     map[string]customer.Customer
	partner   map[string]string // names by identifier
}

// in keeps the lines of a state.
func (page front) in(s handover.State) (list []line) {
	for _, l := range page.active {
		if l.State == s {
			list = append(list, l)
		}
	}
	return list
}

// Front shows proposals, what is prepared and handed over, losses and partners.
func (p *Pages) Front(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := front{today: v.Today, may: v.May(creditor.Manage), work: v.May(creditor.Work), partner: map[string]string{}}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v.Scope) })
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, frontPage(v.Frame("Contentieux", "Legal", ui.SectionLegal), page))
}

func (page *front) gather(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if page.proposals, err = handover.Proposals(ctx, tx, s, page.today, shown); err != nil {
		return err
	}
	active, err := handover.All(ctx, tx, s, handover.Filter{
		States: []handover.State{handover.Prepared, handover.Handed}, Limit: shown,
	})
	if err != nil {
		return err
	}
	for _, h := range active {
		_, _, _, sums, err := money4(ctx, tx, s, h)
		if err != nil {
			return err
		}
		page.active = append(page.active, line{h, sums})
	}
	page.ended, err = handover.All(ctx, tx, s, handover.Filter{
		States: []handover.State{handover.Recalled, handover.Closed}, Limit: shown,
	})
	if err != nil {
		return err
	}
	if page.losses, err = handover.Losses(ctx, tx, s, handover.LossFilter{Limit: shown}); err != nil {
		return err
	}
	if page.partners, err = handover.Partners(ctx, tx, s); err != nil {
		return err
	}
	return page.who(ctx, tx, s)
}

// who reads the names of customers and partners.
func (page *front) who(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	var ids []string
	for _, x := range page.proposals {
		ids = append(ids, x.Customer)
	}
	for _, x := range page.losses {
		ids = append(ids, x.Customer)
	}
	all := append([]handover.Handover{}, page.ended...)
	for _, x := range page.active {
		all = append(all, x.Handover)
	}
	for _, h := range all {
		ids = append(ids, h.Customer)
		if h.Partner == "" || page.partner[h.Partner] != "" {
			continue
		}
		one, err := handover.FindPartner(ctx, tx, s, h.Partner)
		if err != nil {
			return err
		}
		page.partner[h.Partner] = one.Name
	}
	page.names, err = customer.ByID(ctx, tx, s, ids)
	return err
}

// money4 is what a partner told and remitted, what came in, and their sums.
func money4(ctx context.Context, tx *db.Tx, s creditor.Scope, h handover.Handover) (
	told []handover.Feedback, paid []handover.Remittance, received []handover.Receipt, sums handover.Ledger, err error,
) {
	if told, err = handover.Feedbacks(ctx, tx, s, h); err != nil {
		return told, paid, received, sums, err
	}
	if paid, err = handover.Remittances(ctx, tx, s, h); err != nil {
		return told, paid, received, sums, err
	}
	received, err = handover.Receipts(ctx, tx, s, h)
	return told, paid, received, h.Account(told, paid, received), err
}

// one is what the page of a hand-over shows.
type one struct {
	line
	today    cal.Date
	may      bool
	work     bool
	customer customer.Customer
	partner  handover.Partner
	partners []handover.Partner
	told     []handover.Feedback
	paid     []handover.Remittance
	received []handover.Receipt
}

// Handover shows one.
func (p *Pages) Handover(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := one{today: v.Today, may: v.May(creditor.Manage), work: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		ctx := r.Context()
		if page.Handover, err = handover.Find(ctx, tx, v.Scope, r.PathValue("id")); err != nil {
			return err
		}
		if page.customer, err = customer.Find(ctx, tx, v.Scope, page.Customer); err != nil {
			return err
		}
		if page.Partner != "" {
			if page.partner, err = handover.FindPartner(ctx, tx, v.Scope, page.Partner); err != nil {
				return err
			}
		}
		if page.partners, err = handover.Partners(ctx, tx, v.Scope); err != nil {
			return err
		}
		page.told, page.paid, page.received, page.Ledger, err = money4(ctx, tx, v.Scope, page.Handover)
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, onePage(v.Frame("Contentieux", "Legal", ui.SectionLegal), page))
}

// File is the letter that declares receipts, the dossier that was handed over, or the
// certificate.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v, ctx := visit.From(r.Context()), r.Context()
	var content []byte
	name := r.PathValue("fichier")
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := handover.Find(ctx, tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		switch {
		case name == "declaration.pdf":
			l, err := handover.DeclarationLetter(ctx, tx, v.Scope, h, v.Today)
			if err != nil {
				return err
			}
			content, err = pdf(l)
			return err
		case name == "dossier.zip" && h.Dossier != "":
			content, err = ledger.FileContent(ctx, tx, v.Scope, h.Dossier)
		case name == "certificat" && h.Certificate != "":
			name = h.CertificateName
			content, err = ledger.FileContent(ctx, tx, v.Scope, h.Certificate)
		default:
			return fault.NotFound("fichier %s", name)
		}
		return err
	})
	if err != nil {
		return err
	}
	visit.Bytes(w, name, content)
	return nil
}

func pdf(l letter.Letter) ([]byte, error) {
	var b bytes.Buffer
	err := letter.Write(&b, l)
	return b.Bytes(), err
}

// Losses is the losses of this year and the two before as a file for the accountant.
func (p *Pages) Losses(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	y, _, _ := v.Today.Date()
	return p.DB.Read(r.Context(), func(tx *db.Tx) error {
		t, err := handover.LossSheet(r.Context(), tx, v.Scope, cal.Must(fmt.Sprintf("%04d-01-01", y-2)),
			v.Today, v.Lang)
		if err != nil {
			return err
		}
		return visit.File(w, r.PathValue("fichier"), "pertes-"+v.Today.String(), v.Lang, t)
	})
}

// study is what the page of a customer's ways shows.
type study struct {
	handover.Study
	may, work bool
	partners  []handover.Partner
}

// Ways shows the ways that are open for a customer's claim.
func (p *Pages) Ways(w http.ResponseWriter, r *http.Request) error {
	v, ctx := visit.From(r.Context()), r.Context()
	page := study{may: v.May(creditor.Manage), work: v.May(creditor.Work)}
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if page.Study, err = read(ctx, tx, v, r.PathValue("id")); err != nil {
			return err
		}
		page.partners, err = handover.Partners(ctx, tx, v.Scope)
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, waysPage(v.Frame("Contentieux", "Legal", ui.SectionLegal), page))
}

func read(ctx context.Context, tx *db.Tx, v *visit.Visit, who string) (handover.Study, error) {
	law, err := statute.Load(ctx, tx, v.Scope)
	if err != nil {
		return handover.Study{}, err
	}
	return handover.Of(ctx, tx, v.Scope, law, who, v.Today)
}

// Request is the request for a payment order, to be read and signed.
func (p *Pages) Request(w http.ResponseWriter, r *http.Request) error {
	v, ctx := visit.From(r.Context()), r.Context()
	var content []byte
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		st, err := read(ctx, tx, v, r.PathValue("id"))
		if err != nil {
			return err
		}
		evidence, err := dossier.EvidenceOf(ctx, tx, v.Scope, st.Customer.ID)
		if err != nil {
			return err
		}
		var more []string
		for _, e := range evidence {
			if !e.Withdrawn() {
				more = append(more, ui.Capital(e.Kind.In("fr"))+" ("+e.Name+")")
			}
		}
		made, err := handover.Request(ctx, tx, v.Scope, st, more)
		if err != nil {
			return err
		}
		content, err = pdf(made.Letter)
		return err
	})
	if err != nil {
		return err
	}
	visit.Bytes(w, "requete-injonction-de-payer.pdf", content)
	return nil
}

// amount reads what a person wrote, in a currency; nothing is no amount.
func amount(field, text string, c money.Currency) (money.Amount, error) {
	if strings.TrimSpace(text) == "" {
		return money.Zero(c), nil
	}
	a, err := money.ParseHuman(text, c, money.Hints{})
	if err != nil {
		return a, &fault.Invalid{Field: field, Message: "ce montant ne se lit pas", Mend: "par exemple 1 250,00"}
	}
	return a, nil
}

// day reads a day of a form; nothing is no day.
func day(field, text string) (cal.Date, error) {
	if text == "" {
		return 0, nil
	}
	d, err := cal.Parse(text)
	if err != nil {
		return 0, fault.Invalidf(field, "ce jour ne se lit pas")
	}
	return d, nil
}

// answers are those of a form about a fact.
func answers() []fr.Answer { return []fr.Answer{fr.Unknown, fr.Yes, fr.No} }
