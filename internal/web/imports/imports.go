// Package imports is the pages on which files come in: dropped, looked at before
// anything changes, applied, and undone.
package imports

import (
	"context"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/apply"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of imports.
type Pages struct {
	DB    *db.DB
	Depot *Depot
}

// shown is how many past imports the page lists.
const shown = 50

// view is what the list shows.
type view struct {
	list    []apply.Record
	sources []string
	after   string
	next    string
	may     bool
}

// first is the address of the first page, where this is another.
func (page view) first() string {
	if page.after == "" {
		return ""
	}
	return "/imports"
}

// maxField bounds a field of the form that brings files.
const maxField = 1000

// patience is how long a drop waits for its reading before the page of its
// progress is shown: most files are understood sooner.
const patience = 2 * time.Second

// List shows where to drop files, and what came in before.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	page := view{after: r.URL.Query().Get("apres"), may: v.May(creditor.Work)}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		page.list, err = apply.Imports(r.Context(), tx, v.Scope, page.after, shown+1)
		return err
	})
	if err != nil {
		return err
	}
	if len(page.list) > shown {
		page.list = page.list[:shown]
		page.next = "/imports?apres=" + page.list[shown-1].ID
	}
	page.sources = sources(page.list)
	return visit.Show(w, r, http.StatusOK, listPage(v.Frame("Imports", "Imports", ui.SectionImport), page))
}

// sources are the names that earlier imports came from.
func sources(list []apply.Record) []string {
	seen := map[string]bool{}
	for _, x := range list {
		seen[x.Source] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Drop takes files in and begins to read them. They go straight to the disk.
func (p *Pages) Drop(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.Invalidf("fichiers", "ce formulaire ne porte pas de fichiers")
	}
	x, err := p.Depot.open(v.Scope)
	if err != nil {
		return err
	}
	o, err := p.take(parts, x)
	if err != nil {
		return err
	}
	if len(x.files) == 0 {
		v.Warn(w, "Choisissez au moins un fichier.", "Choose at least one file.")
		return visit.Go(w, r, "/imports")
	}
	return p.work(w, r, x.token, o, false)
}

// take stores the files of a form and reads its other fields.
func (p *Pages) take(parts *multipart.Reader, x *deposit) (o apply.Options, err error) {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return o, nil
		}
		if err != nil {
			return o, err
		}
		switch {
		case part.FormName() == "fichiers" && part.FileName() != "":
			if err := p.Depot.keep(x, part.FileName(), part); err != nil {
				return o, err
			}
		case part.FileName() == "":
			text, err := io.ReadAll(io.LimitReader(part, maxField))
			if err != nil {
				return o, err
			}
			switch part.FormName() {
			case "mode":
				o.Mode = modeOf(string(text))
			case "source":
				o.Source = string(text)
			}
		}
	}
}

func modeOf(text string) apply.Mode {
	if text == string(apply.Stock) {
		return apply.Stock
	}
	return apply.Delta
}

// work starts what is to be done with a deposit and waits a moment for it.
func (p *Pages) work(w http.ResponseWriter, r *http.Request, token string, o apply.Options, yes bool) error {
	if err := p.Depot.start(visit.From(r.Context()).Scope, token, o, yes); err != nil {
		return err
	}
	x, err := p.Depot.find(visit.From(r.Context()).Scope, token)
	if err != nil {
		return err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-x.done:
	case <-timer.C:
	case <-r.Context().Done():
	}
	return visit.Go(w, r, "/depots/"+token)
}

// Deposit shows what was understood of dropped files and what they would change,
// or how far the reading is.
func (p *Pages) Deposit(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	x, err := p.Depot.find(v.Scope, r.PathValue("depot"))
	if err != nil {
		return err
	}
	f := v.Frame("Imports", "Imports", ui.SectionImport)
	switch {
	case x.phase == finished && visit.Partial(r):
		w.Header().Set("HX-Redirect", "/imports/"+x.report.Import)
		return nil
	case x.phase == finished:
		return visit.Go(w, r, "/imports/"+x.report.Import)
	case x.problem != nil && fault.KindOf(x.problem) == fault.KindInternal:
		f.Notice = &ui.Notice{Kind: "wrong", Text: f.Say("La lecture a échoué. L’erreur est notée au journal du programme.",
			"The reading failed. The error is noted in the program’s log.")}
	case x.problem != nil:
		f.Notice = &ui.Notice{Kind: "wrong", Text: ui.Sentence(x.problem.Error())}
	}
	return visit.Show(w, r, http.StatusOK, depositPage(f, x))
}

