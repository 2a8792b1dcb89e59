package demo

import (
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/demo/chance"
)

// place is a town, with the VAT that a customer there pays in hundredths of a
// percent, and the legal form of its companies where it is not France's.
type place struct {
	city       string
	postalCode string
	country    string
	vat        int
	form       string
}

// of is « de Lille », « d’Angers », « du Mans », « des Abymes ».
func of(town string) string {
	if rest, ok := strings.CutPrefix(town, "Le "); ok {
		return "du " + rest
	}
	if rest, ok := strings.CutPrefix(town, "Les "); ok {
		return "des " + rest
	}
	if strings.ContainsAny(town[:1], "AEIOUYH") {
		return "d’" + town
	}
	return "de " + town
}

// places are where customers are: mostly around the creditor, some in
// Alsace-Moselle (57, 67, 68) and overseas, where holidays and VAT differ (CGI
// art. 294 and 296: 8,5 % in Guadeloupe, Martinique and La Réunion, none in
// Guyane and Mayotte).
var places = []chance.Share[place]{
	chance.Of(12, place{"Lille", "59000", "FR", 2000, ""}),
	chance.Of(7, place{"Roubaix", "59100", "FR", 2000, ""}),
	chance.Of(7, place{"Tourcoing", "59200", "FR", 2000, ""}),
	chance.Of(5, place{"Villeneuve-d’Ascq", "59491", "FR", 2000, ""}),
	chance.Of(4, place{"Dunkerque", "59140", "FR", 2000, ""}),
	chance.Of(4, place{"Valenciennes", "59300", "FR", 2000, ""}),
	chance.Of(4, place{"Arras", "62000", "FR", 2000, ""}),
	chance.Of(3, place{"Lens", "62300", "FR", 2000, ""}),
	chance.Of(3, place{"Amiens", "80000", "FR", 2000, ""}),
	chance.Of(2, place{"Beauvais", "60000", "FR", 2000, ""}),
	chance.Of(2, place{"Reims", "51100", "FR", 2000, ""}),
	chance.Of(2, place{"Rouen", "76000", "FR", 2000, ""}),
	chance.Of(2, place{"Le Havre", "76600", "FR", 2000, ""}),
	chance.Of(6, place{"Paris", "75011", "FR", 2000, ""}),
	chance.Of(3, place{"Montreuil", "93100", "FR", 2000, ""}),
	chance.Of(3, place{"Nanterre", "92000", "FR", 2000, ""}),
	chance.Of(2, place{"Orléans", "45000", "FR", 2000, ""}),
	chance.Of(2, place{"Le Mans", "72000", "FR", 2000, ""}),
	chance.Of(2, place{"Rennes", "35000", "FR", 2000, ""}),
	chance.Of(2, place{"Nantes", "44000", "FR", 2000, ""}),
	chance.Of(2, place{"Angers", "49000", "FR", 2000, ""}),
	chance.Of(2, place{"Bordeaux", "33000", "FR", 2000, ""}),
	chance.Of(2, place{"Toulouse", "31000", "FR", 2000, ""}),
	chance.Of(2, place{"Lyon", "69003", "FR", 2000, ""}),
	chance.Of(2, place{"Grenoble", "38000", "FR", 2000, ""}),
	chance.Of(2, place{"Marseille", "13008", "FR", 2000, ""}),
	chance.Of(1, place{"Nice", "06000", "FR", 2000, ""}),
	chance.Of(2, place{"Dijon", "21000", "FR", 2000, ""}),
	chance.Of(2, place{"Nancy", "54000", "FR", 2000, ""}),
	chance.Of(2, place{"Metz", "57000", "FR", 2000, ""}),
	chance.Of(3, place{"Strasbourg", "67000", "FR", 2000, ""}),
	chance.Of(2, place{"Mulhouse", "68100", "FR", 2000, ""}),
	chance.Of(1, place{"Colmar", "68000", "FR", 2000, ""}),
	chance.Of(1, place{"Les Abymes", "97139", "FR", 850, ""}),
	chance.Of(1, place{"Fort-de-France", "97200", "FR", 850, ""}),
	chance.Of(1, place{"Cayenne", "97300", "FR", 0, ""}),
	chance.Of(1, place{"Saint-Denis", "97400", "FR", 850, ""}),
	chance.Of(1, place{"Mamoudzou", "97600", "FR", 0, ""}),
}

