// Package documents is the page of one document of the books: an invoice with all
// that settled it, each amount with where it came from, or a payment or credit
// note with what it settled; and what may be given up of an invoice.
package documents

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/money"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages under /pieces.
type Pages struct{ DB *db.DB }

// view is what the page of a document shows.
type view struct {
	ledger.Document
	customer  customer.Customer
	links     []link
	entry     *bank.Kept // the entry of the bank that brought it
	statuses  []lifecycle.Status
	people    map[string]string
	today     cal.Date
	tolerance money.Amount // of differences
	ceiling   money.Amount // from which on an amount is a loss, with its own way
	may       bool
	manage    bool
	form      string     // the form that was refused, to be shown open
	wrote     url.Values // what stood in it
}

// link is an amount set between the document and another, with where it came from.
type link struct {
	ledger.Allocation
	other  ledger.Document
	entry  string       // of the bank, that brought it
	own    string       // of the bank, that set the two against each other
	undone *ledger.Link // its reversal
	left   money.Amount // of the document, after it
}

// Document shows one document.
func (p *Pages) Document(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, "", nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, form string, wrong visit.Problems) error {
	v := visit.From(r.Context())
	page := view{
		today: v.Today, may: v.May(creditor.Work), manage: v.May(creditor.Manage), form: form, wrote: r.PostForm,
		people: map[string]string{},
	}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope, r.PathValue("piece"))
	})
	if err != nil {
		return err
	}
	f := v.Frame("", "", ui.SectionCustomers)
	f.Title = title(f, page.Document)
	if wrong != nil {
		f.Notice = wrong.Notice(f)
	}
	return visit.Show(w, r, status, documentPage(f, page))
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (err error) {
	if page.Document, err = ledger.Find(ctx, tx, s, id); err != nil {
		return err
	}
	if page.customer, err = customer.Find(ctx, tx, s, page.Customer); err != nil {
		return err
	}
	if page.statuses, err = lifecycle.Of(ctx, tx, s, page.ID); err != nil {
		return err
	}
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	page.tolerance = money.New(setting.CashTolerance.In(values).Minor, page.Amount.Currency)
	page.ceiling = setting.WriteOffCeiling.In(values)
	members, err := user.Members(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, m := range members {
		page.people[m.ID] = m.Name
	}
	return page.settle(ctx, tx, s)
}

// settle reads what the document was set against, in the order of the days, and
// which entries of the bank stand behind.
func (page *view) settle(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	found, err := ledger.Links(ctx, tx, s, []string{page.ID})
	if err != nil {
		return err
	}
	undone := map[string]*ledger.Link{}
	things, others := []string{page.ID}, []string{}
	var all []ledger.Allocation
	for i, l := range found {
		all = append(all, l.Allocation)
		undone[l.Reverses] = &found[i]
		things, others = append(things, l.ID, l.Credit), append(others, l.Credit, l.Invoice)
	}
	behind, err := cash.Behind(ctx, tx, s, things)
	if err != nil {
		return err
	}
	own, err := cash.SetBy(ctx, tx, s, all)
	if err != nil {
		return err
	}
	documents, err := ledger.WithIDs(ctx, tx, s, others)
	if err != nil {
		return err
	}
	for _, l := range found {
		if l.Reverses != "" {
			continue
		}
		one := link{Allocation: l.Allocation, undone: undone[l.ID], entry: behind[l.ID], own: own[l.ID]}
		if one.entry == "" {
			one.entry = behind[l.Credit]
		}
		i := slices.IndexFunc(documents, func(d ledger.Document) bool {
			return d.ID != page.ID && (d.ID == l.Credit || d.ID == l.Invoice)
		})
		if i >= 0 {
			one.other = documents[i]
		}
		page.links = append(page.links, one)
	}
	page.count()
	return page.source(ctx, tx, s, behind[page.ID])
}

// count works out what was left after each amount that holds.
func (page *view) count() {
	slices.SortStableFunc(page.links, func(a, b link) int {
		if a.On != b.On {
			return int(a.On) - int(b.On)
		}
		return strings.Compare(a.ID, b.ID)
	})
	left := page.Amount
	for i := range page.links {
		if page.links[i].undone == nil {
			left = left.Sub(page.links[i].Amount)
		}
		page.links[i].left = left
	}
}

// source reads the entry of the bank that brought the document, where one did.
func (page *view) source(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) error {
	if entry == "" {
		return nil
	}
	e, err := bank.Find(ctx, tx, s, entry)
	page.entry = &e
	return err
}

// Act gives up an amount of an invoice, grants a discount, takes either back, or
// frees a credit that was set against it.
func (p *Pages) Act(w http.ResponseWriter, r *http.Request) error {
	v, act := visit.From(r.Context()), r.PathValue("acte")
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	id := r.PathValue("piece")
	var words string
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		before, err := ledger.Find(r.Context(), tx, v.Scope, id)
		if err != nil {
			return err
		}
		if err := p.act(r, tx, v.Scope, id, act); err != nil {
			return err
		}
		after, err := ledger.Find(r.Context(), tx, v.Scope, id)
		words = actedWords(ui.Frame{Lang: v.Lang}, act, before, after)
		return err
	})
	if denied := fault.KindOf(err) == fault.KindDenied; denied || visit.ProblemsOf(err) != nil {
		wrong := visit.ProblemsOf(err)
		if denied {
			wrong = visit.Problems{"": ui.Sentence(err.Error())}
		}
		return p.show(w, r, http.StatusUnprocessableEntity, act, wrong)
	}
	if err != nil {
		return err
	}
	visit.Tell(w, ui.Notice{Text: words})
	return visit.Go(w, r, "/pieces/"+id)
}

