package table

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"acquit/internal/ingest"
)

// How sure a column's name alone makes of its field.
const (
	exact  = 100 // the name says it
	usual  = 80  // the name usually means it
	vague  = 60  // the name may mean it: the content decides
	remote = 40  // the last that it may mean
)

// guess is a field that a column's name may mean.
type guess struct {
	field ingest.Field
	score int
}

// plainName is a column's name in small letters without accents, signs turned
// into single spaces: "N° Facture", "NumeroFacture" and "numéro_facture".
func plainName(s string) string {
	var b strings.Builder
	prev := ' '
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r == '№' || r == '#':
			b.WriteString(" n ")
		case r == 'º' || r == 'ª': // letters by their class, signs by their use
			b.WriteByte(' ')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if unicode.IsUpper(r) && unicode.IsLower(prev) {
				b.WriteByte(' ')
			}
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
		prev = r
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// names maps every known column name to what it means, the likeliest first.
type names map[string][]guess

// add registers the names of a field, separated by commas.
func (n names) add(field ingest.Field, score int, list string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			n[name] = append(n[name], guess{field, score})
			n.alike(canonical(name), guess{field, score - 5})
		}
	}
}

// alike registers a name by its words alone, once for each field.
func (n names) alike(words string, g guess) {
	key := "=" + words
	for i := range n[key] {
		if n[key][i].field == g.field {
			n[key][i].score = max(n[key][i].score, g.score)
			return
		}
	}
	n[key] = append(n[key], g)
}

// dictionary holds the names that Sage, Cegid, EBP, Pennylane, Sellsy, Axonaut,
// Tiime, Indy, QuickBooks, Odoo, Dolibarr, Xero and others give their columns,
// and those that people choose. It is made once and never changed.
var dictionary = sync.OnceValue(func() names {
	n := names{}
	n.documents()
	n.references()
	n.amounts()
	n.parties()
	n.people()
	return n
})

func (n names) documents() {
	n.add(ingest.FieldNumber, exact, `
		n facture, no facture, num facture, numero facture, numero de facture, numero de la facture, n de facture,
		facture n, facture numero, invoice number, invoice no, invoice n, invoice num, number invoice, numero piece,
		n piece, no piece, num piece, numero de piece, n de piece, piece n, numero du document, n document, numero
		document, document number, document no, doc number, doc no, n doc, voucher number, invoice, rechnungsnummer,
		belegnummer`)
	n.add(ingest.FieldNumber, usual, `
		numero, number, num, n, no, piece, ref facture, reference facture, reference de la facture, ref piece,
		reference piece, piece ref, facture ref, facture, factures, reference du document, invoice reference,
		document, id facture, code facture, facture avoir, n facture avoir, n bl facture, transaction number,
		invoice numbers, invoice id, move name, inv`)
	n.add(ingest.FieldNumber, vague, `
		reference, ref, ref interne, reference interne, n ecriture, numero ecriture, ecriture num, id`)
	n.add(ingest.FieldNumber, remote, `name, nom`)
	n.add(ingest.FieldType, exact, `
		type de piece, type piece, type document, type de document, type facture, type de facture, nature de piece,
		nature piece, nature du document, document type, invoice type, transaction type, type de transaction, type
		doc, doc type, type ecriture, type de document, type mouvement, nature mouvement, move type, typ, type op,
		type operation`)
	n.add(ingest.FieldType, usual, `type, nature, genre, tp`)
	n.add(ingest.FieldIssued, exact, `
		date facture, date de facture, date de la facture, date facturation, date de facturation, date piece, date
		de piece, date de la piece, date emission, date d emission, emise le, emis le, emission, date document, date
		du document, invoice date, issue date, issued, issued on, date issued, document date, date invoice, piece
		date, billing date, created on, rechnungsdatum, invoice bill date, doc date, docdate, date comptabilisation,
		date de comptabilisation, date d edition, date edition, date de creation facture`)
	n.add(ingest.FieldIssued, usual, `
		date, created at, date ecriture, date d ecriture, ecriture date, date comptable, transaction date, posting
		date, date operation, date creation, date de creation, created, created utc, date saisie, le`)
	n.add(ingest.FieldDue, exact, `
		echeance, date echeance, date d echeance, date de l echeance, date echeance facture, echeance le, a echeance
		le, date limite de paiement, date limite, date limite de reglement, date limite paiement, date exigibilite,
		exigible le, a payer avant le, a payer le, due date, due, due on, date due, payment due date, maturity date,
		net due date, due by, faelligkeit, dt echeance, ech, net due dt, net due, echeance nette, date d echeance
		nette, invoice date due, date maturity, date a echeance, date echeance prevue`)
	n.add(ingest.FieldDue, usual, `
		date de paiement prevue, date reglement prevue, paiement attendu le, echeances`)
	n.add(ingest.FieldPaidOn, exact, `
		date de reglement, date reglement, date du reglement, date de paiement, date paiement, date du paiement,
		payee le, paye le, paid at, regle le, reglee le, date encaissement, date d encaissement, encaisse le,
		payment date, paid on, paid date, date paid, date de valeur, received on, date rglt`)
}

