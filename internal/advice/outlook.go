package advice

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"acquit/internal/fault"
)

// maxStreams of a compound file: a mail with a hundred attachments has fewer.
const maxStreams = 5_000

// readCompound reads a mail that Outlook saved as a .msg ([MS-OXMSG]), and tells
// other files of that container by what they hold.
func readCompound(content []byte, depth int) (Advice, error) {
	doc, err := mscfb.New(bytes.NewReader(content))
	if err != nil {
		return Advice{}, unknownKind()
	}
	m := outlook{mails: map[string]*letter{"": {depth: depth}}, rest: maxFile}
	for range maxStreams {
		e, err := doc.Next()
		if err != nil {
			break
		}
		switch e.Name {
		case "Workbook", "Book", "WordDocument":
			return Advice{}, &fault.Invalid{
				Message: "ce fichier est d’un ancien format d’Office (.xls ou .doc)", Mend: "enregistrez-le en XLSX, en PDF ou en CSV",
			}
		case "EncryptedPackage":
			return Advice{}, &fault.Invalid{Message: "ce classeur est protégé par un mot de passe", Mend: "enregistrez-le sans protection"}
		}
		m.take(e)
	}
	if !m.isMail {
		return Advice{}, unknownKind()
	}
	return m.whole().advice()
}

// outlook gathers what a saved mail holds, by the path of its storages: mails may
// lie within.
type outlook struct {
	mails  map[string]*letter
	isMail bool
	rest   int64 // bytes that may still be read
}

func (m *outlook) take(e *mscfb.File) {
	tag, ok := strings.CutPrefix(e.Name, "__substg1.0_")
	m.isMail = m.isMail || e.Name == "__properties_version1.0"
	if !ok || len(tag) != 8 || e.Size > m.rest {
		return
	}
	content, err := io.ReadAll(io.LimitReader(e, maxFile))
	if err != nil {
		return
	}
	m.rest -= int64(len(content))
	if n := len(e.Path); n > 0 && strings.HasPrefix(e.Path[n-1], "__attach_version1.0_") {
		if tag == "37010102" { // PidTagAttachDataBinary
			l := m.mail(e.Path[:n-1])
			l.attached = append(l.attached, attached{"", content})
		}
		return
	}
	l := m.mail(e.Path)
	switch tag {
	case "1000001F": // PidTagBody
		l.texts = append(l.texts, wideText(content))
	case "1000001E":
		l.texts = append(l.texts, narrowText(content))
	case "10130102": // PidTagHtml
		l.pages = append(l.pages, narrowText(content))
	case "0C1A001F": // PidTagSenderName
		l.from = wideText(content)
	}
}

func (m *outlook) mail(path []string) *letter {
	key := strings.Join(path, "/")
	if m.mails[key] == nil {
		m.mails[key] = &letter{}
	}
	return m.mails[key]
}

// whole is the mail with those within it.
func (m *outlook) whole() *letter {
	l := m.mails[""]
	for key, in := range m.mails {
		if key == "" || strings.Contains(key, "__recip_") || strings.Contains(key, "__nameid_") {
			continue
		}
		l.texts, l.pages, l.attached = append(l.texts, in.texts...), append(l.pages, in.pages...), append(l.attached,
			in.attached...)
	}
	return l
}

func wideText(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

func narrowText(b []byte) string {
	text, err := decoded(b)
	if err != nil {
		return ""
	}
	return text
}

// tnefSign begins a winmail.dat, in which Exchange wraps what it sends
// ([MS-OXTNEF]).
const tnefSign = "\x78\x9f\x3e\x22"

// The attributes of a winmail.dat that say what was paid.
const (
	tnefBody       = 0x0002800c
	tnefAttachData = 0x0006800f
)

// winmail takes what a winmail.dat wraps: its text and its attachments.
func (l *letter) winmail(b []byte) {
	const head, sum = 9, 2 // level, attribute and length; checksum
	b = b[min(len(b), len(tnefSign)+2):]
	for len(b) >= head && l.parts < maxParts {
		l.parts++
		kind, n := binary.LittleEndian.Uint32(b[1:]), int64(binary.LittleEndian.Uint32(b[5:]))
		if head+n+sum > int64(len(b)) {
			return
		}
		data := b[head : head+n]
		b = b[head+n+sum:]
		switch kind {
		case tnefBody:
			l.texts = append(l.texts, narrowText(bytes.TrimRight(data, "\x00")))
		case tnefAttachData:
			l.attached = append(l.attached, attached{"", data})
		}
	}
}
