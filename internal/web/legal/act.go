package legal

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"acquit/internal/db"
	"acquit/internal/dossier"
	"acquit/internal/fault"
	"acquit/internal/handover"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/web/visit"
)

// act does what a form asks for, tells what is wrong with it, and goes on to a page.
func (p *Pages) act(
	w http.ResponseWriter, r *http.Request, to string, do func(ctx context.Context, tx *db.Tx, v *visit.Visit) error,
) error {
	v := visit.From(r.Context())
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error { return do(r.Context(), tx, v) })
	if wrong := visit.ProblemsOf(err); wrong != nil {
		visit.Tell(w, *wrong.Notice(v.Frame("", "", "")))
		return visit.Go(w, r, to)
	}
	if err != nil {
		return err
	}
	v.Done(w, "C’est noté.", "Noted.")
	return visit.Go(w, r, to)
}

// PostPartner adds a partner, or takes one out of the list.
func (p *Pages) PostPartner(w http.ResponseWriter, r *http.Request) error {
	return p.act(w, r, "/contentieux#intermediaires", func(ctx context.Context, tx *db.Tx, v *visit.Visit) error {
		if id := r.PostFormValue("retirer"); id != "" {
			return handover.EndPartner(ctx, tx, v.Scope, id)
		}
		rate, err := handover.ParseRate(r.PostFormValue("commission"))
		if err != nil {
			return err
		}
		fixed, err := amount("fixed", r.PostFormValue("forfait"), "EUR")
		if err != nil {
			return err
		}
		return handover.AddPartner(ctx, tx, v.Scope, &handover.Partner{
			Kind: handover.PartnerKind(r.PostFormValue("genre")), Name: r.PostFormValue("nom"),
			SIREN: r.PostFormValue("siren"), Street: r.PostFormValue("rue"), PostalCode: r.PostFormValue("code_postal"),
			City: r.PostFormValue("ville"), Contact: r.PostFormValue("contact"), Email: r.PostFormValue("courriel"),
			Phone: r.PostFormValue("telephone"), Mandate: r.PostFormValue("convention"),
			Terms: handover.Terms{Rate: rate, Fixed: fixed.Minor},
		})
	})
}

// PostLoss decides on a write-off, or takes it back.
func (p *Pages) PostLoss(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return p.act(w, r, "/contentieux#pertes", func(ctx context.Context, tx *db.Tx, v *visit.Visit) error {
		switch r.PostFormValue("action") {
		case "approuver":
			return handover.DecideLoss(ctx, tx, v.Scope, id, true, v.Today)
		case "refuser":
			return handover.DecideLoss(ctx, tx, v.Scope, id, false, v.Today)
		}
		return handover.ReverseLoss(ctx, tx, v.Scope, id, r.PostFormValue("motif"), v.Today)
	})
}

// PostWays keeps what a person tells of a case, prepares a hand-over, sets a proposal
// aside, or writes an invoice off.
func (p *Pages) PostWays(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	to := visit.Local(r.PostFormValue("retour"))
	if to == "/" {
		to = "/contentieux/client/" + id
	}
	return p.act(w, r, to, func(ctx context.Context, tx *db.Tx, v *visit.Visit) error {
		switch r.PostFormValue("action") {
		case "preparer":
			_, err := handover.Prepare(ctx, tx, v.Scope, handover.Preparing{
				Customer: id, Partner: r.PostFormValue("intermediaire"), Note: r.PostFormValue("note"),
			}, v.Today)
			return err
		case "ecarter":
			until, err := day("until", r.PostFormValue("jour"))
			if err != nil {
				return err
			}
			return handover.Dismiss(ctx, tx, v.Scope, id, r.PostFormValue("motif"), until, v.Today)
		case "perte":
			on, err := day("event_on", r.PostFormValue("jour"))
			if err != nil {
				return err
			}
			return handover.WriteOff(ctx, tx, v.Scope, &handover.Loss{
				Customer: id, Document: r.PostFormValue("facture"), Event: handover.Event(r.PostFormValue("evenement")),
				EventOn: on, Reason: r.PostFormValue("motif"),
			}, v.Today)
		}
		return handover.Tells(ctx, tx, v.Scope, id, told(r), v.Today)
	})
}

func told(r *http.Request) handover.Told {
	is := func(name string) fr.Answer { return fr.Answer(r.PostFormValue(name)) }
	return handover.Told{
		Debtor: fr.RouteDebtor(r.PostFormValue("debiteur")), Creditor: is("creancier"), Certain: is("certaine"),
		StruckOff: is("radiee"), Represented: is("representee"), Noticed: is("mise_en_demeure"),
		Attempted: is("tentative"), Instrument: fr.Instrument(r.PostFormValue("effet")),
	}
}

