package fr

import "acquit/internal/i18n"

// figureWords is what each rate and parameter is.
var figureWords = map[string]i18n.Words{
	"ecb_rate": {FR: "taux de refinancement de la BCE", EN: "ECB main refinancing rate"},
	"legal_rate_other": {
		FR: "taux de l’intérêt légal, tous autres cas",
		EN: "legal rate of interest, all other cases",
	},
	"legal_rate_private": {
		FR: "taux de l’intérêt légal, créancier particulier",
		EN: "legal rate of interest, creditor a private person",
	},
	"default_penalty_margin": {
		FR: "majoration du taux des pénalités de retard",
		EN: "points above the ECB rate, late penalties",
	},
	"public_interest_margin": {
		FR: "majoration due par un acheteur public",
		EN: "points above the ECB rate, public buyers",
	},
	"penalty_semester_anchor_since": {FR: "taux figé par semestre depuis", EN: "rates fixed by half-year since"},
	"contract_rate_floor_multiple": {
		FR: "plancher d’un taux convenu, en fois le taux légal",
		EN: "floor of an agreed rate, in times the legal rate",
	},
	"fixed_indemnity": {
		FR: "indemnité forfaitaire de recouvrement",
		EN: "fixed compensation for the costs of recovery",
	},
	"default_term": {FR: "délai de paiement sans accord", EN: "term of payment where none was agreed"},
	"public_term_state": {
		FR: "délai de paiement, État et collectivités",
		EN: "term of payment, State and local authorities",
	},
	"public_term_hospital": {FR: "délai de paiement, établissements de santé", EN: "term of payment, hospitals"},
	"public_term_undertaking": {
		FR: "délai de paiement, entreprises publiques",
		EN: "term of payment, public undertakings",
	},
	"public_interest_payment_delay": {
		FR: "délai de paiement des intérêts par un acheteur public",
		EN: "days a public buyer has to pay interest",
	},
	"l441_10_source_valid_until": {
		FR: "changement de rédaction de C. com. L441-10",
		EN: "new wording of C. com. L441-10",
	},
	"l441_16_fine_legal_person": {
		FR: "amende maximale, personne morale (C. com. L441-16)",
		EN: "largest fine of a legal person (C. com. L441-16)",
	},
	"limitation_long_stop":  {FR: "délai butoir de la prescription", EN: "long stop of limitation"},
	"limitation_agreed_min": {FR: "prescription convenue, au moins", EN: "agreed limitation, at least"},
	"limitation_agreed_max": {FR: "prescription convenue, au plus", EN: "agreed limitation, at most"},
	"mediation_min_restart": {
		FR: "reste du délai après une médiation, au moins",
		EN: "what is left after a mediation, at least",
	},
	"ip_service_delay":    {FR: "signification d’une injonction de payer", EN: "service of a payment order"},
	"ip_opposition_delay": {FR: "opposition à une injonction de payer", EN: "objection to a payment order"},
	"ip_wait_before_enforcement": {
		FR: "attente avant d’exécuter une injonction de payer",
		EN: "wait before a payment order is enforced",
	},
	"ip_fee_deposit_delay": {FR: "consignation des frais après opposition", EN: "deposit of costs after an objection"},
	"distance_overseas":    {FR: "délai de distance, outre-mer", EN: "distance, overseas"},
	"distance_abroad":      {FR: "délai de distance, étranger", EN: "distance, abroad"},
	"l126_pay_delay": {
		FR: "délai de paiement, procédure des créances commerciales",
		EN: "time to pay, procedure of commercial claims",
	},
	"l126_pv_delay": {
		FR: "procès-verbal, procédure des créances commerciales",
		EN: "record, procedure of commercial claims",
	},
	"l126_service_of_title_delay": {
		FR: "signification du titre, créances commerciales",
		EN: "service of the title, commercial claims",
	},
	"l126_decree_published":     {FR: "décret d’application de CPCE L126-1 paru", EN: "decree for CPCE L126-1 published"},
	"european_small_claims_cap": {FR: "plafond des petits litiges européens", EN: "ceiling of European small claims"},
	"european_opposition_delay": {FR: "délai d’opposition à une injonction européenne", EN: "time to oppose a European payment order"},
	"small_claims_cap":          {FR: "plafond des petites créances", EN: "ceiling of small claims"},
	"amicable_attempt_cap":      {FR: "tentative amiable obligatoire jusqu’à", EN: "amicable attempt compulsory up to"},
	"amicable_attempt_applies_to_ip": {
		FR: "tentative amiable avant une injonction de payer",
		EN: "amicable attempt before a payment order",
	},
	"lawyer_threshold": {FR: "avocat obligatoire au-delà de", EN: "lawyer compulsory above"},
	"tae_contribution_threshold": {
		FR: "contribution au tribunal des activités économiques au-delà de",
		EN: "contribution to courts of economic affairs above",
	},
	"insolvency_declaration_delay": {FR: "déclaration d’une créance", EN: "declaration of a claim"},
	"insolvency_declaration_extra_overseas": {
		FR: "déclaration d’une créance, en plus hors de métropole",
		EN: "declaration of a claim, more from overseas",
	},
	"insolvency_relief_delay": {FR: "relevé de forclusion", EN: "relief from foreclosure"},
	"insolvency_objection_reply": {
		FR: "réponse à une contestation de créance",
		EN: "reply to an objection to a claim",
	},
	"retention_of_title_claim": {FR: "revendication des biens", EN: "claim to goods under retention of title"},
	"grace_period_max":         {FR: "délai de grâce, au plus", EN: "period of grace, at most"},
	"lre_acceptance_days": {
		FR: "acceptation d’une lettre recommandée électronique",
		EN: "acceptance of an electronic registered letter",
	},
	"third_party_remittance_delay": {
		FR: "reversement par qui recouvre pour autrui",
		EN: "remittance by who collects for others",
	},
	"judgment_rate_surcharge": {
		FR: "majoration du taux légal après jugement",
		EN: "points above the legal rate after a judgment",
	},
	"einvoice_receive_all": {FR: "facture électronique\u00a0: réception par tous", EN: "e-invoices: all must receive"},
	"einvoice_issue_large": {
		FR: "facture électronique\u00a0: émission, grandes entreprises et ETI",
		EN: "e-invoices: issue by large and middle companies",
	},
	"einvoice_issue_sme": {
		FR: "facture électronique\u00a0: émission, PME et microentreprises",
		EN: "e-invoices: issue by small companies",
	},
	"cibs_vat_switch": {FR: "TVA dans le CIBS à partir du", EN: "VAT in the CIBS from"},
	"cgi_reference_tolerance_end": {
		FR: "renvois au CGI tolérés jusqu’au",
		EN: "references to the CGI tolerated until",
	},
	"accounting_retention": {FR: "conservation des pièces comptables", EN: "keeping of accounting records"},
	"ip_fee_commercial_court_low": {
		FR: "frais d’injonction de payer, tribunal de commerce, au moins",
		EN: "payment order, commercial court, at least",
	},
	"ip_fee_commercial_court_high": {
		FR: "frais d’injonction de payer, tribunal de commerce, au plus",
		EN: "payment order, commercial court, at most",
	},
	"ip_fee_judicial_court_low": {
		FR: "frais d’injonction de payer, tribunal judiciaire, au moins",
		EN: "payment order, tribunal judiciaire, at least",
	},
	"ip_fee_judicial_court_high": {
		FR: "frais d’injonction de payer, tribunal judiciaire, au plus",
		EN: "payment order, tribunal judiciaire, at most",
	},
	"legal_aid_contribution_low": {
		FR: "contribution à l’aide juridique, au moins",
		EN: "contribution to legal aid, at least",
	},
	"legal_aid_contribution_high": {
		FR: "contribution à l’aide juridique, au plus",
		EN: "contribution to legal aid, at most",
	},
	"service_fee":    {FR: "signification\u00a0: émolument", EN: "service: fee"},
	"service_travel": {FR: "signification\u00a0: déplacement", EN: "service: travel"},
	"service_coefficient_low": {
		FR: "signification\u00a0: coefficient réduit jusqu’à",
		EN: "service: lower coefficient up to",
	},
	"service_coefficient_high": {
		FR: "signification\u00a0: coefficient majoré au-delà de",
		EN: "service: higher coefficient above",
	},
}
