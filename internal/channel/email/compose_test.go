package email

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"acquit/internal/channel"
	"acquit/internal/channel/channeltest"
	"acquit/internal/channel/email/smtpsink"
	_ "acquit/internal/propertytest"
)

// read is a message as a mail program understands it.
type read struct {
	header      mail.Header
	text, html  string
	attachments map[string]string
}

func parse(t require, raw []byte) read {
	t.Helper()
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, raw)
	}
	out := read{header: r.Header, attachments: map[string]string{}}
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%v\n%.2000s", err, raw)
		}
		body, err := io.ReadAll(p.Body)
		if err != nil {
			t.Fatalf("%v", err)
		}
		switch h := p.Header.(type) {
		case *mail.AttachmentHeader:
			name, err := h.Filename()
			if err != nil {
				t.Fatalf("%v", err)
			}
			out.attachments[name] = string(body)
		case *mail.InlineHeader:
			if kind, _, _ := h.ContentType(); kind == "text/html" {
				out.html = string(body)
			} else {
				out.text = string(body)
			}
		}
	}
}

// require is what testing.T and rapid.T share.
type require interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

func TestAMessageIsReadAsItWasMeant(t *testing.T) {
	t.Parallel()
	d := channeltest.Draft(7)
	d.Cc = []netmail.Address{{Name: "Direction, Delvaux", Address: "direction@bücher.example"}}
	d.InReplyTo = "msg_000006@dupont.example"
	d.References = []string{"msg_000005@dupont.example", "not an id", "msg_000006@dupont.example"}
	m, err := Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	got := parse(t, m.Raw)
	crlf := strings.NewReplacer("\n", "\r\n")
	if got.text != crlf.Replace(d.Text) || got.html != crlf.Replace(d.HTML+"\n") {
		t.Errorf("text %q, html %q", got.text, got.html)
	}
	files := map[string]string{"Facture é.pdf": string(d.Attachments[0].Data)}
	if diff := cmp.Diff(files, got.attachments); diff != "" {
		t.Errorf("attachments: %s", diff)
	}
	for name, want := range map[string]string{
		"From":             `"Sophie Martin" <sophie@dupont.example>`,
		"Reply-To":         "<comptabilite@dupont.example>",
		"To":               `"Claire Vidal" <claire7@delvaux.example>`,
		"Cc":               `"Direction, Delvaux" <direction@xn--bcher-kva.example>`,
		"Date":             "Mon, 23 Nov 2026 08:30:00 +0100",
		"Message-Id":       "<msg_000007@dupont.example>",
		"In-Reply-To":      "<msg_000006@dupont.example>",
		"References":       "<msg_000005@dupont.example> <msg_000006@dupont.example>",
		"Content-Language": "fr",
		"Auto-Submitted":   "", // a person approved it and reads the answers, absences included
	} {
		if value := got.header.Get(name); value != want {
			t.Errorf("%s: %q, want %q", name, value, want)
		}
	}
	if subject, err := got.header.Subject(); err != nil || subject != d.Subject {
		t.Errorf("subject %q: %v", subject, err)
	}
	wire(t, m.Raw)
	cc := []string{"direction@xn--bcher-kva.example"}
	if !slices.Equal(m.Cc, cc) || m.From != "sophie@dupont.example" {
		t.Errorf("envelope %+v", m)
	}
}

// wire is what every server takes: seven bits, lines of at most 998 characters
// that end in CRLF.
func wire(t require, raw []byte) {
	t.Helper()
	for l := range bytes.SplitAfterSeq(raw, []byte("\n")) {
		if len(l) == 0 {
			continue
		}
		if !bytes.HasSuffix(l, []byte("\r\n")) || bytes.ContainsRune(l[:len(l)-2], '\r') || len(l) > 1000 {
			t.Errorf("line %.100q", l)
		}
		hidden := func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }
		if bytes.ContainsFunc(bytes.TrimSuffix(l, []byte("\r\n")), hidden) {
			t.Errorf("not seven visible bits: %.100q", l)
		}
	}
}

func TestAnyWordsMakeAMessageThatReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.String()
		d := channeltest.Draft(1)
		d.From.Name, d.To[0].Name = words.Draw(t, "from"), words.Draw(t, "to")
		d.Subject = words.Draw(t, "subject") + strings.Repeat(words.Draw(t, "long"), 20)
		d.Text, d.HTML = words.Draw(t, "text"), words.Draw(t, "html")
		d.Attachments = d.Attachments[:rapid.IntRange(0, 1).Draw(t, "attachments")]
		m, err := Compose(d)
		if err != nil {
			t.Fatalf("%v", err)
		}
		wire(t, m.Raw)
		got := parse(t, m.Raw)
		from, err := got.header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != d.From.Address {
			t.Errorf("from %v: %v", from, err)
		}
		if subject, err := got.header.Subject(); err != nil || collapse(subject) != collapse(oneLine(d.Subject)) {
			t.Errorf("subject %q of %q: %v", subject, d.Subject, err)
		}
		if len(got.attachments) != len(d.Attachments) {
			t.Errorf("attachments %v", got.attachments)
		}
	})
}

