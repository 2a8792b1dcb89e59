package lifecycle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/lifecycle"
	"acquit/internal/web/ui"
)

// tone is how a status is coloured: what stops or asks is late, what agrees is
// paid, what only informs is neither.
func tone(code string) string {
	switch code {
	case lifecycle.Refused, lifecycle.Rejected, lifecycle.Irreceivable, lifecycle.Disputed:
		return "late"
	case lifecycle.PartApproved, lifecycle.Suspended, lifecycle.Cancelled, lifecycle.Factored, lifecycle.NewAccount:
		return "due"
	case lifecycle.Approved, lifecycle.Stamped, lifecycle.Collected, lifecycle.PaymentSent, lifecycle.Completed:
		return "paid"
	}
	return ""
}

// stateTone is how a message of ours is coloured.
func stateTone(s lifecycle.State) string {
	switch s {
	case lifecycle.Denied:
		return "late"
	case lifecycle.Uncertain:
		return "due"
	case lifecycle.Sent, lifecycle.Accepted:
		return "paid"
	}
	return ""
}

// filtered are the codes that the list offers to filter by.
func filtered() []string {
	return []string{
		lifecycle.Disputed, lifecycle.PartApproved, lifecycle.Suspended, lifecycle.Refused, lifecycle.Rejected,
		lifecycle.PaymentSent, lifecycle.Collected,
	}
}

func percent(hundredths int) string {
	if hundredths%100 == 0 {
		return fmt.Sprintf("%d\u00a0%%", hundredths/100)
	}
	return fmt.Sprintf("%d,%02d\u00a0%%", hundredths/100, hundredths%100)
}

// about is what a status says, or what is wrong with it.
func about(f ui.Frame, s lifecycle.Status) string {
	said := s.Why(f.Lang)
	switch {
	case s.Problem != "":
		return ui.Sentence(s.Problem)
	case s.Waits != "":
		said = s.Waits.In(f.Lang)
	}
	return strings.TrimSpace(ui.Sentence(s.Strange(f.Lang)) + " " + ui.Sentence(said))
}

// brief is what there is to know of a status in a line: what it says, else its
// amounts.
func brief(f ui.Frame, s lifecycle.Status) string {
	if text := about(f, s); text != "" {
		return text
	}
	return ui.Sentence(strings.Join(figures(f, s), f.Say("\u00a0; ", "; ")))
}

// figures are the amounts of a status, in words.
func figures(f ui.Frame, s lifecycle.Status) []string {
	var list []string
	for _, d := range s.Said.Details {
		for _, x := range d.Figures {
			if x.Amount.Currency == "" {
				continue
			}
			text := x.Type
			if named, ok := figureWords[x.Type]; ok {
				text = named.In(f.Lang)
			}
			text += f.Say("\u00a0: ", ": ") + f.Lang.Amount(x.Amount)
			if x.Percent != nil {
				text += f.Say(" à ", " at ") + percent(*x.Percent)
			}
			list = append(list, text)
		}
	}
	return slices.Compact(list)
}

// figureWords name the amounts of a status (XP Z12-012, MDT-207); another has its
// code.
var figureWords = map[string]i18n.Words{
	"MEN":    {FR: "encaissé TTC", EN: "collected with VAT"},
	"MPA":    {FR: "payé", EN: "paid"},
	"RAP":    {FR: "reste à payer", EN: "left to pay"},
	"ESC":    {FR: "escompte", EN: "early-payment discount"},
	"RAB":    {FR: "rabais", EN: "allowance"},
	"REM":    {FR: "remise", EN: "rebate"},
	"MAP":    {FR: "approuvé hors taxe", EN: "approved without VAT"},
	"MAPTTC": {FR: "approuvé TTC", EN: "approved with VAT"},
	"MNA":    {FR: "non approuvé hors taxe", EN: "not approved without VAT"},
	"MNATTC": {FR: "non approuvé TTC", EN: "not approved with VAT"},
}

// moment is when a status was set, by the civil clock.
func moment(f ui.Frame, s lifecycle.Status) string {
	text := f.Lang.Date(s.On)
	if clock := s.Said.At.Clock(); clock != "" && clock != "00:00" {
		text += ", " + clock
	}
	return text
}

// standing is what the life of an invoice comes to, in one sentence.
func standing(f ui.Frame, l lifecycle.Life) string {
	o := l.Outcome
	switch {
	case o.Ended != "":
		return f.Sayf("Elle a pris fin (statut %s) : elle n’est plus relancée.", "It has ended (status %s): it is no longer chased.", o.Ended)
	case o.Missing != "":
		return f.Say("L’acheteur attend une pièce : la relance est en pause.", "The buyer waits for a document: reminders are paused.")
	case !o.Approved.IsZero():
		return f.Sayf("Approuvée par l’acheteur le %s.", "Approved by the buyer on %s.", f.Lang.LongDate(o.Approved))
	case !o.Received.IsZero():
		return f.Sayf("Reçue par l’acheteur ou sa plateforme le %s.", "Received by the buyer or its platform on %s.", f.Lang.LongDate(o.Received))
	}
	return f.Say("Rien ne prouve encore que l’acheteur l’a reçue.", "Nothing shows yet that the buyer has received it.")
}

// dayOf is the day of an instant on the creditor's wall.
func dayOf(f ui.Frame, t time.Time) string { return f.Lang.Date(cal.Of(f.Local(t))) }

// What is counted of statuses.
var (
	found = noun("statut nouveau", "statuts nouveaux", "new status", "new statuses")
	wrote = noun("statut écrit", "statuts écrits", "status written", "statuses written")
	sent  = noun("statut envoyé", "statuts envoyés", "status sent", "statuses sent")
)

func noun(fr, frs, en, ens string) i18n.Noun {
	return i18n.Noun{One: i18n.Words{FR: fr, EN: en}, Many: i18n.Words{FR: frs, EN: ens}}
}

// decidedWords say what a person decided about a message of ours.
var decidedWords = map[string]i18n.Words{
	"remis":    {FR: "Le statut est noté comme remis à la plateforme.", EN: "The status is recorded as given to the platform."},
	"renvoyer": {FR: "Le statut sera envoyé de nouveau.", EN: "The status will be sent again."},
	"retirer":  {FR: "Le statut est retiré : il ne partira pas.", EN: "The status is withdrawn: it will not leave."},
}
