// Package post is the letters that wait to be posted: batches that a person
// prints, their picking lists, what lies in the letter box, and what a provider
// says of those that it posts.
package post

import (
	"cmp"
	"slices"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/reminder"
)

// Waiting is a letter that nobody has posted.
type Waiting struct {
	reminder.Look
	Batch string // that it lies in; empty while it was not printed
	Name  string // of its customer
	Code  string
	Place string // postal code and town, by which piles are sorted
}

// Registered tells whether a letter goes to the counter.
func (w Waiting) Registered() bool { return w.Channel == "registered" }

// Batch is letters printed together.
type Batch struct {
	ID     string
	On     cal.Date
	MadeAt time.Time
	MadeBy string
	Duplex bool
	SHA256 string // of the PDF
	Pages  int    // with the blank ones
	Items  []Item
}

// Open tells whether letters of the batch still wait.
func (b Batch) Open() bool { return b.Count(Item.Waits) > 0 }

// Count is how many letters are so.
func (b Batch) Count(is func(Item) bool) (n int) {
	for _, i := range b.Items {
		if is(i) {
			n++
		}
	}
	return n
}

// Item is a letter of a batch, in picking order.
type Item struct {
	Waiting
	Rank     int
	Pages    int
	Tracking string
	BackAt   time.Time // when it was taken out of the pile

	sheets int
}

// Waits tells whether the letter is in the pile and not posted.
func (i Item) Waits() bool {
	return i.BackAt.IsZero() && (i.State == reminder.Ready || i.Withdraw())
}

// Withdraw tells that the letter is in the pile and must come out of it: events
// have overtaken it since it was printed.
func (i Item) Withdraw() bool {
	if !i.BackAt.IsZero() {
		return false
	}
	switch i.State {
	case reminder.Cancelled, reminder.Held, reminder.Queued:
		return true
	case reminder.Ready:
		return i.Why != ""
	}
	return false
}

// Sheets is how much paper the letter has.
func (i Item) Sheets() int { return i.sheets }

// Weights, in grams: a sheet of A4 of 80 g/m² is a sixteenth of a square metre.
const (
	sheetGrams = 5
	smallGrams = 5  // DL, two windows
	largeGrams = 16 // C4
	adviceSlip = 3  // the forms of a registered letter
)

// maxFolded is how many sheets a DL envelope takes, folded in three.
const maxFolded = 5

// Envelope is a format of envelopes.
type Envelope string

// The formats.
const (
	DL Envelope = "DL"
	C4 Envelope = "C4"
)

// Envelope is the smallest that takes the letter.
func (i Item) Envelope() Envelope {
	if i.sheets <= maxFolded {
		return DL
	}
	return C4
}

// Grams is about what the letter weighs with its envelope.
func (i Item) Grams() int {
	grams := i.sheets*sheetGrams + smallGrams
	if i.Envelope() == C4 {
		grams += largeGrams - smallGrams
	}
	if i.Registered() {
		grams += adviceSlip
	}
	return grams
}

// steps are the weights by which La Poste prices letters, in grams.
var steps = []int{20, 100, 250, 500, 1000, 2000, 3000}

// Step is the postage step that takes the weight; 0 is heavier than a letter
// may be.
func (i Item) Step() int {
	for _, s := range steps {
		if i.Grams() <= s {
			return s
		}
	}
	return 0
}

// sheetsOf is the paper that pages take.
func sheetsOf(pages int, duplex bool) int {
	if duplex {
		return (pages + 1) / 2
	}
	return pages
}

// pile sorts letters as they are picked: those for the counter first, then by
// place, so that what goes together lies together.
func pile(list []Waiting) {
	slices.SortStableFunc(list, func(a, b Waiting) int {
		return cmp.Or(byCounter(a, b), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.ID, b.ID))
	})
}

func byCounter(a, b Waiting) int {
	switch {
	case a.Registered() == b.Registered():
		return 0
	case a.Registered():
		return -1
	}
	return 1
}

// TrackState is how far a provider has come with a letter.
type TrackState string

// The states.
const (
	Submitted TrackState = "submitted" // taken, not yet looked at
	Accepted  TrackState = "accepted"  // checked, to be printed
	Printed   TrackState = "printed"   // in its envelope, given to the post
	Returned  TrackState = "returned"  // it came back
	Rejected  TrackState = "rejected"  // never printed
	Draft     TrackState = "draft"     // there, and never submitted
	Missing   TrackState = "missing"   // the provider knows nothing of it
)

var trackWords = map[TrackState]i18n.Words{
	Submitted: {FR: "remise au prestataire", EN: "given to the provider"},
	Accepted:  {FR: "acceptée, à imprimer", EN: "accepted, to be printed"},
	Printed:   {FR: "imprimée et remise à La Poste", EN: "printed and posted"},
	Returned:  {FR: "revenue", EN: "returned"},
	Rejected:  {FR: "refusée par le prestataire", EN: "rejected by the provider"},
	Draft:     {FR: "restée à l’état de brouillon", EN: "left as a draft"},
	Missing:   {FR: "inconnue du prestataire", EN: "unknown to the provider"},
}

// In is the state in words.
func (s TrackState) In(l i18n.Lang) string { return trackWords[s].In(l) }
