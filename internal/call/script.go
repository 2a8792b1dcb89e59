package call

import (
	"strings"

	"acquit/internal/i18n"
)

// Script is what to say in a call, part by part. The words are for the customer's
// ears, in the customer's language; the titles are for who calls.
type Script struct {
	Name  string
	Title i18n.Words
	Aim   i18n.Words // what the call is for
	Parts []Part
}

// Part is one moment of a call.
type Part struct {
	Title i18n.Words
	Lines []i18n.Words
}

// Blanks are what the words of a script are filled with.
type Blanks struct {
	Caller, Creditor, Customer, Total, Invoices, Oldest, Age, Promise, Deadline string
}

// Fill puts the facts into a line of a script.
func (b Blanks) Fill(w i18n.Words, l i18n.Lang) string {
	return strings.NewReplacer(
		"{caller}", b.Caller, "{creditor}", b.Creditor, "{customer}", b.Customer, "{total}", b.Total,
		"{invoices}", b.Invoices, "{oldest}", b.Oldest, "{age}", b.Age, "{promise}", b.Promise,
		"{deadline}", b.Deadline,
	).Replace(w.In(l))
}

func say(fr, en string) i18n.Words { return i18n.Words{FR: fr, EN: en} }

// The moments that all calls share.
var (
	opening = Part{say("Qui je suis", "Who I am"), []i18n.Words{
		say("Bonjour, {caller}, de la société {creditor}. Pourrais-je parler à la personne qui suit les règlements fournisseurs ?",
			"Good morning, this is {caller} from {creditor}. May I speak to whoever handles supplier payments?"),
		say("Est-ce un bon moment pour deux minutes ?", "Is this a good moment for two minutes?"),
	}}
	listening = Part{say("Écouter", "Listen"), []i18n.Words{
		say("(Laisser parler, sans interrompre. Noter les mots du client : une facture non reçue, un litige, une signature qui manque…)",
			"(Let them speak, without interrupting. Note their words: an invoice not received, a dispute, a missing signature…)"),
		say("Si je comprends bien, … C’est bien cela ?", "If I understand you well, … Is that right?"),
	}}
	closing = Part{say("Ce qui est convenu", "What was agreed"), []i18n.Words{
		say("Je récapitule : … Je vous le confirme par courriel dans l’instant. À quelle adresse ?",
			"Let me sum up: … I am sending you a confirmation by e-mail right now. To which address?"),
		say("Merci de votre temps, et bonne journée.", "Thank you for your time, and have a good day."),
	}}
	facts = say("Je vous appelle au sujet de {invoices}, pour {total}. La plus ancienne, {oldest}, est échue depuis {age}.",
		"I am calling about {invoices}, {total} in all. The oldest, {oldest}, has been due for {age}.")
	dated   = say("Quel jour le virement partira-t-il ? Pour quel montant ?", "On which day will the transfer leave? For how much?")
	missing = say("S’il vous manque une copie, je vous l’envoie pendant que nous parlons.",
		"If you lack a copy, I can send it while we speak.")
)

// Scripts are those that are shipped, the general one first.
func Scripts() []Script {
	return []Script{
		understand(), reception(), date(), instalments(), mandated(), escalation(),
	}
}

// ScriptOf is the script of that name; the general one where there is none.
func ScriptOf(name string) Script {
	all := Scripts()
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	return all[0]
}

func build(name string, title, aim i18n.Words, said, asked, offered []i18n.Words) Script {
	return Script{name, title, aim, []Part{
		opening,
		{say("Les faits", "The facts"), said},
		{say("Une question ouverte", "An open question"), asked},
		listening,
		{say("Des solutions", "Solutions"), offered},
		closing,
	}}
}

func understand() Script {
	return build(
		"comprendre", say("Comprendre", "Understand"),
		say("Savoir ce qui bloque : un oubli, une facture égarée, un litige, la trésorerie.",
			"Learn what is in the way: an oversight, a lost invoice, a dispute, cash."),
		[]i18n.Words{facts},
		[]i18n.Words{say("Pouvez-vous me dire où en est ce règlement ?", "Could you tell me where this payment stands?")},
		[]i18n.Words{missing, dated},
	)
}