func (n names) references() {
	n.add(ingest.FieldLabel, exact, `
		libelle, libelle ecriture, ecriture lib, designation, description, objet, intitule de la facture, memo,
		label, sujet, titre, subject, libelle facture, libelle piece, nom de la facture`)
	n.add(ingest.FieldLabel, usual, `commentaire, commentaires, notes, note, detail`)
	n.add(ingest.FieldLettering, exact, `
		lettre, lettrage, code lettrage, ecriture let, let, code lettre, reconciliation, matching number, matching`)
	n.add(ingest.FieldStatus, exact, `
		statut, status, etat, etat facture, statut facture, statut de paiement, statut paiement, payment status,
		etat paiement, etat de paiement, payment state, financial status, situation, invoice status, etat reglement,
		statut reglement, state`)
	n.add(ingest.FieldJournal, exact, `journal, code journal, journal code, journal comptable, jnl, jal`)
	n.add(ingest.FieldMethod, exact, `
		mode de reglement, mode reglement, mode de paiement, mode paiement, moyen de paiement, moyen paiement, mode
		rglt, payment method, payment mode, type paiement, type de paiement, type de reglement, type reglement,
		payment type, mode`)
	n.add(ingest.FieldTerms, exact, `
		conditions de paiement, conditions de reglement, condition de paiement, condition de reglement, conditions
		paiement, conditions reglement, delai de paiement, delai paiement, delai de reglement, delai reglement,
		modalites de paiement, modalite de paiement, modalites de reglement, payment terms, terms, terms of payment,
		delai`)
	n.add(ingest.FieldOrder, exact, `
		n commande, no commande, numero commande, numero de commande, n de commande, commande, bon de commande, n
		bon de commande, numero de bon de commande, ref commande, reference commande, ref client, reference client,
		votre reference, votre ref, po number, purchase order, order number, order no, customer reference, po, your
		reference, order`)
	n.add(ingest.FieldOrder, remote, `reference, ref`)
	n.add(ingest.FieldContract, exact, `
		contrat, n contrat, numero contrat, numero de contrat, contract, contract number, ref contrat, marche, n
		marche`)
	n.add(ingest.FieldInvoice, exact, `
		facture reglee, facture payee, facture d origine, facture origine, facture associee, facture liee, facture
		rattachee, n facture reglee, numero facture reglee, invoice paid, paid invoice, original invoice, applied
		to, related invoice, facture rapprochee, factures associees, facture concernee`)
	n.add(ingest.FieldInvoice, remote, `
		facture, factures, n facture, numero facture, numero de facture, invoice, invoice number`)
}

