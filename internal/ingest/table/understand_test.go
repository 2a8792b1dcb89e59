package table

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"acquit/internal/ingest"
)

const head = "Numéro;Client;Date;Échéance;Montant TTC\n"

func TestBadRowsAreNamedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	f, got := outcome(t, []byte(head+
		"F1;Delvaux;08/10/2026;07/11/2026;100,00\n"+
		";Delvaux;08/10/2026;07/11/2026;100,00\n"+
		"F3;;08/10/2026;07/11/2026;100,00\n"+
		"F4;Delvaux;31/02/2026;07/11/2026;100,00\n"+
		"F5;Delvaux;08/10/2026;bientôt 12;100,00\n"+
		"F6;Delvaux;08/10/2026;07/11/2026;cent\n"+
		"F7;Delvaux;08/10/2026;07/11/2026;\n"+
		"F8;Delvaux;;07/11/2026;100,00\n"+
		"F9;Delvaux;Nord;08/10/2026;07/11/2026;100,00\n"+
		"F10;Delvaux;08/10/2026;;100,005\n"+
		"F11;Delvaux;08/10/2026;à réception;100,00\n"+
		"F12;Delvaux;08/10/2026\n"+
		"F13;Delvaux;08/10/2026;;99999999999999,00\n"+
		"F14;Delvaux;08/10/2026;;1,5;;;\n"), ingest.Hints{})
	want := []string{
		"invoice | F1 | Delvaux | 2026-10-08 | 2026-11-07 | 100.00 EUR",
		"3:1 refusé : le numéro de la pièce manque",
		"4:2 refusé : le client manque",
		"5:3 refusé : colonne « Date » : « 31/02/2026 » : le 31 février 2026 n’existe pas",
		"6:4 refusé : colonne « Échéance » : « bientôt 12 » n’est pas une date lisible",
		"7:5 refusé : colonne « Montant TTC » : « cent » n’est pas un montant lisible : il n’a pas de chiffres",
		"8:5 refusé : colonne « Montant TTC » : le montant manque",
		"9:3 refusé : la date de la pièce manque",
		"10:6 refusé : la ligne a plus de colonnes que l’en-tête : un séparateur s’est glissé dans un texte",
		"11:5 refusé : colonne « Montant TTC » : « 100,005 » a plus de 2 décimales",
		"invoice | F11 | Delvaux | 2026-10-08 | 100.00 EUR",
		"13:5 refusé : colonne « Montant TTC » : le montant manque",
		"14:5 refusé : colonne « Montant TTC » : le montant 99999999999999 dépasse cent milliards",
		"invoice | F14 | Delvaux | 2026-10-08 | 1.50 EUR",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f.Read != 3 || f.Refused != 11 {
		t.Errorf("got %d read, %d refused", f.Read, f.Refused)
	}
}

