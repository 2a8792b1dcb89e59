// Package entrance is how people come in: signing in and out, choosing a
// password and a company, and the first page of an empty installation.
package entrance

import (
	"crypto/subtle"
	"errors"
	"net/http"

	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/founding"
	"acquit/internal/i18n"
	"acquit/internal/user"
	"acquit/internal/web/ui"
	"acquit/internal/web/visit"
)

// Pages are the pages of the entrance.
type Pages struct {
	DB         *db.DB
	Keeper     *visit.Keeper
	Hasher     *user.Hasher
	Links      user.Links
	SetupToken string // opens the first page of an empty installation; none keeps it shut
}

// SignIn shows the form, or the first page where there is nobody yet.
func (p *Pages) SignIn(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	if v.SignedIn() {
		return visit.Go(w, r, "/")
	}
	anybody := false
	err := p.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		anybody, err = user.Any(r.Context(), tx)
		return err
	})
	switch {
	case err != nil:
		return err
	case !anybody:
		return visit.Go(w, r, "/bienvenue")
	}
	f := v.Frame("Se connecter", "Sign in", "")
	return visit.Show(w, r, http.StatusOK, signInPage(f, "", visit.Local(r.FormValue("retour"))))
}

// PostSignIn begins a session, or says that the address or the password is wrong.
func (p *Pages) PostSignIn(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	email, back := r.PostFormValue("email"), visit.Local(r.PostFormValue("retour"))
	who, err := user.SignIn(r.Context(), p.DB, p.Hasher, email, r.PostFormValue("password"), p.Keeper.Network(r))
	if fault.KindOf(err) == fault.KindDenied {
		f := v.Frame("Se connecter", "Sign in", "")
		f.Notice = &ui.Notice{Kind: "wrong", Text: denied(f, err)}
		return visit.Show(w, r, http.StatusForbidden, signInPage(f, email, back))
	}
	if err != nil {
		return err
	}
	if err := p.Keeper.SignIn(w, r, who); err != nil {
		return err
	}
	return visit.Go(w, r, back)
}

func denied(f ui.Frame, err error) string {
	if errors.Is(err, user.ErrWrong) {
		return f.Say("L’adresse ou le mot de passe est incorrect.", "The address or the password is wrong.")
	}
	d, _ := errors.AsType[*fault.Denied](err)
	return ui.Sentence(d.Message)
}

// SignOut ends the session.
func (p *Pages) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.Keeper.SignOut(w, r); err != nil {
		return err
	}
	return visit.Go(w, r, "/connexion")
}

// Choose asks for which company the person works now.
func (p *Pages) Choose(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	return visit.Show(w, r, http.StatusOK, choosePage(v.Frame("Choisir une société", "Choose a company", ""), v))
}

// PostChoose opens that company's books.
func (p *Pages) PostChoose(w http.ResponseWriter, r *http.Request) error {
	if err := p.Keeper.Choose(w, r, r.PostFormValue("societe")); err != nil {
		return err
	}
	return visit.Go(w, r, "/")
}

// Speak changes the language of the pages.
func (p *Pages) Speak(w http.ResponseWriter, r *http.Request) error {
	lang, err := i18n.Parse(r.PostFormValue("langue"))
	if err != nil {
		return err
	}
	if err := p.Keeper.Speak(w, r, lang); err != nil {
		return err
	}
	return visit.Go(w, r, visit.Local(r.PostFormValue("retour")))
}

// Link lets whoever holds an invitation choose a password.
func (p *Pages) Link(w http.ResponseWriter, r *http.Request) error {
	who, err := p.holder(r)
	if err != nil {
		return err
	}
	f := visit.From(r.Context()).Frame("Choisir un mot de passe", "Choose a password", "")
	return visit.Show(w, r, http.StatusOK, linkPage(f, who, ""))
}

// PostLink stores the password and signs the person in.
func (p *Pages) PostLink(w http.ResponseWriter, r *http.Request) error {
	who, err := p.holder(r)
	if err != nil {
		return err
	}
	err = user.SetPassword(r.Context(), p.DB, p.Hasher, who.ID, r.PostFormValue("password"))
	if wrong := visit.ProblemsOf(err); wrong != nil {
		f := visit.From(r.Context()).Frame("Choisir un mot de passe", "Choose a password", "")
		return visit.Show(w, r, http.StatusUnprocessableEntity, linkPage(f, who, wrong["password"]))
	}
	if err != nil {
		return err
	}
	if who, err = p.person(r, who.ID); err != nil {
		return err
	}
	if err := p.Keeper.SignIn(w, r, who); err != nil {
		return err
	}
	return visit.Go(w, r, "/")
}

func (p *Pages) holder(r *http.Request) (who user.Person, err error) {
	err = p.DB.Read(r.Context(), func(tx *db.Tx) error {
		who, err = p.Links.Open(r.Context(), tx, r.PathValue("lien"))
		return err
	})
	return who, err
}

func (p *Pages) person(r *http.Request, id string) (who user.Person, err error) {
	err = p.DB.Read(r.Context(), func(tx *db.Tx) error {
		who, err = user.Find(r.Context(), tx, id)
		return err
	})
	return who, err
}

