package ui

// entry is a line of the navigation; without a section it is a rule.
type entry struct {
	section Section
	path    string
	label   string
}

func (f Frame) entries() []entry {
	return []entry{
		{SectionToday, "/", f.Say("Aujourd’hui", "Today")},
		{SectionTasks, "/taches", f.Say("À faire", "To do")},
		{},
		{SectionCustomers, "/clients", f.Say("Clients", "Customers")},
		{SectionAging, "/balance", f.Say("Balance âgée", "Aged balance")},
		{},
		{SectionCash, "/encaissements", f.Say("Encaissements", "Payments")},
		{SectionBank, "/banque", f.Say("Banque", "Bank")},
		{SectionEinvoice, "/factures-electroniques", f.Say("Factures électroniques", "Electronic invoices")},
		{},
		{SectionOutbox, "/envois", f.Say("Envois", "Outbox")},
		{SectionPost, "/courrier", f.Say("Courrier", "Post")},
		{SectionImport, "/imports", f.Say("Imports", "Imports")},
		{},
		{SectionLegal, "/contentieux", f.Say("Contentieux", "Legal")},
		{SectionLimitation, "/prescription", f.Say("Prescription", "Limitation")},
		{},
		{SectionScenarios, "/scenarios", f.Say("Scénarios", "Scenarios")},
		{SectionSettings, "/reglages", f.Say("Réglages", "Settings")},
	}
}

// role makes a screen reader say at once what went wrong, and the rest when it
// has time.
func (n *Notice) role() string {
	if n.Kind == "wrong" {
		return "alert"
	}
	return "status"
}

// words is 148, or 999+ where counting was given up.
func (c Count) words(f Frame) string {
	if c.More {
		return f.Lang.Int(c.N-1) + "+"
	}
	return f.Lang.Int(c.N)
}
