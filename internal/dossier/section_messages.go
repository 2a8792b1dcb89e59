package dossier

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
	"acquit/internal/sheet"
)

// messageJSON is a message that left, as programs read it.
type messageJSON struct {
	ID      string    `json:"id"`
	SentAt  time.Time `json:"sent_at"`
	Channel string    `json:"channel"`
	Step    string    `json:"step"`
	From    string    `json:"from"`
	To      []string  `json:"to"`
	Cc      []string  `json:"cc"`
	Subject string    `json:"subject"`
	Ref     string    `json:"message_id"`
	Answer  string    `json:"answer"` // of the server that took it
	SHA256  string    `json:"sha256"`
	File    string    `json:"file"`
}

const messagesFolder = "09-messages"

// writeMessages writes every message that left, with its exact bytes, and a list
// of them. One is in memory at a time.
func (b *builder) writeMessages(ctx context.Context, tx *db.Tx) error {
	list := []messageJSON{}
	for m, err := range reminder.EachSent(ctx, tx, b.scope, b.Customer) {
		if err != nil {
			return err
		}
		f := ManifestFile{
			Path: fmt.Sprintf("%s/%04d-%s-%s-%s%s", messagesFolder, len(list)+1, b.day(m.SentAt), m.Step, m.Channel,
				messageEnding(m.Raw)),
			What: "message : " + m.Subject, ID: m.ID, On: b.day(m.SentAt),
		}
		if err := b.bytes(f, m.Raw); err != nil {
			return err
		}
		written := b.manifest.Files[len(b.manifest.Files)-1]
		list = append(list, messageJSON{
			m.ID, m.SentAt, m.Channel, m.Step, m.Sender, full(m.To), full(m.Cc), m.Subject, m.Ref,
			strings.TrimSpace(m.Code + " " + m.Detail), written.SHA256, strings.TrimPrefix(written.Path, b.prefix),
		})
		m.Raw = nil
		b.sent = append(b.sent, m)
	}
	if len(list) == 0 {
		b.nothing(messagesFolder, "aucun message n’est parti")
		return nil
	}
	b.remark(messagesFolder, "%s, octet pour octet, et leur liste", some(len(list), "message parti", "messages partis"))
	if err := b.json(ManifestFile{Path: messagesFolder + "/messages.json", What: "liste des messages"},
		list); err != nil {
		return err
	}
	return b.csv(messagesFolder+"/messages.csv", "liste des messages", messageSheet(b, list))
}

// full is a list that is never null in JSON.
func full(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// messageEnding is that of what the bytes are.
func messageEnding(raw []byte) string {
	if bytes.HasPrefix(raw, []byte("%PDF-")) {
		return ".pdf"
	}
	return ".eml"
}

func messageSheet(b *builder, list []messageJSON) sheet.Sheet {
	t := sheet.Sheet{Columns: []string{
		"N°", "Date", "Heure", "Canal", "Étape", "De", "À", "Copie", "Objet",
		"Réponse du serveur", "SHA-256", "Fichier",
	}}
	for i, m := range list {
		at := m.SentAt.In(b.zone)
		t.Rows = append(t.Rows, []any{
			i + 1, b.day(m.SentAt), at.Format("15:04:05"), dunning.Channel(m.Channel).In(i18n.FR),
			dunning.StepTitle(m.Step, i18n.FR), m.From, strings.Join(m.To, ", "), strings.Join(m.Cc, ", "), m.Subject,
			m.Answer, m.SHA256, m.File,
		})
	}
	return t
}
