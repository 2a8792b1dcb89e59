package charge

import (
	"cmp"
	"slices"

	"acquit/internal/cal"
	"acquit/internal/i18n"
	"acquit/internal/law"
	"acquit/internal/law/fr"
	"acquit/internal/ledger"
	"acquit/internal/lifecycle"
	"acquit/internal/money"
)

// compute works out the charges of an invoice by a day. Interest runs on what the
// books leave open: an invoice that they close bears no more. What is contested
// bears neither interest nor an indemnity while the dispute stands, nor does an
// invoice whose electronic form has ended, or that was sold.
func compute(l *fr.Law, t Terms, i Item, day cal.Date) (Line, error) {
	line := Line{Item: i, Interest: zeroSum(i.Invoice.Amount.Currency), Indemnity: zeroSum(money.EUR)}
	line.Claim = t.claim(i, day)
	if t.Debtor == law.Consumer && t.Rate == nil && line.Claim.Notice == 0 {
		return line.withoutNotice(day), nil
	}
	var err error
	if line.Charges, err = l.Interest(line.Claim); err != nil {
		return line, err
	}
	line.Interest.Computed = line.Charges.Interest
	line.Indemnity.Computed = line.Charges.Indemnity
	line.Findings = append(line.Findings, line.Charges.Findings...)
	line.remark()
	return line, nil
}

func (t Terms) claim(i Item, day cal.Date) fr.Claim {
	c := fr.Claim{
		Debtor: t.Debtor, Creditor: t.OwedTo, Amount: i.Invoice.Amount, Due: i.Invoice.Due, Until: day, Agreed: t.Rate,
		Notice: t.notice(i.Invoice, day), Insolvent: t.Insolvent, Imputation: t.Imputation, Basis: t.Basis,
		Movements: slices.Clone(i.Movements),
	}
	if t.Insolvent > day {
		c.Insolvent = 0
	}
	if i.Settled != 0 && i.Settled < day {
		c.Until = i.Settled
	}
	switch {
	case t.Compound:
		c.Compound = c.Due
	case t.CompoundOn != 0:
		c.Compound = max(c.Due, t.CompoundOn)
	}
	bare := i.Disputed
	if i.Stopped != "" {
		bare = i.Open
	}
	if bare.Sign() > 0 {
		c.Movements = append(c.Movements, fr.Movement{On: i.Invoice.Due, Amount: bare, Credit: true})
	}
	return c
}

// notice is the first formal notice that reached the customer about an invoice:
// one that claimed it, or one that a person recorded once it was due.
func (t Terms) notice(invoice ledger.Document, day cal.Date) cal.Date {
	first := t.Served[invoice.ID]
	if first > day {
		first = 0
	}
	for _, n := range t.Notices {
		if n >= invoice.Due && n <= day && (first == 0 || n < first) {
			first = n
		}
	}
	return first
}

// withoutNotice says why a consumer owes nothing yet.
func (l Line) withoutNotice(day cal.Date) Line {
	if l.Invoice.Due < day && l.Open.Sign() > 0 {
		l.Findings = append(l.Findings, law.Finding{
			Code: "notice_missing", Severity: law.Remark, Source: "C. civ. art. 1231-6 et 1344-1",
			Text: i18n.Words{
				FR: "un consommateur ne doit d’intérêts qu’à compter d’une mise en demeure reçue\u00a0: aucune n’est notée",
				EN: "a consumer owes interest from a formal notice received only: none is recorded",
			},
		})
	}
	return l
}

// remark says what else a person must know about a line.
func (l *Line) remark() {
	add := func(code string, severity law.Severity, source, fr, en string) {
		l.Findings = append(l.Findings, law.Finding{
			Code: code, Severity: severity, Source: source, Text: i18n.Words{FR: fr, EN: en},
		})
	}
	switch {
	case l.Open.IsZero():
	case l.Stopped == lifecycle.Factored:
		add("factored", law.Remark, "C. civ. art. 1321 et 1346-4",
			"affacturée le "+i18n.FR.Date(l.StopOn)+"\u00a0: les pénalités suivent la créance et reviennent à l’affactureur",
			"factored on "+i18n.EN.Date(l.StopOn)+": charges follow the claim and are the factor’s")
	case l.Stopped != "":
		add("stopped", law.Remark, "C. com. art. L441-10 II",
			l.ended(i18n.FR)+" le "+i18n.FR.Date(l.StopOn)+"\u00a0: ni intérêts ni indemnité\u202f; ils courront de l’échéance de la facture corrigée",
			l.ended(i18n.EN)+" on "+i18n.EN.Date(l.StopOn)+": neither interest nor indemnity; they will run from the due date of the corrected invoice")
	}
	if l.Disputed.Sign() > 0 {
		add("disputed", law.Remark, "C. com. art. L441-10 II",
			l.Disputed.Format("fr")+" contestés\u00a0: sans intérêts ni indemnité tant que le litige est ouvert",
			l.Disputed.Format("en")+" disputed: neither interest nor indemnity while the dispute is open")
	}
	if l.Assumed {
		add("payment_assumed", law.Doubt, "C. civ. art. 1342-6",
			"le jour d’un règlement n’est pas connu\u00a0: celui où un fichier l’a montré en tient lieu",
			"the day of a payment is not known: that on which a file showed it stands for it")
	}
}

