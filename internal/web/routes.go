package web

import (
	"net/http"

	"acquit/internal/web/ui"
)

// routes is every address of the site. open may be seen by anybody, self by
// whoever is signed in, books by whoever has a company open; upload takes files.
func (s *site) routes() *http.ServeMux {
	mux := http.NewServeMux()
	open, self, books, upload := s.open(mux), s.self(mux), s.books(mux), s.upload(mux)

	mux.Handle("GET /static/", ui.Static())
	mux.HandleFunc("GET /healthz", s.healthz)

	open("GET /connexion", s.entrance.SignIn)
	open("POST /connexion", s.entrance.PostSignIn)
	open("GET /bienvenue", s.entrance.Begin)
	open("POST /bienvenue", s.entrance.PostBegin)
	open("GET /mot-de-passe/{lien}", s.entrance.Link)
	open("POST /mot-de-passe/{lien}", s.entrance.PostLink)
	open("POST /langue", s.entrance.Speak)
	open("/", s.missing)

	self("POST /sortie", s.entrance.SignOut)
	self("GET /societe", s.entrance.Choose)
	self("POST /societe", s.entrance.PostChoose)
	self("GET /moi", noGuest(s.entrance.Self))
	self("POST /moi", noGuest(s.entrance.PostSelf))
	self("POST /moi/mot-de-passe", noGuest(s.entrance.PostPassword))

	books("GET /{$}", s.today.Day)
	books("GET /chiffres", s.today.Figures)
	books("POST /horloge", s.forward)
	books("POST /passage", s.today.RunNow)
	books("GET /relances/{id}", s.today.Letter)
	books("GET /relances/{id}/apercu", s.today.Exact)
	books("POST /relances/{id}/approuver", s.today.Approve)
	books("POST /relances/{id}/reporter", s.today.Postpone)
	books("POST /relances/{id}/ecarter", s.today.Dismiss)
	books("POST /relances/{id}/modifier", s.today.Edit)
	books("POST /relances/lot", s.today.Several)
	books("POST /relances/etape", s.today.Step)

	books("GET /clients", s.customers.List)
	books("GET /fichiers/clients/{fichier}", s.customers.ListFile)
	books("GET /clients/{id}", s.customers.Customer)
	books("GET /clients/{id}/{fichier}", s.customers.Statement)
	books("GET /clients/{id}/lettres/{lettre}/{ref}", s.customers.Letter)
	books("POST /clients/{id}/{form}", s.customers.Record)

	books("GET /clients/{id}/dossier", s.dossiers.Dossier)
	books("POST /clients/{id}/dossier/archive", s.dossiers.Make)
	books("GET /clients/{id}/dossier/archive/{archive}", s.dossiers.Archive)
	upload("POST /clients/{id}/dossier/piece", s.dossiers.Add)
	books("GET /clients/{id}/dossier/piece/{piece}", s.dossiers.Piece)
	books("POST /clients/{id}/dossier/retrait", s.dossiers.Withdraw)
	books("GET /prescription", s.limitation.List)
	books("GET /prescription/fichier/{fichier}", s.limitation.File)
	books("GET /clients/{id}/prescription", s.limitation.Customer)
	books("GET /clients/{id}/prescription/{fichier}", s.limitation.Declaration)
	books("POST /clients/{id}/prescription/{form}", s.limitation.Record)

	books("GET /balance", s.balance.Balance)
	books("GET /balance/controle", s.balance.Check)
	books("GET /balance/fichier/{fichier}", s.balance.File)
	books("GET /balance/{id}", s.balance.Detail)

	books("GET /taches", s.tasks.List)
	books("GET /taches/fichier/{fichier}", s.tasks.File)
	books("POST /taches/{id}", s.tasks.Finish)

	books("GET /envois", s.outbox.List)
	books("GET /envois/fichier/{fichier}", s.outbox.ListFile)
	books("GET /envois/{id}", s.outbox.Message)
	books("POST /envois/{id}", s.outbox.Resolve)
	books("GET /envois/{id}/{fichier}", s.outbox.File)

	books("GET /courrier", s.post.List)
	books("POST /courrier", s.post.Print)
	books("POST /courrier/retour/{lettre}", s.post.CameBack)
	books("GET /courrier/{id}", s.post.Pile)
	books("POST /courrier/{id}", s.post.Decide)
	books("GET /courrier/{id}/{fichier}", s.post.File)

	books("GET /mises-en-demeure", s.notices.List)
	books("GET /mises-en-demeure/{id}", s.notices.Notice)
	upload("POST /mises-en-demeure/{id}", s.notices.Record)
	books("GET /mises-en-demeure/{id}/{preuve}", s.notices.Proof)

	books("GET /imports", s.imports.List)
	books("GET /contentieux", s.legal.Front)
	books("POST /contentieux/intermediaires", s.legal.PostPartner)
	books("GET /contentieux/pertes/{fichier}", s.legal.Losses)
	books("POST /contentieux/pertes/{id}", s.legal.PostLoss)
	books("GET /contentieux/client/{id}", s.legal.Ways)
	books("POST /contentieux/client/{id}", s.legal.PostWays)
	books("GET /contentieux/client/{id}/requete.pdf", s.legal.Request)
	books("GET /contentieux/{id}", s.legal.Handover)
	upload("POST /contentieux/{id}", s.legal.PostHandover)
	books("GET /contentieux/{id}/{fichier}", s.legal.File)

	upload("POST /imports", s.imports.Drop)
	books("GET /depots/{depot}", s.imports.Deposit)
	books("POST /depots/{depot}", s.imports.Decide)
	books("GET /imports/{id}", s.imports.Import)
	books("POST /imports/{id}/annuler", s.imports.Undo)
	books("GET /imports/{id}/rejets/{numero}", s.imports.Rejects)

	books("GET /scenarios", s.scenarios.List)
	books("POST /scenarios", s.scenarios.PostNew)
	books("GET /scenarios/nouveau", s.scenarios.New)
	books("GET /scenarios/{id}", s.scenarios.Scenario)
	books("POST /scenarios/{id}", s.scenarios.Revise)
	books("POST /scenarios/{id}/place", s.scenarios.Settle)

	books("GET /reglages", s.settings.Front)
	books("GET /reglages/societe", s.settings.Identity)
	books("POST /reglages/societe", s.settings.PostIdentity)
	books("GET /reglages/banque", s.settings.Bank)
	books("POST /reglages/banque", s.settings.PostBank)
	books("POST /reglages/banque/fin", s.settings.EndBank)
	books("GET /reglages/calendrier", s.settings.Calendar)
	books("POST /reglages/calendrier", s.settings.PostCalendar)
	books("POST /reglages/calendrier/fermeture", s.settings.AddClosure)
	books("POST /reglages/calendrier/fin", s.settings.RemoveClosure)
	books("GET /reglages/membres", s.settings.Members)
	books("POST /reglages/membres", s.settings.PostMember)
	books("POST /reglages/membres/droit", s.settings.PostRights)
	books("POST /reglages/membres/lien", s.settings.NewLink)
	books("POST /reglages/membres/retrait", s.settings.Remove)
	books("POST /reglages/courriel/essai", s.settings.PostTest)
	books("GET /reglages/{groupe}", s.settings.Group)
	books("POST /reglages/{groupe}", s.settings.PostGroup)
	return mux
}
