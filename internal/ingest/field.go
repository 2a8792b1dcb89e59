package ingest

// Field is what a column of a table may hold.
type Field string

// The fields. Their names are those of flags and of remembered mappings.
const (
	FieldNumber       Field = "number"
	FieldType         Field = "type"
	FieldCustomerCode Field = "customer_code"
	FieldCustomerName Field = "customer_name"
	FieldAccount      Field = "account"
	FieldSIREN        Field = "siren"
	FieldSIRET        Field = "siret"
	FieldVATID        Field = "vat_id"
	FieldEmail        Field = "email"
	FieldPhone        Field = "phone"
	FieldCivility     Field = "civility"
	FieldFirstName    Field = "first_name"
	FieldLastName     Field = "last_name"
	FieldRole         Field = "role"
	FieldStreet       Field = "street"
	FieldStreet2      Field = "street2"
	FieldPostalCode   Field = "postal_code"
	FieldCity         Field = "city"
	FieldCountry      Field = "country"
	FieldLanguage     Field = "language"
	FieldKind         Field = "kind"
	FieldTags         Field = "tags"
	FieldTerms        Field = "terms"
	FieldIssued       Field = "issued"
	FieldDue          Field = "due"
	FieldPaidOn       Field = "paid_on"
	FieldCurrency     Field = "currency"
	FieldTotal        Field = "total"
	FieldNet          Field = "net"
	FieldTax          Field = "tax"
	FieldOpen         Field = "open"
	FieldPaid         Field = "paid"
	FieldDebit        Field = "debit"
	FieldCredit       Field = "credit"
	FieldSide         Field = "side"
	FieldLabel        Field = "label"
	FieldLettering    Field = "lettering"
	FieldOrder        Field = "order"
	FieldContract     Field = "contract"
	FieldInvoice      Field = "invoice" // that a payment pays or a credit note corrects
	FieldStatus       Field = "status"
	FieldJournal      Field = "journal"
	FieldMethod       Field = "method"

	// Of movements of a bank account alone.
	FieldBooked    Field = "booked_on"
	FieldValue     Field = "value_on"
	FieldBalance   Field = "balance"
	FieldFee       Field = "fee"
	FieldParty     Field = "party"
	FieldPartyIBAN Field = "party_iban"
	FieldPartyBIC  Field = "party_bic"
	FieldEndToEnd  Field = "end_to_end"
	FieldMandate   Field = "mandate"
	FieldBankRef   Field = "bank_ref"
	FieldOwn       Field = "own_account"
	FieldText      Field = "text" // beside the label; other columns of texts are found by their names
)

// Holds is what kind of values a field has.
type Holds int

// The kinds of values.
const (
	HoldsText Holds = iota
	HoldsDate
	HoldsAmount
)

// FieldInfo describes a field to people.
type FieldInfo struct {
	Field Field
	Title string // in French
	Holds Holds
}

// Fields are all that a column may be taken for, in the order in which the
// import screen shows them.
func Fields() []FieldInfo {
	return []FieldInfo{
		{FieldNumber, "Numéro de pièce", HoldsText},
		{FieldType, "Type de pièce (facture, avoir, règlement)", HoldsText},
		{FieldCustomerCode, "Code du client", HoldsText},
		{FieldCustomerName, "Nom du client", HoldsText},
		{FieldIssued, "Date de pièce", HoldsDate},
		{FieldDue, "Échéance", HoldsDate},
		{FieldTotal, "Montant TTC", HoldsAmount},
		{FieldOpen, "Reste dû", HoldsAmount},
		{FieldPaid, "Déjà réglé", HoldsAmount},
		{FieldNet, "Montant hors taxe", HoldsAmount},
		{FieldTax, "TVA", HoldsAmount},
		{FieldDebit, "Débit", HoldsAmount},
		{FieldCredit, "Crédit", HoldsAmount},
		{FieldSide, "Sens (D ou C)", HoldsText},
		{FieldCurrency, "Devise", HoldsText},
		{FieldPaidOn, "Date de règlement", HoldsDate},
		{FieldMethod, "Mode de règlement", HoldsText},
		{FieldInvoice, "Facture réglée ou corrigée", HoldsText},
		{FieldStatus, "Statut", HoldsText},
		{FieldLabel, "Libellé", HoldsText},
		{FieldLettering, "Lettrage", HoldsText},
		{FieldJournal, "Journal", HoldsText},
		{FieldOrder, "Commande du client", HoldsText},
		{FieldContract, "Contrat", HoldsText},
		{FieldTerms, "Conditions de paiement", HoldsText},
		{FieldAccount, "Compte général", HoldsText},
		{FieldSIREN, "SIREN", HoldsText},
		{FieldSIRET, "SIRET", HoldsText},
		{FieldVATID, "Numéro de TVA", HoldsText},
		{FieldKind, "Nature du client (entreprise, particulier, public)", HoldsText},
		{FieldEmail, "Adresse électronique", HoldsText},
		{FieldPhone, "Téléphone", HoldsText},
		{FieldCivility, "Civilité du contact", HoldsText},
		{FieldFirstName, "Prénom du contact", HoldsText},
		{FieldLastName, "Nom du contact", HoldsText},
		{FieldRole, "Fonction du contact", HoldsText},
		{FieldStreet, "Adresse", HoldsText},
		{FieldStreet2, "Complément d’adresse", HoldsText},
		{FieldPostalCode, "Code postal", HoldsText},
		{FieldCity, "Ville", HoldsText},
		{FieldCountry, "Pays", HoldsText},
		{FieldLanguage, "Langue", HoldsText},
		{FieldTags, "Étiquettes", HoldsText},
		{FieldBooked, "Banque\u00a0: date d’opération", HoldsDate},
		{FieldValue, "Banque\u00a0: date de valeur", HoldsDate},
		{FieldBalance, "Banque\u00a0: solde après l’opération", HoldsAmount},
		{FieldFee, "Banque\u00a0: frais retenus", HoldsAmount},
		{FieldParty, "Banque\u00a0: nom de l’autre partie", HoldsText},
		{FieldPartyIBAN, "Banque\u00a0: IBAN de l’autre partie", HoldsText},
		{FieldPartyBIC, "Banque\u00a0: BIC de l’autre partie", HoldsText},
		{FieldEndToEnd, "Banque\u00a0: référence de bout en bout", HoldsText},
		{FieldMandate, "Banque\u00a0: référence de mandat (RUM)", HoldsText},
		{FieldBankRef, "Banque\u00a0: identifiant de l’opération", HoldsText},
		{FieldText, "Banque\u00a0: autre texte (motif, complément)", HoldsText},
		{FieldOwn, "Banque\u00a0: compte du relevé", HoldsText},
	}
}

// Title is the field's name for people, in French.
func (f Field) Title() string {
	for _, i := range Fields() {
		if i.Field == f {
			return i.Title
		}
	}
	return string(f)
}

// ParseField finds a field by its name.
func ParseField(name string) (Field, bool) {
	for _, i := range Fields() {
		if string(i.Field) == name {
			return i.Field, true
		}
	}
	return "", false
}