func TestRejectedRowsComeBackCorrected(t *testing.T) {
	t.Parallel()
	src := "Numéro;Client;Libellé;Date;Montant TTC\nF1;=1+1;a;08/10/2026;100,00\nF2;\"Noël; fils\";\"dit \"\"le Grand\"\"\";31/02/2026;-50,00\nF3;Roy;x;y;z;08/10/2026;1,00\n"
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", []byte(src)), ingest.Hints{})
	var file bytes.Buffer
	var w *ingest.Rejects
	for _, err := range f.Documents(t.Context()) {
		if w == nil {
			w = ingest.NewRejects(&file, f.Header)
		}
		if r, ok := errors.AsType[*ingest.Rejected](err); ok {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(file.String(), "\ufeffNuméro;Client;Libellé;Date;Montant TTC;motif du rejet\r\nF2;\"Noël; fils\";") {
		t.Errorf("got %s", file.String())
	}
	corrected := strings.Replace(file.String(), "31/02/2026", "28/02/2026", 1)
	again, got := outcome(t, []byte(corrected), ingest.Hints{})
	if len(got) != 2 || got[0] != "credit_note | F2 | Noël; fils | 2026-02-28 | 50.00 EUR" || !strings.Contains(got[1], "plus de colonnes") {
		t.Errorf("got %q, understood %+v", got, again.Understood)
	}
}

func TestOrderOfDayAndMonthComesFromAllTheDates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dates [2]string
		hint  string
		want  string
		warns bool
	}{
		"one day above 12":      {[2]string{"03/04/2026", "25/04/2026"}, "", "2026-04-03", false},
		"one month second":      {[2]string{"03/04/2026", "04/25/2026"}, "", "2026-03-04", false},
		"nothing tells":         {[2]string{"03/04/2026", "05/06/2026"}, "", "2026-04-03", true},
		"nothing but the hint":  {[2]string{"03/04/2026", "05/06/2026"}, "mdy", "2026-03-04", false},
		"year first":            {[2]string{"2026-04-03", "2026-04-25"}, "", "2026-04-03", false},
		"in words":              {[2]string{"3 avril 2026", "25 avr. 2026"}, "", "2026-04-03", false},
		"no separators":         {[2]string{"20260403", "20260425"}, "", "2026-04-03", false},
		"with a time":           {[2]string{"03/04/2026 09:30", "25/04/2026 10:00"}, "", "2026-04-03", false},
		"number of spreadsheet": {[2]string{"46115", "46137"}, "", "2026-04-03", false},
	} {
		text := "Numéro;Client;Date;Montant\nF1;A;" + c.dates[0] + ";1,00\nF2;B;" + c.dates[1] + ";1,00\n"
		h := ingest.Hints{DateOrder: c.hint, Mapping: map[ingest.Field]string{ingest.FieldIssued: "Date"}}
		f, got := outcome(t, []byte(text), h)
		warned := slices.ContainsFunc(f.Warnings, func(w ingest.Warning) bool { return w.Code == "dates" })
		if want := "invoice | F1 | A | " + c.want + " | 1.00 EUR"; len(got) != 2 || got[0] != want ||
			warned != c.warns {
			t.Errorf("%s: got %q (warned %v), want %q (%v)", name, got, warned, want, c.warns)
		}
	}
}

func TestDecimalSignComesFromAllTheAmounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amounts [2]string
		want    string
	}{
		"French":                   {[2]string{"1 234,50", "12,00"}, "1234.50"},
		"narrow spaces, sign last": {[2]string{"1\u202f234,50\u00a0€", "12,00 €"}, "1234.50"},
		"English":                  {[2]string{"1,234.50", "12.00"}, "1234.50"},
		"German":                   {[2]string{"1.234,50", "12,00"}, "1234.50"},
		"Swiss":                    {[2]string{"1'234.50", "12.00"}, "1234.50"},
		"dots group":               {[2]string{"1.234", "12,00"}, "1234.00"},
		"commas group":             {[2]string{"1,234", "12.00"}, "1234.00"},
		"dots alone group":         {[2]string{"1.234", "12.500"}, "1234.00"},
		"commas alone group":       {[2]string{"1,234", "12,500"}, "1234.00"},
		"one decimal":              {[2]string{"1234.5", "12"}, "1234.50"},
		"binary fraction":          {[2]string{"1234.5000000000002", "12.0"}, "1234.50"},
		"currency first":           {[2]string{"EUR 1,234.50", "EUR 12.00"}, "1234.50"},
		"debit in letters":         {[2]string{"1 234,50 D", "12,00 D"}, "1234.50"},
	} {
		text := "Numéro|Client|Date|Montant\nF1|A|25/04/2026|" + c.amounts[0] + "\nF2|B|26/04/2026|" + c.amounts[1] + "\n"
		_, got := outcome(t, []byte(text), ingest.Hints{})
		if want := "invoice | F1 | A | 2026-04-25 | " + c.want + " EUR"; len(got) != 2 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestEveryEncodingAndSeparatorIsReadAlike(t *testing.T) {
	t.Parallel()
	want := []string{"invoice | F1 | Hôtel Noël | 2026-10-25 | 2026-11-25 | 1234.50 EUR"}
	for _, sep := range []string{";", "\t", ",", "|", "^", "~"} {
		text := strings.ReplaceAll("Numéro;Client;Date;Échéance;Montant TTC\r\nF1;Hôtel Noël;25/10/2026;25/11/2026;1234.50\r\n", ";", sep)
		encodings := map[string][]byte{
			"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\ufeff" + text),
			"CR alone": []byte(strings.ReplaceAll(text, "\r\n", "\r")),
		}
		for name, e := range map[string]interface{ Bytes([]byte) ([]byte, error) }{
			"Windows-1252": charmap.Windows1252.NewEncoder(), "ISO 8859-15": charmap.ISO8859_15.NewEncoder(),
			"UTF-16 LE": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(),
			"UTF-16 BE": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder(),
		} {
			b, err := e.Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			encodings[name] = b
		}
		for name, b := range encodings {
			if f, got := outcome(t, b, ingest.Hints{}); !slices.Equal(got, want) {
				t.Errorf("%s with %q: got %q, understood %+v", name, sep, got, f.Understood)
			}
		}
	}
}

