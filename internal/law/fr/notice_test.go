package fr_test

import (
	"strings"
	"testing"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/money"
)

func eur(minor int64) money.Amount { return money.New(minor, money.EUR) }

// whole is a notice that says all that it must.
func whole() fr.Notice {
	return fr.Notice{
		Debtor: law.Business, Language: i18n.FR,
		Creditor: fr.Identity{
			Name: "Atelier Dupont", Form: "SARL", Capital: "10 000 €", Office: "3 rue des Arts, 59000 Lille", SIREN: "732829320",
			Register: "RCS Lille",
		},
		Customer: fr.Identity{Name: "Imprimerie Delvaux", Office: "9 quai du Port, 59140 Dunkerque", SIREN: "552100554"},
		Place:    "Lille", Date: cal.Must("2026-11-23"), Mode: "Lettre recommandée avec avis de réception",
		Subject: "Mise en demeure de payer\u00a0: facture F1",
		Text: `Imprimerie Delvaux reste redevable des sommes suivantes :
F1 du 8 octobre 2026, 2 450,00 €
S’y ajoutent, en application de l’article L. 441-10 du code de commerce, des pénalités de 13,32 € arrêtées au 23 novembre 2026 et une indemnité de 40,00 €.
Nous vous mettons en demeure de nous régler la somme de 2 503,32 € au plus tard le 11 décembre 2026.
IBAN FR76 3000 6000 0112 3456 7890 189
Si vous contestez tout ou partie de cette somme, faites-nous en connaître les motifs par écrit.
À défaut de paiement, nous nous réservons de saisir la juridiction compétente.`,
		Claims: []fr.NoticeClaim{{
			Number: "F1", Issued: cal.Must("2026-10-08"), Due: cal.Must("2026-11-07"), Total: eur(245000), Owing: eur(245000),
		}},
		Total: eur(250332), Late: 1, Deadline: cal.Must("2026-12-11"),
		Interest: &fr.NoticeInterest{Amount: eur(1332), Until: cal.Must("2026-11-23"), Indemnity: eur(4000), Count: 1},
		IBAN:     "FR7630006000011234567890189", Signer: "Claire Morel", Attached: []string{"F1.pdf"},
	}
}

func missing(n fr.Notice) string {
	var codes []string
	for _, p := range fr.CheckNotice(n) {
		if p.State == fr.PointMissing {
			codes = append(codes, p.Code)
		}
	}
	return strings.Join(codes, " ")
}