func (p *Pages) act(r *http.Request, tx *db.Tx, s creditor.Scope, id, act string) error {
	ctx := r.Context()
	said := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	switch act {
	case takeBack:
		return cash.UndoGiven(ctx, tx, s, said("affectation"), said("reason"))
	case setFree:
		return cash.UndoCredit(ctx, tx, s, said("affectation"), said("reason"))
	}
	d, err := ledger.Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	text := said("amount")
	amount, err := money.ParseHuman(text, d.Amount.Currency, money.Hints{Decimal: ','})
	if err != nil {
		return fault.Invalidf("amount", "ce montant ne se lit pas : « %.40s », écrivez 1 234,56", text)
	}
	switch act {
	case "abandon":
		return cash.WriteOff(ctx, tx, s, id, amount, said("reason"))
	case "escompte":
		return cash.GrantDiscount(ctx, tx, s, id, amount, said("reason"))
	}
	return fault.NotFound("formulaire")
}

// said is what stood in a field of the form that was refused, else otherwise.
func (page view) said(form, field, otherwise string) string {
	if page.form == form && page.wrote.Has(field) {
		return page.wrote.Get(field)
	}
	return otherwise
}

// The acts that undo an amount.
const (
	takeBack = "reprise"     // of what no money came for
	setFree  = "desaffecter" // of a credit that was set against the invoice
)

// undoing is the act by which an amount can be undone here, empty for none: what an
// entry of the bank or an import has set is undone with it.
func (page view) undoing(l link) string {
	if !page.may || l.undone != nil || page.Kind != ledger.Invoice || l.own != "" || l.Import != "" {
		return ""
	}
	switch l.other.Nature {
	case ledger.Ordinary, ledger.Opening, ledger.Advance:
		return setFree
	}
	given := cash.Given(l.other.Nature) && l.entry == "" && l.other.Source == cash.Source
	if given && (page.manage || l.other.Nature == ledger.Small) {
		return takeBack
	}
	return ""
}

// sum is what the amounts that hold come to.
func (page view) sum() money.Amount { return page.Amount.Sub(page.Open) }

// rest is what a form to give up begins with: what is left, where that is small.
func (page view) rest(f ui.Frame) string {
	if page.Open.Currency != page.ceiling.Currency || !page.Open.Less(page.ceiling) {
		return ""
	}
	return page.Open.Number(string(f.Lang))
}

// who made something, and when, in words.
func (page view) who(f ui.Frame, by, imported string, at time.Time) string {
	name := page.people[by]
	switch {
	case imported != "":
		name = f.Say("un import", "an import")
	case by == creditor.ActorRule:
		name = f.Say("la règle", "the rule")
	case name == "":
		return f.Sayf("le %s", "on %s", f.LocalDate(at))
	}
	return f.Sayf("par %s le %s", "by %s on %s", name, f.LocalDate(at))
}