func TestWhatCannotBeGuessedIsAskedAndCanBeSaid(t *testing.T) {
	t.Parallel()
	text := "Zut;Flûte;Crotte;Truc\nF1;Delvaux;08/10/2026;100,00\nF2;Roy;25/10/2026;50,00\n"
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", []byte(text)), ingest.Hints{})
	a, ok := errors.AsType[*ingest.Ask](f.Err)
	if !ok || len(a.Columns) != 4 || len(a.Missing) == 0 || !slices.Equal(a.Columns[1].Samples, []string{
		"Flûte",
		"Delvaux", "Roy",
	}) {
		t.Fatalf("got %+v", f.Err)
	}
	mapping := map[ingest.Field]string{
		ingest.FieldNumber: "Zut", ingest.FieldCustomerName: "2", ingest.FieldIssued: "crotte", ingest.FieldTotal: "4",
	}
	want := []string{"invoice | F1 | Delvaux | 2026-10-08 | 100.00 EUR", "invoice | F2 | Roy | 2026-10-25 | 50.00 EUR"}
	if _, got := outcome(t, []byte(text), ingest.Hints{Mapping: mapping, HeaderLine: 1}); !slices.Equal(got, want) {
		t.Errorf("with names: got %q", got)
	}
	mapping = map[ingest.Field]string{
		ingest.FieldNumber: "1", ingest.FieldCustomerName: "2", ingest.FieldIssued: "3", ingest.FieldTotal: "4",
	}
	_, values, _ := strings.Cut(text, "\n")
	if _, got := outcome(t, []byte(values), ingest.Hints{Mapping: mapping}); !slices.Equal(got, want) {
		t.Errorf("without names: got %q", got)
	}
	mapping[ingest.FieldTotal] = "Montant"
	f, got := outcome(t, []byte(text), ingest.Hints{Mapping: mapping, HeaderLine: 1})
	if f.Err == nil || !strings.Contains(plainSpace.Replace(f.Err.Error()), "« Montant » n’est pas dans ce fichier") {
		t.Errorf("a column that is not there: got %q, %v", got, f.Err)
	}
}