func (n names) amounts() {
	n.add(ingest.FieldTotal, exact, `
		total ttc, montant ttc, ttc, montant total ttc, total ttc eur, mt ttc, mnt ttc, montant de la facture,
		montant facture, total facture, total facture ttc, montant toutes taxes comprises, total toutes taxes
		comprises, total incl tax, total including tax, total with tax, amount incl tax, gross amount, gross total,
		gross, grand total, total amount, invoice amount, invoice total, amount total, total in currency, total
		signed, total in currency signed, amount total signed, amount total in currency signed, montant initial,
		montant d origine, montant origine, original amount, total ttc signe, bruttobetrag, montant piece, montant
		ttc devise`)
	n.add(ingest.FieldTotal, usual, `
		net a payer, montant net a payer, montant, total, amount, montant total, somme, valeur, mt, montant eur,
		montant euros, montant en euros, amount eur, montant en eur, amount in local currency, amount in doc
		currency, amount in document currency, amount in local cur, montant en devise interne, montant en devise de
		piece, montant regle, montant reglement, montant du reglement, montant encaisse, montant du paiement,
		montant paiement, payment amount, amount received, montant devise, value`)
	n.add(ingest.FieldOpen, exact, `
		reste du, restant du, reste a payer, restant a payer, montant du, montant restant, montant restant du,
		montant restant a payer, reste a regler, restant a regler, reste a encaisser, solde du, solde restant, solde
		restant du, solde facture, solde piece, solde a payer, montant impaye, impaye, montant non regle, non regle,
		non solde, encours, encours facture, montant ouvert, reste, amount due, amount due signed, amount due in
		currency, open balance, open amount, balance due, outstanding, outstanding amount, outstanding balance,
		remaining, remaining amount, amount remaining, residual, amount residual, residual amount, unpaid, unpaid
		amount, amount open, amount outstanding, remaining balance, du, reste du ttc, total du, restant, invoice
		amount due, offener betrag, amount residual signed, montant du signe, reste a percevoir, a payer, a regler,
		reste a recouvrer, non lettre, montant non lettre, still due`)
	n.add(ingest.FieldOpen, vague, `net a payer, montant net a payer`)
	n.add(ingest.FieldOpen, usual, `solde, balance, solde eur, solde ttc, solde client`)
	n.add(ingest.FieldPaid, exact, `
		montant paye, paye, deja regle, deja paye, regle, reglements, montant deja regle, total regle, total paye,
		acompte, acomptes, acompte verse, amount paid, paid, paid amount, total paid, payments, montant regle,
		montant encaisse, encaisse, deja encaisse, recu, montant recu, total encaisse, payments received, invoice
		amount paid, reglement recu, acompte recu`)
	n.add(ingest.FieldPaid, vague, `reglement, paiement, paiements`)
	n.add(ingest.FieldNet, exact, `
		total ht, montant ht, ht, montant total ht, total hors taxe, montant hors taxe, montant hors taxes, total
		hors taxes, net amount, untaxed amount, untaxed amount signed, amount untaxed, total excl tax, total
		excluding tax, subtotal, sub total, base ht, mt ht, net total, total net ht, tax excluded, untaxed amount in
		currency, nettobetrag, amount untaxed signed, hors taxes signe, hors taxes, net ht, montant net ht`)
	n.add(ingest.FieldNet, usual, `net, net eur, montant net`)
	n.add(ingest.FieldTax, exact, `
		tva, montant tva, total tva, montant de la tva, taxes, total taxes, tax, tax amount, vat, vat amount, amount
		tax, total tax, mt tva, sales tax, total vat, tax total`)
	n.add(ingest.FieldDebit, exact, `
		debit, montant debit, debits, debit eur, mouvement debit, debit amount, solde debiteur, debiteur, debit
		euros`)
	n.add(ingest.FieldCredit, exact, `
		credit, montant credit, credits, credit eur, mouvement credit, credit amount, solde crediteur, crediteur,
		credit euros`)
	n.add(ingest.FieldSide, exact, `sens, sens ecriture, d c, dc, debit credit, sens d c, sign, signe`)
	n.add(ingest.FieldCurrency, exact, `
		devise, monnaie, currency, currency code, code devise, code monnaie, idevise, unite monetaire, invoice
		currency, currency id, currency name, l curr, lcurr, curr, crcy, doc curr, document currency, local
		currency, devise interne, devise de piece, devise piece, devise du document, devise document, devise
		facture, devise de facturation, devise de la facture, dev`)
}