// ended is what ended the electronic form, in words: « Refusée (statut 210) ».
func (l *Line) ended(lang i18n.Lang) string {
	return lifecycle.CodeIn(l.Stopped, "", lang) + i18n.Words{FR: " (statut ", EN: " (status "}.In(lang) +
		l.Stopped + ")"
}

// once leaves one indemnity to an invoice of several due dates: the first that was
// late (C. com. D441-5).
func once(lines []Line) {
	seen := map[string]bool{}
	for i := range lines {
		l := &lines[i]
		if l.Indemnity.Computed.IsZero() {
			continue
		}
		if key := l.Invoice.Number; seen[key] {
			l.Indemnity.Computed = money.Zero(money.EUR)
			l.Charges.Indemnity, l.Charges.IndemnityDue = money.Zero(money.EUR), money.Zero(money.EUR)
		} else {
			seen[key] = true
		}
	}
}

// settle puts what was done onto the lines: claims, waivers, and what the debit
// notes were paid, the oldest claim of a note first.
func settle(lines []Line, entries []Entry, paid map[string]money.Amount) {
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Or(int(a.On-b.On), cmp.Compare(a.ID, b.ID)) })
	waived := map[string]money.Amount{}
	for _, e := range entries {
		if e.Act == Waived && e.Claim != "" {
			waived[e.Claim] = waived[e.Claim].Add(e.Amount)
		}
	}
	for i := range lines {
		lines[i].Entries = nil
	}
	for _, e := range entries {
		at := slices.IndexFunc(lines, func(l Line) bool { return l.Invoice.ID == e.Invoice })
		if at < 0 {
			continue
		}
		l := &lines[at]
		l.Entries = append(l.Entries, e)
		sum := &l.Interest
		if e.What == Indemnity {
			sum = &l.Indemnity
		}
		switch {
		case e.Act == Claimed:
			sum.Claimed = sum.Claimed.Add(e.Amount)
			rest := e.Amount.Sub(zeroed(waived[e.ID], e.Amount.Currency))
			part := money.Min(zeroed(paid[e.Note], e.Amount.Currency), rest)
			if e.Note != "" {
				paid[e.Note] = zeroed(paid[e.Note], e.Amount.Currency).Sub(part)
			}
			sum.Settled = sum.Settled.Add(part)
		case e.Claim != "":
			sum.Waived = sum.Waived.Add(e.Amount)
		default:
			sum.Forgone = sum.Forgone.Add(e.Amount)
		}
	}
	for i := range lines {
		lines[i].close()
	}
}

// zeroed is an amount that may be missing from a map.
func zeroed(a money.Amount, c money.Currency) money.Amount {
	if a.Currency == "" {
		return money.Zero(c)
	}
	return a
}

func (l *Line) close() {
	for _, s := range []*Sum{&l.Interest, &l.Indemnity} {
		s.Left = s.Claimed.Sub(s.Waived).Sub(s.Settled)
		rest := s.Computed.Sub(s.Claimed).Sub(s.Forgone)
		s.Memo = money.Max(rest, money.Zero(rest.Currency))
		if over := s.Claimed.Sub(s.Computed).Sub(s.Waived); over.Sign() > 0 && s.Left.Sign() > 0 {
			l.Findings = append(l.Findings, law.Finding{
				Code: "claimed_beyond", Severity: law.Violation, Source: "C. civ. art. 1302",
				Text: i18n.Words{
					FR: "réclamé au-delà de ce qui est dû\u00a0: " + over.Format("fr") + ", à abandonner",
					EN: "claimed beyond what is owed: " + over.Format("en") + ", to be waived",
				},
			})
		}
	}
}

// add up the account, euros first.
func (a *Account) sum() {
	a.Totals = nil
	for _, l := range a.Lines {
		t := a.total(l.Invoice.Amount.Currency)
		t.Interest = t.Interest.add(l.Interest)
		if l.Invoice.Due < a.Day {
			t.Principal = t.Principal.Add(l.Open)
		}
		if l.Indemnity != zeroSum(money.EUR) {
			e := a.total(money.EUR)
			e.Indemnity = e.Indemnity.add(l.Indemnity)
			if l.Indemnity.Computed.Sign() > 0 {
				e.Count++
			}
		}
	}
	slices.SortFunc(a.Totals, func(x, y Total) int {
		if x.Currency == money.EUR || y.Currency == money.EUR {
			return cmp.Compare(rankOf(x.Currency), rankOf(y.Currency))
		}
		return cmp.Compare(x.Currency, y.Currency)
	})
}

func rankOf(c money.Currency) int {
	if c == money.EUR {
		return 0
	}
	return 1
}
