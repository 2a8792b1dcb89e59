package advice

import (
	"strings"

	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

// readXML reads a RemittanceAdvice of UBL 2 (OASIS).
func readXML(content []byte) (Advice, error) {
	root, err := xmltree.Parse(content)
	if err != nil {
		return Advice{}, err
	}
	if strings.EqualFold(root.Name, "html") {
		return understood(htmlPage(narrowText(content)))
	}
	if root.Name != "RemittanceAdvice" {
		return Advice{}, &fault.Invalid{
			Message: "ce document XML «\u00a0" + cut(root.Name) + "\u00a0» n’est pas un avis de règlement",
			Mend:    "donnez un RemittanceAdvice (UBL), un PDF, un classeur, un tableau ou un mail",
		}
	}
	a := Advice{
		Reference: cut(firstValue(root, "PaymentMeans/PaymentID", "InvoicingPartyReference", "ID")),
		Payer: cut(firstValue(root,
			"AccountingCustomerParty/Party/PartyName/Name", "AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName")),
		PaidOn: isoDay(firstValue(root, "PaymentMeans/PaymentDueDate", "IssueDate")),
	}
	for _, name := range []string{"TotalPaymentAmount", "TotalDebitAmount"} {
		if total, ok := xmlAmount(root.At(name)); ok && !ingest.Known(a.Total) {
			a.Total = total
		}
	}
	for _, n := range root.All("RemittanceAdviceLine") {
		if len(a.Lines) < maxLines {
			a.ublLine(n)
		}
	}
	if len(a.Lines) == 0 {
		return a, nothing()
	}
	a.check()
	return a, nil
}

func (a *Advice) ublLine(n *xmltree.Node) {
	l := Line{Row: n.Line}
	ref := n.At("BillingReference/InvoiceDocumentReference")
	credit := ref == nil
	if credit {
		ref = n.At("BillingReference/CreditNoteDocumentReference")
	}
	if ref == nil {
		return
	}
	l.Number, l.On = cut(ref.Value("ID")), isoDay(ref.Value("IssueDate"))
	paid, ok := xmlAmount(n.At("PaidAmount"))
	debit, isDebit := xmlAmount(n.At("DebitLineAmount"))
	other, isOther := xmlAmount(n.At("CreditLineAmount"))
	switch {
	case ok:
		l.Amount = paid
	case isDebit && isOther:
		l.Amount = debit.Sub(other)
	case isDebit:
		l.Amount = debit
	case isOther:
		l.Amount = other.Neg()
	}
	if credit && ingest.Known(l.Amount) {
		l.Amount = l.Amount.Abs().Neg()
	}
	if l.Number != "" {
		a.Lines = append(a.Lines, l)
	}
}

func firstValue(n *xmltree.Node, paths ...string) string {
	for _, path := range paths {
		if v := oneLine(n.Value(path)); v != "" {
			return v
		}
	}
	return ""
}

func isoDay(s string) cal.Date {
	d, err := cal.Parse(s)
	if err != nil {
		return 0
	}
	return d
}

func xmlAmount(n *xmltree.Node) (money.Amount, bool) {
	if n == nil {
		return money.Amount{}, false
	}
	currency, err := money.ParseCurrency(n.Get("currencyID"))
	if err != nil {
		currency = money.EUR
	}
	a, err := money.ParseHuman(strings.TrimSpace(n.Text), currency, money.Hints{Decimal: '.'})
	return a, err == nil
}
