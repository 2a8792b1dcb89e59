// Package balance is the pages of the aged balance: as of any day, by customer
// and band, with its bar, its check against the general ledger and its files.
package balance

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"acquit/internal/aging"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/customer"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/money"
	"acquit/internal/reminder"
	"acquit/internal/report"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the balance.
type Pages struct{ DB *db.DB }

const pageRows = 100

// asked is what the address of the page asks for.
type asked struct {
	on        cal.Date
	sort      string // "total", or by what is overdue
	overdue   bool   // only customers who owe something late
	collector string
	page      int // from 0
}

func askedOf(r *http.Request, today cal.Date) (asked, error) {
	q := r.URL.Query()
	a := asked{on: today, sort: q.Get("tri"), overdue: q.Get("echu") != "", collector: q.Get("suivi")}
	a.page, _ = strconv.Atoi(q.Get("page")) // anything else is the first
	a.page = max(a.page, 0)
	if text := q.Get("date"); text != "" {
		on, err := cal.Parse(text)
		if err != nil || on > today {
			return a, &fault.Invalid{
				Field: "date", Message: "la balance se lit à un jour passé ou aujourd’hui", Mend: "choisir un autre jour",
			}
		}
		a.on = on
	}
	return a, nil
}

// query is the address of what is asked, with something else.
func (a asked) query(path string, today cal.Date, change func(url.Values)) string {
	q := url.Values{}
	if a.on != today {
		q.Set("date", a.on.String())
	}
	if a.sort != "" {
		q.Set("tri", a.sort)
	}
	if a.overdue {
		q.Set("echu", "1")
	}
	if a.collector != "" {
		q.Set("suivi", a.collector)
	}
	change(q)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// view is what the page shows.
type view struct {
	asked     asked
	today     cal.Date
	aged      report.Aged
	customers map[string]customer.Customer
	members   []user.Member
	shown     map[money.Currency][]aging.Row
}

// more tells whether a group has rows beyond this page.
func (page view) more(g aging.Group) bool { return len(g.Customers) > (page.asked.page+1)*pageRows }

// Balance shows the balance on a day.
func (p *Pages) Balance(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	a, err := askedOf(r, v.Today)
	if err != nil {
		return err
	}
	page := view{asked: a, today: v.Today, shown: map[money.Currency][]aging.Row{}}
	err = p.DB.Read(r.Context(), func(tx *db.Tx) error { return page.gather(r.Context(), tx, v.Scope) })
	if err != nil {
		return err
	}
	f := v.Frame("Balance âgée", "Aged balance", ui.SectionAging)
	return visit.Show(w, r, http.StatusOK, balancePage(f, page))
}

func (page *view) gather(ctx context.Context, tx *db.Tx, s creditor.Scope) (err error) {
	if page.members, err = user.Members(ctx, tx, s); err != nil {
		return err
	}
	if page.aged, err = page.asked.read(ctx, tx, s); err != nil {
		return err
	}
	var ids []string
	for _, g := range page.aged.Groups {
		from := min(page.asked.page*pageRows, len(g.Customers))
		to := min(from+pageRows, len(g.Customers))
		page.shown[g.Currency] = g.Customers[from:to]
		for _, row := range g.Customers[from:to] {
			ids = append(ids, row.Customer)
		}
	}
	page.customers, err = customer.ByID(ctx, tx, s, ids)
	return err
}

// read is the balance that is asked for: filtered, its totals those of the rows
// that are left, in order.
func (a asked) read(ctx context.Context, tx *db.Tx, s creditor.Scope) (report.Aged, error) {
	aged, err := report.AgedOn(ctx, tx, s, a.on, report.AgedOptions{})
	if err != nil {
		return aged, err
	}
	if a.collector != "" {
		if err := aged.Name(ctx, tx, s); err != nil {
			return aged, err
		}
	}
	buckets := aged.Bands.Buckets()
	for i := range aged.Groups {
		g := &aged.Groups[i]
		if a.overdue || a.collector != "" {
			g.Customers = slices.DeleteFunc(g.Customers, func(row aging.Row) bool {
				return a.overdue && late(row, buckets) <= 0 ||
					a.collector != "" && aged.Customers[row.Customer].Collector != a.collector
			})
			total(g)
		}
	}
	aged.Groups = slices.DeleteFunc(aged.Groups, func(g aging.Group) bool { return len(g.Customers) == 0 })
	slices.SortStableFunc(aged.Groups, func(x, y aging.Group) int {
		return cmp.Compare(len(y.Customers), len(x.Customers))
	})
	aged.Largest()
	if a.sort == "total" {
		for _, g := range aged.Groups {
			slices.SortStableFunc(g.Customers, func(x, y aging.Row) int { return cmp.Compare(y.Total, x.Total) })
		}
	}
	return aged, nil
}

// late is what a row owes past its due date.
func late(row aging.Row, buckets []aging.Bucket) (sum int64) {
	for i, b := range buckets {
		if b.Overdue() {
			sum += row.Amounts[i]
		}
	}
	return sum
}

// total adds up the rows of a group that are left.
func total(g *aging.Group) {
	g.Amounts, g.Unallocated, g.Total = make([]int64, len(g.Amounts)), 0, 0
	for _, row := range g.Customers {
		for i, m := range row.Amounts {
			g.Amounts[i] += m
		}
		g.Unallocated += row.Unallocated
		g.Total += row.Total
	}
}

// File is the balance as CSV or XLSX, with all its rows.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	a, err := askedOf(r, v.Today)
	if err != nil {
		return err
	}
	var aged report.Aged
	err = p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if aged, err = a.read(r.Context(), tx, v.Scope); err != nil {
			return err
		}
		return aged.Name(r.Context(), tx, v.Scope)
	})
	if err != nil {
		return err
	}
	return visit.File(w, r.PathValue("fichier"), "balance-agee-"+a.on.String(), v.Lang, aged.Sheet(v.Lang))
}

// Detail is the documents behind one customer's row, on the day of the balance.
func (p *Pages) Detail(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	a, err := askedOf(r, v.Today)
	if err != nil {
		return err
	}
	var st report.Statement
	err = p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		st, err = report.StatementOn(r.Context(), tx, v.Scope, r.PathValue("id"), a.on)
		return err
	})
	if err != nil {
		return err
	}
	f := v.Frame("Balance âgée", "Aged balance", ui.SectionAging)
	return visit.Show(w, r, http.StatusOK, detailPage(f, st, a, v.Today))
}

// check is what is fetched after the page: the figures of the year and whether
// the general ledger agrees.
type check struct {
	figures  []report.Figures
	care     reminder.Care // of the last thirty days
	compared ledger.Comparison
	stated   bool
}

// Check sets the balance against the general ledger and measures the year.
func (p *Pages) Check(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if !visit.Partial(r) {
		return visit.Go(w, r, "/balance")
	}
	a, err := askedOf(r, v.Today)
	if err != nil {
		return err
	}
	var c check
	err = p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if c.figures, err = report.FiguresOf(r.Context(), tx, v.Scope, a.on.AddMonths(-12).Add(1), a.on); err != nil {
			return err
		}
		if c.care, err = reminder.CareBetween(r.Context(), tx, v.Scope, a.on.Add(-29), a.on); err != nil {
			return err
		}
		if a.on == v.Today {
			c.compared, c.stated, err = ledger.Compare(r.Context(), tx, v.Scope, money.EUR)
		}
		return err
	})
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, checkPart(v.Frame("", "", ui.SectionAging), c))
}