func (n names) parties() {
	n.add(ingest.FieldCustomerCode, exact, `
		code client, code du client, n client, no client, numero client, numero de client, num client, id client,
		identifiant client, ref du client, client id, client code, code tiers, numero tiers, n tiers, code
		auxiliaire, compte auxiliaire, comp aux num, auxiliaire, compte tiers, compte client, n compte client,
		numero de compte client, customer code, customer id, customer no, customer number, customer n, account
		number, account code, client number, customer account, code compte, n compte tiers, compte de tiers,
		kundennummer, code comptable client, partner id, account ref, account reference, customer ref, ref tiers,
		reference tiers, code comptable, cust code, cust id, cust no, debtor code, debtor no, code debiteur, sold
		to, payer code, code payeur, client livre, code societe, ref compte, no tiers, num tiers, numero auxiliaire,
		n auxiliaire, compte collectif auxiliaire`)
	n.add(ingest.FieldCustomerCode, usual, `tiers, code, matricule, compte aux`)
	n.add(ingest.FieldCustomerCode, vague, `
		client, customer, compte, n compte, numero compte, numero de compte, account`)
	n.add(ingest.FieldCustomerName, exact, `
		nom client, nom du client, raison sociale, raison sociale client, denomination, denomination sociale,
		societe, nom societe, nom de la societe, entreprise, nom entreprise, nom de l entreprise, nom tiers, nom du
		tiers, intitule tiers, intitule client, intitule du tiers, libelle tiers, libelle client, libelle
		auxiliaire, comp aux lib, customer name, company name, company, client name, partner, partner name,
		partenaire, invoice partner display name, partner display name, nom de l organisation, organisation,
		organization, contact name, debiteur nom, nom du debiteur, debtor, debtor name, bill to, billed to, account
		name, nom commercial, nom du compte, intitule du compte, libelle du compte, libelle compte, intitule compte,
		kunde, nom complet, billing name, billing company, display name, beneficiaire, destinataire, customer full
		name, nom auxiliaire, nom du payeur, nom payeur, sold to name, bill to name, client facture, nom d affichage
		du partenaire de la facture, nom d affichage du partenaire, nom ou raison sociale, nom raison sociale,
		client societe, societe client, nom de famille ou raison sociale`)
	n.add(ingest.FieldCustomerName, usual, `
		client, customer, clients, acheteur, buyer, debiteur, partner partner`)
	n.add(ingest.FieldCustomerName, vague, `nom, name, intitule, emetteur, payeur, payer, tiers`)
	n.add(ingest.FieldAccount, exact, `
		compte general, compte collectif, n compte general, numero compte general, compte num, compte comptable,
		general account, gl account, collectif`)
	n.add(ingest.FieldAccount, vague, `compte, n compte, numero de compte`)
	n.add(ingest.FieldSIREN, exact, `siren, n siren, numero siren, siren client, siren number`)
	n.add(ingest.FieldSIRET, exact, `
		siret, n siret, numero siret, siret client, siren siret, siret siren, n siret client, company number`)
	n.add(ingest.FieldVATID, exact, `
		n tva, no tva, numero tva, numero de tva, tva intracommunautaire, n tva intracommunautaire, numero de tva
		intracommunautaire, numero tva intracommunautaire, tva intra, n tva intra, code tva intracommunautaire, vat
		number, vat no, vat id, vat, tax id, identifiant tva, identifiant fiscal`)
}

