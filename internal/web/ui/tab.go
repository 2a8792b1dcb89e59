package ui

import "github.com/a-h/templ"

// Tab is one of the pages about a customer.
type Tab string

// The pages about a customer, in the order of their tabs.
const (
	TabAccount    Tab = ""
	TabCharges    Tab = "penalites"
	TabLimitation Tab = "prescription"
	TabDossier    Tab = "dossier"
)

func (f Frame) tabWords(t Tab) string {
	switch t {
	case TabCharges:
		return f.Say("Pénalités", "Late charges")
	case TabLimitation:
		return f.Say("Prescription", "Limitation")
	case TabDossier:
		return f.Say("Dossier", "Dossier")
	}
	return f.Say("Compte", "Account")
}

// tabs are those that have their page.
var tabs = []Tab{TabAccount, TabCharges, TabLimitation, TabDossier}

func tabPath(customer string, t Tab) templ.SafeURL {
	if t == TabAccount {
		return templ.SafeURL("/clients/" + customer)
	}
	return templ.SafeURL("/clients/" + customer + "/" + string(t))
}
