package bank

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/identifier"
)

// Source is an account that statements speak of, and how new its newest word is.
type Source struct {
	ID         string
	Account    Account
	Label      string    // what people call it; empty when nobody named it
	On         cal.Date  // the last day that a statement covers or an entry has
	ImportedAt time.Time // when anything came of it last
}

// Name is how a person knows it: its label, else the holder's or the number's last
// digits.
func (s Source) Name() string {
	switch {
	case s.Label != "":
		return s.Label
	case s.Account.IBAN != "":
		return identifier.MaskIBAN(s.Account.IBAN)
	}
	return s.Account.Number
}

// Newest are the accounts with the age of what is known of them, by name.
func Newest(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Source, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (c Source, err error) {
		return c, r.Scan(&c.ID, &c.Account.IBAN, &c.Account.Number, &c.Account.Name, &c.Account.BIC, &c.Label, &c.On,
			db.Instant(&c.ImportedAt))
	}, `
		SELECT s.id, s.iban, s.number, s.holder, s.bic, s.label, max(t.to_on), max(t.created_at)
		FROM bank_source s
		JOIN bank_statement t ON t.creditor_id = s.creditor_id AND t.source_id = s.id
		WHERE s.creditor_id = $1
		GROUP BY s.id, s.iban, s.number, s.holder, s.bic, s.label
		ORDER BY s.label, s.iban, s.number, s.id`, s.Creditor)
}

// NameSource gives an account a name of people's own. It needs Work.
func NameSource(ctx context.Context, tx *db.Tx, s creditor.Scope, id, label string) error {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	const longest = 80
	label = strings.TrimSpace(label)
	if len([]rune(label)) > longest {
		return fault.Invalidf("label", "ce nom dépasse %d caractères", longest)
	}
	n, err := tx.Exec(ctx, `
		UPDATE bank_source
		SET label = $3
		WHERE creditor_id = $1 AND id = $2`, s.Creditor, id, label)
	if err == nil && n == 0 {
		return fault.NotFound("compte bancaire %s", id)
	}
	return err
}

// compact leaves letters and digits, in capitals.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// canonical is an account under the name that all formats share: its IBAN where
// the file gives it or where the bank, the branch and the number of a French
// account make it, else the number as it is.
func canonical(a Account) Account {
	a.IBAN, a.Number = compact(a.IBAN), compact(a.Number)
	a.Name, a.BIC = strings.TrimSpace(a.Name), compact(a.BIC)
	if !isIBAN(a.IBAN) {
		if a.Number == "" {
			a.Number = a.IBAN
		}
		a.IBAN = ""
	}
	if a.IBAN == "" && isIBAN(a.Number) {
		a.IBAN = a.Number
	}
	if a.IBAN == "" {
		a.IBAN = frenchIBAN(a.Number)
	}
	if a.Number == "" {
		a.Number = a.IBAN
	}
	return a
}

func isIBAN(s string) bool {
	v := identifier.IBAN(s).Verdict
	return v == identifier.Valid || v == identifier.Suspicious
}

// lengths of a RIB without and with its key.
const (
	bareRIB  = 21
	wholeRIB = 23
)

// frenchIBAN makes the IBAN of bank, branch and account number, with or without
// the key of the RIB; empty when they are not these.
func frenchIBAN(number string) string {
	if len(number) != bareRIB && len(number) != wholeRIB || !allDigits(number[:10]) {
		return ""
	}
	key, ok := ribKey(number[:bareRIB])
	if !ok || len(number) == wholeRIB && number[bareRIB:] != key {
		return ""
	}
	rib := number[:bareRIB] + key
	return fmt.Sprintf("FR%02d%s", 98-mod97(rib+"FR00"), rib)
}

// ribKey is the key of bank, branch and account: 97 − (89 × bank + 15 × branch + 3
// × account) mod 97, where letters of the account count as digits.
func ribKey(rib string) (string, bool) {
	account := strings.Map(func(r rune) rune {
		switch {
		case r >= 'S' && r <= 'Z':
			return r - 'S' + '2'
		case r >= 'J' && r <= 'R':
			return r - 'J' + '1'
		case r >= 'A' && r <= 'I':
			return r - 'A' + '1'
		}
		return r
	}, rib[10:])
	bank, _ := strconv.Atoi(rib[:5])
	branch, _ := strconv.Atoi(rib[5:10])
	n, err := strconv.Atoi(account)
	if err != nil {
		return "", false
	}
	return fmt.Sprintf("%02d", 97-(89*bank+15*branch+3*(n%97))%97), true
}

// mod97 is the remainder of the number that the text makes, letters counting from
// 10 (ISO 7064).
func mod97(s string) int {
	n := 0
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			n = (n*100 + int(r-'A') + 10) % 97
			continue
		}
		n = (n*10 + int(r-'0')) % 97
	}
	return n
}

func allDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