func TestMissingColumnsAreAskedByName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]ingest.Field{
		"Numéro;Client;Date;Échéance\nF1;A;08/10/2026;07/11/2026\n": {ingest.FieldTotal},
		"Client;Date;Montant TTC\nA;25/10/2026;1,00\n":              {ingest.FieldNumber},
		"Numéro;Date;Montant TTC\nF1;25/10/2026;1,00\n":             {ingest.FieldCustomerName},
		"Numéro;Client;Montant TTC\nF1;A;1,00\n":                    {ingest.FieldIssued},
		"Numéro;Client;Date;Montant HT\nF1;A;25/10/2026;1,00\n":     {ingest.FieldTotal},
	} {
		f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", []byte(text)), ingest.Hints{})
		a, ok := errors.AsType[*ingest.Ask](f.Err)
		if !ok {
			t.Errorf("%q: understood as %+v", text, f.Understood)
			continue
		}
		if diff := cmp.Diff(want, a.Missing); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestAgedBalanceIsRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	text := "Code tiers;Intitulé;Solde;Non échu;0-30;31-60;61-90;> 90\nC1;Delvaux;100,00;50,00;50,00;0;0;0\n"
	f, got := outcome(t, []byte(text), ingest.Hints{})
	if len(got) != 1 || !strings.Contains(got[0], "balance âgée") {
		t.Errorf("got %q, %+v", got, f.Understood)
	}
	withInvoices := "Client;N° facture;Date;Échéance;Solde;Non échu;0-30;31-60;> 60\nDelvaux;F1;25/10/2026;24/11/2026;100,00;100,00;;;\n"
	if _, got := outcome(t, []byte(withInvoices), ingest.Hints{}); !slices.Equal(got,
		[]string{"invoice | F1 | Delvaux | 2026-10-25 | 2026-11-24 | 100.00 EUR | reste 100.00"}) {
		t.Errorf("with invoices: got %q", got)
	}
}

func TestTotalsAreHeldAgainstWhatWasRead(t *testing.T) {
	t.Parallel()
	rows := "F1;A;08/10/2026;;100,00\nF2;A;25/10/2026;;50,00\nSous-total;;;;150,00\nF3;B;25/10/2026;;25,00\n"
	for total, agrees := range map[string]bool{
		"Total;;;;175,00\n": true, "TOTAL GÉNÉRAL;;;;180,00\n": false,
		";;;;175,00\n": true,
	} {
		f, got := outcome(t, []byte(head+rows+total), ingest.Hints{})
		warned := slices.ContainsFunc(f.Warnings, func(w ingest.Warning) bool { return w.Code == "control" })
		if len(got) != 3 || warned == agrees || len(f.Controls) != 1 {
			t.Errorf("%q: got %q, controls %+v, warnings %+v", total, got, f.Controls, f.Warnings)
		}
	}
}

func TestRunningBalanceIsNobodysDebt(t *testing.T) {
	t.Parallel()
	text := "Date;Pièce;Client;Libellé;Débit;Crédit;Solde\n02/10/2026;F1;A;Facture;100,00;;100,00\n05/10/2026;F2;A;Facture;50,00;;150,00\n" +
		"25/10/2026;B1;A;Virement;;100,00;50,00\n26/10/2026;F3;A;Facture;10,00;;60,00\n"
	f, got := outcome(t, []byte(text), ingest.Hints{})
	want := []string{
		"invoice | F1 | A | 2026-10-02 | 100.00 EUR", "invoice | F2 | A | 2026-10-05 | 50.00 EUR",
		"payment | B1 | A | 2026-10-25 | 100.00 EUR", "invoice | F3 | A | 2026-10-26 | 10.00 EUR",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s%+v", diff, f.Warnings)
	}
}

func TestWhatIsLeftIsTakenFromTheFileOrWorkedOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Numéro;Client;Date;Total;Payé\nF1;A;25/10/2026;100,00;30,00\n":                     "reste 70.00",
		"Numéro;Client;Date;Total;Payé;Reste dû\nF1;A;25/10/2026;100,00;30,00;70,00\n":      "reste 70.00",
		"Numéro;Client;Date;Total;Payé;Reste dû\nF1;A;25/10/2026;100,00;130,00;\n":          "reste 0.00",
		"Numéro;Client;Date;Total;Statut\nF1;A;25/10/2026;100,00;Payée\n":                   "reste 0.00",
		"Numéro;Client;Date;Total;Statut\nF1;A;25/10/2026;100,00;Impayée\n":                 "100.00 EUR",
		"Numéro;Client;Date;Total;Reste dû\nF1;A;25/10/2026;100,00;\nF2;B;25/10/2026;1;1\n": "reste 0.00",
		"Numéro;Client;Date;Total;Reste dû\nF1;A;25/10/2026;100,00;\nF2;B;25/10/2026;1;0\n": "refusé : le reste dû est vide",
	} {
		if _, got := outcome(t, []byte(text), ingest.Hints{}); len(got) == 0 || !strings.HasSuffix(got[0], want) {
			t.Errorf("%q: got %q, want …%q", text, got, want)
		}
	}
}

