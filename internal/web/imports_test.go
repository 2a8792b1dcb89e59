package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"acquit/internal/db"
	"acquit/internal/ledger"
	"acquit/internal/web/webtest"
)

const invoices = `Client;Nom;Email;Facture;Date;Échéance;Montant TTC;Reste dû
C101;Menuiserie Leroux;compta@leroux.example;F1001;02/10/2026;01/11/2026;1 250,00;1 250,00
C102;Garage Petit;garage@petit.example;F1002;05/10/2026;04/11/2026;380,40;380,40
C103;Hôtel du Port;hotel@port.example;F1003;07/10/2026;06/11/2026;deux mille;2 000,00
`

// documents is how many documents the books hold.
func documents(t *testing.T, s *webtest.Site) int {
	t.Helper()
	n := 0
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		for _, err := range ledger.EachOpen(ctx, tx, s.Scope) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFilesComeInInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	s.Clock.Set(webtest.Monday)
	b := s.Open(t, "/")
	b.SignIn()
	if text := b.Text(); !strings.Contains(text, "Commencez par vos factures") {
		t.Errorf("an empty company is not told what comes next:\n%s", text)
	}
	fits(t, b, "/imports")
	b.Go("/imports")
	webtest.Eval[bool](b, `(window.left = true)`)
	b.Upload("fichiers", write(t, "encours.csv", invoices))
	b.WaitFor(`!window.left && location.pathname.startsWith("/depots/") && document.querySelector("[value=importer]")`)
	text := b.Text()
	for _, says := range []string{"Rien n’est encore changé", "lignes ajoutées", "ligne refusée", "ligne 4", "clients ajoutés"} {
		if !strings.Contains(text, says) {
			t.Errorf("what was understood does not say %q:\n%s", says, text)
		}
	}
	if n := documents(t, s); n != 0 {
		t.Fatalf("looking changed the books: %d documents", n)
	}
	fits(t, b, b.Path())
	b.Press(`button[value="importer"]`)
	b.WaitFor(`location.pathname.startsWith("/imports/imp_")`)
	if n := documents(t, s); n != 2 {
		t.Errorf("after importing: %d documents, want 2\n%s", n, b.Text())
	}
	fits(t, b, b.Path(), "/imports")
	b.Go("/imports")
	b.Press("td a.name")
	b.Press(`form[action="/passage"] button`)
	if text := b.Text(); !strings.Contains(text, "2 nouvelles relances") {
		t.Errorf("deciding after the import: the page says\n%s", text)
	}
	b.Go("/imports")
	b.Press("td a.name")
	webtest.Eval[bool](b, `(window.confirm = () => true)()`)
	b.Press(`form[action$="/annuler"] button`)
	if n := documents(t, s); n != 0 {
		t.Errorf("after undoing: %d documents\n%s", n, b.Text())
	}
}

// drop sends files as the form does and gives the address of their deposit.
func drop(t *testing.T, s *webtest.Site, c *http.Client, mode string, files map[string]string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("mode", mode); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		part, err := form.CreateFormFile("fichiers", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/imports", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return answer{status: res.StatusCode, location: res.Header.Get("Location")}
}

// settled is the page of a deposit once its reading is over.
func settled(t *testing.T, s *webtest.Site, c *http.Client, path string) answer {
	t.Helper()
	for {
		a := get(t, c, s.URL+path)
		if a.status != http.StatusOK || !strings.Contains(a.body, `id="progres"`) {
			return a
		}
	}
}

// many is a table of n invoices.
func many(n int) string {
	var b strings.Builder
	b.WriteString("Client;Nom;Facture;Date;Échéance;Montant TTC;Reste dû\n")
	for i := range n {
		fmt.Fprintf(&b, "C%03d;Client %d;F%04d;15/10/2026;14/11/2026;%d,50;%d,50\n", i, i, i, 100+i, 100+i)
	}
	return b.String()
}

func TestAFullListThatWouldEmptyTheBooksIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := signIn(t, s)
	good := many(40)
	a := drop(t, s, c, "delta", map[string]string{"encours.csv": good})
	settled(t, s, c, a.location)
	a = post(t, c, s.URL+a.location, "action", "importer")
	settled(t, s, c, a.location)
	if n := documents(t, s); n != 40 {
		t.Fatalf("after importing: %d documents, want 40", n)
	}
	cut := many(15)
	a = drop(t, s, c, "stock", map[string]string{"encours.csv": cut})
	page := settled(t, s, c, a.location)
	if !strings.Contains(page.body, "Solder quand même") {
		t.Fatalf("a list with a third of the items: got %d\n%.3000s", page.status, page.body)
	}
	if n := documents(t, s); n != 40 {
		t.Errorf("asking settled something: %d documents open, want 40", n)
	}
	a = post(t, c, s.URL+a.location, "action", "importer", "force", "1")
	settled(t, s, c, a.location)
	if n := documents(t, s); n != 15 {
		t.Errorf("after saying yes: %d documents open, want 15", n)
	}
}

