package fr

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law"
)

// ceiling is one term beyond which a law lets nobody go.
type ceiling struct {
	sector      string
	label       i18n.Words
	invoice     string // single, periodic or any
	byContract  bool   // only where the contract says so
	first, last time.Month
	term        cal.Term // no term: the sector is free
	from, to    cal.Date
	source      string
}

// general is the sector of everything that has no rule of its own.
const general = "general"

func (l *Law) loadTerms(data fs.FS) error {
	rows, err := read(data, "terms.csv", "sector", "label_fr", "label_en", "invoice", "contract", "months", "term",
		"valid_from", "valid_to", "source", "confidence", "read_on")
	if err != nil {
		return err
	}
	for _, r := range rows {
		c, err := r.ceiling()
		if err != nil {
			return err
		}
		l.terms = append(l.terms, c)
	}
	return nil
}

func (r record) ceiling() (c ceiling, err error) {
	c = ceiling{
		sector: r.fields["sector"], invoice: r.fields["invoice"], byContract: r.fields["contract"] == "yes",
		label: i18n.Words{FR: r.fields["label_fr"], EN: r.fields["label_en"]}, source: r.fields["source"],
	}
	if !slices.Contains([]string{"single", "periodic", "any"}, c.invoice) {
		return c, r.wrong("invoice\u00a0: «\u00a0%s\u00a0» (single, periodic ou any)", c.invoice)
	}
	first, last, ranged := strings.Cut(r.fields["months"], "-")
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if !ranged || err1 != nil || err2 != nil || from < 1 || to > 12 || from > to {
		return c, r.wrong("months\u00a0: «\u00a0%s\u00a0» n’est pas de la forme 1-12", r.fields["months"])
	}
	c.first, c.last = time.Month(from), time.Month(to)
	if text := r.fields["term"]; text != "" {
		if c.term, err = cal.ParseTerm(text); err != nil {
			return c, r.wrong("term\u00a0: %v", err)
		}
	}
	if c.from, c.to, err = r.validity(); err != nil {
		return c, err
	}
	_, err = r.fact()
	return c, err
}

// holds tells whether the ceiling is in force for an invoice of that day and sort.
func (c ceiling) holds(on cal.Date, periodic bool) bool {
	_, m, _ := on.Date()
	kind := c.invoice == "any" || (c.invoice == "periodic") == periodic
	return kind && (c.from == 0 || on >= c.from) && (c.to == 0 || on <= c.to) && m >= c.first && m <= c.last
}

// limit is the last day that the ceiling allows, by the kinder of the two lawful
// ways to count the end of the month; sure is false when the day to count from is
// not known and the invoice's stands for it.
func (c ceiling) limit(t law.Terms) (day cal.Date, sure bool) {
	base, sure := t.Issued, true
	if c.term.Base == cal.FromDelivery {
		base, sure = t.Delivered, true
	}
	if c.term.Base == cal.FromReceipt {
		base, sure = max(t.Received, t.Delivered), t.Received != 0
	}
	if base == 0 {
		base, sure = t.Issued, false
	}
	return max(c.term.WithMethod(cal.MethodA).Due(base), c.term.WithMethod(cal.MethodB).Due(base)), sure
}

// Sector is a line of business with ceilings of its own, for a choice on screen.
type Sector struct {
	Key   string
	Label i18n.Words
}

// Sectors are all of them, the general rule first.
func (l *Law) Sectors() []Sector {
	var all []Sector
	for _, c := range l.terms {
		if !slices.ContainsFunc(all, func(s Sector) bool { return s.Key == c.sector }) {
			all = append(all, Sector{Key: c.sector, Label: c.label})
		}
	}
	return all
}

// DefaultTerm is the term where none was agreed: between professionals 30 days
// after the goods or the service (C. com. L441-10 I), for a public buyer what its
// kind must keep, counted from its receipt of the invoice (CCP R2192-10 and 11),
// for a consumer at once. A public body of unknown sort has the shortest.
func (l *Law) DefaultTerm(d law.Debtor, b law.PublicBody) cal.Term {
	switch d {
	case law.Consumer:
		return cal.Term{Base: cal.FromIssue}
	case law.Public:
		return cal.Term{Base: cal.FromReceipt, Days: l.publicDays(b, 0)}
	}
	return cal.Term{Base: cal.FromDelivery, Days: l.days("default_term", 0)}
}

func (l *Law) publicDays(b law.PublicBody, on cal.Date) int {
	if b == "" {
		b = law.StateOrLocal
	}
	return l.days("public_term_"+string(b), on)
}

func (l *Law) days(key string, on cal.Date) int {
	p, err := l.parameter(key, "days", on)
	if err != nil {
		return 0
	}
	return int(p.number())
}

