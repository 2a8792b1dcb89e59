// Package settings is the pages on which a company is set up: its identity, its
// bank accounts, its calendar, its settings and its members.
package settings

import (
	"context"
	"net/http"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the settings.
type Pages struct {
	DB       *db.DB
	Known    setting.Registry
	Box      setting.Box
	Links    user.Links
	BaseURL  string // of this site, for links that people hand over; may be empty
	TestSend TestSend
}

// TestSend sends a short message to one address with a creditor's settings.
type TestSend func(ctx context.Context, s creditor.Scope, to string) error

// The paths of the tabs.
const (
	pathIdentity = "/reglages/societe"
	pathBank     = "/reglages/banque"
	pathCalendar = "/reglages/calendrier"
	pathMembers  = "/reglages/membres"
	pathLaw      = "/reglages/droit"
	pathSources  = "/reglages/sources"
)

// groups are the settings that have a tab of their own, with the last part of
// its path. Time zone and holidays are on the calendar's.
var groups = []struct {
	group setting.Group
	name  string
}{
	{setting.GroupDunning, "relances"},
	{setting.GroupSending, "envois"},
	{setting.GroupMail, "courriel"},
	{setting.GroupPost, "courrier"},
	{setting.GroupBooks, "balance"},
	{setting.GroupImport, "imports"},
	{setting.GroupCharges, "penalites"},
	{setting.GroupLimitation, "prescription"},
	{setting.GroupLegal, "contentieux"},
	{setting.GroupCalls, "appels"},
	{setting.GroupCash, "encaissements"},
	{setting.GroupEinvoice, "factures-electroniques"},
}

func groupPath(g setting.Group) string {
	for _, x := range groups {
		if x.group == g {
			return "/reglages/" + x.name
		}
	}
	return "/reglages"
}

type tab struct{ path, label string }

func tabs(f ui.Frame) []tab {
	list := []tab{
		{pathIdentity, f.Say("Société", "Company")},
		{pathBank, f.Say("Banque", "Bank")},
		{pathCalendar, f.Say("Calendrier", "Calendar")},
	}
	for _, x := range groups {
		list = append(list, tab{groupPath(x.group), f.Words(x.group.Title())})
		if x.group == setting.GroupImport {
			list = append(list, tab{pathSources, f.Say("Sources", "Sources")})
		}
	}
	list = append(list, tab{pathMandate, f.Say("Mandat", "Mandate")})
	list = append(list, tab{pathLaw, f.Say("Droit", "Law")})
	return append(list, tab{pathMembers, f.Say("Membres", "Members")})
}

func groupSentence(f ui.Frame, g setting.Group) string {
	switch g {
	case setting.GroupDunning:
		return f.Say("Quand les relances sont décidées, et ce qui demande votre accord.", "When reminders are decided, and what needs your approval.")
	case setting.GroupSending:
		return f.Say("Quand et combien de messages partent.", "When and how many messages leave.")
	case setting.GroupMail:
		return f.Say("Par quel serveur et sous quel nom vos courriels partent.", "By which server and under which name your e-mails leave.")
	case setting.GroupBooks:
		return f.Say("Comment la balance âgée se lit.", "How the aged balance reads.")
	case setting.GroupImport:
		return f.Say("Ce qui protège vos livres d’un fichier incomplet.", "What protects your books from an incomplete file.")
	case setting.GroupCharges:
		return f.Say("Ce que vos conditions de vente disent d’un retard.", "What your terms of sale say of late payment.")
	case setting.GroupLimitation:
		return f.Say("Le temps qui reste pour agir, et les procédures collectives.", "The time left to sue, and collective procedures.")
	case setting.GroupCalls:
		return f.Say("Quand appeler, et jusqu’où chacun peut négocier.", "When to call, and how far each may negotiate.")
	case setting.GroupCash:
		return f.Say("Ce qui est affecté sans vous, et ce que l’on vous propose.", "What is allocated without you, and what you are asked.")
	case setting.GroupEinvoice:
		return f.Say("Comment les statuts de vos factures arrivent et partent.", "How the statuses of your invoices come and leave.")
	case setting.GroupLegal:
		return f.Say("Quand un dossier vous est proposé, et comment une perte se passe.", "When a case is proposed, and how a loss is written off.")
	}
	return ""
}

func rightWords(f ui.Frame, r creditor.Rights) string {
	switch r {
	case creditor.Manage:
		return f.Say("gère la société", "manages the company")
	case creditor.Work:
		return f.Say("traite les relances", "works on reminders")
	}
	return f.Say("consulte", "looks on")
}

func frameOf(r *http.Request) ui.Frame {
	return visit.From(r.Context()).Frame("Réglages", "Settings", ui.SectionSettings)
}

// write runs fn in a transaction with the visit's scope.
func (p *Pages) write(r *http.Request, fn func(ctx context.Context, tx *db.Tx, s creditor.Scope) error) error {
	return p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return fn(r.Context(), tx, visit.From(r.Context()).Scope)
	})
}

