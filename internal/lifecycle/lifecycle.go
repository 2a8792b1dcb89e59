// Package lifecycle follows electronic invoices after they left: the statuses
// that platforms and buyers give them, what each does to dunning, and those that
// we owe ourselves: collected (212) and completed (209).
//
// What a status does is not done when it comes: all that is known of an invoice
// is read again and Plan, which is pure, says what should stand; the difference
// is made. So statuses may come in any order, twice, or before their invoice, and
// what a later one lifts is lifted.
package lifecycle

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// Status is one that is kept.
type Status struct {
	ID       string
	Message  string // the message that told it first
	Own      bool   // we set it
	State    State  // of the message: where ours is on its way
	Code     string
	On       cal.Date
	Number   string
	Issued   cal.Date
	Said     ingest.Lifecycle
	Customer string // none while it waits
	Document string
	Waits    Waits
	Problem  string // why it has no effect though it should
	TakenAt  time.Time
}

// In is the status in words.
func (s Status) In(l i18n.Lang) string { return CodeIn(s.Code, s.Said.Label, l) }

// Why is its reasons in words, with their codes and what the other side wrote.
func (s Status) Why(l i18n.Lang) string {
	var list []string
	add := func(text string) {
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	for _, d := range s.Said.Details {
		if d.Reason != "" {
			add(ReasonIn(d.Reason, l) + " (" + d.Reason + ")")
		}
		if !strings.EqualFold(d.ReasonText, ReasonIn(d.Reason, l)) {
			add(d.ReasonText)
		}
		if d.Note != d.ReasonText {
			add(d.Note)
		}
		add(d.ActionText)
	}
	return strings.Join(list, i18n.Words{FR: "\u202f; ", EN: "; "}.In(l))
}

// Strange says that nobody knows a status, in words; empty for one of the standard.
func (s Status) Strange(l i18n.Lang) string {
	if known(s.Code) {
		return ""
	}
	return i18n.Words{
		FR: "le code " + s.Code + " n’est pas un statut connu (XP Z12-012)\u00a0: gardé tel quel, sans effet",
		EN: "code " + s.Code + " is no known status (XP Z12-012): kept as it came, without effect",
	}.In(l)
}

// Open tells whether anybody may be told of it: that an invoice was sold to a
// factor in confidence is not for the buyer (226).
func (s Status) Open() bool { return s.Code != FactoredQuiet }

// Counts tells whether it is in force: ours are once they have left.
func (s Status) Counts() bool {
	return s.Problem == "" && (!s.Own || s.State == Sent || s.State == Accepted)
}

// identity is what makes two statuses the same one: what is said of which invoice
// and when, whichever message says it.
func identity(l *ingest.Lifecycle) (string, error) {
	details, err := json.Marshal(l.Details)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, part := range []string{
		l.Code, string(l.At), l.Number, l.Issued.String(), l.Seller.SIREN(), l.Issuer.Role, string(details),
	} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Waits is why a status has no invoice.
type Waits string

// The reasons.
const (
	Unknown   Waits = "unknown"   // no invoice of that number
	OtherDay  Waits = "other_day" // one of that number, of another year
	OtherBuy  Waits = "other_buyer"
	Ambiguous Waits = "ambiguous"
	Aside     Waits = "aside" // put aside by a person
)

var waitsWords = map[Waits]i18n.Words{
	Unknown:   {FR: "aucune facture de ce numéro dans les livres", EN: "no invoice of that number in the books"},
	OtherDay:  {FR: "la facture de ce numéro est d’une autre année", EN: "the invoice of that number is of another year"},
	OtherBuy:  {FR: "la facture de ce numéro est celle d’un client d’un autre SIREN", EN: "the invoice of that number is of a customer with another SIREN"},
	Ambiguous: {FR: "plusieurs factures ont ce numéro", EN: "several invoices have that number"},
	Aside:     {FR: "mis de côté", EN: "put aside"},
}

// In is the reason in words.
func (w Waits) In(l i18n.Lang) string { return waitsWords[w].In(l) }

// State is where a message is.
type State string

// The states. Uncertain is never sent again without a person: the platform may
// have it.
const (
	Taken     State = "taken" // received
	Ready     State = "ready"
	Sending   State = "sending"
	Sent      State = "sent"     // handed to the platform, not yet judged by it
	Accepted  State = "accepted" // by the platform
	Denied    State = "refused"  // by the platform
	Uncertain State = "uncertain"
	Withdrawn State = "cancelled"
)

var stateWords = map[State]i18n.Words{
	Taken:     {FR: "reçu", EN: "received"},
	Ready:     {FR: "à envoyer", EN: "to be sent"},
	Sending:   {FR: "envoi en cours", EN: "being sent"},
	Sent:      {FR: "envoyé", EN: "sent"},
	Accepted:  {FR: "accepté par la plateforme", EN: "accepted by the platform"},
	Denied:    {FR: "refusé par la plateforme", EN: "refused by the platform"},
	Uncertain: {FR: "incertain", EN: "uncertain"},
	Withdrawn: {FR: "retiré", EN: "withdrawn"},
}

// In is the state in words.
func (s State) In(l i18n.Lang) string { return stateWords[s].In(l) }

// Message is one that came or leaves.
type Message struct {
	ID      string
	Out     bool
	Ref     string // MDT-4
	Name    string
	SHA256  string
	Origin  string
	Import  string
	Flow    string // its identifier at the platform
	State   State
	Tries   int
	TryAt   time.Time
	Detail  string
	By      string
	Made    time.Time
	Changed time.Time
}

// Electronic is what the books keep of the electronic form of an invoice or
// credit note.
type Electronic struct {
	Document string
	Import   string
	Process  string // BT-23
	Type     string // BT-3
	Debits   bool   // VAT is due when invoiced
	Seller   string // SIREN
	Buyer    string // SIREN
	Name     string // of the buyer
	Endpoint string // BT-49
	VAT      []Rate
}

// Rate is what an invoice has at one rate of VAT.
type Rate struct {
	Category string // UNTDID 5305: S, AE, E…
	Rate     int    // hundredths of a percent
	Basis    money.Amount
	Tax      money.Amount
}

// Gross is with VAT.
func (r Rate) Gross() money.Amount { return r.Basis.Add(r.Tax) }
