package settings

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/law/fr"
	"acquit/internal/statute"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// lawView is what the page of the law's figures shows.
type lawView struct {
	rows    []statute.Row
	changes []statute.Change // newest first
	unknown []unknown
	people  map[string]string
	today   cal.Date
	may     bool
	chosen  statute.Row // the figure that the form is about; without a key while none is chosen
	wrong   visit.Problems
	wrote   func(field, other string) string
}

// unknown is a rate that nobody has entered for a half-year that has come or is
// about to.
type unknown struct {
	key, semester string
	now           bool
}

// soon is how long before a half-year begins its rates are asked for.
const soon = 45

// Law shows every rate and parameter with its source, and who replaced it.
func (p *Pages) Law(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	from, _ := cal.Parse(q.Get("du")) // a day that does not read is none: the form asks for it
	if start, err := fr.SemesterStart(q.Get("semestre")); err == nil {
		from = start
	}
	return p.law(w, r, http.StatusOK, q.Get("chiffre"), from, nil)
}

func (p *Pages) law(
	w http.ResponseWriter, r *http.Request, status int, key string, from cal.Date, wrong visit.Problems,
) error {
	v := visit.From(r.Context())
	page := lawView{today: v.Today, may: v.May(creditor.Manage), wrong: wrong, wrote: func(field, other string) string {
		if wrote, ok := r.PostForm[field]; ok && wrong != nil {
			return wrote[0]
		}
		return other
	}}
	if err := p.read(r, page.gather); err != nil {
		return err
	}
	page.choose(key, from)
	f := frameOf(r)
	if wrong != nil {
		f.Notice = wrong.Notice(f, "semester", "from", "to", "value", "source", "read")
	}
	return visit.Show(w, r, status, lawPage(f, page))
}

func (page *lawView) gather(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if page.rows, err = statute.Rows(ctx, tx, s); err != nil {
		return err
	}
	if page.changes, err = statute.Changes(ctx, tx, s); err != nil {
		return err
	}
	slices.Reverse(page.changes)
	members, err := user.Members(ctx, tx, s)
	page.people = map[string]string{}
	for _, m := range members {
		page.people[m.ID] = m.Name
	}
	page.unknown = unknownOf(page.rows, page.today)
	return err
}

// unknownOf are the rates missing for the half-year of a day and the next one when
// it is near.
func unknownOf(rows []statute.Row, today cal.Date) []unknown {
	var list []unknown
	for _, key := range keysOf(rows) {
		if !fr.Periodic(key) {
			continue
		}
		for _, day := range []cal.Date{today, today.Add(soon)} {
			semester := fr.Semester(day)
			known := slices.ContainsFunc(rows, func(r statute.Row) bool {
				return r.Key == key && r.Semester() == semester
			})
			again := slices.ContainsFunc(list, func(u unknown) bool { return u.key == key && u.semester == semester })
			if !known && !again {
				list = append(list, unknown{key, semester, day == today})
			}
		}
	}
	return list
}

// keysOf are the keys of rows, each once, in their order.
func keysOf(rows []statute.Row) []string {
	var keys []string
	for _, r := range rows {
		if !slices.Contains(keys, r.Key) {
			keys = append(keys, r.Key)
		}
	}
	return keys
}

// choose finds the figure that the form is about: that of the key on the day, else
// a new one of that key.
func (page *lawView) choose(key string, from cal.Date) {
	for _, r := range page.rows {
		if r.Key != key {
			continue
		}
		if page.chosen.Key == "" {
			page.chosen = statute.Row{Figure: fr.Figure{Key: key, Unit: r.Unit, From: from}}
		}
		if r.From == from && !r.Replaced {
			page.chosen = r
			return
		}
	}
}

// of are the rows of a key, or of all parameters when it is empty.
func (page lawView) of(key string) []statute.Row {
	var list []statute.Row
	for _, r := range page.rows {
		if r.Key == key || key == "" && !fr.Periodic(r.Key) {
			list = append(list, r)
		}
	}
	return list
}

