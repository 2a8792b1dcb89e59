package tasks

import (
	"acquit/internal/cal"
	"acquit/internal/task"
	"acquit/internal/web/ui"
)

func dueWords(f ui.Frame, t task.Task, today cal.Date) string {
	switch {
	case t.Due.IsZero():
		return f.Say("sans date", "no date")
	case t.Due == today:
		return f.Say("aujourd’hui", "today")
	case t.Due < today:
		return f.Sayf("depuis %d j", "%d days ago", today.Sub(t.Due))
	}
	return f.Lang.Date(t.Due)
}

// isCall tells whether a task is done on the page of its call.
func isCall(t task.Task) bool { return t.Kind == task.Call && t.Customer != "" }
