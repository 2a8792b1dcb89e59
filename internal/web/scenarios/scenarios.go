// Package scenarios is the pages of the written policy: the list, one scenario
// with its steps, its document and its versions, and the editor.
package scenarios

import (
	"context"
	"net/http"
	"strconv"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dunning"
	"acquit/internal/fault"
	"acquit/internal/policy"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the scenarios.
type Pages struct{ DB *db.DB }

// one is a scenario with its document understood.
type one struct {
	policy.Scenario
	read    *dunning.Scenario // nil when the document cannot be read
	problem string
}

// understand reads the document of a scenario.
func understand(s policy.Scenario) one {
	read, err := dunning.ParseScenario(s.Name, []byte(s.Document))
	if err != nil {
		return one{Scenario: s, problem: ui.Sentence(err.Error())}
	}
	return one{Scenario: s, read: read}
}

// List shows the scenarios in the order in which they are tried.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var list []one
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		all, err := policy.List(r.Context(), tx, v.Scope)
		for _, s := range all {
			list = append(list, understand(s))
		}
		return err
	})
	if err != nil {
		return err
	}
	f := v.Frame("Scénarios", "Scenarios", ui.SectionScenarios)
	return visit.Show(w, r, http.StatusOK, listPage(f, list, v.May(creditor.Manage)))
}

// view is what the page of a scenario shows.
type view struct {
	one
	history []policy.Version
	members []user.Member
	may     bool
	draft   draft
}

// draft is a document that is being written.
type draft struct {
	open     bool // the editor is shown
	document string
	why      string
	base     int
	checked  *dunning.Scenario // what it says, when it was checked and is right
	problems []string          // what is wrong with it
}

// Scenario shows one scenario; ?version= shows what it said then.
func (p *Pages) Scenario(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, draft{}, nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, d draft, n *ui.Notice) error {
	v := visit.From(r.Context())
	page := view{may: v.May(creditor.Manage), draft: d}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope, r.PathValue("id"), r.URL.Query().Get("version"))
	})
	if err != nil {
		return err
	}
	if !d.open {
		page.draft.document, page.draft.base = page.Document, page.Version
	}
	f := v.Frame("Scénarios", "Scenarios", ui.SectionScenarios)
	f.Title = page.Name
	if n != nil {
		f.Notice = n
	}
	return visit.Show(w, r, status, scenarioPage(f, page))
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, id, version string) error {
	stored, err := policy.Find(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if page.history, err = policy.History(ctx, tx, s, id); err != nil {
		return err
	}
	if page.members, err = user.Members(ctx, tx, s); err != nil {
		return err
	}
	if version != "" {
		if stored, err = at(stored, page.history, version); err != nil {
			return err
		}
		page.may = false
	}
	page.one = understand(stored)
	return nil
}

// at is a scenario as one of its versions had it.
func at(s policy.Scenario, history []policy.Version, version string) (policy.Scenario, error) {
	n, err := strconv.Atoi(version)
	if err != nil {
		return s, fault.NotFound("version %s", version)
	}
	for _, h := range history {
		if h.Version == n {
			s.Version, s.Document = h.Version, h.Document
			return s, nil
		}
	}
	return s, fault.NotFound("version %d", n)
}

// Revise checks a changed document, or makes it the next version.
func (p *Pages) Revise(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	base, _ := strconv.Atoi(r.PostFormValue("base")) // a wrong one is a conflict below
	d := draft{open: true, document: unix(r.PostFormValue("document")), why: r.PostFormValue("motif"), base: base}
	var err error
	if d.checked, err = dunning.ParseScenario("", []byte(d.document)); err == nil && r.PostFormValue("action") != "verifier" {
		err = p.DB.Write(r.Context(), func(tx *db.Tx) error {
			_, err := policy.Revise(r.Context(), tx, v.Scope, policy.Revision{
				ID: r.PathValue("id"), Base: d.base, Document: d.document, Why: d.why,
			})
			return err
		})
		if err == nil {
			v.Done(w, "La nouvelle version est en vigueur.", "The new version is in force.")
			return visit.Go(w, r, "/scenarios/"+r.PathValue("id"))
		}
	}
	if err != nil && fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindConflict {
		return err
	}
	status := http.StatusOK
	if err != nil {
		d.problems, status = problems(err), http.StatusUnprocessableEntity
	}
	return p.show(w, r, status, d, d.notice(ui.Frame{Lang: v.Lang}))
}

// notice says what came of a check.
func (d draft) notice(f ui.Frame) *ui.Notice {
	if len(d.problems) > 0 {
		return &ui.Notice{Kind: "wrong", Text: f.Say("Rien n’est enregistré.", "Nothing is saved."), Lines: d.problems}
	}
	n := &ui.Notice{Text: f.Say("Le document est juste. Il n’est pas encore enregistré.", "The document is right. It is not saved yet.")}
	for _, r := range d.checked.Remarks {
		n.Kind = "warn"
		n.Lines = append(n.Lines, ui.Sentence(r.Error()))
	}
	return n
}

// problems are the faults of a document, each with its line and column.
func problems(err error) []string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var list []string
		for _, e := range many.Unwrap() {
			list = append(list, problems(e)...)
		}
		return list
	}
	return []string{ui.Sentence(err.Error())}
}

// unix gives a document the line ends that it is stored with: browsers send two
// characters for each.
func unix(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != '\r' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// Settle changes a scenario's place, whether it is active and its limit.
func (p *Pages) Settle(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	rank, wrong := strconv.Atoi(r.PostFormValue("rang"))
	perDay, wrong2 := strconv.Atoi(r.PostFormValue("par_jour"))
	if wrong != nil || wrong2 != nil {
		return fault.Invalidf("rang", "le rang et le nombre par jour sont des nombres entiers")
	}
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return policy.Settle(r.Context(), tx, v.Scope, r.PathValue("id"), rank, r.PostFormValue("actif") != "", perDay)
	})
	if err != nil {
		return err
	}
	v.Done(w, "C’est enregistré.", "Saved.")
	return visit.Go(w, r, "/scenarios/"+r.PathValue("id"))
}

// New is the editor of a scenario that does not exist yet, begun as a copy of
// another.
func (p *Pages) New(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	d := draft{open: true}
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		stored, err := policy.Find(r.Context(), tx, v.Scope, r.URL.Query().Get("modele"))
		d.document = stored.Document
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, newPage(v.Frame("Nouveau scénario", "New scenario", ui.SectionScenarios), d))
}

// PostNew stores it. A name that another scenario has is refused: that one would
// be changed instead.
func (p *Pages) PostNew(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	d := draft{open: true, document: unix(r.PostFormValue("document"))}
	var saved policy.Scenario
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		read, err := dunning.ParseScenario("", []byte(d.document))
		if err != nil {
			return err
		}
		all, err := policy.List(r.Context(), tx, v.Scope)
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Name == read.Name {
				return fault.Conflictf("un scénario s’appelle déjà « %s » : donnez un autre nom à la copie", s.Name)
			}
		}
		saved, err = policy.Save(r.Context(), tx, v.Scope, d.document)
		return err
	})
	if err != nil && fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindConflict {
		return err
	}
	if err != nil {
		d.problems = problems(err)
		f := v.Frame("Nouveau scénario", "New scenario", ui.SectionScenarios)
		f.Notice = d.notice(f)
		return visit.Show(w, r, http.StatusUnprocessableEntity, newPage(f, d))
	}
	v.Done(w, "Le scénario est créé, à la suite des autres.", "The scenario is made, after the others.")
	return visit.Go(w, r, "/scenarios/"+saved.ID)
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
