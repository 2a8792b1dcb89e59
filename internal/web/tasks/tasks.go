// Package tasks is the page of what people have to do: calls, letters, addresses
// to find.
package tasks

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
	"acquit/internal/task"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the tasks.
type Pages struct{ DB *db.DB }

const pageRows = 50

// exportRows is how many rows of an export are read at once.
const exportRows = 500

// asked is what the address of the page asks for.
type asked struct {
	kind  task.Kind
	mine  bool
	later bool // those of days to come too
	after task.Task
}

func askedOf(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{kind: task.Kind(q.Get("genre")), mine: q.Get("moi") != "", later: q.Get("tout") != ""}
	if due, err := cal.Parse(q.Get("jour")); err == nil {
		a.after = task.Task{Due: due, ID: q.Get("apres")}
	}
	return a
}

func (a asked) query(path string, change func(url.Values)) string {
	q := url.Values{}
	if a.kind != "" {
		q.Set("genre", string(a.kind))
	}
	if a.mine {
		q.Set("moi", "1")
	}
	if a.later {
		q.Set("tout", "1")
	}
	change(q)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// view is what the page shows.
type view struct {
	asked     asked
	today     cal.Date
	tasks     []task.Task
	counts    map[task.Kind]int
	customers map[string]customer.Customer
	contacts  map[string][]customer.Contact
	doubts    reminder.Doubts
	members   []user.Member
	next      string
	may       bool
}

// first is the address of the first page, where this is another.
func (page view) first() string {
	if page.asked.after.ID == "" {
		return ""
	}
	return page.asked.query("/taches", same)
}

// List shows what is to do.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{asked: askedOf(r), today: v.Today, may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v) })
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, listPage(v.Frame("À faire", "To do", ui.SectionTasks), page))
}

// same changes nothing of an address.
func same(url.Values) {}

func (page *view) filter(v *visit.Visit) task.Filter {
	f := task.Filter{Kind: page.asked.kind, After: page.asked.after, Limit: pageRows + 1}
	if page.asked.mine {
		f.Owner = v.Person.ID
	}
	if !page.asked.later {
		f.Until = v.Today
	}
	return f
}

func (page *view) gather(ctx context.Context, tx *db.Tx, v *visit.Visit) (err error) {
	f := page.filter(v)
	if page.tasks, err = task.Open(ctx, tx, v.Scope, f); err != nil {
		return err
	}
	f.Kind = ""
	if page.counts, err = task.Count(ctx, tx, v.Scope, f); err != nil {
		return err
	}
	if len(page.tasks) > pageRows {
		page.tasks = page.tasks[:pageRows]
		last := page.tasks[pageRows-1]
		page.next = page.asked.query("/taches", func(q url.Values) {
			q.Set("jour", last.Due.String())
			q.Set("apres", last.ID)
		})
	}
	if page.members, err = user.Members(ctx, tx, v.Scope); err != nil {
		return err
	}
	return page.whom(ctx, tx, v.Scope)
}

// File is what is to do as CSV or XLSX, all of what is asked for.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{asked: askedOf(r), today: v.Today}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		f := page.filter(v)
		f.Limit = exportRows
		page.tasks, err = visit.Every(func(last task.Task) ([]task.Task, error) {
			f.After = last
			return task.Open(r.Context(), tx, v.Scope, f)
		})
		if err != nil {
			return err
		}
		if page.members, err = user.Members(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		return page.whom(r.Context(), tx, v.Scope)
	})
	if err != nil {
		return err
	}
	name := "a-faire-" + v.Today.String()
	return visit.File(w, r.PathValue("fichier"), name, v.Lang, page.sheet(v.Frame("À faire", "To do", ui.SectionTasks)))
}

// sheet is the list as a table.
func (page *view) sheet(f ui.Frame) sheet.Sheet {
	t := sheet.Sheet{
		Name:  f.Title,
		Notes: []string{f.Sayf("À faire au %s", "To do on %s", f.Lang.LongDate(page.today))},
		Columns: []string{
			f.Say("Pour le", "Due on"), f.Say("Genre", "Kind"), f.Say("Tâche", "Task"), f.Say("Détail", "Detail"),
			f.Say("Code client", "Customer code"), f.Say("Client", "Customer"), f.Say("Téléphone", "Telephone"),
			f.Say("Suivi par", "Followed by"),
		},
	}
	for _, x := range page.tasks {
		c := page.customers[x.Customer]
		t.Rows = append(t.Rows, []any{
			x.Due, x.Kind.In(f.Lang), x.Title, strings.TrimSpace(x.Detail + " " + page.held(f, x)),
			c.Code, c.Name, c.Phone, page.nameOf(x.Owner),
		})
	}
	return t
}

// whom reads the customers that the tasks are about, with the people there.
func (page *view) whom(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	var ids []string
	for _, t := range page.tasks {
		if t.Customer != "" {
			ids = append(ids, t.Customer)
		}
	}
	page.contacts = map[string][]customer.Contact{}
	if page.customers, err = customer.ByID(ctx, tx, s, ids); err != nil || len(ids) == 0 {
		return err
	}
	contacts, err := customer.Contacts(ctx, tx, s, ids...)
	if err != nil {
		return err
	}
	for _, c := range contacts {
		if c.Phone != "" {
			page.contacts[c.Customer] = append(page.contacts[c.Customer], c)
		}
	}
	if callees := page.callees(); len(callees) > 0 {
		page.doubts, err = reminder.DoubtsAbout(ctx, tx, s, callees...)
	}
	return err
}

// callees are the customers that somebody is to call.
func (page *view) callees() (ids []string) {
	for _, t := range page.tasks {
		if isCall(t) {
			ids = append(ids, t.Customer)
		}
	}
	return ids
}

// held are the words for a call that is held; empty where it is to be made now.
func (page *view) held(f ui.Frame, t task.Task) string {
	if !isCall(t) {
		return ""
	}
	return ui.Sentence(page.doubts.Until(t.Customer, f.Lang))
}

// Finish says how a task ended, or puts it off.
func (p *Pages) Finish(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	id := r.PathValue("id")
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		if r.PostFormValue("action") != "reporter" {
			return reminder.FinishTask(r.Context(), tx, v.Scope, id, task.Outcome(r.PostFormValue("issue")),
				r.PostFormValue("note"))
		}
		due, err := cal.Parse(r.PostFormValue("jour"))
		if err != nil {
			return fault.Invalidf("jour", "ce jour ne se lit pas")
		}
		return task.Move(r.Context(), tx, v.Scope, id, r.PostFormValue("suivi"), due)
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		n := wrong.Notice(v.Frame("", "", ""))
		visit.Tell(w, *n)
		return visit.Go(w, r, visit.Local(r.PostFormValue("retour")))
	}
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, visit.Local(r.PostFormValue("retour")))
}

// nameOf is a member's name.
func (page view) nameOf(id string) string {
	for _, m := range page.members {
		if m.ID == id {
			return m.Name
		}
	}
	return ""
}
