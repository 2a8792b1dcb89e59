package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
	"golang.org/x/net/idna"

	"acquit/internal/channel"
	"acquit/internal/fault"
)

// Limits of a message. Most servers refuse more than 25 MB, and base64 makes
// files a third larger.
const (
	maxMessage     = 25 << 20 // bytes of the whole
	maxRecipients  = 20       // a reminder is not a mailing
	maxReferences  = 20       // messages named in a conversation
	maxHeaderText  = 400      // bytes of a name or a subject
	maxAddressSize = 254      // RFC 5321, 4.5.3.1.3, less the brackets
)

// idMark is where the identifier goes in a return address.
const idMark = "{id}"

var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Compose writes a draft as RFC 5322 bytes in seven-bit lines: text and HTML as
// alternatives, files beside them. Boundaries and Message-ID come from the
// draft's identifier, so that the same draft gives the same bytes; the DKIM
// signature is put before them on the way, as a relay puts its trace.
func (c *Channel) Compose(d channel.Draft) (channel.Message, error) {
	m, err := Compose(d)
	if err == nil && c.cfg.Return != "" {
		m.Return = strings.ReplaceAll(c.cfg.Return, idMark, d.ID)
	}
	return m, err
}

// Compose is the message of a draft that no server is known for yet.
func Compose(d channel.Draft) (channel.Message, error) {
	e, err := envelope(d)
	if err != nil {
		return channel.Message{}, err
	}
	d.Text, d.HTML = tidy(d.Text), tidy(d.HTML)
	var out bytes.Buffer
	if err := write(&out, e.header(d), d); err != nil {
		return channel.Message{}, err
	}
	if out.Len() > maxMessage {
		return channel.Message{}, &fault.Invalid{
			Field: "attachments",
			Message: fmt.Sprintf(
				"le message pèse %d Mo, et les serveurs n’en acceptent que %d", out.Len()>>20, maxMessage>>20,
			),
			Mend: "joignez moins de pièces",
		}
	}
	return channel.Message{
		ID: d.ID, From: e.from.Address, To: addresses(e.to), Cc: addresses(e.cc),
		Raw: out.Bytes(), MessageID: e.messageID,
	}, nil
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// tidy is a text in UTF-8 whose lines, the last included, all end alike.
func tidy(s string) string {
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\ufffd"))
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// parties are who writes to whom, checked.
type parties struct {
	from, replyTo mail.Address
	to, cc        []mail.Address
	messageID     string
}

func envelope(d channel.Draft) (p parties, err error) {
	switch {
	case !goodID.MatchString(d.ID):
		return p, fault.Invalidf("id", "l’identifiant « %.70s » ne convient pas à un message", d.ID)
	case d.Date.IsZero():
		return p, fault.Invalidf("date", "le message %s n’a pas de date", d.ID)
	case len(d.To) == 0:
		return p, fault.Invalidf("to", "le message n’a pas de destinataire")
	case len(d.To)+len(d.Cc) > maxRecipients:
		return p, fault.Invalidf("to", "un message a au plus %d destinataires", maxRecipients)
	}
	if p.from, err = party(d.From, "from", "l’adresse de l’expéditeur"); err != nil {
		return p, err
	}
	if d.ReplyTo.Address != "" {
		if p.replyTo, err = party(d.ReplyTo, "reply_to", "l’adresse de réponse"); err != nil {
			return p, err
		}
	}
	if p.to, err = everyone(d.To, "to"); err != nil {
		return p, err
	}
	if p.cc, err = everyone(d.Cc, "cc"); err != nil {
		return p, err
	}
	_, domain, _ := strings.Cut(p.from.Address, "@")
	p.messageID = d.ID + "@" + domain
	return p, nil
}

func everyone(list []mail.Address, field string) ([]mail.Address, error) {
	out := make([]mail.Address, len(list))
	for i, a := range list {
		var err error
		if out[i], err = party(a, field, "l’adresse du destinataire"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func party(a mail.Address, field, what string) (mail.Address, error) {
	address, err := mailbox(a.Address)
	if err != nil {
		return a, &fault.Invalid{
			Field: field, Message: fmt.Sprintf("%s « %.80s » ne peut pas être écrite dans un message", what, a.Address),
			Mend: "corrigez-la : nom@domaine.fr, sans accent avant l’arobase",
		}
	}
	return mail.Address{Name: oneLine(a.Name), Address: address}, nil
}

// mailbox is an address as servers take it: ASCII, its domain in punycode.
func mailbox(s string) (string, error) {
	parsed, err := mail.ParseAddress(s)
	if err != nil {
		return "", err
	}
	at := strings.LastIndexByte(s, '@')
	if parsed.Address != s || at < 1 || len(s) > maxAddressSize || strings.ContainsAny(s, " \"<>\\\t") {
		return "", fmt.Errorf("%q is more than an address", s)
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil {
		return "", fmt.Errorf("domain of %q: %w", s, err)
	}
	if strings.IndexFunc(s[:at], func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) >= 0 {
		return "", fmt.Errorf("%q is not ASCII", s)
	}
	return s[:at+1] + domain, nil
}

func addresses(list []mail.Address) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.Address)
	}
	return out
}

// oneLine is a text that cannot end a header field.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return r == ' ' || unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp)
	}), " ")
	for len(s) > maxHeaderText {
		s = strings.ToValidUTF8(s[:maxHeaderText], "")
	}
	return s
}