// maxCertificate is the largest certificate that is kept: a scan of some pages.
const maxCertificate = 10 << 20

// PostHandover hands over, recalls, declares, records and closes.
func (p *Pages) PostHandover(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return p.act(w, r, "/contentieux/"+id, func(ctx context.Context, tx *db.Tx, v *visit.Visit) error {
		switch r.PostFormValue("action") {
		case "confier":
			return hand(ctx, tx, v, id, r)
		case "reprendre":
			return handover.Recall(ctx, tx, v.Scope, id, r.PostFormValue("motif"), v.Today)
		case "declarer":
			_, err := handover.Declare(ctx, tx, v.Scope, id, r.PostFormValue("moyen"), v.Today)
			return err
		case "rapport":
			return tell(ctx, tx, v, id, r)
		case "reversement":
			return remit(ctx, tx, v, id, r)
		case "certificat":
			return certify(ctx, tx, v, id, r)
		case "clore":
			return handover.Close(ctx, tx, v.Scope, id, handover.Outcome(r.PostFormValue("issue")),
				r.PostFormValue("note"), v.Today)
		}
		return fault.Invalidf("action", "cette action n’existe pas")
	})
}

// hand freezes the dossier as it is now and hands it over.
func hand(ctx context.Context, tx *db.Tx, v *visit.Visit, id string, r *http.Request) error {
	h, err := handover.Find(ctx, tx, v.Scope, id)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	made, err := dossier.Write(ctx, tx, v.Scope, dossier.Request{Customers: []string{h.Customer}, Day: v.Today}, &b)
	if err != nil {
		return err
	}
	_, err = handover.Hand(ctx, tx, v.Scope, id, handover.Handing{
		Partner: r.PostFormValue("intermediaire"), Mandate: r.PostFormValue("convention"),
		Dossier: &ledger.File{Name: made.Name, MediaType: "application/zip", Content: b.Bytes()},
	}, v.Today)
	return err
}

func tell(ctx context.Context, tx *db.Tx, v *visit.Visit, id string, r *http.Request) error {
	h, err := handover.Find(ctx, tx, v.Scope, id)
	if err != nil {
		return err
	}
	on, err := day("on", r.PostFormValue("jour"))
	if err != nil {
		return err
	}
	sum, err := amount("amount", r.PostFormValue("montant"), h.Currency)
	if err != nil {
		return err
	}
	return handover.Tell(ctx, tx, v.Scope, &handover.Feedback{
		Handover: id, On: on, Status: handover.Status(r.PostFormValue("etat")), Amount: sum,
		Text: r.PostFormValue("note"),
	}, v.Today)
}

func remit(ctx context.Context, tx *db.Tx, v *visit.Visit, id string, r *http.Request) error {
	h, err := handover.Find(ctx, tx, v.Scope, id)
	if err != nil {
		return err
	}
	on, err := day("on", r.PostFormValue("jour"))
	if err != nil {
		return err
	}
	gross, err := amount("gross", r.PostFormValue("brut"), h.Currency)
	if err != nil {
		return err
	}
	fee, err := amount("fee", r.PostFormValue("commission"), h.Currency)
	if err != nil {
		return err
	}
	return handover.Remit(ctx, tx, v.Scope, &handover.Remittance{
		Handover: id, On: on, Gross: gross, Fee: fee, Payment: r.PostFormValue("encaissement"),
		Reference: r.PostFormValue("reference"),
	}, v.Today)
}

func certify(ctx context.Context, tx *db.Tx, v *visit.Visit, id string, r *http.Request) error {
	on, err := day("on", r.PostFormValue("jour"))
	if err != nil {
		return err
	}
	f, head, err := r.FormFile("fichier")
	if err != nil {
		return &fault.Invalid{Field: "file", Message: "il manque le certificat", Mend: "joindre le fichier reçu"}
	}
	defer f.Close() // read only: nothing is lost when closing fails
	content, err := io.ReadAll(io.LimitReader(f, maxCertificate+1))
	if err != nil {
		return err
	}
	if len(content) > maxCertificate {
		return fault.Invalidf("file", "ce fichier dépasse 10 Mo")
	}
	return handover.Certify(ctx, tx, v.Scope, id, ledger.File{
		Name: head.Filename, MediaType: "application/octet-stream", Content: content,
	}, on)
}
