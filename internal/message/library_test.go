package message

import (
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"acquit/internal/customer"
)

func TestTheNearestGentlerToneIsTaken(t *testing.T) {
	t.Parallel()
	lib := library(t)
	for _, c := range []struct {
		name     string
		tone     Tone
		language string
		to       Audience
		want     Tone
		spoken   string
		warnings int
	}{
		{"relance-1", Firm, "fr", Business, Firm, "fr", 0},
		{"relance-1", Formal, "fr", Business, Firm, "fr", 1},
		{"relance-2", Firm, "fr", Consumer, Neutral, "fr", 1},
		{"relance-1", Neutral, "fr", Consumer, Courteous, "fr", 1},
		{"mise-en-demeure", Firm, "fr", Business, Formal, "fr", 1}, // nothing gentler exists
		{"relance-1", Neutral, "de", Business, Neutral, "en", 1},
		{"relance-1", Neutral, "en", Public, Neutral, "en", 0},
		{"relance-1", Neutral, "", Business, Neutral, "fr", 0},
		{"relance-1", Neutral, "fr-BE", Business, Neutral, "fr", 0},
	} {
		got, warnings, err := lib.Find(c.name, c.tone, c.language, c.to)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if got.Tone != c.want || got.Language != c.spoken || len(warnings) != c.warnings {
			t.Errorf("%+v: got %s in %s with %q", c, got.Tone, got.Language, warnings)
		}
	}
	_, _, err := lib.Find("relance1", Firm, "fr", Business)
	if err == nil || !strings.Contains(err.Error(), "relance-1") {
		t.Errorf("nothing is suggested for relance1: %v", err)
	}
}

func TestAWrongTemplateStopsItsOwnMessagesOnly(t *testing.T) {
	t.Parallel()
	wrong := Document{
		Name: "relance-1", Tone: Firm, Language: "fr", Audiences: []Audience{Business},
		Subject: "Facture", Body: "Bonjour {{nobody}}",
	}
	right := Document{
		Name: "relance-2", Tone: Firm, Language: "fr", Audiences: []Audience{Business},
		Subject: "À nous", Body: "{{greeting}} !\r\n\r\n{{table.invoices}}",
	}
	lib := library(t).With(wrong, right)
	facts := Example("fr", Business)
	_, err := lib.Render(facts, "relance-1", Firm)
	if err == nil || !strings.Contains(err.Error(), "ligne 1, colonne 11") {
		t.Errorf("the wrong template was used, or its place is not told: %v", err)
	}
	if _, err := lib.Render(facts, "relance-1", Neutral); err != nil {
		t.Errorf("it stopped another variant: %v", err)
	}
	r, err := lib.Render(facts, "relance-2", Firm)
	if err != nil || r.Subject != "À nous" || !strings.Contains(r.Text, "Bonjour Madame\u00a0Vidal\u202f!") {
		t.Errorf("the creditor's own template was not taken: %v %q", err, r.Text)
	}
	if before, _ := library(t).Render(facts, "relance-2", Firm); before.Subject == r.Subject {
		t.Error("the shipped library was changed")
	}
}

func TestADocumentIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, v := range library(t).List() {
		again, err := Read("", v.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v.Document, again, cmpopts.IgnoreUnexported(Document{})); diff != "" {
			t.Errorf("%s: %s", v.Name, diff)
		}
	}
}

func TestPeopleAreCalledWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		contact           Contact
		greeting, english string
		civility          string
	}{
		{Contact{Civility: "Mme", First: "Claire", Last: "Vidal"}, "Bonjour Madame Vidal", "Dear Ms Vidal", "Madame"},
		{Contact{Civility: "M.", Last: "Roux"}, "Bonjour Monsieur Roux", "Dear Mr Roux", "Monsieur"},
		{Contact{First: "Camille", Last: "Roux"}, "Bonjour Camille Roux", "Dear Camille Roux", "Madame, Monsieur"},
		{Contact{Civility: "Dr", Last: "Roux"}, "Madame, Monsieur", "Dear Sir or Madam", "Madame, Monsieur"},
		{Contact{Civility: "Madame"}, "Madame, Monsieur", "Dear Sir or Madam", "Madame"},
		{Contact{}, "Madame, Monsieur", "Dear Sir or Madam", "Madame, Monsieur"},
	} {
		f := Facts{Contact: c.contact}
		got := []string{f.greeting(&french), f.greeting(&english), f.civility(&french)}
		for i, want := range []string{c.greeting, c.english, c.civility} {
			if plain := strings.ReplaceAll(got[i], noBreak, " "); plain != want {
				t.Errorf("%+v: %q, want %q", c.contact, plain, want)
			}
		}
	}
}