// abroad are the towns of the stories that need one: no French VAT there (CGI
// art. 259-1, 262 and 262 ter).
var abroad = map[string][]place{
	"BE": {{"Bruxelles", "1000", "BE", 0, "SRL"}, {"Mons", "7000", "BE", 0, "SRL"}},
	"CH": {{"Genève", "1204", "CH", 0, "Sàrl"}, {"Lausanne", "1003", "CH", 0, "SA"}},
	"GB": {{"London", "EC1V 9HL", "GB", 0, "Ltd"}, {"Manchester", "M1 5AN", "GB", 0, "Ltd"}},
	"US": {{"New York", "10013", "US", 0, "Inc."}, {"Boston", "02110", "US", 0, "LLC"}},
}

var streets = []string{
	"rue de la République", "rue des Tanneurs", "avenue de la Gare", "rue du Moulin", "place du Marché",
	"boulevard Gambetta", "rue Victor-Hugo", "chemin des Vignes", "zone artisanale des Peupliers",
	"rue de l’Industrie", "avenue Jean-Jaurès", "rue du Faubourg", "quai des Bateliers", "rue Pasteur",
	"allée des Tilleuls", "route de Paris", "rue de l’Église", "parc d’activités du Nord",
	"impasse des Forgerons", "rue Saint-Martin",
}

var trades = []string{
	"Imprimerie", "Menuiserie", "Transports", "Garage", "Boulangerie", "Charpentes", "Couverture",
	"Électricité", "Plomberie", "Peintures", "Maçonnerie", "Serrurerie", "Ateliers", "Cartonnages",
	"Filatures", "Brasserie", "Librairie", "Pharmacie", "Cabinet", "Clinique vétérinaire", "Optique",
	"Meubles", "Carrelages", "Jardins", "Pépinières", "Traiteur", "Hôtel", "Restaurant", "Agence", "Conseil",
	"Logistique", "Messagerie", "Nettoyage", "Sécurité", "Mécanique", "Fonderie", "Plasturgie", "Emballages",
	"Textiles", "Confection", "Cuirs", "Salaisons", "Laiterie", "Conserverie", "Cave", "Motoculture",
	"Isolation", "Chauffage", "Ascenseurs", "Géomètres",
}

var surnames = []string{
	"Delvaux", "Kerbrat", "Aubanel", "Tissandier", "Lormeau", "Vasseur", "Quenouille", "Berthomieu",
	"Castaing", "Delacourt", "Fauvel", "Guérineau", "Hazebrouck", "Jaouen", "Lespinasse", "Maurel", "Noirot",
	"Ollivier", "Pellerin", "Quéméner", "Rivoire", "Sauvageot", "Thiébaut", "Urvoy", "Vandamme", "Wattel",
	"Yvonnet", "Zimmermann", "Abadie", "Bonnefoy", "Chastang", "Daguerre", "Escoffier", "Ferrandon",
	"Gaillardet", "Herbelin", "Imbert", "Joubert", "Kieffer", "Lachaume", "Malherbe", "Nauroy", "Orsini",
	"Poitevin", "Rabouin", "Salembier", "Tavernier", "Vaillant", "Wambergue", "Astier", "Barbusse", "Coudray",
	"Desmoulins", "Estival", "Fontanel", "Grimaud", "Houssaye", "Izard", "Jacquemin", "Laffont", "Mercadier",
	"Nivelle", "Oudin", "Prudhomme", "Rességuier", "Sabatier", "Taillefer", "Verhaeghe", "Allègre", "Brochard",
	"Cazeneuve", "Duquesnoy", "Espérandieu", "Fourcade", "Gontier", "Hennebelle", "Jourdain", "Lamblin",
	"Montfort", "Narbonne", "Pastoureau", "Queyras", "Rousselin", "Sénéchal", "Tournemire", "Valadier",
	"Benhamou", "Diallo", "Nguyen", "Da Costa", "Haddad", "Traoré", "Kowalczyk", "Ferreira", "Bensaïd",
	"Marchetti", "Stoll", "Muller-Roth", "Payet-Lauret", "Hoarau",
}

var women = []string{
	"Camille", "Nathalie", "Sandrine", "Isabelle", "Amélie", "Fatima", "Céline", "Marie-Laure", "Aurélie",
	"Sylvie", "Inès", "Valérie", "Chloé", "Françoise", "Leïla", "Delphine", "Émilie", "Martine", "Nadia",
	"Solène", "Agnès", "Karine", "Aminata", "Élise", "Corinne",
}

