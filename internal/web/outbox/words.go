package outbox

import (
	"time"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/reminder"
	"acquit/internal/web/ui"
)

func stateTag(s reminder.MessageState) string {
	switch s {
	case reminder.MessageSent:
		return "paid"
	case reminder.MessageFailed, reminder.MessageUncertain:
		return "late"
	case reminder.Held, reminder.Ready:
		return "due"
	}
	return ""
}

func noticeKind(s reminder.MessageState) string {
	if s == reminder.MessageFailed || s == reminder.MessageUncertain {
		return "wrong"
	}
	return "warn"
}

// reason is why a message is where it is: what holds it back, or what the other
// side answered.
func reason(f ui.Frame, m reminder.Message) string {
	switch {
	case m.Why != "":
		return ui.Sentence(m.Why)
	case m.State == reminder.MessageUncertain:
		return f.Say("La ligne est tombée pendant l’envoi : le serveur l’a peut-être pris. Regardez dans ses journaux, ou demandez au client.",
			"The line died while it was leaving: the server may have taken it. Look into its logs, or ask the customer.")
	case m.State == reminder.MessageFailed || m.Attempts > 0 && m.State == reminder.Queued:
		return ui.Sentence(m.Code + " " + m.Detail)
	}
	return ""
}

func emptyTitle(f ui.Frame, t tray) string {
	if t.name == "a-regarder" {
		return f.Say("Rien à regarder", "Nothing to look at")
	}
	return f.Say("Aucun message", "No message")
}

func emptyWords(f ui.Frame, t tray) string {
	switch t.name {
	case "a-regarder":
		return f.Say("Aucun message n’est retenu, refusé ou incertain.", "No message is held, refused or uncertain.")
	case "a-poster":
		return f.Say("Les lettres approuvées attendent ici que vous les ayez postées.", "Approved letters wait here until you have posted them.")
	case "en-file":
		return f.Say("Ce que vous approuvez passe ici avant de partir.", "What you approve passes here before it leaves.")
	}
	return f.Say("Ils viendront ici.", "They will come here.")
}

// when is the moment that says most about a message.
func when(f ui.Frame, m reminder.Message) string {
	switch {
	case !m.SentAt.IsZero():
		return instant(f, m.SentAt)
	case m.State == reminder.Queued && !m.NextAt.IsZero():
		return f.Sayf("prévu le %s", "planned for %s", instant(f, m.NextAt))
	}
	return instant(f, m.CreatedAt)
}

// instant is a moment as people read it, in the creditor's time zone.
func instant(f ui.Frame, t time.Time) string {
	local := f.Local(t)
	return f.Lang.Date(cal.Of(local)) + " " + local.Format("15:04")
}

// kilobytes is a size in words.
func kilobytes(f ui.Frame, n int) string {
	return f.Sayf("%d Ko", "%d kB", (n+1023)/1024)
}

// paper tells whether a message goes to a postal address.
func paper(m reminder.Message) bool {
	return m.Channel == string(dunning.Letter) || m.Channel == string(dunning.Registered)
}