func (p *Pages) read(r *http.Request, fn func(ctx context.Context, tx *db.Tx, s creditor.Scope) error) error {
	return p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return fn(r.Context(), tx, visit.From(r.Context()).Scope)
	})
}

// Front leads to the first tab.
func (p *Pages) Front(w http.ResponseWriter, r *http.Request) error {
	return visit.Go(w, r, pathIdentity)
}

// Identity shows who the company is.
func (p *Pages) Identity(w http.ResponseWriter, r *http.Request) error {
	var c creditor.Creditor
	err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
		c, err = creditor.Find(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	may := visit.From(r.Context()).May(creditor.Manage)
	return visit.Show(w, r, http.StatusOK, identityPage(frameOf(r), c, may, nil))
}

// PostIdentity stores it.
func (p *Pages) PostIdentity(w http.ResponseWriter, r *http.Request) error {
	c := creditor.Creditor{
		Name: r.PostFormValue("name"), LegalForm: r.PostFormValue("legal_form"), Capital: r.PostFormValue("capital"),
		SIREN: r.PostFormValue("siren"), SIRET: r.PostFormValue("siret"), VATID: r.PostFormValue("vat_id"),
		Register: r.PostFormValue("register"), Street: r.PostFormValue("street"),
		PostalCode: r.PostFormValue("postal_code"), City: r.PostFormValue("city"), Country: r.PostFormValue("country"),
		Email: r.PostFormValue("email"), Phone: r.PostFormValue("phone"), Website: r.PostFormValue("website"),
	}
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		return creditor.Update(ctx, tx, s, c, journal.Write)
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		f := frameOf(r)
		f.Notice = wrong.Notice(f, "name", "legal_form", "capital", "siren", "siret", "vat_id", "register", "street",
			"postal_code", "city", "country", "email", "phone", "website")
		return visit.Show(w, r, http.StatusUnprocessableEntity, identityPage(f, c, true, wrong))
	}
	return p.saved(w, r, err, pathIdentity)
}

// saved ends a form: back to its page with a word, unless it failed.
func (p *Pages) saved(w http.ResponseWriter, r *http.Request, err error, path string) error {
	if err != nil {
		return err
	}
	visit.From(r.Context()).Done(w, "C’est enregistré.", "Saved.")
	return visit.Go(w, r, path)
}

// Bank shows the bank accounts.
func (p *Pages) Bank(w http.ResponseWriter, r *http.Request) error {
	return p.bank(w, r, http.StatusOK, creditor.Account{Currency: money.EUR}, nil)
}

func (p *Pages) bank(
	w http.ResponseWriter, r *http.Request, status int, a creditor.Account, wrong visit.Problems,
) error {
	var accounts []creditor.Account
	err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
		accounts, err = creditor.Accounts(ctx, tx, s)
		return err
	})
	if err != nil {
		return err
	}
	f := frameOf(r)
	if wrong != nil {
		f.Notice = wrong.Notice(f, "holder", "iban", "bic", "currency")
	}
	may := visit.From(r.Context()).May(creditor.Manage)
	return visit.Show(w, r, status, bankPage(f, accounts, a, may, wrong))
}