// Decide reads a deposit again as a person says, applies it, or forgets it.
func (p *Pages) Decide(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	x, err := p.Depot.find(v.Scope, r.PathValue("depot"))
	if err != nil {
		return err
	}
	o := x.options
	switch r.PostFormValue("action") {
	case "importer":
		o.Force = r.PostFormValue("force") != ""
		return p.work(w, r, x.token, o, true)
	case "relire":
		o.Mode, o.Source = modeOf(r.PostFormValue("mode")), r.PostFormValue("source")
		o.Hints = hintsOf(r, x)
		return p.work(w, r, x.token, o, false)
	}
	return fault.Invalidf("action", "action inconnue")
}

// hintsOf is how a person says that the files are to be read. A column is named
// by its head, or by its number where it has none.
func hintsOf(r *http.Request, x deposit) ingest.Hints {
	h := ingest.Hints{
		DateOrder: r.PostFormValue("dates"), Sheet: r.PostFormValue("feuille"), Encoding: r.PostFormValue("encodage"),
	}
	if d := r.PostFormValue("decimales"); d == "," || d == "." {
		h.Decimal = rune(d[0])
	}
	h.HeaderLine, _ = strconv.Atoi(r.PostFormValue("entete")) // nothing is: to be found
	for _, c := range columnsOf(x) {
		field, ok := ingest.ParseField(r.PostFormValue("colonne-" + strconv.Itoa(c.Index)))
		if !ok {
			continue
		}
		if h.Mapping == nil {
			h.Mapping = map[ingest.Field]string{}
		}
		h.Mapping[field] = c.Name
		if c.Name == "" {
			h.Mapping[field] = strconv.Itoa(c.Index)
		}
	}
	return h
}

// columnsOf are the columns of the first table among the files, which is the one
// that a person can say more about.
func columnsOf(x deposit) []ingest.Column {
	for _, f := range x.report.Files {
		if f.Asked != nil && len(f.Asked.Columns) > 0 {
			return f.Asked.Columns
		}
	}
	for _, f := range x.report.Files {
		if len(f.Understood.Columns) > 0 {
			return f.Understood.Columns
		}
	}
	return nil
}

// Import shows one import that was made.
func (p *Pages) Import(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var one apply.Record
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		one, err = apply.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	f := v.Frame("Imports", "Imports", ui.SectionImport)
	return visit.Show(w, r, http.StatusOK, importPage(f, one, v.May(creditor.Manage), v.May(creditor.Work)))
}

// Undo puts the books back to what they were before an import.
func (p *Pages) Undo(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	u, err := apply.Undo(context.WithoutCancel(r.Context()), p.DB, v.Scope, r.PathValue("id"))
	if wrong := visit.ProblemsOf(err); wrong != nil {
		visit.Tell(w, *wrong.Notice(ui.Frame{Lang: v.Lang}))
		return visit.Go(w, r, "/imports/"+r.PathValue("id"))
	}
	if err != nil {
		return err
	}
	v.Done(w, "L’import est défait : %s pièces retirées, %s fiches rétablies, %s relances retirées.",
		"The import is undone: %s documents taken away, %s records restored, %s reminders withdrawn.",
		v.Lang.Int(int(u.Documents)), v.Lang.Int(int(u.Restored)), v.Lang.Int(int(u.Reminders)))
	return visit.Go(w, r, "/imports/"+r.PathValue("id"))
}

// Rejects is the rows of one file that were refused, as a table to be corrected
// and dropped again.
func (p *Pages) Rejects(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	n, err := strconv.Atoi(r.PathValue("numero"))
	if err != nil {
		return fault.NotFound("fichier")
	}
	return p.DB.Read(r.Context(), func(tx *db.Tx) error {
		one, err := apply.Find(r.Context(), tx, v.Scope, r.PathValue("id"))
		if err != nil {
			return err
		}
		if n < 0 || n >= len(one.Files) {
			return fault.NotFound("fichier")
		}
		return writeRejects(r.Context(), tx, v.Scope, w, one, one.Files[n])
	})
}

func writeRejects(
	ctx context.Context, tx *db.Tx, s creditor.Scope, w http.ResponseWriter, one apply.Record, f apply.FileReport,
) error {
	visit.Attach(w, apply.RejectsName(filepath.Base(filepath.ToSlash(f.File))), "text/csv; charset=utf-8")
	err := apply.WriteRejects(ctx, tx, s, one.ID, &f, w)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the browser has gone: nobody is left to tell
	}
	return err
}