func (n names) people() {
	n.add(ingest.FieldEmail, exact, `
		email, e mail, mail, courriel, adresse email, adresse e mail, adresse mail, adresse electronique, email
		client, email contact, mail client, mail contact, email comptabilite, email de facturation, email
		facturation, email address, billing email, customer email, contact email, mail comptabilite, e mail
		comptabilite, e mail client, email du contact, courriel comptabilite, invoice email`)
	n.add(ingest.FieldPhone, exact, `
		telephone, tel, telephone fixe, tel fixe, n telephone, numero de telephone, telephone client, tel client,
		phone, phone number, telephone contact, tel contact, work phone, telephone 1, tel 1, n tel`)
	n.add(ingest.FieldPhone, usual, `
		mobile, portable, telephone portable, tel portable, telephone mobile, tel mobile, gsm, cell phone, mobile
		phone`)
	n.add(ingest.FieldCivility, exact, `
		civilite, civilite contact, titre contact, titre de civilite, salutation, title, civ`)
	n.add(ingest.FieldFirstName, exact, `
		prenom, prenom contact, prenom du contact, first name, firstname, contact first name, given name, prenom
		interlocuteur`)
	n.add(ingest.FieldLastName, exact, `
		nom contact, nom du contact, contact, interlocuteur, nom interlocuteur, contact principal, contact
		comptable, contact comptabilite, last name, lastname, surname, contact last name, contact person, primary
		contact, family name, personne a contacter, a l attention de`)
	n.add(ingest.FieldLastName, remote, `nom, name, contact name`)
	n.add(ingest.FieldRole, exact, `
		fonction, fonction contact, role, poste, job title, service, position, fonction du contact`)
	n.add(ingest.FieldStreet, exact, `
		adresse, adresse 1, adresse1, rue, adresse ligne 1, adresse client, adresse de facturation, adresse
		facturation, address, address 1, address1, address line 1, street, street address, billing address, billing
		street, voie, adresse postale, n et rue, numero et rue, adr1, adr 1`)
	n.add(ingest.FieldStreet2, exact, `
		adresse 2, adresse2, complement, complement adresse, complement d adresse, adresse ligne 2, address 2,
		address2, address line 2, street2, street 2, adr2, adr 2, suite adresse, adresse suite`)
	n.add(ingest.FieldPostalCode, exact, `
		code postal, cp, zip, zip code, postal code, postcode, post code, code postal client, billing zip, plz, c
		postal, codepostal`)
	n.add(ingest.FieldCity, exact, `
		ville, commune, localite, city, town, ville client, billing city, bureau distributeur`)
	n.add(ingest.FieldCountry, exact, `
		pays, country, pays client, code pays, country code, billing country, pays de facturation`)
	n.add(ingest.FieldLanguage, exact, `langue, language, lang, code langue`)
	n.add(ingest.FieldKind, exact, `
		type client, type de client, nature client, nature du client, categorie juridique, customer type, client
		type, statut juridique, type tiers, type de tiers, categorie de client`)
	n.add(ingest.FieldTags, exact, `
		tags, etiquettes, etiquette, tag, groupe, groupe client, famille, famille client, segment, categorie,
		categorie client, category, categories, labels, group`)
}

// meanings are the fields that a column's name may mean.
func (n names) meanings(name string) []guess {
	if g := n.exactly(name); g != nil {
		return g
	}
	return byWords(strings.Fields(canonical(plainName(name))))
}

// exactly are the fields of a name that is known, as it is or by its words alone.
func (n names) exactly(name string) []guess {
	plain := plainName(name)
	if plain == "" {
		return nil
	}
	if g := n[plain]; g != nil {
		return g
	}
	return n["="+canonical(plain)]
}