func TestWhoHearsOfADebt(t *testing.T) {
	t.Parallel()
	company := customer.Customer{ID: "c1", Name: "Delvaux", Email: "contact@delvaux.example"}
	person := func(role customer.Role, email string) customer.Contact {
		return customer.Contact{Customer: "c1", Role: role, LastName: string(role), Email: email}
	}
	accounting := person(customer.Accounting, "compta@delvaux.example")
	second := person(customer.Accounting, "compta2@delvaux.example")
	manager := person(customer.Manager, "direction@delvaux.example")
	sales := person(customer.Sales, "ventes@delvaux.example")
	stranger := accounting
	stranger.Customer, stranger.Email = "c2", "compta@autre.example"
	dead := accounting
	dead.BouncedAt = time.Unix(1, 0)
	sameDead := manager
	sameDead.Email = "Compta@delvaux.example"
	gone := accounting
	gone.EndedAt = time.Unix(1, 0)
	silent := customer.Customer{ID: "c1", Name: "Delvaux"}
	one := func(role customer.Role, email string) []customer.Contact {
		return []customer.Contact{person(role, email)}
	}
	list := func(contacts ...customer.Contact) []customer.Contact { return contacts }
	const general = "contact@delvaux.example"
	for name, c := range map[string]struct {
		customer customer.Customer
		contacts []customer.Contact
		to       string
		via      Via
		skipped  int
	}{
		"accounting first":     {company, list(manager, second, accounting), second.Email, ViaAccounting, 0},
		"manager next":         {company, list(sales, manager), manager.Email, ViaManager, 0},
		"then the company":     {company, list(sales), general, ViaGeneral, 0},
		"buyers after it":      {silent, one(customer.Purchasing, "achats@a.fr"), "achats@a.fr", ViaPurchasing, 0},
		"never sellers":        {silent, list(sales), "", ViaNobody, 0},
		"never strangers":      {silent, list(stranger), "", ViaNobody, 1},
		"not what bounced":     {company, list(dead, manager), manager.Email, ViaManager, 1},
		"nor under other name": {company, list(dead, sameDead), general, ViaGeneral, 2},
		"not who left":         {company, list(gone), general, ViaGeneral, 1},
		"not an address":       {company, one(customer.Accounting, "compta@delvaux"), general, ViaGeneral, 1},
		"nobody reads it":      {company, one(customer.Accounting, "No-Reply@a.example"), general, ViaGeneral, 1},
		"no injection":         {silent, one(customer.Accounting, "a@b.example\r\nBcc: x@y.example"), "", ViaNobody, 1},
		"no address at all":    {silent, one(customer.Accounting, " "), "", ViaNobody, 0},
	} {
		got := FindRecipients(c.customer, c.contacts)
		if got.To.Address != c.to || got.Via != c.via || len(got.Skipped) != c.skipped {
			t.Errorf("%s: %+v", name, got)
		}
	}
	payer := person(customer.Accounting, "c0@delvaux.example")
	got := FindRecipients(company, list(payer, second, manager, dead, stranger), customer.Manager, customer.Accounting)
	want := []mail.Address{
		{Name: "accounting", Address: second.Email},
		{Name: "manager", Address: manager.Email},
	}
	if got.To.Address == dead.Email || !cmp.Equal(want, got.Cc) {
		t.Errorf("to %s, copies %+v", got.To.Address, got.Cc)
	}
}
