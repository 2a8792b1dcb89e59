package web_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/registry"
	"acquit/internal/setting"
	"acquit/internal/web"
	"acquit/internal/web/webtest"
)

// gazette is a register that says one thing, or nothing when it is down.
type gazette struct{ down bool }

func (g *gazette) Announcements(_ context.Context, siren string) ([]registry.Announcement, error) {
	if g.down {
		return nil, errors.New("down")
	}
	return []registry.Announcement{{
		ID: "A1", SIRENs: []string{siren}, Published: cal.Must("2026-10-20"), Type: "annonce", Family: "collective",
		Court: "TAE de Lille", Judgment: registry.Judgment{
			Family: "Jugement d'ouverture", Nature: "Jugement d'ouverture de liquidation judiciaire", On: cal.Must("2026-10-08"),
		},
	}}, nil
}

func TestLimitationInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, func(d *web.Deps) {
		d.Registries = []registry.Driver{{
			Name: "bodacc", Open: func(setting.Values) (registry.Source, error) { return &gazette{}, nil },
		}}
	}).Found(t).Books(t)
	id := idOf(t, s, "C001")
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.Find(ctx, tx, s.Scope, id)
		if err != nil {
			return err
		}
		c.SIREN = "833310592"
		if err := customer.Update(ctx, tx, s.Scope, c); err != nil {
			return err
		}
		if _, err := setting.All().Set(ctx, tx, setting.Box{}, s.Scope.Creditor, "test", map[string]string{"claim_kind": "business"}); err != nil {
			return err
		}
		return ledger.Add(ctx, tx, s.Scope, []*ledger.Document{{
			Customer: id, Kind: ledger.Invoice, Number: "F2022-0007", Issued: cal.Must("2022-01-10"), Due: cal.Must("2022-02-10"),
			Amount: money.New(1850_00, money.EUR),
		}})
	})
	b := s.Open(t, "/")
	b.SignIn()
	b.Go("/prescription")
	if text := b.Text(); !strings.Contains(text, "F2022-0007") || !strings.Contains(text, "10 janv. 2027") {
		t.Errorf("the list says\n%s", text)
	}
	b.Shot("prescription")
	page := "/clients/" + id + "/prescription"
	fits(t, b, "/prescription", "/prescription?fin=passee", "/prescription?fin=toutes&tri=montant", page)
	b.Go(page)
	b.Fill("jour", "2026-11-02")
	b.Press(`form[action$="/evenement"] button`)
	b.Press(`form[action$="/registre"] button`)
	text := b.Text()
	for _, words := range []string{"reconnaissance de la dette", "Liquidation judiciaire", "8 octobre 2026", "21 décembre 2026", "À déclarer"} {
		if !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
	b.Shot("prescription-client")
	fits(t, b, page, "/prescription")
	b.Width(380)
	b.Go(page)
	b.Shot("prescription-client-380")
	b.Go("/prescription")
	b.Shot("prescription-380")
	b.Go("/clients/" + id)
	if text := b.Text(); !strings.Contains(text, "Procédure collective") {
		t.Errorf("the account does not say it:\n%s", text)
	}
}

// The forms refuse in words and keep what was written; the declaration is a PDF once
// it has somebody to go to.
func TestTheFormsOfLimitation(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	client := signIn(t, s)
	page := s.URL + "/clients/" + idOf(t, s, "C001") + "/prescription"
	for _, c := range []struct {
		form  string
		pairs []string
		code  int
		says  string
	}{
		{"evenement", []string{"type", "acknowledgment"}, 422, "corriger"},
		{"evenement", []string{"type", "acknowledgment", "jour", "2026-11-03", "certitude", "text"}, 303, "noté"},
		{"regle", []string{"sorte", "business", "mois", "3"}, 422, "12 à 120"},
		{"regle", []string{"sorte", "transport"}, 303, "noté"},
		{"etape", []string{"etape", "ip_service_delay", "jour", "2026-09-10"}, 303, "10 déc. 2026"},
		{"declaration", []string{"jour", "2026-11-03"}, 422, "procédure n’est en cours"},
		{"procedure", []string{"genre", "liquidation", "jugement", "2026-11-01", "publication", "2026-10-01"}, 422, "précède"},
		{"procedure", []string{"genre", "liquidation", "jugement", "2026-11-01", "publication", "2026-11-05"}, 303, "5 janvier 2027"},
		{"fin", []string{"issue", "closed", "jour", "2026-11-10"}, 422, "raison"},
		{"rien", nil, 404, ""},
	} {
		a := post(t, client, page+"/"+c.form, c.pairs...)
		body := a.body
		if a.status == http.StatusSeeOther {
			body = get(t, client, page).body
		}
		if a.status != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s %v: %d, want %d saying %q", c.form, c.pairs, a.status, c.code, c.says)
		}
	}
	if a := get(t, client, page+"/declaration.pdf"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "adresser") {
		t.Errorf("a declaration to nobody: %d", a.status)
	}
	post(t, client, page+"/procedure", "genre", "liquidation", "jugement", "2026-11-08", "publication", "2026-11-09", "mandataire", "Me Duval")
	if a := get(t, client, page+"/declaration.pdf"); a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF") {
		t.Errorf("the declaration: %d %.80s", a.status, a.body)
	}
	if a := get(t, client, s.URL+"/prescription/fichier/prescription.csv?fin=toutes"); a.status != http.StatusOK || !strings.Contains(a.body, "F2026-0871") {
		t.Errorf("the list as a file: %d %.80s", a.status, a.body)
	}
}
