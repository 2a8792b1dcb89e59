package message

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/money"
)

// item is a record or a row as a template sees it: names of the catalogue and
// what they stand for.
type item = map[string]any

// Keys that no template can name: the day of a row for the function dates, and
// in the first row of a list that was cut, how many there are.
const (
	hiddenDay  = "-day"
	hiddenSize = "-size"
)

// view is the facts under the names of the catalogue, in the words of a
// language.
func (f Facts) view(w *words) item {
	v := item{
		"greeting":  f.greeting(w),
		"civility":  f.civility(w),
		"today":     w.date(f.Today),
		"total":     w.money(f.Total),
		"credits":   w.unless(f.Credits),
		"deadline":  w.date(f.Deadline),
		"reference": f.reference(),
		"reply":     line(f.ReplyTo),
		"invoices":  viewLines(f.Claimed, w),
		"coming":    viewLines(f.Coming, w),
		"earlier":   f.viewEarlier(w),
		"payment":   mark(paymentMark),
		"signature": mark(signatureMark),
		"table":     item{"invoices": mark(invoicesMark), "coming": mark(comingMark)},
		"list":      item{"earlier": mark(earlierMark)},
		"creditor":  f.Creditor.view(),
		"bank":      f.Creditor.bank(),
		"collector": f.collector(),
		"customer":  item{"name": f.customerName(), "code": line(f.Customer.Code), "kind": string(f.Customer.Kind)},
		"contact":   f.Contact.view(),
		"broken":    viewPromise(f.Broken, w),
		"promise":   viewPromise(f.Promise, w),
		"interest":  f.viewInterest(w),
		"step":      item{"title": line(f.Step.Title)},
	}
	v["invoice"] = viewLine(f.Claimed[0], w)
	return v
}

// unless is an amount, or nothing when there is no money in it.
func (w *words) unless(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return w.money(a)
}

// viewLines is the rows of a list, as many as a table shows.
func viewLines(list []Line, w *words) []item {
	out := make([]item, min(len(list), maxLines))
	for i := range out {
		out[i] = viewLine(list[i], w)
	}
	if len(list) > maxLines {
		out[0][hiddenSize] = len(list)
	}
	return out
}

func viewLine(l Line, w *words) item {
	return item{
		"number":  line(l.Number),
		"order":   line(l.Order),
		"issued":  w.date(l.Issued),
		"due":     w.date(l.Due),
		"total":   w.money(l.Total),
		"claimed": w.money(l.Claimed),
		"days":    l.Days,
		"late":    w.lateness(l.Days),
	}
}

func (f Facts) viewEarlier(w *words) []item {
	list := f.earlier()
	out := make([]item, len(list))
	for i, e := range list {
		out[i] = item{"on": w.date(e.On), "title": line(e.Title), hiddenDay: e.On}
	}
	return out
}

// earlier is the reminders to cite, oldest first and one a day: the last ones,
// where there were many. What was sent before the oldest invoice was due asked
// for nothing, so it is not held against anyone.
func (f Facts) earlier() []Earlier {
	due := f.Claimed[0].Due
	for _, l := range f.Claimed {
		due = min(due, l.Due)
	}
	list := slices.DeleteFunc(slices.Clone(f.Earlier), func(e Earlier) bool { return e.On <= due })
	slices.SortStableFunc(list, func(a, b Earlier) int { return int(a.On - b.On) })
	list = slices.CompactFunc(list, func(a, b Earlier) bool { return a.On == b.On })
	return list[max(0, len(list)-maxEarlier):]
}

func viewPromise(p *Promise, w *words) item {
	if p == nil || p.For.IsZero() {
		return nil
	}
	return item{"made": w.date(p.Made), "for": w.date(p.For), "amount": w.unless(p.Amount)}
}

func (f Facts) viewInterest(w *words) item {
	if f.Interest == nil {
		return nil
	}
	i := *f.Interest
	rate := ""
	if i.Rate != "" {
		rate = w.percent(i.Rate)
	}
	both := i.Amount.Add(i.Indemnity)
	return item{
		"amount":    w.money(i.Amount),
		"until":     w.date(i.Until),
		"rate":      rate,
		"indemnity": w.unless(i.Indemnity),
		"total":     w.money(both),
		"sum":       w.money(f.Total.Add(both)),
	}
}