func TestANoticeIsCheckedPointByPoint(t *testing.T) {
	t.Parallel()
	swap := func(from, to string) func(*fr.Notice) {
		return func(n *fr.Notice) { n.Text = strings.ReplaceAll(n.Text, from, to) }
	}
	cases := map[string]struct {
		change func(*fr.Notice)
		want   string
	}{
		"nothing is missing":           {func(*fr.Notice) {}, ""},
		"no register":                  {func(n *fr.Notice) { n.Creditor.Register = "" }, "creditor"},
		"a sole trader has none":       {func(n *fr.Notice) { n.Creditor.Register, n.Creditor.Form = "", "" }, ""},
		"no SIREN of the debtor":       {func(n *fr.Notice) { n.Customer.SIREN = "" }, "debtor"},
		"no office of the debtor":      {func(n *fr.Notice) { n.Customer.Office = "" }, "debtor"},
		"no place":                     {func(n *fr.Notice) { n.Place = "" }, "dated"},
		"another subject":              {func(n *fr.Notice) { n.Subject = "Relance" }, "subject"},
		"an invoice is not named":      {swap("F1 du", "du"), "claims"},
		"no claims":                    {func(n *fr.Notice) { n.Claims = nil }, "claims"},
		"no basis of interest":         {swap("L. 441-10", ""), "interest"},
		"interest not told":            {func(n *fr.Notice) { n.Interest = nil }, "interest indemnity"},
		"another indemnity":            {swap("40,00", "41,00"), "indemnity"},
		"another total":                {swap("2 503,32", "2 503,33"), "total"},
		"please":                       {swap("mettons en demeure", "prions"), "demand"},
		"soon":                         {swap("11 décembre 2026", "plus vite"), "deadline"},
		"a deadline that is past":      {func(n *fr.Notice) { n.Deadline = n.Date }, "deadline"},
		"no account":                   {func(n *fr.Notice) { n.IBAN = "" }, "payment"},
		"an account that is not said":  {swap("FR76", "FR75"), "payment"},
		"no answer asked for":          {swap("motifs par écrit", "suites"), "answer"},
		"no consequence":               {swap("À défaut", "Malgré"), "consequences"},
		"a threat":                     {swap("nous nous réservons de", "nous allons"), "consequences"},
		"nobody signs":                 {func(n *fr.Notice) { n.Signer = "" }, "signature"},
		"nothing joined":               {func(n *fr.Notice) { n.Attached = nil }, "attachments"},
		"a longer total":               {swap("2 503,32", "12 503,32"), "total"},
		"a longer indemnity":           {swap("40,00", "140,00"), "indemnity"},
		"a balance changed by hand":    {swap("2 450,00", "2 400,00"), "claims"},
		"no cut-off day":               {swap("23 novembre 2026", "ce jour"), "interest"},
		"a threat to demand":           {swap("Nous vous mettons en demeure de", "Nous serons contraints de vous mettre en demeure de"), "demand"},
		"a demand over two lines":      {swap("mettons en demeure", "mettons\u00a0en\ndemeure"), ""},
		"a reference that is not said": {func(n *fr.Notice) { n.Reference = "C0142" }, "payment"},
		"no capital":                   {func(n *fr.Notice) { n.Creditor.Capital = "" }, "creditor"},
		"costs after a no-break space": {func(n *fr.Notice) { n.Text += "\nFrais\u00a0de\u00a0relance\u00a0: 15 €" }, "conduct"},
		"an innocent word":             {func(n *fr.Notice) { n.Text += "\nVotre exploitation, et l’huissier que nous pourrions saisir." }, ""},
		"costs that are not owed":      {func(n *fr.Notice) { n.Text += "\nFrais de dossier : 15 €" }, "conduct"},
		"imitation of a writ":          {func(n *fr.Notice) { n.Subject += " – dernier avis avant saisie" }, "conduct"},
		"pressure by others":           {func(n *fr.Notice) { n.Text += "\nNous devrons informer votre banque." }, "conduct"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := whole()
			c.change(&n)
			if got := missing(n); got != c.want {
				t.Errorf("missing %q, want %q", got, c.want)
			}
		})
	}
}

func TestAConsumerIsHeldToNeitherInterestNorIndemnity(t *testing.T) {
	t.Parallel()
	n := whole()
	n.Debtor, n.Interest, n.Customer.SIREN = law.Consumer, nil, ""
	n.Total, n.Text = eur(245000), strings.ReplaceAll(n.Text, "2 503,32", "2 450,00")
	n.Text = strings.ReplaceAll(n.Text, "une indemnité de 40,00 €", "rien d’autre")
	if got := missing(n); got != "" {
		t.Errorf("missing %q", got)
	}
	n.Text += "\nUne indemnité de 40 € s’y ajoute."
	if got := missing(n); got != "indemnity" {
		t.Errorf("missing %q where a consumer is asked for 40 €", got)
	}
	if list := fr.CheckNotice(n); len(list) != 16 {
		t.Errorf("%d points, want the fifteen of practice and the conduct", len(list))
	}
}

func TestAnElectronicNoticeCountsFromADate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Vous avez huit jours à compter de la présente.": "clock", "à compter\nde la  présente lettre": "clock",
		"à partir du présent courrier": "clock", "à compter de la présentation de la lettre": "",
		"within eight days from the date of this letter": "clock", "à compter du 3 décembre 2026": "",
	} {
		n := whole()
		n.Electronic, n.Text = true, n.Text+"\n"+text
		if got := missing(n); got != want {
			t.Errorf("%q: missing %q, want %q", text, got, want)
		}
		n.Electronic = false
		if got := missing(n); got != "" {
			t.Errorf("on paper, %q: missing %q", text, got)
		}
	}
}