func reception() Script {
	return build(
		"verifier-la-reception", say("Vérifier la réception", "Check that it arrived"),
		say("Avant l’échéance : la facture est-elle reçue, conforme, programmée ?",
			"Before it is due: was the invoice received, is it right, is it scheduled?"),
		[]i18n.Words{say("Je vous appelle au sujet de {invoices}, pour {total}, à échéance prochaine.",
			"I am calling about {invoices}, {total} in all, soon to fall due.")},
		[]i18n.Words{say("L’avez-vous bien reçue, et tout y est-il conforme à votre commande ?",
			"Did you receive it, and is everything as you ordered?")},
		[]i18n.Words{
			missing,
			say("Faut-il un numéro de commande, ou un dépôt sur votre portail ? Est-elle validée, et à quel jour est prévu le virement ?",
				"Do you need an order number, or an upload to your portal? Is it approved, and for which day is the transfer planned?"),
		},
	)
}

func date() Script {
	return build(
		"obtenir-une-date", say("Obtenir une date", "Get a date"),
		say("Repartir avec un jour et un montant.", "Leave with a day and an amount."),
		[]i18n.Words{facts, say("{promise}", "{promise}")},
		[]i18n.Words{say("Qu’est-ce qui a empêché le règlement jusqu’ici ?", "What has kept it from being paid so far?")},
		[]i18n.Words{
			dated,
			say("Si tout ne peut pas partir ce jour-là, quelle part, et le reste quand ?",
				"If not all of it can leave on that day, which part, and the rest when?"),
		},
	)
}

func instalments() Script {
	return build(
		"proposer-un-echeancier", say("Proposer un échéancier", "Offer instalments"),
		say("Un accord écrit, tenable, qui commence vite.", "A written agreement that can be kept and begins soon."),
		[]i18n.Words{facts, say("{promise}", "{promise}")},
		[]i18n.Words{say("Quelle somme pouvez-vous régler chaque mois sans difficulté ?",
			"Which sum can you pay each month without difficulty?")},
		[]i18n.Words{
			say("Je peux vous proposer des mensualités, la première sous quinze jours. Je vous envoie l’accord à signer.",
				"I can offer monthly instalments, the first within two weeks. I will send you the agreement to sign."),
			say("(Rester dans vos limites, affichées à côté. Au-delà, demander à qui gère la société avant de promettre.)",
				"(Stay within your limits, shown beside. Beyond, ask who manages the company before you promise.)"),
		},
	)
}

func mandated() Script {
	return build(
		"suivre-le-mandat", say("Suivre le mandat", "Follow the payment order"),
		say("Acheteur public : à quel stade est la facture, et qui la retient ?",
			"A public buyer: at which stage is the invoice, and who holds it?"),
		[]i18n.Words{facts},
		[]i18n.Words{say("À quel stade est-elle : service fait, mandatée, chez le comptable ?",
			"At which stage is it: service certified, ordered, with the accountant?")},
		[]i18n.Words{
			say("S’il manque une pièce ou un numéro d’engagement, je le dépose sur Chorus Pro aujourd’hui.",
				"If a document or a commitment number is missing, I will upload it to Chorus Pro today."),
			say("À quelle date le mandat a-t-il été émis, et quand le comptable paiera-t-il ?",
				"When was the payment order issued, and when will the accountant pay?"),
		},
	)
}

func escalation() Script {
	return build(
		"faire-monter-la-question", say("Faire monter la question", "Take it higher"),
		say("Parler à qui peut décider, sans menacer.", "Speak to whoever can decide, without threats."),
		[]i18n.Words{facts, say("{promise}", "{promise}")},
		[]i18n.Words{say("Qui, chez vous, peut décider de ce règlement aujourd’hui ?", "Who can decide on this payment today?")},
		[]i18n.Words{
			dated,
			say("Sans date aujourd’hui, le dossier passera à l’étape suivante de notre procédure. Je préfère que nous trouvions une solution.",
				"Without a date today the file goes to the next step of our procedure. I would rather we found a solution."),
		},
	)
}
