package paper

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"acquit/internal/agreement"
	"acquit/internal/cal"
	"acquit/internal/creditor"
	"acquit/internal/db"
	"acquit/internal/fault"
	"acquit/internal/journal"
	"acquit/internal/money"
)

// Guarantor answers for a customer's debts (C. civ. 2288). A natural person is
// to be told of the first payment that stays unpaid for a month (C. civ. 2303),
// and each year before 31 March of what is owed (C. civ. 2302), or the creditor
// loses interest and penalties against her.
type Guarantor struct {
	ID         string
	Customer   string // identifier; AddGuarantor takes a code too
	Name       string
	Person     bool // a natural person
	Street     string
	PostalCode string
	City       string
	Country    string // ISO 3166-1 alpha-2
	Language   string // fr or en
	SignedOn   cal.Date
	EndsOn     cal.Date     // the last day of the guarantee; the zero Date when it has none
	Ceiling    money.Amount // zero when none is known
	Note       string
	By         string
	CreatedAt  time.Time
	Ended      cal.Date // the first day it no longer stands for us
}

// Stands tells whether the guarantee is there on a day.
func (g Guarantor) Stands(day cal.Date) bool {
	return (g.Ended.IsZero() || day < g.Ended) && (g.EndsOn.IsZero() || day <= g.EndsOn)
}

// maxGuarantorText bounds a line of a guarantor's address.
const maxGuarantorText = 200

// AddGuarantor records who answers for a customer. It needs Work.
func AddGuarantor(ctx context.Context, tx *db.Tx, s creditor.Scope, g *Guarantor) (err error) {
	if err := s.Need(creditor.Work); err != nil {
		return err
	}
	if err := g.check(); err != nil {
		return err
	}
	if g.Customer, err = agreement.Customer(ctx, tx, s, g.Customer); err != nil {
		return err
	}
	g.ID, g.By, g.CreatedAt, g.Ended = tx.NewID("gua"), s.Actor, tx.Now, 0
	if err := insertGuarantor(ctx, tx, s, *g); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "guarantor.added", "customer/"+g.Customer, g)
}

func (g *Guarantor) check() (err error) {
	if g.Note, err = agreement.Note("note", g.Note); err != nil {
		return err
	}
	for _, f := range []*string{&g.Name, &g.Street, &g.PostalCode, &g.City} {
		*f = strings.Join(strings.Fields(*f), " ")
		if utf8.RuneCountInString(*f) > maxGuarantorText {
			return fault.Invalidf("name", "ce texte doit tenir en %d caractères", maxGuarantorText)
		}
	}
	if g.Country == "" {
		g.Country = "FR"
	}
	if g.Language == "" {
		g.Language = "fr"
	}
	if g.Ceiling.Currency == "" {
		g.Ceiling = money.Zero(money.EUR)
	}
	switch {
	case g.Name == "":
		return fault.Invalidf("name", "il manque le nom de la caution")
	case g.City == "":
		return fault.Invalidf("city", "il manque l’adresse de la caution\u00a0: c’est par lettre qu’on l’informe")
	case g.Language != "fr" && g.Language != "en":
		return fault.Invalidf("language", "la langue est fr ou en")
	case g.Ceiling.Sign() < 0:
		return fault.Invalidf("ceiling", "le plafond ne peut pas être négatif")
	case !g.EndsOn.IsZero() && g.EndsOn < g.SignedOn:
		return fault.Invalidf("ends", "l’engagement finirait avant d’être signé")
	}
	return nil
}

// EndGuarantor says that a guarantee no longer stands from a day on, and why.
// It needs Manage: it gives up a security.
func EndGuarantor(ctx context.Context, tx *db.Tx, s creditor.Scope, id string, on cal.Date, reason string) error {
	if err := s.Need(creditor.Manage); err != nil {
		return err
	}
	reason, err := agreement.Reason("reason", reason)
	if err != nil {
		return err
	}
	g, err := FindGuarantor(ctx, tx, s, id)
	if err != nil {
		return err
	}
	if !g.Ended.IsZero() {
		return fault.Conflictf("cette caution est déjà levée")
	}
	if err := endGuarantor(ctx, tx, s, id, on); err != nil {
		return err
	}
	return journal.Write(ctx, tx, s, "guarantor.ended", "customer/"+g.Customer,
		map[string]string{"guarantor": id, "reason": reason})
}