// collapse takes runs of spaces for one: folding a header may change them.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestLongConversationsKeepTheirFirstAndLastMessages(t *testing.T) {
	t.Parallel()
	d := channeltest.Draft(1)
	for range 100 {
		d.References = append(d.References, "msg_"+strings.Repeat("x", 60)+"@dupont.example")
	}
	d.References[0] = "first@dupont.example"
	d.InReplyTo = "last@dupont.example"
	m, err := Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	wire(t, m.Raw)
	back := parse(t, m.Raw)
	got := strings.Fields(back.header.Get("References"))
	if len(got) != maxReferences || got[0] != "<first@dupont.example>" || got[len(got)-1] != "<last@dupont.example>" {
		t.Errorf("%d references: %v", len(got), got)
	}
}

func TestBouncesComeBackWhereTheyAreExpected(t *testing.T) {
	t.Parallel()
	s, c := sink(t, smtpsink.Config{})
	c.Return = "retours+{id}@dupont.example"
	ch, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	m, err := ch.Compose(channeltest.Draft(3))
	if err != nil {
		t.Fatal(err)
	}
	open(t, c).Send(t.Context(), m)
	if got := s.Received(); len(got) != 1 || got[0].From != "retours+msg_000003@dupont.example" {
		t.Errorf("%+v", got)
	}
}

func TestMessagesThatNoServerTakesAreRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*channel.Draft){
		"too heavy":       func(d *channel.Draft) { d.Attachments[0].Data = make([]byte, maxMessage) },
		"too many":        func(d *channel.Draft) { d.Cc = make([]netmail.Address, maxRecipients) },
		"accent in local": func(d *channel.Draft) { d.To[0].Address = "hélène@delvaux.example" },
		"identifier":      func(d *channel.Draft) { d.ID = "a b" },
		"no date":         func(d *channel.Draft) { d.Date = time.Time{} },
	} {
		d := channeltest.Draft(1)
		spoil(&d)
		if _, err := Compose(d); err == nil {
			t.Errorf("%s: composed", name)
		}
	}
}

func TestSignaturesHold(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaPublic, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for record, key := range map[string]crypto.Signer{
		"v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(rsaPublic):  rsaKey,
		"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public): edKey,
	} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		s, c := sink(t, smtpsink.Config{})
		c.DKIM = DKIM{
			Domain: "dupont.example", Selector: "acquit",
			Key: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		}
		m := note(t, 1)
		if r := open(t, c).Send(t.Context(), m); r.Outcome != channel.Sent {
			t.Fatalf("%+v", r)
		}
		got := s.Received()[0].Data
		if !bytes.HasSuffix(got, m.Raw) {
			t.Error("the signature changed what was stored")
		}
		verify(t, got, record, true)
		verify(t, bytes.Replace(got, []byte("To: "), []byte("Subject: Autre chose\r\nTo: "), 1), record, false)
		verify(t, bytes.Replace(got, []byte("sophie@"), []byte("sofie@"), 1), record, false)
	}
}

func verify(t *testing.T, raw []byte, record string, want bool) {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT: func(domain string) ([]string, error) {
			if domain != "acquit._domainkey.dupont.example" {
				t.Errorf("looked up %s", domain)
			}
			return []string{record}, nil
		},
	})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d signatures: %v", len(found), err)
	}
	if got := found[0].Err == nil; got != want {
		t.Errorf("verified: %v (%v), want %v", got, found[0].Err, want)
	}
}

// FuzzAddress: whatever is taken for an address can stand in a command.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{
		"a@b.example", "a b@c.example", `"a\"b"@c.example`, "a@[127.0.0.1]", "a@bücher.example", "a@b@c.example",
		"é@a.example",
	} {
		f.Add(s)
	}
	plain := regexp.MustCompile(`^[!-~]+@[!-~]+$`)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := mailbox(s)
		if err != nil {
			return
		}
		if !plain.MatchString(got) || strings.ContainsAny(got, "<>") || !utf8.ValidString(got) {
			t.Errorf("%q became %q", s, got)
		}
		if again, err := mailbox(got); err != nil || again != got {
			t.Errorf("%q became %q and then %q: %v", s, got, again, err)
		}
	})
}
