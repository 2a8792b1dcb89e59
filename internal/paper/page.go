package paper

import (
	"fmt"
	"strings"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/letter"
	"acquit/internal/message"
	"acquit/internal/money"
)

// say is words in the letter's language.
func (p *page) say(fr, en string, args ...any) string {
	text := i18n.Words{FR: fr, EN: en}.In(p.Language)
	if len(args) > 0 {
		return fmt.Sprintf(text, args...)
	}
	return text
}

func (p *page) amount(a money.Amount) string { return p.Language.Amount(a) }

func (p *page) date(d cal.Date) string {
	return strings.ReplaceAll(p.Language.LongDate(d), " ", "\u00a0")
}

// titled gives the letter its subject, which is its title too.
func (p *page) titled(fr, en string, args ...any) {
	p.Subject = p.say(fr, en, args...)
	p.Title = p.Subject
}

// para adds a paragraph; what stands between asterisks is strong.
func (p *page) para(fr, en string, args ...any) {
	p.add(letter.Block{Paragraph: [][]letter.Span{spans(p.say(fr, en, args...))}})
}

func (p *page) heading(fr, en string) { p.add(letter.Block{Heading: p.say(fr, en)}) }

func (p *page) add(b ...letter.Block) { p.Body = append(p.Body, b...) }

func spans(text string) []letter.Span {
	var list []letter.Span
	for i, part := range strings.Split(text, "**") {
		if part != "" {
			list = append(list, letter.Span{Text: part, Strong: i%2 == 1})
		}
	}
	return list
}

func (p *page) greeting() { p.para("Madame, Monsieur,", "Dear Sir or Madam,") }

// close says goodbye and signs.
func (p *page) close() {
	p.para("Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.", "Yours faithfully,")
	p.sign()
}

func (p *page) sign() {
	p.add(letter.Block{Signature: &letter.Signature{Lines: filled(p.collector.Name, p.creditor.Name)}})
}

// pay adds where to pay an amount.
func (p *page) pay(bank message.Bank, amount money.Amount, reference string) {
	if bank.IBAN == "" {
		return
	}
	holder := bank.Holder
	if holder == "" {
		holder = p.creditor.Name
	}
	pairs := []letter.Pair{
		{Label: p.say("Titulaire", "Account holder"), Value: holder},
		{Label: "IBAN", Value: fours(bank.IBAN)},
	}
	if bank.BIC != "" {
		pairs = append(pairs, letter.Pair{Label: "BIC", Value: bank.BIC})
	}
	pairs = append(pairs, letter.Pair{Label: p.say("Référence à rappeler", "Payment reference"), Value: reference})
	p.add(pay(p.Language, pairs, message.Transfer{
		Holder: holder, IBAN: bank.IBAN, BIC: bank.BIC, Amount: amount, Reference: reference,
	}))
}

// fours writes an IBAN by fours, as on paper.
func fours(s string) string {
	var b strings.Builder
	for i, r := range compact(s) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
