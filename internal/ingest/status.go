package ingest

import (
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// Lifecycle is one status of one electronic invoice, as a message of its life
// tells it: the CrossDomainAcknowledgementAndResponse of XP Z12-012. Codes are
// kept as they came, known or not. The terms (MDT) are those of its annex B.
type Lifecycle struct {
	Message *LifecycleMessage `json:"-"`

	Code     string         `json:"code"`               // MDT-105, of a detail MDT-115: 200, 206…
	Label    string         `json:"label,omitempty"`    // the message's own word for it
	Phase    string         `json:"phase,omitempty"`    // MDT-77: 305 transmission, 23 processing
	Short    string         `json:"short,omitempty"`    // MDT-88, of UNTDID 4405: 47…
	At       Moment         `json:"at"`                 // MDT-78, of a detail MDT-110
	Number   string         `json:"number,omitempty"`   // MDT-87: the invoice's (BT-1)
	Type     string         `json:"type,omitempty"`     // MDT-91: 380, 381… (BT-3)
	Issued   cal.Date       `json:"issued,omitzero"`    // MDT-100 (BT-2)
	Received Moment         `json:"received,omitempty"` // MDT-95
	Seller   Actor          `json:"seller,omitzero"`    // MDT-129 (BT-30)
	Issuer   Actor          `json:"issuer,omitzero"`    // MDT-38, MDT-40: who sets the status
	Buyer    Actor          `json:"buyer,omitzero"`     // whichever party of the message has that role
	Details  []StatusDetail `json:"details,omitempty"`  // MDG-37

	Line   int `json:"line,omitempty"` // of the message, from 1
	Column int `json:"column,omitempty"`
}

// LifecycleMessage is the message that told one or several statuses.
type LifecycleMessage struct {
	ID      string // MDT-4
	Profile string // MDT-3
	Made    Moment // MDT-8
	Raw     []byte // as it came
}

// The roles of actors (UNTDID 3035) that matter here.
const (
	RoleSeller   = "SE"
	RoleBuyer    = "BY"
	RolePlatform = "WK"
	RoleState    = "DFH"
)

// Actor is a party of a message.
type Actor struct {
	Scheme   string `json:"scheme,omitempty"` // of ISO 6523: 0002 is SIREN, 0009 SIRET, 0238 a platform
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Role     string `json:"role,omitempty"`
	Endpoint string `json:"endpoint,omitempty"` // "0225:123456789"
}

// SIREN is the company's number where the message tells it, or nothing.
func (a Actor) SIREN() string {
	switch {
	case a.Scheme == "0002" && len(a.ID) == 9:
		return a.ID
	case a.Scheme == "0009" && len(a.ID) == 14:
		return a.ID[:9]
	}
	return ""
}

// StatusDetail is why a status was set and what is asked for.
type StatusDetail struct {
	Reason     string   `json:"reason,omitempty"`      // MDT-113: TX_TVA_ERR…
	ReasonText string   `json:"reason_text,omitempty"` // MDT-114
	Action     string   `json:"action,omitempty"`      // MDT-121: NIN, CNF…
	ActionText string   `json:"action_text,omitempty"` // MDT-122
	Note       string   `json:"note,omitempty"`        // MDT-126
	Figures    []Figure `json:"figures,omitempty"`     // MDG-43
}

// Figure is one characteristic of a status: an amount, a rate, a day, a datum
// that is wrong or should be.
type Figure struct {
	Type     string       `json:"type,omitempty"` // MDT-207: MEN, MPA, MAPTTC, CBB, DIV…
	Term     string       `json:"term,omitempty"` // MDT-206: BT-152
	Name     string       `json:"name,omitempty"`
	Location string       `json:"location,omitempty"`
	Value    string       `json:"value,omitempty"`
	Amount   money.Amount `json:"amount,omitzero"`  // see Known
	Percent  *int         `json:"percent,omitzero"` // hundredths of a percent; nil when not told
	On       cal.Date     `json:"on,omitzero"`
}

// Figures are those of a type in all the details.
func (l *Lifecycle) Figures(kind string) []Figure {
	var list []Figure
	for _, d := range l.Details {
		for _, f := range d.Figures {
			if f.Type == kind {
				list = append(list, f)
			}
		}
	}
	return list
}

// Reasons are the codes of its reasons, each once, in their order.
func (l *Lifecycle) Reasons() []string {
	var list []string
	for _, d := range l.Details {
		if d.Reason != "" && !slices.Contains(list, d.Reason) {
			list = append(list, d.Reason)
		}
	}
	return list
}

// Moment is an instant as the messages write it: by the civil clock, without a
// zone, "2026-11-22T15:04:05". Moments sort as texts do.
type Moment string

const momentLayout = "2006-01-02T15:04:05"

// MomentOf is what a clock shows at t.
func MomentOf(t time.Time) Moment { return Moment(t.Format(momentLayout)) }

// Day is the civil day; the zero Date of no moment.
func (m Moment) Day() cal.Date {
	t, err := time.Parse(momentLayout, string(m))
	if err != nil {
		return 0
	}
	return cal.Of(t)
}

// Clock is hours and minutes, or nothing.
func (m Moment) Clock() string {
	if len(m) != len(momentLayout) {
		return ""
	}
	return string(m[11:16])
}

// Next is the second after; no moment stays none.
func (m Moment) Next() Moment {
	t, err := time.Parse(momentLayout, string(m))
	if err != nil {
		return m
	}
	return MomentOf(t.Add(time.Second))
}