func TestAPersonSaysWhichColumnIsWhich(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := signIn(t, s)
	odd := "a;b;c;d;e\nC1;F1;02/10/2026;01/11/2026;1 250,00\nC2;F2;03/10/2026;02/11/2026;99,00\n"
	a := drop(t, s, c, "delta", map[string]string{"export.csv": odd})
	page := settled(t, s, c, a.location)
	if !strings.Contains(page.body, `name="colonne-1"`) || strings.Contains(page.body, `value="importer"`) {
		t.Fatalf("columns without names are not asked about: got %d\n%s", page.status, page.body)
	}
	answers := []string{
		"action", "relire", "colonne-1", "customer_code", "colonne-2", "number", "colonne-3", "issued",
		"colonne-4", "due", "colonne-5", "total",
	}
	a = post(t, c, s.URL+a.location, answers...)
	page = settled(t, s, c, a.location)
	if !strings.Contains(page.body, `value="importer"`) {
		t.Fatalf("after saying: got %d\n%s", page.status, page.body)
	}
	a = post(t, c, s.URL+a.location, "action", "importer")
	settled(t, s, c, a.location)
	if n := documents(t, s); n != 2 {
		t.Errorf("after importing: %d documents, want 2", n)
	}
}

func TestRefusedRowsComeBackAsATable(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := signIn(t, s)
	a := drop(t, s, c, "delta", map[string]string{"encours.csv": invoices})
	settled(t, s, c, a.location)
	a = post(t, c, s.URL+a.location, "action", "importer")
	page := settled(t, s, c, a.location)
	if page.status == http.StatusSeeOther {
		a.location = page.location
	}
	table := get(t, c, s.URL+a.location+"/rejets/0")
	if !strings.Contains(table.body, "deux mille") || !strings.Contains(table.body, "Montant TTC") {
		t.Errorf("the table of refused rows: got %d\n%s", table.status, table.body)
	}
	for _, path := range []string{a.location + "/rejets/9", a.location + "/rejets/x", "/imports/imp_x", "/depots/x"} {
		if a := get(t, c, s.URL+path); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, a.status)
		}
	}
}

func TestADepositBelongsToItsCompany(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t)
	c := signIn(t, s)
	a := drop(t, s, c, "delta", map[string]string{"encours.csv": invoices})
	settled(t, s, c, a.location)
	s.Second(t, "Ateliers Morvan")
	id := between(t, get(t, c, s.URL+"/societe").body, `value="`, `">Ateliers Morvan`)
	post(t, c, s.URL+"/societe", "societe", id)
	if got := get(t, c, s.URL+a.location); got.status != http.StatusNotFound {
		t.Errorf("seen from another company: got %d, want 404", got.status)
	}
	if got := drop(t, s, c, "delta", map[string]string{"encours.csv": invoices}); got.status != http.StatusForbidden {
		t.Errorf("dropped where one may only look: got %d, want 403", got.status)
	}
	if got := drop(t, s, s.Client(t), "delta", map[string]string{"encours.csv": invoices}); got.location != "/connexion" {
		t.Errorf("dropped by nobody: sent to %q", got.location)
	}
}