func TestCustomersComeWithTheirContacts(t *testing.T) {
	t.Parallel()
	text := "Code client;Raison sociale;Civilité;Nom contact;Prénom;Fonction;E-mail;Mobile;Adresse;Complément;CP;Ville;Pays;SIREN;N° TVA;Langue;Type de client;Conditions de paiement;Tags\n" +
		"=\"0042\";Delvaux;Mme;Roy;Jeanne;Comptable;compta@delvaux.example;06 00 00 00 00;1 rue A;Bât. B;59000;Lille;Belgique;732 829 320;FR44 732829320;Anglais;Entreprise;45 jours fin de mois;\"vip, presse\"\n"
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", []byte(text)), ingest.Hints{})
	want := ingest.Customer{
		Code: "0042", Name: "Delvaux", SIREN: "732829320", VATID: "FR44732829320", Street: "1 rue A\nBât. B",
		PostalCode: "59000",
		City:       "Lille", Country: "BE", Language: "en", Kind: "business", Tags: []string{"vip", "presse"},
		Terms: "45 jours fin de mois",
		Email: "compta@delvaux.example", Phone: "06 00 00 00 00",
		Contact: ingest.Contact{
			Civility: "Madame", FirstName: "Jeanne", LastName: "Roy", Role: "Comptable",
			Email: "compta@delvaux.example", Phone: "06 00 00 00 00",
		},
	}
	for d, err := range f.Documents(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Customer); diff != "" || d.Kind != ingest.Customers {
			t.Errorf("%s (-want +got):\n%s", d.Kind, diff)
		}
	}
	if f.Read != 1 {
		t.Errorf("got %d customers, %v", f.Read, f.Err)
	}
}

func TestNamesOfColumnsAreUnderstoodInManyForms(t *testing.T) {
	t.Parallel()
	values := map[string]string{"number": "F-001", "customer": "Imprimerie Delvaux", "issued": "25/10/2026", "due": "24/11/2026", "total": "1 250,50", "open": "250,50"}
	usual := []string{"number", "customer", "issued", "due", "total", "open"}
	orders := map[string][]string{
		"Client;N° de facture;Échéance;Restant dû;Date;Total TTC":            {"customer", "number", "due", "open", "issued", "total"},
		"Customer;Reference;Posting date;Due date;Original amount;Remaining": {"customer", "number", "issued", "due", "total", "open"},
	}
	for _, names := range []string{
		"N°;Nom du client;Émise le;À payer le;Total TTC €;Solde",
		"Inv #;Client;Issued;Payable by;Gross;Outstanding",
		"Invoice;Company;Issue Date;Maturity;Amount;Due amount",
		"Facture n°;Raison sociale;Date fact.;Date éch.;Mt TTC;Reste",
		"Ref.;Tiers;Date;Échéance;Montant;Solde",
		"Num facture;Nom;Date de facturation;Date limite de règlement;Montant total;Montant restant",
		"Document;Customer name;Document date;Net due date;Amount in EUR;Open amount",
		"Pièce;Intitulé du compte;Date pièce;Échéance;Débit;Solde",
		"Numéro facture;Destinataire;Date;Échéance de paiement;Montant à payer;Restant à régler",
		"invoice_number;customer;invoice_date;due_date;total_amount;balance_due",
		"InvoiceNumber;CustomerName;InvoiceDate;DueDate;TotalAmount;AmountDue",
		"No. facture;Débiteur;Date d'émission;Date d'échéance;TTC;Dû",
		"Factures;Clients;Dates;Échéances;Montants;Restes dus",
		"Identifiant facture;Dénomination sociale du client;Date de la facture;Date d'exigibilité;Montant de la facture (TTC);Montant encore dû",
		"Nº de pièce;Client facturé;Date comptable;Échéance;Montant en devise;Solde en devise",
		"REF PIECE;NOM CLIENT;DT PIECE;DT ECHEANCE;MNT TTC;MNT DU",
		"N° Fact;Clt;Date Fact;Ech;Montant TTC;Non réglé",
		"Number;Contact;Date;Due;Total;Balance",
		"Facture - Numéro;Facture - Client;Facture - Date;Facture - Échéance;Facture - Montant TTC;Facture - Solde dû",
		"N° Pièce;Libellé tiers;Date pièce;Date échéance;Montant TTC;Solde",
		"Bill number;Bill to;Bill date;Due by;Invoice total;Open balance",
		"NUMERO;CLIENT;DATE;ECHEANCE;MONTANT_TTC;RESTE_A_PAYER",
		"Document No.;Customer Name;Posting Date;Due Date;Amount;Remaining Amount",
	} {
		orders[names] = usual
	}
	for names, order := range orders {
		var row []string
		for _, field := range order {
			row = append(row, values[field])
		}
		want := "invoice | F-001 | Imprimerie Delvaux | 2026-10-25 | 2026-11-24 | 1250.50 EUR | reste 250.50"
		f, got := outcome(t, []byte(names+"\n"+strings.Join(row, ";")+"\n"), ingest.Hints{})
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q\n%+v", names, got, f.Understood.Columns)
		}
	}
}

