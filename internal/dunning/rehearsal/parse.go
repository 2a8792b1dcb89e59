package rehearsal

import (
	"slices"
	"strconv"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/dunning/yamldoc"
	"acquit/internal/money"
)

// Open gives the content of a file that a test names, relative to the test.
type Open func(path string) ([]byte, error)

// maxDays bounds a test's days: ten years, beyond which it is a slip of the pen.
const maxDays = 3660

// reader is a test being read.
type reader struct {
	t    *Test
	open Open
	on   cal.Date // the day of the event at hand
}

// Parse reads a scenario test. file is its name for messages, and open reads the
// scenario that it names; a shipped scenario is known by its file name. The error
// joins every *fault.Invalid found.
func Parse(file string, src []byte, open Open) (*Test, error) {
	doc := yamldoc.Parse(file, src)
	r := &reader{t: &Test{file: file, credits: dunning.CreditNet}, open: open}
	r.read(doc.Root())
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return r.t, nil
}

func (r *reader) read(n yamldoc.Node) {
	m := n.Map("name", "scenario", "calendar", "credits", "customers", "invoices", "events", "approve", "from", "until",
		"expect")
	m.Get("name").Text()
	r.scenario(m.Need("scenario"))
	r.calendar(m.Get("calendar"))
	uses := []string{string(dunning.CreditNet), string(dunning.CreditHold), string(dunning.CreditIgnore)}
	if word, ok := m.Get("credits").Word(uses...); ok {
		r.t.credits = dunning.CreditUse(word)
	}
	for _, c := range m.Need("customers").List() {
		r.customer(c)
	}
	for _, i := range m.Need("invoices").List() {
		r.invoice(i)
	}
	for _, e := range m.Entries("events") {
		r.event(e)
	}
	r.approve(m)
	r.days(m)
	m.Must("expect")
	for _, e := range m.Entries("expect") {
		r.expect(e)
	}
}

// scenario is a path, or the document itself.
func (r *reader) scenario(n yamldoc.Node) {
	if n.IsMap() {
		r.t.scenario = dunning.ReadScenario(n)
		return
	}
	path, ok := n.Text()
	if !ok {
		return
	}
	src, ok := r.load(path)
	if !ok {
		n.Wrong("un chemin à côté du test, ou le document lui-même", "le scénario « %s » ne se lit pas", path)
		return
	}
	s, err := dunning.ParseScenario(path, src)
	if err != nil {
		n.Wrong("", "le scénario « %s » est fautif", path)
		n.Adopt(err)
		return
	}
	r.t.scenario = s
}

// load reads a scenario by its path, and a shipped one by its name alone when no
// file stands there.
func (r *reader) load(path string) ([]byte, bool) {
	if src, err := r.open(path); err == nil {
		return src, true
	}
	return dunning.ShippedFile(path)
}

func (r *reader) calendar(n yamldoc.Node) {
	if n.Missing() {
		r.t.calendar = cal.NewCalendar(cal.Metropole)
		return
	}
	m := n.Map("region", "closed")
	region, _ := yamldoc.Read(m.Get("region"), cal.ParseRegion)
	var closures []cal.Period
	for _, c := range m.Get("closed").List() {
		if p, ok := yamldoc.Read(c, cal.ParsePeriod); ok {
			closures = append(closures, p)
		}
	}
	r.t.calendar = cal.NewCalendar(region, closures...)
}

func (r *reader) customer(n yamldoc.Node) {
	m := n.Map("code", "name", "kind", "email", "phone", "address", "language", "country", "tags", "since",
		"score", "grade", "average_delay", "broken_promises", "insolvent")
	c := dunning.Customer{Kind: dunning.Business, Language: "fr", Country: "FR"}
	c.Code, _ = m.Need("code").Text()
	c.ID = c.Code
	if slices.ContainsFunc(r.t.customers, func(o dunning.Customer) bool { return o.Code == c.Code }) {
		m.Get("code").Wrong("", "le client « %s » existe déjà", c.Code)
	}
	c.Name, _ = m.Get("name").Text()
	if kind, ok := m.Get("kind").Word(dunning.Business, dunning.Consumer, dunning.Public); ok {
		c.Kind = kind
	}
	for _, key := range []string{"email", "phone", "address"} {
		m.Get(key).Text() // every channel reaches every customer of a test
	}
	r.traits(m, &c)
	r.t.customers = append(r.t.customers, c)
}

// traits are what conditions may read of a customer.
func (r *reader) traits(m yamldoc.Map, c *dunning.Customer) {
	if v, ok := m.Get("language").Text(); ok {
		c.Language = v
	}
	if v, ok := m.Get("country").Text(); ok {
		c.Country = v
	}
	for _, t := range m.Get("tags").List() {
		if tag, ok := t.Text(); ok {
			c.Tags = append(c.Tags, tag)
		}
	}
	c.Since, _ = yamldoc.Read(m.Get("since"), cal.Parse)
	c.Score, _ = yamldoc.Read(m.Get("score"), whole)
	c.Grade, _ = m.Get("grade").Text()
	c.AverageDelay, _ = yamldoc.Read(m.Get("average_delay"), whole)
	c.BrokenPromises, _ = yamldoc.Read(m.Get("broken_promises"), whole)
	c.Insolvent = m.Get("insolvent").Bool()
}

// whole reads a whole number, signed.
func whole(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, yamldoc.Invalid("", "« %s » n’est pas un nombre entier", s)
	}
	return n, nil
}

