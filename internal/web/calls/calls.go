// Package calls is the page of a telephone call: what to say, the facts beside
// it, what was answered, and the calls to make.
package calls

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/call"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dispute"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/inflight"
	"acquit/internal/money"
	"acquit/internal/plan"
	"acquit/internal/promise"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of calls.
type Pages struct {
	DB   *db.DB
	Desk *reminder.Desk
}

// listView is the calls to make.
type listView struct {
	today     cal.Date
	list      []call.ToMake
	customers map[string]customer.Customer
}

// List shows the calls to make, what weighs most first.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := listView{today: v.Today}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.list, err = call.Next(r.Context(), tx, v.Scope, v.Today, ""); err != nil {
			return err
		}
		ids := make([]string, len(page.list))
		for i, m := range page.list {
			ids[i] = m.Customer
		}
		page.customers, err = customer.ByID(r.Context(), tx, v.Scope, ids)
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, listPage(v.Frame("Appels", "Calls", ui.SectionTasks), page))
}

// view is the page of one call.
type view struct {
	call.Sheet
	today   cal.Date
	now     time.Time
	blanks  call.Blanks
	action  string // where its forms go
	form    url.Values
	outcome call.Outcome // whose form is open
	may     bool
}

// Call shows the call of a task.
func (p *Pages) Call(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, wrong visit.Problems) error {
	v := visit.From(r.Context())
	page := view{today: v.Today, now: v.Now, action: r.URL.Path, form: r.PostForm, may: v.May(creditor.Work)}
	page.outcome = call.Outcome(r.PostFormValue("issue"))
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		page.Sheet, err = call.Prepare(r.Context(), tx, v.Scope, r.PathValue("task"), r.PathValue("id"), v.Today)
		if err != nil {
			return err
		}
		c, err := creditor.Find(r.Context(), tx, v.Scope)
		page.fill(v.Person.Name, c.Name)
		return err
	})
	if wrong := visit.ProblemsOf(err); wrong != nil { // it is recorded already
		visit.Tell(w, *wrong.Notice(v.Frame("", "", "")))
		return visit.Go(w, r, "/appels")
	}
	if err != nil {
		return err
	}
	f := v.Frame(page.Customer.Name, page.Customer.Name, ui.SectionTasks)
	if n := wrong.Notice(f); n != nil {
		f.Notice = n
	}
	return visit.Show(w, r, status, callPage(f, page))
}

// fill is what the script says of this call, in the customer's language.
func (page *view) fill(caller, creditorName string) {
	l := page.lang()
	b := call.Blanks{Caller: caller, Creditor: creditorName, Customer: page.Customer.Name, Total: l.Amount(page.Total)}
	b.Invoices = countOf(l, len(page.Invoices), "facture", "factures", "invoice", "invoices")
	if len(page.Invoices) > 0 {
		first := page.Invoices[0]
		b.Oldest, b.Age = first.Number, countOf(l, max(first.Age, 0), "jour", "jours", "day", "days")
	}
	if broken := page.Broken(page.today); len(broken) > 0 {
		b.Promise = i18n.Words{
			FR: "Vous nous aviez annoncé un règlement pour le %s, et nous ne l’avons pas vu arriver.",
			EN: "You had announced a payment for %s, and we have not seen it arrive.",
		}.Format(l, l.LongDate(broken[0].For))
	}
	page.blanks = b
}

func (page *view) lang() i18n.Lang {
	if l, err := i18n.Parse(page.Customer.Language); err == nil {
		return l
	}
	return i18n.FR
}

func countOf(l i18n.Lang, n int, fr, frs, en, ens string) string {
	one, many := fr, frs
	if l != i18n.FR {
		one, many = en, ens
	}
	return l.Int(n) + "\u00a0" + i18n.Plural(l, n, one, many)
}

// Record writes down how a call went, and shows what follows.
func (p *Pages) Record(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var made call.Call
	err := p.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		said, err := readReport(r, v.Today)
		if err != nil {
			return err
		}
		if err := complete(r.Context(), tx, v.Scope, r, &said); err != nil {
			return err
		}
		made, err = call.Record(r.Context(), tx, v.Scope, said)
		return err
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	if word := call.Private(made.Note); word != "" {
		v.Warn(w, "C’est noté. « %s » n’a peut-être pas sa place dans ce dossier\u00a0: des faits seulement.",
			"Noted. “%s” may not belong in this file: facts only.", word)
	}
	return visit.Go(w, r, "/appels/fait/"+made.ID)
}

// readReport reads what the forms of all outcomes share.
func readReport(r *http.Request, today cal.Date) (call.Report, error) {
	said := call.Report{
		Task: r.PathValue("task"), Customer: r.PathValue("id"), On: today, Outcome: call.Outcome(r.PostFormValue("issue")),
		Number: r.PostFormValue("numero"), Person: r.PostFormValue("qui"), Note: r.PostFormValue("note"),
	}
	again, err := dayIn(r, "rappel")
	said.Again = again
	return said, err
}

func dayIn(r *http.Request, field string) (cal.Date, error) {
	text := strings.TrimSpace(r.PostFormValue(field))
	if text == "" {
		return 0, nil
	}
	d, err := cal.Parse(text)
	if err != nil {
		return 0, fault.Invalidf(field, "ce jour ne se lit pas")
	}
	return d, nil
}

func sumIn(r *http.Request, field string, c money.Currency) (money.Amount, error) {
	text := strings.TrimSpace(r.PostFormValue(field))
	if text == "" {
		return money.Zero(c), nil
	}
	a, err := money.ParseHuman(text, c, money.Hints{Decimal: ','})
	if err != nil {
		return a, fault.Invalidf(field, "ce montant ne se lit pas\u00a0: «\u00a0%.40s\u00a0»", text)
	}
	return a, nil
}