func TestWhatTheRowsAreComesFromTitlesAndColumns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"payments by their title": {
			"Règlements reçus en octobre;;;;\nDate;Client;Référence;Montant;Mode de paiement\n25/10/2026;Delvaux;VIR-1;10,00;VIR\n",
			[]string{"payment | VIR-1 | Delvaux | 2026-10-25 | 10.00 EUR"},
		},
		"customers with their balance": {
			"Code client;Nom;E-mail;Encours\nC1;Delvaux;a@b.example;10,00\n", []string{"customer | C1 | Delvaux"},
		},
		"a balance by customer": {
			"Code client;Nom;Solde\nC1;Delvaux;10,00\n",
			[]string{"1:1 refusé : ce tableau est une balance par client (balance âgée) : elle donne des totaux, pas les factures une à une"},
		},
		"a currency in the names": {
			"Invoice number;Customer;Invoice date;Total (USD)\nI1;ACME Corp;25/10/2026;10.00\n", []string{"invoice | I1 | ACME Corp | 2026-10-25 | 10.00 USD"},
		},
		"a currency in the cells": {
			"Invoice number;Customer;Invoice date;Total\nI1;ACME Corp;25/10/2026;£10.00\nI2;ACME Corp;25/10/2026;10.00 CHF\n",
			[]string{"invoice | I1 | ACME Corp | 2026-10-25 | 10.00 GBP", "invoice | I2 | ACME Corp | 2026-10-25 | 10.00 CHF"},
		},
		"zero byte far below": {
			"Numéro;Client;Date;Total\n" + strings.Repeat("F1;A;25/10/2026;1\n", 300) + "F2;A\x00;25/10/2026;1\n",
			append(slices.Repeat([]string{"invoice | F1 | A | 2026-10-25 | 1.00 EUR"}, 300), "302:1 refusé : la ligne contient des caractères nuls : ce n’est pas du texte"),
		},
		"a separator that Excel is told": {
			"sep=|\nNuméro|Client|Date|Total\nF1|A|25/10/2026|1\nF2|A|hier|1\n",
			[]string{"invoice | F1 | A | 2026-10-25 | 1.00 EUR", "4:3 refusé : colonne « Date » : « hier » n’est pas une date lisible"},
		},
	} {
		if f, got := outcome(t, []byte(c.text), ingest.Hints{}); cmp.Diff(c.want, got) != "" {
			t.Errorf("%s: %s%+v", name, cmp.Diff(c.want, got), f.Understood)
		}
	}
}

