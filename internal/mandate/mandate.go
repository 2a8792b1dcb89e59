// Package mandate is acting for another creditor: who collects, what every
// letter must then say, and what is to be paid over, by when (CPCE R124-1 to
// R124-7).
package mandate

import (
	"context"
	"slices"
	"strings"
	"time"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/i18n"
	"acquit/internal/identifier"
	"acquit/internal/journal"
)

// Mandate is who collects amicably for the creditor of these books.
type Mandate struct {
	ID        string
	Voice     Voice
	Name      string // of the collector
	Address   string
	Insurance string // of its professional liability: insurer and number (R124-2)
	IBAN      string // of the account for what is collected, and nothing else (R124-2)
	BIC       string
	Declared  cal.Date // to the procureur (R124-2)
	Agreed    cal.Date // the written agreement with the creditor (R124-3)
	Fees      string   // what the creditor pays; never the debtor (L111-8)
	Terms     string   // of paying over
	Since     cal.Date
	By        string
	CreatedAt time.Time

	rank int64 // a later one replaces those before
}

// Voice is in whose name messages are sent.
type Voice string

// The voices. Off ends a mandate: the creditor collects for itself.
const (
	Collector Voice = "collector"
	Creditor  Voice = "creditor"
	Off       Voice = "off"
)

// Voices are all of them.
func Voices() []Voice { return []Voice{Collector, Creditor, Off} }

// Missing is what R124-2 to R124-4 ask for and nobody has said, each with its
// article. Until it is empty nothing may be sent.
func (m Mandate) Missing(l i18n.Lang) []string {
	var list []string
	for _, x := range []struct {
		there  bool
		fr, en string
		where  string
	}{
		{m.Name != "", "le nom de qui recouvre", "the name of who collects", "R124-4, 1°"},
		{m.Address != "", "son adresse", "its address", "R124-4, 1°"},
		{m.Insurance != "", "l’assurance de responsabilité professionnelle", "the professional liability insurance", "R124-2"},
		{m.IBAN != "", "le compte dédié aux fonds", "the account dedicated to the funds", "R124-2"},
		{!m.Declared.IsZero(), "la date de la déclaration au procureur", "the day of the declaration to the procureur", "R124-2"},
		{!m.Agreed.IsZero(), "la date de la convention avec le créancier", "the day of the agreement with the creditor", "R124-3"},
		{m.Fees != "", "les conditions de rémunération", "the terms of the fees", "R124-3"},
		{m.Terms != "", "les conditions de reversement", "the terms of paying over", "R124-3"},
	} {
		if !x.there {
			list = append(list, i18n.Words{FR: x.fr, EN: x.en}.In(l)+" (CPCE "+x.where+")")
		}
	}
	return list
}

// note is what the journal keeps of a mandate.
type note struct {
	Mandate string   `json:"mandate"`
	Voice   Voice    `json:"voice"`
	Name    string   `json:"name,omitempty"`
	IBAN    string   `json:"iban,omitempty"`
	Missing []string `json:"missing,omitempty"`
}

// Save records the mandate as it stands from today; the one before stays on
// record. What is missing may be completed later. It needs Manage.
func Save(ctx context.Context, tx *db.Tx, s creditor.Scope, m *Mandate, today cal.Date) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	if err := m.check(today); err != nil {
		return err
	}
	if err := tx.Lock(ctx, "mandate/"+s.Creditor); err != nil {
		return err
	}
	before, on, err := Find(ctx, tx, s)
	if err != nil {
		return err
	}
	if m.Since = today; on {
		m.Since = before.Since
	}
	m.rank = before.rank + 1
	m.ID, m.By, m.CreatedAt = tx.NewID("mdt"), s.Actor, tx.Now
	if err := insert(ctx, tx, s, *m); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "mandate.saved", "creditor/"+s.Creditor, note{
		Mandate: m.ID, Voice: m.Voice, Name: m.Name, IBAN: m.IBAN, Missing: m.Missing(i18n.FR),
	})
}

func (m *Mandate) check(today cal.Date) (err error) {
	if !slices.Contains(Voices(), m.Voice) {
		return fault.Invalidf("voice", "« %s » ne convient pas : collector, creditor ou off", m.Voice)
	}
	for _, x := range []struct {
		field string
		text  *string
	}{
		{"name", &m.Name},
		{"address", &m.Address},
		{"insurance", &m.Insurance},
		{"fees", &m.Fees},
		{"terms", &m.Terms},
		{"bic", &m.BIC},
	} {
		if *x.text, err = agreement.Note(x.field, *x.text); err != nil {
			return err
		}
	}
	if m.IBAN != "" {
		number := identifier.IBAN(m.IBAN)
		if err := number.Err("iban"); err != nil {
			return err
		}
		m.IBAN = number.Value
	}
	if m.Declared > today {
		return fault.Invalidf("declared", "la déclaration ne peut être à venir")
	}
	if m.Agreed > today {
		return fault.Invalidf("agreed", "la convention ne peut être à venir")
	}
	return nil
}

// Ready refuses while a mandate is on and incomplete: R124-7 makes of a letter
// without its mentions an offence.
func Ready(ctx context.Context, tx *db.Tx, s creditor.Scope) error {
	m, on, err := Find(ctx, tx, s)
	if err != nil || !on {
		return err
	}
	if missing := m.Missing(i18n.FR); len(missing) > 0 {
		return &fault.Invalid{
			Field: "mandate", Message: "le mandat de recouvrement est incomplet\u00a0: il manque " + strings.Join(missing, ", "),
			Mend: "le compléter (Réglages, Mandat, ou acquit mandate set)",
		}
	}
	return nil
}
