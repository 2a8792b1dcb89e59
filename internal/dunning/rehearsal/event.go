package rehearsal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/dunning"
	"acquit/internal/dunning/yamldoc"
	"acquit/internal/money"
)

// verb is one kind of event: the keys it takes beside its own and on, and what it
// does.
type verb struct {
	keys []string
	read func(*reader, yamldoc.Map, yamldoc.Node) func(*book)
}

// verbs are the events of a test, by the key that names them.
var verbs = map[string]verb{
	"pay":        {[]string{"amount"}, (*reader).pay},
	"reject":     {[]string{"amount"}, (*reader).reject},
	"credit":     {[]string{"amount"}, (*reader).creditNote},
	"allocate":   {[]string{"amount"}, (*reader).allocate},
	"promise":    {[]string{"for", "amount"}, (*reader).promise},
	"withdraw":   {nil, (*reader).withdraw},
	"dispute":    {[]string{"amount", "reason"}, (*reader).dispute},
	"resolve":    {nil, (*reader).resolve},
	"hold":       {[]string{"until", "reason"}, (*reader).hold},
	"release":    {nil, (*reader).releaseHold},
	"plan":       {[]string{"instalments", "grace"}, (*reader).plan},
	"in_flight":  {[]string{"amount", "until"}, (*reader).inFlight},
	"down_until": {nil, (*reader).downUntil},
	"dismiss":    {[]string{"customer", "reason"}, (*reader).dismiss},
	"approve":    {[]string{"customer"}, (*reader).approveStep},
	"reply":      {nil, (*reader).react},
	"portal":     {nil, (*reader).react},
	"cancel":     {nil, (*reader).cancel},
	"insolvent":  {nil, (*reader).insolvent},
}