// PostBank adds a bank account.
func (p *Pages) PostBank(w http.ResponseWriter, r *http.Request) error {
	a := creditor.Account{
		Holder: r.PostFormValue("holder"), IBAN: r.PostFormValue("iban"), BIC: r.PostFormValue("bic"),
		Currency: money.Currency(r.PostFormValue("currency")),
	}
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		_, err := creditor.AddAccount(ctx, tx, s, a, journal.Write)
		return err
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.bank(w, r, http.StatusUnprocessableEntity, a, wrong)
	}
	return p.saved(w, r, err, pathBank)
}

// EndBank takes a bank account out of use.
func (p *Pages) EndBank(w http.ResponseWriter, r *http.Request) error {
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		return creditor.EndAccount(ctx, tx, s, r.PostFormValue("id"), journal.Write)
	})
	return p.saved(w, r, err, pathBank)
}

// calendar is what its page shows.
type calendar struct {
	fields             []setting.Field
	closures           []creditor.Closure
	holidays           []cal.Holiday
	from, until, label string // of a closure that was refused
}

// calendarSettings are those that stand on the calendar's page.
func calendarSettings() setting.Registry {
	return setting.Registry{setting.Region.Definition, setting.TimeZone.Definition}
}

// nextHolidays is how many public holidays the page names.
const nextHolidays = 8

// Calendar shows the working days.
func (p *Pages) Calendar(w http.ResponseWriter, r *http.Request) error {
	return p.calendar(w, r, http.StatusOK, calendar{}, nil)
}

func (p *Pages) calendar(w http.ResponseWriter, r *http.Request, status int, c calendar, wrong visit.Problems) error {
	v := visit.From(r.Context())
	err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		values, err := creditor.Settings(ctx, tx, s)
		if err != nil {
			return err
		}
		c.fields = calendarSettings().Form(values, v.Lang)
		if c.closures, err = creditor.Closures(ctx, tx, s); err != nil {
			return err
		}
		days, err := creditor.Calendar(ctx, tx, s)
		if err != nil {
			return err
		}
		for _, h := range append(days.Holidays(v.Today.Year()), days.Holidays(v.Today.Year()+1)...) {
			if h.On >= v.Today && len(c.holidays) < nextHolidays {
				c.holidays = append(c.holidays, h)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	f := frameOf(r)
	if wrong != nil {
		f.Notice = wrong.Notice(f, "from", "until", "label")
	}
	return visit.Show(w, r, status, calendarPage(f, c, v.May(creditor.Manage), wrong))
}

// PostCalendar stores the region and the time zone.
func (p *Pages) PostCalendar(w http.ResponseWriter, r *http.Request) error {
	err := p.configure(r, calendarSettings())
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.calendar(w, r, http.StatusUnprocessableEntity, calendar{}, wrong)
	}
	return p.saved(w, r, err, pathCalendar)
}

// AddClosure adds days on which nothing leaves.
func (p *Pages) AddClosure(w http.ResponseWriter, r *http.Request) error {
	c := calendar{from: r.PostFormValue("from"), until: r.PostFormValue("until"), label: r.PostFormValue("label")}
	from, until, err := days(c)
	if err == nil {
		err = p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
			x := creditor.Closure{Days: cal.Period{From: from, To: until}, Label: c.label}
			_, err := creditor.AddClosure(ctx, tx, s, x, journal.Write)
			return err
		})
	}
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.calendar(w, r, http.StatusUnprocessableEntity, c, wrong)
	}
	return p.saved(w, r, err, pathCalendar)
}

func days(c calendar) (from, until cal.Date, err error) {
	if from, err = cal.Parse(c.from); err != nil {
		return 0, 0, fault.Invalidf("from", "ce jour ne se lit pas")
	}
	if until, err = cal.Parse(c.until); err != nil {
		return 0, 0, fault.Invalidf("until", "ce jour ne se lit pas")
	}
	return from, until, nil
}

// RemoveClosure makes its days working days again.
func (p *Pages) RemoveClosure(w http.ResponseWriter, r *http.Request) error {
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		return creditor.RemoveClosure(ctx, tx, s, r.PostFormValue("id"), journal.Write)
	})
	return p.saved(w, r, err, pathCalendar)
}
