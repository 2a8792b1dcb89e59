package apply

import (
	"context"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/db"
	"acquit/internal/ingest"
	"acquit/internal/ledger"
	"acquit/internal/money"
)

// entryRows wait for the end of their statement, so that it is seen whole: some
// thirty megabytes.
const entryRows = 1 << 14

// maxStatement bounds a bank's file that is kept beside its entries, which keep
// their own text in any case.
const maxStatement = 20 << 20

// AccountReport is what a file tells of one bank account.
type AccountReport struct {
	Account  string         `json:"account"` // its IBAN, or its number
	Name     string         `json:"name,omitempty"`
	Currency money.Currency `json:"currency"`
	From     cal.Date       `json:"from"`
	To       cal.Date       `json:"to"`
	Opening  string         `json:"opening,omitempty"` // where the file states balances
	Closing  string         `json:"closing,omitempty"`
	Entries  int            `json:"entries"`
	In       string         `json:"in"`
	Out      string         `json:"out"`  // negative
	Gaps     []string       `json:"gaps"` // what does not follow, and what to ask the bank for
}

// entryDesk takes the entries of a bank's file.
type entryDesk struct {
	file    *fileRun
	taker   *bank.Taker
	waiting []*bank.Entry
}

func newEntryDesk(f *fileRun) desk {
	o := bank.Origin{
		Import: f.run.id, File: f.name, SHA256: f.report.SHA256, Within: f.within, Format: string(f.report.Format),
	}
	return &entryDesk{file: f, taker: bank.NewTaker(f.run.scope, o, f.run.rehearsal)}
}

func (k *entryDesk) take(d *ingest.Document) { k.waiting = append(k.waiting, d.Entry) }
func (k *entryDesk) full() bool              { return len(k.waiting) >= entryRows }

// flush takes the entries in, portion by portion. The last day that was read may
// not be whole yet and waits, unless there is nothing but it.
func (k *entryDesk) flush(ctx context.Context, end bool) error {
	list := k.waiting
	k.waiting = nil
	if !end {
		list, k.waiting = lastDay(list)
	}
	for len(list) > 0 || end {
		n := k.portion(list)
		last := end && n == len(list)
		if err := k.apply(ctx, list[:n], last); err != nil {
			return err
		}
		list = list[n:]
		if last {
			return k.close(ctx)
		}
	}
	return nil
}

// lastDay parts the entries of the last statement's last day from the others.
func lastDay(list []*bank.Entry) (before, last []*bank.Entry) {
	newest := list[len(list)-1]
	i := len(list)
	for i > 0 && list[i-1].Statement == newest.Statement && list[i-1].On == newest.On {
		i--
	}
	if i == 0 {
		return list, nil
	}
	return list[:i], list[i:]
}

// portion is how many entries one transaction takes: a day is not cut where that
// can be helped.
func (k *entryDesk) portion(list []*bank.Entry) int {
	size := k.file.run.o.portion
	if len(list) <= size {
		return len(list)
	}
	for n := size; n < min(len(list), 2*size); n++ {
		if list[n].On != list[n-1].On || list[n].Statement != list[n-1].Statement {
			return n
		}
	}
	return size
}

func (k *entryDesk) apply(ctx context.Context, list []*bank.Entry, last bool) (err error) {
	r := k.file.run
	var p *bank.Portion
	err = r.within(ctx, func(tx *db.Tx) error {
		p, err = k.taker.Plan(ctx, tx, k.file.statements, list, last)
		return err
	}, func(tx *db.Tx) error { return p.Write(ctx, tx) })
	if err != nil {
		return err
	}
	k.taker.Keep(p)
	k.report(p.Taken)
	r.done += len(list)
	r.o.Progress(Progress{File: k.file.name, Rows: r.rows(), Done: r.done})
	return r.analyze(ctx)
}

// report counts what became of entries as rows of the file.
func (k *entryDesk) report(t bank.Taken) {
	rep := k.file.report
	rep.Added += t.Added
	rep.Changed += t.Completed
	rep.Unchanged += t.Known
	for _, w := range t.Warnings {
		if strings.HasPrefix(w.Code, "account_") { // of the account: true of each file of it, and said once
			k.file.run.notices.add(w.Code, w.Text, 0, "")
			continue
		}
		k.file.notices.add(w.Code, w.Text, w.Line, "")
	}
	for _, one := range t.Refused {
		k.file.reject(Rejection{Line: one.Line, Column: 1, Reason: one.Reason, Mend: one.Mend}, one.Entries)
	}
}

// close tells what the file says of its accounts, and keeps the file.
func (k *entryDesk) close(ctx context.Context) error {
	return k.file.run.within(ctx,
		func(tx *db.Tx) error { return k.accounts(ctx, tx) },
		func(tx *db.Tx) error { return k.keep(ctx, tx) },
	)
}

func (k *entryDesk) accounts(ctx context.Context, tx *db.Tx) error {
	list, err := k.taker.Told(ctx, tx)
	if err != nil {
		return err
	}
	k.file.sums = map[[2]money.Amount]bool{}
	for _, a := range list {
		one := AccountReport{
			Account: a.Account.Key(), Name: a.Label, Currency: a.Currency, From: a.From, To: a.To, Entries: a.Entries,
			In: a.In.Decimal(), Out: a.Out.Decimal(), Opening: balance(a.Opening), Closing: balance(a.Closing),
			Gaps: []string{},
		}
		for _, g := range a.Gaps {
			one.Gaps = append(one.Gaps, g.Words().FR+" ("+g.Ask().FR+")")
			if g.Kind == bank.WrongSum {
				k.file.sums[[2]money.Amount{g.Stated, g.Computed}] = true
			}
		}
		k.file.report.Accounts = append(k.file.report.Accounts, one)
	}
	return nil
}

func balance(b *bank.Balance) string {
	if b == nil {
		return ""
	}
	return b.Amount.Decimal()
}

// keep stores the bank's file as it came.
func (k *entryDesk) keep(ctx context.Context, tx *db.Tx) error {
	src := k.file.run.sources[k.file.source]
	if src.Size > maxStatement || k.file.report.Added+k.file.report.Changed == 0 {
		return nil
	}
	content, err := src.Bytes(maxStatement)
	if err != nil {
		return err
	}
	return ledger.KeepFile(ctx, tx, k.file.run.scope, &ledger.File{
		Name: baseName(src.Name), MediaType: "application/octet-stream", Content: content, Import: k.file.run.id,
	})
}
