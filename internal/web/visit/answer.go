package visit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"acquit/internal/fault"
	"acquit/internal/web/ui"
)

// Show answers with a page. It is made whole before the first byte leaves, so
// that a page that fails becomes an error page and not half a page.
func Show(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser has gone: nobody is left to tell
	return nil
}

// Go sends the browser to another page of ours after a form.
func Go(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// Local is path when it leads into this site, else the front page: a link from
// outside must not send people elsewhere.
func Local(path string) string {
	odd := func(r rune) bool { return r < ' ' || r == '\x7f' || r == '\\' } // browsers drop or turn them
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, odd) {
		return "/"
	}
	return path
}

// Partial tells whether a script asks for a part of the page.
func Partial(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// noticeCookie carries a notice over to the next page.
const noticeCookie = "avis"

// noticeBytes bounds a notice: browsers drop cookies above 4 kB.
const noticeBytes = 2800

// Tell leaves a notice that the next page shows.
func Tell(w http.ResponseWriter, n ui.Notice) {
	b, err := json.Marshal(n)
	for err == nil && len(b) > noticeBytes && len(n.Lines) > 0 {
		n.Lines = n.Lines[:len(n.Lines)-1]
		b, err = json.Marshal(n)
	}
	if err != nil || len(b) > noticeBytes {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: noticeCookie, Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 60, HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	})
}

// Done leaves a notice that something is done, in the words of the visit.
func (v *Visit) Done(w http.ResponseWriter, fr, en string, args ...any) {
	Tell(w, ui.Notice{Text: ui.Frame{Lang: v.Lang}.Sayf(fr, en, args...)})
}

// Warn is Done for what needs attention.
func (v *Visit) Warn(w http.ResponseWriter, fr, en string, args ...any) {
	Tell(w, ui.Notice{Kind: "warn", Text: ui.Frame{Lang: v.Lang}.Sayf(fr, en, args...)})
}

// takeNotice reads the notice that the page before has left, once.
func takeNotice(w http.ResponseWriter, r *http.Request) *ui.Notice {
	c, err := r.Cookie(noticeCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{
		Name: noticeCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	var n ui.Notice
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(b, &n) != nil {
		return nil
	}
	return &n
}

// Problems are the fields that an error complains of, with its words; what
// belongs to no field of the form is under "".
type Problems map[string]string

// ProblemsOf sorts an error of a form by field. It is nil, and the error is to
// be returned, when it is not for the person to mend.
func ProblemsOf(err error) Problems {
	if kind := fault.KindOf(err); kind != fault.KindInvalid && kind != fault.KindConflict {
		return nil
	}
	p := Problems{}
	p.add(err)
	return p
}

func (p Problems) add(err error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			p.add(e)
		}
		return
	}
	if f, ok := errors.AsType[*fault.Invalid](err); ok {
		words := f.Message
		if f.Mend != "" {
			words += " (" + f.Mend + ")"
		}
		p[f.Field] = ui.Sentence(words)
		return
	}
	if c, ok := errors.AsType[*fault.Conflict](err); ok {
		p[""] = ui.Sentence(c.Message)
	}
}

// Notice is the head of a form with problems: how many, and those that have no
// field among shown.
func (p Problems) Notice(f ui.Frame, shown ...string) *ui.Notice {
	if len(p) == 0 {
		return nil
	}
	n := &ui.Notice{Kind: "wrong", Text: f.Say(
		"Rien n’est enregistré : un champ est à corriger.", "Nothing is saved: a field must be corrected.")}
	if len(p) > 1 {
		n.Text = f.Sayf("Rien n’est enregistré : %d champs sont à corriger.",
			"Nothing is saved: %d fields must be corrected.", len(p))
	}
	known := map[string]bool{}
	for _, s := range shown {
		known[s] = true
	}
	if words, ok := p[""]; ok && len(p) == 1 {
		n.Text = words
		return n
	}
	for _, field := range slices.Sorted(maps.Keys(p)) {
		if !known[field] {
			n.Lines = append(n.Lines, p[field])
		}
	}
	return n
}
