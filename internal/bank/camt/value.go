package camt

import (
	"errors"
	"strings"

	"acquit/internal/bank"
	"acquit/internal/cal"
	"acquit/internal/fault"
	"acquit/internal/ingest/xmltree"
	"acquit/internal/money"
)

func asInvalid(err error) (*fault.Invalid, bool) { return errors.AsType[*fault.Invalid](err) }

// day is the civil day of a date or of an instant as the bank writes it, in the
// bank's own time: 2026-11-30, 2026-11-30+01:00, 2026-11-30T10:15:00+01:00.
func day(text string) (cal.Date, error) {
	text = strings.TrimSpace(text)
	if len(text) > len("2026-11-30") && strings.ContainsRune("TZ+-", rune(text[10])) {
		text = text[:10]
	}
	return cal.Parse(text)
}

// dayText is what an element of a day or an instant holds; in the second edition
// of a balance both are allowed.
func dayText(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	return first(n.Value("Dt"), n.Value("DtTm"), n.Text)
}

// amount reads an Amt element. The standard allows five decimals, of which a
// currency has fewer: the others must be zeros.
func amount(n *xmltree.Node, otherwise money.Currency) (money.Amount, error) {
	if n == nil {
		return money.Amount{}, &fault.Invalid{Message: "le montant manque"}
	}
	c := otherwise
	if code := n.Get("Ccy"); code != "" {
		var err error
		if c, err = money.ParseCurrency(code); err != nil {
			return money.Amount{}, at(n, err)
		}
	}
	text := strings.TrimPrefix(strings.ReplaceAll(n.Text, " ", ""), "+")
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	a, err := money.Parse(strings.TrimSuffix(text, "."), c)
	if err != nil {
		return money.Amount{}, at(n, err)
	}
	return a, nil
}

// signed reads an amount with the direction that the element around it gives.
func signed(n, amt *xmltree.Node, otherwise money.Currency) (money.Amount, error) {
	a, err := amount(amt, otherwise)
	if err != nil {
		return a, err
	}
	switch side := n.Value("CdtDbtInd"); side {
	case "CRDT", "true", "1": // a flag in the very first drafts of some banks
		return a, nil
	case "DBIT", "false", "0":
		return a.Neg(), nil
	default:
		// Balances without a direction are credits to some banks, with a minus where they are not.
		if a.IsZero() || side == "" && n.Name == "Bal" {
			return a, nil
		}
		return a, &fault.Invalid{
			Line: n.Line, Column: n.Column,
			Message: "le sens «\u00a0" + side + "\u00a0» n’est ni CRDT ni DBIT",
		}
	}
}

// bic is the code of a bank: BICFI, or BIC in the first versions.
func bic(agent *xmltree.Node) string {
	f := agent.At("FinInstnId")
	return first(f.Value("BICFI"), f.Value("BIC"), f.Value("CmbndId/BIC"))
}

// party reads who somebody is: directly, under Pty since version 8, or a bank.
func party(n *xmltree.Node) bank.Party {
	if pty := n.At("Pty"); pty != nil {
		n = pty
	}
	if agent := n.At("Agt"); agent != nil {
		f := agent.At("FinInstnId")
		return bank.Party{Name: first(f.Value("Nm"), f.Value("NmAndAdr/Nm")), BIC: bic(agent), ID: f.Value("LEI")}
	}
	return bank.Party{Name: bank.Reference(join(n.Value("Nm"))), ID: identity(n.At("Id"))}
}

// identity is the number by which somebody is known beside the name.
func identity(id *xmltree.Node) string {
	for _, path := range []string{
		"OrgId/Othr/Id", "PrvtId/Othr/Id", "OrgId/LEI", "OrgId/AnyBIC", "OrgId/BICOrBEI",
		"OrgId/PrtryId/Id", "OrgId/TaxIdNb", "PrvtId/OthrId/Id", "OrgId/BEI", "OrgId/BIC",
	} {
		if v := bank.Reference(id.Value(path)); v != "" {
			return v
		}
	}
	return ""
}

// join makes one line of a text that was broken into several.
func join(s string) string { return strings.Join(strings.Fields(s), " ") }