func (r *reader) invoice(n yamldoc.Node) {
	m := n.Map("number", "customer", "issued", "due", "amount", "currency", "order", "mend")
	var i invoice
	i.Number, _ = m.Need("number").Text()
	i.ID = i.Number
	if slices.ContainsFunc(r.t.invoices, func(o invoice) bool { return o.Number == i.Number }) {
		m.Get("number").Wrong("", "la facture « %s » existe déjà", i.Number)
	}
	if r.isCustomer(i.Number) {
		m.Get("number").Wrong("", "« %s » est déjà le code d’un client", i.Number)
	}
	switch {
	case m.Has("customer"):
		i.customer = r.customerCode(m.Get("customer"))
	case len(r.t.customers) == 1:
		i.customer = r.t.customers[0].Code
	default:
		m.Need("customer")
	}
	i.Issued, _ = yamldoc.Read(m.Get("issued"), cal.Parse)
	i.Due, _ = yamldoc.Read(m.Get("due"), cal.Parse)
	currency := r.currency(m)
	i.Amount = r.amount(m.Need("amount"), currency)
	i.Open = i.Amount
	i.Order, _ = m.Get("order").Text()
	for _, c := range m.Get("mend").List() {
		if code, ok := c.Text(); ok {
			i.Mend = append(i.Mend, code)
		}
	}
	r.t.invoices = append(r.t.invoices, i)
}

func (r *reader) currency(m yamldoc.Map) money.Currency {
	if c, ok := yamldoc.Read(m.Get("currency"), money.ParseCurrency); ok {
		return c
	}
	return money.EUR
}

// amount is a positive amount as written.
func (r *reader) amount(n yamldoc.Node, c money.Currency) money.Amount {
	a, ok := yamldoc.Read(n, func(s string) (money.Amount, error) { return money.Parse(s, c) })
	switch {
	case !ok:
		return money.Zero(c)
	case a.Sign() <= 0:
		n.Wrong("", "un montant est plus grand que zéro")
	}
	return a
}

func (r *reader) isCustomer(code string) bool {
	return slices.ContainsFunc(r.t.customers, func(c dunning.Customer) bool { return c.Code == code })
}

// customerCode is the code of a customer of the test.
func (r *reader) customerCode(n yamldoc.Node) string {
	code, ok := n.Text()
	if ok && !r.isCustomer(code) {
		n.Wrong("", "aucun client « %s » dans ce test", code)
	}
	return code
}

// find is an invoice of the test by its number, or nil with the fault recorded.
func (r *reader) find(n yamldoc.Node) *invoice {
	number, ok := n.Text()
	if !ok {
		return nil
	}
	for i := range r.t.invoices {
		if r.t.invoices[i].Number == number {
			return &r.t.invoices[i]
		}
	}
	n.Wrong("", "aucune facture « %s » dans ce test", number)
	return nil
}

// approve says which steps leave as soon as they are proposed: all, none, or those
// named.
func (r *reader) approve(m yamldoc.Map) {
	r.t.approved = func(string) bool { return true }
	n := m.Get("approve")
	if n.Missing() {
		return
	}
	if !n.IsList() {
		if word, _ := n.Word("all", "none"); word == "none" {
			r.t.approved = func(string) bool { return false }
		}
		return
	}
	var steps []string
	for _, e := range n.List() {
		steps = append(steps, r.step(e))
	}
	r.t.approved = func(step string) bool { return slices.Contains(steps, step) }
}

// step is the identifier of a step of the scenario.
func (r *reader) step(n yamldoc.Node) string {
	id, ok := n.Text()
	if ok && r.t.scenario != nil && r.t.scenario.Step(id) == nil {
		n.Wrong("", "aucune étape « %s » dans le scénario", id)
	}
	return id
}

func (r *reader) days(m yamldoc.Map) {
	from, okFrom := yamldoc.Read(m.Need("from"), cal.Parse)
	until, okUntil := yamldoc.Read(m.Need("until"), cal.Parse)
	r.t.from, r.t.until = from, until
	switch {
	case !okFrom || !okUntil:
	case until < from:
		m.Get("until").Wrong("", "until vient avant from")
	case until.Sub(from) > maxDays:
		m.Get("until").Wrong("", "le test dure plus de dix ans")
	}
}

func (r *reader) expect(n yamldoc.Node) {
	m := n.Map("on", "step", "customer", "invoices", "amount", "currency", "channel")
	var e expected
	e.On, _ = yamldoc.Read(m.Need("on"), cal.Parse)
	e.Step = r.step(m.Need("step"))
	switch {
	case m.Has("customer"):
		e.Customer = r.customerCode(m.Get("customer"))
	case len(r.t.customers) == 1:
		e.Customer = r.t.customers[0].Code
	default:
		m.Need("customer")
	}
	currency := money.EUR
	e.anyInvoices = !m.Has("invoices")
	for _, i := range m.Get("invoices").List() {
		if found := r.find(i); found != nil {
			e.Invoices = append(e.Invoices, found.Number)
			currency = found.Amount.Currency
		}
	}
	if e.anyCurrency = !m.Has("currency"); !e.anyCurrency {
		currency = r.currency(m)
	}
	e.Currency = string(currency)
	if e.anyAmount = !m.Has("amount"); !e.anyAmount {
		e.Amount = r.amount(m.Get("amount"), currency).Decimal()
	}
	if channel, ok := m.Get("channel").Text(); ok {
		e.Channels = []string{channel}
	}
	e.anyChannel = !m.Has("channel")
	r.t.expect = append(r.t.expect, e)
}
