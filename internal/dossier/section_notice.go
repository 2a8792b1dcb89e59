package dossier

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/i18n"
	"acquit/internal/notice"
	"acquit/internal/reminder"
	"acquit/internal/sheet"
)

const noticeFolder = "13-mise-en-demeure"

// left tells whether a notice is out of the house.
func left(n notice.Notice) bool { return n.State != notice.Approved && n.State != notice.Cancelled }

// proved tells whether what became of a notice is on paper: a scan of the receipt,
// of the refusal or of the return is kept beside what was reported.
func proved(n notice.Notice) bool {
	return !n.ServedOn().IsZero() && slices.ContainsFunc(n.Events, func(e notice.Event) bool {
		return e.SHA256 != "" && e.Withdrawn.IsZero()
	})
}

// noticed tells whether a notice that left claims an invoice, and whether one that
// does is proved.
func (b *books) noticed(invoice string) (sent, proof bool) {
	for _, n := range b.notices {
		if left(n) && slices.Contains(n.Invoices, invoice) {
			sent, proof = true, proof || proved(n)
		}
	}
	return sent, proof
}

// writeNotices writes the formal notices with their proofs: the letter as it left,
// the scans, and what was reported day by day.
func (b *builder) writeNotices(ctx context.Context, tx *db.Tx) error {
	if len(b.notices) == 0 {
		if b.pieces[noticeFolder] == 0 {
			b.nothing(noticeFolder, "aucune mise en demeure")
		}
		return nil
	}
	t := sheet.Sheet{Columns: []string{
		"Approuvée le", "Voie", "État", "Numéro de suivi", "Montant", "Devise", "Date limite", "Factures", "Fait",
		"Le", "Remarque", "Preuve (SHA-256)",
	}}
	for _, n := range slices.Backward(b.notices) { // oldest first
		if err := b.writeNotice(ctx, tx, n, &t); err != nil {
			return err
		}
	}
	b.remark(noticeFolder, "%s, avec ce que la poste en a dit", some(len(b.notices), "mise en demeure",
		"mises en demeure"))
	return b.csv(noticeFolder+"/suivi.csv", "suivi des mises en demeure", t)
}

func (b *builder) writeNotice(ctx context.Context, tx *db.Tx, n notice.Notice, t *sheet.Sheet) error {
	row := func(what string, on cal.Date, note, proof string) {
		t.Rows = append(t.Rows, []any{
			n.ApprovedOn, n.Way.In(i18n.FR), n.State.In(i18n.FR), n.Tracking, n.Amount, string(n.Amount.Currency),
			dayOr(n.Deadline),
			strings.Join(b.numbers(n.Invoices), ", "), what, dayOr(on), note, proof,
		})
	}
	row("approuvée", n.ApprovedOn, "", "")
	for _, e := range n.Events {
		if !e.Withdrawn.IsZero() {
			continue
		}
		row(e.Kind.In(i18n.FR), e.On, e.Note, e.SHA256)
		if err := b.proof(ctx, tx, fmt.Sprintf("%s/%s-%s", noticeFolder, e.On, e.Kind),
			"preuve : "+e.Kind.In(i18n.FR), e.ID, e.FileName, e.SHA256, e.On); err != nil {
			return err
		}
	}
	return b.noticeLetter(ctx, tx, n)
}

// noticeLetter copies the letter itself beside its proofs, where it left.
func (b *builder) noticeLetter(ctx context.Context, tx *db.Tx, n notice.Notice) error {
	for _, m := range b.sent {
		if m.Reminder != n.Reminder {
			continue
		}
		raw, err := reminder.Raw(ctx, tx, b.scope, m.ID)
		if err != nil {
			return err
		}
		if err := b.bytes(ManifestFile{
			Path: fmt.Sprintf("%s/%s-mise-en-demeure%s", noticeFolder, b.day(m.SentAt), messageEnding(raw)), What: "mise en demeure", ID: n.ID, On: b.day(m.SentAt),
		}, raw); err != nil {
			return err
		}
	}
	return nil
}

// proof writes a file that is kept, if there is one.
func (b *builder) proof(ctx context.Context, tx *db.Tx, path, what, id, name, sum string, on cal.Date) error {
	if sum == "" {
		return nil
	}
	content, err := b.file(ctx, tx, sum, name)
	if err != nil {
		return err
	}
	end := ".bin"
	if kind, err := media(content, name); err == nil {
		end = endings[kind]
	}
	return b.bytes(ManifestFile{Path: path + end, What: what, ID: id, Name: name, On: on}, content)
}

// formal are the notices as lines of the history.
func (b *builder) formal() (list []event) {
	for _, n := range b.notices {
		for _, e := range n.Events {
			if e.Withdrawn.IsZero() {
				list = append(list, event{e.On, "Mise en demeure de " + i18n.FR.Amount(n.Amount) + " : " +
					e.Kind.In(i18n.FR) + said(e.Note) + "."})
			}
		}
	}
	return list
}
