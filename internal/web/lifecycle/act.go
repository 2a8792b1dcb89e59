package lifecycle

import (
	"context"
	"net/http"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/lifecycle"
	"acquit/internal/setting"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// exchange is the way that the creditor's settings ask for; nil is by hand.
func (p *Pages) exchange(ctx context.Context, s creditor.Scope) (*lifecycle.Exchange, error) {
	var v setting.Values
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = setting.Load(ctx, tx, s.Creditor)
		return err
	})
	if err != nil {
		return nil, err
	}
	platform, name, err := lifecycle.Choose(p.Platforms, v, p.Box)
	if err != nil || platform == nil {
		return nil, err
	}
	return &lifecycle.Exchange{DB: p.DB, Platform: platform, Name: name, Drivers: p.Formats, Log: p.Log}, nil
}

// Collect takes what waits at the platform.
func (p *Pages) Collect(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	x, err := p.exchange(r.Context(), v.Scope)
	if err == nil && x == nil {
		err = fault.Conflictf("aucune plateforme n’est réglée\u00a0: importer les fichiers de statuts")
	}
	if err != nil {
		return p.told(w, r, err)
	}
	t, err := x.Collect(r.Context(), v.Scope)
	if err != nil {
		return p.told(w, r, err)
	}
	v.Done(w, "%s.", "%s.", found.Count(v.Lang, t.Collected.Added))
	return visit.Go(w, r, path)
}

// told shows a fault that a person can mend above the list; any other stays one.
func (p *Pages) told(w http.ResponseWriter, r *http.Request, err error) error {
	if fault.KindOf(err) == fault.KindInternal {
		return err
	}
	visit.From(r.Context()).Warn(w, "%s", "%s", err.Error())
	return visit.Go(w, r, path)
}

// Send writes what is due, and sends what is ready where there is a platform.
func (p *Pages) Send(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	x, err := p.exchange(r.Context(), v.Scope)
	if err != nil {
		return p.told(w, r, err)
	}
	var written []lifecycle.Message
	err = p.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		written, _, err = lifecycle.Declare(r.Context(), tx, v.Scope, r.FormValue("facture"))
		return err
	})
	if err != nil {
		return p.told(w, r, err)
	}
	if x == nil {
		v.Done(w, "%s : à télécharger et à déposer à la plateforme.", "%s: to be downloaded and brought to the platform.",
			wrote.Count(v.Lang, len(written)))
		return visit.Go(w, r, path)
	}
	t, err := x.Send(r.Context(), v.Scope)
	if err != nil {
		return p.told(w, r, err)
	}
	switch {
	case t.Uncertain+t.Refused+t.Later > 0:
		v.Warn(w, "Envoyés : %d ; à réessayer : %d ; incertains : %d ; refusés : %d.",
			"%d sent, %d to be tried again, %d in doubt, %d refused.", t.Sent, t.Later, t.Uncertain, t.Refused)
	default:
		v.Done(w, "%s.", "%s.", sent.Count(v.Lang, t.Sent))
	}
	return visit.Go(w, r, path)
}

// Decide is a person's word about a message of ours.
func (p *Pages) Decide(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	id := r.PathValue("message")
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		switch r.FormValue("acte") {
		case "remis":
			return lifecycle.Confirm(r.Context(), tx, v.Scope, id)
		case "renvoyer":
			return lifecycle.Again(r.Context(), tx, v.Scope, id)
		case "retirer":
			return lifecycle.Withdraw(r.Context(), tx, v.Scope, id, r.FormValue("motif"))
		}
		return fault.Invalidf("acte", "que faire de ce message ?")
	})
	if err != nil {
		return p.told(w, r, err)
	}
	words := decidedWords[r.FormValue("acte")]
	visit.Tell(w, ui.Notice{Text: ui.Frame{Lang: v.Lang}.Words(words)})
	return visit.Go(w, r, path)
}

// Aside takes a status that waits for an invoice that will not come off the list.
func (p *Pages) Aside(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return lifecycle.PutAside(r.Context(), tx, v.Scope, r.PathValue("statut"), r.FormValue("motif"))
	})
	if err != nil {
		return p.told(w, r, err)
	}
	v.Done(w, "Le statut est mis de côté.", "The status is put aside.")
	return visit.Go(w, r, path)
}

// Complete says that the document that was missing was given.
func (p *Pages) Complete(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		_, err := lifecycle.Complete(r.Context(), tx, v.Scope, r.PathValue("facture"), r.FormValue("note"))
		return err
	})
	if fault.KindOf(err) == fault.KindInvalid || fault.KindOf(err) == fault.KindConflict {
		return p.life(w, r, http.StatusUnprocessableEntity, r.FormValue("note"), err)
	}
	if err != nil {
		return err
	}
	v.Done(w, "« Complétée » est écrit : l’envoyer depuis les factures électroniques.", "“Completed” is written: send it from electronic invoices.")
	return visit.Go(w, r, path)
}