// PostFigure replaces or adds a figure, or takes back the company's own.
func (p *Pages) PostFigure(w http.ResponseWriter, r *http.Request) error {
	c, err := figureOf(r)
	if err == nil {
		err = p.write(r, func(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
			if err := s.Need(creditor.Manage); err != nil {
				return err
			}
			law, err := statute.Load(ctx, tx, s)
			if err != nil {
				return err
			}
			unit, err := law.UnitOf(c.Key)
			if err != nil {
				return err
			}
			if r.PostFormValue("restore") == "" {
				if c.Value, err = statute.Read(r.PostFormValue("value"), unit); err != nil {
					return err
				}
			}
			return statute.Set(ctx, tx, s, &c)
		})
	}
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.law(w, r, http.StatusUnprocessableEntity, c.Key, c.From, wrong)
	}
	return p.saved(w, r, err, pathLaw)
}

// figureOf reads the form of a figure, all but its value.
func figureOf(r *http.Request) (c statute.Change, err error) {
	said := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	c = statute.Change{Checked: said("verified") != "", Note: said("note")}
	c.Key, c.Source = said("key"), said("source")
	for _, x := range []struct {
		field string
		into  *cal.Date
	}{{"from", &c.From}, {"to", &c.To}, {"read", &c.Read}} {
		if text := said(x.field); text != "" {
			if *x.into, err = cal.Parse(text); err != nil {
				return c, fault.Invalidf(x.field, "ce jour ne se lit pas")
			}
		}
	}
	if c.Read > visit.From(r.Context()).Today {
		return c, fault.Invalidf("read", "la source n’a pas pu être lue un jour à venir")
	}
	if text := said("semester"); text != "" {
		c.From, err = fr.SemesterStart(text)
	}
	return c, err
}

// who is the name of whoever entered a figure.
func (page lawView) who(f ui.Frame, actor string) string {
	if name, ok := page.people[actor]; ok {
		return name
	}
	if actor == creditor.ActorCLI {
		return f.Say("ligne de commande", "command line")
	}
	return f.Say("une personne partie depuis", "somebody who has left")
}

// validity is the days on which a figure holds, in words.
func validity(f ui.Frame, r fr.Figure) string {
	switch {
	case r.From == 0 && r.To == 0:
		return f.Say("toujours", "always")
	case r.To == 0:
		return f.Sayf("depuis le %s", "since %s", f.Lang.Date(r.From))
	case r.From == 0:
		return f.Sayf("jusqu’au %s", "until %s", f.Lang.Date(r.To))
	}
	return f.Lang.Date(r.From) + " – " + f.Lang.Date(r.To)
}

// readWords is when the source of a figure was read.
func readWords(f ui.Frame, r fr.Figure) string {
	if r.Read.IsZero() {
		return ""
	}
	return f.Sayf(", lu le %s", ", read on %s", f.Lang.Date(r.Read))
}

// unitHelp is how a value of that unit is written.
func unitHelp(f ui.Frame, unit string) string {
	switch unit {
	case "bp":
		return f.Say("En % par an, à deux décimales : 2,65.", "In % a year, two decimals: 2.65.")
	case "cents":
		return f.Say("En euros : 40,00.", "In euros: 40.00.")
	case "days":
		return f.Say("Un nombre de jours.", "A number of days.")
	case "months":
		return f.Say("Un nombre de mois.", "A number of months.")
	case "date":
		return f.Say("Un jour, AAAA-MM-JJ.", "A day, YYYY-MM-DD.")
	case "bool":
		return f.Say("Oui ou non.", "Yes or no.")
	case "answer":
		return f.Say("Oui, non ou inconnu.", "Yes, no or unknown.")
	}
	return f.Say("Un nombre entier.", "A whole number.")
}

// confidenceWords is how sure a figure is.
func confidenceWords(f ui.Frame, confidence string) string {
	switch confidence {
	case "A":
		return f.Say("lu dans un texte officiel", "read in an official text")
	case "B":
		return f.Say("deux sources concordantes", "two sources agree")
	case "C":
		return f.Say("une source", "one source")
	}
	return f.Say("de mémoire, à vérifier", "from memory, to be verified")
}