// complete reads what the chosen outcome agrees, and the dispute beside it.
func complete(ctx context.Context, tx *db.Tx, s creditor.Scope, r *http.Request, said *call.Report) error {
	sheet, err := call.Prepare(ctx, tx, s, said.Task, said.Customer, said.On)
	if err != nil {
		return err
	}
	currency := money.EUR
	if len(sheet.Invoices) > 0 {
		currency = sheet.Invoices[0].Amount.Currency
	}
	day, err := dayIn(r, "jour")
	if err != nil {
		return err
	}
	amount, err := sumIn(r, "montant", currency)
	if err != nil {
		return err
	}
	refs := r.PostForm["facture"]
	switch said.Outcome {
	case call.Promised:
		said.Promise = &promise.Promise{Invoices: refs, For: day, Amount: amount, Note: said.Note}
	case call.Paid:
		said.Payment = &inflight.Payment{
			Invoices: refs, Amount: amount, Until: day, Source: inflight.Source(r.PostFormValue("moyen")),
			Note: said.Note,
		}
	case call.AskedTime:
		if said.Plan, err = planIn(ctx, tx, s, r, sheet, day); err != nil {
			return err
		}
	}
	if number := r.PostFormValue("litige-facture"); number != "" {
		part, err := sumIn(r, "litige-montant", currency)
		if err != nil {
			return err
		}
		said.Disputes = append(said.Disputes, &dispute.Dispute{
			Invoice: number, Amount: part, Reason: dispute.Reason(r.PostFormValue("motif")), Note: said.Note,
		})
	}
	return nil
}

// planGrace is how late an instalment may arrive: a transfer made on its day does.
const planGrace = 5

func planIn(
	ctx context.Context, tx *db.Tx, s creditor.Scope, r *http.Request, sheet call.Sheet, first cal.Date,
) (*plan.Plan, error) {
	n, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue("mensualites")))
	if err != nil {
		return nil, fault.Invalidf("mensualites", "combien de mensualités\u00a0?")
	}
	if first.IsZero() {
		return nil, fault.Invalidf("jour", "il manque le jour de la première mensualité")
	}
	refs := r.PostForm["facture"]
	_, list, err := plan.Draft(ctx, tx, s, sheet.Customer.ID, refs, n, first)
	return &plan.Plan{Invoices: refs, Instalments: list, Grace: planGrace, Note: r.PostFormValue("note")}, err
}

// doneView is what followed from a call.
type doneView struct {
	call.Call
	name    string
	mail    *reminder.Preview // that confirms what was agreed; nil when there is nothing to confirm
	sent    time.Time         // when it was queued; the zero time before
	problem string            // why it cannot be written, or was not sent
	plans   []string
	next    string // the next call to make; empty when none is left
}

// Done shows what followed from a call, the mail that confirms it, and the next.
func (p *Pages) Done(w http.ResponseWriter, r *http.Request) error {
	return p.done(w, r, http.StatusOK, "")
}

func (p *Pages) done(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	v := visit.From(r.Context())
	page := doneView{problem: problem}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.Call, err = call.Find(r.Context(), tx, v.Scope, r.PathValue("appel")); err != nil {
			return err
		}
		who, err := customer.Find(r.Context(), tx, v.Scope, page.Customer)
		if err != nil {
			return err
		}
		page.name, page.plans = who.Name, page.Of(call.Plan)
		if err := p.confirm(r.Context(), tx, v, &page); err != nil {
			return err
		}
		left, err := call.Next(r.Context(), tx, v.Scope, v.Today, "")
		if next, ok := call.First(left); ok {
			page.next = next.ID
		}
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, status, donePage(v.Frame("Appel noté", "Call recorded", ui.SectionTasks), page))
}

// confirm writes the mail about what was agreed.
func (p *Pages) confirm(ctx context.Context, tx *db.Tx, v *visit.Visit, page *doneView) error {
	a, err := page.Agreed(ctx, tx, v.Scope, v.Today)
	if err != nil || len(a.Invoices) == 0 {
		return err
	}
	if page.sent, err = reminder.Confirmed(ctx, tx, v.Scope, a); err != nil {
		return err
	}
	mail, err := p.Desk.Confirm(ctx, tx, v.Scope, a)
	if kind := fault.KindOf(err); err != nil && kind != fault.KindInternal {
		page.problem = err.Error()
		return nil
	}
	page.mail = &mail
	return err
}

// Confirm sends the mail that confirms what was agreed on the telephone.
func (p *Pages) Confirm(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	id := r.PathValue("appel")
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		c, err := call.Find(r.Context(), tx, v.Scope, id)
		if err != nil {
			return err
		}
		a, err := c.Agreed(r.Context(), tx, v.Scope, v.Today)
		if err != nil {
			return err
		}
		return p.Desk.SendConfirmation(r.Context(), tx, v.Scope, a)
	})
	if visit.ProblemsOf(err) != nil {
		return p.done(w, r, http.StatusUnprocessableEntity, err.Error())
	}
	if err != nil {
		return err
	}
	v.Done(w, "La confirmation part.", "The confirmation is leaving.")
	return visit.Go(w, r, "/appels/fait/"+id)
}

// mailto opens the mail in the caller's own program.
func (d doneView) mailto() string {
	q := url.Values{"subject": {d.mail.Subject}, "body": {d.mail.Text}}
	return "mailto:" + url.PathEscape(address(d.mail.To)) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// address is what stands between the brackets of a displayed address.
func address(s string) string {
	if _, rest, ok := strings.Cut(s, "<"); ok {
		return strings.TrimSuffix(rest, ">")
	}
	return s
}