// Begin is the first page of an empty installation, for whoever has the token
// that the program showed when it started.
func (p *Pages) Begin(w http.ResponseWriter, r *http.Request) error {
	f := visit.From(r.Context()).Frame("Bienvenue", "Welcome", "")
	token := r.FormValue("jeton")
	if !p.mayBegin(token) {
		return visit.Show(w, r, http.StatusForbidden, keyPage(f))
	}
	begun, err := p.begun(r)
	if err != nil {
		return err
	}
	return visit.Show(w, r, http.StatusOK, beginPage(f, beginning{begun: begun}, token, nil))
}

// begun are the companies whose books the command line has begun.
func (p *Pages) begun(r *http.Request) (list []creditor.Creditor, err error) {
	err = p.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err = creditor.List(r.Context(), tx)
		return err
	})
	return list, err
}

func (p *Pages) mayBegin(token string) bool {
	return p.SetupToken != "" && subtle.ConstantTimeCompare([]byte(token), []byte(p.SetupToken)) == 1
}

// PostBegin makes the first company and its manager, or the manager alone where
// the command line has begun the books.
func (p *Pages) PostBegin(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	token := r.PostFormValue("jeton")
	if !p.mayBegin(token) {
		return visit.Show(w, r, http.StatusForbidden, keyPage(v.Frame("Bienvenue", "Welcome", "")))
	}
	begun, err := p.begun(r)
	if err != nil {
		return err
	}
	b := beginning{
		begun: begun, Company: r.PostFormValue("company"), SIRET: r.PostFormValue("siret"),
		Name: r.PostFormValue("name"), Email: r.PostFormValue("email"),
	}
	who, err := p.begin(r, v.Lang, b)
	if wrong := visit.ProblemsOf(err); wrong != nil {
		f := v.Frame("Bienvenue", "Welcome", "")
		f.Notice = wrong.Notice(f, "name", "siret", "email", "password")
		return visit.Show(w, r, http.StatusUnprocessableEntity, beginPage(f, b, token, wrong))
	}
	if err != nil {
		return err
	}
	if err := p.Keeper.SignIn(w, r, who); err != nil {
		return err
	}
	return visit.Go(w, r, "/")
}

func (p *Pages) begin(r *http.Request, lang i18n.Lang, b beginning) (user.Person, error) {
	ctx := r.Context()
	who := user.Person{Email: b.Email, Name: b.Name, Language: string(lang)}
	who, err := p.Hasher.Prepare(ctx, who, r.PostFormValue("password"))
	if err != nil {
		return user.Person{}, err
	}
	err = p.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "setup"); err != nil {
			return err
		}
		switch anybody, err := user.Any(ctx, tx); {
		case err != nil:
			return err
		case anybody:
			return fault.Conflictf("cette installation a déjà commencé : connectez-vous")
		}
		if len(b.begun) > 0 {
			who, err = founding.Enter(ctx, tx, who)
			return err
		}
		plan := founding.Plan{Creditor: creditor.Creditor{Name: b.Company, SIRET: b.SIRET}, Person: who}
		f, err := founding.Found(ctx, tx, plan, "")
		who = f.Person
		return err
	})
	return who, err
}

// Self shows the person's own data.
func (p *Pages) Self(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	return visit.Show(w, r, http.StatusOK, selfPage(v.Frame("Mon compte", "My account", ""), v.Person, nil))
}

// PostSelf stores them.
func (p *Pages) PostSelf(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	who := v.Person
	who.Name, who.Phone = r.PostFormValue("name"), r.PostFormValue("phone")
	err := p.DB.Write(r.Context(), func(tx *db.Tx) error { return user.Change(r.Context(), tx, who) })
	if err != nil {
		return p.selfAgain(w, r, who, err)
	}
	v.Done(w, "C’est enregistré.", "Saved.")
	return visit.Go(w, r, "/moi")
}

// PostPassword changes the person's password and keeps this session alone.
func (p *Pages) PostPassword(w http.ResponseWriter, r *http.Request) error {
	v := visit.From(r.Context())
	err := user.ChangePassword(r.Context(), p.DB, p.Hasher, v.Person, r.PostFormValue("old"),
		r.PostFormValue("password"))
	if err != nil {
		return p.selfAgain(w, r, v.Person, err)
	}
	who, err := p.person(r, v.Person.ID)
	if err != nil {
		return err
	}
	if err := p.Keeper.SignIn(w, r, who); err != nil {
		return err
	}
	v.Done(w, "Le mot de passe est changé.", "The password is changed.")
	return visit.Go(w, r, "/moi")
}

func (p *Pages) selfAgain(w http.ResponseWriter, r *http.Request, who user.Person, err error) error {
	wrong := visit.ProblemsOf(err)
	if wrong == nil {
		return err
	}
	f := visit.From(r.Context()).Frame("Mon compte", "My account", "")
	f.Notice = wrong.Notice(f, "name", "phone", "old", "password")
	return visit.Show(w, r, http.StatusUnprocessableEntity, selfPage(f, who, wrong))
}