// A spreadsheet takes the zero off the front of what it holds for a number.
func TestIdentifiersGetTheirZeroBack(t *testing.T) {
	t.Parallel()
	text := "Code client;Nom;SIREN;SIRET\nC1;A;55801203;\nC2;B;55801204;\nC3;C;055801203;\nC4;D;732 829 320;73282932000074\nC5;E;73282932000074;\n"
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", []byte(text)), ingest.Hints{})
	var got [][2]string
	for d, err := range f.Documents(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, [2]string{d.Customer.SIREN, d.Customer.SIRET})
	}
	want := [][2]string{
		{"055801203", ""}, // the check digit tells
		{"55801204", ""},  // and here it says no
		{"055801203", ""},
		{"732829320", "73282932000074"},
		{"732829320", "73282932000074"}, // a SIRET in the column of the SIREN
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileIsReadTwiceTheSame(t *testing.T) {
	t.Parallel()
	text := []byte(head + "F1;A;25/10/2026;;100,00\n;A;25/10/2026;;1\nTotal;;;;50,00\n")
	f := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", text), ingest.Hints{})
	type state struct{ read, refused, warnings, skipped, controls int }
	var states []state
	for range 2 {
		for range f.Documents(t.Context()) {
		}
		states = append(states, state{f.Read, f.Refused, len(f.Warnings), len(f.Skipped), len(f.Controls)})
	}
	if states[0] != states[1] || states[0] != (state{1, 1, 1, 1, 1}) {
		t.Errorf("got %+v", states)
	}
}

func TestAnEmptyTableIsSaidToBeEmpty(t *testing.T) {
	t.Parallel()
	f, got := outcome(t, []byte(head), ingest.Hints{})
	if len(got) != 0 || len(f.Warnings) != 1 || f.Warnings[0].Code != "vide" {
		t.Errorf("got %q, %+v", got, f.Warnings)
	}
}

func TestTextThatIsNoTableIsNotTakenForOne(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Bonjour,\n\nvoici les factures, comme convenu.\n\nCordialement\n", "",
		"\n\n\n", "a\nb\nc\n", "\x00\x01\x02;\x03;\n",
	} {
		f, got := outcome(t, []byte(text), ingest.Hints{})
		if f.Err == nil {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(head + "F1;A;08/10/2026;07/11/2026;100,00\nTotal;;;;100,00\n"))
	f.Add([]byte("Date,Transaction type,Num,Name,Amount,Open balance\n10/31/2026,Payment,1,\"A, B\",\"-1,362.07\",0\n"))
	f.Add([]byte("Date;Pièce;Débit;Crédit;Solde;Lettre\n411A - X\n02/10/2026;F1;1;;1;a\n"))
	f.Add([]byte("\xff\xfeN\x00;\x00C\x00l\x00i\x00e\x00n\x00t\x00"))
	f.Add([]byte("Solde au 22/11/2026 1 900,00 €\nDate;Date de valeur;Libellé;Débit;Crédit;Solde\n20/11/2026;;\"VIR RECU\nA\";;1,5;2\n;B;\nTotal;;;1\n"))
	f.Add([]byte("Buchungstag;Verwendungszweck;Soll/Haben;Betrag;IBAN\n20.11.26;SVWZ+x;H;1.190,00;DE89370400440532013000\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file := ingest.Open(t.Context(), []ingest.Driver{Driver}, ingest.FromBytes("a.csv", b), ingest.Hints{})
		for d, err := range file.Documents(t.Context()) {
			if err != nil {
				_, asked := errors.AsType[*ingest.Ask](err)
				if r, ok := errors.AsType[*ingest.Rejected](err); !asked && (!ok || r.Reason == "") {
					t.Fatalf("not said for a person: %v", err)
				}
				continue
			}
			if d.Kind == ingest.Entry {
				if e := d.Entry; e == nil || e.Statement == nil || e.On == 0 || e.Amount.Currency != e.Statement.Currency {
					t.Fatalf("%+v", d)
				}
				continue
			}
			if d.Kind != ingest.Customers && (d.Number == "" || d.Total.Sign() < 0 || d.Total.Currency == "" || d.Currency != d.Total.Currency) {
				t.Fatalf("%+v", d)
			}
		}
	})
}
