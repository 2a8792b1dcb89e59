package bank

import (
	"context"
	"errors"
	"net/http"

	"acquit/internal/bank"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// entryView is what the page of an entry shows.
type entryView struct {
	bank.Kept
	records []bank.Record
	line    cash.Line
	undoes  *bank.Kept // what it takes back
	undone  *bank.Kept // what took it back
	whole   *bank.Kept // the batch of which it is a detail
	account bank.Source
	people  map[string]string
}

// Entry shows one entry: what the bank said, as it came, and what was made of it.
func (p *Pages) Entry(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	var page entryView
	err := p.DB.Read(r.Context(), func(tx *db.Tx) error {
		return page.gather(r.Context(), tx, v.Scope, r.PathValue("id"))
	})
	if err != nil {
		return err
	}
	f := v.Frame("Écriture de banque", "Bank entry", ui.SectionBank)
	f.Title = ui.Payer(page.Entry)
	return visit.Show(w, r, http.StatusOK, entryPage(f, page))
}

func (page *entryView) gather(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) (err error) {
	if page.Kept, err = bank.Find(ctx, tx, s, id); err != nil {
		return err
	}
	if page.records, err = bank.Records(ctx, tx, s, id); err != nil {
		return err
	}
	if page.line, err = cash.Find(ctx, tx, s, id); err != nil && !errors.Is(err, fault.ErrNotFound) {
		return err
	}
	if page.people, err = user.Names(ctx, tx, s); err != nil {
		return err
	}
	accounts, err := bank.Newest(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID == page.Source {
			page.account = a
		}
	}
	for _, other := range []struct {
		id string
		to **bank.Kept
	}{{page.Undoes, &page.undoes}, {page.UndoneBy, &page.undone}, {page.Whole, &page.whole}} {
		if other.id == "" {
			continue
		}
		one, err := bank.Find(ctx, tx, s, other.id)
		if err != nil {
			return err
		}
		*other.to = &one
	}
	return nil
}
