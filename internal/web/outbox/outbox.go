// Package outbox is the pages about what leaves: messages in their states, the
// exact bytes of each, and what a person says of those in doubt.
package outbox

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/reminder"
	"acquit/internal/sheet"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the outbox.
type Pages struct{ DB *db.DB }

const pageRows = 50

// exportRows is how many rows of an export are read at once.
const exportRows = 500

// tray is a part of the outbox.
type tray struct {
	name   string // in the address
	states []reminder.MessageState
}

// trays are the parts of the outbox: first what a person must look at.
func trays() []tray {
	return []tray{
		{"a-regarder", []reminder.MessageState{reminder.MessageUncertain, reminder.MessageFailed, reminder.Held}},
		{"en-file", []reminder.MessageState{reminder.Queued, reminder.MessageSending}},
		{"a-poster", []reminder.MessageState{reminder.Ready}},
		{"partis", []reminder.MessageState{reminder.MessageSent}},
		{"annules", []reminder.MessageState{reminder.Cancelled}},
	}
}

func (t tray) title(f ui.Frame) string {
	switch t.name {
	case "a-regarder":
		return f.Say("À regarder", "To look at")
	case "en-file":
		return f.Say("En file", "Queued")
	case "a-poster":
		return f.Say("À poster", "To post")
	case "partis":
		return f.Say("Partis", "Sent")
	}
	return f.Say("Annulés", "Cancelled")
}

func (t tray) path() string { return "/envois?etat=" + t.name }

// view is what the list shows.
type view struct {
	tray      tray
	counts    map[reminder.MessageState]int
	messages  []reminder.Message
	customers map[string]customer.Customer
	next      string
	after     bool
	may       bool
}

// first is the address of the first page, where this is another.
func (page view) first() string {
	if !page.after {
		return ""
	}
	return page.tray.path()
}

// count is how many messages a tray holds.
func (page view) count(t tray) (n int) {
	for _, s := range t.states {
		n += page.counts[s]
	}
	return n
}

// List shows a tray: the one that is asked for, else the first that needs
// somebody.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{may: v.May(creditor.Work)}
	asked, after := r.URL.Query().Get("etat"), r.URL.Query().Get("apres")
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v.Scope, asked, after) })
	if err != nil {
		return err
	}
	f := v.Frame("Envois", "Outbox", ui.SectionOutbox)
	return visit.Show(w, r, http.StatusOK, listPage(f, page))
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, asked, after string) (err error) {
	if page.counts, err = reminder.CountMessages(ctx, tx, s); err != nil {
		return err
	}
	page.tray = page.choose(asked)
	page.after = after != ""
	page.messages, err = reminder.Messages(ctx, tx, s, reminder.MessageFilter{
		States: page.tray.states, After: after, Limit: pageRows + 1,
	})
	if err != nil {
		return err
	}
	if len(page.messages) > pageRows {
		page.messages = page.messages[:pageRows]
		page.next = page.tray.path() + "&apres=" + url.QueryEscape(page.messages[pageRows-1].ID)
	}
	return page.whom(ctx, tx, s)
}

// ListFile is a tray as CSV or XLSX, with all its messages.
func (p *Pages) ListFile(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var page view
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if page.counts, err = reminder.CountMessages(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		page.tray = page.choose(r.URL.Query().Get("etat"))
		page.messages, err = visit.Every(func(last reminder.Message) ([]reminder.Message, error) {
			return reminder.Messages(r.Context(), tx, v.Scope, reminder.MessageFilter{
				States: page.tray.states, After: last.ID, Limit: exportRows,
			})
		})
		if err != nil {
			return err
		}
		return page.whom(r.Context(), tx, v.Scope)
	})
	if err != nil {
		return err
	}
	name := "envois-" + page.tray.name + "-" + v.Today.String()
	return visit.File(w, r.PathValue("fichier"), name, v.Lang,
		page.sheet(v.Frame("Envois", "Outbox", ui.SectionOutbox)))
}

// sheet is the tray as a table.
func (page *view) sheet(f ui.Frame) sheet.Sheet {
	t := sheet.Sheet{
		Name:  f.Title,
		Notes: []string{page.tray.title(f)},
		Columns: []string{
			f.Say("Écrit le", "Written on"), f.Say("Parti le", "Left on"), f.Say("État", "State"),
			f.Say("Code client", "Customer code"), f.Say("Client", "Customer"), f.Say("Objet", "Subject"),
			f.Say("À", "To"), f.Say("De", "From"), f.Say("Essais", "Attempts"), f.Say("Pourquoi", "Why"), "SHA-256",
		},
	}
	for _, m := range page.messages {
		c, left := page.customers[m.Customer], cal.Date(0)
		if !m.SentAt.IsZero() {
			left = cal.Of(f.Local(m.SentAt))
		}
		t.Rows = append(t.Rows, []any{
			cal.Of(f.Local(m.CreatedAt)), left, f.Words(reminder.MessageStateWords[m.State]), c.Code, c.Name, m.Subject,
			strings.Join(m.To, ", "), m.Sender, m.Attempts, reason(f, m), m.SHA256,
		})
	}
	return t
}

// whom reads the customers of the messages.
func (page *view) whom(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	ids := make([]string, len(page.messages))
	for i, m := range page.messages {
		ids[i] = m.Customer
	}
	page.customers, err = customer.ByID(ctx, tx, s, ids)
	return err
}

func (page *view) choose(asked string) tray {
	list := trays()
	for _, t := range list {
		if t.name == asked {
			return t
		}
	}
	for _, t := range list {
		if page.count(t) > 0 {
			return t
		}
	}
	return list[3]
}

// Message shows one message as it was stored.
func (p *Pages) Message(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var one letter
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		one, err = open(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		one.customer, err = customer.Find(r.Context(), tx, v.Scope, one.Customer)
		return err
	})
	if err != nil {
		return err
	}
	one.may = v.May(creditor.Work)
	f := v.Frame("Envois", "Outbox", ui.SectionOutbox)
	f.Title = one.Subject
	return visit.Show(w, r, http.StatusOK, messagePage(f, one))
}

// File gives a part of a message: the whole of it, its HTML to be looked at, or
// one of its attachments.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var one letter
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		one, err = open(r.Context(), tx, v.Scope, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	switch name := r.PathValue("fichier"); name {
	case "message.eml":
		visit.Bytes(w, one.ID+".eml", one.raw)
	case "lettre.pdf":
		visit.Bytes(w, one.ID+".pdf", one.raw)
	case "apercu":
		visit.Mail(w, []byte(one.html))
	default:
		for _, a := range one.attachments {
			if a.path == name {
				visit.Bytes(w, a.name, a.content)
				return nil
			}
		}
		return fault.NotFound("fichier %s", name)
	}
	return nil
}

// Resolve is what a person found out about a message in doubt, or her wish to
// try a refused one again.
func (p *Pages) Resolve(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	id := r.PathValue("id")
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		switch r.PostFormValue("action") {
		case "parti":
			return reminder.Resolve(r.Context(), tx, v.Scope, id, true)
		case "renvoyer":
			return reminder.Resolve(r.Context(), tx, v.Scope, id, false)
		case "reessayer":
			return reminder.Retry(r.Context(), tx, v.Scope, id)
		}
		return fault.Invalidf("action", "action inconnue")
	})
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, visit.Local(r.PostFormValue("retour")))
}
