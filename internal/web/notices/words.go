package notices

import (
	"acquit/internal/law/fr"
	"acquit/internal/notice"
	"acquit/internal/web/ui"
)

// stateClass colours a state: green is given, red is to be mended.
func stateClass(s notice.State) string {
	switch s {
	case notice.Received, notice.Refused, notice.Unclaimed:
		return "paid"
	case notice.Returned:
		return "late"
	case notice.Approved:
		return "due"
	}
	return ""
}

func statePath(s notice.State) string {
	if s == "" {
		return "/mises-en-demeure"
	}
	return "/mises-en-demeure?etat=" + string(s)
}

// pointWords is how a point stands, in a word that needs no colour.
func pointWords(f ui.Frame, p fr.NoticePoint) string {
	switch p.State {
	case fr.PointKept:
		return f.Say("oui", "yes")
	case fr.PointIdle:
		return f.Say("sans objet", "n/a")
	}
	if p.Blocking {
		return f.Say("manque", "missing")
	}
	return f.Say("à compléter", "to complete")
}
