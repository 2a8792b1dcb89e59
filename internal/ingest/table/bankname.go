package table

import (
	"sync"

	"acquit/internal/ingest"
)

// bankDictionary holds the names that banks and payment companies give the
// columns of their exports: Crédit Agricole, BNP Paribas, Société Générale, CIC and
// Crédit Mutuel, Caisse d’Épargne and Banque Populaire, La Banque Postale, LCL,
// BoursoBank, Qonto, Shine, Revolut, Wise, N26, PayPal, Stripe, and the banks of
// Germany.
var bankDictionary = sync.OnceValue(func() names {
	n := names{}
	n.days()
	n.sums()
	n.words()
	n.marks()
	return n
})

func (n names) days() {
	n.add(ingest.FieldBooked, exact, `
		date operation, date d operation, date de l operation, date de comptabilisation, date comptabilisation,
		date comptable, date op, dateop, date ope, booking date, book date, buchungstag, buchungsdatum, buchung,
		posting date, date de l operation local, date d operation local, settlement date local, date completed utc,
		completed date, created utc, date d execution, date execution, transaction date, date transaction,
		date de transaction, date mouvement, date du mouvement, effective at utc, effective at, booked on, datum,
		entry date, finished on, date de fin, boekdatum, boekingsdatum, transactiedatum, payouts arrival date`)
	n.add(ingest.FieldBooked, usual, `
		date, date de l operation utc, date d operation utc, settlement date utc, operation date utc,
		operation date local, emitted at, le, date started utc, started date, created, wertstellung datum, completed,
		jour`)
	n.add(ingest.FieldValue, exact, `
		date valeur, date de valeur, date val, dateval, value date, valuta, valutadatum, wertstellung,
		wertstellungstag, date de la valeur local, date de la valeur utc, date de la valeur, available on utc,
		available on, valeur le, arrival date utc, arrival date, date valeur operation, interest date, rentedatum,
		valutadatum datum`)
	n.add(ingest.FieldValue, vague, `valeur`)
}

func (n names) sums() {
	n.add(ingest.FieldTotal, exact, `
		montant, amount, betrag, umsatz, montant de l operation, montant operation, montant eur, amount eur,
		montant en euros, montant euros, montant total ttc, montant total ttc local, total amount incl vat, betrag eur,
		betrag in eur, montant mouvement, transaction amount, target amount after fees, montant signe, umsatz in eur,
		amount in eur, total amount, montant net, net, net amount, settlement amount, bedrag, bedrag eur`)
	n.add(ingest.FieldTotal, usual, `payout, versement, montant ttc`)
	n.add(ingest.FieldTotal, vague, `gross, avant commission, brut, montant brut, gross amount, total`)
	n.add(ingest.FieldFee, exact, `
		fee, fees, total fees, commission, frais, frais de transaction, gebuhr, gebuhren, fee amount,
		target fee amount, commissions, gocardless fees`)
	n.add(ingest.FieldDebit, exact, `
		debit, debit euros, debit eur, montant debit, montant debite, debits, soll, lastschrift, debit amount, sorties,
		depense, depenses, retrait, retraits, money out, paid out, withdrawal, withdrawals, ausgabe, decaissement,
		decaissements, sortie d argent, sorties d argent, argent sortant, af`)
	n.add(ingest.FieldCredit, exact, `
		credit, credit euros, credit eur, montant credit, montant credite, credits, haben, gutschrift, credit amount,
		entrees, recette, recettes, money in, paid in, deposit, deposits, einnahme, encaissement, encaissements,
		entree d argent, entrees d argent, argent entrant, bij`)
	n.add(ingest.FieldSide, exact, `
		sens, d c, dc, debit credit, sens operation, sens de l operation, soll haben, s h, direction, side,
		credit debit, credit debit indicator, cd, c d, sens du mouvement, soll haben kennzeichen, af bij`)
	n.add(ingest.FieldBalance, exact, `
		solde, solde eur, solde apres operation, solde comptable, solde du compte, balance, running balance,
		account balance, accountbalance, saldo, kontostand, saldo nach buchung, solde progressif, solde apres,
		solde en euros, solde euros, new balance, balance after, balance eur, nouveau solde,
		saldo na trn, saldo na mutatie`)
	n.add(ingest.FieldCurrency, exact, `
		devise, monnaie, currency, waehrung, wahrung, devise du compte, payment currency, target currency, code devise,
		devise operation, currency code, munt, muntsoort`)
}

