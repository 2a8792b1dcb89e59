package outbox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // messages are stored in UTF-8; those that are not still show
	"github.com/emersion/go-message/mail"

	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/reminder"
)

// letter is a message taken apart to be shown.
type letter struct {
	reminder.Message
	customer    customer.Customer
	raw         []byte
	text, html  string
	paper       bool // its bytes are a PDF
	attachments []attachment
	may         bool
}

type attachment struct {
	path    string // the last part of its address
	name    string
	content []byte
}

// open reads a message and takes it apart. What cannot be taken apart is still
// there, as bytes.
func open(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (l letter, err error) {
	if l.Message, err = reminder.FindMessage(ctx, tx, s, id); err != nil {
		return l, err
	}
	if l.raw, err = reminder.Raw(ctx, tx, s, id); err != nil {
		return l, err
	}
	if l.paper = bytes.HasPrefix(l.raw, []byte("%PDF-")); l.paper {
		return l, nil
	}
	if err := l.takeApart(); err != nil {
		l.text = string(l.raw)
	}
	return l, nil
}

func (l *letter) takeApart() error {
	r, err := mail.CreateReader(bytes.NewReader(l.raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return err
	}
	for {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !message.IsUnknownCharset(err) {
			return err
		}
		content, err := io.ReadAll(part.Body)
		if err != nil {
			return err
		}
		l.take(part, content)
	}
}

func (l *letter) take(part *mail.Part, content []byte) {
	switch h := part.Header.(type) {
	case *mail.InlineHeader:
		switch kind, _, _ := h.ContentType(); kind {
		case "text/plain":
			l.text = string(content)
		case "text/html":
			l.html = string(content)
		}
	case *mail.AttachmentHeader:
		name, err := h.Filename()
		if err != nil || name == "" {
			name = "piece-" + strconv.Itoa(len(l.attachments)+1)
		}
		l.attachments = append(l.attachments, attachment{
			path: "piece-" + strconv.Itoa(len(l.attachments)+1), name: name, content: content,
		})
	}
}
