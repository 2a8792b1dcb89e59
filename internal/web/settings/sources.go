package settings

import (
	"context"
	"net/http"
	"time"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/freshness"
	"acquit/internal/setting"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// sourcesView is what the page of the sources shows.
type sourcesView struct {
	used   []freshness.Source
	gone   []freshness.Retired
	people map[string]string
	now    time.Time
	zone   *time.Location
	may    bool
	failed string // the source whose form was refused, as key gives it
	wrote  string // the reason that stood in it
}

// Sources shows how old the newest word of each source is, and which are used no
// more.
func (p *Pages) Sources(w http.ResponseWriter, r *http.Request) error {
	return p.sources(w, r, http.StatusOK, nil)
}

func (p *Pages) sources(w http.ResponseWriter, r *http.Request, status int, wrong visit.Problems) error {
	v := visit.From(r.Context())
	page := sourcesView{may: v.May(creditor.Manage), people: map[string]string{}}
	if wrong != nil {
		page.failed, page.wrote = r.PostFormValue("sorte")+"/"+r.PostFormValue("source"), r.PostFormValue("reason")
	}
	err := p.read(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error { return page.gather(ctx, tx, s) })
	if err != nil {
		return err
	}
	f := frameOf(r)
	if wrong != nil {
		f.Notice = wrong.Notice(f)
	}
	return visit.Show(w, r, status, sourcesPage(f, page))
}

func (page *sourcesView) gather(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	values, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return err
	}
	page.now, page.zone = tx.Now, setting.TimeZone.In(values)
	if page.used, err = freshness.Of(ctx, tx, s, values); err != nil {
		return err
	}
	if page.gone, err = freshness.Gone(ctx, tx, s, values); err != nil {
		return err
	}
	members, err := user.Members(ctx, tx, s)
	for _, m := range members {
		page.people[m.ID] = m.Name
	}
	return err
}

// PostSource gives a source up, for a reason, or takes it back.
func (p *Pages) PostSource(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	kind, name := freshness.Kind(r.PostFormValue("sorte")), r.PostFormValue("source")
	back := r.PostFormValue("acte") == "reprendre"
	err := p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
		if back {
			return freshness.TakeBack(ctx, tx, s, kind, name)
		}
		values, err := setting.Load(ctx, tx, s.Creditor)
		if err != nil {
			return err
		}
		return freshness.Retire(ctx, tx, s, values, kind, name, r.PostFormValue("reason"))
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.sources(w, r, http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	if back {
		v.Done(w, "Cette source est de nouveau attendue.", "This source is waited for again.")
	} else {
		v.Done(w, "Cette source n’est plus attendue.", "This source is waited for no more.")
	}
	return visit.Go(w, r, pathSources)
}

// key names a source in forms.
func key(s freshness.Source) string { return string(s.Kind) + "/" + s.Name }

// alone tells whether a source is the only one of the books: it cannot be given up.
func (page sourcesView) alone(one freshness.Source) bool {
	n := 0
	for _, s := range page.used {
		if s.Kind == freshness.Books {
			n++
		}
	}
	return one.Kind == freshness.Books && n == 1
}

// ageWords is how old a source's word is, against its limit.
func ageWords(f ui.Frame, page sourcesView, one freshness.Source) string {
	const day = 24 * time.Hour
	days := int(one.Age(page.now) / day)
	words := f.Say("moins d’un jour", "less than a day")
	if days > 0 {
		words = f.Count(days, "jour", "jours", "day", "days")
	}
	if one.Limit == 0 {
		return words + f.Say(", sans limite", ", no limit")
	}
	return words + f.Sayf(", limite %s", ", limit %s", f.Count(one.Limit, "jour", "jours", "day", "days"))
}