// verbNames are the events in the order of the alphabet.
func verbNames() []string {
	var all []string
	for name := range verbs {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// event reads one event: on, the verb's key and its own.
func (r *reader) event(n yamldoc.Node) {
	known := append([]string{"on"}, verbNames()...)
	for _, name := range verbNames() {
		for _, k := range verbs[name].keys {
			if !slices.Contains(known, k) {
				known = append(known, k)
			}
		}
	}
	m := n.Map(known...)
	name := r.verb(m)
	r.on, _ = yamldoc.Read(m.Need("on"), cal.Parse)
	if name == "" {
		return
	}
	for _, key := range known[1:] {
		if m.Has(key) && key != name && !slices.Contains(verbs[name].keys, key) {
			m.Key(key).Wrong("clés de « "+name+" » : "+strings.Join(append([]string{"on"}, verbs[name].keys...), ", "),
				"« %s » ne va pas avec « %s »", key, name)
		}
	}
	value := m.Get(name)
	if value.Missing() {
		return
	}
	if apply := verbs[name].read(r, m, value); apply != nil {
		r.t.events = append(r.t.events, event{r.on, apply})
	}
}

// last is the day that n gives as the end of something: not before the event.
func (r *reader) last(n yamldoc.Node) cal.Date {
	day, ok := yamldoc.Read(n, cal.Parse)
	if ok && day < r.on {
		n.Wrong("", "le %s vient avant l’événement, qui est du %s", day, r.on)
	}
	return day
}

// verb is the key that says what happens.
func (r *reader) verb(m yamldoc.Map) string {
	var found []string
	for _, name := range verbNames() {
		if m.Has(name) {
			found = append(found, name)
		}
	}
	switch {
	case !m.IsMap():
	case len(found) == 0:
		m.Wrong("au choix : "+strings.Join(verbNames(), ", "), "l’événement ne dit pas ce qui arrive")
	case len(found) > 1:
		m.Wrong("écrivez deux événements", "l’événement dit deux choses : %s", strings.Join(found, " et "))
	default:
		return found[0]
	}
	return ""
}

// target is an invoice of the test, or a customer.
type target struct {
	invoice  string
	customer string
	currency money.Currency
}

func (r *reader) target(n yamldoc.Node) (target, bool) {
	name, ok := n.Text()
	if !ok {
		return target{}, false
	}
	if r.isCustomer(name) {
		t := target{customer: name, currency: money.EUR}
		for _, i := range r.t.invoices {
			if i.customer == name {
				t.currency = i.Amount.Currency
				break
			}
		}
		return t, true
	}
	if i := slices.IndexFunc(r.t.invoices, func(i invoice) bool { return i.Number == name }); i >= 0 {
		found := &r.t.invoices[i]
		return target{invoice: name, customer: found.customer, currency: found.Amount.Currency}, true
	}
	n.Wrong("", "ni client ni facture « %s » dans ce test", name)
	return target{}, false
}

// on finds the target in the book: its item is nil for a customer, and for an
// invoice that is not issued yet.
func (t target) on(b *book) (*dunning.Item, *account) {
	if t.invoice != "" {
		if item, a := b.item(t.invoice); item != nil {
			return item, a
		}
	}
	return nil, b.account(t.customer)
}

// pay is money that came in: for an invoice, or not allocated yet. What an invoice
// does not need is a credit.
func (r *reader) pay(m yamldoc.Map, n yamldoc.Node) func(*book) {
	t, ok := r.target(n)
	if !ok {
		return nil
	}
	amount := r.amount(m.Need("amount"), t.currency)
	return func(b *book) {
		item, a := t.on(b)
		a.reacted()
		rest := amount
		if item != nil {
			a.landed(item.ID, rest)
			rest = a.received(item, rest)
		} else {
			a.landed("", rest)
		}
		a.credit("paiement-"+b.day.String(), rest, b.day)
	}
}

// landed ends the payments announced that this money is: those of the invoice, or
// of the customer at large, up to what came in.
func (a *account) landed(item string, amount money.Amount) {
	for i := range a.InFlight {
		f := &a.InFlight[i]
		of := len(f.Invoices) == 0 && item == "" || slices.Contains(f.Invoices, item)
		if of && f.Amount.Currency == amount.Currency {
			taken := money.Min(f.Amount, amount)
			f.Amount, amount = f.Amount.Sub(taken), amount.Sub(taken)
		}
	}
	a.InFlight = slices.DeleteFunc(a.InFlight, func(f dunning.InFlight) bool { return f.Amount.Sign() <= 0 })
}

// reject is money that turned out not to have come: the invoice is open again.
func (r *reader) reject(m yamldoc.Map, n yamldoc.Node) func(*book) {
	i := r.find(n)
	if i == nil {
		return nil
	}
	amount := r.amount(m.Need("amount"), i.Amount.Currency)
	return func(b *book) {
		if item, a := b.item(i.Number); item != nil {
			back := money.Min(amount, item.Amount.Sub(item.Open))
			item.Open = item.Open.Add(back)
			a.count(item.ID, back.Neg())
		}
	}
}

// creditNote is a credit note set against an invoice, or not allocated yet.
func (r *reader) creditNote(m yamldoc.Map, n yamldoc.Node) func(*book) {
	t, ok := r.target(n)
	if !ok {
		return nil
	}
	amount := r.amount(m.Need("amount"), t.currency)
	return func(b *book) {
		item, a := t.on(b)
		rest := amount
		if item != nil {
			taken := money.Min(rest, item.Open)
			item.Open, rest = item.Open.Sub(taken), rest.Sub(taken)
		}
		a.credit("avoir-"+b.day.String(), rest, b.day)
	}
}

// allocate sets credits of the customer against an invoice, the oldest first.
func (r *reader) allocate(m yamldoc.Map, n yamldoc.Node) func(*book) {
	i := r.find(n)
	if i == nil {
		return nil
	}
	limit := i.Amount
	if m.Has("amount") {
		limit = r.amount(m.Get("amount"), i.Amount.Currency)
	}
	return func(b *book) {
		item, a := b.item(i.Number)
		if item == nil {
			return
		}
		left := limit
		for j := range a.Credits {
			c := &a.Credits[j]
			if c.Open.Currency != left.Currency {
				continue
			}
			taken := money.Min(money.Min(c.Open, left), item.Open)
			c.Open, left = c.Open.Sub(taken), left.Sub(taken)
			a.received(item, taken)
		}
		a.Credits = slices.DeleteFunc(a.Credits, func(c dunning.Credit) bool { return c.Open.Sign() == 0 })
	}
}

// numbers are the invoices that n names: one, or a list, all of one customer.
func (r *reader) numbers(n yamldoc.Node) (numbers []string, of *invoice) {
	nodes := []yamldoc.Node{n}
	if n.IsList() {
		if nodes = n.List(); len(nodes) == 0 {
			n.Wrong("", "une facture au moins est attendue")
		}
	}
	for _, e := range nodes {
		i := r.find(e)
		switch {
		case i == nil:
		case of != nil && of.customer != i.customer:
			e.Wrong("", "les factures sont de clients différents")
		case of != nil && of.Amount.Currency != i.Amount.Currency:
			e.Wrong("", "les factures sont de monnaies différentes")
		default:
			numbers, of = append(numbers, i.Number), i
		}
	}
	return numbers, of
}

func (r *reader) promise(m yamldoc.Map, n yamldoc.Node) func(*book) {
	numbers, of := r.numbers(n)
	day := r.last(m.Need("for"))
	if of == nil {
		return nil
	}
	var amount money.Amount
	if m.Has("amount") {
		amount = r.amount(m.Get("amount"), of.Amount.Currency)
	}
	return func(b *book) {
		a := b.account(of.customer)
		a.Promises = append(a.Promises, dunning.Promise{
			ID: "promesse-" + strconv.Itoa(len(a.Promises)+1), Items: numbers, Made: b.day, For: day, Amount: amount,
			Paid: money.Zero(of.Amount.Currency),
		})
	}
}

// withdraw ends the promises and plans of the invoices.
func (r *reader) withdraw(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	numbers, of := r.numbers(n)
	if of == nil {
		return nil
	}
	named := func(items []string) bool {
		return slices.ContainsFunc(items, func(i string) bool { return slices.Contains(numbers, i) })
	}
	return func(b *book) {
		a := b.account(of.customer)
		for i := range a.Promises {
			a.Promises[i].Ended = a.Promises[i].Ended || named(a.Promises[i].Items)
		}
		for i := range a.Plans {
			a.Plans[i].Ended = a.Plans[i].Ended || named(a.Plans[i].Items)
		}
	}
}

func (r *reader) dispute(m yamldoc.Map, n yamldoc.Node) func(*book) {
	i := r.find(n)
	if i == nil {
		return nil
	}
	var amount money.Amount // none: all of the invoice
	if m.Has("amount") {
		amount = r.amount(m.Get("amount"), i.Amount.Currency)
	}
	reason, _ := m.Get("reason").Text()
	return func(b *book) {
		a := b.account(i.customer)
		a.Disputes = append(a.Disputes, dunning.Dispute{Item: i.ID, Amount: amount, Opened: b.day, Reason: reason})
	}
}

func (r *reader) resolve(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	i := r.find(n)
	if i == nil {
		return nil
	}
	return func(b *book) {
		a := b.account(i.customer)
		a.Disputes = slices.DeleteFunc(a.Disputes, func(d dunning.Dispute) bool { return d.Item == i.ID })
	}
}

func (r *reader) hold(m yamldoc.Map, n yamldoc.Node) func(*book) {
	t, ok := r.target(n)
	until := r.last(m.Get("until"))
	reason, _ := m.Get("reason").Text()
	if !ok {
		return nil
	}
	return func(b *book) {
		a := b.account(t.customer)
		a.Holds = append(a.Holds, dunning.Hold{Item: t.invoice, From: b.day, Until: until, Reason: reason})
	}
}

// releaseHold ends the holds of an invoice or of a customer.
func (r *reader) releaseHold(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	t, ok := r.target(n)
	if !ok {
		return nil
	}
	return func(b *book) {
		a := b.account(t.customer)
		a.Holds = slices.DeleteFunc(a.Holds, func(h dunning.Hold) bool { return h.Item == t.invoice })
	}
}

func (r *reader) plan(m yamldoc.Map, n yamldoc.Node) func(*book) {
	numbers, of := r.numbers(n)
	list := m.Need("instalments")
	grace, _ := yamldoc.Read(m.Get("grace"), dunning.ParseDays)
	if of == nil {
		return nil
	}
	if list.IsList() && len(list.List()) == 0 {
		list.Wrong("", "un échéancier a un versement au moins")
	}
	var instalments []dunning.Instalment
	for _, e := range list.List() {
		k := e.Map("due", "amount")
		due, _ := yamldoc.Read(k.Need("due"), cal.Parse)
		amount := r.amount(k.Need("amount"), of.Amount.Currency)
		instalments = append(instalments, dunning.Instalment{Due: due, Amount: amount})
	}
	slices.SortStableFunc(instalments, func(x, y dunning.Instalment) int { return cmp.Compare(x.Due, y.Due) })
	return func(b *book) {
		a := b.account(of.customer)
		a.Plans = append(a.Plans, dunning.Plan{
			ID: "échéancier-" + strconv.Itoa(len(a.Plans)+1), Items: numbers, Made: b.day, Grace: grace,
			Paid: money.Zero(of.Amount.Currency), Instalments: instalments,
		})
	}
}

// inFlight is a payment announced and not yet in the bank.
func (r *reader) inFlight(m yamldoc.Map, n yamldoc.Node) func(*book) {
	t, ok := r.target(n)
	until := r.last(m.Get("until"))
	if !ok {
		return nil
	}
	amount := r.amount(m.Need("amount"), t.currency)
	return func(b *book) {
		f := dunning.InFlight{Amount: amount, On: b.day, Until: until}
		if t.invoice != "" {
			f.Invoices = []string{t.invoice}
		}
		a := b.account(t.customer)
		a.InFlight = append(a.InFlight, f)
	}
}

func (r *reader) downUntil(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	until := r.last(n)
	return func(b *book) { b.down = max(b.down, until) }
}

// dismiss sets a step aside: the reminder that waits, or else the next one of
// that step, on its day. A step that will not come again is left as it is.
func (r *reader) dismiss(m yamldoc.Map, n yamldoc.Node) func(*book) {
	step := r.step(n)
	code := r.only(m)
	if reason, ok := m.Need("reason").Text(); ok && strings.TrimSpace(reason) == "" {
		m.Get("reason").Wrong("", "une étape ne s’écarte pas sans raison")
	}
	return func(b *book) {
		a := b.account(code)
		a.Pending = slices.DeleteFunc(a.Pending, func(p dunning.Pending) bool { return p.Step == step })
		for _, p := range dunning.Simulate(a.Account, b.scenario(a), b.t.calendar, b.day, b.day.Add(maxDays)) {
			if p.Step.ID != step {
				continue
			}
			aside := setAside{step: step}
			for _, c := range p.Claims {
				aside.items = append(aside.items, c.Item)
			}
			a.setAside = append(a.setAside, aside)
			return
		}
	}
}

// only is the customer that m names, or the test's only one.
func (r *reader) only(m yamldoc.Map) string {
	if !m.Has("customer") && len(r.t.customers) == 1 {
		return r.t.customers[0].Code
	}
	return r.customerCode(m.Need("customer"))
}

// approveStep approves the reminder of a step that waits.
func (r *reader) approveStep(m yamldoc.Map, n yamldoc.Node) func(*book) {
	step, code := r.step(n), r.only(m)
	return func(b *book) {
		a := b.account(code)
		a.approved = append(a.approved, step)
	}
}

func (r *reader) react(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	code := r.customerCode(n)
	return func(b *book) { b.account(code).reacted() }
}

// cancel takes an invoice back: nothing is owed of it any more.
func (r *reader) cancel(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	i := r.find(n)
	if i == nil {
		return nil
	}
	return func(b *book) {
		if item, _ := b.item(i.Number); item != nil {
			item.Open = money.Zero(item.Open.Currency)
		}
	}
}

func (r *reader) insolvent(_ yamldoc.Map, n yamldoc.Node) func(*book) {
	code := r.customerCode(n)
	return func(b *book) { b.account(code).Customer.Insolvent = true }
}
