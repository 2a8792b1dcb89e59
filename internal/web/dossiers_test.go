package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/web/webtest"
)

// dossierOf is the address of a customer's dossier.
func dossierOf(t *testing.T, s *webtest.Site, code string) (path string) {
	t.Helper()
	s.Write(t, func(ctx context.Context, tx *db.Tx) error {
		c, err := customer.FindByCode(ctx, tx, s.Scope, code)
		path = "/clients/" + c.ID + "/dossier"
		return err
	})
	return path
}

func TestADossierInABrowser(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	b := s.Open(t, "/")
	b.SignIn()
	path := dossierOf(t, s, "C001")
	b.Go(strings.TrimSuffix(path, "/dossier"))
	b.Press(`.tabs a[href$="/dossier"]`)
	if text := b.Text(); !strings.Contains(text, "Conditions de vente et preuve de leur acceptation") || !strings.Contains(text, "14/85 = 16") {
		t.Errorf("the page says\n%s", text)
	}
	b.Press(`a[href*="genre=contract"]`)
	b.Upload("fichier", write(t, "Contrat signé.pdf", "%PDF-1.7 contrat"))
	b.Fill("note", "signé en mairie")
	b.Press("#deposer .btn.primary")
	if text := b.Text(); !strings.Contains(text, "est au dossier") || !strings.Contains(text, "signé en mairie") || !strings.Contains(text, "26/85") {
		t.Errorf("after bringing a contract the page says\n%s", text)
	}
	b.Fill("destinataire", "Étude Martin, 59000 Lille")
	b.Press(`form[action$="/archive"] .btn.primary`)
	if text := b.Text(); !strings.Contains(text, "dossier-C001-") || !strings.Contains(text, "Étude Martin") {
		t.Errorf("after the archive was made the page says\n%s", text)
	}
	fits(t, b, path)
	b.Go(path)
	b.Click("#pieces details.pop summary")
	b.Fill("motif", "mauvais client")
	b.Press("#pieces .btn.danger")
	if text := b.Text(); !strings.Contains(text, "mauvais client") || !strings.Contains(text, "14/85") {
		t.Errorf("after the contract was withdrawn the page says\n%s", text)
	}
}

// bring sends a piece as the form does.
func bring(t *testing.T, s *webtest.Site, c *http.Client, path, name, content, kind string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("fichier", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := form.WriteField("genre", kind); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return send(t, c, http.MethodPost, s.URL+path+"/piece", nil, func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
		r.Body, r.ContentLength = http.NoBody, int64(body.Len())
		r.Body = readCloser{&body}
	})
}

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }

func TestPiecesAndArchivesAreKeptFromHarm(t *testing.T) {
	t.Parallel()
	s := webtest.NewSite(t, nil).Found(t).Books(t)
	c := signIn(t, s)
	path, other := dossierOf(t, s, "C001"), dossierOf(t, s, "C002")
	if a := bring(t, s, c, path, `..\..\évil".exe`, "%PDF-1.7 x", "order"); a.status != http.StatusSeeOther {
		t.Fatalf("a piece: got %d\n%s", a.status, a.body)
	}
	for _, x := range []struct{ name, content, kind, says string }{
		{"a.pdf", "MZ\x90", "order", "n’entre pas dans un dossier"},
		{"a.pdf", "", "order", "vide"},
		{"a.pdf", "%PDF-1.7 y", "secret", "uel genre de pièce"},
		{"a.pdf", "%PDF-1.7 x", "order", "déjà au dossier"},
		{"a.pdf", strings.Repeat("x", dossier.MaxPiece+(1<<20)), "order", "trop lourd"},
	} {
		if a := bring(t, s, c, path, x.name, x.content, x.kind); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, x.says) {
			t.Errorf("%q: got %d, and not %q", x.content[:min(9, len(x.content))], a.status, x.says)
		}
	}
	page := get(t, c, s.URL+path).body
	_, piece, _ := strings.Cut(page, path+"/piece/")
	piece, _, _ = strings.Cut(piece, `"`)
	a := get(t, c, s.URL+path+"/piece/"+piece)
	if a.body != "%PDF-1.7 x" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") ||
		strings.Contains(a.header.Get("Content-Disposition"), ".exe") {
		t.Errorf("the piece came as %q: %v", a.body, a.header)
	}
	if a := get(t, c, s.URL+other+"/piece/"+piece); a.status != http.StatusNotFound {
		t.Errorf("another customer’s page gives the piece: %d", a.status)
	}
	if a := post(t, c, s.URL+path+"/archive", "destinataire", strings.Repeat("a", 300)); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a recipient without end: got %d", a.status)
	}
	if a := post(t, c, s.URL+path+"/archive"); a.status != http.StatusSeeOther {
		t.Fatalf("an archive: got %d\n%s", a.status, a.body)
	}
	_, archive, _ := strings.Cut(get(t, c, s.URL+path).body, path+"/archive/")
	archive, _, _ = strings.Cut(archive, `"`)
	a = get(t, c, s.URL+path+"/archive/"+archive)
	if done, err := dossier.Check(strings.NewReader(a.body), int64(len(a.body))); err != nil || !done.OK() {
		t.Errorf("the archive that comes down does not hold: %v %+v", err, done.Problems)
	}
	if a := get(t, c, s.URL+other+"/archive/"+archive); a.status != http.StatusNotFound {
		t.Errorf("another customer’s page gives the archive: %d", a.status)
	}
}
