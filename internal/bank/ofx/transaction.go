package ofx

import (
	"slices"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest"
	"acquit/internal/money"
)

// transaction makes an entry of the values that were gathered (OFX 2.3, 11.4.4.1).
func (r *reader) transaction(raw string, pending bool) {
	v := r.values
	e := &bank.Entry{
		Statement: r.sheet.Statement, Line: r.line, Raw: raw, Status: bank.IsBooked,
		Code: strings.ToUpper(v["TRNTYPE"]), Means: means[strings.ToUpper(v["TRNTYPE"])],
		BankRef: bank.Reference(v["FITID"]),
	}
	if pending {
		e.Status = bank.IsPending
	}
	c, err := r.inCurrency()
	if err == nil {
		e.Amount, err = amount(v["TRNAMT"], c)
	}
	dated := "DTPOSTED"
	if err == nil {
		dated, err = dates(e, v)
	}
	if err != nil {
		r.refuse(r.line, err, raw)
		return
	}
	describe(e, v)
	r.sheet.Add(e)
	d := ingest.OfEntry(e)
	if dated != "DTPOSTED" && !pending {
		d.Warnings = append(d.Warnings, ingest.Warning{
			Code: "date", Line: e.Line, Text: "la date comptable manque\u00a0: celle de " + dated + " a été prise",
		})
	}
	if e.Code == "DEBIT" && e.Amount.Sign() > 0 {
		d.Warnings = append(d.Warnings, ingest.Warning{
			Code: "sign", Line: e.Line,
			Text: "le mouvement est dit débit, mais son montant est positif\u00a0: il a été lu comme une entrée, vérifiez-le",
		})
	}
	r.give(d, nil)
}

// inCurrency is the currency of an amount: that of the transaction where it is
// not converted (CURRENCY), else that of the statement.
func (r *reader) inCurrency() (money.Currency, error) {
	if code := r.values["CURRENCY/CURSYM"]; code != "" {
		return money.ParseCurrency(code)
	}
	return r.currency(), nil
}

// dates reads when an entry was booked and when its money counts.
func dates(e *bank.Entry, v map[string]string) (from string, err error) {
	if v["DTAVAIL"] != "" {
		e.Value, _ = day(v["DTAVAIL"]) // not all banks fill it with a day
	}
	for _, from = range []string{"DTPOSTED", "DTTRAN", "DTAVAIL", "DTUSER"} {
		if v[from] != "" {
			e.On, err = day(v[from])
			return from, err
		}
	}
	return "", &fault.Invalid{
		Message: "le mouvement n’a pas de date (DTPOSTED)", Mend: "demandez à nouveau le relevé à la banque",
	}
}

// means are those of the types of transactions; the words of the label tell the
// others.
var means = map[string]bank.Means{
	"CHECK": bank.Cheque, "DIRECTDEBIT": bank.Debit, "POS": bank.Card, "ATM": bank.Cash, "CASH": bank.Cash,
	"FEE": bank.Fee, "SRVCHG": bank.Fee, "INT": bank.Fee,
	"XFER": bank.Transfer, "DIRECTDEP": bank.Transfer, "PAYMENT": bank.Transfer,
	"REPEATPMT": bank.Transfer,
}

// describe fills the texts and the other side. NAME is the payee by the
// standard, and by the habit of French banks the first part of the label.
func describe(e *bank.Entry, v map[string]string) {
	say := func(text string) {
		if text != "" && !slices.Contains(e.Texts, text) {
			e.Texts = append(e.Texts, text)
		}
	}
	name := bank.Reference(v["NAME"])
	for _, text := range []string{name, v["EXTDNAME"], v["MEMO"], v["PAYEE/NAME"], v["PAYEE/MEMO"]} {
		say(bank.Reference(text))
	}
	if len(e.Texts) > 0 {
		e.Label = e.Texts[0]
	}
	if memo := v["MEMO"]; name != "" && len(memo) > len(name) && strings.HasPrefix(memo, name) {
		e.Label = memo
	}
	e.Party.Name = bank.Reference(v["PAYEE/NAME"])
	e.Party.IBAN = other(v)
	if ref := bank.Reference(v["REFNUM"]); ref != "" {
		e.Structured = append(e.Structured, ref)
	}
	if code := v["ORIGCURRENCY/CURSYM"]; code != "" {
		say(words("monnaie d’origine " + code + " au cours de " + v["ORIGCURRENCY/CURRATE"]))
	}
	if strings.EqualFold(v["CORRECTACTION"], "DELETE") {
		e.Reversal = true
	}
	if e.Party.Name == "" && named(e, name) {
		e.Party.Name = name
	}
	e.TakeApart()
	// CHECKNUM is for many banks the number of any operation.
	switch n := bank.Reference(v["CHECKNUM"]); {
	case n == "" || n == e.BankRef:
	case e.Means == bank.Cheque:
		say("chèque " + n)
	default:
		say(n)
	}
	if e.Label == "" {
		e.Label = e.Code
	}
}

// named tells whether NAME is that of somebody: it begins with no word for an
// operation, and the type is one that has another side.
func named(e *bank.Entry, name string) bool {
	said := bank.Hear([]string{name})
	return name != "" && said.Means == "" && said.Party.Name == "" &&
		!slices.Contains([]bank.Means{bank.Fee, bank.Cheque, bank.Cash}, e.Means)
}

// other is the account of the other side.
func other(v map[string]string) string {
	for _, group := range []string{"BANKACCTTO", "CCACCTTO"} {
		if v[group+"/ACCTID"] != "" {
			return account(v, group).Key()
		}
	}
	return ""
}

// amount reads a number with a dot or a comma (OFX 2.3, 3.2.9.1 allows both),
// with or without a sign and leading zeros.
func amount(text string, c money.Currency) (money.Amount, error) {
	number := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "").Replace(text)
	number = strings.TrimPrefix(number, "+")
	dot, comma := strings.LastIndexByte(number, '.'), strings.LastIndexByte(number, ',')
	switch {
	case dot >= 0 && comma > dot || dot < 0 && strings.Count(number, ",") == 1:
		number = strings.ReplaceAll(number, ".", "")
		number = strings.Replace(number, ",", ".", 1)
	case comma >= 0:
		number = strings.ReplaceAll(number, ",", "")
	}
	sign := ""
	if rest, ok := strings.CutPrefix(number, "-"); ok {
		number, sign = rest, "-"
	}
	if strings.HasPrefix(number, ".") {
		number = "0" + number
	}
	a, err := money.Parse(sign+strings.TrimSuffix(number, "."), c)
	if err != nil && text == "" {
		err = &fault.Invalid{Message: "le montant (TRNAMT) manque"}
	}
	return a, err
}

// day is the civil day of a time as the bank writes it, in the zone that it
// writes: 20261130, 20261130120000.000[+1:CET].
func day(text string) (cal.Date, error) {
	wrong := &fault.Invalid{Message: "«\u00a0" + text + "\u00a0» n’est pas une date de la forme AAAAMMJJ"}
	if len(text) < 8 {
		return 0, wrong
	}
	if digits := text[:8]; strings.Trim(digits, "0123456789") == "" {
		d, err := cal.Parse(digits[:4] + "-" + digits[4:6] + "-" + digits[6:])
		if err != nil {
			return 0, wrong
		}
		return d, nil
	}
	d, err := cal.ParseHuman(text, cal.DayFirst)
	if err != nil {
		return 0, wrong
	}
	return d, nil
}