// percent is a number with a dot as a percentage is read: "12,40 %", "12.40%".
func (w *words) percent(s string) string {
	if w.lang == french.lang {
		return strings.Replace(line(s), ".", ",", 1) + narrowNoBreak + "%"
	}
	return line(s) + "%"
}

func (c Creditor) view() item {
	return item{
		"name":    line(c.Name),
		"legal":   line(c.Legal),
		"address": strings.Join(lines(c.Address), ", "),
		"siren":   inThrees(c.SIREN),
		"phone":   unbroken(c.Phone),
		"email":   line(c.Email),
		"website": line(c.Website),
	}
}

func (c Creditor) bank() item {
	return item{
		"holder": line(first(c.Bank.Holder, c.Name)),
		"iban":   c.Bank.grouped(),
		"bic":    line(c.Bank.BIC),
		"name":   line(c.Bank.Name),
	}
}

// grouped is the IBAN in groups of four that stay on one line each.
func (b Bank) grouped() string {
	return groups(strings.ToUpper(b.IBAN), 4, " ")
}

// inThrees is a SIREN as it is read: 732 829 320.
func inThrees(s string) string {
	return groups(s, 3, noBreak)
}

func groups(s string, n int, gap string) string {
	bare := []rune(strings.Join(strings.Fields(line(s)), ""))
	var out []string
	for part := range slices.Chunk(bare, n) {
		out = append(out, string(part))
	}
	return strings.Join(out, gap)
}

func (f Facts) collector() item {
	c := f.Collector
	return item{
		"name":  line(first(c.Name, f.Creditor.Name)),
		"title": line(c.Title),
		"phone": unbroken(first(c.Phone, f.Creditor.Phone)),
		"email": line(first(c.Email, f.ReplyTo, f.Creditor.Email)),
	}
}

func (f Facts) customerName() string { return line(first(f.Customer.Name, f.Customer.Code)) }

// reference is what the customer writes on the transfer: at least the number
// of the oldest invoice.
func (f Facts) reference() string { return line(first(f.Reference, f.Claimed[0].Number)) }

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

func (c Contact) view() item {
	return item{
		"name": c.name(), "first": line(c.First), "last": line(c.Last), "email": line(c.Email),
	}
}

func (c Contact) name() string { return line(c.First + " " + c.Last) }

// greeting opens a message: « Bonjour Madame Vidal », or « Madame, Monsieur »
// when nobody is known by name. A surname alone is an order, not a greeting.
func (f Facts) greeting(w *words) string {
	c := f.Contact
	title, name := w.title(c.Civility), c.name()
	switch {
	case title != "" && line(c.Last) != "":
		name = title + noBreak + line(c.Last)
	case line(c.First) == "":
		name = ""
	}
	switch {
	case w.lang == french.lang && name == "":
		return "Madame, Monsieur"
	case w.lang == french.lang:
		return "Bonjour " + name
	case name == "":
		return "Dear Sir or Madam"
	}
	return "Dear " + name
}

// civility is how a formal letter addresses its reader.
func (f Facts) civility(w *words) string {
	title := w.title(f.Contact.Civility)
	if w.lang == french.lang {
		return first(title, "Madame, Monsieur")
	}
	if last := line(f.Contact.Last); title != "" && last != "" {
		return title + noBreak + last
	}
	return "Sir or Madam"
}

// title is a civility in full, or nothing when it is not understood: nobody is
// called what she is not.
func (w *words) title(civility string) string {
	var woman bool
	switch strings.ToLower(strings.Trim(line(civility), ". ")) {
	case "mme", "madame", "mlle", "mademoiselle", "ms", "mrs", "miss", "f":
		woman = true
	case "m", "mr", "monsieur", "mister", "h":
	default:
		return ""
	}
	switch {
	case w.lang == french.lang && woman:
		return "Madame"
	case w.lang == french.lang:
		return "Monsieur"
	case woman:
		return "Ms"
	}
	return "Mr"
}

// days of rows that carry one.
func days(list []item) []cal.Date {
	var out []cal.Date
	for _, i := range list {
		if d, ok := i[hiddenDay].(cal.Date); ok {
			out = append(out, d)
		}
	}
	return out
}
