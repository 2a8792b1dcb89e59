package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"

	"acquit/internal/fault"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// problem is an error as its page shows it.
type problem struct {
	status    int
	title     func(ui.Frame) string
	words     string
	reference string
}

// fail answers with the page of an error. What is ours to mend is logged with
// its chain under the reference that the page shows.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the browser has gone
	}
	p := problemOf(err)
	if p.status == http.StatusInternalServerError {
		p = internal(s.reference())
		s.Log.Error("internal error", "reference", p.reference, "path", r.URL.Path, "error", err)
	}
	s.showError(w, r, p)
}

// referenceLength is enough to find one line of a day's log.
const referenceLength = 8

func (s *site) reference() string { return rand.Text()[:referenceLength] }

func internal(reference string) problem {
	return problem{
		status: http.StatusInternalServerError, reference: reference,
		title: func(f ui.Frame) string { return f.Say("Erreur interne", "Internal error") },
	}
}

// problemOf is the one place where kinds of fault become statuses.
func problemOf(err error) problem {
	p := problem{status: http.StatusInternalServerError, words: ui.Sentence(err.Error())}
	switch fault.KindOf(err) {
	case fault.KindNotFound:
		p.status, p.words = http.StatusNotFound, ""
		p.title = func(f ui.Frame) string { return f.Say("Cette page n’existe pas", "There is no such page") }
	case fault.KindInvalid:
		p.status = http.StatusUnprocessableEntity
		p.title = func(f ui.Frame) string { return f.Say("À corriger", "To be corrected") }
	case fault.KindConflict:
		p.status = http.StatusConflict
		p.title = func(f ui.Frame) string { return f.Say("Cela a changé entre-temps", "This has changed meanwhile") }
	case fault.KindDenied:
		p.status = http.StatusForbidden
		p.title = func(f ui.Frame) string { return f.Say("Refusé", "Denied") }
	case fault.KindUnavailable:
		p.status = http.StatusServiceUnavailable
		p.title = func(f ui.Frame) string { return f.Say("Indisponible pour l’instant", "Not available now") }
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		p.status, p.words = http.StatusRequestEntityTooLarge, ""
		p.title = func(f ui.Frame) string { return f.Say("C’est trop volumineux", "This is too large") }
	}
	return p
}

func (s *site) showError(w http.ResponseWriter, r *http.Request, p problem) {
	v := visit.From(r.Context())
	f := v.Frame("", "", "")
	f.Title = p.title(f)
	f.Notice = nil
	if err := visit.Show(w, r, p.status, errorPage(f, p, v.SignedIn())); err != nil {
		s.Log.Error("error page", "error", err)
		http.Error(w, f.Title, p.status)
	}
}

// missing answers every address that nothing else does.
func (s *site) missing(http.ResponseWriter, *http.Request) error { return fault.NotFound("page") }
