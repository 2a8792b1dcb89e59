package dossiers

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/fault"
	"acquit/internal/ledger"
	"acquit/internal/web/visit"
)

// formRoom is what the fields of a form take beside its file.
const formRoom = 64 << 10

// Add takes a piece in.
func (p *Pages) Add(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	e, content, err := readPiece(w, r)
	if err == nil {
		err = p.DB.Write(r.Context(), func(tx *db.Tx) error {
			return dossier.AddEvidence(r.Context(), tx, v.Scope, &e, content, v.Today)
		})
	}
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, wrong, map[string]string{
			"genre": string(e.Kind), "jour": r.PostFormValue("jour"), "note": e.Note,
		})
	}
	if err != nil {
		return err
	}
	v.Done(w, "La pièce « %s » est au dossier.", "The piece “%s” is in the dossier.", e.Name)
	return visit.Go(w, r, "/clients/"+r.PathValue("id")+"/dossier")
}

// readPiece reads the form of a piece, its file bounded.
func readPiece(w http.ResponseWriter, r *http.Request) (e dossier.Evidence, content []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, dossier.MaxPiece+formRoom)
	if err := r.ParseMultipartForm(formRoom); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return e, nil, fault.Invalidf("fichier", "le fichier est trop lourd : 25 Mo au plus")
		}
		return e, nil, fault.Invalidf("fichier", "ce formulaire ne porte pas de fichier")
	}
	defer func() { err = errors.Join(err, r.MultipartForm.RemoveAll()) }()
	e = dossier.Evidence{
		Customer: r.PathValue("id"), Kind: dossier.Kind(r.PostFormValue("genre")), Note: r.PostFormValue("note"),
		Documents: r.PostForm["facture"],
	}
	if text := r.PostFormValue("jour"); text != "" {
		if e.On, err = cal.Parse(text); err != nil {
			return e, nil, fault.Invalidf("jour", "ce jour ne se lit pas")
		}
	}
	f, head, err := r.FormFile("fichier")
	if err != nil {
		return e, nil, fault.Invalidf("fichier", "choisissez un fichier")
	}
	defer f.Close()
	e.Name = head.Filename
	content, err = io.ReadAll(f)
	return e, content, err
}

// Withdraw takes a piece back.
func (p *Pages) Withdraw(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error {
		return dossier.Withdraw(r.Context(), tx, v.Scope, r.PathValue("id"), r.PostFormValue("piece"),
			r.PostFormValue("motif"))
	})
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, wrong, nil)
	}
	if err != nil {
		return err
	}
	v.Done(w, "La pièce est retirée ; elle reste gardée.", "The piece is withdrawn; it stays kept.")
	return visit.Go(w, r, "/clients/"+r.PathValue("id")+"/dossier")
}

// Make prepares the archive. It is made on disk and recorded before the first byte
// leaves; one that the database does not keep is answered at once.
func (p *Pages) Make(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	f, err := os.CreateTemp(p.Dir, "acquit-dossier-*.zip")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	id := r.PathValue("id")
	m, err := dossier.Make(r.Context(), p.DB, v.Scope, dossier.Request{
		Customers: []string{id}, Day: v.Today, Recipient: r.PostFormValue("destinataire"),
		Route: routeOf(r.PostFormValue("voie")),
	}, f)
	if wrong := visit.ProblemsOf(err); wrong != nil {
		return p.show(w, r, http.StatusUnprocessableEntity, wrong, nil)
	}
	if err != nil {
		return err
	}
	if m.Kept {
		v.Done(w, "L’archive est faite, complète à %d %%. Elle se télécharge ci-dessous.",
			"The archive is made, %d%% complete. It can be downloaded below.", *m.Customers[0].Percent)
		return visit.Go(w, r, "/clients/"+id+"/dossier#archives")
	}
	return answer(w, f, m)
}

// answer sends an archive from the disk.
func answer(w http.ResponseWriter, f *os.File, m dossier.Made) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	visit.Attach(w, m.Name, "application/zip")
	w.Header().Set("Content-Length", strconv.FormatInt(m.Size, 10))
	_, _ = io.Copy(w, f) // the browser has gone: nobody is left to tell
	return nil
}

// Archive answers with an archive that was kept.
func (p *Pages) Archive(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if err := v.Scope.Need(creditor.Work); err != nil {
		return err
	}
	var h dossier.Handout
	var content []byte
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if h, err = dossier.FindHandout(r.Context(), tx, v.Scope, r.PathValue("id"),
			r.PathValue("archive")); err != nil {
			return err
		}
		if !h.Kept {
			return fault.NotFound("archive")
		}
		content, err = ledger.FileContent(r.Context(), tx, v.Scope, h.SHA256)
		return err
	})
	if err != nil {
		return err
	}
	visit.Attach(w, h.Name, "application/zip")
	_, _ = w.Write(content) // the browser has gone: nobody is left to tell
	return nil
}
