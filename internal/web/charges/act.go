package charges

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/charge"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
	"acquit/internal/money"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// form is one form about a customer, in the transaction that stores what it says.
type form struct {
	*http.Request
	tx    *db.Tx
	scope creditor.Scope
	today cal.Date
	who   string // the customer's identifier
}

// done is what is said after a form, in both languages.
type done struct{ fr, en string }

// acts are the forms of the page, by the last part of their address.
func acts() map[string]func(form, context.Context) (done, error) {
	return map[string]func(form, context.Context) (done, error){
		"reclamer": form.claim, "comptabiliser": form.book, "decompte": form.issue, "abandonner": form.waive,
		"retirer": form.withdraw, "contrat": form.setContract, "mise-en-demeure": form.receive,
	}
}

// Act does what a form asks, and shows the page again with what is wrong.
func (p *Pages) Act(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	name := r.PathValue("form")
	act, ok := acts()[name]
	if !ok {
		return fault.NotFound("formulaire")
	}
	var id string
	var said done
	err := p.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if id, err = agreement.Customer(r.Context(), tx, v.Scope, r.PathValue("id")); err != nil {
			return err
		}
		said, err = act(form{Request: r, tx: tx, scope: v.Scope, today: v.Today, who: id}, r.Context())
		return err
	})
	if missing, ok := errors.AsType[*fr.MissingRateError](err); ok {
		err = &fault.Invalid{Field: "until", Message: missing.Error()}
	}
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, v.Today, name, wrong)
	}
	if err != nil {
		return err
	}
	visit.Tell(w, ui.Notice{Text: ui.Frame{Lang: v.Lang}.Say(said.fr, said.en)})
	return visit.Go(w, r, "/clients/"+id+"/penalites")
}

// said is what stands in a field, without spaces around it.
func (f form) said(field string) string { return strings.TrimSpace(f.PostFormValue(field)) }

// day reads the day in a field; an empty one is no day.
func (f form) day(field string) (cal.Date, error) {
	text := f.said(field)
	if text == "" {
		return 0, nil
	}
	d, err := cal.Parse(text)
	if err != nil {
		return 0, fault.Invalidf(field, "ce jour ne se lit pas")
	}
	return d, nil
}

// wish reads which invoices and charges a form is about.
func (f form) wish() charge.Wish {
	w := charge.Wish{Customer: f.who}
	for _, id := range f.PostForm["invoice"] {
		if id != "" {
			w.Invoices = append(w.Invoices, id)
		}
	}
	for _, what := range charge.Whats() {
		if string(what) == f.said("what") {
			w.Whats = []charge.What{what}
		}
	}
	return w
}

func (f form) claim(ctx context.Context) (d done, err error) {
	w := f.wish()
	if w.Until, err = f.day("until"); err != nil {
		return d, err
	}
	_, err = charge.Claim(ctx, f.tx, f.scope, w, f.today)
	return done{"Les pénalités sont réclamées.", "The charges are claimed."}, err
}

func (f form) book(ctx context.Context) (d done, err error) {
	made, err := charge.Book(ctx, f.tx, f.scope, f.who, f.today)
	numbers := make([]string, len(made))
	for i, n := range made {
		numbers[i] = n.Number
	}
	list := strings.Join(numbers, ", ")
	return done{"Comptabilisé : " + list + ".", "Booked: " + list + "."}, err
}

func (f form) issue(ctx context.Context) (d done, err error) {
	until, err := f.day("until")
	if err != nil {
		return d, err
	}
	if until == 0 {
		until = f.today
	}
	if until > f.today {
		return d, fault.Invalidf("until", "un décompte s’arrête aujourd’hui au plus tard")
	}
	_, err = charge.Freeze(ctx, f.tx, f.scope, f.who, until, f.today)
	return done{"Le décompte est émis et gardé tel quel.", "The statement is issued and kept as it is."}, err
}

func (f form) waive(ctx context.Context) (d done, err error) {
	w := f.wish()
	w.Reason = f.said("reason")
	if text := f.said("amount"); text != "" {
		if w.Amount, err = f.amount(ctx, w, text); err != nil {
			return d, err
		}
	}
	_, err = charge.Waive(ctx, f.tx, f.scope, w, f.today)
	return done{"C’est abandonné.", "It is waived."}, err
}

// amount reads the part that is given up, in the currency of the one charge that it
// is about.
func (f form) amount(ctx context.Context, w charge.Wish, text string) (a money.Amount, err error) {
	if len(w.Invoices) != 1 || len(w.Whats) != 1 {
		return a, fault.Invalidf("amount",
			"une partie s’abandonne sur une seule facture, intérêts ou indemnité : choisissez-les, ou videz ce champ")
	}
	account, err := charge.Of(ctx, f.tx, f.scope, f.who, f.today)
	if err != nil {
		return a, err
	}
	l, ok := account.Line(w.Invoices[0])
	if !ok {
		return a, fault.NotFound("facture")
	}
	a, err = money.ParseHuman(text, l.Sum(w.Whats[0]).Computed.Currency, money.Hints{Decimal: ','})
	if err != nil || a.Sign() <= 0 {
		return a, fault.Invalidf("amount", "« %.40s » n’est pas un montant de la forme 40,00", text)
	}
	return a, nil
}

func (f form) withdraw(ctx context.Context) (d done, err error) {
	account, err := charge.Of(ctx, f.tx, f.scope, f.who, f.today)
	if err != nil {
		return d, err
	}
	id := f.said("id")
	for _, l := range account.Lines {
		for _, e := range l.Entries {
			if e.ID == id {
				err := charge.Withdraw(ctx, f.tx, f.scope, id, f.said("reason"))
				return done{"C’est retiré.", "It is withdrawn."}, err
			}
		}
	}
	return d, fault.NotFound("pénalité réclamée ou abandonnée")
}

func (f form) setContract(ctx context.Context) (d done, err error) {
	c := charge.Contract{
		Rate: f.said("rate"), Imputation: fr.Imputation(f.said("imputation")), Basis: fr.Basis(f.said("basis")),
	}
	if c.CompoundOn, err = f.day("compound_on"); err != nil {
		return d, err
	}
	err = charge.SetContract(ctx, f.tx, f.scope, f.who, c)
	return done{"Les termes du contrat sont notés.", "The terms of the contract are recorded."}, err
}

func (f form) receive(ctx context.Context) (d done, err error) {
	n := charge.Received{Note: f.said("note")}
	if n.On, err = f.day("received"); err != nil {
		return d, err
	}
	err = charge.Receive(ctx, f.tx, f.scope, f.who, &n, f.today)
	return done{"La réception est notée.", "The receipt is recorded."}, err
}
