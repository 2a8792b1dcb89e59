package cash

import (
	"context"
	"io"
	"net/http"

	"acquit/internal/advice"
	"acquit/internal/cash"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// maxAdvice is the largest file that is taken for an advice: one with a scanned page.
const maxAdvice = 10 << 20

// Advise attaches a remittance advice to an entry and looks at the entry again.
func (p *Pages) Advise(w http.ResponseWriter, r *http.Request) error {
	v, id := visit.From(r.Context()), r.PathValue("id")
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	file, err := adviceIn(r)
	if err == nil {
		err = p.DB.Write(r.Context(), func(tx *db.Tx) error {
			_, err := advice.Attach(r.Context(), tx, v.Scope, id, file)
			return err
		})
	}
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindConflict, fault.KindUnavailable:
		visit.Tell(w, ui.Notice{Kind: "wrong", Text: ui.Sentence(err.Error())})
		return visit.Go(w, r, asked{}.on(id))
	}
	if err != nil {
		return err
	}
	_, err = cash.Run(context.WithoutCancel(r.Context()), p.DB, v.Scope, cash.Options{})
	if err != nil {
		return err
	}
	v.Done(w, "L’avis est joint, et l’encaissement regardé à nouveau.", "The advice is attached, and the payment looked at again.")
	return visit.Go(w, r, asked{state: all}.on(id))
}

func adviceIn(r *http.Request) (advice.File, error) {
	f, head, err := r.FormFile("avis")
	if err != nil {
		return advice.File{}, &fault.Invalid{
			Field: "avis", Message: "il manque l’avis", Mend: "joindre le fichier reçu",
		}
	}
	defer f.Close() // read only: nothing is lost when closing fails
	content, err := io.ReadAll(io.LimitReader(f, maxAdvice+1))
	if err != nil {
		return advice.File{}, err
	}
	if len(content) > maxAdvice {
		return advice.File{}, fault.Invalidf("avis", "ce fichier dépasse 10 Mo")
	}
	return advice.Open(ingest.FromBytes(head.Filename, content))
}

// attachedTo are the advices that are attached to an entry.
func attachedTo(ctx context.Context, tx *db.Tx, s creditor.Scope, entry string) ([]attached, error) {
	found, err := advice.Of(ctx, tx, s, entry)
	var list []attached
	for _, k := range found[entry] {
		one := attached{id: k.ID, name: k.Name, lines: len(k.Lines)}
		one.total, _ = k.Paid() // none where the advice tells none
		for _, w := range k.Warnings {
			one.warnings = append(one.warnings, w.Text)
		}
		list = append(list, one)
	}
	return list, err
}

// takeOff takes an advice off its entry: it waits again.
func takeOff(ctx context.Context, tx *db.Tx, s creditor.Scope, id string) error {
	_, err := advice.Detach(ctx, tx, s, id, "")
	return err
}
