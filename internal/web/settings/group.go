package settings

import (
	"context"
	"net/http"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/setting"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// groupOf is the group whose tab a request asks for, without the settings that
// stand on the calendar's page.
func (p *Pages) groupOf(r *http.Request) (setting.Group, setting.Registry, error) {
	for _, g := range groups {
		if g.name == r.PathValue("groupe") {
			known := setting.Registry{}
			for _, d := range p.Known.In(g.group) {
				if d.Name != setting.Region.Name && d.Name != setting.TimeZone.Name {
					known = append(known, d)
				}
			}
			return g.group, known, nil
		}
	}
	return "", nil, fault.NotFound("réglages « %s »", r.PathValue("groupe"))
}

// testForm is the little form below the settings of e-mail.
type testForm struct{ to, problem string }

// Group shows the settings of a group.
func (p *Pages) Group(w http.ResponseWriter, r *http.Request) error {
	g, known, err := p.groupOf(r)
	if err != nil {
		return err
	}
	return p.group(w, r, http.StatusOK, g, known, frameOf(r), nil, testForm{to: visit.From(r.Context()).Person.Email})
}

// group shows the form; what the person wrote and was refused stands in it.
func (p *Pages) group(
	w http.ResponseWriter, r *http.Request, status int, g setting.Group, known setting.Registry, f ui.Frame,
	wrong visit.Problems, test testForm,
) error {
	v := visit.From(r.Context())
	var fields []setting.Field
	err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		values, err := creditor.Settings(ctx, tx, s)
		fields = known.Form(values, v.Lang)
		return err
	})
	if err != nil {
		return err
	}
	anyChange := false
	for i, s := range fields {
		fields[i].Problem = wrong[s.Name]
		if wrote, ok := r.PostForm[s.Name]; ok && wrong != nil && s.Kind != setting.KindSecret {
			fields[i].Value = wrote[0]
		}
		anyChange = anyChange || mayChange(v, s)
	}
	may := func(s setting.Field) bool { return mayChange(v, s) }
	return visit.Show(w, r, status, groupPage(f, g, fields, may, anyChange, test))
}

func mayChange(v *visit.Visit, s setting.Field) bool {
	return s.Right != setting.RightHost && v.May(creditor.Rights(s.Right))
}

// PostGroup stores what was changed.
func (p *Pages) PostGroup(w http.ResponseWriter, r *http.Request) error {
	g, known, err := p.groupOf(r)
	if err != nil {
		return err
	}
	err = p.configure(r, known)
	if wrong := visit.ProblemsOf(err); wrong != nil {
		f := frameOf(r)
		names := make([]string, len(known))
		for i, d := range known {
			names[i] = d.Name
		}
		f.Notice = wrong.Notice(f, names...)
		return p.group(w, r, http.StatusUnprocessableEntity, g, known, f, wrong, testForm{})
	}
	return p.saved(w, r, err, groupPath(g))
}

// configure passes the fields of known that a form holds on to the creditor. A
// box that is ticked comes before the hidden « false » behind it.
func (p *Pages) configure(r *http.Request, known setting.Registry) error {
	wishes := map[string]string{}
	for _, d := range known {
		if wrote, ok := r.PostForm[d.Name]; ok {
			wishes[d.Name] = wrote[0]
		}
	}
	for _, name := range r.PostForm["oublier"] {
		if d, err := known.Find(name); err == nil && d.Kind == setting.KindSecret {
			wishes[name] = setting.Forget
		}
	}
	return p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		_, err := creditor.Configure(ctx, tx, s, p.Known, p.Box, wishes, journal.Write)
		return err
	})
}

// PostTest sends a test message and tells what the server answered.
func (p *Pages) PostTest(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Manage); err != nil {
		return err
	}
	to := r.PostFormValue("to")
	err := p.TestSend(r.Context(), v.Scope, to)
	if err == nil {
		v.Done(w, "Le message d’essai est parti vers %s.", "The test message has left for %s.", to)
		return visit.Go(w, r, groupPath(setting.GroupMail))
	}
	if fault.KindOf(err) == fault.KindInternal {
		return err
	}
	r.SetPathValue("groupe", "courriel")
	g, known, missing := p.groupOf(r)
	if missing != nil {
		return missing
	}
	f := frameOf(r)
	f.Notice = &ui.Notice{
		Kind: "wrong", Text: f.Say("Le message d’essai n’est pas parti.", "The test message has not left."),
		Lines: []string{ui.Sentence(err.Error())},
	}
	return p.group(w, r, http.StatusUnprocessableEntity, g, known, f, nil, testForm{to: to})
}