func (n names) words() {
	n.add(ingest.FieldLabel, exact, `
		libelle, libelle operation, libelle de l operation, libelle complet operation, libelle complet de l operation,
		label, description, transaction description, buchungstext, booking text, libelle complet, libelle detaille,
		details, detail, operation, libelle du mouvement, intitule, designation, wording, narrative, particulars,
		transaction details, objet, libelle ecriture, omschrijving, omschrijving 1, mededelingen,
		resources description, payments description`)
	n.add(ingest.FieldLabel, usual, `
		libelle simplifie, libelle court, motif, communication, verwendungszweck, informations complementaires,
		information complementaire, complement, payment reference, reference de paiement, payment details, message,
		reference, memo, commentaire, comment, comments, note, notes, vwz, zahlungsreferenz, remittance information,
		libelle operation 2, detail de l ecriture, references, information, infos, libelle interne,
		nature de l operation, note interne, payments reference`)
	n.add(ingest.FieldMethod, exact, `
		type operation, type d operation, type de l operation, type, nature, moyen de paiement, methode de paiement,
		payment method, transaction type, umsatzart, umsatztyp, type de transaction, nature operation,
		mode de paiement, payment type, operation type, code operation, categorie operation, transaction details type,
		reporting category, mode`)
	n.add(ingest.FieldStatus, exact, `
		statut, etat, status, state, pointage statut, statut operation`)
	n.add(ingest.FieldParty, exact, `
		tiers, nom du tiers, nom de la contrepartie, contrepartie, counterparty, counterparty name,
		nom du donneur d ordre, donneur d ordre, nom donneur d ordre, nom du beneficiaire emetteur,
		beneficiaire emetteur, beneficiaire payeur, partner name, payee, payer name, payer, payee name,
		auftraggeber empfanger, auftraggeber, beguenstigter zahlungspflichtiger, beguenstigter auftraggeber,
		name zahlungsbeteiligter, zahlungsbeteiligter, empfanger, nom emetteur, emetteur, nom, name, beneficiaire,
		merchant, payee payer, nom du beneficiaire, beguenstigter zahlungspflichtiger,
		begunstigter zahlungspflichtiger, beguenstigter, sender name, nom contrepartie, customer name,
		zahlungspflichtige r, zahlungsempfanger in, name des partners, source name, nom du payeur, tiers payeur,
		consumer name, naam tegenpartij, naam omschrijving, customers company name`)
}

func (n names) marks() {
	n.add(ingest.FieldPartyIBAN, exact, `
		iban tiers, iban du tiers, iban contrepartie, iban de la contrepartie, counterparty iban, iban donneur d ordre,
		iban du donneur d ordre, partner iban, payee account number, account number payee, iban beneficiaire,
		iban emetteur, iban zahlungsbeteiligter, kontonummer iban, iban kontonummer, iban du beneficiaire,
		compte tiers, compte contrepartie, beneficiary account number, beneficiary iban,
		iban auftraggeberkonto partner, counterparty account, kontonummer iban, consumer bank account, tegenrekening,
		tegenrekening iban bban`)
	n.add(ingest.FieldPartyBIC, usual, `bic, swift`)
	n.add(ingest.FieldPartyBIC, exact, `
		bic tiers, bic contrepartie, bic swift code, bic donneur d ordre, counterparty bic,
		beneficiary bic, bic zahlungsbeteiligter, bic du tiers, consumer bic, bic tegenpartij`)
	n.add(ingest.FieldEndToEnd, exact, `
		reference de bout en bout, ref de bout en bout, bout en bout, end to end, end to end id, endtoendid,
		end to end reference, e2e, ref bout en bout, kundenreferenz end to end, kundenreferenz,
		reference donneur d ordre, ref donneur d ordre`)
	n.add(ingest.FieldMandate, exact, `
		mandat, reference mandat, reference du mandat, reference de mandat, rum, mandatsreferenz, mandate,
		mandate reference, mandate id, mandateid, machtigingskenmerk, mandates reference`)
	n.add(ingest.FieldBankRef, exact, `
		id, identifiant, transaction id, transfer wise id, wise id, numero de transaction, n de transaction,
		id transaction, balance transaction id, identifiant operation, identifiant de l operation,
		identifiant transaction, id operation, transaction identifier, numero operation unique, archive id, fitid,
		identifiant de transaction, payment id, id de la transaction, volgnr`)
	n.add(ingest.FieldOwn, exact, `
		compte, numero de compte, numero compte, n de compte, n compte, account num, accountnum, iban du compte,
		iban compte, account iban, auftragskonto, iban auftragskonto, account number, nom du compte, iban, account,
		payment account, compte bancaire, konto, account name, accountlabel, iban bban, rekening, rekeningnummer`)
}

// begun are the names of the day on which a movement began, which stands alone
// until it is done.
var begun = setOfNames(`started date, date started utc, date started, emitted at, created, created utc, date de debut`)

// netNames are what is left of an amount once the fee beside it is taken off: where
// a table has all three, this is what the account moved by.
var netNames = setOfNames(`net, montant net, net amount, payout, versement`)

// billWords are columns of payment companies that hold what was bought, or the
// number of the bill: in the export of a bank they are words among others.
var billWords = setOfNames(`
		titre de l objet, item title, numero de facture, invoice number, subject, objet, custom number,
		numero du client, reference number, order id, invoice id`)
