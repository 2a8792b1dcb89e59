// Package apply brings what was read from files into the books, so that it can
// be looked at first, taken up again after a crash, and undone.
//
// A file is planned and written in portions: each is read from the books,
// planned by functions that write nothing, and written in one transaction. A dry
// run is the same planning over the same portions, with what would have been
// written kept in memory instead; so it cannot say anything else than the run.
//
// A document is known by its customer, kind and number, an invoice paid in parts
// by the due date too, a payment by its day and amount too. What a source says
// the second time changes nothing; what it says anew changes the document and is
// kept beside what stood there; what a person has mended since stays, until the
// source says something else.
package apply

import (
	"acquit/internal/cal"
	"acquit/internal/ingest"
	"acquit/internal/law"
)

// Mode is what a file is, seen from the books.
type Mode string

// The modes.
const (
	Delta Mode = "delta" // what is in it is added or changed
	Stock Mode = "stock" // the full list of what is open: what is missing has been settled
)

// DefaultSource is where files come from when nobody says.
const DefaultSource = "fichiers"

// Options say how files are applied. Drivers is required; the rest has defaults.
type Options struct {
	Drivers    []ingest.Driver
	Source     string // which tool the files come from; DefaultSource when empty
	Mode       Mode   // Delta when empty
	AllSources bool   // Stock: the list is that of every source, not of its own alone
	DryRun     bool
	Force      bool         // go on where Run would stop and ask
	On         cal.Date     // the day of the files; today when it is no day
	Hints      ingest.Hints // a mapping among them is remembered for the source
	Terms      string       // words of the creditor's usual term, for customers who have none
	Method     cal.Method   // how "fin de mois" counts where the words do not say
	Vanish     int          // percent of the open items that may vanish; DefaultVanish when 0
	Law        law.Country  // what checks the invoices; French law when nil
	Progress   func(Progress)

	portion int // rows in a transaction; portionRows when 0
	window  int // rows put in order at once; windowRows when 0
}

// DefaultVanish is the share of open items, in percent, above which a stock file
// is taken for a cut or wrong one.
const DefaultVanish = 30

// Progress is told after each portion.
type Progress struct {
	File string // being read
	Rows int    // read so far
	Done int    // applied so far
}

func (o *Options) complete(today cal.Date) {
	if o.Source == "" {
		o.Source = DefaultSource
	}
	if o.Mode == "" {
		o.Mode = Delta
	}
	if o.On.IsZero() {
		o.On = today
	}
	if o.Vanish == 0 {
		o.Vanish = DefaultVanish
	}
	if o.portion == 0 {
		o.portion, o.window = portionRows, windowRows
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
}