var men = []string{
	"Laurent", "Thierry", "Karim", "Olivier", "Julien", "Stéphane", "Pascal", "Benoît", "Rachid", "Jérôme",
	"Mathieu", "Hugo", "Christophe", "Yann", "Philippe", "Cédric", "Antoine", "Mamadou", "Gilles", "Frédéric",
	"Loïc", "Bruno", "Samir", "Rémi", "Damien",
}

// branches are what companies do, as tags.
var branches = []string{"btp", "commerce", "industrie", "sante", "services", "services", "transport"}

var clubs = []string{
	"Club nautique", "Les Amis du patrimoine", "Comité des fêtes", "Maison des jeunes", "Harmonie municipale",
	"Amicale sportive", "Cercle d’escrime", "Foyer rural", "Festival de théâtre",
}

var publicBodies = []string{
	"Commune", "Centre hospitalier", "Communauté de communes", "Lycée Jean-Moulin", "CCAS",
	"Syndicat des eaux",
}

// villages are invented, so that no town hall is a bad payer here.
var villages = []string{
	"Vaucelles-sur-Lys", "Montreval", "Saint-Aubert-les-Bois", "Beaurepaire-en-Pévèle", "Roncheville",
	"Clairfontaine-le-Haut", "Wasquemont", "Hautecombe-sur-Sambre", "La Neuville-aux-Charmes", "Estrelles",
	"Bellefosse", "Trois-Moulins", "Marquival", "Ostreville-le-Vieux", "Fontenelle-Saint-Éloi", "Guémicourt",
}

var englishSurnames = []string{
	"Ashworth", "Calloway", "Dunmore", "Ellery", "Fairbourne", "Garrick", "Hollis", "Kingsley", "Lockhart",
	"Merriden", "Northcote", "Pembrook", "Ravensdale", "Thornbury", "Whitcombe",
}

var (
	englishWomen = []string{"Alice", "Beatrice", "Charlotte", "Eleanor", "Harriet", "Imogen", "Martha", "Rosemary"}
	englishMen   = []string{"Arthur", "Edmund", "Frederick", "George", "Henry", "Oliver", "Theodore", "William"}
)

var englishTrades = []string{
	"Printing", "Logistics", "Partners", "Interiors", "Supplies", "Engineering", "Foods", "Studios",
}

// bankWord opens the line of a bank statement, by the method of payment.
var bankWord = map[string]string{
	"virement": "VIR SEPA RECU", "prélèvement": "PRLV SEPA", "chèque": "REM CHQ", "carte": "CB WEB",
}

var creditLabels = []string{
	"Avoir sur retour de marchandise", "Remise commerciale oubliée", "Erreur de prix",
	"Article manquant à la livraison",
}

// griefs are what disputes are about.
var griefs = []struct{ reason, note string }{
	{"price", "Le prix facturé n’est pas celui du devis."},
	{"quality", "Le copieur livré présente un défaut\u202f; retour demandé."},
	{"quantity", "Deux cartons manquaient sur le bon de livraison."},
	{"delivery", "Livraison non reçue selon le client, preuve demandée au transporteur."},
}

var goods = []string{
	"Fournitures de bureau", "Consommables d’impression", "Maintenance des copieurs",
	"Location d’un copieur A3", "Mobilier\u00a0: postes de travail", "Papier et enveloppes",
	"Impression de plaquettes", "Installation réseau", "Fauteuils ergonomiques", "Signalétique",
	"Destructeurs de documents", "Abonnement d’impression",
}

// label is what an invoice is for; what is bought by the month names it.
func (b *builder) label(issued cal.Date) string {
	what := chance.Pick(b.Draw, goods)
	if b.Percent(40) {
		_, month, _ := issued.Date()
		what += ", " + cal.MonthName(month, "fr") + " " + fmt.Sprint(issued.Year())
	}
	return what
}

// order is the purchase order of customers who give one: public buyers and
// large accounts always do.
func (b *builder) order(issued cal.Date) string {
	if b.kind == Consumer || b.kind != Public && !b.large() && !b.Percent(25) {
		return ""
	}
	return fmt.Sprintf("BC-%02d-%04d", issued.Year()%100, b.Between(1, 9999))
}
