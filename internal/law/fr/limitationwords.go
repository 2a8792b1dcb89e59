package fr

import (
	"slices"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/i18n"
)

// what is an event in words, with its day.
func (c *clock) what(e Event, l i18n.Lang) string {
	words, ok := eventWords[e.Type]
	if !ok {
		words = i18n.Words{FR: string(e.Type), EN: string(e.Type)}
	}
	return words.In(l) + i18n.Words{FR: " du ", EN: " of "}.In(l) + l.LongDate(e.On)
}

// EventWords is a type of event in words.
func EventWords(t EventType) i18n.Words { return eventWords[t] }

var eventWords = map[EventType]i18n.Words{
	Acknowledgment: {FR: "reconnaissance de la dette", EN: "acknowledgment of the debt"},
	PartPayment:    {FR: "paiement partiel", EN: "part payment"},
	CourtClaim:     {FR: "demande en justice", EN: "court claim"},
	CourtEnd:       {FR: "fin de l’instance", EN: "end of the instance"},
	CourtVoid:      {FR: "demande retirée, caduque ou rejetée", EN: "claim withdrawn, lapsed or dismissed"},
	OrderFiled:     {FR: "dépôt d’une requête en injonction de payer", EN: "filing for a payment order"},
	OrderServed:    {FR: "signification de l’injonction de payer", EN: "service of the payment order"},
	Enforcement:    {FR: "mesure conservatoire ou acte d’exécution", EN: "protective measure or act of enforcement"},
	Declared:       {FR: "déclaration de créance", EN: "declaration of the claim"},
	MediationStart: {FR: "accord de médiation", EN: "agreement to mediate"},
	MediationEnd:   {FR: "fin de la médiation", EN: "end of the mediation"},
	Reminded:       {FR: "relance", EN: "reminder"},
	Registered:     {FR: "lettre recommandée", EN: "registered letter"},
	Notified:       {FR: "mise en demeure", EN: "formal notice"},
}

// Rule tells how the period counts: 60 mois, C. com. art. L110-4 I.
func (k LimitationKind) Rule(l i18n.Lang) string {
	months := i18n.Noun{
		One: i18n.Words{FR: "mois", EN: "month"}, Many: i18n.Words{FR: "mois", EN: "months"},
	}
	years := i18n.Noun{
		One: i18n.Words{FR: "an", EN: "year"}, Many: i18n.Words{FR: "ans", EN: "years"},
	}
	length := months.Count(l, k.Months)
	if k.Months%12 == 0 {
		length = years.Count(l, k.Months/12)
	}
	if k.newYear {
		length += i18n.Words{FR: " à compter du 1er janvier suivant", EN: " from the next 1 January"}.In(l)
	}
	return k.Label.In(l) + i18n.Words{FR: "\u00a0: ", EN: ": "}.In(l) + length + " (" + k.Fact.Source + ")"
}

// LimitationKind is a sort of claim by its key, or by what people also call it.
func (l *Law) LimitationKind(name string) (LimitationKind, error) {
	key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
	if other, ok := kindAliases[key]; ok {
		key = other
	}
	keys := make([]string, len(l.kinds))
	for i, k := range l.kinds {
		if keys[i] = k.Key; k.Key == key {
			return k, nil
		}
	}
	return LimitationKind{}, &fault.Invalid{
		Field: "kind", Message: "sorte de créance inconnue\u00a0: «\u00a0" + name + "\u00a0»",
		Mend: "au choix\u00a0: " + strings.Join(keys, ", "),
	}
}

var kindAliases = map[string]string{
	"b2b": "business", "entreprise": "business", "professionnel": "business", "b2c": "consumer",
	"consommateur": "consumer", "particulier": "consumer", "b2g": "public", "public-body": "public",
	"road-transport": "transport", "telecoms": "telecom", "inconnu": UnknownKind,
}

// ParseEvent reads 2026-04-01:acknowledgment, or the event as people also call it.
func ParseEvent(s string) (Event, error) {
	date, name, _ := strings.Cut(strings.TrimSpace(s), ":")
	on, err := cal.Parse(date)
	if err != nil {
		return Event{}, err
	}
	key := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "-", "_")
	t := EventType(key)
	if other, ok := eventAliases[key]; ok {
		t = other
	}
	if slices.Contains(EventTypes(), t) {
		return Event{On: on, Type: t}, nil
	}
	var names []string
	for _, t := range EventTypes() {
		names = append(names, string(t))
	}
	return Event{}, &fault.Invalid{
		Field: "event", Message: "événement inconnu\u00a0: «\u00a0" + name + "\u00a0»",
		Mend: "au choix\u00a0: " + strings.Join(names, ", "),
	}
}

var eventAliases = map[string]EventType{
	"acknowledgement": Acknowledgment, "reconnaissance": Acknowledgment, "plan": Acknowledgment,
	"partial_payment": PartPayment, "part_payment": PartPayment, "paiement": PartPayment, "acompte": PartPayment,
	"court": CourtClaim, "lawsuit": CourtClaim, "assignation": CourtClaim, "filed": OrderFiled, "requete": OrderFiled,
	"served": OrderServed, "signification": OrderServed, "execution": Enforcement, "seizure": Enforcement,
	"mediation_start": MediationStart, "conciliation": MediationStart, "conciliation_start": MediationStart,
	"conciliation_end": MediationEnd, "relance": Reminded, "email": Reminded, "letter": Reminded,
	"lrar": Registered, "mise_en_demeure": Notified, "formal_notice": Notified,
}