// header is the fields in the order in which they are read.
func (p parties) header(d channel.Draft) message.Header {
	fields := [][2]string{
		{"Date", d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700")},
		{"From", display(p.from)},
		{"Reply-To", replyTo(p)},
		{"To", join(p.to)},
		{"Cc", join(p.cc)},
		{"Subject", mime.QEncoding.Encode("utf-8", oneLine(d.Subject))},
		{"Message-Id", "<" + p.messageID + ">"},
		{"In-Reply-To", bracket(d.InReplyTo)},
		{"References", references(d)},
		{"Content-Language", language(d.Language)},
		{"Mime-Version", "1.0"},
	}
	var h message.Header
	for _, field := range slices.Backward(fields) { // each is put before the others
		if field[1] != "" {
			h.Add(field[0], field[1])
		}
	}
	return h
}

func replyTo(p parties) string {
	if p.replyTo.Address == "" || p.replyTo.Address == p.from.Address {
		return ""
	}
	return display(p.replyTo)
}

// display is a name and an address as a header holds them. Names beyond ASCII
// are written in base64: the other form would let a backslash through, which
// some readers stumble over.
func display(a mail.Address) string {
	if word := mime.BEncoding.Encode("utf-8", a.Name); word != a.Name {
		return word + " <" + a.Address + ">"
	}
	return a.String()
}

func join(list []mail.Address) string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = display(list[i])
	}
	return strings.Join(out, ", ")
}

var (
	goodRef      = regexp.MustCompile(`^[!-;=?-~]{1,250}$`) // visible ASCII without brackets
	goodLanguage = regexp.MustCompile(`^[a-z]{2}$`)
)

// bracket is a Message-ID as it is cited, or nothing when it is none.
func bracket(id string) string {
	if !goodRef.MatchString(id) {
		return ""
	}
	return "<" + id + ">"
}

// references are the messages of the conversation: the first, and the last ones.
func references(d channel.Draft) string {
	var out []string
	for _, id := range d.References {
		if ref := bracket(id); ref != "" {
			out = append(out, ref)
		}
	}
	if last := bracket(d.InReplyTo); last != "" && (len(out) == 0 || out[len(out)-1] != last) {
		out = append(out, last)
	}
	if len(out) > maxReferences {
		out = append(out[:1:1], out[len(out)-maxReferences+1:]...)
	}
	return strings.Join(out, " ")
}

func language(s string) string {
	if !goodLanguage.MatchString(s) {
		return ""
	}
	return s
}

// write puts the parts in the simplest form that holds them.
func write(w io.Writer, h message.Header, d channel.Draft) error {
	switch {
	case len(d.Attachments) > 0:
		return multipart(w, h, d, "mixed", func(mixed *message.Writer) error {
			if err := words(mixed, d); err != nil {
				return err
			}
			for _, a := range d.Attachments {
				if err := attach(mixed, a); err != nil {
					return err
				}
			}
			return nil
		})
	case d.HTML != "":
		return multipart(w, h, d, "alternative", func(both *message.Writer) error { return alternatives(both, d) })
	}
	return single(message.CreateWriter, w, textHeader(h, "plain"), d.Text)
}

// multipart writes an entity of several parts. "=_" stands in no line of
// quoted-printable or base64, so that no content can hold the boundary.
func multipart(w io.Writer, h message.Header, d channel.Draft, kind string, fill func(*message.Writer) error) error {
	h.SetContentType("multipart/"+kind, map[string]string{"boundary": boundary(d, kind)})
	m, err := message.CreateWriter(w, h)
	if err != nil {
		return err
	}
	if err := fill(m); err != nil {
		return err
	}
	return m.Close()
}

func boundary(d channel.Draft, kind string) string {
	sum := sha256.Sum256([]byte(kind + "/" + d.ID))
	return "=_" + hex.EncodeToString(sum[:16])
}

// words is the first part of a message with files.
func words(mixed *message.Writer, d channel.Draft) error {
	if d.HTML == "" {
		return part(mixed, textHeader(message.Header{}, "plain"), d.Text)
	}
	var h message.Header
	h.SetContentType("multipart/alternative", map[string]string{"boundary": boundary(d, "alternative")})
	both, err := mixed.CreatePart(h)
	if err != nil {
		return err
	}
	if err := alternatives(both, d); err != nil {
		return err
	}
	return both.Close()
}

func alternatives(both *message.Writer, d channel.Draft) error {
	if err := part(both, textHeader(message.Header{}, "plain"), d.Text); err != nil {
		return err
	}
	return part(both, textHeader(message.Header{}, "html"), d.HTML)
}

func textHeader(h message.Header, kind string) message.Header {
	h.Set("Content-Transfer-Encoding", "quoted-printable")
	h.SetContentType("text/"+kind, map[string]string{"charset": "utf-8"})
	return h
}

func part(m *message.Writer, h message.Header, content string) error {
	return single(
		func(_ io.Writer, h message.Header) (*message.Writer, error) { return m.CreatePart(h) }, nil, h, content,
	)
}

func single(
	create func(io.Writer, message.Header) (*message.Writer, error), w io.Writer, h message.Header, content string,
) error {
	p, err := create(w, h)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(p, content); err != nil {
		return err
	}
	return p.Close()
}

func attach(mixed *message.Writer, a channel.Attachment) error {
	kind, params, err := mime.ParseMediaType(a.Type)
	if err != nil || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		kind, params = "application/octet-stream", map[string]string{}
	}
	delete(params, "charset") // the bytes go as they are
	name := fileName(a.Name)
	var h message.Header
	h.Set("Content-Transfer-Encoding", "base64")
	h.SetContentDisposition("attachment", map[string]string{"filename": name})
	params["name"] = name
	h.SetContentType(kind, params)
	return part(mixed, h, string(a.Data))
}

// fileName is a name without a path.
func fileName(s string) string {
	s = oneLine(s)
	s = strings.Trim(s[strings.LastIndexAny(s, `/\`)+1:], ". ")
	if s == "" {
		return "document"
	}
	return s
}
