package bank

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/identifier"
	"acquit/internal/money"
	"acquit/internal/setting"
)

// Source is an account that statements speak of, and how new its newest word is.
type Source struct {
	ID         string
	Account    Account
	Label      string    // what people call it; empty when nobody named it
	On         cal.Date  // the last day that a statement covers or an entry has, not after today
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

// Newest are the accounts with the age of what is known of them, by name. A day that
// is still to come tells nothing of what has happened: of a statement that ends on
// such a day its entries count, up to today.
func Newest(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Source, error) {
	if err := s.Need(creditor.Read); err != nil {
		return nil, err
	}
	day, zone, err := today(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, tx, func(r db.Row) (c Source, err error) {
		var heard time.Time
		err = r.Scan(&c.ID, &c.Account.IBAN, &c.Account.Number, &c.Account.Name, &c.Account.BIC, &c.Label, &c.On,
			db.Instant(&heard), db.Instant(&c.ImportedAt))
		if c.On.IsZero() {
			c.On = cal.Of(heard.In(zone))
		}
		return c, err
	}, `
		SELECT s.id, s.iban, s.number, s.holder, s.bic, s.label,
			max(CASE WHEN t.to_on <= $2 THEN t.to_on ELSE (
				SELECT max(e.on_day)
				FROM bank_record r
				JOIN bank_entry e ON e.creditor_id = r.creditor_id AND e.id = r.entry_id
				WHERE r.creditor_id = t.creditor_id AND r.statement_id = t.id AND e.on_day <= $2) END),
			min(t.created_at), max(t.created_at)
		FROM bank_source s
		JOIN bank_statement t ON t.creditor_id = s.creditor_id AND t.source_id = s.id
		WHERE s.creditor_id = $1
		GROUP BY s.id, s.iban, s.number, s.holder, s.bic, s.label
		ORDER BY s.label, s.iban, s.number, s.id`, s.Creditor, day)
}

// today is the creditor's civil day, and where it is.
func today(ctx context.Context, tx *db.Tx, s creditor.Scope) (cal.Date, *time.Location, error) {
	v, err := setting.Load(ctx, tx, s.Creditor)
	if err != nil {
		return 0, nil, err
	}
	zone := setting.TimeZone.In(v)
	return cal.Of(tx.Now.In(zone)), zone, nil
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

// shown is an account as people read it.
func shown(a Account) string {
	if a.IBAN != "" {
		return identifier.GroupIBAN(a.IBAN)
	}
	return a.Number
}

// resolve finds the account that a statement means: by its IBAN, by the bank,
// branch and number within a French one, or by a number that one IBAN alone has
// within it. An account learns its IBAN when it comes.
func (b *book) resolve(a Account) *source {
	for _, s := range b.sources {
		if a.IBAN != "" && sameIBAN(a.IBAN, s.account.IBAN) || a.IBAN == "" && s.account.Number == a.Number {
			s.learn(a)
			return s
		}
	}
	var found []*source
	for _, s := range b.sources {
		if a.IBAN == "" && holds(s.account.IBAN, a.Number) || s.account.IBAN == "" && holds(a.IBAN, s.account.Number) {
			found = append(found, s)
		}
	}
	if len(found) == 1 {
		found[0].learn(a)
		return found[0]
	}
	return nil
}

// meant is the account that a statement is about, under the name that the books know.
// A file that names none is of the creditor's only one: assumed tells that it was taken so.
func (b *book) meant(a Account) (account Account, assumed bool) {
	a = b.known(canonical(a))
	if a.Number == "" && len(b.declared) == 1 {
		return canonical(Account{IBAN: b.declared[0]}), true
	}
	return a, false
}

// known gives an account named by its number alone the one IBAN of the creditor's
// that has it within.
func (b *book) known(a Account) Account {
	if a.IBAN != "" {
		return a
	}
	var found []string
	for _, iban := range b.declared {
		if holds(iban, a.Number) {
			found = append(found, iban)
		}
	}
	if len(found) == 1 {
		a.IBAN = found[0]
	}
	return a
}

// sameIBAN tells whether two IBANs are one account: a French one whose key of the
// RIB a bank writes wrongly is the same.
func sameIBAN(a, b string) bool {
	french := func(s string) bool { return len(s) == 27 && (s[:2] == "FR" || s[:2] == "MC") }
	return a == b || french(a) && french(b) && a[4:25] == b[4:25]
}

// holds tells whether an IBAN has a number within it, as it is written or without
// its zeros in front.
func holds(iban, number string) bool {
	const least = 7 // shorter numbers are in too many
	digits := strings.TrimLeft(number, "0")
	return len(iban) > 4 && len(digits) >= least && strings.Contains(iban[4:], digits)
}

func (s *source) learn(a Account) {
	before := s.account
	fill(&s.account.IBAN, a.IBAN)
	fill(&s.account.Number, a.Number)
	fill(&s.account.Name, a.Name)
	fill(&s.account.BIC, a.BIC)
	s.changed = s.changed || before != s.account
}

// Held is an account in one currency: what is known of it, and its last balance.
type Held struct {
	Source   Source
	Currency money.Currency
	Entries  int      // booked, that are money
	First    cal.Date // the oldest of them
	Balance  *Balance // stated last; nil where no statement states one
}

// Accounts are the accounts that statements speak of, with their last balances.
func Accounts(ctx context.Context, tx *db.Tx, s creditor.Scope) ([]Held, error) {
	sources, err := Newest(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	list, err := db.All(ctx, tx, func(r db.Row) (h Held, err error) {
		return h, r.Scan(&h.Source.ID, &h.Currency, &h.Entries, &h.First)
	}, `
		SELECT t.source_id, t.currency, coalesce(max(n.entries), 0), min(n.first_on)
		FROM bank_statement t
		LEFT JOIN (
			SELECT source_id, currency, count(*) AS entries, min(on_day) AS first_on
			FROM bank_entry
			WHERE creditor_id = $1 AND counts AND status = 'booked'
			GROUP BY source_id, currency
		) n ON n.source_id = t.source_id AND n.currency = t.currency
		WHERE t.creditor_id = $1
		GROUP BY t.source_id, t.currency
		ORDER BY t.source_id, t.currency`, s.Creditor)
	if err != nil {
		return nil, err
	}
	for i := range list {
		at := slices.IndexFunc(sources, func(x Source) bool { return x.ID == list[i].Source.ID })
		list[i].Source = sources[at]
	}
	return list, balances(ctx, tx, s, list)
}

// balances fills in the balance that was stated last: by day and, of statements of
// one day that do not go on from each other, by when they came in.
func balances(ctx context.Context, tx *db.Tx, s creditor.Scope, list []Held) error {
	lasts := make([][]*stated, len(list))
	for st, err := range db.Each(ctx, tx, scanStatement, selectStatement+`
		WHERE creditor_id = $1 AND closing IS NOT NULL AND kind = 'booked'
		ORDER BY last_on, id`, s.Creditor) {
		if err != nil {
			return err
		}
		for i, h := range list {
			if h.Source.ID != st.source || h.Currency != st.Currency {
				continue
			}
			if of := lasts[i]; len(of) > 0 && of[0].last < st.last {
				lasts[i] = nil
			}
			lasts[i] = append(lasts[i], st)
		}
	}
	for i, of := range lasts {
		if len(of) > 0 {
			st := newest(of)
			list[i].Balance = &Balance{On: st.last, Amount: st.Closing.Amount}
		}
	}
	return nil
}

// newest is the statement of a day on which no other goes on: the one that came in
// last where there are several, or none.
func newest(list []*stated) *stated {
	for _, st := range slices.Backward(list) {
		goesOn := slices.ContainsFunc(list, func(o *stated) bool {
			return o != st && o.Opening != nil && o.Opening.Amount == st.Closing.Amount &&
				o.Closing.Amount != st.Closing.Amount
		})
		if !goesOn {
			return st
		}
	}
	return list[len(list)-1]
}

// FindSource is the identifier of an account by itself, by its IBAN, its number or
// its name.
func FindSource(ctx context.Context, tx *db.Tx, s creditor.Scope, name string) (string, error) {
	list, err := Newest(ctx, tx, s)
	if err != nil {
		return "", err
	}
	a := canonical(Account{Number: name})
	for _, x := range list {
		if x.ID == name || x.Label != "" && strings.EqualFold(x.Label, name) || a.IBAN != "" && sameIBAN(a.IBAN, x.Account.IBAN) ||
			x.Account.Number == a.Number {
			return x.ID, nil
		}
	}
	return "", fault.NotFound("compte bancaire «\u00a0%.60s\u00a0»", name)
}