// CheckTerm holds a due date, or the one that an agreed term gives, against the
// ceilings of its debtor and sector. Nothing is found where the law has none, or
// where the day of the invoice is not known.
func (l *Law) CheckTerm(t law.Terms) []law.Finding {
	if t.Issued == 0 || t.Debtor == law.Consumer {
		return nil
	}
	if t.Due == 0 {
		if t.Due = t.Term.Due(baseOf(t)); t.Due == 0 {
			return nil
		}
	}
	var found []law.Finding
	if t.Debtor == law.Public {
		found = l.checkPublic(t)
	} else {
		found = l.checkPrivate(t)
	}
	return found
}

// baseOf is the day that the agreed term counts from, else the invoice's.
func baseOf(t law.Terms) cal.Date {
	switch {
	case t.Term.Base == cal.FromReceipt && t.Received != 0:
		return t.Received
	case t.Term.Base == cal.FromDelivery && t.Delivered != 0:
		return t.Delivered
	}
	return t.Issued
}

// checkPrivate compares with the latest day that any ceiling of the sector allows;
// one that only a contract can open is not enough by itself.
func (l *Law) checkPrivate(t law.Terms) []law.Finding {
	free, byContract := l.widest(t, false), l.widest(t, true)
	switch {
	case free.unlimited, t.Due <= free.day:
		return nil
	case byContract.source == "", t.Due > byContract.day:
		best := free
		if byContract.day > free.day && t.Term.EOM != cal.EOMNone {
			best = byContract
		}
		return []law.Finding{beyond("term_beyond_legal", t, best)}
	case t.Term.IsZero():
		f := beyond("term_needs_contract", t, free)
		f.Severity = law.Doubt
		f.Text.FR += "\u00a0; au-delà, le contrat doit le dire expressément («\u00a0" + byContract.words + "\u00a0»)"
		f.Text.EN += "; beyond it the contract must say so expressly (“" + byContract.words + "”)"
		return []law.Finding{f}
	case agreed(t.Term, byContract.term):
		return nil
	}
	return []law.Finding{beyond("term_beyond_legal", t, free)}
}

// agreed tells whether a term is of the kind that a contract may open: it goes to
// the end of the month where the ceiling does.
func agreed(t, ceiling cal.Term) bool {
	return (t.EOM != cal.EOMNone) == (ceiling.EOM != cal.EOMNone)
}

// widestCeiling is the latest day of several ceilings and where it comes from.
type widestCeiling struct {
	day       cal.Date
	sure      bool
	unlimited bool
	term      cal.Term
	words     string
	source    string
}

func (l *Law) widest(t law.Terms, byContract bool) widestCeiling {
	sector := t.Sector
	if !slices.ContainsFunc(l.terms, func(c ceiling) bool { return c.sector == sector }) {
		sector = general
	}
	var best widestCeiling
	for _, c := range l.terms {
		if c.sector != sector || c.byContract != byContract || !c.holds(t.Issued, t.Periodic) {
			continue
		}
		if c.term.IsZero() {
			return widestCeiling{unlimited: true, source: c.source}
		}
		if day, sure := c.limit(t); day > best.day {
			best = widestCeiling{day: day, sure: sure, term: c.term, words: c.term.String(), source: c.source}
		}
	}
	if best.source == "" && !byContract { // no text for that time or that sort of invoice
		best.unlimited = true
	}
	return best
}

func (l *Law) checkPublic(t law.Terms) []law.Finding {
	source := "CCP art. R2192-10"
	if t.Body == law.Hospital || t.Body == law.PublicUndertaking {
		source = "CCP art. R2192-11"
	}
	c := ceiling{term: cal.Term{Base: cal.FromReceipt, Days: l.publicDays(t.Body, t.Issued)}, source: source}
	day, sure := c.limit(t)
	if t.Due <= day {
		return nil
	}
	f := beyond("term_beyond_legal", t, widestCeiling{day: day, sure: sure, words: c.term.String(), source: source})
	longest := ceiling{term: cal.Term{Base: cal.FromReceipt, Days: l.publicDays(law.PublicUndertaking, t.Issued)}}
	if last, _ := longest.limit(t); t.Body == "" && t.Due <= last {
		f.Severity = law.Doubt // it may be a hospital or a public undertaking
	}
	return []law.Finding{f}
}

// beyond is a due date past its ceiling, in words. It is only doubtful where the
// day to count from is not known.
func beyond(code string, t law.Terms, c widestCeiling) law.Finding {
	days := strconv.Itoa(t.Due.Sub(t.Issued))
	f := law.Finding{
		Code: code, Severity: law.Violation, Source: c.source,
		Text: i18n.Words{
			FR: "échéance le " + t.Due.Long("fr") + ", " + days + " jours après la facture, alors que le plafond (" +
				c.words + ") est le " + c.day.Long("fr"),
			EN: "due on " + t.Due.Long("en") + ", " + days + " days after the invoice, where the ceiling (" +
				c.words + ") is " + c.day.Long("en"),
		},
	}
	if !c.sure {
		f.Severity = law.Doubt
		f.Text.FR += ", compté du jour de la facture faute de mieux"
		f.Text.EN += ", counted from the invoice for want of a better day"
	}
	return f
}
